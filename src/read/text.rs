//! Plain text: one article a file, its headline in the first line or nowhere.

use super::layout::{self, headline};
use super::{File, Flow, Format, Skip, encoding, foreign};
use crate::article::Article;
use crate::text::Span;

/// Plain text.
pub struct Text;

impl Format for Text {
    fn name(&self) -> &'static str {
        "text"
    }

    fn description(&self) -> &'static str {
        "Plain text in any encoding, one article a file"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["txt", "text"]
    }

    fn recognise(&self, head: &[u8], name: &str) -> u8 {
        if foreign::recognise(head, name).is_some() {
            return 0;
        }
        if self.is_named(name) { 20 } else { 10 }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        _skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        let (bytes, cut) = file.bytes()?;
        let mut article = article(&bytes, file.path).ok_or_else(|| Skip::file(file.path, "empty"))?;
        article.truncated |= cut;
        drop(bytes);
        take(article);
        Ok(())
    }
}

/// The article in the bytes of a file; none where there is nothing but white space.
fn article(bytes: &[u8], path: &str) -> Option<Article> {
    let decoded = encoding::decode(bytes);
    let mut text =
        if memchr::memchr(b'\r', decoded.text.as_bytes()).is_some() { one_break(&decoded.text) } else { decoded.text };
    if text.trim_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}').is_empty() {
        return None;
    }
    let found = headline::find(&text);
    let mut furniture = Vec::new();
    if found.title.is_some() {
        // A number above the headline goes with it; a day or a running head stays.
        let mut body = String::with_capacity(text.len());
        for line in &found.before {
            let words = line.of(&text);
            if words.contains(char::is_whitespace) {
                furniture.push(Span::new(body.len(), body.len() + words.len()));
                body.push_str(words);
                body.push('\n');
            }
        }
        body.push_str(text.get(found.lines.end..).unwrap_or("").trim_start_matches('\n'));
        text = body;
    }
    let mut article = Article {
        path: path.to_owned(),
        title: found.title,
        text,
        furniture,
        encoding: decoded.encoding,
        ..Article::default()
    };
    super::cut(&mut article);
    layout::mark(&mut article);
    Some(article)
}

/// Every kind of line break made `\n`.
fn one_break(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\r') {
        out.push_str(rest.get(..at).unwrap_or(""));
        out.push('\n');
        rest = rest.get(at + 1..).unwrap_or("");
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], title: Option<&str>, text: &str) {
        let article = article(bytes, "a.txt").expect("there is text");
        assert_eq!((article.title.as_deref(), article.text.as_str()), (title, text));
    }

    #[test]
    fn title_and_text() {
        check(b"Title here\r\n\r\nText one.\r\n\r\nText two.\r\n", Some("Title here"), "Text one.\n\nText two.\n");
        check(b"Title here\r\rText one.\rText two.", Some("Title here"), "Text one.\nText two.");
        check(b"17\nTitle here\n\n    Text one.\n", Some("Title here"), "    Text one.\n");
        check(
            b"Published: 3 May 1994\n\nTitle here\n\nText one.\n",
            Some("Title here"),
            "Published: 3 May 1994\nText one.\n",
        );
        check(b"Just a sentence.", None, "Just a sentence.");
        check(b"\xef\xbb\xbfTitle here\n\nH\xe9di and \xc3\xa9tude.", Some("Title here"), "H\u{e9}di and \u{e9}tude.");
    }

    #[test]
    fn nothing_in_it() {
        for bytes in [&b""[..], b" \n\t\r\n ", b"\xef\xbb\xbf", b"\0\0\0", b"\x1a"] {
            assert!(article(bytes, "a.txt").is_none(), "{bytes:?}");
        }
    }

    #[test]
    fn endless_texts_are_cut_at_a_character() {
        let long = article("é".repeat(super::super::LONGEST_TEXT / 2 + 10).as_bytes(), "a.txt").expect("there is text");
        assert!(long.truncated && long.text.len() == super::super::LONGEST_TEXT);
    }
}
