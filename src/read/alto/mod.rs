//! ALTO, versions 1 to 4: the words of a scanned page, where they stand and how sure they are.
//!
//! A page is one article, unless a METS file beside it says which articles it has parts of: [`super::mets`].

use super::around::Beside;
use super::encoding::HEAD;
use super::scan::{self, Of};
use super::{File, Flow, Format, LARGEST_SINGLE, Skip, xml};
use crate::article::Article;
use page::Scan;
use std::io::Read;

pub(super) mod page;

/// How many METS files are looked through for the one that names a page. Most folders have one; where a folder has many,
/// the one of the same issue has a name that begins like the page's.
const MOST_LOOKED_THROUGH: usize = 4;

/// A page in ALTO.
pub(super) struct Alto;

impl Format for Alto {
    fn name(&self) -> &'static str {
        "alto"
    }

    fn description(&self) -> &'static str {
        "ALTO: pages of scanned newspapers, by themselves"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["xml", "alto"]
    }

    fn recognise(&self, head: &[u8], _name: &str) -> u8 {
        if xml::root(head).is_some_and(|root| root.eq_ignore_ascii_case("alto")) { 95 } else { 0 }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        let name = file.path.rsplit('/').next().unwrap_or(file.path);
        // What is read with its issue is not unread.
        if file.around.beside.is_some_and(|beside| is_part_of_issue(beside, name)) {
            return Ok(());
        }
        let (decoded, cut) = xml::text_of(file)?;
        let scan = Scan::read(&decoded.text).ok_or_else(|| Skip::file(file.path, "is ALTO without a page"))?;
        for (number, (id, words)) in scan.pages.iter().enumerate() {
            let member = (scan.pages.len() > 1).then(|| id.clone().unwrap_or_else(|| (number + 1).to_string()));
            let Some(mut article) = scan::compose(file.path, &scan.blocks(words.clone()), None, Of::Page) else {
                skip(Skip { path: file.path.to_owned(), member, reason: NO_WORDS.to_owned() });
                continue;
            };
            article.member = member;
            article.encoding.clone_from(&decoded.encoding);
            article.truncated |= cut;
            if take(article) == Flow::Stop {
                break;
            }
        }
        Ok(())
    }
}

/// The reason for a page without an article.
pub(super) const NO_WORDS: &str = "is a page without words";

/// Whether a METS file, beside this page or in the folder above, reads it.
fn is_part_of_issue(beside: &dyn Beside, name: &str) -> bool {
    let named = |names: Vec<String>, folder: &'static str| {
        let mets = names.into_iter().filter(|other| other != name && other.to_ascii_lowercase().contains("mets"));
        mets.map(move |other| format!("{folder}{other}"))
    };
    let mut candidates: Vec<String> = named(beside.names(), "").chain(named(beside.names_above(), "../")).collect();
    candidates.sort_by_key(|other| std::cmp::Reverse(alike(other.trim_start_matches("../"), name)));
    candidates.truncate(MOST_LOOKED_THROUGH);
    candidates.iter().any(|other| {
        let mut text = Vec::new();
        let file = beside.open(other);
        let read = file.and_then(|file| file.take(LARGEST_SINGLE).read_to_end(&mut text).ok());
        read.is_some() && names_page(&text, name)
    })
}

/// How many bytes two names have in common at their beginning.
fn alike(one: &str, other: &str) -> usize {
    one.bytes().zip(other.bytes()).take_while(|(one, other)| one.eq_ignore_ascii_case(other)).count()
}

/// Whether the text of a METS file names a page: as all of a reference or the last part of one.
fn names_page(mets: &[u8], name: &str) -> bool {
    let head = mets.get(..mets.len().min(HEAD)).unwrap_or(mets);
    if !xml::root(head).is_some_and(|root| root.eq_ignore_ascii_case("mets")) {
        return false;
    }
    let text = String::from_utf8_lossy(mets);
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + name.len()..).and_then(|after| after.chars().next());
        matches!(before, Some('/' | '\\' | ':' | '"' | '\'')) && matches!(after, Some('"' | '\''))
    })
}

#[cfg(test)]
mod tests {
    use super::super::around::{Around, Budget};
    use super::*;
    use std::io::Cursor;

    struct Folder(Vec<(&'static str, &'static str)>);

    impl Beside for Folder {
        fn open(&self, path: &str) -> Option<Box<dyn Read>> {
            let found = self.0.iter().find(|(name, _)| *name == path)?;
            Some(Box::new(found.1.as_bytes()))
        }

        fn names(&self) -> Vec<String> {
            self.0.iter().map(|(name, _)| (*name).to_owned()).filter(|name| !name.starts_with("../")).collect()
        }

        fn names_above(&self) -> Vec<String> {
            self.0.iter().filter_map(|(name, _)| name.strip_prefix("../")).map(str::to_owned).collect()
        }
    }

    /// What comes of a file among others.
    fn check(text: &str, folder: Vec<(&'static str, &'static str)>, expected: &[&str]) {
        let (mut out, mut skips) = (Vec::new(), Vec::new());
        let (budget, folder) = (Budget::default(), Folder(folder));
        let around = Around { beside: Some(&folder), ..Around::new(&budget) };
        let result = Alto.read(
            &mut File { path: "a/1.xml", input: &mut Cursor::new(text), around },
            &mut |article| {
                out.push(format!("{}: {}", article.member.unwrap_or_default(), article.text));
                Flow::Continue
            },
            &mut |skip| skips.push(skip),
        );
        skips.extend(result.err());
        out.extend(skips.into_iter().map(|skip| format!("{}! {}", skip.member.unwrap_or_default(), skip.reason)));
        assert_eq!(out, expected);
    }

    const PAGE: &str = "<alto><Layout><Page ID='p1'><PrintSpace><TextBlock><TextLine><String CONTENT='One'/></TextLine>\
        </TextBlock></PrintSpace></Page></Layout></alto>";

    #[test]
    fn pages_by_themselves() {
        check(PAGE, vec![], &[": One"]);
        check(PAGE, vec![("mets.xml", "<mets><FLocat href='11.xml'/></mets>")], &[": One"]);
        check(PAGE, vec![("mets.xml", "<x href='1.xml'/>")], &[": One"]);
        check("<alto><Layout/></alto>", vec![], &["! is ALTO without a page"]);
        check("<alto><Layout><Page/></Layout></alto>", vec![], &["! is a page without words"]);
        let two = PAGE.replace("</Layout>", "<Page/></Layout>");
        check(&two, vec![], &["p1: One", "2! is a page without words"]);
    }

    #[test]
    fn pages_of_an_issue_are_read_with_it() {
        check(PAGE, vec![("x-METS.xml", "<m:mets><FLocat href='1.xml'/></m:mets>")], &[]);
        let above = vec![("../mets.xml", "<mets><FLocat href=\"file://./a/1.xml\"/></mets>")];
        check(PAGE, above, &[]);
    }
}
