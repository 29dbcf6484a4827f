//! The forms under which a word is looked up: other spellings, possessives, abbreviations with and without dots, and
//! outside quotation marks the inflected forms; and `cease-fire` as `ceasefire` and `cease fire`.
//!
//! Everything here is a candidate: only forms that the index has are kept, so what a user sees listed was met.

use super::patterns::Pattern;
use super::spans::Spans;
use super::tree::{Phrase, Spelling, Tree, Word};
use crate::language::{self, LANGUAGES, Language};
use crate::text::{Span, tokens};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::{LazyLock, OnceLock};

/// The words that an index has.
pub trait Vocabulary {
    /// Whether an article has this form.
    fn has(&mut self, form: &str) -> bool;
    /// The words that begin with `prefix`, with the number of articles that have each, in any order; some may be gone.
    fn beginning(&mut self, _prefix: &str) -> Vec<(String, u64)> {
        Vec::new()
    }
    /// The words that fit a pattern, with the number of articles that have each, in any order; some may be gone.
    fn fitting(&mut self, pattern: &Pattern) -> Vec<(String, u64)> {
        let mut words = self.beginning(pattern.prefix());
        words.retain(|(word, _)| pattern.fits(word));
        words
    }
}

/// A word with wildcards, a fuzzy one or a regular expression stands for so many words at most, those of most articles.
pub const MOST_FITTING: usize = 2000;

/// Fills in the forms of every word, the written one first, then those that the index has, in each of `languages`.
/// Without `variants`, and for exact words, that is the written form alone; but words that stand for others always get
/// those that the index has.
pub fn expand(tree: &mut Tree, languages: &[&'static Language], variants: bool, vocabulary: &mut dyn Vocabulary) {
    tree.each_word(&mut |word| fit(word, vocabulary));
    let languages = languages.iter().map(|language| (*language, Tables::of(language))).collect();
    let mut words = Words { languages, vocabulary };
    if variants {
        words.expand(tree);
    }
}

/// The forms of a word that stands for others.
fn fit(word: &mut Word, vocabulary: &mut dyn Vocabulary) {
    let Some(pattern) = Pattern::of(word, false) else { return };
    let mut forms = vocabulary.fitting(&pattern);
    forms.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    word.left_out = forms.len().saturating_sub(MOST_FITTING);
    forms.truncate(MOST_FITTING);
    word.forms = forms.into_iter().map(|(form, _)| form).collect();
}

/// Whether a word is one of the commonest without content in one of `languages`: those have no other forms.
pub fn empty(form: &str, languages: &[&Language]) -> bool {
    languages.iter().any(|language| Tables::of(language).empty.contains(form))
}

/// A language's lists, made into tables once.
struct Tables {
    /// For each word of a group of spellings, the groups that it is in.
    spellings: FxHashMap<&'static str, Vec<&'static str>>,
    empty: FxHashSet<String>,
    /// Words that are also written as two, by the word written together.
    apart: FxHashMap<String, (&'static str, &'static str)>,
}

impl Tables {
    fn of(language: &Language) -> &'static Tables {
        static TABLES: LazyLock<FxHashMap<&str, OnceLock<Tables>>> =
            LazyLock::new(|| LANGUAGES.iter().map(|language| (language.code, OnceLock::new())).collect());
        static NONE: LazyLock<Tables> = LazyLock::new(|| Tables {
            spellings: FxHashMap::default(),
            empty: FxHashSet::default(),
            apart: FxHashMap::default(),
        });
        TABLES.get(language.code).map_or_else(|| &*NONE, |tables| tables.get_or_init(|| Tables::read(language)))
    }

    fn read(language: &Language) -> Tables {
        fn lines(list: &'static str) -> impl Iterator<Item = &'static str> {
            list.lines().filter(|line| !line.starts_with('#'))
        }
        let mut spellings: FxHashMap<&'static str, Vec<&'static str>> = FxHashMap::default();
        for group in lines(language.spellings) {
            for word in group.split(' ') {
                spellings.entry(word).or_default().push(group);
            }
        }
        let compounds = lines(language.compounds).filter_map(|line| line.split_once(' '));
        let apart = compounds.map(|parts| (format!("{}{}", parts.0, parts.1), parts)).collect();
        Tables { spellings, empty: language::function_words(language).collect(), apart }
    }

    /// Whether two words side by side are one that is also written together.
    fn is_compound(&self, first: &str, second: &str) -> bool {
        let plural = second.strip_suffix('s').unwrap_or(second);
        let known = |second: &str| self.apart.get(&format!("{first}{second}")).is_some_and(|parts| parts.0 == first);
        known(second) || known(plural)
    }

    /// Other spellings of `form`.
    fn spelled(&self, form: &str) -> impl Iterator<Item = &'static str> {
        self.spellings.get(form).into_iter().flatten().flat_map(|group| group.split(' '))
    }
}

