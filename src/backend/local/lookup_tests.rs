//! Tests of the lists beside segments: questions and counts are the same with and without them, and they live and die
//! with their segments.

use super::writer::{Options, Writer};
use super::{Local, check};
use crate::article::{Article, Found, Named, Placed};
use crate::backend::Backend;
use crate::query;
use crate::query::tree::Tree;
use std::fs;
use std::path::{Path, PathBuf};

/// Names in several spellings, some of which are one person.
const PEOPLE: &[&str] = &[
    "Muammar Gaddafi",
    "Moammar Qaddafi",
    "Kim Jong-un",
    "Kim Jong Un",
    "Kim Clijsters",
    "Vladimir Putin",
    "Jens Stoltenberg",
    "J. Stoltenberg",
    "Sergei Lavrov",
    "Sergey Lavrov",
    "Al Gore",
    "Aisha al-Gaddafi",
    "Madonna",
];
const ORGANISATIONS: &[&str] = &["NATO", "Nato", "Bank of England", "Bank of Japan", "BBC"];

/// Numbers that look drawn by lot, the same for each seed.
pub(super) struct Lot(pub(super) u64);

impl Lot {
    pub(super) fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }

    /// Some of a list, those at its beginning more often.
    fn some(&mut self, names: &[&str]) -> Vec<String> {
        let count = self.below(4);
        let mut chosen: Vec<String> = (0..count)
            .map(|_| {
                let most = 1 + self.below(names.len());
                names[self.below(most)].to_owned()
            })
            .collect();
        chosen.sort();
        chosen.dedup();
        chosen
    }

    /// Some of many, so that not all can be among the first.
    fn clubs(&mut self) -> Vec<String> {
        let mut chosen: Vec<String> = (0..self.below(4)).map(|_| format!("Club {}", self.below(80))).collect();
        chosen.sort();
        chosen.dedup();
        chosen
    }
}

/// Makes an index of several segments, of which some articles are replaced.
pub(super) fn build(folder: &Path, seed: u64) {
    let mut lot = Lot(seed);
    for batch in 0..4 {
        let options = Options { threads: 1, ..Options::default() };
        let mut writer = Writer::open(folder, options).unwrap();
        let preparer = writer.preparer();
        for number in 0..lot.below(30) {
            // Every third article of a batch replaces one of the batch before.
            let replaces = batch > 0 && number % 3 == 0;
            let id = format!("{}-{number}", if replaces { batch - 1 } else { batch });
            let named = |name: String| Named { name, count: 1, also: Vec::new() };
            let place = |(name, country): (&str, &str)| Placed {
                name: name.to_owned(),
                country: Some(country.to_owned()),
                region: None,
                point: None,
                count: 1,
            };
            let found = Found {
                people: lot.some(PEOPLE).into_iter().map(named).collect(),
                organisations: lot.some(ORGANISATIONS).into_iter().chain(lot.clubs()).map(named).collect(),
                places: [("Paris", "FR"), ("Paris", "US"), ("Lyon", "FR")][..lot.below(4)]
                    .iter()
                    .copied()
                    .map(place)
                    .collect(),
                ..Found::default()
            };
            let text = "They met and signed a treaty.".to_owned();
            let article = Article { id: Some(id.clone()), text, authors: lot.some(PEOPLE), ..Article::default() };
            writer.put(&id, "0:a.jsonl", preparer.prepare(&article, &found), replaces).unwrap();
        }
        writer.finish().unwrap();
    }
}

fn lists(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder.join("generation-0001")).unwrap().map(|entry| entry.unwrap().path());
    let mut lists: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|it| it == "lookup")).collect();
    lists.sort();
    lists
}

/// What a question becomes, how many articles match, and what is said where none does.
fn asked(index: &Local, question: &str) -> (Tree, usize, Vec<Option<String>>) {
    let mut tree = query::parse(question, None).tree;
    index.expand(&mut tree, true).unwrap();
    let count = index.count(&tree).unwrap();
    let results = index.search(&tree, &crate::search::Request::default()).unwrap();
    (tree, count, results.diagnosis.into_iter().map(|clause| clause.nearest).collect())
}

