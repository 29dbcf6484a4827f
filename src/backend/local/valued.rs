//! Places looked up by value: a term is a name alone, and a question for Texas wants one Paris and not the other.
//!
//! 1. [`every`] gives all places that the articles of an index name; whoever asks picks those that are meant.
//! 2. [`Wanted`] finds the articles that have any of them, by the numbers of the values in the column of each segment,
//!    and counts the hits that each has.
//! 3. [`around`] says which place a name means, and what lies within a distance of it.

use super::filter::{FilterQuery, Test};
use super::opened::{self, Opened};
use super::place_value::PlaceValue;
use super::receipts::Hits;
use super::translate::{self, Translator};
use crate::error::{Error, Kind, Result};
use crate::names;
use crate::names::identity::Identity;
use crate::places::{self, Area, Meanings};
use crate::query::tree::{Around, Near, Place};
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
    let meanings = &*opened.meanings;
    let mut known: BTreeSet<String> = BTreeSet::new();
    for segment in opened.searcher.segment_readers() {
        let Some(values) = segment.fast_fields().str(COLUMN).map_err(failed)? else { continue };
        for value in opened::dictionary(&values).map_err(|error| failed(error.into()))? {
            for group in 0..meanings.groups() {
                let place = PlaceValue::parse(&value).meant(meanings, group);
                if wanted(&place) {
                    known.insert(place.write());
                }
            }
        }
    }
    let mut places: Vec<Place> = known.iter().map(|value| PlaceValue::parse(value).place()).collect();
    places.sort_by(Place::order);
    Ok(places)
}

/// Places that are looked for, by value, with the number of each.
pub(super) struct Wanted {
    numbers: Arc<FxHashMap<String, u32>>,
    length: usize,
}

impl Wanted {
    /// Those of a list; the number of each is its place in the list. What follows one of its name, country and part, and
    /// differs in its point alone, has the number of that: articles may have taken it from several tables.
    pub(super) fn new(places: &[Place]) -> Wanted {
        let mut numbers = FxHashMap::default();
        let mut last: Option<(u32, &Place)> = None;
        for (number, place) in (0u32..).zip(places) {
            let number = last.filter(|(_, known)| known.is_called_as(place)).map_or(number, |(before, _)| before);
            last = Some((number, place));
            numbers.insert(PlaceValue::from(place).write(), number);
        }
        Wanted { numbers: Arc::new(numbers), length: places.len() }
    }

    /// The articles that name any of them; `name` is for `--explain`.
    pub(super) fn query(&self, opened: &Opened, name: String) -> FilterQuery {
        let field = opened.fields.place;
        // The terms lead to the few articles whose values need to be looked at.
        let keys: BTreeSet<String> =
            self.numbers.keys().map(|value| names::key(PlaceValue::parse(value).name)).collect();
        let terms = TermSetQuery::new(keys.iter().map(|key| Term::from_field_text(field, key)));
        let (numbers, meanings) = (self.numbers.clone(), opened.meanings.clone());
        let filter = FilterQuery::new(name, move |segment| {
            let column = Column::open(segment, &numbers, &meanings)?;
            Ok(Box::new(move |doc| column.as_ref().is_some_and(|column| column.wanted(doc).next().is_some())) as Test)
        });
        FilterQuery::of(translate::constant(terms), filter)
    }

