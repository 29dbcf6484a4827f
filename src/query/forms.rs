//! The forms under which a word is looked up: other spellings, possessives, abbreviations with and without dots, and
//! outside quotation marks the inflected forms; and `cease-fire` as `ceasefire`.
//!
//! Everything here is a candidate: only forms that the index has are kept, so what a user sees listed was met.

use super::tree::{Phrase, Tree, Word};
use crate::language::{LANGUAGES, Language};
use crate::text::Span;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::{LazyLock, OnceLock};

/// Fills in the forms of every word, the written one first, then those that `exists` accepts. Without `variants`,
/// and for exact words, that is the written form alone.
pub fn expand(tree: &mut Tree, language: &Language, variants: bool, exists: &mut dyn FnMut(&str) -> bool) {
    let mut words = Words { tables: Tables::of(language), language, exists };
    if variants {
        words.expand(tree);
    }
}

/// Whether a word is one of the commonest without content: those have no other forms.
pub fn empty(form: &str, language: &Language) -> bool {
    Tables::of(language).empty.contains(form)
}

/// A language's lists, made into tables once.
struct Tables {
    /// For each word of a group of spellings, the groups that it is in.
    spellings: FxHashMap<&'static str, Vec<&'static str>>,
    empty: FxHashSet<&'static str>,
}

impl Tables {
    fn of(language: &Language) -> &'static Tables {
        static TABLES: LazyLock<FxHashMap<&str, OnceLock<Tables>>> =
            LazyLock::new(|| LANGUAGES.iter().map(|language| (language.code, OnceLock::new())).collect());
        static NONE: LazyLock<Tables> =
            LazyLock::new(|| Tables { spellings: FxHashMap::default(), empty: FxHashSet::default() });
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
        Tables { spellings, empty: lines(language.function_words).flat_map(str::split_whitespace).collect() }
    }

    /// Other spellings of `form`.
    fn spelled(&self, form: &str) -> impl Iterator<Item = &'static str> {
        self.spellings.get(form).into_iter().flatten().flat_map(|group| group.split(' '))
    }
}

struct Words<'a> {
    tables: &'static Tables,
    language: &'a Language,
    exists: &'a mut dyn FnMut(&str) -> bool,
}

impl Words<'_> {
    fn expand(&mut self, tree: &mut Tree) {
        match tree {
            Tree::Word(word) => self.fill(word, true),
            Tree::Phrase(phrase) => {
                let joined = self.without_hyphens(phrase);
                phrase.words.iter_mut().for_each(|word| self.fill(word, false));
                if !joined.is_empty() {
                    let mut any = vec![std::mem::replace(tree, Tree::All)];
                    any.extend(joined);
                    *tree = Tree::Or(any);
                }
            }
            Tree::And(parts) | Tree::Or(parts) => parts.iter_mut().for_each(|part| self.expand(part)),
            Tree::Not(inner) | Tree::Boost(inner, _) => self.expand(inner),
            _ => {}
        }
    }

    /// Sets the forms of `word`.
    fn fill(&mut self, word: &mut Word, inflect: bool) {
        word.forms.truncate(1);
        if word.exact {
            return;
        }
        let Some(written) = word.forms.first().cloned() else {
            return;
        };
        for candidate in self.candidates(&written, &word.written, inflect) {
            if !word.forms.contains(&candidate) && (self.exists)(&candidate) {
                word.forms.push(candidate);
            }
        }
    }

    fn candidates(&self, form: &str, written: &str, inflect: bool) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        let capitals = written.len() > 1 && !written.chars().any(char::is_lowercase);
        let empty = self.tables.empty.contains(form);
        // `US` and `IT` are abbreviations only in capitals.
        if !empty || capitals {
            out.extend(abbreviation(form));
        }
        if empty {
            return out;
        }
        let base = without_possessive(form).unwrap_or(form);
        let mut same: Vec<String> = vec![base.to_owned()];
        same.extend(self.tables.spelled(base).map(str::to_owned));
        if inflect && !capitals && base.chars().all(char::is_alphabetic) {
            let mut inflected: Vec<String> = same.iter().flat_map(|form| (self.language.inflections)(form)).collect();
            let spelled: Vec<String> =
                inflected.iter().flat_map(|form| self.tables.spelled(form)).map(str::to_owned).collect();
            inflected.extend(spelled);
            // `us` and `it` are no inflections of anything.
            inflected.retain(|form| !self.tables.empty.contains(form.as_str()));
            same.extend(inflected);
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

    /// `cease-fire talks` as `ceasefire talks`, for every hyphen between letters whose joined word exists.
    fn without_hyphens(&mut self, phrase: &Phrase) -> Vec<Tree> {
        let mut out = vec![];
        // The places of hyphens that may go.
        let mut ties: Vec<usize> = Vec::new();
        for (at, pair) in phrase.words.windows(2).enumerate() {
            let [first, second] = pair else { continue };
            let letters = |word: &Word| !word.written.is_empty() && word.written.chars().all(char::is_alphabetic);
            if !first.exact && first.hyphenated(second) && letters(first) && letters(second) {
                ties.push(at);
            }
        }
        if ties.is_empty() || ties.len() > MOST_HYPHENS {
            return out;
        }
        for choice in 1u32..1 << ties.len() {
            let mut words: Vec<Word> = Vec::new();
            let mut tied = false;
            for (at, word) in phrase.words.iter().enumerate() {
                match words.last_mut() {
                    Some(last) if tied => {
                        last.written.push_str(&word.written);
                        last.span = Span::new(last.span.start, word.span.end);
                        if let (Some(form), Some(more)) = (last.forms.first_mut(), word.forms.first()) {
                            form.push_str(more);
                        }
                    }
                    _ => words.push(word.clone()),
                }
                tied = ties.iter().position(|tie| *tie == at).is_some_and(|bit| choice >> bit & 1 == 1);
            }
            // A joined word that is met in no form joins nothing.
            let mut met = true;
            for word in &mut words {
                self.fill(word, false);
                let joined = !phrase.words.iter().any(|part| part.span == word.span);
                if joined && word.forms.len() == 1 {
                    met &= word.forms.first().is_some_and(|form| (self.exists)(form));
                }
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

/// Phrases with more hyphens than this are looked for as written: the ways to join them double with each.
const MOST_HYPHENS: usize = 3;

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
    use crate::language;

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
        let known: FxHashSet<&str> = index.split(' ').collect();
        let mut tree = parse(query, None).tree;
        expand(&mut tree, language::fallback(), true, &mut |form| known.contains(form));
        assert_eq!(shown(&tree), expected, "{query}");
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
        check("\"cease fire\"", "ceasefire", "\"cease fire\"");
        check("9-11", "911", "\"9 11\"");
        check("=cease-fire", "ceasefire", "\"cease fire\"");
        check("-co-operation", "cooperation", "not(or(\"co operation\", cooperation))");
        check("a-b-c", "ab abc", "or(\"a b c\", \"ab c\", abc)");
    }

    #[test]
    fn nothing_without_variants() {
        let mut tree = parse("defence cease-fire", None).tree;
        let before = tree.clone();
        expand(&mut tree, language::fallback(), false, &mut |_| true);
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
