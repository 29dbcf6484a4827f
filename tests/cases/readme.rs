//! What the pages say: every command that they show is run and its output compared, every link leads somewhere, every
//! test that they name exists.
//!
//! A block fenced as `console` has commands after `$ ` and what came of them, on a terminal, below each:
//!
//! ````text
//! ```console
//! $ dateline search --in sample_corpus 'treaty' -n 2
//! 1. …
//! …
//! 25 articles (showing 1 to 2) in 3 ms
//! ```
//! ````
//!
//! The commands of a page run one after the other in a folder with a copy of `sample_corpus`. `cargo run … -- X` is
//! `dateline X`; `echo 'TEXT' | dateline X` gives it a line of standard input. A line that is `…` stands for any lines,
//! `…` at the end of a line for the rest of it. Times taken and sizes on disk may differ. `DATELINE_RENEW=1 cargo test
//! --test main` writes anew what differs in anything else.

use super::program::Program;
use super::snapshots::{RENEW, split, times};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

/// Stands for what is left out.
const LEFT_OUT: &str = "…";
/// What the pages call the home folder, in which the commands are run.
const HOME: &str = "/home/you";

/// The pages, each with its text.
fn pages() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = fs::read_dir(root.join("docs")).expect("the folder is there").flatten().map(|entry| entry.path());
    let mut pages: Vec<PathBuf> = docs.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect();
    pages.extend(["README.md", "CHANGELOG.md"].map(|name| root.join(name)));
    pages.sort();
    pages.into_iter().map(|page| (page.clone(), fs::read_to_string(&page).expect("a page is UTF-8"))).collect()
}

#[test]
fn what_the_pages_show_is_what_happens() {
    let renew = std::env::var_os(RENEW).is_some_and(|value| value != "0");
    let mut faults = String::new();
    let mut commands = 0;
    for (page, before) in pages() {
        let (after, ran) = play(&before);
        commands += ran;
        if after != before && renew {
            fs::write(&page, &after).expect("a page can be written");
        } else if after != before {
            let name = page.file_name().unwrap_or_default().to_string_lossy();
            let lines = before.lines().zip(after.lines()).enumerate();
            if let Some((line, (old, new))) = lines.into_iter().find(|(_, (old, new))| old != new) {
                faults.push_str(&format!("{name}, line {}:\n  - {old}\n  + {new}\n", line + 1));
            }
        }
    }
    assert!(commands > 10, "the pages show commands");
    assert!(faults.is_empty(), "\n{faults}Where the new lines (+) are right: {RENEW}=1 cargo test --test main\n");
}

/// The page with what came of its commands now, where that differs; and how many there are.
fn play(page: &str) -> (String, usize) {
    let program = Program::new();
    program.copy("sample_corpus");
    if page.contains("\n$ dateline index") {
        // Files that have only just changed are read again by the next run; those of a reader are older.
        thread::sleep(Duration::from_millis(2500));
    }
    let mut played = String::new();
    let mut commands = 0;
    let mut lines = page.lines().peekable();
    let mut inside = false;
    while let Some(line) = lines.next() {
        played.push_str(line);
        played.push('\n');
        inside = if inside { line != "```" } else { line == "```console" };
        let Some(command) = line.strip_prefix("$ ").filter(|_| inside) else { continue };
        commands += 1;
        let mut shown = Vec::new();
        while let Some(line) = lines.next_if(|line| !line.starts_with("$ ") && *line != "```") {
            shown.push(line);
        }
        // A blank line sets the next command off.
        let blank = shown.last().is_some_and(|line| line.is_empty()) && lines.peek().is_some_and(|line| *line != "```");
        let written = if blank { &shown[..shown.len() - 1] } else { &shown[..] };
        let ran = run(&program, command);
        let ran: Vec<&str> = ran.lines().map(str::trim_end).collect();
        let fresh = if same(written, &ran) { written.to_vec() } else { shortened(written, &ran) };
        for line in fresh.iter().chain(blank.then_some(&"")) {
            played.push_str(line);
            played.push('\n');
        }
    }
    (played, commands)
}

/// Runs a command of a page; gives both its outputs as a terminal would have shown them.
fn run(program: &Program, command: &str) -> String {
    let (input, command) = match command.strip_prefix("echo ").and_then(|rest| rest.split_once(" | ")) {
        Some((text, command)) => (split(text).join(" ") + "\n", command),
        None => (String::new(), command),
    };
    let words = split(command);
    let arguments: Vec<&str> = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["dateline", arguments @ ..] => arguments.to_vec(),
        ["cargo", "run", rest @ ..] => rest.iter().copied().skip_while(|word| *word != "--").skip(1).collect(),
        _ => panic!("only dateline is run, not `{command}`"),
    };
    program.write("../terminal", b"");
    let terminal = File::options().append(true).open(program.path("../terminal")).expect("it was just written");
    let both = terminal.try_clone().expect("a handle can be copied");
    let mut child = program
        .command(&arguments)
        .stdin(Stdio::piped())
        .stdout(terminal)
        .stderr(both)
        .spawn()
        .expect("the program starts");
    let _ = child.stdin.take().expect("it is a pipe").write_all(input.as_bytes());
    child.wait().expect("a child can be waited for");
    let mut text = fs::read_to_string(program.path("../terminal")).expect("the program writes UTF-8");
    for (folder, name) in [(program.home().join("data"), "/.local/share"), (program.path(""), "")] {
        for folder in [folder.canonicalize().unwrap_or_else(|_| folder.clone()), folder] {
            text = text.replace(folder.to_string_lossy().trim_end_matches('/'), &format!("{HOME}{name}"));
        }
    }
    text
}

