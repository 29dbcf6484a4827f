//! The dates that an article speaks of.
//!
//! Bylines and captions are left out: they date the article, not what it tells. So does a dateline: its date is a mention,
//! but none of the dates that the article speaks of. In a text whose language has
//! no words of dates yet, only dates written out count, in figures and with names of months that the languages share.

use super::spans::Spans;
use super::{Extractor, Page, names};
use crate::article::{DateCount, Found, Mention, MentionKind, Part, TimexStatus};
use crate::places;
use crate::when::{self, Hemisphere, Setting};
use rustc_hash::FxHashMap;

/// Finds dates.
pub(super) struct Dates;

impl Extractor for Dates {
    fn name(&self) -> &'static str {
        "dates"
    }

    fn extract(&self, page: &Page<'_>, found: &mut Found) {
        let mut places: FxHashMap<String, usize> = FxHashMap::default();
        // Where no tagger knows the language, names are too doubtful to hide dates.
        let at = |mention: &Mention| (mention.part, mention.span);
        let names = names::model(page).map(|_| Spans::new(found.mentions.iter().map(at)));
        let within = page.article.published.as_ref().map(|published| (published.first, published.last));
        let setting = Setting { anchor: page.anchor, within, hemisphere: hemisphere(page, found) };
        for (part, words) in page.parts() {
            for (span, timex) in when::find_in(words, page.calendar, setting) {
                let dateline = part == Part::Body
                    && page.article.dateline.as_ref().is_some_and(|dateline| dateline.span.overlaps(span));
                if part == Part::Body && !dateline && page.article.is_furniture(span) {
                    continue;
                }
                // A part of a longer name: `April Smith`, `the Sunday Times`.
                let name = names.as_ref().and_then(|names| names.around(part, span));
                if name.is_some_and(|name| name != span) {
                    continue;
                }
                if page.foreign_calendar && timex.status != TimexStatus::Explicit {
                    continue;
                }
                if let (Some(first), Some(last)) = (timex.first, timex.last)
                    && !dateline
                {
                    let known = places.get(&timex.value).and_then(|at| found.dates.get_mut(*at));
                    match known {
                        Some(date) => date.count += 1,
                        None => {
                            places.insert(timex.value.clone(), found.dates.len());
                            found.dates.push(DateCount { value: timex.value.clone(), first, last, count: 1 });
                        }
                    }
                }
                found.mentions.push(Mention {
                    kind: MentionKind::Date,
                    part,
                    span,
                    name: span.of(words.text).to_owned(),
                    country: None,
                    region: None,
                    point: None,
                    timex: Some(timex),
                });
            }
        }
    }
}

/// A country whose middle lies south of this latitude has the seasons of the south; nearer to the equator there are none
/// to speak of.
const SOUTH: f32 = -9.0;

