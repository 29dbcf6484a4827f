//! From the bytes of a file to articles.
//!
//! 1. [`read`] takes one open file. What lies in a [`container`] is read as if it lay beside it, within the limits that
//!    [`around`] knows.
//! 2. [`detect`] picks the [`Format`], by content first and by name second; [`foreign`] names what no format reads.
//! 3. [`encoding`] makes text of bytes.
//! 4. The format's [`Format::read`] hands over one [`Article`] after the other.
//! 5. [`layout`] tells byline, dateline and credits from the prose.
//!
//! Formats of one family share what they have in common: `fields` for named fields (JSON, tables), `feed` for RSS, Atom and
//! JSON Feed, `agency` and `prose` for the XML of news agencies, [`xml`] for all XML, `sgml` for collections in SGML, `scan`
//! for scanned pages and PDF, [`html::fragment`] for pieces of HTML in any of them.
//!
//! A new format is a file or folder of its own here and a line in [`FORMATS`], which is sorted. A reader never knows the
//! index. What it cannot read is a [`Skip`] with its reason.

use crate::article::Article;
use around::{Around, Packed};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::io::{BufRead, Cursor, Read};

mod abbyy;
mod agency;
mod alto;
pub mod around;
mod articletext;
pub mod atom;
pub mod container;
pub mod encoding;
mod feed;
mod fields;
pub mod foreign;
mod hocr;
pub mod html;
pub mod json;
pub mod json_feed;
pub mod json_lines;
pub mod layout;
pub mod mail;
pub mod markdown;
mod mets;
mod newsml;
mod newsml_g2;
mod ninjs;
mod nitf;
mod other_xml;
pub mod pdf;
mod prose;
pub mod reuters;
pub mod rss;
mod scan;
mod sgml;
pub mod table;
pub mod text;
pub mod trec;
pub mod warc;
mod wire;
pub mod xml;

/// A file format.
pub trait Format: Sync {
    /// The name in `dateline formats`: `json-lines`.
    fn name(&self) -> &'static str;
    /// One sentence for `dateline formats`.
    fn description(&self) -> &'static str;
    /// The usual endings of file names, without the dot.
    fn endings(&self) -> &'static [&'static str];
    /// Whether a file's name has one of the usual endings.
    fn is_named(&self, name: &str) -> bool {
        ending(name).is_some_and(|ending| self.endings().contains(&ending.as_ref()))
    }
    /// How sure it is that a file is of this format: 0 not at all, 100 certain. `head` is the beginning of the file,
    /// up to 8 kB.
    fn recognise(&self, head: &[u8], name: &str) -> u8;
    /// Reads `file` and hands each article to `take`, which says whether to go on.
    ///
    /// Faults of single members go to `skip`; the result is an error only where nothing more can be read.
    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip>;
}

/// Every format.
pub static FORMATS: &[&dyn Format] = &[
    &abbyy::Abbyy, //
    &alto::Alto,
    &articletext::ArticleText,
    &atom::Atom,
    &hocr::Hocr,
    &html::Html,
    &json::Json,
    &json_feed::JsonFeed,
    &json_lines::JsonLines,
    &mail::Message,
    &mail::Mbox,
    &mail::Mhtml,
    &markdown::Markdown,
    &mets::Mets,
    &newsml::NewsMl,
    &newsml_g2::NewsMlG2,
    &ninjs::Ninjs,
    &nitf::Nitf,
    &other_xml::OtherXml,
    &pdf::Pdf,
    &reuters::Reuters,
    &rss::Rss,
    &table::Table,
    &text::Text,
    &trec::Trec,
    &warc::Warc,
    &wire::Wire,
];

/// The format of a file, by its beginning, up to [`encoding::HEAD`] bytes, and its name; none where no format reads it.
pub fn detect(head: &[u8], name: &str) -> Option<&'static dyn Format> {
    let sure = FORMATS.iter().map(|format| (format.recognise(head, name), format)).filter(|(sure, _)| *sure > 0);
    sure.max_by_key(|(sure, _)| *sure).map(|(_, format)| *format)
}

