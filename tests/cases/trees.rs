//! A folder of everything that a folder may hold, several of each kind at several depths, while others write to it: each
//! is counted once, under its own reason.

use super::corpus;
use super::program::Program;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

/// How many there are of each kind.
const EACH: usize = 7;

#[cfg(unix)]
#[test]
fn each_kind_of_trouble_is_counted_by_itself() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::Command;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;
    let program = Program::new();
    program.write("elsewhere/x.txt", b"Elsewhere\n\nNot to be read.\n");
    let mut good = 0;
    let mut sockets = Vec::new();
    let mut shut = Vec::new();
    for number in 0..EACH {
        // Each folder lies within the last one.
        let folder = program.path(&format!("news/{}", "deeper/".repeat(number)));
        fs::create_dir_all(&folder).expect("made");
        let mut article = |name: OsString| {
            good += 1;
            fs::write(folder.join(name), corpus::page(good, 1)).expect("written");
        };
        article(format!("{number}.txt").into());
        article(format!("{}{number}.txt", "n".repeat(250)).into());
        article(OsString::from_vec([format!("caf{number}").as_bytes(), b"\xe9\xff.txt"].concat()));
        article(format!("two\nlines {number}.txt").into());
        article(format!("-rf {number} *.txt").into());
        let at = |name: &str| folder.join(name);
        symlink(program.path("news"), at("loop")).expect("linked");
        symlink(".", at("itself")).expect("linked");
        symlink("nowhere", at("dangling.txt")).expect("linked");
        symlink("dangling.txt", at("dangling twice.txt")).expect("linked");
        symlink("/dev/zero", at("endless.txt")).expect("linked");
        symlink(program.path("elsewhere/x.txt"), at("outside.txt")).expect("linked");
        assert!(Command::new("mkfifo").arg(at("pipe.txt")).status().expect("there is one").success());
        // The way to a socket may not be long: it is made by its short name.
        let short = program.path(&format!("s{number}"));
        sockets.push(std::os::unix::net::UnixListener::bind(&short).expect("bound"));
        fs::rename(&short, at("socket.txt")).expect("moved");
        fs::write(at("empty.txt"), "").expect("written");
        fs::write(at("blank.txt"), " \n\t\r\n").expect("written");
        fs::write(at("picture.txt"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").expect("written");
        fs::write(at("broken.json"), "{\"text\":").expect("written");
        fs::write(at("secret.txt"), corpus::page(0, 1)).expect("written");
        fs::set_permissions(at("secret.txt"), fs::Permissions::from_mode(0o000)).expect("shut");
        shut.push(at("secret.txt"));
    }
    // An administrator may read them all the same.
    let readable = shut.iter().filter(|path| fs::File::open(path).is_ok()).count();
    // Others are at work meanwhile: these files come, grow, shrink and go all the time.
    let stop = AtomicBool::new(false);
    let busy = program.path("news/busy");
    fs::create_dir(&busy).expect("made");
    let (first, second) = thread::scope(|scope| {
        scope.spawn(|| {
            let mut chance = corpus::Chance::new(7);
            while !stop.load(Ordering::Relaxed) {
                let number = chance.below(20) as usize;
                let path = busy.join(format!("{number}.txt"));
                let append = || fs::File::options().append(true).open(&path);
                match chance.below(4) {
                    0 => drop(fs::write(&path, corpus::page(900 + number, 1))),
                    1 => drop(append().map(|mut file| std::io::Write::write_all(&mut file, b"More was said.\n"))),
                    2 => drop(fs::File::options().write(true).open(&path).map(|file| file.set_len(40))),
                    _ => drop(fs::remove_file(&path)),
                }
            }
        });
        let first = program.run(&["index", "--format", "json", "--index", "kept", "news"]);
        let second = program.run(&["index", "--format", "json", "--index", "kept", "news"]);
        stop.store(true, Ordering::Relaxed);
        (first, second)
    });
    for ran in [&first, &second] {
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    }
    fs::remove_dir_all(&busy).expect("removed");
    let ran = program.run(&["index", "--format", "json", "--index", "kept", "news"]);
    let summary: Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
    assert_eq!(summary["articles"], good + readable, "{}", ran.stdout);
    let ran = program.run(&["status", "--skipped", "--format", "json", "--index", "kept"]);
    let status: Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
    let mut classes: BTreeMap<String, usize> = BTreeMap::new();
    for skip in status["skipped"].as_array().expect("a list") {
        *classes.entry(skip["reason"].as_str().expect("a text").to_owned()).or_default() += 1;
    }
    let mut expected: BTreeMap<String, usize> = [
        ("is a link; links are not followed", 6),
        ("is a named pipe, not a file", 1),
        ("is a socket, not a file", 1),
        ("empty", 2),
        ("a picture (PNG) is not read yet", 1),
        ("is not valid JSON: the file ends in the middle of it", 1),
    ]
    .into_iter()
    .map(|(reason, kinds)| (reason.to_owned(), kinds * EACH))
    .collect();
    if readable < EACH {
        expected.insert("no permission to read it".to_owned(), EACH - readable);
    }
    assert_eq!(classes, expected);
    for path in shut {
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("opened");
    }
    assert_eq!(program.run(&["count", "--index", "kept", "\"not to be read\""]).stdout, "0\n");
    assert_eq!(program.run(&["check", "--index", "kept"]).code, Some(0));
}
