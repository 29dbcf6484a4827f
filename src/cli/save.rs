//! `dateline save`: keeps a search under a name.

use super::question::{self, Question};
use super::report::{self, Report};
use super::{Command, Exit, settings};
use crate::backend::Backend;
use crate::error::{Error, Kind, Result};
use crate::output::table::counted;
use crate::query::{self, saved::check_name};
use crate::saved::mark::Mark;
use crate::saved::searches::{Place, Search};
use crate::search::Sort;
use clap::{Arg, ArgAction, ArgMatches};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The command.
pub(super) struct Save;

impl Command for Save {
    fn define(&self) -> clap::Command {
        clap::Command::new("save")
            .about("Keep a search under a name: `dateline new NAME` then shows what has come since")
            .arg(Arg::new("name").value_name("NAME").required(true).help("Letters, figures, - and _"))
            .args(question::arguments())
            .args([
                Arg::new("replace")
                    .long("replace")
                    .action(ArgAction::SetTrue)
                    .help("Put it in the place of the search that has this name"),
                report::format_argument(),
            ])
            .after_help(
                "What matches now counts as seen. In a query, query:NAME stands for the search; it may name others. Searches \
                 are kept in the data folder, whatever index they are asked of, and are no part of any.\n\n\
                 Examples:\n  \
                 dateline save kim-treaty --in news 'kim treaty' --from 2024\n  \
                 dateline new kim-treaty\n  \
                 dateline search --in news 'query:kim-treaty OR person:Putin'\n\n\
                 Exit codes: 0 it was saved, 2 any error.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let json = report.wants_json(matches);
        let name = matches.get_one::<String>("name").map_or("", String::as_str);
        check_name(name)?;
        let store = settings::saved()?;
        let replace = matches.get_flag("replace");
        let search = |query: &str| Search {
            name: name.to_owned(),
            query: query.to_owned(),
            variants: !matches.get_flag("no-variants"),
            saved: super::now(),
            place: None,
        };
        // Before the archive is looked through.
        store.searches()?.put(search(""), replace)?;
        let Question { written, tree, backend, warnings } = question::question_named(Some(name), matches, report)?;
        if written.is_empty() && matches.get_many::<String>("query").is_none() {
            return Err(Error::new(Kind::Usage, "there is no query to save")
                .hint(format!("write it behind the name: `dateline save {name} 'kim treaty'`; '' is every article")));
        }
        if written.len() > query::LONGEST {
            let fault =
                format!("the search has {} bytes with its filters, more than {}", written.len(), query::LONGEST);
            return Err(Error::new(Kind::Usage, fault).hint("save parts of it, and name them with `query:NAME`"));
        }
        let stamps = backend.stamps(&tree, Sort::Newest)?;
        if let Some(cut) = question::cut(&backend) {
            return Err(Error::new(Kind::Usage, "the search was not saved: what matches now is not known")
                .because(cut)
                .hint("give it a longer `--timeout`, or none"));
        }
        let index = real(backend.folder());
        let place = match matches.get_one::<PathBuf>("in") {
            Some(folder) => Place::In(real(folder)),
            None => Place::Index(index.clone()),
        };
        let mut mark = Mark::default();
        mark.looked_at(&index, super::now(), stamps.len());
        mark.show(stamps.iter());
        store.change(|searches| searches.put(Search { place: Some(place), ..search(&written) }, replace))?;
        store.forget(name)?;
        store.put_mark(name, &index, mark, None)?;
        if json {
            report.json(&Shape { name, query: &written, hits: stamps.len(), warnings: &warnings })?;
        } else {
            let count = counted(stamps.len(), "article");
            report.shown_line(&format!("saved `{name}`: {count} now; `dateline new {name}` shows what comes"))?;
            warnings.iter().for_each(|warning| report.warn(warning));
        }
        Ok(Exit::Done)
    }
}

/// As JSON has it.
#[derive(Serialize)]
struct Shape<'a> {
    name: &'a str,
    query: &'a str,
    hits: usize,
    warnings: &'a [String],
}

/// A folder as an absolute path without links, where that can be told.
pub(super) fn real(folder: &Path) -> PathBuf {
    folder.canonicalize().unwrap_or_else(|_| folder.to_owned())
}
