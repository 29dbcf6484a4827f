//! The rows of a table, one after the other.
//!
//! A row ends with its line unless a quotation mark is open. Where one is never closed, its line is given up and the lines
//! after it are rows of their own.

use super::dialect::Dialect;
use std::collections::VecDeque;
use std::io::{self, BufRead, Read};

/// The most bytes of one row.
const LARGEST: usize = 16 << 20;

/// A row.
pub(super) enum Row {
    /// Its fields without quotation marks around them.
    Whole(Vec<Vec<u8>>),
    /// Why it has none.
    Broken(String),
}

/// The most bytes that are read again because a quotation mark before them is never closed. Beyond it every line is a row.
const MOST_AGAIN: usize = 4 * LARGEST;

/// The rows of a table.
pub(super) struct Rows<'a, 'd> {
    input: &'a mut dyn BufRead,
    dialect: &'d Dialect,
    first: bool,
    /// Lines that were read in vain for a quotation mark that is never closed.
    again: VecDeque<Vec<u8>>,
    /// How many bytes have been read again.
    repeated: usize,
}

impl<'a, 'd> Rows<'a, 'd> {
    /// The rows of `input`, the names of its columns among them.
    pub(super) fn new(input: &'a mut dyn BufRead, dialect: &'d Dialect) -> Rows<'a, 'd> {
        Rows { input, dialect, first: true, again: VecDeque::new(), repeated: 0 }
    }

    /// Passes over a line.
    pub(super) fn skip_line(&mut self) -> io::Result<()> {
        self.line().map(|_| ())
    }

    /// The next row that has anything in it.
    pub(super) fn next(&mut self) -> io::Result<Option<Row>> {
        loop {
            let Some(line) = self.line()? else { return Ok(None) };
            if line.trim_ascii().is_empty() && !line.contains(&self.dialect.separator) {
                continue;
            }
            let mut splitter = Splitter::new(self.dialect);
            splitter.push(&line);
            let mut length = line.len();
            if length > LARGEST {
                return Ok(Some(Row::Broken(format!("is longer than {} MB", LARGEST >> 20))));
            }
            let mut more = VecDeque::new();
            while splitter.open && length <= LARGEST && self.repeated <= MOST_AGAIN {
                let Some(line) = self.line()? else { break };
                splitter.push(&line);
                length += line.len();
                more.push_back(line);
            }
            if splitter.open || self.fit_better(&splitter, &more) {
                // The lines after it may be rows by themselves.
                self.repeated += length;
                more.append(&mut self.again);
                self.again = more;
                return Ok(Some(Row::Broken("has a quotation mark that is never closed".to_owned())));
            }
            return Ok(Some(splitter.row()));
        }
    }

    /// Whether the lines after the first of a row are rows by themselves, for the row as a whole is none: a quotation mark
    /// was closed by the next one that opens.
    fn fit_better(&self, row: &Splitter<'_>, more: &VecDeque<Vec<u8>>) -> bool {
        let width = self.dialect.columns.len();
        if width < 2 || row.width() == width && !row.torn {
            return false;
        }
        more.iter().any(|line| {
            let mut splitter = Splitter::new(self.dialect);
            splitter.push(line);
            splitter.width() == width
        })
    }

    /// The next line with its end; one that is too long is cut.
    fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        if let Some(line) = self.again.pop_front() {
            return Ok(Some(line));
        }
        let mut line = Vec::new();
        (&mut self.input).take(LARGEST as u64 + 1).read_until(self.dialect.line_end, &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        if line.len() > LARGEST && line.last() != Some(&self.dialect.line_end) {
            loop {
                let bytes = self.input.fill_buf()?;
                let end = bytes.iter().position(|byte| *byte == self.dialect.line_end);
                let count = end.map_or(bytes.len(), |at| at + 1);
                let last = end.is_some() || bytes.is_empty();
                self.input.consume(count);
                if last {
                    break;
                }
            }
        }
        if std::mem::take(&mut self.first) && line.starts_with(b"\xef\xbb\xbf") {
            line.drain(..3);
        }
        Ok(Some(line))
    }
}

/// Cuts a row into its fields.
struct Splitter<'d> {
    dialect: &'d Dialect,
    fields: Vec<Vec<u8>>,
    field: Vec<u8>,
    /// Whether the end of what was pushed lies within quotation marks.
    open: bool,
    /// Whether the field is at its beginning.
    begins: bool,
    /// Whether the field was in quotation marks that have been closed.
    closed: bool,
    /// Whether something follows such a field before the next one begins.
    torn: bool,
}

impl<'d> Splitter<'d> {
    fn new(dialect: &'d Dialect) -> Splitter<'d> {
        Splitter {
            dialect,
            fields: Vec::new(),
            field: Vec::new(),
            open: false,
            begins: true,
            closed: false,
            torn: false,
        }
    }

    /// Takes the next line of the row, with its end.
    fn push(&mut self, line: &[u8]) {
        let Dialect { separator, quote, backslash, line_end, .. } = *self.dialect;
        let mut bytes = line.iter().copied().peekable();
        while let Some(byte) = bytes.next() {
            let is_quote = Some(byte) == quote;
            if self.open {
                if backslash && byte == b'\\' && bytes.peek().copied() == quote && quote.is_some() {
                    self.field.extend(bytes.next());
                } else if !is_quote {
                    self.field.push(byte);
                } else if bytes.peek() == Some(&byte) {
                    self.field.extend(bytes.next());
                } else {
                    self.open = false;
                    self.closed = true;
                }
            } else if byte == separator {
                self.fields.push(std::mem::take(&mut self.field));
                self.begins = true;
                self.closed = false;
            } else if is_quote && self.begins {
                self.open = true;
                self.begins = false;
            } else if byte == line_end {
                if line_end == b'\n' && self.field.last() == Some(&b'\r') {
                    self.field.pop();
                }
            } else {
                // Blanks before a quotation mark do not make it part of the text.
                self.begins &= byte == b' ';
                self.torn |= self.closed && !byte.is_ascii_whitespace();
                self.field.push(byte);
            }
        }
    }

    fn width(&self) -> usize {
        self.fields.len() + 1
    }

    fn row(mut self) -> Row {
        self.fields.push(self.field);
        Row::Whole(self.fields)
    }
}
