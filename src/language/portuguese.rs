//! Portuguese: function words and stems; no dates and titles yet.

use super::Language;
use frostem::{Algorithm, Stemmer};

/// Portuguese.
pub(super) static PORTUGUESE: Language = Language {
    code: "pt",
    name: "Portuguese",
    function_words: include_str!("../../data/pt/function_words.txt"),
    inflections: |_| Vec::new(),
    stem: Some(stem),
    family: None,
    compounds: "",
    date_words: "",
    titles: "",
    tagger: &[],
    spellings: "",
};

/// The stem of a folded word: endings that the stemmer tells by their tilde or cedilla get it back, and plurals in `-ões`
/// and `-ães`, which it takes for other words, their singular.
fn stem(word: &str) -> String {
    let endings = [("cao", "ção"), ("coes", "ção"), ("ao", "ão"), ("oes", "ão"), ("aes", "ão"), ("ancia", "ância")];
    let accented =
        endings.iter().find_map(|(plain, accented)| word.strip_suffix(plain).map(|start| format!("{start}{accented}")));
    Stemmer::new(Algorithm::Portuguese).stem(accented.as_deref().unwrap_or(word)).into_owned()
}
