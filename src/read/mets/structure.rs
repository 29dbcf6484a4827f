//! What a METS file says of an issue: its pages, its articles with the parts of pages that they take, and what is known
//! of each.

use super::super::scan::{self, Kind};
use super::super::xml::{self, Element};
use rustc_hash::FxHashMap;

/// Types of divisions that are articles. Names of the profiles of national libraries, in capitals.
const ARTICLES: &[&str] = &[
    "ADVERT",
    "ADVERTISEMENT",
    "ADVERTISING",
    "AD",
    "ANNOUNCEMENT",
    "ARTICLE",
    "BIRTH_NOTICE",
    "CHAPTER",
    "CONTRIBUTION",
    "DEATH_NOTICE",
    "EDITORIAL",
    "FEUILLETON",
    "INTERVIEW",
    "LETTER",
    "NOTICE",
    "OBITUARY",
    "REVIEW",
    "SECTION",
    "WEATHER",
];

/// Types of divisions that hold nothing of an article: the head of the first page.
const MASTHEADS: &[&str] = &["TITLE_SECTION", "MASTHEAD", "TITLE_PAGE", "IMPRINT"];

/// An issue.
#[derive(Debug, Default)]
pub(super) struct Issue {
    /// The id that the file gives to the whole.
    pub(super) id: Option<String>,
    /// Its pages, in the order of the file.
    pub(super) pages: Vec<PageFile>,
    /// Its articles.
    pub(super) items: Vec<Item>,
    /// What is known of all of it.
    pub(super) about: About,
}

/// A page: the id and the address of its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PageFile {
    pub(super) id: String,
    pub(super) address: String,
}

/// An article.
#[derive(Clone, Debug, Default)]
pub(super) struct Item {
    pub(super) id: Option<String>,
    pub(super) section: Option<String>,
    /// Its own, and what holds for all.
    pub(super) about: About,
    pub(super) areas: Vec<Area>,
}

/// A part of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Area {
    /// The id of the file.
    pub(super) file: String,
    /// From which element of it; none for all of it.
    pub(super) begin: Option<String>,
    /// To which one; none where there is but one.
    pub(super) end: Option<String>,
    pub(super) kind: Kind,
}

/// What a description says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct About {
    pub(super) title: Option<String>,
    /// The newspaper.
    pub(super) source: Option<String>,
    pub(super) date: Option<String>,
    pub(super) language: Option<String>,
    pub(super) authors: Vec<String>,
}

impl About {
    /// What is missing is taken from something that holds this one, whose title is the name of the newspaper.
    fn or_above(mut self, above: &About) -> About {
        self.source = self.source.or_else(|| above.source.clone()).or_else(|| above.title.clone());
        self.date = self.date.or_else(|| above.date.clone());
        self.language = self.language.or_else(|| above.language.clone());
        self
    }

    /// What is missing is taken from another description of the same thing.
    fn or(mut self, other: &About) -> About {
        self.title = self.title.or_else(|| other.title.clone());
        if self.authors.is_empty() {
            self.authors.clone_from(&other.authors);
        }
        self.source = self.source.or_else(|| other.source.clone());
        self.date = self.date.or_else(|| other.date.clone());
        self.language = self.language.or_else(|| other.language.clone());
        self
    }
}

/// All that is needed while going through the divisions.
#[derive(Default)]
struct Reading<'a> {
    descriptions: FxHashMap<String, About>,
    /// Divisions that others are linked to, by their ids.
    divisions: FxHashMap<&'a str, &'a Element>,
    /// From a logical division to physical ones.
    links: FxHashMap<String, Vec<String>>,
}

