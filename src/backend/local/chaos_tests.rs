//! Tests of the writer on a disk with faults (`chaos`): power cuts at any moment, calls that fail, and an update right
//! after opening.
//!
//! `DATELINE_LARGE=1` tries every moment and every call instead of some; `DATELINE_SEED` repeats a failure as far as the
//! threads of the engine do the same again.

use super::Local;
use super::chaos::{Chaos, Event, Fault, Lot, after_a_power_cut};
use super::check::check;
use super::writer::{Options, Writer};
use crate::article::{Article, Found};
use crate::backend::{Backend, FileState};
use crate::error::{Kind, Result};
use crate::query;
use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::Path;

/// The edition of each article.
type Editions = BTreeMap<usize, u64>;

const KEY: &str = "0:all.jsonl";

/// Commits between opening and finishing a writer.
const SESSION: usize = 5;

/// Numbers of errors: of input and output, of rights, of space.
const CODES: [i32; 3] = [5, 13, 28];

fn large() -> bool {
    std::env::var_os("DATELINE_LARGE").is_some_and(|value| value != "0")
}

fn seed() -> u64 {
    let given = std::env::var("DATELINE_SEED").ok().and_then(|seed| seed.parse().ok());
    given.unwrap_or_else(|| RandomState::new().build_hasher().finish() >> 16)
}

/// A folder, in memory where the system has such folders: nothing here depends on what the real disk does.
fn scratch() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

fn open(folder: &Path) -> Result<Writer> {
    Writer::open(folder, Options { threads: 1, ..Options::default() })
}

fn id(number: usize) -> String {
    format!("a{number:04}")
}

fn title(number: usize, edition: u64) -> String {
    format!("Report {number} of edition {edition}")
}

fn put(writer: &mut Writer, number: usize, edition: u64, replaces: bool) -> Result<()> {
    let text = format!("The mutual defence treaty of number {number} was signed, edition {edition}.");
    let title = Some(title(number, edition));
    let article = Article { id: Some(id(number)), title, text, ..Article::default() };
    let prepared = writer.preparer().prepare(&article, &Found::default());
    writer.put(&id(number), KEY, prepared, replaces)
}

fn note_file(writer: &mut Writer, articles: usize) -> Result<()> {
    writer.put_file(KEY, &FileState { articles: articles as u64, complete: true, ..FileState::default() })
}

/// What each commit makes of so many articles at most: some come, some change, some go.
fn states(articles: usize, commits: usize, seed: u64) -> Vec<Editions> {
    let mut lot = Lot::new(seed);
    let mut states = vec![Editions::new()];
    for commit in 1..=commits {
        let mut state = states.last().cloned().unwrap();
        for _ in 0..articles / 4 {
            let number = lot.below(articles * commit / commits + 4).min(articles - 1);
            state.insert(number, commit as u64);
        }
        for _ in 0..articles / 20 {
            state.remove(&lot.below(articles));
        }
        states.push(state);
    }
    states
}

/// Goes from each state to the next, telling when a commit begins and when it is acknowledged.
fn run(folder: &Path, states: &[Editions], told: &mut dyn FnMut(Event)) -> Result<()> {
    let steps: Vec<&[Editions]> = states.windows(2).collect();
    let mut number = 0;
    for session in steps.chunks(SESSION) {
        let mut writer = open(folder)?;
        if writer.roots().is_empty() {
            writer.add_root("/news");
        }
        for step in session {
            let (from, to) = (&step[0], &step[1]);
            for (number, edition) in to.iter().filter(|(number, edition)| from.get(number) != Some(edition)) {
                put(&mut writer, *number, *edition, from.contains_key(number))?;
            }
            for number in from.keys().filter(|number| !to.contains_key(number)) {
                writer.remove(&id(*number))?;
            }
            note_file(&mut writer, to.len())?;
            number += 1;
            told(Event::Began(number));
            writer.commit()?;
            told(Event::Acknowledged(number));
        }
        writer.finish()?;
    }
    Ok(())
}

/// Makes an index what it should be, whatever it is.
fn restore(folder: &Path, wanted: &Editions) -> Result<()> {
    let mut writer = open(folder)?;
    if writer.roots().is_empty() {
        writer.add_root("/news");
    }
    let known = writer.articles_of(KEY)?;
    for (number, edition) in wanted {
        put(&mut writer, *number, *edition, known.contains_key(&id(*number)))?;
    }
    for id in known.keys().filter(|known| wanted.keys().all(|number| id(*number) != **known)) {
        writer.remove(id)?;
    }
    note_file(&mut writer, wanted.len())?;
    writer.finish()
}

