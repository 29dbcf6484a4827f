//! From what an expression says to what it means, given the day of the text and what was spoken of before.
//!
//! The rules were measured on annotated news: a bare day of the week is the most recent one, the same day included,
//! unless the sentence looks ahead; a month and day without a year is the nearest; a bare month lies in the past
//! unless the sentence looks ahead; `last September` is the latest that is over.

use super::Setting;
use super::calendars;
use super::expression::{Count, Expression, From, Unit, YearOf};
use super::value::{Hemisphere, Season, Value, day_from, month_from};
use crate::article::{Timex, TimexKind, TimexStatus};
use chrono::{Datelike, NaiveDate};

/// Where the sentence around an expression looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cue {
    /// A word such as `will` or `scheduled` stands near and nothing reported lies between.
    pub(super) ahead: bool,
    /// A weaker word such as `by` or `through` stands directly before it.
    pub(super) maybe: bool,
    /// What is reported or over is near: `was`, `ended`.
    pub(super) past: bool,
    /// It is directly said to be over: `ended`.
    pub(super) over: bool,
    /// A verb of what is over stands directly before it: `was last seen`.
    pub(super) attached: bool,
}

/// What was spoken of so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Context {
    /// The day of the text.
    pub(super) anchor: Option<NaiveDate>,
    /// The first day of the year, or of the month, that holds the day of the text where the day itself is not known.
    year: Option<NaiveDate>,
    month: Option<NaiveDate>,
    /// Where its seasons are.
    hemisphere: Hemisphere,
    /// The last date.
    last: Option<Value>,
    /// The last quarter, and how many expressions ago.
    quarter: Option<(i32, u32)>,
    quarter_age: u32,
    /// Whether a part of a year longer than a quarter (`the nine months`) was spoken of since.
    longer: bool,
}

/// A quarter is forgotten after so many other dates: chosen on earnings stories, where it rules the whole text.
const QUARTER_MEMORY: u32 = 12;

/// So many days ahead no article reports yet what `was seen` there.
const FAR_AHEAD: i64 = 60;

/// What `ended` so few days ahead is of this year all the same: papers are dated before they are printed, and days of
/// publication are wrong by some days more often than by a year.
const MISDATED: i64 = 14;

/// Whether a day that lies so many days ahead is told as one that is over.
fn is_over(cue: Cue, ahead: i64) -> bool {
    cue.over && ahead > MISDATED || cue.attached && ahead > FAR_AHEAD
}

impl Context {
    /// A text that was written then and there.
    pub(super) fn new(setting: Setting) -> Context {
        let Setting { anchor, within, hemisphere } = setting;
        let year = within.filter(|(first, last)| first.year() == last.year());
        let month = year.filter(|(first, last)| first.month() == last.month());
        let first = |days: (NaiveDate, NaiveDate)| days.0;
        Context { anchor, year: year.map(first), month: month.map(first), hemisphere, ..Context::default() }
    }

    /// The same from another day.
    fn at(self, day: NaiveDate) -> Context {
        Context { anchor: Some(day), ..self }
    }

