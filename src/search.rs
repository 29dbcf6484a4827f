//! The contract between question and answer: what can be asked of a backend and what comes back. Plain data.

mod lines;

pub use lines::{
    Collocate, Collocates, CollocatesRequest, Concordance, ConcordanceRequest, Group, GroupBy, Line, LineSort, Measure,
    Measures,
};
mod cooccur;
mod diff;

pub use cooccur::{Company, CompanyOrder, CompanyRequest, Edge, Member};
pub use diff::{Apart, Diff, DiffRequest, Set};
pub mod stamp;

pub use stamp::{Fingerprint, Stamp};

use crate::article::{CountryCount, Named, Origin, Placed, Published};
use serde::Serialize;
use std::ops::Range;

mod coverage;
mod ends;
mod trend;

pub use coverage::{Amount, Coverage, CoverageRequest, Covered, Hole, Stretch};
pub use ends::{End, Ends, EndsRequest, Which};
pub use trend::{Series, Trend, TrendRequest};
pub mod brief;
pub mod export;

pub use brief::{Brief, BriefRequest};
pub use export::{Export, ExportRequest, Order};

/// A question, as typed, with its filters as query text already joined to it.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The query as typed.
    pub query: String,
    /// How many hits to show; 0 for all.
    pub limit: usize,
    /// How many hits to leave out at the beginning.
    pub offset: usize,
    /// In what order.
    pub sort: Sort,
    /// Names of fields to count values of, over all hits.
    pub facets: Vec<String>,
    /// How many values of each of them are wanted, those of most hits; 0 for all.
    pub facet_values: usize,
    /// Passages to show for each hit.
    pub snippets: usize,
    /// Whether to say of what each score is made.
    pub explain_scores: bool,
    /// Whether to count what the slots of the query hold, beside the facets.
    pub group_by_slot: bool,
}

/// The order of hits. Ties are broken by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Best match first.
    #[default]
    Relevance,
    /// Latest publication first, undated last.
    Newest,
    /// Earliest publication first, undated last.
    Oldest,
}

/// A question for a [`Timeline`].
#[derive(Clone, Debug)]
pub struct TimelineRequest {
    /// The query as typed.
    pub query: String,
    /// Which dates are counted.
    pub of: Of,
    /// How long a period is; none for what suits the dates.
    pub by: Option<Unit>,
}

/// Which dates of an article put it into a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Of {
    /// That of publication.
    #[default]
    Published,
    /// All that it speaks of.
    Mentions,
}

/// How long a period is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// A day.
    Day,
    /// A week of ISO 8601, from Monday on.
    Week,
    /// A month.
    #[default]
    Month,
    /// Three months, from January, April, July or October on.
    Quarter,
    /// A year.
    Year,
    /// Ten years, from one that ends in 0 on.
    Decade,
}

impl Unit {
    /// Every unit, the shortest first.
    pub const ALL: [Unit; 6] = [Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::Year, Unit::Decade];

    /// Its name, in the singular.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
            Unit::Quarter => "quarter",
            Unit::Year => "year",
            Unit::Decade => "decade",
        }
    }

    /// The days of the longest period of it. A date of more days is too coarse to be counted by it.
    pub fn longest(self) -> i64 {
        match self {
            Unit::Day => 1,
            Unit::Week => 7,
            Unit::Month => 31,
            Unit::Quarter => 92,
            Unit::Year => 366,
            Unit::Decade => 3653,
        }
    }
}

/// How many articles match in each period.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// What matches, without hits.
    pub results: Results,
    /// Which dates are counted.
    pub of: Of,
    /// How long a period is.
    pub by: Unit,
    /// Hits without any such date.
    pub undated: usize,
    /// Hits with a date that is longer than a period: a year where months are counted. It stands in no period.
    pub coarser: usize,
    /// The periods from the first to the last with a hit, in order.
    pub periods: Vec<Period>,
    /// The places in `periods` of those that have nearly all dates, where the others are many and nobody asked for them
    /// by their unit.
    pub middle: Option<Range<usize>>,
}

/// A period of a timeline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// As the query language takes it: `2024-06-19`, `2024-W25`, `2024-06`, `2024-Q2`, `2024`, `2020s`.
    pub period: String,
    /// The first day, in ISO 8601.
    pub first: String,
    /// The last day.
    pub last: String,
    /// Hits.
    pub count: usize,
    /// Articles of the index, hits or not.
    pub articles: usize,
    /// Whether these are far fewer than the archive has in other periods of the timeline.
    pub thin: bool,
    /// How many periods before it are left out: a long run of them in which the index has no article.
    pub left_out: usize,
}

/// A question for [`Related`].
#[derive(Clone, Debug)]
pub struct RelatedRequest {
    /// The query as typed.
    pub query: String,
    /// How many relatives are wanted; 0 for all.
    pub limit: usize,
    /// Whether other spellings and forms of their words count when their articles are counted.
    pub variants: bool,
}

/// Phrases that keep the same company as the one that was asked for.
#[derive(Clone, Debug, Default)]
pub struct Related {
    /// What matches, without hits.
    pub results: Results,
    /// The phrase whose relatives they are, in the query language.
    pub of: String,
    /// Articles whose texts were compared.
    pub read: usize,
    /// The relatives, best first.
    pub relatives: Vec<Relative>,
    /// The phrase and all of its relatives as one query.
    pub together: String,
}

