//! The company that words keep: texts as numbers, what stands around a phrase in them, and what else stands in such company.
//!
//! Two phrases are alike where the same words stand around them. Words around are weighed by how much oftener they are there
//! than anywhere (positive pointwise mutual information), and compared by cosine. Beside the words of the sentence, the
//! words directly before and behind count on their own: those tell what takes the same place in a sentence from what is
//! merely of the same subject. Every step is linear in the words of the texts.

use crate::text::{Words, fold, tokens};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Words of the sentence on either side that are company.
const WINDOW: usize = 8;
/// What is the company of rarer phrases is chance: a weight is taken down where it rests on few observations.
const DOUBT: f32 = 2.0;
/// Candidates that are compared in full, those with the best company at a glance.
const COMPARED: usize = 500;
/// Occurrences of a candidate that are compared.
const MOST_OCCURRENCES: usize = 300;
/// Two words are a phrase where they stand together so many times as often as they would by chance, as a logarithm.
const BOND: f32 = 1.6;
/// What the words directly before and behind count in likeness, from 0 to 1; the others of the sentence count the rest.
const PLACE: f32 = 0.35;
/// The same for a single word, which has much company by its subject alone.
const PLACE_OF_WORD: f32 = 0.5;
/// What is added to the likeness of the words directly before and behind: a few places prove nothing.
const FLOOR: f32 = 0.02;
/// How much commonness counts, as an exponent. It counts gently.
const COMMONNESS: f32 = 0.3;
/// A single word in more than this part of the texts, and in more than so many times the texts of the one that was asked
/// for, is too common to be a relative.
const COMMON: f32 = 0.1;
const COMMONER: usize = 4;

/// A word of a text.
#[derive(Clone, Copy, Debug)]
struct Token {
    word: u32,
    /// Whether it begins a sentence.
    begins: bool,
    /// Whether nothing but a blank or a hyphen stands between it and the word before.
    tied: bool,
}

/// What is known of a word.
#[derive(Clone, Copy, Debug)]
struct Known {
    /// The number of its family.
    family: u32,
    /// Whether it says something: no function word, no number.
    says: bool,
}

/// How words of the language are seen.
pub(super) struct Reading<'a> {
    /// Whether a word, in its look-up form, says nothing.
    pub(super) empty: &'a dyn Fn(&str) -> bool,
    /// What a word has in common with its family.
    pub(super) family: &'a dyn Fn(&str) -> String,
}

/// Where a phrase stands: the article, by number, and the first of its words.
pub(super) type Place = (u32, u32);

/// Texts as numbers of words.
#[derive(Default)]
pub(super) struct Texts {
    numbers: FxHashMap<Box<str>, u32>,
    families: FxHashMap<String, u32>,
    known: Vec<Known>,
    tokens: Vec<Token>,
    /// Where each text begins in `tokens`.
    starts: Vec<usize>,
}

/// What keeps like company.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// How many words it has: one or two.
    pub(super) words: usize,
    /// How alike its company is, from 0 to 1.
    pub(super) likeness: f32,
    /// What it is ranked by.
    pub(super) rank: f32,
    /// Where it stands, at most some places in different texts.
    pub(super) places: Vec<Place>,
    /// The forms in which it was met, each as numbers of words, commonest first.
    pub(super) forms: Vec<(Vec<u32>, usize)>,
}

impl Texts {
    /// Adds a text.
    pub(super) fn add(&mut self, text: &str, reading: &Reading<'_>) {
        self.starts.push(self.tokens.len());
        let words = Words::new(text);
        let mut sentences = words.bounds.sentences.iter().peekable();
        let mut folded = String::new();
        for (position, span) in words.spans.iter().enumerate() {
            let begins = sentences.next_if(|first| **first as usize <= position).is_some();
            let gap = position.checked_sub(1).map_or("", |before| words.gap(before));
            fold::fold_into(span.of(text), &mut folded);
            let tied = !begins && matches!(gap, " " | "-");
            let word = self.number(&folded, reading);
            self.tokens.push(Token { word, begins, tied });
        }
    }