    /// What `expression` means.
    pub(super) fn resolve(&mut self, expression: &Expression, cue: Cue) -> Timex {
        self.quarter_age += 1;
        let explicit = matches!(expression, Expression::Fixed(_))
            || matches!(expression, Expression::Quarter { year: YearOf::Exact(_), quarter } if *quarter > 0)
            || matches!(
                expression,
                Expression::Month { year: YearOf::Exact(_), .. }
                    | Expression::Half { year: YearOf::Exact(_), .. }
                    | Expression::Season { year: YearOf::Exact(_), .. }
                    | Expression::Feast { year: YearOf::Exact(_), .. }
            );
        let status = if explicit { TimexStatus::Explicit } else { TimexStatus::Resolved };
        match expression {
            Expression::Duration { count, unit } => {
                self.longer |= *unit == Unit::Month && matches!(count, Count::Exact(6 | 9));
                plain(TimexKind::Duration, Expression::duration(*count, *unit))
            }
            Expression::Length(value) => plain(TimexKind::Duration, value.to_string()),
            Expression::Set(value) => plain(TimexKind::Set, value.clone()),
            Expression::Reference(value) => plain(TimexKind::Date, value.to_string()),
            Expression::Part { of, part } => {
                let day = self.value(of, cue);
                self.remember(day);
                let printed = day.map_or_else(|| unresolved(of), |day| day.to_string());
                timex(TimexKind::Time, format!("{printed}T{part}"), day, TimexStatus::Resolved)
            }
            Expression::Clock { of, minutes, universal } => {
                let day = match of {
                    Some(of) => self.value(of, cue),
                    None => self.last.filter(|last| matches!(last, Value::Day(_))).or(self.anchor.map(Value::Day)),
                };
                self.remember(day);
                let printed = day.map_or_else(
                    || of.as_ref().map_or("XXXX-XX-XX".to_owned(), |of| unresolved(of)),
                    |d| d.to_string(),
                );
                let zone = if *universal { "Z" } else { "" };
                let fixed = matches!(of.as_deref(), Some(Expression::Fixed(_)));
                let status = if fixed { TimexStatus::Explicit } else { TimexStatus::Resolved };
                timex(TimexKind::Time, format!("{printed}T{:02}:{:02}{zone}", minutes / 60, minutes % 60), day, status)
            }
            Expression::Distance { count: Count::Vague, sign, .. } => {
                plain(TimexKind::Date, if *sign < 0 { "PAST_REF" } else { "FUTURE_REF" }.to_owned())
            }
            other => {
                let value = self.value(other, cue);
                self.remember(value);
                let printed = value.map_or_else(|| unresolved(other), |value| value.to_string());
                timex(TimexKind::Date, printed, value, status)
            }
        }
    }

    fn remember(&mut self, value: Option<Value>) {
        let Some(value) = value else { return };
        if let Value::Quarter(year, quarter) = value {
            self.quarter_age = 0;
            self.longer = false;
            // Comparisons with the year before, and outlooks, do not change what the story is about.
            let over = |of: (i32, u32)| {
                Value::Quarter(of.0, of.1).interval().is_some_and(|(_, last)| self.anchor.is_none_or(|day| last < day))
            };
            let compared = |known: (i32, u32)| (year, quarter) == (known.0 - 1, known.1);
            if self.quarter.is_none_or(|known| !compared(known) && (over((year, quarter)) || !over(known))) {
                self.quarter = Some((year, quarter));
            }
        }
        self.last = Some(value);
    }

    /// The quarter that the text is about.
    fn quarter_spoken(&self) -> Option<(i32, u32)> {
        self.quarter.filter(|_| self.quarter_age <= QUARTER_MEMORY)
    }

