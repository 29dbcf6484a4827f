//! When an article was published, where its format does not say, or says it in several ways.
//!
//! In the order in which they are trusted: the format's own field, the address, the path, a labelled line of the text,
//! the dateline, a line that is nothing but a date. A finer date inside a coarser one refines it; a date more than two days
//! away from a stronger one is noted as a conflict and lowers the confidence.

use crate::article::{Article, Confidence, Precision, Provenance, Published};
use crate::language::{self, Language};
use crate::when::{self, Label, Written};
use chrono::{Datelike, NaiveDate};
use std::borrow::Cow;

/// Completes `article.published`. `given` counts only where nothing else is found.
pub fn settle(article: &mut Article, given: Option<&Written>) {
    let known = article.language.as_deref().and_then(language::find).filter(|known| !known.date_words.is_empty());
    let language = known.unwrap_or_else(language::fallback);
    let mut sources: Vec<Published> = Vec::new();
    // A weak one, such as the day on which a file was made or changed, yields to everything else.
    let own = article.published.take();
    let (weak, own): (Option<Published>, Option<Published>) =
        if own.as_ref().is_some_and(|own| own.confidence == Confidence::Low) { (own, None) } else { (None, own) };
    sources.extend(own);
    let mut known = |written: Option<Written>, from| sources.extend(written.map(|written| written.published(from)));
    known(article.url.as_deref().and_then(in_address), Provenance::Url);
    known(in_path(&named(article)), Provenance::Path);
    let lines = dated_lines(&article.text, language);
    let labelled = |label| lines.iter().find(|line| line.label == label).map(|line| line.written.clone());
    known(labelled(Label::Published).or_else(|| labelled(Label::Updated)), Provenance::Text);
    let year = sources.first().or(weak.as_ref()).map(|source| (source.first, source.precision));
    let dateline =
        article.dateline.as_ref().and_then(|line| line.date.as_deref()).and_then(|date| in_dateline(date, year));
    sources.extend(dateline.map(|written| written.published(Provenance::Dateline)));
    if let Some(written) = labelled(Label::None) {
        sources.push(Published { confidence: Confidence::Low, ..written.published(Provenance::Text) });
    }
    if sources.is_empty() {
        sources.extend(given.map(|written| written.published(Provenance::Given)));
    }
    sources.extend(weak);
    article.published = sources.into_iter().reduce(weigh);
}

/// Two dates closer than this do not contradict each other: evening and morning editions, time zones, updates.
const TOLERANCE: i64 = 2;

/// The stronger of two dates, with what the weaker adds.
fn weigh(mut strong: Published, weak: Published) -> Published {
    // A time of Greenwich may be of another day than where it was published; the address has the local one.
    let told = strong.from == Provenance::Metadata && strong.confidence == Confidence::Medium;
    if told
        && weak.from == Provenance::Url
        && (strong.precision, weak.precision) == (Precision::Day, Precision::Day)
        && (strong.first - weak.first).num_days().abs() == 1
    {
        return Published { conflicts: strong.conflicts, ..weak };
    }
    let apart = (weak.first - strong.last).num_days().max((strong.first - weak.last).num_days());
    if apart > TOLERANCE {
        if weak.from == Provenance::Metadata && weak.confidence == Confidence::Low {
            return strong; // It is as likely the day of a change, which contradicts nothing.
        }
        strong.confidence = match strong.confidence {
            Confidence::High => Confidence::Medium,
            _ => Confidence::Low,
        };
        strong.conflicts.push(format!("{} ({})", weak.value, place(weak.from)));
        return strong;
    }
    if weak.precision > strong.precision && strong.first <= weak.first && weak.last <= strong.last {
        return Published { conflicts: strong.conflicts, ..weak };
    }
    strong
}

fn place(from: Provenance) -> &'static str {
    match from {
        Provenance::Metadata => "metadata",
        Provenance::Url => "url",
        Provenance::Path => "path",
        Provenance::Dateline => "dateline",
        Provenance::Text => "text",
        Provenance::Given => "given",
    }
}

/// The years that a figure of an address or a path can stand for.
const YEARS: std::ops::RangeInclusive<i32> = 1600..=2100;

/// The date in the address of an article.
fn in_address(url: &str) -> Option<Written> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = path.split(['?', '#']).next().unwrap_or(path);
    // The host says nothing.
    in_parts(path.split_once('/')?.1).filter(|written| written.precision > Precision::Year)
}

/// The path of an article, with the name that it has in an archive.
fn named(article: &Article) -> Cow<'_, str> {
    let member = article.member.as_deref().and_then(|member| member.split(':').next()).unwrap_or("");
    // The number of a line or of an item is no name.
    if member.contains(['/', '.']) { format!("{}/{member}", article.path).into() } else { Cow::Borrowed(&article.path) }
}

/// The date in the name of a file, or of the folders above it.
fn in_path(path: &str) -> Option<Written> {
    in_parts(path)
}

fn in_parts(path: &str) -> Option<Written> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let finest = |a: Written, b: Written| if b.precision > a.precision { b } else { a };
    // The nearest part to the article first.
    (0..parts.len()).rev().filter_map(|at| in_part(parts.get(at..)?)).reduce(finest)
}

