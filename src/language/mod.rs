//! What a language is: a value that points at folders of words. Engines name no language; they read these.
//!
//! A new language is one file here, its lists under `data/`, and two lines below.

mod english;

use rustc_hash::FxHashSet;
use std::sync::LazyLock;

/// A language as data.
pub struct Language {
    /// BCP 47 code: `en`.
    pub code: &'static str,
    /// English name: `English`.
    pub name: &'static str,
    /// The commonest words without content, lower case, blank between: for identification and ranking.
    pub function_words: &'static str,
    /// Other regular forms that a word may take, or from which it may come: `treaty` → `treaties`. Candidates only:
    /// the index decides which exist.
    pub inflections: fn(word: &str) -> Vec<String>,
    /// Words of dates, one group a line: see `data/en/dates.txt`.
    pub date_words: &'static str,
    /// Titles and honorifics that stand before a person's name, one a line: see `data/en/titles.txt`.
    pub titles: &'static str,
    /// Pairs of spellings that mean the same word, one group a line, blank between: see `data/en/spellings.txt`.
    pub spellings: &'static str,
}

/// Every language, by code.
pub static LANGUAGES: &[&Language] = &[
    &english::ENGLISH, //
];

/// The language with this code.
pub fn find(code: &str) -> Option<&'static Language> {
    let primary = code.split(['-', '_']).next().unwrap_or(code);
    LANGUAGES.iter().find(|language| language.code.eq_ignore_ascii_case(primary)).copied()
}

/// The language whose words are used where that of a text is unknown.
pub fn fallback() -> &'static Language {
    LANGUAGES[0]
}

/// Bytes of a text in which function words are counted: some hundred words.
const GLANCE: usize = 600;
/// Bytes of a text that are looked at where a glance does not settle it.
const SAMPLE: usize = 2_000;
/// The share of function words, in hundredths, from which a text is surely of a language. English news has some 40,
/// other languages written with the same letters below 10.
const SURE: usize = 15;
/// Words below which function words settle nothing.
const FEW: usize = 20;

/// The code of the language of `text`; none where it cannot be told.
///
/// Function words settle it for the languages that are known here, in a fiftieth of the time that counting trigrams
/// takes; those decide the rest.
pub fn identify(text: &str) -> Option<&'static str> {
    let beginning = |bytes| text.get(..text.floor_char_boundary(bytes)).unwrap_or(text);
    if let Some(code) = by_function_words(beginning(GLANCE)).or_else(|| by_function_words(beginning(SAMPLE))) {
        return Some(code);
    }
    let info = whatlang::detect(beginning(SAMPLE))?;
    if !info.is_reliable() {
        return None;
    }
    two_letters(info.lang().code())
}

/// The language that has enough of its function words in `sample`.
fn by_function_words(sample: &str) -> Option<&'static str> {
    let mut words = 0;
    let mut hits = vec![0usize; LANGUAGES.len()];
    let mut folded = String::new();
    for span in crate::text::tokens::words(sample) {
        words += 1;
        let word = span.of(sample);
        if word.len() > LONGEST {
            continue;
        }
        let plain = word.bytes().all(|b| b.is_ascii_lowercase());
        if !plain {
            crate::text::fold::fold_into(word, &mut folded);
        }
        let word = if plain { word } else { folded.as_str() };
        for (hits, known) in hits.iter_mut().zip(FUNCTION_WORDS.iter()) {
            *hits += usize::from(known.contains(word));
        }
    }
    let (number, hits) = hits.iter().enumerate().max_by_key(|(_, hits)| **hits)?;
    (words >= FEW && hits * 100 >= words * SURE).then(|| LANGUAGES[number].code)
}

/// Function words are short: no list has one of more bytes.
const LONGEST: usize = 12;

/// The function words of every language, in the order of [`LANGUAGES`].
static FUNCTION_WORDS: LazyLock<Vec<FxHashSet<&'static str>>> = LazyLock::new(|| {
    let lines = |language: &&Language| language.function_words.lines().filter(|line| !line.starts_with('#'));
    LANGUAGES.iter().map(|language| lines(language).flat_map(str::split_whitespace).collect()).collect()
});

/// The two-letter code (ISO 639-1) for a three-letter one (ISO 639-3), for the languages that are told apart.
fn two_letters(code: &str) -> Option<&'static str> {
    let pairs = "afr af aka ak amh am ara ar aze az bel be ben bn bul bg cat ca ces cs cmn zh cym cy dan da deu de ell el \
        eng en epo eo est et fin fi fra fr guj gu heb he hin hi hrv hr hun hu hye hy ind id ita it jav jv jpn ja kan kn \
        kat ka khm km kor ko lat la lav lv lit lt mal ml mar mr mkd mk mya my nep ne nld nl nob nb ori or pan pa pes fa \
        pol pl por pt ron ro rus ru sin si slk sk slv sl sna sn spa es srp sr swe sv tam ta tel te tgl tl tha th tuk tk \
        tur tr ukr uk urd ur uzb uz vie vi yid yi zul zu";
    let mut words = pairs.split_whitespace();
    while let (Some(three), Some(two)) = (words.next(), words.next()) {
        if three == code {
            return Some(two);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn function_words_are_short() {
        for word in FUNCTION_WORDS.iter().flatten() {
            assert!(word.len() <= LONGEST, "{word}");
        }
    }

    #[test]
    fn tells_languages_apart() {
        for (text, expected) in [
            (
                "The two leaders said on Wednesday that they would sign a treaty which is to help each other if one of them is attacked.",
                Some("en"),
            ),
            (
                "Die beiden Staatschefs unterzeichneten am Mittwoch in der Hauptstadt einen Vertrag über gegenseitigen Beistand.",
                Some("de"),
            ),
            (
                "Le président a déclaré mercredi que les deux pays signeraient un traité d'assistance mutuelle dans la capitale.",
                Some("fr"),
            ),
            ("Президент заявил в среду, что две страны подпишут договор о взаимной помощи в столице.", Some("ru")),
            ("3 2 1 0", None),
            ("", None),
        ] {
            assert_eq!(identify(text), expected, "{text}");
        }
    }
}
