//! JSON-LD: what a page says of its article for machines.

use super::fragment;
use crate::read::json::parse;
use serde_json::{Map, Value};

/// What the JSON-LD of a page says of its article.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Linked {
    pub(super) headline: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) publisher: Option<String>,
    pub(super) section: Option<String>,
    pub(super) language: Option<String>,
    pub(super) url: Option<String>,
    /// The days of publication as written, the best first.
    pub(super) published: Vec<String>,
    pub(super) modified: Option<String>,
    /// The whole text.
    pub(super) body: Option<String>,
}

/// How deep articles may lie in other objects.
const DEEPEST: usize = 6;
/// How many objects are looked at.
const MOST: usize = 3000;

/// Reads the JSON-LD of a page; `own` is the address that the page has for itself.
pub(super) fn read(texts: &[String], own: Option<&str>) -> Linked {
    let values: Vec<Value> = texts.iter().flat_map(|text| values(text)).collect();
    let mut objects = Vec::new();
    values.iter().for_each(|value| collect(value, 0, &mut objects));
    // Pages list other articles too: the one of this page has its address or comes first.
    let own = own.map(bare);
    let is_own = |object: &Map<String, Value>| own.is_some() && address(object).as_deref().map(bare) == own;
    let best = |rank: u8| {
        let of_rank = || objects.iter().copied().filter(move |object| rank_of(object) == rank);
        of_rank().find(|object| is_own(object)).or_else(|| of_rank().next())
    };
    let ranked: Vec<&Map<String, Value>> = [3, 2, 1].into_iter().filter_map(best).collect();
    let mut linked = Linked::default();
    for object in ranked.iter().copied() {
        linked.add(object, &objects);
    }
    let site =
        objects.iter().find(|object| has_type(object, |kind| kind == "WebSite" || kind == "NewsMediaOrganization"));
    linked.publisher = linked.publisher.or_else(|| name(site?.get("name")?, &objects));
    if ranked.is_empty() {
        // What cannot be mended is searched for the fields that matter.
        for text in texts.iter().filter(|text| values_of(text).is_none()) {
            linked.headline = linked.headline.or_else(|| scan(text, "headline"));
            linked.section = linked.section.or_else(|| scan(text, "articleSection"));
            linked.published.extend(scan(text, "datePublished"));
            linked.body = linked.body.or_else(|| scan(text, "articleBody"));
        }
    }
    linked
}

impl Linked {
    /// Fills in what `object` says and a better one did not.
    fn add(&mut self, object: &Map<String, Value>, all: &[&Map<String, Value>]) {
        let text = |key: &str| object.get(key).and_then(line);
        // The name of a page or a film is its title only where nothing else is.
        if self.headline.is_none() {
            self.headline = text("headline").or_else(|| text("name")).or_else(|| text("alternativeHeadline"));
        }
        if self.authors.is_empty() {
            let value = ["author", "creator"].iter().find_map(|key| object.get(*key));
            self.authors = value.map(|value| names(value, all)).unwrap_or_default();
        }
        let publisher =
            ["publisher", "sourceOrganization", "provider"].iter().find_map(|key| name(object.get(*key)?, all));
        self.publisher = self.publisher.take().or(publisher);
        self.section = self
            .section
            .take()
            .or_else(|| text("articleSection"))
            .or_else(|| text("genre").filter(|g| !g.contains('/')));
        self.language = self.language.take().or_else(|| text("inLanguage"));
        self.url = self.url.take().or_else(|| address(object));
        self.published.extend(text("datePublished"));
        self.modified = self.modified.take().or_else(|| text("dateModified"));
        self.body = self.body.take().or_else(|| body(object));
    }
}

/// The values of a script: one, or several that stand one after the other; comments around them are passed over.
fn values(text: &str) -> Vec<Value> {
    values_of(text).unwrap_or_default()
}

fn values_of(text: &str) -> Option<Vec<Value>> {
    let text = text.trim().trim_start_matches("<!--").trim_start_matches("//").trim_start();
    let text = text.strip_prefix("<![CDATA[").unwrap_or(text).trim_start_matches("/**/").trim_start();
    let text = text.trim_end().trim_end_matches("-->").trim_end_matches("]]>").trim_end_matches("//").trim_end();
    let text = text.trim_end_matches([';', ',']).trim_end();
    if text.is_empty() {
        return Some(Vec::new());
    }
    if let Ok(value) = parse(text.as_bytes()) {
        return Some(vec![value]);
    }
    // `{…}{…}`, `{…},{…}` and what was escaped for HTML.
    let list = format!("[{}]", text.replace("}\n{", "},{").replace("}{", "},{"));
    let unescaped = || text.replace("&quot;", "\"").replace("&amp;", "&").replace("&#34;", "\"");
    parse(list.as_bytes()).or_else(|_| parse(unescaped().as_bytes())).ok().map(|value| vec![value])
}

