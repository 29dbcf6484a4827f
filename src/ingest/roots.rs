//! Roots and keys: how a file is named in an index.
//!
//! A root is a folder that was indexed, or the folder of a file that was. A key is the number of the root, a colon and
//! the path below it, so that an index knows where its originals are and still shows short paths. A file below several
//! roots belongs to the deepest that was there first; indexing a folder and then one inside it adds nothing twice.

use std::path::{Path, PathBuf};

/// Something to be indexed, in terms of roots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// What to walk: a folder or a file.
    pub path: PathBuf,
    /// The number of the root.
    pub root: usize,
    /// The path from the root to `path`, with `/`; empty for the root itself.
    pub below: String,
}

/// The target for `path`, which is absolute and without links, given the roots there are. A new root is added.
pub fn target(path: &Path, is_file: bool, roots: &mut Vec<String>) -> Target {
    let deepest = roots
        .iter()
        .enumerate()
        .filter_map(|(number, root)| path.strip_prefix(root).ok().map(|below| (root.len(), number, below)))
        .max_by_key(|(length, number, _)| (*length, std::cmp::Reverse(*number)));
    if let Some((_, root, below)) = deepest {
        return Target { path: path.to_owned(), root, below: slashed(below) };
    }
    let folder = if is_file { path.parent().unwrap_or(path) } else { path };
    roots.push(folder.to_string_lossy().into_owned());
    let below = path.strip_prefix(folder).map(slashed).unwrap_or_default();
    Target { path: path.to_owned(), root: roots.len() - 1, below }
}

/// The key of the file at `path`, which lies below the root `number`, unless a deeper root has it.
pub fn key(path: &Path, relative: &str, number: usize, roots: &[String]) -> String {
    let own = roots.get(number).map_or(0, String::len);
    let deeper = roots
        .iter()
        .enumerate()
        .filter(|(other, root)| *other != number && root.len() > own)
        .filter_map(|(other, root)| path.strip_prefix(root).ok().map(|below| (root.len(), other, below)))
        .max_by_key(|(length, ..)| *length);
    match deeper {
        Some((_, other, below)) => format!("{other}:{}", slashed(below)),
        None => format!("{number}:{relative}"),
    }
}

/// Whether a key lies at or below a target.
pub fn covers(target: &Target, key: &str, roots: &[String]) -> bool {
    let Some((number, path)) = key.split_once(':') else { return false };
    let Some(number) = number.parse::<usize>().ok() else { return false };
    if number == target.root {
        return target.below.is_empty()
            || path == target.below
            || path.strip_prefix(&target.below).is_some_and(|rest| rest.starts_with('/'));
    }
    // A deeper root below what is walked.
    roots.get(number).is_some_and(|root| Path::new(root).starts_with(&target.path) && Path::new(root) != target.path)
}

fn slashed(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_inside_a_root_adds_none() {
        let mut roots = Vec::new();
        let whole = target(Path::new("/news"), false, &mut roots);
        let part = target(Path::new("/news/2024"), false, &mut roots);
        assert_eq!((roots.len(), part.root, part.below.as_str()), (1, whole.root, "2024"));
        assert!(covers(&whole, "0:2024/a.txt", &roots));
        assert!(covers(&part, "0:2024/a.txt", &roots));
        assert!(!covers(&part, "0:2024b/a.txt", &roots));
        assert_eq!(key(Path::new("/news/2024/a.txt"), "2024/a.txt", 0, &roots), "0:2024/a.txt");
    }

    #[test]
    fn a_folder_around_a_root_leaves_its_files_to_it() {
        let mut roots = Vec::new();
        target(Path::new("/news/2024"), false, &mut roots);
        let whole = target(Path::new("/news"), false, &mut roots);
        assert_eq!(whole.root, 1);
        assert_eq!(key(Path::new("/news/2024/a.txt"), "2024/a.txt", 1, &roots), "0:a.txt");
        assert!(covers(&whole, "0:a.txt", &roots));
    }

    #[test]
    fn a_file_has_its_folder_as_root() {
        let mut roots = Vec::new();
        let file = target(Path::new("/news/a.jsonl"), true, &mut roots);
        assert_eq!((roots[0].as_str(), file.below.as_str()), ("/news", "a.jsonl"));
        assert!(covers(&file, "0:a.jsonl", &roots));
        assert!(!covers(&file, "0:b.jsonl", &roots));
    }
}
