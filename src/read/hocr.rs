//! hOCR: scanned pages as HTML whose classes say what is a page, a paragraph, a line, a word. A page is one article.

use super::encoding::{self, HEAD};
use super::scan::lines::{Bounds, Line};
use super::scan::{self, Block, Kind, Of};
use super::{File, Flow, Format, Skip, xml};
use crate::article::Article;
use html5ever::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use std::cell::RefCell;

/// A document in hOCR.
pub(super) struct Hocr;

impl Format for Hocr {
    fn name(&self) -> &'static str {
        "hocr"
    }

    fn description(&self) -> &'static str {
        "hOCR: scanned pages as Tesseract and others write them"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["hocr", "html", "htm", "xhtml"]
    }

    fn recognise(&self, head: &[u8], name: &str) -> u8 {
        let head = head.get(..head.len().min(HEAD)).unwrap_or(head);
        if !head.trim_ascii_start().starts_with(b"<") && !head.starts_with(b"\xef\xbb\xbf<") {
            return 0;
        }
        let has = |part: &str| head.windows(part.len()).any(|window| window == part.as_bytes());
        let page = has("\"ocr_page\"") || has("'ocr_page'");
        let declared = has("ocr-system") || has("ocr-capabilities");
        match (page, declared, super::ending(name).as_deref() == Some("hocr")) {
            (true, true, _) | (true, _, true) => 95,
            // A long head may come before the first page.
            (true, false, false) | (false, true, _) => 90,
            (false, false, hocr) => {
                if hocr {
                    60
                } else {
                    0
                }
            }
        }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        let path = file.path;
        let (bytes, cut) = file.bytes()?;
        let decoded = encoding::decode_as(&bytes, encoding::declared_by_xml(&bytes));
        let pages = pages(&decoded.text);
        let several = pages.len() > 1;
        for (number, page) in pages.iter().enumerate() {
            let member = several.then(|| page.id.clone().unwrap_or_else(|| (number + 1).to_string()));
            let Some(mut article) = scan::compose(path, &page.blocks, None, Of::Page) else {
                skip(Skip { path: path.to_owned(), member, reason: super::alto::NO_WORDS.to_owned() });
                continue;
            };
            article.member = member;
            article.encoding.clone_from(&decoded.encoding);
            article.truncated |= cut;
            if take(article) == Flow::Stop {
                return Ok(());
            }
        }
        if pages.is_empty() { Err(Skip::file(path, "is hOCR without a page")) } else { Ok(()) }
    }
}

/// A page.
#[derive(Debug, Default)]
struct Page {
    id: Option<String>,
    blocks: Vec<Block>,
}