/// Where the seasons of an article are: those of the country in which its source is at home, else of its dateline.
fn hemisphere(page: &Page<'_>, found: &Found) -> Hemisphere {
    let home = page.home.and_then(|home| home.home());
    let sent_from = || {
        let dateline = page.article.dateline.as_ref()?;
        let here = |mention: &&Mention| mention.part == Part::Body && dateline.span.contains(mention.span);
        found.mentions.iter().filter(here).find_map(|mention| mention.country.as_deref())
    };
    let middle = home.or_else(sent_from).and_then(places::country).and_then(|country| country.point);
    if middle.is_some_and(|(latitude, _)| latitude < SOUTH) { Hemisphere::South } else { Hemisphere::North }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Article, Dateline};
    use crate::text::Span;

    #[test]
    fn the_date_of_a_dateline_is_a_mention_and_no_more() {
        let text = "HAVANA, August 7 (Xinhua) -- They met on Friday.";
        let dateline = Dateline { place: "HAVANA".to_owned(), span: Span::new(0, 28), ..Dateline::default() };
        let furniture = vec![Span::new(0, 28)];
        let article = Article { text: text.to_owned(), dateline: Some(dateline), furniture, ..Article::default() };
        let mut found = Found::default();
        Dates.extract(&Page::new(&article, "1998-08-08".parse().ok()), &mut found);
        let mentions: Vec<&str> = found.mentions.iter().map(|mention| mention.name.as_str()).collect();
        assert_eq!(mentions, ["August 7", "Friday"]);
        assert_eq!(found.dates.len(), 1);
        assert_eq!((found.dates[0].value.as_str(), found.dates[0].count), ("1998-08-07", 1));
    }

    #[test]
    fn counts_days_and_skips_furniture() {
        let article = Article {
            title: Some("Talks on Wednesday".to_owned()),
            text: "SEOUL, June 18 — They met on Wednesday, and will meet next week. Recently, in 1991, …".to_owned(),
            furniture: vec![Span::new(0, 14)],
            ..Article::default()
        };
        let anchor = "2024-06-19".parse().ok();
        let page = Page::new(&article, anchor);
        let mut found = Found::default();
        Dates.extract(&page, &mut found);
        let dates: Vec<(&str, u32)> = found.dates.iter().map(|date| (date.value.as_str(), date.count)).collect();
        assert_eq!(dates, [("2024-06-19", 2), ("2024-W26", 1), ("1991", 1)]);
        assert_eq!(found.mentions.len(), 5);
        assert_eq!(found.mentions[0].part, Part::Title);
        assert_eq!(found.mentions[1].name, "Wednesday");
    }

    #[test]
    fn seasons_are_those_of_where_the_source_is_at_home() {
        let summer = |page: Page<'_>| {
            let found = crate::extract::extract(&page);
            found
                .dates
                .iter()
                .find(|date| date.value.ends_with("SU"))
                .map(|date| format!("{} {} {}", date.value, date.first, date.last))
        };
        let anchor = "2024-10-19".parse().ok();
        let text = "PERTH, Australia, October 18 — The farm burned last summer.";
        let dateline = Dateline { place: "PERTH".to_owned(), span: Span::new(0, 30), ..Dateline::default() };
        let sent = Article { text: text.to_owned(), dateline: Some(dateline), ..Article::default() };
        assert_eq!(summer(Page::new(&sent, anchor)).as_deref(), Some("2023-SU 2023-12-01 2024-02-29"));
        let plain = Article { text: "The farm burned last summer.".to_owned(), ..Article::default() };
        assert_eq!(summer(Page::new(&plain, anchor)).as_deref(), Some("2024-SU 2024-06-01 2024-08-31"));
        let mut learned = crate::extract::prior::Learned::default();
        for _ in 0..crate::extract::prior::FEWEST {
            let text = "In Buenos Aires, Argentina, the council of Rosario met that of Córdoba, Argentina.";
            let article = Article { text: text.to_owned(), ..Article::default() };
            learned.add(&crate::extract::extract(&Page::new(&article, None)));
        }
        let prior = learned.prior();
        assert_eq!(prior.as_ref().and_then(|prior| prior.home()), Some("AR"));
        let home = Page::new(&plain, anchor).at_home(prior.as_ref());
        assert_eq!(summer(home).as_deref(), Some("2023-SU 2023-12-01 2024-02-29"));
    }

    #[test]
    fn a_year_of_publication_is_enough_for_years() {
        let published =
            |text: &str| when::written(text).map(|written| written.published(crate::article::Provenance::Metadata));
        let values = |day: &str| {
            let text = "Last year, two years ago, in May last year, last month and yesterday it rained.".to_owned();
            let article = Article { text, published: published(day), ..Article::default() };
            let mut found = Found::default();
            Dates.extract(&Page::new(&article, None), &mut found);
            let values = found.mentions.into_iter().filter_map(|mention| Some(mention.timex?.value));
            values.collect::<Vec<String>>().join(" ")
        };
        assert_eq!(values("1850"), "1849 1848 1849-05 XXXX-XX XXXX-XX-XX");
        assert_eq!(values("1850-03"), "1849 1848 1849-05 1850-02 XXXX-XX-XX");
        assert_eq!(values("1850-03-02"), "1849 1848 1849-05 1850-02 1850-03-01");
    }

    #[test]
    fn the_south_is_where_it_is_known_to_be() {
        for (code, south) in [
            ("AU", true),
            ("NZ", true),
            ("ZA", true),
            ("AR", true),
            ("CL", true),
            ("BR", true),
            ("US", false),
            ("ID", false),
            ("IN", false),
            ("KE", false),
        ] {
            let point = places::country(code).and_then(|country| country.point);
            assert_eq!(point.is_some_and(|(latitude, _)| latitude < SOUTH), south, "{code} {point:?}");
        }
    }
}
