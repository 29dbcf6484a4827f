//! Walks a folder and hands over every file that may hold articles, in sorted order, without following links.
//!
//! What is left out on purpose is counted by kind; what cannot be read is a [`Skip`] with its reason.

use crate::cores;
use crate::error::{Error, Kind, Result};
use crate::names::corrections;
use crate::read::{Flow, Skip};
use crossbeam_channel::{Receiver, Sender, bounded};
use std::fs::Metadata;
use std::panic::resume_unwind;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::thread::{self, JoinHandle};
use walkdir::{DirEntry, WalkDir};

/// A file as the walk found it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where it is, for opening.
    pub absolute: PathBuf,
    /// Its path below the root, `/` between the parts; unique, even where a name is not UTF-8.
    pub relative: String,
    /// In bytes.
    pub size: u64,
    /// When its content was changed, in nanoseconds since 1970.
    pub mtime_ns: i64,
    /// When anything about it was changed, in nanoseconds since 1970; 0 where the system does not say.
    pub ctime_ns: i64,
    /// Its number on its device; 0 where the system does not say.
    pub inode: u64,
    /// The device; 0 where the system does not say.
    pub device: u64,
}

/// How much was left out on purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Files and folders whose name begins with a dot.
    pub hidden: usize,
    /// What editors and office programs leave beside a file.
    pub backups: usize,
    /// Symbolic links; each is a skip too.
    pub links: usize,
    /// FIFOs, sockets and devices; each is a skip too.
    pub special: usize,
}

/// Walks `root`, a folder or a file. Hands each file to `found`, which says whether to go on.
///
/// # Errors
/// Where `root` itself is not there or cannot be looked at.
pub fn walk(root: &Path, skip: &mut dyn FnMut(Skip), found: &mut dyn FnMut(Entry) -> Flow) -> Result<LeftOut> {
    Walk::begin(root).go_on(skip, found)
}

/// A walk that goes some way ahead, beside other work, until it is asked for what it met. Dropped before, it ends.
pub struct Walk {
    met: Receiver<Vec<Met>>,
    listing: JoinHandle<Result<LeftOut>>,
    looking: JoinHandle<()>,
}

impl Walk {
    /// Begins to walk `root`.
    pub fn begin(root: &Path) -> Walk {
        Walk::looking_with(root, look)
    }

    fn looking_with(root: &Path, look: fn(Listed) -> Vec<Met>) -> Walk {
        // Reading folders, looking at what is in them and what is done with it take about as long: all go on at the same
        // time.
        let (send, lists) = bounded(AHEAD);
        let (send_met, met) = bounded(MET_AHEAD);
        let root = root.to_owned();
        let listing = thread::spawn(move || list(&root, &send));
        let looking = thread::spawn(move || {
            for listed in lists {
                // Whoever has gone away wants no more.
                if send_met.send(look(listed)).is_err() {
                    break;
                }
            }
        });
        Walk { met, listing, looking }
    }

    /// Hands each file to `found`, which says whether to go on.
    ///
    /// # Errors
    /// Where the root itself is not there or cannot be looked at.
    pub fn go_on(self, skip: &mut dyn FnMut(Skip), found: &mut dyn FnMut(Entry) -> Flow) -> Result<LeftOut> {
        let Walk { met, listing, looking } = self;
        for met in met.into_iter().flatten() {
            let flow = match met {
                Met::File(entry) => found(entry),
                Met::Skip(reason) => {
                    skip(reason);
                    Flow::Continue
                }
            };
            if flow == Flow::Stop {
                break;
            }
        }
        // Files that were not looked at because of a panic are not gone.
        looking.join().unwrap_or_else(|panic| resume_unwind(panic));
        listing.join().unwrap_or_else(|panic| resume_unwind(panic))
    }
}

/// Something that a walk met.
enum Met {
    File(Entry),
    Skip(Skip),
}

/// Some of what folders have.
#[derive(Default)]
struct Listed {
    /// Files, by path and by path below the root.
    files: Vec<(PathBuf, String)>,
    skips: Vec<Skip>,
}

