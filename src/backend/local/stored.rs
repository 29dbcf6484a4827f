//! What is stored of a document: one value, which is read without trusting any length in it.
//!
//! Of an article, what [`super::details`] and [`super::compact`] made, then its text; of a file of which not everything was
//! read, its state as JSON. The value is the number of the dictionary that it is packed with (0: none), the lower half of
//! the XXH3 of what was packed, four bytes, and then that.

use super::dictionaries::{Dictionaries, LONGEST, Packing};
use super::packed::{Bytes, put};
use tantivy::DocId;
use tantivy::directory::OwnedBytes;
use tantivy::store::StoreReader;
use twox_hash::XxHash3_64;

/// How tantivy marks a value that is bytes, see `tantivy::schema::document`.
const BYTES: u8 = 4;

/// The parts of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    pub(super) details: &'a [u8],
    pub(super) found: &'a [u8],
    pub(super) text: &'a str,
}

impl Parts<'_> {
    /// The value to be stored.
    pub(super) fn write(&self, packing: &Packing) -> Vec<u8> {
        let mut plain = Vec::with_capacity(self.details.len() + self.found.len() + self.text.len() + 8);
        for part in [self.details, self.found] {
            put(&mut plain, part.len());
            plain.extend_from_slice(part);
        }
        plain.extend_from_slice(self.text.as_bytes());
        let dictionary = packing.dictionary(&plain).filter(|_| plain.len() <= LONGEST);
        let packed = dictionary.and_then(|dictionary| Some((dictionary.number, dictionary.pack(&plain)?)));
        match packed {
            None => unpacked(&plain),
            Some((number, packed)) => value(number, &plain, &packed),
        }
    }
}

/// The value for what is not packed.
pub(super) fn unpacked(plain: &[u8]) -> Vec<u8> {
    value(0, plain, plain)
}

/// The value for `bytes` that a dictionary makes `plain` of.
fn value(number: usize, plain: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(bytes.len() + 5);
    value.push(number as u8);
    value.extend_from_slice(&sum(plain));
    value.extend_from_slice(bytes);
    value
}

fn sum(plain: &[u8]) -> [u8; 4] {
    (XxHash3_64::oneshot(plain) as u32).to_le_bytes()
}

/// A stored value, unpacked.
pub(super) struct Stored(OwnedBytes);

impl Stored {
    /// Reads what is stored of a document; none where that makes no sense, or there is nothing.
    pub(super) fn read(
        store: &StoreReader,
        doc: DocId,
        dictionaries: &Dictionaries,
    ) -> tantivy::Result<Option<Stored>> {
        let document = store.get_document_bytes(doc)?;
        Ok(value_of(&document).and_then(|value| Stored::of(&document.slice(value), dictionaries)))
    }

    /// Unpacks a value.
    pub(super) fn of(value: &OwnedBytes, dictionaries: &Dictionaries) -> Option<Stored> {
        let mut bytes = Bytes(value);
        let number = usize::from(bytes.byte()?);
        let wanted = bytes.take(4)?;
        let plain = match number {
            0 => value.slice(5..value.len()),
            number => OwnedBytes::new(dictionaries.unpack(number, bytes.0)?),
        };
        (sum(&plain) == wanted).then_some(Stored(plain))
    }

    /// As that of an article.
    pub(super) fn parts(&self) -> Option<Parts<'_>> {
        let mut bytes = Bytes(&self.0);
        let mut part = || {
            let length = bytes.number()?;
            bytes.take(length)
        };
        let (details, found) = (part()?, part()?);
        Some(Parts { details, found, text: std::str::from_utf8(bytes.0).ok()? })
    }

    /// As that of a file.
    pub(super) fn state(&self) -> &[u8] {
        &self.0
    }
}

/// Where in a document of the engine its only value is: behind how many there are, the number of the field, the kind, and
/// the length.
fn value_of(document: &[u8]) -> Option<std::ops::Range<usize>> {
    let mut bytes = Bytes(document);
    if number(&mut bytes)? != 1 {
        return None;
    }
    bytes.take(4)?;
    if bytes.byte()? != BYTES {
        return None;
    }
    let length = number(&mut bytes)?;
    bytes.take(length)?;
    let end = document.len() - bytes.0.len();
    Some(end - length..end)
}

/// A number as the engine writes it: the last byte, not the others, has its upper bit set.
fn number(bytes: &mut Bytes<'_>) -> Option<usize> {
    let mut number = 0usize;
    for shift in (0..49).step_by(7) {
        let byte = bytes.byte()?;
        number |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 != 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_back_and_a_changed_byte_is_seen() {
        let parts = Parts { details: &[1, 2, 3], found: &[], text: "The harbour was closed." };
        let value = parts.write(&Packing::none());
        let none = Dictionaries::default();
        let read = Stored::of(&OwnedBytes::new(value.clone()), &none).expect("it is whole");
        assert_eq!(read.parts(), Some(parts));
        for at in 0..value.len() {
            let mut damaged = value.clone();
            damaged[at] ^= 32;
            assert!(Stored::of(&OwnedBytes::new(damaged), &none).is_none(), "{at}");
            assert!(Stored::of(&OwnedBytes::new(value[..at].to_vec()), &none).is_none(), "{at}");
        }
    }

    #[test]
    fn a_document_with_absurd_lengths_is_none() {
        assert_eq!(value_of(&[0x81, 7, 0, 0, 0, BYTES, 0x82, 1, 2]), Some(7..9));
        assert_eq!(value_of(&[0x81, 7, 0, 0, 0, BYTES, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0xff, 1, 2]), None);
        assert_eq!(value_of(&[0x82, 7, 0, 0, 0, BYTES, 0x82, 1, 2]), None);
        assert_eq!(value_of(&[0x81, 7, 0, 0, 0, 0, 0x82, 1, 2]), None);
        assert_eq!(value_of(&[]), None);
    }
}
