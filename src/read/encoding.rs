//! Bytes to text: which encoding a file is in, and the text that it holds.
//!
//! In order of trust: a byte order mark, the zero bytes of UTF-16, valid UTF-8, the escapes of ISO-2022-JP, UTF-8 with
//! some bytes that are not, and last the browsers' statistics. A page is never lost for one bad byte.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// How many bytes at the beginning of a file decide whether it is text.
pub const HEAD: usize = 8 << 10;

/// The text of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without byte order mark and without zero bytes.
    pub text: String,
    /// The encoding, such as `utf-16le` or `windows-1252 (guessed)`; none for UTF-8.
    pub encoding: Option<String>,
    /// How many bytes or characters had to be replaced or dropped.
    pub replaced: usize,
}

impl Decoded {
    fn new(text: impl Into<String>, encoding: Option<String>, replaced: usize) -> Decoded {
        let mut text = text.into();
        let mut replaced = replaced;
        if memchr::memchr(0, text.as_bytes()).is_some() {
            let before = text.len();
            text.retain(|c| c != '\0');
            replaced += before - text.len();
        }
        Decoded { text, encoding, replaced }
    }
}

/// Makes text of `bytes`.
pub fn decode(bytes: &[u8]) -> Decoded {
    if let Some(text) = by_mark(bytes) {
        return text;
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return with(encoding, bytes, true);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => by_escape(bytes).unwrap_or_else(|| Decoded::new(printed(text), None, 0)),
        Err(_) => mended(bytes).unwrap_or_else(|| guessed(bytes)),
    }
}

/// Makes text of `bytes` that come with the name of their encoding: `label` as a declaration gives it, none where there
/// is none.
///
/// A byte order mark counts for more than the declaration, and so does text that is UTF-8 beyond doubt. A declaration
/// that the bytes contradict is passed over.
pub fn decode_as(bytes: &[u8], label: Option<&str>) -> Decoded {
    let declared = label.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let Some(encoding) = declared.filter(|encoding| *encoding != encoding_rs::UTF_8) else { return decode(bytes) };
    if let Some(text) = by_mark(bytes) {
        return text;
    }
    // UTF-16 is often declared by files that somebody has since made UTF-8.
    let wide = encoding == UTF_16LE || encoding == UTF_16BE;
    if wide != utf16_without_mark(bytes).is_some() || (!bytes.is_ascii() && std::str::from_utf8(bytes).is_ok()) {
        return decode(bytes);
    }
    let declared = with(encoding, bytes, false);
    let letters = declared.text.chars().filter(|c| !c.is_ascii()).count();
    if declared.replaced * 20 > letters { decode(bytes) } else { declared }
}

/// The encoding that an XML declaration names at the beginning of a file.
pub fn declared_by_xml(head: &[u8]) -> Option<&str> {
    let head = head.get(..head.len().min(200)).unwrap_or(head).trim_ascii_start();
    let declaration = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).strip_prefix(b"<?xml")?;
    let end = declaration.windows(2).position(|two| two == b"?>")?;
    let declaration = std::str::from_utf8(declaration.get(..end)?).ok()?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.get(1..)?.split(quote).next()
}

/// The text after a byte order mark.
fn by_mark(bytes: &[u8]) -> Option<Decoded> {
    for (mark, big, name) in [(&[0xff, 0xfe, 0, 0], false, "utf-32le"), (&[0, 0, 0xfe, 0xff], true, "utf-32be")] {
        if let Some(rest) = bytes.strip_prefix(mark) {
            return Some(utf32(rest, big, name));
        }
    }
    let (encoding, length) = Encoding::for_bom(bytes)?;
    let rest = bytes.get(length..)?;
    if encoding == encoding_rs::UTF_8 {
        return Some(match std::str::from_utf8(rest) {
            Ok(text) => Decoded::new(text, None, 0),
            Err(_) => by_parts(rest),
        });
    }
    Some(with(encoding, rest, false))
}

