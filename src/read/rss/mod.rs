//! RSS in all its versions: 0.9x and 2.0, 1.0 in RDF, and the export of WordPress, which is RSS with more in it.
//!
//! Items are read one after the other; what the channel says of itself comes before them.

mod wordpress;

use super::feed::{self, Entry, Feed};
use super::html::fragment;
use super::xml::{self, Element};
use super::{File, Flow, Format, Skip, encoding};
use crate::article::Article;
use std::collections::BTreeMap;

/// An RSS feed.
pub struct Rss;

impl Format for Rss {
    fn name(&self) -> &'static str {
        "rss"
    }

    fn description(&self) -> &'static str {
        "RSS feeds of any version and exports of WordPress: one article an item"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["rss", "rdf", "xml"]
    }

    fn recognise(&self, head: &[u8], _name: &str) -> u8 {
        match xml::root(head).as_deref() {
            Some("rss") => 95,
            Some("RDF") => {
                let head = encoding::decode(head).text;
                let is_feed = ["purl.org/rss/", "my.netscape.com/rdf", "channel.netscape.com/rdf"];
                if is_feed.iter().any(|namespace| head.contains(namespace)) { 95 } else { 0 }
            }
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
        let (decoded, cut) = xml::text_of(file)?;
        let mut channel = Channel::default();
        let mut number = 0;
        // In RSS 1.0 items stand beside the channel, elsewhere in it.
        let wanted = |name: &str, depth: usize| match depth {
            1 => name == "item",
            2 => matches!(name, "item" | "title" | "language" | "author"),
            _ => false,
        };
        let whole = xml::each(&decoded.text, &wanted, &mut |element| {
            if element.local() != "item" {
                channel.add(&element);
                return true;
            }
            number += 1;
            if let Some(reason) = wordpress::unpublished(&element) {
                *channel.unpublished.entry(reason).or_default() += 1;
                return true;
            }
            let entry = entry(&element, &channel);
            match feed::article(entry, &channel.feed, number, path) {
                Some(mut article) => {
                    article.encoding.clone_from(&decoded.encoding);
                    take(article) == Flow::Continue
                }
                None => {
                    skip(feed::without_text(path, number));
                    true
                }
            }
        });
        for (reason, count) in channel.unpublished {
            let items = if count == 1 { "1 item is".to_owned() } else { format!("{count} items are") };
            skip(Skip::file(path, format!("{items} {reason}")));
        }
        feed::close(path, number > 0, whole, cut, skip)
    }
}

/// What the channel says, and what was passed over in it.
#[derive(Default)]
struct Channel {
    feed: Feed,
    /// The names of those who have accounts, in an export of WordPress.
    accounts: BTreeMap<String, String>,
    /// How many items were never published, by reason.
    unpublished: BTreeMap<String, usize>,
}

impl Channel {
    fn add(&mut self, element: &Element) {
        let feed = &mut self.feed;
        match element.name.as_str() {
            // Pictures and search boxes have titles too, after that of the channel.
            "title" | "dc:title" if feed.title.is_none() => feed.title = feed::line(&feed::markup(element)),
            "language" | "dc:language" if feed.language.is_none() => {
                feed.language = element.text().and_then(|code| feed::language(&code));
            }
            "wp:author" => self.accounts.extend(wordpress::account(element)),
            _ => {}
        }
    }
}

