//! Words: the one definition that index, query, extractors and highlighter share.
//!
//! A word is a run of letters and digits. Inside it may stand an apostrophe between letters (`O'Brien`,
//! `government's`), dots between single letters (`U.S.`, its last dot included), a dot or comma between digits
//! (`3.5`, `2,000`). A hyphen ends a word (`Jong-un` is two), so does everything else. A Han or Kana character
//! is a word of its own.

use super::Span;

/// Words longer than this many bytes are not looked up by: they are noise of broken files, and counted as positions only.
pub const LONGEST: usize = 255;

/// The words of `text`, as byte spans in order.
pub fn words(text: &str) -> Words<'_> {
    Words { text, at: 0 }
}

/// An iterator over the words of a text.
#[derive(Clone, Debug)]
pub struct Words<'a> {
    text: &'a str,
    at: usize,
}

/// What an ASCII byte is to a word: 0 nothing, 1 letter, 2 digit, 3 part of a longer character.
const CLASS: [u8; 256] = {
    let mut table = [0u8; 256];
    let mut b = 0usize;
    while b < 256 {
        table[b] = match b as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'0'..=b'9' => DIGIT,
            0x80..=0xff => WIDE,
            _ => 0,
        };
        b += 1;
    }
    table
};
const LETTER: u8 = 1;
const DIGIT: u8 = 2;
const WIDE: u8 = 3;

impl Iterator for Words<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        // Find the first byte of a word.
        let start = loop {
            let class = CLASS[*bytes.get(at)? as usize];
            match class {
                0 => at += 1,
                WIDE => {
                    let c = self.text[at..].chars().next()?;
                    if is_alone(c) {
                        self.at = at + c.len_utf8();
                        return Some(Span::new(at, self.at));
                    }
                    if c.is_alphanumeric() {
                        break at;
                    }
                    at += c.len_utf8();
                }
                _ => break at,
            }
        };
        at = start;
        while at < bytes.len() {
            match CLASS[bytes[at] as usize] {
                0 => {
                    let next = bytes.get(at + 1).map_or(0, |b| CLASS[*b as usize]);
                    let join = match bytes[at] {
                        b'\'' => ends_in_letter(self.text, at) && begins_with_letter(self.text, at + 1),
                        b'.' if at > start => {
                            let before = CLASS[bytes[at - 1] as usize];
                            if before == DIGIT && next == DIGIT {
                                true
                            } else {
                                initial(bytes, start, at)
                                    && next == LETTER
                                    && bytes.get(at + 2).is_none_or(|b| CLASS[*b as usize] == 0)
                            }
                        }
                        b',' => thousands(bytes, at),
                        _ => false,
                    };
                    if !join {
                        break;
                    }
                    at += 1;
                }
                WIDE => {
                    let Some(c) = self.text[at..].chars().next() else {
                        break;
                    };
                    if is_alone(c) {
                        break;
                    }
                    let joins = c.is_alphanumeric()
                        || is_mark(c)
                        || (is_apostrophe(c)
                            && ends_in_letter(self.text, at)
                            && begins_with_letter(self.text, at + c.len_utf8()));
                    if !joins {
                        break;
                    }
                    at += c.len_utf8();
                }
                _ => at += 1,
            }
        }
        // `U.S.`: the last dot belongs to the abbreviation.
        if bytes.get(at) == Some(&b'.') && at - start >= 3 && initial(bytes, start, at) {
            at += 1;
        }
        self.at = at;
        Some(Span::new(start, at))
    }
}

/// Whether the dot at `dot` follows a single letter that begins the word or itself follows a dot.
fn initial(bytes: &[u8], start: usize, dot: usize) -> bool {
    CLASS[bytes[dot - 1] as usize] == LETTER && (dot - 1 == start || bytes[dot - 2] == b'.')
}

/// Whether the comma at `comma` stands between a digit and exactly three digits.
fn thousands(bytes: &[u8], comma: usize) -> bool {
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    comma > 0 && digit(comma - 1) && digit(comma + 1) && digit(comma + 2) && digit(comma + 3) && !digit(comma + 4)
}

fn ends_in_letter(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_some_and(|c| c.is_alphabetic() || is_mark(c))
}

fn begins_with_letter(text: &str, at: usize) -> bool {
    text.get(at..).and_then(|rest| rest.chars().next()).is_some_and(|c| c.is_alphabetic() && !is_alone(c))
}

/// Whether `c` is an apostrophe, straight, curly or modifier letter.
pub fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{02bc}' | '\u{ff07}')
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c) || c == '\u{200d}'
}

/// Scripts written without blanks: each character is a word.
fn is_alone(c: char) -> bool {
    matches!(c as u32, 0x2e80..=0x2fdf | 0x3041..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = words(text).map(|span| span.of(text)).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn cuts_news_into_words() {
        check("Kim Jong-un signed", &["Kim", "Jong", "un", "signed"]);
        check("the U.S. said U.S.-led, in the U.S.", &["the", "U.S.", "said", "U.S.", "led", "in", "the", "U.S."]);
        check("O'Brien's and O’Neill’s friends'", &["O'Brien's", "and", "O’Neill’s", "friends"]);
        check("$1.13bn (£600m) 2,000 1,234,567.", &["1.13bn", "600m", "2,000", "1,234,567"]);
        check("1,2 and 10,0000", &["1", "2", "and", "10", "0000"]);
        check("end.Next J. Smith p.m.", &["end", "Next", "J", "Smith", "p.m."]);
        check("AT&T 2024-06-19 9:30", &["AT", "T", "2024", "06", "19", "9", "30"]);
        check("Été à Łódź", &["Été", "à", "Łódź"]);
        check("平壌で he", &["平", "壌", "で", "he"]);
        check("a'平", &["a", "平"]);
        check("e\u{301}te\u{301}", &["e\u{301}te\u{301}"]);
        check("'tis ’90s —dash…", &["tis", "90s", "dash"]);
        check("", &[]);
        check("…—“”", &[]);
    }

    #[test]
    fn spans_tile_without_overlap() {
        let text = "A’B’’C 1,2,3 U.S.S.R. x.y.z 3.4.5 ʼn ''' .,.";
        let spans: Vec<Span> = words(text).collect();
        for pair in spans.windows(2) {
            assert!(pair[0].end <= pair[1].start);
        }
        assert!(spans.iter().all(|span| !span.of(text).is_empty()));
    }
}
