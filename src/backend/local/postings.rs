//! Words and phrases against the postings.
//!
//! A word stands for all its forms: their postings are read as one list, scored as one word (frequencies summed,
//! document frequency joint), so that a rare spelling does not outrank a common one. A phrase is a list of such
//! words; documents are found by intersection, rarest word first, and positions are read only where all words are.

use super::deadline::{Deadline, Watch};
use crate::text::positions::keep_followed;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;
use std::sync::Arc;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{Bm25Weight, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, InvertedIndexReader, Score, SegmentReader, TERMINATED, Term};

/// Words one after the other in one field, each in any of its forms. A word alone is a phrase of one.
#[derive(Clone)]
pub(super) struct PhraseQuery {
    /// The field.
    pub(super) field: Field,
    /// For each word its forms.
    pub(super) words: Vec<Vec<Term>>,
    /// For scores: documents in the index, mean length of the field, and the joint document frequency of each word.
    pub(super) statistics: Arc<Statistics>,
    /// Until when.
    pub(super) deadline: Deadline,
}

/// What a score needs to know of the whole index.
#[derive(Clone, Debug, Default)]
pub(super) struct Statistics {
    pub(super) articles: u64,
    pub(super) mean_length: f32,
    pub(super) frequencies: Vec<u64>,
}

impl Statistics {
    /// How a score is made: the sum of the words' weights, as that of one word times the ratio.
    pub(super) fn similarity(&self) -> Bm25Weight {
        let articles = self.articles.max(1);
        let one = |frequency: u64| {
            Bm25Weight::for_one_term(frequency.clamp(1, articles), articles, self.mean_length.max(1.0))
        };
        let weights: Vec<Bm25Weight> = self.frequencies.iter().map(|frequency| one(*frequency)).collect();
        let total: f32 = weights.iter().map(Bm25Weight::max_score).sum();
        let first = weights.first().cloned().unwrap_or_else(|| one(1));
        let base = first.max_score();
        if base > 0.0 { first.boost_by(total / base) } else { first }
    }
}

impl fmt::Debug for PhraseQuery {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = out.debug_struct("PhraseQuery");
        shown.field("field", &self.field).field("words", &self.words).field("statistics", &self.statistics).finish()
    }
}

impl Query for PhraseQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let statistics = &self.statistics;
        let inverse = scoring.is_scoring_enabled().then(|| statistics.similarity());
        Ok(Box::new(PhraseWeight {
            field: self.field,
            words: self.words.clone(),
            similarity: inverse,
            deadline: self.deadline.clone(),
        }))
    }
}

struct PhraseWeight {
    field: Field,
    words: Vec<Vec<Term>>,
    similarity: Option<Bm25Weight>,
    deadline: Deadline,
}

impl Weight for PhraseWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let terms = segment.inverted_index(self.field)?;
        let option = match (self.words.len(), &self.similarity) {
            (1, None) => IndexRecordOption::Basic,
            (1, Some(_)) => IndexRecordOption::WithFreqs,
            _ => IndexRecordOption::WithFreqsAndPositions,
        };
        let Some(mut words) = opened(&self.words, &terms, option)? else { return Ok(Box::new(EmptyScorer)) };
        let lengths = match &self.similarity {
            Some(_) => segment.get_fieldnorms_reader(self.field)?,
            None => FieldNormReader::constant(segment.max_doc(), 1),
        };
        let similarity = self.similarity.as_ref().map(|similarity| similarity.boost_by(boost));
        Ok(if words.len() == 1 {
            let forms = words.swap_remove(0).forms;
            Box::new(WordScorer::new(forms, lengths, similarity))
        } else {
            Box::new(PhraseScorer::new(words, lengths, similarity, self.deadline.watch()))
        })
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explained(self, segment, doc, "BM25 of a phrase, its words' weights summed")
    }
}

/// The postings of the words of a phrase; none where one of them has none.
fn opened(
    words: &[Vec<Term>],
    terms: &InvertedIndexReader,
    option: IndexRecordOption,
) -> tantivy::Result<Option<Vec<Word>>> {
    let mut opened = Vec::with_capacity(words.len());
    for (offset, forms) in words.iter().enumerate() {
        let mut lists = Vec::with_capacity(forms.len());
        for form in forms {
            lists.extend(terms.read_postings(form, option)?);
        }
        if lists.is_empty() {
            return Ok(None);
        }
        opened.push(Word { forms: Forms::new(lists), offset: offset as u32 });
    }
    Ok(Some(opened))
}

