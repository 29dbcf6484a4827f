//! Bytes that nobody would write: what fuzzing has found, read again, and the files of the formats with random damage.
//!
//! What is found is an article or a reason, never a panic. `DATELINE_ROUNDS=1000 cargo test --test main fuzzed` damages
//! each file so many times.

use super::corpus::{Chance, rounds};
use dateline::read::around::{Around, Budget};
use dateline::read::{self, Flow};
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

#[test]
fn what_fuzzing_found_is_read() {
    for file in files(&package("fuzz/corpus/read")) {
        let bytes = fs::read(&file).expect("it can be read");
        // As the target has it: the first line is the name.
        let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(0);
        read_all(&String::from_utf8_lossy(&bytes[..end]), bytes.get(end + 1..).unwrap_or(b""));
    }
}

#[test]
fn damaged_files_of_every_format_are_read() {
    let files = files(&package("tests/formats"));
    assert!(!files.is_empty(), "there are files of the formats");
    for round in 0..rounds(3) {
        for (number, file) in files.iter().enumerate() {
            let mut bytes = fs::read(file).expect("it can be read");
            let name = file.to_string_lossy();
            damage(&mut bytes, &mut Chance::new(round << 16 | number as u64));
            let caught = std::panic::catch_unwind(|| read_all(&name, &bytes));
            assert!(caught.is_ok(), "{name} with the damage of round {round}");
        }
    }
}

/// Reads everything that is in `bytes`, within what one file may use up.
fn read_all(name: &str, bytes: &[u8]) {
    let budget = Budget::default();
    if let Err(skip) = read::read(
        name,
        &mut Cursor::new(bytes),
        Around::new(&budget),
        &mut |article| {
            for span in &article.furniture {
                assert!(article.text.get(span.start..span.end).is_some(), "{name}: a span does not fit the text");
            }
            Flow::Continue
        },
        &mut |skip| assert!(!skip.reason.is_empty(), "{name}"),
    ) {
        assert!(!skip.reason.is_empty(), "{name}");
    }
}

/// Some bits flipped, some bytes taken out, doubled or replaced by what means something to many formats.
fn damage(bytes: &mut Vec<u8>, chance: &mut Chance) {
    const SIGNS: [&[u8]; 12] =
        [b"<", b">", b"\"", b"&", b"\0", b"\xff", b"{", b"]", b"\n\n", b"<!--", b"]]>", b"99999999999999999999"];
    for _ in 0..1 + chance.below(6) {
        let length = bytes.len() as u64;
        let at = chance.below(length) as usize;
        let end = (at + 1 + chance.below(200) as usize).min(bytes.len());
        match chance.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
            1 => bytes.truncate(at),
            2 => drop(bytes.drain(at.min(end)..end)),
            3 => {
                let piece = bytes.get(at..end).unwrap_or(b"").to_vec();
                let again = chance.below(50) as usize;
                bytes.splice(at..at, piece.iter().copied().cycle().take(piece.len() * again));
            }
            _ => {
                let sign = SIGNS[chance.below(SIGNS.len() as u64) as usize];
                bytes.splice(at..at, sign.iter().copied());
            }
        }
    }
}

fn package(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Every file below a folder, in order; none where there is no folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    paths.sort();
    paths.into_iter().flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
