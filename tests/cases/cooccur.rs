//! Who is named with whom against a list: random articles in which names stand in known places, counted by reading them.

use super::program::Program;
use super::random;
use dateline::article::{
    Article, Confidence, CountryCount, Found, Mention, MentionKind, Named, Part, Placed, Precision, Provenance,
    Published,
};
use dateline::backend::Backend;
use dateline::backend::local::Local;
use dateline::backend::local::writer::{Options, Writer};
use dateline::query;
use dateline::search::{Company, CompanyOrder, CompanyRequest, DiffRequest, Sort};
use dateline::text::Span;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A name as articles have it: field, what it means, how it is written, country, part of the country.
type Known = (&'static str, &'static str, &'static str, Option<&'static str>, Option<&'static str>);

const NAMES: [Known; 15] = [
    ("person", "kim", "Kim Jong-un", None, None),
    ("person", "kim", "KIM Jong Un", None, None),
    ("person", "zelensky", "Volodymyr Zelensky", None, None),
    ("person", "zelensky", "Volodymyr Zelenskyy", None, None),
    ("person", "mao", "Mao Zedong", None, None),
    ("person", "mao", "Mao Tse-tung", None, None),
    ("person", "ann", "Ann Lee", None, None),
    ("org", "nato", "NATO", None, None),
    ("org", "nato", "Nato", None, None),
    ("org", "eu", "European Union", None, None),
    ("place", "paris", "Paris", Some("FR"), None),
    ("place", "paris texas", "Paris", Some("US"), Some("Texas")),
    ("place", "seoul", "Seoul", Some("KR"), None),
    ("place", "sao", "São Paulo", Some("BR"), None),
    ("place", "sao", "Sao Paulo", Some("BR"), None),
];

/// A word of an article: one of [`NAMES`], or any other.
#[derive(Clone, Copy, Debug)]
enum Item {
    Name(usize),
    Word(&'static str),
}

#[derive(Clone, Debug)]
struct Written {
    title: Vec<Item>,
    text: Vec<Item>,
    source: Option<&'static str>,
    year: i32,
    removed: bool,
}

fn articles() -> impl Strategy<Value = Vec<Written>> {
    let item = prop_oneof![
        3 => (0..NAMES.len()).prop_map(Item::Name),
        5 => prop_oneof![Just("rain"), Just("fell"), Just("treaty")].prop_map(Item::Word),
    ];
    let texts = (vec(item.clone(), 0..3), vec(item, 0..14));
    let source = option::of(prop_oneof![Just("Wire"), Just("Echo")]);
    let article = (texts, source, 2020..2024i32, proptest::bool::weighted(0.1))
        .prop_map(|((title, text), source, year, removed)| Written { title, text, source, year, removed });
    vec(article, 0..50)
}

/// A text with its mentions.
fn text(items: &[Item], part: Part) -> (String, Vec<Mention>) {
    let (mut text, mut mentions) = (String::new(), Vec::new());
    for item in items {
        if !text.is_empty() {
            text.push(' ');
        }
        let start = text.len();
        match item {
            Item::Word(word) => text.push_str(word),
            Item::Name(number) => {
                let (field, _, name, country, region) = NAMES[*number];
                text.push_str(name);
                let kind = match field {
                    "person" => MentionKind::Person,
                    "org" => MentionKind::Organisation,
                    _ => MentionKind::Place,
                };
                mentions.push(Mention {
                    kind,
                    part,
                    span: Span::new(start, text.len()),
                    name: name.to_owned(),
                    country: country.map(str::to_owned),
                    region: region.map(str::to_owned),
                    point: None,
                    timex: None,
                });
            }
        }
    }
    (text, mentions)
}

impl Written {
    fn numbers(&self) -> BTreeSet<usize> {
        let items = self.title.iter().chain(&self.text);
        items.filter_map(|item| if let Item::Name(number) = item { Some(*number) } else { None }).collect()
    }

    /// Field and meaning of all that is named; countries too.
    fn named(&self) -> BTreeSet<(String, String)> {
        self.numbers().into_iter().flat_map(meanings).collect()
    }

    fn has_word(&self, wanted: &str) -> bool {
        self.title.iter().chain(&self.text).any(|item| matches!(item, Item::Word(word) if *word == wanted))
    }

    /// What is named within so many words of what is asked for.
    fn near(&self, asked: &dyn Fn(&Item) -> bool, within: usize) -> BTreeSet<(String, String)> {
        let mut near = BTreeSet::new();
        for items in [&self.title, &self.text] {
            let mut placed: Vec<(usize, usize, Item)> = Vec::new();
            let mut at = 0;
            for item in items {
                let words = match item {
                    Item::Word(_) => 1,
                    Item::Name(number) => NAMES[*number].2.split([' ', '-']).count(),
                };
                placed.push((at, at + words - 1, *item));
                at += words;
            }
            for (first, last, item) in &placed {
                let Item::Name(number) = item else { continue };
                let is_near = |other: &&(usize, usize, Item)| {
                    first.saturating_sub(other.1) <= within && other.0.saturating_sub(*last) <= within
                };
                if placed.iter().filter(is_near).any(|(.., item)| asked(item)) {
                    near.extend(meanings(*number));
                }
            }
        }
        near
    }
}

fn meanings(number: usize) -> Vec<(String, String)> {
    let (field, meaning, _, country, _) = NAMES[number];
    let country = country.map(|code| ("country".to_owned(), code.to_owned()));
    std::iter::once((field.to_owned(), meaning.to_owned())).chain(country).collect()
}

/// The field and meaning of a value that is listed.
fn meaning(field: &str, value: &str, region: Option<&str>) -> (String, String) {
    if field == "country" {
        return (field.to_owned(), value.to_owned());
    }
    let same = |known: &&Known| known.0 == field && known.2 == value && known.4 == region;
    let known = NAMES.iter().find(same).unwrap_or_else(|| panic!("no article names {field} {value} {region:?}"));
    (field.to_owned(), known.1.to_owned())
}

fn build(folder: &Path, articles: &[Written], batch: usize) -> dateline::error::Result<()> {
    let options = || Options { threads: 1, ..Options::default() };
    let mut writer = Writer::open(folder, options())?;
    let preparer = writer.preparer();
    for (number, written) in articles.iter().enumerate() {
        let ((title, mut mentions), (text, more)) =
            (text(&written.title, Part::Title), text(&written.text, Part::Body));
        mentions.extend(more);
        let of = |field: &'static str| {
            let numbers = written.numbers().into_iter().filter(move |number| NAMES[*number].0 == field);
            numbers.map(|number| NAMES[number])
        };
        let named = |known: Known| Named { name: known.2.to_owned(), count: 1, also: Vec::new() };
        let placed = |known: Known| Placed {
            name: known.2.to_owned(),
            country: known.3.map(str::to_owned),
            region: known.4.map(str::to_owned),
            point: None,
            count: 1,
        };
        let codes: BTreeSet<&str> = of("place").filter_map(|known| known.3).collect();
        let country =
            |code: &str| CountryCount { code: code.to_owned(), name: code.to_owned(), count: 1, about: false };
        let found = Found {
            mentions,
            people: of("person").map(named).collect(),
            organisations: of("org").map(named).collect(),
            places: of("place").map(placed).collect(),
            countries: codes.into_iter().map(country).collect(),
            dates: Vec::new(),
        };
        let day = |month, day| chrono::NaiveDate::from_ymd_opt(written.year, month, day).expect("a day");
        let published = Published {
            value: written.year.to_string(),
            first: day(1, 1),
            last: day(12, 31),
            precision: Precision::Year,
            from: Provenance::Metadata,
            confidence: Confidence::High,
            conflicts: Vec::new(),
        };
        let article = Article {
            title: (!title.is_empty()).then_some(title),
            text,
            source: written.source.map(str::to_owned),
            published: Some(published),
            ..Article::default()
        };
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

/// A question: as typed, which articles its bounds let through, which of those match, what its mentions are, and what is
/// left out of the list.
struct Question {
    query: &'static str,
    bound: fn(&Written) -> bool,
    holds: fn(&Written) -> bool,
    asked: fn(&Item) -> bool,
    left_out: &'static [(&'static str, &'static str)],
}

const QUESTIONS: [Question; 6] = [
    Question {
        query: "person:\"Kim Jong-un\"",
        bound: |_| true,
        holds: |written| written.numbers().iter().any(|number| *number < 2),
        asked: |item| matches!(item, Item::Name(0 | 1)),
        left_out: &[("person", "kim")],
    },
    Question {
        query: "person:\"Kim Jong-un\" source:wire",
        bound: |written| written.source == Some("Wire"),
        holds: |written| written.numbers().iter().any(|number| *number < 2),
        asked: |item| matches!(item, Item::Name(0 | 1)),
        left_out: &[("person", "kim")],
    },
    Question {
        query: "org:nato published:2021..",
        bound: |written| written.year >= 2021,
        holds: |written| written.numbers().iter().any(|number| [7, 8].contains(number)),
        asked: |item| matches!(item, Item::Name(7 | 8)),
        left_out: &[("org", "nato")],
    },
    Question {
        query: "country:FR",
        bound: |_| true,
        holds: |written| written.numbers().contains(&10),
        asked: |item| matches!(item, Item::Name(10)),
        left_out: &[("country", "FR")],
    },
    Question {
        query: "treaty",
        bound: |_| true,
        holds: |written| written.has_word("treaty"),
        asked: |item| matches!(item, Item::Word("treaty")),
        left_out: &[],
    },
    Question {
        query: "treaty person:mao",
        bound: |_| true,
        holds: |written| written.has_word("treaty") && written.numbers().iter().any(|number| [4, 5].contains(number)),
        asked: |item| matches!(item, Item::Name(4 | 5)),
        left_out: &[("person", "mao")],
    },
];

fn request(within: Option<u32>, limit: usize, by: CompanyOrder) -> CompanyRequest {
    CompanyRequest {
        query: String::new(),
        fields: ["person", "org", "place", "country"].map(str::to_owned).to_vec(),
        within,
        least: Some(1),
        by,
        limit,
        edges: true,
    }
}

fn compare(
    question: &Question,
    within: Option<u32>,
    there: &[&Written],
    company: &Company,
) -> Result<(), TestCaseError> {
    let bounded: Vec<&&Written> = there.iter().filter(|written| (question.bound)(written)).collect();
    let hits: Vec<&&&Written> = bounded.iter().filter(|written| (question.holds)(written)).collect();
    prop_assert_eq!(company.results.total, hits.len());
    let mut together: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut pairs: BTreeMap<BTreeSet<(String, String)>, usize> = BTreeMap::new();
    for hit in &hits {
        let named = match within {
            Some(within) => hit.near(&question.asked, within as usize),
            None => hit.named(),
        };
        let left_out = |name: &(String, String)| {
            question.left_out.iter().any(|(field, meaning)| name.0 == *field && name.1 == *meaning)
        };
        let named: Vec<(String, String)> = named.into_iter().filter(|name| !left_out(name)).collect();
        for (at, name) in named.iter().enumerate() {
            *together.entry(name.clone()).or_default() += 1;
            for other in &named[at + 1..] {
                *pairs.entry([name.clone(), other.clone()].into()).or_default() += 1;
            }
        }
    }
    let names: Vec<(String, String)> =
        company.members.iter().map(|member| meaning(member.field, &member.value, member.region.as_deref())).collect();
    let told: BTreeMap<(String, String), usize> =
        names.iter().cloned().zip(company.members.iter().map(|member| member.together)).collect();
    prop_assert_eq!(&told, &together, "{} {:?}", question.query, within);
    prop_assert_eq!(told.len(), company.members.len());
    for (name, member) in names.iter().zip(&company.members) {
        let articles = bounded.iter().filter(|written| written.named().contains(name)).count();
        prop_assert_eq!(member.articles, articles, "{} {:?}", question.query, name);
        let dice = 2.0 * member.together as f64 / (hits.len() + articles) as f64;
        prop_assert!((member.closeness - (14.0 + dice.log2())).abs() < 1e-9, "{:?}", member);
    }
    prop_assert!(company.members.windows(2).all(|pair| pair[0].closeness >= pair[1].closeness));
    let edges: BTreeMap<BTreeSet<(String, String)>, usize> = company
        .edges
        .iter()
        .map(|edge| ([names[edge.source].clone(), names[edge.target].clone()].into(), edge.together))
        .collect();
    prop_assert_eq!(edges, pairs);
    for edge in &company.edges {
        let alone = company.members[edge.source].together + company.members[edge.target].together;
        prop_assert!((edge.weight - 2.0 * edge.together as f64 / alone as f64).abs() < 1e-9);
    }
    Ok(())
}

#[test]
fn company_is_counted_as_a_list_is() {
    random::check(30, &(articles(), 1..40usize), |(articles, batch)| {
        let folder = tempfile::tempdir().expect("a folder can be made");
        build(folder.path(), &articles, batch).expect("it can be indexed");
        let index = Local::open(folder.path()).expect("it can be opened");
        let there: Vec<&Written> = articles.iter().filter(|written| !written.removed).collect();
        for question in &QUESTIONS {
            let mut tree = query::parse(question.query, None).tree;
            index.expand(&mut tree, true).expect("the index can be read");
            for within in [None, Some(1), Some(3)] {
                let ask = |limit, by| index.company(&tree, &request(within, limit, by)).expect("it can be counted");
                let all = ask(0, CompanyOrder::Closeness);
                compare(question, within, &there, &all)?;
                for limit in [1, 3] {
                    // Fewer are the first of all.
                    let few = ask(limit, CompanyOrder::Closeness);
                    prop_assert_eq!(&few.members[..], &all.members[..limit.min(all.members.len())]);
                    prop_assert_eq!(few.distinct, all.members.len());
                    let often = ask(limit, CompanyOrder::Together).members;
                    let most: BTreeSet<usize> = all.members.iter().map(|member| member.together).collect();
                    prop_assert_eq!(often.first().map(|member| member.together), most.last().copied());
                    prop_assert!(often.iter().all(|member| all.members.contains(member)));
                }
            }
        }
        Ok(())
    });
}

#[test]
fn answers_are_parted_as_lists_are() {
    random::check(30, &(articles(), 1..40usize), |(articles, batch)| {
        let folder = tempfile::tempdir().expect("a folder can be made");
        build(folder.path(), &articles, batch).expect("it can be indexed");
        let index = Local::open(folder.path()).expect("it can be opened");
        let there: Vec<(usize, &Written)> =
            articles.iter().enumerate().filter(|(_, written)| !written.removed).collect();
        for one in &QUESTIONS {
            for other in &QUESTIONS {
                let [mut a, mut b] = [one, other].map(|question| query::parse(question.query, None).tree);
                index.expand(&mut a, true).expect("the index can be read");
                index.expand(&mut b, true).expect("the index can be read");
                let request = DiffRequest {
                    queries: [one.query, other.query].map(str::to_owned),
                    limit: 0,
                    sort: Sort::Newest,
                    fields: ["person", "org", "place", "country"].map(str::to_owned).to_vec(),
                    values: 0,
                };
                let diff = index.diff([&a, &b], &request).expect("it can be compared");
                let ids = |wanted: [bool; 2]| -> BTreeSet<String> {
                    let holds = |question: &Question, written| (question.bound)(written) && (question.holds)(written);
                    let fits = |written| [holds(one, written), holds(other, written)] == wanted;
                    there.iter().filter(|(_, written)| fits(written)).map(|(id, _)| id.to_string()).collect()
                };
                for (set, wanted) in
                    [(&diff.only_a, [true, false]), (&diff.only_b, [false, true]), (&diff.both, [true, true])]
                {
                    let told: BTreeSet<String> = set.hits.iter().map(|hit| hit.id.clone()).collect();
                    prop_assert_eq!(&told, &ids(wanted), "{} {}", one.query, other.query);
                    prop_assert_eq!(set.total, told.len());
                    let days: Vec<_> = set.hits.iter().map(|hit| hit.published.as_ref().map(|day| day.first)).collect();
                    prop_assert!(days.windows(2).all(|pair| pair[0] >= pair[1]));
                }
                prop_assert_eq!(diff.a.1, diff.only_a.total + diff.both.total);
                prop_assert_eq!(diff.b.1, diff.only_b.total + diff.both.total);
                let side = |only: [bool; 2]| {
                    let alone = ids(only);
                    if alone.is_empty() { ids([true, true]) } else { alone }
                };
                let (first, second) = (side([true, false]), side([false, true]));
                for apart in &diff.apart {
                    let region = apart.label.contains("Texas").then_some("Texas");
                    let name = meaning(apart.field, &apart.value, region);
                    let having = |ids: &BTreeSet<String>| {
                        let those = there.iter().filter(|(id, _)| ids.contains(&id.to_string()));
                        those.filter(|(_, written)| written.named().contains(&name)).count()
                    };
                    prop_assert_eq!((apart.first, apart.second), (having(&first), having(&second)), "{:?}", name);
                    let more_in_second = apart.second * first.len() > apart.first * second.len();
                    prop_assert_eq!(apart.of_second, more_in_second);
                    prop_assert!(apart.likelihood > 6.6);
                }
            }
        }
        Ok(())
    });
}

#[test]
fn sets_are_those_of_a_search() {
    let program = Program::new();
    program.copy("sample_corpus");
    let count = |query: &str| -> u64 {
        let ran = program.run(&["count", "--in", "sample_corpus", query]);
        ran.stdout.trim().parse().expect("it is a number")
    };
    let ran = program.run(&["diff", "--in", "sample_corpus", "treaty OR pact", "person:putin", "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
    for (set, query) in [
        ("a", "(treaty OR pact) -person:putin"),
        ("b", "person:putin -(treaty OR pact)"),
        ("both", "(treaty OR pact) person:putin"),
    ] {
        assert_eq!(json["only"][set].as_u64(), Some(count(query)), "{query}");
        let rows = json["hits"].as_array().expect("a list").iter().filter(|row| row["set"] == set).count();
        assert_eq!(rows as u64, count(query).min(5), "{query}");
    }
    assert_eq!(json["total"].as_u64(), Some(count("treaty OR pact OR person:putin")));
}

#[test]
fn copies_are_the_most_alike() {
    let program = Program::new();
    program.copy("sample_corpus");
    let copied = std::fs::read(program.path("sample_corpus/archive-box/copy-of-indonesia-story.txt"));
    program.write("sample_corpus/again.txt", &copied.expect("it can be read"));
    let similar = |arguments: &[&str]| {
        let ran = program.run(&[&["similar", "--in", "sample_corpus", "--format", "json"], arguments].concat());
        let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
        json["hits"].as_array().expect("a list").clone()
    };
    let ran = program.run(&["search", "--in", "sample_corpus", "", "-n", "0", "--format", "csv"]);
    let id_of = |path: &str| {
        let row = ran.stdout.lines().find(|row| row.contains(path)).expect("the article is there");
        row.split(',').next().expect("a row begins with an id").to_owned()
    };
    let copy = id_of("archive-box/copy-of-indonesia-story.txt");
    let alike = similar(&[&copy, "-n", "0"]);
    // The copy, then what was written anew of the same, then others of the subject.
    for (hit, path, least, most) in [(0, "again.txt", 0.99, 1.0), (1, "suharto-resigns.txt", 0.6, 0.9)] {
        assert!(alike[hit]["path"].as_str().is_some_and(|found| found.ends_with(path)), "{:?}", alike[hit]);
        assert!(alike[hit]["score"].as_f64().is_some_and(|score| score > least && score <= most), "{:?}", alike[hit]);
    }
    assert!(alike.iter().all(|hit| hit["id"] != copy.as_str()));
    let scores: Vec<f64> = alike.iter().filter_map(|hit| hit["score"].as_f64()).collect();
    assert!(scores.windows(2).all(|pair| pair[0] >= pair[1]), "{scores:?}");
    assert!(alike.iter().all(|hit| hit["shared"].as_array().is_some_and(|shared| !shared.is_empty())));
    // Others of those are found under a filter, and nothing else.
    let filtered = similar(&[&copy, "-n", "0", "--country", "ID"]);
    assert!(!filtered.is_empty());
    for hit in &filtered {
        let countries = hit["countries"].as_array().expect("a list");
        assert!(countries.iter().any(|country| country["code"] == "ID"), "{hit:?}");
    }
    // Pages fit together.
    let pages = [similar(&[&copy, "-n", "1"]), similar(&[&copy, "-n", "1", "--offset", "1"])].concat();
    assert_eq!(pages, alike[..2]);
}
