//! NewsML 1.x: a file of news items, each made of components with headlines, metadata and content in NITF, XHTML or plain
//! text.
//!
//! 1. [`stories`] goes through the components of an item. Each component with headlines of its own is an article of its
//!    own, made of the texts in it; captions are left out.
//! 2. [`article`] reads the texts, and the metadata of the component and of the item around it.

use super::xml::{self, Element};
use super::{File, Flow, Format, Skip, agency, language_code};
use crate::article::Article;

/// The most articles of one item. Packages have a dozen.
const MOST_STORIES: usize = 500;

/// The most texts of one article. Usually there is one, in two or three formats at most.
const MOST_CONTENTS: usize = 100;

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
    let many = stories.len() > MOST_STORIES;
    let mut found: Vec<Article> = stories.iter().take(MOST_STORIES).filter_map(|story| article(item, story)).collect();
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
    let rest = many.then(|| Err(format!("has more than {MOST_STORIES} articles: the rest is not read")));
    found.into_iter().map(Ok).chain(rest).collect()
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
    for content in story.contents.iter().take(MOST_CONTENTS) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(items: &str, expected: &[&str]) {
        let xml = format!("<NewsML Version='1.2'>{items}</NewsML>");
        assert_eq!(agency::shown(&NewsMl, xml.as_bytes()), expected, "{xml}");
    }

    const HEAD: &str = "<NewsItem><Identification><NewsIdentifier><ProviderId>np.example</ProviderId>\
        <DateId>20200613</DateId><NewsItemId>7</NewsItemId></NewsIdentifier></Identification><NewsManagement>\
        <FirstCreated>20200612T235900+0200</FirstCreated><ThisRevisionCreated>20200701T000000Z</ThisRevisionCreated>\
        <Status FormalName='Usable'/></NewsManagement>";

    #[test]
    fn fields_of_an_article() {
        check(
            &format!(
                "{HEAD}<NewsComponent><NewsLines><HeadLine>Rain in Leeds</HeadLine><ByLine>By Ann Lee</ByLine>\
                 <DateLine>LEEDS, June 12, 2020 (NP) -</DateLine></NewsLines><AdministrativeMetadata>\
                 <Provider><Party FormalName='np.example'/></Provider><Source><Party FormalName='NP'/></Source>\
                 </AdministrativeMetadata><DescriptiveMetadata><Language FormalName='EN'/>\
                 <SubjectCode><SubjectMatter FormalName='17001000'/></SubjectCode></DescriptiveMetadata>\
                 <NewsComponent><ContentItem><MediaType FormalName='Text'/><DataContent><p>It rained.</p><p>ab/cd</p>\
                 </DataContent></ContentItem></NewsComponent>\
                 <NewsComponent Duid='photo0'><NewsLines><HeadLine>A quay</HeadLine></NewsLines>\
                 <NewsComponent><Role FormalName='Caption'/><ContentItem><DataContent><p>A quay.</p></DataContent>\
                 </ContentItem></NewsComponent><NewsComponent><ContentItem Href='a.jpg'><MediaType FormalName='Photo'/>\
                 </ContentItem></NewsComponent></NewsComponent></NewsComponent></NewsItem>"
            ),
            &[
                "id urn:newsml:np.example:20200613:7:1 | title Rain in Leeds | by Ann Lee | source NP | section weather | \
               language en | on 2020-06-12 | from LEEDS | text It rained.//ab/cd",
            ],
        );
    }

    #[test]
    fn content_in_many_forms() {
        let of = |content: &str| {
            format!(
                "<NewsItem><NewsComponent><NewsLines><HeadLine/></NewsLines><ContentItem><DataContent>{content}\
                 </DataContent></ContentItem></NewsComponent></NewsItem>"
            )
        };
        for content in [
            "<nitf><body><body.content><p>One.</p><p>Two.</p></body.content></body></nitf>",
            "<html><head><title/></head><body><p>One.</p><p>Two.</p></body></html>",
            "<![CDATA[<P>One.</P><P>Two.</P>]]>",
            "&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;",
            "One.\n\n  Two.\n",
            "<![CDATA[<nitf><body><body.content><p>One.</p><p>Two.</p></body.content></body></nitf>]]>",
        ] {
            check(&of(content), &["text One.//Two."]);
        }
        check(&of(""), &["! has no text"]);
    }

    #[test]
    fn several_components_and_items() {
        let text = |text: &str| format!("<ContentItem><DataContent><p>{text}</p></DataContent></ContentItem>");
        let story = |title: &str| {
            format!("<NewsComponent><NewsLines><HeadLine>{title}</HeadLine></NewsLines>{}</NewsComponent>", text(title))
        };
        check(
            &format!("{HEAD}<NewsComponent>{}{}</NewsComponent></NewsItem>", story("A"), story("B")),
            &[
                "member 1 | id urn:newsml:np.example:20200613:7:1#1 | title A | source np.example | on 2020-06-12 | text A",
                "member 2 | id urn:newsml:np.example:20200613:7:1#2 | title B | source np.example | on 2020-06-12 | text B",
            ],
        );
        check(
            &format!(
                "<NewsItem>{}</NewsItem><NewsItem><NewsManagement><Status FormalName='Canceled'/></NewsManagement>{}\
                 </NewsItem><NewsItem><NewsComponent><ContentItem Href='a.jpg'/></NewsComponent></NewsItem>",
                story("A"),
                story("B")
            ),
            &[
                "member 1 | title A | text A",
                "item 2! was withdrawn by its agency (canceled)",
                "item 3! holds no text, only references",
            ],
        );
        check(
            &format!(
                "<NewsItem><NewsComponent EquivalentsList='yes'>{}{}</NewsComponent></NewsItem>",
                text("One."),
                text("The same in another format.")
            ),
            &["text One."],
        );
    }

    #[test]
    fn what_is_damaged() {
        check("", &["! holds no articles"]);
        check("<NewsItem/>", &["! has no text"]);
        let cut = "<NewsML><NewsItem><NewsComponent><ContentItem><DataContent><p>One";
        assert_eq!(
            agency::shown(&NewsMl, cut.as_bytes()),
            ["text One", "! is no well-formed XML; what comes before the fault was read"]
        );
    }
}
