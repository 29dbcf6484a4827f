//! The header of a message or of a part of one, and how a file is known by it.

use crate::article::{Provenance, Published};
use crate::read::feed::names;
use crate::read::{encoding, xml};
use crate::when::{Written, written};
use chrono::NaiveDate;
use mail_parser::parsers::MessageStream;
use mail_parser::{ContentType, Header, HeaderName, MessageParser};
use std::borrow::Cow;

/// Of a header that is longer the rest is not read. Long ones have some ten kB of signatures and stations.
const LONGEST_HEADER: usize = 1 << 20;

/// What the header says.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) subject: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) published: Option<Published>,
    pub(super) id: Option<String>,
    pub(super) organisation: Option<String>,
    pub(super) language: Option<String>,
    /// Where a page or the message itself lies on the web.
    pub(super) location: Option<String>,
    /// `text/plain`, in lower case; none where it is not said.
    pub(super) kind: Option<String>,
    pub(super) charset: Option<String>,
    pub(super) boundary: Option<String>,
    /// Whether lines that end with a blank go on in the next one, and whether that blank goes.
    pub(super) flowed: bool,
    pub(super) delete_blank: bool,
    /// The name of the part that a page of several parts begins with, and of this part.
    pub(super) start: Option<String>,
    pub(super) content_id: Option<String>,
    pub(super) attached: bool,
    pub(super) inline: bool,
    pub(super) file_name: Option<String>,
    /// `base64`, in lower case.
    pub(super) transfer: Option<String>,
}

/// Cuts a message or a part into its header and what follows the first empty line.
pub(super) fn split(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if matches!(line, b"\n" | b"\r\n") {
            return bytes.split_at(at);
        }
        at += line.len();
    }
    (bytes, &[])
}

impl Fields {
    /// Reads a header.
    pub(super) fn read(block: &[u8]) -> Fields {
        let block = block.get(..block.len().min(LONGEST_HEADER)).unwrap_or(block);
        // Words in other encodings should be marked as such, but are not always.
        let decoded = !block.is_ascii() || block.contains(&0x1b);
        let block: Cow<'_, [u8]> =
            if decoded { encoding::decode(block).text.into_bytes().into() } else { block.into() };
        // The parser wants a line to end.
        let block = [&*block, b"\r\n\r\n"].concat();
        let mut headers = Vec::new();
        MessageStream::new(&block).parse_headers(&MessageParser::new(), &mut headers);
        let mut fields = Fields::default();
        for header in &headers {
            fields.add(header, &block);
        }
        fields
    }

    fn add(&mut self, header: &Header<'_>, block: &[u8]) {
        let value = &header.value;
        let raw = || {
            let raw = block.get(header.offset_start as usize..header.offset_end as usize).unwrap_or_default();
            xml::one_line(&String::from_utf8_lossy(raw))
        };
        match &header.name {
            HeaderName::Subject if self.subject.is_none() => self.subject = value.as_text().and_then(xml::one_line),
            HeaderName::From if self.authors.is_empty() => {
                let addresses = value.as_address().into_iter().flat_map(|address| address.iter());
                self.authors = addresses.filter_map(|address| address.name()).flat_map(names).collect();
            }
            HeaderName::Date if self.published.is_none() => {
                let day = value.as_datetime().filter(|day| day.year >= FIRST_YEAR);
                let day = || {
                    let day = day?;
                    Written::of_day(NaiveDate::from_ymd_opt(day.year.into(), day.month.into(), day.day.into())?)
                };
                let found = raw().and_then(|text| written(&text)).or_else(day);
                self.published = found.map(|found| found.published(Provenance::Metadata));
            }
            HeaderName::MessageId if self.id.is_none() => {
                self.id = value.as_text().map(|id| id.trim_matches(['<', '>', ' ']).to_owned());
            }
            HeaderName::Organization => self.organisation = raw().map(|name| decode_words(&name)),
            HeaderName::ContentLanguage => {
                self.language = value.as_text().and_then(crate::read::language_code);
            }
            HeaderName::ContentLocation => self.location = self.location.take().or_else(raw).filter(|at| is_web(at)),
            HeaderName::ArchivedAt => {
                let address = raw().map(|at| at.trim_matches(['<', '>']).to_owned());
                self.location = self.location.take().or(address).filter(|at| is_web(at));
            }
            HeaderName::Other(name) if name.eq_ignore_ascii_case("Snapshot-Content-Location") => {
                self.location = raw().filter(|at| is_web(at)).or_else(|| self.location.take());
            }
            HeaderName::ContentId => {
                self.content_id = value.as_text().map(|id| id.trim_matches(['<', '>']).to_owned());
            }
            HeaderName::ContentTransferEncoding => {
                self.transfer = value.as_text().map(|name| name.trim().to_ascii_lowercase());
            }
            HeaderName::ContentType if self.kind.is_none() => {
                if let Some(kind) = value.as_content_type() {
                    self.add_kind(kind);
                }
            }
            HeaderName::ContentDisposition => {
                if let Some(disposition) = value.as_content_type() {
                    self.attached = disposition.is_attachment();
                    self.inline = disposition.is_inline();
                    let name = disposition.attribute("filename").map(decode_words);
                    self.file_name = name.or_else(|| self.file_name.take());
                }
            }
            _ => {}
        }
    }

