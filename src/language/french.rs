//! French: function words, stems and dates; no titles yet.

use super::Language;
use frostem::{Algorithm, Stemmer};

/// French.
pub(super) static FRENCH: Language = Language {
    code: "fr",
    name: "French",
    function_words: include_str!("../../data/fr/function_words.txt"),
    inflections: |_| Vec::new(),
    stem: Some(stem),
    family: None,
    compounds: "",
    date_words: include_str!("../../data/fr/dates.txt"),
    titles: "",
    tagger: &[],
    spellings: "",
};

/// The stem of a folded word: the endings of participles that are told by their accent get it back.
fn stem(word: &str) -> String {
    let accented = match word {
        _ if word.ends_with("ee") => word.strip_suffix("ee").map(|start| format!("{start}ée")),
        _ if word.ends_with("ees") => word.strip_suffix("ees").map(|start| format!("{start}ées")),
        _ => None,
    };
    Stemmer::new(Algorithm::French).stem(accented.as_deref().unwrap_or(word)).into_owned()
}
