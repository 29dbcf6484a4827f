//! Indexing again and again while files come, change and go, against a naive list of what is there.

use super::random;
use dateline::article::{Article, Found};
use dateline::backend::local::Local;
use dateline::backend::local::check::check;
use dateline::backend::local::writer::{Options, Writer};
use dateline::backend::{Backend, Record};
use dateline::error::Kind;
use dateline::ingest::pipeline::{self, Settings, Summary};
use dateline::query::tree::Tree;
use dateline::read::{self, Flow};
use dateline::search::{Request, Sort};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The files that there may be.
const PATHS: &[&str] = &["a.txt", "b.jsonl", "n/a.txt", "n/b.jsonl", "n/m/c.jsonl", "y.jsonl", "z.txt"];

/// A line of a JSON Lines file: an id of its own, and which text.
type Line = (Option<u8>, u8);

/// What is done between two looks at the index.
#[derive(Clone, Debug)]
enum Step {
    Text(usize, u8),
    Lines(usize, Vec<Line>),
    /// Changes one line, or adds it.
    Line(usize, usize, Line),
    /// Takes one line out.
    Cut(usize, usize),
    /// Moves one line to the end of another file.
    Move(usize, usize, usize),
    Touch(usize),
    Empty(usize),
    Delete(usize),
    Rename(usize, usize),
    /// The folder `n` is called `o`, or the other way about.
    RenameFolder,
    /// A link stands in the place of a file.
    Link(usize),
    /// A link stands in the place of the folder `n`.
    LinkFolder,
    Index(Run),
}

/// How the index is brought up to date.
#[derive(Clone, Debug)]
struct Run {
    jobs: usize,
    /// Only the folder `n`.
    part: bool,
    full: bool,
    /// Files that changed just now are mistrusted.
    mistrust: bool,
    /// Commits after every step.
    often: bool,
    /// Stopped after so many steps.
    stop: Option<usize>,
    /// Dies after so many steps.
    die: Option<usize>,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let line = || (proptest::option::of(0..5u8), any::<u8>());
    let path = || 0..PATHS.len();
    let run = (1..=2usize, any::<[bool; 4]>(), proptest::option::weighted(0.15, 0..9usize), any::<bool>()).prop_map(
        |(jobs, [part, full, mistrust, often], short, dies)| Run {
            jobs,
            part: part && mistrust,
            full: full && !mistrust && often,
            mistrust,
            often,
            stop: short.filter(|_| !dies),
            die: short.filter(|_| dies),
        },
    );
    let step = prop_oneof![
        3 => (path(), any::<u8>()).prop_map(|(path, text)| Step::Text(path, text)),
        4 => (path(), vec(line(), 1..6)).prop_map(|(path, lines)| Step::Lines(path, lines)),
        3 => (path(), 0..6usize, line()).prop_map(|(path, number, line)| Step::Line(path, number, line)),
        2 => (path(), 0..6usize).prop_map(|(path, number)| Step::Cut(path, number)),
        2 => (path(), 0..6usize, path()).prop_map(|(from, number, to)| Step::Move(from, number, to)),
        1 => path().prop_map(Step::Touch),
        1 => path().prop_map(Step::Empty),
        2 => path().prop_map(Step::Delete),
        2 => (path(), path()).prop_map(|(from, to)| Step::Rename(from, to)),
        1 => Just(Step::RenameFolder),
        1 => path().prop_map(Step::Link),
        1 => Just(Step::LinkFolder),
        6 => run.prop_map(Step::Index),
    ];
    vec(step, 4..30)
}

fn sentence(text: u8) -> String {
    format!("Kim Jong-un met Jens Stoltenberg in Pyongyang on 19 June 2024. They spoke {text} times of the treaty.")
}

fn line((own, text): Line) -> String {
    let own = own.map_or(String::new(), |own| format!("\"id\":\"own-{own}\","));
    format!("{{{own}\"title\":\"Title {}\",\"text\":\"{}\"}}\n", text % 3, sentence(text))
}

