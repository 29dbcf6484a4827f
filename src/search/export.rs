//! All hits of a question, one after the other.

use super::{Hit, Results};
use crate::article::{Article, Found};
use crate::error::Result;

/// What is wanted of an export.
#[derive(Clone, Debug)]
pub struct ExportRequest {
    /// The query as typed.
    pub query: String,
    /// In what order.
    pub order: Order,
    /// Passages of each hit.
    pub snippets: usize,
    /// How many threads make hits of what is stored.
    pub threads: usize,
}

/// The order of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Earliest publication first, undated last; ties by id.
    #[default]
    Oldest,
    /// Latest publication first, undated last; ties by id.
    Newest,
    /// By id.
    Id,
}

/// What an export is written by.
pub trait Export {
    /// Takes what is known of the whole answer, which has no hits.
    ///
    /// # Errors
    /// When nothing more is wanted.
    fn begin(&mut self, results: &Results) -> Result<()>;
    /// Takes some hits as written by the shape, in order.
    ///
    /// # Errors
    /// When nothing more is wanted.
    fn take(&mut self, written: &[u8]) -> Result<()>;
}

/// Writes a hit and the article that it is behind what was written before. Several threads do so at once.
pub type Shape<'a> = &'a (dyn Fn(&Hit, &Article, &Found, &mut Vec<u8>) + Sync);
