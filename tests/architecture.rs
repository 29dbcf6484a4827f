//! Keeps the architecture of `docs/architecture.md`: reads the sources and fails with a list of what breaks a rule.
//!
//! 1. `tables` says what is allowed: floors, homes of dependencies, registries.
//! 2. `scan` takes the sources apart.
//! 3. `rules` compares; here, each rule has two tests: the sources keep it, and a breach is seen.

#[path = "architecture/rules.rs"]
mod rules;
#[path = "architecture/scan.rs"]
mod scan;
#[path = "architecture/tables.rs"]
mod tables;

use rules::Project;
use scan::Source;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

type Rule = fn(&Project) -> Vec<String>;

/// This package, read once for all tests.
static THIS: LazyLock<Project> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["src", "tests", "benches"] {
        collect(&root.join(folder), &mut files);
    }
    files.sort();
    let source = |file: &PathBuf| {
        let text = fs::read_to_string(file).expect("sources are UTF-8");
        let path = file.strip_prefix(root).expect("it lies in the package");
        Source::new(&path.to_string_lossy().replace('\\', "/"), &text)
    };
    let manifest = fs::read_to_string(root.join("Cargo.toml")).expect("the package has a manifest");
    Project::new(files.iter().map(source).collect(), manifest)
});

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

/// Fails with the list of breaches in this package.
fn keeps(rule: Rule) {
    let breaches = rule(&THIS);
    assert!(breaches.is_empty(), "{} to mend:\n  {}\n", breaches.len(), breaches.join("\n  "));
}

/// What `rule` says to a package of these files, path and text.
fn told(rule: Rule, files: &[(&str, &str)]) -> String {
    let sources = files.iter().map(|(path, text)| Source::new(path, text)).collect();
    rule(&Project::new(sources, THIS.manifest.clone())).join("\n")
}

/// Checks that `rule` sees each of `bad` and nothing in each of `good`, single files both.
fn sees(rule: Rule, bad: &[(&str, &str)], good: &[(&str, &str)]) {
    for file in bad {
        assert_ne!(told(rule, &[*file]), "", "not seen: {file:?}");
    }
    for file in good {
        assert_eq!(told(rule, &[*file]), "", "{file:?}");
    }
}

#[test]
fn the_sources_are_found() {
    for path in ["src/lib.rs", "src/cli/mod.rs", "src/text/tokens.rs", "tests/architecture/scan.rs"] {
        assert!(THIS.sources.iter().any(|source| source.path == path), "{path}");
    }
}

#[test]
fn modules_use_lower_floors_only() {
    keeps(rules::floors);
}

#[test]
fn a_wrong_floor_is_seen() {
    sees(
        rules::floors,
        &[
            ("src/text/mod.rs", "use crate::article::Article;"),
            ("src/when/mod.rs", "use crate::names;"),
            ("src/when/mod.rs", "fn f() { crate::names::key(); }"),
            ("src/article.rs", "use super::language;"),
            ("src/read/json.rs", "use super::super::backend::Record;"),
            ("src/read/json.rs", "use super::{File, super::extract::Page};"),
            ("src/query/mod.rs", "use crate::{error::Error, text, search::{Hit}};"),
            ("src/query/mod.rs", "mod tests { use super::super::output; }"),
            ("src/output/json.rs", "pub use crate::ingest as x;"),
            ("src/query/tree.rs", "use crate::new_module::X;"),
            ("src/query/tree.rs", "use crate as whole;"),
            ("src/new_module/mod.rs", ""),
        ],
        &[
            ("src/when/mod.rs", "use crate::{article::Article, text};"),
            ("src/query/tree.rs", "use crate::query::x; use super::y; pub(crate) fn f() {}"),
            ("src/text/mod.rs", "// use crate::cli;\n/// See [`crate::cli`].\nconst X: &str = \"crate::cli\";"),
            ("src/text/tokens.rs", "mod tests { use super::*; use super::super::fold; }"),
            ("src/lib.rs", "pub use crate::search::Hit;"),
        ],
    );
    let message = told(rules::floors, &[("src/when/mod.rs", "\nuse crate::cli;")]);
    assert_eq!(message, "src/when/mod.rs:2: `crate::cli` goes upward: `when` is on floor 2, `cli` on floor 8");
}

#[test]
fn dependencies_stay_at_home() {
    keeps(rules::dependency_homes);
}

#[test]
fn a_stray_dependency_is_seen() {
    sees(
        rules::dependency_homes,
        &[
            ("src/backend/mod.rs", "use tantivy::Index;"),
            ("src/search.rs", "fn f(x: ::tantivy::Index) {}"),
            ("src/search.rs", "use tantivy as engine;"),
            ("src/query/mod.rs", "use {clap::Arg, std::fs};"),
            ("src/read/mod.rs", "fn f() { walkdir::WalkDir::new(x) }"),
            ("src/text/fold.rs", "fn f() { tempfile::tempdir() }"),
            ("src/text/fold.rs", "#[cfg(test)] mod tests { use clap::Arg; }"),
            ("src/text/fold.rs", "extern crate rustix;"),
        ],
        &[
            ("src/backend/local/schema.rs", "use tantivy::schema::Schema;"),
            ("src/output/csv.rs", "let mut csv = csv::Writer::from_writer(out);"),
            ("src/search.rs", "fn f(clap: u8) -> u8 { clap }"),
            ("src/text/fold.rs", "#[cfg(test)] mod tests { use proptest::prelude::*; }"),
            ("src/backend/mod.rs", "//! `tantivy::Index` is in `local`."),
        ],
    );
}

