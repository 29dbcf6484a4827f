//! Packs the tables of cities, divisions and features. Used by `examples/make-gazetteer.rs`, and by a test that the packed table is
//! that of the tables beside it.

use super::{CAPITAL, CITIES, FEATURE, LIST, MAGIC, SHIFT};
use crate::text::{fold, tokens};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::path::Path;

/// The tables, as texts.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'a> {
    /// `cities.tsv`.
    pub cities: &'a str,
    /// `city_names.tsv`: names beside those of `cities`.
    pub names: &'a str,
    /// `divisions.tsv`.
    pub divisions: &'a str,
    /// `features.tsv`.
    pub features: &'a str,
    /// `countries.tsv`: which cities are capitals.
    pub countries: &'a str,
    /// Texts in whose small letters ordinary words stand.
    pub prose: &'a [String],
    /// Lists of given names and surnames.
    pub people: &'a [String],
}

/// Packs the tables in the folder `data` of the project.
///
/// # Errors
/// Where a file or a row cannot be read.
pub fn from_folder(data: &Path) -> Result<Vec<u8>, String> {
    let read = |path: &Path| std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()));
    let annotated = data.join("en/annotated");
    let entries = std::fs::read_dir(&annotated).map_err(|error| format!("{}: {error}", annotated.display()))?;
    let mut prose: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    prose.sort();
    pack(&Tables {
        cities: &read(&data.join("places/cities.tsv"))?,
        names: &read(&data.join("places/city_names.tsv"))?,
        divisions: &read(&data.join("places/divisions.tsv"))?,
        features: &read(&data.join("places/features.tsv"))?,
        countries: &read(&data.join("places/countries.tsv"))?,
        prose: &prose.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?,
        people: &[read(&data.join("en/given_names.txt"))?, read(&data.join("en/surnames.txt"))?],
    })
}

/// A city of fewer people, in thousands, is doubted where its name is a word or a person's.
const GREAT: u32 = 300;

struct City<'a> {
    name: &'a str,
    country: &'a str,
    division: usize,
    people: u32,
    point: [i16; 2],
    keys: Vec<String>,
    flags: u8,
}

/// The packed table.
///
/// # Errors
/// Where a row of a table cannot be read: which, and why.
pub fn pack(tables: &Tables<'_>) -> Result<Vec<u8>, String> {
    let mut divisions: BTreeMap<(&str, &str), (&str, u32, [i16; 2])> = BTreeMap::new();
    for columns in rows(tables.divisions) {
        let [country, part, name, people, latitude, longitude, ..] = columns;
        divisions.insert((country, part), (name, whole(people)?, point(latitude, longitude)?));
    }
    for [_, country, part, ..] in rows(tables.cities) {
        divisions.entry((country, part)).or_insert(("", 0, [0; 2]));
    }
    for [_, country, ..] in rows(tables.features) {
        divisions.entry((country, "")).or_insert(("", 0, [0; 2]));
    }
    let named: FxHashMap<(&str, String), &str> =
        divisions.iter().map(|((country, part), (name, ..))| ((*country, key(name)), *part)).collect();
    let numbers: FxHashMap<(&str, &str), usize> = divisions.keys().copied().zip(0..).collect();
    let mut cities = Vec::new();
    let mut largest: FxHashMap<(&str, &str), usize> = FxHashMap::default();
    for [name, country, part, people, latitude, longitude, others] in rows(tables.cities) {
        let people = whole(people)?;
        let at = cities.len();
        let known = *largest.entry((name, country)).or_insert(at);
        if cities.get(known).is_some_and(|other: &City<'_>| other.people < people) {
            largest.insert((name, country), at);
        }
        let division = numbers.get(&(country, part)).copied().unwrap_or(0);
        let keys = std::iter::once(name).chain(others.split(';')).map(key).collect();
        let point = point(latitude, longitude)?;
        cities.push(City { name, country, division, people, point, keys, flags: 0 });
    }
    for [name, country, others, ..] in rows(tables.names) {
        // A town that is too small for the table has no other names either.
        if let Some(city) = largest.get(&(name, country)).and_then(|at| cities.get_mut(*at)) {
            city.keys.extend(others.split(';').map(key));
        }
    }
    for [_, country, division, name, latitude, longitude, others] in rows(tables.features) {
        let part = named.get(&(country, key(division))).copied().unwrap_or("");
        let division = numbers.get(&(country, part)).copied().unwrap_or(0);
        let keys = std::iter::once(name).chain(others.split(';')).map(key).collect();
        let point = point(latitude, longitude)?;
        cities.push(City { name, country, division, people: 0, point, keys, flags: FEATURE });
    }
    for [code, _, _, _, capital, ..] in rows(tables.countries) {
        let wanted = key(capital);
        let named = cities.iter_mut().filter(|city| city.country == code && city.keys.contains(&wanted));
        if let Some(city) = named.max_by_key(|city| city.people) {
            city.flags |= CAPITAL;
        }
    }
    Ok(write(&divisions, &mut cities, tables))
}

type Divisions<'a> = BTreeMap<(&'a str, &'a str), (&'a str, u32, [i16; 2])>;

