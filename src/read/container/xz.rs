//! xz, of one or many streams.

use super::{Container, Each};
use crate::read::around::Unpacked;
use crate::read::{File, Skip};
use std::io::BufReader;

/// An xz file.
pub(super) struct Xz;

impl Container for Xz {
    fn name(&self) -> &'static str {
        "xz"
    }

    fn description(&self) -> &'static str {
        "Compressed files (xz), read as what they hold"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["xz", "txz"]
    }

    fn recognise(&self, head: &[u8]) -> bool {
        head.starts_with(b"\xfd7zXZ\0")
    }

    fn open(&self, file: File<'_>, each: &mut Each<'_>, _skip: &mut dyn FnMut(Skip)) -> Result<(), Skip> {
        let decoder = liblzma::bufread::XzDecoder::new_multi_decoder(file.input);
        each(None, &mut BufReader::with_capacity(BUFFER, Unpacked::new(decoder, file.around.budget)));
        Ok(())
    }
}

/// Bytes unpacked at a time.
const BUFFER: usize = 1 << 16;
