//! What is known of an article, as lines and lists: the date with its provenance, the head of an article, and the
//! people, organisations, places, countries and dates that were found in it.

use super::Style;
use super::flow::{Paint, Run, flow, marked, width};
use super::table::{Align, table};
use super::visible::line;
use crate::article::{
    Article, Confidence, Found, MentionKind, Named, Part, Precision, Provenance, Published, Timex, TimexKind,
};
use crate::places;
use crate::text::Span;
use crate::text::offsets::CharOffsets;
use rustc_hash::FxHashMap;
use std::io::{self, Write};

/// The word for a precision, as in JSON.
pub(super) fn precision(precision: Precision) -> &'static str {
    match precision {
        Precision::Year => "year",
        Precision::Month => "month",
        Precision::Day => "day",
    }
}

/// The word for a provenance, as in JSON.
fn provenance(from: Provenance) -> &'static str {
    match from {
        Provenance::Metadata => "metadata",
        Provenance::Url => "url",
        Provenance::Path => "path",
        Provenance::Dateline => "dateline",
        Provenance::Text => "text",
        Provenance::Given => "given",
    }
}

/// The publication date, with what a reader should know of it in parentheses where it is not simply a day that the
/// file gives as such: `2024-06 (month, from path)`.
pub(super) fn published(published: Option<&Published>) -> String {
    let Some(published) = published else {
        return "undated".to_owned();
    };
    let mut remarks = Vec::new();
    if published.precision != Precision::Day {
        remarks.push(precision(published.precision).to_owned());
    }
    match published.from {
        Provenance::Metadata => {}
        Provenance::Given => remarks.push("as given".to_owned()),
        from => remarks.push(format!("from {}", provenance(from))),
    }
    if published.confidence == Confidence::Low {
        remarks.push("low confidence".to_owned());
    }
    if !published.conflicts.is_empty() {
        remarks.push(format!("but {}", published.conflicts.join(", ")));
    }
    if remarks.is_empty() { published.value.clone() } else { format!("{} ({})", published.value, remarks.join(", ")) }
}

/// The file, and which article of it: `wire/june.jsonl:3`.
pub(super) fn location(path: &str, member: Option<&str>) -> String {
    match member {
        Some(member) => format!("{path}:{member}"),
        None => path.to_owned(),
    }
}

/// The headline, in which `matches` are marked, and, below it, what the file says of the article.
pub(super) fn head(
    article: &Article,
    found: &Found,
    matches: &[Span],
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let title = article.title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or("(no headline)");
    let offsets = CharOffsets::new(title);
    let spans: Vec<[usize; 2]> =
        matches.iter().map(|span| [offsets.at(title, span.start), offsets.at(title, span.end)]).collect();
    flow(&marked(title, 0, &spans, Paint::Heading, style), "", "", style, out)?;
    let encoding = article.encoding.as_deref();
    let rows = [
        ("published", Some(published(article.published.as_ref()))),
        ("source", article.source.clone()),
        ("by", Some(article.authors.join(", "))),
        ("reported from", Some(origins(article, found))),
        ("agency", Some(article.agencies.join(", "))),
        ("section", article.section.clone()),
        ("language", article.language.clone()),
        ("url", article.url.clone()),
        ("path", Some(location(&article.path, article.member.as_deref()))),
        ("id", article.id.clone()),
        ("encoding", encoding.map(str::to_owned)),
        (
            "scan",
            article.ocr_confidence.map(|sure| format!("characters recognised with {:.0} % confidence", sure * 100.0)),
        ),
        ("remark", article.truncated.then(|| "the text was cut at the size limit".to_owned())),
    ];
    let rows = rows.into_iter().filter_map(|(name, value)| {
        let value = value.filter(|value| !value.is_empty())?;
        Some(vec![name.to_owned(), value])
    });
    table(&[Align::Left, Align::Left], rows.collect(), "", style, out)
}

/// The places of the dateline, each with its country.
fn origins(article: &Article, found: &Found) -> String {
    let origins = article.reported_from(found).into_iter().map(|origin| {
        let country = origin.country.as_deref().map(|code| places::country_name(code).unwrap_or(code));
        match country.filter(|country| *country != origin.place) {
            Some(country) => format!("{} ({country})", origin.place),
            None => origin.place,
        }
    });
    origins.collect::<Vec<_>>().join(", ")
}

