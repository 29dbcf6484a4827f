//! The names that may be places, with what stands around each, and the first, lexical verdict on each.

use super::words::{Cue, cues};
use crate::article::{Found, MentionKind, Part};
use crate::extract::spans::Spans;
use crate::extract::{Hit, Page};
use crate::places::{Kind, Match, Ordinary, Sense};
use crate::text::{Span, Words, fold};
use rustc_hash::{FxHashMap, FxHashSet};

/// From this population on, in thousands, a city is known by its name alone.
pub(super) const GREAT: u32 = 1_000;
/// Below this population, in thousands, a town of one word is doubted where nothing before it says that it is one.
const SMALL: u32 = 10;
/// Below this population, in thousands, a given name or surname is a town only where something says so.
const LARGE: u32 = 300;

/// A name that may be a place.
pub(super) struct Candidate<'p> {
    /// Which text it is in.
    pub(super) part: Part,
    /// Its first and last word.
    pub(super) first: usize,
    pub(super) last: usize,
    /// What was found.
    pub(super) hit: &'p Match,
    /// What is held of it.
    pub(super) verdict: Verdict,
    /// Whether words before it say that a place follows, or the dateline has it.
    pub(super) cued: bool,
    /// Whether it stands among words in capitals, where case says nothing.
    pub(super) shouted: bool,
    /// Whether it is the place of the dateline.
    pub(super) dateline: bool,
    /// Whether a tagger took the very name for a place.
    pub(super) tagged: bool,
    /// The sense that was chosen, as an index of `hit.senses`; `fixed` where the text itself says it.
    pub(super) chosen: Option<usize>,
    pub(super) fixed: bool,
}

/// What is held of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A place unless nothing supports it.
    Likely,
    /// A place only where its country is supported otherwise.
    Weak,
    /// Inside the name of an organisation: no mention, but it speaks for its country.
    Embedded,
    /// Not a place.
    Dropped,
}

impl<'p> Candidate<'p> {
    /// The sense that was chosen.
    pub(super) fn sense(&self) -> Option<&'p Sense> {
        self.hit.senses.get(self.chosen?)
    }

    /// Whether it is a mention of a place.
    pub(super) fn stays(&self) -> bool {
        matches!(self.verdict, Verdict::Likely | Verdict::Weak)
    }

    fn has(&self, kind: Kind) -> bool {
        self.hit.senses.iter().any(|sense| sense.place.kind == kind)
    }

    /// Whether it can only be a city or town.
    pub(super) fn only_city(&self) -> bool {
        self.hit.senses.iter().all(|sense| sense.place.kind.is_town())
    }

    /// Whether it is an adjective or an inhabitant.
    pub(super) fn is_demonym(&self) -> bool {
        self.hit.senses.iter().any(|sense| sense.demonym)
    }

    /// The population of its largest city, a capital counting as great.
    fn people(&self) -> u32 {
        let known =
            |sense: &Sense| if sense.place.capital { GREAT.max(sense.place.people) } else { sense.place.people };
        self.hit.senses.iter().map(known).max().unwrap_or(0)
    }
}

/// Every candidate of the article in order, title first, with its verdict. What a tagger says of a name counts for more
/// than the words beside it.
pub(super) fn collect<'p>(page: &'p Page<'_>, found: &Found, tagged: Option<&Spans>) -> Vec<Candidate<'p>> {
    let mut candidates = Vec::new();
    for (part, words) in page.parts() {
        for Hit { first, found: hit } in page.hits(part) {
            let (first, last) = (*first, first + hit.words - 1);
            candidates.push(Candidate {
                part,
                first,
                last,
                shouted: shouted(words, first, last),
                cued: first > 0
                    && words.gap(first - 1).trim().is_empty()
                    && cues(words.word(first - 1), words.word(first - 1).starts_with(char::is_lowercase))
                        .is(Cue::Before),
                hit,
                verdict: Verdict::Likely,
                dateline: false,
                tagged: false,
                chosen: None,
                fixed: false,
            });
        }
    }
    mark_dateline(page, &mut candidates);
    let mut parts_of_names: FxHashSet<u32> = FxHashSet::default();
    for at in 0..candidates.len() {
        let words = if candidates[at].part == Part::Title { &page.title } else { &page.body };
        let after = candidates
            .get(at + 1)
            .filter(|next| next.part == candidates[at].part && next.first == candidates[at].last + 1);
        let before = at.checked_sub(1).and_then(|at| candidates.get(at));
        let before = before.filter(|other| other.part == candidates[at].part && other.last + 1 == candidates[at].first);
        let view = View { words, before, after };
        let (verdict, part_of_name) = judge(&candidates[at], &view);
        if part_of_name {
            parts_of_names.insert(candidates[at].hit.key);
        }
        candidates[at].verdict = verdict;
    }
    respect_names(found, &mut candidates, page, &mut parts_of_names);
    for candidate in &mut candidates {
        let doubtful = candidate.only_city() || candidate.hit.ordinary == Ordinary::Person;
        let kept = candidate.cued && candidate.people() >= 100 || candidate.dateline;
        if doubtful && !kept && !candidate.is_demonym() && parts_of_names.contains(&candidate.hit.key) {
            candidate.verdict = Verdict::Dropped;
        }
    }
    drop_common_words(page, &mut candidates);
    if let Some(tagged) = tagged {
        respect_tags(page, tagged, &mut candidates);
    }
    candidates
}

