//! Concordances and collocates against a list: articles of few words, whose lines are found by reading them word by word.

use super::corpus::Chance;
use super::program::Program;
use dateline::backend::Backend;
use dateline::backend::local::Local;
use dateline::query;
use dateline::search::{Request, Sort};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// An article as it is meant to be.
#[derive(Clone, Debug)]
struct Written {
    id: String,
    title: String,
    text: String,
    published: Option<String>,
    source: String,
}

const WORDS: [&str; 14] = [
    "harbour", "treaty", "rain", "minister", "Über", "coal", "平", "strike", "treaty", "of", "the", "paper", "grain",
    "the",
];

fn articles(count: usize, seed: u64) -> Vec<Written> {
    let mut chance = Chance::new(seed);
    let mut text = |longest: u64, between: &[&str]| {
        let mut text = String::new();
        for _ in 0..chance.below(longest) {
            text.push_str(WORDS[chance.below(WORDS.len() as u64) as usize]);
            text.push_str(between[chance.below(between.len() as u64) as usize]);
        }
        text.trim_end().to_owned()
    };
    let mut one = |number: usize| Written {
        id: format!("n{}", (number * 7919) % 1000),
        title: text(5, &[" ", " ", ", "]),
        text: format!("Word {}", text(60, &[" ", " ", " ", ", ", ". ", "\n\n"])),
        published: (!number.is_multiple_of(5)).then(|| format!("2024-{:02}-{:02}", 1 + number % 7, 1 + number % 3)),
        source: ["Wire", "Ledger"][number % 2].to_owned(),
    };
    (0..count).map(&mut one).collect()
}

/// As lines of JSON.
fn json_lines(articles: &[Written]) -> String {
    let line = |article: &Written| {
        let mut json = serde_json::json!({"id": article.id, "text": article.text, "source": article.source});
        if !article.title.is_empty() {
            json["title"] = article.title.clone().into();
        }
        if let Some(published) = &article.published {
            json["published"] = published.clone().into();
        }
        format!("{json}\n")
    };
    articles.iter().map(line).collect()
}

/// A program with an index of the articles, put there in so many steps.
fn indexed(articles: &[Written], steps: usize) -> Program {
    let program = Program::new();
    for (number, part) in articles.chunks(articles.len().div_ceil(steps)).enumerate() {
        program.write(&format!("news/{number}.jsonl"), json_lines(part).as_bytes());
        let ran = program.run(&["index", "news", "--index", "ix", "--quiet"]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    }
    program
}

/// The words of a text with the characters where they begin and end, in small letters; one of its own for a character
/// that stands for a word.
fn words(text: &str) -> Vec<(String, usize, usize)> {
    let mut words: Vec<(String, usize, usize)> = Vec::new();
    let mut open = false;
    for (at, c) in text.chars().enumerate() {
        let alone = c >= '\u{2e80}';
        if alone || !(c.is_alphanumeric() || c == '\'') {
            open = false;
        }
        if alone {
            words.push((c.to_string(), at, at + 1));
        } else if c.is_alphanumeric() || c == '\'' {
            if !open {
                words.push((String::new(), at, at));
            }
            let word = words.last_mut().expect("it was put there");
            word.0.extend(c.to_lowercase().map(|c| if c == 'ü' { 'u' } else { c }));
            word.2 = at + 1;
            open = true;
        }
    }
    words
}

/// A line as a scan finds it.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    id: String,
    part: &'static str,
    start: usize,
    end: usize,
    /// The words before the match, the nearest first, and those behind it.
    left: Vec<String>,
    right: Vec<String>,
    published: Option<String>,
    source: String,
}

/// Every place of a phrase.
fn scan(articles: &[Written], phrase: &[&str]) -> Vec<Line> {
    let mut lines = Vec::new();
    for article in articles {
        for (part, text) in [("title", &article.title), ("body", &article.text)] {
            let words = words(text);
            for (first, window) in words.windows(phrase.len()).enumerate() {
                if window.iter().map(|word| word.0.as_str()).eq(phrase.iter().copied()) {
                    lines.push(Line {
                        id: article.id.clone(),
                        part,
                        start: window[0].1,
                        end: window[phrase.len() - 1].2,
                        left: words[..first].iter().rev().map(|word| word.0.clone()).collect(),
                        right: words[first + phrase.len()..].iter().map(|word| word.0.clone()).collect(),
                        published: article.published.clone(),
                        source: article.source.clone(),
                    });
                }
            }
        }
    }
    lines
}

