//! Runs that are cut short: killed, stopped by Ctrl-C, two at once, questions meanwhile. What was acknowledged stays,
//! and the next run ends where an undisturbed one would have.

use super::corpus::{self, Chance, rounds};
use super::program::Program;
use dateline::backend::Backend;
use dateline::backend::local::{Local, check::check};
use dateline::ingest::pipeline::{self, Settings};
use dateline::query::tree::Tree;
use dateline::search::{Request, Sort};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::{Duration, Instant};

/// The edition in which each article stands.
pub(super) type Editions = BTreeMap<usize, u64>;

/// What an index holds: the edition of each article. Every text must be the one of its title.
pub(super) fn contents(index: &Path) -> Editions {
    let backend = Local::open(index).expect("the index can be opened");
    let request = Request {
        query: String::new(),
        limit: 0,
        offset: 0,
        sort: Sort::Newest,
        facets: Vec::new(),
        snippets: 0,
        explain_scores: false,
        group_by_slot: false,
        ..Request::default()
    };
    let hits = backend.search(&Tree::All, &request).expect("it can be searched").hits;
    let mut editions = Editions::new();
    for hit in hits {
        let record = backend.article(&hit.id).expect("it can be read").expect("it was just found");
        let title = record.article.title.unwrap_or_default();
        let numbers: Vec<u64> = title.split(' ').filter_map(|word| word.parse().ok()).collect();
        let &[number, edition] = numbers.as_slice() else { panic!("what is the title `{title}`?") };
        let number = number as usize - corpus::FIRST;
        let text = corpus::text(number, edition);
        assert!(record.article.text.contains(text.as_str()), "`{title}` has another text: {}", record.article.text);
        let before = editions.insert(number, edition);
        assert_eq!(before, None, "article {number} is there twice");
    }
    editions
}

/// A corpus whose editions replace each other.
pub(super) trait Corpus {
    fn write(&self, program: &Program, articles: &Editions, before: &Editions);
    /// Asserts that what a run acknowledged is there: `acknowledged` articles, the first ones of those it had to read.
    fn assert_kept(&self, now: &Editions, before: &Editions, wanted: &Editions, acknowledged: usize);
}

/// One file with a line an article: a new edition is a new file.
struct Lines;

impl Corpus for Lines {
    fn write(&self, program: &Program, articles: &Editions, _: &Editions) {
        let lines: String = articles.iter().map(|(number, edition)| corpus::line(*number, *edition)).collect();
        program.write("news/all.jsonl", lines.as_bytes());
    }

    fn assert_kept(&self, now: &Editions, _: &Editions, wanted: &Editions, acknowledged: usize) {
        for (number, edition) in wanted.iter().take(acknowledged) {
            assert_eq!(now.get(number), Some(edition), "article {number} of {acknowledged} acknowledged ones");
        }
    }
}

/// A file an article: a new edition touches some of them.
pub(super) struct Pages;

impl Corpus for Pages {
    fn write(&self, program: &Program, articles: &Editions, before: &Editions) {
        for (number, edition) in articles.iter().filter(|(number, edition)| before.get(number) != Some(edition)) {
            program.write(&format!("news/{number:05}.txt"), corpus::page(*number, *edition).as_bytes());
        }
        for number in before.keys().filter(|number| !articles.contains_key(number)) {
            fs::remove_file(program.path(&format!("news/{number:05}.txt"))).expect("it is there");
        }
    }

    fn assert_kept(&self, now: &Editions, before: &Editions, wanted: &Editions, acknowledged: usize) {
        let right = |number: &usize, edition: &u64| wanted.get(number) == Some(edition);
        let kept = now.iter().filter(|(number, edition)| right(number, edition)).count();
        assert!(kept >= acknowledged, "{acknowledged} were acknowledged, {kept} are there");
        for (number, edition) in before.iter().filter(|(number, edition)| right(number, edition)) {
            assert_eq!(now.get(number), Some(edition), "article {number} was right before");
        }
    }
}

