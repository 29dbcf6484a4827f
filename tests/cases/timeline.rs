//! Timelines against a list: random articles with random dates, counted by reading the letters of each day.

use super::random;
use chrono::{Datelike, Days, NaiveDate};
use dateline::article::{Article, Confidence, DateCount, Found, Precision, Provenance, Published};
use dateline::backend::Backend;
use dateline::backend::local::Local;
use dateline::backend::local::writer::{Options, Writer};
use dateline::query;
use dateline::search::{Of, Period, Request, Sort, Timeline, TimelineRequest, Unit};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The first and last day of a date.
pub(super) type Interval = (NaiveDate, NaiveDate);

/// An article as it is meant to be.
#[derive(Clone, Debug)]
struct Written {
    has_word: bool,
    published: Option<Interval>,
    spoken: Vec<Interval>,
    removed: bool,
}

impl Written {
    fn dates(&self, of: Of) -> Vec<Interval> {
        match of {
            Of::Published => self.published.into_iter().collect(),
            Of::Mentions => self.spoken.clone(),
        }
    }
}

fn day(year: i32, of_year: u32) -> NaiveDate {
    NaiveDate::from_yo_opt(year, of_year).expect("every year has 365 days")
}

/// A date of any length, more often of the present and short.
pub(super) fn interval() -> impl Strategy<Value = Interval> {
    let year = prop_oneof![6 => 2022..2026, 2 => 1985..2026, 1 => Just(850), 1 => Just(2500), 1 => 1..3000];
    let length =
        prop_oneof![8 => Just(1u64), 1 => Just(2), 1 => Just(7), 1 => Just(30), 1 => Just(92), 1 => 1..4000u64];
    let whole = |(first, months): (NaiveDate, u32)| {
        let first = first.with_day(1).expect("every month has a first day");
        let after = first.checked_add_months(chrono::Months::new(months)).expect("it is near");
        (first, after.pred_opt().expect("it is near"))
    };
    let months = prop_oneof![3 => Just(1u32), 2 => Just(3), 3 => Just(12), 1 => Just(120), 1 => Just(1200)];
    let first = (year, 1..=365u32).prop_map(|(year, of_year)| day(year, of_year));
    let any = (first.clone(), length).prop_map(|(first, length)| (first, first + Days::new(length - 1)));
    prop_oneof![3 => any, 1 => (first, months).prop_map(whole)]
}

fn articles() -> impl Strategy<Value = Vec<Written>> {
    let dates = (option::weighted(0.9, interval()), vec(interval(), 0..5));
    let article = (any::<bool>(), dates, proptest::bool::weighted(0.1))
        .prop_map(|(has_word, (published, spoken), removed)| Written { has_word, published, spoken, removed });
    vec(article, 0..60)
}

fn build(folder: &Path, articles: &[Written], batch: usize) -> dateline::error::Result<()> {
    let mut writer = Writer::open(folder, Options { threads: 1, ..Options::default() })?;
    let preparer = writer.preparer();
    for (number, written) in articles.iter().enumerate() {
        let published = written.published.map(|(first, last)| Published {
            value: first.to_string(),
            first,
            last,
            precision: Precision::Day,
            from: Provenance::Metadata,
            confidence: Confidence::High,
            conflicts: Vec::new(),
        });
        let text = if written.has_word { "A treaty was signed." } else { "It rained." }.to_owned();
        let dates = written.spoken.iter().map(|(first, last)| DateCount {
            value: first.to_string(),
            first: *first,
            last: *last,
            count: 1,
        });
        let found = Found { dates: dates.collect(), ..Found::default() };
        let article = Article { text, published, ..Article::default() };
        writer.put(&number.to_string(), "0:a.jsonl", preparer.prepare(&article, &found), false)?;
        if number % batch == batch - 1 {
            writer.commit()?;
        }
    }
    writer.finish()?;
    let mut writer = Writer::open(folder, Options { threads: 1, ..Options::default() })?;
    for (number, _) in articles.iter().enumerate().filter(|(_, written)| written.removed) {
        writer.remove(&number.to_string())?;
    }
    writer.finish().map(|_| ())
}

