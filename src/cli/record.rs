//! Records of searches: `search --record FILE` takes one, `replay` and `cite` read it.

use super::{question, settings};
use crate::backend::Backend;
use crate::backend::local::Local;
use crate::error::{Error, Kind, Result};
use crate::query::tree::Tree;
use crate::saved::file;
use crate::saved::record::{Archive, Forms, Record};
use crate::search::{Request, Results, Sort};
use clap::{Arg, ArgMatches, value_parser};
use std::path::{Path, PathBuf};

/// The `--record` argument.
pub(super) fn argument() -> Arg {
    Arg::new("record")
        .long("record")
        .value_name("FILE")
        .value_parser(value_parser!(PathBuf))
        .conflicts_with("any")
        .help(
            "Keep the search and every id that it finds in this file, for `dateline replay` and `dateline cite`; a file that \
             is there is left alone",
        )
}

/// The file of `--record`, which must not be there yet: a record of earlier is worth more than the name.
pub(super) fn wanted(matches: &ArgMatches) -> Result<Option<&Path>> {
    let file = matches.get_one::<PathBuf>("record").map(PathBuf::as_path);
    match file.filter(|file| file.exists()) {
        None => Ok(file),
        Some(file) => {
            let (name, same_index) = (file.display(), settings::naming(matches));
            Err(Error::new(Kind::Usage, format!("there is a file `{name}`, which `--record` would replace"))
                .hint(format!("choose another name; `dateline replay{same_index} {name}` says what has changed since")))
        }
    }
}

/// Takes the record of a question that was answered.
///
/// # Errors
/// Where the answer was cut, for then it is not the answer.
pub(super) fn take(
    backend: &Local,
    written: &str,
    tree: &Tree,
    (variants, sort): (bool, Sort),
    results: &Results,
) -> Result<Record> {
    let parsed = question::understood(written)?;
    let hits = backend.stamps(tree, sort)?;
    let every = backend.search(&Tree::All, &overview())?;
    let sources = every.facets.get("source").map(Vec::as_slice).unwrap_or_default();
    let record = Record {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        searched: super::now(),
        query: written.to_owned(),
        parsed: parsed.tree.to_string(),
        variants,
        sort,
        index: Archive {
            fingerprint: backend.fingerprint()?,
            sources: sources.len(),
            source: sources.first().map(|source| source.label.clone()),
            published: backend.published()?,
        },
        saved: parsed.stands_for,
        expansions: results.expansions.iter().map(Forms::from).collect(),
        hits,
    };
    match question::cut(backend) {
        None => Ok(record),
        Some(cut) => Err(Error::new(Kind::Usage, "the answer is not whole, so there is no record of it")
            .because(cut)
            .hint("give it a longer `--timeout`, or none")),
    }
}

/// A question for the sources of all articles.
fn overview() -> Request {
    Request { facets: vec!["source".to_owned()], limit: 1, ..none(Sort::Newest) }
}

/// A question for no passages.
pub(super) fn none(sort: Sort) -> Request {
    Request {
        query: String::new(),
        limit: 1,
        offset: 0,
        sort,
        facets: Vec::new(),
        snippets: 0,
        explain_scores: false,
        group_by_slot: false,
        ..Request::default()
    }
}

/// The record in a file.
pub(super) fn read(path: &Path) -> Result<Record> {
    let name = path.display().to_string();
    let bytes = file::read(path)?.ok_or_else(|| {
        Error::new(Kind::NotFound, format!("there is no file `{name}`"))
            .hint("`dateline search QUERY --record FILE` writes a record")
    })?;
    Record::parse(&String::from_utf8_lossy(&bytes), &name)
}

/// Writes a record to the file of `--record`.
pub(super) fn write(path: &Path, record: &Record) -> Result<()> {
    file::write(path, record.write().as_bytes())
}
