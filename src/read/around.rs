//! What surrounds a file that is read: what it may use up, the files beside it, the program that reads what may crash.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::{self, BufRead, ErrorKind, Read};
use std::path::Path;

/// The most bytes that one file may unpack to, all that is in it together. A web archive of the usual gigabyte unpacks to
/// four or five.
pub const MOST_UNPACKED: u64 = 16 << 30;

/// Up to this many bytes nothing is asked about the ratio.
pub const UNPACKED_FREELY: u64 = 64 << 20;

/// The most times its own size that a file may unpack to. Text packs to a tenth, web archives to a twentieth.
pub const MOST_RATIO: u64 = 200;

/// The most members of one file, in all archives within it.
pub const MOST_MEMBERS: u64 = 100_000;

/// How many containers may lie within each other: `a.tar.gz` with `b.zip` with `c.gz` in it has four.
pub const DEEPEST: u8 = 4;

/// What surrounds a file.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// The files beside it; none within a container or a stream.
    pub beside: Option<&'a dyn Beside>,
    /// The file itself where it can be read from anywhere; none within a container or a stream.
    pub seekable: Option<&'a File>,
    /// This program, to be started for what may crash; none where it is not known.
    pub program: Option<&'a Path>,
    /// What is used up.
    pub budget: &'a Budget,
    /// How many containers it lies in.
    pub depth: u8,
}

impl<'a> Around<'a> {
    /// Nothing but a budget.
    pub fn new(budget: &'a Budget) -> Around<'a> {
        Around { beside: None, seekable: None, program: None, budget, depth: 0 }
    }
}

/// The files beside the one that is read.
pub trait Beside {
    /// Opens a file by its path relative to the folder of the file that is read. None where there is none, where it is
    /// no plain file, or where it lies outside of what is indexed.
    fn open(&self, path: &str) -> Option<Box<dyn Read>>;
    /// The names of the plain files in the folder of the file that is read, sorted, without those that are hidden.
    fn names(&self) -> Vec<String>;
    /// The names of those in the folder above it, where that is indexed too; sorted, without those that are hidden.
    fn names_above(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What one file of an archive has used up, with everything within it.
#[derive(Debug, Default)]
pub struct Budget {
    packed: Cell<u64>,
    unpacked: Cell<u64>,
    members: Cell<u64>,
    fault: RefCell<Option<String>>,
}

impl Budget {
    /// Counts bytes of the file itself.
    pub fn add_packed(&self, bytes: u64) {
        self.packed.set(self.packed.get().saturating_add(bytes));
    }

    /// Counts a member of a container; an error where there are too many.
    pub fn add_member(&self) -> Result<(), String> {
        self.members.set(self.members.get() + 1);
        if self.members.get() > MOST_MEMBERS {
            return Err(format!("holds more than {MOST_MEMBERS} files: the rest is not read"));
        }
        Ok(())
    }

    /// Counts unpacked bytes; an error where there are too many.
    pub fn add_unpacked(&self, bytes: u64) -> Result<(), String> {
        let unpacked = self.unpacked.get().saturating_add(bytes);
        self.unpacked.set(unpacked);
        if unpacked > MOST_UNPACKED {
            return Err(format!("unpacks to more than {} GB", MOST_UNPACKED >> 30));
        }
        if unpacked > UNPACKED_FREELY && unpacked / MOST_RATIO > self.packed.get() {
            return Err(format!("unpacks to more than {MOST_RATIO} times its size"));
        }
        Ok(())
    }

    /// What ended the unpacking before its end, told once.
    pub fn take_fault(&self) -> Option<String> {
        self.fault.take()
    }

    /// Whether something ended the unpacking before its end.
    pub fn is_spent(&self) -> bool {
        self.fault.borrow().is_some()
    }
}

/// Counts what is read of the file itself.
pub struct Packed<'a, R> {
    inner: R,
    budget: &'a Budget,
}

impl<'a, R> Packed<'a, R> {
    /// Counts what is read of `inner`.
    pub fn new(inner: R, budget: &'a Budget) -> Packed<'a, R> {
        Packed { inner, budget }
    }
}

impl<R: BufRead> Read for Packed<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.budget.add_packed(count as u64);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Packed<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.budget.add_packed(count as u64);
        self.inner.consume(count);
    }
}

/// Unpacked bytes within their limits. What is damaged or too much ends there: what came before is read, and the budget
/// knows the fault.
pub struct Unpacked<'a, R> {
    inner: R,
    budget: &'a Budget,
    ended: bool,
}

impl<'a, R> Unpacked<'a, R> {
    /// What a decoder gives.
    pub fn new(inner: R, budget: &'a Budget) -> Unpacked<'a, R> {
        Unpacked { inner, budget, ended: false }
    }
}

impl<R: Read> Read for Unpacked<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ended {
            return Ok(0);
        }
        let fault = match self.inner.read(buffer) {
            Ok(0) => {
                self.ended = true;
                return Ok(0);
            }
            Ok(count) => match self.budget.add_unpacked(count as u64) {
                Ok(()) => return Ok(count),
                Err(fault) => fault,
            },
            Err(error) if error.kind() == ErrorKind::Interrupted => return Err(error),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => "ends in the middle".to_owned(),
            Err(error) => format!("is damaged: {error}"),
        };
        self.ended = true;
        self.budget.fault.borrow_mut().get_or_insert(fault);
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_counts_after_a_while() {
        let budget = Budget::default();
        budget.add_packed(1 << 20);
        assert_eq!(budget.add_unpacked(UNPACKED_FREELY), Ok(()));
        assert_eq!(budget.add_unpacked(136 << 20), Ok(()));
        assert_eq!(budget.add_unpacked(1 << 20), Err("unpacks to more than 200 times its size".to_owned()));
        budget.add_packed(1 << 30);
        assert_eq!(budget.add_unpacked(1), Ok(()));
        assert_eq!(budget.add_unpacked(MOST_UNPACKED), Err("unpacks to more than 16 GB".to_owned()));
    }

    #[test]
    fn what_came_before_a_fault_is_read() {
        struct Broken(bool);
        impl Read for Broken {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                if std::mem::replace(&mut self.0, true) {
                    return Err(ErrorKind::UnexpectedEof.into());
                }
                buffer[..2].copy_from_slice(b"ab");
                Ok(2)
            }
        }
        let budget = Budget::default();
        let mut text = String::new();
        Unpacked::new(Broken(false), &budget).read_to_string(&mut text).expect("it ends");
        assert_eq!(text, "ab");
        assert!(budget.is_spent());
        assert_eq!(budget.take_fault().as_deref(), Some("ends in the middle"));
    }
}
