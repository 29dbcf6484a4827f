//! Russian: function words and stems; no dates and titles yet.

use super::Language;
use frostem::{Algorithm, Stemmer};

/// Russian.
pub(super) static RUSSIAN: Language = Language {
    code: "ru",
    name: "Russian",
    function_words: include_str!("../../data/ru/function_words.txt"),
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
    Stemmer::new(Algorithm::Russian).stem(word).into_owned()
}