    fn value(&self, expression: &Expression, cue: Cue) -> Option<Value> {
        let anchor = self.anchor;
        // `last year` needs no more than the year of the text.
        if anchor.is_none()
            && let Some(day) =
                needs(expression).and_then(|unit| if unit == Unit::Year { self.year } else { self.month })
        {
            return self.at(day).value(expression, cue);
        }
        Some(match expression {
            Expression::Fixed(value) => *value,
            Expression::Day { month, day } => Value::Day(match nearest_day(anchor?, *month, *day)? {
                near if is_over(cue, (near - anchor?).num_days()) => {
                    NaiveDate::from_ymd_opt(near.year() - 1, *month, *day)?
                }
                near => near,
            }),
            Expression::DayIn { month, day, by } => {
                Value::Day(NaiveDate::from_ymd_opt(anchor?.year().checked_add(*by)?, *month, *day)?)
            }
            Expression::QuarterTo(of) => {
                // Companies count quarters of their own: what the text has named stands.
                if let Some((year, quarter)) = self.quarter_spoken() {
                    return Some(Value::Quarter(year, quarter));
                }
                // A quarter that does not end with one of the calendar is the one in which most of it lies.
                let (year, month) = self.value(of, cue)?.interval().map(|(_, last)| (last.year(), last.month()))?;
                let (year, month) = month_from(year, month, -1);
                Value::Quarter(year, month.div_ceil(3))
            }
            Expression::Decade(decade) => Value::Decade(decade_of(*decade, anchor.map(|day| day.year()))),
            Expression::DayOf { months, day } => {
                let (year, month) = month_from(anchor?.year(), anchor?.month(), *months);
                Value::Day(NaiveDate::from_ymd_opt(year, month, *day)?)
            }
            Expression::DayAlone { day } => {
                let anchor = anchor?;
                let months = match (*day).cmp(&anchor.day()) {
                    std::cmp::Ordering::Greater if cue.past && !cue.ahead => -1,
                    std::cmp::Ordering::Less if cue.ahead => 1,
                    _ => 0,
                };
                let (year, month) = month_from(anchor.year(), anchor.month(), months);
                Value::Day(NaiveDate::from_ymd_opt(year, month, *day)?)
            }
            Expression::Offset { of, count, unit } => {
                let Value::Day(day) = self.value(of, cue)? else { return None };
                Value::Day(offset(day, *count, *unit)?)
            }
            Expression::Same(of) => {
                let day = self.last?.interval()?.0;
                Context::new(Setting { anchor: Some(day), within: None, hemisphere: self.hemisphere })
                    .value(of, Cue::default())?
            }
            Expression::Month { year, month } => {
                // The next two months are nearer than those of a year ago, unless something was reported.
                let ahead = (1..=2).map(|by| anchor.map(|day| month_from(day.year(), day.month(), by).1));
                let soon = !cue.past && ahead.into_iter().any(|ahead| ahead == Some(*month));
                Value::Month(self.year_of(*year, *month, 1, cue.ahead || cue.maybe || soon)?, *month)
            }
            Expression::Quarter { year, quarter } => self.quarter(*year, *quarter)?,
            Expression::Half { year, half } => Value::Half(self.year_of(*year, *half * 6 - 5, 6, cue.ahead)?, *half),
            Expression::Season { year, season } => {
                Value::Season(self.season(*year, *season, cue)?, *season, self.hemisphere)
            }
            Expression::QuarterSpoken(by) => {
                let (year, quarter) = self.quarter_spoken().or_else(|| {
                    let (year, month) = month_from(anchor?.year(), anchor?.month(), -3);
                    Some((year, month.div_ceil(3)))
                })?;
                quarter_from(year, quarter, *by)
            }
            Expression::YearBefore => match (self.quarter_spoken(), self.last) {
                (Some((year, quarter)), _) if !self.longer => Value::Quarter(year - 1, quarter),
                (None, Some(Value::Month(year, month))) => Value::Month(year - 1, month),
                _ => Value::Year(anchor?.year() - 1),
            },
            Expression::MonthBefore => match self.last {
                Some(Value::Month(year, month)) => Value::Month(year - 1, month),
                Some(Value::Quarter(year, quarter)) => Value::Quarter(year - 1, quarter),
                _ => Value::Month(anchor?.year() - 1, anchor?.month()),
            },
            Expression::Weekday { weekday, shift, week } => {
                Value::Day(self.weekday(anchor?, *weekday, *shift, *week, cue)?)
            }
            Expression::Today(by) => Value::Day(day_from(anchor?, i64::from(*by))?),
            Expression::Shifted { unit, by } => shifted(anchor?, *unit, *by)?,
            Expression::Weekend(shift) => weekend(anchor?, *shift, cue)?,
            Expression::Spoken { unit, by } => self.spoken(*unit, *by)?,
            Expression::Distance { count, unit, sign, from } => self.distance(*count, *unit, *sign, *from)?,
            Expression::Feast { rule, year } => self.feast(rule, *year)?,
            Expression::WeekOf(of) => Value::week_of(self.value(of, cue)?.interval()?.0),
            Expression::Part { of, .. } => self.value(of, cue)?,
            Expression::Clock { .. }
            | Expression::Duration { .. }
            | Expression::Length(_)
            | Expression::Set(_)
            | Expression::Reference(_) => {
                return None;
            }
        })
    }

