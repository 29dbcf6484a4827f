//! JSON Lines: an article a line, however many there are.

use super::fields::Names;
use super::json::{self, LARGEST_VALUE, begins_like_json, parse};
use super::{File, Flow, Format, Skip, encoding};
use crate::article::Article;
use serde_json::Value;
use std::io::{self, BufRead, Read};

/// A file of JSON Lines.
pub struct JsonLines;

impl Format for JsonLines {
    fn name(&self) -> &'static str {
        "json-lines"
    }

    fn description(&self) -> &'static str {
        "JSON Lines: one article a line, read one by one"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["jsonl", "ndjson", "jl"]
    }

    fn recognise(&self, head: &[u8], name: &str) -> u8 {
        let named = self.is_named(name);
        let decoded;
        let mut rest = head;
        if encoding::is_wide(head) {
            decoded = encoding::decode(head).text;
            rest = decoded.as_bytes();
        }
        let rest = rest.strip_prefix(b"\xef\xbb\xbf").unwrap_or(rest).trim_ascii();
        if rest.is_empty() {
            return if named { 30 } else { 0 };
        }
        if named && rest.starts_with(b"{") {
            return 95;
        }
        // Any other file: the first line is an object by itself, and the next one begins another.
        if !rest.starts_with(b"{") {
            return 0;
        }
        let mut lines = rest.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
        let (Some(first), Some(second)) = (lines.next(), lines.next()) else { return 0 };
        let whole = first.starts_with(b"{") && first.ends_with(b"}") && begins_like_json(first);
        if whole && second.starts_with(b"{") { 95 } else { 0 }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        let path = file.path;
        let names = Names::beside(&file.around);
        let start = file.input.fill_buf().map_err(|error| Skip::file(path, format!("cannot be read: {error}")))?;
        if encoding::is_wide(start) {
            let (bytes, cut) = file.bytes()?;
            if cut {
                skip(Skip::file(path, "is longer than what is read of JSON Lines that are not in UTF-8"));
            }
            return read_named(&mut encoding::decode(&bytes).text.as_bytes(), path, &names, take, skip);
        }
        read_named(file.input, path, &names, take, skip)
    }
}

/// Reads JSON Lines from anything and hands each article to `take`, with the number of its line, from 1, as its member.
///
/// A line that is no article goes to `skip` as `line 17`, with the reason. Texts are kept exactly as they are sent, so that
/// whoever sent them can count in them.
pub fn read_lines(
    input: &mut dyn BufRead,
    path: &str,
    take: &mut dyn FnMut(Article) -> Flow,
    skip: &mut dyn FnMut(Skip),
) -> Result<(), Skip> {
    read_named(input, path, &Names::exact(), take, skip)
}

fn read_named(
    input: &mut dyn BufRead,
    path: &str,
    names: &Names,
    take: &mut dyn FnMut(Article) -> Flow,
    skip: &mut dyn FnMut(Skip),
) -> Result<(), Skip> {
    let mut line = Vec::new();
    let mut number = 0u64;
    let mut any = false;
    loop {
        number += 1;
        let read = next_line(input, &mut line).map_err(|error| {
            Skip::member(path, format!("line {number}"), format!("cannot be read from here on: {error}"))
        });
        let whole = match read? {
            None => break,
            Some(whole) => whole,
        };
        let bytes = line.strip_prefix(b"\xef\xbb\xbf").filter(|_| number == 1).unwrap_or(&line).trim_ascii();
        if bytes.is_empty() {
            continue;
        }
        any = true;
        let found = if whole {
            article(bytes, path, number, names)
        } else {
            Err(format!("is a line of more than {} MB", LARGEST_VALUE >> 20))
        };
        match found {
            Ok(article) => {
                if take(article) == Flow::Stop {
                    return Ok(());
                }
            }
            Err(reason) => skip(Skip::member(path, format!("line {number}"), reason)),
        }
    }
    if any { Ok(()) } else { Err(Skip::file(path, "empty")) }
}

fn article(bytes: &[u8], path: &str, number: u64, names: &Names) -> Result<Article, String> {
    let value = parse(bytes).map_err(|reason| format!("is not valid JSON: {reason}"))?;
    if !matches!(value, Value::Object(_)) {
        return Err("is no object".to_owned());
    }
    let mut article = json::item(value, path, Some(&number.to_string()), names)?;
    article.encoding = json::guessed_encoding(bytes);
    Ok(article)
}

/// Reads one line into `line`: whether it is whole, none at the end of the file. Of a line that is too long nothing is kept.
fn next_line(input: &mut dyn BufRead, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
    line.clear();
    let limit = LARGEST_VALUE as u64 + 1;
    let count = (&mut *input).take(limit).read_until(b'\n', line)?;
    if count == 0 {
        return Ok(None);
    }
    if (count as u64) < limit || line.last() == Some(&b'\n') {
        return Ok(Some(true));
    }
    *line = b"{".to_vec();
    loop {
        let bytes = input.fill_buf()?;
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let count = end.map_or(bytes.len(), |at| at + 1);
        let last = end.is_some() || bytes.is_empty();
        input.consume(count);
        if last {
            return Ok(Some(false));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[u8], expected: &[&str]) {
        let (mut out, mut skips) = (Vec::new(), Vec::new());
        let result = read_lines(
            &mut &*lines,
            "a.jsonl",
            &mut |article| {
                out.push(format!("{} {}", article.member.unwrap_or_default(), article.text));
                Flow::Continue
            },
            &mut |skip| skips.push(skip),
        );
        skips.extend(result.err());
        out.extend(skips.into_iter().map(|skip| format!("{}! {}", skip.member.unwrap_or_default(), skip.reason)));
        assert_eq!(out, expected);
    }

    #[test]
    fn a_bad_line_is_skipped_alone() {
        check(
            b"\xef\xbb\xbf{\"text\":\"a\"}\r\n\n{\"text\":\n{\"title\":\"b\"}\n[1]\n{\"text\":\"caf\xe9 noir\"}",
            &[
                "1 a",
                "6 café noir",
                "line 3! is not valid JSON: it ends in the middle of a value (at byte 8)",
                "line 4! has no text",
                "line 5! is no object",
            ],
        );
        check(b"\n \n", &["! empty"]);
        check(b"{\"text\":\"a\",\"author\":NaN}\n", &["1 a"]);
    }

    #[test]
    fn stops_when_told() {
        let lines = b"{\"text\":\"a\"}\n{\"text\":\"b\"}\n";
        let mut count = 0;
        let mut take = |_| {
            count += 1;
            Flow::Stop
        };
        assert_eq!(read_lines(&mut &lines[..], "a", &mut take, &mut |_| ()), Ok(()));
        assert_eq!(count, 1);
    }

    #[test]
    fn a_line_without_end_takes_no_memory() {
        let start: &[u8] = b"{\"text\":\"a\"}\n{\"text\":\"";
        let endless = io::repeat(b'x').take(LARGEST_VALUE as u64 + 5000);
        let mut input = io::BufReader::new(start.chain(endless).chain(&b"\n{\"text\":\"c\"}"[..]));
        let (mut texts, mut reasons) = (Vec::new(), Vec::new());
        let result = read_lines(
            &mut input,
            "a",
            &mut |article| {
                texts.push(article.text);
                Flow::Continue
            },
            &mut |skip| reasons.push(skip.reason),
        );
        assert_eq!(result, Ok(()));
        assert_eq!(
            (texts, reasons),
            (vec!["a".to_owned(), "c".to_owned()], vec!["is a line of more than 64 MB".to_owned()])
        );
    }
}