struct Words<'a> {
    languages: Vec<(&'static Language, &'static Tables)>,
    vocabulary: &'a mut dyn Vocabulary,
}

impl Words<'_> {
    fn expand(&mut self, tree: &mut Tree) {
        match tree {
            Tree::Word(word) => {
                let apart = self.apart(word, true);
                self.fill(word, true);
                if let Some(words) = apart {
                    let phrase = Phrase { words, scope: word.scope, span: word.span };
                    *tree = Tree::Or(vec![Tree::Word(word.clone()), Tree::Phrase(phrase)]);
                }
            }
            Tree::Phrase(phrase) => {
                let others = self.other_readings(phrase);
                phrase.words.iter_mut().for_each(|word| self.fill(word, false));
                if !others.is_empty() {
                    let mut any = vec![std::mem::replace(tree, Tree::All)];
                    any.extend(others);
                    *tree = Tree::Or(any);
                }
            }
            Tree::And(parts) | Tree::Or(parts) => parts.iter_mut().for_each(|part| self.expand(part)),
            Tree::Not(inner) | Tree::Boost(inner, _) => self.expand(inner),
            Tree::Spans(spans) | Tree::AtLeast(_, spans) => self.expand_spans(spans),
            _ => {}
        }
    }

    fn expand_spans(&mut self, spans: &mut Spans) {
        match spans {
            Spans::Word(word) => {
                let apart = self.apart(word, true);
                self.fill(word, true);
                if let Some(words) = apart {
                    let phrase = Spans::Phrase { parts: words.into_iter().map(Spans::Word).collect(), slop: 0 };
                    *spans = Spans::Any(vec![Spans::Word(word.clone()), phrase]);
                }
            }
            Spans::Slot(_) | Spans::Mention(_) => {}
            Spans::After { part, .. } => self.fill_phrase(part),
            Spans::Any(parts) => parts.iter_mut().for_each(|part| self.expand_spans(part)),
            Spans::Linked { left, right, .. } => {
                self.expand_spans(left);
                self.expand_spans(right);
            }
            Spans::Phrase { parts, slop } => {
                let word = |part: &Spans| match part {
                    Spans::Word(word) => Some(word.clone()),
                    _ => None,
                };
                let words: Option<Vec<Word>> = parts.iter().map(word).collect();
                let joined = words.filter(|_| *slop == 0).map_or_else(Vec::new, |words| {
                    let (scope, span) = words.first().map(|word| (word.scope, word.span)).unwrap_or_default();
                    self.other_readings(&Phrase { words, scope, span })
                });
                parts.iter_mut().for_each(|part| self.fill_phrase(part));
                if !joined.is_empty() {
                    let mut any = vec![std::mem::replace(spans, Spans::Any(Vec::new()))];
                    any.extend(joined.into_iter().filter_map(|tree| match tree {
                        Tree::Word(word) => Some(Spans::Word(word)),
                        Tree::Phrase(phrase) => {
                            let parts = phrase.words.into_iter().map(Spans::Word).collect();
                            Some(Spans::Phrase { parts, slop: 0 })
                        }
                        _ => None,
                    }));
                    *spans = Spans::Any(any);
                }
            }
        }
    }

    /// The forms of the words of a phrase: no inflected ones.
    fn fill_phrase(&mut self, part: &mut Spans) {
        part.each_word(&mut |word| self.fill(word, false));
    }

    /// Sets the forms of `word`.
    fn fill(&mut self, word: &mut Word, inflect: bool) {
        if !matches!(word.spelling, Spelling::Plain | Spelling::Family) {
            return;
        }
        word.forms.truncate(1);
        if word.exact {
            return;
        }
        let Some(written) = word.forms.first().cloned() else {
            return;
        };
        let family = word.spelling == Spelling::Family;
        for candidate in self.candidates(&written, &word.written, inflect, family) {
            if !word.forms.contains(&candidate) && self.vocabulary.has(&candidate) {
                word.forms.push(candidate);
            }
        }
    }

    fn candidates(&mut self, form: &str, written: &str, inflect: bool, family: bool) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        // A character of a script without blanks has no forms.
        if tokens::stands_alone(written) {
            return out;
        }
        let capitals = written.len() > 1 && !written.chars().any(char::is_lowercase);
        // What is empty in one language may say something in another.
        let languages: Vec<_> =
            self.languages.iter().filter(|(_, tables)| !tables.empty.contains(form)).copied().collect();
        let empty = languages.is_empty() && !self.languages.is_empty();
        // `US` and `IT` are abbreviations only in capitals.
        if !empty || capitals {
            out.extend(abbreviation(form));
        }
        if empty {
            return out;
        }
        let base = without_possessive(form).unwrap_or(form);
        let mut same: Vec<String> = vec![base.to_owned()];
        for (language, tables) in languages {
            let mut spelled = vec![base.to_owned()];
            spelled.extend(tables.spelled(base).map(str::to_owned));
            if inflect && !capitals && base.chars().all(char::is_alphabetic) {
                let mut inflected: Vec<String> = spelled.iter().flat_map(|form| (language.inflections)(form)).collect();
                if let Some(stem) = language.stem.or(language.family.filter(|_| family)) {
                    inflected.extend(self.of_stem(base, stem));
                }
                let more: Vec<String> =
                    inflected.iter().flat_map(|form| tables.spelled(form)).map(str::to_owned).collect();
                inflected.extend(more);
                // `us` and `it` are no inflections of anything.
                inflected.retain(|form| !tables.empty.contains(form.as_str()));
                spelled.extend(inflected);
            }
            same.extend(spelled);
        }
        for form in &same {
            if form.ends_with(char::is_alphabetic) {
                out.push(format!("{form}'s"));
            }
        }
        out.extend(apostrophe(base));
        // Plain forms before possessives.
        same.extend(out);
        same
    }

    /// The words of the index that share the stem of `word`, those of most articles first.
    fn of_stem(&mut self, word: &str, stem: fn(&str) -> String) -> Vec<String> {
        let wanted = stem(word);
        let shared = wanted.chars().zip(word.chars()).take_while(|(one, other)| one == other).count();
        let letters = shared.saturating_sub(MAY_CHANGE).max(FEWEST_LETTERS);
        let Some(end) = word.char_indices().nth(letters - 1).map(|(at, c)| at + c.len_utf8()) else {
            return Vec::new();
        };
        let beginning = self.vocabulary.beginning(word.get(..end).unwrap_or(word));
        let mut forms: Vec<(String, u64)> = beginning
            .into_iter()
            .filter(|(form, _)| form.len() <= word.len() + LONGEST_ENDING && form.chars().all(char::is_alphabetic))
            .filter(|(form, _)| stem(form) == wanted)
            .collect();
        forms.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        forms.into_iter().take(MOST_FORMS).map(|(form, _)| form).collect()
    }

    /// A word as two, where it is also written so: `ceasefire` as `cease fire`. Outside quotation marks the second may be
    /// inflected.
    fn apart(&mut self, word: &Word, inflect: bool) -> Option<Vec<Word>> {
        if word.exact || word.spelling != Spelling::Plain {
            return None;
        }
        let form = word.forms.first()?;
        let mut parts = None;
        for (language, tables) in &self.languages {
            let known = |form: &str| tables.apart.get(form).map(|parts| (parts.0.to_owned(), parts.1.to_owned()));
            let plural = || {
                let (first, last) = known(form.strip_suffix('s')?)?;
                Some((first, format!("{last}s")))
            };
            let inflected = || (language.inflections)(form).iter().find_map(|form| known(form)).filter(|_| inflect);
            parts = parts.or_else(|| known(form)).or_else(plural).or_else(inflected);
        }
        let (first, last) = parts?;
        let mut words = [first, last].map(|part| Word::new(&part, false, word.scope, word.span));
        let [one, other] = &mut words;
        self.fill(one, false);
        self.fill(other, inflect);
        let met =
            words.iter().all(|word| word.forms.len() > 1 || word.forms.iter().any(|form| self.vocabulary.has(form)));
        met.then(|| words.into())
    }

    /// The other ways to write a phrase: `cease-fire talks` as `ceasefire talks`, for every hyphen between letters whose
    /// joined word exists, and for words that are written together or as two.
    fn other_readings(&mut self, phrase: &Phrase) -> Vec<Tree> {
        let letters = |word: &Word| {
            let plain = word.spelling == Spelling::Plain && !word.exact;
            let alone = tokens::stands_alone(&word.written);
            plain && !alone && !word.written.is_empty() && word.written.chars().all(char::is_alphabetic)
        };
        let compound = |first: &Word, second: &Word| {
            let pair = first.forms.first().zip(second.forms.first());
            pair.is_some_and(|(one, other)| self.languages.iter().any(|(_, tables)| tables.is_compound(one, other)))
        };
        let tied: Vec<bool> = phrase
            .words
            .windows(2)
            .map(|pair| match pair {
                [first, second] => {
                    letters(first) && letters(second) && (first.hyphenated(second) || compound(first, second))
                }
                _ => false,
            })
            .collect();
        let split: Vec<Option<Vec<Word>>> = phrase.words.iter().map(|word| self.apart(word, false)).collect();
        let choices = tied.iter().filter(|tied| **tied).count() + split.iter().flatten().count();
        if choices == 0 || choices > MOST_CHOICES {
            return Vec::new();
        }
        let mut readings = Vec::new();
        read(&phrase.words, &tied, &split, 0, &mut Vec::new(), &mut readings);
        let mut out = Vec::new();
        // The first reading is the phrase as it is written.
        for reading in readings.into_iter().skip(1) {
            // A joined word that is met in no form joins nothing.
            let mut met = true;
            let mut words = Vec::with_capacity(reading.len());
            for (mut word, joined) in reading {
                self.fill(&mut word, false);
                met &= !joined || word.forms.len() > 1 || word.forms.iter().any(|form| self.vocabulary.has(form));
                words.push(word);
            }
            if met {
                out.push(match words.len() {
                    1 => Tree::Word(words.remove(0)),
                    _ => Tree::Phrase(Phrase { words, scope: phrase.scope, span: phrase.span }),
                });
            }
        }
        out
    }
}

