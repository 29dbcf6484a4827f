//! Questions for the lines in which a query matches, and for the words that stand around; and the answers.

use super::Results;
use crate::article::{Part, Published};

/// A question for a [`Concordance`].
#[derive(Clone, Debug)]
pub struct ConcordanceRequest {
    /// The query as typed.
    pub query: String,
    /// How many lines, or groups of lines, are wanted; 0 for all.
    pub limit: usize,
    /// How many words of context a line has on either side.
    pub context: usize,
    /// In what order.
    pub sort: LineSort,
    /// How many of all lines are chosen by chance; none for all of them.
    pub sample: Option<usize>,
    /// What decides over chance: the same seed chooses the same lines.
    pub seed: u64,
    /// What lines are gathered by, where they are counted rather than listed.
    pub group_by: Option<GroupBy>,
    /// How many articles are read at most where lines are sorted, chosen or gathered; 0 for all.
    pub read: usize,
}

/// The order of lines. Equal ones come newest first, undated ones last; then by id and place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineSort {
    /// As the index has them.
    None,
    /// Latest publication first, undated last.
    #[default]
    Newest,
    /// Earliest publication first, undated last.
    Oldest,
    /// By the words before the match, from the match outwards.
    Left,
    /// By the words behind it.
    Right,
    /// By what matched, then by the words behind it.
    Match,
}

impl LineSort {
    /// Every order with its name.
    pub const ALL: [(&'static str, LineSort); 6] = [
        ("newest", LineSort::Newest),
        ("oldest", LineSort::Oldest),
        ("left", LineSort::Left),
        ("right", LineSort::Right),
        ("match", LineSort::Match),
        ("none", LineSort::None),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, sort)| *sort == self).map_or("", |(name, _)| name)
    }
}

/// What lines are gathered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupBy {
    /// What matched, in its look-up form.
    Match,
    /// The word before it.
    Left,
    /// The word behind it.
    Right,
    /// The newspaper, agency or site.
    Source,
    /// The year of publication.
    Year,
}

impl GroupBy {
    /// Everything that lines can be gathered by, with its name.
    pub const ALL: [(&'static str, GroupBy); 5] = [
        ("match", GroupBy::Match),
        ("left", GroupBy::Left),
        ("right", GroupBy::Right),
        ("source", GroupBy::Source),
        ("year", GroupBy::Year),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, by)| *by == self).map_or("", |(name, _)| name)
    }
}

/// The places where a query matches, a line each.
#[derive(Clone, Debug, Default)]
pub struct Concordance {
    /// What matches, without hits.
    pub results: Results,
    /// How many lines there are in all articles that match, or at least, where `is_exact` is not set.
    pub matches: usize,
    /// Whether `matches` is the whole number.
    pub is_exact: bool,
    /// Articles that were read for sorting, choosing or gathering, where that were not all that match.
    pub read_of: Option<usize>,
    /// The lines that were sorted, chosen from or gathered.
    pub looked_at: usize,
    /// The lines asked for.
    pub lines: Vec<Line>,
    /// Or the groups of them, largest first, where that was asked.
    pub groups: Vec<Group>,
    /// How many lines the groups are of.
    pub gathered: usize,
    /// How many groups there are.
    pub distinct: usize,
}

/// A match between what stands around it.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// The article.
    pub id: String,
    /// Its file.
    pub path: String,
    /// Which article of the file.
    pub member: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// Newspaper, agency or site.
    pub source: Option<String>,
    /// When it was published.
    pub published: Option<Published>,
    /// Whether the match stands in the headline.
    pub in_title: bool,
    /// What stands before the match, as the article has it.
    pub left: String,
    /// The match.
    pub found: String,
    /// What stands behind it.
    pub right: String,
    /// Where the match begins in the article's text, or in its headline, in characters.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

impl Line {
    /// The text that the match stands in.
    pub fn part(&self) -> Part {
        if self.in_title { Part::Title } else { Part::Body }
    }
}

/// Lines that have something in common.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// What they have in common; empty where there is no such word, source or year.
    pub value: String,
    /// How many they are.
    pub lines: usize,
    /// In how many articles.
    pub articles: usize,
    /// One of them, the first in the order of lines.
    pub example: Line,
}

/// A question for [`Collocates`].
#[derive(Clone, Debug)]
pub struct CollocatesRequest {
    /// The query as typed.
    pub query: String,
    /// How many words are wanted; 0 for all.
    pub limit: usize,
    /// How many words before a match are looked at.
    pub left: usize,
    /// How many behind it.
    pub right: usize,
    /// Whether only words of the same sentence are.
    pub same_sentence: bool,
    /// What orders them.
    pub measure: Measure,
    /// How often a word must stand around matches at least.
    pub least: usize,
    /// Whether words without content count too.
    pub stop_words: bool,
    /// How many lines are wanted behind each word.
    pub lines: usize,
    /// How many articles are read at most; 0 for all.
    pub read: usize,
}

/// How it is measured that words belong together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measure {
    /// The log-likelihood ratio.
    #[default]
    LogLikelihood,
    /// logDice.
    LogDice,
    /// Mutual information.
    MutualInformation,
    /// The t-score.
    TScore,
    /// Delta P.
    DeltaP,
}

impl Measure {
    /// Every measure with its name.
    pub const ALL: [(&'static str, Measure); 5] = [
        ("log-likelihood", Measure::LogLikelihood),
        ("log-dice", Measure::LogDice),
        ("mi", Measure::MutualInformation),
        ("t-score", Measure::TScore),
        ("delta-p", Measure::DeltaP),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, measure)| *measure == self).map_or("", |(name, _)| name)
    }
}

/// The words that stand around the places where a query matches.
#[derive(Clone, Debug, Default)]
pub struct Collocates {
    /// What matches, without hits.
    pub results: Results,
    /// The places where it matches, in the articles that were read.
    pub matches: usize,
    /// Articles that were read, where that were not all that match.
    pub read_of: Option<usize>,
    /// Words around the matches.
    pub window: usize,
    /// Words in the archive.
    pub words: u64,
    /// The words asked for, best first.
    pub collocates: Vec<Collocate>,
}

/// A word that stands around matches oftener than chance has it.
#[derive(Clone, Debug, Default)]
pub struct Collocate {
    /// The word, in its look-up form.
    pub word: String,
    /// How often it stands around a match.
    pub together: usize,
    /// In how many articles.
    pub articles: usize,
    /// How often it would by chance.
    pub expected: f64,
    /// How often it stands in the archive.
    pub archive: u64,
    /// The measures.
    pub measures: Measures,
    /// Lines in which both stand.
    pub lines: Vec<Line>,
}

/// What is measured of a word and the matches around which it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measures {
    /// The log-likelihood ratio.
    pub log_likelihood: f64,
    /// logDice.
    pub log_dice: f64,
    /// Mutual information.
    pub mutual_information: f64,
    /// The t-score.
    pub t_score: f64,
    /// Delta P.
    pub delta_p: f64,
}

impl Measures {
    /// One of them.
    pub fn of(&self, measure: Measure) -> f64 {
        match measure {
            Measure::LogLikelihood => self.log_likelihood,
            Measure::LogDice => self.log_dice,
            Measure::MutualInformation => self.mutual_information,
            Measure::TScore => self.t_score,
            Measure::DeltaP => self.delta_p,
        }
    }
}
