//! Periods of the calendar, by number: one follows the other, so that they can be counted in a list.
//!
//! [`number`] is the period that a day lies in, [`first`] the day that one begins with, [`name`] what the query language
//! calls it. [`touched`] are the periods of a date, which is an interval of days: it counts in every period that it touches,
//! unless it is longer than the longest period of the unit. A week may lie in two months, a year lies in no month.

use super::schema;
use crate::search::Unit;
use chrono::{Datelike, NaiveDate};

/// The first and last day of a date, as numbers.
pub(super) type Interval = (i64, i64);

/// The number of the period that a day lies in; one follows the other.
pub(super) fn number(unit: Unit, day: i64) -> Option<i64> {
    match unit {
        Unit::Day => return Some(day),
        // Day 1 was a Monday.
        Unit::Week => return Some(day.saturating_sub(1).div_euclid(7)),
        _ => {}
    }
    let date = schema::day(day)?;
    let year = i64::from(date.year());
    let month = year * 12 + i64::from(date.month0());
    Some(match unit {
        Unit::Day | Unit::Week => return None,
        Unit::Month => month,
        Unit::Quarter => month.div_euclid(3),
        Unit::Year => year,
        Unit::Decade => year.div_euclid(10),
    })
}

/// The first day of a period.
fn first(unit: Unit, number: i64) -> Option<NaiveDate> {
    let month = match unit {
        Unit::Day => return schema::day(number),
        Unit::Week => return schema::day(number * 7 + 1),
        Unit::Month => number,
        Unit::Quarter => number * 3,
        Unit::Year => number * 12,
        Unit::Decade => number * 120,
    };
    let year = i32::try_from(month.div_euclid(12)).ok()?;
    NaiveDate::from_ymd_opt(year, u32::try_from(month.rem_euclid(12)).ok()? + 1, 1)
}

/// A period by its number, as the query language takes it.
pub(super) fn name(unit: Unit, number: i64, first: NaiveDate) -> String {
    let year = |year: i32| format!("{}{:04}", if year < 0 { "-" } else { "" }, year.unsigned_abs());
    let of_first = year(first.year());
    match unit {
        Unit::Day => first.to_string(),
        Unit::Week => format!("{}-W{:02}", year(first.iso_week().year()), first.iso_week().week()),
        Unit::Month => format!("{of_first}-{:02}", first.month()),
        Unit::Quarter => format!("{of_first}-Q{}", number.rem_euclid(4) + 1),
        Unit::Year => of_first,
        Unit::Decade => format!("{of_first}s"),
    }
}

/// The first and last day of a period.
pub(super) fn days(unit: Unit, number: i64) -> Option<(NaiveDate, NaiveDate)> {
    let (first, after) = first(unit, number).zip(first(unit, number + 1))?;
    Some((first, after.pred_opt()?))
}

/// Whether a date is longer than any period of the unit.
pub(super) fn is_coarser(unit: Unit, interval: Interval) -> bool {
    interval.1 - interval.0 >= unit.longest()
}

/// The periods that an interval touches; none where it is longer than they are.
pub(super) fn touched(unit: Unit, interval: Interval) -> impl Iterator<Item = i64> {
    let periods = (!is_coarser(unit, interval)).then(|| number(unit, interval.0).zip(number(unit, interval.1)));
    periods.flatten().into_iter().flat_map(|(first, last)| first..=last)
}

/// The most days that are listed one by one: 2,870 years.
const MOST_DAYS: i64 = 1 << 20;
/// Where there are more, the days of these years are, for nearly all articles speak of them: 1000 and 3000.
const USUAL: Interval = (364_878, 1_095_727);

/// The days between two that are worth a list: all, or those of usual years.
pub(super) fn listed(first: i64, last: i64) -> Interval {
    let few = last.checked_sub(first).is_some_and(|days| days < MOST_DAYS);
    if few { (first, last) } else { (first.max(USUAL.0), last.min(USUAL.1)) }
}

/// The periods of days, so that many can be looked up.
pub(super) struct Table {
    unit: Unit,
    first: i64,
    /// The number of the period of each day, without that of the first day.
    periods: Vec<i32>,
    base: i64,
}

impl Table {
    /// Of the days from `first` to `last`; what is not [`listed`] is counted out when it is asked for.
    pub(super) fn new(unit: Unit, first: i64, last: i64) -> Table {
        let (first, last) = listed(first, last);
        let mut table = Table { unit, first, periods: Vec::new(), base: number(unit, first).unwrap_or(0) };
        let mut period = table.base;
        let mut day = first;
        while day <= last {
            let next = self::first(unit, period + 1).map(schema::day_number);
            let next = next.unwrap_or(i64::MAX).clamp(day + 1, last + 1);
            table.periods.extend(std::iter::repeat_n((period - table.base) as i32, (next - day) as usize));
            (day, period) = (next, period + 1);
        }
        table
    }

