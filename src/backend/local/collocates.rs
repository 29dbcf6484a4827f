//! Collocates: the words that stand around the places where a question matches oftener than elsewhere.
//!
//! 1. The articles that match are read; of very many, some that are chosen by chance.
//! 2. A [`Tally`] counts the words within so many of a match, each place of a text once, however many matches it is near;
//!    words of the matches themselves are left out.
//! 3. How often each word stands in the archive is summed from postings. Frequent words have long ones, and a word that
//!    more articles have cannot be measured higher than by their number alone: words are counted in the order of what
//!    they can reach, until no other can be among those wanted.
//! 4. [`crate::backend::association`] measures; the articles behind the best are read once more for their lines.

use super::answer::Local;
use super::chance;
use super::collect;
use super::lines::{Lines, Looked};
use super::opened::Opened;
use super::tokenise::{PARAGRAPH, SENTENCE};
use super::translate::Translator;
use super::vocabulary;
use crate::article::Part;
use crate::backend::association::Table;
use crate::error::Result;
use crate::query::forms;
use crate::query::matcher::Found;
use crate::query::tree::Tree;
use crate::search::{Collocate, Collocates, CollocatesRequest, Line};
use crate::text::{fold, tokens};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, SegmentReader, TERMINATED, Term};

/// What decides which of many articles are read, and which lines are shown.
const SEED: u64 = 0;
/// Words of context that a line behind a collocate has beyond the window.
const CONTEXT: usize = 6;

/// What was counted around matches.
#[derive(Default)]
struct Tally {
    words: FxHashMap<Box<str>, Word>,
    /// How often each word stands in matches.
    in_matches: FxHashMap<Box<str>, u32>,
    matches: usize,
    words_in_matches: usize,
    window: usize,
    /// What is around the matches of the text that is looked at: for each word that is, its nearest match.
    near: Vec<(usize, usize)>,
}

/// A word around matches.
#[derive(Default)]
struct Word {
    together: usize,
    articles: usize,
    /// The lines that are shown: those with the lowest numbers.
    lines: Vec<Example>,
}

/// A line, by the article and the match; the number that chance gave it comes first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Example {
    number: u64,
    id: String,
    in_title: bool,
    start: usize,
}

impl Tally {
    /// Counts what is around the matches of one article.
    fn add(&mut self, looked: &Looked<'_>, request: &CollocatesRequest) {
        let number = chance::number(&looked.record.id, SEED);
        let mut folded = String::new();
        let mut of_article: FxHashMap<Box<str>, usize> = FxHashMap::default();
        for part in [Part::Title, Part::Body] {
            let places: Vec<&Found> = looked.places.iter().filter(|found| found.part == part).collect();
            self.matches += places.len();
            self.look(looked, &places, request);
            let words = looked.view.words(part);
            for (position, nearest) in std::mem::take(&mut self.near) {
                fold::fold_into(words.word(position), &mut folded);
                if folded.len() > tokens::LONGEST {
                    continue;
                }
                self.window += 1;
                let found = places[nearest];
                let example = chance::of_place(number, part == Part::Title, found.span.start);
                let word = known(&mut self.words, &folded);
                word.together += 1;
                let full = word.lines.len() >= request.lines;
                if !full || word.lines.last().is_some_and(|last| example < last.number) {
                    let in_title = part == Part::Title;
                    let example =
                        Example { number: example, id: looked.record.id.clone(), in_title, start: found.span.start };
                    if let Err(at) = word.lines.binary_search(&example) {
                        word.lines.insert(at, example);
                        word.lines.truncate(request.lines);
                    }
                }
                *known(&mut of_article, &folded) += 1;
            }
            let mut last = None;
            for found in places {
                let (first, end) = looked.extent(found);
                for position in first.max(last.map_or(0, |last: usize| last + 1))..=end {
                    fold::fold_into(words.word(position), &mut folded);
                    *known(&mut self.in_matches, &folded) += 1;
                    self.words_in_matches += 1;
                }
                last = last.max(Some(end));
            }
        }
        for word in of_article.into_keys() {
            known(&mut self.words, &word).articles += 1;
        }
    }

