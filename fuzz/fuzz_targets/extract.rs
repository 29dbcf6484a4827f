//! Any text as the body of an article: what is found lies in it, and nothing panics.

#![no_main]

use dateline::article::{Article, Part};
use dateline::extract::{self, Page};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let article = Article { text: text.to_owned(), language: Some("en".to_owned()), ..Article::default() };
    let found = extract::extract(&Page::new(&article, None));
    for mention in &found.mentions {
        assert_eq!(mention.part, Part::Body);
        assert!(article.text.get(mention.span.start..mention.span.end).is_some(), "a span does not fit the text");
    }
});
