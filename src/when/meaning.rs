//! From a pattern that fits to what it says: one arm for each action that a table of patterns may name.
//!
//! An action reads the values of the classes that its pattern took; it never looks at words. The guards that keep
//! years from being quantities are here too.

use super::expression::{Count, Expression, From, Unit, YearOf};
use super::grammar::{Match, Rule};
use super::items::{Gap, Item};
use super::value::{Season, Value};
use super::words::{Class, Lexicon};

/// An expression with the first and last item that it covers.
pub(super) type Meaning = (usize, usize, Expression);

/// What `fit` says. None where a guard refuses it; empty where it is known to be no date.
pub(super) fn meaning(fit: &Match, rule: &Rule, items: &[Item], lexicon: &Lexicon) -> Option<Vec<Meaning>> {
    let taken = Taken { path: &fit.path, items, lexicon };
    let whole = |expression| Some(vec![(taken.first(), taken.last(), expression)]);
    match &*rule.action {
        "age" if &*rule.argument == "apposed" => taken.is_apposed().then(Vec::new),
        "nothing" | "age" | "ahead" | "calm" => Some(Vec::new()),
        "date" => whole(taken.date()?),
        "clock-date" => whole(taken.clock(taken.date()?)?),
        "day" => whole(taken.day(taken.number(Class::Day).or_else(|| taken.number(Class::Ordinal))?)?),
        "month-day" => {
            let day = taken.number(Class::Day).or_else(|| taken.number(Class::Ordinal))?;
            let day = u32::try_from(day).ok().filter(|day| (1..=31).contains(day))?;
            whole(Expression::DayOf { months: rule.argument.parse().ok()?, day })
        }
        "day-alone" => {
            let (at, day) = taken.all(Class::Ordinal).next()?;
            let day = u32::try_from(day).ok().filter(|day| (1..=31).contains(day))?;
            items.get(at).filter(|item| item.figures)?;
            whole(Expression::DayAlone { day })
        }
        "day-pair" => {
            // The year stands at the end, and is that of both unless the first month is the later one.
            let mut months = taken.all(Class::Month);
            let (one, two) = (months.next()?.1, months.next()?);
            let days = taken.days();
            let ((at, first), (_, last)) = (*days.first()?, *days.last()?);
            let day = |month: i32, day: i32, back: i32| -> Option<Expression> {
                let (month, day) = (u32::try_from(month).ok()?, u32::try_from(day).ok()?);
                match taken.number(Class::Year) {
                    Some(year) => chrono::NaiveDate::from_ymd_opt(year - back, month, day)
                        .map(|day| Expression::Fixed(Value::Day(day))),
                    None => Some(Expression::DayIn { month, day, by: taken.number(Class::Shift)? - back }),
                }
            };
            let month_at = taken.all(Class::Month).next()?.0;
            let begins = taken.path.iter().find(|step| step.0 > at.max(month_at) && step.1.is_some())?.0;
            let back = i32::from(one > two.1);
            Some(vec![
                (taken.first(), at.max(month_at), day(one, first, back)?),
                (begins, taken.last(), day(two.1, last, 0)?),
            ])
        }
        "day-part" => {
            let days = taken.days();
            let day = taken.day(days.first()?.1)?;
            whole(taken.part(day, Class::Part, rule))
        }
        "month-day-part" => {
            let day = u32::try_from(taken.days().first()?.1).ok().filter(|day| (1..=31).contains(day))?;
            let of = Expression::DayOf { months: rule.argument.parse().ok()?, day };
            whole(taken.part(of, Class::Part, rule))
        }
        "day-era" => {
            let (day, year) = (taken.number(Class::Day)?, taken.era_year()?);
            let day = chrono::NaiveDate::from_ymd_opt(year, taken.month()?, u32::try_from(day).ok()?)?;
            whole(Expression::Fixed(Value::Day(day)))
        }
        "year-era" => whole(Expression::Fixed(Value::Year(taken.era_year()?))),
        "days" => {
            let days = taken.days();
            let (one, two) = (days.first()?, days.last()?);
            if days.len() > 2 {
                // The month stands at the end.
                let each = days.iter().enumerate().map(|(number, (at, day))| {
                    let from = if number == 0 { taken.first() } else { *at };
                    Some((from, if at == &two.0 { taken.last() } else { *at }, taken.day(*day)?))
                });
                return each.collect();
            }
            let (first, second) = (taken.day(one.1)?, taken.day(two.1)?);
            // The month belongs to the end at which it stands.
            let month_first = taken.all(Class::Month).next()?.0 < one.0;
            let split = if month_first { (one.0, two.0) } else { (one.0, taken.last()) };
            let end = if taken.has(Class::Year) { taken.last() } else { split.1 };
            Some(vec![(taken.first(), split.0, first), (two.0, end, second)])
        }
        "month" => whole(Expression::Month { year: taken.year_of(), month: taken.month()? }),
        "months" => {
            let mut months = taken.all(Class::Month);
            let (one, two) = (months.next()?, months.next()?);
            let year = taken.year_of();
            let month = |number: i32| u32::try_from(number).ok().map(|month| Expression::Month { year, month });
            Some(vec![(taken.first(), one.0, month(one.1)?), (two.0, taken.last(), month(two.1)?)])
        }
        "month-set" => whole(Expression::Set(format!("XXXX-{:02}", taken.month()?))),
        "year" => {
            let spoken = taken.number(Class::SpokenYear);
            let year = taken.number(Class::Year).or(spoken).or_else(|| taken.number(Class::Number))?;
            if !(1000..3000).contains(&year) {
                return None;
            }
            // `in two thousand and one`, but `in two thousand homes`.
            if taken.path.len() == 1 && spoken.is_some() && (year % 100 == 0 || is_counted(items, taken.last())) {
                return None;
            }
            // `the reform of 1832`, but `a crowd of 1500`.
            let named = &*rule.argument == "named" && (1500..2100).contains(&year) && year % 50 != 0;
            if taken.path.len() == 1 && !named && spoken.is_none() && !is_year(items, taken.first(), year) {
                return None;
            }
            whole(Expression::Fixed(Value::Year(year)))
        }
        "years" => {
            let mut years = taken.all(Class::Year);
            let one = years.next()?;
            let (at, two) = match years.next() {
                Some(two) => two,
                None => {
                    let short = taken.all(Class::ShortYear).last()?;
                    let two = one.1 / 100 * 100 + short.1;
                    (short.0, if two < one.1 { two + 100 } else { two })
                }
            };
            let longest = if taken.has(Class::ShortYear) { 60 } else { 200 };
            if two <= one.1 || two - one.1 > longest || !(1000..2200).contains(&one.1) {
                return None;
            }
            let fixed = |year| Expression::Fixed(Value::Year(year));
            Some(vec![(taken.first(), one.0, fixed(one.1)), (at, taken.last(), fixed(two))])
        }
        "decade" => {
            let (at, decade) = taken.decade(&rule.argument)?;
            // `in his 70s` is an age.
            let own = at.checked_sub(1).and_then(|at| items.get(at)).is_some_and(|item| item.is(Class::Own));
            let short = (0..10).contains(&decade);
            let decade = if short { Expression::Decade(decade) } else { Expression::Fixed(Value::Decade(decade)) };
            (!own).then(|| whole(decade))?
        }
        "century" => {
            let ordinal = taken.number(Class::Ordinal).filter(|ordinal| (1..=30).contains(ordinal))?;
            whole(Expression::Fixed(Value::Century(ordinal - 1)))
        }
        "centuries" => {
            let named = taken.all(Class::Ordinal).filter(|(_, number)| (1..=30).contains(number));
            let named: Vec<(usize, i32)> = named.collect();
            let [(one, first), (two, last)] = named[..] else { return None };
            let century = |number: i32| Expression::Fixed(Value::Century(number - 1));
            Some(vec![(taken.first(), one, century(first)), (two, taken.last(), century(last))])
        }
        "era" => {
            let year = taken.number(Class::Year).or_else(|| taken.number(Class::Number))?;
            whole(Expression::Fixed(Value::Before(year)))
        }
        "weekday" | "weekday-week" => {
            let week = (&*rule.action == "weekday-week").then(|| taken.number(Class::LastNext)).flatten();
            whole(taken.weekday(week)?)
        }
        "weekday-set" => {
            let weekday = taken.number(Class::Weekday).or_else(|| taken.number(Class::Weekdays))?;
            let part = [Class::Parts, Class::Part].map(|class| taken.name(class));
            let part = part.iter().find(|part| !part.is_empty()).map(|part| format!("T{part}")).unwrap_or_default();
            whole(Expression::Set(format!("XXXX-WXX-{weekday}{part}")))
        }
        "part-set" => whole(Expression::Set(format!("XXXX-XX-XXT{}", taken.name(Class::Part)))),
        "feast-set" => whole(Expression::Set(format!("XXXX-{}", rule.argument))),
        "set-times" => whole(Expression::Set(Expression::duration(Count::Exact(1), taken.unit()?))),
        "set-other" => whole(Expression::Set(Expression::duration(Count::Exact(2), taken.unit()?))),
        "weekday-part" => whole(taken.part(taken.weekday(None)?, Class::Part, rule)),
        "weekend" => whole(Expression::Weekend(taken.number(Class::LastNext).or_else(|| taken.number(Class::Shift)))),
        "deictic" => whole(Expression::Today(taken.number(Class::Deictic)?)),
        "deictic-part" => whole(taken.part(Expression::Today(taken.number(Class::Deictic)?), Class::Part, rule)),
        "this-part" => whole(taken.part(Expression::Today(0), Class::Part, rule)),
        "last-part" => whole(Expression::Part { of: Box::new(Expression::Today(-1)), part: rule.argument.clone() }),
        "part-by" => {
            let (by, part) = rule.argument.split_once(' ')?;
            let of = Box::new(Expression::Today(by.parse().ok()?));
            whole(Expression::Part { of, part: part.into() })
        }
        "tonight" => whole(taken.part(Expression::Today(0), Class::Tonight, rule)),
        "after-tomorrow" => whole(Expression::Today(taken.number(Class::Deictic)? + 1)),
        "before-yesterday" => whole(Expression::Today(taken.number(Class::Deictic)? - 1)),
        "unit" => {
            let by = taken.number(Class::Shift).or_else(|| taken.number(Class::LastNext)).unwrap_or(0);
            let unit = taken.unit().or_else(|| Unit::named(&rule.argument)).unwrap_or(Unit::Year);
            whole(match unit {
                Unit::Weekend => Expression::Weekend(Some(by)),
                unit => Expression::Shifted { unit, by },
            })
        }
        "unit-context" => whole(Expression::Spoken { unit: taken.unit().unwrap_or(Unit::Day), by: 0 }),
        "day-by" => whole(Expression::Today(rule.argument.parse().ok()?)),
        "offset-day" => {
            let sign: i32 = rule.argument.parse().ok()?;
            let Count::Exact(count) = taken.count()? else { return None };
            let of = match (taken.number(Class::Deictic), taken.number(Class::Weekday)) {
                (Some(by), _) => Expression::Today(by),
                (None, Some(weekday)) => {
                    let shift = (sign > 0).then_some(1);
                    Expression::Weekday { weekday: u32::try_from(weekday).ok()?, shift, week: None }
                }
                (None, None) => return None,
            };
            whole(Expression::Offset { of: Box::new(of), count: sign * count, unit: taken.unit()? })
        }
        "offset-week" => {
            let (of, count) = match (taken.number(Class::Weekday), taken.number(Class::Deictic)) {
                (Some(weekday), _) => {
                    let weekday = u32::try_from(weekday).ok()?;
                    (Expression::Weekday { weekday, shift: Some(1), week: None }, 1)
                }
                // `yesterday week` lies back.
                (None, by) => (Expression::Today(by.unwrap_or(0)), if by.unwrap_or(0) < 0 { -1 } else { 1 }),
            };
            let weeks: i32 = rule.argument.parse().unwrap_or(1);
            whole(Expression::Offset { of: Box::new(of), count: count * weeks, unit: Unit::Week })
        }
        "offset-today" => {
            let sign: i32 = rule.argument.parse().ok()?;
            let Count::Exact(count) = taken.count()? else { return None };
            let of = Box::new(Expression::Today(0));
            whole(Expression::Offset { of, count: sign * count, unit: taken.unit()? })
        }
        "in-time" => {
            let Count::Exact(by) = taken.count()? else { return None };
            whole(Expression::Shifted { unit: taken.unit()?, by })
        }
        "same" => {
            let of = if taken.has(Class::Weekday) {
                taken.weekday(None)?
            } else if taken.has(Class::Season) {
                Expression::Season { year: YearOf::Open, season: Season::named(taken.name(Class::Season))? }
            } else {
                Expression::Month { year: YearOf::Open, month: taken.month()? }
            };
            whole(Expression::Same(Box::new(of)))
        }
        "unit-shift" => whole(Expression::Shifted { unit: taken.unit()?, by: rule.argument.parse().ok()? }),
        "preceding" => whole(Expression::Spoken { unit: taken.unit().unwrap_or(Unit::Day), by: -1 }),
        "following" => {
            let by = rule.argument.parse().unwrap_or(1);
            whole(Expression::Spoken { unit: taken.unit().unwrap_or(Unit::Day), by })
        }
        "quarter-context" => whole(Expression::QuarterSpoken(0)),
        "quarter-shift" => whole(match taken.number(Class::LastNext)? {
            0 => Expression::QuarterSpoken(0),
            by => Expression::Shifted { unit: Unit::Quarter, by },
        }),
        "quarter" => {
            let told = || taken.number(Class::Quarter).or_else(|| taken.number(Class::Ordinal));
            let number = rule.argument.parse().ok().or_else(told)?;
            let quarter = u32::try_from(number).ok().filter(|quarter| (1..=4).contains(quarter))?;
            let year = match taken.year_of() {
                YearOf::Open if &*rule.argument == "ago" => YearOf::Shift(-1),
                year => year,
            };
            whole(Expression::Quarter { year, quarter })
        }
        "quarter-to" => {
            let (day_at, day) = *taken.days().first()?;
            let day = taken.day(day)?;
            let month = taken.all(Class::Month).next()?.0;
            let begins = month.min(day_at);
            Some(vec![
                // Between the two stands `ended`.
                (taken.first(), begins.checked_sub(2)?, Expression::QuarterTo(Box::new(day.clone()))),
                (begins, taken.last(), day),
            ])
        }
        "quarter-year" => whole(Expression::Quarter { year: YearOf::Exact(taken.number(Class::Year)?), quarter: 0 }),
        "quarter-ago" => whole(Expression::YearBefore),
        "month-ago" => whole(Expression::MonthBefore),
        "half" => {
            let half = rule.argument.parse().ok()?;
            whole(Expression::Half { year: taken.year_of(), half })
        }
        "season" => {
            let season = Season::named(taken.name(Class::Season)).or_else(|| Season::named(&rule.argument))?;
            let year = match taken.year_of() {
                // `the summer of last year`, but `last summer`.
                YearOf::Shift(by) if &*rule.argument != "year" => YearOf::Occurrence(by),
                year => year,
            };
            whole(Expression::Season { year, season })
        }
        "feast-week" => {
            let of = Expression::Feast { rule: rule.argument.clone(), year: taken.year_of() };
            whole(Expression::WeekOf(Box::new(of)))
        }
        "feast" => whole(Expression::Feast { rule: rule.argument.clone(), year: taken.year_of() }),
        "distance" | "distance-half" => {
            let ago = taken.number(Class::Ago);
            let offset = taken.number(Class::Offset);
            // `plus tard` is two words, so the pattern tells the sign.
            let told = rule.argument.parse::<i32>().ok();
            let from = if offset.or(told).is_some() { From::Context } else { From::Anchor };
            let sign = ago.or(offset).or(told).unwrap_or(1);
            let count = if &*rule.argument == "half" { Count::AndHalf(taken.whole_count()) } else { taken.count()? };
            whole(Expression::Distance { count, unit: taken.unit()?, sign, from })
        }
        "duration" => {
            let count = match &*rule.argument {
                "half" => Count::AndHalf(taken.whole_count()),
                "one-half" => Count::AndHalf(1),
                "vague" => Count::Vague,
                _ => taken.count().unwrap_or(Count::Exact(1)),
            };
            let unit = taken.unit().or_else(|| Unit::named(&rule.argument))?;
            // `a second` is an ordinal as often as not, `$50 a night` a price.
            let doubtful =
                matches!(unit, Unit::Second | Unit::Night) && !taken.has(Class::Number) && !taken.has(Class::Units);
            (!doubtful).then(|| whole(Expression::Duration { count, unit }))?
        }
        "length" => whole(Expression::Length(rule.argument.clone())),
        "set" => {
            if !rule.argument.is_empty() {
                return whole(Expression::Set(rule.argument.to_string()));
            }
            // `every third year`.
            if let Some(count) = taken.number(Class::Ordinal) {
                return whole(Expression::Set(Expression::duration(Count::Exact(count), taken.unit()?)));
            }
            let frequency = taken.name(Class::Frequency);
            if !frequency.is_empty() {
                return whole(Expression::Set(frequency.to_owned()));
            }
            let count = taken.number(Class::Number).map_or(Count::Exact(1), Count::Exact);
            whole(Expression::Set(Expression::duration(count, taken.unit()?)))
        }
        "season-set" => {
            let class = if taken.has(Class::Seasons) { Class::Seasons } else { Class::Season };
            whole(Expression::Set(format!("XXXX-{}", taken.name(class))))
        }
        "clock" => {
            let of = if taken.has(Class::Month) {
                Some(taken.day(taken.days().first()?.1)?)
            } else if taken.has(Class::Weekday) {
                Some(taken.weekday(None)?)
            } else {
                taken.number(Class::Deictic).map(Expression::Today)
            };
            let hours = || taken.number(Class::Noon).or_else(|| taken.hours(&rule.argument));
            let minutes = taken.number(Class::Clock).or_else(|| hours().map(|hours| hours * 60))?;
            let zoned = |(at, _): (usize, i32)| items.get(at).is_some_and(|item| item.is(Class::Universal));
            let universal = taken.all(Class::Zone).any(zoned);
            whole(Expression::Clock { of: of.map(Box::new), minutes, universal })
        }
        "clock-part" => {
            let of = match taken.days().first() {
                Some((_, day)) => Some(taken.day(*day)?),
                None if taken.has(Class::Weekday) => Some(taken.weekday(None)?),
                None if taken.has(Class::Tonight) => Some(Expression::Today(0)),
                None => taken.number(Class::Deictic).map(Expression::Today),
            };
            let (shift, spoken) = match rule.argument.split_once(' ') {
                Some((shift, "last")) => (shift, Some(Expression::Today(-1))),
                Some((shift, "this")) => (shift, Some(Expression::Today(0))),
                _ => (&*rule.argument, None),
            };
            let hour = taken.number(Class::Number).or_else(|| taken.has(Class::One).then_some(1))?;
            let minutes = taken.hour_of_part(hour)? * 60 + shift.parse::<i32>().unwrap_or(0);
            let minutes = minutes.rem_euclid(24 * 60);
            whole(Expression::Clock { of: of.or(spoken).map(Box::new), minutes, universal: false })
        }
        "zulu" => {
            let number = taken.number(Class::Number)?;
            let minutes = number / 100 * 60 + number % 100;
            if !(0..=24 * 60).contains(&minutes) || number % 100 > 59 {
                return None;
            }
            let of = taken.number(Class::Deictic).map(|by| Box::new(Expression::Today(by)));
            whole(Expression::Clock { of, minutes, universal: true })
        }
        "reference" => whole(Expression::Reference(rule.argument.clone())),
        _ => None,
    }
}

