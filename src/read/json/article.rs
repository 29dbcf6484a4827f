//! The fields of an article in a JSON object, under the names that news data sets give them.

use crate::article::{Article, Confidence, Provenance, Published};
use crate::read::fields::{NAMES, Names, Role};
use crate::read::html::fragment;
use crate::read::{language_code, layout};
use crate::when::{Written, written};
use chrono::DateTime;
use serde_json::{Map, Value};

/// How deep objects are looked into: `_source`, `fields` and the like.
const NESTED: usize = 3;

/// The most writers of an article. Each is compared with all before it.
const MOST_WRITERS: usize = 100;

/// The fields of one object by role, the best name first.
struct Fields(Vec<(Role, usize, Value)>);

impl Fields {
    /// Takes what is known from `object`; names deeper down count less.
    fn add(&mut self, object: Map<String, Value>, names: &Names, depth: usize) {
        for (name, value) in object {
            let Some((role, rank)) = names.role(&name).filter(|_| !value.is_null()) else { continue };
            let rank = rank + depth * 100;
            match value {
                Value::Object(inner) if (role == Role::Inner || role == Role::Text) && depth < NESTED => {
                    if role == Role::Text
                        && let Some(text) = text(&Value::Object(inner.clone()))
                    {
                        self.0.push((role, rank, Value::String(text)));
                    }
                    self.add(inner, names, depth + 1);
                }
                _ if role == Role::Inner => {}
                value => self.0.push((role, rank, value)),
            }
        }
    }

    /// The first field of a role of which `read` makes something, and the place of its name among the others.
    fn first<T>(&self, role: Role, read: impl Fn(&Value) -> Option<T>) -> Option<(usize, T)> {
        let of_role = self.0.iter().filter(|(of, ..)| *of == role);
        let mut best: Option<(usize, T)> = None;
        for (_, rank, value) in of_role {
            if best.as_ref().is_none_or(|(least, _)| rank < least)
                && let Some(found) = read(value)
            {
                best = Some((*rank, found));
            }
        }
        best
    }

    fn take(&self, role: Role, read: impl Fn(&Value) -> Option<String>) -> Option<String> {
        self.first(role, read).map(|(_, found)| found)
    }
}

/// Whether an object has a text of its own, so that it is an article rather than something that holds articles.
pub(super) fn has_text(object: &Map<String, Value>, names: &Names) -> bool {
    fn within(object: &Map<String, Value>, names: &Names, depth: usize) -> bool {
        object.iter().any(|(name, value)| match names.role(name) {
            Some((Role::Text | Role::Html | Role::Summary, _)) => match value {
                Value::Array(list) => list.iter().any(Value::is_string),
                Value::Object(inner) => depth < NESTED && (text(value).is_some() || within(inner, names, depth + 1)),
                _ => value.is_string(),
            },
            Some((Role::Inner, _)) if depth < NESTED => {
                value.as_object().is_some_and(|inner| within(inner, names, depth + 1))
            }
            _ => false,
        })
    }
    if names.own_names(Role::Text).is_some() {
        return names.own_values(object).iter().any(|(role, _, value)| *role == Role::Text && text(value).is_some());
    }
    // The description of a feed is not its text.
    let feed = ["articles", "items", "docs", "results", "entries", "item"];
    let holds = |name: &&str| object.get(*name).is_some_and(Value::is_array);
    !feed.iter().any(holds) && (crate::read::ninjs::is_item(object) || within(object, names, 0))
}