const INDEX: [&str; 7] = ["index", "-v", "--commit-every", "0.05", "--index", "kept", "news"];

/// How runs are killed.
struct Kills {
    articles: u64,
    /// So many runs are killed, or tried to be.
    rounds: u64,
    /// The corpus changes every so many rounds.
    steady: u64,
    /// Every so many rounds a run goes on to its end.
    whole: u64,
    /// When a run is killed, in milliseconds after its start.
    moments: Range<u64>,
    seed: u64,
}

/// Kills runs at any moment, of a corpus that changes between them; how many were killed before their end.
fn kill(corpus: &dyn Corpus, kills: Kills) -> u64 {
    let Kills { articles, rounds, steady, whole, moments, seed } = kills;
    let program = Program::new();
    let index = program.path("kept");
    let mut chance = Chance::new(seed);
    let (mut wanted, mut before) = (Editions::new(), Editions::new());
    let mut killed = 0;
    // On a quick machine runs end sooner than they are killed: then the next ones are killed earlier.
    let mut latest = moments.end;
    for round in 0..rounds {
        if round % steady == 0 {
            let old = wanted.clone();
            // A third of the articles change, some go, some come.
            for number in 0..articles as usize {
                if old.is_empty() || chance.below(3) == 0 {
                    wanted.insert(number, round);
                }
                if chance.below(30) == 0 {
                    wanted.remove(&number);
                }
            }
            corpus.write(&program, &wanted, &old);
        }
        let mut child = program.command(&INDEX).spawn().expect("the program starts");
        let stderr = child.stderr.take().expect("it is a pipe");
        let acknowledged = thread::spawn(move || last_acknowledged(&mut BufReader::new(stderr)));
        thread::sleep(Duration::from_millis(moments.start + chance.below(latest - moments.start)));
        child.kill().expect("it can be killed");
        let ended = child.wait().expect("it can be waited for");
        if ended.success() {
            latest = (moments.start + (latest - moments.start) * 2 / 3).max(moments.start + 20);
        } else {
            killed += 1;
        }
        let acknowledged = acknowledged.join().expect("reading does not fail");
        let context = format!("seed {seed}, round {round}, {acknowledged} acknowledged");
        if index.join("CURRENT").exists() {
            let findings = check(&index).expect("it can be checked");
            assert_eq!(findings.faults, Vec::<String>::new(), "{context}");
            let now = contents(&index);
            assert_eq!(now.len(), findings.articles, "{context}");
            corpus.assert_kept(&now, &before, &wanted, acknowledged);
            before = now;
        } else {
            assert_eq!(acknowledged, 0, "{context}");
        }
        if round % whole == whole - 1 || round + 1 == rounds {
            complete(&program, &index, &wanted, &context);
            before = wanted.clone();
        }
    }
    assert!(killed > rounds / 3, "{killed} of {rounds} runs were killed: too quick a machine for these articles");
    let fresh = program.run(&["index", "--index", "fresh", "news"]);
    assert_eq!(fresh.code, Some(0), "{}", fresh.stderr);
    assert_eq!(contents(&program.path("fresh")), contents(&index));
    killed
}

/// Runs to the end, and asserts that all is as it should be and nothing is left over.
fn complete(program: &Program, index: &Path, wanted: &Editions, context: &str) {
    let ran = program.run(&INDEX);
    assert_eq!(ran.code, Some(0), "{context}: {}", ran.stderr);
    let findings = check(index).expect("it can be checked");
    assert_eq!((findings.faults, findings.remarks), (Vec::new(), Vec::new()), "{context}");
    assert_eq!(&contents(index), wanted, "{context}");
    let generations = fs::read_dir(index).expect("it is there").flatten().filter(|entry| entry.path().is_dir());
    assert_eq!(generations.count(), 1, "{context}");
}