    /// Finds the words around matches, which are in the order of the text, each once, with the match it is nearest to.
    fn look(&mut self, looked: &Looked<'_>, places: &[&Found], request: &CollocatesRequest) {
        self.near.clear();
        let Some(part) = places.first().map(|found| found.part) else { return };
        let words = looked.view.words(part);
        // A headline is one sentence.
        let sentence = |position: usize| match part {
            Part::Title => 0,
            Part::Body => words.bounds.sentence(u32::try_from(position).unwrap_or(u32::MAX)),
        };
        let extents: Vec<(usize, usize)> = places.iter().map(|found| looked.extent(found)).collect();
        let taken = |position: usize, at: usize| {
            // Matches may overlap, but none holds another: those that hold a position are beside each other.
            let before = extents[..at].iter().rev().take_while(|extent| extent.1 >= position);
            let behind = extents[at..].iter().take_while(|extent| extent.0 <= position);
            before.chain(behind).any(|extent| extent.0 <= position && position <= extent.1)
        };
        for (at, (first, last)) in extents.iter().copied().enumerate() {
            let (begin, end) = (sentence(first), sentence(last));
            let inside = |position: &usize| !request.same_sentence || (begin..=end).contains(&sentence(*position));
            for position in (first.saturating_sub(request.left)..first).filter(inside) {
                if !taken(position, at) {
                    self.near.push((position, at));
                }
            }
            let until = last.saturating_add(request.right).saturating_add(1).min(words.len());
            for position in (last + 1..until).filter(inside) {
                if !taken(position, at) {
                    self.near.push((position, at));
                }
            }
        }
        let distance = |(position, at): &(usize, usize)| {
            let (first, last) = extents[*at];
            if *position < first { first - position } else { position - last }
        };
        self.near.sort_by_key(|near| (near.0, distance(near), near.1));
        self.near.dedup_by_key(|near| near.0);
    }

    /// Joins what two threads have counted.
    fn join(&mut self, other: Tally, lines: usize) {
        for (word, more) in other.words {
            let known = self.words.entry(word).or_default();
            known.together += more.together;
            known.articles += more.articles;
            known.lines.extend(more.lines);
            known.lines.sort_unstable();
            known.lines.truncate(lines);
        }
        for (word, more) in other.in_matches {
            *self.in_matches.entry(word).or_default() += more;
        }
        self.matches += other.matches;
        self.words_in_matches += other.words_in_matches;
        self.window += other.window;
    }
}

/// The value of a word, made where there is none: most words are known, and need no copy.
fn known<'m, T: Default>(map: &'m mut FxHashMap<Box<str>, T>, word: &str) -> &'m mut T {
    if !map.contains_key(word) {
        map.insert(word.into(), T::default());
    }
    map.get_mut(word).expect("it was put there")
}

/// A word that may be among those wanted.
struct Candidate<'t> {
    word: &'t str,
    counted: &'t Word,
    /// The least that it stands in the archive.
    least: u64,
    /// How often it does, once that is known.
    archive: Option<u64>,
    /// What it is ordered by: what it can reach, or what it has.
    rank: f64,
}

