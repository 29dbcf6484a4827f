//! The workers: read files, extract, prepare; side by side, without one running away from the others.
//!
//! Each takes the next file. The articles of a file that has several are offered to whoever is idle; when nobody is,
//! the reader goes on itself. Results are handed on in the order of the files; [`Gate`] holds back files that are too
//! far ahead, so that what waits for its turn stays small. Whoever is held back extracts what others have on offer: one
//! large file among many small ones keeps everybody busy.

use super::gate::Gate;
use super::open;
use super::sources::{Learning, Made, Settled};
use super::walk::Entry;
use crate::article::{Article, Found};
use crate::backend::FileState;
use crate::backend::local::writer::Load;
use crate::error::Result;
use crate::extract::{self, Page, Prior, published};
use crate::language;
use crate::read::around::{Around, Budget};
use crate::read::{self, Flow, Skip};
use crate::when::Written;
use crossbeam_channel::{Receiver, Sender, bounded};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Articles on offer to idle workers.
const ON_OFFER: usize = 16;
/// How long one who is held back waits for something on offer before it looks again whether it may go on.
const PAUSE: Duration = Duration::from_millis(10);
/// Bytes read from a file at a time.
const BUFFER: usize = 1 << 18;

/// Something to be read.
pub(super) struct Work {
    /// Where from.
    pub(super) source: Source,
    /// The key of the file; see [`super::roots`].
    pub(super) key: String,
}

/// Where articles are read from.
pub(super) enum Source {
    /// A file that the walk found.
    File(Entry),
    /// JSON Lines that arrive as they are asked for, once.
    Stream(Mutex<Option<Box<dyn BufRead + Send>>>),
}

impl Work {
    /// The path below its root.
    pub(super) fn path(&self) -> &str {
        self.key.split_once(':').map_or(self.key.as_str(), |(_, path)| path)
    }

    /// Bytes; 0 where that is not known.
    pub(super) fn size(&self) -> u64 {
        match &self.source {
            Source::File(entry) => entry.size,
            Source::Stream(_) => 0,
        }
    }
}

/// How to work.
pub(super) struct How<'a> {
    /// Threads.
    pub(super) jobs: usize,
    /// Whether to look for people, places and dates.
    pub(super) extract: bool,
    /// This program, to be started for what may crash.
    pub(super) program: Option<&'a Path>,
    /// The day of publication for articles that say none.
    pub(super) given: Option<&'a Written>,
    /// Nanoseconds since 1970 at the start, to mistrust files that changed just now.
    pub(super) started: i64,
    /// Set from outside to stop after what is under way.
    pub(super) stop: &'a AtomicBool,
    /// Where sources are at home, which is learned on the way.
    pub(super) settled: &'a Settled,
}

/// What a worker has made of a file, or of a part of one.
pub(super) enum Event<T> {
    /// The `number`-th article of a file, counted from 0.
    Article { file: usize, number: u64, size: Size, made: T },
    /// The file has been read and gave this many articles.
    End { file: usize, articles: u64, state: FileState },
}

impl<T> Event<T> {
    /// Bytes of text in it.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Event::Article { size, .. } => size.text,
            Event::End { .. } => 0,
        }
    }
}

/// What an article weighs, and how far its file was read when it came.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Size {
    /// Bytes of text.
    pub(super) text: usize,
    /// Bytes of the file that were read; 0 where that is not known.
    pub(super) read: u64,
}

/// Reads all of `files`, makes something of each article, and hands the results to `take` on this thread, in order.
pub(super) fn run<T: Send>(
    files: &[Work],
    how: &How<'_>,
    make: &(dyn Fn(Article, Found, Load) -> T + Sync),
    take: &mut dyn FnMut(Event<T>) -> Result<()>,
) -> Result<()> {
    let next = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    let gate = Arc::new(Gate::default());
    let (offer, offers) = bounded::<Job>(ON_OFFER);
    let (events, results) = bounded::<Event<Made<T>>>(ON_OFFER * 4);
    // What was found without knowing the source is found again where that is known now.
    let finish = |article: Article, found: Found, load: Load, prior: Option<&Prior>| {
        let again = prior.and_then(|prior| {
            catch_unwind(AssertUnwindSafe(|| extract::extract(&Page::new(&article, None).at_home(Some(prior))))).ok()
        });
        make(article, again.unwrap_or(found), load)
    };
    let mut learning = Learning::new(how.settled, how.jobs, &finish);
    std::thread::scope(|scope| {
        for _ in 0..how.jobs.max(1) {
            let worker = Worker {
                files,
                how,
                make,
                next: &next,
                failed: &failed,
                gate: &gate,
                offer: offer.clone(),
                events: events.clone(),
            };
            let offers = offers.clone();
            scope.spawn(move || worker.work(&offers));
        }
        drop((offer, offers, events));
        let mut order = InOrder::default();
        let mut outcome = Ok(());
        for event in results {
            if outcome.is_ok() {
                outcome = order.push(event, &mut |event| learning.push(event, take));
                gate.set(order.file, order.early.len(), order.bytes + learning.held_bytes());
            }
            if outcome.is_err() {
                // Go on receiving, so that nobody waits to send.
                failed.store(true, Ordering::Relaxed);
                gate.open();
            }
        }
        outcome.and_then(|()| learning.release(take))
    })
}

