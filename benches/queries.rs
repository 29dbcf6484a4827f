//! How long answers take, in process, warm: the median and the 99th percentile of each kind of query.
//!
//! ```text
//! cargo bench --bench queries -- INDEX_FOLDER [QUERY…]
//! ```
//!
//! Without queries of your own, a list of common news words and phrases stands for each kind. Every query is counted
//! exactly and the first ten hits are shown with passages, as the command does.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use dateline::backend::Backend;
use dateline::backend::local::Local;
use dateline::query;
use dateline::search::{Request, Sort};
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

const QUERIES: &[(&str, &str)] = &[
    ("frequent word", "government"),
    ("middling word", "inflation"),
    ("two words", "oil prices"),
    ("three words", "japan trade surplus"),
    ("any of five", "oil OR gold OR wheat OR sugar OR cocoa"),
    ("not", "oil -opec"),
    ("exact", "=Labour"),
    ("frequent phrase", "\"interest rates\""),
    ("rare phrase", "\"defence minister\""),
    ("phrase with small words", "\"bank of japan\""),
    ("phrase of small words", "\"in the first quarter\""),
    ("word and years", "inflation published:1990..1999"),
    ("country", "country:JP"),
    ("word and country", "trade country:JP"),
    ("person", "person:reagan"),
    ("date spoken of", "mentions-date:1987"),
];

/// Each query is asked this often, or for as long as [`PATIENCE`].
const ROUNDS: usize = 100;
const PATIENCE: Duration = Duration::from_secs(3);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let Some((index, own)) = arguments.split_first() else {
        println!("usage: cargo bench --bench queries -- INDEX_FOLDER [QUERY…]");
        return Ok(());
    };
    let backend = Local::open(Path::new(index))?;
    let queries: Vec<(&str, &str)> =
        if own.is_empty() { QUERIES.to_vec() } else { own.iter().map(|query| ("own", query.as_str())).collect() };
    println!("{:<26}{:<44}{:>9}{:>10}{:>10}{:>10}", "kind", "query", "hits", "count ms", "p50 ms", "p99 ms");
    for (kind, text) in queries {
        let parsed = query::parse(text, None);
        query::check(&parsed)?;
        let mut tree = parsed.tree;
        backend.expand(&mut tree, true)?;
        let request = Request {
            query: text.into(),
            limit: 10,
            offset: 0,
            sort: Sort::Relevance,
            facets: vec![],
            snippets: 3,
            explain_scores: false,
            group_by_slot: false,
        };
        let hits = backend.search(&tree, &request)?.total;
        let count = times(|| backend.count(&tree).map(drop))?;
        let search = times(|| backend.search(&tree, &request).map(drop))?;
        println!(
            "{kind:<26}{text:<44}{hits:>9}{:>10.2}{:>10.2}{:>10.2}",
            at(&count, 50),
            at(&search, 50),
            at(&search, 99)
        );
    }
    Ok(())
}

/// Milliseconds of each run, ascending.
fn times(mut run: impl FnMut() -> dateline::error::Result<()>) -> Result<Vec<f64>, Box<dyn Error>> {
    let began = Instant::now();
    let mut times = Vec::new();
    while times.len() < ROUNDS && (times.len() < 5 || began.elapsed() < PATIENCE) {
        let started = Instant::now();
        run()?;
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    Ok(times)
}

fn at(sorted: &[f64], percent: usize) -> f64 {
    sorted.get((sorted.len() * percent / 100).min(sorted.len() - 1)).copied().unwrap_or(f64::NAN)
}