/// How often words stand one after the other in a field of these documents of a segment, which are ascending.
pub(super) fn places(
    segment: &SegmentReader,
    field: Field,
    words: &[Vec<Term>],
    docs: impl Iterator<Item = DocId>,
) -> tantivy::Result<usize> {
    let terms = segment.inverted_index(field)?;
    let option = match words.len() {
        1 => IndexRecordOption::WithFreqs,
        _ => IndexRecordOption::WithFreqsAndPositions,
    };
    let Some(mut words) = opened(words, &terms, option)? else { return Ok(0) };
    let mut places = 0;
    if let [word] = words.as_mut_slice() {
        for doc in docs {
            if word.forms.seek(doc) == doc {
                places += word.forms.frequency_at(doc) as usize;
            }
        }
        return Ok(places);
    }
    let mut phrase = PhraseScorer {
        words,
        lengths: FieldNormReader::constant(segment.max_doc(), 1),
        similarity: None,
        doc: 0,
        count: 0,
        starts: Vec::new(),
        positions: Vec::new(),
        watch: Deadline::default().watch(),
    };
    phrase.words.sort_by_key(|word| word.forms.cost());
    for doc in docs {
        if phrase.words.iter_mut().all(|word| word.forms.seek(doc) == doc) {
            places += phrase.starts_here() as usize;
        }
    }
    Ok(places)
}

/// The score of a document that matches, under what it is.
pub(super) fn explained(
    weight: &dyn Weight,
    segment: &SegmentReader,
    doc: DocId,
    what: &'static str,
) -> tantivy::Result<Explanation> {
    let mut scorer = weight.scorer(segment, 1.0)?;
    if scorer.doc() > doc || scorer.seek(doc) != doc {
        return Err(tantivy::TantivyError::InvalidArgument(format!("document {doc} does not match")));
    }
    Ok(Explanation::new(what, scorer.score()))
}

/// The postings of all forms of a word as one ascending list of documents.
pub(super) struct Forms {
    lists: Vec<SegmentPostings>,
    doc: DocId,
    /// Where there are many lists: those that stand behind the current document, nearest first.
    ahead: Option<BinaryHeap<Reverse<(DocId, usize)>>>,
    /// And those that stand at it.
    here: Vec<usize>,
}

/// With more lists than this the nearest is not looked for by going through all of them.
const FEW: usize = 8;

impl Forms {
    pub(super) fn new(lists: Vec<SegmentPostings>) -> Forms {
        let ahead = (lists.len() > FEW).then(|| lists.iter().enumerate().map(|(at, list)| Reverse((list.doc(), at))));
        let mut forms = Forms { ahead: ahead.map(Iterator::collect), lists, doc: 0, here: Vec::new() };
        forms.settle();
        forms
    }

    fn settle(&mut self) -> DocId {
        let Some(ahead) = &mut self.ahead else {
            self.doc = self.nearest();
            return self.doc;
        };
        self.here.clear();
        self.doc = ahead.peek().map_or(TERMINATED, |nearest| nearest.0.0);
        while let Some(Reverse((doc, at))) = ahead.peek().copied()
            && doc == self.doc
            && doc != TERMINATED
        {
            ahead.pop();
            self.here.push(at);
        }
        self.doc
    }

    /// How many documents there may be to look at.
    pub(super) fn cost(&self) -> u64 {
        self.lists.iter().map(|list| u64::from(list.size_hint())).sum()
    }

    /// How often a document that the lists stand on has the word.
    fn frequency_at(&self, doc: DocId) -> u32 {
        self.lists.iter().filter(|list| list.doc() == doc).map(SegmentPostings::term_freq).sum()
    }

    /// The nearest document that any list stands on.
    fn nearest(&self) -> DocId {
        self.lists.iter().map(SegmentPostings::doc).min().unwrap_or(TERMINATED)
    }

    /// Moves the lists that stand on a document, without regard to where all of them stand.
    fn pass(&mut self, doc: DocId) {
        self.lists.iter_mut().filter(|list| list.doc() == doc).for_each(|list| {
            list.advance();
        });
    }

    /// Sets every list on its first document from `target` on, and gives the nearest.
    fn set_on(&mut self, target: DocId) -> DocId {
        self.lists.iter_mut().filter(|list| list.doc() < target).for_each(|list| {
            list.seek(target);
        });
        self.nearest()
    }

    /// Calls `take` for every list that has the current document.
    fn each_here(&mut self, mut take: impl FnMut(usize, &mut SegmentPostings)) {
        if self.doc == TERMINATED {
            return;
        }
        if self.ahead.is_some() {
            for at in &self.here {
                if let Some(list) = self.lists.get_mut(*at) {
                    take(*at, list);
                }
            }
            return;
        }
        let doc = self.doc;
        self.lists.iter_mut().enumerate().filter(|(_, list)| list.doc() == doc).for_each(|(at, list)| take(at, list));
    }

