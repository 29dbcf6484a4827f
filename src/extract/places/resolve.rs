//! Which of its senses each name has in this article, and which countries the article supports.
//!
//! 1. `Town, State` and `City, Country` say it themselves.
//! 2. Names of countries, adjectives and regions vote for their countries.
//! 3. A name has one sense in an article: the likeliest with the votes counted.
//! 4. The gate: a town below [`GREAT`] alone puts no country on the article.

use super::candidates::{Candidate, GREAT, Verdict};
use super::hints;
use super::prior::{self, Prior};
use super::words::{Cue, cues};
use crate::article::Part;
use crate::extract::Page;
use crate::places::{Kind, Ordinary, Place, Sense};
use crate::text::{Span, Words, fold};
use rustc_hash::{FxHashMap, FxHashSet};

/// A town that no table has, whose state or country stands behind it.
pub(super) struct Town {
    /// Which text it is in.
    pub(super) part: Part,
    /// Where.
    pub(super) span: Span,
    /// Its country.
    pub(super) country: &'static str,
}

/// From this population on, in thousands, a city after `in` and the like needs no other support.
const KNOWN: u32 = 500;
/// From this population on, in thousands, a city that a tagger found needs no other support.
const TAGGED: u32 = 100;
/// From this part of all votes on, a country is that of every place that does not say its own.
const LEADING: f32 = 0.6;
/// So many different towns of a country support each other.
const TOWNS_TOGETHER: usize = 3;

/// What speaks for each country, before the gate.
#[derive(Default)]
struct Votes<'p> {
    /// Names, adjectives, regions, comma patterns, the dateline.
    strong: FxHashMap<&'static str, f32>,
    /// Towns that lie in one country only.
    towns: FxHashMap<&'static str, f32>,
    /// Parts of countries named.
    parts: FxHashMap<(&'static str, &'static str), f32>,
    /// The country whose newspapers write like this article.
    home: Option<&'static str>,
    /// The country of its address.
    address: Option<&'static str>,
    /// Where its source is at home.
    prior: Home<'p>,
}

/// What is known of the source of an article.
#[derive(Default)]
struct Home<'p> {
    prior: Option<&'p Prior>,
    /// Its name or host, in small letters, without blanks and signs.
    name: String,
}

/// What being in the home country, and in the home division, is worth for a place, in powers of ten of its people.
const HOME_COUNTRY: f32 = 2.0;
const HOME_REGION: f32 = 2.0;
/// From this part of a source's places on, a country supports its towns.
const AT_HOME: f32 = 0.3;
/// From this population on, in thousands, a town of the home division can be meant by the name of a country.
const NAMESAKE: u32 = 10;

impl Home<'_> {
    fn of<'p>(page: &Page<'p>) -> Home<'p> {
        let name = page.home.and_then(|_| prior::source(page.article)).unwrap_or_default();
        Home { prior: page.home, name: name.chars().filter(|c| c.is_alphanumeric()).collect() }
    }

    /// The part of the source's places that lies in the country of `place`.
    fn country(&self, place: &Place) -> f32 {
        self.prior.zip(place.country).map_or(0.0, |(prior, country)| prior.country(country))
    }

    /// The part of the source's places that lies in the division of `place`.
    fn region(&self, place: &Place) -> f32 {
        let Some((prior, country)) = self.prior.zip(place.country) else { return 0.0 };
        if prior.country(country) == 0.0 {
            return 0.0;
        }
        place.region().map_or(0.0, |region| prior.region(country, region))
    }

    /// What it adds to the likelihood of a place.
    fn bonus(&self, place: &Place) -> f32 {
        if self.prior.is_none() || matches!(place.kind, Kind::Wide | Kind::Seat) {
            return 0.0;
        }
        HOME_COUNTRY * self.country(place) + HOME_REGION * self.region(place)
    }

    /// The sense of `candidate` that is a town of the home division and that its name hardly means elsewhere, though it is
    /// the name of a country or region too: `Lebanon` for the newspaper of Lebanon, Pennsylvania.
    fn town(&self, candidate: &Candidate<'_>) -> Option<usize> {
        self.prior?;
        let name: String = fold::fold(candidate.hit.senses.first()?.place.name);
        let name: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
        let mut best: Option<(usize, f32)> = None;
        for (at, sense) in candidate.hit.senses.iter().enumerate().filter(|(_, sense)| sense.place.kind.is_town()) {
            let share = self.region(&sense.place);
            let called = name.len() > 3 && self.name.contains(&name);
            let known = called && share > 0.0 || share >= AT_HOME && sense.place.people >= NAMESAKE;
            if known && best.is_none_or(|(_, other)| share >= other) {
                best = Some((at, share));
            }
        }
        best.map(|(at, _)| at)
    }
}

