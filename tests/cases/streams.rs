//! Standard output that ends early: a reader that has gone is no error, a full disk is one.

use super::program::Program;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

/// More output than a pipe and a buffer hold, so that writing goes on after the reader has gone.
fn long_input() -> String {
    let text = "It rained. ".repeat(1000);
    (0..100).map(|id| format!("{{\"id\":\"{id}\",\"text\":\"{text}\"}}\n")).collect()
}

#[test]
fn a_closed_pipe_is_a_quiet_end() {
    let program = Program::new();
    let mut child = program
        .command(&["extract", "--format", "jsonl", "-"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().expect("it is a pipe");
    // The program may have ended before it has read everything.
    let _ = stdin.write_all(long_input().as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("a child can be waited for");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_standard_output_is_an_error() {
    let program = Program::new();
    let full = std::fs::File::options().write(true).open("/dev/full").expect("Linux has it");
    program.write("one.jsonl", b"{\"id\":\"1\",\"text\":\"It rained.\"}\n");
    let input = std::fs::File::open(program.path("one.jsonl")).expect("it was just written");
    let output = program
        .command(&["extract", "--format", "jsonl", "-"])
        .stdin(input)
        .stdout(full)
        .output()
        .expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("standard output"), "{said}");
}

#[test]
fn data_and_talk_are_kept_apart() {
    let program = Program::new();
    let version = program.run(&["--version"]);
    assert!(version.stdout.starts_with("dateline ") && version.stderr.is_empty(), "{version:?}");
    let fault = program.run(&["no-such-command"]);
    assert!(fault.stdout.is_empty() && fault.stderr.starts_with("error: "), "{fault:?}");
}

/// An index of one article that would colour the terminal, rename its window and turn its title around.
fn hostile() -> Program {
    let program = Program::new();
    let article =
        "{\"id\":\"a\",\"title\":\"Red \\u001b[31m \\u202etitle\",\"text\":\"Rain \\u001b]0;x\\u0007 fell.\"}\n";
    program.write("one.jsonl", article.as_bytes());
    assert_eq!(program.run(&["index", "--index", "kept", "one.jsonl"]).code, Some(0));
    program
}

#[test]
fn a_reader_that_has_seen_enough_is_no_fault() {
    let program = Program::new();
    program.write("news/all.jsonl", long_input().as_bytes());
    assert_eq!(program.run(&["index", "-q", "--index", "kept", "news"]).code, Some(0));
    for format in ["text", "json", "jsonl", "csv"] {
        let arguments = ["search", "-n", "0", "--index", "kept", "--format", format, "rained"];
        let mut child = program.command(&arguments).spawn().expect("the program starts");
        let mut first = String::new();
        BufReader::with_capacity(16, child.stdout.take().expect("it is a pipe")).read_line(&mut first).expect("read");
        let mut said = String::new();
        child.stderr.take().expect("it is a pipe").read_to_string(&mut said).expect("read");
        assert_eq!((child.wait().expect("it ends").code(), said.as_str()), (Some(0), ""), "{format}");
        assert!(!first.is_empty());
    }
}

/// The exit code and what was said of a command line for the shell, in which `$D` is the program.
#[cfg(target_os = "linux")]
fn shell(program: &Program, line: &str) -> (Option<i32>, String) {
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(program.path("")).env("D", env!("CARGO_BIN_EXE_dateline"));
    let output = command.stdin(Stdio::null()).output().expect("there is a shell");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_goes_nowhere_is_said_to() {
    let program = hostile();
    let lost = "warning: standard output is closed: what was found is lost\n";
    for (line, code, said) in [
        ("$D count --index kept rain >&-", 0, lost),
        ("$D count --index kept rain >/dev/null", 0, ""),
        ("$D count -q --index kept rain >&-", 0, ""),
        ("$D count --index kept rain >/dev/null 2>&-", 0, ""),
        ("$D count --index none rain 2>&-", 2, ""),
        ("$D count --index none rain 2>/dev/full", 2, ""),
        ("$D index -q --index other one.jsonl 2>&- >&- <&-", 0, ""),
    ] {
        assert_eq!(shell(&program, line), (Some(code), said.to_owned()), "{line}");
    }
    let commands = ["--help", "search --help", "--version", "man", "completions bash", "fields", "formats"];
    let on_the_index = ["search rain", "count rain", "show a", "status", "check", "index one.jsonl"];
    let indexed = on_the_index.map(|command| format!("{command} --index kept"));
    for command in commands.map(str::to_owned).into_iter().chain(indexed) {
        let (code, said) = shell(&program, &format!("$D {command} >/dev/full"));
        assert_eq!(code, Some(2), "{command}: {said}");
        assert!(
            said.starts_with("error: failed writing to standard output\nbecause No space left"),
            "{command}: {said}"
        );
    }
}

#[test]
fn colour_is_for_those_who_want_it() {
    let program = hostile();
    let coloured = |arguments: &[&str], environment: &[(&str, &str)]| {
        let mut command = program.command(&["search", "--index", "kept", "rain"]);
        let output = command.args(arguments).envs(environment.iter().copied()).output().expect("it runs");
        String::from_utf8(output.stdout).expect("UTF-8").contains("\u{1b}[1m")
    };
    for (arguments, environment, expected) in [
        (&[][..], &[][..], false),
        (&["--color", "always"], &[], true),
        (&["--color", "always"], &[("NO_COLOR", "1")], true),
        (&["--color", "never"], &[("CLICOLOR_FORCE", "1")], false),
        (&[], &[("CLICOLOR_FORCE", "1")], true),
        (&[], &[("CLICOLOR_FORCE", "0")], false),
        (&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
    ] {
        assert_eq!(coloured(arguments, environment), expected, "{arguments:?} {environment:?}");
    }
}

#[test]
fn what_a_terminal_would_obey_is_shown_and_not_done() {
    let program = hostile();
    for command in ["search --index kept rain", "show --index kept a", "extract one.jsonl"] {
        let mut arguments = vec!["--color", "always"];
        arguments.extend(command.split(' '));
        let shown = program.run(&arguments).stdout;
        assert!(!shown.contains("\u{1b}[31m") && !shown.contains('\u{202e}') && !shown.contains('\u{7}'), "{shown:?}");
        assert!(shown.contains("\\u{1b}[31m") && shown.contains("\\u{202e}"), "{shown:?}");
        let piped = program.run(&arguments[2..]).stdout;
        assert!(piped.contains("\u{1b}[31m \u{202e}title"), "a pipe gets what is there: {piped:?}");
    }
    for arguments in [["search", "--index", "no\u{1b}[31m", "rain"], ["show", "--index", "kept", "x\u{1b}[31m\u{202e}"]]
    {
        let ran = program.run(&arguments);
        assert_eq!(ran.code, Some(2));
        assert!(ran.stderr.contains("\\u{1b}[31m") && !ran.stderr.contains('\u{1b}'), "{:?}", ran.stderr);
    }
    let json = program.run(&["show", "--format", "json", "--index", "kept", "a"]).stdout;
    let value: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(value["title"], "Red \u{1b}[31m \u{202e}title");
}

#[test]
fn progress_is_for_terminals() {
    let program = Program::new();
    program.write("news/all.jsonl", long_input().as_bytes());
    let ran = program.run(&["index", "--index", "kept", "news"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
}