/// Does what a step says to the files below `root`. A step that fits nothing does nothing.
fn apply(step: &Step, root: &Path) {
    let at = |path: &usize| root.join(PATHS[*path]);
    let lines = |path: &Path| -> Option<Vec<String>> {
        let text = fs::symlink_metadata(path).ok()?.is_file().then(|| fs::read_to_string(path).ok())??;
        text.starts_with('{').then(|| text.lines().map(|line| format!("{line}\n")).collect())
    };
    let write = |path: &Path, text: String| {
        let _ = fs::remove_file(path).and_then(|()| fs::create_dir_all(path.parent().expect("it lies in a folder")));
        if fs::create_dir_all(path.parent().expect("it lies in a folder")).is_ok() {
            let _ = fs::write(path, text);
        }
    };
    // In place, so that the file is the same one with another content.
    let rewrite = |path: &Path, lines: &[String]| drop(fs::write(path, lines.concat()));
    match step {
        Step::Text(path, text) => write(&at(path), format!("{}\n{}\n", sentence(*text), sentence(text / 2))),
        Step::Lines(path, lines) => write(&at(path), lines.iter().map(|each| line(*each)).collect()),
        Step::Line(path, number, new) => {
            if let Some(mut lines) = lines(&at(path)) {
                match lines.get_mut(*number) {
                    Some(old) => *old = line(*new),
                    None => lines.push(line(*new)),
                }
                rewrite(&at(path), &lines);
            }
        }
        Step::Cut(path, number) => {
            if let Some(mut lines) = lines(&at(path)).filter(|lines| *number < lines.len()) {
                lines.remove(*number);
                rewrite(&at(path), &lines);
            }
        }
        Step::Move(from, number, to) => {
            if let (Some(mut less), Some(mut more), true) = (lines(&at(from)), lines(&at(to)), from != to)
                && *number < less.len()
            {
                more.push(less.remove(*number));
                rewrite(&at(from), &less);
                rewrite(&at(to), &more);
            }
        }
        Step::Touch(path) => {
            if let Ok(text) = fs::read(at(path)) {
                let _ = fs::write(at(path), text);
            }
        }
        Step::Empty(path) => write(&at(path), String::new()),
        Step::Delete(path) => drop(fs::remove_file(at(path))),
        Step::Rename(from, to) => drop(fs::rename(at(from), at(to))),
        Step::RenameFolder => {
            let (one, other) = (root.join("n"), root.join("o"));
            let _ = if one.exists() { fs::rename(one, other) } else { fs::rename(other, one) };
        }
        Step::Link(path) =>
        {
            #[cfg(unix)]
            if fs::remove_file(at(path)).is_ok() {
                let _ = std::os::unix::fs::symlink(root.join("elsewhere"), at(path));
            }
        }
        Step::LinkFolder =>
        {
            #[cfg(unix)]
            if fs::symlink_metadata(root.join("n")).is_ok_and(|known| known.is_dir()) {
                let _ = fs::remove_dir_all(root.join("n"));
                let _ = std::os::unix::fs::symlink("/nowhere", root.join("n"));
            }
        }
        Step::Index(_) => {}
    }
}

/// An article by where it is and what it says.
type Known = (String, Option<String>, Option<String>, String);

/// What is below a folder, in files that are no links.
fn naive(folder: &Path, root: &Path, list: &mut Vec<(Known, Option<String>)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let kind = entry.file_type().expect("it is there");
        if kind.is_dir() {
            naive(&path, root, list);
        } else if kind.is_file() {
            let location = path.to_string_lossy().into_owned();
            let name = path.strip_prefix(root).expect("it is below").to_string_lossy().into_owned();
            let bytes = fs::read(&path).expect("it can be read");
            let mut take = |article: Article| {
                list.push(((location.clone(), article.member, article.title, article.text), article.id));
                Flow::Continue
            };
            let budget = read::around::Budget::default();
            let around = read::around::Around::new(&budget);
            let _ = read::read(&name, &mut &bytes[..], around, &mut take, &mut |_| ());
        }
    }
}

/// Everything that is in an index.
fn everything(index: &Path) -> Vec<Record> {
    let index = Local::open(index).expect("it can be opened");
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
    let hits = index.search(&Tree::All, &request).expect("it can be searched").hits;
    hits.iter().map(|hit| index.article(&hit.id).expect("it can be read").expect("it is there")).collect()
}

