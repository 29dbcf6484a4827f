//! Three who search while somebody writes and merges: every answer is one state of the index, never half of one, and
//! never an older one than before; and whoever wants to write too is told at once.
//!
//! `DATELINE_SECONDS=20 cargo test --test main readers` lets them go on for so long.

use super::corpus;
use super::program::Program;
use dateline::backend::Backend;
use dateline::backend::local::Local;
use dateline::backend::local::check::check;
use dateline::query::{self, tree::Tree};
use dateline::search::{Request, Sort};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Articles that a round adds; and that are changed in each round, so that there is something to merge.
const ADDED: usize = 40;
const CHANGED: usize = 20;

/// The most rounds that all articles have room for in one file each.
const MOST_ROUNDS: u64 = 200;

fn tree(index: &Local, query: &str) -> Tree {
    let parsed = query::parse(query, None);
    query::check(&parsed).expect("it is right");
    let mut tree = parsed.tree;
    index.expand(&mut tree, true).expect("the index can be read");
    tree
}

/// What a reader has found, which may only grow.
#[derive(Default)]
struct Seen {
    articles: usize,
    edition: u64,
    asked: usize,
}

/// One look at the index: as one who opens it anew.
fn look(folder: &Path, seen: &mut Seen) {
    let index = Local::open(folder).expect("it can be opened at any time");
    let all = index.count(&Tree::All).expect("it can be searched at any time");
    assert!(all >= seen.articles, "{all} articles after {}", seen.articles);
    // Each article has these words once, so that counts of all three agree within one state.
    let words = index.count(&tree(&index, "\"said on tuesday\"")).expect("it can be searched");
    assert_eq!(words, all, "one state has two counts");
    let request = Request { limit: CHANGED, sort: Sort::Relevance, ..request() };
    let results = index.search(&tree(&index, "title:edition"), &request).expect("it can be searched");
    assert_eq!(results.total, all, "one state has two counts");
    for hit in &results.hits {
        let record = index.article(&hit.id).expect("it can be read").expect("it was just found");
        assert!(record.article.text.contains("was said on Tuesday."), "{record:?}");
    }
    // The edition of the articles that change: one for all of them, and never an older one.
    let changing = index.article("a00000").expect("it can be read").expect("it is there from the beginning");
    let title = changing.article.title.unwrap_or_default();
    let edition: u64 = title.rsplit(' ').next().and_then(|word| word.parse().ok()).expect("the title ends in it");
    assert!(edition >= seen.edition, "edition {edition} after {}", seen.edition);
    for number in 1..CHANGED {
        let record = index.article(&format!("a{number:05}")).expect("it can be read").expect("it is there");
        assert_eq!(record.article.title, Some(corpus::title(number, edition)), "half of a state");
    }
    *seen = Seen { articles: all, edition, asked: seen.asked + 1 };
}

fn request() -> Request {
    Request {
        query: String::new(),
        limit: 0,
        offset: 0,
        sort: Sort::Newest,
        facets: Vec::new(),
        snippets: 1,
        explain_scores: false,
        group_by_slot: false,
        ..Request::default()
    }
}

#[test]
fn three_readers_see_one_state_after_the_other() {
    let seconds = std::env::var("DATELINE_SECONDS").ok().and_then(|value| value.parse().ok()).unwrap_or(8);
    let program = Program::new();
    let write = |edition: u64| {
        let total = (edition as usize + 1) * ADDED;
        let lines: String =
            (0..total).map(|number| corpus::line(number, if number < CHANGED { edition } else { 0 })).collect();
        program.write("news/all.jsonl", lines.as_bytes());
        total
    };
    const INDEX: [&str; 5] = ["index", "-q", "--index", "kept", "news"];
    let mut total = write(0);
    assert_eq!(program.run(&INDEX).code, Some(0));
    let folder = program.path("kept");
    let over = AtomicBool::new(false);
    let (looks, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let began = Instant::now();
    thread::scope(|scope| {
        let readers: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    let mut seen = Seen::default();
                    // A last look comes after the last commit.
                    loop {
                        let last = over.load(Ordering::SeqCst);
                        look(&folder, &mut seen);
                        looks.fetch_add(1, Ordering::Relaxed);
                        if last {
                            break seen;
                        }
                    }
                })
            })
            .collect();
        // Ends the readers where the writer fails, which would wait for them for ever.
        struct End<'a>(&'a AtomicBool);
        impl Drop for End<'_> {
            fn drop(&mut self) {
                self.0.store(true, Ordering::SeqCst);
            }
        }
        let end = End(&over);
        let mut edition = 0;
        while began.elapsed() < Duration::from_secs(seconds) && edition < MOST_ROUNDS {
            edition += 1;
            total = write(edition);
            let mut writer = program.command(&INDEX).spawn().expect("the program starts");
            let second = program.run(&INDEX);
            // It came before the first had the lock, after it was done, or while it had it.
            match second.code {
                Some(0) => {}
                code => {
                    assert_eq!(code, Some(2), "{}", second.stderr);
                    assert!(second.stderr.contains("process "), "{}", second.stderr);
                    refused.fetch_add(1, Ordering::Relaxed);
                }
            }
            let first = writer.wait().expect("it ends").code();
            assert!(first == Some(0) || first == Some(2) && second.code == Some(0), "{first:?} {second:?}");
        }
        drop(end);
        for reader in readers {
            let seen = reader.join().expect("a reader met no fault");
            assert_eq!((seen.articles, seen.edition), (total, edition));
            assert!(seen.asked > 3, "asked {} times", seen.asked);
        }
    });
    assert!(refused.load(Ordering::Relaxed) > 0, "no two wrote at once, so nothing was tried");
    let findings = check(&folder).expect("it can be checked");
    assert_eq!((findings.faults, findings.articles), (Vec::new(), total), "{} looks", looks.load(Ordering::Relaxed));
}
