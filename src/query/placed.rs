//! Which parts of a query have places in a text, and so can stand beside `NEAR` and its kin.

use super::spans::Spans;
use super::tree::{Scope, Tree};
use super::values::Refusal;
use crate::field::Kind;

/// A part of a query as one that has places in a text.
pub(super) fn spans_of(tree: Tree) -> Result<Spans, Refusal> {
    let refuse = |message: &str, hint: &str| Err(Refusal { message: message.to_owned(), hint: hint.to_owned() });
    match tree {
        Tree::Word(word) => Ok(Spans::Word(word)),
        Tree::Phrase(phrase) => {
            Ok(Spans::Phrase { parts: phrase.words.into_iter().map(Spans::Word).collect(), slop: 0 })
        }
        Tree::Spans(spans) => Ok(spans),
        Tree::Or(parts) => Ok(Spans::Any(parts.into_iter().map(spans_of).collect::<Result<_, _>>()?)),
        Tree::Name(ref name) if !matches!(name.field.name, "author" | "reported-from") => {
            Ok(Spans::Mention(Box::new(tree)))
        }
        Tree::Near(_) => Ok(Spans::Mention(Box::new(tree))),
        Tree::Value(ref value) if value.field.kind == Kind::Country => Ok(Spans::Mention(Box::new(tree))),
        Tree::Days(ref days) if days.field.kind == Kind::Spoken => Ok(Spans::Mention(Box::new(tree))),
        Tree::And(_) => refuse(
            "words anywhere in the article have no place",
            "put `OR`, `NEAR` or quotation marks between them; `a NEAR/5 (b AND c)` is `a NEAR/5 b AND a NEAR/5 c`",
        ),
        Tree::Not(_) => refuse("what must not occur has no place", "write `a NOT NEAR/5 b`, or `NOT` before the whole"),
        Tree::Boost(..) => refuse("a weight cannot stand", "weigh the whole, as in `(a NEAR/5 b)^2`"),
        Tree::AtLeast(..) => refuse("`ATLEAST` cannot stand", "ask for both: `ATLEAST5(a) AND a NEAR/5 b`"),
        other => Err(Refusal {
            message: format!("`{other}` has no place in the text"),
            hint: "write `AND` between the two".to_owned(),
        }),
    }
}

/// The only text, headline or body, in which a part of a query can stand.
pub(super) fn only_text(tree: &Tree) -> Option<Scope> {
    let words = tree.words();
    let first = words.first().map(|word| word.scope).filter(|scope| *scope != Scope::Anywhere)?;
    words.iter().all(|word| word.scope == first).then_some(first)
}
