//! Saved searches and marks in a folder.
//!
//! ```text
//! FOLDER/searches.toml     the list
//! FOLDER/lock              held for moments by who changes anything
//! FOLDER/looked/S/I        the mark of one search in one index; S and I are hashes of name and folder
//! ```
//!
//! The folder belongs to a user and to no index: an index may be built anew, or removed and made again, and what was
//! shown of it is known still. Reading takes no lock: files are replaced whole.

use super::file::{self, Lock};
use super::mark::Mark;
use super::searches::{self, Searches};
use crate::error::{Error, Kind, Result};
use crate::query::saved::key;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

/// Hexadecimal digits of a hash that a file is named by.
const DIGITS: usize = 24;

fn hashed(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().get(..DIGITS).unwrap_or_default().to_owned()
}

impl Store {
    /// In this folder, which is made once there is something to keep.
    pub fn new(folder: PathBuf) -> Store {
        Store { folder }
    }

    /// The file of the list.
    pub fn file(&self) -> PathBuf {
        self.folder.join(searches::FILE)
    }

    /// The list.
    ///
    /// # Errors
    /// Where it cannot be read or is damaged.
    pub fn searches(&self) -> Result<Searches> {
        let path = self.file();
        match file::read(&path)? {
            None => Ok(Searches::default()),
            Some(bytes) => Searches::parse(file::text(&bytes, &path)?, &path.display().to_string()),
        }
    }

    /// Changes the list, unless `change` fails.
    ///
    /// # Errors
    /// What `change` says; where the list is damaged or cannot be written.
    pub fn change<T>(&self, change: impl FnOnce(&mut Searches) -> Result<T>) -> Result<T> {
        let _lock = self.lock()?;
        let mut searches = self.searches()?;
        let value = change(&mut searches)?;
        file::write(&self.file(), searches.write().as_bytes())?;
        Ok(value)
    }

    fn lock(&self) -> Result<Lock> {
        file::lock(&self.folder)
    }

    fn marks(&self, name: &str) -> PathBuf {
        self.folder.join("looked").join(hashed(key(name).as_bytes()))
    }

    fn mark_file(&self, name: &str, index: &Path) -> PathBuf {
        self.marks(name).join(hashed(index.as_os_str().as_encoded_bytes()))
    }

    /// What was shown of a search in the index of this folder, as an absolute path without links; none where nobody has
    /// looked.
    ///
    /// # Errors
    /// Where it cannot be read or is damaged.
    pub fn mark(&self, name: &str, index: &Path) -> Result<Option<Mark>> {
        let path = self.mark_file(name, index);
        let Some(bytes) = file::read(&path)? else { return Ok(None) };
        Mark::read(&bytes).map(Some).map_err(|error| {
            Error { message: format!("what was seen of the saved search `{name}` cannot be read"), ..error }
                .because(format!("the file is `{}`", path.display()))
                .hint(format!("remove that file: `dateline new {name}` then shows all that matches, once"))
        })
    }

    /// Keeps what was shown. `before` is the mark that was read before: what somebody else has noted since is joined.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn put_mark(&self, name: &str, index: &Path, mut mark: Mark, before: Option<&Mark>) -> Result<()> {
        let _lock = self.lock()?;
        match self.mark(name, index) {
            Ok(Some(now)) if before != Some(&now) => mark.join(&now),
            Err(error) if error.kind != Kind::Damaged => return Err(error),
            _ => {}
        }
        file::write(&self.mark_file(name, index), &mark.write())
    }

    /// Forgets what was shown of a search, in whatever index.
    ///
    /// # Errors
    /// Where it cannot be removed.
    pub fn forget(&self, name: &str) -> Result<()> {
        let _lock = self.lock()?;
        let folder = self.marks(name);
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::io(format!("removing `{}`", folder.display()), &error))
            }
            _ => Ok(()),
        }
    }

    /// Keeps what was shown of a search under its new name.
    ///
    /// # Errors
    /// Where it cannot be moved.
    pub fn move_marks(&self, name: &str, new: &str) -> Result<()> {
        let (from, to) = (self.marks(name), self.marks(new));
        if from == to || !from.exists() {
            return Ok(());
        }
        self.forget(new)?;
        let _lock = self.lock()?;
        fs::rename(&from, &to).map_err(|error| Error::io(format!("renaming `{}`", from.display()), &error))
    }
}

#[cfg(test)]
mod tests {
    use super::super::searches::Search;
    use super::*;
    use crate::search::Stamp;
    use std::thread;

    fn stamp(number: usize) -> Stamp {
        Stamp { id: number.to_string(), hash: 1 }
    }

    #[test]
    fn changes_at_once_are_all_kept() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path().join("saved"));
        let index = Path::new("/index");
        thread::scope(|scope| {
            for worker in 0..8 {
                let store = store.clone();
                scope.spawn(move || {
                    for number in 0..5 {
                        let name = format!("s{worker}-{number}");
                        let search = Search { name, query: "a".into(), ..Search::default() };
                        store.change(|searches| searches.put(search, false)).unwrap();
                        let before = store.mark("s", index).unwrap();
                        let mut mark = before.clone().unwrap_or_default();
                        mark.show([stamp(worker * 5 + number)].iter());
                        store.put_mark("s", index, mark, before.as_ref()).unwrap();
                    }
                });
            }
        });
        assert_eq!(store.searches().unwrap().iter().count(), 40);
        let mark = store.mark("S", index).unwrap().unwrap();
        assert!((0..40).all(|number| mark.news(&stamp(number)).is_none()), "{}", mark.len());
        let files = fs::read_dir(folder.path().join("saved")).unwrap().count();
        assert_eq!(files, 3, "nothing is left of the writing");
    }

    #[test]
    fn marks_follow_their_search() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path().to_owned());
        let (one, other) = (Path::new("/one"), Path::new("/other"));
        let mut mark = Mark::default();
        mark.looked_at(one, "now".into(), 7);
        store.put_mark("a", one, mark.clone(), None).unwrap();
        assert_eq!(store.mark("a", other), Ok(None));
        assert_eq!(store.mark("A", one), Ok(Some(mark.clone())));
        store.move_marks("a", "b").unwrap();
        assert_eq!((store.mark("a", one), store.mark("b", one)), (Ok(None), Ok(Some(mark))));
        store.forget("b").unwrap();
        store.forget("b").unwrap();
        assert_eq!(store.mark("b", one), Ok(None));
        store.move_marks("b", "c").unwrap();
    }

    #[test]
    fn a_damaged_mark_is_named_and_may_be_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path().to_owned());
        let index = Path::new("/index");
        store.put_mark("a", index, Mark::default(), None).unwrap();
        let path = store.mark_file("a", index);
        fs::write(&path, "dateline looked 1\n").unwrap();
        let error = store.mark("a", index).unwrap_err();
        assert_eq!(error.kind, Kind::Damaged);
        assert!(error.causes.iter().any(|cause| cause.contains(&path.display().to_string())) && error.hint.is_some());
        store.put_mark("a", index, Mark::default(), None).unwrap();
        assert_eq!(store.mark("a", index), Ok(Some(Mark::default())));
    }
}
