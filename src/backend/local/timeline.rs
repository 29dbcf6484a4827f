//! Hits and articles counted by periods of the calendar, for timelines and for facets by year.
//!
//! A date is an interval of days. It counts in every period that it touches, unless it is longer than the longest period
//! of the unit: a week may lie in two months, a year lies in no month. An article counts once in a period, however many
//! of its dates fall there.
//!
//! 1. [`Dates`] reads the intervals of an article from the columns of its segment.
//! 2. [`suitable`] chooses a unit where none was asked for; [`window`] says which periods matter then.
//! 3. [`timeline`] goes once through all articles of the index and counts them, and the hits among them.
//! 4. [`number`] numbers the periods of a unit in the order of time, [`first`] is the day that one begins with.

use super::collect::Scored;
use super::opened::Opened;
use super::receipts::Hits;
use super::schema::{self, column};
use crate::error::Result;
use crate::search::{FacetValue, Of, Period, Timeline, Unit};
use chrono::{Datelike, NaiveDate};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::ops::Range;
use tantivy::SegmentReader;
use tantivy::columnar::Column;

/// The first and last day of a date, as numbers.
type Interval = (i64, i64);

/// A unit that is chosen gives at most so many periods: about two screens of lines.
const MOST_PERIODS: usize = 60;

/// A unit that is chosen is one by which so many of ten dated hits can be counted.
const COUNTED_OF_TEN: usize = 9;

/// Of the dates of all hits, this part at either end does not matter for the choice of a unit, for one article that
/// speaks of 1605 must not make centuries of a year.
const ENDS: usize = 20;

/// A period with fewer articles than this part of what is usual is thin: a share of so few says little.
const THIN: usize = 4;

/// The longest run of periods without any article that is listed one by one. A longer one would tell nothing more, and
/// from 1605 to today are 153,000 days.
const LONGEST_RUN: i64 = 100;

