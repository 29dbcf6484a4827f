//! All hits of a query, their order, and what is counted over them.

use super::deadline::Deadline;
use super::opened::{self, Opened};
use super::schema::column;
use crate::error::Result;
use crate::search::Sort;
use std::cmp::Ordering;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::StrColumn;
use tantivy::query::{EnableScoring, Query, Weight};
use tantivy::{DocAddress, Score, SegmentOrdinal, SegmentReader, TERMINATED};

/// A hit: how well it matches and where it stands.
pub(super) type Scored = (Score, DocAddress);

/// Every hit of `query`, in the order of the index.
pub(super) fn hits(opened: &Opened, query: &dyn Query, scored: bool) -> Result<Vec<Scored>> {
    opened
        .searcher
        .search(query, &Everything { scored, deadline: opened.deadline.clone() })
        .map_err(|error| opened.failed("searching", error))
}

/// Whether `query` has any hit; stops at the first.
pub(super) fn any(opened: &Opened, query: &dyn Query) -> Result<bool> {
    let failed = |error| opened.failed("searching", error);
    let weight = query.weight(EnableScoring::disabled_from_searcher(&opened.searcher)).map_err(failed)?;
    for segment in opened.searcher.segment_readers() {
        let mut scorer = weight.scorer(segment, 1.0).map_err(failed)?;
        let mut doc = scorer.doc();
        while doc != TERMINATED {
            if !segment.is_deleted(doc) {
                return Ok(true);
            }
            doc = scorer.advance();
        }
    }
    Ok(false)
}

struct Everything {
    scored: bool,
    deadline: Deadline,
}

struct EverythingOf {
    ordinal: SegmentOrdinal,
    hits: Vec<Scored>,
}

impl Collector for Everything {
    type Fruit = Vec<Scored>;
    type Child = EverythingOf;

