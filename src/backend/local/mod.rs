//! The index in a folder, on tantivy. Nothing outside this folder names tantivy.
//!
//! Writing: [`writer`] locks and opens (`folder`, `version`), `schema` makes documents of articles, `tokenise` makes
//! terms of words.
//!
//! Reading: `opened` opens (`directory`), `vocabulary` knows the words that there are, `translate` makes a query of a tree
//! out of `postings`, `positional`, `filter` and `valued`, `collect` gathers and orders the hits, `ranking` raises good ones,
//! `receipts` says what was looked for and `diagnosis` why nothing was found, `facets`, `held` and `timeline` count over the
//! hits, `related` finds what keeps like company, `brief` sums up each question of a list, `export` reads all hits, [`Local`]
//! puts the answer together.
//! [`check`](fn@check::check) says whether all is well.

mod answer;
mod brief;
pub mod check;
mod collect;
mod compact;
mod deadline;
mod diagnosis;
mod directory;
mod export;
mod facets;
mod filter;
mod folder;
mod fuzzy;
mod held;
mod opened;
#[cfg(test)]
mod place_tests;
mod place_value;
mod positional;
mod postings;
mod ranking;
mod receipts;
mod related;
mod schema;
mod slots;
mod timeline;
mod tokenise;
mod translate;
mod valued;
mod version;
mod vocabulary;
pub mod writer;

pub use answer::Local;
pub use folder::rebuild;