/// A date that begins with the first of these parts: `2024/06/19`, `2024-06-19-slug`, `20240619`, `2024/jun/19`.
fn in_part(parts: &[&str]) -> Option<Written> {
    let part = parts.first()?;
    if part.len() == 4 && part.bytes().all(|b| b.is_ascii_digit()) {
        let year = sane(part)?;
        let month = parts.get(1).and_then(|month| figures(month, 2).or(Some(*month)));
        let day = parts.get(2).and_then(|day| figures(day, 2));
        return month
            .and_then(|month| {
                let whole = day.and_then(|day| {
                    let exact = if month.bytes().all(|b| b.is_ascii_digit()) {
                        format!("{year}-{month}-{day}")
                    } else if month.len() < 12 {
                        format!("{day} {month} {year}")
                    } else {
                        return None;
                    };
                    when::written(&exact).filter(|written| written.precision == Precision::Day)
                });
                whole.or_else(|| Written::of_month(year, Some(month.parse().ok().filter(|m| (1..=12).contains(m))?)))
            })
            .or_else(|| Written::of_month(year, None));
    }
    in_name(part)
}

/// A date within a name: `2024-06-19-slug.txt`, `NYT20000105`, `1994.json`.
fn in_name(name: &str) -> Option<Written> {
    let bytes = name.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut best: Option<Written> = None;
    let mut at = 0;
    while at < bytes.len() {
        if !digit(at) {
            at += 1;
            continue;
        }
        let end = (at..bytes.len()).find(|end| !digit(*end)).unwrap_or(bytes.len());
        let run = name.get(at..end)?;
        let found = match run.len() {
            8 => sane(run.get(..4)?).and_then(|_| when::written(run)),
            4 => sane(run).and_then(|year| {
                let mark = name.get(end..)?.chars().next().filter(|c| matches!(c, '-' | '_' | '.'));
                let rest = mark.and_then(|mark| name.get(end..)?.strip_prefix(mark));
                let month = rest.and_then(|rest| figures(rest, 2));
                let day = month.and_then(|_| figures(rest?.get(3..)?, 2));
                let whole = match (month, day) {
                    (Some(month), Some(day)) => when::written(&format!("{year}-{month}-{day}")),
                    (Some(month), None) => when::written(&format!("{year}-{month}")),
                    _ => None,
                };
                // A bare year must be all of the name.
                whole.or_else(|| {
                    let alone = at == 0 && name.get(end..).is_none_or(|rest| rest.is_empty() || rest.starts_with('.'));
                    alone.then(|| Written::of_month(year, None)).flatten()
                })
            }),
            6 if at == 0 => sane(run.get(..4)?).and_then(|_| when::written(run)),
            _ => None,
        };
        if let Some(found) = found
            && best.as_ref().is_none_or(|best| found.precision > best.precision)
        {
            best = Some(found);
        }
        at = end;
    }
    best
}

fn sane(year: &str) -> Option<i32> {
    year.parse().ok().filter(|year| YEARS.contains(year))
}

/// The first `count` bytes, where they are digits and no further one follows.
fn figures(text: &str, count: usize) -> Option<&str> {
    let head = text.get(..count).filter(|head| head.bytes().all(|b| b.is_ascii_digit()))?;
    (!text.as_bytes().get(count).is_some_and(u8::is_ascii_alphanumeric)).then_some(head)
}

/// The date of a dateline, whose year comes from what else is known.
fn in_dateline(date: &str, known: Option<(NaiveDate, Precision)>) -> Option<Written> {
    let exact = |text: &str| when::written(text).filter(|written| written.precision == Precision::Day);
    // Without a year, as most are, it is none of these.
    if date.bytes().filter(u8::is_ascii_digit).count() > 2
        && let Some(written) = exact(date)
    {
        return Some(written);
    }
    let (near, precision) = known?;
    // 2000 has every day of a year.
    let day = exact(&format!("{date} 2000"))?.first;
    let years = if precision == Precision::Year { 0..=0 } else { -1..=1 };
    let days = years.filter_map(|by| day.with_year(near.year() + by));
    Written::of_day(days.min_by_key(|day| (*day - near).num_days().abs())?)
}

/// So many bytes at the beginning and the end of a text are searched for lines that date it.
const HEAD: usize = 800;
const TAIL: usize = 500;
/// Lines longer than this are prose.
const LONGEST_LINE: usize = 120;

