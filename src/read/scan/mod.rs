//! Scans of printed pages, whatever the format of their text.
//!
//! 1. A reader makes [`Block`]s of what was recognised: lines with their places, type size, what the block is.
//! 2. [`lines`] joins lines to paragraphs and undoes hyphens.
//! 3. [`compose`] makes an article of blocks: its title by the kind or the size of the type, its text, how sure the
//!    program was that recognised the characters.

use super::layout;
use crate::article::Article;
use crate::text::Span;
use lines::{Bounds, Compounds, Line};
use rustc_hash::FxHashMap;

pub(super) mod language;
pub(super) mod lines;

/// How many times the usual size of type a heading has.
pub(super) const HEADING: f32 = 1.25;
/// The most words of a heading.
const LONGEST_HEADING: usize = 30;
/// Below this confidence a heading is more likely an ornament than words.
const SURE_ENOUGH: f32 = 0.5;

/// What a block of a page is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// Prose, or not known.
    #[default]
    Text,
    /// The headline of an article.
    Title,
    /// A heading below or within.
    Heading,
    /// Who wrote it.
    Author,
    /// The words below a picture.
    Caption,
    /// Number of the page, running title.
    Margin,
}

/// A block of a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    pub(super) kind: Kind,
    pub(super) lines: Vec<Line>,
    /// The size of its type, in any unit.
    pub(super) size: Option<f32>,
    /// The code of its language.
    pub(super) language: Option<String>,
    pub(super) confidence: Confidence,
}

impl Block {
    fn words(&self) -> usize {
        self.lines.iter().map(|line| line.text.split_whitespace().count()).sum()
    }

    /// Whether there is anything to be read in it.
    pub(super) fn has_words(&self) -> bool {
        self.lines.iter().any(|line| line.text.contains(char::is_alphanumeric))
    }

    fn letters(&self) -> usize {
        self.lines.iter().flat_map(|line| line.text.chars()).filter(|c| c.is_alphabetic()).count()
    }

    /// All of it on one line.
    pub(super) fn one_line(&self, compounds: &Compounds) -> String {
        let mut out = String::new();
        self.lines.iter().for_each(|line| lines::join(&mut out, &line.text, compounds));
        out
    }
}

/// How sure a program was of what it recognised, over several words.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Confidence {
    sum: f64,
    count: u32,
}

impl Confidence {
    /// Adds a word: from 0 to 1.
    pub(super) fn add(&mut self, value: f32) {
        if value.is_finite() {
            self.sum += f64::from(value.clamp(0.0, 1.0));
            self.count = self.count.saturating_add(1);
        }
    }

    /// Adds those of a block.
    pub(super) fn add_all(&mut self, other: Confidence) {
        self.sum += other.sum;
        self.count = self.count.saturating_add(other.count);
    }

    /// The mean, to the hundredth.
    pub(super) fn mean(&self) -> Option<f32> {
        let mean = (self.count > 0).then(|| self.sum / f64::from(self.count))?;
        Some((mean * 100.0).round() as f32 / 100.0)
    }
}

/// The bounds that hold several.
pub(super) fn around(bounds: impl Iterator<Item = Bounds>) -> Option<Bounds> {
    bounds.reduce(Bounds::with)
}

/// How an article is made of blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// The blocks of one article.
    Article,
    /// Those of a page, which may hold several articles or parts of them.
    Page,
}

/// The article that blocks make, with the title that is known, if it is; none where they hold no words.
pub(super) fn compose(path: &str, blocks: &[Block], title: Option<String>, of: Of) -> Option<Article> {
    let compounds = Compounds::of(blocks.iter().flat_map(|block| &block.lines).map(|line| line.text.as_str()));
    let blocks: Vec<&Block> = blocks.iter().filter(|block| block.has_words()).collect();
    let body = blocks.iter().any(|block| block.kind != Kind::Margin);
    let blocks: Vec<&Block> = blocks.into_iter().filter(|block| !body || block.kind != Kind::Margin).collect();
    let usual = usual_size(&blocks);
    let is_heading = |block: &Block| match block.kind {
        Kind::Title | Kind::Heading => true,
        Kind::Text => is_larger(block, usual),
        Kind::Author | Kind::Caption | Kind::Margin => false,
    };
    let mut article = Article { path: path.to_owned(), title, ..Article::default() };
    let mut left_out = 0..0;
    if article.title.is_none() {
        let found = title_blocks(&blocks, &is_heading);
        let words: Vec<String> =
            blocks.get(found.clone()).unwrap_or_default().iter().map(|block| block.one_line(&compounds)).collect();
        let words = words.join(" ");
        article.title = super::xml::one_line(words.trim_end_matches([' ', ',', ';', ':', '-', '—']));
        // In the middle of a page it belongs to what comes below it.
        if found.start == 0 && found.end < blocks.len() {
            left_out = found;
        }
    }
    let mut confidence = Confidence::default();
    let mut languages: FxHashMap<&str, usize> = FxHashMap::default();
    let mut paragraphs = Vec::new();
    let mut marked = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        confidence.add_all(block.confidence);
        if let Some(language) = &block.language {
            *languages.entry(language).or_default() += block.words();
        }
        if left_out.contains(&at) {
            continue;
        }
        let closed = is_heading(block) || block.kind != Kind::Text;
        let paragraphs_of = if is_heading(block) {
            vec![block.one_line(&compounds)]
        } else {
            lines::paragraphs(&block.lines, &compounds)
        };
        for paragraph in paragraphs_of {
            if block.kind == Kind::Author && of == Of::Article {
                article.authors.extend(layout::names(&paragraph));
            }
            if matches!(block.kind, Kind::Author | Kind::Caption) {
                marked.push(paragraph.clone());
            }
            paragraphs.push((paragraph, closed));
        }
    }
    article.text = lines::body(paragraphs.into_iter(), &compounds);
    if article.text.is_empty() {
        return None;
    }
    article.furniture = furniture(&article.text, &marked);
    let most = languages.into_iter().max_by_key(|(name, words)| (*words, std::cmp::Reverse(*name)));
    article.language = most.map(|(name, _)| name.to_owned());
    article.ocr_confidence = confidence.mean();
    super::cut(&mut article);
    article.furniture.retain(|span| span.end <= article.text.len());
    if of == Of::Article {
        layout::mark(&mut article);
    }
    Some(article)
}

