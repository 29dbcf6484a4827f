//! Zstandard, of one or many frames.

use super::{Container, Each};
use crate::read::around::Unpacked;
use crate::read::{File, Skip};
use std::io::BufReader;

/// A Zstandard file.
pub(super) struct Zstd;

impl Container for Zstd {
    fn name(&self) -> &'static str {
        "zstd"
    }

    fn description(&self) -> &'static str {
        "Compressed files (Zstandard), read as what they hold"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["zst", "zstd", "tzst"]
    }

    fn recognise(&self, head: &[u8]) -> bool {
        head.starts_with(b"(\xb5/\xfd")
    }

    fn open(&self, file: File<'_>, each: &mut Each<'_>, _skip: &mut dyn FnMut(Skip)) -> Result<(), Skip> {
        let path = file.path;
        // What would need more than 128 MB to unpack is refused by the library.
        let decoder = zstd::stream::read::Decoder::with_buffer(file.input)
            .map_err(|error| Skip::file(path, format!("cannot be unpacked: {error}")))?;
        each(None, &mut BufReader::with_capacity(BUFFER, Unpacked::new(decoder, file.around.budget)));
        Ok(())
    }
}

/// Bytes unpacked at a time.
const BUFFER: usize = 1 << 16;
