//! Places, inhabitants and countries.
//!
//! 1. [`candidates`] looks every capitalised word up and gives each name a first verdict from the words beside it and
//!    from the persons and organisations found before.
//! 2. [`resolve`] decides what each name means here and whether the article supports it.
//! 3. What remains becomes mentions; they are counted as places and countries.
//! 4. [`about`] says which countries the article is about.
//!
//! A name inside the name of an organisation (`Bank of England`) is no mention of a place, but two such names count
//! as one mention of the country: the article does speak of it.

mod about;
mod candidates;
mod features;
mod hints;
pub mod prior;
mod resolve;
mod tagged;
mod words;

pub(super) use hints::hint;

use super::spans::Spans;
use super::{Extractor, Page};
use crate::article::{CountryCount, Found, Mention, MentionKind, Part, Placed};
use crate::places::{self, Kind, Place};
use crate::text::Span;
use crate::text::fold::{calm, squeeze};
use about::Evidence;
use candidates::Verdict;
use rustc_hash::FxHashMap;

/// Finds places, inhabitants and countries; wants persons and organisations found before.
pub(super) struct Places;

impl Extractor for Places {
    fn name(&self) -> &'static str {
        "places"
    }

    fn extract(&self, page: &Page<'_>, found: &mut Found) {
        let tagged = tagged::take(page, found);
        let mut candidates = candidates::collect(page, found, tagged.as_ref());
        let (towns, leading) = resolve::resolve(page, &mut candidates);
        let surely = leading.filter(|(_, share)| *share >= SURELY).map(|(country, _)| country);
        let leading = leading.map(|(country, _)| country);
        let mut features = features::find(page, found, &mut candidates);
        features
            .retain(|feature| !towns.iter().any(|town| town.part == feature.part && town.span.overlaps(feature.span)));
        if let Some(tagged) = &tagged {
            features.retain(|feature| tagged.around(feature.part, feature.span).is_some());
        }
        let mut named: Vec<(Part, Span)> = Vec::new();
        let mut around: Vec<(Part, Span, Place)> = Vec::new();
        let mut tally = Tally::new(page);
        for candidate in &candidates {
            let Some(sense) = candidate.sense().filter(|_| candidate.verdict != Verdict::Dropped) else { continue };
            let place = sense.place;
            let mut span = candidate.hit.span;
            if candidate.verdict == Verdict::Embedded {
                if let Some(country) = place.country {
                    tally.embedded(country);
                }
                let tagged = tagged.as_ref().and_then(|tagged| tagged.around(candidate.part, span));
                around.extend(tagged.map(|whole| (candidate.part, whole, place)));
                continue;
            }
            if let Some(around) = tagged.as_ref().and_then(|tagged| tagged.around(candidate.part, span)) {
                // `Kano State`: one name with the word behind it, and one mention.
                if named.last() == Some(&(candidate.part, around)) {
                    continue;
                }
                span = around;
            }
            named.push((candidate.part, span));
            if let Some(country) = place.country {
                tally.count(country, candidate.part, span, candidate.dateline);
            }
            // An adjective of a part of a country keeps that part's name: `Texan`.
            let name = place.name;
            found.mentions.push(Mention {
                kind: if sense.demonym { MentionKind::Demonym } else { MentionKind::Place },
                part: candidate.part,
                span,
                name: name.to_owned(),
                country: place.country.map(str::to_owned),
                region: place.region().map(str::to_owned),
                point: place.point.filter(|_| !sense.demonym || place.kind == Kind::Country),
                timex: None,
            });
            if !sense.demonym {
                tally.place(name, place.country, place.region(), place.point);
            }
        }
        named.extend(towns.iter().map(|town| (town.part, town.span)));
        named.extend(features.iter().map(|feature| (feature.part, feature.span)));
        let beside = Beside::new(found);
        let named = Spans::new(named);
        for (part, span) in tagged.iter().flat_map(|tagged| tagged.without(&named)) {
            let inside = around.iter().find(|(other, whole, _)| *other == part && *whole == span);
            let country = match inside {
                Some((.., place)) => place.country,
                None => surely.or_else(|| beside.country(part, span)).or(leading),
            };
            tally.unlisted(page, found, part, span, country);
        }
        for town in &towns {
            tally.count(town.country, town.part, town.span, false);
            tally.unlisted(page, found, town.part, town.span, Some(town.country));
        }
        for feature in &features {
            if let Some(country) = feature.country {
                tally.count(country, feature.part, feature.span, false);
            }
            tally.unlisted(page, found, feature.part, feature.span, feature.country.or(leading));
        }
        tally.finish(found);
    }
}

