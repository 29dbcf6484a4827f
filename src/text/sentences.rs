//! Where sentences and paragraphs begin, counted in words, so that `W/S` and `W/P` can be answered from the index.
//!
//! Newspaper text is wrapped, indented, or one paragraph a line; [`bounds`] decides which by looking at the
//! whole text. A full stop ends a sentence unless it belongs to an abbreviation, an initial or a number.

use super::Span;

/// The beginnings of sentences and paragraphs of one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// The position of each sentence's first word, ascending, the first always 0 where there is a word.
    pub sentences: Vec<u32>,
    /// The position of each paragraph's first word, ascending; each is also in `sentences`.
    pub paragraphs: Vec<u32>,
}

impl Bounds {
    /// The sentence that holds the word at `position`, counted from 0.
    pub fn sentence(&self, position: u32) -> usize {
        self.sentences.partition_point(|first| *first <= position).saturating_sub(1)
    }

    /// The paragraph that holds the word at `position`, counted from 0.
    pub fn paragraph(&self, position: u32) -> usize {
        self.paragraphs.partition_point(|first| *first <= position).saturating_sub(1)
    }

    /// The bounds as bytes: for each sentence the words since the one before, doubled, plus one where it begins a
    /// paragraph, in variable-length bytes (LEB128).
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.sentences.len() + 4);
        let (mut last, mut paragraph) = (0, 0);
        for first in &self.sentences {
            let begins = self.paragraphs.get(paragraph) == Some(first);
            paragraph += usize::from(begins);
            let mut value = u64::from(first - last) << 1 | u64::from(begins);
            last = *first;
            while value >= 0x80 {
                out.push(value as u8 | 0x80);
                value >>= 7;
            }
            out.push(value as u8);
        }
        out
    }

    /// Reads back what [`Bounds::encode`] wrote. Stops at the first byte that makes no sense.
    pub fn decode(bytes: &[u8]) -> Bounds {
        let mut bounds = Bounds::default();
        let (mut value, mut shift, mut first) = (0u64, 0u32, 0u64);
        for byte in bytes {
            if shift > 35 {
                break;
            }
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 != 0 {
                shift += 7;
                continue;
            }
            first += value >> 1;
            let Ok(position) = u32::try_from(first) else {
                break;
            };
            bounds.sentences.push(position);
            if value & 1 == 1 {
                bounds.paragraphs.push(position);
            }
            (value, shift) = (0, 0);
        }
        bounds
    }
}

/// The bounds of `text`, whose words are `words`, in order.
pub fn bounds(text: &str, words: &[Span]) -> Bounds {
    let mut bounds = Bounds::default();
    let lines = Lines::of(text);
    let mut before = None;
    for (position, word) in words.iter().enumerate() {
        let Ok(here) = u32::try_from(position) else { break };
        let begins = begins(text, lines, before, *word);
        if begins != Begins::Nothing {
            bounds.sentences.push(here);
        }
        if begins == Begins::Paragraph {
            bounds.paragraphs.push(here);
        }
        before = Some(*word);
    }
    bounds
}

/// What begins with a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    /// It stands inside a sentence.
    Nothing,
    /// A sentence.
    Sentence,
    /// A paragraph, and so a sentence.
    Paragraph,
}

/// What begins with `word`, which follows the word `before`, or none at the beginning of `text`.
#[inline]
pub fn begins(text: &str, lines: Lines, before: Option<Span>, word: Span) -> Begins {
    let Some(before) = before else { return Begins::Paragraph };
    // Most gaps are one blank, and most words have no dot at their end.
    let bytes = text.as_bytes();
    if word.start == before.end + 1 && bytes.get(before.end) == Some(&b' ') && bytes.get(before.end - 1) != Some(&b'.')
    {
        return Begins::Nothing;
    }
    begins_behind_gap(text, lines, before, word)
}

#[inline(never)]
fn begins_behind_gap(text: &str, lines: Lines, before: Span, word: Span) -> Begins {
    let gap = text.get(before.end..word.start).unwrap_or("");
    if lines.parts(gap) {
        Begins::Paragraph
    } else if ends_sentence(before.of(text), gap, word.of(text)) {
        Begins::Sentence
    } else {
        Begins::Nothing
    }
}

/// How a text shows its paragraphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// A blank line, or an indented line, begins a paragraph; other line ends are wrapping.
    Wrapped,
    /// Every line is a paragraph.
    Paragraphs,
}

/// Lines this long or longer (in bytes, on average) are not wrapped by a typist or a teleprinter: those stop at 80.
const WRAPPED_LINE: usize = 100;

impl Lines {
    /// Decides how `text` shows its paragraphs.
    pub fn of(text: &str) -> Lines {
        let (mut lines, mut bytes, mut stopped) = (0usize, 0usize, 0usize);
        let all = super::lines(text, 0).map(|line| line.of(text).trim_end());
        for line in all.filter(|line| !line.is_empty()).take(200) {
            lines += 1;
            bytes += line.len();
            stopped += usize::from(line.ends_with(['.', '!', '?', '”', '"', '’', ':', ')']));
        }
        if lines > 1 && (bytes / lines >= WRAPPED_LINE || stopped * 10 >= lines * 9) {
            Lines::Paragraphs
        } else {
            Lines::Wrapped
        }
    }