/// The period of a day, by its letters.
pub(super) fn period(unit: Unit, day: NaiveDate) -> String {
    let text = day.to_string();
    match unit {
        Unit::Day => text,
        Unit::Week => day.format("%G-W%V").to_string(),
        Unit::Month => text[..7].to_owned(),
        Unit::Quarter => {
            let quarter = match &text[5..7] {
                "01" | "02" | "03" => 1,
                "04" | "05" | "06" => 2,
                "07" | "08" | "09" => 3,
                _ => 4,
            };
            format!("{}-Q{quarter}", &text[..4])
        }
        Unit::Year => text[..4].to_owned(),
        Unit::Decade => format!("{}0s", &text[..3]),
    }
}

pub(super) fn days((first, last): Interval) -> usize {
    usize::try_from((last - first).num_days()).expect("it ends after it begins") + 1
}

/// Whether a date is longer than any period.
pub(super) fn is_coarser(unit: Unit, date: &Interval) -> bool {
    let longest = match unit {
        Unit::Day => 1,
        Unit::Week => 7,
        Unit::Month => 31,
        Unit::Quarter => 31 + 31 + 30,
        Unit::Year => 366,
        Unit::Decade => 10 * 365 + 3,
    };
    days(*date) > longest
}

/// The periods of an article: those of every day of its dates.
fn periods(unit: Unit, dates: &[Interval]) -> BTreeSet<String> {
    let short = dates.iter().filter(|date| !is_coarser(unit, date));
    short.flat_map(|date| date.0.iter_days().take(days(*date))).map(|day| period(unit, day)).collect()
}

fn tally<'a>(unit: Unit, of: Of, articles: impl Iterator<Item = &'a Written>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for name in articles.flat_map(|written| periods(unit, &written.dates(of))) {
        *counts.entry(name).or_default() += 1;
    }
    counts
}

/// How many periods lie between two that follow each other in the list.
fn between(unit: Unit, one: &Period, next: &Period) -> i64 {
    let (last, first): (NaiveDate, NaiveDate) = (one.last.parse().expect("a day"), next.first.parse().expect("a day"));
    let days = (first - last).num_days() - 1;
    let after = last.succ_opt().expect("it is near");
    let years = i64::from(first.year() - after.year());
    let months = years * 12 + i64::from(first.month()) - i64::from(after.month());
    match unit {
        Unit::Day => days,
        Unit::Week => days / 7,
        Unit::Month => months,
        Unit::Quarter => months / 3,
        Unit::Year => years,
        Unit::Decade => years / 10,
    }
}

