//! What the lists say of each word as it is written, looked up once for all extractors and remembered.
//!
//! A newspaper has few different words for its many: each thread remembers those it met last, and a word that came
//! before costs one comparison, whatever number of lists there is.

use super::names::Kinds;
use super::names::{Lexicon, Shape, possessive, shape};
use super::places::hint;
use crate::language::Language;
use crate::places::Finder;
use crate::text::fold::fold_into;
use crate::text::{Span, Words};
use std::cell::RefCell;

/// What is known of a word wherever it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    /// What the lists of names know of it, without a possessive ending.
    pub(super) kinds: Kinds,
    /// A hash of it in its look-up form, without a possessive ending.
    pub(super) lower: u32,
    /// How it is written.
    pub(super) shape: Shape,
    /// How many bytes of it are a possessive ending.
    pub(super) ending: u8,
    /// Which hint at a country it is; 0 for none.
    pub(super) hint: u8,
    /// Whether the name of a place can begin with it.
    pub(super) begins_place: bool,
}

/// Longer words are noise: no list has them.
const LONGEST: usize = 40;
/// There are so many pairs of places; the bytes of a word say in which it is remembered. A new word takes the place of
/// the older one of the two.
const PAIRS: usize = 1 << 13;
/// Words longer than this many bytes are looked up each time: they are one in a hundred.
const PACKED: usize = 15;

struct Memory {
    /// The language whose lists were asked.
    code: &'static str,
    /// The packed word, 0 where there is none yet, and its form.
    pairs: Vec<[(u128, Form); 2]>,
    folded: String,
}

impl Memory {
    fn empty(code: &'static str) -> Memory {
        let nothing = Form { kinds: 0, lower: 0, shape: Shape::Lower, ending: 0, hint: 0, begins_place: false };
        Memory { code, pairs: vec![[(0, nothing); 2]; PAIRS], folded: String::new() }
    }
}

/// The form of each word.
pub(super) fn forms(words: &Words<'_>, language: &'static Language, finder: &mut Finder) -> Vec<Form> {
    thread_local! {
        static MEMORY: RefCell<Memory> = RefCell::new(Memory::empty(""));
    }
    MEMORY.with_borrow_mut(|memory| {
        if memory.code != language.code {
            *memory = Memory::empty(language.code);
        }
        let lexicon = Lexicon::of(language);
        let look_up = |span: &Span| {
            let Some(packed) = pack(words.text, *span) else {
                return form(span.of(words.text), lexicon, finder, &mut memory.folded);
            };
            let pair = &mut memory.pairs[pair_of(packed)];
            if pair[0].0 != packed {
                pair.swap(0, 1);
                if pair[0].0 != packed {
                    pair[0] = (packed, form(span.of(words.text), lexicon, finder, &mut memory.folded));
                }
            }
            pair[0].1
        };
        words.spans.iter().map(look_up).collect()
    })
}

/// The bytes and the length of a word as one number.
fn pack(text: &str, span: Span) -> Option<u128> {
    let length = span.end - span.start;
    if length > PACKED || length == 0 {
        return None;
    }
    let bytes = text.as_bytes();
    let packed = match bytes.get(span.start..).and_then(|rest| rest.first_chunk::<16>()) {
        Some(chunk) => u128::from_le_bytes(*chunk) & ((1 << (8 * length)) - 1),
        // The last words of a text.
        None => bytes.get(span.start..span.end)?.iter().rev().fold(0, |all, byte| all << 8 | u128::from(*byte)),
    };
    Some(packed | (length as u128) << 120)
}

fn pair_of(packed: u128) -> usize {
    let mixed = (packed as u64 ^ ((packed >> 64) as u64).rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 40) as usize % PAIRS
}

fn form(word: &str, lexicon: &Lexicon, finder: &mut Finder, folded: &mut String) -> Form {
    let ending = possessive(word);
    let stem = word.get(..word.len() - ending).unwrap_or(word);
    let (kinds, lower) = if stem.len() > LONGEST {
        (0, 0)
    } else {
        fold_into(stem, folded);
        (lexicon.kinds(folded) | lexicon.kinds_as_written(word, stem), hash(folded))
    };
    Form {
        kinds,
        lower,
        shape: shape(word),
        ending: u8::try_from(ending).unwrap_or(0),
        hint: hint(word),
        begins_place: finder.may_begin(word),
    }
}

/// A hash of a word, the same on every machine.
fn hash(word: &str) -> u32 {
    let mixed =
        word.bytes().fold(0xcbf2_9ce4_8422_2325u64, |all, byte| (all ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    (mixed >> 32) as u32 ^ mixed as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language;

    #[test]
    fn packs_words_apart() {
        let text = "a ab b aa é a";
        let words = Words::new(text);
        let packed: Vec<u128> = words.spans.iter().filter_map(|span| pack(text, *span)).collect();
        assert_eq!(packed.len(), 6);
        assert_eq!(packed[0], packed[5]);
        assert!((1..5).all(|at| !packed[..at].contains(&packed[at])));
        let long = format!("{text} {}", "x".repeat(40));
        assert_eq!(pack(&long, words.spans[1]), pack(text, words.spans[1]));
    }

    #[test]
    fn says_the_same_of_a_word_each_time() {
        let words = Words::new("Kim’s men met in Seoul, and Kim’s men left Seoul");
        let forms = forms(&words, language::fallback(), &mut Finder::default());
        assert_eq!(forms.len(), words.len());
        assert_eq!((forms[0].ending, forms[0].shape), (4, Shape::Capital));
        assert_eq!(forms[0].kinds, forms[6].kinds);
        assert!(forms[4].begins_place && forms[9].begins_place && !forms[1].begins_place);
        let long = "a".repeat(100);
        assert_eq!(super::forms(&Words::new(&long), language::fallback(), &mut Finder::default())[0].kinds, 0);
    }
}
