//! XML as small trees: agency formats, feeds and the XML of scans are read through this.
//!
//! Nothing is fetched and nothing is expanded: an entity that is not one of XML or HTML stays as it is written. Depth and
//! size of a tree are limited. What is not well formed is read as far as it can be.

use super::encoding::{self, Decoded};
use super::{File, Skip};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Elements deeper than this are left out.
const DEEPEST: usize = 256;

/// More elements than this in one tree are left out. A newspaper page with every word an element has some ten thousand.
const MOST_ELEMENTS: usize = 1_000_000;

/// An element with all that is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// The name as written, with its prefix: `dc:creator`.
    pub name: String,
    /// Attributes as written, in order.
    pub attributes: Vec<(String, String)>,
    /// What is in it, in order.
    pub children: Vec<Node>,
}

/// A part of an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// An element.
    Element(Element),
    /// Characters, entities resolved.
    Text(String),
}

impl Element {
    /// The name without its prefix.
    pub fn local(&self) -> &str {
        local(&self.name)
    }

    /// The value of an attribute by its name without prefix; empty ones count as absent.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let mut found = self.attributes.iter().filter(|(key, _)| local(key) == name);
        found.next().map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The elements directly in it.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The elements directly in it with this name, prefix or not.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements().filter(move |element| element.local() == name)
    }

    /// The first element at a path of names, each directly in the one before: `["head", "docdata"]`.
    pub fn at(&self, path: &[&str]) -> Option<&Element> {
        let Some((first, rest)) = path.split_first() else { return Some(self) };
        self.elements().filter(|element| element.local() == *first).find_map(|element| element.at(rest))
    }

    /// The first element with this name anywhere below, in the order of the document.
    pub fn find(&self, name: &str) -> Option<&Element> {
        self.elements().find_map(|element| if element.local() == name { Some(element) } else { element.find(name) })
    }

    /// Every element with this name anywhere below, in the order of the document, those within each other too.
    pub fn every<'a>(&'a self, name: &str) -> Vec<&'a Element> {
        let mut out = Vec::new();
        self.collect(name, &mut out);
        out
    }

    /// Every element with this name below that lies in no other one of that name: what they hold is there once.
    pub fn outermost<'a>(&'a self, name: &str) -> Vec<&'a Element> {
        let mut out = Vec::new();
        self.collect_outermost(name, &mut out);
        out
    }

    fn collect_outermost<'a>(&'a self, name: &str, out: &mut Vec<&'a Element>) {
        for element in self.elements() {
            if element.local() == name {
                out.push(element);
            } else {
                element.collect_outermost(name, out);
            }
        }
    }

    fn collect<'a>(&'a self, name: &str, out: &mut Vec<&'a Element>) {
        for element in self.elements() {
            if element.local() == name {
                out.push(element);
            }
            element.collect(name, out);
        }
    }

    /// All characters in it, as they are.
    pub fn raw_text(&self) -> String {
        let mut out = String::new();
        self.push_text(&mut out);
        out
    }

    fn push_text(&self, out: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(text) => out.push_str(text),
                Node::Element(element) => element.push_text(out),
            }
        }
    }

    /// All characters in it with white space made single blanks; none where there is nothing else.
    pub fn text(&self) -> Option<String> {
        one_line(&self.raw_text())
    }

    /// The text at a path of names.
    pub fn text_at(&self, path: &[&str]) -> Option<String> {
        self.at(path).and_then(Element::text)
    }
}

/// White space made single blanks; none where there is nothing else.
pub fn one_line(text: &str) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

/// A name without its prefix.
pub fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The text of an XML file: byte order mark, then its own declaration, then detection.
pub fn decode(bytes: &[u8]) -> Decoded {
    encoding::decode_as(bytes, encoding::declared_by_xml(bytes))
}

/// The whole of a file as text, and whether it was cut.
pub fn text_of(file: &mut File<'_>) -> Result<(Decoded, bool), Skip> {
    let (bytes, cut) = file.bytes()?;
    Ok((decode(&bytes), cut))
}

