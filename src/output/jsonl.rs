//! One hit a line, each a JSON object of its own: for streams, and for answers too large to hold.

use super::shape::{FullLine, HitLine, write_json};
use super::{Output, Style};
use crate::article::{Article, Found};
use crate::search::Hit;
use std::io::{self, Write};

/// Writes a hit with its whole text and the mentions in it.
///
/// # Errors
/// When `out` takes nothing more.
pub fn full(hit: &Hit, article: &Article, found: &Found, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    write_json(&FullLine(hit, article, found), style, out)
}

/// The format.
pub(super) struct JsonLines;

impl Output for JsonLines {
    fn name(&self) -> &'static str {
        "jsonl"
    }

    fn description(&self) -> &'static str {
        "one JSON object a hit, one a line"
    }

    fn hit(&self, hit: &Hit, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        write_json(&HitLine(hit), style, out)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{find, sample};
    use super::*;
    use serde_json::Value;

    #[test]
    fn each_line_is_the_hit_of_the_document() {
        let results = sample::results();
        let lines = sample::written(&JsonLines, &results, &Style::default());
        let json = find("json").expect("there is such a format");
        let document: Value =
            serde_json::from_str(&sample::written(json, &results, &Style::default())).expect("it is JSON");
        assert_eq!(lines.lines().count(), 2);
        for (line, hit) in lines.lines().zip(document["hits"].as_array().expect("hits are a list")) {
            assert!(line.starts_with("{\"schema\":1,\"id\":"), "{line}");
            let mut value: Value = serde_json::from_str(line).expect("it is JSON");
            value.as_object_mut().expect("it is an object").remove("schema");
            assert_eq!(&value, hit);
        }
    }
}
