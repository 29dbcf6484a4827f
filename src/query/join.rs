//! Adds the flags of a command to a query, as query text, so that one text says all that was asked; and reads a
//! question in everyday words.

use super::tree::{Phrase, Scope, Spelling, Tree, Word};
use super::{LONGEST, MOST_CLAUSES, Parsed, check, parser};
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::field::{self, Kind};
use crate::language::Language;
use crate::text::{Span, tokens};
use chrono::NaiveDate;

/// The query and every filter, as one query text. A filter is the name of a field and the value of its flag, in
/// which `OR` stands between alternatives; every filter has to hold, also those of the same field.
///
/// Each part must be right by itself: an error names the part that is not.
pub fn join(query: &str, filters: &[(&str, &str)], today: Option<NaiveDate>) -> Result<String> {
    check(&parser::parse(query, today))?;
    let mut joined = query.trim().to_owned();
    for (name, value) in filters {
        let field = field::find(name).ok_or_else(|| {
            Error::new(ErrorKind::Usage, format!("`{name}` is no field")).hint("run `dateline fields`")
        })?;
        if value.trim().is_empty() {
            return Err(Error::new(ErrorKind::Usage, format!("the value for `{}` is empty", field.name))
                .hint(format!("give one, as in `{}`", field.example)));
        }
        let clause = match field.kind {
            Kind::Text => {
                // The words must be a query by themselves, so that their parentheses cannot close ours.
                check(&parser::parse(value, today))?;
                format!("{}:({})", field.name, value.trim())
            }
            _ => {
                let parts: Vec<String> = value.split(" OR ").map(quoted).collect();
                match parts.as_slice() {
                    [one] => format!("{}:{one}", field.name),
                    _ => format!("{}:({})", field.name, parts.join(" OR ")),
                }
            }
        };
        check(&parser::parse(&clause, today))?;
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(&clause);
    }
    Ok(joined)
}

/// A value between quotation marks, with the `=` for an exact one before them.
fn quoted(value: &str) -> String {
    let value = value.trim();
    let (exact, value) = value.strip_prefix('=').map_or(("", value), |rest| ("=", rest));
    format!("{exact}\"{}\"", value.replace(['"', '\u{201c}', '\u{201d}'], " ").trim())
}

/// A question in everyday words: articles with any of them, and no operators. Words without content count only
/// where there are no others.
///
/// Of scripts without blanks, two characters side by side count as a word.
pub fn any_of(text: &str, languages: &[&Language]) -> Parsed {
    let cut = text.get(..text.floor_char_boundary(LONGEST)).unwrap_or("");
    let words: Vec<Word> = tokens::words(cut)
        .take(MOST_CLAUSES)
        .map(|span| Word { spelling: Spelling::Family, ..Word::new(span.of(cut), false, Scope::Anywhere, span) })
        .collect();
    let content = |word: &Word| word.forms.iter().all(|form| !super::forms::empty(form, languages));
    let any_content = words.iter().any(content);
    let alone = |word: &Word| tokens::stands_alone(&word.written);
    let mut seen = rustc_hash::FxHashSet::default();
    let mut leaves: Vec<Tree> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let beside = |other: Option<&Word>| {
            other.is_some_and(|other| {
                alone(word) && alone(other) && (other.span.end == word.span.start || word.span.end == other.span.start)
            })
        };
        if let Some(before) = before.filter(|before| beside(Some(before))) {
            let pair = vec![before.clone(), word.clone()];
            if seen.insert(pair.iter().flat_map(|word| word.forms.clone()).collect::<Vec<_>>()) {
                let span = Span::new(before.span.start, word.span.end);
                leaves.push(Tree::Phrase(Phrase { words: pair, scope: Scope::Anywhere, span }));
            }
        } else if !beside(words.get(at + 1)) && (content(word) || !any_content) && seen.insert(word.forms.clone()) {
            leaves.push(Tree::Word(word.clone()));
        }
    }
    let tree = match leaves.len() {
        0 => Tree::All,
        1 => leaves.remove(0),
        _ => Tree::Or(leaves),
    };
    Parsed { query: text.to_owned(), tree, warnings: Vec::new(), stands_for: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn flags_are_query_text() {
        for (query, filters, expected) in [
            ("treaty OR pact", &[("person", "Kim Jong-un")][..], "treaty OR pact person:\"Kim Jong-un\""),
            ("", &[("country", "KP OR CN"), ("country", "RU")], "country:(\"KP\" OR \"CN\") country:\"RU\""),
            ("a", &[("title", "treaty \"mutual defence\"")], "a title:(treaty \"mutual defence\")"),
            ("", &[("person", "=Kim")], "person:=\"Kim\""),
            ("", &[("mentions-date", "1991-12..1992-01")], "mentions-date:\"1991-12..1992-01\""),
            ("", &[("person", "Kim \"Jong\" un) OR (x")], "person:(\"Kim  Jong  un)\" OR \"(x\")"),
        ] {
            let joined = join(query, filters, None).expect("every row is right");
            assert_eq!(joined, expected);
            check(&parse(&joined, None)).expect("what is joined can be read");
        }
    }

    #[test]
    fn a_wrong_part_is_named() {
        for (query, filters) in [
            ("a OR", &[("person", "x")][..]),
            ("a) OR (b", &[("person", "x")]),
            ("", &[("title", "a) OR (b")]),
            ("", &[("country", "Atlantis")]),
            ("", &[("person", "")]),
            ("", &[("nosuch", "x")]),
        ] {
            assert!(join(query, filters, None).is_err(), "{query} {filters:?}");
        }
    }

    #[test]
    fn a_question_is_its_words() {
        let english = &[crate::language::fallback()];
        assert_eq!(any_of("Who signed the (treaty?", english).tree.to_string(), "signed OR treaty");
        assert_eq!(any_of("the", english).tree.to_string(), "the");
        assert_eq!(any_of("…", english).tree, Tree::All);
        assert_eq!(
            any_of("互助条约 NATO 国", english).tree.to_string(),
            "\"互助\" OR \"助条\" OR \"条约\" OR NATO OR 国"
        );
    }
}
