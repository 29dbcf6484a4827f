//! The archive has moved: says in the index where it is now, without reading the articles again.
//!
//! 1. [`relocate`] finds the roots at and below the old place and what they become.
//! 2. It looks at every known file below the new place. One of the size and the time of change that the index knows is
//!    taken for the one that was read, whatever its inode: copying to another disk makes new ones. This is what `rsync`
//!    goes by too; one that has other contents behind the same size and time is seen by `dateline index --full` only.
//! 3. Roots and what is known of the files are written in one commit.

use super::walk::Entry;
use super::work::state_of;
use crate::backend::FileState;
use crate::backend::local::Local;
use crate::backend::local::writer::{Options, Writer};
use crate::error::{Error, Kind, Result};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What has come of a move.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Each root that has moved: where it was, and where it is.
    pub roots: Vec<(String, String)>,
    /// Files that are known below them.
    pub files: u64,
    /// Those that are there as they were.
    pub found: u64,
    /// Those that are there and have changed: the next run reads them again.
    pub changed: u64,
    /// Those that are not there.
    pub missing: u64,
}

/// How to go about it.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Whether to go on where the files are not there, as of a disk that is not mounted.
    pub force: bool,
    /// Nanoseconds since 1970.
    pub started: i64,
}

/// Says in the index `folder` that what was indexed at `old` is at `new` now.
pub fn relocate(folder: &Path, old: &Path, new: &Path, settings: Settings) -> Result<Moved> {
    // A writer would make an index where there is none.
    Local::open(folder)?;
    let old = plain(old)?;
    let new = there(new, settings.force)?;
    let mut locked = Writer::lock(folder)?;
    locked.sign("dateline relocate", settings.started);
    let mut writer = locked.open(Options { threads: 1, ..Options::default() })?;
    let roots = moved(writer.roots(), &old, &new)?;
    let (moved, states) = look(&writer, &roots, settings.started);
    if !settings.force && moved.found < moved.files.div_ceil(2) {
        return Err(Error::new(
            Kind::NotFound,
            format!("`{}` does not hold what was indexed at `{}`", new.display(), old.display()),
        )
        .because(format!(
            "of {} known files {} are there as they were, {} have changed, {} are missing",
            moved.files, moved.found, moved.changed, moved.missing
        ))
        .hint("check the new place; `--force` takes it all the same, as of a disk that is not mounted now"));
    }
    for (number, root) in &roots {
        writer.move_root(*number, &root.to_string_lossy());
    }
    for (key, state) in &states {
        writer.put_file(key, state)?;
    }
    writer.finish()?;
    Ok(moved)
}

/// The absolute path without a step back in it; links are followed as far as the path is there.
fn plain(path: &Path) -> Result<PathBuf> {
    if let Ok(real) = path.canonicalize() {
        return Ok(real);
    }
    let absolute = std::path::absolute(path).map_err(|error| Error::io("finding the working directory", &error))?;
    Ok(absolute.components().collect())
}

fn there(new: &Path, force: bool) -> Result<PathBuf> {
    let real = plain(new)?;
    if !real.is_dir() && !force {
        return Err(Error::new(Kind::NotFound, format!("there is no folder `{}`", new.display()))
            .hint("check the path; `--force` takes it all the same, as of a disk that is not mounted now"));
    }
    Ok(real)
}

