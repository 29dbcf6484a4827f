//! The gazetteer: what names of countries, regions, cities, their inhabitants and their seats of power there are.
//!
//! In: words of a text, or a country as a person types it. Out: what a name can mean, without deciding which: that
//! takes the whole article and is the work of the extractor.
//!
//! 1. [`mod@gazetteer`] reads the tables under `data/places/` once; [`mod@cities`] is packed and needs no reading.
//! 2. [`Finder::find`] finds the longest name that begins at a word.
//! 3. [`country_code`] and [`country_name`] are for queries and output; [`country_meant`], [`Area`] and [`Meanings`] are for
//!    what a user says in queries and of names.

mod cities;
mod countries;
mod finder;
mod gazetteer;
mod keys;
mod meanings;
mod points;

pub use cities::pack;
pub use countries::{Area, country_meant, country_names, former};
pub use finder::{Finder, Match};
pub use gazetteer::{Kind, Ordinary, Place, Sense};
pub use meanings::{Meaning, Meanings};
pub use points::{FURTHEST, is_area, kilometres};

use crate::text::{Words, fold, tokens};
use gazetteer::{countries, gazetteer};

/// The usual name of the country with this code, in any case: `KP` → `North Korea`.
pub fn country_name(code: &str) -> Option<&'static str> {
    by_code(code).map(|place| place.name)
}

/// The code of a country by code or by any usual name, without regard to case, accents and dots: `kp`, `Britain`,
/// `north korea`, `u.s.`.
pub fn country_code(name_or_code: &str) -> Option<&'static str> {
    if let Some(place) = by_code(name_or_code.trim()) {
        return place.country;
    }
    let key = tokens::words(name_or_code).map(|span| fold::fold(span.of(name_or_code))).collect::<Vec<_>>().join(" ");
    let key = key.strip_prefix("the ").unwrap_or(&key);
    let gazetteer = countries();
    let found = gazetteer.country_names.get(key).or_else(|| gazetteer.country_names.get(&key.replace('.', "")))?;
    gazetteer.places.get(*found as usize)?.country
}

/// What a whole text can mean as a name, not only the words that it begins with.
pub fn whole(name: &str) -> Option<Match> {
    let words = Words::new(name);
    Finder::default().find(&words, 0).filter(|found| found.words == words.len())
}

/// What a seat of power stands for, by its usual name: `Kremlin` → `president`; none for other places.
pub fn stands_for(name: &str) -> Option<&'static str> {
    gazetteer().seats.get(name).copied()
}

/// Whether a place is called like this, and the name is not first of all a word or a person's with a small town of that
/// name somewhere.
pub fn is_known(name: &str) -> bool {
    /// Fewer people than this, in thousands, are a small town.
    const SMALL: u32 = 40;
    whole(name).is_some_and(|found| {
        let large = |sense: &Sense| !sense.place.kind.is_town() || sense.place.people >= SMALL || sense.place.capital;
        found.span.end == name.len() && (found.ordinary == Ordinary::No || found.senses.iter().any(large))
    })
}

/// Whether places of several countries are called like this.
pub fn is_ambiguous(name: &str) -> bool {
    let found = whole(name);
    let mut countries = found.iter().flat_map(|found| &found.senses).map(|sense| sense.place.country);
    let first = countries.next();
    countries.any(|other| Some(other) != first)
}

/// The country with this code, as a place.
pub fn country(code: &str) -> Option<&'static Place> {
    by_code(code)
}

fn by_code(code: &str) -> Option<&'static Place> {
    let code = if code == "UK" || code == "uk" { "GB" } else { code };
    let [a, b] = code.as_bytes() else { return None };
    let key = [a.to_ascii_uppercase(), b.to_ascii_uppercase()];
    let gazetteer = countries();
    gazetteer.places.get(*gazetteer.codes.get(&key)? as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_countries_by_code_and_name() {
        for (written, expected) in [
            ("KP", Some("KP")),
            ("kp", Some("KP")),
            ("North Korea", Some("KP")),
            ("north korea", Some("KP")),
            ("Britain", Some("GB")),
            ("UK", Some("GB")),
            ("uk", Some("GB")),
            ("U.S.", Some("US")),
            ("the United States", Some("US")),
            ("USA", Some("US")),
            ("dprk", Some("KP")),
            ("Burma", Some("MM")),
            ("Holland", Some("NL")),
            ("East Germany", Some("DD")),
            ("USSR", Some("SU")),
            ("Côte d’Ivoire", Some("CI")),
            ("cote d'ivoire", Some("CI")),
            ("Kosovo", Some("XK")),
            ("Trinidad and Tobago", Some("TT")),
            ("Guinea-Bissau", Some("GW")),
            ("Georgia", Some("GE")),
            ("England", Some("GB")),
            ("ZZ", None),
            ("Paris", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(country_code(written), expected, "{written:?}");
        }
    }

    #[test]
    fn names_countries() {
        for (code, expected) in
            [("KP", Some("North Korea")), ("us", Some("United States")), ("SU", Some("Soviet Union")), ("Q", None)]
        {
            assert_eq!(country_name(code), expected, "{code:?}");
        }
    }
}
