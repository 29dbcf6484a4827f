//! PDF files whose table of objects is damaged, cut off or written in a way that only some programs understand: a table is
//! made anew from the objects themselves.

use std::collections::BTreeMap;

/// The file with a new table of its objects at its end; none where it has no objects to speak of.
pub(super) fn mend(bytes: &[u8]) -> Option<Vec<u8>> {
    let places = objects(bytes);
    let root = reference(bytes, b"/Root").or_else(|| catalogue(bytes, &places))?;
    let mut out = bytes.to_vec();
    out.push(b'\n');
    let table = out.len();
    out.extend_from_slice(b"xref\n0 1\n0000000000 65535 f \n");
    for (number, (at, generation)) in &places {
        out.extend_from_slice(format!("{number} 1\n{at:010} {generation:05} n \n").as_bytes());
    }
    let size = places.last_key_value().map_or(1, |(number, _)| u64::from(*number) + 1);
    out.extend_from_slice(format!("trailer\n<< /Size {size} /Root {root}").as_bytes());
    for name in ["/Info", "/Encrypt"] {
        if let Some(other) = reference(bytes, name.as_bytes()) {
            out.extend_from_slice(format!(" {name} {other}").as_bytes());
        }
    }
    if let Some(id) = find_last(bytes, b"/ID").and_then(|at| bytes.get(at..)).and_then(|rest| rest.get(..end_of(rest)?))
    {
        out.push(b' ');
        out.extend_from_slice(id);
    }
    out.extend_from_slice(format!(" >>\nstartxref\n{table}\n%%EOF\n").as_bytes());
    Some(out)
}

/// The end of an array of two numbers: nothing else is copied.
fn end_of(rest: &[u8]) -> Option<usize> {
    let end = rest.iter().take(LONGEST_ID).position(|byte| *byte == b']')?;
    Some(end + 1)
}

/// The longest id of a file with its name, in bytes.
const LONGEST_ID: usize = 300;

/// Where each object begins, with its generation; the last one of a number counts.
fn objects(bytes: &[u8]) -> BTreeMap<u32, (usize, u16)> {
    let mut out = BTreeMap::new();
    let mut at = 0;
    while at < bytes.len() {
        let Some(rest) = bytes.get(at..) else { break };
        if rest.starts_with(b"stream") {
            // What is within is no object.
            at = find(bytes, b"endstream", at).map_or(at + 6, |end| end + 9);
        } else if rest.starts_with(b"obj") {
            if let Some((start, number, generation)) = head(bytes, at) {
                out.insert(number, (start, generation));
            }
            at += 3;
        } else {
            at += 1;
        }
    }
    out
}

/// The beginning, number and generation of an object whose word `obj` stands at `end`: `12 0 obj`.
fn head(bytes: &[u8], end: usize) -> Option<(usize, u32, u16)> {
    let (start, generation) = figures_before(bytes, end)?;
    let (start, number) = figures_before(bytes, start)?;
    Some((start, u32::try_from(number).ok()?, u16::try_from(generation).ok()?))
}

/// The figures before a place, with white space between.
fn figures_before(bytes: &[u8], end: usize) -> Option<(usize, u64)> {
    let before = bytes.get(..end)?;
    let last = before.iter().rposition(|byte| !byte.is_ascii_whitespace())?;
    if last + 1 == end || end - last > 8 {
        return None;
    }
    let digits = before.get(..=last)?.iter().rev().take_while(|byte| byte.is_ascii_digit()).take(10).count();
    let start = last + 1 - digits;
    let text = std::str::from_utf8(before.get(start..=last)?).ok()?;
    Some((start, text.parse().ok()?))
}

/// The last reference by this name: `/Root 21 0 R`.
fn reference(bytes: &[u8], name: &[u8]) -> Option<String> {
    let mut end = bytes.len();
    loop {
        let at = find_last(bytes.get(..end)?, name)?;
        let rest = bytes.get(at + name.len()..)?;
        let text: String = rest.iter().take(30).map(|byte| char::from(*byte)).collect();
        let mut words = text.split_ascii_whitespace();
        let (number, generation, sign) = (words.next(), words.next(), words.next());
        if let (Some(number), Some(generation), Some(sign)) = (number, generation, sign)
            && sign.starts_with('R')
            && let (Ok(number), Ok(generation)) = (number.parse::<u32>(), generation.parse::<u16>())
        {
            return Some(format!("{number} {generation} R"));
        }
        end = at;
    }
}

/// The catalogue among the objects.
fn catalogue(bytes: &[u8], places: &BTreeMap<u32, (usize, u16)>) -> Option<String> {
    let is_catalogue = |at: usize| {
        let rest = bytes.get(at..).unwrap_or_default();
        let head = rest.get(..rest.len().min(LONGEST_ID)).unwrap_or(rest);
        let head = head.get(..find(head, b"endobj", 0).unwrap_or(head.len())).unwrap_or(head);
        find(head, b"/Catalog", 0).is_some()
    };
    let found = places.iter().find(|(_, (at, _))| is_catalogue(*at));
    found.map(|(number, (_, generation))| format!("{number} {generation} R"))
}

fn find(bytes: &[u8], part: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(part.len()).position(|window| window == part).map(|at| from + at)
}

fn find_last(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).rposition(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_found() {
        let file = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\n2 0 obj <</Length 9>>\nstream\n3 0 obj x\nendstream endobj\n\
            1 0 obj\n<</Type/Catalog/A 1>>\nendobj\ntrailer <</Root 9 0 X>>";
        let places = objects(file);
        assert_eq!(places.keys().copied().collect::<Vec<_>>(), [1, 2]);
        let (at, _) = places[&1];
        assert!(file[at..].starts_with(b"1 0 obj\n<</Type/Catalog/A"));
        let mended = mend(file).expect("there is a catalogue");
        let text = String::from_utf8_lossy(&mended);
        assert!(text.contains("trailer\n<< /Size 3 /Root 1 0 R >>"), "{text}");
    }

    #[test]
    fn what_is_hopeless() {
        for bytes in [&b""[..], b"obj", b"0 obj", b"%PDF-1.4 stream", b"/Root 1 0", b"99999999999 0 obj"] {
            assert!(mend(bytes).is_none());
        }
    }
}
