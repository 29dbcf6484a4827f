//! Places that no table has, told by the words of geography in or beside their names.
//!
//! 1. `Haifa Port`, `Okinawa Prefecture`: capitals before a word such as `Port` are one name with it.
//! 2. `Mount Elgon`, `Strait of Malacca`: so are capitals behind a word such as `Mount`.
//!    Headlines have too many capitals for both.
//! 3. `the town of Baiji`, `Babil province`: the name alone, and then wherever else it stands.

use super::candidates::{Candidate, Verdict};
use super::words::{Cue, cues};
use crate::article::{Found, MentionKind, Part};
use crate::extract::Page;
use crate::extract::names::{Kinds, NO_NAME, TITLE};
use crate::text::{Span, Words};
use rustc_hash::FxHashSet;

/// A place that no table has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Feature {
    /// Which text it is in.
    pub(super) part: Part,
    /// Where.
    pub(super) span: Span,
    /// The country of a known name inside it.
    pub(super) country: Option<&'static str>,
    /// The first and last word.
    words: (usize, usize),
}

/// The most words before a word such as `Port` or behind one such as `Mount`.
const MOST_WORDS: usize = 3;

/// Finds them, in order, and drops the candidates that are a part of one.
pub(super) fn find(page: &Page<'_>, found: &Found, candidates: &mut [Candidate<'_>]) -> Vec<Feature> {
    let mut features: Vec<Feature> = Vec::new();
    let mut alone: FxHashSet<&str> = FxHashSet::default();
    for (part, words) in page.parts() {
        let taken = Taken::new(page, part, found);
        let text = View { page, part, words, taken: &taken };
        let mut end = 0;
        for position in 0..words.len() {
            if position < end {
                continue;
            }
            let whole = if part == Part::Title { None } else { text.feature(position, end) };
            let (first, last, whole) = match whole {
                Some((first, last)) => (first, last, true),
                None => match text.named(position) {
                    Some((first, last)) => (first, last, false),
                    None => continue,
                },
            };
            if let Some(feature) = accept(&text, first, last, whole, candidates) {
                if !whole {
                    alone.insert(feature.span.of(words.text));
                }
                features.push(feature);
                end = last + 1;
            }
        }
    }
    if !alone.is_empty() {
        repeat(page, found, candidates, &alone, &mut features);
    }
    features
}

