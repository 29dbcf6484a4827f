//! Organisations: well-known ones by list, others by the words in their names, by capitals, and by what stands beside.

use super::lexicon::{
    self, ADJECTIVE, AT, BARE, COMMON, COMPANY, DAY, FUNCTION, GIVEN, GROUP, HEAD, HEAD_OF, KNOWN, Lexicon,
    NOT_ACRONYM, PLACE, PLACE_HEAD, ROLE, STATE, SUFFIX, SURNAME, TITLE, WRITTEN,
};
use super::run::{Gap, Run, Shape, Text, Token};
use crate::text::fold::fold;
use rustc_hash::{FxHashMap, FxHashSet};

/// An organisation in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Organisation {
    pub(super) run: Run,
    /// The usual name where it is well known.
    pub(super) name: Option<&'static str>,
    /// The full name that stands before an acronym in parentheses.
    pub(super) stands_for: Option<Run>,
}

/// Most capital letters of an acronym.
const LONGEST_ACRONYM: usize = 7;

/// Most words before the word that makes a name an organisation's.
const LONGEST: usize = 8;

/// Finds the organisations of a text, in order, none overlapping another.
pub(super) fn find(text: &Text<'_>, lexicon: &Lexicon) -> Vec<Organisation> {
    let mut found: Vec<Organisation> = Vec::new();
    for run in text.wide_runs() {
        // What the run holds, as candidates of which the longest wins where two overlap.
        let mut candidates = Vec::new();
        known(text, lexicon, run, &mut candidates);
        headed(text, run, &mut candidates);
        acronyms(text, run, &mut candidates);
        beside(text, run, &mut candidates);
        candidates.sort_by_key(|c| (std::cmp::Reverse(c.run.last - c.run.first), c.run.first, c.name.is_none()));
        let from = found.len();
        for candidate in candidates {
            let taken =
                |other: &Organisation| candidate.run.first <= other.run.last && other.run.first <= candidate.run.last;
            if !found.iter().rev().take(8).any(taken) {
                found.push(candidate);
            }
        }
        found[from..].sort_by_key(|organisation| organisation.run.first);
    }
    definitions(text, &mut found);
    found
}

/// The organisations whose names are `runs`, in order, as the tagger found them; `ruled` is what the rules found.
pub(super) fn tagged(text: &Text<'_>, lexicon: &Lexicon, runs: &[Run], ruled: &[Organisation]) -> Vec<Organisation> {
    let mut found: Vec<Organisation> = runs
        .iter()
        .map(|run| {
            let mut candidates = Vec::new();
            known(text, lexicon, *run, &mut candidates);
            let known = candidates.into_iter().find(|candidate| candidate.run == *run);
            let at = ruled.binary_search_by_key(&run.first, |ruled| ruled.run.first).ok();
            let same = at.and_then(|at| ruled.get(at)).filter(|ruled| ruled.run == *run).copied();
            known.or(same).unwrap_or(Organisation { run: *run, name: None, stands_for: None })
        })
        .collect();
    definitions(text, &mut found);
    found
}

/// Well-known organisations, as they are written in the list.
fn known(text: &Text<'_>, lexicon: &Lexicon, run: Run, out: &mut Vec<Organisation>) {
    let mut at = run.first;
    while at <= run.last {
        // `al-Qaeda`: the particle is in lower case and stands before the run.
        let begins = if at == run.first
            && at > 0
            && text.word(at - 1) == "al"
            && text.get(at).is_some_and(|t| matches!(t.gap, Gap::Blank | Gap::Hyphen))
        {
            at - 1
        } else {
            at
        };
        let starts = [Some(begins), Some(at).filter(|at| *at != begins)];
        let found = starts.into_iter().flatten().find_map(|start| {
            if !text.get(start)?.is(KNOWN) {
                return None;
            }
            let fits = |offset: usize, expected: &str| {
                let position = start + offset;
                let glued = offset == 0
                    || text
                        .get(position)
                        .is_some_and(|t| !t.starts && !t.skip && !matches!(t.gap, Gap::Other | Gap::Comma | Gap::Open));
                glued
                    && (lexicon::same(text.word(position), expected) || lexicon::same(text.printed(position), expected))
            };
            let second = [text.word(start + 1), text.printed(start + 1)];
            let (word, printed) = (text.word(start), text.printed(start));
            let as_printed = || if printed == word { None } else { lexicon.known(printed, second, fits) };
            let known = lexicon.known(word, second, fits).or_else(as_printed)?;
            Some((start, known))
        });
        let Some((start, known)) = found else {
            at += 1;
            continue;
        };
        let last = start + known.words.len() - 1;
        if stands_by_itself(text, start, last) {
            out.push(Organisation { run: Run { first: start, last }, name: Some(known.name), stands_for: None });
        }
        at = last.max(at) + 1;
    }
}