/// Where paragraphs stand in a text, in its order.
fn furniture(text: &str, paragraphs: &[String]) -> Vec<Span> {
    let mut out = Vec::new();
    let mut from = 0;
    for paragraph in paragraphs {
        let Some(at) = text.get(from..).and_then(|rest| rest.find(paragraph.as_str())) else { continue };
        let span = Span::new(from + at, from + at + paragraph.len());
        from = span.end;
        out.push(span);
    }
    out
}

/// The size of type that most words have.
fn usual_size(blocks: &[&Block]) -> Option<f32> {
    let mut sizes: Vec<(f32, usize)> =
        blocks.iter().filter_map(|block| Some((block.size.filter(|size| *size > 0.0)?, block.words()))).collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all: usize = sizes.iter().map(|(_, words)| words).sum();
    let words: usize = blocks.iter().map(|block| block.words()).sum();
    if all * 2 < words {
        // Of most nothing is known.
        return None;
    }
    let mut seen = 0;
    sizes.into_iter().find_map(|(size, words)| {
        seen += words;
        (seen * 2 >= all).then_some(size)
    })
}

/// Whether a block is set in larger type than most, in few words.
fn is_larger(block: &Block, usual: Option<f32>) -> bool {
    let (Some(size), Some(usual)) = (block.size, usual) else { return false };
    let sure = block.confidence.mean().is_none_or(|mean| mean >= SURE_ENOUGH);
    let first = block.lines.iter().flat_map(|line| line.text.chars()).find(|c| c.is_alphabetic());
    let begins = first.is_some_and(|first| !first.is_lowercase());
    size >= usual * HEADING && sure && begins && block.letters() > 2 && block.words() <= LONGEST_HEADING
}

/// Which blocks are the title: the first headline, or the first heading in larger type, and what of it follows.
fn title_blocks(blocks: &[&Block], is_heading: &dyn Fn(&Block) -> bool) -> std::ops::Range<usize> {
    let tagged = blocks.iter().position(|block| block.kind == Kind::Title);
    let Some(start) = tagged.or_else(|| blocks.iter().position(|block| block.kind == Kind::Text && is_heading(block)))
    else {
        return 0..0;
    };
    let same = |block: &&Block| {
        let first = blocks.get(start);
        first.is_some_and(|first| first.kind == block.kind && first.size == block.size && is_heading(block))
    };
    let count = blocks.get(start..).unwrap_or_default().iter().take_while(|block| same(block)).count();
    // A whole page in capitals is no headline.
    let words: usize = blocks.get(start..start + count).unwrap_or_default().iter().map(|block| block.words()).sum();
    if words > LONGEST_HEADING { 0..0 } else { start..start + count }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(kind: Kind, size: f32, text: &str) -> Block {
        let lines = text.lines().map(|line| Line { text: line.to_owned(), bounds: None }).collect();
        let mut confidence = Confidence::default();
        confidence.add(0.9);
        Block { kind, lines, size: Some(size), language: Some("en".to_owned()), confidence }
    }

    #[test]
    fn title_by_kind_and_size() {
        let text = "The session was opened at noon by the speaker,\nwho asked for order.";
        for (blocks, title, body) in [
            (
                vec![block(Kind::Text, 8.0, text)],
                None,
                "The session was opened at noon by the speaker, who asked for order.",
            ),
            (
                vec![block(Kind::Text, 20.0, "THE\nOPENING"), block(Kind::Text, 8.0, text)],
                Some("THE OPENING"),
                "The session was opened at noon by the speaker, who asked for order.",
            ),
            (
                vec![block(Kind::Text, 8.0, text), block(Kind::Title, 8.0, "News")],
                Some("News"),
                "The session was opened at noon by the speaker, who asked for order.\n\nNews",
            ),
            (
                vec![block(Kind::Margin, 8.0, "Page 3"), block(Kind::Text, 8.0, text)],
                None,
                "The session was opened at noon by the speaker, who asked for order.",
            ),
            (vec![block(Kind::Title, 8.0, "Alone")], Some("Alone"), "Alone"),
        ] {
            let article = compose("a.xml", &blocks, None, Of::Page).expect("there are words");
            assert_eq!((article.title.as_deref(), article.text.as_str()), (title, body));
            assert_eq!((article.language.as_deref(), article.ocr_confidence), (Some("en"), Some(0.9)));
        }
        assert!(compose("a.xml", &[block(Kind::Text, 8.0, "* —")], None, Of::Page).is_none());
        assert!(compose("a.xml", &[], None, Of::Page).is_none());
    }

    #[test]
    fn authors_are_marked() {
        let blocks = [
            block(Kind::Title, 8.0, "News"),
            block(Kind::Text, 8.0, "It was decided."),
            block(Kind::Author, 8.0, "Jane Example"),
        ];
        let article = compose("a.xml", &blocks, None, Of::Article).expect("there are words");
        assert_eq!(article.authors, ["Jane Example"]);
        assert_eq!(article.text, "It was decided.\n\nJane Example");
        assert_eq!(article.furniture, [Span::new(17, 29)]);
    }
}
