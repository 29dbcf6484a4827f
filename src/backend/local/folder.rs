//! The folder of an index: generations, the lock, versions, and the checks before anything is opened.
//!
//! ```text
//! INDEX/CURRENT             the name of the generation that counts
//! INDEX/lock                held by the one process that writes
//! INDEX/roots.json          what was indexed, in case that a damaged generation no longer says so
//! INDEX/generation-0001/    a tantivy index and dateline.json, its versions; `damaged`, where a repair found it so
//! INDEX/generation-0001.damaged-2024-06-19/    one that was found damaged and replaced; never removed by us
//! ```
//!
//! A new generation is built beside the old one and becomes current by a rename. Files of an index are never
//! changed in place. Nothing is opened before its versions and the names in its `.managed.json` are checked:
//! tantivy deletes whatever that file lists, wherever it is.

use super::{disk, holder, version};
use crate::error::{Error, Kind, Result};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const CURRENT: &str = "CURRENT";
const LOCK: &str = "lock";
const VERSIONS: &str = "dateline.json";
pub(super) const META: &str = "meta.json";
const MANAGED: &str = ".managed.json";
const DAMAGED: &str = "damaged";
pub(super) const ROOTS: &str = "roots.json";

/// The versions of a generation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Versions {
    /// See [`version::FORMAT`].
    pub(super) format: u32,
    /// See [`version::FEATURES`].
    pub(super) features: u32,
    /// The version of the program.
    pub(super) made_by: String,
}

/// The lock on an index; freed when dropped or when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
}

impl Lock {
    /// Notes who holds it; see [`holder::note`].
    pub(super) fn sign(&mut self, note: &str) {
        let _ = self.file.set_len(0);
        let _ = self.file.seek(SeekFrom::Start(0)).and_then(|_| self.file.write_all(note.as_bytes()));
    }
}

impl Drop for Lock {
    /// A child process that is about to start has the file open for a moment, and closing it here would not free it.
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

/// Takes the lock of `index`, creating the folder where it is missing.
pub(super) fn lock(index: &Path) -> Result<Lock> {
    if index.exists() && !index.is_dir() {
        return Err(Error::new(Kind::Usage, format!("the index `{}` is to be a folder, and is none", index.display()))
            .hint("name a folder with `--index DIR`; it is created where it is missing"));
    }
    let elsewhere = "choose a folder that you may write to with `--index DIR`; searching needs no such right";
    fs::create_dir_all(index)
        .map_err(|error| Error::io(format!("creating the index `{}`", index.display()), &error).or_hint(elsewhere))?;
    let path = index.join(LOCK);
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    // An index may come from somebody else: a link in it must not lead to a file that is then written to.
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits() as i32);
    }
    let file = options
        .open(&path)
        .map_err(|error| Error::io(format!("opening `{}`", path.display()), &error).or_hint(elsewhere))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(fs::TryLockError::WouldBlock) => {
            let mut note = String::new();
            let _ = (&file).take(holder::LONGEST).read_to_string(&mut note);
            return Err(holder::locked(index, &note));
        }
        Err(fs::TryLockError::Error(error)) => return Err(Error::io(format!("locking `{}`", path.display()), &error)),
    }
    // Who holds it is a courtesy to the next one, so a failure here is none.
    let mut lock = Lock { file };
    lock.sign(&holder::note(None));
    Ok(lock)
}

/// The current generation of `index`, checked for its versions.
pub(super) fn current(index: &Path) -> Result<(PathBuf, Versions)> {
    let none = || {
        Error::new(Kind::NoIndex, format!("there is no index at `{}`", index.display()))
            .hint("run `dateline index DIR` first, or search a folder as it is with `dateline search --in DIR …`")
    };
    let name = match noted(index) {
        Ok(name) => name,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            refuse_foreign(index)?;
            return Err(match orphaned(index) {
                Some(name) => damaged(index, format!("there is a `{name}`, but no `{CURRENT}` that names it")),
                None => none(),
            });
        }
        Err(error) => return Err(Error::io(format!("reading `{}`", index.join(CURRENT).display()), &error)),
    };
    if generation_number(&name).is_none() {
        return Err(damaged(index, format!("`{CURRENT}` names `{}`, which is no generation", name.escape_debug())));
    }
    let folder = index.join(&name);
    // What is written and removed there must not be elsewhere; the index as a whole may be a link, that is its user's.
    if fs::symlink_metadata(&folder).is_ok_and(|there| there.is_symlink()) {
        return Err(damaged(index, format!("`{name}` is a link, which no generation is")));
    }
    let versions = versions(index, &folder)?;
    Ok((folder, versions))
}

