//! The rows of a list of questions: one a line, or a table with a heading.
//!
//! A table is read line by line, so that a quotation mark that is not closed spoils its own line and no other.

use crate::error::{Error, Kind, Result};
use std::path::Path;

/// A question of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// The line of the file, from 1 on.
    pub(super) line: usize,
    /// What the row is called in the answer.
    pub(super) label: Option<String>,
    /// The question or the name, as it stands in the file.
    pub(super) asked: String,
    /// The field in which it is a name; none for a question.
    pub(super) field: Option<&'static str>,
    /// Published on this day or later.
    pub(super) from: Option<String>,
    /// Published on this day or earlier.
    pub(super) to: Option<String>,
    /// Why the row cannot be read.
    pub(super) wrong: Option<String>,
}

impl Row {
    /// What the row is called.
    pub(super) fn called(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.asked)
    }
}

/// What a column of a table has in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    Query,
    Name(&'static str),
    Label,
    From,
    To,
    Nothing,
}

/// The fields of which a list of names may be.
pub(super) const FIELDS: [&str; 3] = ["person", "org", "place"];

/// What a column with this heading has in it.
fn holds(heading: &str, names: Option<&'static str>) -> Holds {
    match heading.trim().to_lowercase().as_str() {
        "query" | "queries" | "search" => Holds::Query,
        "name" | "names" => Holds::Name(names.unwrap_or("person")),
        "person" | "people" => Holds::Name("person"),
        "org" | "organisation" | "organization" | "company" => Holds::Name("org"),
        "place" => Holds::Name("place"),
        "label" | "id" => Holds::Label,
        "from" => Holds::From,
        "to" => Holds::To,
        _ => Holds::Nothing,
    }
}

