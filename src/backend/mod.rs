//! Where articles are kept and asked for.
//!
//! 1. [`local::writer::Writer`] takes [`Record`]s and what is known of the files they came from, in batches
//!    that are committed together.
//! 2. [`Backend`] answers a [`Tree`] with [`Results`].
//!
//! [`association`] measures what belongs together. [`local`] is an index in a folder. What answers a question is not known anywhere else.

pub mod association;
pub mod local;

use crate::article::{Article, Found};
use crate::error::Result;
use crate::language::Language;
use crate::query::tree::Tree;
use crate::read::Skip;
use crate::search::export::Shape;
use crate::search::{
    Brief, BriefRequest, Clause, Collocates, CollocatesRequest, Company, CompanyRequest, Concordance,
    ConcordanceRequest, Coverage, CoverageRequest, Diff, DiffRequest, Ends, EndsRequest, Entity, Export, ExportRequest,
    Fingerprint, Related, RelatedRequest, Request, Results, SimilarRequest, Sort, Stamp, Timeline, TimelineRequest,
    Trend, TrendRequest,
};
use serde::{Deserialize, Serialize};

/// An article with all that is known of it, as it is kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// Unique in the index.
    pub id: String,
    /// The article.
    pub article: Article,
    /// What was found in it.
    pub found: Found,
    /// The file it came from, as an absolute path where it is known.
    pub location: Option<String>,
}

/// Answers questions.
pub trait Backend {
    /// The articles that match `tree`, with passages, receipts and facets as `request` wants them.
    fn search(&self, tree: &Tree, request: &Request) -> Result<Results>;
    /// How many articles match.
    fn count(&self, tree: &Tree) -> Result<usize>;
    /// Whether any article matches.
    fn any(&self, tree: &Tree) -> Result<bool>;
    /// The article with this id.
    fn article(&self, id: &str) -> Result<Option<Record>>;
    /// What is in the index.
    fn status(&self) -> Result<Status>;
    /// Every part that was not read, by path.
    fn skipped(&self) -> Result<Vec<Skip>>;
    /// The question as the engine is asked it, for `--explain`.
    fn explain(&self, tree: &Tree) -> Result<String>;
    /// Each part of the question with the articles that it has by itself.
    fn clauses(&self, tree: &Tree) -> Result<Vec<Clause>>;
    /// The forms of each word that the index has; see [`crate::query::forms`].
    fn expand(&self, tree: &mut Tree, variants: bool) -> Result<()>;
    /// The languages that a good part of the articles is in, most articles first.
    fn languages(&self) -> Result<Vec<&'static Language>>;
    /// The persons, organisations or places that the articles that match name, most articles first, by the name of the
    /// field.
    fn entities(&self, tree: &Tree, field: &str) -> Result<Vec<Entity>>;
    /// How many of the articles that match were published in each month (`2024-06`), in order, undated ones left out.
    fn months(&self, tree: &Tree) -> Result<Vec<(String, usize)>>;
    /// How many of the articles that match fall in each period, beside all articles of the index in it.
    fn timeline(&self, tree: &Tree, request: &TimelineRequest) -> Result<Timeline>;
    /// The same for several questions at once.
    fn trend(&self, request: &TrendRequest) -> Result<Trend>;
    /// How many of the articles that match are of each source in each period, and what the index lacks of it.
    fn coverage(&self, tree: &Tree, request: &CoverageRequest) -> Result<Coverage>;
    /// The earliest of the articles that match, or the latest, with a passage each.
    fn ends(&self, tree: &Tree, request: &EndsRequest) -> Result<Ends>;
    /// Other phrases of the articles that keep the same company as the one that is asked for.
    fn related(&self, tree: &Tree, request: &RelatedRequest) -> Result<Related>;
    /// The places where the question matches, with what stands around each.
    fn concordance(&self, tree: &Tree, request: &ConcordanceRequest) -> Result<Concordance>;
    /// The words that stand around these places oftener than elsewhere.
    fn collocates(&self, tree: &Tree, request: &CollocatesRequest) -> Result<Collocates>;
    /// Who and what is named together with what is asked for.
    fn company(&self, tree: &Tree, request: &CompanyRequest) -> Result<Company>;
    /// The articles that match and are like the one that is asked for, the most alike first.
    fn similar(&self, tree: &Tree, request: &SimilarRequest) -> Result<Results>;
    /// What two questions have in common, and what sets their answers apart.
    fn diff(&self, trees: [&Tree; 2], request: &DiffRequest) -> Result<Diff>;
    /// The id and the hash of every article that matches, in order.
    fn stamps(&self, tree: &Tree, sort: Sort) -> Result<Vec<Stamp>>;
    /// As [`Backend::search`], of the hits alone that `keep` keeps; it is shown each of them once.
    fn search_those(&self, tree: &Tree, request: &Request, keep: &mut dyn FnMut(&Stamp) -> bool) -> Result<Results>;
    /// What tells the state of the index from others.
    fn fingerprint(&self) -> Result<Fingerprint>;
    /// Hands all articles that match, as `shape` writes them, to `to`: one after the other, never all of them at once.
    fn export(&self, tree: &Tree, request: &ExportRequest, shape: Shape<'_>, to: &mut dyn Export) -> Result<()>;
    /// How many articles match, from when to when, and who is named in them: for lists of questions, from several threads.
    fn brief(&self, tree: &Tree, request: &BriefRequest) -> Result<Brief>;
}

/// What is in an index.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Status {
    /// Where it is.
    pub location: String,
    /// Articles.
    pub articles: usize,
    /// Files known.
    pub files: usize,
    /// Files that gave no article, or not all of theirs.
    pub unread: usize,
    /// Folders and files that were indexed.
    pub roots: Vec<String>,
    /// Bytes on disk.
    pub bytes: u64,
    /// Bytes of the files that gave articles.
    pub file_bytes: u64,
    /// Bytes on disk by what they hold.
    pub parts: Vec<Part>,
    /// Segments.
    pub segments: usize,
    /// The version of the program that made it.
    pub made_by: String,
    /// The first and last day of publication.
    pub published: Option<(String, String)>,
    /// Whether re-indexing would give better answers with this program.
    pub outdated: bool,
    /// What was skipped, where it was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skip>,
}