/// Where places stand that are known.
struct Beside {
    known: Vec<(Part, Span, Option<&'static str>)>,
}

/// Where so much of what is said lies in one country, a place that no table has lies there too.
const SURELY: f32 = 0.75;

/// Elsewhere a place that no table has is where the next known place is, so many bytes away at most.
const NEAR: usize = 200;

impl Beside {
    fn new(found: &Found) -> Beside {
        let places = found.mentions.iter().filter(|mention| mention.kind == MentionKind::Place);
        let country = |mention: &Mention| mention.country.as_deref().and_then(places::country_code);
        Beside { known: places.map(|mention| (mention.part, mention.span, country(mention))).collect() }
    }

    /// The country of the place nearest to `span`.
    fn country(&self, part: Part, span: Span) -> Option<&'static str> {
        let near = self.known.iter().filter(|(other, ..)| *other == part).map(|(_, place, country)| {
            (place.start.saturating_sub(span.end).max(span.start.saturating_sub(place.end)), *country)
        });
        near.filter(|(distance, _)| *distance <= NEAR).min_by_key(|(distance, _)| *distance)?.1
    }
}

/// A name that no table has, as it is shown: `VOSTOCHNY` of a dateline as `Vostochny`.
fn shown(written: &str) -> String {
    calm(&squeeze(written))
}

/// Counts places and countries.
struct Tally {
    countries: FxHashMap<&'static str, Evidence>,
    places: Vec<Placed>,
    known: FxHashMap<(String, Option<&'static str>, Option<&'static str>), usize>,
    /// The first byte of the body behind its opening.
    opening: usize,
}

/// How many paragraphs are the opening.
const OPENING: usize = 2;

impl Tally {
    fn new(page: &Page<'_>) -> Tally {
        let after = page.body.bounds.paragraphs.get(OPENING).and_then(|first| page.body.spans.get(*first as usize));
        Tally {
            countries: FxHashMap::default(),
            places: Vec::new(),
            known: FxHashMap::default(),
            opening: after.map_or(page.body.text.len(), |span| span.start),
        }
    }

    fn count(&mut self, country: &'static str, part: Part, span: Span, dateline: bool) {
        let evidence = self.countries.entry(country).or_default();
        evidence.count += 1;
        evidence.dateline |= dateline;
        match part {
            Part::Title => evidence.title += 1,
            Part::Body if dateline => {}
            Part::Body => evidence.opening += u32::from(span.start < self.opening),
        }
    }

    fn embedded(&mut self, country: &'static str) {
        self.countries.entry(country).or_default().embedded += 1;
    }

    fn place(
        &mut self,
        name: &str,
        country: Option<&'static str>,
        region: Option<&'static str>,
        point: Option<(f32, f32)>,
    ) {
        let next = self.places.len();
        let at = *self.known.entry((name.to_owned(), country, region)).or_insert(next);
        if at == next {
            self.places.push(Placed {
                name: name.to_owned(),
                country: country.map(str::to_owned),
                region: region.map(str::to_owned),
                point,
                count: 0,
            });
        }
        if let Some(place) = self.places.get_mut(at) {
            place.count += 1;
        }
    }

    /// Counts and mentions a place that no table has, by what is written.
    fn unlisted(&mut self, page: &Page<'_>, found: &mut Found, part: Part, span: Span, country: Option<&'static str>) {
        let text = if part == Part::Title { page.title.text } else { page.body.text };
        let name = shown(span.of(text));
        self.place(&name, country, None, None);
        found.mentions.push(Mention {
            kind: MentionKind::Place,
            part,
            span,
            name,
            country: country.map(str::to_owned),
            region: None,
            point: None,
            timex: None,
        });
    }

