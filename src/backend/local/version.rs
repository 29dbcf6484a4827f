//! The two version numbers of an index, with one line for each step.
//!
//! The format number says whether this program can read an index at all. The feature number says whether indexing
//! anew would give better answers: a search still works, `dateline status` says so.

/// What this program writes and the only format that it reads.
///
/// - 1: the first.
/// - 2: text in larger blocks, publication dates and spans without what can be told from the rest.
/// - 3: the fields `reported-from` and `agency`; each syllable of Korean and each character of Thai, Lao, Khmer and
///   Burmese is a term; `й`, `が` and the like keep their marks; `en-GB` is `en` too.
/// - 4: one mark where a paragraph begins; articles are compared by another sum.
/// - 5: the places of an article with their regions and points.
/// - 6: where mentions and numbers stand, for slots such as `@person`.
/// - 7: what is kept of an article is one value with a sum of its own, packed with dictionaries of the archive's.
pub(super) const FORMAT: u32 = 7;

/// What this program can extract.
///
/// - 1: persons, organisations, places and dates by rule.
/// - 2: where an article was reported from, and the news agencies that it is from; languages that files declare wrongly.
/// - 3: persons, organisations and places of English articles by a trained tagger.
/// - 4: dates of German, French and Spanish articles.
/// - 5: clock times with full dates, spelled-out years, eras, feasts of other calendars, seasons by hemisphere.
pub(super) const FEATURES: u32 = 5;
