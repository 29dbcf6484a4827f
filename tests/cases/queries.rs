//! What queries come to: the table `tests/queries.txt`, each query with what it is read as, what the engine is asked,
//! and what it finds in a small archive; and the guide to the query language, whose examples find something.
//!
//! A line says what it is by its first characters:
//!
//! ```text
//! # remark
//! ? a query
//! = the tree as it is printed
//! ! COLUMN: why it is refused
//! ~ COLUMN: a note
//! @ the question to the engine, shortened
//! > the articles found, best first
//! ```
//!
//! The last five are written anew by `DATELINE_RENEW=1 cargo test --test main queries`.

use super::program::Program;
use super::snapshots::RENEW;
use dateline::article::{Article, Confidence, CountryCount, DateCount, Found, Mention, MentionKind, Named, Part};
use dateline::article::{Placed, Precision, Provenance, Published, Timex, TimexKind, TimexStatus};
use dateline::backend::Backend;
use dateline::backend::local::Local;
use dateline::backend::local::writer::{Options, Writer};
use dateline::query::{self, guide::guide};
use dateline::search::{Request, Sort};
use dateline::text::Span;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// An article of the archive. Its id says what it is for.
struct Sketch {
    id: &'static str,
    /// In ISO 8601; empty for none, with a question mark where it is guessed.
    published: &'static str,
    source: &'static str,
    author: &'static str,
    language: &'static str,
    title: &'static str,
    /// Between brackets what is mentioned: its kind, what it is, a bar, the words.
    body: &'static str,
}

const ARCHIVE: &[Sketch] = &[
    Sketch {
        id: "alliance",
        published: "2024-06-19",
        source: "Reuters",
        author: "Ann Smith",
        language: "en",
        title: "Russia and North Korea sign a pact of mutual defence",
        body: "[person Kim Jong-un|Kim Jong-un] and [person Vladimir Putin|Vladimir Putin] signed the treaty in \
               [place Pyongyang KP 39.03 125.75|Pyongyang]. Each side promised mutual assistance and defence of the \
               other.\n\nThe pact of [date 1961|1961] had the same words. [country KP|Korea] called it historic.",
    },
    Sketch {
        id: "american",
        published: "2024-07-02",
        source: "The Lakeshore Tribune",
        author: "Bo Reed",
        language: "en",
        title: "Treaties need a mutual defense, Washington says",
        body: "The mutual defense pact with [country JP|Japan] and the defenses of the islands were discussed. \
               [person Kim Clijsters|Kim] was not there.\n\nThe treaty is from [date 1960|1960].",
    },
    Sketch {
        id: "cultural",
        published: "1996-03-04",
        source: "Reuters",
        author: "Ann Smith",
        language: "en",
        title: "DPRK and Russia agree on a cultural pact",
        body: "[country KP|North Korea] and [country RU|Russia] will send each other dancers. Defence was not mutual.",
    },
    Sketch {
        id: "refugees",
        published: "2015-11-20",
        source: "Harbour Courier",
        author: "",
        language: "en",
        title: "Minister warns of terrorists",
        body: "Jihadists might hide among refugees, the minister said. Migrants themselves fear terrorism.\n\nA party \
               was held elsewhere. No birthday was celebrated on that evening, nobody had come to that sad town hall \
               for any party.",
    },
    Sketch {
        id: "sanctions",
        published: "2024-06-30",
        source: "Northgate Press",
        author: "",
        language: "en",
        title: "New sanctions",
        body: "Sanctions follow sanctions. The last sanctions failed, so these sanctions come.",
    },
    Sketch {
        id: "labour",
        published: "2019-12-13",
        source: "Leeds Observer",
        author: "",
        language: "en",
        title: "Labour loses",
        body: "Labour has lost, said [org Labour Party|the Labour Party]. Hard labor lies ahead, and a birthday party. \
               [org NATO|Nato] is unmoved.",
    },
    Sketch {
        id: "thaw",
        published: "1962-10-29",
        source: "Leeds Observer",
        author: "",
        language: "en",
        title: "Khrushchev yields",
        body: "Khruschev, as some write him, withdrew the missiles. [place Kazakhstan KZ 48.0 68.0|Kazakhstan] and \
               [place Uzbekistan UZ 41.7 64.0|Uzbekistan] are calm. Defences stay.",
    },
    Sketch {
        id: "resigns",
        published: "2022-07-07",
        source: "Leeds Observer",
        author: "",
        language: "en",
        title: "Out",
        body: "[person Boris Johnson|Boris Johnson] has resigned on [date 2022-07-07|Thursday]. No minister would \
               follow. Later, far from all that and with no other name near it, came the word that someone resigns.",
    },
    Sketch {
        id: "signs",
        published: "",
        source: "",
        author: "",
        language: "en",
        title: "O\u{2019}Brien at 9:30",
        body: "AT&T told [person Pat O'Brien|O'Brien] to read http://x.example/z or the U.S. code. A cease-fire held \
               and the ceasefire lasted; cease fire! The 2,000 were well-known.",
    },
    Sketch {
        id: "traite",
        published: "2020-05-01",
        source: "Le Phare",
        author: "",
        language: "fr",
        title: "Le traité de défense",
        body: "Le pacte de 1961 et le traité de l'été ont été signés à [place Paris FR 48.86 2.35|Paris]. Café fermé.",
    },
    Sketch {
        id: "union",
        published: "1991-12-27?",
        source: "",
        author: "",
        language: "en",
        title: "The end of the Union",
        body: "On [date 1991-12-25|Christmas Day] the flag was taken down. [person Mikhail Gorbachev|Mr Gorbachev] or \
               [place Seoul KR 37.57 126.98|Seoul] had no words, and neither had [number|30] others near him.",
    },
    Sketch { id: "empty", published: "", source: "", author: "", language: "", title: "", body: "." },
];

