//! What was found in an article: as one JSON object, the line format of `dateline extract`, and as lists to read.
//!
//! Offsets count characters of `text`. Mentions of the headline are counted in `people`, `countries` and the rest,
//! but only those of the text are listed.

use super::shape::{List, PublishedShape, degrees};
use super::{SCHEMA, Style, lists};
use crate::article::{Article, CountryCount, DateCount, Found, Mention, MentionKind, Named, Part, Placed};
use crate::places;
use crate::text::offsets::CharOffsets;
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use std::fmt;
use std::io::{self, Write};

/// The object for one article. It prints and serialises with its keys in the order of the contract.
pub fn json<'a>(article: &'a Article, found: &'a Found) -> Extraction<'a> {
    Extraction { article, found }
}

/// Writes the lists of what was found in an article, without its text.
pub fn text(article: &Article, found: &Found, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    lists::head(article, found, &[], style, out)?;
    lists::lists(article, found, style, out)
}

/// An article with what was found in it, ready for JSON.
#[derive(Clone, Copy, Debug)]
pub struct Extraction<'a> {
    article: &'a Article,
    found: &'a Found,
}

impl Extraction<'_> {
    /// Writes the object on a line of its own.
    pub fn write(&self, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        super::shape::write_json(self, style, out)
    }
}

impl fmt::Display for Extraction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Extraction<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Extraction { article, found } = *self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schema", &SCHEMA)?;
        map.serialize_entry("id", &article.id)?;
        map.serialize_entry("path", &article.path)?;
        map.serialize_entry("member", &article.member)?;
        map.serialize_entry("title", &article.title)?;
        map.serialize_entry("language", &article.language)?;
        map.serialize_entry("published", &article.published.as_ref().map(PublishedShape::of))?;
        map.serialize_entry("reported_from", &article.reported_from(found))?;
        map.serialize_entry("agencies", &article.agencies)?;
        map.serialize_entry("authors", &article.authors)?;
        map.serialize_entry("source", &article.source)?;
        map.serialize_entry("section", &article.section)?;
        map.serialize_entry("url", &article.url)?;
        map.serialize_entry("text", &article.text)?;
        map.serialize_entry("mentions", &Mentions { text: &article.text, mentions: &found.mentions })?;
        map.serialize_entry::<_, [Named]>("people", &found.people)?;
        map.serialize_entry::<_, [Named]>("organisations", &found.organisations)?;
        map.serialize_entry("places", &List(&found.places, PlaceShape::of))?;
        map.serialize_entry::<_, [CountryCount]>("countries", &found.countries)?;
        map.serialize_entry("dates", &List(&found.dates, DateShape::of))?;
        map.end()
    }
}

/// The mentions of a text, as JSON has them.
pub(super) struct Mentions<'a> {
    pub(super) text: &'a str,
    pub(super) mentions: &'a [Mention],
}

impl Serialize for Mentions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let offsets = CharOffsets::new(self.text);
        let mut list = serializer.serialize_seq(None)?;
        for mention in self.mentions.iter().filter(|mention| mention.part == Part::Body) {
            list.serialize_element(&MentionShape { mention, text: self.text, offsets: &offsets })?;
        }
        list.end()
    }
}

struct MentionShape<'a> {
    mention: &'a Mention,
    text: &'a str,
    offsets: &'a CharOffsets,
}

impl Serialize for MentionShape<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let MentionShape { mention, text, offsets } = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", mention.kind.name())?;
        map.serialize_entry("start", &offsets.at(text, mention.span.start))?;
        map.serialize_entry("end", &offsets.at(text, mention.span.end))?;
        map.serialize_entry("text", mention.span.of(text))?;
        if mention.kind != MentionKind::Date {
            map.serialize_entry("name", &mention.name)?;
        }
        if matches!(mention.kind, MentionKind::Place | MentionKind::Demonym) {
            map.serialize_entry("country", &mention.country)?;
        }
        if let Some(region) = &mention.region {
            map.serialize_entry("region", region)?;
        }
        if matches!(mention.kind, MentionKind::Place | MentionKind::Organisation)
            && let Some(what) = places::stands_for(&mention.name)
        {
            map.serialize_entry("stands_for", what)?;
        }
        if let Some((lat, lon)) = mention.point {
            map.serialize_entry("lat", &degrees(lat))?;
            map.serialize_entry("lon", &degrees(lon))?;
        }
        if let Some(timex) = &mention.timex {
            map.serialize_entry("type", timex.kind.name())?;
            map.serialize_entry("value", &timex.value)?;
            map.serialize_entry("from", &timex.first)?;
            map.serialize_entry("to", &timex.last)?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct PlaceShape<'a> {
    name: &'a str,
    country: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    lat: Option<f64>,
    lon: Option<f64>,
    count: u32,
}

