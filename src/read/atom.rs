//! Atom feeds, 1.0 and 0.3, those of agencies that extend it too, and single entries.

use super::feed::{self, Entry, Feed};
use super::html::fragment;
use super::xml::{self, Element};
use super::{File, Flow, Format, Skip, encoding};
use crate::article::Article;

/// An Atom feed.
pub struct Atom;

impl Format for Atom {
    fn name(&self) -> &'static str {
        "atom"
    }

    fn description(&self) -> &'static str {
        "Atom feeds: one article an entry"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["atom", "xml"]
    }

    fn recognise(&self, head: &[u8], _name: &str) -> u8 {
        let root = xml::root(head);
        if !matches!(root.as_deref(), Some("feed" | "entry")) {
            return 0;
        }
        let head = encoding::decode(head).text;
        let namespaces = ["http://www.w3.org/2005/Atom", "http://purl.org/atom/ns"];
        let is_atom = namespaces.iter().any(|namespace| head.contains(namespace));
        if is_atom || (root.as_deref() == Some("feed") && head.contains("<entry")) { 95 } else { 0 }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        let path = file.path;
        let (decoded, cut) = xml::text_of(file)?;
        let mut feed = Feed { language: language_of_root(&decoded.text), ..Feed::default() };
        let mut drafts = 0usize;
        let mut number = 0;
        let wanted = |name: &str, depth: usize| match depth {
            0 => name == "entry",
            1 => matches!(name, "entry" | "title" | "author"),
            _ => false,
        };
        let whole = xml::each(&decoded.text, &wanted, &mut |element| {
            match element.local() {
                "title" if feed.title.is_none() => feed.title = title(&element),
                "author" => feed::add(&mut feed.authors, name(&element)),
                "entry" => {
                    number += 1;
                    if is_unpublished(&element) {
                        drafts += 1;
                        return true;
                    }
                    return match feed::article(entry(&element), &feed, number, path) {
                        Some(mut article) => {
                            article.encoding.clone_from(&decoded.encoding);
                            take(article) == Flow::Continue
                        }
                        None => {
                            skip(feed::without_text(path, number));
                            true
                        }
                    };
                }
                _ => {}
            }
            true
        });
        match drafts {
            0 => {}
            1 => skip(Skip::file(path, "1 entry is a draft, comment or setting")),
            _ => skip(Skip::file(path, format!("{drafts} entries are drafts, comments or settings"))),
        }
        feed::close(path, number > 0, whole, cut, skip)
    }
}

/// The language that the root element names.
fn language_of_root(text: &str) -> Option<String> {
    let start = ["<feed", "<entry"].iter().filter_map(|name| text.find(name)).min()?;
    let tag = text.get(start..)?.split_once('>')?.0;
    let root = xml::parse(&format!("{}/>", tag.trim_end_matches('/')))?;
    root.attribute("lang").and_then(feed::language)
}

/// What an entry says.
fn entry(entry: &Element) -> Entry {
    let text = |name: &str| entry.at(&[name]).and_then(Element::text);
    let guid = text("id");
    let mut authors = Vec::new();
    for author in entry.all("author") {
        feed::add(&mut authors, name(author));
    }
    let origin = entry.at(&["source"]);
    if authors.is_empty() {
        authors = origin.and_then(|origin| origin.at(&["author"])).map(name).unwrap_or_default();
    }
    let extended = entry.at(&["ContentMetadata"]);
    let management = entry.at(&["NewsManagement"]);
    let published = |names: &[&str]| feed::published(names.iter().map(|name| text(name)));
    Entry {
        title: entry.at(&["title"]).and_then(title),
        content: longer(entry.at(&["content"]).and_then(content), extended.and_then(body)),
        summary: entry.at(&["summary"]).and_then(content),
        authors,
        source: origin.and_then(|origin| origin.at(&["title"])).and_then(title),
        section: section(entry),
        language: [extended, entry.at(&["content"]), Some(entry)]
            .into_iter()
            .flatten()
            .find_map(|element| element.attribute("lang").and_then(feed::language)),
        url: address(entry).or_else(|| guid.as_deref().and_then(feed::url)),
        published: published(&["published", "issued", "created"])
            .or_else(|| feed::published([management?.text_at(&["published"])]))
            .or_else(|| feed::changed(text("updated").or_else(|| text("modified")))),
        guid,
    }
}

/// Whether an entry of an export is a draft, or no article at all.
fn is_unpublished(entry: &Element) -> bool {
    let is_draft = entry.at(&["control", "draft"]).and_then(Element::text).is_some_and(|draft| draft == "yes");
    // Exports of Blogger keep comments, settings and the template as entries.
    let mut kinds =
        entry.all("category").filter(|category| is_kind(category)).filter_map(|kind| kind.attribute("term"));
    is_draft || kinds.any(|kind| !kind.ends_with("#post") && !kind.ends_with("#page"))
}

/// Whether a category says what kind of entry it is, rather than what it is about.
fn is_kind(category: &Element) -> bool {
    category.attribute("scheme").is_some_and(|scheme| scheme.ends_with("#kind"))
}

fn title(element: &Element) -> Option<String> {
    feed::line(&feed::markup(element))
}

fn name(author: &Element) -> Vec<String> {
    author.text_at(&["name"]).map(|name| feed::names(&name)).unwrap_or_default()
}

