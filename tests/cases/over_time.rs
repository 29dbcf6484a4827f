//! Trends, coverage, first and last articles and holes against a list: random articles of random sources and days, counted
//! by reading; and the sample corpus, counted from the list of its articles.

use super::program::Program;
use super::random;
use super::timeline::{Interval, days, interval, is_coarser, period};
use chrono::{Datelike, Days, NaiveDate};
use dateline::article::{Article, Confidence, Found, Precision, Provenance, Published};
use dateline::backend::Backend;
use dateline::backend::local::Local;
use dateline::backend::local::writer::{Options, Writer};
use dateline::field;
use dateline::query::{self, tree::Tree};
use dateline::search::{CoverageRequest, EndsRequest, Of, Request, Sort, TrendRequest, Unit, Which};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// An article as it is meant to be.
#[derive(Clone, Debug)]
struct Written {
    id: String,
    treaty: bool,
    rain: bool,
    source: Option<&'static str>,
    published: Option<Interval>,
    removed: bool,
}

/// Spellings of three sources.
const SOURCES: [&str; 4] = ["Harbour Wire", "HARBOUR WIRE", "Prairie Sentinel", "Éclair"];

/// The source that a spelling is of.
fn source_of(spelling: &str) -> &str {
    if spelling == SOURCES[1] { SOURCES[0] } else { spelling }
}

/// A day of three years, so that some months have many.
fn near() -> impl Strategy<Value = Interval> {
    let first = (2019..2022i32, 1..=365u32).prop_map(|(year, day)| NaiveDate::from_yo_opt(year, day).expect("a day"));
    let whole = |(day, months): (NaiveDate, u32)| {
        let first = if months == 12 { day.with_ordinal(1) } else { day.with_day(1) }.expect("it has a first day");
        let after = first.checked_add_months(chrono::Months::new(months)).expect("it is near");
        (first, after.pred_opt().expect("it is near"))
    };
    let longer = (first.clone(), prop_oneof![Just(1u32), Just(12)]).prop_map(whole);
    prop_oneof![20 => first.prop_map(|day| (day, day)), 1 => longer, 1 => interval()]
}

fn articles() -> impl Strategy<Value = Vec<Written>> {
    let source = option::weighted(0.9, proptest::sample::select(&SOURCES[..]));
    let words = (any::<bool>(), proptest::bool::weighted(0.2));
    let article = (words, source, option::weighted(0.9, near()), proptest::bool::weighted(0.1));
    vec(article, 0..150).prop_map(|articles| {
        let numbered = articles.into_iter().enumerate();
        let written = |(number, ((treaty, rain), source, published, removed))| Written {
            id: format!("a{number}"),
            treaty,
            rain,
            source,
            published,
            removed,
        };
        numbered.map(written).collect()
    })
}

/// The value of a date: `2024`, `2024-06` or the first day.
fn value((first, last): Interval) -> (String, Precision) {
    let next = last.succ_opt().expect("it is near");
    let text = first.to_string();
    let year = text.rsplitn(3, '-').nth(2).expect("a year").to_owned();
    if first.ordinal() == 1 && next.ordinal() == 1 && next.year() == first.year() + 1 {
        return (year, Precision::Year);
    }
    if first.day() == 1 && next.day() == 1 && (last - first).num_days() < 31 {
        return (format!("{year}-{:02}", first.month()), Precision::Month);
    }
    (text, Precision::Day)
}

fn build(folder: &Path, articles: &[Written], batch: usize) -> dateline::error::Result<()> {
    let options = || Options { threads: 1, ..Options::default() };
    let mut writer = Writer::open(folder, options())?;
    let preparer = writer.preparer();
    for (number, written) in articles.iter().enumerate() {
        let published = written.published.map(|(first, last)| {
            let (value, precision) = value((first, last));
            let (from, confidence) = (Provenance::Metadata, Confidence::High);
            Published { value, first, last, precision, from, confidence, conflicts: Vec::new() }
        });
        let treaty = if written.treaty { "A treaty was signed." } else { "Nothing was signed." };
        let text = format!("{treaty}{}", if written.rain { " It rained." } else { "" });
        let source = written.source.map(str::to_owned);
        let article = Article { text, published, source, ..Article::default() };
        writer.put(&written.id, "0:a.jsonl", preparer.prepare(&article, &Found::default()), false)?;
        if number % batch == batch - 1 {
            writer.commit()?;
        }
    }
    writer.finish()?;
    let mut writer = Writer::open(folder, options())?;
    for written in articles.iter().filter(|written| written.removed) {
        writer.remove(&written.id)?;
    }
    writer.finish().map(|_| ())
}

