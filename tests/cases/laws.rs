//! What must hold between the answers to related questions, whatever the articles are: narrower questions find less, the
//! parts of a question add up, and neither how an index came about nor what else is in it changes an answer.
//!
//! Nothing here says what a single question finds; `oracle` does.

use super::naive::{self, Asked, Words, Written};
use super::naive_spans::{self, Placed};
use super::oracle::{Making, Outcome, build, ids, making, request, set, tree};
use super::random;
use dateline::backend::Backend;
use dateline::backend::local::Local;
use dateline::search::{Request, Sort};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeSet;

type Ids = BTreeSet<String>;

/// An index to be asked.
struct Archive {
    _folder: tempfile::TempDir,
    index: Local,
    there: Vec<Written>,
}

impl Archive {
    fn new(articles: &[Written], making: &Making) -> Archive {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let there = build(folder.path(), articles, making).expect("it can be indexed");
        let index = Local::open(folder.path()).expect("it can be opened");
        Archive { _folder: folder, index, there }
    }

    fn list(&self, query: &str, sort: Sort) -> Vec<String> {
        let tree = tree(&self.index, query, true);
        let bare = Request { facets: Vec::new(), snippets: 0, ..request(sort, 0, 0) };
        ids(&self.index.search(&tree, &bare).expect("it can be searched"))
    }

    fn find(&self, query: &str) -> Ids {
        self.list(query, Sort::Relevance).into_iter().collect()
    }

    /// Every question finds all that the one before it finds.
    fn widens(&self, queries: &[String]) -> Outcome {
        for pair in queries.windows(2) {
            let [narrow, wide] = pair else { continue };
            let more: Vec<String> = self.find(narrow).difference(&self.find(wide)).cloned().collect();
            prop_assert!(more.is_empty(), "`{}` finds {:?}, `{}` does not", narrow, more, wide);
        }
        Ok(())
    }

    /// What the questions find is together what `whole` finds.
    fn adds_up(&self, whole: &str, parts: &[String]) -> Outcome {
        let together: Ids = parts.iter().flat_map(|part| self.find(part)).collect();
        prop_assert_eq!(together, self.find(whole), "{:?} and `{}`", parts, whole);
        Ok(())
    }

    fn same(&self, one: &str, other: &str) -> Outcome {
        prop_assert_eq!(self.find(one), self.find(other), "`{}` and `{}`", one, other);
        Ok(())
    }
}

/// Whatever stands left and right of an operator.
fn stand_to_each_other(archive: &Archive, left: &Placed, right: &Placed, distance: usize) -> Outcome {
    let (a, b, more) = (left.text(), right.text(), distance + 1);
    let all = format!("{a} {b}");
    archive.widens(&[
        format!("{a} PRE/{distance} {b}"),
        format!("{a} NEAR/{distance} {b}"),
        format!("{a} NEAR/{more} {b}"),
        all.clone(),
        a.clone(),
        format!("{a} OR {b}"),
    ])?;
    archive.widens(&[format!("{a} PRE/{distance} {b}"), format!("{a} PRE/{more} {b}")])?;
    archive.widens(&[format!("{a} PRE/S {b}"), format!("{a} W/S {b}"), format!("{a} W/P {b}"), all.clone()])?;
    archive.widens(&[format!("{a} PRE/S {b}"), format!("{a} PRE/P {b}"), format!("{a} W/P {b}"), b.clone()])?;
    archive.widens(&[format!("{a} NOT NEAR/{more} {b}"), format!("{a} NOT NEAR/{distance} {b}"), a.clone()])?;
    archive.widens(&[format!("{a} NOT W/P {b}"), format!("{a} NOT W/S {b}"), a.clone()])?;
    for (ordered, either) in [
        (format!("PRE/{distance}"), format!("NEAR/{distance}")),
        ("PRE/S".to_owned(), "W/S".to_owned()),
        ("PRE/P".to_owned(), "W/P".to_owned()),
    ] {
        archive.same(&format!("{a} {either} {b}"), &format!("{b} {either} {a}"))?;
        archive.adds_up(&format!("{a} {either} {b}"), &[format!("{a} {ordered} {b}"), format!("{b} {ordered} {a}")])?;
        for link in [ordered, either] {
            archive.adds_up(&a, &[format!("{a} {link} {b}"), format!("{a} NOT {link} {b}")])?;
            // Alternatives may be asked for one by one.
            let both = format!("({a} OR {b}) {link} {b}");
            archive.adds_up(&both, &[format!("{a} {link} {b}"), format!("{b} {link} {b}")])?;
        }
    }
    archive.same(&a, &format!("ATLEAST1({a})"))?;
    let often: Vec<String> = (1..6).rev().map(|times| format!("ATLEAST{times}({a})")).collect();
    archive.widens(&often)?;
    archive.widens(&[format!("ATLEAST2({a})"), format!("ATLEAST2({a} OR {b})")])
}

