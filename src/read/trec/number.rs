//! The days of TREC collections, in fields and in the numbers of documents, which also name the newspaper.

use crate::article::{Confidence, Provenance, Published};
use crate::when::{Written, written};
use chrono::{Datelike, NaiveDate};

/// The day that a field gives.
pub(super) fn date(line: &str) -> Option<Published> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let day = match digits {
        6 if digits == line.len() => short(line, Order::Year),
        8 if line.len() > 8 => short(line.get(..8)?, Order::Year),
        _ => None,
    };
    let found = day.and_then(Written::of_day).or_else(|| written(line)).or_else(|| short_with_signs(line))?;
    Some(found.published(Provenance::Metadata))
}

/// `03/24/87`, and `AP-NR-02-12-88 2344EST` with the name of the wire before it: the American order.
fn short_with_signs(line: &str) -> Option<Written> {
    let start = line.find(|c: char| c.is_ascii_digit())?;
    let token = line.get(start..)?.split_whitespace().next()?;
    let digits: String = token.split(['-', '/']).filter(|part| matches!(part.len(), 2 | 4)).collect();
    let lengths = token.split(['-', '/']).count();
    Written::of_day(short(&digits, Order::Month).filter(|_| lengths == 3)?)
}

/// How the figures of a day stand.
#[derive(Clone, Copy)]
enum Order {
    /// `870324`, `19870324`.
    Year,
    /// `032487`, `03241987`.
    Month,
}

/// These collections begin in the seventies and end before 2070.
const FIRST_SHORT_YEAR: i32 = 70;

/// The year of two figures.
fn century(short: i32) -> i32 {
    if short >= FIRST_SHORT_YEAR { 1900 + short } else { 2000 + short }
}

/// A day of six or eight figures.
fn short(digits: &str, order: Order) -> Option<NaiveDate> {
    let part = |from: usize, to: usize| digits.get(from..to)?.parse::<u32>().ok();
    let year = |from: usize, to: usize| i32::try_from(part(from, to)?).ok();
    let day = match (digits.len(), order) {
        (8, Order::Month) => NaiveDate::from_ymd_opt(year(4, 8)?, part(0, 2)?, part(2, 4)?)?,
        (8, Order::Year) => NaiveDate::from_ymd_opt(year(0, 4)?, part(4, 6)?, part(6, 8)?)?,
        (6, Order::Year) => NaiveDate::from_ymd_opt(century(year(0, 2)?), part(2, 4)?, part(4, 6)?)?,
        (6, Order::Month) => NaiveDate::from_ymd_opt(century(year(4, 6)?), part(0, 2)?, part(2, 4)?)?,
        _ => return None,
    };
    (1800..2100).contains(&day.year()).then_some(day)
}

/// The number of a document: `AFP_ENG_19940512.0004`, `LA010189-0001`.
pub(super) struct Number<'a> {
    /// The letters that it begins with.
    pub(super) prefix: &'a str,
    rest: &'a str,
}

/// The sources of well-known collections by the letters that their numbers begin with, and how their days are written.
const SOURCES: &[(&str, &str, Option<Order>)] = &[
    ("AFP", "Agence France-Presse", None),
    ("AP", "Associated Press", Some(Order::Year)),
    ("APW", "Associated Press", None),
    ("CNA", "Central News Agency", None),
    ("EFE", "Agencia EFE", None),
    ("FBIS", "Foreign Broadcast Information Service", None),
    ("FR", "Federal Register", Some(Order::Year)),
    ("FT", "Financial Times", None),
    ("GH", "Glasgow Herald", Some(Order::Year)),
    ("LA", "Los Angeles Times", Some(Order::Month)),
    ("LEMONDE", "Le Monde", None),
    ("LTW", "Los Angeles Times-Washington Post News Service", None),
    ("NYT", "The New York Times", None),
    ("SJMN", "San Jose Mercury News", None),
    ("WPB", "Washington Post-Bloomberg", None),
    ("WSJ", "The Wall Street Journal", Some(Order::Year)),
    ("XIE", "Xinhua News Agency", None),
    ("XIN", "Xinhua News Agency", None),
];

impl<'a> Number<'a> {
    /// Parts the letters from the rest.
    pub(super) fn of(id: &'a str) -> Number<'a> {
        let end = id.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(id.len());
        let (prefix, rest) = id.split_at(end);
        Number { prefix, rest }
    }

    fn known(&self) -> Option<&'static (&'static str, &'static str, Option<Order>)> {
        // A number follows, and before it at most a language.
        let fits = self.rest.contains(|c: char| c.is_ascii_digit());
        SOURCES.iter().find(|(prefix, ..)| fits && *prefix == self.prefix)
    }

    /// The newspaper or agency, where the letters are well known.
    pub(super) fn source(&self) -> Option<&'static str> {
        self.known().map(|(_, source, _)| *source)
    }

    /// The day, or only the year, that the number names.
    pub(super) fn date(&self) -> Option<Published> {
        let runs = || self.rest.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
        let whole = runs().filter(|run| run.len() == 8).find_map(|run| short(run, Order::Year));
        let by_order = || {
            let (_, _, order) = self.known()?;
            short(runs().next().filter(|run| run.len() == 6)?, (*order)?)
        };
        let day = whole.or_else(by_order).and_then(Written::of_day);
        // `FT911-3` is of the first quarter of 1991, `SJMN91-06364022` of the 364th day.
        let year = || {
            let digits = runs().next().filter(|_| matches!(self.prefix, "FT" | "SJMN"))?;
            Written::of_month(century(digits.get(..2)?.parse().ok()?), None)
        };
        let found = day.or_else(year)?.published(Provenance::Metadata);
        Some(Published { confidence: Confidence::Medium, ..found })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_numbers() {
        for (id, expected) in [
            ("XIE19960101.0001", Some("1996-01-01")),
            ("LA010189-0001", Some("1989-01-01")),
            ("WSJ870324-0001", Some("1987-03-24")),
            ("GH950102-000000", Some("1995-01-02")),
            ("LEMONDE94-000001-19940101", Some("1994-01-01")),
            ("FT911-3", Some("1991")),
            ("SJMN91-06364022", Some("1991")),
            ("TREC_DOC_1.00001", None),
            ("XX870324-1", None),
            ("99999999", None),
        ] {
            assert_eq!(Number::of(id).date().map(|date| date.value).as_deref(), expected, "{id}");
        }
    }

    #[test]
    fn days_in_fields() {
        for (line, expected) in [
            ("910514", Some("1991-05-14")),
            ("19940512", Some("1994-05-12")),
            ("03/24/87", Some("1987-03-24")),
            ("AP-NR-02-12-88 2344EST", Some("1988-02-12")),
            ("08/07/1998 12:20:00", Some("1998-08-07")),
            ("January 1, 1989, Sunday, Home Edition", Some("1989-01-01")),
            ("999999", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(date(line).map(|date| date.value).as_deref(), expected, "{line}");
        }
    }
}
