//! The cities, first-level divisions and features of the world: a packed table that is part of the program and needs no loading.
//!
//! [`pack`] makes it from `cities.tsv`, `divisions.tsv` and `features.tsv`; `cargo run --release --example make-gazetteer` writes it to
//! `data/places/gazetteer.bin`. All numbers are little-endian; parts follow each other as the header says:
//!
//! 1. header: [`MAGIC`], then the length in bytes of each part;
//! 2. divisions, sorted by country and code: country (2 bytes), code and name (place and length in the texts), latitude,
//!    longitude (hundredths of degrees), people (thousands);
//! 3. cities: name, number of the division, people, latitude, longitude, flags;
//! 4. lists of what a name can mean, for names of several things: a count, then numbers;
//! 5. texts;
//! 6. names: an automaton from folded words with a blank between to what they mean.

pub mod pack;

use super::gazetteer::{Kind, Ordinary, Place};
use fst::raw::{CompiledAddr, Fst, Output};
use std::sync::LazyLock;

/// The first bytes of the table.
const MAGIC: &[u8; 8] = b"DLPLACE1";
/// Bytes of a division and of a city.
const DIVISION: usize = 2 + 4 + 1 + 4 + 1 + 2 + 2 + 4;
const CITY: usize = 4 + 1 + 2 + 2 + 2 + 2 + 1;
/// A city's flags: a national capital; a feature, which is no city.
const CAPITAL: u8 = 1;
const FEATURE: u8 = 2;
/// In what a name means: two bits for [`Ordinary`], one that says a list follows, then its place or the one number.
const LIST: u64 = 4;
const SHIFT: u64 = 3;
/// Numbers of cities begin here, below are divisions.
const CITIES: u32 = 1 << 16;

/// The table of the program.
pub(super) fn cities() -> &'static Cities {
    static TABLE: LazyLock<Cities> = LazyLock::new(|| {
        Cities::open(include_bytes!("../../../data/places/gazetteer.bin"))
            .unwrap_or_else(|| unreachable!("the table is a part of the program, and a test opens it"))
    });
    &TABLE
}

/// An opened table.
pub(super) struct Cities {
    divisions: &'static [u8],
    cities: &'static [u8],
    lists: &'static [u8],
    texts: &'static str,
    names: Fst<&'static [u8]>,
}

/// How far a name has been followed.
#[derive(Clone, Copy)]
pub(super) struct Walk {
    node: CompiledAddr,
    output: Output,
}

/// What a name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Meaning(u64);

impl Cities {
    fn open(bytes: &'static [u8]) -> Option<Cities> {
        let mut rest = bytes.strip_prefix(MAGIC)?;
        let mut lengths = [0usize; 5];
        for length in &mut lengths {
            let (head, tail) = rest.split_first_chunk::<4>()?;
            *length = u32::from_le_bytes(*head) as usize;
            rest = tail;
        }
        let mut parts = [&[] as &[u8]; 5];
        for (part, length) in parts.iter_mut().zip(lengths) {
            (*part, rest) = rest.split_at_checked(length)?;
        }
        let [divisions, cities, lists, texts, names] = parts;
        Some(Cities { divisions, cities, lists, texts: std::str::from_utf8(texts).ok()?, names: Fst::new(names).ok()? })
    }

    /// The beginning of every name.
    pub(super) fn start(&self) -> Walk {
        Walk { node: self.names.root().addr(), output: Output::zero() }
    }

    /// Goes on by `text`; none where no name does.
    pub(super) fn step(&self, walk: Walk, text: &str) -> Option<Walk> {
        let Walk { node, mut output } = walk;
        let mut node = self.names.node(node);
        for byte in text.bytes() {
            let transition = node.transition(node.find_input(byte)?);
            output = output.cat(transition.out);
            node = self.names.node(transition.addr);
        }
        Some(Walk { node: node.addr(), output })
    }

    /// What the name that ends here means.
    pub(super) fn meaning(&self, walk: Walk) -> Option<Meaning> {
        let node = self.names.node(walk.node);
        node.is_final().then(|| Meaning(walk.output.cat(node.final_output()).value()))
    }

