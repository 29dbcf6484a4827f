//! The normal form of a name, and which names a name in a question means ([`identity`]); what a user says of names
//! ([`corrections`]); the names of news agencies.

mod agencies;
pub mod corrections;
pub mod identity;

pub use agencies::{agencies, agencies_in, agency};

use crate::text::fold::fold_into;
use crate::text::tokens;

/// The form under which a name is looked up: its words folded, joined by one blank, without full stops and
/// possessive endings. `Kim Jong-un` → `kim jong un`, `George W. Bush's` → `george w bush`.
pub fn key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    let mut folded = String::new();
    for word in tokens::words(name) {
        fold_into(word.of(name), &mut folded);
        if folded.contains('.') {
            folded.retain(|c| c != '.');
        }
        let stem = folded.strip_suffix("'s").unwrap_or(&folded);
        if stem.is_empty() || stem == "'" {
            continue;
        }
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(stem);
    }
    key
}

/// Whether `query` may mean the person or organisation called `name`.
///
/// All words of the query stand in the name in the same order (`Stoltenberg`, `Kim Jong-un`); `Last, First` is turned
/// round; an initial stands for a given name and the other way about (`J. Stoltenberg`); an initial between the first
/// and the last word may be missing on either side (`George Bush`, `George W. Bush`).
pub fn matches(query: &str, name: &str) -> bool {
    key_matches(&asked_key(query), &key(name))
}

/// The [`key`] of a name that is asked for, `Last, First` turned round.
pub fn asked_key(query: &str) -> String {
    match query.split_once(',').filter(|(_, first)| !first.trim().is_empty()) {
        Some((last, first)) => key(&format!("{first} {last}")),
        None => key(query),
    }
}

/// [`matches()`] for two keys, as [`key`] makes them.
pub fn key_matches(query: &str, name: &str) -> bool {
    let wanted: Vec<&str> = query.split_whitespace().collect();
    let words: Vec<&str> = name.split_whitespace().collect();
    in_order(&wanted, &words)
}

/// Whether `wanted` stand in `words` in order, initials standing for words that are not the last.
fn in_order(wanted: &[&str], words: &[&str]) -> bool {
    let (Some(last), true) = (wanted.len().checked_sub(1), !words.is_empty()) else { return false };
    let mut from = 0;
    for (at, word) in wanted.iter().enumerate() {
        let found = words.iter().enumerate().skip(from).find(|(position, candidate)| {
            // A single letter names nobody: it must stand before a word.
            *candidate == word
                || (at < last && position + 1 < words.len() && (is_initial(word) || is_initial(candidate)))
                    && candidate.chars().next() == word.chars().next()
        });
        match found {
            Some((position, _)) => from = position + 1,
            // `George W. Bush` asked, `George Bush` named: a middle initial may be missing in the name.
            None if at > 0 && at < last && is_initial(word) && words.get(from).is_none_or(|next| !is_initial(next)) => {
            }
            None => return false,
        }
    }
    // A single letter as the whole query would match too much.
    !(wanted.len() == 1 && is_initial(wanted[0]) && words.len() > 1)
}

fn is_initial(word: &str) -> bool {
    word.chars().count() == 1
}

/// How alike two keys must be, from 0 to 1, to be suggested: one wrong letter in six or so.
const ALIKE: f64 = 0.8;

/// The [`key`] among many that is nearest to `query` in spelling, for "did you mean", as a whole or by one of its words. To be quick among millions it looks only at those of
/// about its length that begin, or whose last word begins, with the same letter.
pub fn nearest_key<'a>(query: &str, keys: impl Iterator<Item = &'a str>) -> Option<String> {
    let query = key(query);
    let firsts = |key: &str| (key.chars().next(), key.rsplit(' ').next().and_then(|word| word.chars().next()));
    let (first, last) = firsts(&query);
    first?;
    let single = !query.contains(' ');
    let near =
        |text: &str| text.len().abs_diff(query.len()) as f64 <= (1.0 - ALIKE) * text.len().max(query.len()) as f64;
    let mut best: Option<(f64, &str)> = None;
    for key in keys {
        let begins = firsts(key);
        let mut alike = 0.0;
        if near(key) && (begins.0 == first || begins.1 == last) {
            alike = strsim::normalized_damerau_levenshtein(&query, key);
        }
        if single {
            for word in key.split(' ').filter(|word| near(word) && word.chars().next() == first) {
                // A word of a longer name is a little weaker than the name itself.
                alike = f64::max(alike, strsim::normalized_damerau_levenshtein(&query, word) - 0.01);
            }
        }
        if alike >= ALIKE && best.is_none_or(|(known, name)| alike > known || alike == known && key < name) {
            best = Some((alike, key));
        }
    }
    best.map(|(_, key)| key.to_owned())
}

