//! Forty titles that a terminal would obey, or that look like something else: as they are in JSON, shown for what they
//! are on a terminal.

use super::program::Program;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What stands in a title, and how a terminal is shown it; nothing where it is shown as it is.
const SIGNS: &[(&str, Option<&str>)] = &[
    // What moves, colours and names.
    ("\u{1b}[31m", Some("\\u{1b}[31m")),
    ("\u{1b}[2J\u{1b}[H", Some("\\u{1b}[2J\\u{1b}[H")),
    ("\u{1b}]0;owned\u{7}", Some("\\u{1b}]0;owned\\u{7}")),
    ("\u{1b}]8;;http://a.test\u{1b}\\link\u{1b}]8;;\u{1b}\\", Some("\\u{1b}]8;;http://a.test\\u{1b}\\link")),
    ("\u{1b}P0;1|17/ab\u{1b}\\", Some("\\u{1b}P0;1|17/ab")),
    ("\u{1b}c", Some("\\u{1b}c")),
    ("\u{1b}(0", Some("\\u{1b}(0")),
    ("\u{9b}31m", Some("\\u{9b}31m")),
    ("\u{9d}0;owned\u{9c}", Some("\\u{9d}0;owned\\u{9c}")),
    ("\u{90}q\u{9c}", Some("\\u{90}q\\u{9c}")),
    ("\u{84}", Some("\\u{84}")),
    ("\u{0}", Some("\\u{0}")),
    ("\u{1}", Some("\\u{1}")),
    ("\u{7}", Some("\\u{7}")),
    ("abc\u{8}\u{8}\u{8}xyz", Some("abc\\u{8}\\u{8}\\u{8}xyz")),
    ("\u{e}", Some("\\u{e}")),
    ("\u{1a}", Some("\\u{1a}")),
    ("\u{7f}", Some("\\u{7f}")),
    // What turns the reading direction around.
    ("\u{202e}gpj.exe", Some("\\u{202e}gpj.exe")),
    ("\u{202d}x\u{202c}", Some("\\u{202d}x\\u{202c}")),
    ("\u{202a}x\u{202c}", Some("\\u{202a}x")),
    ("\u{202b}x\u{202c}", Some("\\u{202b}x")),
    ("\u{2066}x\u{2069}", Some("\\u{2066}x\\u{2069}")),
    ("\u{2067}x\u{2069}", Some("\\u{2067}x")),
    ("\u{2068}x\u{2069}", Some("\\u{2068}x")),
    ("\u{200e}\u{200f}", Some("\\u{200e}\\u{200f}")),
    // What is not to be seen.
    ("a\u{200b}b", Some("a\\u{200b}b")),
    ("a\u{200d}b", Some("a\\u{200d}b")),
    ("a\u{2060}b", Some("a\\u{2060}b")),
    ("a\u{feff}b", Some("a\\u{feff}b")),
    ("a\u{ad}b", None),
    // What is only unusual.
    ("e\u{301}te\u{301}", Some("e\u{301}te\u{301}")),
    ("o\u{302}\u{323}\u{301}\u{304}", Some("o\u{302}\u{323}\u{301}\u{304}")),
    ("شرم الشيخ", Some("شرم الشيخ")),
    ("שלום", Some("שלום")),
    ("평양 平壌", Some("평양 平壌")),
    ("👩\u{200d}👩\u{200d}👧", None),
    ("🇰🇵", Some("🇰🇵")),
    ("ﬁ ﷺ ǅ İ ß", Some("ﬁ ﷺ ǅ İ ß")),
    ("\u{fffd}\u{fffe}\u{10ffff}", None),
];

/// The program's own colours, learnt from an article that has nothing of the kind.
fn own_colours(shown: &str) -> BTreeSet<String> {
    shown.split('\u{1b}').skip(1).filter_map(|rest| Some(format!("\u{1b}{}m", rest.split_once('m')?.0))).collect()
}

/// What is left of an output for a terminal without the program's own colours. None of them is a title's.
fn without_colours(shown: &str, colours: &BTreeSet<String>) -> String {
    colours.iter().fold(shown.to_owned(), |left, colour| left.replace(colour, ""))
}

