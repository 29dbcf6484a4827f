//! Files that are wholly written or not at all, and the strings in them.

use crate::error::{Error, Kind, Result};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Tells the files of one process from each other while they are written.
static WRITTEN: AtomicUsize = AtomicUsize::new(0);

/// Puts `bytes` into the file `path`, with the folders above it where they are missing: whoever reads it has the old
/// contents or the new ones, even after a power cut.
///
/// # Errors
/// Where the disk is full or the folder cannot be written to; the old file is as it was then.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |error: &std::io::Error| Error::io(format!("writing `{}`", path.display()), error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}-{}.new", std::process::id(), WRITTEN.fetch_add(1, Ordering::Relaxed)));
    let temporary = folder.join(name);
    let written = || {
        // Never through a link that somebody has put there.
        let _ = fs::remove_file(&temporary);
        let mut file = File::create_new(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&temporary, path)?;
        #[cfg(unix)]
        File::open(folder)?.sync_all()?;
        Ok(())
    };
    written().map_err(|error| {
        let _ = fs::remove_file(&temporary);
        failed(&error)
    })
}

/// What is in the file `path`; none where there is none.
///
/// # Errors
/// Where it cannot be read.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(format!("reading `{}`", path.display()), &error)),
    }
}

/// The lock of a folder; freed when dropped or when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

/// Waits until no other process has the lock of `folder`, which is held for moments only.
///
/// # Errors
/// Where the folder cannot be made or written to.
pub fn lock(folder: &Path) -> Result<Lock> {
    let path = folder.join("lock");
    let failed = |error: &std::io::Error| Error::io(format!("locking `{}`", path.display()), error);
    fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    let file = options.open(&path).map_err(|error| failed(&error))?;
    file.lock().map_err(|error| failed(&error))?;
    Ok(Lock { file })
}

/// A text of TOML, with its quotation marks.
pub(super) fn quoted(text: &str) -> String {
    // What JSON escapes TOML does in the same way, but for one character.
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

/// A key of TOML, with quotation marks where it needs them.
pub(super) fn named(key: &str) -> String {
    let bare = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if !key.is_empty() && key.bytes().all(bare) { key.to_owned() } else { quoted(key) }
}

/// What is wrong with a text that is no TOML, in one line with its place.
pub(super) fn fault(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or("");
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    format!("line {line}: {}", error.message().replace('\n', ", "))
}

/// The file as text.
pub(super) fn text<'a>(bytes: &'a [u8], path: &Path) -> Result<&'a str> {
    std::str::from_utf8(bytes).map_err(|error| {
        Error::new(Kind::Damaged, format!("`{}` cannot be read", path.display()))
            .because(format!("it is no text: {error}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back() {
        for text in ["", "a \"b\" \\ c", "tab\tline\nreturn\r", "\u{0}\u{1f}\u{7f}\u{80}é条\u{202e}\u{10ffff}", "'''"]
        {
            let file = format!("a = {}", quoted(text));
            let read: std::collections::BTreeMap<String, String> = toml::from_str(&file).expect("it is TOML");
            assert_eq!(read.get("a").map(String::as_str), Some(text));
        }
    }

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/a.toml");
        assert_eq!(read(&path), Ok(None));
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(read(&path), Ok(Some(b"two".to_vec())));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        assert!(write(folder.path(), b"x").is_err(), "a folder is no file");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
