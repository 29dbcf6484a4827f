//! The whole answer as one JSON object on one line.

use super::shape::{Document, write_json};
use super::{Output, Style};
use crate::search::Results;
use std::io::{self, Write};

/// The format.
pub(super) struct Json;

impl Output for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn description(&self) -> &'static str {
        "one JSON object: the query as understood, the hits, the facets"
    }

    fn write(&self, results: &Results, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        write_json(&Document(results), style, out)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use serde_json::{Value, json};

    /// Asserts that `text` has `keys` in this order, each as `"key":`.
    fn in_order(text: &str, keys: &[&str]) {
        let mut rest = text;
        for key in keys {
            let quoted = format!("\"{key}\":");
            let at = rest.find(&quoted).unwrap_or_else(|| panic!("{key} is missing or out of order in {text}"));
            rest = &rest[at + quoted.len()..];
        }
    }

    #[test]
    fn keeps_the_contract() {
        let text = sample::written(&Json, &sample::results(), &Style::default());
        assert!(text.starts_with("{\"schema\":1,\"query\":") && text.ends_with("}\n"));
        in_order(&text, &["schema", "query", "parsed", "total", "took_ms", "expansions", "warnings", "hits", "facets"]);
        in_order(
            &text,
            &[
                "hits",
                "id",
                "score",
                "title",
                "path",
                "member",
                "source",
                "language",
                "published",
                "value",
                "precision",
                "from",
                "confidence",
                "snippets",
                "text",
                "start",
                "end",
                "spans",
                "people",
                "name",
                "count",
                "organisations",
                "places",
                "name",
                "country",
                "count",
                "countries",
                "code",
                "name",
                "count",
            ],
        );
        let value: Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!(value["total"], 12);
        assert_eq!(value["took_ms"], 4);
        assert_eq!(value["warnings"], json!(["the index is older than its files"]));
        assert_eq!(
            value["expansions"][0],
            json!({"written": "defence", "forms": [
            {"form": "defence", "count": 512}, {"form": "defense", "count": 81}]})
        );
        assert_eq!(value["facets"]["country"], json!([{"value": "KP", "label": "North Korea", "count": 10}]));
        let hit = &value["hits"][0];
        assert_eq!(hit["id"], "wire-1");
        assert_eq!(hit["score"], 7.1235);
        assert_eq!(hit["member"], "3");
        assert_eq!(hit["source"], "Harbour Wire");
        assert_eq!(hit["language"], "en");
        assert_eq!(
            hit["published"],
            json!({"value": "2024-06-19", "precision": "day", "from": "metadata",
            "confidence": "high"})
        );
        assert_eq!(hit["snippets"][0]["spans"], json!([[830, 844]]));
        assert_eq!(hit["snippets"][0]["start"], 813);
        assert_eq!(hit["people"][0], json!({"name": "Kim Jong-un", "count": 7}));
        assert_eq!(hit["organisations"], json!([{"name": "NATO", "count": 1}]));
        assert_eq!(
            hit["places"][0],
            json!({"name": "Pyongyang", "country": "KP", "count": 3, "lat": 39.034,
            "lon": 125.754})
        );
        assert_eq!(hit["countries"][0], json!({"code": "KP", "name": "North Korea", "count": 9, "about": true}));
        assert_eq!(hit["reported_from"], json!([{"place": "Seoul", "country": "KR"}]));
        assert_eq!(hit["agencies"], json!(["Northgate Press"]));
        let bare = &value["hits"][1];
        for key in ["title", "member", "source", "language", "published"] {
            assert!(bare.get(key).is_some_and(Value::is_null), "{key} is there and null");
        }
        for key in ["snippets", "people", "organisations", "places", "countries", "reported_from", "agencies"] {
            assert_eq!(bare[key], json!([]), "{key}");
        }
    }

    #[test]
    fn an_empty_answer_has_every_key() {
        let text = sample::written(&Json, &Results::default(), &Style::default());
        let value: Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!(value["hits"], json!([]));
        assert_eq!(value["facets"], json!({}));
        assert_eq!(value["expansions"], json!([]));
    }

    #[test]
    fn a_terminal_gets_the_same_value_without_what_it_would_obey() {
        let terminal = Style { terminal: true, ..Style::default() };
        let (plain, safe) = (
            sample::written(&Json, &sample::results(), &Style::default()),
            sample::written(&Json, &sample::results(), &terminal),
        );
        assert!(plain.contains('\u{202e}') && !safe.contains('\u{202e}') && safe.contains("\\u202e"));
        let read = |text: &str| serde_json::from_str::<Value>(text).expect("it is JSON");
        assert_eq!(read(&plain), read(&safe));
    }
}
