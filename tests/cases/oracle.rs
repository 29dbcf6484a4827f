//! Search against a naive scan: random articles, random questions, and the same answers from both.

use super::naive::{self, Asked, Words, Written};
use super::naive_spans::{self, Places};
use super::random;
use dateline::article::Part;
use dateline::backend::Backend;
use dateline::backend::local::Local;
use dateline::backend::local::writer::{Options, Writer};
use dateline::query::matcher::{View, accepts, matches};
use dateline::query::{self, tree::Tree};
use dateline::search::{Request, Results, Sort};
use dateline::text::Span;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub(super) type Outcome = Result<(), TestCaseError>;

/// How the articles come into the index.
#[derive(Clone, Debug)]
pub(super) struct Making {
    pub(super) threads: usize,
    /// Articles in a commit.
    pub(super) batch: usize,
    /// For each article whether it is there in another version first, and whether it goes again.
    pub(super) fates: Vec<(bool, bool)>,
}

pub(super) fn making() -> impl Strategy<Value = Making> {
    let fate = (proptest::bool::weighted(0.3), proptest::bool::weighted(0.2));
    (1..=2usize, 1..40usize, vec(fate, 1..8)).prop_map(|(threads, batch, fates)| Making { threads, batch, fates })
}

/// Indexes `articles`, and gives those that are there in the end.
pub(super) fn build(folder: &Path, articles: &[Written], making: &Making) -> dateline::error::Result<Vec<Written>> {
    let options = Options { threads: making.threads, ..Options::default() };
    let mut writer = Writer::open(folder, options)?;
    let preparer = writer.preparer();
    let put = |writer: &mut Writer, id: &str, content: &Written, replaces| {
        let (article, found) = content.article();
        writer.put(id, "0:a.jsonl", preparer.prepare(&article, &found), replaces)
    };
    let fate = |number: usize| making.fates[number % making.fates.len()];
    for (number, article) in articles.iter().enumerate() {
        let first = if fate(number).0 { &articles[articles.len() - 1 - number] } else { article };
        put(&mut writer, &article.id, first, false)?;
        if number % making.batch == making.batch - 1 {
            writer.commit()?;
        }
    }
    writer.finish()?;
    let mut writer = Writer::open(folder, options)?;
    let mut there = Vec::new();
    for (number, article) in articles.iter().enumerate() {
        match fate(number) {
            (_, true) => writer.remove(&article.id)?,
            (true, false) => put(&mut writer, &article.id, article, true)?,
            (false, false) => {}
        }
        if !fate(number).1 {
            there.push(article.clone());
        }
    }
    writer.finish()?;
    Ok(there)
}

pub(super) fn tree(index: &Local, query: &str, variants: bool) -> Tree {
    let parsed = query::parse(query, None);
    query::check(&parsed).unwrap_or_else(|error| panic!("`{query}` is right: {error:?}"));
    let mut tree = parsed.tree;
    index.expand(&mut tree, variants).expect("the index can be read");
    tree
}

pub(super) fn request(sort: Sort, offset: usize, limit: usize) -> Request {
    let facets = FACETS.iter().map(|facet| (*facet).to_owned()).collect();
    Request {
        query: String::new(),
        limit,
        offset,
        sort,
        facets,
        snippets: 3,
        explain_scores: false,
        group_by_slot: false,
        ..Request::default()
    }
}

const FACETS: &[&str] = &["person", "country", "source", "author"];

fn search(index: &Local, tree: &Tree, sort: Sort) -> Results {
    index.search(tree, &request(sort, 0, 0)).expect("the index can be searched")
}

pub(super) fn ids(results: &Results) -> Vec<String> {
    results.hits.iter().map(|hit| hit.id.clone()).collect()
}

pub(super) fn set(results: &Results) -> BTreeSet<String> {
    results.hits.iter().map(|hit| hit.id.clone()).collect()
}