/// Whether a known name is not just a part of some longer name.
fn stands_by_itself(text: &Text<'_>, first: usize, last: usize) -> bool {
    let Some(token) = text.get(first) else { return false };
    if first != last {
        return true;
    }
    if token.shape == Shape::Capitals || token.shape == Shape::Mixed {
        return !token.loud
            || token.shape == Shape::Mixed
            || text.part == crate::article::Part::Title
            || token.span.end - token.span.start <= 4;
    }
    if token.loud {
        return false;
    }
    let before = first.checked_sub(1).filter(|_| text.joins(first)).and_then(|at| text.get(at));
    let after = text.get(last + 1).filter(|_| text.joins(last + 1));
    if before.is_some_and(|b| b.is_capital() && !b.is(FUNCTION | ADJECTIVE | PLACE | TITLE)) {
        return false;
    }
    if after.is_some_and(|a| a.is_capital() && (!a.is(TITLE | GIVEN) || token.is(GIVEN))) {
        return false;
    }
    // An ordinary word at the beginning of a sentence says nothing.
    !(token.starts && token.is(COMMON))
}

/// Names that end in, or are built around, a word such as `Bank` or `Inc`.
fn headed(text: &Text<'_>, run: Run, out: &mut Vec<Organisation>) {
    let mut at = run.first;
    while at <= run.last {
        let Some(token) = text.get(at) else { return };
        if token.loud || !token.is(HEAD | SUFFIX | HEAD_OF) {
            at += 1;
            continue;
        }
        // The last head or suffix of those that follow each other: `Bank Holdings plc`.
        let mut last = at;
        while last < run.last && text.get(last + 1).is_some_and(|next| next.is(SUFFIX | HEAD) && !next.is(DAY)) {
            last += 1;
        }
        let from = run.first.max(at.saturating_sub(LONGEST));
        let first = trim(text, from, last, state_inside(text, from, last));
        let end = if token.is(HEAD_OF) && last == at || text.get(last).is_some_and(|t| t.is(HEAD_OF)) {
            extend(text, last)
        } else {
            None
        };
        let tail = text.get(last).copied();
        let enough = match end {
            Some(_) => true,
            None => {
                let named = first < last && tail.is_some_and(|t| t.is(HEAD | SUFFIX));
                let other = is_person_with_surname(text, first, last)
                    // `West Bank`
                    || text.get(first).is_some_and(|t| usize::from(t.place) == last - first + 1)
                    || is_city(text, first, last)
                    || goes_on(text, last)
                    || first + 1 == last && text.get(first).is_some_and(|t| t.is(DAY))
                    || matches!(
                        text.written(Run { first: last.saturating_sub(1), last }),
                        "Soviet Union" | "Russian Federation"
                    );
                named && !other
            }
        };
        if enough {
            out.push(Organisation { run: Run { first, last: end.unwrap_or(last) }, name: None, stands_for: None });
        }
        at = end.unwrap_or(last).max(last) + 1;
    }
}

/// Whether the name is that of a body of a state.
fn state_inside(text: &Text<'_>, first: usize, last: usize) -> bool {
    (first..=last).any(|at| text.get(at).is_some_and(|token| token.is(STATE)))
}

/// The first word of the name that ends at `last`: ordinary words, titles and, for bodies of a state, adjectives of
/// countries are left out.
fn trim(text: &Text<'_>, first: usize, last: usize, state: bool) -> usize {
    let mut at = first;
    while at < last {
        let Some(token) = text.get(at) else { break };
        let adjective = state && token.is(ADJECTIVE | PLACE) && !token.is(GIVEN) && token.shape == Shape::Capital;
        if token.is(FUNCTION | DAY) || adjective {
            at += 1;
        } else {
            break;
        }
    }
    at
}

