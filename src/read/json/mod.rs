//! JSON: one article, a list of them, or an object that holds such a list.
//!
//! 1. [`pieces`] cuts the file into its outermost objects, so that a list of any length is read one by one.
//! 2. [`parse`] makes a value of each, and mends what other programs write but the standard does not allow.
//! 3. [`article`] takes the fields of an article from it.

mod article;
mod mend;
mod pieces;

pub(super) use article::article_from_json;
pub(super) use pieces::Pieces;

use super::fields::Names;
use super::{File, Flow, Format, Skip, encoding, ending, ninjs};
use crate::article::Article;
use serde_json::Value;
use std::io::BufRead;

/// The longest JSON value that is one article or one list, in bytes.
pub const LARGEST_VALUE: usize = 64 << 20;

/// The reason for skipping an object.
pub(super) const NO_TEXT: &str = "has no text";

/// How deep a list of articles may lie in an object that holds it.
const WRAPPERS: usize = 4;

/// A JSON file.
pub struct Json;

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn description(&self) -> &'static str {
        "JSON: one article, a list of articles, or an object that holds such a list"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["json"]
    }

    fn recognise(&self, head: &[u8], name: &str) -> u8 {
        if !begins_like_json(head) {
            return 0;
        }
        if ending(name).is_some_and(|ending| ending == "json") { 90 } else { 80 }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        let path = file.path;
        let failed = |error: std::io::Error| Skip::file(path, format!("cannot be read: {error}"));
        let names = Names::beside(&file.around);
        let wide = encoding::is_wide(file.input.fill_buf().map_err(failed)?);
        if wide {
            let decoded = encoding::decode(&file.bytes()?.0);
            return read_pieces(&mut decoded.text.as_bytes(), path, &names, decoded.encoding.as_deref(), take, skip);
        }
        read_pieces(file.input, path, &names, None, take, skip)
    }
}

/// Whether a file begins like JSON that can hold articles: an object with a key, or a list of such.
pub(super) fn begins_like_json(head: &[u8]) -> bool {
    let decoded;
    let mut rest = head;
    if encoding::is_wide(head) {
        decoded = encoding::decode(head).text;
        rest = decoded.as_bytes();
    }
    rest = rest.strip_prefix(b"\xef\xbb\xbf").unwrap_or(rest).trim_ascii_start();
    let mut lists = 0;
    while let Some(inner) = rest.strip_prefix(b"[") {
        rest = inner.trim_ascii_start();
        lists += 1;
    }
    match rest.strip_prefix(b"{") {
        Some(inner) => matches!(inner.trim_ascii_start().first(), Some(b'"' | b'}') | None),
        None => lists > 0 && matches!(rest.first(), Some(b']') | None),
    }
}

fn read_pieces(
    input: &mut dyn BufRead,
    path: &str,
    names: &Names,
    encoding: Option<&str>,
    take: &mut dyn FnMut(Article) -> Flow,
    skip: &mut dyn FnMut(Skip),
) -> Result<(), Skip> {
    let mut pieces = pieces::Pieces::new(input);
    // One object that is the whole file has no number; it is known when the next one comes or the file ends.
    let mut first: Option<Article> = None;
    let mut number = 0usize;
    loop {
        let piece = pieces.next().map_err(|error| Skip::file(path, format!("cannot be read: {error}")))?;
        let Some(piece) = piece else { break };
        let value = piece.and_then(|bytes| parse(bytes).map_err(|reason| format!("is not valid JSON: {reason}")));
        let listed = pieces.is_list();
        let at = number;
        number += 1;
        let member = |number: usize| format!("item {number}");
        let value = match value {
            Ok(value) => value,
            Err(reason) if at == 0 && !listed => {
                skip(Skip::file(path, reason));
                continue;
            }
            Err(reason) => {
                skip(Skip::member(path, member(at), reason));
                continue;
            }
        };
        let mut flow = Flow::Continue;
        let mut list = Vec::new();
        unwrap(value, names, 0, &mut list);
        let alone = list.len() == 1 && !listed;
        let many = list.len() > 1;
        for (inner, value) in list.into_iter().enumerate() {
            let index = if many { inner } else { at };
            let mut article = match item(value, path, Some(&index.to_string()), names) {
                Ok(article) => article,
                Err(reason) => {
                    skip(if alone && at == 0 {
                        Skip::file(path, reason)
                    } else {
                        Skip::member(path, member(index), reason)
                    });
                    continue;
                }
            };
            article.encoding = article.encoding.or(encoding.map(str::to_owned));
            if alone && at == 0 {
                first = Some(article);
                continue;
            }
            if let Some(article) = first.take() {
                flow = take(article);
            }
            if flow == Flow::Continue {
                flow = take(article);
            }
            if flow == Flow::Stop {
                return Ok(());
            }
        }
    }
    if let Some(mut article) = first {
        if number == 1 {
            article.member = None;
        }
        take(article);
    }
    if number == 0 {
        return Err(Skip::file(path, if pieces.is_list() { "holds no articles" } else { "empty" }));
    }
    Ok(())
}

