//! What a date expression says, before it is known which day the text is from. No language, no anchor.

use super::value::{Season, Value};

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Night,
    Week,
    Weekend,
    Fortnight,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
    Millennium,
}

impl Unit {
    /// The unit with this name in the table of a language.
    pub(super) fn named(name: &str) -> Option<Unit> {
        Some(match name {
            "second" => Unit::Second,
            "minute" => Unit::Minute,
            "hour" => Unit::Hour,
            "day" => Unit::Day,
            "night" => Unit::Night,
            "week" => Unit::Week,
            "weekend" => Unit::Weekend,
            "fortnight" => Unit::Fortnight,
            "month" => Unit::Month,
            "quarter" => Unit::Quarter,
            "year" => Unit::Year,
            "decade" => Unit::Decade,
            "century" => Unit::Century,
            "millennium" => Unit::Millennium,
            _ => return None,
        })
    }

    /// Letters of TIMEX3 before and after a count, and what one unit counts for.
    pub(super) fn letters(self) -> (&'static str, &'static str, i32) {
        match self {
            Unit::Second => ("PT", "S", 1),
            Unit::Minute => ("PT", "M", 1),
            Unit::Hour => ("PT", "H", 1),
            Unit::Day | Unit::Night => ("P", "D", 1),
            Unit::Weekend => ("P", "WE", 1),
            Unit::Week => ("P", "W", 1),
            Unit::Fortnight => ("P", "W", 2),
            Unit::Month => ("P", "M", 1),
            Unit::Quarter => ("P", "Q", 1),
            Unit::Year => ("P", "Y", 1),
            Unit::Decade => ("P", "Y", 10),
            Unit::Century => ("P", "Y", 100),
            Unit::Millennium => ("P", "Y", 1000),
        }
    }
}

/// How many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    /// So many.
    Exact(i32),
    /// So many and a half.
    AndHalf(i32),
    /// Several.
    Vague,
}

/// Which year a month, quarter or season is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum YearOf {
    /// Not said.
    Open,
    /// This one.
    Exact(i32),
    /// So many years from the present one.
    Shift(i32),
    /// The last, this or the next occurrence: `last September`.
    Occurrence(i32),
}

/// From where a distance is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// The day of the text: `ago`.
    Anchor,
    /// The date spoken of last: `later`.
    Context,
}

/// What a date expression says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    /// Something that stands in the text as it is.
    Fixed(Value),
    /// A month and day without a year.
    Day { month: u32, day: u32 },
    /// A month and day of the year so many years on: `3 March last year`.
    DayIn { month: u32, day: u32, by: i32 },
    /// The quarter that ends on a day: `the quarter ended July 31`.
    QuarterTo(Box<Expression>),
    /// A decade that is named by its second figure: `the forties`.
    Decade(i32),
    /// A day of the month so many months on.
    DayOf { months: i32, day: u32 },
    /// A day of the month, which is not said.
    DayAlone { day: u32 },
    /// So many units before or after a day: `a week from Tuesday`.
    Offset { of: Box<Expression>, count: i32, unit: Unit },
    /// The month, season or weekday of what was spoken of last: `the same May`.
    Same(Box<Expression>),
    /// A month.
    Month { year: YearOf, month: u32 },
    /// A quarter of a year.
    Quarter { year: YearOf, quarter: u32 },
    /// A half of a year.
    Half { year: YearOf, half: u32 },
    /// A season.
    Season { year: YearOf, season: Season },
    /// The quarter spoken of last, so many quarters on.
    QuarterSpoken(i32),
    /// The quarter, or year, before the one spoken of by a year.
    YearBefore,
    /// The month spoken of last, a year before.
    MonthBefore,
    /// A day of the week; last, this, next where said; so many weeks on where a week is named.
    Weekday { weekday: u32, shift: Option<i32>, week: Option<i32> },
    /// So many days from the day of the text.
    Today(i32),
    /// A calendar unit so many units from the one that holds the day of the text.
    Shifted { unit: Unit, by: i32 },
    /// The weekend; last, this, next where said.
    Weekend(Option<i32>),
    /// The unit that holds the date spoken of last, so many units on.
    Spoken { unit: Unit, by: i32 },
    /// So many units away.
    Distance { count: Count, unit: Unit, sign: i32, from: From },
    /// A feast: `12-25`, `easter-2`, `11-4-4` (fourth Thursday of November), `09-11-2001`.
    Feast { rule: Box<str>, year: YearOf },
    /// The week that holds a day: `Easter week`.
    WeekOf(Box<Expression>),
    /// A part of a day.
    Part { of: Box<Expression>, part: Box<str> },
    /// A time of the day, in minutes; the day spoken of last where none is given.
    Clock { of: Option<Box<Expression>>, minutes: i32, universal: bool },
    /// A length of time.
    Duration { count: Count, unit: Unit },
    /// A length of time, as TIMEX3 writes it.
    Length(Box<str>),
    /// Something that recurs, as TIMEX3 writes it.
    Set(String),
    /// `PRESENT_REF`, `PAST_REF`, `FUTURE_REF`.
    Reference(Box<str>),
}

impl Expression {
    /// The day, month or year, where it stands there in full.
    pub(super) fn explicit(&self) -> Option<Value> {
        match self {
            Expression::Fixed(value @ (Value::Day(_) | Value::Year(_))) => Some(*value),
            Expression::Month { year: YearOf::Exact(year), month } => Some(Value::Month(*year, *month)),
            Expression::Clock { of: Some(of), .. } | Expression::Part { of, .. } => of.explicit(),
            _ => None,
        }
    }

    /// The length of time as TIMEX3 writes it.
    pub(super) fn duration(count: Count, unit: Unit) -> String {
        let (before, after, each) = unit.letters();
        match count {
            Count::Exact(count) => format!("{before}{}{after}", count.saturating_mul(each)),
            Count::AndHalf(count) => match unit {
                // Half of these is a whole number of a smaller unit.
                Unit::Minute => format!("PT{count}M30S"),
                Unit::Hour if count == 0 => "PT30M".to_owned(),
                Unit::Year if count == 0 => "P6M".to_owned(),
                Unit::Decade | Unit::Century | Unit::Fortnight | Unit::Millennium => {
                    format!("{before}{}{after}", count.saturating_mul(each).saturating_add(each / 2))
                }
                _ => format!("{before}{count}.5{after}"),
            },
            Count::Vague => match unit {
                Unit::Decade => "PXDE".to_owned(),
                Unit::Century => "PXCE".to_owned(),
                _ => format!("{before}X{after}"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_durations() {
        for (count, unit, expected) in [
            (Count::Exact(3), Unit::Year, "P3Y"),
            (Count::Exact(24), Unit::Hour, "PT24H"),
            (Count::Exact(1), Unit::Decade, "P10Y"),
            (Count::AndHalf(2), Unit::Year, "P2.5Y"),
            (Count::AndHalf(0), Unit::Hour, "PT30M"),
            (Count::Vague, Unit::Month, "PXM"),
            (Count::Exact(i32::MAX), Unit::Century, "P2147483647Y"),
        ] {
            assert_eq!(Expression::duration(count, unit), expected);
        }
    }
}
