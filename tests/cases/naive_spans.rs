//! Where words stand to each other, by definition: every pair of places is looked at.

use super::naive::{Text, Words, Written, words};
use dateline::text;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// The first and last word of a match.
type Extent = (usize, usize);

/// Words with wildcards and their kin, with the words of the table that they stand for.
const PATTERNS: &[(&str, &[&str])] = &[
    ("defen?e", &["defence", "defense", "Defence", "DEFENCE"]),
    ("Treat*", &["treaty", "treaties"]),
    ("*fire", &["fire", "ceasefire", "Ceasefire"]),
    ("=Defen*", &["Defence"]),
    ("treaty~1", &["treaty"]),
    ("treatie~1", &["treaties"]),
    ("/kim/", &["Kim", "kim"]),
    ("/pacts?|nato/", &["pact", "pacts", "PACT", "Nato"]),
    ("zzz*", &[]),
];

/// What an article may mention, and the slots that it fills.
pub(crate) const MENTIONED: &[&[&str]] =
    &[&["person"], &["org"], &["place"], &["place", "country"], &["country"], &["date"], &[]];

const SLOTS: &[&str] = &["person", "org", "place", "country", "date", "number"];

/// How far apart the two sides may be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reach {
    Words(usize),
    Sentence,
    Paragraph,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub(crate) enum Placed {
    Words(Words),
    Pattern(usize),
    Slot(usize),
    Any(Box<Placed>, Box<Placed>),
    /// Left, right, how far, in order, not.
    Linked(Box<Placed>, Box<Placed>, Reach, bool, bool),
}

/// A question about places.
#[derive(Clone, Debug)]
pub(crate) enum Places {
    /// In at least so many places.
    Times(Placed, usize),
    /// A loose phrase.
    Loose(Vec<Words>, usize),
}

impl Placed {
    pub(crate) fn text(&self) -> String {
        match self {
            Placed::Words(words) => words.text(),
            Placed::Pattern(number) => PATTERNS[*number].0.to_owned(),
            Placed::Slot(number) => format!("@{}", SLOTS[*number]),
            Placed::Any(left, right) => format!("({} OR {})", left.text(), right.text()),
            Placed::Linked(left, right, reach, ordered, not) => {
                let operator = match (reach, ordered) {
                    (Reach::Words(distance), true) => format!("PRE/{distance}"),
                    (Reach::Words(distance), false) => format!("NEAR/{distance}"),
                    (Reach::Sentence, true) => "PRE/S".to_owned(),
                    (Reach::Sentence, false) => "W/S".to_owned(),
                    (Reach::Paragraph, true) => "PRE/P".to_owned(),
                    (Reach::Paragraph, false) => "W/P".to_owned(),
                };
                format!("({} {}{operator} {})", left.text(), if *not { "NOT " } else { "" }, right.text())
            }
        }
    }

    fn extents(&self, there: &There<'_>) -> BTreeSet<Extent> {
        match self {
            Placed::Words(words) => {
                let places = words.places(there.article).into_iter().filter(|place| place.0 == there.title);
                places.map(|(_, span)| there.positions(span)).collect()
            }
            Placed::Pattern(number) => {
                let forms = PATTERNS[*number].1;
                let fits = |position: &usize| forms.contains(&there.text.words[*position].0);
                (0..there.text.words.len()).filter(fits).map(|position| (position, position)).collect()
            }
            Placed::Slot(number) => there.filled(SLOTS[*number]),
            Placed::Any(left, right) => left.extents(there).union(&right.extents(there)).copied().collect(),
            Placed::Linked(left, right, reach, ordered, not) => {
                let (left, right) = (left.extents(there), right.extents(there));
                let partner = |one: &Extent| right.iter().find(|other| there.stand(one, other, *reach, *ordered));
                if *not {
                    return left.into_iter().filter(|one| partner(one).is_none()).collect();
                }
                let pairs = left.iter().flat_map(|one| right.iter().map(move |other| (*one, *other)));
                let standing = pairs.filter(|(one, other)| there.stand(one, other, *reach, *ordered));
                standing.map(|(one, other)| (one.0.min(other.0), one.1.max(other.1))).collect()
            }
        }
    }

