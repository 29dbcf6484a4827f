//! Makes a tree of the tokens of a query. It never fails: what is wrong is left out, with a warning in its place.
//!
//! `OR` binds closer than `AND` and blanks, so `a b OR c` is `a (b OR c)`; `NOT`, `-` and `+` bind closer still, and
//! `NEAR` and its kin closest of all.

use super::lexer::{self, Token, TokenKind};
use super::placed::{only_text, spans_of};
use super::spans::{Link, Slot, Spans};
use super::tree::{Phrase, Scope, Tree, Word};
use super::values;
use super::{DEEPEST, MOST_CLAUSES, Parsed, Reading, StandsFor, Warning, patterns, saved};
use crate::field::{Field, Kind};
use crate::text::{Span, tokens};
use chrono::NaiveDate;

/// Reads a query that names no saved search. `today` is what relative dates such as `7d..` count from.
pub fn parse(text: &str, today: Option<NaiveDate>) -> Parsed {
    parse_with(text, &Reading { today, ..Reading::default() })
}

/// Reads a query.
pub fn parse_with(text: &str, reading: &Reading<'_>) -> Parsed {
    let (mut query, mut long) = (text, None);
    if text.len() > reading.longest {
        query = text.get(..text.floor_char_boundary(reading.longest)).unwrap_or("");
        long = Some(format!("the query has {} bytes, more than {}", text.len(), reading.longest));
    }
    let mut parser = Parser::new(query, *reading);
    let whole = Span::new(0, query.len());
    let error = |message: String| Warning { error: true, message, hint: None, span: whole };
    parser.warnings.extend(long.map(error));
    parser.chain.extend(reading.within.map(saved::key));
    let tree = parser.whole().unwrap_or(Tree::All);
    let mut warnings = parser.warnings;
    if tree.depth() > DEEPEST {
        warnings.push(error(format!("the query is nested more than {DEEPEST} deep")));
    }
    warnings.sort_by_key(|warning| (warning.span.start, !warning.error));
    Parsed { query: text.to_owned(), tree, warnings, stands_for: parser.stands_for }
}

/// What a field or `=` before a parenthesis means for everything in it.
#[derive(Clone, Copy, Default)]
pub(super) struct Context {
    pub(super) field: Option<&'static Field>,
    pub(super) exact: bool,
}

/// Parentheses deeper than this are not followed. A tree of [`DEEPEST`] levels needs no more, and the stack holds it.
const PARENTHESES: usize = 2 * DEEPEST;

pub(super) struct Parser<'a> {
    pub(super) query: &'a str,
    pub(super) reading: Reading<'a>,
    tokens: Vec<Token>,
    at: usize,
    /// Parentheses around the place that is read, and those around the name of this saved search.
    pub(super) depth: usize,
    pub(super) below: usize,
    pub(super) clauses: usize,
    pub(super) warnings: Vec<Warning>,
    /// The saved searches that are being read, by key, and all that were met.
    pub(super) chain: Vec<String>,
    pub(super) stands_for: Vec<StandsFor>,
}