/// The name of the root element of a file, by its beginning, without its prefix.
pub fn root(head: &[u8]) -> Option<String> {
    // Every file is asked; most are no XML, which the first sign tells in any encoding of single bytes.
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if !encoding::is_wide(head) && !start.starts_with(b"<") {
        return None;
    }
    let head = decode(head).text;
    let mut rest = head.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    // Only what XML allows before the root.
    loop {
        rest = rest.trim_start();
        let end = if rest.starts_with("<?") {
            rest.find("?>")? + 2
        } else if rest.starts_with("<!--") {
            rest.find("-->")? + 3
        } else if rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype")) {
            let subset = rest.find('[').filter(|at| rest.find('>').is_none_or(|end| *at < end));
            match subset {
                Some(at) => {
                    at + rest.get(at..)?.find("]")? + rest.get(at + rest.get(at..)?.find("]")?..)?.find('>')? + 1
                }
                None => rest.find('>')? + 1,
            }
        } else {
            break;
        };
        rest = rest.get(end..)?;
    }
    let name = rest.strip_prefix('<')?;
    let end = name.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(name.len());
    let name = local(name.get(..end)?);
    let is_name = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    is_name.then(|| name.to_owned())
}

/// The root element of `text`; none where there is no element.
pub fn parse(text: &str) -> Option<Element> {
    let mut found = None;
    each(text, &|_, depth| depth == 0, &mut |element| {
        found = Some(element);
        false
    });
    found
}

/// Makes a tree of each outermost element that `wanted` picks by its name without prefix and its depth (0 for the root),
/// and hands it to `take`, which says whether to go on. Answers whether the text was well formed up to its end.
pub fn each(text: &str, wanted: &dyn Fn(&str, usize) -> bool, take: &mut dyn FnMut(Element) -> bool) -> bool {
    let mut reader = Reader::from_str(text);
    let settings = reader.config_mut();
    settings.check_end_names = false;
    settings.allow_unmatched_ends = true;
    settings.allow_dangling_amp = true;
    // Elements under construction, the outermost first, and how many elements are open in all.
    let mut open: Vec<Element> = Vec::new();
    let mut depth = 0usize;
    let mut too_deep = 0usize;
    // How many elements the tree under construction has.
    let mut made = 0usize;
    loop {
        let event = match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(event) => event,
            // What is open is closed, so that nothing that came before is lost.
            Err(_) => {
                close_all(&mut open, take);
                return false;
            }
        };
        match event {
            Event::Start(start) => {
                if !open.is_empty() {
                    if open.len() >= DEEPEST || made >= MOST_ELEMENTS {
                        too_deep += 1;
                    } else {
                        open.push(element(&start));
                        made += 1;
                    }
                } else if wanted(local(start.name().as_ref()), depth) {
                    open.push(element(&start));
                    made = 1;
                }
                depth += 1;
            }
            Event::Empty(start) => {
                let wanted = wanted(local(start.name().as_ref()), depth);
                match open.last_mut() {
                    Some(_) if made >= MOST_ELEMENTS => {}
                    Some(parent) => {
                        parent.children.push(Node::Element(element(&start)));
                        made += 1;
                    }
                    None if wanted && !take(element(&start)) => return true,
                    None => {}
                }
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                if too_deep > 0 {
                    too_deep -= 1;
                } else if let Some(mut done) = open.pop() {
                    // Most elements hold one text, and a list makes room for four parts.
                    done.children.shrink_to_fit();
                    match open.last_mut() {
                        Some(parent) => parent.children.push(Node::Element(done)),
                        None if !take(done) => return true,
                        None => {}
                    }
                }
            }
            Event::Text(text) => push(&mut open, &text),
            Event::CData(text) => push(&mut open, &text),
            Event::GeneralRef(name) if !open.is_empty() => match name.resolve_char_ref() {
                Ok(Some(c)) => push(&mut open, c.encode_utf8(&mut [0; 4])),
                _ => match entity(&name) {
                    Some(text) => push(&mut open, text),
                    None => push(&mut open, &format!("&{};", &*name)),
                },
            },
            _ => {}
        }
    }
    let whole = open.is_empty();
    close_all(&mut open, take);
    whole
}

fn close_all(open: &mut Vec<Element>, take: &mut dyn FnMut(Element) -> bool) {
    while let Some(done) = open.pop() {
        match open.last_mut() {
            Some(parent) => parent.children.push(Node::Element(done)),
            None => {
                take(done);
            }
        }
    }
}

fn push(open: &mut [Element], text: &str) {
    let Some(last) = open.last_mut() else { return };
    match last.children.last_mut() {
        Some(Node::Text(before)) => before.push_str(text),
        _ => last.children.push(Node::Text(text.to_owned())),
    }
}

