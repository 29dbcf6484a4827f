//! Persons and organisations of an article, by rules and lists of words.
//!
//! 1. [`run`] looks every word up and finds the runs of capitalised words.
//! 2. [`organisations`] takes its own out of them: well-known names, `… Bank`, `Ministry of …`, acronyms.
//! 3. [`people`] weighs what is left: titles, given names, ages, `said`.
//! 4. [`linking`] joins short forms to full names and counts.
//!
//! Steps 2 and 3 are what a trained tagger would do instead; it would hand the same lists to step 4.
//!
//! Conventions for hard cases:
//! - The White House, the Kremlin, Downing Street, the Pentagon, the Vatican are organisations, whatever is meant.
//! - A club that is called as its city is left to places, unless `United`, `City`, `FC` or the like is written with
//!   it; clubs whose names are no cities (`Arsenal`, `Juventus`) are organisations.
//! - `Congress`, `Parliament`, `Senate`, `Cabinet` with a capital inside a sentence are organisations.
//! - An adjective or name of a country before a ministry, army or parliament is not part of the name.
//! - A span leaves titles, honorifics and possessive endings out. The name of someone known by a given name alone
//!   keeps the title (`Pope Francis`), the span does not.
//! - Headlines and lines in capitals name only whom the rest of the article names too.

mod lexicon;
mod linking;
mod organisations;
mod people;
mod run;

pub(super) use lexicon::{Kinds, Lexicon, NO_NAME, TITLE, possessive};
pub(super) use run::{Shape, shape};

use super::{Extractor as Extracts, Page};
use crate::article::{Found, Part};
use run::Text;

/// Finds persons and organisations.
pub(super) struct Extractor;

impl Extracts for Extractor {
    fn name(&self) -> &'static str {
        "names"
    }

    fn extract(&self, page: &Page<'_>, found: &mut Found) {
        let lexicon = Lexicon::of(page.language);
        let texts: Vec<Text<'_>> = [Part::Title, Part::Body].into_iter().map(|part| Text::new(page, part)).collect();
        let mut organisations = Vec::with_capacity(texts.len());
        let mut candidates = Vec::new();
        for (number, text) in texts.iter().enumerate() {
            let mut list = organisations::find(text, lexicon);
            organisations::short_forms(text, &mut list);
            people::candidates(number, text, &list, lexicon, &mut candidates);
            organisations.push(list);
        }
        let people = people::decide(candidates, &texts);
        found.people = linking::people(&people, &texts, &mut found.mentions);
        found.organisations = linking::organisations(&organisations, &texts, &mut found.mentions);
    }
}

#[cfg(test)]
mod tests;
