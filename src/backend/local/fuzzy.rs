//! Fuzzy words against the dictionary of an index: an automaton that leaves a branch as soon as nothing on it can be near
//! enough, so that only a sliver of the dictionary is looked at.
//!
//! It counts letters as [`Pattern::fits`] does, by optimal string alignment; words are bytes in the dictionary, so a
//! letter of several bytes counts when it is whole.

use crate::query::patterns::Pattern;
use std::rc::Rc;
use tantivy_fst::Automaton;

/// All words within so many slips of one.
pub(super) struct Fuzzy {
    letters: Vec<char>,
    slips: u8,
}

impl Fuzzy {
    /// The automaton of a fuzzy pattern; none for other patterns.
    pub(super) fn of(pattern: &Pattern) -> Option<Fuzzy> {
        let (letters, slips) = pattern.fuzzy()?;
        Some(Fuzzy { letters: letters.to_vec(), slips: u8::try_from(slips).ok()? })
    }

    /// The costs after one letter more.
    fn step(&self, state: &State, c: char) -> State {
        let dead = self.slips + 1;
        let mut row = Vec::with_capacity(self.letters.len() + 1);
        row.push(state.row.first().map_or(dead, |cost| cost.saturating_add(1).min(dead)));
        for (at, letter) in self.letters.iter().enumerate() {
            let cost = |row: &[u8], at: usize| row.get(at).copied().unwrap_or(dead);
            let mut least = cost(&state.row, at) + u8::from(*letter != c);
            least = least.min(cost(&state.row, at + 1) + 1).min(cost(&row, at) + 1);
            let swapped = at
                .checked_sub(1)
                .is_some_and(|before| state.last == Some(*letter) && self.letters.get(before) == Some(&c));
            if let (true, Some(two)) = (swapped, &state.before) {
                least = least.min(cost(two, at - 1) + 1);
            }
            row.push(least.min(dead));
        }
        State { before: Some(state.row.clone()), row: row.into(), last: Some(c), bytes: [0; 4], length: 0 }
    }
}

/// How far a beginning of a word is from each beginning of the one asked for.
#[derive(Clone)]
pub(super) struct State {
    before: Option<Rc<[u8]>>,
    row: Rc<[u8]>,
    last: Option<char>,
    /// The bytes of a letter that is not whole yet.
    bytes: [u8; 4],
    length: usize,
}

impl Automaton for Fuzzy {
    type State = State;

    fn start(&self) -> State {
        let dead = usize::from(self.slips) + 1;
        let row: Vec<u8> = (0..=self.letters.len()).map(|at| at.min(dead) as u8).collect();
        State { before: None, row: row.into(), last: None, bytes: [0; 4], length: 0 }
    }

    fn is_match(&self, state: &State) -> bool {
        state.length == 0 && state.row.last().is_some_and(|cost| *cost <= self.slips)
    }

    fn can_match(&self, state: &State) -> bool {
        // Two that change places cost one more than the row before.
        let near = |row: &[u8], slips: u8| row.iter().any(|cost| *cost <= slips);
        near(&state.row, self.slips) || state.before.as_ref().is_some_and(|row| near(row, self.slips.saturating_sub(1)))
    }

    fn accept(&self, state: &State, byte: u8) -> State {
        let mut next = state.clone();
        if let Some(place) = next.bytes.get_mut(next.length) {
            *place = byte;
        }
        next.length += 1;
        let whole = std::str::from_utf8(next.bytes.get(..next.length).unwrap_or(&[])).ok();
        match whole.and_then(|text| text.chars().next()) {
            Some(c) => self.step(state, c),
            None => next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::tree::{Scope, Spelling, Word};
    use crate::text::Span;

    #[test]
    fn it_accepts_what_the_pattern_fits() {
        let words = [
            "a", "ab", "ba", "abc", "acb", "cab", "abcd", "badc", "treaty", "traety", "treatise", "etat", "жук",
            "жкук", "кжу", "北京", "京北", "x",
        ];
        for written in words {
            for slips in 1..=2u8 {
                let word = Word {
                    spelling: Spelling::Fuzzy(slips),
                    ..Word::new(written, false, Scope::Anywhere, Span::default())
                };
                let pattern = Pattern::of(&word, false).unwrap();
                let automaton = Fuzzy::of(&pattern).unwrap();
                for other in words {
                    let mut state = automaton.start();
                    let mut alive = true;
                    for byte in other.bytes() {
                        alive &= automaton.can_match(&state);
                        state = automaton.accept(&state, byte);
                    }
                    let accepted = alive && automaton.is_match(&state);
                    assert_eq!(accepted, pattern.fits(other), "{written}~{slips} {other}");
                }
            }
        }
    }
}
