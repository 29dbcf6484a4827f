//! What stands near each other, against the postings: [`Spans`] in headline and body.
//!
//! Documents are found by the leaves that must be there, rarest first; only of those positions are read, and
//! [`spans::extents`] says what they make, as it does for the matcher of a single text. Slots are read from a field of
//! their own, in which each mention stands at the position of its first word, as a term that says its kind and length.

use super::deadline::{Deadline, Watch};
use super::postings::{Forms, Statistics, explained};
use super::tokenise::{PARAGRAPH, SENTENCE};
use crate::query::spans::{self, Extent, Reach, SlotKind, Spans, Text};
use std::fmt::{self, Write as _};
use std::sync::Arc;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{Bm25Weight, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, InvertedIndexReader, Score, SegmentReader, TERMINATED, Term};

/// Spans in the texts of an article.
#[derive(Clone)]
pub(super) struct SpansQuery {
    /// What is looked for.
    pub(super) spans: Arc<Spans>,
    /// In how many places of the article it must be at least.
    pub(super) times: u32,
    /// The texts in which it is looked for.
    pub(super) texts: Vec<TextQuery>,
    /// Until when.
    pub(super) deadline: Deadline,
}

/// One text of [`SpansQuery`].
#[derive(Clone, Debug)]
pub(super) struct TextQuery {
    /// The field with the words.
    pub(super) words: Field,
    /// The field with the mentions.
    pub(super) slots: Field,
    /// For each leaf what is read of it.
    pub(super) leaves: Vec<LeafTerms>,
    /// How much a place in this text counts.
    pub(super) weight: f32,
    /// For scores.
    pub(super) statistics: Arc<Statistics>,
}

/// What is read of a leaf.
#[derive(Clone, Debug)]
pub(super) enum LeafTerms {
    /// The forms of a word; none where it may not stand in this text.
    Word(Vec<Term>),
    /// The mentions of a kind.
    Slot(SlotKind),
}

/// Appends the term under which a mention of a kind stands, so many words long.
pub(super) fn write_slot_term(out: &mut String, kind: SlotKind, words: u32) {
    out.push(slot_letter(kind));
    let _ = write!(out, "{words}");
}

fn slot_letter(kind: SlotKind) -> char {
    match kind {
        SlotKind::Person => 'p',
        SlotKind::Org => 'o',
        SlotKind::Place => 'l',
        SlotKind::Country => 'c',
        SlotKind::Date => 'd',
        SlotKind::Number => 'n',
    }
}

impl fmt::Debug for SpansQuery {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = out.debug_struct("SpansQuery");
        shown.field("spans", &self.spans).field("times", &self.times).field("texts", &self.texts).finish()
    }
}

impl Query for SpansQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(SpansWeight { query: self.clone(), scored: scoring.is_scoring_enabled() }))
    }
}

struct SpansWeight {
    query: SpansQuery,
    scored: bool,
}

impl Weight for SpansWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut texts = Vec::with_capacity(self.query.texts.len());
        for text in &self.query.texts {
            texts.push(TextScorer::open(text, &self.query.spans, segment, self.scored.then_some(boost))?);
        }
        let mut scorer = SpansScorer {
            spans: self.query.spans.clone(),
            times: self.query.times as usize,
            texts,
            doc: 0,
            watch: self.query.deadline.watch(),
        };
        scorer.find(0);
        Ok(Box::new(scorer))
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explained(self, segment, doc, "BM25 of a place, its words' weights summed")
    }
}

/// A leaf in one text of a segment.
struct LeafPostings {
    forms: Forms,
    /// For each list of `forms` the length of what stands there, in words.
    lengths: Vec<u32>,
}

impl LeafPostings {
    fn words(terms: &[Term], index: &InvertedIndexReader) -> tantivy::Result<LeafPostings> {
        let mut lists = Vec::new();
        for term in terms {
            lists.extend(index.read_postings(term, IndexRecordOption::WithFreqsAndPositions)?);
        }
        Ok(LeafPostings { lengths: vec![1; lists.len()], forms: Forms::new(lists) })
    }

    fn slots(kind: SlotKind, field: Field, index: &InvertedIndexReader) -> tantivy::Result<LeafPostings> {
        let (mut lists, mut lengths) = (Vec::new(), Vec::new());
        let letter = slot_letter(kind).to_string();
        let mut stream = index.terms().range().ge(letter.as_bytes()).into_stream()?;
        while stream.advance() {
            let Some(term) = std::str::from_utf8(stream.key()).ok() else { continue };
            let Some(length) = term.strip_prefix(&letter) else { break };
            let term = Term::from_field_text(field, term);
            if let Some(list) = index.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)? {
                lists.push(list);
                lengths.push(length.parse().unwrap_or(1));
            }
        }
        Ok(LeafPostings { forms: Forms::new(lists), lengths })
    }
}