    fn number(&mut self, folded: &str, reading: &Reading<'_>) -> u32 {
        if let Some(number) = self.numbers.get(folded) {
            return *number;
        }
        let number = self.known.len() as u32;
        let letters = folded.chars().count() > 1 && folded.chars().all(|c| c.is_alphabetic() || c == '\'');
        let says = letters && folded.len() <= tokens::LONGEST && !(reading.empty)(folded);
        let base = folded.strip_suffix("'s").unwrap_or(folded);
        let next = self.families.len() as u32;
        let family = *self.families.entry((reading.family)(base)).or_insert(next);
        self.known.push(Known { family, says });
        self.numbers.insert(folded.into(), number);
        number
    }

    /// How many texts there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// The look-up forms of words, by number.
    pub(super) fn spelled(&self) -> Vec<&str> {
        let mut words = vec![""; self.known.len()];
        for (word, number) in &self.numbers {
            words[*number as usize] = word;
        }
        words
    }

    /// The number of the word with this look-up form.
    pub(super) fn find(&self, form: &str) -> Option<u32> {
        self.numbers.get(form).copied()
    }

    fn range(&self, text: usize) -> std::ops::Range<usize> {
        self.starts[text]..self.starts.get(text + 1).copied().unwrap_or(self.tokens.len())
    }

    /// Where any of `phrases` stands, as first token and number of words. Each slot of a phrase has the words that fit.
    fn occurrences(&self, phrases: &[Vec<FxHashSet<u32>>]) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for text in 0..self.len() {
            let range = self.range(text);
            for at in range.clone() {
                let fits = |phrase: &&Vec<FxHashSet<u32>>| {
                    let end = at + phrase.len();
                    let fits = |(token, slot): (&Token, &FxHashSet<u32>)| slot.contains(&token.word);
                    !phrase.is_empty() && end <= range.end && self.tokens[at..end].iter().zip(phrase.iter()).all(fits)
                };
                if let Some(phrase) = phrases.iter().find(fits) {
                    found.push((at, phrase.len()));
                }
            }
        }
        found
    }

    /// The text that a token is in.
    fn text_of(&self, token: usize) -> usize {
        self.starts.partition_point(|start| *start <= token).saturating_sub(1)
    }

    /// A token as a place.
    fn place(&self, token: usize) -> Place {
        let text = self.text_of(token);
        (text as u32, (token - self.starts[text]) as u32)
    }

    /// The sentence's tokens around `at..at + length`, at most [`WINDOW`] on either side.
    fn around(&self, at: usize, length: usize) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
        let mut first = at;
        while first > 0 && at - first < WINDOW && !self.tokens[first].begins {
            first -= 1;
        }
        let end = at + length;
        let mut last = end;
        while last < self.tokens.len() && last - end < WINDOW && !self.tokens[last].begins {
            last += 1;
        }
        (first..at, end..last)
    }

    /// What tells one context from another: the words nearest to it within the sentence. The same sentence in many articles
    /// is one observation, also where other names stand in it.
    fn context(&self, at: usize, length: usize) -> [u32; 4] {
        let (before, behind) = self.around(at, length);
        let family = |token: usize| self.known[self.tokens[token].word as usize].family;
        let mut context = [u32::MAX; 4];
        let nearest = before.rev().take(2).zip([0, 1]).chain(behind.take(2).zip([2, 3]));
        nearest.for_each(|(token, slot)| context[slot] = family(token));
        context
    }
}

/// What stands around a phrase, weighed: the words of the sentence, and those directly before and behind.
#[derive(Default)]
struct Company {
    sentence: FxHashMap<u32, f32>,
    place: FxHashMap<u32, f32>,
    /// Different contexts.
    contexts: usize,
}

/// How often each family is met, which is what company is measured by.
struct Usual {
    counts: Vec<f32>,
    all: f32,
}

