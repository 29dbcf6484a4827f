//! How fast names, places and dates are found in articles, on one core, and how much memory that takes.
//!
//! ```text
//! cargo bench --bench extraction -- FILE            a file of JSON Lines with a `text` in each line
//! ```
//!
//! Each round is paired with splitting the same texts into words and sentences, the least that any extraction has to
//! do. Reading the file and its JSON is not measured.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use dateline::article::{Article, Found};
use dateline::extract::{self, EXTRACTORS, Page};
use dateline::text::Words;
use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 5;
/// So many bytes of text are enough to measure.
const MOST: usize = 40_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().skip(1).find(|argument| argument != "--bench").ok_or("name a file of JSON Lines")?;
    let mut articles = Vec::new();
    let mut bytes = 0;
    for line in std::fs::read_to_string(file)?.lines() {
        let value: serde_json::Value = serde_json::from_str(line)?;
        let text = |key: &str| value.get(key).and_then(|value| value.as_str()).map(str::to_owned);
        let Some(body) = text("text").or_else(|| text("body")) else { continue };
        bytes += body.len();
        articles.push(Article {
            title: text("title"),
            text: body,
            language: Some("en".to_owned()),
            ..Article::default()
        });
        if bytes >= MOST {
            break;
        }
    }
    // Lists and weights are loaded once.
    black_box(extract::extract(&Page::new(&Article { text: "Kim".to_owned(), ..Article::default() }, None)));
    let words: usize = articles.iter().map(|article| Words::new(&article.text).len()).sum();
    println!("{} articles, {:.1} MB of text, {words} words", articles.len(), bytes as f64 / 1e6);
    let mut rounds = Vec::new();
    for round in 1..=ROUNDS {
        let least = timed(|| articles.iter().map(|article| Words::new(&article.text).bounds.sentences.len()).sum());
        let ours =
            timed(|| articles.iter().map(|article| extract::extract(&Page::new(article, None)).mentions.len()).sum());
        println!(
            "round {round}: extraction {:>9.0} words/s, words and sentences alone {:>11.0} words/s",
            words as f64 / ours.as_secs_f64(),
            words as f64 / least.as_secs_f64()
        );
        rounds.push(ours);
    }
    rounds.sort();
    println!("median: {:.0} words/s on one core", words as f64 / rounds[ROUNDS / 2].as_secs_f64());
    for (name, took) in each(&articles) {
        println!("{name:10} {:>6.1} MB/s on one core", bytes as f64 / 1e6 / took.as_secs_f64());
    }
    Ok(())
}

/// What each part takes by itself: preparing the words, matching the gazetteer among it, and each extractor.
fn each(articles: &[Article]) -> Vec<(&'static str, Duration)> {
    let mut took = vec![("prepare", Duration::ZERO)];
    took.extend(EXTRACTORS.iter().map(|extractor| (extractor.name(), Duration::ZERO)));
    for article in articles {
        let began = Instant::now();
        let page = Page::new(article, None);
        took[0].1 += began.elapsed();
        let mut found = Found::default();
        for (extractor, part) in EXTRACTORS.iter().zip(&mut took[1..]) {
            let began = Instant::now();
            extractor.extract(&page, &mut found);
            part.1 += began.elapsed();
        }
        black_box(&found);
    }
    took
}

fn timed(work: impl Fn() -> usize) -> Duration {
    let began = Instant::now();
    black_box(work());
    began.elapsed()
}
