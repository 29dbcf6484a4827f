//! The words of `data/layout.txt` and the names of news agencies, ready to be looked up.

use crate::text::lengths::Lengths;
use rustc_hash::FxHashMap;
use std::borrow::{Borrow, Cow};
use std::hash::Hash;
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

/// Words and the groups that each is in.
struct Table<K> {
    groups: FxHashMap<K, Groups>,
    lengths: Lengths,
}

impl<K: Borrow<str> + Hash + Eq> Table<K> {
    fn of(entries: impl Iterator<Item = (K, Groups)>) -> Table<K> {
        let mut table = Table { groups: FxHashMap::default(), lengths: Lengths::new() };
        for (word, groups) in entries {
            table.lengths.add(word.borrow());
            *table.groups.entry(word).or_insert(0) |= groups;
        }
        table
    }

    /// The groups of `word`, put in lower case.
    fn find(&self, word: &str) -> Groups {
        if word.len() > LONGEST_ENTRY {
            return 0;
        }
        let known = |word: &str| self.groups.get(word).copied().unwrap_or(0);
        if !word.is_ascii() {
            return known(&word.to_lowercase());
        }
        let first = word.bytes().next().unwrap_or(0).to_ascii_lowercase();
        if !self.lengths.may_hold(first, word.len()) {
            return 0;
        }
        let mut small = [0; LONGEST_ENTRY];
        let Some(small) = small.get_mut(..word.len()) else { return 0 };
        small.copy_from_slice(word.as_bytes());
        small.make_ascii_lowercase();
        std::str::from_utf8(small).map_or(0, known)
    }
}

/// Nothing longer than this many bytes is looked up.
const LONGEST_ENTRY: usize = 40;

static WORDS: LazyLock<Table<Cow<'static, str>>> = LazyLock::new(|| {
    let lines = include_str!("../../../data/layout.txt").lines().filter(|line| !line.starts_with('#'));
    let written = lines.filter_map(|line| line.split_once(": ")).filter_map(|(name, entries)| {
        let (_, group) = NAMES.iter().find(|(known, _)| *known == name)?;
        Some(entries.split(" | ").map(|entry| (Cow::Borrowed(entry.trim()), bit(*group))))
    });
    let agencies = crate::names::agencies().map(|(name, _)| (Cow::Owned(name.to_lowercase()), bit(Group::Agency)));
    Table::of(written.flatten().chain(agencies))
});

/// Whether `word`, in lower case, is in a group.
pub(super) fn is(group: Group, word: &str) -> bool {
    WORDS.groups.get(word).is_some_and(|groups| groups & bit(group) != 0)
}

/// Whether `word` is in a group when put in lower case.
pub(super) fn is_folded(group: Group, word: &str) -> bool {
    WORDS.find(word) & bit(group) != 0
}

fn bit(group: Group) -> Groups {
    1 << group as u32
}

/// The groups whose entries open lines.
const OPENERS: [Group; 5] = [Group::Byline, Group::Published, Group::Credit, Group::Picture, Group::Rights];

/// The first words of what opens lines: most lines begin with none of them, and need no further look.
static FIRST: LazyLock<Table<&'static str>> = LazyLock::new(|| {
    let openers = OPENERS.iter().fold(0, |groups, group| groups | bit(*group));
    let entries = WORDS.groups.iter().filter(|(_, groups)| *groups & openers != 0);
    Table::of(entries.map(|(entry, groups)| (first_word(entry), *groups)))
});

/// The last words of what ends a credit: most lines end with none of them.
static LAST: LazyLock<Table<&'static str>> = LazyLock::new(|| {
    let entries = WORDS.groups.iter().filter(|(_, groups)| *groups & bit(Group::CreditEnd) != 0);
    Table::of(entries.map(|(entry, groups)| (last_word(entry), *groups)))
});

/// The letters and digits with which a text begins.
fn first_word(text: &str) -> &str {
    let plain = text.bytes().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(text.len());
    let end = match text.as_bytes().get(plain) {
        Some(0x80..) => text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len()),
        _ => plain,
    };
    text.get(..end).unwrap_or("")
}

/// What follows the last blank of a text.
fn last_word(text: &str) -> &str {
    let start = memchr::memrchr(b' ', text.as_bytes()).map_or(0, |at| at + 1);
    text.get(start..).unwrap_or(text)
}

/// Whether the last word of `line` is that of what ends a credit.
pub(super) fn can_end_credit(line: &str) -> bool {
    LAST.find(last_word(line)) != 0
}

/// What a line can open with, looked up once for all groups.
#[derive(Clone, Copy)]
pub(super) struct Opening(Groups);

impl Opening {
    /// Of a line without the blanks around it.
    pub(super) fn of(line: &str) -> Opening {
        match line.chars().next() {
            // Quotations are many, and no entry begins so.
            Some('"' | '\'' | '“' | '‘' | '„' | '«') => Opening(0),
            Some(c) if c.is_alphanumeric() => Opening(FIRST.find(first_word(line))),
            // Other signs can be part of an entry, or stand before one.
            _ => Opening(Groups::MAX),
        }
    }

    /// Whether an entry of the group, one of [`OPENERS`], can stand at the beginning.
    pub(super) fn may_be(self, group: Group) -> bool {
        self.0 & bit(group) != 0
    }
}

/// How many bytes of `line` are an entry of a group: the longest that fits and ends with a word.
pub(super) fn opens(group: Group, line: &str) -> Option<usize> {
    if !Opening::of(line).may_be(group) {
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
            .groups
            .iter()
            .filter(|(_, groups)| *groups & bit(Group::Month) != 0)
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
    fn lines_are_told_by_their_first_and_last_words() {
        assert!(Opening::of("By Helen Marrack").may_be(Group::Byline));
        assert!(!Opening::of("Bystanders fled").may_be(Group::Byline));
        assert!(Opening::of("(By Helen Marrack").may_be(Group::Byline));
        assert!(can_end_credit("She contributed to this report."));
        assert!(!can_end_credit("She wrote it."));
        assert!(is_folded(Group::Agency, "REUTERS") && !is_folded(Group::Agency, &"x".repeat(99)));
    }

    #[test]
    fn every_entry_can_be_looked_up() {
        for entry in WORDS.groups.keys() {
            assert!(entry.len() <= LONGEST_ENTRY, "{entry}");
            assert!(OPENERS.iter().all(|group| !is(*group, entry) || Opening::of(entry).may_be(*group)), "{entry}");
        }
    }

    #[test]
    fn every_group_has_words() {
        for (name, group) in NAMES {
            assert!(WORDS.groups.values().any(|groups| groups & bit(*group) != 0), "{name}");
        }
    }
}
