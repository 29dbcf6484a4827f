//! What a question says of countries and their parts: areas by name, and the states that a country succeeded.
//!
//! Nothing of it is needed to index; it is read when a question is asked.

use super::gazetteer::countries;
use crate::text::{fold, tokens};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// States that are no more, each with those that an archive counts as its successors: whoever asks for one of these
/// means the affairs of the state before it too.
const FORMER: [(&str, &[&str]); 4] = [("CS", &["CZ", "SK"]), ("DD", &["DE"]), ("SU", &["RU"]), ("YU", &["RS"])];

/// The states that the country with this code succeeded: `RU` → `SU`.
pub fn former(code: &str) -> impl Iterator<Item = &'static str> {
    FORMER.iter().filter(move |(_, successors)| successors.contains(&code)).map(|(former, _)| *former)
}

/// Names of countries in several languages, official and former ones, codes of three letters.
const NAMES: &str = include_str!("../../data/places/country_names.tsv");
/// Adjectives and inhabitants.
const DEMONYMS: &str = include_str!("../../data/places/demonyms.tsv");

/// The codes of countries by everything that they may be called where one is asked for.
static ASKED: LazyLock<FxHashMap<String, &'static str>> = LazyLock::new(|| {
    let mut asked = FxHashMap::default();
    for (code, three, names) in named_rows() {
        asked.insert(key(three), code);
        for name in names {
            asked.entry(key(name)).or_insert(code);
        }
    }
    for line in rows(DEMONYMS) {
        // Of a word for several (`Korean`) nobody can say which is meant.
        let mut columns = line.split('\t');
        let (code, words) = (columns.next().unwrap_or(""), columns.nth(1).unwrap_or(""));
        if code.len() != 2 {
            continue;
        }
        for word in words.split(';').filter(|word| !word.is_empty()) {
            asked.entry(key(word)).or_insert(code);
        }
    }
    asked
});

fn rows(table: &'static str) -> impl Iterator<Item = &'static str> + Clone {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The code, the code of three letters and the names of each country.
fn named_rows() -> impl Iterator<Item = (&'static str, &'static str, impl Iterator<Item = &'static str>)> {
    rows(NAMES).filter_map(|line| {
        let mut columns = line.split('\t');
        let (code, three) = (columns.next()?, columns.next()?);
        Some((code, three, columns.flat_map(|names| names.split(';')).filter(|name| !name.is_empty())))
    })
}

/// The code of the country that a user means: by code of two or three letters, by usual, official or former name, by
/// adjective or inhabitant, in English and ten other languages.
pub fn country_meant(written: &str) -> Option<&'static str> {
    super::country_code(written).or_else(|| ASKED.get(&key(written)).copied())
}

/// Every name of a country that [`country_meant`] knows, for suggestions.
pub fn country_names() -> impl Iterator<Item = &'static str> {
    named_rows().flat_map(|(_, _, names)| names)
}

/// Abbreviations of parts of countries with the usual names: `calif` → `California`.
static ABBREVIATIONS: LazyLock<FxHashMap<String, &'static str>> = LazyLock::new(|| {
    let mut abbreviations = FxHashMap::default();
    for line in rows(include_str!("../../data/places/regions.tsv")) {
        let mut columns = line.split('\t').skip(1);
        let (Some(part), Some(name)) = (columns.next(), columns.next()) else { continue };
        let others = columns.nth(2).unwrap_or("");
        let capitals = |other: &str| other.len() <= 3 && other.bytes().all(|b| b.is_ascii_uppercase());
        for other in others.split(';').filter(|other| !part.is_empty() && (other.contains('.') || capitals(other))) {
            abbreviations.entry(key(other)).or_insert(name);
        }
    }
    abbreviations
});

/// A first-level division of a country.
#[derive(Clone, Copy)]
pub(super) struct Division {
    /// The code of the country.
    pub(super) country: &'static str,
    /// GeoNames' code of the division.
    pub(super) code: &'static str,
    /// The usual name.
    pub(super) name: &'static str,
}

/// The first-level divisions of all countries.
pub(super) fn divisions() -> impl Iterator<Item = Division> + Clone {
    rows(include_str!("../../data/places/divisions.tsv")).filter_map(|line| {
        let mut columns = line.split('\t');
        Some(Division { country: columns.next()?, code: columns.next()?, name: columns.next()? })
    })
}

/// A name in the form in which names are compared: folded words without dots, a blank between.
pub(super) fn key(name: &str) -> String {
    let words = tokens::words(name).map(|span| fold::fold(span.of(name)).replace('.', ""));
    let key = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    key.strip_prefix("the ").map(str::to_owned).unwrap_or(key)
}

/// A country, a part of one, or both, where they share a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    country: Option<&'static str>,
    /// The key of the name of the part.
    part: String,
}

impl Area {
    /// What this is the name of, if it is the name of any.
    pub fn named(name: &str) -> Area {
        let key = key(name);
        // A code is no name: `place:IN` is no question for India.
        let country = countries().country_names.get(&key).filter(|_| !PARTS.contains(&key.as_str()));
        let country = country.and_then(|number| countries().places.get(*number as usize)?.country);
        Area { country, part: key }
    }

