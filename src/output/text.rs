//! For a person at a terminal: the headline, where the article is from, the passages with their matches marked.
//!
//! ```text
//! 1. Kim, Putin sign **mutual defence** pact
//!    2024-06-19 · Harbour Wire · wire/2024/06/pact.jsonl:3 · wire-1
//!    … the leaders signed a treaty on **mutual defence** on Wednesday …
//!    speaks of “next Tuesday” → 2024-06-25
//!    people: Kim Jong-un, Vladimir Putin · places: Pyongyang
//! ```
//!
//! The form is for the eye and may change; programs read `json`, `jsonl` or `csv`.

use super::flow::{Paint, Run, flow, marked, width};
use super::table::{Align, table, thousands};
use super::visible::line;
use super::{FACET_VALUES, Output, Style, lists};
use crate::search::{FacetValue, Hit, Results, Snippet};
use std::borrow::Cow;
use std::io::{self, Write};

/// The format.
pub(super) struct Text;

/// Dates of a hit that are shown; the others are counted.
const DATES: usize = 5;
/// Names of each kind that are shown.
const NAMES: usize = 3;
/// Between the parts of a line.
const DOT: &str = " · ";

impl Output for Text {
    fn name(&self) -> &'static str {
        "text"
    }

    fn description(&self) -> &'static str {
        "for reading: headlines and passages with the matches marked"
    }

    fn write(&self, results: &Results, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let last = results.offset.saturating_add(results.hits.len());
        let indent = " ".repeat(last.to_string().len() + 2);
        for (place, hit) in results.hits.iter().enumerate() {
            if place > 0 {
                out.write_all(b"\n")?;
            }
            let number = format!("{}.", results.offset.saturating_add(place + 1));
            let first = format!("{number}{}", " ".repeat(indent.len().saturating_sub(number.len())));
            write_hit(hit, &first, &indent, style, out)?;
        }
        for (place, (field, values)) in results.facets.iter().enumerate() {
            if place > 0 || !results.hits.is_empty() {
                out.write_all(b"\n")?;
            }
            write_facet(field, values, results.distinct.get(field).copied(), style, out)?;
        }
        Ok(())
    }
}

fn write_hit(hit: &Hit, first: &str, indent: &str, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let title = match hit.title.as_deref().filter(|title| !title.trim().is_empty()) {
        Some(title) => marked(title, 0, &hit.title_spans, Paint::Heading, style),
        None => vec![Run::new("(no headline)", Paint::Heading)],
    };
    flow(&title, first, indent, style, out)?;
    write_origin(hit, indent, style, out)?;
    for snippet in &hit.snippets {
        flow(&passage(snippet, style), indent, indent, style, out)?;
    }
    if !hit.matched_dates.is_empty() {
        let mut text = String::from("speaks of ");
        for (place, date) in hit.matched_dates.iter().take(DATES).enumerate() {
            let comma = if place > 0 { ", " } else { "" };
            text.push_str(&format!("{comma}“{}” → {}", date.text, meaning(&date.value)));
        }
        if let Some(more) = hit.matched_dates.len().checked_sub(DATES).filter(|more| *more > 0) {
            text.push_str(&format!(" and {}", super::table::counted(more, "more date")));
        }
        flow(&[Run::plain(&text)], indent, indent, style, out)?;
    }
    if !hit.shared.is_empty() {
        let line = format!("alike {:.2}: {}", hit.score, hit.shared.join(", "));
        flow(&[Run::plain(&line)], indent, indent, style, out)?;
        return Ok(());
    }
    if !hit.score_parts.is_empty() {
        let parts: Vec<String> =
            hit.score_parts.iter().map(|part| format!("{:.2} {}", part.value, part.what)).collect();
        let line = format!("score {:.2} = {}", hit.score, parts.join(" + "));
        flow(&[Run::new(&line, Paint::Faint)], indent, indent, style, out)?;
    }
    let names = names(hit);
    if !names.is_empty() && (style.width == 0 || width(indent) + width(&names) <= style.width) {
        flow(&[Run::new(&names, Paint::Faint)], indent, indent, style, out)?;
    }
    Ok(())
}