/// The pages of a document.
fn pages(html: &str) -> Vec<Page> {
    let tokenizer = Tokenizer::new(Pages::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    while let TokenizerResult::Script(()) = tokenizer.feed(&input) {}
    tokenizer.end();
    let mut out = tokenizer.sink.reading.into_inner();
    out.end_line();
    out.pages
}

#[derive(Default)]
struct Pages {
    reading: RefCell<Reading>,
}

/// What has been read so far: lines go into the last block of the last page.
#[derive(Default)]
struct Reading {
    pages: Vec<Page>,
    line: String,
    bounds: Option<Bounds>,
    /// Whether a script or style is open.
    silent: bool,
}

impl Reading {
    fn end_line(&mut self) {
        let line = xml::one_line(&std::mem::take(&mut self.line));
        let bounds = self.bounds.take();
        if let (Some(text), Some(page)) = (line, self.pages.last_mut()) {
            if page.blocks.is_empty() {
                page.blocks.push(Block::default());
            }
            if let Some(block) = page.blocks.last_mut() {
                block.lines.push(Line { text, bounds });
            }
        }
    }

    fn begin_block(&mut self, kind: Kind, language: Option<String>) {
        self.end_line();
        if let Some(page) = self.pages.last_mut() {
            // One that has no line yet is the same one: an area and its first paragraph.
            let above = page.blocks.pop_if(|block| block.lines.is_empty());
            let language = language.or_else(|| above.as_ref().and_then(|block| block.language.clone()));
            let kind = if kind == Kind::Text { above.map_or(kind, |block| block.kind) } else { kind };
            page.blocks.push(Block { kind, language, ..Block::default() });
        }
    }

    fn start(&mut self, tag: &Tag) {
        let attribute = |name: &str| tag.attrs.iter().find(|attribute| &*attribute.name.local == name);
        let value = |name: &str| attribute(name).map(|attribute| attribute.value.to_string());
        let language = || value("lang").as_deref().and_then(scan::language::code);
        let title = value("title").unwrap_or_default();
        for class in value("class").unwrap_or_default().split_whitespace() {
            match class {
                "ocr_page" => {
                    self.end_line();
                    self.pages.push(Page { id: value("id"), blocks: Vec::new() });
                    return;
                }
                "ocr_carea" | "ocr_par" | "ocr_column" | "ocr_float" | "ocr_table" | "ocrx_block" => {
                    return self.begin_block(Kind::Text, language());
                }
                "ocr_title" | "ocr_chapter" | "ocr_section" => return self.begin_block(Kind::Title, language()),
                "ocr_author" => return self.begin_block(Kind::Author, language()),
                "ocr_pageno" | "ocr_header" | "ocr_footer" => {
                    let lines =
                        self.pages.last().and_then(|page| page.blocks.last()).is_some_and(|b| !b.lines.is_empty());
                    // Tesseract uses these for lines in large type within a paragraph.
                    if class == "ocr_pageno" || !lines && tag.name.as_ref() != "span" {
                        return self.begin_block(Kind::Margin, language());
                    }
                    return self.begin_line(&title);
                }
                "ocr_line" | "ocrx_line" | "ocr_textfloat" => return self.begin_line(&title),
                "ocr_caption" => {
                    if tag.name.as_ref() != "span" {
                        return self.begin_block(Kind::Caption, language());
                    }
                    return self.begin_line(&title);
                }
                "ocrx_word" | "ocr_word" => {
                    let sure = property(&title, "x_wconf").and_then(|values| values.first().copied());
                    let language = language();
                    if let Some(block) = self.pages.last_mut().and_then(|page| page.blocks.last_mut()) {
                        if let Some(sure) = sure {
                            block.confidence.add(sure / 100.0);
                        }
                        block.language = block.language.take().or(language);
                    }
                    return;
                }
                _ => {}
            }
        }
        match tag.name.as_ref() {
            "p" | "div" if self.pages.last().is_some_and(|page| !page.blocks.is_empty()) => {
                self.begin_block(Kind::Text, None);
            }
            "br" => self.line.push(' '),
            _ => {}
        }
    }

    fn begin_line(&mut self, title: &str) {
        self.end_line();
        self.bounds = match property(title, "bbox").unwrap_or_default().as_slice() {
            [left, top, right, bottom] => Some(Bounds { left: *left, top: *top, right: *right, bottom: *bottom }),
            _ => None,
        };
        let size =
            property(title, "x_fsize").or_else(|| property(title, "x_size")).and_then(|size| size.first().copied());
        if let Some(page) = self.pages.last_mut() {
            if page.blocks.is_empty() {
                page.blocks.push(Block::default());
            }
            if let Some(block) = page.blocks.last_mut() {
                block.size = block.size.or(size);
            }
        }
    }
}

/// The numbers of a property: `bbox 0 0 10 20; x_wconf 90`.
fn property(title: &str, name: &str) -> Option<Vec<f32>> {
    let found = title.split(';').map(str::trim).find_map(|property| property.strip_prefix(name))?;
    let numbers = found.split_whitespace().map_while(|number| number.parse::<f32>().ok()).filter(|n| n.is_finite());
    found.starts_with(' ').then(|| numbers.take(4).collect())
}

impl TokenSink for Pages {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut reading = self.reading.borrow_mut();
        match token {
            Token::CharacterTokens(characters) if !reading.pages.is_empty() && !reading.silent => {
                reading.line.push_str(&characters);
            }
            Token::TagToken(tag) if matches!(&*tag.name, "script" | "style") => {
                reading.silent = tag.kind == TagKind::StartTag && !tag.self_closing;
                if reading.silent {
                    return TokenSinkResult::RawData(RawKind::Rawtext);
                }
            }
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => reading.start(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::super::around::{Around, Budget};
    use super::*;
    use std::io::Cursor;

    fn check(text: &str, expected: &[&str]) {
        let (mut out, mut skips) = (Vec::new(), Vec::new());
        let budget = Budget::default();
        let result = Hocr.read(
            &mut File { path: "a.html", input: &mut Cursor::new(text), around: Around::new(&budget) },
            &mut |article| {
                let sure = article.ocr_confidence.map(|sure| sure.to_string()).unwrap_or_default();
                out.push(format!("{}: {} {sure}", article.member.unwrap_or_default(), article.text));
                Flow::Continue
            },
            &mut |skip| skips.push(skip),
        );
        skips.extend(result.err());
        out.extend(skips.into_iter().map(|skip| format!("{}! {}", skip.member.unwrap_or_default(), skip.reason)));
        assert_eq!(out, expected, "{text}");
    }

    #[test]
    fn pages_paragraphs_lines_words() {
        let word = |word: &str| format!("<span class='ocrx_word' title='bbox 0 0 1 1; x_wconf 90'>{word}</span>\n");
        let line = |text: &str| format!("<span class='ocr_line' title='bbox 0 0 9 9'>{text}</span>");
        let page = |text: &str| format!("<div class='ocr_page' id='page_1'>{text}</div>");
        let body = format!(
            "<div class='ocr_carea'><p class='ocr_par'>{}{}</p><p class='ocr_par'>{}</p></div>",
            line(&(word("The") + &word("min-"))),
            line(&word("ister.")),
            line(&word("Caf&eacute;"))
        );
        check(&format!("<html><head><title>x</title></head><body>{}", page(&body)), &[": The minister.\n\nCafé 0.9"]);
        check(&(page(&body) + &page("")), &["page_1: The minister.\n\nCafé 0.9", "page_1! is a page without words"]);
        check(&page(&(line("One goes") + "<br>" + &line("on."))), &[": One goes on. "]);
        check("<html><span class='ocr_line'>x</span>", &["! is hOCR without a page"]);
        check(&page("<script>a</script>words"), &[": words "]);
    }

    #[test]
    fn known_by_its_classes() {
        let sure = |head: &str, name| Hocr.recognise(head.as_bytes(), name);
        assert_eq!(sure("<html><div class='ocr_page'>", "a.html"), 90);
        assert_eq!(sure("<html><meta name='ocr-system' content='x'/><div class=\"ocr_page\">", "a"), 95);
        assert_eq!(sure("<html><p>ocr_page", "a.html"), 0);
        assert_eq!(sure("text 'ocr_page'", "a.html"), 0);
    }
}
