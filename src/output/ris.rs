//! One record a hit, for reference managers (RIS).
//!
//! A line is a tag of two letters, two blanks, a hyphen, a blank and the value, and ends with carriage return and line
//! feed. `TY` begins a record and `ER` ends it. `DA` has year, month, day and anything more between slashes, empty where
//! it is not known.

use super::{Output, Style, visible};
use crate::search::Hit;
use crate::text::fold::squeeze;
use std::io::{self, Write};

/// The format.
pub(super) struct Ris;

impl Output for Ris {
    fn name(&self) -> &'static str {
        "ris"
    }

    fn description(&self) -> &'static str {
        "one RIS record a hit, for reference managers"
    }

    fn hit(&self, hit: &Hit, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        for (tag, value) in lines(hit) {
            let value = plain(&value);
            let value = if style.escapes() { visible::visible(&value).into_owned() } else { value };
            write!(out, "{tag}  - {value}\r\n")?;
        }
        out.write_all(b"ER  - \r\n\r\n")
    }
}

/// The lines of a record, without its end.
fn lines(hit: &Hit) -> Vec<(&'static str, String)> {
    let mut lines = vec![("TY", "NEWS".to_owned()), ("ID", hit.id.clone())];
    let mut add = |tag: &'static str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            lines.push((tag, value.to_owned()));
        }
    };
    add("TI", hit.title.as_deref());
    for name in &hit.authors {
        let name = if hit.agencies.contains(name) { name.clone() } else { turned(name) };
        add("AU", Some(&name));
    }
    add("T2", hit.source.as_deref());
    if let Some(published) = &hit.published {
        let mut parts = published.value.splitn(3, '-');
        let mut part = || parts.next().unwrap_or("");
        let (year, month, day) = (part(), part(), part());
        add("PY", Some(year));
        add("DA", Some(&format!("{year}/{month}/{day}/")));
    }
    add("SE", hit.section.as_deref());
    add("UR", hit.url.as_deref());
    add("LA", hit.language.as_deref());
    let passages: Vec<&str> = hit.snippets.iter().map(|snippet| snippet.text.as_str()).collect();
    add("AB", Some(&passages.join(" … ")));
    let location = [Some(hit.path.as_str()), hit.member.as_deref()];
    let location: Vec<&str> = location.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    add("N1", Some(&location.join(", ")));
    lines
}

/// A value on one line, without what no reader expects.
fn plain(value: &str) -> String {
    squeeze(value).chars().filter(|c| !c.is_control()).collect()
}

/// What stands behind a family name.
const SUFFIXES: [&str; 6] = ["jr", "jr.", "sr", "sr.", "ii", "iii"];

/// `Last, First`, as the format has it. Small words before the last one belong to it: `von der Leyen, Ursula`.
fn turned(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    if words.len() < 2 || name.contains(',') {
        return words.join(" ");
    }
    let mut end = words.len();
    if end > 2 && SUFFIXES.contains(&words[end - 1].to_lowercase().as_str()) {
        end -= 1;
    }
    let mut from = end - 1;
    while from > 1 && words[from - 1].chars().next().is_some_and(char::is_lowercase) {
        from -= 1;
    }
    let suffix = words.get(end).map(|suffix| format!(", {suffix}")).unwrap_or_default();
    format!("{}, {}{suffix}", words[from..end].join(" "), words[..from].join(" "))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_record_has_what_a_reference_needs() {
        let text = sample::written(&Ris, &sample::results(), &Style::default());
        let expected = [
            "TY  - NEWS",
            "ID  - wire-1",
            "TI  - Kim, Putin sign \"mutual defence\" pact",
            "AU  - Lindqvist, Ada",
            "AU  - Northgate Press",
            "T2  - Harbour Wire",
            "PY  - 2024",
            "DA  - 2024/06/19/",
            "SE  - World",
            "UR  - https://harbour.example/2024/pact?a=1&b=2",
            "LA  - en",
            "AB  - a treaty on the mutual defence, of both countries, next Tuesday",
            "N1  - wire/2024/06/pact.jsonl, 3",
            "ER  - ",
            "",
            "TY  - NEWS",
            "ID  - odd,\"id\"",
            "N1  - odd/\u{202e}gpj.txt",
            "ER  - ",
            "",
        ];
        assert_eq!(text, expected.map(|line| format!("{line}\r\n")).concat());
    }

    #[test]
    fn dates_are_as_exact_as_they_are() {
        for (value, expected) in [("2024", "2024///"), ("2024-06", "2024/06//"), ("1605-11-05", "1605/11/05/")] {
            let mut hit = sample::results().hits.remove(0);
            if let Some(published) = &mut hit.published {
                published.value = value.to_owned();
            }
            assert!(lines(&hit).contains(&("DA", expected.to_owned())), "{value}");
        }
    }

    #[test]
    fn names_are_turned_round() {
        for (name, expected) in [
            ("Ada Lindqvist", "Lindqvist, Ada"),
            ("Ursula von der Leyen", "von der Leyen, Ursula"),
            ("Martin Luther King Jr.", "King, Martin Luther, Jr."),
            ("Reuters", "Reuters"),
            ("Lindqvist, Ada", "Lindqvist, Ada"),
            ("van Dyck", "Dyck, van"),
            ("  Ada   Lindqvist ", "Lindqvist, Ada"),
            ("平壌", "平壌"),
        ] {
            assert_eq!(turned(name), expected, "{name}");
        }
        assert_eq!(plain("a\r\nER  - b\u{1b}"), "a ER - b");
    }
}
