//! Answers: hits, passages, receipts and facets of a question, from one snapshot of the index.

use super::brief::{self, Counter};
use super::collect::{self, Scored};
use super::collocates;
use super::concordance;
use super::cooccur;
use super::coverage;
use super::deadline::Deadline;
use super::diagnosis;
use super::diff;
use super::ends;
use super::export;
use super::facets;
use super::held::Held;
use super::holes;
use super::opened::{self, Opened, guarded};
use super::place_value;
use super::ranking;
use super::receipts::{self, Hits};
use super::related;
use super::room;
use super::schema::{self, column};
use super::similar;
use super::stamps;
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
    Brief, BriefRequest, Clause, Collocates, CollocatesRequest, Company, CompanyRequest, Concordance,
    ConcordanceRequest, Coverage, CoverageRequest, Diff, DiffRequest, Ends, EndsRequest, Entity, Export, ExportRequest,
    Fingerprint, Hit, MatchedDate, Related, RelatedRequest, Request, Results, ScorePart, SimilarRequest, Snippet, Sort,
    Stamp, Timeline, TimelineRequest, Trend, TrendRequest,
};
use crate::text::offsets::CharOffsets;
use crate::text::{Span, Words};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tantivy::query::EnableScoring;
use tantivy::{DocAddress, DocSet};

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

    /// The folder that the index lies in.
    pub fn folder(&self) -> &Path {
        &self.opened.folder
    }

    /// Whether the index has an article with this id.
    pub fn has(&self, id: &str) -> Result<bool> {
        self.guarded(|| Ok(self.opened.find(id)?.is_some()))
    }

    /// The first and last day of publication.
    pub fn published(&self) -> Result<Option<(String, String)>> {
        self.guarded(|| self.span_of_publication())
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
        let mut record = schema::record(self.opened.stored(address)?.as_ref(), id, path)?;
        let source = record.article.source.as_deref().unwrap_or("");
        place_value::correct(&mut record.found, &self.opened.meanings, source);
        Ok(Record { location, ..record })
    }

    /// An article without what was found in it.
    pub(super) fn text_alone(&self, address: DocAddress) -> Result<Record> {
        let (id, key) = self.opened.id_and_key(address);
        let (path, location) = self.opened.paths(&key);
        let article = schema::article(self.opened.stored(address)?.as_ref(), id.clone(), path)?;
        Ok(Record { id, article, location, ..Record::default() })
    }

    fn answer(&self, tree: &Tree, request: &Request) -> Result<Results> {
        let opened = &self.opened;
        let translator = Translator::new(opened)?;
        let query = translator.translate(tree)?;
        let mut hits = collect::hits(opened, query.as_ref(), request.sort == Sort::Relevance)?;
        if request.sort == Sort::Relevance {
            ranking::raise(&translator, tree, &mut hits)?;
        }
        self.answer_of(&translator, tree, request, &hits)
    }

    /// The answer of these hits, whatever matches beside them.
    pub(super) fn answer_of(
        &self,
        translator: &Translator<'_>,
        tree: &Tree,
        request: &Request,
        hits: &[Scored],
    ) -> Result<Results> {
        let opened = &self.opened;
        let page = collect::page(opened, hits, request.sort, request.offset, request.limit)?;
        let mut results = self.receipts(translator, tree, &request.query, hits)?;
        results.offset = request.offset;
        for facet in &request.facets {
            let (values, distinct) = facets::facet(opened, hits, facet, request.facet_values)?;
            results.facets.insert(facet.clone(), values);
            results.distinct.extend(distinct.map(|distinct| (facet.clone(), distinct)));
        }
        if request.group_by_slot {
            let mut held = Held::new(tree, opened);
            for (_, address) in hits {
                held.add(&self.record(*address)?);
            }
            results.facets.extend(held.finish());
        }
        let weights = receipts::weights(&results.expansions, tree, hits.len());
        for (score, address) in page {
            let mut hit = hit(&self.record(address)?, score, tree, &weights, request.snippets);
            if request.explain_scores {
                hit.score_parts = self.score_parts(translator, tree, score, address)?;
            }
            results.hits.push(hit);
        }
        Ok(results)
    }

    /// Results of no hit, without a reason.
    pub(super) fn without_hits(&self, tree: &Tree, query: &str) -> Result<Results> {
        Ok(Results {
            query: query.to_owned(),
            parsed: tree.to_string(),
            articles: self.opened.articles()?,
            unread: self.opened.unread()?,
            ..Results::default()
        })
    }

    /// Results without hits: how many there are, under which forms, and why where there are none.
    pub(super) fn receipts(
        &self,
        translator: &Translator<'_>,
        tree: &Tree,
        query: &str,
        hits: &[Scored],
    ) -> Result<Results> {
        self.receipts_of(translator, tree, query, &Hits::new(&self.opened, hits))
    }

    /// The same of a set of hits.
    pub(super) fn receipts_of(
        &self,
        translator: &Translator<'_>,
        tree: &Tree,
        query: &str,
        hits: &Hits,
    ) -> Result<Results> {
        let opened = &self.opened;
        let mut results = Results {
            total: hits.count(),
            warnings: holes::warnings(opened, tree)?,
            ..self.without_hits(tree, query)?
        };
        if results.total == 0 {
            // Where nothing matches, the counts of forms are those of the whole archive.
            let every = Hits::of_query(opened, translator.translate(&Tree::All)?.as_ref())?;
            results.expansions = receipts::expansions(translator, opened, tree, &every)?;
            results.diagnosis = diagnosis::diagnosis(translator, tree)?;
        } else {
            results.expansions = receipts::expansions(translator, opened, tree, hits)?;
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
                bytes: room::size(&opened.generation),
                file_bytes: files.values().filter(|state| state.articles > 0).map(|state| state.size).sum(),
                parts: room::parts(&opened.generation),
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
            let hits = Hits::of_query(&self.opened, translator.translate(tree)?.as_ref())?;
            let results = self.receipts_of(&translator, tree, &request.query, &hits)?;
            Ok(Timeline { results, ..timeline::timeline(&self.opened, &hits, request.of, request.by)? })
        })
    }

    fn trend(&self, request: &TrendRequest) -> Result<Trend> {
        self.guarded(|| {
            let translator = Translator::new(&self.opened)?;
            let mut sets = Vec::with_capacity(request.queries.len());
            for (_, tree) in &request.queries {
                sets.push(Hits::of_query(&self.opened, translator.translate(tree)?.as_ref())?);
            }
            let all: Vec<&Hits> = sets.iter().collect();
            let mut trend = timeline::trend(&self.opened, &all, request.of, request.by)?;
            for ((series, hits), (query, tree)) in trend.series.iter_mut().zip(&sets).zip(&request.queries) {
                series.results = self.receipts_of(&translator, tree, query, hits)?;
            }
            Ok(trend)
        })
    }

    fn coverage(&self, tree: &Tree, request: &CoverageRequest) -> Result<Coverage> {
        self.guarded(|| {
            let translator = Translator::new(&self.opened)?;
            let hits = Hits::of_query(&self.opened, translator.translate(tree)?.as_ref())?;
            let results = self.receipts_of(&translator, tree, &request.query, &hits)?;
            Ok(Coverage { results, ..coverage::coverage(&self.opened, &hits, request.by)? })
        })
    }

    fn ends(&self, tree: &Tree, request: &EndsRequest) -> Result<Ends> {
        self.guarded(|| {
            let translator = Translator::new(&self.opened)?;
            let hits = Hits::of_query(&self.opened, translator.translate(tree)?.as_ref())?;
            let results = self.receipts_of(&translator, tree, &request.query, &hits)?;
            Ok(Ends { results, ..ends::ends(self, &self.opened, tree, &hits, request)? })
        })
    }

    fn related(&self, tree: &Tree, request: &RelatedRequest) -> Result<Related> {
        self.guarded(|| related::related(self, &self.opened, tree, request))
    }

    fn concordance(&self, tree: &Tree, request: &ConcordanceRequest) -> Result<Concordance> {
        self.guarded(|| concordance::concordance(self, &self.opened, tree, request))
    }

    fn collocates(&self, tree: &Tree, request: &CollocatesRequest) -> Result<Collocates> {
        self.guarded(|| collocates::collocates(self, &self.opened, tree, request))
    }

    fn company(&self, tree: &Tree, request: &CompanyRequest) -> Result<Company> {
        self.guarded(|| cooccur::company(self, &self.opened, tree, request))
    }

    fn similar(&self, tree: &Tree, request: &SimilarRequest) -> Result<Results> {
        self.guarded(|| similar::similar(self, &self.opened, tree, request))
    }

    fn diff(&self, trees: [&Tree; 2], request: &DiffRequest) -> Result<Diff> {
        self.guarded(|| diff::diff(self, &self.opened, trees, request))
    }

    fn stamps(&self, tree: &Tree, sort: Sort) -> Result<Vec<Stamp>> {
        self.guarded(|| stamps::in_order(&self.opened, tree, sort))
    }

    fn search_those(&self, tree: &Tree, request: &Request, keep: &mut dyn FnMut(&Stamp) -> bool) -> Result<Results> {
        self.guarded(|| stamps::those(self, &self.opened, tree, request, keep))
    }

    fn fingerprint(&self) -> Result<Fingerprint> {
        self.guarded(|| stamps::fingerprint(&self.opened))
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
        shared: Vec::new(),
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
    // A word that is also a name matched twice.
    hit.title_spans.dedup();
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