impl Issue {
    /// Reads a METS file; none where it is not one.
    pub(super) fn read(text: &str) -> Option<Issue> {
        // Technical data of pictures, which are most of the file, are left out.
        let mut root = Element::default();
        let mut parts = Vec::new();
        let wanted =
            |name: &str, depth: usize| depth == 1 && matches!(name, "dmdSec" | "fileSec" | "structMap" | "structLink");
        xml::each(text, &wanted, &mut |element| {
            parts.push(element);
            true
        });
        xml::each(text.get(..text.floor_char_boundary(HEAD)).unwrap_or(text), &|_, depth| depth == 0, &mut |element| {
            root.attributes = element.attributes;
            false
        });
        let named = |name: &'static str| parts.iter().filter(move |element| element.local() == name);
        if named("structMap").next().is_none() && named("fileSec").next().is_none() {
            return None;
        }
        let mut reading = Reading::default();
        for section in named("dmdSec") {
            if let Some(id) = section.attribute("ID") {
                reading.descriptions.insert(id.to_owned(), describe(section));
            }
        }
        let pages: Vec<PageFile> =
            named("fileSec").flat_map(|section| section.every("file")).filter_map(page).collect();
        for map in named("structMap") {
            for division in map.every("div") {
                if let Some(id) = division.attribute("ID") {
                    reading.divisions.entry(id).or_insert(division);
                }
            }
        }
        for link in named("structLink") {
            reading.links(link);
        }
        let is_logical =
            |map: &&Element| map.attribute("TYPE").is_some_and(|kind| kind.eq_ignore_ascii_case("logical"));
        let any_logical = named("structMap").any(|map| is_logical(&map));
        let mut items = Vec::new();
        let mut about = About::default();
        for map in named("structMap").filter(|map| !any_logical || is_logical(map)) {
            for division in map.all("div") {
                about = reading.above(division).or(&about);
                reading.items(division, &About::default(), None, &mut items);
            }
        }
        let label = root.attribute("LABEL").map(from_label).unwrap_or_default();
        // The first description that has a date is that of the issue.
        let mut dated = named("dmdSec").filter_map(|section| reading.descriptions.get(section.attribute("ID")?));
        let dated = dated.find(|about| about.date.is_some()).cloned().unwrap_or_default();
        let dated = About { source: dated.source.or(dated.title), title: None, ..dated };
        let about = About { source: about.source.clone().or(about.title.clone()), title: None, ..about };
        let about = about.or(&dated).or(&label);
        let about = About { authors: Vec::new(), ..about };
        for item in &mut items {
            item.about = std::mem::take(&mut item.about).or_above(&about);
        }
        let id = root.attribute("OBJID").map(str::to_owned);
        Some(Issue { id, pages, items, about })
    }
}

/// How much of a file is looked at for its root, in bytes.
const HEAD: usize = 8 << 10;

impl<'a> Reading<'a> {
    /// What the descriptions of a division say.
    fn described(&self, division: &Element) -> About {
        let ids = division.attribute("DMDID").unwrap_or("").split_whitespace();
        let found = ids.filter_map(|id| self.descriptions.get(id));
        found.fold(About::default(), |about, next| about.or(next))
    }

    /// What is known of the issue by the divisions that hold its articles: those on the way down to the first that is
    /// described with a date.
    fn above(&self, division: &Element) -> About {
        let mut about = About::default();
        let mut current = Some(division);
        while let Some(division) = current {
            if is_article(&kind(division)) {
                break;
            }
            about = self.described(division).or(&about);
            if about.date.is_some() {
                break;
            }
            current = division.all("div").next();
        }
        about
    }

    /// Adds the articles in a division.
    fn items(&self, division: &'a Element, above: &About, section: Option<&str>, out: &mut Vec<Item>) {
        let kind = kind(division);
        if MASTHEADS.contains(&kind.as_str()) {
            return;
        }
        let own = self.described(division);
        if !is_article(&kind) {
            let above = own.or_above(above);
            division.all("div").for_each(|inner| self.items(inner, &above, section, out));
            return;
        }
        let label = division.attribute("LABEL").and_then(tidy);
        let title = own.title.clone().or(label).filter(|title| !is_made_up(title, &kind));
        let mut areas = Vec::new();
        self.areas(division, Kind::Text, true, &mut areas);
        let holds_others = division.all("div").any(|inner| self.has_article(inner));
        if areas.iter().any(|area| !matches!(area.kind, Kind::Title | Kind::Heading))
            || !holds_others && !areas.is_empty()
        {
            let named = (!matches!(kind.as_str(), "ARTICLE" | "SECTION")).then(|| in_words(&kind));
            let about = About { title: title.clone(), ..own.clone() }.or_above(above);
            let id = division.attribute("ID").map(str::to_owned);
            out.push(Item { id, section: section.map(str::to_owned).or(named), about, areas });
        }
        if holds_others {
            let section = title.as_deref().filter(|_| kind != "ARTICLE").or(section);
            division.all("div").for_each(|inner| self.items(inner, above, section, out));
        }
    }

    fn has_article(&self, division: &Element) -> bool {
        is_article(&kind(division)) || division.all("div").any(|inner| self.has_article(inner))
    }

