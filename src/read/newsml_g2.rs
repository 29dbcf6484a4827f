//! NewsML-G2: news items alone or several in a message. Packages, which refer to items elsewhere, and items of pictures
//! and films are counted as not read.

use super::xml::{self, Element};
use super::{File, Flow, Format, Skip, agency, language_code};
use crate::article::Article;

/// The items of NewsML-G2.
const ITEMS: &[&str] =
    &["newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem", "contentSet"];

/// The most creators that are looked at.
const MOST_CREATORS: usize = 50;

/// A news item, or a message with several.
pub(super) struct NewsMlG2;

impl Format for NewsMlG2 {
    fn name(&self) -> &'static str {
        "newsml-g2"
    }

    fn description(&self) -> &'static str {
        "NewsML-G2, the XML of news agencies: a news item, or a message with several"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["xml"]
    }

    fn recognise(&self, head: &[u8], _name: &str) -> u8 {
        let Some(root) = xml::root(head) else { return 0 };
        if root == "newsMessage" || ITEMS.contains(&root.as_str()) { 95 } else { 0 }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        agency::read(file, &|name, _| ITEMS.contains(&name), &|item| vec![article(item)], take, skip)
    }
}

/// The article of an item, or why it is none.
fn article(item: &Element) -> Result<Article, String> {
    match item.local() {
        "newsItem" | "contentSet" => {}
        "packageItem" => return Err(format!("is a package that {}", agency::ONLY_REFERENCES)),
        other => return Err(format!("is no article (`{other}`)")),
    }
    let about = item.at(&["itemMeta"]);
    let within = item.at(&["contentMeta"]);
    let status = about.and_then(|about| about.at(&["pubStatus"]));
    if let Some(reason) = status.and_then(value).as_deref().and_then(agency::withdrawn) {
        return Err(reason);
    }
    let contents = if item.local() == "contentSet" { Some(item) } else { item.at(&["contentSet"]) };
    let inner = contents.map(text).unwrap_or_default();
    if inner.text.is_empty() {
        let refers = contents.is_some_and(|contents| contents.at(&["remoteContent"]).is_some());
        return Err(if refers { agency::ONLY_REFERENCES } else { agency::NO_TEXT }.to_owned());
    }
    let source = source(about, within, item).or(inner.source);
    let written = within.and_then(|within| within.text_at(&["by"]));
    let mut authors = written.map(|by| agency::authors(&by, source.as_deref())).unwrap_or_default();
    if authors.is_empty() {
        authors = inner.authors;
    }
    if authors.is_empty() {
        authors = creators(within, source.as_deref());
    }
    let time = |element: Option<&Element>, name: &str| element?.text_at(&[name]);
    let first = time(about, "firstCreated");
    let content = time(within, "contentCreated");
    let version = time(about, "versionCreated");
    let tag = within.and_then(|within| within.at(&["language"])?.attribute("tag"));
    let marked = contents.and_then(|contents| contents.elements().find_map(|element| element.attribute("lang")));
    let mut article = Article {
        id: item.attribute("guid").map(str::to_owned).or(inner.id),
        title: within.and_then(headline).or(inner.title).or_else(|| about.and_then(|about| about.text_at(&["title"]))),
        section: within.and_then(section).or(inner.section),
        language: tag.or(marked).or(item.attribute("lang")).and_then(language_code).or(inner.language),
        url: inner.url,
        published: agency::published([first.as_deref(), content.as_deref(), version.as_deref()]).or(inner.published),
        dateline: time(within, "dateline").as_deref().and_then(agency::filed_from).or(inner.dateline),
        text: inner.text,
        furniture: inner.furniture,
        authors,
        source,
        ..Article::default()
    };
    let place = within.and_then(|within| within.at(&["located"])).and_then(name);
    agency::finish(&mut article, place);
    Ok(article)
}

/// The text of an item: the first of its renditions that has any, marked-up ones first.
fn text(contents: &Element) -> Article {
    let marked_up = contents.all("inlineXML").map(agency::content);
    let plain = contents.all("inlineData").filter(|data| data.attribute("encoding").is_none()).map(|data| {
        if data.elements().next().is_some() { agency::content(data) } else { agency::escaped(&data.raw_text()) }
    });
    marked_up.chain(plain).find(|content| !content.text.is_empty()).unwrap_or_default()
}

/// What an element stands for: its name, its literal, or the end of its code.
fn value(element: &Element) -> Option<String> {
    let code = || Some(element.attribute("qcode")?.rsplit(':').next()?.to_owned());
    let address = || Some(element.attribute("uri")?.rsplit('/').next()?.to_owned());
    code().or_else(|| element.attribute("literal").map(str::to_owned)).or_else(address)
}

/// The name of a concept.
fn name(element: &Element) -> Option<String> {
    let full = element.all("name").find(|name| name.attribute("role").is_none_or(|role| !role.ends_with("mnemonic")));
    full.and_then(Element::text)
}

/// The main headline: the first that is not marked as another.
fn headline(within: &Element) -> Option<String> {
    let role =
        |headline: &&Element| headline.attribute("role").is_none_or(|role| role.to_ascii_lowercase().ends_with("main"));
    let mut main = within.all("headline").filter(role);
    main.find_map(Element::text).or_else(|| within.all("headline").find_map(Element::text))
}

