//! The tree of a question: the few core nodes that every backend must answer.
//!
//! The parser makes it, `variants` fills in the forms of each word, a backend translates it, and the matcher finds
//! what matched in a text. Printed with `{}`, a tree is again a query that parses to itself.

use crate::field::Field;
use crate::text::Span;
use chrono::NaiveDate;
use std::fmt;

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// Every article.
    All,
    /// A word.
    Word(Word),
    /// Words that follow each other.
    Phrase(Phrase),
    /// A person, organisation, place or author by name; alias-aware unless `exact`.
    Name(Name),
    /// A value of a field with fixed values: source, language, country.
    Value(Value),
    /// Days of publication, or days spoken of: articles whose interval overlaps this one.
    Days(Days),
    /// Articles without a publication date (`published:none`), or whose date was guessed (`published:guessed`).
    Dated(Dated),
    /// All of these.
    And(Vec<Tree>),
    /// Any of these.
    Or(Vec<Tree>),
    /// Not this.
    Not(Box<Tree>),
    /// This, weighted.
    Boost(Box<Tree>, f32),
}

/// One word of a question, with all forms that count as it.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// As written, without operators.
    pub written: String,
    /// The forms under which it is looked up, folded, the written one first. Only the written one until expanded.
    pub forms: Vec<String>,
    /// `=`: letter for letter, case and accents kept, no other forms.
    pub exact: bool,
    /// Which texts it may stand in.
    pub scope: Scope,
    /// Where it stands in the query, in bytes; with the hyphen that ties it to the next word of a phrase.
    pub span: Span,
}

/// Words that follow each other without another between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Phrase {
    /// The words, in order. Their scope is the phrase's.
    pub words: Vec<Word>,
    /// Which texts it may stand in.
    pub scope: Scope,
    /// Where it stands in the query, in bytes.
    pub span: Span,
}

/// Which texts of an article a word may stand in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Headline or body.
    #[default]
    Anywhere,
    /// Headline.
    Title,
    /// Body.
    Body,
}

/// Something that has a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// The field, of a kind that holds names.
    pub field: &'static Field,
    /// The name as written.
    pub name: String,
    /// `=`: only this spelling.
    pub exact: bool,
    /// The normal forms in the index that it stands for, once they were looked up.
    pub forms: Option<Vec<String>>,
    /// Where it stands in the query, in bytes.
    pub span: Span,
}

/// A value of a field with fixed values.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// The field.
    pub field: &'static Field,
    /// The value in the form in which it is indexed: `KP`, `en`, `reuters`.
    pub value: String,
    /// As written.
    pub written: String,
    /// Where it stands in the query, in bytes.
    pub span: Span,
}

/// An interval of days, both ends included; an open end is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Days {
    /// The field, of a kind that holds days.
    pub field: &'static Field,
    /// The first day.
    pub first: Option<NaiveDate>,
    /// The last day.
    pub last: Option<NaiveDate>,
    /// As written.
    pub written: String,
    /// Where it stands in the query, in bytes.
    pub span: Span,
}

/// What is known of the publication date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dated {
    /// No date.
    None,
    /// A date of low confidence.
    Guessed,
}

impl Tree {
    /// Every leaf that an article must or may have, not those under a NOT.
    pub fn positive(&self) -> Vec<&Tree> {
        fn walk<'a>(tree: &'a Tree, leaves: &mut Vec<&'a Tree>) {
            match tree {
                Tree::And(parts) | Tree::Or(parts) => parts.iter().for_each(|part| walk(part, leaves)),
                Tree::Boost(inner, _) => walk(inner, leaves),
                Tree::Not(_) => {}
                leaf => leaves.push(leaf),
            }
        }
        let mut leaves = Vec::new();
        walk(self, &mut leaves);
        leaves
    }

    /// Calls `change` on every word, those of phrases included.
    pub fn each_word(&mut self, change: &mut dyn FnMut(&mut Word)) {
        match self {
            Tree::Word(word) => change(word),
            Tree::Phrase(phrase) => phrase.words.iter_mut().for_each(change),
            Tree::And(parts) | Tree::Or(parts) => parts.iter_mut().for_each(|part| part.each_word(change)),
            Tree::Not(inner) | Tree::Boost(inner, _) => inner.each_word(change),
            _ => {}
        }
    }
}

impl Word {
    /// Whether a hyphen ties this word of a phrase to the one after it: `cease-fire`.
    pub fn hyphenated(&self, next: &Word) -> bool {
        self.touches(next) && self.span.end - self.span.start > self.written.len()
    }

    /// Whether nothing but a hyphen stands between this word of a phrase and the one after it, as in `条約`.
    fn touches(&self, next: &Word) -> bool {
        self.span.end == next.span.start && self.span.start < self.span.end
    }
}

impl Scope {
    fn prefix(self) -> &'static str {
        match self {
            Scope::Anywhere => "",
            Scope::Title => "title:",
            Scope::Body => "body:",
        }
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Tree::All => out.write_str("*"),
            Tree::Word(word) => {
                let exact = if word.exact { "=" } else { "" };
                write!(out, "{}{exact}{}", word.scope.prefix(), word.written)
            }
            Tree::Phrase(phrase) => {
                let exact = if phrase.words.iter().any(|word| word.exact) { "=" } else { "" };
                write!(out, "{}{exact}\"", phrase.scope.prefix())?;
                for (at, word) in phrase.words.iter().enumerate() {
                    let between = match at.checked_sub(1).and_then(|before| phrase.words.get(before)) {
                        None => "",
                        Some(before) if before.hyphenated(word) => "-",
                        Some(before) if before.touches(word) => "",
                        Some(_) => " ",
                    };
                    write!(out, "{between}{}", word.written)?;
                }
                out.write_str("\"")
            }
            Tree::Name(name) => {
                let exact = if name.exact { "=" } else { "" };
                write!(out, "{}:{exact}{}", name.field.name, quoted(&name.name))
            }
            Tree::Value(value) => write!(out, "{}:{}", value.field.name, quoted(&value.value)),
            Tree::Days(days) => {
                write!(out, "{}:", days.field.name)?;
                match (days.first, days.last) {
                    (Some(first), Some(last)) if first == last => write!(out, "{first}"),
                    (first, last) => {
                        let show = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
                        write!(out, "{}..{}", show(first), show(last))
                    }
                }
            }
            Tree::Dated(Dated::None) => out.write_str("published:none"),
            Tree::Dated(Dated::Guessed) => out.write_str("published:guessed"),
            Tree::And(parts) => joined(parts, " AND ", out),
            Tree::Or(parts) => joined(parts, " OR ", out),
            Tree::Not(inner) => match **inner {
                Tree::And(_) | Tree::Or(_) => write!(out, "NOT ({inner})"),
                _ => write!(out, "NOT {inner}"),
            },
            Tree::Boost(inner, weight) => match **inner {
                Tree::And(_) | Tree::Or(_) | Tree::Not(_) => write!(out, "({inner})^{weight}"),
                _ => write!(out, "{inner}^{weight}"),
            },
        }
    }
}

fn joined(parts: &[Tree], with: &str, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            out.write_str(with)?;
        }
        match part {
            Tree::And(_) | Tree::Or(_) => write!(out, "({part})")?,
            _ => write!(out, "{part}")?,
        }
    }
    Ok(())
}

fn quoted(value: &str) -> String {
    if value.starts_with(char::is_alphanumeric) && value.chars().all(|c| c.is_alphanumeric() || c == '-') {
        value.to_owned()
    } else {
        format!("\"{}\"", value.replace('"', ""))
    }
}
