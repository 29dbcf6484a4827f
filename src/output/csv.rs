//! One row a hit, for spreadsheets: comma-separated values with a row of names, quoted where needed (RFC 4180).
//!
//! Several values of one cell are parted by `; `; countries are codes; the snippet is the first passage on one line.

use super::{Output, Style, visible};
use crate::search::{Hit, Results};
use std::borrow::Cow;
use std::io::{self, Write};

/// The format.
pub(super) struct Csv;

/// The names of the columns.
const COLUMNS: [&str; 13] = [
    "id",
    "published",
    "precision",
    "source",
    "title",
    "path",
    "member",
    "score",
    "people",
    "organisations",
    "places",
    "countries",
    "snippet",
];

impl Output for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn description(&self) -> &'static str {
        "one row a hit, for spreadsheets"
    }

    fn write(&self, results: &Results, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let mut writer = ::csv::Writer::from_writer(out);
        writer.write_record(COLUMNS).map_err(plain)?;
        for hit in &results.hits {
            for cell in cells(hit) {
                let cell = if style.escapes() { visible::visible(&cell).into_owned().into() } else { cell };
                writer.write_field(cell.as_bytes()).map_err(plain)?;
            }
            writer.write_record(None::<&[u8]>).map_err(plain)?;
        }
        writer.flush()
    }
}

/// The cells of a row, in the order of [`COLUMNS`].
fn cells(hit: &Hit) -> [Cow<'_, str>; COLUMNS.len()] {
    let published = hit.published.as_ref();
    [
        hit.id.as_str().into(),
        published.map_or("", |published| published.value.as_str()).into(),
        published.map_or("", |published| super::lists::precision(published.precision)).into(),
        hit.source.as_deref().unwrap_or("").into(),
        visible::line(hit.title.as_deref().unwrap_or(""), false),
        hit.path.as_str().into(),
        hit.member.as_deref().unwrap_or("").into(),
        format!("{:.4}", hit.score).into(),
        joined(hit.people.iter().map(|person| person.name.as_str())),
        joined(hit.organisations.iter().map(|organisation| organisation.name.as_str())),
        joined(hit.places.iter().map(|place| place.name.as_str())),
        joined(hit.countries.iter().map(|country| country.code.as_str())),
        hit.snippets.first().map_or("".into(), |snippet| visible::line(&snippet.text, false)),
    ]
}

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

/// The input or output error inside, so that a closed pipe is known as one.
pub(super) fn plain(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn reads_back_as_it_was() {
        let text = sample::written(&Csv, &sample::results(), &Style::default());
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        assert_eq!(reader.headers().expect("there is a row of names"), &COLUMNS[..]);
        let rows: Vec<Vec<String>> =
            reader.records().map(|row| row.expect("the row is whole").iter().map(str::to_owned).collect()).collect();
        assert_eq!(
            rows[0][..8],
            [
                "wire-1",
                "2024-06-19",
                "day",
                "Harbour Wire",
                "Kim, Putin sign \"mutual defence\" pact",
                "wire/2024/06/pact.jsonl",
                "3",
                "7.1235",
            ]
        );
        assert_eq!(
            rows[0][8..],
            [
                "Kim Jong-un; Vladimir Putin",
                "NATO",
                "Pyongyang; Europe",
                "KP; RU",
                "a treaty on the mutual defence, of both countries, next Tuesday",
            ]
        );
        assert_eq!(rows[1][0], "odd,\"id\"\u{1b}");
        assert!(rows[1][1..5].iter().chain(&rows[1][8..]).all(String::is_empty));
        assert!(text.contains("\"Kim, Putin sign \"\"mutual defence\"\" pact\""), "{text}");
    }

    #[test]
    fn an_empty_answer_has_its_names() {
        let text = sample::written(&Csv, &Results::default(), &Style::default());
        assert_eq!(text, format!("{}\n", COLUMNS.join(",")));
    }
}