fn tree(index: &Local, query: &str) -> Tree {
    let mut tree = query::parse(query, None).tree;
    index.expand(&mut tree, true).expect("the index can be read");
    tree
}

/// The names of the periods of a date.
fn periods(unit: Unit, date: Interval) -> BTreeSet<String> {
    if is_coarser(unit, &date) {
        return BTreeSet::new();
    }
    date.0.iter_days().take(days(date)).map(|day| period(unit, day)).collect()
}

fn tally<'a>(unit: Unit, articles: impl IntoIterator<Item = &'a &'a Written>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for name in articles.into_iter().filter_map(|written| written.published).flat_map(|date| periods(unit, date)) {
        *counts.entry(name).or_default() += 1;
    }
    counts
}

#[test]
fn trends_count_as_a_list_does() {
    random::check(25, &(articles(), 1..60usize), |(articles, batch)| {
        let folder = tempfile::tempdir().expect("a folder can be made");
        build(folder.path(), &articles, batch).expect("it can be indexed");
        let index = Local::open(folder.path()).expect("it can be opened");
        let there: Vec<&Written> = articles.iter().filter(|written| !written.removed).collect();
        let treaty: Vec<&Written> = there.iter().filter(|written| written.treaty).copied().collect();
        let rain: Vec<&Written> = there.iter().filter(|written| written.rain).copied().collect();
        let queries = ["treaty", "rain", "nowhere"].map(|query| (query.to_owned(), tree(&index, query))).to_vec();
        for by in Unit::ALL.map(Some).into_iter().chain([None]) {
            let request = TrendRequest { queries: queries.clone(), of: Of::Published, by };
            let trend = index.trend(&request).expect("it can be counted");
            let archive = tally(trend.by, &there);
            prop_assert!(by.is_none_or(|by| by == trend.by));
            for (series, hits) in trend.series.iter().zip([&treaty, &rain, &Vec::new()]) {
                prop_assert_eq!(series.results.total, hits.len());
                prop_assert_eq!(series.undated, hits.iter().filter(|written| written.published.is_none()).count());
                let coarser = hits.iter().filter_map(|written| written.published);
                prop_assert_eq!(series.coarser, coarser.filter(|date| is_coarser(trend.by, date)).count());
                let told = trend.periods.iter().zip(&series.counts).filter(|(_, count)| **count > 0);
                let told: BTreeMap<String, usize> =
                    told.map(|(period, count)| (period.period.clone(), *count)).collect();
                prop_assert_eq!(told, tally(trend.by, hits));
                prop_assert_eq!(series.counts.len(), trend.periods.len());
            }
            for period in &trend.periods {
                prop_assert_eq!(period.articles, archive.get(&period.period).copied().unwrap_or(0));
            }
        }
        Ok(())
    });
}

/// The months from one to another.
fn months(from: &str, to: &str) -> Vec<String> {
    let day = |month: &str| format!("{month}-01").parse::<NaiveDate>().expect("a month");
    let (mut month, last) = (day(from), day(to));
    let mut months = Vec::new();
    while month <= last {
        months.push(period(Unit::Month, month));
        month = month.checked_add_months(chrono::Months::new(1)).expect("it is near");
    }
    months
}

/// The runs of months without an article of these, in which five would be expected by the year on either side.
fn holes(articles: &[&Written]) -> Vec<Vec<String>> {
    let counts = tally(Unit::Month, articles);
    let Some((first, last)) = counts.keys().next().zip(counts.keys().next_back()) else { return Vec::new() };
    let all = months(first, last);
    let maybe: BTreeSet<String> = articles
        .iter()
        .filter_map(|written| written.published)
        .flat_map(|(first, last)| first.iter_days().take_while(move |day| *day <= last))
        .map(|day| period(Unit::Month, day))
        .collect();
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for (place, _) in all.iter().enumerate().filter(|(_, month)| !maybe.contains(*month)) {
        match runs.last_mut().filter(|run| run.last().copied() == place.checked_sub(1)) {
            Some(run) => run.push(place),
            None => runs.push(vec![place]),
        }
    }
    let is_hole = |run: &Vec<usize>| {
        let (start, end) = (run[0].saturating_sub(12), (run[run.len() - 1] + 12).min(all.len() - 1));
        let around: Vec<usize> = (start..=end).filter(|place| !run.contains(place)).collect();
        let count = |places: &[usize]| -> usize {
            places.iter().map(|place| counts.get(&all[*place]).copied().unwrap_or(0)).sum()
        };
        let expected = count(&around) as f64 / around.len() as f64 * run.len() as f64;
        let before: Vec<usize> = (0..run[0]).collect();
        let behind: Vec<usize> = (run[run.len() - 1]..all.len()).collect();
        count(&before) >= 5 && count(&behind) >= 5 && expected >= 5.0 - 1e-9
    };
    runs.retain(is_hole);
    runs.into_iter().map(|run| run.into_iter().map(|place| all[place].clone()).collect()).collect()
}

