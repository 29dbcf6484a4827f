//! English.

use super::Language;
use frostem::{Algorithm, Stemmer};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// English.
pub(super) static ENGLISH: Language = Language {
    code: "en",
    name: "English",
    function_words: include_str!("../../data/en/function_words.txt"),
    inflections,
    stem: None,
    family: Some(family),
    compounds: include_str!("../../data/en/compounds.txt"),
    date_words: include_str!("../../data/en/dates.txt"),
    titles: include_str!("../../data/en/titles.txt"),
    tagger: include_bytes!("../../data/en/tagger.bin"),
    spellings: include_str!("../../data/en/spellings.txt"),
};

/// What a word shares with all that are derived from it too: `operate`, `operation`, `operative`.
fn family(word: &str) -> String {
    Stemmer::new(Algorithm::English).stem(word).into_owned()
}

/// Forms that `word` may take or come from: plural, third person, past, participles, in both directions. Most do not
/// exist; the index decides. Comparatives and derived words (`-er`, `-ly`, `-ness`) are other words.
fn inflections(word: &str) -> Vec<String> {
    let mut forms = Vec::new();
    let mut add = |form: &str| {
        if form != word && !forms.iter().any(|known| known == form) {
            forms.push(form.to_owned());
        }
    };
    if let Some(groups) = GROUPS.get(word) {
        groups.iter().flat_map(|group| group.split(' ')).for_each(&mut add);
        return forms;
    }
    if word.len() < 3 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return forms;
    }
    let own = regular(word);
    // The words of which this one is a regular form: tried, and kept where the rules lead back.
    let mut bases = vec![];
    for base in bases_of(word) {
        if base.len() < 3 || !base.bytes().any(is_vowel_or_y) || GROUPS.contains_key(base.as_str()) {
            continue;
        }
        let forms = regular(&base);
        if forms.iter().any(|form| form == word) {
            bases.push((base, forms));
        }
    }
    own.iter().for_each(|form| add(form));
    for (base, forms) in &bases {
        add(base);
        forms.iter().for_each(|form| add(form));
    }
    // A regular form that is a word of its own with its own group is not this word's: `accord`, `according`.
    forms.retain(|form| !GROUPS.contains_key(form.as_str()));
    forms
}

fn is_vowel(b: u8) -> bool {
    matches!(b, b'a' | b'e' | b'i' | b'o' | b'u')
}

fn is_vowel_or_y(b: u8) -> bool {
    is_vowel(b) || b == b'y'
}

/// The regular plural or third person, past and participle of a base form.
fn regular(base: &str) -> Vec<String> {
    let bytes = base.as_bytes();
    let (Some(&last), Some(&before)) = (bytes.last(), bytes.len().checked_sub(2).and_then(|at| bytes.get(at))) else {
        return Vec::new();
    };
    let stem = base.get(..base.len() - 1).unwrap_or("");
    let mut forms = Vec::new();
    match last {
        b'y' if !is_vowel(before) => {
            forms.extend([format!("{stem}ies"), format!("{stem}ied"), format!("{base}ing")]);
        }
        b'e' => {
            forms.extend([format!("{base}s"), format!("{base}d")]);
            match before {
                // `agreeing`, `dyeing`; `dying`.
                b'e' | b'o' | b'y' => forms.push(format!("{base}ing")),
                b'i' => forms.push(format!("{}ying", base.get(..base.len() - 2).unwrap_or(""))),
                _ => forms.push(format!("{stem}ing")),
            }
        }
        _ => {
            let hissing = matches!(last, b's' | b'x' | b'z') || base.ends_with("ch") || base.ends_with("sh");
            if hissing || last == b'o' {
                forms.push(format!("{base}es"));
            }
            if !hissing || base.ends_with("ch") {
                forms.push(format!("{base}s"));
            }
            let closed = closed(bytes);
            let short = bytes.iter().filter(|b| is_vowel_or_y(**b)).count() == 1;
            if closed {
                forms.extend([format!("{base}{}ed", last as char), format!("{base}{}ing", last as char)]);
            }
            // `stopped`, never `stoped`; but `visited`, and `travelled` beside `traveled`.
            if !(closed && short) {
                forms.extend([format!("{base}ed"), format!("{base}ing")]);
            }
            if last == b'c' {
                forms.extend([format!("{base}ked"), format!("{base}king")]);
            }
        }
    }
    forms
}

/// Whether a word ends in a consonant, one vowel and a consonant that may be doubled.
fn closed(bytes: &[u8]) -> bool {
    let [.., first, vowel, last] = bytes else {
        return false;
    };
    let open = !is_vowel(*first) || (*first == b'u' && bytes.len() > 3 && bytes.get(bytes.len() - 4) == Some(&b'q'));
    open && is_vowel_or_y(*vowel) && !is_vowel(*last) && !matches!(last, b'w' | b'x' | b'y' | b'h')
}

