//! `query:NAME`: a saved search inside a query. What it stands for is handed in with the text ([`Saved`]), and is read
//! in its place as if it stood between parentheses; so what is printed of the tree needs no names any more.
//!
//! Names lead on to other names, but never back, and not without end: what is wrong is an error in the place of the
//! first name.

use super::parser::{Context, Parser};
use super::tree::Tree;
use super::{LONGEST, Reading, StandsFor, Warning, lexer};
use crate::error::{Error, Kind, Result};
use crate::text::Span;
use std::collections::BTreeMap;

/// What stands before the colon, in lower case.
pub const FIELD: &str = "query";

/// Saved searches that lead on to each other, at most so many from the first to the last: nobody reads more.
const LONGEST_CHAIN: usize = 8;

/// The longest name, in characters.
const LONGEST_NAME: usize = 64;

/// How many names are suggested for one that there is not.
const SUGGESTED: usize = 3;
/// How alike they are to it, from 0 to 1: of three letters two may have changed places.
const ALIKE: f64 = 0.6;

/// Saved searches: the text of each by its name. Case makes no difference to names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// Name as given and text, by the name in lower case.
    texts: BTreeMap<String, (String, String)>,
}

impl Saved {
    /// Adds a search, or puts another text in the place of one.
    pub fn insert(&mut self, name: &str, text: &str) {
        self.texts.insert(key(name), (name.to_owned(), text.to_owned()));
    }

    fn get(&self, key: &str) -> Option<&(String, String)> {
        self.texts.get(key)
    }

    /// The names that are nearest to this one, or all where they are few.
    pub fn nearest(&self, name: &str) -> Vec<String> {
        let wanted = key(name);
        let alike = |key: &str| strsim::normalized_damerau_levenshtein(&wanted, key);
        let mut near: Vec<(f64, &str)> =
            self.texts.iter().map(|(key, (name, _))| (alike(key), name.as_str())).collect();
        if near.len() > SUGGESTED || near.iter().any(|(alike, _)| *alike >= ALIKE) {
            near.retain(|(alike, _)| *alike >= ALIKE);
        }
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        near.into_iter().take(SUGGESTED).map(|(_, name)| name.to_owned()).collect()
    }
}

/// The form of a name by which it is told from others.
pub fn key(name: &str) -> String {
    name.to_lowercase()
}

/// Refuses what cannot be the name of a saved search.
///
/// # Errors
/// Where it is empty or too long, or has anything but letters, figures, `-` and `_`.
pub fn check_name(name: &str) -> Result<()> {
    let fits = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let fault = if name.is_empty() {
        "the name of the saved search is empty".to_owned()
    } else if name.chars().count() > LONGEST_NAME {
        format!("the name of a saved search has at most {LONGEST_NAME} characters")
    } else if !name.chars().all(fits) || !name.starts_with(char::is_alphanumeric) {
        format!("`{name}` cannot be the name of a saved search")
    } else {
        return Ok(());
    };
    Err(Error::new(Kind::Usage, fault)
        .hint("names are of letters, figures, `-` and `_`, and begin with a letter or figure: `kim-treaty`"))
}

/// The length of `query:NAME` or `query:"NAME"`, with which `text` begins; `run` bytes of it have no blank and no
/// quotation mark.
pub(super) fn length(text: &str, run: usize) -> usize {
    let rest = text.get(run..).unwrap_or("");
    let quoted = || {
        let opener = rest.chars().next()?;
        let closers = lexer::closer(opener)?;
        let inside = rest.get(opener.len_utf8()..)?;
        let (at, closer) = inside.char_indices().find(|(_, c)| closers.contains(c))?;
        Some(run + opener.len_utf8() + at + closer.len_utf8())
    };
    match text.get(..run) {
        Some(before) if before.ends_with(':') => quoted().unwrap_or(run),
        _ => run,
    }
}

/// The name in `query:NAME`.
fn name_in(written: &str) -> &str {
    let name = written.split_once(':').map_or("", |(_, name)| name);
    let quote = |c: char| lexer::closer(c).is_some();
    name.trim_matches(quote).trim().trim_end_matches([',', ';', '.', ':'])
}

