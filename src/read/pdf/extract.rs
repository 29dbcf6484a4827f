//! Lines of text of a PDF file, with their places: what a process of its own does.
//!
//! 1. Each page's characters are collected with place and size; those that are drawn twice for a bold look count once.
//! 2. Characters on one base line make a line.
//!
//! A fault on one page costs that page. A file whose table of objects is damaged is read by a new one: [`super::mend`].

use super::super::scan::lines::Bounds;
use super::mend::mend;
use pdf_extract::{Document, MediaBox, Object, OutputDev, OutputError, Transform, decode_text_string, output_doc_page};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The most pages that are read.
const MOST_PAGES: usize = 5000;
/// The most characters of a page. A page of a broadsheet has fifty thousand.
const MOST_CHARACTERS: usize = 500_000;
/// The most characters of a file, those of a bound volume of a newspaper.
const MOST_OF_ALL: usize = 16_000_000;
/// How far the base lines of characters of one line can be apart, in sizes of type: indices and exponents.
const SAME_LINE: f64 = 0.35;
/// A gap of this many sizes between characters is a blank. Blanks are set from a fifth of the size up.
const BLANK: f64 = 0.17;
/// A gap of this many sizes is not between words but between columns.
const COLUMN: f64 = 1.6;

/// What was found in a PDF file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Extracted {
    /// The lines of each page, in the order in which the file draws them.
    pub pages: Vec<Vec<TextLine>>,
    /// The title in the file's own description.
    pub title: Option<String>,
    /// The author in the file's own description.
    pub author: Option<String>,
    /// When the file was made: `D:20120319165053+01'00'`.
    pub created: Option<String>,
    /// How many pages could not be read.
    pub faulty: usize,
    /// Whether the table of objects had to be made anew.
    pub mended: bool,
    /// Whether there were more pages or characters than are read.
    pub cut: bool,
    /// Why nothing could be read; none where something was.
    pub fault: Option<String>,
}

/// A line of text, in points from the upper left corner.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TextLine {
    /// Its words.
    #[serde(rename = "t")]
    pub text: String,
    /// Left, top, right, bottom.
    #[serde(rename = "b")]
    pub bounds: [f32; 4],
    /// The size of its type.
    #[serde(rename = "s")]
    pub size: f32,
}

impl TextLine {
    /// Where it stands.
    pub(super) fn place(&self) -> Bounds {
        let [left, top, right, bottom] = self.bounds;
        Bounds { left, top, right, bottom }
    }
}

/// Takes the text out of a PDF file. May panic, take very long or all memory where the file is damaged: to be called in a
/// process or on a thread of its own.
pub fn extract(bytes: &[u8]) -> Extracted {
    let fault = |reason: &str| Extracted { fault: Some(reason.to_owned()), ..Extracted::default() };
    let mut mended = false;
    let document = match load(bytes) {
        Ok(document) => document,
        Err(reason) => match mend(bytes).map(|mended| load(&mended)) {
            Some(Ok(document)) if reason == DAMAGED => {
                mended = true;
                document
            }
            _ => return fault(reason),
        },
    };
    let (title, author, created) = described(&document);
    let mut out = Extracted { title, author, created, mended, ..Extracted::default() };
    let numbers: Vec<u32> = document.get_pages().into_keys().collect();
    out.cut = numbers.len() > MOST_PAGES;
    let mut count = 0;
    for number in numbers.into_iter().take(MOST_PAGES) {
        let mut page = Page::default();
        let read = catch_unwind(AssertUnwindSafe(|| output_doc_page(&document, &mut page, number)));
        out.faulty += usize::from(!matches!(read, Ok(Ok(()))));
        count += page.characters.len();
        out.cut |= page.characters.len() >= MOST_CHARACTERS || count > MOST_OF_ALL;
        // What came before a fault is kept.
        out.pages.push(lines(page.upright()));
        if count > MOST_OF_ALL {
            break;
        }
    }
    out
}

