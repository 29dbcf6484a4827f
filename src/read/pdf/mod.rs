//! PDF files with text in them. A file is one article.
//!
//! 1. [`process`] has the text taken out where that can do no harm: [`extract`].
//! 2. [`page`] makes blocks of lines: columns, running heads, paragraphs.
//! 3. What the file says of itself is used where it is no more than the mark of a program.

use super::scan::{self, Of};
use super::{File, Flow, Format, LARGEST_SINGLE, Skip, layout};
use crate::article::{Article, Confidence, Provenance, Published};
use crate::when;
use extract::Extracted;

pub mod extract;
mod mend;
mod page;
pub mod process;

/// A PDF file.
pub(super) struct Pdf;

/// How many bytes may stand before the beginning of a PDF file.
const BEFORE: usize = 1024;

/// Pages with fewer letters and figures than this hold a stamp or a number, no text.
const FEWEST: usize = 8;

impl Format for Pdf {
    fn name(&self) -> &'static str {
        "pdf"
    }

    fn description(&self) -> &'static str {
        "PDF with text in it, one article a file"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["pdf"]
    }

    fn recognise(&self, head: &[u8], name: &str) -> u8 {
        if head.starts_with(MARK) {
            return 100;
        }
        let named = super::ending(name).as_deref() == Some("pdf");
        let start = head.get(..head.len().min(BEFORE)).unwrap_or(head);
        if named && start.windows(MARK.len()).any(|window| window == MARK) { 90 } else { 0 }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        let path = file.path;
        let (bytes, cut) = file.bytes()?;
        if cut {
            return Err(Skip::file(path, format!("is a PDF file of more than {} MB", LARGEST_SINGLE >> 20)));
        }
        let found = process::extract(file.around.program, bytes).map_err(|reason| Skip::file(path, reason))?;
        let letters = found.pages.iter().flatten().flat_map(|line| line.text.chars());
        if letters.filter(|c| c.is_alphanumeric()).take(FEWEST).count() < FEWEST {
            let reason =
                if found.faulty > 0 || found.mended { "is damaged: no page of it can be read" } else { NO_TEXT };
            return Err(Skip::file(path, reason));
        }
        if found.faulty > 0 {
            let pages = found.pages.len();
            skip(Skip::file(path, format!("{} of its {pages} pages cannot be read in full", found.faulty)));
        }
        let article = article(path, &found).ok_or_else(|| Skip::file(path, NO_TEXT))?;
        take(article);
        Ok(())
    }
}

/// How a PDF file begins.
const MARK: &[u8] = b"%PDF-";

/// The reason for a file of pictures.
const NO_TEXT: &str = "holds pictures of pages and no text: run OCR first";

/// The article that the pages are.
fn article(path: &str, found: &Extracted) -> Option<Article> {
    let title = found.title.as_deref().and_then(title);
    let mut article = scan::compose(path, &page::blocks(&found.pages), title, Of::Article)?;
    if article.authors.is_empty() {
        article.authors = found.author.as_deref().map(authors).unwrap_or_default();
    }
    article.published = found.created.as_deref().and_then(created);
    article.truncated |= found.cut;
    Some(article)
}

/// Endings of names of files in titles that a program has put there.
const FILES: &[&str] = &[
    "doc", "docx", "dvi", "eps", "fm", "htm", "html", "indd", "jpg", "odt", "p65", "pdf", "pmd", "png", "pptx", "ps",
    "pub", "qxd", "qxp", "rtf", "tex", "tif", "tiff", "txt", "wpd", "xls", "xlsx",
];

/// What programs put before or in place of a title.
const PROGRAMS: &[&str] = &[
    "microsoft word",
    "microsoft powerpoint",
    "powerpoint presentation",
    "untitled",
    "document",
    "layout",
    "page ",
    "print",
    "scan",
    "title",
    "adobe",
    "qxp",
    "full page",
    "no title",
    "unbenannt",
    "sans titre",
];

/// A title that a person wrote.
fn title(title: &str) -> Option<String> {
    let title = super::xml::one_line(title)?;
    let lower = title.to_lowercase();
    let ending = lower.rsplit_once('.').map(|(_, ending)| ending);
    let is_file = ending.is_some_and(|ending| FILES.contains(&ending))
        || !title.contains(' ') && title.contains(['_', '/', '\\', '.']);
    let has_letters = title.chars().filter(|c| c.is_alphabetic()).count() >= 4;
    let words = title.split(' ').count();
    // `Layout 1`, `Scan 20240619`; `Print and the public` is a title.
    let program = PROGRAMS.iter().any(|program| {
        lower
            .strip_prefix(program)
            .is_some_and(|rest| words <= 3 && !rest.contains(char::is_alphabetic) || rest.starts_with(" - "))
    });
    (!is_file && has_letters && !program).then_some(title)
}

/// What programs put in place of an author.
const ACCOUNTS: &[&str] =
    &["admin", "administrator", "author", "default", "guest", "owner", "pc", "root", "unknown", "user"];

/// The authors that a person wrote.
fn authors(field: &str) -> Vec<String> {
    let names = layout::names(field);
    let is_name = |name: &String| {
        let account = ACCOUNTS.contains(&name.to_lowercase().as_str());
        !account && name.chars().filter(|c| c.is_alphabetic()).count() > 2 && !name.contains(char::is_numeric)
    };
    names.into_iter().filter(is_name).collect()
}

/// The day on which the file was made, `D:20120319165053+01'00'`, which is the day of publication at best.
fn created(field: &str) -> Option<Published> {
    let day = field.trim().trim_start_matches("D:").get(..8)?;
    let written = when::written(day)?;
    Some(Published { confidence: Confidence::Low, ..written.published(Provenance::Metadata) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_that_a_person_wrote() {
        for (given, expected) in [
            ("The  harbour reopens", Some("The harbour reopens")),
            ("Microsoft Word - Report final.doc", None),
            ("Microsoft Word - Report final", None),
            ("untitled", None),
            ("Layout 1", None),
            ("Print and the public", Some("Print and the public")),
            ("NEWS_01_05", None),
            ("front.indd", None),
            ("19", None),
            ("", None),
        ] {
            assert_eq!(title(given).as_deref(), expected, "{given}");
        }
    }

    #[test]
    fn authors_that_are_persons() {
        for (given, expected) in [
            ("Jane Doe", &["Jane Doe"][..]),
            ("Administrator", &[]),
            ("user12", &[]),
            ("A. Roe and B. Doe", &["A. Roe", "B. Doe"]),
        ] {
            assert_eq!(authors(given), expected, "{given}");
        }
    }

    #[test]
    fn the_day_of_making_is_weak() {
        let day = created("D:20120319165053+01'00'").expect("a day");
        assert_eq!((day.value.as_str(), day.confidence), ("2012-03-19", Confidence::Low));
        assert_eq!(created("D:"), None);
    }
}
