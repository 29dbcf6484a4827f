//! Saved searches, what was seen of each, and records of searches: files of a user's own, which are no part of an index.
//!
//! 1. [`searches`] is the list of saved searches, as TOML that may be edited.
//! 2. [`mark`] is what was shown of one of them, in one index: ids and hashes of contents, no dates.
//! 3. [`store`] keeps both in a folder, so that several processes may use them at once.
//! 4. [`record`] is a search with its answer, as TOML that may be published; [`compare`](fn@compare::compare) says what
//!    became of the answer since.
//!
//! Files are written whole, beside the old one, and renamed ([`mod@file`]).

pub mod compare;
pub mod file;
pub mod mark;
pub mod record;
pub mod searches;
pub mod store;