/// Whether a page's lines are what came of a command, but for what they leave out and what changes from run to run.
fn same(shown: &[&str], ran: &[&str]) -> bool {
    match shown.split_first() {
        None => ran.is_empty(),
        Some((&LEFT_OUT, rest)) => (1..=ran.len()).any(|left_out| same(rest, &ran[left_out..])),
        Some((line, rest)) => ran.split_first().is_some_and(|(first, after)| alike(line, first) && same(rest, after)),
    }
}

fn alike(shown: &str, ran: &str) -> bool {
    let begins = shown.strip_suffix(LEFT_OUT).is_some_and(|begin| stable(ran).starts_with(&stable(begin)));
    stable(shown) == stable(ran) || begins
}

/// A line without what changes from run to run and from machine to machine.
fn stable(line: &str) -> String {
    let line = times(line);
    if line.starts_with("size  ") {
        return "size".to_owned();
    }
    // The number of files of an index depends on the number of threads.
    match line.split_once(" files of the index") {
        Some((before, after)) => format!("{} FILES{after}", before.trim_end_matches(|c: char| c.is_ascii_digit())),
        None => line,
    }
}

/// What came of a command, shortened as before: as many lines before and after the first place that was left out.
fn shortened<'a>(shown: &[&'a str], ran: &[&'a str]) -> Vec<&'a str> {
    let Some(before) = shown.iter().position(|line| *line == LEFT_OUT) else { return ran.to_vec() };
    let after = shown.iter().rev().position(|line| *line == LEFT_OUT).unwrap_or(0);
    if before + after >= ran.len() {
        return ran.to_vec();
    }
    let mut fresh = ran[..before].to_vec();
    fresh.push(LEFT_OUT);
    fresh.extend(&ran[ran.len() - after..]);
    fresh
}

#[test]
fn what_differs_is_seen_and_written_anew() {
    let page = "# A page\n\n```console\n$ dateline count --in sample_corpus treaty\nwrong\n\n$ dateline --version\n";
    let (played, commands) = play(&format!("{page}dateline 0\n```\n\n```text\n$ not run\n```\n"));
    assert_eq!(commands, 2);
    assert!(played.contains("treaty\n84 articles") && !played.contains("wrong"), "{played}");
    assert!(played.ends_with("\n```\n\n```text\n$ not run\n```\n"), "{played}");
    assert_eq!(play(&played).0, played);
}

#[test]
fn left_out_lines_may_be_any() {
    for (shown, ran, expected) in [
        (&["a", "b"][..], &["a", "b"][..], true),
        (&["a"], &["a", "b"], false),
        (&["a", "…"], &["a", "b", "c"], true),
        (&["a", "…", "c"], &["a", "b", "c"], true),
        (&["a", "…", "b"], &["a", "b", "c"], false),
        (&["…", "b", "…", "d"], &["a", "b", "c", "d"], true),
        (&["a", "…"], &["a"], false),
        (&["{\"a\":1,…"], &["{\"a\":1,\"b\":2}"], true),
        (&["1 in 3 ms"], &["1 in 250 ms"], true),
        (&["1 in 3 ms"], &["2 in 3 ms"], false),
    ] {
        assert_eq!(same(shown, ran), expected, "{shown:?} {ran:?}");
    }
}

#[test]
fn every_link_leads_somewhere() {
    let mut links = 0;
    for (page, text) in pages() {
        let folder = page.parent().expect("a page lies in a folder");
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or("");
            if file.is_empty() || file.contains("://") {
                continue;
            }
            links += 1;
            assert!(folder.join(file).exists(), "{}: `{target}` leads nowhere", page.display());
        }
    }
    assert!(links > 5, "the pages have links");
}

#[test]
fn every_test_that_a_page_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (page, text) in pages() {
        for name in text.split('`').filter(|word| word.contains(".rs#")) {
            let (file, test) = name.split_once('#').expect("it has one");
            let source = fs::read_to_string(root.join(file)).unwrap_or_default();
            assert!(source.contains(&format!("fn {test}(")), "{}: there is no test `{name}`", page.display());
        }
    }
}
