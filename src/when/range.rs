//! The days that a question asks for: `2024-06`, `1990s`, `2024-06-01..2024-06-15`, `>=2024`, `[1989 TO 1991]`,
//! `June 2024`, and with today's date `7d..`, `yesterday`, `last March`.

use super::Setting;
use super::items::Case;
use super::resolve::Context;
use super::value::{Value, day_from};
use super::written::{figures, written};
use crate::language::LANGUAGES;
use crate::text::Words;
use chrono::{Months, NaiveDate};

/// The first and last day of a range; none where it is open.
type Range = (Option<NaiveDate>, Option<NaiveDate>);

/// Reads a range of days, both ends included. Relative ones only where `today` is given. None where it is no range.
pub fn range(text: &str, today: Option<NaiveDate>) -> Option<Range> {
    let text = text.trim();
    if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let at = inner.find(" TO ").or_else(|| inner.find(" to "))?;
        let (from, to) = (inner.get(..at)?, inner.get(at + 4..)?);
        return both(end(from, today)?, end(to, today)?);
    }
    if let Some((from, to)) = text.split_once("..") {
        if from.trim().is_empty() && to.trim().is_empty() {
            return None;
        }
        return both(end(from, today)?, end(to, today)?);
    }
    let after = |days: (NaiveDate, NaiveDate)| days.1.succ_opt().map(|day| (Some(day), None));
    let before = |days: (NaiveDate, NaiveDate)| days.0.pred_opt().map(|day| (None, Some(day)));
    for mark in [">=", "<=", ">", "<", "≥", "≤"] {
        if let Some(rest) = text.strip_prefix(mark) {
            let days = days(rest, today)?;
            return match mark {
                ">=" | "≥" => Some((Some(days.0), None)),
                "<=" | "≤" => Some((None, Some(days.1))),
                ">" => after(days),
                _ => before(days),
            };
        }
    }
    days(text, today).map(|(first, last)| (Some(first), Some(last)))
}

/// One end of a range; none within for an open one.
fn end(text: &str, today: Option<NaiveDate>) -> Option<Option<(NaiveDate, NaiveDate)>> {
    match text.trim() {
        "" | "*" => Some(None),
        text => days(text, today).map(Some),
    }
}

/// A range from one end to another. The wrong way round is no range.
fn both(from: Option<(NaiveDate, NaiveDate)>, to: Option<(NaiveDate, NaiveDate)>) -> Option<Range> {
    let range = (from.map(|days| days.0), to.map(|days| days.1));
    match range {
        (Some(first), Some(last)) if first > last => None,
        (None, None) => None,
        range => Some(range),
    }
}

/// The days that one date covers.
fn days(text: &str, today: Option<NaiveDate>) -> Option<(NaiveDate, NaiveDate)> {
    let text = text.trim();
    if let Some(decade) = text.strip_suffix("0s").filter(|decade| decade.len() == 3) {
        return Value::Decade(decade.parse().ok()?).interval();
    }
    // Seconds of a computer's clock are metadata; in a question they are a mistake.
    if text.len() <= 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
        let whole = |value: &str| value.len() >= 7 || text.len() <= 6;
        if let Some(written) = written(text).filter(|written| whole(&written.value)) {
            return Some((written.first, written.last));
        }
    }
    // An article may speak of any year, though none was published then.
    if let Some(value) = figures(text).filter(|_| is_plain(text)) {
        return value.interval();
    }
    if let Some(days) = today.and_then(|today| ago(text, today)) {
        return Some(days);
    }
    let words = Words::new(text);
    let context = Context::new(Setting { anchor: today, ..Setting::default() });
    let squeezed = text.trim_end_matches(['.', ',']);
    LANGUAGES.iter().find_map(|language| {
        // The date must be all of it: `summer of love` is no range.
        let (span, timex) = super::found(&words, language, context, Case::Ignored).into_iter().next()?;
        (span.start == 0 && span.end == squeezed.len()).then_some((timex.first?, timex.last?))
    })
}

