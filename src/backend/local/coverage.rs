//! How many articles the index has of each source in each period, and where it has a hole.
//!
//! 1. [`Sources`] counts, in one pass over the columns, by month what lies in a month, and by interval what does not.
//! 2. [`coverage`] makes periods of any length of these.
//! 3. [`holes`] finds the runs of periods without an article in which some would be expected.

use super::calendar::{self, Interval, Table};
use super::dates;
use super::grouped::Grouped;
use super::opened::Opened;
use super::receipts::Hits;
use super::schema::{self, column};
use crate::error::Result;
use crate::search::{Amount, Coverage, Covered, Hole, Stretch, Unit};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The name of the field and of its column.
const SOURCE: &str = "source";

/// The lengths of a period that there are, the shortest first.
const UNITS: [Unit; 4] = [Unit::Month, Unit::Quarter, Unit::Year, Unit::Decade];

/// A unit that is chosen gives at most so many periods: twelve years of quarters, six of months.
const MOST_PERIODS: i64 = 72;

/// A run of periods without an article is a hole where at least so many would be expected. Of fewer, a source that
/// publishes now and then may have none by chance: of five, in one of 150 such runs.
const EXPECTED: f64 = 5.0;

/// So many periods before a run and behind it say what would be expected in it.
const AROUND: i64 = 12;

/// So many articles a source must have before a hole, and so many behind it: a lone one of 1605 makes no hole of four
/// centuries.
const ON_EITHER_SIDE: usize = 5;

/// Hits and articles.
#[derive(Clone, Copy, Default)]
struct Count {
    hits: u32,
    articles: u32,
}

impl Count {
    fn add(&mut self, hit: bool) {
        self.articles += 1;
        self.hits += u32::from(hit);
    }
}

/// All that is counted of the sources of an index, by their numbers.
struct Sources {
    names: Grouped,
    /// Hits of each, dated or not.
    hits: Vec<u32>,
    dated: Vec<u32>,
    /// What lies within a month, by source and month.
    months: FxHashMap<(u32, i64), Count>,
    /// What does not, by source and interval.
    longer: FxHashMap<(u32, Interval), Count>,
}

impl Sources {
    /// Counts all articles of the index, and the hits among them.
    fn count(opened: &Opened, hits: &Hits) -> Result<Sources> {
        let failed = |error| opened.failed("counting sources in", error);
        let (mut first, mut last) = (i64::MAX, i64::MIN);
        for segment in opened.searcher.segment_readers() {
            let days = segment.fast_fields().i64(column::FIRST).map_err(failed)?;
            if days.values.num_vals() > 0 {
                (first, last) = (first.min(days.min_value()), last.max(days.max_value()));
            }
        }
        let table = Table::new(Unit::Month, first, last);
        let mut sources = Sources {
            names: Grouped::new(SOURCE),
            hits: vec![0],
            dated: vec![0],
            months: FxHashMap::default(),
            longer: FxHashMap::default(),
        };
        let mut numbers = Vec::new();
        for (ordinal, segment) in opened.searcher.segment_readers().iter().enumerate() {
            let mut values = sources.names.open(segment).map_err(failed)?;
            sources.hits.resize(sources.names.len(), 0);
            sources.dated.resize(sources.names.len(), 0);
            for doc in hits.of(ordinal) {
                values.count(doc, &mut numbers);
                numbers.iter().for_each(|source| sources.hits[*source as usize] += 1);
            }
            dates::each_published(segment, |doc, interval| {
                let source = values.first(doc);
                let hit = hits.has(ordinal, doc);
                sources.dated[source as usize] += u32::from(hit);
                match table.touched(interval) {
                    Some((month, last)) if month == last => sources.months.entry((source, month)).or_default().add(hit),
                    _ => sources.longer.entry((source, interval)).or_default().add(hit),
                }
            })
            .map_err(failed)?;
            sources.names.close(values);
        }
        Ok(sources)
    }

    /// The counts of each source by period, and by the intervals that are longer.
    fn by(&self, unit: Unit) -> Vec<Periods> {
        let mut all: Vec<Periods> = Vec::new();
        all.resize_with(self.names.len(), Periods::default);
        let within_month = |month: i64| {
            let (first, last) = calendar::days(Unit::Month, month)?;
            Some((schema::day_number(first), schema::day_number(last)))
        };
        let months = self.months.iter().filter_map(|((source, month), count)| {
            Some((*source, within_month(*month).and_then(|(first, _)| calendar::number(unit, first))?, *count))
        });
        for (source, period, count) in months {
            all[source as usize].add(period, count);
        }
        for ((source, interval), count) in &self.longer {
            let periods = &mut all[*source as usize];
            if calendar::is_coarser(unit, *interval) {
                periods.coarser += count.hits as usize;
                periods.longer.push(*interval);
            }
            for period in calendar::touched(unit, *interval) {
                periods.add(period, *count);
            }
        }
        all
    }
}

