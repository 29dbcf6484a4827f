//! What tells one article, and one state of an index, from another.

use serde::Serialize;

/// An article and a hash of its contents: where that is another, the article was changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    /// Unique in the index.
    pub id: String,
    /// Of text, headline, source, section, authors and day of publication; not of where it stands, nor of what was found
    /// in it.
    pub hash: u32,
}

/// The state of an index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Fingerprint {
    /// Articles.
    pub articles: usize,
    /// Of the [`Stamp`] of every article, as hexadecimal digits. It is the same for the same articles in whatever order
    /// and in how many runs they were indexed.
    pub hash: String,
}
