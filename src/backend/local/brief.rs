//! A question in short, for lists of thousands: how many articles match, from when to when, and whom and what they name.
//!
//! Names are counted from columns. Which entity a value of a column is, its key and what corrections say of it, is worked
//! out when the value is first met and kept by a [`Counter`], so that each question of a list is quicker than the one
//! before; where a question has a good part of a segment, all values of the segment are worked out in one go.

use super::collect::{self, Scored};
use super::diagnosis;
use super::opened::{self, Opened};
use super::schema::{self, column};
use super::translate::Translator;
use crate::error::Result;
use crate::field::{self, Field, Kind};
use crate::names;
use crate::names::identity::Identity;
use crate::places;
use crate::query::tree::Tree;
use crate::search::{Brief, BriefRequest, FacetValue};
use chrono::{Datelike, NaiveDate};
use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::DocAddress;
use tantivy::columnar::{Column, StrColumn};

/// What a thread counts with.
pub(super) struct Counter {
    people: Values,
    organisations: Values,
    countries: Values,
    /// The first and last day of publication, by segment.
    days: Vec<(Column<i64>, Column<i64>)>,
}

/// The values of a field and the entities that they are.
struct Values {
    field: Option<&'static Field>,
    segments: Vec<Option<Segment>>,
    /// The key of each entity, by its number.
    keys: Vec<String>,
    numbers: FxHashMap<String, u32>,
    /// For the question that is being answered: hits of each entity, and which have any.
    counts: Vec<u32>,
    met: Vec<u32>,
}

/// The values of a segment.
struct Segment {
    column: StrColumn,
    /// For each value the number of its entity, [`UNKNOWN`] or [`IGNORED`].
    entities: Vec<u32>,
    known: usize,
}

const UNKNOWN: u32 = u32::MAX;
const IGNORED: u32 = u32::MAX - 1;

/// All values of a segment are worked out in one go where so many hits for each of them, or more, ask for it.
const HITS_A_VALUE: usize = 8;

impl Counter {
    pub(super) fn new(opened: &Opened) -> Result<Counter> {
        let failed = |error| opened.failed("reading the days of", error);
        let mut days = Vec::new();
        for segment in opened.searcher.segment_readers() {
            let columns = segment.fast_fields();
            days.push((columns.i64(column::FIRST).map_err(failed)?, columns.i64(column::LAST).map_err(failed)?));
        }
        Ok(Counter {
            people: Values::new(opened, "person")?,
            organisations: Values::new(opened, "org")?,
            countries: Values::new(opened, "country")?,
            days,
        })
    }
}

/// Answers a question in short.
pub(super) fn brief(opened: &Opened, counter: &mut Counter, tree: &Tree, request: &BriefRequest) -> Result<Brief> {
    let translator = Translator::new(opened)?;
    let hits = collect::hits(opened, translator.translate(tree)?.as_ref(), false)?;
    let mut brief = Brief { total: hits.len(), ..Brief::default() };
    if hits.is_empty() {
        if request.diagnosis {
            brief.diagnosis = diagnosis::quick(&translator, tree)?;
        }
        return Ok(brief);
    }
    (brief.first, brief.last) = dates(&counter.days, &hits);
    if request.names > 0 {
        let most = request.names;
        brief.people = counter.people.top(opened, &hits, &asked(tree, "person"), most)?;
        brief.organisations = counter.organisations.top(opened, &hits, &asked(tree, "org"), most)?;
        brief.countries = counter.countries.top(opened, &hits, &[], most)?;
    }
    Ok(brief)
}

/// The keys of the names of a field that a question asks for.
fn asked(tree: &Tree, field: &str) -> Vec<String> {
    let mut asked = Vec::new();
    for leaf in tree.positive() {
        if let Tree::Name(name) = leaf
            && name.field.name == field
        {
            asked.extend(name.forms.iter().flatten().cloned());
        }
    }
    asked
}

/// The first and last day that a date can mean.
type Interval = (i64, i64);

/// The dates of the articles whose first possible day is the first and the last; of several the more exact.
fn dates(days: &[(Column<i64>, Column<i64>)], hits: &[Scored]) -> (Option<String>, Option<String>) {
    let (mut first, mut last): (Option<Interval>, Option<Interval>) = (None, None);
    for (_, address) in hits {
        let Some((from, to)) = days.get(address.segment_ord as usize) else { continue };
        let Some(date) = from.first(address.doc_id).zip(to.first(address.doc_id)) else { continue };
        if first.is_none_or(|known| date < known) {
            first = Some(date);
        }
        if last.is_none_or(|known| (date.0, known.1) > (known.0, date.1)) {
            last = Some(date);
        }
    }
    (first.and_then(written), last.and_then(written))
}

