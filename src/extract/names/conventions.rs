//! What is settled whatever the tagger saw in the texts that it learned from, for those do not agree:
//!
//! - The name of a country alone is a place, also where its team or government is meant (`Italy beat Wales`).
//! - What is held or awarded is no name here: `Davis Cup`, `Golden Globes`.
//! - `The` begins no name, but for the few that the lists have with it.
//! - No name goes over a parenthesis (`Co <MER>`), a quotation mark, a colon or a semicolon, and no person's over a possessive
//!   ending: it ends there.
//! - Things that are called by their letters are no organisations: `DVDs`. What `X-based` stands before is not `X`.
//! - A direction alone is no place: `the North`.
//! - The small second half of a given name belongs to it: `Moon Jae-in`.

use super::lexicon::{EVENT, FUNCTION, GIVEN, Lexicon, NOT_ACRONYM};
use super::run::{Gap, Run, Shape, Text};
use super::tagger::Tagged;
use super::tagger::labels::Kind;
use crate::extract::{Hit, Page};
use crate::places;

/// Words that name no place by themselves.
const DIRECTIONS: &[&str] = &["North", "South", "East", "West"];

/// The names of `text` with all that settled.
pub(super) fn settle(page: &Page<'_>, text: &Text<'_>, lexicon: &Lexicon, tagged: Vec<Tagged>) -> Vec<Tagged> {
    let hits = page.hits(text.part);
    tagged.into_iter().filter_map(|name| one(text, lexicon, hits, name)).collect()
}

fn one(text: &Text<'_>, lexicon: &Lexicon, hits: &[Hit], mut name: Tagged) -> Option<Tagged> {
    let known = |run: Run| {
        let fits = |offset: usize, expected: &str| {
            run.first + offset <= run.last && super::lexicon::same(text.word(run.first + offset), expected)
        };
        lexicon
            .known(text.word(run.first), [text.word(run.first + 1); 2], fits)
            .is_some_and(|known| known.words.len() == run.last + 1 - run.first)
    };
    let ends = |at: &usize| {
        let next = text.get(at + 1);
        let owns = text.get(*at).is_some_and(|t| t.possessive) || next.is_some_and(|t| t.gap == Gap::Apostrophe);
        name.kind == Kind::Person && owns
            || text.before(at + 1).contains(['(', ')', '[', ']', '<', '>', '"', '“', '”', ':', ';'])
    };
    if let Some(last) = (name.run.first..name.run.last).find(ends) {
        name.run.last = last;
    }
    // `Hong Kong-based Hutchison Whampoa`
    let based = |at: &usize| text.word(*at) == "based" && text.get(*at).is_some_and(|t| t.gap == Gap::Hyphen);
    if let Some(at) = (name.run.first + 1..name.run.last).find(based) {
        name.run.first = at + 1;
    }
    let run = name.run;
    let the =
        run.first < run.last && text.get(run.first).is_some_and(|t| t.is(FUNCTION)) && text.word(run.first) == "The";
    if the && !known(run) && !hits.iter().any(|hit| hit.first == run.first) {
        name.run.first += 1;
    }
    let run = name.run;
    let event = text.get(run.last).is_some_and(|token| token.is(EVENT));
    if event && run.first < run.last && !known(run) {
        return None;
    }
    // `DVDs`
    let thing = text.get(run.first).is_some_and(|token| token.is(NOT_ACRONYM) && token.shape != Shape::Capital);
    if name.kind == Kind::Organisation && run.first == run.last && thing && !known(run) {
        let place = hits.iter().any(|hit| hit.first == run.first && hit.found.words == 1);
        name.kind = if place { Kind::Place } else { return None };
    }
    // `the North`: which one, the article knows.
    if name.kind == Kind::Place && run.first == run.last && DIRECTIONS.contains(&text.word(run.first)) {
        return None;
    }
    let country = |hit: &Hit| {
        let whole = hit.first == run.first && hit.first + hit.found.words == run.last + 1;
        whole && hit.found.senses.iter().any(|sense| sense.place.kind == places::Kind::Country && !sense.demonym)
    };
    let at = hits.partition_point(|hit| hit.first < run.first);
    let country = hits.get(at).filter(|hit| country(hit));
    // `Jordan` and `Chad` are given names too: there the tagger knows better who is meant.
    let nobody =
        |hit: &Hit| hit.found.ordinary == places::Ordinary::No && !text.get(run.first).is_some_and(|t| t.is(GIVEN));
    if country.is_some_and(|hit| name.kind == Kind::Organisation || nobody(hit)) {
        name.kind = Kind::Place;
    }
    if name.kind == Kind::Person && text.is_second_half(run.first, run.last + 1) {
        name.run.last += 1;
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use crate::article::{Article, MentionKind};
    use crate::extract::{Page, extract};

    fn named(text: &str) -> Vec<(MentionKind, String)> {
        let article = Article { text: text.to_owned(), language: Some("en".to_owned()), ..Article::default() };
        let found = extract(&Page::new(&article, None));
        let names = found.mentions.iter().filter(|mention| mention.kind != MentionKind::Date);
        names.map(|mention| (mention.kind, mention.span.of(text).to_owned())).collect()
    }

    #[test]
    fn what_collections_do_not_agree_on_is_settled() {
        let found = named(
            "Italy beat Wales in Rome, and the White House welcomed President Moon Jae-in of the South on Friday.",
        );
        for (kind, name) in [
            (MentionKind::Place, "Italy"),
            (MentionKind::Place, "Wales"),
            (MentionKind::Organisation, "White House"),
            (MentionKind::Person, "Moon Jae-in"),
        ] {
            assert!(found.contains(&(kind, name.to_owned())), "{name}: {found:?}");
        }
        assert!(!found.iter().any(|(_, name)| name == "South"), "{found:?}");
        let found =
            named("Andy Roddick lost in the Davis Cup on Friday, and the International Monetary Fund (IMF) met.");
        assert!(!found.iter().any(|(_, name)| name.contains("Cup")), "{found:?}");
        assert!(found.contains(&(MentionKind::Organisation, "IMF".to_owned())), "{found:?}");
    }
}
