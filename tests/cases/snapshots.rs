//! Whole-program snapshots: each file of `tests/snapshots` is a story of commands and all that came of them.
//!
//! A line says what it is by its first characters:
//!
//! ```text
//! # remark
//! copy sample_corpus        a file or folder of the package, put into the folder
//! write notes/a.txt         a file, whose lines follow
//! | a line of it
//! $ dateline search 'a b'   a command; quotes as in a shell, nothing else of one
//! < a line of standard input
//! = the exit code
//! > a line of standard output
//! ! a line of standard error
//! ```
//!
//! What changes from run to run is filtered ([`filter`]). `DATELINE_RENEW=1 cargo test --test main` writes the last three
//! anew; look at the difference before committing it.

use super::program::Program;
use std::fs;
use std::path::Path;

/// Set to anything but `0`, the files are written anew.
pub(super) const RENEW: &str = "DATELINE_RENEW";

/// Said where output does not end with the end of a line.
const UNENDED: &str = "(no end of line)";

#[test]
fn the_program_says_what_it_said() {
    let renew = std::env::var_os(RENEW).is_some_and(|value| value != "0");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    let mut files: Vec<_> = fs::read_dir(&folder).expect("the folder is there").flatten().map(|e| e.path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "txt"));
    files.sort();
    assert!(!files.is_empty(), "there are snapshots");
    let mut failures = String::new();
    for file in files {
        let before = fs::read_to_string(&file).expect("a snapshot is UTF-8");
        let after = play(&before);
        if renew && after != before {
            fs::write(&file, &after).expect("a snapshot can be written");
        } else if after != before {
            let name = file.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(&file);
            failures.push_str(&format!("{}\n{}\n", name.display(), difference(&before, &after)));
        }
    }
    assert!(failures.is_empty(), "\n{failures}Where the new lines (+) are right: {RENEW}=1 cargo test --test main\n");
}

/// Runs the commands of a snapshot; gives it back with what came of them now.
fn play(snapshot: &str) -> String {
    let program = Program::new();
    let mut played = String::new();
    let mut lines = snapshot.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with(['=', '>', '!']) {
            // What came of a command before.
            continue;
        }
        played.push_str(line);
        played.push('\n');
        let mut following = |mark: char| {
            let mut text = String::new();
            while let Some(line) = lines.next_if(|line| line.starts_with(mark)) {
                played.push_str(line);
                played.push('\n');
                text.push_str(line[1..].strip_prefix(' ').unwrap_or(&line[1..]));
                text.push('\n');
            }
            text
        };
        if let Some(name) = line.strip_prefix("copy ") {
            program.copy(name);
        } else if let Some(name) = line.strip_prefix("write ") {
            let text = following('|');
            program.write(name, text.as_bytes());
        } else if let Some(command) = line.strip_prefix("$ ") {
            let input = following('<');
            let words = split(command);
            let (first, arguments) = words.split_first().expect("a command has a name");
            assert_eq!(first, "dateline", "only dateline is run, not `{command}`");
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let ran = program.run_with(&arguments, &input);
            played.push_str(&match ran.code {
                Some(code) => format!("= {code}\n"),
                None => "= ended by a signal\n".to_owned(),
            });
            for (mark, text) in [('>', &ran.stdout), ('!', &ran.stderr)] {
                played.push_str(&marked(mark, &filter(text, &program)));
            }
        } else {
            assert!(line.is_empty() || line.starts_with('#'), "what is this line of a snapshot? `{line}`");
        }
    }
    played
}

/// Each line of `text` after its mark.
fn marked(mark: char, text: &str) -> String {
    let mut lines: String = text.lines().map(|line| format!("{mark} {line}").trim_end().to_owned() + "\n").collect();
    if !text.is_empty() && !text.ends_with('\n') {
        lines.push_str(&format!("{mark}{UNENDED}\n"));
    }
    lines
}

/// The words of a command; what stands between single or double quotes is one.
pub(super) fn split(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in command.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => word.get_or_insert_default().push(c),
            None if c == '\'' || c == '"' => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c.is_whitespace() => words.extend(word.take()),
            None => word.get_or_insert_default().push(c),
        }
    }
    assert!(quote.is_none(), "a quote is open: {command}");
    words.extend(word);
    words
}

/// Takes out what changes from run to run: the folder, how long it took, the number of the version.
fn filter(text: &str, program: &Program) -> String {
    let mut text = text.to_owned();
    for (path, name) in [(program.path(""), "FOLDER"), (program.home(), "HOME")] {
        // Both as it was given and with its links followed.
        for path in [path.canonicalize().unwrap_or_else(|_| path.clone()), path] {
            text = text.replace(path.to_string_lossy().trim_end_matches('/'), name);
        }
    }
    text = text.replace(concat!("dateline ", env!("CARGO_PKG_VERSION")), "dateline VERSION");
    times(&moments(&text))
}