    /// The year of something that begins in `month` and lasts `length` months.
    fn year_of(&self, year: YearOf, month: u32, length: i32, ahead: bool) -> Option<i32> {
        let anchor = match year {
            YearOf::Exact(year) => return Some(year),
            _ => self.anchor?,
        };
        let this = anchor.year();
        let now = i32::try_from(anchor.month()).ok()?;
        let month = i32::try_from(month).ok()?;
        let over = now >= month + length;
        Some(match year {
            YearOf::Exact(year) => year,
            YearOf::Shift(by) => this + by,
            YearOf::Occurrence(by) if by < 0 => this - i32::from(!over),
            YearOf::Occurrence(0) => this,
            YearOf::Occurrence(_) => this + i32::from(now >= month),
            YearOf::Open if ahead => this + i32::from(over),
            YearOf::Open => this - i32::from(now < month),
        })
    }

    fn quarter(&self, year: YearOf, quarter: u32) -> Option<Value> {
        if quarter == 0 {
            // `the 1988 quarter`: which one, the text has said before.
            let YearOf::Exact(year) = year else {
                return None;
            };
            return Some(match self.quarter_spoken() {
                Some((_, quarter)) => Value::Quarter(year, quarter),
                None => Value::Year(year),
            });
        }
        Some(Value::Quarter(self.year_of(year, quarter * 3 - 2, 3, false)?, quarter))
    }

    fn season(&self, year: YearOf, season: Season, cue: Cue) -> Option<i32> {
        let this = self.anchor.map(|anchor| (anchor.year(), anchor.month()));
        let month = season.month(self.hemisphere);
        match (month, year, this) {
            // January belongs to the winter (in the south, the summer) that began the year before.
            (12, YearOf::Open | YearOf::Occurrence(0), Some((year, 1..=4))) => Some(year - 1),
            (12, YearOf::Occurrence(-1), Some((year, 1..=2))) => Some(year - 2),
            (12, YearOf::Exact(year), _) => Some(year),
            _ => self.year_of(year, month, 3, cue.ahead),
        }
    }

    fn weekday(
        &self,
        anchor: NaiveDate,
        weekday: u32,
        shift: Option<i32>,
        week: Option<i32>,
        cue: Cue,
    ) -> Option<NaiveDate> {
        let today = anchor.weekday().number_from_monday();
        let back = i64::from((today + 7 - weekday) % 7);
        let on = (7 - back) % 7;
        let by = match (shift, week) {
            (_, Some(week)) => i64::from(weekday) - i64::from(today) + 7 * i64::from(week),
            (Some(shift), _) if shift < 0 => -if back == 0 { 7 } else { back },
            (Some(0), _) => on,
            (Some(_), _) => {
                if on == 0 {
                    7
                } else {
                    on
                }
            }
            _ if cue.ahead => on,
            _ => -back,
        };
        day_from(anchor, by)
    }

    /// The unit that holds what was spoken of last, or the day of the text.
    fn spoken(&self, unit: Unit, by: i32) -> Option<Value> {
        let last = self.last.or(self.anchor.map(Value::Day))?;
        let first = last.interval()?.0;
        match (unit, last) {
            (Unit::Day | Unit::Night, Value::Day(day)) => Some(Value::Day(day_from(day, i64::from(by))?)),
            (Unit::Day | Unit::Night, _) => Some(Value::Day(day_from(self.anchor?, i64::from(by))?)),
            _ => shifted(first, unit, by),
        }
    }

