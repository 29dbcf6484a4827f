//! gzip, of one or many members: web archives compress each record by itself.

use super::{Container, Each};
use crate::read::around::Unpacked;
use crate::read::{File, Skip};
use std::io::BufReader;

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
        head.starts_with(b"\x1f\x8b\x08")
    }

    fn open(&self, file: File<'_>, each: &mut Each<'_>, _skip: &mut dyn FnMut(Skip)) -> Result<(), Skip> {
        let decoder = flate2::bufread::MultiGzDecoder::new(file.input);
        each(None, &mut BufReader::with_capacity(BUFFER, Unpacked::new(decoder, file.around.budget)));
        Ok(())
    }
}

/// Bytes unpacked at a time.
const BUFFER: usize = 1 << 16;
