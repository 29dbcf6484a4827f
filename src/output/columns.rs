//! What a hit says in rows: the columns of [`csv`](super::csv) and [`tsv`](super::tsv), and those that `--fields` chooses
//! for these, for JSON and for one line a hit.
//!
//! A column has the name of the key that a hit has in JSON, where there is one, and there the value of it. Several values of one cell are parted by
//! `; `; countries are codes; a passage stands on one line.

use super::shape::{ChosenDocument, ChosenHit, write_json};
use super::table::{Align, table};
use super::{Style, lists, visible};
use crate::search::{Hit, Results};
use std::borrow::Cow;
use std::io::{self, Write};

/// A column.
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What a row has in it.
    pub(super) cell: for<'a> fn(&'a Hit) -> Cow<'a, str>,
}

/// How many columns of [`COLUMNS`] a row has unless told otherwise.
const USUAL: usize = 13;

/// Every column, the usual ones first, in their order.
pub static COLUMNS: &[Column] = &[
    Column { name: "id", cell: |hit| hit.id.as_str().into() },
    Column { name: "published", cell: |hit| hit.published.as_ref().map_or("", |date| date.value.as_str()).into() },
    Column {
        name: "precision",
        cell: |hit| hit.published.as_ref().map_or("", |date| lists::precision(date.precision)).into(),
    },
    Column { name: "source", cell: |hit| hit.source.as_deref().unwrap_or("").into() },
    Column { name: "title", cell: |hit| visible::line(hit.title.as_deref().unwrap_or(""), false) },
    Column { name: "path", cell: |hit| hit.path.as_str().into() },
    Column { name: "member", cell: |hit| hit.member.as_deref().unwrap_or("").into() },
    Column { name: "score", cell: |hit| format!("{:.4}", hit.score).into() },
    Column { name: "people", cell: |hit| joined(hit.people.iter().map(|person| person.name.as_str())) },
    Column { name: "organisations", cell: |hit| joined(hit.organisations.iter().map(|named| named.name.as_str())) },
    Column { name: "places", cell: |hit| joined(hit.places.iter().map(|place| place.name.as_str())) },
    Column { name: "countries", cell: |hit| joined(hit.countries.iter().map(|country| country.code.as_str())) },
    Column { name: "snippet", cell: |hit| hit.snippets.first().map_or("".into(), |s| visible::line(&s.text, false)) },
    Column { name: "snippets", cell: |hit| joined_lines(hit.snippets.iter().map(|snippet| snippet.text.as_str())) },
    Column { name: "language", cell: |hit| hit.language.as_deref().unwrap_or("").into() },
    Column { name: "section", cell: |hit| hit.section.as_deref().unwrap_or("").into() },
    Column { name: "authors", cell: |hit| joined(hit.authors.iter().map(String::as_str)) },
    Column { name: "url", cell: |hit| hit.url.as_deref().unwrap_or("").into() },
    Column { name: "agencies", cell: |hit| joined(hit.agencies.iter().map(String::as_str)) },
    Column { name: "reported_from", cell: |hit| joined(hit.reported_from.iter().map(|origin| origin.place.as_str())) },
    Column { name: "matched_dates", cell: |hit| joined(hit.matched_dates.iter().map(|date| date.value.as_str())) },
];

/// The usual columns.
pub fn usual() -> Vec<&'static Column> {
    COLUMNS.iter().take(USUAL).collect()
}

/// The columns with these names, in this order; the first name that there is not is an error.
///
/// # Errors
/// The name that is no column's.
pub fn chosen<'n>(names: &[&'n str]) -> Result<Vec<&'static Column>, &'n str> {
    let find = |name: &&'n str| COLUMNS.iter().find(|column| column.name == *name).ok_or(*name);
    names.iter().map(find).collect()
}

/// The names of all columns.
pub fn names() -> String {
    COLUMNS.iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
}

/// Formats in which columns can be chosen.
pub const FORMATS: [&str; 5] = ["csv", "json", "jsonl", "text", "tsv"];

/// Writes the chosen columns of all hits in a format of [`FORMATS`].
///
/// # Errors
/// When `out` takes nothing more.
pub fn write(
    results: &Results,
    columns: &[&Column],
    format: &str,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        "csv" | "tsv" | "jsonl" => {
            write_head(columns, format, out)?;
            results.hits.iter().try_for_each(|hit| write_hit(hit, columns, format, style, out))
        }
        "json" => write_json(&ChosenDocument(results, columns), style, out),
        _ => {
            let align = |column: &&Column| if column.name == "score" { Align::Right } else { Align::Left };
            let aligned: Vec<Align> = columns.iter().map(align).collect();
            let cells = |hit| columns.iter().map(|column| (column.cell)(hit).into_owned()).collect();
            table(&aligned, results.hits.iter().map(cells).collect(), "", style, out)
        }
    }
}