    fn add_kind(&mut self, kind: &ContentType<'_>) {
        let (of, exactly) = (kind.ctype().to_ascii_lowercase(), kind.subtype().unwrap_or("plain").to_ascii_lowercase());
        self.kind = Some(format!("{of}/{exactly}"));
        let is = |name: &str, expected: &str| {
            kind.attribute(name).is_some_and(|value| value.trim().eq_ignore_ascii_case(expected))
        };
        self.charset = kind.attribute("charset").map(|name| name.trim_matches(['"', '\'', ' ']).to_owned());
        self.boundary = kind.attribute("boundary").map(|text| text.trim_end().to_owned());
        self.flowed = is("format", "flowed");
        self.delete_blank = is("delsp", "yes");
        self.start = kind.attribute("start").map(|id| id.trim_matches(['<', '>']).to_owned());
        self.file_name = self.file_name.take().or_else(|| kind.attribute("name").map(decode_words));
    }
}

/// No message was sent before; what says so was written by a clock that was not set.
const FIRST_YEAR: u16 = 1971;

/// Words in other encodings, `=?utf-8?Q?=C3=89?=`, where the parser left them as they were.
fn decode_words(text: &str) -> String {
    if !text.contains("=?") {
        return text.to_owned();
    }
    let line = format!("{text}\n");
    let value = MessageStream::new(line.as_bytes()).parse_unstructured();
    value.as_text().map_or_else(|| text.to_owned(), |text| text.trim().to_owned())
}

fn is_web(address: &str) -> bool {
    address.starts_with("http://") || address.starts_with("https://")
}

/// What the beginning of a file tells of the header that it may be.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// How many lines begin with the name of a field of mail.
    pub(super) known: usize,
    /// Whether one of them is written by programs only.
    pub(super) technical: bool,
    /// Whether one of them says who it is for, or how it came.
    pub(super) sent: bool,
    /// Whether it is a page that a browser saved.
    pub(super) page: bool,
}

/// Fields that people write at the head of a text too.
const COMMON: &[&str] = &[
    "from",
    "to",
    "cc",
    "date",
    "subject",
    "sender",
    "reply-to",
    "organization",
    "keywords",
    "comments",
    "newsgroups",
    "lines",
    "distribution",
    "followup-to",
    "content-language",
];

/// Fields that only programs write.
const TECHNICAL: &[&str] = &[
    "received",
    "message-id",
    "mime-version",
    "return-path",
    "content-type",
    "content-transfer-encoding",
    "delivered-to",
    "in-reply-to",
    "references",
    "dkim-signature",
    "path",
    "nntp-posting-host",
    "xref",
    "x-mailer",
    "user-agent",
    "authentication-results",
    "received-spf",
    "x-original-to",
    "envelope-to",
    "list-id",
    "list-unsubscribe",
    "snapshot-content-location",
    "content-location",
    "content-disposition",
    "thread-index",
    "x-received",
];

/// Of the technical ones, those that say how a message went.
const SENT: &[&str] = &["received", "return-path", "delivered-to", "x-original-to", "envelope-to", "x-received"];

/// Looks at the beginning of a file; none where its first lines are no header.
pub(super) fn look(head: &[u8]) -> Option<Seen> {
    let mut seen = Seen::default();
    let lines = head.trim_ascii_start().split_inclusive(|byte| *byte == b'\n');
    for (number, line) in lines.enumerate() {
        // The last line may be cut off.
        let whole = line.ends_with(b"\n");
        let line = line.trim_ascii_end();
        if line.is_empty() {
            break;
        }
        if number == 0 && is_postmark(line) || number > 0 && line.starts_with(b">From ") {
            continue;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            // The line before goes on.
            continue;
        }
        let Some(name) = field_name(line) else { if whole { return None } else { break } };
        let technical = TECHNICAL.contains(&name.as_str());
        seen.known += usize::from(technical || COMMON.contains(&name.as_str()));
        seen.technical |= technical;
        seen.sent |= SENT.contains(&name.as_str()) || name == "to";
        let value = line.get(name.len() + 1..).unwrap_or_default().trim_ascii_start();
        let value = value.strip_prefix(b"<").or(value.strip_prefix(b"\"")).unwrap_or(value);
        let saved = name == "from" && value.starts_with(b"Saved by ");
        seen.page |= saved || name == "snapshot-content-location";
    }
    Some(seen)
}