/// Creates the first generation, or one after those that are there, without making it current.
pub(super) fn create(index: &Path) -> Result<PathBuf> {
    use ErrorKind::{InvalidInput, PermissionDenied, Unsupported};
    let failed = |error: &std::io::Error| Error::io(format!("creating a generation in `{}`", index.display()), error);
    let mut last = 0;
    for entry in fs::read_dir(index).map_err(|error| failed(&error))? {
        let name = entry.map_err(|error| failed(&error))?.file_name();
        last = last.max(name.to_str().and_then(generation_number).unwrap_or(0));
    }
    let folder = index.join(format!("generation-{:04}", last + 1));
    disk::make_folder(&folder).map_err(|error| failed(&error))?;
    let versions = Versions {
        format: version::FORMAT,
        features: version::FEATURES,
        made_by: format!("dateline {}", env!("CARGO_PKG_VERSION")),
    };
    let text = serde_json::to_string(&versions).expect("three plain fields serialise");
    write_durably(&folder, VERSIONS, text.as_bytes()).map_err(|error| failed(&error))?;
    // The new generation must be in the index, and a new index in its folder, before anything in them counts.
    disk::sync_folder(index).map_err(|error| failed(&error))?;
    if last == 0 {
        let index = std::path::absolute(index).map_err(|error| failed(&error))?;
        for above in index.ancestors().skip(1) {
            match disk::sync_folder(above) {
                // Folders that may not be looked into were there before, and those of some drives cannot be synced.
                Err(error) if !matches!(error.kind(), PermissionDenied | InvalidInput | Unsupported) => {
                    return Err(failed(&error));
                }
                _ => {}
            }
        }
    }
    Ok(folder)
}

/// Makes `generation` the current one.
pub(super) fn make_current(index: &Path, generation: &Path) -> Result<()> {
    let name = generation.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    write_durably(index, CURRENT, name.as_bytes())
        .map_err(|error| Error::io(format!("making `{name}` the current generation of `{}`", index.display()), &error))
}

/// Whether `generation` is named as the current one, be it sound or not; where that cannot be told, it may be.
pub(super) fn is_current(index: &Path, generation: &Path) -> bool {
    match noted(index) {
        Ok(name) => generation.ends_with(name),
        Err(error) => error.kind() != ErrorKind::NotFound,
    }
}

/// The name of the generation that counts, as it is noted, whether there is one or not.
pub(super) fn noted(index: &Path) -> std::io::Result<String> {
    fs::read_to_string(index.join(CURRENT)).map(|name| name.trim().to_owned())
}

/// What tells that an index has changed: the name of its generation and the list of its segments.
pub(super) fn state(index: &Path) -> (Option<String>, Option<Vec<u8>>) {
    let name = noted(index).ok();
    let metas = name.as_ref().and_then(|name| fs::read(index.join(name).join(META)).ok());
    (name, metas)
}

/// Removes generations that are not current, which interrupted runs leave; failures are left for the next time. One
/// that is known to be damaged is not removed but moved aside: what to do with it is the user's to say.
///
/// To be called with the lock held, after what is kept has become current.
pub(super) fn remove_others(index: &Path, keep: &Path) {
    let Ok(entries) = fs::read_dir(index) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| generation_number(name).is_some()) else { continue };
        if entry.path() == keep {
            continue;
        }
        let _ = match damaged_since(&entry.path()) {
            Some(day) => disk::replace(&entry.path(), &free(index, &format!("{name}.damaged-{day}"))),
            None => disk::remove_folder(&entry.path()),
        };
    }
}

