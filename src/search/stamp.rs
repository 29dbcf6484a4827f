//! What tells one article, and one state of an index, from another.

use serde::Serialize;

/// An article and a hash of all that is kept of it: where that is another, the article was changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    /// Unique in the index.
    pub id: String,
    /// Of its text and details, and of what was found in it.
    pub hash: u64,
}

/// The state of an index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Fingerprint {
    /// Articles.
    pub articles: usize,
    /// Of the [`Stamp`] of every article, as hexadecimal digits. It is the same for the same articles in whatever order
    /// and in how many runs they were indexed.
    pub hash: String,
    /// What the program that made the index could extract, as a number. Hashes of articles can be compared only where it
    /// is the same.
    pub features: u32,
}
