//! The dates that an article speaks of.
//!
//! Bylines and captions are left out: they date the article, not what it tells. So does a dateline: its date is a mention,
//! but none of the dates that the article speaks of. In a text whose language has
//! no words of dates yet, only dates written out count, in figures and with names of months that the languages share.

use super::spans::Spans;
use super::{Extractor, Page, names};
use crate::article::{DateCount, Found, Mention, MentionKind, Part, TimexStatus};
use crate::when;
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
        for (part, words) in page.parts() {
            for (span, timex) in when::find(words, page.calendar, page.anchor) {
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
}
