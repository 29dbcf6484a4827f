//! Values of dates that come again and again, small: words and lengths of time as numbers, weeks, quarters and decades as
//! their first day.

use chrono::{Datelike, Days, NaiveDate};

const WORDS: [&str; 3] = ["PRESENT_REF", "PAST_REF", "FUTURE_REF"];
/// What stands before and behind the number of a length of time.
const UNITS: [(&str, &str); 7] =
    [("P", "Y"), ("P", "M"), ("P", "W"), ("P", "D"), ("PT", "H"), ("PT", "M"), ("PT", "S")];
/// Numbers of units that have one, from 0 on, which stands for any: `PXY`.
const AMOUNTS: usize = 64;

/// Kinds of periods that [`period`] knows.
pub(super) const PERIODS: usize = 3;

/// The number of a value, from 1 on, where it has one.
pub(super) fn number(value: &str) -> Option<usize> {
    let word = WORDS.iter().position(|word| *word == value);
    let length = || {
        UNITS.iter().enumerate().find_map(|(place, (before, behind))| {
            let amount = match value.strip_prefix(before)?.strip_suffix(behind)? {
                "X" => 0,
                digits => digits.parse().ok().filter(|amount| (1..AMOUNTS).contains(amount))?,
            };
            Some(WORDS.len() + place * AMOUNTS + amount)
        })
    };
    let number = word.or_else(length)? + 1;
    (self::value(number).as_deref() == Some(value)).then_some(number)
}

/// The reverse of [`number`].
pub(super) fn value(number: usize) -> Option<String> {
    let number = number.checked_sub(1)?;
    let Some(length) = number.checked_sub(WORDS.len()) else { return WORDS.get(number).map(|word| (*word).to_owned()) };
    let (before, behind) = UNITS.get(length / AMOUNTS)?;
    Some(match length % AMOUNTS {
        0 => format!("{before}X{behind}"),
        amount => format!("{before}{amount}{behind}"),
    })
}

/// The value and the last day of the week, quarter or decade (0, 1, 2) that begins with `first`.
pub(super) fn period(kind: usize, first: NaiveDate) -> Option<(String, NaiveDate)> {
    let (year, month) = (first.year(), first.month());
    let before = |year, month| NaiveDate::from_ymd_opt(year, month, 1)?.pred_opt();
    Some(match kind {
        0 => {
            let week = first.iso_week();
            (format!("{:04}-W{:02}", week.year(), week.week()), first.checked_add_days(Days::new(6))?)
        }
        1 => {
            let end = if month > 9 { before(year + 1, month - 9) } else { before(year, month + 3) };
            (format!("{year:04}-Q{}", month.div_ceil(3)), end?)
        }
        2 => (format!("{:03}", year.div_euclid(10)), before(year + 10, 1)?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_with_a_number_come_back_and_others_have_none() {
        for value in ["PRESENT_REF", "FUTURE_REF", "P1Y", "P63D", "PXM", "PT12H", "PT30M", "PTXS"] {
            assert_eq!(number(value).and_then(self::value).as_deref(), Some(value));
        }
        for other in ["P", "PY", "P0Y", "P01Y", "P64Y", "P1.5Y", "PT1D", "P+1Y", "1990", "", "present_ref"] {
            assert_eq!(number(other), None, "{other}");
        }
        assert!(value(0).is_none() && value(usize::MAX).is_none());
        for number in 1..=WORDS.len() + UNITS.len() * AMOUNTS {
            let value = value(number).expect("each has a value");
            assert_eq!(super::number(&value), Some(number), "{value}");
        }
    }

    #[test]
    fn periods_begin_with_their_first_day() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        for (kind, first, value, last) in [
            (0, "2024-12-30", "2025-W01", "2025-01-05"),
            (1, "2024-10-01", "2024-Q4", "2024-12-31"),
            (1, "2024-01-01", "2024-Q1", "2024-03-31"),
            (2, "1990-01-01", "199", "1999-12-31"),
        ] {
            assert_eq!(period(kind, day(first)), Some((value.to_owned(), day(last))));
        }
        assert_eq!(period(PERIODS, day("2024-01-01")), None);
        for kind in 0..PERIODS {
            assert_eq!(period(kind, NaiveDate::MAX).map(|(_, last)| last), None);
        }
    }
}
