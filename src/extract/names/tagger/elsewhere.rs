//! How the words of a piece are used in the rest of the article.
//!
//! News says who somebody is once and uses the bare name after that: what stands beside one mention speaks for all.

use super::features::{Context, Rules, mix};
use super::labels::{self, Label};
use super::pieces::Piece;
use crate::extract::names::lexicon::{AT, GIVEN, HEAD, ROLE, SPEECH, SUFFIX, TITLE};
use crate::extract::names::run::{Gap, Shape, Text};
use rustc_hash::FxHashMap;

/// How many ways of being used are told apart.
const USES: usize = 16;
/// The way that is written small.
const SMALL: usize = 15;

/// How often each word is used in which way, by the hash of the word.
pub(in crate::extract) struct Elsewhere {
    words: FxHashMap<u32, [u8; USES]>,
}

impl Elsewhere {
    /// Looks at all texts of an article.
    pub(in crate::extract) fn of(texts: &[Text<'_>], rules: &[Rules], pieces: &[Vec<Piece>]) -> Elsewhere {
        let mut words: FxHashMap<u32, [u8; USES]> = FxHashMap::default();
        for ((text, rules), pieces) in texts.iter().zip(rules).zip(pieces) {
            for piece in pieces {
                for at in piece.first..=piece.last {
                    let Some(token) = text.get(at).filter(|token| token.is_capital()) else { continue };
                    let counts = words.entry(token.lower).or_default();
                    let mut bits = uses(text, rules, *piece, at);
                    while bits != 0 {
                        let count = &mut counts[bits.trailing_zeros() as usize % USES];
                        *count = count.saturating_add(1);
                        bits &= bits - 1;
                    }
                }
            }
        }
        // Few of the small words are also written large.
        let mut seen = [0u64; 64];
        for word in words.keys() {
            seen[(*word >> 6) as usize % 64] |= 1 << (word % 64);
        }
        for text in texts {
            for token in &text.tokens {
                if token.shape == Shape::Lower
                    && seen[(token.lower >> 6) as usize % 64] & 1 << (token.lower % 64) != 0
                    && let Some(counts) = words.get_mut(&token.lower)
                {
                    counts[SMALL] = counts[SMALL].saturating_add(1);
                }
            }
        }
        Elsewhere { words }
    }

    /// The ways in which the word at `at` is used in other places of the article, as bits.
    pub(super) fn of_word(&self, context: &Context<'_, '_>, piece: Piece, at: usize) -> u32 {
        let Some(token) = context.text.get(at) else { return 0 };
        let Some(counts) = self.words.get(&token.lower) else { return 0 };
        let own = if token.is_capital() { uses(context.text, context.rules, piece, at) } else { 1 << SMALL };
        counts.iter().enumerate().fold(0, |all, (use_, count)| {
            let here = u8::from(own & 1 << use_ != 0);
            all | u32::from(*count > here) << use_
        })
    }
}

/// The ways in which the capitalised word at `at` is used there, as bits.
fn uses(text: &Text<'_>, rules: &Rules, piece: Piece, at: usize) -> u32 {
    let Some(token) = text.get(at) else { return 0 };
    if token.loud {
        return 0;
    }
    let before = at.checked_sub(1).and_then(|at| text.get(at)).filter(|_| !token.starts);
    let after = text.get(at + 1).filter(|next| !next.starts);
    let (joined_before, joined_after) = (piece.joins_before(text, at), piece.joins_after(text, at));
    let near = matches!(token.gap, Gap::Blank | Gap::Stop);
    let next_near = after.is_some_and(|next| next.gap == Gap::Blank);
    let bits = [
        !token.starts,
        near && before.is_some_and(|t| t.is(TITLE | ROLE)),
        joined_before && before.is_some_and(|t| t.is(GIVEN)),
        next_near && !joined_after && after.is_some_and(|t| t.is(SPEECH)),
        joined_after && after.is_some_and(|t| t.is(HEAD | SUFFIX)),
        token.gap == Gap::Blank && before.is_some_and(|t| t.is(AT)),
        joined_after && !joined_before,
        joined_before && !joined_after,
        !joined_before && !joined_after,
        token.possessive,
        rules.is_person(at),
        rules.is_organisation(at),
        rules.is_place(at),
        joined_before && before.is_some_and(|t| t.shape == Shape::Initial),
        token.gap == Gap::Blank && before.is_some_and(|t| t.shape == Shape::Lower),
    ];
    bits.iter().enumerate().fold(0, |all, (number, bit)| all | u32::from(*bit) << number)
}

/// What the first pass made of words and of names, all over an article.
pub(in crate::extract) struct Votes {
    /// By the hash of a word: how often it was outside a name, or in one of each kind.
    words: FxHashMap<u32, [u16; 4]>,
    /// By the hash of the words of a run of capitalised words: the same for the run's last word.
    runs: FxHashMap<u32, [u16; 4]>,
    /// By the hash of a word: how often it was in a name of several words of each kind.
    long: FxHashMap<u32, [u16; 4]>,
}

impl Votes {
    /// `first` has, text by text, the labels of the words of all pieces, one piece after the other.
    pub(in crate::extract) fn of(texts: &[Text<'_>], pieces: &[Vec<Piece>], first: &[Vec<Label>]) -> Votes {
        let mut votes = Votes { words: FxHashMap::default(), runs: FxHashMap::default(), long: FxHashMap::default() };
        for ((text, pieces), labels) in texts.iter().zip(pieces).zip(first) {
            let mut from = 0;
            for piece in pieces {
                let to = from + piece.len();
                let Some(labels) = labels.get(from..to) else { break };
                from = to;
                for (label, at) in labels.iter().zip(piece.first..) {
                    let Some(token) = text.get(at).filter(|token| token.is_capital() && !token.loud) else { continue };
                    let kind = labels::kind_number(*label) as usize;
                    count(&mut votes.words, token.lower, kind);
                    if kind > 0 && !labels::is_only(*label) {
                        count(&mut votes.long, token.lower, kind);
                    }
                    if let Some(run) = run_ending_at(text, *piece, at) {
                        count(&mut votes.runs, run, kind);
                    }
                }
            }
        }
        votes
    }

    /// Adds the features of the second pass for the word at `at` of `piece`, whose labels were `first`.
    pub(in crate::extract) fn features(
        &self,
        text: &Text<'_>,
        piece: Piece,
        at: usize,
        first: &[Label],
        out: &mut Vec<u32>,
    ) {
        let Some(token) = text.get(at) else { return };
        let offset = at - piece.first;
        let label = |offset: Option<usize>| offset.and_then(|at| first.get(at)).map_or(15, |label| u32::from(*label));
        let here = label(Some(offset));
        let before = label(offset.checked_sub(1));
        let after = label(Some(offset + 1));
        let mut template = 300;
        let mut add = |value: u32| {
            template += 1;
            out.push(mix(template, value));
        };
        let kind = labels::kind_number(here as Label) as usize;
        let own = u16::from(token.is_capital() && !token.loud);
        let word = verdict(self.words.get(&token.lower), kind, own);
        let long =
            verdict(self.long.get(&token.lower), kind, own * u16::from(kind > 0 && !labels::is_only(here as Label)));
        let mut end = at;
        while piece.joins_after(text, end) {
            end += 1;
        }
        let run = run_ending_at(text, piece, end).and_then(|run| self.runs.get(&run));
        let last_kind = first.get(end - piece.first).map_or(0, |label| labels::kind_number(*label) as usize);
        let run = verdict(run, last_kind, own);
        add(here);
        add(before << 8 | here << 4 | after);
        add(here << 4 | before);
        add(here << 4 | after);
        add(word);
        add(run);
        add(long);
        add(mix(word, here));
        add(mix(run, here));
        add(mix(long, here));
        add(mix(mix(word, run), here));
        add(mix(mix(word, long), here));
        add(mix(mix(run, long), u32::from(token.starts) | u32::from(token.loud) << 1));
        add(mix(mix(word, here), before << 4 | after));
    }
}

fn count(counts: &mut FxHashMap<u32, [u16; 4]>, key: u32, kind: usize) {
    let count = &mut counts.entry(key).or_default()[kind % 4];
    *count = count.saturating_add(1);
}

/// The hash of the run of capitalised words that ends at `at`, if one ends there.
fn run_ending_at(text: &Text<'_>, piece: Piece, at: usize) -> Option<u32> {
    if piece.joins_after(text, at) {
        return None;
    }
    let words = (piece.run_begin(text, at)..=at).rev().filter_map(|at| text.get(at)).map(|token| token.lower);
    words.reduce(mix)
}

/// What the votes say, `own` of them of `kind` left out: which kind leads, by how many, and whether others are there.
fn verdict(votes: Option<&[u16; 4]>, kind: usize, own: u16) -> u32 {
    let Some(votes) = votes else { return 0 };
    let mut votes = *votes;
    votes[kind % 4] = votes[kind % 4].saturating_sub(own);
    let total: u16 = votes.iter().fold(0, |all, votes| all.saturating_add(*votes));
    let Some((leader, most)) = votes.iter().enumerate().max_by_key(|(number, votes)| (**votes, 4 - number)) else {
        return 0;
    };
    if total == 0 {
        return 1;
    }
    let size = match most {
        1 => 0,
        2..=3 => 1,
        _ => 2,
    };
    let share = if *most == total {
        0
    } else if u32::from(*most) * 3 >= u32::from(total) * 2 {
        1
    } else {
        2
    };
    2 + leader as u32 + 4 * size + 12 * share
}
