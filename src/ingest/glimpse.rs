//! Whether anything below some folders has changed, told from names, sizes and times alone: for whoever watches them.
//!
//! Looking again and again works on every drive, those of a network too, of which the system sends no word; two hundred
//! thousand files take less than a second. Nothing is kept but one number, however many files there are.

use super::walk;
use crate::error::Result;
use crate::read::Flow;
use std::hash::{Hash, Hasher};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a glimpse of some folders has seen: two that are equal saw the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glimpse(u64);

/// Looks at the names, sizes and times of all files of `paths`; none where that was stopped.
pub fn glimpse(paths: &[PathBuf], stop: &AtomicBool) -> Result<Option<Glimpse>> {
    let mut hasher = rustc_hash::FxHasher::default();
    for path in paths {
        let mut skipped = 0_u64;
        path.hash(&mut hasher);
        walk::walk(path, &mut |_| skipped += 1, &mut |entry| {
            entry.relative.hash(&mut hasher);
            (entry.size, entry.mtime_ns, entry.ctime_ns, entry.inode).hash(&mut hasher);
            if stop.load(Ordering::Relaxed) { Flow::Stop } else { Flow::Continue }
        })?;
        skipped.hash(&mut hasher);
    }
    Ok((!stop.load(Ordering::Relaxed)).then(|| Glimpse(hasher.finish())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn every_change_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let paths = [folder.path().to_owned()];
        let stop = AtomicBool::new(false);
        let look = || glimpse(&paths, &stop).unwrap().unwrap();
        let mut seen = vec![look()];
        assert_eq!(look(), seen[0]);
        let file = folder.path().join("a.txt");
        fs::write(&file, "one").unwrap();
        seen.push(look());
        fs::write(&file, "one two").unwrap();
        seen.push(look());
        fs::rename(&file, folder.path().join("b.txt")).unwrap();
        seen.push(look());
        for (at, one) in seen.iter().enumerate() {
            assert!(seen[at + 1..].iter().all(|other| other != one), "{seen:?}");
        }
        fs::remove_file(folder.path().join("b.txt")).unwrap();
        assert_eq!(look(), seen[0]);
        assert_eq!(glimpse(&paths, &AtomicBool::new(true)).unwrap(), None);
    }
}