    /// Everything that a name can mean, fewest people first.
    pub(super) fn places(&self, meaning: Meaning) -> impl Iterator<Item = Place> + use<'_> {
        let at = (meaning.0 >> SHIFT) as u32;
        let several = meaning.0 & LIST != 0;
        let list = if several { self.lists.get(at as usize..).unwrap_or_default() } else { &[] };
        let count = if several { number(list, 0) } else { 1 };
        (0..count).filter_map(move |place| self.place(if several { number(list, 4 + 4 * place as usize) } else { at }))
    }

    fn place(&self, id: u32) -> Option<Place> {
        match id.checked_sub(CITIES) {
            Some(city) => self.city(city as usize),
            None => self.division(id as usize),
        }
    }

    fn division(&self, at: usize) -> Option<Place> {
        let row = self.divisions.get(at * DIVISION..(at + 1) * DIVISION)?;
        Some(Place {
            id: at as u32 | super::gazetteer::PACKED,
            name: self.text(row, 7)?,
            kind: Kind::Division,
            country: std::str::from_utf8(row.get(..2)?).ok(),
            part: self.text(row, 2)?,
            point: Some((degrees(row, 12), degrees(row, 14))),
            people: number(row, 16),
            capital: false,
        })
    }

    fn city(&self, at: usize) -> Option<Place> {
        let row = self.cities.get(at * CITY..(at + 1) * CITY)?;
        let division = self.division(usize::from(short(row, 5)))?;
        let flags = row.get(13).copied().unwrap_or(0);
        Some(Place {
            id: (at as u32 + CITIES) | super::gazetteer::PACKED,
            name: self.text(row, 0)?,
            kind: if flags & FEATURE == 0 { Kind::City } else { Kind::Feature },
            country: division.country,
            part: division.part,
            point: Some((degrees(row, 9), degrees(row, 11))),
            people: u32::from(short(row, 7)),
            capital: flags & CAPITAL != 0,
        })
    }

    /// The usual name of a first-level division; none where the table has the code alone.
    pub(super) fn division_name(&self, country: &str, part: &str) -> Option<&'static str> {
        let (mut low, mut high) = (0, self.divisions.len() / DIVISION);
        while low < high {
            let middle = usize::midpoint(low, high);
            let row = self.divisions.get(middle * DIVISION..(middle + 1) * DIVISION)?;
            match (row.get(..2)?, self.text(row, 2)?).cmp(&(country.as_bytes(), part)) {
                std::cmp::Ordering::Equal => return self.text(row, 7).filter(|name| !name.is_empty()),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// A text: where it begins (4 bytes) and how long it is (1 byte), at `at` of `row`.
    fn text(&self, row: &[u8], at: usize) -> Option<&'static str> {
        let start = number(row, at) as usize;
        self.texts.get(start..start + usize::from(*row.get(at + 4)?))
    }
}

impl Meaning {
    /// Whether the name is first of all something else.
    pub(super) fn ordinary(self) -> Ordinary {
        match self.0 & 3 {
            1 => Ordinary::Person,
            2 => Ordinary::Word,
            _ => Ordinary::No,
        }
    }

    /// A number that no other name has but spellings of the same place.
    pub(super) fn key(self) -> u32 {
        (self.0 >> 2) as u32 | super::gazetteer::PACKED
    }
}

fn number(row: &[u8], at: usize) -> u32 {
    row.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_le_bytes)
}

fn short(row: &[u8], at: usize) -> u16 {
    row.get(at..at + 2).and_then(|bytes| bytes.try_into().ok()).map_or(0, u16::from_le_bytes)
}

fn degrees(row: &[u8], at: usize) -> f32 {
    f32::from(short(row, at) as i16) / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meanings(key: &str) -> Vec<(&'static str, &'static str, &'static str)> {
        let table = cities();
        let meaning = table.step(table.start(), key).and_then(|walk| table.meaning(walk));
        let places = meaning.into_iter().flat_map(|meaning| table.places(meaning));
        places.map(|place| (place.name, place.country.unwrap_or(""), place.part)).collect()
    }

    #[test]
    fn finds_cities_and_divisions_by_their_names() {
        assert_eq!(meanings("sana a").last(), None);
        assert_eq!(meanings("munich").last(), Some(&("Munich", "DE", "02")));
        assert_eq!(meanings("fallujah").last(), Some(&("Al Fallūjah", "IQ", "01")));
        assert_eq!(meanings("paris").last(), Some(&("Paris", "FR", "11")));
        assert!(meanings("paris").contains(&("Paris", "US", "TX")));
        assert_eq!(meanings("bavaria").last(), Some(&("Bavaria", "DE", "02")));
        assert_eq!(meanings("pyongy"), []);
    }

    #[test]
    fn capitals_and_points_are_kept() {
        let table = cities();
        let walk = table.step(table.start(), "pyongyang").expect("it begins a name");
        let place = table.meaning(walk).and_then(|meaning| table.places(meaning).last()).expect("it is a city");
        assert!(place.capital && place.people > 2_000);
        let (latitude, longitude) = place.point.expect("cities have points");
        assert!((latitude - 39.03).abs() < 0.02 && (longitude - 125.75).abs() < 0.02);
    }

    #[test]
    fn divisions_have_names() {
        let table = cities();
        for (country, part, name) in [("US", "CA", "California"), ("GB", "SCT", "Scotland"), ("DE", "02", "Bavaria")] {
            assert_eq!(table.division_name(country, part), Some(name));
        }
        assert_eq!(table.division_name("ZZ", "01"), None);
    }

    #[test]
    fn damage_is_no_table() {
        for bytes in [b"" as &[u8], b"DLPLACE1", b"DLPLACE1\xff\xff\xff\xff", b"something else entirely"] {
            assert!(Cities::open(bytes).is_none());
        }
    }
}
