//! The article, and what was found in it: the data that every stage hands to the next.
//!
//! Spans are in bytes; they become character offsets only when they leave the program.

use crate::text::Span;
use crate::text::fold::calm;
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// One article as a reader made it from a file.
///
/// Serialised without id, path and text, which an index keeps elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// The article's own id where its file gives one; the pipeline derives one otherwise.
    #[serde(skip)]
    pub id: Option<String>,
    /// The file, relative to the folder that was indexed, with `/` between its parts.
    #[serde(skip)]
    pub path: String,
    /// Which article of a file that holds several: a line number, an array index, a name in a container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// The headline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The body, exactly as the file has it after decoding.
    #[serde(skip)]
    pub text: String,
    /// Who wrote it, as names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// The newspaper, agency or site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The section or category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// A BCP 47 code, `en`, `de`; none where unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Where it was published on the web.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Published>,
    /// The line that says where, by whom and when it was reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dateline: Option<Dateline>,
    /// The news agencies that the dateline and the credits name, each once, by the names of `data/agencies.txt`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agencies: Vec<String>,
    /// Parts of `text` that are not the article's prose: byline, dateline, credits, captions. Ascending, apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub furniture: Vec<Span>,
    /// The character encoding of the file where it was not UTF-8, and `guessed` where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// How sure the program was that recognised the characters of a scan, from 0 to 1; none where nothing says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ocr_confidence: Option<f32>,
    /// Whether the text was cut at the size limit.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub truncated: bool,
}

/// `SEOUL, June 19 (Reuters) —`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dateline {
    /// The place as written, without a country or state that follows: `SEOUL`.
    pub place: String,
    /// Further places: `LONDON` of `NEW YORK/LONDON`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// The agency named in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// The date as written: `June 19`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Where it stands in the text.
    pub span: Span,
}

/// A place that an article was reported from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// The place as the dateline has it, in usual letters: `Seoul` of `SEOUL`.
    pub place: String,
    /// Its country, as in [`Mention::country`]; none where it is not known.
    pub country: Option<String>,
}

/// A publication date with what is known of it. Serialised without what its value says already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredPublished", into = "StoredPublished")]
pub struct Published {
    /// The local day, month or year as written, in ISO 8601: `2024-06-19`, `2024-06`, `2024`.
    pub value: String,
    /// The first day it can mean.
    pub first: NaiveDate,
    /// The last day it can mean.
    pub last: NaiveDate,
    /// How exact it is.
    pub precision: Precision,
    /// Where it was found.
    pub from: Provenance,
    /// How far to trust it.
    pub confidence: Confidence,
    /// Other dates that the file gives for its publication, as `1989-05-22 (text)`.
    pub conflicts: Vec<String>,
}

/// A publication date as it is kept: value, provenance, confidence, conflicts.
#[derive(Serialize, Deserialize)]
struct StoredPublished(String, Provenance, Confidence, Vec<String>);

impl From<Published> for StoredPublished {
    fn from(published: Published) -> StoredPublished {
        StoredPublished(published.value, published.from, published.confidence, published.conflicts)
    }
}

impl TryFrom<StoredPublished> for Published {
    type Error = String;

    fn try_from(StoredPublished(value, from, confidence, conflicts): StoredPublished) -> Result<Published, String> {
        let unclear = || format!("`{value}` is no day, month or year");
        let mut numbers = value.split('-').map(str::parse::<u32>);
        let mut number = || numbers.next().transpose().map_err(|_| unclear());
        let (year, month, day) = (number()?.ok_or_else(unclear)? as i32, number()?, number()?);
        let first = NaiveDate::from_ymd_opt(year, month.unwrap_or(1), day.unwrap_or(1)).ok_or_else(unclear)?;
        let (precision, after) = match (month, day) {
            (None, _) => (Precision::Year, first.checked_add_months(Months::new(12))),
            (_, None) => (Precision::Month, first.checked_add_months(Months::new(1))),
            _ => (Precision::Day, first.succ_opt()),
        };
        let last = after.and_then(|after| after.pred_opt()).ok_or_else(unclear)?;
        Ok(Published { value, first, last, precision, from, confidence, conflicts })
    }
}