/// The paint of a kind of mention, in the text and over its list.
pub(super) fn paint(kind: MentionKind) -> Paint {
    match kind {
        MentionKind::Person => Paint::Person,
        MentionKind::Organisation => Paint::Organisation,
        MentionKind::Place | MentionKind::Demonym => Paint::Place,
        MentionKind::Date => Paint::Date,
    }
}

/// Every list that is not empty, each after a blank line.
pub(super) fn lists(article: &Article, found: &Found, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    named("People", paint(MentionKind::Person), &found.people, style, out)?;
    named("Organisations", paint(MentionKind::Organisation), &found.organisations, style, out)?;
    places(found, style, out)?;
    countries(found, style, out)?;
    dates(article, found, style, out)
}

fn begin(name: &str, paint: Paint, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", paint.over(name, style))
}

fn named(title: &str, paint: Paint, names: &[Named], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if names.is_empty() {
        return Ok(());
    }
    begin(title, paint, style, out)?;
    let rows = names.iter().map(|named| {
        let also = if named.also.is_empty() { String::new() } else { format!("also {}", named.also.join(", ")) };
        vec![named.count.to_string(), named.name.clone(), also]
    });
    table(&[Align::Right, Align::Left, Align::Left], rows.collect(), "  ", style, out)
}

fn places(found: &Found, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if found.places.is_empty() {
        return Ok(());
    }
    begin("Places", paint(MentionKind::Place), style, out)?;
    let names: FxHashMap<&str, &str> =
        found.countries.iter().map(|country| (country.code.as_str(), country.name.as_str())).collect();
    // By country, in the order in which the first place of each comes; what has no country comes last.
    let mut order: FxHashMap<Option<&str>, usize> = FxHashMap::default();
    let mut groups: Vec<(Option<&str>, Vec<String>)> = Vec::new();
    for place in &found.places {
        let code = place.country.as_deref();
        let group = *order.entry(code).or_insert_with(|| {
            groups.push((code, Vec::new()));
            groups.len() - 1
        });
        if let Some((_, places)) = groups.get_mut(group) {
            places.push(format!("{} {}", place.name, place.count));
        }
    }
    groups.sort_by_key(|(code, _)| code.is_none());
    let label = |code: Option<&str>| match code {
        Some(code) => line(names.get(code).copied().unwrap_or(code), style.escapes()).into_owned(),
        None => "(no country)".to_owned(),
    };
    let room = groups.iter().map(|(code, _)| width(&label(*code)).min(24)).max().unwrap_or(0);
    for (code, places) in groups {
        let label = label(code);
        let first = format!("  {label}{}  ", " ".repeat(room.saturating_sub(width(&label))));
        flow(&[Run::plain(&places.join(", "))], &first, &" ".repeat(room + 4), style, out)?;
    }
    Ok(())
}

fn countries(found: &Found, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if found.countries.is_empty() {
        return Ok(());
    }
    begin("Countries", paint(MentionKind::Place), style, out)?;
    let rows = found.countries.iter().map(|country| {
        let about = if country.about { "the article is about it or was filed from it" } else { "" };
        vec![country.count.to_string(), country.code.clone(), country.name.clone(), about.to_owned()]
    });
    table(&[Align::Right, Align::Left, Align::Left, Align::Left], rows.collect(), "  ", style, out)
}

/// The words of each date and what they were taken to mean, in the order of the text.
fn dates(article: &Article, found: &Found, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut order: FxHashMap<(String, &str), usize> = FxHashMap::default();
    let mut rows: Vec<(u32, String, String)> = Vec::new();
    for mention in &found.mentions {
        let Some(timex) = mention.timex.as_ref().filter(|_| !article.is_its_date(mention)) else { continue };
        let text = if mention.part == Part::Title { article.title.as_deref().unwrap_or("") } else { &article.text };
        let words = line(mention.span.of(text), style.escapes());
        let at = *order.entry((words.to_lowercase(), &timex.value)).or_insert_with(|| {
            rows.push((0, format!("“{words}”"), meaning(timex)));
            rows.len() - 1
        });
        if let Some(row) = rows.get_mut(at) {
            row.0 += 1;
        }
    }
    if rows.is_empty() {
        // Without the mentions, what they add up to is still known.
        rows.extend(found.dates.iter().map(|date| (date.count, String::new(), date.value.clone())));
    }
    if rows.is_empty() {
        return Ok(());
    }
    begin("Dates", paint(MentionKind::Date), style, out)?;
    let rows = rows.into_iter().map(|(count, words, meaning)| {
        let meaning = if words.is_empty() { meaning } else { format!("→ {meaning}") };
        vec![count.to_string(), words, meaning]
    });
    table(&[Align::Right, Align::Left, Align::Left], rows.collect(), "  ", style, out)
}