fn known(record: &Record) -> Known {
    let article = record.article.clone();
    (record.location.clone().unwrap_or_default(), article.member, article.title, article.text)
}

fn bring_up_to_date(root: &Path, index: &Path, run: &Run) -> dateline::error::Result<Summary> {
    let stop = AtomicBool::new(false);
    let began = Instant::now();
    let now = i64::try_from(std::time::UNIX_EPOCH.elapsed().expect("after 1970").as_nanos()).expect("before 2262");
    let settings = Settings {
        jobs: run.jobs,
        memory: 0,
        full: run.full,
        dry_run: false,
        extract: true,
        meanings: None,
        program: None,
        retry_skipped: false,
        allow_empty: true,
        commit_every: if run.often { Duration::ZERO } else { Duration::from_secs(3600) },
        stop: &stop,
        command: "dateline index",
        clock: &move || began.elapsed(),
        started: if run.mistrust { now } else { now + 3_600_000_000_000 },
    };
    let path = if run.part { root.join("n") } else { root.to_owned() };
    let mut steps = 0;
    pipeline::index(&[path], index, &settings, &mut |_| {
        if Some(steps) == run.stop {
            stop.store(true, Ordering::Relaxed);
        }
        if Some(steps) == run.die {
            std::panic::resume_unwind(Box::new("dies as it was told"));
        }
        steps += 1;
    })
}

/// The articles of a file, by id.
type Contents = BTreeMap<String, (Article, Found)>;

/// What a run has to say of itself: by file, which ids came, went, stayed and changed.
fn expected_summary(before: &[Record], after: &[Record], within: &Path, full: bool) -> [u64; 5] {
    let mut files: BTreeMap<String, [Contents; 2]> = BTreeMap::new();
    for (number, records) in [before, after].into_iter().enumerate() {
        for record in records.iter().filter(|_| !(full && number == 0)) {
            let location = record.location.clone().unwrap_or_default();
            if Path::new(&location).starts_with(within) {
                let content = (record.article.clone(), record.found.clone());
                files.entry(location).or_default()[number].insert(record.id.clone(), content);
            }
        }
    }
    let (mut added, mut updated, mut removed, mut unchanged) = (0, 0, 0, 0);
    for [before, after] in files.values() {
        for (id, content) in after {
            match before.get(id) {
                None => added += 1,
                Some(old) if old == content => unchanged += 1,
                Some(_) => updated += 1,
            }
        }
        removed += before.keys().filter(|id| !after.contains_key(*id)).count() as u64;
    }
    [added + updated + unchanged, added, updated, removed, unchanged]
}

/// Which files have had an article with an id of its own.
#[derive(Default)]
struct Owners {
    files: BTreeMap<String, BTreeSet<String>>,
    /// Ids that were in two files at once, as far as an index could know: the first keeps it, come what may.
    contested: BTreeSet<String>,
}

impl Owners {
    fn look(&mut self, root: &Path, part: bool) {
        let mut there = Vec::new();
        naive(root, root, &mut there);
        let mut seen = BTreeSet::new();
        for ((location, ..), own) in there {
            let Some(own) = own else { continue };
            let files = self.files.entry(own.clone()).or_default();
            files.insert(location);
            if !seen.insert(own.clone()) || part && files.len() > 1 {
                self.contested.insert(own);
            }
        }
    }
}

