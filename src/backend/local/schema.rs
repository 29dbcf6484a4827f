//! The schema, and articles and file states as documents of it.
//!
//! Two kinds of document live in one index, so that one commit holds both: articles, and one for each file with what
//! is known of it. Names on disk are those of the field table, or begin with `_`.

use super::dictionaries::Packing;
use super::place_value::PlaceValue;
use super::slots;
use super::stored::{self, Parts, Stored};
use super::tokenise::SEPARATOR;
use super::{compact, details};
use crate::article::{Article, Confidence, Found, Part};
use crate::backend::{FileState, Record};
use crate::error::{Error, Kind, Result};
use chrono::{Datelike, NaiveDate};
use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};
use twox_hash::XxHash3_64;

/// What sort of document it is: [`ARTICLE`] or [`FILE`].
pub(super) const SORT: &str = "_sort";
/// An article.
pub(super) const ARTICLE: &str = "article";
/// What is known of a file.
pub(super) const FILE: &str = "file";

/// The field that only documents of files have.
pub(super) const KNOWN: &str = "_known";

/// The fields of the schema.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields {
    pub(super) sort: Field,
    pub(super) id: Field,
    pub(super) file: Field,
    /// The key of a file, for the document of the file alone.
    pub(super) known: Field,
    pub(super) hash: Field,
    pub(super) title: Field,
    pub(super) body: Field,
    pub(super) title_slots: Field,
    pub(super) body_slots: Field,
    pub(super) stored: Field,
    pub(super) person: Field,
    pub(super) org: Field,
    pub(super) place: Field,
    pub(super) author: Field,
    pub(super) country: Field,
    pub(super) about_country: Field,
    pub(super) reported_from: Field,
    pub(super) agency: Field,
    pub(super) source: Field,
    pub(super) section: Field,
    pub(super) lang: Field,
    pub(super) first: Field,
    pub(super) last: Field,
    pub(super) confidence: Field,
    pub(super) spoken: Field,
    pub(super) size: Field,
    pub(super) modified: Field,
    pub(super) changed: Field,
    pub(super) inode: Field,
    pub(super) articles: Field,
    pub(super) flags: Field,
}

/// Columns that are read by name.
pub(super) mod column {
    pub(in super::super) const ID: &str = "_id";
    pub(in super::super) const FILE: &str = "_file";
    pub(in super::super) const HASH: &str = "_hash";
    pub(in super::super) const FIRST: &str = "_first";
    pub(in super::super) const LAST: &str = "_last";
    pub(in super::super) const CONFIDENCE: &str = "_confidence";
    pub(in super::super) const SPOKEN: &str = "mentions-date";
    pub(in super::super) const SIZE: &str = "_size";
    pub(in super::super) const MODIFIED: &str = "_modified";
    pub(in super::super) const CHANGED: &str = "_changed";
    pub(in super::super) const INODE: &str = "_inode";
    pub(in super::super) const ARTICLES: &str = "_articles";
    pub(in super::super) const FLAGS: &str = "_flags";
}

/// The file was read to its end.
pub(super) const COMPLETE: u64 = 1;
/// The file changed shortly before it was read.
pub(super) const RECENT: u64 = 2;
/// Some of the file, or all, was not read.
pub(super) const SKIPPED: u64 = 4;