/// The article that a JSON object is, whether of a news agency or of anybody, or why it is none.
pub(super) fn item(value: Value, path: &str, member: Option<&str>, names: &Names) -> Result<Article, String> {
    if let Value::Object(object) = &value
        && ninjs::is_item(object)
    {
        let article = ninjs::article(object)?;
        return Ok(Article { path: path.to_owned(), member: member.map(str::to_owned), ..article });
    }
    article_from_json(value, path, member, names).ok_or_else(|| NO_TEXT.to_owned())
}

/// Puts the articles that `value` holds into `out`: itself, or those of a list in it.
fn unwrap(value: Value, names: &Names, depth: usize, out: &mut Vec<Value>) {
    let Value::Object(mut object) = value else {
        if let Value::Array(list) = value
            && depth < WRAPPERS
        {
            list.into_iter().for_each(|inner| unwrap(inner, names, depth + 1, out));
        }
        return;
    };
    if depth >= WRAPPERS || article::has_text(&object, names) {
        out.push(Value::Object(object));
        return;
    }
    let holds = |value: &Value| match value {
        Value::Array(list) => list.iter().any(Value::is_object),
        Value::Object(inner) => !inner.is_empty(),
        _ => false,
    };
    for name in LISTS {
        if let Some(inner) = object.get_mut(*name).filter(|inner| holds(inner)) {
            let before = out.len();
            unwrap(inner.take(), names, depth + 1, out);
            if out.len() > before {
                return;
            }
        }
    }
    // `{"id-1": {…}, "id-2": {…}}`
    let has_text = |value: &Value| value.as_object().is_some_and(|object| article::has_text(object, names));
    let by_key = object.len() > 1 && object.values().all(has_text);
    if by_key {
        for (key, mut value) in object {
            if let Some(inner) = value.as_object_mut() {
                inner.entry("id").or_insert(Value::String(key));
            }
            out.push(value);
        }
        return;
    }
    out.push(Value::Object(object));
}

/// Under which names an object holds a list of articles.
const LISTS: &[&str] = &[
    "articles",
    "items",
    "docs",
    "documents",
    "results",
    "stories",
    "news",
    "entries",
    "posts",
    "records",
    "rows",
    "hits",
    "data",
    "response",
    "content",
    "contents",
    "list",
    "value",
    "result",
    "@graph",
    "feed",
    "channel",
    "item",
    "corpus",
];

/// Makes a value of the bytes of one object.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, String> {
    let error = match serde_json::from_slice(bytes) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    let text = encoding::decode(bytes).text;
    let decoded = if std::str::from_utf8(bytes).is_err() { serde_json::from_str(&text).ok() } else { None };
    decoded
        .or_else(|| mend::mended(&text).and_then(|text| serde_json::from_str(&text).ok()))
        .ok_or_else(|| reason(&error))
}

