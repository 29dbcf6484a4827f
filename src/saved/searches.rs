//! The list of saved searches.
//!
//! ```toml
//! [kim-treaty]
//! query = 'kim treaty published:>="2024"'
//! saved = "2026-11-26T20:31:05+00:00"
//! in = "/home/mary/news"            # or `index`: where it was saved, and is asked again
//! variants = false                  # only where it was saved with `--no-variants`
//! ```

use super::file::{fault, named, quoted};
use crate::error::{Error, Kind, Result};
use crate::query::saved::{Saved, check_name, key};
use crate::query::{self, Reading};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The name of the file.
pub const FILE: &str = "searches.toml";

/// A saved search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// Its name, as it was given.
    pub name: String,
    /// The query, with its filters as query text.
    pub query: String,
    /// Whether other spellings and forms of its words count.
    pub variants: bool,
    /// When it was saved, in RFC 3339; empty where that is not known.
    pub saved: String,
    /// Where it was saved, and is asked again.
    pub place: Option<Place>,
}

/// An index, as a command line names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// `--in`: the index that is kept for this folder of articles.
    In(PathBuf),
    /// `--index`: the index in this folder.
    Index(PathBuf),
}

/// All saved searches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Searches {
    /// By [`key`] of the name.
    list: BTreeMap<String, Search>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    query: String,
    #[serde(default)]
    saved: String,
    #[serde(default, rename = "in")]
    folder: Option<PathBuf>,
    #[serde(default)]
    index: Option<PathBuf>,
    #[serde(default = "yes")]
    variants: bool,
}

fn yes() -> bool {
    true
}

/// What the file begins with.
const HEAD: &str =
    "# Searches that were saved with `dateline save`. It may be edited: a table a search, its name as the title.\n";

impl Searches {
    /// Reads the text of the file at `path`, which is named where something is wrong.
    ///
    /// # Errors
    /// Where it is no TOML, has keys that mean nothing, or names that cannot be or that are one but for case.
    pub fn parse(text: &str, path: &str) -> Result<Searches> {
        let damaged = |cause: String| {
            Error::new(Kind::Damaged, format!("the saved searches in `{path}` cannot be read"))
                .because(cause)
                .hint("mend the file, which is text, or move it away; a search is a line `[name]` and one `query = \"words\"`")
        };
        let tables: BTreeMap<String, Entry> = toml::from_str(text).map_err(|error| damaged(fault(text, &error)))?;
        let mut searches = Searches::default();
        for (name, entry) in tables {
            check_name(&name).map_err(|error| damaged(error.message))?;
            let Entry { query, saved, folder, index, variants } = entry;
            let place = folder.map(Place::In).or(index.map(Place::Index));
            let search = Search { query, variants, saved, place, name };
            if let Some(before) = searches.list.insert(key(&search.name), search.clone()) {
                return Err(damaged(format!("`{}` and `{}` are one name", before.name, search.name)));
            }
        }
        Ok(searches)
    }

    /// As the file has it.
    pub fn write(&self) -> String {
        let mut out = HEAD.to_owned();
        for search in self.list.values() {
            out.push_str(&format!("\n[{}]\nquery = {}\n", named(&search.name), quoted(&search.query)));
            if !search.saved.is_empty() {
                out.push_str(&format!("saved = {}\n", quoted(&search.saved)));
            }
            let (flag, folder) = match &search.place {
                Some(Place::In(folder)) => ("in", folder.to_str()),
                Some(Place::Index(folder)) => ("index", folder.to_str()),
                None => ("", None),
            };
            if let Some(folder) = folder {
                out.push_str(&format!("{flag} = {}\n", quoted(folder)));
            }
            if !search.variants {
                out.push_str("variants = false\n");
            }
        }
        out
    }

    /// Every search, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Search> {
        self.list.values()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// What `query:NAME` stands for.
    pub fn texts(&self) -> Saved {
        let mut saved = Saved::default();
        self.iter().for_each(|search| saved.insert(&search.name, &search.query));
        saved
    }

    /// The search of this name.
    ///
    /// # Errors
    /// Where there is none.
    pub fn find(&self, name: &str) -> Result<&Search> {
        self.list.get(&key(name)).ok_or_else(|| self.missing(name))
    }

    fn missing(&self, name: &str) -> Error {
        let nearest = self.texts().nearest(name);
        let hint = match nearest.as_slice() {
            _ if self.is_empty() => "none is saved yet: `dateline save NAME QUERY` saves one".to_owned(),
            [] => "`dateline saved` lists them".to_owned(),
            nearest => format!("did you mean `{}`? `dateline saved` lists all", nearest.join("` or `")),
        };
        Error::new(Kind::NotFound, format!("there is no saved search `{name}`")).hint(hint)
    }

    /// Adds a search; where there is one of its name, only if it may be replaced.
    ///
    /// # Errors
    /// Where the name cannot be one, or is taken.
    pub fn put(&mut self, search: Search, replace: bool) -> Result<()> {
        check_name(&search.name)?;
        if let Some(before) = self.list.get(&key(&search.name)).filter(|_| !replace) {
            return Err(Error::new(Kind::Usage, format!("there is a saved search `{}`", before.name))
                .because(format!("it is {}", before.query))
                .hint("choose another name, or put this search in its place with `--replace`"));
        }
        self.list.insert(key(&search.name), search);
        Ok(())
    }

