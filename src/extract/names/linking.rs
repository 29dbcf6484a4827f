//! Which mentions name the same person or organisation, and what it is called.
//!
//! The fullest form in the article gives the name. A shorter form belongs to the person whose name it is part of: by
//! the family name first, then by a given name; where several fit, sex decides if title and given name tell it, then
//! the one mentioned last before it.

use super::lexicon::{FAMILY_FIRST, GIVEN, HEAD, SUFFIX, Sex, possessive};
use super::organisations::Organisation;
use super::people::Candidate;
use super::run::{Run, Shape, Text};
use crate::article::{Mention, MentionKind, Named};
use crate::names;
use crate::text::fold::squeeze;
use crate::text::{Span, tokens};
use rustc_hash::FxHashMap;

/// The most other forms of a name that are listed.
const MOST_FORMS: usize = 12;
/// The most persons that one short form is compared with: the latest of those that share the word.
const MOST_NAMESAKES: usize = 16;

/// Persons or organisations as they gather.
#[derive(Default)]
struct Entries {
    named: Vec<Named>,
}

impl Entries {
    fn add(&mut self, name: String) -> usize {
        self.named.push(Named { name, count: 0, also: Vec::new() });
        self.named.len() - 1
    }

    fn mention(&mut self, entry: usize, form: &str) {
        let Some(named) = self.named.get_mut(entry) else { return };
        named.count += 1;
        if named.also.len() < MOST_FORMS && !named.also.iter().any(|known| known == form) {
            named.also.push(form.to_owned());
        }
    }

    /// Strongest first; of equals the one named first.
    fn finish(mut self) -> Vec<Named> {
        for named in &mut self.named {
            let Named { name, also, .. } = named;
            also.retain(|form| form != name);
        }
        self.named.retain(|named| named.count > 0);
        self.named.sort_by_key(|named| std::cmp::Reverse(named.count));
        self.named
    }
}

/// A person whose full name stands in the article.
struct Full<'c> {
    key: &'c str,
    sex: Option<Sex>,
    family_first: bool,
    entry: usize,
    /// The number of the latest mention so far.
    seen: Option<usize>,
    /// The number of the first mention.
    first: usize,
}

