//! An answer for the tests of every format: one hit with everything, one with next to nothing and hostile names.

use super::{Output, Style};
use crate::article::{Confidence, CountryCount, Named, Origin, Placed, Precision, Provenance, Published};
use crate::search::{Expansion, FacetValue, FormCount, Hit, MatchedDate, Results, ScorePart, Snippet};
use chrono::NaiveDate;

/// What `output` makes of `results`.
pub(super) fn written(output: &dyn Output, results: &Results, style: &Style) -> String {
    let mut out = Vec::new();
    output.write(results, style, &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("it is text")
}

pub(super) fn named(name: &str, count: u32) -> Named {
    Named { name: name.into(), count, also: vec![] }
}

pub(super) fn published(day: &str) -> Published {
    let first: NaiveDate = day.parse().expect("it is a day");
    Published {
        value: day.into(),
        first,
        last: first,
        precision: Precision::Day,
        from: Provenance::Metadata,
        confidence: Confidence::High,
        conflicts: vec![],
    }
}

pub(super) fn results() -> Results {
    let full = Hit {
        id: "wire-1".into(),
        score: 7.123_456,
        shared: Vec::new(),
        score_parts: vec![ScorePart { what: "defence".into(), value: 7.123_456 }],
        title: Some("Kim, Putin sign \"mutual defence\" pact".into()),
        title_spans: vec![[17, 31]],
        path: "wire/2024/06/pact.jsonl".into(),
        member: Some("3".into()),
        source: Some("Harbour Wire".into()),
        language: Some("en".into()),
        published: Some(published("2024-06-19")),
        snippets: vec![Snippet {
            text: "a treaty on the\n\tmutual defence, of both countries, next Tuesday".into(),
            start: 813,
            end: 876,
            spans: vec![[830, 844]],
        }],
        people: vec![named("Kim Jong-un", 7), named("Vladimir Putin", 5)],
        organisations: vec![named("NATO", 1)],
        places: vec![
            Placed {
                name: "Pyongyang".into(),
                country: Some("KP".into()),
                region: None,
                point: Some((39.0339, 125.7543)),
                count: 3,
            },
            Placed { name: "Europe".into(), country: None, region: None, point: None, count: 1 },
        ],
        countries: vec![
            CountryCount { code: "KP".into(), name: "North Korea".into(), count: 9, about: true },
            CountryCount { code: "RU".into(), name: "Russia".into(), count: 4, about: false },
        ],
        matched_dates: vec![MatchedDate {
            text: "next Tuesday".into(),
            value: "2024-06-25".into(),
            start: 864,
            end: 876,
        }],
        reported_from: vec![Origin { place: "Seoul".into(), country: Some("KR".into()) }],
        agencies: vec!["Northgate Press".into()],
        authors: vec!["Ada Lindqvist".into(), "Northgate Press".into()],
        section: Some("World".into()),
        url: Some("https://harbour.example/2024/pact?a=1&b=2".into()),
    };
    let bare = Hit { id: "odd,\"id\"\u{1b}".into(), path: "odd/\u{202e}gpj.txt".into(), ..Hit::default() };
    let form = |form: &str, count| FormCount { form: form.into(), count };
    let facet = |value: &str, label: &str, count| {
        vec![FacetValue { value: value.into(), label: label.into(), count, ..FacetValue::default() }]
    };
    Results {
        query: "defence".into(),
        parsed: "defence".into(),
        total: 12,
        took_ms: 4,
        expansions: vec![
            Expansion {
                written: "defence".into(),
                forms: vec![form("defence", 512), form("defense", 81)],
                ..Expansion::default()
            },
            Expansion { written: "pact".into(), forms: vec![form("pact", 30)], ..Expansion::default() },
        ],
        warnings: vec!["the index is older than its files".into()],
        articles: 2225,
        unread: 3,
        hits: vec![full, bare],
        facets: [
            ("country".to_owned(), facet("KP", "North Korea", 10)),
            ("source".to_owned(), facet("Harbour Wire", "Harbour Wire", 1204)),
        ]
        .into(),
        ..Results::default()
    }
}
