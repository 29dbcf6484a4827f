//! Tags with more attributes than any page has: each is compared with all before it, so that a million of them would
//! take hours.

use std::borrow::Cow;

/// The most attributes that are read of a tag. Pages have up to a hundred.
const MOST: usize = 1000;

/// A page in which tags end after their first attributes, where there are too many.
pub(super) fn limited(html: &str) -> Cow<'_, str> {
    let bytes = html.as_bytes();
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(open) = position(bytes, at, |byte| byte == b'<') {
        at = open + 1;
        if !bytes.get(at).is_some_and(|next| next.is_ascii_alphabetic() || *next == b'/') {
            continue;
        }
        let (end, cut) = tag(bytes, at);
        at = end;
        if let Some(cut) = cut {
            out.push_str(html.get(copied..cut).unwrap_or(""));
            copied = end;
        }
    }
    if copied == 0 {
        return html.into();
    }
    out.push_str(html.get(copied..).unwrap_or(""));
    out.into()
}

/// Where a tag ends, and from where it is to be cut.
fn tag(bytes: &[u8], start: usize) -> (usize, Option<usize>) {
    let (mut count, mut cut, mut before, mut at) = (0, None, b' ', start);
    while let Some(byte) = bytes.get(at).copied() {
        match byte {
            b'>' => return (at, cut),
            b'"' | b'\'' if before == b'=' => {
                at = position(bytes, at + 1, |other| other == byte).unwrap_or(bytes.len());
                count += 1;
            }
            b'/' => count += 1,
            _ if byte.is_ascii_whitespace() && !before.is_ascii_whitespace() && before != b'=' => count += 1,
            _ => {}
        }
        // A cut falls behind an ASCII byte, never into a character.
        if count > MOST && cut.is_none() {
            cut = Some((at + 1).min(bytes.len()));
        }
        if !(byte.is_ascii_whitespace() && before == b'=') {
            before = byte;
        }
        at += 1;
    }
    (bytes.len(), cut)
}

fn position(bytes: &[u8], from: usize, is: impl Fn(u8) -> bool) -> Option<usize> {
    bytes.get(from..)?.iter().position(|byte| is(*byte)).map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_giants_are_cut() {
        for html in ["", "<p a='>' b=\"x y\">c</p> < 3", "<a href=http://a/b/c/é>é</a>", "<p title='endless", "<"] {
            assert_eq!(limited(html), html);
        }
        for (part, close) in [(" a=1", ">é"), ("/a", ">é"), ("a='é>'", ">é"), (" é = \"x\"", ">é")] {
            let found = limited(&format!("<p {}{close}<b>", part.repeat(5000))).into_owned();
            assert!(found.len() < 20_000 && found.ends_with(">é<b>"), "{part}");
        }
    }
}