    fn finish(mut self, found: &mut Found) {
        self.places.sort_by_key(|place| std::cmp::Reverse(place.count));
        found.places = self.places;
        let all = self.countries.values().map(|evidence| evidence.total()).sum();
        let counts = self.countries.iter().map(|(code, evidence)| CountryCount {
            code: (*code).to_owned(),
            name: places::country_name(code).unwrap_or(code).to_owned(),
            count: evidence.total(),
            about: about::is_about(*evidence, all),
        });
        found.countries = counts.collect();
        found.countries.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.code.cmp(&b.code)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Article, Dateline};

    /// By rules alone: as where no tagger knows the language.
    fn find(article: &Article) -> Found {
        let mut found = Found::default();
        find_beside(article, &mut found);
        found
    }

    fn find_beside(article: &Article, found: &mut Found) {
        let article = Article { language: Some("fr".to_owned()), ..article.clone() };
        Places.extract(&Page::new(&article, None), found);
    }

    fn listed(text: &str, found: &Found) -> String {
        let mut mentions: Vec<&Mention> = found.mentions.iter().collect();
        mentions.sort_by_key(|mention| mention.span);
        let mentions = mentions.iter().map(|mention| {
            let mark = if mention.kind == MentionKind::Demonym { "~" } else { "" };
            format!("{mark}{}={}", mention.span.of(text), mention.country.as_deref().unwrap_or("?"))
        });
        let mentions = mentions.collect::<Vec<_>>().join("; ");
        let countries = found.countries.iter().map(|country| country.code.as_str()).collect::<Vec<_>>().join(" ");
        format!("{mentions} | {countries}").trim().to_owned()
    }

    #[test]
    fn cases() {
        let mut wrong = Vec::new();
        for line in include_str!("cases.txt").lines().filter(|line| !line.starts_with('#')) {
            let (text, expected) = line.split_once(" ==> ").expect("every case has an arrow");
            let article = Article { text: text.to_owned(), ..Article::default() };
            let found = listed(text, &find(&article));
            if found != expected.trim() {
                wrong.push(format!("{text}\n  expected {expected}\n  found    {found}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn yields_to_persons_and_organisations() {
        let text = "Jordan Smith of the Bank of England met the England team.";
        let article = Article { text: text.to_owned(), ..Article::default() };
        let mention = |kind, start, end| Mention {
            kind,
            part: Part::Body,
            span: Span::new(start, end),
            name: String::new(),
            country: None,
            region: None,
            point: None,
            timex: None,
        };
        let mut found = Found {
            mentions: vec![mention(MentionKind::Person, 0, 12), mention(MentionKind::Organisation, 20, 35)],
            ..Found::default()
        };
        find_beside(&article, &mut found);
        let places: Vec<&str> =
            found.mentions.iter().filter(|m| m.kind == MentionKind::Place).map(|m| m.span.of(text)).collect();
        assert_eq!(places, ["England"]);
        assert_eq!(found.countries.iter().map(|c| (c.code.as_str(), c.count)).collect::<Vec<_>>(), [("GB", 2)]);
    }

    #[test]
    fn the_dateline_says_where_it_was_filed() {
        let text = "SEOUL, June 19 (AP) - Officials of Japan, China, China and Japan met.";
        let dateline = Dateline { place: "SEOUL".to_owned(), span: Span::new(0, 21), ..Dateline::default() };
        let article = Article { text: text.to_owned(), dateline: Some(dateline), ..Article::default() };
        let found = find(&article);
        let about: Vec<&str> = found.countries.iter().filter(|c| c.about).map(|c| c.code.as_str()).collect();
        assert!(about.contains(&"KR"), "{about:?}");
        assert_eq!(found.places.first().map(|place| (place.name.as_str(), place.count)), Some(("Japan", 2)));
    }

    #[test]
    fn any_text_is_taken() {
        for text in ["", "US", "U.S.", "’s", "Ky.", ", Ky.", "São", "—", "A-B-C, N.Y.", "平壌 Paris", "PARIS", "Mr"]
        {
            find(&Article { text: text.to_owned(), title: Some(text.to_owned()), ..Article::default() });
        }
    }
}
