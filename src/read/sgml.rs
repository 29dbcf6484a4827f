//! Collections in SGML: documents one after the other in one file, as text research keeps its newspapers.
//!
//! 1. [`Documents`] cuts a file of any size into its documents, by their outermost tags alone.
//! 2. [`parts`] finds the elements of one document. What is not closed ends where its surroundings end.
//! 3. [`line()`] and [`paragraphs`] make text of what is in an element.
//!
//! No document type is read: the tags are what they look like, and what looks like none is text.

use super::{File, Flow, Skip, encoding, xml};
use crate::article::Article;
use std::io::{self, BufRead, Read};

/// The most bytes that are read of one document.
const LARGEST: usize = super::LARGEST_SINGLE as usize;

/// The longest tag, in bytes. Beyond it, a `<` is a sign of the text.
const LONGEST_TAG: usize = 2000;

/// How many elements may lie within each other; deeper ones are passed over.
const DEEPEST: usize = 32;

/// The most elements of one document that are told apart.
const MOST_PARTS: usize = 20_000;

/// The documents of a file.
pub(super) struct Documents<'a> {
    input: Box<dyn BufRead + 'a>,
    /// The name of the element that is a document, in lower case.
    name: &'static str,
    /// What the file declares to be its encoding.
    label: Option<String>,
    /// The encoding of the whole file where that is not one byte a character.
    wide: Option<String>,
    /// The tag that ended the document before, where it is the next one's first.
    opened: Option<Vec<u8>>,
}

/// One document as text.
pub(super) struct Document {
    /// All of it, from its first tag to the end of its content.
    pub(super) text: String,
    /// The encoding where it is not UTF-8.
    pub(super) encoding: Option<String>,
    /// Whether the file ends in the middle of it.
    pub(super) unfinished: bool,
    /// Whether it was cut at the limit.
    pub(super) cut: bool,
}

impl<'a> Documents<'a> {
    /// The documents in `file` that are elements called `name`, which is in lower case.
    pub(super) fn new(file: &'a mut File<'_>, name: &'static str) -> Result<Documents<'a>, Skip> {
        let path = file.path;
        let failed = |error: io::Error| super::Skip::file(path, format!("cannot be read: {error}"));
        let head = file.input.fill_buf().map_err(failed)?;
        let label = encoding::declared_by_xml(head).map(str::to_owned);
        // In UTF-16 no tag can be found before it is decoded.
        let head = head.get(..head.len().min(encoding::HEAD)).unwrap_or(head);
        if super::encoding::is_wide(head) {
            let decoded = encoding::decode(&file.bytes()?.0);
            let input = Box::new(io::Cursor::new(decoded.text.into_bytes()));
            return Ok(Documents { input, name, label: None, wide: decoded.encoding, opened: None });
        }
        Ok(Documents { input: Box::new(&mut *file.input), name, label, wide: None, opened: None })
    }

    /// The next document; none at the end of the file.
    pub(super) fn next(&mut self) -> io::Result<Option<Document>> {
        let mut bytes = self.opened.take();
        let mut cut = false;
        let mut piece = Vec::new();
        loop {
            piece.clear();
            // Every tag ends in `>`, so a tag is always at the end of a piece.
            let count = (&mut self.input).take(LARGEST as u64).read_until(b'>', &mut piece)?;
            let tag = piece.iter().rposition(|byte| *byte == b'<').filter(|_| piece.ends_with(b">"));
            let kind = tag.and_then(|at| piece.get(at + 1..)).map_or(Tag::Other, |tag| self.kind(tag));
            let end = if kind == Tag::Other { piece.len() } else { tag.unwrap_or(piece.len()) };
            if let Some(bytes) = &mut bytes {
                let room = LARGEST.saturating_sub(bytes.len());
                cut |= end > room;
                bytes.extend_from_slice(piece.get(..end.min(room)).unwrap_or(&[]));
            }
            let unfinished = count == 0;
            if kind == Tag::Opens {
                let next = piece.split_off(end);
                match bytes {
                    None => bytes = Some(next),
                    // The tag that ends a document was forgotten.
                    Some(bytes) => {
                        self.opened = Some(next);
                        return Ok(Some(self.document(&bytes, false, cut)));
                    }
                }
            } else if unfinished || kind == Tag::Closes {
                if let Some(bytes) = bytes.take() {
                    return Ok(Some(self.document(&bytes, unfinished, cut)));
                }
                if unfinished {
                    return Ok(None);
                }
            }
        }
    }

    fn document(&self, bytes: &[u8], unfinished: bool, cut: bool) -> Document {
        let decoded = encoding::decode_as(bytes, self.label.as_deref());
        let encoding = self.wide.clone().or(decoded.encoding);
        Document { text: decoded.text, encoding, unfinished, cut }
    }

    fn kind(&self, tag: &[u8]) -> Tag {
        let (kind, tag) = match tag.strip_prefix(b"/") {
            Some(tag) => (Tag::Closes, tag),
            None => (Tag::Opens, tag),
        };
        let named = tag.get(..self.name.len()).is_some_and(|name| name.eq_ignore_ascii_case(self.name.as_bytes()));
        let whole =
            tag.get(self.name.len()).is_some_and(|next| matches!(next, b'>' | b'/') || next.is_ascii_whitespace());
        if named && whole { kind } else { Tag::Other }
    }
}

/// What a tag is to the cutting of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    Opens,
    Closes,
    Other,
}

