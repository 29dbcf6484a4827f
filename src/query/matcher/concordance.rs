//! The whole stretches of an article that a question is about, for a concordance: of `treaty W/5 signed` the words from
//! the one to the other, where [`super::matches`] marks the two.
//!
//! 1. [`asked`] chooses the leaves whose places count. Of `treaty person:putin` that is the word, for the name narrows
//!    the articles; where there is nothing else, names, countries and days count.
//! 2. [`lines`] finds them in one article.

use super::{Found, View, is_apart, is_asked, leaves, located, positions, starts};
use crate::query::spans::{self, Extent};
use crate::query::tree::{Scope, Tree};

/// What a part of a question is worth as the subject of a concordance: in an `AND`, only the best parts count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Worth {
    /// It stands nowhere in a text.
    #[default]
    None,
    /// A country or a day.
    Value,
    /// A name.
    Name,
    /// Words of the headline alone.
    Title,
    /// Words.
    Words,
}

/// The leaves of `tree` whose places are lines of a concordance, with their numbers in [`Tree::positive`].
pub fn asked(tree: &Tree) -> Vec<(usize, &Tree)> {
    fn worth(tree: &Tree) -> Worth {
        match tree {
            Tree::Word(word) if word.scope == Scope::Title => Worth::Title,
            Tree::Phrase(phrase) if phrase.scope == Scope::Title => Worth::Title,
            Tree::Word(_) | Tree::Phrase(_) | Tree::Spans(_) | Tree::AtLeast(..) => Worth::Words,
            Tree::Name(name) if matches!(name.field.name, "person" | "org" | "place") => Worth::Name,
            Tree::Near(_) => Worth::Name,
            Tree::Value(value) if matches!(value.field.name, "country" | "about-country") => Worth::Value,
            Tree::Days(days) if days.field.name != "published" => Worth::Value,
            Tree::Gap(_) => Worth::Value,
            Tree::And(parts) | Tree::Or(parts) => parts.iter().map(worth).max().unwrap_or_default(),
            Tree::Boost(inner, _) => worth(inner),
            _ => Worth::None,
        }
    }
    fn walk<'t>(tree: &'t Tree, counts: bool, number: &mut usize, out: &mut Vec<(usize, &'t Tree)>) {
        match tree {
            Tree::And(parts) => {
                let best = parts.iter().map(worth).max().unwrap_or_default();
                parts.iter().for_each(|part| walk(part, counts && worth(part) == best, number, out));
            }
            Tree::Or(parts) => parts.iter().for_each(|part| walk(part, counts, number, out)),
            Tree::Boost(inner, _) => walk(inner, counts, number, out),
            Tree::Not(_) => {}
            leaf => {
                if counts && worth(leaf) > Worth::None {
                    out.push((*number, leaf));
                }
                *number += 1;
            }
        }
    }
    let mut out = Vec::new();
    walk(tree, true, &mut 0, &mut out);
    out
}

