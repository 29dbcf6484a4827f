//! How long answers take, in process, warm: the median and the 99th percentile of many different queries of each kind.
//!
//! ```text
//! cargo bench --bench queries -- INDEX_FOLDER ARTICLES.jsonl [KIND…]
//! ```
//!
//! Queries are made of articles drawn from the file, with a fixed seed, so that each asks for other words: 200 a kind.
//! `count` is the exact number of hits, `page` the first ten with their passages and all receipts, as the command gives
//! them; `bare` is the nearest query that tantivy's own types can ask of the same index, with exact count and the ten
//! best stored articles.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use dateline::backend::Backend;
use dateline::backend::local::Local;
use dateline::query::{self, tree::Tree};
use dateline::search::{Request, Sort};
use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Instant;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, PhraseQuery, Query, RangeQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Index, Searcher, TantivyDocument, Term};

/// Queries of each kind.
const QUERIES: usize = 200;
/// Articles that queries are made of.
const SAMPLE: usize = 2000;
/// Each query is asked so often before it is timed, so that what it needs is in memory.
const WARM_UP: usize = 1;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [folder, articles, wanted @ ..] = arguments.as_slice() else {
        println!("usage: cargo bench --bench queries -- INDEX_FOLDER ARTICLES.jsonl [KIND…]");
        return Ok(());
    };
    let ours = Local::open(Path::new(folder))?;
    let bare = Bare::open(Path::new(folder))?;
    let texts = sample(articles)?;
    let kinds = kinds(&texts, &ours)?;
    println!(
        "{} articles; milliseconds, median and 99th percentile of {QUERIES} queries a kind",
        ours.status()?.articles
    );
    println!(
        "{:<24}{:>10}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}  such as",
        "kind", "hits", "count", "99 %", "page", "99 %", "bare", "99 %"
    );
    for kind in kinds.iter().filter(|kind| wanted.is_empty() || wanted.iter().any(|name| kind.name.contains(name))) {
        measure(kind, &ours, &bare)?;
    }
    Ok(())
}

/// A kind of query, and what each of its queries asks.
struct Kind {
    name: &'static str,
    queries: Vec<Asked>,
}

/// A query in our language, and the nearest to it for the bare engine: words that all must occur, or follow each other.
struct Asked {
    text: String,
    words: Vec<String>,
    phrase: bool,
    years: Option<(i64, i64)>,
}

fn measure(kind: &Kind, ours: &Local, bare: &Bare) -> Result<(), Box<dyn Error>> {
    let (mut counts, mut pages, mut bares, mut hits) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for asked in &kind.queries {
        let parsed = query::parse(&asked.text, None);
        query::check(&parsed)?;
        let request = Request {
            query: asked.text.clone(),
            limit: 10,
            offset: 0,
            sort: Sort::Relevance,
            facets: vec![],
            snippets: 3,
            explain_scores: false,
            group_by_slot: false,
            ..Request::default()
        };
        for round in 0..=WARM_UP {
            let timed = round == WARM_UP;
            let started = Instant::now();
            let mut tree = parsed.tree.clone();
            ours.expand(&mut tree, true)?;
            let found = ours.count(&tree)?;
            let count = started.elapsed().as_secs_f64() * 1e3;
            let started = Instant::now();
            let mut tree = parsed.tree.clone();
            ours.expand(&mut tree, true)?;
            ours.search(&tree, &request)?;
            let page = started.elapsed().as_secs_f64() * 1e3;
            if timed {
                counts.push(count);
                pages.push(page);
                hits.push(found as f64);
            }
            if !asked.words.is_empty() {
                let started = Instant::now();
                bare.ask(asked)?;
                if timed {
                    bares.push(started.elapsed().as_secs_f64() * 1e3);
                }
            }
        }
    }
    let such_as = kind.queries.first().map_or("", |asked| asked.text.as_str());
    let shown = |times: &mut Vec<f64>, percent: usize| {
        times.sort_by(f64::total_cmp);
        let at = times.len() * percent / 100;
        times.get(at.min(times.len().saturating_sub(1))).map_or("-".to_owned(), |time| format!("{time:.2}"))
    };
    hits.sort_by(f64::total_cmp);
    println!(
        "{:<24}{:>10}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}  {such_as}",
        kind.name,
        hits.get(hits.len() / 2).copied().unwrap_or(0.0),
        shown(&mut counts, 50),
        shown(&mut counts, 99),
        shown(&mut pages, 50),
        shown(&mut pages, 99),
        shown(&mut bares, 50),
        shown(&mut bares, 99),
    );
    Ok(())
}

/// The same index through tantivy's own queries.
struct Bare {
    searcher: Searcher,
    body: Field,
    first: Field,
}

