//! Words: the one definition that index, query, extractors and highlighter share.
//!
//! A word is a run of letters and digits. Inside it may stand an apostrophe between letters (`O'Brien`,
//! `government's`), dots between single letters (`U.S.`, its last dot included), a dot or comma between digits
//! (`3.5`, `2,000`). A hyphen ends a word (`Jong-un` is two), so does everything else.
//!
//! Chinese, Japanese, Thai, Lao, Khmer and Burmese put no blanks between words, Korean ties particles to them. There
//! each character with its marks is a word of its own, so that any part of a text can be found as a phrase.

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
                        self.at = cluster_end(self.text, at);
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

/// Whether `word` is a character that is a word of its own.
pub fn stands_alone(word: &str) -> bool {
    word.chars().next().is_some_and(is_alone)
}

/// How many bytes at the beginning of `text` are characters that are words of their own.
pub(super) fn alone_prefix(text: &str) -> usize {
    let mut end = 0;
    while text.get(end..).is_some_and(stands_alone) {
        end = cluster_end(text, end);
    }
    end
}

/// Scripts in which each character is a word, with the signs of them that sound like letters.
fn is_alone(c: char) -> bool {
    // Most characters of most texts are below all of them.
    c >= '\u{e01}'
        && (is_han_or_kana(c) || is_hangul(c) || is_southern(c))
        // Full stops, dots between names and signs of money of these scripts are no words.
        && (c.is_alphanumeric() || is_mark(c))
}

/// Han, Kana, Bopomofo, and the signs that repeat a character.
fn is_han_or_kana(c: char) -> bool {
    matches!(c as u32, 0x2e80..=0x2fdf | 0x3005..=0x3007 | 0x3031..=0x3035 | 0x3041..=0x312f | 0x31a0..=0x31bf
        | 0x31f0..=0x31ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0xff66..=0xff9f | 0x1b000..=0x1b16f
        | 0x20000..=0x3ffff)
}

/// Hangul syllables, and the letters that they are made of.
fn is_hangul(c: char) -> bool {
    is_jamo(c) || matches!(c as u32, 0x3131..=0x318e | 0xac00..=0xd7a3 | 0xffa0..=0xffdc)
}

/// Letters of Hangul that join to syllables.
fn is_jamo(c: char) -> bool {
    matches!(c as u32, 0x1100..=0x11ff | 0xa960..=0xa97c | 0xd7b0..=0xd7fb)
}

/// Thai, Lao, Burmese, Khmer.
fn is_southern(c: char) -> bool {
    matches!(c as u32, 0xe01..=0xeff | 0x1000..=0x109f | 0x1780..=0x17ff | 0xa9e0..=0xa9ff | 0xaa60..=0xaa7f)
}

/// Where the character at `at` ends with all that is written around it: vowels and tones, voicing, and the letters of a
/// Hangul syllable that was taken apart.
fn cluster_end(text: &str, at: usize) -> usize {
    let mut characters = text.get(at..).unwrap_or("").char_indices();
    let Some((_, mut before)) = characters.next() else { return text.len() };
    for (offset, c) in characters {
        let joins = is_mark(c)
            // Half-width voicing; Thai and Lao AM, which is also written as two signs.
            || matches!(c, '\u{ff9e}' | '\u{ff9f}' | '\u{e33}' | '\u{eb3}')
            || matches!((before, c), ('\u{e4d}', '\u{e32}') | ('\u{ecd}', '\u{eb2}'))
            || is_jamo(before) && is_jamo(c) && !begins_syllable(before, c);
        if !joins {
            return at + offset;
        }
        before = c;
    }
    text.len()
}

/// Whether a letter of Hangul begins a syllable behind another one: an initial consonant behind anything else.
fn begins_syllable(before: char, c: char) -> bool {
    let initial = |c: char| matches!(c as u32, 0x1100..=0x115f | 0xa960..=0xa97c);
    initial(c) && !initial(before)
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
        check("대통령은 NATO와", &["대", "통", "령", "은", "NATO", "와"]);
        check("프랑스의", &["프", "랑", "스", "의"]);
        check("\u{1103}\u{1162}\u{1110}\u{1169}\u{11bc}", &["\u{1103}\u{1162}", "\u{1110}\u{1169}\u{11bc}"]);
        check("ที่ประชุม กว่า", &["ที่", "ป", "ร", "ะ", "ชุ", "ม", "ก", "ว่", "า"]);
        check("น้ำ น\u{e49}\u{e4d}\u{e32}", &["น้ำ", "น\u{e49}\u{e4d}\u{e32}"]);
        check("ປະເທດ ကျော် កម្ពុជា។", &["ປ", "ະ", "ເ", "ທ", "ດ", "ကျော်", "ក", "ម្", "ពុ", "ជា"]);
        check("ガス、ｶﾞｽ・か\u{3099}ー人々", &["ガ", "ス", "ｶﾞ", "ｽ", "か\u{3099}", "ー", "人", "々"]);
        check("第3回。２０２４年", &["第", "3", "回", "２０２４", "年"]);
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
