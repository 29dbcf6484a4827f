//! The day on which a page was published, of all the days that it names.
//!
//! In the order in which they are trusted: JSON-LD, `<meta>` by its name, elements made for the day of publication, any
//! other element that holds a day, last a day of change. Times given in Greenwich are of the right day only where another
//! source agrees: one that gives the same moment with its zone counts for more.

use super::linked::Linked;
use super::survey::{Mark, Survey};
use crate::article::{Confidence, Precision, Provenance, Published};
use crate::when::{Written, written};

/// The names of `<meta>` that hold the day of publication, the best first.
const PUBLISHED: &str = "article:published_time article:published article.published datepublished og:published_time \
    og:article:published_time bt:pubdate parsely-pub-date sailthru.date citation_publication_date citation_online_date \
    citation_date publication_date publication-date publicationdate publish_date publish-date publishdate published_at \
    published-date published_date published pubdate pub_date publish_time publishtime og:pubdate og:publish_date \
    article_date_original dc.date.issued dcterms.issued dcterms.date dc.date dcterms.available dcterms.created \
    dc.date.created dc.date.publication pdate ptime cxenseparse:recs:publishtime cxenseparse:publishtime \
    article.created datecreated originalpublicationdate displaydate date_published story_published_at \
    shareaholic:article_published_time rnews:datepublished blogger.published eomportal-publishdate prism.publicationdate \
    published_time_telegram releasedate issue_date artikel-datum date creation_date created createdate timestamp";

/// Those that hold the day of a change.
const MODIFIED: &str = "article:modified_time article:modified article.updated og:updated_time og:modified_time \
    datemodified dcterms.modified dc.date.modified article_date_updated last-updated lastmod parsely-modified-date";

/// How a moment is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clock {
    /// A day without a time.
    None,
    /// A time with the zone of the place.
    Local,
    /// A time of Greenwich, or of no zone, which is often that of Greenwich.
    Greenwich,
}

/// The day of publication of a page.
pub(super) fn published(survey: &Survey, linked: &Linked) -> Option<Published> {
    let times = |mark: Mark| survey.times.iter().filter(move |time| time.mark == mark).map(|time| time.value.as_str());
    let sure: Vec<(Written, Clock)> = linked
        .published
        .iter()
        .map(String::as_str)
        .chain(metas(survey, PUBLISHED))
        .chain(times(Mark::Published).take(3))
        .filter_map(read)
        .collect();
    if let Some(first) = sure.first() {
        return Some(best(first, &sure));
    }
    // The first day of a page is that of its article more often than not.
    let unsure = times(Mark::Unknown)
        .chain(linked.modified.as_deref())
        .chain(metas(survey, MODIFIED))
        .chain(times(Mark::Modified))
        .find_map(read)?;
    Some(Published { confidence: Confidence::Low, ..unsure.0.published(Provenance::Metadata) })
}

/// The first of the days, or what a better clock says of it.
fn best(first: &(Written, Clock), all: &[(Written, Clock)]) -> Published {
    let (day, clock) = first;
    let near = |other: &Written| (other.first - day.first).num_days().abs() <= 1 && other.precision == Precision::Day;
    let same =
        |wanted: Clock| all.iter().find(|(other, clock)| *clock == wanted && near(other)).map(|(other, _)| other);
    let finer = |other: &Written| other.precision > day.precision && other.first >= day.first && other.last <= day.last;
    if day.precision < Precision::Day {
        let finer = all.iter().map(|(other, _)| other).find(|other| finer(other)).unwrap_or(day);
        return finer.published(Provenance::Metadata);
    }
    if *clock == Clock::Greenwich {
        return match same(Clock::Local).or_else(|| same(Clock::None)) {
            Some(local) => local.published(Provenance::Metadata),
            // Where it was published, the day can be the one before or after.
            None => Published { confidence: Confidence::Medium, ..day.published(Provenance::Metadata) },
        };
    }
    day.published(Provenance::Metadata)
}

/// The contents of `<meta>` with these names, in the order of the names.
fn metas<'a>(survey: &'a Survey, names: &'static str) -> impl Iterator<Item = &'a str> {
    let of = |wanted: &'static str| {
        survey.metas.iter().filter(move |(name, _)| name == wanted).map(|(_, content)| content.as_str())
    };
    names.split_whitespace().flat_map(of)
}