#[test]
fn coverage_counts_as_a_list_does() {
    random::check(40, &(articles(), 1..60usize), |(articles, batch)| {
        let folder = tempfile::tempdir().expect("a folder can be made");
        build(folder.path(), &articles, batch).expect("it can be indexed");
        let index = Local::open(folder.path()).expect("it can be opened");
        let there: Vec<&Written> = articles.iter().filter(|written| !written.removed).collect();
        for query in ["", "treaty"] {
            let is_hit = |written: &&&Written| query.is_empty() || written.treaty;
            for by in [Some(Unit::Month), Some(Unit::Quarter), Some(Unit::Year), Some(Unit::Decade), None] {
                let request = CoverageRequest { query: query.to_owned(), by };
                let coverage = index.coverage(&tree(&index, query), &request).expect("it can be counted");
                let mut left: BTreeSet<Option<&str>> =
                    there.iter().filter(is_hit).map(|written| written.source.map(source_of)).collect();
                for covered in &coverage.sources {
                    let name = covered.source.as_deref().map(source_of);
                    prop_assert!(left.remove(&name), "{:?}", name);
                    let of = |written: &&&Written| written.source.map(source_of) == name;
                    let all: Vec<&Written> = there.iter().filter(of).copied().collect();
                    let hits: Vec<&Written> = all.iter().filter(is_hit).copied().collect();
                    prop_assert_eq!(covered.hits, hits.len());
                    prop_assert_eq!(covered.undated, hits.iter().filter(|written| written.published.is_none()).count());
                    let coarser = hits.iter().filter_map(|written| written.published);
                    prop_assert_eq!(covered.coarser, coarser.filter(|date| is_coarser(coverage.by, date)).count());
                    let (of_all, of_hits) = (tally(coverage.by, &all), tally(coverage.by, &hits));
                    let mut told = BTreeMap::new();
                    for cell in &covered.cells {
                        let period = &coverage.periods[cell.place].period;
                        prop_assert_eq!(cell.articles, of_all[period]);
                        told.insert(period.clone(), cell.hits);
                    }
                    told.retain(|_, hits| *hits > 0);
                    prop_assert_eq!(told, of_hits);
                    if coverage.by == Unit::Month {
                        let shown = coverage.periods.first().zip(coverage.periods.last());
                        let expected: Vec<Vec<String>> = holes(&all)
                            .into_iter()
                            .filter(|run| {
                                shown.is_some_and(|(from, to)| run[0] <= to.period && from.period <= run[run.len() - 1])
                            })
                            .collect();
                        let found: Vec<Vec<String>> =
                            covered.holes.iter().map(|hole| months(&hole.first.period, &hole.last.period)).collect();
                        prop_assert_eq!(found, expected);
                    }
                }
                prop_assert!(left.is_empty(), "{:?} left out", left);
                let order = coverage.sources.iter().map(|covered| (covered.source.is_some(), covered.hits));
                prop_assert!(order.is_sorted_by(|one, other| one >= other));
            }
        }
        Ok(())
    });
}

/// The dates of articles in the order in which they may have been first, or last.
fn sorted(which: Which, articles: &[&Written]) -> Vec<(Interval, String)> {
    let mut sorted: Vec<(Interval, String)> =
        articles.iter().filter_map(|written| Some((written.published?, written.id.clone()))).collect();
    sorted.sort_by(|(one, a), (other, b)| {
        let end = match which {
            Which::First => one.0.cmp(&other.0),
            Which::Last => other.1.cmp(&one.1),
        };
        end.then_with(|| days(*one).cmp(&days(*other))).then_with(|| a.cmp(b))
    });
    sorted
}

fn compare(which: Which, found: &[&dateline::search::End], hits: &[&Written]) -> Result<(), TestCaseError> {
    let sorted = sorted(which, hits);
    for (place, end) in found.iter().enumerate() {
        let (date, id) = &sorted[place];
        prop_assert_eq!(&end.hit.id, id);
        let may = |(other, _): &&(Interval, String)| match which {
            Which::First => other.0 < date.1,
            Which::Last => other.1 > date.0,
        };
        prop_assert_eq!(end.rivals, sorted[place + 1..].iter().filter(may).count());
        let to_the_day = sorted.iter().find(|(date, _)| date.0 == date.1).filter(|_| date.0 != date.1);
        prop_assert_eq!(end.exact.clone(), to_the_day.map(|(date, id)| (date.0.to_string(), id.clone())));
    }
    Ok(())
}