impl<'a> Parser<'a> {
    pub(super) fn new(query: &'a str, reading: Reading<'a>) -> Parser<'a> {
        let mut warnings = Vec::new();
        let tokens = lexer::tokens(query, &mut warnings);
        let (chain, stands_for) = (Vec::new(), Vec::new());
        Parser { query, reading, tokens, at: 0, depth: 0, below: 0, clauses: 0, warnings, chain, stands_for }
    }

    /// All of the text; nothing where it has nothing to look for, which is an error where it is not empty.
    pub(super) fn whole(&mut self) -> Option<Tree> {
        let tree = self.group(Context::default());
        if tree.is_none() && !self.query.trim().is_empty() && !self.warnings.iter().any(|warning| warning.error) {
            self.warn(true, Span::new(0, self.query.len()), "the query has no word to look for", None);
        }
        tree
    }

    fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    pub(super) fn warn(&mut self, error: bool, span: Span, message: impl Into<String>, hint: Option<String>) {
        self.warnings.push(Warning { error, message: message.into(), hint, span });
    }

    /// Everything up to a closing parenthesis or the end; nothing where nothing was left.
    fn group(&mut self, context: Context) -> Option<Tree> {
        let mut parts = Vec::new();
        // The `AND` that waits for its right side, and whether anything was written on its left.
        let mut and: Option<Token> = None;
        let (mut started, mut written_and, mut written_or) = (false, false, false);
        let first = self.at;
        while let Some(token) = self.peek() {
            match token.kind {
                TokenKind::Close if self.depth > 0 => break,
                TokenKind::Close => {
                    self.at += 1;
                    let hint = Some("add the `(` that it belongs to, or leave it out".to_owned());
                    self.warn(true, token.span, "`)` closes nothing", hint);
                }
                TokenKind::And => {
                    self.at += 1;
                    if !started || and.is_some() {
                        self.warn(true, token.span, "nothing stands before `AND`", None);
                    }
                    and = Some(token);
                    written_and = true;
                }
                _ => {
                    written_or |= self.alternatives(context, &mut parts);
                    and = None;
                }
            }
            started = true;
        }
        if let Some(token) = and {
            self.warn(true, token.span, "nothing follows `AND`", None);
        }
        let tree = joined(parts, true)?;
        if written_and && written_or {
            let place = |at: Option<&Token>| at.map(|token| token.span).unwrap_or_default();
            let last = place(self.at.checked_sub(1).and_then(|at| self.tokens.get(at)));
            let span = Span::new(place(self.tokens.get(first)).start, last.end);
            let hint = Some("put parentheses around what belongs together".to_owned());
            self.warn(false, span, format!("`AND` and `OR` without parentheses: read as `{tree}`"), hint);
        }
        Some(tree)
    }

    /// One part, or several with `OR` between them. Says whether there was an `OR`.
    fn alternatives(&mut self, context: Context, parts: &mut Vec<Tree>) -> bool {
        let mut any = Vec::new();
        let mut or = None;
        if let Some(token) = self.peek().filter(|token| token.kind == TokenKind::Or) {
            self.warn(true, token.span, "nothing stands before `OR`", None);
        } else {
            any.extend(self.part(context));
        }
        while let Some(token) = self.peek().filter(|token| token.kind == TokenKind::Or) {
            self.at += 1;
            or = Some(token);
            match self.peek().map(|next| next.kind) {
                None | Some(TokenKind::Close | TokenKind::And) => {
                    self.warn(true, token.span, "nothing follows `OR`", None);
                }
                Some(TokenKind::Or) => self.warn(true, token.span, "nothing stands between `OR` and `OR`", None),
                Some(_) => any.extend(self.part(context)),
            }
        }
        parts.extend(joined(any, false));
        or.is_some()
    }

    /// An atom with the signs before it.
    fn part(&mut self, context: Context) -> Option<Tree> {
        let mut not = false;
        let mut sign = None;
        while let Some(token) = self.peek() {
            match token.kind {
                TokenKind::Not | TokenKind::Minus => not = !not,
                TokenKind::Plus => {}
                _ => break,
            }
            sign = Some(token);
            self.at += 1;
        }
        match self.peek().map(|token| token.kind) {
            None | Some(TokenKind::Close | TokenKind::And | TokenKind::Or) => {
                if let Some(sign) = sign {
                    let written = sign.span.of(self.query);
                    self.warn(true, sign.span, format!("nothing follows `{written}`"), None);
                }
                None
            }
            Some(_) => {
                let tree = self.linked(context)?;
                Some(match (not, tree) {
                    (true, Tree::Not(inner)) => *inner,
                    (true, tree) => Tree::Not(Box::new(tree)),
                    (false, tree) => tree,
                })
            }
        }
    }

    /// An atom, or several with operators of proximity between them, from left to right.
    fn linked(&mut self, context: Context) -> Option<Tree> {
        let first = self.at;
        let mut left = self.weighted(context);
        while let Some((link, operator)) = self.link() {
            let here = |parser: &Parser<'_>, from: usize| {
                let place = |at: usize| parser.tokens.get(at).map(|token| token.span).unwrap_or_default();
                Span::new(place(from).start, place(parser.at.saturating_sub(1)).end)
            };
            let before = here(self, first);
            self.at += 1 + usize::from(link.negated);
            let behind = self.at;
            let written = operator.of(self.query);
            let right = match self.peek().map(|token| token.kind) {
                None | Some(TokenKind::Close | TokenKind::And | TokenKind::Or | TokenKind::Link(_)) => {
                    self.warn(true, operator, format!("nothing follows `{written}`"), None);
                    None
                }
                Some(TokenKind::Not | TokenKind::Minus | TokenKind::Plus) => {
                    let hint = format!("write `a NOT {written} b`, or `NOT` before the whole");
                    let sign = self.peek().map(|token| token.span).unwrap_or_default();
                    self.warn(true, sign, format!("`{}` cannot follow `{written}`", sign.of(self.query)), Some(hint));
                    self.at += 1;
                    self.weighted(context);
                    None
                }
                Some(_) => self.weighted(context),
            };
            let after = here(self, behind);
            let (Some(one), Some(other)) = (left.take(), right) else { continue };
            if let (Some(one), Some(other)) = (only_text(&one), only_text(&other))
                && one != other
                && !link.negated
            {
                let hint = "write `AND` between the two, or the same field before both".to_owned();
                let message = format!("nothing stands in headline and text at once, as `{written}` would have it");
                self.warn(false, operator, message, Some(hint));
            }
            let one = self.placed(one, before, written);
            let other = self.placed(other, after, written);
            if let (Some(one), Some(other)) = (one, other) {
                left = Some(Tree::Spans(Spans::Linked { left: Box::new(one), link, right: Box::new(other) }));
            }
        }
        left
    }

    /// The operator of proximity that comes next, with its `NOT`, and its place.
    fn link(&self) -> Option<(Link, Span)> {
        let token = self.peek()?;
        match token.kind {
            TokenKind::Link(link) => Some((link, token.span)),
            TokenKind::Not => {
                let next = self.tokens.get(self.at + 1)?;
                let TokenKind::Link(link) = next.kind else { return None };
                Some((Link { negated: !link.negated, ..link }, next.span))
            }
            _ => None,
        }
    }

    /// A part of the query as one that has places in a text; where it has none, that is refused.
    fn placed(&mut self, tree: Tree, span: Span, operator: &str) -> Option<Spans> {
        match spans_of(tree) {
            Ok(spans) => Some(spans),
            Err(refusal) => {
                self.warn(true, span, format!("{} beside `{operator}`", refusal.message), Some(refusal.hint));
                None
            }
        }
    }

    /// `ATLEAST5(…)`.
    fn at_least(&mut self, context: Context, times: u32, operator: Token) -> Option<Tree> {
        let written = operator.span.of(self.query);
        let Some(open) = self.peek().filter(|token| token.kind == TokenKind::Open) else {
            let hint = format!("write it like `{written}(sanctions)`");
            self.warn(true, operator.span, format!("`{written}` needs parentheses behind it"), Some(hint));
            return None;
        };
        self.at += 1;
        let tree = self.parenthesis(context, open)?;
        let end = self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(open.span.end, |last| last.span.end);
        let spans = self.placed(tree, Span::new(open.span.start, end), written)?;
        Some(Tree::AtLeast(times, spans))
    }

    /// An atom with the weight after it.
    fn weighted(&mut self, context: Context) -> Option<Tree> {
        let mut tree = self.atom(context);
        while let Some(Token { kind: TokenKind::Boost(weight), span, glued: true }) = self.peek() {
            self.at += 1;
            tree = match tree {
                Some(Tree::Boost(inner, before)) if (0.01..=1000.0).contains(&(before * weight)) => {
                    Some(Tree::Boost(inner, before * weight))
                }
                Some(Tree::Boost(..)) => {
                    self.warn(true, span, "the weights multiply to less than 0.01 or more than 1000", None);
                    tree
                }
                Some(tree) => Some(Tree::Boost(Box::new(tree), weight)),
                None => None,
            };
        }
        tree
    }

    fn atom(&mut self, mut context: Context) -> Option<Tree> {
        let mut lead: Option<Token> = None;
        loop {
            let token = self.peek().filter(|token| lead.is_none() || token.glued);
            let Some(token) = token else {
                if let Some(lead) = lead {
                    let written = lead.span.of(self.query);
                    let hint =
                        context.field.map(|field| format!("write it without a blank, as in `{}`", field.example));
                    self.warn(true, lead.span, format!("nothing follows `{written}`"), hint);
                }
                return None;
            };
            self.at += 1;
            match token.kind {
                TokenKind::Field(field) => {
                    if lead.is_some_and(|lead| lead.kind == TokenKind::Equals) && context.field.is_some() {
                        self.warn(
                            true,
                            token.span,
                            format!("`{}` inside another field", token.span.of(self.query)),
                            None,
                        );
                    }
                    context.field = Some(field);
                    lead = Some(token);
                }
                TokenKind::Equals => {
                    context.exact = true;
                    lead = Some(token);
                }
                TokenKind::Open => return self.parenthesis(context, token),
                TokenKind::Phrase(inner, slop) => return self.phrase(context, token.span, inner, slop),
                TokenKind::AtLeast(times) => return self.at_least(context, times, token),
                TokenKind::Slot(kind) => {
                    let spans = Spans::Slot(Slot { kind, scope: scope(context), span: token.span });
                    return self.counted(Tree::Spans(spans), token.span);
                }
                TokenKind::Link(_) => {
                    let written = token.span.of(self.query);
                    self.warn(true, token.span, format!("nothing stands before `{written}`"), None);
                    return None;
                }
                TokenKind::Text => return self.text(context, token.span),
                TokenKind::Saved => return self.saved(context, token.span),
                TokenKind::Star if context.field.is_none() => return self.counted(Tree::All, token.span),
                TokenKind::Star => {
                    let hint = "leave it out, or write the beginning of a word before it".to_owned();
                    self.warn(true, token.span, "`*` stands for every word", Some(hint));
                    return None;
                }
                TokenKind::Minus | TokenKind::Plus => {
                    let sign = token.span.of(self.query);
                    let lead = lead.map_or("", |lead| lead.span.of(self.query));
                    self.warn(true, token.span, format!("`{sign}` belongs before `{lead}`"), None);
                    lead_on(&mut self.at, &self.tokens);
                    return None;
                }
                TokenKind::Boost(_) => {
                    let hint = Some("write it right after what it weighs, as in `treaty^3`".to_owned());
                    self.warn(true, token.span, "the weight follows nothing", hint);
                    return None;
                }
                TokenKind::Refused => return None,
                TokenKind::Close | TokenKind::And | TokenKind::Or | TokenKind::Not => {
                    self.at -= 1;
                    if let Some(lead) = lead {
                        let written = lead.span.of(self.query);
                        self.warn(true, lead.span, format!("nothing follows `{written}`"), None);
                    }
                    return None;
                }
            }
        }
    }

    fn parenthesis(&mut self, context: Context, open: Token) -> Option<Tree> {
        if self.depth + self.below >= PARENTHESES {
            self.warn(true, open.span, format!("the query is nested more than {DEEPEST} deep"), None);
            // Nothing of it can be used: go on behind its end.
            let mut level = 1usize;
            while let Some(token) = self.peek().filter(|_| level > 0) {
                match token.kind {
                    TokenKind::Open => level += 1,
                    TokenKind::Close => level -= 1,
                    _ => {}
                }
                self.at += 1;
            }
            return None;
        }
        if let Some(close) = self.peek().filter(|token| token.kind == TokenKind::Close) {
            self.at += 1;
            self.warn(true, Span::new(open.span.start, close.span.end), "there is nothing between `(` and `)`", None);
            return None;
        }
        self.depth += 1;
        let tree = self.group(context);
        self.depth -= 1;
        match self.peek() {
            Some(token) if token.kind == TokenKind::Close => self.at += 1,
            _ => {
                let hint = Some("add the `)` that belongs to it, or leave it out".to_owned());
                self.warn(true, open.span, "`(` is not closed", hint);
            }
        }
        tree
    }

    fn phrase(&mut self, context: Context, span: Span, inner: Span, slop: u32) -> Option<Tree> {
        if let Some(field) = context.field.filter(|field| field.kind != Kind::Text) {
            if lexer::inexact(inner.of(self.query)) {
                let hint = "a part of the name is enough, as in `person:Kim`; `OR` stands between several".to_owned();
                let message = format!("names and values have no wildcards: `{}`", span.of(self.query));
                self.warn(true, span, message, Some(hint));
                return None;
            }
            return self.value(field, context.exact, inner.of(self.query), span);
        }
        let parts = self.items(inner, context)?;
        let count = parts.iter().map(|part| part.leaves().len()).sum();
        if count == 0 {
            self.warn(true, span, "the phrase has no word", None);
            return None;
        }
        self.count(count, span)?;
        if slop > 0 && parts.len() > 1 {
            let single = |part: &Spans| match part {
                Spans::Word(_) => true,
                Spans::Any(parts) => parts.iter().all(|part| matches!(part, Spans::Word(_))),
                _ => false,
            };
            if !parts.iter().all(single) {
                let hint = "write `NEAR` between them, as in `@person NEAR/3 resigned`".to_owned();
                self.warn(true, span, "the parts of a loose phrase are single words", Some(hint));
                return None;
            }
            return Some(Tree::Spans(Spans::Phrase { parts, slop }));
        }
        let word = |part: &Spans| match part {
            Spans::Word(word) => Some(word.clone()),
            _ => None,
        };
        match parts.iter().map(word).collect::<Option<Vec<Word>>>() {
            Some(words) => Some(Tree::Phrase(Phrase { words, scope: scope(context), span })),
            None => Some(Tree::Spans(Spans::Phrase { parts, slop: 0 })),
        }
    }

    /// What stands between quotation marks: words, those that stand for others, slots, and alternatives in parentheses.
    /// None where something of it was refused.
    fn items(&mut self, inner: Span, context: Context) -> Option<Vec<Spans>> {
        let text = inner.of(self.query);
        let mut out: Vec<Spans> = Vec::new();
        // How many words of any sort stand before the next part.
        let mut skipped = 0;
        let mut gap = Span::default();
        // Where the run of plain words begins that has not been cut yet.
        let mut plain = 0;
        let mut at = 0;
        while let Some(start) =
            text.get(at..).and_then(|rest| rest.find(|c: char| !c.is_whitespace())).map(|by| at + by)
        {
            let rest = text.get(start..).unwrap_or("");
            let end = start + rest.find(char::is_whitespace).unwrap_or(rest.len());
            let run = text.get(start..end).unwrap_or("");
            let group = alternatives(rest);
            let regex = patterns::is_regex(run);
            let slot = lexer::slot(run.trim_end_matches([',', ';', '.', ':']));
            let pattern = lexer::inexact(run) || run == "*";
            at = end;
            if group.is_none() && !regex && slot.is_none() && !pattern {
                continue;
            }
            let place = Span::new(inner.start + start, inner.start + end);
            let mut found: Vec<Spans> = self.plain(Span::new(inner.start + plain, place.start), context).collect();
            behind(&mut skipped, &mut found);
            out.append(&mut found);
            if run == "*" {
                if out.is_empty() {
                    let hint = "leave it out: a phrase begins with a word".to_owned();
                    self.warn(true, place, "`*` stands before the first word of the phrase", Some(hint));
                    return None;
                }
                skipped += 1;
                gap = place;
                plain = at;
                continue;
            }
            if let Some(length) = group {
                at = start + length;
                let inside = Span::new(place.start + 1, inner.start + at - 1);
                match self.group_of_words(inside, context)? {
                    // Of a group with one alternative that has words they are words of the phrase.
                    Spans::Phrase { parts, slop: 0 } => found.extend(parts),
                    group => found.push(group),
                }
            } else if let Some(kind) = slot {
                found.push(Spans::Slot(Slot { kind, scope: scope(context), span: place }));
            } else {
                found.extend(self.stands_for(place, context)?.into_iter().map(Spans::Word));
            }
            behind(&mut skipped, &mut found);
            out.append(&mut found);
            plain = at;
        }
        let mut found: Vec<Spans> = self.plain(Span::new(inner.start + plain, inner.end), context).collect();
        behind(&mut skipped, &mut found);
        out.append(&mut found);
        if skipped > 0 {
            let hint = "leave it out: a phrase ends with a word".to_owned();
            self.warn(true, gap, "`*` stands behind the last word of the phrase", Some(hint));
            return None;
        }
        Some(out)
    }

    fn plain(&self, span: Span, context: Context) -> impl Iterator<Item = Spans> + use<> {
        self.words(span, context).into_iter().map(Spans::Word)
    }

    /// The words of a run that stands for others; none where it was refused.
    fn stands_for(&mut self, span: Span, context: Context) -> Option<Vec<Word>> {
        let run = span.of(self.query);
        let words = if patterns::is_regex(run) {
            patterns::regex(run, span.start, context.exact, scope(context)).map(|word| vec![word])
        } else {
            patterns::words(run, span.start, context.exact, scope(context))
        };
        match words {
            Ok(words) => Some(words),
            Err(refusal) => {
                self.warn(true, span, refusal.message, Some(refusal.hint));
                None
            }
        }
    }

    /// `defence|aid OR united states`, between the parentheses of a phrase.
    fn group_of_words(&mut self, inside: Span, context: Context) -> Option<Spans> {
        let text = inside.of(self.query);
        let mut any = Vec::new();
        let mut start = 0;
        let mut add = |parser: &mut Self, start: usize, end: usize| {
            let place = Span::new(inside.start + start, inside.start + end);
            let mut parts = parser.items(place, context)?;
            // It would be read as what parts the alternatives.
            if parts.iter().any(|part| matches!(part, Spans::Word(word) if word.written == "OR")) {
                parser.warn(true, place, "`OR` stands between two alternatives, each with a word", None);
                return None;
            }
            match parts.len() {
                0 => parser.warn(true, inside, "an alternative of the phrase has no word", None),
                1 => any.extend(parts.pop()),
                _ => any.push(Spans::Phrase { parts, slop: 0 }),
            }
            (!any.is_empty()).then_some(())
        };
        while let Some((end, next)) = separator(text, start) {
            add(self, start, end)?;
            start = next;
        }
        add(self, start, text.len())?;
        if any.len() > 1 { Some(Spans::Any(any)) } else { any.pop() }
    }

    fn text(&mut self, context: Context, span: Span) -> Option<Tree> {
        let run = span.of(self.query);
        if let Some(field) = context.field.filter(|field| field.kind != Kind::Text) {
            let dates = matches!(field.kind, Kind::Published | Kind::Spoken | Kind::Gap);
            if !dates && lexer::inexact(run) {
                let hint = "a part of the name is enough, as in `person:Kim`; `OR` stands between several".to_owned();
                self.warn(true, span, format!("names and values have no wildcards: `{run}`"), Some(hint));
                return None;
            }
            return self.value(field, context.exact, run, span);
        }
        let mut words = if lexer::inexact(run) || patterns::is_regex(run) {
            self.stands_for(span, context)?
        } else {
            self.words(span, context)
        };
        self.count(words.len(), span)?;
        match words.len() {
            0 => {
                if !run.starts_with('|') {
                    let message = format!("`{run}` has no letters or digits and is left out");
                    self.warn(context.field.is_some(), span, message, None);
                }
                None
            }
            1 if !lexer::reserved(&words.first()?.written) => words.pop().map(Tree::Word),
            _ => Some(Tree::Phrase(Phrase { words, scope: scope(context), span })),
        }
    }

    fn value(&mut self, field: &'static Field, exact: bool, written: &str, span: Span) -> Option<Tree> {
        // Only the first error is told.
        let suggest = !self.warnings.iter().any(|warning| warning.error);
        match values::leaf(field, written, exact, span, self.reading.today, suggest) {
            Ok(tree) => self.counted(tree, span),
            Err(refusal) => {
                self.warn(true, span, refusal.message, Some(refusal.hint));
                None
            }
        }
    }

    /// The words of a part of the query. One that a hyphen ties to the next has the hyphen in its span.
    fn words(&self, span: Span, context: Context) -> Vec<Word> {
        let text = span.of(self.query);
        let mut words: Vec<Word> = Vec::new();
        for found in tokens::words(text) {
            let written = found.of(text).to_owned();
            let span = Span::new(span.start + found.start, span.start + found.end);
            if let Some(last) = words.last_mut()
                && matches!(self.query.get(last.span.end..span.start), Some("-" | "\u{2010}" | "\u{2011}"))
            {
                last.span.end = span.start;
            }
            words.push(Word::new(&written, context.exact, scope(context), span));
        }
        words
    }

    fn counted(&mut self, tree: Tree, span: Span) -> Option<Tree> {
        self.count(1, span)?;
        Some(tree)
    }

    /// Counts clauses; nothing once there are too many.
    pub(super) fn count(&mut self, more: usize, span: Span) -> Option<()> {
        let before = self.clauses;
        self.clauses += more;
        if self.clauses <= MOST_CLAUSES {
            return Some(());
        }
        if before <= MOST_CLAUSES {
            self.warn(true, span, format!("the query has more than {MOST_CLAUSES} words and values"), None);
        }
        None
    }
}