/// What a date was taken to mean: its value, and the days where the value does not show them.
fn meaning(timex: &Timex) -> String {
    let value = &timex.value;
    let remark = match (timex.kind, timex.first, timex.last) {
        (TimexKind::Duration, ..) => " (a length of time)".to_owned(),
        (TimexKind::Set, ..) => " (again and again)".to_owned(),
        (_, Some(first), Some(last))
            if value.contains(|c: char| !c.is_ascii_digit() && c != '-') || value.len() == 3 =>
        {
            if first == last && value.starts_with(&first.to_string()) {
                String::new()
            } else if first == last {
                format!(" ({first})")
            } else {
                format!(" ({first} to {last})")
            }
        }
        (_, Some(_), _) => String::new(),
        (_, None, _) => " (no day)".to_owned(),
    };
    format!("{value}{remark}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::TimexStatus;
    use chrono::NaiveDate;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("it is a day")
    }

    #[test]
    fn dates_say_where_they_come_from() {
        let mut date = Published {
            value: "2024-06-19".into(),
            first: day("2024-06-19"),
            last: day("2024-06-19"),
            precision: Precision::Day,
            from: Provenance::Metadata,
            confidence: Confidence::High,
            conflicts: vec![],
        };
        assert_eq!(published(None), "undated");
        assert_eq!(published(Some(&date)), "2024-06-19");
        date.from = Provenance::Dateline;
        assert_eq!(published(Some(&date)), "2024-06-19 (from dateline)");
        date.conflicts = vec!["1989-05-22 (text)".into()];
        date.confidence = Confidence::Low;
        date.from = Provenance::Given;
        assert_eq!(published(Some(&date)), "2024-06-19 (as given, low confidence, but 1989-05-22 (text))");
        let month = Published {
            value: "2024-06".into(),
            precision: Precision::Month,
            from: Provenance::Path,
            confidence: Confidence::Medium,
            conflicts: vec![],
            ..date
        };
        assert_eq!(published(Some(&month)), "2024-06 (month, from path)");
    }

    #[test]
    fn dates_say_what_they_were_taken_to_mean() {
        for (kind, value, days, expected) in [
            (TimexKind::Date, "2024-06-19", Some(("2024-06-19", "2024-06-19")), "2024-06-19"),
            (TimexKind::Date, "2024-06", Some(("2024-06-01", "2024-06-30")), "2024-06"),
            (TimexKind::Date, "2024-W25", Some(("2024-06-17", "2024-06-23")), "2024-W25 (2024-06-17 to 2024-06-23)"),
            (TimexKind::Date, "199", Some(("1990-01-01", "1999-12-31")), "199 (1990-01-01 to 1999-12-31)"),
            (TimexKind::Time, "2024-06-19TMO", Some(("2024-06-19", "2024-06-19")), "2024-06-19TMO"),
            (TimexKind::Date, "PRESENT_REF", Some(("2024-06-19", "2024-06-19")), "PRESENT_REF (2024-06-19)"),
            (TimexKind::Date, "PAST_REF", None, "PAST_REF (no day)"),
            (TimexKind::Duration, "P3D", None, "P3D (a length of time)"),
            (TimexKind::Set, "XXXX-WXX-3", None, "XXXX-WXX-3 (again and again)"),
        ] {
            let timex = Timex {
                kind,
                value: value.into(),
                first: days.map(|days| day(days.0)),
                last: days.map(|days| day(days.1)),
                status: TimexStatus::Resolved,
            };
            assert_eq!(meaning(&timex), expected);
        }
    }
}
