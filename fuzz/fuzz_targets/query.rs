//! Any text as a query: a tree that prints as a query with the same tree, or an error, never a panic; and soon.

#![no_main]

use dateline::query;
use libfuzzer_sys::fuzz_target;
use std::time::{Duration, Instant};

/// The longest that any text may take: 50 ms, and ten times as long with all that the fuzzer puts in. A machine that is busy
/// is asked again.
const LONGEST: Duration = Duration::from_millis(500);
const TRIES: usize = 5;

fn quick(text: &str) -> bool {
    (0..TRIES).any(|_| {
        let began = Instant::now();
        let parsed = query::parse(text, None);
        let _ = query::check(&parsed);
        began.elapsed() < LONGEST
    })
}

fuzz_target!(|text: &str| {
    assert!(quick(text), "takes too long: {text:?}");
    let parsed = query::parse(text, None);
    if query::check(&parsed).is_ok() {
        let printed = parsed.tree.to_string();
        let again = query::parse(&printed, None);
        assert!(query::check(&again).is_ok(), "{text:?} is printed as {printed:?}, which is no query");
        assert_eq!(again.tree.to_string(), printed, "{text:?}");
    }
});
