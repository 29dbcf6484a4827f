//! What was shown of a saved search in one index: a number for each id, with the hash of the contents that were shown.
//!
//! Nothing is forgotten that was shown once, so that an article that is away for a day is not new on the next. A million
//! articles take 12 MB.
//!
//! ```text
//! dateline looked 1
//! {"index":"/…","looked":"2026-11-26T20:31:05+00:00","hits":12,"shown":12}
//! 12 times 12 bytes: number of the id and hash, in the order of the numbers
//! 32 bytes: BLAKE3 of all before
//! ```

use crate::error::{Error, Kind, Result};
use crate::search::Stamp;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What the file begins with.
const MAGIC: &str = "dateline looked 1\n";
/// Bytes of an article.
const WIDTH: usize = 12;
/// Bytes of the sum at the end.
const SUM: usize = 32;

/// What was shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// The folder of the index, for people.
    pub index: String,
    /// When it was looked at last, in RFC 3339.
    pub looked: String,
    /// How many articles matched then.
    pub hits: usize,
    /// By number of the id. One may have several hashes, where two looks at once met two states of it.
    shown: Vec<(u64, u32)>,
}

/// The line before the numbers.
#[derive(Serialize, Deserialize)]
struct Head {
    index: String,
    looked: String,
    hits: usize,
    shown: usize,
}

/// What an article is to who has seen what was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// It was never shown.
    New,
    /// It was shown with other contents.
    Changed,
}

