//! Tables: CSV and its like with a column of text, one article a row.
//!
//! 1. [`dialect`] finds out from the beginning of the file what parts its columns, how texts are quoted and what encoding it
//!    is in, and which columns there are.
//! 2. [`rows`] cuts the file into rows. A quotation mark that is never closed costs its row, not the rows after it.
//! 3. Each row is read like a JSON object whose keys are the names of the columns.

mod dialect;
mod rows;

use super::fields::{FILE, Names, Role};
use super::json::{self, article_from_json};
use super::{File, Flow, Format, Skip, encoding};
use crate::article::Article;
use dialect::Dialect;
use rows::{Row, Rows};
use serde_json::{Map, Value};
use std::io::{BufRead, Cursor, Read};

/// How much of a file decides what kind of table it is.
const SAMPLE: u64 = 256 << 10;

/// How many rows without an article are named one by one; the others are counted.
const MOST_TOLD: usize = 5;

/// The most columns that are told by their names where none is a text.
const MOST_COLUMNS: usize = 30;

/// A table.
pub struct Table;

impl Format for Table {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn description(&self) -> &'static str {
        "CSV, TSV and other tables with a column of text: one article a row"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["csv", "tsv", "tab", "psv"]
    }

    fn recognise(&self, head: &[u8], name: &str) -> u8 {
        let named = self.is_named(name);
        if !named && is_prose(head) || encoding::is_binary(head).is_some() {
            return 0;
        }
        let text = encoding::decode(head).text;
        let start = text.trim_start();
        if start.is_empty() || start.starts_with(['<', '{', '[']) {
            return 0;
        }
        let Some(dialect) = Dialect::of(text.as_bytes(), &Names::default()) else { return 0 };
        match (named, dialect.has_text(&Names::default())) {
            (true, true) => 95,
            // Which column is the text may be said beside it.
            (true, false) => 60,
            (false, _) if dialect.is_certain(text.as_bytes()) => 75,
            _ => 0,
        }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        let path = file.path;
        let names = Names::beside(&file.around);
        let failed = |error: std::io::Error| Skip::file(path, format!("cannot be read: {error}"));
        let wide = encoding::is_wide(file.input.fill_buf().map_err(failed)?);
        if wide {
            let (bytes, cut) = file.bytes()?;
            if cut {
                skip(Skip::file(path, "is longer than what is read of a table in UTF-16"));
            }
            let decoded = encoding::decode(&bytes);
            let text = decoded.text.into_bytes();
            let sample = text.get(..text.len().min(SAMPLE as usize)).unwrap_or(&text).to_vec();
            let mut reader = Reader { path, names: &names, encoding: decoded.encoding, label: None };
            return reader.read(&sample, &mut text.as_slice(), take, skip);
        }
        let mut sample = Vec::new();
        (&mut file.input).take(SAMPLE).read_to_end(&mut sample).map_err(failed)?;
        let label = match std::str::from_utf8(&sample) {
            Ok(_) => None,
            Err(_) => encoding::decode(&sample).encoding,
        };
        let label = label.and_then(|label| label.split(' ').next().map(str::to_owned));
        let mut reader = Reader { path, names: &names, encoding: None, label };
        let mut input = Cursor::new(&sample).chain(&mut file.input);
        reader.read(&sample, &mut input, take, skip)
    }
}

/// Whether the first line tells at once that it heads no columns, as that of most files does: whatever parts it, one of the
/// parts is no name.
fn is_prose(head: &[u8]) -> bool {
    let start = head.trim_ascii_start();
    let header = start.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or(start);
    if header.contains(&0) || encoding::is_wide(header) {
        return false;
    }
    // What stands between quotation marks may hold anything.
    let quoted = matches!(header, [b'"' | b'\'', ..])
        || header.array_windows().any(|[a, b]| dialect::SEPARATORS.contains(a) && *b == b'"');
    let heads = |separator: &u8| {
        header.contains(separator) && (quoted || header.split(|byte| byte == separator).all(dialect::is_name))
    };
    !dialect::SEPARATORS.iter().any(heads) && !header.starts_with(b"sep=")
}

