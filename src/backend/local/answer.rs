//! Answers: hits, passages, receipts and facets of a question, from one snapshot of the index.

use super::brief::{self, Counter};
use super::collect::{self, Scored};
use super::deadline::Deadline;
use super::diagnosis;
use super::export;
use super::facets;
use super::held::Held;
use super::opened::{self, Opened, guarded};
use super::place_value;
use super::ranking;
use super::receipts::{self, Hits};
use super::related;
use super::schema::{self, column};
use super::timeline;
use super::translate::Translator;
use super::version;
use super::vocabulary::{self, Vocabulary};
use crate::article::{MentionKind, Part};
use crate::backend::{Backend, Record, Status};
use crate::error::Result;
use crate::language::Language;
use crate::names::corrections::Corrections;
use crate::names::identity::Identity;
use crate::places::Meanings;
use crate::query::matcher::{self, View};
use crate::query::tree::Tree;
use crate::query::{forms, snippets};
use crate::search::export::Shape;
use crate::search::{
    Brief, BriefRequest, Clause, Entity, Export, ExportRequest, Hit, MatchedDate, Related, RelatedRequest, Request,
    Results, ScorePart, Snippet, Sort, Timeline, TimelineRequest,
};
use crate::text::offsets::CharOffsets;
use crate::text::{Span, Words};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tantivy::query::EnableScoring;
use tantivy::{DocAddress, DocSet, Term};

/// An index opened for questions.
pub struct Local {
    opened: Opened,
    /// What [`Backend::brief`] counts with.
    counters: Mutex<Vec<Counter>>,
}

impl Local {
    /// Opens the index in `folder`.
    pub fn open(folder: &Path) -> Result<Local> {
        guarded(folder, || Ok(Local { opened: opened::open(folder)?, counters: Mutex::default() }))
    }

    /// The folders and files that were indexed.
    pub fn roots(&self) -> &[String] {
        &self.opened.payload.roots
    }