fn load(bytes: &[u8]) -> Result<Document, &'static str> {
    match catch_unwind(AssertUnwindSafe(|| Document::load_mem(bytes))) {
        Ok(Ok(mut document)) => {
            // Many are encrypted with no password, only to forbid printing.
            if document.is_encrypted() && document.decrypt("").is_err() {
                return Err(ENCRYPTED);
            }
            if document.get_pages().is_empty() { Err(DAMAGED) } else { Ok(document) }
        }
        Ok(Err(error))
            if ["password", "decrypt"].iter().any(|word| error.to_string().to_lowercase().contains(word)) =>
        {
            Err(ENCRYPTED)
        }
        _ => Err(DAMAGED),
    }
}

/// The reason for a file without pages that can be found.
const DAMAGED: &str = "is a damaged PDF file";

/// The reason for a file that asks for a password.
const ENCRYPTED: &str = "is encrypted: a password is needed to read it";

/// Title, author and day of making in a file's own description.
fn described(document: &Document) -> (Option<String>, Option<String>, Option<String>) {
    let info = match document.trailer.get(b"Info") {
        Ok(Object::Reference(id)) => document.get_dictionary(*id).ok(),
        Ok(Object::Dictionary(info)) => Some(info),
        _ => None,
    };
    let text = |name: &[u8]| {
        let value = info?.get(name).ok()?;
        let value = match value {
            Object::Reference(id) => document.get_object(*id).ok()?,
            value => value,
        };
        let text = decode_text_string(value).ok()?;
        crate::read::xml::one_line(text.trim_matches('\0'))
    };
    (text(b"Title"), text(b"Author"), text(b"CreationDate"))
}

/// A character of a page, as if its text ran from left to right.
#[derive(Clone, Debug)]
struct Character {
    text: String,
    left: f64,
    /// Downward.
    base: f64,
    right: f64,
    size: f64,
    /// In which of four directions the text runs.
    direction: u8,
}

/// The characters of a page.
#[derive(Default)]
struct Page {
    characters: Vec<Character>,
}

impl Page {
    /// Those in the direction in which most of the text runs.
    fn upright(self) -> Vec<Character> {
        let mut counts = [0usize; 4];
        for character in &self.characters {
            if let Some(count) = counts.get_mut(usize::from(character.direction)) {
                *count += 1;
            }
        }
        let most = (0..4u8).max_by_key(|way| (counts.get(usize::from(*way)), 4 - way)).unwrap_or(0);
        self.characters.into_iter().filter(|character| character.direction == most).collect()
    }
}

