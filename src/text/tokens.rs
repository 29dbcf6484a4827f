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

/// A word, and what parts it from its look-up form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    pub(crate) span: Span,
    pub(crate) form: Form,
}

/// What a word is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Small ASCII letters and digits only: it is its own look-up form.
    Small,
    /// ASCII letters and digits only: the look-up form is in lower case.
    Plain,
    /// Anything.
    Other,
}

impl Words<'_> {
    /// The next word, as [`Iterator::next`] gives it, with what is known of it.
    #[inline]
    pub(crate) fn next_word(&mut self) -> Option<Word> {
        let bytes = self.text.as_bytes();
        let mut start = self.at;
        loop {
            match CLASS[*bytes.get(start)? as usize] {
                0 => start += 1,
                WIDE => match self.wide(start)? {
                    Wide::Word(word) => return Some(word),
                    Wide::Begins(at) => {
                        start = at;
                        break;
                    }
                    Wide::Nothing(next) => start = next,
                },
                _ => break,
            }
        }
        let (length, form) = plain_run(bytes, start);
        let end = start + length;
        // Nearly all words are letters, and end at a blank.
        if end > start && bytes.get(end).is_none_or(|b| CLASS[*b as usize] == 0 && !matches!(b, b'\'' | b'.' | b',')) {
            self.at = end;
            return Some(Word { span: Span::new(start, end), form });
        }
        Some(self.word(start, end, form))
    }

    /// What begins with the character of several bytes at `at`.
    #[cold]
    fn wide(&mut self, at: usize) -> Option<Wide> {
        let c = self.text[at..].chars().next()?;
        Some(if is_general_punctuation(c) {
            Wide::Nothing(at + c.len_utf8())
        } else if is_alone(c) {
            self.at = cluster_end(self.text, at);
            Wide::Word(Word { span: Span::new(at, self.at), form: Form::Other })
        } else if c.is_alphanumeric() {
            Wide::Begins(at)
        } else {
            Wide::Nothing(at + c.len_utf8())
        })
    }

    /// The word that begins at `start`, of which all up to `plain` is of this form.
    #[inline(never)]
    fn word(&mut self, start: usize, plain: usize, form: Form) -> Word {
        let bytes = self.text.as_bytes();
        let mut at = plain;
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
                    let joins = !is_general_punctuation(c) && c.is_alphanumeric()
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
        Word { span: Span::new(start, at), form: if at == plain { form } else { Form::Other } }
    }
}

/// What a character of several bytes is to a word that has not begun.
enum Wide {
    /// A word of its own.
    Word(Word),
    /// The first letter of one, at this byte.
    Begins(usize),
    /// Nothing; the next character is at this byte.
    Nothing(usize),
}

impl Iterator for Words<'_> {
    type Item = Span;

    #[inline]
    fn next(&mut self) -> Option<Span> {
        self.next_word().map(|word| word.span)
    }
}

/// Whether a word is a number to `@number`: it begins with a figure.
pub fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// Hands on the position of each word of `text` that [`is_number`], of what [`words`] gives, in less than half of the time:
/// most words are only counted, and for that 64 bytes are looked at in one step.
pub(crate) fn numbers(text: &str, mut take: impl FnMut(u32)) {
    let mut words = words(text);
    let mut position = 0;
    loop {
        let rest = text.as_bytes().get(words.at..);
        // Up to there it is gone through word by word; where less than a block is left, to the end.
        let mut closely = usize::MAX;
        if let Some(block) = rest.and_then(<[u8]>::first_chunk::<BLOCK>) {
            let block = Block::of(block);
            let end = block.end_of_plain();
            // The text is parted before the block, or else between words: what begins in it is not a part of a word.
            let starts = block.plain & !(block.plain << 1) & below(end);
            let mut figures = starts & block.digits;
            while figures != 0 {
                let at = figures.trailing_zeros();
                take(position + (starts & below(at)).count_ones());
                figures &= figures - 1;
            }
            position += starts.count_ones();
            words.at += end as usize;
            // Where nothing is plain, as much at once as is likely to be in other letters.
            closely = if end == 0 { words.at + 1 + block.wide.count_ones() as usize } else { 0 };
        }
        while words.at < closely {
            let Some(word) = words.next() else { return };
            if is_number(word.of(text)) {
                take(position);
            }
            position += 1;
        }
    }
}

/// Bytes that [`numbers`] looks at in one step.
const BLOCK: usize = 64;

/// What 64 bytes are to words, a bit each, the first the lowest.
struct Block {
    /// ASCII letters and digits.
    plain: u64,
    digits: u64,
    /// What may stand within a word between them.
    joints: u64,
    /// Parts of longer characters.
    wide: u64,
}

impl Block {
    fn of(bytes: &[u8; BLOCK]) -> Block {
        Block {
            plain: mask(bytes, |b| b.is_ascii_alphanumeric()),
            digits: mask(bytes, |b| b.is_ascii_digit()),
            joints: mask(bytes, |b| matches!(b, b'\'' | b'.' | b',')),
            wide: mask(bytes, |b| !b.is_ascii()),
        }
    }

    /// Where the last word ends, with what parts it from the next one, of those in front of the first that must be looked
    /// at closely.
    fn end_of_plain(&self) -> u32 {
        let close = self.wide | self.joints << 1 & self.plain;
        let before = below(close.trailing_zeros());
        let breaks = !(self.plain | self.joints | self.wide) & before;
        u64::BITS - breaks.leading_zeros()
    }
}

/// The lowest bits, so many.
fn below(count: u32) -> u64 {
    1u64.checked_shl(count).map_or(u64::MAX, |bit| bit - 1)
}

