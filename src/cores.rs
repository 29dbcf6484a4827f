//! Work on all cores: the one place where a list of parts is shared out among threads that all do the same.

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::sync::LazyLock;

/// How many threads can run at the same time; one where the system does not say.
pub fn count() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The threads that are kept: starting one, and giving it memory of its own, costs more than many a part.
static KEPT: LazyLock<Option<ThreadPool>> = LazyLock::new(|| threads(count()));

/// So many threads; none where the system gives no more.
fn threads(count: usize) -> Option<ThreadPool> {
    ThreadPoolBuilder::new().num_threads(count).build().ok()
}

/// Does `work` with each of `parts`, on at most `most` threads; the outcomes are in the order of the parts.
///
/// What is called by such work itself is done on its own thread: while one waits for parts of its own it could be given
/// another part that needs what it holds.
///
/// # Panics
/// Where `work` does, with what it says; parts that are not begun by then are left.
pub fn each<P: Send, T: Send>(parts: Vec<P>, most: usize, work: impl Fn(P) -> T + Sync + Send) -> Vec<T> {
    if most < 2 || parts.len() < 2 || rayon::current_thread_index().is_some() {
        return parts.into_iter().map(work).collect();
    }
    let own = if most < count().min(parts.len()) { threads(most) } else { None };
    let Some(pool) = own.as_ref().or(KEPT.as_ref()) else {
        return parts.into_iter().map(work).collect();
    };
    // Each part alone: some take much longer than others.
    pool.install(|| parts.into_par_iter().with_max_len(1).map(work).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::sync::Mutex;
    use std::thread;
    use std::time::Duration;

    #[test]
    fn outcomes_are_in_the_order_of_the_parts() {
        let threads = Mutex::new(HashSet::new());
        let outcomes = each((0..40u64).collect(), 3, |part| {
            thread::sleep(Duration::from_micros(40 - part));
            threads.lock().unwrap().insert(thread::current().id());
            part * 2
        });
        assert_eq!(outcomes, (0..40).map(|part| part * 2).collect::<Vec<_>>());
        assert!(threads.lock().unwrap().len() <= 3);
        assert_eq!(each(Vec::<u8>::new(), 3, |part| part), [0u8; 0]);
    }

    #[test]
    fn a_panic_says_what_it_said() {
        let panic = std::panic::catch_unwind(|| each(vec![1, 2, 3], 2, |part| assert!(part != 2, "the second")));
        assert_eq!(panic.unwrap_err().downcast_ref::<&str>(), Some(&"the second"));
    }
    #[test]
    fn work_within_work_stays_on_its_thread() {
        let lock = Mutex::new(());
        let outcomes = each(vec![1, 2, 3, 4], 4, |part| {
            let held = lock.lock().unwrap();
            let own = thread::current().id();
            let within = each(vec![part; 8], 4, |part| (part, thread::current().id() == own));
            drop(held);
            within.into_iter().all(|(_, same)| same)
        });
        assert_eq!(outcomes, [true; 4]);
    }
}
