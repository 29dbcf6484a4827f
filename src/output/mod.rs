//! From results to text: one file a format.
//!
//! 1. A command finds its format in [`OUTPUTS`] and hands it the results, a [`Style`] and a writer.
//! 2. The formats for programs ([`json`], [`jsonl`]) share the shapes of [`shape`], those in rows ([`csv`], [`tsv`]) the
//!    columns of [`columns`]; those for people share [`flow`] (marks and line breaks), [`table`] and [`visible`]
//!    (characters that a terminal must not obey), pages for a browser the pieces of [`html`].
//! 3. [`receipt()`] says what was searched, under which forms, and why nothing was found; it goes to standard error.
//!
//! Other answers are rows of a [`sheet`], in all its formats: [`timeline`] and [`trend`] articles by period, [`coverage`] what
//! there is of each source, [`facets`] the values of a field, [`entities`] the names of an index, [`ends`] the first and the
//! last article, [`related`] phrases that keep like company, [`mod@concordance`] matches between what stands around them,
//! [`collocates`] the words that do, [`company`] who is named with whom, [`diff`] what sets two answers apart.
//! [`mod@article`] shows one article, [`extraction`] what was found in it. Nothing is said by colour alone: without colour a
//! match stands between `**` and `**`.
//!
//! A new format is one file here and two lines below.

pub mod article;
pub mod batch;
mod bibtex;
pub mod bundle;
pub mod collocates;
pub mod columns;
pub mod company;
pub mod concordance;
pub mod coverage;
mod csv;
pub mod diff;
pub mod ends;
pub mod entities;
pub mod extraction;
pub mod facets;
pub mod flow;
pub mod html;
mod ids;
mod json;
mod jsonl;
mod lists;
mod markdown;
pub mod methods;
mod paths;
pub mod receipt;
pub mod related;
pub mod replay;
mod ris;
#[cfg(test)]
mod sample;
mod shape;
pub mod sheet;
pub mod table;
mod text;
pub mod timeline;
pub mod trend;
mod tsv;
pub mod visible;

pub use jsonl::full;
pub use receipt::receipt;

use crate::search::{Hit, Results};
use std::io::{self, Write};

/// The number of the JSON schema: it changes when a key changes its meaning or goes away.
pub const SCHEMA: u32 = 1;

/// Values of a facet that text shows.
pub const FACET_VALUES: usize = 15;

/// A format in which results are written.
pub trait Output: Sync {
    /// Its name after `--format`.
    fn name(&self) -> &'static str;
    /// One line for help.
    fn description(&self) -> &'static str;
    /// Writes what stands before the first hit.
    fn head(&self, _style: &Style, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
    /// Writes one hit, in formats in which a hit is written without regard to the others.
    fn hit(&self, _hit: &Hit, _style: &Style, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
    /// Writes `results` to `out`, hit by hit.
    fn write(&self, results: &Results, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        self.head(style, out)?;
        results.hits.iter().try_for_each(|hit| self.hit(hit, style, out))
    }
}

/// Every format, by name.
pub static OUTPUTS: &[&dyn Output] = &[
    &bibtex::Bibtex,
    &csv::Csv,
    &ids::Ids,
    &json::Json,
    &jsonl::JsonLines,
    &markdown::Markdown,
    &paths::Paths,
    &ris::Ris,
    &text::Text,
    &tsv::Tsv, //
];

/// The format with this name.
pub fn find(name: &str) -> Option<&'static dyn Output> {
    OUTPUTS.iter().find(|output| output.name() == name).copied()
}

/// The formats in which nothing but a name is written of a hit.
pub const NAMES: [&str; 2] = ["ids", "paths"];

/// Writes the names of one of [`NAMES`], each with a NUL behind it, which no path has in it, rather than the end of a line.
///
/// # Errors
/// When `out` takes nothing more.
pub fn ended_by_null(results: &Results, format: &str, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        "ids" => results.hits.iter().try_for_each(|hit| ids::write(hit, b'\0', style, out)),
        _ => paths::write(results, b'\0', style, out),
    }
}

/// What the place that the text goes to can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Whether colour is wanted.
    pub colour: bool,
    /// Whether it is a terminal: characters that it would obey, or that nobody would see, are written as `\u{202e}`.
    pub terminal: bool,
    /// Columns of a line of prose; 0 for lines of any length.
    pub width: usize,
    /// Columns of a line of a table: all that the terminal has; 0 for lines of any length, as in a pipe.
    pub room: usize,
}

impl Style {
    /// Whether characters that a terminal would obey are escaped. With colour a terminal is at the end of the pipe,
    /// as in `--color always | less -R`.
    pub fn escapes(&self) -> bool {
        self.terminal || self.colour
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_sorted_and_found_by_name() {
        let names: Vec<&str> = OUTPUTS.iter().map(|output| output.name()).collect();
        assert_eq!(names, ["bibtex", "csv", "ids", "json", "jsonl", "markdown", "paths", "ris", "text", "tsv"]);
        for output in OUTPUTS {
            assert_eq!(find(output.name()).map(Output::name), Some(output.name()));
            assert!(!output.description().is_empty() && !output.description().ends_with('.'));
        }
        assert!(find("xml").is_none());
    }

    #[test]
    fn every_format_writes_an_empty_answer() {
        for output in OUTPUTS {
            let mut out = Vec::new();
            output.write(&Results::default(), &Style::default(), &mut out).expect("a vector takes everything");
            assert_eq!(out.is_empty(), !["csv", "json", "tsv"].contains(&output.name()), "{}", output.name());
        }
    }

    #[test]
    fn a_closed_pipe_is_told_apart() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        for output in OUTPUTS {
            let error =
                output.write(&sample::results(), &Style::default(), &mut Closed).expect_err("the pipe is closed");
            assert_eq!(error.kind(), io::ErrorKind::BrokenPipe, "{}", output.name());
        }
    }
}
