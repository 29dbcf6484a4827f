//! Chooses the passages of a text that show best why it matched.
//!
//! A window of words slides over the matches; the best are those with the most different leaves of the query, the
//! weightier leaves first. Each is widened to whole sentences where they fit. Every step is linear in the matches.

use super::matcher::Found;
use crate::article::Part;
use crate::text::{Span, Words};

/// A passage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// Where it stands, in bytes of the text.
    pub span: Span,
    /// What matched in it, in bytes of the text, ascending and apart.
    pub spans: Vec<Span>,
}

/// A passage has at least about this many words where the text has them.
const SHORT: usize = 30;

/// And at most this many, unless one match is longer.
const LONG: usize = 40;

/// How many words before the first match a passage may begin to begin with a sentence.
const BEFORE: usize = 14;

/// Words before the first match where the sentence begins too far away.
const CONTEXT: usize = 7;

/// What the first match of a leaf in a passage counts beside each further one, of which [`REPEATS`] count.
const FIRST: u64 = 10;
const REPEATS: u64 = 5;

/// Weights are counted in whole numbers of this part, so that sums that slide along the text do not drift.
const PARTS: f32 = 1000.0;

/// Passages end here at the latest, whatever the text calls a word.
const MOST_BYTES: usize = 2000;

/// The best passages of one part of an article, at most `wanted`, in the order of the text.
///
/// `found` is what [`super::matcher::matches`] gave for the article; `weights` says how much each leaf is worth, where
/// rarer words are worth more; a leaf without a weight is worth 1. Without a match, the beginning of the text.
pub fn snippets(words: &Words<'_>, part: Part, found: &[Found], weights: &[f32], wanted: usize) -> Vec<Passage> {
    if words.is_empty() || wanted == 0 {
        return Vec::new();
    }
    let hits = located(words, part, found);
    if hits.is_empty() {
        return vec![Passage { span: bytes(words, together(words, widened(words, 0, 0))), spans: Vec::new() }];
    }
    let leaves = hits.iter().map(|hit| hit.leaf + 1).max().unwrap_or(0);
    let weight = |leaf: usize| (weights.get(leaf).copied().unwrap_or(1.0).clamp(0.0, 1000.0) * PARTS) as u64;
    let mut worth: Vec<u64> = (0..leaves).map(weight).collect();
    let mut chosen: Vec<(usize, usize)> = Vec::new();
    let mut taken = vec![false; hits.len()];
    for _ in 0..wanted {
        let Some((from, to)) = best_window(&hits, &taken, &worth) else {
            break;
        };
        let inside = hits.get(from..to).unwrap_or(&[]);
        let (Some(first), Some(last)) = (inside.first(), inside.iter().map(|hit| hit.last).max()) else {
            break;
        };
        let range = together(words, widened(words, first.first, last));
        // Other passages should show what this one does not.
        for hit in inside {
            if let Some(worth) = worth.get_mut(hit.leaf) {
                *worth /= 2;
            }
        }
        for (hit, taken) in hits.iter().zip(&mut taken) {
            *taken |= range.0 <= hit.first && hit.last <= range.1;
        }
        taken.iter_mut().skip(from).take(to - from).for_each(|taken| *taken = true);
        chosen.push(range);
    }
    chosen.sort_unstable();
    let mut merged: Vec<(usize, usize)> = Vec::new();
    for range in chosen {
        match merged.last_mut() {
            Some(last) if range.0 <= last.1 + 1 => last.1 = last.1.max(range.1),
            _ => merged.push(range),
        }
    }
    let mut passages: Vec<Passage> =
        merged.into_iter().map(|range| Passage { span: bytes(words, range), spans: Vec::new() }).collect();
    mark(&mut passages, &hits);
    passages
}

/// A match with the positions of its first and last word.
struct Hit {
    span: Span,
    first: usize,
    last: usize,
    leaf: usize,
}

/// The matches of one part, with their positions, by place.
fn located(words: &Words<'_>, part: Part, found: &[Found]) -> Vec<Hit> {
    let mut hits: Vec<Hit> = found
        .iter()
        .filter(|found| found.part == part && found.span.start < found.span.end)
        .filter_map(|found| {
            let first = words.spans.partition_point(|word| word.end <= found.span.start);
            let last = words.spans.partition_point(|word| word.start < found.span.end).checked_sub(1)?;
            (first <= last).then_some(Hit { span: found.span, first, last, leaf: found.leaf })
        })
        .collect();
    hits.sort_by_key(|hit| (hit.first, hit.last, hit.leaf));
    hits
}

