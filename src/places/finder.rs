//! The search for the longest name at a word of a text.

use super::cities::{Cities, Meaning, Walk, cities};
use super::gazetteer::{Form, Gazetteer, Kind, Ordinary, Sense, gazetteer};
use crate::text::{Span, Words, fold};

/// A name found in a text.
#[derive(Clone, Debug)]
pub struct Match {
    /// How many words it has.
    pub words: usize,
    /// Its bytes, without a possessive ending.
    pub span: Span,
    /// A number that is the same for each spelling of the same key in the text.
    pub key: u32,
    /// What it can mean.
    pub senses: Vec<Sense>,
    /// Whether it is first of all something else.
    pub ordinary: Ordinary,
}

/// Finds names in a text; keeps its buffers between words.
pub struct Finder {
    tables: &'static Gazetteer,
    packed: &'static Cities,
    key: String,
    word: String,
}

impl Default for Finder {
    fn default() -> Finder {
        Finder { tables: gazetteer(), packed: cities(), key: String::new(), word: String::new() }
    }
}

impl Finder {
    /// Whether [`Finder::find`] can find anything at a word that is written like this.
    pub fn may_begin(&mut self, word: &str) -> bool {
        if !word.starts_with(|c: char| c.is_uppercase()) {
            return false;
        }
        if without_possessive(word).1 {
            return true;
        }
        fold::fold_into(word, &mut self.word);
        let begins = |walk| self.packed.meaning(walk).is_some() || self.packed.step(walk, " ").is_some();
        self.tables.nodes.get(&self.word).is_some()
            || self.packed.step(self.packed.start(), &self.word).is_some_and(begins)
    }

    /// The longest name that begins at the word at `position`. Only capitalised text is a name.
    pub fn find(&mut self, words: &Words<'_>, position: usize) -> Option<Match> {
        let first = words.word(position);
        if !first.starts_with(|c: char| c.is_uppercase()) {
            return None;
        }
        let (plain, possessive) = without_possessive(first);
        fold::fold_into(first, &mut self.word);
        let longest = self.tables.nodes.get(&self.word).map_or(1, |node| usize::from(node.longest.max(1)));
        // The keys of one word, two words and so on, as far as the text goes on without a stop between.
        self.key.clear();
        let mut walk = Some(self.packed.start());
        let mut best = None;
        for count in 1.. {
            if count > longest && walk.is_none() {
                break;
            }
            let last = position + count - 1;
            let word = if count == 1 { first } else { words.word(last) };
            if word.is_empty() || (count > 1 && !joins(words.gap(last - 1))) {
                break;
            }
            if count > 1 {
                self.key.push(' ');
                walk = walk.and_then(|walk| self.packed.step(walk, " "));
            }
            let (before, walked) = (self.key.len(), walk);
            fold::fold_into(word, &mut self.word);
            self.key.push_str(&self.word);
            walk = walk.and_then(|walk| self.packed.step(walk, &self.word));
            if !word.starts_with(|c: char| c.is_lowercase()) {
                let whole = words.span(position, last);
                if let Some(found) = self.take(words, position, last, whole, walk) {
                    best = Some(found);
                } else {
                    let (bare, possessive) = if count == 1 { (plain, possessive) } else { without_possessive(word) };
                    if possessive {
                        let kept = self.key.split_off(before);
                        fold::fold_into(bare, &mut self.word);
                        self.key.push_str(&self.word);
                        let span = Span::new(whole.start, whole.end - (word.len() - bare.len()));
                        let walk = walked.and_then(|walk| self.packed.step(walk, &self.word));
                        best = self.take(words, position, last, span, walk).or(best);
                        self.key.truncate(before);
                        self.key.push_str(&kept);
                    }
                }
            }
        }
        best
    }

    /// What the name from `first` to `last` can mean, which `walk` has followed in the packed table.
    fn take(&self, words: &Words<'_>, first: usize, last: usize, span: Span, walk: Option<Walk>) -> Option<Match> {
        let node = self.tables.nodes.get(&self.key);
        let packed = walk.and_then(|walk| self.packed.meaning(walk));
        let text = span.of(words.text);
        let mut senses = Vec::new();
        let mut link = node.map_or(u32::MAX, |node| node.head);
        while let Some(here) = self.tables.links.get(link as usize) {
            link = here.next;
            let counts = match here.form {
                Form::Plain => true,
                Form::Capitals => text.bytes().all(|b| b.is_ascii_uppercase()),
                Form::Abbreviation { dotted } => {
                    follows_town(words, first)
                        && if dotted {
                            words.gap(last).starts_with('.')
                        } else {
                            text.bytes().all(|b| b.is_ascii_uppercase() || b == b'.')
                        }
                }
            };
            if counts && let Some(place) = self.tables.places.get(here.place as usize).copied() {
                let abbreviation = matches!(here.form, Form::Abbreviation { .. });
                senses.push(Sense { place, demonym: here.demonym, abbreviation });
            }
        }
        for place in packed.into_iter().flat_map(|meaning| self.packed.places(meaning)) {
            // A division that the other tables have as a region is one thing.
            let known = |sense: &Sense| sense.place.kind == Kind::Region && sense.place.country == place.country;
            if !(place.kind == Kind::Division && senses.iter().any(known)) {
                senses.push(Sense { place, demonym: false, abbreviation: false });
            }
        }
        if senses.is_empty() {
            return None;
        }
        let words = last + 1 - first;
        let key = node.map(|node| node.head).filter(|head| *head != u32::MAX);
        let key = key.or(packed.map(Meaning::key)).unwrap_or(u32::MAX);
        let listed = self.tables.ordinary.get(self.key.as_str()).copied();
        let ordinary = listed.or(packed.map(Meaning::ordinary)).unwrap_or_default();
        Some(Match { words, span, key, senses, ordinary })
    }
}

