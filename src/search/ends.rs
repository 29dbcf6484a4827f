//! The first and the last article of a question: what is asked and what comes back.

use super::{Hit, Results};
use crate::field::Field;

/// Which end is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// The earliest.
    #[default]
    First,
    /// The latest.
    Last,
}

/// A question for [`Ends`].
#[derive(Clone, Debug)]
pub struct EndsRequest {
    /// The query as typed.
    pub query: String,
    /// Which end.
    pub which: Which,
    /// How many articles are wanted, of each value where there are values; 0 for all.
    pub limit: usize,
    /// The field of whose values each has its own first and last, of a kind with fixed values.
    pub per: Option<&'static Field>,
}

/// The earliest articles that match, or the latest.
#[derive(Clone, Debug, Default)]
pub struct Ends {
    /// What matches, without hits.
    pub results: Results,
    /// The articles: of those of one value the first is that which begins first (of the latest: ends last) by what is known
    /// of its date; ties by who is dated more exactly, then by id. Values by their first article, articles without a value
    /// at the end.
    pub ends: Vec<End>,
    /// Articles that match and have no date of publication.
    pub undated: usize,
}

/// An article at an end.
#[derive(Clone, Debug, Default)]
pub struct End {
    /// The value that it stands for, where values were asked for and it has one.
    pub value: Option<String>,
    /// The value as people read it.
    pub label: Option<String>,
    /// The article, with the passage that shows best what matches.
    pub hit: Hit,
    /// Articles behind it in the list that may have been published before it (for the latest: after it), for the day of
    /// this one is not known.
    pub rivals: usize,
    /// Where the day of this one is not known: day and id of the first article that is dated to the day.
    pub exact: Option<(String, String)>,
}
