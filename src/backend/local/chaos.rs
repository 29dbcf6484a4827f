//! A disk with faults under the writer, for tests.
//!
//! [`Chaos`] stands between the writer of this thread and the disk. It keeps a journal of all that is done to the disk and
//! can make the disk fail at any call. [`after_a_power_cut`] makes of the beginning of a journal what may be found when the
//! power comes back: what was synced, and by a seed some of the rest.
//!
//! - Bytes of a file that were not synced are kept, cut off, zeroes, or one bit of them is another one.
//! - What was done to a folder since it was last synced (files that were made, put in the place of others, deleted) was
//!   done up to some moment, as on disks that keep the order, or any part of it was, as nothing forbids.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, Directory, DirectoryLock, FileHandle, Lock, TerminatingWrite, WatchCallback, WatchHandle, WritePtr,
};

/// What was done to the disk, or said of it.
#[derive(Clone, Debug)]
pub(super) enum Event {
    Make {
        path: PathBuf,
        file: usize,
    },
    Write {
        file: usize,
        bytes: Vec<u8>,
    },
    SyncFile {
        file: usize,
    },
    /// A file that was written and synced took the place of another.
    Replace {
        path: PathBuf,
        bytes: Vec<u8>,
    },
    Delete {
        path: PathBuf,
    },
    MakeFolder {
        path: PathBuf,
    },
    RemoveFolder {
        path: PathBuf,
    },
    SyncFolder {
        path: PathBuf,
    },
    /// A commit with this number was begun.
    Began(usize),
    /// It is said to survive whatever comes.
    Acknowledged(usize),
}

