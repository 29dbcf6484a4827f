//! Names counted over hits with the lists that say which of them are one.
//!
//! 1. Each segment counts its values, and by those its entities; an article with two spellings of one counts once.
//! 2. Where only the first few are wanted, [`Counted::leading`] finds who can be among them: who is not among the
//!    first of any segment, by [`threshold`], cannot be among the first of all.
//! 3. Only of these names are read, and counts of all segments added.

use super::super::collect::Scored;
use super::super::lookups::{self, Entities};
use super::super::opened::{self, Opened};
use super::{Tallied, Tally};
use crate::error::Result;
use crate::field::Kind;
use crate::names::identity::Identity;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;
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
    /// Hits of each entity.
    totals: Vec<u32>,
    /// A value of each entity that hits have.
    named: Vec<u32>,
}

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
        _ => Some(candidates(&counted, field, most).map_err(io)?),
    };
    // The counts of every candidate, with its spellings.
    let mut found: FxHashMap<String, (usize, FxHashMap<String, usize>)> = FxHashMap::default();
    for segment in &counted {
        let numbers = candidates.as_ref().map(|wanted| segment.numbers(wanted));
        for (entity, total, spellings) in segment.read(field, numbers.as_ref()).map_err(io)? {
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
        let mut totals: Vec<u32> = Vec::new();
        let mut named: Vec<u32> = Vec::new();
        for (value, count) in values.iter().enumerate().filter(|(_, count)| **count > 0) {
            let (entity, _) = entities.of(value);
            if totals.len() <= entity {
                totals.resize(entity + 1, 0);
                named.resize(entity + 1, 0);
            }
            if let (Some(total), Some(name)) = (totals.get_mut(entity), named.get_mut(entity)) {
                *total += count;
                *name = value as u32;
            }
        }
        for (entity, count) in repeated {
            if let Some(total) = totals.get_mut(entity) {
                *total -= count;
            }
        }
        Ok(Some(Counted { column, entities, values, totals, named }))
    }

    /// The entities with at least so many hits here, by what all their spellings have in common.
    fn leading(&self, least: u32, field: &str) -> std::io::Result<Vec<String>> {
        let leading = self.totals.iter().zip(&self.named).filter(|(total, _)| **total >= least.max(1));
        let mut names: Vec<u64> = leading.map(|(_, name)| u64::from(*name)).collect();
        names.sort_unstable();
        let values = opened::values(&self.column, &names)?;
        Ok(values.iter().map(|value| lookups::entity(field, value)).collect())
    }

    /// The hits of an entity here.
    fn total(&self, entity: &str) -> usize {
        let number = self.entities.number(entity);
        number.and_then(|number| self.totals.get(number)).map_or(0, |total| *total as usize)
    }

    /// The numbers of entities that hits have here.
    fn numbers<'w>(&self, wanted: &'w FxHashSet<String>) -> FxHashMap<usize, &'w str> {
        let number = |entity: &'w String| Some((self.entities.number(entity)?, entity.as_str()));
        wanted.iter().filter_map(number).collect()
    }

    /// Every entity that hits have here, or those of `wanted`, with its hits and those of each spelling.
    #[expect(clippy::type_complexity, reason = "entity, hits, spellings")]
    fn read(
        &self,
        field: &str,
        wanted: Option<&FxHashMap<usize, &str>>,
    ) -> std::io::Result<Vec<(String, usize, Vec<(String, usize)>)>> {
        let is_wanted = |value: usize| wanted.is_none_or(|wanted| wanted.contains_key(&self.entities.of(value).0));
        let met = self.values.iter().enumerate().filter(|(_, count)| **count > 0).map(|(value, _)| value);
        let values: Vec<u64> = met.filter(|value| is_wanted(*value)).map(|value| value as u64).collect();
        let texts = opened::values(&self.column, &values)?;
        let mut found: FxHashMap<usize, (String, usize, Vec<(String, usize)>)> = FxHashMap::default();
        for (value, text) in values.iter().zip(texts) {
            let number = self.entities.of(*value as usize).0;
            let count = self.values.get(*value as usize).map_or(0, |count| *count as usize);
            let entry = found.entry(number).or_insert_with(|| {
                let known = wanted.and_then(|wanted| wanted.get(&number)).map(|entity| (*entity).to_owned());
                let total = self.totals.get(number).map_or(0, |total| *total as usize);
                (known.unwrap_or_else(|| lookups::entity(field, &text)), total, Vec::new())
            });
            entry.2.push((text, count));
        }
        Ok(found.into_values().collect())
    }
}

/// The least hits that an entity has in some segment that is among the first `most` of all: those of the last of them,
/// divided by the segments.
fn threshold(totals: &mut [usize], most: usize, segments: usize) -> u32 {
    totals.sort_unstable_by_key(|total| Reverse(*total));
    let last = totals.get(most - 1).copied().unwrap_or(0);
    u32::try_from(last.div_ceil(segments.max(1))).unwrap_or(u32::MAX)
}

/// All that can be among the first `most`, and some others.
fn candidates(counted: &[Counted<'_>], field: &str, most: usize) -> std::io::Result<FxHashSet<String>> {
    // Whoever leads in the segments has at least so many hits in all.
    let mut leaders: FxHashSet<String> = FxHashSet::default();
    for segment in counted {
        let mut totals: Vec<u32> = segment.totals.iter().copied().filter(|total| *total > 0).collect();
        let least = match totals.len() > most {
            true => *totals.select_nth_unstable_by_key(most - 1, |total| Reverse(*total)).1,
            false => 1,
        };
        leaders.extend(segment.leading(least, field)?);
    }
    let in_all = |entity: &String| counted.iter().map(|segment| segment.total(entity)).sum();
    let mut totals: Vec<usize> = leaders.iter().map(in_all).collect();
    let least = threshold(&mut totals, most, counted.len());
    for segment in counted {
        leaders.extend(segment.leading(least, field)?);
    }
    Ok(leaders)
}
