//! Saved searches and records of searches, as their users meet them: one after the other while an archive grows, at
//! once, and after their files were damaged.

use super::program::{Program, Ran};
use dateline::backend::Backend;
use dateline::backend::local::Local;
use dateline::query;
use dateline::search::Sort;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Child;

/// An article of the archive, by its id and its words.
fn line(id: &str, words: &str) -> String {
    format!("{{\"id\":\"{id}\",\"title\":\"{id}\",\"text\":\"{words}\",\"published\":\"2024-06-19\"}}\n")
}

fn archive(program: &Program, articles: &[(&str, &str)]) {
    let lines: String = articles.iter().map(|(id, words)| line(id, words)).collect();
    program.write("news/all.jsonl", lines.as_bytes());
}

fn index(program: &Program, more: &[&str]) {
    let ran = program.run(&[&["index", "news", "--index", "ix", "--quiet"], more].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
}

/// The ids that a command printed, and its exit code.
fn ids(ran: &Ran) -> (Option<i32>, Vec<&str>) {
    assert_ne!(ran.code, Some(2), "{}", ran.stderr);
    (ran.code, ran.stdout.lines().collect())
}

fn new(program: &Program, more: &[&str]) -> Ran {
    program.run(&[&["new", "treaty", "--format", "ids", "--sort", "oldest"], more].concat())
}

/// The folder of the saved searches.
fn store(program: &Program) -> PathBuf {
    program.home().join("data/dateline/saved")
}

/// An index with the articles a, b and c, of which a and b are saved as seen.
fn saved() -> Program {
    let program = Program::new();
    archive(&program, &[("a", "A treaty."), ("b", "The treaty."), ("c", "Rain.")]);
    index(&program, &[]);
    let ran = program.run(&["save", "treaty", "--index", "ix", "treaty"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    program
}

#[test]
fn what_was_shown_is_not_new_again() {
    let program = saved();
    assert_eq!(ids(&new(&program, &[])), (Some(1), vec![]));

    // One comes, one changes, one comes to match.
    archive(&program, &[("a", "A treaty."), ("b", "The treaty of old."), ("c", "Rain treaty."), ("d", "Treaty!")]);
    assert_eq!(ids(&new(&program, &[])), (Some(1), vec![]), "the index is as it was");
    index(&program, &[]);
    let all = (Some(0), vec!["b", "c", "d"]);
    assert_eq!(ids(&new(&program, &["--keep"])), all);
    assert_eq!(ids(&new(&program, &["--quiet"])), (Some(0), vec![]));
    assert_eq!(ids(&new(&program, &["--limit", "1"])), (Some(0), vec!["b"]));
    assert_eq!(ids(&new(&program, &["--limit", "1"])), (Some(0), vec!["c"]));
    assert_eq!(ids(&new(&program, &[])), (Some(0), vec!["d"]));
    assert_eq!(ids(&new(&program, &[])), (Some(1), vec![]));

    // Built anew, it has the same articles.
    index(&program, &["--full"]);
    assert_eq!(ids(&new(&program, &[])), (Some(1), vec![]));
    fs::remove_dir_all(program.path("ix")).expect("it is there");
    assert_eq!(new(&program, &[]).code, Some(2));
    index(&program, &[]);
    assert_eq!(ids(&new(&program, &[])), (Some(1), vec![]));

    // Those that are away for a while are not new when they are back.
    archive(&program, &[("a", "A treaty.")]);
    index(&program, &[]);
    assert_eq!(ids(&new(&program, &[])), (Some(1), vec![]));
    archive(&program, &[("a", "A treaty."), ("c", "Rain treaty."), ("e", "Treaty?")]);
    index(&program, &[]);
    assert_eq!(ids(&new(&program, &[])), (Some(0), vec!["e"]));

    // In another index all is new, once.
    let ran = program.run(&["index", "news", "--index", "other", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(ids(&new(&program, &["--index", "other"])), (Some(0), vec!["a", "c", "e"]));
    assert_eq!(ids(&new(&program, &["--index", "other"])), (Some(1), vec![]));
    assert_eq!(ids(&new(&program, &[])), (Some(1), vec![]));

    // Saved anew, what matches counts as seen.
    let ran = program.run(&["save", "treaty", "--replace", "--index", "ix", "rain OR treaty"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(ids(&new(&program, &[])), (Some(1), vec![]));
    assert_eq!(ids(&new(&program, &["--index", "other"])), (Some(0), vec!["a", "c", "e"]));
}

#[test]
fn a_new_name_keeps_what_was_seen() {
    let program = saved();
    assert_eq!(program.run(&["saved", "--rename", "treaty", "pact"]).code, Some(0));
    assert_eq!(new(&program, &[]).code, Some(2));
    assert_eq!(program.run(&["new", "pact"]).code, Some(1));
    assert_eq!(program.run(&["saved", "--remove", "pact"]).code, Some(0));
    assert_eq!(program.run(&["saved"]).code, Some(1));
    assert_eq!(program.run(&["new", "pact"]).code, Some(2));
}

#[test]
fn several_at_once_lose_nothing() {
    let program = saved();
    archive(&program, &[("a", "A treaty."), ("b", "The treaty."), ("d", "Treaty!"), ("e", "Treaty?")]);
    index(&program, &[]);
    let start = |arguments: &[&str]| program.command(arguments).spawn().expect("the program starts");
    let names: Vec<String> = (0..6).map(|number| format!("n{number}")).collect();
    let mut children: Vec<Child> = names.iter().map(|name| start(&["save", name, "--index", "ix", "rain"])).collect();
    children.extend((0..4).map(|_| start(&["new", "treaty", "--format", "ids"])));
    let mut shown = BTreeSet::new();
    for child in children {
        let output = child.wait_with_output().expect("it ends");
        let text = String::from_utf8(output.stdout).expect("the program writes UTF-8");
        assert_ne!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
        shown.extend(text.lines().filter(|line| line.len() == 1).map(str::to_owned));
    }
    assert_eq!(shown.into_iter().collect::<Vec<_>>(), ["d", "e"]);
    assert_eq!(ids(&new(&program, &[])), (Some(1), vec![]));
    let listed = program.run(&["saved", "--format", "csv", "--fields", "name"]);
    assert_eq!(listed.stdout.lines().collect::<Vec<_>>(), ["name", "n0", "n1", "n2", "n3", "n4", "n5", "treaty"]);
}

#[test]
fn a_look_that_nobody_saw_does_not_count() {
    let program = saved();
    archive(&program, &[("a", "A treaty."), ("d", "Treaty!")]);
    index(&program, &[]);
    if let Ok(full) = fs::File::options().write(true).open("/dev/full") {
        let mut child =
            program.command(&["new", "treaty", "--format", "ids"]).stdout(full).spawn().expect("the program starts");
        assert_eq!(child.wait().expect("it ends").code(), Some(2));
    }
    assert_eq!(ids(&new(&program, &[])), (Some(0), vec!["d"]));
}

#[test]
fn damaged_files_are_named_with_what_to_do() {
    let program = saved();
    let fails = |arguments: &[&str], part: &str| {
        let ran = program.run(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.stdout);
        assert!(ran.stderr.contains(part) && ran.stderr.contains("hint"), "{arguments:?}: {}", ran.stderr);
    };
    let list = store(&program).join("searches.toml");
    let text = fs::read_to_string(&list).expect("it is there");
    let mark =
        fs::read_dir(store(&program).join("looked")).expect("it is there").flatten().next().expect("one was saved");
    let mark = fs::read_dir(mark.path()).expect("it is a folder").flatten().next().expect("one was seen").path();
    let bytes = fs::read(&mark).expect("it is there");

    for damage in [&bytes[..bytes.len() - 1], &bytes[..20], b"", b"\0\0\0\0"] {
        fs::write(&mark, damage).expect("it can be written");
        fails(&["new", "treaty"], "what was seen of the saved search `treaty` cannot be read");
        assert_eq!(program.run(&["saved"]).code, Some(0), "the list can be read");
    }
    fs::remove_file(&mark).expect("it is there");
    assert_eq!(ids(&new(&program, &[])), (Some(0), vec!["a", "b"]));
    assert_eq!(ids(&new(&program, &[])), (Some(1), vec![]));

    for damage in [&text[..text.len() - 5], "x", "[treaty]\nquerry = 'a'", "\u{0}"] {
        fs::write(&list, damage).expect("it can be written");
        for arguments in [
            &["saved"][..],
            &["new", "treaty"],
            &["save", "rain", "--index", "ix", "rain"],
            &["search", "--index", "ix", "query:treaty"],
            &["saved", "--remove", "treaty"],
        ] {
            fails(arguments, "searches.toml");
        }
        assert_eq!(fs::read_to_string(&list).ok().as_deref(), Some(damage), "nothing is written over it");
        assert_eq!(program.run(&["search", "--index", "ix", "treaty"]).code, Some(0), "it is not asked for");
    }
    fs::write(&list, text).expect("it can be written");
    assert_eq!(ids(&new(&program, &[])), (Some(1), vec![]));
}

#[test]
fn names_that_lead_back_are_an_error_in_their_place() {
    let program = saved();
    let circle = "[a]\nquery = 'treaty query:b'\n[b]\nquery = 'query:a'\n[deep]\nquery = 'query:treaty'\n[treaty]\nquery = 'rain'";
    fs::write(store(&program).join("searches.toml"), circle).expect("it can be written");
    let ran = program.run(&["search", "--index", "ix", "--json", "rain query:b"]);
    let error: Value = serde_json::from_str(&ran.stderr).expect("errors are JSON");
    assert_eq!((ran.code, &error["kind"], &error["at"]), (Some(2), &"query".into(), &serde_json::json!([5, 12])));
    assert!(error["error"].as_str().is_some_and(|text| text.contains("b → a → b")), "{error}");
    let ran = program.run(&["search", "--index", "ix", "--json", "query:deep"]);
    let answer: Value = serde_json::from_str(&ran.stdout).expect("answers are JSON");
    assert_eq!((&answer["parsed"], &answer["total"]), (&"rain".into(), &1.into()));
}

#[test]
fn a_record_says_what_became_of_its_answer() {
    let program = Program::new();
    let then = [("a", "A treaty."), ("b", "A treaty."), ("c", "A treaty."), ("d", "Rain."), ("e", "Treaties.")];
    archive(&program, &then);
    index(&program, &[]);
    let ran = program.run(&["search", "--index", "ix", "treaty", "-q", "--record", "r.toml"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{}", ran.stderr);
    let replay = || {
        let ran = program.run(&["replay", "--index", "ix", "r.toml", "--json"]);
        let answer: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr));
        (ran.code, answer)
    };
    let (code, answer) = replay();
    assert_eq!((code, &answer["same"], &answer["changes"]), (Some(0), &true.into(), &serde_json::json!([])));
    assert_eq!(answer["fingerprint"]["then"], answer["fingerprint"]["now"]);

    // The same articles in another file, indexed anew by other threads, are the same index.
    let lines: String = then.iter().rev().map(|(id, words)| line(id, words)).collect();
    program.write("news/all.jsonl", lines.as_bytes());
    index(&program, &["--full", "--jobs", "1"]);
    let (code, answer) = replay();
    assert_eq!(code, Some(0), "{answer}");

    let now = [("a", "A treaty."), ("b", "The treaty."), ("c", "A pact."), ("d", "Rain and treaty."), ("f", "Treaty.")];
    archive(&program, &now);
    index(&program, &[]);
    let (code, answer) = replay();
    assert_eq!(code, Some(1));
    let rows = answer["changes"].as_array().expect("it is a list").iter();
    let rows: Vec<(&str, &str)> =
        rows.map(|row| (row["change"].as_str().unwrap_or(""), row["id"].as_str().unwrap_or(""))).collect();
    assert_eq!(
        rows.into_iter().collect::<BTreeSet<_>>(),
        BTreeSet::from([("new", "d"), ("new", "f"), ("changed", "b"), ("unmatched", "c"), ("removed", "e")])
    );
    for (key, count) in [("new", 2), ("changed", 1), ("gone", 2), ("removed", 1)] {
        assert_eq!(answer[key], count, "{key}");
    }
    assert_eq!(answer["total"], serde_json::json!({ "then": 4, "now": 4 }));
    assert_eq!(answer["forms"], serde_json::json!([{ "written": "treaty", "more": [], "fewer": ["treaties"] }]));
    assert_ne!(answer["fingerprint"]["then"], answer["fingerprint"]["now"]);

    let text = fs::read_to_string(program.path("r.toml")).expect("it is there");
    program.write("cut.toml", &text.as_bytes()[..text.len() / 2]);
    for command in [&["replay", "--index", "ix", "cut.toml"][..], &["cite", "cut.toml"]] {
        let ran = program.run(command);
        assert_eq!(ran.code, Some(2), "{}", ran.stdout);
        assert!(ran.stderr.contains("`cut.toml`") && ran.stderr.contains("hint"), "{}", ran.stderr);
    }
}

#[test]
fn a_recorded_question_is_the_question_that_was_asked() {
    let program = Program::new();
    program.copy("sample_corpus");
    let ran = program.run(&["index", "sample_corpus", "--index", "ix", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let local = Local::open(&program.path("ix")).expect("it is an index");
    let answer = |text: &str| {
        let parsed = query::parse(text, None);
        query::check(&parsed).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        let mut tree = parsed.tree;
        let printed = tree.to_string();
        local.expand(&mut tree, true).expect("it can be asked");
        (local.stamps(&tree, Sort::Relevance).expect("it can be asked"), printed)
    };
    let mut found = 0;
    for query in query::guide::guide().iter().flat_map(|(_, rows)| rows).map(|row| row.write) {
        let (hits, printed) = answer(query);
        assert_eq!(answer(&printed), (hits.clone(), printed.clone()), "{query}");
        found += hits.len();
        assert_eq!(local.count(&query::parse("", None).tree).ok(), Some(84));
    }
    assert!(found > 100, "{found}");
}
