//! Why nothing was found: what each part of the query has by itself, which part empties the answer, and the nearest that
//! would match.

use super::collect;
use super::opened::Opened;
use super::schema::{self, column};
use super::translate::Translator;
use super::vocabulary;
use crate::error::Result;
use crate::field::Kind;
use crate::names;
use crate::names::identity;
use crate::query::spans::{Leaf, Link, Reach, Spans};
use crate::query::tree::{Days, Name, Spelling, Tree, Word};
use crate::search::Clause;
use crate::text::sound;
use std::cmp::Reverse;
use tantivy::Term;

/// With more parts than this it is not asked what the others have together.
const MOST_PARTS: usize = 12;

/// Each part of the query with what it matches alone, with what the others match without it, and what would come
/// nearest.
pub(super) fn diagnosis(translator: &Translator<'_>, tree: &Tree) -> Result<Vec<Clause>> {
    let single = std::slice::from_ref(tree);
    let parts = if let Tree::And(parts) = tree { parts.as_slice() } else { single };
    let mut clauses = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let count = count(translator, part)?;
        let nearest = match part {
            Tree::Days(days) if count == 0 || parts.len() > 1 => nearest_day(translator, tree, days)?,
            _ if count == 0 => nearest(translator, part)?,
            _ => None,
        };
        let without = match (2..=MOST_PARTS).contains(&parts.len()) {
            true => Some(self::count(translator, &Tree::And(others(parts, at)))?),
            false => None,
        };
        clauses.push(Clause { clause: part.to_string(), count, without, nearest });
    }
    Ok(clauses)
}

/// Each part of the query with what it matches alone, and for names and words that nothing has what is spelt nearly so.
/// Nothing here looks through all names or words of the index: it is asked for each of thousands of questions.
pub(super) fn quick(translator: &Translator<'_>, tree: &Tree) -> Result<Vec<Clause>> {
    let single = std::slice::from_ref(tree);
    let parts = if let Tree::And(parts) = tree { parts.as_slice() } else { single };
    let mut clauses = Vec::new();
    for part in parts.iter().take(MOST_PARTS) {
        // The whole is known to match nothing.
        let count = if parts.len() > 1 { count(translator, part)? } else { 0 };
        let nearest = if count == 0 { nearly(translator, part)? } else { None };
        clauses.push(Clause { clause: part.to_string(), count, without: None, nearest });
    }
    Ok(clauses)
}

/// What is spelt nearly like a part that matches nothing.
fn nearly(translator: &Translator<'_>, part: &Tree) -> Result<Option<String>> {
    match part {
        Tree::Word(word) => nearest_by_letters(translator, word).map(|found| found.map(meant)),
        Tree::Name(name) => nearly_named(translator, name),
        Tree::Phrase(phrase) => {
            for word in &phrase.words {
                if count(translator, &Tree::Word(Word { exact: false, ..word.clone() }))? == 0 {
                    return nearest_by_letters(translator, word).map(|found| found.map(meant));
                }
            }
            Ok(None)
        }
        Tree::Or(parts) => {
            for part in parts.iter().take(MOST_PARTS) {
                if let Some(found) = nearly(translator, part)? {
                    return Ok(Some(found));
                }
            }
            Ok(None)
        }
        Tree::Boost(inner, _) => nearly(translator, inner),
        _ => Ok(None),
    }
}

/// The name of most articles within a slip or two; for a single word, a word of the articles.
fn nearly_named(translator: &Translator<'_>, name: &Name) -> Result<Option<String>> {
    let opened = translator.opened();
    let Some(field) = opened.fields.of(name.field.name) else { return Ok(None) };
    let key = names::asked_key(&name.name);
    if key.is_empty() {
        return Ok(None);
    }
    for slips in 1..=key.chars().count().div_ceil(LETTERS_A_SLIP).min(MOST_SLIPS) {
        let found = vocabulary::near_names(opened, field, &key, slips)?;
        let begins = |term: &str| term.chars().next() == key.chars().next();
        let fits = found.iter().filter(|(term, _)| *term != key && begins(term));
        if let Some((term, articles)) = fits.min_by_key(|(term, articles)| (Reverse(*articles), term)) {
            return Ok(Some(format!("did you mean {}:\"{term}\" ({articles})", name.field.name)));
        }
    }
    Ok(None)
}

