//! The words of an ALTO file, with what is known of their lines and blocks.

use crate::read::scan::lines::{Bounds, Line};
use crate::read::scan::{self, Block, Confidence, Kind};
use crate::read::xml::{self, Element};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Between words of a line that have nothing between them, a gap of this many heights of the line is a blank.
const BLANK: f32 = 0.25;

/// All pages of an ALTO file.
#[derive(Debug, Default)]
pub(in crate::read) struct Scan {
    words: Vec<Word>,
    lines: Vec<Row>,
    blocks: Vec<Part>,
    /// What words an element has, by its id: pages, blocks, lines, words.
    ids: FxHashMap<String, Range<usize>>,
    /// Each page: its id and its words.
    pub(in crate::read) pages: Vec<(Option<String>, Range<usize>)>,
    /// Blocks that the file puts in order, by number; empty where they are in order as they are.
    order: Vec<usize>,
}

#[derive(Debug)]
struct Word {
    text: String,
    /// Whether white space comes before it.
    spaced: bool,
    confidence: Option<f32>,
    /// The whole of a word that is divided, and whether this is its first part.
    divided: Option<(bool, String)>,
    bounds: Option<Bounds>,
}

#[derive(Debug)]
struct Row {
    words: Range<usize>,
    bounds: Option<Bounds>,
    /// The sign of division at its end.
    hyphen: Option<String>,
}

#[derive(Debug)]
struct Part {
    lines: Range<usize>,
    words: Range<usize>,
    kind: Kind,
    size: Option<f32>,
    language: Option<String>,
}

/// What styles and tags say, by their ids.
#[derive(Default)]
struct Known {
    sizes: FxHashMap<String, f32>,
    kinds: FxHashMap<String, Kind>,
}

impl Scan {
    /// Reads an ALTO file; none where it has no page.
    pub(in crate::read) fn read(text: &str) -> Option<Scan> {
        let root = xml::parse(text).filter(|root| root.local().eq_ignore_ascii_case("alto"))?;
        let mut known = Known::default();
        for style in root.at(&["Styles"]).into_iter().flat_map(|styles| styles.all("TextStyle")) {
            if let (Some(id), Some(size)) =
                (style.attribute("ID"), number(style, "FONTSIZE").filter(|size| *size > 0.0))
            {
                known.sizes.insert(id.to_owned(), size);
            }
        }
        for tag in root.at(&["Tags"]).into_iter().flat_map(Element::elements) {
            let named = |name| tag.attribute(name).and_then(kind);
            if let (Some(id), Some(kind)) = (tag.attribute("ID"), named("LABEL").or_else(|| named("TYPE"))) {
                known.kinds.insert(id.to_owned(), kind);
            }
        }
        let mut scan = Scan::default();
        let mut places = FxHashMap::default();
        for page in root.outermost("Page") {
            let start = scan.words.len();
            for part in page.elements() {
                let margin = matches!(part.local(), "TopMargin" | "BottomMargin");
                scan.add(part, margin, None, &known, &mut places);
            }
            scan.note(page, start);
            let id = page.attribute("ID").map(str::to_owned);
            scan.pages.push((id, start..scan.words.len()));
        }
        if let Some(order) = root.find("ReadingOrder") {
            scan.put_in_order(order, &places);
        }
        (!scan.pages.is_empty()).then_some(scan)
    }

    /// Adds everything in an element: a block, or what holds blocks.
    fn add(
        &mut self,
        element: &Element,
        margin: bool,
        kind_above: Option<Kind>,
        known: &Known,
        places: &mut FxHashMap<String, Range<usize>>,
    ) {
        let start = self.words.len();
        let first_block = self.blocks.len();
        let tags = element.attribute("TAGREFS").unwrap_or("").split_whitespace();
        let own = tags.filter_map(|tag| known.kinds.get(tag)).next().copied();
        let kind = own.or_else(|| element.attribute("TYPE").and_then(kind)).or(kind_above);
        if element.local() == "TextBlock" {
            let first_line = self.lines.len();
            for line in element.all("TextLine") {
                self.add_line(line);
            }
            let size = size_of(element, &known.sizes);
            let language = ["LANG", "language", "lang"].iter().find_map(|name| element.attribute(name));
            self.blocks.push(Part {
                lines: first_line..self.lines.len(),
                words: start..self.words.len(),
                kind: if margin { Kind::Margin } else { kind.unwrap_or_default() },
                size,
                language: language.and_then(scan::language::code),
            });
        } else {
            for inner in element.elements() {
                self.add(inner, margin, kind, known, places);
            }
        }
        self.note(element, start);
        if let Some(id) = element.attribute("ID").filter(|_| self.blocks.len() > first_block) {
            places.insert(id.to_owned(), first_block..self.blocks.len());
        }
    }

