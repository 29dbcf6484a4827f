//! Exports against lists: every hit once, in order, in every format, with what a search shows of it; files that are there
//! whole or not at all.

use super::program::Program;
use chrono::{Days, NaiveDate};
use dateline::article::{Article, Confidence, Found, Precision, Provenance, Published};
use dateline::backend::Backend;
use dateline::backend::local::Local;
use dateline::backend::local::writer::{Options, Writer};
use dateline::error::{Error, Kind};
use dateline::query;
use dateline::search::{Export, ExportRequest, Hit, Order, Results};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;

/// The sample corpus, indexed in two runs, so that it lies in several segments.
fn indexed() -> Program {
    let program = Program::new();
    program.copy("sample_corpus");
    for part in ["sample_corpus/harbour-courier", "sample_corpus"] {
        let ran = program.run(&["index", "--quiet", "--index", "kept", part]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    }
    program
}

fn lines(program: &Program, arguments: &[&str]) -> Vec<Value> {
    let ran = program.run(arguments);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    ran.stdout.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

fn ids(hits: &[Value]) -> Vec<&str> {
    hits.iter().map(|hit| hit["id"].as_str().expect("a hit has an id")).collect()
}

const QUERIES: [&str; 4] = ["", "treaty", "korea -treaty", "person:putin OR country:FR"];

#[test]
fn an_export_has_what_a_search_has() {
    let program = indexed();
    for query in QUERIES {
        for order in ["oldest", "newest"] {
            let asked = ["--index", "kept", "--format", "jsonl", "--sort", order, query];
            let exported = lines(&program, &[&["export"], &asked[..]].concat());
            let found = lines(&program, &[&["search", "-n", "0"], &asked[..]].concat());
            assert!(!found.is_empty());
            assert_eq!(exported.len(), found.len());
            for (exported, mut found) in exported.into_iter().zip(found) {
                // An export is in no order of scores.
                found["score"] = 0.0.into();
                assert_eq!(exported, found, "{query} {order}");
            }
        }
        let by_id = lines(&program, &["export", "--index", "kept", "--sort", "id", query]);
        assert!(ids(&by_id).windows(2).all(|pair| pair[0] < pair[1]), "{query}");
        let count = program.run(&["count", "--index", "kept", query]).stdout;
        assert_eq!(count.trim(), by_id.len().to_string());
    }
}

#[test]
fn whole_texts_are_those_that_are_shown() {
    let program = indexed();
    let exported = lines(&program, &["export", "--index", "kept", "--text", "country:KP"]);
    assert!(exported.len() > 5);
    for article in exported {
        let id = article["id"].as_str().expect("a hit has an id");
        let shown = &lines(&program, &["show", "--index", "kept", "--format", "json", id])[0];
        for key in ["text", "mentions", "title", "authors", "section", "url", "published"] {
            assert_eq!(article[key], shown[key], "{key} of {id}");
        }
    }
}

#[test]
fn every_format_has_every_hit_once() {
    let program = indexed();
    for query in QUERIES {
        let hits = lines(&program, &["export", "--index", "kept", query]);
        let written = |format: &str| {
            let ran = program.run(&["export", "--index", "kept", "--format", format, query]);
            assert_eq!(ran.code, Some(0), "{}", ran.stderr);
            ran.stdout
        };
        for (format, delimiter) in [("csv", b','), ("tsv", b'\t')] {
            let text = written(format);
            let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
            let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row is whole")).collect();
            assert_eq!(rows.iter().map(|row| &row[0]).collect::<Vec<_>>(), ids(&hits));
        }
        let fields = ["export", "--index", "kept", "--fields", "title,id", query];
        let chosen = lines(&program, &fields);
        assert_eq!(ids(&chosen), ids(&hits));
        assert!(chosen.iter().zip(&hits).all(|(chosen, hit)| chosen["title"] == hit["title"]));
        let bibtex = written("bibtex");
        let keys: BTreeSet<&str> = bibtex.lines().filter(|line| line.starts_with('@')).collect();
        assert_eq!(keys.len(), hits.len());
        for entry in bibtex.split_terminator("\n\n") {
            let depth = entry.chars().fold(0, |depth: i32, c| match c {
                '{' => depth + 1,
                '}' => depth - 1,
                _ => depth,
            });
            assert_eq!(depth, 0, "braces of {entry}");
        }
        let ris = written("ris");
        assert!(ris.split_terminator('\n').all(|line| line.ends_with('\r')));
        let of_tag = |tag: &str| ris.lines().filter_map(|line| line.strip_prefix(tag)).collect::<Vec<_>>();
        assert_eq!(of_tag("ID  - "), ids(&hits));
        assert_eq!((of_tag("TY  - NEWS").len(), of_tag("ER  - ").len()), (hits.len(), hits.len()));
        let markdown = written("markdown");
        assert_eq!(markdown.lines().filter(|line| line.starts_with("- **")).count(), hits.len());
        let page = written("html");
        assert_eq!(page.matches("<li>").count(), hits.len());
        assert_eq!(page.matches("<h3>").count(), page.matches("</h3>").count());
        assert!(!page.contains("<script") && page.ends_with("</html>\n"));
        let by_period: usize = page
            .split("<title>")
            .skip(2)
            .filter_map(|rest| rest.split(": ").nth(1)?.split(' ').next()?.parse::<usize>().ok())
            .sum();
        let dated = hits.iter().filter(|hit| hit["published"]["precision"] == "day").count();
        assert!(by_period >= dated.min(1) && by_period <= hits.len(), "{by_period} of {}", hits.len());
    }
}

#[test]
fn no_hit_is_no_error() {
    let program = indexed();
    for format in ["jsonl", "csv", "tsv", "markdown", "bibtex", "ris", "html"] {
        let ran = program.run(&["export", "--index", "kept", "--format", format, "qqqqq"]);
        assert_eq!(ran.code, Some(1), "{}", ran.stderr);
        let has_head = matches!(format, "csv" | "tsv" | "html");
        assert_eq!(ran.stdout.is_empty(), !has_head, "{format}: {}", ran.stdout);
    }
    let wrong = program.run(&["export", "--index", "kept", "--format", "ris", "--text", "treaty"]);
    assert_eq!((wrong.code, wrong.stdout.as_str()), (Some(2), ""));
}

#[test]
fn a_file_is_there_whole_or_not_at_all() {
    let program = indexed();
    let names = || -> BTreeSet<String> {
        let entries = fs::read_dir(program.path("out")).expect("the folder is there");
        entries.map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned()).collect()
    };
    program.write("out/kept.jsonl", b"before");
    let said = program.run(&["export", "--index", "kept", "treaty"]).stdout;
    let ran = program.run(&["export", "--index", "kept", "treaty", "--output", "out/kept.jsonl"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{}", ran.stderr);
    assert_eq!(fs::read_to_string(program.path("out/kept.jsonl")).expect("it is text"), said);
    let lost = program.run(&["export", "--index", "kept", "treaty", "--output", "nowhere/x.jsonl"]);
    assert_eq!(lost.code, Some(2));
    let folder = program.run(&["export", "--index", "kept", "treaty", "--output", "out"]);
    assert_eq!(folder.code, Some(2), "{}", folder.stderr);
    // An error before the first hit leaves what was there.
    let wrong = program.run(&["export", "--index", "kept", "treaty (", "--output", "out/kept.jsonl"]);
    assert_eq!(wrong.code, Some(2));
    assert_eq!(fs::read_to_string(program.path("out/kept.jsonl")).expect("it is text"), said);
    assert_eq!(names(), BTreeSet::from(["kept.jsonl".to_owned()]));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_a_closed_pipe_is_none() {
    let program = indexed();
    let full = program.run(&["export", "--index", "kept", "", "--text", "--output", "/dev/full"]);
    assert_eq!(full.code, Some(2));
    assert!(full.stderr.contains("failed writing to `/dev/full`") && full.stderr.contains("free some space"));
    let mut child = program.command(&["export", "--index", "kept", "", "--text"]).spawn().expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("a child can be waited for");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

/// Takes lines and counts what it is told.
#[derive(Default)]
struct Kept {
    total: usize,
    text: Vec<u8>,
    /// So many portions are taken, and no more.
    most: Option<usize>,
}

impl Export for Kept {
    fn begin(&mut self, results: &Results) -> dateline::error::Result<()> {
        self.total = results.total;
        Ok(())
    }

    fn take(&mut self, written: &[u8]) -> dateline::error::Result<()> {
        match &mut self.most {
            Some(0) => return Err(Error::new(Kind::ClosedPipe, "that is enough")),
            Some(most) => *most -= 1,
            None => {}
        }
        self.text.extend_from_slice(written);
        Ok(())
    }
}

#[test]
fn thousands_are_in_order_whatever_the_threads() {
    // More than are ranked one by one, in several segments, ids and days in no order, some without a day, some removed.
    let count = 6_000usize;
    let id = |number: usize| format!("{:x}", number * 2_654_435_761 % 4_294_967_296);
    let first = NaiveDate::from_ymd_opt(2022, 1, 1).expect("there is such a day");
    let day = |number: usize| (!number.is_multiple_of(7)).then(|| first + Days::new(number as u64 * 31 % 900));
    let folder = tempfile::tempdir().expect("a folder can be made");
    let open = || Writer::open(folder.path(), Options { threads: 1, ..Options::default() });
    let mut writer = open().expect("it can be opened");
    let preparer = writer.preparer();
    for number in 0..count {
        let published = day(number).map(|first| Published {
            value: first.to_string(),
            first,
            last: first,
            precision: Precision::Day,
            from: Provenance::Metadata,
            confidence: Confidence::High,
            conflicts: Vec::new(),
        });
        let text = format!("Number {number} of many.");
        let article = Article { text, published, ..Article::default() };
        let prepared = preparer.prepare(&article, &Found::default());
        writer.put(&id(number), &format!("0:{}.jsonl", number % 3), prepared, false).expect("it can be written");
        if number % 1700 == 1699 {
            writer.commit().expect("it can be committed");
        }
    }
    writer.finish().expect("it can be committed");
    let mut writer = open().expect("it can be opened");
    for number in (0..count).step_by(50) {
        writer.remove(&id(number)).expect("it can be removed");
    }
    writer.finish().expect("it can be committed");
    let index = Local::open(folder.path()).expect("it can be opened");
    let shape = |hit: &Hit, _: &Article, _: &Found, out: &mut Vec<u8>| {
        out.extend_from_slice(format!("{} {}\n", hit.id, hit.path).as_bytes());
    };
    // All of them, and few enough to be ranked one by one.
    for (asked, fits) in [("", None), ("7", Some("7"))] {
        let mut tree = query::parse(asked, None).tree;
        index.expand(&mut tree, true).expect("the index can be read");
        let holds = |number: usize| fits.is_none_or(|word| number.to_string() == word);
        let there: Vec<usize> = (0..count).filter(|number| !number.is_multiple_of(50) && holds(*number)).collect();
        for order in [Order::Oldest, Order::Newest, Order::Id] {
            let mut expected = there.clone();
            expected.sort_by_key(|number| {
                let days = day(*number).map(|day| (day - first).num_days());
                let days = match order {
                    Order::Oldest => days.unwrap_or(i64::MAX),
                    Order::Newest => days.map_or(i64::MAX, |days| -days),
                    Order::Id => 0,
                };
                (days, id(*number))
            });
            let expected: String =
                expected.iter().map(|number| format!("{} {}.jsonl\n", id(*number), number % 3)).collect();
            for threads in [1, 2, 5] {
                let request = ExportRequest { query: asked.to_owned(), order, snippets: 1, threads };
                let mut kept = Kept::default();
                index.export(&tree, &request, &shape, &mut kept).expect("it can be exported");
                assert_eq!(kept.total, there.len());
                assert!(kept.text == expected.as_bytes(), "{order:?} by {threads} threads");
            }
        }
    }
    let request = ExportRequest { query: String::new(), order: Order::Id, snippets: 0, threads: 3 };
    let mut enough = Kept { most: Some(2), ..Kept::default() };
    let stopped = index.export(&query::tree::Tree::All, &request, &shape, &mut enough);
    assert_eq!(stopped.map_err(|error| error.kind), Err(Kind::ClosedPipe));
}
