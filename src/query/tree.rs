//! The tree of a question: the few core nodes that every backend must answer.
//!
//! The parser makes it, `variants` fills in the forms of each word, a backend translates it, and the matcher finds
//! what matched in a text. Printed with `{}`, a tree is again a query that parses to itself.

use super::spans::{Leaf, Spans};
use crate::field::Field;
use crate::places;
use crate::text::tokens;
use crate::text::{Span, fold};
use chrono::NaiveDate;
use std::fmt;

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// Every article.
    All,
    /// A word.
    Word(Word),
    /// Words that follow each other.
    Phrase(Phrase),
    /// What stands in one place, or in places near each other.
    Spans(Spans),
    /// The same, in at least so many places of the article.
    AtLeast(u32, Spans),
    /// A person, organisation, place or author by name; alias-aware unless `exact`.
    Name(Name),
    /// A place within a distance of another.
    Near(Near),
    /// A value of a field with fixed values: source, language, country.
    Value(Value),
    /// Days of publication, or days spoken of: articles whose interval overlaps this one.
    Days(Days),
    /// How far the dates that an article speaks of lie from its publication: articles with any that does.
    Gap(Gap),
    /// Articles without a publication date (`published:none`), or whose date was guessed (`published:guessed`).
    Dated(Dated),
    /// All of these.
    And(Vec<Tree>),
    /// Any of these.
    Or(Vec<Tree>),
    /// Not this.
    Not(Box<Tree>),
    /// This, weighted.
    Boost(Box<Tree>, f32),
}

/// One word of a question, with all forms that count as it.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// As written, without operators.
    pub written: String,
    /// The forms under which it is looked up, folded, the written one first. Only the written one until expanded.
    pub forms: Vec<String>,
    /// Whether it is written out, or how it stands for several words.
    pub spelling: Spelling,
    /// How many more words of the index it stands for than `forms` has: the rarest ones are left out.
    pub left_out: usize,
    /// `=`: letter for letter, case and accents kept, no other forms.
    pub exact: bool,
    /// Which texts it may stand in.
    pub scope: Scope,
    /// Where it stands in the query, in bytes; with the hyphen that ties it to the next word of a phrase.
    pub span: Span,
}

/// How a word of a question stands for words of the index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Spelling {
    /// It is written out.
    #[default]
    Plain,
    /// `*` stands for any letters, `?` for one.
    Wildcard,
    /// It is written out, and stands for all words of its stem: in a question in plain words.
    Family,
    /// Words that differ in at most so many letters.
    Fuzzy(u8),
    /// A regular expression, between slashes.
    Regex,
}

/// Words that follow each other without another between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Phrase {
    /// The words, in order. Their scope is the phrase's.
    pub words: Vec<Word>,
    /// Which texts it may stand in.
    pub scope: Scope,
    /// Where it stands in the query, in bytes.
    pub span: Span,
}

/// Which texts of an article a word may stand in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Headline or body.
    #[default]
    Anywhere,
    /// Headline.
    Title,
    /// Body.
    Body,
}

/// Something that has a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// The field, of a kind that holds names.
    pub field: &'static Field,
    /// The name as written.
    pub name: String,
    /// `=`: only this spelling.
    pub exact: bool,
    /// The normal forms in the index that it stands for, once they were looked up.
    pub forms: Option<Vec<String>>,
    /// Places of the index that count too because they lie in the country or region of this name, once they were
    /// looked up; sorted.
    pub within: Vec<Place>,
    /// Where it stands in the query, in bytes.
    pub span: Span,
}

/// A place that articles name, by all that tells it from others of its name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    /// The usual name.
    pub name: String,
    /// The code of its country; empty for none.
    pub country: String,
    /// The part of the country, by its usual name; empty where not known.
    pub region: String,
    /// Latitude and longitude in degrees.
    pub point: Option<(f32, f32)>,
}

/// All places within a distance of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
    /// The place as written, without the distance.
    pub place: String,
    /// Where it is, for latitude and longitude.
    pub point: Option<(f32, f32)>,
    /// How far around it, in kilometres.
    pub km: f64,
    /// The same with its unit: `100km`, `60mi`.
    pub distance: String,
    /// What the articles know of it, once that was looked up.
    pub around: Option<Around>,
    /// Where it stands in the query, in bytes.
    pub span: Span,
}