/// Which documents can match, by what they have.
enum Docs {
    Leaf(usize),
    All(Vec<Docs>),
    Any(Vec<Docs>),
}

impl Docs {
    fn of(spans: &Spans, leaf: &mut usize, leaves: &[LeafPostings]) -> Docs {
        match spans {
            Spans::Word(_) | Spans::Slot(_) | Spans::Mention(_) => {
                *leaf += 1;
                Docs::Leaf(*leaf - 1)
            }
            Spans::Any(parts) => Docs::Any(parts.iter().map(|part| Docs::of(part, leaf, leaves)).collect()),
            Spans::After { part, .. } => Docs::of(part, leaf, leaves),
            Spans::Phrase { parts, .. } => {
                let parts = parts.iter().map(|part| Docs::of(part, leaf, leaves)).collect();
                Docs::all(parts, leaves)
            }
            Spans::Linked { left, link, right } => {
                let left = Docs::of(left, leaf, leaves);
                let right = Docs::of(right, leaf, leaves);
                if link.negated { left } else { Docs::all(vec![left, right], leaves) }
            }
        }
    }

    fn all(mut parts: Vec<Docs>, leaves: &[LeafPostings]) -> Docs {
        parts.sort_by_key(|part| part.cost(leaves));
        Docs::All(parts)
    }

    fn cost(&self, leaves: &[LeafPostings]) -> u64 {
        match self {
            Docs::Leaf(leaf) => leaves.get(*leaf).map_or(0, |leaf| leaf.forms.cost()),
            Docs::All(parts) => parts.iter().map(|part| part.cost(leaves)).min().unwrap_or(0),
            Docs::Any(parts) => parts.iter().map(|part| part.cost(leaves)).sum(),
        }
    }

    /// The first document from `target` on that can match.
    fn seek(&self, mut target: DocId, leaves: &mut [LeafPostings]) -> DocId {
        match self {
            Docs::Leaf(leaf) => leaves.get_mut(*leaf).map_or(TERMINATED, |leaf| leaf.forms.seek(target)),
            Docs::Any(parts) => parts.iter().map(|part| part.seek(target, leaves)).min().unwrap_or(TERMINATED),
            Docs::All(parts) => 'again: loop {
                for part in parts {
                    let doc = part.seek(target, leaves);
                    if doc > target {
                        target = doc;
                        if doc == TERMINATED {
                            return TERMINATED;
                        }
                        continue 'again;
                    }
                }
                return target;
            },
        }
    }
}

/// One text of a segment.
struct TextScorer {
    docs: Docs,
    leaves: Vec<LeafPostings>,
    /// Where sentences and paragraphs begin, where that is asked.
    sentences: Option<Forms>,
    paragraphs: Option<Forms>,
    lengths: FieldNormReader,
    similarity: Option<Bm25Weight>,
    /// The first document from the current one on that can match.
    doc: DocId,
    /// In how many places it does in the current one; nothing where that was not counted yet.
    count: Option<usize>,
    found: Found,
}

/// What is read of one document.
#[derive(Default)]
struct Found {
    leaves: Vec<Vec<Extent>>,
    sentences: Vec<u32>,
    paragraphs: Vec<u32>,
    buffer: Vec<u32>,
}

impl Found {
    fn text(&self) -> Text<'_> {
        Text { leaves: &self.leaves, sentences: &self.sentences, paragraphs: &self.paragraphs }
    }
}