/// The places of `asked` leaves in one article, by place, each once. Of two that begin or end alike, or of which one lies
/// in the other, only one is given: of what stands near each other the nearest, else the longer one.
pub fn lines(asked: &[(usize, &Tree)], view: &View<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (leaf, node) in asked {
        let leaf = *leaf;
        match node {
            Tree::Word(word) => {
                for (part, words, index) in view.texts(word.scope) {
                    let all = positions(word, words, index);
                    let spans = all.iter().map(|at| words.span(*at as usize, *at as usize));
                    found.extend(spans.map(|span| Found { part: *part, span, leaf }));
                }
            }
            Tree::Phrase(phrase) => {
                let last = phrase.words.len().saturating_sub(1);
                for (part, words, index) in view.texts(phrase.scope) {
                    let all = starts(phrase, words, index);
                    let spans = all.iter().map(|at| words.span(*at as usize, *at as usize + last));
                    found.extend(spans.map(|span| Found { part: *part, span, leaf }));
                }
            }
            Tree::Spans(asked) | Tree::AtLeast(_, asked) => {
                for (part, words, index) in &view.texts {
                    let leaves = leaves(asked, view, *part, words, index);
                    let all = nearest(spans::extents(asked, located(*part, words, &leaves)));
                    let spans = all.iter().map(|(first, last)| words.span(*first as usize, *last as usize));
                    found.extend(spans.map(|span| Found { part: *part, span, leaf }));
                }
            }
            Tree::Gap(gap) => {
                let mentions = view.contents.mentions.iter();
                let these = mentions.filter(|mention| is_apart(gap, view.article, mention));
                found.extend(these.map(|mention| Found { part: mention.part, span: mention.span, leaf }));
            }
            node => {
                let mentions = view.contents.mentions.iter();
                let these = mentions.filter(|mention| is_asked(node, view, mention));
                found.extend(these.map(|mention| Found { part: mention.part, span: mention.span, leaf }));
            }
        }
    }
    // The longer ones first of those that begin alike; what lies in one before is no line of its own.
    found.sort_unstable_by_key(|found| (found.part, found.span.start, std::cmp::Reverse(found.span.end), found.leaf));
    let mut furthest: Option<(crate::article::Part, usize)> = None;
    found.retain(|found| {
        let inside = furthest.is_some_and(|(part, end)| part == found.part && found.span.end <= end);
        if !inside {
            furthest = Some((found.part, found.span.end));
        }
        !inside
    });
    found
}

/// Those of the extents, which are ascending, that hold no other.
fn nearest(mut extents: Vec<Extent>) -> Vec<Extent> {
    let mut least = u32::MAX;
    // From the last to begin on, the shortest of those that begin alike first: what holds another comes after it.
    extents.sort_by_key(|(first, last)| (std::cmp::Reverse(*first), *last));
    extents.retain(|(_, last)| {
        let holds = *last >= least;
        least = least.min(*last);
        !holds
    });
    extents.reverse();
    extents
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Article, Found as Contents};
    use crate::query::parse;
    use crate::text::Words;

    fn check(query: &str, text: &str) -> Vec<String> {
        let article = Article { title: Some("Treaty day".into()), text: text.into(), ..Article::default() };
        let (title, body, contents) = (Words::new("Treaty day"), Words::new(text), Contents::default());
        let view = View::new(&article, &title, &body, &contents);
        let tree = parse(query, None).tree;
        let found = lines(&asked(&tree), &view);
        found.iter().map(|found| found.span.of(view.words(found.part).text).to_owned()).collect()
    }

    #[test]
    fn lines_are_whole_places() {
        let text = "The old treaty was signed, then the new treaty was read and signed again.";
        for (query, expected) in [
            ("treaty", vec!["Treaty", "treaty", "treaty"]),
            ("body:treaty", vec!["treaty", "treaty"]),
            ("old treaty", vec!["Treaty", "old", "treaty", "treaty"]),
            ("\"old treaty\" OR treaty", vec!["Treaty", "old treaty", "treaty"]),
            (
                "treaty W/5 signed",
                vec!["treaty was signed", "signed, then the new treaty", "treaty was read and signed"],
            ),
            // What narrows the articles is no line; what is alone is.
            ("signed title:treaty", vec!["signed", "signed"]),
            ("title:treaty", vec!["Treaty"]),
            ("treaty -signed person:putin published:2024", vec!["Treaty", "treaty", "treaty"]),
            ("-treaty", vec![]),
            ("published:2024", vec![]),
        ] {
            assert_eq!(check(query, text), expected, "{query}");
        }
    }

    #[test]
    fn the_nearest_of_what_holds_another_is_kept() {
        for (extents, expected) in [
            (vec![(0, 1), (0, 5), (3, 5), (4, 5)], vec![(0, 1), (4, 5)]),
            (vec![(0, 3), (1, 4), (2, 5)], vec![(0, 3), (1, 4), (2, 5)]),
            (vec![(2, 2)], vec![(2, 2)]),
            (vec![], vec![]),
        ] {
            assert_eq!(nearest(extents), expected);
        }
    }
}
