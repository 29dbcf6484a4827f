//! Finds what matched in one article: the spans behind highlights, passages and offsets, and a second opinion on
//! whether the article matches at all.
//!
//! It works on words by position, exactly as the index does, and it is the only place that does. A [`View`] is the
//! article prepared once; each look at it is linear in what it finds.

mod concordance;

pub use concordance::{asked, lines};

use super::patterns::Pattern;
use super::spans::{self, Extent, Leaf, Slot, SlotKind, Spans};
use super::tree::{Dated, Days, Gap, Name, Near, Phrase, Place, Scope, Spelling, Tree, Value, Word};
use super::values;
use crate::article::{Article, Confidence, Found as Contents, Mention, MentionKind, Part, Timex, TimexKind};
use crate::names;
use crate::places;
use crate::text::positions::keep_followed;
use crate::text::{Span, Words, fold, tokens};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// A stretch of title or body that a leaf of the tree matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Found {
    /// Which text it is in.
    pub part: Part,
    /// Where, in bytes of that text.
    pub span: Span,
    /// Which leaf, as an index into [`Tree::positive`].
    pub leaf: usize,
}

/// Writes over `out` the positions where a phrase begins. Each slot has the ascending positions of a word's forms.
///
/// It starts from the rarest slot and gallops through the others, so it costs about the rarest word's positions.
pub fn phrase_starts(slots: &[&[u32]], out: &mut Vec<u32>) {
    out.clear();
    let Some((rarest, first)) = slots.iter().enumerate().min_by_key(|(_, slot)| slot.len()) else {
        return;
    };
    let offset = |slot: usize| u32::try_from(slot).unwrap_or(u32::MAX);
    out.extend(first.iter().filter_map(|position| position.checked_sub(offset(rarest))));
    for (at, slot) in slots.iter().enumerate().filter(|(at, _)| *at != rarest) {
        keep_followed(out, slot, offset(at));
    }
}

/// Where each word of a text stands, by its look-up form.
#[derive(Clone, Debug, Default)]
pub struct TextIndex {
    forms: FxHashMap<Box<str>, usize>,
    /// For each form, where its positions begin in `positions`; one more at the end.
    starts: Vec<usize>,
    positions: Vec<u32>,
}

impl TextIndex {
    /// Looks through `words` once.
    pub fn new(words: &Words<'_>) -> TextIndex {
        let mut forms: FxHashMap<Box<str>, usize> = FxHashMap::default();
        let mut ids = Vec::with_capacity(words.len());
        let mut counts: Vec<usize> = Vec::new();
        let mut folded = String::new();
        for span in &words.spans {
            let written = span.of(words.text);
            // The index does not look such words up either.
            let id = if written.len() > tokens::LONGEST {
                None
            } else {
                fold::fold_into(written, &mut folded);
                Some(match forms.get(folded.as_str()) {
                    Some(id) => *id,
                    None => {
                        forms.insert(folded.as_str().into(), counts.len());
                        counts.push(0);
                        counts.len() - 1
                    }
                })
            };
            if let Some(count) = id.and_then(|id| counts.get_mut(id)) {
                *count += 1;
            }
            ids.push(id);
        }
        let mut starts = Vec::with_capacity(counts.len() + 1);
        let mut total = 0;
        for count in &mut counts {
            starts.push(total);
            // From here on: where the next position of the form goes.
            total += std::mem::replace(count, total);
        }
        starts.push(total);
        let mut positions = vec![0; total];
        for (position, id) in ids.into_iter().enumerate() {
            let next = id.and_then(|id| counts.get_mut(id));
            if let (Some(next), Ok(position)) = (next, u32::try_from(position)) {
                if let Some(place) = positions.get_mut(*next) {
                    *place = position;
                }
                *next += 1;
            }
        }
        TextIndex { forms, starts, positions }
    }

    /// The positions of the words with this look-up form, ascending.
    pub fn positions(&self, form: &str) -> &[u32] {
        let range = self.forms.get(form).and_then(|id| Some(*self.starts.get(*id)?..*self.starts.get(id + 1)?));
        range.and_then(|range| self.positions.get(range)).unwrap_or(&[])
    }
}

/// An article, prepared for matching.
pub struct View<'a> {
    article: &'a Article,
    contents: &'a Contents,
    texts: [(Part, &'a Words<'a>, TextIndex); 2],
}

