//! NITF, the News Industry Text Format: one article a file, with what its newspaper or agency says of it in `docdata`.
//!
//! Other agency formats carry their text as NITF as well: [`article`] reads it from their trees.

use super::xml::{self, Element};
use super::{File, Flow, Format, Skip, agency, language_code, prose};
use crate::article::Article;
use crate::text::Span;

/// The most second headlines. More than three are hardly ever printed.
const MOST_SUBTITLES: usize = 5;

/// The most bylines, and the most persons in each.
const MOST_BYLINES: usize = 50;

/// An article in NITF.
pub(super) struct Nitf;

impl Format for Nitf {
    fn name(&self) -> &'static str {
        "nitf"
    }

    fn description(&self) -> &'static str {
        "NITF, the XML of newspapers and news agencies"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["nitf"]
    }

    fn recognise(&self, head: &[u8], _name: &str) -> u8 {
        if xml::root(head).is_some_and(|root| root.eq_ignore_ascii_case("nitf")) { 95 } else { 0 }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        agency::read(file, &|_, depth| depth == 0, &|root| vec![whole(root)], take, skip)
    }
}

/// The article of a file.
fn whole(root: &Element) -> Result<Article, String> {
    let mut article = article(root);
    if article.text.is_empty() {
        return Err(agency::NO_TEXT.to_owned());
    }
    agency::finish(&mut article, None);
    Ok(article)
}

/// The article in the tree of `nitf`, before what is not prose is marked. Its text may be empty.
pub(super) fn article(nitf: &Element) -> Article {
    let data = nitf.at(&["head", "docdata"]);
    let publication = nitf.at(&["head", "pubdata"]);
    let head = nitf.at(&["body", "body.head"]);
    let of = |element: Option<&Element>, name: &str| Some(element?.attribute(name)?.to_owned());
    let norm = |name: &str| data?.at(&[name])?.attribute("norm");
    let headline = |level: &str| head?.find(level)?.text();
    let source = source(nitf);
    let story_date = head.and_then(|head| head.find("story.date"));
    let text = text(nitf);
    let mut article = Article {
        id: of(data.and_then(|data| data.at(&["doc-id"])), "id-string"),
        title: headline("hl1").or_else(|| nitf.text_at(&["head", "title"])),
        authors: head.map(|head| authors(head, source.as_deref())).unwrap_or_default(),
        section: section(nitf),
        language: language(nitf),
        url: of(publication, "ex-ref").filter(|url| url.starts_with("http")),
        published: agency::published([
            publication.and_then(|publication| publication.attribute("date.publication")),
            norm("date.issue"),
            norm("date.release"),
            story_date.and_then(|date| date.attribute("norm")),
        ]),
        dateline: head.and_then(|head| dateline(head.at(&["dateline"])?)).as_deref().and_then(agency::filed_from),
        source,
        text,
        ..Article::default()
    };
    let mut subtitles: Vec<String> = head
        .map(|head| head.every("hl2").into_iter().take(MOST_SUBTITLES).filter_map(Element::text).collect())
        .unwrap_or_default();
    if article.text.is_empty() {
        // Some alerts are a headline and an abstract.
        article.text = head.and_then(|head| head.find("abstract")).map(prose::text).unwrap_or_default();
    }
    if article.text.is_empty() {
        return article;
    }
    while let Some(subtitle) = subtitles.pop() {
        agency::prepend(&mut article, Some(subtitle));
    }
    if let Some(tagline) = nitf.at(&["body", "body.end", "tagline"]).map(prose::text).filter(|text| !text.is_empty()) {
        let start = article.text.len() + 2;
        article.text.push_str("\n\n");
        article.text.push_str(&tagline);
        article.furniture.push(Span::new(start, start + tagline.len()));
    }
    article
}

