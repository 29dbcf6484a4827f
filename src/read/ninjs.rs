//! ninjs, the JSON of news agencies, in its versions 1 to 3: one item a file, or items in lists and in JSON Lines, which
//! the readers of JSON cut up and hand to [`article`].
//!
//! Version 1 has `headline`, `byline`, `body_xhtml`; versions 2 and 3 have lists of `headlines` and `bodies` with roles.
//! Version 3 has no underscores in names.

use super::html::fragment;
use super::json::{Json, begins_like_json};
use super::{File, Flow, Format, Skip, agency, encoding, language_code, prose};
use crate::article::Article;
use serde_json::{Map, Value};

/// An item in ninjs.
pub(super) struct Ninjs;

/// Names of fields that ninjs has and other JSON hardly, as [`plain`] writes them.
const NAMES: &[&str] = &[
    "versioncreated",
    "firstcreated",
    "contentcreated",
    "pubstatus",
    "bodies",
    "bodytext",
    "bodyxhtml",
    "bodyhtml",
    "headlines",
    "representationtype",
    "copyrightholder",
    "copyrightnotice",
    "usageterms",
    "ednote",
    "altids",
    "associations",
    "embargoed",
    "located",
    "slugline",
    "urgency",
];

/// How many of [`NAMES`] make it ninjs. Few others have `uri` and two of them.
const ENOUGH: usize = 2;

impl Format for Ninjs {
    fn name(&self) -> &'static str {
        "ninjs"
    }

    fn description(&self) -> &'static str {
        "ninjs, the JSON of news agencies"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["json"]
    }

    fn recognise(&self, head: &[u8], _name: &str) -> u8 {
        if !begins_like_json(head) {
            return 0;
        }
        let head = encoding::decode(head).text;
        let mut names: Vec<String> = keys(&head).map(plain).collect();
        names.sort_unstable();
        names.dedup();
        let known = names.iter().filter(|name| NAMES.contains(&name.as_str())).count();
        // Above JSON, below JSON Lines.
        if names.iter().any(|name| name == "uri") && known >= ENOUGH { 93 } else { 0 }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        Json.read(file, take, skip)
    }
}

/// The strings of JSON that stand before a colon.
fn keys(json: &str) -> impl Iterator<Item = &str> {
    let mut parts = json.split('"').peekable();
    std::iter::from_fn(move || {
        loop {
            let part = parts.next()?;
            if parts.peek().is_some_and(|next| next.trim_start().starts_with(':')) {
                return Some(part);
            }
        }
    })
}

/// A name of version 1, 2 or 3 in one way: `version_created`, `versionCreated`.
fn plain(name: &str) -> String {
    name.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether an object is an item in ninjs.
pub(super) fn is_item(object: &Map<String, Value>) -> bool {
    object.get("uri").is_some_and(Value::is_string)
        && object.keys().filter(|name| NAMES.contains(&plain(name).as_str())).count() >= ENOUGH
}

/// The article of an item in ninjs, or why it is none.
pub(super) fn article(object: &Map<String, Value>) -> Result<Article, String> {
    let item = Item(object);
    if let Some(reason) = item.line("pubstatus").as_deref().and_then(agency::withdrawn) {
        return Err(reason);
    }
    let kind = item.line("type").unwrap_or_default();
    let inner = item.body();
    let text = if !inner.text.is_empty() {
        inner.text
    } else if matches!(kind.as_str(), "picture" | "graphic" | "video" | "audio" | "animation") {
        return Err(format!("is of the type `{kind}`, no text"));
    } else {
        item.description().ok_or(agency::NO_TEXT)?
    };
    let address = item.line("uri");
    let source = item.source().or(inner.source);
    let by = item.line("byline").or_else(|| item.line("by"));
    let authors = by.map(|by| agency::authors(&by, source.as_deref())).filter(|names| !names.is_empty());
    let dates = ["firstcreated", "contentcreated", "versioncreated"].map(|name| item.line(name));
    let mut article = Article {
        title: item.line("headline").or_else(|| item.role("headlines", "main")).or_else(|| item.line("title")),
        authors: authors.unwrap_or(inner.authors),
        section: item.section(),
        language: item.line("language").as_deref().and_then(language_code),
        url: address.clone().filter(|address| address.starts_with("http")),
        id: address,
        published: agency::published(dates.iter().map(Option::as_deref)),
        furniture: inner.furniture,
        source,
        text,
        ..Article::default()
    };
    agency::finish(&mut article, item.line("located"));
    Ok(article)
}

struct Item<'a>(&'a Map<String, Value>);

