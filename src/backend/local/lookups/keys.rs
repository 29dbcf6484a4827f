//! Sorted keys, each with a list of ascending numbers.
//!
//! ```text
//! keys     one after the other: bytes that it shares with the key before and those of its rest (half a byte each, or a
//!          number behind that), its rest, the length of its list, its list: the distance of each number from the one before
//! blocks   where every so-manieth key stands, eight bytes each; that one shares nothing with the one before
//! ```
//!
//! Whatever is damaged ends what is read, earlier or with other numbers: every step takes a byte at least, and nothing is
//! as large as a number says.

use super::super::fuzzy::Fuzzy;
use super::super::packed::{put, take};
use std::cmp::Ordering;
use std::io::{self, Write};
use tantivy_fst::Automaton;

/// So many keys are gone through to find one; the first of them is found by halving.
const BLOCK: usize = 32;
/// Half a byte that says that a number follows.
const MORE: usize = 15;

/// Keys as they were written.
#[derive(Clone, Copy)]
pub(super) struct Keys<'l> {
    keys: &'l [u8],
    blocks: &'l [u8],
}

/// One key, as far as it differs from the one before.
struct Step<'l> {
    shared: usize,
    rest: &'l [u8],
    list: &'l [u8],
}

impl<'l> Step<'l> {
    /// The next of `bytes`, which it takes away.
    fn next(bytes: &mut &'l [u8]) -> Option<Step<'l>> {
        let (lengths, behind) = bytes.split_first()?;
        *bytes = behind;
        let mut length = |half: u8| match usize::from(half) {
            MORE => take(bytes)?.checked_add(MORE),
            few => Some(few),
        };
        let (shared, rest) = (length(lengths >> 4)?, length(lengths & 15)?);
        let (rest, behind) = bytes.split_at_checked(rest)?;
        *bytes = behind;
        let list = take(bytes)?;
        let (list, behind) = bytes.split_at_checked(list)?;
        *bytes = behind;
        Some(Step { shared, rest, list })
    }
}

impl<'l> Keys<'l> {
    /// What [`Writer`] wrote.
    pub(super) fn new(keys: &'l [u8], blocks: &'l [u8]) -> Keys<'l> {
        Keys { keys, blocks }
    }

    /// The keys from the beginning of a block on.
    fn from(&self, block: usize) -> Option<&'l [u8]> {
        let place = self.blocks.get(block.checked_mul(8)?..)?.first_chunk::<8>()?;
        self.keys.get(usize::try_from(u64::from_le_bytes(*place)).ok()?..)
    }

    /// The keys from the last block on that begins with `key` or before it.
    fn near(&self, key: &[u8]) -> &'l [u8] {
        let (mut low, mut high) = (0, self.blocks.len() / 8);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            let first = self.from(middle).and_then(|mut bytes| Step::next(&mut bytes));
            match first.map_or(Ordering::Greater, |first| first.rest.cmp(key)) {
                Ordering::Greater => high = middle,
                _ => low = middle,
            }
        }
        self.from(low).unwrap_or(&[])
    }

    /// The list of a key.
    pub(super) fn list(&self, key: &[u8]) -> Option<Numbers<'l>> {
        let mut bytes = self.near(key);
        let mut found: Vec<u8> = Vec::new();
        for _ in 0..BLOCK {
            let step = Step::next(&mut bytes)?;
            found.truncate(step.shared);
            found.extend_from_slice(step.rest);
            match found.as_slice().cmp(key) {
                Ordering::Less => {}
                Ordering::Equal => return Some(Numbers { list: step.list, last: None }),
                Ordering::Greater => break,
            }
        }
        None
    }

    /// Calls `take` with the list of every key that is this letter and a word near one.
    pub(super) fn near_words(&self, letter: u8, fuzzy: &Fuzzy, mut take: impl FnMut(Numbers<'l>)) {
        let mut bytes = self.near(&[letter]);
        let mut key: Vec<u8> = Vec::new();
        // What each beginning of the word has come to, and at the end whether no more letters can make it near.
        let mut states = vec![fuzzy.start()];
        let mut is_lost = false;
        while let Some(step) = Step::next(&mut bytes) {
            key.truncate(step.shared);
            key.extend_from_slice(step.rest);
            let Some((first, word)) = key.split_first() else { continue };
            match first.cmp(&letter) {
                Ordering::Less => continue,
                Ordering::Equal => {}
                Ordering::Greater => break,
            }
            let same = step.shared.saturating_sub(1);
            if is_lost && same + 1 >= states.len() {
                continue;
            }
            states.truncate(same + 1);
            is_lost = false;
            for byte in word.get(states.len() - 1..).unwrap_or(&[]) {
                let Some(next) = states.last().map(|state| fuzzy.accept(state, *byte)) else { break };
                is_lost = !fuzzy.can_match(&next);
                states.push(next);
                if is_lost {
                    break;
                }
            }
            if !is_lost && states.last().is_some_and(|state| fuzzy.is_match(state)) {
                take(Numbers { list: step.list, last: None });
            }
        }
    }
}

/// The numbers of a list.
pub(super) struct Numbers<'l> {
    list: &'l [u8],
    last: Option<usize>,
}

