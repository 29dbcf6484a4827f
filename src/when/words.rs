//! The words of dates of one language, read from its table: which classes a word belongs to, and with what value.

use super::style::Style;
use crate::text::lengths::Lengths;
use rustc_hash::FxHashMap;

/// What a word or figure can be in a pattern. The order gives the bit in [`Mask`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(super) enum Class {
    Month,
    BareMonth,
    DoubtMonth,
    Abbreviated,
    Weekday,
    Weekdays,
    AnyWeekday,
    Season,
    Seasons,
    Unit,
    Units,
    Alone,
    Calendar,
    Frequency,
    Number,
    Hundred,
    One,
    Ordinal,
    OrdinalEnding,
    Quarter,
    Decade,
    Vague,
    Shift,
    LastNext,
    Rolling,
    Deictic,
    Tonight,
    Part,
    Parts,
    Noon,
    Meridiem,
    Zone,
    Universal,
    Ago,
    Offset,
    Modifier,
    Edge,
    Filler,
    Approx,
    Determiner,
    Own,
    Lead,
    YearLead,
    Quantity,
    Future,
    StrongFuture,
    Reported,
    Day,
    Year,
    ShortYear,
    Date,
    Clock,
    DecadeEnding,
    Possessive,
    /// Followed by a possessive ending.
    Owner,
    /// A number in words that is a year where the context says so: `two thousand`.
    SpokenYear,
    /// After it, a day without a year is past: `ended`.
    Ended,
    /// Before the date of publication: `published` 0, `updated` 1.
    Label,
    /// Directly before a date, which then lies ahead: `bis`.
    Until,
    /// A number and a half in one word.
    AndHalf,
    /// Beside a year of our era: `AD`.
    Era,
    /// A word that stands literally in a pattern.
    Literal,
}

/// The classes by the name they have in the table (in capitals within patterns).
const NAMES: &[(&str, Class)] = &[
    ("month", Class::Month),
    ("baremonth", Class::BareMonth),
    ("doubtmonth", Class::DoubtMonth),
    ("abbreviated", Class::Abbreviated),
    ("weekday", Class::Weekday),
    ("weekdays", Class::Weekdays),
    ("anyweekday", Class::AnyWeekday),
    ("season", Class::Season),
    ("seasons", Class::Seasons),
    ("unit", Class::Unit),
    ("units", Class::Units),
    ("alone", Class::Alone),
    ("calendar", Class::Calendar),
    ("frequency", Class::Frequency),
    ("number", Class::Number),
    ("hundred", Class::Hundred),
    ("one", Class::One),
    ("ordinal", Class::Ordinal),
    ("ordinalending", Class::OrdinalEnding),
    ("quarter", Class::Quarter),
    ("decade", Class::Decade),
    ("vague", Class::Vague),
    ("shift", Class::Shift),
    ("lastnext", Class::LastNext),
    ("rolling", Class::Rolling),
    ("deictic", Class::Deictic),
    ("tonight", Class::Tonight),
    ("part", Class::Part),
    ("parts", Class::Parts),
    ("noon", Class::Noon),
    ("meridiem", Class::Meridiem),
    ("zone", Class::Zone),
    ("universal", Class::Universal),
    ("ago", Class::Ago),
    ("offset", Class::Offset),
    ("modifier", Class::Modifier),
    ("edge", Class::Edge),
    ("filler", Class::Filler),
    ("approx", Class::Approx),
    ("determiner", Class::Determiner),
    ("own", Class::Own),
    ("lead", Class::Lead),
    ("yearlead", Class::YearLead),
    ("quantity", Class::Quantity),
    ("future", Class::Future),
    ("strongfuture", Class::StrongFuture),
    ("reported", Class::Reported),
    ("day", Class::Day),
    ("year", Class::Year),
    ("shortyear", Class::ShortYear),
    ("date", Class::Date),
    ("clock", Class::Clock),
    ("decadeending", Class::DecadeEnding),
    ("possessive", Class::Possessive),
    ("owner", Class::Owner),
    ("ended", Class::Ended),
    ("label", Class::Label),
    ("spokenyear", Class::SpokenYear),
    ("andhalf", Class::AndHalf),
    ("until", Class::Until),
    ("era", Class::Era),
];

impl Class {
    /// The class with this name.
    pub(super) fn named(name: &str) -> Option<Class> {
        NAMES.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, class)| *class)
    }

    /// The mask that holds only this class.
    pub(super) fn bit(self) -> u64 {
        1 << (self as u8)
    }
}

/// A set of classes.
pub(super) type Mask = u64;

/// How a word must be written to have a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// In any way.
    Any,
    /// With a capital: the form in the table has one.
    Capital,
    /// Without: `~` stands before the form.
    Small,
}

/// One meaning of a word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sense {
    pub(super) class: Class,
    /// A number, or the index of a name in [`Lexicon::names`].
    pub(super) value: i32,
    /// How it must be written to count.
    pub(super) spelling: Spelling,
}

/// A word with all its meanings.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub(super) senses: Vec<Sense>,
    /// The classes it has without a capital.
    plain: Mask,
    /// The classes it has with a capital.
    capital: Mask,
}

impl Entry {
    /// The classes of the word, with or without a capital.
    pub(super) fn mask(&self, capital: bool) -> Mask {
        if capital { self.capital } else { self.plain }
    }