    /// What joins and parts the names of a field.
    pub fn identity(&self, field: &str) -> Identity<'_> {
        Identity::new(field, &self.opened.corrections)
    }

    /// Takes what a user says of names for all questions from here on.
    ///
    /// # Errors
    /// Where a name of a place is said to mean what is no country.
    pub fn correct(&mut self, corrections: Corrections) -> Result<()> {
        // What was counted so far may have other names from here on.
        self.counters = Mutex::default();
        self.opened.meanings = Arc::new(Meanings::new(corrections.meant())?);
        self.opened.corrections = corrections;
        Ok(())
    }

    /// Lets questions be answered until this moment and no longer; what was found by then is the answer.
    pub fn answer_by(&mut self, moment: Instant) {
        self.opened.deadline = Deadline::at(moment);
    }

    /// Whether an answer was cut because its time was up.
    pub fn was_cut(&self) -> bool {
        self.opened.deadline.has_passed()
    }

    fn guarded<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        guarded(&self.opened.folder, work)
    }

    pub(super) fn record(&self, address: DocAddress) -> Result<Record> {
        let (id, key) = self.opened.id_and_key(address);
        self.record_of(address, id, &key)
    }

    /// The article at an address, whose id and file are known.
    pub(super) fn record_of(&self, address: DocAddress, id: String, key: &str) -> Result<Record> {
        let (path, location) = self.opened.paths(key);
        let mut record = schema::record(&self.opened.fields, &self.opened.document(address)?, id, path)?;
        let source = record.article.source.as_deref().unwrap_or("");
        place_value::correct(&mut record.found, &self.opened.meanings, source);
        Ok(Record { location, ..record })
    }

    fn answer(&self, tree: &Tree, request: &Request) -> Result<Results> {
        let opened = &self.opened;
        let translator = Translator::new(opened)?;
        let query = translator.translate(tree)?;
        let mut hits = collect::hits(opened, query.as_ref(), request.sort == Sort::Relevance)?;
        if request.sort == Sort::Relevance {
            ranking::raise(&translator, tree, &mut hits)?;
        }
        let page = collect::page(opened, &hits, request.sort, request.offset, request.limit)?;
        let mut results = self.receipts(&translator, tree, &request.query, &hits)?;
        results.offset = request.offset;
        for facet in &request.facets {
            results.facets.insert(facet.clone(), facets::facet(opened, &hits, facet)?);
        }
        if request.group_by_slot {
            let mut held = Held::new(tree, opened);
            for (_, address) in &hits {
                held.add(&self.record(*address)?);
            }
            results.facets.extend(held.finish());
        }
        let weights = receipts::weights(&results.expansions, tree, hits.len());
        for (score, address) in page {
            let mut hit = hit(&self.record(address)?, score, tree, &weights, request.snippets);
            if request.explain_scores {
                hit.score_parts = self.score_parts(&translator, tree, score, address)?;
            }
            results.hits.push(hit);
        }
        Ok(results)
    }

    /// Results without hits: how many there are, under which forms, and why where there are none.
    pub(super) fn receipts(
        &self,
        translator: &Translator<'_>,
        tree: &Tree,
        query: &str,
        hits: &[Scored],
    ) -> Result<Results> {
        let opened = &self.opened;
        let mut results = Results {
            query: query.to_owned(),
            parsed: tree.to_string(),
            total: hits.len(),
            articles: opened.articles()?,
            unread: opened.unread()?,
            ..Results::default()
        };
        let every = if hits.is_empty() { self.every()? } else { Vec::new() };
        let counted = Hits::new(opened, if hits.is_empty() { &every } else { hits });
        results.expansions = receipts::expansions(translator, opened, tree, &counted)?;
        if hits.is_empty() {
            results.diagnosis = diagnosis::diagnosis(translator, tree)?;
        }
        Ok(results)
    }

    /// An article with the one passage that shows best what matches.
    pub(super) fn passage(&self, tree: &Tree, address: DocAddress) -> Result<Hit> {
        Ok(hit(&self.record(address)?, 0.0, tree, &[], 1))
    }

    /// Of what the score of a hit is made: each part of the query by itself, and what raised it.
    fn score_parts(
        &self,
        translator: &Translator<'_>,
        tree: &Tree,
        score: f32,
        address: DocAddress,
    ) -> Result<Vec<ScorePart>> {
        let failed = |error| self.opened.failed("explaining a score of", error);
        let segment = self.opened.searcher.segment_reader(address.segment_ord);
        let mut parts = Vec::new();
        for (leaf, weight) in tree.weighted() {
            let query = translator.translate(leaf)?;
            let scoring = EnableScoring::enabled_from_searcher(&self.opened.searcher);
            let mut scorer = query.weight(scoring).and_then(|made| made.scorer(segment, weight)).map_err(failed)?;
            let has = scorer.doc() <= address.doc_id && scorer.seek(address.doc_id) == address.doc_id;
            let value = if has { scorer.score() } else { 0.0 };
            if value > 0.0 {
                parts.push(ScorePart { what: leaf.to_string(), value });
            }
        }
        let raised = ranking::explain(translator, tree, address)?;
        let all = |parts: &[ScorePart]| parts.iter().map(|part| part.value).sum::<f32>();
        // A hit that was too far back to be looked at was not raised.
        if all(&parts) + all(&raised) / 2.0 < score {
            parts.extend(raised);
        }
        Ok(parts)
    }

    /// Every article, as hits.
    fn every(&self) -> Result<Vec<Scored>> {
        let mut every = Vec::new();
        let term = Term::from_field_text(self.opened.fields.sort, schema::ARTICLE);
        self.opened.each_document(&term, |_, address| every.push((0.0, address)))?;
        Ok(every)
    }
}

impl Backend for Local {
    fn search(&self, tree: &Tree, request: &Request) -> Result<Results> {
        self.guarded(|| self.answer(tree, request))
    }

    fn count(&self, tree: &Tree) -> Result<usize> {
        self.guarded(|| {
            let query = Translator::new(&self.opened)?.translate(tree)?;
            Ok(collect::hits(&self.opened, query.as_ref(), false)?.len())
        })
    }

    fn any(&self, tree: &Tree) -> Result<bool> {
        self.guarded(|| {
            let query = Translator::new(&self.opened)?.translate(tree)?;
            collect::any(&self.opened, query.as_ref())
        })
    }

