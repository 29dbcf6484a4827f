//! Where names stand in an article.

use crate::article::Part;
use crate::text::Span;

/// The places of names in title and body, in order.
pub(super) struct Spans {
    spans: Vec<(Part, Span)>,
}

impl Spans {
    /// Those given, in any order.
    pub(super) fn new(spans: impl IntoIterator<Item = (Part, Span)>) -> Spans {
        let mut spans: Vec<(Part, Span)> = spans.into_iter().collect();
        spans.sort_unstable();
        Spans { spans }
    }

    /// The name around `span`.
    pub(super) fn around(&self, part: Part, span: Span) -> Option<Span> {
        let at = self.spans.partition_point(|(other, around)| (*other, around.end) < (part, span.end));
        self.spans.get(at).filter(|(other, around)| *other == part && around.contains(span)).map(|(_, around)| *around)
    }

    /// Whether a name has some of `span`.
    pub(super) fn touches(&self, part: Part, span: Span) -> bool {
        let at = self.spans.partition_point(|(other, name)| (*other, name.end) <= (part, span.start));
        self.spans.get(at).is_some_and(|(other, name)| *other == part && name.overlaps(span))
    }

    /// The names that share no character with those of `others`.
    pub(super) fn without(&self, others: &Spans) -> Vec<(Part, Span)> {
        self.spans.iter().filter(|(part, span)| !others.touches(*part, *span)).copied().collect()
    }
}
