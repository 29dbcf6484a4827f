//! bzip2, of one or many streams.

use super::{Container, Each};
use crate::read::around::Unpacked;
use crate::read::{File, Skip};
use std::io::BufReader;

/// A bzip2 file.
pub(super) struct Bzip2;

impl Container for Bzip2 {
    fn name(&self) -> &'static str {
        "bzip2"
    }

    fn description(&self) -> &'static str {
        "Compressed files (bzip2), read as what they hold"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["bz2", "tbz2", "tbz"]
    }

    fn recognise(&self, head: &[u8]) -> bool {
        matches!(head, [b'B', b'Z', b'h', b'1'..=b'9', 0x31 | 0x17, ..])
    }

    fn open(&self, file: File<'_>, each: &mut Each<'_>, _skip: &mut dyn FnMut(Skip)) -> Result<(), Skip> {
        let decoder = bzip2::bufread::MultiBzDecoder::new(file.input);
        each(None, &mut BufReader::with_capacity(BUFFER, Unpacked::new(decoder, file.around.budget)));
        Ok(())
    }
}

/// Bytes unpacked at a time.
const BUFFER: usize = 1 << 16;
