//! Reads Rust sources just well enough to check what they name: no types, no macros expanded.
//!
//! 1. [`Source::new`] blanks comments and literals out of a file, keeping every offset, and remembers the strings.
//! 2. The code that is left is cut into [`Token`]s; what is built for tests only is marked as such.
//! 3. [`Source::paths`] lists every path that is written out, with the trees of `use` unfolded.

use std::ops::Range;

/// A source file, taken apart.
pub(crate) struct Source {
    /// Relative to the package, `/` between its parts: `src/read/mod.rs`.
    pub(crate) path: String,
    /// As it is on disk.
    pub(crate) text: String,
    /// The string literals, without their quotes, escapes as written.
    pub(crate) strings: Vec<Literal>,
    /// The code.
    pub(crate) tokens: Vec<Token>,
    /// The modules around `src/cli/report.rs`: `cli`, `report`.
    pub(crate) module: Vec<String>,
}

/// A string literal.
pub(crate) struct Literal {
    pub(crate) value: String,
    pub(crate) line: usize,
    pub(crate) in_tests: bool,
}

/// A word or a sign of the code. `::` and `!=` are one sign, every other sign is one character.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) line: usize,
    pub(crate) in_tests: bool,
    start: usize,
}

/// A path in the code: `crate::text::Span`, resolved as far as `self` and `super` go.
#[derive(Debug)]
pub(crate) struct Path {
    /// Its parts; the first is `crate` where the path begins at the root of this crate.
    pub(crate) parts: Vec<String>,
    pub(crate) line: usize,
    pub(crate) in_tests: bool,
    /// The sign after it: `!` for a macro, `(` for a call.
    pub(crate) next: String,
}

impl Path {
    /// Whether the path has these parts in a row.
    pub(crate) fn has(&self, parts: &[&str]) -> bool {
        self.parts.windows(parts.len()).any(|window| window == parts)
    }

    /// As it would be written.
    pub(crate) fn written(&self) -> String {
        self.parts.join("::")
    }
}

impl Source {
    /// Takes `text` apart.
    pub(crate) fn new(path: &str, text: &str) -> Source {
        let (code, literals) = blank(text);
        let mut tokens = tokenise(&code);
        let tests = test_items(&tokens);
        let in_tests = |offset: usize| tests.iter().any(|range| range.contains(&offset));
        for token in &mut tokens {
            token.in_tests = in_tests(token.start);
        }
        let strings = literals
            .into_iter()
            .map(|range| Literal {
                line: line_of(text, range.start),
                in_tests: in_tests(range.start),
                value: text[range].to_owned(),
            })
            .collect();
        let module = path
            .trim_start_matches("src/")
            .trim_end_matches(".rs")
            .split('/')
            .filter(|part| !matches!(*part, "mod" | "lib" | "main"))
            .map(str::to_owned)
            .collect();
        Source { path: path.to_owned(), text: text.to_owned(), strings, tokens, module }
    }

    /// The files, without their ending, of modules that are declared here for tests only: `#[cfg(test)] mod sample;`.
    pub(crate) fn test_files(&self) -> Vec<String> {
        let folder = match self.path.rsplit_once('/') {
            Some((folder, "mod.rs" | "lib.rs" | "main.rs")) => folder,
            _ => self.path.trim_end_matches(".rs"),
        };
        let declares = |window: &&[Token]| window[0].in_tests && window[0].text == "mod" && window[2].text == ";";
        self.tokens.windows(3).filter(declares).map(|window| format!("{folder}/{}", window[1].text)).collect()
    }

    /// Marks all of it as built for tests only.
    pub(crate) fn mark_as_test(&mut self) {
        self.tokens.iter_mut().for_each(|token| token.in_tests = true);
        self.strings.iter_mut().for_each(|literal| literal.in_tests = true);
    }