/// Takes for places what the tagger took for places, and nothing else but datelines and adjectives.
fn respect_tags(page: &Page<'_>, tagged: &Spans, candidates: &mut [Candidate<'_>]) {
    for candidate in candidates.iter_mut().filter(|candidate| candidate.verdict != Verdict::Embedded) {
        let span = candidate.hit.span;
        if let Some(around) = tagged.around(candidate.part, span) {
            let words = if candidate.part == Part::Title { &page.title } else { &page.body };
            candidate.tagged = around == span;
            match within(words, candidate, around) {
                Within::Same => {}
                Within::Inside if candidate.verdict != Verdict::Dropped => {
                    candidate.verdict = Verdict::Embedded;
                    continue;
                }
                Within::Inside => continue,
                Within::Other => {
                    candidate.verdict = Verdict::Dropped;
                    continue;
                }
            }
            // `the Christopher Hotel`: a place, but hardly the town that is called as many people are.
            let namesake = candidate.hit.ordinary != Ordinary::No && candidate.only_city();
            if !(candidate.is_demonym() || namesake && candidate.verdict == Verdict::Dropped) {
                candidate.verdict = Verdict::Likely;
            }
        } else if candidate.hit.words > 1 && tagged.touches(candidate.part, span) {
            // `Sri Lanka`: the table knows better where a name begins.
            candidate.verdict = Verdict::Likely;
        } else if !candidate.dateline && !candidate.is_demonym() {
            candidate.verdict = Verdict::Dropped;
        }
    }
}

/// What a name is to the longer name around it.
enum Within {
    /// The same place: `Kano State`, `North London`.
    Same,
    /// A place there: `Paris City Hall`.
    Inside,
    /// Another place: `Dublin Road`, `St. Paris`.
    Other,
}

/// What `candidate` is to the name `around` it.
fn within(words: &Words<'_>, candidate: &Candidate<'_>, around: Span) -> Within {
    let before = (0..candidate.first).rev().take_while(|at| words.span(*at, *at).start >= around.start);
    let after = (candidate.last + 1..words.len()).take_while(|at| words.span(*at, *at).end <= around.end);
    let unit = |word: &str| cues(&word.to_lowercase(), true).is(Cue::Unit);
    let mut same = true;
    for at in before {
        let word = words.word(at);
        // `Port of Los Angeles`, but `St. Paris`.
        if word == "of" || unit(word) {
            continue;
        }
        if word == "New" || !cues(word, false).is(Cue::Beside) {
            return if words.word(candidate.first - 1) == "of" { Within::Inside } else { Within::Other };
        }
    }
    for at in after {
        let word = words.word(at);
        if cues(word, false).is(Cue::Road) {
            return Within::Other;
        }
        same &= unit(word);
    }
    if same { Within::Same } else { Within::Inside }
}

/// What stands beside a candidate.
struct View<'a> {
    words: &'a Words<'a>,
    before: Option<&'a Candidate<'a>>,
    after: Option<&'a Candidate<'a>>,
}