/// What an item says.
fn entry(item: &Element, channel: &Channel) -> Entry {
    // Where the whole feed is written with a prefix, so are the fields of its items.
    let prefix = item.name.strip_suffix("item").unwrap_or("");
    let own = |name: &str| {
        let mut elements = item.elements();
        elements.find(|element| element.name.strip_prefix(prefix) == Some(name) && !is_empty(element))
    };
    let other = |name: &str| item.elements().find(|element| element.name == name && !is_empty(element));
    let text = |element: Option<&Element>| element.and_then(Element::text);
    let of_wordpress = wordpress::is_export(item);

    let guid = own("guid");
    let permalink = guid.filter(|guid| guid.attribute("isPermaLink") != Some("false"));
    let urls = [text(other("feedburner:origLink")), text(own("link")), text(permalink), about(item)];
    let mut authors = Vec::new();
    for author in item.elements().filter(|element| element.name == "dc:creator") {
        let name = text(Some(author)).unwrap_or_default();
        feed::add(&mut authors, feed::names(channel.accounts.get(&name).unwrap_or(&name)));
    }
    if authors.is_empty() {
        let author = own("author").or_else(|| other("atom:author"));
        let name = author.and_then(|author| author.text_at(&["name"]).or_else(|| author.text()));
        authors = name.map(|name| feed::names(&name)).unwrap_or_default();
    }
    let dates = [
        // The local day, where `pubDate` is that of Greenwich.
        text(other("wp:post_date")).filter(|_| of_wordpress),
        text(own("pubDate")),
        text(own("pubdate")),
        text(other("dc:date")),
        text(other("dcterms:issued")),
        text(other("prism:publicationDate")),
        text(other("atom:published")),
        text(other("dcterms:created")),
        text(own("date")),
    ];
    let changed = ["dcterms:modified", "atom:updated", "a10:updated"].iter().find_map(|name| text(other(name)));
    Entry {
        title: own("title").or_else(|| other("dc:title")).and_then(|title| feed::line(&feed::markup(title))),
        content: content(item, of_wordpress),
        summary: summary(own("description"), item),
        authors,
        source: own("source").and_then(|source| feed::line(&source.raw_text())),
        section: section(item, prefix),
        language: text(other("dc:language")).and_then(|code| feed::language(&code)),
        url: urls.into_iter().flatten().find_map(|address| feed::url(&address)),
        published: feed::published(dates).or_else(|| feed::changed(changed)),
        guid: text(guid).or_else(|| about(item)),
    }
}

/// Whether an element holds nothing, so that the next of its kind counts.
fn is_empty(element: &Element) -> bool {
    element.text().is_none()
}

/// The name of an item of RSS 1.0, which is its address.
fn about(item: &Element) -> Option<String> {
    item.attributes.iter().find(|(key, _)| key == "rdf:about").map(|(_, value)| value.trim().to_owned())
}

/// The full text of an item, under the names that extensions of RSS have for it.
fn content(item: &Element, of_wordpress: bool) -> Option<String> {
    let is_content = |name: &str| match name.rsplit_once(':') {
        Some(("excerpt", _)) => false,
        Some(("media" | "itunes" | "media_rss", _)) => false,
        Some((_, local)) => matches!(local, "encoded" | "full-text" | "fulltext" | "body" | "content"),
        None => matches!(name, "body" | "content" | "fulltext" | "full-text" | "content_encoded"),
    };
    let texts = item.elements().filter(|element| is_content(&element.name)).map(|element| {
        let html = feed::markup(element);
        if of_wordpress { fragment::text(&wordpress::html(&html)) } else { feed::prose(&html) }
    });
    texts.max_by_key(String::len)
}

/// The short text of an item.
fn summary(description: Option<&Element>, item: &Element) -> Option<String> {
    let others = ["itunes:summary", "excerpt:encoded", "atom:summary", "dc:description", "dcterms:abstract"];
    let mut found = description
        .into_iter()
        .chain(others.iter().filter_map(|name| item.elements().find(|element| element.name == *name)));
    found.find_map(|element| Some(feed::prose(&feed::markup(element))).filter(|text| !text.is_empty()))
}

/// The first category; where a site has categories and tags, the first of its categories.
fn section(item: &Element, prefix: &str) -> Option<String> {
    let named = |name: &str| {
        let name = format!("{prefix}{name}");
        item.elements().filter(move |element| element.name == name)
    };
    let is_tag = |element: &&Element| element.attribute("domain") == Some("post_tag");
    let categories = named("category").filter(|category| !is_tag(category) && !wordpress::is_default(category));
    let subjects = item.elements().filter(|element| matches!(element.name.as_str(), "dc:subject" | "prism:section"));
    categories.chain(subjects).find_map(|category| feed::line(&category.raw_text()))
}

