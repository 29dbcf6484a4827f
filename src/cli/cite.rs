//! `dateline cite`: the sentence that describes a search, for the methods of a paper.

use super::question::{self, Question};
use super::report::{self, Report};
use super::{Command, Exit, record};
use crate::backend::Backend;
use crate::error::{Error, Kind, Result};
use crate::output::methods;
use crate::saved::record::Record;
use crate::search::Sort;
use clap::ArgMatches;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The command.
pub(super) struct Cite;

/// How the name of a record ends, where it is told from a query before the file is there.
const ENDING: &str = "toml";

/// As JSON has it.
#[derive(Serialize)]
struct Shape<'a> {
    sentence: &'a str,
    query: &'a str,
    parsed: &'a str,
    searched: &'a str,
    version: &'a str,
    total: usize,
    articles: usize,
    fingerprint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<&'a str>,
}

impl Command for Cite {
    fn define(&self) -> clap::Command {
        clap::Command::new("cite")
            .about("Describe a search in a sentence for the methods of a paper, from its record or asked now")
            .args(question::arguments())
            .mut_arg("query", |query| {
                query.value_name("FILE|QUERY").help(
                    "A file that `dateline search --record FILE` wrote, or a query as `dateline search` takes it, which is \
                     asked",
                )
            })
            .arg(report::format_argument())
            .after_help(
                "Examples:\n  \
                 dateline search --in news 'kim treaty' --record treaty.toml\n  \
                 dateline cite treaty.toml\n  \
                 dateline cite --in news 'kim treaty' --from 2024\n\n\
                 Exit codes: 0 at least one article matched, 1 none, 2 any error.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let json = report.wants_json(matches);
        let file = file(matches)?;
        let record = match &file {
            Some(file) => record::read(file)?,
            None => ask(matches, report)?,
        };
        let name = file.map(|file| file.display().to_string());
        let sentence = methods::sentence(&record, name.as_deref());
        if json {
            report.json(&Shape {
                sentence: &sentence,
                query: &record.query,
                parsed: &record.parsed,
                searched: &record.searched,
                version: &record.version,
                total: record.hits.len(),
                articles: record.index.fingerprint.articles,
                fingerprint: &record.index.fingerprint.hash,
                record: name.as_deref(),
            })?;
        } else {
            report.shown_line(&sentence)?;
        }
        Ok(if record.hits.is_empty() { Exit::Nothing } else { Exit::Done })
    }
}

/// The record that is meant: the one argument, where it is a file or is called like one.
fn file(matches: &ArgMatches) -> Result<Option<PathBuf>> {
    let given: Vec<&String> = matches.get_many::<String>("query").into_iter().flatten().collect();
    match given.as_slice() {
        [] => Err(Error::new(Kind::Usage, "there is nothing to cite")
            .hint("name a record, `dateline cite FILE`, or ask a query: `dateline cite 'kim treaty'`")),
        [one] => {
            let path = Path::new(one.as_str());
            let called = path.extension().is_some_and(|ending| ending == ENDING) && !one.contains(char::is_whitespace);
            Ok((path.is_file() || called).then(|| path.to_owned()))
        }
        _ => Ok(None),
    }
}

/// The record of a search that is asked now.
fn ask(matches: &ArgMatches, report: &mut Report) -> Result<Record> {
    let Question { written, tree, backend, warnings } = question::question(matches, report)?;
    warnings.iter().for_each(|warning| report.warn(warning));
    let sort = Sort::Newest;
    let results = backend.search(&tree, &record::none(sort))?;
    record::take(&backend, &written, &tree, (!matches.get_flag("no-variants"), sort), &results)
}
