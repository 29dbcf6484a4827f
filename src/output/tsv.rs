//! One row a hit, the cells parted by tabs: for `cut`, `awk` and `sort`. The columns are those of [`columns`].

use super::{Output, Style, columns};
use crate::search::Hit;
use std::io::{self, Write};

/// The format.
pub(super) struct Tsv;

impl Output for Tsv {
    fn name(&self) -> &'static str {
        "tsv"
    }

    fn description(&self) -> &'static str {
        "one row a hit, with tabs between the cells"
    }

    fn head(&self, _: &Style, out: &mut dyn Write) -> io::Result<()> {
        columns::head(&columns::usual(), b'\t', out)
    }

    fn hit(&self, hit: &Hit, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        columns::row(hit, &columns::usual(), b'\t', style, out)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn no_cell_has_a_tab_or_a_line_end() {
        let text = sample::written(&Tsv, &sample::results(), &Style::default());
        let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split('\t').collect()).collect();
        assert_eq!(rows.len(), 3);
        assert!(rows.iter().all(|row| row.len() == 13), "{text}");
        assert_eq!(rows[1][12], "a treaty on the mutual defence, of both countries, next Tuesday");
    }
}