/// The words around the places where `tree` matches.
pub(super) fn collocates(
    local: &Local,
    opened: &Opened,
    tree: &Tree,
    request: &CollocatesRequest,
) -> Result<Collocates> {
    let lines = Lines::new(local, opened, tree)?;
    let translator = Translator::new(opened)?;
    let hits = collect::hits(opened, translator.translate(tree)?.as_ref(), false)?;
    let results = local.receipts(&translator, tree, &request.query, &hits)?;
    let mut answer = Collocates { results, ..Collocates::default() };
    if hits.is_empty() {
        return Ok(answer);
    }
    let few;
    let these = if request.read == 0 || request.read >= hits.len() {
        &hits
    } else {
        few = chance::by_id(opened, &hits, request.read, SEED)?;
        answer.read_of = Some(few.len());
        &few
    };
    let mut tally = Tally::default();
    for part in lines.read(these, Tally::default, |tally, looked| tally.add(looked, request))? {
        tally.join(part, request.lines);
    }
    let languages = vocabulary::asked(tree).map_or_else(|| vocabulary::languages(opened), Ok)?;
    answer.matches = tally.matches;
    answer.window = tally.window;
    let archive = Archive::new(opened)?;
    answer.words = archive.words;
    let part = these.len() as f64 / hits.len() as f64;
    let table = |counted: &Word, word: &str, in_archive: u64| {
        let seen = Table {
            together: counted.together as f64,
            window: tally.window as f64,
            matches: tally.matches as f64,
            ..Table::default()
        };
        let in_matches = tally.in_matches.get(word).copied().unwrap_or(0);
        seen.sampled(
            part,
            in_archive as f64,
            f64::from(in_matches),
            archive.words as f64,
            tally.words_in_matches as f64,
        )
    };
    let rank = |table: &Table| {
        let attracted = table.together > table.expected();
        if attracted { table.measures().of(request.measure) } else { f64::NEG_INFINITY }
    };
    let mut candidates: Vec<Candidate<'_>> = Vec::new();
    for (word, counted) in &tally.words {
        if counted.together < request.least || (!request.stop_words && forms::empty(word, &languages)) {
            continue;
        }
        let least = archive.least(word)?;
        let rank = rank(&table(counted, word, least));
        candidates.push(Candidate { word, counted, least, archive: None, rank });
    }
    let limit = if request.limit == 0 { usize::MAX } else { request.limit };
    let best = |a: &Candidate<'_>, b: &Candidate<'_>| b.rank.total_cmp(&a.rank).then_with(|| a.word.cmp(b.word));
    candidates.sort_unstable_by(best);
    let mut counted: Vec<Candidate<'_>> = Vec::new();
    // The lowest rank of those that would be listed by now.
    let mut wanted = std::collections::BinaryHeap::new();
    for mut candidate in candidates {
        let beaten = wanted.len() >= limit && wanted.peek().is_some_and(|Reverse(Rank(last))| candidate.rank < *last);
        if beaten || candidate.rank == f64::NEG_INFINITY {
            break;
        }
        let in_archive = archive.count(candidate.word)?.max(candidate.least);
        candidate.archive = Some(in_archive);
        candidate.rank = rank(&table(candidate.counted, candidate.word, in_archive));
        if candidate.rank == f64::NEG_INFINITY {
            continue;
        }
        wanted.push(Reverse(Rank(candidate.rank)));
        if wanted.len() > limit {
            wanted.pop();
        }
        counted.push(candidate);
    }
    counted.sort_unstable_by(best);
    for Candidate { word, counted, archive, .. } in counted.into_iter().take(limit) {
        let in_archive = archive.unwrap_or(0);
        let table = table(counted, word, in_archive);
        let mut shown = Vec::with_capacity(counted.lines.len());
        for example in &counted.lines {
            shown.extend(line(opened, &lines, example, request)?);
        }
        answer.collocates.push(Collocate {
            word: word.to_owned(),
            together: counted.together,
            articles: counted.articles,
            expected: table.expected(),
            archive: in_archive,
            measures: table.measures(),
            lines: shown,
        });
    }
    Ok(answer)
}

/// A rank, in order.
#[derive(PartialEq)]
struct Rank(f64);

impl Eq for Rank {}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Rank) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rank {
    fn cmp(&self, other: &Rank) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// The line of an example, read once more.
fn line(opened: &Opened, lines: &Lines<'_>, example: &Example, request: &CollocatesRequest) -> Result<Option<Line>> {
    let Some(address) = opened.find(&example.id)? else { return Ok(None) };
    let mut line = None;
    lines.look(&(0.0, address), &mut |looked| {
        let same =
            |found: &&Found| (found.part == Part::Title) == example.in_title && found.span.start == example.start;
        let found = looked.places.iter().find(same);
        line = found.map(|found| looked.line(found, request.left.max(request.right).saturating_add(CONTEXT)));
    })?;
    Ok(line)
}

/// How often words stand in headlines and bodies of the archive.
struct Archive<'a> {
    opened: &'a Opened,
    /// All words.
    words: u64,
}