    /// Adds the parts of pages that a division takes, without those of articles within it.
    fn areas(&self, division: &Element, above: Kind, outermost: bool, out: &mut Vec<Area>) {
        let kind_of = kind(division);
        if !outermost && is_article(&kind_of) {
            return;
        }
        let kind = role(&kind_of).unwrap_or(above);
        for pointer in division.all("fptr") {
            pointed(pointer, kind, out);
        }
        // Links lead to parts of pages, or to whole pages, which say nothing of an article.
        let linked = division.attribute("ID").and_then(|id| self.links.get(id)).into_iter().flatten();
        for physical in linked.filter_map(|id| self.divisions.get(id.as_str())) {
            let mut found = Vec::new();
            physical.all("fptr").for_each(|pointer| pointed(pointer, kind, &mut found));
            out.extend(found.into_iter().filter(|area| area.begin.is_some()));
        }
        division.all("div").for_each(|inner| self.areas(inner, kind, false, out));
    }

    /// Reads links between divisions.
    fn links(&mut self, links: &Element) {
        let id = |element: &Element, name: &str| {
            element.attribute(name).map(|value| value.trim_start_matches('#').to_owned())
        };
        for link in links.every("smLink") {
            if let (Some(from), Some(to)) = (id(link, "from"), id(link, "to")) {
                self.links.entry(from).or_default().push(to);
            }
        }
        for group in links.every("smLinkGrp") {
            let locators = group.all("smLocatorLink");
            let places: FxHashMap<String, String> =
                locators.filter_map(|locator| Some((id(locator, "label")?, id(locator, "href")?))).collect();
            for arc in group.all("smArcLink") {
                let end = |name| id(arc, name).and_then(|label| places.get(&label).cloned());
                if let (Some(from), Some(to)) = (end("from"), end("to")) {
                    self.links.entry(from).or_default().push(to);
                }
            }
        }
    }
}

/// Adds what a pointer points to.
fn pointed(pointer: &Element, kind: Kind, out: &mut Vec<Area>) {
    let areas = pointer.every("area");
    if areas.is_empty() {
        if let Some(file) = pointer.attribute("FILEID") {
            out.push(Area { file: file.to_owned(), begin: None, end: None, kind });
        }
        return;
    }
    for area in areas {
        let part = |name| area.attribute(name).map(str::to_owned);
        if let Some(file) = part("FILEID") {
            out.push(Area { file, begin: part("BEGIN"), end: part("END"), kind });
        }
    }
}

/// The type of a division in capitals, words joined: `TITLE_SECTION`.
fn kind(division: &Element) -> String {
    let kind = division.attribute("TYPE").unwrap_or("");
    xml::local(kind).to_ascii_uppercase().replace([' ', '-'], "_")
}

fn is_article(kind: &str) -> bool {
    ARTICLES.contains(&kind)
}

/// What a division within an article is.
fn role(kind: &str) -> Option<Kind> {
    Some(match kind {
        "HEADING" | "HEADLINE" | "TITLE" | "MAIN_TITLE" => Kind::Title,
        "SUBHEADLINE" | "SUBHEADING" | "SUBTITLE" | "OVERLINE" | "KICKER" | "CROSSHEADING" => Kind::Heading,
        "AUTHOR" | "BYLINE" => Kind::Author,
        "CAPTION" => Kind::Caption,
        "PAGE_NUMBER" | "RUNNING_TITLE" | "HEADER" | "FOOTER" => Kind::Margin,
        "BODY" | "BODY_CONTENT" | "PARAGRAPH" | "TEXT" | "TEXTBLOCK" => Kind::Text,
        _ => return None,
    })
}

/// Whether a label is but the type and a number: `Adv. 2 Page 1`.
fn is_made_up(label: &str, kind: &str) -> bool {
    let first = label.split_whitespace().next().unwrap_or("").trim_end_matches('.').to_ascii_uppercase();
    let rest = label.split_whitespace().skip(1);
    first.len() > 1
        && kind.starts_with(&first)
        && rest.clone().next().is_some()
        && rest.into_iter().all(|word| word.eq_ignore_ascii_case("page") || !word.contains(char::is_alphabetic))
}

/// A type of division as a section is named: `Death notice`.
fn in_words(kind: &str) -> String {
    let lower = kind.to_lowercase().replace('_', " ");
    let mut characters = lower.chars();
    characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).collect()
}

