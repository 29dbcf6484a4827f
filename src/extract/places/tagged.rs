//! The names that the tagger took for places.

use crate::article::{Found, MentionKind, Part};
use crate::extract::Page;
use crate::extract::names;
use crate::text::Span;

/// Where the tagger found places, in order.
pub(super) struct Tagged {
    spans: Vec<(Part, Span)>,
}

impl Tagged {
    /// Takes them out of `found`; `None` where no tagger looked at `page`.
    pub(super) fn take(page: &Page<'_>, found: &mut Found) -> Option<Tagged> {
        names::model(page)?;
        let mut spans = Vec::new();
        found.mentions.retain(|mention| {
            let place = mention.kind == MentionKind::Place;
            if place {
                spans.push((mention.part, mention.span));
            }
            !place
        });
        spans.sort_unstable();
        Some(Tagged { spans })
    }

    /// The name around `span`.
    pub(super) fn around(&self, part: Part, span: Span) -> Option<Span> {
        let at = self.spans.partition_point(|(other, around)| (*other, around.end) < (part, span.end));
        self.spans.get(at).filter(|(other, around)| *other == part && around.contains(span)).map(|(_, around)| *around)
    }

    /// Whether a name has some of `span`.
    pub(super) fn touches(&self, part: Part, span: Span) -> bool {
        let at = self.spans.partition_point(|(other, tagged)| (*other, tagged.end) <= (part, span.start));
        self.spans.get(at).is_some_and(|(other, tagged)| *other == part && tagged.overlaps(span))
    }

    /// The names that share no character with those of `named`.
    pub(super) fn without(&self, named: &[(Part, Span)]) -> Vec<(Part, Span)> {
        let mut named = named.to_vec();
        named.sort_unstable();
        let free = |(part, span): &&(Part, Span)| {
            let at = named.partition_point(|(other, around)| (*other, around.end) <= (*part, span.start));
            !named.get(at).is_some_and(|(other, around)| other == part && around.overlaps(*span))
        };
        self.spans.iter().filter(free).copied().collect()
    }
}