/// The numbers of the roots at and below `old`, and where they are now.
fn moved(roots: &[String], old: &Path, new: &Path) -> Result<Vec<(usize, PathBuf)>> {
    let below = |root: &String| Path::new(root).strip_prefix(old).ok().map(Path::to_owned);
    let mut moved = Vec::new();
    let mut others = Vec::new();
    for (number, root) in roots.iter().enumerate() {
        match below(root) {
            Some(rest) if rest.as_os_str().is_empty() => moved.push((number, new.to_owned())),
            Some(rest) => moved.push((number, new.join(rest))),
            None => others.push(root),
        }
    }
    if moved.is_empty() {
        let around = others.iter().find(|root| old.starts_with(root));
        let error = Error::new(Kind::NotFound, format!("nothing was indexed at `{}`", old.display()));
        return Err(match around {
            Some(root) => error
                .because(format!("it is a part of `{root}`, which can move as a whole only"))
                .hint(format!("run `dateline index` on `{root}` and on the new place: what has moved is read again")),
            None => error.hint("`dateline status` lists what was indexed"),
        });
    }
    if moved.iter().all(|(number, now)| roots.get(*number).is_some_and(|root| Path::new(root) == now)) {
        return Err(Error::new(Kind::Usage, "the old place and the new one are the same")
            .hint("give the folder as it was indexed, then the one where it is now"));
    }
    for (_, now) in &moved {
        if let Some(other) = others.iter().find(|other| now.starts_with(other) || Path::new(other).starts_with(now)) {
            return Err(Error::new(
                Kind::Usage,
                format!("`{}` overlaps with `{other}`, which was indexed too", now.display()),
            )
            .hint("an index knows each file once: choose another place, or build the index anew with `--full`"));
        }
    }
    Ok(moved)
}

/// Looks at all known files of the roots in their new place; gives what is to be kept of those whose inode or time of
/// change of attributes is another one there.
fn look(writer: &Writer, roots: &[(usize, PathBuf)], started: i64) -> (Moved, Vec<(String, FileState)>) {
    let was = |number: usize| writer.roots().get(number).cloned().unwrap_or_default();
    let mut moved = Moved {
        roots: roots.iter().map(|(number, now)| (was(*number), now.to_string_lossy().into_owned())).collect(),
        ..Moved::default()
    };
    let mut states = Vec::new();
    for (key, known) in writer.files() {
        let Some((number, relative)) = key.split_once(':') else { continue };
        let Some((_, root)) = roots.iter().find(|(root, _)| number.parse() == Ok(*root)) else { continue };
        // What was never a file that could be read, such as a link, says nothing.
        if known.size == 0 && known.articles == 0 {
            continue;
        }
        moved.files += 1;
        let path = if relative.is_empty() { root.clone() } else { root.join(relative) };
        let Some(metadata) = path.symlink_metadata().ok().filter(std::fs::Metadata::is_file) else {
            moved.missing += 1;
            continue;
        };
        let now = state_of(&Entry::new(path, relative.to_owned(), &metadata), started);
        if (now.size, now.modified) != (known.size, known.modified) {
            moved.changed += 1;
            continue;
        }
        moved.found += 1;
        if known.complete && (now.changed, now.inode) != (known.changed, known.inode) {
            states.push((key.clone(), FileState { changed: now.changed, inode: now.inode, ..known.clone() }));
        }
    }
    states.sort_by(|a, b| a.0.cmp(&b.0));
    (moved, states)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_at_and_below_the_old_place_move() {
        let roots = ["/disk/news", "/disk/news/2024", "/disk/newspapers", "/home/letters"].map(str::to_owned);
        let to = |old: &str, new: &str| {
            moved(&roots, Path::new(old), Path::new(new))
                .map(|moved| moved.into_iter().map(|(n, path)| format!("{n} {}", path.display())).collect::<Vec<_>>())
                .map_err(|error| error.to_string())
        };
        assert_eq!(to("/disk/news", "/nas"), Ok(vec!["0 /nas".to_owned(), "1 /nas/2024".to_owned()]));
        let all = ["0 /nas/news", "1 /nas/news/2024", "2 /nas/newspapers"].map(str::to_owned);
        assert_eq!(to("/disk", "/nas"), Ok(all.to_vec()));
        assert_eq!(to("/disk/news", "/disk/news/old").map(|moved| moved.len()), Ok(2));
        for (old, new, expected) in [
            ("/disk/news/2023", "/nas", "a part of `/disk/news`"),
            ("/elsewhere", "/nas", "nothing was indexed at `/elsewhere`"),
            ("/disk/news", "/home/letters/news", "overlaps with `/home/letters`"),
            ("/disk/news", "/home", "overlaps with `/home/letters`"),
            ("/disk/news", "/disk/news", "are the same"),
        ] {
            assert!(to(old, new).expect_err("it is refused").contains(expected), "{old} {new}: {:?}", to(old, new));
        }
    }
}
