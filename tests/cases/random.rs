//! Random tests: how many, with which seed, and how a failure is told.
//!
//! `DATELINE_CASES=50` runs fifty times as many cases as usual; `DATELINE_SEED` repeats the ones of a failure.

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};
use std::collections::hash_map::RandomState;
use std::fmt::Debug;
use std::hash::{BuildHasher, Hasher};

/// Runs `test` on `cases` values of `strategy`, times the number in the environment.
pub(crate) fn check<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError>)
where
    S::Value: Debug,
{
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let seed = number("DATELINE_SEED").unwrap_or_else(|| RandomState::new().build_hasher().finish());
    let more = u32::try_from(number("DATELINE_CASES").unwrap_or(1)).unwrap_or(1);
    let config = Config {
        cases: cases.saturating_mul(more),
        failure_persistence: None,
        max_shrink_iters: 1000,
        max_global_rejects: 0,
        rng_seed: RngSeed::Fixed(seed),
        ..Config::default()
    };
    if let Err(failure) = TestRunner::new(config).run(strategy, test) {
        panic!("repeat with DATELINE_SEED={seed}\n{failure}");
    }
}
