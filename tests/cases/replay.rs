//! What is kept of fuzzing, played again for every target: `fuzz/corpus/TARGET`, an input a file. A target without a
//! corpus, or whose inputs are played nowhere, is a fault.

use chrono::NaiveDate;
use dateline::article::{Article, Part};
use dateline::extract::{self, Page};
use dateline::language::LANGUAGES;
use dateline::query;
use dateline::text::Words;
use dateline::when::{self, Hemisphere, Setting};
use std::fs;
use std::path::{Path, PathBuf};

/// The name of a target, and what it does with an input.
type Target = (&'static str, fn(&str));

/// Targets that are played here, and those that are played elsewhere.
const HERE: &[Target] = &[("dates", dates), ("extract", extract_all), ("query", ask)];
const ELSEWHERE: &[&str] = &["read"];

fn package(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn names(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut names: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    names.sort();
    names
}

#[test]
fn every_target_has_a_corpus_that_is_played() {
    for target in names(&package("fuzz/fuzz_targets")) {
        let name = target.file_stem().and_then(|name| name.to_str()).expect("a name");
        let inputs = names(&package("fuzz/corpus").join(name));
        assert!(!inputs.is_empty(), "`{name}` has no input");
        let Some((_, play)) = HERE.iter().find(|(known, _)| *known == name) else {
            assert!(ELSEWHERE.contains(&name), "`{name}` is played nowhere");
            continue;
        };
        for input in inputs {
            let text = fs::read(&input).expect("it can be read");
            let text = String::from_utf8_lossy(&text);
            let caught = std::panic::catch_unwind(|| play(&text));
            assert!(caught.is_ok(), "{}", input.display());
        }
    }
}

/// Like `fuzz_targets/query.rs`, but for time.
fn ask(text: &str) {
    let parsed = query::parse(text, None);
    let printed = parsed.tree.to_string();
    if query::check(&parsed).is_ok() {
        let again = query::parse(&printed, None);
        assert!(query::check(&again).is_ok(), "{text:?} is printed as {printed:?}, which is no query");
        assert_eq!(again.tree.to_string(), printed, "{text:?}");
    }
}

/// Like `fuzz_targets/extract.rs`.
fn extract_all(text: &str) {
    let article = Article { text: text.to_owned(), language: Some("en".to_owned()), ..Article::default() };
    let found = extract::extract(&Page::new(&article, None));
    for mention in &found.mentions {
        assert_eq!(mention.part, Part::Body);
        assert!(article.text.get(mention.span.start..mention.span.end).is_some(), "a span does not fit the text");
    }
}

/// Like `fuzz_targets/dates.rs`, in every language and both halves of the globe, from some days and from none.
fn dates(text: &str) {
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day);
    let anchors = [None, day(1, 1, 1), day(2024, 2, 29), day(9999, 12, 31)];
    for language in LANGUAGES.iter().filter(|language| !language.date_words.is_empty()) {
        for anchor in anchors {
            for hemisphere in [Hemisphere::North, Hemisphere::South] {
                let within = day(2024, 1, 1).zip(day(2024, 12, 31)).filter(|_| anchor.is_none());
                let mut end = 0;
                for (span, timex) in when::find_in(&Words::new(text), language, Setting { anchor, within, hemisphere })
                {
                    assert!(span.start >= end && !span.of(text).is_empty(), "{span:?} does not fit");
                    end = span.end;
                    assert_eq!(timex.first.is_some(), timex.last.is_some(), "{timex:?}");
                    assert!(timex.first <= timex.last, "{timex:?}");
                }
            }
            when::range(text, anchor);
        }
        when::dated_line(text, language);
    }
    when::written(text);
}
