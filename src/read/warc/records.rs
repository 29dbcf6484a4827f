//! The records of a web archive, one after the other, whatever state the file is in.
//!
//! 1. A record begins with a line of its own: `WARC/1.0` in WARC, address, day and length in ARC.
//! 2. Its head says how long its block is. What does not begin where the block ends is looked for: first in the block,
//!    for a length may be too large, then behind it.
//!
//! One record is in memory at a time, and no more than [`LARGEST_BLOCK`] of it.

use std::io::{self, BufRead, Read};

/// The most that is kept of one record, in bytes: pages have a few hundred kB, reports in PDF some ten MB.
const LARGEST_BLOCK: u64 = 32 << 20;

/// The longest line of a record's head, in bytes. Addresses of several thousand characters are found in archives.
const LONGEST_LINE: u64 = 64 << 10;

/// The most lines of a record's head; the standard knows about twenty.
const MOST_LINES: usize = 200;

/// The longest scheme of an address, `filedesc`, with room for others.
const LONGEST_SCHEME: usize = 16;

/// How many bytes of wrongly measured blocks are looked at a second time, in all records of a file together:
/// enough for a thousand pages, and a moment's work.
const MOST_GIVEN_BACK: usize = 128 << 20;

/// The two formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Warc,
    Arc,
}

impl Kind {
    /// The format of a file, by its beginning.
    pub(super) fn of(head: &[u8]) -> Option<Kind> {
        let head = head.trim_ascii_start();
        let line = head.split(|byte| *byte == b'\n').next().unwrap_or(head);
        if Kind::Warc.begins(line) {
            return Some(Kind::Warc);
        }
        (line.starts_with(b"filedesc:") && Kind::Arc.begins(line)).then_some(Kind::Arc)
    }

    /// Whether a line is the first one of a record.
    fn begins(self, line: &[u8]) -> bool {
        match self {
            Kind::Warc => {
                let version = line.strip_prefix(b"WARC/").map(<[u8]>::trim_ascii_end);
                version.is_some_and(|version| {
                    matches!(version, [b'0'..=b'9', b'.', rest @ ..]
                    if (1..=3).contains(&rest.len()) && rest.iter().all(u8::is_ascii_digit))
                })
            }
            Kind::Arc => arc_head(line).is_some(),
        }
    }
}

/// What a record is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Role {
    /// What a server answered, with the head of its answer.
    Response,
    /// The thing itself, or its text.
    Resource,
    /// A note that the answer was the same as an earlier one.
    Revisit,
    /// The next part of a record that was divided.
    Continuation,
    /// What is said of other records and of the archive.
    #[default]
    Note,
}

/// A record.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) role: Role,
    /// What was asked for; empty where nothing was.
    pub(super) url: String,
    /// The name of the record itself.
    pub(super) id: String,
    /// The media type of the block.
    pub(super) media: String,
    pub(super) block: Vec<u8>,
    /// Whether the block lacks its end.
    pub(super) cut: bool,
}

/// The records of a file.
pub(super) struct Records<'a> {
    source: Source<'a>,
    kind: Kind,
    /// The line that was just read.
    line: Vec<u8>,
    /// Whether `line` is the first of the next record.
    ahead: bool,
    given_back: usize,
    /// How many stretches of the file are no records.
    pub(super) damaged: u64,
    /// Whether the file ends within a record.
    pub(super) torn: bool,
}