/// Whether the words on both sides of `gap` can be one name: `St. Louis`, `Guinea-Bissau`, a wrapped line.
fn joins(gap: &str) -> bool {
    gap.len() <= 8 && gap.bytes().filter(|b| *b == b'\n').count() < 2 && matches!(gap.trim(), "" | "-" | "." | "&")
}

/// Whether the word at `position` stands where the abbreviation of a state stands: `Boston, Mass.`, `D-Mass.`
fn follows_town(words: &Words<'_>, position: usize) -> bool {
    if position == 0 {
        return false;
    }
    let before = words.word(position - 1);
    let gap = words.gap(position - 1);
    match gap.trim() {
        "," => before.starts_with(char::is_uppercase),
        "-" => matches!(before, "R" | "D" | "I" | "DFL"),
        "(" => before.starts_with(char::is_uppercase),
        _ => false,
    }
}

/// A word without `'s`, and whether it had one.
fn without_possessive(word: &str) -> (&str, bool) {
    for ending in ["'s", "’s", "'S", "’S"] {
        if let Some(bare) = word.strip_suffix(ending) {
            return (bare, true);
        }
    }
    (word, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found from left to right: the text, and the kinds and countries of its senses.
    fn check(text: &str, expected: &[(&str, &str)]) {
        let words = Words::new(text);
        let mut finder = Finder::default();
        let (mut found, mut at) = (Vec::new(), 0);
        while at < words.len() {
            match finder.find(&words, at) {
                Some(hit) => {
                    let best = hit.senses.iter().max_by_key(|sense| {
                        (sense.place.kind == Kind::Country, sense.place.capital, sense.place.people)
                    });
                    let country = best.and_then(|sense| sense.place.country).unwrap_or("-");
                    found.push((hit.span.of(text).to_owned(), country));
                    at += hit.words;
                }
                None => at += 1,
            }
        }
        let found: Vec<(&str, &str)> = found.iter().map(|(name, country)| (name.as_str(), *country)).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn finds_the_longest_name() {
        check("North Korea’s capital, Pyongyang", &[("North Korea", "KP"), ("Pyongyang", "KP")]);
        check("in Papua New Guinea and New York", &[("Papua New Guinea", "PG"), ("New York", "US")]);
        check("Trinidad and Tobago; Trinidad and others", &[("Trinidad and Tobago", "TT"), ("Trinidad", "TT")]);
        check(
            "St. Louis, Guinea-Bissau, Rio de\nJaneiro",
            &[("St. Louis", "US"), ("Guinea-Bissau", "GW"), ("Rio de\nJaneiro", "BR")],
        );
        check("the Kremlin and Downing Street", &[("Kremlin", "RU"), ("Downing Street", "GB")]);
        check("SEOUL, BOMBAY, Kyiv, Kiev", &[("SEOUL", "KR"), ("BOMBAY", "IN"), ("Kyiv", "UA"), ("Kiev", "UA")]);
    }

    #[test]
    fn case_matters() {
        check("the turkey and the china told us", &[]);
        check("Us and US and U.S.-led UK", &[("US", "US"), ("U.S.", "US"), ("UK", "GB")]);
    }

    #[test]
    fn abbreviations_of_states_follow_a_town() {
        check("Miss. Mo. Boston, Mass. and Tell Me. IN", &[("Boston", "US"), ("Mass", "US")]);
        check("Sen. Pat Xarko, R-Kan., said", &[("Kan", "US")]);
    }

    #[test]
    fn inhabitants_have_irregular_forms() {
        check(
            "Danes, Turks, Filipinos, Saudis and Britons'",
            &[("Danes", "DK"), ("Turks", "TR"), ("Filipinos", "PH"), ("Saudis", "SA"), ("Britons", "GB")],
        );
    }

    #[test]
    fn capitals_are_capitals() {
        for name in ["Paris", "London", "Washington", "Bogotá", "Beijing", "Ulan Bator", "Kyiv"] {
            let words = Words::new(name);
            let found = Finder::default().find(&words, 0);
            let capitals = found.map_or(0, |found| found.senses.iter().filter(|sense| sense.place.capital).count());
            assert_eq!(capitals, 1, "{name}");
        }
    }
}
