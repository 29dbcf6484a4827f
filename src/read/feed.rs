//! What feeds have in common: an entry of RSS, Atom or JSON Feed becomes an article in the same way.

use super::html::fragment;
use super::xml::{self, Element, Node};
use super::{Skip, language_code, layout};
use crate::article::{Article, Confidence, Provenance, Published};
use crate::when::written;

/// What a feed says of itself.
#[derive(Debug, Default)]
pub(super) struct Feed {
    pub(super) title: Option<String>,
    pub(super) language: Option<String>,
    /// Stand in where an entry names nobody.
    pub(super) authors: Vec<String>,
}

/// One entry as its feed has it, text already without markup.
#[derive(Debug, Default)]
pub(super) struct Entry {
    pub(super) guid: Option<String>,
    pub(super) title: Option<String>,
    pub(super) content: Option<String>,
    /// Stands in where there is no content, or where it says more.
    pub(super) summary: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) source: Option<String>,
    pub(super) section: Option<String>,
    pub(super) language: Option<String>,
    pub(super) url: Option<String>,
    pub(super) published: Option<Published>,
}

/// How much more than its title and the name of its site the line can hold that closes an entry: `The post … appeared
/// first on …` and its like in other languages, measured on some dozens of them.
const CLOSING_WORDS: usize = 60;

/// The longest guid that is an id.
const LONGEST_GUID: usize = 250;

/// Names of accounts that stand where an author should.
const ACCOUNTS: &[&str] = &["admin", "administrator", "webmaster", "editor", "root", "wordpress", "unknown", "noreply"];

/// The article of an entry, the `number`th of its feed; none where it has no text.
pub(super) fn article(entry: Entry, feed: &Feed, number: usize, path: &str) -> Option<Article> {
    let content = entry.content.filter(|text| !text.is_empty());
    let summary = entry.summary.filter(|text| !text.is_empty());
    let mut text = match (content, summary) {
        (Some(content), Some(summary)) if summary.len() > content.len() => summary,
        (content, summary) => content.or(summary)?,
    };
    let source = entry.source.or_else(|| feed.title.clone());
    if let (Some(title), Some(source)) = (&entry.title, &source) {
        without_closing_line(&mut text, title, source);
    }
    // The number of an entry changes whenever a feed goes on, so a guid of any kind is the better name.
    let (id, member) = match entry.guid {
        Some(guid) if is_unique(&guid) => (Some(guid), number.to_string()),
        Some(guid) if guid.len() <= LONGEST_GUID => (None, guid),
        _ => (None, number.to_string()),
    };
    let mut article = Article {
        id,
        path: path.to_owned(),
        member: Some(member),
        title: entry.title,
        text,
        authors: entry.authors,
        source,
        section: entry.section,
        language: entry.language.or_else(|| feed.language.clone()),
        url: entry.url,
        published: entry.published,
        ..Article::default()
    };
    super::cut(&mut article);
    layout::mark(&mut article);
    if article.authors.is_empty() {
        article.authors.clone_from(&feed.authors);
    }
    Some(article)
}

/// Takes away a last paragraph that says nothing but title and site.
fn without_closing_line(text: &mut String, title: &str, source: &str) {
    let Some(at) = text.rfind("\n\n") else { return };
    let last = text.get(at..).unwrap_or("").trim();
    if last.len() <= title.len() + source.len() + CLOSING_WORDS && last.contains(title) && last.contains(source) {
        text.truncate(at);
    }
}

/// Whether a guid names the entry in the whole world, rather than in its own feed only.
fn is_unique(guid: &str) -> bool {
    if guid.len() > LONGEST_GUID || guid.contains(char::is_whitespace) {
        return false;
    }
    let address = guid.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
    address.is_some_and(|(_, path)| !path.is_empty())
        || guid.starts_with("urn:")
        || guid.starts_with("tag:")
        || guid.bytes().filter(u8::is_ascii_hexdigit).count() >= 32
}

/// An entry without text.
pub(super) fn without_text(path: &str, number: usize) -> Skip {
    Skip::member(path, format!("item {number}"), "has no text")
}

/// The text of a field that may be HTML or not.
pub(super) fn prose(field: &str) -> String {
    let has_tags = |text: &str| fragment::is_html(text) || text.contains("</") || text.contains("<!--");
    if has_tags(field) {
        return fragment::text(field);
    }
    let text = paragraphs(&xml::unescape(field));
    // Escaped once more than it should be.
    if fragment::is_html(&text) && !field.contains('<') { fragment::text(&xml::unescape(field)) } else { text }
}

/// Plain text with its lines joined to paragraphs; a blank line ends one.
pub(super) fn paragraphs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open = false;
    for line in text.lines() {
        if line.trim().is_empty() {
            open = false;
            continue;
        }
        for word in line.split_whitespace() {
            match (open, out.is_empty()) {
                (true, _) => out.push(' '),
                (false, false) => out.push_str("\n\n"),
                (false, true) => {}
            }
            open = true;
            out.push_str(word);
        }
    }
    out
}

/// A field of one line that may be HTML or not.
pub(super) fn line(field: &str) -> Option<String> {
    xml::one_line(&prose(field))
}

/// The names of writers in a field, without addresses and without accounts that nobody has as a name.
pub(super) fn names(field: &str) -> Vec<String> {
    let Some(field) = line_of_names(field) else { return Vec::new() };
    let mut names = layout::names(&field);
    names.retain(|name| {
        !name.contains('@') && !ACCOUNTS.contains(&name.to_lowercase().as_str()) && !name.contains("://")
    });
    names
}