/// Whether a text is `1066`, `1066-10` or `1066-10-14`.
fn is_plain(text: &str) -> bool {
    let mut parts = text.split('-');
    let figures = |part: &str, count: usize| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
    parts.next().is_some_and(|year| figures(year, 4) && year != "0000") && parts.all(|part| figures(part, 2))
}

/// `7d`, `2w`, `3m`, `1y`: the day so long ago that today is the last of so many.
fn ago(text: &str, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (count, unit) = text.split_at_checked(digits)?;
    let count: u32 = count.parse().ok().filter(|count| *count > 0)?;
    let day = match unit {
        "d" => day_from(today, 1 - i64::from(count))?,
        "w" => day_from(today, 1 - i64::from(count) * 7)?,
        "m" => today.checked_sub_months(Months::new(count))?.succ_opt()?,
        "y" => today.checked_sub_months(Months::new(count.checked_mul(12)?))?.succ_opt()?,
        _ => return None,
    };
    Some((day, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(range: Option<Range>) -> String {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        range.map_or("none".to_owned(), |(first, last)| format!("{}..{}", day(first), day(last)))
    }

    #[test]
    fn reads_absolute_ranges() {
        for (text, expected) in [
            ("2024-06-19", "2024-06-19..2024-06-19"),
            ("2024-06", "2024-06-01..2024-06-30"),
            ("2024", "2024-01-01..2024-12-31"),
            ("1990s", "1990-01-01..1999-12-31"),
            ("2024-06..2024-07", "2024-06-01..2024-07-31"),
            ("2024-06..", "2024-06-01.."),
            ("..1991", "..1991-12-31"),
            (">2024-06", "2024-07-01.."),
            (">=2024-06", "2024-06-01.."),
            ("<2024-06", "..2024-05-31"),
            ("<= 2024-06", "..2024-06-30"),
            ("[1989 TO 1991-06]", "1989-01-01..1991-06-30"),
            ("[* TO 1991]", "..1991-12-31"),
            ("June 2024", "2024-06-01..2024-06-30"),
            ("june 2024", "2024-06-01..2024-06-30"),
            ("19 June 2024", "2024-06-19..2024-06-19"),
            ("June 19, 2024", "2024-06-19..2024-06-19"),
            ("summer 1991", "1991-06-01..1991-08-31"),
            ("2024-Q2", "2024-04-01..2024-06-30"),
            ("1066", "1066-01-01..1066-12-31"),
            ("1066-10-14", "1066-10-14..1066-10-14"),
            ("0079..0079-08", "0079-01-01..0079-08-31"),
            ("1000..1100", "1000-01-01..1100-12-31"),
            ("2500", "2500-01-01..2500-12-31"),
            ("9999", "9999-01-01..9999-12-31"),
            ("0000", "none"),
            ("1066-13", "none"),
            ("1991..1989", "none"),
            ("..", "none"),
            ("", "none"),
            ("soon", "none"),
            ("yesterday", "none"),
            ("7d..", "none"),
            ("2024-13", "none"),
            ("1718793000", "none"),
        ] {
            assert_eq!(show(range(text, None)), expected, "{text:?}");
        }
    }

    #[test]
    fn reads_relative_ranges() {
        let today = NaiveDate::from_ymd_opt(2024, 6, 19);
        for (text, expected) in [
            ("7d..", "2024-06-13.."),
            ("1w..", "2024-06-13.."),
            ("1m..", "2024-05-20.."),
            ("1y..", "2023-06-20.."),
            ("yesterday", "2024-06-18..2024-06-18"),
            ("today", "2024-06-19..2024-06-19"),
            ("last March", "2024-03-01..2024-03-31"),
            ("last week", "2024-06-10..2024-06-16"),
            ("yesterday..", "2024-06-18.."),
            ("3 days ago..today", "2024-06-16..2024-06-19"),
            ("0d..", "none"),
            ("fun", "none"),
        ] {
            assert_eq!(show(range(text, today)), expected, "{text:?}");
        }
    }
}