/// Reads the articles of one open file of any format, or of all the files in it, and hands each to `take`, which says
/// whether to go on.
///
/// Faults of single members go to `skip`; the result is an error where the file is not read at all.
pub fn read(
    path: &str,
    input: &mut dyn BufRead,
    around: Around<'_>,
    take: &mut dyn FnMut(Article) -> Flow,
    skip: &mut dyn FnMut(Skip),
) -> Result<(), Skip> {
    let mut packed;
    let input: &mut dyn BufRead = if around.depth == 0 {
        packed = Packed::new(input, around.budget);
        &mut packed
    } else {
        input
    };
    let mut head = Vec::with_capacity(encoding::HEAD);
    let read = (&mut *input).take(encoding::HEAD as u64).read_to_end(&mut head);
    read.map_err(|error| Skip::file(path, format!("cannot be read: {error}")))?;
    if head.is_empty() {
        return Err(Skip::file(path, "empty"));
    }
    // Most files are short, and their end was seen.
    let mut nothing = std::io::empty();
    let input: &mut dyn BufRead = if head.len() < encoding::HEAD { &mut nothing } else { input };
    if fields::is_names(path) {
        let mut input = Cursor::new(head).chain(input);
        return fields::check(&mut File { path, input: &mut input, around });
    }
    if let Some(container) = container::detect(&head) {
        let mut input = Cursor::new(head).chain(input);
        return container::read(container, File { path, input: &mut input, around }, take, skip);
    }
    let Some(format) = detect(&head, path) else {
        return Err(Skip::file(path, foreign::reason(foreign::recognise(&head, path).unwrap_or("binary"))));
    };
    let mut input = Cursor::new(head).chain(input);
    format.read(&mut File { path, input: &mut input, around }, take, skip)
}

/// The ending of a file's name in lower case, without the dot.
fn ending(name: &str) -> Option<Cow<'_, str>> {
    let start =
        memchr::memrchr3(b'/', b'\\', b'.', name.as_bytes()).filter(|at| name.as_bytes().get(*at) == Some(&b'.'))?;
    let ending = name.get(start + 1..).filter(|ending| ending.len() <= 12)?;
    let small = !ending.bytes().any(|byte| byte.is_ascii_uppercase());
    Some(if small { Cow::Borrowed(ending) } else { Cow::Owned(ending.to_ascii_lowercase()) })
}

/// Cuts the text of an article at [`LONGEST_TEXT`].
fn cut(article: &mut Article) {
    if article.text.len() > LONGEST_TEXT {
        article.text.truncate(article.text.floor_char_boundary(LONGEST_TEXT));
        article.text.shrink_to_fit();
        article.truncated = true;
    }
}

/// The code of a language that a file names: `en`, `en-GB`, `English`.
fn language_code(value: &str) -> Option<String> {
    let value = value.trim();
    let by_name = crate::language::LANGUAGES.iter().find(|language| language.name.eq_ignore_ascii_case(value));
    if let Some(language) = by_name {
        return Some(language.code.to_owned());
    }
    let primary = value.split(['-', '_']).next().unwrap_or(value);
    let code = (2..=3).contains(&primary.len()) && primary.chars().all(|c| c.is_ascii_alphabetic());
    let rest = value.get(primary.len()..).unwrap_or("").replace('_', "-");
    (code && value.len() <= 12).then(|| primary.to_ascii_lowercase() + &rest)
}

/// An open file, read from its beginning.
pub struct File<'a> {
    /// Relative to the folder that is indexed, `/` between its parts.
    pub path: &'a str,
    /// What is in it. A reader of many articles streams; others take [`File::bytes`].
    pub input: &'a mut dyn BufRead,
    /// What surrounds it.
    pub around: Around<'a>,
}

/// The most that is read of a file that is one article, in bytes. Twice the longest text of an article.
pub const LARGEST_SINGLE: u64 = 64 << 20;

/// The longest text of an article, in bytes; what is beyond is cut and the article marked as truncated.
pub const LONGEST_TEXT: usize = 32 << 20;

