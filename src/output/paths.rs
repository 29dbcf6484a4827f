//! The file of each hit, one a line, each file once: for `xargs grep`.

use super::{Output, Style, visible::visible};
use crate::search::Results;
use rustc_hash::FxHashSet;
use std::io::{self, Write};

/// The format.
pub(super) struct Paths;

impl Output for Paths {
    fn name(&self) -> &'static str {
        "paths"
    }

    fn description(&self) -> &'static str {
        "the file of each hit, one a line, each file once"
    }

    fn write(&self, results: &Results, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        write(results, b'\n', style, out)
    }
}

/// Writes each file with `end` behind it.
pub(super) fn write(results: &Results, end: u8, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut seen = FxHashSet::default();
    for hit in results.hits.iter().filter(|hit| seen.insert(hit.path.as_str())) {
        let path = if style.escapes() { visible(&hit.path) } else { hit.path.as_str().into() };
        out.write_all(path.as_bytes())?;
        out.write_all(&[end])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn each_file_once() {
        let mut results = sample::results();
        results.hits.push(results.hits[0].clone());
        assert_eq!(
            sample::written(&Paths, &results, &Style::default()),
            "wire/2024/06/pact.jsonl\nodd/\u{202e}gpj.txt\n"
        );
        let mut ended = Vec::new();
        super::super::ended_by_null(&results, "paths", &Style::default(), &mut ended).expect("it is a vector");
        assert_eq!(ended, "wire/2024/06/pact.jsonl\0odd/\u{202e}gpj.txt\0".as_bytes());
        let terminal = Style { terminal: true, ..Style::default() };
        assert!(sample::written(&Paths, &results, &terminal).ends_with("odd/\\u{202e}gpj.txt\n"));
    }
}
