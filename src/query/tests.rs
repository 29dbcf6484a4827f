//! Tests of the whole way from a query to what matched: the file of cases, and random queries and articles.

use super::matcher::{self, Found, TextIndex, View, phrase_starts};
use super::snippets::snippets;
use super::spans::Spans;
use super::tree::{Phrase, Scope, Spelling, Tree, Word};
use super::*;
use crate::article::{Article, Found as Contents, Mention, MentionKind, Part, Timex, TimexKind, TimexStatus};
use crate::text::{Words, fold, tokens};
use proptest::prelude::*;

/// What a query means, in one line: the tree, or the first error; then the notes. Columns count characters from 1.
fn meaning(query: &str) -> String {
    let parsed = parse(query, None);
    let column = |span: Span| query.get(..span.start).map_or(0, |before| before.chars().count()) + 1;
    let mut out = match check(&parsed) {
        Ok(()) => parsed.tree.to_string(),
        Err(error) => {
            let (text, range) = error.place.expect("an error of a query has its place");
            assert_eq!(text, query);
            assert!(range.start <= range.end && range.end <= query.len(), "{query}");
            format!("error {}: {}", column(Span::new(range.start, range.end)), error.message)
        }
    };
    for warning in parsed.warnings.iter().filter(|warning| !warning.error) {
        out.push_str(&format!("  [note {}: {}]", column(warning.span), warning.message));
    }
    out
}