/// What `kwic` or `collocates` answers.
fn asked(program: &Program, arguments: &[&str]) -> Value {
    let mut all = arguments.to_vec();
    all.extend(["--index", "ix", "--json", "--no-variants"]);
    let ran = program.run(&all);
    assert!(matches!(ran.code, Some(0 | 1)), "{arguments:?}: {}", ran.stderr);
    serde_json::from_str(&ran.stdout).expect("it is JSON")
}

/// Article, part and place of each line of an answer.
fn places(answer: &Value) -> Vec<(String, String, u64, u64)> {
    let text = |line: &Value, key: &str| line[key].as_str().expect("a text").to_owned();
    let number = |line: &Value, key: &str| line[key].as_u64().expect("a number");
    let lines = answer["lines"].as_array().expect("a list").iter();
    lines.map(|line| (text(line, "id"), text(line, "part"), number(line, "start"), number(line, "end"))).collect()
}

fn expected(lines: &[Line]) -> Vec<(String, String, u64, u64)> {
    lines.iter().map(|line| (line.id.clone(), line.part.to_owned(), line.start as u64, line.end as u64)).collect()
}

/// The first lines that differ.
fn differ(answer: &Value, lines: &[Line]) -> impl std::fmt::Debug {
    places(answer).into_iter().zip(expected(lines)).find(|(found, expected)| found != expected)
}

/// Newest first, undated ones last, then by id, headline and place.
fn sorted(mut lines: Vec<Line>, key: impl Fn(&Line) -> Vec<String>) -> Vec<Line> {
    lines.sort_by_key(|line| {
        let newest = line.published.as_ref().map(|day| day.bytes().map(|byte| 255 - byte).collect::<Vec<u8>>());
        (key(line), newest.is_none(), newest, line.id.clone(), line.part == "body", line.start)
    });
    lines
}

#[test]
fn lines_are_those_that_a_scan_finds() {
    let articles = articles(120, 1);
    let program = indexed(&articles, 3);
    for phrase in [&["treaty"][..], &["the", "treaty"], &["平"], &["treaty", "treaty"], &["uber", "coal"]] {
        let all = scan(&articles, phrase);
        assert!(all.len() > 5, "{phrase:?}");
        let query = format!("\"{}\"", phrase.join(" "));
        let first = |words: &[String]| words.iter().take(8).cloned().collect::<Vec<_>>();
        for (sort, lines) in [
            ("newest", sorted(all.clone(), |_| Vec::new())),
            ("left", sorted(all.clone(), |line| first(&line.left))),
            ("right", sorted(all.clone(), |line| first(&line.right))),
            ("match", sorted(all.clone(), |line| first(&line.right))),
        ] {
            let answer = asked(&program, &["kwic", &query, "-n", "0", "--sort", sort]);
            assert!(places(&answer) == expected(&lines), "{query} {sort}: {:?}", differ(&answer, &lines));
            assert_eq!(
                (answer["matches"].as_u64(), answer["matches_exact"].as_bool()),
                (Some(all.len() as u64), Some(true))
            );
            // The first lines are those of all, and as many are counted.
            let few = asked(&program, &["kwic", &query, "-n", "7", "--sort", sort]);
            assert_eq!(places(&few), expected(&lines[..lines.len().min(7)]), "{query} {sort}");
            assert_eq!((&few["matches"], &few["matches_exact"]), (&answer["matches"], &answer["matches_exact"]));
        }
        // What stands on either side is what is there, and all of it is the text.
        let answer = asked(&program, &["kwic", &query, "-n", "0", "--context", "4"]);
        for (line, found) in answer["lines"].as_array().expect("a list").iter().zip(sorted(all, |_| Vec::new())) {
            let text = |key: &str| line[key].as_str().expect("a text");
            let article = articles.iter().find(|article| article.id == found.id).expect("it was written");
            let whole = if found.part == "title" { &article.title } else { &article.text };
            assert!(whole.contains(&format!("{}{}{}", text("left"), text("match"), text("right"))), "{line}");
            let side = |text: &str| words(text).into_iter().map(|word| word.0).collect::<Vec<_>>();
            let before: Vec<String> = found.left.iter().take(4).rev().cloned().collect();
            assert_eq!(side(text("left")), before);
            assert_eq!(side(text("right")), found.right.iter().take(4).cloned().collect::<Vec<_>>());
        }
    }
    // Of two words each place of either is a line; of a name that narrows none is.
    let both = [scan(&articles, &["coal"]), scan(&articles, &["grain"])].concat();
    let with = |word: &str| scan(&articles, &[word]).into_iter().map(|line| line.id).collect::<BTreeSet<_>>();
    let have: BTreeSet<String> = with("coal").intersection(&with("grain")).cloned().collect();
    let these: Vec<Line> = both.into_iter().filter(|line| have.contains(&line.id)).collect();
    let answer = asked(&program, &["kwic", "coal grain", "-n", "3", "--source", "Wire OR Ledger"]);
    assert_eq!((answer["matches"].as_u64(), answer["matches_exact"].as_bool()), (Some(these.len() as u64), Some(true)));
    assert_eq!(places(&answer), expected(&sorted(these, |_| Vec::new())[..3]));
}

