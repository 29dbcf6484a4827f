//! Learns where each source is at home while its articles go by; see [`crate::extract::prior`].
//!
//! Articles come in order. Those of a source that is not known yet are held back, and what comes behind them, until
//! there are [`MOST_HELD`] of them or [`MOST_BYTES`] of text; then every source with enough articles is settled once and
//! for all, its articles are looked at again with what was learned, and all go on in order. Articles of a settled source
//! are looked at with it from the beginning, in later runs too. So the same folders always give the same index, whatever the number of
//! workers.

use super::work::Event;
use crate::article::{Article, Found};
use crate::backend::local::writer::Load;
use crate::cores;
use crate::error::Result;
use crate::extract::prior::{Learned, Prior, source};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

/// The most events that are held back.
const MOST_HELD: usize = 1_024;
/// The most text that is held back, in bytes.
const MOST_BYTES: usize = 4 << 20;

/// The sources that are settled: none for one that is at home nowhere in particular.
#[derive(Default)]
pub(super) struct Settled {
    priors: RwLock<FxHashMap<String, Arc<Prior>>>,
}

/// The most sources of which is kept where they are at home.
const MOST_KEPT: usize = 2_000;

impl Settled {
    /// What an earlier run has learned.
    pub(super) fn from(homes: &BTreeMap<String, Prior>) -> Settled {
        let priors = homes.iter().map(|(source, prior)| (source.clone(), Arc::new(prior.clone())));
        Settled { priors: RwLock::new(priors.collect()) }
    }

    /// What a later run should know.
    pub(super) fn kept(&self) -> BTreeMap<String, Prior> {
        let Ok(priors) = self.priors.read() else { return BTreeMap::new() };
        let sorted: BTreeMap<_, _> = priors.iter().collect();
        sorted.into_iter().take(MOST_KEPT).map(|(source, prior)| (source.clone(), (**prior).clone())).collect()
    }

    /// Where the source of `article` is at home, once it is settled; none within for an article without a source.
    pub(super) fn of(&self, article: &Article) -> Option<Option<Arc<Prior>>> {
        let Some(source) = source(article) else { return Some(None) };
        let priors = self.priors.read().ok()?;
        priors.get(&source).map(|prior| Some(prior.clone()))
    }
}

/// What a worker made of an article: what is wanted of it, or what was found without knowing its source.
pub(super) enum Made<T> {
    /// Done.
    Done(T),
    /// To be done once the source is settled.
    Raw(Box<(Article, Found, Load)>),
}

/// Finishes an article with what is known of its source, if anything.
pub(super) type Finish<'a, T> = &'a (dyn Fn(Article, Found, Load, Option<&Prior>) -> T + Sync);

/// Holds events back until the sources of their articles are settled.
pub(super) struct Learning<'a, T> {
    settled: &'a Settled,
    known: FxHashMap<String, Learned>,
    held: Vec<Event<Made<T>>>,
    bytes: usize,
    /// Bytes of all texts that are held back, those of settled sources too.
    all_bytes: usize,
    jobs: usize,
    finish: Finish<'a, T>,
}

impl<'a, T: Send> Learning<'a, T> {
    pub(super) fn new(settled: &'a Settled, jobs: usize, finish: Finish<'a, T>) -> Learning<'a, T> {
        Learning { settled, known: FxHashMap::default(), held: Vec::new(), bytes: 0, all_bytes: 0, jobs, finish }
    }

    /// Bytes of the texts that are held back.
    pub(super) fn held_bytes(&self) -> usize {
        self.all_bytes
    }

    /// Takes the next event in order and hands on what can go on.
    pub(super) fn push(&mut self, event: Event<Made<T>>, take: &mut dyn FnMut(Event<T>) -> Result<()>) -> Result<()> {
        if let Event::Article { made: Made::Raw(raw), .. } = &event
            && self.settled.of(&raw.0).is_none()
        {
            self.bytes += raw.0.text.len();
            self.all_bytes += event.bytes();
            self.held.push(event);
            return if self.bytes >= MOST_BYTES { self.release(take) } else { Ok(()) };
        }
        if self.held.is_empty() {
            return take(finished(event, self.settled, self.finish));
        }
        self.all_bytes += event.bytes();
        self.held.push(event);
        if self.held.len() >= MOST_HELD || self.all_bytes >= 2 * MOST_BYTES { self.release(take) } else { Ok(()) }
    }

    /// Settles what can be settled and hands on everything that was held back, in order.
    pub(super) fn release(&mut self, take: &mut dyn FnMut(Event<T>) -> Result<()>) -> Result<()> {
        (self.bytes, self.all_bytes) = (0, 0);
        let held = std::mem::take(&mut self.held);
        let mut met = Vec::new();
        for event in &held {
            if let Event::Article { made: Made::Raw(raw), .. } = event
                && self.settled.of(&raw.0).is_none()
                && let Some(source) = source(&raw.0)
            {
                self.known.entry(source.clone()).or_default().add(&raw.1);
                met.push(source);
            }
        }
        met.sort();
        met.dedup();
        for source in met {
            if let Some(prior) = self.known.get(&source).and_then(Learned::prior)
                && let Ok(mut priors) = self.settled.priors.write()
            {
                priors.insert(source.clone(), Arc::new(prior));
                self.known.remove(&source);
            }
        }
        let (settled, finish) = (self.settled, self.finish);
        let done = cores::each(held, self.jobs, |event| finished(event, settled, finish));
        done.into_iter().try_for_each(take)
    }
}

