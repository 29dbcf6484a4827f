//! The rules: each takes a [`Project`] and gives one line for each breach, empty where all is well.

use crate::scan::{Path, Source, Token};
use crate::tables::{DEPENDENCIES, ENGINES, FLOORS, LARGE, LARGEST, OTHER_CODES, PARTICLES, REGISTRIES, Registry};

/// What is checked: sources and the manifest.
pub(crate) struct Project {
    pub(crate) sources: Vec<Source>,
    pub(crate) manifest: String,
}

impl Project {
    /// Puts sources together; files that only tests have are marked as such.
    pub(crate) fn new(mut sources: Vec<Source>, manifest: String) -> Project {
        let tests: Vec<String> = sources.iter().flat_map(Source::test_files).collect();
        let in_tests = |path: &str| tests.iter().any(|test| lies_in(path.trim_end_matches(".rs"), test));
        sources.iter_mut().filter(|source| in_tests(&source.path)).for_each(Source::mark_as_test);
        Project { sources, manifest }
    }

    /// The library and the program, without tests and benchmarks.
    fn shipped(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().filter(|source| source.path.starts_with("src/"))
    }

    /// Every path of the library, with the file it stands in.
    fn paths(&self) -> impl Iterator<Item = (&Source, Path)> {
        self.shipped().flat_map(|source| source.paths().into_iter().map(move |path| (source, path)))
    }
}

/// Whether `path` is `home` or lies in it; a home is a folder (`src/cli`), a file, or `src` for everywhere.
fn lies_in(path: &str, home: &str) -> bool {
    path == home || path.strip_prefix(home).is_some_and(|rest| rest.starts_with('/'))
}

fn floor(module: &str) -> Option<u8> {
    FLOORS.iter().find(|(_, modules)| modules.contains(&module)).map(|(floor, _)| *floor)
}

/// A module uses lower floors and itself only.
pub(crate) fn floors(project: &Project) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in project.shipped() {
        // `lib.rs` and `main.rs` stand above all floors.
        let Some(from) = source.module.first() else { continue };
        let Some(own) = floor(from) else {
            breaches.push(format!("{}: the module `{from}` has no floor in tests/architecture/tables.rs", source.path));
            continue;
        };
        for path in source.paths() {
            if path.parts[0] != "crate" {
                continue;
            }
            let Some(to) = path.parts.get(1).map(String::as_str) else {
                // `pub(crate)` and `pub(in super::super)` name the root too, and mean no harm.
                if path.next != ")" {
                    breaches.push(format!("{}:{}: the whole crate is imported", source.path, path.line));
                }
                continue;
            };
            let at = format!("{}:{}: `{}`", source.path, path.line, path.written());
            match floor(to) {
                _ if to == from => {}
                Some(other) if other < own => {}
                Some(other) => {
                    let way = if other == own { "sideways" } else { "upward" };
                    breaches.push(format!("{at} goes {way}: `{from}` is on floor {own}, `{to}` on floor {other}"));
                }
                None => breaches.push(format!("{at} leads to no module with a floor")),
            }
        }
    }
    breaches
}

/// A dependency is named in its home only, and each has one.
pub(crate) fn dependency_homes(project: &Project) -> Vec<String> {
    let mut breaches = Vec::new();
    for (source, path) in project.paths() {
        let name = path.parts[0].as_str();
        let Some((_, homes)) = DEPENDENCIES.iter().find(|(dependency, _)| *dependency == name) else { continue };
        // A lone word is a variable or a module of our own, unless it is imported or a macro.
        let imported = path.parts.len() > 1 || is_import(source, &path);
        let tests_only = homes.is_empty() && path.in_tests;
        if imported && !tests_only && !homes.iter().any(|home| lies_in(&source.path, home)) {
            let home = if homes.is_empty() { "tests".to_owned() } else { homes.join(", ") };
            breaches.push(format!("{}:{}: `{}`: the home of {name} is {home}", source.path, path.line, path.written()));
        }
    }
    breaches
}

