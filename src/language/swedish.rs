//! Swedish: function words and stems; no dates and titles yet.

use super::Language;
use frostem::{Algorithm, Stemmer};

/// Swedish.
pub(super) static SWEDISH: Language = Language {
    code: "sv",
    name: "Swedish",
    function_words: include_str!("../../data/sv/function_words.txt"),
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
    Stemmer::new(Algorithm::Swedish).stem(word).into_owned()
}
