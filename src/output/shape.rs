//! How results look in JSON: borrowed views that fix which keys there are and in what order.
//!
//! Keys and order are those of the JSON contract; additions stand after the keys of their object that
//! the contract names, or before the long lists.

use super::columns::Column;
use super::extraction::Mentions;
use super::{SCHEMA, Style, visible};
use crate::article::{Article, Confidence, Found, Placed, Precision, Provenance, Published};
use crate::search::{Hit, Results, ScorePart};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use std::io::{self, Write};

/// A whole answer.
pub(super) struct Document<'a>(pub(super) &'a Results);

/// One hit as a document of its own.
pub(super) struct HitLine<'a>(pub(super) &'a Hit);

/// A whole answer, of whose hits only some columns are wanted.
pub(super) struct ChosenDocument<'a>(pub(super) &'a Results, pub(super) &'a [&'a Column]);

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        document(self.0, &List(&self.0.hits, InDocument), serializer)
    }
}

impl Serialize for ChosenDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let chosen = |hit| ChosenHit { hit, columns: self.1, line: false };
        document(self.0, &List(&self.0.hits, chosen), serializer)
    }
}

fn document<S: Serializer>(results: &Results, hits: &impl Serialize, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry("schema", &SCHEMA)?;
    map.serialize_entry("query", &results.query)?;
    map.serialize_entry("parsed", &results.parsed)?;
    map.serialize_entry("total", &results.total)?;
    map.serialize_entry("offset", &results.offset)?;
    map.serialize_entry("took_ms", &results.took_ms)?;
    map.serialize_entry("articles", &results.articles)?;
    map.serialize_entry("unread", &results.unread)?;
    map.serialize_entry("expansions", &results.expansions)?;
    map.serialize_entry("warnings", &results.warnings)?;
    if !results.diagnosis.is_empty() {
        map.serialize_entry("diagnosis", &results.diagnosis)?;
    }
    map.serialize_entry("hits", hits)?;
    map.serialize_entry("facets", &results.facets)?;
    map.end()
}

/// A hit in another document, or null.
pub(super) fn as_hit<S: Serializer>(hit: &Option<Hit>, serializer: S) -> Result<S::Ok, S::Error> {
    hit.as_ref().map(InDocument).serialize(serializer)
}

/// A hit among others.
struct InDocument<'a>(&'a Hit);

impl Serialize for InDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        hit(self.0, &mut map)?;
        map.end()
    }
}

impl Serialize for HitLine<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schema", &SCHEMA)?;
        hit(self.0, &mut map)?;
        map.end()
    }
}

/// One hit as a document of its own, with the whole text and the mentions in it.
pub(super) struct FullLine<'a>(pub(super) &'a Hit, pub(super) &'a Article, pub(super) &'a Found);

impl Serialize for FullLine<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let FullLine(of, article, found) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schema", &SCHEMA)?;
        hit(of, &mut map)?;
        map.serialize_entry("text", &article.text)?;
        map.serialize_entry("mentions", &Mentions { text: &article.text, mentions: &found.mentions })?;
        map.end()
    }
}

/// Some columns of a hit, as a document of its own or among others.
pub(super) struct ChosenHit<'a> {
    pub(super) hit: &'a Hit,
    pub(super) columns: &'a [&'a Column],
    pub(super) line: bool,
}

impl Serialize for ChosenHit<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if self.line {
            map.serialize_entry("schema", &SCHEMA)?;
        }
        for column in self.columns {
            if !entry(self.hit, column.name, &mut map)? {
                map.serialize_entry(column.name, &(column.cell)(self.hit))?;
            }
        }
        map.end()
    }
}

/// The keys of a hit, in their order.
const KEYS: [&str; 22] = [
    "id",
    "score",
    "score_parts",
    "title",
    "path",
    "member",
    "source",
    "language",
    "published",
    "snippets",
    "people",
    "organisations",
    "places",
    "countries",
    "title_spans",
    "matched_dates",
    "reported_from",
    "agencies",
    "authors",
    "section",
    "url",
    "shared",
];

/// Adds what a hit says of itself.
pub(super) fn hit<M: SerializeMap>(hit: &Hit, map: &mut M) -> Result<(), M::Error> {
    KEYS.iter().try_for_each(|key| entry(hit, key, map).map(|_| ()))
}