impl TextScorer {
    fn open(
        text: &TextQuery,
        spans: &Spans,
        segment: &SegmentReader,
        boost: Option<Score>,
    ) -> tantivy::Result<TextScorer> {
        let words = segment.inverted_index(text.words)?;
        let slots = segment.inverted_index(text.slots)?;
        let mut leaves = Vec::with_capacity(text.leaves.len());
        for leaf in &text.leaves {
            leaves.push(match leaf {
                LeafTerms::Word(terms) => LeafPostings::words(terms, &words)?,
                LeafTerms::Slot(kind) => LeafPostings::slots(*kind, text.slots, &slots)?,
            });
        }
        let mark = |terms: &[&str]| -> tantivy::Result<Forms> {
            let terms: Vec<Term> = terms.iter().map(|term| Term::from_field_text(text.words, term)).collect();
            Ok(LeafPostings::words(&terms, &words)?.forms)
        };
        let (mut in_sentences, mut in_paragraphs) = (false, false);
        spans.each_link(&mut |link| match link.reach {
            Reach::Words(_) => {}
            Reach::Sentence => in_sentences = true,
            Reach::Paragraph => in_paragraphs = true,
        });
        let docs = Docs::of(spans, &mut 0, &leaves);
        Ok(TextScorer {
            docs,
            found: Found { leaves: vec![Vec::new(); leaves.len()], ..Found::default() },
            leaves,
            sentences: if in_sentences { Some(mark(&[SENTENCE, PARAGRAPH])?) } else { None },
            paragraphs: if in_paragraphs { Some(mark(&[PARAGRAPH])?) } else { None },
            lengths: match boost {
                Some(_) => segment.get_fieldnorms_reader(text.words)?,
                None => FieldNormReader::constant(segment.max_doc(), 1),
            },
            similarity: boost.map(|boost| text.statistics.similarity().boost_by(boost * text.weight)),
            doc: 0,
            count: Some(0),
        })
    }

    /// Reads what `doc` has, and counts its places; where one is enough, only whether there is any.
    fn look(&mut self, doc: DocId, spans: &Spans, times: usize) -> usize {
        self.count = Some(0);
        if self.doc != doc {
            return 0;
        }
        let found = &mut self.found;
        for (leaf, extents) in self.leaves.iter_mut().zip(&mut found.leaves) {
            match leaf.forms.seek(doc) == doc {
                true => leaf.forms.extents(&leaf.lengths, &mut found.buffer, extents),
                false => extents.clear(),
            }
        }
        for (marks, out) in [(&mut self.sentences, &mut found.sentences), (&mut self.paragraphs, &mut found.paragraphs)]
        {
            out.clear();
            if let Some(marks) = marks
                && marks.seek(doc) == doc
            {
                marks.positions(out);
            }
        }
        if times > 1 {
            self.count = None;
            return self.places(spans);
        }
        let has_any = spans::any(spans, self.found.text());
        self.count = if has_any { None } else { Some(0) };
        usize::from(has_any)
    }

    /// How many places the document has that was looked at.
    fn places(&mut self, spans: &Spans) -> usize {
        let places = || spans::extents(spans, self.found.text()).len();
        let count = self.count.unwrap_or_else(places);
        self.count = Some(count);
        count
    }

    fn score(&mut self, doc: DocId, spans: &Spans) -> Score {
        if self.similarity.is_none() {
            return 0.0;
        }
        let count = self.places(spans);
        let Some(similarity) = self.similarity.as_ref().filter(|_| count > 0) else { return 0.0 };
        similarity.score(self.lengths.fieldnorm_id(doc), count as u32)
    }
}

struct SpansScorer {
    spans: Arc<Spans>,
    times: usize,
    texts: Vec<TextScorer>,
    doc: DocId,
    watch: Watch,
}

impl SpansScorer {
    /// Goes to the first matching document from `target` on.
    fn find(&mut self, mut target: DocId) -> DocId {
        loop {
            for text in &mut self.texts {
                if text.doc < target || text.doc == 0 {
                    text.doc = text.docs.seek(target, &mut text.leaves);
                }
            }
            self.doc = self.texts.iter().map(|text| text.doc).min().unwrap_or(TERMINATED);
            if self.doc == TERMINATED || self.watch.is_over() {
                self.doc = TERMINATED;
                return TERMINATED;
            }
            let (doc, spans, times) = (self.doc, &self.spans, self.times);
            let places: usize = self.texts.iter_mut().map(|text| text.look(doc, spans, times)).sum();
            if places >= self.times {
                return self.doc;
            }
            target = self.doc + 1;
        }
    }
}

impl DocSet for SpansScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED { TERMINATED } else { self.find(self.doc + 1) }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target { self.doc } else { self.find(target) }
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        // A guess: one in ten documents that have the words has them in place.
        u32::try_from(self.candidates() / 10).unwrap_or(u32::MAX)
    }

    fn cost(&self) -> u64 {
        // Reading positions is some ten times dearer than reading documents.
        self.candidates() * 10
    }
}

impl SpansScorer {
    fn candidates(&self) -> u64 {
        self.texts.iter().map(|text| text.docs.cost(&text.leaves)).sum()
    }
}

impl Scorer for SpansScorer {
    fn score(&mut self) -> Score {
        if self.texts.iter().all(|text| text.similarity.is_none()) {
            return 1.0;
        }
        let (doc, spans) = (self.doc, &self.spans);
        self.texts.iter_mut().map(|text| text.score(doc, spans)).sum()
    }
}
