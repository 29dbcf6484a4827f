//! From what a user types to a tree that a backend answers, and from an article to what matched in it.
//!
//! 1. [`lexer`] cuts the query into tokens; [`parser`] makes a [`tree::Tree`] of them, with the help of [`values`]
//!    for what follows a field. [`parse`] never fails: what is wrong is a [`Warning`] with its place, and [`check`]
//!    turns the first grave one into an error. [`join()`] adds the flags of a command as query text.
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
pub mod snippets;
pub mod spans;
#[cfg(test)]
mod tests;
pub mod tree;
pub mod values;

pub use join::{any_of, join};
pub use parser::parse;

use crate::error::{Error, Kind, Result};
use crate::text::Span;
use tree::Tree;

/// Queries longer than this many bytes are an error.
pub const LONGEST: usize = 8 * 1024;

/// Trees deeper than this are an error: nobody reads them, and every walk over a tree is recursive.
pub const DEEPEST: usize = 50;

/// Queries with more words and values than this are an error.
pub const MOST_CLAUSES: usize = 1024;

/// A query as it was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The query as typed.
    pub query: String,
    /// What it means; where something is wrong, what the rest of it means.
    pub tree: Tree,
    /// What the user should know, by place.
    pub warnings: Vec<Warning>,
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