    /// The classes of the word, however it is written.
    pub(super) fn any_mask(&self) -> Mask {
        self.capital | self.plain
    }

    /// The value of the word in `class`.
    pub(super) fn value(&self, class: Class) -> Option<i32> {
        self.senses.iter().find(|sense| sense.class == class).map(|sense| sense.value)
    }
}

/// The number of an entry; 0 is no entry.
pub(super) type EntryId = u16;

/// All words of one language.
#[derive(Debug)]
pub(super) struct Lexicon {
    entries: Vec<Entry>,
    ids: FxHashMap<Box<str>, EntryId>,
    /// Values that are not numbers.
    pub(super) names: Vec<Box<str>>,
    /// How figures are written and words put together.
    pub(super) style: Style,
    lengths: Lengths,
}

impl Lexicon {
    /// An empty one.
    pub(super) fn new() -> Lexicon {
        Lexicon {
            entries: vec![Entry::default()],
            ids: FxHashMap::default(),
            names: Vec::new(),
            style: Style::default(),
            lengths: Lengths::new(),
        }
    }

    /// Reads one line `class value: form, form`; false where it is none.
    pub(super) fn read(&mut self, line: &str) -> bool {
        let Some((head, forms)) = line.split_once(": ") else {
            return false;
        };
        let mut head = head.split_whitespace();
        let (Some(class), Some(value), None) = (head.next(), head.next(), head.next()) else {
            return false;
        };
        let Some(class) = Class::named(class) else {
            if matches!(class, "joiner" | "addend" | "nought") {
                let words: Vec<EntryId> = forms.split(", ").map(|form| self.literal(form.trim())).collect();
                match class {
                    "joiner" => self.style.joiners.extend(words),
                    "addend" => self.style.addends.extend(words),
                    _ => self.style.noughts.extend(words),
                }
                return true;
            }
            return self.style.read(class, forms);
        };
        let value = match value.parse() {
            Ok(value) => value,
            Err(_) => self.name(value),
        };
        for form in forms.split(", ").map(str::trim).filter(|form| !form.is_empty()) {
            let (form, spelling) = match form.strip_prefix('~') {
                Some(form) => (form, Spelling::Small),
                None if form.starts_with(char::is_uppercase) => (form, Spelling::Capital),
                None => (form, Spelling::Any),
            };
            self.add(form, Sense { class, value, spelling });
        }
        true
    }

    /// The entry of a word that stands literally in a pattern.
    pub(super) fn literal(&mut self, word: &str) -> EntryId {
        if let Some(id) = self.find(word)
            && self.entry(id).value(Class::Literal).is_some()
        {
            return id;
        }
        self.add(word, Sense { class: Class::Literal, value: 0, spelling: Spelling::Any })
    }

    fn name(&mut self, name: &str) -> i32 {
        let at = self.names.iter().position(|known| **known == *name).unwrap_or_else(|| {
            self.names.push(name.into());
            self.names.len() - 1
        });
        i32::try_from(at).unwrap_or(0)
    }

    fn add(&mut self, form: &str, sense: Sense) -> EntryId {
        let key = crate::text::fold::fold(form);
        self.lengths.add(&key);
        let next = EntryId::try_from(self.entries.len()).unwrap_or(0);
        let id = *self.ids.entry(key.into()).or_insert(next);
        if id == next {
            self.entries.push(Entry::default());
        }
        if let Some(entry) = self.entries.get_mut(usize::from(id)) {
            entry.senses.push(sense);
            if sense.spelling != Spelling::Small {
                entry.capital |= sense.class.bit();
            }
            if sense.spelling != Spelling::Capital {
                entry.plain |= sense.class.bit();
            }
        }
        id
    }

    /// The entry of a folded word.
    pub(super) fn find(&self, folded: &str) -> Option<EntryId> {
        self.ids.get(folded).copied()
    }

    /// Whether a word of this length that begins with this (lower-case) byte can be known.
    pub(super) fn may_know(&self, first: u8, length: usize) -> bool {
        self.lengths.may_hold(first, length)
    }

    /// The entry with this number; the empty one where there is none.
    pub(super) fn entry(&self, id: EntryId) -> &Entry {
        self.entries.get(usize::from(id)).unwrap_or(&self.entries[0])
    }

    /// The name behind a value that is not a number.
    pub(super) fn name_of(&self, value: i32) -> &str {
        usize::try_from(value).ok().and_then(|at| self.names.get(at)).map_or("", |name| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_classes_and_capitals() {
        let mut lexicon = Lexicon::new();
        assert!(lexicon.read("month 5: May"));
        assert!(lexicon.read("unit day: day, days"));
        assert!(!lexicon.read("nonsense 1: word"));
        let may = lexicon.find("may").expect("just added");
        assert_eq!(lexicon.entry(may).mask(true), Class::Month.bit());
        assert_eq!(lexicon.entry(may).mask(false), 0);
        let days = lexicon.find("days").expect("just added");
        let value = lexicon.entry(days).value(Class::Unit).expect("just added");
        assert_eq!(lexicon.name_of(value), "day");
        assert!(lexicon.read("month 3: ~mars"));
        let mars = lexicon.find("mars").expect("just added");
        assert_eq!((lexicon.entry(mars).mask(true), lexicon.entry(mars).mask(false)), (0, Class::Month.bit()));
        assert!(lexicon.may_know(b'd', 4) && !lexicon.may_know(b'd', 9));
    }
}
