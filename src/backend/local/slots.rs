//! Where mentions and numbers stand in a text, for slots such as `@person`: a field with one term for each, which says
//! its kind and its length in words, at the position that its first word has in the text.
//!
//! The value that is indexed is a list of `TERM@POSITION`, by position; the tokeniser reads it back.

use super::positional::slot_term;
use crate::article::{Article, Found, Part};
use crate::query::matcher;
use crate::query::spans::SlotKind;
use crate::text::{Span, tokens};
use std::fmt::Write as _;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// The mentions and numbers of one text.
pub(super) fn written(article: &Article, found: &Found, text: &str, part: Part) -> String {
    let words: Vec<Span> = tokens::words(text).collect();
    let mut slots: Vec<(u32, SlotKind, u32)> = Vec::new();
    for mention in found.mentions.iter().filter(|mention| mention.part == part && !article.is_its_date(mention)) {
        let Some((first, last)) = matcher::extent_of(&words, mention.span) else { continue };
        slots.extend(matcher::slot_kinds(mention).map(|kind| (first, kind, last - first + 1)));
    }
    let numbers = words.iter().zip(0u32..).filter(|(word, _)| matcher::is_number(word.of(text)));
    slots.extend(numbers.map(|(_, position)| (position, SlotKind::Number, 1)));
    slots.sort_unstable_by_key(|(position, kind, words)| (*position, *kind as u8, *words));
    slots.dedup();
    let mut out = String::with_capacity(slots.len() * 7);
    for (position, kind, words) in slots {
        let _ = write!(out, "{}@{position} ", slot_term(kind, words));
    }
    out
}

/// Reads what [`written`] wrote.
#[derive(Clone)]
pub(super) struct SlotTokeniser;

impl Tokenizer for SlotTokeniser {
    type TokenStream<'a> = SlotStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> SlotStream<'a> {
        SlotStream { rest: text, token: Token::default() }
    }
}

pub(super) struct SlotStream<'a> {
    rest: &'a str,
    token: Token,
}

impl TokenStream for SlotStream<'_> {
    fn advance(&mut self) -> bool {
        let Some((slot, rest)) = self.rest.split_once(' ') else { return false };
        self.rest = rest;
        let Some((term, position)) = slot.split_once('@') else { return false };
        self.token.text.clear();
        self.token.text.push_str(term);
        self.token.position = position.parse().unwrap_or(0);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
