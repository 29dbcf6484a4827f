//! Two hundred changes to a folder by chance, the program run now and then, killed now and then: the index is in the end
//! the one that a new run makes of the folder.
//!
//! [`sequences`](super::sequences) does this with few files within one process; here are many, and what is compared is
//! everything that the program tells.

use super::corpus::{self, Chance, rounds};
use super::program::Program;
use std::collections::BTreeMap;
use std::fs;
use std::thread::sleep;
use std::time::Duration;

/// Changes, and how many lie between two runs.
const CHANGES: u64 = 200;
const BETWEEN: u64 = 20;

/// Everything that can be asked of an index, in an order that does not depend on how it came about.
fn dump(program: &Program, index: &str) -> Vec<String> {
    let run = |arguments: &[&str]| {
        let ran = program.run(&[arguments, &["--index", index]].concat());
        assert!(matches!(ran.code, Some(0 | 1)), "{arguments:?}: {}", ran.stderr);
        ran.stdout
    };
    let mut articles: Vec<String> = run(&["export", ""]).lines().map(str::to_owned).collect();
    articles.sort();
    let rest = [
        &["entities", "--format", "json"][..],
        &["facets", "--by", "place", "--format", "json"],
        &["timeline", "--by", "month", "--format", "json"],
        &["count", ""],
        &["count", "said"],
        &["count", "\"edition 3\""],
        &["count", "w1*"],
        &["status", "--skipped"],
    ];
    articles.into_iter().chain(rest.iter().map(|arguments| run(arguments))).collect()
}

/// Plays a script of changes; gives how often what was done.
fn play(seed: u64) -> BTreeMap<&'static str, u64> {
    let program = Program::new();
    let mut chance = Chance::new(seed);
    let mut done = BTreeMap::new();
    let names: Vec<String> = (0..120)
        .map(|number| match number % 6 {
            5 => format!("news/lines/{number}.jsonl"),
            4 => format!("news/deep/er/{number}.txt"),
            _ => format!("news/{}/{number}.txt", number % 3),
        })
        .collect();
    let write = |number: usize, name: &str, edition: u64| {
        let text = match name.ends_with(".jsonl") {
            // Some articles stay as they are between those that change.
            true => (0..5).map(|part| corpus::line(number * 10 + part, edition * (part as u64 % 2))).collect(),
            false => corpus::page(number, edition),
        };
        program.write(name, text.as_bytes());
    };
    for (number, name) in names.iter().enumerate().filter(|(number, _)| number % 3 > 0) {
        write(number, name, 0);
    }
    let index = ["index", "-q", "--commit-every", "0.02", "--index", "kept", "news"];
    for change in 0..CHANGES {
        let number = chance.below(names.len() as u64) as usize;
        let name = &names[number];
        let path = program.path(name);
        let there = path.is_file();
        let what = match chance.below(12) {
            0..=2 if !there => "added",
            0..=3 if there => "changed",
            4 | 5 if there => "deleted",
            6 | 7 if there => "renamed",
            8 if there => "touched",
            9 if there => "emptied",
            10 if there => "cut short",
            _ => "copied",
        };
        match what {
            "added" | "changed" => write(number, name, change),
            "deleted" => fs::remove_file(&path).expect("it is there"),
            "renamed" | "copied" => {
                let to = program.path(&names[chance.below(names.len() as u64) as usize]);
                fs::create_dir_all(to.parent().expect("it lies in a folder")).expect("made");
                let same_kind = to.extension() == path.extension();
                match what {
                    _ if !same_kind || !there || to == path => {}
                    "renamed" => fs::rename(&path, &to).expect("renamed"),
                    _ => drop(fs::copy(&path, &to).expect("copied")),
                }
            }
            "touched" => fs::write(&path, fs::read(&path).expect("read")).expect("written"),
            "emptied" => fs::write(&path, "").expect("written"),
            _ => {
                let file = fs::File::options().write(true).open(&path).expect("opened");
                file.set_len(file.metadata().map_or(0, |known| known.len() / 2)).expect("cut");
            }
        }
        *done.entry(what).or_insert(0) += 1;
        if change % BETWEEN == BETWEEN - 1 {
            // A killed run, an undisturbed one, or two without a change between them.
            match chance.below(3) {
                0 => {
                    let mut child = program.command(&index).spawn().expect("the program starts");
                    sleep(Duration::from_millis(chance.below(120)));
                    child.kill().expect("it can be killed");
                    child.wait().expect("it ends");
                }
                times => {
                    for _ in 0..times {
                        let ran = program.run(&index);
                        assert_eq!(ran.code, Some(0), "seed {seed}, change {change}: {}", ran.stderr);
                    }
                }
            }
        }
    }
    for arguments in [&index[..], &["index", "-q", "--index", "fresh", "news"], &["check", "--index", "kept"]] {
        let ran = program.run(arguments);
        assert_eq!(ran.code, Some(0), "seed {seed}: {arguments:?}: {}{}", ran.stdout, ran.stderr);
    }
    let (kept, fresh) = (dump(&program, "kept"), dump(&program, "fresh"));
    assert!(fresh.len() > 50, "{} lines", fresh.len());
    for (one, other) in kept.iter().zip(&fresh) {
        assert_eq!(one, other, "seed {seed}");
    }
    assert_eq!(kept.len(), fresh.len(), "seed {seed}");
    done
}

#[test]
fn two_hundred_changes_come_to_what_a_new_run_makes_of_them() {
    for seed in 1..=rounds(1) {
        let done = play(seed);
        assert_eq!(done.values().sum::<u64>(), CHANGES);
        assert_eq!(done.len(), 8, "every kind of change was made: {done:?}");
    }
}
