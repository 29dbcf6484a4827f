//! Where mentions and numbers stand in a text, for slots such as `@person`: a field with one term for each, which says
//! its kind and its length in words, at the position that its first word has in the text.
//!
//! The value that is indexed is a list of `TERM@POSITION`, by position; the tokeniser reads it back.

use super::positional::slot_term;
use crate::article::{Article, Found, Mention, Part};
use crate::query::matcher;
use crate::query::spans::SlotKind;
use crate::text::tokens;
use std::fmt::Write as _;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// The mentions and numbers of one text. Its words are gone through once and not kept: a text can be large.
pub(super) fn written(article: &Article, found: &Found, text: &str, part: Part) -> String {
    let mut mentions: Vec<&Mention> = found
        .mentions
        .iter()
        .filter(|mention| mention.part == part && !article.is_its_date(mention))
        .filter(|mention| matcher::slot_kinds(mention).next().is_some())
        .collect();
    mentions.sort_by_key(|mention| mention.span);
    let mut slots: Vec<(u32, SlotKind, u32)> = Vec::new();
    let mut ahead = mentions.into_iter().peekable();
    // Mentions that have begun, with the position of their first word.
    let mut begun: Vec<(&Mention, u32)> = Vec::new();
    let mut end = |(mention, first): (&Mention, u32), behind: u32| {
        if behind > first {
            slots.extend(matcher::slot_kinds(mention).map(|kind| (first, kind, behind - first)));
        }
    };
    let mut numbers = Vec::new();
    let mut behind = 0;
    for (position, word) in (0u32..).zip(tokens::words(text)) {
        begun.retain(|(mention, first)| {
            let goes_on = word.start < mention.span.end;
            if !goes_on {
                end((mention, *first), position);
            }
            goes_on
        });
        while let Some(mention) = ahead.next_if(|mention| mention.span.start < word.end) {
            // One that ends before this word has none.
            if word.start < mention.span.end {
                begun.push((mention, position));
            }
        }
        if matcher::is_number(word.of(text)) {
            numbers.push((position, SlotKind::Number, 1));
        }
        behind = position + 1;
    }
    begun.into_iter().for_each(|mention| end(mention, behind));
    slots.extend(numbers);
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