#[cfg(test)]
mod tests {
    use super::super::around::{Around, Budget};
    use super::*;

    /// What comes of a feed: what articles say, then reasons for skips.
    fn check(feed: &str, expected: &[&str]) {
        let (mut out, mut skips) = (Vec::new(), Vec::new());
        let result = super::super::read(
            "a.xml",
            &mut feed.as_bytes(),
            Around::new(&Budget::default()),
            &mut |article| {
                let published = article.published.map(|published| published.value).unwrap_or_default();
                out.push(format!(
                    "{} {} | {} | {} | {} | {published} | {}",
                    article.member.unwrap_or_default(),
                    article.id.unwrap_or_default(),
                    article.title.unwrap_or_default(),
                    article.text.replace('\n', "/"),
                    article.authors.join(", "),
                    article.section.unwrap_or_default()
                ));
                Flow::Continue
            },
            &mut |skip| skips.push(skip),
        );
        skips.extend(result.err());
        out.extend(skips.into_iter().map(|skip| format!("{}! {}", skip.member.unwrap_or_default(), skip.reason)));
        assert_eq!(out, expected, "{feed}");
    }

    fn channel(items: &str) -> String {
        format!("<?xml version='1.0'?><rss version='2.0'><channel><title>T</title>{items}</channel></rss>")
    }

    #[test]
    fn items() {
        check(
            &channel(
                "<item><guid>https://a.example/1</guid><title>One &amp;#8211; 1</title><description>Short.</description>\
                 <content:encoded><![CDATA[<p>Long text.</p><p>More.</p>]]></content:encoded>\
                 <dc:creator>Ana Ruiz</dc:creator><pubDate>Wed, 19 Jun 2024 23:30:00 -0500</pubDate>\
                 <category>World</category><category>Asia</category><media:title>M</media:title></item>\
                 <item><guid isPermaLink='false'>17</guid><description>&lt;p&gt;Only short.&lt;/p&gt;</description></item>\
                 <item><title>No text</title><description/></item>",
            ),
            &[
                "1 https://a.example/1 | One – 1 | Long text.//More. | Ana Ruiz | 2024-06-19 | World",
                "17  |  | Only short. |  |  | ",
                "item 3! has no text",
            ],
        );
    }

    #[test]
    fn rdf() {
        check(
            "<rdf:RDF xmlns:rdf='r' xmlns='http://purl.org/rss/1.0/'><channel><title>T</title></channel>\
             <image><title>I</title></image><item rdf:about='https://a.example/1'><title>One</title>\
             <description>Text.</description><dc:date>2003-12-13</dc:date><dc:subject>World</dc:subject></item></rdf:RDF>",
            &["1 https://a.example/1 | One | Text. |  | 2003-12-13 | World"],
        );
    }

    #[test]
    fn damaged_feeds() {
        check(&channel(""), &["! holds no articles"]);
        check(
            "<rss><channel><title>T</title><item><description>One.</description></item><item><description>Two",
            &["1  |  | One. |  |  | ", "2  |  | Two |  |  | ", "! ends in the middle; what comes before was read"],
        );
        check("<rss>", &["! holds no articles"]);
        check(&channel("<item/>"), &["item 1! has no text"]);
        let deep = format!("<item><description>{}x</description></item>", "<b>".repeat(1000));
        check(&channel(&deep), &["1  |  | x |  |  | ", "! ends in the middle; what comes before was read"]);
    }

    #[test]
    fn what_is_not_rss() {
        for head in [&b"<rdf:RDF xmlns:rdf='x'><owl/></rdf:RDF>"[..], b"<feed>", b"<rss", b"rss", b""] {
            assert_eq!(Rss.recognise(head, "a.rss"), if head == b"<rss" { 95 } else { 0 }, "{head:?}");
        }
    }
}