/// The bytes of which something is so. Written so that compilers look at many in one step.
#[inline(always)]
fn mask(bytes: &[u8; BLOCK], is: impl Fn(u8) -> bool) -> u64 {
    let mut each = [0u8; BLOCK];
    for (one, b) in each.iter_mut().zip(bytes) {
        *one = u8::from(is(*b));
    }
    let mut mask = 0;
    for (number, eight) in each.as_chunks::<8>().0.iter().enumerate() {
        // The lowest bits of eight bytes, moved together.
        let bits = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        mask |= bits << (number * 8);
    }
    mask
}

/// How many bytes from `at` on are ASCII letters and digits, and whether all are small. Eight are looked at in one step:
/// words are short, and a branch for each byte costs more than all else that is done with them.
#[inline]
fn plain_run(bytes: &[u8], at: usize) -> (usize, Form) {
    let mut length = 0;
    let mut capitals = 0;
    while let Some(eight) = bytes.get(at + length..).and_then(|rest| rest.first_chunk::<8>()) {
        let (small, large) = alphanumeric(u64::from_le_bytes(*eight));
        let others = !(small | large) & HIGH;
        if others != 0 {
            // The bytes before the first other one.
            let before = (others & others.wrapping_neg()) - 1;
            let form = if capitals | large & before == 0 { Form::Small } else { Form::Plain };
            return (length + others.trailing_zeros() as usize / 8, form);
        }
        capitals |= large;
        length += 8;
    }
    let rest = bytes.get(at + length..).unwrap_or(&[]);
    let run = rest.iter().take_while(|b| b.is_ascii_alphanumeric());
    let (count, large) = run.fold((0, false), |(count, large), b| (count + 1, large | b.is_ascii_uppercase()));
    (length + count, if capitals == 0 && !large { Form::Small } else { Form::Plain })
}

/// The highest bit of each of eight bytes.
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Of eight bytes those that are small ASCII letters or digits, and those that are capital ones: their highest bits.
#[inline]
fn alphanumeric(eight: u64) -> (u64, u64) {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let seven = eight & !HIGH;
    // Adding to seven bits carries into the eighth where a byte is at least `from`, and never into its neighbour.
    let within = |from: u8, to: u8| {
        (seven + (0x80 - u64::from(from)) * EACH) & !(seven + (0x7f - u64::from(to)) * EACH) & !eight & HIGH
    };
    (within(b'a', b'z') | within(b'0', b'9'), within(b'A', b'Z'))
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
    c == '\u{200d}' || !is_general_punctuation(c) && unicode_normalization::char::is_combining_mark(c)
}

/// Dashes, quotation marks and the like of the block General Punctuation, in which there are no letters, digits and
/// combining marks: most characters of several bytes in English, and the tables of Unicode are slow.
fn is_general_punctuation(c: char) -> bool {
    matches!(c, '\u{2000}'..='\u{206f}')
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
    fn eight_bytes_at_once_are_as_one_by_one() {
        for b in 0..=255u8 {
            let plain = b.is_ascii_alphanumeric();
            let form = if b.is_ascii_uppercase() { Form::Plain } else { Form::Small };
            for at in 0..8 {
                let mut bytes = *b"abcdefgh";
                bytes[at] = b;
                assert_eq!(plain_run(&bytes, 0), if plain { (8, form) } else { (at, Form::Small) }, "{b} at {at}");
                assert_eq!(plain_run(&bytes, at + 1), (7 - at, Form::Small));
                let (small, large) = alphanumeric(u64::from_le_bytes([b; 8]));
                assert_eq!(small | large, if plain { HIGH } else { 0 }, "{b}");
            }
        }
        assert_eq!(plain_run(b"ab. AB and more", 0), (2, Form::Small));
    }

    #[test]
    fn numbers_are_the_words_that_begin_with_a_figure() {
        let parts = [
            "a",
            "Z",
            "7",
            "23",
            " ",
            " ",
            " ",
            "  ",
            "\n",
            "'",
            ".",
            ",",
            "’",
            "é",
            "e\u{301}",
            "平",
            "한",
            "-",
            "—",
            "U.S.",
            "2,000",
            "3.5",
            "O'Brien",
            "parliamentary",
            "１",
            "the",
        ];
        let mut state = 7u64;
        let mut next = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        for round in 0..3000 {
            // Some texts are plain, some have all kinds of characters.
            let kinds = if round % 3 == 0 { parts.len() } else { 12 };
            let length = next(200);
            let text: String = (0..length).map(|_| parts[next(kinds)]).collect();
            let expected: Vec<u32> = (0..)
                .zip(words(&text))
                .filter(|(_, word)| is_number(word.of(&text)))
                .map(|(position, _)| position)
                .collect();
            let mut found = Vec::new();
            numbers(&text, |position| found.push(position));
            assert_eq!(found, expected, "{text:?}");
        }
        let long = format!("{} 1 {}", "x".repeat(300), "9".repeat(100));
        let mut found = Vec::new();
        numbers(&long, |position| found.push(position));
        assert_eq!(found, [1, 2]);
    }

    #[test]
    fn general_punctuation_has_nothing_of_words() {
        for c in ('\0'..=char::MAX).filter(|c| is_general_punctuation(*c)) {
            assert!(
                !c.is_alphanumeric() && !unicode_normalization::char::is_combining_mark(c) && !is_alone(c),
                "{c:?}"
            );
        }
    }

    #[test]
    fn knows_what_words_are_made_of() {
        let text = "Plain U.S. 2,000 ok2 Été o'clock internationalIsed end.";
        let mut words = words(text);
        let mut forms = Vec::new();
        while let Some(word) = words.next_word() {
            forms.push(word.form);
        }
        use Form::{Other, Plain, Small};
        assert_eq!(forms, [Plain, Other, Other, Small, Other, Other, Plain, Small]);
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