#[test]
fn every_dependency_has_a_home() {
    keeps(rules::dependency_table);
}

#[test]
fn a_dependency_without_a_home_is_seen() {
    let with = |line: &str| {
        let manifest = format!("{}\n{line}\n", THIS.manifest);
        rules::dependency_table(&Project { sources: Vec::new(), manifest }).join("\n")
    };
    assert!(with("[dependencies]\nnew-thing = \"1\"").contains("new_thing"));
    assert!(with("[target.'cfg(unix)'.dependencies]\nnew-thing.version = \"1\"").contains("new_thing"));
    assert!(with("[dependencies.new-thing]\nversion = \"1\"").contains("new_thing"));
    assert_eq!(with("[features]\nnew-thing = []"), "");
    let empty = rules::dependency_table(&Project { sources: Vec::new(), manifest: String::new() });
    assert!(empty.iter().any(|line| line.contains("`tantivy` is no dependency")));
}

#[test]
fn only_the_report_prints() {
    keeps(rules::printing);
}

#[test]
fn printing_elsewhere_is_seen() {
    sees(
        rules::printing,
        &[
            ("src/read/mod.rs", "fn f() { println!(\"x\"); }"),
            ("src/cli/search.rs", "fn f() { eprint!(\"x\"); }"),
            ("src/text/mod.rs", "fn f() { let x = dbg!(x); }"),
            ("src/cli/search.rs", "use std::io::{self, stdout};"),
            ("src/cli/search.rs", "fn f() { io::stderr().lock(); }"),
        ],
        &[
            ("src/cli/report.rs", "fn f() { println!(\"{}\", io::stdout()); }"),
            ("src/cli/search.rs", "fn f(print: bool) { if print != x { io::stdin() } }"),
        ],
    );
}

#[test]
fn only_the_command_line_exits() {
    keeps(rules::exits);
}

#[test]
fn an_exit_elsewhere_is_seen() {
    sees(
        rules::exits,
        &[
            ("src/ingest/mod.rs", "fn f() { std::process::exit(1) }"),
            ("src/ingest/mod.rs", "use std::process::{self, exit};"),
            ("src/backend/mod.rs", "fn f() { process::abort() }"),
        ],
        &[("src/cli/mod.rs", "fn f() { std::process::exit(130) }"), ("src/ingest/mod.rs", "fn f() { process::id() }")],
    );
}

#[test]
fn only_the_command_line_reads_the_environment() {
    keeps(rules::environment);
}

#[test]
fn the_environment_read_elsewhere_is_seen() {
    sees(
        rules::environment,
        &[("src/backend/mod.rs", "fn f() { std::env::var(\"HOME\") }"), ("src/backend/mod.rs", "use std::{env, fs};")],
        &[
            ("src/cli/settings.rs", "fn f() { std::env::current_dir() }"),
            ("src/backend/mod.rs", "const VERSION: &str = env!(\"CARGO_PKG_VERSION\");"),
        ],
    );
}

#[test]
fn today_comes_from_the_command_line() {
    keeps(rules::today);
}

#[test]
fn today_read_elsewhere_is_seen() {
    sees(
        rules::today,
        &[
            ("src/when/mod.rs", "fn f() { chrono::Local::now() }"),
            ("src/when/mod.rs", "fn f() { Utc::now().date_naive() }"),
            ("src/ingest/mod.rs", "fn f() { SystemTime::now() }"),
            ("src/ingest/mod.rs", "let clock = SystemTime::now;"),
        ],
        &[
            ("src/cli/mod.rs", "fn f() { Local::now() }"),
            ("src/ingest/mod.rs", "fn f() { std::time::Instant::now() }"),
            ("src/when/mod.rs", "fn f(now: Day) { now }"),
        ],
    );
}

#[test]
fn nothing_speaks_to_the_network() {
    keeps(rules::network);
}

#[test]
fn the_network_used_elsewhere_is_seen() {
    sees(
        rules::network,
        &[
            ("src/ingest/mod.rs", "use std::net::TcpStream;"),
            ("src/cli/serve.rs", "use std::{fs, net};"),
            ("src/read/mod.rs", "fn f() { tokio::net::TcpListener::bind(x) }"),
        ],
        &[
            ("src/web/mod.rs", "use std::net::TcpListener;"),
            ("src/backend/opensearch/mod.rs", "use std::net::TcpStream;"),
        ],
    );
}

#[test]
fn engines_name_no_language() {
    keeps(rules::language_codes);
}

