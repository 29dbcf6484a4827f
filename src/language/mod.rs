//! What a language is: a value that points at folders of words. Engines name no language; they read these.
//!
//! A new language is one file here, its lists under `data/`, and two lines below.

mod danish;
mod dutch;
mod english;
mod finnish;
mod french;
mod german;
mod italian;
mod norwegian;
mod portuguese;
mod russian;
mod spanish;
mod swedish;

use crate::text::{fold, tokens};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// A language as data.
pub struct Language {
    /// BCP 47 code: `en`.
    pub code: &'static str,
    /// English name: `English`.
    pub name: &'static str,
    /// The commonest words without content, blank between: for identification and ranking.
    pub function_words: &'static str,
    /// Other regular forms that a word may take, or from which it may come: `treaty` → `treaties`. Candidates only:
    /// the index decides which exist.
    pub inflections: fn(word: &str) -> Vec<String>,
    /// What the inflected forms of a word, all in their look-up form, have in common; none where `inflections` knows
    /// them. Words of an index that share it are forms of one word.
    pub stem: Option<fn(word: &str) -> String>,
    /// What a word has in common with its family, derived words among them, for questions in plain words; none where
    /// `stem` does.
    pub family: Option<fn(word: &str) -> String>,
    /// Words that are written together, with a hyphen or as two, as two, one a line: see `data/en/compounds.txt`.
    pub compounds: &'static str,
    /// Words of dates, one group a line: see `data/en/dates.txt`. Empty where they are not known yet.
    pub date_words: &'static str,
    /// Titles and honorifics that stand before a person's name, one a line: see `data/en/titles.txt`.
    pub titles: &'static str,
    /// The weights of the tagger of names: see `data/en/tagger.md`. Empty where there is none.
    pub tagger: &'static [u8],
    /// Pairs of spellings that mean the same word, one group a line, blank between: see `data/en/spellings.txt`.
    pub spellings: &'static str,
}

/// Every language, by code.
pub static LANGUAGES: &[&Language] = &[
    &english::ENGLISH, // The first is the fallback.
    &danish::DANISH,
    &dutch::DUTCH,
    &finnish::FINNISH,
    &french::FRENCH,
    &german::GERMAN,
    &italian::ITALIAN,
    &norwegian::NORWEGIAN,
    &portuguese::PORTUGUESE,
    &russian::RUSSIAN,
    &spanish::SPANISH,
    &swedish::SWEDISH,
];

/// The language with this code.
pub fn find(code: &str) -> Option<&'static Language> {
    let known = |code: &str| LANGUAGES.iter().find(|language| language.code == code).copied();
    known(code).or_else(|| known(&primary(code)))
}

/// The language that a code names, without country and script, in lower case and by its present code.
fn primary(code: &str) -> String {
    let code = code.split(['-', '_']).next().unwrap_or(code).to_ascii_lowercase();
    let renamed = RENAMED.iter().find(|(known, _)| *known == code).map(|(_, present)| *present);
    renamed.or_else(|| two_letters(&code)).map_or(code.clone(), str::to_owned)
}

/// Codes that stand for another one here: old ones, and the one for both kinds of Norwegian.
const RENAMED: [(&str, &str); 4] = [("no", "nb"), ("iw", "he"), ("in", "id"), ("ji", "yi")];

/// The language whose words are used where that of a text is unknown.
pub fn fallback() -> &'static Language {
    LANGUAGES[0]
}

/// Bytes of a text in which function words are counted: some seventy words.
const GLANCE: usize = 400;
/// Bytes of a text that are looked at where a glance does not settle it.
const SAMPLE: usize = 2_000;
/// The share of function words, in hundredths, from which a text is surely of a language. English news has some 40,
/// other languages written with the same letters below 10.
const SURE: usize = 15;
/// Words below which function words settle nothing.
const FEW: usize = 20;
/// Words after which the fallback needs no more, where so many hundredths of them are its own: most texts are in it.
const ENOUGH: usize = 32;
const CERTAIN: usize = 30;

/// The same where trigrams say so too.
const VERY_FEW: usize = 12;

/// The code of the language of `text`; none where it cannot be told.
///
/// Function words settle it for the fallback, in a fiftieth of the time that counting trigrams takes; those decide the
/// rest, alone where they are sure, else together with function words.
pub fn identify(text: &str) -> Option<&'static str> {
    identify_in(text, 0.0)
}

/// How sure trigrams must be, from 0 to 1, to contradict a file that says its language.
const CONTRADICTS: f64 = 0.95;
/// Bytes below which a text contradicts nothing.
const LONG_ENOUGH: usize = 400;