/// An article of a file, to be extracted by whoever is idle.
struct Job {
    file: usize,
    number: u64,
    size: Size,
    load: Load,
    article: Article,
}

struct Worker<'a, T> {
    files: &'a [Work],
    how: &'a How<'a>,
    make: &'a (dyn Fn(Article, Found, Load) -> T + Sync),
    next: &'a AtomicUsize,
    failed: &'a AtomicBool,
    gate: &'a Arc<Gate>,
    offer: Sender<Job>,
    events: Sender<Event<Made<T>>>,
}

impl<T: Send> Worker<'_, T> {
    fn work(mut self, offers: &Receiver<Job>) {
        loop {
            self.help(offers);
            if self.stopped() {
                break;
            }
            let file = self.next.fetch_add(1, Ordering::Relaxed);
            if file >= self.files.len() {
                break;
            }
            self.wait(file, offers);
            if self.stopped() {
                break;
            }
            self.read(file, offers);
        }
        // Others may still be reading files with many articles; the offers end when the last of them does.
        self.offer = bounded(0).0;
        for job in offers {
            // What is on offer and not taken is read again by the next run, as the file is that it is from.
            if !self.stopped() {
                self.extract(job);
            }
        }
    }

    /// Waits until something of file `file` may be read, and does meanwhile what others have on offer.
    fn wait(&self, file: usize, offers: &Receiver<Job>) {
        while !self.gate.lets_through(file) && !self.stopped() {
            if let Ok(job) = offers.recv_timeout(PAUSE) {
                self.extract(job);
            }
        }
    }

    fn stopped(&self) -> bool {
        self.how.stop.load(Ordering::Relaxed) || self.failed.load(Ordering::Relaxed)
    }

    /// Takes what others have on offer.
    fn help(&self, offers: &Receiver<Job>) {
        while let Ok(job) = offers.try_recv() {
            self.extract(job);
        }
    }

    fn read(&self, file: usize, offers: &Receiver<Job>) {
        let Some(work) = self.files.get(file) else { return };
        let mut state = match &work.source {
            Source::File(entry) => state_of(entry, self.how.started),
            Source::Stream(_) => FileState { complete: true, ..FileState::default() },
        };
        let mut number = 0;
        let read = catch_unwind(AssertUnwindSafe(|| self.articles(work, file, &mut number, &mut state, offers)));
        let fault = || Err(Skip::file(work.path(), "a fault of this program while reading it"));
        if let Err(skip) = read.unwrap_or_else(|_| fault()) {
            state.skip(Skip { path: work.path().to_owned(), ..skip });
        }
        let _ = self.events.send(Event::End { file, articles: number, state });
    }

    fn articles(
        &self,
        work: &Work,
        file: usize,
        number: &mut u64,
        state: &mut FileState,
        offers: &Receiver<Job>,
    ) -> std::result::Result<(), Skip> {
        let mut stopped = false;
        let mut cut = Vec::new();
        // A second handle, which tells the place that the first has come to.
        let opened = match &work.source {
            Source::File(entry) => Some(open::open(entry).inspect_err(|_| {
                // It may be there again the next time, with the same times.
                state.recent = true;
            })?),
            Source::Stream(_) => None,
        };
        let position = opened.as_ref().and_then(|file| file.try_clone().ok());
        let place = |mut file: &File| file.stream_position().unwrap_or(0);
        let mut come_to = 0;
        let mut take = |article: Article| {
            if article.truncated {
                cut.push(article.member.clone());
            }
            self.wait(file, offers);
            if number.is_multiple_of(PLACES) {
                come_to = position.as_ref().map_or(0, place);
            }
            let size = Size { text: article.text.len(), read: come_to };
            let job = Job { file, number: *number, size, load: self.gate.load(size.text), article };
            *number += 1;
            if job.number == 0 {
                self.extract(job);
            } else if let Err(refused) = self.offer.try_send(job) {
                self.help(offers);
                self.extract(refused.into_inner());
            }
            stopped = self.stopped();
            if stopped { Flow::Stop } else { Flow::Continue }
        };
        // No more than the first of them are kept, however many there are.
        let mut skips = FileState::default();
        let mut skip = |skip| skips.skip(skip);
        let (outcome, unchanged) = match &work.source {
            Source::File(entry) => {
                let Some(file) = opened else { return Ok(()) };
                let mut input = BufReader::with_capacity(BUFFER, file);
                let budget = Budget::default();
                let beside = open::Neighbours::of(entry);
                let around = Around {
                    beside: Some(&beside),
                    seekable: position.as_ref(),
                    program: self.how.program,
                    ..Around::new(&budget)
                };
                let outcome = read::read(work.path(), &mut input, around, &mut take, &mut skip);
                (outcome, open::unchanged_since(entry, input.get_ref()))
            }
            Source::Stream(stream) => {
                let stream = stream.lock().ok().and_then(|mut stream| stream.take());
                let read = |mut input| read::json_lines::read_lines(&mut input, work.path(), &mut take, &mut skip);
                (stream.map_or(Ok(()), read), true)
            }
        };
        state.skipped += skips.skipped;
        state.skips.append(&mut skips.skips);
        for member in cut {
            let reason = format!(
                "is cut: of a text {} MB are read, of a file that is one article {} MB",
                read::LONGEST_TEXT >> 20,
                read::LARGEST_SINGLE >> 20
            );
            state.skip(Skip { path: work.path().to_owned(), member, reason });
        }
        state.complete = !stopped;
        // What was read of a file that changed meanwhile may be half old and half new: read it again next time.
        state.recent |= !unchanged;
        outcome
    }

    fn extract(&self, job: Job) {
        let Job { file, number, size, load, mut article } = job;
        let settled = if self.how.extract { self.how.settled.of(&article) } else { Some(None) };
        let found = catch_unwind(AssertUnwindSafe(|| {
            complete(&mut article, self.how.given);
            let home = settled.as_ref().and_then(|prior| prior.as_deref());
            if self.how.extract { extract::extract(&Page::new(&article, None).at_home(home)) } else { Found::default() }
        }));
        // A fault of an extractor costs what it would have found, never the article.
        let found = found.unwrap_or_default();
        let made = match settled {
            Some(_) => Made::Done((self.make)(article, found, load)),
            None => Made::Raw(Box::new((article, found, load))),
        };
        let _ = self.events.send(Event::Article { file, number, size, made });
    }
}

