//! A piece of HTML as plain text: feeds, mail, agency formats and JSON carry their text so.
//!
//! Only the tags are read, no tree is made: linear in time, whatever the nesting.

use html5ever::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use std::cell::RefCell;

/// Elements that begin a paragraph.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "td",
    "th",
    "tr",
    "ul",
    "title",
];

/// Elements whose content nobody reads.
const SILENT: &[&str] =
    &["head", "iframe", "math", "noscript", "object", "script", "style", "svg", "template", "select"];

/// The text of a fragment of HTML: paragraphs with a blank line between, lines of `<br>` as lines, white space as a
/// browser shows it, entities resolved.
pub fn text(html: &str) -> String {
    let sink = Text::default();
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(&super::ruby::without(&super::attributes::limited(html))));
    while let TokenizerResult::Script(()) = tokenizer.feed(&input) {}
    tokenizer.end();
    tokenizer.sink.out.into_inner().finish()
}

/// Whether a text has tags or entities, so that it is a fragment of HTML rather than plain text.
pub fn is_html(text: &str) -> bool {
    // Behind the last `>` no tag is closed: it is looked for once, not behind every `<`.
    let mut rest = text.rfind('>').and_then(|last| text.get(..=last)).unwrap_or("");
    while let Some(at) = rest.find('<') {
        rest = rest.get(at + 1..).unwrap_or("");
        let name = rest.strip_prefix('/').unwrap_or(rest);
        let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
        let (name, after) = name.split_at(end);
        let closed = after.starts_with(['>', ' ', '/', '\n', '\t']);
        let known = BLOCKS.contains(&name.to_ascii_lowercase().as_str())
            || ["a", "b", "br", "em", "i", "img", "span", "strong", "u", "sup", "sub", "body", "html"]
                .contains(&name.to_ascii_lowercase().as_str());
        if closed && known {
            return true;
        }
    }
    false
}

#[derive(Default)]
struct Text {
    out: RefCell<Out>,
}

#[derive(Default)]
struct Out {
    text: String,
    /// How many silent elements are open.
    silent: usize,
    /// Breaks of lines before the next character: 2 begin a paragraph.
    breaks: u8,
    /// Whether white space came since the last character.
    blank: bool,
    /// How many `<pre>` are open, where white space is kept.
    kept: usize,
}

impl Out {
    fn push(&mut self, characters: &str) {
        if self.silent > 0 {
            return;
        }
        for c in characters.chars() {
            if self.kept > 0 && c == '\n' {
                self.breaks = self.breaks.saturating_add(1).min(2);
            } else if c.is_whitespace() && c != '\u{a0}' || c == '\u{200b}' {
                self.blank = true;
            } else if c != '\0' && c != '\u{ad}' {
                if !self.text.is_empty() {
                    match self.breaks {
                        0 if self.blank => self.text.push(' '),
                        0 => {}
                        1 => self.text.push('\n'),
                        _ => self.text.push_str("\n\n"),
                    }
                }
                (self.breaks, self.blank) = (0, false);
                self.text.push(if c == '\u{a0}' { ' ' } else { c });
            }
        }
    }

    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        let start = tag.kind == TagKind::StartTag;
        if SILENT.contains(&name) {
            if start && !tag.self_closing {
                self.silent += 1;
            } else {
                self.silent = self.silent.saturating_sub(1);
            }
            if start && matches!(name, "script" | "style" | "iframe" | "noscript") {
                return TokenSinkResult::RawData(RawKind::Rawtext);
            }
        } else if name == "br" {
            self.breaks = (self.breaks + 1).min(2);
        } else if name == "body" {
            // A head that was not closed ends here.
            self.silent = 0;
        } else if BLOCKS.contains(&name) {
            self.breaks = 2;
            if name == "pre" {
                self.kept = if start { self.kept + 1 } else { self.kept.saturating_sub(1) };
            }
        }
        TokenSinkResult::Continue
    }

    fn finish(self) -> String {
        self.text
    }
}

impl TokenSink for Text {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut out = self.out.borrow_mut();
        match token {
            Token::CharacterTokens(characters) => out.push(&characters),
            Token::TagToken(tag) => return out.tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_and_lines() {
        for (html, expected) in [
            ("<p>One &amp;\n two.</p><p>Three<br>four&nbsp;five.</p>", "One & two.\n\nThree\nfour five."),
            ("<div><div>One</div></div> <script>if (a < b) {}</script>two<style>p {}</style>", "One\n\ntwo"),
            ("plain text", "plain text"),
            ("<p><ruby>雨<rt>あめ</rt></ruby>が降る。</p>", "雨が降る。"),
            ("<b>bold</b>ly", "boldly"),
            ("<pre>a\nb</pre>", "a\nb"),
            ("<html><head><title>T</title></head><body>text", "text"),
            ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
            ("a &lt;b&gt; &bogus; c", "a <b> &bogus; c"),
            ("", ""),
        ] {
            assert_eq!(text(html), expected, "{html}");
        }
    }

    #[test]
    fn deep_nesting_takes_no_time() {
        let html = format!("{}x{}", "<div>".repeat(200_000), "</div>".repeat(200_000));
        assert_eq!(text(&html), "x");
        assert!(!is_html(&"<p ".repeat(1_000_000)));
    }

    #[test]
    fn html_is_told_from_plain_text() {
        for (text, expected) in [
            ("a <p>b</p>", true),
            ("a<br/>b", true),
            ("a <p b", false),
            ("1 < 2 > 1", false),
            ("<Reuters> said", false),
        ] {
            assert_eq!(is_html(text), expected, "{text}");
        }
    }
}
