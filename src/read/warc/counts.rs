//! What a web archive holds beside articles, counted by kind: a line for each of thousands of pictures helps nobody.

use crate::read::Skip;

/// Why a record gave no article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// The same as an earlier answer, which may be in another file.
    Revisit,
    /// Redirects, errors, answers to questions for a part.
    Status,
    /// What belongs to pages: pictures, style sheets, scripts, fonts, sound, video.
    Asset,
    /// What is said to robots.
    Robots,
    /// Web pages that have no article in them.
    NoArticle,
    /// The same page with the same text.
    Again,
    /// Pages that lack their end: too large, cut by who archived them, or torn off.
    Cut,
    /// The rest of a record that was divided.
    Continuation,
    /// Other files of which nothing was read.
    Unread,
    /// Answers in a form that cannot be unpacked.
    Packed,
    /// What is no record.
    Damaged,
}

impl Left {
    /// One of them, and several.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Left::Revisit => ("revisit of a page archived elsewhere", "revisits of pages archived elsewhere"),
            Left::Status => ("redirect or error", "redirects and errors"),
            Left::Asset => ("picture, style sheet, script or the like", "pictures, style sheets, scripts and the like"),
            Left::Robots => ("robots.txt", "robots.txt"),
            Left::NoArticle => ("page without an article", "pages without an article"),
            Left::Again => (
                "page archived again with the same text, read once",
                "pages archived again with the same text, read once",
            ),
            Left::Cut => ("page cut short, read as far as it goes", "pages cut short, read as far as they go"),
            Left::Continuation => ("later part of a divided record", "later parts of divided records"),
            Left::Unread => ("other file without an article", "other files without an article"),
            Left::Packed => ("answer that cannot be unpacked", "answers that cannot be unpacked"),
            Left::Damaged => ("damaged record", "damaged records"),
        }
    }
}

/// How many of each kind, in the order in which they first came.
#[derive(Debug, Default)]
pub(super) struct Counts {
    kinds: Vec<(Left, u64, Option<String>)>,
}

impl Counts {
    /// Counts one.
    pub(super) fn add(&mut self, left: Left) {
        self.add_many(left, 1, || None);
    }

    /// Counts one of a kind whose first one is shown with its reason.
    pub(super) fn add_with(&mut self, left: Left, url: &str, reason: &str) {
        self.add_many(left, 1, || Some(format!("{url}: {reason}")));
    }

    /// Counts several; `example` is asked for one where it is the first of its kind.
    pub(super) fn add_many(&mut self, left: Left, count: u64, example: impl FnOnce() -> Option<String>) {
        match self.kinds.iter_mut().find(|(kind, ..)| *kind == left) {
            Some((_, number, _)) => *number += count,
            None if count > 0 => self.kinds.push((left, count, example())),
            None => {}
        }
    }

    /// A line for each kind.
    pub(super) fn skips(self, path: &str) -> impl Iterator<Item = Skip> {
        self.kinds.into_iter().map(move |(left, count, example)| {
            let (one, several) = left.names();
            let mut reason = format!("{count} {}", if count == 1 { one } else { several });
            if let Some(example) = example {
                let which = if count == 1 { "" } else { "the first: " };
                reason.push_str(&format!(" ({which}{example})"));
            }
            Skip::file(path, reason)
        })
    }
}
