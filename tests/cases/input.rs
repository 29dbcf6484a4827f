//! Folders that are a trial: links, pipes, names that are no text, files that change while they are read, and texts
//! that are no texts. A run ends, counts what it did, and says of each file that it did not read why.

use super::corpus;
use super::program::Program;
use dateline::backend::local::check::check;
use serde_json::Value;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// Indexes `news` and gives the numbers of the run.
fn index(program: &Program) -> Value {
    let ran = program.run(&["index", "--format", "json", "--index", "kept", "news"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    serde_json::from_str(&ran.stdout).expect("it is JSON")
}

/// Path and reason of what was not read, as `status` lists it.
fn skipped(program: &Program) -> Vec<String> {
    let ran = program.run(&["status", "--skipped", "--index", "kept"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    ran.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn texts_that_are_a_trial() {
    let program = Program::new();
    let good = corpus::page(1, 1);
    for (name, bytes) in [
        ("a good.txt", good.clone().into_bytes()),
        ("b one line of 5 MB.txt", "rain on leeds ".repeat(380_000).into_bytes()),
        ("c one word of 1 MB.txt", "x".repeat(1 << 20).into_bytes()),
        ("d no utf-8.txt", [b"Rain \xff\xfe\x80 over Leeds\n\n", good.as_bytes(), b"\xc3"].concat()),
        ("e zeros.txt", ["Ra\0in over Leeds\n\n", &good].concat().into_bytes()),
        ("f empty.txt", Vec::new()),
        ("g blank.txt", b" \n\t\n".to_vec()),
        ("h deep.json", ("[".repeat(100_000) + &"]".repeat(100_000)).into_bytes()),
        ("i deep object.json", ("{\"text\":".repeat(100_000)).into_bytes()),
        ("j lines.jsonl", b"{\"text\":\"Rain.\"}\n{\"text\":\n[1]\n{\"text\":\"\"}\n{\"text\":\"Snow.\"}\n".to_vec()),
        ("k deep line.jsonl", (corpus::line(7, 1) + &"{\"a\":".repeat(50_000) + "\n").into_bytes()),
        ("l picture.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
        ("m noise.txt", (0u32..5000).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect()),
        ("n quotes.txt", "\"'([{<".repeat(50_000).into_bytes()),
        ("o lines.txt", "\n".repeat(1_000_000).into_bytes()),
        ("p marks.txt", "e\u{301}\u{200d}\u{202e}\u{fe0f}".repeat(40_000).into_bytes()),
        ("q days.txt", "Monday 1 May 2020 to 3 June 2021, ".repeat(20_000).into_bytes()),
        ("r names.txt", "President Kim Jong-un of North Korea and ".repeat(20_000).into_bytes()),
        ("s capitals.txt", "KOREA ".repeat(100_000).into_bytes()),
        ("t digits.txt", "1".repeat(1_000_000).into_bytes()),
    ] {
        program.write(&format!("news/{name}"), &bytes);
    }
    let summary = index(&program);
    let expected = [
        "f empty.txt: empty",
        "g blank.txt: empty",
        "h deep.json (item 0): is no object",
        "i deep object.json: is not valid JSON: the file ends in the middle of it",
        "j lines.jsonl (line 2): is not valid JSON: it ends in the middle of a value (at byte 8)",
        "j lines.jsonl (line 3): is no object",
        "j lines.jsonl (line 4): has no text",
        "k deep line.jsonl (line 2): is not valid JSON: it is nested too deeply (at byte 636)",
        "l picture.txt: a picture (PNG) is not read yet",
        "m noise.txt: binary, not text",
        "o lines.txt: empty",
    ];
    let listed = skipped(&program);
    assert_eq!(listed, expected);
    assert_eq!(summary["skipped"].as_array().map(Vec::len), Some(listed.len()), "{listed:#?}");
    let articles = summary["added"].as_u64().expect("a number");
    assert_eq!(program.run(&["count", "--index", "kept", ""]).stdout, format!("{articles}\n"));
    // Each file is an article or a line of the list, but one has two articles and three lines there, and one an
    // article and a line.
    assert_eq!(articles + listed.len() as u64, 20 + 4 + 1, "{listed:#?}");
    assert_eq!(check(&program.path("kept")).expect("it can be checked").faults, Vec::<String>::new());
    for query in ["leeds", "\"rain on leeds\"", "korea", "mentions-date:2020"] {
        let ran = program.run(&["search", "--index", "kept", "-n", "0", query]);
        assert_eq!(ran.code, Some(0), "{query}: {}", ran.stderr);
    }
}

#[cfg(unix)]
#[test]
fn folders_that_are_a_trial() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::Command;
    let program = Program::new();
    let at = |name: &str| program.path("news").join(name);
    for number in 0..3 {
        program.write(&format!("news/{number}.txt"), corpus::page(number, 1).as_bytes());
    }
    program.write("news/.hidden/x.txt", b"Hidden\n\nNot to be read.\n");
    program.write("elsewhere/y.txt", b"Elsewhere\n\nNot to be read.\n");
    symlink("..", at("loop")).expect("linked");
    symlink(program.path("elsewhere"), at("outside")).expect("linked");
    symlink("nowhere", at("dangling")).expect("linked");
    symlink("/dev/zero", at("endless")).expect("linked");
    assert!(Command::new("mkfifo").arg(at("pipe")).status().expect("there is one").success());
    let _socket = std::os::unix::net::UnixListener::bind(at("socket")).expect("bound");
    let long = format!("{}.txt", "n".repeat(251));
    fs::write(at(&long), corpus::page(3, 1)).expect("written");
    fs::write(at("new\nline\u{1b}[31m.txt"), corpus::page(4, 1)).expect("written");
    for (number, name) in [&b"caf\xe9.txt"[..], b"caf\xe8.txt"].into_iter().enumerate() {
        fs::write(program.path("news").join(OsStr::from_bytes(name)), corpus::page(5 + number, 1)).expect("written");
    }
    program.write("news/shut/z.txt", corpus::page(7, 1).as_bytes());
    fs::set_permissions(at("shut"), fs::Permissions::from_mode(0o0)).expect("shut");
    // An administrator may read it all the same.
    let shut = fs::read_dir(at("shut")).is_err();
    let summary = index(&program);
    let mut expected = vec![
        "dangling: is a link; links are not followed",
        "endless: is a link; links are not followed",
        "loop: is a link; links are not followed",
        "outside: is a link; links are not followed",
        "pipe: is a named pipe, not a file",
        "socket: is a socket, not a file",
    ];
    if shut {
        expected.insert(5, "shut: no permission to read it");
    }
    assert_eq!(skipped(&program), expected);
    assert_eq!(summary["added"], if shut { 7 } else { 8 });
    // Again: the same, and nothing of what is shut now is forgotten.
    let again = index(&program);
    assert_eq!(again["articles"], summary["articles"]);
    assert_eq!(again["removed"], 0);
    fs::set_permissions(at("shut"), fs::Permissions::from_mode(0o700)).expect("opened");
    assert_eq!(index(&program)["articles"], 8);
    assert_eq!(check(&program.path("kept")).expect("it can be checked").faults, Vec::<String>::new());
    let listed = program.run(&["--color", "always", "search", "--index", "kept", "-n", "0", ""]);
    assert!(listed.stdout.contains("\\u{1b}[31m.txt") && !listed.stdout.contains("\u{1b}[31m.txt"));
}

#[test]
fn files_that_come_change_and_go_while_they_are_read() {
    let program = Program::new();
    let write = |folder: &std::path::Path, number: usize, edition: u64| {
        let _ = fs::write(folder.join(format!("{number:04}.txt")), corpus::page(number, edition));
    };
    let news = program.path("news");
    fs::create_dir(&news).expect("made");
    for number in 0..800 {
        write(&news, number, 1);
    }
    let stop = Arc::new(AtomicBool::new(false));
    let meddler = thread::spawn({
        let (news, stop) = (news.clone(), stop.clone());
        move || {
            let mut chance = corpus::Chance::new(11);
            while !stop.load(Ordering::Relaxed) {
                let number = chance.below(800) as usize;
                let path = news.join(format!("{number:04}.txt"));
                match chance.below(5) {
                    0 => drop(fs::remove_file(&path)),
                    1 => drop(fs::rename(&path, news.join(format!("{:04}.txt", chance.below(800))))),
                    2 => drop(fs::File::options().write(true).open(&path).and_then(|file| file.set_len(100))),
                    3 => drop(fs::remove_file(&path).and_then(|()| fs::create_dir(&path))),
                    _ => {
                        let _ = fs::remove_dir(&path);
                        write(&news, number, 2);
                    }
                }
            }
        }
    });
    for round in 0..3 {
        let ran = program.run(&["index", "--index", "kept", "--commit-every", "0.05", "news"]);
        assert_eq!(ran.code, Some(0), "{round}: {}", ran.stderr);
        assert_eq!(check(&program.path("kept")).expect("it can be checked").faults, Vec::<String>::new(), "{round}");
    }
    stop.store(true, Ordering::Relaxed);
    meddler.join().expect("it does not fail");
    // When all is quiet again, the index is that of the files as they are.
    let summary = index(&program);
    let fresh = program.run(&["index", "--format", "json", "--index", "fresh", "news"]);
    let fresh: Value = serde_json::from_str(&fresh.stdout).expect("it is JSON");
    assert_eq!(summary["articles"], fresh["articles"]);
    assert_eq!(summary["skipped"], fresh["skipped"]);
    let listed = |index: &str| {
        let ran = program.run(&["search", "--index", index, "--format", "jsonl", "--sort", "newest", "-n", "0", ""]);
        ran.stdout
    };
    assert_eq!(listed("kept"), listed("fresh"));
}

#[test]
fn a_single_file_has_the_name_that_it_has_in_its_folder() {
    let program = Program::new();
    program.write("news/all.jsonl", (corpus::line(1, 1) + &corpus::line(2, 1)).as_bytes());
    let file = ["index", "--format", "json", "--index", "kept", "news/all.jsonl"];
    assert_eq!(program.run(&file).code, Some(0));
    let paths = program.run(&["search", "--index", "kept", "--format", "paths", ""]);
    assert!(paths.stdout.lines().all(|line| line.ends_with("news/all.jsonl") || line == "all.jsonl"), "{paths:?}");
    assert!(!paths.stdout.contains("all.jsonl/all.jsonl"), "{paths:?}");
    let summary = index(&program);
    assert_eq!((&summary["articles"], &summary["added"]), (&2.into(), &0.into()), "the folder brings nothing new");
}

#[test]
fn an_index_does_not_index_itself() {
    let program = Program::new();
    program.write("news/a.txt", corpus::page(1, 1).as_bytes());
    for inside in ["news/kept", "./news/deep/kept", "news"] {
        let ran = program.run(&["index", "--index", inside, "news"]);
        assert_eq!(ran.code, Some(2), "{inside}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains("inside what it indexes"), "{}", ran.stderr);
    }
    assert_eq!(fs::read_dir(program.path("news")).expect("it is there").count(), 1, "nothing was written there");
    assert_eq!(program.run(&["index", "--index", "news/.dateline", "news"]).code, Some(0));
}
