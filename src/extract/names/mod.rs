//! Persons and organisations of an article, and where its places stand.
//!
//! 1. [`run`] looks every word up in [`lexicon`] and finds the runs of capitalised words.
//! 2. [`rules`] applies what rules and lists know: [`organisations`] takes well-known names, `… Bank`, `Ministry of …`,
//!    acronyms; [`people`] weighs what is left: titles, given names, ages, `said`.
//! 3. [`tagger`], where there is one for the language, decides with the rules as one of its features;
//!    [`conventions`] settles what the texts that it learned from do not agree on. Its places are left to the extractor
//!    of places. Without a tagger the rules decide.
//! 4. [`linking`] joins short forms to full names and counts.
//!
//! Conventions for hard cases:
//! - The White House, the Kremlin, Downing Street, the Pentagon are organisations, whatever is meant.
//! - A club that is called as its city is an organisation where the text shows that it is the club; a country is a place
//!   in any case.
//! - `Congress`, `Parliament`, `Senate`, `Cabinet` with a capital inside a sentence are organisations.
//! - An adjective or name of a country before a ministry, army or parliament is not part of the name.
//! - Events, prizes and treaties are no names.
//! - A span leaves titles, honorifics and possessive endings out. The name of someone known by a given name alone
//!   keeps the title (`Pope Francis`), the span does not.

mod conventions;
mod lexicon;
mod linking;
mod organisations;
mod people;
mod rules;
mod run;
mod tagger;

#[cfg(feature = "train")]
pub use tagger::train;

pub(super) use lexicon::{Kinds, Lexicon, NO_NAME, TITLE, possessive};
pub(super) use run::{Shape, shape};

use super::{Extractor as Extracts, Page};
use crate::article::Found;
use crate::language::LANGUAGES;
use run::Run;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use tagger::labels::Kind;
use tagger::model::Model;

/// Finds persons and organisations.
pub(super) struct Extractor;

impl Extracts for Extractor {
    fn name(&self) -> &'static str {
        "names"
    }

    fn extract(&self, page: &Page<'_>, found: &mut Found) {
        let lexicon = Lexicon::of(page.language);
        let applied = rules::apply(page, lexicon);
        let tagged = model(page).map(|model| tagger::tag(&applied.texts, &applied.for_tagger(page), model));
        let rules::Applied { texts, mut organisations, mut people } = applied;
        if let Some(tagged) = tagged {
            people.clear();
            for (number, (text, names)) in texts.iter().zip(tagged).enumerate() {
                let names = conventions::settle(page, text, lexicon, names);
                let runs = |kind| names.iter().filter(move |name| name.kind == kind).map(|name| name.run);
                people.extend(runs(Kind::Person).filter_map(|run| people::tagged(number, text, run, lexicon)));
                let of_text: Vec<Run> = runs(Kind::Organisation).collect();
                if let Some(ruled) = organisations.get_mut(number) {
                    *ruled = organisations::tagged(text, lexicon, &of_text, ruled);
                }
                found.mentions.extend(runs(Kind::Place).map(|run| linking::place(text, run)));
            }
        }
        found.people = linking::people(&people, &texts, &mut found.mentions);
        found.organisations = linking::organisations(&organisations, &texts, &mut found.mentions);
    }
}

/// The tagger for the language of `page`, where there is one. It leaves its places to the extractor of places.
pub(super) fn model(page: &Page<'_>) -> Option<&'static Model> {
    static MODELS: LazyLock<FxHashMap<&str, Model>> = LazyLock::new(|| {
        let known = LANGUAGES.iter().filter_map(|language| Some((language.code, Model::new(language.tagger)?)));
        known.collect()
    });
    if page.foreign { None } else { MODELS.get(page.language.code) }
}

#[cfg(test)]
mod tests;
