//! Articles and hits counted by day and by period, in one pass over the columns.
//!
//! A row of counts has the articles first, then the hits of each question. Rows stand in a list as long as the days or
//! periods lie close enough together; the others are found by hashing.

use super::calendar::{self, Interval, Table};
use super::dates;
use super::opened::Opened;
use super::receipts::Hits;
use super::schema::{self, column};
use crate::error::Result;
use crate::search::{Of, Unit};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// The most counts that a list of rows may have: 64 MB.
const MOST: i64 = 1 << 24;

/// Rows of counts by a whole number.
struct Rows {
    width: usize,
    first: i64,
    /// How many rows are near.
    length: usize,
    near: Vec<u32>,
    far: FxHashMap<i64, Vec<u32>>,
}

impl Rows {
    /// Most numbers will lie between `first` and `last`.
    fn new(width: usize, first: i64, last: i64) -> Rows {
        let length = last.saturating_sub(first).saturating_add(1);
        let fits = length >= 0 && length.saturating_mul(width as i64) <= MOST;
        let length = if fits { length as usize } else { 0 };
        Rows { width, first, length, near: vec![0; length * width], far: FxHashMap::default() }
    }

    #[inline]
    fn row(&mut self, number: i64) -> &mut [u32] {
        let place = number.wrapping_sub(self.first) as usize;
        if number >= self.first && place < self.length {
            return &mut self.near[place * self.width..(place + 1) * self.width];
        }
        self.far.entry(number).or_insert_with(|| vec![0; self.width])
    }

    /// Every row with an article, in no order.
    fn each(&self, mut take: impl FnMut(i64, &[u32])) {
        let near = (self.first..).zip(self.near.chunks_exact(self.width));
        let far = self.far.iter().map(|(number, row)| (*number, row.as_slice()));
        near.chain(far).filter(|(_, row)| row[0] > 0).for_each(|(number, row)| take(number, row));
    }
}

/// Adds an article to a row.
#[inline]
fn count(row: &mut [u32], doc: u32, sets: &[&[u64]]) {
    let Some((articles, hits)) = row.split_first_mut() else { return };
    *articles += 1;
    for (count, set) in hits.iter_mut().zip(sets) {
        *count += has(set, doc);
    }
}

#[inline]
fn has(set: &[u64], doc: u32) -> u32 {
    (set[doc as usize / 64] >> (doc % 64) & 1) as u32
}

/// What is known of the dates of hits without regard to periods. A hit of two questions counts twice.
#[derive(Default)]
pub(super) struct Survey {
    /// How many hits have each date.
    pub(super) dates: BTreeMap<Interval, usize>,
    /// For each unit, in their order, the hits whose shortest date can be counted by it but not by a shorter one.
    pub(super) finest: [usize; Unit::ALL.len()],
    /// Hits with any date.
    pub(super) dated: usize,
}

impl Survey {
    /// Notes hits whose shortest date is this long.
    fn shortest(&mut self, shortest: Interval, hits: usize) {
        self.dated += hits;
        if let Some(unit) = Unit::ALL.iter().position(|unit| !calendar::is_coarser(*unit, shortest)) {
            self.finest[unit] += hits;
        }
    }
}

/// Articles and hits by period.
pub(super) struct Tally {
    /// The rows, by number of the period.
    pub(super) periods: BTreeMap<i64, Vec<usize>>,
    /// For each question the hits with any date.
    pub(super) dated: Vec<usize>,
    /// For each question the hits with a date that is longer than a period.
    pub(super) coarser: Vec<usize>,
}

/// The dates of all articles of an index, with the hits of some questions among them.
pub(super) struct Dates<'a> {
    opened: &'a Opened,
    sets: &'a [&'a Hits],
    of: Of,
    /// Of publication: rows by day, and by the intervals of those that are dated less exactly.
    days: Option<(Rows, FxHashMap<Interval, Vec<u32>>)>,
}