/// Adds what a hit says under a key; whether there is such a key.
fn entry<M: SerializeMap>(hit: &Hit, key: &str, map: &mut M) -> Result<bool, M::Error> {
    match key {
        "id" => map.serialize_entry(key, &hit.id),
        "score" => map.serialize_entry(key, &rounded(hit.score, 4)),
        "score_parts" if hit.score_parts.is_empty() => Ok(()),
        "score_parts" => {
            let part = |part: &ScorePart| (part.what.clone(), rounded(part.value, 4));
            map.serialize_entry(key, &hit.score_parts.iter().map(part).collect::<Vec<_>>())
        }
        "title" => map.serialize_entry(key, &hit.title),
        "path" => map.serialize_entry(key, &hit.path),
        "member" => map.serialize_entry(key, &hit.member),
        "source" => map.serialize_entry(key, &hit.source),
        "language" => map.serialize_entry(key, &hit.language),
        "published" => map.serialize_entry(key, &hit.published.as_ref().map(PublishedShape::of)),
        "snippets" => map.serialize_entry(key, &hit.snippets),
        "people" => map.serialize_entry(key, &hit.people),
        "organisations" => map.serialize_entry(key, &hit.organisations),
        "places" => map.serialize_entry(key, &List(&hit.places, HitPlace::of)),
        "countries" => map.serialize_entry(key, &hit.countries),
        "title_spans" => map.serialize_entry(key, &hit.title_spans),
        "matched_dates" => map.serialize_entry(key, &hit.matched_dates),
        "reported_from" => map.serialize_entry(key, &hit.reported_from),
        "agencies" => map.serialize_entry(key, &hit.agencies),
        "authors" => map.serialize_entry(key, &hit.authors),
        "section" => map.serialize_entry(key, &hit.section),
        "url" => map.serialize_entry(key, &hit.url),
        "shared" if hit.shared.is_empty() => Ok(()),
        "shared" => map.serialize_entry(key, &hit.shared),
        _ => return Ok(false),
    }
    .map(|()| true)
}

/// A list whose items are shaped one by one as they are written.
pub(super) struct List<'a, T, F>(pub(super) &'a [T], pub(super) F);

impl<'a, T, U: Serialize, F: Fn(&'a T) -> U> Serialize for List<'a, T, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for item in self.0 {
            list.serialize_element(&(self.1)(item))?;
        }
        list.end()
    }
}

/// A publication date.
#[derive(Serialize)]
pub(super) struct PublishedShape<'a> {
    value: &'a str,
    precision: Precision,
    from: Provenance,
    confidence: Confidence,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    conflicts: &'a [String],
}

impl PublishedShape<'_> {
    pub(super) fn of(published: &Published) -> PublishedShape<'_> {
        PublishedShape {
            value: &published.value,
            precision: published.precision,
            from: published.from,
            confidence: published.confidence,
            conflicts: &published.conflicts,
        }
    }
}

/// A place of a hit; its position only where it has one.
#[derive(Serialize)]
struct HitPlace<'a> {
    name: &'a str,
    country: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    count: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    lat: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lon: Option<f64>,
}

impl HitPlace<'_> {
    fn of(place: &Placed) -> HitPlace<'_> {
        HitPlace {
            name: &place.name,
            country: place.country.as_deref(),
            region: place.region.as_deref(),
            count: place.count,
            lat: place.point.map(|point| degrees(point.0)),
            lon: place.point.map(|point| degrees(point.1)),
        }
    }
}

/// Degrees with as many places as a city needs (about 100 m), not with the noise of a binary fraction.
pub(super) fn degrees(value: f32) -> f64 {
    rounded(value, 3)
}

pub(super) fn rounded(value: f32, places: i32) -> f64 {
    let scale = 10f64.powi(places);
    (f64::from(value) * scale).round() / scale
}

/// Writes `value` as JSON on one line. Characters that some readers take for the end of a line are written as escapes,
/// and so is, where a terminal is at the other end, whatever it would obey: an escape means the same in JSON.
pub(super) fn write_json(value: &impl Serialize, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let hidden = if style.escapes() { |c| ends_line(c) || visible::is_hidden(None, c) } else { ends_line };
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, Escaping { hidden }))?;
    out.write_all(b"\n")
}

/// Whether `c`, which JSON allows to stand in a string, ends a line elsewhere: a line of JSON must stay one.
fn ends_line(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// JSON on one line with everything hidden as `\u202e`.
struct Escaping {
    hidden: fn(char) -> bool,
}

impl serde_json::ser::Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        if fragment.is_ascii() || !fragment.chars().any(self.hidden) {
            return writer.write_all(fragment.as_bytes());
        }
        let mut units = [0; 2];
        for c in fragment.chars() {
            if (self.hidden)(c) {
                for unit in c.encode_utf16(&mut units) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            } else {
                write!(writer, "{c}")?;
            }
        }
        Ok(())
    }
}
