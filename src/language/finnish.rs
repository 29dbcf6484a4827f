//! Finnish: function words and stems; no dates and titles yet.

use super::Language;
use frostem::{Algorithm, Stemmer};

/// Finnish.
pub(super) static FINNISH: Language = Language {
    code: "fi",
    name: "Finnish",
    function_words: include_str!("../../data/fi/function_words.txt"),
    inflections: |_| Vec::new(),
    stem: Some(stem),
    family: None,
    compounds: "",
    date_words: "",
    titles: "",
    tagger: &[],
    spellings: "",
};

/// The stem of a folded word: endings with ä are those with a.
fn stem(word: &str) -> String {
    Stemmer::new(Algorithm::Finnish).stem(word).into_owned()
}
