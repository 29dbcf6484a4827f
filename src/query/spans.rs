//! Places in a text: what proximity, frequency, slots and loose phrases are about, and how they are found.
//!
//! A [`Spans`] is the part of a question that asks *where* words stand to each other. Its meaning is a set of
//! [`Extent`]s of one text, headline or body, by the definitions below; nothing reaches from one into the other.
//!
//! - A word: each place where it stands in any of its forms. A slot or a name: each place where one is mentioned.
//! - Any of several: the extents of all.
//! - A phrase: one extent of each part, each beginning right behind the one before it; from the first word to the last.
//! - A part with any words before it: the extents of the part, from so many words before it on.
//! - A loose phrase: one extent of each part, on different words, where the least and the greatest of `first word less
//!   place in the phrase` are at most `slop` apart (Lucene's definition: two words that change places cost 2).
//! - A link: an extent of the left and one of the right side that share no word and stand as the link says; from the
//!   first word of the two to the last. A negated link: the extents of the left side with no such partner.
//!
//! The index finds them from postings and the matcher from the text of one article; both with [`extents`], so that they
//! cannot disagree. [`marks`] says which extents of the parts made them up, for highlights.

mod pairs;

use super::tree::{Scope, Tree, Word};
use crate::text::Span;
use pairs::{each_pair, has_pair};
use std::borrow::Cow;
use std::fmt;

/// The first and the last word of a match, as positions in its text.
pub type Extent = (u32, u32);

/// What is looked for, with the places that it must stand in.
#[derive(Clone, Debug, PartialEq)]
pub enum Spans {
    /// A word in any of its forms.
    Word(Word),
    /// Whatever is mentioned of a kind.
    Slot(Slot),
    /// A name, a country or a day, where it is mentioned: a leaf of the tree.
    Mention(Box<Tree>),
    /// Any of these.
    Any(Vec<Spans>),
    /// One after the other; with `slop`, loosely.
    Phrase {
        /// What follows each other, at least two.
        parts: Vec<Spans>,
        /// How far the words may be moved in all.
        slop: u32,
    },
    /// A part of a phrase with words before it that may be any: `* pact`.
    After {
        /// How many.
        skipped: u32,
        /// What stands behind them.
        part: Box<Spans>,
    },
    /// Two that stand as a link says.
    Linked {
        /// The side written first.
        left: Box<Spans>,
        /// How they stand.
        link: Link,
        /// The side written second.
        right: Box<Spans>,
    },
}

/// Whatever is mentioned of a kind: `@person`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Of what kind.
    pub kind: SlotKind,
    /// Which texts it may stand in.
    pub scope: Scope,
    /// Where it stands in the query, in bytes.
    pub span: Span,
}

/// What a slot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlotKind {
    /// A person.
    Person,
    /// An organisation.
    Org,
    /// A place of any sort.
    Place,
    /// A place whose country is known, a country among them; or a word such as `Russian`.
    Country,
    /// A date or time on the calendar, but not that of the dateline.
    Date,
    /// A word that begins with a figure.
    Number,
}

impl SlotKind {
    /// All of them.
    pub const ALL: [SlotKind; 6] =
        [SlotKind::Person, SlotKind::Org, SlotKind::Place, SlotKind::Country, SlotKind::Date, SlotKind::Number];

    /// As written behind the `@`.
    pub fn name(self) -> &'static str {
        match self {
            SlotKind::Person => "person",
            SlotKind::Org => "org",
            SlotKind::Place => "place",
            SlotKind::Country => "country",
            SlotKind::Date => "date",
            SlotKind::Number => "number",
        }
    }
}

/// How the two sides of a link stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Link {
    /// Whether the left side must stand first.
    pub ordered: bool,
    /// How far apart they may be.
    pub reach: Reach,
    /// Whether it is asked that there is no such partner.
    pub negated: bool,
}

/// How far apart two may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// So many words at most from the end of one to the beginning of the other; neighbours are 1 apart.
    Words(u32),
    /// In one sentence.
    Sentence,
    /// In one paragraph.
    Paragraph,
}

