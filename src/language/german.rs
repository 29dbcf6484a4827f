//! German: function words, stems and dates; no titles yet.

use super::Language;
use frostem::{Algorithm, Stemmer};

/// German.
pub(super) static GERMAN: Language = Language {
    code: "de",
    name: "German",
    function_words: include_str!("../../data/de/function_words.txt"),
    inflections: |_| Vec::new(),
    stem: Some(stem),
    family: None,
    compounds: "",
    date_words: include_str!("../../data/de/dates.txt"),
    titles: "",
    tagger: &[],
    spellings: "",
};

/// The stem of a folded word: the stemmer takes umlauts away itself.
fn stem(word: &str) -> String {
    Stemmer::new(Algorithm::German).stem(word).into_owned()
}
