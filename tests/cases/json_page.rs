//! The page on JSON against the program: every key that a command prints stands on the page, and every key in the tables of
//! the page is printed by some command.

use super::program::Program;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What is run for its JSON, on the sample articles.
const COMMANDS: &[&[&str]] = &[
    &["search", "treaty OR @person NEAR/3 signed", "--person", "Kim Jong-un", "--facet", "country,place,person"],
    &["search", "treaty", "--mentions-date", "1961", "--explain=score"],
    &["search", "place:France"],
    &["search", "near:Pyongyang treaty"],
    &["search", "zzz treaty"],
    &["facets", "treaty", "--by", "place"],
    &["timeline", "treaty"],
    &["timeline", "treaty", "--of", "mentions"],
    &["kwic", "treaty", "--sample", "3"],
    &["kwic", "treaty", "--group-by", "left"],
    &["collocates", "treaty", "--lines", "1"],
    &["trend", "treaty", "election"],
    &["coverage", ""],
    &["first", "treaty"],
    &["last", "treaty", "--per", "source"],
    &["cooccur", "--person", "Kim Jong-un"],
    &["cooccur", "--person", "Kim Jong-un", "--edges"],
    &["similar", "hc1t1hzde2xt"],
    &["diff", "treaty", "pact"],
    &["related", "\"mutual defence\""],
    &["show", "hc1t1hzde2xt"],
    &["export", "\"mutual defence\""],
    &["entities", "--person"],
    &["entity", "Kim Jong-un"],
    &["status", "--skipped"],
    &["check"],
    &["fields"],
    &["formats"],
    &["save", "pacts", "pact OR treaty"],
    &["saved"],
    &["new", "pacts"],
    &["search", "pact", "--record", "pact.toml"],
    &["replay", "pact.toml"],
    &["cite", "pact.toml"],
    &["batch", "list.csv"],
    &["index", "sample_corpus"],
];

/// Commands without an index.
const WITHOUT_INDEX: &[&str] = &["fields", "formats", "saved", "cite", "index"];

/// Keys that are data: fields, sources, codes.
const MAPS: &[&str] = &["facets"];

/// What stands in first cells and is no key that these commands print: kinds of mentions, keys of errors, what only files
/// with two dates have.
const OTHERS: &[&str] = &["person", "organisation", "place", "demonym", "date", "conflicts"];

fn keys(value: &Value, inside: &str, met: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                if !MAPS.contains(&inside) {
                    met.insert(key.clone());
                }
                keys(value, key, met);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| keys(value, "", met)),
        _ => {}
    }
}

/// The words of a page between backticks, all of them; and those in the first cells of tables.
fn named(page: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let quoted = |text: &str| -> Vec<String> { text.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    let (mut all, mut first) = (BTreeSet::new(), BTreeSet::new());
    for line in page.lines() {
        all.extend(quoted(line));
        if let Some(cell) = line.strip_prefix("| ").and_then(|row| row.split(" |").next()) {
            first.extend(quoted(cell));
        }
    }
    (all, first)
}

/// What the commands print that change an index: an archive is moved, and its index damaged and repaired.
fn changing(program: &Program) -> Vec<Value> {
    program.copy("sample_corpus");
    fs::rename(program.path("sample_corpus"), program.path("here")).expect("renamed");
    assert_eq!(program.run(&["index", "--index", "kept", "here"]).code, Some(0));
    fs::rename(program.path("here"), program.path("there")).expect("moved");
    let here = program.path("here").to_string_lossy().into_owned();
    let moved = program.run(&["relocate", &here, "there", "--index", "kept", "--format", "json"]);
    for entry in fs::read_dir(program.path("kept/generation-0001")).expect("it is there").flatten() {
        if entry.path().extension().is_some_and(|ending| ending == "store") {
            fs::remove_file(entry.path()).expect("it is there");
            fs::write(entry.path(), b"no store").expect("written");
        }
    }
    let repaired = program.run(&["check", "--repair", "--index", "kept", "--format", "json"]);
    [moved, repaired]
        .iter()
        .map(|ran| serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{ran:?}")))
        .collect()
}

#[test]
fn the_page_has_the_keys_that_the_commands_print() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/json.md");
    let page = fs::read_to_string(page).expect("the page is there");
    let (all, first) = named(&page);
    let program = Program::new();
    program.copy("sample_corpus");
    program.write("list.csv", b"query\ntreaty\n\"(\"\nzzz\n");
    let mut met = BTreeSet::new();
    let mut faults = Vec::new();
    for command in COMMANDS {
        let mut arguments = command.to_vec();
        if !WITHOUT_INDEX.contains(&command[0]) {
            arguments.splice(1..1, ["--in", "sample_corpus"]);
        }
        let format = if command[0] == "export" { "jsonl" } else { "json" };
        arguments.extend(["--format", format]);
        let output = program.command(&arguments).output().expect("the program starts");
        let text = String::from_utf8(output.stdout).expect("JSON is UTF-8");
        let mut printed = BTreeSet::new();
        for line in text.lines() {
            let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{command:?}: {error}"));
            keys(&value, "", &mut printed);
        }
        assert!(!printed.is_empty(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
        let missing: Vec<&String> = printed.difference(&all).collect();
        if !missing.is_empty() {
            faults.push(format!("`{}` prints {missing:?}, of which the page says nothing", command.join(" ")));
        }
        met.extend(printed);
    }
    for value in changing(&program) {
        let mut printed = BTreeSet::new();
        keys(&value, "", &mut printed);
        let missing: Vec<&String> = printed.difference(&all).collect();
        if !missing.is_empty() {
            faults.push(format!("{value} has {missing:?}, of which the page says nothing"));
        }
        met.extend(printed);
    }
    let never: Vec<&String> =
        first.difference(&met).filter(|key| !OTHERS.contains(&key.as_str()) && !key.contains(' ')).collect();
    if !never.is_empty() {
        faults.push(format!("the page has {never:?}, which nothing printed"));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