impl Votes<'_> {
    /// The country that most of what is said lies in, and how much of it, 0 to 1.
    fn leading(&self) -> Option<(&'static str, f32)> {
        let mut all: FxHashMap<&'static str, f32> = self.strong.clone();
        for (country, votes) in &self.towns {
            *all.entry(country).or_default() += 0.5 * votes;
        }
        let sum: f32 = all.values().sum();
        let (country, votes) = all.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.0.cmp(b.0)))?;
        (votes >= LEADING * sum).then_some((country, votes / sum))
    }

    fn strong(&self, country: &str) -> f32 {
        self.strong.get(country).copied().unwrap_or(0.0)
    }
}

/// Chooses a sense for every candidate that stays a place, drops the others, and returns the towns found besides, and
/// the country of places that say none themselves.
pub(super) fn resolve(page: &Page<'_>, candidates: &mut [Candidate<'_>]) -> (Vec<Town>, Option<(&'static str, f32)>) {
    let towns = read_commas(page, candidates);
    let votes = count_votes(page, candidates, &towns);
    choose(candidates, &votes);
    gate(candidates, &votes);
    (towns, votes.leading())
}

fn words_of<'a, 'b>(page: &'b Page<'a>, part: Part) -> &'b Words<'a> {
    if part == Part::Title { &page.title } else { &page.body }
}

/// Reads `Boston, Mass.`, `Paris, Texas`, `Lyon, France`.
fn read_commas(page: &Page<'_>, candidates: &mut [Candidate<'_>]) -> Vec<Town> {
    let mut towns = Vec::new();
    for at in 0..candidates.len() {
        let (done, rest) = candidates.split_at_mut(at);
        let Some(area) = rest.first_mut() else { break };
        let words = words_of(page, area.part);
        if area.first == 0 || words.gap(area.first - 1).trim() != "," {
            continue;
        }
        let is_area =
            |sense: &Sense| !sense.demonym && matches!(sense.place.kind, Kind::Region | Kind::Country | Kind::Division);
        if area.verdict == Verdict::Dropped && area.hit.ordinary != Ordinary::Person
            || !area.hit.senses.iter().any(is_area)
        {
            continue;
        }
        let town = done.last_mut().filter(|town| town.part == area.part && town.last + 1 == area.first);
        if let Some(town) = town {
            let mut pair = None;
            for (outer, area_sense) in area.hit.senses.iter().enumerate().filter(|(_, sense)| is_area(sense)) {
                for (inner, sense) in town.hit.senses.iter().enumerate() {
                    let better = pair.is_none_or(|(_, _, people)| sense.place.people > people);
                    if lies_in(sense, &area_sense.place) && better {
                        pair = Some((outer, inner, sense.place.people));
                    }
                }
            }
            if let Some((outer, inner, _)) = pair {
                for (candidate, sense) in [(&mut *area, outer), (town, inner)] {
                    candidate.chosen = Some(sense);
                    candidate.fixed = true;
                    candidate.verdict = Verdict::Likely;
                }
                continue;
            }
            let Some(outer) = only_area(area) else { continue };
            let Some(sense) = area.hit.senses.get(outer) else { continue };
            // `Edmonton, Ky.`: a town of that name that no table has.
            let named = sense.abbreviation && town.only_city();
            if named && let Some(country) = sense.place.country {
                towns.push(Town { part: town.part, span: town.hit.span, country });
                town.verdict = Verdict::Dropped;
                area.chosen = Some(outer);
                area.fixed = true;
            }
            continue;
        }
        let Some(outer) = only_area(area) else { continue };
        let Some(sense) = area.hit.senses.get(outer) else { continue };
        let Some(country) = sense.place.country else { continue };
        if let Some(span) = capitalised_run(words, area.first, sense.abbreviation || area.dateline) {
            towns.push(Town { part: area.part, span, country });
            area.chosen = Some(outer);
            area.fixed = true;
            area.verdict = Verdict::Likely;
        }
    }
    towns
}