    fn distance(&self, count: Count, unit: Unit, sign: i32, from: From) -> Option<Value> {
        let (count, half) = match count {
            Count::Exact(count) => (count, false),
            Count::AndHalf(count) => (count, true),
            Count::Vague => return None,
        };
        if unit == Unit::Year
            && count == 1
            && sign < 0
            && !self.longer
            && let Some((year, quarter)) = self.quarter_spoken()
        {
            return Some(Value::Quarter(year - 1, quarter));
        }
        let spoken = || self.last.and_then(Value::interval).map(|days| days.0);
        let anchor = Value::Day(self.anchor.or_else(spoken)?);
        let base = match from {
            From::Anchor => anchor,
            From::Context => self.last.unwrap_or(anchor),
        };
        let first = base.interval()?.0;
        let by = sign.checked_mul(count)?;
        match unit {
            Unit::Second | Unit::Minute => Some(Value::Day(first)),
            Unit::Hour => Some(Value::Day(day_from(first, i64::from(by / 24))?)),
            Unit::Day | Unit::Night => Some(Value::Day(day_from(first, i64::from(by))?)),
            Unit::Week => match base {
                Value::Day(day) => Some(Value::Day(day_from(day, i64::from(by) * 7)?)),
                _ => shifted(first, Unit::Week, by),
            },
            Unit::Fortnight => Some(Value::Day(day_from(first, i64::from(by) * 14)?)),
            Unit::Month if half => Some(Value::Day(day_from(first, i64::from(by) * 30 + i64::from(sign) * 15)?)),
            Unit::Year if half => {
                let (year, month) = month_from(first.year(), first.month(), by.checked_mul(12)?.checked_add(sign * 6)?);
                Some(Value::Month(year, month))
            }
            Unit::Weekend => shifted(first, Unit::Week, by),
            Unit::Decade | Unit::Century if half => {
                let (_, _, years) = unit.letters();
                shifted(first, Unit::Year, by.checked_mul(years)?.checked_add(sign * years / 2)?)
            }
            unit => shifted(first, unit, by),
        }
    }

    fn feast(&self, rule: &str, year: YearOf) -> Option<Value> {
        let exact = match year {
            YearOf::Exact(year) => Some(year),
            _ => None,
        };
        let rule_year = rule.get(6..10).and_then(|year| year.parse().ok());
        // The moon is seen a day sooner or later than it is reckoned.
        let value = |day| if calendars::is_seen(rule) { Value::About(day) } else { Value::Day(day) };
        let exact = exact.or(rule_year).or(match year {
            YearOf::Shift(by) => self.anchor?.year().checked_add(by),
            _ => None,
        });
        if let Some(year) = exact {
            return feast_days(rule, year).into_iter().next().map(value);
        }
        let anchor = self.anchor?;
        let days = (-1..=1).flat_map(|by| feast_days(rule, anchor.year() + by));
        let distance = |day: &NaiveDate| (*day - anchor).num_days();
        match year {
            YearOf::Occurrence(by) if by < 0 => days.filter(|day| *day < anchor).max(),
            YearOf::Occurrence(by) if by > 0 => days.filter(|day| *day > anchor).min(),
            _ => days.min_by_key(|day| distance(day).abs()),
        }
        .map(value)
    }
}

/// What of the day of the text an expression needs to know: the year, or the month; none where it needs the day, or nothing.
fn needs(expression: &Expression) -> Option<Unit> {
    let of_unit = |unit: Unit| match unit {
        Unit::Year | Unit::Decade | Unit::Century => Some(Unit::Year),
        Unit::Month | Unit::Quarter => Some(Unit::Month),
        _ => None,
    };
    match expression {
        Expression::Shifted { unit, .. } => of_unit(*unit),
        Expression::Distance { count: Count::Exact(_), unit, from: From::Anchor, .. } => of_unit(*unit),
        Expression::Month { year: YearOf::Shift(_), .. }
        | Expression::Half { year: YearOf::Shift(_), .. }
        | Expression::Quarter { year: YearOf::Shift(_), .. }
        | Expression::Season { year: YearOf::Shift(_), .. }
        | Expression::Feast { year: YearOf::Shift(_), .. }
        | Expression::DayIn { .. }
        | Expression::Decade(_) => Some(Unit::Year),
        _ => None,
    }
}

