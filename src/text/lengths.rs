//! Which words a list can have, told by first byte and length: it spares most words the look-up.

/// The lengths of words, for each first byte that they have.
#[derive(Clone, Debug)]
pub struct Lengths([u32; 256]);

impl Lengths {
    /// Of no words.
    pub fn new() -> Lengths {
        Lengths([0; 256])
    }

    /// Adds a word.
    pub fn add(&mut self, word: &str) {
        if let Some(first) = word.bytes().next() {
            self.0[usize::from(first)] |= bit(word.len());
        }
    }

    /// Whether there can be a word of this length in bytes that begins with this byte. All that are longer than 30 bytes
    /// count as of one length.
    pub fn may_hold(&self, first: u8, length: usize) -> bool {
        self.0[usize::from(first)] & bit(length) != 0
    }
}

impl Default for Lengths {
    fn default() -> Lengths {
        Lengths::new()
    }
}

fn bit(length: usize) -> u32 {
    1 << length.min(31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_cannot_be_there() {
        let mut lengths = Lengths::new();
        ["day", "days", &"d".repeat(40)].into_iter().for_each(|word| lengths.add(word));
        lengths.add("");
        assert!(lengths.may_hold(b'd', 4) && lengths.may_hold(b'd', 99));
        assert!(!lengths.may_hold(b'd', 9) && !lengths.may_hold(b'e', 3));
    }
}
