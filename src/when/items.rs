//! From words to items: each word, or figures that belong together, with the classes that patterns speak of.
//!
//! What figures can be (a day, a year, a clock time, an ISO date) is the same in every language and is found here;
//! what words can be stands in the table of the language.

use super::words::{Class, EntryId, Lexicon, Mask};
use crate::text::Words;
use crate::text::fold::fold_into;
use chrono::NaiveDate;

/// What lies between an item and the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// White space within a paragraph.
    Blank,
    /// A hyphen or en dash without blanks.
    Hyphen,
    /// A dash between blanks.
    Dash,
    /// A slash.
    Slash,
    /// A comma.
    Comma,
    /// A full stop, which may belong to an abbreviation.
    Dot,
    /// A full stop and a comma.
    DotComma,
    /// Anything else.
    Other,
}

/// A word, or figures that belong together.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// The first byte in the text.
    pub(super) start: usize,
    /// The byte after the last, a possessive ending left out.
    pub(super) end: usize,
    /// The classes it belongs to; none for most words.
    pub(super) mask: Mask,
    /// The entry of the word.
    pub(super) entry: EntryId,
    /// The number: of figures, of a DATE in days from the Common Era, of a CLOCK in minutes.
    pub(super) number: i32,
    /// Whether it was written in figures.
    pub(super) figures: bool,
    /// Whether it begins with a capital.
    pub(super) capital: bool,
    /// What comes before the next item.
    pub(super) gap: Gap,
}

impl Item {
    /// Whether it is in `class`.
    pub(super) fn is(&self, class: Class) -> bool {
        self.mask & class.bit() != 0
    }
}

/// Whether capitals tell names on the calendar from other words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// They do, in running text.
    Kept,
    /// They do not, in metadata, addresses and questions.
    Ignored,
}

/// The items of `words`.
pub(super) fn items(words: &Words<'_>, lexicon: &Lexicon, case: Case) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::with_capacity(words.len());
    let mut folded = String::new();
    let mut at = 0;
    while at < words.len() {
        let figures = words.word(at).starts_with(|c: char| c.is_ascii_digit());
        let (item, taken) =
            if figures { number(words, at, lexicon, &mut folded) } else { word(words, at, lexicon, case, &mut folded) };
        items.push(item);
        at += taken;
    }
    join_numbers(&mut items, lexicon);
    items
}

fn blank(words: &Words<'_>, first: usize, last: usize) -> Item {
    let span = words.span(first, last);
    Item {
        start: span.start,
        end: span.end,
        mask: 0,
        entry: 0,
        number: 0,
        figures: false,
        capital: false,
        gap: gap(words.gap(last)),
    }
}

fn gap(text: &str) -> Gap {
    match text {
        // `Presidents' Day`, `two weeks' notice`.
        " " | "" | "' " | "\u{2019} " => return Gap::Blank,
        "-" | "\u{2010}" | "\u{2011}" | "\u{2013}" => return Gap::Hyphen,
        "/" => return Gap::Slash,
        ", " | "," => return Gap::Comma,
        ". " => return Gap::Dot,
        "., " => return Gap::DotComma,
        " - " | " \u{2013} " | " \u{2014} " => return Gap::Dash,
        _ => {}
    }
    if text.matches('\n').count() > 1 {
        return Gap::Other;
    }
    match text.trim() {
        "" => Gap::Blank,
        "," => Gap::Comma,
        "." => Gap::Dot,
        ".," => Gap::DotComma,
        _ => Gap::Other,
    }
}

fn word(words: &Words<'_>, at: usize, lexicon: &Lexicon, case: Case, folded: &mut String) -> (Item, usize) {
    let written = words.word(at);
    let mut item = blank(words, at, at);
    let Some(first) = written.bytes().next() else {
        return (item, 1);
    };
    item.capital = first.is_ascii_uppercase() || (first >= 0x80 && written.starts_with(char::is_uppercase));
    let apostrophe = written.contains(['\'', '\u{2019}']);
    if first < 0x80
        && !apostrophe
        && !written.ends_with('.')
        && !lexicon.may_know(first.to_ascii_lowercase(), written.len())
    {
        return (item, 1);
    }
    fold_into(written, folded);
    if let Some(id) = lexicon.find(folded) {
        item.entry = id;
        item.mask = lexicon.entry(id).mask(item.capital || case == Case::Ignored);
    } else if let Some((stem, ending)) = apostrophe.then(|| split_ending(folded)).flatten()
        && let Some(ending_id) = lexicon.find(ending)
    {
        let of_ending = lexicon.entry(ending_id).mask(false);
        if of_ending & Class::Possessive.bit() == 0 {
            item.mask = of_ending;
        } else if let Some(id) = lexicon.find(stem) {
            item.entry = id;
            item.mask = lexicon.entry(id).mask(item.capital || case == Case::Ignored) | Class::Owner.bit();
            let kept = written.rfind(['\'', '\u{2019}']).unwrap_or(written.len());
            item.end = item.start + kept;
        }
    }
    (item, 1)
}