/// The language of `text` where it is clearly not the one that it is declared to be in.
///
/// Beginning and middle must agree, so that a quotation or a notice decides nothing; what is declared must be one of the
/// languages that are told apart, so that nothing is taken for its neighbour.
pub fn contradicted(declared: &str, text: &str) -> Option<&'static str> {
    let declared = primary(declared);
    if text.len() < LONG_ENOUGH || !told_apart().any(|(_, code)| code == declared) {
        return None;
    }
    // Nearly all say what is so: one look settles it.
    if by_function_words(text.get(..text.floor_char_boundary(GLANCE)).unwrap_or(text), FEW) == Some(declared.as_str()) {
        return None;
    }
    let beginning = identify_in(text, CONTRADICTS).filter(|found| *found != declared)?;
    let middle = text.get(text.floor_char_boundary(text.len() / 2)..)?;
    (identify_in(middle, CONTRADICTS) == Some(beginning)).then_some(beginning)
}

/// `sure`: how sure trigrams must be; at 0, as sure as they say they must be.
fn identify_in(text: &str, sure: f64) -> Option<&'static str> {
    let beginning = |bytes| text.get(..text.floor_char_boundary(bytes)).unwrap_or(text);
    let by_words = by_function_words(beginning(GLANCE), FEW).or_else(|| by_function_words(beginning(SAMPLE), FEW));
    if by_words == Some(fallback().code) {
        return by_words;
    }
    let info = whatlang::detect(beginning(SAMPLE))?;
    let code = two_letters(info.lang().code())?;
    let reliable = if sure > 0.0 { info.confidence() >= sure } else { info.is_reliable() };
    // Neighbours without a list here, such as Catalan, have many function words of those that have one.
    (reliable || by_function_words(beginning(SAMPLE), VERY_FEW) == Some(code)).then_some(code)
}

/// The language that has enough of its function words in `sample`, and more than any other; below `few` words none.
fn by_function_words(sample: &str, few: usize) -> Option<&'static str> {
    let mut words = 0;
    let mut hits = vec![0usize; LANGUAGES.len()];
    let mut folded = String::new();
    let mut all = tokens::words(sample);
    while let Some(tokens::Word { span, form }) = all.next_word() {
        if words == ENOUGH && hits[0] * 100 >= ENOUGH * CERTAIN && hits[1..].iter().all(|other| *other < hits[0]) {
            break;
        }
        words += 1;
        let word = span.of(sample);
        if word.len() > LONGEST {
            continue;
        }
        let word = if form == tokens::Form::Small {
            word
        } else {
            fold::fold_word_into(word, form, &mut folded);
            &folded
        };
        let mut languages = FUNCTION_WORDS.get(word).copied().unwrap_or(0);
        while languages != 0 {
            hits[languages.trailing_zeros() as usize] += 1;
            languages &= languages - 1;
        }
    }
    let (number, hits) = hits.iter().enumerate().rev().max_by_key(|(_, hits)| **hits)?;
    (words >= few && hits * 100 >= words * SURE).then(|| LANGUAGES[number].code)
}

/// Function words are short: no list has one of more bytes.
const LONGEST: usize = 20;

/// For each function word in its look-up form the languages that have it, a bit each, in the order of [`LANGUAGES`].
static FUNCTION_WORDS: LazyLock<FxHashMap<String, u32>> = LazyLock::new(|| {
    let mut words = FxHashMap::default();
    for (number, language) in LANGUAGES.iter().enumerate() {
        for word in function_words(language) {
            *words.entry(word).or_insert(0) |= 1 << number;
        }
    }
    words
});

/// The function words of a language, in their look-up form.
pub fn function_words(language: &Language) -> impl Iterator<Item = String> {
    let lines = language.function_words.lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).map(fold::fold)
}

/// The two-letter code (ISO 639-1) for a three-letter one (ISO 639-3), for the languages that are told apart.
fn two_letters(code: &str) -> Option<&'static str> {
    told_apart().find(|(three, _)| *three == code).map(|(_, two)| two)
}