/// The `most` names that are nearest to `query` in spelling, nearest first.
pub fn alike<'a>(query: &str, names: impl Iterator<Item = &'a str>, most: usize) -> Vec<String> {
    let query = key(query);
    if query.is_empty() {
        return Vec::new();
    }
    let single = !query.contains(' ');
    let mut best: Vec<(f64, &str)> = Vec::new();
    for name in names {
        let key = key(name);
        let mut alike = strsim::normalized_damerau_levenshtein(&query, &key);
        if single {
            for word in key.split(' ') {
                // A word of a longer name is a little weaker than the name itself.
                alike = alike.max(strsim::normalized_damerau_levenshtein(&query, word) - 0.01);
            }
        }
        if alike >= ALIKE && !best.iter().any(|(_, known)| *known == name) {
            best.push((alike, name));
            best.sort_by(|a, b| b.0.total_cmp(&a.0));
            best.truncate(most);
        }
    }
    best.into_iter().map(|(_, name)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_keys() {
        for (name, expected) in [
            ("Kim Jong-un", "kim jong un"),
            ("Kim Jong Un", "kim jong un"),
            ("George W. Bush’s", "george w bush"),
            ("J.K. Rowling", "jk rowling"),
            ("O'Brien's", "o'brien"),
            ("Sebastián PIÑERA", "sebastian pinera"),
            ("U.N.", "un"),
            ("", ""),
            ("—", ""),
        ] {
            assert_eq!(key(name), expected, "{name}");
        }
    }

    #[test]
    fn matches_names() {
        for (query, name, expected) in [
            ("stoltenberg", "Jens Stoltenberg", true),
            ("Jens Stoltenberg", "Jens Stoltenberg", true),
            ("Stoltenberg, Jens", "Jens Stoltenberg", true),
            ("J. Stoltenberg", "Jens Stoltenberg", true),
            ("K. Stoltenberg", "Jens Stoltenberg", false),
            ("Jens Stoltenberg", "J. Stoltenberg", true),
            ("Kim Jong Un", "Kim Jong-un", true),
            ("Kim", "Kim Clijsters", true),
            ("Kim Jong-un", "Kim Clijsters", false),
            ("Kim Jong-un", "Kim", false),
            ("George Bush", "George W. Bush", true),
            ("George W. Bush", "George Bush", true),
            ("George H. Bush", "George W. Bush", false),
            ("Jens Stoltenberg", "Stoltenberg", false),
            ("Bush George", "George Bush", false),
            ("pinera", "Sebastián Piñera", true),
            ("J", "Jens Stoltenberg", false),
            ("", "Jens Stoltenberg", false),
            ("Obama, Barack", "Barack Obama", true),
            ("Bush,", "George Bush", true),
            ("bin laden", "Osama bin Laden", true),
        ] {
            assert_eq!(matches(query, name), expected, "{query} / {name}");
        }
    }

    #[test]
    fn suggests_the_nearest() {
        let keys = ["Jens Stoltenberg", "Vladimir Putin", "Kim Jong-un"].map(key);
        for (query, expected) in [
            ("Stoltenburg", Some("jens stoltenberg")),
            ("Vladmir Putin", Some("vladimir putin")),
            ("Merkel", None),
            ("", None),
        ] {
            assert_eq!(nearest_key(query, keys.iter().map(String::as_str)).as_deref(), expected, "{query}");
        }
    }
}