/// One question: the articles, how many, in what order, page by page, and what is counted over them.
fn compare(index: &Local, there: &[Written], asked: &Asked, page: usize) -> Outcome {
    let query = asked.text();
    let tree = tree(index, &query, true);
    let expected: Vec<&Written> = there.iter().filter(|article| asked.holds(article)).collect();
    let found = search(index, &tree, Sort::Relevance);
    let wanted: BTreeSet<String> = expected.iter().map(|article| article.id.clone()).collect();
    prop_assert_eq!(set(&found), wanted, "{}\n{}", query, index.explain(&tree).unwrap_or_default());
    prop_assert_eq!(found.hits.len(), expected.len(), "an article comes once: {}", query);
    prop_assert_eq!(found.total, expected.len(), "{}", query);
    prop_assert_eq!(index.count(&tree).ok(), Some(expected.len()), "{}", query);
    prop_assert_eq!(index.any(&tree).ok(), Some(!expected.is_empty()), "{}", query);
    for pair in found.hits.windows(2) {
        let ordered = pair[0].score > pair[1].score || pair[0].score == pair[1].score && pair[0].id < pair[1].id;
        prop_assert!(ordered, "{}: {} {} before {} {}", query, pair[0].id, pair[0].score, pair[1].id, pair[1].score);
    }
    prop_assert_eq!(ids(&search(index, &tree, Sort::Relevance)), ids(&found), "{}", query);
    for sort in [Sort::Newest, Sort::Oldest] {
        let mut dated = expected.clone();
        dated.sort_by(|a, b| {
            let days = match (a.first_day(), b.first_day(), sort) {
                (Some(a), Some(b), Sort::Newest) => b.cmp(a),
                (Some(a), Some(b), _) => a.cmp(b),
                (a, b, _) => b.is_some().cmp(&a.is_some()),
            };
            days.then_with(|| a.id.cmp(&b.id))
        });
        let dated: Vec<String> = dated.iter().map(|article| article.id.clone()).collect();
        prop_assert_eq!(ids(&search(index, &tree, sort)), dated, "{} {:?}", query, sort);
    }
    let mut paged = Vec::new();
    for number in 0..=expected.len() / page {
        let page = index.search(&tree, &request(Sort::Relevance, number * page, page)).expect("it can be searched");
        prop_assert_eq!(page.total, expected.len());
        paged.extend(ids(&page));
    }
    prop_assert_eq!(paged, ids(&found), "{} in pages of {}", query, page);
    for facet in FACETS {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for value in expected.iter().flat_map(|article| article.values(facet)) {
            *counts.entry(value).or_default() += 1;
        }
        let told: BTreeMap<String, usize> = found.facets[*facet]
            .iter()
            .map(|value| (value.value.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" "), value.count))
            .collect();
        prop_assert_eq!(told, counts, "{} by {}", query, facet);
        prop_assert_eq!(
            found.facets[*facet].len(),
            found.facets[*facet].iter().map(|v| &v.label).collect::<BTreeSet<_>>().len()
        );
    }
    Ok(())
}

/// A question about places: the articles, how many, and what is marked in each.
fn compare_spans(index: &Local, there: &[Written], asked: &Places) -> Outcome {
    let query = asked.text();
    let tree = tree(index, &query, true);
    let wanted: BTreeSet<String> =
        there.iter().filter(|article| asked.holds(article)).map(|article| article.id.clone()).collect();
    let found = search(index, &tree, Sort::Relevance);
    prop_assert_eq!(set(&found), wanted.clone(), "{}\n{}", query, index.explain(&tree).unwrap_or_default());
    prop_assert_eq!(index.count(&tree).ok(), Some(wanted.len()), "{}", query);
    for article in there {
        let (content, contents) = article.article();
        let title = dateline::text::Words::new(content.title.as_deref().unwrap_or(""));
        let body = dateline::text::Words::new(&content.text);
        let view = View::new(&content, &title, &body, &contents);
        prop_assert_eq!(accepts(&tree, &view), wanted.contains(&article.id), "{} in {}", query, article.id);
        let places: BTreeSet<(bool, Span)> =
            matches(&tree, &view).into_iter().map(|found| (found.part == Part::Title, found.span)).collect();
        prop_assert_eq!(&places, &asked.places(article), "{} in {:?}", query, article);
    }
    Ok(())
}

/// Where words stand: what the matcher finds, and what hits and passages show.
fn compare_places(index: &Local, there: &[Written], words: &Words) -> Outcome {
    let query = Asked::Words(words.clone()).text();
    let tree = tree(index, &query, true);
    let found = search(index, &tree, Sort::Relevance);
    for article in there {
        let expected = words.places(article);
        let (content, contents) = article.article();
        let title = dateline::text::Words::new(content.title.as_deref().unwrap_or(""));
        let body = dateline::text::Words::new(&content.text);
        let view = View::new(&content, &title, &body, &contents);
        let places: BTreeSet<(bool, Span)> =
            matches(&tree, &view).into_iter().map(|found| (found.part == Part::Title, found.span)).collect();
        prop_assert_eq!(&places, &expected, "{} in {}", query, article.id);
        let Some(hit) = found.hits.iter().find(|hit| hit.id == article.id) else { continue };
        let title = content.title.unwrap_or_default();
        let in_title = covered(&title, expected.iter().filter(|place| place.0).map(|place| place.1));
        let shown: BTreeSet<usize> = hit.title_spans.iter().flat_map(|[start, end]| *start..*end).collect();
        prop_assert_eq!(shown, in_title, "{} in the headline {:?}", query, title);
        prop_assert!(apart(&hit.title_spans), "{}: {:?} in {:?}", query, hit.title_spans, title);
        let in_body = covered(&content.text, expected.iter().filter(|place| !place.0).map(|place| place.1));
        let text: Vec<char> = content.text.chars().collect();
        prop_assert!(in_body.is_empty() || hit.snippets.iter().any(|snippet| !snippet.spans.is_empty()));
        for snippet in &hit.snippets {
            let letters: String = text[snippet.start..snippet.end].iter().collect();
            prop_assert_eq!(&snippet.text, &letters, "{}", query);
            prop_assert!(apart(&snippet.spans), "{}: {:?}", query, snippet.spans);
            let shown: BTreeSet<usize> = snippet.spans.iter().flat_map(|[start, end]| *start..*end).collect();
            let inside: BTreeSet<usize> = in_body.range(snippet.start..snippet.end).copied().collect();
            prop_assert_eq!(shown, inside, "{} in {:?}", query, snippet);
        }
    }
    Ok(())
}