/// Makes the schema.
pub(super) fn schema() -> (Schema, Fields) {
    let mut make = Schema::builder();
    let prose = |tokeniser: &str| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(tokeniser)
                .set_index_option(IndexRecordOption::WithFreqsAndPositions),
        )
    };
    // Values: one term each, no frequencies; the spelling as shown stands in the column.
    let values = |tokeniser: &str| {
        TextOptions::default()
            .set_indexing_options(
                TextFieldIndexing::default()
                    .set_tokenizer(tokeniser)
                    .set_index_option(IndexRecordOption::Basic)
                    .set_fieldnorms(false),
            )
            .set_fast("raw")
    };
    let slots = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("slots")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions)
            .set_fieldnorms(false),
    );
    // One term each that nothing is ranked by, so no lengths of fields.
    let exact = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false),
    );
    let fields = Fields {
        sort: make.add_text_field(SORT, exact.clone()),
        id: make.add_text_field(column::ID, exact.clone().set_fast("raw")),
        file: make.add_text_field(column::FILE, exact.clone().set_fast("raw")),
        hash: make.add_u64_field(column::HASH, FAST),
        title: make.add_text_field("title", prose("words")),
        body: make.add_text_field("body", prose("prose")),
        title_slots: make.add_text_field("_title_slots", slots.clone()),
        body_slots: make.add_text_field("_body_slots", slots),
        stored: make.add_bytes_field("_stored", STORED),
        person: make.add_text_field("person", values("name")),
        org: make.add_text_field("org", values("name")),
        place: make.add_text_field("place", values("name")),
        author: make.add_text_field("author", values("name")),
        country: make.add_text_field("country", values("raw")),
        about_country: make.add_text_field("about-country", values("raw")),
        reported_from: make.add_text_field("reported-from", values("origin")),
        agency: make.add_text_field("agency", values("keyword")),
        source: make.add_text_field("source", values("keyword")),
        section: make.add_text_field("section", values("keyword")),
        lang: make.add_text_field("lang", values("language")),
        first: make.add_i64_field(column::FIRST, FAST),
        last: make.add_i64_field(column::LAST, FAST),
        confidence: make.add_u64_field(column::CONFIDENCE, FAST),
        spoken: make.add_u64_field(column::SPOKEN, FAST),
        size: make.add_u64_field(column::SIZE, FAST),
        modified: make.add_i64_field(column::MODIFIED, FAST),
        changed: make.add_i64_field(column::CHANGED, FAST),
        inode: make.add_u64_field(column::INODE, FAST),
        articles: make.add_u64_field(column::ARTICLES, FAST),
        flags: make.add_u64_field(column::FLAGS, FAST),
        known: make.add_text_field(KNOWN, exact),
    };
    (make.build(), fields)
}

impl Fields {
    /// The field of the schema for a field of the table, where it is one with terms.
    pub(super) fn of(&self, name: &str) -> Option<Field> {
        Some(match name {
            "title" => self.title,
            "body" => self.body,
            "person" => self.person,
            "org" => self.org,
            // What is near is answered by the places.
            "place" | "near" => self.place,
            "author" => self.author,
            "country" => self.country,
            "about-country" => self.about_country,
            "reported-from" => self.reported_from,
            "agency" => self.agency,
            "source" => self.source,
            "section" => self.section,
            "lang" => self.lang,
            _ => return None,
        })
    }
}

/// An article ready for the index, but for its id and file, which only the writer knows.
pub(super) struct Prepared {
    pub(super) document: TantivyDocument,
    pub(super) hash: u64,
}

/// Makes a document of an article. `article.text` is used up.
pub(super) fn prepare(fields: &Fields, article: &Article, found: &Found, packing: &Packing) -> Prepared {
    // What is large first, so that there is room for all of it: growing would take that of the whole document again.
    let title_slots = slots::written(article, found, article.title.as_deref().unwrap_or(""), Part::Title);
    let body_slots = slots::written(article, found, &article.text, Part::Body);
    let kept = compact::pack(found, article);
    let details = details::pack(article);
    let stored = Parts { details: &details, found: &kept, text: &article.text }.write(packing);
    let size = article.text.len() + title_slots.len() + body_slots.len() + stored.len();
    let mut document = TantivyDocument::with_capacity(size + 1024);
    document.add_text(fields.sort, ARTICLE);
    if let Some(title) = &article.title {
        document.add_text(fields.title, title);
    }
    document.add_text(fields.body, &article.text);
    for (field, slots) in [(fields.title_slots, title_slots), (fields.body_slots, body_slots)] {
        if !slots.is_empty() {
            document.add_text(field, &slots);
        }
    }
    document.add_bytes(fields.stored, &stored);
    for (field, names) in [(fields.person, &found.people), (fields.org, &found.organisations)] {
        for named in names {
            document.add_text(field, &named.name);
        }
    }
    for place in &found.places {
        document.add_text(fields.place, PlaceValue::of(place).write());
    }
    for origin in article.reported_from(found) {
        let country = origin.country.as_deref().unwrap_or("");
        document.add_text(fields.reported_from, format!("{}{SEPARATOR}{country}", origin.place));
    }
    for agency in &article.agencies {
        document.add_text(fields.agency, agency);
    }
    for author in &article.authors {
        document.add_text(fields.author, author);
    }
    for country in &found.countries {
        document.add_text(fields.country, &country.code);
        if country.about {
            document.add_text(fields.about_country, &country.code);
        }
    }
    for (field, value) in
        [(fields.source, &article.source), (fields.section, &article.section), (fields.lang, &article.language)]
    {
        if let Some(value) = value {
            document.add_text(field, value);
        }
    }
    if let Some(published) = &article.published {
        document.add_i64(fields.first, day_number(published.first));
        document.add_i64(fields.last, day_number(published.last));
        document.add_u64(
            fields.confidence,
            match published.confidence {
                Confidence::Low => 1,
                Confidence::Medium => 2,
                Confidence::High => 3,
            },
        );
    }
    for date in &found.dates {
        document.add_u64(fields.spoken, pack(date.first, date.last));
    }
    let hash = hash_of(article, &details, &kept);
    document.add_u64(fields.hash, hash);
    Prepared { document, hash }
}