#[test]
fn groups_count_what_a_scan_counts() {
    let articles = articles(90, 2);
    let program = indexed(&articles, 2);
    let all = scan(&articles, &["treaty"]);
    let none = String::new;
    type Value<'a> = (&'a str, &'a dyn Fn(&Line) -> String);
    let values: [Value<'_>; 5] = [
        ("left", &|line| line.left.first().cloned().unwrap_or_default()),
        ("right", &|line| line.right.first().cloned().unwrap_or_default()),
        ("match", &|_| "treaty".to_owned()),
        ("source", &|line| line.source.clone()),
        ("year", &|line| line.published.as_ref().map_or_else(none, |day| day[..4].to_owned())),
    ];
    for (by, value) in values {
        let mut counts: BTreeMap<String, (u64, BTreeSet<String>)> = BTreeMap::new();
        for line in &all {
            let group = counts.entry(value(line)).or_default();
            group.0 += 1;
            group.1.insert(line.id.clone());
        }
        let answer = asked(&program, &["kwic", "treaty", "--group-by", by, "-n", "0"]);
        let found: BTreeMap<String, (u64, u64)> = answer["groups"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|group| {
                let number = |key: &str| group[key].as_u64().expect("a number");
                (group["value"].as_str().unwrap_or("").to_owned(), (number("lines"), number("articles")))
            })
            .collect();
        let counts: BTreeMap<String, (u64, u64)> =
            counts.into_iter().map(|(value, (lines, ids))| (value, (lines, ids.len() as u64))).collect();
        assert_eq!(found, counts, "{by}");
        assert_eq!(answer["distinct"].as_u64(), Some(counts.len() as u64));
    }
    // Of a sample the groups are of as many lines.
    let answer = asked(&program, &["kwic", "treaty", "--group-by", "right", "--sample", "11"]);
    let lines: u64 =
        answer["groups"].as_array().expect("a list").iter().filter_map(|group| group["lines"].as_u64()).sum();
    assert_eq!(lines, 11);
}