impl Bare {
    fn open(folder: &Path) -> Result<Bare, Box<dyn Error>> {
        let generation = std::fs::read_to_string(folder.join("CURRENT"))?;
        let mut path: PathBuf = folder.join(generation.trim());
        if !path.is_dir() {
            let newest =
                std::fs::read_dir(folder)?.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).max();
            path = newest.ok_or("the folder holds no index")?;
        }
        let index = Index::open_in_dir(path)?;
        let searcher = index.reader()?.searcher();
        let schema = index.schema();
        Ok(Bare { searcher, body: schema.get_field("body")?, first: schema.get_field("_first")? })
    }

    fn ask(&self, asked: &Asked) -> Result<usize, Box<dyn Error>> {
        let terms: Vec<Term> = asked.words.iter().map(|word| Term::from_field_text(self.body, word)).collect();
        let mut query: Box<dyn Query> = match terms.as_slice() {
            [term] => Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs)),
            _ if asked.phrase => Box::new(PhraseQuery::new(terms)),
            _ => Box::new(BooleanQuery::new(
                terms
                    .into_iter()
                    .map(|term| {
                        let one: Box<dyn Query> = Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
                        (Occur::Must, one)
                    })
                    .collect(),
            )),
        };
        if let Some((from, to)) = asked.years {
            let bound = |day| std::ops::Bound::Included(Term::from_field_i64(self.first, day));
            let years: Box<dyn Query> = Box::new(RangeQuery::new(bound(from), bound(to)));
            query = Box::new(BooleanQuery::new(vec![(Occur::Must, query), (Occur::Must, years)]));
        }
        let (count, best) = self.searcher.search(&query, &(Count, TopDocs::with_limit(10).order_by_score()))?;
        for (_, address) in best {
            let _: TantivyDocument = self.searcher.doc(address)?;
        }
        Ok(count)
    }
}

/// Makes a query of its kind, or none this time; the number says how often it was asked.
type Make<'a> = dyn FnMut(&mut Draw, usize) -> Option<Asked> + 'a;

/// Numbers that are the same on every run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % end.max(1)
    }
}

/// The words of articles drawn from all over the file, in small letters.
fn sample(path: &str) -> Result<Vec<Vec<String>>, Box<dyn Error>> {
    let file = File::open(path)?;
    let length = usize::try_from(file.metadata()?.len())?;
    let mut reader = BufReader::new(file);
    let mut draw = Draw(7);
    let mut texts = Vec::new();
    while texts.len() < SAMPLE {
        reader.seek(SeekFrom::Start(draw.below(length) as u64))?;
        let mut line = String::new();
        let mut bytes = Vec::new();
        reader.read_until(b'\n', &mut bytes)?;
        if reader.read_line(&mut line)? == 0 {
            continue;
        }
        let article: serde_json::Value = serde_json::from_str(&line)?;
        let text = article.get("text").or(article.get("body")).and_then(serde_json::Value::as_str).unwrap_or("");
        let words = text.split_whitespace().map(|word| {
            let word: String = word.chars().filter(|c| c.is_ascii_alphabetic()).collect();
            word.to_ascii_lowercase()
        });
        texts.push(words.collect());
    }
    Ok(texts)
}

/// Words that are in nearly every article.
const SMALL: &[&str] =
    &["the", "of", "in", "to", "a", "and", "for", "on", "at", "by", "with", "that", "as", "is", "was", "from", "it"];

fn content(word: &str) -> bool {
    word.len() >= 4 && !SMALL.contains(&word) && word != "that" && word != "with" && word != "from"
}