    /// What this means behind the name of a town and a comma: `Texas`, `TX`, `Tex.`, `US`, `France`.
    pub fn behind_town(name: &str) -> Area {
        let area = Area::named(name);
        let country = area.country.or_else(|| super::country_code(name).filter(|_| !PARTS.contains(&&*area.part)));
        let part = ABBREVIATIONS.get(&area.part).map_or(area.part, |name| key(name));
        Area { country, part }
    }

    /// Whether a place of this country (a code) and part of it (a usual name) lies in it.
    pub fn holds(&self, country: &str, part: &str) -> bool {
        !country.is_empty() && self.country == Some(country)
            || !part.is_empty() && !self.part.is_empty() && key(part) == self.part
    }
}

/// Parts of a country whose names stand for it where a country is asked for, and for themselves where a place is.
pub(super) const PARTS: [&str; 4] = ["england", "scotland", "wales", "northern ireland"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_hold_what_lies_in_them() {
        for (area, country, part, expected) in [
            ("California", "US", "California", true),
            ("california", "US", "Texas", false),
            ("France", "FR", "", true),
            ("Burma", "MM", "Shan", true),
            ("the Netherlands", "NL", "", true),
            ("Scotland", "GB", "Scotland", true),
            ("Scotland", "GB", "England", false),
            ("Georgia", "US", "Georgia", true),
            ("Georgia", "GE", "", true),
            ("Quebec", "CA", "Québec", true),
            ("IN", "IN", "", false),
            ("", "", "", false),
        ] {
            assert_eq!(Area::named(area).holds(country, part), expected, "{area}: {country} {part}");
        }
        for (behind, country, part, expected) in [
            ("TX", "US", "Texas", true),
            ("Tex.", "US", "Texas", true),
            ("US", "US", "Texas", true),
            ("CA", "US", "California", true),
            ("CA", "CA", "Ontario", true),
            ("FR", "US", "Texas", false),
        ] {
            assert_eq!(Area::behind_town(behind).holds(country, part), expected, "{behind}: {country} {part}");
        }
    }

    #[test]
    fn countries_are_known_by_all_their_names() {
        for (written, expected) in [
            ("RU", Some("RU")),
            ("RUS", Some("RU")),
            ("rus", Some("RU")),
            ("Russian Federation", Some("RU")),
            ("Russian", Some("RU")),
            ("Russians", Some("RU")),
            ("Rusia", Some("RU")),
            ("Россия", Some("RU")),
            ("россия", Some("RU")),
            ("روسيا", Some("RU")),
            ("俄罗斯", Some("RU")),
            ("俄羅斯", Some("RU")),
            ("ロシア", Some("RU")),
            ("Deutschland", Some("DE")),
            ("allemagne", Some("DE")),
            ("Österreich", Some("AT")),
            ("osterreich", Some("AT")),
            ("Côte d’Ivoire", Some("CI")),
            ("Etats Unis", Some("US")),
            ("EE.UU.", Some("US")),
            ("Соединенные Штаты", Some("US")),
            ("أمريكا", Some("US")),
            ("امريكا", Some("US")),
            ("Großbritannien", Some("GB")),
            ("England", Some("GB")),
            ("Scot", Some("GB")),
            ("Siam", Some("TH")),
            ("Upper Volta", Some("BF")),
            ("Sowjetunion", Some("SU")),
            ("Congo", Some("CD")),
            ("Korea", None),
            ("Korean", None),
            ("European", None),
            ("Atlantis", None),
            ("", None),
        ] {
            assert_eq!(country_meant(written), expected, "{written}");
        }
    }

    #[test]
    fn the_table_of_names_is_sound() {
        let mut seen: FxHashMap<String, &str> = FxHashMap::default();
        let mut last = "";
        for (code, three, names) in named_rows() {
            assert!(super::super::country(code).is_some_and(|place| place.country == Some(code)), "{code}");
            assert!(last < code, "{code} is out of order");
            last = code;
            assert!(three.len() == 3 && three.bytes().all(|b| b.is_ascii_uppercase()), "{code} {three}");
            for name in names.chain([three]) {
                assert_eq!(name.trim(), name);
                let key = key(name);
                assert!(!key.is_empty(), "{name}");
                assert_eq!(*seen.entry(key).or_insert(code), code, "{name}");
                assert_eq!(country_meant(name), Some(code), "{name}");
            }
        }
    }

    #[test]
    fn successors_answer_for_states_that_are_no_more() {
        let former = |code: &str| former(code).collect::<Vec<_>>();
        assert_eq!((former("RU"), former("SK"), former("SU")), (vec!["SU"], vec!["CS"], vec![]));
        for (state, successors) in FORMER {
            assert!(super::super::country(state).is_some(), "{state}");
            assert!(successors.iter().all(|code| super::super::country(code).is_some()), "{state}");
        }
    }
}