/// A word before its last apostrophe, and from there on.
fn split_ending(folded: &str) -> Option<(&str, &str)> {
    let at = folded.rfind('\'')?;
    Some((folded.get(..at)?, folded.get(at..)?))
}

/// Marks before or after figures with which they are no part of a date.
const MONEY: [char; 8] = ['$', '£', '€', '¥', '#', '@', '&', '='];

/// An item of figures, and how many words it takes.
fn number(words: &Words<'_>, at: usize, lexicon: &Lexicon, folded: &mut String) -> (Item, usize) {
    let mut item = blank(words, at, at);
    item.figures = true;
    let written = words.word(at);
    let before = words.text.get(..item.start).and_then(|text| text.chars().next_back());
    let after = words.text.get(item.end..).and_then(|text| text.chars().next());
    if before.is_some_and(|c| MONEY.contains(&c)) || after == Some('%') {
        return (item, 1);
    }
    if let Some((date, taken)) = whole_date(words, at) {
        let mut item = blank(words, at, at + taken - 1);
        item.figures = true;
        item.mask = Class::Date.bit();
        item.number = chrono::Datelike::num_days_from_ce(&date);
        return (item, taken);
    }
    let digits = written.bytes().take_while(u8::is_ascii_digit).count();
    let (figures, rest) = written.split_at(digits);
    if rest.is_empty() {
        let Some(value) = figures.parse::<i32>().ok().filter(|_| digits < 10) else {
            return (item, 1);
        };
        item.number = value;
        if let Some((minutes, taken)) = clock(words, at, value, digits, lexicon, folded) {
            let mut item = blank(words, at, at + taken - 1);
            item.figures = true;
            item.mask = Class::Clock.bit();
            item.number = minutes;
            return (item, taken);
        }
        item.mask = Class::Number.bit();
        if (1..=31).contains(&value) && digits <= 2 {
            item.mask |= Class::Day.bit();
        }
        if digits == 4 && (1000..3000).contains(&value) {
            item.mask |= Class::Year.bit();
        }
        if digits == 2 {
            item.mask |= Class::ShortYear.bit();
        }
        item.entry = lexicon.find(written).unwrap_or(0);
        if item.entry != 0 {
            item.mask |= Class::Literal.bit();
        }
        return (item, 1);
    }
    fold_into(written, folded);
    if let Some(id) = lexicon.find(folded) {
        item.entry = id;
        item.mask = lexicon.entry(id).mask(true);
        return (item, 1);
    }
    let value = figures.parse::<i32>().unwrap_or(-1);
    if rest.starts_with(',') {
        if let Ok(value) = folded.parse::<i32>() {
            item.number = value;
            item.mask = Class::Number.bit();
        }
        return (item, 1);
    }
    fold_into(rest, folded);
    if let Some(ending) = lexicon.find(folded).map(|id| lexicon.entry(id)) {
        if ending.value(Class::Meridiem).is_some() && (1..=12).contains(&value) {
            item.number = twelve_hours(value, ending.value(Class::Meridiem).unwrap_or(0)) * 60;
            item.mask = Class::Clock.bit();
        } else if ending.value(Class::OrdinalEnding).is_some() && (1..=199).contains(&value) && digits <= 3 {
            item.number = value;
            item.mask = Class::Ordinal.bit();
        } else if ending.value(Class::DecadeEnding).is_some() && value % 10 == 0 {
            match digits {
                4 if (1000..2100).contains(&value) => item.number = value / 10,
                2 if value >= 10 => item.number = 190 + value / 10,
                _ => return (item, 1),
            }
            item.mask = Class::Decade.bit();
        }
        return (item, 1);
    }
    // `2.45am`, `2.45`.
    if let Some(rest) = rest.strip_prefix('.') {
        let minute_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (minutes, ending) = rest.split_at(minute_digits);
        if minute_digits == 2
            && digits <= 2
            && let Ok(minutes) = minutes.parse::<i32>()
            && minutes < 60
            && (0..24).contains(&value)
        {
            if let Some(hours) = ending_hours(ending, value, lexicon, folded) {
                item.mask = Class::Clock.bit();
                item.number = hours * 60 + minutes;
            } else if ending.is_empty() {
                fold_into(words.word(at + 1), folded);
                let meridiem = lexicon.find(folded).and_then(|id| lexicon.entry(id).value(Class::Meridiem));
                if let Some(meridiem) = meridiem.filter(|_| words.gap(at) == " ") {
                    let mut item = blank(words, at, at + 1);
                    item.figures = true;
                    item.mask = Class::Clock.bit();
                    item.number = twelve_hours(value, meridiem) * 60 + minutes;
                    return (item, 2);
                }
            }
        }
    }
    (item, 1)
}