/// A day or a year: the first day, the last, and how exact.
fn days(value: &str) -> (chrono::NaiveDate, chrono::NaiveDate, Precision) {
    let day = |text: &str| text.parse().expect("a day of the archive");
    match value.len() {
        4 => (day(&format!("{value}-01-01")), day(&format!("{value}-12-31")), Precision::Year),
        _ => (day(value), day(value), Precision::Day),
    }
}

impl Sketch {
    fn article(&self) -> (Article, Found) {
        let mut found = Found::default();
        let mut text = String::new();
        for (number, piece) in self.body.split('[').enumerate() {
            let (marked, rest) = if number == 0 { ("", piece) } else { piece.split_once(']').expect("it is closed") };
            if let Some((what, words)) = marked.split_once('|') {
                let span = Span::new(text.len(), text.len() + words.len());
                let (kind, value) = what.split_once(' ').unwrap_or((what, ""));
                found.mention(kind, value, span, words);
                text.push_str(words);
            }
            text.push_str(rest);
        }
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let published = (!self.published.is_empty()).then(|| {
            let value = self.published.trim_end_matches('?');
            let (first, last, precision) = days(value);
            let confidence = if self.published.ends_with('?') { Confidence::Low } else { Confidence::High };
            let from = Provenance::Metadata;
            Published { value: value.to_owned(), first, last, precision, from, confidence, conflicts: Vec::new() }
        });
        let article = Article {
            title: some(self.title),
            text,
            authors: some(self.author).into_iter().collect(),
            source: some(self.source),
            language: some(self.language),
            published,
            ..Article::default()
        };
        (article, found)
    }
}

/// Adds what is mentioned to what was found.
trait Mentions {
    fn mention(&mut self, kind: &str, value: &str, span: Span, words: &str);
}