fn utf32(bytes: &[u8], big: bool, name: &str) -> Decoded {
    let mut replaced = usize::from(!bytes.len().is_multiple_of(4));
    let mut text = String::with_capacity(bytes.len() / 4);
    for unit in bytes.as_chunks::<4>().0 {
        let code = if big { u32::from_be_bytes(*unit) } else { u32::from_le_bytes(*unit) };
        text.push(char::from_u32(code).unwrap_or_else(|| {
            replaced += 1;
            char::REPLACEMENT_CHARACTER
        }));
    }
    Decoded::new(text, Some(name.to_owned()), replaced)
}

/// Decodes all of `bytes` in one encoding.
fn with(encoding: &'static Encoding, bytes: &[u8], guessed: bool) -> Decoded {
    let (text, faulty) = encoding.decode_without_bom_handling(bytes);
    let replaced = if faulty { text.matches(char::REPLACEMENT_CHARACTER).count() } else { 0 };
    let mut name = encoding.name().to_ascii_lowercase();
    if guessed {
        name.push_str(" (guessed)");
    }
    Decoded::new(text, Some(name), replaced)
}

/// UTF-16 told by its zero bytes: in most texts every second byte is zero, hardly any of the others is, and what stands
/// beside a zero is a letter, a blank or the like.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(HEAD)).unwrap_or(bytes);
    memchr::memchr(0, head)?;
    let (mut even, mut odd, mut odd_text, mut even_text) = (0, 0, 0, 0);
    let is_text = |byte: u8| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~' | 0xa0..);
    for [first, second] in head.as_chunks::<2>().0 {
        if *first == 0 {
            even += 1;
            even_text += usize::from(is_text(*second));
        }
        if *second == 0 {
            odd += 1;
            odd_text += usize::from(is_text(*first));
        }
    }
    let half = head.len() / 2;
    // Blanks, digits and ASCII punctuation make a tenth of any alphabetic text.
    let is = |zeros: usize, text: usize, others: usize| {
        half >= 2 && zeros * 10 >= half && others * 20 <= zeros && text * 20 >= zeros * 19
    };
    let encoding = if is(odd, odd_text, even) {
        UTF_16LE
    } else if is(even, even_text, odd) {
        UTF_16BE
    } else {
        return None;
    };
    // Noise has halves of characters that lack the other half.
    let whole = head.get(..half / 2 * 4)?;
    let (text, _) = encoding.decode_without_bom_handling(whole);
    (text.matches(char::REPLACEMENT_CHARACTER).count() * 50 <= half).then_some(encoding)
}

/// Japanese mail encoding: ASCII bytes, with `ESC $ B` before Japanese. Only taken where all of it decodes.
fn by_escape(bytes: &[u8]) -> Option<Decoded> {
    if memchr::memchr(0x1b, bytes).is_none()
        || !bytes.windows(3).any(|three| matches!(three, [0x1b, b'$', b'@' | b'B']))
    {
        return None;
    }
    let text: Cow<'_, str> = ISO_2022_JP.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some(Decoded::new(text, Some("iso-2022-jp (guessed)".to_owned()), 0))
}

/// UTF-8 with characters that were made UTF-8 a second time, their bytes taken for Latin-1: the `’` of one writer is
/// `â` and two control characters in the next program. No news has control characters of Latin-1, so that where there
/// are none nothing is touched.
fn printed(text: &str) -> Cow<'_, str> {
    // The end of a line of some mainframes stays.
    let control = |c: char| matches!(c, '\u{80}'..='\u{9f}') && c != '\u{85}';
    // All of them begin with the same byte, which most texts do not have.
    if memchr::memchr(0xc2, text.as_bytes()).is_none() || !text.contains(control) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some((character, length)) = twice(rest) {
            out.push(character);
            rest = rest.get(length..).unwrap_or("");
            continue;
        }
        match u8::try_from(u32::from(c)) {
            Ok(byte) if control(c) => out.push_str(&WINDOWS_1252.decode_without_bom_handling(&[byte]).0),
            _ => out.push(c),
        }
        rest = rest.get(c.len_utf8()..).unwrap_or("");
    }
    out.into()
}

