//! Text as the rest of the program sees it, from bytes to words.
//!
//! 1. [`tokens`] cuts a text into words; the index, the query, the extractors and the highlighter share it.
//! 2. [`fold`] gives the form under which a word is looked up: lower case, no accents.
//! 3. [`sentences`] finds where sentences and paragraphs begin, counted in words.
//! 4. [`lengths`] tells of most words that a list does not have them, before they are looked up.
//! 5. [`offsets`] turns byte offsets into the character offsets that leave the program.

pub mod fold;
pub mod lengths;
pub mod offsets;
pub mod positions;
pub mod sentences;
pub mod sound;
pub mod tokens;

use serde::{Deserialize, Serialize};

/// The lines of `text` from `start`, without the break at their end.
pub(crate) fn lines(text: &str, start: usize) -> impl Iterator<Item = Span> {
    let mut at = start;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let line = Span::new(at, at + length);
        at = line.end + 1;
        Some(line)
    })
}

/// A stretch of text, in bytes, end excluded, always on character boundaries. Serialised as a pair: an index has many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "(usize, usize)", into = "(usize, usize)")]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

impl From<(usize, usize)> for Span {
    fn from((start, end): (usize, usize)) -> Span {
        Span { start, end }
    }
}

impl From<Span> for (usize, usize) {
    fn from(span: Span) -> (usize, usize) {
        (span.start, span.end)
    }
}

impl Span {
    /// The span from `start` to `end`.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }

    /// The text under the span; empty where the span does not fit the text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }

    /// Whether the two share at least one byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A text cut into words, once, for everything that looks at them.
#[derive(Clone, Debug)]
pub struct Words<'a> {
    /// The text.
    pub text: &'a str,
    /// Its words, in order.
    pub spans: Vec<Span>,
    /// Where its sentences and paragraphs begin, counted in words.
    pub bounds: sentences::Bounds,
}

impl<'a> Words<'a> {
    /// Cuts `text` into words.
    pub fn new(text: &'a str) -> Words<'a> {
        let spans: Vec<Span> = tokens::words(text).collect();
        let bounds = sentences::bounds(text, &spans);
        Words { text, spans, bounds }
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The word at `position`, or nothing past the end.
    pub fn word(&self, position: usize) -> &'a str {
        self.spans.get(position).map_or("", |span| span.of(self.text))
    }

    /// The text between the word at `position` and the one after it.
    pub fn gap(&self, position: usize) -> &'a str {
        let start = self.spans.get(position).map_or(0, |span| span.end);
        let end = self.spans.get(position + 1).map_or(self.text.len(), |span| span.start);
        self.text.get(start..end).unwrap_or("")
    }

    /// The bytes from the word at `first` to the end of the word at `last`.
    pub fn span(&self, first: usize, last: usize) -> Span {
        let start = self.spans.get(first).map_or(self.text.len(), |span| span.start);
        let end = self.spans.get(last).map_or(start, |span| span.end);
        Span::new(start, end)
    }
}