/// Puts words of any sort before the first of these parts.
fn behind(skipped: &mut u32, parts: &mut [Spans]) {
    if let Some(first) = parts.first_mut().filter(|_| *skipped > 0) {
        let part = std::mem::replace(first, Spans::Any(Vec::new()));
        *first = Spans::After { skipped: std::mem::take(skipped), part: Box::new(part) };
    }
}

/// How long the alternatives in parentheses are with which `text` begins; none where it begins with none.
fn alternatives(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('(')?;
    let end = inside.find(')')?;
    let group = inside.get(..end)?;
    separator(group, 0).map(|_| end + 2)
}

/// The first `|` or `OR` from `start` on: where it begins, and where what follows it does.
fn separator(text: &str, start: usize) -> Option<(usize, usize)> {
    let rest = text.get(start..)?;
    let bar = rest.find('|').map(|at| (start + at, start + at + 1));
    let or = rest.find(" OR ").map(|at| (start + at, start + at + 4));
    bar.into_iter().chain(or).min()
}

/// Goes past what a misplaced sign stands before.
fn lead_on(at: &mut usize, tokens: &[Token]) {
    if tokens.get(*at).is_some_and(|token| token.glued && matches!(token.kind, TokenKind::Text | TokenKind::Phrase(..)))
    {
        *at += 1;
    }
}

fn scope(context: Context) -> Scope {
    match context.field.map(|field| field.name) {
        Some("title") => Scope::Title,
        Some("body") => Scope::Body,
        _ => Scope::Anywhere,
    }
}

/// The parts as one tree; parts of the same sort are taken in.
fn joined(parts: Vec<Tree>, all: bool) -> Option<Tree> {
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Tree::And(inner) if all => flat.extend(inner),
            Tree::Or(inner) if !all => flat.extend(inner),
            part => flat.push(part),
        }
    }
    match flat.len() {
        0 | 1 => flat.pop(),
        _ => Some(if all { Tree::And(flat) } else { Tree::Or(flat) }),
    }
}
