//! Where articles were reported from, and by which agency: found, counted and shown.

use super::program::Program;

const ARTICLES: &str = concat!(
    r#"{"id":"a","title":"Envoys meet","text":"SEOUL, June 19 (AP) — Envoys of five states met on Wednesday.\n\nThey agreed on little."}"#,
    "\n",
    r#"{"id":"b","title":"Grain ships","text":"MOSCOW/KYIV, March 3 — Grain ships left port on Friday.\n\nMore are to follow.\n\n(Additional reporting by the Associated Press)"}"#,
    "\n",
    r#"{"id":"c","title":"Budget","text":"By Ana Ruiz in Busan\n\nThe budget was passed in Seoul on Friday, AP and Reuters said."}"#,
    "\n",
);

#[test]
fn places_and_agencies_of_reports_are_found() {
    let program = Program::new();
    program.write("news/a.jsonl", ARTICLES.as_bytes());
    for (arguments, expected) in [
        (&["reported-from:seoul"][..], &["a"][..]),
        (&["--reported-from", "Kyiv"], &["b"]),
        (&["reported-from:KR"], &["a", "c"]),
        (&["filed-from:\"South Korea\""], &["a", "c"]),
        (&["-reported-from:KR"], &["b"]),
        (&["reported-from:=Korea"], &[]),
        (&["agency:ap"], &["a", "b"]),
        (&["--agency", "The Associated Press"], &["a", "b"]),
        (&["agency:reuters"], &[]),
    ] {
        let mut all = vec!["search", "--in", "news", "--format", "ids", "--sort", "oldest"];
        all.extend(arguments);
        let ran = program.run(&all);
        assert_eq!(ran.stdout.lines().collect::<Vec<_>>(), expected, "{arguments:?}: {}", ran.stderr);
    }
    let counted = program.run(&["search", "--in", "news", "", "--facet", "reported-from,agency", "--json"]).stdout;
    assert!(counted.contains(r#""agency":[{"value":"AP","label":"AP","count":2}]"#), "{counted}");
    assert!(counted.contains(r#"{"value":"Kyiv","label":"Kyiv (UA)","count":1,"country":"UA"}"#), "{counted}");
    assert!(counted.contains(r#""reported_from":[{"place":"Seoul","country":"KR"}],"agencies":["AP"]"#), "{counted}");
    let shown = program.run(&["show", "--in", "news", "b"]).stdout;
    assert!(shown.contains("reported from  Moscow (Russia), Kyiv (Ukraine)\n"), "{shown}");
    // What is said of reporting is no news.
    assert!(!shown.contains("Organisations"), "{shown}");
}
