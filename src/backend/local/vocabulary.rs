//! The words that an index has, and the languages that it holds: what the forms of a word are chosen from.

use super::fuzzy::Fuzzy;
use super::opened::Opened;
use super::tokenise::{PARAGRAPH, SENTENCE};
use crate::error::{Error, Result};
use crate::language::{self, Language};
use crate::query::forms;
use crate::query::patterns::Pattern;
use crate::query::tree::{Scope, Spelling, Tree, Word};
use crate::text::Span;
use rustc_hash::FxHashMap;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::termdict::TermDictionary;
use tantivy::{DocSet, TERMINATED, Term};

/// A language counts where at least one in so many articles is in it. Words of an English archive with a hundred German
/// articles in ten thousand are not bent by German rules, unless German articles are asked for.
const SHARE: u64 = 20;

/// The languages whose articles the question asks for; none where it does not say.
pub(super) fn asked(tree: &Tree) -> Option<Vec<&'static Language>> {
    let mut asked = None;
    for leaf in tree.positive() {
        if let Tree::Value(value) = leaf
            && value.field.name == "lang"
        {
            asked.get_or_insert_with(Vec::new).extend(language::find(&value.value));
        }
    }
    asked
}

/// The languages that the index holds a good part of, most articles first; the fallback where no article has any.
pub(super) fn languages(opened: &Opened) -> Result<Vec<&'static Language>> {
    if let Some(languages) = opened.known.languages.get() {
        return Ok(languages.clone());
    }
    let languages = counted_languages(opened)?;
    Ok(opened.known.languages.get_or_init(|| languages).clone())
}

fn counted_languages(opened: &Opened) -> Result<Vec<&'static Language>> {
    let failed = |error| opened.failed("reading the languages of", error);
    let mut counts: Vec<(u64, &'static Language)> = Vec::new();
    let mut all = 0;
    for segment in opened.searcher.segment_readers() {
        let terms = segment.inverted_index(opened.fields.lang).map_err(failed)?;
        let mut stream = terms.terms().stream().map_err(|error| failed(error.into()))?;
        while stream.advance() {
            // `en-GB` has the term `en` too.
            if stream.key().contains(&b'-') {
                continue;
            }
            let articles = u64::from(stream.value().doc_freq);
            all += articles;
            let Some(language) = std::str::from_utf8(stream.key()).ok().and_then(language::find) else { continue };
            match counts.iter_mut().find(|(_, known)| known.code == language.code) {
                Some((count, _)) => *count += articles,
                None => counts.push((articles, language)),
            }
        }
    }
    if all == 0 {
        return Ok(vec![language::fallback()]);
    }
    counts.retain(|(articles, _)| articles * SHARE >= all);
    counts.sort_by_key(|(articles, language)| (std::cmp::Reverse(*articles), language.code));
    Ok(counts.into_iter().map(|(_, language)| language).collect())
}

/// Words with the articles that have each.
#[derive(Default)]
struct Counts(FxHashMap<String, u64>);

impl Counts {
    fn add(&mut self, term: &[u8], articles: u32) {
        // The marks of sentences and paragraphs are no words.
        let Some(term) = std::str::from_utf8(term).ok().filter(|term| *term != SENTENCE && *term != PARAGRAPH) else {
            return;
        };
        match self.0.get_mut(term) {
            Some(count) => *count += u64::from(articles),
            None => {
                self.0.insert(term.to_owned(), u64::from(articles));
            }
        }
    }
}

/// The values of a field of names within so many slips of a text, with the articles that have each.
pub(super) fn near_names(opened: &Opened, field: Field, text: &str, slips: usize) -> Result<Vec<(String, u64)>> {
    let spelling = Spelling::Fuzzy(u8::try_from(slips).unwrap_or(u8::MAX));
    let word = Word { spelling, ..Word::new(text, false, Scope::Anywhere, Span::default()) };
    let fuzzy = Pattern::of(&word, false).and_then(|pattern| Fuzzy::of(&pattern));
    let failed = |error| opened.failed("reading the names of", error);
    let mut counts = Counts::default();
    for segment in opened.searcher.segment_readers() {
        let Some(fuzzy) = &fuzzy else { break };
        let index = segment.inverted_index(field).map_err(failed)?;
        let mut stream = index.terms().search(fuzzy).into_stream().map_err(|error| failed(error.into()))?;
        while stream.advance() {
            counts.add(stream.key(), stream.value().doc_freq);
        }
    }
    Ok(counts.0.into_iter().collect())
}

/// The words within so many slips of one, with the articles that have each.
pub(super) fn near(opened: &Opened, word: &str, slips: usize) -> Result<Vec<(String, u64)>> {
    fuzzy(word, slips).map_or_else(|| Ok(Vec::new()), |pattern| Vocabulary::new(opened).near(&pattern))
}

