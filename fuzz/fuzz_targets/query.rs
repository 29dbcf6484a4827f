//! Any text as a query: a tree that prints as a query with the same tree, or an error, never a panic.

#![no_main]

use dateline::query;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let parsed = query::parse(text, None);
    if query::check(&parsed).is_ok() {
        let printed = parsed.tree.to_string();
        let again = query::parse(&printed, None);
        assert_eq!(again.tree.to_string(), printed, "{text:?}");
    }
});