fn kinds(texts: &[Vec<String>], ours: &Local) -> Result<Vec<Kind>, Box<dyn Error>> {
    let mut draw = Draw(11);
    let mut pairs: HashMap<(&str, &str), usize> = HashMap::new();
    for pair in texts.iter().flat_map(|text| text.windows(2)) {
        if content(&pair[0]) && content(&pair[1]) {
            *pairs.entry((&pair[0], &pair[1])).or_default() += 1;
        }
    }
    let mut frequent: Vec<_> = pairs.iter().map(|(pair, count)| (*count, *pair)).collect();
    frequent.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let names = |field: &str| -> Result<Vec<String>, Box<dyn Error>> {
        Ok(ours.entities(&Tree::All, field)?.into_iter().take(QUERIES).map(|entity| entity.name).collect())
    };
    let people = names("person")?;
    let plain = |text: String, words: &[&str], phrase: bool| Asked {
        text,
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        phrase,
        years: None,
    };
    let some = |draw: &mut Draw, wanted: usize| -> Option<Vec<&str>> {
        let text = &texts[draw.below(texts.len())];
        let words: Vec<&str> = text.iter().map(String::as_str).filter(|word| content(word)).collect();
        let mut chosen: Vec<&str> = Vec::new();
        for _ in 0..50 {
            let word = *words.get(draw.below(words.len()))?;
            if !chosen.contains(&word) {
                chosen.push(word);
            }
            if chosen.len() == wanted {
                return Some(chosen);
            }
        }
        None
    };
    let run = |draw: &mut Draw, length: usize, fits: &dyn Fn(&[String]) -> bool| -> Option<Vec<&str>> {
        let text = &texts[draw.below(texts.len())];
        let start = draw.below(text.len().checked_sub(length)?);
        let run = text.get(start..start + length)?;
        (run.iter().all(|word| !word.is_empty()) && fits(run)).then(|| run.iter().map(String::as_str).collect())
    };
    let mut made: Vec<(&'static str, Box<Make<'_>>)> = Vec::new();
    made.push(("word", Box::new(|draw, _| some(draw, 1).map(|words| plain(words[0].into(), &words, false)))));
    made.push(("AND of three", Box::new(|draw, _| some(draw, 3).map(|words| plain(words.join(" "), &words, false)))));
    made.push((
        "rare phrase",
        Box::new(|draw, _| {
            let words = run(draw, 2, &|run| run.iter().all(|word| content(word)))?;
            Some(plain(format!("\"{}\"", words.join(" ")), &words, true))
        }),
    ));
    made.push((
        "frequent phrase",
        Box::new(|_, number| {
            let (_, (one, other)) = frequent.get(number)?;
            Some(plain(format!("\"{one} {other}\""), &[one, other], true))
        }),
    ));
    made.push((
        "phrase with small words",
        Box::new(|draw, _| {
            let words = run(draw, 4, &|run| run.iter().any(|word| SMALL.contains(&word.as_str())))?;
            Some(plain(format!("\"{}\"", words.join(" ")), &words, true))
        }),
    ));
    made.push((
        "NEAR of groups",
        Box::new(|draw, _| {
            let words = some(draw, 4)?;
            let text = format!("({} OR {}) NEAR/10 ({} OR {})", words[0], words[1], words[2], words[3]);
            Some(plain(text, &[words[0], words[2]], false))
        }),
    ));
    made.push((
        "wildcard in phrase",
        Box::new(|draw, _| {
            let words = run(draw, 2, &|run| run.iter().all(|word| content(word) && word.len() > 5))?;
            Some(plain(format!("\"{}* {}\"", &words[0][..5], words[1]), &words, true))
        }),
    ));
    made.push((
        "wide wildcard",
        Box::new(|draw, _| some(draw, 1).map(|words| plain(format!("{}*", &words[0][..3]), &[], false))),
    ));
    made.push((
        "fuzzy word",
        Box::new(|draw, _| some(draw, 1).map(|words| plain(format!("{}~1", words[0]), &[], false))),
    ));
    made.push((
        "slot",
        Box::new(|draw, _| some(draw, 1).map(|words| plain(format!("@person NEAR/5 {}", words[0]), &words, false))),
    ));
    made.push((
        "word and person",
        Box::new(|draw, number| {
            let words = some(draw, 1)?;
            let person = people.get(number % people.len().max(1))?;
            Some(plain(format!("{} person:\"{person}\"", words[0]), &words, false))
        }),
    ));
    made.push((
        "word and country",
        Box::new(|draw, number| {
            let words = some(draw, 1)?;
            let country = ["US", "GB", "JP", "DE", "FR", "CN", "RU", "BR", "CA", "AU"][number % 10];
            Some(plain(format!("{} country:{country}", words[0]), &words, false))
        }),
    ));
    made.push((
        "word and years",
        Box::new(|draw, _| {
            let words = some(draw, 1)?;
            let year = 1985 + draw.below(35) as i32;
            let day = |year: i32| {
                chrono::NaiveDate::from_ymd_opt(year, 1, 1).map_or(0, |day| chrono::Datelike::num_days_from_ce(&day))
            };
            let years = Some((i64::from(day(year)), i64::from(day(year + 5)) - 1));
            Some(Asked { years, ..plain(format!("{} published:{year}..{}", words[0], year + 4), &words, false) })
        }),
    ));
    made.push((
        "word and date spoken of",
        Box::new(|draw, _| {
            let words = some(draw, 1)?;
            let year = 1985 + draw.below(35);
            Some(plain(format!("{} mentions-date:{year}", words[0]), &words, false))
        }),
    ));
    let mut kinds = Vec::new();
    for (name, make) in &mut made {
        let (mut queries, mut seen, mut tries) = (Vec::new(), HashSet::new(), 0);
        while queries.len() < QUERIES && tries < QUERIES * 500 {
            if let Some(asked) = make(&mut draw, tries)
                && seen.insert(asked.text.clone())
            {
                queries.push(asked);
            }
            tries += 1;
        }
        kinds.push(Kind { name, queries });
    }
    Ok(kinds)
}
