//! Hits and articles counted by periods of the calendar, for timelines of one question or several and for facets by year.
//!
//! 1. [`Dates`] goes through all articles of the index and counts them and the hits among them by their dates.
//! 2. [`suitable`] chooses a unit where none was asked for; [`window`] says which periods matter then.
//! 3. [`counted`] lists the periods of that unit from the first to the last with a hit.

use super::calendar;
use super::collect::Scored;
use super::opened::Opened;
use super::receipts::Hits;
use super::tally::{Dates, Survey};
use crate::error::Result;
use crate::search::{FacetValue, Of, Period, Series, Timeline, Trend, Unit};
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use std::ops::Range;

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

/// Hits and articles in a period; of several questions the most hits that one has.
#[derive(Clone, Copy, Default)]
struct Count {
    hits: usize,
    articles: usize,
}

/// The first and last period that dates begin in, without [`ENDS`].
fn middle(survey: &Survey, unit: Unit) -> Option<(i64, i64)> {
    let countable = || survey.dates.iter().filter(|(date, _)| !calendar::is_coarser(unit, **date));
    let all: usize = countable().map(|(_, count)| count).sum();
    // The period in which the date with so many before it begins.
    let ranked = |rank: usize| {
        let mut passed = 0;
        let mut dates = countable();
        let date = dates.find(|(_, count)| {
            passed += **count;
            passed > rank
        });
        date.and_then(|(date, _)| calendar::number(unit, date.0))
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
            periods.extend(survey.dates.keys().flat_map(|date| calendar::touched(unit, *date)));
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
fn window(survey: &Survey, unit: Unit, periods: &[(i64, Period)]) -> Option<Range<usize>> {
    if periods.iter().filter(|(_, period)| period.count > 0).count() <= MOST_PERIODS {
        return None;
    }
    let place = |number: i64| periods.binary_search_by_key(&number, |(number, _)| *number).ok();
    let (from, to) = middle(survey, unit)?;
    let (mut from, mut to) = (place(from)?, place(to)? + 1);
    while to - from < MOST_PERIODS {
        let earlier = from.checked_sub(1).and_then(|before| periods.get(before));
        let later = periods.get(to);
        match (earlier, later) {
            (None, None) => return None,
            (Some(_), None) => from -= 1,
            (Some(earlier), Some(later)) if earlier.1.count > later.1.count => from -= 1,
            _ => to += 1,
        }
    }
    Some(from..to)
}

/// What was counted for one question or several, in the same periods.
struct Counted {
    by: Unit,
    /// The periods with their numbers; hits are the most that one question has.
    periods: Vec<(i64, Period)>,
    middle: Option<Range<usize>>,
    /// For each question its hits in each of these periods.
    counts: Vec<Vec<usize>>,
    /// For each question the hits with any date, and those with a date that is longer than a period.
    dated: Vec<usize>,
    coarser: Vec<usize>,
}

/// Counts hits and articles by `by`, or by what suits the hits.
fn counted(opened: &Opened, sets: &[&Hits], of: Of, by: Option<Unit>) -> Result<Counted> {
    let dates = Dates::read(opened, sets, of)?;
    let survey = if by.is_none() { Some(dates.survey()?) } else { None };
    let by = by.or_else(|| survey.as_ref().map(|survey| suitable(survey, of))).unwrap_or_default();
    let tally = dates.tally(by)?;
    let most = |row: &[usize]| Count {
        articles: row.first().copied().unwrap_or(0),
        hits: row.iter().skip(1).copied().max().unwrap_or(0),
    };
    let counts = tally.periods.iter().map(|(number, row)| (*number, most(row))).collect();
    let periods = listed(by, counts, of == Of::Published);
    let middle = survey.and_then(|survey| window(&survey, by, &periods));
    let hits = |question: usize, number: &i64| {
        tally.periods.get(number).and_then(|row| row.get(question + 1)).copied().unwrap_or(0)
    };
    let of_question = |question| periods.iter().map(|(number, _)| hits(question, number)).collect();
    let counts = (0..sets.len()).map(of_question).collect();
    Ok(Counted { by, periods, middle, counts, dated: tally.dated, coarser: tally.coarser })
}

/// Counts hits and articles by `by`, or by what suits the hits; the results are left empty.
pub(super) fn timeline(opened: &Opened, hits: &Hits, of: Of, by: Option<Unit>) -> Result<Timeline> {
    let counted = counted(opened, &[hits], of, by)?;
    let first = |counts: &[usize]| counts.first().copied().unwrap_or(0);
    Ok(Timeline {
        of,
        by: counted.by,
        undated: hits.count() - first(&counted.dated),
        coarser: first(&counted.coarser),
        periods: counted.periods.into_iter().map(|(_, period)| period).collect(),
        middle: counted.middle,
        ..Timeline::default()
    })
}

/// The same for several questions at once; the results of each are left empty.
pub(super) fn trend(opened: &Opened, sets: &[&Hits], of: Of, by: Option<Unit>) -> Result<Trend> {
    let counted = counted(opened, sets, of, by)?;
    let dated = sets.iter().zip(counted.dated).zip(counted.coarser).zip(counted.counts);
    let series = dated.map(|(((hits, dated), coarser), counts)| Series {
        undated: hits.count() - dated,
        coarser,
        counts,
        ..Series::default()
    });
    Ok(Trend {
        of,
        by: counted.by,
        series: series.collect(),
        periods: counted.periods.into_iter().map(|(_, period)| period).collect(),
        middle: counted.middle,
    })
}

/// The periods from the first to the last with a hit, those without any between them.
fn listed(by: Unit, mut counts: BTreeMap<i64, Count>, mark_thin: bool) -> Vec<(i64, Period)> {
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
        let Some((first, last)) = calendar::days(by, number) else { return };
        let period = Period {
            period: calendar::name(by, number, first),
            first: first.to_string(),
            last: last.to_string(),
            count: count.hits,
            articles: count.articles,
            thin: mark_thin && count.articles > 0 && count.articles * THIN < usual,
            left_out: usize::try_from(left_out).unwrap_or(0),
        };
        listed.push((number, period));
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
    let hits = Hits::new(opened, hits);
    let counted = timeline(opened, &hits, of, Some(Unit::Year))?.periods.into_iter().filter(|period| period.count > 0);
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
    use super::super::schema;
    use super::*;

    fn day(text: &str) -> i64 {
        schema::day_number(text.parse().expect("a day"))
    }

    #[test]
    fn periods_end_where_the_next_begins() {
        let counts = |texts: &[(&str, usize, usize)], unit| {
            let count = |(text, hits, articles): &(&str, usize, usize)| {
                (calendar::number(unit, day(text)).expect("a day"), Count { hits: *hits, articles: *articles })
            };
            let periods = listed(unit, texts.iter().map(count).collect(), true);
            let shown = |(_, p): (i64, Period)| {
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
            let mut survey = Survey::default();
            for (first, last, count) in dates {
                let date = (day(first), day(last));
                survey.dates.insert(date, *count);
                survey.dated += count;
                if let Some(unit) = Unit::ALL.iter().position(|unit| !calendar::is_coarser(*unit, date)) {
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
            let survey = Survey { dates, dated: 1, ..Survey::default() };
            let counts = counts.iter().map(|(year, count)| (*year, Count { hits: *count, articles: *count }));
            let periods = listed(Unit::Year, counts.collect(), false);
            let window = window(&survey, Unit::Year, &periods)?;
            let ends = (&periods[window.start].1.period, &periods[window.end - 1].1.period);
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