impl Mentions for Found {
    fn mention(&mut self, kind: &str, value: &str, span: Span, words: &str) {
        let mut mention = Mention {
            kind: MentionKind::Person,
            part: Part::Body,
            span,
            name: value.to_owned(),
            country: None,
            region: None,
            point: None,
            timex: None,
        };
        let named = Named { name: value.to_owned(), count: 1, also: Vec::new() };
        match kind {
            "person" => self.people.push(named),
            "org" => {
                mention.kind = MentionKind::Organisation;
                self.organisations.push(named);
            }
            "place" => {
                let [name, code, latitude, longitude] = value.split(' ').collect::<Vec<_>>()[..] else {
                    panic!("a place has a name, a country and a point: {value}")
                };
                let degrees = |text: &str| text.parse::<f32>().expect("degrees");
                let point = Some((degrees(latitude), degrees(longitude)));
                mention.kind = MentionKind::Place;
                mention.name = name.to_owned();
                (mention.country, mention.point) = (Some(code.to_owned()), point);
                let (name, country) = (name.to_owned(), Some(code.to_owned()));
                self.places.push(Placed { name, country, region: None, point, count: 1 });
                self.country(code);
            }
            "country" => {
                mention.kind = MentionKind::Demonym;
                mention.country = Some(value.to_owned());
                self.country(value);
            }
            "date" => {
                let (first, last, _) = days(value);
                mention.kind = MentionKind::Date;
                mention.name = words.to_owned();
                let (start, end) = (Some(first), Some(last));
                let status = TimexStatus::Resolved;
                mention.timex =
                    Some(Timex { kind: TimexKind::Date, value: value.to_owned(), first: start, last: end, status });
                self.dates.push(DateCount { value: value.to_owned(), first, last, count: 1 });
            }
            "number" => return,
            _ => panic!("there is no kind `{kind}`"),
        }
        self.mentions.push(mention);
    }
}

trait Countries {
    fn country(&mut self, code: &str);
}

impl Countries for Found {
    fn country(&mut self, code: &str) {
        match self.countries.iter_mut().find(|country| country.code == code) {
            Some(country) => country.count += 1,
            None => {
                self.countries.push(CountryCount {
                    code: code.to_owned(),
                    name: code.to_owned(),
                    count: 1,
                    about: true,
                });
            }
        }
    }
}

/// The archive in a folder of its own.
fn archive() -> (tempfile::TempDir, Local) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let options = Options { threads: 1, ..Options::default() };
    let mut writer = Writer::open(folder.path(), options).expect("an index can be made");
    let preparer = writer.preparer();
    for sketch in ARCHIVE {
        let (article, found) = sketch.article();
        writer.put(sketch.id, "0:a.jsonl", preparer.prepare(&article, &found), false).expect("it can be indexed");
    }
    writer.finish().expect("it can be written");
    let index = Local::open(folder.path()).expect("it can be opened");
    (folder, index)
}

/// What a query comes to, in the lines of the table.
fn meaning(index: &Local, fields: &Fields, query: &str) -> String {
    let today = "2024-07-03".parse().ok();
    let parsed = query::parse(query, today);
    let column = |at: usize| query.get(..at).map_or(0, |before| before.chars().count()) + 1;
    let mut lines = String::new();
    for note in parsed.warnings.iter().filter(|note| !note.error) {
        lines.push_str(&format!("~ {}: {}\n", column(note.span.start), note.message));
    }
    let refused = |error: dateline::error::Error| {
        let at = error.place.as_ref().map_or(0, |(_, range)| column(range.start));
        format!("! {at}: {}\n", error.message)
    };
    if let Err(error) = query::check(&parsed) {
        return lines + &refused(error);
    }
    let mut tree = parsed.tree;
    if let Err(error) = index.expand(&mut tree, true) {
        return lines + &refused(error);
    }
    lines.push_str(&format!("= {tree}\n"));
    lines.push_str(&format!("@ {}\n", fields.shortened(&index.explain(&tree).expect("it can be translated"))));
    let request = Request {
        query: query.to_owned(),
        limit: 0,
        offset: 0,
        sort: Sort::Relevance,
        facets: Vec::new(),
        snippets: 0,
        explain_scores: false,
        group_by_slot: false,
        ..Request::default()
    };
    let found = index.search(&tree, &request).expect("it can be searched");
    assert_eq!(index.count(&tree).ok(), Some(found.total), "{query}");
    let ids: Vec<String> = found.hits.iter().map(|hit| format!(" {}", hit.id)).collect();
    lines + &format!(">{}\n", ids.concat())
}

