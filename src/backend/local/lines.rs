//! Articles read for the places in which they match: each place is a line, the match between what stands around it.

use super::answer::Local;
use super::collect::Scored;
use super::opened::Opened;
use super::postings;
use super::receipts::Hits;
use super::translate::fields_of;
use crate::article::Part;
use crate::backend::Record;
use crate::cores;
use crate::error::{Error, Kind, Result};
use crate::query::matcher::{self, Found, View};
use crate::query::spans::Leaf;
use crate::query::tree::{Tree, Word};
use crate::search::Line;
use crate::text::offsets::CharOffsets;
use crate::text::{Span, Words};
use rustc_hash::FxHashSet;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use tantivy::Term;

/// Below so many articles they are read by one thread.
const FEW: usize = 64;
/// At most so many threads read.
const MOST_THREADS: usize = 16;
/// Articles that a thread takes at a time.
const BATCH: usize = 32;
/// Bytes of context that a line has on either side at most, whatever the text calls a word.
const MOST_BYTES: usize = 2000;
/// Signs beside the first and last word of a line that belong to it: quotation marks, the full stop.
const SIGNS: usize = 4;

/// A question for lines, of one index.
pub(super) struct Lines<'a> {
    local: &'a Local,
    opened: &'a Opened,
    asked: Vec<(usize, &'a Tree)>,
    /// Whether it takes more than the words of an article to find its places.
    asks_for_mentions: bool,
}

/// An article that was read, with the places in which it matches.
pub(super) struct Looked<'a> {
    pub(super) record: &'a Record,
    pub(super) view: &'a View<'a>,
    /// The places, by place.
    pub(super) places: Vec<Found>,
    offsets: [CharOffsets; 2],
}

impl<'a> Lines<'a> {
    /// # Errors
    /// Where nothing of the question has a place in a text.
    pub(super) fn new(local: &'a Local, opened: &'a Opened, tree: &'a Tree) -> Result<Lines<'a>> {
        let asked = matcher::asked(tree);
        if asked.is_empty() {
            return Err(Error::new(Kind::Usage, "nothing in this query stands in a text, so there are no lines of it")
                .hint("ask for a word, a \"phrase\", a name such as person:putin, or a country; filters narrow the articles"));
        }
        let in_words = |(_, leaf): &(usize, &Tree)| match leaf {
            Tree::Word(_) | Tree::Phrase(_) => true,
            Tree::Spans(spans) | Tree::AtLeast(_, spans) => {
                spans.leaves().iter().all(|leaf| matches!(leaf, Leaf::Word(_)))
            }
            _ => false,
        };
        let asks_for_mentions = !asked.iter().all(in_words);
        Ok(Lines { local, opened, asked, asks_for_mentions })
    }

    /// Reads the articles of `hits` and hands each to `take` with what its thread has gathered, which `make` begins.
    ///
    /// Which thread reads what is left to chance: what is gathered must not depend on it.
    pub(super) fn read<T: Send>(
        &self,
        hits: &[Scored],
        make: impl Fn() -> T + Sync,
        take: impl Fn(&mut T, &Looked<'_>) + Sync,
    ) -> Result<Vec<T>> {
        let threads = cores::count().min(MOST_THREADS);
        let threads = if hits.len() < FEW { 1 } else { threads };
        // In the order of the index, where neighbours are unpacked together.
        let mut hits: Vec<Scored> = hits.to_vec();
        hits.sort_unstable_by_key(|hit| hit.1);
        let next = AtomicUsize::new(0);
        let work = || {
            let mut gathered = make();
            let mut watch = self.opened.deadline.watch();
            loop {
                let from = next.fetch_add(BATCH, Ordering::Relaxed);
                let Some(batch) = hits.get(from..(from + BATCH).min(hits.len())).filter(|batch| !batch.is_empty())
                else {
                    return Ok(gathered);
                };
                for hit in batch {
                    if watch.is_over() {
                        return Ok(gathered);
                    }
                    self.look(hit, &mut |looked| take(&mut gathered, looked))?;
                }
            }
        };
        if threads == 1 {
            return Ok(vec![work()?]);
        }
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
        })
    }

