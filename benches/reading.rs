//! How fast files become articles, format by format, on one core.
//!
//! ```text
//! cargo bench --bench reading                       the files of the tests, format by format
//! cargo bench --bench reading -- FOLDER             all files of a folder together, paired with reading their bytes and
//!                                                   splitting words
//! ```
//!
//! Nothing is extracted and nothing indexed. Bytes are those of the files as they lie on the disk.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use dateline::read::around::{Around, Budget};
use dateline::read::{self, Flow};
use dateline::text::tokens;
use std::error::Error;
use std::fs::{self, File};
use std::hint::black_box;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Each format is read again and again for as long as this.
const PATIENCE: Duration = Duration::from_secs(1);

/// Rounds of a pair, one after the other, so that a slow moment of the machine hits both.
const ROUNDS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.first() {
        Some(folder) => pair(Path::new(folder)),
        None => formats(),
    }
}

/// What one reading gave.
#[derive(Default)]
struct Count {
    articles: u64,
    skips: u64,
    bytes: u64,
    words: u64,
}

fn formats() -> Result<(), Box<dyn Error>> {
    println!("{:<14}{:>9}{:>9}{:>12}{:>14}", "format", "files", "skips", "MB/s", "articles/s");
    let mut folders: Vec<PathBuf> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats"))?
        .flatten()
        .map(|e| e.path())
        .collect();
    folders.sort();
    for folder in folders.into_iter().filter(|folder| folder.is_dir()) {
        let mut files = Vec::new();
        list(&folder.join("input"), &mut files)?;
        let began = Instant::now();
        let mut count = Count::default();
        let mut rounds = 0u64;
        while began.elapsed() < PATIENCE {
            files.iter().for_each(|file| articles(file, &mut count));
            rounds += 1;
        }
        let seconds = began.elapsed().as_secs_f64();
        let bytes: u64 = files.iter().filter_map(|file| fs::metadata(file).ok()).map(|metadata| metadata.len()).sum();
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        println!(
            "{name:<14}{:>9}{:>9}{:>12.1}{:>14.0}",
            files.len(),
            count.skips / rounds.max(1),
            (bytes * rounds) as f64 / 1e6 / seconds,
            count.articles as f64 / seconds
        );
    }
    Ok(())
}

fn pair(folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut files = Vec::new();
    list(folder, &mut files)?;
    let mut ratios = Vec::new();
    // From here on the system has the files in memory, for both.
    files.iter().for_each(|file| bytes_and_words(file, &mut Count::default()));
    for _ in 0..ROUNDS {
        let mut bare = Count::default();
        let began = Instant::now();
        files.iter().for_each(|file| bytes_and_words(file, &mut bare));
        let bare_seconds = began.elapsed().as_secs_f64();
        let mut ours = Count::default();
        let began = Instant::now();
        files.iter().for_each(|file| articles(file, &mut ours));
        let our_seconds = began.elapsed().as_secs_f64();
        println!(
            "bytes and words {:>7.1} MB/s   articles {:>7.1} MB/s   ratio {:.2}   ({} files, {} articles, {} skips, {} words)",
            bare.bytes as f64 / 1e6 / bare_seconds,
            bare.bytes as f64 / 1e6 / our_seconds,
            bare_seconds / our_seconds,
            files.len(),
            ours.articles,
            ours.skips,
            bare.words
        );
        ratios.push(bare_seconds / our_seconds);
    }
    ratios.sort_by(f64::total_cmp);
    println!("median ratio {:.2}", ratios.get(ratios.len() / 2).copied().unwrap_or(f64::NAN));
    Ok(())
}

fn bytes_and_words(path: &Path, count: &mut Count) {
    let Ok(bytes) = fs::read(path) else { return };
    count.bytes += bytes.len() as u64;
    count.words += black_box(tokens::words(&String::from_utf8_lossy(&bytes)).count()) as u64;
}

fn articles(path: &Path, count: &mut Count) {
    let Ok(file) = File::open(path) else { return };
    let budget = Budget::default();
    let around = Around { seekable: Some(&file), ..Around::new(&budget) };
    let (mut found, mut skips) = (0, 0);
    let outcome = read::read(
        &path.to_string_lossy(),
        &mut BufReader::with_capacity(1 << 18, &file),
        around,
        &mut |article| {
            found += 1;
            black_box(article);
            Flow::Continue
        },
        &mut |_| skips += 1,
    );
    count.articles += found;
    count.skips += skips + u64::from(outcome.is_err());
}

/// Every file below a folder, in order.
fn list(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            list(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