/// How exact a date is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// A year.
    Year,
    /// A month.
    Month,
    /// A day.
    Day,
}

/// Where a publication date was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provenance {
    /// A field that the file's format has for it.
    Metadata,
    /// The address of the article.
    Url,
    /// The name of the file or of a folder above it.
    Path,
    /// The dateline of the article.
    Dateline,
    /// A line such as `Published: 20 June 2024` in the text.
    Text,
    /// The command line.
    Given,
}

/// How far to trust a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Contradicted, or read from something weak.
    Low,
    /// Read from a place that is usually right.
    Medium,
    /// Given as the publication date.
    High,
}

impl Article {
    /// The day against which relative dates are resolved: the publication date where it is exact to the day.
    pub fn anchor(&self) -> Option<NaiveDate> {
        self.published.as_ref().filter(|p| p.precision == Precision::Day).map(|p| p.first)
    }

    /// Where it was reported from: each place of the dateline, with the country that was found for it.
    pub fn reported_from(&self, found: &Found) -> Vec<Origin> {
        let Some(dateline) = &self.dateline else { return Vec::new() };
        let mut places: Vec<&Mention> = Vec::new();
        for mention in &found.mentions {
            if mention.kind == MentionKind::Place && mention.part == Part::Body && dateline.span.contains(mention.span)
            {
                places.push(mention);
            }
        }
        let whole = dateline.span.of(&self.text);
        let country = |name: &str| {
            // The mention on the place's words; a country or state behind it says as much for a place on no map.
            let at = whole.find(name).map(|at| at + dateline.span.start)?;
            let place = Span::new(at, at + name.len());
            let own = places.iter().find(|mention| mention.span.overlaps(place));
            let behind = || places.iter().find(|mention| mention.span.start >= place.end);
            own.filter(|mention| mention.country.is_some()).or_else(behind).and_then(|mention| mention.country.clone())
        };
        std::iter::once(&dateline.place)
            .chain(&dateline.also)
            .filter(|name| !name.is_empty())
            .map(|name| Origin { place: calm(name), country: country(name) })
            .collect()
    }

    /// Whether a span of the text is part of a byline, dateline, credit or caption.
    pub fn is_furniture(&self, span: Span) -> bool {
        self.furniture.iter().any(|part| part.overlaps(span))
    }

    /// Whether a mention is the date of the dateline, which dates the article and is none that it speaks of.
    pub fn is_its_date(&self, mention: &Mention) -> bool {
        mention.timex.is_some() && mention.part == Part::Body && self.is_furniture(mention.span)
    }
}

/// Which text of an article a span is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The headline.
    Title,
    /// The body.
    Body,
}

/// What a mention is a mention of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MentionKind {
    /// A person.
    Person,
    /// A company, party, agency, club, ministry.
    Organisation,
    /// A country, city, region, river, building with an address of its own.
    Place,
    /// An adjective or inhabitant of a place: `Russian`, `Russians`.
    Demonym,
    /// A date, time, duration or set.
    Date,
}

impl MentionKind {
    /// The word for it in JSON.
    pub fn name(self) -> &'static str {
        match self {
            MentionKind::Person => "person",
            MentionKind::Organisation => "organisation",
            MentionKind::Place => "place",
            MentionKind::Demonym => "demonym",
            MentionKind::Date => "date",
        }
    }
}

/// A stretch of text that names something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mention {
    /// What it names.
    pub kind: MentionKind,
    /// Which text it is in.
    pub part: Part,
    /// Where, in bytes of that text.
    pub span: Span,
    /// The full name of the thing in this article; for a date the words as written.
    pub name: String,
    /// For places and demonyms: an ISO 3166-1 alpha-2 code, or `SU`, `YU`, `CS`, `DD`, `XK`; none for what has no country.
    pub country: Option<String>,
    /// For places and demonyms: the part of the country it lies in or is, by its usual name: `California`, `Scotland`.
    pub region: Option<String>,
    /// For places: latitude and longitude in degrees.
    pub point: Option<(f32, f32)>,
    /// For dates: what it means.
    pub timex: Option<Timex>,
}

