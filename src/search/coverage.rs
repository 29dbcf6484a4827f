//! What an archive has of each source in each period: what is asked and what comes back.

use super::{Results, Unit};

/// A question for a [`Coverage`].
#[derive(Clone, Debug)]
pub struct CoverageRequest {
    /// The query as typed.
    pub query: String,
    /// How long a period is, a month or more; none for what gives a handy number of periods.
    pub by: Option<Unit>,
}

/// How many articles match of each source in each period, and where sources have none.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// What matches, without hits.
    pub results: Results,
    /// How long a period is.
    pub by: Unit,
    /// The periods from the first to the last with a hit, in order.
    pub periods: Vec<Stretch>,
    /// The sources of the hits, most hits first; articles without a source come last.
    pub sources: Vec<Covered>,
}

/// Some time, by a name that the query language takes: `2024-06`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stretch {
    /// The name.
    pub period: String,
    /// The first day, in ISO 8601.
    pub first: String,
    /// The last day.
    pub last: String,
}

/// What there is of a source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Covered {
    /// The source; none for articles that name none.
    pub source: Option<String>,
    /// Hits.
    pub hits: usize,
    /// Hits without a date of publication.
    pub undated: usize,
    /// Hits with a date that is longer than a period. They stand in no period.
    pub coarser: usize,
    /// The periods of which the index has an article of the source, in order.
    pub cells: Vec<Amount>,
    /// Times without an article between the first and the last of the source, whether it matches or not.
    pub holes: Vec<Hole>,
}

/// What there is of a source in a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// The place of the period in [`Coverage::periods`].
    pub place: usize,
    /// Hits.
    pub hits: usize,
    /// Articles of the index, hits or not.
    pub articles: usize,
}

/// Periods in which a source has no article though it has some before and after.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hole {
    /// The first of them.
    pub first: Stretch,
    /// The last of them.
    pub last: Stretch,
    /// How many there are.
    pub periods: usize,
    /// How many articles they would have if they had as many as the periods around them.
    pub expected: f64,
}