/// The file of a page.
fn page(file: &Element) -> Option<PageFile> {
    let address = file.all("FLocat").find_map(|place| place.attribute("href"))?;
    let named = address.to_ascii_lowercase();
    let typed = file.attribute("MIMETYPE").is_some_and(|kind| kind.contains("alto"));
    let is_text = named.ends_with(".xml") || named.ends_with(".alto") || typed;
    let id = file.attribute("ID")?;
    is_text.then(|| PageFile { id: id.to_owned(), address: address.to_owned() })
}

/// What a section with a description says: MODS, or else Dublin Core.
fn describe(section: &Element) -> About {
    if let Some(mods) = section.find("mods") {
        let title = |holder: &Element| {
            let titles = holder.all("titleInfo").filter_map(|info| {
                let words = ["nonSort", "title", "subTitle"].iter().filter_map(|name| info.text_at(&[name]));
                tidy(&words.collect::<Vec<_>>().join(" "))
            });
            let titles: Vec<String> = titles.collect();
            (!titles.is_empty()).then(|| titles.join(" "))
        };
        let host = mods.all("relatedItem").find(|item| item.attribute("type") == Some("host"));
        let dates = |name: &str| {
            let origins = mods.all("originInfo").chain(mods.all("part"));
            origins.flat_map(|origin| origin.every(name)).find_map(Element::text)
        };
        let language = mods.all("language").find_map(|language| language.text_at(&["languageTerm"]));
        return About {
            title: title(mods),
            source: host.and_then(title),
            date: dates("dateIssued").or_else(|| dates("dateCreated")).or_else(|| dates("date")).map(day_first),
            language: language.as_deref().and_then(scan::language::code),
            authors: mods.all("name").filter_map(author).collect(),
        };
    }
    let first = |name: &str| section.find(name).and_then(Element::text);
    About {
        title: first("title").as_deref().and_then(tidy),
        source: None,
        date: first("issued").or_else(|| first("date")).map(day_first),
        language: first("language").as_deref().and_then(scan::language::code),
        authors: section.every("creator").into_iter().filter_map(Element::text).collect(),
    }
}

/// A day with points, `01.08.1821`, is written day first wherever points are used; it is turned round so that it is not
/// taken for an ambiguous one.
fn day_first(date: String) -> String {
    let parts: Vec<&str> = date.split('.').collect();
    match parts.as_slice() {
        [day, month, year] if year.len() == 4 && day.len() <= 2 && month.len() <= 2 => {
            format!("{year}-{month:0>2}-{day:0>2}")
        }
        _ => date,
    }
}

/// The name of a person who wrote something; none for others.
fn author(name: &Element) -> Option<String> {
    let roles: Vec<String> = name.every("roleTerm").into_iter().filter_map(Element::text).collect();
    if !roles.is_empty() && !roles.iter().any(|role| matches!(role.as_str(), "aut" | "author" | "cre" | "creator")) {
        return None;
    }
    let parts: Vec<String> = name.all("namePart").filter_map(Element::text).collect();
    name.text_at(&["displayForm"]).or_else(|| (!parts.is_empty()).then(|| parts.join(" ")))
}

/// A title without signs at its ends that are no words; none where nothing else is left.
fn tidy(title: &str) -> Option<String> {
    let words: Vec<&str> = title.split_whitespace().collect();
    let is_word = |word: &&str| word.contains(char::is_alphanumeric);
    let first = words.iter().position(is_word)?;
    let last = words.iter().rposition(is_word)?;
    words.get(first..=last).map(|words| words.join(" "))
}

/// What the label of an issue says: `The Example Times, no. 5, 1855-09-22`.
fn from_label(label: &str) -> About {
    let is_day = |word: &&str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        word.len() >= 8 && crate::when::written(word).is_some()
    };
    let date = label.split_whitespace().find(is_day).map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let end = label.find(|c: char| c.is_ascii_digit()).unwrap_or(label.len());
    let name = label.get(..end).unwrap_or("").trim_end_matches(|c: char| !c.is_alphanumeric());
    let name =
        ["no", "No", "nr", "Nr", "n"].iter().find_map(|word| name.strip_suffix(&format!(" {word}"))).unwrap_or(name);
    About {
        source: tidy(name.trim_end_matches([',', '.', ' '])),
        date: date.map(|date| day_first(date.to_owned())),
        ..About::default()
    }
}