/// Reads the documents within `element` one by one: `make` makes the article of each, and where it has none the reason
/// is `none`. The number of a document, from 1, is the member.
pub(super) fn read(
    file: &mut File<'_>,
    element: &'static str,
    none: &str,
    make: &dyn Fn(Document) -> Option<Article>,
    take: &mut dyn FnMut(Article) -> Flow,
    skip: &mut dyn FnMut(Skip),
) -> Result<(), Skip> {
    let path = file.path;
    let mut documents = Documents::new(file, element)?;
    let mut number = 0u64;
    loop {
        let next = documents.next().map_err(|error| Skip::file(path, format!("cannot be read: {error}")))?;
        let Some(document) = next else { break };
        number += 1;
        if document.unfinished {
            skip(Skip::member(path, number.to_string(), "the file ends in the middle of it"));
        }
        let Some(mut article) = make(document) else {
            skip(Skip::member(path, number.to_string(), none));
            continue;
        };
        article.path = path.to_owned();
        article.member = Some(number.to_string());
        if take(article) == Flow::Stop {
            return Ok(());
        }
    }
    if number == 0 { Err(Skip::file(path, "holds no articles")) } else { Ok(()) }
}

/// What stands at the beginning of a file before its first element is passed over: declarations, comments.
pub(super) fn after_prolog(head: &[u8]) -> &[u8] {
    let mut rest = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    loop {
        let end: &[u8] = if rest.starts_with(b"<!--") {
            b"-->"
        } else if rest.starts_with(b"<?") || rest.starts_with(b"<!") {
            b">"
        } else {
            return rest;
        };
        let Some(at) = rest.windows(end.len()).position(|window| window == end) else { return rest };
        rest = rest.get(at + end.len()..).unwrap_or(&[]).trim_ascii_start();
    }
}

/// An element of a document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'a> {
    /// The name as written.
    pub(super) name: &'a str,
    /// What stands behind the name in its tag.
    pub(super) attributes: &'a str,
    /// What is in it, with all tags.
    pub(super) inner: &'a str,
}