#[test]
fn queries_mean_what_the_cases_say() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in include_str!("cases.txt").lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let (query, expected) = line.split_once(" ==> ").expect("a case has ` ==> `");
        count += 1;
        let query = query.trim_end();
        let is = meaning(query);
        if is != expected {
            wrong.push(format!("{query} ==> {is}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {count} cases differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 120, "{count}");
}

#[test]
fn hints_say_what_to_write() {
    for (query, hint) in [
        ("persn:kim", "did you mean `person:`"),
        ("a (b", "add the `)` that belongs to it, or leave it out"),
        ("korea or russia", "write `OR` for either"),
        ("person: kim", "write it without a blank, as in `person:\"Kim Jong-un\"`"),
    ] {
        let parsed = parse(query, None);
        assert_eq!(parsed.warnings.first().and_then(|warning| warning.hint.as_deref()), Some(hint), "{query}");
    }
}

#[test]
fn what_is_left_of_a_wrong_group_prints_as_it_is() {
    for query in ["\"a (b c|)\"", "\"a (b:(OR/c|d)\"", "person:(a *b:", "person:(a OR b*)"] {
        let parsed = parse(query, None);
        assert!(check(&parsed).is_err(), "{query}");
        let again = parse(&parsed.tree.to_string(), None);
        assert!(check(&again).is_ok(), "{query}");
        assert_eq!(bare(&again.tree), bare(&parsed.tree), "{query}");
    }
}

#[test]
fn limits_are_errors_and_nothing_worse() {
    let error = |query: &str| check(&parse(query, None)).expect_err("over the limit").message;
    assert_eq!(error(&"a ".repeat(5000)), "the query has 10000 bytes, more than 8192");
    assert_eq!(error(&"é".repeat(5000)), "the query has 10000 bytes, more than 8192");
    assert_eq!(error(&"a ".repeat(1025)), "the query has more than 1024 words and values");
    assert!(check(&parse(&"a ".repeat(1024), None)).is_ok());
    let nested = |levels: usize| format!("{}a{}", "(b OR (c ".repeat(levels), "))".repeat(levels));
    assert!(check(&parse(&nested(25), None)).is_ok());
    assert_eq!(error(&nested(26)), "the query is nested more than 50 deep");
    for text in ["(", "-", "NOT ", "=", "title:", "title:=", "-(", "\"", "^2", "a^2", "OR ", "a OR ", ")", "/", "*"] {
        let parsed = parse(&text.repeat(8192 / text.len()), None);
        parsed.tree.to_string();
    }
}

/// The same of spans.
fn bare_spans(spans: &Spans) -> Spans {
    let all = |parts: &[Spans]| parts.iter().map(bare_spans).collect();
    match spans {
        Spans::Word(word) => Spans::Word(Word { span: Span::default(), ..word.clone() }),
        Spans::Slot(slot) => Spans::Slot(spans::Slot { span: Span::default(), ..*slot }),
        Spans::Mention(leaf) => Spans::Mention(Box::new(bare(leaf))),
        Spans::Any(parts) => Spans::Any(all(parts)),
        Spans::After { skipped, part } => Spans::After { skipped: *skipped, part: Box::new(bare_spans(part)) },
        Spans::Phrase { parts, slop } => Spans::Phrase { parts: all(parts), slop: *slop },
        Spans::Linked { left, link, right } => {
            Spans::Linked { left: Box::new(bare_spans(left)), link: *link, right: Box::new(bare_spans(right)) }
        }
    }
}

/// The tree without what printing does not keep: places, and values as written.
fn bare(tree: &Tree) -> Tree {
    let word = |word: &Word| Word { span: Span::default(), ..word.clone() };
    match tree {
        Tree::Spans(spans) => Tree::Spans(bare_spans(spans)),
        Tree::AtLeast(times, spans) => Tree::AtLeast(*times, bare_spans(spans)),
        Tree::Word(one) => Tree::Word(word(one)),
        Tree::Phrase(phrase) => Tree::Phrase(Phrase {
            words: phrase.words.iter().map(word).collect(),
            scope: phrase.scope,
            span: Span::default(),
        }),
        Tree::Name(name) => Tree::Name(tree::Name { span: Span::default(), ..name.clone() }),
        Tree::Near(near) => Tree::Near(tree::Near { span: Span::default(), ..near.clone() }),
        Tree::Gap(gap) => Tree::Gap(tree::Gap { span: Span::default(), ..gap.clone() }),
        Tree::Value(value) => {
            Tree::Value(tree::Value { span: Span::default(), written: String::new(), ..value.clone() })
        }
        Tree::Days(days) => Tree::Days(tree::Days { span: Span::default(), written: String::new(), ..days.clone() }),
        Tree::And(parts) => Tree::And(parts.iter().map(bare).collect()),
        Tree::Or(parts) => Tree::Or(parts.iter().map(bare).collect()),
        Tree::Not(inner) => Tree::Not(Box::new(bare(inner))),
        Tree::Boost(inner, weight) => Tree::Boost(Box::new(bare(inner)), *weight),
        other => other.clone(),
    }
}

/// Every span lies in the query, on character boundaries, and shows what was written.
fn spans_fit(tree: &Tree, query: &str) {
    for leaf in tree.positive() {
        match leaf {
            Tree::Word(word) => assert!(word.span.of(query).starts_with(&word.written)),
            Tree::Phrase(phrase) => {
                assert!(!phrase.span.of(query).is_empty());
                for word in &phrase.words {
                    assert!(word.span.of(query).starts_with(&word.written), "{query:?}");
                }
            }
            Tree::Name(tree::Name { span, .. }) | Tree::Value(tree::Value { span, .. }) => {
                assert!(!span.of(query).is_empty());
            }
            _ => {}
        }
    }
}

/// Texts that look like queries.
fn queries() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "Kim",
        "Jong-un",
        "U.S.",
        "O’Brien",
        "AT&T",
        "9:30",
        "http://x.y/z",
        "AND",
        "OR",
        "NOT",
        "and",
        "or",
        "(",
        ")",
        "-",
        "+",
        "=",
        "\"",
        "“",
        "”",
        "«",
        "»",
        "\"mutual defence\"",
        "\"cease-fire\"",
        "title:",
        "body:",
        "person:",
        "country:KP",
        "country:",
        "near:",
        "near:\"Paris, Texas,30mi\"",
        "1.5,2.5,3km",
        "published:",
        "published:2024-06",
        "published:none",
        "mentions-date:1991..1992",
        "date-gap:>1y",
        "date-gap:1y..5y x",
        "date-gap:\"..30d\"",
        "source:",
        "lang:en",
        ";",
        "persn:",
        "^2",
        "^0.5",
        "^",
        "*",
        "?",
        "~1",
        "lab*",
        "NEAR/5",
        " NEAR/3 ",
        " NOT NEAR/2 ",
        " w/s ",
        " PRE/1 ",
        "near5,",
        "w/s",
        "ATLEAST2(",
        "atleast3",
        "@person",
        " @number ",
        "/x/",
        "/a(b|c)?/",
        "\"(a|b c) d\"",
        "\"a b\"~2",
        "\"a * * b\"",
        "\"@person a*\"",
        "\"a (",
        "defen?e",
        "Kim~1",
        "x-y*z",
        "[2024 TO 2025]",
        "..",
        " ",
        " ",
        " ",
        " ",
        "été",
        "平壌",
        "'",
        "|",
        "!",
        ",",
        ".",
        "\u{301}",
        "\u{a0}",
        "NOT,",
        "--",
        "query:",
        " query:x ",
        "query:\"x\"",
    ]);
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parsing_never_fails(query in "\\PC{0,60}") {
        let parsed = parse(&query, None);
        meaning(&query);
        spans_fit(&parsed.tree, &query);
    }

    #[test]
    fn a_printed_tree_is_a_query_that_means_the_same(query in prop_oneof![queries(), queries(), "\\PC{0,30}"]) {
        let parsed = parse(&query, None);
        meaning(&query);
        spans_fit(&parsed.tree, &query);
        let printed = parsed.tree.to_string();
        let again = parse(&printed, None);
        prop_assert!(check(&again).is_ok(), "{:?} printed as {:?}: {:?}", query, printed, again.warnings);
        prop_assert_eq!(bare(&again.tree), bare(&parsed.tree), "{:?} printed as {:?}", query, printed);
    }

    #[test]
    fn a_saved_search_prints_as_what_it_stands_for(query in queries(), text in queries()) {
        let mut searches = saved::Saved::default();
        searches.insert("x", &text);
        let parsed = parse_with(&format!("query:x {query}"), &Reading { saved: Some(&searches), ..Reading::default() });
        let printed = parsed.tree.to_string();
        let again = parse(&printed, None);
        prop_assert!(check(&again).is_ok(), "{:?} in {:?} printed as {:?}: {:?}", text, query, printed, again.warnings);
        prop_assert_eq!(bare(&again.tree), bare(&parsed.tree), "{:?} in {:?} printed as {:?}", text, query, printed);
    }

    #[test]
    fn joined_filters_are_what_they_say(query in queries(), value in "\\PC{0,12}") {
        if let Ok(joined) = join(&query, &[("person", &value), ("title", &value)], None) {
            let parsed = parse(&joined, None);
            prop_assert!(check(&parsed).is_ok(), "{:?}", joined);
            let first = parse(&query, None).tree;
            let filters = join("", &[("person", &value), ("title", &value)], None).expect("the same filters");
            let both = match (bare(&first), bare(&parse(&filters, None).tree)) {
                (_, filters) if query.trim().is_empty() => filters,
                (Tree::And(mut parts), Tree::And(more)) => { parts.extend(more); Tree::And(parts) }
                (one, Tree::And(more)) => Tree::And(std::iter::once(one).chain(more).collect()),
                (one, other) => Tree::And(vec![one, other]),
            };
            prop_assert_eq!(bare(&parsed.tree), both, "{:?}", joined);
        }
    }

    #[test]
    fn expansion_keeps_the_written_form_first(query in queries()) {
        let mut tree = parse(&query, None).tree;
        forms::expand(&mut tree, &[crate::language::fallback()], true, &mut Having(|_: &str| true));
        tree.each_word(&mut |word| {
            if word.spelling == Spelling::Plain {
                assert_eq!(word.forms.first(), Some(&fold::fold(&word.written)));
                assert!(!word.exact || word.forms.len() == 1);
            } else {
                assert!(word.forms.is_empty(), "no word of this index begins with anything");
            }
        });
    }
}