/// Makes the document of a file.
pub(super) fn file_document(fields: &Fields, key: &str, state: &FileState) -> TantivyDocument {
    let mut document = TantivyDocument::new();
    document.add_text(fields.sort, FILE);
    document.add_text(fields.file, key);
    document.add_text(fields.known, key);
    document.add_u64(fields.size, state.size);
    document.add_i64(fields.modified, state.modified);
    document.add_i64(fields.changed, state.changed);
    document.add_u64(fields.inode, state.inode);
    document.add_u64(fields.articles, state.articles);
    let mut flags = 0;
    for (set, flag) in [(state.complete, COMPLETE), (state.recent, RECENT), (state.skipped > 0, SKIPPED)] {
        flags |= if set { flag } else { 0 };
    }
    document.add_u64(fields.flags, flags);
    if state.skipped > 0 {
        document.add_bytes(fields.stored, &stored::unpacked(&serde_json::to_vec(state).unwrap_or_default()));
    }
    document
}

/// The article that was stored, without its id and path.
fn told(parts: &Parts<'_>) -> Option<Article> {
    Some(Article { text: parts.text.to_owned(), ..details::unpack(parts.details, parts.text)? })
}

/// Reads back an article without what was found in it.
pub(super) fn article(stored: Option<&Stored>, id: String, path: String) -> Result<Article> {
    match stored.and_then(Stored::parts).as_ref().and_then(told) {
        Some(article) => Ok(Article { id: Some(id), path, ..article }),
        None => Err(unreadable(&id)),
    }
}

/// Reads back an article.
pub(super) fn record(stored: Option<&Stored>, id: String, path: String) -> Result<Record> {
    let read = || {
        let parts = stored?.parts()?;
        let article = told(&parts)?;
        Some((compact::unpack(parts.found, &article)?, article))
    };
    match read() {
        Some((found, article)) => {
            Ok(Record { found, article: Article { id: Some(id.clone()), path, ..article }, id, location: None })
        }
        None => Err(unreadable(&id)),
    }
}

/// The document of a stored article as [`prepare`] made it, but for its id and file; nothing where it cannot be read.
pub(super) fn indexed_again(fields: &Fields, stored: &Stored) -> Option<Prepared> {
    let parts = stored.parts()?;
    let article = told(&parts)?;
    let found = compact::unpack(parts.found, &article)?;
    let hash = hash_of(&article, parts.details, parts.found);
    Some(Prepared { hash, ..prepare(fields, &article, &found, &Packing::none()) })
}

/// Reads back what is known of a file.
pub(super) fn stored_state(stored: Option<&Stored>) -> Option<FileState> {
    serde_json::from_slice(stored?.state()).ok()
}

fn unreadable(id: &str) -> Error {
    Error::new(Kind::Damaged, format!("the article `{id}` in the index cannot be read"))
        .because("what is stored of it makes no sense")
        .hint("run `dateline check` to see what is wrong")
}

/// Days since the beginning of the common era, the number under which a day is indexed.
pub(super) fn day_number(day: NaiveDate) -> i64 {
    i64::from(day.num_days_from_ce())
}

/// The day with this number.
pub(super) fn day(number: i64) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(i32::try_from(number).ok()?)
}

/// Bits for the length of an interval: 2,870 years. Longer ones are cut.
const LENGTH_BITS: u32 = 20;
/// Added to days so that those before the common era are not negative: 11,000 years.
const DAY_OFFSET: i64 = 1 << 22;

/// An interval of days as one number, so that first and last stay together in a column of many values.
pub(super) fn pack(first: NaiveDate, last: NaiveDate) -> u64 {
    let start = (day_number(first) + DAY_OFFSET).max(0) as u64;
    let length = (day_number(last) - day_number(first)).clamp(0, (1 << LENGTH_BITS) - 1) as u64;
    start << LENGTH_BITS | length
}

/// The first and last day number of an interval.
pub(super) fn unpack(value: u64) -> (i64, i64) {
    let first = (value >> LENGTH_BITS) as i64 - DAY_OFFSET;
    (first, first + (value & ((1 << LENGTH_BITS) - 1)) as i64)
}

