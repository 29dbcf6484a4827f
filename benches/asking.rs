//! The questions of `benches/peers.py`, asked within one process: of an index of ours, or of that of the bare program.
//!
//! ```text
//! cargo bench --bench asking -- INDEX_FOLDER FILE       one query a line
//! cargo bench --bench asking -- --bare INDEX_FOLDER FILE
//! ```
//!
//! Each query is asked again and again: how many articles, and the ten best with their stored titles. Printed is a line
//! of JSON for each: hits, and the median of both times in milliseconds.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use dateline::backend::Backend;
use dateline::backend::local::Local;
use dateline::query;
use dateline::search::Request;
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Query, QueryParser, RegexQuery};
use tantivy::{Index, TantivyDocument};

/// The fewest repetitions of a query, and for how long it is repeated beyond them.
const FEWEST: usize = 5;
const LONG_ENOUGH: Duration = Duration::from_millis(300);

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.as_slice() {
        [mode, index, queries] if mode == "--bare" => bare(Path::new(index), queries),
        [index, queries] => ours(Path::new(index), queries),
        _ => {
            println!("usage: [--bare] INDEX_FOLDER QUERIES");
            Ok(())
        }
    }
}

fn ours(index: &Path, queries: &str) -> Outcome<()> {
    let index = Local::open(index)?;
    let request = Request { limit: 10, ..Request::default() };
    for line in std::fs::read_to_string(queries)?.lines() {
        let tree = || -> Outcome<_> {
            let parsed = query::parse(line, None);
            query::check(&parsed)?;
            let mut tree = parsed.tree;
            index.expand(&mut tree, false)?;
            Ok(tree)
        };
        let count = measure(&mut || Ok(index.count(&tree()?)?))?;
        let page = measure(&mut || Ok(index.search(&tree()?, &request)?.total))?;
        print(count, page);
    }
    Ok(())
}

fn bare(index: &Path, queries: &str) -> Outcome<()> {
    let index = Index::open_in_dir(index)?;
    let fields = ["title", "body"].map(|name| index.schema().get_field(name));
    let fields = fields.into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut parser = QueryParser::for_index(&index, fields.clone());
    parser.set_conjunction_by_default();
    let searcher = index.reader()?.searcher();
    for line in std::fs::read_to_string(queries)?.lines() {
        // Its parser has no beginnings of words.
        let query: Box<dyn Query> = match line.strip_suffix('*') {
            Some(beginning) => {
                let of = |field| RegexQuery::from_pattern(&format!("{beginning}.*"), field);
                let each = fields.iter().map(|field| Ok(Box::new(of(*field)?) as Box<dyn Query>));
                Box::new(BooleanQuery::union(each.collect::<tantivy::Result<_>>()?))
            }
            None => parser.parse_query(line)?,
        };
        let count = measure(&mut || Ok(searcher.search(&query, &Count)?))?;
        let page = measure(&mut || {
            let (count, best) = searcher.search(&query, &(Count, TopDocs::with_limit(10).order_by_score()))?;
            for (_, address) in best {
                searcher.doc::<TantivyDocument>(address)?;
            }
            Ok(count)
        })?;
        print(count, page);
    }
    Ok(())
}

fn print((hits, count): (usize, f64), (_, page): (usize, f64)) {
    println!("{{\"hits\":{hits},\"count\":{count},\"page\":{page}}}");
}

/// What an answer comes to, and the median of its times in milliseconds.
fn measure(ask: &mut dyn FnMut() -> Outcome<usize>) -> Outcome<(usize, f64)> {
    let mut found = ask()?;
    let mut times = Vec::new();
    let began = Instant::now();
    while times.len() < FEWEST || began.elapsed() < LONG_ENOUGH {
        let asked = Instant::now();
        found = ask()?;
        times.push(asked.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    Ok((found, times.get(times.len() / 2).copied().unwrap_or(f64::NAN)))
}
