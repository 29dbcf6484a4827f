//! The stretches of a text in which names stand: words with capitals, and the small words between them.
//!
//! Three words in four of a newspaper are small and far from any capital: they are no part of a name, and looking at
//! them would take most of the time.

use crate::extract::names::lexicon::PARTICLE;
use crate::extract::names::run::{Gap, Text, Token};

/// Neighbouring words of one sentence in which names may stand, `last` included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::extract) struct Piece {
    pub(in crate::extract) first: usize,
    pub(in crate::extract) last: usize,
}

impl Piece {
    /// How many words it has.
    pub(in crate::extract) fn len(self) -> usize {
        self.last + 1 - self.first
    }

    /// Whether the word at `at` belongs to a run of capitalised words with the one before it.
    pub(super) fn joins_before(self, text: &Text<'_>, at: usize) -> bool {
        at > self.first && text.joins(at) && text.get(at - 1).is_some_and(Token::is_capital)
    }

    /// Whether the word at `at` belongs to a run of capitalised words with the one behind it.
    pub(super) fn joins_after(self, text: &Text<'_>, at: usize) -> bool {
        at < self.last && text.joins(at + 1) && text.get(at + 1).is_some_and(Token::is_capital)
    }

    /// The first word of the run of capitalised words that the word at `at` belongs to, as far as [`REACH`] goes.
    pub(super) fn run_begin(self, text: &Text<'_>, at: usize) -> usize {
        let mut begin = at;
        while at - begin < REACH && self.joins_before(text, begin) {
            begin -= 1;
        }
        begin
    }
}

/// The most words of a run that are looked at on either side.
pub(super) const REACH: usize = 8;
/// A piece is cut behind so many words: tables of names have no sentences.
const LONGEST: usize = 200;
/// So many words of a text are looked at: no news has a tenth, and what has more is made to hurt.
const MOST: usize = 200_000;
/// Small words that join words of a name.
const JOINS: &[&str] =
    &["of", "and", "for", "the", "on", "in", "to", "at", "by", "with", "und", "et", "against", "from", "upon"];
/// The most small words between two capitals of one name: `Bank for the`, `Federation of the`.
const MOST_BETWEEN: usize = 3;

/// The pieces of `text`, in order.
pub(in crate::extract) fn pieces(text: &Text<'_>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut words = 0;
    let mut at = 0;
    while let Some(token) = text.get(at) {
        if token.skip || !(token.is_capital() || token.quiet || begins(text, at)) {
            at += 1;
            continue;
        }
        let first = at;
        let mut last = if token.is_capital() || token.quiet { at } else { at + 1 };
        while last - first < LONGEST
            && let Some(next) = next(text, last)
        {
            last = next;
        }
        words += last + 1 - first;
        if words > MOST {
            break;
        }
        pieces.push(Piece { first, last });
        at = last + 1;
    }
    pieces
}

/// `al-Maliki`, `de Mistura`: a particle in front of a capital.
fn begins(text: &Text<'_>, at: usize) -> bool {
    let Some(next) = text.get(at + 1) else { return false };
    text.get(at).is_some_and(|token| token.is(PARTICLE))
        && next.is_capital()
        && !next.skip
        && !next.starts
        && (matches!(next.gap, Gap::Blank | Gap::Hyphen) || is_wide_hyphen(text, at + 1))
}

/// `al - Qaeda`: a hyphen between blanks, as texts have it that a program took apart.
fn is_wide_hyphen(text: &Text<'_>, at: usize) -> bool {
    text.before(at) == " - " && at.checked_sub(1).and_then(|before| text.get(before)).is_some_and(|t| !t.possessive)
}

/// The last word of the next part of a piece that has reached `last`.
fn next(text: &Text<'_>, last: usize) -> Option<usize> {
    for at in last + 1..=last + 1 + MOST_BETWEEN {
        let token = text.get(at)?;
        if token.skip || token.starts && token.gap != Gap::Hyphen {
            return None;
        }
        if token.is_capital() || token.quiet {
            return Some(at);
        }
        let word = text.word(at);
        let number = word.as_bytes().first().is_some_and(u8::is_ascii_digit) && word.len() <= 4;
        let hyphen = token.gap == Gap::Hyphen || is_wide_hyphen(text, at);
        if (number || hyphen && word.len() <= 6) && at == last + 1 {
            return Some(at);
        }
        if !(token.is(PARTICLE) || JOINS.contains(&word)) {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Article, Part};
    use crate::extract::Page;

    #[test]
    fn small_words_between_capitals_belong_to_them() {
        let article = Article {
            text: "then the Bank for International Settlements of Basel met Kim Jong-un, who lost. Al fled to \
                   al-Maliki and the others"
                .to_owned(),
            ..Article::default()
        };
        let page = Page::new(&article, None);
        let text = Text::new(&page, Part::Body);
        let shown: Vec<String> = pieces(&text)
            .into_iter()
            .map(|piece| (piece.first..=piece.last).map(|at| text.word(at)).collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(shown, ["Bank for International Settlements of Basel", "Kim Jong un", "Al", "al Maliki"]);
    }
}