#[test]
fn the_first_and_the_last_are_those_of_a_list() {
    random::check(40, &(articles(), 1..60usize, 0..4usize), |(articles, batch, limit)| {
        let folder = tempfile::tempdir().expect("a folder can be made");
        build(folder.path(), &articles, batch).expect("it can be indexed");
        let index = Local::open(folder.path()).expect("it can be opened");
        let hits: Vec<&Written> = articles.iter().filter(|written| !written.removed && written.treaty).collect();
        let tree = tree(&index, "treaty");
        let shown = |dated: usize| if limit == 0 { dated } else { limit.min(dated) };
        for which in [Which::First, Which::Last] {
            let ask = |per| {
                let request = EndsRequest { query: "treaty".to_owned(), which, limit, per };
                index.ends(&tree, &request).expect("it can be searched")
            };
            let ends = ask(None);
            let dated = hits.iter().filter(|written| written.published.is_some()).count();
            prop_assert_eq!((ends.undated, ends.ends.len()), (hits.len() - dated, shown(dated)));
            compare(which, &ends.ends.iter().collect::<Vec<_>>(), &hits)?;
            let ends = ask(field::find("source"));
            let names: BTreeSet<Option<&str>> = hits
                .iter()
                .filter(|written| written.published.is_some())
                .map(|written| written.source.map(source_of))
                .collect();
            let mut all = 0;
            for name in names {
                let of: Vec<&Written> =
                    hits.iter().filter(|written| written.source.map(source_of) == name).copied().collect();
                let found = ends.ends.iter().filter(|end| end.value.as_deref().map(source_of) == name);
                let found: Vec<_> = found.collect();
                let dated = of.iter().filter(|written| written.published.is_some()).count();
                prop_assert_eq!(found.len(), shown(dated));
                compare(which, &found, &of)?;
                all += found.len();
            }
            prop_assert_eq!(all, ends.ends.len());
        }
        Ok(())
    });
}

#[test]
fn a_question_says_where_nothing_is() {
    let day = |month: i64| {
        NaiveDate::from_ymd_opt(2019, 1, 1).expect("a day") + Days::new(u64::try_from(month).expect("small"))
    };
    random::check(40, &(articles(), 1..60usize, 0..1000i64, 0..200i64), |(articles, batch, start, length)| {
        let folder = tempfile::tempdir().expect("a folder can be made");
        build(folder.path(), &articles, batch).expect("it can be indexed");
        let index = Local::open(folder.path()).expect("it can be opened");
        let (from, to) = (day(start), day(start + length));
        for name in [None, Some("Harbour Wire"), Some("Éclair")] {
            let of = name.map(|name| format!(" source:\"{name}\"")).unwrap_or_default();
            let query = format!("nothing published:{from}..{to}{of}");
            let request = Request {
                query: query.clone(),
                limit: 1,
                offset: 0,
                sort: Sort::Newest,
                facets: Vec::new(),
                snippets: 0,
                explain_scores: false,
                group_by_slot: false,
                ..Request::default()
            };
            let found = index.search(&tree(&index, &query), &request).expect("it can be searched");
            let there = articles.iter().filter(|written| !written.removed);
            let there: Vec<&Written> =
                there.filter(|written| name.is_none() || written.source.map(source_of) == name).collect();
            let mut dates = there.iter().filter_map(|written| written.published);
            let empty = !dates.any(|(first, last)| first <= to && from <= last);
            let inside = |month: &String| {
                let first: NaiveDate = format!("{month}-01").parse().expect("a month");
                let after = first.checked_add_months(chrono::Months::new(1)).expect("it is near");
                first <= to && from < after
            };
            let looks_into = holes(&there).iter().flatten().any(inside);
            let begins = match name {
                Some(name) => format!("no articles of {name} in this index "),
                None => "no articles in this index ".to_owned(),
            };
            let said = found.warnings.iter().any(|warning| warning.to_lowercase().starts_with(&begins.to_lowercase()));
            prop_assert_eq!(said, empty || looks_into, "{}: {:?}", query, found.warnings);
        }
        Ok(())
    });
}

/// What the sample corpus has, as its list of articles says.
struct Listed {
    id: String,
    source: Option<String>,
    /// The day, month or year.
    published: Option<String>,
    text: String,
}

/// The documents of a command that prints JSON.
fn json(program: &Program, arguments: &[&str]) -> Value {
    let ran = program.run(arguments);
    assert!(ran.code == Some(0), "{arguments:?}: {}", ran.stderr);
    serde_json::from_str(&ran.stdout).expect("it is JSON")
}

