//! A publication date as metadata writes it: RFC 3339 and 2822, ISO 8601 in full and cut short, `June 19, 2024`,
//! `Monday, 15 September 2008 at 11.40pm`, seconds since 1970.
//!
//! The day that is written is the day that is kept: `2024-06-19T23:30:00-05:00` is 19 June, wherever it is read.

use super::items::{Case, parted_date};
use super::value::Value;
use crate::article::{Confidence, Precision, Provenance, Published};
use crate::language::LANGUAGES;
use crate::text::Words;
use chrono::{Datelike, NaiveDate};

/// A date that was written as metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The first day it can mean.
    pub first: NaiveDate,
    /// The last day it can mean.
    pub last: NaiveDate,
    /// How exact it is.
    pub precision: Precision,
    /// In ISO 8601: `2024-06-19`, `2024-06`, `2024`.
    pub value: String,
}

/// The years in which something can have been published: from the printing press to far enough ahead.
const YEARS: std::ops::RangeInclusive<i32> = 1400..=2200;

/// Texts longer than this are no date.
const LONGEST: usize = 120;

/// Reads a publication date; none where it makes no sense, or is the zero of some computer's clock.
pub fn written(text: &str) -> Option<Written> {
    let text = text.trim().trim_matches(['"', '\'']).trim();
    if text.len() > LONGEST || !has_year(text) {
        return None;
    }
    let value = figures(text).or_else(|| in_words(text))?;
    Written::of(value).filter(|_| !is_zero(text, value))
}

/// Whether a year can stand in a text: four figures in a row, or two behind a sign that parts figures. Most lines that are
/// asked about have none, and reading them costs more.
fn has_year(text: &str) -> bool {
    let digit = u8::is_ascii_digit;
    text.as_bytes().array_windows().any(|four: &[u8; 4]| four.iter().all(digit))
        || text.as_bytes().array_windows().any(|[a, sign, b]| digit(a) && b"-/.".contains(sign) && digit(b))
}

impl Written {
    /// A day, month or year as a written date.
    pub(super) fn of(value: Value) -> Option<Written> {
        let precision = match value {
            Value::Day(_) => Precision::Day,
            Value::Month(..) => Precision::Month,
            Value::Year(_) => Precision::Year,
            _ => return None,
        };
        let (first, last) = value.interval()?;
        YEARS.contains(&first.year()).then(|| Written { first, last, precision, value: value.to_string() })
    }

    /// As the publication date of an article, found in this place.
    pub fn published(&self, from: Provenance) -> Published {
        let confidence = match from {
            Provenance::Metadata | Provenance::Given => Confidence::High,
            Provenance::Url | Provenance::Path | Provenance::Dateline | Provenance::Text => Confidence::Medium,
        };
        Published {
            value: self.value.clone(),
            first: self.first,
            last: self.last,
            precision: self.precision,
            from,
            confidence,
            conflicts: Vec::new(),
        }
    }

    /// A day.
    pub fn of_day(day: NaiveDate) -> Option<Written> {
        Written::of(Value::Day(day))
    }

    /// A month, or a year where `month` is none.
    pub fn of_month(year: i32, month: Option<u32>) -> Option<Written> {
        Written::of(month.map_or(Value::Year(year), |month| Value::Month(year, month)))
    }
}

/// A day of three numbers.
pub(super) fn day(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// The zero of the Unix clock with a time of day: a day that was never set.
fn is_zero(text: &str, value: Value) -> bool {
    value.to_string() == "1970-01-01" && (text.contains("00:00") || text.bytes().all(|b| b == b'0'))
}

/// Dates that begin with figures in a fixed order.
pub(super) fn figures(text: &str) -> Option<Value> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (head, rest) = text.split_at_checked(digits)?;
    let number = || head.parse::<i64>().ok();
    if rest.is_empty() {
        return match digits {
            4 => Some(Value::Year(i32::try_from(number()?).ok()?)),
            6 => compact_month(head),
            8 => compact_day(head),
            9..=11 => since_1970(number()?),
            12 | 14 => compact_day(head.get(..8)?),
            13 => since_1970(number()? / 1000),
            _ => None,
        };
    }
    if let Some(fraction) = rest.strip_prefix('.')
        && (9..=11).contains(&digits)
        && fraction.bytes().all(|b| b.is_ascii_digit())
    {
        return since_1970(number()?);
    }
    // `20240619T103000Z`.
    if digits == 8 && rest.starts_with(['T', 't', ' ', '-', '_', 'Z', '+']) {
        return compact_day(head);
    }
    let mark = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
    let mut parts = rest.get(1..)?.splitn(2, mark);
    let second = parts.next()?;
    match parts.next() {
        Some(third) => {
            let end = third.bytes().take_while(u8::is_ascii_digit).count();
            let (third, time) = third.split_at(end);
            let fits =
                time.is_empty() || time.starts_with(|c: char| !c.is_alphanumeric() || matches!(c, 'T' | 't' | 'Z'));
            if !fits || (digits == 4 && time.starts_with(mark)) {
                return None;
            }
            parted_date(head, second, third, false).map(Value::Day)
        }
        None if digits == 4 && second.len() == 2 && mark != '.' => {
            let month = second.parse().ok().filter(|month| (1..=12).contains(month))?;
            Some(Value::Month(head.parse().ok()?, month))
        }
        None => None,
    }
}