/// What is done beside the engine's files, before it is done.
pub(super) enum Step<'a> {
    MakeFolder(&'a Path),
    RemoveFolder(&'a Path),
    Replace(&'a Path, &'a Path),
    Sync(&'a Path),
}

/// Which call of the disk fails.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault {
    /// The number of the call, from 0.
    pub(super) at: usize,
    /// And all after it.
    pub(super) always: bool,
    /// The number of the error.
    pub(super) code: i32,
}

#[derive(Debug, Default)]
struct State {
    journal: Vec<Event>,
    files: usize,
    calls: usize,
    fault: Option<Fault>,
    failed: Vec<&'static str>,
}

/// The disk with faults.
#[derive(Clone, Debug, Default)]
pub(super) struct Chaos(Arc<Mutex<State>>);

thread_local! {
    static UNDER: RefCell<Option<Chaos>> = const { RefCell::new(None) };
}

/// Takes the faulty disk away again when dropped.
pub(super) struct Installed;

impl Drop for Installed {
    fn drop(&mut self) {
        UNDER.set(None);
    }
}

impl Chaos {
    /// A disk that fails as `fault` says, under all writers that this thread opens.
    pub(super) fn install(fault: Option<Fault>) -> (Chaos, Installed) {
        let chaos = Chaos::default();
        chaos.state().fault = fault;
        UNDER.set(Some(chaos.clone()));
        (chaos, Installed)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// How many calls there were, and what those were to do that failed.
    pub(super) fn calls(&self) -> (usize, Vec<&'static str>) {
        let state = self.state();
        (state.calls, state.failed.clone())
    }

    pub(super) fn journal(&self) -> Vec<Event> {
        self.state().journal.clone()
    }

    pub(super) fn note(&self, event: Event) {
        self.state().journal.push(event);
    }

    /// Counts a call, and fails it where that is wanted.
    fn call(&self, what: &'static str) -> io::Result<()> {
        let mut state = self.state();
        let number = state.calls;
        state.calls += 1;
        match state.fault {
            Some(fault) if number == fault.at || (fault.always && number > fault.at) => {
                state.failed.push(what);
                Err(io::Error::from_raw_os_error(fault.code))
            }
            _ => Ok(()),
        }
    }
}

/// Puts the faulty disk of this thread, where there is one, under a directory.
pub(super) fn under(inner: Box<dyn Directory>, folder: &Path) -> Box<dyn Directory> {
    match UNDER.with_borrow(Clone::clone) {
        Some(chaos) => Box::new(ChaosDirectory { inner, folder: folder.to_owned(), chaos }),
        None => inner,
    }
}

/// Notes what is about to be done, and fails it where that is wanted.
pub(super) fn step(step: Step<'_>) -> io::Result<()> {
    let Some(chaos) = UNDER.with_borrow(Clone::clone) else { return Ok(()) };
    chaos.call(match step {
        Step::RemoveFolder(_) => "delete",
        Step::Sync(_) => "sync a folder",
        Step::MakeFolder(_) | Step::Replace(..) => "step",
    })?;
    chaos.note(match step {
        Step::MakeFolder(path) => Event::MakeFolder { path: path.to_owned() },
        Step::RemoveFolder(path) => Event::RemoveFolder { path: path.to_owned() },
        Step::Replace(from, to) => Event::Replace { path: to.to_owned(), bytes: fs::read(from)? },
        Step::Sync(path) => Event::SyncFolder { path: path.to_owned() },
    });
    Ok(())
}

#[derive(Clone, Debug)]
struct ChaosDirectory {
    inner: Box<dyn Directory>,
    folder: PathBuf,
    chaos: Chaos,
}

impl ChaosDirectory {
    fn read_call(&self, path: &Path) -> Result<(), OpenReadError> {
        self.chaos.call("read").map_err(|error| OpenReadError::wrap_io_error(error, path.to_owned()))
    }
}

impl Directory for ChaosDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.read_call(path)?;
        self.inner.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        let failed = |error| DeleteError::IoError { io_error: Arc::new(error), filepath: path.to_owned() };
        self.chaos.call("delete").map_err(failed)?;
        self.inner.delete(path)?;
        self.chaos.note(Event::Delete { path: self.folder.join(path) });
        Ok(())
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.read_call(path)?;
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.chaos.call("make").map_err(|error| OpenWriteError::wrap_io_error(error, path.to_owned()))?;
        let inner = self.inner.open_write(path)?;
        let mut state = self.chaos.state();
        let file = state.files;
        state.files += 1;
        state.journal.push(Event::Make { path: self.folder.join(path), file });
        drop(state);
        Ok(BufWriter::new(Box::new(ChaosFile { inner, file, chaos: self.chaos.clone() })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.read_call(path)?;
        self.inner.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.chaos.call("replace")?;
        self.inner.atomic_write(path, data)?;
        self.chaos.note(Event::Replace { path: self.folder.join(path), bytes: data.to_vec() });
        Ok(())
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.chaos.call("sync")?;
        self.chaos.note(Event::SyncFolder { path: self.folder.clone() });
        self.inner.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.chaos.call("lock").map_err(LockError::wrap_io_error)?;
        self.inner.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

struct ChaosFile {
    inner: WritePtr,
    file: usize,
    chaos: Chaos,
}

impl Write for ChaosFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.chaos.call("write")?;
        let written = self.inner.write(bytes)?;
        self.chaos.note(Event::Write { file: self.file, bytes: bytes[..written].to_vec() });
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl TerminatingWrite for ChaosFile {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.chaos.call("sync")?;
        self.inner.flush()?;
        self.inner.get_mut().terminate_ref(token)?;
        self.chaos.note(Event::SyncFile { file: self.file });
        Ok(())
    }
}

/// Numbers by chance, the same for the same seed.
pub(super) struct Lot(u64);

impl Lot {
    pub(super) fn new(seed: u64) -> Lot {
        Lot(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `most`.
    pub(super) fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % most.max(1)
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Entry {
    File(usize),
    Folder,
}

/// A change of what is in a folder: an entry is set, or it goes with all that is below it.
type Change = (PathBuf, Option<Entry>);

fn apply(names: &mut BTreeMap<PathBuf, Entry>, (path, entry): &Change) {
    match entry {
        Some(entry) => drop(names.insert(path.clone(), *entry)),
        None => names.retain(|known, _| !known.starts_with(path)),
    }
}

/// Writes below `to` what a power cut after the last of these events may leave of what was below `root`.
pub(super) fn after_a_power_cut(journal: &[Event], root: &Path, seed: u64, to: &Path) -> io::Result<()> {
    let mut lot = Lot::new(seed);
    let mut files: BTreeMap<usize, (Vec<u8>, usize)> = BTreeMap::new();
    let mut replaced = usize::MAX;
    let mut durable: BTreeMap<PathBuf, Entry> = BTreeMap::new();
    let mut pending: Vec<Change> = Vec::new();
    for event in journal {
        match event {
            Event::Make { path, file } => {
                files.insert(*file, (Vec::new(), 0));
                pending.push((path.clone(), Some(Entry::File(*file))));
            }
            Event::Write { file, bytes } => files.entry(*file).or_default().0.extend(bytes),
            Event::SyncFile { file } => {
                let (bytes, synced) = files.entry(*file).or_default();
                *synced = bytes.len();
            }
            Event::Replace { path, bytes } => {
                replaced -= 1;
                files.insert(replaced, (bytes.clone(), bytes.len()));
                pending.push((path.clone(), Some(Entry::File(replaced))));
            }
            Event::Delete { path } | Event::RemoveFolder { path } => pending.push((path.clone(), None)),
            Event::MakeFolder { path } => pending.push((path.clone(), Some(Entry::Folder))),
            Event::SyncFolder { path } => pending.retain(|change| {
                let here = change.0.parent() == Some(path);
                if here {
                    apply(&mut durable, change);
                }
                !here
            }),
            Event::Began(_) | Event::Acknowledged(_) => {}
        }
    }
    if lot.below(2) == 0 {
        let kept = lot.below(pending.len() + 1);
        pending.truncate(kept);
    } else {
        pending.retain(|_| lot.below(2) == 0);
    }
    pending.iter().for_each(|change| apply(&mut durable, change));
    for (path, entry) in &durable {
        let Ok(below) = path.strip_prefix(root) else { continue };
        let target = to.join(below);
        match entry {
            Entry::Folder => fs::create_dir_all(&target)?,
            Entry::File(_)
                if path.parent() != Some(root) && path.parent().is_none_or(|it| !durable.contains_key(it)) => {}
            Entry::File(file) => {
                let (bytes, synced) = files.get(file).cloned().unwrap_or_default();
                fs::write(&target, damaged(bytes, synced, &mut lot))?;
            }
        }
    }
    Ok(())
}

/// What is left of the bytes of a file of which so many were synced.
fn damaged(mut bytes: Vec<u8>, synced: usize, lot: &mut Lot) -> Vec<u8> {
    let rest = bytes.len() - synced;
    if rest > 0 {
        match lot.below(5) {
            0 => bytes.truncate(synced),
            1 => bytes.truncate(synced + lot.below(rest)),
            2 => bytes[synced..].fill(0),
            3 => bytes[synced + lot.below(rest)] ^= 1 << lot.below(8),
            _ => {}
        }
    }
    bytes
}