fn lies_in(sense: &Sense, area: &Place) -> bool {
    let place = sense.place;
    !sense.demonym
        && matches!(place.kind, Kind::City | Kind::Region)
        && !place.is(area)
        && place.country == area.country
        && (area.part.is_empty() || area.part == place.part && place.kind == Kind::City)
}

/// The one sense of `area` that can hold towns: the state where it is an abbreviation, else a lone one.
fn only_area(area: &Candidate<'_>) -> Option<usize> {
    let mut areas = area.hit.senses.iter().enumerate().filter(|(_, sense)| {
        !sense.demonym
            && (match sense.place.kind {
                Kind::Country | Kind::Division => true,
                Kind::Region => !sense.place.part.is_empty(),
                _ => false,
            })
    });
    let first = areas.next()?.0;
    areas.next().is_none().then_some(first)
}

/// The capitalised words right before the comma before `area`, where they are a town.
fn capitalised_run(words: &Words<'_>, area: usize, sure: bool) -> Option<Span> {
    let last = area.checked_sub(1)?;
    let mut first = area;
    while first > 0 && area - first < 3 {
        let word = words.word(first - 1);
        let begins = words.bounds.sentences.binary_search(&(first as u32)).is_ok() && first != area;
        let joined = first == area || matches!(words.gap(first - 1), " " | "-" | ". ");
        if begins || !joined || !word.starts_with(char::is_uppercase) || cues(word, false).is(Cue::Common) {
            break;
        }
        first -= 1;
    }
    if first == area {
        return None;
    }
    let before = if first > 0 { words.word(first - 1) } else { "" };
    let introduced = first > 0 && (cues(before, true).is(Cue::Before) || before == "of");
    (sure || introduced).then(|| words.span(first, last))
}

fn count_votes<'p>(page: &Page<'p>, candidates: &[Candidate<'_>], towns: &[Town]) -> Votes<'p> {
    let mut votes = Votes { prior: Home::of(page), ..Votes::default() };
    for town in towns {
        *votes.strong.entry(town.country).or_default() += 1.5;
    }
    let mut seen = FxHashSet::default();
    for candidate in candidates {
        let factor = match candidate.verdict {
            Verdict::Likely => 1.0,
            // Less than the gate asks for: a doubtful name does not support itself.
            Verdict::Weak => 0.2,
            Verdict::Embedded => 0.5,
            Verdict::Dropped => continue,
        };
        if let Some(sense) = candidate.sense() {
            let Some(country) = sense.place.country else { continue };
            *votes.strong.entry(country).or_default() += if sense.place.kind.is_town() { 1.5 } else { 1.0 };
            if !sense.place.part.is_empty() {
                *votes.parts.entry((country, sense.place.part)).or_default() += 1.0;
            }
            continue;
        }
        let foreign = |sense: &Sense| votes.prior.country(&sense.place) < FOREIGN || sense.place.kind.is_town();
        if !candidate.is_demonym()
            && let Some(town) = votes.prior.town(candidate)
            && candidate.hit.senses.iter().all(foreign)
        {
            let Some(place) = candidate.hit.senses.get(town).map(|sense| &sense.place) else { continue };
            let Some(country) = place.country else { continue };
            *votes.towns.entry(country).or_default() += 1.0;
            *votes.parts.entry((country, place.part)).or_default() += 0.3;
            continue;
        }
        let Some(top) = candidate.hit.senses.iter().map(|sense| rank(sense.place.kind)).max() else { continue };
        let mut senses = candidate.hit.senses.iter().filter(|sense| rank(sense.place.kind) == top);
        let Some(first) = senses.next() else { continue };
        let rivals = senses.filter(|sense| sense.place.country != first.place.country).count();
        let Some(country) = first.place.country else { continue };
        let between =
            candidate.hit.senses.iter().any(|s| s.place.kind == Kind::Region && s.place.country != first.place.country);
        if first.place.kind.is_town() {
            if candidate.dateline {
                let largest = candidate.hit.senses.iter().max_by_key(|sense| (sense.place.capital, sense.place.people));
                let country = largest.and_then(|sense| sense.place.country).unwrap_or(country);
                *votes.strong.entry(country).or_default() += 1.5;
            } else if rivals == 0 && candidate.verdict == Verdict::Likely && seen.insert(candidate.hit.key) {
                *votes.towns.entry(country).or_default() += 1.0;
            }
            if rivals == 0 && !first.place.part.is_empty() {
                *votes.parts.entry((country, first.place.part)).or_default() += 0.3;
            }
        } else if rivals == 0 && !between {
            *votes.strong.entry(country).or_default() += factor;
            // `Washington` alone does not speak for the state.
            let elsewhere = |sense: &Sense| {
                sense.place.capital && sense.place.country == Some(country) && sense.place.part != first.place.part
            };
            let doubtful = candidate.hit.senses.iter().any(elsewhere);
            if first.place.kind == Kind::Region && !first.place.part.is_empty() && !doubtful {
                *votes.parts.entry((country, first.place.part)).or_default() += factor;
            }
        } else if rivals > 0 && first.demonym {
            // `Korean` speaks a little for each.
            for sense in candidate.hit.senses.iter().filter(|sense| sense.demonym) {
                if let Some(country) = sense.place.country {
                    *votes.strong.entry(country).or_default() += 0.01;
                }
            }
        }
    }
    votes.home = hints::home(page.forms(Part::Body));
    if let Some(country) = votes.home {
        *votes.towns.entry(country).or_default() += 2.0;
    }
    votes.address = page.article.url.as_deref().and_then(country_of_address);
    if let Some(country) = votes.address {
        *votes.towns.entry(country).or_default() += 1.0;
    }
    votes
}

fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Country | Kind::Wide => 3,
        Kind::Seat => 2,
        Kind::Region => 1,
        Kind::City | Kind::Division | Kind::Feature => 0,
    }
}

