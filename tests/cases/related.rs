//! Phrases that keep the same company, in an archive where it is known what does.

use super::program::Program;
use std::fmt::Write as _;

/// What `related` lists: phrase, articles, likeness, best first.
fn listed(program: &Program, arguments: &[&str]) -> Vec<(String, u64, f64)> {
    let mut all = vec!["related", "--in", "news", "--format", "json"];
    all.extend(arguments);
    let ran = program.run(&all);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
    let relative = |relative: &serde_json::Value| {
        let phrase = relative["phrase"].as_str().expect("a phrase").to_owned();
        (phrase, relative["articles"].as_u64().expect("a number"), relative["likeness"].as_f64().expect("a number"))
    };
    json["related"].as_array().expect("a list").iter().map(relative).collect()
}

/// Forty articles. `mutual defence` and `collective security` stand among allies and pledges, and are named in articles of
/// their own; `mutual funds` stand among savers. Allies are praised by Ada Thorne, again and again.
fn archive() -> Program {
    let verbs = [
        "promised", "offered", "renewed", "praised", "weighed", "demanded", "doubted", "drafted", "defended", "sought",
    ];
    let (mut all, mut id) = (String::new(), 0);
    let mut add = |text: String| {
        id += 1;
        let day = 1 + id % 28;
        let line = format!(r#"{{"id":"n{id:02}","title":"No {id}","text":"{text}","published":"2024-03-{day:02}"}}"#);
        writeln!(all, "{line}").expect("a text takes everything");
    };
    for (number, verb) in verbs.iter().enumerate() {
        let next = verbs[(number + 3) % verbs.len()];
        add(format!(
            "The allies {verb} mutual defence after an armed attack. A treaty was {next}. Rain fell over town {number}."
        ));
        add(format!("Ministers of the allies {next} collective security in a treaty against armed attack. Snow fell."));
        add(format!(
            "Savers {verb} mutual funds with lower fees at the bank. The market {next} dearer shares in autumn."
        ));
        add(format!("The baker {verb} brown bread with salted butter. Guests {next} apple cake beside the harbour."));
    }
    let program = Program::new();
    program.write("news/all.jsonl", all.as_bytes());
    program
}

#[test]
fn what_keeps_the_same_company_comes_first() {
    let program = archive();
    let related = listed(&program, &["\"mutual defence\""]);
    let first = related.first().expect("there is a relative");
    assert_eq!((first.0.as_str(), first.1), ("collective security", 10), "{related:?}");
    assert!((0.1..=1.0).contains(&first.2), "{related:?}");
    // A word in common is no company.
    for (phrase, ..) in &related {
        assert!(
            !["mutual funds", "mutual defence", "brown bread", "apple cake"].contains(&phrase.as_str()),
            "{related:?}"
        );
    }
    // The other way round too, and words beside each other are a phrase.
    assert_eq!(listed(&program, &["collective", "security"])[0].0, "mutual defence");
    assert_eq!(listed(&program, &["\"mutual defence\"", "-n", "1"]).len(), 1);
}

#[test]
fn filters_narrow_what_is_counted() {
    let program = archive();
    let related = listed(&program, &["\"mutual defence\"", "--from", "2024-03-10"]);
    let security = related.iter().find(|relative| relative.0 == "collective security").expect("it is there");
    let counted = program.run(&["count", "--in", "news", "\"collective security\"", "--from", "2024-03-10"]);
    assert_eq!(security.1.to_string(), counted.stdout.trim());
    assert!(security.1 < 10, "{related:?}");
}

#[test]
fn the_last_line_is_a_query() {
    let program = archive();
    let ran = program.run(&["related", "--in", "news", "\"mutual defence\"", "-n", "1"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let query = ran.stdout.lines().last().expect("there is a last line");
    assert_eq!(query, "\"mutual defence\" OR \"collective security\"");
    assert_eq!(program.run(&["count", "--in", "news", query]).stdout.trim(), "20");
}

#[test]
fn nothing_is_found_where_there_is_nothing() {
    let program = archive();
    let ran = program.run(&["related", "--in", "news", "\"mutual deffence\""]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("its words alone: mutual 20, deffence 0"), "{}", ran.stderr);
    let ran = program.run(&["related", "--in", "news", "--from", "2024"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("no word or phrase"), "{}", ran.stderr);
}