/// A date expression in TIMEX3 terms.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Timex {
    /// Date, time, duration or set.
    pub kind: TimexKind,
    /// The TIMEX3 value: `2024-06-19`, `2024-W25`, `P3D`, `PRESENT_REF`, `XXXX-WXX-3`.
    pub value: String,
    /// The first day, where the value names days.
    pub first: Option<NaiveDate>,
    /// The last day, where the value names days.
    pub last: Option<NaiveDate>,
    /// How the value was come by.
    pub status: TimexStatus,
}

/// The four types of TIMEX3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TimexKind {
    /// A day or something longer on the calendar.
    Date,
    /// A part of a day.
    Time,
    /// A length of time.
    Duration,
    /// Something that recurs.
    Set,
}

impl TimexKind {
    /// The name in TIMEX3.
    pub fn name(self) -> &'static str {
        match self {
            TimexKind::Date => "DATE",
            TimexKind::Time => "TIME",
            TimexKind::Duration => "DURATION",
            TimexKind::Set => "SET",
        }
    }
}

/// How the value of a date expression was come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TimexStatus {
    /// It stands in the text: `19 June 2024`.
    Explicit,
    /// It was worked out against the day of publication: `last Wednesday`.
    Resolved,
    /// It names no day: `recently`, or a relative date in an article without a date.
    Vague,
}

/// Everything that was found in an article.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Every mention, title first, then by place in the text.
    pub mentions: Vec<Mention>,
    /// The persons, most often named first.
    pub people: Vec<Named>,
    /// The organisations, most often named first.
    pub organisations: Vec<Named>,
    /// The places, most often named first.
    pub places: Vec<Placed>,
    /// The countries with all evidence counted, strongest first.
    pub countries: Vec<CountryCount>,
    /// The days, months, years spoken of, in order of first mention.
    pub dates: Vec<DateCount>,
}

/// A person or organisation of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The fullest form of the name in the article.
    pub name: String,
    /// How often it is mentioned in any form.
    pub count: u32,
    /// The other forms, as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
}

/// A place of an article.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Placed {
    /// The usual name.
    pub name: String,
    /// Its country, none where it has none or several.
    pub country: Option<String>,
    /// The part of the country it lies in or is, by its usual name: `California`, `Scotland`; none where not known.
    pub region: Option<String>,
    /// Latitude and longitude in degrees.
    pub point: Option<(f32, f32)>,
    /// How often it is mentioned.
    pub count: u32,
}

/// A country of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountryCount {
    /// ISO 3166-1 alpha-2, or `SU`, `YU`, `CS`, `DD`, `XK`.
    pub code: String,
    /// The usual name.
    pub name: String,
    /// How many mentions speak for it.
    pub count: u32,
    /// Whether the article is about it or was filed from it.
    pub about: bool,
}

/// A date of an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateCount {
    /// The TIMEX3 value.
    pub value: String,
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
    /// How often it is mentioned.
    pub count: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publication_date_is_kept_short_and_comes_back_whole() {
        for (value, first, last, precision) in [
            ("2024-02-29", "2024-02-29", "2024-02-29", Precision::Day),
            ("2024-02", "2024-02-01", "2024-02-29", Precision::Month),
            ("1605", "1605-01-01", "1605-12-31", Precision::Year),
        ] {
            let published = Published {
                value: value.to_owned(),
                first: first.parse().expect("a day"),
                last: last.parse().expect("a day"),
                precision,
                from: Provenance::Metadata,
                confidence: Confidence::High,
                conflicts: vec!["1989 (text)".to_owned()],
            };
            let kept = serde_json::to_string(&published).expect("it is plain data");
            assert_eq!(kept, format!("[\"{value}\",\"metadata\",\"high\",[\"1989 (text)\"]]"));
            assert_eq!(serde_json::from_str::<Published>(&kept).expect("it was just written"), published);
        }
        for damaged in
            ["[\"\",\"url\",\"low\",[]]", "[\"2024-02-30\",\"url\",\"low\",[]]", "[\"x\",\"url\",\"low\",[]]"]
        {
            assert!(serde_json::from_str::<Published>(damaged).is_err(), "{damaged}");
        }
    }
}
