//! A set of keys or ids of which only a hash is kept: there may be millions, and nothing but whether one is in it is asked.

use rustc_hash::{FxBuildHasher, FxHashSet};

/// Texts that were met. Of 128 bits of BLAKE3, no two of all archives together have the same.
#[derive(Debug, Default)]
pub(super) struct Seen {
    hashes: FxHashSet<u128>,
}

impl Seen {
    /// An empty one with room for so many.
    pub(super) fn with_room(count: usize) -> Seen {
        Seen { hashes: FxHashSet::with_capacity_and_hasher(count, FxBuildHasher) }
    }

    /// Adds a text and says whether it is new.
    pub(super) fn insert(&mut self, text: &str) -> bool {
        self.hashes.insert(hash(text))
    }

    /// Whether a text is in it.
    pub(super) fn contains(&self, text: &str) -> bool {
        self.hashes.contains(&hash(text))
    }
}

fn hash(text: &str) -> u128 {
    let hash = blake3::hash(text.as_bytes());
    hash.as_bytes().iter().take(16).fold(0, |all, byte| all << 8 | u128::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_new_once() {
        let mut seen = Seen::default();
        assert!(seen.insert("0:a.txt") && seen.insert("0:b.txt") && seen.insert(""));
        assert!(!seen.insert("0:a.txt"));
        assert!(seen.contains("0:b.txt") && !seen.contains("0:c.txt"));
    }
}