/// The verdict from the words beside it, and whether it is a part of a person's name there.
fn judge(candidate: &Candidate<'_>, view: &View<'_>) -> (Verdict, bool) {
    let words = view.words;
    let (first, last) = (candidate.first, candidate.last);
    let single = candidate.hit.words == 1;
    let demonym = candidate.is_demonym();
    let person = candidate.hit.ordinary == Ordinary::Person;
    let country = candidate.has(Kind::Country) || candidate.has(Kind::Wide);
    let city = candidate.only_city();
    let people = candidate.people();
    if candidate.dateline {
        return (Verdict::Likely, false);
    }
    let text = candidate.hit.span.of(words.text);
    if text == "US" && candidate.shouted {
        return (Verdict::Dropped, false);
    }
    if candidate.shouted {
        // Case says nothing here: only what is hardly ever anything else.
        let sure =
            !person && candidate.hit.ordinary == Ordinary::No && (!city || people >= GREAT || candidate.hit.words > 1);
        let verdict = if country && !person || sure { Verdict::Likely } else { Verdict::Weak };
        return (verdict, false);
    }
    let blank = |gap: &str| gap.len() <= 3 && gap.trim().is_empty() && gap.matches('\n').count() < 2;
    let possessive = candidate.hit.span.end != words.span(first, last).end;
    let next = if !possessive && blank(words.gap(last)) && !view.after.is_some_and(stands_alone) {
        words.word(last + 1)
    } else {
        ""
    };
    let next_capital = next.starts_with(char::is_uppercase);
    let next_cue = cues(next, false);
    if demonym {
        let before = if first > 0 { words.word(first - 1) } else { "" };
        // `in French`, `speaks Spanish and`, but `in French politics` and `in Germans' eyes`.
        let ends = !next_capital && (!next.starts_with(char::is_alphabetic) || cues(next, true).is(Cue::Common));
        let spoken =
            cues(before, true).is(Cue::Language) || matches!(before, "in" | "into" | "In") && !text.ends_with('s');
        let language = spoken && ends && words.gap(last) != "-";
        let thing = next_cue.is(Cue::Thing);
        // `Indian Lake Road` and `Dawn French` are no adjectives.
        let street = next_capital
            && (next_cue.is(Cue::Street)
                || words.gap(last + 1) == " " && cues(words.word(last + 2), false).is(Cue::Street));
        let begins = words.bounds.sentences.binary_search(&(first as u32)).is_ok();
        let named = person
            && !begins
            && view.before.is_none()
            && before.starts_with(char::is_uppercase)
            && matches!(words.gap(first - 1), " " | ". ")
            && !cues(before, false).is(Cue::Common);
        let speaks = person && !candidate.cued && cues(next, true).is(Cue::Said) && !text.ends_with('s');
        return (
            if language || thing || street || named || speaks { Verdict::Dropped } else { Verdict::Likely },
            false,
        );
    }
    if candidate.hit.senses.iter().any(|sense| sense.abbreviation) {
        return (Verdict::Likely, false);
    }
    // An acronym in a line that is not in capitals: `SWAT`.
    let acronym = !country && single && text.len() > 1 && text.chars().all(char::is_uppercase) && !text.contains('.');
    let own = text == "LA" || candidate.hit.senses.iter().any(|sense| sense.place.name == text);
    if acronym && !candidate.cued && !own {
        return (Verdict::Dropped, false);
    }
    // The name of a street, building or school.
    if next_capital && next_cue.is(Cue::Street) && !country {
        let island = matches!(next, "Island" | "Islands" | "Mountains");
        return (if island { Verdict::Weak } else { Verdict::Dropped }, false);
    }
    if candidate.hit.ordinary == Ordinary::Word && city {
        return (Verdict::Dropped, false);
    }
    if !(single || city && people < 100) {
        return (Verdict::Likely, false);
    }
    // A name after it: `Paris Hilton`.
    let next_known = next_cue.is(Cue::Office) || cues(next, false).is(Cue::Common);
    if next_capital && !next_known {
        if person || city && people < GREAT {
            return (Verdict::Dropped, person || !candidate.cued);
        }
        if city {
            return (Verdict::Weak, false);
        }
    }
    let hyphen = words.gap(last) == "-" && words.word(last + 1).starts_with(char::is_uppercase) && view.after.is_none();
    if hyphen && (person || city && people < GREAT) {
        return (Verdict::Dropped, person);
    }
    // A name before it: `Alan Jackson`, `Mr Lincoln`, `J. Austin`.
    let gap = if first > 0 { words.gap(first - 1) } else { "\n\n" };
    let before = if first > 0 { words.word(first - 1) } else { "" };
    let begins = words.bounds.sentences.binary_search(&(first as u32)).is_ok();
    let title =
        matches!(gap.trim(), "" | ".") && blank(gap.trim_start_matches('.')) && cues(before, false).is(Cue::Title);
    let initial =
        matches!(gap.trim(), "" | ".") && before.chars().count() == 1 && before.starts_with(char::is_uppercase)
            || before.len() == 4 && before.ends_with('.') && gap == " " && before != "U.S.";
    if (title && before.starts_with(char::is_uppercase) || initial && before != "A" && before != "I")
        && (person || city && people < GREAT)
        && !begins
    {
        return (Verdict::Dropped, true);
    }
    let before_begins = first > 0 && words.bounds.sentences.binary_search(&(first as u32 - 1)).is_ok();
    if first > 0 && (blank(gap) || gap == "-") && before.starts_with(char::is_uppercase) && view.before.is_none() {
        let cue = cues(before, false);
        let fine = cue.is(Cue::Beside)
            || cue.is(Cue::Common)
            || cue.is(Cue::Office)
            || before_begins && !person && people >= LARGE;
        if !fine {
            if person || city && people < GREAT {
                return (Verdict::Dropped, true);
            }
            if city {
                return (Verdict::Weak, false);
            }
        }
    }
    if view.before.is_some_and(|other| other.hit.ordinary == Ordinary::Person)
        && blank(gap)
        && (person || city && people < GREAT)
    {
        return (Verdict::Dropped, true);
    }
    // A person who speaks or acts: `Jackson said`.
    if !candidate.cued && cues(next, true).is(Cue::Said) && (person || city && people < LARGE) {
        return (Verdict::Dropped, true);
    }
    if person && !country && !candidate.cued && people < LARGE {
        return (Verdict::Weak, false);
    }
    let verdict = if city && !candidate.cued && (people < 100 && begins || people < SMALL && single) {
        Verdict::Weak
    } else {
        Verdict::Likely
    };
    (verdict, false)
}

