//! Italian: function words and stems; no dates and titles yet.

use super::Language;
use frostem::{Algorithm, Stemmer};

/// Italian.
pub(super) static ITALIAN: Language = Language {
    code: "it",
    name: "Italian",
    function_words: include_str!("../../data/it/function_words.txt"),
    inflections: |_| Vec::new(),
    stem: Some(stem),
    family: None,
    compounds: "",
    date_words: "",
    titles: "",
    tagger: &[],
    spellings: "",
};

/// The stem of a folded word: almost no ending is told by its accent.
fn stem(word: &str) -> String {
    Stemmer::new(Algorithm::Italian).stem(word).into_owned()
}
