//! A table from folded names to numbers that is filled once, fast: all keys lie in one string, and no key has a box of
//! its own.

use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;

/// A key and what belongs to it.
struct Entry<T> {
    end: u32,
    hash: u32,
    value: T,
}

/// The table. The number of a key is its place in the order in which the keys came.
pub(super) struct Keys<T> {
    text: String,
    entries: Vec<Entry<T>>,
    /// The number of an entry plus one, or 0; as many as a power of two, at most half of them taken.
    slots: Vec<u32>,
}

impl<T> Keys<T> {
    /// An empty table with room for `count` keys.
    pub(super) fn with_capacity(count: usize) -> Keys<T> {
        Keys {
            text: String::with_capacity(count * 10),
            entries: Vec::with_capacity(count),
            slots: vec![0; (count * 2).next_power_of_two().max(16)],
        }
    }

    /// What belongs to `key`.
    pub(super) fn get(&self, key: &str) -> Option<&T> {
        let (slot, _) = self.find(key);
        let number = self.slots.get(slot).copied()?.checked_sub(1)?;
        self.entries.get(number as usize).map(|entry| &entry.value)
    }

    /// What belongs to `key`, to be changed.
    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut T> {
        let (slot, _) = self.find(key);
        let number = self.slots.get(slot).copied()?.checked_sub(1)?;
        self.entries.get_mut(number as usize).map(|entry| &mut entry.value)
    }

    /// What belongs to `key`, which is made where there is nothing yet; and whether it was made.
    pub(super) fn entry(&mut self, key: &str, make: impl FnOnce() -> T) -> (&mut T, bool) {
        if self.entries.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let (slot, hash) = self.find(key);
        let known = self.slots[slot];
        let new = known == 0;
        if new {
            self.text.push_str(key);
            let end = u32::try_from(self.text.len()).expect("the tables have far less than 4 GB of names");
            self.entries.push(Entry { end, hash, value: make() });
            self.slots[slot] = u32::try_from(self.entries.len()).expect("there are fewer keys than bytes");
        }
        let at = if new { self.entries.len() - 1 } else { known as usize - 1 };
        (&mut self.entries[at].value, new)
    }

    /// The slot of `key`, or the free one where it would be, and its hash.
    fn find(&self, key: &str) -> (usize, u32) {
        let hash = FxBuildHasher.hash_one(key) as u32;
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        // At least half of the slots are free, so there is an end.
        while let Some(number) = self.slots[slot].checked_sub(1) {
            let number = number as usize;
            let entry = &self.entries[number];
            if entry.hash == hash && self.key(number) == key {
                break;
            }
            slot = (slot + 1) & mask;
        }
        (slot, hash)
    }

    fn key(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.entries[before].end);
        self.text.get(start as usize..self.entries[number].end as usize).unwrap_or("")
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        self.slots = vec![0; mask + 1];
        for (number, entry) in (1u32..).zip(&self.entries) {
            let mut slot = entry.hash as usize & mask;
            while self.slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = number;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_belongs_to_each_key() {
        let mut keys: Keys<usize> = Keys::with_capacity(0);
        for number in 0..5_000 {
            let (value, new) = keys.entry(&format!("key {}", number % 2_500), || number);
            assert_eq!((*value, new), (number % 2_500, number < 2_500));
        }
        *keys.get_mut("key 7").expect("it is there") = 70;
        assert_eq!(keys.get("key 7"), Some(&70));
        assert_eq!(keys.get("key 2499"), Some(&2_499));
        assert_eq!((keys.get("key 2500"), keys.get("")), (None, None));
    }
}