/// The actions that [`meaning`] knows; a test holds every table against it.
#[cfg(test)]
pub(super) const ACTIONS: &[&str] = &[
    "nothing",
    "age",
    "ahead",
    "calm",
    "date",
    "clock-date",
    "day",
    "month-day",
    "day-alone",
    "day-by",
    "offset-day",
    "offset-week",
    "same",
    "preceding",
    "unit-shift",
    "days",
    "month",
    "months",
    "month-set",
    "year",
    "years",
    "decade",
    "century",
    "era",
    "weekday",
    "weekday-week",
    "weekday-set",
    "weekday-part",
    "weekend",
    "deictic",
    "deictic-part",
    "this-part",
    "last-part",
    "tonight",
    "after-tomorrow",
    "before-yesterday",
    "unit",
    "unit-context",
    "following",
    "quarter-context",
    "quarter-shift",
    "quarter",
    "quarter-year",
    "quarter-ago",
    "month-ago",
    "half",
    "season",
    "feast",
    "distance",
    "distance-half",
    "duration",
    "length",
    "set",
    "season-set",
    "clock",
    "zulu",
    "day-pair",
    "day-part",
    "month-day-part",
    "day-era",
    "year-era",
    "centuries",
    "part-set",
    "feast-set",
    "feast-week",
    "set-times",
    "set-other",
    "part-by",
    "offset-today",
    "in-time",
    "quarter-to",
    "clock-part",
    "reference",
];

