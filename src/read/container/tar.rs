//! tar archives, streamed from one end to the other.

use super::{Container, Each, is_hidden};
use crate::read::{File, Flow, Skip};
use std::io::BufReader;

/// A tar archive.
pub(super) struct Tar;

impl Container for Tar {
    fn name(&self) -> &'static str {
        "tar"
    }

    fn description(&self) -> &'static str {
        "Archives (tar), each file in them read by itself"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["tar"]
    }

    fn recognise(&self, head: &[u8]) -> bool {
        head.get(257..262) == Some(b"ustar")
    }

    fn open(&self, file: File<'_>, each: &mut Each<'_>, skip: &mut dyn FnMut(Skip)) -> Result<(), Skip> {
        let path = file.path;
        let failed =
            |error: std::io::Error| Skip::file(path, format!("is a damaged tar archive from here on: {error}"));
        let mut archive = tar::Archive::new(file.input);
        for entry in archive.entries().map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let kind = entry.header().entry_type();
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            // Folders and links hold nothing; what a link leads to is read where it lies.
            if !(kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse()) || is_hidden(&name) {
                continue;
            }
            if let Err(reason) = file.around.budget.add_member() {
                skip(Skip::file(path, reason));
                break;
            }
            if each(Some(&name), &mut BufReader::new(entry)) == Flow::Stop {
                break;
            }
        }
        Ok(())
    }
}