/// `Jane Doe <jane@paper.example>` without the address.
fn line_of_names(field: &str) -> Option<String> {
    let field = field.trim();
    let name = field.split_once('<').filter(|(_, rest)| rest.contains('@')).map_or(field, |(name, _)| name);
    line(name)
}

/// The most authors of one entry. Each name is compared with all before it.
const MOST_AUTHORS: usize = 100;

/// Adds names that are not there yet.
pub(super) fn add(authors: &mut Vec<String>, names: Vec<String>) {
    for name in names {
        if authors.len() < MOST_AUTHORS && !authors.contains(&name) {
            authors.push(name);
        }
    }
}

/// An address of the web.
pub(super) fn url(field: &str) -> Option<String> {
    let field = field.trim();
    let is_address = (field.starts_with("http://") || field.starts_with("https://")) && !field.contains(' ');
    is_address.then(|| field.to_owned())
}

/// The language that a feed names.
pub(super) fn language(field: &str) -> Option<String> {
    language_code(field)
}

/// The first field that is a day of publication.
pub(super) fn published(fields: impl IntoIterator<Item = Option<String>>) -> Option<Published> {
    fields.into_iter().flatten().find_map(|field| Some(written(&field)?.published(Provenance::Metadata)))
}

/// The day of the last change, where there is none of publication.
pub(super) fn changed(field: Option<String>) -> Option<Published> {
    Some(Published { confidence: Confidence::Medium, ..published([field])? })
}

/// What is in an element as HTML: characters as they are where it is escaped, tags written out where it is not.
pub(super) fn markup(element: &Element) -> String {
    if element.elements().next().is_none() {
        return element.raw_text();
    }
    let mut out = String::new();
    write(element, &mut out);
    out
}

fn write(element: &Element, out: &mut String) {
    for node in &element.children {
        match node {
            Node::Text(text) => {
                for c in text.chars() {
                    match c {
                        '<' => out.push_str("&lt;"),
                        '&' => out.push_str("&amp;"),
                        c => out.push(c),
                    }
                }
            }
            Node::Element(inner) => {
                // Attributes say nothing to a reader of the text.
                let name = inner.local();
                out.extend(["<", name, ">"]);
                write(inner, out);
                if !matches!(name, "br" | "hr" | "img") {
                    out.extend(["</", name, ">"]);
                }
            }
        }
    }
}

/// What is left to say at the end of a feed.
pub(super) fn close(path: &str, any: bool, whole: bool, cut: bool, skip: &mut dyn FnMut(Skip)) -> Result<(), Skip> {
    let fault = match (cut, whole) {
        (true, _) => Some(format!("is longer than {} MB", super::LARGEST_SINGLE >> 20)),
        (_, false) => Some("ends in the middle".to_owned()),
        _ => None,
    };
    match fault {
        Some(fault) if any => skip(Skip::file(path, format!("{fault}; what comes before was read"))),
        Some(fault) => return Err(Skip::file(path, fault)),
        None if !any => return Err(Skip::file(path, "holds no articles")),
        None => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_with_and_without_markup() {
        for (field, expected) in [
            ("<p>One &amp; two.</p>\n<p>Three.</p>", "One & two.\n\nThree."),
            ("One &#8211; two\n  goes on.\n\n  Three.", "One – two goes on.\n\nThree."),
            ("&lt;p&gt;Twice escaped.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;", "Twice escaped.\n\nTwo."),
            ("a < b > c", "a < b > c"),
            ("<small>Small</small>", "Small"),
            (" \n ", ""),
        ] {
            assert_eq!(prose(field), expected, "{field}");
        }
    }

    #[test]
    fn markup_that_is_not_escaped() {
        let element =
            xml::parse("<c><h:div xmlns:h='x'><h:p class='a'>One<h:br/>two &amp;lt; three.</h:p>Four</h:div></c>")
                .expect("there is a root");
        assert_eq!(fragment::text(&markup(&element)), "One\ntwo &lt; three.\n\nFour");
    }

    #[test]
    fn names_are_names() {
        for (field, expected) in [
            ("news@paper.example (Ana Ruiz)", &["Ana Ruiz"][..]),
            ("news@paper.example", &[]),
            ("Ana Ruiz <ana@paper.example>", &["Ana Ruiz"]),
            ("Ana Ruiz and Bo Li", &["Ana Ruiz", "Bo Li"]),
            ("By Ana Ruiz", &["Ana Ruiz"]),
            ("admin", &[]),
            ("info@paper.example (info@paper.example)", &[]),
            ("", &[]),
        ] {
            assert_eq!(names(field), expected, "{field}");
        }
    }

    #[test]
    fn guids_that_are_ids() {
        for (guid, expected) in [
            ("https://paper.example/news/1", true),
            ("http://paper.example/?p=216", true),
            ("http://paper.example/", false),
            ("urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a", true),
            ("tag:paper.example,2008:1", true),
            ("1225c695-cfb8-4ebb-aaaa-80da344efa6a", true),
            ("17", false),
            ("A title of many words", false),
        ] {
            assert_eq!(is_unique(guid), expected, "{guid}");
        }
    }

    #[test]
    fn a_closing_line_goes() {
        for (last, kept) in [
            ("The post Storm hits Leeds appeared first on Leeds Observer.", false),
            ("Der Beitrag Storm hits Leeds erschien zuerst auf Leeds Observer.", false),
            (
                "Storm hits Leeds was the headline of the Leeds Observer on that day, and many a reader wondered whether it was.",
                true,
            ),
            ("Leeds Observer", true),
        ] {
            let mut text = format!("The text.\n\n{last}");
            without_closing_line(&mut text, "Storm hits Leeds", "Leeds Observer");
            assert_eq!(text.contains(last), kept, "{last}");
        }
    }
}
