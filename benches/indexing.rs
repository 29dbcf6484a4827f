//! How fast articles are indexed, paired with a bare tantivy program on the same articles.
//!
//! ```text
//! cargo bench --bench indexing                      a corpus made from the sample articles
//! cargo bench --bench indexing -- FILE.jsonl        your own: one object a line with `title` and `text`
//! ```
//!
//! Each round runs all programs as processes of their own, one after the other, so that a slow moment of the machine
//! hits all. Printed are wall and processor seconds, peak memory and size of the index against the bytes of text, and
//! the medians of the ratios. The bare program reads the same lines, and has the fields of an index without extraction that hold
//! what the lines say: headline and body with positions, stored text (Zstandard level 3), id, file, section, language, day,
//! hash and details. With all fields, it has those for numbers and their places, and for the last day and how sure it is, too.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use serde_json::Value;
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use tantivy::schema::{FAST, IndexRecordOption, STORED, STRING, Schema, TEXT, TextFieldIndexing, TextOptions};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{Index, IndexSettings, TantivyDocument};

/// What the bare program is asked for with, as a process of its own.
const BARE: &str = "--bare";
const BARE_ALL: &str = "--bare-all";
/// Programs that are measured.
const PROGRAMS: usize = 4;
/// Rounds, unless `DATELINE_ROUNDS` says otherwise.
const ROUNDS: usize = 3;
/// Articles of the corpus that is made where none is given.
const ARTICLES: usize = 20_000;
/// Memory of both programs for segments under construction.
const MEMORY: usize = 160_000_000;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [mode, corpus, index] = arguments.as_slice()
        && [BARE, BARE_ALL].contains(&mode.as_str())
    {
        return bare(Path::new(corpus), Path::new(index), mode == BARE_ALL);
    }
    let folder = std::env::temp_dir().join(format!("dateline-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let corpus = match arguments.first() {
        Some(path) => PathBuf::from(path),
        None => make_corpus(&folder)?,
    };
    let text = text_bytes(&corpus)?;
    println!("corpus: {} ({:.1} MB of text)", corpus.display(), text as f64 / 1e6);
    let rounds = std::env::var("DATELINE_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let program = env!("CARGO_BIN_EXE_dateline");
    let own = std::env::current_exe()?;
    let index = folder.join("index");
    let path = |path: &Path| path.to_string_lossy().into_owned();
    let programs: [(&str, Vec<String>); PROGRAMS] = [
        ("bare tantivy", vec![path(&own), BARE.into(), path(&corpus), path(&index)]),
        ("bare, all fields", vec![path(&own), BARE_ALL.into(), path(&corpus), path(&index)]),
        (
            "dateline --no-extract",
            vec![
                program.into(),
                "index".into(),
                path(&corpus),
                "--index".into(),
                path(&index),
                "--no-extract".into(),
                "--quiet".into(),
            ],
        ),
        (
            "dateline",
            vec![program.into(), "index".into(), path(&corpus), "--index".into(), path(&index), "--quiet".into()],
        ),
    ];
    let mut runs: [Vec<Run>; PROGRAMS] = Default::default();
    for _ in 0..rounds {
        for (runs, (_, command)) in runs.iter_mut().zip(&programs) {
            let _ = fs::remove_dir_all(&index);
            let run = measure(command, &index)?;
            runs.push(run);
        }
    }
    println!(
        "{:<24}{:>8}{:>8}{:>9}{:>10}{:>12}",
        "median of rounds", "wall s", "cpu s", "MB/s", "peak MB", "index/text"
    );
    let walls: Vec<f64> = runs.iter().map(|runs| median(runs.iter().map(|run| run.wall))).collect();
    for ((name, _), (runs, wall)) in programs.iter().zip(runs.iter().zip(&walls)) {
        println!(
            "{name:<24}{wall:>8.2}{:>8.2}{:>9.1}{:>10.0}{:>12.3}",
            median(runs.iter().map(|run| run.cpu)),
            text as f64 / 1e6 / wall,
            median(runs.iter().map(|run| run.peak)),
            median(runs.iter().map(|run| run.size / text as f64)),
        );
    }
    for (bare, number) in [(0, 2), (1, 2), (0, 3)] {
        let pairs = runs[bare].iter().zip(&runs[number]).map(|(bare, run)| bare.wall / run.wall);
        println!("throughput of {} against {}: {:.2}", programs[number].0, programs[bare].0, median(pairs));
    }
    fs::remove_dir_all(&folder)?;
    Ok(())
}

struct Run {
    wall: f64,
    cpu: f64,
    peak: f64,
    size: f64,
}

/// Runs a command to its end, looking at what the kernel says of it while it runs.
fn measure(command: &[String], index: &Path) -> Outcome<Run> {
    let started = Instant::now();
    let mut child = Command::new(&command[0]).args(&command[1..]).spawn()?;
    let (mut peak, mut cpu) = (0.0, 0.0);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        let read = |file: &str| fs::read_to_string(format!("/proc/{}/{file}", child.id())).unwrap_or_default();
        let high = read("status")
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
        peak = high.map_or(peak, |kilobytes| kilobytes / 1000.0);
        let stat = read("stat");
        let fields: Vec<f64> = stat
            .rsplit(')')
            .next()
            .unwrap_or("")
            .split_whitespace()
            .skip(11)
            .take(2)
            .filter_map(|field| field.parse().ok())
            .collect();
        // Clock ticks are hundredths of a second on Linux.
        cpu = if fields.len() == 2 { fields.iter().sum::<f64>() / 100.0 } else { cpu };
        std::thread::sleep(Duration::from_millis(5));
    };
    let wall = started.elapsed().as_secs_f64();
    if !status.success() {
        return Err(format!("{command:?} ended with {status}").into());
    }
    Ok(Run { wall, cpu, peak, size: size(index)? as f64 })
}

