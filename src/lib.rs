//! `dateline` reads a folder of news articles into an index and finds passages in it: by words, by the people,
//! organisations, places and countries they name, and by the dates they speak of.
//!
//! The way of an article, each arrow one folder:
//!
//! 1. [`ingest`] walks the folders and opens files; what cannot be read is a counted skip.
//! 2. [`read`] turns a file into [`article::Article`]s.
//! 3. [`extract`] finds the mentions in an article.
//! 4. [`backend`] keeps articles and mentions in an index.
//!
//! The way of a question: [`query`] turns words into a tree, [`backend`] answers it with [`search::Results`],
//! [`output`] writes them, [`cli`] is what a person types.
//!
//! What a user keeps beside an index, searches and records of their answers, is in [`saved`].
//!
//! A module uses lower floors only; `docs/architecture.md` has the floors and `tests/architecture.rs` keeps them.

pub mod article;
pub mod backend;
pub mod cli;
pub mod cores;
pub mod error;
pub mod extract;
pub mod field;
pub mod ingest;
pub mod language;
pub mod names;
pub mod output;
pub mod places;
pub mod query;
pub mod read;
pub mod saved;
pub mod search;
pub mod text;
pub mod when;
