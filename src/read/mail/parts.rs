//! A message as the tree of its parts, and the bytes and text of each as they were before they were sent.
//!
//! The tree is limited in depth and number, so that time and memory stay in proportion to the message.

use super::fields::{Fields, split};
use crate::read::encoding::{self, Decoded};
use std::borrow::Cow;

/// How deep parts may lie within each other. Real ones have four or five levels.
const DEEPEST: usize = 16;

/// How many parts a message may have; the rest is left out.
const MOST_PARTS: usize = 10_000;

/// A part of a message, or all of it.
#[derive(Debug)]
pub(super) struct Part<'a> {
    pub(super) fields: Fields,
    /// What follows the header, as it was sent.
    body: &'a [u8],
    /// The parts in it, where it has any.
    pub(super) parts: Vec<Part<'a>>,
}

impl<'a> Part<'a> {
    /// Cuts a message into its parts.
    pub(super) fn of_message(bytes: &'a [u8]) -> Part<'a> {
        let mut bytes = bytes.trim_ascii_start();
        if bytes.starts_with(b"From ") || bytes.starts_with(b">From ") {
            let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| end + 1);
            bytes = bytes.get(end..).unwrap_or_default();
        }
        Part::read(bytes, "text/plain", 0, &mut 0)
    }

    fn read(bytes: &'a [u8], usual: &str, depth: usize, count: &mut usize) -> Part<'a> {
        let (header, body) = split(bytes);
        let mut fields = Fields::read(header);
        let kind = fields.kind.get_or_insert_with(|| usual.to_owned());
        // What old programs wrote.
        if kind == "text/" || kind == "text" {
            "text/plain".clone_into(kind);
        }
        let usual = if kind == "multipart/digest" { "message/rfc822" } else { "text/plain" };
        let mut parts = Vec::new();
        if kind.starts_with("multipart/") && depth < DEEPEST {
            let boundary = fields.boundary.clone().filter(|text| !text.is_empty()).or_else(|| boundary_of(body));
            for part in boundary.iter().flat_map(|boundary| between(body, boundary)) {
                *count += 1;
                if *count > MOST_PARTS {
                    break;
                }
                parts.push(Part::read(part, usual, depth + 1, count));
            }
        }
        if parts.is_empty() && fields.kind.as_deref().is_some_and(|kind| kind.starts_with("multipart/")) {
            // It says that it has parts, but has none.
            fields.kind = Some("text/plain".to_owned());
        }
        Part { fields, body, parts }
    }

    /// What it is: `text/plain`.
    pub(super) fn kind(&self) -> &str {
        self.fields.kind.as_deref().unwrap_or("text/plain")
    }

    /// Its bytes as they were before they were sent.
    pub(super) fn bytes(&self) -> Cow<'a, [u8]> {
        match self.fields.transfer.as_deref() {
            Some("base64") => from_base64(self.body).into(),
            Some("quoted-printable") => from_quoted_printable(self.body).into(),
            _ => self.body.into(),
        }
    }

    /// Its text.
    pub(super) fn text(&self) -> Decoded {
        let bytes = self.bytes();
        let declared = self.fields.charset.as_deref();
        let of_page = if self.kind() == "text/html" { charset_of_page(&bytes) } else { None };
        encoding::decode_as(&bytes, declared.or(of_page))
    }
}

/// The line that stands between the parts, where the header does not say it.
fn boundary_of(body: &[u8]) -> Option<String> {
    let line = body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end).find(|line| !line.is_empty())?;
    let boundary = std::str::from_utf8(line.strip_prefix(b"--")?).ok()?;
    (!boundary.is_empty() && boundary.len() <= 70).then(|| boundary.to_owned())
}

/// What stands between the lines that separate parts. The last part may lack its end.
fn between<'a>(body: &'a [u8], boundary: &str) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut start = None;
    let mut at = 0;
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let rest = line.strip_prefix(b"--").and_then(|rest| rest.strip_prefix(boundary.as_bytes()));
        let rest = rest.map(<[u8]>::trim_ascii_end);
        if matches!(rest, Some(b"" | b"--")) {
            if let Some(start) = start {
                let part = body.get(start..at).unwrap_or_default();
                // The break before the line belongs to it.
                let part = part.strip_suffix(b"\n").unwrap_or(part);
                parts.push(part.strip_suffix(b"\r").unwrap_or(part));
            }
            start = Some(at + line.len());
            if rest == Some(b"--") {
                return parts;
            }
        }
        at += line.len();
    }
    parts.extend(start.and_then(|start| body.get(start..)).filter(|part| !part.is_empty()));
    parts
}

/// Undoes base64; signs that do not belong there are passed over.
fn from_base64(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0u32);
    for byte in bytes {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                // Another piece may follow.
                (bits, count) = (0, 0);
                continue;
            }
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    out
}