/// The article that a JSON object describes; none where it has no text.
///
/// The text is kept exactly as it is there, unless its name says that it is HTML, or `names` allow for it and it begins with
/// a tag that begins a paragraph.
pub(in crate::read) fn article_from_json(
    value: Value,
    path: &str,
    member: Option<&str>,
    names: &Names,
) -> Option<Article> {
    let Value::Object(object) = value else { return None };
    let own = names.own_values(&object).into_iter().map(|(role, rank, value)| (role, rank, value.clone()));
    let mut fields = Fields(own.collect());
    fields.add(object, names, 0);
    let readable = |text: String| {
        if !names.exact && begins_like_html(&text) { fragment::text(&text) } else { text }
    };
    let from_html = |value: &Value| Some(fragment::text(&text(value)?)).filter(|text| !text.is_empty());
    let text = fields
        .take(Role::Text, text)
        .map(readable)
        .filter(|text| !text.is_empty())
        .or_else(|| fields.take(Role::Html, from_html))
        .or_else(|| fields.take(Role::Summary, text).map(readable))?;
    let mut article = Article {
        id: fields.take(Role::Id, id),
        path: path.to_owned(),
        member: member.map(str::to_owned),
        title: fields.take(Role::Title, |value| line(value).filter(|title| title.len() < 1000)),
        text,
        authors: fields.first(Role::Author, authors).map(|(_, authors)| authors).unwrap_or_default(),
        source: fields.take(Role::Source, line),
        section: fields.take(Role::Section, line),
        language: fields.take(Role::Language, |value| language_code(&line(value)?)),
        url: fields.take(Role::Url, |value| line(value).filter(|url| url.contains('/') && !url.contains(' '))),
        published: published(&fields),
        dateline: fields.first(Role::Dateline, |value| layout::dateline_field(value.as_str()?)).map(|(_, line)| line),
        ..Article::default()
    };
    crate::read::cut(&mut article);
    layout::mark(&mut article);
    Some(article)
}

/// Elements of HTML with which a text begins.
const OPENINGS: &[&str] =
    &["p", "div", "article", "section", "h1", "h2", "h3", "blockquote", "figure", "ul", "ol", "html"];

/// Whether a text is HTML by its first sign: a tag that begins a paragraph, and its like or another tag further on.
fn begins_like_html(text: &str) -> bool {
    let Some(rest) = text.trim_start().strip_prefix('<') else { return false };
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    OPENINGS.contains(&name.to_ascii_lowercase().as_str())
        && after.starts_with(['>', ' ', '\n'])
        && after.split_once('>').is_some_and(|(_, rest)| fragment::is_html(rest))
}

/// A text: a string, its paragraphs, or an object that wraps it.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => (!text.trim().is_empty()).then(|| text.clone()),
        Value::Array(list) => {
            let parts: Vec<String> = list.iter().filter_map(text).collect();
            (!parts.is_empty()).then(|| parts.join("\n\n"))
        }
        Value::Object(object) => ["text", "value", "plain", "rendered", "#text", "$t", "content", "body"]
            .iter()
            .find_map(|name| text(object.get(*name)?)),
        _ => None,
    }
}

/// Something that stands on one line: a string, a number, the first of a list, or an object that has a name.
fn line(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => {
            let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            (!line.is_empty()).then_some(line)
        }
        Value::Number(number) => Some(number.to_string()),
        Value::Array(list) => list.iter().find_map(line),
        // What WordPress has rendered is HTML.
        Value::Object(object) if object.get("rendered").is_some_and(Value::is_string) => {
            line(object.get("rendered")?).map(|line| fragment::text(&line)).filter(|line| !line.is_empty())
        }
        Value::Object(object) => ["name", "title", "main", "text", "value", "#text", "href", "code", "id"]
            .iter()
            .find_map(|name| line(object.get(*name)?)),
        _ => None,
    }
}

/// An id: a string or a number, or what some databases wrap around it.
fn id(value: &Value) -> Option<String> {
    match value {
        Value::Object(object) => object.get("$oid").or_else(|| object.get("#text")).and_then(id),
        Value::Array(_) => None,
        _ => line(value),
    }
}

/// Names of writers: a string, a list, objects that have a name.
fn authors(value: &Value) -> Option<Vec<String>> {
    let found = match value {
        Value::String(text) => layout::names(text),
        Value::Array(list) => list.iter().filter_map(authors).flatten().collect(),
        Value::Object(object) => {
            let part = |names: &[&str]| names.iter().find_map(|name| line(object.get(*name)?));
            let whole = part(&["name", "fullname", "full_name", "original", "displayName", "byline", "title", "text"]);
            let given = part(&["firstname", "first_name", "firstName", "given", "givenName", "first"]);
            let family = part(&["lastname", "last_name", "lastName", "family", "familyName", "last", "surname"]);
            match (whole, given, family) {
                (Some(whole), ..) => layout::names(&whole),
                (None, Some(given), Some(family)) => vec![format!("{given} {family}")],
                (None, given, family) => given.or(family).into_iter().collect(),
            }
        }
        _ => Vec::new(),
    };
    let mut unique: Vec<String> = Vec::with_capacity(found.len());
    for name in found {
        if unique.len() < MOST_WRITERS && !unique.contains(&name) {
            unique.push(name);
        }
    }
    (!unique.is_empty()).then_some(unique)
}