    /// Whether the text between two words parts two paragraphs.
    pub fn parts(self, gap: &str) -> bool {
        let Some(first) = gap.find(['\n', '\r']) else {
            return false;
        };
        if self == Lines::Paragraphs {
            return true;
        }
        let rest = gap.get(first..).unwrap_or("");
        let breaks = rest.matches('\n').count().max(rest.matches('\r').count());
        if breaks > 1 {
            return true;
        }
        let indent = rest.trim_start_matches(['\n', '\r']);
        indent.starts_with('\t') || indent.starts_with("  ")
    }
}

/// The length of the longest word of the lists below.
const LONGEST_LISTED: usize = 6;

/// Abbreviations that do not end a sentence although a capital follows.
const ABBREVIATIONS: &[&str] = &[
    "adm", "apr", "art", "assn", "aug", "ave", "blvd", "brig", "bros", "capt", "cf", "cmdr", "co", "col", "corp",
    "cpl", "dec", "dept", "dr", "est", "etc", "feb", "fig", "fr", "gen", "gov", "hon", "inc", "jan", "jr", "jul",
    "jun", "lt", "ltd", "maj", "mar", "messrs", "mr", "mrs", "ms", "mt", "no", "nos", "nov", "oct", "pfc", "pres",
    "prof", "rep", "reps", "rev", "sec", "sen", "sens", "sept", "sep", "sgt", "sr", "st", "ste", "supt", "vs", "v",
];

/// Whether a sentence ends between `before` and `after`, with `gap` between them.
fn ends_sentence(before: &str, gap: &str, after: &str) -> bool {
    let dotted = before.ends_with('.');
    let mark = if dotted { Some('.') } else { gap.chars().find(|c| matches!(c, '.' | '!' | '?' | '…' | '。')) };
    let Some(mark) = mark else { return false };
    if !gap.chars().any(char::is_whitespace) && mark != '。' {
        return false;
    }
    let Some(first) = after.chars().next() else {
        return false;
    };
    // A sentence begins with a capital, a digit, or a letter of a script without capitals.
    if first.is_lowercase() {
        return false;
    }
    if mark != '.' {
        return true;
    }
    let is_of = |words: &[&str], word: &str| {
        word.len() <= LONGEST_LISTED && words.iter().any(|listed| listed.eq_ignore_ascii_case(word))
    };
    if dotted {
        // `U.S. The` ends, `U.S. Senate` does not: look at the next word only.
        return is_of(BEGINNERS, after);
    }
    if is_of(ABBREVIATIONS, before) {
        return false;
    }
    // An initial: `J. Smith`.
    !(before.chars().count() == 1 && before.chars().all(char::is_uppercase))
}

/// Words that begin a sentence after an abbreviation with dots.
const BEGINNERS: &[&str] = &[
    "a", "after", "an", "and", "as", "at", "but", "for", "he", "her", "his", "if", "in", "it", "its", "on", "she",
    "the", "their", "there", "these", "they", "this", "those", "we", "when", "while",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokens;

    fn check(text: &str, sentences: &[&str], paragraphs: usize) {
        let words: Vec<Span> = tokens::words(text).collect();
        let bounds = bounds(text, &words);
        let firsts: Vec<&str> = bounds.sentences.iter().map(|p| words[*p as usize].of(text)).collect();
        assert_eq!(firsts, sentences, "{text:?}");
        assert_eq!(bounds.paragraphs.len(), paragraphs, "{text:?}");
        assert_eq!(Bounds::decode(&bounds.encode()), bounds);
    }

    #[test]
    fn lists_have_small_ascii_words_as_long_as_is_said() {
        let words = || ABBREVIATIONS.iter().chain(BEGINNERS);
        assert_eq!(words().map(|word| word.len()).max(), Some(LONGEST_LISTED));
        assert!(words().all(|word| word.bytes().all(|b| b.is_ascii_lowercase())));
    }

    #[test]
    fn finds_sentences() {
        check("Mr. Kim left. He was late.", &["Mr", "He"], 1);
        check("The U.S. Senate met. It rose 3.5 per cent.", &["The", "It"], 1);
        check("He left the U.S. The plan failed! Why? “Because.” Then", &["He", "The", "Why", "Because", "Then"], 1);
        check("J. Smith spoke. K. Jones", &["J", "K"], 1);
        check("", &[], 0);
    }

    #[test]
    fn finds_paragraphs_however_they_are_shown() {
        check("One line\nwrapped here.\n\nTwo.", &["One", "Two"], 2);
        check("    One line\nwrapped here.\n    Two lines\nmore", &["One", "Two"], 2);
        check("First is done.\nSecond is done.\nThird is done.", &["First", "Second", "Third"], 3);
    }

    #[test]
    fn numbers_the_sentence_of_a_word() {
        let bounds = Bounds { sentences: vec![0, 5, 300], paragraphs: vec![0, 300] };
        assert_eq!((bounds.sentence(4), bounds.sentence(5), bounds.sentence(999)), (0, 1, 2));
        assert_eq!((bounds.paragraph(299), bounds.paragraph(300)), (0, 1));
        assert_eq!(Bounds::decode(&bounds.encode()), bounds);
        assert_eq!(Bounds::decode(&[0xff; 20]).sentences, Vec::<u32>::new());
    }
}