/// The feature from `first` to `last`, unless a candidate is as good; `whole` takes the candidates inside.
fn accept(
    text: &View<'_, '_>,
    first: usize,
    last: usize,
    whole: bool,
    candidates: &mut [Candidate<'_>],
) -> Option<Feature> {
    let mut first = first;
    let from = candidates.partition_point(|other| (other.part, other.last) < (text.part, first));
    let inside = |other: &&mut Candidate<'_>| other.part == text.part && other.first <= last;
    // `Chinese` in `Chinese Yunnan Province`.
    if whole
        && let Some(other) = candidates.get(from).filter(|other| other.part == text.part && other.first == first)
        && other.is_demonym()
    {
        first = other.last + 1;
        if first >= last {
            return None;
        }
    }
    let mut country = None;
    for other in candidates.iter_mut().skip(from).filter(|other| other.last >= first).take_while(inside) {
        let covers = other.first <= first && last <= other.last;
        if covers || other.first < first || other.last > last || other.dateline || !whole && other.stays() {
            return None;
        }
    }
    for other in candidates.iter_mut().skip(from).filter(|other| other.last >= first).take_while(inside) {
        if other.verdict != Verdict::Dropped {
            country = country.or(other.sense().and_then(|sense| sense.place.country));
        }
        other.verdict = Verdict::Dropped;
    }
    let span = text.words.span(first, last);
    let bare = span.of(text.words.text);
    let ending = crate::extract::names::possessive(bare);
    let span = Span::new(span.start, span.end - ending);
    Some(Feature { part: text.part, span, country, words: (first, last) })
}

/// Marks every other mention of the names in `alone`.
fn repeat(
    page: &Page<'_>,
    found: &Found,
    candidates: &[Candidate<'_>],
    alone: &FxHashSet<&str>,
    features: &mut Vec<Feature>,
) {
    let mut more = Vec::new();
    for (part, words) in page.parts() {
        let taken = Taken::new(page, part, found);
        let text = View { page, part, words, taken: &taken };
        for position in 0..words.len() {
            if !text.capital(position) || taken.at(words.span(position, position)) {
                continue;
            }
            let known = |last: usize| {
                let span = words.span(position, last);
                let bare = span.of(words.text);
                let ending = crate::extract::names::possessive(bare);
                let span = Span::new(span.start, span.end - ending);
                alone.contains(span.of(words.text)).then_some((span, last))
            };
            let Some((span, last)) = known(position + 1).or_else(|| known(position)) else { continue };
            let beside = |at: usize, gap: usize| text.capital(at) && words.gap(gap) == " " && !text.begins(at);
            if beside(last + 1, last) || position > 0 && beside(position - 1, position - 1) {
                continue;
            }
            let other = |other: &Candidate<'_>| {
                other.part == part && other.first <= last && position <= other.last && other.stays()
            };
            let known = features.iter().any(|f| f.part == part && f.words.0 <= last && position <= f.words.1);
            if !known && !candidates.iter().any(other) {
                more.push(Feature { part, span, country: None, words: (position, last) });
            }
        }
    }
    features.append(&mut more);
    features.sort_by_key(|feature| (feature.part, feature.span));
}

/// Where persons and organisations stand.
struct Taken {
    spans: Vec<Span>,
}

impl Taken {
    fn new(page: &Page<'_>, part: Part, found: &Found) -> Taken {
        let named = |kind| matches!(kind, MentionKind::Person | MentionKind::Organisation);
        let mentions = found.mentions.iter().filter(|mention| mention.part == part && named(mention.kind));
        let mut spans: Vec<Span> = mentions.map(|mention| mention.span).collect();
        if part == Part::Body {
            spans.extend(&page.article.furniture);
        }
        spans.sort_unstable();
        Taken { spans }
    }

    fn at(&self, span: Span) -> bool {
        let at = self.spans.partition_point(|other| other.end <= span.start);
        // Furniture may lie around names: look a little further.
        self.spans.iter().skip(at).take(2).any(|other| other.overlaps(span))
    }
}

struct View<'p, 'a> {
    page: &'p Page<'a>,
    part: Part,
    words: &'p Words<'a>,
    taken: &'p Taken,
}

impl View<'_, '_> {
    fn kinds(&self, position: usize) -> Kinds {
        self.page.forms(self.part).get(position).map_or(0, |form| form.kinds)
    }

    fn capital(&self, position: usize) -> bool {
        self.words.word(position).starts_with(char::is_uppercase)
    }

    fn begins(&self, position: usize) -> bool {
        u32::try_from(position).is_ok_and(|at| self.words.bounds.sentences.binary_search(&at).is_ok())
    }

    /// Whether the word can be a part of a name of its own.
    fn name(&self, position: usize) -> bool {
        let word = self.words.word(position);
        self.capital(position)
            && self.kinds(position) & NO_NAME == 0
            && word.chars().any(char::is_lowercase)
            && !cues(word, false).is(Cue::Common)
            && !self.taken.at(self.words.span(position, position))
    }

    fn joined(&self, position: usize) -> bool {
        position > 0 && matches!(self.words.gap(position - 1), " " | "-") && !self.begins(position)
    }

    /// `Haifa Port` or `Mount Elgon` around the word at `position`, which begins at `least` or later.
    fn feature(&self, position: usize, least: usize) -> Option<(usize, usize)> {
        if !self.capital(position) {
            return None;
        }
        let cue = cues(self.words.word(position), false);
        if cue.is(Cue::Feature)
            && self.joined(position)
            && self.words.gap(position - 1) == " "
            && !self.taken.at(self.words.span(position, position))
        {
            let mut first = position;
            while first > least
                && position - first < MOST_WORDS
                && (self.name(first - 1) || self.direction(first - 1, position))
                && self.joined(first)
                && crate::extract::names::possessive(self.words.word(first - 1)) == 0
            {
                first -= 1;
            }
            // A name that goes on is something else: `Lake Park Bank`.
            let goes_on = self.joined(position + 1) && self.capital(position + 1) && self.words.gap(position) == " ";
            // `Three Mile Island`
            let goes_back = first > least && self.joined(first) && self.capital(first - 1) && !self.begins(first - 1);
            if first < position
                && !goes_on
                && !goes_back
                && (first..position).any(|at| self.name(at))
                && !(self.begins(first) && first + 1 == position && self.kinds(first) & TITLE != 0)
            {
                return Some((first, position));
            }
        }
        if cue.is(Cue::Lead) && !self.taken.at(self.words.span(position, position)) {
            let of = self.words.word(position + 1) == "of" && self.words.gap(position) == " ";
            let begins = position + 1 + usize::from(of);
            // `Gulf War`, `Sea World`: those with `of` want it.
            if cue.is(Cue::LeadOf) && !of {
                return None;
            }
            if of && !cue.is(Cue::LeadOf) || !self.joined(begins) || !self.name(begins) {
                return None;
            }
            let mut last = begins;
            while last + 1 < begins + MOST_WORDS && self.joined(last + 1) && self.name(last + 1) {
                last += 1;
            }
            return Some((position, last));
        }
        None
    }

    /// `South` in `South Kordofan Province`.
    fn direction(&self, position: usize, head: usize) -> bool {
        self.capital(position)
            && position + 1 < head
            && !self.begins(position)
            && matches!(
                self.words.word(position),
                "North"
                    | "South"
                    | "East"
                    | "West"
                    | "Northern"
                    | "Southern"
                    | "Eastern"
                    | "Western"
                    | "Upper"
                    | "Lower"
                    | "Central"
                    | "New"
                    | "Great"
            )
    }

    /// A name at `position` beside a word such as `province`: `the town of Baiji`, `Babil province`.
    fn named(&self, position: usize) -> Option<(usize, usize)> {
        if !self.name(position) || self.joined(position) && self.capital(position - 1) {
            return None;
        }
        let mut last = position;
        while last < position + 1 && self.joined(last + 1) && self.capital(last + 1) {
            if !self.name(last + 1) {
                return None;
            }
            last += 1;
        }
        if self.joined(last + 1) && self.capital(last + 1) {
            return None;
        }
        let unit = |at: usize| cues(self.words.word(at), true).is(Cue::Unit);
        let behind = self.words.gap(last) == " " && unit(last + 1) && !self.begins(position);
        let before = position > 1
            && self.words.word(position - 1) == "of"
            && self.words.gap(position - 1) == " "
            && unit(position - 2);
        (behind || before).then_some((position, last))
    }
}