    /// The positions of all forms in the current document, ascending.
    pub(super) fn positions(&mut self, out: &mut Vec<u32>) {
        out.clear();
        let mut lists = 0;
        self.each_here(|_, list| {
            list.append_positions_with_offset(0, out);
            lists += 1;
        });
        if lists > 1 {
            out.sort_unstable();
        }
    }

    /// The first and last position of each occurrence in the current document, ascending, where the occurrences of each
    /// list are so many words long.
    pub(super) fn extents(&mut self, lengths: &[u32], buffer: &mut Vec<u32>, out: &mut Vec<(u32, u32)>) {
        out.clear();
        let mut lists = 0;
        self.each_here(|at, list| {
            let more = lengths.get(at).map_or(0, |length| length.saturating_sub(1));
            buffer.clear();
            list.append_positions_with_offset(0, buffer);
            out.extend(buffer.iter().map(|first| (*first, first + more)));
            lists += 1;
        });
        if lists > 1 {
            out.sort_unstable();
            out.dedup();
        }
    }

    /// Goes to the first document from `target` on.
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        if let [list] = self.lists.as_mut_slice() {
            self.doc = list.seek(target);
            return self.doc;
        }
        let Some(ahead) = &mut self.ahead else {
            self.doc = self.set_on(target);
            return self.doc;
        };
        // Those that stand at the current document are behind the target, as it is.
        for at in self.here.drain(..) {
            if let Some(list) = self.lists.get_mut(at) {
                ahead.push(Reverse((list.seek(target), at)));
            }
        }
        while let Some(Reverse((doc, at))) = ahead.peek().copied()
            && doc < target
        {
            ahead.pop();
            if let Some(list) = self.lists.get_mut(at) {
                ahead.push(Reverse((list.seek(target), at)));
            }
        }
        self.settle()
    }
}

/// Documents of a window, in which many lists are made one.
const WINDOW: u32 = 4096;

/// One word in any of its forms.
///
/// Read in order, the lists are made one a window at a time: each gives all its documents of the window before the next
/// one is looked at, which costs a few nanoseconds a document. Where one document is sought far from the last, the lists
/// are only set on it.
struct WordScorer {
    forms: Forms,
    lengths: FieldNormReader,
    similarity: Option<Bm25Weight>,
    doc: DocId,
    window: Option<Window>,
}

/// The documents of a window.
struct Window {
    start: DocId,
    /// A bit for each document that has the word.
    documents: Vec<u64>,
    /// How often each has it, where that is asked.
    frequencies: Vec<u32>,
}

impl Window {
    /// The first document from `from` on, none where the window has none.
    fn next(&self, from: DocId) -> Option<DocId> {
        let at = from.saturating_sub(self.start);
        if at >= WINDOW {
            return None;
        }
        let mut word = (at / 64) as usize;
        let mut bits = self.documents.get(word)? & (u64::MAX << (at % 64));
        while bits == 0 {
            word += 1;
            bits = *self.documents.get(word)?;
        }
        Some(self.start + word as u32 * 64 + bits.trailing_zeros())
    }
}

impl WordScorer {
    fn new(forms: Forms, lengths: FieldNormReader, similarity: Option<Bm25Weight>) -> WordScorer {
        WordScorer { doc: forms.doc, forms, lengths, similarity, window: None }
    }

    /// Makes a window of what the lists have from where they stand.
    fn fill(&mut self) -> DocId {
        let start = self.forms.nearest();
        self.doc = start;
        if start == TERMINATED {
            return TERMINATED;
        }
        let counted = self.similarity.is_some();
        let window = self.window.get_or_insert_with(|| Window {
            start,
            documents: vec![0; (WINDOW / 64) as usize],
            frequencies: if counted { vec![0; WINDOW as usize] } else { Vec::new() },
        });
        window.start = start;
        window.documents.fill(0);
        window.frequencies.fill(0);
        for list in &mut self.forms.lists {
            let mut doc = list.doc();
            while doc != TERMINATED && doc - start < WINDOW {
                let at = (doc - start) as usize;
                if let Some(word) = window.documents.get_mut(at / 64) {
                    *word |= 1 << (at % 64);
                }
                if let Some(frequency) = window.frequencies.get_mut(at) {
                    *frequency += list.term_freq();
                }
                doc = list.advance();
            }
        }
        self.doc
    }