fn sample(program: &Program) -> Vec<Listed> {
    program.copy("sample_corpus");
    let indexed = program.run(&["index", "sample_corpus", "--index", "ix", "--quiet"]);
    assert_eq!(indexed.code, Some(0), "{}", indexed.stderr);
    let found = json(program, &["search", "--index", "ix", "", "-n", "0", "--json"]);
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let hits = found["hits"].as_array().expect("a list").iter();
    hits.map(|hit| {
        let id = text(&hit["id"]).expect("every hit has an id");
        let article = json(program, &["show", "--index", "ix", &id, "--format", "json"]);
        let words = format!("{} {}", hit["title"].as_str().unwrap_or(""), article["text"].as_str().unwrap_or(""));
        Listed {
            id,
            source: text(&hit["source"]),
            published: text(&hit["published"]["value"]),
            text: words.to_lowercase(),
        }
    })
    .collect()
}

fn has(article: &Listed, word: &str) -> bool {
    article.text.split(|c: char| !c.is_alphanumeric()).any(|found| found == word)
}

#[test]
fn the_sample_corpus_is_counted_right() {
    let program = Program::new();
    let articles = sample(&program);
    assert!(articles.len() > 50);
    let month =
        |article: &Listed| article.published.as_ref().filter(|day| day.len() >= 7).map(|day| day[..7].to_owned());
    // Trend: each word by month, as CSV.
    let words = ["treaty", "water", "flood"];
    let ran = program.run(
        &[&["trend", "--index", "ix", "--no-variants", "--by", "month", "--format", "csv"][..], &words[..]].concat(),
    );
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let mut counted: BTreeMap<(String, String), (usize, usize)> = BTreeMap::new();
    for line in ran.stdout.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |place: usize| cells[place].parse::<usize>().expect("a number");
        counted.insert((cells[3].to_owned(), cells[0].to_owned()), (number(4), number(5)));
    }
    counted.retain(|_, (hits, _)| *hits > 0);
    let mut expected: BTreeMap<(String, String), (usize, usize)> = BTreeMap::new();
    for word in words {
        for of_word in articles.iter().filter(|article| has(article, word)).filter_map(month) {
            let all = articles.iter().filter_map(month).filter(|other| *other == of_word).count();
            expected.entry((word.to_owned(), of_word)).or_insert((0, all)).0 += 1;
        }
    }
    assert!(expected.len() > 5, "{expected:?}");
    assert_eq!(counted, expected);
    // Coverage: source and month, with those that lack either.
    let coverage = json(&program, &["coverage", "--index", "ix", "--json"]);
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let mut counted: BTreeMap<(Option<String>, Option<String>), u64> = BTreeMap::new();
    for row in coverage["rows"].as_array().expect("rows") {
        counted.insert((text(&row["source"]), text(&row["period"])), row["count"].as_u64().expect("a number"));
    }
    counted.retain(|_, count| *count > 0);
    let mut expected: BTreeMap<(Option<String>, Option<String>), u64> = BTreeMap::new();
    for article in &articles {
        *expected.entry((article.source.clone(), month(article))).or_default() += 1;
    }
    assert!(expected.len() > 10, "{expected:?}");
    assert_eq!(counted, expected);
    // First and last of each source.
    for (command, last) in [("first", false), ("last", true)] {
        let found = json(&program, &[command, "--index", "ix", "water", "--no-variants", "--per", "source", "--json"]);
        let told: BTreeMap<Option<String>, String> = found["found"]
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| (text(&row["value"]), text(&row["id"]).expect("an id")))
            .collect();
        let mut ends: BTreeMap<Option<String>, Vec<(String, String)>> = BTreeMap::new();
        for article in articles.iter().filter(|article| has(article, "water")) {
            if let Some(day) = article.published.clone() {
                assert_eq!(day.len(), 10, "an article of a month or year would have to be ordered by hand");
                ends.entry(article.source.clone()).or_default().push((day, article.id.clone()));
            }
        }
        let end = |days: Vec<(String, String)>| {
            let day = if last { days.iter().map(|day| &day.0).max() } else { days.iter().map(|day| &day.0).min() };
            let day = day.expect("there is one").clone();
            days.into_iter().filter(|found| found.0 == day).map(|found| found.1).min().expect("there is one")
        };
        let expected: BTreeMap<Option<String>, String> =
            ends.into_iter().map(|(source, days)| (source, end(days))).collect();
        assert!(expected.len() > 1, "{expected:?}");
        assert_eq!(told, expected, "{command}");
    }
}