    /// Every path in the code, those in `use` unfolded: `use a::{b, c::d}` gives `a::b` and `a::c::d`.
    pub(crate) fn paths(&self) -> Vec<Path> {
        let mut found = Vec::new();
        // The module that each position is in, as inline modules open and close.
        let mut module = self.module.clone();
        let mut open: Vec<bool> = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            match self.text_at(at) {
                "mod" if self.text_at(at + 2) == "{" => {
                    module.push(self.text_at(at + 1).to_owned());
                    open.push(true);
                    at += 3;
                }
                "{" => {
                    open.push(false);
                    at += 1;
                }
                "}" => {
                    if open.pop() == Some(true) {
                        module.pop();
                    }
                    at += 1;
                }
                "use" => {
                    at = self.unfold(at + 1, &[], &module, &mut found);
                }
                word if is_word(word) => {
                    let begin = at;
                    let mut parts = vec![word.to_owned()];
                    at += 1;
                    while self.text_at(at) == "::" && is_word(self.text_at(at + 1)) {
                        parts.push(self.text_at(at + 1).to_owned());
                        at += 2;
                    }
                    // A method or a field is no path: what stands before the dot decides what it is.
                    let method = begin > 0 && self.text_at(begin - 1) == ".";
                    if parts.len() > 1 || !method {
                        found.push(self.path(begin, resolve(parts, &module), at));
                    }
                }
                _ => at += 1,
            }
        }
        found
    }

    /// Unfolds the tree of a `use` from token `at` on; gives the token after it.
    fn unfold(&self, mut at: usize, before: &[String], module: &[String], found: &mut Vec<Path>) -> usize {
        let mut parts = before.to_vec();
        let begin = at;
        loop {
            match self.text_at(at) {
                "::" => at += 1,
                "{" => {
                    at += 1;
                    while !matches!(self.text_at(at), "}" | "" | ";") {
                        at = self.unfold(at, &parts, module, found);
                        if self.text_at(at) == "," {
                            at += 1;
                        }
                    }
                    return at + usize::from(self.text_at(at) == "}");
                }
                "as" => at += 2,
                // `a::{self}` is `a`.
                "self" if !parts.is_empty() && self.text_at(at + 1) != "::" => at += 1,
                "*" => {
                    parts.push("*".to_owned());
                    at += 1;
                }
                word if is_word(word) => {
                    parts.push(word.to_owned());
                    at += 1;
                }
                _ => break,
            }
        }
        if at == begin {
            // Not a tree that we know: step over it rather than stand still.
            return at + 1;
        }
        found.push(self.path(begin, resolve(parts, module), at));
        at
    }

    fn path(&self, begin: usize, parts: Vec<String>, after: usize) -> Path {
        let first = &self.tokens[begin];
        Path { parts, line: first.line, in_tests: first.in_tests, next: self.text_at(after).to_owned() }
    }

    /// The text of token `at`; empty past the end.
    pub(crate) fn text_at(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| &token.text)
    }
}

/// Makes a path that begins with `self` or `super` begin with `crate`.
fn resolve(parts: Vec<String>, module: &[String]) -> Vec<String> {
    let mut base = module.to_vec();
    let mut rest = parts.as_slice();
    match rest.first().map(String::as_str) {
        Some("self") if rest.len() > 1 => rest = &rest[1..],
        Some("super") => {
            while rest.first().is_some_and(|part| part == "super") {
                base.pop();
                rest = &rest[1..];
            }
        }
        _ => return parts,
    }
    let mut whole = vec!["crate".to_owned()];
    whole.extend(base);
    whole.extend(rest.iter().cloned());
    whole
}

/// Whether `text` is a word of the code.
fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The number of the line of byte `offset`, from 1.
fn line_of(text: &str, offset: usize) -> usize {
    1 + text.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count()
}