/// When it was published: a date as written, a number of seconds or milliseconds since 1970, or `{"$date": …}`.
fn published(fields: &Fields) -> Option<Published> {
    let (rank, mut best) = fields.first(Role::Published, day)?;
    // `created` and `timestamp` may as well be the day on which the data set was made.
    let certain = NAMES
        .iter()
        .find(|(role, _)| *role == Role::Published)
        .map_or(0, |(_, names)| names.split_whitespace().position(|name| name == "versioncreated").unwrap_or(0));
    if rank % 100 >= certain {
        best.confidence = Confidence::Medium;
    }
    Some(best)
}

fn day(value: &Value) -> Option<Published> {
    let certain = |text: &str| Some(written(text)?.published(Provenance::Metadata));
    match value {
        Value::String(text) => match text.parse::<i64>() {
            Ok(number) if text.len() >= 9 => day(&Value::from(number)),
            _ => certain(text),
        },
        Value::Number(number) => {
            let number = number.as_i64().or_else(|| number.as_f64().map(|number| number as i64))?;
            let seconds = match number.unsigned_abs() {
                // 20240619
                16_000_101..=21_001_231 => return certain(&dashed(number)?),
                100_000_000..=99_999_999_999 => number,
                100_000_000_000..=99_999_999_999_999 => number / 1000,
                100_000_000_000_000.. => number / 1_000_000,
                _ => return None,
            };
            let first = DateTime::from_timestamp(seconds, 0)?.date_naive();
            // The day in Greenwich can be another than where it was published.
            let found = Written::of_day(first)?.published(Provenance::Metadata);
            Some(Published { confidence: Confidence::Medium, ..found })
        }
        Value::Array(list) => list.iter().find_map(day),
        Value::Object(object) => {
            ["$date", "$numberLong", "value", "iso", "date", "text"].iter().find_map(|name| day(object.get(*name)?))
        }
        _ => None,
    }
}

