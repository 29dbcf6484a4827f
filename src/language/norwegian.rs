//! Norwegian: function words and stems; no dates and titles yet.

use super::Language;
use frostem::{Algorithm, Stemmer};

/// Norwegian.
pub(super) static NORWEGIAN: Language = Language {
    code: "nb",
    name: "Norwegian",
    function_words: include_str!("../../data/nb/function_words.txt"),
    inflections: |_| Vec::new(),
    stem: Some(stem),
    family: None,
    compounds: "",
    date_words: "",
    titles: "",
    tagger: &[],
    spellings: "",
};

/// The stem of a folded word.
fn stem(word: &str) -> String {
    Stemmer::new(Algorithm::Norwegian).stem(word).into_owned()
}