/// The languages that are told apart, by three-letter and by two-letter code.
fn told_apart() -> impl Iterator<Item = (&'static str, &'static str)> {
    let pairs = "afr af aka ak amh am ara ar aze az bel be ben bn bul bg cat ca ces cs cmn zh cym cy dan da deu de ell el \
        eng en epo eo est et fin fi fra fr guj gu heb he hin hi hrv hr hun hu hye hy ind id ita it jav jv jpn ja kan kn \
        kat ka khm km kor ko lat la lav lv lit lt mal ml mar mr mkd mk mya my nep ne nld nl nob nb ori or pan pa pes fa \
        pol pl por pt ron ro rus ru sin si slk sk slv sl sna sn spa es srp sr swe sv tam ta tel te tgl tl tha th tuk tk \
        tur tr ukr uk urd ur uzb uz vie vi yid yi zul zu";
    let mut words = pairs.split_whitespace();
    std::iter::from_fn(move || Some((words.next()?, words.next()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn function_words_are_short_words() {
        for language in LANGUAGES {
            let words: Vec<String> = function_words(language).collect();
            assert!(words.len() >= 50, "{}", language.name);
            for word in words {
                assert!(word.len() <= LONGEST, "{word}");
                assert_eq!(tokens::words(&word).count(), 1, "{word}");
            }
        }
        assert!(LANGUAGES.len() <= 32, "a bit each");
    }

    #[test]
    fn forms_of_a_word_share_a_stem() {
        for (code, together, apart) in [
            ("de", "vertrag vertrage vertragen vertrages vertrags", "vertraut"),
            ("de", "haus hauser hausern hauses", "haut"),
            ("de", "russisch russische russischen russischer", "russland"),
            ("fr", "declarer declare declaree declarees declarait declara", "clair"),
            ("fr", "national nationale nationales nationaux", "natif"),
            ("fr", "traite traites", "train"),
            ("es", "declaracion declaraciones declarar declaro declararon", "claro"),
            ("es", "presidente presidentes", "presion"),
            ("it", "governo governi", "giovane"),
            ("pt", "eleicao eleicoes", "eleitor"),
            ("nl", "verkiezing verkiezingen", "verkeer"),
            ("ru", "договор договора договоры договоров договором", "говор"),
            ("ru", "новый новая новое новые новых новым новой", "новость"),
            ("sv", "regering regeringen regeringar", "regel"),
            ("da", "regering regeringen regeringer", "regel"),
            ("nb", "regjering regjeringen regjeringer", "regel"),
            ("fi", "talo talon talossa talot taloja", "taju"),
        ] {
            let stem = find(code).and_then(|language| language.stem).expect("a language with stems");
            let stems: Vec<String> = together.split(' ').map(stem).collect();
            assert!(stems.iter().all(|one| *one == stems[0]), "{together}: {stems:?}");
            assert!(apart.split(' ').all(|word| stem(word) != stems[0]), "{apart} {stems:?}");
        }
    }

    #[test]
    fn a_text_may_contradict_what_is_declared() {
        let german = "Die beiden Staatschefs unterzeichneten am Mittwoch in der Hauptstadt einen Vertrag. ".repeat(8);
        let english = "The two leaders said on Wednesday that they would sign a treaty in the capital. ".repeat(8);
        for (declared, text, expected) in [
            ("en", german.as_str(), Some("de")),
            ("de-AT", german.as_str(), None),
            ("de", english.as_str(), Some("en")),
            ("en-GB", english.as_str(), None),
            ("EN", "Ein kurzer Text.", None),
            // Not told apart: left as declared.
            ("gd", english.as_str(), None),
            ("en", &format!("{german}{}", english.repeat(3)), None),
        ] {
            assert_eq!(contradicted(declared, text), expected, "{declared}: {text}");
        }
        assert_eq!(find("no").map(|language| language.name), Some("Norwegian"));
        assert_eq!(find("deu-AT").map(|language| language.name), Some("German"));
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
            (
                "El presidente dijo el miércoles que los dos países firmarán un tratado de ayuda mutua en la capital.",
                Some("es"),
            ),
            (
                "De president zei woensdag dat de twee landen een verdrag over wederzijdse hulp zullen ondertekenen.",
                Some("nl"),
            ),
            (
                "Regeringen sade på onsdagen att de två länderna ska skriva under ett avtal om ömsesidig hjälp.",
                Some("sv"),
            ),
            (
                "Regeringen sagde onsdag, at de to lande vil underskrive en aftale om gensidig hjælp i hovedstaden.",
                Some("da"),
            ),
            ("両国の首脳は水曜日、首都で相互援助条約に署名した。", Some("ja")),
            ("두 정상은 수요일 수도에서 상호 원조 조약에 서명했다.", Some("ko")),
            ("两国领导人星期三在首都签署了一项互助条约。", Some("zh")),
            ("ผู้นำทั้งสองลงนามในสนธิสัญญาเมื่อวันพุธ", Some("th")),
            ("3 2 1 0", None),
            ("", None),
        ] {
            assert_eq!(identify(text), expected, "{text}");
        }
    }
}
