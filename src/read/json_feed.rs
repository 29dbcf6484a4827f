//! JSON Feed, 1.0 and 1.1: known by the address of its version, which stands at the beginning.

use super::feed::{self, Entry, Feed};
use super::html::fragment;
use super::{File, Flow, Format, Skip, ending, json};
use crate::article::Article;
use serde_json::Value;

/// A feed in JSON.
pub struct JsonFeed;

/// The address of every version begins so.
const VERSION: &[u8] = b"jsonfeed.org/version/";

impl Format for JsonFeed {
    fn name(&self) -> &'static str {
        "json-feed"
    }

    fn description(&self) -> &'static str {
        "JSON Feed: one article an item"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["json", "feed"]
    }

    fn recognise(&self, head: &[u8], name: &str) -> u8 {
        let is_lines = ending(name).is_some_and(|ending| matches!(ending.as_ref(), "jsonl" | "ndjson" | "jl"));
        if is_lines || !json::begins_like_json(head) {
            return 0;
        }
        // Slashes are escaped by some.
        let head: Vec<u8> = head.iter().copied().filter(|byte| !matches!(byte, b'\\' | 0)).collect();
        let version = head.windows(VERSION.len()).position(|window| window == VERSION);
        let key = version.and_then(|at| head.get(..at)).is_some_and(|before| {
            let before = String::from_utf8_lossy(before);
            let before = before.trim_end_matches("www.").trim_end_matches("https://").trim_end_matches("http://");
            let before = before.trim_end_matches(['"', ' ', ':', '\n', '\r', '\t']);
            before.ends_with("version")
        });
        if key { 97 } else { 0 }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        let path = file.path;
        let (bytes, cut) = file.bytes()?;
        if cut {
            let reason = format!("is one JSON value of more than {} MB", super::LARGEST_SINGLE >> 20);
            return Err(Skip::file(path, reason));
        }
        let encoding = json::guessed_encoding(&bytes);
        let (root, items) = match json::parse(&bytes) {
            Ok(Value::Object(mut root)) => match root.remove("items") {
                Some(Value::Array(items)) => (Value::Object(root), items.into_iter().map(Ok).collect()),
                _ => (Value::Null, Vec::new()),
            },
            Ok(_) => (Value::Null, Vec::new()),
            Err(reason) => mended(&bytes).ok_or_else(|| Skip::file(path, invalid(&reason)))?,
        };
        drop(bytes);
        if items.is_empty() {
            return Err(Skip::file(path, "holds no articles"));
        }
        let feed = Feed { title: line(&root, "title"), language: language(&root), authors: authors(&root) };
        for (at, item) in items.into_iter().enumerate() {
            let item = match item {
                Ok(item) => item,
                Err(reason) => {
                    skip(Skip::member(path, format!("item {}", at + 1), reason));
                    continue;
                }
            };
            let Some(mut article) = feed::article(entry(&item), &feed, at + 1, path) else {
                skip(feed::without_text(path, at + 1));
                continue;
            };
            article.encoding.clone_from(&encoding);
            if take(article) == Flow::Stop {
                break;
            }
        }
        Ok(())
    }
}

fn invalid(reason: &str) -> String {
    format!("is not valid JSON: {reason}")
}

/// A feed and its items.
type Items = (Value, Vec<Result<Value, String>>);

/// The items of a feed that is not valid as a whole, each read by itself, and what stands before them; none where there
/// are none.
fn mended(bytes: &[u8]) -> Option<Items> {
    let key = b"\"items\"";
    let start = bytes.windows(key.len()).position(|window| window == key)?;
    let (before, rest) = bytes.split_at(start);
    let root = json::parse(&[before, b"\"items\":[]}"].concat()).ok()?;
    let mut list = rest.get(rest.iter().position(|byte| *byte == b'[')?..)?;
    let mut pieces = json::Pieces::new(&mut list);
    let mut items = Vec::new();
    while let Ok(Some(piece)) = pieces.next() {
        match piece.map(json::parse) {
            Ok(item) => items.push(item.map_err(|reason| invalid(&reason))),
            // What is no object comes after the list.
            Err(reason) if reason == NO_OBJECT => break,
            Err(reason) => items.push(Err(reason)),
        }
    }
    (!items.is_empty()).then_some((root, items))
}

/// What is said of something between objects.
const NO_OBJECT: &str = "is no object";