/// Words of a phrase, closer and looser.
fn phrases_loosen(archive: &Archive, words: &[Words]) -> Outcome {
    let words: Vec<String> = words.iter().map(|word| word.loose().text().replace('"', "")).collect();
    let phrase = words.join(" ");
    let apart: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    let mut wider = vec![format!("\"{phrase}\"")];
    wider.extend((1..6).map(|slop| format!("\"{phrase}\"~{slop}")));
    wider.push(apart.join(" "));
    archive.widens(&wider)?;
    archive.same(&format!("\"{phrase}\""), &format!("\"{phrase}\"~0"))?;
    archive.same(&format!("\"{phrase}\""), &apart.join(" PRE/1 "))?;
    archive.widens(&[format!("=\"{phrase}\""), format!("\"{phrase}\"")])?;
    for field in ["title", "body"] {
        archive.widens(&[format!("{field}:\"{phrase}\""), format!("\"{phrase}\"")])?;
        archive.widens(&[format!("{field}:\"{phrase}\"~2"), format!("\"{phrase}\"~2")])?;
    }
    archive.adds_up(&format!("\"{phrase}\"~3"), &["title", "body"].map(|field| format!("{field}:\"{phrase}\"~3")))?;
    if let [first, rest @ ..] = apart.as_slice() {
        let rest: Vec<String> = rest.iter().map(|word| word.replace('"', "")).collect();
        let (word, rest) = (first.replace('"', ""), rest.join(" "));
        archive.adds_up(
            &format!("\"({word}|treaty) {rest}\""),
            &[format!("\"{word} {rest}\""), format!("\"treaty {rest}\"")],
        )?;
    }
    Ok(())
}

/// What stands for several words.
fn patterns_cover_their_words(archive: &Archive, word: &str, at: usize) -> Outcome {
    let letters: Vec<char> = word.chars().collect();
    let at = at % letters.len();
    let (before, after): (String, String) = (letters[..at].iter().collect(), letters[at + 1..].iter().collect());
    let begin: String = letters[..=at].iter().collect();
    let mut patterns = vec![format!("{begin}*"), format!("/{begin}.*/")];
    if letters.len() > 1 {
        // At the end of a word it would be punctuation.
        patterns.extend((!after.is_empty()).then(|| format!("{before}?{after}")));
        patterns.push(format!("*{}", letters[letters.len() - 1]));
        archive.widens(&[format!("={word}"), format!("{word}~1"), format!("{word}~2")])?;
        patterns.extend([format!("{word}~1"), format!("{word}~2")]);
    }
    for pattern in patterns {
        archive.widens(&[format!("={word}"), pattern.clone()])?;
        let tree = tree(&archive.index, &pattern, true);
        let found = archive.index.search(&tree, &request(Sort::Relevance, 0, 0)).expect("it can be searched");
        let forms: Vec<String> =
            found.expansions.iter().flat_map(|part| &part.forms).map(|form| form.form.clone()).collect();
        let one = |form: &String| {
            let tree = super::oracle::tree(&archive.index, &format!("\"{form}\""), false);
            set(&archive.index.search(&tree, &request(Sort::Relevance, 0, 0)).expect("it can be searched"))
        };
        let together: Ids = forms.iter().flat_map(one).collect();
        prop_assert_eq!(together, set(&found), "{} stands for {:?}", pattern, forms);
    }
    Ok(())
}

/// Days that ranges begin and end with.
const DAYS: &[&str] =
    &["1605-11-05", "1990-01-01", "1995-06-15", "2023-12-31", "2024-06-18", "2024-06-19", "2024-07-01"];

/// Ranges that lie side by side are together the whole.
fn days_add_up(archive: &Archive, question: &str, day: &str) -> Outcome {
    let before = day.parse::<chrono::NaiveDate>().expect("a day of the table").pred_opt().expect("it has one before");
    let parts = [format!("<{day}"), format!("{day}..{day}"), format!(">{day}"), "none".to_owned()];
    let parts = parts.map(|part| format!("({question}) published:{part}"));
    archive.adds_up(question, &parts)?;
    archive.same(&format!("published:>={day} published:<={day}"), &format!("published:{day}"))?;
    for field in ["published", "mentions-date"] {
        archive.adds_up(
            &format!("{field}:1605..2024-12"),
            &[format!("{field}:1605..{before}"), format!("{field}:{day}..2024-12")],
        )?;
        archive.widens(&[
            format!("{field}:{day}"),
            format!("{field}:{}", &day[..7]),
            format!("{field}:{}", &day[..4]),
        ])?;
    }
    // An article that has one day falls in one part and no other.
    let longer = |article: &&Written| article.article().0.published.is_some_and(|day| day.first != day.last);
    let coarse: Ids = archive.there.iter().filter(longer).map(|article| article.id.clone()).collect();
    let counted: usize = parts.iter().map(|part| archive.find(part).difference(&coarse).count()).sum();
    prop_assert_eq!(counted, archive.find(question).difference(&coarse).count(), "{} by {}", question, day);
    Ok(())
}

