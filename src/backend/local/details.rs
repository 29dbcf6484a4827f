//! What is stored of an article beside its text and what was found in it, small: which of the fields there are as one
//! number, days as numbers, words of the dateline by where they stand in it.
//!
//! What does not come back as it was is kept as JSON, so nothing has to fit.

use super::packed::{Bytes, put, put_signed, put_text, put_within};
use super::schema::{day, day_number};
use crate::article::{Article, Confidence, Dateline, Precision, Provenance, Published};
use crate::text::Span;
use chrono::{Datelike, NaiveDate};

/// The number before an article that is JSON.
const JSON: usize = 1;

const PRECISIONS: [Precision; 3] = [Precision::Year, Precision::Month, Precision::Day];
const CONFIDENCES: [Confidence; 3] = [Confidence::Low, Confidence::Medium, Confidence::High];
const PROVENANCES: [Provenance; 6] = [
    Provenance::Metadata,
    Provenance::Url,
    Provenance::Path,
    Provenance::Dateline,
    Provenance::Text,
    Provenance::Given,
];

/// An article without id, path and text.
pub(super) fn pack(article: &Article) -> Vec<u8> {
    let bytes = write(article);
    if unpack(&bytes, &article.text).is_some_and(|back| same(&back, article)) {
        return bytes;
    }
    let mut bytes = vec![JSON as u8];
    bytes.extend(serde_json::to_vec(article).unwrap_or_default());
    bytes
}

/// The reverse of [`pack`]; none where the bytes make no sense. `text` is the article's.
pub(super) fn unpack(bytes: &[u8], text: &str) -> Option<Article> {
    let mut bytes = Bytes(bytes);
    let there = bytes.number()?;
    if there == JSON {
        return serde_json::from_slice(bytes.0).ok();
    }
    let has = |field: usize| there >> field & 1 == 1;
    let mut article = Article { truncated: has(14), ..Article::default() };
    for (field, value) in [
        (1, &mut article.language),
        (2, &mut article.source),
        (3, &mut article.section),
        (4, &mut article.encoding),
        (5, &mut article.member),
        (6, &mut article.url),
        (7, &mut article.title),
    ] {
        if has(field) {
            *value = Some(bytes.text()?);
        }
    }
    for (field, list) in [(8, &mut article.authors), (9, &mut article.agencies)] {
        if has(field) {
            *list = texts(&mut bytes)?;
        }
    }
    if has(10) {
        article.published = Some(published(&mut bytes)?);
    }
    if has(11) {
        article.dateline = Some(dateline(&mut bytes, text)?);
    }
    if has(12) {
        let mut behind = 0;
        for _ in 0..bytes.count()? {
            let span = bytes.span(behind)?;
            behind = span.end;
            article.furniture.push(span);
        }
    }
    if has(13) {
        article.ocr_confidence = Some(f32::from_le_bytes(bytes.take(4)?.try_into().ok()?));
    }
    Some(article)
}

fn write(article: &Article) -> Vec<u8> {
    // Every field, so that a new one is not forgotten.
    let Article {
        id: _,
        path: _,
        text,
        member,
        title,
        authors,
        source,
        section,
        language,
        url,
        published,
        dateline,
        agencies,
        furniture,
        encoding,
        ocr_confidence,
        truncated,
    } = article;
    // The same for many articles first and together.
    let values = [language, source, section, encoding, member, url, title];
    let there = values.iter().map(|value| value.is_some()).chain([
        !authors.is_empty(),
        !agencies.is_empty(),
        published.is_some(),
        dateline.is_some(),
        !furniture.is_empty(),
        ocr_confidence.is_some(),
        *truncated,
    ]);
    let there = (1..).zip(there).fold(0, |there, (field, has)| there | usize::from(has) << field);
    let mut out = Vec::with_capacity(128);
    put(&mut out, there);
    for value in values.into_iter().flatten() {
        put_text(&mut out, value);
    }
    for list in [authors, agencies] {
        if !list.is_empty() {
            put_texts(&mut out, list);
        }
    }
    if let Some(published) = published {
        put_published(&mut out, published);
    }
    if let Some(dateline) = dateline {
        put_dateline(&mut out, dateline, text);
    }
    if !furniture.is_empty() {
        put(&mut out, furniture.len());
        let mut behind = 0;
        for span in furniture {
            put(&mut out, span.start.saturating_sub(behind));
            put(&mut out, span.end.saturating_sub(span.start));
            behind = span.end;
        }
    }
    if let Some(confidence) = ocr_confidence {
        out.extend(confidence.to_le_bytes());
    }
    out
}

/// Whether all that is kept here is the same.
fn same(one: &Article, other: &Article) -> bool {
    (&one.language, &one.source, &one.section, &one.encoding)
        == (&other.language, &other.source, &other.section, &other.encoding)
        && (&one.member, &one.url, &one.title, &one.authors)
            == (&other.member, &other.url, &other.title, &other.authors)
        && (&one.agencies, &one.published, &one.dateline, &one.furniture)
            == (&other.agencies, &other.published, &other.dateline, &other.furniture)
        && (one.ocr_confidence, one.truncated) == (other.ocr_confidence, other.truncated)
}

fn put_texts(out: &mut Vec<u8>, list: &[String]) {
    put(out, list.len());
    list.iter().for_each(|text| put_text(out, text));
}

fn texts(bytes: &mut Bytes<'_>) -> Option<Vec<String>> {
    (0..bytes.count()?).map(|_| bytes.text()).collect()
}

