//! Formats that are recognised but not read, so that a skipped file has a reason that names them.

use super::encoding;

/// What a file is, where it is none of plain text: `XML`, `compressed (gzip)`. `head` is its beginning.
pub fn recognise(head: &[u8], name: &str) -> Option<&'static str> {
    if let Some(binary) = encoding::is_binary(head) {
        return Some(binary);
    }
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    for (opening, format) in OPENINGS {
        if head.get(..opening.len()).is_some_and(|start| start.eq_ignore_ascii_case(opening)) {
            return Some(format);
        }
    }
    let ending = super::ending(name)?;
    // A name alone is believed only where the content does not speak against it.
    let (_, format) = ENDINGS.iter().find(|(endings, _)| endings.contains(&ending.as_ref()))?;
    head.starts_with(b"<").then_some(*format)
}

/// The reason for not reading a file of this kind.
pub fn reason(format: &str) -> String {
    match format {
        "binary" => "binary, not text".to_owned(),
        _ if format.starts_with("compressed") => format!("{format} files are not read yet"),
        _ => format!("{format} is not read yet"),
    }
}

/// How files of marked-up text begin.
static OPENINGS: &[(&[u8], &str)] = &[(b"<!doctype", "XML"), (b"{\\rtf", "RTF"), (b"%!PS", "PostScript")];

/// What the ending of a name says of a file that begins with `<`.
static ENDINGS: &[(&[&str], &str)] = &[(&["xml", "nitf", "rss", "atom"], "XML"), (&["sgm", "sgml"], "SGML")];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_it_sees() {
        for (head, name, expected) in [
            (&b"\xef\xbb\xbf\n<!DOCTYPE x>"[..], "a", Some("XML")),
            (b"<div><p>", "a.xml", Some("XML")),
            (b"<div> is a tag", "a.txt", None),
            (b"Plain text", "a.html", None),
            (b"", "a.html", None),
        ] {
            assert_eq!(recognise(head, name), expected, "{name}");
        }
        assert_eq!(reason("compressed (gzip)"), "compressed (gzip) files are not read yet");
    }
}