/// The elements of a document in the order of their tags, those within each other too.
pub(super) fn parts(document: &str) -> Vec<Part<'_>> {
    let mut found: Vec<(Part<'_>, usize)> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let inner = |from: usize, to: usize| document.get(from..to).unwrap_or("");
    for tag in Tags::new(document) {
        if !tag.closes {
            if open.len() < DEEPEST && found.len() < MOST_PARTS {
                open.push(found.len());
                let part = Part { name: tag.name, attributes: tag.attributes, inner: "" };
                found.push((part, tag.end));
            }
            continue;
        }
        let named = |at: &usize| found.get(*at).is_some_and(|(part, _)| part.name.eq_ignore_ascii_case(tag.name));
        let Some(level) = open.iter().rposition(named) else { continue };
        for at in open.drain(level..) {
            if let Some((part, start)) = found.get_mut(at) {
                part.inner = inner(*start, tag.start);
            }
        }
    }
    for at in open {
        if let Some((part, start)) = found.get_mut(at) {
            part.inner = inner(*start, document.len());
        }
    }
    found.into_iter().map(|(part, _)| part).collect()
}

/// The value of an attribute among those of a tag; empty ones count as absent.
pub(super) fn attribute(attributes: &str, name: &str) -> Option<String> {
    let mut rest = attributes;
    while let Some((before, after)) = rest.split_once('=') {
        let key = before.split_whitespace().next_back().unwrap_or("");
        let after = after.trim_start();
        let (value, next) = match after.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            Some(quote) => after.get(1..).unwrap_or("").split_once(quote).unwrap_or((after, "")),
            None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(line(value)).filter(|value| !value.is_empty());
        }
        rest = next;
    }
    None
}

/// What is in an element on one line, without tags.
pub(super) fn line(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut at = 0;
    for tag in Tags::new(inner) {
        out.push_str(inner.get(at..tag.start).unwrap_or(""));
        if parts_lines(tag.name) {
            out.push(' ');
        }
        at = tag.end;
    }
    out.push_str(inner.get(at..).unwrap_or(""));
    resolved(&out).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The paragraphs of an element with a blank line between, without tags.
///
/// A paragraph begins at its tag, after a blank line, and where a line is indented more than the one before. Other lines
/// are kept: they may be wrapped prose or a table.
pub(super) fn paragraphs(inner: &str) -> String {
    let mut marked = String::with_capacity(inner.len());
    let mut at = 0;
    for tag in Tags::new(inner) {
        marked.push_str(inner.get(at..tag.start).unwrap_or(""));
        if parts_lines(tag.name) {
            marked.push_str("\n\n");
        }
        at = tag.end;
    }
    marked.push_str(inner.get(at..).unwrap_or(""));
    let text = resolved(&marked);
    let lines = || text.split('\n').map(|line| line.trim_end_matches(|c: char| c.is_whitespace()));
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let margin = lines().skip(1).filter(|line| !line.is_empty()).map(indent).min().unwrap_or(0);
    let mut out = String::with_capacity(text.len());
    let mut blank = true;
    for line in lines() {
        if line.is_empty() {
            blank = true;
            continue;
        }
        let indented = indent(line) >= margin + INDENTED || line.starts_with('\t');
        if !out.is_empty() {
            out.push_str(if blank || indented { "\n\n" } else { "\n" });
        }
        out.push_str(line.trim_start());
        blank = false;
    }
    out
}

/// Blanks before the first line of a paragraph; tables have one before each of their lines.
const INDENTED: usize = 2;

/// Elements that stand on lines of their own.
fn parts_lines(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    matches!(
        lower.as_str(),
        "p" | "para"
            | "lp"
            | "leadpara"
            | "br"
            | "div"
            | "li"
            | "ul"
            | "ol"
            | "table"
            | "tr"
            | "row"
            | "head"
            | "headline"
            | "title"
            | "ti"
            | "hl"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "text"
            | "turn"
            | "graphic"
            | "caption"
            | "subhead"
            | "doctitle"
            | "summary"
            | "footnote"
    )
}

/// A tag in a text.
struct Found<'a> {
    name: &'a str,
    attributes: &'a str,
    closes: bool,
    start: usize,
    end: usize,
}

/// The tags of a text. Comments and declarations are tags without a name.
struct Tags<'a> {
    text: &'a str,
    at: usize,
    /// Whether a comment without an end was seen, so that none is looked for again.
    no_comments: bool,
    /// Where the next `>` is, so that none is looked for twice.
    close: usize,
}

