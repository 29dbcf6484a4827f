//! The Reuters news wire of 1987 as text research keeps it: Reuters-21578, a thousand articles a file, in SGML.
//!
//! What the agency sent is read: date, topics, headline, writer, dateline, text. What indexers added later about
//! countries, persons and companies is left alone, for it is an opinion on the text and not a part of it.

use super::layout::{self, headline};
use super::sgml::{self, Document, Part};
use super::{File, Flow, Format, Skip};
use crate::article::{Article, Dateline, Provenance};
use crate::text::Span;
use crate::when::written;

/// What stands where an article of one line has its text.
const PLACEHOLDER: &str = "Blah blah blah.";

/// The longest first line in capitals that is a headline, in bytes: a line of a teleprinter.
const LONGEST_HEADLINE: usize = 80;

/// Reuters-21578.
pub struct Reuters;

impl Format for Reuters {
    fn name(&self) -> &'static str {
        "reuters"
    }

    fn description(&self) -> &'static str {
        "Reuters-21578: many articles a file, in SGML"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["sgm", "sgml"]
    }

    fn recognise(&self, head: &[u8], _name: &str) -> u8 {
        let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        let begins = |text: &[u8], opening: &[u8]| {
            text.get(..opening.len()).is_some_and(|start| start.eq_ignore_ascii_case(opening))
        };
        let is = begins(start, b"<!doctype lewis") || begins(sgml::after_prolog(head), b"<reuters ");
        if is { 100 } else { 0 }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        let make = |document: Document| {
            let mut article = article(&document.text)?;
            article.encoding = document.encoding;
            article.truncated |= document.cut;
            Some(article)
        };
        sgml::read(file, "reuters", "has neither a headline nor a text", &make, take, skip)
    }
}

/// The article in one document; none where it has neither headline nor text.
fn article(document: &str) -> Option<Article> {
    let parts = sgml::parts(document);
    let first = |name: &str| parts.iter().find(|part| part.name.eq_ignore_ascii_case(name));
    let on_line = |name: &str| first(name).map(|part| sgml::line(part.inner)).filter(|line| !line.is_empty());
    let number = |name: &str| first("reuters").and_then(|part| sgml::attribute(part.attributes, name));
    let mut article = Article {
        id: number("newid").or_else(|| number("oldid")),
        title: on_line("title")
            .map(|title| title.trim_matches(['*', ' ']).to_owned())
            .filter(|title| !title.is_empty()),
        authors: on_line("author").map(|author| layout::names(&author)).unwrap_or_default(),
        source: Some("Reuters".to_owned()),
        section: first("topics").and_then(|topics| topic(topics)),
        language: Some("en".to_owned()),
        published: on_line("date").and_then(|date| published(&date)),
        ..Article::default()
    };
    let dateline =
        on_line("dateline").map(|line| line.trim_matches(['*', ' ']).to_owned()).filter(|line| !line.is_empty());
    let body = first("body").map(|body| body.inner).or_else(|| first("text").map(|text| without(text.inner)));
    let body = sgml::paragraphs(without_end(body.unwrap_or("")));
    article.text = match &dateline {
        // What follows the dateline stood on its line, unless it is a table.
        Some(line) if first("dateline").is_some_and(|part| ends_line(part.inner)) => format!("{line}\n\n{body}"),
        // The first words are sometimes in the field too, and then the last of them may go on.
        Some(line) => format!("{line}{}{body}", if is_torn(line) { "" } else { " " }),
        None => body,
    };
    if article.title.is_none() {
        take_headline(&mut article);
    }
    if article.text.trim().is_empty() {
        // A flash is nothing but its headline.
        article.text = article.title.clone()?;
        return Some(article);
    }
    super::cut(&mut article);
    layout::mark(&mut article);
    if let (None, Some(line)) = (&article.dateline, dateline) {
        let found = plainly(&line);
        // The line may have become the headline.
        if let Some(found) = found.as_ref().filter(|_| article.text.starts_with(&line)) {
            article.furniture.retain(|span| span.start >= found.span.end);
            article.furniture.insert(0, found.span);
        }
        article.dateline = found;
    }
    Some(article)
}

