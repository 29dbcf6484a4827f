//! An archive that grows, moves and is restored: watching, relocating, clocks that are wrong; and that what comes of a run
//! does not depend on how it was run.

use super::corpus;
use super::program::Program;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::process::Child;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

/// Longer than a file counts as changed just now.
const SETTLED: Duration = Duration::from_millis(2_100);

fn pages(program: &Program, folder: &str, numbers: std::ops::Range<usize>) {
    for number in numbers {
        program.write(&format!("{folder}/{number:03}.txt"), corpus::page(number, 1).as_bytes());
    }
}

/// What a run would do, as it says.
fn dry(program: &Program, folder: &str) -> String {
    let ran = program.run(&["index", "--dry-run", "--index", "kept", folder]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    ran.stdout
}

#[test]
fn an_archive_that_has_moved_is_not_read_again() {
    let program = Program::new();
    pages(&program, "old/news", 0..20);
    thread::sleep(SETTLED);
    assert_eq!(program.run(&["index", "-q", "--index", "kept", "old/news"]).code, Some(0));
    let ids = program.run(&["search", "--index", "kept", "--format", "ids", "report"]).stdout;
    let id = ids.lines().next().expect("there are some").to_owned();
    fs::rename(program.path("old"), program.path("new")).expect("it can be moved");
    let open = || program.run(&["open", "--index", "kept", "--print", &id]);
    let lost = open();
    assert!(lost.code == Some(2) && lost.stderr.contains("error: the original is not found at `"), "{}", lost.stderr);
    assert!(lost.stderr.contains("`dateline relocate OLD NEW`"), "{}", lost.stderr);
    let shown = program.run(&["show", "--index", "kept", &id]);
    assert!(shown.code == Some(0) && shown.stderr.contains("`dateline relocate OLD NEW`"), "{}", shown.stderr);

    let relocate = |arguments: &[&str]| program.run(&[&["relocate", "--index", "kept"], arguments].concat());
    let refused = relocate(&["old/news", "elsewhere"]);
    assert!(refused.code == Some(2) && refused.stderr.contains("there is no folder `elsewhere`"), "{}", refused.stderr);
    program.write("empty/other.txt", b"Another article.\n");
    let refused = relocate(&["old/news", "empty"]);
    assert!(refused.stderr.contains("of 20 known files 0 are there as they were"), "{}", refused.stderr);
    assert!(relocate(&["other", "new/news"]).stderr.contains("nothing was indexed at"));
    let none = program.run(&["relocate", "--index", "none", "old", "new"]);
    assert!(none.code == Some(2) && !program.path("none").exists(), "{}", none.stderr);

    // The folder above, as whoever has moved it knows it.
    let moved = relocate(&["old", "new"]);
    assert_eq!(moved.code, Some(0), "{}", moved.stderr);
    assert!(moved.stdout.ends_with("20 of 20 known files are there as they were\n"), "{}", moved.stdout);
    assert!(program.run(&["status", "--index", "kept"]).stdout.contains("/work/new/news\n"));
    assert!(open().stdout.contains("/work/new/news/"), "{}", open().stderr);
    let nothing = "would read 0 new files and 0 changed files, and remove 0 articles; 20 articles unchanged\n";
    assert_eq!(dry(&program, "new/news"), nothing);

    // A copy on another disk has other inodes and times of change of attributes; one file is missing, one has changed.
    fs::create_dir(program.path("copy")).expect("made");
    for entry in fs::read_dir(program.path("new/news")).expect("it is there").flatten() {
        let to = program.path("copy").join(entry.file_name());
        fs::copy(entry.path(), &to).expect("copied");
        let time = entry.metadata().and_then(|metadata| metadata.modified()).expect("it has a time");
        File::options().write(true).open(&to).and_then(|file| file.set_modified(time)).expect("set");
    }
    fs::remove_file(program.path("copy/003.txt")).expect("removed");
    program.write("copy/004.txt", corpus::page(4, 2).as_bytes());
    fs::remove_dir_all(program.path("new")).expect("removed");
    let moved = relocate(&["new/news", "copy", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&moved.stdout).expect("JSON");
    let counts = ["files", "found", "changed", "missing"].map(|key| value[key].as_u64().unwrap_or(99));
    assert_eq!(counts, [20, 18, 1, 1], "{}", moved.stdout);
    let rest = "would read 0 new files and 1 changed file, and remove 1 article; 18 articles unchanged\n";
    assert_eq!(dry(&program, "copy"), rest);
    assert_eq!(program.run(&["check", "--index", "kept"]).code, Some(0));

    // A place that is not there now, because it is said so.
    assert_eq!(relocate(&["copy", "unmounted", "--force"]).code, Some(0));
    assert!(program.run(&["status", "--index", "kept"]).stdout.contains("/work/unmounted\n"));
}

#[test]
fn a_folder_that_is_empty_may_be_of_a_drive_that_is_gone() {
    let program = Program::new();
    pages(&program, "news", 0..5);
    let index = |more: &[&str]| program.run(&[&["index", "-q", "--index", "kept", "news"], more].concat());
    let count = || program.run(&["count", "--index", "kept", "edition"]).stdout.trim().to_owned();
    thread::sleep(SETTLED);
    assert_eq!(index(&[]).code, Some(0));
    fs::rename(program.path("news"), program.path("away")).expect("it can be moved");
    fs::create_dir(program.path("news")).expect("made");
    for more in [&[][..], &["--dry-run"]] {
        let refused = index(more);
        assert!(
            refused.code == Some(2) && refused.stderr.contains("the index has articles of it"),
            "{}",
            refused.stderr
        );
        assert!(refused.stderr.contains("`--allow-empty`"), "{}", refused.stderr);
        assert_eq!(count(), "5");
    }
    fs::remove_dir(program.path("news")).expect("removed");
    fs::rename(program.path("away"), program.path("news")).expect("it can be moved");
    assert_eq!(
        dry(&program, "news"),
        "would read 0 new files and 0 changed files, and remove 0 articles; 5 articles unchanged\n"
    );
    for number in 0..5 {
        fs::remove_file(program.path(&format!("news/{number:03}.txt"))).expect("removed");
    }
    assert_eq!(index(&["--allow-empty"]).code, Some(0));
    assert_eq!(count(), "0");
    assert_eq!(index(&[]).code, Some(0));
}

/// The processor time that a process has taken, in hundredths of a second.
#[cfg(target_os = "linux")]
fn ticks(child: &Child) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", child.id())).expect("it is there");
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or("").split(' ').collect();
    fields[11].parse::<u64>().expect("a number") + fields[12].parse::<u64>().expect("a number")
}

#[cfg(target_os = "linux")]
fn resident(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it is there");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("it is said");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") >> 10
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_is_watched_is_followed() {
    const LONGEST: Duration = Duration::from_secs(40);
    let program = Program::new();
    pages(&program, "news", 0..10);
    let mut child =
        program.command(&["index", "--watch", "--index", "kept", "news"]).spawn().expect("the program starts");
    let (sender, lines) = mpsc::channel();
    let mut stdout = BufReader::new(child.stdout.take().expect("it is a pipe"));
    thread::spawn(move || {
        let mut line = String::new();
        while stdout.read_line(&mut line).is_ok_and(|read| read > 0) {
            let _ = sender.send(std::mem::take(&mut line));
        }
    });
    let next = || lines.recv_timeout(LONGEST).expect("a line comes");
    let count = || program.run(&["count", "--index", "kept", "edition"]).stdout.trim().to_owned();
    assert!(next().starts_with("10 articles, 10 added"));
    pages(&program, "news", 10..13);
    let line = next();
    assert!(line.contains("  +3 \u{2212}0, 13 articles\n"), "{line}");
    assert_eq!(count(), "13");
    let before = resident(&child);
    // A file that grows is waited for.
    let growing = program.path("news/013.txt");
    for part in 0..6 {
        fs::write(&growing, corpus::page(13, 1).repeat(part + 1)).expect("written");
        thread::sleep(Duration::from_millis(500));
    }
    let line = next();
    assert!(line.contains("  +1 \u{2212}0, 14 articles\n"), "{line}");
    fs::write(program.path("news/001.txt"), corpus::page(1, 2)).expect("written");
    fs::remove_file(program.path("news/002.txt")).expect("removed");
    let line = next();
    assert!(line.contains("  +0 \u{2212}1 ~1, 13 articles\n"), "{line}");
    assert_eq!(count(), "13");
    // Between the rounds others may write.
    program.write("letters/a.txt", b"A letter of edition one.\n");
    assert_eq!(program.run(&["index", "--wait=20", "--index", "kept", "letters"]).code, Some(0));
    // It takes little time where nothing happens, and no more memory than it did.
    let began = ticks(&child);
    thread::sleep(Duration::from_secs(3));
    let taken = ticks(&child) - began;
    assert!(taken < 60, "{taken} hundredths of a second in three seconds");
    let grown = resident(&child).saturating_sub(before);
    assert!(grown < 64, "{grown} MB more than after the first round");
    let stopped = Instant::now();
    let sent = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.expect("there is a `kill`").success());
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    assert!(stopped.elapsed() < Duration::from_secs(5));
    assert_eq!(count(), "14");
}