/// The characters under spans of bytes.
fn covered(text: &str, spans: impl Iterator<Item = Span>) -> BTreeSet<usize> {
    let at = |byte: usize| text[..byte].chars().count();
    spans.flat_map(|span| at(span.start)..at(span.end)).collect()
}

fn apart(spans: &[[usize; 2]]) -> bool {
    spans.windows(2).all(|pair| pair[0][1] <= pair[1][0]) && spans.iter().all(|[start, end]| start < end)
}

/// What must hold between the answers to related questions.
fn compare_related(index: &Local, there: &[Written], words: &Words, one: &Asked, two: &Asked) -> Outcome {
    let answer = |query: &str, variants| set(&search(index, &tree(index, query, variants), Sort::Relevance));
    let (first, second) = (one.text(), two.text());
    let (left, right) = (answer(&first, true), answer(&second, true));
    let both: BTreeSet<String> = left.intersection(&right).cloned().collect();
    let either: BTreeSet<String> = left.union(&right).cloned().collect();
    prop_assert_eq!(answer(&format!("({first}) ({second})"), true), both, "({}) ({})", first, second);
    prop_assert_eq!(answer(&format!("({first}) OR ({second})"), true), either, "({}) OR ({})", first, second);
    let every: BTreeSet<String> = there.iter().map(|article| article.id.clone()).collect();
    let rest: BTreeSet<String> = every.difference(&left).cloned().collect();
    prop_assert_eq!(answer(&format!("NOT ({first})"), true), rest, "NOT ({})", first);
    let phrase = Asked::Words(words.clone()).text();
    let together = answer(&phrase, true);
    prop_assert!(answer(&phrase, false).is_subset(&together), "{} without variants", phrase);
    let words: Vec<String> = words.apart().into_iter().map(|word| Asked::Words(word).text()).collect();
    prop_assert!(together.is_subset(&answer(&words.join(" "), true)), "{} and {}", phrase, words.join(" "));
    Ok(())
}

#[test]
fn search_finds_what_a_scan_finds() {
    let questions = vec(naive::asked(), 2..14);
    let strategy = (naive::articles(60, 30), making(), questions, vec(naive::words(), 1..8), 1..7usize);
    random::check(12, &strategy, |(articles, making, questions, words, page)| {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let there = build(folder.path(), &articles, &making).expect("it can be indexed");
        let index = Local::open(folder.path()).expect("it can be opened");
        for asked in &questions {
            compare(&index, &there, asked, page)?;
        }
        for words in &words {
            compare(&index, &there, &Asked::Words(words.clone()), page)?;
            compare_places(&index, &there, words)?;
            compare_related(&index, &there, words, &questions[0], &questions[1])?;
        }
        Ok(())
    });
}

#[test]
fn places_are_those_of_a_scan() {
    let strategy = (naive::articles(40, 30), making(), vec(naive_spans::places(), 10..40));
    random::check(20, &strategy, |(articles, making, questions)| {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let there = build(folder.path(), &articles, &making).expect("it can be indexed");
        let index = Local::open(folder.path()).expect("it can be opened");
        for asked in &questions {
            compare_spans(&index, &there, asked)?;
        }
        Ok(())
    });
}

/// Segments with more articles than the engine's lists have in a block, and than its windows are wide.
#[test]
fn search_finds_what_a_scan_finds_among_many() {
    let strategy = (naive::articles(300, 4), making(), vec(naive::asked(), 12..13));
    random::check(1, &strategy, |(mut articles, mut making, questions)| {
        let some = articles.clone();
        articles =
            (0..9000).map(|number| some[number * number % 7919 % some.len()].called(&format!("{number:05}"))).collect();
        (making.batch, making.threads) = (usize::MAX, 1);
        let folder = tempfile::tempdir().expect("a folder can be made");
        let there = build(folder.path(), &articles, &making).expect("it can be indexed");
        let index = Local::open(folder.path()).expect("it can be opened");
        for asked in &questions {
            let tree = tree(&index, &asked.text(), true);
            let expected: BTreeSet<String> =
                there.iter().filter(|article| asked.holds(article)).map(|article| article.id.clone()).collect();
            prop_assert_eq!(index.count(&tree).ok(), Some(expected.len()), "{}", asked.text());
            for sort in [Sort::Relevance, Sort::Newest] {
                let found = index.search(&tree, &Request { facets: Vec::new(), snippets: 0, ..request(sort, 0, 0) });
                prop_assert_eq!(set(&found.expect("it can be searched")), expected.clone(), "{}", asked.text());
            }
        }
        Ok(())
    });
}
