//! How the memory of a run is shared out, and documents that wait to be indexed without taking more than their share.
//!
//! A run holds at the same time: what reading and extracting take, more with each thread; segments under construction;
//! articles on their way to them; and the files of segments that are merged, which are mapped and count as memory of the
//! process. The engine bounds only the second by bytes, and the third by 10,000 articles, of whatever size.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
use tantivy::TantivyDocument;
use tantivy::schema::document::Document;

/// Bytes that a run takes whatever is asked for: the lists and the tagger as far as they are used, what is known of
/// files, what is read and waits its turn.
const ALWAYS: usize = 90_000_000;
/// Bytes that a thread takes which reads and extracts, and another that builds a segment and writes it out.
const EACH_THREAD: usize = 30_000_000;
/// The least bytes of a segment under construction that the engine accepts.
const LEAST_SEGMENT: usize = 15_000_000;
/// The least bytes that one merge may map, at which segments are still of use.
const LEAST_MERGE: usize = 30_000_000;
/// The most threads that build segments, and the most bytes of each: limits of the engine.
const MOST_BUILDERS: usize = 8;
const LARGEST_SEGMENT: usize = 4_000_000_000;

/// The shares of one run, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shares {
    /// Threads that build segments.
    pub(super) builders: usize,
    /// For the segment that one of them builds.
    pub(super) segment: usize,
    /// For the files of segments that are merged at a time: of what is mapped, two thirds at most are in memory at once, as
    /// some parts of the files are gone through after the others.
    pub(super) merge: usize,
    /// For articles on their way to a segment.
    pub(super) queue: usize,
}

/// The least memory with which a run of so many threads keeps what it is given.
pub(super) fn least(threads: usize) -> usize {
    let builders = threads.clamp(1, MOST_BUILDERS);
    ALWAYS + threads.max(1) * EACH_THREAD + builders * LEAST_SEGMENT + LEAST_MERGE
}

impl Shares {
    /// Shares out `memory` among `threads`. Where that is less than [`least`], everything gets the least.
    pub(super) fn of(memory: usize, threads: usize) -> Shares {
        let builders = threads.clamp(1, MOST_BUILDERS);
        let free = memory.saturating_sub(ALWAYS + threads.max(1) * EACH_THREAD);
        // Larger segments under construction save merges; larger merges make fewer segments, which searching is glad of.
        let segments = (free / 2).min(free.saturating_sub(LEAST_MERGE));
        let segment = (segments / builders).clamp(LEAST_SEGMENT, LARGEST_SEGMENT);
        let merge = (free.saturating_sub(segment * builders) / 2 * 3).max(LEAST_MERGE);
        Shares { builders, segment, merge, queue: (free / 16).clamp(4_000_000, 64_000_000) }
    }
}

/// How long a full queue from which nothing is taken is waited for. Whoever took from it may be gone, which only adding to
/// it can tell.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many bytes wait to be indexed.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    most: usize,
    waiting: Arc<(Mutex<usize>, Condvar)>,
}

impl Queue {
    pub(super) fn new(most: usize) -> Queue {
        Queue { most, waiting: Arc::default() }
    }

    /// Makes a document one that waits, once there is room for its `bytes`; one that is larger than the whole queue waits
    /// until that is empty.
    pub(super) fn admit(&self, document: TantivyDocument, bytes: usize) -> Queued {
        self.admit_within(document, bytes, PATIENCE)
    }

    fn admit_within(&self, document: TantivyDocument, bytes: usize, patience: Duration) -> Queued {
        let (waiting, left) = &*self.waiting;
        if let Ok(mut taken) = waiting.lock() {
            while *taken > 0 && *taken + bytes > self.most {
                let Ok((next, waited)) = left.wait_timeout(taken, patience) else { break };
                taken = next;
                if waited.timed_out() {
                    break;
                }
            }
        }
        if let Ok(mut taken) = waiting.lock() {
            *taken += bytes;
        }
        Queued { document, place: Place { bytes, queue: self.clone() } }
    }
}

/// The room that a document takes in the queue; given back when dropped.
struct Place {
    bytes: usize,
    queue: Queue,
}

impl Drop for Place {
    fn drop(&mut self) {
        let (waiting, left) = &*self.queue.waiting;
        if let Ok(mut taken) = waiting.lock() {
            *taken = taken.saturating_sub(self.bytes);
        }
        left.notify_one();
    }
}

/// A document on its way to a segment.
pub(super) struct Queued {
    document: TantivyDocument,
    place: Place,
}

impl Document for Queued {
    type Value<'a> = <TantivyDocument as Document>::Value<'a>;
    type FieldsValuesIter<'a> = <TantivyDocument as Document>::FieldsValuesIter<'a>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.document.iter_fields_and_values()
    }

    fn into_tantivy_document(self) -> TantivyDocument {
        drop(self.place);
        self.document
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[test]
    fn shares_add_up_to_no_more_than_the_memory() {
        for threads in [1, 2, 4, 8, 16, 64] {
            for memory in [least(threads), 500_000_000, 2_000_000_000, 64_000_000_000] {
                if memory < least(threads) {
                    continue;
                }
                let shares = Shares::of(memory, threads);
                let all = ALWAYS + threads * EACH_THREAD + shares.builders * shares.segment + shares.merge / 3 * 2;
                assert!(all <= memory.max(1), "{threads} threads, {memory}: {shares:?}");
                assert!(shares.segment >= LEAST_SEGMENT && shares.merge >= LEAST_MERGE);
            }
        }
        assert_eq!(Shares::of(0, 1).segment, LEAST_SEGMENT);
    }

    #[test]
    fn no_more_waits_than_there_is_room_for() {
        let queue = Queue::new(100);
        let document = TantivyDocument::new;
        let first = queue.admit(document(), 80);
        // Nobody takes: it goes on after a while.
        drop(queue.admit_within(document(), 500, Duration::from_millis(1)));
        let entered = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let second = queue.admit(document(), 50);
                entered.store(true, Ordering::SeqCst);
                second.into_tantivy_document()
            });
            std::thread::sleep(Duration::from_millis(50));
            assert!(!entered.load(Ordering::SeqCst));
            drop(first);
        });
        assert!(entered.load(Ordering::SeqCst));
        assert_eq!(*queue.waiting.0.lock().unwrap(), 0);
        // Larger than all of it: when nothing waits.
        drop(queue.admit(document(), 500));
    }
}
