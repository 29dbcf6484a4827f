//! Names counted over hits with the lists that say which of them are one.
//!
//! 1. Each segment counts its values, and by those its entities; an article with two spellings of one counts once.
//! 2. Where only the first few are wanted, [`candidates`] finds who can be among them: who is not among the
//!    first of any segment, by [`threshold`], cannot be among the first of all.
//! 3. Only of these names are read, and counts of all segments added. In each segment they are found by their marks.

use super::super::collect::Scored;
use super::super::lookups::{self, Entities, Wanted};
use super::super::opened::{self, Opened};
use super::{Tallied, Tally};
use crate::error::Result;
use crate::field::Kind;
use crate::names::identity::Identity;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use tantivy::SegmentReader;
use tantivy::columnar::StrColumn;

/// Of up to so many hits all names are read, so that their number is known too.
pub(super) const FEW: usize = 5000;

/// The counts of one segment.
struct Counted<'e> {
    column: StrColumn,
    entities: &'e Entities<'e>,
    /// Hits of each value.
    values: Vec<u32>,
    /// Hits of each entity that has several values, and one of them that hits have.
    shared: FxHashMap<usize, (u32, usize)>,
}

/// An entity, its hits, and those of each spelling.
type Found = (String, usize, Vec<(String, usize)>);

/// Names of a field over all hits; the `most` of most hits, or all where that is 0. All are read of up to `few` hits.
pub(super) fn tally(
    opened: &Opened,
    hits: &[Scored],
    field: &str,
    entities: &[Entities<'_>],
    most: usize,
    few: usize,
) -> Result<Tally> {
    let failed = |error| opened.failed("counting names in", error);
    let identity = Identity::new(field, &opened.corrections);
    let counted = each_segment(opened, hits, field, entities).map_err(failed)?;
    let io = |error: std::io::Error| failed(error.into());
    let candidates = match most {
        0 => None,
        _ if hits.len() <= few => None,
        _ => Some(Wanted::new(candidates(&counted, field, most).map_err(io)?)),
    };
    // The counts of every candidate, with its spellings.
    let mut found: FxHashMap<String, (usize, FxHashMap<String, usize>)> = FxHashMap::default();
    let read = |segment: &Counted<'_>| segment.read(field, candidates.as_ref());
    for read in opened.on_all_cores(counted.iter().collect(), read) {
        for (entity, total, spellings) in read.map_err(io)? {
            let known = found.entry(entity).or_default();
            known.0 += total;
            for (spelling, count) in spellings {
                *known.1.entry(spelling).or_default() += count;
            }
        }
    }
    let distinct = candidates.is_none().then_some(found.len());
    let mut values: Vec<Tallied> = found
        .into_values()
        .filter_map(|(count, spellings)| Tallied::of(count, spellings.into_iter().collect(), identity, Kind::Name))
        .collect();
    values.sort_by(Tallied::order);
    values.truncate(if most == 0 { values.len() } else { most });
    Ok(Tally { values, distinct })
}

/// The counts of every segment with a hit, several segments at a time.
fn each_segment<'e>(
    opened: &Opened,
    hits: &[Scored],
    field: &str,
    entities: &'e [Entities<'e>],
) -> tantivy::Result<Vec<Counted<'e>>> {
    let mut parts = Vec::new();
    let mut rest = hits;
    while let Some((_, first)) = rest.first() {
        let (of_segment, others) = rest.split_at(rest.partition_point(|hit| hit.1.segment_ord <= first.segment_ord));
        if let Some(entities) = entities.get(first.segment_ord as usize) {
            parts.push((opened.searcher.segment_reader(first.segment_ord), entities, of_segment));
        }
        rest = others;
    }
    let counted = opened.on_all_cores(parts, |(segment, entities, hits)| Counted::new(segment, entities, hits, field));
    counted.into_iter().filter_map(tantivy::Result::transpose).collect()
}