fn meant((articles, term): (u64, String)) -> String {
    format!("did you mean {term} ({articles})")
}

/// Each part of the query with what it matches alone.
pub(super) fn clauses(translator: &Translator<'_>, tree: &Tree) -> Result<Vec<Clause>> {
    let parts =
        if let Tree::And(parts) | Tree::Or(parts) = tree { parts.as_slice() } else { std::slice::from_ref(tree) };
    let clause =
        |part: &Tree| Ok(Clause { clause: part.to_string(), count: count(translator, part)?, ..Clause::default() });
    parts.iter().map(clause).collect()
}

fn others(parts: &[Tree], without: usize) -> Vec<Tree> {
    parts.iter().enumerate().filter(|(at, _)| *at != without).map(|(_, part)| part.clone()).collect()
}

fn count(translator: &Translator<'_>, tree: &Tree) -> Result<usize> {
    Ok(collect::hits(translator.opened(), translator.translate(tree)?.as_ref(), false)?.len())
}

/// What would come nearest to a part that matches nothing.
fn nearest(translator: &Translator<'_>, part: &Tree) -> Result<Option<String>> {
    match part {
        Tree::Phrase(phrase) => words_alone(translator, &phrase.words.iter().collect::<Vec<_>>()),
        Tree::Word(word) => nearest_word(translator, word),
        Tree::Name(name) => nearest_name(translator, name),
        Tree::Spans(spans) => {
            if let Some(wider) = wider(translator, spans)? {
                return Ok(Some(wider));
            }
            let leaves = spans.leaves();
            let words = leaves.iter().filter_map(|leaf| match leaf {
                Leaf::Word(word) => Some(*word),
                _ => None,
            });
            words_alone(translator, &words.collect::<Vec<_>>())
        }
        Tree::Boost(inner, _) => nearest(translator, inner),
        Tree::AtLeast(_, spans) => {
            let once = count(translator, &Tree::Spans(spans.clone()))?;
            Ok(Some(format!("{spans} once or more often: {once}")))
        }
        _ => Ok(None),
    }
}

/// Distances that are tried where a link finds nothing.
const WIDER: &[u32] = &[5, 10, 20, 50, 100, 200, 500, 1000];

/// The least of [`WIDER`] at which a link would find something.
fn wider(translator: &Translator<'_>, spans: &Spans) -> Result<Option<String>> {
    let Spans::Linked { left, link, right } = spans else { return Ok(None) };
    let Link { reach: Reach::Words(asked), negated: false, .. } = link else { return Ok(None) };
    for distance in WIDER.iter().filter(|distance| *distance > asked) {
        let link = Link { reach: Reach::Words(*distance), ..*link };
        let wider = Tree::Spans(Spans::Linked { left: left.clone(), link, right: right.clone() });
        let count = count(translator, &wider)?;
        if count > 0 {
            return Ok(Some(format!("{link} has {count}")));
        }
    }
    Ok(None)
}

/// For words that nowhere stand as asked: how often each stands anywhere, and a better one for what is nowhere.
fn words_alone(translator: &Translator<'_>, words: &[&Word]) -> Result<Option<String>> {
    let mut parts = Vec::new();
    for word in words {
        let leaf = Word { exact: false, ..(*word).clone() };
        let articles = count(translator, &Tree::Word(leaf))?;
        let better = if articles == 0 { nearest_word(translator, word)? } else { None };
        let better = better.map(|better| format!(" ({better})")).unwrap_or_default();
        parts.push(format!("{} {articles}{better}", word.shown()));
    }
    Ok((!parts.is_empty()).then(|| format!("its words alone: {}", parts.join(", "))))
}

