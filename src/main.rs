//! The program: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    dateline::cli::run()
}

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