/// The pattern of the words within so many slips of one.
pub(super) fn fuzzy(word: &str, slips: usize) -> Option<Pattern> {
    let spelling = Spelling::Fuzzy(u8::try_from(slips).unwrap_or(u8::MAX));
    Pattern::of(&Word { spelling, ..Word::new(word, false, Scope::Anywhere, Span::default()) }, false)
}

/// The words of headlines and bodies.
pub(super) struct Vocabulary<'a> {
    opened: &'a Opened,
    failed: Option<Error>,
}

impl<'a> Vocabulary<'a> {
    pub(super) fn new(opened: &'a Opened) -> Vocabulary<'a> {
        Vocabulary { opened, failed: None }
    }

    /// What went wrong on the way.
    pub(super) fn finish(self) -> Result<()> {
        self.failed.map_or(Ok(()), Err)
    }

    fn fields(&self) -> [Field; 2] {
        [self.opened.fields.body, self.opened.fields.title]
    }

    /// Whether some living article has this form of a word.
    fn living(&self, form: &str) -> Result<bool> {
        let failed = |error| self.opened.failed("reading the words of", error);
        for field in self.fields() {
            let term = Term::from_field_text(field, form);
            for segment in self.opened.searcher.segment_readers() {
                let terms = segment.inverted_index(field).map_err(failed)?;
                if !segment.has_deletes() {
                    if terms.doc_freq(&term).map_err(|error| failed(error.into()))? > 0 {
                        return Ok(true);
                    }
                    continue;
                }
                let found =
                    terms.read_postings(&term, IndexRecordOption::Basic).map_err(|error| failed(error.into()))?;
                let Some(mut postings) = found else { continue };
                let mut doc = postings.doc();
                while doc != TERMINATED {
                    if !segment.is_deleted(doc) {
                        return Ok(true);
                    }
                    doc = postings.advance();
                }
            }
        }
        Ok(false)
    }

    /// The words that begin so and fit.
    fn with_prefix(&self, prefix: &str, fits: impl Fn(&str) -> bool + Sync) -> Result<Vec<(String, u64)>> {
        self.each_segment(|terms, counts| {
            let mut stream = terms.range().ge(prefix.as_bytes()).into_stream()?;
            while stream.advance() && stream.key().starts_with(prefix.as_bytes()) {
                if std::str::from_utf8(stream.key()).is_ok_and(&fits) {
                    counts.add(stream.key(), stream.value().doc_freq);
                }
            }
            Ok(())
        })
    }

    fn near(&self, pattern: &Pattern) -> Result<Vec<(String, u64)>> {
        self.each_segment(|terms, counts| {
            if let Some(fuzzy) = Fuzzy::of(pattern) {
                let mut stream = terms.search(fuzzy).into_stream()?;
                while stream.advance() {
                    counts.add(stream.key(), stream.value().doc_freq);
                }
            }
            Ok(())
        })
    }

    /// Counts words of every segment of headlines and bodies.
    fn each_segment(
        &self,
        count: impl Fn(&TermDictionary, &mut Counts) -> std::io::Result<()> + Sync,
    ) -> Result<Vec<(String, u64)>> {
        let segments = self.opened.searcher.segment_readers();
        let parts: Vec<_> = segments.iter().flat_map(|segment| self.fields().map(|field| (segment, field))).collect();
        let of_parts = self.opened.on_all_cores(parts, |(segment, field)| {
            let mut counts = Counts::default();
            let index = segment.inverted_index(field)?;
            count(index.terms(), &mut counts)?;
            Ok(counts)
        });
        let mut all: FxHashMap<String, u64> = FxHashMap::default();
        for counts in of_parts {
            let counts = counts.map_err(|error| self.opened.failed("reading the words of", error))?;
            for (word, articles) in counts.0 {
                *all.entry(word).or_default() += articles;
            }
        }
        Ok(all.into_iter().collect())
    }

    /// The value; where there is none, the default, and the first error is kept.
    fn noted<T: Default>(&mut self, outcome: Result<T>) -> T {
        outcome.unwrap_or_else(|error| {
            self.failed.get_or_insert(error);
            T::default()
        })
    }
}

impl forms::Vocabulary for Vocabulary<'_> {
    fn has(&mut self, form: &str) -> bool {
        let outcome = self.living(form);
        self.noted(outcome)
    }

    fn beginning(&mut self, prefix: &str) -> Vec<(String, u64)> {
        let outcome = self.with_prefix(prefix, |_| true);
        self.noted(outcome)
    }

    fn fitting(&mut self, pattern: &Pattern) -> Vec<(String, u64)> {
        let outcome = match pattern.fuzzy() {
            Some(_) => self.near(pattern),
            None => self.with_prefix(pattern.prefix(), |term| pattern.fits(term)),
        };
        self.noted(outcome)
    }
}