fn ending_hours(ending: &str, hours: i32, lexicon: &Lexicon, folded: &mut String) -> Option<i32> {
    if ending.is_empty() {
        return None;
    }
    fold_into(ending, folded);
    let meridiem = lexicon.entry(lexicon.find(folded)?).value(Class::Meridiem)?;
    Some(twelve_hours(hours, meridiem))
}

/// `9:30`, `9:30:15`, `9 a.m.`, `9:30 pm`: the minutes of the day, and how many words it takes.
fn clock(
    words: &Words<'_>,
    at: usize,
    hours: i32,
    digits: usize,
    lexicon: &Lexicon,
    folded: &mut String,
) -> Option<(i32, usize)> {
    if digits > 2 || hours > 24 {
        return None;
    }
    let two = |position: usize| -> Option<i32> {
        let word = words.word(position);
        (word.len() == 2).then(|| word.parse::<i32>().ok()).flatten().filter(|value| (0..60).contains(value))
    };
    let (mut minutes, mut taken, mut ending) = (None, 1, None);
    if words.gap(at) == ":" {
        let word = words.word(at + 1);
        minutes = two(at + 1).or_else(|| {
            // `9:30pm`: the ending is part of the word.
            let (figures, rest) = word.split_at_checked(2)?;
            ending = Some(rest);
            figures.parse::<i32>().ok().filter(|value| (0..60).contains(value))
        });
        minutes?;
        taken = 2;
        if ending.is_none() && words.gap(at + 1) == ":" && two(at + 2).is_some() {
            taken = 3;
        }
    }
    if let Some(ending) = ending {
        return Some((ending_hours(ending, hours, lexicon, folded)? * 60 + minutes.unwrap_or(0), taken));
    }
    if matches!(words.gap(at + taken - 1), " " | "\n") {
        fold_into(words.word(at + taken), folded);
        let meridiem = lexicon.find(folded).and_then(|id| lexicon.entry(id).value(Class::Meridiem));
        // `10 am` may be `10 am I`; only the form with dots, or with minutes, is sure.
        let sure = words.word(at + taken).contains('.') || words.word(at + taken).len() == 2;
        if let Some(meridiem) = meridiem.filter(|_| sure && hours <= 12) {
            return Some((twelve_hours(hours, meridiem) * 60 + minutes.unwrap_or(0), taken + 1));
        }
    }
    minutes.map(|minutes| (hours * 60 + minutes, taken))
}

fn twelve_hours(hours: i32, meridiem: i32) -> i32 {
    if hours > 12 { hours } else { hours % 12 + meridiem }
}

/// `2024-06-19`, `2024/06/19`, `19/06/2024`, `19.06.2024`, `6/19/24`: a day in figures, and how many words it takes.
/// Day and month are told apart only where one of them is beyond 12, or both are equal.
fn whole_date(words: &Words<'_>, at: usize) -> Option<(NaiveDate, usize)> {
    let first = words.word(at);
    if first.len() >= 8 && first.contains('.') {
        let mut parts = first.split('.');
        let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
        return parts.next().is_none().then(|| parted_date(a, b, c)).flatten().map(|date| (date, 1));
    }
    let gap = words.gap(at);
    if !matches!(gap, "-" | "/") || words.gap(at + 1) != gap {
        return None;
    }
    // A fourth part, or a first one before, makes it a telephone number or the like.
    if words.gap(at + 2) == gap || at.checked_sub(1).is_some_and(|before| words.gap(before) == gap) {
        return None;
    }
    let third = words.word(at + 2);
    let day_end = third.bytes().take_while(u8::is_ascii_digit).count();
    let (third, time) = third.split_at(day_end);
    if !time.is_empty() && !time.starts_with(['T', 't']) {
        return None;
    }
    let mut taken = 3;
    if !time.is_empty() {
        // `2024-06-19T10:30:00Z`: the minutes and seconds belong to it.
        while taken < 6 && words.gap(at + taken - 1) == ":" {
            taken += 1;
        }
    }
    parted_date(first, words.word(at + 1), third).map(|date| (date, taken))
}

/// A day of three figures.
pub(super) fn parted_date(a: &str, b: &str, c: &str) -> Option<NaiveDate> {
    let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten();
    let (x, y, z) = (number(a)?, number(b)?, number(c)?);
    match (a.len(), b.len(), c.len()) {
        (4, 1..=2, 1..=2) => super::written::day(x, y, z),
        (1..=2, 1..=2, 2 | 4) => {
            let year = match c.len() {
                4 => z,
                _ if z < 50 => 2000 + z,
                _ => 1900 + z,
            };
            if x > 12 || x == y {
                super::written::day(year, y, x)
            } else if y > 12 {
                super::written::day(year, x, y)
            } else {
                None
            }
        }
        _ => None,
    }
}