/// Puts `TODAY` in the place of this day and of the time behind it: `2026-11-26T20:31:05+00:00`, `26 November 2026`.
fn moments(text: &str) -> String {
    let today = chrono::Utc::now().date_naive();
    let mut text = text.to_owned();
    // A command may have begun before midnight.
    for day in [Some(today), today.pred_opt()].into_iter().flatten() {
        text = text.replace(&day.format("%-d %B %Y").to_string(), "TODAY");
        let mut parts = text.split(&day.to_string()).map(str::to_owned).collect::<Vec<_>>().into_iter();
        text = parts.next().unwrap_or_default();
        for part in parts {
            let long = part.starts_with('T') && part.get(9..15) == Some("+00:00");
            let short = part.starts_with(' ') && part.get(3..4) == Some(":");
            let time = if long {
                15
            } else if short {
                6
            } else {
                0
            };
            text.push_str("TODAY");
            text.push_str(part.get(time..).unwrap_or(&part));
        }
    }
    text
}

/// Puts `TIME` in the place of times taken: `"took_ms":12`, `0.31 s`, `12 ms`, `3.2 seconds`.
pub(super) fn times(text: &str) -> String {
    let mut filtered = String::new();
    let mut rest = text;
    while let Some(begin) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, number) = rest.split_at(begin);
        let end = number.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(number.len());
        let (number, after) = number.split_at(end);
        filtered.push_str(before);
        let key = ["\"took_ms\":", "\"seconds\":"].iter().any(|key| before.trim_end().ends_with(key));
        let inside = before.ends_with(|c: char| c.is_alphanumeric() || c == '-');
        let unit = [" s", " ms", " seconds", "ms"]
            .iter()
            .any(|unit| after.strip_prefix(unit).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric())));
        filtered.push_str(if key || (unit && !inside) { "TIME" } else { number });
        rest = after;
    }
    filtered.push_str(rest);
    filtered
}

/// The lines that differ, old ones after `-`, new ones after `+`, between the lines that both begin and end with.
fn difference(before: &str, after: &str) -> String {
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let same = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let left = before.len().min(after.len()) - same;
    let tail = before.iter().rev().zip(after.iter().rev()).take(left).take_while(|(a, b)| a == b).count();
    let lines = |lines: &[&str], mark: char| -> String {
        lines[same..lines.len() - tail].iter().map(|line| format!("  {mark} {line}\n")).collect()
    };
    format!("  line {}:\n{}{}", same + 1, lines(&before, '-'), lines(&after, '+'))
}

#[test]
fn a_wrong_snapshot_is_seen() {
    let right = play("$ dateline --version\n");
    assert_eq!(right, "$ dateline --version\n= 0\n> dateline VERSION\n");
    for wrong in [right.replace("= 0", "= 1"), right.replace("VERSION", "of old"), format!("{right}! more\n")] {
        assert_eq!(play(&wrong), right);
        assert_ne!(wrong, right);
    }
}

#[test]
fn this_day_is_filtered() {
    let today = chrono::Utc::now().date_naive();
    let written = today.format("%-d %B %Y").to_string();
    for (text, expected) in [
        (format!("\"looked\":\"{today}T20:31:05+00:00\",\"x\""), "\"looked\":\"TODAY\",\"x\""),
        (format!("since {today} 20:31; {today}"), "since TODAY; TODAY"),
        (format!("on {written} for"), "on TODAY for"),
    ] {
        assert_eq!(moments(&text), expected);
    }
}

#[test]
fn times_are_filtered_and_numbers_are_not() {
    for (text, expected) in [
        ("{\"took_ms\":3,\"total\":12}", "{\"took_ms\":TIME,\"total\":12}"),
        ("12 articles in 0.31 s", "12 articles in TIME s"),
        ("1 article, 12 ms.", "1 article, TIME ms."),
        ("2024-06-19 saw 3 storms", "2024-06-19 saw 3 storms"),
        ("x86 s, 19 seconds", "x86 s, TIME seconds"),
    ] {
        assert_eq!(times(text), expected);
    }
}

#[test]
fn commands_are_split_as_in_a_shell() {
    for (command, expected) in [
        ("a  b", vec!["a", "b"]),
        ("a 'b c' d", vec!["a", "b c", "d"]),
        ("a '\"b c\"' ''", vec!["a", "\"b c\"", ""]),
        ("--x=\"a b\"c", vec!["--x=a bc"]),
    ] {
        assert_eq!(split(command), expected);
    }
}

#[test]
fn a_difference_shows_what_changed() {
    assert_eq!(difference("a\nb\nc\n", "a\nx\ny\nc\n"), "  line 2:\n  - b\n  + x\n  + y\n");
    assert_eq!(difference("a\n", "a\na\n"), "  line 2:\n  + a\n");
}
