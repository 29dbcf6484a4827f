//! How far the workers may run ahead: by number and by bytes of what is in memory.
//!
//! The bytes that count are those of every article that was read and that the index has not worked in yet, wherever it
//! is: on offer, being extracted, waiting for its turn, or waiting in the engine. They are counted by [`Load`]s, which
//! articles carry along.
//!
//! 1. A file ahead of its turn goes on while there is room.
//! 2. The file whose turn it is does not wait for what can only move when it goes on: the results of files ahead.
//!
//! So there is always somebody who moves on, and what is in memory is at most twice [`MOST_BYTES`] and an article for
//! each thread.

use crate::backend::local::writer::Load;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Results that may wait for their turn before files ahead are held back.
const MOST_WAITING: usize = 512;
/// Bytes of texts in memory before whoever reads is held back. A text takes several times its size when it is prepared
/// and indexed; 512 usual articles, which is what may wait, have a tenth of this.
const MOST_BYTES: usize = 16 << 20;

/// Holds back files that are too far ahead of the one whose turn it is.
#[derive(Default)]
pub(super) struct Gate {
    /// The file whose turn it is.
    turn: AtomicUsize,
    /// Results that wait for their turn.
    waiting: AtomicUsize,
    /// Bytes of texts that wait for their turn.
    held: AtomicUsize,
    /// Bytes of all texts in memory.
    loaded: AtomicUsize,
    open: AtomicBool,
}

impl Gate {
    /// Whether something of file `file` may be read.
    pub(super) fn lets_through(&self, file: usize) -> bool {
        let loaded = self.loaded.load(Ordering::Acquire);
        if self.open.load(Ordering::Relaxed) {
            return true;
        }
        if file > self.turn.load(Ordering::Acquire) {
            return loaded <= MOST_BYTES && self.waiting.load(Ordering::Acquire) <= MOST_WAITING;
        }
        loaded.saturating_sub(self.held.load(Ordering::Acquire)) <= MOST_BYTES
    }

    /// Counts a text of so many bytes until what is given is dropped.
    pub(super) fn load(self: &Arc<Gate>, bytes: usize) -> Load {
        self.loaded.fetch_add(bytes, Ordering::AcqRel);
        Box::new(Loaded { gate: Arc::clone(self), bytes })
    }

    /// Notes whose turn it is, how many results wait for theirs, and the bytes of their texts.
    pub(super) fn set(&self, turn: usize, waiting: usize, held: usize) {
        self.waiting.store(waiting, Ordering::Release);
        self.held.store(held, Ordering::Release);
        self.turn.store(turn, Ordering::Release);
    }

    /// Lets everybody through from now on.
    pub(super) fn open(&self) {
        self.open.store(true, Ordering::Relaxed);
    }
}

/// The bytes of a text in memory.
struct Loaded {
    gate: Arc<Gate>,
    bytes: usize,
}

impl Drop for Loaded {
    fn drop(&mut self) {
        self.gate.loaded.fetch_sub(self.bytes, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_turn_it_is_does_not_wait_for_those_ahead() {
        let gate = Arc::new(Gate::default());
        let small = gate.load(MOST_BYTES);
        assert!(gate.lets_through(0) && gate.lets_through(5));
        let large = gate.load(1);
        assert!(!gate.lets_through(0) && !gate.lets_through(1));
        // What waits for its turn moves only when the first goes on.
        gate.set(0, 1, MOST_BYTES);
        assert!(gate.lets_through(0) && !gate.lets_through(1));
        drop(small);
        gate.set(0, MOST_WAITING + 1, 1);
        assert!(gate.lets_through(0) && !gate.lets_through(1));
        gate.set(1, 1, 1);
        assert!(gate.lets_through(1) && gate.lets_through(2));
        drop(large);
        assert_eq!(gate.loaded.load(Ordering::Relaxed), 0);
    }
}