#[test]
fn a_language_in_an_engine_is_seen() {
    sees(
        rules::language_codes,
        &[
            ("src/when/mod.rs", "fn f() { if code == \"en\" {} }"),
            ("src/extract/people.rs", "match code { r\"en-GB\" => {} }"),
        ],
        &[
            ("src/when/mod.rs", "#[cfg(test)] mod tests { const C: &str = \"en\"; }"),
            ("src/when/mod.rs", "const ENDING: &str = \"ened\"; // \"en\""),
            ("src/cli/extract.rs", "const C: &str = \"en\";"),
            ("src/extract/names/people.rs", "const P: &[&str] = &[\"de\", \"van\"];"),
        ],
    );
    let (declared, file) = (("src/query/mod.rs", "#[cfg(test)] mod cases;"), ("src/query/cases.rs", "f(\"en\")"));
    assert_eq!(told(rules::language_codes, &[declared, file]), "");
    assert_ne!(told(rules::language_codes, &[("src/query/mod.rs", "mod cases;"), file]), "");
    // The code of any language that we have counts.
    let new = ("src/language/xx.rs", "static XX: Language = Language {\n code: \"xx\",\n name: \"yy\" };");
    let engine = ("src/query/mod.rs", "fn f() { g(\"xx\", \"yy\") }");
    assert!(told(rules::language_codes, &[new, engine]).contains("\"xx\""));
    assert!(!told(rules::language_codes, &[new, engine]).contains("\"yy\""));
}

#[test]
fn every_file_says_what_it_is_for() {
    keeps(rules::openings);
}

#[test]
fn a_file_without_an_opening_is_seen() {
    sees(
        rules::openings,
        &[("src/a.rs", "use std::fs;"), ("tests/a.rs", "\n//! Late."), ("src/a.rs", "")],
        &[("src/a.rs", "//! Something.")],
    );
}

#[test]
#[expect(clippy::print_stdout, reason = "a note for `cargo test -- --nocapture`, not a failure")]
fn no_file_is_too_large() {
    for note in rules::large(&THIS) {
        println!("note: {note}");
    }
    keeps(rules::sizes);
}

#[test]
fn a_file_too_large_is_seen() {
    let lines = |count: usize| "x\n".repeat(count);
    sees(rules::sizes, &[("src/a.rs", &lines(tables::LARGEST + 1))], &[("src/a.rs", &lines(tables::LARGEST))]);
}

#[test]
fn every_part_stands_in_its_registry() {
    keeps(rules::registries);
}

#[test]
fn a_part_missing_from_its_registry_is_seen() {
    let list = "static FORMATS: &[&dyn Format] = &[\n &json::Reader, //\n];";
    let format = "struct Reader; impl Format for Reader {}";
    let with = |path: &str, text: &str| told(rules::registries, &[("src/read/mod.rs", list), (path, text)]);
    assert_eq!(with("src/read/json.rs", format), "");
    assert_eq!(with("src/read/json/lines.rs", format), "");
    assert_ne!(with("src/read/warc.rs", "impl super::Format for Reader {}"), "");
    let json = ("src/read/json.rs", format);
    let container = ("src/read/container.rs", "fn f() {} #[cfg(test)] mod tests { impl Format for Fake {} }");
    assert_eq!(told(rules::registries, &[("src/read/mod.rs", list), json, container]), "");
    assert_ne!(with("src/read/json.rs", "impl Reader for Json {}"), "", "the list is checked by what no file has");
    assert_eq!(
        with("src/read/warc.rs", format),
        "src/read/warc.rs: `warc` is missing from `FORMATS` in src/read/mod.rs"
    );
    assert_ne!(with("src/cli/count.rs", "impl Command for Count {}"), "");
    assert_ne!(with("src/output/csv.rs", "impl Output for Csv {}"), "");
    assert_ne!(with("src/extract/ships.rs", "impl Extractor for Ships {}"), "");
    assert_ne!(with("src/language/pt.rs", "pub(super) static PORTUGUESE: Language = Language { };"), "");
}

#[test]
fn the_page_on_architecture_has_the_same_floors() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/architecture.md"));
    let page = page.expect("docs/architecture.md is there");
    for (floor, modules) in tables::FLOORS {
        for module in *modules {
            let row = page
                .lines()
                .find(|line| line.starts_with(&format!("| {floor} |")) && line.contains(&format!("`{module}`")));
            assert!(row.is_some(), "docs/architecture.md: no row of floor {floor} has `{module}`");
        }
    }
}

#[test]
fn the_page_on_architecture_names_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/architecture.md")).expect("docs/architecture.md is there");
    // Tests are named as `path/of/file.rs#name_of_test`.
    let named: Vec<(&str, &str)> =
        page.split('`').filter_map(|code| code.split_once(".rs#")).filter(|(path, _)| !path.contains('\n')).collect();
    assert!(named.len() > 5, "the page names tests");
    for (path, test) in named {
        let text = fs::read_to_string(root.join(format!("{path}.rs"))).unwrap_or_default();
        assert!(text.contains(&format!("fn {test}(")), "docs/architecture.md: `{path}.rs` has no test `{test}`");
    }
}
