//! Feasts that move: by Easter of both churches, the Jewish and the Islamic calendar, and from tables of the moon.
//!
//! A rule names a feast and, behind a sign, by how many days another day lies from it: `easter-2`, `passover+50`. Days are
//! counted as R.D. are, from 1 January of the year 1, after E. M. Reingold and N. Dershowitz, *Calendrical Calculations*.

use super::value::{day_from, easter};
use chrono::{Datelike, NaiveDate};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Feasts from tables: the first year, and month and day of each year from there on.
static TABLES: LazyLock<Tables> = LazyLock::new(|| read(include_str!("../../data/feasts.txt")));

/// Year, month and day by the name of a feast.
type Tables = FxHashMap<&'static str, Vec<(i32, u32, u32)>>;

fn read(table: &'static str) -> Tables {
    let mut tables = Tables::default();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let Some((head, days)) = line.split_once(": ") else { continue };
        let Some((name, first)) = head.split_once(' ') else { continue };
        let Ok(first) = first.parse::<i32>() else { continue };
        let list = tables.entry(name).or_default();
        list.extend((first..).zip(days.split(' ')).filter_map(|(year, day)| {
            let (month, day) = day.split_once('-')?;
            Some((year, month.parse().ok()?, day.parse().ok()?))
        }));
    }
    tables
}

/// The days of a feast in a year: mostly one, of the Islamic calendar now and then two. Empty where the rule is not one of
/// these, or the year is beyond its table.
pub(super) fn days(rule: &str, year: i32) -> Vec<NaiveDate> {
    if !YEARS.contains(&year) {
        return Vec::new();
    }
    if let Some(rest) = rule.strip_prefix("islamic-") {
        let (month, day) = rest.split_once('-').unwrap_or((rest, "1"));
        let (Ok(month), Ok(day)) = (month.parse(), day.parse()) else { return Vec::new() };
        return islamic(month, day, year);
    }
    if let Some(table) = TABLES.get(rule) {
        let known = table.iter().find(|known| known.0 == year);
        return known.and_then(|(year, month, day)| NaiveDate::from_ymd_opt(*year, *month, *day)).into_iter().collect();
    }
    let at = rule.find(['+', '-']).unwrap_or(rule.len());
    let (name, by) = rule.split_at(at);
    let first = match name {
        "easter" => easter(year),
        "orthodox" => orthodox_easter(year),
        "tishri" => jewish_new_year(year + JEWISH_AHEAD),
        "passover" => jewish_new_year(year + JEWISH_AHEAD).and_then(|day| day_from(day, -PASSOVER_TO_NEW_YEAR)),
        "hanukkah" => hanukkah(year + JEWISH_AHEAD),
        _ => None,
    };
    first.and_then(|day| day_from(day, if by.is_empty() { 0 } else { by.parse().ok()? })).into_iter().collect()
}

/// Whether the day of a feast is kept a day apart from place to place: where the moon is seen, not reckoned.
pub(super) fn is_seen(rule: &str) -> bool {
    rule.starts_with("islamic-") || rule == "diwali"
}

/// The years in which these calendars are reckoned.
const YEARS: std::ops::RangeInclusive<i32> = 1..=9999;

/// A Jewish year that begins in a year of ours is so many years ahead.
const JEWISH_AHEAD: i32 = 3761;
/// From the first day of Passover to the new year that follows it is always as long.
const PASSOVER_TO_NEW_YEAR: i64 = 163;

fn day(number: i64) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(i32::try_from(number).ok()?)
}

/// The days from the epoch of the Jewish calendar to the new moon of a year's first month, put off where a feast would
/// otherwise fall on a day that is no day for it.
fn elapsed(year: i64) -> i64 {
    let months = (235 * year - 234).div_euclid(19);
    let parts = 12_084 + 13_753 * months;
    let days = 29 * months + parts.div_euclid(25_920);
    if (3 * (days + 1)).rem_euclid(7) < 3 { days + 1 } else { days }
}

/// The first of Tishri.
fn jewish_new_year(year: i32) -> Option<NaiveDate> {
    const EPOCH: i64 = -1_373_427;
    let year = i64::from(year);
    let [before, this, after] = [year - 1, year, year + 1].map(elapsed);
    // No year may have 356 days, and none that follows a leap year 382.
    let delay = if after - this == 356 { 2 } else { i64::from(this - before == 382) };
    day(EPOCH + this + delay)
}