#[test]
fn a_sample_is_the_same_however_the_index_came_about() {
    let articles = articles(150, 3);
    let all = expected(&scan(&articles, &["treaty"]));
    let mut backwards = articles.clone();
    backwards.reverse();
    let programs = [indexed(&articles, 1), indexed(&articles, 4), indexed(&backwards, 2)];
    let mut chosen = BTreeSet::new();
    for seed in ["1", "2", "3"] {
        for more in [&[][..], &["--sort", "left"], &["--read", "20"]] {
            let mut arguments = vec!["kwic", "treaty", "--sample", "25", "--seed", seed];
            arguments.extend(more);
            let answers: Vec<Value> = programs.iter().map(|program| asked(program, &arguments)).collect();
            let lines = places(&answers[0]);
            assert_eq!(lines.len(), 25, "{arguments:?}");
            assert!(lines.iter().all(|line| all.contains(line)));
            assert!(answers.iter().all(|answer| places(answer) == lines), "{arguments:?}");
            // Where not all were read, that is said.
            let read = answers[0]["read"].as_u64();
            assert_eq!(read, more.contains(&"20").then_some(20));
            let warned = answers[0]["warnings"].to_string().contains("lines of 20 of");
            assert_eq!(warned, read.is_some());
            if more.is_empty() {
                chosen.insert(lines.iter().map(|line| format!("{line:?}")).collect::<BTreeSet<_>>());
            }
        }
    }
    assert_eq!(chosen.len(), 3, "another seed chooses others");
    // A larger sample has the smaller one in it.
    let ids = |number: &str| {
        let answer = asked(&programs[0], &["kwic", "treaty", "--sample", number]);
        places(&answer).into_iter().collect::<BTreeSet<_>>()
    };
    assert!(ids("40").is_superset(&ids("10")));
}

fn number_of(answer: &Value, key: &str) -> f64 {
    answer[key].as_f64().expect("a number")
}

/// What a scan counts around a phrase: how often each word stands in a window, in how many articles, and anywhere outside
/// the matches; words in windows, outside the matches, and matches.
struct Around {
    words: BTreeMap<String, (u64, BTreeSet<String>, u64)>,
    window: u64,
    all: u64,
    matches: u64,
}

fn around(articles: &[Written], phrase: &[&str], left: usize, right: usize) -> Around {
    let mut around = Around { words: BTreeMap::new(), window: 0, all: 0, matches: 0 };
    for article in articles {
        for text in [&article.title, &article.text] {
            let words = words(text);
            let (mut inside, mut near) = (vec![false; words.len()], vec![false; words.len()]);
            for first in 0..words.len() {
                let end = first + phrase.len();
                if end > words.len() || !words[first..end].iter().map(|word| &word.0).eq(phrase.iter()) {
                    continue;
                }
                around.matches += 1;
                inside[first..end].fill(true);
                (first.saturating_sub(left)..first).for_each(|at| near[at] = true);
                (end..words.len().min(end + right)).for_each(|at| near[at] = true);
            }
            for (at, (word, ..)) in words.into_iter().enumerate().filter(|(at, _)| !inside[*at]) {
                let counted = around.words.entry(word).or_default();
                counted.2 += 1;
                around.all += 1;
                if near[at] {
                    counted.0 += 1;
                    counted.1.insert(article.id.clone());
                    around.window += 1;
                }
            }
        }
    }
    around
}

