//! Dates: from running text to days, and from what metadata and queries write to days.
//!
//! 1. `items` makes items of words and figures, with the classes that the language's table (`words`) gives them.
//! 2. `grammar` finds the patterns of the table that fit.
//! 3. `meaning` says what a pattern says: an `expression`, which knows neither language nor anchor.
//! 4. `resolve` gives it a `value` against the day of the text and what was spoken of before.
//!
//! [`written()`] reads a publication date as metadata writes it, [`range()`] the days that a question asks for.

mod calendars;
mod expression;
mod grammar;
mod items;
mod meaning;
mod numerals;
mod range;
mod resolve;
mod style;
mod value;
mod words;
mod written;

pub use range::range;
pub use value::Hemisphere;
pub use written::{Written, written};

use crate::article::Timex;
use crate::language::{LANGUAGES, Language};
use crate::text::{Span, Words, fold, tokens};
use chrono::NaiveDate;
use grammar::Grammar;
use items::{Case, Gap, Item};
use resolve::{Context, Cue};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use words::{Class, Lexicon};

/// The patterns of every language, by code.
static GRAMMARS: LazyLock<FxHashMap<&'static str, Grammar>> =
    LazyLock::new(|| LANGUAGES.iter().map(|language| (language.code, Grammar::new(language.date_words))).collect());

/// Every date expression of a text, in order, apart from each other, resolved against the day of the text.
///
/// Without `anchor`, relative expressions have values such as `XXXX-WXX-3` and no days.
pub fn find(words: &Words<'_>, language: &Language, anchor: Option<NaiveDate>) -> Vec<(Span, Timex)> {
    find_in(words, language, Setting { anchor, ..Setting::default() })
}

/// When and where a text was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Setting {
    /// The day.
    pub anchor: Option<NaiveDate>,
    /// Where the day is not known, the first and last that it can be: those of a month or a year.
    pub within: Option<(NaiveDate, NaiveDate)>,
    /// On which half of the globe.
    pub hemisphere: Hemisphere,
}

/// The same in a text of which more is known than the day. Of a text of 1850, `last year` is known and `yesterday` is not.
pub fn find_in(words: &Words<'_>, language: &Language, setting: Setting) -> Vec<(Span, Timex)> {
    found(words, language, Context::new(setting), Case::Kept)
}

fn found(words: &Words<'_>, language: &Language, mut context: Context, case: Case) -> Vec<(Span, Timex)> {
    let Some(grammar) = GRAMMARS.get(language.code) else {
        return Vec::new();
    };
    let mut items = items::items(words, &grammar.lexicon, case);
    let mut found = Vec::new();
    let mut matches = Vec::new();
    let mut at = 0;
    while at < items.len() {
        grammar.matches(&items, at, &mut matches);
        let best = matches.iter().find_map(|fit| {
            let rule = grammar.rule(fit.rule)?;
            Some((fit, rule, meaning::meaning(fit, rule, &items, &grammar.lexicon)?))
        });
        let Some((fit, rule, meanings)) = best else {
            at += 1;
            continue;
        };
        direct(&mut items, fit, &rule.action);
        for (first, last, expression) in meanings {
            let (Some(start), Some(end)) = (items.get(first), items.get(last)) else {
                continue;
            };
            let span = Span::new(start.start, end.end);
            found.push((span, context.resolve(&expression, cue(&items, first, last, grammar))));
        }
        at = fit.path.last().map_or(at, |step| step.0) + 1;
    }
    found
}

/// The first day, month or year that stands in full in a text: for dates of metadata.
fn explicit(words: &Words<'_>, language: &Language, case: Case) -> Option<value::Value> {
    let grammar = GRAMMARS.get(language.code)?;
    let items = items::items(words, &grammar.lexicon, case);
    let mut matches = Vec::new();
    (0..items.len()).find_map(|at| {
        grammar.matches(&items, at, &mut matches);
        matches.iter().find_map(|fit| {
            let rule = grammar.rule(fit.rule)?;
            let meanings = meaning::meaning(fit, rule, &items, &grammar.lexicon)?;
            // Two are a range.
            meanings.first().filter(|_| meanings.len() == 1)?.2.explicit()
        })
    })
}

/// A line that gives the day on which an article was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatedLine {
    /// The date.
    pub written: Written,
    /// What the line calls it.
    pub label: Label,
}

/// What a line calls the date that it gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
    /// `Published: 19 June 2024`
    Published,
    /// `Updated: 19 June 2024`
    Updated,
    /// There is nothing but the date.
    None,
}