    /// What is marked of those extents.
    fn marks(&self, there: &There<'_>, wanted: &BTreeSet<Extent>) -> BTreeSet<Extent> {
        match self {
            Placed::Words(_) | Placed::Pattern(_) | Placed::Slot(_) => wanted.clone(),
            Placed::Any(left, right) => {
                let both = [left, right].map(|side| {
                    let these = side.extents(there).intersection(wanted).copied().collect();
                    side.marks(there, &these)
                });
                both[0].union(&both[1]).copied().collect()
            }
            Placed::Linked(left, _, _, _, true) => left.marks(there, wanted),
            Placed::Linked(left, right, reach, ordered, false) => {
                let (lefts, rights) = (left.extents(there), right.extents(there));
                let made = |one: &Extent, other: &Extent| {
                    there.stand(one, other, *reach, *ordered)
                        && wanted.contains(&(one.0.min(other.0), one.1.max(other.1)))
                };
                let on_left = lefts.iter().filter(|one| rights.iter().any(|other| made(one, other))).copied().collect();
                let on_right =
                    rights.iter().filter(|other| lefts.iter().any(|one| made(one, other))).copied().collect();
                left.marks(there, &on_left).union(&right.marks(there, &on_right)).copied().collect()
            }
        }
    }
}

/// One text of an article.
struct There<'a> {
    article: &'a Written,
    title: bool,
    text: &'a Text,
    sentences: Vec<usize>,
    paragraphs: Vec<usize>,
}

impl<'a> There<'a> {
    fn of(article: &'a Written) -> Vec<There<'a>> {
        let texts = article.title.iter().map(|text| (true, text)).chain([(false, &article.body)]);
        texts
            .map(|(title, text)| {
                let bounds = text::Words::new(&text.text).bounds;
                // A headline is one sentence.
                let positions = |list: &[u32]| match title {
                    true => Vec::new(),
                    false => list.iter().map(|position| *position as usize).collect(),
                };
                let (sentences, paragraphs) = (positions(&bounds.sentences), positions(&bounds.paragraphs));
                There { article, title, text, sentences, paragraphs }
            })
            .collect()
    }

    fn positions(&self, span: text::Span) -> Extent {
        let at = |fits: &dyn Fn(text::Span) -> bool| self.text.words.iter().position(|word| fits(word.1));
        let first = at(&|word| word.start == span.start).expect("a place begins with a word");
        let last = at(&|word| word.end == span.end).expect("a place ends with a word");
        (first, last)
    }

    fn span(&self, extent: Extent) -> text::Span {
        text::Span::new(self.text.words[extent.0].1.start, self.text.words[extent.1].1.end)
    }

    fn filled(&self, slot: &str) -> BTreeSet<Extent> {
        if slot == "number" {
            let number = |position: &usize| self.text.words[*position].0.starts_with(|c: char| c.is_ascii_digit());
            return (0..self.text.words.len()).filter(number).map(|position| (position, position)).collect();
        }
        let here = self.article.mentioned.iter().filter(|mention| mention.0 == self.title);
        here.filter(|mention| MENTIONED[mention.3].contains(&slot)).map(|mention| (mention.1, mention.2)).collect()
    }

    fn stand(&self, one: &Extent, other: &Extent, reach: Reach, ordered: bool) -> bool {
        let apart = one.1 < other.0 || (other.1 < one.0 && !ordered);
        let together = |begins: &[usize]| {
            let unit = |position: usize| begins.iter().filter(|begin| **begin <= position).count();
            let units = [one.0, one.1, other.0, other.1].map(unit);
            units.iter().all(|number| *number == units[0])
        };
        apart
            && match reach {
                Reach::Words(distance) => other.0.max(one.0) - other.1.min(one.1) <= distance,
                Reach::Sentence => together(&self.sentences),
                Reach::Paragraph => together(&self.paragraphs),
            }
    }

    /// The words that some way to lay a loose phrase uses.
    fn loose(&self, words: &[Words], slop: usize) -> BTreeSet<usize> {
        let mut used = BTreeSet::new();
        let places: Vec<Vec<usize>> = words
            .iter()
            .map(|word| {
                let places = word.places(self.article).into_iter().filter(|place| place.0 == self.title);
                places.map(|(_, span)| self.positions(span).0).collect()
            })
            .collect();
        let mut chosen = Vec::new();
        lay(&places, slop, &mut chosen, &mut used);
        used
    }
}

/// Tries every choice of a place for each word.
fn lay(places: &[Vec<usize>], slop: usize, chosen: &mut Vec<usize>, used: &mut BTreeSet<usize>) {
    let moved: Vec<i64> = chosen.iter().enumerate().map(|(number, place)| *place as i64 - number as i64).collect();
    if let (Some(least), Some(most)) = (moved.iter().min(), moved.iter().max())
        && most - least > slop as i64
    {
        return;
    }
    if chosen.len() == places.len() {
        used.extend(chosen.iter().copied());
        return;
    }
    for place in &places[chosen.len()] {
        if !chosen.contains(place) {
            chosen.push(*place);
            lay(places, slop, chosen, used);
            chosen.pop();
        }
    }
}

impl Places {
    pub(crate) fn text(&self) -> String {
        match self {
            Places::Times(placed, 1) => placed.text(),
            Places::Times(placed, times) => format!("ATLEAST{times}({})", placed.text()),
            Places::Loose(words, slop) => {
                let words: Vec<String> = words.iter().map(|word| word.text().replace('"', "")).collect();
                format!("\"{}\"~{slop}", words.join(" "))
            }
        }
    }