/// The prose. Where an archive repeats the first paragraphs in a block of their own, only the block with all of it counts.
fn text(nitf: &Element) -> String {
    let Some(content) = nitf.at(&["body", "body.content"]).or_else(|| nitf.find("body.content")) else {
        return String::new();
    };
    let all = content.all("block").find(|block| block.attribute("class") == Some("full_text"));
    prose::text(all.unwrap_or(content))
}

/// The writers: persons in the byline, or the names that it is made of without what they are (`byttl`).
fn authors(head: &Element, source: Option<&str>) -> Vec<String> {
    let bylines: Vec<&Element> = head.all("byline").take(MOST_BYLINES).collect();
    let spelt: Vec<&Element> =
        bylines.iter().copied().filter(|byline| byline.attribute("class") != Some("normalized_byline")).collect();
    let mut names = Vec::new();
    for byline in if spelt.is_empty() { bylines } else { spelt } {
        let persons = byline.every("person");
        let mut found: Vec<String> = persons.into_iter().take(MOST_BYLINES).filter_map(Element::text).collect();
        if found.is_empty() {
            found = agency::authors(&outside(byline, "byttl"), source);
        }
        found.retain(|name| !names.contains(name));
        names.append(&mut found);
    }
    names
}

/// The characters of an element outside of the elements with this name.
fn outside(element: &Element, name: &str) -> String {
    let parts = element.children.iter().map(|node| match node {
        xml::Node::Text(text) => text.clone(),
        xml::Node::Element(inner) if inner.local() == name => " ".to_owned(),
        xml::Node::Element(inner) => inner.raw_text(),
    });
    xml::one_line(&parts.collect::<String>()).unwrap_or_default()
}

/// The place and, where it is in words, the day of a dateline.
fn dateline(element: &Element) -> Option<String> {
    let place = match element.at(&["location"]) {
        Some(location) => xml::one_line(&location.raw_text().replace(" ,", ","))?,
        None => outside(element, "story.date"),
    };
    let place = place.trim_matches([',', ' ', '.']).to_owned();
    let day = element.text_at(&["story.date"]).filter(|day| day.starts_with(char::is_alphabetic));
    let dated = day.filter(|_| !place.is_empty()).map(|day| format!("{place}, {day}"));
    // A day that cannot be read leaves the place.
    dated.filter(|line| agency::filed_from(line).is_some()).or(Some(place).filter(|place| !place.is_empty()))
}

/// The newspaper, or else the agency.
fn source(nitf: &Element) -> Option<String> {
    let named = |path: &[&str], name: &str| Some(nitf.at(path)?.attribute(name)?.to_owned());
    named(&["head", "pubdata"], "name")
        .or_else(|| nitf.text_at(&["body", "body.head", "distributor"]))
        .or_else(|| nitf.text_at(&["body", "body.head", "rights", "rights.owner"]))
        .or_else(|| named(&["head", "docdata", "doc.copyright"], "holder"))
        .or_else(|| named(&["head", "docdata", "doc-id"], "regsrc"))
}

/// The section of the newspaper, or the subject.
fn section(nitf: &Element) -> Option<String> {
    let head = nitf.at(&["head"])?;
    let named = |name: &str| {
        let mut found = head.all("meta").filter(|meta| meta.attribute("name") == Some(name));
        found.find_map(|meta| meta.attribute("content")).map(str::to_owned)
    };
    let position = head.at(&["pubdata"]).and_then(|pubdata| pubdata.attribute("position.section"));
    let subjects: Vec<&Element> = head.every("tobject.subject");
    // `POL:POLITICS` is a code of the agency before the word.
    let of = |name: &str| subjects.iter().find_map(|subject| subject.attribute(name)).map(str::to_owned);
    position
        .map(str::to_owned)
        // Newspapers number their parts: `A`, `B1`.
        .filter(|position| position.chars().count() > 2)
        .or_else(|| named("online_sections"))
        .or_else(|| named("dsk"))
        .or_else(|| of("tobject.subject.type"))
        .or_else(|| of("tobject.subject.matter"))
        .or_else(|| {
            agency::section_of(subjects.iter().filter_map(|subject| subject.attribute("tobject.subject.refnum")))
        })
}