/// Marks a generation as damaged, on `day`, so that [`remove_others`] moves it aside.
pub(super) fn mark_damaged(generation: &Path, day: &str) -> Result<()> {
    write_durably(generation, DAMAGED, day.as_bytes())
        .map_err(|error| Error::io(format!("marking `{}` as damaged", generation.display()), &error))
}

/// The day on which a generation was marked as damaged: digits and hyphens, as it becomes part of a name.
fn damaged_since(generation: &Path) -> Option<String> {
    let day = fs::read_to_string(generation.join(DAMAGED)).ok()?;
    let plain = |day: &str| day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    Some(if day.len() == 10 && plain(&day) { day } else { "unknown".to_owned() })
}

/// A path in `index` that nothing has, from `name` on.
fn free(index: &Path, name: &str) -> PathBuf {
    let numbered = (2u32..).map(|number| format!("{name}-{number}"));
    let paths = std::iter::once(name.to_owned()).chain(numbered).map(|name| index.join(name));
    paths.into_iter().find(|path| fs::symlink_metadata(path).is_err()).unwrap_or_else(|| index.join(name))
}

/// The folders in `index` that damaged generations were moved to.
pub(super) fn moved_aside(index: &Path) -> Vec<PathBuf> {
    let aside = |name: &String| name.split_once(".damaged-").is_some_and(|(name, _)| generation_number(name).is_some());
    names(index).into_iter().filter(aside).map(|name| index.join(name)).collect()
}

/// Writes the list of managed files anew, of what is in the folder.
pub(super) fn list_anew(index: &Path, generation: &Path) -> Result<()> {
    let failed = |error: &std::io::Error| Error::io(format!("listing the files of `{}`", index.display()), error);
    let mut list = Vec::new();
    for entry in fs::read_dir(generation).map_err(|error| failed(&error))? {
        let entry = entry.map_err(|error| failed(&error))?;
        // A link is none of our files.
        let is_file = entry.file_type().is_ok_and(|sort| sort.is_file());
        list.extend(entry.file_name().into_string().ok().filter(|name| is_file && is_index_file(name)));
    }
    list.sort();
    let text = serde_json::to_string(&list).expect("a list of names serialises");
    write_durably(generation, MANAGED, text.as_bytes()).map_err(|error| failed(&error))?;
    settle(generation).map_err(|error| failed(&error))
}

/// What was indexed, kept beside the generations so that it is known when one is damaged.
#[derive(Serialize, Deserialize)]
struct Roots {
    roots: Vec<String>,
    sum: String,
}

impl Roots {
    fn sum(roots: &[String]) -> String {
        let mut hasher = blake3::Hasher::new();
        for root in roots {
            hasher.update(root.as_bytes()).update(&[0]);
        }
        hasher.finalize().to_hex().as_str().to_owned()
    }
}

/// Keeps what was indexed; nothing is written where that is known already.
pub(super) fn keep_roots(index: &Path, roots: &[String]) -> Result<()> {
    if kept_roots(index).is_some_and(|kept| kept == roots) {
        return Ok(());
    }
    let text = serde_json::to_string(&Roots { roots: roots.to_vec(), sum: Roots::sum(roots) })
        .expect("a list of names serialises");
    write_durably(index, ROOTS, text.as_bytes())
        .map_err(|error| Error::io(format!("keeping what was indexed in `{}`", index.display()), &error))
}

/// Whether what was indexed is kept as it was written; where it is not kept, which an older program did not, it is too.
pub(super) fn roots_are_sound(index: &Path) -> bool {
    fs::symlink_metadata(index.join(ROOTS)).is_err() || kept_roots(index).is_some()
}

/// What was indexed; nothing where that is not kept, or not as it was written.
pub(super) fn kept_roots(index: &Path) -> Option<Vec<String>> {
    let kept: Roots = serde_json::from_slice(&fs::read(index.join(ROOTS)).ok()?).ok()?;
    (kept.sum == Roots::sum(&kept.roots)).then_some(kept.roots)
}

