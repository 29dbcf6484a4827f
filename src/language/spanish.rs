//! Spanish: function words, stems and dates; no titles yet.

use super::Language;
use frostem::{Algorithm, Stemmer};

/// Spanish.
pub(super) static SPANISH: Language = Language {
    code: "es",
    name: "Spanish",
    function_words: include_str!("../../data/es/function_words.txt"),
    inflections: |_| Vec::new(),
    stem: Some(stem),
    family: None,
    compounds: "",
    date_words: include_str!("../../data/es/dates.txt"),
    titles: "",
    tagger: &[],
    spellings: "",
};

/// The stem of a folded word: endings that the stemmer tells by their accent get it back.
fn stem(word: &str) -> String {
    let accented = [("cion", "ción"), ("sion", "sión"), ("ian", "ían"), ("ias", "ías"), ("ia", "ía")]
        .iter()
        .find_map(|(plain, accented)| word.strip_suffix(plain).map(|start| format!("{start}{accented}")));
    Stemmer::new(Algorithm::Spanish).stem(accented.as_deref().unwrap_or(word)).into_owned()
}
