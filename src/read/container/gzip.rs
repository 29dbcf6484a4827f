//! gzip, of one or many members: web archives compress each record by itself.
//!
//! A damaged member ends what is read of a file, but not of a web archive: its records stand alone, so that the next
//! member is looked for.

use super::{Container, Each};
use crate::read::around::Unpacked;
use crate::read::{File, Skip};
use flate2::bufread::GzDecoder;
use std::cell::Cell;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};

/// A gzip file.
pub(super) struct Gzip;

impl Container for Gzip {
    fn name(&self) -> &'static str {
        "gzip"
    }

    fn description(&self) -> &'static str {
        "Compressed files (gzip), read as what they hold"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["gz", "gzip", "tgz"]
    }

    fn recognise(&self, head: &[u8]) -> bool {
        head.starts_with(MAGIC)
    }

    fn open(&self, file: File<'_>, each: &mut Each<'_>, skip: &mut dyn FnMut(Skip)) -> Result<(), Skip> {
        let (path, damaged) = (file.path, Cell::new(0));
        let members = Members { member: Some(GzDecoder::new(file.input)), start: Vec::new(), damaged: &damaged };
        each(None, &mut BufReader::with_capacity(BUFFER, Unpacked::new(members, file.around.budget)));
        match damaged.get() {
            0 => {}
            1 => skip(Skip::file(path, "has a damaged place, which was passed over")),
            count => skip(Skip::file(path, format!("has {count} damaged places, which were passed over"))),
        }
        Ok(())
    }
}

/// How a member begins: gzip, and the one method of compression that there is.
const MAGIC: &[u8] = b"\x1f\x8b\x08";

/// Bits of the flags behind it that are never set.
const RESERVED: u8 = 0xe0;

/// Bytes unpacked at a time.
const BUFFER: usize = 1 << 16;

/// What the members of a file hold, one after the other.
struct Members<'a> {
    /// The one that is read; none behind the last.
    member: Option<GzDecoder<&'a mut dyn BufRead>>,
    /// The first bytes of what they hold.
    start: Vec<u8>,
    /// How many places were passed over.
    damaged: &'a Cell<u64>,
}

impl Members<'_> {
    /// Whether the file is a web archive, in WARC or ARC.
    fn is_web_archive(&self) -> bool {
        [&b"WARC/"[..], b"filedesc:"].iter().any(|mark| self.start.starts_with(mark))
    }

    /// Goes on to the next member: the one that follows, or the first that is found.
    fn next(&mut self, damaged: bool) -> io::Result<()> {
        let Some(member) = self.member.take() else { return Ok(()) };
        let input = member.into_inner();
        if damaged {
            self.damaged.set(self.damaged.get() + 1);
            seek(input)?;
        }
        if !input.fill_buf()?.is_empty() {
            self.member = Some(GzDecoder::new(input));
        }
        Ok(())
    }
}

impl Read for Members<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(member) = self.member.as_mut() else { return Ok(0) };
            match member.read(buffer) {
                Ok(0) if !buffer.is_empty() => self.next(false)?,
                Ok(count) => {
                    let missing = BEGINNING.saturating_sub(self.start.len()).min(count);
                    self.start.extend_from_slice(buffer.get(..missing).unwrap_or(&[]));
                    return Ok(count);
                }
                Err(error) => {
                    let wrong = matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::InvalidInput);
                    if !wrong || !self.is_web_archive() {
                        return Err(error);
                    }
                    self.next(true)?;
                }
            }
        }
    }
}

/// So many bytes tell a web archive.
const BEGINNING: usize = 9;

/// Reads on to what looks like the beginning of a member, or to the end.
fn seek(input: &mut dyn BufRead) -> io::Result<()> {
    loop {
        let bytes = input.fill_buf()?;
        if bytes.is_empty() {
            return Ok(());
        }
        let begins = |at: &usize| {
            let rest = bytes.get(*at..).unwrap_or(&[]);
            // What the buffer holds only in part is taken for one.
            let magic = MAGIC.get(..rest.len().min(MAGIC.len())).is_some_and(|magic| rest.starts_with(magic));
            magic && rest.get(MAGIC.len()).is_none_or(|flags| flags & RESERVED == 0)
        };
        let found = memchr::memchr_iter(MAGIC[0], bytes).find(begins);
        let passed = found.unwrap_or(bytes.len());
        input.consume(passed);
        if found.is_some() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn member(text: &str) -> Vec<u8> {
        let mut member = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        member.write_all(text.as_bytes()).and_then(|()| member.finish()).expect("memory takes it")
    }

    /// What is read of many members with the bytes of the second changed, and how many places were passed over.
    fn check(first: &str, change: impl Fn(&mut Vec<u8>)) -> (io::Result<String>, u64) {
        let mut second = member(&"Two. ".repeat(99));
        change(&mut second);
        let all = [member(first), second, member("Three.").repeat(99)].concat();
        let damaged = Cell::new(0);
        // A small buffer: what is looked for may lie over its end.
        let mut input = BufReader::with_capacity(7, all.as_slice());
        let mut members = Members { member: Some(GzDecoder::new(&mut input)), start: Vec::new(), damaged: &damaged };
        let mut bytes = Vec::new();
        let read = members.read_to_end(&mut bytes);
        (read.map(|_| String::from_utf8_lossy(&bytes).into_owned()), damaged.get())
    }

    #[test]
    fn a_web_archive_goes_on_behind_damage() {
        let (text, damaged) = check("WARC/1.0 One. ", |_| ());
        assert_eq!((text.ok().map(|text| text.len()), damaged), (Some(14 + 5 * 99 + 6 * 99), 0));
        for first in ["WARC/1.0 One. ", "filedesc: One. "] {
            for at in [0, 2, 11, 14] {
                let (text, damaged) = check(first, |second| second[at] ^= 0xff);
                let text = text.expect("it goes on");
                assert!(text.starts_with(first) && text.ends_with("Three."), "{at}: {text}");
                assert!(damaged > 0, "{at}");
            }
            let (text, damaged) = check(first, |second| second.truncate(20));
            assert!(text.is_ok_and(|text| text.ends_with("Three.")) && damaged > 0);
        }
        assert!(check("One. ", |second| second[11] ^= 0xff).0.is_err());
    }
}