/// What tells the state of an index, which must be sound and searchable; of none, that of an empty one.
fn look(folder: &Path, context: &str) -> String {
    let findings = match check(folder) {
        Err(error) if error.kind == Kind::NoIndex => return String::new(),
        outcome => outcome.unwrap_or_else(|error| panic!("{context}: {error:?}")),
    };
    assert_eq!(findings.faults, Vec::<String>::new(), "{context}");
    let index = Local::open(folder).unwrap_or_else(|error| panic!("{context}: {error:?}"));
    let print = index.fingerprint().unwrap();
    let phrase = query::parse("\"mutual defence treaty\"", None).tree;
    assert_eq!((index.count(&phrase).unwrap(), findings.articles), (print.articles, print.articles), "{context}");
    if print.articles == 0 { String::new() } else { print.hash }
}

/// Asserts that these are the articles of an index.
fn assert_holds(folder: &Path, wanted: &Editions, context: &str) {
    let index = Local::open(folder).unwrap();
    for (number, edition) in wanted {
        let record = index.article(&id(*number)).unwrap().unwrap_or_else(|| panic!("{context}: no {number}"));
        assert_eq!(record.article.title, Some(title(*number, *edition)), "{context}");
    }
    assert_eq!(index.fingerprint().unwrap().articles, wanted.len(), "{context}");
}

/// Runs undisturbed, and gives what tells each state and what was done to the disk.
fn undisturbed(states: &[Editions], root: &Path) -> (Vec<String>, Vec<Event>, usize) {
    let mut prints = vec![String::new()];
    let (chaos, installed) = Chaos::install(None);
    run(root, states, &mut |event| {
        chaos.note(event.clone());
        if let Event::Acknowledged(number) = event {
            let context = format!("commit {number}");
            prints.push(look(root, &context));
            assert_holds(root, &states[number], &context);
        }
    })
    .unwrap();
    drop(installed);
    (prints, chaos.journal(), chaos.calls().0)
}

/// How many of the first numbers are always tried: the steps with which an index is made.
const FIRST: usize = 24;

/// The first numbers below `all`, and of the rest one in `stride`.
fn some(all: usize, stride: usize, lot: &mut Lot) -> Vec<usize> {
    let rest = (FIRST..all).step_by(stride).map(|first| (first + lot.below(stride)).min(all - 1));
    (0..FIRST).chain(rest).collect()
}

#[test]
fn after_a_power_cut_at_any_moment_what_was_acknowledged_is_there() {
    let seed = seed();
    let states = states(300, 20, seed);
    let root = scratch();
    let (prints, journal, _) = undisturbed(&states, root.path());
    assert!(journal.len() > 600, "{} steps", journal.len());
    // Some moments, or all, each with several outcomes.
    let stride = if large() { 1 } else { journal.len() / 200 };
    let mut lot = Lot::new(seed);
    let mut tried = 0;
    for moment in some(journal.len() + 1, stride, &mut lot) {
        let outcomes = if large() || moment < FIRST { 3 } else { 1 };
        for outcome in 0..outcomes {
            let context = format!("DATELINE_SEED={seed}, step {moment} of {}, outcome {outcome}", journal.len());
            let done = &journal[..moment];
            let begun =
                done.iter().rev().find_map(|event| if let Event::Began(number) = event { Some(*number) } else { None });
            let kept = done
                .iter()
                .rev()
                .find_map(|event| if let Event::Acknowledged(number) = event { Some(*number) } else { None });
            let (begun, kept) = (begun.unwrap_or(0), kept.unwrap_or(0));
            let left = scratch();
            after_a_power_cut(done, root.path(), seed ^ (moment * 8 + outcome) as u64, left.path()).unwrap();
            let found = look(left.path(), &context);
            assert!(prints[kept..=begun].contains(&found), "{context}: neither commit {kept} nor {begun}");
            if tried % 4 == 0 {
                let last = states.last().unwrap();
                restore(left.path(), last).unwrap_or_else(|error| panic!("{context}: {error:?}"));
                assert_eq!(look(left.path(), &context), *prints.last().unwrap(), "{context}");
                assert_eq!(check(left.path()).unwrap().remarks, Vec::<String>::new(), "{context}");
            }
            tried += 1;
        }
    }
    assert!(tried >= 200, "{tried}");
}

