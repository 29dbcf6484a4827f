//! Cuts a query into tokens.
//!
//! Operators are upper case, or have a slash or a figure ([`super::operators`]). What a run of characters is, a word or
//! one that stands for others, the parser says.

use super::operators::{self, Meaning};
use super::spans::{Link, SlotKind};
use super::{Warning, patterns, saved};
use crate::field::{self, Field, Kind};
use crate::text::Span;

/// A token with its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: TokenKind,
    /// Where it stands, in bytes.
    pub(super) span: Span,
    /// Whether it follows the token before it without a blank.
    pub(super) glued: bool,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `AND`
    And,
    /// `OR`
    Or,
    /// `NOT`
    Not,
    /// `-` before something
    Minus,
    /// `+` before something
    Plus,
    /// `=` before something
    Equals,
    /// `*` alone
    Star,
    /// `title:`
    Field(&'static Field),
    /// `^2`: the weight
    Boost(f32),
    /// `NEAR/5` and its kin, between two sides.
    Link(Link),
    /// `ATLEAST5` before parentheses.
    AtLeast(u32),
    /// `@person`
    Slot(SlotKind),
    /// What stands between quotation marks, and how loosely the words may stand: `~3`.
    Phrase(Span, u32),
    /// `query:NAME`: a saved search.
    Saved,
    /// A run of anything else.
    Text,
    /// Something that was refused, with its warning.
    Refused,
}

/// The tokens of `query`, in order; what is wrong with them is added to `warnings`.
pub(super) fn tokens(query: &str, warnings: &mut Vec<Warning>) -> Vec<Token> {
    let mut lexer = Lexer { query, at: 0, tokens: Vec::new(), warnings };
    while lexer.step() {}
    lexer.tokens
}

/// Weights outside this range are refused: the score would lose its other parts.
const WEIGHTS: std::ops::RangeInclusive<f32> = 0.01..=1000.0;

struct Lexer<'a, 'w> {
    query: &'a str,
    at: usize,
    tokens: Vec<Token>,
    warnings: &'w mut Vec<Warning>,
}