/// One byte for precision, provenance, confidence and whether there are conflicts; the day.
fn put_published(out: &mut Vec<u8>, published: &Published) {
    let place = |at: Option<usize>| at.unwrap_or(0) as u8;
    let precision = place(PRECISIONS.iter().position(|one| *one == published.precision));
    let from = place(PROVENANCES.iter().position(|one| *one == published.from));
    let confidence = place(CONFIDENCES.iter().position(|one| *one == published.confidence));
    out.push(precision | confidence << 2 | from << 4 | u8::from(!published.conflicts.is_empty()) << 7);
    put_signed(out, day_number(published.first));
    if !published.conflicts.is_empty() {
        put_texts(out, &published.conflicts);
    }
}

fn published(bytes: &mut Bytes<'_>) -> Option<Published> {
    let head = bytes.byte()?;
    let precision = *PRECISIONS.get(usize::from(head & 3))?;
    let first = day(bytes.signed()?)?;
    let (value, last) = period(precision, first)?;
    Some(Published {
        value,
        first,
        last,
        precision,
        from: *PROVENANCES.get(usize::from(head >> 4 & 7))?,
        confidence: *CONFIDENCES.get(usize::from(head >> 2 & 3))?,
        conflicts: if head >> 7 == 1 { texts(bytes)? } else { Vec::new() },
    })
}

/// The value and the last day of the day, month or year that begins with `first`.
pub(super) fn period(precision: Precision, first: NaiveDate) -> Option<(String, NaiveDate)> {
    let (year, month) = (first.year(), first.month());
    let end = |year: i32, month: u32| NaiveDate::from_ymd_opt(year, month, 1).and_then(|next| next.pred_opt());
    Some(match precision {
        Precision::Year => (format!("{year:04}"), end(year + 1, 1)?),
        Precision::Month if month == 12 => (format!("{year:04}-12"), end(year + 1, 1)?),
        Precision::Month => (format!("{year:04}-{month:02}"), end(year, month + 1)?),
        Precision::Day => (format!("{year:04}-{month:02}-{:02}", first.day()), first),
    })
}

fn put_dateline(out: &mut Vec<u8>, dateline: &Dateline, text: &str) {
    let Dateline { place, also, agency, date, span } = dateline;
    put(out, span.start);
    put(out, span.end.saturating_sub(span.start));
    let whole = text.get(span.start..span.end).unwrap_or("");
    put(out, usize::from(agency.is_some()) | usize::from(date.is_some()) << 1 | also.len() << 2);
    for part in std::iter::once(place).chain(also).chain(agency).chain(date) {
        put_within(out, whole, part);
    }
}

fn dateline(bytes: &mut Bytes<'_>, text: &str) -> Option<Dateline> {
    let span: Span = bytes.span(0)?;
    let whole = text.get(span.start..span.end).unwrap_or("");
    let there = bytes.number()?;
    let place = bytes.within(whole)?;
    let also = (0..there >> 2).map(|_| bytes.within(whole)).collect::<Option<_>>()?;
    let agency = if there & 1 == 1 { Some(bytes.within(whole)?) } else { None };
    let date = if there & 2 == 2 { Some(bytes.within(whole)?) } else { None };
    Some(Dateline { place, also, agency, date, span })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Article {
        Article {
            member: Some("17".into()),
            title: Some("Rain".into()),
            text: "SEOUL/BUSAN, June 19 (Reuters) - Rain.".into(),
            authors: vec!["A B".into(), "C D".into()],
            source: Some("Herald".into()),
            section: Some("weather".into()),
            language: Some("en".into()),
            url: Some("https://example.org/rain".into()),
            published: Some(Published {
                value: "2024-06".into(),
                first: "2024-06-01".parse().unwrap(),
                last: "2024-06-30".parse().unwrap(),
                precision: Precision::Month,
                from: Provenance::Given,
                confidence: Confidence::High,
                conflicts: vec!["1989 (text)".into()],
            }),
            dateline: Some(Dateline {
                place: "SEOUL".into(),
                also: vec!["BUSAN".into()],
                agency: Some("Reuters News".into()),
                date: Some("June 19".into()),
                span: Span::new(0, 32),
            }),
            agencies: vec!["Reuters".into()],
            furniture: vec![Span::new(0, 32), Span::new(33, 37)],
            encoding: Some("windows-1252".into()),
            ocr_confidence: Some(0.87),
            truncated: true,
            ..Article::default()
        }
    }

    #[test]
    fn every_field_comes_back() {
        let whole = full();
        for article in [whole.clone(), Article { text: whole.text.clone(), ..Article::default() }] {
            let bytes = pack(&article);
            assert_ne!(bytes[0], JSON as u8, "{article:?}");
            let back = unpack(&bytes, &article.text).unwrap();
            assert_eq!(Article { text: article.text.clone(), ..back }, article);
        }
    }

    #[test]
    fn what_does_not_fit_is_kept_as_it_is() {
        let mut article = full();
        // Spans that overlap, and a value that is written otherwise.
        article.furniture = vec![Span::new(5, 9), Span::new(3, 7)];
        let bytes = pack(&article);
        assert_eq!(bytes[0], JSON as u8);
        let back = unpack(&bytes, &article.text).unwrap();
        assert_eq!(Article { text: article.text.clone(), ..back }, article);
    }

    #[test]
    fn nonsense_is_refused() {
        let bytes = pack(&full());
        for end in 0..bytes.len() {
            assert_eq!(unpack(&bytes[..end], &full().text), None, "{end}");
        }
    }
}