/// What is counted and shown in pieces is the whole.
fn pieces_are_the_whole(archive: &Archive, question: &str, page: usize) -> Outcome {
    let tree = tree(&archive.index, question, true);
    for sort in [Sort::Relevance, Sort::Newest, Sort::Oldest] {
        let whole = archive.index.search(&tree, &request(sort, 0, 0)).expect("it can be searched");
        let mut paged = Vec::new();
        for at in (0..=whole.total).step_by(page) {
            paged.extend(ids(&archive.index.search(&tree, &request(sort, at, page)).expect("it can be searched")));
        }
        prop_assert_eq!(&paged, &ids(&whole), "{} {:?} in pages of {}", question, sort, page);
        let without = whole.hits.iter().filter(|hit| hit.source.is_none()).count();
        let counted: usize = whole.facets["source"].iter().map(|value| value.count).sum();
        prop_assert_eq!(counted + without, whole.total, "sources of {}", question);
        for value in &whole.facets["source"] {
            let narrowed = archive.find(&format!("({question}) source:\"{}\"", value.value));
            prop_assert_eq!(narrowed.len(), value.count, "{} of {}", value.value, question);
        }
    }
    Ok(())
}

#[test]
fn narrower_questions_find_less_and_parts_add_up() {
    let pairs = vec((naive_spans::placed(), naive_spans::placed(), 1..8usize), 2..6);
    let phrases = vec(vec(naive::words(), 2..=4), 1..6);
    let patterns = vec((naive::letters(), 0..8usize), 1..6);
    let days = vec((naive::asked(), proptest::sample::select(DAYS)), 1..4);
    let strategy = ((naive::articles(40, 30), making()), (pairs, phrases), (patterns, days), 1..7usize);
    random::check(4, &strategy, |((articles, making), (pairs, phrases), (patterns, days), page)| {
        let archive = Archive::new(&articles, &making);
        for (left, right, distance) in &pairs {
            stand_to_each_other(&archive, left, right, *distance)?;
            pieces_are_the_whole(&archive, &left.text(), page)?;
        }
        for words in &phrases {
            phrases_loosen(&archive, words)?;
            for words in words {
                archive.widens(&words.both().map(|words| words.text()))?;
            }
        }
        for (word, at) in &patterns {
            patterns_cover_their_words(&archive, word, *at)?;
        }
        for (asked, day) in &days {
            days_add_up(&archive, &asked.text(), day)?;
            pieces_are_the_whole(&archive, &asked.text(), page)?;
        }
        Ok(())
    });
}

/// Any question with its text, and whether articles without anything that it names may answer it.
fn question() -> impl Strategy<Value = (String, bool)> {
    prop_oneof![
        naive_spans::places().prop_map(|places| (places.text(), false)),
        naive::words().prop_map(|words| (Asked::Words(words).text(), false)),
        naive::asked().prop_map(|asked| (asked.text(), true)),
    ]
}

#[test]
fn how_an_index_came_about_changes_no_answer() {
    let plainly = |making: &Making| Making { fates: vec![(false, false)], ..making.clone() };
    let strategy = (naive::articles(40, 30), making(), making(), vec(question(), 5..20), any::<prop::sample::Index>());
    random::check(8, &strategy, |(articles, one, other, questions, turn)| {
        let mut shuffled = articles.clone();
        shuffled.reverse();
        shuffled.rotate_left(turn.index(articles.len()));
        let first = Archive::new(&articles, &plainly(&one));
        let second = Archive::new(&shuffled, &plainly(&other));
        let unrelated = naive::unrelated("unrelated");
        let third = Archive::new(&[articles.as_slice(), &[unrelated]].concat(), &plainly(&one));
        for (question, anything) in &questions {
            for sort in [Sort::Relevance, Sort::Newest, Sort::Oldest] {
                let (one, other) = (first.list(question, sort), second.list(question, sort));
                prop_assert_eq!(one, other, "`{}` {:?} in another order", question, sort);
            }
            let mut with = third.find(question);
            prop_assert!(*anything || !with.contains("unrelated"), "`{}` finds what has nothing of it", question);
            with.remove("unrelated");
            prop_assert_eq!(with, first.find(question), "`{}` beside an unrelated article", question);
        }
        Ok(())
    });
}
