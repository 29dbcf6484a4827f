//! Characters of article text that a terminal would obey or nobody would see, written so that they are seen.
//!
//! An article may hold an escape sequence that renames the window, an override that shows a path backwards, a blank
//! of no width inside a name. On a terminal they appear as `\u{1b}`, `\u{202e}`, `\u{200b}`.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether `c`, which stands after `previous`, must not reach a terminal: control characters (C0, C1), marks of
/// writing direction, characters without width. Blanks of all kinds are for the caller to deal with.
///
/// The two joiners are part of the spelling in Arabic and Indic scripts (`می‌خواهد`) and stay after their letters.
pub fn is_hidden(previous: Option<char>, c: char) -> bool {
    match c {
        ' '..='~' => false,
        '\u{200c}' | '\u{200d}' => !previous.is_some_and(|p| matches!(p, '\u{0600}'..='\u{109f}')),
        '\u{00}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => true,
        '\u{061c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}' => true,
        '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' => true,
        '\u{e0000}'..='\u{e007f}' => true,
        _ => false,
    }
}

/// Writes `c` as `\u{202e}`.
pub fn escape_into(c: char, out: &mut String) {
    write!(out, "\\u{{{:x}}}", u32::from(c)).expect("a string takes everything");
}

/// The text on one line with everything hidden made visible, line ends and tabs too.
pub fn visible(text: &str) -> Cow<'_, str> {
    let mut previous = None;
    let hidden = |previous: &mut Option<char>, c: char| is_hidden(previous.replace(c), c);
    if !text.chars().any(|c| hidden(&mut previous, c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    previous = None;
    for c in text.chars() {
        if hidden(&mut previous, c) {
            escape_into(c, &mut out);
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// The text on one line for a person: runs of blanks as one, and everything else that is hidden made visible where
/// `escapes` is set.
pub fn line(text: &str, escapes: bool) -> Cow<'_, str> {
    let text = crate::text::fold::squeeze(text);
    if !escapes {
        return text;
    }
    match visible(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(shown) => Cow::Owned(shown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_is_hidden() {
        for (text, expected) in [
            ("Kim – “平壌”", "Kim – “平壌”"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("a\u{9b}2J", "a\\u{9b}2J"),
            ("a\u{202e}txt.exe", "a\\u{202e}txt.exe"),
            ("\u{2066}x\u{2069}\u{200e}\u{200f}\u{61c}", "\\u{2066}x\\u{2069}\\u{200e}\\u{200f}\\u{61c}"),
            ("pay\u{200b}pal\u{feff}\u{2060}", "pay\\u{200b}pal\\u{feff}\\u{2060}"),
            ("a\u{200d}b", "a\\u{200d}b"),
            ("می\u{200c}خواهد", "می\u{200c}خواهد"),
            ("a\nb\tc\0", "a\\u{a}b\\u{9}c\\u{0}"),
            ("", ""),
        ] {
            assert_eq!(visible(text), expected, "{text:?}");
        }
    }

    #[test]
    fn keeps_to_one_line() {
        assert_eq!(line(" a\n\tb\u{7} ", true), "a b\\u{7}");
        assert_eq!(line(" a\n\tb\u{7} ", false), "a b\u{7}");
        assert!(matches!(line("a b", true), Cow::Borrowed(_)));
    }
}