/// The day nearest to the interval asked for, of publication or spoken of, among the articles that match the rest of the
/// query.
fn nearest_day(translator: &Translator<'_>, tree: &Tree, days: &Days) -> Result<Option<String>> {
    let opened = translator.opened();
    let rest: Vec<Tree> = match tree {
        Tree::And(parts) => parts.iter().filter(|part| **part != Tree::Days(days.clone())).cloned().collect(),
        _ => Vec::new(),
    };
    let rest = if rest.is_empty() { Tree::All } else { Tree::And(rest) };
    let query = translator.translate(&rest)?;
    let first = days.first.map_or(i64::MIN, schema::day_number);
    let last = days.last.map_or(i64::MAX, schema::day_number);
    let spoken = days.field.kind == Kind::Spoken;
    let mut nearest: Option<(i64, i64)> = None;
    let mut segment: Option<(u32, Intervals)> = None;
    for (_, address) in collect::hits(opened, query.as_ref(), false)? {
        if segment.as_ref().is_none_or(|(ordinal, _)| *ordinal != address.segment_ord) {
            segment = Some((address.segment_ord, Intervals::open(opened, address.segment_ord, spoken)?));
        }
        let Some((_, intervals)) = &segment else { continue };
        intervals.each(address.doc_id, |from, to| {
            let (distance, day) = if to < first { (first - to, to) } else { (from.saturating_sub(last).max(0), from) };
            if nearest.is_none_or(|known| (distance, day) < known) {
                nearest = Some((distance, day));
            }
        });
    }
    let word = if spoken { "speaks of" } else { "published" };
    Ok(nearest.and_then(|(_, day)| schema::day(day)).map(|day| format!("{word} {day}")))
}

/// The intervals of days of the articles of a segment.
enum Intervals {
    Published(tantivy::columnar::Column<i64>, tantivy::columnar::Column<i64>),
    Spoken(tantivy::columnar::Column<u64>),
}

impl Intervals {
    fn open(opened: &Opened, ordinal: u32, spoken: bool) -> Result<Intervals> {
        let failed = |error| opened.failed("reading the days of", error);
        let columns = opened.searcher.segment_reader(ordinal).fast_fields();
        Ok(match spoken {
            true => Intervals::Spoken(columns.u64(column::SPOKEN).map_err(failed)?),
            false => Intervals::Published(
                columns.i64(column::FIRST).map_err(failed)?,
                columns.i64(column::LAST).map_err(failed)?,
            ),
        })
    }

    fn each(&self, doc: u32, mut take: impl FnMut(i64, i64)) {
        match self {
            Intervals::Published(first, last) => {
                if let Some((first, last)) = first.first(doc).zip(last.first(doc)) {
                    take(first, last);
                }
            }
            Intervals::Spoken(column) => {
                column.values_for_doc(doc).map(schema::unpack).for_each(|(from, to)| take(from, to))
            }
        }
    }
}

/// A suggested word may be one slip from the one written for each five letters or part of them, but no more than two.
const LETTERS_A_SLIP: usize = 5;
const MOST_SLIPS: usize = 2;

/// Words of so many letters may begin with a wrong one.
const LONG: usize = 7;

/// How many slips are looked for in a word.
fn slips(word: &str) -> usize {
    word.chars().count().div_ceil(LETTERS_A_SLIP).min(MOST_SLIPS)
}

