//! Who and what is named together with what is asked for.

use super::Results;

/// A question for a [`Company`].
#[derive(Clone, Debug)]
pub struct CompanyRequest {
    /// The query as typed.
    pub query: String,
    /// The fields whose values are listed: persons, organisations, places, countries.
    pub fields: Vec<String>,
    /// How many words at most lie from a mention of what is asked for to one of its company; none for the same article.
    pub within: Option<u32>,
    /// In how many articles they must be together; none for what suits the number of hits.
    pub least: Option<usize>,
    /// In what order.
    pub by: CompanyOrder,
    /// How many are wanted; 0 for all.
    pub limit: usize,
    /// Whether to say how often those that are listed are together with one another.
    pub edges: bool,
}

/// The order of those in a [`Company`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CompanyOrder {
    /// The closest first.
    #[default]
    Closeness,
    /// Those in the most articles with what is asked for first.
    Together,
}

/// Who and what is named together with what is asked for.
#[derive(Clone, Debug, Default)]
pub struct Company {
    /// What matches, without hits.
    pub results: Results,
    /// Articles in which mentions were looked for, where words were counted; it may be fewer than match.
    pub read: Option<usize>,
    /// In how many articles those listed are together with what is asked for, at least.
    pub least: usize,
    /// How many there are, listed or not.
    pub distinct: usize,
    /// The company.
    pub members: Vec<Member>,
    /// Pairs among those listed, those of most articles first.
    pub edges: Vec<Edge>,
}

/// A name of a [`Company`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Member {
    /// The name of the field.
    pub field: &'static str,
    /// The value as the query language takes it.
    pub value: String,
    /// The value as people read it.
    pub label: String,
    /// For places and countries: the code of the country.
    pub country: Option<String>,
    /// For places: the part of the country.
    pub region: Option<String>,
    /// Articles that have both it and what is asked for, of those that were read.
    pub together: usize,
    /// Articles that have it, of those that filters of publication let through.
    pub articles: usize,
    /// How close it is: the logDice measure, at most 14, where neither is without the other.
    pub closeness: f64,
}

/// Two names that articles with what is asked for have together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edge {
    /// The place of the one in the list of members.
    pub source: usize,
    /// The place of the other.
    pub target: usize,
    /// Articles with what is asked for that have both.
    pub together: usize,
    /// The part of the articles with either that have both, by Dice: from 0 to 1.
    pub weight: f64,
}