impl<'a> Tags<'a> {
    fn new(text: &'a str) -> Tags<'a> {
        Tags { text, at: 0, no_comments: false, close: 0 }
    }

    /// The length of the comment that begins at the start of `rest`, which is at `start`, and of a tag otherwise.
    fn length(&mut self, start: usize, rest: &str) -> Option<usize> {
        if rest.starts_with("<!--") && !self.no_comments {
            let end = rest.find("-->").map(|end| end + 3);
            self.no_comments = end.is_none();
            return end;
        }
        if self.close <= start {
            self.close = rest.find('>').map_or(usize::MAX, |end| start + end);
        }
        Some(self.close - start).filter(|end| *end < LONGEST_TAG).map(|end| end + 1)
    }
}

impl<'a> Iterator for Tags<'a> {
    type Item = Found<'a>;

    fn next(&mut self) -> Option<Found<'a>> {
        loop {
            let start = self.at + self.text.get(self.at..)?.find('<')?;
            self.at = start + 1;
            let rest = self.text.get(start..)?;
            let inside = rest.get(1..)?;
            let closes = inside.starts_with('/');
            let body = if closes { inside.get(1..)? } else { inside };
            if !body.starts_with(|c: char| c.is_ascii_alphabetic() || !closes && matches!(c, '!' | '?')) {
                continue;
            }
            let Some(length) = self.length(start, rest) else { continue };
            let content = rest.get(1 + usize::from(closes)..length - 1).unwrap_or("");
            let name_end = content.find(|c: char| c.is_whitespace() || matches!(c, '/' | '<')).unwrap_or(content.len());
            let (mut name, attributes) = content.split_at(name_end);
            if name.starts_with(['!', '?']) {
                name = "";
            }
            // `<` before the tag is over: the first one was a sign of the text.
            if attributes.starts_with('<') {
                continue;
            }
            self.at = start + length;
            return Some(Found { name, attributes, closes: closes || name.is_empty(), start, end: self.at });
        }
    }
}

/// Entities that news wires and research collections have beside those of HTML. The capitals are what typesetters set: to the
/// left, to the right, centred, upper and lower rail.
const ENTITIES: &[(&str, &str)] = &[
    ("hyph", "-"),
    ("blank", " "),
    ("MD", "\u{2014}"),
    ("QL", ""),
    ("QR", ""),
    ("QC", ""),
    ("UR", ""),
    ("LR", ""),
    ("TL", ""),
];

/// The longest name of an entity, in bytes.
const LONGEST_ENTITY: usize = 32;

/// A text with its entities resolved and without control characters; entities that nobody knows stay as they are.
pub(super) fn resolved(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        push(&mut out, rest.get(..at).unwrap_or(""));
        rest = rest.get(at..).unwrap_or("");
        let end = rest.as_bytes().iter().take(LONGEST_ENTITY).position(|byte| *byte == b';');
        let name = end.and_then(|end| rest.get(1..end)).filter(|name| !name.is_empty());
        let known = name.and_then(|name| match name.strip_prefix('#') {
            Some(number) => Some(numbered(number)?),
            None => ENTITIES
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, text)| *text)
                .or_else(|| xml::entity(name))
                .or_else(|| xml::entity(&name.to_ascii_lowercase()))
                .map(str::to_owned),
        });
        match (known, end) {
            (Some(known), Some(end)) => {
                push(&mut out, &known);
                rest = rest.get(end + 1..).unwrap_or("");
            }
            _ => {
                out.push('&');
                rest = rest.get(1..).unwrap_or("");
            }
        }
    }
    push(&mut out, rest);
    out
}

/// Adds text with one kind of line break and without the signs of teleprinters.
fn push(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\r' => {}
            '\u{7f}' | '\u{a0}' => out.push(' '),
            '\n' | '\t' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
}

/// The character with a number; those of Windows where the number has none.
fn numbered(number: &str) -> Option<String> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    if let 0x80..=0x9f = code {
        let byte = [u8::try_from(code).ok()?];
        return Some(encoding::decode_as(&byte, Some("windows-1252")).text);
    }
    char::from_u32(code).map(String::from)
}