/// Whether a neighbour is a place of its own and not the surname behind a given name.
fn stands_alone(neighbour: &Candidate<'_>) -> bool {
    neighbour.hit.ordinary == Ordinary::No || !neighbour.only_city()
}

/// Whether the line around the words `first` to `last` is in capitals.
fn shouted(words: &Words<'_>, first: usize, last: usize) -> bool {
    let capitals = |word: &str| {
        let mut letters = word.chars().filter(|c| c.is_alphabetic()).peekable();
        letters.peek().is_some() && letters.all(char::is_uppercase)
    };
    if !(first..=last).all(|at| capitals(words.word(at))) {
        return false;
    }
    // The nearest words of two letters and more on either side, in the same line.
    let mut sides = 0;
    let mut loud = 0;
    for at in (0..first).rev().take(2) {
        if words.gap(at).contains('\n') {
            break;
        }
        if words.word(at).len() > 1 && words.word(at).starts_with(char::is_alphabetic) {
            sides += 1;
            loud += usize::from(capitals(words.word(at)) && !words.word(at).contains('.'));
            break;
        }
    }
    for at in last + 1..(last + 3).min(words.len()) {
        if words.gap(at - 1).contains('\n') {
            break;
        }
        if words.word(at).len() > 1 && words.word(at).starts_with(char::is_alphabetic) {
            sides += 1;
            loud += usize::from(capitals(words.word(at)) && !words.word(at).contains('.'));
            break;
        }
    }
    sides > 0 && loud == sides
}

/// Marks the place of the dateline: the one that the reader found, or capitals before a dash near the beginning.
fn mark_dateline(page: &Page<'_>, candidates: &mut [Candidate<'_>]) {
    let body = &page.body;
    let given = page.article.dateline.as_ref().map(|line| line.span);
    let mut end = None;
    for candidate in candidates.iter_mut().filter(|candidate| candidate.part == Part::Body) {
        if candidate.hit.ordinary == Ordinary::Word || candidate.is_demonym() {
            continue;
        }
        let inside = match (given, end) {
            // `MOSCOW/KYIV`: several places.
            (Some(span), Some(end))
                if span.overlaps(candidate.hit.span)
                    && (candidate.first == end && body.gap(end - 1) == "/"
                        || candidate.first == end + 1 && body.word(end) == "and") =>
            {
                true
            }
            // The place itself, and the state or country that stands right behind it; never the month.
            (_, Some(end)) => candidate.first == end && !candidate.only_city(),
            (Some(span), None) => span.overlaps(candidate.hit.span),
            (None, None) if candidate.first > NEAR_BEGINNING => break,
            (None, None) => opens(body, candidate),
        };
        if inside {
            candidate.dateline = true;
            candidate.cued = true;
            end = Some(candidate.last + 1);
        } else if end.is_some() {
            break;
        }
    }
}