/// The day so many units from `day`; the last of the month where the month is shorter.
fn offset(day: NaiveDate, count: i32, unit: Unit) -> Option<NaiveDate> {
    let months = match unit {
        Unit::Day => return day_from(day, count.into()),
        Unit::Week => return day_from(day, i64::from(count).checked_mul(7)?),
        Unit::Fortnight => return day_from(day, i64::from(count).checked_mul(14)?),
        Unit::Month => count,
        Unit::Year => count.checked_mul(12)?,
        _ => return None,
    };
    let (year, month) = month_from(day.year(), day.month(), months);
    (28..=day.day().max(28))
        .rev()
        .chain([day.day()])
        .find_map(|last| NaiveDate::from_ymd_opt(year, month, last.min(day.day())))
}

/// The days of a feast in a year; two where a year holds it twice.
fn feast_days(rule: &str, year: i32) -> Vec<NaiveDate> {
    if rule.starts_with(|c: char| c.is_ascii_digit()) {
        return feast_day(rule, year).into_iter().collect();
    }
    calendars::days(rule, year)
}

/// The day in a year of a feast by month and day.
fn feast_day(rule: &str, year: i32) -> Option<NaiveDate> {
    // One rule before a year, another from then on: `11-9-4/1942/11-4-4`.
    if let Some((before, rest)) = rule.split_once('/') {
        let (from, since) = rest.split_once('/')?;
        return feast_day(if year < from.parse().ok()? { before } else { since }, year);
    }
    // So many days after another feast.
    if let Some((rule, by)) = rule.split_once('+') {
        return day_from(feast_day(rule, year)?, by.parse().ok()?);
    }
    let mut parts = rule.split('-').map(|part| part.parse::<u32>().ok());
    let (month, day) = (parts.next()??, parts.next()??);
    match parts.next() {
        None => NaiveDate::from_ymd_opt(year, month, day),
        Some(weekday) if rule.len() < 8 => {
            let weekday = chrono::Weekday::try_from(u8::try_from(weekday? - 1).ok()?).ok()?;
            if day == 9 {
                // The last of the month.
                return (4..=5).rev().find_map(|n| NaiveDate::from_weekday_of_month_opt(year, month, weekday, n));
            }
            NaiveDate::from_weekday_of_month_opt(year, month, weekday, u8::try_from(day).ok()?)
        }
        Some(_) => NaiveDate::from_ymd_opt(year, month, day),
    }
}

/// The decade with this second figure that a text of the year `now` speaks of.
fn decade_of(decade: i32, now: Option<i32>) -> i32 {
    let Some(now) = now else {
        return 190 + decade;
    };
    let this = now.div_euclid(100) * 10 + decade;
    // A decade is named so from a little before it begins; those of this century only once they are over.
    let known = if now < FIRST_NUMBERED { this * 10 <= now + DECADE_AHEAD } else { this * 10 + 10 <= now };
    if known { this } else { this - 10 }
}

/// So many years before it begins, a decade is spoken of.
const DECADE_AHEAD: i32 = 3;
/// From this year on, `the twenties` are those of the century before until they are over.
const FIRST_NUMBERED: i32 = 2000;

/// The day with this month and day that lies nearest, the earlier of two.
fn nearest_day(anchor: NaiveDate, month: u32, day: u32) -> Option<NaiveDate> {
    (-1..=1)
        .filter_map(|by| NaiveDate::from_ymd_opt(anchor.year() + by, month, day))
        .min_by_key(|day| (*day - anchor).num_days().abs())
        // 29 February: a leap year is within reach.
        .or_else(|| {
            (-8..=8)
                .filter_map(|by| NaiveDate::from_ymd_opt(anchor.year() + by, month, day))
                .min_by_key(|day| (*day - anchor).num_days().abs())
        })
}

fn quarter_from(year: i32, quarter: u32, by: i32) -> Value {
    let (year, month) = month_from(year, quarter * 3 - 2, by.saturating_mul(3));
    Value::Quarter(year, month.div_ceil(3))
}

