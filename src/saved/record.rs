//! A search with its answer, as a file of TOML that can be published, asked again and cited.
//!
//! All that the answer depends on stands in it: the query as typed and as understood (with days in the place of `7d..`,
//! and saved searches written out), the forms that were met, the state of the index, the version of the program. And the
//! answer: the id of every article that matched, in order, with a hash of its contents.

use super::file::{fault, named, quoted};
use crate::error::{Error, Kind, Result};
use crate::query::StandsFor;
use crate::search::{Expansion, Fingerprint, Sort, Stamp};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The number of the format: a higher one may have what this program does not know.
const FORMAT: u32 = 1;

/// A search with its answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The version of the program.
    pub version: String,
    /// When it was asked, in RFC 3339.
    pub searched: String,
    /// The query as typed, with its filters as query text.
    pub query: String,
    /// The query as understood, in the query language.
    pub parsed: String,
    /// Whether other spellings and forms of its words count.
    pub variants: bool,
    /// In what order.
    pub sort: Sort,
    /// What it was asked of.
    pub index: Archive,
    /// The saved searches that it names.
    pub saved: Vec<StandsFor>,
    /// The forms that were met, and how often.
    pub expansions: Vec<Forms>,
    /// Every article that matches, in order.
    pub hits: Vec<Stamp>,
}

/// The state of an index, and what is said of it in a sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Archive {
    /// What tells it from others.
    pub fingerprint: Fingerprint,
    /// How many sources the articles are from.
    pub sources: usize,
    /// The one of most articles.
    pub source: Option<String>,
    /// The first and last day of publication.
    pub published: Option<(String, String)>,
}

/// A word of a query and the forms or names that it stood for, with the number of hits that have each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forms {
    /// As written in the query.
    pub written: String,
    /// The forms.
    pub forms: Vec<(String, usize)>,
    /// Places that count because they lie in what was asked for, or near it.
    pub inside: Vec<(String, usize)>,
}

impl From<&Expansion> for Forms {
    fn from(expansion: &Expansion) -> Forms {
        Forms {
            written: expansion.written.clone(),
            forms: expansion.forms.iter().map(|form| (form.form.clone(), form.count)).collect(),
            inside: expansion.inside.iter().map(|place| (place.name.clone(), place.count)).collect(),
        }
    }
}

#[derive(Deserialize)]
struct File {
    format: u32,
    version: String,
    searched: String,
    query: String,
    parsed: String,
    variants: bool,
    sort: String,
    index: IndexTable,
    #[serde(default)]
    saved: BTreeMap<String, String>,
    #[serde(default)]
    expansions: Vec<FormsTable>,
    answer: Answer,
}

#[derive(Deserialize)]
struct IndexTable {
    articles: usize,
    fingerprint: String,
    #[serde(default)]
    sources: usize,
    source: Option<String>,
    first: Option<String>,
    last: Option<String>,
}

#[derive(Deserialize)]
struct FormsTable {
    written: String,
    #[serde(default)]
    forms: Vec<(String, usize)>,
    #[serde(default)]
    inside: Vec<(String, usize)>,
}

#[derive(Deserialize)]
struct Answer {
    total: usize,
    hits: Vec<(String, String)>,
}

const SORTS: [(Sort, &str); 3] = [(Sort::Relevance, "relevance"), (Sort::Newest, "newest"), (Sort::Oldest, "oldest")];

/// What the file begins with.
const HEAD: &str = "\
# A search and its answer. `dateline replay FILE` asks again and says what has changed, `dateline cite FILE` writes the
# sentence for a paper.
";

fn counted(names: &[(String, usize)]) -> String {
    let names: Vec<String> = names.iter().map(|(name, count)| format!("[{}, {count}]", quoted(name))).collect();
    format!("[{}]", names.join(", "))
}

impl Record {
    /// As the file has it.
    pub fn write(&self) -> String {
        let sort = SORTS.iter().find(|(sort, _)| *sort == self.sort).map_or("", |(_, name)| name);
        let mut out = HEAD.to_owned();
        out.push_str(&format!("format = {FORMAT}\n"));
        for (key, text) in [
            ("version", self.version.as_str()),
            ("searched", &self.searched),
            ("query", &self.query),
            ("parsed", &self.parsed),
            ("sort", sort),
        ] {
            out.push_str(&format!("{key} = {}\n", quoted(text)));
        }
        out.push_str(&format!("variants = {}\n\n[index]\n", self.variants));
        let Archive { fingerprint, sources, source, published } = &self.index;
        out.push_str(&format!("articles = {}\n", fingerprint.articles));
        out.push_str(&format!("fingerprint = {}\n", quoted(&fingerprint.hash)));
        out.push_str(&format!("sources = {sources}\n"));
        if let Some(source) = source {
            out.push_str(&format!("source = {}\n", quoted(source)));
        }
        if let Some((first, last)) = published {
            out.push_str(&format!("first = {}\nlast = {}\n", quoted(first), quoted(last)));
        }
        if !self.saved.is_empty() {
            out.push_str("\n# What the saved searches stood for.\n[saved]\n");
            for saved in &self.saved {
                out.push_str(&format!("{} = {}\n", named(&saved.name), quoted(&saved.text)));
            }
        }
        for Forms { written, forms, inside } in &self.expansions {
            out.push_str(&format!("\n[[expansions]]\nwritten = {}\nforms = {}\n", quoted(written), counted(forms)));
            if !inside.is_empty() {
                out.push_str(&format!("inside = {}\n", counted(inside)));
            }
        }
        out.push_str(&format!(
            "\n# Each article with the hash of its contents.\n[answer]\ntotal = {}\n",
            self.hits.len()
        ));
        out.push_str("hits = [\n");
        for Stamp { id, hash } in &self.hits {
            out.push_str(&format!("  [{}, \"{hash:08x}\"],\n", quoted(id)));
        }
        out.push_str("]\n");
        out
    }

