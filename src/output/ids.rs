//! The id of each hit, one a line: for `xargs dateline show`.

use super::{Output, Style, visible::visible};
use crate::search::Hit;
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

    fn hit(&self, hit: &Hit, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        write(hit, b'\n', style, out)
    }
}

/// Writes the id of a hit with `end` behind it.
pub(super) fn write(hit: &Hit, end: u8, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let id = if style.escapes() { visible(&hit.id) } else { hit.id.as_str().into() };
    out.write_all(id.as_bytes())?;
    out.write_all(&[end])
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
        let mut ended = Vec::new();
        super::super::ended_by_null(&sample::results(), "ids", &Style::default(), &mut ended).expect("it is a vector");
        assert_eq!(ended, b"wire-1\0odd,\"id\"\x1b\0");
    }
}