/// What there is of a source by period.
#[derive(Default)]
struct Periods {
    counts: BTreeMap<i64, (usize, usize)>,
    /// Hits that are dated by longer intervals, and the intervals of these and of other articles.
    coarser: usize,
    longer: Vec<Interval>,
}

impl Periods {
    fn add(&mut self, period: i64, count: Count) {
        let known = self.counts.entry(period).or_default();
        known.0 += count.hits as usize;
        known.1 += count.articles as usize;
    }

    /// The first and last period with a hit.
    fn hit(&self) -> Option<(i64, i64)> {
        let hit = |(period, count): (&i64, &(usize, usize))| (count.0 > 0).then_some(*period);
        self.counts.iter().find_map(hit).zip(self.counts.iter().rev().find_map(hit))
    }
}

/// The first and last period with a hit of any source.
fn span(sources: &[Periods]) -> Option<(i64, i64)> {
    sources.iter().filter_map(Periods::hit).reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
}

/// Counts by `by`, or by what gives a handy number of periods; the results are left empty.
pub(super) fn coverage(opened: &Opened, hits: &Hits, by: Option<Unit>) -> Result<Coverage> {
    let sources = Sources::count(opened, hits)?;
    let fits = |unit: &Unit| span(&sources.by(*unit)).is_none_or(|(first, last)| last - first < MOST_PERIODS);
    let by = by.or_else(|| UNITS.into_iter().find(fits)).unwrap_or(Unit::Decade);
    let counted = sources.by(by);
    let shown = span(&counted);
    let mut found: Vec<Covered> = Vec::new();
    for (number, periods) in counted.into_iter().enumerate().filter(|(number, _)| sources.hits[*number] > 0) {
        let articles: BTreeMap<i64, usize> = periods.counts.iter().map(|(period, count)| (*period, count.1)).collect();
        let holes = holes(by, &articles, &periods.longer)
            .into_iter()
            .filter(|(run, _)| shown.is_some_and(|(first, last)| *run.start() <= last && first <= *run.end()));
        let cells = periods.counts.iter().filter_map(|(period, (hits, articles))| {
            let (first, last) = shown?;
            let place = usize::try_from(period - first).ok().filter(|_| *period <= last)?;
            Some(Amount { place, hits: *hits, articles: *articles })
        });
        found.push(Covered {
            source: sources.names.shown(number),
            hits: sources.hits[number] as usize,
            undated: (sources.hits[number] - sources.dated[number]) as usize,
            coarser: periods.coarser,
            cells: cells.collect(),
            holes: holes.filter_map(|(run, expected)| hole(by, &run, expected)).collect(),
        });
    }
    found.sort_by(|a, b| {
        let key = |source: &Covered| (source.source.is_none(), std::cmp::Reverse(source.hits));
        key(a).cmp(&key(b)).then_with(|| a.source.cmp(&b.source))
    });
    let periods = shown.into_iter().flat_map(|(first, last)| first..=last);
    Ok(Coverage {
        by,
        periods: periods.filter_map(|number| stretch(by, number)).collect(),
        sources: found,
        ..Coverage::default()
    })
}

fn stretch(unit: Unit, number: i64) -> Option<Stretch> {
    let (first, last) = calendar::days(unit, number)?;
    let period = calendar::name(unit, number, first);
    Some(Stretch { period, first: first.to_string(), last: last.to_string() })
}

fn hole(unit: Unit, run: &RangeInclusive<i64>, expected: f64) -> Option<Hole> {
    Some(Hole {
        first: stretch(unit, *run.start())?,
        last: stretch(unit, *run.end())?,
        periods: usize::try_from(run.end() - run.start() + 1).ok()?,
        expected,
    })
}

