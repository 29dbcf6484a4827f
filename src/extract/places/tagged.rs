//! The names that the tagger took for places.

use crate::article::{Found, MentionKind};
use crate::extract::spans::Spans;
use crate::extract::{Page, names};

/// Takes them out of `found`; `None` where no tagger looked at `page`.
pub(super) fn take(page: &Page<'_>, found: &mut Found) -> Option<Spans> {
    names::model(page)?;
    let mut spans = Vec::new();
    found.mentions.retain(|mention| {
        let place = mention.kind == MentionKind::Place;
        if place {
            spans.push((mention.part, mention.span));
        }
        !place
    });
    Some(Spans::new(spans))
}
