//! A real archive, where it lies beside this repository: phrases taken from its texts give the files that a plain scan
//! of the files gives.

use dateline::backend::Backend;
use dateline::backend::local::Local;
use dateline::backend::local::check::check;
use dateline::ingest::pipeline::{Settings, Summary, index};
use dateline::query::{self, tree::Tree};
use dateline::search::{Request, Sort};
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// Where the BBC news archive of Greene and Cunningham (2006) may lie; none where it does not.
fn archive() -> Option<PathBuf> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    ["..", "../.."].iter().map(|up| package.join(up).join("shared/data/corpora/bbc")).find(|path| path.is_dir())
}

fn run(archive: &Path, folder: &Path) -> Summary {
    let settings = Settings {
        jobs: 2,
        memory: 0,
        full: false,
        dry_run: false,
        extract: false,
        meanings: None,
        program: None,
        retry_skipped: false,
        allow_empty: true,
        commit_every: Duration::from_secs(3600),
        stop: &AtomicBool::new(false),
        command: "dateline index",
        clock: &|| Duration::ZERO,
        started: i64::MAX,
    };
    index(&[archive.to_owned()], folder, &settings, &mut |_| ()).expect("it can be indexed")
}

/// The words of a text as a plain scan sees them: runs of letters and digits, in lower case. A sign that the program
/// keeps within a word makes a run that is no word of letters, so that no phrase has it.
fn scan(text: &str) -> Vec<String> {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}' | '.' | ',');
    let mut words = Vec::new();
    for run in text.split(|c: char| !inside(c)) {
        // What hangs on at the ends, and commas and full stops without a blank behind them, part words.
        let mut word = String::new();
        let letters: Vec<char> = run.chars().collect();
        for (at, c) in letters.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| letters.get(at));
            let after = letters.get(at + 1);
            let digits = before.is_some_and(char::is_ascii_digit) && after.is_some_and(char::is_ascii_digit);
            let both = before.is_some_and(|c| c.is_alphabetic()) && after.is_some_and(|c| c.is_alphabetic());
            if c.is_alphanumeric() || digits || both && matches!(c, '\'' | '\u{2019}') {
                word.extend(c.to_lowercase());
            } else if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
        }
        if !word.is_empty() {
            words.push(word);
        }
    }
    words
}

/// Endings of words that may have another spelling, and such words; phrases with them are not asked.
const VARIANTS: &[&str] = &["our", "ise", "ize", "yse", "yze", "ogue", "tre", "ter", "ence", "ense", "lled", "lling"];

/// Words of four letters and more that are too common to have other forms, and yet stand with `'s` now and then.
const COMMON: &[&str] = &["another", "other", "that", "there", "what", "where", "when", "here", "many", "this"];

/// Whether a word of a phrase has no other spelling, form or abbreviation that the program would count as it.
fn plain(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_lowercase())
        && (4..12).contains(&word.len())
        && !word.starts_with('o')
        && !VARIANTS.iter().any(|part| word.contains(part))
}

#[test]
fn phrases_give_what_a_scan_of_the_files_gives() {
    let Some(archive) = archive() else { return };
    let folder = tempfile::tempdir().expect("a folder can be made");
    let first = run(&archive, folder.path());
    let second = run(&archive, folder.path());
    assert!(first.added > 2_000 && first.skipped.is_empty(), "{} {:?}", first.added, first.skipped);
    assert_eq!((second.added, second.updated, second.removed, second.unchanged), (0, 0, 0, first.added));
    assert_eq!(check(folder.path()).expect("it can be checked").faults, Vec::<String>::new());

    let index = Local::open(folder.path()).expect("it can be opened");
    let request = Request {
        query: String::new(),
        limit: 0,
        offset: 0,
        sort: Sort::Relevance,
        facets: Vec::new(),
        snippets: 0,
        explain_scores: false,
        group_by_slot: false,
        ..Request::default()
    };
    let every = index.search(&query::parse("", None).tree, &request).expect("it can be searched");
    // Headline and body as they were read, since a phrase does not run from one into the other.
    let mut texts: Vec<(String, [Vec<u32>; 2])> = Vec::new();
    let (mut numbers, mut words) = (HashMap::new(), Vec::new());
    let mut numbered = |text: &str| -> Vec<u32> {
        let number = |word: String| {
            let owner = word.strip_suffix("'s").or_else(|| word.strip_suffix("\u{2019}s"));
            // The commonest words have no other forms: `another` is not `another's`.
            let base = owner.filter(|owner| !COMMON.contains(owner)).unwrap_or(&word).to_owned();
            *numbers.entry(base.clone()).or_insert_with(|| {
                words.push(base);
                words.len() as u32 - 1
            })
        };
        scan(text).into_iter().map(number).collect()
    };
    for hit in every.hits {
        let record = index.article(&hit.id).expect("it can be read").expect("it is there");
        let bytes = fs::read(archive.join(&hit.path)).expect("the file can be read");
        let file = scan(&String::from_utf8_lossy(&bytes)).len();
        let parts = [numbered(&record.article.title.unwrap_or_default()), numbered(&record.article.text)];
        // Nothing of the file is lost on the way, but for signs of other encodings, which are few.
        let read: usize = parts.iter().map(Vec::len).sum();
        assert!(file.abs_diff(read) <= 2 + file / 100, "{}: {file} words, {read} were read", hit.path);
        texts.push((hit.path, parts));
    }
    texts.sort();
    let has = |words: &[u32], phrase: &[u32]| words.windows(phrase.len()).any(|window| window == phrase);
    let plain: Vec<bool> = words.iter().map(|word| plain(word)).collect();
    let (mut asked, mut found) = (0, 0);
    for number in 0..400usize {
        let (_, parts) = &texts[number * 7919 % texts.len()];
        let length = 2 + number % 3;
        let start = number * 104_729 % parts[1].len().max(1);
        let phrase = parts[1].windows(length).skip(start).find(|words| words.iter().all(|word| plain[*word as usize]));
        let Some(phrase) = phrase else { continue };
        let expected: BTreeSet<&str> = texts
            .iter()
            .filter(|(_, parts)| parts.iter().any(|words| has(words, phrase)))
            .map(|(path, _)| path.as_str())
            .collect();
        let phrase: Vec<&str> = phrase.iter().map(|word| words[*word as usize].as_str()).collect();
        let query = format!("\"{}\"", phrase.join(" "));
        let mut tree = query::parse(&query, None).tree;
        index.expand(&mut tree, true).expect("it can be expanded");
        // Two words that are also written together find more.
        if !matches!(tree, Tree::Phrase(_)) {
            continue;
        }
        let hits = index.search(&tree, &request).expect("it can be searched").hits;
        let answer: BTreeSet<&str> = hits.iter().map(|hit| hit.path.as_str()).collect();
        assert_eq!(answer, expected, "{query}");
        asked += 1;
        found += answer.len();
    }
    assert!(asked >= 200 && found > asked, "{asked} phrases, {found} files");
}
