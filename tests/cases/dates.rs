//! Dates against what does not come from the program: sentences with what they mean, sentences without any date, and ten
//! thousand relative dates of another calendar.
//!
//! `tests/dates/LANGUAGE.txt`: `text | day of the text ==> value; value`; without a day, relative dates have none.
//! `tests/dates/LANGUAGE.not.txt`: texts in which no date is. `#` begins a comment; `? ` a case that is not understood
//! yet: once it is, the mark has to go.

use chrono::NaiveDate;
use dateline::article::Article;
use dateline::extract::{self, Page};
use dateline::language;
use dateline::text::Words;
use dateline::when;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// The fewest cases of a language, with and without dates.
const FEWEST: &[(&str, usize, usize)] = &[("en", 600, 200), ("de", 150, 50), ("fr", 150, 50), ("es", 150, 50)];

/// The most cases that may be marked; it only ever goes down.
const MOST_WAITING: usize = 9;

/// A line without its mark, and whether it had one.
fn unmarked(line: &str) -> (&str, bool) {
    line.strip_prefix("? ").map_or((line, false), |line| (line, true))
}

fn table(name: &str) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/dates").join(name);
    fs::read_to_string(path).ok()
}

fn lines(table: &str) -> impl Iterator<Item = &str> {
    table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The values of the dates that are found, in order.
fn values(text: &str, code: &str, anchor: Option<NaiveDate>) -> Vec<String> {
    let language = language::find(code).expect("a language of the program");
    when::find(&Words::new(text), language, anchor).into_iter().map(|(_, timex)| timex.value).collect()
}

/// The values of the dates that an article has that is this text, where names are told from dates.
fn in_article(text: &str, code: &str) -> Vec<String> {
    let article = Article { text: text.to_owned(), language: Some(code.to_owned()), ..Article::default() };
    let found = extract::extract(&Page::new(&article, "2024-06-19".parse().ok()));
    found.mentions.into_iter().filter_map(|mention| Some(mention.timex?.value)).collect()
}

#[test]
fn sentences_mean_what_they_say() {
    let (mut wrong, mut waiting) = (Vec::new(), 0);
    for (code, fewest, fewest_without) in FEWEST {
        let mut count = 0;
        for line in lines(&table(&format!("{code}.txt")).unwrap_or_default()) {
            count += 1;
            let (line, marked) = unmarked(line);
            let (said, expected) = line.split_once("==>").expect("every case has an arrow");
            let (text, anchor) = said.rsplit_once('|').expect("every case has a day, or an empty one");
            let anchor = anchor.trim();
            let anchor = (!anchor.is_empty()).then(|| anchor.parse().expect("an ISO day"));
            let expected: Vec<&str> = expected.split(';').map(str::trim).filter(|value| !value.is_empty()).collect();
            let found = values(text.trim(), code, anchor);
            waiting += usize::from(marked);
            if (found == expected) == marked {
                wrong.push(format!("{code}: {line}\n    found {}", found.join("; ")));
            }
        }
        let mut without = 0;
        for text in lines(&table(&format!("{code}.not.txt")).unwrap_or_default()) {
            without += 1;
            let (text, marked) = unmarked(text);
            waiting += usize::from(marked);
            let found = in_article(text, code);
            if found.is_empty() == marked {
                wrong.push(format!("{code}: {text}\n    found {}, where there is none", found.join("; ")));
            }
        }
        assert!(count >= *fewest && without >= *fewest_without, "{code}: {count} and {without} cases");
    }
    assert!(wrong.is_empty(), "{} wrong or marked though right:\n{}", wrong.len(), wrong.join("\n"));
    assert!(waiting <= MOST_WAITING, "{waiting} cases are not understood, more than before");
}

#[test]
fn relative_dates_agree_with_another_calendar() {
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut count = 0;
    for line in lines(&table("calendar.tsv").expect("it is a part of the project")) {
        count += 1;
        let [anchor, words, value, first, last] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("five columns: {line}")
        };
        let language = language::find("en").expect("a language of the program");
        let found = when::find(&Words::new(words), language, anchor.parse().ok());
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let found: Vec<(String, String, String)> =
            found.into_iter().map(|(_, timex)| (timex.value, day(timex.first), day(timex.last))).collect();
        if found != [(value.to_owned(), first.to_owned(), last.to_owned())] {
            let kind = words.chars().filter(|c| !c.is_ascii_digit()).collect();
            wrong.entry(kind).or_default().push(format!("{line} found {found:?}"));
        }
    }
    assert!(count >= 10_000, "{count} cases");
    let listed = wrong.iter().map(|(kind, cases)| format!("{kind}: {} such as {}", cases.len(), cases[0]));
    assert!(wrong.is_empty(), "{}", listed.collect::<Vec<_>>().join("\n"));
}
