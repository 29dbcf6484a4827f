//! The lists of words that the rules look names up in, loaded once.
//!
//! A word has a set of [`Kinds`]; titles and organisations of several words are found by their first word.

use crate::language::Language;
use crate::text::fold::fold;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// What is known of a word, as a set of bits.
pub(in crate::extract) type Kinds = u32;

pub(super) const FEMALE: Kinds = 1;
pub(super) const MALE: Kinds = 1 << 1;
pub(super) const EITHER: Kinds = 1 << 2;
/// A given name.
pub(super) const GIVEN: Kinds = FEMALE | MALE | EITHER;
pub(super) const SURNAME: Kinds = 1 << 3;
/// A family name that stands before the given name.
pub(super) const FAMILY_FIRST: Kinds = 1 << 4;
/// No part of a person's name unless a given name or title stands before it.
pub(super) const COMMON: Kinds = 1 << 5;
/// A word without content, trimmed from the beginning of any name.
pub(super) const FUNCTION: Kinds = 1 << 6;
/// A month or weekday.
pub(super) const DAY: Kinds = 1 << 7;
/// A word of a name that is hardly ever anything but a place's, as the gazetteer has it.
pub(super) const PLACE: Kinds = 1 << 8;
/// An adjective or inhabitant of a place.
pub(super) const ADJECTIVE: Kinds = 1 << 9;
pub(super) const PLACE_HEAD: Kinds = 1 << 10;
pub(super) const PLACE_LEAD: Kinds = 1 << 11;
pub(super) const SPEECH: Kinds = 1 << 12;
pub(super) const ROLE: Kinds = 1 << 13;
/// Follows the name of a company: `shares`.
pub(super) const COMPANY: Kinds = 1 << 14;
/// Precedes the name of an organisation: `carrier`.
pub(super) const GROUP: Kinds = 1 << 15;
pub(super) const KIN: Kinds = 1 << 16;
/// A preposition of place.
pub(super) const AT: Kinds = 1 << 17;
pub(super) const SUFFIX: Kinds = 1 << 18;
pub(super) const HEAD: Kinds = 1 << 19;
pub(super) const HEAD_OF: Kinds = 1 << 20;
pub(super) const BARE: Kinds = 1 << 21;
pub(super) const STATE: Kinds = 1 << 22;
pub(super) const JOIN: Kinds = 1 << 23;
pub(super) const NOT_ACRONYM: Kinds = 1 << 24;
/// `de`, `van`, `bin`: lower case inside a name.
pub(super) const PARTICLE: Kinds = 1 << 25;
/// `Jr`, `III`.
pub(super) const GENERATION: Kinds = 1 << 26;
/// The first word of a title.
pub(in crate::extract) const TITLE: Kinds = 1 << 27;
/// The name of a city that is also somebody's.
pub(super) const CITY: Kinds = 1 << 28;

/// A well-known organisation begins with it as it is written.
pub(super) const KNOWN: Kinds = 1 << 29;
/// It ends or begins as few words but family names do.
pub(super) const FAMILY_FORM: Kinds = 1 << 30;

/// Ends the name of something that is held or awarded: `Davis Cup`.
pub(super) const EVENT: Kinds = 1 << 31;

/// What a word's form tells, whether or not a list has the word.
pub(super) const WRITTEN: Kinds = KNOWN | FAMILY_FORM;

/// Words that names are not made of.
pub(in crate::extract) const NO_NAME: Kinds = COMMON | FUNCTION | DAY | ADJECTIVE | ROLE | NOT_ACRONYM;

/// A person's sex as a title or given name tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sex {
    Female,
    Male,
}

/// A title that may stand before a name.
#[derive(Debug)]
pub(super) struct Title {
    words: Vec<&'static str>,
    pub(super) sex: Option<Sex>,
    /// Whether the form with it is a form of the name: `Mr Kim`.
    pub(super) honorific: bool,
    /// Whether the name keeps it: `Pope Francis`.
    pub(super) regal: bool,
}

impl Title {
    /// How many words it has.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }
}

/// A well-known organisation in one of its forms.
#[derive(Debug)]
pub(super) struct Known {
    /// The form's words, as written.
    pub(super) words: Vec<&'static str>,
    /// The usual name.
    pub(super) name: &'static str,
}

/// All lists for one language.
pub(in crate::extract) struct Lexicon {
    words: FxHashMap<&'static str, Kinds>,
    titles: FxHashMap<&'static str, Vec<Title>>,
    /// By their first word, and then by their second: hundreds begin with `University`.
    known: FxHashMap<&'static str, FxHashMap<&'static str, Vec<Known>>>,
}

