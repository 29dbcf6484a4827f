//! What rules and lists alone find: the tagger takes it as one of its features.

use super::lexicon::Lexicon;
use super::organisations::{self, Organisation};
use super::people::{self, Candidate};
use super::run::Text;
use super::tagger::features::{Ruled, Rules};
use crate::article::Part;
use crate::extract::Page;

/// The texts of an article with what the rules find in each.
pub(super) struct Applied<'a> {
    /// Title and body.
    pub(super) texts: Vec<Text<'a>>,
    /// For each text, its organisations in order.
    pub(super) organisations: Vec<Vec<Organisation>>,
    /// The persons of all texts, in order.
    pub(super) people: Vec<Candidate>,
}

/// Applies the rules to `page`.
pub(super) fn apply<'a>(page: &Page<'a>, lexicon: &Lexicon) -> Applied<'a> {
    let texts: Vec<Text<'a>> = [Part::Title, Part::Body].into_iter().map(|part| Text::new(page, part)).collect();
    let mut organisations = Vec::with_capacity(texts.len());
    let mut candidates = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let mut list = organisations::find(text, lexicon);
        organisations::short_forms(text, &mut list);
        people::candidates(number, text, &list, lexicon, &mut candidates);
        organisations.push(list);
    }
    let people = people::decide(candidates, &texts);
    Applied { texts, organisations, people }
}

impl Applied<'_> {
    /// What the tagger gets of each text of `page`.
    pub(super) fn for_tagger(&self, page: &Page<'_>) -> Vec<Rules> {
        let of_text = |(number, (text, organisations)): (usize, (&Text<'_>, &Vec<Organisation>))| {
            let people = self.people.iter().filter(|person| person.text == number);
            let people = people.map(|person| (person.run, Ruled::Person));
            let organisations = organisations.iter().map(|organisation| {
                (organisation.run, if organisation.name.is_some() { Ruled::Known } else { Ruled::Organisation })
            });
            Rules::new(page, text.part, people.chain(organisations))
        };
        self.texts.iter().zip(&self.organisations).enumerate().map(of_text).collect()
    }
}
