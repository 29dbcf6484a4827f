//! XML of ABBYY FineReader: pages of blocks, paragraphs, lines and single characters. A page is one article.

use super::scan::lines::{self, Bounds, Line};
use super::scan::{self, Block, Kind, Of};
use super::xml::{self, Element};
use super::{File, Flow, Format, Skip};
use crate::article::Article;

/// A document of FineReader.
pub(super) struct Abbyy;

impl Format for Abbyy {
    fn name(&self) -> &'static str {
        "abbyy"
    }

    fn description(&self) -> &'static str {
        "ABBYY FineReader XML: scanned pages"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["xml"]
    }

    fn recognise(&self, head: &[u8], _name: &str) -> u8 {
        let Some(root) = xml::root(head) else { return 0 };
        let has = |part: &[u8]| head.windows(part.len()).any(|window| window == part);
        match root.as_str() {
            "document" if has(b"abbyy.com/FineReader") => 95,
            "document" | "page" if has(b"<charParams") || has(b" blockType=") => 90,
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
        let several = decoded.text.match_indices("<page ").nth(1).is_some();
        let mut number = 0usize;
        xml::each(&decoded.text, &|name, depth| name == "page" && depth < 2, &mut |page| {
            number += 1;
            let member = several.then(|| number.to_string());
            let Some(mut article) = scan::compose(path, &blocks(&page), None, Of::Page) else {
                skip(Skip { path: path.to_owned(), member, reason: super::alto::NO_WORDS.to_owned() });
                return true;
            };
            article.member = member;
            article.encoding.clone_from(&decoded.encoding);
            article.truncated |= cut;
            take(article) == Flow::Continue
        });
        if number == 0 { Err(Skip::file(path, "has no page")) } else { Ok(()) }
    }
}

/// The paragraphs of a page, in its order.
fn blocks(page: &Element) -> Vec<Block> {
    let mut out = Vec::new();
    for block in page.elements().filter(|element| element.local() == "block") {
        // Pictures, separators and bar codes have no paragraphs.
        out.extend(block.outermost("par").into_iter().map(paragraph));
    }
    out
}

fn paragraph(paragraph: &Element) -> Block {
    let mut block = Block { kind: Kind::Text, ..Block::default() };
    let mut largest = 0;
    for line in paragraph.outermost("line") {
        let mut text = String::new();
        for format in line.all("formatting") {
            let start = text.len();
            let mut characters = format.all("charParams").peekable();
            if characters.peek().is_none() {
                text.push_str(&format.raw_text());
            }
            for character in characters {
                text.push_str(&character.raw_text());
                if let Some(sure) = character.attribute("charConfidence").and_then(|sure| sure.parse::<f32>().ok())
                    && sure >= 0.0
                {
                    block.confidence.add(sure / 100.0);
                }
            }
            // Size and language of what is longest.
            let length = text.len() - start;
            if length > largest {
                largest = length;
                block.size = format.attribute("fs").and_then(|size| size.trim_end_matches('.').parse().ok());
                block.language = format.attribute("lang").and_then(scan::language::code);
            }
        }
        if let Some(text) = xml::one_line(&text) {
            block.lines.push(Line { text: lines::closed_up(&text), bounds: bounds(line) });
        }
    }
    block
}

fn bounds(line: &Element) -> Option<Bounds> {
    let number = |name| line.attribute(name)?.parse::<f32>().ok().filter(|number| number.is_finite());
    Some(Bounds { left: number("l")?, top: number("t")?, right: number("r")?, bottom: number("b")? })
}

#[cfg(test)]
mod tests {
    use super::super::around::{Around, Budget};
    use super::*;
    use std::io::Cursor;

    fn line(text: &str, size: u32) -> String {
        let letters: String =
            text.chars().map(|c| format!("<charParams charConfidence='80'>{c}</charParams>")).collect();
        format!(
            "<line l='1' t='1' r='9' b='9'><formatting lang='EnglishUnitedStates' fs='{size}.'>{letters}</formatting></line>"
        )
    }

    fn check(text: &str, expected: &[&str]) {
        let (mut out, mut skips) = (Vec::new(), Vec::new());
        let budget = Budget::default();
        let result = Abbyy.read(
            &mut File { path: "a.xml", input: &mut Cursor::new(text), around: Around::new(&budget) },
            &mut |article| {
                let member = article.member.unwrap_or_default();
                out.push(format!("{member}: {} | {}", article.title.unwrap_or_default(), article.text));
                assert_eq!((article.ocr_confidence, article.language.as_deref()), (Some(0.8), Some("en")));
                Flow::Continue
            },
            &mut |skip| skips.push(skip),
        );
        skips.extend(result.err());
        out.extend(skips.into_iter().map(|skip| format!("{}! {}", skip.member.unwrap_or_default(), skip.reason)));
        assert_eq!(out, expected);
    }

    #[test]
    fn paragraphs_of_pages() {
        let page = |inner: &str| format!("<page width='1'><block blockType='Text'><text>{inner}</text></block></page>");
        let one =
            format!("<par>{}</par><par>{}{}</par>", line("N E W S", 20), line("The min¬", 8), line("ister left.", 8));
        check(&page(&one), &[": NEWS | The minister left."]);
        let two = format!("<document>{}{}</document>", page(&one), page(""));
        check(&two, &["1: NEWS | The minister left.", "2! is a page without words"]);
        check(&page(&one)[..400], &[":  | N E W"]);
        check("<document/>", &["! has no page"]);
    }

    #[test]
    fn known_by_content() {
        let sure = |head: &str| Abbyy.recognise(head.as_bytes(), "a.xml");
        assert_eq!(sure("<document xmlns='http://www.abbyy.com/FineReader_xml/FineReader10-schema-v1.xml'>"), 95);
        assert_eq!(sure("<page width='1'>\n<block blockType='Text'>"), 90);
        assert_eq!(sure("<document><title>"), 0);
        assert_eq!(sure("<page><p>"), 0);
    }
}
