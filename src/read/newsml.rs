//! NewsML 1.x: a file of news items, each made of components with headlines, metadata and content in NITF, XHTML or plain
//! text.
//!
//! 1. [`stories`] goes through the components of an item. Each component with headlines of its own is an article of its
//!    own, made of the texts in it; captions are left out.
//! 2. [`article`] reads the texts, and the metadata of the component and of the item around it.

use super::xml::{self, Element};
use super::{File, Flow, Format, Skip, agency, language_code};
use crate::article::Article;

/// A file of news items in NewsML 1.
pub(super) struct NewsMl;

impl Format for NewsMl {
    fn name(&self) -> &'static str {
        "newsml"
    }

    fn description(&self) -> &'static str {
        "NewsML 1, the XML of news agencies: news items with text in NITF, XHTML or plain"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["newsml"]
    }

    fn recognise(&self, head: &[u8], _name: &str) -> u8 {
        let Some(root) = xml::root(head) else { return 0 };
        if root.eq_ignore_ascii_case("newsml") || root == "NewsItem" { 95 } else { 0 }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        agency::read(file, &|name, _| name == "NewsItem", &stories, take, skip)
    }
}

/// A component with headlines of its own and the contents that belong to it.
struct Story<'a> {
    component: &'a Element,
    contents: Vec<&'a Element>,
}

/// The articles of a news item.
fn stories(item: &Element) -> Vec<Result<Article, String>> {
    let status = item.at(&["NewsManagement", "Status"]).and_then(|status| status.attribute("FormalName"));
    if let Some(reason) = status.and_then(agency::withdrawn) {
        return vec![Err(reason)];
    }
    let mut stories = Vec::new();
    for component in item.all("NewsComponent") {
        gather(component, None, &mut stories);
    }
    let mut found: Vec<Article> = stories.iter().filter_map(|story| article(item, story)).collect();
    if found.is_empty() {
        let refers = item.find("NewsItemRef").is_some()
            || item.every("ContentItem").iter().any(|content| content.attribute("Href").is_some());
        return vec![Err(if refers { agency::ONLY_REFERENCES } else { agency::NO_TEXT }.to_owned())];
    }
    if found.len() > 1 {
        // Articles of one item have one id.
        for (number, article) in (1..).zip(&mut found) {
            article.id = article.id.take().map(|id| format!("{id}#{number}"));
        }
    }
    found.into_iter().map(Ok).collect()
}

/// Puts the contents of `component`, and of those in it, to the stories. `owner` is the place in `stories` of the
/// component around it that has headlines.
fn gather<'a>(component: &'a Element, owner: Option<usize>, stories: &mut Vec<Story<'a>>) {
    let role = component.at(&["Role"]).and_then(|role| role.attribute("FormalName")).unwrap_or("");
    if role.eq_ignore_ascii_case("caption") {
        return;
    }
    let owner = match owner {
        Some(owner) if component.at(&["NewsLines"]).is_none() => owner,
        _ => {
            stories.push(Story { component, contents: Vec::new() });
            stories.len() - 1
        }
    };
    let count = |stories: &[Story<'_>]| stories.get(owner).map_or(0, |story| story.contents.len());
    let before = count(stories);
    if let Some(story) = stories.get_mut(owner) {
        story.contents.extend(component.all("ContentItem").filter(|content| is_text(content)));
    }
    let alternatives = component.attribute("EquivalentsList").is_some_and(|value| value.eq_ignore_ascii_case("yes"));
    for inner in component.all("NewsComponent") {
        if !alternatives || count(stories) == before {
            gather(inner, Some(owner), stories);
        }
    }
    if alternatives && let Some(story) = stories.get_mut(owner) {
        // All say the same in other formats; the first with text is enough.
        let first = story.contents.iter().skip(before).find(|content| !text_of(content).text.is_empty()).copied();
        story.contents.truncate(before);
        story.contents.extend(first);
    }
}

/// Whether a content item has text in it, rather than a picture or a reference.
fn is_text(content: &Element) -> bool {
    let kind = content.at(&["MediaType"]).and_then(|kind| kind.attribute("FormalName")).unwrap_or("text");
    let packed = content.find("Encoding").and_then(|encoding| encoding.attribute("Notation")).unwrap_or("");
    let text = ["text", "complexdata"].iter().any(|text| kind.eq_ignore_ascii_case(text));
    text && !packed.to_ascii_lowercase().contains("base64") && content.find("DataContent").is_some()
}

fn text_of(content: &Element) -> Article {
    content.find("DataContent").map(agency::content).unwrap_or_default()
}

