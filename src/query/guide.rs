//! The query language in rows: what one needs, how it is written, what it means. `dateline help query` prints them; each
//! example finds something in the sample corpus, which a test sees to.

use super::operators::OPERATORS;

/// A row of the guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// What one needs.
    pub need: &'static str,
    /// A query that does it.
    pub write: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

const fn row(need: &'static str, write: &'static str, meaning: &'static str) -> Row {
    Row { need, write, meaning }
}

/// Words and phrases.
const WORDS: &[Row] = &[
    row("all words", "korea russia pact", "every word, in headline or body, in any form and order"),
    row("either, not", "korea OR dprk", "OR binds closer than a blank: a b OR c is a (b OR c)"),
    row("without", "pact -cultural", "NOT does the same; nothing but NOT lists the rest"),
    row("phrase", "\"mutual defence\"", "side by side, in this order; other spellings, but no inflected forms"),
    row("exactly", "=Labour", "letter for letter, with case and accents; also =\"a phrase\""),
    row("loose phrase", "\"mutual defence\"~3", "the words moved by at most 3 in all; two that change places cost 2"),
    row("either within a phrase", "\"mutual (defence|assistance)\"", "also with OR: \"a (b OR c) d\""),
    row(
        "wildcards",
        "sanction*",
        "* for any letters, ? for one, anywhere in a word, also in phrases: \"defen?e pact*\"",
    ),
    row("slips of the pen", "Khruschev~1", "words that differ in 1 or 2 letters"),
    row("regular expression", "/defen[cs]es?/", "of one whole word, without regard to case"),
    row("weight", "treaty^3 pact", "counts three times as much for the order of hits"),
];

/// Places that mentions fill.
const SLOTS: &[Row] = &[
    row(
        "anyone, anything",
        "@person NEAR/3 signed",
        "@person @org @place @country @date @number; `--group-by slot` lists who",
    ),
    row(
        "a name near a word",
        "person:Putin NEAR/10 treaty",
        "any field of names, countries and dates can stand beside NEAR",
    ),
];

/// Fields.
const FIELDS: &[Row] = &[
    row(
        "person, organisation",
        "person:\"Kim Jong-un\"",
        "in any spelling; org: and place: likewise; person:=\"Kim\" is literal",
    ),
    row("country", "country:\"North Korea\"", "any usual name, or its code: country:KP; about-country: asks more"),
    row("near a place", "near:\"Pyongyang,100km\"", "any place of the article within the distance"),
    row("headline", "title:(treaty OR pact)", "body: for the text; author: and source: likewise"),
    row("published", "published:2024-06..2024-07", "days, months, years, >=2024-06, 7d..; none and guessed"),
    row("dates spoken of", "mentions-date:1961", "also months, days, ranges: 1991-12..1992-01"),
    row("looking back or ahead", "date-gap:>10y", "some date spoken of lies so far from publication"),
    row("language", "lang:en", "and section:, agency:, reported-from:"),
];

/// Every row, by subject.
pub fn guide() -> Vec<(&'static str, Vec<Row>)> {
    let operators =
        OPERATORS.iter().flat_map(|operator| operator.help()).map(|[need, write, meaning]| row(need, write, meaning));
    let mut near: Vec<Row> = operators.collect();
    near.extend(SLOTS);
    vec![("Words", WORDS.to_vec()), ("Near each other", near), ("Fields", FIELDS.to_vec())]
}
