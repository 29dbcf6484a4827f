//! Phrases that keep the same company as another: a table with a passage each, JSON, CSV.

use super::Style;
use super::flow::{Paint, Run, flow, marked, width};
use super::lists::{location, published};
use super::sheet::{Cell, Column, Sheet};
use super::table::{Align, counted, lines};
use super::visible::line;
use crate::search::{Expansion, Related, Relative, Snippet};
use serde::Serialize;
use std::io::{self, Write};

/// Relatives as JSON has them.
#[derive(Serialize)]
struct Shape<'a> {
    query: &'a str,
    parsed: &'a str,
    of: &'a str,
    total: usize,
    articles: usize,
    read: usize,
    expansions: &'a [Expansion],
    warnings: &'a [String],
    related: Vec<RelativeShape<'a>>,
    together: &'a str,
}

/// A relative as JSON has it.
#[derive(Serialize)]
struct RelativeShape<'a> {
    phrase: &'a str,
    forms: &'a [String],
    articles: usize,
    likeness: f64,
    example: Option<ExampleShape<'a>>,
}

/// An article that has it.
#[derive(Serialize)]
struct ExampleShape<'a> {
    id: &'a str,
    title: Option<&'a str>,
    path: &'a str,
    member: Option<&'a str>,
    published: Option<&'a str>,
    snippet: Option<&'a Snippet>,
}

impl RelativeShape<'_> {
    fn of(relative: &Relative) -> RelativeShape<'_> {
        let example = relative.example.as_ref().map(|hit| ExampleShape {
            id: &hit.id,
            title: hit.title.as_deref(),
            path: &hit.path,
            member: hit.member.as_deref(),
            published: hit.published.as_ref().map(|published| published.value.as_str()),
            snippet: hit.snippets.first(),
        });
        RelativeShape {
            phrase: &relative.phrase,
            forms: &relative.forms,
            articles: relative.articles,
            likeness: likeness(relative),
            example,
        }
    }
}

/// Likeness with two digits: more say nothing.
fn likeness(relative: &Relative) -> f64 {
    (f64::from(relative.likeness) * 100.0).round() / 100.0
}

/// For JSON, without the number of the schema.
pub fn shape(related: &Related) -> impl Serialize + '_ {
    let results = &related.results;
    Shape {
        query: &results.query,
        parsed: &results.parsed,
        of: &related.of,
        total: results.total,
        articles: results.articles,
        read: related.read,
        expansions: &results.expansions,
        warnings: &results.warnings,
        related: related.relatives.iter().map(RelativeShape::of).collect(),
        together: &related.together,
    }
}

/// Writes a table, a passage below each phrase, and all as one query at the end.
///
/// # Errors
/// When `out` takes nothing more.
pub fn text(related: &Related, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if related.relatives.is_empty() {
        return Ok(());
    }
    let rows: Vec<Vec<String>> = related
        .relatives
        .iter()
        .map(|relative| {
            let forms = relative.forms.join(", ");
            vec![
                format!("{:.2}", likeness(relative)),
                line(&forms, style.escapes()).into_owned(),
                counted(relative.articles, "article"),
            ]
        })
        .collect();
    let table = lines(&[Align::Left, Align::Left, Align::Right], &rows);
    let indent = " ".repeat(width("0.00  "));
    for (relative, row) in related.relatives.iter().zip(table) {
        writeln!(out, "{row}")?;
        let Some(hit) = &relative.example else { continue };
        let day = published(hit.published.as_ref());
        let origin = format!("  [{}, {day}]", location(&hit.path, hit.member.as_deref()));
        let mut runs = match hit.snippets.first().filter(|snippet| !snippet.spans.is_empty()) {
            Some(snippet) => marked(&snippet.text, snippet.start, &snippet.spans, Paint::Plain, style),
            None => marked(hit.title.as_deref().unwrap_or(""), 0, &hit.title_spans, Paint::Plain, style),
        };
        runs.push(Run::new(&origin, Paint::Faint));
        flow(&runs, &indent, &indent, style, out)?;
    }
    writeln!(out, "\n{}", line(&related.together, style.escapes()))
}

/// A row a phrase, for programs.
pub fn sheet(related: &Related) -> Sheet {
    let mut sheet = Sheet::new(&[
        Column::text("phrase", "phrase"),
        Column::number("articles", "articles"),
        Column::number("likeness", "likeness"),
        Column::text("forms", "forms"),
        Column::text("id", "id"),
        Column::text("path", "path"),
        Column::text("snippet", "passage").giving_way(),
    ]);
    let row = |relative: &Relative| {
        let hit = relative.example.as_ref();
        vec![
            relative.phrase.as_str().into(),
            relative.articles.into(),
            Cell::Real(likeness(relative), 2),
            Cell::List(relative.forms.clone()),
            hit.map(|hit| hit.id.as_str()).into(),
            hit.map(|hit| hit.path.as_str()).into(),
            hit.and_then(|hit| hit.snippets.first()).map(|snippet| snippet.text.as_str()).into(),
        ]
    };
    sheet.rows = related.relatives.iter().map(row).collect();
    sheet
}