impl<'a> View<'a> {
    /// Prepares `article`, of which `title` and `body` are the words and `contents` the mentions.
    pub fn new(article: &'a Article, title: &'a Words<'a>, body: &'a Words<'a>, contents: &'a Contents) -> View<'a> {
        let text = |part, words: &'a Words<'a>| (part, words, TextIndex::new(words));
        View { article, contents, texts: [text(Part::Title, title), text(Part::Body, body)] }
    }

    /// The words of one part.
    pub fn words(&self, part: Part) -> &Words<'a> {
        match part {
            Part::Title => self.texts[0].1,
            Part::Body => self.texts[1].1,
        }
    }

    fn texts(&self, scope: Scope) -> impl Iterator<Item = &(Part, &'a Words<'a>, TextIndex)> {
        self.texts.iter().filter(move |(part, ..)| match scope {
            Scope::Anywhere => true,
            Scope::Title => *part == Part::Title,
            Scope::Body => *part == Part::Body,
        })
    }
}

/// Everything in title and body that the tree asks for, by place; nothing for what stands under a NOT.
pub fn matches(tree: &Tree, view: &View<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (leaf, node) in tree.positive().into_iter().enumerate() {
        let mut add = |part: Part, span: Span| found.push(Found { part, span, leaf });
        match node {
            Tree::Word(word) => {
                for (part, words, index) in view.texts(word.scope) {
                    for position in positions(word, words, index).iter() {
                        add(*part, words.span(*position as usize, *position as usize));
                    }
                }
            }
            Tree::Phrase(phrase) => {
                for (part, words, index) in view.texts(phrase.scope) {
                    let last = phrase.words.len().saturating_sub(1);
                    for start in starts(phrase, words, index) {
                        add(*part, words.span(start as usize, start as usize + last));
                    }
                }
            }
            Tree::Spans(spans) | Tree::AtLeast(_, spans) => {
                for (part, words, index) in &view.texts {
                    let leaves = leaves(spans, view, *part, words, index);
                    for ((first, last), _) in spans::marks(spans, located(*part, words, &leaves)) {
                        add(*part, words.span(first as usize, last as usize));
                    }
                }
            }
            Tree::Gap(gap) => {
                for mention in view.contents.mentions.iter().filter(|mention| is_apart(gap, view.article, mention)) {
                    add(mention.part, mention.span);
                }
            }
            Tree::Name(_) | Tree::Near(_) | Tree::Value(_) | Tree::Days(_) => {
                for mention in view.contents.mentions.iter().filter(|mention| is_asked(node, view, mention)) {
                    add(mention.part, mention.span);
                }
            }
            _ => {}
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether the article matches the whole tree.
pub fn accepts(tree: &Tree, view: &View<'_>) -> bool {
    match tree {
        Tree::All => true,
        Tree::Word(word) => view.texts(word.scope).any(|(_, words, index)| !positions(word, words, index).is_empty()),
        Tree::Phrase(phrase) => {
            view.texts(phrase.scope).any(|(_, words, index)| !starts(phrase, words, index).is_empty())
        }
        Tree::Spans(spans) => places(spans, view).any(|count| count > 0),
        Tree::AtLeast(times, spans) => places(spans, view).sum::<usize>() >= *times as usize,
        Tree::Name(name) if name.field.name == "author" => {
            view.article.authors.iter().any(|author| same_name(&name.name, author, name.exact))
        }
        Tree::Name(name) if name.field.name == "reported-from" => {
            view.article.reported_from(view.contents).iter().any(|origin| {
                same_name(&name.name, &origin.place, name.exact)
                    || origin.country.as_deref().is_some_and(|code| country_of(name) == Some(code))
            })
        }
        Tree::Name(_) | Tree::Near(_) => view.contents.mentions.iter().any(|mention| mentions(tree, mention)),
        Tree::Value(value) => has_value(value, view),
        Tree::Days(days) if days.field.name == "published" => {
            view.article.published.as_ref().is_some_and(|published| overlap(days, published.first, published.last))
        }
        Tree::Days(_) => view.contents.mentions.iter().any(|mention| is_asked(tree, view, mention)),
        Tree::Gap(gap) => view.contents.mentions.iter().any(|mention| is_apart(gap, view.article, mention)),
        Tree::Dated(Dated::None) => view.article.published.is_none(),
        Tree::Dated(Dated::Guessed) => {
            view.article.published.as_ref().is_some_and(|published| published.confidence == Confidence::Low)
        }
        Tree::And(parts) => parts.iter().all(|part| accepts(part, view)),
        Tree::Or(parts) => parts.iter().any(|part| accepts(part, view)),
        Tree::Not(inner) => !accepts(inner, view),
        Tree::Boost(inner, _) => accepts(inner, view),
    }
}

/// In how many places of headline and body the spans are found.
fn places<'a>(spans: &'a Spans, view: &'a View<'_>) -> impl Iterator<Item = usize> + 'a {
    view.texts.iter().map(|(part, words, index)| {
        let leaves = leaves(spans, view, *part, words, index);
        spans::extents(spans, located(*part, words, &leaves)).len()
    })
}

/// What the slots of a tree hold in one article: the number of the slot, counted through the whole tree, and the name,
/// the code of the country, the TIMEX3 value or the number there.
pub fn held(tree: &Tree, view: &View<'_>) -> Vec<(usize, Slot, String)> {
    let mut held = Vec::new();
    let mut before = 0;
    for node in tree.positive() {
        let (Tree::Spans(spans) | Tree::AtLeast(_, spans)) = node else { continue };
        let slots: Vec<Option<Slot>> = spans.leaves().iter().map(|leaf| slot_of(*leaf)).collect();
        for (part, words, index) in &view.texts {
            let leaves = leaves(spans, view, *part, words, index);
            for (extent, leaf) in spans::marks(spans, located(*part, words, &leaves)) {
                let Some((leaf, slot)) = leaf.and_then(|leaf| Some((leaf, (*slots.get(leaf)?)?))) else { continue };
                let number = before + slots.iter().take(leaf).flatten().count();
                if slot.kind == SlotKind::Number {
                    held.push((number, slot, words.word(extent.0 as usize).to_owned()));
                }
                let here = view.contents.mentions.iter().filter(|mention| {
                    mention.part == *part
                        && extent_of(&words.spans, mention.span) == Some(extent)
                        && fills(slot, view, mention)
                });
                held.extend(here.map(|mention| {
                    let value = match (slot.kind, &mention.country, &mention.timex) {
                        (SlotKind::Country, Some(code), _) => code,
                        (SlotKind::Date, _, Some(timex)) => &timex.value,
                        _ => &mention.name,
                    };
                    (number, slot, value.clone())
                }));
            }
        }
        before += slots.iter().flatten().count();
    }
    held
}

fn slot_of(leaf: Leaf<'_>) -> Option<Slot> {
    match leaf {
        Leaf::Slot(slot) => Some(*slot),
        _ => None,
    }
}

/// The text as the search for extents wants it. A headline is one sentence.
fn located<'t>(part: Part, words: &'t Words<'_>, leaves: &'t [Vec<Extent>]) -> spans::Text<'t> {
    match part {
        Part::Title => spans::Text { leaves, sentences: &[], paragraphs: &[] },
        Part::Body => spans::Text { leaves, sentences: &words.bounds.sentences, paragraphs: &words.bounds.paragraphs },
    }
}

