//! METS with ALTO: an issue of a newspaper, its articles put together of parts of pages that lie beside it.
//!
//! 1. [`structure`] reads what the file says: pages, articles, descriptions.
//! 2. [`Pages`] opens the pages that articles take parts of, once each.
//! 3. Each article is composed of its parts. A page that no article takes anything of is an article itself.

use super::alto::{self, page::Scan};
use super::around::Beside;
use super::scan::{self, Block, Kind, Of};
use super::{File, Flow, Format, LARGEST_SINGLE, Skip, xml};
use crate::article::{Article, Provenance};
use crate::when;
use rustc_hash::FxHashMap;
use std::io::Read;
use structure::{About, Area, Issue, Item, PageFile};

mod structure;

/// The most pages of one issue that are read. A bound volume of a daily paper has fewer.
const MOST_PAGES: usize = 5000;

/// The most bytes of pages of one issue: some hundred large pages.
const MOST_BYTES: u64 = 256 << 20;

/// The most words that the articles of one issue take, all together: several times those of the pages that are read, so
/// that many articles cannot each take the same pages.
const MOST_WORDS: usize = 8_000_000;

/// The reason for an article that would take more.
const TOO_MANY_WORDS: &str = "takes parts of pages again that others took, more often than is read";

/// An issue in METS.
pub(super) struct Mets;

impl Format for Mets {
    fn name(&self) -> &'static str {
        "mets"
    }

    fn description(&self) -> &'static str {
        "METS: issues of scanned newspapers, with the ALTO pages beside them, article by article"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["xml", "mets"]
    }

    fn recognise(&self, head: &[u8], _name: &str) -> u8 {
        if xml::root(head).is_some_and(|root| root.eq_ignore_ascii_case("mets")) { 95 } else { 0 }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        let path = file.path;
        let (decoded, cut) = xml::text_of(file)?;
        if cut {
            return Err(Skip::file(path, "is longer than what is read of a METS file"));
        }
        let issue = Issue::read(&decoded.text).ok_or_else(|| Skip::file(path, "is METS without files or structure"))?;
        if issue.pages.is_empty() {
            return Err(Skip::file(path, "is METS that names no pages of text"));
        }
        let Some(beside) = file.around.beside else {
            return Err(Skip::file(path, "names pages that can only be read where they lie beside it in a folder"));
        };
        let base = base(&issue, path);
        let mut pages = Pages::open(&issue.pages, beside, path, skip);
        let missing = pages.scans.is_empty();
        for (number, item) in issue.items.iter().enumerate() {
            let member = item.id.clone().unwrap_or_else(|| (number + 1).to_string());
            match article(path, item, &mut pages) {
                Ok(Some(mut article)) => {
                    article.id = base.as_ref().map(|base| format!("{base}:{member}"));
                    article.member = Some(member);
                    if take(article) == Flow::Stop {
                        return Ok(());
                    }
                }
                Ok(None) => {}
                Err(reason) => skip(Skip::member(path, member, reason)),
            }
        }
        for page in &issue.pages {
            let Some((scan, false)) = pages.scans.get(&page.id) else { continue };
            let Some(mut article) = scan::compose(path, &scan.blocks(scan.all()), None, Of::Page) else {
                skip(Skip::member(path, page.id.clone(), alto::NO_WORDS));
                continue;
            };
            complete(&mut article, &issue.about);
            article.id = base.as_ref().map(|base| format!("{base}:{}", page.id));
            article.member = Some(page.id.clone());
            if take(article) == Flow::Stop {
                return Ok(());
            }
        }
        if missing { Err(Skip::file(path, "none of its pages is there")) } else { Ok(()) }
    }
}

/// What ids of articles begin with, since the ids of divisions are the same in every issue: the id that the file gives
/// to the whole, or its own name where that tells one issue from another.
fn base(issue: &Issue, path: &str) -> Option<String> {
    if issue.id.is_some() {
        return issue.id.clone();
    }
    let name = path.rsplit('/').next()?;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let lower = stem.to_ascii_lowercase();
    let stem = stem.get(..lower.strip_suffix("mets").map_or(stem.len(), str::len))?.trim_end_matches(['-', '_', '.']);
    let digits = stem.bytes().filter(u8::is_ascii_digit).count();
    // A year at least.
    (digits >= 4).then(|| stem.to_owned())
}