/// What is known of the table that is read.
struct Reader<'a> {
    path: &'a str,
    names: &'a Names,
    /// The encoding of the whole file, which has been decoded.
    encoding: Option<String>,
    /// The encoding of what is not UTF-8.
    label: Option<String>,
}

impl Reader<'_> {
    fn read(
        &mut self,
        sample: &[u8],
        input: &mut dyn BufRead,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        let path = self.path;
        let text = self.text(sample);
        let Some(dialect) = Dialect::of(text.as_bytes(), self.names) else {
            return Err(Skip::file(path, "is no table"));
        };
        if !dialect.has_text(self.names) {
            let mut columns: Vec<&str> = dialect.columns.iter().map(|name| name.trim()).collect();
            let more = columns.len() > MOST_COLUMNS;
            columns.truncate(MOST_COLUMNS);
            let columns = format!("{}{}", columns.join(", "), if more { ", …" } else { "" });
            return Err(Skip::file(path, format!("has no column of text; columns are {columns}; name them in {FILE}")));
        }
        let mut rows = Rows::new(input, &dialect);
        let failed = |error| Skip::file(path, format!("cannot be read: {error}"));
        for _ in 0..dialect.lines_before {
            rows.skip_line().map_err(failed)?;
        }
        // The names of the columns.
        rows.next().map_err(failed)?;
        let mut number = 0u64;
        let mut untold = 0u64;
        let mut told = 0;
        while let Some(row) = rows.next().map_err(failed)? {
            number += 1;
            match self.article(&dialect, row, number) {
                Ok(article) => {
                    if take(article) == Flow::Stop {
                        return Ok(());
                    }
                }
                Err(reason) if told < MOST_TOLD => {
                    told += 1;
                    skip(Skip::member(path, format!("row {number}"), reason));
                }
                Err(_) => untold += 1,
            }
        }
        if untold > 0 {
            skip(Skip::file(path, format!("{untold} more rows have no text or are damaged")));
        }
        if number == 0 { Err(Skip::file(path, "holds no articles")) } else { Ok(()) }
    }

    fn article(&self, dialect: &Dialect, row: Row, number: u64) -> Result<Article, String> {
        let fields = match row {
            Row::Whole(fields) => fields,
            Row::Broken(reason) => return Err(reason),
        };
        let (fields, encoding) = self.decoded(fields);
        let mut object = Map::new();
        for (name, value) in dialect.columns.iter().zip(dialect.fitted(fields)?) {
            let value = value.replace("\r\n", "\n").replace('\r', "\n");
            if !is_nothing(&value) && !name.trim().is_empty() && !object.contains_key(name.trim()) {
                let value = match listed(&value) {
                    Some(list) if !self.is_text(name) => list,
                    _ => Value::String(value),
                };
                object.insert(name.trim().to_owned(), value);
            }
        }
        let article = article_from_json(Value::Object(object), self.path, Some(&number.to_string()), self.names);
        let mut article = article.ok_or(json::NO_TEXT)?;
        article.encoding = self.encoding.clone().or(encoding);
        Ok(article)
    }

    fn is_text(&self, name: &str) -> bool {
        matches!(self.names.role(name), Some((Role::Text | Role::Html | Role::Summary, _)))
            || self.names.own_role(name.trim()) == Some(Role::Text)
    }

    fn text(&self, bytes: &[u8]) -> String {
        match &self.label {
            Some(label) => encoding::decode_as(bytes, Some(label)).text,
            None => encoding::decode(bytes).text,
        }
    }

    /// The fields of a row as text. They are decoded together, for the statistics of one short field say little.
    fn decoded(&self, fields: Vec<Vec<u8>>) -> (Vec<String>, Option<String>) {
        if fields.iter().all(|field| std::str::from_utf8(field).is_ok()) {
            return (fields.into_iter().filter_map(|field| String::from_utf8(field).ok()).collect(), None);
        }
        // Of all encodings that a table can be in, none uses this sign for anything else.
        const BETWEEN: char = '\u{1f}';
        let joined = fields.join(&(BETWEEN as u8));
        let decoded = encoding::decode_as(&joined, self.label.as_deref());
        let parts: Vec<String> = decoded.text.split(BETWEEN).map(str::to_owned).collect();
        if parts.len() == fields.len() {
            return (parts, decoded.encoding);
        }
        (fields.iter().map(|field| self.text(field)).collect(), decoded.encoding)
    }
}