/// Reads a line that is a date and nothing more (a day of the week, a time), or begins with a word such as
/// `Published`. None for any other line.
pub fn dated_line(line: &str, language: &Language) -> Option<DatedLine> {
    let grammar = GRAMMARS.get(language.code)?;
    // Most lines are prose; this is soon seen of a long one.
    if line.len() > LONGEST_BARE && !begins_with_label(line, &grammar.lexicon) {
        return None;
    }
    let words = Words::new(line);
    let items = items::items(&words, &grammar.lexicon, Case::Kept);
    let named = items.iter().take(LABEL_WORDS).find_map(|item| {
        let label = item.is(Class::Label).then(|| grammar.lexicon.entry(item.entry).value(Class::Label));
        label.flatten()
    });
    let label = match named {
        Some(0) => Label::Published,
        Some(_) => Label::Updated,
        None if items.iter().all(belongs) => Label::None,
        None => return None,
    };
    let head = items.iter().position(|item| item.is(Class::Label)).unwrap_or(0);
    let date = words_from(line, items.get(head)?.start);
    let value =
        explicit(&Words::new(date), language, Case::Free).filter(|value| matches!(value, value::Value::Day(_)))?;
    Some(DatedLine { written: Written::of(value)?, label })
}

/// Lines longer than this many bytes are more than a date.
const LONGEST_BARE: usize = 64;

/// Whether one of the first words can be a label.
fn begins_with_label(line: &str, lexicon: &Lexicon) -> bool {
    let mut folded = String::new();
    let mut words = tokens::words(line).take(LABEL_WORDS + 3); // Several words can be one item.
    words.any(|word| {
        fold::fold_into(word.of(line), &mut folded);
        lexicon.find(&folded).is_some_and(|entry| lexicon.entry(entry).value(Class::Label).is_some())
    })
}

/// Whether an item can stand in a line that is nothing but a date.
fn belongs(item: &Item) -> bool {
    const DATES: [Class; 11] = [
        Class::Month,
        Class::AnyWeekday,
        Class::Day,
        Class::Number,
        Class::Year,
        Class::Date,
        Class::Clock,
        Class::Ordinal,
        Class::Zone,
        Class::Meridiem,
        Class::Part,
    ];
    // `of`, `at`, `the`.
    let joint = item.mask == Class::Literal.bit() && !item.capital && !item.figures;
    joint || DATES.iter().any(|class| item.is(*class))
}

/// A label is one of the first so many words: `First published`, `This article was last updated`.
const LABEL_WORDS: usize = 5;

/// So much of a line after its label is read.
const LABELLED: usize = 80;

fn words_from(line: &str, start: usize) -> &str {
    let rest = line.get(start..).unwrap_or("");
    let end = (0..=LABELLED.min(rest.len())).rev().find(|end| rest.is_char_boundary(*end)).unwrap_or(0);
    rest.get(..end).unwrap_or("")
}

/// Marks words that look ahead only together (`as early as`), or that do not where they stand (`the plan`).
fn direct(items: &mut [Item], fit: &grammar::Match, action: &str) {
    let ends = fit.path.first().zip(fit.path.last());
    let Some(covered) = ends.and_then(|(one, two)| items.get_mut(one.0..=two.0)) else {
        return;
    };
    match action {
        "ahead" => {
            if let Some(last) = covered.last_mut() {
                last.mask |= Class::StrongFuture.bit();
                last.mask &= !Class::Reported.bit();
            }
        }
        "calm" => {
            let ahead = Class::StrongFuture.bit() | Class::Future.bit();
            covered.iter_mut().for_each(|item| item.mask &= !ahead);
        }
        _ => {}
    }
}

/// So many items before an expression are looked at for a word that tells where the sentence looks.
const LOOK_BACK: usize = 14;
/// So many after it.
const LOOK_ON: usize = 7;
/// A verb of what is over belongs to a date that stands so many items behind it at most.
const ATTACHED: usize = 3;

/// Where the sentence around the items from `first` to `last` looks.
fn cue(items: &[Item], first: usize, last: usize, grammar: &Grammar) -> Cue {
    let before = |back: usize| first.checked_sub(back).and_then(|at| items.get(at));
    let tight = |item: &&Item| matches!(item.gap, Gap::Blank | Gap::Comma);
    let over = before(1).filter(tight).is_some_and(|item| item.is(Class::Ended));
    let maybe = (1..=2).filter_map(before).take_while(|item| tight(item)).any(|item| item.is(Class::Future));
    let mut cue = Cue { maybe, past: over, over, attached: is_attached(items, first), ..Cue::default() };
    // `Wednesday's ruling` was made.
    if items.get(last).is_some_and(|item| item.is(Class::Owner) && item.is(Class::Weekday)) {
        cue.past = true;
        return cue;
    }
    // `Until Thursday, they had not`.
    let opens = before(1).is_some() && before(2).is_none_or(ends_sentence);
    let leads = before(1).is_some_and(|item| tight(&item) && (item.is(Class::Until) || item.is(Class::Future)));
    if opens && leads && looks(items, last, grammar) == Some(false) {
        return Cue { maybe: false, past: true, ..cue };
    }
    if (1..=2).filter_map(before).take_while(|item| tight(item)).any(|item| item.is(Class::Until)) {
        cue.ahead = true;
        return cue;
    }
    for back in 1..=LOOK_BACK {
        let Some(item) = before(back).filter(|item| !ends_sentence(item)) else {
            break;
        };
        if item.is(Class::StrongFuture) {
            cue.ahead = true;
            return cue;
        }
        if item.is(Class::Reported) {
            // `will be held`, `is to be released`.
            cue.ahead = (1..=3)
                .filter_map(|more| before(back + more))
                .take_while(|item| !matches!(item.gap, Gap::Dot | Gap::Other))
                .any(|item| item.is(Class::StrongFuture));
            cue.past = !cue.ahead;
            return cue;
        }
    }
    // `On Tuesday, the court will`.
    let inner = first > 0
        && before(1).is_some_and(|item| matches!(item.gap, Gap::Blank | Gap::Hyphen))
        && before(2).is_some_and(|item| tight(&item));
    cue.ahead = !inner && looks(items, last, grammar) == Some(true);
    cue
}

