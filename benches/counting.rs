//! How long it takes to count by period, in process, warm, beside a bare loop over the same columns.
//!
//! ```text
//! cargo bench --bench counting -- INDEX_FOLDER [WORD…]
//! ```
//!
//! `timeline` by month counts all articles of the index in each month, and the hits of a word among them; `bare` asks the
//! same engine for the documents with the word as written and adds up both from the column of first days, value by value.
//! `coverage` is that of all articles, `trend` that of all words at once. The median of some rounds; of the pair the ratio
//! counts, for a slow moment of the machine hits both.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use dateline::backend::Backend;
use dateline::backend::local::Local;
use dateline::query::{self, tree::Tree};
use dateline::search::{CoverageRequest, Of, TimelineRequest, TrendRequest, Unit};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::time::Instant;
use tantivy::query::{AllQuery, EnableScoring, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, Index, Searcher, TERMINATED, Term};

/// How often each is measured.
const ROUNDS: usize = 21;
/// Days from one month to the next, in the mean: what a bare loop needs to name a month.
const DAYS: f64 = 30.436_875;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [folder, words @ ..] = arguments.as_slice() else {
        println!("usage: cargo bench --bench counting -- INDEX_FOLDER [WORD…]");
        return Ok(());
    };
    let ours = Local::open(Path::new(folder))?;
    let generation = std::fs::read_to_string(Path::new(folder).join("CURRENT"))?;
    let bare = Index::open_in_dir(Path::new(folder).join(generation.trim()))?.reader()?.searcher();
    println!("{} articles; milliseconds, median of {ROUNDS}", ours.status()?.articles);
    println!("{:<20}{:>10}{:>10}{:>10}{:>8}{:>12}", "query", "hits", "timeline", "bare", "ratio", "mentions");
    let mut queries = Vec::new();
    for word in std::iter::once("").chain(words.iter().map(String::as_str)) {
        let mut tree = query::parse(word, None).tree;
        ours.expand(&mut tree, false)?;
        let request = |of| TimelineRequest { query: word.to_owned(), of, by: Some(Unit::Month) };
        let (mut times, mut bares, mut mentions, mut hits) = (Vec::new(), Vec::new(), Vec::new(), 0);
        for _ in 0..ROUNDS {
            let (time, timeline) = timed(|| Ok(ours.timeline(&tree, &request(Of::Published))?))?;
            hits = timeline.results.total;
            times.push(time);
            bares.push(timed(|| count(&bare, word))?.0);
            mentions.push(timed(|| Ok(ours.timeline(&tree, &request(Of::Mentions))?))?.0);
        }
        let (time, bare) = (median(times), median(bares));
        let ratio = time / bare;
        println!("{word:<20}{hits:>10}{time:>10.2}{bare:>10.2}{ratio:>8.2}{:>12.2}", median(mentions));
        queries.push((word.to_owned(), tree));
    }
    let coverage = CoverageRequest { query: String::new(), by: Some(Unit::Month) };
    let trend = TrendRequest { queries, of: Of::Published, by: Some(Unit::Month) };
    let (mut coverages, mut trends) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        coverages.push(timed(|| Ok(ours.coverage(&Tree::All, &coverage)?))?.0);
        trends.push(timed(|| Ok(ours.trend(&trend)?))?.0);
    }
    println!("coverage of all {:.2}, trend of these queries {:.2}", median(coverages), median(trends));
    Ok(())
}

/// Milliseconds that some work takes, and what comes of it.
fn timed<T>(work: impl FnOnce() -> Result<T, Box<dyn Error>>) -> Result<(f64, T), Box<dyn Error>> {
    let started = Instant::now();
    let outcome = work()?;
    Ok((started.elapsed().as_secs_f64() * 1e3, outcome))
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(0.0)
}

/// The documents with a word, and all, by month.
fn count(searcher: &Searcher, word: &str) -> Result<BTreeMap<i64, (usize, usize)>, Box<dyn Error>> {
    let schema = searcher.schema();
    let queries: Vec<Box<dyn Query>> = match word {
        "" => vec![Box::new(AllQuery)],
        _ => ["title", "body"]
            .into_iter()
            .map(|field| {
                let term = Term::from_field_text(schema.get_field(field)?, word);
                Ok(Box::new(TermQuery::new(term, IndexRecordOption::Basic)) as Box<dyn Query>)
            })
            .collect::<Result<_, tantivy::TantivyError>>()?,
    };
    let mut months: BTreeMap<i64, (usize, usize)> = BTreeMap::new();
    for segment in searcher.segment_readers() {
        let mut found = vec![false; segment.max_doc() as usize];
        for query in &queries {
            let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
            let mut scorer = weight.scorer(segment, 1.0)?;
            let mut doc = scorer.doc();
            while doc != TERMINATED {
                if let Some(found) = found.get_mut(doc as usize) {
                    *found = true;
                }
                doc = scorer.advance();
            }
        }
        let first = segment.fast_fields().i64("_first")?;
        let month = |day: i64| (day as f64 / DAYS) as i64;
        let base = month(first.min_value());
        let mut counts = vec![(0, 0); (month(first.max_value()) - base + 1).max(0) as usize];
        for doc in segment.doc_ids_alive() {
            let Some(day) = first.first(doc) else { continue };
            if let Some((hits, articles)) = counts.get_mut((month(day) - base) as usize) {
                *articles += 1;
                *hits += usize::from(found.get(doc as usize) == Some(&true));
            }
        }
        for (month, (hits, articles)) in (base..).zip(counts) {
            let known = months.entry(month).or_default();
            *known = (known.0 + hits, known.1 + articles);
        }
    }
    Ok(months)
}
