//! What the tagger knows of a word in its place, as hashes of features.

use super::elsewhere::Elsewhere;
use super::pieces::{Piece, REACH};
use crate::article::Part;
use crate::extract::Page;
use crate::extract::names::lexicon::{AT, ROLE, SPEECH};
use crate::extract::names::run::{Gap, Run, Text, Token};
use crate::places::{Kind, Ordinary};
use rustc_hash::FxHashMap;

/// What the rules and the gazetteer make of each word of a text.
pub(in crate::extract) struct Rules {
    /// For each word, where in which kind of name the rules have it; 0 for nowhere.
    names: Vec<u8>,
    /// For each word, where in the name of which kind of place the gazetteer has it; 0 for nowhere.
    places: Vec<u8>,
}

/// What the rules take a run for.
#[derive(Clone, Copy, Debug)]
pub(in crate::extract) enum Ruled {
    Person = 0,
    /// An organisation by the words in its name or beside it.
    Organisation = 1,
    /// An organisation of the lists.
    Known = 2,
}

impl Rules {
    /// `runs` are the names that the rules found in that part of `page`.
    pub(in crate::extract) fn new(page: &Page<'_>, part: Part, runs: impl Iterator<Item = (Run, Ruled)>) -> Rules {
        let length = if part == Part::Title { page.title.len() } else { page.body.len() };
        let mut names = vec![0; length];
        let mut places = vec![0; length];
        for (run, ruled) in runs {
            mark(&mut names, run.first, run.last, ruled as u8);
        }
        for hit in page.hits(part) {
            let found = &hit.found;
            let senses = || found.senses.iter();
            let people = senses().map(|sense| sense.place.people).max().unwrap_or(0);
            let class = if senses().any(|sense| sense.demonym) {
                0
            } else if senses().any(|sense| matches!(sense.place.kind, Kind::Country | Kind::Wide)) {
                1
            } else if senses().any(|sense| sense.place.kind == Kind::Region) {
                2
            } else if people >= 1_000 || senses().any(|sense| sense.place.capital) {
                3
            } else if people >= 100 {
                4
            } else {
                5
            };
            let ordinary = match found.ordinary {
                Ordinary::No => 0,
                Ordinary::Person => 6,
                Ordinary::Word => 12,
            };
            mark(&mut places, hit.first, hit.first + found.words - 1, class + ordinary);
        }
        Rules { names, places }
    }

    fn name(&self, at: usize) -> u32 {
        self.names.get(at).copied().unwrap_or(0).into()
    }

    fn place(&self, at: usize) -> u32 {
        self.places.get(at).copied().unwrap_or(0).into()
    }

    /// Whether the rules have a name of a person at `at`.
    pub(super) fn is_person(&self, at: usize) -> bool {
        (1..=4).contains(&self.name(at))
    }

    /// Whether the rules have a name of an organisation at `at`.
    pub(super) fn is_organisation(&self, at: usize) -> bool {
        self.name(at) > 4
    }

    /// Whether the gazetteer has a place at `at`.
    pub(super) fn is_place(&self, at: usize) -> bool {
        self.place(at) > 4
    }
}

fn mark(codes: &mut [u8], first: usize, last: usize, class: u8) {
    for at in first..=last {
        let place = match (at == first, at == last) {
            (true, true) => 3,
            (true, false) => 0,
            (false, true) => 2,
            _ => 1,
        };
        if let Some(code) = codes.get_mut(at) {
            *code = 1 + 4 * class + place;
        }
    }
}

/// A text with all that the features are made from.
pub(in crate::extract) struct Context<'t, 'a> {
    pub(in crate::extract) text: &'t Text<'a>,
    pub(in crate::extract) rules: &'t Rules,
    pub(in crate::extract) elsewhere: &'t Elsewhere,
    pub(in crate::extract) casing: &'t Casing,
}

/// How ordinary words are written, by their hashes: what a capital at the beginning of a sentence is worth.
#[derive(Debug, Default)]
pub(in crate::extract) struct Casing(pub(super) FxHashMap<u32, u8>);

impl Casing {
    /// 0 for an unknown word, else how often it has a capital where nothing but its being a name asks for one.
    fn of(&self, word: u32) -> u32 {
        self.0.get(&word).copied().unwrap_or(0).into()
    }
}

/// Stands for the words before a sentence and behind it.
const NOTHING: u32 = 1;
/// How far from a word others count, wherever exactly they stand.
const NEAR: usize = 4;