/// The items that a pattern took, and as what.
struct Taken<'a> {
    path: &'a [(usize, Option<Class>)],
    items: &'a [Item],
    lexicon: &'a Lexicon,
}

impl Taken<'_> {
    fn first(&self) -> usize {
        self.path.first().map_or(0, |step| step.0)
    }

    fn last(&self) -> usize {
        self.path.last().map_or(0, |step| step.0)
    }

    fn has(&self, class: Class) -> bool {
        self.path.iter().any(|step| step.1 == Some(class))
    }

    /// Every item taken as `class`, with its value.
    fn all(&self, class: Class) -> impl Iterator<Item = (usize, i32)> + '_ {
        self.path.iter().filter(move |step| step.1 == Some(class)).filter_map(move |(at, _)| {
            let item = self.items.get(*at)?;
            let own = item.figures && item.entry == 0
                || matches!(class, Class::Number | Class::Year | Class::SpokenYear | Class::Day | Class::ShortYear);
            Some((
                *at,
                if own { item.number } else { self.lexicon.entry(item.entry).value(class).unwrap_or(item.number) },
            ))
        })
    }

    fn number(&self, class: Class) -> Option<i32> {
        self.all(class).next().map(|(_, value)| value)
    }

    fn name(&self, class: Class) -> &str {
        self.number(class).map_or("", |value| self.lexicon.name_of(value))
    }

    fn unit(&self) -> Option<Unit> {
        [Class::Unit, Class::Units, Class::Calendar, Class::Alone]
            .into_iter()
            .find(|class| self.has(*class))
            .and_then(|class| Unit::named(self.name(class)))
    }

    fn month(&self) -> Option<u32> {
        let classes = [Class::Month, Class::BareMonth, Class::DoubtMonth];
        classes.into_iter().find_map(|class| self.number(class)).and_then(|month| u32::try_from(month).ok())
    }

    fn year_of(&self) -> YearOf {
        if let Some(year) = self.number(Class::Year) {
            YearOf::Exact(year)
        } else if let Some(by) = self.number(Class::Shift) {
            YearOf::Shift(by)
        } else {
            self.number(Class::LastNext).map_or(YearOf::Open, YearOf::Occurrence)
        }
    }

    fn date(&self) -> Option<Expression> {
        let day = chrono::NaiveDate::from_num_days_from_ce_opt(self.number(Class::Date)?)?;
        Some(Expression::Fixed(Value::Day(day)))
    }

    fn day(&self, day: i32) -> Option<Expression> {
        let (month, day) = (self.month()?, u32::try_from(day).ok()?);
        match self.number(Class::Year) {
            Some(year) => {
                chrono::NaiveDate::from_ymd_opt(year, month, day).map(|day| Expression::Fixed(Value::Day(day)))
            }
            // 29 February is a day of some years.
            None if let Some(by) = self.number(Class::Shift) => Some(Expression::DayIn { month, day, by }),
            None => chrono::NaiveDate::from_ymd_opt(2000, month, day).map(|_| match self.number(Class::LastNext) {
                // `el pasado 20 de noviembre`: as with a feast, the last or next one.
                Some(by) if by != 0 && !self.has(Class::Weekday) => {
                    Expression::Feast { rule: format!("{month:02}-{day:02}").into(), year: YearOf::Occurrence(by) }
                }
                _ => Expression::Day { month, day },
            }),
        }
    }

    fn weekday(&self, week: Option<i32>) -> Option<Expression> {
        let weekday = u32::try_from(self.number(Class::Weekday)?).ok()?;
        let shift = if week.is_some() { None } else { self.number(Class::LastNext) };
        Some(Expression::Weekday { weekday, shift, week })
    }

    /// A part of a day, that which stands there or that which the rule is for.
    fn part(&self, of: Expression, class: Class, rule: &Rule) -> Expression {
        let part = if self.has(class) { self.name(class) } else { &rule.argument };
        Expression::Part { of: Box::new(of), part: part.into() }
    }

    /// Every day of a month, by number.
    fn days(&self) -> Vec<(usize, i32)> {
        let mut days: Vec<(usize, i32)> = self.all(Class::Day).chain(self.all(Class::Ordinal)).collect();
        days.sort_unstable();
        days
    }

    /// A decade that is named, or written as its first year with or without the century.
    fn decade(&self, argument: &str) -> Option<(usize, i32)> {
        if let Ok(decade) = argument.parse() {
            return Some((self.first(), decade));
        }
        let named = self.all(Class::Decade).next();
        // The table writes those of words as if they were of the twentieth century.
        let spelled = |at: usize| self.items.get(at).is_some_and(|item| item.entry != 0);
        let named = named.map(|(at, decade)| (at, if spelled(at) { decade % 10 } else { decade }));
        let year = || self.all(Class::Year).find(|year| year.1 % 10 == 0).map(|(at, year)| (at, year / 10));
        let short = || self.all(Class::Number).find(|(_, years)| (20..100).contains(years) && years % 10 == 0);
        named.or_else(year).or_else(|| short().map(|(at, years)| (at, years / 10)))
    }

    /// The hours of the day: with the argument `12` those after noon.
    fn hours(&self, argument: &str) -> Option<i32> {
        let hours = self.number(Class::Number).filter(|hours| (0..=24).contains(hours))?;
        Some(if hours < 12 { hours + argument.parse().unwrap_or(0) } else { hours })
    }

    /// Whether it stands in figures and apart behind a name: `Jean Dupont, 59 ans`.
    fn is_apposed(&self) -> bool {
        let figures = self.path.iter().any(|step| self.items.get(step.0).is_some_and(|item| item.figures));
        let before = self.first().checked_sub(1).and_then(|at| self.items.get(at));
        let joined =
            || self.items.get(self.last() + 1).is_some_and(|next| self.lexicon.style.joiners.contains(&next.entry));
        figures
            && before.is_some_and(|before| matches!(before.gap, Gap::Comma | Gap::Other))
            && (self.items.get(self.last()).is_some_and(|last| last.gap != Gap::Blank) || joined())
    }

    /// The year beside a word of our era.
    fn era_year(&self) -> Option<i32> {
        let year = self.number(Class::Year).or_else(|| self.number(Class::Number));
        year.filter(|year| (1..3000).contains(year))
    }

    /// The hour of the day that an hour of the clock is in a part of the day.
    fn hour_of_part(&self, hour: i32) -> Option<i32> {
        let part = if self.has(Class::Tonight) { "NI" } else { self.name(Class::Part) };
        match (part, hour) {
            (_, 13..=24) => Some(hour),
            ("AF" | "EV", 1..=11) | ("NI" | "", 6..=11) => Some(hour + 12),
            ("MO" | "NI" | "DT" | "", 1..=11) | ("AF", 12) => Some(hour),
            ("NI" | "MO", 12) => Some(0),
            _ => None,
        }
    }

    fn clock(&self, of: Expression) -> Option<Expression> {
        let universal =
            self.all(Class::Clock).any(|(at, _)| self.items.get(at).is_some_and(|item| item.is(Class::Universal)));
        Some(Expression::Clock { of: Some(Box::new(of)), minutes: self.number(Class::Clock)?, universal })
    }

    /// How many; the last number where two are joined by `to` or `or` is left to the first.
    fn count(&self) -> Option<Count> {
        if let Some(number) = self.number(Class::Number) {
            return Some(Count::Exact(number));
        }
        if let Some(number) = self.number(Class::AndHalf) {
            return Some(Count::AndHalf(number));
        }
        if self.has(Class::Vague) || self.has(Class::Alone) {
            return Some(Count::Vague);
        }
        self.has(Class::One).then_some(Count::Exact(1))
    }

    fn whole_count(&self) -> i32 {
        self.number(Class::Number).or_else(|| self.has(Class::One).then_some(1)).unwrap_or(0)
    }
}