    /// The number of the period that a day lies in.
    pub(super) fn number(&self, day: i64) -> Option<i64> {
        let place = day.checked_sub(self.first).and_then(|place| usize::try_from(place).ok());
        match place.and_then(|place| self.periods.get(place)) {
            Some(period) => Some(self.base + i64::from(*period)),
            None => number(self.unit, day),
        }
    }

    /// The first and last of the periods that an interval touches; none where it is longer than they are.
    pub(super) fn touched(&self, interval: Interval) -> Option<(i64, i64)> {
        if is_coarser(self.unit, interval) {
            return None;
        }
        let first = self.number(interval.0)?;
        Some((first, if interval.1 == interval.0 { first } else { self.number(interval.1)? }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> i64 {
        schema::day_number(text.parse().expect("a day"))
    }

    /// The periods of an interval as they are called.
    fn names(unit: Unit, first_day: &str, last_day: &str) -> Vec<String> {
        let named = |number| name(unit, number, first(unit, number).expect("the calendar has it"));
        touched(unit, (day(first_day), day(last_day))).map(named).collect()
    }

    #[test]
    fn days_lie_in_periods() {
        for (text, expected) in [
            ("2024-06-19", ["2024-06-19", "2024-W25", "2024-06", "2024-Q2", "2024", "2020s"]),
            ("2021-01-03", ["2021-01-03", "2020-W53", "2021-01", "2021-Q1", "2021", "2020s"]),
            ("2024-12-30", ["2024-12-30", "2025-W01", "2024-12", "2024-Q4", "2024", "2020s"]),
            ("0850-02-28", ["0850-02-28", "0850-W09", "0850-02", "0850-Q1", "0850", "0850s"]),
            ("-0004-01-01", ["-0004-01-01", "-0004-W01", "-0004-01", "-0004-Q1", "-0004", "-0010s"]),
            ("2500-10-01", ["2500-10-01", "2500-W39", "2500-10", "2500-Q4", "2500", "2500s"]),
        ] {
            for (unit, expected) in Unit::ALL.into_iter().zip(expected) {
                assert_eq!(names(unit, text, text), [expected], "{text} by {}", unit.name());
            }
        }
    }

    #[test]
    fn intervals_lie_in_what_they_touch_unless_they_are_longer() {
        for (unit, from, to, expected) in [
            (Unit::Day, "2024-06-22", "2024-06-23", &[][..]),
            (Unit::Week, "2024-06-22", "2024-06-23", &["2024-W25"]),
            (Unit::Month, "2024-01-29", "2024-02-04", &["2024-01", "2024-02"]),
            (Unit::Month, "2023-01-31", "2023-03-01", &["2023-01", "2023-02", "2023-03"]),
            (Unit::Month, "2024-01-01", "2024-02-01", &[]),
            (Unit::Quarter, "2024-06-01", "2024-08-31", &["2024-Q2", "2024-Q3"]),
            (Unit::Quarter, "2024-01-01", "2024-12-31", &[]),
            (Unit::Year, "2024-01-01", "2024-12-31", &["2024"]),
            (Unit::Year, "2024-12-01", "2025-02-28", &["2024", "2025"]),
            (Unit::Decade, "1990-01-01", "1999-12-31", &["1990s"]),
            (Unit::Decade, "1900-01-01", "1999-12-31", &[]),
        ] {
            assert_eq!(names(unit, from, to), expected, "{from} to {to} by {}", unit.name());
        }
    }

    #[test]
    fn a_table_has_the_periods_that_are_counted_out() {
        for (from, to) in [("1999-12-28", "2005-03-02"), ("-0012-01-01", "0021-12-31"), ("2024-06-19", "2024-06-19")] {
            let (from, to) = (day(from), day(to));
            for unit in Unit::ALL {
                let table = Table::new(unit, from, to);
                for day in from - 400..to + 400 {
                    assert_eq!(table.number(day), number(unit, day), "{day} by {}", unit.name());
                }
                assert_eq!(table.touched((from, from)), number(unit, from).map(|number| (number, number)));
                assert_eq!(table.touched((from, from + unit.longest())), None);
            }
        }
        // Of too many days those of usual years are listed.
        let wide = Table::new(Unit::Year, day("-11000-01-01"), day("9999-12-31"));
        assert_eq!(wide.periods.len(), usize::try_from(day("3001-01-01") - day("1000-01-01")).expect("it is later"));
        for (text, year) in
            [("-11000-01-01", -11_000), ("1000-01-01", 1000), ("2024-06-19", 2024), ("9999-01-01", 9999)]
        {
            assert_eq!(wide.number(day(text)), Some(year));
        }
        // Of no days there is none, whatever the unit.
        for unit in Unit::ALL {
            let none = Table::new(unit, i64::MAX, i64::MIN);
            assert!(none.periods.is_empty() && none.number(i64::MIN).is_none_or(|number| number < 0));
        }
    }
}
