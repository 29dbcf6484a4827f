//! Web pages, saved or archived, and pieces of HTML in other formats.
//!
//! 1. [`Html`] knows a page by its content.
//! 2. [`decoded`] makes text of it, in the encoding that came with it, or that it names.
//! 3. [`survey`] reads its tags, one after the other: what the page says of itself, and whether a tree of it can be made.
//! 4. [`linked`] reads its JSON-LD, [`about`] makes title, writers, source, section of both, [`address`] where it stands
//!    on the web, [`dates`] the day of publication.
//! 5. [`main_text`] finds the article in the page, where it can; [`fragment`] takes all of its text, where it cannot.

mod about;
mod address;
mod attributes;
mod dates;
pub mod fragment;
mod linked;
mod main_text;
mod recognise;
mod ruby;
mod survey;

pub use recognise::Html;

use super::encoding::{self, Decoded};
use crate::article::Article;
use crate::language;

/// A web page as it was saved or received.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The page itself.
    pub bytes: &'a [u8],
    /// The character encoding that came with it: of an HTTP header, of a part of a mail.
    pub charset: Option<&'a str>,
    /// Where it was found on the web.
    pub url: Option<&'a str>,
    /// The file that holds it, relative to the folder that is indexed.
    pub path: &'a str,
}

/// Of a longer page all text is taken, without looking for the article in it, in bytes. The longest news pages have one
/// or two million.
const LARGEST: usize = 10 << 20;

/// Texts shorter than this, in bytes, may be what a page shows to those who have not paid.
const STUB: usize = 1500;

/// The article of a page; the reason where it has none.
pub fn article(page: &Page<'_>) -> Result<Article, String> {
    let decoded = decoded(page);
    let html = without_toolbar(&decoded.text);
    let html = attributes::limited(&html);
    let html = ruby::without(&html);
    let survey = survey::survey(&html);
    let canonical = survey.canonical.as_deref().or(page.url);
    let linked = linked::read(&survey.linked, canonical);
    let url = address::of(&survey, &linked, page.url);
    let about = about::read(&survey, &linked, url.as_deref());
    let found = if survey.unwieldy || html.len() > LARGEST { None } else { main_text::find(&html) };
    let text = fuller(found, linked.body.clone());
    let text = text.unwrap_or_else(|| fragment::text(&html));
    let text = without_title(text.trim().to_owned(), about.title.as_deref());
    if text.is_empty() {
        return Err("has no text".to_owned());
    }
    // Pages made from a template have its language rather than theirs.
    let spoken = language::identify(&text);
    let language = about.language.filter(|declared| {
        let primary = declared.split('-').next().unwrap_or(declared);
        spoken.is_none_or(|spoken| spoken.eq_ignore_ascii_case(primary))
    });
    let mut article = Article {
        path: page.path.to_owned(),
        title: about.title,
        text,
        authors: about.authors,
        source: about.source,
        section: about.section,
        language,
        url,
        published: dates::published(&survey, &linked),
        encoding: decoded.encoding,
        ..Article::default()
    };
    super::cut(&mut article);
    super::layout::mark(&mut article);
    Ok(article)
}

/// The text that was found in a page, or the one that its JSON-LD holds where the page shows but the beginning.
fn fuller(found: Option<String>, body: Option<String>) -> Option<String> {
    match (found, body) {
        (Some(found), Some(body)) if found.len() < STUB && body.len() > 2 * found.len() => Some(body),
        (found, body) => found.or(body),
    }
}

/// A text without the headline in its first paragraph, where it is known as the title.
fn without_title(text: String, title: Option<&str>) -> String {
    let Some(title) = title else { return text };
    let letters =
        |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect() };
    let first = text.split("\n\n").next().unwrap_or("");
    if first.len() > 4 * title.len() + 40 || letters(first) != letters(title) {
        return text;
    }
    text.get(first.len()..).unwrap_or("").trim_start().to_owned()
}

/// The text of a page, in the encoding that came with it, or that it names at its beginning.
fn decoded(page: &Page<'_>) -> Decoded {
    let head = page.bytes.get(..page.bytes.len().min(encoding::HEAD)).unwrap_or(page.bytes);
    let named = named_in(head);
    let label = page.charset.or(named.as_deref()).or_else(|| encoding::declared_by_xml(head));
    encoding::decode_as(page.bytes, label)
}