/// After so many articles of one file it is asked how far the file is read.
const PLACES: u64 = 16;

/// Language and publication date, where the file did not say them, or says a language that the text is clearly not in.
fn complete(article: &mut Article, given: Option<&Written>) {
    let found = match &article.language {
        None => language::identify(&article.text),
        Some(declared) => language::contradicted(declared, &article.text),
    };
    article.language = found.map(str::to_owned).or(article.language.take());
    published::settle(article, given);
}

/// Files that changed less than this before the run, in nanoseconds, may change again within the resolution of their
/// time stamps.
const RECENT: i64 = 2_000_000_000;

/// What is known of a file before it is read.
pub(super) fn state_of(entry: &Entry, started: i64) -> FileState {
    FileState {
        size: entry.size,
        modified: entry.mtime_ns,
        changed: entry.ctime_ns,
        inode: entry.inode,
        complete: true,
        recent: entry.mtime_ns.max(entry.ctime_ns) >= started - RECENT,
        ..FileState::default()
    }
}

/// Puts events into the order of files and of articles in them.
struct InOrder<T> {
    file: usize,
    number: u64,
    early: BTreeMap<(usize, u64), Event<T>>,
    /// Bytes of the texts in it.
    bytes: usize,
}

impl<T> Default for InOrder<T> {
    fn default() -> InOrder<T> {
        InOrder { file: 0, number: 0, early: BTreeMap::new(), bytes: 0 }
    }
}

impl<T> InOrder<T> {
    /// Takes an event and hands on every one whose turn has come.
    fn push(&mut self, event: Event<T>, take: &mut dyn FnMut(Event<T>) -> Result<()>) -> Result<()> {
        let place = match &event {
            Event::Article { file, number, .. } => (*file, *number),
            Event::End { file, articles, .. } => (*file, *articles),
        };
        self.bytes += event.bytes();
        self.early.insert(place, event);
        while let Some(event) = self.early.remove(&(self.file, self.number)) {
            self.bytes = self.bytes.saturating_sub(event.bytes());
            if matches!(event, Event::End { .. }) {
                self.file += 1;
                self.number = 0;
            } else {
                self.number += 1;
            }
            take(event)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_in_the_order_of_files_and_articles() {
        let article = |file, number| Event::Article { file, number, size: Size::default(), made: (file, number) };
        let end = |file, articles| Event::End { file, articles, state: FileState::default() };
        let early = [end(1, 1), article(1, 0), article(0, 1), end(0, 2), end(2, 0), article(0, 0)];
        let mut order = InOrder::default();
        let mut seen = Vec::new();
        for event in early {
            let mut take = |event| {
                seen.push(match event {
                    Event::Article { made, .. } => format!("{made:?}"),
                    Event::End { file, .. } => format!("end {file}"),
                });
                Ok(())
            };
            order.push(event, &mut take).unwrap();
        }
        assert_eq!(seen, ["(0, 0)", "(0, 1)", "end 0", "(1, 0)", "end 1", "end 2"]);
    }
}
