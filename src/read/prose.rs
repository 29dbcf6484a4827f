//! The text of an element of XML that holds marked-up prose: paragraphs of XHTML, NITF and what else agencies write.
//!
//! A tree becomes paragraphs with a blank line between; lists and tables become lines. What is shown beside the prose,
//! captions, scripts, running heads, is left out. `html::fragment` does the same for a string of HTML.

use super::html::fragment;
use super::xml::{Element, Node};

/// Elements that begin a paragraph.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "abstract",
    "blockquote",
    "block",
    "body.content",
    "bq",
    "byline",
    "center",
    "dateline",
    "datasource",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "headline",
    "hl1",
    "hl2",
    "hr",
    "main",
    "nitf-table",
    "ol",
    "p",
    "para",
    "paragraph",
    "pre",
    "section",
    "table",
    "tagline",
    "title",
    "ul",
];

/// Elements that begin a line.
const LINES: &[&str] = &["li", "tr", "line", "lg", "nitf-col"];

/// Elements whose content is not part of the prose.
const SILENT: &[&str] = &[
    "audio",
    "figcaption",
    "figure",
    "footer",
    "header",
    "iframe",
    "map",
    "math",
    "media",
    "nav",
    "nitf-table-metadata",
    "noscript",
    "note",
    "object",
    "picture",
    "rp",
    "rt",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "video",
];

/// The prose in `element`: its paragraphs with a blank line between.
///
/// Where it has no elements, its characters may be HTML that was escaped, or plain text with line breaks.
pub(super) fn text(element: &Element) -> String {
    let element = if element.local().eq_ignore_ascii_case("html") {
        element.elements().find(|inner| inner.local().eq_ignore_ascii_case("body")).unwrap_or(element)
    } else {
        element
    };
    if element.elements().next().is_none() {
        return string(&element.raw_text());
    }
    let mut out = Out::default();
    out.children(element, false);
    out.text
}

/// The prose in a string that is HTML or plain text.
pub(super) fn string(text: &str) -> String {
    if fragment::is_html(text) { fragment::text(text) } else { plain(text) }
}

/// Plain text with one kind of line break, nothing around its lines and one blank line at most.
pub(super) fn plain(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for line in text.split('\n').map(str::trim) {
        if line.is_empty() {
            blank = true;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if blank { "\n\n" } else { "\n" });
        }
        out.push_str(line);
        blank = false;
    }
    out
}

#[derive(Default)]
struct Out {
    text: String,
    /// Breaks of lines before the next character: 2 begin a paragraph.
    breaks: u8,
    /// Whether white space came since the last character.
    blank: bool,
    /// Whether a cell of a table begins.
    cell: bool,
}

impl Out {
    /// Elements are no deeper than a tree of XML allows.
    fn children(&mut self, element: &Element, kept: bool) {
        for node in &element.children {
            match node {
                Node::Text(text) => self.push(text, kept),
                Node::Element(inner) => self.element(inner, kept),
            }
        }
    }

    fn element(&mut self, element: &Element, kept: bool) {
        let name = element.local().to_ascii_lowercase();
        let name = name.as_str();
        if SILENT.contains(&name) {
            return;
        }
        let breaks = match name {
            "br" => {
                self.breaks = (self.breaks + 1).min(2);
                0
            }
            _ if LINES.contains(&name) => 1,
            _ if BLOCKS.contains(&name) => 2,
            _ => 0,
        };
        self.breaks = self.breaks.max(breaks);
        self.cell |= matches!(name, "td" | "th");
        self.children(element, kept || name == "pre");
        self.breaks = self.breaks.max(breaks);
    }

    fn push(&mut self, characters: &str, kept: bool) {
        for c in characters.chars() {
            if kept && c == '\n' {
                self.breaks = (self.breaks + 1).min(2);
            } else if c.is_whitespace() && c != '\u{a0}' || c == '\u{200b}' {
                self.blank = true;
            } else if c != '\u{ad}' && (!c.is_control()) {
                if !self.text.is_empty() {
                    match self.breaks {
                        0 if self.cell => self.text.push('\t'),
                        0 if self.blank => self.text.push(' '),
                        0 => {}
                        1 => self.text.push('\n'),
                        _ => self.text.push_str("\n\n"),
                    }
                }
                (self.breaks, self.blank, self.cell) = (0, false, false);
                self.text.push(if c == '\u{a0}' { ' ' } else { c });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::xml;
    use super::*;

    fn check(xml: &str, expected: &str) {
        assert_eq!(text(&xml::parse(xml).expect("there is an element")), expected, "{xml}");
    }

    #[test]
    fn blocks_become_paragraphs() {
        check("<b><p>One &amp;\n two.</p><p/><p> </p><p>Three<br/>four.</p></b>", "One & two.\n\nThree\nfour.");
        check("<b><hl2>Head</hl2><p>In <person>Ann Lee</person>'s view</p></b>", "Head\n\nIn Ann Lee's view");
        check("<b>Loose <i>words</i><p>and more</p>after</b>", "Loose words\n\nand more\n\nafter");
        check("<html><head><title>T</title></head><BODY><P>x</P></BODY></html>", "x");
        check("<b><pre>a  b\nc</pre></b>", "a b\nc");
    }

    #[test]
    fn lists_and_tables_become_lines() {
        check("<b><p>One</p><ul><li>a</li>\n<li>b</li></ul><p>c</p></b>", "One\n\na\nb\n\nc");
        check(
            "<b><table><tr><th>Day</th><th>Tide</th></tr><tr><td>1</td><td>2</td></tr></table></b>",
            "Day\tTide\n1\t2",
        );
    }

    #[test]
    fn what_stands_beside_the_prose_is_left_out() {
        check("<b><media><media-caption>A quay.</media-caption></media><p>One</p><figure>x</figure></b>", "One");
        check("<b><header><h1>Title</h1></header><section><p>One</p></section></b>", "One");
    }

    #[test]
    fn characters_alone_may_be_html_or_plain() {
        check("<b><![CDATA[<P>One</P>\n<P>two &amp; three</P>]]></b>", "One\n\ntwo & three");
        check("<b>\n  One\n  line.\n\n\n  Two.\n</b>", "One\nline.\n\nTwo.");
        check("<b/>", "");
        assert_eq!(plain("One\r\ntwo\r\n\r\nthree"), "One\ntwo\n\nthree");
    }
}
