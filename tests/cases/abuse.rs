//! Queries that nobody means well with, asked of an index: an answer or an error with its place, whatever they are. What a
//! query may come to is bounded, so that none takes long; and where a time was given, the search ends then.

use super::corpus::{self, Chance};
use super::program::Program;
use dateline::backend::Backend;
use dateline::backend::local::Local;
use dateline::query::{self, tree::Tree};
use dateline::search::{Request, Sort};
use std::time::{Duration, Instant};

/// What is read of a query may be printed no longer than so many times what was typed, and a hundred characters: what
/// costs much is what grows.
const MOST_GROWTH: usize = 12;

fn index(articles: usize) -> (Program, Local) {
    let program = Program::new();
    let lines: String = (0..articles).map(|number| corpus::line(number, 1)).collect();
    program.write("all.jsonl", lines.as_bytes());
    let ran = program.run(&["index", "-q", "--index", "kept", "all.jsonl"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let index = Local::open(&program.path("kept")).expect("it can be opened");
    (program, index)
}

/// Asks a query; whether it is one.
fn ask(index: &Local, query: &str) -> bool {
    let parsed = query::parse(query, None);
    let printed = parsed.tree.to_string();
    assert!(printed.len() <= query.len() * MOST_GROWTH + 100, "{} bytes became {}", query.len(), printed.len());
    if let Err(error) = query::check(&parsed) {
        let (text, range) = error.place.expect("an error of a query has its place");
        assert!(text == query && range.end <= query.len() && query.get(range).is_some(), "{query:?}");
        assert!(!error.message.is_empty() && error.hint.is_some(), "{query:?}");
        return false;
    }
    let mut tree = parsed.tree;
    match index.expand(&mut tree, true).and_then(|()| Ok((index.count(&tree)?, index.search(&tree, &request())?))) {
        Ok((count, results)) => assert!(results.total == count && count <= 300, "{query:?}: {count}"),
        // What only the index can tell is said as well as what the query alone tells.
        Err(error) => assert!(!error.message.is_empty() && !error.message.contains("panic"), "{query:?}: {error:?}"),
    }
    true
}

fn request() -> Request {
    Request {
        query: String::new(),
        limit: 3,
        offset: 0,
        sort: Sort::Relevance,
        facets: Vec::new(),
        snippets: 2,
        explain_scores: false,
        group_by_slot: false,
        ..Request::default()
    }
}

/// Each is as long, deep or wide as it says; the longest that a query may be, and far beyond.
fn strings() -> Vec<(&'static str, String)> {
    let many = |piece: &str, times: usize| piece.repeat(times);
    let list = |count: usize, with: &str| (0..count).map(|n| format!("w{n}")).collect::<Vec<_>>().join(with);
    vec![
        ("open groups", many("(", 8192)),
        ("open groups beyond the limit", many("(", 1_000_000)),
        ("closed groups", many("(", 4000) + "said" + &many(")", 4000)),
        ("negations", many("-(", 1000) + "said" + &many(")", 1000)),
        ("NOT NOT", many("NOT ", 2000) + "said"),
        ("minus signs", many("-", 8000)),
        ("quotation marks", many("\"", 8191)),
        ("OR of a thousand words", list(1000, " OR ")),
        ("OR of a hundred thousand words", list(100_000, " OR ")),
        ("AND of a thousand words", list(1000, " AND ")),
        ("a phrase of a thousand words", format!("\"{}\"", list(1000, " "))),
        ("a phrase of one word again and again", format!("\"{}\"", many("said ", 1000))),
        ("a phrase of wildcards", format!("\"{}\"", many("* ", 2000))),
        ("a wildcard for everything", "*".to_owned()),
        ("wildcards in a row", many("w*", 60)),
        ("beginnings of all words", "w* w* w* w* \"w* w* w*\" w* NEAR/50 w*".to_owned()),
        ("any letters", "?????????? ???? w??? ?w?".to_owned()),
        ("a wide distance", "w1* NEAR/4000000000 w2* NEAR/99999999999999999999 w3*".to_owned()),
        ("groups of groups", format!("({}) NEAR/5 ({})", list(400, " OR "), list(400, " OR "))),
        ("a pattern that grows", "/(w|w1|.*)*[0-9]{1,200}/ /(a{1,100}){1,100}/ /(((.*)*)*)*z/".to_owned()),
        ("patterns for every word", "\"/.*/ /.*/ /.*/\" /.*/".to_owned()),
        ("boosts and slips", "said^1e308 said^-1 said^NaN said~999999 \"a b\"~18446744073709551616".to_owned()),
        ("years without end", "published:-99999999999..99999999999 mentions-date:0000..9999".to_owned()),
        ("distances without end", "near:\"1e308,1e308,1e308km\" near:\"Paris,99999999999999999999km\"".to_owned()),
        ("fields in fields", many("title:", 1300) + "said"),
        ("fields that are none", many("x:", 4000)),
        ("slots", format!("\"{}\"", many("@person ", 500))),
        ("ATLEAST of many", "ATLEAST18446744073709551615(said) ATLEAST99999999999999999999999(said)".to_owned()),
        ("signs of all kinds", many("\u{202e}\u{0}\u{1b}[31m\u{feff}\u{200d}e\u{301}", 300)),
        ("letters of many bytes", many("𠀀", 2048)),
        ("one word of all that fits", many("w", 8192)),
        ("blanks", many("\u{3000} \t\u{a0}", 900)),
    ]
}

#[test]
fn abuse_is_answered_or_refused() {
    let (program, index) = index(300);
    for (name, query) in strings() {
        ask(&index, &query);
        // The same by the program: an answer, none, or an error that is one. A command line holds 128 kB a word.
        if query.len() < 100_000 && !query.contains('\0') {
            let ran = program.run(&["count", "--index", "kept", "--", &query]);
            assert!(matches!(ran.code, Some(0..=2)), "{name}: {:?} {}", ran.code, ran.stderr);
            assert_eq!(ran.code == Some(2), ran.stderr.starts_with("error: "), "{name}: {}", ran.stderr);
            assert!(ran.stderr.len() < 3 * query.len() + 4000, "{name}: an error of {} bytes", ran.stderr.len());
        }
    }
}

/// A query by the grammar: mostly right, with words that are there.
fn grown(chance: &mut Chance, depth: u64, out: &mut String) {
    let word = |chance: &mut Chance| match chance.below(6) {
        0 => format!("w{}", chance.below(2000)),
        1 => format!("w{}*", chance.below(200)),
        2 => {
            ["said", "Tuesday", "seoul", "lima", "edition", "U.S.", "平壌", "x-y"][chance.below(8) as usize].to_owned()
        }
        3 => format!("={}", ["Said", "was", "LIMA"][chance.below(3) as usize]),
        4 => format!("w{}~1", chance.below(2000)),
        _ => "was".to_owned(),
    };
    match chance.below(if depth > 6 { 4 } else { 14 }) {
        0 | 1 => out.push_str(&word(chance)),
        2 => {
            let words: Vec<String> = (0..1 + chance.below(5)).map(|_| word(chance)).collect();
            out.push_str(&format!("\"{}\"", words.join(" ")));
        }
        3 => {
            let filters = [
                "published:2024-06",
                "mentions-date:2024..",
                "country:KR",
                "place:Seoul",
                "person:kim",
                "source:none",
                "lang:en",
                "near:\"Seoul,100km\"",
                "date-gap:<1y",
            ];
            out.push_str(filters[chance.below(filters.len() as u64) as usize]);
        }
        4 => {
            out.push_str(["-", "NOT ", "title:", "body:", "ATLEAST2"][chance.below(5) as usize]);
            out.push('(');
            grown(chance, depth + 1, out);
            out.push(')');
        }
        5 | 6 => {
            out.push('(');
            grown(chance, depth + 1, out);
            out.push(')');
        }
        other => {
            grown(chance, depth + 1, out);
            let links = [" ", " AND ", " OR ", " NOT ", " NEAR/3 ", " PRE/2 ", " w/s "];
            out.push_str(links[other as usize % links.len()]);
            grown(chance, depth + 1, out);
        }
    }
}

/// Takes a piece out, doubles it, or puts a sign in.
fn spoilt(chance: &mut Chance, query: &mut String) {
    const SIGNS: [&str; 14] = ["(", ")", "\"", "*", "~", "^", ":", "/", "OR", "@person", "-", "\u{202e}", "é", "]"];
    for _ in 0..chance.below(4) {
        let at = query.floor_char_boundary(chance.below(query.len() as u64 + 1) as usize);
        let end = query.ceil_char_boundary((at + chance.below(12) as usize).min(query.len()));
        match chance.below(3) {
            0 => drop(query.drain(at..end)),
            1 => {
                let part = query[at..end].to_owned();
                query.insert_str(at, &part);
            }
            _ => query.insert_str(at, SIGNS[chance.below(SIGNS.len() as u64) as usize]),
        }
    }
}

#[test]
fn twenty_thousand_queries_are_read_and_some_asked() {
    let (_program, index) = index(300);
    let mut chance = Chance::new(23);
    let (mut right, mut wrong) = (0, 0);
    for number in 0..20_000 {
        let mut query = String::new();
        grown(&mut chance, 0, &mut query);
        if number % 2 == 1 {
            spoilt(&mut chance, &mut query);
        }
        if number % 20 < 2 {
            ask(&index, &query);
        }
        let parsed = query::parse(&query, None);
        let printed = parsed.tree.to_string();
        assert!(printed.len() <= query.len() * MOST_GROWTH + 100, "{query:?} became {printed:?}");
        match query::check(&parsed) {
            Ok(()) => {
                right += 1;
                let again = query::parse(&printed, None);
                assert!(query::check(&again).is_ok(), "{query:?} is printed as {printed:?}");
                assert_eq!(again.tree.to_string(), printed, "{query:?}");
            }
            Err(_) => wrong += 1,
        }
    }
    assert!(right > 5000 && wrong > 2000, "{right} right, {wrong} wrong: both are to be tried");
}

/// A question that has no time left ends, and says that it was cut; with time enough it is the whole answer.
#[test]
fn a_deadline_ends_a_question_and_says_so() {
    let (program, mut index) = index(3000);
    let long = "(w1* OR w2* OR w3*) NEAR/50 (w4* OR w5* OR w6*)";
    let parsed = query::parse(long, None);
    query::check(&parsed).expect("it is right");
    let mut tree = parsed.tree;
    index.expand(&mut tree, true).expect("it can be read");
    let ask = |index: &Local, tree: &Tree| index.count(tree).expect("it can be searched");
    let whole = ask(&index, &tree);
    assert!(whole > 1000 && !index.was_cut(), "{whole}");
    index.answer_by(Instant::now() + Duration::from_secs(600));
    assert_eq!((ask(&index, &tree), index.was_cut()), (whole, false), "there was time enough");
    index.answer_by(Instant::now());
    let part = ask(&index, &tree);
    assert!(index.was_cut() && part < whole, "{part} of {whole}");
    let results = index.search(&tree, &request()).expect("it can be searched");
    assert!(results.total < whole, "{} of {whole}", results.total);
    let ran = program.run(&["count", "--index", "kept", "--timeout", "600", long]);
    assert_eq!((ran.code, ran.stdout), (Some(0), format!("{whole}\n")));
    assert!(!ran.stderr.contains("the time was up"), "{}", ran.stderr);
    let ran = program.run(&["search", "--index", "kept", "--timeout", "0.000001", long]);
    assert!(ran.stderr.contains("the time was up"), "{:?} {}", ran.code, ran.stderr);
    let ran = program.run(&["search", "--index", "kept", "--timeout", "-1", long]);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
}
