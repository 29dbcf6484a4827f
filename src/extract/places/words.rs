//! The words beside a name that tell what it is, from `data/places/context.tsv`.

use crate::text::fold;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// What a word says of the name beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cue {
    /// It stands before a person's name.
    Title = 1,
    /// After a name, it makes a street or building of it.
    Street = 2,
    /// After a name, it belongs to the place of that name.
    Office = 4,
    /// It may stand capitalised before a place.
    Beside = 8,
    /// It follows a person who speaks.
    Said = 16,
    /// It stands before a place.
    Before = 32,
    /// It is no part of a name.
    Common = 64,
    /// It stands before a language.
    Language = 128,
    /// After an adjective, it makes a thing or a language of it.
    Thing = 256,
    /// With the capitals before it, it is the name of a place.
    Feature = 512,
    /// With the capitals behind it, it is the name of a place.
    Lead = 1024,
    /// So it is with `of` between.
    LeadOf = 2048,
    /// In lower case, after a name or with `of` before it, it says that the name is a place's.
    Unit = 4096,
    /// After a name, it makes a road of it.
    Road = 8192,
}

/// What a word says, all together.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cues(u16);

impl Cues {
    /// Whether `cue` is among them.
    pub(super) fn is(self, cue: Cue) -> bool {
        self.0 & cue as u16 != 0
    }
}

/// What `word` says; nothing where it should be lower case and is not.
pub(super) fn cues(word: &str, lower: bool) -> Cues {
    static TABLE: LazyLock<FxHashMap<&'static str, u16>> = LazyLock::new(load);
    if word.is_empty() || word.len() > 20 || lower && !word.starts_with(char::is_lowercase) {
        return Cues::default();
    }
    if word.bytes().all(|b| b.is_ascii_lowercase()) {
        return Cues(TABLE.get(word).copied().unwrap_or(0));
    }
    Cues(TABLE.get(fold::fold(word).as_str()).copied().unwrap_or(0))
}

fn load() -> FxHashMap<&'static str, u16> {
    let mut table: FxHashMap<&'static str, u16> = FxHashMap::default();
    for line in include_str!("../../../data/places/context.tsv").lines().filter(|line| !line.starts_with('#')) {
        let Some((class, words)) = line.split_once('\t') else { continue };
        let cue = match class {
            "title" => Cue::Title,
            "street" => Cue::Street,
            "office" => Cue::Office,
            "before" => Cue::Beside,
            "said" => Cue::Said,
            "cue" => Cue::Before,
            "common" => Cue::Common,
            "language" => Cue::Language,
            "thing" => Cue::Thing,
            "feature" => Cue::Feature,
            "lead" => Cue::Lead,
            "leadof" => Cue::LeadOf,
            "unit" => Cue::Unit,
            "road" => Cue::Road,
            _ => continue,
        };
        for word in words.split(' ') {
            *table.entry(word).or_default() |= cue as u16;
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_class() {
        for (word, cue) in [
            ("mr", Cue::Title),
            ("Street", Cue::Street),
            ("police", Cue::Office),
            ("Northern", Cue::Beside),
            ("said", Cue::Said),
            ("near", Cue::Before),
            ("Yesterday", Cue::Common),
            ("speaks", Cue::Language),
            ("toast", Cue::Thing),
        ] {
            assert!(cues(word, false).is(cue), "{word}");
        }
        assert!(!cues("In", true).is(Cue::Before));
        assert!(!cues("", false).is(Cue::Title));
    }
}