/// The first topic, which serves as the section.
fn topic(topics: &Part<'_>) -> Option<String> {
    let found = sgml::parts(topics.inner).into_iter().next().map(|part| sgml::line(part.inner));
    found.filter(|topic| !topic.is_empty())
}

/// The day of `26-FEB-1987 15:01:01.79`; the time is not always one.
fn published(date: &str) -> Option<crate::article::Published> {
    let day = date.split_whitespace().next()?;
    Some(written(day)?.published(Provenance::Metadata))
}

/// What is in the text beside its headline, writer and dateline.
fn without(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let end =
        ["</title>", "</author>", "</dateline>"].iter().filter_map(|tag| Some(lower.rfind(tag)? + tag.len())).max();
    let rest = text.get(end.unwrap_or(0)..).unwrap_or(text);
    if rest.trim_start().starts_with(PLACEHOLDER) { "" } else { rest }
}

/// The text without the name of the agency and the call for more that end it.
fn without_end(text: &str) -> &str {
    let mut text = text.trim_end().trim_end_matches("&#3;").trim_end();
    loop {
        let last = text.rsplit('\n').next().unwrap_or("");
        let word = last.trim().trim_end_matches('.');
        let ends = ["reuter", "reuters", "more"].iter().any(|end| word.eq_ignore_ascii_case(end));
        if !ends {
            return text;
        }
        text = text.get(..text.len() - last.len()).unwrap_or("").trim_end();
    }
}

/// Whether a field ends with a line, so that what follows begins one.
fn ends_line(inner: &str) -> bool {
    inner.trim_end_matches([' ', '\t', '\r']).ends_with('\n')
}

/// Whether a dateline ends in the middle of a word: `ROME, March 2 - The anti-`.
fn is_torn(line: &str) -> bool {
    let dash = line.find(" - ").is_some();
    dash && line.strip_suffix('-').is_some_and(|rest| rest.ends_with(char::is_alphabetic))
}

/// Takes the headline from the text where nothing says which it is.
fn take_headline(article: &mut Article) {
    let found = headline::find(&article.text);
    if found.title.is_some() && found.before.is_empty() {
        article.text = article.text.get(found.lines.end..).unwrap_or("").trim_start().to_owned();
        article.title = found.title;
    } else if let Some((first, rest)) = article.text.split_once('\n')
        && first.len() <= LONGEST_HEADLINE
        && first.chars().any(char::is_alphabetic)
        && !first.chars().any(char::is_lowercase)
    {
        article.title = Some(first.to_owned());
        article.text = rest.trim_start().to_owned();
    }
}

/// The place of a dateline that is unlike others, such as `Caracas, feb 26 -`: what stands before the first comma.
fn plainly(line: &str) -> Option<Dateline> {
    let end = line.find([',', '-']).unwrap_or(line.len());
    let place = line.get(..end)?.trim();
    let fits = !place.is_empty() && place.len() <= 40 && place.starts_with(char::is_uppercase);
    let dash = line.find('-').map_or(line.len(), |at| at + 1);
    let date = line.get(end..dash)?.trim_matches([' ', ',', '-', '.']).rsplit(',').next().unwrap_or("").trim();
    // Nothing but a day tells a place from a name that was put there by mistake.
    let dated = date.contains(|c: char| c.is_ascii_digit());
    (fits && dated).then(|| Dateline {
        place: place.to_owned(),
        also: Vec::new(),
        agency: None,
        date: Some(date.to_owned()),
        span: Span::new(0, dash),
    })
}

#[cfg(test)]
mod tests {
    use super::super::around::{Around, Budget};
    use super::*;

    const HEAD: &str = "<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n";

    /// Number, id, title, text, section, day, place and writers of every article; then the reasons for skips.
    fn check(bytes: &[u8], expected: &[&str]) {
        let budget = Budget::default();
        let mut input = bytes;
        let mut file = File { path: "a.sgm", input: &mut input, around: Around::new(&budget) };
        let (mut out, mut skips) = (Vec::new(), Vec::new());
        let result = Reuters.read(
            &mut file,
            &mut |article| {
                let place = article.dateline.map(|line| format!("{}, {}", line.place, line.date.unwrap_or_default()));
                let parts = [article.member, article.id, article.title, Some(article.text), article.section];
                let more = [article.published.map(|date| date.value), place, article.authors.first().cloned()];
                let all: Vec<String> = parts.into_iter().chain(more).map(Option::unwrap_or_default).collect();
                out.push(all.join("|"));
                Flow::Continue
            },
            &mut |skip| skips.push(skip),
        );
        skips.extend(result.err());
        out.extend(skips.into_iter().map(|skip| format!("{}! {}", skip.member.unwrap_or_default(), skip.reason)));
        assert_eq!(out, expected);
    }

