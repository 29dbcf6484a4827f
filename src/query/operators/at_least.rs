//! `ATLEAST5(sanctions)`: in at least five places of the article.

use super::{Meaning, Operator};
use crate::query::values::Refusal;

/// The operator.
pub(super) struct AtLeast;

/// More places than this cannot be asked for: no article has so many.
const MOST: u32 = 10_000;

impl Operator for AtLeast {
    fn read(&self, word: &str) -> Option<Result<Meaning, Refusal>> {
        let number = ["atleast", "atl"].iter().find_map(|name| word.strip_prefix(name))?;
        let number = number.strip_prefix('/').unwrap_or(number);
        if !number.bytes().all(|b| b.is_ascii_digit()) || (number.is_empty() && word == "atl") {
            return None;
        }
        let hint = || "write it like `ATLEAST5(sanctions)`".to_owned();
        Some(match number.parse::<u32>() {
            Ok(times) if (1..=MOST).contains(&times) => Ok(Meaning::AtLeast(times)),
            Err(_) if number.is_empty() => {
                Err(Refusal { message: format!("`{}` needs a number", word.to_ascii_uppercase()), hint: hint() })
            }
            _ => Err(Refusal {
                message: format!("the number of `{}` is not from 1 to {MOST}", word.to_ascii_uppercase()),
                hint: hint(),
            }),
        })
    }

    fn help(&self) -> &'static [[&'static str; 3]] {
        &[[
            "how often",
            "ATLEAST3(treaty)",
            "in at least 3 places of the article; also of a phrase, of NEAR, of (a OR b)",
        ]]
    }
}
