//! What a user says that names of places mean in an archive: `Georgia` the state, `Congo` one of the two.

use super::countries::{divisions, key};
use super::gazetteer::Kind;
use super::{country, whole};
use crate::error::{Error, Kind as ErrorKind, Result};
use rustc_hash::FxHashMap;

/// What one name means.
#[derive(Clone, Debug, PartialEq)]
pub struct Meaning {
    /// The code of the country.
    pub country: &'static str,
    /// The part of the country, by its usual name; empty where none was said.
    pub region: String,
    /// Latitude and longitude, where the gazetteer has the name there.
    pub point: Option<(f32, f32)>,
}

impl Meaning {
    /// The meaning of `name` that `said` tells: the code of a country, or with a hyphen behind it the code or the usual
    /// name of a part: `CD`, `US-GA`, `US-Georgia`. Nothing where there is no such country or part.
    fn read(name: &str, said: &str) -> Option<Meaning> {
        let (code, part) = said.split_once('-').unwrap_or((said, ""));
        let country = country(code.trim()).filter(|_| code.trim().len() == 2)?.country?;
        let (code, region) = if part.trim().is_empty() { ("", String::new()) } else { part_of(country, part.trim())? };
        let there = whole(name).into_iter().flat_map(|found| found.senses).filter(|sense| {
            let place = sense.place;
            !sense.demonym && place.country == Some(country) && (region.is_empty() || place.part == code)
        });
        let best =
            there.max_by_key(|sense| (matches!(sense.place.kind, Kind::Country | Kind::Region), sense.place.people));
        Some(Meaning { country, region, point: best.and_then(|sense| sense.place.point) })
    }
}

/// The code and the usual name of a part of a country, by one of the two. A name that no table has is taken as it is.
fn part_of(country: &str, said: &str) -> Option<(&'static str, String)> {
    let parts = divisions().filter(|division| division.country == country);
    let named = parts.clone().find(|division| key(division.name) == key(said));
    if let Some(division) =
        named.or_else(|| parts.into_iter().find(|division| division.code.eq_ignore_ascii_case(said)))
    {
        return Some((division.code, division.name.to_owned()));
    }
    let is_code = said.len() <= 3 && said.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    (!is_code).then(|| ("", said.to_owned()))
}

/// All that a user says of names of places.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meanings {
    everywhere: FxHashMap<String, Meaning>,
    /// By source, in the order in which they were said.
    of_source: Vec<(String, FxHashMap<String, Meaning>)>,
}

impl Meanings {
    /// Reads what was said: the source, or none for all of them; the name; what it means.
    ///
    /// # Errors
    /// Where a meaning names no country, or no part of it.
    pub fn new<'a>(said: impl Iterator<Item = (Option<&'a str>, &'a str, &'a str)>) -> Result<Meanings> {
        let mut meanings = Meanings::default();
        for (source, name, code) in said {
            let meaning = Meaning::read(name, code).ok_or_else(|| {
                Error::new(ErrorKind::Usage, format!("`{code}`, said of the place `{name}`, is no country or part of one"))
                    .hint("write the code of a country, with the code or usual name of a part behind a hyphen: `US-GA`, `US-Georgia`, `CD`")
            })?;
            let names = match source.map(key) {
                None => &mut meanings.everywhere,
                Some(source) => {
                    let at = meanings.of_source.iter().position(|(known, _)| *known == source);
                    let at = at.unwrap_or_else(|| {
                        meanings.of_source.push((source, FxHashMap::default()));
                        meanings.of_source.len() - 1
                    });
                    &mut meanings.of_source[at].1
                }
            };
            names.insert(key(name), meaning);
        }
        Ok(meanings)
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.everywhere.is_empty() && self.of_source.is_empty()
    }

    /// How many groups of sources there are for [`Meanings::group`].
    pub fn groups(&self) -> usize {
        self.of_source.len() + 1
    }

    /// The number of the group that a source belongs to: 0 for those of which nothing of their own is said.
    pub fn group(&self, source: &str) -> usize {
        if self.of_source.is_empty() {
            return 0;
        }
        let source = key(source);
        self.of_source.iter().position(|(known, _)| *known == source).map_or(0, |at| at + 1)
    }

    /// What a name means in articles of a group of sources, where something is said of it.
    pub fn of(&self, group: usize, name: &str) -> Option<&Meaning> {
        if self.is_empty() {
            return None;
        }
        let key = key(name);
        let own = group.checked_sub(1).and_then(|at| self.of_source.get(at));
        own.and_then(|(_, names)| names.get(&key)).or_else(|| self.everywhere.get(&key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meanings_are_countries_and_parts() {
        for (name, said, expected) in [
            ("Georgia", "US-GA", Some(("US", "Georgia", true))),
            ("Georgia", "US-Georgia", Some(("US", "Georgia", true))),
            ("Georgia", "GE", Some(("GE", "", true))),
            ("Congo", "CD", Some(("CD", "", true))),
            ("Congo", "CG", Some(("CG", "", false))),
            ("Springfield", "US-IL", Some(("US", "Illinois", true))),
            ("Boston", "GB-ENG", Some(("GB", "England", true))),
            ("Newtown", "US-CT", Some(("US", "Connecticut", false))),
            ("Georgia", "US-QQ", None),
            ("Georgia", "Georgia", None),
            ("Georgia", "ZZ", None),
            ("Georgia", "", None),
        ] {
            let meaning = Meaning::read(name, said);
            let found = meaning.as_ref().map(|meaning| (meaning.country, meaning.region.as_str()));
            assert_eq!(found, expected.map(|(country, region, _)| (country, region)), "{name} {said}");
            if let Some(((.., pointed), meaning)) = expected.zip(meaning).filter(|(expected, _)| expected.2) {
                assert_eq!(meaning.point.is_some(), pointed, "{name} {said}");
            }
        }
    }

    #[test]
    fn a_source_has_meanings_of_its_own() {
        let said = [(None, "Congo", "CD"), (Some("The Macon Ledger"), "Georgia", "US-GA")];
        let meanings = Meanings::new(said.into_iter()).expect("both are right");
        let ledger = meanings.group("the macon ledger");
        assert_eq!((meanings.groups(), ledger, meanings.group("Clyde Post")), (2, 1, 0));
        assert_eq!(meanings.of(ledger, "georgia").map(|meaning| meaning.country), Some("US"));
        assert_eq!(meanings.of(ledger, "Congo").map(|meaning| meaning.country), Some("CD"));
        assert_eq!(meanings.of(0, "Georgia"), None);
        assert!(Meanings::new([(None, "Georgia", "US-QQ")].into_iter()).is_err());
    }
}