    #[test]
    fn articles_of_all_kinds() {
        let whole = "<REUTERS TOPICS=\"YES\" NEWID=\"7\"><DATE> 3-MAR-1987  09:15:05.40</DATE><TOPICS><D>tin</D><D>zinc</D>\
            </TOPICS><PLACES><D>bolivia</D></PLACES><UNKNOWN>&#5;x</UNKNOWN><TEXT>&#2;<TITLE>TIN &lt;TN> RISES</TITLE>\
            <AUTHOR>    By Ana Ruiz, Reuters</AUTHOR><DATELINE>    LA PAZ, March 3 - </DATELINE><BODY>Tin rose again\n\
            on Tuesday.\n    Zinc fell.\n Reuter\n&#3;</BODY></TEXT></REUTERS>\n";
        let brief = "<REUTERS NEWID=\"8\"><TEXT TYPE=\"BRIEF\">&#2;\n******<TITLE>TIN AT 9 DLRS\n</TITLE>Blah blah blah.\n\
            &#3;\n\n</TEXT></REUTERS>";
        let raw = "<REUTERS NEWID=\"9\"><TEXT TYPE=\"UNPROC\">&#2;\nMETAL PRICES - MARCH 3\n    Close\n Tin.....9\n Zinc....4\n\
            &#3;</TEXT></REUTERS>";
        let table = "<REUTERS NEWID=\"10\"><TEXT><TITLE>TIN CO</TITLE><DATELINE>    Oruro, march 3 -\n    </DATELINE><BODY>\
            Shr 3 cts\n    Net 4\n REUTER\n</BODY></TEXT></REUTERS>";
        check(
            [HEAD, whole, brief, raw, table].concat().as_bytes(),
            &[
                "1|7|TIN <TN> RISES|LA PAZ, March 3 - Tin rose again\non Tuesday.\n\nZinc fell.|tin|1987-03-03|LA PAZ, \
                 March 3|Ana Ruiz",
                "2|8|TIN AT 9 DLRS|TIN AT 9 DLRS||||",
                "3|9|METAL PRICES - MARCH 3|Close\nTin.....9\nZinc....4||||",
                "4|10|TIN CO|Oruro, march 3 -\n\nShr 3 cts\nNet 4|||Oruro, march 3|",
            ],
        );
    }

    #[test]
    fn damaged_files() {
        let one = "<REUTERS NEWID=\"1\"><TEXT><TITLE>A</TITLE><BODY>One";
        let expected = ["1|1|A|One||||", "2|1|A|One||||", "2! the file ends in the middle of it"];
        check([HEAD, one, one].concat().as_bytes(), &expected);
        let untitled =
            "<REUTERS NEWID=\"1\"><TEXT><DATELINE>ORURO, MARCH 3 -\n</DATELINE><BODY>x.</BODY></TEXT></REUTERS>";
        check(untitled.as_bytes(), &["1|1|ORURO, MARCH 3 -|x.|||ORURO, MARCH 3|"]);
        check(b"<REUTERS NEWID=\"1\"></REUTERS>", &["1! has neither a headline nor a text"]);
        check(HEAD.as_bytes(), &["! holds no articles"]);
        check(b"<REUTERS><BODY>caf\xe9 noir</BODY></REUTERS>", &["1|||caf\u{e9} noir||||"]);
    }

    #[test]
    fn known_by_its_first_tag() {
        for (head, expected) in [
            ("<!DOCTYPE lewis SYSTEM \"lewis.dtd\">", 100),
            ("<?xml version=\"1.0\"?>\n<REUTERS NEWID=\"1\">", 100),
            ("<REUTERSX>", 0),
            ("Reuters", 0),
            ("<DOC>", 0),
        ] {
            assert_eq!(Reuters.recognise(head.as_bytes(), "a"), expected, "{head}");
        }
    }
}
