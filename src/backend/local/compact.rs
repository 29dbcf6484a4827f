//! What was found in an article, small: most of an index is what is stored of its articles.
//!
//! Every thing that is named stands once in a table; a mention is four small numbers: kind and part, distance from the
//! mention before, length, place in the table. Names that the text itself has, such as the words of a date, are not
//! kept a second time.

use crate::article::{
    CountryCount, DateCount, Found, Mention, MentionKind, Named, Part, Placed, Timex, TimexKind, TimexStatus,
};
use crate::places;
use crate::text::Span;
use chrono::NaiveDate;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// The tables, written as JSON: the store compresses text well.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Tables {
    /// Everything that is named.
    #[serde(rename = "e", default, skip_serializing_if = "Vec::is_empty")]
    entries: Vec<Entry>,
    /// Persons: place in the table, count, other forms.
    #[serde(rename = "p", default, skip_serializing_if = "Vec::is_empty")]
    people: Vec<(usize, u32, Vec<String>)>,
    /// Organisations, likewise.
    #[serde(rename = "o", default, skip_serializing_if = "Vec::is_empty")]
    organisations: Vec<(usize, u32, Vec<String>)>,
    /// Places: place in the table, count.
    #[serde(rename = "l", default, skip_serializing_if = "Vec::is_empty")]
    places: Vec<(usize, u32)>,
    /// Countries: code, count, whether the article is about it.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    countries: Vec<(String, u32, bool)>,
    /// Dates: place in the table, count.
    #[serde(rename = "d", default, skip_serializing_if = "Vec::is_empty")]
    dates: Vec<(usize, u32)>,
}

/// Something that is named.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Entry {
    /// A person, an organisation, or a place that is on no map.
    Name(String),
    /// A place: name, country, part of the country, latitude and longitude.
    Place(String, Option<String>, Option<String>, Option<(f32, f32)>),
    /// A date: type, value, first day, last day, status.
    Date(TimexKind, String, Option<NaiveDate>, Option<NaiveDate>, TimexStatus),
}

const KINDS: [MentionKind; 5] =
    [MentionKind::Person, MentionKind::Organisation, MentionKind::Place, MentionKind::Demonym, MentionKind::Date];

/// Tables and mentions of `found`.
pub(super) fn pack(found: &Found) -> (Tables, Vec<u8>) {
    let mut table = Table::default();
    let mut mentions = Vec::with_capacity(found.mentions.len() * 5);
    let mut last = (Part::Title, 0);
    for mention in &found.mentions {
        if mention.part != last.0 {
            last = (mention.part, 0);
        }
        let kind = KINDS.iter().position(|kind| *kind == mention.kind).unwrap_or(0);
        let entry = table.number(entry_of(mention));
        put(&mut mentions, kind << 1 | usize::from(mention.part == Part::Body));
        // Mentions are in order, so the distance is never negative; nested ones begin where the outer one does.
        put(&mut mentions, mention.span.start.saturating_sub(last.1));
        put(&mut mentions, mention.span.end - mention.span.start);
        put(&mut mentions, entry);
        last.1 = mention.span.start;
    }
    let mut names = |list: &[Named]| -> Vec<(usize, u32, Vec<String>)> {
        list.iter().map(|one| (table.number(Entry::Name(one.name.clone())), one.count, one.also.clone())).collect()
    };
    let people = names(&found.people);
    let organisations = names(&found.organisations);
    let places = found
        .places
        .iter()
        .map(|place| {
            let entry = Entry::Place(place.name.clone(), place.country.clone(), place.region.clone(), place.point);
            (table.number(entry), place.count)
        })
        .collect();
    let dates = found
        .dates
        .iter()
        .map(|date| {
            let known = table.entries.iter().position(|entry| {
                matches!(entry, Entry::Date(_, value, first, last, _)
                    if *value == date.value && *first == Some(date.first) && *last == Some(date.last))
            });
            let explicit = || {
                Entry::Date(
                    TimexKind::Date,
                    date.value.clone(),
                    Some(date.first),
                    Some(date.last),
                    TimexStatus::Explicit,
                )
            };
            (known.unwrap_or_else(|| table.number(explicit())), date.count)
        })
        .collect();
    let countries =
        found.countries.iter().map(|country| (country.code.clone(), country.count, country.about)).collect();
    (Tables { entries: table.entries, people, organisations, places, countries, dates }, mentions)
}

