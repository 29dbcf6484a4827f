//! `a NEAR/5 b`: at most five words from one to the other, in either order.

use super::{Meaning, Operator};
use crate::query::spans::Link;
use crate::query::values::Refusal;

/// The operator.
pub(super) struct Near;

impl Operator for Near {
    fn read(&self, word: &str) -> Option<Result<Meaning, Refusal>> {
        let reach = super::distance(word, &["near"], &["w", "n", ""], "mutual NEAR/5 defence")?;
        Some(reach.map(|reach| Meaning::Link(Link { ordered: false, reach, negated: false })))
    }

    fn help(&self) -> &'static [[&'static str; 3]] {
        &[
            [
                "near, any order",
                "mutual NEAR/5 defence",
                "at most 5 words from one to the other; neighbours are 1 apart (also w/5)",
            ],
            ["groups near groups", "(treaty OR pact) NEAR/5 (russia* OR moscow)", "any of either side"],
            ["not near", "treaty NOT NEAR/3 nuclear", "somewhere without the other within 3 words"],
        ]
    }
}
