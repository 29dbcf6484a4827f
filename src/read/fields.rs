//! The fields of an article under the names that news data sets give them: keys of JSON, columns of tables, the front matter
//! of Markdown.
//!
//! Where the names of a data set are its own, a file [`FILE`] in the same folder says which they are.

use super::File;
use super::around::Around;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};
use std::io::Read;
use std::sync::LazyLock;

/// The name of the file that says which field is which in the files beside it.
pub(super) const FILE: &str = "dateline-fields.json";

/// The most bytes that such a file can have.
const LARGEST: u64 = 64 << 10;

/// How deep a path like `doc.body.full` can reach.
const DEEPEST: usize = 16;

/// What a field of an object is to an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Id,
    Title,
    Text,
    /// A text in HTML, by its name.
    Html,
    /// Stands in where there is no text.
    Summary,
    Published,
    Author,
    Source,
    Section,
    Url,
    Language,
    Dateline,
    /// An object whose fields are the article's.
    Inner,
}

/// The names of fields, lower case and without `_`, `-` and blanks; of several the first counts.
pub(super) static NAMES: &[(Role, &str)] = &[
    (Role::Id, "id _id guid docid docno articleid newsid storyid uuid itemid identifier"),
    (Role::Title, "title headline heading hed articletitle newstitle maintitle webtitle headlinetext subject name"),
    (
        Role::Text,
        "text body articlebody bodytext maintext fulltext content article story articletext articlecontent newstext \
         contenttext plaintext cleantext cleanedtext rawtext textcontent maincontent document paragraphs sentences",
    ),
    (Role::Html, "bodyhtml contenthtml articlehtml texthtml storyhtml htmlbody htmlcontent htmltext html"),
    (Role::Summary, "description summary abstract lead leadparagraph snippet excerpt standfirst"),
    (
        Role::Published,
        "published publisheddate datepublished publicationdate publishdate pubdate publishedat firstpublished \
         firstpublicationdate webpublicationdate publishedon publishtime publishedtime pubtime dateline_date issued date \
         datetime versioncreated firstcreated datecreated createdat created timestamp time",
    ),
    (Role::Author, "author authors byline bylines creator writer writers by authorname journalist reporter"),
    (
        Role::Source,
        "source publication publisher newspaper outlet sourcename publicationname provider journal medium site sitename \
         websitename newsoutlet sourcedomain domain",
    ),
    (Role::Section, "section sectionname articlesection category desk newsdesk categories sections rubric genre"),
    (Role::Url, "url link uri weburl articleurl sourceurl canonicalurl permalink canonical webpageurl href"),
    (Role::Language, "language lang inlanguage locale"),
    (Role::Dateline, "dateline"),
    (Role::Inner, "fields attributes metadata meta data info properties"),
];

static ROLES: LazyLock<FxHashMap<String, (Role, usize)>> = LazyLock::new(|| {
    let mut roles = FxHashMap::default();
    for (role, names) in NAMES {
        for (rank, name) in names.split_whitespace().enumerate() {
            roles.insert(plain(name), (*role, rank));
        }
    }
    roles
});

/// What the fields of an article are called in [`FILE`].
const OWN: &[(&str, Role)] = &[
    ("id", Role::Id),
    ("title", Role::Title),
    ("text", Role::Text),
    ("published", Role::Published),
    ("author", Role::Author),
    ("source", Role::Source),
    ("section", Role::Section),
    ("url", Role::Url),
    ("language", Role::Language),
    ("dateline", Role::Dateline),
];

/// A name in lower case without the signs between its words: `publish_date` is `publishdate`.
fn plain(name: &str) -> String {
    // `dc:title`, `og:title`
    let name = name.rsplit(':').next().unwrap_or(name);
    name.chars().filter(|c| !matches!(c, '_' | '-' | ' ' | '.' | '@')).map(|c| c.to_ascii_lowercase()).collect()
}

/// What the fields of some data are called.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// Names that the data set has of its own; where a role has some, no others count for it.
    own: Vec<(Role, Vec<String>)>,
    /// Whether texts are kept exactly as they are, whatever they look like.
    pub(super) exact: bool,
}

impl Names {
    /// The usual names, for texts that are kept exactly as they are.
    pub(super) fn exact() -> Names {
        Names { own: Vec::new(), exact: true }
    }

    /// The same names for an article whose text is known already and stands under its usual name, to be kept as it is.
    pub(super) fn with_text(&self) -> Names {
        Names { own: self.own.iter().filter(|(role, _)| *role != Role::Text).cloned().collect(), exact: true }
    }

    /// The names for the file that is read: those of [`FILE`] beside it where that is right, the usual ones otherwise.
    pub(super) fn beside(around: &Around<'_>) -> Names {
        let opened = around.beside.and_then(|beside| beside.open(FILE));
        opened.and_then(|mut file| Names::read(&mut file).ok()).unwrap_or_default()
    }