/// Links the mentions of persons, which stand in the order of the article.
pub(super) fn people(candidates: &[Candidate], texts: &[Text<'_>], mentions: &mut Vec<Mention>) -> Vec<Named> {
    let mut entries = Entries::default();
    let mut fulls: Vec<Full<'_>> = Vec::new();
    let mut by_key: FxHashMap<&str, usize> = FxHashMap::default();
    let mut by_word: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    // The longest first, so that a shorter form finds the longer one there.
    let mut order: Vec<usize> = (0..candidates.len()).filter(|at| candidates[*at].words > 1).collect();
    order.sort_by_key(|at| (std::cmp::Reverse(candidates[*at].key.len()), *at));
    for number in order {
        let candidate = &candidates[number];
        if let Some(full) = by_key.get(candidate.key.as_str()) {
            let full = &mut fulls[*full];
            full.first = full.first.min(number);
            full.sex = full.sex.or(candidate.sex);
            continue;
        }
        let last = candidate.key.rsplit(' ').next().unwrap_or("");
        let longer = by_word.get(last).is_some_and(|namesakes| {
            namesakes.iter().rev().take(MOST_NAMESAKES).any(|at| is_form(&candidate.key, fulls[*at].key))
        });
        if longer {
            continue;
        }
        let Some(text) = texts.get(candidate.text) else { continue };
        let entry = entries.add(display(text, candidate.run));
        let at = fulls.len();
        by_key.insert(&candidate.key, at);
        for word in candidate.key.split(' ').filter(|word| word.len() > 1) {
            by_word.entry(word).or_default().push(at);
        }
        let family_first = text.get(candidate.run.first).is_some_and(|t| t.is(FAMILY_FIRST) && !t.is(GIVEN))
            || text.get(candidate.run.first).is_some_and(|t| t.is(FAMILY_FIRST))
                && candidate.key.split(' ').count() > 2;
        fulls.push(Full { key: &candidate.key, sex: candidate.sex, family_first, entry, seen: None, first: number });
    }
    let mut alone: FxHashMap<&str, usize> = FxHashMap::default();
    for (number, candidate) in candidates.iter().enumerate() {
        let Some(text) = texts.get(candidate.text) else { continue };
        let entry = match by_key.get(candidate.key.as_str()) {
            Some(full) => {
                fulls[*full].seen = Some(number);
                fulls[*full].entry
            }
            None => match meant(candidate, &fulls, &by_word) {
                Some(full) => {
                    fulls[full].seen = Some(number);
                    fulls[full].entry
                }
                None => *alone.entry(&candidate.key).or_insert_with(|| {
                    let run = Run { first: candidate.regal.unwrap_or(candidate.run.first), last: candidate.run.last };
                    entries.add(display(text, run))
                }),
            },
        };
        let titled = Run { first: candidate.honorific.unwrap_or(candidate.run.first), last: candidate.run.last };
        let form = if candidate.words == 1 { titled } else { candidate.run };
        entries.mention(entry, &squeeze(text.written(form)));
        mentions.push(mention(MentionKind::Person, text, candidate.run, entries.named[entry].name.clone()));
    }
    entries.finish()
}

/// Whether the shorter of two keys of several words names the same person: `george bush`, `george w bush`.
fn is_form(short: &str, long: &str) -> bool {
    short != long && names::key_matches(short, long)
}

/// The person whom a short form means.
fn meant(candidate: &Candidate, fulls: &[Full<'_>], by_word: &FxHashMap<&str, Vec<usize>>) -> Option<usize> {
    let last = candidate.key.rsplit(' ').next()?;
    let mut best: Option<(usize, (u8, bool, bool, usize))> = None;
    let number = |full: &Full<'_>| full.seen.map_or(usize::MAX - full.first, |seen| seen);
    for at in by_word.get(last)?.iter().rev().take(MOST_NAMESAKES) {
        let full = fulls.get(*at)?;
        if !is_form(&candidate.key, full.key) {
            continue;
        }
        let ends = full.key.ends_with(&candidate.key);
        let begins = full.key.starts_with(&candidate.key);
        let rank = match (ends, begins, full.family_first) {
            (_, true, true) => 3,
            (true, _, false) => 3,
            (true, _, true) | (_, true, false) => 2,
            _ => 1,
        };
        let disagree = candidate.sex.is_some() && full.sex.is_some() && candidate.sex != full.sex;
        if disagree {
            continue;
        }
        let agree = candidate.sex.is_some() && candidate.sex == full.sex;
        let value = (rank, agree, full.seen.is_some(), number(full));
        if best.is_none_or(|(_, most)| value > most) {
            best = Some((*at, value));
        }
    }
    best.map(|(at, _)| at)
}

/// Links the mentions of organisations: one list for each text.
pub(super) fn organisations(
    found: &[Vec<Organisation>],
    texts: &[Text<'_>],
    mentions: &mut Vec<Mention>,
) -> Vec<Named> {
    let mut entries = Entries::default();
    let mut by_key: FxHashMap<String, usize> = FxHashMap::default();
    let all = || texts.iter().zip(found).flat_map(|(text, list)| list.iter().map(move |o| (text, o)));
    // Full names first; then what stands for them.
    let mut initials: FxHashMap<String, usize> = FxHashMap::default();
    let mut by_head: FxHashMap<String, Vec<(usize, usize)>> = FxHashMap::default();
    for (order, (text, organisation)) in all().enumerate() {
        if organisation.run.first == organisation.run.last && organisation.name.is_none() {
            continue;
        }
        let name = organisation.name.map_or_else(|| display(text, organisation.run), str::to_owned);
        let key = bare_key(text, organisation.run);
        let entry = *by_key.entry(names::key(&name)).or_insert_with(|| entries.add(name));
        by_key.entry(key).or_insert(entry);
        let mut letters = String::new();
        for at in organisation.run.first..=organisation.run.last {
            let Some(token) = text.get(at) else { continue };
            if token.is_capital() {
                letters.extend(text.word(at).chars().next());
            }
            if token.is(HEAD) {
                by_head.entry(names::key(text.word(at))).or_default().push((order, entry));
            }
        }
        if letters.chars().count() >= 3 {
            initials.entry(letters).or_insert(entry);
        }
        let only = text.get(organisation.run.last).is_some_and(|token| token.is(SUFFIX));
        if only {
            by_key.entry(names::key(text.word(organisation.run.first))).or_insert(entry);
        }
    }
    for (text, organisation) in all() {
        if let Some(full) = organisation.stands_for
            && let Some(entry) = by_key.get(&bare_key(text, full)).copied()
        {
            by_key.insert(names::key(text.written(organisation.run)), entry);
        }
    }
    for (order, (text, organisation)) in all().enumerate() {
        let written = text.written(organisation.run);
        let key = organisation.name.map_or_else(|| bare_key(text, organisation.run), names::key);
        let short = organisation.run.first == organisation.run.last;
        let token = text.get(organisation.run.first);
        let head = || {
            let heads = by_head.get(&key).filter(|_| short && token.is_some_and(|t| t.is(HEAD)))?;
            let before = heads.partition_point(|(at, _)| *at < order);
            before.checked_sub(1).and_then(|at| heads.get(at)).map(|(_, entry)| *entry)
        };
        let spelt = || {
            let capitals = short && token.is_some_and(|t| t.shape == Shape::Capitals);
            initials.get(&written.replace('.', "")).filter(|_| capitals).copied()
        };
        let entry = by_key.get(&key).copied().or_else(head).or_else(spelt);
        let entry = entry.unwrap_or_else(|| {
            let entry = entries.add(display(text, organisation.run));
            by_key.insert(key, entry);
            entry
        });
        entries.mention(entry, &squeeze(written));
        mentions.push(mention(MentionKind::Organisation, text, organisation.run, entries.named[entry].name.clone()));
    }
    entries.finish()
}

/// The key of an organisation's name, without `The` and the suffixes of companies.
fn bare_key(text: &Text<'_>, run: Run) -> String {
    let mut last = run.last;
    while last > run.first && text.get(last).is_some_and(|token| token.is(SUFFIX) && !token.is(HEAD)) {
        last -= 1;
    }
    let key = names::key(text.written(Run { first: run.first, last }));
    match key.strip_prefix("the ") {
        Some(rest) => rest.to_owned(),
        None => key,
    }
}

/// A name as it is shown: one blank between its words, and not in capitals where it is a person's or a long one.
fn display(text: &Text<'_>, run: Run) -> String {
    let written = squeeze(text.written(run)).into_owned();
    let loud = run.first < run.last
        && (run.first..=run.last)
            .all(|at| text.get(at).is_some_and(|t| matches!(t.shape, Shape::Capitals | Shape::Initial)))
        && (run.first..=run.last).any(|at| text.word(at).len() > 3);
    if !loud {
        return written;
    }
    let mut shown = String::with_capacity(written.len());
    let mut end = 0;
    for span in tokens::words(&written) {
        shown.push_str(written.get(end..span.start).unwrap_or(""));
        let word = span.of(&written);
        let mut chars = word.chars();
        shown.extend(chars.next());
        shown.extend(chars.flat_map(char::to_lowercase));
        end = span.end;
    }
    shown.push_str(written.get(end..).unwrap_or(""));
    shown
}

/// A place that the tagger found, which has no name yet.
pub(super) fn place(text: &Text<'_>, run: Run) -> Mention {
    mention(MentionKind::Place, text, run, String::new())
}

fn mention(kind: MentionKind, text: &Text<'_>, run: Run, name: String) -> Mention {
    let span = text.name_span(run);
    let span = Span::new(span.start, span.end - possessive(span.of(text.text)));
    Mention { kind, part: text.part, span, name, country: None, region: None, point: None, timex: None }
}