    /// Reads what [`Record::write`] wrote; `path` is named where that is not so.
    ///
    /// # Errors
    /// Where it is no record, one of a later format, or damaged.
    pub fn parse(text: &str, path: &str) -> Result<Record> {
        let damaged = |cause: String| {
            Error::new(Kind::Damaged, format!("`{path}` is no record of a search, or a damaged one"))
                .because(cause)
                .hint("a record is what `dateline search QUERY --record FILE` wrote; take an untouched copy of it")
        };
        let file: File = toml::from_str(text).map_err(|error| damaged(fault(text, &error)))?;
        if file.format > FORMAT {
            return Err(Error::new(Kind::Incompatible, format!("`{path}` is a record of format {}", file.format))
                .because(format!("it was written by dateline {}, which is newer than this one", file.version))
                .hint("update dateline"));
        }
        let sort = SORTS.iter().find(|(_, name)| *name == file.sort).map(|(sort, _)| *sort);
        let sort = sort.ok_or_else(|| damaged(format!("there is no order `{}`", file.sort)))?;
        if file.answer.hits.len() != file.answer.total {
            let (total, hits) = (file.answer.total, file.answer.hits.len());
            return Err(damaged(format!("it says that {total} articles match, and lists {hits}")));
        }
        let hit = |(id, hash): (String, String)| match u32::from_str_radix(&hash, 16) {
            Ok(number) if hash.len() == 8 => Ok(Stamp { id, hash: number }),
            _ => Err(damaged(format!("`{hash}` is no hash of an article"))),
        };
        let index = file.index;
        Ok(Record {
            version: file.version,
            searched: file.searched,
            query: file.query,
            parsed: file.parsed,
            variants: file.variants,
            sort,
            index: Archive {
                fingerprint: Fingerprint { articles: index.articles, hash: index.fingerprint },
                sources: index.sources,
                source: index.source,
                published: index.first.zip(index.last),
            },
            saved: file.saved.into_iter().map(|(name, text)| StandsFor { name, text }).collect(),
            expansions: file
                .expansions
                .into_iter()
                .map(|FormsTable { written, forms, inside }| Forms { written, forms, inside })
                .collect(),
            hits: file.answer.hits.into_iter().map(hit).collect::<Result<_>>()?,
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn sample() -> Record {
        Record {
            version: "0.1.0".into(),
            searched: "2026-11-26T20:31:05+00:00".into(),
            query: "defence \"a \\ b\"\t query:kim published:7d..".into(),
            parsed: "defence AND \"a b\"".into(),
            variants: true,
            sort: Sort::Newest,
            index: Archive {
                fingerprint: Fingerprint { articles: 12_345, hash: "0a".repeat(16) },
                sources: 15,
                source: Some("Harbour \"Wire\"".into()),
                published: Some(("1994-01-02".into(), "2024-06-30".into())),
            },
            saved: vec![StandsFor { name: "kim".into(), text: "kim \"x\"".into() }],
            expansions: vec![
                Forms {
                    written: "defence".into(),
                    forms: vec![("defence".into(), 512), ("defense".into(), 81)],
                    inside: Vec::new(),
                },
                Forms { written: "place:Texas".into(), forms: Vec::new(), inside: vec![("Austin".into(), 3)] },
            ],
            hits: vec![
                Stamp { id: "wire-1".into(), hash: 1 },
                Stamp { id: "odd \"id\"\n\u{1b}".into(), hash: u32::MAX },
            ],
        }
    }

    #[test]
    fn a_record_comes_back_as_it_was_written() {
        let bare = Record {
            saved: Vec::new(),
            expansions: Vec::new(),
            hits: Vec::new(),
            index: Archive::default(),
            variants: false,
            ..sample()
        };
        for record in [sample(), bare] {
            let text = record.write();
            assert_eq!(Record::parse(&text, "x"), Ok(record), "{text}");
        }
    }

    #[test]
    fn what_is_no_record_is_an_error_with_a_hint() {
        let text = sample().write();
        let cut = text.get(..text.len() - 40).expect("it is longer");
        for (wrong, part) in [
            (String::new(), "no record of a search"),
            ("[kim]\nquery = 'a'".to_owned(), "no record of a search"),
            (cut.to_owned(), "no record of a search"),
            (text.replace("total = 2", "total = 3"), "3 articles match, and lists 2"),
            (text.replace("ffffffff", "ffff"), "`ffff` is no hash"),
            (text.replace("\"newest\"", "\"loudest\""), "`loudest`"),
            (text.replace("format = 1", "format = 2"), "is a record of format 2"),
        ] {
            let error = Record::parse(&wrong, "s.toml").expect_err(part);
            assert!(error.message.contains("`s.toml`") && error.hint.is_some(), "{error:?}");
            assert!(error.message.contains(part) || error.causes.iter().any(|cause| cause.contains(part)), "{error:?}");
        }
    }
}