/// A TIMEX3 value for the eye: a decade or century as its years, since `196` says nothing to most readers.
fn meaning(value: &str) -> Cow<'_, str> {
    if !value.bytes().all(|b| b.is_ascii_digit()) {
        return value.into();
    }
    match value.len() {
        2 => format!("{value}00 to {value}99").into(),
        3 => format!("{value}0 to {value}9").into(),
        _ => value.into(),
    }
}

/// When, by whom, in which file, under which id.
fn write_origin(hit: &Hit, indent: &str, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let published = lists::published(hit.published.as_ref());
    let location = lists::location(&hit.path, hit.member.as_deref());
    let mut runs = vec![Run::plain(&published)];
    for part in [hit.source.as_deref(), Some(&location), Some(&hit.id)].into_iter().flatten() {
        if !part.is_empty() {
            runs.push(Run::new(DOT, Paint::Faint));
            runs.push(Run::new(part, Paint::Faint));
        }
    }
    flow(&runs, indent, indent, style, out)
}

/// A passage with `…` where the article goes on: before it unless it is the beginning, after it unless it ends with
/// a sentence.
fn passage<'a>(snippet: &'a Snippet, style: &Style) -> Vec<Run<'a>> {
    let mut runs = marked(&snippet.text, snippet.start, &snippet.spans, Paint::Plain, style);
    if snippet.start > 0 {
        runs.insert(0, Run::plain("… "));
    }
    let end = snippet.text.trim_end().trim_end_matches(['"', '”', '’', '\'', '»', ')', '」']);
    if !end.ends_with(['.', '!', '?', '。', '！', '？', '…']) {
        runs.push(Run::plain(" …"));
    }
    runs
}

/// The names that the article has most of, on one line.
fn names(hit: &Hit) -> String {
    let people: Vec<&str> = hit.people.iter().take(NAMES).map(|person| person.name.as_str()).collect();
    let places: Vec<&str> = hit.places.iter().take(NAMES).map(|place| place.name.as_str()).collect();
    let mut parts = Vec::new();
    for (label, names) in [("people", people), ("places", places)] {
        if !names.is_empty() {
            parts.push(format!("{label}: {}", names.join(", ")));
        }
    }
    parts.join(DOT)
}