/// The encoding that a `<meta>` names: `<meta charset=…>`, `<meta … content="text/html; charset=…">`.
fn named_in(head: &[u8]) -> Option<String> {
    let text: String =
        head.iter().map(|byte| if byte.is_ascii() { byte.to_ascii_lowercase() as char } else { ' ' }).collect();
    text.split("<meta").skip(1).find_map(|tag| {
        let (_, rest) = tag.split('>').next()?.split_once("charset")?;
        let value = rest.trim_start().strip_prefix('=')?.trim_start_matches([' ', '"', '\'']);
        let end = value.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_')).unwrap_or(value.len());
        value.get(..end).filter(|label| !label.is_empty()).map(str::to_owned)
    })
}

/// A page without the bar that an archive of the web puts above it.
fn without_toolbar(html: &str) -> std::borrow::Cow<'_, str> {
    let parts = || {
        let (before, rest) = html.split_once("<!-- BEGIN WAYBACK TOOLBAR INSERT -->")?;
        let (_, after) = rest.split_once("<!-- END WAYBACK TOOLBAR INSERT -->")?;
        Some(format!("{before}{after}"))
    };
    parts().map_or(html.into(), Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(html: &[u8]) -> Result<Article, String> {
        article(&Page { bytes: html, charset: None, url: None, path: "a.html" })
    }

    #[test]
    fn encodings() {
        for (html, text, encoding) in [
            (&b"<meta charset=windows-1251><p>\xcc\xee\xf1\xea\xe2\xe0"[..], "Москва", Some("windows-1251")),
            (b"<META HTTP-EQUIV=Content-Type CONTENT='text/html; charset=koi8-r'><p>\xed\xcf", "Мо", Some("koi8-r")),
            (b"<meta charset=utf-8><p>caf\xc3\xa9", "café", None),
            (b"<meta charset='no such thing'><p>caf\xc3\xa9", "café", None),
        ] {
            let article = page(html).expect("it has text");
            assert_eq!((article.text.as_str(), article.encoding.as_deref()), (text, encoding));
        }
        let with = Page { bytes: b"<meta charset=utf-8><p>caf\xe9", charset: Some("latin1"), url: None, path: "a" };
        assert_eq!(article(&with).expect("it has text").text, "café");
    }

    #[test]
    fn every_page_has_its_text() {
        let stub = "A long sentence that says what happened to whom and where on that day. ".repeat(9);
        let json =
            format!(r#"<script type="application/ld+json">{{"@type":"NewsArticle","articleBody":"{stub}"}}</script>"#);
        for (html, expected) in [
            ("<p>One.<p>Two.".to_owned(), "One.\n\nTwo."),
            ("<font size=2>One.<br><br>Two.</font>".to_owned(), "One.\n\nTwo."),
            (json.clone(), stub.trim()),
            (format!("<h1>T</h1><article><p>Subscribe to read on.</p></article>{json}"), stub.trim()),
            ("<title>T</title><h1>T</h1><p>One.".to_owned(), "One."),
            (format!("{}One.", "<div>".repeat(20_000)), "One."),
            (format!("{}One.", "<font color=red>".repeat(20_000)), "One."),
        ] {
            let article = page(html.as_bytes()).expect("it has text");
            assert_eq!(article.text, expected, "{}", html.get(..60).unwrap_or(&html));
        }
        for html in ["<html>", "<title>T</title>", "<script>x</script>", "<frameset><frame src=a></frameset>", "\0", ""]
        {
            assert_eq!(page(html.as_bytes()), Err("has no text".to_owned()), "{html}");
        }
    }

    #[test]
    fn the_language_must_be_that_of_the_text() {
        let prose = "<p>The rain that fell on the city for the whole of the night has left the streets in the centre of it \
                     under water, and the river is still rising, said the people who live there.</p>";
        let language =
            |code: &str| page(format!("<html lang={code}>{prose}").as_bytes()).expect("it has text").language;
        assert_eq!(language("en-GB").as_deref(), Some("en-GB"));
        assert_eq!(language("fr"), None);
    }
}