impl File<'_> {
    /// All of it, and whether it was cut at [`LARGEST_SINGLE`].
    pub fn bytes(&mut self) -> Result<(Vec<u8>, bool), Skip> {
        let mut bytes = Vec::with_capacity(encoding::HEAD);
        let read = (&mut self.input).take(LARGEST_SINGLE + 1).read_to_end(&mut bytes);
        read.map_err(|error| Skip::file(self.path, format!("cannot be read: {error}")))?;
        let cut = bytes.len() as u64 > LARGEST_SINGLE;
        bytes.truncate(LARGEST_SINGLE as usize);
        Ok((bytes, cut))
    }
}

/// Whether to go on reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Go on.
    Continue,
    /// Stop.
    Stop,
}

/// Something that was not read, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skip {
    /// The file.
    pub path: String,
    /// Which part of it; none for all.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub member: Option<String>,
    /// The reason, in words.
    pub reason: String,
}

impl Skip {
    /// A whole file that was not read.
    pub fn file(path: &str, reason: impl Into<String>) -> Skip {
        Skip { path: path.to_owned(), member: None, reason: reason.into() }
    }

    /// A part of a file that was not read.
    pub fn member(path: &str, member: impl Into<String>, reason: impl Into<String>) -> Skip {
        Skip { path: path.to_owned(), member: Some(member.into()), reason: reason.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of a file: titles or texts of articles, then reasons for skips.
    fn check(name: &str, bytes: &[u8], expected: &[&str]) {
        let (mut out, mut skips) = (Vec::new(), Vec::new());
        let result = read(
            name,
            &mut Cursor::new(bytes),
            Around::new(&around::Budget::default()),
            &mut |article| {
                out.push(format!("{}: {}", article.member.unwrap_or_default(), article.title.unwrap_or(article.text)));
                Flow::Continue
            },
            &mut |skip| skips.push(skip),
        );
        skips.extend(result.err());
        out.extend(skips.into_iter().map(|skip| format!("{}! {}", skip.member.unwrap_or_default(), skip.reason)));
        assert_eq!(out, expected, "{name}");
    }

    #[test]
    fn content_counts_for_more_than_the_name() {
        let lines = b"{\"title\":\"A\",\"text\":\"a\"}\n{\"title\":\"B\",\"text\":\"b\"}\n";
        check("a.txt", lines, &["1: A", "2: B"]);
        check("a.json", lines, &["1: A", "2: B"]);
        check("a.jsonl", b"{\"title\":\"A\",\"text\":\"a\"}", &["1: A"]);
        check("a.jsonl", b"[{\"title\":\"A\",\"text\":\"a\"}]", &["0: A"]);
        check("a", b"{\n \"title\":\"A\",\n \"text\":\"a\"\n}", &[": A"]);
        check("a.json", b"Plain words\n\nin a file.", &[": Plain words"]);
        check("a.txt", b"[Reuters] says\n\nthat it is.", &[": [Reuters] says"]);
        check("a.txt", b"<html><body>x", &[": x"]);
        check("a.txt", b"<html><body>", &["! has no text"]);
        check("a.txt.gz", b"\x1f\x8b\x08", &["! cannot be unpacked: it ends in the middle"]);
        check("a.dat", b"\0\x01\0\x02\x03\0", &["! binary, not text"]);
        check("a.txt", b"", &["! empty"]);
        check("a.txt", b" \n", &["! empty"]);
        check("a.jsonl", b"\n\n", &["! empty"]);
    }

    #[test]
    fn every_format_has_a_name_of_its_own() {
        for (number, format) in FORMATS.iter().enumerate() {
            assert!(FORMATS.iter().skip(number + 1).all(|other| other.name() != format.name()), "{}", format.name());
            assert!(format.description().len() > 10);
        }
    }

    #[test]
    fn languages_by_code_or_name() {
        for (value, expected) in [
            ("en", Some("en")),
            ("English", Some("en")),
            ("pt_BR", Some("pt-BR")),
            ("EN", Some("en")),
            ("unknown", None),
        ] {
            assert_eq!(language_code(value).as_deref(), expected);
        }
    }
}