/// The number of the last `committed N articles`.
pub(super) fn last_acknowledged(stderr: &mut dyn BufRead) -> usize {
    let mut last = 0;
    for line in stderr.lines().map_while(Result::ok) {
        let number = line.strip_prefix("committed ").and_then(|rest| rest.split(' ').next()?.parse().ok());
        last = number.unwrap_or(last);
    }
    last
}

#[test]
fn a_killed_run_of_one_large_file_loses_nothing() {
    kill(&Lines, Kills { articles: 2000, rounds: rounds(6), steady: 2, whole: 3, moments: 0..700, seed: 1 });
}

#[test]
fn a_killed_run_of_many_files_loses_nothing() {
    kill(&Pages, Kills { articles: 2000, rounds: rounds(6), steady: 2, whole: 3, moments: 0..700, seed: 2 });
}

/// Every run begins with updates, which is where the engine by itself would lose deletions.
#[test]
fn runs_that_are_killed_one_after_the_other_while_articles_change_lose_nothing() {
    let large = std::env::var_os("DATELINE_LARGE").is_some_and(|value| value != "0");
    let rounds = rounds(if large { 80 } else { 14 });
    let killed = kill(&Pages, Kills { articles: 4000, rounds, steady: 1, whole: 7, moments: 50..1600, seed: 3 });
    if large {
        assert!(killed >= 60, "{killed} runs were killed");
    }
}

/// A corpus, and a run over it that has committed something and goes on.
fn under_way(arguments: &[&str]) -> (Program, Child, BufReader<std::process::ChildStderr>) {
    let program = Program::new();
    let articles: Editions = (0..4000).map(|number| (number, 1)).collect();
    Lines.write(&program, &articles, &Editions::new());
    let (child, stderr) = start(&program, arguments);
    (program, child, stderr)
}

/// Starts a run and waits for its first commit.
fn start(program: &Program, arguments: &[&str]) -> (Child, BufReader<std::process::ChildStderr>) {
    let mut child = program.command(arguments).spawn().expect("the program starts");
    let mut stderr = BufReader::new(child.stderr.take().expect("it is a pipe"));
    let mut line = String::new();
    stderr.read_line(&mut line).expect("it says something");
    assert!(line.starts_with("committed "), "{line}");
    (child, stderr)
}

#[cfg(unix)]
fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()).status();
    assert!(sent.expect("there is a `kill`").success());
}

#[cfg(unix)]
#[test]
fn a_run_that_is_told_to_stop_keeps_what_it_has_read() {
    for (name, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let (program, mut child, mut stderr) = under_way(&INDEX);
        let told = Instant::now();
        signal(&child, name);
        let acknowledged = last_acknowledged(&mut stderr);
        assert_eq!(child.wait().expect("it ends").code(), Some(code), "{name}");
        assert!(told.elapsed() < Duration::from_secs(5), "{name}: {:?}", told.elapsed());
        let index = program.path("kept");
        let now = contents(&index);
        assert!(now.len() >= acknowledged && now.len() < 4000, "{name}: {} articles", now.len());
        assert_eq!(check(&index).expect("it can be checked").faults, Vec::<String>::new());
        complete(&program, &index, &(0..4000).map(|number| (number, 1)).collect(), name);
    }
}

#[cfg(unix)]
#[test]
fn a_run_that_is_told_to_stop_twice_stops_at_once() {
    let (program, mut child, _stderr) = under_way(&INDEX);
    signal(&child, "TERM");
    signal(&child, "TERM");
    assert_eq!(child.wait().expect("it ends").code(), Some(143));
    complete(&program, &program.path("kept"), &(0..4000).map(|number| (number, 1)).collect(), "");
}

