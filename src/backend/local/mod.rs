//! The index in a folder, on tantivy. Nothing outside this folder names tantivy.
//!
//! Writing: [`writer`] locks and opens (`folder`, `version`, `disk`), `schema` makes documents of articles, `tokenise` makes
//! terms of words, `stored` what is kept of an article (`details`, `compact`, `dictionaries`). `budget` shares out the memory
//! of a run, `merges` keeps segments few within it.
//!
//! Reading: `opened` opens (`directory`), `vocabulary` knows the words that there are, `lookups` finds names by their words
//! and words by their sound, `translate` makes a query of a tree out of `postings`, `positional`, `filter` and `valued`,
//! `collect` gathers and orders the hits, `ranking` raises good ones, `receipts` says what was looked for, `holes` what the
//! archive lacks of it and `diagnosis` why nothing was found, [`Local`] puts the answer together.
//! [`check`](fn@check::check) says whether all is well, `deep` whether what is indexed is what is stored, [`repair`] what can be
//! done about it, [`drive`] whether a folder is on a network drive.
//!
//! Ways to look at the hits: `facets`, `held`, `timeline` (`calendar`, `dates`, `tally`, `grouped`) and `coverage` count over
//! them, `ends` finds the first and last of them, `related` finds what keeps like company, `concordance` and `collocates` what
//! stands around matches (`lines`, `chance`), `cooccur` who is named together, `similar` what is like an article,
//! `difference` what sets two answers apart, `brief` sums up each question of a list, `export` reads all hits,
//! `fingerprint` says of what an answer is made.

mod answer;
mod brief;
mod budget;
mod calendar;
mod chance;
#[cfg(test)]
mod chaos;
#[cfg(test)]
mod chaos_tests;
pub mod check;
mod collect;
mod collocates;
mod compact;
mod concordance;
mod cooccur;
mod coverage;
mod dates;
mod deadline;
mod deep;
mod details;
mod diagnosis;
mod dictionaries;
mod diff;
mod directory;
mod disk;
pub mod drive;
mod ends;
mod export;
mod facets;
mod filter;
mod folder;
mod fuzzy;
mod grouped;
mod held;
mod holder;
mod holes;
mod lines;
#[cfg(test)]
mod lookup_tests;
mod lookups;
mod merges;
mod numbered;
mod opened;
mod packed;
#[cfg(test)]
mod place_tests;
mod place_value;
mod positional;
mod postings;
mod ranking;
mod receipts;
mod related;
pub mod repair;
mod room;
mod schema;
mod similar;
mod slots;
mod stamps;
mod stored;
mod tally;
mod timeline;
mod tokenise;
mod translate;
mod valued;
mod version;
mod vocabulary;
pub mod writer;

pub use answer::Local;
pub use folder::rebuild;