/// The lists with sections, and what each section's words are.
const LISTS: &[(&str, &[(&str, Kinds)])] = &[
    (include_str!("../../../data/en/given_names.txt"), &[("female", FEMALE), ("male", MALE), ("either", EITHER)]),
    (include_str!("../../../data/en/surnames.txt"), &[("last", SURNAME), ("first", FAMILY_FIRST)]),
    (
        include_str!("../../../data/en/common_words.txt"),
        &[("function", FUNCTION | COMMON), ("common", COMMON), ("day", DAY | COMMON)],
    ),
    (
        include_str!("../../../data/en/place_words.txt"),
        &[("adjective", ADJECTIVE), ("head", PLACE_HEAD), ("lead", PLACE_LEAD)],
    ),
    (
        include_str!("../../../data/en/person_context.txt"),
        &[("speech", SPEECH), ("role", ROLE), ("company", COMPANY), ("group", GROUP), ("kin", KIN), ("place", AT)],
    ),
    (
        include_str!("../../../data/en/organisation_words.txt"),
        &[
            ("suffix", SUFFIX),
            ("head", HEAD),
            ("of", HEAD_OF),
            ("bare", BARE),
            ("state", STATE),
            ("join", JOIN),
            ("not", NOT_ACRONYM),
            ("event", EVENT),
        ],
    ),
];

/// Well-known organisations by kind. Of two that share a form the later counts.
const ORGANISATIONS: &[&str] = &[
    include_str!("../../../data/en/organisations/companies.txt"),
    include_str!("../../../data/en/organisations/media.txt"),
    include_str!("../../../data/en/organisations/politics.txt"),
    include_str!("../../../data/en/organisations/society.txt"),
    include_str!("../../../data/en/organisations/sport.txt"),
    include_str!("../../../data/en/organisations.txt"),
];

/// The same in every language that is written with Latin letters.
const PARTICLES: &[&str] = &[
    "de", "del", "della", "di", "da", "das", "do", "dos", "du", "des", "van", "von", "der", "den", "ter", "ten", "zu",
    "af", "av", "la", "le", "al", "el", "as", "ash", "ad", "an", "ar", "ul", "ur", "uz", "bin", "ibn", "bint", "binti",
    "ben", "abu", "y", "e", "san", "vander", "wa", "ould", "ole",
];

/// Particles that are common English words or too short: inside a name only where a hyphen joins them.
const HYPHEN_PARTICLES: &[&str] = &["as", "an", "ad", "ar", "do", "e", "ten", "ash", "den"];

const GENERATIONS: &[&str] =
    &["jr", "sr", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi"];

static ENGLISH: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::load(crate::language::fallback()));

impl Lexicon {
    /// The lists for `language`. Only one language has lists so far; the others read its.
    pub(in crate::extract) fn of(_language: &Language) -> &'static Lexicon {
        &ENGLISH
    }

    fn load(language: &'static Language) -> Lexicon {
        let mut lexicon =
            Lexicon { words: FxHashMap::default(), titles: FxHashMap::default(), known: FxHashMap::default() };
        for (list, sections) in LISTS {
            let mut kinds = 0;
            for line in lines(list) {
                if let Some(section) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                    kinds = sections.iter().find(|(name, _)| *name == section).map_or(0, |(_, kinds)| *kinds);
                    continue;
                }
                for word in line.split_whitespace() {
                    lexicon.add(word, kinds);
                }
            }
        }
        for word in PARTICLES {
            lexicon.add(word, PARTICLE);
        }
        for word in GENERATIONS {
            lexicon.add(word, GENERATION);
        }
        for word in
            language.function_words.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace)
        {
            lexicon.add(word, FUNCTION | COMMON);
        }
        for line in lines(language.titles) {
            lexicon.add_title(line);
        }
        for line in ORGANISATIONS.iter().flat_map(|list| lines(list)) {
            let (name, forms) = organisation(line);
            for form in forms {
                lexicon.add_known(form, name);
            }
        }
        lexicon
    }

    fn add(&mut self, word: &'static str, kinds: Kinds) {
        *self.words.entry(word).or_default() |= kinds;
    }

    fn add_title(&mut self, line: &'static str) {
        let (title, notes) = line.split_once(", ").unwrap_or((line, ""));
        let words: Vec<&'static str> = title.split([' ', '-']).collect();
        let Some(first) = words.first().copied() else { return };
        let note = |wanted: &str| notes.split(' ').any(|note| note == wanted);
        let sex = if note("m") {
            Some(Sex::Male)
        } else if note("f") {
            Some(Sex::Female)
        } else {
            None
        };
        let title = Title { words, sex, honorific: note("honorific"), regal: note("regal") };
        self.titles.entry(first).or_default().push(title);
        self.add(first, TITLE);
    }

    fn add_known(&mut self, form: &'static str, name: &'static str) {
        let words: Vec<&'static str> = crate::text::tokens::words(form).map(|span| span.of(form)).collect();
        if let Some(first) = words.first().copied() {
            let second = words.get(1).copied().unwrap_or("");
            self.known.entry(first).or_default().entry(second).or_default().push(Known { words, name });
        }
    }

    /// What is known of a folded word.
    pub(in crate::extract) fn kinds(&self, folded: &str) -> Kinds {
        self.words.get(folded).copied().unwrap_or(0)
    }

    /// What is known of a word, whose `stem` has no possessive ending, that depends on its capitals.
    pub(in crate::extract) fn kinds_as_written(&self, word: &str, stem: &str) -> Kinds {
        let begins = |word: &str| match word.contains('’') {
            true => self.known.contains_key(word.replace('’', "'").as_str()),
            false => self.known.contains_key(word),
        };
        let known = begins(stem) || stem.len() < word.len() && begins(word);
        let family = !word.starts_with(|c: char| c.is_ascii_lowercase()) && super::people::is_surname_by_ending(stem);
        (if known { KNOWN } else { 0 }) | (if family { FAMILY_FORM } else { 0 })
    }

    /// The longest title whose folded words `word` gives, one position after the other.
    pub(super) fn title(&self, first: &str, word: impl Fn(usize) -> Option<String>) -> Option<&Title> {
        let fits = |title: &&Title| {
            title.words.iter().enumerate().skip(1).all(|(at, expected)| word(at).as_deref() == Some(*expected))
        };
        self.titles.get(first)?.iter().filter(fits).max_by_key(|title| title.words.len())
    }

    /// The longest known organisation (of two as long, the one listed later) that begins with `first`, as written, and
    /// all of whose words fit; `second` is how the word behind it is written, with and without a possessive ending.
    pub(super) fn known(&self, first: &str, second: [&str; 2], fits: impl Fn(usize, &str) -> bool) -> Option<&Known> {
        let straight = |word: &str| if word.contains('’') { Some(word.replace('’', "'")) } else { None };
        let group = self.known.get(straight(first).as_deref().unwrap_or(first))?;
        let all = |known: &&Known| known.words.iter().enumerate().all(|(at, expected)| fits(at, expected));
        let [one, other] = second;
        let of = |second: &str| group.get(straight(second).as_deref().unwrap_or(second)).into_iter().flatten();
        let longer =
            of(one).chain(of(other).filter(|_| one != other)).filter(all).max_by_key(|known| known.words.len());
        longer.or_else(|| of("").rfind(all))
    }
}