impl<'a> Dates<'a> {
    /// Reads what does not depend on the unit.
    pub(super) fn read(opened: &'a Opened, sets: &'a [&'a Hits], of: Of) -> Result<Dates<'a>> {
        let mut dates = Dates { opened, sets, of, days: None };
        if of == Of::Published {
            dates.days = Some(dates.days()?);
        }
        Ok(dates)
    }

    fn width(&self) -> usize {
        self.sets.len() + 1
    }

    /// The words of each set for one segment.
    fn words(&self, ordinal: usize) -> Vec<&[u64]> {
        self.sets.iter().map(|set| set.words(ordinal)).collect()
    }

    fn failed(&self, error: tantivy::TantivyError) -> crate::error::Error {
        self.opened.failed("reading the days of", error)
    }

    fn days(&self) -> Result<(Rows, FxHashMap<Interval, Vec<u32>>)> {
        let (mut first, mut last) = (i64::MAX, i64::MIN);
        for segment in self.opened.searcher.segment_readers() {
            let column = segment.fast_fields().i64(column::FIRST).map_err(|error| self.failed(error))?;
            if column.values.num_vals() > 0 {
                (first, last) = (first.min(column.min_value()), last.max(column.max_value()));
            }
        }
        let (first, last) = calendar::listed(first, last);
        let mut days = Rows::new(self.width(), first, last);
        let mut longer: FxHashMap<Interval, Vec<u32>> = FxHashMap::default();
        for (ordinal, segment) in self.opened.searcher.segment_readers().iter().enumerate() {
            let words = self.words(ordinal);
            dates::each_published(segment, |doc, interval| {
                let row = if interval.0 == interval.1 {
                    days.row(interval.0)
                } else {
                    longer.entry(interval).or_insert_with(|| vec![0; self.sets.len() + 1])
                };
                count(row, doc, &words);
            })
            .map_err(|error| self.failed(error))?;
        }
        Ok((days, longer))
    }

    /// Every date of publication with its row.
    pub(super) fn each_published(&self, mut take: impl FnMut(Interval, &[u32])) {
        let Some((days, longer)) = &self.days else { return };
        days.each(|day, row| take((day, day), row));
        longer.iter().for_each(|(interval, row)| take(*interval, row));
    }

    /// The dates of all hits.
    pub(super) fn survey(&self) -> Result<Survey> {
        let mut survey = Survey::default();
        if self.of == Of::Published {
            self.each_published(|interval, row| {
                let hits: usize = row[1..].iter().map(|count| *count as usize).sum();
                if hits > 0 {
                    *survey.dates.entry(interval).or_default() += hits;
                    survey.shortest(interval, hits);
                }
            });
            return Ok(survey);
        }
        let (first, last) = self.spoken_span().map(|span| calendar::listed(span.0, span.1))?;
        let mut days = Rows::new(1, first, last);
        let mut longer: FxHashMap<Interval, usize> = FxHashMap::default();
        for (ordinal, segment) in self.opened.searcher.segment_readers().iter().enumerate() {
            let words = self.words(ordinal);
            dates::each_spoken(segment, |doc, spoken| {
                let hits = words.iter().map(|set| has(set, doc)).sum::<u32>();
                if hits == 0 {
                    return;
                }
                let mut shortest: Interval = (0, i64::MAX);
                for interval in spoken.iter().map(|packed| schema::unpack(*packed)) {
                    if interval.0 == interval.1 {
                        days.row(interval.0)[0] += hits;
                    } else {
                        *longer.entry(interval).or_default() += hits as usize;
                    }
                    if interval.1 - interval.0 < shortest.1 - shortest.0 {
                        shortest = interval;
                    }
                }
                survey.shortest(shortest, hits as usize);
            })
            .map_err(|error| self.failed(error))?;
        }
        days.each(|day, row| {
            survey.dates.insert((day, day), row[0] as usize);
        });
        survey.dates.extend(longer);
        Ok(survey)
    }

    /// The first and last day on which what articles speak of begins.
    fn spoken_span(&self) -> Result<Interval> {
        let mut span = (i64::MAX, i64::MIN);
        for segment in self.opened.searcher.segment_readers() {
            let column = segment.fast_fields().u64(column::SPOKEN).map_err(|error| self.failed(error))?;
            if column.values.num_vals() > 0 {
                let (first, last) = (schema::unpack(column.min_value()).0, schema::unpack(column.max_value()).0);
                span = (span.0.min(first), span.1.max(last));
            }
        }
        Ok(span)
    }

    /// Articles and hits by period. An article counts once in a period, however many of its dates fall there.
    pub(super) fn tally(&self, unit: Unit) -> Result<Tally> {
        if self.of == Of::Published { Ok(self.tally_published(unit)) } else { self.tally_spoken(unit) }
    }

    fn tally_published(&self, unit: Unit) -> Tally {
        let mut tally = Tally::new(self.sets.len());
        self.each_published(|interval, row| {
            for (dated, hits) in tally.dated.iter_mut().zip(&row[1..]) {
                *dated += *hits as usize;
            }
            if calendar::is_coarser(unit, interval) {
                for (coarser, hits) in tally.coarser.iter_mut().zip(&row[1..]) {
                    *coarser += *hits as usize;
                }
            }
            for period in calendar::touched(unit, interval) {
                tally.add(period, row);
            }
        });
        tally
    }

    fn tally_spoken(&self, unit: Unit) -> Result<Tally> {
        let mut tally = Tally::new(self.sets.len());
        let (first, last) = self.spoken_span()?;
        let table = Table::new(unit, first, last);
        let (from, to) = (table.number(first).unwrap_or(0), table.number(last).unwrap_or(-1));
        let mut rows = Rows::new(self.width(), from, to);
        let mut periods: Vec<i64> = Vec::new();
        for (ordinal, segment) in self.opened.searcher.segment_readers().iter().enumerate() {
            let words = self.words(ordinal);
            dates::each_spoken(segment, |doc, spoken| {
                periods.clear();
                let mut coarser = false;
                for interval in spoken.iter().map(|packed| schema::unpack(*packed)) {
                    match table.touched(interval) {
                        Some((first, last)) if first == last => periods.push(first),
                        Some((first, last)) => periods.extend(first..=last),
                        None => coarser = true,
                    }
                }
                for (place, set) in words.iter().enumerate() {
                    let hit = has(set, doc) as usize;
                    tally.dated[place] += hit;
                    tally.coarser[place] += if coarser { hit } else { 0 };
                }
                if periods.len() > 1 {
                    periods.sort_unstable();
                    periods.dedup();
                }
                for period in &periods {
                    count(rows.row(*period), doc, &words);
                }
            })
            .map_err(|error| self.failed(error))?;
        }
        rows.each(|period, row| tally.add(period, row));
        Ok(tally)
    }
}

impl Tally {
    fn new(questions: usize) -> Tally {
        Tally { periods: BTreeMap::new(), dated: vec![0; questions], coarser: vec![0; questions] }
    }

    fn add(&mut self, period: i64, row: &[u32]) {
        let counts = self.periods.entry(period).or_insert_with(|| vec![0; row.len()]);
        counts.iter_mut().zip(row).for_each(|(count, more)| *count += *more as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_near_and_far() {
        for (first, last) in [(10, 20), (i64::MAX, i64::MIN), (0, 1 << 40)] {
            let mut rows = Rows::new(2, first, last);
            for number in [i64::MIN, -3, 9, 10, 10, 20, 21, 1 << 41, i64::MAX] {
                count(rows.row(number), 65, &[&[0, 2]]);
            }
            count(rows.row(10), 64, &[&[0, 2]]);
            let mut found = BTreeMap::new();
            rows.each(|number, row| assert!(found.insert(number, row.to_vec()).is_none()));
            let mut expected: BTreeMap<i64, Vec<u32>> =
                [i64::MIN, -3, 9, 20, 21, 1 << 41, i64::MAX].map(|number| (number, vec![1, 1])).into();
            expected.insert(10, vec![3, 2]);
            assert_eq!(found, expected, "{first} to {last}");
        }
    }
}
