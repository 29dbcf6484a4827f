//! `a W/S b`, `a W/P b`: in one sentence, in one paragraph.

use super::{Meaning, Operator};
use crate::query::spans::{Link, Reach};
use crate::query::values::Refusal;

/// The operator.
pub(super) struct Within;

impl Operator for Within {
    fn read(&self, word: &str) -> Option<Result<Meaning, Refusal>> {
        let reach = match word {
            "w/s" | "w/sent" | "/s" => Reach::Sentence,
            "w/p" | "w/para" | "/p" => Reach::Paragraph,
            _ => return None,
        };
        Some(Ok(Meaning::Link(Link { ordered: false, reach, negated: false })))
    }

    fn help(&self) -> &'static [[&'static str; 3]] {
        &[
            ["in one sentence", "kim W/S treaty", "both in the same sentence, in any order; PRE/S for this order"],
            ["in one paragraph", "kim W/P treaty", "both in the same paragraph; PRE/P for this order"],
        ]
    }
}