#[cfg(test)]
mod tests {
    use super::super::around::{Around, Budget};
    use super::*;

    fn check(bytes: &[u8], expected: &[&str]) {
        let budget = Budget::default();
        let mut input = bytes;
        let mut file = File { path: "a.sgm", input: &mut input, around: Around::new(&budget) };
        let mut documents = Documents::new(&mut file, "doc").expect("memory can be read");
        let mut found = Vec::new();
        while let Some(document) = documents.next().expect("memory can be read") {
            found.push(format!("{}{}", document.text, if document.unfinished { "…" } else { "" }));
        }
        assert_eq!(found, expected);
    }

    #[test]
    fn documents_one_after_the_other() {
        check(b"x <doc>a</DOC>\n<DOC id=1>b</doc> y", &["<doc>a", "<DOC id=1>b"]);
        check(b"<DOC><DOCNO>1</DOCNO><DOC>b</DOC>", &["<DOC><DOCNO>1</DOCNO>", "<DOC>b"]);
        check(b"<DOC>a < b > c</DOC><DOC>b", &["<DOC>a < b > c", "<DOC>b…"]);
        check(b"<DOCS><DOC></DOC></DOCS></DOC>", &["<DOC>"]);
        check(b"", &[]);
        check(b"<DOC>caf\xe9</DOC><DOC>caf\xc3\xa9</DOC>", &["<DOC>caf\u{e9}", "<DOC>caf\u{e9}"]);
        let wide: Vec<u8> = "\u{feff}<DOC>a</DOC>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&wide, &["<DOC>a"]);
    }

    #[test]
    fn elements_closed_or_not() {
        let show = |text: &str| {
            let found = parts(text);
            found.iter().map(|part| format!("{}={}", part.name, part.inner)).collect::<Vec<_>>().join("|")
        };
        assert_eq!(show("<A>1<B>2</B></A><C>3"), "A=1<B>2</B>|B=2|C=3");
        assert_eq!(show("<A>1<B>2</A>3"), "A=1<B>2|B=2");
        assert_eq!(show("1 < 2 <<B>x</B></C>"), "B=x");
        assert_eq!(show("<!-- <A>1</A> --><B x='1'>2</B><!-- <C>"), "B=2|C=");
        assert_eq!(parts(&"<A>".repeat(100_000)).len(), DEEPEST);
        assert_eq!(attribute(" ID=\"a &amp; b\" type = story n='7'", "id").as_deref(), Some("a & b"));
        assert_eq!(attribute(" ID=\"1\" type = story n='7'", "type").as_deref(), Some("story"));
        assert_eq!(attribute(" ID=\"\" n='7'", "id"), None);
    }

    #[test]
    fn text_of_elements() {
        for (inner, expected) in [
            ("    First line\nwrapped.\n    Second\none.\n", "First line\nwrapped.\n\nSecond\none."),
            ("<P>\nOne.\n</P>\n<P>\nTwo <F P=105>three</F>.\n</P>", "One.\n\nTwo three."),
            ("\n   all\n   indented\n", "all\nindented"),
            ("A &lt;BP> &amp; b&#3;&#127;c &bogus; &QL; d&MD;e &#146;f", "A <BP> & b c &bogus;  d\u{2014}e \u{2019}f"),
            ("\n Shr 3 cts\n Net 4\n", "Shr 3 cts\nNet 4"),
            ("a<!-- PJG 1 -->b", "ab"),
            ("", ""),
        ] {
            assert_eq!(paragraphs(inner), expected, "{inner:?}");
        }
        assert_eq!(line("\n<P>\nOne\ntwo; </P><P>three</P>"), "One two; three");
        assert_eq!(after_prolog(b"\xef\xbb\xbf <?xml?>\n<!-- a > b --><!DOCTYPE x>\n<DOC>"), b"<DOC>");
    }
}