/// Undoes quoted-printable; what is not well formed stays as it is.
fn from_quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).map(|digit| digit as u8);
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == b'=') {
        let (before, from) = rest.split_at(at);
        out.extend_from_slice(before);
        let after = from.get(1..).unwrap_or_default();
        if let [high, low, ..] = after
            && let (Some(high), Some(low)) = (digit(high), digit(low))
        {
            out.push(high << 4 | low);
            rest = after.get(2..).unwrap_or_default();
            continue;
        }
        // A line that goes on in the next one; blanks may have come behind the sign.
        let blanks = after.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
        rest = match after.get(blanks) {
            Some(b'\n') => after.get(blanks + 1..).unwrap_or_default(),
            None => &[],
            Some(_) => {
                out.push(b'=');
                after
            }
        };
    }
    out.extend_from_slice(rest);
    out
}

/// How far into a page its encoding may be declared, as browsers have it.
const PAGE_HEAD: usize = 1024;

/// The encoding that a page declares.
pub(super) fn charset_of_page(bytes: &[u8]) -> Option<&str> {
    let head = bytes.get(..bytes.len().min(PAGE_HEAD))?;
    let at = head.windows(8).position(|window| window.eq_ignore_ascii_case(b"charset="))? + 8;
    let value = head.get(at..)?;
    let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
    let end = value.iter().position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'_' | b':'));
    std::str::from_utf8(value.get(..end?)?).ok().filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kinds of all parts in the order of the message, and their bytes.
    fn check(message: &str, expected: &[&str]) {
        fn list(part: &Part<'_>, out: &mut Vec<String>) {
            out.push(match part.parts.len() {
                0 => format!("{} {}", part.kind(), String::from_utf8_lossy(&part.bytes()).trim()),
                count => format!("{} {count}", part.kind()),
            });
            part.parts.iter().for_each(|part| list(part, out));
        }
        let mut out = Vec::new();
        list(&Part::of_message(message.as_bytes()), &mut out);
        assert_eq!(out, expected, "{message}");
    }

    #[test]
    fn trees() {
        check("Subject: a\n\nText", &["text/plain Text"]);
        check(
            "Content-Type: multipart/mixed; boundary=\"a\"\r\n\r\nNot read\r\n--a\r\n\r\nOne\r\n--a\r\n\
             Content-Type: multipart/alternative; boundary=ab\r\n\r\n--ab\r\n\r\nTwo\r\n--ab\r\nContent-Type: text/html\r\n\r\n\
             <p>Two\r\n--ab--\r\n--a--\r\nNot read",
            &["multipart/mixed 2", "text/plain One", "multipart/alternative 2", "text/plain Two", "text/html <p>Two"],
        );
        // No end, no boundary, no parts.
        check("Content-Type: multipart/mixed; boundary=a\n\n--a\n\nOne", &["multipart/mixed 1", "text/plain One"]);
        check("Content-Type: multipart/mixed\n\n--a\n\nOne\n--a--", &["multipart/mixed 1", "text/plain One"]);
        check("Content-Type: multipart/mixed; boundary=a\n\nText", &["text/plain Text"]);
        check("From a@b Mon Jun 01 10:00:00 2009\nSubject: a\n\nText", &["text/plain Text"]);
        check("", &["text/plain "]);
    }

    #[test]
    fn nesting_is_limited() {
        let mut message = String::from("Content-Type: multipart/mixed; boundary=b0\n\n");
        for level in 0..50_000 {
            message.push_str(&format!("--b{level}\nContent-Type: multipart/mixed; boundary=b{}\n\n", level + 1));
        }
        Part::of_message(message.as_bytes());
        let many = format!("Content-Type: multipart/mixed; boundary=a\n\n{}", "--a\n\n".repeat(100_000));
        assert_eq!(Part::of_message(many.as_bytes()).parts.len(), MOST_PARTS);
    }

    #[test]
    fn transfer_encodings() {
        for (sent, expected) in [
            ("caf=C3=A9 =\r\nnoir=20\r\n", "café noir \r\n"),
            ("a =3D b = c =", "a = b = c "),
            ("=C3=A", "\u{fffd}=A"),
            ("", ""),
        ] {
            assert_eq!(String::from_utf8_lossy(&from_quoted_printable(sent.as_bytes())), expected, "{sent}");
        }
        for (sent, expected) in
            [("SGVs\r\nbG8=", "Hello"), ("SGVsbG8=SGVsbG8=", "HelloHello"), ("SGVs!bG8", "Hello"), ("=", "")]
        {
            assert_eq!(String::from_utf8_lossy(&from_base64(sent.as_bytes())), expected, "{sent}");
        }
    }

    #[test]
    fn pages_declare_their_encoding() {
        for (page, expected) in [
            ("<meta charset=\"utf-8\">", Some("utf-8")),
            ("<meta http-equiv=a content='text/html; charset=Shift_JIS'>", Some("Shift_JIS")),
            ("<p>charset", None),
            ("charset=", None),
        ] {
            assert_eq!(charset_of_page(page.as_bytes()), expected, "{page}");
        }
    }
}
