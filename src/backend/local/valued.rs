//! Places looked up by value: a term is a name alone, and a question for Texas wants one Paris and not the other.
//!
//! 1. [`every`] gives all places that the articles of an index name; whoever asks picks those that are meant.
//! 2. [`Wanted`] finds the articles that have any of them, by the numbers of the values in the column of each segment,
//!    and counts the hits that each has.

use super::filter::{FilterQuery, Test};
use super::opened::{self, Opened};
use super::place_value::PlaceValue;
use super::receipts::Hits;
use crate::error::Result;
use crate::names;
use crate::query::tree::Place;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::sync::Arc;
use tantivy::columnar::StrColumn;
use tantivy::query::TermSetQuery;
use tantivy::{SegmentReader, Term};

/// The column of places.
const COLUMN: &str = "place";
/// In a list of numbers: none of those that are wanted.
const NOT_WANTED: u32 = u32::MAX;

/// Every place of the index that `wanted` takes, in order; some may be of articles that were removed since.
pub(super) fn every(opened: &Opened, wanted: impl Fn(&PlaceValue<'_>) -> bool) -> Result<Vec<Place>> {
    let failed = |error| opened.failed("reading the places of", error);
    let mut known: BTreeSet<String> = BTreeSet::new();
    for segment in opened.searcher.segment_readers() {
        let Some(values) = segment.fast_fields().str(COLUMN).map_err(failed)? else { continue };
        let all = opened::dictionary(&values).map_err(|error| failed(error.into()))?;
        known.extend(all.into_iter().filter(|value| wanted(&PlaceValue::parse(value))));
    }
    let mut places: Vec<Place> = known.iter().map(|value| PlaceValue::parse(value).place()).collect();
    places.sort_by(Place::order);
    Ok(places)
}

/// Places that are looked for, by value, with the number of each.
pub(super) struct Wanted {
    numbers: Arc<FxHashMap<String, u32>>,
}

impl Wanted {
    /// Those of a list; the number of each is its place in the list.
    pub(super) fn new(places: &[Place]) -> Wanted {
        let numbered = (0u32..).zip(places);
        Wanted {
            numbers: Arc::new(numbered.map(|(number, place)| (PlaceValue::from(place).write(), number)).collect()),
        }
    }

    /// The articles that name any of them; `name` is for `--explain`.
    pub(super) fn query(&self, opened: &Opened, name: String) -> FilterQuery {
        let field = opened.fields.place;
        // The terms lead to the few articles whose values need to be looked at.
        let keys: BTreeSet<String> =
            self.numbers.keys().map(|value| names::key(PlaceValue::parse(value).name)).collect();
        let terms = TermSetQuery::new(keys.iter().map(|key| Term::from_field_text(field, key)));
        let numbers = self.numbers.clone();
        let filter = FilterQuery::new(name, move |segment| {
            let column = Column::open(segment, &numbers)?;
            Ok(Box::new(move |doc| column.as_ref().is_some_and(|column| column.wanted(doc).next().is_some())) as Test)
        });
        FilterQuery::of(super::translate::constant(terms), filter)
    }

    /// How many hits have each.
    pub(super) fn counts(&self, opened: &Opened, hits: &Hits) -> Result<Vec<usize>> {
        let mut counts = vec![0; self.numbers.len()];
        let failed = |error| opened.failed("counting places in", error);
        let mut seen: Vec<u32> = Vec::new();
        for (ordinal, segment) in opened.searcher.segment_readers().iter().enumerate() {
            let Some(column) = Column::open(segment, &self.numbers).map_err(failed)? else { continue };
            for doc in hits.of(ordinal) {
                seen.clear();
                seen.extend(column.wanted(doc));
                seen.sort_unstable();
                seen.dedup();
                for number in &seen {
                    if let Some(count) = counts.get_mut(*number as usize) {
                        *count += 1;
                    }
                }
            }
        }
        Ok(counts)
    }
}

/// The column of places of a segment, with what is wanted of it.
struct Column {
    values: StrColumn,
    /// For each value the number of the wanted place, or [`NOT_WANTED`].
    numbers: Vec<u32>,
}

impl Column {
    fn open(segment: &SegmentReader, wanted: &FxHashMap<String, u32>) -> tantivy::Result<Option<Column>> {
        let Some(values) = segment.fast_fields().str(COLUMN)? else { return Ok(None) };
        let number = |value: String| wanted.get(&value).copied().unwrap_or(NOT_WANTED);
        let numbers = opened::dictionary(&values)?.into_iter().map(number).collect();
        Ok(Some(Column { values, numbers }))
    }

    /// The numbers of the wanted places of an article.
    fn wanted(&self, doc: u32) -> impl Iterator<Item = u32> {
        let number = |value: u64| self.numbers.get(value as usize).copied();
        self.values.term_ords(doc).filter_map(number).filter(|number| *number != NOT_WANTED)
    }
}

/// Places as a list for `--explain`: the first few, and how many more.
pub(super) fn listed(places: &[Place]) -> String {
    /// So many are named.
    const NAMED: usize = 20;
    let mut labels: Vec<String> = places.iter().map(Place::label).collect();
    labels.dedup();
    let more = labels.len().saturating_sub(NAMED);
    labels.truncate(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", labels.join(", "))
}
