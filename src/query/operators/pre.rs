//! `a PRE/5 b`: the left side first, at most five words before the right one.

use super::{Meaning, Operator};
use crate::query::spans::{Link, Reach};
use crate::query::values::Refusal;

/// The operator.
pub(super) struct Pre;

impl Operator for Pre {
    fn read(&self, word: &str) -> Option<Result<Meaning, Refusal>> {
        let ordered = |reach| Meaning::Link(Link { ordered: true, reach, negated: false });
        match word {
            "pre/s" => return Some(Ok(ordered(Reach::Sentence))),
            "pre/p" => return Some(Ok(ordered(Reach::Paragraph))),
            _ => {}
        }
        let reach = super::distance(word, &["pre", "adj", "onear"], &["p"], "mutual PRE/5 defence")?;
        Some(reach.map(ordered))
    }

    fn help(&self) -> &'static [[&'static str; 3]] {
        &[["in this order", "mutual PRE/5 defence", "the same, the left one first (also adj5)"]]
    }
}