#[cfg(unix)]
#[test]
fn building_anew_that_is_told_to_stop_leaves_the_index_as_it_was() {
    let (program, mut child, mut stderr) = under_way(&INDEX);
    last_acknowledged(&mut stderr);
    child.wait().expect("it ends");
    let full = ["index", "-v", "--full", "--commit-every", "0.05", "--index", "kept", "news"];
    for name in ["INT", "KILL"] {
        let mut child = program.command(&full).spawn().expect("the program starts");
        thread::sleep(Duration::from_millis(400));
        signal(&child, name);
        let acknowledged = last_acknowledged(&mut BufReader::new(child.stderr.take().expect("it is a pipe")));
        assert_eq!(acknowledged, 0, "what does not count yet is not called committed");
        let code = child.wait().expect("it ends").code();
        assert_eq!(code, (name == "INT").then_some(130));
        assert_eq!(contents(&program.path("kept")).len(), 4000, "{name}");
    }
    complete(&program, &program.path("kept"), &(0..4000).map(|number| (number, 1)).collect(), "after both");
}

#[test]
fn a_run_that_is_stopped_on_its_way_through_the_folders_removes_nothing() {
    let program = Program::new();
    Pages.write(&program, &(0..20).map(|number| (number, 1)).collect(), &Editions::new());
    assert_eq!(program.run(&INDEX).code, Some(0));
    let settings = Settings {
        jobs: 1,
        memory: 15_000_000,
        full: false,
        dry_run: false,
        extract: false,
        meanings: None,
        program: None,
        retry_skipped: false,
        allow_empty: true,
        commit_every: Duration::from_secs(30),
        stop: &AtomicBool::new(true),
        command: "dateline index",
        clock: &|| Duration::ZERO,
        started: 0,
    };
    let outcome = pipeline::index(&[program.path("news")], &program.path("kept"), &settings, &mut |_| ());
    assert_eq!(outcome.expect_err("it was stopped").kind, dateline::error::Kind::Interrupted);
    assert_eq!(contents(&program.path("kept")).len(), 20);
}

#[test]
fn an_index_whose_making_was_cut_short_at_its_very_beginning_is_made_anew() {
    let program = Program::new();
    Pages.write(&program, &(0..3).map(|number| (number, 1)).collect(), &Editions::new());
    program.write("kept/lock", b"process 1");
    program.write("kept/generation-0001/dateline.json.new", b"");
    assert!(program.run(&["search", "--index", "kept", "seoul"]).stderr.contains("there is no index"));
    complete(&program, &program.path("kept"), &(0..3).map(|number| (number, 1)).collect(), "");
}

#[test]
fn what_a_killed_commit_has_left_does_not_stand_in_the_way() {
    let program = Program::new();
    let before: Editions = (0..5).map(|number| (number, 1)).collect();
    Pages.write(&program, &before, &Editions::new());
    assert_eq!(program.run(&INDEX).code, Some(0));
    let generation = program.path("kept/generation-0001");
    let names = fs::read_dir(&generation).expect("it is there").flatten().map(|entry| entry.file_name());
    let segments: Vec<String> =
        names.filter_map(|name| Some(name.to_str()?.strip_suffix(".store")?.to_owned())).collect();
    let mut managed: Vec<String> =
        serde_json::from_slice(&fs::read(generation.join(".managed.json")).expect("it is there")).expect("a list");
    // Lists of deletions that no commit names, of whatever stamp the next one may have.
    for stamp in 1..200 {
        managed.extend(segments.iter().map(|segment| format!("{segment}.{stamp}.del")));
    }
    for name in managed.iter().filter(|name| name.ends_with(".del")) {
        fs::write(generation.join(name), "").expect("written");
    }
    fs::write(generation.join(".managed.json"), serde_json::to_vec(&managed).expect("a list")).expect("written");
    let wanted: Editions = (0..5).map(|number| (number, 1 + number as u64 % 2)).collect();
    Pages.write(&program, &wanted, &before);
    complete(&program, &program.path("kept"), &wanted, "");
}

