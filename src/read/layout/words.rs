//! The words of `data/layout.txt` and the names of news agencies, ready to be looked up.

use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::sync::LazyLock;

/// What a word can be. One word can be several: `reuters` is an agency and an end.
type Groups = u32;

/// The longest entry, in words and signs.
const LONGEST: usize = 8;

macro_rules! groups {
    ($($name:ident = $text:literal,)+) => {
        /// A group of words.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Group { $($name,)+ }
        const NAMES: &[(&str, Group)] = &[$(($text, Group::$name),)+];
    };
}

groups! {
    Byline = "byline", Role = "role", Agency = "agency", AgencyEnd = "agency-end", Published = "published",
    Credit = "credit", CreditEnd = "credit-end", Picture = "picture", Rights = "rights", End = "end", Title = "title",
    Author = "author", Source = "source", Section = "section", Language = "language", Url = "url", Other = "other",
    NotAPlace = "not-a-place", Aboard = "aboard", Particle = "particle", Weekday = "weekday", Month = "month",
}

static WORDS: LazyLock<FxHashMap<Cow<'static, str>, Groups>> = LazyLock::new(|| {
    let mut words: FxHashMap<Cow<'static, str>, Groups> = FxHashMap::default();
    for line in include_str!("../../../data/layout.txt").lines() {
        let Some((name, entries)) = line.split_once(": ").filter(|_| !line.starts_with('#')) else { continue };
        let Some((_, group)) = NAMES.iter().find(|(known, _)| *known == name) else { continue };
        for entry in entries.split(" | ") {
            *words.entry(Cow::Borrowed(entry.trim())).or_insert(0) |= 1 << *group as u32;
        }
    }
    for (name, _) in crate::names::agencies() {
        *words.entry(Cow::Owned(name.to_lowercase())).or_insert(0) |= 1 << Group::Agency as u32;
    }
    words
});

/// Whether `word`, in lower case, is in a group.
pub(super) fn is(group: Group, word: &str) -> bool {
    WORDS.get(word).is_some_and(|groups| groups & (1 << group as u32) != 0)
}

/// Whether `word` is in a group when put in lower case.
pub(super) fn is_folded(group: Group, word: &str) -> bool {
    word.len() <= 40 && is(group, &word.to_lowercase())
}

/// The first words of all entries: most lines begin with none of them, and need no further look.
static FIRST: LazyLock<FxHashMap<&'static str, Groups>> = LazyLock::new(|| {
    let mut first = FxHashMap::default();
    for (entry, groups) in WORDS.iter() {
        *first.entry(first_word(entry)).or_insert(0) |= groups;
    }
    first
});

/// The letters and digits with which a text begins.
fn first_word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    text.get(..end).unwrap_or("")
}

/// Whether an entry of the group can begin with the first word of `line`.
fn can_open(group: Group, line: &str) -> bool {
    let word = first_word(line);
    let known = |word: &str| FIRST.get(word).is_some_and(|groups| groups & (1 << group as u32) != 0);
    let mut small = [0; 24];
    if word.is_ascii() && word.len() <= small.len() {
        let small = &mut small[..word.len()];
        small.copy_from_slice(word.as_bytes());
        small.make_ascii_lowercase();
        return std::str::from_utf8(small).is_ok_and(known);
    }
    word.len() <= 40 && known(&word.to_lowercase())
}

/// How many bytes of `line` are an entry of a group: the longest that fits and ends with a word.
pub(super) fn opens(group: Group, line: &str) -> Option<usize> {
    if line.starts_with(char::is_alphanumeric) && !can_open(group, line) {
        return None;
    }
    let mut best = None;
    let mut before = ' ';
    let mut ends = 0;
    for (at, c) in line.char_indices().take(60).chain([(line.len(), ' ')]) {
        if !c.is_alphanumeric() && !before.is_whitespace() {
            if line.get(..at).is_some_and(|start| is_folded(group, start)) {
                best = Some(at);
            }
            ends += 1;
            if ends > LONGEST {
                break;
            }
        }
        before = c;
    }
    // A sign such as © is a word of its own.
    best.or_else(|| {
        let sign = line.chars().next().filter(|c| !c.is_alphanumeric() && !c.is_ascii())?;
        is(group, sign.encode_utf8(&mut [0; 4])).then_some(sign.len_utf8())
    })
}

/// Whether `word` is a month, in full or as at least its three first letters, with or without a dot.
pub(super) fn is_month(word: &str) -> bool {
    static MONTHS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        WORDS
            .iter()
            .filter(|(_, groups)| *groups & (1 << Group::Month as u32) != 0)
            .map(|(word, _)| word.as_ref())
            .collect()
    });
    let word = word.trim_end_matches('.').to_lowercase();
    word.chars().count() >= 3 && (MONTHS.iter().any(|month| month.starts_with(&word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_longest_opening() {
        for (group, line, expected) in [
            (Group::Published, "Published on 18 January 2010", Some(12)),
            (Group::Published, "Published: 20 June", Some(9)),
            (Group::Published, "Publishing is dead", None),
            (Group::Byline, "By Helen Marrack", Some(2)),
            (Group::Byline, "Bystanders fled", None),
            (Group::Rights, "© 2004 Leeds Observer", Some(2)),
            (Group::Rights, "(c) 2004", Some(3)),
            (Group::Credit, "Additional reporting by X", Some(23)),
            (Group::End, "###", Some(3)),
            (Group::End, "", None),
        ] {
            assert_eq!(opens(group, line), expected, "{line}");
        }
        assert!(is_month("Sept.") && is_month("Mar") && is_month("août") && !is_month("Ma") && !is_month("Marx"));
    }

    #[test]
    fn every_group_has_words() {
        for (name, group) in NAMES {
            assert!(WORDS.values().any(|groups| groups & (1 << *group as u32) != 0), "{name}");
        }
    }
}
