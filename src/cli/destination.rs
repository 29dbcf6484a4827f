//! Where the rows of a long answer go: standard output, or the file of `--output`.
//!
//! A file is there whole or not at all: it is written under another name beside its place and renamed at the end. What is
//! no file (a pipe, a device) is written to as it is.

use super::report::Report;
use crate::error::{Error, Kind, Result};
use clap::{Arg, ArgMatches};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

/// Bytes that are written at once.
const BUFFER: usize = 1 << 18;

/// The `--output` argument.
pub(super) fn argument() -> Arg {
    Arg::new("output")
        .short('o')
        .long("output")
        .value_name("FILE")
        .value_parser(clap::value_parser!(PathBuf))
        .help_heading(super::listing::OUTPUT)
        .help("Write to this file, which is there whole or not at all [default: standard output]")
}

/// Where it goes.
pub(super) enum Destination<'r> {
    /// To standard output.
    Report(&'r mut Report),
    /// To a file.
    File(Target),
}

/// A file that is being written.
pub(super) struct Target {
    path: PathBuf,
    /// Where it is written until it is whole.
    temporary: Option<PathBuf>,
    file: BufWriter<File>,
}

impl Destination<'_> {
    /// The file of `--output`, else standard output.
    pub(super) fn open<'r>(matches: &ArgMatches, report: &'r mut Report) -> Result<Destination<'r>> {
        match matches.get_one::<PathBuf>("output").filter(|path| path.as_os_str() != "-") {
            Some(path) => Target::open(path).map(Destination::File),
            None => Ok(Destination::Report(report)),
        }
    }

    /// Writes some of it, unless Ctrl-C was pressed.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        if super::STOP.load(Ordering::Relaxed) {
            return Err(Error::new(Kind::Interrupted, "stopped before the end"));
        }
        match self {
            Destination::Report(report) => {
                let outcome = report.writer().write_all(bytes);
                report.written(outcome)
            }
            Destination::File(target) => target.file.write_all(bytes).map_err(|error| failed(&target.path, &error)),
        }
    }

    /// Lets those who read along see what was written so far.
    pub(super) fn flush(&mut self) -> Result<()> {
        match self {
            Destination::Report(report) => {
                let outcome = report.writer().flush();
                report.written(outcome)
            }
            Destination::File(_) => Ok(()),
        }
    }

    /// All is written: the file takes its place.
    pub(super) fn finish(self) -> Result<()> {
        match self {
            Destination::Report(_) => Ok(()),
            Destination::File(target) => target.finish(),
        }
    }
}

impl Target {
    fn open(given: &Path) -> Result<Target> {
        // A link stays one: what it leads to is written anew.
        let path = given.canonicalize().unwrap_or_else(|_| given.to_owned());
        let known = fs::metadata(&path).ok();
        let file = |file| BufWriter::with_capacity(BUFFER, file);
        if known.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(Error::new(Kind::Usage, format!("`{}` is a folder", given.display()))
                .hint("`--output` wants the name of a file"));
        }
        if known.as_ref().is_some_and(|known| !known.is_file()) {
            let opened = OpenOptions::new().write(true).open(&path).map_err(|error| failed(given, &error))?;
            return Ok(Target { path: given.to_owned(), temporary: None, file: file(opened) });
        }
        super::watch_for_interrupts();
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.part", std::process::id()));
        let temporary = path.with_file_name(name);
        let opened = File::create(&temporary).map_err(|error| failed(given, &error))?;
        if let Some(known) = known {
            // Whoever could read it before can do so again.
            let _ = opened.set_permissions(known.permissions());
        }
        Ok(Target { path, temporary: Some(temporary), file: file(opened) })
    }

    fn finish(mut self) -> Result<()> {
        let outcome = self.file.flush().and_then(|()| match &self.temporary {
            Some(_) => self.file.get_ref().sync_all(),
            None => Ok(()),
        });
        outcome.map_err(|error| failed(&self.path, &error))?;
        if let Some(temporary) = self.temporary.take()
            && let Err(error) = fs::rename(&temporary, &self.path)
        {
            let _ = fs::remove_file(&temporary);
            return Err(failed(&self.path, &error));
        }
        Ok(())
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            let _ = fs::remove_file(temporary);
        }
    }
}

fn failed(path: &Path, error: &io::Error) -> Error {
    let said = Error::new(Kind::Io, format!("failed writing to `{}`", path.display())).because(error);
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            said.hint("free some space; the file is as it was before")
        }
        io::ErrorKind::NotFound => said.hint("make the folder first"),
        // Whoever reads a pipe of that name has gone.
        io::ErrorKind::BrokenPipe => Error::new(Kind::ClosedPipe, "the pipe was closed"),
        _ => said,
    }
}