/// What programs write where there is no value.
fn is_nothing(value: &str) -> bool {
    matches!(value.trim(), "" | "NULL" | "null" | "NaN" | "nan" | "None" | "NA" | "N/A" | "\\N")
}

/// A list as programs write it into one field: `['Ana Ruiz', "Bo Li"]`.
fn listed(value: &str) -> Option<Value> {
    let inner = value.trim().strip_prefix('[')?.strip_suffix(']')?.trim();
    if !inner.starts_with(['\'', '"']) || !inner.ends_with(['\'', '"']) {
        return None;
    }
    let items = inner.split(", ").map(|item| item.trim().trim_matches(['\'', '"']).trim());
    Some(Value::Array(items.filter(|item| !item.is_empty()).map(Value::from).collect()))
}

#[cfg(test)]
mod tests {
    use super::super::around::{Around, Beside, Budget};
    use super::*;

    struct Folder(&'static str);

    impl Beside for Folder {
        fn open(&self, path: &str) -> Option<Box<dyn Read>> {
            (path == FILE && !self.0.is_empty()).then(|| Box::new(self.0.as_bytes()) as Box<dyn Read>)
        }

        fn names(&self) -> Vec<String> {
            Vec::new()
        }
    }

    fn read(bytes: &[u8], names: &'static str) -> (Vec<Article>, Vec<String>) {
        let budget = Budget::default();
        let folder = Folder(names);
        let mut input = bytes;
        let around = Around { beside: Some(&folder), ..Around::new(&budget) };
        let mut file = File { path: "a.csv", input: &mut input, around };
        let (mut articles, mut skips) = (Vec::new(), Vec::new());
        let result = Table.read(
            &mut file,
            &mut |article| {
                articles.push(article);
                Flow::Continue
            },
            &mut |skip| skips.push(skip),
        );
        skips.extend(result.err());
        let told = |skip: Skip| format!("{}! {}", skip.member.unwrap_or_default(), skip.reason);
        (articles, skips.into_iter().map(told).collect())
    }

    /// Row, title and text of each article, then what was skipped.
    fn check(bytes: &[u8], expected: &[&str]) {
        let (articles, skips) = read(bytes, "");
        let show = |article: &Article| {
            let title = article.title.clone().unwrap_or_default();
            format!("{} {title}|{}", article.member.clone().unwrap_or_default(), article.text)
        };
        let mut out: Vec<String> = articles.iter().map(show).collect();
        out.extend(skips);
        assert_eq!(out, expected, "{:?}", String::from_utf8_lossy(bytes));
    }

    #[test]
    fn dialects() {
        check(b"title,text\nA,one\nB,\"two, \"\"three\"\"\nfour\"\n", &["1 A|one", "2 B|two, \"three\"\nfour"]);
        check(b"title;text\r\nA;one\r\n", &["1 A|one"]);
        check(b"sep=;\r\ntitle;text\r\nA;one\r\n", &["1 A|one"]);
        check(b"\xef\xbb\xbf\"title\"\t\"text\"\nA\t\"one\"\n", &["1 A|one"]);
        check(b"title|text\nA|one, two; three", &["1 A|one, two; three"]);
        check(b"'title','text'\n'A','one, ''two'''\n", &["1 A|one, 'two'"]);
        check(b"title,text\n\"A\",\"one \\\"two\\\", three\"\n", &["1 A|one \"two\", three"]);
        check(b"text\none, two\n\"three\"\n", &["1 |one, two", "2 |three"]);
        check(b"title,text\rA,one\rB,two", &["1 A|one", "2 B|two"]);
        check(
            b"title\ttext\nA\t\"one\" he said\nB\t\"two\" she said\n",
            &["1 A|\"one\" he said", "2 B|\"two\" she said"],
        );
        let wide: Vec<u8> = "\u{feff}title\ttext\nÄ\tone\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&wide, &["1 Ä|one"]);
        check(b"title;text\nCaf\xe9;Le caf\xe9 d\x92ici\n", &["1 Caf\u{e9}|Le caf\u{e9} d\u{2019}ici"]);
    }

    #[test]
    fn rows_that_are_damaged() {
        check(
            b"id,title,text\n1,A,one\n2,B,\"two\n3,C,three\n4,D,four\n",
            &["1 A|one", "3 C|three", "4 D|four", "row 2! has a quotation mark that is never closed"],
        );
        check(
            b"id,title,text\n1,A\n2,B,two, three\n\n3,C,,\n4,D,four\n",
            &["2 B|two, three", "4 D|four", "row 1! has no text", "row 3! has no text"],
        );
        check(b"id,text,title\n1,one, two,A\n2,three,B\n", &["2 B|three", "row 1! has 4 columns instead of 3"]);
        let many = format!("title,text\n{}", "A,\n".repeat(9));
        let reasons = ["row 1! has no text", "row 2! has no text", "row 3! has no text", "row 4! has no text"];
        let more = ["row 5! has no text", "! 4 more rows have no text or are damaged"];
        check(many.as_bytes(), &[&reasons[..], &more[..]].concat());
        check(b"a,b\n1,2\n", &["! has no column of text; columns are a, b; name them in dateline-fields.json"]);
        check(b"title,text\n", &["! holds no articles"]);
    }

    #[test]
    fn fields_of_articles() {
        let table = "Unnamed: 0,id,headline,publish_date,authors,body,url\n0,x1,Tin rises,2024-06-19 10:00:00,\"['Ana Ruiz', \
            'Bo Li']\",<p>One.</p><p>Two.</p>,https://a.example/1\n1,nan,NULL,,,Three,\n";
        let (articles, skips) = read(table.as_bytes(), "");
        assert!(skips.is_empty(), "{skips:?}");
        let first = articles.first().expect("there is one");
        assert_eq!((first.id.as_deref(), first.title.as_deref()), (Some("x1"), Some("Tin rises")));
        assert_eq!(first.published.as_ref().map(|day| day.value.as_str()), Some("2024-06-19"));
        assert_eq!((first.authors.join("; "), first.text.as_str()), ("Ana Ruiz; Bo Li".to_owned(), "One.\n\nTwo."));
        assert_eq!(first.url.as_deref(), Some("https://a.example/1"));
        assert!(articles.get(1).is_some_and(|article| article.id.is_none() && article.title.is_none()));
    }

    #[test]
    fn names_of_columns_from_beside() {
        let table = b"nr;kop;artikel_tekst;datum\n7;Tin stijgt;Tin is duurder.;19-06-2024\n";
        let names = r#"{"text": "artikel_tekst", "title": ["titel", "kop"], "id": "nr", "published": "datum"}"#;
        let (articles, skips) = read(table, names);
        assert!(skips.is_empty(), "{skips:?}");
        let first = articles.first().expect("there is one");
        assert_eq!((first.id.as_deref(), first.title.as_deref()), (Some("7"), Some("Tin stijgt")));
        assert_eq!(first.text, "Tin is duurder.");
        assert_eq!(first.published.as_ref().map(|day| day.value.as_str()), Some("2024-06-19"));
    }

    #[test]
    fn tables_are_told_from_texts() {
        for (head, name, expected) in [
            ("title,text\nA,one\n", "a.csv", 95),
            ("kop,tekst\nA,een\n", "a.csv", 60),
            ("title,text\nA,one\n", "a.txt", 75),
            ("id\tdate\tbody\n1\t2024\tone\n", "a", 75),
            ("Text, body and content\n\nare words.\n", "a.txt", 0),
            ("Tin rises, zinc falls\n\nTin rose, and zinc fell.\n", "a.txt", 0),
            ("{\"title\":1,\"text\":2}\n", "a.csv", 0),
            ("<p>title,text</p>\n", "a.csv", 0),
            ("", "a.csv", 0),
        ] {
            assert_eq!(Table.recognise(head.as_bytes(), name), expected, "{head} {name}");
        }
    }
}