/// The text of a `content` or `summary`, whatever its type.
fn content(element: &Element) -> Option<String> {
    let kind = element.attribute("type").unwrap_or("text");
    if ["image/", "audio/", "video/", "application/octet-stream", "application/pdf"]
        .iter()
        .any(|of| kind.starts_with(of))
    {
        return None;
    }
    let html = feed::markup(element);
    let is_tree = element.elements().next().is_some();
    Some(if is_tree { fragment::text(&html) } else { feed::prose(&html) }).filter(|text| !text.is_empty())
}

/// The text that an agency gives beside the entry: its first line and what follows.
fn body(metadata: &Element) -> Option<String> {
    let parts = ["first_line", "body"].iter().filter_map(|name| metadata.at(&[name]).and_then(content));
    let text = parts.collect::<Vec<_>>().join("\n\n");
    (!text.is_empty()).then_some(text)
}

fn longer(one: Option<String>, other: Option<String>) -> Option<String> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if other.len() > one.len() { other } else { one }),
        (one, other) => one.or(other),
    }
}

/// The first category by its label, or its term.
fn section(entry: &Element) -> Option<String> {
    let mut categories = entry.all("category").filter(|category| !is_kind(category));
    categories.find_map(|category| {
        let name = category.attribute("label").or_else(|| category.attribute("term"));
        feed::line(name.unwrap_or(&category.raw_text()))
    })
}

/// The address of the page of an entry; that of the entry itself where there is no other.
fn address(entry: &Element) -> Option<String> {
    let of = |relation: &str| {
        let mut links = entry.all("link").filter(|link| link.attribute("rel").unwrap_or("alternate") == relation);
        links.find_map(|link| link.attribute("href").and_then(feed::url))
    };
    entry
        .at(&["origLink"])
        .and_then(Element::text)
        .and_then(|link| feed::url(&link))
        .or_else(|| of("alternate"))
        .or_else(|| of("self"))
}

#[cfg(test)]
mod tests {
    use super::super::around::{Around, Budget};
    use super::*;

    /// What comes of a feed: what articles say, then reasons for skips.
    fn check(entries: &str, expected: &[&str]) {
        let feed = format!(
            "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en-GB'><title>T</title>\
             <author><name>Desk</name></author>{entries}"
        );
        let (mut out, mut skips) = (Vec::new(), Vec::new());
        let result = super::super::read(
            "a.xml",
            &mut feed.as_bytes(),
            Around::new(&Budget::default()),
            &mut |article| {
                assert_eq!(article.source.as_deref(), Some("T"));
                let published = article.published.map(|published| published.value).unwrap_or_default();
                out.push(format!(
                    "{} | {} | {} | {published} | {} | {}",
                    article.title.unwrap_or_default(),
                    article.text.replace('\n', "/"),
                    article.authors.join(", "),
                    article.url.unwrap_or_default(),
                    article.language.unwrap_or_default()
                ));
                Flow::Continue
            },
            &mut |skip| skips.push(skip),
        );
        skips.extend(result.err());
        out.extend(skips.into_iter().map(|skip| format!("{}! {}", skip.member.unwrap_or_default(), skip.reason)));
        assert_eq!(out, expected, "{feed}");
    }

    #[test]
    fn entries_of_every_type() {
        check(
            "<entry><title type='html'>One &amp;amp; &lt;b&gt;two&lt;/b&gt;</title><id>tag:a.example,2024:1</id>\
             <updated>2024-06-20T01:00:00Z</updated><published>2024-06-19T23:30:00-05:00</published>\
             <link rel='edit' href='https://a.example/edit'/><link href='https://a.example/1'/>\
             <content type='html'>&lt;p&gt;Text.&lt;/p&gt;&lt;p&gt;More.&lt;/p&gt;</content><summary>Short</summary>\
             <author><name>Ana Ruiz</name><email>a@a.example</email></author></entry>\
             <entry xml:lang='fr'><updated>2024-06-20T01:00:00Z</updated><content type='xhtml'>\
             <div xmlns='x'><p>Un.</p><p>Deux.</p></div></content></entry>\
             <entry><summary>Only short.</summary></entry>\
             <entry><title>None</title><content type='image/png'>aGVsbG8=</content></entry></feed>",
            &[
                "One & two | Text.//More. | Ana Ruiz | 2024-06-19 | https://a.example/1 | en-GB",
                " | Un.//Deux. | Desk | 2024-06-20 |  | fr",
                " | Only short. | Desk |  |  | en-GB",
                "item 4! has no text",
            ],
        );
    }

    #[test]
    fn exports() {
        check(
            "<entry><category scheme='http://schemas.google.com/g/2005#kind' term='x#comment'/><content>No.</content></entry>\
             <entry><control xmlns='app'><draft>yes</draft></control><content>No.</content></entry>\
             <entry><category scheme='a#kind' term='x#post'/><content>Yes.</content></entry></feed>",
            &[" | Yes. | Desk |  |  | en-GB", "! 2 entries are drafts, comments or settings"],
        );
    }

    #[test]
    fn damaged_feeds() {
        check("", &["! holds no articles"]);
        check("</feed>", &["! holds no articles"]);
        check(
            "<entry><content>One.</content></entry><entry><content>Two",
            &[
                " | One. | Desk |  |  | en-GB",
                " | Two | Desk |  |  | en-GB",
                "! ends in the middle; what comes before was read",
            ],
        );
    }

    #[test]
    fn what_is_not_atom() {
        for (head, expected) in [
            (&b"<feed xmlns='http://purl.org/atom/ns#'>"[..], 95),
            (b"<feed><entry>", 95),
            (b"<feed><product>", 0),
            (b"<entry>", 0),
            (b"feed", 0),
        ] {
            assert_eq!(Atom.recognise(head, "a.xml"), expected, "{head:?}");
        }
    }
}
