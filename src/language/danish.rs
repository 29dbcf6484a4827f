//! Danish: function words and stems; no dates and titles yet.

use super::Language;
use frostem::{Algorithm, Stemmer};

/// Danish.
pub(super) static DANISH: Language = Language {
    code: "da",
    name: "Danish",
    function_words: include_str!("../../data/da/function_words.txt"),
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
    Stemmer::new(Algorithm::Danish).stem(word).into_owned()
}