/// The code without comments and without what stands in literals, as long as before; and where the strings stood.
fn blank(text: &str) -> (String, Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut strings = Vec::new();
    let wipe = |code: &mut Vec<u8>, range: Range<usize>| {
        for byte in &mut code[range] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    };
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.starts_with(b"//") {
            let end = at + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
            wipe(&mut code, at..end);
            at = end;
        } else if rest.starts_with(b"/*") {
            let end = end_of_block_comment(bytes, at);
            wipe(&mut code, at..end);
            at = end;
        } else if let Some(hashes) = raw_string(bytes, at) {
            let start = at + 1 + hashes + 1;
            let close: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
            let end = (start..bytes.len()).find(|i| bytes[*i..].starts_with(&close)).unwrap_or(bytes.len());
            strings.push(start..end);
            let after = (end + close.len()).min(bytes.len());
            wipe(&mut code, at..after);
            at = after;
        } else if rest[0] == b'"' {
            let mut end = at + 1;
            while end < bytes.len() && bytes[end] != b'"' {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            let end = end.min(bytes.len());
            strings.push(at + 1..end);
            let after = (end + 1).min(bytes.len());
            wipe(&mut code, at..after);
            at = after;
        } else if rest[0] == b'\'' {
            let end = end_of_character(text, at);
            wipe(&mut code, at..end);
            at = end;
        } else {
            at += 1;
        }
    }
    (String::from_utf8_lossy(&code).into_owned(), strings)
}

/// The end of the block comment that begins at `at`; they nest.
fn end_of_block_comment(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0;
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += 1;
        }
    }
    at.min(bytes.len())
}

/// How many `#` a raw string that begins at `at` has.
fn raw_string(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes[at] != b'r' {
        return None;
    }
    // `r` at the end of a name begins no string, but in `br` and `cr` it does.
    let name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let prefix = at > 0 && matches!(bytes[at - 1], b'b' | b'c') && !(at > 1 && name(bytes[at - 2]));
    if at > 0 && name(bytes[at - 1]) && !prefix {
        return None;
    }
    let hashes = bytes[at + 1..].iter().take_while(|byte| **byte == b'#').count();
    (bytes.get(at + 1 + hashes) == Some(&b'"')).then_some(hashes)
}

/// The end of the character literal at `at`; just past the quote where it is a lifetime.
fn end_of_character(text: &str, at: usize) -> usize {
    let mut characters = text[at + 1..].char_indices();
    let close = match characters.next() {
        // What is escaped may be a quote itself.
        Some((_, '\\')) => {
            characters.next();
            characters.find(|(_, c)| *c == '\'').map(|(offset, _)| offset)
        }
        Some((_, _)) => characters.next().filter(|(_, c)| *c == '\'').map(|(offset, _)| offset),
        None => None,
    };
    close.map_or(at + 1, |offset| at + 1 + offset + 1)
}

fn tokenise(code: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut line = 1;
    let mut characters = code.char_indices().peekable();
    while let Some((start, first)) = characters.next() {
        let mut end = start + first.len_utf8();
        if first == '\n' {
            line += 1;
        }
        if first.is_whitespace() {
            continue;
        }
        let word = |c: char| c.is_alphanumeric() || c == '_';
        if word(first) {
            while let Some((offset, c)) = characters.next_if(|(_, c)| word(*c)) {
                end = offset + c.len_utf8();
            }
        } else if let Some(second) = match first {
            ':' => Some(':'),
            '!' => Some('='),
            _ => None,
        } && characters.next_if(|(_, c)| *c == second).is_some()
        {
            end += 1;
        }
        tokens.push(Token { text: code[start..end].to_owned(), line, in_tests: false, start });
    }
    tokens
}