    fn add_line(&mut self, line: &Element) {
        let start = self.words.len();
        let any_blank = line.all("SP").next().is_some();
        let mut spaced = true;
        let mut hyphen = None;
        for part in line.elements() {
            match part.local() {
                "SP" => spaced = true,
                "HYP" => hyphen = Some(part.attribute("CONTENT").unwrap_or("\u{ad}").to_owned()),
                "String" => {
                    let before = self.words.len();
                    let after = self.words.get(start..).and_then(<[Word]>::last).and_then(|word| word.bounds);
                    let word = word(part, spaced || !any_blank, after);
                    if !word.text.is_empty() {
                        self.words.push(word);
                        hyphen = None;
                        spaced = false;
                    }
                    self.note(part, before);
                }
                _ => {}
            }
        }
        let inner = self.words.get(start..).unwrap_or_default().iter().filter_map(|word| word.bounds);
        let bounds = bounds(line).or_else(|| scan::around(inner));
        self.lines.push(Row { words: start..self.words.len(), bounds, hyphen });
        self.note(line, start);
    }

    /// Remembers what words an element has.
    fn note(&mut self, element: &Element, start: usize) {
        if let Some(id) = element.attribute("ID") {
            self.ids.entry(id.to_owned()).or_insert(start..self.words.len());
        }
    }

    fn put_in_order(&mut self, order: &Element, places: &FxHashMap<String, Range<usize>>) {
        let mut seen = vec![false; self.blocks.len()];
        let mut out = Vec::with_capacity(self.blocks.len());
        let referred = order.every("ElementRef").into_iter().filter_map(|element| element.attribute("REF"));
        let referred = referred.filter_map(|id| places.get(id)).cloned().flatten();
        for block in referred.chain(0..self.blocks.len()) {
            if let Some(seen) = seen.get_mut(block).filter(|seen| !**seen) {
                *seen = true;
                out.push(block);
            }
        }
        self.order = out;
    }

    /// The words of the element with this id, or from one element to another.
    pub(in crate::read) fn area(&self, begin: &str, end: Option<&str>) -> Option<Range<usize>> {
        let first = self.ids.get(begin)?;
        let last = end.and_then(|end| self.ids.get(end)).unwrap_or(first);
        Some(first.start..last.end).filter(|words| !words.is_empty())
    }

    /// All words.
    pub(in crate::read) fn all(&self) -> Range<usize> {
        0..self.words.len()
    }

    /// These words as blocks, in reading order.
    pub(in crate::read) fn blocks(&self, words: Range<usize>) -> Vec<Block> {
        if self.order.is_empty() || !self.pages.iter().any(|(_, page)| *page == words) {
            // Blocks are in the order of their words: only those that have some of these are looked at.
            let first = self.blocks.partition_point(|block| block.words.end <= words.start);
            let blocks = self.blocks.iter().skip(first).take_while(|block| block.words.start < words.end);
            return blocks.map(|block| self.block(block, &words)).collect();
        }
        let blocks = self.order.iter().filter_map(|number| self.blocks.get(*number));
        let blocks = blocks.filter(|block| block.words.start < words.end && words.start < block.words.end);
        blocks.map(|block| self.block(block, &words)).collect()
    }