#[test]
fn of_two_runs_at_once_the_second_is_told_who_is_at_it() {
    let (program, mut child, mut stderr) = under_way(&INDEX);
    let second = program.run(&INDEX);
    let still_running = child.try_wait().expect("it can be asked").is_none();
    assert_eq!(second.code, Some(2), "{}", second.stderr);
    assert!(second.stderr.contains(&format!("process {}", child.id())), "{}", second.stderr);
    assert!(still_running, "the second was not to wait for the first");
    last_acknowledged(&mut stderr);
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn a_run_that_is_told_to_wait_goes_on_when_the_other_has_ended() {
    let (program, mut child, mut stderr) = under_way(&INDEX);
    let waiting = [&["index", "--wait=0.3"][..], &INDEX[1..]].concat();
    let impatient = program.run(&waiting);
    let still_running = child.try_wait().expect("it can be asked").is_none();
    assert!(still_running && impatient.code == Some(2), "{}", impatient.stderr);
    let who = format!("another process (process {}", child.id());
    assert!(impatient.stderr.starts_with(&format!("waiting: {who}")), "{}", impatient.stderr);
    assert!(impatient.stderr.contains(&format!("\nerror: {who}")), "{}", impatient.stderr);
    assert!(impatient.stderr.contains(", `dateline index`) is writing to the index `kept`"), "{}", impatient.stderr);
    let patient = thread::spawn(move || {
        let ran = program.run(&[&["index", "--wait"][..], &INDEX[1..]].concat());
        (program, ran)
    });
    last_acknowledged(&mut stderr);
    assert!(child.wait().expect("it ends").success());
    let (_, ran) = patient.join().expect("it ends");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("waiting: another process"), "{}", ran.stderr);
    assert!(ran.stdout.contains("4000 unchanged"), "{}", ran.stdout);
}

#[test]
fn answers_are_whole_while_a_run_goes_on() {
    let (program, mut child, stderr) = under_way(&INDEX);
    let said = thread::spawn(move || last_acknowledged(&mut { stderr }));
    let index = program.path("kept");
    let began = Instant::now();
    let (mut last, mut asked) = (0, 0);
    loop {
        let ended = child.try_wait().expect("it can be asked").is_some();
        let backend = Local::open(&index).expect("it can be opened at any time");
        let count = backend.count(&Tree::All).expect("it can be searched at any time");
        assert!(count >= last, "{count} articles after {last}");
        (last, asked) = (count, asked + 1);
        if ended || began.elapsed() > Duration::from_secs(60) {
            break;
        }
    }
    assert_eq!(last, 4000, "asked {asked} times");
    said.join().expect("reading does not fail");
    // A generation takes the place of another meanwhile.
    let mut child = program.command(&["index", "--full", "-q", "--index", "kept", "news"]).spawn().expect("it starts");
    while child.try_wait().expect("it can be asked").is_none() {
        let backend = Local::open(&index).expect("it can be opened at any time");
        assert_eq!(backend.count(&Tree::All).expect("it can be searched at any time"), 4000);
    }
}

#[test]
fn a_folder_that_somebody_else_is_indexing_is_searched_as_it_is() {
    let program = Program::new();
    Pages.write(&program, &(0..5).map(|number| (number, 1)).collect(), &Editions::new());
    let search = ["count", "--in", "news", ""];
    assert_eq!(program.run(&search).stdout, "5\n");
    let folders = program.home().join("data/dateline/folders");
    let kept = fs::read_dir(folders).expect("it is there").flatten().next().expect("there is one").path();
    let lock = fs::File::options().read(true).write(true).open(kept.join("lock")).expect("it is there");
    lock.try_lock().expect("nobody has it");
    Pages.write(&program, &(0..6).map(|number| (number, 1)).collect(), &Editions::new());
    let ran = program.run(&search);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), "5\n"), "{}", ran.stderr);
    assert!(ran.stderr.contains("searching what is there"), "{}", ran.stderr);
    drop(lock);
    assert_eq!(program.run(&search).stdout, "6\n");
}