/// What an item says.
fn entry(item: &Value) -> Entry {
    let html = text(item, "content_html").map(|html| fragment::text(&html));
    let plain = text(item, "content_text").map(|plain| plain.trim().to_owned());
    let guid = text(item, "id");
    let url = ["url", "external_url"].iter().find_map(|key| feed::url(&text(item, key)?));
    Entry {
        title: line(item, "title"),
        content: html.filter(|text| !text.is_empty()).or(plain),
        summary: text(item, "summary").map(|summary| feed::prose(&summary)),
        authors: authors(item),
        section: item.get("tags").and_then(|tags| tags.as_array()?.iter().find_map(|tag| feed::line(tag.as_str()?))),
        language: language(item),
        url: url.or_else(|| guid.as_deref().and_then(feed::url)),
        published: feed::published([text(item, "date_published")])
            .or_else(|| feed::changed(text(item, "date_modified"))),
        guid,
        source: None,
    }
}

/// A string, or a number as one; none where there is nothing in it.
fn text(object: &Value, key: &str) -> Option<String> {
    let text = match object.get(key)? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}

fn line(object: &Value, key: &str) -> Option<String> {
    feed::line(&text(object, key)?)
}

fn language(object: &Value) -> Option<String> {
    feed::language(&text(object, "language")?)
}

/// The authors by version 1.1, else the one of version 1.
fn authors(object: &Value) -> Vec<String> {
    let several = object.get("authors").and_then(Value::as_array).into_iter().flatten();
    let mut names = Vec::new();
    for author in several {
        feed::add(&mut names, text(author, "name").map(|name| feed::names(&name)).unwrap_or_default());
    }
    if names.is_empty() {
        let name = object.get("author").and_then(|author| text(author, "name"));
        names = name.map(|name| feed::names(&name)).unwrap_or_default();
    }
    names
}

#[cfg(test)]
mod tests {
    use super::super::around::{Around, Budget};
    use super::*;

    /// What comes of a feed: what articles say, then reasons for skips.
    fn check(json: &str, expected: &[&str]) {
        let (mut out, mut skips) = (Vec::new(), Vec::new());
        let result = super::super::read(
            "a.json",
            &mut json.as_bytes(),
            Around::new(&Budget::default()),
            &mut |article| {
                let published = article.published.map(|published| published.value).unwrap_or_default();
                out.push(format!(
                    "{} {} | {} | {} | {published} | {}",
                    article.member.unwrap_or_default(),
                    article.title.unwrap_or_default(),
                    article.text.replace('\n', "/"),
                    article.authors.join(", "),
                    article.source.unwrap_or_default()
                ));
                Flow::Continue
            },
            &mut |skip| skips.push(skip),
        );
        skips.extend(result.err());
        out.extend(skips.into_iter().map(|skip| format!("{}! {}", skip.member.unwrap_or_default(), skip.reason)));
        assert_eq!(out, expected, "{json}");
    }

    fn feed(items: &str) -> String {
        format!(r#"{{"version": "https:\/\/jsonfeed.org\/version\/1.1", "title": "T", "items": {items}}}"#)
    }

    #[test]
    fn items() {
        check(
            &feed(
                r#"[{"id": 7, "title": "One &#8211; 1", "content_html": "<p>Text.</p><p>More.</p>", "content_text": "Text",
                    "date_published": "2024-06-19T23:30:00-05:00", "authors": [{"name": "Ana Ruiz"}, {"url": "x"}]},
                   {"content_text": "Plain.\n\nMore.", "author": {"name": "Bo Li"}}, {"summary": "Short."},
                   {"title": "None"}, 7]"#,
            ),
            &[
                "7 One – 1 | Text.//More. | Ana Ruiz | 2024-06-19 | T",
                "2  | Plain.//More. | Bo Li |  | T",
                "3  | Short. |  |  | T",
                "item 4! has no text",
                "item 5! has no text",
            ],
        );
    }

    #[test]
    fn damaged_feeds() {
        check(&feed("[]"), &["! holds no articles"]);
        check(&feed("{}"), &["! holds no articles"]);
        check(
            &feed(r#"[{"content_text": "One."}, {"content_text": }, {"content_text": "Three."}], "x": "y""#),
            &["1  | One. |  |  | T", "3  | Three. |  |  | T", "item 2! is not valid JSON: expected value (at byte 18)"],
        );
        check(
            &feed(r#"[{"content_text": "One."}, {"content_text": "Tw"#),
            &["1  | One. |  |  | T", "item 2! is not valid JSON: the file ends in the middle of it"],
        );
        check(
            r#"{"version": "https://jsonfeed.org/version/1", "title": "#,
            &["! is not valid JSON: it ends in the middle of a value (at byte 55)"],
        );
    }

    #[test]
    fn what_is_no_feed() {
        for (head, expected) in [
            (r#"{"version":"https://jsonfeed.org/version/1""#, 97),
            (r#"{ "version" : "http://www.jsonfeed.org/version/1.1""#, 97),
            (r#"{"text":"about https://jsonfeed.org/version/1"}"#, 0),
            (r#"{"version":"1","text":"a"}"#, 0),
        ] {
            assert_eq!(JsonFeed.recognise(head.as_bytes(), "a.json"), expected, "{head}");
        }
    }
}