    fn block(&self, block: &Part, words: &Range<usize>) -> Block {
        let mut confidence = Confidence::default();
        let mut lines = Vec::new();
        for row in self.lines.get(block.lines.clone()).unwrap_or_default() {
            let inside = row.words.start.max(words.start)..row.words.end.min(words.end);
            if inside.is_empty() {
                continue;
            }
            let mut text = String::new();
            let mut whole = false;
            for at in inside.clone() {
                let Some(word) = self.words.get(at) else { continue };
                if let Some(value) = word.confidence {
                    confidence.add(value);
                }
                whole = false;
                let shown = match &word.divided {
                    Some((false, whole)) if at > words.start && self.begins(at - 1, whole) => continue,
                    Some((true, joined)) if at + 1 < words.end => {
                        whole = true;
                        self.joined(at, joined)
                    }
                    _ => word.text.clone(),
                };
                if word.spaced && !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(&shown);
            }
            if let Some(hyphen) = row.hyphen.as_ref().filter(|_| !whole && inside.end == row.words.end) {
                text.push_str(hyphen);
            }
            if !text.is_empty() {
                lines.push(Line { text, bounds: row.bounds });
            }
        }
        Block { kind: block.kind, lines, size: block.size, language: block.language.clone(), confidence }
    }

    /// Whether a word is the first part of this divided word.
    fn begins(&self, at: usize, whole: &str) -> bool {
        matches!(self.words.get(at).map(|word| &word.divided), Some(Some((true, joined))) if joined == whole)
    }

    /// The whole of a divided word, with the signs before and after its parts that some programs leave out of it.
    fn joined(&self, at: usize, whole: &str) -> String {
        let own = self.words.get(at).map_or("", |word| word.text.as_str());
        let next = self.words.get(at + 1).filter(|next| matches!(&next.divided, Some((false, w)) if w == whole));
        let next = next.map_or("", |word| word.text.as_str());
        let before = own.get(..own.len() - own.trim_start_matches(is_sign).len()).unwrap_or("");
        let after = next.get(next.trim_end_matches(is_sign).len()..).unwrap_or("");
        let before = if whole.starts_with(is_sign) { "" } else { before };
        let after = if whole.ends_with(is_sign) { "" } else { after };
        format!("{before}{whole}{after}")
    }
}

fn is_sign(c: char) -> bool {
    !c.is_alphanumeric()
}

fn word(part: &Element, spaced: bool, before: Option<Bounds>) -> Word {
    let content = part.attribute("CONTENT").map(str::to_owned);
    let glyphs = || part.all("Glyph").filter_map(|glyph| glyph.attribute("CONTENT")).collect::<String>();
    let text = xml::one_line(&content.unwrap_or_else(glyphs)).unwrap_or_default();
    let bounds = bounds(part);
    let gap = before.zip(bounds).is_some_and(|(before, own)| own.left - before.right > own.height() * BLANK);
    let whole = part.attribute("SUBS_CONTENT").and_then(xml::one_line);
    let divided = match (part.attribute("SUBS_TYPE"), whole) {
        (Some("HypPart1"), Some(whole)) => Some((true, whole)),
        (Some("HypPart2"), Some(whole)) => Some((false, whole)),
        _ => None,
    };
    Word { text, spaced: spaced || gap, confidence: number(part, "WC"), divided, bounds }
}

fn number(element: &Element, name: &str) -> Option<f32> {
    element.attribute(name)?.parse().ok().filter(|number: &f32| number.is_finite())
}

fn bounds(element: &Element) -> Option<Bounds> {
    let (left, top) = (number(element, "HPOS")?, number(element, "VPOS")?);
    let (width, height) = (number(element, "WIDTH")?, number(element, "HEIGHT")?);
    Some(Bounds { left, top, right: left + width, bottom: top + height })
}

/// The size of the type of a block: its own, or else that of its first line or word that has one.
fn size_of(block: &Element, sizes: &FxHashMap<String, f32>) -> Option<f32> {
    let own = |element: &Element| {
        element.attribute("STYLEREFS")?.split_whitespace().find_map(|style| sizes.get(style)).copied()
    };
    let inner = || block.all("TextLine").find_map(|line| own(line).or_else(|| line.all("String").find_map(own)));
    own(block).or_else(inner)
}