    fn article(&self, id: &str) -> Result<Option<Record>> {
        self.guarded(|| self.opened.find(id)?.map(|address| self.record(address)).transpose())
    }

    fn status(&self) -> Result<Status> {
        self.guarded(|| {
            let opened = &self.opened;
            let files = opened.files()?;
            Ok(Status {
                location: opened.folder.display().to_string(),
                articles: opened.articles()?,
                unread: files.values().filter(|state| state.skipped > 0 || !state.complete).count(),
                files: files.len(),
                roots: opened.payload.roots.clone(),
                bytes: size(&opened.generation),
                segments: opened.searcher.segment_readers().len(),
                made_by: opened.versions.made_by.clone(),
                published: self.span_of_publication()?,
                outdated: opened.versions.features < version::FEATURES,
                skipped: Vec::new(),
            })
        })
    }

    fn skipped(&self) -> Result<Vec<crate::read::Skip>> {
        self.guarded(|| self.opened.skipped())
    }

    fn explain(&self, tree: &Tree) -> Result<String> {
        self.guarded(|| Ok(format!("{:?}", Translator::new(&self.opened)?.translate(tree)?)))
    }

    fn clauses(&self, tree: &Tree) -> Result<Vec<Clause>> {
        self.guarded(|| diagnosis::clauses(&Translator::new(&self.opened)?, tree))
    }

    fn expand(&self, tree: &mut Tree, variants: bool) -> Result<()> {
        self.guarded(|| {
            let asked = vocabulary::asked(tree);
            let languages = asked.map_or_else(|| vocabulary::languages(&self.opened), Ok)?;
            let mut vocabulary = Vocabulary::new(&self.opened);
            forms::expand(tree, &languages, variants, &mut vocabulary);
            vocabulary.finish()?;
            Translator::new(&self.opened)?.resolve(tree)
        })
    }

    fn languages(&self) -> Result<Vec<&'static Language>> {
        self.guarded(|| vocabulary::languages(&self.opened))
    }

    fn entities(&self, tree: &Tree, field: &str) -> Result<Vec<Entity>> {
        self.guarded(|| {
            let query = Translator::new(&self.opened)?.translate(tree)?;
            let hits = collect::hits(&self.opened, query.as_ref(), false)?;
            facets::entities(&self.opened, &hits, field)
        })
    }

    fn months(&self, tree: &Tree) -> Result<Vec<(String, usize)>> {
        self.guarded(|| {
            let query = Translator::new(&self.opened)?.translate(tree)?;
            let hits = collect::hits(&self.opened, query.as_ref(), false)?;
            facets::months(&self.opened, &hits)
        })
    }

    fn timeline(&self, tree: &Tree, request: &TimelineRequest) -> Result<Timeline> {
        self.guarded(|| {
            let translator = Translator::new(&self.opened)?;
            let query = translator.translate(tree)?;
            let hits = collect::hits(&self.opened, query.as_ref(), false)?;
            let results = self.receipts(&translator, tree, &request.query, &hits)?;
            Ok(Timeline { results, ..timeline::timeline(&self.opened, &hits, request.of, request.by)? })
        })
    }

    fn related(&self, tree: &Tree, request: &RelatedRequest) -> Result<Related> {
        self.guarded(|| related::related(self, &self.opened, tree, request))
    }

    fn export(&self, tree: &Tree, request: &ExportRequest, shape: Shape<'_>, to: &mut dyn Export) -> Result<()> {
        self.guarded(|| export::export(self, &self.opened, tree, request, shape, to))
    }

    fn brief(&self, tree: &Tree, request: &BriefRequest) -> Result<Brief> {
        self.guarded(|| {
            // Each thread that asks has a counter of its own, which gets quicker from question to question.
            let kept = self.counters.lock().ok().and_then(|mut counters| counters.pop());
            let mut counter = kept.map_or_else(|| Counter::new(&self.opened), Ok)?;
            let brief = brief::brief(&self.opened, &mut counter, tree, request);
            if let Ok(mut counters) = self.counters.lock() {
                counters.push(counter);
            }
            brief
        })
    }
}