impl<'a> Lexer<'a, '_> {
    fn rest(&self) -> &'a str {
        self.query.get(self.at..).unwrap_or("")
    }

    fn warn(&mut self, error: bool, span: Span, message: String, hint: Option<&str>) {
        self.warnings.push(Warning { error, message, hint: hint.map(str::to_owned), span });
    }

    fn push(&mut self, kind: TokenKind, length: usize, glued: bool) {
        let span = Span::new(self.at, self.at + length);
        self.tokens.push(Token { kind, span, glued });
        self.at = span.end;
    }

    fn refuse(&mut self, length: usize, glued: bool, message: String, hint: &str) {
        self.warn(true, Span::new(self.at, self.at + length), message, Some(hint));
        self.push(TokenKind::Refused, length, glued);
    }

    /// Reads one token; false at the end.
    fn step(&mut self) -> bool {
        let trimmed = self.rest().trim_start();
        let blank = self.rest().len() - trimmed.len();
        self.at += blank;
        let Some(first) = trimmed.chars().next() else {
            return false;
        };
        let before = if blank == 0 { self.tokens.last().copied() } else { None };
        let glued = before.is_some();
        // Where a sign may stand: at the beginning of something.
        let begins = before.is_none_or(|token| !matches!(token.kind, TokenKind::Text | TokenKind::Phrase(..)));
        let next = trimmed.chars().nth(1);
        match first {
            '(' => self.push(TokenKind::Open, 1, glued),
            ')' => self.push(TokenKind::Close, 1, glued),
            '^' if glued || weighs(trimmed, 0) => self.boost(trimmed, glued),
            '=' if begins && next.is_some_and(|c| !c.is_whitespace() && c != ')') => {
                let length = trimmed.len() - trimmed.trim_start_matches('=').len();
                self.push(TokenKind::Equals, length, glued);
            }
            '-' | '+' if begins => {
                let signs = trimmed.len() - trimmed.trim_start_matches(['-', '+']).len();
                match (leads(trimmed.get(signs..).unwrap_or("")), signs) {
                    (true, 1) => {
                        self.push(if first == '-' { TokenKind::Minus } else { TokenKind::Plus }, 1, glued);
                    }
                    (true, _) => {
                        let message = format!("`{}` is more than one sign", trimmed.get(..signs).unwrap_or(""));
                        self.refuse(signs, glued, message, "write one `-` right before what is not wanted");
                    }
                    _ => self.run(trimmed, before, glued),
                }
            }
            c if closer(c).is_some() => self.phrase(trimmed, c, before, glued),
            _ => self.run(trimmed, before, glued),
        }
        true
    }

    fn boost(&mut self, trimmed: &str, glued: bool) {
        let number = trimmed.get(1..).unwrap_or("");
        let digits = number.len() - number.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        match number.get(..digits).unwrap_or("").parse::<f32>() {
            Ok(weight) if WEIGHTS.contains(&weight) => self.push(TokenKind::Boost(weight), 1 + digits, glued),
            _ => {
                let message = "`^` needs a weight from 0.01 to 1000".to_owned();
                self.refuse(1 + digits, glued, message, "write it like `treaty^3`");
            }
        }
    }

    fn phrase(&mut self, trimmed: &str, opener: char, before: Option<Token>, glued: bool) {
        let value = self.field(before).is_some_and(|field| field.kind != Kind::Text);
        let open = opener.len_utf8();
        let inside = trimmed.get(open..).unwrap_or("");
        let closers = closer(opener).unwrap_or(&['"']);
        let found = inside.char_indices().find(|(_, c)| closers.contains(c));
        let (length, end) = match found {
            Some((at, c)) => (at, open + at + c.len_utf8()),
            None => (inside.len(), trimmed.len()),
        };
        if found.is_none() {
            let span = Span::new(self.at, self.at + open);
            let hint = "add the quotation mark that ends the phrase, or leave this one out";
            self.warn(true, span, format!("the quotation mark `{opener}` is not closed"), Some(hint));
        }
        let inner = Span::new(self.at + open, self.at + open + length);
        let after = trimmed.get(end..).unwrap_or("");
        let Some(slop) = after.strip_prefix('~').filter(|_| !value) else {
            self.push(TokenKind::Phrase(inner, 0), end, glued);
            return;
        };
        let digits = slop.len() - slop.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let whole = end + 1 + digits;
        match slop.get(..digits).unwrap_or("").parse::<u32>() {
            Ok(slop) if slop <= LOOSEST => self.push(TokenKind::Phrase(inner, slop), whole, glued),
            _ => {
                let written = trimmed.get(end..whole).unwrap_or("");
                let message = format!("`{written}` does not say how far the words may be moved, from 0 to {LOOSEST}");
                self.refuse(whole, glued, message, "write it like `\"mutual defence\"~3`");
            }
        }
    }

    /// The field whose value begins behind the token `before`: `person:` or `person:=`.
    fn field(&self, before: Option<Token>) -> Option<&'static Field> {
        let field = |token: Option<&Token>| match token?.kind {
            TokenKind::Field(field) => Some(field),
            _ => None,
        };
        match before? {
            Token { kind: TokenKind::Equals, glued: true, .. } => {
                field(self.tokens.len().checked_sub(2).and_then(|at| self.tokens.get(at)))
            }
            token => field(Some(&token)),
        }
    }

    /// A run of characters without blanks, parentheses and quotation marks.
    fn run(&mut self, trimmed: &str, before: Option<Token>, glued: bool) {
        let value = self.field(before);
        if let (Some(field), Some(first)) = (value, trimmed.chars().next())
            && matches!(field.kind, Kind::Published | Kind::Spoken | Kind::Gap)
            && matches!(first, '[' | '{')
            && let Some(end) = trimmed.find([']', '}'])
        {
            self.push(TokenKind::Text, end + 1, glued);
            return;
        }
        // `/regex/`, whatever stands in it.
        let solid = trimmed.split(char::is_whitespace).next().unwrap_or("");
        if value.is_none_or(|field| field.kind == Kind::Text)
            && let Some(close) = solid.get(1..).and_then(|rest| rest.rfind('/')).filter(|_| solid.starts_with('/'))
            && let Some(regex) = solid.get(..close + 2)
            && patterns::is_regex(regex)
            && solid.get(regex.len()..).is_some_and(|rest| rest.chars().all(|c| c == ')'))
        {
            self.push(TokenKind::Text, regex.len(), glued);
            return;
        }
        let end = trimmed
            .char_indices()
            .skip(1)
            .find(|(at, c)| {
                c.is_whitespace()
                    || matches!(c, '(' | ')')
                    || closer(*c).is_some()
                    || (*c == '^' && weighs(trimmed, *at))
            })
            .map_or(trimmed.len(), |(at, _)| at);
        let run = trimmed.get(..end).unwrap_or("");
        // What follows a sign or a field is never an operator or a field's name.
        let plain = before.is_some_and(|token| {
            matches!(token.kind, TokenKind::Minus | TokenKind::Plus | TokenKind::Equals | TokenKind::Field(_))
        });
        let operator = match run {
            "AND" => Some(TokenKind::And),
            "OR" => Some(TokenKind::Or),
            "NOT" => Some(TokenKind::Not),
            "*" => Some(TokenKind::Star),
            _ => None,
        };
        if let Some(kind) = operator
            && (!plain || kind == TokenKind::Star)
        {
            self.push(kind, end, glued);
            return;
        }
        let bare = run.trim_end_matches([',', ';', '.', ':']);
        if !plain && let Some(operator) = operators::read(bare) {
            match operator {
                Ok(Meaning::Link(link)) => self.push(TokenKind::Link(link), end, glued),
                Ok(Meaning::AtLeast(times)) => self.push(TokenKind::AtLeast(times), end, glued),
                Err(refusal) => self.refuse(end, glued, refusal.message, &refusal.hint),
            }
            return;
        }
        if value.is_none_or(|field| field.kind == Kind::Text)
            && let Some(kind) = slot(bare)
        {
            self.push(TokenKind::Slot(kind), end, glued);
            return;
        }
        if let Some(colon) = run.find(':')
            && let Some(name) = run.get(..colon)
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphabetic() || c == '-')
        {
            let is_saved = name.eq_ignore_ascii_case(saved::FIELD);
            if value.is_some() && (is_saved || field::find(name).is_some()) {
                self.refuse(end, glued, format!("`{name}:` inside another field"), "write one field before each value");
                return;
            }
            if is_saved {
                self.push(TokenKind::Saved, saved::length(trimmed, end), glued);
                return;
            }
            if let Some(field) = field::find(name) {
                self.push(TokenKind::Field(field), colon + 1, glued);
                return;
            }
            if let Some(nearest) = field::nearest(name).filter(|_| value.is_none()) {
                let span = Span::new(self.at, self.at + colon + 1);
                let hint = format!("did you mean `{nearest}:`");
                self.warn(false, span, format!("`{name}:` is no field, so it is looked for as a word"), Some(&hint));
            }
        }
        let dates = value.is_some_and(|field| matches!(field.kind, Kind::Published | Kind::Spoken | Kind::Gap));
        if value.is_some_and(|field| field.kind != Kind::Text) && !dates && inexact(run) {
            let message = format!("names and values have no wildcards: `{run}`");
            self.refuse(
                end,
                glued,
                message,
                "a part of the name is enough, as in `person:Kim`; `OR` stands between several",
            );
            return;
        }
        if !dates {
            self.slips(run, glued);
        }
        self.push(TokenKind::Text, end, glued);
    }

    /// Notes on what is read otherwise than someone may expect.
    fn slips(&mut self, run: &str, glued: bool) {
        let span = Span::new(self.at, self.at + run.len());
        if run.ends_with('?') && run.chars().any(char::is_alphanumeric) {
            self.warn(false, span, format!("the question mark of `{run}` is read as punctuation"), None);
        }
        if run.contains('|') {
            let hint = Some("write `OR` for either, `AND` or a blank for both");
            self.warn(!run.chars().any(char::is_alphanumeric), span, "`|` is not an operator".to_owned(), hint);
        }
        if run.starts_with('!') && run.chars().nth(1).is_some_and(char::is_alphanumeric) {
            self.warn(true, span, "`!` is not an operator".to_owned(), Some("write `NOT` or `-`"));
        }
        let operator = match run {
            "or" => Some("write `OR` for either"),
            "not" => Some("write `NOT` or `-` to leave out"),
            _ => None,
        };
        if let Some(hint) = operator.filter(|_| !glued && !self.tokens.is_empty()) {
            self.warn(false, span, format!("`{run}` is looked for as a word"), Some(hint));
        }
        if run.starts_with('@')
            && run.chars().nth(1).is_some_and(char::is_alphabetic)
            && !run.get(1..).unwrap_or("").contains('@')
        {
            let hint = "slots are @person, @org, @place, @country, @date and @number";
            self.warn(false, span, format!("`{run}` is looked for as a word"), Some(hint));
        }
        if run.len() > 1 && run.ends_with('^') {
            self.warn(
                false,
                span,
                format!("the `^` of `{run}` has no weight and is left out"),
                Some("write it like `treaty^3`"),
            );
        }
    }
}