/// The extents of every leaf in one text.
fn leaves(spans: &Spans, view: &View<'_>, part: Part, words: &Words<'_>, index: &TextIndex) -> Vec<Vec<Extent>> {
    let inside = |scope: Scope| match scope {
        Scope::Anywhere => true,
        Scope::Title => part == Part::Title,
        Scope::Body => part == Part::Body,
    };
    let mentioned = |asked: &dyn Fn(&Mention) -> bool| {
        let here = view.contents.mentions.iter().filter(|mention| mention.part == part && asked(mention));
        let mut extents: Vec<Extent> = here.filter_map(|mention| extent_of(&words.spans, mention.span)).collect();
        extents.sort_unstable();
        extents.dedup();
        extents
    };
    let extents = |leaf: Leaf<'_>| match leaf {
        Leaf::Word(word) if inside(word.scope) => {
            positions(word, words, index).iter().map(|position| (*position, *position)).collect()
        }
        Leaf::Slot(slot) if inside(slot.scope) && slot.kind == SlotKind::Number => {
            let numbers = words.spans.iter().enumerate().filter(|(_, span)| tokens::is_number(span.of(words.text)));
            numbers.filter_map(|(position, _)| u32::try_from(position).ok()).map(|at| (at, at)).collect()
        }
        Leaf::Slot(slot) if inside(slot.scope) => mentioned(&|mention| fills(*slot, view, mention)),
        Leaf::Mention(leaf) => mentioned(&|mention| is_asked(leaf, view, mention)),
        _ => Vec::new(),
    };
    spans.leaves().into_iter().map(extents).collect()
}