#[test]
fn collocates_are_counted_and_measured_as_by_hand() {
    let articles = articles(130, 4);
    let program = indexed(&articles, 1);
    for (phrase, arguments, left, right) in [
        (&["treaty"][..], &["--window", "3"][..], 3, 3),
        (&["treaty"], &["--left", "2", "--right", "0"], 2, 0),
        (&["the", "treaty"], &[], 5, 5),
        (&["coal"], &["--window", "40"], 40, 40),
    ] {
        let expected = around(&articles, phrase, left, right);
        let query = format!("\"{}\"", phrase.join(" "));
        let mut all = vec!["collocates", &query, "-n", "0", "--min-count", "1", "--stop-words"];
        all.extend(arguments);
        let answer = asked(&program, &all);
        let number = |value: &Value, key: &str| value[key].as_f64().expect("a number");
        assert_eq!(number(&answer, "matches"), expected.matches as f64, "{query}");
        assert_eq!(number(&answer, "window"), expected.window as f64, "{query}");
        let in_matches = expected.matches * phrase.len() as u64;
        if phrase.len() == 1 {
            assert_eq!(number(&answer, "words"), (expected.all + in_matches) as f64);
        }
        let mut listed = BTreeSet::new();
        let mut last = f64::INFINITY;
        for row in answer["collocates"].as_array().expect("a list") {
            let word = row["word"].as_str().expect("a word");
            let (together, ids, of_word) = &expected.words[word];
            assert_eq!(number(row, "together"), *together as f64, "{query} {word}");
            assert_eq!(number(row, "articles"), ids.len() as f64, "{query} {word}");
            let (o, r, c, n) = (*together as f64, expected.window as f64, *of_word as f64, expected.all as f64);
            let part = |o: f64, e: f64| if o > 0.0 { o * (o / e).ln() } else { 0.0 };
            let likelihood = 2.0
                * (part(o, r * c / n)
                    + part(r - o, r * (n - c) / n)
                    + part(c - o, (n - r) * c / n)
                    + part(n - r - c + o, (n - r) * (n - c) / n));
            for (key, value) in [
                ("expected", r * c / n),
                ("log_likelihood", likelihood),
                ("log_dice", 14.0 + (2.0 * o / (expected.matches as f64 + c)).log2()),
                ("mi", (o * n / (r * c)).log2()),
                ("t_score", (o - r * c / n) / o.sqrt()),
                ("delta_p", o / r - (c - o) / (n - r)),
            ] {
                assert!((number(row, key) - value).abs() < 1e-3, "{query} {word} {key}: {row} {value}");
            }
            assert!(number(row, "log_likelihood") <= last, "best first");
            last = number(row, "log_likelihood");
            listed.insert(word.to_owned());
            // The line behind it has both.
            let line = row["example"].as_str().expect("a line").to_lowercase().replace('ü', "u");
            assert!(line.contains(word) && phrase.iter().all(|word| line.contains(word)), "{row}");
        }
        let attracted: BTreeSet<String> = expected
            .words
            .iter()
            .filter(|(_, (o, _, c))| *o > 0 && *o as f64 > expected.window as f64 * *c as f64 / expected.all as f64)
            .map(|(word, _)| word.clone())
            .collect();
        assert_eq!(listed, attracted, "{query}");
        // Fewer are the first of all, whatever orders them.
        for measure in ["log-likelihood", "log-dice", "mi", "t-score", "delta-p"] {
            let rows = |number: &'static str| {
                let mut fewer = all.clone();
                fewer[3] = number;
                fewer.extend(["--measure", measure]);
                asked(&program, &fewer)["collocates"].as_array().expect("a list").clone()
            };
            assert_eq!(rows("3"), rows("0").into_iter().take(3).collect::<Vec<_>>(), "{query} {measure}");
        }
    }
    // However the index came about, up to how many words it has in all.
    let steps = indexed(&articles, 4);
    let rows =
        |program: &Program| asked(program, &["collocates", "treaty", "--min-count", "1", "--measure", "t-score"]);
    let (one, four) = (rows(&program), rows(&steps));
    for key in ["word", "together", "archive", "articles", "example", "id"] {
        let column = |answer: &Value| {
            let rows = answer["collocates"].as_array().expect("a list").iter();
            rows.map(|row| row[key].clone()).collect::<Vec<_>>()
        };
        assert_eq!(column(&one), column(&four), "{key}");
    }
    assert!((number_of(&one, "words") / number_of(&four, "words") - 1.0).abs() < 0.05);
    // Without content.
    let answer = asked(&program, &["collocates", "treaty", "-n", "0", "--min-count", "1"]);
    let has = |answer: &Value, word: &str| answer["collocates"].to_string().contains(&format!("\"word\":\"{word}\""));
    assert!(!has(&answer, "the") && !has(&answer, "of"));
}

#[test]
fn a_window_may_end_with_the_sentence() {
    let program = Program::new();
    let text = "Rain fell on Leeds. The old treaty was signed by ministers. Grain was dear.";
    program.write("news/a.txt", text.as_bytes());
    program.run(&["index", "news", "--index", "ix", "--quiet"]);
    let around = |more: &[&str]| {
        let mut all = vec!["collocates", "treaty", "--min-count", "1", "--stop-words", "-n", "0"];
        all.extend(more);
        let answer = asked(&program, &all);
        (number_of(&answer, "window"), number_of(&answer, "matches"))
    };
    assert_eq!(around(&[]), (10.0, 1.0));
    assert_eq!(around(&["--same-sentence"]), (6.0, 1.0));
    assert_eq!(around(&["--same-sentence", "--left", "1"]), (5.0, 1.0));
}

