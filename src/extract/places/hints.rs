//! The country whose newspapers write like an article, from words of its institutions and its spelling.
//!
//! A local paper says `the sheriff` and `the councillor`, not in which country. Two different hints, and more than for
//! any other country, support the towns of that country.

use crate::extract::forms::Form;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// So many different hints say where an article was written.
const ENOUGH: usize = 2;

/// The country that the words of a text hint at.
pub(super) fn home(forms: &[Form]) -> Option<&'static str> {
    let mut seen = [false; 256];
    for form in forms {
        seen[usize::from(form.hint)] = true;
    }
    let mut counts: Vec<(usize, &str)> = Vec::new();
    for (_, countries) in TABLE.countries.iter().enumerate().filter(|(number, _)| seen[number + 1]) {
        for country in countries {
            match counts.iter_mut().find(|(_, known)| known == country) {
                Some(entry) => entry.0 += 1,
                None => counts.push((1, country)),
            }
        }
    }
    counts.sort_unstable_by(|a, b| b.cmp(a));
    match counts.as_slice() {
        [(first, country), rest @ ..] if *first >= ENOUGH => {
            rest.first().is_none_or(|(second, _)| second < first).then_some(*country)
        }
        _ => None,
    }
}

/// Which hint `word` is; 0 for none.
pub(in crate::extract) fn hint(word: &str) -> u8 {
    TABLE.numbers.get(word).copied().unwrap_or(0)
}

static TABLE: LazyLock<Hints> = LazyLock::new(load);

#[derive(Default)]
struct Hints {
    /// Words by number, from 1.
    numbers: FxHashMap<&'static str, u8>,
    /// The countries of each, the first at 0.
    countries: Vec<Vec<&'static str>>,
}

fn load() -> Hints {
    let mut table = Hints::default();
    for line in include_str!("../../../data/places/hints.tsv").lines().filter(|line| !line.starts_with('#')) {
        let Some((country, words)) = line.split_once('\t') else { continue };
        for word in words.split(' ') {
            let next = u8::try_from(table.countries.len() + 1).unwrap_or(0);
            let number = *table.numbers.entry(word).or_insert(next);
            if number == next {
                table.countries.push(Vec::new());
            }
            if let Some(countries) = usize::from(number).checked_sub(1).and_then(|at| table.countries.get_mut(at)) {
                countries.push(country);
            }
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Article, Part};
    use crate::extract::Page;

    #[test]
    fn every_hint_has_a_number() {
        assert!(TABLE.countries.len() < 255 && TABLE.numbers.len() == TABLE.countries.len());
    }

    #[test]
    fn two_hints_of_one_country_are_enough() {
        for (text, expected) in [
            ("The sheriff said the neighborhood was quiet.", Some("US")),
            ("The councillor told the MPs.", Some("GB")),
            ("The sheriff spoke.", None),
            ("sheriff sheriff sheriff", None),
            ("The sheriff and the MP, the neighborhood and the councillor.", None),
        ] {
            let article = Article { text: text.to_owned(), ..Article::default() };
            let page = Page::new(&article, None);
            assert_eq!(home(page.forms(Part::Body)), expected, "{text:?}");
        }
    }
}