fn write(divisions: &Divisions<'_>, cities: &mut [City<'_>], tables: &Tables<'_>) -> Vec<u8> {
    let mut texts = Texts::default();
    let mut meanings: BTreeMap<String, Vec<(u32, u32)>> = BTreeMap::new();
    let mut division_rows = Vec::new();
    for (number, ((country, part), (name, people, point))) in (0u32..).zip(divisions) {
        division_rows.extend(country.bytes().take(2));
        texts.put(part, &mut division_rows);
        texts.put(name, &mut division_rows);
        point.iter().for_each(|degrees| division_rows.extend(degrees.to_le_bytes()));
        division_rows.extend(people.to_le_bytes());
        if !name.is_empty() {
            // A city counts before the division that is named after it.
            meanings.entry(key(name)).or_default().push((people / 2, number));
        }
    }
    let mut city_rows = Vec::new();
    for (number, city) in (CITIES..).zip(cities) {
        texts.put(city.name, &mut city_rows);
        city_rows.extend((city.division as u16).to_le_bytes());
        city_rows.extend((city.people.min(65_535) as u16).to_le_bytes());
        city.point.iter().for_each(|degrees| city_rows.extend(degrees.to_le_bytes()));
        city_rows.push(city.flags);
        city.keys.retain(|key| !key.is_empty());
        city.keys.sort();
        city.keys.dedup();
        for key in &city.keys {
            meanings.entry(key.clone()).or_default().push((city.people, number));
        }
    }
    let ordinary = Words::new(tables);
    let mut lists = Vec::new();
    let mut names = fst::MapBuilder::memory();
    for (key, mut places) in meanings {
        places.sort_unstable();
        let people = places.iter().rfind(|(_, number)| *number >= CITIES).map_or(0, |largest| largest.0);
        let class = if people < GREAT { ordinary.class(&key) } else { 0 };
        let value = match places.as_slice() {
            [(_, one)] => u64::from(*one) << SHIFT,
            several => {
                let at = lists.len() as u64;
                lists.extend((several.len() as u32).to_le_bytes());
                several.iter().for_each(|(_, number)| lists.extend(number.to_le_bytes()));
                at << SHIFT | LIST
            }
        };
        // The keys of a map come in order, so this cannot fail.
        let _ = names.insert(&key, value | class);
    }
    let names = names.into_inner().unwrap_or_default();
    let parts = [division_rows, city_rows, lists, texts.all.into_bytes(), names];
    let mut out = MAGIC.to_vec();
    parts.iter().for_each(|part| out.extend((part.len() as u32).to_le_bytes()));
    parts.iter().for_each(|part| out.extend(part));
    out
}

/// Texts, each kept once.
#[derive(Default)]
struct Texts {
    all: String,
    known: FxHashMap<String, u32>,
}

impl Texts {
    fn put(&mut self, text: &str, row: &mut Vec<u8>) {
        let all = &mut self.all;
        let at = *self.known.entry(text.to_owned()).or_insert_with(|| {
            all.push_str(text);
            (all.len() - text.len()) as u32
        });
        row.extend(at.to_le_bytes());
        row.push(text.len().min(255) as u8);
    }
}

/// Words that are first of all something else.
struct Words {
    prose: FxHashSet<String>,
    people: FxHashSet<String>,
}

impl Words {
    fn new(tables: &Tables<'_>) -> Words {
        let mut counts: FxHashMap<String, u32> = FxHashMap::default();
        for text in tables.prose {
            for span in tokens::words(text) {
                let word = span.of(text);
                if word.starts_with(char::is_lowercase) {
                    *counts.entry(fold::fold(word)).or_default() += 1;
                }
            }
        }
        let prose = counts.into_iter().filter(|(_, count)| *count > 1).map(|(word, _)| word).collect();
        let mut people = FxHashSet::default();
        for line in tables.people.iter().flat_map(|list| list.lines()).filter(|line| !line.starts_with('#')) {
            people.extend(line.split([' ', ';', ',']).map(fold::fold));
        }
        Words { prose, people }
    }

    /// As [`super::Meaning::ordinary`] reads it.
    fn class(&self, key: &str) -> u64 {
        if self.prose.contains(key) {
            2
        } else if self.people.contains(key) {
            1
        } else {
            0
        }
    }
}

/// The form of a name under which it is looked up: folded words, a blank between.
fn key(name: &str) -> String {
    tokens::words(name).map(|span| fold::fold(span.of(name))).collect::<Vec<_>>().join(" ")
}

fn rows(table: &str) -> impl Iterator<Item = [&str; 7]> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut columns = [""; 7];
        columns.iter_mut().zip(line.split('\t')).for_each(|(column, text)| *column = text);
        columns
    })
}

fn whole(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("`{text}` is no number of people"))
}

fn point(latitude: &str, longitude: &str) -> Result<[i16; 2], String> {
    let hundredths = |text: &str| match text.parse::<f32>() {
        Ok(degrees) if degrees.abs() <= 180.0 => Ok((degrees * 100.0).round() as i16),
        _ => Err(format!("`{text}` is no latitude or longitude")),
    };
    Ok([hundredths(latitude)?, hundredths(longitude)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_packed_table_is_that_of_the_tables() {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
        let packed = std::fs::read(data.join("places/gazetteer.bin")).expect("it is a part of the project");
        let made = from_folder(&data).expect("the tables can be read");
        assert!(made == packed, "run `cargo run --release --example make-gazetteer`");
    }

    #[test]
    fn a_bad_row_is_an_error() {
        let tables = Tables {
            cities: "A\tB\tC\tmany\t1\t2",
            names: "",
            divisions: "",
            features: "",
            countries: "",
            prose: &[],
            people: &[],
        };
        assert!(pack(&tables).unwrap_err().contains("many"));
        assert!(pack(&Tables { cities: "A\tB\tC\t1\t200\t2", ..tables }).unwrap_err().contains("200"));
    }
}