fn dated_lines(text: &str, language: &Language) -> Vec<when::DatedLine> {
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let head = boundary(HEAD.min(text.len()));
    let tail = boundary(text.len().saturating_sub(TAIL)).max(head);
    let mut found = Vec::new();
    for stretch in [text.get(..head), text.get(tail..)].into_iter().flatten() {
        for line in stretch.lines().map(str::trim) {
            if line.len() <= LONGEST_LINE && line.bytes().any(|b| b.is_ascii_digit()) {
                // Pages in any language may bear labels in that of their program.
                let other = Some(language::fallback()).filter(|other| other.code != language.code);
                let read = |language| when::dated_line(line, language);
                found.extend(read(language).or_else(|| other.and_then(read)));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Dateline;

    fn check(article: Article, expected: &str) {
        let mut article = article;
        let note = format!("{} {:?} {}", article.path, article.url, article.text);
        settle(&mut article, when::written("1900").as_ref());
        let published = article.published.expect("always given");
        let conflicts = published.conflicts.join(", ");
        let found = format!("{} {:?} {:?} {conflicts}", published.value, published.from, published.confidence);
        assert_eq!(found.trim(), expected, "{note}");
    }

    fn at(path: &str) -> Article {
        Article { path: path.to_owned(), ..Article::default() }
    }

    #[test]
    fn reads_paths() {
        check(at("2024-06-19-slug.txt"), "2024-06-19 Path Medium");
        check(at("news/2024/06/19/slug.txt"), "2024-06-19 Path Medium");
        check(at("news/2024/06/slug.txt"), "2024-06 Path Medium");
        check(at("news/2024/06/19.txt"), "2024-06-19 Path Medium");
        check(at("20240619/a.txt"), "2024-06-19 Path Medium");
        check(at("apw_19980807_0261.sgml"), "1998-08-07 Path Medium");
        check(at("1994.json"), "1994 Path Medium");
        check(at("archive/1994/a.txt"), "1994 Path Medium");
        check(at("1994/2024-06-19.txt"), "2024-06-19 Path Medium");
        check(at("report-1994-final.txt"), "1900 Given High");
        check(at("004512.txt"), "1900 Given High");
        check(at("20249919.txt"), "1900 Given High");
        check(at("é2024é/ü.txt"), "1900 Given High");
        let within = |member: &str| Article { member: Some(member.to_owned()), ..at("a.zip") };
        check(within("2024/06/19/a.jsonl:17"), "2024-06-19 Path Medium");
        check(within("2024-06-19.txt"), "2024-06-19 Path Medium");
        check(within("1994"), "1900 Given High");
    }

    #[test]
    fn reads_addresses() {
        for (url, expected) in [
            ("https://example.org/2024/06/19/slug", "2024-06-19 Url Medium"),
            ("https://example.org/world/2024/jun/19/slug", "2024-06-19 Url Medium"),
            ("https://example.org/a/20240619-slug.html?x=2020-01-01", "2024-06-19 Url Medium"),
            ("https://example.org/2024/slug", "1900 Given High"),
            ("https://2020-01-01.example.org/", "1900 Given High"),
        ] {
            check(Article { url: Some(url.to_owned()), ..Article::default() }, expected);
        }
    }

    #[test]
    fn reads_lines() {
        for (text, expected) in [
            ("Title\nPublished: 19 June 2024\n\nText.", "2024-06-19 Text Medium"),
            ("Updated: 20 June 2024\nFirst published on June 19, 2024 at 10.40am\n", "2024-06-19 Text Medium"),
            ("Monday, 15 September 2008\nText on 3 May 2007.", "2008-09-15 Text Low"),
            ("He came on 15 September 2008", "1900 Given High"),
            ("Text.\n\n19 June 2024", "2024-06-19 Text Low"),
        ] {
            check(Article { text: text.to_owned(), ..Article::default() }, expected);
        }
    }

    #[test]
    fn weighs_sources() {
        let metadata = |text: &str| when::written(text).map(|written| written.published(Provenance::Metadata));
        check(Article { published: metadata("2024-06-19"), ..at("2024/06/20/a.txt") }, "2024-06-19 Metadata High");
        check(
            Article { published: metadata("2024-06-19"), ..at("1989-05-22.txt") },
            "2024-06-19 Metadata Medium 1989-05-22 (path)",
        );
        check(
            Article { text: "Published: 22 May 1989\n".to_owned(), ..at("2024/06/20/a.txt") },
            "2024-06-20 Path Low 1989-05-22 (text)",
        );
        let told = |confidence: Confidence, url: &str| Article {
            published: metadata("2024-06-20").map(|own| Published { confidence, ..own }),
            url: Some(url.to_owned()),
            ..at("a.html")
        };
        let address = "https://example.org/2024/06/19/slug";
        check(told(Confidence::High, address), "2024-06-20 Metadata High");
        check(told(Confidence::Medium, address), "2024-06-19 Url Medium");
        check(told(Confidence::Medium, "https://example.org/2024/06/slug"), "2024-06-20 Metadata Medium");
        check(told(Confidence::Low, "https://example.org/2024/06/05/slug"), "2024-06-05 Url Medium");
        check(told(Confidence::Low, "https://example.org/2024/06/slug"), "2024-06-20 Metadata Low");
        let dateline = Dateline { date: Some("June 19".to_owned()), ..Dateline::default() };
        check(Article { dateline: Some(dateline.clone()), ..at("1994.json") }, "1994-06-19 Dateline Medium");
        check(Article { dateline: Some(dateline.clone()), ..at("1994/06/a.txt") }, "1994-06-19 Dateline Medium");
        check(Article { dateline: Some(dateline), ..at("a.txt") }, "1900 Given High");
    }
}