    /// How many hits have each.
    pub(super) fn counts(&self, opened: &Opened, hits: &Hits) -> Result<Vec<usize>> {
        let mut counts = vec![0; self.length];
        let failed = |error| opened.failed("counting places in", error);
        let mut seen: Vec<u32> = Vec::new();
        for (ordinal, segment) in opened.searcher.segment_readers().iter().enumerate() {
            let Some(column) = Column::open(segment, &self.numbers, &opened.meanings).map_err(failed)? else {
                continue;
            };
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
    /// For each group of sources, for each value the number of the wanted place, or [`NOT_WANTED`].
    numbers: Vec<Vec<u32>>,
    groups: Groups,
}

/// The group of sources that each article of a segment belongs to, as names of places may mean something else there.
pub(super) struct Groups {
    /// The column of sources with the group of each; none where all sources are in one group.
    sources: Option<(StrColumn, Vec<usize>)>,
}

impl Groups {
    /// Reads the column of sources, where it matters.
    pub(super) fn open(segment: &SegmentReader, meanings: &Meanings) -> tantivy::Result<Groups> {
        let column = if meanings.groups() > 1 { segment.fast_fields().str("source")? } else { None };
        let Some(column) = column else { return Ok(Groups { sources: None }) };
        let groups = opened::dictionary(&column)?.iter().map(|source| meanings.group(source)).collect();
        Ok(Groups { sources: Some((column, groups)) })
    }

    /// The group of an article.
    pub(super) fn of(&self, doc: u32) -> usize {
        let Some((column, groups)) = &self.sources else { return 0 };
        column.term_ords(doc).next().and_then(|source| groups.get(source as usize)).copied().unwrap_or(0)
    }
}

impl Column {
    fn open(
        segment: &SegmentReader,
        wanted: &FxHashMap<String, u32>,
        meanings: &Meanings,
    ) -> tantivy::Result<Option<Column>> {
        let Some(values) = segment.fast_fields().str(COLUMN)? else { return Ok(None) };
        let all = opened::dictionary(&values)?;
        let number = |value: &String, group| {
            let known = match meanings.is_empty() {
                true => wanted.get(value),
                false => wanted.get(&PlaceValue::parse(value).meant(meanings, group).write()),
            };
            known.copied().unwrap_or(NOT_WANTED)
        };
        let of_group = |group| all.iter().map(|value| number(value, group)).collect();
        let numbers = (0..meanings.groups()).map(of_group).collect();
        Ok(Some(Column { values, numbers, groups: Groups::open(segment, meanings)? }))
    }

    /// The numbers of the wanted places of an article.
    fn wanted(&self, doc: u32) -> impl Iterator<Item = u32> {
        let numbers = self.numbers.get(self.groups.of(doc));
        let number = move |value: u64| numbers?.get(value as usize).copied();
        self.values.term_ords(doc).filter_map(number).filter(|number| *number != NOT_WANTED)
    }
}

/// What the place of a question for what is near means, and the places around it.
pub(super) fn around(translator: &Translator<'_>, near: &Near) -> Result<Around> {
    let opened = translator.opened();
    let (centre, taken, others) = match near.point {
        Some(point) => (point, None, Vec::new()),
        None => {
            let mut meant = meant(translator, &near.place)?.into_iter();
            let taken = meant.next().ok_or_else(|| unknown(opened, &near.place))?;
            let point = taken.point.unwrap_or_default();
            (point, Some(taken), meant.collect())
        }
    };
    let distance = |point| places::kilometres(centre, point);
    let places = every(opened, |place| {
        place.point.is_some_and(|point| {
            distance(point) <= near.km && !places::is_area(place.name, place.country, place.region, point)
        })
    })?;
    let km = places.iter().filter_map(|place| place.point).map(distance).collect();
    Ok(Around { taken, others, places, km })
}

/// The places of the index that a name may mean and that have a point, most often named first.
fn meant(translator: &Translator<'_>, name: &str) -> Result<Vec<Place>> {
    let opened = translator.opened();
    let mut places = match name.rsplit_once(',') {
        Some((town, area)) => translator.towns(town, &Area::behind_town(area))?,
        None => Vec::new(),
    };
    if places.is_empty() {
        let identity = Identity::new(COLUMN, &opened.corrections);
        let entity = identity.entity(&names::key(name));
        places = every(opened, |place| identity.entity(&names::key(place.name)) == entity)?;
    }
    if places.is_empty() {
        // `Peking` is indexed as `Beijing`.
        let found = places::whole(name);
        let senses: Vec<_> = found.into_iter().flat_map(|found| found.senses).filter(|sense| !sense.demonym).collect();
        let usual = |place: &PlaceValue<'_>| {
            senses.iter().any(|sense| sense.place.name == place.name && sense.place.country == Some(place.country))
        };
        places = every(opened, usual)?;
    }
    places.retain(|place| place.point.is_some());
    let mut named = Vec::new();
    for key in places.iter().map(|place| names::key(&place.name)).collect::<BTreeSet<_>>() {
        let term = Term::from_field_text(opened.fields.place, &key);
        opened.each_document(&term, |_, address| named.push((0.0, address)))?;
    }
    let counts = Wanted::new(&places).counts(opened, &Hits::new(opened, &named))?;
    let mut counted: Vec<(usize, Place)> = counts.into_iter().zip(places).collect();
    counted.retain(|(count, _)| *count > 0);
    counted.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.order(&b.1)));
    // One place may stand with points that differ a little.
    let mut meant: Vec<Place> = Vec::new();
    for (_, place) in counted {
        if !meant.iter().any(|known| known.label() == place.label()) {
            meant.push(place);
        }
    }
    Ok(meant)
}

/// How many names of the index are suggested for one that it does not have.
const SUGGESTED: usize = 3;

fn unknown(opened: &Opened, name: &str) -> Error {
    let places = every(opened, |place| place.point.is_some()).unwrap_or_default();
    let mut known: Vec<&str> = places.iter().map(|place| place.name.as_str()).collect();
    known.dedup();
    let nearest = names::alike(name, known.into_iter(), SUGGESTED);
    let hint = match nearest.as_slice() {
        [] => {
            "`dateline entities --place` lists the places of the archive; latitude and longitude will do as well".into()
        }
        names => {
            format!("did you mean {}?", names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or "))
        }
    };
    Error::new(Kind::Usage, format!("no article names a place `{name}` that is on the map")).hint(hint)
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
