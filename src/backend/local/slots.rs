//! Where mentions and numbers stand in a text, for slots such as `@person`: a field with one term for each, which says
//! its kind and its length in words, at the position that its first word has in the text.
//!
//! The value that is indexed is a list of `TERM@POSITION`; the tokeniser reads it back.

use super::positional::write_slot_term;
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
    let mut ahead = mentions.into_iter().peekable();
    // Mentions that have begun, with the position of their first word; and those that have just ended.
    let mut begun: Vec<(&Mention, u32)> = Vec::new();
    let mut ended: Vec<(u32, SlotKind, u32)> = Vec::new();
    let (mut out, mut count) = (String::new(), 0);
    let mut add = |position: u32, kind: SlotKind, words: u32| {
        count += 1;
        if count <= MOST {
            write_slot_term(&mut out, kind, words);
            let _ = write!(out, "@{position} ");
        }
    };
    if ahead.peek().is_none() {
        tokens::numbers(text, |position| add(position, SlotKind::Number, 1));
        return out;
    }
    let mut behind = 0;
    for (position, word) in (0u32..).zip(tokens::words(text)) {
        if begun.iter().any(|(mention, _)| mention.span.end <= word.start) {
            begun.retain(|(mention, first)| {
                let goes_on = word.start < mention.span.end;
                if !goes_on {
                    ended.extend(matcher::slot_kinds(mention).map(|kind| (*first, kind, position - first)));
                }
                goes_on
            });
            give(&mut ended, &mut add);
        }
        while let Some(mention) = ahead.next_if(|mention| mention.span.start < word.end) {
            // One that ends before this word has none.
            if word.start < mention.span.end {
                begun.push((mention, position));
            }
        }
        if tokens::is_number(word.of(text)) {
            add(position, SlotKind::Number, 1);
        }
        behind = position + 1;
    }
    for (mention, first) in begun {
        ended.extend(matcher::slot_kinds(mention).map(|kind| (first, kind, behind - first)));
    }
    give(&mut ended, &mut add);
    out
}

/// Mentions and numbers of one text that are kept: more have only tables of figures of many megabytes.
const MOST: usize = 1 << 20;

/// Gives out those that ended at one place, each once. Those of one kind and length end in the order in which they began,
/// which is all that the engine asks for.
fn give(ended: &mut Vec<(u32, SlotKind, u32)>, add: &mut impl FnMut(u32, SlotKind, u32)) {
    ended.sort_unstable_by_key(|(position, kind, words)| (*position, *kind as u8, *words));
    ended.dedup();
    ended.drain(..).for_each(|(position, kind, words)| add(position, kind, words));
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
