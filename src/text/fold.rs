//! The form under which a word is looked up: lower case, without accents, straight apostrophes.
//!
//! `Piñera` → `pinera`, `Łódź` → `lodz`, `Straße` → `strasse`, `O’Brien` → `o'brien`, `2,000` → `2000`,
//! `U.S.` → `u.s`. Folding never joins or splits words: it is applied to words that [`super::tokens`] found.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The look-up form of `word`, written over `out`.
pub fn fold_into(word: &str, out: &mut String) {
    out.clear();
    if word.is_ascii() {
        out.push_str(word);
        out.make_ascii_lowercase();
    } else {
        for c in word.nfkd().filter(|c| !is_combining_mark(*c)) {
            match plain_letter(c) {
                Some(letters) => out.push_str(letters),
                None => out.extend(c.to_lowercase().filter(|c| !is_combining_mark(*c))),
            }
        }
    }
    if out.contains(',') {
        out.retain(|c| c != ',');
    }
    if out.ends_with('.') {
        out.pop();
    }
}

/// The look-up form of `word`.
pub fn fold(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    fold_into(word, &mut out);
    out
}

/// The characters of `word`, each accent one with its letter where there is such a character (NFC).
pub fn composed(word: &str) -> impl Iterator<Item = char> {
    word.nfc()
}

/// Text with every run of white space as one blank, and none at the ends.
pub fn squeeze(text: &str) -> Cow<'_, str> {
    let single = |pair: &[u8]| matches!(pair, [b' ', b' ']);
    let bytes = text.as_bytes();
    let tidy =
        text.trim() == text && !bytes.windows(2).any(single) && !text.chars().any(|c| c.is_whitespace() && c != ' ');
    if tidy {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Letters that have no decomposition but that people type without their strokes and ligatures.
fn plain_letter(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'þ' | 'Þ' => "th",
        'ħ' | 'Ħ' => "h",
        'ı' | 'İ' => "i",
        'ŋ' | 'Ŋ' => "n",
        'ŧ' | 'Ŧ' => "t",
        '\u{2019}' | '\u{2018}' | '\u{02bc}' | '\u{ff07}' => "'",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_case_accents_and_marks() {
        for (word, expected) in [
            ("Defence", "defence"),
            ("Piñera", "pinera"),
            ("Łódź", "lodz"),
            ("Straße", "strasse"),
            ("O’Brien", "o'brien"),
            ("2,000", "2000"),
            ("U.S.", "u.s"),
            ("İstanbul", "istanbul"),
            ("Ærø", "aero"),
            ("ΑΘΗΝΑ", "αθηνα"),
            ("Київ", "киів"),
        ] {
            assert_eq!(fold(word), expected, "{word}");
        }
    }

    #[test]
    fn accents_join_their_letters() {
        for (word, expected) in [("cafe\u{301}", "café"), ("Café", "Café"), ("", "")] {
            assert_eq!(composed(word).collect::<String>(), expected);
        }
    }

    #[test]
    fn squeezes_white_space() {
        assert_eq!(squeeze("  a \n b\tc "), "a b c");
        assert!(matches!(squeeze("a b"), Cow::Borrowed(_)));
    }
}