/// The 25th of Kislev: the month before it is longer in some years.
fn hanukkah(year: i32) -> Option<NaiveDate> {
    let (first, next) = (jewish_new_year(year)?, jewish_new_year(year + 1)?);
    let long = matches!((next - first).num_days(), 355 | 385);
    day_from(first, 83 + i64::from(long))
}

/// Easter Sunday of the eastern churches, on our calendar.
fn orthodox_easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year % 4, year % 7, year % 19);
    let d = (19 * c + 15) % 30;
    let e = (2 * a + 4 * b - d + 34) % 7;
    let sum = d + e + 114;
    let (month, of_month) = (sum / 31, sum % 31 + 1);
    // From the Julian calendar; Easter falls in March to May.
    let leap = i32::from(year % 4 == 0);
    let before = 365 * (year - 1) + (year - 1) / 4 + (367 * month - 362) / 12 - 2 + leap;
    day(i64::from(before + of_month - 2))
}

/// The days in a year of ours with this month and day of the reckoned Islamic calendar.
fn islamic(month: i64, of_month: i64, year: i32) -> Vec<NaiveDate> {
    const EPOCH: i64 = 227_015;
    let near = (i64::from(year) - 622) * 33 / 32;
    (near - 1..=near + 2)
        .filter(|islamic| *islamic > 0)
        .filter_map(|islamic| {
            let months = 29 * (month - 1) + month / 2;
            day(EPOCH - 1 + 354 * (islamic - 1) + (3 + 11 * islamic).div_euclid(30) + months + of_month)
        })
        .filter(|day| day.year() == year)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_known_feasts() {
        for (rule, year, expected) in [
            ("easter-2", 2024, "2024-03-29"),
            ("orthodox", 2024, "2024-05-05"),
            ("orthodox", 2017, "2017-04-16"),
            ("orthodox", 1900, "1900-04-22"),
            ("orthodox+1", 2021, "2021-05-03"),
            ("tishri", 2023, "2023-09-16"),
            ("tishri", 1999, "1999-09-11"),
            ("tishri+9", 1973, "1973-10-06"),
            ("tishri+9", 2024, "2024-10-12"),
            ("tishri+14", 2023, "2023-09-30"),
            ("passover", 2024, "2024-04-23"),
            ("passover", 1943, "1943-04-20"),
            ("passover-30", 2024, "2024-03-24"),
            ("passover+50", 2024, "2024-06-12"),
            ("hanukkah", 2023, "2023-12-08"),
            ("hanukkah", 2024, "2024-12-26"),
            ("hanukkah", 2021, "2021-11-29"),
            ("lunar-new-year", 1900, "1900-01-31"),
            ("lunar-new-year", 2000, "2000-02-05"),
            ("lunar-new-year", 2020, "2020-01-25"),
            ("lunar-new-year", 2024, "2024-02-10"),
            ("lunar-new-year", 2100, "2100-02-09"),
            ("diwali", 1998, "1998-10-19"),
            ("diwali", 2021, "2021-11-04"),
            ("diwali", 2023, "2023-11-12"),
            ("lunar-new-year", 1850, ""),
            ("sunday", 2024, ""),
        ] {
            let found: Vec<String> = days(rule, year).iter().map(NaiveDate::to_string).collect();
            assert_eq!(found.join(" "), expected, "{rule} {year}");
        }
    }

    /// Seen and reckoned days lie no more than a day apart.
    #[test]
    fn the_islamic_calendar_is_near_what_was_seen() {
        for (rule, seen) in [
            ("islamic-9-1", "2024-03-11"),
            ("islamic-10-1", "2024-04-10"),
            ("islamic-12-10", "2024-06-16"),
            ("islamic-10-1", "1998-01-29"),
            ("islamic-12-10", "2006-12-30"),
            ("islamic-9-1", "1990-03-27"),
            ("islamic-1-1", "2000-04-06"),
        ] {
            let seen: NaiveDate = seen.parse().expect("a day");
            let near = days(rule, seen.year()).into_iter().map(|day| (day - seen).num_days().abs()).min();
            assert!(near.is_some_and(|near| near <= 1), "{rule} {seen}: {:?}", days(rule, seen.year()));
        }
        assert_eq!(days("islamic-10-1", 2000).len(), 2);
        assert_eq!(days("islamic-1-1", 500), []);
    }

    #[test]
    fn tables_are_whole() {
        for name in ["lunar-new-year", "diwali"] {
            let years: Vec<i32> = TABLES[name].iter().map(|known| known.0).collect();
            assert_eq!(years, (1900..=2100).collect::<Vec<i32>>(), "{name}");
        }
    }
}