/// Whether a path of one part is all of a `use`, as in `use csv;` or `use csv as c;`.
fn is_import(source: &Source, path: &Path) -> bool {
    source.tokens.windows(2).any(|pair| {
        pair[0].line <= path.line
            && pair[1].line == path.line
            && matches!(pair[0].text.as_str(), "use" | "crate")
            && pair[1].text == path.parts[0]
    })
}

/// The table of homes and the manifest name the same dependencies.
pub(crate) fn dependency_table(project: &Project) -> Vec<String> {
    let mut named = Vec::new();
    let mut section = false;
    for line in project.manifest.lines() {
        if let Some(header) = line.strip_prefix('[') {
            let header = header.trim_end().trim_end_matches(']');
            section = header.ends_with("dependencies");
            if let Some((_, name)) = header.split_once("dependencies.") {
                named.push(name.replace('-', "_"));
            }
        } else if section && line.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let name = line.split(['=', '.', ' ']).next().unwrap_or(line);
            named.push(name.replace('-', "_"));
        }
    }
    let missing = named
        .iter()
        .filter(|name| !DEPENDENCIES.iter().any(|(dependency, _)| dependency == name))
        .map(|name| format!("Cargo.toml: `{name}` has no home in tests/architecture/tables.rs"));
    let stale = DEPENDENCIES
        .iter()
        .filter(|(dependency, _)| !named.iter().any(|name| name == dependency))
        .map(|(dependency, _)| format!("tests/architecture/tables.rs: `{dependency}` is no dependency any more"));
    missing.chain(stale).collect()
}

/// Only `cli/report.rs` prints.
pub(crate) fn printing(project: &Project) -> Vec<String> {
    breaches(project, &["src/cli/report.rs"], "only cli/report.rs prints", |path| {
        let name = path.parts.last().map_or("", String::as_str);
        let macro_name = matches!(name, "println" | "eprintln" | "print" | "eprint" | "dbg") && path.next == "!";
        macro_name || path.has(&["io", "stdout"]) || path.has(&["io", "stderr"])
    })
}

/// Only the command line ends the process.
pub(crate) fn exits(project: &Project) -> Vec<String> {
    breaches(project, &["src/main.rs", "src/cli"], "only the command line ends the process", |path| {
        path.has(&["process", "exit"]) || path.has(&["process", "abort"])
    })
}

/// Only the command line reads the environment; tests may, which are told there how long to go on.
pub(crate) fn environment(project: &Project) -> Vec<String> {
    breaches(project, &["src/cli"], "only the command line reads the environment", |path| {
        path.has(&["std", "env"]) && !path.in_tests
    })
}

/// Today's date is an argument below the command line. `Instant` measures time and knows no date.
pub(crate) fn today(project: &Project) -> Vec<String> {
    breaches(project, &["src/cli"], "today's date comes from the command line", |path| {
        path.parts.last().is_some_and(|name| name == "now") && path.parts.len() > 1 && !path.has(&["Instant", "now"])
    })
}

/// Nothing speaks to the network, but the web server and the distributed backend.
pub(crate) fn network(project: &Project) -> Vec<String> {
    breaches(
        project,
        &["src/web", "src/backend/opensearch"],
        "only web and backend/opensearch use the network",
        |path| {
            let types = ["TcpStream", "TcpListener", "UdpSocket"];
            path.has(&["std", "net"]) || path.parts.iter().any(|part| types.contains(&part.as_str()))
        },
    )
}

/// The paths that `is_breach` catches outside `homes`.
fn breaches(project: &Project, homes: &[&str], why: &str, is_breach: fn(&Path) -> bool) -> Vec<String> {
    project
        .paths()
        .filter(|(source, path)| !homes.iter().any(|home| lies_in(&source.path, home)) && is_breach(path))
        .map(|(source, path)| format!("{}:{}: `{}`: {why}", source.path, path.line, path.written()))
        .collect()
}

