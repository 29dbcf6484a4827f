//! Markdown as a reader sees it: headings, emphasis, links and pictures without their signs; lists and code as they are.

use crate::read::html::fragment;
use crate::read::sgml;

/// A text without its markup.
#[derive(Debug, Default)]
pub(super) struct Reduced {
    /// All of it.
    pub(super) body: String,
    /// The heading of the first level with which it begins.
    pub(super) heading: Option<String>,
    /// Where the body goes on after it.
    pub(super) heading_end: usize,
}

/// The longest address or label of a link, in bytes.
const LONGEST_LINK: usize = 500;

/// The most brackets within each other in a link. Every one that stays open is looked through again for the next, so this
/// keeps the time linear.
const DEEPEST_LINK: usize = 8;

/// The most lines of one paragraph.
const MOST_LINES: usize = 100_000;

/// Takes the markup from a text.
pub(super) fn text(markdown: &str) -> Reduced {
    let mut out = Reduced::default();
    let mut fence: Option<&str> = None;
    // The lines of a paragraph, which may hold HTML and links that go over several lines.
    let mut paragraph: Vec<&str> = Vec::new();
    for line in markdown.lines() {
        let line = line.trim_end();
        let bare = line.trim_start();
        if let Some(mark) = fence {
            if bare.starts_with(mark) && bare.trim_matches(['`', '~']).is_empty() {
                fence = None;
                out.part(true);
            } else {
                out.line(line);
            }
            continue;
        }
        if let Some(mark) = ["```", "~~~"].into_iter().find(|mark| bare.starts_with(mark)) {
            out.paragraph(&mut paragraph);
            fence = Some(mark);
            continue;
        }
        let quoted = bare.trim_start_matches(['>', ' ']);
        let line = if bare.starts_with('>') { quoted } else { line };
        let bare = line.trim_start();
        if bare.is_empty() {
            out.paragraph(&mut paragraph);
        } else if let Some(level) = heading(bare) {
            out.paragraph(&mut paragraph);
            out.heading(level, bare.trim_matches('#').trim());
        } else if bare.len() >= 3 && !paragraph.is_empty() && (is_all(bare, '=') || is_all(bare, '-')) {
            // A line of dashes below one of text makes a heading of it.
            let above = paragraph.join(" ");
            paragraph.clear();
            out.heading(if bare.starts_with('=') { 1 } else { 2 }, above.trim());
        } else if is_rule(bare) || is_table_rule(bare) || is_definition(bare) {
            out.paragraph(&mut paragraph);
        } else {
            if paragraph.len() >= MOST_LINES {
                out.paragraph(&mut paragraph);
            }
            paragraph.push(line);
        }
    }
    out.paragraph(&mut paragraph);
    out
}

impl Reduced {
    /// Begins a paragraph where there is anything before it.
    fn part(&mut self, anew: bool) {
        if anew && !self.body.is_empty() && !self.body.ends_with("\n\n") {
            self.body.push_str(if self.body.ends_with('\n') { "\n" } else { "\n\n" });
        }
    }

    fn line(&mut self, line: &str) {
        self.body.push_str(line);
        self.body.push('\n');
    }

    fn paragraph(&mut self, lines: &mut Vec<&str>) {
        if lines.is_empty() {
            self.part(true);
            return;
        }
        let text = lines.join("\n");
        lines.clear();
        let text = inline(&text);
        let kept = text.lines().map(|line| line.trim_end_matches(['\\', ' ']));
        let kept: Vec<&str> = kept.filter(|line| !line.trim().is_empty()).collect();
        if kept.is_empty() {
            return;
        }
        self.part(true);
        self.line(&kept.join("\n"));
        self.part(true);
    }

    fn heading(&mut self, level: usize, text: &str) {
        let text = inline(text).trim().to_owned();
        if text.is_empty() {
            return;
        }
        self.part(true);
        let first = self.body.is_empty();
        self.line(&text);
        self.part(true);
        if first && level == 1 {
            self.heading = Some(text);
            self.heading_end = self.body.len();
        }
    }
}