/// `20240619` as `2024-06-19`.
fn dashed(number: i64) -> Option<String> {
    let text = number.to_string();
    Some(format!("{}-{}-{}", text.get(..4)?, text.get(4..6)?, text.get(6..8)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: Value) -> Article {
        article_from_json(value, "a.json", None, &Names::default()).expect("it has text")
    }

    #[test]
    fn the_names_of_many_data_sets() {
        let article = read(json!({
            "_id": {"$oid": "65f"}, "headline": {"main": "  A \n title "}, "articleBody": "Body \n kept.\r\n",
            "datePublished": "2024-06-19T23:30:00-05:00", "author": [{"name": "Ana Ruiz"}, {"name": "Bo Li"}],
            "publisher": {"@type": "Organization", "name": "Leeds Observer"}, "articleSection": ["World", "Asia"],
            "webUrl": "https://a.example/1", "inLanguage": "en-GB",
        }));
        assert_eq!(article.id.as_deref(), Some("65f"));
        assert_eq!(article.title.as_deref(), Some("A title"));
        assert_eq!(article.text, "Body \n kept.\r\n");
        assert_eq!(article.published.map(|p| (p.value, p.confidence)), Some(("2024-06-19".into(), Confidence::High)));
        assert_eq!(article.authors, ["Ana Ruiz", "Bo Li"]);
        assert_eq!(article.source.as_deref(), Some("Leeds Observer"));
        assert_eq!(article.section.as_deref(), Some("World"));
        assert_eq!(article.url.as_deref(), Some("https://a.example/1"));
        assert_eq!(article.language.as_deref(), Some("en-GB"));
        assert_eq!(
            read(json!({"text": "words", "source": "Northgate Press"})).source.as_deref(),
            Some("Northgate Press")
        );
    }

    #[test]
    fn every_text_field_is_found() {
        for name in
            ["text", "body", "content", "article", "articleBody", "maintext", "full_text", "story", "Text", "body_text"]
        {
            let mut object = Map::new();
            object.insert(name.to_owned(), json!("words"));
            assert_eq!(read(Value::Object(object)).text, "words", "{name}");
        }
        assert_eq!(read(json!({"paragraphs": ["one", "two"]})).text, "one\n\ntwo");
        assert_eq!(read(json!({"content": {"rendered": "words"}})).text, "words");
        assert_eq!(read(json!({"text": "", "description": "short"})).text, "short");
        assert_eq!(read(json!({"text": "long", "description": "short"})).text, "long");
        assert_eq!(read(json!({"_source": {"text": "words", "title": "t"}, "_id": "7"})).id.as_deref(), Some("7"));
        assert_eq!(read(json!({"fields": {"bodyText": "words"}, "webTitle": "t"})).title.as_deref(), Some("t"));
        for value in
            [json!({"title": "t"}), json!({"text": " "}), json!({"text": 7}), json!([]), json!("x"), json!(null)]
        {
            assert!(article_from_json(value, "a", None, &Names::default()).is_none());
        }
    }

    #[test]
    fn html_is_read_where_it_is_beyond_doubt() {
        let exact = |value| article_from_json(value, "-", None, &Names::exact()).expect("it has text").text;
        for (value, from_file, as_sent) in [
            (json!({"body_html": "<p>One &amp; <b>two</b></p><p>Three"}), "One & two\n\nThree", "One & two\n\nThree"),
            (json!({"text": "<p>One</p>"}), "One", "<p>One</p>"),
            (json!({"content": {"rendered": "\n<p>One</p>"}}), "One", "\n<p>One</p>"),
            (json!({"text": "One <b>two</b>"}), "One <b>two</b>", "One <b>two</b>"),
            (json!({"text": "<p> is a tag"}), "<p> is a tag", "<p> is a tag"),
            (json!({"text": "One", "html": "<p>Two</p>"}), "One", "One"),
        ] {
            assert_eq!(
                (read(value.clone()).text.as_str(), exact(value.clone()).as_str()),
                (from_file, as_sent),
                "{value}"
            );
        }
        let title = read(json!({"title": {"rendered": "Tin &#8217;n zinc"}, "content": "words"})).title;
        assert_eq!(title.as_deref(), Some("Tin \u{2019}n zinc"));
    }

    #[test]
    fn dates_of_publication() {
        for (value, expected) in [
            (json!({"published": "2024-06-19", "created_at": "2025-01-01"}), Some(("2024-06-19", Confidence::High))),
            (json!({"created_at": "2025-01-01T00:00:00Z"}), Some(("2025-01-01", Confidence::Medium))),
            (json!({"publish_date": {"$date": "2024-06-19T01:00:00Z"}}), Some(("2024-06-19", Confidence::High))),
            (json!({"date": 1_718_841_600}), Some(("2024-06-20", Confidence::Medium))),
            (json!({"date": 1_718_841_600_000_i64}), Some(("2024-06-20", Confidence::Medium))),
            (json!({"date": 20_240_619}), Some(("2024-06-19", Confidence::High))),
            (json!({"date": "", "pub_date": "1994-05-03"}), Some(("1994-05-03", Confidence::High))),
            (json!({"date": "once upon a time"}), None),
            (json!({"date": 0}), None),
        ] {
            let mut value = value;
            value["text"] = json!("words");
            let found = read(value.clone()).published;
            assert_eq!(found.as_ref().map(|p| (p.value.as_str(), p.confidence)), expected, "{value}");
        }
    }

    #[test]
    fn writers() {
        for (value, expected) in [
            (json!("By Ana Ruiz and Bo Li"), &["Ana Ruiz", "Bo Li"][..]),
            (json!(["Ana Ruiz", "Bo Li", "Ana Ruiz"]), &["Ana Ruiz", "Bo Li"]),
            (json!({"firstname": "Ana", "lastname": "Ruiz"}), &["Ana Ruiz"]),
            (json!({"original": "By ANA RUIZ"}), &["Ana Ruiz"]),
            (json!("Northgate Press"), &["Northgate Press"]),
            (json!(null), &[]),
        ] {
            assert_eq!(read(json!({"text": "words", "author": value})).authors, expected, "{value}");
        }
    }

    #[test]
    fn the_body_is_marked_but_not_touched() {
        let text = "SEOUL, June 19 (Northgate Press) — Words.\n\nReporting by Ana Ruiz; editing by Bo Li";
        let article = read(json!({"text": text}));
        assert_eq!(article.text, text);
        assert_eq!(article.dateline.map(|line| line.place), Some("SEOUL".to_owned()));
        let marked: Vec<&str> = article.furniture.iter().map(|span| span.of(text)).collect();
        assert_eq!(marked, ["SEOUL, June 19 (Northgate Press) —", "Reporting by Ana Ruiz; editing by Bo Li"]);
    }
}
