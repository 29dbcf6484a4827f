//! Conditions that are tested on a document rather than looked up: columns, and letters of the text.
//!
//! They score nothing. In a conjunction tantivy leads with what is cheaper, so they see only the candidates.

use super::deadline::{Deadline, Watch};
use std::fmt;
use std::sync::Arc;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

/// Makes the test for the documents of one segment.
type Make = dyn Fn(&SegmentReader) -> tantivy::Result<Test> + Send + Sync;
/// Whether a document passes.
pub(super) type Test = Box<dyn FnMut(DocId) -> bool + Send>;

/// The documents that pass a test; of `inner` where there is one, else of all.
pub(super) struct FilterQuery {
    inner: Option<Box<dyn Query>>,
    make: Arc<Make>,
    /// For `--explain`.
    name: String,
    /// Until when.
    deadline: Deadline,
}

impl FilterQuery {
    /// Tests every document.
    pub(super) fn new(
        name: String,
        make: impl Fn(&SegmentReader) -> tantivy::Result<Test> + Send + Sync + 'static,
    ) -> FilterQuery {
        FilterQuery { inner: None, make: Arc::new(make), name, deadline: Deadline::default() }
    }

    /// Tests until a deadline.
    pub(super) fn until(self, deadline: &Deadline) -> FilterQuery {
        FilterQuery { deadline: deadline.clone(), ..self }
    }

    /// Tests the documents of `inner`, whose scores are kept.
    pub(super) fn of(inner: Box<dyn Query>, filter: FilterQuery) -> FilterQuery {
        FilterQuery { inner: Some(inner), ..filter }
    }
}

impl Clone for FilterQuery {
    fn clone(&self) -> FilterQuery {
        let inner = self.inner.as_ref().map(|inner| inner.box_clone());
        FilterQuery { inner, make: self.make.clone(), name: self.name.clone(), deadline: self.deadline.clone() }
    }
}

impl fmt::Debug for FilterQuery {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.inner {
            Some(inner) => write!(out, "Filter({}, {inner:?})", self.name),
            None => write!(out, "Filter({})", self.name),
        }
    }
}

impl Query for FilterQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let inner = self.inner.as_ref().map(|inner| inner.weight(scoring)).transpose()?;
        Ok(Box::new(FilterWeight { inner, make: self.make.clone(), deadline: self.deadline.clone() }))
    }
}

struct FilterWeight {
    inner: Option<Box<dyn Weight>>,
    make: Arc<Make>,
    deadline: Deadline,
}

impl Weight for FilterWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let test = (self.make)(segment)?;
        Ok(match &self.inner {
            Some(inner) => {
                let mut scorer =
                    Tested { inner: inner.scorer(segment, boost)?, test, watch: self.deadline.watch(), over: false };
                scorer.settle();
                Box::new(scorer)
            }
            None => {
                let mut scorer = Scan { documents: segment.max_doc(), doc: 0, test };
                scorer.from(0);
                Box::new(scorer)
            }
        })
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("a condition, which scores nothing", 0.0))
    }
}

/// All documents of a segment, tested.
struct Scan {
    documents: u32,
    doc: DocId,
    test: Test,
}

impl Scan {
    fn from(&mut self, start: DocId) -> DocId {
        self.doc = (start..self.documents).find(|doc| (self.test)(*doc)).unwrap_or(TERMINATED);
        self.doc
    }
}

impl DocSet for Scan {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED { TERMINATED } else { self.from(self.doc + 1) }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target { self.doc } else { self.from(target) }
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.documents
    }
}

impl Scorer for Scan {
    fn score(&mut self) -> Score {
        0.0
    }
}

/// The documents of another scorer, tested.
struct Tested {
    inner: Box<dyn Scorer>,
    test: Test,
    watch: Watch,
    over: bool,
}

impl Tested {
    fn settle(&mut self) -> DocId {
        let mut doc = self.inner.doc();
        while doc != TERMINATED && !(self.test)(doc) {
            doc = self.inner.advance();
            if self.watch.is_over() {
                self.over = true;
                return TERMINATED;
            }
        }
        doc
    }
}

impl DocSet for Tested {
    fn advance(&mut self) -> DocId {
        if self.over {
            return TERMINATED;
        }
        self.inner.advance();
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.over {
            return TERMINATED;
        }
        if self.inner.doc() < target {
            self.inner.seek(target);
        }
        self.settle()
    }

    fn doc(&self) -> DocId {
        if self.over { TERMINATED } else { self.inner.doc() }
    }

    fn size_hint(&self) -> u32 {
        self.inner.size_hint()
    }

    fn cost(&self) -> u64 {
        self.inner.cost().saturating_mul(10)
    }
}

impl Scorer for Tested {
    fn score(&mut self) -> Score {
        self.inner.score()
    }
}
