//! What can be done about a damaged index, never without being asked.
//!
//! 1. [`prepare`] takes the lock and checks. What the system refuses to do (rights, a fault of the disk, a lock) is no
//!    damage and is left alone.
//! 2. A list of files that is lost or garbled, and lists for look-ups that are, are made anew from what is there.
//! 3. For anything else the index is to be built anew from what was indexed, which must be there: a disk that is not
//!    mounted would give an empty index. The damaged generation is marked, so that it is moved aside, not removed, once
//!    the new one is complete and current.

use super::check::{self, Findings, Watch};
use super::opened::{self, guarded};
use super::{folder, lookups, schema};
use crate::error::{Error, Kind, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Nothing: the index is whole.
    Sound(Findings),
    /// Nothing more: these were mended, and the index is whole now.
    Mended {
        /// What was wrong.
        faults: Vec<String>,
    },
    /// The index is to be built anew with `--full` from these folders and files.
    Rebuild {
        /// What is wrong.
        faults: Vec<String>,
        /// What was indexed.
        roots: Vec<PathBuf>,
    },
}

/// Finds out what is to be done about the index in `folder`, mends what can be mended in place, and marks what is to
/// be replaced. `day` is today, as `2024-06-19`; `deep` says that what is indexed is to be compared with what is stored.
pub fn prepare(folder: &Path, day: &str, deep: Option<Watch<'_>>) -> Result<Repair> {
    // Nothing is written to a folder that holds no index of ours.
    match folder::current(folder) {
        Err(error) if error.kind != Kind::Damaged => return Err(error),
        _ => {}
    }
    let _lock = folder::lock(folder)?;
    let checked = || match deep {
        Some(watch) => check::check_deep(folder, watch),
        None => check::check(folder),
    };
    let mut faults = match checked() {
        Ok(findings) if findings.faults.is_empty() => return Ok(Repair::Sound(findings)),
        Ok(findings) => of_damage(folder, findings)?,
        Err(error) if error.kind == Kind::Damaged => vec![check::reason(error)],
        Err(error) => return Err(error),
    };
    if mend(folder)? {
        match checked() {
            Ok(findings) if findings.faults.is_empty() => return Ok(Repair::Mended { faults }),
            Ok(findings) => faults = of_damage(folder, findings)?,
            Err(error) if error.kind == Kind::Damaged => faults = vec![check::reason(error)],
            Err(error) => return Err(error),
        }
    }
    let damaged = match folder::current(folder) {
        Ok((generation, _)) => generation,
        Err(_) => folder.join(named(folder).unwrap_or_default()),
    };
    let roots = present(folder, roots(folder, &damaged)?)?;
    // Nothing is written through a link.
    let is_ours = fs::symlink_metadata(&damaged).is_ok_and(|there| there.is_dir());
    if damaged != folder && is_ours {
        folder::mark_damaged(&damaged, day)?;
    }
    Ok(Repair::Rebuild { faults, roots })
}

/// The folders that damaged generations of the index in `folder` were moved to.
pub fn moved_aside(folder: &Path) -> Vec<PathBuf> {
    folder::moved_aside(folder)
}

/// The faults, unless the system would not let all be read.
fn of_damage(folder: &Path, findings: Findings) -> Result<Vec<String>> {
    match findings.refused {
        None => Ok(findings.faults),
        Some(why) => {
            Err(Error::new(Kind::Io, format!("the index `{}` cannot be read, which is no damage", folder.display()))
                .because(why)
                .hint("see to the rights, the disk or the process that holds it, then run the command again"))
        }
    }
}

/// Makes lists anew of which all is in other files; whether there was anything to do.
fn mend(folder: &Path) -> Result<bool> {
    let Ok((generation, versions)) = folder::current(folder) else { return Ok(false) };
    let mut mended = false;
    // Not where the list of segments is lost: then the files say nothing.
    let listed = guarded(folder, || opened::index(folder, &generation))
        .and_then(|index| index.load_metas().map_err(|error| opened::failed(folder, "opening", error)));
    let no_list = folder::check_managed(folder, &generation).is_err_and(|error| error.kind == Kind::Damaged);
    let has_metas = generation.join(folder::META).is_file();
    if no_list && has_metas {
        folder::list_anew(folder, &generation)?;
        mended = true;
    }
    if !folder::roots_are_sound(folder)
        && let Ok(roots) = guarded(folder, || opened::roots(folder, &generation))
    {
        folder::keep_roots(folder, &roots)?;
        mended = true;
    }
    let Ok(metas) = listed else { return Ok(mended) };
    let unsound = |id: &String| !lookups::is_sound(&generation, id);
    let unsound: Vec<String> = metas.segments.iter().map(|one| one.id().uuid_string()).filter(unsound).collect();
    if unsound.is_empty() {
        return Ok(mended);
    }
    for id in unsound {
        lookups::remove_unsound(&generation, &id)
            .map_err(|error| Error::io(format!("tidying up the index `{}`", folder.display()), &error))?;
    }
    // Where more is damaged they cannot be made, and need not be.
    let _ = guarded(folder, || {
        let opened = opened::open_generation(folder, generation, versions)?;
        let (_, fields) = schema::schema();
        lookups::write_missing(&opened.generation, opened.searcher.index(), &fields)
            .map_err(|error| opened.failed("preparing look-ups in", error))
    });
    Ok(true)
}

/// The generation of an index whose notes do not lead to it.
fn named(folder: &Path) -> Option<String> {
    folder::noted(folder).ok().filter(|name| folder::is_generation(name)).or_else(|| folder::orphaned(folder))
}

/// What was indexed: as the last commit says, else as is kept beside the generations.
fn roots(folder: &Path, generation: &Path) -> Result<Vec<String>> {
    let committed = guarded(folder, || opened::roots(folder, generation));
    let roots = committed.ok().filter(|roots| !roots.is_empty()).or_else(|| folder::kept_roots(folder));
    roots.filter(|roots| !roots.is_empty()).ok_or_else(|| {
        Error::new(Kind::Damaged, format!("what was indexed in `{}` is no longer known", folder.display()))
            .hint(format!("name it, and the index is built anew beside the old one: {}", folder::rebuild(folder)))
    })
}

/// The roots, unless one is gone or empty.
fn present(folder: &Path, roots: Vec<String>) -> Result<Vec<PathBuf>> {
    let gone = |root: &&String| {
        let path = Path::new(root.as_str());
        let entries = fs::read_dir(path).map(|mut entries| entries.next().is_none());
        if path.is_dir() { entries.unwrap_or(true) } else { !path.exists() }
    };
    if let Some(root) = roots.iter().find(gone) {
        return Err(Error::new(Kind::NotFound, format!("`{root}`, which is indexed, is not there or empty"))
            .because(format!("without it the index `{}` would be built anew with nothing of it", folder.display()))
            .hint(format!(
                "mount its disk and run the command again, or name what is to be indexed: {}",
                folder::rebuild(folder)
            )));
    }
    Ok(roots.into_iter().map(PathBuf::from).collect())
}