fn play(steps: &[Step]) -> Result<(), TestCaseError> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let base = folder.path().canonicalize().expect("it is there");
    let (root, index) = (base.join("news"), base.join("index"));
    fs::create_dir(&root).expect("a folder can be made");
    let last = Run { jobs: 2, part: false, full: false, mistrust: true, often: true, stop: None, die: None };
    let ending = [Step::Index(last.clone()), Step::Index(last.clone())];
    let mut before: Vec<Record> = Vec::new();
    let mut owners = Owners::default();
    for (number, step) in steps.iter().chain(&ending).enumerate() {
        apply(step, &root);
        let Step::Index(run) = step else { continue };
        let run = Run { part: run.part && root.join("n").is_dir() && !root.join("n").is_symlink(), ..run.clone() };
        owners.look(&root, run.part);
        if run.die.is_some() {
            let ran = std::panic::catch_unwind(|| bring_up_to_date(&root, &index, &run).is_ok());
            before = if index.join("CURRENT").exists() { everything(&index) } else { Vec::new() };
            let ids: BTreeSet<&str> = before.iter().map(|record| record.id.as_str()).collect();
            prop_assert_eq!(ids.len(), before.len(), "ids at step {}: {:?}", number, ran);
            if index.join("CURRENT").exists() {
                let faults = check(&index).expect("it can be checked").faults;
                prop_assert_eq!(faults, Vec::<String>::new(), "step {} {:?}", number, run);
            }
            continue;
        }
        let ran = bring_up_to_date(&root, &index, &run);
        let after = everything(&index);
        let ids: BTreeSet<&str> = after.iter().map(|record| record.id.as_str()).collect();
        prop_assert_eq!(ids.len(), after.len(), "ids at step {}", number);
        let findings = check(&index).expect("it can be checked");
        prop_assert_eq!(findings.faults, Vec::<String>::new(), "step {} {:?}", number, run);
        match ran {
            Err(error) => {
                prop_assert!(error.kind == Kind::Interrupted && run.stop.is_some(), "step {}: {:?}", number, error);
                before = after;
                continue;
            }
            Ok(summary) => {
                let within = if run.part { root.join("n") } else { root.clone() };
                let mut there = Vec::new();
                naive(&within, &root, &mut there);
                let outside = |location: &String| !Path::new(location).starts_with(&within);
                // What a run left out is as it was.
                let mut expected: BTreeSet<Known> =
                    before.iter().map(known).filter(|known| outside(&known.0)).collect();
                expected.extend(there.into_iter().map(|(known, _)| known));
                let found: BTreeSet<Known> = after.iter().map(known).collect();
                prop_assert_eq!(&found, &expected, "step {} {:?}", number, run);
                prop_assert_eq!(found.len(), after.len(), "step {}", number);
                let told = [summary.articles, summary.added, summary.updated, summary.removed, summary.unchanged];
                let wanted = expected_summary(&before, &after, &within, run.full);
                prop_assert_eq!(
                    told,
                    wanted,
                    "articles, added, updated, removed, unchanged: step {} {:?}",
                    number,
                    run
                );
            }
        }
        before = after;
        // Changes within one tick of the clock of the file system would go unseen where nothing is mistrusted.
        sleep(Duration::from_millis(if run.mistrust { 0 } else { 12 }));
    }
    let fresh = base.join("fresh");
    bring_up_to_date(&root, &fresh, &last).expect("it can be indexed");
    let whole = |records: &[Record]| -> BTreeMap<Known, String> {
        records.iter().map(|record| (known(record), format!("{:?}", record.found))).collect()
    };
    let fresh = everything(&fresh);
    prop_assert_eq!(whole(&before), whole(&fresh));
    let mut there = Vec::new();
    naive(&root, &root, &mut there);
    let roots = Local::open(&index).expect("it can be opened").status().expect("it can be read").roots.len();
    let ids: BTreeMap<Known, &str> = before.iter().map(|record| (known(record), record.id.as_str())).collect();
    let anew: BTreeMap<Known, &str> = fresh.iter().map(|record| (known(record), record.id.as_str())).collect();
    for (known, own) in &there {
        match own {
            Some(own) if owners.contested.contains(own) => {}
            Some(own) => prop_assert_eq!(ids.get(known).copied(), Some(own.as_str()), "{:?}", known),
            None if roots == 1 => prop_assert_eq!(ids.get(known), anew.get(known), "{:?}", known),
            None => {}
        }
    }
    Ok(())
}

#[test]
fn an_index_that_is_kept_up_to_date_is_as_a_new_one() {
    random::check(10, &steps(), |steps| play(&steps));
}

