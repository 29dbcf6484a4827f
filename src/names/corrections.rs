//! What a user says of names, in a file `entities.toml`: which are one, which are not, which are none, and what they
//! are called. It is read when a question is asked, so that nothing has to be indexed again.
//!
//! ```toml
//! [person]
//! merge = [["Kim Jong-un", "KJU"]]               # one person, shown under the first name
//! split = [["George Bush", "George W. Bush"]]    # never one
//! ignore = ["Twitter"]                           # no person
//! rename = { "Moammar Gadhafi" = "Muammar Gaddafi" }
//! [org]
//! [place]
//! "Georgia" = "US-GA"                            # what the name means here: a country, or a part of one
//! [source."The Macon Ledger".place]
//! "Athens" = "US-GA"                             # and what it means in one source
//! ```

use super::key;
use crate::error::{Error, Kind, Result};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The usual name of the file.
pub const FILE: &str = "entities.toml";

/// All corrections.
#[derive(Clone, Debug, Default)]
pub struct Corrections {
    fields: FxHashMap<String, OfField>,
    /// What names of places mean: source, or none for all; name; code of the country and part.
    meant: Vec<(Option<String>, String, String)>,
}

/// The corrections of one field, all names as [`key`]s.
#[derive(Clone, Debug, Default)]
pub(super) struct OfField {
    /// The name into which each is merged.
    pub(super) merged: FxHashMap<String, String>,
    /// The group within which each name stands for itself alone.
    pub(super) apart: FxHashMap<String, usize>,
    pub(super) ignored: FxHashSet<String>,
    /// What is shown for a name.
    pub(super) shown: FxHashMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    person: Table,
    #[serde(default)]
    org: Table,
    #[serde(default)]
    place: PlaceTable,
    #[serde(default)]
    source: BTreeMap<String, SourceTable>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PlaceTable {
    merge: Vec<Vec<String>>,
    split: Vec<Vec<String>>,
    ignore: Vec<String>,
    rename: BTreeMap<String, String>,
    is: BTreeMap<String, String>,
    /// Any other key is a name, and its value what it means.
    #[serde(flatten)]
    names: BTreeMap<String, String>,
}

/// What is said of the articles of one source.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct SourceTable {
    place: MeantTable,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct MeantTable {
    is: BTreeMap<String, String>,
    #[serde(flatten)]
    names: BTreeMap<String, String>,
}

/// Keys of `[place]` that are no names.
const RESERVED: [&str; 4] = ["merge", "split", "ignore", "rename"];

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Table {
    merge: Vec<Vec<String>>,
    split: Vec<Vec<String>>,
    ignore: Vec<String>,
    rename: BTreeMap<String, String>,
}

impl Corrections {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// Where it is no TOML, has tables or keys that mean nothing, or merges what it splits.
    pub fn parse(text: &str) -> Result<Corrections> {
        let file: File = toml::from_str(text).map_err(|error| {
            Error::new(Kind::Usage, format!("`{FILE}` cannot be read"))
                .because(error.to_string().trim().replace('\n', " "))
                .hint(
                    "tables are [person], [org] and [place]; keys are merge, split, ignore and rename, and in [place] \
                     names with what they mean: \"Georgia\" = \"US-GA\"",
                )
        })?;
        let mut meant: Vec<(Option<String>, String, String)> = Vec::new();
        meant.extend(file.place.is.into_iter().chain(file.place.names).map(|(name, is)| (None, name, is)));
        for (source, table) in file.source {
            for (name, is) in table.place.is.into_iter().chain(table.place.names) {
                if RESERVED.contains(&name.as_str()) {
                    let fault = format!("`{name}` of [source.\"{source}\".place] is said of all sources or none");
                    return Err(Error::new(Kind::Usage, fault).hint(format!("write it below [place] in `{FILE}`")));
                }
                meant.push((Some(source.clone()), name, is));
            }
        }
        let PlaceTable { merge, split, ignore, rename, .. } = file.place;
        let place = Table { merge, split, ignore, rename };
        let mut fields = FxHashMap::default();
        for (name, table) in [("person", file.person), ("org", file.org), ("place", place)] {
            fields.insert(name.to_owned(), OfField::new(name, table)?);
        }
        Ok(Corrections { fields, meant })
    }

    /// What names of places mean: the source, or none for all of them; the name; the code of the country and part.
    pub fn meant(&self) -> impl Iterator<Item = (Option<&str>, &str, &str)> {
        self.meant.iter().map(|(source, name, is)| (source.as_deref(), name.as_str(), is.as_str()))
    }

    /// Those of a field.
    /// Whether they say anything of the names of this field.
    pub fn speak_of(&self, field: &str) -> bool {
        self.of(field).is_some()
    }

    pub(super) fn of(&self, field: &str) -> Option<&OfField> {
        self.fields.get(field)
    }
}

impl OfField {
    fn new(field: &str, table: Table) -> Result<OfField> {
        let mut of = OfField::default();
        for group in &table.merge {
            let Some(first) = group.first() else { continue };
            for name in group {
                of.shown.insert(key(name), first.clone());
            }
            of.merged.extend(group.iter().skip(1).map(|name| (key(name), key(first))));
        }
        for (number, group) in table.split.iter().enumerate() {
            for name in group {
                if of.merged.contains_key(&key(name)) {
                    return Err(Error::new(
                        Kind::Usage,
                        format!("`{FILE}` both merges and splits `{name}` of [{field}]"),
                    )
                    .hint("take it out of one of the two"));
                }
                of.apart.insert(key(name), number);
            }
        }
        of.ignored.extend(table.ignore.iter().map(|name| key(name)));
        of.shown.extend(table.rename.iter().map(|(name, shown)| (key(name), shown.clone())));
        Ok(of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_place_has_a_meaning() {
        for text in [
            "[place]\nis = { \"Georgia\" = \"US-GA\" }",
            "[place]\n\"Georgia\" = \"US-GA\"\nignore = [\"Twitter\"]",
            "place.Georgia = \"US-GA\"",
            "[place.is]\nGeorgia = \"US-GA\"",
        ] {
            let corrections = Corrections::parse(text).expect(text);
            assert_eq!(corrections.meant().collect::<Vec<_>>(), [(None, "Georgia", "US-GA")], "{text}");
        }
        for text in [
            "[source.\"The Macon Ledger\".place]\nis = { \"Georgia\" = \"US-GA\" }",
            "[source.\"The Macon Ledger\"]\nplace.\"Georgia\" = \"US-GA\"",
        ] {
            let corrections = Corrections::parse(text).expect(text);
            let expected = [(Some("The Macon Ledger"), "Georgia", "US-GA")];
            assert_eq!(corrections.meant().collect::<Vec<_>>(), expected, "{text}");
        }
        for text in [
            "[place]\nGeorgia = 5",
            "[source.x.place]\nmerge = \"US\"",
            "[source.x.place]\nmerge = [[\"a\", \"b\"]]",
            "[source.x.person]\na = \"US\"",
        ] {
            assert!(Corrections::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_means_nothing_is_an_error() {
        assert!(Corrections::parse("").is_ok());
        for text in
            ["[people]", "[person]\njoin = []", "person", "[person]\nmerge = [[\"a b\", \"c\"]]\nsplit = [[\"c\"]]"]
        {
            let error = Corrections::parse(text).unwrap_err();
            assert_eq!(error.kind, Kind::Usage, "{text}");
        }
    }
}