/// What the place of a [`Near`] was taken for, and what lies around it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Around {
    /// The place that it was taken for; none for latitude and longitude.
    pub taken: Option<Place>,
    /// Others of the name, most often named first.
    pub others: Vec<Place>,
    /// The places of the index within the distance, sorted.
    pub places: Vec<Place>,
    /// How far each is, in kilometres.
    pub km: Vec<f64>,
}

/// A value of a field with fixed values.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// The field.
    pub field: &'static Field,
    /// The value in the form in which it is indexed: `KP`, `en`, `reuters`.
    pub value: String,
    /// Values that count as it: the states that a country succeeded.
    pub also: Vec<&'static str>,
    /// `=`: without those; not set where there are none.
    pub exact: bool,
    /// As written.
    pub written: String,
    /// Where it stands in the query, in bytes.
    pub span: Span,
}

/// An interval of days, both ends included; an open end is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Days {
    /// The field, of a kind that holds days.
    pub field: &'static Field,
    /// The first day.
    pub first: Option<NaiveDate>,
    /// The last day.
    pub last: Option<NaiveDate>,
    /// As written.
    pub written: String,
    /// Where it stands in the query, in bytes.
    pub span: Span,
}

/// A length of time between publication and a date spoken of, in days, both ends included.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// The least.
    pub least: u32,
    /// The most; none for no end.
    pub most: Option<u32>,
    /// Where it stands in the query, in bytes.
    pub span: Span,
}

/// What is known of the publication date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dated {
    /// No date.
    None,
    /// A date of low confidence.
    Guessed,
}

impl Tree {
    /// Every leaf that an article must or may have, not those under a NOT.
    pub fn positive(&self) -> Vec<&Tree> {
        self.weighted().into_iter().map(|(leaf, _)| leaf).collect()
    }

    /// Every leaf that an article must or may have, with its weight.
    pub fn weighted(&self) -> Vec<(&Tree, f32)> {
        fn walk<'a>(tree: &'a Tree, weight: f32, leaves: &mut Vec<(&'a Tree, f32)>) {
            match tree {
                Tree::And(parts) | Tree::Or(parts) => parts.iter().for_each(|part| walk(part, weight, leaves)),
                Tree::Boost(inner, more) => walk(inner, weight * more, leaves),
                Tree::Not(_) => {}
                leaf => leaves.push((leaf, weight)),
            }
        }
        let mut leaves = Vec::new();
        walk(self, 1.0, &mut leaves);
        leaves
    }

    /// How many levels it has below its own.
    pub fn depth(&self) -> usize {
        match self {
            Tree::And(parts) | Tree::Or(parts) => 1 + parts.iter().map(Tree::depth).max().unwrap_or(0),
            Tree::Not(inner) | Tree::Boost(inner, _) => 1 + inner.depth(),
            Tree::Spans(spans) | Tree::AtLeast(_, spans) => spans.depth(),
            _ => 0,
        }
    }

    /// What a user should know of how names of places were taken: `Paris is taken for Paris (FR)`.
    pub fn remarks(&self) -> Vec<String> {
        match self {
            Tree::And(parts) | Tree::Or(parts) => parts.iter().flat_map(Tree::remarks).collect(),
            Tree::Not(inner) | Tree::Boost(inner, _) => inner.remarks(),
            Tree::Near(near) => near.remark().into_iter().collect(),
            _ => self.words().into_iter().filter_map(Word::remark).collect(),
        }
    }

    /// Every word, those of phrases and under a NOT included.
    pub fn words(&self) -> Vec<&Word> {
        match self {
            Tree::Word(word) => vec![word],
            Tree::Phrase(phrase) => phrase.words.iter().collect(),
            Tree::Spans(spans) | Tree::AtLeast(_, spans) => {
                let word = |leaf| if let Leaf::Word(word) = leaf { Some(word) } else { None };
                spans.leaves().into_iter().filter_map(word).collect()
            }
            Tree::And(parts) | Tree::Or(parts) => parts.iter().flat_map(Tree::words).collect(),
            Tree::Not(inner) | Tree::Boost(inner, _) => inner.words(),
            _ => Vec::new(),
        }
    }

