//! What is written to the disk: a tantivy directory for writing, and what is done to folders beside it. Tests put a disk
//! with faults under both, see `chaos`.
//!
//! Against the memory-mapped directory alone,
//!
//! - the list of segments is durable before anything goes on. Tantivy syncs the folder before it puts a new list in the
//!   place of the old one, and then deletes files that only the old one names; without syncing in between, a power cut may
//!   leave the old list without its files.
//! - a list that could not be written, or of which it is not sure that it is durable, is the last one. Tantivy goes on with
//!   what was to be committed, and a merge that ends later would write it with the note of the commit before.
//! - the first failure is kept: tantivy only logs why a merge or a thread of it has failed.
//! - it can be closed. A merge goes on in its thread when tantivy's writer is gone; what it would do to the folder then
//!   could meet what the next writer does.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, TerminatingWrite, WatchCallback,
    WatchHandle, WritePtr,
};

/// The first failure of reading or writing, shared by all that have a part in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Failure {
    first: Arc<Mutex<Option<(io::ErrorKind, String)>>>,
    /// Whether the list of segments on disk may be another one than tantivy thinks.
    unsure: Arc<Mutex<bool>>,
    /// Whether nothing may be written any more.
    closed: Arc<AtomicBool>,
}

/// How long threads that write to a closed folder are waited for, and how long between two looks.
const CLOSING: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(1);

impl Failure {
    /// Lets nothing more be written: a thread that is merging ends when it writes.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }

    /// Waits until nobody else has the folder any more.
    pub(super) fn wait(&self) {
        let begun = Instant::now();
        while Arc::strong_count(&self.closed) > 1 && begun.elapsed() < CLOSING {
            std::thread::sleep(LOOK);
        }
    }

    fn check_open(&self) -> io::Result<()> {
        match self.closed.load(Ordering::SeqCst) {
            true => Err(io::Error::other("nothing is written any more, as the writer is gone")),
            false => Ok(()),
        }
    }

    /// What failed first.
    pub(super) fn first(&self) -> Option<io::Error> {
        let first = self.first.lock().ok()?.clone()?;
        Some(io::Error::new(first.0, first.1))
    }

    fn noted_reading<T>(&self, outcome: Result<T, OpenReadError>) -> Result<T, OpenReadError> {
        outcome.inspect_err(|error| {
            if let OpenReadError::IoError { io_error, .. } = error {
                self.note(io_error);
            }
        })
    }

    fn note(&self, error: &io::Error) {
        if let Ok(mut first) = self.first.lock() {
            first.get_or_insert_with(|| (error.kind(), error.to_string()));
        }
    }

    fn noted<T>(&self, outcome: io::Result<T>) -> io::Result<T> {
        outcome.inspect_err(|error| self.note(error))
    }
}

/// A folder that is written.
#[derive(Clone, Debug)]
pub(super) struct Writable {
    inner: Box<dyn Directory>,
    failure: Failure,
}

impl Writable {
    pub(super) fn open(folder: &Path, failure: &Failure) -> Result<Writable, OpenDirectoryError> {
        let inner: Box<dyn Directory> = Box::new(MmapDirectory::open(folder)?);
        #[cfg(test)]
        let inner = super::chaos::under(inner, folder);
        Ok(Writable { inner, failure: failure.clone() })
    }

    /// Writes the list of segments, for good.
    fn write_list(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        let Ok(mut unsure) = self.failure.unsure.lock() else { return Err(io::Error::other("a writer has died")) };
        if *unsure {
            return Err(self.failure.first().unwrap_or_else(|| io::Error::other("an earlier commit has failed")));
        }
        let outcome = self.inner.atomic_write(path, data).and_then(|()| self.inner.sync_directory());
        *unsure = outcome.is_err();
        outcome
    }
}

impl Directory for Writable {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.failure.noted_reading(self.inner.get_file_handle(path))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        // What cannot be deleted stays listed, and is deleted by a later run.
        let closed = |error| DeleteError::IoError { io_error: Arc::new(error), filepath: path.to_owned() };
        self.failure.check_open().map_err(closed)?;
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.failure.noted_reading(self.inner.exists(path))
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.failure.check_open().map_err(|error| OpenWriteError::wrap_io_error(error, path.to_owned()))?;
        let inner = self.inner.open_write(path).inspect_err(|error| {
            if let OpenWriteError::IoError { io_error, .. } = error {
                self.failure.note(io_error);
            }
        })?;
        Ok(BufWriter::new(Box::new(Written { inner, failure: self.failure.clone() })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.failure.noted_reading(self.inner.atomic_read(path))
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.failure.check_open()?;
        let is_list = path == Path::new(super::folder::META);
        self.failure.noted(if is_list { self.write_list(path, data) } else { self.inner.atomic_write(path, data) })
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.failure.noted(self.inner.sync_directory())
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.inner.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

/// A file that is written.
struct Written {
    inner: WritePtr,
    failure: Failure,
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.failure.check_open()?;
        self.failure.noted(self.inner.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.failure.noted(self.inner.flush())
    }
}

impl TerminatingWrite for Written {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.failure.noted(self.inner.terminate_ref(token))
    }
}

/// Makes a folder in one that is there.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    #[cfg(test)]
    super::chaos::step(super::chaos::Step::MakeFolder(path))?;
    fs::create_dir(path)
}

/// Removes a folder and all that is in it.
pub(super) fn remove_folder(path: &Path) -> io::Result<()> {
    #[cfg(test)]
    super::chaos::step(super::chaos::Step::RemoveFolder(path))?;
    fs::remove_dir_all(path)
}

/// Puts a file that is wholly written in the place of another.
pub(super) fn replace(from: &Path, to: &Path) -> io::Result<()> {
    #[cfg(test)]
    super::chaos::step(super::chaos::Step::Replace(from, to))?;
    fs::rename(from, to)
}

/// Makes durable which files are in a folder.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(test)]
    super::chaos::step(super::chaos::Step::Sync(folder))?;
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_folder_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let failure = Failure::default();
        let directory = Writable::open(folder.path(), &failure).expect("it can be opened");
        let mut file = directory.open_write(Path::new("merged.idx")).expect("it can be made");
        let writes = std::thread::spawn(move || {
            // Larger than any buffer, so each comes through.
            while file.write_all(&[0; 1 << 16]).is_ok() {}
        });
        failure.close();
        assert!(directory.open_write(Path::new("new.idx")).is_err());
        assert!(directory.atomic_write(Path::new(super::super::folder::META), b"{}").is_err());
        assert!(directory.delete(Path::new("merged.idx")).is_err());
        drop(directory);
        failure.wait();
        assert!(writes.join().is_ok());
        assert_eq!(fs::read_dir(folder.path()).map(Iterator::count).ok(), Some(1));
    }
}