/// The words and marks in one field of a segment, from what is kept of each article: its length, rounded down.
#[derive(Default)]
struct Lengths {
    /// Of all articles, as they are kept.
    rounded: f64,
    /// The same, each taken to be in the middle of those that are rounded to it.
    middle: f64,
    /// The same, of articles that were not removed.
    living: f64,
}

impl Lengths {
    fn new(segment: &SegmentReader, field: Field) -> tantivy::Result<Lengths> {
        let reader = segment.get_fieldnorms_reader(field)?;
        let mut lengths = Lengths::default();
        for doc in 0..segment.max_doc() {
            let id = reader.fieldnorm_id(doc);
            let least = f64::from(FieldNormReader::id_to_fieldnorm(id));
            let most = id.checked_add(1).map_or(least, |next| f64::from(FieldNormReader::id_to_fieldnorm(next)) - 1.0);
            let middle = (least + most) / 2.0;
            lengths.rounded += least;
            lengths.middle += middle;
            if !segment.is_deleted(doc) {
                lengths.living += middle;
            }
        }
        Ok(lengths)
    }

    /// The words and marks of living articles. `known` is how many there are of all: exactly, but where segments with
    /// removed articles were made one, which sums lengths that are rounded down.
    fn words(&self, known: u64) -> f64 {
        let known = known as f64;
        let exact = known - self.rounded >= (self.middle - self.rounded) / 2.0;
        let all = if exact { known } else { self.middle };
        if self.middle > 0.0 { all * self.living / self.middle } else { 0.0 }
    }
}

impl<'a> Archive<'a> {
    fn new(opened: &'a Opened) -> Result<Archive<'a>> {
        let failed = |error| opened.failed("counting the words of", error);
        let mut archive = Archive { opened, words: 0 };
        let mut all = 0.0;
        for segment in opened.searcher.segment_readers() {
            for field in archive.fields() {
                let known = segment.inverted_index(field).map_err(failed)?.total_num_tokens();
                all += Lengths::new(segment, field).map_err(failed)?.words(known);
            }
        }
        // Marks of sentences and paragraphs are no words.
        let marks = archive.count(SENTENCE)? + archive.count(PARAGRAPH)?;
        archive.words = (all.round() as u64).saturating_sub(marks);
        Ok(archive)
    }

    fn fields(&self) -> [Field; 2] {
        [self.opened.fields.title, self.opened.fields.body]
    }

    /// How often a word stands there at least: once in each article that has it.
    fn least(&self, word: &str) -> Result<u64> {
        let failed = |error| self.opened.failed("counting the words of", error);
        let mut least = 0;
        for field in self.fields() {
            let term = Term::from_field_text(field, word);
            for segment in self.opened.searcher.segment_readers() {
                let terms = segment.inverted_index(field).map_err(failed)?;
                let articles = terms.doc_freq(&term).map_err(|error| failed(error.into()))?;
                least += u64::from(articles.saturating_sub(segment.num_deleted_docs()));
            }
        }
        Ok(least)
    }

    /// How often a word stands there.
    fn count(&self, word: &str) -> Result<u64> {
        let failed = |error| self.opened.failed("counting the words of", error);
        let mut count = 0;
        for field in self.fields() {
            let term = Term::from_field_text(field, word);
            for segment in self.opened.searcher.segment_readers() {
                count += in_segment(segment, &term).map_err(failed)?;
            }
        }
        Ok(count)
    }
}

fn in_segment(segment: &SegmentReader, term: &Term) -> tantivy::Result<u64> {
    use tantivy::postings::Postings;
    let terms = segment.inverted_index(term.field())?;
    let Some(mut postings) = terms.read_postings(term, IndexRecordOption::WithFreqs)? else { return Ok(0) };
    let (mut count, mut doc) = (0, postings.doc());
    while doc != TERMINATED {
        if !segment.is_deleted(doc) {
            count += u64::from(postings.term_freq());
        }
        doc = postings.advance();
    }
    Ok(count)
}