/// Puts all objects that can be the article of a page, or a person of it, into `out`.
fn collect<'a>(value: &'a Value, depth: usize, out: &mut Vec<&'a Map<String, Value>>) {
    if depth > DEEPEST || out.len() >= MOST {
        return;
    }
    match value {
        Value::Array(list) => list.iter().for_each(|value| collect(value, depth + 1, out)),
        Value::Object(object) => {
            out.push(object);
            for key in [
                "@graph",
                "mainEntity",
                "mainEntityOfPage",
                "hasPart",
                "itemListElement",
                "item",
                "author",
                "publisher",
            ] {
                if let Some(inner) = object.get(key) {
                    collect(inner, depth + 1, out);
                }
            }
        }
        _ => {}
    }
}

fn has_type(object: &Map<String, Value>, is: impl Fn(&str) -> bool) -> bool {
    let is = |value: &Value| value.as_str().is_some_and(|kind| is(kind.rsplit(['/', ':']).next().unwrap_or(kind)));
    match object.get("@type") {
        Some(Value::Array(list)) => list.iter().any(is),
        Some(value) => is(value),
        None => false,
    }
}

/// How likely an object is the article: 3 news, 2 any article, 1 a page, 0 none.
fn rank_of(object: &Map<String, Value>) -> u8 {
    if has_type(object, |kind| kind.ends_with("NewsArticle") || kind == "LiveBlogPosting") {
        3
    } else if has_type(object, |kind| {
        kind.ends_with("Article")
            || kind.ends_with("Posting")
            || matches!(kind, "Report" | "Review" | "ClaimReview" | "CreativeWork" | "Reportage")
    }) {
        2
    } else {
        u8::from(has_type(object, |kind| kind.ends_with("Page")) && object.len() > 2)
    }
}

/// The address of an object.
fn address(object: &Map<String, Value>) -> Option<String> {
    ["url", "mainEntityOfPage", "@id"].iter().find_map(|key| {
        let value = object.get(*key)?;
        let value = value.as_object().and_then(|inner| inner.get("@id").or_else(|| inner.get("url"))).unwrap_or(value);
        line(value).filter(|address| address.starts_with("http"))
    })
}

/// An address without what varies: scheme, `www.`, query, fragment, slash at the end.
pub(super) fn bare(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    rest.split(['?', '#']).next().unwrap_or(rest).trim_end_matches('/')
}

/// Something that stands on one line, entities resolved.
fn line(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => one_line(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(list) => list.iter().find_map(line),
        Value::Object(object) => ["@value", "name", "@id"].iter().find_map(|key| line(object.get(*key)?)),
        _ => None,
    }
}