fn element(start: &BytesStart<'_>) -> Element {
    let mut attributes = start.html_attributes();
    let attributes = attributes.with_checks(false).flatten();
    Element {
        name: start.name().as_ref().to_owned(),
        attributes: attributes.map(|pair| (pair.key.as_ref().to_owned(), unescape(&pair.value))).collect(),
        children: Vec::new(),
    }
}

/// Entities and character references of a text resolved; those that are unknown stay.
pub fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(rest.get(..at).unwrap_or(""));
        rest = rest.get(at..).unwrap_or("");
        let near = rest.get(1..rest.floor_char_boundary(LONGEST_NAME + 2));
        let name = near.and_then(|near| near.split_once(';')).map(|(name, _)| name);
        match name.and_then(|name| Some((name, resolve(name)?))) {
            Some((name, text)) => {
                out.push_str(&text);
                rest = rest.get(name.len() + 2..).unwrap_or("");
            }
            None => {
                out.push('&');
                rest = rest.get(1..).unwrap_or("");
            }
        }
    }
    out.push_str(rest);
    out
}

/// The longest name of an entity that is looked up.
const LONGEST_NAME: usize = 32;

fn resolve(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| *c != '\0').map(String::from);
    }
    entity(name).map(str::to_owned)
}

/// The text of a named entity of XML or HTML.
pub fn entity(name: &str) -> Option<&'static str> {
    quick_xml::escape::resolve_html5_entity(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_with_entities() {
        let tree = parse("<?xml version='1.0'?><!DOCTYPE a SYSTEM 'x'><a x='1 &amp; 2' y=''><b>t&eacute;&#x20AC;&amp;&no;</b> <!-- c --><n:b><![CDATA[<i>]]></n:b><c/></a>")
            .expect("there is a root");
        assert_eq!((tree.attribute("x"), tree.attribute("y")), (Some("1 & 2"), None));
        let texts: Vec<_> = tree.all("b").map(Element::raw_text).collect();
        assert_eq!(texts, ["té€&&no;", "<i>"]);
        assert_eq!(tree.elements().count(), 3);
        assert_eq!(tree.text_at(&["b"]).as_deref(), Some("té€&&no;"));
    }

    #[test]
    fn what_is_broken_is_read_as_far_as_it_goes() {
        let tree = parse("<a><p>one<p>two</p> & three").expect("there is a root");
        assert_eq!(tree.text().as_deref(), Some("onetwo & three"));
        assert_eq!(parse("no element"), None);
        let nested = parse("<a><p>1<p>2</p></p><b><p>3</p></b></a>").expect("there is a root");
        let texts = |found: Vec<&Element>| found.into_iter().map(Element::raw_text).collect::<Vec<_>>();
        assert_eq!(texts(nested.every("p")), ["12", "2", "3"]);
        assert_eq!(texts(nested.outermost("p")), ["12", "3"]);
        let deep = format!("{}x{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
        assert!(parse(&deep).is_some());
    }

    #[test]
    fn entities_are_not_expanded() {
        let tree =
            parse("<!DOCTYPE a [<!ENTITY x 'boom'><!ENTITY y SYSTEM '/etc/passwd'>]><a>&x;&y;</a>").expect("a root");
        assert_eq!(tree.raw_text(), "&x;&y;");
    }

    #[test]
    fn parts_one_after_the_other() {
        let mut names = Vec::new();
        let whole = each("<r><i>1</i><j><i>2</i></j><i/></r>", &|name, _| name == "i", &mut |element| {
            names.push(element.raw_text());
            true
        });
        assert!(whole);
        assert_eq!(names, ["1", "2", ""]);
    }

    #[test]
    fn roots() {
        for (head, expected) in [
            (&b"<?xml version='1.0'?>\n<!-- x -->\n<nitf>"[..], Some("nitf")),
            (b"\xef\xbb\xbf<!DOCTYPE NewsML SYSTEM \"x.dtd\" [ <!ENTITY a 'b>'> ]>\n<NewsML>", Some("NewsML")),
            (b"<g2:newsItem guid='x'", Some("newsItem")),
            (b"< 5 per cent", None),
            (b"text", None),
        ] {
            assert_eq!(root(head).as_deref(), expected);
        }
    }
}