/// A leaf of [`Spans`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Leaf<'a> {
    /// A word.
    Word(&'a Word),
    /// A slot.
    Slot(&'a Slot),
    /// A name, a country or a day.
    Mention(&'a Tree),
}

impl Spans {
    /// The leaves, from left to right; [`Text::leaves`] has the extents of each in this order.
    pub fn leaves(&self) -> Vec<Leaf<'_>> {
        let mut leaves = Vec::new();
        self.each_leaf(&mut |leaf| leaves.push(leaf));
        leaves
    }

    fn each_leaf<'a>(&'a self, take: &mut dyn FnMut(Leaf<'a>)) {
        match self {
            Spans::Word(word) => take(Leaf::Word(word)),
            Spans::Slot(slot) => take(Leaf::Slot(slot)),
            Spans::Mention(leaf) => take(Leaf::Mention(leaf)),
            Spans::Any(parts) | Spans::Phrase { parts, .. } => parts.iter().for_each(|part| part.each_leaf(take)),
            Spans::After { part, .. } => part.each_leaf(take),
            Spans::Linked { left, right, .. } => {
                left.each_leaf(take);
                right.each_leaf(take);
            }
        }
    }

    /// Calls `change` on every word.
    pub fn each_word(&mut self, change: &mut dyn FnMut(&mut Word)) {
        match self {
            Spans::Word(word) => change(word),
            Spans::Slot(_) | Spans::Mention(_) => {}
            Spans::Any(parts) | Spans::Phrase { parts, .. } => parts.iter_mut().for_each(|part| part.each_word(change)),
            Spans::After { part, .. } => part.each_word(change),
            Spans::Linked { left, right, .. } => {
                left.each_word(change);
                right.each_word(change);
            }
        }
    }

    /// Calls `change` on every leaf of the tree that stands for mentions.
    pub fn each_mention(&mut self, change: &mut dyn FnMut(&mut Tree)) {
        match self {
            Spans::Mention(leaf) => change(leaf),
            Spans::Word(_) | Spans::Slot(_) => {}
            Spans::Any(parts) | Spans::Phrase { parts, .. } => {
                parts.iter_mut().for_each(|part| part.each_mention(change));
            }
            Spans::After { part, .. } => part.each_mention(change),
            Spans::Linked { left, right, .. } => {
                left.each_mention(change);
                right.each_mention(change);
            }
        }
    }

    /// Calls `take` with every link.
    pub fn each_link(&self, take: &mut dyn FnMut(Link)) {
        match self {
            Spans::Word(_) | Spans::Slot(_) | Spans::Mention(_) => {}
            Spans::Any(parts) | Spans::Phrase { parts, .. } => parts.iter().for_each(|part| part.each_link(take)),
            Spans::After { part, .. } => part.each_link(take),
            Spans::Linked { left, link, right } => {
                take(*link);
                left.each_link(take);
                right.each_link(take);
            }
        }
    }

    /// How deep it is nested; a leaf is 0.
    pub fn depth(&self) -> usize {
        match self {
            Spans::Word(_) | Spans::Slot(_) | Spans::Mention(_) => 0,
            Spans::After { part, .. } => 1 + part.depth(),
            Spans::Any(parts) | Spans::Phrase { parts, .. } => 1 + parts.iter().map(Spans::depth).max().unwrap_or(0),
            Spans::Linked { left, right, .. } => 1 + left.depth().max(right.depth()),
        }
    }

    /// How many leaves.
    fn count(&self) -> usize {
        match self {
            Spans::Word(_) | Spans::Slot(_) | Spans::Mention(_) => 1,
            Spans::Any(parts) | Spans::Phrase { parts, .. } => parts.iter().map(Spans::count).sum(),
            Spans::After { part, .. } => part.count(),
            Spans::Linked { left, right, .. } => left.count() + right.count(),
        }
    }
}

/// One text as the search for extents needs it.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// For each leaf its extents, ascending, each once.
    pub leaves: &'a [Vec<Extent>],
    /// The positions at which sentences begin, ascending.
    pub sentences: &'a [u32],
    /// The positions at which paragraphs begin, ascending.
    pub paragraphs: &'a [u32],
}