/// The country of an address: `http://www.news.co.uk/…` → `GB`. Some codes are used by everybody.
fn country_of_address(url: &str) -> Option<&'static str> {
    let code = prior::host(url)?.rsplit('.').next()?;
    if code.len() != 2
        || matches!(code, "tv" | "co" | "io" | "me" | "fm" | "ly" | "ai" | "cc" | "ws" | "to" | "am" | "eu")
    {
        return None;
    }
    crate::places::country(code).and_then(|place| place.country)
}

/// Gives each key the sense that fits the article best.
fn choose(candidates: &mut [Candidate<'_>], votes: &Votes<'_>) {
    let mut settled: FxHashMap<u32, (usize, bool)> = FxHashMap::default();
    for candidate in candidates.iter().filter(|candidate| candidate.fixed) {
        if let Some(chosen) = candidate.chosen {
            settled.entry(candidate.hit.key).or_insert((chosen, true));
        }
    }
    for candidate in candidates.iter_mut() {
        if candidate.chosen.is_some() || candidate.verdict == Verdict::Dropped {
            continue;
        }
        let best = || {
            let supported = |sense: &Sense| {
                !sense.place.kind.is_town() && sense.place.country.is_some_and(|country| votes.strong(country) > 0.0)
            };
            if let Some(town) = votes.prior.town(candidate)
                && !candidate.is_demonym()
                && !candidate.hit.senses.iter().any(supported)
            {
                return (town, false);
            }
            let mut best = (0, f32::MIN);
            for (at, sense) in candidate.hit.senses.iter().enumerate() {
                let score = likelihood(sense, candidate, votes);
                // Of equals, the one that the tables have first.
                if score >= best.1 {
                    best = (at, score);
                }
            }
            (best.0, false)
        };
        let (chosen, fixed) = *settled.entry(candidate.hit.key).or_insert_with(best);
        candidate.chosen = Some(chosen.min(candidate.hit.senses.len() - 1));
        if fixed && candidate.verdict == Verdict::Weak {
            candidate.verdict = Verdict::Likely;
        }
    }
}

/// Less than this part of a source's places lies in a country that is foreign to it.
const FOREIGN: f32 = 0.05;
/// What a town at home is ahead of one abroad, in powers of ten of its people.
const HOME: f32 = 1.0;

/// Countries beside Georgia, the one country whose name is also that of a large part of another: where they are spoken
/// of, it is the country.
const NEAR_GEORGIA: &[&str] = &["AM", "AZ", "RU", "SU", "UA"];

fn likelihood(sense: &Sense, candidate: &Candidate<'_>, votes: &Votes<'_>) -> f32 {
    let place = &sense.place;
    let country = place.country.unwrap_or("");
    let rival_region =
        candidate.hit.senses.iter().find(|s| s.place.kind == Kind::Region && s.place.country != place.country);
    let base = match place.kind {
        Kind::Country => match rival_region.and_then(|rival| rival.place.country) {
            // Georgia: the state where the article is in that country and nothing speaks for the other one.
            Some(rival) => {
                let theirs = votes.parts.iter().filter(|((c, _), _)| *c == rival).map(|(_, n)| n).sum::<f32>()
                    + votes.towns.get(rival).copied().unwrap_or(0.0);
                let near = |(code, _): &(&&str, &f32)| NEAR_GEORGIA.contains(*code);
                let others = votes.strong.keys().filter(|code| **code != rival && **code != country).count();
                let ours = votes.strong(country)
                    + votes.towns.get(country).copied().unwrap_or(0.0)
                    + votes.strong.iter().filter(near).map(|(_, count)| count).sum::<f32>()
                    + if others > 1 { 0.5 } else { 0.0 };
                if ours <= theirs { 5.0 } else { 10.0 }
            }
            None => 10.0,
        },
        Kind::Wide => 10.0,
        Kind::Seat => 9.0,
        Kind::Region => 6.5,
        Kind::City => (place.people.max(1) as f32 * 1000.0).log10() + if place.capital { 1.5 } else { 0.0 },
        Kind::Feature => 5.5,
        Kind::Division => (place.people.max(1) as f32 * 500.0).log10().min(6.3),
    };
    let support = votes.strong(country) + 0.5 * votes.towns.get(country).copied().unwrap_or(0.0);
    let part =
        if place.part.is_empty() { 0.0 } else { votes.parts.get(&(country, place.part)).copied().unwrap_or(0.0) };
    let home = if votes.home == place.country && place.kind.is_town() { HOME } else { 0.0 };
    base + (1.2 * (1.0 + support).ln()).min(2.5) + (1.5 * part).min(1.8) + home + votes.prior.bonus(place)
}

/// Drops towns that nothing supports.
fn gate(candidates: &mut [Candidate<'_>], votes: &Votes<'_>) {
    let mut together: FxHashMap<&'static str, FxHashSet<u32>> = FxHashMap::default();
    let mut likely: FxHashSet<u32> = FxHashSet::default();
    for candidate in candidates.iter().filter(|candidate| candidate.verdict == Verdict::Likely) {
        likely.insert(candidate.hit.key);
        if let Some(sense) = candidate.sense().filter(|sense| sense.place.kind.is_town())
            && let Some(country) = sense.place.country
        {
            together.entry(country).or_default().insert(candidate.hit.key);
        }
    }
    for candidate in candidates.iter_mut() {
        if candidate.fixed || candidate.dateline || candidate.verdict == Verdict::Dropped {
            continue;
        }
        let Some(sense) = candidate.sense() else { continue };
        let place = sense.place;
        let country = place.country.unwrap_or("");
        let supported = votes.strong(country) >= 0.5
            || votes.home == place.country
            || votes.prior.country(&place) >= AT_HOME
            || votes.address.is_some() && votes.address == place.country
            || together.get(country).is_some_and(|towns| towns.len() >= TOWNS_TOGETHER);
        let ordinary = candidate.hit.ordinary;
        let keep = match (candidate.verdict, place.kind.is_town()) {
            (Verdict::Likely, true) => {
                supported
                    || place.kind == Kind::Feature && (candidate.tagged || candidate.hit.words > 1)
                    || (place.people >= GREAT || place.capital) && (ordinary == Ordinary::No || candidate.cued)
                    || place.people >= KNOWN && candidate.cued && ordinary == Ordinary::No
                    || place.people >= TAGGED && candidate.tagged && ordinary == Ordinary::No
            }
            (Verdict::Weak, true) => {
                supported && (likely.contains(&candidate.hit.key) || ordinary == Ordinary::No && place.people >= 50)
            }
            (Verdict::Weak, _) => supported || likely.contains(&candidate.hit.key),
            (Verdict::Embedded, true) => supported,
            _ => true,
        };
        if !keep {
            candidate.verdict = Verdict::Dropped;
        }
    }
}