/// A date as exact as it is known: a day, a month or a year.
fn written((first, last): Interval) -> Option<String> {
    let (first, last): (NaiveDate, NaiveDate) = (schema::day(first)?, schema::day(last)?);
    Some(match (last - first).num_days() {
        0 => first.to_string(),
        _ if (first.year(), first.month()) == (last.year(), last.month()) => first.format("%Y-%m").to_string(),
        _ => first.format("%Y").to_string(),
    })
}

impl Values {
    fn new(opened: &Opened, name: &str) -> Result<Values> {
        let mut segments = Vec::new();
        for segment in opened.searcher.segment_readers() {
            let failed = |error| opened.failed("counting values in", error);
            let column = segment.fast_fields().str(name).map_err(failed)?;
            let with_room = |column: StrColumn| {
                let values = opened::number_of_values(&column)?;
                Ok(Segment { entities: vec![UNKNOWN; values], column, known: 0 })
            };
            segments.push(column.map(with_room).transpose().map_err(failed)?);
        }
        Ok(Values {
            field: field::find(name),
            segments,
            keys: Vec::new(),
            numbers: FxHashMap::default(),
            counts: Vec::new(),
            met: Vec::new(),
        })
    }

    /// The values of most hits, those of `asked` left out; of equals the first by their keys.
    fn top(&mut self, opened: &Opened, hits: &[Scored], asked: &[String], most: usize) -> Result<Vec<FacetValue>> {
        let Some(field) = self.field else { return Ok(Vec::new()) };
        let identity = Identity::new(field.name, &opened.corrections);
        let asked: FxHashSet<String> = asked.iter().map(|key| identity.entity(key)).collect();
        self.count(opened, hits, &identity, field.kind)?;
        let key = |number: &u32| self.keys.get(*number as usize).map_or("", String::as_str);
        let count = |number: &u32| self.counts.get(*number as usize).copied().unwrap_or(0);
        let mut met: Vec<u32> = self.met.iter().filter(|number| !asked.contains(key(number))).copied().collect();
        let order = |a: &u32, b: &u32| count(b).cmp(&count(a)).then_with(|| key(a).cmp(key(b)));
        if met.len() > most {
            met.select_nth_unstable_by(most, order);
            met.truncate(most);
        }
        met.sort_by(order);
        let counted: Vec<(u32, u32)> = met.iter().map(|number| (*number, count(number))).collect();
        for number in self.met.drain(..) {
            if let Some(count) = self.counts.get_mut(number as usize) {
                *count = 0;
            }
        }
        self.shown(opened, hits, &counted, &identity, field.kind)
    }

    /// Counts the hits of each entity.
    fn count(&mut self, opened: &Opened, hits: &[Scored], identity: &Identity<'_>, kind: Kind) -> Result<()> {
        let mut of_hit: Vec<u32> = Vec::new();
        for (ordinal, hits) in by_segment(hits) {
            self.learn(opened, ordinal, hits.len(), identity, kind)?;
            let Values { segments, keys, numbers, counts, met, .. } = self;
            let Some(segment) = segments.get_mut(ordinal).and_then(Option::as_mut) else { continue };
            for (_, address) in hits {
                of_hit.clear();
                for ord in segment.column.term_ords(address.doc_id) {
                    let place = usize::try_from(ord).unwrap_or(usize::MAX);
                    let Some(entity) = segment.entities.get_mut(place) else { continue };
                    if *entity == UNKNOWN {
                        let mut value = String::new();
                        let found = segment.column.ord_to_str(ord, &mut value);
                        found.map_err(|error| opened.failed("counting values in", error.into()))?;
                        *entity = number(&value, identity, kind, keys, numbers, counts);
                        segment.known += 1;
                    }
                    if *entity != IGNORED {
                        of_hit.push(*entity);
                    }
                }
                // A hit may have several spellings of one.
                of_hit.sort_unstable();
                of_hit.dedup();
                for entity in &of_hit {
                    if let Some(count) = counts.get_mut(*entity as usize) {
                        if *count == 0 {
                            met.push(*entity);
                        }
                        *count += 1;
                    }
                }
            }
        }
        Ok(())
    }