/// The names of the engine's fields by their numbers, so that a new field does not change the whole table.
struct Fields(BTreeMap<String, String>);

impl Fields {
    fn of(index: &Local) -> Fields {
        let asked = |query: &str| {
            let mut tree = query::parse(query, None).tree;
            index.expand(&mut tree, false).expect("the index can be read");
            index.explain(&tree).expect("it can be translated")
        };
        let numbers = |text: &str, mark: &str| -> Vec<String> {
            let digits = |rest: &str| rest.chars().take_while(char::is_ascii_digit).collect();
            text.split(mark).skip(1).map(digits).collect()
        };
        let mut names = BTreeMap::new();
        for (name, query) in [
            ("title", "title:pact"),
            ("body", "body:treaty"),
            ("person", "person:Kim"),
            ("org", "org:NATO"),
            ("place", "place:Paris"),
            ("country", "country:KP"),
            ("about-country", "about-country:KP"),
            ("source", "source:reuters"),
            ("author", "author:smith"),
            ("lang", "lang:en"),
        ] {
            let engine = asked(query);
            let number = numbers(&engine, "Field(").into_iter().chain(numbers(&engine, "field=")).next();
            names.insert(number.unwrap_or_else(|| panic!("no field in {engine}")), name.to_owned());
        }
        Fields(names)
    }

    /// The question without places in the query, frequencies and what is said more than once.
    fn shortened(&self, engine: &str) -> String {
        let mut text = engine.to_owned();
        for (begin, end) in [
            (", statistics: Statistics {", " }"),
            ("spans: ", ", times: "),
            (", minimum_number_should_match: ", " }"),
            ("slots: Field(", "), "),
        ] {
            let kept = if begin.starts_with("spans") { "times: " } else { "" };
            text = without(&text, begin, end, kept);
        }
        for (number, name) in &self.0 {
            text = text
                .replace(&format!("TermQuery(Term(field={number}, "), &format!("term {name} (Term(field={number}, "));
            for written in [format!("Term(field={number}, type=Str, "), format!("Field({number})")] {
                let short = if written.starts_with("Term") { "(".to_owned() } else { name.clone() };
                text = text.replace(&written, &short);
            }
        }
        for (long, short) in [
            ("BooleanQuery { subqueries: ", "all or any "),
            ("PhraseQuery { field: ", "phrase { "),
            ("TermSetQuery { terms_map: ", "terms { "),
            ("SpansQuery { ", "places { "),
            ("TextQuery { words: ", "{ "),
            ("Boost(query=", "boost("),
            ("Const(score=0, query=", "filter("),
            (", words: [[", ": [["),
            (", leaves: ", ": "),
            ("EmptyQuery", "nothing"),
        ] {
            text = text.replace(long, short);
        }
        text
    }
}

/// The text without what stands from `begin` to the next `end`, both included; with `kept` in its place.
fn without(text: &str, begin: &str, end: &str, kept: &str) -> String {
    let mut pieces = text.split(begin);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        out.push_str(kept);
        out.push_str(piece.split_once(end).map_or(piece, |(_, rest)| rest));
    }
    out
}

fn table() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/queries.txt")
}