/// `Gordon Banks` has no suffix, `Wayne Bank` no bank: a given name and one head that is also a family name.
fn is_person_with_surname(text: &Text<'_>, first: usize, last: usize) -> bool {
    first + 1 == last
        && text.get(first).is_some_and(|token| token.is(GIVEN) && !token.is(PLACE))
        && text.get(last).is_some_and(|token| token.is(SURNAME))
}

/// `Academy Award`, `League Cup`: the name goes on to something that is no organisation.
fn goes_on(text: &Text<'_>, last: usize) -> bool {
    text.joins(last + 1)
        && text.get(last + 1).is_some_and(|next| {
            next.is_capital() && next.is(COMMON) && !next.is(TITLE | ROLE | GIVEN | DAY | FUNCTION | HEAD)
        })
}

/// `Kansas City`, `Mexico City`.
fn is_city(text: &Text<'_>, first: usize, last: usize) -> bool {
    text.get(last).is_some_and(|token| token.is(PLACE_HEAD) && !token.is(SUFFIX))
        && (first..last).all(|at| text.get(at).is_some_and(|token| token.is(PLACE | ADJECTIVE)))
        && text.word(last) == "City"
}

/// The last word of `of …` behind a head: `of Foreign Affairs and Trade`, `for the Blind`.
fn extend(text: &Text<'_>, head: usize) -> Option<usize> {
    let of = head + 1;
    if text.get(head)?.possessive || text.get(of)?.gap != Gap::Blank || !matches!(text.word(of), "of" | "for" | "on") {
        return None;
    }
    let mut at = of + 1;
    if text.word(at) == "the" {
        at += 1;
    }
    let begins = |position: usize| {
        text.get(position).is_some_and(|token| {
            token.is_capital() && !token.starts && token.gap == Gap::Blank && !token.is(FUNCTION | DAY)
        })
    };
    // `Party of Chief Buthelezi`, `Congress of Iraqi President Talabani`.
    let person = |position: usize| {
        let office = |at: usize| {
            text.get(at).is_some_and(|t| t.is(TITLE) && t.is(ROLE)) && text.get(at + 1).is_some_and(Token::is_capital)
        };
        office(position) || text.get(position).is_some_and(|t| t.is(ADJECTIVE)) && office(position + 1)
    };
    if !begins(at) || person(at) {
        return None;
    }
    let words_of_state = |position: usize| text.get(position).is_some_and(|token| token.is(COMMON | HEAD));
    let mut last = at;
    loop {
        let next = last + 1;
        let Some(token) = text.get(next) else { break };
        if person(next) {
            break;
        }
        if text.joins(next) && token.is_capital() && !token.is(DAY) {
            last = next;
            continue;
        }
        let word = text.word(next);
        let possessive = text.get(last).is_some_and(|t| t.possessive);
        // `Trade and Industry`, `Science and Technology`: ordinary words on both sides.
        let and = matches!(word, "and" | "for" | "of") && !possessive && token.gap == Gap::Blank;
        let common = |position: usize| text.get(position).is_some_and(|token| token.is(COMMON));
        let fits = if word == "and" { common(next + 1) } else { words_of_state(last) };
        if and && begins(next + 1) && fits {
            last = next + 1;
            continue;
        }
        // `Health, Labour and Welfare`
        if token.gap == Gap::Comma && token.is_capital() && words_of_state(last) && token.is(COMMON) && !possessive {
            let after = text.get(next + 1).is_some_and(|t| t.gap == Gap::Comma || t.gap == Gap::Blank);
            let more = (next + 1..next + 5).find(|at| text.word(*at) == "and");
            if after && more.is_some_and(|and| begins(and + 1) && words_of_state(and + 1)) {
                last = next;
                continue;
            }
        }
        if token.gap == Gap::And && token.is_capital() {
            last = next;
            continue;
        }
        break;
    }
    Some(last)
}