impl Context<'_, '_> {
    /// Adds the features of the word at `at` of `piece`.
    pub(in crate::extract) fn features(&self, piece: Piece, at: usize, out: &mut Vec<u32>) {
        let text = self.text;
        let Some(token) = text.get(at) else { return };
        let mut template = 0;
        let mut add = |value: u32| {
            template += 1;
            out.push(mix(template, value));
        };
        // Where the sentence ends on either side, as far as features reach.
        let mut left = at;
        while left > 0 && at - left < NEAR && !text.get(left).is_none_or(|t| t.starts) {
            left -= 1;
        }
        let mut right = at;
        while right - at < NEAR && text.get(right + 1).is_some_and(|t| !t.starts || t.gap == Gap::Hyphen) {
            right += 1;
        }
        let word = |offset: isize| match at.checked_add_signed(offset) {
            Some(position) if (left..=right).contains(&position) => text.get(position).map_or(NOTHING, |t| t.lower),
            _ => NOTHING,
        };
        let kinds = |offset: isize| match at.checked_add_signed(offset) {
            Some(position) if (left..=right).contains(&position) => text.get(position).map_or(0, |t| t.kinds),
            _ => 0,
        };
        let here = text.word(at);
        let (shape, before, after) = (
            pattern(here),
            if left < at { pattern(text.word(at - 1)) } else { NOTHING },
            if right > at { pattern(text.word(at + 1)) } else { NOTHING },
        );
        let gap = gap_code(token);
        let next_gap = text.get(at + 1).map_or(15, |next| if next.starts { 14 } else { gap_code(next) });
        let (sign, next_sign) = (sign(text, at), sign(text, at + 1));
        // The words.
        add(NOTHING);
        add(word(0));
        add(word(-1));
        add(word(1));
        add(word(-2));
        add(word(2));
        add(mix(word(-1), word(0)));
        add(mix(word(0), word(1)));
        add(mix(word(-2), word(-1)));
        add(mix(word(1), word(2)));
        add(mix(word(-1), word(1)));
        // How they are written.
        let state = u32::from(token.starts)
            | u32::from(token.loud) << 1
            | u32::from(token.possessive) << 2
            | u32::from(token.quiet) << 3;
        add(shape);
        add(mix(shape, state));
        add(mix(before, shape));
        add(mix(shape, after));
        add(mix(mix(before, shape), after));
        add(gap | next_gap << 4);
        add(mix(shape, gap | next_gap << 4));
        add(mix(word(0), gap | next_gap << 4));
        add(mix(word(-1), gap));
        add(mix(word(1), next_gap));
        add(state | u32::from(text.part == Part::Title) << 4);
        add(mix(word(0), state));
        add(sign);
        add(next_sign);
        add(mix(sign, next_sign));
        add(mix(mix(sign, next_sign), shape));
        let casing = |offset| self.casing.of(word(offset));
        let cased = casing(-1) << 6 | casing(0) << 3 | casing(1);
        add(mix(casing(0), state));
        add(mix(cased, shape));
        add(mix(cased, mix(before, after)));
        let bytes = here.as_bytes();
        for length in 1..=4 {
            add(ends(bytes, length, false));
            add(ends(bytes, length, true));
        }
        // What the lists and rules say.
        let (name, place) = (self.rules.name(at), self.rules.place(at));
        let back = at.checked_sub(1).filter(|_| left < at);
        let name_before = back.map_or(0, |at| self.rules.name(at));
        let place_before = back.map_or(0, |at| self.rules.place(at));
        let (name_after, place_after) =
            if right > at { (self.rules.name(at + 1), self.rules.place(at + 1)) } else { (0, 0) };
        add(name);
        add(place);
        add(mix(name, place));
        add(mix(name_before, name << 8 | name_after));
        add(mix(place_before, place << 8 | place_after));
        add(mix(name, shape));
        add(mix(place, shape));
        add(mix(place, mix(word(-1), word(1))));
        add(mix(place, word(-1)));
        add(mix(place, word(1)));
        add(mix(name, word(-1)));
        add(mix(name, word(1)));
        add(mix(2, kinds(0)));
        add(mix(kinds(-1), kinds(0)));
        add(mix(kinds(0), kinds(1)));
        // The run of capitalised words that it stands in.
        let (mut begin, mut end) = (at, at);
        if token.is_capital() {
            begin = piece.run_begin(text, at);
            while end - at < REACH && piece.joins_after(text, end) {
                end += 1;
            }
        }
        let lower = |position: usize| text.get(position).map_or(NOTHING, |t| t.lower);
        let outside_left =
            if begin > 0 && !text.get(begin).is_some_and(|t| t.starts) { lower(begin - 1) } else { NOTHING };
        let outside_right = text.get(end + 1).filter(|t| !t.starts).map_or(NOTHING, |t| t.lower);
        let places_in_run = ((at - begin).min(4) as u32) << 4 | (end - at).min(4) as u32;
        add(places_in_run);
        add(mix(places_in_run, shape));
        add(mix(3, lower(end)));
        add(mix(places_in_run, lower(end)));
        add(mix(4, lower(begin)));
        add(mix(places_in_run, lower(begin)));
        add(mix(5, outside_left));
        add(mix(6, outside_right));
        add(mix(outside_left, outside_right));
        add(mix(outside_left, places_in_run));
        add(mix(outside_right, places_in_run));
        let beyond = text.get(end + 2).filter(|t| !t.starts).map_or(NOTHING, |t| t.lower);
        let gap_out = text.get(end + 1).map_or(15, gap_code);
        add(mix(outside_right, mix(beyond, gap_out)));
        let earlier = if begin > 1 { lower(begin - 2) } else { NOTHING };
        add(mix(outside_left, earlier));
        let last_kinds = text.get(end).map_or(0, |t| t.kinds);
        let first_kinds = text.get(begin).map_or(0, |t| t.kinds);
        add(mix(places_in_run, last_kinds));
        add(mix(places_in_run, first_kinds));
        add(mix(first_kinds, last_kinds));
        let around = kinds_of(text.get(end + 1).filter(|t| !t.starts))
            | kinds_of(begin.checked_sub(1).and_then(|at| text.get(at))) << 4;
        add(mix(around, places_in_run));
        add(mix(around, gap | gap_out << 4));
        // The rest of the article.
        let uses = self.elsewhere.of_word(self, piece, at);
        add(uses & SURE);
        add(mix(uses, 7));
        add(mix(uses, shape));
        let last_uses = if end > at { self.elsewhere.of_word(self, piece, end) } else { NOTHING };
        let first_uses = if begin < at { self.elsewhere.of_word(self, piece, begin) } else { NOTHING };
        add(mix(last_uses, places_in_run));
        add(mix(first_uses, places_in_run));
        // Bits on their own, of which there are as many as there are.
        for (number, offset) in [-1isize, 0, 1].into_iter().enumerate() {
            let mut bits = kinds(offset);
            while bits != 0 {
                out.push(mix(200 + number as u32, bits.trailing_zeros()));
                bits &= bits - 1;
            }
        }
        let mut bits = uses;
        while bits != 0 {
            out.push(mix(210, bits.trailing_zeros()));
            bits &= bits - 1;
        }
        for position in left..=right {
            if position != at {
                out.push(mix(if position < at { 211 } else { 212 }, lower(position)));
            }
        }
    }
}