#[test]
fn queries_come_to_what_the_table_says() {
    let before = fs::read_to_string(table()).expect("the table is there");
    let (_folder, index) = archive();
    let fields = Fields::of(&index);
    let mut after = String::new();
    let mut faults = String::new();
    let mut blocks = before.split_inclusive('\n').peekable();
    while let Some(line) = blocks.next() {
        after.push_str(line);
        let Some(query) = line.strip_prefix("? ") else { continue };
        let query = query.trim_end_matches('\n');
        let mut was = String::new();
        while let Some(line) = blocks.next_if(|line| line.starts_with(['=', '!', '~', '@', '>'])) {
            was.push_str(line);
        }
        let is = meaning(&index, &fields, query);
        if was != is {
            faults.push_str(&format!("? {query}\nbefore:\n{was}now:\n{is}\n"));
        }
        after.push_str(&is);
    }
    if std::env::var_os(RENEW).is_some_and(|value| value != "0") {
        if before != after {
            fs::write(table(), after).expect("the table can be written");
        }
        return;
    }
    assert!(faults.is_empty(), "\n{faults}Where what is now is right: {RENEW}=1 cargo test --test main queries\n");
}

#[test]
fn the_table_has_every_row_of_the_guide() {
    let table = fs::read_to_string(table()).expect("the table is there");
    let queries: Vec<&str> = table.lines().filter_map(|line| line.strip_prefix("? ")).collect();
    assert!(queries.len() > 100, "{}", queries.len());
    for row in guide().iter().flat_map(|(_, rows)| rows) {
        assert!(queries.contains(&row.write), "`{}` is not in tests/queries.txt", row.write);
    }
    for (at, query) in queries.iter().enumerate() {
        assert!(!queries[..at].contains(query), "`{query}` is there twice");
    }
}

#[test]
fn every_example_of_the_guide_finds_something_in_the_sample() {
    let program = Program::new();
    program.copy("sample_corpus");
    let indexed = program.run(&["index", "sample_corpus"]);
    assert_eq!(indexed.code, Some(0), "{}", indexed.stderr);
    let guide = guide();
    let mut nothing = Vec::new();
    for row in guide.iter().flat_map(|(_, rows)| rows) {
        let ran = program.run(&["count", "--", row.write]);
        match (ran.code, ran.stdout.trim().parse::<usize>()) {
            (Some(0), Ok(count)) if count > 0 => {}
            _ => nothing.push(format!("{}: {:?} {}{}", row.write, ran.code, ran.stdout, ran.stderr)),
        }
    }
    assert!(guide.iter().map(|(_, rows)| rows.len()).sum::<usize>() > 20);
    assert!(nothing.is_empty(), "these find nothing:\n{}", nothing.join("\n"));
}

#[test]
fn help_prints_every_row_of_the_guide() {
    let program = Program::new();
    let ran = program.run(&["help", "query"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = squeezed(&ran.stdout);
    for (subject, rows) in guide() {
        assert!(ran.stdout.lines().any(|line| line == subject), "`{subject}` is no heading:\n{}", ran.stdout);
        for row in rows {
            let row = squeezed(&format!("{} {} {}", row.need, row.write, row.meaning));
            assert!(told.contains(&row), "nothing says `{row}`:\n{}", ran.stdout);
        }
    }
}

/// The index has terms that are no words, such as those that mark where a sentence begins.
#[test]
fn patterns_stand_for_words_and_nothing_else() {
    let (_folder, index) = archive();
    for pattern in ["us~1", "US~2", "*s", "*p", "?p", "/.s/", "/.*/", "\"us~1 *s\"", "*s NEAR/3 *p"] {
        let mut tree = query::parse(pattern, None).tree;
        index.expand(&mut tree, true).expect("the index can be read");
        tree.each_word(&mut |word| {
            let odd = word
                .forms
                .iter()
                .find(|form| !form.chars().any(char::is_alphanumeric) || form.contains(char::is_control));
            assert_eq!(odd, None, "{pattern}");
        });
    }
}