/// An engine names no language: it reads what a `Language` says.
pub(crate) fn language_codes(project: &Project) -> Vec<String> {
    let mut codes: Vec<&str> = OTHER_CODES.to_vec();
    for source in project.shipped().filter(|source| lies_in(&source.path, "src/language")) {
        // The literal after `code:`; literals are told apart by line, for the scanner keeps no other tie to tokens.
        for pair in source.tokens.windows(2).filter(|pair| pair[0].text == "code" && pair[1].text == ":") {
            codes.extend(source.strings.iter().filter(|s| s.line == pair[0].line).map(|s| s.value.as_str()));
        }
    }
    let mut breaches = Vec::new();
    for source in project.shipped().filter(|source| ENGINES.iter().any(|home| in_module(source, home))) {
        for literal in source.strings.iter().filter(|literal| !literal.in_tests) {
            let code = literal.value.as_str();
            let particle = PARTICLES.contains(&code) && lies_in(&source.path, "src/extract/names");
            if codes.contains(&code) && !particle {
                breaches.push(format!(
                    "{}:{}: \"{}\" is the code of a language: say it in `Language` and read it there",
                    source.path, literal.line, literal.value
                ));
            }
        }
    }
    breaches
}

/// Whether a file belongs to this module of the top level.
fn in_module(source: &Source, module: &str) -> bool {
    source.module.first().is_some_and(|first| first == module)
}

/// A file opens with what it is for.
pub(crate) fn openings(project: &Project) -> Vec<String> {
    let silent = |source: &&Source| !source.text.starts_with("//! ");
    project
        .sources
        .iter()
        .filter(silent)
        .map(|source| format!("{}: does not open with `//! ` and what it is for", source.path))
        .collect()
}

/// No file is larger than [`LARGEST`] lines.
pub(crate) fn sizes(project: &Project) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in &project.sources {
        let lines = source.text.lines().count();
        if lines > LARGEST {
            breaches.push(format!("{}: {lines} lines, at most {LARGEST}: split it", source.path));
        }
    }
    breaches
}

/// Files that are not too large yet, but ask to be split.
pub(crate) fn large(project: &Project) -> Vec<String> {
    let lines = |source: &Source| source.text.lines().count();
    let large = project.sources.iter().filter(|source| (LARGE + 1..=LARGEST).contains(&lines(source)));
    large.map(|source| format!("{}: {} lines, {LARGE} is the aim", source.path, lines(source))).collect()
}

/// A file with a part that is looked up in a registry stands in it.
pub(crate) fn registries(project: &Project) -> Vec<String> {
    let mut breaches = Vec::new();
    for registry in REGISTRIES {
        let home = format!("{}/mod.rs", registry.folder);
        let list = project.sources.iter().find(|source| source.path == home).map(|source| list(source, registry.list));
        let mut parts = 0;
        for source in project.shipped().filter(|source| lies_in(&source.path, registry.folder) && source.path != home) {
            let inner = &source.path[registry.folder.len() + 1..];
            let name = inner.split(['/', '.']).next().unwrap_or(inner);
            let listed = list.iter().flatten().any(|entry| entry == name);
            if !has_part(source, registry) {
                continue;
            }
            parts += 1;
            if !listed {
                breaches.push(format!("{}: `{name}` is missing from `{}` in {home}", source.path, registry.list));
            }
        }
        if parts == 0 && list.iter().flatten().next().is_some() {
            breaches.push(format!("{home}: no file has `{}`, which `{}` is checked by", registry.part, registry.list));
        }
    }
    breaches
}

/// The first parts of the paths in the list `name` of `source`.
fn list(source: &Source, name: &str) -> Vec<String> {
    let words: Vec<&Token> = source.tokens.iter().collect();
    let mut entries = Vec::new();
    for (at, pair) in words.windows(2).enumerate() {
        if pair[0].text == name && pair[1].text == ":" {
            let value = words[at..].iter().skip_while(|token| token.text != "=").take_while(|token| token.text != ";");
            let value: Vec<&str> = value.map(|token| token.text.as_str()).collect();
            entries.extend(value.windows(2).filter(|pair| pair[1] == "::").map(|pair| pair[0].to_owned()));
        }
    }
    entries
}

/// Whether `source` has what the registry lists, outside its tests.
fn has_part(source: &Source, registry: &Registry) -> bool {
    let code: Vec<&str> = source.tokens.iter().filter(|t| !t.in_tests).map(|t| t.text.as_str()).collect();
    let part: Vec<&str> = registry.part.split(' ').collect();
    code.windows(part.len()).any(|window| window == part.as_slice())
}
