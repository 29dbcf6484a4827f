//! From words to items: each word, or figures that belong together, with the classes that patterns speak of.
//!
//! What figures can be (a day, a year, a clock time, an ISO date) is the same in every language and is found here;
//! what words can be stands in the table of the language.

use super::numerals;
use super::words::{Class, Entry, EntryId, Lexicon, Mask};
use crate::text::fold::fold_into;
use crate::text::{Span, Words};
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
    /// Whether it is figures that stand alone in brackets.
    pub(super) bracketed: bool,
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
    /// They do not, in lines that are nothing but a date.
    Free,
    /// They do not, nor is it known whether the day comes first, in metadata, addresses and questions.
    Ignored,
}

impl Case {
    /// The classes of a word that was written with or without a capital.
    fn mask(self, entry: &Entry, capital: bool) -> Mask {
        if self == Case::Kept { entry.mask(capital) } else { entry.any_mask() }
    }
}

/// The items of `words`.
pub(super) fn items(words: &Words<'_>, lexicon: &Lexicon, case: Case) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::with_capacity(words.len());
    let mut folded = String::new();
    let mut at = 0;
    while at < words.len() {
        let figures = words.word(at).starts_with(|c: char| c.is_ascii_digit());
        if figures && let Some(parts) = day_and_month(words, at, lexicon, items.last()) {
            items.extend(parts);
            at += 1;
            continue;
        }
        if figures {
            let (item, taken) = number(words, at, lexicon, case, &mut folded);
            match item.is(Class::Date).then(|| time_behind(words, at, taken, &item)).flatten() {
                Some(parts) => items.extend(parts),
                None => items.push(item),
            }
            at += taken;
            continue;
        }
        let item = word(words, at, lexicon, case, &mut folded);
        at += 1;
        match cut(words, &item, lexicon, case, &mut folded) {
            Some(parts) => items.extend(parts),
            None => items.push(item),
        }
    }
    numerals::join(&mut items, lexicon);
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
        bracketed: false,
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

fn word(words: &Words<'_>, at: usize, lexicon: &Lexicon, case: Case, folded: &mut String) -> Item {
    let written = words.word(at);
    let mut item = blank(words, at, at);
    let Some(first) = written.bytes().next() else {
        return item;
    };
    item.capital = has_capital(written);
    let apostrophe = written.contains(['\'', '\u{2019}']);
    if written.is_ascii()
        && !apostrophe
        && !written.ends_with('.')
        && !lexicon.may_know(first.to_ascii_lowercase(), written.len())
    {
        return item;
    }
    fold_into(written, folded);
    if let Some(id) = lexicon.find(folded) {
        item.entry = id;
        item.mask = case.mask(lexicon.entry(id), item.capital);
    } else if let Some((stem, ending)) = apostrophe.then(|| split_ending(folded)).flatten()
        && let Some(ending_id) = lexicon.find(ending)
    {
        let of_ending = lexicon.entry(ending_id).mask(false);
        if of_ending & Class::Possessive.bit() == 0 {
            item.mask = of_ending;
        } else if let Some(id) = lexicon.find(stem) {
            item.entry = id;
            item.mask = case.mask(lexicon.entry(id), item.capital) | Class::Owner.bit();
            let kept = written.rfind(['\'', '\u{2019}']).unwrap_or(written.len());
            item.end = item.start + kept;
        }
    }
    item
}

fn has_capital(written: &str) -> bool {
    written.starts_with(|c: char| if c.is_ascii() { c.is_ascii_uppercase() } else { c.is_uppercase() })
}

/// The two parts of a word that is not known as a whole: `l'` and what follows, or a compound of two known words.
fn cut(words: &Words<'_>, item: &Item, lexicon: &Lexicon, case: Case, folded: &mut String) -> Option<[Item; 2]> {
    if item.mask != 0 {
        return None;
    }
    let written = Span::new(item.start, item.end).of(words.text);
    let (at, compound) = lexicon.style.cut(written)?;
    let (head, tail) = written.split_at_checked(at)?;
    let mut part = |start: usize, written: &str, capital: bool, gap: Gap| {
        fold_into(written, folded);
        let entry = lexicon.find(folded).unwrap_or(0);
        let mask = case.mask(lexicon.entry(entry), capital);
        Item { start, end: start + written.len(), mask, entry, capital, gap, ..item.clone() }
    };
    let head = part(item.start, head, item.capital, Gap::Blank);
    let tail = part(item.start + at, tail, if compound { item.capital } else { has_capital(tail) }, item.gap);
    (!compound || head.mask != 0).then_some([head, tail])
}

/// A word before its last apostrophe, and from there on.
fn split_ending(folded: &str) -> Option<(&str, &str)> {
    let at = folded.rfind('\'')?;
    Some((folded.get(..at)?, folded.get(at..)?))
}

/// Marks before or after figures with which they are no part of a date.
const MONEY: [char; 8] = ['$', '£', '€', '¥', '#', '@', '&', '='];

/// An item of figures, and how many words it takes.
fn number(words: &Words<'_>, at: usize, lexicon: &Lexicon, case: Case, folded: &mut String) -> (Item, usize) {
    let mut item = blank(words, at, at);
    item.figures = true;
    let written = words.word(at);
    let before = words.text.get(..item.start).and_then(|text| text.chars().next_back());
    let after = words.text.get(item.end..).and_then(|text| text.chars().next());
    if before.is_some_and(|c| MONEY.contains(&c)) || after == Some('%') {
        return (item, 1);
    }
    let day_first = lexicon.style.day_first && case != Case::Ignored;
    if let Some((date, taken)) = whole_date(words, at, day_first) {
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
        if let Some((value, taken)) = thousands(words, at, value, lexicon) {
            let mut item = blank(words, at, at + taken - 1);
            item.figures = true;
            item.mask = Class::Number.bit();
            item.number = value;
            return (item, taken);
        }
        // `the 1980's`, but `1980's budget`.
        if digits == 4
            && (1000..2300).contains(&value)
            && value % 10 == 0
            && matches!(words.gap(at), "'" | "\u{2019}")
            && is_led(words, at, lexicon)
            && lexicon.find(words.word(at + 1)).is_some_and(|s| lexicon.entry(s).value(Class::DecadeEnding).is_some())
        {
            let mut item = blank(words, at, at + 1);
            item.figures = true;
            item.mask = Class::Decade.bit();
            item.number = value / 10;
            return (item, 2);
        }
        item.bracketed = before == Some('(') && after == Some(')');
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
        if lexicon.style.dotted_ordinals
            && digits <= 2
            && let Some(rest) = words.gap(at).strip_prefix('.')
        {
            item.mask = item.mask & !Class::Number.bit() | Class::Ordinal.bit();
            item.gap = gap(rest);
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
    if let Some(minutes) = hour_and_minutes(value, digits, folded, lexicon) {
        item.number = minutes;
        item.mask = Class::Clock.bit();
        return (item, 1);
    }
    if let Some(ending) = lexicon.find(folded).map(|id| lexicon.entry(id)) {
        if ending.value(Class::Meridiem).is_some() && (1..=12).contains(&value) {
            item.number = twelve_hours(value, ending.value(Class::Meridiem).unwrap_or(0)) * 60;
            item.mask = Class::Clock.bit();
        } else if ending.value(Class::OrdinalEnding).is_some() && (1..=199).contains(&value) && digits <= 3 {
            item.number = value;
            item.mask = Class::Ordinal.bit();
        } else if ending.value(Class::DecadeEnding).is_some() && value % 10 == 0 {
            match digits {
                4 if (1000..2300).contains(&value) => item.number = value / 10,
                // Which century, the day of the text says.
                2 if value >= 20 => item.number = value / 10,
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
                let marked = lexicon.style.is_hour_mark(folded) && gap(words.gap(at)) == Gap::Blank;
                let led = at.checked_sub(1).is_some_and(|before| lexicon.style.is_hour_lead(words.word(before)));
                if marked || led {
                    let taken = 1 + usize::from(marked);
                    let mut item = blank(words, at, at + taken - 1);
                    item.figures = true;
                    item.mask = Class::Clock.bit();
                    item.number = value * 60 + minutes;
                    return (item, taken);
                }
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

/// Whether a word that can lead to a decade stands directly before: `the`, `mid`.
fn is_led(words: &Words<'_>, at: usize, lexicon: &Lexicon) -> bool {
    let before = at.checked_sub(1).filter(|before| matches!(gap(words.gap(*before)), Gap::Blank | Gap::Hyphen));
    let entry = before.and_then(|before| lexicon.find(&crate::text::fold::fold(words.word(before))));
    entry.is_some_and(|entry| {
        let entry = lexicon.entry(entry);
        entry.value(Class::Determiner).is_some() || entry.value(Class::Modifier).is_some()
    })
}

/// `19.6.` behind a word that leads to a date, where ordinals have a dot: a day and a month.
fn day_and_month(words: &Words<'_>, at: usize, lexicon: &Lexicon, before: Option<&Item>) -> Option<[Item; 2]> {
    if !lexicon.style.dotted_ordinals || !before.is_some_and(|before| before.is(Class::Lead) && !before.figures) {
        return None;
    }
    let after = words.gap(at).strip_prefix('.')?;
    let (day, month) = words.word(at).split_once('.')?;
    let number = |part: &str, most: i32| {
        let short = part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit());
        part.parse::<i32>().ok().filter(|number| short && (1..=most).contains(number))
    };
    let whole = Item { figures: true, gap: gap(after), ..blank(words, at, at) };
    let middle = whole.start + day.len() + 1;
    let first =
        Item { end: middle, mask: Class::Day.bit(), number: number(day, 31)?, gap: Gap::Blank, ..whole.clone() };
    Some([first, Item { start: middle, mask: Class::Month.bit(), number: number(month, 12)?, ..whole }])
}

/// `h`, `h30` behind an hour: the minutes of the day.
fn hour_and_minutes(hours: i32, digits: usize, rest: &str, lexicon: &Lexicon) -> Option<i32> {
    if digits > 2 || !(0..=24).contains(&hours) {
        return None;
    }
    let mark = rest.trim_end_matches(|c: char| c.is_ascii_digit());
    let minutes = match rest.get(mark.len()..)? {
        "" => 0,
        figures => figures.parse::<i32>().ok().filter(|minutes| figures.len() == 2 && *minutes < 60)?,
    };
    lexicon.style.is_hour_mark(mark).then_some(hours * 60 + minutes)
}

/// `10 000`, `1 250 000`, where the language writes thousands so: the number, and how many words it takes.
fn thousands(words: &Words<'_>, at: usize, value: i32, lexicon: &Lexicon) -> Option<(i32, usize)> {
    if !lexicon.style.spaced_thousands || !(1..1000).contains(&value) {
        return None;
    }
    let (mut value, mut taken) = (value, 1);
    while matches!(words.gap(at + taken - 1), " " | "\u{a0}" | "\u{202f}" | "\u{2009}")
        && words.word(at + taken).len() == 3
        && let Ok(next) = words.word(at + taken).parse::<i32>()
    {
        value = value.saturating_mul(1000).saturating_add(next);
        taken += 1;
    }
    (taken > 1).then_some((value, taken))
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
    // `14 h`, `14 h 30`, `14:30 h`.
    if lexicon.style.marks_hours() && gap(words.gap(at + taken - 1)) == Gap::Blank {
        fold_into(words.word(at + taken), folded);
        if lexicon.style.is_hour_mark(folded) {
            taken += 1;
            if minutes.is_none()
                && gap(words.gap(at + taken - 1)) == Gap::Blank
                && let Some(after) = two(at + taken)
            {
                return Some((hours * 60 + after, taken + 1));
            }
            return Some((hours * 60 + minutes.unwrap_or(0), taken));
        }
    }
    minutes.filter(|_| !lexicon.style.marked_hours).map(|minutes| (hours * 60 + minutes, taken))
}

fn twelve_hours(hours: i32, meridiem: i32) -> i32 {
    if hours > 12 { hours } else { hours % 12 + meridiem }
}

/// `2024-06-19`, `2024/06/19`, `19/06/2024`, `19.06.2024`, `6/19/24`: a day in figures, and how many words it takes.
/// Day and month are told apart only where one of them is beyond 12, both are equal, or the language has the day first.
fn whole_date(words: &Words<'_>, at: usize, day_first: bool) -> Option<(NaiveDate, usize)> {
    let first = words.word(at);
    if first.len() >= 8 && first.contains('.') {
        let mut parts = first.split('.');
        let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
        return parts.next().is_none().then(|| parted_date(a, b, c, day_first)).flatten().map(|date| (date, 1));
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
        while taken < 6 && words.gap(at + taken - 1) == ":" && at + taken < words.len() {
            taken += 1;
        }
    }
    parted_date(first, words.word(at + 1), third, day_first).map(|date| (date, taken))
}

/// `2024-06-19T10:30`: the day and the time of the day, where the time is part of the date that takes these words.
fn time_behind(words: &Words<'_>, at: usize, taken: usize, date: &Item) -> Option<[Item; 2]> {
    if taken < 4 {
        return None;
    }
    let (day, hours) = words.word(at + 2).split_once(['T', 't'])?;
    let two = |figures: &str, most: i32| {
        let value = figures.get(..2)?.parse::<i32>().ok();
        value.filter(|value| figures.len() == 2 && *value <= most)
    };
    let minutes = words.word(at + 3).trim_end_matches(['Z', 'z']);
    let minutes = two(hours, 24)? * 60 + two(minutes, 59)?;
    let middle = words.span(at + 2, at + 2).start + day.len();
    let universal = words.word(at + taken - 1).ends_with(['Z', 'z']);
    let time = Item { start: middle, mask: Class::Clock.bit(), number: minutes, ..date.clone() };
    let zone = if universal { Class::Universal.bit() } else { 0 };
    Some([Item { end: middle, gap: Gap::Blank, ..date.clone() }, Item { mask: time.mask | zone, ..time }])
}

/// A day of three figures.
pub(super) fn parted_date(a: &str, b: &str, c: &str, day_first: bool) -> Option<NaiveDate> {
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
            if x > 12 || x == y || day_first && y <= 12 {
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
        check("the 1990s and the '80s, 65s", Class::Decade, &[("1990s", 199), ("80s", 8)]);
        check("the 1980's, 1980's budget", Class::Decade, &[("1980's", 198)]);
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

    #[test]
    fn languages_write_figures_in_their_own_ways() {
        let table = "style 0: day-first, dotted-ordinals, marked-hours, spaced-thousands\nhourmark 0: h\nhourlead 0: las\n\
            elision 0: l'\njoint 0: abend\njoiner 0: et\nweekday 3: Mittwoch\npart EV: Abend, abend\nunit year: an\n\
            lead 0: am\none 1: un\nnumber 20: vingt\nnumber 10: dix\nnumber 60: soixante\nnumber 7: sept\nordinal 9: neuvième\n";
        let grammar = super::super::grammar::Grammar::new(table);
        assert_eq!(grammar.faults, Vec::<String>::new());
        for (text, case, class, expected) in [
            ("5.6.2024, 5/6/2024", Case::Kept, Class::Date, "5.6.2024=739042 5/6/2024=739042"),
            ("6/19/2024, 06.05.24", Case::Free, Class::Date, "6/19/2024=739056 06.05.24=739012"),
            ("5.6.2024, 5/6/2024", Case::Ignored, Class::Date, ""),
            ("am 19. und 20 in 3.", Case::Kept, Class::Ordinal, "19=19 3=3"),
            ("am 19.6. oder 20.7.", Case::Kept, Class::Month, "6=6"),
            (
                "14 h 30, 14h30, 9h, 14.30 h, 14:30 h",
                Case::Kept,
                Class::Clock,
                "14 h 30=870 14h30=870 9h=540 14.30 h=870 14:30 h=870",
            ),
            ("14:30, 14.30, 35 h, las 20.15", Case::Kept, Class::Clock, "20.15=1215"),
            (
                "10 000 und 1 250 000, 1990 300",
                Case::Kept,
                Class::Number,
                "10 000=10000 1 250 000=1250000 1990=1990 300=300",
            ),
            ("l'an, L\u{2019}an, l'or", Case::Kept, Class::Unit, "an=0 an=0"),
            ("Mittwochabend, Feierabend", Case::Kept, Class::Weekday, "Mittwoch=0"),
            ("Mittwochabend", Case::Kept, Class::Part, "abend=0"),
            (
                "vingt et un, soixante-dix, vingt et dix",
                Case::Kept,
                Class::Number,
                "vingt et un=21 soixante-dix=70 vingt et dix=30",
            ),
            ("dix-sept et dix sept", Case::Kept, Class::Number, "dix-sept=17 dix=10 sept=7"),
            ("dix-neuvième", Case::Kept, Class::Ordinal, "dix-neuvième=19"),
        ] {
            let found: Vec<String> = items(&Words::new(text), &grammar.lexicon, case)
                .iter()
                .filter(|item| item.is(class))
                .map(|item| format!("{}={}", &text[item.start..item.end], item.number))
                .collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
    }
}