/// The rows of a file. `names` is the field in which what has no heading is a name; without one it is a question.
pub(super) fn rows(path: &Path, bytes: &[u8], names: Option<&'static str>) -> Result<Vec<Row>> {
    let wide = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    if wide || bytes.iter().take(1024).any(|byte| *byte == 0) {
        return Err(Error::new(Kind::Usage, format!("`{}` is no text in UTF-8", path.display()))
            .hint("save it as plain text or CSV in UTF-8"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("").to_lowercase();
    let lines = || bytes.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let first = lines().map(String::from_utf8_lossy).find(|line| !line.trim().is_empty()).unwrap_or_default();
    let heading = [',', ';', '\t'].into_iter().find_map(|delimiter| {
        let cells: Vec<Holds> =
            cells(&first, delimiter).iter().flatten().map(|heading| holds(heading, names)).collect();
        let asks = |holds: &Holds| matches!(holds, Holds::Query | Holds::Name(_));
        (cells.iter().filter(|holds| asks(holds)).count() == 1).then_some((delimiter, cells))
    });
    let whole = names.map_or(Holds::Query, Holds::Name);
    let (delimiter, columns, has_heading) = match heading {
        Some((delimiter, columns)) => (Some(delimiter), columns, true),
        None => {
            let delimiter = match ending.as_str() {
                "csv" if first.contains(';') && !first.contains(',') => Some(';'),
                "csv" => Some(','),
                "tsv" | "tab" => Some('\t'),
                _ => None,
            };
            (delimiter, vec![whole], false)
        }
    };
    let mut rows = Vec::new();
    let mut skip = has_heading;
    for (at, line) in lines().enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        if std::mem::take(&mut skip) {
            continue;
        }
        let mut row = Row { line: at + 1, ..Row::default() };
        match std::str::from_utf8(line) {
            Ok(line) => fill(&mut row, line, delimiter, &columns, has_heading),
            Err(_) => {
                row.asked = String::from_utf8_lossy(line).trim().to_owned();
                row.wrong = Some("the row is not in UTF-8".to_owned());
            }
        }
        if row.wrong.is_some() || !row.asked.is_empty() || row.label.is_some() {
            if row.asked.is_empty() && row.wrong.is_none() {
                row.wrong = Some("the row asks for nothing".to_owned());
            }
            rows.push(row);
        }
    }
    Ok(rows)
}

/// Reads a line into a row.
fn fill(row: &mut Row, line: &str, delimiter: Option<char>, columns: &[Holds], has_heading: bool) {
    let cells = match delimiter {
        None => Some(vec![line.to_owned()]),
        Some(delimiter) => cells(line, delimiter),
    };
    let Some(mut cells) = cells else {
        row.asked = line.trim().to_owned();
        row.wrong = Some("a quotation mark is not closed".to_owned());
        return;
    };
    // `Last, First` of a list without quotation marks.
    if let (false, [Holds::Name(_)], [last, first]) = (has_heading, columns, cells.as_slice()) {
        cells = vec![format!("{}, {}", last.trim(), first.trim())];
    }
    for (cell, holds) in cells.iter().zip(columns) {
        let cell = cell.trim();
        let some = || (!cell.is_empty()).then(|| cell.to_owned());
        match holds {
            Holds::Query => row.asked = cell.to_owned(),
            Holds::Name(field) => (row.asked, row.field) = (cell.to_owned(), Some(*field)),
            Holds::Label => row.label = some(),
            Holds::From => row.from = some(),
            Holds::To => row.to = some(),
            Holds::Nothing => {}
        }
    }
}

/// The cells of a line: between quotation marks the delimiter is a sign like any other, and two quotation marks are one.
/// A cell that has more behind its closing mark, as `"a phrase" word`, is meant as it stands. None where a quotation mark
/// is not closed.
fn cells(line: &str, delimiter: char) -> Option<Vec<String>> {
    let mut cells = Vec::new();
    let mut rest = line;
    loop {
        let quoted = rest.trim_start_matches(' ').strip_prefix('"');
        let (cell, after) = match quoted.map(closed) {
            Some(None) => return None,
            Some(Some((cell, after))) => {
                let tail = after.trim_start_matches(' ');
                if tail.is_empty() || tail.starts_with(delimiter) {
                    (cell, tail)
                } else {
                    let end = rest.len() - after.len() + outside(after, delimiter)?;
                    let (cell, after) = rest.split_at_checked(end)?;
                    (cell.trim().to_owned(), after)
                }
            }
            None => {
                let end = rest.find(delimiter).unwrap_or(rest.len());
                let (cell, after) = rest.split_at_checked(end)?;
                (cell.to_owned(), after)
            }
        };
        cells.push(cell);
        match after.strip_prefix(delimiter) {
            Some(more) => rest = more,
            None => return Some(cells),
        }
    }
}

/// What stands before the closing quotation mark, and what behind it.
fn closed(text: &str) -> Option<(String, &str)> {
    let mut cell = String::new();
    let mut rest = text;
    loop {
        let (before, after) = rest.split_once('"')?;
        cell.push_str(before);
        match after.strip_prefix('"') {
            Some(more) => {
                cell.push('"');
                rest = more;
            }
            None => return Some((cell, after)),
        }
    }
}

/// Where the next delimiter stands that is not between quotation marks, or the end.
fn outside(text: &str, delimiter: char) -> Option<usize> {
    let mut open = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => open = !open,
            _ if c == delimiter && !open => return Some(at),
            _ => {}
        }
    }
    (!open).then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_into_cells() {
        for (line, expected) in [
            ("a,b", Some(vec!["a", "b"])),
            ("a,", Some(vec!["a", ""])),
            ("\"Putin, Vladimir\",x", Some(vec!["Putin, Vladimir", "x"])),
            ("\"\"\"mutual defence\"\" pact\",x", Some(vec!["\"mutual defence\" pact", "x"])),
            ("\"mutual defence\" pact,x", Some(vec!["\"mutual defence\" pact", "x"])),
            ("\"a, b\" OR \"c, d\",x", Some(vec!["\"a, b\" OR \"c, d\"", "x"])),
            ("pact \"mutual defence\",x", Some(vec!["pact \"mutual defence\"", "x"])),
            ("\"open,x", None),
            ("a, \"b\" ,c", Some(vec!["a", "b", "c"])),
            ("", Some(vec![""])),
        ] {
            assert_eq!(
                cells(line, ','),
                expected.map(|cells| cells.iter().map(|c| (*c).to_owned()).collect()),
                "{line}"
            );
        }
        assert_eq!(cells("5\" gun\tx", '\t'), Some(vec!["5\" gun".to_owned(), "x".to_owned()]));
    }

    fn read(name: &str, text: &[u8], names: Option<&'static str>) -> Vec<Row> {
        rows(Path::new(name), text, names).expect("it is text")
    }

    #[test]
    fn rows_have_what_their_columns_say() {
        let asked = |rows: &[Row]| rows.iter().map(|row| (row.line, row.asked.clone(), row.field)).collect::<Vec<_>>();
        let lines = read("list.txt", b"\xef\xbb\xbftreaty, pact\r\n\n  \nPutin, Vladimir\n", None);
        assert_eq!(asked(&lines), [(1, "treaty, pact".into(), None), (4, "Putin, Vladimir".into(), None)]);
        let names = read("list.txt", b"Putin, Vladimir\nKim", Some("person"));
        assert_eq!(asked(&names), [(1, "Putin, Vladimir".into(), Some("person")), (2, "Kim".into(), Some("person"))]);
        let table = read("x.dat", b"Label;Name;From;Other\nboss;\"Putin, Vladimir\";2024;z\n;;;\nx;;;\n", None);
        let boss = Row {
            line: 2,
            label: Some("boss".into()),
            asked: "Putin, Vladimir".into(),
            field: Some("person"),
            from: Some("2024".into()),
            ..Row::default()
        };
        assert_eq!(table[0], boss);
        assert_eq!((table.len(), table[1].wrong.is_some()), (2, true));
        let bare = read("names.csv", b"Putin, Vladimir\n\"Kim, Il-sung\"\n", Some("person"));
        assert_eq!(asked(&bare)[0].1, "Putin, Vladimir");
        assert_eq!(asked(&bare)[1].1, "Kim, Il-sung");
        let tabs = read("x.tsv", b"query\tto\ntreaty \"a b\"\t2024\n", None);
        assert_eq!((tabs[0].asked.as_str(), tabs[0].to.as_deref()), ("treaty \"a b\"", Some("2024")));
        assert_eq!(read("x", b"company\nAcme, Inc.\n", None)[0].field, Some("org"));
    }

    #[test]
    fn a_bad_row_spoils_no_other() {
        let rows = read("x.csv", b"query\n\"open\nb\xff\nc\n", None);
        let wrong: Vec<bool> = rows.iter().map(|row| row.wrong.is_some()).collect();
        assert_eq!(wrong, [true, true, false]);
        assert!(super::rows(Path::new("x"), b"\xff\xfea\0", None).is_err());
        assert!(super::rows(Path::new("x"), b"a\0b", None).is_err());
    }
}
