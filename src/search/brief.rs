//! What is said in short of each question of a list.

use super::{Clause, FacetValue};

/// What is wanted of a [`Brief`].
#[derive(Clone, Debug)]
pub struct BriefRequest {
    /// How many persons, organisations and countries; 0 for none.
    pub names: usize,
    /// Whether what matches nothing is told with what would.
    pub diagnosis: bool,
}

/// A question in short.
#[derive(Clone, Debug, Default)]
pub struct Brief {
    /// How many articles match.
    pub total: usize,
    /// The earliest date of publication among them, as exact as it is known: `2024-06-19`, `2024-06`, `2024`.
    pub first: Option<String>,
    /// The latest: that of the article whose first possible day is last.
    pub last: Option<String>,
    /// The persons of most of the articles, those that were asked for left out.
    pub people: Vec<FacetValue>,
    /// The organisations, likewise.
    pub organisations: Vec<FacetValue>,
    /// The countries.
    pub countries: Vec<FacetValue>,
    /// Where nothing matches: each part of the query with the articles that it has by itself.
    pub diagnosis: Vec<Clause>,
}