/// The first and last word of a stretch of text.
pub fn extent_of(words: &[Span], span: Span) -> Option<Extent> {
    let first = words.partition_point(|word| word.end <= span.start);
    let last = words.partition_point(|word| word.start < span.end).checked_sub(1)?;
    (first <= last).then_some((u32::try_from(first).ok()?, u32::try_from(last).ok()?))
}

/// Whether a mention is what a slot holds.
fn fills(slot: Slot, view: &View<'_>, mention: &Mention) -> bool {
    slot_kinds(mention).any(|kind| kind == slot.kind) && !view.article.is_its_date(mention)
}

/// The slots that a mention fills, but that the date of the dateline fills none.
pub fn slot_kinds(mention: &Mention) -> impl Iterator<Item = SlotKind> {
    let on_calendar = |timex: &Timex| matches!(timex.kind, TimexKind::Date | TimexKind::Time);
    let kind = match mention.kind {
        MentionKind::Person => Some(SlotKind::Person),
        MentionKind::Organisation => Some(SlotKind::Org),
        MentionKind::Place => Some(SlotKind::Place),
        MentionKind::Demonym => None,
        MentionKind::Date => mention.timex.as_ref().filter(|timex| on_calendar(timex)).map(|_| SlotKind::Date),
    };
    let country = matches!(mention.kind, MentionKind::Place | MentionKind::Demonym) && mention.country.is_some();
    kind.into_iter().chain(country.then_some(SlotKind::Country))
}

/// The positions of a word in any of its forms, ascending.
fn positions<'t>(word: &Word, words: &Words<'_>, index: &'t TextIndex) -> Cow<'t, [u32]> {
    if word.exact && word.spelling != Spelling::Plain {
        let Some(pattern) = Pattern::of(word, true) else { return Cow::Borrowed(&[]) };
        let mut all: Vec<u32> = word.forms.iter().flat_map(|form| index.positions(form)).copied().collect();
        all.retain(|position| {
            let letters: String = fold::composed(words.word(*position as usize)).collect();
            pattern.fits(&letters)
        });
        all.sort_unstable();
        return Cow::Owned(all);
    }
    if word.exact {
        let Some(form) = word.forms.first() else {
            return Cow::Borrowed(&[]);
        };
        let same = |position: &u32| same_letters(words.word(*position as usize), &word.written);
        return Cow::Owned(index.positions(form).iter().copied().filter(same).collect());
    }
    if let [form] = word.forms.as_slice() {
        return Cow::Borrowed(index.positions(form));
    }
    let mut all: Vec<u32> = word.forms.iter().flat_map(|form| index.positions(form)).copied().collect();
    all.sort_unstable();
    all.dedup();
    Cow::Owned(all)
}

/// Whether two words have the same letters in the same case; all apostrophes are one, and so are the two ways to write
/// a letter with an accent.
fn same_letters(one: &str, other: &str) -> bool {
    let plain = |c: char| if tokens::is_apostrophe(c) { '\'' } else { c };
    one == other || fold::composed(one).map(plain).eq(fold::composed(other).map(plain))
}

/// The positions where a phrase begins.
fn starts(phrase: &Phrase, words: &Words<'_>, index: &TextIndex) -> Vec<u32> {
    let slots: Vec<Cow<'_, [u32]>> = phrase.words.iter().map(|word| positions(word, words, index)).collect();
    let slots: Vec<&[u32]> = slots.iter().map(|slot| &**slot).collect();
    let mut out = Vec::new();
    phrase_starts(&slots, &mut out);
    out
}

/// Whether a mention is one that a leaf asks for, where it stands.
fn is_asked(leaf: &Tree, view: &View<'_>, mention: &Mention) -> bool {
    mentions(leaf, mention) && !view.article.is_its_date(mention)
}