fn finished<T>(event: Event<Made<T>>, settled: &Settled, finish: Finish<'_, T>) -> Event<T> {
    match event {
        Event::Article { file, number, size, made: Made::Done(made) } => Event::Article { file, number, size, made },
        Event::Article { file, number, size, made: Made::Raw(raw) } => {
            let (article, found, load) = *raw;
            let prior = settled.of(&article).flatten();
            Event::Article { file, number, size, made: finish(article, found, load, prior.as_deref()) }
        }
        Event::End { file, articles, state } => Event::End { file, articles, state },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Placed;
    use crate::backend::FileState;
    use crate::ingest::work::Size;

    /// An article of a source that names a place of Ohio.
    fn raw(source: &str) -> Made<String> {
        let article = Article { source: (!source.is_empty()).then(|| source.to_owned()), ..Article::default() };
        let text = |text: &str| Some(text.to_owned());
        let place = Placed {
            name: "Ohio".to_owned(),
            country: text("US"),
            region: text("Ohio"),
            point: Some((40.4, -82.9)),
            count: 1,
        };
        Made::Raw(Box::new((article, Found { places: vec![place], ..Found::default() }, Box::new(()))))
    }

    /// What comes out for these sources, `None` standing for the end of a file: `source+` where it was settled.
    fn run(sources: &[Option<&str>]) -> Vec<String> {
        let settled = Settled::default();
        let finish = |article: Article, _: Found, _: Load, prior: Option<&Prior>| {
            format!("{}{}", article.source.unwrap_or_default(), if prior.is_some() { "+" } else { "" })
        };
        let mut learning = Learning::new(&settled, 2, &finish);
        let mut out = Vec::new();
        let mut take = |event: Event<String>| {
            out.push(match event {
                Event::Article { made, .. } => made,
                Event::End { .. } => "|".to_owned(),
            });
            Ok(())
        };
        for (number, source) in (0u64..).zip(sources) {
            let event = match source {
                Some("") => {
                    Event::Article { file: 0, number, size: Size::default(), made: Made::Done("none".to_owned()) }
                }
                Some(source) => Event::Article { file: 0, number, size: Size::default(), made: raw(source) },
                None => Event::End { file: 0, articles: number, state: FileState::default() },
            };
            learning.push(event, &mut take).unwrap();
        }
        learning.release(&mut take).unwrap();
        out
    }

    #[test]
    fn a_source_with_enough_articles_is_settled_and_nothing_changes_its_place() {
        let [a, b, none] = [Some("A"), Some("B"), Some("")];
        let few = run(&[a, none, b, a, None, a, none]);
        assert_eq!(few, ["A", "none", "B", "A", "|", "A", "none"]);
        let enough = run(&[a, none, b, a, None, a, a, None, a, none]);
        assert_eq!(enough, ["A+", "none", "B", "A+", "|", "A+", "A+", "|", "A+", "none"]);
    }

    #[test]
    fn what_is_held_back_is_bounded_and_a_settled_source_is_not_held_back() {
        let mut many = vec![Some("A"); MOST_HELD];
        many.extend([Some("A"), Some("B"), Some("A")]);
        let out = run(&many);
        assert_eq!(out.len(), many.len());
        assert!(out.iter().zip(&many).all(|(out, source)| out == "A+" || *source == Some("B") && out == "B"));
    }
}
