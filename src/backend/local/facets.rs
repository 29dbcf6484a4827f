//! What is counted over the hits of a query: values of fields (of dates the years), the entities behind names, months.
//!
//! Which names are spellings of one stands beside each segment ([`mod@entities`]), as long as no user says otherwise; then,
//! and for other fields, every value that the hits have is gone through.

mod entities;

use super::collect::Scored;
use super::opened::{self, Opened};
use super::place_value::PlaceValue;
use super::schema::{self, column};
use super::timeline;
use super::tokenise;
use super::valued::Groups;
use crate::error::Result;
use crate::field::{self, Field, Kind};
use crate::names::identity::Identity;
use crate::places::Meanings;
use crate::search::{Entity, FacetValue, FormCount, Of};
use crate::{names, places};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use tantivy::DocAddress;

/// A value in all its spellings.
#[derive(Debug, PartialEq)]
struct Tallied {
    /// The spelling of most hits, or the one that is said to be shown.
    shown: String,
    /// Hits that have it in any spelling.
    count: usize,
    /// Each spelling with its hits, commonest first.
    spellings: Vec<(String, usize)>,
}

/// The values of a field over all hits, most frequent first, ties by value, at most `most` (0: all); and how many there
/// are, where that is known.
pub(super) fn facet(
    opened: &Opened,
    hits: &[Scored],
    name: &str,
    most: usize,
) -> Result<(Vec<FacetValue>, Option<usize>)> {
    let Some(field) = field::find(name).filter(|field| field.facet) else { return Ok((Vec::new(), Some(0))) };
    let of = match field.kind {
        Kind::Published => Some(Of::Published),
        Kind::Spoken => Some(Of::Mentions),
        _ => None,
    };
    let (mut values, distinct) = match of {
        Some(of) => {
            let years = timeline::years(opened, hits, of)?;
            let distinct = years.len();
            (years, Some(distinct))
        }
        None => {
            let tally = tally(opened, hits, field, most)?;
            let labelled = |value: Tallied| labelled(field.kind, &value.shown, value.count);
            (tally.values.into_iter().map(labelled).collect(), tally.distinct)
        }
    };
    values.truncate(if most == 0 { values.len() } else { most });
    Ok((values, distinct))
}

/// The entities of a field of names over all hits, most frequent first, ties by name.
pub(super) fn entities(opened: &Opened, hits: &[Scored], name: &str) -> Result<Vec<Entity>> {
    let Some(field) = field::find(name).filter(|field| field.kind == Kind::Name) else { return Ok(Vec::new()) };
    let values = tally(opened, hits, field, 0)?.values.into_iter().map(|value| {
        let shown = PlaceValue::parse(&value.shown);
        Entity {
            name: shown.name.to_owned(),
            country: (!shown.country.is_empty()).then(|| shown.country.to_owned()),
            articles: value.count,
            spellings: value
                .spellings
                .into_iter()
                .map(|(form, count)| FormCount { form: PlaceValue::parse(&form).name.to_owned(), count })
                .collect(),
        }
    });
    Ok(values.collect())
}

/// How many hits were published in each month, in order.
pub(super) fn months(opened: &Opened, hits: &[Scored]) -> Result<Vec<(String, usize)>> {
    let mut columns = Vec::new();
    for segment in opened.searcher.segment_readers() {
        let column = segment.fast_fields().i64(column::FIRST);
        columns.push(column.map_err(|error| opened.failed("reading the days of", error))?);
    }
    let mut months: BTreeMap<String, usize> = BTreeMap::new();
    for (_, address) in hits {
        let day = columns.get(address.segment_ord as usize).and_then(|column| column.first(address.doc_id));
        if let Some(day) = day.and_then(schema::day) {
            *months.entry(day.format("%Y-%m").to_string()).or_default() += 1;
        }
    }
    Ok(months.into_iter().collect())
}

/// Values of a field over all hits, most hits first.
struct Tally {
    values: Vec<Tallied>,
    /// How many there are; none where only the first were looked for.
    distinct: Option<usize>,
}

/// The values of a field over all hits, spellings of one joined; the `most` of most hits, or all where that is 0.
fn tally(opened: &Opened, hits: &[Scored], field: &Field, most: usize) -> Result<Tally> {
    if field.kind == Kind::Name
        && !opened.corrections.speak_of(field.name)
        && (field.name != "place" || opened.meanings.is_empty())
        && let Some(entities) = opened.lookups().entities(field.name)
    {
        return entities::tally(opened, hits, field.name, &entities, most, entities::FEW);
    }
    let values = gone_through(opened, hits, field)?;
    Ok(Tally { distinct: Some(values.len()), values })
}

