//! The answer of a web server, as it went over the wire: head, chunks, compression.

use std::io::Read;

/// The most bytes of an answer's head.
const LONGEST_HEAD: usize = 256 << 10;

/// An answer, its body as the browser would have it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// `200` where all went well.
    pub(super) status: u16,
    /// The media type, with its parameters: `text/html; charset=utf-8`.
    pub(super) media: String,
    pub(super) body: Vec<u8>,
    /// Whether the body lacks its end.
    pub(super) cut: bool,
    /// How many bytes its compression gave.
    pub(super) unpacked: u64,
    /// Why the body cannot be read.
    pub(super) fault: Option<String>,
}

/// Reads an answer; none where `block` does not begin like one. Of its body at most `most` bytes are unpacked.
pub(super) fn answer(block: Vec<u8>, most: u64) -> Result<Answer, Vec<u8>> {
    let Some((head, body)) = head(&block) else { return Err(block) };
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let status = lines.next().and_then(|line| line.split(|byte| *byte == b' ').find(|word| !word.starts_with(b"HTTP")));
    let status = status.and_then(|word| std::str::from_utf8(word).ok()?.parse().ok()).unwrap_or(0);
    let (mut media, mut chunked, mut packed) = (String::new(), false, Vec::new());
    for line in lines {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let (name, value) = line.split_at(colon);
        let value = String::from_utf8_lossy(value.get(1..).unwrap_or_default());
        let value = value.trim();
        match name.to_ascii_lowercase().as_slice() {
            b"content-type" => media = value.to_owned(),
            b"transfer-encoding" => chunked = value.to_ascii_lowercase().contains("chunked"),
            b"content-encoding" => {
                packed.extend(value.split(',').map(|kind| kind.trim().to_ascii_lowercase()));
            }
            _ => {}
        }
    }
    let mut body = if chunked { joined(body) } else { body.to_vec() };
    let (mut cut, mut fault, mut total) = (false, None, 0);
    for kind in packed.iter().rev() {
        match unpacked(&body, kind, most) {
            Ok(Some((bytes, short))) => {
                cut |= short;
                total += bytes.len() as u64;
                body = bytes;
            }
            Ok(None) => {}
            Err(reason) => {
                fault = Some(reason);
                break;
            }
        }
    }
    Ok(Answer { status, media, body, cut, unpacked: total, fault })
}

/// Head and body of an answer.
fn head(block: &[u8]) -> Option<(&[u8], &[u8])> {
    if !block.starts_with(b"HTTP/") {
        return None;
    }
    let mut at = 0;
    for line in block.get(..block.len().min(LONGEST_HEAD))?.split_inclusive(|byte| *byte == b'\n') {
        if line.trim_ascii().is_empty() {
            return Some((block.get(..at)?, block.get(at + line.len()..)?));
        }
        at += line.len();
    }
    // All of it is head.
    (block.len() <= LONGEST_HEAD).then_some((block, &[]))
}

/// The chunks of a body put together. Programs that archive often leave the head as it was and put them together
/// themselves, so what does not have the form of chunks is taken as it is.
fn joined(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    loop {
        let Some((length, after)) = chunk(rest) else {
            out.extend_from_slice(rest);
            return out;
        };
        if length == 0 {
            return out;
        }
        let end = length.min(after.len());
        out.extend_from_slice(after.get(..end).unwrap_or_default());
        rest = after.get(end..).unwrap_or_default();
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
        if rest.is_empty() {
            return out;
        }
    }
}

/// The length of the chunk that begins here, and what follows the line that says so.
fn chunk(bytes: &[u8]) -> Option<(usize, &[u8])> {
    // Sixteen digits, blanks, and extensions that nobody uses.
    let end = bytes.iter().take(200).position(|byte| *byte == b'\n')?;
    let line = bytes.get(..end)?.split(|byte| *byte == b';').next()?.trim_ascii();
    let length = usize::from_str_radix(std::str::from_utf8(line).ok()?, 16).ok()?;
    Some((length, bytes.get(end + 1..)?))
}

/// A body unpacked, and whether that is all of it; none where it was not packed after all.
fn unpacked(body: &[u8], kind: &str, most: u64) -> Result<Option<(Vec<u8>, bool)>, String> {
    let mut out = Vec::new();
    let mut read = |decoder: &mut dyn Read| {
        let damaged = decoder.take(most + 1).read_to_end(&mut out).is_err();
        let long = out.len() as u64 > most;
        out.truncate(most as usize);
        damaged || long
    };
    let short = match kind {
        "" | "identity" | "none" | "utf-8" => return Ok(None),
        "gzip" | "x-gzip" if !body.starts_with(b"\x1f\x8b") => return Ok(None),
        "gzip" | "x-gzip" => read(&mut flate2::read::MultiGzDecoder::new(body)),
        "deflate" if body.first().is_some_and(|byte| byte & 0x0f == 8) => {
            read(&mut flate2::read::ZlibDecoder::new(body))
        }
        // Some servers took the name at its word.
        "deflate" if !looks_like_text(body) => read(&mut flate2::read::DeflateDecoder::new(body)),
        "deflate" => return Ok(None),
        // Often unpacked by the program that archived it, and the head left as it was.
        _ if looks_like_text(body) => return Ok(None),
        _ => return Err(format!("packed in a way that is not read ({kind})")),
    };
    if out.is_empty() && short {
        return Err(format!("its compression ({kind}) is damaged"));
    }
    Ok(Some((out, short)))
}

fn looks_like_text(body: &[u8]) -> bool {
    let start = body.trim_ascii_start();
    start.starts_with(b"<") || start.starts_with(b"{") || start.starts_with(b"[")
}
