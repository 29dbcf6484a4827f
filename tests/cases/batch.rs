//! Lists of questions against lists of articles: counts, dates and names as they are counted by reading; bad rows of many
//! kinds, none of which ends the run.

use super::program::Program;
use super::random;
use chrono::NaiveDate;
use dateline::article::{Article, Confidence, CountryCount, Found, Named, Precision, Provenance, Published};
use dateline::backend::Backend;
use dateline::backend::local::Local;
use dateline::backend::local::writer::{Options, Writer};
use dateline::names;
use dateline::names::corrections::Corrections;
use dateline::names::identity::Identity;
use dateline::query;
use dateline::search::{Brief, BriefRequest, FacetValue};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Persons, two of them in two spellings.
const PEOPLE: [&str; 6] = ["Ada Lind", "Bo Falk", "Kim Jong-un", "Kim Jong Un", "Cy Dunn", "CY DUNN"];
const ORGANISATIONS: [&str; 4] = ["NATO", "Acme", "Red Cross", "Harbour Wire"];
const COUNTRIES: [&str; 4] = ["KP", "RU", "FR", "PE"];
const DATES: [&str; 8] = ["2024-06-19", "2024-06", "2024", "2023-12-31", "2024-06-20", "1605-11-05", "2024-02", "2023"];

/// An article as it is meant to be.
#[derive(Clone, Debug)]
struct Written {
    has_word: bool,
    published: Option<&'static str>,
    people: Vec<&'static str>,
    organisations: Vec<&'static str>,
    countries: Vec<&'static str>,
    removed: bool,
}

fn articles() -> impl Strategy<Value = Vec<Written>> {
    let names = (
        subsequence(PEOPLE.to_vec(), 0..=PEOPLE.len()),
        subsequence(ORGANISATIONS.to_vec(), 0..=ORGANISATIONS.len()),
        subsequence(COUNTRIES.to_vec(), 0..=COUNTRIES.len()),
    );
    let article = (any::<bool>(), option::weighted(0.8, select(DATES.to_vec())), names, proptest::bool::weighted(0.1));
    let written = |(has_word, published, names, removed)| {
        let (people, organisations, countries) = names;
        Written { has_word, published, people, organisations, countries, removed }
    };
    vec(article.prop_map(written), 0..50)
}

/// The first and last day of a date.
fn days(value: &str) -> (NaiveDate, NaiveDate) {
    let day = |text: String| text.parse::<NaiveDate>().expect("it is a day");
    match value.len() {
        4 => (day(format!("{value}-01-01")), day(format!("{value}-12-31"))),
        7 => {
            let first = day(format!("{value}-01"));
            let after = first.checked_add_months(chrono::Months::new(1)).expect("it is near");
            (first, after.pred_opt().expect("it is near"))
        }
        _ => (day(value.to_owned()), day(value.to_owned())),
    }
}

fn build(folder: &Path, articles: &[Written], batch: usize) -> dateline::error::Result<()> {
    let options = || Options { threads: 1, ..Options::default() };
    let mut writer = Writer::open(folder, options())?;
    let preparer = writer.preparer();
    for (number, written) in articles.iter().enumerate() {
        let published = written.published.map(|value| {
            let (first, last) = days(value);
            Published {
                value: value.to_owned(),
                first,
                last,
                precision: [Precision::Year, Precision::Month, Precision::Day][(value.len() - 4) / 3],
                from: Provenance::Metadata,
                confidence: Confidence::High,
                conflicts: Vec::new(),
            }
        });
        let named = |names: &[&str]| -> Vec<Named> {
            names.iter().map(|name| Named { name: (*name).to_owned(), count: 1, also: Vec::new() }).collect()
        };
        let country = |code: &&str| CountryCount { code: (*code).into(), name: (*code).into(), count: 1, about: false };
        let found = Found {
            people: named(&written.people),
            organisations: named(&written.organisations),
            countries: written.countries.iter().map(country).collect(),
            ..Found::default()
        };
        let text = if written.has_word { "A treaty was signed." } else { "It rained." }.to_owned();
        let article = Article { text, published, ..Article::default() };
        writer.put(&number.to_string(), "0:a.jsonl", preparer.prepare(&article, &found), false)?;
        if number % batch == batch - 1 {
            writer.commit()?;
        }
    }
    writer.finish()?;
    let mut writer = Writer::open(folder, options())?;
    for (number, _) in articles.iter().enumerate().filter(|(_, written)| written.removed) {
        writer.remove(&number.to_string())?;
    }
    writer.finish().map(|_| ())
}