/// Whether a particle may stand between blanks.
pub(super) fn stands_alone(particle: &str) -> bool {
    !HYPHEN_PARTICLES.contains(&particle)
}

/// Whether `word` is `expected`, whichever apostrophe it has.
pub(super) fn same(word: &str, expected: &str) -> bool {
    word == expected || (word.contains('’') && word.replace('’', "'") == expected)
}

/// The folded form without a possessive ending.
pub(super) fn stem(word: &str) -> String {
    fold(word.get(..word.len() - possessive(word)).unwrap_or(word))
}

/// How many bytes of `word` are a possessive ending: `'s`.
pub(in crate::extract) fn possessive(word: &str) -> usize {
    if !word.ends_with(['s', 'S']) {
        return 0;
    }
    ["'s", "’s", "'S", "’S"].iter().find(|ending| word.ends_with(**ending)).map_or(0, |ending| ending.len())
}

/// The usual name of an organisation in a line of a list, and all its forms.
fn organisation(line: &'static str) -> (&'static str, impl Iterator<Item = &'static str>) {
    let (name, others) = line.split_once(" = ").unwrap_or((line, ""));
    (name, others.split(", ").filter(|form| !form.is_empty()).chain([name]))
}

fn lines(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokens;

    #[test]
    fn looks_words_up() {
        let lexicon = Lexicon::of(crate::language::fallback());
        assert_ne!(lexicon.kinds("vladimir") & MALE, 0);
        assert_eq!(lexicon.kinds("vladimir") & COMMON, 0);
        assert_ne!(lexicon.kinds("tuesday") & DAY, 0);
        assert_ne!(lexicon.kinds("ministry") & HEAD_OF, 0);
        let words = ["prime", "minister", "blair"];
        let title = lexicon.title("prime", |at| words.get(at).map(|word| (*word).to_owned()));
        assert_eq!(title.map(Title::len), Some(2));
        let words = ["Nato", "said"];
        assert_eq!(
            lexicon.known("Nato", ["said"; 2], |at, expected| words[at] == expected).map(|known| known.name),
            Some("NATO")
        );
    }

    #[test]
    fn organisations_have_forms_that_can_be_met() {
        for list in ORGANISATIONS {
            let mut seen = std::collections::HashSet::new();
            for line in lines(list) {
                for form in organisation(line).1 {
                    assert!((2..=80).contains(&form.len()) && form.trim() == form, "{line}");
                    assert!(tokens::words(form).next().is_some() && seen.insert(form), "{form}: {line}");
                }
            }
        }
    }

    #[test]
    fn every_word_of_the_lists_is_in_a_section_and_folded() {
        for (list, sections) in LISTS {
            let mut known = false;
            for line in lines(list) {
                if let Some(section) = line.strip_prefix('[') {
                    known = sections.iter().any(|(name, _)| section == format!("{name}]"));
                    assert!(known, "unknown section {section}");
                    continue;
                }
                assert!(known, "words before a section: {line}");
            }
        }
    }
}