fn language(nitf: &Element) -> Option<String> {
    let body = nitf.at(&["body"]);
    let content = nitf.at(&["body", "body.content"]);
    let paragraph = content.and_then(|content| content.find("p"));
    let declared = [Some(nitf), body, content, paragraph].into_iter().flatten();
    let mut declared =
        declared.filter_map(|element| element.attribute("lang").or_else(|| element.attribute("baselang")));
    declared.find_map(language_code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(xml: &str, expected: &[&str]) {
        assert_eq!(agency::shown(&Nitf, xml.as_bytes()), expected, "{xml}");
    }

    #[test]
    fn fields_of_an_article() {
        check(
            "<nitf xml:lang='en-GB'><head><title>Other</title>\
             <tobject><tobject.subject tobject.subject.refnum='15054000'/></tobject>\
             <docdata><doc-id id-string='n.1'/><date.issue norm='20150220T135142+0000'/>\
             <doc.copyright holder='Northgate Press'/></docdata></head>\
             <body><body.head><hedline><hl1>Rain in Leeds</hl1><hl2>A wet week ahead</hl2></hedline>\
             <byline>By <person>Ann Lee</person><byttl>Weather Editor</byttl></byline>\
             <dateline><location><city>Leeds</city>, <country>England</country></location></dateline></body.head>\
             <body.content><media><media-caption>A quay.</media-caption></media><p>It rained.</p></body.content>\
             <body.end><tagline>Bo Ray helped.</tagline></body.end></body></nitf>",
            &["id n.1 | title Rain in Leeds | by Ann Lee | source Northgate Press | section sport | language en-GB | \
               on 2015-02-20 | from Leeds | text A wet week ahead//It rained.//Bo Ray helped."],
        );
    }

    #[test]
    fn a_newspaper_counts_for_more_than_an_agency() {
        check(
            "<nitf><head><meta name='dsk' content='Metro'/>\
             <pubdata name='The Leeds Post' date.publication='20040102T000000' position.section='2'/>\
             <docdata><date.issue norm='20040101'/></docdata></head><body><body.head>\
             <byline class='print_byline'>By BOB RAYNER</byline><byline class='normalized_byline'>Rayner, Bob</byline>\
             <distributor>NP</distributor></body.head>\
             <body.content><block class='lead_paragraph'><p>One.</p></block>\
             <block class='full_text'><p>One.</p><p>Two.</p></block></body.content></body></nitf>",
            &["by Bob Rayner | source The Leeds Post | section Metro | on 2004-01-02 | text One.//Two."],
        );
    }

    #[test]
    fn what_is_damaged_or_empty() {
        check(
            "<nitf><body><body.content><p>Rain</p><p>fell",
            &["text Rain//fell", "! is no well-formed XML; what comes before the fault was read"],
        );
        check("<nitf><head><title>Rain</title></head><body/></nitf>", &["! has no text"]);
        check("<nitf/>", &["! has no text"]);
        check("", &["! holds no articles"]);
        check(
            "<!DOCTYPE nitf [<!ENTITY a 'boom'><!ENTITY b '&a;&a;'>]><nitf><body><body.content><p>x &b;</p>\
             </body.content></body></nitf>",
            &["text x &b;"],
        );
        let deep = format!("<nitf><body><body.content>{}x", "<block>".repeat(50_000));
        assert_eq!(agency::shown(&Nitf, deep.as_bytes()).first().map(String::as_str), Some("text x"));
    }

    #[test]
    fn it_is_known_by_its_root() {
        for (head, expected) in
            [(&b"<?xml version='1.0'?><!DOCTYPE nitf SYSTEM 'x'><nitf>"[..], 95), (b"<html><nitf>", 0), (b"nitf", 0)]
        {
            assert_eq!(Nitf.recognise(head, "a.xml"), expected);
        }
    }
}
