//! Cuts a JSON file into its outermost objects without holding more than one of them.

use super::LARGEST_VALUE;
use std::io::{self, BufRead};

/// The objects of a file: those of the list that it is, or those that stand one after the other.
pub(in crate::read) struct Pieces<'a> {
    input: &'a mut dyn BufRead,
    piece: Vec<u8>,
    list: bool,
}

/// Where in an object a byte stands.
#[derive(Default)]
struct Place {
    depth: usize,
    string: bool,
    escape: bool,
}

impl Place {
    /// Goes over the bytes of an object; answers how many belong to it and whether it ends with them.
    fn over(&mut self, bytes: &[u8]) -> (usize, bool) {
        for (at, byte) in bytes.iter().enumerate() {
            if self.string {
                match byte {
                    _ if self.escape => self.escape = false,
                    b'\\' => self.escape = true,
                    b'"' => self.string = false,
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return (at + 1, true);
                    }
                }
                _ => {}
            }
        }
        (bytes.len(), false)
    }
}

impl<'a> Pieces<'a> {
    pub(in crate::read) fn new(input: &'a mut dyn BufRead) -> Pieces<'a> {
        Pieces { input, piece: Vec::new(), list: false }
    }

    /// Whether the objects stand in a list.
    pub(super) fn is_list(&self) -> bool {
        self.list
    }

    /// The bytes of the next object, or why it is none; nothing at the end of the file.
    pub(in crate::read) fn next(&mut self) -> io::Result<Option<Result<&[u8], String>>> {
        self.piece.clear();
        loop {
            let bytes = self.input.fill_buf()?;
            let Some(first) = bytes.first().copied() else { return Ok(None) };
            match first {
                b'[' if !self.list => {
                    self.list = true;
                    self.input.consume(1);
                }
                b'{' | b'[' => return self.object().map(Some),
                b']' | b' ' | b'\n' | b'\r' | b'\t' | b',' | 0xef | 0xbb | 0xbf | 0x1e | 0 => self.input.consume(1),
                _ => return self.scalar().map(Some),
            }
        }
    }

    fn object(&mut self) -> io::Result<Result<&[u8], String>> {
        let mut place = Place::default();
        let mut length = 0usize;
        loop {
            let bytes = self.input.fill_buf()?;
            if bytes.is_empty() {
                return Ok(Err("is not valid JSON: the file ends in the middle of it".to_owned()));
            }
            let (count, end) = place.over(bytes);
            length += count;
            if length <= LARGEST_VALUE {
                self.piece.extend_from_slice(bytes.get(..count).unwrap_or(bytes));
            } else {
                self.piece = Vec::new();
            }
            self.input.consume(count);
            if end {
                break;
            }
        }
        if length > LARGEST_VALUE {
            return Ok(Err(format!("is one JSON value of more than {} MB", LARGEST_VALUE >> 20)));
        }
        if self.piece.first() == Some(&b'[') {
            return Ok(Err("is no object".to_owned()));
        }
        Ok(Ok(&self.piece))
    }

    /// Goes over what is neither object nor list.
    fn scalar(&mut self) -> io::Result<Result<&[u8], String>> {
        let mut place = Place::default();
        loop {
            let bytes = self.input.fill_buf()?;
            let mut count = 0;
            let mut end = bytes.is_empty();
            for byte in bytes {
                if !place.string && matches!(byte, b',' | b']' | b'\n' | b'{') {
                    end = true;
                    break;
                }
                match byte {
                    _ if place.escape => place.escape = false,
                    b'\\' => place.escape = true,
                    b'"' => place.string = !place.string,
                    _ => {}
                }
                count += 1;
            }
            self.input.consume(count);
            if end {
                return Ok(Err("is no object".to_owned()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_between_objects_whatever_the_size_of_the_buffer() {
        let json = r#" [ {"a":"}\"]{"}, {"b":[{"c":1}]} ,7, {"d":{}} ] "#;
        for size in 1..12 {
            let mut input = io::BufReader::with_capacity(size, json.as_bytes());
            let mut pieces = Pieces::new(&mut input);
            let mut out = Vec::new();
            while let Some(piece) = pieces.next().expect("reading memory cannot fail") {
                out.push(
                    piece.map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_else(|reason| reason),
                );
            }
            assert_eq!(out, [r#"{"a":"}\"]{"}"#, r#"{"b":[{"c":1}]}"#, "is no object", r#"{"d":{}}"#], "{size}");
        }
    }
}