impl Local {
    fn span_of_publication(&self) -> Result<Option<(String, String)>> {
        let mut span: Option<(i64, i64)> = None;
        for segment in self.opened.searcher.segment_readers() {
            let failed = |error| self.opened.failed("reading the days of", error);
            let first = segment.fast_fields().i64(column::FIRST).map_err(failed)?;
            let last = segment.fast_fields().i64(column::LAST).map_err(failed)?;
            for doc in segment.doc_ids_alive() {
                if let (Some(first), Some(last)) = (first.first(doc), last.first(doc)) {
                    let known = span.get_or_insert((first, last));
                    *known = (known.0.min(first), known.1.max(last));
                }
            }
        }
        let show = |day: i64| schema::day(day).map(|day| day.to_string()).unwrap_or_default();
        Ok(span.map(|(first, last)| (show(first), show(last))))
    }
}

fn size(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.flatten().filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
}

/// An article of which nothing can match shows how it begins. Of so much of its text no passage sees the end.
const BEGINNING: usize = 4096;
/// And so many words are more than a passage has.
const BEGINNING_WORDS: usize = 100;

/// An article as a hit, with the passages that match.
pub(super) fn hit(record: &Record, score: f32, tree: &Tree, weights: &[f32], wanted: usize) -> Hit {
    let article = &record.article;
    let title = article.title.as_deref().unwrap_or("");
    let mut hit = Hit {
        id: record.id.clone(),
        score,
        score_parts: Vec::new(),
        title: article.title.clone(),
        title_spans: Vec::new(),
        path: article.path.clone(),
        member: article.member.clone(),
        source: article.source.clone(),
        language: article.language.clone(),
        published: article.published.clone(),
        snippets: Vec::new(),
        people: record.found.people.clone(),
        organisations: record.found.organisations.clone(),
        places: record.found.places.clone(),
        countries: record.found.countries.clone(),
        matched_dates: Vec::new(),
        reported_from: article.reported_from(&record.found),
        agencies: article.agencies.clone(),
        authors: article.authors.clone(),
        section: article.section.clone(),
        url: article.url.clone(),
    };
    if tree.positive().is_empty() {
        let beginning = article.text.get(..article.text.floor_char_boundary(BEGINNING)).unwrap_or("");
        let mut words = Words::new(beginning);
        if words.len() < BEGINNING_WORDS {
            words = Words::new(&article.text);
        }
        hit.snippets = passages(&words, &[], weights, wanted);
        return hit;
    }
    let words = Words::new(&article.text);
    let title_words = Words::new(title);
    let view = View::new(article, &title_words, &words, &record.found);
    let found = matcher::matches(tree, &view);
    hit.snippets = passages(&words, &found, weights, wanted);
    let title_offsets = CharOffsets::new(title);
    hit.title_spans = found
        .iter()
        .filter(|found| found.part == Part::Title)
        .map(|found| [title_offsets.at(title, found.span.start), title_offsets.at(title, found.span.end)])
        .collect();
    let text = article.text.as_str();
    let offsets = CharOffsets::new(text);
    hit.matched_dates = record
        .found
        .mentions
        .iter()
        .filter(|mention| mention.kind == MentionKind::Date && mention.part == Part::Body)
        .filter(|mention| found.iter().any(|found| found.part == mention.part && found.span == mention.span))
        .filter_map(|mention| {
            let [start, end] = [mention.span.start, mention.span.end].map(|byte| offsets.at(text, byte));
            let value = mention.timex.as_ref()?.value.clone();
            Some(MatchedDate { text: mention.span.of(text).to_owned(), value, start, end })
        })
        .collect();
    hit
}

/// The passages of a text that show best what matched.
fn passages(words: &Words<'_>, found: &[matcher::Found], weights: &[f32], wanted: usize) -> Vec<Snippet> {
    let text = words.text;
    let offsets = CharOffsets::new(text);
    let in_text = |span: Span| [offsets.at(text, span.start), offsets.at(text, span.end)];
    snippets::snippets(words, Part::Body, found, weights, wanted)
        .into_iter()
        .map(|passage| Snippet {
            text: passage.span.of(text).to_owned(),
            start: offsets.at(text, passage.span.start),
            end: offsets.at(text, passage.span.end),
            spans: passage.spans.into_iter().map(in_text).collect(),
        })
        .collect()
}