/// The reverse of [`pack`]; what makes no sense is left out. `title` and `text` are the article's.
pub(super) fn unpack(tables: Tables, mentions: &[u8], title: &str, text: &str) -> Found {
    let entry = |number: usize| tables.entries.get(number);
    let name = |number: usize| match entry(number) {
        Some(Entry::Name(name) | Entry::Place(name, ..)) => name.clone(),
        _ => String::new(),
    };
    let named = |list: &[(usize, u32, Vec<String>)]| -> Vec<Named> {
        list.iter()
            .map(|(number, count, also)| Named { name: name(*number), count: *count, also: also.clone() })
            .collect()
    };
    let mut found =
        Found { people: named(&tables.people), organisations: named(&tables.organisations), ..Found::default() };
    for (number, count) in &tables.places {
        let (country, region, point) = match entry(*number) {
            Some(Entry::Place(_, country, region, point)) => (country.clone(), region.clone(), *point),
            _ => (None, None, None),
        };
        found.places.push(Placed { name: name(*number), country, region, point, count: *count });
    }
    for (code, count, about) in &tables.countries {
        let name = places::country_name(code).unwrap_or(code).to_owned();
        found.countries.push(CountryCount { code: code.clone(), name, count: *count, about: *about });
    }
    for (number, count) in &tables.dates {
        if let Some(Entry::Date(_, value, Some(first), Some(last), _)) = entry(*number) {
            found.dates.push(DateCount { value: value.clone(), first: *first, last: *last, count: *count });
        }
    }
    let mut rest = mentions;
    let mut last = (Part::Title, 0);
    while let (Some(sort), Some(distance), Some(length), Some(number)) =
        (take(&mut rest), take(&mut rest), take(&mut rest), take(&mut rest))
    {
        let part = if sort & 1 == 1 { Part::Body } else { Part::Title };
        if part != last.0 {
            last = (part, 0);
        }
        let start = last.1 + distance;
        last.1 = start;
        let span = Span::new(start, start + length);
        let Some((kind, entry)) = KINDS.get(sort >> 1).zip(entry(number)) else { continue };
        let (name, country, region, point, timex) = match entry.clone() {
            Entry::Name(name) => (name, None, None, None, None),
            Entry::Place(name, country, region, point) => (name, country, region, point, None),
            Entry::Date(kind, value, first, last, status) => {
                let words = span.of(if part == Part::Title { title } else { text }).to_owned();
                (words, None, None, None, Some(Timex { kind, value, first, last, status }))
            }
        };
        found.mentions.push(Mention { kind: *kind, part, span, name, country, region, point, timex });
    }
    found
}

/// The table under construction.
#[derive(Default)]
struct Table {
    entries: Vec<Entry>,
    numbers: FxHashMap<String, usize>,
}

impl Table {
    fn number(&mut self, entry: Entry) -> usize {
        let key = format!("{entry:?}");
        let next = self.entries.len();
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.entries.push(entry);
        }
        number
    }
}

fn entry_of(mention: &Mention) -> Entry {
    match (&mention.timex, mention.kind) {
        (Some(timex), _) => Entry::Date(timex.kind, timex.value.clone(), timex.first, timex.last, timex.status),
        (None, MentionKind::Place | MentionKind::Demonym) => {
            Entry::Place(mention.name.clone(), mention.country.clone(), mention.region.clone(), mention.point)
        }
        (None, _) => Entry::Name(mention.name.clone()),
    }
}

/// Writes a number in as few bytes as it takes (LEB128).
pub(super) fn put(out: &mut Vec<u8>, number: usize) {
    let mut rest = number;
    while rest >= 0x80 {
        out.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

/// Reads a number that [`put`] wrote; none at the end or where it is too long.
pub(super) fn take(bytes: &mut &[u8]) -> Option<usize> {
    let mut number = 0usize;
    for shift in (0..35).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::extract::{Page, extract};

    #[test]
    fn what_was_found_comes_back_whole() {
        let article = Article {
            title: Some("Putin visits Pyongyang on Wednesday".into()),
            text: "PYONGYANG, June 19 (Reuters) - Russian President Vladimir Putin met Kim Jong-un on Wednesday, 19 June \
                   2024. Mr Putin last visited North Korea in 2000. The United Nations (UN) and Nato were told on 19 June 2024."
                .into(),
            ..Article::default()
        };
        let found = extract(&Page::new(&article, "2024-06-20".parse().ok()));
        assert!(found.mentions.len() > 8, "{found:?}");
        let (tables, mentions) = pack(&found);
        let json = serde_json::to_string(&tables).unwrap();
        let tables = serde_json::from_str(&json).unwrap();
        assert_eq!(unpack(tables, &mentions, article.title.as_deref().unwrap(), &article.text), found);
    }

    #[test]
    fn numbers_of_any_size_are_kept_and_nonsense_ends_quietly() {
        for number in [0, 1, 127, 128, 300, 70_000, 33_554_432] {
            let mut bytes = Vec::new();
            put(&mut bytes, number);
            assert_eq!(take(&mut bytes.as_slice()), Some(number));
        }
        assert_eq!(take(&mut [0xff; 9].as_slice()), None);
        assert_eq!(unpack(Tables::default(), &[9, 9, 9, 9, 9], "", ""), Found::default());
    }
}