/// The word of the index that was meant, perhaps: the one with the fewest slips, else one that sounds alike; of several
/// the one of most articles.
fn nearest_word(translator: &Translator<'_>, word: &Word) -> Result<Option<String>> {
    let Some(written) = spelt(word) else { return Ok(None) };
    let body = translator.opened().fields.body;
    let frequency = |term: &str| translator.frequency(&Term::from_field_text(body, term)).unwrap_or(0);
    let mut found = nearest_by_letters(translator, word)?.map(|(articles, term)| (Reverse(articles), term));
    if let (None, Some(heard)) = (&found, sound::key(&written).filter(|key| key.len() > 1)) {
        let opened = translator.opened();
        let take = |term: &str| {
            if sound::begins(term, &heard) && sound::key(term).as_ref() == Some(&heard) && term != written {
                let alike = (Reverse(frequency(term)), term.to_owned());
                if found.as_ref().is_none_or(|known| alike < *known) {
                    found = Some(alike);
                }
            }
        };
        let outcome = opened.lookups().sounding(&opened.searcher, &opened.fields, body, &heard, take);
        outcome.map_err(|error| opened.failed("reading the words of", error))?;
    }
    Ok(found.map(|(Reverse(frequency), term)| meant((frequency, term))))
}

/// How a word was written, where it was written by its letters.
fn spelt(word: &Word) -> Option<String> {
    match word.spelling {
        Spelling::Plain | Spelling::Family => word.forms.first().cloned(),
        Spelling::Fuzzy(_) => Some(crate::text::fold::fold(&word.written)),
        Spelling::Wildcard | Spelling::Regex => None,
    }
}

/// The word of the index with the fewest slips, with its articles; of several the one of most articles.
fn nearest_by_letters(translator: &Translator<'_>, word: &Word) -> Result<Option<(u64, String)>> {
    let Some(written) = spelt(word) else { return Ok(None) };
    let mut by_letters: Option<(u64, String)> = None;
    // In a short word the first letter is seldom the wrong one.
    let first = written.chars().next().filter(|_| written.chars().count() < LONG);
    for slips in 1..=slips(&written) {
        for (term, articles) in vocabulary::near(translator.opened(), &written, slips)? {
            let fits = term != written && (first.is_none() || term.chars().next() == first);
            let better = |known: &(u64, String)| (Reverse(articles), &term) < (Reverse(known.0), &known.1);
            if fits && by_letters.as_ref().is_none_or(better) {
                by_letters = Some((articles, term));
            }
        }
        if by_letters.is_some() {
            break;
        }
    }
    Ok(by_letters)
}

/// The name that was meant, perhaps: the one with the fewest slips among those with a word near the last word asked for,
/// else the one of most articles whose last word sounds alike.
fn nearest_name(translator: &Translator<'_>, name: &Name) -> Result<Option<String>> {
    let opened = translator.opened();
    let Some(field) = opened.fields.of(name.field.name) else { return Ok(None) };
    let failed = |error| opened.failed("looking up names in", error);
    let (lookups, searcher, fields) = (opened.lookups(), &opened.searcher, &opened.fields);
    let key = names::key(&name.name);
    let last = key.rsplit(' ').next().unwrap_or("");
    let mut near = Vec::new();
    if let Some(pattern) =
        vocabulary::fuzzy(&identity::word_key(last, identity::is_of_people(name.field.name)), slips(last))
    {
        let take = |term: &str| near.push(term.to_owned());
        lookups.with_word_near(searcher, fields, field, &pattern, take).map_err(failed)?;
    }
    let suggested = |name_: &str| format!("did you mean {}:\"{name_}\"", name.field.name);
    if let Some(nearest) = names::nearest_key(&name.name, near.iter().map(String::as_str)) {
        return Ok(Some(suggested(&nearest)));
    }
    // By the sound of its last word, which is the family name in most.
    let heard = |text: &str| text.rsplit(' ').next().and_then(sound::key).filter(|key| key.len() > 2);
    let Some(wanted) = heard(&key) else { return Ok(None) };
    let mut best: Option<(Reverse<u64>, String)> = None;
    let take = |term: &str| {
        if heard(term).as_ref() == Some(&wanted) {
            let frequency = translator.frequency(&Term::from_field_text(field, term)).unwrap_or(0);
            let alike = (Reverse(frequency), term.to_owned());
            if best.as_ref().is_none_or(|known| alike < *known) {
                best = Some(alike);
            }
        }
    };
    lookups.sounding(searcher, fields, field, &wanted, take).map_err(failed)?;
    Ok(best.map(|(_, term)| suggested(&term)))
}