/// Every value of a field, by going through all that the hits have.
fn gone_through(opened: &Opened, hits: &[Scored], field: &Field) -> Result<Vec<Tallied>> {
    let identity = Identity::new(field.name, &opened.corrections);
    // Names of places may mean something else in the articles of some sources.
    let none = Meanings::default();
    let meanings = if field.name == "place" { &*opened.meanings } else { &none };
    let number_of_groups = meanings.groups();
    let key_of = |value: &str| key(identity, field.kind, value);
    // For each value as looked up: how many hits have it, and how many have each spelling.
    let mut counts: FxHashMap<String, (usize, FxHashMap<String, usize>)> = FxHashMap::default();
    let failed = |error| opened.failed("counting values in", error);
    let mut at = 0;
    while at < hits.len() {
        let ordinal = hits[at].1.segment_ord;
        let end = at + hits[at..].partition_point(|hit| hit.1.segment_ord == ordinal);
        let segment = opened.searcher.segment_reader(ordinal);
        if let Some(values) = segment.fast_fields().str(field.name).map_err(failed)? {
            let groups = Groups::open(segment, meanings).map_err(failed)?;
            let mut seen = vec![0usize; opened::number_of_values(&values).map_err(failed)? * number_of_groups];
            let mut ords: Vec<u64> = Vec::new();
            // The values of a hit, each with its group; an author can be named twice.
            let each = |address: DocAddress, ords: &mut Vec<u64>| {
                ords.clear();
                let group = groups.of(address.doc_id) as u64;
                ords.extend(values.term_ords(address.doc_id).map(|ord| ord * number_of_groups as u64 + group));
                ords.sort_unstable();
                ords.dedup();
            };
            for (_, address) in &hits[at..end] {
                each(*address, &mut ords);
                for ord in &ords {
                    if let Some(count) = seen.get_mut(*ord as usize) {
                        *count += 1;
                    }
                }
            }
            let mut spellings = Spellings::default();
            let met: Vec<usize> =
                (0..seen.len()).filter(|ord| seen.get(*ord).is_some_and(|count| *count > 0)).collect();
            let numbers: Vec<u64> = met.iter().map(|ord| (ord / number_of_groups) as u64).collect();
            let texts = opened::values(&values, &numbers).map_err(|error| failed(error.into()))?;
            for (ord, value) in met.into_iter().zip(texts) {
                let count = seen.get(ord).copied().unwrap_or(0);
                let value = match meanings.is_empty() {
                    true => value,
                    false => PlaceValue::parse(&value).meant(meanings, ord % number_of_groups).write(),
                };
                let Some(key) = key_of(&value) else { continue };
                spellings.add(ord as u64, &key);
                let known = counts.entry(key).or_default();
                known.0 += count;
                *known.1.entry(value).or_default() += count;
            }
            // A hit with two spellings of one value has it once.
            if spellings.shared {
                for (_, address) in &hits[at..end] {
                    each(*address, &mut ords);
                    for key in spellings.repeated(&ords) {
                        if let Some(known) = counts.get_mut(key) {
                            known.0 -= 1;
                        }
                    }
                }
            }
        }
        at = end;
    }
    let mut values: Vec<Tallied> = counts
        .into_values()
        .filter(|(count, _)| *count > 0)
        .filter_map(|(count, spellings)| Tallied::of(count, spellings.into_iter().collect(), identity, field.kind))
        .collect();
    values.sort_by(Tallied::order);
    Ok(values)
}

impl Tallied {
    /// A value with so many hits in these spellings; nothing without any.
    fn of(count: usize, mut spellings: Vec<(String, usize)>, identity: Identity<'_>, kind: Kind) -> Option<Tallied> {
        spellings.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let shown = shown(identity, kind, &spellings)?;
        Some(Tallied { shown, count, spellings })
    }

    /// Most hits first, ties by what is shown.
    fn order(a: &Tallied, b: &Tallied) -> std::cmp::Ordering {
        b.count.cmp(&a.count).then_with(|| a.shown.cmp(&b.shown))
    }
}

