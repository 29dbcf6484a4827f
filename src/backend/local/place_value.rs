//! The value of a place in the column of places: its name, and behind separators its country, part of the country and
//! point. Two places of one name are two values; a place is found by its name alone, which is the term.

use super::tokenise::SEPARATOR;
use crate::article::{Found, MentionKind, Placed};
use crate::places::Meanings;
use crate::query::tree::Place;

/// A place as one value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct PlaceValue<'a> {
    /// The usual name.
    pub(super) name: &'a str,
    /// The code of its country; empty for none.
    pub(super) country: &'a str,
    /// The part of the country, by its usual name; empty where not known.
    pub(super) region: &'a str,
    /// Latitude and longitude in degrees.
    pub(super) point: Option<(f32, f32)>,
}

impl<'a> PlaceValue<'a> {
    /// The value of a place of an article.
    pub(super) fn of(place: &'a Placed) -> PlaceValue<'a> {
        let text = |value: &'a Option<String>| value.as_deref().unwrap_or("");
        PlaceValue { name: &place.name, country: text(&place.country), region: text(&place.region), point: place.point }
    }

    /// Reads a value; what is missing stays empty.
    pub(super) fn parse(value: &'a str) -> PlaceValue<'a> {
        let mut parts = value.split(SEPARATOR);
        let mut next = || parts.next().unwrap_or("");
        let (name, country, region) = (next(), next(), next());
        let point = next().split_once(' ').and_then(|(lat, lon)| lat.parse().ok().zip(lon.parse().ok()));
        PlaceValue { name, country, region, point }
    }

    /// The value as a user says that it is meant in articles of a group of sources.
    pub(super) fn meant(self, meanings: &'a Meanings, group: usize) -> PlaceValue<'a> {
        let Some(meaning) = meanings.of(group, self.name) else { return self };
        let same = self.country == meaning.country && self.region == meaning.region;
        let point = meaning.point.or(self.point.filter(|_| same));
        PlaceValue { name: self.name, country: meaning.country, region: &meaning.region, point }
    }

    /// The place of the value, by itself.
    pub(super) fn place(&self) -> Place {
        let PlaceValue { name, country, region, point } = self;
        Place { name: (*name).to_owned(), country: (*country).to_owned(), region: (*region).to_owned(), point: *point }
    }

    /// Writes the value.
    pub(super) fn write(&self) -> String {
        let mut parts = vec![self.name.to_owned(), self.country.to_owned(), self.region.to_owned()];
        parts.extend(self.point.map(|(lat, lon)| format!("{lat:.2} {lon:.2}")));
        while parts.len() > 2 && parts.last().is_some_and(String::is_empty) {
            parts.pop();
        }
        parts.join(&SEPARATOR.to_string())
    }
}

/// Gives places and their mentions the meanings that a user says they have; what was counted for countries stays as it
/// was counted when the article was indexed.
pub(super) fn correct(found: &mut Found, meanings: &Meanings, source: &str) {
    if meanings.is_empty() {
        return;
    }
    let group = meanings.group(source);
    for mention in found.mentions.iter_mut().filter(|mention| mention.kind == MentionKind::Place) {
        if let Some(meaning) = meanings.of(group, &mention.name) {
            mention.country = Some(meaning.country.to_owned());
            mention.region = Some(meaning.region.clone()).filter(|region| !region.is_empty());
            mention.point = meaning.point;
        }
    }
    for place in &mut found.places {
        if meanings.of(group, &place.name).is_some() {
            let meant = PlaceValue::of(place).meant(meanings, group).place();
            place.country = Some(meant.country);
            place.region = Some(meant.region).filter(|region| !region.is_empty());
            place.point = meant.point;
        }
    }
    // Two of a name that are said to be one are counted together.
    let mut joined: Vec<Placed> = Vec::with_capacity(found.places.len());
    for place in found.places.drain(..) {
        let same = |known: &&mut Placed| {
            (&known.name, &known.country, &known.region) == (&place.name, &place.country, &place.region)
        };
        match joined.iter_mut().find(same) {
            Some(known) => known.count += place.count,
            None => joined.push(place),
        }
    }
    found.places = joined;
}

impl<'a> From<&'a Place> for PlaceValue<'a> {
    fn from(place: &'a Place) -> PlaceValue<'a> {
        PlaceValue { name: &place.name, country: &place.country, region: &place.region, point: place.point }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let full = PlaceValue { name: "Paris", country: "US", region: "Texas", point: Some((33.66, -95.56)) };
        let none = PlaceValue { name: "Europe", ..PlaceValue::default() };
        for value in [full.clone(), none, PlaceValue { point: None, ..full.clone() }, PlaceValue { region: "", ..full }]
        {
            assert_eq!(PlaceValue::parse(&value.write()), value);
        }
    }
}
