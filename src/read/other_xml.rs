//! XML of a kind that no other reader knows: read where it has what every article has, a headline and a text, under the
//! names that anybody would give them.
//!
//! 1. [`articles`] looks for elements that stand one after the other under one name and are articles each; else the whole
//!    is one.
//! 2. [`fields`] takes what is in an element as an object of named fields, so that its names mean what they mean in JSON.

use super::fields::Names;
use super::xml::{self, Element};
use super::{File, Flow, Format, Skip, agency, foreign, json, prose};
use crate::article::Article;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The most that is made a tree, in bytes. The tree takes several times as much.
const LARGEST: usize = 16 << 20;

/// Into how many elements within each other a list of articles may be wrapped.
const WRAPPERS: usize = 3;

/// How many fields of an article are looked at. Articles have ten or twenty.
const MOST_FIELDS: usize = 200;

/// The most writers of an article.
const MOST_WRITERS: usize = 50;

/// The shortest text that makes an article, in bytes: a sentence. What is shorter is a caption or a setting.
const SHORTEST: usize = 40;

/// Roots that hold something else, whatever the names in it.
const NO_ARTICLES: &[&str] = &["svg", "stylesheet", "transform", "schema", "plist", "kml", "gpx", "project", "html"];

/// Names of what holds the prose of an article.
const BODIES: &[&str] = &["body", "text", "content", "story", "fulltext", "articlebody", "maintext", "bodytext"];

/// XML of an unknown kind.
pub(super) struct OtherXml;

impl Format for OtherXml {
    fn name(&self) -> &'static str {
        "xml"
    }

    fn description(&self) -> &'static str {
        "Any other XML with headlines and texts under their usual names"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["xml"]
    }

    fn recognise(&self, head: &[u8], name: &str) -> u8 {
        let begins = |opening: &[u8]| {
            let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
            start.get(..opening.len()).is_some_and(|start| start.eq_ignore_ascii_case(opening))
        };
        let named = super::ending(name).is_some_and(|ending| ending == "xml");
        let sure = match xml::root(head) {
            Some(root) if root.eq_ignore_ascii_case("html") => 0,
            // Above plain text, below all that knows what it reads.
            Some(_) if named || begins(b"<?xml") || begins(b"<!doctype") => 25,
            None if begins(b"<?xml") => 25,
            _ => 0,
        };
        let other = || foreign::recognise(head, name).is_some_and(|format| format != "XML");
        if sure > 0 && other() { 0 } else { sure }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        let path = file.path;
        let (origin, text) = agency::open_with(file, xml::decode)?;
        let root = xml::root(text.get(..text.floor_char_boundary(LARGEST.min(64 << 10))).unwrap_or("").as_bytes());
        let Some(root) = root else { return Err(Skip::file(path, "XML without an element")) };
        let unknown = format!("XML of an unknown kind (root element `{root}`)");
        if text.len() > LARGEST {
            return Err(Skip::file(path, format!("{unknown} of more than {} MB", LARGEST >> 20)));
        }
        let found = if NO_ARTICLES.contains(&root.to_ascii_lowercase().as_str()) {
            Vec::new()
        } else {
            xml::parse(&text).map(|root| articles(&root)).unwrap_or_default()
        };
        if found.is_empty() {
            return Err(Skip::file(path, unknown));
        }
        origin.hand_over(found, take, skip)
    }
}

/// The articles in a tree; none where it has nothing like it.
fn articles(root: &Element) -> Vec<Result<Article, String>> {
    let mut level = vec![root];
    for _ in 0..WRAPPERS {
        for parent in &level {
            let found = list(parent);
            if !found.is_empty() {
                return found;
            }
        }
        level = level.into_iter().flat_map(Element::elements).collect();
    }
    article(root).into_iter().map(Ok).collect()
}

/// The articles that stand one after the other in `parent`: two or more, and at least half of the elements of one name.
fn list(parent: &Element) -> Vec<Result<Article, String>> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for element in parent.elements().filter(|element| element.elements().next().is_some()) {
        *counts.entry(element.local()).or_default() += 1;
    }
    let Some((name, count)) = counts.into_iter().max_by_key(|(_, count)| *count) else { return Vec::new() };
    if count < 2 {
        return Vec::new();
    }
    let found: Vec<Option<Article>> = parent.all(name).map(article).collect();
    let count = found.iter().flatten().count();
    if count < 2 || count * 2 < found.len() {
        return Vec::new();
    }
    found.into_iter().map(|article| article.ok_or_else(|| agency::NO_TEXT.to_owned())).collect()
}

/// The article that an element is; none where it has no title or no text.
fn article(element: &Element) -> Option<Article> {
    let article = json::article_from_json(Value::Object(fields(element)), "", None, &Names::default())?;
    (article.title.is_some() && article.text.len() >= SHORTEST).then_some(article)
}

