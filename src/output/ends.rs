//! The first and the last article of a question: each with its date, how exact that is, and the passage; rows for programs.

use super::Style;
use super::flow::{Paint, Run, flow, marked};
use super::lists::{location, precision, published};
use super::sheet::{Cell, Column, Sheet};
use super::table::{counted, thousands};
use super::visible::line;
use crate::article::{Precision, Published};
use crate::search::{End, Ends, Hit, Which};
use std::io::{self, Write};

/// Between the parts of a line.
const DOT: &str = " · ";

/// Writes each article: its date and headline, where it is from, the passage, and what is not known of its place. Where
/// values were asked for, each stands above its articles.
///
/// # Errors
/// When `out` takes nothing more.
pub fn text(ends: &Ends, which: Which, per: Option<&str>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut before: Option<&Option<String>> = None;
    for (place, end) in ends.ends.iter().enumerate() {
        if place > 0 {
            writeln!(out)?;
        }
        let mut indent = "";
        if let Some(field) = per {
            if before != Some(&end.label) {
                let without = format!("(no {field})");
                let label = line(end.label.as_deref().unwrap_or(&without), style.escapes()).into_owned();
                writeln!(out, "{}", Paint::Heading.over(&label, style))?;
                before = Some(&end.label);
            }
            indent = "  ";
        }
        article(&end.hit, indent, per == Some("source"), style, out)?;
        if let Some(note) = unsure(end, which) {
            let below = format!("{indent}{}", " ".repeat(4));
            flow(&[Run::new(&note, Paint::Faint)], &below, &below, style, out)?;
        }
    }
    Ok(())
}

/// An article; its source is left out where it is known already.
fn article(hit: &Hit, indent: &str, known: bool, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let day = published(hit.published.as_ref());
    let below = format!("{indent}{}", " ".repeat(4));
    let mut head = vec![Run::new(&day, Paint::Date), Run::plain(DOT)];
    match hit.title.as_deref().filter(|title| !title.trim().is_empty()) {
        Some(title) => head.extend(marked(title, 0, &hit.title_spans, Paint::Heading, style)),
        None => head.push(Run::new("(no headline)", Paint::Heading)),
    }
    flow(&head, indent, &below, style, out)?;
    let place = location(&hit.path, hit.member.as_deref());
    let parts = [hit.source.as_deref().filter(|_| !known).unwrap_or(""), &place, &hit.id];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    flow(&[Run::new(&parts.join(DOT), Paint::Faint)], &below, &below, style, out)?;
    for snippet in &hit.snippets {
        let mut runs = marked(&snippet.text, snippet.start, &snippet.spans, Paint::Plain, style);
        if snippet.start > 0 {
            runs.insert(0, Run::plain("… "));
        }
        flow(&runs, &below, &below, style, out)?;
    }
    Ok(())
}

/// Whether anything is known of the day.
fn is_exact(published: Option<&Published>) -> bool {
    published.is_some_and(|published| published.precision == Precision::Day)
}

/// What is not known of the place of an article.
fn unsure(end: &End, which: Which) -> Option<String> {
    if is_exact(end.hit.published.as_ref()) {
        return None;
    }
    let (comparison, extreme) = match which {
        Which::First => ("earlier", "first"),
        Which::Last => ("later", "last"),
    };
    let others = match end.rivals {
        0 => return Some(format!("the day is not known; no other article that matches may be {comparison}")),
        rivals => format!("the day is not known: {} may be {comparison}", others(rivals)),
    };
    Some(match &end.exact {
        Some((day, id)) => format!("{others}; the {extreme} that is dated to the day is of {day} ({id})"),
        None => others,
    })
}

fn others(rivals: usize) -> String {
    format!("{} other article{}", thousands(rivals), if rivals == 1 { "" } else { "s" })
}

/// What stands below the articles.
pub fn notes(ends: &Ends, which: Which) -> Vec<String> {
    let comparison = if which == Which::First { "earlier" } else { "later" };
    match (ends.undated, ends.ends.is_empty()) {
        (0, _) => Vec::new(),
        (undated, true) => vec![format!("undated: {}; no article that matches is dated", counted(undated, "article"))],
        (undated, false) => vec![format!("undated: {}, which may be {comparison}", counted(undated, "article"))],
    }
}