/// Whether something that a sign can stand before begins `rest`.
fn leads(rest: &str) -> bool {
    let solid = rest.split(char::is_whitespace).next().unwrap_or("");
    !solid.starts_with(')')
        && solid.chars().any(|c| c.is_alphanumeric() || matches!(c, '(' | '*') || closer(c).is_some())
}

/// Whether the `^` at `at` is followed by a number.
fn weighs(text: &str, at: usize) -> bool {
    text.get(at + 1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == '.'))
}

/// What closes a phrase that `opener` opens; nothing where it opens none.
pub(super) fn closer(opener: char) -> Option<&'static [char]> {
    match opener {
        '"' => Some(&['"']),
        '\u{ff02}' => Some(&['\u{ff02}', '"']),
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' => Some(&['\u{201d}', '\u{201c}', '"']),
        '«' => Some(&['»', '"']),
        '»' => Some(&['«', '"']),
        _ => None,
    }
}

/// The farthest that the words of a loose phrase may be moved.
const LOOSEST: u32 = 100;

/// Whether one of the words of `text` has the form of a wildcard or a fuzzy word.
pub(super) fn inexact(text: &str) -> bool {
    text.split_whitespace().any(|run| patterns::is_wildcard(run) || patterns::fuzzy(run).is_some())
}

/// The kind of a slot, by the word with its `@`.
pub(super) fn slot(run: &str) -> Option<SlotKind> {
    let name = run.strip_prefix('@')?;
    SlotKind::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
}

/// Whether a word by itself would be read as an operator.
pub(super) fn reserved(word: &str) -> bool {
    matches!(word, "AND" | "OR" | "NOT") || operators::read(word).is_some()
}