impl<'a> Item<'a> {
    /// A field by its name in lower case without underscores.
    fn field(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name).or_else(|| self.0.iter().find(|(key, _)| plain(key) == name).map(|(_, value)| value))
    }

    /// A field that is a string, on one line.
    fn line(&self, name: &str) -> Option<String> {
        super::xml::one_line(self.field(name)?.as_str()?)
    }

    /// The objects of a field that is a list, or that is an object of objects.
    fn list(&self, name: &str) -> Vec<&'a Map<String, Value>> {
        match self.field(name) {
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_object).collect(),
            Some(Value::Object(object)) => object.values().filter_map(Value::as_object).collect(),
            _ => Vec::new(),
        }
    }

    /// The value in a list of values that has this role, or the first of all.
    fn role(&self, name: &str, role: &str) -> Option<String> {
        let list = self.list(name);
        let value = |part: &&Map<String, Value>| super::xml::one_line(part.get("value")?.as_str()?);
        let of_role = list.iter().find(|part| part.get("role").and_then(Value::as_str) == Some(role));
        of_role.and_then(value).or_else(|| list.iter().find_map(value))
    }

    /// The body, marked-up ones first, for plain ones have often lost their paragraphs.
    fn body(&self) -> Article {
        let own = ["bodyxhtml", "bodyhtml", "bodytext", "body"].into_iter().filter_map(|name| {
            let body = self.field(name)?.as_str()?;
            Some(Article { text: marked_up(body, name != "bodytext"), ..Article::default() })
        });
        let mut bodies: Vec<(u8, &str)> = Vec::new();
        for part in self.list("bodies") {
            let part = Item(part);
            let (Some(Value::String(body)), kind) = (part.field("value"), part.line("contenttype")) else { continue };
            let kind = kind.unwrap_or_default().to_ascii_lowercase();
            let rank = match kind.as_str() {
                _ if kind.contains("html") => 0,
                _ if kind.contains("nitf") => 1,
                _ => 2,
            };
            bodies.push((rank, body));
        }
        bodies.sort_by_key(|(rank, _)| *rank);
        let listed = bodies.into_iter().map(|(rank, body)| match rank {
            0 => Article { text: marked_up(body, true), ..Article::default() },
            _ => agency::escaped(body),
        });
        own.chain(listed).find(|body| !body.text.is_empty()).unwrap_or_default()
    }

    /// What stands in where there is no body.
    fn description(&self) -> Option<String> {
        let listed = || self.list("descriptions").into_iter().find_map(|part| part.get("value")?.as_str());
        let own = ["descriptiontext", "descriptionhtml", "description"].into_iter();
        let own = own.filter_map(|name| self.field(name)?.as_str()).find(|text| !text.trim().is_empty());
        own.or_else(listed).map(prose::string).filter(|text| !text.is_empty())
    }

    fn source(&self) -> Option<String> {
        let named =
            |name: &str| self.list(name).into_iter().find_map(|part| part.get("name")?.as_str()).map(str::to_owned);
        named("infosources")
            .or_else(|| named("infosource"))
            .or_else(|| self.line("creditline"))
            .or_else(|| self.line("provider"))
            .or_else(|| self.line("copyrightholder"))
            .or_else(|| self.list("rightsinfo").into_iter().find_map(|rights| Item(rights).line("copyrightholder")))
    }

    /// The section: a subject that is marked as category, one of the first level, or the first.
    fn section(&self) -> Option<String> {
        let subjects: Vec<Item<'_>> = self.list("subjects").into_iter().chain(self.list("subject")).map(Item).collect();
        // What the text is about or speaks of is no section.
        let of_text =
            |subject: &Item<'_>| subject.line("rel").is_some_and(|rel| matches!(rel.as_str(), "about" | "mentions"));
        let category = subjects.iter().find(|subject| {
            subject.line("rel").is_some_and(|rel| rel == "category")
                || subject.line("scheme").is_some_and(|scheme| scheme.contains("category"))
        });
        let first_level = subjects.iter().find(|subject| {
            let codes = ["uri", "code", "literal"].into_iter().filter_map(|name| subject.line(name));
            let codes: Vec<String> = codes.filter(|code| code.ends_with("000000")).collect();
            agency::section_of(codes.iter().map(String::as_str)).is_some()
        });
        category
            .and_then(|subject| subject.line("name"))
            .or_else(|| first_level.and_then(|subject| subject.line("name")))
            .or_else(|| subjects.iter().filter(|subject| !of_text(subject)).find_map(|subject| subject.line("name")))
    }
}

