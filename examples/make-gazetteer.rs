//! Packs the tables of cities and divisions into the one that is part of the program.
//!
//! ```text
//! cargo run --release --example make-gazetteer
//! ```

#![allow(clippy::print_stdout, clippy::print_stderr)] // A developer reads it.

use dateline::places::pack;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let outcome = pack::from_folder(&data).and_then(|packed| {
        println!("{} bytes", packed.len());
        std::fs::write(data.join("places/gazetteer.bin"), packed).map_err(|error| error.to_string())
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("make-gazetteer: {message}");
            ExitCode::FAILURE
        }
    }
}