fn size(path: &Path) -> Outcome<u64> {
    let metadata = fs::metadata(path)?;
    if metadata.is_file() {
        return Ok(metadata.len());
    }
    fs::read_dir(path)?.map(|entry| size(&entry?.path())).sum()
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// What is measured against: tantivy with the fields that an index without extraction has, `all` of them or those that hold
/// what the lines say, and nothing around it.
fn bare(corpus: &Path, index: &Path, all: bool) -> Outcome<()> {
    fs::create_dir_all(index)?;
    let mut schema = Schema::builder();
    let sort = schema.add_text_field("sort", STRING);
    let id = schema.add_text_field("id", STRING | FAST);
    let file = schema.add_text_field("file", STRING | FAST);
    let title = schema.add_text_field("title", TEXT);
    let body = schema.add_text_field("body", TEXT | STORED);
    let details = schema.add_text_field("details", STORED);
    let section = schema.add_text_field("section", STRING | FAST);
    let language = schema.add_text_field("language", STRING | FAST);
    let day = schema.add_i64_field("day", FAST);
    let hash = schema.add_u64_field("hash", FAST);
    let places =
        TextFieldIndexing::default().set_index_option(IndexRecordOption::WithFreqsAndPositions).set_fieldnorms(false);
    let numbers = ["title-numbers", "body-numbers"]
        .map(|name| schema.add_text_field(name, TextOptions::default().set_indexing_options(places.clone())));
    let last = schema.add_i64_field("last", FAST);
    let sure = schema.add_u64_field("sure", FAST);
    let settings = IndexSettings {
        docstore_compression: Compressor::Zstd(ZstdCompressor { compression_level: Some(3) }),
        ..IndexSettings::default()
    };
    let index = Index::builder().schema(schema.build()).settings(settings).create_in_dir(index)?;
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let mut writer = index.writer_with_num_threads(threads, MEMORY)?;
    for (number, line) in BufReader::with_capacity(1 << 18, File::open(corpus)?).lines().enumerate() {
        let article: Value = serde_json::from_str(&line?)?;
        let text = |key: &str| article[key].as_str().unwrap_or("");
        let day_of = ["published", "date"].map(text).into_iter().find(|day| !day.is_empty()).unwrap_or("");
        let mut document = TantivyDocument::new();
        document.add_text(sort, "article");
        document.add_text(id, article["id"].as_str().map_or_else(|| number.to_string(), str::to_owned));
        document.add_text(file, "0:corpus");
        document.add_text(title, text("title"));
        document.add_text(body, body_of(&article));
        let kept = serde_json::json!({"title": text("title"), "day": day_of, "section": text("section")});
        document.add_text(details, kept.to_string());
        document.add_text(section, text("section"));
        document.add_text(language, "en");
        document
            .add_i64(day, day_of.bytes().filter(u8::is_ascii_digit).fold(0, |all, b| all * 10 + i64::from(b - b'0')));
        document.add_u64(hash, (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        if all {
            for (field, text) in numbers.into_iter().zip([text("title"), body_of(&article)]) {
                document.add_pre_tokenized_text(field, numbers_of(text));
            }
            document.add_i64(last, 1);
            document.add_u64(sure, 1);
        }
        writer.add_document(document)?;
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok(())
}

/// One term for each number of a text, at its place.
fn numbers_of(text: &str) -> PreTokenizedString {
    let numbers = text.split(' ').enumerate().filter(|(_, word)| word.starts_with(|c: char| c.is_ascii_digit()));
    let token = |position| Token { position, text: "n1".to_owned(), ..Token::default() };
    PreTokenizedString { text: String::new(), tokens: numbers.map(|(position, _)| token(position)).collect() }
}

fn body_of(article: &Value) -> &str {
    article["text"].as_str().or_else(|| article["body"].as_str()).unwrap_or("")
}

/// Bytes of headline and body.
fn text_bytes(corpus: &Path) -> Outcome<u64> {
    let mut bytes = 0;
    for line in BufReader::new(File::open(corpus)?).lines() {
        let article: Value = serde_json::from_str(&line?)?;
        bytes += (body_of(&article).len() + article["title"].as_str().map_or(0, str::len)) as u64;
    }
    Ok(bytes)
}

/// Articles whose sentences are drawn from the sample articles: the same on every run.
fn make_corpus(folder: &Path) -> Outcome<PathBuf> {
    let mut sentences = Vec::new();
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("sample_corpus")];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                sentences.extend(text.split_inclusive(". ").map(|sentence| sentence.replace(['\n', '\r'], " ")));
            }
        }
    }
    sentences.sort();
    let path = folder.join("corpus.jsonl");
    let mut out = BufWriter::new(File::create(&path)?);
    let mut state = 42u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    for number in 0..ARTICLES {
        let text: String = (0..8 + next() % 16).map(|_| sentences[next() % sentences.len()].as_str()).collect();
        let title: String = sentences[next() % sentences.len()].chars().take(60).collect();
        let day = format!("{}-{:02}-{:02}", 1990 + next() % 35, 1 + next() % 12, 1 + next() % 28);
        let article = serde_json::json!({"id": format!("b{number}"), "title": title, "text": text, "published": day});
        writeln!(out, "{article}")?;
    }
    out.flush()?;
    Ok(path)
}