/// Whether a mention is one that a leaf asks for.
fn mentions(leaf: &Tree, mention: &Mention) -> bool {
    match leaf {
        Tree::Name(name) => {
            let kinds: &[MentionKind] = match name.field.name {
                "person" => &[MentionKind::Person],
                "org" => &[MentionKind::Organisation],
                "place" => &[MentionKind::Place],
                _ => &[],
            };
            kinds.contains(&mention.kind) && named(name, mention)
        }
        Tree::Near(near) => mention.kind == MentionKind::Place && is_near(near, mention),
        Tree::Value(value) if matches!(value.field.name, "country" | "about-country") => {
            mention.country.as_deref().is_some_and(|country| value.all().any(|wanted| wanted == country))
        }
        Tree::Days(days) if days.field.name == "mentions-date" => match &mention.timex {
            Some(timex) => match (timex.first, timex.last) {
                (Some(first), Some(last)) => overlap(days, first, last),
                _ => false,
            },
            None => false,
        },
        _ => false,
    }
}

/// Whether a mention's full name is the one asked for. `exact`: the whole name in this spelling, case and accents
/// aside, as the index has it.
fn named(name: &Name, mention: &Mention) -> bool {
    let (country, region) = (mention.country.as_deref(), mention.region.as_deref());
    match &name.forms {
        Some(forms) => {
            forms.contains(&names::key(&mention.name)) || Place::any_of(&name.within, &mention.name, country, region)
        }
        None => {
            same_name(&name.name, &mention.name, name.exact)
                || area_of(name).is_some_and(|area| area.holds(country.unwrap_or(""), region.unwrap_or("")))
        }
    }
}

/// Whether a date that is mentioned lies as far from the publication as is asked for.
fn is_apart(gap: &Gap, article: &Article, mention: &Mention) -> bool {
    let spoken = mention.timex.as_ref().and_then(|timex| timex.first.zip(timex.last));
    let published = article.published.as_ref().map(|published| (published.first, published.last));
    !article.is_its_date(mention)
        && published.zip(spoken).is_some_and(|(published, spoken)| gap.fits(published, spoken))
}

/// Whether a mention is of a place around the one asked for.
fn is_near(near: &Near, mention: &Mention) -> bool {
    let (country, region) = (mention.country.as_deref(), mention.region.as_deref());
    match (&near.around, near.point.zip(mention.point)) {
        (Some(around), _) => Place::any_of(&around.places, &mention.name, country, region),
        (None, Some((centre, point))) => {
            places::kilometres(centre, point) <= near.km
                && !places::is_area(&mention.name, country.unwrap_or(""), region.unwrap_or(""), point)
        }
        (None, None) => false,
    }
}

fn has_value(value: &Value, view: &View<'_>) -> bool {
    let same = |text: &Option<String>| text.as_deref().is_some_and(|text| values::keyword(text) == value.value);
    match value.field.name {
        "country" => {
            let wanted = |code: &str| value.all().any(|wanted| wanted == code);
            let counted = view.contents.countries.iter().any(|country| wanted(&country.code));
            counted || view.contents.mentions.iter().any(|mention| mention.country.as_deref().is_some_and(wanted))
        }
        "about-country" => {
            let wanted = |code: &str| value.all().any(|wanted| wanted == code);
            view.contents.countries.iter().any(|country| country.about && wanted(&country.code))
        }
        "agency" => view.article.agencies.iter().any(|agency| values::keyword(agency) == value.value),
        "source" => same(&view.article.source),
        "section" => same(&view.article.section),
        // `en` is `en-GB` too.
        "lang" => view.article.language.as_deref().map(values::keyword).is_some_and(|language| {
            language == value.value || language.split('-').next() == Some(value.value.as_str())
        }),
        _ => false,
    }
}

/// The country that the value of `reported-from` may also be.
pub fn country_of(name: &Name) -> Option<&'static str> {
    (name.field.name == "reported-from" && !name.exact).then(|| places::country_code(&name.name)).flatten()
}

/// The country or part of a country of which the value of `place` may also be the name.
pub fn area_of(name: &Name) -> Option<places::Area> {
    (name.field.name == "place" && !name.exact).then(|| places::Area::named(&name.name))
}

/// Whether an interval shares a day with the one asked for.
fn overlap(days: &Days, first: chrono::NaiveDate, last: chrono::NaiveDate) -> bool {
    days.first.is_none_or(|asked| last >= asked) && days.last.is_none_or(|asked| first <= asked)
}

/// Whether a name that was asked for is this name. `exact`: only this spelling, but for case and accents, as in the
/// index.
fn same_name(asked: &str, name: &str, exact: bool) -> bool {
    if exact { names::key(asked) == names::key(name) } else { names::matches(asked, name) }
}
