//! What a date expression means once it is resolved, how TIMEX3 writes it, and which days it covers.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use std::fmt;

/// The seasons as TIMEX3 names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

impl Season {
    /// The season with this TIMEX3 name.
    pub(super) fn named(name: &str) -> Option<Season> {
        Some(match name {
            "SP" => Season::Spring,
            "SU" => Season::Summer,
            "FA" => Season::Autumn,
            "WI" => Season::Winter,
            _ => return None,
        })
    }

    /// The name in TIMEX3.
    pub(super) fn name(self) -> &'static str {
        match self {
            Season::Spring => "SP",
            Season::Summer => "SU",
            Season::Autumn => "FA",
            Season::Winter => "WI",
        }
    }

    /// The month in which it begins by the weather.
    pub(super) fn month(self, hemisphere: Hemisphere) -> u32 {
        let other = |season: Season| season.month(Hemisphere::North);
        match self {
            Season::Spring if hemisphere == Hemisphere::South => other(Season::Autumn),
            Season::Summer if hemisphere == Hemisphere::South => other(Season::Winter),
            Season::Autumn if hemisphere == Hemisphere::South => other(Season::Spring),
            Season::Winter if hemisphere == Hemisphere::South => other(Season::Summer),
            Season::Spring => 3,
            Season::Summer => 6,
            Season::Autumn => 9,
            Season::Winter => 12,
        }
    }
}

/// On which half of the globe a text is at home: its seasons are those.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hemisphere {
    /// Summer begins in June.
    #[default]
    North,
    /// Summer begins in December.
    South,
}

/// A stretch of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Day(NaiveDate),
    /// A day, or the one before or after it.
    About(NaiveDate),
    /// ISO year and week.
    Week(i32, u32),
    /// Saturday and Sunday of an ISO week.
    Weekend(i32, u32),
    Month(i32, u32),
    Quarter(i32, u32),
    Half(i32, u32),
    /// One that lasts over the end of a year is that which begins in the year.
    Season(i32, Season, Hemisphere),
    Year(i32),
    /// The years that begin with these three figures.
    Decade(i32),
    /// The years that begin with these two figures.
    Century(i32),
    /// Years before Christ; they have no days here.
    Before(i32),
}

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Value::Day(day) | Value::About(day) => write!(out, "{day}"),
            Value::Week(year, week) => write!(out, "{year:04}-W{week:02}"),
            Value::Weekend(year, week) => write!(out, "{year:04}-W{week:02}-WE"),
            Value::Month(year, month) => write!(out, "{year:04}-{month:02}"),
            Value::Quarter(year, quarter) => write!(out, "{year:04}-Q{quarter}"),
            Value::Half(year, half) => write!(out, "{year:04}-H{half}"),
            Value::Season(year, season, _) => write!(out, "{year:04}-{}", season.name()),
            Value::Year(year) => write!(out, "{year:04}"),
            Value::Decade(decade) => write!(out, "{decade:03}"),
            Value::Century(century) => write!(out, "{century:02}"),
            Value::Before(year) => write!(out, "BC{year:04}"),
        }
    }
}

impl Value {
    /// The week that holds `day`.
    pub(super) fn week_of(day: NaiveDate) -> Value {
        let week = day.iso_week();
        Value::Week(week.year(), week.week())
    }

    /// The first and last day, both included.
    pub(super) fn interval(self) -> Option<(NaiveDate, NaiveDate)> {
        match self {
            Value::Day(day) => Some((day, day)),
            Value::About(day) => Some((day.pred_opt()?, day.succ_opt()?)),
            Value::Week(year, week) => {
                let first = NaiveDate::from_isoywd_opt(year, week, Weekday::Mon)?;
                Some((first, first.checked_add_days(Days::new(6))?))
            }
            Value::Weekend(year, week) => {
                let first = NaiveDate::from_isoywd_opt(year, week, Weekday::Sat)?;
                Some((first, first.succ_opt()?))
            }
            Value::Month(year, month) => months(year, month, 1),
            Value::Quarter(year, quarter) => months(year, quarter * 3 - 2, 3),
            Value::Half(year, half) => months(year, half * 6 - 5, 6),
            Value::Season(year, season, hemisphere) => months(year, season.month(hemisphere), 3),
            Value::Year(year) => months(year, 1, 12),
            Value::Decade(decade) => months(decade * 10, 1, 120),
            Value::Century(century) => months(century * 100, 1, 1200),
            Value::Before(_) => None,
        }
    }
}

/// The days of `count` months from a month on.
fn months(year: i32, month: u32, count: u32) -> Option<(NaiveDate, NaiveDate)> {
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    Some((first, first.checked_add_months(Months::new(count))?.pred_opt()?))
}

/// The month that lies `by` months from another.
pub(super) fn month_from(year: i32, month: u32, by: i32) -> (i32, u32) {
    let count = i64::from(year) * 12 + i64::from(month) - 1 + i64::from(by);
    let year = i32::try_from(count.div_euclid(12)).unwrap_or(0);
    (year, u32::try_from(count.rem_euclid(12)).unwrap_or(0) + 1)
}

/// The day that lies `by` days from another.
pub(super) fn day_from(day: NaiveDate, by: i64) -> Option<NaiveDate> {
    day.checked_add_signed(chrono::TimeDelta::try_days(by)?)
}

/// Easter Sunday of the western churches (the anonymous Gregorian reckoning of 1876).
pub(super) fn easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    NaiveDate::from_ymd_opt(year, u32::try_from(n / 31).ok()?, u32::try_from(n % 31 + 1).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn prints_and_covers_days() {
        for (value, printed, first, last) in [
            (Value::Day(day("2024-06-19")), "2024-06-19", "2024-06-19", "2024-06-19"),
            (Value::About(day("2024-04-10")), "2024-04-10", "2024-04-09", "2024-04-11"),
            (Value::week_of(day("2024-06-19")), "2024-W25", "2024-06-17", "2024-06-23"),
            (Value::Weekend(2024, 25), "2024-W25-WE", "2024-06-22", "2024-06-23"),
            (Value::Month(2024, 2), "2024-02", "2024-02-01", "2024-02-29"),
            (Value::Quarter(2024, 2), "2024-Q2", "2024-04-01", "2024-06-30"),
            (Value::Half(2024, 2), "2024-H2", "2024-07-01", "2024-12-31"),
            (Value::Season(2024, Season::Winter, Hemisphere::North), "2024-WI", "2024-12-01", "2025-02-28"),
            (Value::Season(2023, Season::Summer, Hemisphere::South), "2023-SU", "2023-12-01", "2024-02-29"),
            (Value::Season(2023, Season::Spring, Hemisphere::South), "2023-SP", "2023-09-01", "2023-11-30"),
            (Value::Year(800), "0800", "0800-01-01", "0800-12-31"),
            (Value::Decade(199), "199", "1990-01-01", "1999-12-31"),
            (Value::Century(19), "19", "1900-01-01", "1999-12-31"),
        ] {
            assert_eq!(value.to_string(), printed);
            assert_eq!(value.interval(), Some((day(first), day(last))), "{printed}");
        }
    }

    #[test]
    fn reckons() {
        assert_eq!(easter(2024), Some(day("2024-03-31")));
        assert_eq!(easter(2000), Some(day("2000-04-23")));
        assert_eq!(month_from(2024, 1, -1), (2023, 12));
        assert_eq!(month_from(2023, 12, 2), (2024, 2));
    }
}