/// The level of a heading: `## Heading`.
fn heading(line: &str) -> Option<usize> {
    let level = line.bytes().take_while(|byte| *byte == b'#').count();
    ((1..=6).contains(&level) && line.get(level..)?.starts_with(' ')).then_some(level)
}

fn is_all(line: &str, sign: char) -> bool {
    line.chars().all(|c| c == sign)
}

/// `* * *`
fn is_rule(line: &str) -> bool {
    let signs: String = line.chars().filter(|c| *c != ' ').collect();
    signs.len() >= 3 && ['-', '*', '_'].into_iter().any(|sign| is_all(&signs, sign))
}

/// `|---|:-:|`
fn is_table_rule(line: &str) -> bool {
    line.contains('|') && line.contains("--") && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
}

/// `[name]: https://…`, but not the text of a footnote.
fn is_definition(line: &str) -> bool {
    let end = line.find("]:").filter(|_| line.starts_with('[') && !line.starts_with("[^"));
    end.and_then(|end| line.get(end + 2..)).is_some_and(|rest| {
        let rest = rest.trim();
        rest.contains(['/', '#', '.']) && !rest.split(" \"").next().unwrap_or(rest).contains(' ')
    })
}

/// A paragraph without the signs in its lines.
fn inline(text: &str) -> String {
    let text = without_templates(text);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        let (found, length) = match c {
            '\\' => match rest.get(1..).and_then(|rest| rest.chars().next()) {
                Some(next) if next.is_ascii_punctuation() => (Some(next.to_string()), 2),
                _ => (None, 1),
            },
            '`' => code(rest),
            '!' if rest.starts_with("![") => match link(rest.get(1..).unwrap_or("")) {
                Some((_, length)) => (Some(String::new()), length + 1),
                None => (None, 1),
            },
            '[' => match link(rest) {
                // The mark of a footnote.
                Some((label, length)) if label.starts_with('^') => (Some(String::new()), length),
                Some((label, length)) => (Some(inline(label)), length),
                None => (None, 1),
            },
            '<' => match address(rest) {
                Some((address, length)) => (Some(address.to_owned()), length),
                None => (None, 1),
            },
            '*' | '_' | '~' => emphasis(rest, c, before),
            _ => (None, c.len_utf8()),
        };
        match found {
            Some(found) => out.push_str(&found),
            None => out.push_str(rest.get(..length).unwrap_or("")),
        }
        before = rest.get(..length).and_then(|taken| taken.chars().next_back()).unwrap_or(' ');
        rest = rest.get(length..).unwrap_or("");
    }
    if fragment::is_html(&out) || out.contains("<!--") { fragment::text(&out) } else { sgml::resolved(&out) }
}

/// Code within a line: what it is, and how long it is with its signs.
fn code(rest: &str) -> (Option<String>, usize) {
    let marks = rest.bytes().take_while(|byte| *byte == b'`').count();
    let mark = rest.get(..marks).unwrap_or("");
    let inner = rest.get(marks..).unwrap_or("");
    let reach = inner.get(..inner.floor_char_boundary(LONGEST_LINK)).unwrap_or(inner);
    match reach.find(mark) {
        Some(end) => (Some(inner.get(..end).unwrap_or("").trim().to_owned()), end + 2 * marks),
        None => (None, marks),
    }
}

/// The label of the link at the start of `rest` and its length: `[label](address "title")`, `[label][name]`, `[^1]`.
fn link(rest: &str) -> Option<(&str, usize)> {
    let end = closing(rest, '[', ']')?;
    let label = rest.get(1..end)?;
    let after = rest.get(end + 1..)?;
    if label.starts_with('^') {
        let colon = [": ", ":"].into_iter().find(|colon| after.starts_with(colon)).map_or(0, str::len);
        return Some((label, end + 1 + colon));
    }
    let more = match after.chars().next() {
        Some('(') => closing(after, '(', ')')? + 1,
        Some('[') => closing(after, '[', ']')? + 1,
        _ => return None,
    };
    Some((label, end + 1 + more))
}