/// Whether a sentence ends behind `item`.
fn ends_sentence(item: &Item) -> bool {
    item.gap == Gap::Other || item.gap == Gap::Dot && !item.is(Class::Abbreviated)
}

/// Whether the words behind the item `last` look ahead, or else back; none where they do neither.
fn looks(items: &[Item], last: usize, grammar: &Grammar) -> Option<bool> {
    let item = |at: usize| items.get(at).filter(|item| !matches!(item.gap, Gap::Dot | Gap::Other));
    let mut matches = Vec::new();
    for at in last + 1..last + LOOK_ON {
        item(at - 1)?;
        let word = items.get(at)?;
        if word.is(Class::StrongFuture) {
            // What lies ahead has not been read for patterns yet.
            let mut calm = |start: usize| {
                grammar.matches(items, start, &mut matches);
                let mut rules = matches.iter().filter(|fit| fit.path.last().is_some_and(|step| step.0 >= at));
                rules.any(|fit| grammar.rule(fit.rule).is_some_and(|rule| &*rule.action == "calm"))
            };
            if !calm(at - 1) && !calm(at) {
                return Some(true);
            }
        }
        if word.is(Class::Reported) {
            return Some(false);
        }
    }
    None
}

/// Whether a verb of what is over stands directly before a date and nothing that looks ahead between: `was last seen`.
fn is_attached(items: &[Item], first: usize) -> bool {
    let mut words = (1..=ATTACHED).map_while(|back| first.checked_sub(back).and_then(|at| items.get(at)));
    let plain = |item: &Item| {
        item.gap == Gap::Blank
            && !item.is(Class::Future)
            && !item.is(Class::StrongFuture)
            && !item.is(Class::Determiner)
    };
    for item in words.by_ref() {
        if !plain(item) {
            return false;
        }
        if item.is(Class::Reported) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language;

    #[test]
    fn every_action_of_a_table_is_known() {
        for grammar in GRAMMARS.values() {
            for rule in grammar.rules() {
                assert!(meaning::ACTIONS.contains(&&*rule.action), "{}", rule.action);
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(
            text in "(([0-9]{1,9}|[A-Za-z]{1,9}|June|May|last|next|a|two|thousand|years|ago|later|quarter|century|of|é|平|l'an|vor|im|am|19\\.|14\\.30|14h30|Uhr|Mittwochabend|Mai|mai|mayo|de|le|el|et|y|vingt|dernier|hace|las)[ ,.:/'’–-]{0,2}){0,40}",
            day in -700_000i32..2_000_000,
        ) {
            let anchor = NaiveDate::from_num_days_from_ce_opt(day);
            for language in LANGUAGES.iter().filter(|language| !language.date_words.is_empty()) {
                let found = find(&Words::new(&text), language, anchor);
                for pair in found.windows(2) {
                    assert!(pair[0].0.end <= pair[1].0.start, "{text:?}");
                }
                for (span, timex) in found {
                    assert!(!span.of(&text).is_empty(), "{text:?}");
                    assert!(timex.first <= timex.last, "{text:?}");
                }
                dated_line(&text, language);
            }
            written(&text);
            range(&text, anchor);
        }
    }

    /// Lines `text ==> words=value | words=value`: what is found in the text, in order; `@` sets the day of the text.
    #[test]
    fn finds_and_resolves() {
        let mut anchor = None;
        let mut failures = Vec::new();
        let mut count = 0;
        for line in include_str!("cases.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(day) = line.strip_prefix('@') {
                anchor = day.trim().parse::<NaiveDate>().ok();
                continue;
            }
            let (text, expected) = line.split_once("==>").expect("a case");
            let (text, expected) = (text.trim(), expected.trim());
            let found: Vec<String> = find(&Words::new(text), language::fallback(), anchor)
                .into_iter()
                .map(|(span, timex)| format!("{}={}", span.of(text), timex.value))
                .collect();
            count += 1;
            if found.join(" | ") != expected {
                failures.push(format!("{text}\n     found {}\n  expected {expected}", found.join(" | ")));
            }
        }
        assert!(count >= 150, "{count} cases");
        assert!(failures.is_empty(), "{} of {count}:\n{}", failures.len(), failures.join("\n"));
    }
}