/// Acronyms, brands with capitals inside, and `FC Basel`.
fn acronyms(text: &Text<'_>, run: Run, out: &mut Vec<Organisation>) {
    for at in run.first..=run.last {
        let Some(token) = text.get(at) else { return };
        if token.loud || token.is(NOT_ACRONYM | DAY | FUNCTION) {
            continue;
        }
        let word = text.word(at);
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        let digits = word.chars().any(|c| c.is_ascii_digit());
        let linked = |position: usize| text.joins(position) && text.get(position).is_some_and(|t| t.is_capital());
        let here = Organisation { run: Run { first: at, last: at }, name: None, stands_for: None };
        match token.shape {
            Shape::Capitals
                if (3..=LONGEST_ACRONYM).contains(&letters)
                    && !digits
                    && !token.is(GIVEN | SURNAME | COMMON | PLACE) =>
            {
                if matches!(word, "FC" | "AC" | "SC" | "AFC" | "CF" | "AS" | "SV" | "VfL")
                    && linked(at + 1)
                    && at < run.last
                {
                    out.push(Organisation { run: Run { first: at, last: at + 1 }, name: None, stands_for: None });
                    continue;
                }
                // `A.J. Smith`, `DJ Shadow`: initials before a name.
                let initials = word.contains('.') || letters == 2;
                if initials
                    && linked(at + 1)
                    && text.get(at + 1).is_some_and(|t| {
                        t.shape == Shape::Capital && (word.contains('.') || t.is(SURNAME) && !t.is(COMMON))
                    })
                {
                    continue;
                }
                // A shouting neighbour: not an acronym but a text in capitals.
                let shouts = |position: usize| {
                    linked(position) && text.get(position).is_some_and(|t| t.shape == Shape::Capitals)
                };
                if shouts(at + 1) && letters > 3
                    || (at > 0
                        && linked(at)
                        && text.get(at - 1).is_some_and(|t| t.shape == Shape::Capitals)
                        && letters > 3)
                {
                    continue;
                }
                out.push(here);
            }
            Shape::Mixed if !digits && !token.is(PLACE) && !is_product(word) => out.push(here),
            _ => {}
        }
    }
}

/// Things, not makers.
fn is_product(word: &str) -> bool {
    matches!(
        fold(word).as_str(),
        "iphone"
            | "iphones"
            | "ipod"
            | "ipods"
            | "ipad"
            | "ipads"
            | "imac"
            | "itunes"
            | "playstation"
            | "ios"
            | "macos"
            | "javascript"
            | "powerpoint"
            | "phd"
            | "mrna"
            | "cds"
            | "dvds"
    )
}

/// What stands beside a name that nothing in it betrays: `carrier X`, `shares in X`, `X shares`.
fn beside(text: &Text<'_>, run: Run, out: &mut Vec<Organisation>) {
    let Some(token) = text.get(run.first) else { return };
    if token.loud || token.starts || token.is(TITLE | GIVEN | PLACE | ADJECTIVE | FUNCTION | DAY | COMMON) {
        return;
    }
    if run.last > run.first + 3 || token.shape == Shape::Initial {
        return;
    }
    let place = usize::from(token.place);
    if place > run.last - run.first {
        return;
    }
    let group = run.first > 0
        && token.gap == Gap::Blank
        && text.get(run.first - 1).is_some_and(|t| t.is(GROUP) && !t.is_capital());
    let company = text.get(run.last + 1).is_some_and(|t| t.is(COMPANY) && !t.is_capital() && t.gap == Gap::Blank)
        && !text.get(run.last).is_some_and(|t| t.possessive);
    let shares = run.first > 1
        && matches!(text.word(run.first - 2), "shares" | "stake")
        && matches!(text.word(run.first - 1), "in" | "of");
    if group || company || shares {
        out.push(Organisation { run, name: None, stands_for: None });
    }
}