#[test]
fn titles_are_shown_and_not_obeyed() {
    assert_eq!(SIGNS.len(), 40);
    let title = |sign: &str| format!("Rain {sign} over Leeds");
    let program = Program::new();
    let lines: String = SIGNS
        .iter()
        .enumerate()
        .map(|(number, (sign, _))| {
            let text = format!("It rained on {sign} Tuesday.");
            json!({"id": format!("t{number:02}"), "title": title(sign), "text": text, "published": "2024-06-04"})
                .to_string()
                + "\n"
        })
        .collect();
    program.write("all.jsonl", lines.as_bytes());
    program.write("plain.jsonl", b"{\"id\":\"t\",\"title\":\"Rain over Leeds\",\"text\":\"It rained on Tuesday.\",\"published\":\"2024-06-04\"}\n");
    for name in ["all", "plain"] {
        let ran = program.run(&["index", "-q", "--index", name, &format!("{name}.jsonl")]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    }
    // On a terminal.
    for arguments in [
        &["search", "-n", "0", "rained"][..],
        &["search", "-n", "0", "--fields", "id,title", "rained"],
        &["kwic", "rained"],
        &["first", "rained"],
        &["show", "ID"],
        &["show", "ID", "ID"],
    ] {
        let on_terminal = |index: &str, id: &str| {
            let given = arguments.iter().map(|argument| if *argument == "ID" { id } else { argument });
            let all: Vec<&str> = ["--color", "always"].into_iter().chain(given).chain(["--index", index]).collect();
            let ran = program.run(&all);
            // `show` of one article twice may say so.
            assert_eq!(ran.code, Some(0), "{all:?}: {}", ran.stderr);
            ran.stdout
        };
        let colours = own_colours(&on_terminal("plain", "t"));
        let ids: Vec<String> = match arguments.contains(&"ID") {
            true => (0..SIGNS.len()).map(|number| format!("t{number:02}")).collect(),
            false => vec![String::new()],
        };
        for id in ids {
            let shown = without_colours(&on_terminal("all", &id), &colours);
            let obeyed: Vec<char> = shown.chars().filter(|sign| is_obeyed(*sign)).collect();
            assert!(obeyed.is_empty(), "{arguments:?} {id}: {obeyed:?} in {shown:?}");
        }
    }
    let search = |index| program.run(&["--color", "always", "search", "-n", "0", "--index", index, "rained"]).stdout;
    let shown = without_colours(&search("all"), &own_colours(&search("plain")));
    for (sign, as_shown) in SIGNS {
        let Some(as_shown) = as_shown else { continue };
        assert!(shown.contains(&format!("Rain {as_shown}")), "{sign:?} is to be shown as {as_shown:?}");
    }
    // In JSON every one is what it was.
    let expected: BTreeSet<String> = SIGNS.iter().map(|(sign, _)| title(sign)).collect();
    let titles = |output: &str, hits: fn(&Value) -> Vec<Value>| -> BTreeSet<String> {
        let values = output.lines().map(|line| serde_json::from_str::<Value>(line).expect("it is JSON"));
        values.flat_map(|value| hits(&value)).map(|hit| hit["title"].as_str().unwrap_or("").to_owned()).collect()
    };
    let run = |arguments: &[&str]| program.run(&[arguments, &["--index", "all"]].concat()).stdout;
    let one = |value: &Value| vec![value.clone()];
    assert_eq!(titles(&run(&["search", "-n", "0", "--format", "jsonl", "rained"]), one), expected);
    assert_eq!(titles(&run(&["export", "rained"]), one), expected);
    let whole = run(&["search", "-n", "0", "--json", "rained"]);
    let whole: Value = serde_json::from_str(&whole).expect("it is JSON");
    let whole = whole["hits"].as_array().cloned().unwrap_or_default();
    assert_eq!(whole.iter().filter_map(|hit| hit["title"].as_str()).collect::<BTreeSet<_>>().len(), SIGNS.len());
    for (number, (sign, _)) in SIGNS.iter().enumerate() {
        let shown = run(&["show", "--format", "json", &format!("t{number:02}")]);
        let shown: Value = serde_json::from_str(&shown).expect("it is JSON");
        assert_eq!(shown["title"], title(sign), "{sign:?}");
    }
}

/// Whether a terminal does something at this sign: controls of both sets but ends of lines and tabs, and what turns the
/// reading direction around.
fn is_obeyed(sign: char) -> bool {
    sign.is_control() && !matches!(sign, '\n' | '\t')
        || matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}