/// Reads the folders below `root` and sends what is in them, until nobody wants more.
fn list(root: &Path, send: &Sender<Listed>) -> Result<LeftOut> {
    let shown = root.display();
    let absolute = std::fs::canonicalize(root).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::new(Kind::NotFound, format!("there is no file or folder `{shown}`"))
            .hint("give the folder that holds the articles, such as `dateline index ./articles`"),
        _ => Error::io(format_args!("opening `{shown}`"), &error),
    })?;
    let root = absolute.as_path();
    let mut left_out = LeftOut::default();
    let mut listed = Listed::default();
    // All that is in one folder is in the order of its names where it is in that of its paths.
    let by_path = |a: &DirEntry, b: &DirEntry| a.path().as_os_str().cmp(b.path().as_os_str());
    let mut entries = WalkDir::new(root).follow_links(false).sort_by(by_path).into_iter();
    while let Some(step) = entries.next() {
        if listed.files.len() + listed.skips.len() >= TOGETHER && send.send(std::mem::take(&mut listed)).is_err() {
            return Ok(left_out);
        }
        let entry = match step {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(root);
                if error.depth() == 0 {
                    let cause = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                    return Err(Error::new(Kind::Io, format!("failed opening `{shown}`")).because(cause));
                }
                listed.skips.push(Skip::file(&relative(root, path), unreadable(&error)));
                continue;
            }
        };
        let kind = entry.file_type();
        let name = name(entry.path());
        if entry.depth() > 0 {
            let left = match kept(name) {
                Kept::Hidden => Some(&mut left_out.hidden),
                Kept::Backup => Some(&mut left_out.backups),
                Kept::Yes => None,
            };
            if let Some(left) = left {
                *left += 1;
                if kind.is_dir() {
                    entries.skip_current_dir();
                }
                continue;
            }
        }
        // What a user says of names lies beside the articles and is none.
        if kind.is_dir() || entry.depth() == 1 && name == corrections::FILE.as_bytes() {
            continue;
        }
        let relative = relative(root, entry.path());
        if kind.is_symlink() {
            left_out.links += 1;
            listed.skips.push(Skip::file(&relative, "is a link; links are not followed"));
        } else if !kind.is_file() {
            left_out.special += 1;
            listed.skips.push(Skip::file(&relative, format!("is {}, not a file", special(kind))));
        } else {
            listed.files.push((entry.into_path(), relative));
        }
    }
    let _ = send.send(listed);
    Ok(left_out)
}

/// Lists that wait for whoever is next.
const AHEAD: usize = 2;
/// Those that were looked at: as many files as can be met while an index of some hundred thousand is opened.
const MET_AHEAD: usize = 16;
/// So many files are looked at together.
const TOGETHER: usize = 4096;
/// Fewer files than these for each thread are looked at sooner by one.
const FEW: usize = 256;

/// Looks at files, on all cores: asking the system for size and times is most of a walk.
fn look(listed: Listed) -> Vec<Met> {
    let Listed { files, skips } = listed;
    let cores = cores::count().min(files.len() / FEW).max(1);
    let parts: Vec<_> = files.chunks(files.len().div_ceil(cores).max(1)).collect();
    let asked = cores::each(parts, cores, |part| -> Vec<std::io::Result<Metadata>> {
        part.iter().map(|(path, _)| path.symlink_metadata()).collect()
    });
    let files = files.into_iter().zip(asked.into_iter().flatten()).map(|((path, relative), asked)| match asked {
        Ok(metadata) => Met::File(Entry::new(path, relative, &metadata)),
        Err(error) => Met::Skip(Skip::file(&relative, reason(&error))),
    });
    skips.into_iter().map(Met::Skip).chain(files).collect()
}

impl Entry {
    /// An entry with what `metadata` says of it.
    pub fn new(absolute: PathBuf, relative: String, metadata: &Metadata) -> Entry {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let nanoseconds = |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
            Entry {
                absolute,
                relative,
                size: metadata.len(),
                mtime_ns: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
                ctime_ns: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
                inode: metadata.ino(),
                device: metadata.dev(),
            }
        }
        #[cfg(not(unix))]
        {
            let since = metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
            let mtime_ns = since.and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or(0);
            Entry { absolute, relative, size: metadata.len(), mtime_ns, ctime_ns: 0, inode: 0, device: 0 }
        }
    }
}

