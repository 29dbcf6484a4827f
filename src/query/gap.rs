//! What may follow `date-gap:`: how far the dates that an article speaks of lie from its publication: `>1y`, `<=30d`,
//! `1y..5y`, `2w`.

use super::tree::Gap;
use super::values::Refusal;
use crate::text::Span;
use chrono::NaiveDate;

/// Reads the value.
pub(super) fn read(written: &str, span: Span) -> Result<Gap, Refusal> {
    interval(written)
        .filter(|(least, most)| most.is_none_or(|most| *least <= most))
        .map(|(least, most)| Gap { least, most, span })
        .ok_or_else(|| Refusal {
            message: format!("`{written}` is no length of time between publication and the dates spoken of"),
            hint: "write days, weeks, months or years: `date-gap:>1y`, `date-gap:<=30d`, `date-gap:1y..5y`".to_owned(),
        })
}

/// The least and the most days, both included; none where there is no end.
fn interval(written: &str) -> Option<(u32, Option<u32>)> {
    let written = written.trim().trim_matches('"');
    for mark in [">=", "<=", "≥", "≤", ">", "<"] {
        if let Some(rest) = written.strip_prefix(mark) {
            let days = days(rest)?;
            return Some(match mark {
                ">=" | "≥" => (days, None),
                "<=" | "≤" => (0, Some(days)),
                ">" => (days + 1, None),
                _ => (0, Some(days.checked_sub(1)?)),
            });
        }
    }
    match written.split_once("..") {
        Some(("", "")) => None,
        Some((from, "")) => Some((days(from)?, None)),
        Some(("", to)) => Some((0, Some(days(to)?))),
        Some((from, to)) => Some((days(from)?, Some(days(to)?))),
        None => days(written).map(|days| (days, Some(days))),
    }
}

/// `30d`, `2w`, `6m`, `1y` in days; a month is 30 of them, a year 365.
fn days(text: &str) -> Option<u32> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(end);
    let unit = match unit.trim().to_ascii_lowercase().as_str() {
        "d" | "day" | "days" => 1,
        "w" | "week" | "weeks" => 7,
        "m" | "month" | "months" => 30,
        "y" | "year" | "years" => 365,
        _ => return None,
    };
    number.parse::<u32>().ok()?.checked_mul(unit).filter(|days| *days <= MOST)
}

/// Ten thousand years.
const MOST: u32 = 3_652_500;

impl Gap {
    /// Whether it fits what lies between two intervals of days; nothing does where they overlap.
    pub fn fits(&self, published: (NaiveDate, NaiveDate), spoken: (NaiveDate, NaiveDate)) -> bool {
        let ahead = (spoken.0 - published.1).num_days();
        let back = (published.0 - spoken.1).num_days();
        self.fits_days(ahead.max(back).max(0))
    }

    /// Whether it fits so many days.
    pub fn fits_days(&self, days: i64) -> bool {
        days >= i64::from(self.least) && self.most.is_none_or(|most| days <= i64::from(most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lengths_of_time() {
        for (written, expected) in [
            (">1y", Some((366, None))),
            (">=1y", Some((365, None))),
            ("<2w", Some((0, Some(13)))),
            ("<=30d", Some((0, Some(30)))),
            ("1y..5y", Some((365, Some(1825)))),
            ("6m..", Some((180, None))),
            ("..10 days", Some((0, Some(10)))),
            ("7d", Some((7, Some(7)))),
            ("5y..1y", None),
            ("<0d", None),
            ("1", None),
            ("1q", None),
            ("..", None),
            ("99999999999y", None),
            ("20000y", None),
            ("", None),
        ] {
            let gap = read(written, Span::default()).ok().map(|gap| (gap.least, gap.most));
            assert_eq!(gap, expected, "{written}");
        }
    }

    #[test]
    fn measures_between_the_nearest_days() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let published = (day("2024-06-19"), day("2024-06-19"));
        let year = Gap { least: 366, most: None, span: Span::default() };
        for (first, last, expected) in [
            ("1991-01-01", "1991-12-31", true),
            ("2023-01-01", "2023-12-31", false),
            ("2024-01-01", "2024-12-31", false),
            ("2026-01-01", "2026-12-31", true),
        ] {
            assert_eq!(year.fits(published, (day(first), day(last))), expected, "{first}");
        }
    }
}