/// Sets the time of a file.
fn set_time(program: &Program, name: &str, time: SystemTime) {
    let file = File::options().write(true).open(program.path(name)).expect("it is there");
    file.set_modified(time).expect("it can be set");
}

#[test]
fn clocks_that_are_wrong_hide_no_change() {
    let program = Program::new();
    let now = SystemTime::now();
    let day = Duration::from_secs(86_400);
    // As FAT has it: even seconds.
    let since = now.duration_since(SystemTime::UNIX_EPOCH).expect("it is after 1970").as_secs() / 2 * 2;
    let even = SystemTime::UNIX_EPOCH + Duration::from_secs(since);
    let times = [("future", now + 3650 * day), ("even", even), ("old", now - 3650 * day)];
    let write = |version: u64| {
        for (number, (name, time)) in times.iter().enumerate() {
            program.write(&format!("news/{name}.txt"), corpus::page(number, version).as_bytes());
            // A backup that is restored is older than what it replaces.
            set_time(&program, &format!("news/{name}.txt"), if version == 1 { *time } else { *time - 10 * day });
        }
    };
    let run = || {
        let ran = program.run(&["index", "--index", "kept", "news"]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        ran.stdout
    };
    write(1);
    assert!(run().starts_with("3 articles, 3 added"));
    thread::sleep(SETTLED);
    write(2);
    assert!(run().starts_with("3 articles, 3 updated"));
    // The same size and time; the text alone is another one.
    write(3);
    let said = run();
    assert!(said.starts_with("3 articles, 3 updated"), "{said}");
    assert_eq!(program.run(&["count", "--index", "kept", "edition 3"]).stdout.trim(), "3");
}

/// Everything that is known of all articles, in the order of their ids.
fn dump(program: &Program, index: &str) -> Vec<String> {
    let ran = program.run(&plain(index));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let mut lines: Vec<String> = ran.stdout.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

fn plain(index: &str) -> Vec<&str> {
    vec!["export", "--index", index, "--format", "jsonl", "--text", ""]
}

/// The sample, with one file of many articles before many small ones.
fn mixed() -> Program {
    let program = Program::new();
    program.copy("sample_corpus");
    let lines: String = (0..1_500).map(|number| corpus::line(number, 1)).collect();
    program.write("sample_corpus/a-first.jsonl", lines.as_bytes());
    pages(&program, "sample_corpus/pages", 2000..2200);
    program
}

#[test]
fn an_index_is_the_same_however_many_threads_made_it() {
    let program = mixed();
    let index = |name: &str, arguments: &[&str]| {
        let ran = program.run(&[&["index", "-q", "--index", name], arguments, &["sample_corpus"]].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    };
    index("one", &["--jobs", "1"]);
    let expected = dump(&program, "one");
    assert_eq!(expected.len(), 84 + 1_500 + 200);
    for (name, jobs) in [("two", "2"), ("again", "2"), ("five", "5")] {
        index(name, &["--jobs", jobs]);
        assert_eq!(dump(&program, name), expected, "{jobs} threads");
    }
    // Killed half-way, and gone on with other numbers of threads.
    let arguments = ["index", "-v", "--jobs", "2", "--commit-every", "0.05", "--index", "cut", "sample_corpus"];
    let mut child = program.command(&arguments).spawn().expect("the program starts");
    let mut line = String::new();
    BufReader::new(child.stderr.take().expect("it is a pipe")).read_line(&mut line).expect("it says something");
    child.kill().expect("it can be killed");
    child.wait().expect("it can be waited for");
    index("cut", &["--jobs", "5"]);
    assert_eq!(dump(&program, "cut"), expected, "after a run that was killed");
}

#[test]
fn time_zone_and_language_of_the_system_change_nothing() {
    let program = Program::new();
    program.copy("sample_corpus");
    let mut expected = None;
    for (at, (zone, language)) in
        [("UTC", "C"), ("Pacific/Apia", "en_US.UTF-8"), ("Asia/Kolkata", "tr_TR.UTF-8")].into_iter().enumerate()
    {
        let name = format!("kept{at}");
        let run = |arguments: &[&str]| {
            let mut command = program.command(arguments);
            let output = command.env("TZ", zone).env("LANG", language).env("LC_ALL", language).output();
            let output = output.expect("it runs");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).expect("UTF-8")
        };
        run(&["index", "-q", "--index", &name, "sample_corpus"]);
        let dumped = run(&plain(&name));
        assert_eq!(dumped.lines().count(), 84);
        assert_eq!(*expected.get_or_insert_with(|| dumped.clone()), dumped, "{zone} {language}");
    }
}