/// Whether a file or folder is walked into.
#[derive(PartialEq, Eq)]
enum Kept {
    Yes,
    Hidden,
    Backup,
}

/// The last part of the path of something in a folder, without looking at the others: it is asked for every file.
fn name(path: &Path) -> &[u8] {
    let path = path.as_os_str().as_encoded_bytes();
    path.rsplit(|byte| *byte == MAIN_SEPARATOR as u8).next().unwrap_or(path)
}

fn kept(name: &[u8]) -> Kept {
    let ending = |end: &[u8]| {
        name.len() > end.len() && name.get(name.len() - end.len()..).is_some_and(|e| e.eq_ignore_ascii_case(end))
    };
    if name.starts_with(b".") {
        Kept::Hidden
    } else if ending(b"~")
        || name.starts_with(b"~$")
        || name.len() > 2 && name.starts_with(b"#") && name.ends_with(b"#")
        || [&b".swp"[..], b".swo", b".tmp"].into_iter().any(ending)
        || matches!(name, b"Thumbs.db" | b"desktop.ini" | b"__MACOSX")
    {
        Kept::Backup
    } else {
        Kept::Yes
    }
}

/// The path below the root; the name itself where the root is a file.
fn relative(root: &Path, path: &Path) -> String {
    // Nearly all are like that, and a walk has one for every file.
    let plain = root.to_str().zip(path.to_str()).and_then(|(root, path)| path.strip_prefix(root)?.strip_prefix('/'));
    if let Some(plain) = plain.filter(|plain| MAIN_SEPARATOR == '/' && !plain.is_empty()) {
        return plain.to_owned();
    }
    let below = path.strip_prefix(root).ok().filter(|below| !below.as_os_str().is_empty());
    let parts = below.unwrap_or_else(|| Path::new(path.file_name().unwrap_or(path.as_os_str())));
    let mut out = String::new();
    for part in parts {
        if !out.is_empty() {
            out.push('/');
        }
        match part.to_str() {
            Some(name) => out.push_str(name),
            // Two names that differ only in what cannot be shown must not become one.
            None => {
                let hash = blake3::hash(part.as_encoded_bytes()).to_hex();
                out.push_str(&part.to_string_lossy());
                out.push('~');
                out.extend(hash.chars().take(8));
            }
        }
    }
    out
}

fn unreadable(error: &walkdir::Error) -> String {
    error.io_error().map_or_else(|| format!("cannot be read: {error}"), reason)
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::PermissionDenied => "no permission to read it".to_owned(),
        std::io::ErrorKind::NotFound => "vanished while reading".to_owned(),
        _ => format!("cannot be read: {error}"),
    }
}

