//! Operators beyond AND, OR and NOT. Each is one file with its forms, what they are rewritten to, and its lines of help;
//! and two lines here. What the core can say is in [`super::spans`]: an operator adds a way to write it.

mod at_least;
mod near;
mod pre;
mod within;

use super::spans::{Link, Reach};
use super::values::Refusal;

/// An operator that is a word of the query.
pub(super) trait Operator: Sync {
    /// What a word, in lower case, is as this operator; none where it is another word.
    fn read(&self, word: &str) -> Option<Result<Meaning, Refusal>>;
    /// The lines of help: what it is for, how it is written, what it means.
    fn help(&self) -> &'static [[&'static str; 3]];
}

/// What an operator stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Meaning {
    /// It stands between two sides.
    Link(Link),
    /// It stands before parentheses: what is in them, at least so often.
    AtLeast(u32),
}

/// All operators.
pub(super) const OPERATORS: &[&dyn Operator] = &[&near::Near, &pre::Pre, &within::Within, &at_least::AtLeast];

/// The longest word that can be an operator.
const LONGEST: usize = 20;

/// What a word is as an operator. Those with a slash or a figure may be written in any case, for they cannot be words;
/// the others are capitals.
pub(super) fn read(word: &str) -> Option<Result<Meaning, Refusal>> {
    if word.len() > LONGEST
        || !word.is_ascii()
        || !word.bytes().any(|b| b.is_ascii_digit() || b == b'/' || is_capital(b))
    {
        return None;
    }
    let marked = word.bytes().any(|b| b.is_ascii_digit() || b == b'/');
    if !marked && !word.bytes().all(is_capital) {
        return None;
    }
    let lower = word.to_ascii_lowercase();
    let unknown = || {
        let (name, _) = word.split_once('/')?;
        let refusal = Refusal {
            message: format!("`{word}` needs a distance in words"),
            hint: format!("write it like `mutual {name}/5 defence`"),
        };
        matches!(name, "NEAR" | "PRE" | "ADJ" | "ONEAR").then_some(Err(refusal))
    };
    OPERATORS.iter().find_map(|operator| operator.read(&lower)).or_else(unknown)
}

fn is_capital(b: u8) -> bool {
    b.is_ascii_uppercase()
}

/// The farthest that two words can be asked to be apart: further is the same as anywhere in the article.
const FARTHEST: u32 = 1000;

/// The distance behind one of these names, with or without a slash; a name with nothing behind it is refused.
fn distance(word: &str, names: &[&str], slashed: &[&str], example: &str) -> Option<Result<Reach, Refusal>> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let refuse = |message: String| Some(Err(Refusal { message, hint: format!("write it like `{example}`") }));
    let shown = word.to_ascii_uppercase();
    let behind = match word.split_once('/') {
        Some((name, behind)) if names.contains(&name) || slashed.contains(&name) => behind,
        Some(_) => return None,
        None if word == "near" => return refuse(format!("`{shown}` needs a distance in words")),
        None => names.iter().find_map(|name| word.strip_prefix(name).filter(|rest| digits(rest)))?,
    };
    match behind.parse::<u32>() {
        Ok(distance) if (1..=FARTHEST).contains(&distance) => Some(Ok(Reach::Words(distance))),
        // `w/s` and the like are other operators; `w/o` and `n/a` are none.
        Err(_) if !digits(behind) => None,
        _ => refuse(format!("the distance of `{shown}` is not from 1 to {FARTHEST}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_told_from_words() {
        let meaning = |word: &str| match read(word) {
            None => "word".to_owned(),
            Some(Err(refusal)) => format!("error: {}", refusal.message),
            Some(Ok(Meaning::Link(link))) => link.to_string(),
            Some(Ok(Meaning::AtLeast(times))) => format!("ATLEAST{times}"),
        };
        for (word, expected) in [
            ("NEAR/5", "NEAR/5"),
            ("near/5", "NEAR/5"),
            ("near5", "NEAR/5"),
            ("w/5", "NEAR/5"),
            ("W/12", "NEAR/12"),
            ("n/3", "NEAR/3"),
            ("/4", "NEAR/4"),
            ("pre/5", "PRE/5"),
            ("adj5", "PRE/5"),
            ("ONEAR/2", "PRE/2"),
            ("p/6", "PRE/6"),
            ("w/s", "W/S"),
            ("W/SENT", "W/S"),
            ("/s", "W/S"),
            ("w/p", "W/P"),
            ("W/PARA", "W/P"),
            ("pre/s", "PRE/S"),
            ("PRE/P", "PRE/P"),
            ("atleast5", "ATLEAST5"),
            ("ATL5", "ATLEAST5"),
            ("NEAR", "error: `NEAR` needs a distance in words"),
            ("NEAR/0", "error: the distance of `NEAR/0` is not from 1 to 1000"),
            ("NEAR/9999", "error: the distance of `NEAR/9999` is not from 1 to 1000"),
            ("ATLEAST", "error: `ATLEAST` needs a number"),
            ("near", "word"),
            ("Near", "word"),
            ("W", "word"),
            ("w/o", "word"),
            ("N/A", "word"),
            ("P/E", "word"),
            ("24/7", "word"),
            ("9/11", "word"),
            ("and/or", "word"),
            ("PRE", "word"),
            ("near/far", "word"),
            ("NEAR/x", "error: `NEAR/x` needs a distance in words"),
            ("PREVIEW", "word"),
            ("K5", "word"),
        ] {
            assert_eq!(meaning(word), expected, "{word}");
        }
    }

    #[test]
    fn what_is_printed_is_read() {
        for reach in [Reach::Words(7), Reach::Sentence, Reach::Paragraph] {
            for ordered in [false, true] {
                let link = Link { ordered, reach, negated: false };
                assert_eq!(read(&link.to_string()).and_then(Result::ok), Some(Meaning::Link(link)));
            }
        }
    }
}
