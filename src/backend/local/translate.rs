//! From our tree to a query of the engine.
//!
//! Words and phrases become [`PhraseQuery`]s on headline and body; names are looked up in the list of all names first,
//! so that every spelling that counts is known and can be shown; days are tested on columns; `=` is looked up without
//! regard to case and accents and then compared letter for letter with the text.

use super::filter::{FilterQuery, Test};
use super::opened::Opened;
use super::positional::{LeafTerms, SpansQuery, TextQuery};
use super::postings::{PhraseQuery, Statistics};
use super::schema::{self, column};
use super::stored::Stored;
use super::tokenise;
use super::valued::{self, Wanted};
use crate::error::Result;
use crate::field::Kind;
use crate::names;
use crate::names::identity::Identity;
use crate::places::Area;
use crate::query::matcher;
use crate::query::spans::{Leaf, Slot, Spans};
use crate::query::tree::{Dated, Days, Gap, Name, Near, Place, Scope, Tree, Value, Word};
use crate::text::Words;
use rustc_hash::FxHashSet;
use std::sync::Arc;
use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, Query, TermQuery, TermSetQuery};
use tantivy::schema::{Field, IndexRecordOption};

/// How much more a word in the headline counts than one in the body.
/// Chosen with the rest of the ranking, where a headline counts as an opening too (`ranking`).
const TITLE_WEIGHT: f32 = 0.75;

/// Blocks of stored text that are kept unpacked while texts are compared letter for letter.
const CACHED_BLOCKS: usize = 8;

/// Translates for one index.
pub(super) struct Translator<'a> {
    opened: &'a Opened,
    articles: u64,
}

