//! `dateline read-pdf`: takes the text out of one PDF file, for this program itself. It is not shown to anyone.

use super::report::Report;
use super::{Command, Exit};
use crate::error::{Error, Kind, Result};
use crate::read::LARGEST_SINGLE;
use crate::read::pdf::{extract, process};
use clap::ArgMatches;
use std::io::Read;

/// The command.
pub(super) struct ReadPdf;

impl Command for ReadPdf {
    fn define(&self) -> clap::Command {
        clap::Command::new(process::COMMAND)
            .hide(true)
            .about("Read a PDF file from standard input and write its lines of text as JSON, within limits")
    }

    fn run(&self, _matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        limit();
        let mut bytes = Vec::new();
        let read = std::io::stdin().take(LARGEST_SINGLE).read_to_end(&mut bytes);
        read.map_err(|error| Error::new(Kind::Io, format!("standard input cannot be read: {error}")))?;
        // Deep nesting takes a large stack.
        let thread = std::thread::Builder::new().stack_size(process::STACK).spawn(move || extract::extract(&bytes));
        let thread = thread.map_err(|error| Error::new(Kind::Io, format!("no thread can be started: {error}")))?;
        let found = thread.join().map_err(|_| Error::new(Kind::Io, "the PDF file is damaged"))?;
        report.json(&found)?;
        Ok(Exit::Done)
    }
}

/// Limits what this process can use up. Where that fails, the one that started it still ends it in time.
#[cfg(unix)]
fn limit() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let at_most = |most: u64| Rlimit { current: Some(most), maximum: Some(most) };
    let _ = setrlimit(Resource::As, at_most(reserved().saturating_add(process::MOST_MEMORY)));
    let _ = setrlimit(Resource::Cpu, at_most(process::LONGEST));
    let _ = setrlimit(Resource::Core, at_most(0));
}

/// How much of the address space is taken already, in bytes: the allocator reserves more than it uses.
#[cfg(unix)]
fn reserved() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let size = status.lines().find_map(|line| line.strip_prefix("VmSize:"));
    let kilobytes = size.and_then(|size| size.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kilobytes.unwrap_or(0).saturating_mul(1024)
}

#[cfg(not(unix))]
fn limit() {}