/// The calendar unit that lies `by` units from the one that holds `day`.
fn shifted(day: NaiveDate, unit: Unit, by: i32) -> Option<Value> {
    Some(match unit {
        Unit::Second | Unit::Minute | Unit::Hour => Value::Day(day),
        Unit::Day | Unit::Night => Value::Day(day_from(day, i64::from(by))?),
        Unit::Week => Value::week_of(day_from(day, i64::from(by) * 7)?),
        Unit::Fortnight => Value::week_of(day_from(day, i64::from(by) * 14)?),
        Unit::Weekend => match Value::week_of(day_from(day, i64::from(by) * 7)?) {
            Value::Week(year, week) => Value::Weekend(year, week),
            other => other,
        },
        Unit::Month => {
            let (year, month) = month_from(day.year(), day.month(), by);
            Value::Month(year, month)
        }
        Unit::Quarter => quarter_from(day.year(), day.month().div_ceil(3), by),
        Unit::Year => sane(day.year().checked_add(by)?).map(Value::Year)?,
        Unit::Decade => sane(day.year().checked_add(by.checked_mul(10)?)?).map(|year| Value::Decade(year / 10))?,
        Unit::Century => sane(day.year().checked_add(by.checked_mul(100)?)?).map(|year| Value::Century(year / 100))?,
        Unit::Millennium => return None,
    })
}

/// A year that four figures can write.
fn sane(year: i32) -> Option<i32> {
    (1..=9999).contains(&year).then_some(year)
}

fn weekend(anchor: NaiveDate, shift: Option<i32>, cue: Cue) -> Option<Value> {
    let today = anchor.weekday().number_from_monday();
    let by = match shift {
        Some(by) => by,
        // On Saturday and Sunday it is this one, early in the week the one that is over.
        None if today >= 6 || cue.ahead || cue.maybe => 0,
        None => -1,
    };
    shifted(anchor, Unit::Weekend, by)
}

fn plain(kind: TimexKind, value: String) -> Timex {
    Timex { kind, value, first: None, last: None, status: TimexStatus::Vague }
}

fn timex(kind: TimexKind, printed: String, value: Option<Value>, status: TimexStatus) -> Timex {
    let days = value.and_then(Value::interval);
    let status = if days.is_some() { status } else { TimexStatus::Vague };
    Timex { kind, value: printed, first: days.map(|days| days.0), last: days.map(|days| days.1), status }
}

/// What is written where the day of the text is not known.
fn unresolved(expression: &Expression) -> String {
    match expression {
        Expression::Day { month, day } | Expression::DayIn { month, day, .. } => format!("XXXX-{month:02}-{day:02}"),
        Expression::QuarterTo(_) => "XXXX-QX".to_owned(),
        Expression::Decade(_) => "XXX".to_owned(),
        Expression::WeekOf(_) => "XXXX-WXX".to_owned(),
        Expression::DayOf { day, .. } => format!("XXXX-XX-{day:02}"),
        Expression::Month { month, .. } => format!("XXXX-{month:02}"),
        Expression::Quarter { quarter, .. } if *quarter > 0 => format!("XXXX-Q{quarter}"),
        Expression::Half { half, .. } => format!("XXXX-H{half}"),
        Expression::Season { season, .. } => format!("XXXX-{}", season.name()),
        Expression::Weekday { weekday, .. } => format!("XXXX-WXX-{weekday}"),
        Expression::Weekend(_) => "XXXX-WXX-WE".to_owned(),
        Expression::Quarter { .. } | Expression::QuarterSpoken(_) | Expression::YearBefore => "XXXX-QX".to_owned(),
        Expression::MonthBefore => "XXXX-XX".to_owned(),
        Expression::Shifted { unit, .. } | Expression::Spoken { unit, .. } | Expression::Distance { unit, .. } => {
            match unit {
                Unit::Week | Unit::Fortnight => "XXXX-WXX",
                Unit::Weekend => "XXXX-WXX-WE",
                Unit::Month => "XXXX-XX",
                Unit::Quarter => "XXXX-QX",
                Unit::Year => "XXXX",
                Unit::Decade => "XXX",
                Unit::Century | Unit::Millennium => "XX",
                _ => "XXXX-XX-XX",
            }
            .to_owned()
        }
        Expression::Feast { rule, .. } if rule.len() == 5 => format!("XXXX-{rule}"),
        _ => "XXXX-XX-XX".to_owned(),
    }
}