/// The ways to read words from `at` on, each as it is, joined with those that it is tied to, or as two; each word with
/// whether it was joined. The way as written comes first.
fn read(
    words: &[Word],
    tied: &[bool],
    split: &[Option<Vec<Word>>],
    at: usize,
    before: &mut Vec<(Word, bool)>,
    readings: &mut Vec<Vec<(Word, bool)>>,
) {
    let Some(word) = words.get(at) else {
        readings.push(before.clone());
        return;
    };
    let length = before.len();
    let mut joined = word.clone();
    let mut end = at;
    loop {
        before.push((joined.clone(), end > at));
        read(words, tied, split, end + 1, before, readings);
        before.truncate(length);
        let Some(next) = words.get(end + 1).filter(|_| tied.get(end) == Some(&true)) else { break };
        joined.written.push_str(&next.written);
        joined.span = Span::new(joined.span.start, next.span.end);
        if let (Some(form), Some(more)) = (joined.forms.first_mut(), next.forms.first()) {
            form.push_str(more);
        }
        end += 1;
    }
    if let Some(parts) = split.get(at).and_then(Option::as_ref) {
        before.extend(parts.iter().map(|part| (part.clone(), false)));
        read(words, tied, split, at + 1, before, readings);
        before.truncate(length);
    }
}

