//! Opens a file that the walk found, without being caught by what it may have become since.

use super::walk::Entry;
use crate::read::Skip;
use crate::read::around::Beside;
use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Opens the file of `entry` for reading: still a file, and still the same one.
///
/// Opening waits for nobody at the other end of a pipe, and follows no link.
pub fn open(entry: &Entry) -> Result<File, Skip> {
    let file = open_plainly(&entry.absolute).map_err(|error| Skip::file(&entry.relative, reason(&error)))?;
    let now = metadata(entry, &file).map_err(|error| Skip::file(&entry.relative, reason(&error)))?;
    let Some(now) = now else { return Err(Skip::file(&entry.relative, "is no longer a file")) };
    if (now.inode, now.device) != (entry.inode, entry.device) {
        return Err(Skip::file(&entry.relative, "was replaced while reading"));
    }
    Ok(file)
}

/// Opens without waiting and without following a link in the last part of the path.
fn open_plainly(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        options.custom_flags(flags.bits() as i32);
    }
    options.open(path)
}

/// The files beside a file that the walk found.
pub struct Neighbours {
    /// The folder of the file.
    folder: PathBuf,
    /// The folder that is indexed: nothing outside of it is opened.
    root: PathBuf,
}

impl Neighbours {
    /// Those of `entry`.
    pub fn of(entry: &Entry) -> Neighbours {
        let folder = entry.absolute.parent().unwrap_or(Path::new("")).to_owned();
        let depth = entry.relative.split('/').count() - 1;
        let root = folder.ancestors().nth(depth).unwrap_or(&folder).to_owned();
        Neighbours { folder, root }
    }
}

impl Beside for Neighbours {
    fn open(&self, path: &str) -> Option<Box<dyn Read>> {
        let path = self.folder.join(path);
        let folder = path.parent()?.canonicalize().ok()?;
        if !folder.starts_with(&self.root) {
            return None;
        }
        let file = open_plainly(&folder.join(path.file_name()?)).ok()?;
        file.metadata().ok()?.is_file().then(|| Box::new(file) as Box<dyn Read>)
    }

    fn names(&self) -> Vec<String> {
        names_in(&self.folder)
    }

    fn names_above(&self) -> Vec<String> {
        let above = self.folder.parent().filter(|above| above.starts_with(&self.root));
        above.map(names_in).unwrap_or_default()
    }
}

/// The names of the plain files in a folder, sorted, without those that are hidden.
fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let plain = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    let mut names: Vec<String> = plain.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.retain(|name| !name.starts_with('.'));
    names.sort();
    names
}

/// Whether the file is as the walk found it, so that what was read of it is of one piece.
///
/// Ask after reading. A file that has changed is read again, or left to the next run.
pub fn unchanged_since(entry: &Entry, file: &File) -> bool {
    matches!(metadata(entry, file), Ok(Some(now)) if now == *entry)
}

/// What is known of the open file; none where it is no file.
fn metadata(entry: &Entry, file: &File) -> std::io::Result<Option<Entry>> {
    let metadata = file.metadata()?;
    let now = || Entry::new(entry.absolute.clone(), entry.relative.clone(), &metadata);
    Ok(metadata.is_file().then(now))
}

fn reason(error: &Error) -> String {
    #[cfg(unix)]
    if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) {
        return "became a link while reading".to_owned();
    }
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => "vanished while reading".to_owned(),
        ErrorKind::PermissionDenied => "no permission to read it".to_owned(),
        _ => format!("cannot be opened: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::walk::walk;
    use crate::read::Flow;
    use std::fs;
    use std::io::Write;
    use std::path::Path;

    fn entry(folder: &Path) -> Entry {
        let mut entries = Vec::new();
        walk(folder, &mut |_| (), &mut |entry| {
            entries.push(entry);
            Flow::Continue
        })
        .expect("the folder is there");
        entries.pop().expect("there is one file")
    }

    fn reason_of(result: Result<File, Skip>) -> String {
        result.expect_err("it is not to be read").reason
    }

    #[test]
    fn a_file_that_changes_is_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        fs::write(&path, "one").expect("written");
        let entry = entry(folder.path());
        let file = open(&entry).expect("it is there");
        assert!(unchanged_since(&entry, &file));
        let mut writer = OpenOptions::new().append(true).open(&path).expect("opened");
        writer.write_all(b"two").expect("written");
        assert!(!unchanged_since(&entry, &file));
    }

    #[test]
    fn a_file_that_vanished() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        fs::write(&path, "one").expect("written");
        let entry = entry(folder.path());
        fs::remove_file(&path).expect("removed");
        assert_eq!(reason_of(open(&entry)), "vanished while reading");
    }

    #[cfg(unix)]
    #[test]
    fn neighbours_lie_within_what_is_indexed() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |path: &str| folder.path().join(path);
        fs::create_dir_all(at("root/issue/pages")).expect("made");
        for path in ["outside", "root/above", "root/issue/mets.xml", "root/issue/pages/1.xml"] {
            fs::write(at(path), path).expect("written");
        }
        std::os::unix::fs::symlink(at("outside"), at("root/issue/link")).expect("linked");
        std::os::unix::fs::symlink(folder.path(), at("root/issue/up")).expect("linked");
        let mut found = None;
        walk(&at("root"), &mut |_| (), &mut |entry| {
            found = found.take().or((entry.relative == "issue/mets.xml").then_some(entry));
            Flow::Continue
        })
        .expect("the folder is there");
        let neighbours = Neighbours::of(&found.expect("it is there"));
        for (path, expected) in [
            ("pages/1.xml", true),
            ("./pages/../pages/1.xml", true),
            ("../above", true),
            ("../../outside", false),
            ("link", false),
            ("up/outside", false),
            ("/etc/passwd", false),
            ("pages", false),
            ("none", false),
        ] {
            assert_eq!(neighbours.open(path).is_some(), expected, "{path}");
        }
        assert_eq!(neighbours.names(), ["mets.xml"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_became_something_else() {
        use rustix::fs::{CWD, FileType, Mode};
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        fs::write(&path, "one").expect("written");
        let entry = entry(folder.path());
        fs::remove_file(&path).expect("removed");
        rustix::fs::mknodat(CWD, &path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).expect("made");
        assert_eq!(reason_of(open(&entry)), "is no longer a file");
        fs::remove_file(&path).expect("removed");
        std::os::unix::fs::symlink("/dev/zero", &path).expect("linked");
        assert_eq!(reason_of(open(&entry)), "became a link while reading");
        fs::remove_file(&path).expect("removed");
        let other = folder.path().join("b.txt");
        fs::write(&other, "two").expect("written");
        fs::rename(&other, &path).expect("renamed");
        fs::write(folder.path().join("c.txt"), "three").expect("written");
        let replaced = open(&entry);
        // A system may give the number of the removed file to the new one.
        assert!(
            replaced.is_ok_and(|file| !unchanged_since(&entry, &file))
                || reason_of(open(&entry)) == "was replaced while reading"
        );
    }
}