    /// Reads a file of names; the error says what is wrong with it.
    fn read(input: &mut dyn Read) -> Result<Names, String> {
        let mut bytes = Vec::new();
        input.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| format!("cannot be read: {error}"))?;
        if bytes.len() as u64 > LARGEST {
            return Err(format!("is longer than {} kB", LARGEST >> 10));
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let value = super::json::parse(bytes).map_err(|reason| format!("is not valid JSON: {reason}"))?;
        let Value::Object(object) = value else { return Err("is no JSON object".to_owned()) };
        let mut own = Vec::new();
        for (name, value) in object {
            let Some((_, role)) = OWN.iter().find(|(known, _)| *known == name) else {
                let known: Vec<&str> = OWN.iter().map(|(known, _)| *known).collect();
                return Err(format!("names a field `{name}`; the fields are {}", known.join(", ")));
            };
            let names = match value {
                Value::String(name) => vec![name],
                Value::Array(list) => {
                    let names: Option<Vec<String>> = list.iter().map(|name| name.as_str().map(str::to_owned)).collect();
                    names.ok_or_else(|| format!("has something other than names in the list for `{name}`"))?
                }
                _ => return Err(format!("has neither a name nor a list of names for `{name}`")),
            };
            own.push((*role, names));
        }
        Ok(Names { own, exact: false })
    }

    /// What a field is by its name, and how good the name is among others of its kind.
    pub(super) fn role(&self, name: &str) -> Option<(Role, usize)> {
        // Dumps of search engines; without its underscore it is the newspaper.
        if name == "_source" {
            return Some((Role::Inner, 0));
        }
        let found = if name.len() > 40 { None } else { ROLES.get(&plain(name)).copied() };
        found.filter(|(role, _)| self.own_names(*role).is_none())
    }

    /// The names that the data set has of its own for a role. Whoever names the text means that one and no other.
    pub(super) fn own_names(&self, role: Role) -> Option<&[String]> {
        let role = if matches!(role, Role::Html | Role::Summary) { Role::Text } else { role };
        self.own.iter().find(|(of, _)| *of == role).map(|(_, names)| names.as_slice())
    }

    /// What a field is by the names that the data set has of its own.
    pub(super) fn own_role(&self, name: &str) -> Option<Role> {
        self.own.iter().find(|(_, names)| names.iter().any(|own| own == name)).map(|(role, _)| *role)
    }

    /// What stands in `object` under the data set's own names: role, place of the name in its list, value.
    pub(super) fn own_values<'a>(&self, object: &'a Map<String, Value>) -> Vec<(Role, usize, &'a Value)> {
        let mut out = Vec::new();
        for (role, names) in &self.own {
            for (rank, name) in names.iter().enumerate() {
                if let Some(value) = at(object, name) {
                    out.push((*role, rank, value));
                }
            }
        }
        out
    }
}

/// What stands under a name or at a path of names with dots between; numbers count the items of lists from 0.
fn at<'a>(object: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    if let Some(value) = object.get(path) {
        return Some(value);
    }
    let mut names = path.split('.').take(DEEPEST);
    let mut value = object.get(names.next()?)?;
    for name in names {
        value = match value {
            Value::Object(inner) => inner.get(name)?,
            Value::Array(list) => list.get(name.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(value)
}

/// Whether a file is one of names and so holds no article.
pub(super) fn is_names(path: &str) -> bool {
    path.rsplit('/').next() == Some(FILE)
}

/// What is wrong with the file of names that is read, if anything.
pub(super) fn check(file: &mut File<'_>) -> Result<(), super::Skip> {
    let reason = |reason| super::Skip::file(file.path, format!("{reason}; the usual names of fields are used"));
    Names::read(&mut file.input).map(|_| ()).map_err(reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn usual_names() {
        let names = Names::default();
        for (name, expected) in [
            ("articleBody", Some(Role::Text)),
            ("Publish_Date", Some(Role::Published)),
            ("dc:title", Some(Role::Title)),
            ("body_html", Some(Role::Html)),
            ("_source", Some(Role::Inner)),
            ("kop", None),
        ] {
            assert_eq!(names.role(name).map(|(role, _)| role), expected, "{name}");
        }
    }

    #[test]
    fn names_of_a_data_set() {
        let names = Names::read(&mut &br#"{"text": ["doc.body.full", "kort"], "title": "a.b", "id": "list.1.nr"}"#[..]);
        let names = names.expect("it is right");
        let value =
            json!({"doc": {"body": {"full": "F"}}, "kort": "K", "a.b": "T", "list": [0, {"nr": 7}], "body": "x"});
        let object = value.as_object().expect("it is one");
        let mut found = names.own_values(object);
        found.sort_by_key(|(_, rank, value)| (value.to_string(), *rank));
        let expected =
            [(Role::Text, 0, "\"F\""), (Role::Text, 1, "\"K\""), (Role::Title, 0, "\"T\""), (Role::Id, 0, "7")];
        let shown: Vec<String> = found.iter().map(|(role, rank, value)| format!("{role:?} {rank} {value}")).collect();
        assert_eq!(shown, expected.map(|(role, rank, value)| format!("{role:?} {rank} {value}")));
        assert_eq!((names.role("body"), names.role("description"), names.role("title")), (None, None, None));
        assert_eq!(names.role("date").map(|(role, _)| role), Some(Role::Published));
    }

    #[test]
    fn wrong_files_of_names() {
        for (json, expected) in [
            ("{\"text\": ", "is not valid JSON: it ends in the middle of a value (at byte 9)"),
            ("[]", "is no JSON object"),
            ("{\"text\": 7}", "has neither a name nor a list of names for `text`"),
            ("{\"text\": [7]}", "has something other than names in the list for `text`"),
            (
                "{\"body\": \"x\"}",
                "names a field `body`; the fields are id, title, text, published, author, source, section, url, language, \
                 dateline",
            ),
        ] {
            assert_eq!(Names::read(&mut json.as_bytes()).err().as_deref(), Some(expected), "{json}");
        }
        assert!(is_names("a/dateline-fields.json") && !is_names("a/x-dateline-fields.json"));
    }
}