impl<'a> Text<'a> {
    /// The text as the part from this leaf on sees it.
    fn from(self, leaf: usize) -> Text<'a> {
        Text { leaves: self.leaves.get(leaf..).unwrap_or(&[]), ..self }
    }
}

/// Every extent, ascending, each once. At most [`pairs::MOST_PAIRS`] of each link are looked at.
pub fn extents(spans: &Spans, text: Text<'_>) -> Vec<Extent> {
    match spans {
        Spans::Word(_) | Spans::Slot(_) | Spans::Mention(_) => text.leaves.first().cloned().unwrap_or_default(),
        Spans::Any(parts) => {
            let mut all = Vec::new();
            let mut leaf = 0;
            for part in parts {
                all.extend(extents(part, text.from(leaf)));
                leaf += part.count();
            }
            ascending(all)
        }
        Spans::After { skipped, part } => {
            let found = extents(part, text).into_iter();
            ascending(found.filter_map(|(first, last)| Some((first.checked_sub(*skipped)?, last))).collect())
        }
        Spans::Phrase { parts, slop: 0 } => {
            let mut leaf = 0;
            let mut whole: Option<Vec<Extent>> = None;
            for part in parts {
                let next = extents(part, text.from(leaf));
                leaf += part.count();
                whole = Some(match whole {
                    None => next,
                    Some(before) => followed(&before, &next),
                });
            }
            whole.unwrap_or_default()
        }
        Spans::Phrase { parts, slop } => {
            let mut all = Vec::new();
            each_window(&of_parts(parts, text), *slop, &mut |window| {
                if let Some(chosen) = window.assigned(None) {
                    let first = chosen.iter().map(|extent| extent.0).min().unwrap_or(0);
                    let last = chosen.iter().map(|extent| extent.1).max().unwrap_or(0);
                    all.push((first, last));
                }
            });
            ascending(all)
        }
        Spans::Linked { left, link, right } => {
            let lefts = extents(left, text);
            if lefts.is_empty() {
                return lefts;
            }
            let rights = extents(right, text.from(left.count()));
            let mut all = Vec::new();
            if link.negated {
                let mut alone = vec![true; lefts.len()];
                each_pair(&lefts, &rights, *link, text, &mut |left, _| {
                    if let Some(alone) = alone.get_mut(left) {
                        *alone = false;
                    }
                });
                return lefts.into_iter().zip(alone).filter(|(_, alone)| *alone).map(|(extent, _)| extent).collect();
            }
            each_pair(&lefts, &rights, *link, text, &mut |left, right| {
                if let (Some(left), Some(right)) = (lefts.get(left), rights.get(right)) {
                    all.push((left.0.min(right.0), left.1.max(right.1)));
                }
            });
            ascending(all)
        }
    }
}

/// Whether there is any extent: as [`extents`] has it, but without making them all where two words are linked.
pub fn any(spans: &Spans, text: Text<'_>) -> bool {
    if let Spans::Linked { left, link, right } = spans
        && let (false, Reach::Words(distance)) = (link.negated, link.reach)
        && let (Some(lefts), Some(rights)) = (flat(left, text), flat(right, text.from(left.count())))
    {
        return has_pair(&lefts, &rights, link.ordered, distance);
    }
    !extents(spans, text).is_empty()
}

/// The extents of a leaf, or of any of several leaves; nothing for what is made of others.
fn flat<'t>(spans: &Spans, text: Text<'t>) -> Option<Cow<'t, [Extent]>> {
    match spans {
        Spans::Word(_) | Spans::Slot(_) | Spans::Mention(_) => {
            Some(Cow::Borrowed(text.leaves.first().map_or(&[], Vec::as_slice)))
        }
        Spans::Any(parts) if parts.iter().all(|part| part.depth() == 0) => {
            let mut met = text.leaves.get(..parts.len()).unwrap_or(&[]).iter().filter(|leaf| !leaf.is_empty());
            match (met.next(), met.next()) {
                (None, _) => Some(Cow::Borrowed(&[])),
                (Some(only), None) => Some(Cow::Borrowed(only)),
                _ => Some(Cow::Owned(extents(spans, text))),
            }
        }
        _ => None,
    }
}