impl OutputDev for Page {
    fn begin_page(&mut self, _: u32, _: &MediaBox, _: Option<(f64, f64, f64, f64)>) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        transform: &Transform,
        width: f64,
        _spacing: f64,
        font_size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        if self.characters.len() >= MOST_CHARACTERS {
            return Ok(());
        }
        let (x, y) = (transform.m31, transform.m32);
        let size = font_size.abs() * transform.m21.hypot(transform.m22);
        let along = width * font_size.abs() * transform.m11.hypot(transform.m12);
        let (left, base, direction) = match (transform.m11, transform.m12) {
            (a, b) if a >= b.abs() => (x, -y, 0),
            (a, b) if b > a.abs() => (y, x, 1),
            (a, b) if -a >= b.abs() => (-x, y, 2),
            _ => (-y, -x, 3),
        };
        if [left, base, size, along].iter().all(|number| number.is_finite() && number.abs() < 1e7) && size > 0.0 {
            let right = left + along.max(0.0);
            self.characters.push(Character { text: plain(text), left, base, right, size, direction });
        }
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

/// A character as it is searched for: ligatures as letters, no signs that only a font knows.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{fb00}' => out.push_str("ff"),
            '\u{fb01}' => out.push_str("fi"),
            '\u{fb02}' => out.push_str("fl"),
            '\u{fb03}' => out.push_str("ffi"),
            '\u{fb04}' => out.push_str("ffl"),
            '\u{fb05}' | '\u{fb06}' => out.push_str("st"),
            '\u{e000}'..='\u{f8ff}' | '\u{fffd}' | '\u{feff}' | '\u{200b}' => {}
            c if c.is_control() || c.is_whitespace() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Lines of characters in the order in which they are drawn.
fn lines(characters: Vec<Character>) -> Vec<TextLine> {
    let mut out: Vec<TextLine> = Vec::new();
    let mut drawn = FxHashSet::default();
    let mut last: Option<(f64, f64, f64, f64)> = None;
    let mut blank = false;
    for character in characters {
        let Character { text, left, base, right, size, .. } = character;
        if text.trim().is_empty() {
            blank = true;
            continue;
        }
        if is_drawn(&mut drawn, &text, left, base, size) {
            continue;
        }
        let same = last.is_some_and(|(last_left, last_base, last_right, last_size)| {
            let size = size.max(last_size);
            (base - last_base).abs() <= size * SAME_LINE
                && left >= last_left - size * 0.5
                && left - last_right < size * COLUMN
        });
        let bounds = [left, base - size * 0.8, right, base + size * 0.2].map(|number| number as f32);
        match out.last_mut().filter(|_| same) {
            Some(line) => {
                let gap = left - last.map_or(left, |(_, _, last_right, _)| last_right);
                if (blank || gap > size * BLANK || text.starts_with(' ')) && !line.text.ends_with(' ') {
                    line.text.push(' ');
                }
                line.text.push_str(text.trim());
                let [own_left, top, own_right, bottom] = &mut line.bounds;
                *own_left = own_left.min(bounds[0]);
                *top = top.min(bounds[1]);
                *own_right = own_right.max(bounds[2]);
                *bottom = bottom.max(bounds[3]);
                line.size = line.size.max(size as f32);
            }
            None => out.push(TextLine { text: text.trim().to_owned(), bounds, size: size as f32 }),
        }
        blank = text.ends_with(' ');
        last = Some((left, base, right, size));
    }
    out
}

/// Whether the same character was drawn at the same place before.
fn is_drawn(drawn: &mut FxHashSet<(char, i64, i64)>, text: &str, left: f64, base: f64, size: f64) -> bool {
    let Some(first) = text.trim_start().chars().next() else { return false };
    // Narrow letters that stand twice are a quarter of the size apart.
    let step = size * 0.12;
    let (across, down) = ((left / step).round() as i64, (base / step).round() as i64);
    let mut near = (-1..=1).flat_map(|x| (-1..=1).map(move |y| (x, y)));
    near.any(|(x, y)| drawn.contains(&(first, across + x, down + y))) || !drawn.insert((first, across, down))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Characters of a word, half as wide as they are large.
    fn word(text: &str, left: f64, base: f64, size: f64) -> Vec<Character> {
        let letter = |(at, c): (usize, char)| {
            let left = left + at as f64 * size / 2.0;
            Character { text: c.to_string(), left, base, right: left + size / 2.0, size, direction: 0 }
        };
        text.chars().enumerate().map(letter).collect()
    }

    fn check(words: &[(&str, f64, f64)], expected: &[&str]) {
        let characters = words.iter().flat_map(|(text, left, base)| word(text, *left, *base, 10.0)).collect();
        let found: Vec<String> = lines(characters).into_iter().map(|line| line.text).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn characters_make_words_and_lines() {
        check(&[("One", 0.0, 0.0), ("two", 18.0, 0.0), ("three", 0.0, 12.0)], &["One two", "three"]);
        check(&[("One", 0.0, 0.0), ("two", 200.0, 0.0)], &["One", "two"]);
        check(&[("bold", 0.0, 0.0), ("bold", 0.3, 0.0), ("ll", 30.0, 0.0)], &["bold ll"]);
        check(&[("a b", 0.0, 0.0)], &["a b"]);
        check(&[], &[]);
    }

    #[test]
    fn letters_as_they_are_searched_for() {
        assert_eq!(plain("\u{fb01}ne\u{a0}\u{e001}"), "fine ");
    }

    #[test]
    fn what_is_no_pdf() {
        for bytes in [&b""[..], b"%PDF-1.4", b"%PDF-1.4\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF"] {
            assert!(extract(bytes).fault.is_some());
        }
    }
}
