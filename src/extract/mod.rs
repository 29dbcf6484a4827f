//! From an article to its mentions.
//!
//! 1. [`Page::new`] cuts title and body into words once, for all extractors.
//! 2. Each of [`EXTRACTORS`] adds its mentions to [`Found`]; later ones see what earlier ones found.
//! 3. [`extract`] puts the mentions in order and counts them.
//!
//! An extractor never knows the file format and never asks for today's date.

use crate::article::{Article, Found, Part};
use crate::language::{self, Language};
use crate::places::{Finder, Match};
use crate::text::Words;
use chrono::NaiveDate;
use forms::Form;

mod dates;
mod forms;
mod names;
mod places;
pub mod published;
mod spans;

pub use places::prior::{self, Prior};

#[cfg(feature = "train")]
pub use names::train;

/// Finds one kind of thing in an article.
pub trait Extractor: Sync {
    /// A short name for `--explain` and logs.
    fn name(&self) -> &'static str;
    /// Adds what it finds to `found`.
    fn extract(&self, page: &Page<'_>, found: &mut Found);
}

/// Every extractor, in the order in which they run.
pub static EXTRACTORS: &[&dyn Extractor] = &[
    &names::Extractor,
    &places::Places, // After names: it yields to persons and organisations.
    &dates::Dates,
];

/// How much of a text is looked at, in bytes: several times the longest issue of a newspaper. What is found takes thirty
/// times the memory of the text.
pub const MOST_SEARCHED: usize = 4 << 20;

/// An article cut into words.
pub struct Page<'a> {
    /// The article.
    pub article: &'a Article,
    /// The words of the title.
    pub title: Words<'a>,
    /// The words of the body, up to [`MOST_SEARCHED`].
    pub body: Words<'a>,
    /// The language whose lists of names are used: the article's, or the fallback.
    pub language: &'static Language,
    /// Whether the article is in another language than that of these lists.
    pub foreign: bool,
    /// The language whose words of dates are used: the article's, or the fallback.
    pub calendar: &'static Language,
    /// Whether the article is in another language than that of these words.
    pub foreign_calendar: bool,
    /// The day against which relative dates are resolved.
    pub anchor: Option<NaiveDate>,
    /// Where the source of the article is at home, where that is known.
    pub home: Option<&'a Prior>,
    /// What the lists say of each word of the title and of the body.
    forms: [Vec<Form>; 2],
    /// Every name of a place in them, left to right, the longest at each word.
    gazetteer: [Vec<Hit>; 2],
}

/// A name of the gazetteer in a text, whatever it means there.
struct Hit {
    /// Its first word.
    first: usize,
    /// What was found.
    found: Match,
}

impl<'a> Page<'a> {
    /// Prepares `article`. `anchor` stands in where the article has no exact publication date.
    pub fn new(article: &'a Article, anchor: Option<NaiveDate>) -> Page<'a> {
        let own = article.language.as_deref().and_then(language::find);
        // A language may know dates long before it knows names.
        let choose = |known: Option<&'static Language>| {
            (known.unwrap_or_else(language::fallback), known.is_none() && article.language.is_some())
        };
        let (language, foreign) = choose(own.filter(|own| !own.titles.is_empty()));
        let (calendar, foreign_calendar) = choose(own.filter(|own| !own.date_words.is_empty()));
        let title = Words::new(article.title.as_deref().unwrap_or(""));
        let end = article.text.floor_char_boundary(MOST_SEARCHED);
        let body = Words::new(article.text.get(..end).unwrap_or(&article.text));
        let mut finder = Finder::default();
        let forms = [forms::forms(&title, language, &mut finder), forms::forms(&body, language, &mut finder)];
        let gazetteer = [hits(&title, &forms[0], &mut finder), hits(&body, &forms[1], &mut finder)];
        let anchor = article.anchor().or(anchor);
        Page {
            article,
            title,
            body,
            language,
            foreign,
            calendar,
            foreign_calendar,
            anchor,
            home: None,
            forms,
            gazetteer,
        }
    }

    /// The same, with what is known of the article's source.
    pub fn at_home(self, home: Option<&'a Prior>) -> Page<'a> {
        Page { home, ..self }
    }

    /// What the lists say of each word of `part`.
    fn forms(&self, part: Part) -> &[Form] {
        &self.forms[usize::from(part == Part::Body)]
    }

    /// The names of the gazetteer in `part`.
    fn hits(&self, part: Part) -> &[Hit] {
        &self.gazetteer[usize::from(part == Part::Body)]
    }

    /// Title and body, in that order.
    pub fn parts(&self) -> [(Part, &Words<'a>); 2] {
        [(Part::Title, &self.title), (Part::Body, &self.body)]
    }
}

fn hits(words: &Words<'_>, forms: &[Form], finder: &mut Finder) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut next = 0;
    for (first, form) in forms.iter().enumerate() {
        if first >= next
            && form.begins_place
            && let Some(found) = finder.find(words, first)
        {
            next = first + found.words;
            hits.push(Hit { first, found });
        }
    }
    hits
}

/// Everything that is found in `page`.
pub fn extract(page: &Page<'_>) -> Found {
    let mut found = Found::default();
    for extractor in EXTRACTORS {
        extractor.extract(page, &mut found);
    }
    found.mentions.sort_by_key(|mention| (mention.part, mention.span, mention.kind));
    found
}