/// Where the bracket closes that opens `text`.
fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices().take(LONGEST_LINK) {
        if c == open {
            depth += 1;
            if depth > DEEPEST_LINK {
                return None;
            }
        } else if c == close {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// `<https://a.example/>`
fn address(rest: &str) -> Option<(&str, usize)> {
    let reach = rest.get(..rest.floor_char_boundary(LONGEST_LINK))?;
    let inner = reach.get(1..reach.find('>')?)?;
    let is = inner.starts_with("http://") || inner.starts_with("https://") || inner.starts_with("mailto:");
    (is && !inner.contains(' ')).then_some((inner, inner.len() + 2))
}

/// Signs of emphasis go where they stand at a word: `*rose*`, but not `2 * 3`, `snake_case` or `~5`.
fn emphasis(rest: &str, sign: char, before: char) -> (Option<String>, usize) {
    let length = rest.chars().take_while(|c| *c == sign).count();
    let after = rest.get(length..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
    let lone = before.is_whitespace() && after.is_whitespace();
    let within = before.is_alphanumeric() && after.is_alphanumeric();
    let kept = length > 3 || lone || sign == '_' && within || sign == '~' && length != 2;
    if kept { (None, length) } else { (Some(String::new()), length) }
}

/// A text without what the programs that make pages replace: `{{< figure >}}`, `{% include %}`.
fn without_templates(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        let inner = rest.get(at..).unwrap_or("");
        let close = match inner.as_bytes().get(1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            _ => "",
        };
        let reach = inner.get(..inner.floor_char_boundary(LONGEST_LINK)).unwrap_or(inner);
        let end = if close.is_empty() { None } else { reach.find(close).map(|end| end + 2) };
        out.push_str(rest.get(..at).unwrap_or(""));
        if end.is_none() {
            out.push('{');
        }
        rest = inner.get(end.unwrap_or(1)..).unwrap_or("");
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(markdown: &str, expected: &str) {
        assert_eq!(text(markdown).body.trim_end(), expected, "{markdown}");
    }

    #[test]
    fn what_a_reader_sees() {
        for (markdown, expected) in [
            ("# A\nb **c** _d_ ~~e~~ `f_g`", "A\n\nb c d e f_g"),
            ("2 * 3 * 4, snake_case_name, ~5", "2 * 3 * 4, snake_case_name, ~5"),
            ("a [b *c*](https://x/(y) \"t\") d [e][1] [f]\n\n[1]: https://x \"t\"", "a b c d e [f]"),
            ("a ![b](c.jpg) d\n\n![e](f.jpg)\n\ng", "a  d\n\ng"),
            ("[![b](c.jpg)](d) e", " e"),
            ("[[[[[[[[[[a](b)", "[[[[[[[[[a"),
            ("- a\n- b\n  - c\n\n1. d", "- a\n- b\n  - c\n\n1. d"),
            ("a\n\n```rust\nlet b = *c;\n\n# d\n```\n\ne", "a\n\nlet b = *c;\n\n# d\n\ne"),
            ("> a\n> b\n\n---\n\nc", "a\nb\n\nc"),
            ("a  \nb\\\nc", "a\nb\nc"),
            ("<p>a <b>b</b></p>\n\nc &amp; d<br>e", "a b\n\nc & d\ne"),
            ("a<!--more--> b {{< fig src=\"x\" >}}c {% y %}d {e}", "a b c d {e}"),
            ("| a | b |\n|---|---|\n| c | d |", "| a | b |\n\n| c | d |"),
            ("a[^1]\n\n[^1]: b", "a\n\nb"),
            ("\\*a\\* <https://x/>", "*a* https://x/"),
            ("A\n---\nb", "A\n\nb"),
            ("", ""),
        ] {
            check(markdown, expected);
        }
    }

    #[test]
    fn damaged_markup_takes_no_time() {
        for sign in ["[", "`", "![", "<", "{{", "*", "[a](", "> "] {
            text(&sign.repeat(50_000));
        }
    }
}