/// The article that an item is; none where its pages are not there.
fn article(path: &str, item: &Item, pages: &mut Pages) -> Result<Option<Article>, &'static str> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut there = false;
    let mut body = false;
    for area in &item.areas {
        let Some((scan, used)) = pages.scans.get_mut(&area.file) else { continue };
        there = true;
        let Some(words) = words(scan, area) else { continue };
        *used = true;
        pages.words = pages.words.checked_sub(words.len()).ok_or(TOO_MANY_WORDS)?;
        for mut block in scan.blocks(words) {
            block.kind = match area.kind {
                Kind::Text => block.kind,
                // A headline in the middle of an article is a heading within it.
                Kind::Title if body => Kind::Heading,
                kind => kind,
            };
            let is_title = block.kind == Kind::Title;
            body |= !matches!(block.kind, Kind::Title | Kind::Heading | Kind::Margin);
            // The description has it already, often corrected by hand.
            if !is_title || area.kind != Kind::Title || item.about.title.is_none() {
                blocks.push(block);
            }
        }
    }
    if !there {
        return Ok(None);
    }
    let title = item.about.title.clone();
    let mut article =
        scan::compose(path, &blocks, title, Of::Article).ok_or("has no words in the parts that it names")?;
    if article.authors.is_empty() || !item.about.authors.is_empty() {
        article.authors.clone_from(&item.about.authors);
    }
    article.section = item.section.clone().or(article.section);
    complete(&mut article, &item.about);
    Ok(Some(article))
}

/// The words of a part of a page.
fn words(scan: &Scan, area: &Area) -> Option<std::ops::Range<usize>> {
    match &area.begin {
        Some(begin) => scan.area(begin, area.end.as_deref()),
        None => Some(scan.all()).filter(|words| !words.is_empty()),
    }
}

/// Fills in what is known of the issue.
fn complete(article: &mut Article, about: &About) {
    article.source = about.source.clone().or(article.source.take());
    article.language = about.language.clone().or(article.language.take());
    let written = about.date.as_deref().and_then(when::written);
    article.published = written.map(|written| written.published(Provenance::Metadata));
}

/// The pages that are there, by the ids of their files, and whether an article takes something of each.
struct Pages {
    scans: FxHashMap<String, (Scan, bool)>,
    /// How many words articles can still take.
    words: usize,
}

impl Pages {
    /// Opens those that are there; the others go to `skip`.
    fn open(files: &[PageFile], beside: &dyn Beside, path: &str, skip: &mut dyn FnMut(Skip)) -> Pages {
        let mut scans = FxHashMap::default();
        let mut left = MOST_BYTES;
        for (number, file) in files.iter().enumerate() {
            if number >= MOST_PAGES || left == 0 {
                skip(Skip::file(path, format!("has more pages than are read of an issue: {number} were read")));
                break;
            }
            let name = relative(&file.address);
            let Some(bytes) = open(beside, &name, left.min(LARGEST_SINGLE)) else {
                skip(Skip::member(path, name, "is named as a page and is not there"));
                continue;
            };
            left = left.saturating_sub(bytes.len() as u64);
            match Scan::read(&xml::decode(&bytes).text) {
                Some(scan) => {
                    scans.insert(file.id.clone(), (scan, false));
                }
                None => skip(Skip::member(path, name, "is named as a page and is no ALTO")),
            }
        }
        Pages { scans, words: MOST_WORDS }
    }
}

