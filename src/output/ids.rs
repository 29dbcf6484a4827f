//! The id of each hit, one a line: for `xargs dateline show`.

use super::{Output, Style, visible::visible};
use crate::search::Results;
use std::io::{self, Write};

/// The format.
pub(super) struct Ids;

impl Output for Ids {
    fn name(&self) -> &'static str {
        "ids"
    }

    fn description(&self) -> &'static str {
        "the id of each hit, one a line"
    }

    fn write(&self, results: &Results, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        for hit in &results.hits {
            let id = if style.escapes() { visible(&hit.id) } else { hit.id.as_str().into() };
            writeln!(out, "{id}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn one_a_line() {
        assert_eq!(sample::written(&Ids, &sample::results(), &Style::default()), "wire-1\nodd,\"id\"\u{1b}\n");
        let terminal = Style { terminal: true, ..Style::default() };
        assert_eq!(sample::written(&Ids, &sample::results(), &terminal), "wire-1\nodd,\"id\"\\u{1b}\n");
    }
}