/// A part of an index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Part {
    /// What it holds.
    pub part: String,
    /// Bytes on disk.
    pub bytes: u64,
}

/// What is known of a file, so that an unchanged one need not be read again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileState {
    /// Bytes.
    pub size: u64,
    /// Last change of the contents, nanoseconds since 1970.
    pub modified: i64,
    /// Last change of contents or attributes, nanoseconds since 1970.
    pub changed: i64,
    /// The inode.
    pub inode: u64,
    /// How many articles it gave.
    pub articles: u64,
    /// Whether it was read to its end.
    pub complete: bool,
    /// Whether it changed so shortly before it was read that another change could go unseen.
    pub recent: bool,
    /// What was not read, at most [`MOST_SKIPS`] of it and [`MOST_REASONS`] reasons that concern the whole file.
    pub skips: Vec<Skip>,
    /// How many parts were not read.
    pub skipped: u64,
}

/// The most skipped parts of one file that are kept by name.
pub const MOST_SKIPS: usize = 200;

/// The most reasons that are kept beyond those of parts: why a file was not read to its end comes after its bad lines.
pub const MOST_REASONS: usize = 20;

impl FileState {
    /// Whether the file on disk is surely the one that was read.
    pub fn same_file(&self, other: &FileState) -> bool {
        self.complete
            && !self.recent
            && (self.size, self.modified, self.changed, self.inode)
                == (other.size, other.modified, other.changed, other.inode)
    }

    /// Notes a part that was not read.
    pub fn skip(&mut self, skip: Skip) {
        self.skipped += 1;
        let most = if skip.member.is_none() { MOST_SKIPS + MOST_REASONS } else { MOST_SKIPS };
        if self.skips.len() < most {
            self.skips.push(skip);
        }
    }
}
