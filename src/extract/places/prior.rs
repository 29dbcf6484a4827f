//! Where a source is at home: what its articles taken together speak of.
//!
//! A newspaper of Louisiana writes `Alexandria` and never says which. Most of its articles name some place in Louisiana,
//! though, so the source as a whole says what the article does not. It is learned from the archive itself, in two passes:
//! what is found without it in the first articles of a source makes the [`Prior`] with which they and all later ones are
//! looked at ([`crate::ingest`]).

use crate::article::{Article, Found, Placed};
use crate::places;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A source of fewer articles says nothing yet.
pub const FEWEST: u32 = 5;
/// Where less than this part of the articles speaks of a country or division, it is no home.
const LEAST: f32 = 0.1;

/// Where a source is at home: the part of its articles that each country and division has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Prior {
    /// By code.
    countries: BTreeMap<String, f32>,
    /// By code and usual name of the division.
    regions: BTreeMap<String, f32>,
}

impl Prior {
    /// The part of the articles' places that lies in this country, 0 to 1.
    pub(super) fn country(&self, code: &str) -> f32 {
        self.countries.get(code).copied().unwrap_or(0.0)
    }

    /// The country of most of its articles, where there is one.
    pub fn home(&self) -> Option<&str> {
        self.countries.iter().find(|(_, share)| **share > 0.5).map(|(code, _)| code.as_str())
    }

    /// The part of the articles' places that lies in this division, 0 to 1.
    pub(super) fn region(&self, country: &str, region: &str) -> f32 {
        self.regions.get(&key(country, region)).copied().unwrap_or(0.0)
    }
}

/// What is known of a source so far.
#[derive(Clone, Debug, Default)]
pub struct Learned {
    articles: u32,
    countries: FxHashMap<String, f32>,
    regions: FxHashMap<String, f32>,
}

impl Learned {
    /// Adds an article; each counts as one, however long it is.
    pub fn add(&mut self, found: &Found) {
        self.articles += 1;
        // What the others mean is what is to be learned.
        let is_sure = |place: &&Placed| place.point.is_some() && !places::is_ambiguous(&place.name);
        let sure: Vec<_> = found.places.iter().filter(is_sure).collect();
        let placed = || sure.iter().filter_map(|place| Some((place, place.country.as_ref()?)));
        let all: u32 = placed().map(|(place, _)| place.count).sum();
        for (place, country) in placed() {
            *self.countries.entry(country.clone()).or_default() += place.count as f32 / all.max(1) as f32;
        }
        let placed = || placed().filter_map(|(place, country)| Some((place, country, place.region.as_ref()?)));
        let all: u32 = placed().map(|(place, ..)| place.count).sum();
        for (place, country, region) in placed() {
            *self.regions.entry(key(country, region)).or_default() += place.count as f32 / all.max(1) as f32;
        }
    }

    /// Where the source is at home, once there are enough articles.
    pub fn prior(&self) -> Option<Prior> {
        (self.articles >= FEWEST).then(|| {
            let share = |counts: &FxHashMap<String, f32>| {
                let all: f32 = counts.values().sum();
                let shares = counts.iter().map(|(key, count)| (key.clone(), count / all.max(1.0)));
                shares.filter(|(_, share)| *share >= LEAST).collect()
            };
            Prior { countries: share(&self.countries), regions: share(&self.regions) }
        })
    }
}

fn key(country: &str, region: &str) -> String {
    format!("{country} {region}")
}

/// The host of an address.
pub(super) fn host(url: &str) -> Option<&str> {
    url.split_once("//")?.1.split(['/', ':', '?', '#']).next()
}

/// What tells the source of an article from others: its name, or the host of its address.
pub fn source(article: &Article) -> Option<String> {
    if let Some(source) = article.source.as_deref().map(str::trim).filter(|source| !source.is_empty()) {
        return Some(source.to_lowercase());
    }
    let host = host(article.url.as_deref()?)?.trim_start_matches("www.");
    (!host.is_empty()).then(|| host.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, country: &str, region: &str) -> Found {
        let text = |text: &str| text.to_owned();
        let place = Placed {
            name: text(name),
            country: Some(text(country)),
            region: Some(text(region)),
            point: Some((0.0, 0.0)),
            count: 2,
        };
        Found { places: vec![place], ..Found::default() }
    }

    #[test]
    fn a_source_is_at_home_where_most_of_its_articles_are() {
        let mut learned = Learned::default();
        for _ in 0..8 {
            learned.add(&found("Shreveport", "US", "Louisiana"));
        }
        assert!(learned.prior().is_some_and(|prior| prior.country("US") == 1.0));
        learned.add(&found("Asyut", "EG", "Asyut"));
        learned.add(&found("Texas", "US", "Texas"));
        // What can mean several says nothing, nor what is on no map.
        learned.add(&found("Alexandria", "EG", "Alexandria"));
        let prior = learned.prior().expect("ten articles are enough");
        assert_eq!((prior.country("US"), prior.country("EG"), prior.country("FR")), (0.9, 0.1, 0.0));
        assert_eq!((prior.region("US", "Louisiana"), prior.region("US", "Ohio")), (0.8, 0.0));
    }

    #[test]
    fn few_articles_say_nothing() {
        let mut learned = Learned::default();
        for _ in 1..FEWEST {
            learned.add(&found("Shreveport", "US", "Louisiana"));
        }
        assert_eq!(learned.prior(), None);
    }

    #[test]
    fn a_source_is_a_name_or_a_host() {
        let article = |source: Option<&str>, url: Option<&str>| Article {
            source: source.map(str::to_owned),
            url: url.map(str::to_owned),
            ..Article::default()
        };
        for (source_name, url, expected) in [
            (Some("The Town Talk "), Some("http://x.example/a"), Some("the town talk")),
            (None, Some("http://www.thetowntalk.com/article/1"), Some("thetowntalk.com")),
            (Some(" "), Some("https://news.example:8080?x"), Some("news.example")),
            (None, Some("no address"), None),
            (None, None, None),
        ] {
            assert_eq!(source(&article(source_name, url)).as_deref(), expected);
        }
    }
}
