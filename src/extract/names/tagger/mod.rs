//! The tagger: which words of an article are names of persons, organisations and places, learned from labelled text.
//!
//! A linear-chain conditional random field over [`labels`], run twice over an article:
//!
//! 1. [`pieces`] cuts the text into the stretches in which a name can stand; all other words are outside of names.
//! 2. [`features`] describes every word of a piece by hashed features: the words around it, how it is written, what the
//!    lists and the rules say of it, and, from [`elsewhere`], how the same word is used in the rest of the article.
//! 3. [`model`] weighs them and finds the best labels of a piece; the first pass is then a feature of the second: what
//!    it made of the same word, and of longer names with it, in the whole article.
//!
//! The weights come from the program's own trainer (`train`, behind the feature of that name); `data/en/tagger.md`
//! says from what and how they score.

pub(in crate::extract) mod elsewhere;
pub(in crate::extract) mod features;
pub(in crate::extract) mod labels;
pub(in crate::extract) mod model;
pub(in crate::extract) mod pieces;
#[cfg(feature = "train")]
pub mod train;

use super::run::{Run, Text};
use elsewhere::{Elsewhere, Votes};
use features::{Context, Rules};
use labels::{Kind, Label};
use model::{Model, Scores};
use pieces::Piece;

/// A name that the tagger found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::extract) struct Tagged {
    /// Its words.
    pub(in crate::extract) run: Run,
    /// What it names.
    pub(in crate::extract) kind: Kind,
}

/// The names in the texts of an article, text by text, each list in order. `rules` has, for each text, what the rules
/// made of every word.
pub(in crate::extract) fn tag(texts: &[Text<'_>], rules: &[Rules], model: &Model) -> Vec<Vec<Tagged>> {
    let pieces: Vec<Vec<Piece>> = texts.iter().map(pieces::pieces).collect();
    let elsewhere = Elsewhere::of(texts, rules, &pieces);
    let mut first: Vec<Vec<Label>> = Vec::with_capacity(texts.len());
    let mut second: Vec<Vec<Scores>> = Vec::with_capacity(texts.len());
    let mut rows = Vec::with_capacity(128);
    let mut scores = Vec::new();
    for ((text, rules), pieces) in texts.iter().zip(rules).zip(&pieces) {
        let context = Context { text, rules, elsewhere: &elsewhere, casing: &model.casing };
        let mut labels = Vec::new();
        let mut kept = Vec::new();
        for piece in pieces {
            scores.clear();
            for at in piece.first..=piece.last {
                rows.clear();
                context.features(*piece, at, &mut rows);
                let (one, two) = model.weigh(&rows);
                scores.push(one);
                kept.push(two);
            }
            model.decode_first(&scores, &mut labels);
        }
        first.push(labels);
        second.push(kept);
    }
    let votes = Votes::of(texts, &pieces, &first);
    let mut found = Vec::with_capacity(texts.len());
    for (number, (text, pieces)) in texts.iter().zip(&pieces).enumerate() {
        let mut list = Vec::new();
        let (Some(first), Some(second)) = (first.get(number), second.get_mut(number)) else { break };
        let mut from = 0;
        let mut labels = Vec::new();
        for piece in pieces {
            let to = from + piece.len();
            let (Some(earlier), Some(scores)) = (first.get(from..to), second.get_mut(from..to)) else { break };
            for (offset, at) in (piece.first..=piece.last).enumerate() {
                rows.clear();
                votes.features(text, *piece, at, earlier, &mut rows);
                if let Some(scores) = scores.get_mut(offset) {
                    model.add_second(&rows, scores);
                }
            }
            labels.clear();
            model.decode_second(scores, &mut labels);
            labels::runs(&labels, |first, last, kind| {
                list.push(Tagged { run: Run { first: piece.first + first, last: piece.first + last }, kind });
            });
            from = to;
        }
        found.push(list);
    }
    found
}
