//! From byte offsets to character offsets, for what leaves the program.
//!
//! Inside the program a span is in bytes; in every JSON it counts Unicode scalar values.

/// Answers how many characters stand before a byte, in steps that only look at the text once.
pub struct CharOffsets {
    /// Characters before each multiple of [`STEP`] bytes; empty where the text is ASCII.
    marks: Vec<usize>,
}

/// Bytes between two marks: a look-up scans half of this on average, the marks cost 1/32 of the text.
const STEP: usize = 256;

impl CharOffsets {
    /// Prepares look-ups in `text`.
    pub fn new(text: &str) -> CharOffsets {
        if text.is_ascii() {
            return CharOffsets { marks: Vec::new() };
        }
        let mut marks = Vec::with_capacity(text.len() / STEP + 1);
        let mut count = 0;
        for chunk in text.as_bytes().chunks(STEP) {
            marks.push(count);
            count += starts(chunk);
        }
        CharOffsets { marks }
    }

    /// The number of characters of `text` before `byte`; `text` is the one given to [`CharOffsets::new`].
    pub fn at(&self, text: &str, byte: usize) -> usize {
        let byte = byte.min(text.len());
        if self.marks.is_empty() {
            return byte;
        }
        let mark = (byte / STEP).min(self.marks.len() - 1);
        self.marks[mark] + starts(&text.as_bytes()[mark * STEP..byte])
    }
}

/// How many characters begin in these bytes.
fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| (**b as i8) >= -0x40).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_counting() {
        let text = "“Été” – Łódź, 平壌. ".repeat(60);
        let offsets = CharOffsets::new(&text);
        for (count, (byte, _)) in text.char_indices().enumerate() {
            assert_eq!(offsets.at(&text, byte), count);
        }
        assert_eq!(offsets.at(&text, text.len()), text.chars().count());
        assert_eq!(CharOffsets::new("plain").at("plain", 3), 3);
    }
}