/// Writes what stands before the first hit in CSV, TSV and JSON Lines.
///
/// # Errors
/// When `out` takes nothing more.
pub fn write_head(columns: &[&Column], format: &str, out: &mut dyn Write) -> io::Result<()> {
    match delimiter(format) {
        Some(delimiter) => head(columns, delimiter, out),
        None => Ok(()),
    }
}

/// Writes the chosen columns of a hit in CSV, TSV or JSON Lines.
///
/// # Errors
/// When `out` takes nothing more.
pub fn write_hit(hit: &Hit, columns: &[&Column], format: &str, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match delimiter(format) {
        Some(delimiter) => row(hit, columns, delimiter, style, out),
        None => write_json(&ChosenHit { hit, columns, line: true }, style, out),
    }
}

/// What stands between the cells of a format that has rows.
fn delimiter(format: &str) -> Option<u8> {
    match format {
        "csv" => Some(b','),
        "tsv" => Some(b'\t'),
        _ => None,
    }
}

/// Writes the row of names.
pub(super) fn head(columns: &[&Column], delimiter: u8, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = ::csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
    writer.write_record(columns.iter().map(|column| column.name)).map_err(super::csv::plain)?;
    writer.flush()
}

/// Writes the row of a hit.
pub(super) fn row(hit: &Hit, columns: &[&Column], delimiter: u8, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = ::csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
    for column in columns {
        let cell = (column.cell)(hit);
        let cell = if style.escapes() { visible::visible(&cell).into_owned().into() } else { cell };
        writer.write_field(cell.as_bytes()).map_err(super::csv::plain)?;
    }
    writer.write_record(None::<&[u8]>).map_err(super::csv::plain)?;
    writer.flush()
}

/// Values in one cell.
fn joined<'a>(values: impl Iterator<Item = &'a str>) -> Cow<'a, str> {
    let mut out = String::new();
    for value in values {
        if !out.is_empty() {
            out.push_str("; ");
        }
        out.push_str(value);
    }
    out.into()
}

/// Passages in one cell.
fn joined_lines<'a>(passages: impl Iterator<Item = &'a str>) -> Cow<'a, str> {
    let passages: Vec<Cow<'a, str>> = passages.map(|text| visible::line(text, false)).collect();
    passages.join(" … ").into()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn written(names: &[&str], format: &str) -> String {
        let columns = chosen(names).expect("they are columns");
        let mut out = Vec::new();
        write(&sample::results(), &columns, format, &Style::default(), &mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("it is text")
    }

    #[test]
    fn columns_are_chosen_by_name() {
        for (format, expected) in [
            (
                "csv",
                "title,published,id\n\"Kim, Putin sign \"\"mutual defence\"\" pact\",2024-06-19,wire-1\n,,\"odd,\"\"id\"\"\u{1b}\"\n",
            ),
            (
                "text",
                "Kim, Putin sign \"mutual defence\" pact  2024-06-19  wire-1\n                                                   odd,\"id\"\u{1b}\n",
            ),
        ] {
            assert_eq!(written(&["title", "published", "id"], format), expected);
        }
        assert!(
            written(&["url", "authors"], "tsv").starts_with(
                "url\tauthors\nhttps://harbour.example/2024/pact?a=1&b=2\tAda Lindqvist; Northgate Press\n"
            )
        );
        let lines = written(&["snippet", "people", "precision"], "jsonl");
        assert_eq!(
            lines.lines().next(),
            Some(
                "{\"schema\":1,\"snippet\":\"a treaty on the mutual defence, of both countries, next Tuesday\",\
                 \"people\":[{\"name\":\"Kim Jong-un\",\"count\":7},{\"name\":\"Vladimir Putin\",\"count\":5}],\
                 \"precision\":\"day\"}"
            )
        );
        let document: serde_json::Value = serde_json::from_str(&written(&["id"], "json")).expect("it is JSON");
        assert_eq!(document["hits"][0], serde_json::json!({"id": "wire-1"}));
        assert_eq!(document["total"], 12);
        assert_eq!(chosen(&["id", "size"]).err(), Some("size"));
    }

    #[test]
    fn every_column_has_a_name_of_its_own() {
        let mut names: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), COLUMNS.len());
        let hit = &sample::results().hits[0];
        assert!(COLUMNS.iter().all(|column| !(column.cell)(hit).is_empty()));
    }
}
