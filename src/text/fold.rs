//! The form under which a word is looked up: lower case, without accents, straight apostrophes.
//!
//! `Piñera` → `pinera`, `Łódź` → `lodz`, `Straße` → `strasse`, `O’Brien` → `o'brien`, `2,000` → `2000`,
//! `U.S.` → `u.s`. Folding never joins or splits words: it is applied to words that [`super::tokens`] found.
//!
//! A mark that makes another letter rather than an accent stays: `й`, `が`, all marks of Thai and its like.

use super::tokens::{Form, alone_prefix, stands_alone};
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The look-up form of a word of this form, written over `out`.
#[inline]
pub(crate) fn fold_word_into(word: &str, form: Form, out: &mut String) {
    if form == Form::Other {
        return fold_into(word, out);
    }
    out.clear();
    out.push_str(word);
    // Most words are small. To write letter by letter what is soon read in one piece is slow.
    if form == Form::Plain {
        out.make_ascii_lowercase();
    }
}

/// The look-up form of `word`, written over `out`.
pub fn fold_into(word: &str, out: &mut String) {
    out.clear();
    if word.is_ascii() {
        out.push_str(word);
        out.make_ascii_lowercase();
    } else if word.contains(is_composite) {
        // What they stand for is folded, so that folding twice changes nothing more.
        return fold_into(&word.nfkc().filter(|c| !is_composite(*c)).collect::<String>(), out);
    } else {
        let mut rest = word;
        while !rest.is_empty() {
            let (alone, other) = rest.split_at(alone_prefix(rest));
            out.extend(alone.nfkc());
            let end = other.char_indices().find(|(at, _)| other.get(*at..).is_some_and(stands_alone));
            let (letters, behind) = other.split_at(end.map_or(other.len(), |(at, _)| at));
            fold_letters(letters, out);
            rest = behind;
        }
    }
    if out.contains(',') {
        out.retain(|c| c != ',');
    }
    if out.ends_with('.') {
        out.pop();
    }
}

/// Adds letters of scripts that put letters together to words, without case and accents.
fn fold_letters(letters: &str, out: &mut String) {
    for c in letters.nfkd() {
        if is_combining_mark(c) && is_vowel_sign(c) {
            out.push(c);
        } else if is_combining_mark(c) {
            // и with a breve is й, a letter of its own.
            if c == '\u{306}' && out.ends_with('и') {
                out.pop();
                out.push('й');
            }
        } else {
            match plain_letter(c) {
                Some(letters) => out.push_str(letters),
                None => out.extend(c.to_lowercase().filter(|c| !is_combining_mark(*c))),
            }
        }
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

/// A name in capitals as names are written: `NEW YORK` → `New York`. One with small letters stays.
pub fn calm(name: &str) -> String {
    if name.contains(char::is_lowercase) || name.chars().filter(|c| c.is_uppercase()).count() < 2 {
        return name.to_owned();
    }
    let mut out = String::with_capacity(name.len());
    let mut inside = false;
    for c in name.chars() {
        if inside {
            out.extend(c.to_lowercase());
        } else {
            out.push(c);
        }
        inside = c.is_alphabetic();
    }
    out
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

/// Letters in circles and in squares, which stand for characters that are words of their own.
fn is_composite(c: char) -> bool {
    matches!(c as u32, 0x3200..=0x33ff | 0x1f200..=0x1f2ff)
}

/// Whether a mark is a vowel of a script of India, without which a word is another one.
fn is_vowel_sign(c: char) -> bool {
    matches!(c as u32, 0x900..=0xdff)
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
            ("Йод", "йод"),
            ("новы\u{438}\u{306}", "новый"),
            ("ёлка", "елка"),
            ("हिन्दी", "हिन्दी"),
            ("が", "が"),
            ("か\u{3099}", "が"),
            ("ｶﾞ", "ガ"),
            ("대", "대"),
            ("\u{1103}\u{1162}", "대"),
            ("ที่", "ที่"),
            ("朝鮮日報 Été", "朝鮮日報 ete"),
            ("Été 대", "ete 대"),
            ("น้ำ", "น\u{e49}\u{e4d}\u{e32}"),
        ] {
            assert_eq!(fold(word), expected, "{word}");
        }
    }

    #[test]
    fn folding_twice_changes_nothing_more() {
        for word in ["㉾", "㊀", "㌔", "㍿", "🈁", "ﬁn", "ǅ", "İ", "ŉ", "ﾊﾟ", "Ⅷ", "㎏", "ẞ", "e\u{301}"]
        {
            let once = fold(word);
            assert_eq!(fold(&once), once, "{word}");
        }
    }

    #[test]
    fn accents_join_their_letters() {
        for (word, expected) in [("cafe\u{301}", "café"), ("Café", "Café"), ("", "")] {
            assert_eq!(composed(word).collect::<String>(), expected);
        }
    }

    #[test]
    fn capitals_calm_down() {
        for (name, expected) in [
            ("NEW YORK", "New York"),
            ("PORT-AU-PRINCE", "Port-Au-Prince"),
            ("O'SMACH", "O'Smach"),
            ("McALLEN", "McALLEN"),
            ("Seoul", "Seoul"),
            ("平壌", "平壌"),
        ] {
            assert_eq!(calm(name), expected);
        }
    }

    #[test]
    fn squeezes_white_space() {
        assert_eq!(squeeze("  a \n b\tc "), "a b c");
        assert!(matches!(squeeze("a b"), Cow::Borrowed(_)));
    }
}