/// What is wrong with JSON, for people who do not write programs.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let what = text.split_once(" at line ").map_or(text.as_str(), |(what, _)| what);
    let what = match what {
        what if error.is_eof() => what.replace("EOF while parsing", "it ends in the middle of"),
        "recursion limit exceeded" => "it is nested too deeply".to_owned(),
        what => what.to_owned(),
    };
    match (error.line(), error.column()) {
        (0, _) => what,
        (1, column) => format!("{what} (at byte {column})"),
        (line, column) => format!("{what} (at byte {column} of its line {line})"),
    }
}

/// The encoding of an object that is not in UTF-8.
pub(super) fn guessed_encoding(bytes: &[u8]) -> Option<String> {
    if std::str::from_utf8(bytes).is_ok() { None } else { encoding::decode(bytes).encoding }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: &[&str]) {
        let (mut out, mut skips) = (Vec::new(), Vec::new());
        let result = read_pieces(
            &mut json.as_bytes(),
            "a.json",
            &Names::default(),
            None,
            &mut |article| {
                out.push(format!("{} {}", article.member.unwrap_or("-".to_owned()), article.text));
                Flow::Continue
            },
            &mut |skip| skips.push(skip),
        );
        skips.extend(result.err());
        out.extend(skips.into_iter().map(|skip| format!("{}! {}", skip.member.unwrap_or_default(), skip.reason)));
        assert_eq!(out, expected, "{json}");
    }

    #[test]
    fn one_object_a_list_or_a_list_in_an_object() {
        check(r#"{"title":"t","text":"a"}"#, &["- a"]);
        check(r#"[{"text":"a"},{"text":"b"}]"#, &["0 a", "1 b"]);
        check(r#"{"status":"ok","articles":[{"text":"a"},{"text":"b"}]}"#, &["0 a", "1 b"]);
        check(r#"{"response":{"docs":[{"text":"a"},{"text":"b"}]}}"#, &["0 a", "1 b"]);
        check(r#"{"hits":{"hits":[{"_id":"1","_source":{"text":"a"}},{"_source":{"text":"b"}}]}}"#, &["0 a", "1 b"]);
        check(r#"{"x":{"text":"a"},"y":{"text":"b"}}"#, &["0 a", "1 b"]);
        check("{\"text\":\"a\"}\n{\n\"text\":\"b\"}", &["0 a", "1 b"]);
        check(r#"{"articles":[{"text":"a"}]}"#, &["- a"]);
    }

    #[test]
    fn a_bad_object_is_skipped_alone() {
        check(
            r#"[{"text":"a"},{"text":},{"text":"c"}]"#,
            &["0 a", "2 c", "item 1! is not valid JSON: expected value (at byte 9)"],
        );
        check(
            r#"[{"text":"a"},{"title":"b"},7,"x"]"#,
            &["0 a", "item 1! has no text", "item 2! is no object", "item 3! is no object"],
        );
        check(r#"{"title":"only"}"#, &["! has no text"]);
        check(r#"{"id":"x","text":"The story"#, &["! is not valid JSON: the file ends in the middle of it"]);
        check(r#"[{"text":"a"},{"text":"b"#, &["0 a", "item 1! is not valid JSON: the file ends in the middle of it"]);
        check("[]", &["! holds no articles"]);
        let deep = format!("[{{\"text\":\"a\",\"x\":{}{}}}]", "[".repeat(200), "]".repeat(200));
        check(&deep, &["item 0! is not valid JSON: it is nested too deeply (at byte 143)"]);
    }

    #[test]
    fn what_begins_like_json() {
        for (head, expected) in [
            ("{\"a\"", true),
            ("\u{feff} {\n\"a\"", true),
            ("[\n{ \"a\"", true),
            ("[]", true),
            ("{}", true),
            ("{", true),
            ("[Reuters] says", false),
            ("{curly} words", false),
            ("words", false),
            ("", false),
            ("[1, 2]", false),
        ] {
            assert_eq!(begins_like_json(head.as_bytes()), expected, "{head}");
        }
    }
}