impl<'e> Counted<'e> {
    fn new(
        segment: &SegmentReader,
        entities: &'e Entities<'e>,
        hits: &[Scored],
        field: &str,
    ) -> tantivy::Result<Option<Counted<'e>>> {
        let Some(column) = segment.fast_fields().str(field)? else { return Ok(None) };
        let mut values = vec![0u32; entities.values()];
        // An article with two spellings of one has it once.
        let mut repeated: FxHashMap<usize, u32> = FxHashMap::default();
        let mut shared: Vec<usize> = Vec::new();
        let mut ords: Vec<u64> = Vec::new();
        for (_, address) in hits {
            ords.clear();
            ords.extend(column.term_ords(address.doc_id));
            // An author can be named twice.
            if !ords.is_sorted() {
                ords.sort_unstable();
            }
            ords.dedup();
            shared.clear();
            for ord in &ords {
                if let Some(count) = values.get_mut(*ord as usize) {
                    *count += 1;
                }
                let (entity, is_shared) = entities.of(*ord as usize);
                if is_shared {
                    shared.push(entity);
                }
            }
            if shared.len() > 1 {
                shared.sort_unstable();
                let twice = shared.windows(2).filter(|pair| pair.first() == pair.last());
                for entity in twice.filter_map(|pair| pair.first()) {
                    *repeated.entry(*entity).or_default() += 1;
                }
            }
        }
        let mut shared: FxHashMap<usize, (u32, usize)> = FxHashMap::default();
        for (value, count) in values.iter().enumerate().filter(|(_, count)| **count > 0) {
            if let (entity, true) = entities.of(value) {
                let known = shared.entry(entity).or_default();
                *known = (known.0 + count, value);
            }
        }
        for (entity, count) in repeated {
            if let Some((total, _)) = shared.get_mut(&entity) {
                *total -= count;
            }
        }
        Ok(Some(Counted { column, entities, values, shared }))
    }

    /// The hits of each entity, with a value of it that hits have.
    fn totals(&self) -> impl Iterator<Item = (u32, usize)> {
        let values = self.values.iter().enumerate();
        let alone = values.filter(|(value, count)| **count > 0 && !self.entities.of(*value).1);
        alone.map(|(value, count)| (*count, value)).chain(self.shared.values().copied())
    }

    /// The hits of the entity of this number.
    fn total(&self, entity: usize) -> u32 {
        let alone = || self.values.get(entity).copied().unwrap_or(0);
        self.shared.get(&entity).map_or_else(alone, |(total, _)| *total)
    }

    /// Entities, each of so many hits with a value, by what all their spellings have in common; with their hits.
    fn named(&self, mut totals: Vec<(u32, usize)>, field: &str) -> std::io::Result<Vec<(String, u32)>> {
        totals.sort_unstable_by_key(|(_, value)| *value);
        let numbers: Vec<u64> = totals.iter().map(|(_, value)| *value as u64).collect();
        let values = opened::values(&self.column, &numbers)?;
        Ok(values.iter().zip(totals).map(|(value, (total, _))| (lookups::entity(field, value), total)).collect())
    }

    /// The `most` entities of most hits here.
    fn first(&self, most: usize, field: &str) -> std::io::Result<Vec<(String, u32)>> {
        let mut totals: Vec<(u32, usize)> = self.totals().collect();
        if totals.len() > most {
            totals.select_nth_unstable_by_key(most, |(total, value)| (Reverse(*total), *value));
            totals.truncate(most);
        }
        self.named(totals, field)
    }

    /// The entities with at least so many hits here.
    fn leading(&self, least: u32, field: &str) -> std::io::Result<Vec<(String, u32)>> {
        self.named(self.totals().filter(|(total, _)| *total >= least.max(1)).collect(), field)
    }

    /// Every entity that hits have here, or those of `wanted`.
    fn read(&self, field: &str, wanted: Option<&Wanted>) -> std::io::Result<Vec<Found>> {
        let is_wanted = |value: usize| wanted.is_none_or(|wanted| self.entities.may_be(value, wanted));
        let met = self.values.iter().enumerate().filter(|(_, count)| **count > 0).map(|(value, _)| value);
        let values: Vec<u64> = met.filter(|value| is_wanted(*value)).map(|value| value as u64).collect();
        let texts = opened::values(&self.column, &values)?;
        // Nothing for those that only have the mark of one that is wanted.
        let mut found: FxHashMap<usize, Option<Found>> = FxHashMap::default();
        for (value, text) in values.iter().zip(texts) {
            let number = self.entities.of(*value as usize).0;
            let count = self.values.get(*value as usize).map_or(0, |count| *count as usize);
            let known = match found.entry(number) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => {
                    let entity = lookups::entity(field, &text);
                    let is_wanted = wanted.is_none_or(|wanted| wanted.has(&entity));
                    place.insert(is_wanted.then(|| (entity, self.total(number) as usize, Vec::new())))
                }
            };
            if let Some((.., spellings)) = known {
                spellings.push((text, count));
            }
        }
        Ok(found.into_values().flatten().collect())
    }
}

/// The least hits that an entity has in some segment that is among the first `most` of all: those of the last of them,
/// divided by the segments.
fn threshold(totals: &mut [usize], most: usize, segments: usize) -> u32 {
    totals.sort_unstable_by_key(|total| Reverse(*total));
    let last = totals.get(most - 1).copied().unwrap_or(0);
    u32::try_from(last.div_ceil(segments.max(1))).unwrap_or(u32::MAX)
}

/// Of each segment so many times as many are looked at as are wanted, and so many more, to learn how many hits the last of
/// those wanted has at least.
const DEEPER: usize = 2;
const MORE: usize = 20;

/// All that can be among the first `most`, and some others.
fn candidates(counted: &[Counted<'_>], field: &str, most: usize) -> std::io::Result<FxHashSet<String>> {
    // Who leads in a segment has those hits, and those of other segments where they lead too.
    let mut leaders: FxHashMap<String, usize> = FxHashMap::default();
    for segment in counted {
        for (entity, total) in segment.first(most.saturating_mul(DEEPER).saturating_add(MORE), field)? {
            *leaders.entry(entity).or_default() += total as usize;
        }
    }
    let mut totals: Vec<usize> = leaders.values().copied().collect();
    let least = threshold(&mut totals, most, counted.len());
    let mut candidates: FxHashSet<String> = FxHashSet::default();
    for segment in counted {
        candidates.extend(segment.leading(least, field)?.into_iter().map(|(entity, _)| entity));
    }
    Ok(candidates)
}