    /// Takes a search away that no other one names.
    ///
    /// # Errors
    /// Where there is none, or another one names it.
    pub fn remove(&mut self, name: &str) -> Result<Search> {
        self.refuse_used(name, "removed")?;
        self.list.remove(&key(name)).ok_or_else(|| self.missing(name))
    }

    /// Gives a search that no other one names another name.
    ///
    /// # Errors
    /// Where there is none, another one names it, or the new name cannot be one or is taken.
    pub fn rename(&mut self, name: &str, new: &str) -> Result<()> {
        let found = self.find(name)?.clone();
        if key(name) != key(new) {
            self.refuse_used(name, "renamed")?;
            self.put(Search { name: new.to_owned(), ..found }, false)?;
            self.list.remove(&key(name));
        } else if let Some(search) = self.list.get_mut(&key(name)) {
            check_name(new)?;
            search.name = new.to_owned();
        }
        Ok(())
    }

    fn refuse_used(&self, name: &str, what: &str) -> Result<()> {
        let texts = self.texts();
        let reading = Reading { saved: Some(&texts), ..Reading::default() };
        let names = |search: &&Search| {
            let stands_for = query::parse_with(&search.query, &reading).stands_for;
            key(&search.name) != key(name) && stands_for.iter().any(|other| key(&other.name) == key(name))
        };
        match self.iter().find(names) {
            None => Ok(()),
            Some(user) => {
                let fault = format!("the saved search `{name}` cannot be {what}: `{}` names it", user.name);
                Err(Error::new(Kind::Usage, fault)
                    .because(format!("`{}` is {}", user.name, user.query))
                    .hint(format!("change that one first: `dateline save --replace {} QUERY`", user.name)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(name: &str, query: &str) -> Search {
        Search { name: name.into(), query: query.into(), variants: true, ..Search::default() }
    }

    fn some() -> Searches {
        let mut searches = Searches::default();
        let full = Search {
            saved: "2026-11-26T20:31:05+00:00".into(),
            place: Some(Place::In("/home/mary/the news".into())),
            variants: false,
            ..search("Kim-treaty", "kim \"mutual defence\" person:\"Kim\"")
        };
        searches.put(full, false).unwrap();
        searches.put(Search { place: Some(Place::Index("/x".into())), ..search("条約", "\\ \t") }, false).unwrap();
        searches.put(search("on", "query:kim-treaty"), false).unwrap();
        searches
    }

    #[test]
    fn the_list_comes_back_as_it_was_written() {
        let text = some().write();
        assert_eq!(Searches::parse(&text, "x"), Ok(some()), "{text}");
        assert_eq!(Searches::parse("", "x"), Ok(Searches::default()));
        let by_hand = Searches::parse("[kim]\nquery = 'a \"b\"'", "x").unwrap();
        assert_eq!(by_hand.find("KIM"), Ok(&search("kim", "a \"b\"")));
    }

    #[test]
    fn a_damaged_list_is_an_error_with_a_hint() {
        for text in [
            "[kim",
            "kim = 1",
            "[kim]",
            "[kim]\nquery = 5",
            "[kim]\nquery = 'a'\ncolour = 'red'",
            "['a b']\nquery = 'a'",
            "['../a']\nquery = 'a'",
            "[kim]\nquery = 'a'\n[KIM]\nquery = 'b'",
            "\u{0}\u{0}\u{0}",
        ] {
            let error = Searches::parse(text, "/d/searches.toml").expect_err(text);
            assert_eq!(error.kind, Kind::Damaged, "{text}");
            assert!(error.message.contains("/d/searches.toml") && error.hint.is_some() && !error.causes.is_empty());
        }
    }

    #[test]
    fn names_are_taken_once_and_kept_while_they_are_used() {
        let mut searches = some();
        assert_eq!(searches.put(search("KIM-TREATY", "x"), false).unwrap_err().kind, Kind::Usage);
        assert!(searches.put(search("a b", "x"), true).is_err());
        assert_eq!(searches.remove("no").unwrap_err().kind, Kind::NotFound);
        assert!(searches.find("kim-treety").unwrap_err().hint.unwrap().contains("`Kim-treaty`"));
        assert!(searches.remove("kim-treaty").unwrap_err().message.contains("`on` names it"));
        assert!(searches.rename("kim-treaty", "kim").is_err());
        searches.rename("kim-treaty", "KIM-Treaty").unwrap();
        assert_eq!(searches.find("kim-treaty").unwrap().name, "KIM-Treaty");
        assert!(searches.rename("on", "条約").is_err(), "it is taken");
        searches.rename("on", "off").unwrap();
        assert!(searches.find("on").is_err() && searches.find("off").is_ok());
        searches.put(search("off", "x"), true).unwrap();
        searches.remove("Kim-treaty").unwrap();
        assert_eq!(searches.iter().map(|search| search.name.as_str()).collect::<Vec<_>>(), ["off", "条約"]);
    }
}