/// Of the uses elsewhere, those that tell most.
const SURE: u32 = 0x7f;

fn kinds_of(token: Option<&Token>) -> u32 {
    token.map_or(8, |t| u32::from(t.is(SPEECH)) | u32::from(t.is(ROLE)) << 1 | u32::from(t.is(AT)) << 2)
}

fn gap_code(token: &Token) -> u32 {
    match token.gap {
        Gap::Blank => 0,
        Gap::Hyphen => 1,
        Gap::Stop => 2,
        Gap::And => 3,
        Gap::Apostrophe => 4,
        Gap::Comma => 5,
        Gap::Open => 6,
        Gap::Other => 7,
    }
}

/// The first sign between the word at `at` and the one before it, and whether a line ends there.
fn sign(text: &Text<'_>, at: usize) -> u32 {
    let between = text.before(at).as_bytes();
    let line = u32::from(at == 0 || at == text.tokens.len() || between.contains(&b'\n'));
    let sign = between.iter().find(|byte| !byte.is_ascii_whitespace()).copied().unwrap_or(0);
    u32::from(sign) << 1 | line
}

/// A hash of two numbers.
pub(super) fn mix(a: u32, b: u32) -> u32 {
    let mut x = (b ^ a.wrapping_mul(0x9e37_79b1).rotate_left(5)).wrapping_mul(0x85eb_ca6b);
    x ^= x >> 15;
    x = x.wrapping_add(a).wrapping_mul(0xc2b2_ae35);
    x ^ x >> 13
}

/// A hash of how a word is written: what its characters are, equal neighbours once, up to ten.
fn pattern(word: &str) -> u32 {
    let (mut hash, mut last, mut count) = (0u32, 0u32, 0);
    for c in word.chars() {
        let class = match c {
            'a'..='z' => 1,
            'A'..='Z' => 2,
            '0'..='9' => 3,
            '.' => 4,
            '\'' | '’' => 5,
            c if c.is_uppercase() => 2,
            c if c.is_lowercase() => 1,
            _ => 6,
        };
        if class != last {
            hash = hash << 3 | class;
            last = class;
            count += 1;
            if count == 10 {
                break;
            }
        } else if class == 2 && count == 1 {
            // `NATO` is not `Nato`.
            hash |= 1 << 30;
        }
    }
    hash + 2
}

/// A hash of the first or last `length` bytes of a word in small letters.
fn ends(word: &[u8], length: usize, last: bool) -> u32 {
    if word.len() < length {
        return 0;
    }
    let part = if last { word.get(word.len() - length..) } else { word.get(..length) };
    part.unwrap_or_default()
        .iter()
        .fold(length as u32, |all, byte| all << 8 ^ u32::from(byte.to_ascii_lowercase()) ^ all >> 24)
}