/// The runs of periods without an article between the first and the last that have any, in which at least [`EXPECTED`]
/// articles would be expected by the [`AROUND`] periods on either side; with how many these are. There are at least
/// [`ON_EITHER_SIDE`] articles before a hole, and behind it. A period is not empty
/// if an article that is dated less exactly, by one of the intervals `longer`, may be of it.
pub(super) fn holes(unit: Unit, counts: &BTreeMap<i64, usize>, longer: &[Interval]) -> Vec<(RangeInclusive<i64>, f64)> {
    let with_any = || counts.iter().filter(|(_, count)| **count > 0).map(|(period, _)| *period);
    let Some((first, last)) = with_any().next().zip(with_any().next_back()) else { return Vec::new() };
    let mut unsure: Vec<(i64, i64)> = Vec::new();
    for interval in longer.iter().collect::<FxHashSet<_>>() {
        unsure.extend(calendar::number(unit, interval.0).zip(calendar::number(unit, interval.1)));
    }
    unsure.sort_unstable();
    let mut unsure = unsure.into_iter().peekable();
    let mut holes = Vec::new();
    let mut before = first;
    for period in with_any().skip(1) {
        // What lies between two periods with articles, but for what longer intervals cover.
        let mut from = before + 1;
        while let Some((start, end)) = unsure.peek().copied().filter(|(start, _)| *start < period) {
            if start > from {
                holes.push(from..=start - 1);
            }
            from = from.max(end + 1);
            if end >= period {
                break;
            }
            unsure.next();
        }
        if from < period {
            holes.push(from..=period - 1);
        }
        before = period;
    }
    let mut passed = Vec::with_capacity(counts.len());
    for (period, count) in counts {
        passed.push((*period, count + passed.last().map_or(0, |(_, before)| *before)));
    }
    // Articles up to a period.
    let up_to = |end: i64| match passed.partition_point(|(period, _)| *period <= end).checked_sub(1) {
        Some(place) => passed.get(place).map_or(0, |(_, articles)| *articles),
        None => 0,
    };
    let all = up_to(last);
    let expected = |run: RangeInclusive<i64>| {
        let (from, to) = ((run.start() - AROUND).max(first), (run.end() + AROUND).min(last));
        let length = run.end() - run.start() + 1;
        let around = (up_to(to) - up_to(from - 1)) as f64 / (to - from + 1 - length).max(1) as f64;
        let before = up_to(*run.start());
        let enough = before.min(all - before) >= ON_EITHER_SIDE && around * length as f64 >= EXPECTED;
        enough.then_some((run, around * length as f64))
    };
    holes.into_iter().filter_map(expected).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> i64 {
        schema::day_number(text.parse().expect("a day"))
    }

    fn found(counts: &[usize], longer: &[(&str, &str)]) -> Vec<String> {
        let january = calendar::number(Unit::Month, day("2019-01-01")).expect("it is a day");
        let counts = (january..).zip(counts).filter(|(_, count)| **count > 0).map(|(month, count)| (month, *count));
        let longer: Vec<Interval> = longer.iter().map(|(first, last)| (day(first), day(last))).collect();
        let found = holes(Unit::Month, &counts.collect(), &longer).into_iter();
        let shown = found.filter_map(|(run, expected)| hole(Unit::Month, &run, expected));
        shown.map(|hole| format!("{} {} {:.1}", hole.first.period, hole.last.period, hole.expected)).collect()
    }

    #[test]
    fn holes_are_where_articles_would_be_expected() {
        assert_eq!(found(&[9, 9, 0, 9], &[]), ["2019-03 2019-03 9.0"]);
        assert_eq!(found(&[9, 9, 0, 0, 3, 0, 9], &[]), ["2019-03 2019-04 12.0", "2019-06 2019-06 5.0"]);
        // A few a month: one month without any is chance, three are not.
        assert_eq!(found(&[2, 2, 0, 2, 2, 2, 2], &[]), Vec::<String>::new());
        assert_eq!(found(&[3, 2, 0, 0, 0, 2, 3], &[]), ["2019-03 2019-05 7.5"]);
        // Few before it, though many behind it.
        assert_eq!(found(&[4, 0, 0, 0, 0, 0, 0, 0, 0, 9], &[]), Vec::<String>::new());
        // Before the first and behind the last there is nothing to miss; nothing and one are no run.
        assert_eq!(found(&[0, 0, 9, 9, 0, 0], &[]), Vec::<String>::new());
        assert_eq!(found(&[0, 9], &[]), Vec::<String>::new());
        assert_eq!(found(&[], &[]), Vec::<String>::new());
    }

    #[test]
    fn what_may_have_an_article_is_no_hole() {
        let counts = [9, 0, 0, 0, 0, 9, 0, 0, 9];
        assert_eq!(found(&counts, &[]), ["2019-02 2019-05 21.6", "2019-07 2019-08 7.7"]);
        assert_eq!(found(&counts, &[("2019-01-01", "2019-12-31")]), Vec::<String>::new());
        let spring = [("2019-03-15", "2019-04-20"), ("2019-03-01", "2019-03-31")];
        assert_eq!(found(&counts, &spring), ["2019-07 2019-08 7.7"]);
        assert_eq!(found(&counts, &[("2019-05-01", "2019-07-31")]), ["2019-02 2019-04 13.5"]);
    }
}
