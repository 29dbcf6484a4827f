//! How long an answer may take. What runs out of it stops where it is and says so: the hits are those of the part of the
//! archive that was looked through.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Documents between two looks at the clock.
const STRIDE: u32 = 512;

/// A moment until which a question must be answered; none for as long as it takes.
#[derive(Clone, Debug, Default)]
pub(super) struct Deadline {
    until: Option<Instant>,
    passed: Arc<AtomicBool>,
}

impl Deadline {
    /// A deadline.
    pub(super) fn at(until: Instant) -> Deadline {
        Deadline { until: Some(until), passed: Arc::default() }
    }

    /// Whether any part of the answer was cut.
    pub(super) fn has_passed(&self) -> bool {
        self.passed.load(Ordering::Relaxed)
    }

    /// A watch for one loop.
    pub(super) fn watch(&self) -> Watch {
        Watch { deadline: self.clone(), left: 0 }
    }
}

/// Looks at the clock now and then.
#[derive(Debug)]
pub(super) struct Watch {
    deadline: Deadline,
    left: u32,
}

impl Watch {
    /// Whether to stop. To be asked once for each document.
    #[inline]
    pub(super) fn is_over(&mut self) -> bool {
        let Some(until) = self.deadline.until else { return false };
        if self.left > 0 {
            self.left -= 1;
            return false;
        }
        self.left = STRIDE;
        let over = self.deadline.has_passed() || Instant::now() >= until;
        if over {
            self.deadline.passed.store(true, Ordering::Relaxed);
            // Once over, over at each look.
            self.left = 0;
        }
        over
    }
}