/// The prose in a body that should be HTML.
fn marked_up(body: &str, html: bool) -> String {
    if html { fragment::text(body) } else { prose::string(body) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(item: &Value, expected: &str) {
        let found = agency::shown(&Ninjs, item.to_string().as_bytes());
        assert_eq!(found, [expected], "{item}");
    }

    #[test]
    fn all_versions() {
        check(
            &json!({
                "uri": "urn:np:1", "type": "text", "pubstatus": "usable", "versioncreated": "2024-06-20T01:00:00Z",
                "firstcreated": "2024-06-19T01:00:00Z", "headline": "Rain in Leeds", "byline": "By Ann Lee",
                "body_text": "One. Two.", "body_xhtml": "<p>One.</p><p>Two.</p>", "copyrightholder": "NP",
                "language": "en-GB", "subject": [{"name": "weather", "code": "medtop:17000000"}],
                "associations": {"p": {"uri": "x", "type": "picture", "description_text": "A quay."}},
            }),
            "id urn:np:1 | title Rain in Leeds | by Ann Lee | source NP | section weather | language en-GB | on 2024-06-19 \
             | text One.//Two.",
        );
        check(
            &json!({
                "uri": "urn:np:2", "type": "text", "versionCreated": "2024-06-20T01:00:00Z", "pubStatus": "usable",
                "headlines": [{"role": "sub", "value": "Wet"}, {"role": "main", "value": "Rain in Leeds"}],
                "bodies": [{"contentType": "text/plain", "value": "One. Two."},
                    {"contentType": "text/html", "value": "<p>One.</p><p>Two.</p>"}],
                "by": "NP", "infoSources": [{"name": "NP"}], "located": "Leeds, England",
                "subjects": [{"name": "rain"}],
            }),
            "id urn:np:2 | title Rain in Leeds | source NP | section rain | on 2024-06-20 | from Leeds | text One.//Two.",
        );
    }

    #[test]
    fn what_is_no_article() {
        let item = |kind: &str, status: &str| {
            json!({"uri": "urn:np:1", "type": kind, "pubstatus": status, "versioncreated": "2024", "headline": "A",
                "description_text": "Rain falls on a quay."})
        };
        check(&item("picture", "usable"), "! is of the type `picture`, no text");
        check(&item("text", "canceled"), "! was withdrawn by its agency (canceled)");
        check(&item("text", "usable"), "id urn:np:1 | title A | on 2024 | text Rain falls on a quay.");
        check(&json!({"uri": "u", "versioncreated": 7, "pubstatus": [], "headline": {}}), "! has no text");
    }

    #[test]
    fn items_in_lists_are_known_too() {
        let item =
            |text: &str| json!({"uri": text, "versioncreated": "2024", "pubstatus": "usable", "body_html": text});
        let expected = ["member 0 | id <p>a</p> | on 2024 | text a", "member 1 | id <p>b</p> | on 2024 | text b"];
        let list = json!([item("<p>a</p>"), item("<p>b</p>")]);
        assert_eq!(agency::shown(&Json, list.to_string().as_bytes()), expected);
        let held = json!({"total": 2, "item": list});
        assert_eq!(agency::shown(&Json, held.to_string().as_bytes()), expected);
    }

    #[test]
    fn it_is_known_by_its_names() {
        for (head, expected) in [
            (r#"{"uri": "a", "versioncreated": "2024", "body_html": "#, 93),
            (r#"{"uri": "a", "versionCreated": "2024", "pubStatus": "#, 93),
            (r#"{"uri": "a", "title": "b", "text": "versioncreated, pubstatus"}"#, 0),
            (r#"{"title": "b", "versioncreated": "2024", "pubstatus": ""}"#, 0),
            ("uri versioncreated pubstatus", 0),
        ] {
            assert_eq!(Ninjs.recognise(head.as_bytes(), "a.json"), expected, "{head}");
        }
    }
}