/// Where the items stand that are built for tests only: those after `#[cfg(test)]`, `#[cfg(all(test, unix))]`, ….
fn test_items(tokens: &[Token]) -> Vec<Range<usize>> {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let mut ranges = Vec::new();
    for begin in 0..tokens.len() {
        if ["#", "[", "cfg", "("].iter().enumerate().any(|(offset, sign)| text(begin + offset) != *sign) {
            continue;
        }
        let condition: Vec<&str> =
            tokens[begin..].iter().map(|token| token.text.as_str()).take_while(|text| *text != "]").collect();
        if !condition.contains(&"test") || condition.contains(&"not") {
            continue;
        }
        // To the end of the item: the brace that closes it, or a semicolon before any brace.
        let mut depth = 0;
        for token in &tokens[begin + condition.len()..] {
            match token.text.as_str() {
                "{" => depth += 1,
                "}" => depth -= 1,
                ";" if depth == 0 => {}
                _ => continue,
            }
            if depth == 0 {
                ranges.push(tokens[begin].start..token.start + 1);
                break;
            }
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        let source = Source::new("src/x.rs", text);
        source.tokens.iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn comments_and_literals_are_blanked() {
        for (text, expected) in [
            ("a // b\nc", "a c"),
            ("a /* b /* c */ d */ e", "a e"),
            (r#"a("b \" c")"#, "a ( )"),
            (r##"a(r#"b " c"#)"##, "a ( )"),
            (r#"for"x""#, "for"),
            (r#"b'"' x"#, "b x"),
            (r"'\'' x '\u{1f}' y", "x y"),
            ("'a 'b' c", "a c"),
            ("fn f<'a>(x: &'a str)", "fn f < a > ( x : & a str )"),
            ("\"// no comment\" x", "x"),
            ("'é' x", "x"),
        ] {
            assert_eq!(code(text), expected, "{text}");
        }
        let source = Source::new("src/x.rs", "\n\"one\" r#\"two\"#");
        assert_eq!(
            source.strings.iter().map(|s| (s.value.as_str(), s.line)).collect::<Vec<_>>(),
            [("one", 2), ("two", 2)]
        );
    }

    #[test]
    fn paths_are_unfolded_and_resolved() {
        for (path, text, expected) in [
            (
                "src/cli/show.rs",
                "use crate::{a::B, c::{self, d as e, *}};",
                "crate::a::B crate::c crate::c::d crate::c::*",
            ),
            ("src/cli/show.rs", "use super::report::Report;", "crate::cli::report::Report"),
            ("src/cli/show.rs", "use super::super::web;", "crate::web"),
            ("src/cli/show.rs", "use super::{super::web, settings};", "crate::web crate::cli::settings"),
            ("src/cli/mod.rs", "use self::report::Report;", "crate::cli::report::Report"),
            ("src/text.rs", "mod tests { use super::*; } use super::a;", "crate::text::* crate::a"),
            ("src/lib.rs", "pub mod text;", "pub mod text"),
            ("src/x.rs", "x.now(); Utc::now()", "x Utc::now"),
            ("src/x.rs", "pub(in super::super) y", "pub in crate y"),
        ] {
            let source = Source::new(path, text);
            let paths: Vec<String> = source.paths().iter().map(Path::written).collect();
            assert_eq!(paths.join(" "), expected, "{text}");
        }
    }

    #[test]
    fn what_is_for_tests_is_told_apart() {
        let tests = |path: &str, text: &str| {
            let source = Source::new(path, text);
            let words: Vec<&str> = source.tokens.iter().filter(|t| t.in_tests).map(|t| t.text.as_str()).collect();
            (words.join(" "), source.test_files().join(" "))
        };
        let (words, files) = tests("src/x.rs", "a { } #[cfg(test)] mod tests { b { } c } d");
        assert_eq!((words.as_str(), files.as_str()), ("# [ cfg ( test ) ] mod tests { b { } c }", ""));
        let (words, files) = tests("src/x/mod.rs", "mod a; #[cfg(test)] mod sample; mod b;");
        assert_eq!((words.as_str(), files.as_str()), ("# [ cfg ( test ) ] mod sample ;", "src/x/sample"));
        assert_eq!(tests("src/x.rs", "#[cfg(all(test, unix))] mod y;").1, "src/x/y");
        assert_eq!(tests("src/x.rs", "#[cfg(not(test))] mod y { a }").0, "");
        assert_eq!(tests("src/x.rs", "#[cfg(unix)] fn test() {}").0, "");
    }
}