impl Iterator for Numbers<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let distance = take(&mut self.list)?;
        let next = match self.last {
            None => distance,
            Some(last) => last.checked_add(distance)?.checked_add(1)?,
        };
        self.last = Some(next);
        Some(next)
    }
}

/// Writes keys that come in order.
pub(super) struct Writer<W> {
    to: W,
    /// Bytes written.
    at: u64,
    count: usize,
    last: Vec<u8>,
    blocks: Vec<u8>,
}

impl<W: Write> Writer<W> {
    pub(super) fn new(to: W) -> Writer<W> {
        Writer { to, at: 0, count: 0, last: Vec::new(), blocks: Vec::new() }
    }

    /// Adds a key behind all before, with its ascending numbers.
    pub(super) fn add(&mut self, key: &[u8], numbers: impl Iterator<Item = usize>) -> io::Result<()> {
        let mut shared = key.iter().zip(&self.last).take_while(|(a, b)| a == b).count();
        if self.count.is_multiple_of(BLOCK) {
            shared = 0;
            self.blocks.extend_from_slice(&self.at.to_le_bytes());
        }
        let rest = key.get(shared..).unwrap_or(&[]);
        let mut out = vec![(shared.min(MORE) << 4 | rest.len().min(MORE)) as u8];
        for length in [shared, rest.len()] {
            if let Some(more) = length.checked_sub(MORE) {
                put(&mut out, more);
            }
        }
        out.extend_from_slice(rest);
        let mut list = Vec::new();
        let mut from = 0;
        for number in numbers {
            put(&mut list, number - from);
            from = number + 1;
        }
        put(&mut out, list.len());
        out.extend_from_slice(&list);
        self.to.write_all(&out)?;
        self.at += out.len() as u64;
        self.count += 1;
        self.last.clear();
        self.last.extend_from_slice(key);
        Ok(())
    }

    /// Ends the keys, and writes where they stand; gives how many bytes each of the two takes.
    pub(super) fn finish(mut self) -> io::Result<(W, [u64; 2])> {
        self.to.write_all(&self.blocks)?;
        Ok((self.to, [self.at, self.blocks.len() as u64]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::patterns::Pattern;
    use crate::query::tree::{Scope, Spelling, Word};
    use crate::text::Span;
    use std::collections::BTreeMap;

    /// Keys of all lengths, which share much or nothing, with lists of all lengths.
    fn many() -> BTreeMap<String, Vec<usize>> {
        let mut keys = BTreeMap::new();
        let words = ["an", "anna", "annan", "annaniaszowskich-lewandowska", "treaty", "traety", "жук", "北京", ""];
        for letter in ['A', 'a', 'l', 'p'] {
            for (place, word) in words.into_iter().enumerate() {
                for more in 0..7 {
                    let key = format!("{letter}{word}{}", "o".repeat(more * more));
                    keys.insert(key, (0..place * more).map(|number| number * number * 50 + more).collect());
                }
            }
        }
        keys
    }

    fn written(keys: &BTreeMap<String, Vec<usize>>) -> (Vec<u8>, usize) {
        let mut writer = Writer::new(Vec::new());
        for (key, numbers) in keys {
            writer.add(key.as_bytes(), numbers.iter().copied()).unwrap();
        }
        let (bytes, [keys, blocks]) = writer.finish().unwrap();
        assert_eq!(bytes.len() as u64, keys + blocks);
        (bytes, keys as usize)
    }

    #[test]
    fn every_key_has_its_list() {
        let all = many();
        let (bytes, middle) = written(&all);
        let keys = Keys::new(&bytes[..middle], &bytes[middle..]);
        for (key, numbers) in &all {
            assert_eq!(keys.list(key.as_bytes()).map(Vec::from_iter).as_ref(), Some(numbers), "{key}");
            let longer = format!("{key}zz");
            assert!(keys.list(longer.as_bytes()).is_none(), "{longer}");
        }
        assert!(keys.list(b"").is_none() && Keys::new(&[], &[]).list(b"a").is_none());
    }

    #[test]
    fn words_near_one_are_those_that_fit() {
        let all = many();
        let (bytes, middle) = written(&all);
        let keys = Keys::new(&bytes[..middle], &bytes[middle..]);
        let mut found_any = 0;
        for asked in ["anna", "ann", "treaty", "жк", "京北", "o", "annanooo"] {
            for slips in 1..=2u8 {
                let word = Word {
                    spelling: Spelling::Fuzzy(slips),
                    ..Word::new(asked, false, Scope::Anywhere, Span::default())
                };
                let pattern = Pattern::of(&word, false).unwrap();
                for letter in ['A', 'a', 'b', 'p', 'z'] {
                    let mut found = Vec::new();
                    keys.near_words(letter as u8, &Fuzzy::of(&pattern).unwrap(), |numbers| {
                        found.push(numbers.collect::<Vec<usize>>());
                    });
                    let fits = |key: &str| key.strip_prefix(letter).is_some_and(|word| pattern.fits(word));
                    let expected: Vec<Vec<usize>> =
                        all.iter().filter(|(key, _)| fits(key)).map(|(_, numbers)| numbers.clone()).collect();
                    assert_eq!(found, expected, "{letter} {asked}~{slips}");
                    found_any += found.len();
                }
            }
        }
        assert!(found_any > 50, "{found_any}");
    }
}