/// What stands for all spellings of a name.
fn entity(field: &str, name: &str) -> String {
    let none = Corrections::default();
    if field == "country" { name.to_owned() } else { Identity::new(field, &none).entity(&names::key(name)) }
}

/// The values of most hits, counted one by one, those that were asked for left out.
fn top(field: &str, hits: &[&Written], asked: Option<&str>, most: usize) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for hit in hits {
        let values = match field {
            "person" => &hit.people,
            "org" => &hit.organisations,
            _ => &hit.countries,
        };
        let each: BTreeSet<String> = values.iter().map(|value| entity(field, value)).collect();
        for value in each {
            *counts.entry(value).or_default() += 1;
        }
    }
    if let Some(asked) = asked {
        counts.remove(&entity(field, asked));
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts.truncate(most);
    counts
}

fn told(field: &str, values: &[FacetValue]) -> Vec<(String, usize)> {
    values.iter().map(|value| (entity(field, &value.value), value.count)).collect()
}

/// The spelling that most hits have, where no list says which is usual.
fn commonest(hits: &[&Written], value: &str) -> Vec<&'static str> {
    let of = |name: &&&'static str| entity("person", name) == entity("person", value);
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for name in hits.iter().flat_map(|hit| hit.people.iter().filter(of)) {
        *counts.entry(name).or_default() += 1;
    }
    let most = counts.values().max().copied().unwrap_or(0);
    counts.into_iter().filter(|(_, count)| *count == most).map(|(name, _)| name).collect()
}

#[test]
fn briefs_count_as_a_list_does() {
    random::check(40, &(articles(), 1..30usize), |(articles, batch)| {
        let folder = tempfile::tempdir().expect("a folder can be made");
        build(folder.path(), &articles, batch).expect("it can be indexed");
        let index = Local::open(folder.path()).expect("it can be opened");
        let there: Vec<&Written> = articles.iter().filter(|written| !written.removed).collect();
        // One after the other with the same counter, which keeps what it has learnt.
        for (asked, person) in [
            ("", None),
            ("treaty", None),
            ("person:\"Dunn, Cy\"", Some("Cy Dunn")),
            ("person:\"Ada Lind\"", Some("Ada Lind")),
            ("nothing", None),
        ] {
            let holds = |written: &&&Written| match person {
                Some(person) => written.people.iter().any(|name| entity("person", name) == entity("person", person)),
                None => asked.is_empty() || asked == "treaty" && written.has_word,
            };
            let hits: Vec<&Written> = there.iter().filter(holds).copied().collect();
            let mut tree = query::parse(asked, None).tree;
            index.expand(&mut tree, true).expect("the index can be read");
            for most in [0, 1, 3, 100] {
                let request = BriefRequest { names: most, diagnosis: true };
                let Brief { total, first, last, people, organisations, countries, .. } =
                    index.brief(&tree, &request).expect("it can be counted");
                prop_assert_eq!(total, hits.len(), "{}", asked);
                let mut dates: Vec<&str> = hits.iter().filter_map(|hit| hit.published).collect();
                dates.sort_by_key(|value| days(value));
                prop_assert_eq!(first.as_deref(), dates.first().copied());
                // Of those that begin on one day the most exact.
                dates.sort_by_key(|value| (days(value).0, std::cmp::Reverse(days(value).1)));
                prop_assert_eq!(last.as_deref(), dates.last().copied());
                prop_assert_eq!(told("person", &people), top("person", &hits, person, most), "{}", asked);
                prop_assert_eq!(told("org", &organisations), top("org", &hits, None, most));
                prop_assert_eq!(told("country", &countries), top("country", &hits, None, most));
                for value in people.iter().filter(|value| !value.value.starts_with("Kim")) {
                    prop_assert_eq!(Some(value.value.as_str()), commonest(&hits, &value.value).first().copied());
                }
            }
        }
        Ok(())
    });
}