/// Words are compared by stem if they share so many letters at least.
const FEWEST_LETTERS: usize = 3;
/// The last letters of a stem that its forms may not share: `-loge`, `-logie`; the shorter the prefix, the more words of an
/// index have to be looked at.
const MAY_CHANGE: usize = 2;
/// Bytes by which a form can be longer than another one: endings of four letters, in scripts of two bytes each.
const LONGEST_ENDING: usize = 12;
/// Forms of one word by stem in one language; a verb of Spanish has some fifty, and the rare ones of a large index are
/// slips of the pen.
const MOST_FORMS: usize = 60;

/// Phrases with more hyphens and compounds than this are looked for as written: the ways to read them double with each.
const MOST_CHOICES: usize = 4;

/// `nato` with dots, `u.s` without.
fn abbreviation(form: &str) -> Option<String> {
    if form.contains('.') {
        let joined: String = form.chars().filter(|c| *c != '.').collect();
        let initials = form.split('.').all(|part| part.chars().count() == 1) && joined.chars().all(char::is_alphabetic);
        return initials.then_some(joined);
    }
    let letters = form.chars().count();
    if !(2..=6).contains(&letters) || !form.chars().all(char::is_alphabetic) {
        return None;
    }
    let mut dotted = String::with_capacity(form.len() * 2);
    for letter in form.chars() {
        if !dotted.is_empty() {
            dotted.push('.');
        }
        dotted.push(letter);
    }
    Some(dotted)
}