/// The number of an id: of a million, two have the same in one of thirty million cases.
fn number(id: &str) -> u64 {
    let hash = blake3::hash(id.as_bytes());
    hash.as_bytes().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

impl Mark {
    /// What an article is; none where it was shown as it is.
    pub fn news(&self, article: &Stamp) -> Option<News> {
        let number = number(&article.id);
        let first = self.shown.partition_point(|(shown, _)| *shown < number);
        let mut hashes = self.shown.iter().skip(first).take_while(|(shown, _)| *shown == number).peekable();
        if hashes.peek().is_none() {
            return Some(News::New);
        }
        (!hashes.any(|(_, hash)| *hash == article.hash)).then_some(News::Changed)
    }

    /// Notes a look: into the index in this folder, when, and how many articles matched.
    pub fn looked_at(&mut self, index: &Path, looked: String, hits: usize) {
        self.index = index.display().to_string();
        (self.looked, self.hits) = (looked, hits);
    }

    /// Notes what was shown now; of an article that was shown before, the contents of now count.
    pub fn show<'a>(&mut self, articles: impl Iterator<Item = &'a Stamp>) {
        let mut now: Vec<(u64, u32)> = articles.map(|article| (number(&article.id), article.hash)).collect();
        now.sort_unstable();
        now.dedup();
        let others = |shown: &(u64, u32)| now.binary_search_by_key(&shown.0, |(number, _)| *number).is_err();
        let mut all: Vec<(u64, u32)> = self.shown.iter().copied().filter(others).collect();
        all.append(&mut now);
        all.sort_unstable();
        self.shown = all;
    }

    /// Takes in what somebody else has noted meanwhile.
    pub fn join(&mut self, other: &Mark) {
        self.shown.extend(&other.shown);
        self.shown.sort_unstable();
        self.shown.dedup();
    }

    /// How many articles were shown.
    pub fn len(&self) -> usize {
        self.shown.len()
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// As a file has it.
    pub fn write(&self) -> Vec<u8> {
        let head =
            Head { index: self.index.clone(), looked: self.looked.clone(), hits: self.hits, shown: self.shown.len() };
        let mut bytes = format!("{MAGIC}{}\n", serde_json::to_string(&head).unwrap_or_default()).into_bytes();
        bytes.reserve(self.shown.len() * WIDTH + SUM);
        for (number, hash) in &self.shown {
            bytes.extend(number.to_le_bytes());
            bytes.extend(hash.to_le_bytes());
        }
        let sum = blake3::hash(&bytes);
        bytes.extend(sum.as_bytes());
        bytes
    }

    /// Reads what [`Mark::write`] wrote.
    ///
    /// # Errors
    /// Where any of it is not as it was written.
    pub fn read(bytes: &[u8]) -> Result<Mark> {
        let damaged = |why: &str| Error::new(Kind::Damaged, "what was seen of the search cannot be read").because(why);
        let rest = bytes.strip_prefix(MAGIC.as_bytes()).ok_or_else(|| damaged("it begins otherwise"))?;
        let (before, sum) = bytes.split_last_chunk::<SUM>().ok_or_else(|| damaged("it is cut short"))?;
        if blake3::hash(before).as_bytes() != sum {
            return Err(damaged("it is not as it was written"));
        }
        let end = rest.iter().position(|byte| *byte == b'\n').ok_or_else(|| damaged("it has no second line"))?;
        let (head, rest) = rest.split_at(end);
        let head: Head = serde_json::from_slice(head).map_err(|error| damaged(&error.to_string()))?;
        let numbers = rest.get(1..rest.len().saturating_sub(SUM)).unwrap_or(&[]);
        let (pairs, over) = numbers.as_chunks::<WIDTH>();
        if !over.is_empty() || pairs.len() != head.shown {
            return Err(damaged("it has another number of articles than it says"));
        }
        let pair = |bytes: &[u8; WIDTH]| {
            let whole = |bytes: &[u8]| bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte));
            let (number, hash) = bytes.split_at(8);
            (whole(number), whole(hash) as u32)
        };
        let shown: Vec<(u64, u32)> = pairs.iter().map(pair).collect();
        if !shown.is_sorted() {
            return Err(damaged("its articles are not in order"));
        }
        Ok(Mark { index: head.index, looked: head.looked, hits: head.hits, shown })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(id: &str, hash: u32) -> Stamp {
        Stamp { id: id.into(), hash }
    }

    fn mark(articles: &[(&str, u32)]) -> Mark {
        let mut mark = Mark { index: "/i".into(), looked: "now".into(), hits: 2, ..Mark::default() };
        let stamps: Vec<Stamp> = articles.iter().map(|(id, hash)| stamp(id, *hash)).collect();
        mark.show(stamps.iter());
        mark
    }

    #[test]
    fn what_was_shown_is_no_news() {
        let mut mark = mark(&[("a", 1), ("b", u32::MAX)]);
        assert_eq!(mark.news(&stamp("a", 1)), None);
        assert_eq!(mark.news(&stamp("a", 2)), Some(News::Changed));
        assert_eq!(mark.news(&stamp("c", 1)), Some(News::New));
        mark.show([stamp("a", 2), stamp("c", 1)].iter());
        assert_eq!(mark.len(), 3);
        assert_eq!(mark.news(&stamp("a", 2)), None);
        assert_eq!(mark.news(&stamp("a", 1)), Some(News::Changed));
        assert_eq!(mark.news(&stamp("b", u32::MAX)), None);
    }

    #[test]
    fn two_looks_at_once_are_joined() {
        let mut one = mark(&[("a", 1), ("b", 1)]);
        one.join(&mark(&[("a", 2), ("c", 1)]));
        for (id, hash) in [("a", 1), ("a", 2), ("b", 1), ("c", 1)] {
            assert_eq!(one.news(&stamp(id, hash)), None, "{id} {hash}");
        }
        assert_eq!(one.len(), 4);
    }

    #[test]
    fn a_mark_comes_back_as_it_was_written() {
        let many: Vec<Stamp> = (0..1000).map(|n| stamp(&n.to_string(), n)).collect();
        let mut large = mark(&[]);
        large.show(many.iter());
        for mark in [mark(&[]), mark(&[("a", 1), ("b", 2)]), large] {
            let bytes = mark.write();
            assert_eq!(Mark::read(&bytes), Ok(mark.clone()));
            assert!(bytes.len() < mark.len() * WIDTH + 200);
        }
    }

    #[test]
    fn damage_is_seen_wherever_it_is() {
        let bytes = mark(&[("a", 1), ("b", 2)]).write();
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert!(Mark::read(&damaged).is_err(), "byte {at}");
            assert!(Mark::read(&bytes[..at]).is_err(), "cut at {at}");
        }
        assert!(Mark::read(&[bytes.clone(), vec![0]].concat()).is_err());
    }
}