impl Usual {
    /// Rare words are taken to be a little less rare than they are: what is met once proves nothing.
    fn of(texts: &Texts, says: bool) -> Usual {
        let mut counts = vec![0.0f32; texts.families.len()];
        for token in &texts.tokens {
            let known = texts.known[token.word as usize];
            if known.says || !says {
                counts[known.family as usize] += 1.0;
            }
        }
        counts.iter_mut().for_each(|count| *count = count.powf(0.75));
        let all = counts.iter().sum::<f32>().max(1.0);
        Usual { counts, all }
    }

    /// Weighs counts of families.
    fn weigh(&self, counts: FxHashMap<u32, u32>, families: usize) -> FxHashMap<u32, f32> {
        let all: u32 = counts.values().sum();
        let weigh = |(feature, count): (u32, u32)| {
            let usual = self.counts[feature as usize % families.max(1)].max(1.0) / self.all;
            let gain = (count as f32 / all as f32 / usual).ln();
            let weight = gain * count as f32 / (count as f32 + DOUBT);
            (gain > 0.0).then_some((feature, weight))
        };
        counts.into_iter().filter_map(weigh).collect()
    }
}

/// The cosine of two weighed companies.
fn cosine(a: &FxHashMap<u32, f32>, b: &FxHashMap<u32, f32>) -> f32 {
    // In order of features, so that sums are the same in every run.
    let sum = |terms: &mut dyn Iterator<Item = (u32, f32)>| {
        let mut terms: Vec<(u32, f32)> = terms.collect();
        terms.sort_unstable_by_key(|(feature, _)| *feature);
        terms.into_iter().map(|(_, value)| f64::from(value)).sum::<f64>()
    };
    let norm =
        |of: &FxHashMap<u32, f32>| sum(&mut of.iter().map(|(feature, weight)| (*feature, weight * weight))).sqrt();
    let shared = sum(&mut a.iter().filter_map(|(feature, weight)| Some((*feature, weight * b.get(feature)?))));
    let norms = norm(a) * norm(b);
    if norms > 0.0 { (shared / norms) as f32 } else { 0.0 }
}

impl Texts {
    /// The company at these tokens, each a first token and a number of words.
    fn company(&self, at: &[(usize, usize)], usual: &[Usual; 2]) -> Company {
        let families = self.families.len();
        let (mut sentence, mut place) = (FxHashMap::default(), FxHashMap::default());
        let mut seen: FxHashSet<[u32; 4]> = FxHashSet::default();
        for (at, length) in at {
            if !seen.insert(self.context(*at, *length)) {
                continue;
            }
            let (before, behind) = self.around(*at, *length);
            let mut beside = |token: Option<usize>, side: usize| {
                if let Some(token) = token {
                    let family = self.known[self.tokens[token].word as usize].family;
                    *place.entry(family + (side * families) as u32).or_insert(0u32) += 1;
                }
            };
            beside(before.clone().next_back(), 0);
            beside(behind.clone().next(), 1);
            for token in before.chain(behind) {
                let known = self.known[self.tokens[token].word as usize];
                if known.says {
                    *sentence.entry(known.family).or_insert(0u32) += 1;
                }
            }
        }
        let contexts = seen.len();
        Company { sentence: usual[0].weigh(sentence, families), place: usual[1].weigh(place, families), contexts }
    }