/// The run of matches within [`SHORT`] words that is worth most, none of them taken; the first of equals.
fn best_window(hits: &[Hit], taken: &[bool], worth: &[u64]) -> Option<(usize, usize)> {
    let free = |at: usize| taken.get(at) == Some(&false);
    let mut counts = vec![0u64; worth.len()];
    // What one more match of `leaf` adds where there are `count`.
    let adds = |leaf: usize, count: u64| {
        let worth = worth.get(leaf).copied().unwrap_or(0);
        match count {
            0 => worth * FIRST,
            1..=REPEATS => worth,
            _ => 0,
        }
    };
    let (mut value, mut to) = (0u64, 0);
    let mut best: Option<(u64, usize, usize)> = None;
    for (from, hit) in hits.iter().enumerate() {
        if !free(from) {
            to = to.max(from + 1);
            continue;
        }
        to = to.max(from);
        while let Some(next) = hits.get(to) {
            if !free(to) || (to > from && next.last >= hit.first + SHORT) {
                break;
            }
            if let Some(count) = counts.get_mut(next.leaf) {
                value += adds(next.leaf, *count);
                *count += 1;
            }
            to += 1;
        }
        if best.is_none_or(|(most, ..)| value > most) {
            best = Some((value, from, to));
        }
        if let Some(count) = counts.get_mut(hit.leaf) {
            *count = count.saturating_sub(1);
            value = value.saturating_sub(adds(hit.leaf, *count));
        }
    }
    best.map(|(_, from, to)| (from, to))
}

/// The first and last word of the passage around the words from `first` to `last`: whole sentences where they fit.
fn widened(words: &Words<'_>, first: usize, last: usize) -> (usize, usize) {
    let end_of_text = words.len().saturating_sub(1);
    let sentences = &words.bounds.sentences;
    let position = |word: usize| u32::try_from(word).unwrap_or(u32::MAX);
    let begin = |sentence: usize| sentences.get(sentence).map_or(0, |first| *first as usize);
    // The last word of a sentence.
    let end =
        |sentence: usize| sentences.get(sentence + 1).map_or(end_of_text, |next| (*next as usize).saturating_sub(1));
    let sentence = begin(words.bounds.sentence(position(first)));
    let mut from =
        if first - sentence.min(first) <= BEFORE { sentence.min(first) } else { first.saturating_sub(CONTEXT) };
    let whole = |from: usize, to: usize| to + 1 - from.min(to) <= LONG;
    // So much context that the match itself falls out of the passage is too much.
    if !whole(from, last) {
        from = first.saturating_sub(CONTEXT).max(from);
    }
    let mut last_sentence = words.bounds.sentence(position(last));
    let mut to = end(last_sentence).max(last);
    if whole(from, to) {
        while to + 1 - from < SHORT && to < end_of_text && whole(from, end(last_sentence + 1)) {
            last_sentence += 1;
            to = end(last_sentence);
        }
        // Sentences before, where those after do not fill it.
        let mut before = words.bounds.sentence(position(from));
        while to + 1 - from < SHORT && from > 0 && begin(before) == from && before > 0 && whole(begin(before - 1), to) {
            before -= 1;
            from = begin(before);
        }
    } else {
        to = (from + SHORT + (LONG - SHORT) / 2 - 1).max(last).min(end_of_text);
    }
    (from, to)
}

/// Words that are written together, `Jong-un`, stay together up to this many.
const TOGETHER: usize = 5;

/// Signs beside the first and last word that belong to the passage: quotation marks, the full stop.
const SIGNS: usize = 4;

/// The passage with the words that are written together with its first and last.
fn together(words: &Words<'_>, (mut from, mut to): (usize, usize)) -> (usize, usize) {
    let tied = |gap: &str| !gap.is_empty() && gap.len() <= 3 && !gap.contains(char::is_whitespace);
    for _ in 0..TOGETHER {
        if from > 0 && tied(words.gap(from - 1)) {
            from -= 1;
        }
        if to + 1 < words.len() && tied(words.gap(to)) {
            to += 1;
        }
    }
    (from, to)
}

/// The bytes of a passage, with the signs that belong to it.
fn bytes(words: &Words<'_>, (from, to): (usize, usize)) -> Span {
    let mut span = words.span(from, to);
    let before = match from.checked_sub(1) {
        Some(before) => words.gap(before),
        None => words.spans.first().and_then(|first| words.text.get(..first.start)).unwrap_or(""),
    };
    let opening =
        |c: &char| !c.is_whitespace() && !matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '”' | '’' | '…');
    span.start -= before.chars().rev().take(SIGNS).take_while(opening).map(char::len_utf8).sum::<usize>();
    let closing = |c: &char| !c.is_whitespace() && !matches!(c, '(' | '[' | '“' | '‘' | '—' | '–');
    span.end += words.gap(to).chars().take(SIGNS).take_while(closing).map(char::len_utf8).sum::<usize>();
    if span.end - span.start > MOST_BYTES {
        span.end = words.text.floor_char_boundary(span.start + MOST_BYTES).max(span.start);
    }
    span
}

/// Gives each passage the matches in it; those that overlap become one.
fn mark(passages: &mut [Passage], hits: &[Hit]) {
    let mut spans: Vec<Span> = hits.iter().map(|hit| hit.span).collect();
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => joined.push(span),
        }
    }
    for passage in passages {
        let from = joined.partition_point(|span| span.end <= passage.span.start);
        let inside = joined.iter().skip(from).take_while(|span| span.start < passage.span.end);
        passage.spans =
            inside.map(|span| Span::new(span.start.max(passage.span.start), span.end.min(passage.span.end))).collect();
    }
}