/// Words of which `word` may be a regular form; not all have it.
fn bases_of(word: &str) -> Vec<String> {
    let mut bases = Vec::new();
    if let Some(stem) = word.strip_suffix('s')
        && !stem.ends_with('s')
    {
        bases.push(stem.to_owned());
        bases.extend(stem.strip_suffix('e').map(str::to_owned));
        bases.extend(stem.strip_suffix("ie").map(|stem| format!("{stem}y")));
    }
    for ending in ["ed", "ing"] {
        let Some(stem) = word.strip_suffix(ending) else { continue };
        bases.push(stem.to_owned());
        bases.push(format!("{stem}e"));
        bases.extend(stem.strip_suffix('i').map(|stem| format!("{stem}y")));
        bases.extend(stem.strip_suffix('k').map(str::to_owned));
        // `dying` from `die`.
        bases.extend(stem.strip_suffix('y').map(|stem| format!("{stem}ie")));
        let mut ends = stem.bytes().rev();
        if let (Some(last), Some(before)) = (ends.next(), ends.next())
            && last == before
        {
            bases.extend(stem.get(..stem.len() - 1).map(str::to_owned));
        }
    }
    bases
}

/// The groups that each word of [`IRREGULAR`] is in.
static GROUPS: LazyLock<FxHashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let mut groups: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    for group in IRREGULAR.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        for word in group.split(' ') {
            groups.entry(word).or_default().push(group);
        }
    }
    groups
});

/// Words whose forms do not follow the rules, a group a line.
const IRREGULAR: &str = include_str!("../../data/en/irregular.txt");

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, has: &str, lacks: &str) {
        let forms = inflections(word);
        for form in has.split_whitespace() {
            assert!(forms.iter().any(|known| known == form), "{word} has {form}: {forms:?}");
        }
        for form in lacks.split_whitespace() {
            assert!(!forms.iter().any(|known| known == form), "{word} lacks {form}: {forms:?}");
        }
        assert!(!forms.iter().any(|form| form == word), "{word}");
        assert!(forms.len() <= 20, "{word}: {forms:?}");
    }

    #[test]
    fn regular_words_take_their_forms_both_ways() {
        for (word, has, lacks) in [
            ("treaty", "treaties", "treatys treat"),
            ("treaties", "treaty", "treati"),
            ("day", "days", "daies"),
            ("movies", "movie", ""),
            ("bombing", "bomb bombs bombed", ""),
            ("stopped", "stop stops stopping", "stope"),
            ("stop", "stopped stopping stops", "stoped"),
            ("plan", "planned planning plans", "planed plane"),
            ("planes", "plane", "plan plans"),
            ("hoping", "hope hoped", "hop"),
            ("hopping", "hop hopped", "hope"),
            ("travelled", "travel travels travelling traveling", ""),
            ("visited", "visit visits visiting", ""),
            ("agreed", "agree agrees agreeing", "agre"),
            ("dying", "die dies died", "dy"),
            ("boxes", "box boxing", ""),
            ("churches", "church", ""),
            ("heroes", "hero", ""),
            ("buses", "bus", ""),
            ("viruses", "virus", ""),
            ("virus", "viruses", ""),
            ("panicked", "panic panics panicking", ""),
            ("princess", "princesses", "prince princes"),
            ("committing", "commit committed", "commute"),
            ("equipped", "equip", ""),
            ("used", "use uses using", "us"),
            ("sanctions", "sanction sanctioned", ""),
        ] {
            check(word, has, lacks);
        }
    }

    #[test]
    fn irregular_words_keep_to_their_groups() {
        for (word, has, lacks) in [
            ("said", "say says saying", "saids"),
            ("men", "man", "mens"),
            ("news", "", "new"),
            ("new", "", "news newed"),
            ("united", "unite", "unit units"),
            ("units", "unit", "united unite"),
            ("accord", "accords", "according"),
            ("leaves", "leaf leave", "left"),
            ("bases", "base basis", "bas"),
            ("politics", "", "politic"),
            ("king", "kings", "k ke"),
            ("evening", "evenings", "even"),
            ("lead", "led", ""),
        ] {
            check(word, has, lacks);
        }
    }

    #[test]
    fn short_and_strange_words_have_none() {
        for word in ["", "a", "us", "2024", "été", "x-y", "o'brien", "ied", "ing", "ed", "s", "ss", "sss"] {
            let forms = inflections(word);
            assert!(word.len() > 2 || forms.is_empty(), "{word}: {forms:?}");
        }
    }
}