/// The sample corpus, indexed.
fn indexed() -> Program {
    let program = Program::new();
    program.copy("sample_corpus");
    let ran = program.run(&["index", "--quiet", "--index", "kept", "sample_corpus"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    program
}

fn rows(program: &Program, arguments: &[&str], expected: i32) -> Vec<Value> {
    let ran = program.run(&[&["batch", "--index", "kept", "--format", "jsonl"], arguments].concat());
    assert_eq!(ran.code, Some(expected), "{}", ran.stderr);
    ran.stdout.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

#[test]
fn every_row_has_what_a_search_has() {
    let program = indexed();
    let queries = ["treaty", "\"mutual defence\"", "person:Putin -treaty", "korea AND (russia OR china)", "country:FR"];
    program.write("list.txt", queries.join("\n\n").as_bytes());
    for filters in [&[][..], &["--from", "2024", "--country", "KP"]] {
        let rows = rows(&program, &[&["list.txt", "--top", "1000"], filters].concat(), 0);
        assert_eq!(rows.len(), queries.len());
        for (place, (row, query)) in rows.iter().zip(queries).enumerate() {
            assert_eq!((row["line"].as_u64(), row["query"].as_str()), (Some(place as u64 * 2 + 1), Some(query)));
            let asked = ["search", "--index", "kept", "-n", "0", "--json", "--sort", "oldest", query];
            let found = program.run(&[&asked[..], filters].concat());
            let found: Value = serde_json::from_str(&found.stdout).expect("it is JSON");
            let hits = found["hits"].as_array().expect("hits are a list");
            assert_eq!(row["hits"].as_u64(), Some(hits.len() as u64), "{query}");
            let mut countries: BTreeMap<&str, u64> = BTreeMap::new();
            for country in hits.iter().flat_map(|hit| hit["countries"].as_array().expect("it is a list")) {
                *countries.entry(country["name"].as_str().expect("it has a name")).or_default() += 1;
            }
            let told: BTreeMap<&str, u64> = row["countries"]
                .as_array()
                .expect("it is a list")
                .iter()
                .filter_map(|value| value["name"].as_str().zip(value["count"].as_u64()))
                .collect();
            assert_eq!(told, countries, "{query}");
            if let Some(first) = hits.first() {
                assert_eq!(row["first"], first["published"]["value"], "{query}");
            }
        }
    }
}

#[test]
fn names_are_understood_however_they_are_listed() {
    let program = indexed();
    let count = |query: &str| {
        let ran = program.run(&["count", "--index", "kept", query]);
        ran.stdout.trim().parse::<u64>().expect("it is a number")
    };
    let (putin, nato, korea) = (count("person:Putin"), count("org:NATO"), count("place:\"North Korea\""));
    assert!(putin > 0 && nato > 0 && korea > 0);
    let full = count("person:\"Vladimir Putin\"");
    program.write("list.txt", "\u{feff}Putin, Vladimir\r\n\r\nVladimir Putin\r\nPutin\r\n".as_bytes());
    program.write("list.csv", b"Putin, Vladimir\n\"Putin, Vladimir\"\n");
    program.write("table.csv", b"id,name,notes\n1,\"Putin, Vladimir\",x\n2,Putin,\"y, z\"\n");
    program.write("orgs.tsv", b"org\tlabel\nNATO\tthe alliance\n");
    program.write("places.txt", b"North Korea\n");
    for (arguments, expected) in [
        (&["list.txt", "--names"][..], vec![full, full, putin]),
        (&["list.csv", "--names"], vec![full, full]),
        (&["table.csv"], vec![full, putin]),
        (&["orgs.tsv"], vec![nato]),
        (&["places.txt", "--names=place"], vec![korea]),
    ] {
        let rows = rows(&program, arguments, 0);
        let hits: Vec<u64> = rows.iter().filter_map(|row| row["hits"].as_u64()).collect();
        assert_eq!(hits, expected, "{arguments:?}");
        for row in rows.iter().filter(|row| row["query"].as_str().is_some_and(|query| query.contains("Putin"))) {
            let people = row["people"].as_array().expect("it is a list");
            assert!(!people.is_empty() && people.iter().all(|person| person["name"] != "Vladimir Putin"), "{row}");
        }
    }
}

#[test]
fn bad_rows_end_nothing() {
    let program = indexed();
    let bad: [(&[u8], &str); 10] = [
        (b"treaty (", "is not closed"),
        (b"country:Atlantis", "Atlantis"),
        (b"OR", ""),
        (b"caf\xe9", "UTF-8"),
        (b"published:yesterweek", "yesterweek"),
        (b"()", ""),
        (b"mentions-date:2024-13-45", ""),
        (b"a NEAR/x b", ""),
        (b"nosuch:field", ""),
        (b"/[/", ""),
    ];
    let mut list = Vec::new();
    for (row, _) in bad {
        list.extend_from_slice(b"treaty\n");
        list.extend_from_slice(row);
        list.push(b'\n');
    }
    list.extend_from_slice(format!("{} end\n", "(".repeat(5000)).as_bytes());
    list.extend_from_slice(b"treaty");
    program.write("list.txt", &list);
    let rows = rows(&program, &["list.txt"], 0);
    assert_eq!(rows.len(), bad.len() * 2 + 2);
    let treaty = &rows[0]["hits"];
    assert!(treaty.as_u64().is_some_and(|hits| hits > 0));
    for (place, row) in rows.iter().enumerate() {
        assert_eq!(row["line"].as_u64(), Some(place as u64 + 1));
        if place % 2 == 0 && place < bad.len() * 2 || place == rows.len() - 1 {
            assert_eq!((&row["hits"], &row["error"]), (treaty, &Value::Null));
        }
    }
    for (place, (row, says)) in bad.iter().enumerate() {
        let answered = &rows[place * 2 + 1];
        let error = answered["error"].as_str();
        // What is no error of the language is a row without a hit.
        let fits = error.map_or(says.is_empty() && answered["hits"] == 0, |error| error.contains(says));
        assert!(fits, "{}: {answered}", String::from_utf8_lossy(row));
    }
    for format in ["text", "csv", "tsv", "markdown", "json", "html"] {
        let ran = program.run(&["batch", "--index", "kept", "--format", format, "list.txt"]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        assert!(ran.stdout.contains("Atlantis"), "{format}");
    }
}

#[test]
fn a_list_says_by_its_exit_code_whether_anything_was_found() {
    let program = indexed();
    program.write("none.txt", b"qqqqq\n(\n");
    program.write("empty.txt", b"\n \n");
    program.write("head.csv", b"query,label\n");
    program.write("wide.txt", b"\xff\xfet\0");
    for (arguments, code) in
        [(&["none.txt"][..], 1), (&["empty.txt"], 1), (&["head.csv"], 1), (&["wide.txt"], 2), (&["nowhere.txt"], 2)]
    {
        let ran = program.run(&[&["batch", "--index", "kept"], arguments].concat());
        assert_eq!(ran.code, Some(code), "{arguments:?}: {}", ran.stderr);
    }
    let unknown = program.run(&["batch", "--index", "kept", "--fields", "line,size", "none.txt"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.stderr.contains("there is no column `size`") && unknown.stderr.contains("countries"));
    let piped =
        program.run_with(&["batch", "--index", "kept", "-", "--format", "csv", "--fields", "query,hits"], "treaty\n");
    assert_eq!(piped.code, Some(0));
    assert!(piped.stdout.starts_with("query,hits\ntreaty,"), "{}", piped.stdout);
}

#[test]
fn the_page_and_the_file_are_those_of_standard_output() {
    let program = indexed();
    program.write("list.txt", b"treaty\n<script>alert(1)</script>\nkorea\n");
    for format in ["text", "json", "csv", "markdown"] {
        let said = program.run(&["batch", "--index", "kept", "--format", format, "list.txt"]);
        let ran = program.run(&["batch", "--index", "kept", "--format", format, "list.txt", "-o", "out"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""));
        assert_eq!(std::fs::read_to_string(program.path("out")).expect("it is text"), said.stdout);
    }
    let page = program.run(&["batch", "--index", "kept", "--format", "html", "list.txt"]).stdout;
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script"));
    assert_eq!(page.matches("<tr").count(), 4);
    let document = program.run(&["batch", "--index", "kept", "--json", "list.txt"]).stdout;
    let document: Value = serde_json::from_str(&document).expect("it is JSON");
    assert_eq!(document["rows"].as_array().map(Vec::len), Some(3));
    assert_eq!(document["schema"], 1);
}