/// What a file that is no file is.
fn special(kind: std::fs::FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return "a named pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_block_device() || kind.is_char_device() {
            return "a device";
        }
    }
    let _ = kind;
    "something else"
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn names(root: &Path) -> (Vec<String>, Vec<(String, String)>, LeftOut) {
        let (mut found, mut skips) = (Vec::new(), Vec::new());
        let left_out = walk(root, &mut |skip| skips.push((skip.path, skip.reason)), &mut |entry| {
            found.push(entry.relative);
            Flow::Continue
        });
        (found, skips, left_out.expect("the root is there"))
    }

    #[test]
    fn sorted_without_hidden_files_and_backups() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in [
            "b.txt",
            "a/z.txt",
            "a/y.txt",
            ".hidden",
            ".dateline/x",
            "b.txt~",
            "#b#",
            "b.swp",
            "~$b.doc",
            "c.TMP",
            "#1 news.txt",
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("it has one")).expect("made");
            fs::write(path, "x").expect("written");
        }
        let (found, skips, left_out) = names(folder.path());
        assert_eq!(found, ["#1 news.txt", "a/y.txt", "a/z.txt", "b.txt"]);
        assert!(skips.is_empty());
        assert_eq!(left_out, LeftOut { hidden: 2, backups: 5, links: 0, special: 0 });
        assert_eq!(names(&folder.path().join("a/y.txt")).0, ["y.txt"]);
    }

    #[test]
    fn a_root_that_is_not_there() {
        let error =
            walk(Path::new("/no/such/folder"), &mut |_| (), &mut |_| Flow::Continue).expect_err("it is not there");
        assert_eq!((error.kind, error.hint.is_some()), (Kind::NotFound, true));
    }

    #[test]
    fn stops_when_told() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["a", "b", "c"] {
            fs::write(folder.path().join(name), "x").expect("written");
        }
        let mut count = 0;
        walk(folder.path(), &mut |_| (), &mut |_| {
            count += 1;
            Flow::Stop
        })
        .expect("the root is there");
        assert_eq!(count, 1);
    }

    #[test]
    fn what_was_met_ahead_is_handed_over_and_what_nobody_wants_ends() {
        let folder = tempfile::tempdir().expect("a folder");
        for number in 0..40 {
            let path = folder.path().join(format!("{}/{number:02}.txt", number % 3));
            fs::create_dir_all(path.parent().expect("it has one")).expect("made");
            fs::write(path, "x").expect("written");
        }
        let walk = Walk::begin(folder.path());
        drop(Walk::begin(folder.path()));
        thread::sleep(std::time::Duration::from_millis(20));
        let mut found = Vec::new();
        let outcome = walk.go_on(&mut |skip| panic!("{skip:?}"), &mut |entry| {
            found.push(entry.relative);
            Flow::Continue
        });
        assert!(outcome.is_ok());
        assert_eq!(found, names(folder.path()).0);
        assert!(found.is_sorted() && found.len() == 40);
        let gone = Walk::begin(&folder.path().join("gone"));
        assert!(gone.go_on(&mut |_| (), &mut |_| Flow::Continue).is_err());
    }

    #[test]
    fn a_panic_while_files_are_looked_at_is_no_end_of_the_walk() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a"), "x").expect("written");
        let walk = Walk::looking_with(folder.path(), |_| panic!("the first"));
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            walk.go_on(&mut |_| (), &mut |_| Flow::Continue).is_ok()
        }));
        assert_eq!(outcome.expect_err("it goes on").downcast_ref::<&str>(), Some(&"the first"));
    }

    #[cfg(unix)]
    #[test]
    fn hostile_trees() {
        use rustix::fs::{CWD, FileType, Mode};
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        symlink(folder.path(), at("loop")).expect("linked");
        symlink("nowhere", at("dangling")).expect("linked");
        symlink("/dev/zero", at("endless")).expect("linked");
        rustix::fs::mknodat(CWD, at("pipe"), FileType::Fifo, Mode::from_raw_mode(0o600), 0).expect("made");
        let _socket = std::os::unix::net::UnixListener::bind(at("socket")).expect("bound");
        let long = "n".repeat(255);
        fs::write(at(&long), "x").expect("written");
        fs::write(at("empty"), "").expect("written");
        fs::write(at("new\nline"), "x").expect("written");
        for name in [&b"caf\xe9"[..], b"caf\xe8"] {
            fs::write(folder.path().join(OsStr::from_bytes(name)), "x").expect("written");
        }
        fs::create_dir(at("shut")).expect("made");
        fs::set_permissions(at("shut"), fs::Permissions::from_mode(0o000)).expect("shut");
        let shut = fs::read_dir(at("shut")).is_err(); // An administrator may read it all the same.
        let (found, mut skips, left_out) = names(folder.path());
        fs::set_permissions(at("shut"), fs::Permissions::from_mode(0o700)).expect("opened");
        assert_eq!(found.len(), 5, "{found:?}");
        assert!(
            found.contains(&long) && found.contains(&"empty".to_owned()) && found.contains(&"new\nline".to_owned())
        );
        assert_eq!(found.iter().filter(|name| name.starts_with("caf\u{fffd}~")).count(), 2);
        assert_ne!(found[0], found[1]);
        if shut {
            assert!(skips.iter().any(|(path, reason)| path == "shut" && reason == "no permission to read it"));
            skips.retain(|(path, _)| path != "shut");
        }
        let reasons: Vec<&str> = skips.iter().map(|(_, reason)| reason.as_str()).collect();
        let link = "is a link; links are not followed";
        assert_eq!(reasons, [link, link, link, "is a named pipe, not a file", "is a socket, not a file"]);
        assert_eq!(left_out, LeftOut { hidden: 0, backups: 0, links: 3, special: 2 });
    }
}