    /// Works out all values of a segment where many will be needed.
    fn learn(
        &mut self,
        opened: &Opened,
        ordinal: usize,
        hits: usize,
        identity: &Identity<'_>,
        kind: Kind,
    ) -> Result<()> {
        let Values { segments, keys, numbers, counts, .. } = self;
        let Some(segment) = segments.get_mut(ordinal).and_then(Option::as_mut) else { return Ok(()) };
        let values = segment.entities.len();
        if segment.known * 2 > values || hits.saturating_mul(HITS_A_VALUE) < values {
            return Ok(());
        }
        let failed = |error: std::io::Error| opened.failed("counting values in", error.into());
        let mut stream = segment.column.dictionary().stream().map_err(failed)?;
        for entity in &mut segment.entities {
            if !stream.advance() {
                break;
            }
            if *entity == UNKNOWN {
                let value = String::from_utf8_lossy(stream.key());
                *entity = number(&value, identity, kind, keys, numbers, counts);
            }
        }
        segment.known = values;
        Ok(())
    }

    /// The entities as they are shown: as a user says, by the usual name, or in the spelling of most hits.
    fn shown(
        &self,
        opened: &Opened,
        hits: &[Scored],
        counted: &[(u32, u32)],
        identity: &Identity<'_>,
        kind: Kind,
    ) -> Result<Vec<FacetValue>> {
        let mut spellings: Vec<FxHashMap<String, usize>> = vec![FxHashMap::default(); counted.len()];
        let mut of_segment: FxHashMap<u64, (usize, usize)> = FxHashMap::default();
        for (ordinal, hits) in by_segment(hits) {
            let Some(segment) = self.segments.get(ordinal).and_then(Option::as_ref) else { continue };
            of_segment.clear();
            for (_, address) in hits {
                for ord in segment.column.term_ords(address.doc_id) {
                    let entity = usize::try_from(ord).ok().and_then(|place| segment.entities.get(place));
                    let place = counted.iter().position(|(number, _)| Some(number) == entity);
                    if let Some(place) = place {
                        of_segment.entry(ord).or_insert((place, 0)).1 += 1;
                    }
                }
            }
            for (ord, (place, count)) in &of_segment {
                let mut value = String::new();
                let found = segment.column.ord_to_str(*ord, &mut value);
                found.map_err(|error| opened.failed("counting values in", error.into()))?;
                if let Some(known) = spellings.get_mut(*place) {
                    *known.entry(value).or_default() += count;
                }
            }
        }
        let values = counted.iter().zip(spellings).map(|((_, count), spellings)| {
            let mut spellings: Vec<(String, usize)> = spellings.into_iter().collect();
            spellings.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            let named = || spellings.iter().filter(|_| kind == Kind::Name).map(|(value, _)| names::key(value));
            let said = named().find_map(|key| identity.shown(&key));
            let usual = || named().find_map(|key| identity.usual(&key));
            let commonest = || spellings.first().map_or("", |(value, _)| value.as_str());
            let value = said.or_else(usual).unwrap_or_else(commonest).to_owned();
            let label = places::country_name(&value).filter(|_| kind == Kind::Country).unwrap_or(&value).to_owned();
            FacetValue { value, label, count: *count as usize, ..FacetValue::default() }
        });
        Ok(values.collect())
    }
}

/// The number of the entity that a value is.
fn number(
    value: &str,
    identity: &Identity<'_>,
    kind: Kind,
    keys: &mut Vec<String>,
    numbers: &mut FxHashMap<String, u32>,
    counts: &mut Vec<u32>,
) -> u32 {
    let entity = match kind {
        Kind::Name => {
            let key = names::key(value);
            if identity.is_ignored(&key) {
                return IGNORED;
            }
            identity.entity(&key)
        }
        _ => value.to_owned(),
    };
    if let Some(number) = numbers.get(&entity) {
        return *number;
    }
    let number = keys.len() as u32;
    keys.push(entity.clone());
    counts.push(0);
    numbers.insert(entity, number);
    number
}

/// Hits, which are in the order of the index, by the number of their segment.
fn by_segment(hits: &[Scored]) -> impl Iterator<Item = (usize, &[Scored])> {
    let same = |a: &Scored, b: &Scored| a.1.segment_ord == b.1.segment_ord;
    hits.chunk_by(same).filter_map(|hits| {
        let (_, DocAddress { segment_ord, .. }) = hits.first()?;
        Some((*segment_ord as usize, hits))
    })
}
