//! What two questions have in common, and what sets their answers apart.
//!
//! 1. The hits of both, in the order of the index, are parted into those of the one, those of the other, and those of both.
//! 2. Values of fields are counted in the hits of either alone; what one has more often than chance would have it sets
//!    the answers apart, by the log-likelihood ratio.

use super::answer::{self, Local};
use super::collect::{self, Scored};
use super::cooccur::Asked;
use super::numbered::Numbered;
use super::opened::Opened;
use super::place_value::PlaceValue;
use super::ranking;
use super::receipts;
use super::translate::Translator;
use crate::error::Result;
use crate::field;
use crate::names;
use crate::places;
use crate::query::tree::Tree;
use crate::search::{Apart, Diff, DiffRequest, Set, Sort};
use std::cmp::Ordering;

/// What is less likely by chance than one in a hundred: the log-likelihood ratio of one degree of freedom.
const LEAST_LIKELIHOOD: f64 = 6.63;
/// In how many articles of its set a value must be.
const LEAST_ARTICLES: usize = 3;
/// Passages of a hit.
const SNIPPETS: usize = 1;

/// The hits of a question as a search would have them, in the order of the index.
fn asked(translator: &Translator<'_>, tree: &Tree, sort: Sort) -> Result<Vec<Scored>> {
    let query = translator.translate(tree)?;
    let mut hits = collect::hits(translator.opened(), query.as_ref(), sort == Sort::Relevance)?;
    if sort == Sort::Relevance {
        ranking::raise(translator, tree, &mut hits)?;
    }
    Ok(hits)
}

/// Hits of the first alone, of the second alone, and of both, whose scores are added.
fn parted(a: &[Scored], b: &[Scored]) -> (Vec<Scored>, Vec<Scored>, Vec<Scored>) {
    let (mut only_a, mut only_b, mut both) = (Vec::new(), Vec::new(), Vec::new());
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    loop {
        match (a.peek(), b.peek()) {
            (Some(one), Some(other)) => match one.1.cmp(&other.1) {
                Ordering::Less => only_a.extend(a.next()),
                Ordering::Greater => only_b.extend(b.next()),
                Ordering::Equal => {
                    both.push((one.0 + other.0, one.1));
                    a.next();
                    b.next();
                }
            },
            (Some(_), None) => only_a.extend(a.next()),
            (None, Some(_)) => only_b.extend(b.next()),
            (None, None) => return (only_a, only_b, both),
        }
    }
}

/// What two questions have in common, and what sets their answers apart.
pub(super) fn diff(local: &Local, opened: &Opened, trees: [&Tree; 2], request: &DiffRequest) -> Result<Diff> {
    let translator = Translator::new(opened)?;
    let [tree_a, tree_b] = trees;
    let (a, b) = (asked(&translator, tree_a, request.sort)?, asked(&translator, tree_b, request.sort)?);
    let (only_a, only_b, both) = parted(&a, &b);
    let either = Tree::Or(vec![tree_a.clone(), tree_b.clone()]);
    let mut all: Vec<Scored> = only_a.iter().chain(&only_b).chain(&both).copied().collect();
    all.sort_unstable_by_key(|hit| hit.1);
    let [query_a, query_b] = &request.queries;
    let results = local.receipts(&translator, &either, &format!("({query_a}) OR ({query_b})"), &all)?;
    let set = |hits: &[Scored], tree: &Tree| -> Result<Set> {
        let weights = receipts::weights(&results.expansions, tree, hits.len());
        let page = collect::page(opened, hits, request.sort, 0, request.limit)?;
        let hits_shown = page
            .into_iter()
            .map(|(score, address)| Ok(answer::hit(&local.record(address)?, score, tree, &weights, SNIPPETS)));
        Ok(Set { total: hits.len(), hits: hits_shown.collect::<Result<_>>()? })
    };
    let (only_a_set, only_b_set, both_set) = (set(&only_a, tree_a)?, set(&only_b, tree_b)?, set(&both, &either)?);
    // Where one holds all of the other, its surplus is compared with the other.
    let of_a = if only_a.is_empty() { &a } else { &only_a };
    let of_b = if only_b.is_empty() { &b } else { &only_b };
    let same = only_a.is_empty() && only_b.is_empty();
    let apart = if same { Vec::new() } else { apart(opened, of_a, of_b, &Asked::of(&trees), request)? };
    Ok(Diff {
        results,
        a: (tree_a.to_string(), a.len()),
        b: (tree_b.to_string(), b.len()),
        only_a: only_a_set,
        only_b: only_b_set,
        both: both_set,
        compared: (of_a.len(), of_b.len()),
        apart,
    })
}