impl<'a> Translator<'a> {
    pub(super) fn new(opened: &'a Opened) -> Result<Translator<'a>> {
        Ok(Translator { opened, articles: opened.articles()? as u64 })
    }

    /// How rare what so many articles have is: the inverse document frequency of BM25.
    pub(super) fn rarity(&self, articles: u64) -> f32 {
        let (all, having) = (self.articles as f32, articles.min(self.articles) as f32);
        (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
    }

    /// The index that it translates for.
    pub(super) fn opened(&self) -> &Opened {
        self.opened
    }

    /// The query that answers `tree`.
    pub(super) fn translate(&self, tree: &Tree) -> Result<Box<dyn Query>> {
        Ok(match tree {
            Tree::All => self.all(),
            Tree::Word(word) => self.words(std::slice::from_ref(word), word.scope, tree)?,
            Tree::Phrase(phrase) => self.words(&phrase.words, phrase.scope, tree)?,
            Tree::Spans(spans) => self.spans(spans, 1, tree)?,
            Tree::AtLeast(times, spans) => self.spans(spans, *times, tree)?,
            Tree::Name(name) => self.name(name)?,
            Tree::Near(near) => self.near(near)?,
            Tree::Value(value) => self.value(value),
            Tree::Days(days) => Box::new(self.days(days)),
            Tree::Gap(gap) => Box::new(Self::gap(gap)),
            Tree::Dated(dated) => self.dated(*dated),
            Tree::And(parts) => self.and(parts)?,
            Tree::Or(parts) => {
                let parts = parts.iter().map(|part| self.translate(part)).collect::<Result<Vec<_>>>()?;
                Box::new(BooleanQuery::union(parts))
            }
            Tree::Not(_) => self.and(std::slice::from_ref(tree))?,
            Tree::Boost(inner, weight) => Box::new(BoostQuery::new(self.translate(inner)?, *weight)),
        })
    }

    /// The normal forms in the index that a name stands for: those that it fits, and the other names of those.
    pub(super) fn names(&self, name: &Name) -> Result<Vec<String>> {
        if let Some(forms) = &name.forms {
            return Ok(forms.clone());
        }
        let mut found = Vec::new();
        if let Some(field) = self.opened.fields.of(name.field.name) {
            let identity = Identity::new(name.field.name, &self.opened.corrections);
            let wanted = names::key(&name.name);
            let asked = identity.asked(&name.name);
            let certain = [name.exact.then_some(wanted.as_str()), matcher::country_of(name)];
            for certain in certain.into_iter().flatten() {
                if self.frequency(&Term::from_field_text(field, certain))? > 0 {
                    found.push(certain.to_owned());
                }
            }
            if !name.exact {
                self.names_with(field, &asked.word(), |term| {
                    if asked.matches(term) {
                        found.push(term.to_owned());
                    }
                })?;
                found.sort();
                found.dedup();
                let mut others: Vec<String> = found.iter().flat_map(|known| identity.others(known)).collect();
                others.extend(identity.others(&wanted));
                others.sort();
                others.dedup();
                for other in others {
                    let term = Term::from_field_text(field, &other);
                    if self.frequency(&term)? > 0 && !identity.is_ignored(&other) {
                        found.push(other);
                    }
                }
            }
        }
        found.sort();
        found.dedup();
        Ok(found)
    }

    /// The places of the index that lie in the country or region of this name and have other names than `forms`.
    fn within(&self, name: &Name, forms: &[String]) -> Result<Vec<Place>> {
        let Some(area) = matcher::area_of(name) else { return Ok(Vec::new()) };
        let identity = Identity::new(name.field.name, &self.opened.corrections);
        let forms: FxHashSet<&str> = forms.iter().map(String::as_str).collect();
        let other = |key: &str| !forms.contains(key) && !identity.is_ignored(key);
        valued::every(self.opened, |place| area.holds(place.country, place.region) && other(&names::key(place.name)))
    }

    /// The places of the index that a town with what it lies in behind a comma means: `Paris, Texas`; nothing for any
    /// other name, and where there are none.
    fn behind_town(&self, name: &Name) -> Result<Option<Vec<Place>>> {
        let town = name.name.rsplit_once(',').filter(|_| name.field.name == "place" && !name.exact);
        let Some((town, area)) = town else { return Ok(None) };
        let places = self.towns(town, &Area::behind_town(area))?;
        Ok((!places.is_empty()).then_some(places))
    }

    /// The places of the index of this name that lie in an area.
    pub(super) fn towns(&self, town: &str, area: &Area) -> Result<Vec<Place>> {
        let key = names::key(town);
        valued::every(self.opened, |place| area.holds(place.country, place.region) && names::key(place.name) == key)
    }

    /// Fills in what the names of a question stand for.
    pub(super) fn resolve(&self, tree: &mut Tree) -> Result<()> {
        match tree {
            Tree::Name(name) => {
                let forms = self.names(name)?;
                name.within = self.within(name, &forms)?;
                name.forms = Some(forms);
                // The Paris of Texas, and no other.
                if let Some(only) = self.behind_town(name)? {
                    (name.forms, name.within) = (Some(Vec::new()), only);
                }
                Ok(())
            }
            Tree::Near(near) => {
                near.around = Some(valued::around(self, near)?);
                Ok(())
            }
            Tree::And(parts) | Tree::Or(parts) => parts.iter_mut().try_for_each(|part| self.resolve(part)),
            Tree::Not(inner) | Tree::Boost(inner, _) => self.resolve(inner),
            Tree::Spans(spans) | Tree::AtLeast(_, spans) => {
                let mut outcome = Ok(());
                spans.each_mention(&mut |leaf| {
                    if outcome.is_ok() {
                        outcome = self.resolve(leaf);
                    }
                });
                outcome
            }
            _ => Ok(()),
        }
    }

    /// Calls `take` for every name of a field that may have a word of this key; one of several segments comes several
    /// times.
    fn names_with(&self, field: Field, word: &str, take: impl FnMut(&str)) -> Result<()> {
        let (lookups, opened) = (self.opened.lookups(), self.opened);
        let outcome = lookups.with_word(&opened.searcher, &opened.fields, field, word, take);
        outcome.map_err(|error| opened.failed("looking up names in", error))
    }

    fn all(&self) -> Box<dyn Query> {
        let term = Term::from_field_text(self.opened.fields.sort, schema::ARTICLE);
        constant(TermQuery::new(term, IndexRecordOption::Basic))
    }

    fn and(&self, parts: &[Tree]) -> Result<Box<dyn Query>> {
        let mut clauses = Vec::with_capacity(parts.len() + 1);
        for part in parts {
            clauses.push(match part {
                Tree::Not(inner) => (Occur::MustNot, self.translate(inner)?),
                other => (Occur::Must, self.translate(other)?),
            });
        }
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, self.all()));
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    /// A word, or words that follow each other, in the texts that `scope` names.
    fn words(&self, words: &[Word], scope: Scope, leaf: &Tree) -> Result<Box<dyn Query>> {
        let query = self.words_folded(words, scope)?;
        Ok(if words.iter().any(|word| word.exact) { Box::new(self.verified(query, leaf)) } else { query })
    }

    /// The same without regard to how they are written.
    fn words_folded(&self, words: &[Word], scope: Scope) -> Result<Box<dyn Query>> {
        if words.is_empty() {
            return Ok(Box::new(EmptyQuery));
        }
        let fields = &self.opened.fields;
        Ok(match scope {
            Scope::Title => self.phrase(fields.title, words)?,
            Scope::Body => self.phrase(fields.body, words)?,
            Scope::Anywhere => {
                let title = Box::new(BoostQuery::new(self.phrase(fields.title, words)?, TITLE_WEIGHT));
                Box::new(BooleanQuery::union(vec![title, self.phrase(fields.body, words)?]))
            }
        })
    }

    /// Spans in headline and body. What the postings do not tell, which mention is of whom and how a word was written,
    /// is compared with the text.
    fn spans(&self, spans: &Spans, times: u32, leaf: &Tree) -> Result<Box<dyn Query>> {
        let told = |leaf: &Leaf<'_>| match leaf {
            Leaf::Word(word) => !word.exact,
            Leaf::Slot(_) => true,
            Leaf::Mention(_) => false,
        };
        if !spans.leaves().iter().all(told) {
            return Ok(Box::new(self.verified(self.candidates(spans)?, leaf)));
        }
        let fields = &self.opened.fields;
        let mut texts = Vec::with_capacity(2);
        for (words, slots, weight) in
            [(fields.title, fields.title_slots, TITLE_WEIGHT), (fields.body, fields.body_slots, 1.0)]
        {
            let inside = |scope: Scope| fields_of(self.opened, scope).contains(&words);
            let terms = |leaf: &Leaf<'_>| match leaf {
                Leaf::Word(word) if inside(word.scope) => {
                    LeafTerms::Word(word.forms.iter().map(|form| Term::from_field_text(words, form)).collect())
                }
                Leaf::Slot(slot) if inside(slot.scope) => LeafTerms::Slot(slot.kind),
                _ => LeafTerms::Word(Vec::new()),
            };
            let leaves: Vec<LeafTerms> = spans.leaves().iter().map(terms).collect();
            let mut frequencies = Vec::new();
            self.frequencies(spans, &mut leaves.iter(), &mut frequencies)?;
            let statistics = Statistics { articles: self.articles, mean_length: self.mean_length(words)?, frequencies };
            texts.push(TextQuery { words, slots, leaves, weight, statistics: Arc::new(statistics) });
        }
        Ok(Box::new(SpansQuery {
            spans: Arc::new(spans.clone()),
            times,
            texts,
            deadline: self.opened.deadline.clone(),
        }))
    }

    /// For scores: how many articles have each part that must be there; alternatives are one.
    fn frequencies<'t>(
        &self,
        spans: &Spans,
        leaves: &mut impl Iterator<Item = &'t LeafTerms>,
        out: &mut Vec<u64>,
    ) -> Result<()> {
        match spans {
            Spans::Word(_) | Spans::Slot(_) | Spans::Mention(_) => {
                out.push(match leaves.next() {
                    Some(LeafTerms::Word(terms)) => {
                        terms.iter().map(|term| self.frequency(term)).sum::<Result<u64>>()?
                    }
                    // Nearly every article has one.
                    _ => self.articles,
                });
            }
            Spans::Any(parts) => {
                let mut all = 0;
                for part in parts {
                    let mut of_part = Vec::new();
                    self.frequencies(part, leaves, &mut of_part)?;
                    all += of_part.into_iter().min().unwrap_or(0);
                }
                out.push(all);
            }
            Spans::After { part, .. } => self.frequencies(part, leaves, out)?,
            Spans::Phrase { parts, .. } => {
                for part in parts {
                    self.frequencies(part, leaves, out)?;
                }
            }
            Spans::Linked { left, right, .. } => {
                self.frequencies(left, leaves, out)?;
                self.frequencies(right, leaves, out)?;
            }
        }
        Ok(())
    }

    /// The articles that have what the spans need, wherever it stands.
    fn candidates(&self, spans: &Spans) -> Result<Box<dyn Query>> {
        Ok(match spans {
            Spans::Word(word) => self.words_folded(std::slice::from_ref(word), word.scope)?,
            Spans::Slot(Slot { .. }) => self.spans(spans, 1, &Tree::All)?,
            Spans::Mention(leaf) => self.translate(leaf)?,
            Spans::Any(parts) => {
                let parts = parts.iter().map(|part| self.candidates(part)).collect::<Result<Vec<_>>>()?;
                Box::new(BooleanQuery::union(parts))
            }
            Spans::After { part, .. } => self.candidates(part)?,
            Spans::Phrase { parts, .. } => {
                let parts = parts.iter().map(|part| self.candidates(part)).collect::<Result<Vec<_>>>()?;
                Box::new(BooleanQuery::intersection(parts))
            }
            Spans::Linked { left, link, right } => match link.negated {
                true => self.candidates(left)?,
                false => Box::new(BooleanQuery::intersection(vec![self.candidates(left)?, self.candidates(right)?])),
            },
        })
    }

    fn phrase(&self, field: Field, words: &[Word]) -> Result<Box<dyn Query>> {
        let terms: Vec<Vec<Term>> = words
            .iter()
            .map(|word| word.forms.iter().map(|form| Term::from_field_text(field, form)).collect())
            .collect();
        let frequencies = terms
            .iter()
            .map(|forms: &Vec<Term>| forms.iter().map(|form| self.frequency(form)).sum::<Result<u64>>())
            .collect::<Result<Vec<u64>>>()?;
        if frequencies.contains(&0) {
            return Ok(Box::new(EmptyQuery));
        }
        let statistics = Statistics { articles: self.articles, mean_length: self.mean_length(field)?, frequencies };
        Ok(Box::new(PhraseQuery {
            field,
            words: terms,
            statistics: Arc::new(statistics),
            deadline: self.opened.deadline.clone(),
        }))
    }

    /// Documents with this term, deleted ones that are not merged away yet included.
    pub(super) fn frequency(&self, term: &Term) -> Result<u64> {
        self.opened.searcher.doc_freq(term).map_err(|error| self.opened.failed("reading the words of", error))
    }

    /// Words of this field in a mean article. Documents of files have none and do not count.
    fn mean_length(&self, field: Field) -> Result<f32> {
        let mut words = 0;
        for segment in self.opened.searcher.segment_readers() {
            let terms =
                segment.inverted_index(field).map_err(|error| self.opened.failed("reading the words of", error))?;
            words += terms.total_num_tokens();
        }
        Ok(words as f32 / self.articles.max(1) as f32)
    }

    fn name(&self, name: &Name) -> Result<Box<dyn Query>> {
        let Some(field) = self.opened.fields.of(name.field.name) else { return Ok(Box::new(EmptyQuery)) };
        let terms = self.names(name)?;
        let named = (!terms.is_empty())
            .then(|| constant(TermSetQuery::new(terms.iter().map(|term| Term::from_field_text(field, term)))));
        let within = (!name.within.is_empty()).then(|| {
            let explained = format!("places inside {}: {}", name.name, valued::listed(&name.within));
            constant(Wanted::new(&name.within).query(self.opened, explained))
        });
        Ok(match (named, within) {
            (Some(named), Some(within)) => Box::new(BooleanQuery::union(vec![named, within])),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => Box::new(EmptyQuery),
        })
    }

    fn near(&self, near: &Near) -> Result<Box<dyn Query>> {
        let around = near.around.clone().map_or_else(|| valued::around(self, near), Ok)?;
        if around.places.is_empty() {
            return Ok(Box::new(EmptyQuery));
        }
        let explained =
            format!("places within {} of {}: {}", near.distance, near.place, valued::listed(&around.places));
        Ok(constant(Wanted::new(&around.places).query(self.opened, explained)))
    }

    fn value(&self, value: &Value) -> Box<dyn Query> {
        let Some(field) = self.opened.fields.of(value.field.name) else { return Box::new(EmptyQuery) };
        if value.field.kind == Kind::Keyword {
            let term = Term::from_field_text(field, &tokenise::keyword(&value.value));
            return constant(TermQuery::new(term, IndexRecordOption::Basic));
        }
        constant(TermSetQuery::new(value.all().map(|code| Term::from_field_text(field, code))))
    }

    fn days(&self, days: &Days) -> FilterQuery {
        let first = days.first.map_or(i64::MIN, schema::day_number);
        let last = days.last.map_or(i64::MAX, schema::day_number);
        let name = Tree::Days(days.clone()).to_string();
        if days.field.kind == Kind::Spoken {
            return FilterQuery::new(name, move |segment| {
                let spoken = segment.fast_fields().u64(column::SPOKEN)?;
                Ok(Box::new(move |doc| {
                    spoken.values_for_doc(doc).any(|interval| {
                        let (from, to) = schema::unpack(interval);
                        from <= last && first <= to
                    })
                }) as Test)
            });
        }
        FilterQuery::new(name, move |segment| {
            let from = segment.fast_fields().i64(column::FIRST)?;
            let to = segment.fast_fields().i64(column::LAST)?;
            Ok(Box::new(move |doc| {
                from.first(doc).is_some_and(|from| from <= last) && to.first(doc).is_some_and(|to| first <= to)
            }) as Test)
        })
    }

    fn gap(gap: &Gap) -> FilterQuery {
        let name = Tree::Gap(gap.clone()).to_string();
        let gap = gap.clone();
        FilterQuery::new(name, move |segment| {
            let from = segment.fast_fields().i64(column::FIRST)?;
            let to = segment.fast_fields().i64(column::LAST)?;
            let spoken = segment.fast_fields().u64(column::SPOKEN)?;
            let gap = gap.clone();
            Ok(Box::new(move |doc| {
                from.first(doc).zip(to.first(doc)).is_some_and(|(from, to)| {
                    spoken.values_for_doc(doc).map(schema::unpack).any(|(first, last)| {
                        let days = (first - to).max(from - last).max(0);
                        gap.fits_days(days)
                    })
                })
            }) as Test)
        })
    }

    fn dated(&self, dated: Dated) -> Box<dyn Query> {
        let name = Tree::Dated(dated).to_string();
        let filter = FilterQuery::new(name, move |segment| {
            let confidence = segment.fast_fields().u64(column::CONFIDENCE)?;
            Ok(Box::new(move |doc| match dated {
                Dated::None => confidence.first(doc).is_none(),
                Dated::Guessed => confidence.first(doc) == Some(1),
            }) as Test)
        });
        Box::new(FilterQuery::of(self.all(), filter))
    }

    /// The documents of `query` whose text has `leaf` letter for letter.
    fn verified(&self, query: Box<dyn Query>, leaf: &Tree) -> FilterQuery {
        let dictionaries = Arc::clone(&self.opened.dictionaries);
        let leaf = leaf.clone();
        let filter = FilterQuery::new(leaf.to_string(), move |segment| {
            let store = segment.get_store_reader(CACHED_BLOCKS)?;
            let dictionaries = Arc::clone(&dictionaries);
            let leaf = leaf.clone();
            Ok(Box::new(move |doc| {
                let Ok(stored) = Stored::read(&store, doc, &dictionaries) else { return false };
                let Ok(record) = schema::record(stored.as_ref(), String::new(), String::new()) else { return false };
                let title = Words::new(record.article.title.as_deref().unwrap_or(""));
                let body = Words::new(&record.article.text);
                matcher::accepts(&leaf, &matcher::View::new(&record.article, &title, &body, &record.found))
            }) as Test)
        });
        FilterQuery::of(query, filter.until(&self.opened.deadline))
    }
}

/// A query that scores nothing.
pub(super) fn constant(query: impl Query) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(Box::new(query), 0.0))
}

/// The field of the index that holds a scope's words, for receipts.
pub(super) fn fields_of(opened: &Opened, scope: Scope) -> Vec<Field> {
    match scope {
        Scope::Title => vec![opened.fields.title],
        Scope::Body => vec![opened.fields.body],
        Scope::Anywhere => vec![opened.fields.title, opened.fields.body],
    }
}
