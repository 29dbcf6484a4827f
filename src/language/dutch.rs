//! Dutch: function words and stems; no dates and titles yet.

use super::Language;
use frostem::{Algorithm, Stemmer};

/// Dutch.
pub(super) static DUTCH: Language = Language {
    code: "nl",
    name: "Dutch",
    function_words: include_str!("../../data/nl/function_words.txt"),
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
    Stemmer::new(Algorithm::Dutch).stem(word).into_owned()
}