impl<'a> Records<'a> {
    pub(super) fn new(input: &'a mut dyn BufRead, kind: Kind) -> Records<'a> {
        Records {
            source: Source { pending: Vec::new(), at: 0, input },
            kind,
            line: Vec::new(),
            ahead: false,
            given_back: 0,
            damaged: 0,
            torn: false,
        }
    }

    /// The next record; none at the end of the file.
    pub(super) fn next(&mut self) -> io::Result<Option<Record>> {
        let mut counted = false;
        loop {
            if !self.ahead && !self.find(counted)? {
                return Ok(None);
            }
            self.ahead = false;
            let head = match self.kind {
                Kind::Warc => self.head()?,
                Kind::Arc => arc_head(&self.line),
            };
            match head {
                Some((record, length)) => return self.block(record, length).map(Some),
                None => {
                    self.damaged += 1;
                    counted = true;
                }
            }
        }
    }

    /// Reads on to the first line of a record; false at the end of the file. What is passed over counts as damaged unless
    /// it is `counted`.
    fn find(&mut self, counted: bool) -> io::Result<bool> {
        let mut noise = false;
        let mut whole = true;
        loop {
            let began = whole;
            let Some(ended) = self.line()? else { break };
            whole = ended;
            if began && self.kind.begins(&self.line) {
                break;
            }
            noise |= !self.line.trim_ascii().is_empty();
        }
        self.damaged += u64::from(noise && !counted);
        Ok(!self.line.is_empty())
    }

    /// Reads a line, or a part of one that is too long: whether it is a whole one, none at the end of the file.
    fn line(&mut self) -> io::Result<Option<bool>> {
        self.line.clear();
        let count = (&mut self.source).take(LONGEST_LINE).read_until(b'\n', &mut self.line)?;
        Ok((count > 0).then(|| self.line.ends_with(b"\n")))
    }

    /// The lines of a WARC record's head; none where they are no such thing.
    fn head(&mut self) -> io::Result<Option<(Record, u64)>> {
        let mut record = Record::default();
        let mut length = None;
        for _ in 0..MOST_LINES {
            if self.line()? != Some(true) {
                return Ok(None);
            }
            if self.kind.begins(&self.line) {
                self.ahead = true;
                return Ok(None);
            }
            let line = self.line.trim_ascii();
            if line.is_empty() {
                return Ok(length.map(|length| (record, length)));
            }
            let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
            let (name, value) = line.split_at(colon);
            let value = String::from_utf8_lossy(value.get(1..).unwrap_or_default());
            let value = value.trim();
            match name.trim_ascii().to_ascii_lowercase().as_slice() {
                b"warc-type" => {
                    record.role = match value.to_ascii_lowercase().as_str() {
                        "response" => Role::Response,
                        "resource" | "conversion" => Role::Resource,
                        "revisit" => Role::Revisit,
                        "continuation" => Role::Continuation,
                        _ => Role::Note,
                    }
                }
                // Some programs of old put it in angle brackets, as the draft of the standard did.
                b"warc-target-uri" => record.url = value.trim_matches(['<', '>']).to_owned(),
                b"warc-record-id" => record.id = value.trim_matches(['<', '>']).to_owned(),
                b"content-type" => record.media = value.to_owned(),
                b"content-length" => length = value.parse().ok(),
                b"warc-truncated" | b"warc-segment-number" => record.cut = true,
                _ => {}
            }
        }
        Ok(None)
    }

    /// The block of a record, `length` bytes if its head is right.
    fn block(&mut self, mut record: Record, length: u64) -> io::Result<Record> {
        let count = (&mut self.source).take(length.min(LARGEST_BLOCK)).read_to_end(&mut record.block)? as u64;
        if length > count && count == LARGEST_BLOCK {
            match self.record_within(&record.block) {
                Some(at) => {
                    self.give_back(&mut record.block, at, Vec::new());
                    return Ok(record);
                }
                None => {
                    record.cut = true;
                    pass(&mut self.source, length - count)?;
                }
            }
        }
        let mut between = Vec::new();
        let mut breaks = 0;
        let next = loop {
            let line = self.line()?;
            if line.is_none() || !self.line.trim_ascii().is_empty() {
                break line;
            }
            breaks += 1;
            if between.len() < LONGEST_LINE as usize {
                between.extend_from_slice(&self.line);
            }
        };
        if next.is_some() && self.kind.begins(&self.line) {
            self.ahead = true;
            return Ok(record);
        }
        if next.is_none() && count == length.min(LARGEST_BLOCK) {
            return Ok(record);
        }
        if breaks == 0 && self.joins(&mut record.block) {
            return Ok(record);
        }
        if let Some(at) = self.record_within(&record.block) {
            between.extend_from_slice(&self.line);
            self.give_back(&mut record.block, at, between);
            return Ok(record);
        }
        if next.is_none() {
            self.torn = true;
            record.cut = true;
        } else if breaks == 0 {
            self.lengthen(&mut record.block)?;
        } else {
            // The block ends where it should, and then comes what is no record.
            self.damaged += 1;
            while next.is_some() && !self.ahead {
                let whole = self.line.ends_with(b"\n");
                if self.line()?.is_none() {
                    break;
                }
                self.ahead = whole && self.kind.begins(&self.line);
            }
        }
        Ok(record)
    }

    /// Whether the block ends within the first line of the next record, which is then ahead.
    fn joins(&mut self, block: &mut Vec<u8>) -> bool {
        let at = block.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let start = block.get(at..).unwrap_or_default();
        if at == 0 || start.len() > LONGEST_LINE as usize {
            return false;
        }
        let line = [start, &self.line].concat();
        if !self.kind.begins(&line) {
            return false;
        }
        block.truncate(at);
        (self.line, self.ahead) = (line, true);
        true
    }

    /// Reads what a block has beyond its length, up to the next record.
    fn lengthen(&mut self, block: &mut Vec<u8>) -> io::Result<()> {
        loop {
            if (block.len() as u64) < LARGEST_BLOCK {
                block.extend_from_slice(&self.line);
            }
            let whole = self.line.ends_with(b"\n");
            if self.line()?.is_none() {
                return Ok(());
            }
            if whole && self.kind.begins(&self.line) {
                self.ahead = true;
                return Ok(());
            }
        }
    }

    /// Where a record begins within a block; none where none does.
    fn record_within(&self, block: &[u8]) -> Option<usize> {
        if self.given_back > MOST_GIVEN_BACK {
            return None;
        }
        let mut at = 0;
        for line in block.split_inclusive(|byte| *byte == b'\n') {
            if at > 0 && self.kind.begins(line) {
                return Some(at);
            }
            at += line.len();
        }
        None
    }

    /// Cuts a block at `at`; the rest of it, and what was read after it, is read again.
    fn give_back(&mut self, block: &mut Vec<u8>, at: usize, after: Vec<u8>) {
        let mut rest = block.split_off(at);
        self.given_back += rest.len();
        rest.extend(after);
        self.source.give_back(rest);
        self.line.clear();
    }
}

/// The head of an ARC record and the length of its block: address, IP address, time, media type, in version 2 some more,
/// and the length. Addresses may have blanks in them.
fn arc_head(line: &[u8]) -> Option<(Record, u64)> {
    let scheme = line.iter().take(LONGEST_SCHEME).position(|byte| *byte == b':')?;
    if scheme == 0 || !line.get(..scheme)?.iter().all(u8::is_ascii_alphanumeric) {
        return None;
    }
    let line = String::from_utf8_lossy(line);
    let line = line.trim_end();
    let (rest, length) = line.rsplit_once(' ')?;
    let length = length.parse().ok()?;
    let is_time = |word: &str| matches!(word.len(), 12 | 14) && word.bytes().all(|byte| byte.is_ascii_digit());
    let mut at = 0;
    let mut before = Vec::new();
    for word in rest.split(' ') {
        if is_time(word) && before.len() >= 2 {
            let media = rest.get(at + word.len()..)?.trim_start();
            let end = before.last().copied().unwrap_or(at);
            let url = rest.get(..end)?.trim_end().to_owned();
            let role = if url.starts_with("filedesc:") { Role::Note } else { Role::Response };
            // In version 2 the status of the answer stands behind the type.
            let media = media.split(' ').next().unwrap_or("").to_owned();
            return Some((Record { role, url, media, ..Record::default() }, length));
        }
        before.push(at);
        at += word.len() + 1;
    }
    None
}

/// Passes over `count` bytes.
fn pass(source: &mut Source<'_>, count: u64) -> io::Result<u64> {
    io::copy(&mut source.take(count), &mut io::sink())
}

/// The file, with what was given back to be read again.
struct Source<'a> {
    pending: Vec<u8>,
    at: usize,
    input: &'a mut dyn BufRead,
}

impl Source<'_> {
    fn give_back(&mut self, mut bytes: Vec<u8>) {
        bytes.extend_from_slice(self.pending.get(self.at..).unwrap_or_default());
        (self.pending, self.at) = (bytes, 0);
    }
}

impl Read for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Source<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at < self.pending.len() {
            return Ok(self.pending.get(self.at..).unwrap_or_default());
        }
        self.pending = Vec::new();
        self.at = 0;
        self.input.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        if self.at < self.pending.len() {
            self.at += count;
        } else {
            self.input.consume(count);
        }
    }
}