impl<'a> Parser<'a> {
    /// The saved search that is named at `span`.
    pub(super) fn saved(&mut self, context: Context, span: Span) -> Option<Tree> {
        let written = span.of(self.query);
        let name = name_in(written);
        let reading = self.reading;
        let refused = if name.is_empty() {
            let hint = format!("write the name of a saved search behind it, as in `{FIELD}:kim-treaty`");
            Err((format!("nothing follows `{FIELD}:`"), hint))
        } else if context.field.is_some() {
            let hint = "write it by itself: it has fields of its own".to_owned();
            Err((format!("`{FIELD}:{name}` inside another field"), hint))
        } else if context.exact {
            let hint = "leave the `=` out, or save the search with it".to_owned();
            Err((format!("`=` cannot stand before `{FIELD}:{name}`"), hint))
        } else {
            self.count(1, span)?;
            self.followed(name, reading)
        };
        match refused {
            Ok(tree) => Some(tree),
            Err((message, hint)) => {
                self.warn(true, span, message, Some(hint));
                None
            }
        }
    }

    /// The tree of a saved search; or what is wrong with it, and what to do.
    fn followed(&mut self, name: &str, reading: Reading<'a>) -> std::result::Result<Tree, (String, String)> {
        let key = key(name);
        let Some((name, text)) = reading.saved.and_then(|saved| saved.get(&key)) else {
            let nearest = reading.saved.map(|saved| saved.nearest(name)).unwrap_or_default();
            let hint = match nearest.as_slice() {
                [] => "`dateline save NAME QUERY` saves one, `dateline saved` lists them".to_owned(),
                nearest => {
                    let nearest: Vec<String> = nearest.iter().map(|name| format!("`{FIELD}:{name}`")).collect();
                    format!("did you mean {}? `dateline saved` lists all", nearest.join(" or "))
                }
            };
            return Err((format!("there is no saved search `{name}`"), hint));
        };
        let change = || format!("change it: `dateline save --replace {name} QUERY`");
        if self.chain.contains(&key) {
            let way: Vec<&str> = self.chain.iter().chain([&key]).map(String::as_str).collect();
            return Err((format!("`{FIELD}:{name}` leads back to itself: {}", way.join(" → ")), change()));
        }
        if self.chain.len() >= LONGEST_CHAIN {
            let fault = format!("saved searches lead on to each other more than {LONGEST_CHAIN} times");
            return Err((fault, "write out what one of them stands for".to_owned()));
        }
        if text.len() > LONGEST {
            return Err((format!("the saved search `{name}` has {} bytes, more than {LONGEST}", text.len()), change()));
        }
        let stands_for = StandsFor { name: name.clone(), text: text.clone() };
        if !self.stands_for.contains(&stands_for) {
            self.stands_for.push(stands_for);
        }
        let mut inner = Parser::new(text, reading);
        inner.below = self.below + self.depth + 1;
        inner.clauses = self.clauses;
        inner.chain = self.chain.clone();
        inner.chain.push(key);
        inner.stands_for = std::mem::take(&mut self.stands_for);
        let tree = inner.whole();
        self.clauses = inner.clauses;
        self.stands_for = inner.stands_for;
        if let Some(Warning { message, hint, .. }) = inner.warnings.iter().find(|warning| warning.error) {
            let hint = hint.clone().unwrap_or_else(change);
            return Err((format!("in the saved search `{name}`: {message}"), hint));
        }
        Ok(tree.unwrap_or(Tree::All))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{check, parse, parse_with};
    use super::*;

    fn saved(searches: &[(&str, &str)]) -> Saved {
        let mut saved = Saved::default();
        searches.iter().for_each(|(name, text)| saved.insert(name, text));
        saved
    }

    fn read(query: &str, searches: &[(&str, &str)]) -> std::result::Result<String, String> {
        let saved = saved(searches);
        let parsed = parse_with(query, &Reading { saved: Some(&saved), ..Reading::default() });
        match check(&parsed) {
            Ok(()) => {
                let printed = parsed.tree.to_string();
                let again = parse(&printed, None);
                assert!(check(&again).is_ok(), "`{query}` is printed as `{printed}`");
                assert_eq!(again.tree.to_string(), printed, "{query}");
                Ok(printed)
            }
            Err(error) => {
                let (text, place) = error.place.expect("an error of a query has its place");
                Err(format!("{}: {}", text.get(place).expect("the place lies in the query"), error.message))
            }
        }
    }

    const SEARCHES: [(&str, &str); 8] = [
        ("kim", "kim treaty OR pact"),
        ("Pact", "\"mutual defence\" NOT sport"),
        ("word", "treaty"),
        ("none", "-sport"),
        ("all", ""),
        ("both", "query:word (query:kim OR person:Putin)"),
        ("wrong", "a OR"),
        ("on", "query:wrong"),
    ];

    #[test]
    fn a_name_stands_for_its_search() {
        for (query, expected) in [
            ("query:kim", "kim AND (treaty OR pact)"),
            ("query:kim signed", "kim AND (treaty OR pact) AND signed"),
            ("query:kim OR signed", "(kim AND (treaty OR pact)) OR signed"),
            ("-query:kim a", "NOT (kim AND (treaty OR pact)) AND a"),
            ("NOT query:none", "sport"),
            ("QUERY:pact", "\"mutual defence\" AND NOT sport"),
            ("query:\"Pact\" a", "\"mutual defence\" AND NOT sport AND a"),
            ("(query:pact)", "\"mutual defence\" AND NOT sport"),
            ("query:word^2", "treaty^2"),
            ("query:word NEAR/3 signed", "treaty NEAR/3 signed"),
            ("query:both, x", "treaty AND ((kim AND (treaty OR pact)) OR person:Putin) AND x"),
            ("query:all", "*"),
            ("a query:all", "a AND *"),
            ("\"query:kim\"", "\"query kim\""),
            ("myquery:kim", "\"myquery kim\""),
        ] {
            assert_eq!(read(query, &SEARCHES).as_deref(), Ok(expected), "{query}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_its_place() {
        for (query, expected) in [
            ("a query:kmi", "query:kmi: there is no saved search `kmi`"),
            ("a query: kim", "query:: nothing follows `query:`"),
            ("title:query:kim", "query:kim: `query:` inside another field"),
            ("title:(a query:kim)", "query:kim: `query:kim` inside another field"),
            ("=query:kim", "query:kim: `=` cannot stand before `query:kim`"),
            ("query:pact NEAR/3 a", "query:pact: words anywhere in the article have no place beside `NEAR/3`"),
            ("a query:wrong", "query:wrong: in the saved search `wrong`: nothing follows `OR`"),
            ("query:on", "query:on: in the saved search `on`: in the saved search `wrong`: nothing follows `OR`"),
        ] {
            assert_eq!(read(query, &SEARCHES), Err(expected.to_owned()), "{query}");
        }
        let parsed = parse_with(
            "query:kmi",
            &Reading { saved: Some(&saved(&[("kim", "a"), ("putin", "b")])), ..Reading::default() },
        );
        let hint = parsed.warnings.first().and_then(|warning| warning.hint.as_deref());
        assert_eq!(hint, Some("did you mean `query:kim`? `dateline saved` lists all"));
        assert!(check(&parse("query:kim", None)).is_err_and(|error| error.hint.is_some()));
    }

    #[test]
    fn names_do_not_lead_back_or_on_without_end() {
        let circle = [("a", "x query:b"), ("b", "y query:C"), ("c", "query:a")];
        assert_eq!(
            read("query:a", &circle),
            Err("query:a: in the saved search `a`: in the saved search `b`: in the saved search `c`: `query:a` leads \
                 back to itself: a → b → c → a"
                .to_owned())
        );
        let saved_as_a = saved(&[("a", "query:b"), ("b", "query:a")]);
        let reading = Reading { saved: Some(&saved_as_a), within: Some("A"), ..Reading::default() };
        assert!(check(&parse_with("query:b", &reading)).is_err());

        let long: Vec<(String, String)> = (0..20).map(|n| (format!("n{n}"), format!("query:n{}", n + 1))).collect();
        let mut long: Vec<(&str, &str)> = long.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        long.push(("n20", "treaty"));
        assert_eq!(read("query:n13", &long).as_deref(), Ok("treaty"));
        assert!(read("query:n12", &long).is_err_and(|error| error.contains("more than 8 times")));
    }

    #[test]
    fn many_times_many_are_an_error_soon() {
        let many = "query:next ".repeat(700);
        let texts: Vec<(String, String)> =
            (0..7).map(|n| (format!("s{n}"), many.replace("next", &format!("s{}", n + 1)))).collect();
        let mut searches: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        searches.push(("s7", "a OR b"));
        assert!(read("query:s0", &searches).is_err_and(|error| error.contains("more than 1024")));
        // Each by itself is as deep as may be.
        let deep = format!("{}query:a{}", "(".repeat(90), ")".repeat(90));
        assert!(read(&deep, &[("a", &format!("{}x{}", "(".repeat(90), ")".repeat(90)))]).is_err());
    }

    #[test]
    fn names_are_checked() {
        for name in ["kim", "kim-treaty", "Kim_2", "2024", "条約"] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        for name in ["", "-kim", "a b", "a/b", "../a", "a:b", "a\"b", "a\u{202e}", "a.b"] {
            assert!(check_name(name).is_err(), "{name}");
        }
        assert!(check_name(&"a".repeat(64)).is_ok() && check_name(&"a".repeat(65)).is_err());
    }
}