/// The number of the period that a day lies in; one follows the other.
fn number(unit: Unit, day: i64) -> Option<i64> {
    match unit {
        Unit::Day => return Some(day),
        // Day 1 was a Monday.
        Unit::Week => return Some((day - 1).div_euclid(7)),
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
fn name(unit: Unit, number: i64, first: NaiveDate) -> String {
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

fn is_coarser(unit: Unit, interval: Interval) -> bool {
    interval.1 - interval.0 >= unit.longest()
}

/// The periods that an interval touches; none where it is longer than they are.
fn touched(unit: Unit, interval: Interval) -> impl Iterator<Item = i64> {
    let periods = (!is_coarser(unit, interval)).then(|| number(unit, interval.0).zip(number(unit, interval.1)));
    periods.flatten().into_iter().flat_map(|(first, last)| first..=last)
}

/// The dates of the articles of a segment.
enum Dates {
    Published(Column<i64>, Column<i64>),
    Spoken(Column<u64>),
}

impl Dates {
    fn open(segment: &SegmentReader, of: Of) -> tantivy::Result<Dates> {
        let columns = segment.fast_fields();
        Ok(match of {
            Of::Published => Dates::Published(columns.i64(column::FIRST)?, columns.i64(column::LAST)?),
            Of::Mentions => Dates::Spoken(columns.u64(column::SPOKEN)?),
        })
    }

    /// Puts those of an article into `dates`.
    fn read(&self, doc: u32, dates: &mut Vec<Interval>) {
        dates.clear();
        match self {
            Dates::Published(first, last) => dates.extend(first.first(doc).zip(last.first(doc))),
            Dates::Spoken(spoken) => dates.extend(spoken.values_for_doc(doc).map(schema::unpack)),
        }
    }
}

/// Hits and articles in a period.
#[derive(Clone, Copy, Default)]
struct Count {
    hits: usize,
    articles: usize,
}

/// What is known of the hits without regard to periods.
struct Survey {
    /// How many hits have each date.
    dates: BTreeMap<Interval, usize>,
    /// For each unit, in their order, the hits whose shortest date can be counted by it but not by a shorter one.
    finest: [usize; Unit::ALL.len()],
    /// Hits with any date.
    dated: usize,
}

/// The dates of all hits.
fn survey(opened: &Opened, hits: &Hits, of: Of) -> Result<Survey> {
    let mut counts: FxHashMap<Interval, usize> = FxHashMap::default();
    let (mut finest, mut dated) = ([0; Unit::ALL.len()], 0);
    let mut dates = Vec::new();
    for (ordinal, segment) in opened.searcher.segment_readers().iter().enumerate() {
        let column = Dates::open(segment, of).map_err(|error| opened.failed("reading the days of", error))?;
        for doc in hits.of(ordinal) {
            column.read(doc, &mut dates);
            for date in &dates {
                *counts.entry(*date).or_default() += 1;
            }
            let Some(shortest) = dates.iter().min_by_key(|date| date.1 - date.0) else { continue };
            dated += 1;
            if let Some(unit) = Unit::ALL.iter().position(|unit| !is_coarser(*unit, *shortest)) {
                finest[unit] += 1;
            }
        }
    }
    Ok(Survey { dates: counts.into_iter().collect(), finest, dated })
}

/// The first and last period that dates begin in, without [`ENDS`].
fn middle(survey: &Survey, unit: Unit) -> Option<(i64, i64)> {
    let countable = || survey.dates.iter().filter(|(date, _)| !is_coarser(unit, **date));
    let all: usize = countable().map(|(_, count)| count).sum();
    // The period in which the date with so many before it begins.
    let ranked = |rank: usize| {
        let mut passed = 0;
        let mut dates = countable();
        let date = dates.find(|(_, count)| {
            passed += **count;
            passed > rank
        });
        date.and_then(|(date, _)| number(unit, date.0))
    };
    let cut = all / ENDS;
    ranked(cut).zip(ranked(all.saturating_sub(1 + cut)))
}

/// The shortest unit by which most hits can be counted and that does not give too many periods: of publication in all, of
/// what articles speak of in the middle, for they speak of any time.
fn suitable(survey: &Survey, of: Of) -> Unit {
    if survey.dated == 0 {
        return Unit::default();
    }
    let is_suitable = |place: usize, unit: Unit| {
        let Some((from, to)) = middle(survey, unit) else { return false };
        let counted: usize = survey.finest.iter().take(place + 1).sum();
        let mut periods = FxHashSet::default();
        if of == Of::Published {
            periods.extend(survey.dates.keys().flat_map(|date| touched(unit, *date)));
        }
        to - from < MOST_PERIODS as i64
            && periods.len() <= MOST_PERIODS
            && counted * 10 >= survey.dated * COUNTED_OF_TEN
    };
    let mut units = Unit::ALL.into_iter().enumerate();
    units.find(|(place, unit)| is_suitable(*place, *unit)).map_or(Unit::Decade, |(_, unit)| unit)
}

/// Where in a list of too many periods those stand that have nearly all hits: the middle, and of what lies around it the
/// side with more hits first.
fn window(survey: &Survey, unit: Unit, periods: &[Period]) -> Option<Range<usize>> {
    if periods.iter().filter(|period| period.count > 0).count() <= MOST_PERIODS {
        return None;
    }
    let place = |number: i64| {
        let name = name(unit, number, first(unit, number)?);
        periods.iter().position(|period| period.period == name)
    };
    let (from, to) = middle(survey, unit)?;
    let (mut from, mut to) = (place(from)?, place(to)? + 1);
    while to - from < MOST_PERIODS {
        let earlier = from.checked_sub(1).and_then(|before| periods.get(before));
        let later = periods.get(to);
        match (earlier, later) {
            (None, None) => return None,
            (Some(_), None) => from -= 1,
            (Some(earlier), Some(later)) if earlier.count > later.count => from -= 1,
            _ => to += 1,
        }
    }
    Some(from..to)
}

/// Counts hits and articles by `by`, or by what suits the hits; the results are left empty.
pub(super) fn timeline(opened: &Opened, hits: &[Scored], of: Of, by: Option<Unit>) -> Result<Timeline> {
    let total = hits.len();
    let hits = Hits::new(opened, hits);
    let survey = if by.is_none() { Some(survey(opened, &hits, of)?) } else { None };
    let by = by.or_else(|| survey.as_ref().map(|survey| suitable(survey, of))).unwrap_or_default();
    let mut counts: FxHashMap<i64, Count> = FxHashMap::default();
    let (mut dated, mut coarser) = (0, 0);
    let (mut dates, mut periods) = (Vec::new(), Vec::new());
    for (ordinal, segment) in opened.searcher.segment_readers().iter().enumerate() {
        let column = Dates::open(segment, of).map_err(|error| opened.failed("reading the days of", error))?;
        for doc in segment.doc_ids_alive() {
            column.read(doc, &mut dates);
            if dates.is_empty() {
                continue;
            }
            let hit = hits.has(ordinal, doc);
            if hit {
                dated += 1;
                coarser += usize::from(dates.iter().any(|date| is_coarser(by, *date)));
            }
            periods.clear();
            periods.extend(dates.iter().flat_map(|date| touched(by, *date)));
            periods.sort_unstable();
            periods.dedup();
            for period in &periods {
                let count = counts.entry(*period).or_default();
                count.articles += 1;
                count.hits += usize::from(hit);
            }
        }
    }
    let periods = listed(by, counts.into_iter().collect(), of == Of::Published);
    let middle = survey.and_then(|survey| window(&survey, by, &periods));
    Ok(Timeline { of, by, undated: total - dated, coarser, periods, middle, ..Timeline::default() })
}

/// The periods from the first to the last with a hit, those without any between them.
fn listed(by: Unit, mut counts: BTreeMap<i64, Count>, mark_thin: bool) -> Vec<Period> {
    let with_hit = |(number, count): (&i64, &Count)| (count.hits > 0).then_some(*number);
    let Some((from, to)) = counts.iter().find_map(with_hit).zip(counts.iter().rev().find_map(with_hit)) else {
        return Vec::new();
    };
    counts.retain(|number, _| (from..=to).contains(number));
    let mut articles: Vec<usize> = counts.values().map(|count| count.articles).collect();
    articles.sort_unstable();
    let usual = articles.get(articles.len().saturating_sub(1) / 2).copied().unwrap_or(0);
    let mut listed = Vec::with_capacity(counts.len());
    let mut add = |number: i64, count: Count, left_out: i64| {
        let Some((first, after)) = first(by, number).zip(first(by, number + 1)) else { return };
        listed.push(Period {
            period: name(by, number, first),
            first: first.to_string(),
            last: after.pred_opt().unwrap_or(first).to_string(),
            count: count.hits,
            articles: count.articles,
            thin: mark_thin && count.articles > 0 && count.articles * THIN < usual,
            left_out: usize::try_from(left_out).unwrap_or(0),
        });
    };
    let mut next = from;
    for (number, count) in counts {
        let missing = number - next;
        if missing <= LONGEST_RUN {
            (next..number).for_each(|empty| add(empty, Count::default(), 0));
        }
        add(number, count, if missing > LONGEST_RUN { missing } else { 0 });
        next = number + 1;
    }
    listed
}

/// How many hits have a date in each year, most first, ties by year.
pub(super) fn years(opened: &Opened, hits: &[Scored], of: Of) -> Result<Vec<FacetValue>> {
    let counted = timeline(opened, hits, of, Some(Unit::Year))?.periods.into_iter().filter(|period| period.count > 0);
    let value = |period: Period| FacetValue {
        label: period.period.clone(),
        value: period.period,
        count: period.count,
        ..FacetValue::default()
    };
    let mut years: Vec<FacetValue> = counted.map(value).collect();
    years.sort_by_key(|year| std::cmp::Reverse(year.count));
    Ok(years)
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
    fn periods_end_where_the_next_begins() {
        let counts = |texts: &[(&str, usize, usize)], unit| {
            let count = |(text, hits, articles): &(&str, usize, usize)| {
                (number(unit, day(text)).expect("a day"), Count { hits: *hits, articles: *articles })
            };
            let periods = listed(unit, texts.iter().map(count).collect(), true);
            let shown = |p: Period| {
                let thin = if p.thin { " thin" } else { "" };
                format!("{} {}..{} {}/{}{thin} -{}", p.period, p.first, p.last, p.count, p.articles, p.left_out)
            };
            periods.into_iter().map(shown).collect::<Vec<_>>()
        };
        assert_eq!(
            counts(
                &[("2023-11-01", 0, 9), ("2023-12-01", 3, 9), ("2024-02-10", 1, 1), ("2024-03-01", 2, 8)],
                Unit::Month
            ),
            [
                "2023-12 2023-12-01..2023-12-31 3/9 -0",
                "2024-01 2024-01-01..2024-01-31 0/0 -0",
                "2024-02 2024-02-01..2024-02-29 1/1 thin -0",
                "2024-03 2024-03-01..2024-03-31 2/8 -0",
            ]
        );
        assert_eq!(
            counts(&[("1605-11-05", 1, 1), ("1605-11-06", 0, 1), ("2024-06-19", 1, 1)], Unit::Day),
            [
                "1605-11-05 1605-11-05..1605-11-05 1/1 -0",
                "1605-11-06 1605-11-06..1605-11-06 0/1 -0",
                "2024-06-19 2024-06-19..2024-06-19 1/1 -152896",
            ]
        );
        assert!(counts(&[("2024-06-19", 0, 1)], Unit::Year).is_empty());
        assert!(counts(&[], Unit::Year).is_empty());
    }

    #[test]
    fn a_suitable_unit_is_chosen() {
        let chosen_of = |dates: &[(&str, &str, usize)], of| {
            let mut survey = Survey { dates: BTreeMap::new(), finest: Default::default(), dated: 0 };
            for (first, last, count) in dates {
                let date = (day(first), day(last));
                survey.dates.insert(date, *count);
                survey.dated += count;
                if let Some(unit) = Unit::ALL.iter().position(|unit| !is_coarser(*unit, date)) {
                    survey.finest[unit] += count;
                }
            }
            suitable(&survey, of)
        };
        let chosen = |dates: &[(&str, &str, usize)]| chosen_of(dates, Of::Published);
        assert_eq!(chosen(&[]), Unit::Month);
        assert_eq!(chosen(&[("2024-06-19", "2024-06-19", 1)]), Unit::Day);
        assert_eq!(chosen(&[("2024-05-01", "2024-05-01", 4), ("2024-06-29", "2024-06-29", 5)]), Unit::Day);
        assert_eq!(chosen(&[("2024-05-01", "2024-05-01", 4), ("2024-06-30", "2024-06-30", 5)]), Unit::Week);
        assert_eq!(chosen(&[("2020-05-01", "2020-05-01", 4), ("2024-06-29", "2024-06-29", 5)]), Unit::Month);
        assert_eq!(chosen(&[("2010-05-01", "2010-05-01", 4), ("2024-06-29", "2024-06-29", 5)]), Unit::Quarter);
        assert_eq!(chosen(&[("1980-05-01", "1980-05-01", 4), ("2024-06-29", "2024-06-29", 5)]), Unit::Year);
        assert_eq!(chosen(&[("1605-11-05", "1605-11-05", 4), ("2024-06-29", "2024-06-29", 5)]), Unit::Decade);
        // One of a hundred does not make decades of days.
        assert_eq!(chosen(&[("1605-11-05", "1605-11-05", 1), ("2024-06-29", "2024-06-29", 99)]), Unit::Day);
        // What is known by the year is not counted by the day.
        assert_eq!(chosen(&[("2024-01-01", "2024-12-31", 4), ("2024-06-29", "2024-06-29", 5)]), Unit::Year);
        assert_eq!(chosen(&[("2024-01-01", "2024-12-31", 1), ("2024-06-29", "2024-06-29", 9)]), Unit::Day);
        assert_eq!(chosen(&[("1800-01-01", "1899-12-31", 1)]), Unit::Decade);
        // Far years that few speak of.
        let years: Vec<String> = (1500..1600).map(|year| format!("{year}-01-01")).collect();
        let mut dates: Vec<(&str, &str, usize)> = years.iter().map(|year| (year.as_str(), year.as_str(), 1)).collect();
        dates.push(("2024-06-29", "2024-06-29", 1900));
        assert_eq!((chosen_of(&dates, Of::Mentions), chosen(&dates)), (Unit::Day, Unit::Decade));
    }

    #[test]
    fn the_periods_that_matter_are_found_among_many() {
        let of =
            |year: i64, count: usize| ((day(&format!("{year:04}-02-03")), day(&format!("{year:04}-02-03"))), count);
        let find = |counts: &[(i64, usize)]| {
            let dates = counts.iter().map(|(year, count)| of(*year, *count)).collect();
            let survey = Survey { dates, finest: Default::default(), dated: 1 };
            let counts = counts.iter().map(|(year, count)| (*year, Count { hits: *count, articles: *count }));
            let periods = listed(Unit::Year, counts.collect(), false);
            let window = window(&survey, Unit::Year, &periods)?;
            let ends = (&periods[window.start].period, &periods[window.end - 1].period);
            Some(format!("{} {}", ends.0, ends.1))
        };
        let mut counts: Vec<(i64, usize)> = (1900..2020).map(|year| (year, 1)).collect();
        counts.extend([(2020, 3000), (2021, 3000)]);
        assert_eq!(find(&counts).as_deref(), Some("1962 2021"));
        counts.extend((2022..2030).map(|year| (year, 2)));
        assert_eq!(find(&counts).as_deref(), Some("1970 2029"));
        assert_eq!(find(&counts[100..]), None);
    }
}
