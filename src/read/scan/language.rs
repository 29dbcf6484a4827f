//! The language of a scan as programs for recognising characters name it: `ger`, `frk`, `FrenchStandard`.

/// Codes of ISO 639-2 and Tesseract, and the names that ABBYY uses, of the languages in which newspapers are digitised,
/// with their codes of two letters.
const NAMES: &[(&str, &[&str])] = &[
    ("bg", &["bul", "bulgarian"]),
    ("ca", &["cat", "catalan"]),
    ("cs", &["cze", "ces", "czech"]),
    ("da", &["dan", "danish"]),
    ("de", &["ger", "deu", "frk", "deu_frak", "german", "oldgerman"]),
    ("el", &["gre", "ell", "greek"]),
    ("en", &["eng", "enm", "english", "oldenglish"]),
    ("es", &["spa", "spanish", "oldspanish"]),
    ("et", &["est", "estonian"]),
    ("fi", &["fin", "finnish"]),
    ("fr", &["fre", "fra", "frm", "french", "oldfrench"]),
    ("hr", &["hrv", "croatian"]),
    ("hu", &["hun", "hungarian"]),
    ("is", &["ice", "isl", "icelandic"]),
    ("it", &["ita", "italian", "olditalian"]),
    ("ja", &["jpn", "japanese"]),
    ("ko", &["kor", "korean"]),
    ("la", &["lat", "latin"]),
    ("lt", &["lit", "lithuanian"]),
    ("lv", &["lav", "latvian"]),
    ("nl", &["dut", "nld", "dutch"]),
    ("no", &["nor", "nob", "nno", "norwegian"]),
    ("pl", &["pol", "polish"]),
    ("pt", &["por", "portuguese"]),
    ("ro", &["rum", "ron", "romanian"]),
    ("ru", &["rus", "russian"]),
    ("sk", &["slo", "slk", "slovak"]),
    ("sl", &["slv", "slovenian"]),
    ("sr", &["srp", "serbian"]),
    ("sv", &["swe", "swedish"]),
    ("uk", &["ukr", "ukrainian"]),
    ("zh", &["chi", "zho", "chi_sim", "chi_tra", "chinese"]),
];

/// What ABBYY puts behind the name of a language.
const VARIANTS: &[&str] =
    &["standard", "newspelling", "unitedstates", "unitedkingdom", "switzerland", "luxembourg", "belgian", "castilian"];

/// The code of a language by any of its names.
pub(in crate::read) fn code(name: &str) -> Option<String> {
    let lower = name.trim().to_ascii_lowercase();
    let plain = VARIANTS.iter().find_map(|variant| lower.strip_suffix(variant)).unwrap_or(&lower);
    let plain = plain.trim_end_matches(['(', '_', '-', ' ']);
    if let Some((code, _)) = NAMES.iter().find(|(code, names)| *code == plain || names.contains(&plain)) {
        return Some((*code).to_owned());
    }
    crate::read::language_code(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_by_any_name() {
        for (name, expected) in [
            ("ger", Some("de")),
            ("FrenchStandard", Some("fr")),
            ("EnglishUnitedStates", Some("en")),
            ("frk", Some("de")),
            ("fr", Some("fr")),
            ("en-GB", Some("en-GB")),
            ("Unrecognised", None),
            ("", None),
        ] {
            assert_eq!(code(name).as_deref(), expected, "{name}");
        }
    }
}