/// The extents to highlight: of a link its sides, of a loose phrase its words, of a phrase the whole; each with the leaf
/// it is of, where it is of one. Only what takes part in one of the extents of `spans` is marked.
pub fn marks(spans: &Spans, text: Text<'_>) -> Vec<(Extent, Option<usize>)> {
    let mut out = Vec::new();
    let wanted = extents(spans, text);
    mark(spans, text, 0, &wanted, &mut out);
    out.sort_unstable();
    out.dedup();
    out
}

/// Marks what makes up the `wanted` extents, which are ascending. `leaf` is the number of the first leaf.
fn mark(spans: &Spans, text: Text<'_>, leaf: usize, wanted: &[Extent], out: &mut Vec<(Extent, Option<usize>)>) {
    if wanted.is_empty() {
        return;
    }
    match spans {
        Spans::Word(_) | Spans::Slot(_) | Spans::Mention(_) => {
            out.extend(wanted.iter().map(|extent| (*extent, Some(leaf))));
        }
        Spans::Any(parts) => {
            let mut before = 0;
            for part in parts {
                let text = text.from(before);
                let mut these = extents(part, text);
                these.retain(|extent| wanted.binary_search(extent).is_ok());
                mark(part, text, leaf + before, &these, out);
                before += part.count();
            }
        }
        Spans::After { .. } => out.extend(wanted.iter().map(|extent| (*extent, None))),
        Spans::Phrase { parts, slop: 0 } => {
            out.extend(wanted.iter().map(|extent| (*extent, None)));
            // What a slot of the phrase holds is marked too, for it is asked by name.
            let mut before = 0;
            let mut begins: Vec<u32> = wanted.iter().map(|extent| extent.0).collect();
            for part in parts {
                let mut these = extents(part, text.from(before));
                these.retain(|extent| begins.binary_search(&extent.0).is_ok());
                begins = these.iter().map(|extent| extent.1 + 1).collect();
                begins.sort_unstable();
                if matches!(part, Spans::Slot(_)) {
                    out.extend(these.into_iter().map(|extent| (extent, Some(leaf + before))));
                }
                before += part.count();
            }
        }
        Spans::Phrase { parts, slop } => {
            each_window(&of_parts(parts, text), *slop, &mut |window| {
                if window.assigned(None).is_some() {
                    out.extend(window.taking_part().into_iter().map(|extent| (extent, None)));
                }
            });
        }
        Spans::Linked { left, link, .. } if link.negated => mark(left, text, leaf, wanted, out),
        Spans::Linked { left, link, right } => {
            let middle = left.count();
            let (lefts, rights) = (extents(left, text), extents(right, text.from(middle)));
            let (mut on_left, mut on_right) = (Vec::new(), Vec::new());
            each_pair(&lefts, &rights, *link, text, &mut |left, right| {
                if let (Some(left), Some(right)) = (lefts.get(left), rights.get(right))
                    && wanted.binary_search(&(left.0.min(right.0), left.1.max(right.1))).is_ok()
                {
                    on_left.push(*left);
                    on_right.push(*right);
                }
            });
            mark(left, text, leaf, &ascending(on_left), out);
            mark(right, text.from(middle), leaf + middle, &ascending(on_right), out);
        }
    }
}

fn ascending(mut extents: Vec<Extent>) -> Vec<Extent> {
    extents.sort_unstable();
    extents.dedup();
    extents
}

fn of_parts(parts: &[Spans], text: Text<'_>) -> Vec<Vec<Extent>> {
    let mut leaf = 0;
    let each = |part: &Spans| {
        let found = extents(part, text.from(leaf));
        leaf += part.count();
        found
    };
    parts.iter().map(each).collect()
}