/// The values that either list has more often than chance would have it.
fn apart(opened: &Opened, a: &[Scored], b: &[Scored], asked: &Asked, request: &DiffRequest) -> Result<Vec<Apart>> {
    let (size_a, size_b) = (a.len() as f64, b.len() as f64);
    let mut sides: [Vec<(f64, usize, usize)>; 2] = Default::default();
    let with_countries = request.fields.iter().any(|name| name == "country");
    let mut fields = Vec::new();
    for field in request.fields.iter().filter_map(|name| field::find(name)) {
        let values = Numbered::new(opened, field, &[a, b])?;
        let (first, second) = (values.counts(Some(a)), values.counts(Some(b)));
        let asked = asked.among(&values);
        for (number, (first, second)) in first.iter().zip(&second).enumerate() {
            let of_second = *second as f64 * size_a > *first as f64 * size_b;
            let more = if of_second { second } else { first };
            let likelihood = likelihood((*first, a.len()), (*second, b.len()));
            let is_clear = *more >= LEAST_ARTICLES && likelihood >= LEAST_LIKELIHOOD;
            if is_clear && !asked.contains(&number) && !(with_countries && is_country(&values, number)) {
                sides[usize::from(of_second)].push((likelihood, fields.len(), number));
            }
        }
        fields.push((values, first, second));
    }
    let mut apart = Vec::new();
    for (of_second, mut side) in [false, true].into_iter().zip(sides) {
        let key = |one: &(f64, usize, usize)| fields.get(one.1).map_or("", |(values, ..)| values.key(one.2));
        side.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then_with(|| key(a).cmp(key(b))));
        side.truncate(if request.values == 0 { usize::MAX } else { request.values });
        for (likelihood, at, number) in side {
            let Some((values, first, second)) = fields.get(at) else { continue };
            let shown = values.shown(number);
            apart.push(Apart {
                of_second,
                field: values.field().name,
                value: shown.value,
                label: shown.label,
                first: first.get(number).copied().unwrap_or(0),
                second: second.get(number).copied().unwrap_or(0),
                likelihood,
            });
        }
    }
    Ok(apart)
}

/// Whether a place is a country by name, which is counted as a country.
fn is_country(values: &Numbered<'_>, number: usize) -> bool {
    let place = PlaceValue::parse(values.key(number));
    let country = places::country_name(place.country).filter(|_| values.field().name == "place");
    country.is_some_and(|country| names::key(country) == place.name)
}

/// The log-likelihood ratio of two shares: how many of how many.
fn likelihood(one: (usize, usize), other: (usize, usize)) -> f64 {
    let share = (one.0 + other.0) as f64 / ((one.1 + other.1) as f64).max(1.0);
    let part = |observed: f64, expected: f64| if observed > 0.0 { observed * (observed / expected).ln() } else { 0.0 };
    let of = |(having, all): (usize, usize)| {
        let (having, all) = (having as f64, all as f64);
        part(having, all * share) + part(all - having, all * (1.0 - share))
    };
    2.0 * (of(one) + of(other)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tantivy::DocAddress;

    #[test]
    fn shares_that_differ_are_unlikely() {
        assert_eq!(likelihood((5, 10), (50, 100)), 0.0);
        assert_eq!(likelihood((0, 10), (0, 100)), 0.0);
        assert!(likelihood((10, 10), (0, 10)) > 27.0);
        assert!(likelihood((9, 10), (10, 100)) > likelihood((5, 10), (10, 100)));
    }

    #[test]
    fn hits_are_parted() {
        let hits = |docs: &[u32]| -> Vec<Scored> { docs.iter().map(|doc| (1.0, DocAddress::new(0, *doc))).collect() };
        let (only_a, only_b, both) = parted(&hits(&[1, 3, 4, 9]), &hits(&[0, 3, 9, 10, 11]));
        let docs = |hits: &[Scored]| hits.iter().map(|hit| hit.1.doc_id).collect::<Vec<_>>();
        assert_eq!((docs(&only_a), docs(&only_b), docs(&both)), (vec![1, 4], vec![0, 10, 11], vec![3, 9]));
        assert!(both.iter().all(|hit| hit.0 == 2.0));
    }
}