/// The character at the beginning of `text` that was made UTF-8 twice, and the length of it there. One of its bytes
/// must be a control character of Latin-1: others may be meant.
fn twice(text: &str) -> Option<(char, usize)> {
    let count = match text.chars().next()? {
        '\u{c2}'..='\u{df}' => 2,
        '\u{e0}'..='\u{ef}' => 3,
        '\u{f0}'..='\u{f4}' => 4,
        _ => return None,
    };
    let bytes: Vec<u8> = text.chars().take(count).map_while(|c| u8::try_from(u32::from(c)).ok()).collect();
    let character = std::str::from_utf8(&bytes).ok()?.chars().next()?;
    let telling = bytes.iter().any(|byte| matches!(byte, 0x80..=0x9f));
    // Each of the characters has two bytes.
    (telling && bytes.len() == count).then_some((character, 2 * count))
}

/// UTF-8 in which single bytes are of another encoding, as when two files were joined; none where it is no UTF-8 at all.
///
/// Legacy text forms sequences that are valid UTF-8 by chance, but for each of them there are several that are not.
fn mended(bytes: &[u8]) -> Option<Decoded> {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        // A character of three bytes is far less likely to be chance than one of two.
        for byte in chunk.valid().bytes() {
            good += match byte {
                0xc2..=0xdf => 1,
                0xe0..=0xef => 4,
                0xf0.. => 8,
                _ => 0,
            };
        }
        bad += chunk.invalid().len();
    }
    // A single character that was cut off at the end of the file says nothing against UTF-8.
    (good > 0 && good >= bad).then(|| by_parts(bytes))
}

/// UTF-8, its invalid bytes read as windows-1252.
fn by_parts(bytes: &[u8]) -> Decoded {
    let mut text = String::with_capacity(bytes.len() + 16);
    let mut replaced = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            replaced += chunk.invalid().len();
            text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
        }
    }
    Decoded::new(text, None, replaced)
}

/// What the browsers' detector makes of it. It is sure after some thousand bytes that are not ASCII.
fn guessed(bytes: &[u8]) -> Decoded {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let sample = bytes.get(..bytes.len().min(1 << 20)).unwrap_or(bytes);
    detector.feed(sample, sample.len() == bytes.len());
    with(detector.guess(None, Utf8Detection::Allow), bytes, true)
}

/// What a file is if it is no text: the name of its format, or `binary`. `head` is its beginning, up to [`HEAD`] bytes.
pub fn is_binary(head: &[u8]) -> Option<&'static str> {
    if let Some((_, name)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(name);
    }
    if head.get(4..8) == Some(b"ftyp") {
        return Some("a video");
    }
    if let (Some(b"RIFF"), Some(kind)) = (head.get(..4), head.get(8..12)) {
        return Some(if kind == b"WEBP" { "a picture (WebP)" } else { "sound or video" });
    }
    if Encoding::for_bom(head).is_some() || head.starts_with(&[0, 0, 0xfe, 0xff]) || utf16_without_mark(head).is_some()
    {
        return None;
    }
    let zeros = memchr::memchr(0, head).map_or(0, |_| count(head, |byte| byte == 0));
    let controls = count(head, |byte| matches!(byte, 1..=8 | 14..=26 | 28..=31 | 127));
    (zeros * 10 > head.len() || controls * 10 > head.len()).then_some("binary")
}

/// Whether a file that begins with ASCII is in UTF-16 or UTF-32.
pub(super) fn is_wide(head: &[u8]) -> bool {
    head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") || matches!(head, [0, ..] | [_, 0, ..])
}

/// Whether a file begins with a letter or digit, as prose does and mark-up does not. Every format is asked about every
/// file: this spares decoding it.
pub(super) fn begins_with_word(head: &[u8]) -> bool {
    !is_wide(head) && head.trim_ascii_start().first().is_some_and(u8::is_ascii_alphanumeric)
}