/// The columns of a row for an article.
const COLUMNS: [Column; 12] = [
    Column::text("value", "value"),
    Column::text("published", "published"),
    Column::text("precision", "precision"),
    Column::number("rivals", "rivals"),
    Column::text("exact", "dated to the day"),
    Column::text("exact_id", "its id").for_programs(),
    Column::text("source", "source").giving_way(),
    Column::text("title", "headline").giving_way(),
    Column::text("id", "id"),
    Column::text("path", "path").for_programs(),
    Column::text("member", "member").for_programs(),
    Column::text("passage", "passage").giving_way(),
];

/// A row an article.
pub fn sheet(ends: &Ends) -> Sheet {
    let mut sheet = Sheet::new(&COLUMNS);
    for End { value, hit, rivals, exact, .. } in &ends.ends {
        let date = hit.published.as_ref();
        let exact = exact.as_ref();
        sheet.rows.push(vec![
            value.as_deref().into(),
            date.map(|date| date.value.as_str()).into(),
            date.map(|date| precision(date.precision)).into(),
            (*rivals).into(),
            exact.map(|exact| exact.0.as_str()).into(),
            exact.map(|exact| exact.1.as_str()).into(),
            hit.source.as_deref().into(),
            hit.title.as_deref().into(),
            hit.id.as_str().into(),
            hit.path.as_str().into(),
            hit.member.as_deref().into(),
            hit.snippets.first().map_or(Cell::None, |snippet| snippet.text.as_str().into()),
        ]);
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Confidence, Provenance};
    use crate::search::Snippet;

    fn end(value: &str, precision: Precision, rivals: usize) -> End {
        let first = "2024-06-01".parse().expect("a day");
        let published = Published {
            value: value.into(),
            first,
            last: first,
            precision,
            from: Provenance::Metadata,
            confidence: Confidence::High,
            conflicts: Vec::new(),
        };
        let snippet = Snippet { text: "A treaty was signed.".into(), start: 9, end: 29, spans: vec![[11, 17]] };
        let hit = Hit {
            id: "a1".into(),
            title: Some("Treaty".into()),
            path: "wire.jsonl".into(),
            member: Some("3".into()),
            source: Some("Harbour Wire".into()),
            published: Some(published),
            snippets: vec![snippet],
            ..Hit::default()
        };
        let label = Some("Harbour Wire".to_owned());
        End {
            value: label.clone(),
            label,
            hit,
            rivals,
            exact: (rivals > 1).then(|| ("2024-06-19".into(), "b2".into())),
        }
    }

    fn shown(ends: &Ends, per: Option<&str>) -> String {
        let mut out = Vec::new();
        text(ends, Which::First, per, &Style::default(), &mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("it is text")
    }

    #[test]
    fn what_is_not_known_is_said() {
        let day = end("2024-06-19", Precision::Day, 0);
        let mut ends = Ends { ends: vec![day, end("2024-06", Precision::Month, 12)], undated: 2, ..Ends::default() };
        assert_eq!(
            shown(&ends, None),
            "\
2024-06-19 · Treaty
    Harbour Wire · wire.jsonl:3 · a1
    … A **treaty** was signed.

2024-06 (month) · Treaty
    Harbour Wire · wire.jsonl:3 · a1
    … A **treaty** was signed.
    the day is not known: 12 other articles may be earlier; the first that is dated to the day is of 2024-06-19 (b2)
"
        );
        assert_eq!(notes(&ends, Which::Last), ["undated: 2 articles, which may be later"]);
        ends.ends = vec![end("2024", Precision::Year, 1), end("2024", Precision::Year, 0)];
        ends.ends[1].label = None;
        let text = shown(&ends, Some("source"));
        assert!(text.starts_with("Harbour Wire\n  2024 (year) · Treaty\n      wire.jsonl:3 · a1\n"), "{text}");
        assert!(
            text.contains("      the day is not known: 1 other article may be earlier\n\n(no source)\n  2024"),
            "{text}"
        );
        assert!(text.ends_with("      the day is not known; no other article that matches may be earlier\n"), "{text}");
    }
}
