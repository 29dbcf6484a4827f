//! What two questions have in common, and what sets their answers apart.

use super::{Hit, Results, Sort};

/// A question for a [`Diff`].
#[derive(Clone, Debug)]
pub struct DiffRequest {
    /// The two queries as typed, filters left out.
    pub queries: [String; 2],
    /// How many hits of each set are wanted; 0 for all.
    pub limit: usize,
    /// In what order.
    pub sort: Sort,
    /// The fields whose values may set the answers apart.
    pub fields: Vec<String>,
    /// How many values are wanted for either side; 0 for all.
    pub values: usize,
}

/// What two questions have in common, and what sets their answers apart.
#[derive(Clone, Debug, Default)]
pub struct Diff {
    /// What either matches, without hits.
    pub results: Results,
    /// The first query as understood, and the articles that match it.
    pub a: (String, usize),
    /// The second.
    pub b: (String, usize),
    /// Articles that match the first alone.
    pub only_a: Set,
    /// Articles that match the second alone.
    pub only_b: Set,
    /// Articles that match both.
    pub both: Set,
    /// The articles that were compared: of the first, of the second. Where one has none of its own, all that match it.
    pub compared: (usize, usize),
    /// The values that set the answers apart, those of the first before those of the second, the clearest first.
    pub apart: Vec<Apart>,
}

/// A set of articles.
#[derive(Clone, Debug, Default)]
pub struct Set {
    /// How many there are.
    pub total: usize,
    /// The hits asked for.
    pub hits: Vec<Hit>,
}

/// A value that one set of articles has more often than another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Apart {
    /// Whether it is the second set that has it more often.
    pub of_second: bool,
    /// The name of the field.
    pub field: &'static str,
    /// The value as the query language takes it.
    pub value: String,
    /// The value as people read it.
    pub label: String,
    /// Articles of the first set that have it.
    pub first: usize,
    /// Articles of the second.
    pub second: usize,
    /// How unlikely that is by chance: the log-likelihood ratio.
    pub likelihood: f64,
}