/// How many bytes are of a kind. Counted in pieces that a byte can count, which are gone through many bytes at a time.
fn count(bytes: &[u8], is: impl Fn(u8) -> bool) -> usize {
    let piece = |piece: &[u8]| piece.iter().fold(0u8, |count, byte| count + u8::from(is(*byte)));
    bytes.chunks(usize::from(u8::MAX)).map(|bytes| usize::from(piece(bytes))).sum()
}

/// How files begin that are no text.
static MAGIC: &[(&[u8], &str)] = &[
    (b"\x1f\x9d", "compressed (compress)"),
    (b"7z\xbc\xaf'\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a rar archive"),
    (b"\x89PNG\r\n", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\0", "a picture (TIFF)"),
    (b"MM\0*", "a picture (TIFF)"),
    (b"\0\0\0\x0cjP  ", "a picture (JPEG 2000)"),
    (b"AT&TFORM", "DjVu"),
    (b"OggS", "sound or video"),
    (b"ID3\x03", "sound"),
    (b"ID3\x04", "sound"),
    (b"fLaC", "sound"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document"),
    (b"SQLite format 3\0", "a database (SQLite)"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\0", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\0asm", "a program"),
    (b"PAR1", "Parquet"),
    (b"ARROW1", "Arrow"),
];

#[cfg(test)]
mod tests {
    use super::*;

    const ESSAY: &str =
        "El señor Muñoz viajó a Bogotá el miércoles; según él, la situación económica «mejorará» mañana.\n";

    fn check(bytes: &[u8], text: &str, encoding: Option<&str>, replaced: usize) {
        let decoded = decode(bytes);
        assert_eq!(decoded.text, text);
        assert_eq!(decoded.encoding.as_deref(), encoding, "{text}");
        assert_eq!(decoded.replaced, replaced, "{text}");
    }

    #[test]
    fn utf_8_in_all_its_forms() {
        check(b"", "", None, 0);
        check("Łódź — 平壌".as_bytes(), "Łódź — 平壌", None, 0);
        check(b"\xef\xbb\xbfplain", "plain", None, 0);
        check(b"\xef\xbb\xbf", "", None, 0);
        check(b"w\0\0ere", "were", None, 2);
    }

    #[test]
    fn utf_16_and_32_with_and_without_a_mark() {
        let text = "Élysée: “peace”, 14 December.";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(&[b"\xff\xfe", little.as_slice()].concat(), text, Some("utf-16le"), 0);
        check(&[b"\xfe\xff", big.as_slice()].concat(), text, Some("utf-16be"), 0);
        check(&little, text, Some("utf-16le (guessed)"), 0);
        check(&big, text, Some("utf-16be (guessed)"), 0);
        let plain: Vec<u8> = "LONDON".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&plain, "LONDON", Some("utf-16le (guessed)"), 0);
        let wide: Vec<u8> = text.chars().flat_map(|c| (c as u32).to_le_bytes()).collect();
        check(&[b"\xff\xfe\0\0", wide.as_slice()].concat(), text, Some("utf-32le"), 0);
        let cyrillic: Vec<u8> = "Москва, 19 июня. Президент прибыл".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&cyrillic, "Москва, 19 июня. Президент прибыл", Some("utf-16le (guessed)"), 0);
    }

    #[test]
    fn one_bad_byte_spoils_nothing() {
        check(b"H\xe9di Annabi \xe2\x80\x94 Pr\xc3\xa9val", "Hédi Annabi — Préval", None, 1);
        // A character cut off at the end.
        check(b"caf\xc3\xa9 \xe2\x80\x9cna\xc3\xafve\xe2\x80", "café “naïveâ€", None, 2);
        check(b"\xef\xbb\xbfmarked \x93quote\x94", "marked “quote”", None, 2);
    }

    #[test]
    fn characters_encoded_twice_are_mended() {
        for (text, expected) in [
            ("the port\u{e2}\u{80}\u{99}s cranes", "the port’s cranes"),
            ("the port\u{92}s \u{93}cranes\u{94}", "the port’s “cranes”"),
            ("caf\u{c3}\u{a9} \u{e2}\u{80}\u{94} bar", "caf\u{c3}\u{a9} — bar"),
            ("â \u{80}", "â €"),
            ("\u{e2}\u{80}", "â€"),
            ("one\u{85}two", "one\u{85}two"),
            ("château, Ã©", "château, Ã©"),
        ] {
            check(text.as_bytes(), expected, None, 0);
        }
    }

    #[test]
    fn legacy_encodings_are_guessed() {
        for (encoding, text) in [
            (encoding_rs::WINDOWS_1252, ESSAY),
            (encoding_rs::WINDOWS_1251, "Президент прибыл в Пхеньян в среду утром, сообщили в Кремле.\n"),
            (encoding_rs::KOI8_U, "Президент прибыл в Пхеньян в среду утром, сообщили в Кремле.\n"),
            (encoding_rs::SHIFT_JIS, "ロシアのプーチン大統領は十九日、平壌で金正恩総書記と会談した。\n"),
            (encoding_rs::EUC_KR, "러시아 대통령이 수요일 평양에서 김정은 위원장과 회담했다.\n"),
            (encoding_rs::GBK, "俄罗斯总统普京星期三在平壤同朝鲜领导人举行了会谈。\n"),
        ] {
            let text = text.repeat(4);
            let bytes = encoding.encode(&text).0.into_owned();
            check(&bytes, &text, Some(&format!("{} (guessed)", encoding.name().to_ascii_lowercase())), 0);
        }
        let mail = b"\x1b$B$3$s$K$A$O\x1b(B, world";
        check(mail, "こんにちは, world", Some("iso-2022-jp (guessed)"), 0);
        check(b"\x1b[1mbold\x1b[0m", "\u{1b}[1mbold\u{1b}[0m", None, 0);
    }

    #[test]
    fn declarations_count_where_the_bytes_do_not_contradict() {
        let check = |bytes: &[u8], label: &str, text: &str, encoding: Option<&str>| {
            let decoded = decode_as(bytes, Some(label));
            assert_eq!((decoded.text.as_str(), decoded.encoding.as_deref()), (text, encoding), "{label}");
        };
        check(b"caf\xe9", "ISO-8859-1", "café", Some("windows-1252"));
        check(b"\xcc\xee\xf1\xea\xe2\xe0", "windows-1251", "Москва", Some("windows-1251"));
        check("Москва".as_bytes(), "windows-1251", "Москва", None);
        check(b"\xef\xbb\xbfcaf\xc3\xa9", "windows-1251", "café", None);
        check(b"plain", "utf-16", "plain", None);
        check(b"plain", "no such thing", "plain", None);
        check(b"\x93quoted\x94", "us-ascii", "“quoted”", Some("windows-1252"));
    }

    #[test]
    fn xml_declares_its_encoding() {
        for (head, expected) in [
            (&b"<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><a/>"[..], Some("iso-8859-1")),
            (b"\xef\xbb\xbf<?xml version='1.0' encoding = 'big5' ?>", Some("big5")),
            (b"<?xml version='1.0'?> encoding='big5'?>", None),
            (b"<a encoding='big5'/>", None),
        ] {
            assert_eq!(declared_by_xml(head), expected);
        }
    }

    #[test]
    fn binary_is_told_from_text() {
        for (head, expected) in [
            (&b"\x1f\x9d\x08"[..], Some("compressed (compress)")),
            (b"RIFF\0\0\0\0WEBPVP8", Some("a picture (WebP)")),
            (b"a\0\0\0b\0\0\0", Some("binary")),
            (b"plain text", None),
            (b"", None),
            (b"L\0O\0N\0D\0O\0N\0", None),
            (b"\xff\xfeL\0", None),
            (b"one zero \0 in a line of text is a slip", None),
            (b"BZ is no archive", None),
            (b"\x000Uz\x9f\xc4\xe9\x0e\0X}\xa2\xc7\xec\x116\0\x80\xa5\xca\xef\x149^", Some("binary")),
        ] {
            assert_eq!(is_binary(head), expected, "{head:?}");
        }
    }
}