fn write_facet(
    field: &str,
    values: &[FacetValue],
    distinct: Option<usize>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "{}", Paint::Heading.over(&line(field, style.escapes()), style))?;
    let rows = values.iter().take(FACET_VALUES).map(|value| {
        // What must be typed to ask for it stands beside it where it is not what is read.
        let (label, typed) = match value.label.as_str() {
            "" => (&value.value, Cow::Borrowed("")),
            label if label == value.value => (&value.value, Cow::Borrowed("")),
            _ => (&value.label, Cow::Borrowed(value.value.as_str())),
        };
        vec![thousands(value.count), label.clone(), typed.into_owned()]
    });
    table(&[Align::Right, Align::Left, Align::Left], rows.collect(), "  ", style, out)?;
    let all = "(--format json lists all)";
    match distinct.map(|distinct| distinct.max(values.len()).saturating_sub(FACET_VALUES)) {
        Some(0) => Ok(()),
        Some(more) => writeln!(out, "  … {} more {all}", thousands(more)),
        None if values.len() < FACET_VALUES => Ok(()),
        None => writeln!(out, "  … {all}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{self, written};
    use super::*;

    const PLAIN: Style = Style { colour: false, terminal: false, width: 0, room: 0 };

    #[test]
    fn reads_well_without_colour() {
        let terminal = Style { terminal: true, ..PLAIN };
        assert_eq!(
            written(&Text, &sample::results(), &terminal),
            "\
1. Kim, Putin sign \"**mutual defence**\" pact
   2024-06-19 · Harbour Wire · wire/2024/06/pact.jsonl:3 · wire-1
   … a treaty on the **mutual defence**, of both countries, next Tuesday …
   speaks of “next Tuesday” → 2024-06-25
   score 7.12 = 7.12 defence
   people: Kim Jong-un, Vladimir Putin · places: Pyongyang, Europe

2. (no headline)
   undated · odd/\\u{202e}gpj.txt · odd,\"id\"\\u{1b}

country
  10  North Korea  KP

source
  1,204  Harbour Wire
"
        );
    }

    #[test]
    fn fits_the_width_and_leaves_out_what_does_not() {
        let narrow = Style { width: 40, ..PLAIN };
        let text = written(&Text, &sample::results(), &narrow);
        assert!(text.lines().all(|line| width(line) <= 40), "{text}");
        assert!(!text.contains("people:"), "{text}");
        assert!(text.starts_with("1. Kim, Putin sign \"**mutual defence**\"\n   pact\n"), "{text}");
    }

    #[test]
    fn colour_takes_the_place_of_marks_and_of_nothing_else() {
        let colour = Style { colour: true, terminal: true, width: 60, room: 60 };
        let text = written(&Text, &sample::results(), &colour);
        assert!(text.contains("\u{1b}[1;31mmutual defence\u{1b}[0m,"), "{text:?}");
        assert!(!text.contains("**"));
        let mut rest = text.as_str();
        let mut bare = String::new();
        while let Some((before, after)) = rest.split_once("\u{1b}[") {
            bare.push_str(before);
            rest = after.split_once('m').expect("each escape has its end").1;
        }
        bare.push_str(rest);
        let plain = written(&Text, &sample::results(), &Style { colour: false, ..colour });
        let words = |text: &str| text.replace("**", "").split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&bare), words(&plain));
    }

    #[test]
    fn numbers_go_on_from_page_to_page() {
        let mut results = sample::results();
        results.offset = 98;
        let text = written(&Text, &results, &PLAIN);
        assert!(text.starts_with("99.  Kim") && text.contains("\n100. (no headline)\n     undated"), "{text}");
    }

    #[test]
    fn passages_show_where_they_are_cut() {
        let shown = |text: &str, start: usize, spans: &[[usize; 2]]| {
            let end = start + text.chars().count();
            let snippet = Snippet { text: text.into(), start, end, spans: spans.to_vec() };
            let mut out = Vec::new();
            flow(&passage(&snippet, &PLAIN), "", "", &PLAIN, &mut out).expect("a vector takes everything");
            String::from_utf8(out).expect("it is text")
        };
        assert_eq!(shown("The pact.", 0, &[[4, 8]]), "The **pact**.\n");
        assert_eq!(shown("The pact", 7, &[[7, 10]]), "… **The** pact …\n");
        assert_eq!(shown("“The pact!”\n", 0, &[[5, 11]]), "“The **pact!”**\n");
        assert_eq!(shown("平壌で\t署名", 3, &[[3, 5], [7, 9]]), "… **平壌**で **署名** …\n");
    }

    #[test]
    fn many_values_are_counted() {
        let mut results = sample::results();
        results.hits.clear();
        let values =
            (1..=FACET_VALUES + 3).map(|n| FacetValue { value: n.to_string(), count: n, ..FacetValue::default() });
        results.facets = [("person".to_owned(), values.collect())].into();
        let text = written(&Text, &results, &PLAIN);
        assert!(text.ends_with("15  15\n  … (--format json lists all)\n"), "{text}");
        results.distinct = [("person".to_owned(), FACET_VALUES + 3)].into();
        let text = written(&Text, &results, &PLAIN);
        assert!(text.ends_with("15  15\n  … 3 more (--format json lists all)\n"), "{text}");
    }

    #[test]
    fn decades_and_centuries_are_shown_as_years() {
        for (value, expected) in
            [("196", "1960 to 1969"), ("19", "1900 to 1999"), ("1966", "1966"), ("P3D", "P3D"), ("", "")]
        {
            assert_eq!(meaning(value), expected);
        }
    }

    #[test]
    fn many_dates_are_counted() {
        let mut results = sample::results();
        let date = results.hits[0].matched_dates[0].clone();
        results.hits[0].matched_dates = vec![date; DATES + 2];
        assert!(written(&Text, &results, &PLAIN).contains("2024-06-25 and 2 more dates\n"));
    }
}