/// What all spellings of a value have in common, for a value as the column has it; none for what a user says is no name.
pub(super) fn key(identity: Identity<'_>, kind: Kind, value: &str) -> Option<String> {
    match kind {
        Kind::Name => {
            let place = PlaceValue::parse(value);
            let key = names::key(place.name);
            if identity.is_ignored(&key) {
                return None;
            }
            let entity = identity.entity(&key);
            Some(PlaceValue { name: &entity, point: None, ..place }.write())
        }
        Kind::Keyword => Some(tokenise::keyword(value)),
        _ => Some(value.to_owned()),
    }
}

/// The one of several spellings of a value, commonest first, that is shown.
pub(super) fn shown(identity: Identity<'_>, kind: Kind, spellings: &[(String, usize)]) -> Option<String> {
    let said = spellings.iter().find_map(|(value, _)| {
        let place = PlaceValue::parse(value);
        let shown = identity.shown(&names::key(place.name)).filter(|_| kind == Kind::Name)?;
        Some(PlaceValue { name: shown, ..place }.write())
    });
    let usual = || {
        let mut values = spellings.iter().map(|(value, _)| value.as_str());
        values.find_map(|value| identity.usual(&names::key(value))).filter(|_| kind == Kind::Name)
    };
    said.or_else(|| usual().map(str::to_owned)).or_else(|| spellings.first().map(|(value, _)| value.clone()))
}

/// Which values of a segment are spellings of one.
#[derive(Default)]
struct Spellings {
    numbers: FxHashMap<String, u32>,
    keys: Vec<String>,
    of: FxHashMap<u64, u32>,
    /// Whether any value has several.
    shared: bool,
}

impl Spellings {
    fn add(&mut self, ord: u64, key: &str) {
        let number = match self.numbers.get(key) {
            Some(number) => {
                self.shared = true;
                *number
            }
            None => {
                let number = self.keys.len() as u32;
                self.keys.push(key.to_owned());
                self.numbers.insert(key.to_owned(), number);
                number
            }
        };
        self.of.insert(ord, number);
    }

    /// The key of every value among `ords` that is a further spelling of one before it.
    fn repeated(&self, ords: &[u64]) -> impl Iterator<Item = &String> {
        let mut numbers: Vec<u32> = ords.iter().filter_map(|ord| self.of.get(ord).copied()).collect();
        numbers.sort_unstable();
        let repeated: Vec<u32> = numbers.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        repeated.into_iter().filter_map(|number| self.keys.get(number as usize))
    }
}

/// Degrees with the two places that a value of a place has.
fn degrees(value: f32) -> f64 {
    (f64::from(value) * 100.0).round() / 100.0
}

/// A value as it is shown, with what is known of it.
pub(super) fn labelled(kind: Kind, value: &str, count: usize) -> FacetValue {
    let place = PlaceValue::parse(value);
    let label = match kind {
        Kind::Country => places::country_name(value).unwrap_or(value).to_owned(),
        _ if place.country.is_empty() || places::country_name(place.country) == Some(place.name) => {
            place.name.to_owned()
        }
        _ if place.region.is_empty() || place.region == place.name => format!("{} ({})", place.name, place.country),
        _ => format!("{} ({}, {})", place.name, place.region, place.country),
    };
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let (country, point) = match kind {
        Kind::Country => (some(value), places::country(value).and_then(|place| place.point)),
        _ => (some(place.country), place.point),
    };
    FacetValue {
        value: place.name.to_owned(),
        label,
        count,
        country,
        region: some(place.region),
        lat: point.map(|point| degrees(point.0)),
        lon: point.map(|point| degrees(point.1)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::lookup_tests;
    use super::*;

    #[test]
    fn the_first_names_are_those_of_all_gone_through() {
        for seed in 0..20 {
            let folder = tempfile::tempdir().unwrap();
            lookup_tests::build(folder.path(), seed);
            let opened = opened::open(folder.path()).unwrap();
            let mut hits: Vec<Scored> = Vec::new();
            let every = tantivy::Term::from_field_text(opened.fields.sort, schema::ARTICLE);
            opened.each_document(&every, |_, address| hits.push((0.0, address))).unwrap();
            for name in ["person", "org", "place", "author"] {
                let entities = opened.lookups().entities(name).expect("every segment has its list");
                let all = gone_through(&opened, &hits, field::find(name).unwrap()).unwrap();
                for most in 0..6 {
                    let first = entities::tally(&opened, &hits, name, &entities, most, 0).unwrap();
                    let expected = if most == 0 { all.len() } else { most.min(all.len()) };
                    assert_eq!(first.values, all[..expected], "{seed} {name} {most}");
                    assert_eq!(first.distinct, (most == 0).then_some(all.len()), "{seed} {name} {most}");
                }
            }
        }
    }
}