/// Joins numbers written in words: `twenty-four`, `two hundred`, `nineteen ninety-six`, `twenty-first`.
fn join_numbers(items: &mut Vec<Item>, lexicon: &Lexicon) {
    const SPELLED: Mask = 1 << (Class::Number as u8) | 1 << (Class::Hundred as u8);
    for item in items.iter_mut().filter(|item| !item.figures && item.mask & SPELLED != 0) {
        let entry = lexicon.entry(item.entry);
        item.number = entry.value(Class::Number).or_else(|| entry.value(Class::Hundred)).unwrap_or(0);
    }
    let (mut at, mut end) = (0, 0);
    while at < items.len() {
        let Some(mut joined) = items.get(at).cloned() else {
            break;
        };
        let mut next = at + 1;
        let spelled = !joined.figures && joined.is(Class::Number);
        if spelled || joined.is(Class::One) {
            // What stands after the last hundred, thousand, or pair of figures of a year.
            let mut low = if spelled { joined.number } else { 1 };
            let mut total = 0;
            while let Some(follower) = items.get(next)
                && matches!(items.get(next - 1).map(|item| item.gap), Some(Gap::Blank | Gap::Hyphen))
                && !follower.figures
            {
                if follower.is(Class::Hundred) && low > 0 && low < 100 {
                    total = low.saturating_mul(follower.number).saturating_add(total);
                    low = 0;
                } else if spelled && follower.is(Class::Number) {
                    let value = follower.number;
                    if low >= 20 && low % 10 == 0 && (1..10).contains(&value) {
                        low += value;
                    } else if low == 0 && total > 0 && value < 100 {
                        low = value;
                    } else if total == 0 && (13..=20).contains(&low) && (10..100).contains(&value) {
                        total = low * 100;
                        low = value;
                        joined.mask |= Class::Year.bit();
                    } else {
                        break;
                    }
                } else if follower.is(Class::Ordinal) && low >= 20 && low % 10 == 0 && total == 0 {
                    low += lexicon.entry(follower.entry).value(Class::Ordinal).unwrap_or(0);
                    joined.mask = Class::Ordinal.bit();
                    joined.figures = true;
                    joined.entry = 0;
                    next += 1;
                    break;
                } else {
                    break;
                }
                next += 1;
            }
            if next > at + 1 {
                let last = &items[next - 1];
                (joined.end, joined.gap) = (last.end, last.gap);
                joined.number = low.saturating_add(total);
                joined.entry = 0;
                if !joined.is(Class::Ordinal) {
                    joined.mask = Class::Number.bit() | joined.mask & Class::Year.bit();
                    if (2000..2030).contains(&joined.number) {
                        joined.mask |= Class::SpokenYear.bit();
                    }
                }
            }
        }
        items[end] = joined;
        end += 1;
        at = next;
    }
    items.truncate(end);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, class: Class, expected: &[(&str, i32)]) {
        let grammar = super::super::grammar::Grammar::new(crate::language::fallback().date_words);
        let words = Words::new(text);
        let items = items(&words, &grammar.lexicon, Case::Kept);
        let found: Vec<(&str, i32)> = items
            .iter()
            .filter(|item| item.is(class))
            .map(|item| (text.get(item.start..item.end).unwrap_or(""), item.number))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn reads_figures_and_number_words() {
        check("in 1991, $1992 and 1993%", Class::Year, &[("1991", 1991)]);
        check(
            "twenty four or thirty-one of two hundred",
            Class::Number,
            &[("twenty four", 24), ("thirty-one", 31), ("two hundred", 200)],
        );
        check("in nineteen ninety-six", Class::Year, &[("nineteen ninety-six", 1996)]);
        check("the 1990s and the '80s, 65s", Class::Decade, &[("1990s", 199), ("80s", 198)]);
        check(
            "at 9:30 p.m. or 10am, 2.45am, 14:05",
            Class::Clock,
            &[("9:30 p.m.", 1290), ("10am", 600), ("2.45am", 165), ("14:05", 845)],
        );
        check(
            "2024-06-19, 19/06/2024, 5/6/2024, 19.06.2024, 1-800-555",
            Class::Date,
            &[("2024-06-19", 739056), ("19/06/2024", 739056), ("19.06.2024", 739056)],
        );
        check("the twenty-first and 3rd", Class::Ordinal, &[("twenty-first", 21), ("3rd", 3)]);
    }
}