    /// Calls `change` on every word, those of phrases included.
    pub fn each_word(&mut self, change: &mut dyn FnMut(&mut Word)) {
        match self {
            Tree::Word(word) => change(word),
            Tree::Phrase(phrase) => phrase.words.iter_mut().for_each(change),
            Tree::Spans(spans) | Tree::AtLeast(_, spans) => spans.each_word(change),
            Tree::And(parts) | Tree::Or(parts) => parts.iter_mut().for_each(|part| part.each_word(change)),
            Tree::Not(inner) | Tree::Boost(inner, _) => inner.each_word(change),
            _ => {}
        }
    }
}

impl Place {
    /// What sorts places, and tells them apart in a text.
    fn key(&self) -> (&str, &str, &str) {
        (&self.name, &self.country, &self.region)
    }

    /// Whether another has the same name, country and part of it.
    pub fn is_called_as(&self, other: &Place) -> bool {
        self.key() == other.key()
    }

    /// The order in which places of the index are listed in a tree.
    pub fn order(&self, other: &Place) -> std::cmp::Ordering {
        let point = |place: &Place| place.point.unwrap_or((f32::MAX, f32::MAX));
        let ((lat, lon), (other_lat, other_lon)) = (point(self), point(other));
        let by_point = lat.total_cmp(&other_lat).then(lon.total_cmp(&other_lon));
        self.key().cmp(&other.key()).then(by_point)
    }

    /// Whether `places`, which are in order, have one of this name, country and region.
    pub fn any_of(places: &[Place], name: &str, country: Option<&str>, region: Option<&str>) -> bool {
        let wanted = (name, country.unwrap_or(""), region.unwrap_or(""));
        places.binary_search_by(|place| place.key().cmp(&wanted)).is_ok()
    }

    /// The name with what tells it from others: `Paris (Texas, US)`, `Lyon (FR)`, `France`.
    pub fn label(&self) -> String {
        let region = Some(self.region.as_str()).filter(|region| !region.is_empty() && *region != self.name);
        if self.country.is_empty() || places::country_name(&self.country) == Some(self.name.as_str()) {
            return self.name.clone();
        }
        match region {
            Some(region) => format!("{} ({region}, {})", self.name, self.country),
            None => format!("{} ({})", self.name, self.country),
        }
    }
}

/// Others of a name that are listed.
const OTHERS: usize = 5;

impl Near {
    fn remark(&self) -> Option<String> {
        let around = self.around.as_ref()?;
        let (taken, first) = around.taken.as_ref().zip(around.others.first())?;
        let mut others: Vec<String> = around.others.iter().take(OTHERS).map(Place::label).collect();
        if around.others.len() > OTHERS {
            others.push("others".to_owned());
        }
        let lies = if first.region.is_empty() { &first.country } else { &first.region };
        let (name, others) = (&taken.name, others.join(", "));
        Some(format!("{} is taken for {}; also {others}: write \"{name}, {lies}\"", self.place, taken.label()))
    }
}

impl Value {
    /// The value and those that count as it.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.value.as_str()).chain(self.also.iter().copied())
    }
}

impl Word {
    /// A word as it is written, in the form under which it is looked up.
    pub fn new(written: &str, exact: bool, scope: Scope, span: Span) -> Word {
        Word {
            written: written.to_owned(),
            forms: vec![fold::fold(written)],
            spelling: Spelling::Plain,
            left_out: 0,
            exact,
            scope,
            span,
        }
    }

    /// As it is typed, but for its field and `=`.
    pub fn shown(&self) -> String {
        match self.spelling {
            Spelling::Fuzzy(slips) => format!("{}~{slips}", self.written),
            _ => self.written.clone(),
        }
    }

