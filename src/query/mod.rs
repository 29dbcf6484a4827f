//! From what a user types to a tree that a backend answers, and from an article to what matched in it.
//!
//! 1. [`lexer`] cuts the query into tokens; [`parser`] makes a [`tree::Tree`] of them, with the help of [`values`]
//!    for what follows a field, and [`saved`] for what `query:NAME` stands for. [`parse`] never fails: what is wrong is a
//!    [`Warning`] with its place, and [`check`] turns the first grave one into an error. [`join()`] adds the flags of a
//!    command as query text.
//! 2. [`operators`] and [`patterns`] rewrite what is more than words; [`forms`] fills in the forms under which each word
//!    is looked up.
//! 3. A backend answers the tree.
//! 4. [`matcher`] finds what matched in one article, with [`spans`] for what stands near each other, and [`snippets`] chooses the passages to show.

pub mod forms;
mod gap;
pub mod guide;
mod join;
mod lexer;
pub mod matcher;
mod near;
mod operators;
mod parser;
pub mod patterns;
mod placed;
pub mod saved;
pub mod snippets;
pub mod spans;
#[cfg(test)]
mod tests;
pub mod tree;
pub mod values;

pub use join::{any_of, join};
pub use parser::{parse, parse_with};

use crate::error::{Error, Kind, Result};
use crate::text::Span;
use chrono::NaiveDate;
use saved::Saved;
use tree::Tree;

/// Queries longer than this many bytes are an error.
pub const LONGEST: usize = 8 * 1024;

/// Trees deeper than this are an error: nobody reads them, and every walk over a tree is recursive.
pub const DEEPEST: usize = 50;

/// Queries with more words and values than this are an error.
pub const MOST_CLAUSES: usize = 1024;

/// What a query is read with, beside its text.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// What relative dates such as `7d..` count from.
    pub today: Option<NaiveDate>,
    /// What `query:NAME` may stand for.
    pub saved: Option<&'a Saved>,
    /// The name under which the text itself is to be saved: it must not lead back to it.
    pub within: Option<&'a str>,
    /// The most bytes that the text may have.
    pub longest: usize,
}

impl Default for Reading<'_> {
    fn default() -> Self {
        Reading { today: None, saved: None, within: None, longest: LONGEST }
    }
}

/// A saved search that a query names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandsFor {
    /// Its name, as it was saved.
    pub name: String,
    /// What it stands for.
    pub text: String,
}

/// A query as it was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The query as typed.
    pub query: String,
    /// What it means; where something is wrong, what the rest of it means.
    pub tree: Tree,
    /// What the user should know, by place.
    pub warnings: Vec<Warning>,
    /// The saved searches that it names, and those that these name, each once.
    pub stands_for: Vec<StandsFor>,
}

/// Something in a query that the user should know of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Whether the query cannot be answered as typed.
    pub error: bool,
    /// One clause, lower case, no full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The place in the query, in bytes.
    pub span: Span,
}

/// Refuses a query that cannot be answered as typed, with the place of the first thing that is wrong.
pub fn check(parsed: &Parsed) -> Result<()> {
    match parsed.warnings.iter().find(|warning| warning.error) {
        None => Ok(()),
        Some(warning) => {
            let mut error = Error::new(Kind::Query, warning.message.clone())
                .at(&parsed.query, warning.span.start..warning.span.end);
            error.hint = warning.hint.clone();
            Err(error.or_hint("put words on both sides of an operator; in quotation marks it is a word like any other"))
        }
    }
}
