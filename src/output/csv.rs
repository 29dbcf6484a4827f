//! One row a hit, for spreadsheets: comma-separated values with a row of names, quoted where needed (RFC 4180).
//! The columns are those of [`columns`].

use super::{Output, Style, columns};
use crate::search::Hit;
use std::io::{self, Write};

/// The format.
pub(super) struct Csv;

impl Output for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn description(&self) -> &'static str {
        "one row a hit, for spreadsheets"
    }

    fn head(&self, _: &Style, out: &mut dyn Write) -> io::Result<()> {
        columns::head(&columns::usual(), b',', out)
    }

    fn hit(&self, hit: &Hit, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        columns::row(hit, &columns::usual(), b',', style, out)
    }
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
    use crate::search::Results;

    /// The names of the columns, on which spreadsheets rely.
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