/// What is in an element by name: the texts of elements without elements, the prose of those with paragraphs, and its own
/// attributes. Of two of one name the one further out counts, except for writers and prose, which are put together.
fn fields(element: &Element) -> Map<String, Value> {
    let mut fields = Map::new();
    let own_id = element.attributes.iter().any(|(name, _)| {
        let name = xml::local(name).to_ascii_lowercase();
        name != "id" && name.ends_with("id")
    });
    for (name, value) in &element.attributes {
        let name = xml::local(name);
        // `id` alone may name the element within its file.
        let inner = name == "id" && own_id;
        if !inner && !value.trim().is_empty() {
            fields.insert(name.to_owned(), Value::String(value.clone()));
        }
    }
    let mut level: Vec<&Element> = element.elements().collect();
    let mut loose = String::new();
    while !level.is_empty() && fields.len() < MOST_FIELDS {
        let mut next = Vec::new();
        for inner in level {
            let name = inner.local();
            let lower = name.to_ascii_lowercase();
            let is_body = BODIES.contains(&lower.as_str());
            let has_paragraphs = inner.elements().any(|part| is_paragraph(part.local()));
            if is_paragraph(name) || has_paragraphs || is_body && inner.elements().next().is_none() {
                let text = if is_paragraph(name) { inner.text().unwrap_or_default() } else { prose::text(inner) };
                if is_body || !is_known(&lower) {
                    if !text.is_empty() {
                        loose.push_str(if loose.is_empty() { "" } else { "\n\n" });
                        loose.push_str(&text);
                    }
                } else {
                    add(&mut fields, name, text);
                }
            } else if inner.elements().next().is_none() {
                let text = inner.text().or_else(|| {
                    let named = ["value", "content", "name", "href"].into_iter();
                    named.filter_map(|name| inner.attribute(name)).next().map(str::to_owned)
                });
                add(&mut fields, name, text.unwrap_or_default());
            } else {
                next.extend(inner.elements());
            }
        }
        level = next;
    }
    // A title beside a headline is that of the page or the file.
    if fields.contains_key("headline") {
        fields.remove("title");
    }
    if !loose.is_empty() {
        fields.insert("text".to_owned(), Value::String(loose));
    }
    fields
}

fn is_paragraph(name: &str) -> bool {
    ["p", "para", "paragraph", "br"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Whether prose under this name is not the text of the article.
fn is_known(lower: &str) -> bool {
    ["abstract", "summary", "description", "standfirst", "lead", "byline", "author", "dateline", "copyright", "rights"]
        .contains(&lower)
}

/// Adds a field; writers are collected.
fn add(fields: &mut Map<String, Value>, name: &str, text: String) {
    if text.is_empty() || fields.len() >= MOST_FIELDS {
        return;
    }
    let writer = ["author", "byline", "creator"].iter().any(|known| name.eq_ignore_ascii_case(known));
    match fields.get_mut(name) {
        None => {
            fields.insert(name.to_owned(), Value::String(text));
        }
        Some(Value::Array(list)) if writer && list.len() >= MOST_WRITERS => {}
        Some(Value::Array(list)) if writer => list.push(Value::String(text)),
        Some(value) if writer => *value = Value::Array(vec![value.take(), Value::String(text)]),
        Some(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(xml: &str, expected: &[&str]) {
        assert_eq!(agency::shown(&OtherXml, xml.as_bytes()), expected, "{xml}");
    }

    const LONG: &str = "Rain fell on Leeds for the whole of the week.";

    #[test]
    fn an_article_under_any_names() {
        check(
            &format!(
                "<newsitem itemid='2286' id='root' date='1996-08-20' xml:lang='en'><title>UK: Rain</title><headline>Rain in Leeds</headline>\
                 <byline>Ann Lee</byline><text><p>{LONG}</p><p>More fell.</p></text><copyright>(c) NP</copyright></newsitem>"
            ),
            &["id 2286 | title Rain in Leeds | by Ann Lee | language en | on 1996-08-20 | \
               text Rain fell on Leeds for the whole of the week.//More fell."],
        );
        check(
            &format!(
                "<TEI><teiHeader><titleStmt><title>Rain</title><author>Ann Lee</author><author>Bo Ray</author></titleStmt>\
                 </teiHeader><text><body><div><p>{LONG}</p></div><div><p>More.</p></div></body></text></TEI>"
            ),
            &["title Rain | by Ann Lee; Bo Ray | text Rain fell on Leeds for the whole of the week.//More."],
        );
    }

    #[test]
    fn articles_one_after_the_other() {
        let article = |title: &str| format!("<story><title>{title}</title><body>{LONG}</body></story>");
        check(
            &format!("<archive><info/><stories>{}{}<story/></stories></archive>", article("A"), article("B")),
            &[
                "member 1 | title A | text Rain fell on Leeds for the whole of the week.",
                "member 2 | title B | text Rain fell on Leeds for the whole of the week.",
                "item 3! has no text",
            ],
        );
    }

    #[test]
    fn what_is_no_article() {
        check(
            "<settings><title>x</title><text>y</text></settings>",
            &["! XML of an unknown kind (root element `settings`)"],
        );
        check(
            &format!("<svg><title>A</title><text>{LONG}</text></svg>"),
            &["! XML of an unknown kind (root element `svg`)"],
        );
        check("<?xml version='1.0'?>", &["! XML without an element"]);
        check("<a", &["! XML of an unknown kind (root element `a`)"]);
        let deep = "<a>".repeat(100_000);
        check(&deep, &["! XML of an unknown kind (root element `a`)"]);
    }

    #[test]
    fn it_comes_last() {
        for (head, name, expected) in [
            (&b"<?xml version='1.0'?><a>"[..], "a.txt", 25),
            (b"<!DOCTYPE a><a>", "a", 25),
            (b"<a>", "a.xml", 25),
            (b"<a>", "a.txt", 0),
            (b"<?xml version='1.0'?><html>", "a.xml", 0),
            (b"<!DOCTYPE html><html>", "a.xml", 0),
            (b"< 5 per cent", "a.xml", 0),
        ] {
            assert_eq!(OtherXml.recognise(head, name), expected, "{name}");
        }
    }
}