    /// What stands between this word of a phrase and the next as they are typed.
    pub fn between(&self, next: &Word) -> &'static str {
        // Side by side they may be read as one word where what stood behind them parted them: `U.S.` and `a`.
        let parted = || tokens::words(&format!("{}{}", self.shown(), next.shown())).nth(1).is_some();
        match (self.hyphenated(next), self.touches(next)) {
            (true, _) => "-",
            (_, true) if parted() => "",
            _ => " ",
        }
    }

    fn remark(&self) -> Option<String> {
        let (shown, kept, all) = (self.shown(), self.forms.len(), self.forms.len() + self.left_out);
        (self.left_out > 0)
            .then(|| format!("`{shown}` stands for {all} words; the {kept} of most articles were looked for"))
    }

    /// Whether a hyphen ties this word of a phrase to the one after it: `cease-fire`.
    pub fn hyphenated(&self, next: &Word) -> bool {
        self.touches(next) && self.span.end - self.span.start > self.shown().len()
    }

    /// Whether nothing but a hyphen stands between this word of a phrase and the one after it, as in `条約`.
    fn touches(&self, next: &Word) -> bool {
        self.span.end == next.span.start && self.span.start < self.span.end
    }
}

impl Scope {
    /// The field that says so, with its colon.
    pub fn prefix(self) -> &'static str {
        match self {
            Scope::Anywhere => "",
            Scope::Title => "title:",
            Scope::Body => "body:",
        }
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Tree::All => out.write_str("*"),
            Tree::Word(word) => {
                let exact = if word.exact { "=" } else { "" };
                write!(out, "{}{exact}{}", word.scope.prefix(), word.shown())
            }
            Tree::Phrase(phrase) => {
                let exact = if phrase.words.iter().any(|word| word.exact) { "=" } else { "" };
                write!(out, "{}{exact}\"", phrase.scope.prefix())?;
                for (at, word) in phrase.words.iter().enumerate() {
                    let before = at.checked_sub(1).and_then(|before| phrase.words.get(before));
                    let between = before.map_or("", |before| before.between(word));
                    write!(out, "{between}{}", word.shown())?;
                }
                out.write_str("\"")
            }
            Tree::Spans(spans) => write!(out, "{spans}"),
            Tree::AtLeast(times, spans) => write!(out, "ATLEAST{times}({spans})"),
            Tree::Name(name) => {
                let exact = if name.exact { "=" } else { "" };
                write!(out, "{}:{exact}{}", name.field.name, quoted(&name.name))
            }
            Tree::Value(value) => {
                let exact = if value.exact { "=" } else { "" };
                write!(out, "{}:{exact}{}", value.field.name, quoted(&value.value))
            }
            Tree::Near(near) => write!(out, "near:\"{},{}\"", near.place, near.distance),
            Tree::Days(days) => {
                write!(out, "{}:", days.field.name)?;
                match (days.first, days.last) {
                    (Some(first), Some(last)) if first == last => write!(out, "{first}"),
                    (first, last) => {
                        let show = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
                        write!(out, "{}..{}", show(first), show(last))
                    }
                }
            }
            Tree::Gap(gap) => {
                let most = gap.most.map(|most| format!("{most}d")).unwrap_or_default();
                write!(out, "date-gap:\"{}d..{most}\"", gap.least)
            }
            Tree::Dated(Dated::None) => out.write_str("published:none"),
            Tree::Dated(Dated::Guessed) => out.write_str("published:guessed"),
            Tree::And(parts) => joined(parts, " AND ", out),
            Tree::Or(parts) => joined(parts, " OR ", out),
            Tree::Not(inner) => match **inner {
                Tree::And(_) | Tree::Or(_) => write!(out, "NOT ({inner})"),
                _ => write!(out, "NOT {inner}"),
            },
            Tree::Boost(inner, weight) => match **inner {
                Tree::And(_) | Tree::Or(_) | Tree::Not(_) | Tree::Spans(Spans::Linked { .. }) => {
                    write!(out, "({inner})^{weight}")
                }
                _ => write!(out, "{inner}^{weight}"),
            },
        }
    }
}

fn joined(parts: &[Tree], with: &str, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            out.write_str(with)?;
        }
        match part {
            Tree::And(_) | Tree::Or(_) => write!(out, "({part})")?,
            _ => write!(out, "{part}")?,
        }
    }
    Ok(())
}

fn quoted(value: &str) -> String {
    if value.starts_with(char::is_alphanumeric) && value.chars().all(|c| c.is_alphanumeric() || c == '-') {
        value.to_owned()
    } else {
        format!("\"{}\"", value.replace('"', ""))
    }
}
