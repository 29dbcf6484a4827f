//! Articles that are packed with a dictionary of the archive's own: they come back whole, and a dictionary that is damaged
//! or gone is found and gives no wrong text.

use super::corpus;
use super::damage::replace;
use super::program::Program;
use std::fs;
use std::path::PathBuf;

/// As many as it takes for a dictionary to be made.
const ARTICLES: usize = 24_000;

/// The text of an article: so long that not too many are needed.
fn text(number: usize, version: u64) -> String {
    (0..8).map(|part| corpus::text(number * 8 + part, version) + " ").collect()
}

fn line(number: usize, version: u64) -> String {
    let (title, text) = (corpus::title(number, version), text(number, version));
    format!("{{\"id\":\"a{number:05}\",\"title\":\"{title}\",\"text\":\"{text}\",\"published\":\"2024-06-04\"}}\n")
}

/// A program with an index of so many articles, and its dictionary.
fn packed() -> (Program, PathBuf) {
    let program = Program::new();
    let lines: String = (0..ARTICLES).map(|number| line(number, 0)).collect();
    program.write("news/all.jsonl", lines.as_bytes());
    let ran = program.run(&["index", "news", "--index", "kept"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let dictionary = program.path("kept/generation-0001/articles-1.dict");
    assert!(dictionary.exists(), "{:?}", fs::read_dir(program.path("kept/generation-0001")));
    (program, dictionary)
}

/// What `show` says of an article.
fn shown(program: &Program, number: usize) -> (Option<i32>, String) {
    let ran = program.run(&["show", &format!("a{number:05}"), "--index", "kept"]);
    (ran.code, ran.stdout + &ran.stderr)
}

#[test]
fn articles_come_back_and_a_lost_dictionary_is_told() {
    let (program, dictionary) = packed();
    let last = ARTICLES - 1;
    for number in [0, ARTICLES / 2, last] {
        let (code, said) = shown(&program, number);
        let words: Vec<String> = said.split_whitespace().map(str::to_owned).collect();
        let wanted: Vec<String> = text(number, 0).split_whitespace().map(str::to_owned).collect();
        assert_eq!(code, Some(0), "{said}");
        assert!(words.windows(wanted.len()).any(|window| window == wanted), "{number}: {said}");
    }
    assert_eq!(program.run(&["check", "--deep", "--index", "kept"]).code, Some(0));

    // A run that follows packs with the same, and clears away what no commit knows.
    program.write("news/more.jsonl", line(ARTICLES, 0).as_bytes());
    program.write("kept/generation-0001/articles-2.dict", b"of a run that was killed");
    let ran = program.run(&["index", "news", "--index", "kept"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(!program.path("kept/generation-0001/articles-2.dict").exists());
    assert_eq!(shown(&program, ARTICLES).0, Some(0));
    assert_eq!(program.run(&["check", "--index", "kept"]).code, Some(0));

    // A byte of it anywhere: no article gets another text, and nothing is written.
    let whole = fs::read(&dictionary).expect("it is there");
    let before = shown(&program, last);
    let mut damaged = whole.clone();
    damaged.iter_mut().skip(8).for_each(|byte| *byte ^= 1);
    for bytes in [Some(damaged), None] {
        match &bytes {
            Some(bytes) => replace(&dictionary, bytes),
            None => fs::remove_file(&dictionary).expect("it is there"),
        }
        let (code, text) = shown(&program, last);
        assert!((code, &text) == (before.0, &before.1) || code != Some(0), "{text}");
        assert!(text.contains("cannot be read"), "{text}");
        let check = program.run(&["check", "--index", "kept"]);
        assert!(check.code == Some(1) && check.stdout.contains("`articles-1.dict` is"), "{}", check.stdout);
        program.write("news/more.jsonl", line(ARTICLES, 1 + u64::from(bytes.is_none())).as_bytes());
        let ran = program.run(&["index", "news", "--index", "kept"]);
        assert!(ran.code == Some(2) && ran.stderr.contains("articles-1.dict"), "{:?} {}", ran.code, ran.stderr);
    }
    let repaired = program.run(&["check", "--repair", "--index", "kept"]);
    assert_eq!(repaired.code, Some(0), "{}{}", repaired.stdout, repaired.stderr);
    assert!(shown(&program, last).1.contains(&corpus::title(last, 0)));
}