/// Each extent of `before` with each of `next` that begins right behind it.
fn followed(before: &[Extent], next: &[Extent]) -> Vec<Extent> {
    let mut out = Vec::new();
    for (first, last) in before {
        let begin = last.saturating_add(1);
        let from = next.partition_point(|extent| extent.0 < begin);
        out.extend(next.iter().skip(from).take_while(|extent| extent.0 == begin).map(|extent| (*first, extent.1)));
    }
    ascending(out)
}

/// The words of a loose phrase that lie close enough to each other to be one.
struct Window<'a> {
    /// For each part the extents in the window, by distance.
    parts: Vec<&'a [(i64, Extent)]>,
    /// Whether two parts may stand on one word.
    shared: bool,
}

impl Window<'_> {
    /// One extent for each part, on different words; with `forced`, of a part's number and an extent for it.
    fn assigned(&self, forced: Option<(usize, Extent)>) -> Option<Vec<Extent>> {
        if !self.shared && forced.is_none() {
            return self.parts.iter().map(|part| part.first().map(|(_, extent)| *extent)).collect();
        }
        // Kuhn's way to match parts and words: a part takes a word, and whoever has it looks for another.
        let mut taken: Vec<(Extent, usize)> = Vec::new();
        for part in 0..self.parts.len() {
            let mut tried = Vec::new();
            if !self.settle(part, forced, &mut taken, &mut tried) {
                return None;
            }
        }
        taken.sort_unstable_by_key(|(_, part)| *part);
        Some(taken.into_iter().map(|(extent, _)| extent).collect())
    }

    fn settle(
        &self,
        part: usize,
        forced: Option<(usize, Extent)>,
        taken: &mut Vec<(Extent, usize)>,
        tried: &mut Vec<u32>,
    ) -> bool {
        for (_, extent) in self.parts.get(part).copied().unwrap_or(&[]) {
            if forced.is_some_and(|(number, wanted)| number == part && wanted != *extent) || tried.contains(&extent.0) {
                continue;
            }
            tried.push(extent.0);
            let holder = taken.iter().position(|(other, _)| other.0 <= extent.1 && extent.0 <= other.1);
            match holder {
                None => {
                    taken.push((*extent, part));
                    return true;
                }
                Some(at) => {
                    let (_, other) = taken.swap_remove(at);
                    if self.settle(other, forced, taken, tried) {
                        // The word is free now, unless the other one found its way back to it.
                        if !taken.iter().any(|(known, _)| known.0 <= extent.1 && extent.0 <= known.1) {
                            taken.push((*extent, part));
                            return true;
                        }
                    } else {
                        taken.push((*extent, other));
                    }
                }
            }
        }
        false
    }

    /// The extents that some assignment uses.
    fn taking_part(&self) -> Vec<Extent> {
        let mut all = Vec::new();
        for (number, part) in self.parts.iter().enumerate() {
            for (_, extent) in *part {
                if !self.shared || self.assigned(Some((number, *extent))).is_some() {
                    all.push(*extent);
                }
            }
        }
        all
    }
}

/// Calls `take` for every stretch of words in which each part of a loose phrase may stand.
fn each_window(parts: &[Vec<Extent>], slop: u32, take: &mut dyn FnMut(&Window<'_>)) {
    if parts.iter().any(Vec::is_empty) {
        return;
    }
    // Where a part would have to stand if it were the first of the phrase.
    let moved: Vec<Vec<(i64, Extent)>> = parts
        .iter()
        .enumerate()
        .map(|(number, part)| part.iter().map(|extent| (i64::from(extent.0) - number as i64, *extent)).collect())
        .collect();
    let mut places: Vec<i64> = moved.iter().flatten().map(|(place, _)| *place).collect();
    places.sort_unstable();
    places.dedup();
    let words: usize = parts.iter().map(Vec::len).sum();
    let mut distinct: Vec<u32> = parts.iter().flatten().map(|extent| extent.0).collect();
    distinct.sort_unstable();
    distinct.dedup();
    let shared = distinct.len() < words;
    let mut from = vec![0; moved.len()];
    for place in places {
        let end = place + i64::from(slop);
        let mut window = Vec::with_capacity(moved.len());
        for (part, from) in moved.iter().zip(&mut from) {
            while part.get(*from).is_some_and(|(known, _)| *known < place) {
                *from += 1;
            }
            let rest = part.get(*from..).unwrap_or(&[]);
            // Extents of one part begin in ascending order.
            let inside = rest.partition_point(|(known, _)| *known <= end);
            window.push(rest.get(..inside).unwrap_or(&[]));
        }
        if window.iter().all(|part| !part.is_empty()) {
            take(&Window { parts: window, shared });
        }
    }
}

impl fmt::Display for Link {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not = if self.negated { "NOT " } else { "" };
        match (self.reach, self.ordered) {
            (Reach::Words(distance), false) => write!(out, "{not}NEAR/{distance}"),
            (Reach::Words(distance), true) => write!(out, "{not}PRE/{distance}"),
            (Reach::Sentence, false) => write!(out, "{not}W/S"),
            (Reach::Sentence, true) => write!(out, "{not}PRE/S"),
            (Reach::Paragraph, false) => write!(out, "{not}W/P"),
            (Reach::Paragraph, true) => write!(out, "{not}PRE/P"),
        }
    }
}