/// Runs on a disk of which one call fails, or that one and all after it; then once more on one that is mended.
fn fail(states: &[Editions], prints: &[String], fault: Fault, seed: u64) -> bool {
    let context = format!("DATELINE_SEED={seed}, {fault:?}");
    let folder = scratch();
    let (mut begun, mut kept) = (0, 0);
    let (chaos, installed) = Chaos::install(Some(fault));
    let outcome = run(folder.path(), states, &mut |event| match event {
        Event::Began(number) => begun = number,
        Event::Acknowledged(number) => kept = number,
        _ => {}
    });
    drop(installed);
    let failed = chaos.calls().1;
    match &outcome {
        Ok(()) => {
            assert_eq!(kept + 1, states.len(), "{context}");
            // What cannot be deleted is deleted later, and folders above a new index may be those of others. Everything
            // else must be told, in whatever thread it happened.
            let above = |what: &str| what == "sync a folder" && fault.code == 13 && fault.at < FIRST;
            let harmless = |what: &&str| matches!(*what, "delete" | "lock") || above(what);
            assert!(failed.iter().all(harmless), "{context}: nothing said of {failed:?}");
        }
        Err(error) => {
            assert!(!failed.is_empty(), "{context}: {error:?}");
            assert!(error.message.contains(&folder.path().display().to_string()), "{context}: {error:?}");
            assert_eq!(error.kind, Kind::Io, "{context}: {error:?}");
            assert!(!error.causes.is_empty(), "{context}: {error:?}");
        }
    }
    let found = look(folder.path(), &context);
    assert!(prints[kept..=begun].contains(&found), "{context}: neither commit {kept} nor {begun}; {outcome:?}");
    restore(folder.path(), states.last().unwrap()).unwrap_or_else(|error| panic!("{context}: {error:?}"));
    assert_eq!(look(folder.path(), &context), *prints.last().unwrap(), "{context}");
    assert_eq!(check(folder.path()).unwrap().remarks, Vec::<String>::new(), "{context}");
    outcome.is_err()
}

#[test]
fn whatever_call_of_the_disk_fails_the_index_is_what_it_was() {
    let seed = seed();
    let states = states(60, 11, seed);
    let root = scratch();
    let (prints, _, calls) = undisturbed(&states, root.path());
    let stride = if large() { 1 } else { calls / 40 };
    let mut lot = Lot::new(seed);
    let (mut tried, mut told) = (0, 0);
    for at in some(calls, stride, &mut lot) {
        for (always, turn) in [(false, 0), (true, 1)] {
            let code = CODES[(tried + turn) % CODES.len()];
            told += usize::from(fail(&states, &prints, Fault { at, always, code }, seed));
        }
        tried += 1;
    }
    assert!(told > tried, "{told} of {} faults were told", tried * 2);
}

#[test]
fn an_update_right_after_opening_leaves_no_older_copy() {
    for trial in 0..100 {
        let folder = scratch();
        let mut lot = Lot::new(trial);
        let mut wanted = Editions::new();
        let mut writer = open(folder.path()).unwrap();
        writer.add_root("/news");
        for part in 0..2 {
            for number in part * 20..part * 20 + 20 {
                put(&mut writer, number, 1, false).unwrap();
                wanted.insert(number, 1);
            }
            note_file(&mut writer, wanted.len()).unwrap();
            writer.commit().unwrap();
        }
        // The second part has a list of deletions with the stamp of the last commit.
        writer.remove(&id(39)).unwrap();
        wanted.remove(&39);
        note_file(&mut writer, wanted.len()).unwrap();
        writer.finish().unwrap();

        let mut writer = open(folder.path()).unwrap();
        let updated = 20 + lot.below(19);
        put(&mut writer, updated, 2, true).unwrap();
        wanted.insert(updated, 2);
        let engine = writer.engine().unwrap();
        let mut parts = engine.index().searchable_segment_metas().unwrap();
        // Parts in which nothing is deleted come first, or last.
        parts.sort_by_key(|part| part.has_deletes() == (trial % 4 == 3));
        let parts: Vec<_> = parts.iter().map(tantivy::SegmentMeta::id).collect();
        assert!(parts.len() > 1, "there is something to merge");
        engine.merge(&parts).wait().unwrap();
        note_file(&mut writer, wanted.len()).unwrap();
        writer.finish().unwrap();
        let context = format!("trial {trial}");
        look(folder.path(), &context);
        assert_holds(folder.path(), &wanted, &context);
    }
}