/// A text on one line, entities and tags resolved; none where it is empty.
pub(super) fn one_line(text: &str) -> Option<String> {
    let resolved;
    let mut text = text;
    if text.contains('&') || fragment::is_html(text) {
        resolved = fragment::text(text);
        text = &resolved;
    }
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

/// The name of something, looked up where only its id stands there.
fn name(value: &Value, all: &[&Map<String, Value>]) -> Option<String> {
    names(value, all).into_iter().next()
}

fn names(value: &Value, all: &[&Map<String, Value>]) -> Vec<String> {
    match value {
        Value::String(text) => one_line(text).into_iter().collect(),
        Value::Array(list) => list.iter().flat_map(|value| names(value, all)).collect(),
        Value::Object(object) => {
            let named = |object: &Map<String, Value>| {
                let part = |key: &str| line(object.get(key)?).filter(|name| !name.starts_with("http"));
                part("name").or_else(|| Some(format!("{} {}", part("givenName")?, part("familyName")?)))
            };
            let other = || {
                let id = object.get("@id")?.as_str()?;
                all.iter()
                    .filter(|other| other.get("@id").and_then(Value::as_str) == Some(id))
                    .find_map(|other| named(other))
            };
            // `"name": ["A", "B"]`
            if let Some(Value::Array(list)) = object.get("name") {
                return list.iter().filter_map(line).collect();
            }
            named(object).or_else(other).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The whole text of an article, that of a live blog entry by entry.
fn body(object: &Map<String, Value>) -> Option<String> {
    let text = |object: &Map<String, Value>| {
        let text = object.get("articleBody").or_else(|| object.get("text"))?;
        let text = match text {
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n\n"),
            _ => text.as_str()?.to_owned(),
        };
        Some(prose(&text)).filter(|text| !text.is_empty())
    };
    let own = text(object);
    let Some(Value::Array(entries)) = object.get("liveBlogUpdate") else { return own };
    let mut parts: Vec<String> = own.into_iter().collect();
    for entry in entries.iter().filter_map(Value::as_object) {
        parts.extend(entry.get("headline").and_then(line));
        parts.extend(text(entry));
    }
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

/// A text with tags or entities resolved, its lines kept where it has none.
fn prose(text: &str) -> String {
    if fragment::is_html(text) {
        return fragment::text(text);
    }
    let lines = text.lines().map(|line| one_line(line).unwrap_or_default());
    let mut out = String::with_capacity(text.len());
    for line in lines.filter(|line| !line.is_empty()) {
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        out.push_str(&line);
    }
    out
}

/// The string that stands behind a key in text that is no valid JSON.
fn scan(text: &str, key: &str) -> Option<String> {
    let quoted = format!("\"{key}\"");
    let after = text.get(text.find(&quoted)? + quoted.len()..)?.trim_start().strip_prefix(':')?.trim_start();
    let after = after.strip_prefix('"')?;
    // It ends with a quotation mark before a comma or bracket; others within are the fault.
    let mut from = 0;
    loop {
        let at = from + after.get(from..)?.find('"')?;
        let rest = after.get(at + 1..)?.trim_start();
        let escaped = after.get(..at).is_some_and(|before| before.ends_with('\\'));
        let next_key = rest.strip_prefix(',').is_none_or(|rest| rest.trim_start().starts_with(['"', '{', '}']));
        if !escaped && (rest.starts_with(['}', ']']) || rest.starts_with(',') && next_key) {
            let value = after.get(..at)?.replace("\\\"", "\"").replace("\\/", "/").replace("\\n", "\n");
            return Some(value.trim().to_owned()).filter(|value| !value.is_empty());
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: Linked) {
        assert_eq!(read(&[json.to_owned()], Some("https://paper.example/b")), expected, "{json}");
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn articles_in_all_shapes() {
        check(
            r#"{"@type":"NewsArticle","headline":"A &amp; B","author":{"@type":"Person","name":"Ana Ruiz"},
                "publisher":{"name":"Leeds Observer"},"datePublished":"2024-06-19","articleSection":["World","Asia"],
                "inLanguage":"en","mainEntityOfPage":{"@id":"https://paper.example/b"},"articleBody":"One.\nTwo."}"#,
            Linked {
                headline: some("A & B"),
                authors: vec!["Ana Ruiz".to_owned()],
                publisher: some("Leeds Observer"),
                section: some("World"),
                language: some("en"),
                url: some("https://paper.example/b"),
                published: vec!["2024-06-19".to_owned()],
                modified: None,
                body: some("One.\n\nTwo."),
            },
        );
        // References, and the article of this page among others.
        check(
            r##"{"@graph":[{"@type":"WebSite","name":"Leeds Observer"},
                {"@type":["Article","NewsArticle"],"url":"https://paper.example/a","headline":"Other"},
                {"@type":"https://schema.org/NewsArticle","url":"http://www.paper.example/b/","headline":"This","author":[{"@id":"#p"}]},
                {"@type":"Person","@id":"#p","name":"Bo Li"}]}"##,
            Linked {
                headline: some("This"),
                authors: vec!["Bo Li".to_owned()],
                publisher: some("Leeds Observer"),
                url: some("http://www.paper.example/b/"),
                ..Linked::default()
            },
        );
        check(r#"{"@type":"Organization","name":"Leeds Observer"}"#, Linked::default());
    }

    #[test]
    fn what_is_broken() {
        let this = || Linked { headline: some("This"), ..Linked::default() };
        for json in [
            r#"<!-- {"@type":"NewsArticle","headline":"This",} -->"#,
            r#"//<![CDATA[
               {"@type":"NewsArticle","headline":"This"};
               //]]>"#,
            r#"{"@type":"Organization"}{"@type":"NewsArticle","headline":"This"}"#,
            r#"{&quot;@type&quot;:&quot;NewsArticle&quot;,&quot;headline&quot;:&quot;This&quot;}"#,
            r#"{"@type":"NewsArticle","headline":"This","description":"a "quoted" word"}"#,
        ] {
            check(json, this());
        }
        check(
            r#"{"@type":"NewsArticle","headline":"A "quoted" word, and more","datePublished":"2024-06-19"}"#,
            Linked {
                headline: some(r#"A "quoted" word, and more"#),
                published: vec!["2024-06-19".to_owned()],
                ..Linked::default()
            },
        );
        for json in
            ["", "[", "{", "[]", "null", "\"", "{\"@type\":\"NewsArticle\"", "{\"headline\":\"", &"[".repeat(100_000)]
        {
            check(json, Linked::default());
        }
    }

    #[test]
    fn a_live_blog_is_its_entries() {
        check(
            r#"{"@type":"LiveBlogPosting","headline":"Count","liveBlogUpdate":[
                {"@type":"BlogPosting","headline":"Polls close","articleBody":"<p>At ten.</p>"},{"articleBody":"Later."}]}"#,
            Linked { headline: some("Count"), body: some("Polls close\n\nAt ten.\n\nLater."), ..Linked::default() },
        );
    }
}