/// Tells a changed article from an unchanged one (XXH3): every text is hashed, and nobody gains by a collision.
///
/// The upper half of the column is of what its readers have before them ([`contents`]), the lower one of all that is
/// kept: where only that differs, the article stands in another line of its file, or more was found in it.
fn hash(before: u64, parts: &[&[u8]]) -> u64 {
    parts.iter().fold(before, |before, part| XxHash3_64::oneshot_with_seed(before, part))
}

/// The value of the column for an article and what is stored of it.
fn hash_of(article: &Article, details: &[u8], found: &[u8]) -> u64 {
    let text = hash(0, &[article.text.as_bytes()]);
    hash(text, &contents(article)) >> 32 << 32 | hash(text, &[details, found]) >> 32
}

/// What makes an article another one when it changes, beside its text.
fn contents(article: &Article) -> Vec<&[u8]> {
    let published = article.published.as_ref().map(|published| published.value.as_str());
    let details = [article.title.as_deref(), article.source.as_deref(), article.section.as_deref(), published];
    let details = details.into_iter().map(Option::unwrap_or_default);
    details.chain(article.authors.iter().map(String::as_str)).map(str::as_bytes).collect()
}

/// The half of a value of the column that is of the contents.
pub(super) fn contents_of(hash: u64) -> u32 {
    (hash >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::super::dictionaries::Dictionaries;
    use super::*;
    use crate::article::Named;
    use crate::field;
    use tantivy::directory::OwnedBytes;
    use tantivy::schema::Value as _;

    #[test]
    fn where_an_article_stands_is_not_what_it_says() {
        let (_, fields) = schema();
        let found = Found::default();
        let article = Article { text: "Rain.".into(), title: Some("A".into()), ..Article::default() };
        let none = Packing::none();
        let hash = |article: &Article, found: &Found| prepare(&fields, article, found, &none).hash;
        let before = hash(&article, &found);
        let moved = Article { member: Some("17".into()), ..article.clone() };
        let named = Found { people: vec![Named { name: "Kim".into(), ..Named::default() }], ..Found::default() };
        for other in [hash(&moved, &found), hash(&article, &named)] {
            assert_ne!(other, before);
            assert_eq!(contents_of(other), contents_of(before));
        }
        for other in [
            Article { text: "Rain!".into(), ..article.clone() },
            Article { title: Some("B".into()), ..article.clone() },
            Article { title: None, source: Some("A".into()), ..article.clone() },
            Article { authors: vec!["A".into()], ..article.clone() },
        ] {
            assert_ne!(contents_of(hash(&other, &found)), contents_of(before), "{other:?}");
        }
    }

    #[test]
    fn intervals_survive_packing() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (first, last) in [("2024-06-19", "2024-06-19"), ("0001-01-01", "0100-12-31"), ("1605-11-05", "2262-04-12")]
        {
            let (first, last) = (day(first), day(last));
            assert_eq!(unpack(pack(first, last)), (day_number(first), day_number(last)));
        }
        let ancient = NaiveDate::from_ymd_opt(-753, 4, 21).unwrap();
        assert_eq!(unpack(pack(ancient, ancient)).0, day_number(ancient));
    }

    #[test]
    fn every_field_of_the_table_is_in_the_schema() {
        let (schema, fields) = schema();
        for field in field::FIELDS {
            let known = fields.of(field.name).is_some()
                || schema.get_field(field.name).is_ok()
                || matches!(field.name, "published" | "date-gap");
            assert!(known, "{}", field.name);
        }
    }

    #[test]
    fn a_record_comes_back_whole() {
        let (_, fields) = schema();
        let article = Article {
            id: Some("a1".into()),
            path: "x/y.txt".into(),
            title: Some("Title".into()),
            text: "Text.".into(),
            authors: vec!["A B".into()],
            ocr_confidence: Some(0.87),
            ..Article::default()
        };
        let found = Found { people: vec![Named { name: "A B".into(), count: 2, also: vec![] }], ..Found::default() };
        let prepared = prepare(&fields, &article, &found, &Packing::none());
        let stored = prepared.document.get_first(fields.stored).and_then(|value| value.as_bytes().map(<[u8]>::to_vec));
        let stored = Stored::of(&OwnedBytes::new(stored.unwrap()), &Dictionaries::default());
        let back = record(stored.as_ref(), "a1".into(), "x/y.txt".into()).unwrap();
        assert_eq!((back.article, back.found), (article, found));
    }
}