#[test]
fn questions_are_answered_alike_with_and_without_lists() {
    let mut suggested = 0;
    for seed in 0..8 {
        let folder = tempfile::tempdir().unwrap();
        build(folder.path(), seed);
        let mut questions: Vec<String> = Vec::new();
        for name in PEOPLE {
            questions.push(format!("person:\"{name}\""));
            questions.push(format!("author:\"{name}\""));
            questions.push(format!("person:=\"{name}\""));
            questions.extend(name.split(' ').map(|word| format!("person:{word}")));
        }
        questions.extend(ORGANISATIONS.iter().map(|name| format!("org:\"{name}\"")));
        let others = ["person:Kadhafi", "person:\"Qadhafi, Muammar\"", "org:bank", "org:England", "place:Paris"];
        let wrong = ["person:Stoltenburg", "person:\"Vladmir Putin\"", "person:Lafroff", "trety", "singed", "sined"];
        questions.extend(others.iter().chain(&wrong).map(|question| (*question).to_owned()));
        let with = Local::open(folder.path()).unwrap();
        let answers: Vec<_> = questions.iter().map(|question| asked(&with, question)).collect();
        assert!(!lists(folder.path()).is_empty());
        for list in lists(folder.path()) {
            fs::remove_file(list).unwrap();
        }
        let without = Local::open(folder.path()).unwrap();
        for (question, answer) in questions.iter().zip(answers) {
            assert_eq!(asked(&without, question), answer, "{seed} {question}");
            suggested += answer.2.iter().flatten().count();
        }
    }
    assert!(suggested > 8, "{suggested}");
}

#[test]
fn lists_live_with_their_segments() {
    let folder = tempfile::tempdir().unwrap();
    build(folder.path(), 1);
    let before = lists(folder.path());
    let faults = |name: &str| {
        let findings = check::check(folder.path()).unwrap();
        assert!(findings.remarks.is_empty(), "{findings:?}");
        findings.faults.into_iter().filter(|fault| fault.contains(name)).count()
    };
    assert_eq!(faults(".lookup"), 0);
    // One that is missing is made by the next run, one that changed is told.
    fs::remove_file(&before[0]).unwrap();
    let options = Options { threads: 1, ..Options::default() };
    Writer::open(folder.path(), options).unwrap().finish().unwrap();
    assert_eq!(lists(folder.path()), before);
    // So is one of another version.
    let whole = fs::read(&before[0]).unwrap();
    let mut bytes = whole.clone();
    let version = bytes.len() - 24;
    bytes[version] -= 1;
    fs::write(&before[0], &bytes).unwrap();
    Writer::open(folder.path(), options).unwrap().finish().unwrap();
    assert_eq!(fs::read(&before[0]).unwrap(), whole);
    let mut bytes = whole;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&before[0], &bytes).unwrap();
    let name = before[0].file_name().unwrap().to_string_lossy().into_owned();
    assert_eq!(faults(&name), 1);
    // Those of segments that are gone go with them.
    let mut writer = Writer::open(folder.path(), options).unwrap();
    writer.forget_file("0:a.jsonl").unwrap();
    writer.finish().unwrap();
    assert_eq!(lists(folder.path()), Vec::<PathBuf>::new());
}

#[test]
fn an_index_with_damaged_lists_answers() {
    let folder = tempfile::tempdir().unwrap();
    build(folder.path(), 2);
    let whole: Vec<(PathBuf, Vec<u8>)> =
        lists(folder.path()).into_iter().map(|list| (list.clone(), fs::read(list).unwrap())).collect();
    let mut lot = Lot(4);
    for _ in 0..60 {
        for (list, bytes) in &whole {
            let mut bytes = bytes.clone();
            for _ in 0..lot.below(8) {
                // Not the note: without it the list is not used.
                let place = lot.below(bytes.len() - 104);
                bytes[place] = lot.below(256) as u8;
            }
            // Those that are open stay as they are.
            fs::remove_file(list).unwrap();
            fs::write(list, bytes).unwrap();
        }
        let index = Local::open(folder.path()).unwrap();
        for question in ["person:Gaddafi", "org:bank", "person:Lafroff", "person:\"Vladmir Putin\"", "sined", "treaty"]
        {
            let (tree, count, _) = asked(&index, question);
            for facet_values in [0, 2] {
                let facets = ["person", "org", "place", "author"].map(str::to_owned).to_vec();
                let request = crate::search::Request { facets, facet_values, ..Default::default() };
                let results = index.search(&tree, &request).unwrap();
                assert!(results.facets.values().flatten().all(|value| value.count <= count));
            }
        }
    }
}