    /// Whether the lists stand behind the current document, in a window.
    fn is_in_window(&self) -> bool {
        self.window.as_ref().is_some_and(|window| self.doc >= window.start && self.doc - window.start < WINDOW)
    }
}

impl DocSet for WordScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        if let [list] = self.forms.lists.as_mut_slice() {
            self.doc = list.advance();
            return self.doc;
        }
        if self.is_in_window() {
            let next = self.window.as_ref().and_then(|window| window.next(self.doc + 1));
            if let Some(doc) = next {
                self.doc = doc;
                return doc;
            }
        } else {
            // The lists stand on the current document.
            self.forms.pass(self.doc);
        }
        self.fill()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        if let [list] = self.forms.lists.as_mut_slice() {
            self.doc = list.seek(target);
            return self.doc;
        }
        if self.is_in_window() {
            let next = self.window.as_ref().and_then(|window| window.next(target));
            if let Some(doc) = next {
                self.doc = doc;
                return doc;
            }
        }
        self.window = None;
        self.doc = self.forms.set_on(target);
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.forms.cost()).unwrap_or(u32::MAX)
    }
}

impl Scorer for WordScorer {
    fn score(&mut self) -> Score {
        let Some(similarity) = &self.similarity else { return 1.0 };
        let frequency = match &self.window {
            Some(window) if self.forms.lists.len() > 1 && self.is_in_window() => {
                window.frequencies.get((self.doc - window.start) as usize).copied().unwrap_or(0)
            }
            _ => self.forms.frequency_at(self.doc),
        };
        similarity.score(self.lengths.fieldnorm_id(self.doc), frequency)
    }
}

/// A word of a phrase.
struct Word {
    forms: Forms,
    /// Its distance from the first word.
    offset: u32,
}

struct PhraseScorer {
    /// Rarest first.
    words: Vec<Word>,
    lengths: FieldNormReader,
    similarity: Option<Bm25Weight>,
    doc: DocId,
    /// How often the phrase stands in the current document.
    count: u32,
    starts: Vec<u32>,
    positions: Vec<u32>,
    watch: Watch,
}

impl PhraseScorer {
    fn new(
        mut words: Vec<Word>,
        lengths: FieldNormReader,
        similarity: Option<Bm25Weight>,
        watch: Watch,
    ) -> PhraseScorer {
        words.sort_by_key(|word| word.forms.cost());
        let mut scorer = PhraseScorer {
            words,
            lengths,
            similarity,
            doc: 0,
            count: 0,
            starts: Vec::new(),
            positions: Vec::new(),
            watch,
        };
        scorer.find(0);
        scorer
    }

    /// Goes to the first matching document from `target` on.
    fn find(&mut self, mut target: DocId) -> DocId {
        loop {
            target = self.common(target);
            self.doc = target;
            if target == TERMINATED || self.watch.is_over() {
                self.doc = TERMINATED;
                return TERMINATED;
            }
            self.count = self.starts_here();
            if self.count > 0 {
                return target;
            }
            target += 1;
        }
    }

    /// The first document from `target` on that has every word.
    fn common(&mut self, mut target: DocId) -> DocId {
        'again: loop {
            for word in &mut self.words {
                let doc = word.forms.seek(target);
                if doc > target {
                    target = doc;
                    if doc == TERMINATED {
                        return TERMINATED;
                    }
                    continue 'again;
                }
            }
            return target;
        }
    }

    /// How often the words of the current document follow each other.
    fn starts_here(&mut self) -> u32 {
        let Some((first, others)) = self.words.split_first_mut() else { return 0 };
        first.forms.positions(&mut self.starts);
        self.starts.retain_mut(|position| match position.checked_sub(first.offset) {
            Some(start) => {
                *position = start;
                true
            }
            None => false,
        });
        for word in others {
            if self.starts.is_empty() {
                return 0;
            }
            word.forms.positions(&mut self.positions);
            keep_followed(&mut self.starts, &self.positions, word.offset);
        }
        self.starts.len() as u32
    }
}

impl DocSet for PhraseScorer {
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
        // A guess: one in ten documents that have the rarest word has the phrase.
        let rarest = self.words.first().map_or(0, |word| word.forms.cost());
        u32::try_from(rarest / 10).unwrap_or(u32::MAX)
    }

    fn cost(&self) -> u64 {
        // Reading positions is some ten times dearer than reading documents.
        self.words.first().map_or(0, |word| word.forms.cost()) * 10
    }
}

impl Scorer for PhraseScorer {
    fn score(&mut self) -> Score {
        let Some(similarity) = &self.similarity else { return 1.0 };
        similarity.score(self.lengths.fieldnorm_id(self.doc), self.count)
    }
}