    fn for_segment(&self, ordinal: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<EverythingOf> {
        Ok(EverythingOf { ordinal, hits: Vec::new() })
    }

    fn requires_scoring(&self) -> bool {
        self.scored
    }

    /// As the engine does it, but until the deadline.
    fn collect_segment(
        &self,
        weight: &dyn Weight,
        ordinal: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<Vec<Scored>> {
        let mut of_segment = self.for_segment(ordinal, segment)?;
        let mut scorer = weight.scorer(segment, 1.0)?;
        let mut watch = self.deadline.watch();
        let mut doc = scorer.doc();
        while doc != TERMINATED && !watch.is_over() {
            if !segment.is_deleted(doc) {
                let score = if self.scored { scorer.score() } else { 0.0 };
                of_segment.collect(doc, score);
            }
            doc = scorer.advance();
        }
        Ok(of_segment.harvest())
    }

    fn merge_fruits(&self, fruits: Vec<Vec<Scored>>) -> tantivy::Result<Vec<Scored>> {
        Ok(fruits.into_iter().flatten().collect())
    }
}

impl SegmentCollector for EverythingOf {
    type Fruit = Vec<Scored>;

    fn collect(&mut self, doc: u32, score: Score) {
        self.hits.push((score, DocAddress::new(self.ordinal, doc)));
    }

    fn harvest(self) -> Vec<Scored> {
        self.hits
    }
}

/// The hits from `offset` on, at most `limit` of them (0: all), in the order wanted; ties by id.
pub(super) fn page(opened: &Opened, hits: &[Scored], sort: Sort, offset: usize, limit: usize) -> Result<Vec<Scored>> {
    let wanted = if limit == 0 { hits.len() } else { offset.saturating_add(limit).min(hits.len()) };
    if wanted == 0 || offset >= hits.len() {
        return Ok(Vec::new());
    }
    best(opened, keyed(opened, hits, sort)?, offset, wanted)
}

/// Of hits with a number each, those with the highest from `offset` on up to `wanted`; ties by id.
pub(super) fn best(
    opened: &Opened,
    mut keyed: Vec<(f64, Scored)>,
    offset: usize,
    wanted: usize,
) -> Result<Vec<Scored>> {
    if wanted <= offset {
        return Ok(Vec::new());
    }
    let order = |a: &(f64, Scored), b: &(f64, Scored)| b.0.partial_cmp(&a.0).unwrap_or(Ordering::Equal);
    // Only those that can be on the page are sorted, with those that tie with the last of them.
    if wanted < keyed.len() {
        keyed.select_nth_unstable_by(wanted - 1, order);
        let last = keyed[wanted - 1].0;
        keyed.retain(|(key, _)| *key >= last);
        if keyed.len() > wanted {
            keyed = without_later_ties(opened, keyed, last, wanted)?;
        }
    }
    let ids = ids(opened, &keyed)?;
    let mut named: Vec<(f64, String, Scored)> =
        keyed.into_iter().zip(ids).map(|((key, hit), id)| (key, id, hit)).collect();
    named.sort_by(|a, b| b.0.partial_cmp(&a.0).unwrap_or(Ordering::Equal).then_with(|| a.1.cmp(&b.1)));
    Ok(named.into_iter().skip(offset).take(wanted - offset).map(|(_, _, hit)| hit).collect())
}

/// The column of ids of each segment. Numbers of values are in the order of the values.
fn id_columns(opened: &Opened) -> Result<Vec<Option<StrColumn>>> {
    let segments = opened.searcher.segment_readers().iter();
    segments
        .map(|segment| segment.fast_fields().str(column::ID).map_err(|error| opened.failed("reading ids", error)))
        .collect()
}

/// Of the hits that tie at `last`, only the `wanted` first of each segment: a filter alone makes thousands of ties, and
/// to compare numbers of ids costs a hundredth of reading the ids.
fn without_later_ties(
    opened: &Opened,
    keyed: Vec<(f64, Scored)>,
    last: f64,
    wanted: usize,
) -> Result<Vec<(f64, Scored)>> {
    let columns = id_columns(opened)?;
    let (mut kept, mut tied): (Vec<_>, Vec<_>) = (Vec::new(), vec![Vec::new(); columns.len()]);
    for (key, hit) in keyed {
        let segment = hit.1.segment_ord as usize;
        match columns.get(segment).and_then(Option::as_ref) {
            Some(column) if key == last => {
                tied[segment].push((column.term_ords(hit.1.doc_id).next().unwrap_or(u64::MAX), (key, hit)));
            }
            _ => kept.push((key, hit)),
        }
    }
    for mut ties in tied {
        if ties.len() > wanted {
            ties.select_nth_unstable_by_key(wanted - 1, |(number, _)| *number);
            ties.truncate(wanted);
        }
        kept.extend(ties.into_iter().map(|(_, hit)| hit));
    }
    Ok(kept)
}

/// From this many ids of a segment on, all of its ids are streamed rather than each asked for.
const STREAMED: usize = 1000;

/// The ids of hits.
fn ids(opened: &Opened, keyed: &[(f64, Scored)]) -> Result<Vec<String>> {
    let columns = id_columns(opened)?;
    let mut counts = vec![0usize; columns.len()];
    for (_, hit) in keyed {
        counts[hit.1.segment_ord as usize] += 1;
    }
    let mut streamed = Vec::with_capacity(columns.len());
    for (column, count) in columns.iter().zip(counts) {
        streamed.push(match column {
            Some(column) if count >= STREAMED => {
                Some(opened::dictionary(column).map_err(|error| opened.failed("reading ids", error.into()))?)
            }
            _ => None,
        });
    }
    let id = |hit: &Scored| {
        let segment = hit.1.segment_ord as usize;
        let column = columns.get(segment)?.as_ref()?;
        match streamed.get(segment)? {
            Some(all) => all.get(usize::try_from(column.term_ords(hit.1.doc_id).next()?).ok()?).cloned(),
            None => opened::value(column, hit.1.doc_id),
        }
    };
    Ok(keyed.iter().map(|(_, hit)| id(hit).unwrap_or_default()).collect())
}

/// A number for each hit; higher comes first.
fn keyed(opened: &Opened, hits: &[Scored], sort: Sort) -> Result<Vec<(f64, Scored)>> {
    if sort == Sort::Relevance {
        return Ok(hits.iter().map(|hit| (f64::from(hit.0), *hit)).collect());
    }
    let mut days = Vec::new();
    for segment in opened.searcher.segment_readers() {
        let column =
            segment.fast_fields().i64(column::FIRST).map_err(|error| opened.failed("sorting hits of", error))?;
        days.push(column);
    }
    let key = |address: DocAddress| {
        let day = days.get(address.segment_ord as usize).and_then(|column| column.first(address.doc_id));
        match (sort, day) {
            (_, None) => f64::NEG_INFINITY,
            (Sort::Oldest, Some(day)) => -(day as f64),
            (_, Some(day)) => day as f64,
        }
    };
    Ok(hits.iter().map(|hit| (key(hit.1), *hit)).collect())
}
