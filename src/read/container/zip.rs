//! zip archives. Their list of members stands at the end, so an archive within another is held in memory.

use super::{Container, Each, is_hidden};
use crate::read::around::Unpacked;
use crate::read::{File, Flow, Skip};
use std::io::{BufReader, Cursor, Read, Seek};
use zip::ZipArchive;

/// A zip archive.
pub(super) struct Zip;

/// The largest archive within another that is read, in bytes: it is held in memory.
const LARGEST_WITHIN: u64 = 128 << 20;

impl Container for Zip {
    fn name(&self) -> &'static str {
        "zip"
    }

    fn description(&self) -> &'static str {
        "Archives (zip), each file in them read by itself"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["zip"]
    }

    fn recognise(&self, head: &[u8]) -> bool {
        head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
    }

    fn open(&self, file: File<'_>, each: &mut Each<'_>, skip: &mut dyn FnMut(Skip)) -> Result<(), Skip> {
        if let Some(seekable) = file.around.seekable {
            return members(BufReader::new(seekable), &file, each, skip);
        }
        let mut bytes = Vec::new();
        let read = (&mut *file.input).take(LARGEST_WITHIN + 1).read_to_end(&mut bytes);
        read.map_err(|error| Skip::file(file.path, format!("cannot be read: {error}")))?;
        if bytes.len() as u64 > LARGEST_WITHIN {
            let reason = format!("is a zip archive of more than {} MB within another archive", LARGEST_WITHIN >> 20);
            return Err(Skip::file(file.path, reason));
        }
        members(Cursor::new(bytes), &file, each, skip)
    }
}

fn members<R: Read + Seek>(
    input: R,
    file: &File<'_>,
    each: &mut Each<'_>,
    skip: &mut dyn FnMut(Skip),
) -> Result<(), Skip> {
    let (path, budget) = (file.path, file.around.budget);
    let mut archive = ZipArchive::new(input).map_err(|_| Skip::file(path, "is a damaged zip archive"))?;
    if let Some(kind) = office(&archive) {
        return Err(Skip::file(path, format!("{kind} is not read")));
    }
    // Where the data of each member lies: a bomb has many members that share one.
    let mut ends: Vec<(u64, u64)> = Vec::new();
    for number in 0..archive.len() {
        if let Err(reason) = budget.add_member() {
            skip(Skip::file(path, reason));
            break;
        }
        let member = match archive.by_index(number) {
            Ok(member) => member,
            Err(error) => {
                let reason = match &error {
                    zip::result::ZipError::UnsupportedArchive(what) if what.contains("assword") => {
                        "is encrypted".to_owned()
                    }
                    zip::result::ZipError::InvalidPassword => "is encrypted".to_owned(),
                    _ => format!("cannot be unpacked: {error}"),
                };
                skip(Skip::member(path, format!("entry {}", number + 1), reason));
                continue;
            }
        };
        let name = member.name().map_or_else(|_| format!("entry {}", number + 1), |name| name.replace('\\', "/"));
        if !member.is_file() || is_hidden(&name) {
            continue;
        }
        let start = member.data_start().unwrap_or(0);
        let end = start.saturating_add(member.compressed_size());
        if start < end && ends.iter().any(|(from, to)| *from < end && start < *to) {
            skip(Skip::member(path, name, "shares its bytes with another file of the archive"));
            continue;
        }
        ends.push((start, end));
        if file.around.depth == 0 {
            budget.add_packed(member.compressed_size());
        }
        if each(Some(&name), &mut BufReader::new(Unpacked::new(member, budget))) == Flow::Stop {
            break;
        }
    }
    Ok(())
}

/// What a zip archive is that is a document of an office program or a book.
fn office<R: Read + Seek>(archive: &ZipArchive<R>) -> Option<&'static str> {
    let has = |name: &str| archive.index_for_name(name).is_some();
    match () {
        () if has("word/document.xml") => Some("a document (Word)"),
        () if has("xl/workbook.xml") => Some("a spreadsheet (Excel)"),
        () if has("ppt/presentation.xml") => Some("a presentation (PowerPoint)"),
        () if has("META-INF/container.xml") => Some("a book (EPUB)"),
        () if has("META-INF/manifest.xml") && has("content.xml") => Some("a document (OpenDocument)"),
        () if has("META-INF/MANIFEST.MF") => Some("a program (Java)"),
        () => None,
    }
}