/// A dateline begins within so many words: a headline may stand before it.
const NEAR_BEGINNING: usize = 40;

/// Whether `candidate` begins a dateline: `SEOUL, June 19 (Reuters) -`, `London (AP) —` at a sentence's beginning.
fn opens(words: &Words<'_>, candidate: &Candidate<'_>) -> bool {
    if words.bounds.sentences.binary_search(&(candidate.first as u32)).is_err() {
        return false;
    }
    let text = candidate.hit.span.of(words.text);
    let capitals = text.chars().all(|c| !c.is_lowercase());
    for at in candidate.last..(candidate.last + 8).min(words.len()) {
        let gap = words.gap(at);
        let dash = ["—", "–", "--", " -", "- "].iter().any(|dash| gap.contains(dash));
        if dash {
            return capitals || gap.contains(')');
        }
        let inside = matches!(gap.trim(), "" | "," | "." | ".," | "(" | "/" | ", (" | "., (");
        if !inside || gap.matches('\n').count() > 1 {
            return false;
        }
    }
    false
}

/// Yields to the persons and organisations that were found before.
fn respect_names(
    found: &Found,
    candidates: &mut [Candidate<'_>],
    page: &Page<'_>,
    parts_of_names: &mut FxHashSet<u32>,
) {
    let mut spans: Vec<(Part, Span, MentionKind)> = found
        .mentions
        .iter()
        .filter(|mention| matches!(mention.kind, MentionKind::Person | MentionKind::Organisation))
        .map(|mention| (mention.part, mention.span, mention.kind))
        .collect();
    spans.sort_unstable_by_key(|(part, span, _)| (*part, *span));
    let mut at = 0;
    for candidate in candidates.iter_mut() {
        let here = (candidate.part, candidate.hit.span);
        while spans
            .get(at)
            .is_some_and(|(part, span, _)| (*part, span.end) <= (here.0, here.1.start) && *part <= here.0)
        {
            at += 1;
        }
        let Some((part, span, kind)) = spans.get(at) else { break };
        if *part != here.0 || !span.overlaps(here.1) {
            continue;
        }
        if candidate.dateline {
            continue;
        }
        let text = if *part == Part::Title { page.title.text } else { page.body.text };
        match kind {
            MentionKind::Person => {
                let alone = span.of(text) == here.1.of(text);
                let sure = candidate.hit.ordinary == Ordinary::No && !candidate.only_city();
                if !(alone && sure) {
                    candidate.verdict = Verdict::Dropped;
                    parts_of_names.insert(candidate.hit.key);
                }
            }
            _ => {
                if candidate.verdict != Verdict::Dropped {
                    candidate.verdict = Verdict::Embedded;
                }
            }
        }
    }
}

/// Drops names of towns that the article itself also writes without a capital: `reading`, `mobile`.
fn drop_common_words(page: &Page<'_>, candidates: &mut [Candidate<'_>]) {
    let mut asked: FxHashMap<String, bool> = FxHashMap::default();
    for candidate in candidates.iter().filter(|c| c.hit.words == 1 && c.only_city() && c.verdict != Verdict::Dropped) {
        let words = if candidate.part == Part::Title { &page.title } else { &page.body };
        asked.insert(fold::fold(candidate.hit.span.of(words.text)), false);
    }
    if asked.is_empty() {
        return;
    }
    let lengths = asked.keys().fold(0u64, |all, word| all | 1 << word.len().min(63));
    for position in 0..page.body.len() {
        let word = page.body.word(position);
        if lengths & 1 << word.len().min(63) != 0
            && word.starts_with(|c: char| c.is_ascii_lowercase())
            && let Some(common) = asked.get_mut(word)
        {
            *common = true;
        }
    }
    for candidate in candidates.iter_mut().filter(|c| c.hit.words == 1 && c.only_city() && !c.dateline) {
        let words = if candidate.part == Part::Title { &page.title } else { &page.body };
        if asked.get(&fold::fold(candidate.hit.span.of(words.text))).copied().unwrap_or(false) {
            candidate.verdict = Verdict::Dropped;
        }
    }
}