/// What a tag or type says that a block is.
fn kind(label: &str) -> Option<Kind> {
    let label = label.to_ascii_lowercase().replace([' ', '_', '-'], "");
    Some(match label.as_str() {
        "title" | "headline" | "heading" | "articletitle" => Kind::Title,
        "subtitle" | "insidetitle" | "subheadline" | "subheading" | "overline" | "kicker" => Kind::Heading,
        "author" | "byline" => Kind::Author,
        "caption" | "legend" => Kind::Caption,
        "pagenumber" | "pageno" | "runningtitle" | "runninghead" | "header" | "footer" => Kind::Margin,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with this in its print space.
    fn file(inner: &str) -> String {
        format!("<alto><Layout><Page ID='P'><PrintSpace>{inner}</PrintSpace></Page></Layout></alto>")
    }

    fn check(inner: &str, expected: &[&str]) {
        let scan = Scan::read(&file(inner)).expect("a page");
        let blocks = scan.blocks(scan.all());
        let lines: Vec<_> = blocks.iter().flat_map(|block| &block.lines).map(|line| line.text.as_str()).collect();
        assert_eq!(lines, expected);
    }

    const DIVIDED: &str = "<TextBlock ID='b'>\
        <TextLine ID='l1'><String CONTENT='The'/><SP/><String ID='w' CONTENT='(gov' SUBS_TYPE='HypPart1' SUBS_CONTENT='government'/><HYP CONTENT='-'/></TextLine>\
        <TextLine ID='l2'><String CONTENT='ernment)' SUBS_TYPE='HypPart2' SUBS_CONTENT='government'/><SP/><String CONTENT='fell'/></TextLine></TextBlock>";

    #[test]
    fn divided_words() {
        check(DIVIDED, &["The (government)", "fell"]);
        check("<TextBlock><TextLine><String CONTENT='gov'/><HYP/></TextLine></TextBlock>", &["gov\u{ad}"]);
        check(
            "<TextBlock><TextLine><String CONTENT='gov' SUBS_TYPE='HypPart1'/><HYP CONTENT='-'/></TextLine></TextBlock>",
            &["gov-"],
        );
    }

    #[test]
    fn areas_by_any_id() {
        let scan = Scan::read(&file(DIVIDED)).expect("a page");
        for (begin, end, expected) in [
            ("b", None, Some("The (government)|fell")),
            ("P", None, Some("The (government)|fell")),
            ("l2", None, Some("ernment) fell")),
            ("w", None, Some("(gov-")),
            ("l1", Some("l2"), Some("The (government)|fell")),
            ("l2", Some("l1"), None),
            ("x", None, None),
        ] {
            let found = scan.area(begin, end).map(|words| {
                let blocks = scan.blocks(words);
                let lines: Vec<_> =
                    blocks.iter().flat_map(|block| &block.lines).map(|line| line.text.as_str()).collect();
                lines.join("|")
            });
            assert_eq!(found.as_deref(), expected, "{begin}");
        }
    }

    #[test]
    fn blanks_where_there_are_any() {
        let place = |left: u32| format!("HPOS='{left}' VPOS='0' WIDTH='20' HEIGHT='20'");
        let words = |blank: &str, second: u32| {
            format!(
                "<TextBlock><TextLine><String CONTENT='a' {}/><String CONTENT='b' {}/>{blank}</TextLine></TextBlock>",
                place(0),
                place(second)
            )
        };
        check(&words("", 21), &["a b"]);
        check(&words("<SP/>", 21), &["ab"]);
        check(&words("<SP/>", 40), &["a b"]);
    }

    #[test]
    fn order_that_the_file_gives() {
        let text = "<alto><ReadingOrder><OrderedGroup><ElementRef REF='b2'/><ElementRef REF='c'/></OrderedGroup>\
            </ReadingOrder><Layout><Page><PrintSpace>\
            <ComposedBlock ID='c'><TextBlock ID='b1'><TextLine><String CONTENT='one'/></TextLine></TextBlock></ComposedBlock>\
            <TextBlock ID='b2'><TextLine><String CONTENT='two'/></TextLine></TextBlock>\
            <TextBlock ID='b3'><TextLine><String CONTENT='three'/></TextLine></TextBlock>\
            </PrintSpace></Page></Layout></alto>";
        let scan = Scan::read(text).expect("a page");
        let words: Vec<_> = scan.blocks(scan.all()).iter().map(|block| block.lines[0].text.clone()).collect();
        assert_eq!(words, ["two", "one", "three"]);
    }

    #[test]
    fn what_is_no_page() {
        for text in ["", "<alto/>", "<alto><Layout/></alto>", "<page/>", "text"] {
            assert!(Scan::read(text).is_none(), "{text}");
        }
        let cut = file(DIVIDED);
        for end in (0..cut.len()).step_by(7) {
            let _ = Scan::read(&cut[..end]).map(|scan| scan.blocks(scan.all()));
        }
    }
}