/// An index whose words are told by a function.
struct Having<F>(F);

impl<F: FnMut(&str) -> bool> forms::Vocabulary for Having<F> {
    fn has(&mut self, form: &str) -> bool {
        (self.0)(form)
    }
}

/// Where a phrase stands, found by trying every place.
fn naive(tree: &Tree, text: &str) -> Vec<Span> {
    let spans: Vec<Span> = tokens::words(text).collect();
    let fits = |word: &Word, span: Span| match word.exact {
        true => span.of(text) == word.written,
        false => word.forms.contains(&fold::fold(span.of(text))),
    };
    let asked: Vec<&Word> = match tree {
        Tree::Word(word) => vec![word],
        Tree::Phrase(phrase) => phrase.words.iter().collect(),
        _ => Vec::new(),
    };
    let mut found = Vec::new();
    for window in spans.windows(asked.len().max(1)) {
        if !asked.is_empty() && asked.iter().zip(window).all(|(word, span)| fits(word, *span)) {
            found.push(Span::new(window[0].start, window[window.len() - 1].end));
        }
    }
    found
}

/// Whether a text is what a tree asks for, for trees of words only.
fn naive_accepts(tree: &Tree, title: &str, body: &str) -> bool {
    let scope = |scope: Scope| {
        let mut texts = Vec::new();
        if scope != Scope::Body {
            texts.push(title);
        }
        if scope != Scope::Title {
            texts.push(body);
        }
        texts
    };
    match tree {
        Tree::Word(word) => scope(word.scope).into_iter().any(|text| !naive(tree, text).is_empty()),
        Tree::Phrase(phrase) => scope(phrase.scope).into_iter().any(|text| !naive(tree, text).is_empty()),
        Tree::And(parts) => !parts.iter().any(|part| !naive_accepts(part, title, body)),
        Tree::Or(parts) => parts.iter().filter(|part| naive_accepts(part, title, body)).count() > 0,
        Tree::Not(inner) => !naive_accepts(inner, title, body),
        Tree::Boost(inner, _) => naive_accepts(inner, title, body),
        _ => true,
    }
}