/// The article of a story; none where it has no text.
fn article(item: &Element, story: &Story<'_>) -> Option<Article> {
    let mut inner = Article::default();
    for content in &story.contents {
        let next = text_of(content);
        if inner.text.is_empty() {
            inner = next;
        } else if !next.text.is_empty() && !inner.text.contains(&next.text) {
            inner.text.push_str("\n\n");
            inner.text.push_str(&next.text);
        }
    }
    if inner.text.is_empty() {
        return None;
    }
    // What the component does not say, the one around all may.
    let component = story.component;
    let outer = item.at(&["NewsComponent"]).unwrap_or(component);
    let line = |name: &str| component.text_at(&["NewsLines", name]);
    let party = |name: &str| party(component, name).or_else(|| party(outer, name));
    let management = |name: &str| item.text_at(&["NewsManagement", name]);
    let identifier = |name: &str| item.text_at(&["Identification", "NewsIdentifier", name]);
    let described = [component, outer].into_iter().filter_map(|element| element.at(&["DescriptiveMetadata"]));
    let described: Vec<&Element> = described.collect();
    let source = source(party("Provider"), party("Source"), line("CreditLine"), identifier("ProviderId"));
    let source = source.or(inner.source);
    let mut authors = line("ByLine").map(|line| agency::authors(&line, source.as_deref())).unwrap_or_default();
    if authors.is_empty() {
        authors = inner.authors;
    }
    if authors.is_empty() {
        // An agency may be its own creator; a person has two names.
        authors = party("Creator").map(|name| agency::authors(&name, source.as_deref())).unwrap_or_default();
        authors.retain(|name| name.contains(' '));
    }
    let codes = described.first().map(|described| described.every("SubjectCode")).unwrap_or_default();
    let codes = codes.iter().flat_map(|code| code.elements()).filter_map(|code| code.attribute("FormalName"));
    let declared = described.iter().find_map(|described| described.at(&["Language"])?.attribute("FormalName"));
    let marked = [component, item].into_iter().find_map(|element| element.attribute("lang"));
    let date = described.iter().find_map(|described| described.text_at(&["DateLineDate"]));
    let mut article = Article {
        id: id(item).or(inner.id),
        title: line("HeadLine").or(inner.title),
        section: inner.section.or_else(|| agency::section_of(codes)),
        language: declared.or(marked).and_then(language_code).or(inner.language),
        url: inner.url,
        published: agency::published([
            management("FirstCreated").as_deref(),
            identifier("DateId").as_deref(),
            date.as_deref(),
        ])
        .or(inner.published),
        dateline: line("DateLine").as_deref().and_then(agency::filed_from).or(inner.dateline),
        text: inner.text,
        furniture: inner.furniture,
        authors,
        source,
        ..Article::default()
    };
    agency::prepend(&mut article, line("SubHeadLine"));
    agency::finish(&mut article, described.iter().find_map(|described| origin(described)));
    Some(article)
}

/// The name of a party in the administrative metadata: `Provider`, `Source`, `Creator`.
fn party(component: &Element, name: &str) -> Option<String> {
    let parent = component.at(&["AdministrativeMetadata", name])?;
    let party = parent.at(&["Party"]).unwrap_or(parent);
    party.attribute("FormalName").map(str::to_owned).or_else(|| party.text())
}

/// The agency: its name rather than the address of its site.
fn source(
    provider: Option<String>,
    source: Option<String>,
    credit: Option<String>,
    address: Option<String>,
) -> Option<String> {
    let is_name = |name: &String| name.contains(' ') || !name.contains('.');
    let named = [&provider, &source, &credit].into_iter().flatten().find(|name| is_name(name)).cloned();
    named.or(provider).or(source).or(address)
}

/// The identifier of an item, put together where it is not given in one.
fn id(item: &Element) -> Option<String> {
    let part = |name: &str| item.text_at(&["Identification", "NewsIdentifier", name]);
    part("PublicIdentifier").or_else(|| {
        let revision = part("RevisionId").unwrap_or_else(|| "1".to_owned());
        let (provider, day) = (part("ProviderId")?, part("DateId")?);
        Some(format!("urn:newsml:{provider}:{day}:{}:{revision}", part("NewsItemId")?))
    })
}

/// The town that an article was filed from.
fn origin(described: &Element) -> Option<String> {
    let mut places = described.all("Location").filter(|place| place.attribute("HowPresent") == Some("Origin"));
    let place = places.next()?;
    let mut towns = place.all("Property").filter(|property| property.attribute("FormalName") == Some("City"));
    towns.next()?.attribute("Value").map(str::to_owned)
}