impl fmt::Display for Spans {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Spans::Word(word) => write!(out, "{}", Tree::Word(word.clone())),
            Spans::Slot(slot) => write!(out, "{}@{}", slot.scope.prefix(), slot.kind.name()),
            Spans::Mention(leaf) => write!(out, "{leaf}"),
            Spans::After { .. } => in_phrase(self, out),
            Spans::Any(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    write!(out, "{}{part}", if at > 0 { " OR " } else { "" })?;
                }
                Ok(())
            }
            Spans::Phrase { parts, slop } => {
                let scope = parts.iter().flat_map(Spans::leaves).find_map(|leaf| match leaf {
                    Leaf::Word(word) => Some(word.scope),
                    Leaf::Slot(slot) => Some(slot.scope),
                    Leaf::Mention(_) => None,
                });
                let exact =
                    parts.iter().flat_map(Spans::leaves).any(|leaf| matches!(leaf, Leaf::Word(word) if word.exact));
                write!(out, "{}{}\"", scope.unwrap_or_default().prefix(), if exact { "=" } else { "" })?;
                let mut before: Option<&Word> = None;
                for (at, part) in parts.iter().enumerate() {
                    let word = match part {
                        Spans::Word(word) => Some(word),
                        _ => None,
                    };
                    if at > 0 {
                        out.write_str(before.zip(word).map_or(" ", |(before, word)| before.between(word)))?;
                    }
                    in_phrase(part, out)?;
                    before = word;
                }
                out.write_str("\"")?;
                if *slop > 0 { write!(out, "~{slop}") } else { Ok(()) }
            }
            Spans::Linked { left, link, right } => {
                side(left, out)?;
                write!(out, " {link} ")?;
                side(right, out)
            }
        }
    }
}

/// A side of a link, in parentheses where it needs them.
fn side(spans: &Spans, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    match spans {
        Spans::Any(_) | Spans::Linked { .. } => write!(out, "({spans})"),
        _ => write!(out, "{spans}"),
    }
}

/// A part of a phrase, between its quotation marks.
fn in_phrase(spans: &Spans, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    match spans {
        Spans::Word(word) => write!(out, "{}", word.shown()),
        Spans::Slot(slot) => write!(out, "@{}", slot.kind.name()),
        Spans::After { skipped, part } => {
            (0..*skipped).try_for_each(|_| out.write_str("* "))?;
            in_phrase(part, out)
        }
        Spans::Any(parts) => {
            out.write_str("(")?;
            for (at, part) in parts.iter().enumerate() {
                out.write_str(if at > 0 { "|" } else { "" })?;
                in_phrase(part, out)?;
            }
            out.write_str(")")
        }
        Spans::Phrase { parts, .. } => {
            for (at, part) in parts.iter().enumerate() {
                out.write_str(if at > 0 { " " } else { "" })?;
                in_phrase(part, out)?;
            }
            Ok(())
        }
        other => write!(out, "{other}"),
    }
}
