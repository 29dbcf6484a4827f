//! Our words as tantivy wants them.
//!
//! - `words`: the words of a headline.
//! - `prose`: the words of a body, and a mark where a sentence or a paragraph begins, at the position of its first
//!   word. The marks are terms that no word can be, so `W/S` and `W/P` are answered from postings like any word.
//! - `slots`: where mentions and numbers stand ([`super::slots`]).
//! - `name`: one term, the normal form of a name; what follows [`SEPARATOR`] is left out.
//! - `keyword`: one term, folded.
//! - `language`: a code, folded, and the language alone where a region follows: `en` of `en-GB`.
//! - `origin`: the term of a name, and the code of the country behind [`SEPARATOR`] as it is, in capitals, which no name has.

use super::slots;
use crate::names;
use crate::text::sentences::{self, Begins, Lines};
use crate::text::{Span, fold, tokens};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

/// Parts the name of a place from its country in a value.
pub(super) const SEPARATOR: char = '\u{1f}';
/// The term at the first word of each sentence but those that begin a paragraph.
pub(super) const SENTENCE: &str = "\u{1}s";
/// The term at the first word of each paragraph, which begins a sentence too.
pub(super) const PARAGRAPH: &str = "\u{1}p";

/// All tokenisers of the schema; tantivy does not keep them with an index.
pub(super) fn manager() -> TokenizerManager {
    // The default ones include `raw`.
    let manager = TokenizerManager::default();
    manager.register("words", TextAnalyzer::from(WordTokeniser { marks: false }));
    manager.register("prose", TextAnalyzer::from(WordTokeniser { marks: true }));
    manager.register("slots", TextAnalyzer::from(slots::SlotTokeniser));
    manager.register("name", TextAnalyzer::from(WholeTokeniser { form: names::key, also: |_| None }));
    manager.register("origin", TextAnalyzer::from(WholeTokeniser { form: names::key, also: code }));
    manager.register("keyword", TextAnalyzer::from(WholeTokeniser { form: keyword, also: |_| None }));
    manager.register("language", TextAnalyzer::from(WholeTokeniser { form: keyword, also: primary }));
    manager
}

/// The term of a value of fixed spelling.
pub(super) fn keyword(value: &str) -> String {
    fold::fold(&fold::squeeze(value))
}

#[derive(Clone)]
struct WordTokeniser {
    marks: bool,
}

impl Tokenizer for WordTokeniser {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        let lines = self.marks.then(|| Lines::of(text));
        let words = tokens::words(text);
        WordStream {
            text,
            words,
            lines,
            begun: false,
            start: 0,
            end: 0,
            form: tokens::Form::Small,
            marked: false,
            token: Token::default(),
        }
    }
}

struct WordStream<'a> {
    text: &'a str,
    words: tokens::Words<'a>,
    /// How the text shows its paragraphs, where marks are wanted.
    lines: Option<Lines>,
    /// Whether there is a word at the current position, where it begins and ends, and what it is made of. Kept apart:
    /// together in one value they would be read before they are written.
    begun: bool,
    start: usize,
    end: usize,
    form: tokens::Form,
    /// Whether the word at the current position is still to come, after its mark.
    marked: bool,
    token: Token,
}

impl WordStream<'_> {
    /// Gives out the current word, unless it is too long to be looked up by.
    #[inline]
    fn give(&mut self) -> bool {
        if self.end - self.start > tokens::LONGEST {
            return false;
        }
        self.token.offset_from = self.start;
        self.token.offset_to = self.end;
        let word = self.text.get(self.start..self.end).unwrap_or("");
        fold::fold_word_into(word, self.form, &mut self.token.text);
        true
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        if std::mem::take(&mut self.marked) && self.give() {
            return true;
        }
        loop {
            let Some(word) = self.words.next_word() else { return false };
            let before = self.begun.then(|| Span::new(self.start, self.end));
            (self.begun, self.start, self.end, self.form) = (true, word.span.start, word.span.end, word.form);
            // The first position is 0: the token starts at the one before it.
            self.token.position = self.token.position.wrapping_add(1);
            let mark = match self.lines.map(|lines| sentences::begins(self.text, lines, before, word.span)) {
                None | Some(Begins::Nothing) => None,
                Some(Begins::Sentence) => Some(SENTENCE),
                Some(Begins::Paragraph) => Some(PARAGRAPH),
            };
            if let Some(mark) = mark {
                self.token.text.clear();
                self.token.text.push_str(mark);
                self.marked = true;
                return true;
            }
            if self.give() {
                return true;
            }
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[derive(Clone)]
struct WholeTokeniser {
    form: fn(&str) -> String,
    /// What is a term too.
    also: fn(&str) -> Option<&str>,
}

/// What follows the separator.
fn code(text: &str) -> Option<&str> {
    text.split_once(SEPARATOR).map(|(_, code)| code).filter(|code| !code.is_empty())
}

/// The language of a code that names a region or script with it: `en` of `en-GB`.
fn primary(text: &str) -> Option<&str> {
    text.split_once('-').map(|(primary, _)| primary)
}

impl Tokenizer for WholeTokeniser {
    type TokenStream<'a> = WholeStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WholeStream {
        let name = text.split(SEPARATOR).next().unwrap_or(text);
        let mut form = (self.form)(name);
        while form.len() > tokens::LONGEST * 4 {
            form.pop();
        }
        WholeStream {
            given: false,
            also: (self.also)(text).map(str::to_owned),
            token: Token { position: 0, offset_to: text.len(), text: form, ..Token::default() },
        }
    }
}

struct WholeStream {
    given: bool,
    /// The term that is still to come.
    also: Option<String>,
    token: Token,
}

impl TokenStream for WholeStream {
    fn advance(&mut self) -> bool {
        if !std::mem::replace(&mut self.given, true) {
            return true;
        }
        let Some(term) = self.also.take() else { return false };
        self.token.text = term;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stand_at_the_first_word() {
        let mut analyser = manager().get("prose").unwrap();
        let mut stream = analyser.token_stream("One two. Three.\n\nFour");
        let mut seen = Vec::new();
        while stream.advance() {
            seen.push((stream.token().text.clone(), stream.token().position));
        }
        let expected =
            [(PARAGRAPH, 0), ("one", 0), ("two", 1), (SENTENCE, 2), ("three", 2), (PARAGRAPH, 3), ("four", 3)];
        assert_eq!(seen, expected.map(|(term, position)| (term.to_owned(), position)));
    }

    #[test]
    fn a_language_is_a_term_with_and_without_its_region() {
        let terms = |text: &str| {
            let mut analyser = manager().get("language").unwrap();
            let mut stream = analyser.token_stream(text);
            let mut terms = Vec::new();
            while stream.advance() {
                terms.push(stream.token().text.clone());
            }
            terms
        };
        assert_eq!(terms("en-GB"), ["en-gb", "en"]);
        assert_eq!(terms("de"), ["de"]);
    }

    #[test]
    fn a_long_word_keeps_its_position() {
        let text = format!("a {} b", "x".repeat(tokens::LONGEST + 1));
        let mut analyser = manager().get("words").unwrap();
        let mut stream = analyser.token_stream(&text);
        stream.advance();
        stream.advance();
        assert_eq!((stream.token().text.as_str(), stream.token().position), ("b", 2));
    }
}