/// The name of the field on a line, in lower case.
fn field_name(line: &[u8]) -> Option<String> {
    let end = line.iter().position(|byte| *byte == b':').filter(|end| (1..=64).contains(end))?;
    let name = line.get(..end)?;
    let is_name = name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    is_name.then(|| String::from_utf8_lossy(name).to_ascii_lowercase())
}

/// Whether a line is the one that a mailbox puts before each message: `From ana@paper.example Mon Jun  1 10:00:00 2009`.
pub(super) fn is_postmark(line: &[u8]) -> bool {
    line.starts_with(b"From ") && line.len() < 500 && postmark_day(line).is_some()
}

/// The day in such a line, as `1 Jun 2009`.
fn postmark_day(line: &[u8]) -> Option<String> {
    let line = String::from_utf8_lossy(line);
    let words: Vec<&str> = line.split_ascii_whitespace().skip(1).collect();
    words.iter().position(|word| word.contains(':'))?;
    let year = words.iter().rev().find(|word| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()))?;
    let is_day = |word: &str| word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit());
    let is_month = |word: &str| word.len() == 3 && word.bytes().all(|b| b.is_ascii_alphabetic());
    words.windows(2).find_map(|pair| match pair {
        [month, day] if is_month(month) && is_day(day) => Some(format!("{day} {month} {year}")),
        [day, month] if is_month(month) && is_day(day) => Some(format!("{day} {month} {year}")),
        _ => None,
    })
}

/// The day on which a mailbox took a message in.
pub(super) fn taken_in(line: &[u8]) -> Option<Published> {
    Some(written(&postmark_day(line)?)?.published(Provenance::Metadata))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers() {
        let fields = Fields::read(
            b"From: \"Ana Ruiz\" <ana@paper.example>\r\nSubject: =?iso-2022-jp?B?GyRCJDMkcyRLJEEkTxsoQg==?=\r\n and more\r\n\
              Date: Wed, 19 Jun 2024 23:30:00 -0500 (CDT)\r\nMessage-ID: <1@paper.example>\r\n\
              Content-Type: Text/HTML; charset=\"Shift_JIS\"; name=a.html\r\nContent-Transfer-Encoding: BASE64",
        );
        assert_eq!(fields.subject.as_deref(), Some("こんにちは and more"));
        assert_eq!(fields.authors, ["Ana Ruiz"]);
        assert_eq!(fields.published.map(|day| day.value).as_deref(), Some("2024-06-19"));
        assert_eq!(fields.id.as_deref(), Some("1@paper.example"));
        assert_eq!((fields.kind.as_deref(), fields.charset.as_deref()), (Some("text/html"), Some("Shift_JIS")));
        assert_eq!((fields.file_name.as_deref(), fields.transfer.as_deref()), (Some("a.html"), Some("base64")));
    }

    #[test]
    fn days() {
        for (date, expected) in [
            ("Mon, 6 Sep 93 05:25:34 EDT", Some("1993-09-06")),
            ("Mon, 06 Sep 2010 05:25:34 +1400", Some("2010-09-06")),
            ("Thu, 1 Jan 1970 00:00:00 +0000", None),
            ("some day", None),
            ("", None),
        ] {
            let fields = Fields::read(format!("Date: {date}\n").as_bytes());
            assert_eq!(fields.published.map(|day| day.value).as_deref(), expected, "{date}");
        }
    }

    #[test]
    fn what_is_a_header() {
        for (head, expected) in [
            (&b"From: a\nTo: b\nSubject: c\nMIME-Version: 1.0\n\nText"[..], Some((4, true))),
            (b"   \r\nReceived: by x\r\n\tfor y\r\nDate: z\r\n\r\n", Some((2, true))),
            (b"From a@b Mon Jun 01 10:00:00 2009\nReceived: x\n    by y\n\nText", Some((1, true))),
            (b"Date: 3 May\nBy: Ana Ruiz\n\nText", Some((1, false))),
            (b"Date: 3 May\nThe text.\n", None),
            (b"The text: goes on\n", None),
            (b"From the beginning: text\n", None),
            (b"", Some((0, false))),
        ] {
            let found = look(head).map(|seen| (seen.known, seen.technical));
            assert_eq!(found, expected, "{}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn postmarks() {
        for (line, expected) in [
            ("From ana@paper.example Mon Jun  1 10:00:00 2009", Some("2009-06-01")),
            ("From - Tue Jan 02 00:00:00 2001", Some("2001-01-02")),
            ("From 1@x Mon Jan 5 10:00:00 +0000 2015", Some("2015-01-05")),
            ("From joe at paper.example  Tue Jan  2 10:00:00 2001", Some("2001-01-02")),
            ("From the day in 1990 on: nothing", None),
            ("From Monday on 12 people", None),
        ] {
            assert_eq!(taken_in(line.as_bytes()).map(|day| day.value).as_deref(), expected, "{line}");
            assert_eq!(is_postmark(line.as_bytes()), expected.is_some(), "{line}");
        }
    }
}
