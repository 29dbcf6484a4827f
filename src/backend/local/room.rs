//! What an index takes of its disk, and whether there is room for what is to be written: said before the disk is full.
//!
//! A merge writes its output beside its inputs, so for a while the largest one takes their size again.

use super::check;
use crate::backend::Part;
use crate::error::{Error, Kind, Result};
use std::path::Path;
use tantivy::indexer::MergePolicy;
use tantivy::{IndexMeta, SegmentMeta};

/// Free bytes of the disk that `folder` is on, for whoever is no administrator; none where the system does not say.
pub(super) fn free(folder: &Path) -> Option<u64> {
    #[cfg(unix)]
    if let Ok(disk) = rustix::fs::statvfs(folder) {
        return Some(disk.f_bavail.saturating_mul(disk.f_frsize));
    }
    let _ = folder;
    None
}

/// Bytes of all files in a folder.
pub(super) fn size(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.flatten().filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
}

/// Bytes of the files of a segment.
pub(super) fn of_segment(generation: &Path, segment: &SegmentMeta) -> u64 {
    let sizes = check::files_of(segment).into_iter().filter_map(|file| generation.join(file).metadata().ok());
    sizes.map(|metadata| metadata.len()).sum()
}

/// Bytes of the index by what is in its files.
pub(super) fn parts(generation: &Path) -> Vec<Part> {
    let mut parts: Vec<Part> = PARTS.iter().map(|(part, _)| Part { part: (*part).to_owned(), bytes: 0 }).collect();
    for entry in std::fs::read_dir(generation).into_iter().flatten().flatten() {
        let path = entry.path();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("");
        let at = PARTS.iter().position(|(_, endings)| endings.contains(&ending)).unwrap_or(PARTS.len() - 1);
        if let (Some(part), Ok(metadata)) = (parts.get_mut(at), entry.metadata()) {
            part.bytes += metadata.len();
        }
    }
    parts
}

/// The parts of an index and the endings of their files; the last has all others.
const PARTS: &[(&str, &[&str])] = &[
    ("text", &["store", "dict"]),
    ("words and names", &["idx", "pos", "term", "fieldnorm"]),
    ("columns", &["fast"]),
    ("lists", &["lookup"]),
    ("other", &[]),
];

/// Bytes that the largest merge takes that `policy` would begin now.
pub(super) fn largest_merge(generation: &Path, metas: &IndexMeta, policy: &dyn MergePolicy) -> u64 {
    let merges = policy.compute_merge_candidates(&metas.segments);
    let inputs = |merge: &tantivy::indexer::MergeCandidate| {
        metas
            .segments
            .iter()
            .filter(|segment| merge.0.contains(&segment.id()))
            .map(|segment| of_segment(generation, segment))
            .sum()
    };
    merges.iter().map(inputs).max().unwrap_or(0)
}

/// An error where `need` bytes are more than there are on the disk of `index`.
pub(super) fn enough(index: &Path, free: Option<u64>, need: u64) -> Result<()> {
    match free {
        Some(free) if free < need => Err(Error::new(
            Kind::Io,
            format!("the disk of `{}` has {} free, this run may need {}", index.display(), bytes(free), bytes(need)),
        )
        .hint("free some space, or put the index elsewhere with `--index DIR`; what was committed is safe")),
        _ => Ok(()),
    }
}

/// `1.2 GB`, `120 MB`, `0.4 MB`.
fn bytes(count: u64) -> String {
    match count as f64 / 1e6 {
        mega if mega >= 1e3 => format!("{:.1} GB", mega / 1e3),
        mega if mega >= 10.0 => format!("{mega:.0} MB"),
        mega => format!("{mega:.1} MB"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_and_free_is_said() {
        let index = Path::new("kept");
        assert!(enough(index, None, u64::MAX).is_ok());
        assert!(enough(index, Some(10), 10).is_ok());
        let error = enough(index, Some(120_400_000), 1_840_000_000).expect_err("there is too little");
        assert_eq!(error.message, "the disk of `kept` has 120 MB free, this run may need 1.8 GB");
        assert!(error.hint.is_some_and(|hint| hint.starts_with("free some space")));
    }
}