/// `government's` without its ending.
fn without_possessive(form: &str) -> Option<&str> {
    form.strip_suffix("'s").filter(|base| base.chars().count() > 1)
}

/// `o'brien` without its apostrophe, `obrien` with one.
fn apostrophe(form: &str) -> Option<String> {
    if form.contains('\'') {
        return Some(form.chars().filter(|c| *c != '\'').collect());
    }
    let rest = form.strip_prefix('o')?;
    (rest.len() >= 4 && rest.chars().all(char::is_alphabetic)).then(|| format!("o'{rest}"))
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    /// The words of a small index.
    struct Known<'a>(Vec<&'a str>);

    impl Vocabulary for Known<'_> {
        fn has(&mut self, form: &str) -> bool {
            self.0.contains(&form)
        }

        fn beginning(&mut self, prefix: &str) -> Vec<(String, u64)> {
            self.0.iter().filter(|word| word.starts_with(prefix)).map(|word| ((*word).to_owned(), 1)).collect()
        }
    }

    /// The tree after expansion, with all forms of each word.
    fn shown(tree: &Tree) -> String {
        let list = |parts: &[Tree]| parts.iter().map(shown).collect::<Vec<_>>().join(", ");
        match tree {
            Tree::Word(word) => word.forms.join("|"),
            Tree::Phrase(phrase) => {
                let words: Vec<String> = phrase.words.iter().map(|word| word.forms.join("|")).collect();
                format!("\"{}\"", words.join(" "))
            }
            Tree::And(parts) => format!("and({})", list(parts)),
            Tree::Or(parts) => format!("or({})", list(parts)),
            Tree::Not(inner) => format!("not({})", shown(inner)),
            other => other.to_string(),
        }
    }

    fn check(query: &str, index: &str, expected: &str) {
        check_in(&["en"], query, index, expected);
    }

    fn check_in(codes: &[&str], query: &str, index: &str, expected: &str) {
        let languages: Vec<&Language> = codes.iter().filter_map(|code| language::find(code)).collect();
        let mut tree = parse(query, None).tree;
        expand(&mut tree, &languages, true, &mut Known(index.split(' ').collect()));
        assert_eq!(shown(&tree), expected, "{query}");
    }

    #[test]
    fn each_language_has_its_own_forms() {
        let index = "vertrag vertrage vertragen vertraut haus hauser treaty treaties die dies died";
        check_in(&["de"], "Verträge", index, "vertrage|vertrag|vertragen");
        check_in(&["de"], "Häuser", index, "hauser|haus");
        check_in(&["de"], "treaty", index, "treaty");
        check_in(&["de"], "\"Verträge\"", index, "\"vertrage\"");
        check_in(&["de"], "=Verträge", index, "vertrage");
        check_in(&["en"], "Verträge", index, "vertrage");
        check_in(&["en", "de"], "bank", "bank banks banken bankier banker", "bank|banks|banken|banker");
        // A German article, an English verb.
        check_in(&["de"], "die", index, "die");
        check_in(&["en", "de"], "die", index, "die|dies|died");
        check_in(&[], "treaty", index, "treaty");
        check_in(&["ru"], "договор", "договора договоры договорились говор", "договор|договора|договорились|договоры");
        check_in(&["fr"], "traités", "traite traites train", "traites|traite");
        check_in(&["es"], "elección", "eleccion elecciones elector", "eleccion|elecciones");
        check_in(&["en"], "대통령은", "대", "\"대 통 령 은\"");
    }

    #[test]
    fn words_take_their_forms() {
        check("defence", "defence defense defences defenses defence's", "defence|defense|defences|defenses|defence's");
        check("\"defence\"", "defence defense defences defence's", "\"defence|defense|defence's\"");
        check("=defence", "defence defense defences", "defence");
        check("organising", "organising organizing organise organized", "organising|organizing|organise|organized");
        check("treaty", "treaties treaty's treat", "treaty|treaties|treaty's");
        check("government's", "government government's governments", "government's|government|governments");
        check("unmet", "other", "unmet");
        check("news", "new news new's", "news");
        check("new", "new news newer", "new");
        check("the", "the the's thes t.h.e", "the");
    }

    #[test]
    fn abbreviations_have_dots_or_not() {
        check("US", "us u.s uses using", "us|u.s");
        check("us", "us u.s", "us");
        check("U.S.", "us u.s", "u.s|us");
        check("Nato", "nato n.a.t.o nato's", "nato|n.a.t.o|nato's");
        check("O\u{2019}Brien", "o'brien obrien o'brien's", "o'brien|o'brien's|obrien");
        check("obrien", "o'brien", "obrien|o'brien");
    }

    #[test]
    fn hyphens_may_go() {
        check("cease-fire", "cease fire ceasefire", "or(\"cease fire\", ceasefire)");
        check("\"cease-fire talks\"", "ceasefire talks", "or(\"cease fire talks\", \"ceasefire talks\")");
        check("cease-fire", "cease fire", "\"cease fire\"");
        check("\"cease fire\"", "ceasefire", "or(\"cease fire\", ceasefire)");
        check("\"cease fire\"", "cease fire", "\"cease fire\"");
        check("ceasefire", "cease fire ceasefire", "or(ceasefire, \"cease fire\")");
        check("ceasefires", "cease fire fires", "or(ceasefires, \"cease fires|fire\")");
        check("\"ceasefire talks\"", "ceasefire cease fire talks", "or(\"ceasefire talks\", \"cease fire talks\")");
        check("=ceasefire", "cease fire", "ceasefire");
        check("ceasefire", "ceasefire cease", "ceasefire");
        check("takeover", "take over", "takeover");
        check("9-11", "911", "\"9 11\"");
        check("=cease-fire", "ceasefire", "\"cease fire\"");
        check("-co-operation", "cooperation", "not(or(\"co operation\", cooperation))");
        check("a-b-c", "ab abc", "or(\"a b c\", \"ab c\", abc)");
    }

    #[test]
    fn nothing_without_variants() {
        let mut tree = parse("defence cease-fire", None).tree;
        let before = tree.clone();
        expand(&mut tree, &[language::fallback()], false, &mut Known(vec![]));
        assert_eq!(tree, before);
    }

    #[test]
    fn every_spelling_is_a_folded_word_of_a_small_group() {
        for line in language::fallback().spellings.lines().filter(|line| !line.starts_with('#')) {
            let words: Vec<&str> = line.split(' ').collect();
            assert!((2..=6).contains(&words.len()), "{line}");
            assert!(words.iter().all(|word| crate::text::fold::fold(word) == *word && !word.is_empty()), "{line}");
        }
    }
}