/// A phrase that keeps the same company as another one.
#[derive(Clone, Debug, Default)]
pub struct Relative {
    /// Its words, in their look-up form.
    pub phrase: String,
    /// The forms in which it was met, commonest first, itself among them.
    pub forms: Vec<String>,
    /// The same in the query language.
    pub clauses: Vec<String>,
    /// Articles that have any of them, among those that the filters let through.
    pub articles: usize,
    /// How alike its company is, from 0 to 1.
    pub likeness: f32,
    /// One of the articles, with a passage.
    pub example: Option<Hit>,
}

/// An answer.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Results {
    /// The query as typed.
    pub query: String,
    /// The query as understood, in the query language.
    pub parsed: String,
    /// How many articles match.
    pub total: usize,
    /// How many hits stand before the first one of `hits`.
    pub offset: usize,
    /// Milliseconds from question to answer.
    pub took_ms: u64,
    /// The forms under which each word was looked for, and how often each was met.
    pub expansions: Vec<Expansion>,
    /// What the user should know about the question or the index.
    pub warnings: Vec<String>,
    /// Articles in the index.
    pub articles: usize,
    /// Files that were not read, or not wholly.
    pub unread: usize,
    /// For an empty answer: how many articles each part of the query has by itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub diagnosis: Vec<Clause>,
    /// The hits asked for.
    pub hits: Vec<Hit>,
    /// Values counted over all hits, by name of the field.
    pub facets: std::collections::BTreeMap<String, Vec<FacetValue>>,
    /// How many values each of those fields has, as far as they were counted.
    #[serde(skip)]
    pub distinct: std::collections::BTreeMap<String, usize>,
}

/// A word of the query and the forms it stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Expansion {
    /// As written in the query.
    pub written: String,
    /// The forms, the written one first.
    pub forms: Vec<FormCount>,
    /// The places that count because they lie in what was asked for, or near it, most hits first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inside: Vec<Inside>,
}

/// A place that lies in another, or near it, and how many hits name it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Inside {
    /// The usual name.
    pub name: String,
    /// The code of its country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The part of the country, by its usual name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Kilometres from what was asked for, where that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub km: Option<u32>,
    /// Hits that name it.
    pub count: usize,
}

/// A form of a word and how many hits have it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FormCount {
    /// The form as indexed, or the name as shown.
    pub form: String,
    /// Hits that have it.
    pub count: usize,
}

/// A part of the query with the number of articles that match it alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// The part, in the query language.
    pub clause: String,
    /// Articles that match it.
    pub count: usize,
    /// Articles that match all the other parts, where that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without: Option<usize>,
    /// The nearest thing that would match, where one is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest: Option<String>,
}

/// An article that matches.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Hit {
    /// Unique in the index.
    pub id: String,
    /// Higher is better; comparable within one answer only.
    pub score: f32,
    /// Of what the score is made, where that was asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub score_parts: Vec<ScorePart>,
    /// The headline.
    pub title: Option<String>,
    /// Where the query matches in the headline, in characters.
    pub title_spans: Vec<[usize; 2]>,
    /// The file.
    pub path: String,
    /// Which article of the file.
    pub member: Option<String>,
    /// Newspaper, agency or site.
    pub source: Option<String>,
    /// BCP 47 code.
    pub language: Option<String>,
    /// When it was published.
    pub published: Option<Published>,
    /// The passages that match.
    pub snippets: Vec<Snippet>,
    /// Persons, most often named first.
    pub people: Vec<Named>,
    /// Organisations, most often named first.
    pub organisations: Vec<Named>,
    /// Places, most often named first.
    pub places: Vec<Placed>,
    /// Countries, strongest evidence first.
    pub countries: Vec<CountryCount>,
    /// Dates of the article that the query asked for, with what they were taken to mean.
    pub matched_dates: Vec<MatchedDate>,
    /// Where it was reported from, as the dateline says.
    pub reported_from: Vec<Origin>,
    /// The news agencies that the dateline and the credits name.
    pub agencies: Vec<String>,
    /// The writers.
    pub authors: Vec<String>,
    /// The section or category.
    pub section: Option<String>,
    /// Where it was published on the web.
    pub url: Option<String>,
    /// The names and words that it shares with another article, those that count most first, where that was asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shared: Vec<String>,
}

/// A question for articles that are like one.
#[derive(Clone, Debug)]
pub struct SimilarRequest {
    /// The query as typed, which the articles match.
    pub query: String,
    /// The article that they are like.
    pub id: String,
    /// How many are wanted; 0 for all.
    pub limit: usize,
    /// How many to leave out at the beginning.
    pub offset: usize,
    /// Passages to show for each.
    pub snippets: usize,
}

/// A part of a hit's score.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ScorePart {
    /// What it is for.
    pub what: String,
    /// What it adds.
    pub value: f32,
}

/// A passage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// The passage as it stands in the article.
    pub text: String,
    /// Where it begins in the article's text, in characters.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What matched, in characters of the article's text.
    pub spans: Vec<[usize; 2]>,
}

/// A date in an article that a query asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MatchedDate {
    /// The words.
    pub text: String,
    /// The TIMEX3 value.
    pub value: String,
    /// Where it begins in the article's text, in characters.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// A value of a facet.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FacetValue {
    /// The value as the query language takes it: `KP`.
    pub value: String,
    /// The value as people read it: `North Korea`.
    pub label: String,
    /// Hits that have it.
    pub count: usize,
    /// For a place and a country: the code of the country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The part of the country, by its usual name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Latitude in degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// Longitude in degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lon: Option<f64>,
}

/// A person, an organisation or a place, as the articles of an index name it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Entity {
    /// The name as shown: a user's, the usual one, or the spelling of most articles.
    pub name: String,
    /// The code of its country, for places.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Articles that name it.
    pub articles: usize,
    /// The full names under which they do, commonest first.
    pub spellings: Vec<FormCount>,
}