impl PlaceShape<'_> {
    fn of(place: &Placed) -> PlaceShape<'_> {
        PlaceShape {
            name: &place.name,
            country: place.country.as_deref(),
            region: place.region.as_deref(),
            lat: place.point.map(|point| degrees(point.0)),
            lon: place.point.map(|point| degrees(point.1)),
            count: place.count,
        }
    }
}

#[derive(Serialize)]
struct DateShape<'a> {
    value: &'a str,
    from: chrono::NaiveDate,
    to: chrono::NaiveDate,
    count: u32,
}

impl DateShape<'_> {
    fn of(date: &DateCount) -> DateShape<'_> {
        DateShape { value: &date.value, from: date.first, to: date.last, count: date.count }
    }
}

#[cfg(test)]
mod tests {
    use super::super::article::tests::example;
    use super::*;
    use crate::text::Span;
    use serde_json::{Value, json};

    #[test]
    fn keeps_the_contract() {
        let (mut article, mut found) = example();
        article.text = "“Été” in Pyongyang.".into();
        let span = Span::new(15, 24);
        assert_eq!(span.of(&article.text), "Pyongyang");
        found.mentions.truncate(1); // a date of the headline: not listed
        let date = found.mentions[0].clone();
        found.mentions.push(Mention {
            kind: MentionKind::Place,
            part: Part::Body,
            span,
            name: "Pyongyang".into(),
            country: Some("KP".into()),
            region: None,
            point: Some((39.0339, 125.7543)),
            timex: None,
        });
        found.mentions.push(Mention { part: Part::Body, span: Span::new(3, 8), ..date });
        found.dates = vec![DateCount {
            value: "2024-06-19".into(),
            first: "2024-06-19".parse().expect("it is a day"),
            last: "2024-06-19".parse().expect("it is a day"),
            count: 2,
        }];
        let text = super::json(&article, &found).to_string();
        let keys = [
            "schema",
            "id",
            "path",
            "member",
            "title",
            "language",
            "published",
            "reported_from",
            "agencies",
            "authors",
            "source",
            "section",
            "url",
            "text",
            "mentions",
            "kind",
            "start",
            "end",
            "text",
            "name",
            "country",
            "lat",
            "lon",
            "kind",
            "start",
            "end",
            "text",
            "type",
            "value",
            "from",
            "to",
            "people",
            "organisations",
            "places",
            "countries",
            "dates",
        ];
        let mut rest = text.as_str();
        for key in keys {
            let quoted = format!("\"{key}\":");
            rest = rest.split_once(&quoted).unwrap_or_else(|| panic!("{key} is missing or out of order in {text}")).1;
        }
        assert!(text.starts_with("{\"schema\":1,\"id\":"));
        let value: Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!(value["language"], Value::Null);
        assert_eq!(
            value["mentions"][0],
            json!({"kind": "place", "start": 9, "end": 18, "text": "Pyongyang",
            "name": "Pyongyang", "country": "KP", "lat": 39.034, "lon": 125.754})
        );
        assert_eq!(
            value["mentions"][1],
            json!({"kind": "date", "start": 1, "end": 4, "text": "Été", "type": "DATE",
            "value": "2024-06-19", "from": "2024-06-19", "to": "2024-06-19"})
        );
        assert_eq!(value["mentions"].as_array().map(Vec::len), Some(2));
        assert_eq!(value["people"][0], json!({"name": "Kim Jong-un", "count": 2, "also": ["Mr Kim", "Kim"]}));
        assert_eq!(
            value["places"][0],
            json!({"name": "Europe", "country": null, "lat": null, "lon": null, "count": 1})
        );
        assert_eq!(value["countries"][0], json!({"code": "KP", "name": "North Korea", "count": 2, "about": true}));
        assert_eq!(
            value["dates"][0],
            json!({"value": "2024-06-19", "from": "2024-06-19", "to": "2024-06-19", "count": 2})
        );
        let mut line = Vec::new();
        super::json(&article, &found).write(&Style::default(), &mut line).expect("a vector takes everything");
        assert_eq!(String::from_utf8_lossy(&line), format!("{text}\n"));
    }

    #[test]
    fn the_lists_are_those_of_the_article_without_its_text() {
        let (article, found) = example();
        let style = Style::default();
        let (mut whole, mut lists) = (Vec::new(), Vec::new());
        super::super::article::article(&article, &found, &[], &style, &mut whole).expect("a vector takes everything");
        text(&article, &found, &style, &mut lists).expect("a vector takes everything");
        let body = "Kim Jong-un met Mr Putin in Pyongyang on wednesday.\n\nThe “pact” was signed recently.\n\n";
        assert_eq!(String::from_utf8_lossy(&whole).replace(body, ""), String::from_utf8_lossy(&lists));
    }
}