    /// What keeps company like that of `phrases`, best first, at most `wanted`. `alone`: single words count too.
    pub(super) fn relatives(&self, phrases: &[Vec<FxHashSet<u32>>], least: usize, alone: bool) -> Vec<Candidate> {
        let target = self.occurrences(phrases);
        let usual = [Usual::of(self, true), Usual::of(self, false)];
        let wanted = self.company(&target, &usual);
        let mut taken = vec![false; self.tokens.len()];
        for (at, length) in &target {
            taken[*at..at + length].iter_mut().for_each(|taken| *taken = true);
        }
        let mut met = self.met(&taken, least, alone);
        let mut with_target: Vec<usize> = target.iter().map(|(at, _)| self.text_of(*at)).collect();
        with_target.dedup();
        let most = (with_target.len() * COMMONER).max((self.len() as f32 * COMMON) as usize);
        met.retain(|key, met| if key.1 == ALONE { met.texts <= most } else { !self.is_fragment(met) });
        let mut compared: Vec<(f32, Key, Met)> =
            met.into_iter().map(|(key, met)| (self.glance(key, &met, &wanted), key, met)).collect();
        compared.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        compared.truncate(COMPARED);
        let mut found: Vec<Candidate> = Vec::new();
        for (_, (_, second), met) in compared {
            let words = if second == ALONE { 1 } else { 2 };
            let at: Vec<(usize, usize)> = met.at.iter().take(MOST_OCCURRENCES).map(|at| (*at, words)).collect();
            let company = self.company(&at, &usual);
            if company.contexts < least {
                continue;
            }
            let part = if words == 1 { PLACE_OF_WORD } else { PLACE };
            let place = cosine(&wanted.place, &company.place) + FLOOR;
            let likeness = cosine(&wanted.sentence, &company.sentence).powf(1.0 - part) * place.min(1.0).powf(part);
            // What rests on few contexts is less sure; what is commoner is more useful.
            let contexts = company.contexts as f32;
            let likeness = likeness * contexts / (contexts + 1.0);
            let mut rank = likeness * (1.0 + contexts.ln()).powf(COMMONNESS);
            if words == 1 {
                rank *= (with_target.len() as f32 / met.texts as f32).min(1.0).powf(COMMONNESS);
            }
            let mut places: Vec<Place> = Vec::new();
            for at in &met.at {
                let place = self.place(*at);
                if places.last().is_none_or(|last| last.0 != place.0) {
                    places.push(place);
                }
            }
            found.push(Candidate { words, likeness, rank, places, forms: self.forms(&met.at, words) });
        }
        found
    }

    /// The words that are most typical of the company of `phrases`, at most `wanted`, in their commonest forms.
    pub(super) fn typical(&self, phrases: &[Vec<FxHashSet<u32>>], wanted: usize) -> Vec<String> {
        let usual = [Usual::of(self, true), Usual::of(self, false)];
        let company = self.company(&self.occurrences(phrases), &usual);
        let mut typical: Vec<(f32, u32)> = company
            .sentence
            .iter()
            .map(|(family, weight)| (weight * self.spread(*family, &usual[0]), *family))
            .collect();
        typical.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        typical.truncate(wanted);
        let mut commonest: FxHashMap<u32, BTreeMap<u32, usize>> =
            typical.iter().map(|(_, family)| (*family, BTreeMap::new())).collect();
        for token in &self.tokens {
            if let Some(words) = commonest.get_mut(&self.known[token.word as usize].family) {
                *words.entry(token.word).or_insert(0) += 1;
            }
        }
        let spelled = self.spelled();
        let most =
            |family: &u32| commonest[family].iter().max_by_key(|(word, count)| (**count, std::cmp::Reverse(**word)));
        typical.iter().filter_map(|(_, family)| Some(spelled[*most(family)?.0 as usize].to_owned())).collect()
    }

    /// How far a family is spread: what is rare chooses no articles.
    fn spread(&self, family: u32, usual: &Usual) -> f32 {
        usual.counts[family as usize].max(1.0).ln().max(0.1)
    }

    /// Where `phrases` stand first, at most `wanted` places in different texts.
    pub(super) fn first_places(&self, phrases: &[Vec<FxHashSet<u32>>], wanted: usize) -> Vec<Place> {
        let mut places: Vec<Place> = self.occurrences(phrases).into_iter().map(|(at, _)| self.place(at)).collect();
        places.dedup_by_key(|place| place.0);
        places.truncate(wanted);
        places
    }

    /// The places of a candidate where it has this form.
    pub(super) fn places_of(&self, candidate: &Candidate, form: &[u32]) -> impl Iterator<Item = Place> {
        let has = |place: &&Place| {
            let at = self.starts[place.0 as usize] + place.1 as usize;
            self.tokens[at..at + form.len()].iter().map(|token| token.word).eq(form.iter().copied())
        };
        candidate.places.iter().filter(has).copied()
    }