/// Refuses a generation whose list of managed files names anything but files of an index.
///
/// To be called before a writer is opened: garbage collection deletes what the list names.
pub(super) fn check_managed(index: &Path, generation: &Path) -> Result<()> {
    let path = generation.join(MANAGED);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(damaged(index, format!("`{MANAGED}` is missing")));
        }
        Err(error) => return Err(Error::io(format!("reading `{}`", path.display()), &error)),
    };
    let names: Vec<String> = serde_json::from_slice(&bytes)
        .map_err(|error| damaged(index, format!("`{MANAGED}` cannot be read: {error}")))?;
    match names.iter().find(|name| !is_index_file(name)) {
        Some(name) => {
            Err(damaged(index, format!("`{MANAGED}` lists `{}`, which is no file of an index", name.escape_debug())))
        }
        None => Ok(()),
    }
}

/// Makes all that was written to `folder` durable, and readable for those whom the umask lets.
pub(super) fn settle(folder: &Path) -> std::io::Result<()> {
    for name in [META, MANAGED] {
        let path = folder.join(name);
        if path.exists() {
            share(&path)?;
        }
    }
    disk::sync_folder(folder)
}

/// Whether `name` can be a file of an index: `meta.json`, or 32 hexadecimal digits, perhaps an opstamp, an ending.
pub(super) fn is_index_file(name: &str) -> bool {
    if name == META {
        return true;
    }
    let mut parts = name.split('.');
    let id = parts.next().unwrap_or("");
    let rest: Vec<&str> = parts.collect();
    let hexadecimal = id.len() == 32 && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let ending = |part: &str| {
        (1..=12).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    let stamp = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    hexadecimal
        && match rest.as_slice() {
            [last] => ending(last),
            // `….17.del`, and the store of a segment that is being sorted: `….store.temp`.
            [middle, last] => (stamp(middle) || *middle == "store") && ending(last),
            _ => false,
        }
}

/// Whether `name` is that of a file that tantivy is about to put in the place of another.
pub(super) fn is_under_way(name: &str) -> bool {
    name.strip_prefix(".tmp").is_some_and(|rest| rest.len() == 6 && rest.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// An error that says that the index is damaged and how to go on.
pub(super) fn damaged(index: &Path, cause: impl Into<String>) -> Error {
    Error::new(Kind::Damaged, format!("the index `{}` is damaged", index.display()))
        .because(cause.into())
        .hint(format!("build it anew beside the old one: {}", rebuild(index)))
}

/// The command that builds an index anew, as it is to be typed; `DIR` stands for what was indexed.
pub fn rebuild(index: &Path) -> String {
    let name = index.to_string_lossy();
    let plain = |c: char| c.is_alphanumeric() || "/._-+,@%:".contains(c);
    let name = if name.chars().all(plain) { name.into_owned() } else { format!("'{}'", name.replace('\'', "'\\''")) };
    format!("`dateline index --full --index {name} DIR`")
}

fn versions(index: &Path, folder: &Path) -> Result<Versions> {
    let path = folder.join(VERSIONS);
    let bytes = fs::read(&path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => damaged(index, format!("`{}` is missing", path.display())),
        _ => Error::io(format!("reading `{}`", path.display()), &error),
    })?;
    let versions: Versions = serde_json::from_slice(&bytes)
        .map_err(|error| damaged(index, format!("`{}` cannot be read: {error}", path.display())))?;
    if versions.format > version::FORMAT {
        return Err(Error::new(
            Kind::Incompatible,
            format!(
                "the index `{}` was made by {}, which is newer than this dateline {}",
                index.display(),
                versions.made_by,
                env!("CARGO_PKG_VERSION")
            ),
        )
        .because(format!("its format is {}, this program reads up to {}", versions.format, version::FORMAT))
        .hint("update dateline, or index into another folder with `--index DIR`"));
    }
    if versions.format < version::FORMAT {
        return Err(Error::new(
            Kind::Incompatible,
            format!(
                "the index `{}` was made by {}, whose format {} is no longer read",
                index.display(),
                versions.made_by,
                versions.format
            ),
        )
        .hint(format!("build it anew: {}; the old one is kept until that is done", rebuild(index))));
    }
    Ok(versions)
}

/// The names in a folder, in order; none where it cannot be read.
fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// A generation with articles in it. One without is what a first run leaves that was ended as it began.
pub(super) fn orphaned(index: &Path) -> Option<String> {
    let has_segments = |name: &String| names(&index.join(name)).iter().any(|file| file != META && is_index_file(file));
    names(index).into_iter().find(|name| generation_number(name).is_some() && has_segments(name))
}

/// Refuses a folder without an index of ours in which there is one of another program on the same engine.
pub(super) fn refuse_foreign(index: &Path) -> Result<()> {
    let foreign = |name: &String| name == META || name == MANAGED || is_index_file(name);
    match names(index).into_iter().find(foreign) {
        Some(file) if !index.join(CURRENT).exists() => {
            Err(Error::new(Kind::Incompatible, format!("`{}` holds an index of another program", index.display()))
                .because(format!("there is a `{file}` in it"))
                .hint("choose another folder with `--index DIR`"))
        }
        _ => Ok(()),
    }
}

/// Whether `name` is that of a generation.
pub(super) fn is_generation(name: &str) -> bool {
    generation_number(name).is_some()
}

fn generation_number(name: &str) -> Option<u32> {
    let digits = name.strip_prefix("generation-")?;
    if digits.len() < 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// Writes a small file so that it is wholly there or not at all, even after a power cut.
fn write_durably(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let temporary = folder.join(format!("{name}.new"));
    // Never through a link that somebody has put there.
    let _ = fs::remove_file(&temporary);
    let mut file = File::create_new(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    disk::replace(&temporary, &folder.join(name))?;
    disk::sync_folder(folder)
}

/// Gives `path` the permissions that the umask gives a new file; tantivy makes its lists private.
fn share(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The mode of a file made by ordinary means in the same folder shows the umask without touching it.
        let model = path.with_file_name(VERSIONS);
        let mode = fs::metadata(&model)?.permissions().mode() & 0o777;
        if fs::metadata(path)?.permissions().mode() & 0o777 != mode {
            fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_an_index_are_managed() {
        for (name, expected) in [
            ("meta.json", true),
            ("0123456789abcdef0123456789abcdef.store", true),
            ("0123456789abcdef0123456789abcdef.17.del", true),
            ("0123456789abcdef0123456789abcdef", false),
            ("/etc/passwd", false),
            ("../victim", false),
            ("0123456789abcdef0123456789abcdef./../x", false),
            ("0123456789ABCDEF0123456789abcdef.store", false),
            (".managed.json", false),
            ("", false),
        ] {
            assert_eq!(is_index_file(name), expected, "{name}");
        }
    }

    #[test]
    fn the_second_writer_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let held = lock(folder.path()).unwrap();
        assert_eq!(lock(folder.path()).unwrap_err().kind, Kind::Locked);
        drop(held);
        lock(folder.path()).unwrap();
    }

    #[test]
    fn a_newer_format_is_named_as_such() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(current(folder.path()).unwrap_err().kind, Kind::NoIndex);
        let generation = create(folder.path()).unwrap();
        make_current(folder.path(), &generation).unwrap();
        assert_eq!(current(folder.path()).unwrap().0, generation);
        fs::write(generation.join(VERSIONS), r#"{"format":99,"features":1,"made_by":"dateline 9.0.0"}"#).unwrap();
        let error = current(folder.path()).unwrap_err();
        assert_eq!(error.kind, Kind::Incompatible);
        assert!(error.message.contains("dateline 9.0.0"));
        fs::write(folder.path().join(CURRENT), "../elsewhere").unwrap();
        assert_eq!(current(folder.path()).unwrap_err().kind, Kind::Damaged);
    }
}