/// Whether what stands behind the item at `last` can be what is counted.
fn is_counted(items: &[Item], last: usize) -> bool {
    let blank = items.get(last).is_some_and(|item| matches!(item.gap, Gap::Blank | Gap::Hyphen));
    blank && items.get(last + 1).is_some_and(|next| next.is(Class::Quantity) || next.is(Class::Units))
}

/// Whether the bare number `year` at item `at` is a year and no quantity.
fn is_year(items: &[Item], at: usize, year: i32) -> bool {
    let Some(item) = items.get(at) else {
        return false;
    };
    if item.bracketed {
        return (1400..2100).contains(&year);
    }
    let before = at.checked_sub(1).and_then(|at| items.get(at));
    let after = items.get(at + 1);
    if matches!(item.gap, Gap::Blank | Gap::Hyphen) && after.is_some_and(|after| after.is(Class::Quantity)) {
        return false;
    }
    if matches!(item.gap, Gap::Hyphen | Gap::Slash) && after.is_some_and(|after| after.figures || after.capital) {
        return false;
    }
    if let Some(before) = before {
        let tight = matches!(before.gap, Gap::Hyphen | Gap::Slash);
        if tight && (before.figures || before.capital) && !before.is(Class::Year) {
            return false;
        }
        if before.gap == Gap::Blank {
            if before.is(Class::YearLead) {
                return (1000..2200).contains(&year);
            }
            // `about 1814, and again`.
            if before.is(Class::Approx) && year % 10 != 0 && item.gap != Gap::Blank {
                return (1500..2100).contains(&year);
            }
            // `about 2000`, `Windows 2000`, `12 2000`.
            let product = before.capital && before.mask == 0 && year % 1000 == 0;
            if before.is(Class::Approx) && year % 100 == 0 || product || before.figures && !before.is(Class::Day) {
                return false;
            }
        }
    }
    // Years in words (`nineteen ninety-six`) are no quantities.
    (1900..2100).contains(&year) || !item.figures
}