/// Texts of few words, so that queries match.
fn texts() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "a",
        "b",
        "A",
        "c",
        "treaty",
        "treaties",
        "Été",
        "cease-fire",
        "ceasefire",
        "O’Brien",
    ]);
    let gap = prop::sample::select(vec![" ", " ", " ", ", ", ". ", ".\n\n", "-", " “"]);
    prop::collection::vec((word, gap), 0..60)
        .prop_map(|pairs| pairs.into_iter().map(|(word, gap)| format!("{word}{gap}")).collect())
}

/// Queries of the words of [`texts`].
fn small_queries() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "a",
        "b",
        "c",
        "=A",
        "=a",
        "ete",
        "treaty",
        "cease-fire",
        "o'brien",
        "\"a b\"",
        "\"b a c\"",
        "=\"A b\"",
        "title:a",
        "body:\"a a\"",
        "\"a a\"",
        "\"treaty a\"",
        "treaty^2",
    ]);
    let between = prop::sample::select(vec![" ", " ", " OR ", " AND ", " -", " NOT "]);
    prop::collection::vec((word, between), 1..6)
        .prop_map(|pairs| pairs.into_iter().map(|(word, between)| format!("{word}{between}")).collect::<String>() + "b")
}

fn view_of<R>(title: &str, body: &str, contents: &Contents, look: impl FnOnce(&View<'_>) -> R) -> R {
    let article = Article { title: Some(title.to_owned()), text: body.to_owned(), ..Article::default() };
    let (title, body) = (Words::new(title), Words::new(body));
    look(&View::new(&article, &title, &body, contents))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn matches_are_those_of_a_naive_scan(query in small_queries(), title in texts(), body in texts()) {
        let mut tree = parse(&query, None).tree;
        let has = |form: &str| ["treaty", "treaties", "ceasefire", "cease", "fire"].contains(&form);
        forms::expand(&mut tree, &[crate::language::fallback()], true, &mut Having(has));
        let contents = Contents::default();
        view_of(&title, &body, &contents, |view| {
            prop_assert_eq!(matcher::accepts(&tree, view), naive_accepts(&tree, &title, &body), "{}", query);
            let found = matcher::matches(&tree, view);
            for (leaf, node) in tree.positive().into_iter().enumerate() {
                let scope = match node { Tree::Word(word) => word.scope, Tree::Phrase(phrase) => phrase.scope, _ => continue };
                for (part, text, skipped) in [(Part::Title, &title, Scope::Body), (Part::Body, &body, Scope::Title)] {
                    let expected = if scope == skipped { Vec::new() } else { naive(node, text) };
                    let is: Vec<Span> =
                        found.iter().filter(|one| one.leaf == leaf && one.part == part).map(|one| one.span).collect();
                    prop_assert_eq!(is, expected, "{} in {:?}", query, text);
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn phrases_begin_where_all_slots_agree(slots in prop::collection::vec(prop::collection::btree_set(0u32..40, 0..30), 1..5)) {
        let slots: Vec<Vec<u32>> = slots.into_iter().map(|slot| slot.into_iter().collect()).collect();
        let expected: Vec<u32> = (0u32..40)
            .filter(|start| slots.iter().enumerate().all(|(at, slot)| slot.contains(&(start + at as u32))))
            .collect();
        let borrowed: Vec<&[u32]> = slots.iter().map(Vec::as_slice).collect();
        let mut out = vec![7];
        phrase_starts(&borrowed, &mut out);
        prop_assert_eq!(out, expected);
    }

    #[test]
    fn passages_are_whole_and_hold_their_matches(query in small_queries(), body in texts(), wanted in 1usize..4) {
        let tree = parse(&query, None).tree;
        let contents = Contents::default();
        view_of("", &body, &contents, |view| {
            let found = matcher::matches(&tree, view);
            let words = view.words(Part::Body);
            let passages = snippets(words, Part::Body, &found, &[], wanted);
            prop_assert!(passages.len() <= wanted);
            prop_assert_eq!(passages.is_empty(), words.is_empty());
            for (at, passage) in passages.iter().enumerate() {
                let text = passage.span.of(&body);
                prop_assert!(!text.is_empty());
                prop_assert!(tokens::words(text).count() <= 40 * wanted + 10);
                for word in words.spans.iter().filter(|word| word.overlaps(passage.span)) {
                    prop_assert!(passage.span.contains(*word), "{:?} cuts a word", text);
                }
                prop_assert!(passages[..at].iter().all(|before| before.span.end <= passage.span.start));
                prop_assert!(passage.spans.windows(2).all(|pair| pair[0].end <= pair[1].start));
                for span in &passage.spans {
                    prop_assert!(passage.span.contains(*span) && found.iter().any(|one| one.span.overlaps(*span)));
                }
                let inside = found.iter().filter(|one| passage.span.contains(one.span));
                for one in inside {
                    prop_assert!(passage.spans.iter().any(|span| span.contains(one.span)));
                }
            }
            if let Some(first) = passages.first() {
                prop_assert_eq!(first.spans.is_empty(), found.iter().all(|one| one.part != Part::Body));
            }
            Ok(())
        })?;
    }
}

#[test]
fn mentions_match_names_countries_and_days() {
    let body = "Kim Jong-un met Mr Putin on Wednesday in Pyongyang.";
    let mention = |kind, text: &str, name: &str| {
        let start = body.find(text).expect("the text of a mention");
        let span = Span::new(start, start + text.len());
        Mention {
            kind,
            part: Part::Body,
            span,
            name: name.into(),
            country: None,
            region: None,
            point: None,
            timex: None,
        }
    };
    let mut contents = Contents::default();
    contents.mentions.push(mention(MentionKind::Person, "Kim Jong-un", "Kim Jong-un"));
    contents.mentions.push(mention(MentionKind::Person, "Putin", "Vladimir Putin"));
    contents.mentions.push(mention(MentionKind::Place, "Pyongyang", "Pyongyang"));
    contents.mentions[2].country = Some("KP".into());
    let day = "2024-06-19".parse().ok();
    let mut date = mention(MentionKind::Date, "Wednesday", "Wednesday");
    let value = "2024-06-19".to_owned();
    date.timex = Some(Timex { kind: TimexKind::Date, value, first: day, last: day, status: TimexStatus::Resolved });
    contents.mentions.push(date);
    for (query, expected) in [
        ("person:kim", "Kim Jong-un"),
        ("person:\"vladimir putin\"", "Putin"),
        ("person:=Putin", ""),
        ("person:=\"vladimir putin\"", "Putin"),
        ("person:=vladimir", ""),
        ("org:kim", ""),
        ("place:pyongyang", "Pyongyang"),
        ("country:KP", "Pyongyang"),
        ("mentions-date:2024-06", "Wednesday"),
        ("mentions-date:2024-06-20..", ""),
        ("person:kim -country:KP", "Kim Jong-un"),
    ] {
        let tree = parse(query, None).tree;
        view_of("", body, &contents, |view| {
            let found: Vec<&str> = matcher::matches(&tree, view).iter().map(|one| one.span.of(body)).collect();
            assert_eq!(found.join("|"), expected, "{query}");
            let accepted = !expected.is_empty() && !query.contains(" -");
            assert_eq!(matcher::accepts(&tree, view), accepted, "{query}");
        });
    }
}

#[test]
fn passages_show_the_densest_place_in_whole_sentences() {
    let filler = "Nothing of note happened in the quiet town that day. ".repeat(20);
    let body = format!("The treaty was old. {filler}A new treaty of mutual defence was signed in Pyongyang. {filler}");
    let tree = parse("treaty \"mutual defence\"", None).tree;
    let contents = Contents::default();
    view_of("", &body, &contents, |view| {
        let found: Vec<Found> = matcher::matches(&tree, view);
        let passages = snippets(view.words(Part::Body), Part::Body, &found, &[], 1);
        let text = passages[0].span.of(&body);
        assert!(text.starts_with("A new treaty") || text.contains(". A new treaty"), "{text}");
        assert!(text.ends_with('.'), "{text}");
        let marked: Vec<&str> = passages[0].spans.iter().map(|span| span.of(&body)).collect();
        assert_eq!(marked, ["treaty", "mutual defence"]);
        assert_eq!(snippets(view.words(Part::Body), Part::Body, &found, &[], 3).len(), 2);
        // The rarer leaf wins where they stand apart.
        let apart = matcher::matches(&parse("old OR pyongyang", None).tree, view);
        let first = snippets(view.words(Part::Body), Part::Body, &apart, &[0.5, 5.0], 1);
        assert!(first[0].span.of(&body).contains("Pyongyang"));
    });
}

#[test]
fn a_long_line_is_no_trap() {
    let mut body = "treaty, a b ".repeat(400_000);
    body.push_str(&"x".repeat(100_000));
    body.push_str(&"-".repeat(1_000_000));
    let tree = parse("treaty \"a b treaty\" \"b x\" x", None).tree;
    let contents = Contents::default();
    view_of("", &body, &contents, |view| {
        let found = matcher::matches(&tree, view);
        assert_eq!(found.len(), 400_000 + 399_999);
        let passages = snippets(view.words(Part::Body), Part::Body, &found, &[], 3);
        assert!(passages.iter().all(|passage| passage.span.of(&body).len() <= 2000));
    });
    assert_eq!(TextIndex::new(&Words::new("")).positions("a"), &[] as &[u32]);
}