/// What random scripts once found, in short.
#[test]
fn what_went_wrong_once() {
    let run = Run { jobs: 1, part: false, full: false, mistrust: false, often: true, stop: None, die: None };
    let index = || Step::Index(run.clone());
    let dies = |after| Step::Index(Run { die: Some(after), ..run.clone() });
    let lines = |path, owns: &[u8]| Step::Lines(path, owns.iter().map(|own| (Some(*own), *own)).collect());
    for script in [
        // A link in the place of a folder, or of a file: their articles are gone.
        vec![Step::Text(2, 0), index(), Step::LinkFolder, index()],
        vec![Step::Text(0, 0), index(), Step::Link(0), index()],
        // An article moves to another file, whose turn is before or after that of its own, and keeps its id.
        vec![lines(1, &[1, 2]), lines(5, &[3]), index(), Step::Move(1, 0, 5), index()],
        vec![lines(1, &[1]), lines(5, &[2, 3]), index(), Step::Move(5, 0, 1), index()],
        // What was committed of a file before the program died is not forgotten when the file goes.
        vec![lines(1, &[1, 2, 3]), dies(2), Step::Delete(1), index()],
        vec![lines(1, &[1, 2, 3]), index(), lines(1, &[1, 4]), dies(1), Step::Delete(1), index()],
    ] {
        if let Err(failure) = play(&script) {
            panic!("{script:?}: {failure}");
        }
    }
}

/// A deletion that is the first change after opening must not be lost when segments are merged before the next commit:
/// tantivy by itself begins at the stamp of the last commit, and passes over a deletion with that very stamp.
#[test]
fn no_stale_copy_after_opening_again() {
    let more = std::env::var("DATELINE_CASES").ok().and_then(|value| value.parse::<usize>().ok()).unwrap_or(1);
    let mut merged = 0;
    // Whether the killed writer left its segments unmerged is a matter of chance: trials that cannot fail do not count.
    for trial in 0..20 * more {
        if merged >= 3 * more {
            break;
        }
        let folder = tempfile::tempdir().expect("a folder can be made");
        let options = Options { threads: 1, ..Options::default() };
        let put = |writer: &mut Writer, id: &str, text: &str, replaces| {
            let article = Article { text: text.to_owned(), ..Article::default() };
            let prepared = writer.preparer().prepare(&article, &Found::default());
            writer.put(id, "0:a", prepared, replaces).expect("it can be put");
        };
        let mut writer = Writer::open(folder.path(), options).expect("it can be opened");
        // The article that will be changed stands in a smaller segment, from which the last commit took another one:
        // that segment has the stamp of the commit, and is not the first of those that are merged.
        for segment in 0..8 {
            for number in 0..if segment == 0 { 4 } else { 5 } {
                put(&mut writer, &format!("a{segment}-{number}"), "the old text", false);
            }
            if segment == 7 {
                writer.remove("a0-3").expect("it can be removed");
            }
            writer.commit().expect("it can be committed");
        }
        // As if killed: merges are not waited for.
        drop(writer);
        let segments = |folder: &Path| -> usize {
            Local::open(folder).expect("it can be opened").status().expect("it can be read").segments
        };
        let apart = segments(folder.path());
        let mut writer = Writer::open(folder.path(), options).expect("it can be opened");
        put(&mut writer, "a0-0", "the new text", true);
        // So much that a segment is written before the commit, which sets the merging off.
        for number in 0..4u32 {
            let words = number * 50_000..(number + 1) * 50_000;
            let many: String = words.map(|word| format!("w{:x} ", word.wrapping_mul(2_654_435_761))).collect();
            put(&mut writer, &format!("b{number}"), &many, false);
        }
        sleep(Duration::from_millis(50));
        writer.finish().expect("it can be committed");
        merged += usize::from(apart >= 8 && segments(folder.path()) < apart);
        let copies: Vec<String> = everything(folder.path())
            .into_iter()
            .map(|record| record.article.text)
            .filter(|text| text.starts_with("the"))
            .collect();
        let new = copies.iter().filter(|text| *text == "the new text").count();
        assert_eq!((copies.len(), new), (38, 1), "trial {trial}");
    }
    assert!(merged > 0, "nothing was merged, so nothing was tried");
}