fn compare(found: &Timeline, of: Of, unit: Unit, there: &[&Written], hits: &[&Written]) -> Result<(), TestCaseError> {
    prop_assert_eq!((found.of, found.by, found.results.total), (of, unit, hits.len()));
    let dated = hits.iter().filter(|written| !written.dates(of).is_empty());
    prop_assert_eq!(found.undated, hits.len() - dated.count());
    let coarse = |written: &&&Written| written.dates(of).iter().any(|date| is_coarser(unit, date));
    prop_assert_eq!(found.coarser, hits.iter().filter(coarse).count());
    let expected = tally(unit, of, hits.iter().copied());
    let with_hits = found.periods.iter().filter(|period| period.count > 0);
    let told: BTreeMap<String, usize> = with_hits.map(|period| (period.period.clone(), period.count)).collect();
    prop_assert_eq!(&told, &expected);
    let archive = tally(unit, of, there.iter().copied());
    let mut usual: Vec<usize> = found.periods.iter().map(|period| period.articles).filter(|n| *n > 0).collect();
    usual.sort_unstable();
    for listed in &found.periods {
        prop_assert_eq!(listed.articles, archive.get(&listed.period).copied().unwrap_or(0), "{}", listed.period);
        let thin = of == Of::Published && listed.articles > 0 && listed.articles * 4 < usual[(usual.len() - 1) / 2];
        prop_assert_eq!(listed.thin, thin, "{}", listed.period);
        let (first, last): (NaiveDate, NaiveDate) =
            (listed.first.parse().expect("a day"), listed.last.parse().expect("a day"));
        let inside = [first, last].map(|day| period(unit, day));
        prop_assert_eq!(inside, [listed.period.clone(), listed.period.clone()]);
        let around = [first.pred_opt(), last.succ_opt()].map(|day| day.map(|day| period(unit, day)));
        prop_assert!(!around.contains(&Some(listed.period.clone())), "{} is longer", listed.period);
    }
    for pair in found.periods.windows(2) {
        let left_out = i64::try_from(pair[1].left_out).expect("it is small");
        prop_assert!(left_out == 0 || left_out > 100);
        prop_assert_eq!(between(unit, &pair[0], &pair[1]), left_out, "{} {}", &pair[0].period, &pair[1].period);
    }
    // No more than what lies between hits, and what the archive has is never left out.
    if let Some((first, last)) = found.periods.first().zip(found.periods.last()) {
        prop_assert!(first.count > 0 && last.count > 0 && first.left_out == 0);
        let listed: BTreeSet<&String> = found.periods.iter().map(|period| &period.period).collect();
        let inside = archive.keys().filter(|name| (&first.period..=&last.period).contains(name));
        prop_assert!(inside.into_iter().all(|name| listed.contains(name)));
    }
    Ok(())
}

#[test]
fn timelines_count_as_a_list_does() {
    random::check(40, &(articles(), 1..40usize), |(articles, batch)| {
        let folder = tempfile::tempdir().expect("a folder can be made");
        build(folder.path(), &articles, batch).expect("it can be indexed");
        let index = Local::open(folder.path()).expect("it can be opened");
        let there: Vec<&Written> = articles.iter().filter(|written| !written.removed).collect();
        for query in ["", "treaty", "-treaty", "nothing"] {
            let holds = |written: &&&Written| match query {
                "treaty" => written.has_word,
                "-treaty" => !written.has_word,
                _ => query.is_empty(),
            };
            let hits: Vec<&Written> = there.iter().filter(holds).copied().collect();
            let mut tree = query::parse(query, None).tree;
            index.expand(&mut tree, true).expect("the index can be read");
            for of in [Of::Published, Of::Mentions] {
                let ask = |by| {
                    let request = TimelineRequest { query: query.to_owned(), of, by };
                    index.timeline(&tree, &request).expect("it can be counted")
                };
                for unit in Unit::ALL {
                    compare(&ask(Some(unit)), of, unit, &there, &hits)?;
                }
                let chosen = ask(None);
                compare(&chosen, of, chosen.by, &there, &hits)?;
                let periods = chosen.periods.iter().filter(|period| period.count > 0).count();
                prop_assert!(periods <= 60 || chosen.by == Unit::Decade, "{} {:?}", periods, chosen.by);
                let field = if of == Of::Published { "published" } else { "mentions-date" };
                let request = Request {
                    query: String::new(),
                    limit: 1,
                    offset: 0,
                    sort: Sort::Newest,
                    facets: vec![field.to_owned()],
                    snippets: 0,
                    explain_scores: false,
                    group_by_slot: false,
                    ..Request::default()
                };
                let found = index.search(&tree, &request).expect("it can be searched");
                let years = found.facets[field].iter().map(|year| (year.value.clone(), year.count)).collect();
                prop_assert_eq!(tally(Unit::Year, of, hits.iter().copied()), years);
                prop_assert!(found.facets[field].windows(2).all(|pair| pair[0].count >= pair[1].count));
            }
        }
        Ok(())
    });
}