#[test]
fn collocates_of_a_part_are_like_those_of_all() {
    // `storm` stands beside `warning` in every second of its articles, and nowhere else.
    let text = |number: usize| match number % 4 {
        0 => "A storm warning came. Grain was dear and paper was cheap in every town.",
        1 => "The storm passed. Grain was cheap and paper was dear in every town.",
        _ => "Coal was dug. Grain was dear and paper was cheap in every town.",
    };
    let one = |number: usize| Written {
        id: format!("n{number}"),
        title: String::new(),
        text: text(number).to_owned(),
        published: Some("2024-06-01".to_owned()),
        source: "Wire".to_owned(),
    };
    let articles: Vec<Written> = (0..400).map(one).collect();
    let program = indexed(&articles, 2);
    let first = |read: &str| asked(&program, &["collocates", "storm", "--read", read, "--right", "1", "--left", "0"]);
    let (all, part) = (first("0"), first("100"));
    assert_eq!((all["read"].as_u64(), part["read"].as_u64()), (None, Some(100)));
    assert!(part["warnings"].to_string().contains("counted in 100 of 200 articles"), "{part}");
    let of = |answer: &Value, key: &str| {
        let rows = answer["collocates"].as_array().expect("a list");
        let row = rows.iter().find(|row| row["word"] == "warning").expect("it is listed");
        row[key].as_f64().expect("a number")
    };
    // Half as many are seen; how close they are is the same, but for what chance chose.
    assert_eq!((of(&all, "together"), of(&all, "archive"), of(&part, "archive")), (100.0, 100.0, 100.0));
    assert!((of(&part, "together") - 50.0).abs() <= 15.0);
    for key in ["log_dice", "mi"] {
        assert!((of(&all, key) - of(&part, key)).abs() < 0.5, "{key}: {all} {part}");
    }
}

#[test]
fn lines_of_the_sample_are_those_of_its_texts() {
    let program = Program::new();
    program.copy("sample_corpus");
    program.run(&["index", "sample_corpus", "--index", "ix", "--quiet"]);
    let index = Local::open(&program.path("ix")).expect("it can be opened");
    let request = Request {
        query: String::new(),
        limit: 0,
        offset: 0,
        sort: Sort::Newest,
        facets: Vec::new(),
        snippets: 0,
        explain_scores: false,
        group_by_slot: false,
        ..Request::default()
    };
    let every = index.search(&query::parse("", None).tree, &request).expect("it can be searched").hits;
    let article = |id: String| {
        let article = index.article(&id).expect("it can be read").expect("it is there").article;
        let published = article.published.map(|published| published.first.to_string());
        let title = article.title.unwrap_or_default();
        Written { id, title, text: article.text, published, source: article.source.unwrap_or_default() }
    };
    let articles: Vec<Written> = every.into_iter().map(|hit| article(hit.id)).collect();
    for (query, phrase, least) in [("treaty", &["treaty"][..], 20), ("\"prime minister\"", &["prime", "minister"], 2)] {
        let lines = scan(&articles, phrase);
        assert!(lines.len() >= least, "{query}: {}", lines.len());
        let answer = asked(&program, &["kwic", query, "-n", "0", "--sort", "newest"]);
        assert_eq!(places(&answer), expected(&sorted(lines, |_| Vec::new())), "{query}");
    }
}

#[test]
fn what_stands_in_no_text_has_no_lines() {
    let program = indexed(&articles(10, 5), 1);
    for arguments in [&["kwic", ""][..], &["kwic", "--from", "2024"], &["collocates", "-treaty"]] {
        let mut all = arguments.to_vec();
        all.extend(["--index", "ix"]);
        let ran = program.run(&all);
        assert_eq!(ran.code, Some(2), "{arguments:?} {}", ran.stdout);
        assert!(ran.stderr.contains("nothing in this query stands in a text"), "{}", ran.stderr);
    }
    assert_eq!(program.run(&["kwic", "zebra", "--index", "ix"]).code, Some(1));
    assert_eq!(program.run(&["collocates", "zebra", "--index", "ix"]).code, Some(1));
    assert_eq!(program.run(&["kwic", "treaty", "--index", "ix", "--limit", "-3"]).code, Some(2));
}
