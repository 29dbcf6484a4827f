//! Numbers and words as bytes, for what is stored of an article and for the lists of look-ups.

use crate::text::Span;

/// Writes a number in as few bytes as it takes (LEB128).
pub(super) fn put(out: &mut Vec<u8>, number: usize) {
    let mut rest = number;
    while rest >= 0x80 {
        out.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

/// Writes a number of either sign: small ones are short.
pub(super) fn put_signed(out: &mut Vec<u8>, number: i64) {
    put(out, ((number << 1) ^ (number >> 63)) as usize);
}

/// Writes a text behind its length.
pub(super) fn put_text(out: &mut Vec<u8>, text: &str) {
    put(out, text.len());
    out.extend_from_slice(text.as_bytes());
}

/// Writes a text that mostly stands in `whole`: then by where it does.
pub(super) fn put_within(out: &mut Vec<u8>, whole: &str, text: &str) {
    match whole.find(text) {
        Some(at) if at < whole.len() => {
            put(out, at + 1);
            put(out, text.len());
        }
        _ => {
            put(out, 0);
            put_text(out, text);
        }
    }
}

/// Takes a number that [`put`] wrote off from the front; none at the end or where it is too long.
pub(super) fn take(bytes: &mut &[u8]) -> Option<usize> {
    let mut rest = Bytes(bytes);
    let number = rest.number()?;
    *bytes = rest.0;
    Some(number)
}

/// What was written, taken off from the front; none at the end or where it makes no sense.
pub(super) struct Bytes<'b>(pub(super) &'b [u8]);

impl<'b> Bytes<'b> {
    pub(super) fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    pub(super) fn number(&mut self) -> Option<usize> {
        let mut number = 0usize;
        for shift in (0..49).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    pub(super) fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// A number that counts what follows: each takes a byte at least.
    pub(super) fn count(&mut self) -> Option<usize> {
        self.number().filter(|count| *count <= self.0.len())
    }

    pub(super) fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn text(&mut self) -> Option<String> {
        let length = self.number()?;
        self.text_of(length)
    }

    pub(super) fn text_of(&mut self, length: usize) -> Option<String> {
        std::str::from_utf8(self.take(length)?).ok().map(str::to_owned)
    }

    /// The reverse of [`put_within`].
    pub(super) fn within(&mut self, whole: &str) -> Option<String> {
        match self.number()? {
            0 => self.text(),
            at => {
                let start = at - 1;
                let end = start.checked_add(self.number()?)?;
                whole.get(start..end).map(str::to_owned)
            }
        }
    }

    /// A span behind `from`.
    pub(super) fn span(&mut self, from: usize) -> Option<Span> {
        let start = from.checked_add(self.number()?)?;
        Some(Span::new(start, start.checked_add(self.number()?)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_words_come_back_and_nonsense_ends_quietly() {
        let mut bytes = Vec::new();
        for number in [0, 1, 127, 128, 300, 70_000, 33_554_432] {
            put(&mut bytes, number);
            put_signed(&mut bytes, number as i64);
            put_signed(&mut bytes, -(number as i64));
        }
        for text in ["", "Zürich", "Bern", "Basel"] {
            put_text(&mut bytes, text);
            put_within(&mut bytes, "ZÜRICH, Bern", text);
        }
        let mut read = Bytes(&bytes);
        for number in [0, 1, 127, 128, 300, 70_000, 33_554_432] {
            assert_eq!(read.number(), Some(number));
            assert_eq!(read.signed(), Some(number as i64));
            assert_eq!(read.signed(), Some(-(number as i64)));
        }
        for text in ["", "Zürich", "Bern", "Basel"] {
            assert_eq!(read.text().as_deref(), Some(text));
            assert_eq!(read.within("ZÜRICH, Bern").as_deref(), Some(text));
        }
        assert_eq!(read.byte(), None);
        assert_eq!(Bytes(&[0xff; 12]).number(), None);
        assert_eq!(Bytes(&[2, 9]).text(), None);
        assert_eq!(Bytes(&[2, 0xc3, 0x28]).text(), None);
        assert_eq!(Bytes(&[2, 1]).within("é"), None);
    }
}