/// A page by its path, or else beside the file or in a folder of that name there.
fn open(beside: &dyn Beside, path: &str, limit: u64) -> Option<Vec<u8>> {
    let mut shorter = vec![path];
    let parts: Vec<usize> = path.match_indices('/').map(|(at, _)| at + 1).collect();
    shorter.extend(parts.iter().rev().take(2).rev().filter_map(|at| path.get(*at..)));
    let found = shorter.into_iter().find_map(|path| beside.open(path))?;
    let mut bytes = Vec::new();
    found.take(limit).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// The path in an address: `file://./ALTO/1.xml`, `file:1.xml`, `.\ALTO\1.xml`.
fn relative(address: &str) -> String {
    let address = address.replace('\\', "/");
    let path = ["file://", "file:"].iter().find_map(|scheme| address.strip_prefix(scheme)).unwrap_or(&address);
    let mut path = path;
    while let Some(rest) = path.strip_prefix("./").or_else(|| path.strip_prefix('/')) {
        path = rest;
    }
    path.replace("%20", " ")
}

#[cfg(test)]
mod tests {
    use super::super::around::{Around, Budget};
    use super::*;
    use std::io::Cursor;

    struct Folder(Vec<(&'static str, String)>);

    impl Beside for Folder {
        fn open(&self, path: &str) -> Option<Box<dyn Read>> {
            let (_, text) = self.0.iter().find(|(name, _)| *name == path)?;
            Some(Box::new(Cursor::new(text.clone())))
        }

        fn names(&self) -> Vec<String> {
            self.0.iter().map(|(name, _)| (*name).to_owned()).collect()
        }
    }

    /// What comes of an issue with pages beside it.
    fn check(mets: &str, pages: Vec<(&'static str, String)>, expected: &[&str]) {
        let (mut out, mut skips) = (Vec::new(), Vec::new());
        let (budget, folder) = (Budget::default(), Folder(pages));
        let around = Around { beside: Some(&folder), ..Around::new(&budget) };
        let result = Mets.read(
            &mut File { path: "x/1921_12_07-METS.xml", input: &mut Cursor::new(mets), around },
            &mut |article| {
                let day = article.published.map(|published| published.value).unwrap_or_default();
                let shown = [article.id, article.section, article.title, article.source, Some(day), Some(article.text)];
                out.push(shown.map(Option::unwrap_or_default).join(" | "));
                Flow::Continue
            },
            &mut |skip| skips.push(skip),
        );
        skips.extend(result.err());
        out.extend(skips.into_iter().map(|skip| format!("{}! {}", skip.member.unwrap_or_default(), skip.reason)));
        assert_eq!(out, expected, "{mets}");
    }

    /// A page of blocks `b1`, `b2`, … with these words.
    fn page(blocks: &[&str]) -> String {
        let block = |(at, text): (usize, &&str)| {
            let words: Vec<String> = text.split(' ').map(|word| format!("<String CONTENT='{word}'/>")).collect();
            format!("<TextBlock ID='b{}'><TextLine>{}</TextLine></TextBlock>", at + 1, words.join("<SP/>"))
        };
        let blocks: String = blocks.iter().enumerate().map(block).collect();
        format!("<alto><Layout><Page ID='P'><PrintSpace>{blocks}</PrintSpace></Page></Layout></alto>")
    }

    /// An issue with two pages and these divisions.
    fn issue(divisions: &str) -> String {
        format!(
            "<mets><dmdSec ID='m'><mods><titleInfo><title>Courier</title></titleInfo><originInfo>\
             <dateIssued>07.12.1921</dateIssued></originInfo></mods></dmdSec><fileSec>\
             <file ID='F1'><FLocat href='file://./ALTO/1.xml'/></file><file ID='F2'><FLocat href='2.xml'/></file>\
             </fileSec><structMap TYPE='LOGICAL'><div TYPE='ISSUE' DMDID='m'>{divisions}</div></structMap></mets>"
        )
    }

    const TWO: &str = "<div TYPE='ARTICLE' ID='a' LABEL='News'><div TYPE='HEADING'><fptr><area FILEID='F1' BEGIN='b1'/></fptr></div>\
        <div TYPE='BODY'><fptr><area FILEID='F1' BEGIN='b2'/></fptr><fptr><area FILEID='F2' BEGIN='b1' END='b2'/></fptr></div></div>\
        <div TYPE='SECTION' LABEL='Trade'><div TYPE='ARTICLE' ID='b'><fptr><area FILEID='F1' BEGIN='b3'/></fptr></div></div>";

    #[test]
    fn articles_of_parts_of_pages() {
        let pages =
            || vec![("1.xml", page(&["News", "It began", "Prices rose."])), ("2.xml", page(&["and", "ended."]))];
        let one = "1921_12_07:a |  | News | Courier | 1921-12-07 | It began and ended.";
        let two = "1921_12_07:b | Trade |  | Courier | 1921-12-07 | Prices rose.";
        check(&issue(TWO), pages(), &[one, two]);
        let missing = "2.xml! is named as a page and is not there";
        let cut = "1921_12_07:a |  | News | Courier | 1921-12-07 | It began";
        check(&issue(TWO), pages().into_iter().take(1).collect(), &[cut, two, missing]);
        let none = ["ALTO/1.xml! is named as a page and is not there", missing, "! none of its pages is there"];
        check(&issue(TWO), vec![], &none);
    }

    #[test]
    fn pages_without_articles_are_articles() {
        let pages = vec![("ALTO/1.xml", page(&["One page"])), ("2.xml", "<html/>".to_owned())];
        let expected =
            ["1921_12_07:F1 |  |  | Courier | 1921-12-07 | One page", "2.xml! is named as a page and is no ALTO"];
        check(&issue(""), pages, &expected);
    }

    #[test]
    fn parts_that_are_linked() {
        let linked = issue("<div TYPE='ADVERTISEMENT' ID='x' LABEL='Adv. 1 Page 1'/>").replace(
            "</mets>",
            "<structMap TYPE='PHYSICAL'><div ID='p'><fptr><area FILEID='F1' BEGIN='b2'/></fptr></div></structMap>\
             <structLink><smLinkGrp><smLocatorLink href='#x' label='l'/><smLocatorLink href='#p' label='q'/>\
             <smArcLink from='l' to='q'/></smLinkGrp></structLink></mets>",
        );
        let pages = vec![("1.xml", page(&["Head", "For sale"])), ("2.xml", page(&["Page two"]))];
        let expected = [
            "1921_12_07:x | Advertisement |  | Courier | 1921-12-07 | For sale",
            "1921_12_07:F2 |  |  | Courier | 1921-12-07 | Page two",
        ];
        check(&linked, pages, &expected);
    }

    #[test]
    fn what_is_no_issue() {
        check("<mets/>", vec![], &["! is METS without files or structure"]);
        check("<mets><structMap><div/></structMap></mets>", vec![], &["! is METS that names no pages of text"]);
        let whole = issue(TWO);
        for end in (0..whole.len()).step_by(13) {
            let _ = Issue::read(&whole[..end]);
        }
    }
}