/// The agency: a name rather than the address of its site.
fn source(about: Option<&Element>, within: Option<&Element>, item: &Element) -> Option<String> {
    let provider = about.and_then(|about| about.at(&["provider"]));
    let origin = within.and_then(|within| within.at(&["infoSource"]));
    let literal = |element: Option<&Element>| Some(element?.attribute("literal")?.to_owned());
    let is_name = |name: &String| !name.contains('.') || name.contains(' ');
    let credit = within.and_then(|within| within.text_at(&["creditline"]));
    let code = provider.filter(|provider| provider.attribute("qcode").is_some()).and_then(value);
    let holder = item.at(&["rightsInfo", "copyrightHolder"]);
    let candidates = [
        provider.and_then(name),
        literal(provider).filter(is_name),
        code.filter(|code| code.contains(char::is_alphabetic) && !code.contains(|c: char| c.is_ascii_digit())),
        origin.and_then(name),
        literal(origin).filter(is_name),
        credit,
        holder.and_then(name),
        literal(holder),
        literal(provider),
    ];
    candidates.into_iter().flatten().next()
}

/// Those who made it, where they are persons: two names or more.
fn creators(within: Option<&Element>, source: Option<&str>) -> Vec<String> {
    let Some(within) = within else { return Vec::new() };
    let names = within
        .all("creator")
        .take(MOST_CREATORS)
        .filter_map(|creator| name(creator).or_else(|| creator.attribute("literal").map(str::to_owned)));
    let mut authors: Vec<String> = names.flat_map(|name| agency::authors(&name, source)).collect();
    authors.retain(|name| name.contains(' '));
    authors
}

/// The section: a department or category of the agency, a subject of the first level, or the first that is not part of
/// another.
fn section(within: &Element) -> Option<String> {
    let subjects: Vec<&Element> = within.all("subject").collect();
    let wide = |subject: &&&Element| {
        let of = |name: &str| subject.attribute(name).unwrap_or("").to_ascii_lowercase();
        let (kind, code) = (of("type"), of("qcode"));
        let scheme = code.split(':').next().unwrap_or("");
        ["category", "department", "section"].iter().any(|word| kind.contains(word) || scheme.contains(word))
    };
    // A category may be called by its letter.
    let spelt = |name: &String| name.chars().count() > 2;
    let category = subjects.iter().filter(wide).find_map(|subject| name(subject).filter(spelt));
    let codes = || subjects.iter().filter_map(|subject| subject.attribute("qcode"));
    let first_level = subjects.iter().find(|subject| {
        subject.attribute("qcode").is_some_and(|code| code.ends_with("000000") && agency::section_of([code]).is_some())
    });
    category.or_else(|| first_level.and_then(|subject| name(subject))).or_else(|| agency::section_of(codes())).or_else(
        || {
            let mut named = subjects.iter().filter(|subject| {
                let kind = subject.attribute("type").unwrap_or("cpnat:abstract");
                kind.ends_with("abstract") && subject.at(&["broader"]).is_none()
            });
            named.find_map(|subject| name(subject).filter(spelt))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(xml: &str, expected: &[&str]) {
        assert_eq!(agency::shown(&NewsMlG2, xml.as_bytes()), expected, "{xml}");
    }

    #[test]
    fn fields_of_an_article() {
        check(
            "<newsItem guid='urn:x:1' xml:lang='en'><itemMeta><provider literal='np.example'/>\
             <versionCreated>2024-06-20T09:00:00Z</versionCreated><firstCreated>2024-06-19T23:30:00-05:00</firstCreated>\
             <pubStatus qcode='stat:usable'/></itemMeta><contentMeta><located><name>Leeds</name></located>\
             <infoSource literal='Northgate Press'/><language tag='en-GB'/>\
             <subject type='cpnat:abstract' qcode='npdepartment:3'><name>Home</name></subject>\
             <subject qcode='medtop:17000000'><name>weather</name></subject>\
             <headline role='hld:sub'>Wet</headline><headline>Rain in Leeds</headline>\
             <by>By Ann Lee</by></contentMeta><contentSet><inlineData contenttype='text/plain'>plain</inlineData>\
             <inlineXML contenttype='application/xhtml+xml'><html xmlns='x'><head><title>T</title></head><body>\
             <p>It rained.</p></body></html></inlineXML></contentSet></newsItem>",
            &[
                "id urn:x:1 | title Rain in Leeds | by Ann Lee | source Northgate Press | section Home | language en-GB | \
               on 2024-06-19 | from Leeds | text It rained.",
            ],
        );
    }

    #[test]
    fn messages_with_packages_and_pictures() {
        let item = |status: &str, content: &str| {
            format!(
                "<newsItem><itemMeta><pubStatus qcode='stat:{status}'/></itemMeta><contentSet>{content}</contentSet>\
                 </newsItem>"
            )
        };
        check(
            &format!(
                "<newsMessage><header/><itemSet><packageItem/>{}{}{}{}<conceptItem/></itemSet></newsMessage>",
                item("usable", "<inlineData>One.\n\nTwo.</inlineData>"),
                item("canceled", "<inlineData>One.</inlineData>"),
                item("usable", "<remoteContent href='a.mp4'/>"),
                item("usable", "<inlineXML/>"),
            ),
            &[
                "member 2 | text One.//Two.",
                "item 1! is a package that holds no text, only references",
                "item 3! was withdrawn by its agency (canceled)",
                "item 4! holds no text, only references",
                "item 5! has no text",
                "item 6! is no article (`conceptItem`)",
            ],
        );
    }

    #[test]
    fn what_is_damaged_or_only_a_part() {
        check(
            "<contentSet><inlineXML><nitf><body><body.head><hedline><hl1>Rain</hl1></hedline></body.head><body.content>\
             <p>It rained.</p></body.content></body></nitf></inlineXML></contentSet>",
            &["title Rain | text It rained."],
        );
        check("<newsMessage><itemSet>", &["! holds no articles"]);
        check(
            "<newsItem><contentSet><inlineData>Rain",
            &["text Rain", "! is no well-formed XML; what comes before the fault was read"],
        );
    }
}