fn compact_day(figures: &str) -> Option<Value> {
    let part = |from, to| figures.get(from..to).and_then(|part: &str| part.parse::<u32>().ok());
    day(part(0, 4)?, part(4, 6)?, part(6, 8)?).filter(|day| YEARS.contains(&day.year())).map(Value::Day)
}

fn compact_month(figures: &str) -> Option<Value> {
    let year = figures.get(..4)?.parse().ok().filter(|year| YEARS.contains(year))?;
    let month = figures.get(4..)?.parse().ok().filter(|month| (1..=12).contains(month))?;
    Some(Value::Month(year, month))
}

fn since_1970(seconds: i64) -> Option<Value> {
    Some(Value::Day(chrono::DateTime::from_timestamp(seconds, 0)?.date_naive()))
}

/// Dates with the name of a month, by the patterns of any language; the first explicit one.
fn in_words(text: &str) -> Option<Value> {
    let words = Words::new(text);
    let mut found = LANGUAGES.iter().filter_map(|language| super::explicit(&words, language, Case::Ignored));
    // A language that does not know the name of the month sees only a year.
    let first = found.next()?;
    let finer = |value: &Value| matches!(value, Value::Day(_) | Value::Month(..));
    if finer(&first) { Some(first) } else { found.find(finer).or(Some(first)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let found = written(text);
        assert_eq!(found.as_ref().map(|written| written.value.as_str()), expected, "{text:?}");
    }

    #[test]
    fn reads_what_metadata_writes() {
        for (text, expected) in [
            ("2024-06-19", "2024-06-19"),
            ("2024-06-19T10:30:00Z", "2024-06-19"),
            ("2024-06-19T23:30:00-05:00", "2024-06-19"),
            ("2024-06-19 10:30:00", "2024-06-19"),
            ("2024/06/19", "2024-06-19"),
            ("20240619", "2024-06-19"),
            ("20240619T103000Z", "2024-06-19"),
            ("20240619103000", "2024-06-19"),
            ("2024-06", "2024-06"),
            ("2024", "2024"),
            ("June 19, 2024", "2024-06-19"),
            ("19 June 2024", "2024-06-19"),
            ("19 Jun 2024 10:30 GMT", "2024-06-19"),
            ("Wed, 19 Jun 2024 10:30:00 +0200", "2024-06-19"),
            ("Monday, 15 September 2008 at 11.40pm", "2008-09-15"),
            ("June 2024", "2024-06"),
            ("19/06/2024", "2024-06-19"),
            ("6/19/2024", "2024-06-19"),
            ("19.06.2024", "2024-06-19"),
            ("1718793000", "2024-06-19"),
            ("1718793000000", "2024-06-19"),
            ("26-FEB-1987 15:01:01.79", "1987-02-26"),
            ("Published: June 19, 2024", "2024-06-19"),
            ("Mittwoch, 19. Juni 2024, 14.30 Uhr", "2024-06-19"),
            ("12 mars 2024", "2024-03-12"),
            ("avril 2024", "2024-04"),
            ("miércoles, 3 de enero de 2024", "2024-01-03"),
            ("19th June, 2024", "2024-06-19"),
            ("1503-05-01", "1503-05-01"),
            ("1970-01-01", "1970-01-01"),
        ] {
            check(text, Some(expected));
        }
    }

    #[test]
    fn refuses_nonsense() {
        for text in [
            "",
            "0001-01-01",
            "0001-01-01T00:00:00Z",
            "1970-01-01T00:00:00Z",
            "0",
            "0000000000",
            "yesterday",
            "2024-13-01",
            "2024-02-30",
            "5/6/2024",
            "5.6.2024",
            "abc",
            "9999-12-31",
            "June",
            "19 June",
            "-",
            "2024-06-19-20-30",
            "1-800-555",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn knows_how_exact_it_is() {
        let month = written("2024-06").expect("a month");
        assert_eq!(
            (month.precision, month.first.to_string(), month.last.to_string()),
            (Precision::Month, "2024-06-01".to_owned(), "2024-06-30".to_owned())
        );
        assert_eq!(written("2024").expect("a year").precision, Precision::Year);
    }
}