    /// Reads one article.
    pub(super) fn look(&self, hit: &Scored, take: &mut dyn FnMut(&Looked<'_>)) -> Result<()> {
        let record = if self.asks_for_mentions { self.local.record(hit.1)? } else { self.local.text_alone(hit.1)? };
        let words = Words::new(&record.article.text);
        let title = record.article.title.as_deref().unwrap_or("");
        let title_words = Words::new(title);
        let view = View::new(&record.article, &title_words, &words, &record.found);
        let places = matcher::lines(&self.asked, &view);
        let offsets = [CharOffsets::new(title), CharOffsets::new(&record.article.text)];
        take(&Looked { record: &record, view: &view, places, offsets });
        Ok(())
    }

    /// How many lines there are in all of `hits`, where the postings tell: of a word, a phrase, or several words.
    pub(super) fn counted(&self, hits: &[Scored]) -> Result<Option<usize>> {
        let mut known: FxHashSet<&str> = FxHashSet::default();
        let mut asked = Vec::with_capacity(self.asked.len());
        for (_, leaf) in &self.asked {
            let (words, scope): (&[Word], _) = match leaf {
                Tree::Word(word) => (std::slice::from_ref(word), word.scope),
                Tree::Phrase(phrase) if self.asked.len() == 1 => (&phrase.words, phrase.scope),
                _ => return Ok(None),
            };
            // Of what is compared letter for letter, and of two words with a form in common, only the text tells.
            let told = |word: &Word| !word.exact && !word.forms.is_empty();
            let twice =
                self.asked.len() > 1 && words.iter().flat_map(|word| &word.forms).any(|form| !known.insert(form));
            if twice || !words.iter().all(told) {
                return Ok(None);
            }
            asked.push((words, scope));
        }
        let failed = |error| self.opened.failed("counting places in", error);
        let these = Hits::new(self.opened, hits);
        let mut count = 0;
        for (words, scope) in asked {
            for field in fields_of(self.opened, scope) {
                let terms = |word: &Word| word.forms.iter().map(|form| Term::from_field_text(field, form)).collect();
                let terms: Vec<Vec<Term>> = words.iter().map(terms).collect();
                for (ordinal, segment) in self.opened.searcher.segment_readers().iter().enumerate() {
                    count += postings::places(segment, field, &terms, these.of(ordinal)).map_err(failed)?;
                }
            }
        }
        Ok(Some(count))
    }
}

impl Looked<'_> {
    /// The first and last word of a place, as positions.
    pub(super) fn extent(&self, found: &Found) -> (usize, usize) {
        let spans = &self.view.words(found.part).spans;
        let first = spans.partition_point(|word| word.end <= found.span.start);
        let last = spans.partition_point(|word| word.start < found.span.end).saturating_sub(1);
        (first, last.max(first))
    }

    /// A place as a line, with so many words of context on either side.
    pub(super) fn line(&self, found: &Found, context: usize) -> Line {
        let (first, last) = self.extent(found);
        let words = self.view.words(found.part);
        let text = words.text;
        let before = |at: usize| text.get(..at).unwrap_or("").chars().rev();
        let behind = |at: usize| text.get(at..).unwrap_or("").chars();
        let signs = |signs: &mut dyn Iterator<Item = char>| {
            let signs = signs.take(SIGNS).take_while(|c| !c.is_whitespace() && !c.is_alphanumeric());
            signs.map(char::len_utf8).sum::<usize>()
        };
        let from = first.saturating_sub(context);
        let mut start = if from < first { words.span(from, from).start } else { found.span.start };
        start -= signs(&mut before(start));
        let to = last.saturating_add(context).min(words.len().saturating_sub(1));
        let mut end = if to > last { words.span(to, to).end } else { found.span.end };
        end += signs(&mut behind(end));
        if found.span.start - start.min(found.span.start) > MOST_BYTES {
            start = text.ceil_char_boundary(found.span.start - MOST_BYTES);
        }
        if end.saturating_sub(found.span.end) > MOST_BYTES {
            end = text.floor_char_boundary(found.span.end + MOST_BYTES);
        }
        let [title, body] = &self.offsets;
        let offsets = if found.part == Part::Title { title } else { body };
        let article = &self.record.article;
        let part = |from: usize, to: usize| Span::new(from, to).of(text).to_owned();
        Line {
            id: self.record.id.clone(),
            path: article.path.clone(),
            member: article.member.clone(),
            title: article.title.clone(),
            source: article.source.clone(),
            published: article.published.clone(),
            in_title: found.part == Part::Title,
            left: part(start, found.span.start),
            found: found.span.of(text).to_owned(),
            right: part(found.span.end, end),
            start: offsets.at(text, found.span.start),
            end: offsets.at(text, found.span.end),
        }
    }
}