/// Reads a day and how it is told; none for the zero of a clock.
fn read(text: &str) -> Option<(Written, Clock)> {
    let text = text.trim();
    let day = written(text).or_else(|| with_dots(text))?;
    if matches!(day.value.as_str(), "1970-01-01" | "1969-12-31") {
        return None;
    }
    Some((day, clock(text)))
}

/// `04.09.2018`: with dots the day stands first.
fn with_dots(text: &str) -> Option<Written> {
    let mut parts = text.split(|c: char| !c.is_ascii_digit() && c != '.').next()?.split('.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    written(&format!("{year:0>4}-{month:0>2}-{day:0>2}")).filter(|_| year.len() == 4)
}

fn clock(text: &str) -> Clock {
    let Some(colon) = text
        .find(':')
        .filter(|at| text.get(..*at).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit())))
    else {
        // Seconds since 1970 are counted in Greenwich.
        let counted = text.len() >= 9 && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with("20");
        return if counted || text.len() > 10 && text.ends_with('Z') { Clock::Greenwich } else { Clock::None };
    };
    let time = text.get(colon..).unwrap_or("");
    if time.contains("UTC") || time.contains("GMT") && !time.contains("GMT+") && !time.contains("GMT-") {
        return Clock::Greenwich;
    }
    // `19:53:52-05:00`, `21:57:00 -0800`
    let offset = time.rfind(['+', '-']).and_then(|at| time.get(at + 1..));
    let digits = |offset: &str| offset.starts_with(|c: char| c.is_ascii_digit());
    match offset.filter(|offset| digits(offset)) {
        Some(offset) if offset.bytes().any(|b| matches!(b, b'1'..=b'9')) => Clock::Local,
        Some(_) => Clock::Greenwich,
        // `8:57 pm` is meant to be read by people.
        None if time.to_ascii_lowercase().contains(['m']) => Clock::Local,
        None => Clock::Greenwich,
    }
}

#[cfg(test)]
mod tests {
    use super::super::survey::survey;
    use super::*;

    fn check(html: &str, expected: Option<(&str, Confidence)>) {
        let survey = survey(html);
        let linked = super::super::linked::read(&survey.linked, None);
        let found = published(&survey, &linked);
        assert_eq!(found.as_ref().map(|day| (day.value.as_str(), day.confidence)), expected, "{html}");
    }

    #[test]
    fn the_best_of_several_days() {
        use Confidence::{High, Low, Medium};
        let meta = |name: &str, day: &str| format!("<meta property='{name}' content='{day}'>");
        for (html, expected) in [
            (meta("article:published_time", "2019-11-19T19:53:52-05:00"), Some(("2019-11-19", High))),
            (meta("article:published_time", "2019-11-20T00:53:52Z"), Some(("2019-11-20", Medium))),
            (
                meta("article:published_time", "2019-11-20T05:57:50Z") + &meta("sailthru.date", "2019-11-19 21:57:00 -0800"),
                Some(("2019-11-19", High)),
            ),
            (meta("article:modified_time", "2019-11-20T00:53:52Z"), Some(("2019-11-20", Low))),
            (meta("og:updated_time", "2020-01-01") + "<time datetime='2019-11-19'>", Some(("2019-11-19", Low))),
            (meta("date", "0001-01-01T00:00:00Z") + &meta("pubdate", "20191119"), Some(("2019-11-19", High))),
            (meta("date", "1970-01-01T01:00:00+01:00"), None),
            (meta("dc.date", "2019") + &meta("date", "19 November 2019"), Some(("2019-11-19", High))),
            ("<time class='entry-date published updated' datetime='2014-06-21T10:41:45+01:00'>".into(), Some(("2014-06-21", High))),
            ("<time class='comment-published' itemprop=datePublished datetime='2014-06-21'>".into(), None),
            ("<abbr class=published title='2014-06-21T10:41:45+01:00'>June</abbr>".into(), Some(("2014-06-21", High))),
            ("<span itemprop=datePublished>Nov. 19, 2019</span>".into(), Some(("2019-11-19", High))),
            ("<p class=date>19 November 2019</p>".into(), Some(("2019-11-19", Low))),
            (
                r#"<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2019-11-18T23:04:24-05:00"}</script>"#
                    .to_owned()
                    + &meta("article:published_time", "2019-11-25"),
                Some(("2019-11-18", High)),
            ),
            (meta("date", "04.09.2018"), Some(("2018-09-04", High))),
            (String::new(), None),
        ] {
            check(&html, expected);
        }
    }
}
