//! The one error of the crate: what went wrong, because of what, and what to do next.
//!
//! Modules below `cli` return it and never print it. The kind gives the exit code.

use std::fmt;
use std::ops::Range;

/// The result of anything that can fail for a reason a user should read.
pub type Result<T> = std::result::Result<T, Error>;

/// What sort of thing went wrong. Each kind has one name in JSON and one exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The command line or a setting makes no sense.
    Usage,
    /// The query cannot be read.
    Query,
    /// There is no index where one was expected.
    NoIndex,
    /// The index is damaged.
    Damaged,
    /// The index was made by another version, or is not ours.
    Incompatible,
    /// Another process is writing to the index.
    Locked,
    /// Something that was asked for is not there.
    NotFound,
    /// The operating system refused: disk full, no permission, input or output error.
    Io,
    /// Files were skipped and `--strict` was given.
    Strict,
    /// The reader of standard output has gone: a quiet end.
    ClosedPipe,
    /// The user stopped the run.
    Interrupted,
    /// A fault of this program.
    Bug,
}

impl Kind {
    /// The name of the kind in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Usage => "usage",
            Kind::Query => "query",
            Kind::NoIndex => "no-index",
            Kind::Damaged => "damaged",
            Kind::Incompatible => "incompatible",
            Kind::Locked => "locked",
            Kind::NotFound => "not-found",
            Kind::Io => "io",
            Kind::Strict => "strict",
            Kind::ClosedPipe => "closed-pipe",
            Kind::Interrupted => "interrupted",
            Kind::Bug => "bug",
        }
    }

    /// The exit code of the process that ends with this kind.
    pub fn exit_code(self) -> u8 {
        match self {
            Kind::ClosedPipe => 0,
            Kind::Interrupted => 130,
            _ => 2,
        }
    }
}

/// An error with its causes and a hint.
///
/// The message is lower case, has no full stop, and names the thing in backticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What sort of error this is.
    pub kind: Kind,
    /// One clause: what was expected and what came.
    pub message: String,
    /// Why, outermost first.
    pub causes: Vec<String>,
    /// What to do next, as a command where there is one.
    pub hint: Option<String>,
    /// For a query: the query and the bytes of it that are wrong.
    pub place: Option<(String, Range<usize>)>,
}

impl Error {
    /// An error of `kind` that says `message`.
    pub fn new(kind: Kind, message: impl Into<String>) -> Error {
        Error { kind, message: message.into(), causes: Vec::new(), hint: None, place: None }
    }

    /// Adds a reason below those already there.
    #[must_use]
    pub fn because(mut self, cause: impl fmt::Display) -> Error {
        self.causes.push(cause.to_string());
        self
    }

    /// Says what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Error {
        self.hint = Some(hint.into());
        self
    }

    /// Says what to do next where that is not said yet.
    #[must_use]
    pub fn or_hint(self, hint: &str) -> Error {
        if self.hint.is_some() { self } else { self.hint(hint) }
    }

    /// Points at a part of the query, in bytes.
    #[must_use]
    pub fn at(mut self, query: &str, range: Range<usize>) -> Error {
        self.place = Some((query.to_owned(), range));
        self
    }

    /// An input or output error while doing something, such as ``reading `a.txt` ``.
    pub fn io(doing: impl fmt::Display, error: &std::io::Error) -> Error {
        let failed = Error::new(Kind::Io, format!("failed {doing}")).because(error);
        if is_full(error) {
            failed.hint("free some space, or put the index elsewhere with `--index DIR`; what was committed is safe")
        } else {
            failed
        }
    }
}

/// Whether a disk or a quota is full: the error itself, or one that a library has wrapped in errors of its own.
fn is_full(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    let mut layer: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(current) = layer {
        layer = match current.downcast_ref::<std::io::Error>() {
            Some(io) if matches!(io.kind(), StorageFull | QuotaExceeded) => return true,
            // `source` of an error of this kind passes over what it wraps.
            Some(io) => io.get_ref().map(|inner| inner as _),
            None => current.source(),
        };
    }
    // Some errors tell their cause in words alone: those of the engine's dictionaries have no `source`.
    let said = error.to_string();
    cfg!(target_os = "linux") && FULL.iter().any(|code| said.ends_with(&format!("(os error {code})")))
}

/// The numbers of "no space left on device" and "disk quota exceeded" on Linux.
const FULL: [i32; 2] = [28, 122];

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)?;
        for cause in &self.causes {
            write!(out, ": {cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_but_an_interrupt_exits_with_two() {
        assert_eq!(Kind::Query.exit_code(), 2);
        assert_eq!(Kind::Interrupted.exit_code(), 130);
    }

    #[test]
    fn a_full_disk_has_a_hint() {
        let error = Error::io("writing `x`", &std::io::Error::from(std::io::ErrorKind::StorageFull));
        assert!(error.hint.is_some());
        assert!(error.to_string().starts_with("failed writing `x`: "));
    }

    #[test]
    fn a_full_disk_has_a_hint_however_wrapped() {
        use std::io::{Error as IoError, ErrorKind};
        let inner = || IoError::from(ErrorKind::StorageFull);
        let of_ours = Error::io("writing", &IoError::other(IoError::other(inner())));
        assert!(of_ours.hint.is_some());
        let of_a_library = Error::io("writing", &IoError::other(Wrapped(inner())));
        assert!(of_a_library.hint.is_some());
        if cfg!(target_os = "linux") {
            let only_said = IoError::other(IoError::from_raw_os_error(28).to_string());
            assert!(Error::io("writing", &only_said).hint.is_some());
        }
        let something_else = IoError::other(Wrapped(IoError::from(ErrorKind::NotFound)));
        assert_eq!(Error::io("writing", &something_else).hint, None);
    }

    /// As libraries wrap the errors of the system.
    #[derive(Debug)]
    struct Wrapped(std::io::Error);

    impl fmt::Display for Wrapped {
        fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.fmt(out)
        }
    }

    impl std::error::Error for Wrapped {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }
}
