//! How the memory of a run is shared out.
//!
//! A run holds at the same time: what reading and extracting take, more with each thread; articles on their way, which are
//! bounded where they are read; segments under construction; and the files of segments that are merged, which are mapped and
//! count as memory of the process. The engine bounds only the third.

use super::dictionaries;

/// Bytes that a run takes whatever is asked for: the lists and the tagger as far as they are used, what is known of
/// files, what is read and waits its turn, the dictionary that articles are packed with and its tables.
const ALWAYS: usize = 110_000_000;
/// Bytes that a thread takes which reads and extracts, and another that builds a segment and writes it out.
const EACH_THREAD: usize = 20_000_000;
/// The least bytes of a segment under construction. The engine accepts 15 MB; with so little, merging takes longer than
/// building, and more memory than was saved.
const LEAST_SEGMENT: usize = 25_000_000;
/// The least bytes that one merge may map, at which segments are still of use.
const LEAST_MERGE: usize = 40_000_000;
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
    /// For the files of segments that are merged at a time: of what is mapped, four fifths at most are in memory at once, as
    /// some parts of the files are gone through after the others.
    pub(super) merge: usize,
    /// The same when no more segments are built.
    pub(super) last_merge: usize,
}

/// Bytes that a run of so many threads takes beside segments and merges.
fn beside(threads: usize) -> usize {
    let contexts = dictionaries::contexts(threads);
    ALWAYS + threads.max(1) * EACH_THREAD + (contexts - 1) * dictionaries::CONTEXT
}

/// The least memory with which a run of so many threads keeps what it is given.
pub(super) fn least(threads: usize) -> usize {
    let builders = threads.clamp(1, MOST_BUILDERS);
    beside(threads) + builders * LEAST_SEGMENT + LEAST_MERGE
}

impl Shares {
    /// Shares out `memory` among `threads`. Where that is less than [`least`], everything gets the least.
    pub(super) fn of(memory: usize, threads: usize) -> Shares {
        let builders = threads.clamp(1, MOST_BUILDERS);
        let free = memory.saturating_sub(beside(threads));
        // Larger segments under construction save merges; larger merges make fewer segments, which searching is glad of.
        let segments = (free / 2).min(free.saturating_sub(LEAST_MERGE));
        let segment = (segments / builders).clamp(LEAST_SEGMENT, LARGEST_SEGMENT);
        let rest = free.saturating_sub(segment * builders);
        let merge = (rest / 4 * 5).max(LEAST_MERGE);
        let last_merge = (rest / 2 * 3).min(free).max(LEAST_MERGE);
        Shares { builders, segment, merge, last_merge }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_to_no_more_than_the_memory() {
        for threads in [1, 2, 4, 8, 16, 64] {
            for memory in [least(threads), 500_000_000, 2_000_000_000, 64_000_000_000] {
                if memory < least(threads) {
                    continue;
                }
                let shares = Shares::of(memory, threads);
                let all = beside(threads) + shares.builders * shares.segment + shares.merge / 5 * 4;
                let at_the_end = beside(threads) + shares.last_merge;
                assert!(at_the_end <= memory, "{threads} threads, {memory}: {shares:?}");
                assert!(all <= memory.max(1), "{threads} threads, {memory}: {shares:?}");
                assert!(shares.segment >= LEAST_SEGMENT && shares.merge >= LEAST_MERGE);
            }
        }
        assert_eq!(Shares::of(0, 1).segment, LEAST_SEGMENT);
    }
}