    pub(crate) fn holds(&self, article: &Written) -> bool {
        let texts = There::of(article);
        match self {
            Places::Times(placed, times) => {
                texts.iter().map(|there| placed.extents(there).len()).sum::<usize>() >= *times
            }
            Places::Loose(words, slop) => texts.iter().any(|there| !there.loose(words, *slop).is_empty()),
        }
    }

    /// What is marked: in the headline or not, and the bytes.
    pub(crate) fn places(&self, article: &Written) -> BTreeSet<(bool, text::Span)> {
        let mut places = BTreeSet::new();
        for there in There::of(article) {
            let marks: BTreeSet<Extent> = match self {
                Places::Times(placed, _) => placed.marks(&there, &placed.extents(&there)),
                Places::Loose(words, slop) => {
                    there.loose(words, *slop).into_iter().map(|place| (place, place)).collect()
                }
            };
            places.extend(marks.into_iter().map(|extent| (there.title, there.span(extent))));
        }
        places
    }
}

/// Anything that has a place.
pub(crate) fn placed() -> impl Strategy<Value = Placed> {
    let leaf = prop_oneof![
        4 => words().prop_map(Placed::Words),
        1 => (0..PATTERNS.len()).prop_map(Placed::Pattern),
        1 => (0..SLOTS.len()).prop_map(Placed::Slot),
    ];
    let reach = prop_oneof![
        4 => (1..8usize).prop_map(Reach::Words),
        1 => Just(Reach::Sentence),
        1 => Just(Reach::Paragraph),
    ];
    leaf.prop_recursive(3, 6, 2, move |inner| {
        let two = || (inner.clone().prop_map(Box::new), inner.clone().prop_map(Box::new));
        prop_oneof![
            1 => two().prop_map(|(left, right)| Placed::Any(left, right)),
            3 => (two(), reach.clone(), any::<bool>(), proptest::bool::weighted(0.2)).prop_map(
                |((left, right), reach, ordered, not)| Placed::Linked(left, right, reach, ordered, not)
            ),
        ]
    })
}

/// Any question about places.
pub(crate) fn places() -> impl Strategy<Value = Places> {
    let times = prop_oneof![4 => Just(1usize), 1 => 2..5usize];
    let loose = vec(words(), 2..=4).prop_map(|words| words.iter().map(Words::loose).collect::<Vec<_>>());
    prop_oneof![
        4 => (placed(), times).prop_map(|(placed, times)| Places::Times(placed, times)),
        1 => (loose, 1..6usize).prop_map(|(words, slop)| Places::Loose(words, slop)),
    ]
}