/// `Full Name (ACRONYM)`: both are organisations where the letters fit, and the short one stands for the long one.
fn definitions(text: &Text<'_>, found: &mut Vec<Organisation>) {
    let mut more = Vec::new();
    for at in 1..text.tokens.len() {
        let token = &text.tokens[at];
        if token.gap != Gap::Open || !matches!(token.shape, Shape::Capitals | Shape::Mixed) || token.skip {
            continue;
        }
        let closed = text.text.get(token.span.end..).is_some_and(|rest| rest.starts_with(')'));
        if !closed {
            continue;
        }
        let letters: Vec<char> = text.word(at).chars().filter(|c| c.is_uppercase()).collect();
        if let Some(first) = spelt_by(text, at - 1, &letters) {
            more.push((Run { first, last: at - 1 }, at));
        }
    }
    if more.is_empty() {
        return;
    }
    let names: FxHashMap<usize, (usize, &'static str)> =
        found.iter().filter_map(|o| o.name.map(|name| (o.run.first, (o.run.last, name)))).collect();
    let mut defined: FxHashSet<usize> = FxHashSet::default();
    let mut new = Vec::with_capacity(2 * more.len());
    for (full, at) in more {
        let known = names.get(&full.first).filter(|(last, _)| *last == full.last);
        let name = known.or_else(|| names.get(&at)).map(|(_, name)| *name);
        defined.extend(full.first..=full.last);
        defined.insert(at);
        new.push(Organisation { run: full, name, stands_for: None });
        new.push(Organisation { run: Run { first: at, last: at }, name, stands_for: Some(full) });
    }
    found.retain(|o| !(o.run.first..=o.run.last).any(|at| defined.contains(&at)));
    found.extend(new);
    found.sort_by_key(|organisation| organisation.run.first);
}

/// The first word of the name that ends at `last` and whose initials are `letters`.
fn spelt_by(text: &Text<'_>, last: usize, letters: &[char]) -> Option<usize> {
    let mut left = letters.len();
    let mut at = last;
    let mut words = 0;
    if letters.len() < 2 {
        return None;
    }
    loop {
        let token = text.get(at)?;
        let initial = text.word(at).chars().next()?;
        if token.is_capital() {
            if left > 0 && letters.get(left - 1).is_some_and(|l| l.to_lowercase().eq(initial.to_lowercase())) {
                left -= 1;
            } else if !token.is(FUNCTION) {
                return None;
            }
        } else if matches!(
            text.word(at),
            "of" | "for" | "and" | "the" | "on" | "in" | "de" | "des" | "du" | "et" | "y" | "la" | "to" | "against"
        ) {
            if left > 0
                && letters.get(left - 1).is_some_and(|l| l.to_lowercase().eq(initial.to_lowercase()))
                && text.word(at).len() > 2
            {
                left -= 1;
            }
        } else {
            return None;
        }
        words += 1;
        if left == 0 {
            return (words >= 2 && token.is_capital()).then_some(at);
        }
        if at == 0 || token.starts || words > letters.len() + 4 || matches!(token.gap, Gap::Other | Gap::Open) {
            return None;
        }
        at -= 1;
    }
}

/// Heads alone that stand for an organisation named before: `the Bank`, and words that are organisations alone.
pub(super) fn short_forms(text: &Text<'_>, found: &mut Vec<Organisation>) {
    let mut heads: FxHashMap<String, Run> = FxHashMap::default();
    let mut brands: FxHashSet<String> = FxHashSet::default();
    for organisation in found.iter().filter(|o| o.run.first < o.run.last) {
        for at in organisation.run.first..=organisation.run.last {
            let Some(token) = text.get(at) else { continue };
            if token.is(HEAD) && token.is(HEAD_OF) {
                heads.entry(fold(text.word(at))).or_insert(organisation.run);
            }
        }
        let (Some(first), Some(last)) = (text.get(organisation.run.first), text.get(organisation.run.last)) else {
            continue;
        };
        if last.is(SUFFIX) && first.kinds & !(SUFFIX | WRITTEN) == 0 && first.span.end - first.span.start > 3 {
            brands.insert(fold(text.word(organisation.run.first)));
        }
    }
    let mut more = Vec::new();
    let mut taken = found.iter().peekable();
    for at in 0..text.tokens.len() {
        while taken.next_if(|o| o.run.last < at).is_some() {}
        if taken.peek().is_some_and(|o| o.run.first <= at) {
            continue;
        }
        let token = &text.tokens[at];
        if !token.is_capital() || token.loud || token.skip {
            continue;
        }
        let capital_before = text.joins(at)
            && at.checked_sub(1).and_then(|at| text.get(at)).is_some_and(|t| t.is_capital() && !t.is(FUNCTION));
        let capital_after = text.joins(at + 1) && text.get(at + 1).is_some_and(Token::is_capital);
        if capital_before || capital_after {
            continue;
        }
        let the = at > 0 && matches!(text.word(at - 1), "the" | "The" | "its");
        let bare = token.is(BARE) && !token.starts;
        let head = the && token.is(HEAD) && heads.get(&fold(text.word(at))).is_some_and(|run| run.first < at);
        let brand = token.kinds & !(SUFFIX | WRITTEN) == 0 && brands.contains(&lexicon::stem(text.word(at)));
        let located = at > 0 && text.tokens[at - 1].is(AT);
        if bare || head || (brand && !located) {
            more.push(Organisation { run: Run { first: at, last: at }, name: None, stands_for: None });
        }
    }
    found.extend(more);
    found.sort_by_key(|organisation| organisation.run.first);
}