    /// The families of the words of each phrase, in any order.
    pub(super) fn families_of(&self, phrases: &[Vec<FxHashSet<u32>>]) -> FxHashSet<Vec<u32>> {
        let family = |slot: &FxHashSet<u32>| slot.iter().map(|word| self.known[*word as usize].family).min();
        let sorted = |phrase: &Vec<FxHashSet<u32>>| {
            let mut families: Vec<u32> = phrase.iter().filter_map(family).collect();
            families.sort_unstable();
            families
        };
        phrases.iter().map(sorted).collect()
    }

    /// The families of the words of a candidate, as [`Texts::families_of`] has them.
    pub(super) fn family_set(&self, candidate: &Candidate) -> Vec<u32> {
        let form = candidate.forms.first().map_or(&[][..], |(form, _)| form);
        let mut families: Vec<u32> = form.iter().map(|word| self.known[*word as usize].family).collect();
        families.sort_unstable();
        families
    }

    /// How much of the company of a candidate is that of the phrase, at a glance.
    fn glance(&self, key: Key, met: &Met, wanted: &Company) -> f32 {
        let length = if key.1 == ALONE { 1 } else { 2 };
        let (mut sum, mut words) = (0.0, 0.0);
        for at in met.at.iter().take(MOST_OCCURRENCES) {
            let (before, behind) = self.around(*at, length);
            for token in before.chain(behind) {
                let known = self.known[self.tokens[token].word as usize];
                if known.says {
                    words += 1.0;
                    sum += wanted.sentence.get(&known.family).copied().unwrap_or(0.0);
                }
            }
        }
        // Little company says little.
        sum / (words + 20.0f32)
    }

    /// The forms of a candidate, commonest first.
    fn forms(&self, at: &[usize], words: usize) -> Vec<(Vec<u32>, usize)> {
        let mut forms: BTreeMap<Vec<u32>, usize> = BTreeMap::new();
        for at in at {
            *forms.entry(self.tokens[*at..at + words].iter().map(|token| token.word).collect()).or_insert(0) += 1;
        }
        let mut forms: Vec<(Vec<u32>, usize)> = forms.into_iter().collect();
        forms.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        forms
    }

    /// Whether a pair is mostly a part of one longer phrase: `cost carriers` of `low-cost carriers`.
    fn is_fragment(&self, met: &Met) -> bool {
        let mut beside: [FxHashMap<u32, usize>; 2] = Default::default();
        for at in &met.at {
            let before = at.checked_sub(1).filter(|_| self.tokens[*at].tied);
            let behind = Some(at + 2).filter(|behind| self.tokens.get(*behind).is_some_and(|token| token.tied));
            for (token, beside) in [before, behind].into_iter().zip(&mut beside) {
                let known = token.map(|token| self.known[self.tokens[token].word as usize]);
                if let Some(known) = known.filter(|known| known.says) {
                    *beside.entry(known.family).or_insert(0) += 1;
                }
            }
        }
        beside.iter().any(|beside| beside.values().any(|count| count * 2 > met.at.len()))
    }

