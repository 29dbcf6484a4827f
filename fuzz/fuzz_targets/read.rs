//! Any bytes as a file of any name: an article or a reason, never a panic, never a hang.
//!
//! The first line of the input is the name of the file, what follows is its content.

#![no_main]

use dateline::read::around::{Around, Budget};
use dateline::read::{self, Flow};
use libfuzzer_sys::fuzz_target;
use std::io::Cursor;

fuzz_target!(|input: &[u8]| {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let name = String::from_utf8_lossy(&input[..end]);
    // A PDF is read by a library that panics on damage: in a process of its own, and caught, which the fuzzer does not let
    // happen.
    if input.windows(5).any(|five| five == b"%PDF-") {
        return;
    }
    let budget = Budget::default();
    let _ = read::read(
        &name,
        &mut Cursor::new(input.get(end + 1..).unwrap_or(b"")),
        Around::new(&budget),
        &mut |article| {
            for span in &article.furniture {
                assert!(article.text.get(span.start..span.end).is_some(), "a span does not fit the text");
            }
            Flow::Continue
        },
        &mut |skip| assert!(!skip.reason.is_empty()),
    );
});
