//! Mends what other programs write as JSON though the standard does not allow it.

/// `json` made valid; none where there was nothing to mend.
///
/// `NaN` and `Infinity` become `null`, raw control characters in strings are escaped, halves of characters beyond the
/// first 65,536 are replaced, commas before a closing bracket go.
pub(super) fn mended(json: &str) -> Option<String> {
    let mut out = String::with_capacity(json.len() + 16);
    let mut changed = false;
    let mut string = false;
    let mut rest = json;
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        match c {
            '"' => {
                string = !string;
                out.push(c);
            }
            '\\' if string => match escape(rest) {
                (Some(replacement), taken) => {
                    changed = true;
                    out.push_str(replacement);
                    length = taken;
                }
                (None, taken) => {
                    out.push_str(rest.get(..taken).unwrap_or(rest));
                    length = taken;
                }
            },
            c if string && c < ' ' => {
                changed = true;
                out.push_str(&format!("\\u{:04x}", c as u32));
            }
            'N' | 'I' | '-' if !string => {
                let word = ["NaN", "Infinity", "-Infinity", "-NaN"].into_iter().find(|word| rest.starts_with(word));
                length = word.map_or(length, str::len);
                changed |= word.is_some();
                out.push_str(if word.is_some() { "null" } else { rest.get(..length).unwrap_or(rest) });
            }
            ',' if !string && rest.get(1..).is_some_and(|next| next.trim_start().starts_with(['}', ']'])) => {
                changed = true
            }
            _ => out.push(c),
        }
        rest = rest.get(length..).unwrap_or("");
    }
    changed.then_some(out)
}

/// What to write instead of the escape at the start of `text`, and its length.
fn escape(text: &str) -> (Option<&'static str>, usize) {
    let two = 1 + text.chars().nth(1).map_or(0, char::len_utf8);
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u32::from_str_radix(digits, 16).ok()
    };
    match unit(0) {
        Some(0xd800..=0xdbff) if matches!(unit(6), Some(0xdc00..=0xdfff)) => (None, 12),
        Some(0xd800..=0xdfff) => (Some("\u{fffd}"), 6),
        Some(_) => (None, 6),
        None if matches!(text.as_bytes().get(1), Some(b'\'')) => (Some("'"), 2),
        None => (None, two),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mends_what_programs_write() {
        for (json, expected) in [
            (r#"{"a":NaN,"b":-Infinity}"#, Some(r#"{"a":null,"b":null}"#)),
            (r#"{"a":"NaN, -1","b":-1}"#, None),
            ("{\"a\":\"x\ny\"}", Some(r#"{"a":"x\u000ay"}"#)),
            (r#"{"a":"\ud83d x"}"#, Some("{\"a\":\"\u{fffd} x\"}")),
            (r#"{"a":"\ud83d\ude00 \\ \""}"#, None),
            (r#"{"a":[1,2,],}"#, Some(r#"{"a":[1,2]}"#)),
            (r#"{"a":"it\'s"}"#, Some(r#"{"a":"it's"}"#)),
            ("{\"a\":\"\\", None),
            ("", None),
        ] {
            assert_eq!(mended(json).as_deref(), expected, "{json}");
        }
    }
}