    /// Single words and pairs that say something, are in `least` texts at least, and, for pairs, belong together.
    fn met(&self, taken: &[bool], least: usize, alone: bool) -> FxHashMap<Key, Met> {
        let mut counts: FxHashMap<Key, Met> = FxHashMap::default();
        let mut single: FxHashMap<u32, f32> = FxHashMap::default();
        let mut pairs = 0.0f32;
        let mut note = |key: Key, text: usize, at: usize| {
            let met = counts.entry(key).or_default();
            if met.texts == 0 || met.last != text {
                met.texts += 1;
                met.last = text;
            }
            met.at.push(at);
        };
        for text in 0..self.len() {
            let range = self.range(text);
            for at in range.clone() {
                let (token, known) = (self.tokens[at], self.known[self.tokens[at].word as usize]);
                if !known.says {
                    continue;
                }
                *single.entry(known.family).or_insert(0.0) += 1.0;
                if alone && !taken[at] {
                    note((token.word, ALONE), text, at);
                }
                let Some(next) = self.tokens.get(at + 1).filter(|next| at + 1 < range.end && next.tied) else {
                    continue;
                };
                let behind = self.known[next.word as usize];
                if behind.says {
                    pairs += 1.0;
                    note((known.family, behind.family), text, at);
                }
            }
        }
        counts.retain(|key, met| {
            if met.texts < least || key.0 == key.1 {
                return false;
            }
            if key.1 == ALONE {
                return true;
            }
            // What mostly overlaps the phrase is a part of it.
            let free = met.at.iter().filter(|at| !taken[**at] && !taken[**at + 1]).count();
            if free * 2 < met.at.len() {
                return false;
            }
            met.at.retain(|at| !taken[*at] && !taken[*at + 1]);
            let by_chance = single[&key.0] * single[&key.1] / pairs.max(1.0);
            (met.at.len() as f32 / by_chance).ln() > BOND
        });
        counts
    }
}

/// A pair of families, or a word and [`ALONE`].
type Key = (u32, u32);
/// In the place of the second word where there is none.
const ALONE: u32 = u32::MAX;

/// Where a candidate was met.
#[derive(Default)]
struct Met {
    texts: usize,
    last: usize,
    at: Vec<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The relatives of two words, in their commonest forms.
    fn check(articles: &[String], first: &str, second: &str) -> Vec<String> {
        let empty = |word: &str| ["the", "a", "of", "by", "in"].contains(&word);
        let family = |word: &str| word.trim_end_matches('s').to_owned();
        let mut texts = Texts::default();
        articles.iter().for_each(|text| texts.add(text, &Reading { empty: &empty, family: &family }));
        let slot = |word: &str| FxHashSet::from_iter(texts.find(word));
        let spelled = texts.spelled();
        let mut found = texts.relatives(&[vec![slot(first), slot(second)]], 2, false);
        found.retain(|candidate| candidate.likeness > 0.1);
        found.sort_by(|a, b| b.rank.total_cmp(&a.rank));
        let form = |candidate: &Candidate| {
            candidate.forms[0].0.iter().map(|word| spelled[*word as usize]).collect::<Vec<_>>().join(" ")
        };
        found.iter().map(form).collect()
    }

    /// `phrase` in several sentences that differ, with noise around.
    fn told(phrase: &str) -> Vec<String> {
        let verbs = ["raised", "lowered", "kept", "doubled", "halved"];
        let mut all: Vec<String> =
            verbs.iter().map(|verb| format!("The bank {verb} the {phrase} by a quarter in spring.")).collect();
        all.extend(
            verbs.iter().map(|verb| format!("The baker {verb} a loaf of brown bread, a river {verb} old mills.")),
        );
        all
    }

    #[test]
    fn what_is_told_alike_is_alike() {
        let articles = [told("interest rate"), told("lending fee")].concat();
        assert_eq!(check(&articles, "interest", "rate").first().map(String::as_str), Some("lending fee"));
        assert!(!check(&articles, "interest", "rate").contains(&"brown bread".to_owned()));
        // Forms of one phrase are counted as one.
        let articles = [told("interest rate"), told("lending fees"), told("lending fee")].concat();
        assert_eq!(check(&articles, "interest", "rate").iter().filter(|form| form.starts_with("lending")).count(), 1);
    }

    #[test]
    fn the_same_sentence_is_one_observation() {
        let mut articles = told("interest rate");
        articles.extend((0..9).map(|town| format!("In T{town} the bank raised the lending fee by a quarter.")));
        assert!(!check(&articles, "interest", "rate").contains(&"lending fee".to_owned()));
    }

    #[test]
    fn parts_of_a_longer_phrase_are_left_out() {
        let articles = [told("interest rate"), told("lending fee margin")].concat();
        let found = check(&articles, "interest", "rate");
        assert!(!found.contains(&"lending fee".to_owned()) && !found.contains(&"fee margin".to_owned()), "{found:?}");
    }
}
