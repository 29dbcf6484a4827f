//! How a file is known to be a web page.

use super::{Page, article};
use crate::article::Article;
use crate::read::{File, Flow, Format, Skip, encoding};

/// A saved web page.
pub struct Html;

/// How sure it is at most: pages that are something else besides, scans for example, are for those who know it.
const SURE: u8 = 80;

impl Format for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn description(&self) -> &'static str {
        "Web pages: the article, without what stands around it"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["html", "htm", "xhtml", "shtml", "mhtm", "asp", "aspx", "php", "cfm", "jsp"]
    }

    fn recognise(&self, head: &[u8], name: &str) -> u8 {
        let decoded;
        let mut text = head;
        if encoding::is_wide(head) {
            decoded = encoding::decode(head).text;
            text = decoded.as_bytes();
        }
        let named = self.is_named(name);
        let sure = sure(text, named);
        if sure > 0 && encoding::is_binary(head).is_some() { 0 } else { sure }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        _skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        let (bytes, cut) = file.bytes()?;
        let page = Page { bytes: &bytes, charset: None, url: None, path: file.path };
        let mut article = article(&page).map_err(|reason| Skip::file(file.path, reason))?;
        article.truncated |= cut;
        take(article);
        Ok(())
    }
}

/// Elements with which pages begin that have lost their beginning, or never had one.
const BEGINNINGS: &[&str] = &[
    "title",
    "meta",
    "link",
    "script",
    "style",
    "base",
    "body",
    "head",
    "div",
    "p",
    "table",
    "center",
    "h1",
    "h2",
    "h3",
    "article",
    "section",
    "main",
    "header",
    "font",
    "hr",
    "br",
    "ul",
    "ol",
    "blockquote",
    "noscript",
    "img",
    "a",
    "b",
    "span",
    "i",
    "strong",
    "em",
    "pre",
    "frameset",
    "nav",
    "form",
    "iframe",
    "basefont",
    "dl",
];

/// How sure it is that a text is a page.
fn sure(text: &[u8], named: bool) -> u8 {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let Some(text) = after_preamble(text) else {
        // The comment or declaration is longer than what is seen of the file.
        return if named { 50 } else { 0 };
    };
    if !named && !text.starts_with(b"<") {
        return 0;
    }
    let lower = text.get(..text.len().min(2000)).unwrap_or(text).to_ascii_lowercase();
    let begins = |opening: &[u8]| {
        lower.strip_prefix(opening).is_some_and(|rest| {
            rest.first().is_none_or(|next| !next.is_ascii_alphanumeric() && *next != b'-' && *next != b':')
        })
    };
    if begins(b"<!doctype html") || begins(b"<html") || begins(b"<!doctype xhtml") {
        return SURE;
    }
    let element = lower.strip_prefix(b"<").unwrap_or(&[]);
    let end = element.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(element.len());
    let element = element.get(..end).filter(|_| !matches!(element.get(end), Some(b'-' | b':')));
    let opening = BEGINNINGS.iter().find(|name| element == Some(name.as_bytes()));
    match opening {
        Some(&"head" | &"body" | &"title" | &"meta" | &"base") if named => SURE,
        Some(&"head" | &"body") => 70,
        // A piece of a page under another name: several of its elements, ended as HTML has it.
        Some(_) if named => 70,
        Some(_) => {
            let ends = [&b"</p>"[..], b"</div>", b"</h1>", b"</h2>", b"</title>", b"</a>", b"</td>", b"<br", b"<p>"];
            let count = ends.iter().filter(|end| lower.windows(end.len()).any(|window| window == **end)).count();
            if count >= 2 { 40 } else { 0 }
        }
        // Words before the first tag, as some servers had it.
        None if named && !lower.starts_with(b"<?xml") && !lower.starts_with(b"{") => {
            let has = |wanted: &[u8]| lower.windows(wanted.len()).any(|window| window == wanted);
            if has(b"<html") || has(b"<body") || has(b"</p>") || has(b"<p>") || has(b"<br") { 60 } else { 0 }
        }
        None => 0,
    }
}

/// What follows blanks, comments, declarations of XML and styles of it; none where they do not end.
fn after_preamble(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text.trim_ascii_start();
    loop {
        let end: &[u8] = match rest {
            [b'<', b'!', b'-', b'-', ..] => b"-->",
            [b'<', b'?', ..] => b"?>",
            _ => return Some(rest),
        };
        let at = rest.windows(end.len()).position(|window| window == end)?;
        rest = rest.get(at + end.len()..)?.trim_ascii_start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_known_by_their_content() {
        for (head, name, expected) in [
            ("<!DOCTYPE html><html>", "a.txt", 80),
            ("\u{feff}\n<!-- saved from url=(0014)about:internet -->\n<HTML>", "a", 80),
            ("<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0'>", "a.xhtml", 80),
            ("<?xml version='1.0'?>\n<rss><channel>", "a.html", 0),
            ("<?xml version='1.0'?>\n<nitf>", "a.xml", 0),
            ("<title>T</title><p>x", "a.htm", 80),
            ("<div><p>x</p></div>", "a.html", 70),
            ("<div><p>x</p></div>", "a.txt", 40),
            ("<p> is how a paragraph begins", "a.txt", 0),
            ("<doc><title>x</title><p>y</p></doc>", "a", 0),
            ("Plain <p>text", "a.html", 60),
            ("Plain text", "a.html", 0),
            ("<header-x>", "a.html", 0),
            ("<!-- endless", "a.html", 50),
            ("<!-- endless", "a.txt", 0),
            ("", "a.html", 0),
        ] {
            assert_eq!(Html.recognise(head.as_bytes(), name), expected, "{head}");
        }
    }
}
