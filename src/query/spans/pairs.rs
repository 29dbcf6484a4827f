//! The two sides of a link: which of their extents stand as it says.

use super::{Extent, Link, Reach, Text};

/// Pairs of one link that are looked at in one text. News has some thousands; a text that says two words again and
/// again has their product.
pub(super) const MOST_PAIRS: usize = 1 << 17;

/// Calls `take` with the numbers of the two sides of every pair that stands as the link says, its negation left aside.
pub(super) fn each_pair(
    lefts: &[Extent],
    rights: &[Extent],
    link: Link,
    text: Text<'_>,
    take: &mut dyn FnMut(usize, usize),
) {
    let mut looked = 0;
    let mut count = || {
        looked += 1;
        looked <= MOST_PAIRS
    };
    let distance = match link.reach {
        Reach::Words(distance) => distance,
        Reach::Sentence => return each_together(lefts, rights, link, text.sentences, &mut count, take),
        Reach::Paragraph => return each_together(lefts, rights, link, text.paragraphs, &mut count, take),
    };
    // The right side by its last word, for partners that stand before.
    let mut ends: Vec<(u32, usize)> = Vec::new();
    if !link.ordered {
        ends.extend(rights.iter().enumerate().map(|(number, extent)| (extent.1, number)));
        ends.sort_unstable();
    }
    for (number, (first, last)) in lefts.iter().enumerate() {
        let from = rights.partition_point(|extent| extent.0 <= *last);
        for (at, extent) in rights.iter().enumerate().skip(from) {
            if extent.0 - last > distance || !count() {
                break;
            }
            take(number, at);
        }
        let from = ends.partition_point(|(end, _)| end.saturating_add(distance) < *first);
        for (end, at) in ends.iter().skip(from) {
            if end >= first || !count() {
                break;
            }
            take(number, *at);
        }
    }
}

/// The pairs that lie in one sentence or paragraph, of which `begins` has the first words.
fn each_together(
    lefts: &[Extent],
    rights: &[Extent],
    link: Link,
    begins: &[u32],
    count: &mut dyn FnMut() -> bool,
    take: &mut dyn FnMut(usize, usize),
) {
    let unit = |position: u32| begins.partition_point(|begin| *begin <= position);
    let whole = |extent: &Extent| Some(unit(extent.0)).filter(|first| *first == unit(extent.1));
    for (number, left) in lefts.iter().enumerate() {
        let Some(wanted) = whole(left) else { continue };
        let from = match wanted.checked_sub(1).and_then(|before| begins.get(before)) {
            Some(begin) => rights.partition_point(|extent| extent.0 < *begin),
            None => 0,
        };
        for (at, right) in rights.iter().enumerate().skip(from) {
            if unit(right.0) > wanted || !count() {
                break;
            }
            let apart = right.0 > left.1 || (!link.ordered && right.1 < left.0);
            if apart && whole(right) == Some(wanted) {
                take(number, at);
            }
        }
    }
}

/// Whether any pair stands within so many words, each side ascending.
pub(super) fn has_pair(lefts: &[Extent], rights: &[Extent], ordered: bool, distance: u32) -> bool {
    let longest = rights.iter().map(|(first, last)| last - first).max().unwrap_or(0);
    // The first of the right side that begins behind what is looked at, and the first that begins at it or behind it.
    let (mut behind, mut before) = (0, 0);
    for (first, last) in lefts {
        // The sides are in order of their first words only.
        while behind > 0 && rights.get(behind - 1).is_some_and(|right| right.0 > *last) {
            behind -= 1;
        }
        while rights.get(behind).is_some_and(|right| right.0 <= *last) {
            behind += 1;
        }
        if rights.get(behind).is_some_and(|right| right.0 - last <= distance) {
            return true;
        }
        if ordered {
            continue;
        }
        while rights.get(before).is_some_and(|right| right.0 < *first) {
            before += 1;
        }
        let nearest_first = rights.get(..before).unwrap_or(&[]).iter().rev();
        let near = nearest_first.take_while(|right| right.0.saturating_add(longest).saturating_add(distance) >= *first);
        for right in near {
            if right.1 < *first && first - right.1 <= distance {
                return true;
            }
        }
    }
    false
}
