//! News agencies: the name of each, and finding it in a credit.

use crate::text::fold::fold;
use crate::text::{Words, fold};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Every name in `data/agencies.txt`, each with the name under which its agency is known.
pub fn agencies() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = include_str!("../../data/agencies.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(|line| {
        let known = line.split('|').next().unwrap_or(line).trim();
        line.split('|').map(move |name| (name.trim(), known))
    })
}

/// The name of the agency that `written` is a name of, without regard to case; none where it is not known.
pub fn agency(written: &str) -> Option<&'static str> {
    static KNOWN: LazyLock<FxHashMap<String, &'static str>> =
        LazyLock::new(|| agencies().map(|(name, known)| (plain(name), known)).collect());
    KNOWN.get(&plain(written)).copied()
}

/// The agencies that a credit names, each once, in order.
pub fn agencies_in(credit: &str) -> Vec<&'static str> {
    let words = Words::new(credit);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let longest = (1..=MOST_WORDS.min(words.len() - at)).rev().find_map(|count| {
            let written = words.span(at, at + count - 1).of(credit);
            let known = agency(written).filter(|_| as_written(written))?;
            Some((count, known))
        });
        match longest {
            Some((count, known)) => {
                if !found.contains(&known) {
                    found.push(known);
                }
                at += count;
            }
            None => at += 1,
        }
    }
    found
}

/// Words of the longest name.
const MOST_WORDS: usize = 5;

/// Names of up to so many letters are also words and names of people in small letters: `Spa`, `Nan`.
const SHORT: usize = 4;

/// Whether a name that may be a word of another sort is written as an agency's is.
fn as_written(written: &str) -> bool {
    written.starts_with(char::is_uppercase) && written.chars().count() > SHORT
        || agencies().any(|(name, _)| name == written)
}

/// A name folded, without full stops.
fn plain(name: &str) -> String {
    fold(&fold::squeeze(name)).replace('.', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_agencies_in_credits() {
        for (credit, expected) in [
            ("(Additional reporting by Reuters; Editing by Ann Spa)", &["Reuters"][..]),
            ("Copyright 2004 The Associated Press. All rights reserved.", &["AP"]),
            ("- AP", &["AP"]),
            ("(c) 2012 Reuters", &["Reuters"]),
            ("With AFP and the Press Association", &["AFP", "PA"]),
            ("Reporting by Nan Talese", &[]),
            ("Sources: A.P., Agence France-Presse", &["AP", "AFP"]),
        ] {
            assert_eq!(agencies_in(credit), expected, "{credit}");
        }
        assert_eq!(agency("reuter"), Some("Reuters"));
        assert_eq!(agency("the associated press"), Some("AP"));
        assert_eq!(agency("Northgate Press"), None);
    }

    #[test]
    fn no_name_stands_for_two_agencies() {
        let mut seen: FxHashMap<String, &str> = FxHashMap::default();
        for (name, known) in agencies() {
            assert!(*seen.entry(plain(name)).or_insert(known) == known, "{name}");
            assert!(name.split(' ').count() <= MOST_WORDS, "{name}");
        }
    }
}
