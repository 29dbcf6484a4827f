//! `dateline replay`: asks a recorded search again, and says what became of its answer.

use super::question::Again;
use super::report::Report;
use super::{Command, Exit, listing, question, record, settings};
use crate::backend::Backend;
use crate::backend::local::Local;
use crate::error::Result;
use crate::output::replay::{self as output, Change};
use crate::output::sheet;
use crate::query::StandsFor;
use crate::saved::compare::{Changes, compare};
use crate::search::Stamp;
use clap::{Arg, ArgMatches, value_parser};
use std::path::PathBuf;

/// The command.
pub(super) struct Replay;

/// The most bytes of a recorded query: saved searches are written out in it.
const LONGEST: usize = 1 << 20;

impl Command for Replay {
    fn define(&self) -> clap::Command {
        let taken = ["in", "index", "entities", "timeout"];
        clap::Command::new("replay")
            .about("Ask a recorded search again, and say what has changed: articles, forms, the index, the program")
            .arg(
                Arg::new("file")
                    .value_name("FILE")
                    .required(true)
                    .value_parser(value_parser!(PathBuf))
                    .help("What `dateline search --record FILE` wrote"),
            )
            .args(question::arguments().into_iter().filter(|argument| taken.contains(&argument.get_id().as_str())))
            .arg(
                Arg::new("limit")
                    .short('n')
                    .long("limit")
                    .value_name("N")
                    .default_value("50")
                    .help_heading(listing::OUTPUT)
                    .allow_negative_numbers(true)
                    .help("How many articles to list of each sort of change; 0 for all"),
            )
            .args(listing::arguments())
            .after_help(
                "The query is asked as it was understood then: with the same days in the place of 7d.., and with what its \
                 saved searches stood for.\n\n\
                 Examples:\n  \
                 dateline search --in news 'kim treaty' --record treaty.toml\n  \
                 dateline replay --in news treaty.toml\n  \
                 dateline replay --in news treaty.toml --format csv > changes.csv\n\n\
                 Exit codes: 0 the same articles match, with the same contents; 1 not so; 2 any error.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let format = listing::format(matches, report);
        let limit = question::number(matches, "limit")?;
        let path = matches.get_one::<PathBuf>("file").cloned().unwrap_or_default();
        let then = record::read(&path)?;
        let folder = question::folder(matches, report)?;
        let again = Again { query: &then.parsed, variants: then.variants, longest: LONGEST, folder: &folder };
        let question::Question { written, tree, backend, warnings } = again.question(matches, report)?;
        let results = backend.search(&tree, &record::none(then.sort))?;
        let now = record::take(&backend, &written, &tree, (then.variants, then.sort), &results)?;
        let changes = compare(&then, &now);
        let listed = if limit == 0 { usize::MAX } else { limit };
        let rows = rows(&changes, &backend, listed)?;
        let mut sheet = output::sheet(&rows);
        listing::choose(&mut sheet, matches)?;
        let summary = output::summary(&changes, &rows);
        let mut notes = output::notes(&then, &now, &changes);
        notes.extend(others(&then.saved));
        if format == "json" {
            report.json(&output::shape(&then, &now, &changes, &rows, &notes, &sheet))?;
        } else {
            let style = report.style();
            if format == "text" {
                report.line(&summary)?;
            }
            let outcome = sheet::write(&sheet, &format, &style, report.writer());
            report.written(outcome)?;
            if format != "text" {
                report.remark(&summary);
            }
            notes.iter().for_each(|note| report.remark(note));
            warnings.iter().for_each(|warning| report.warn(warning));
        }
        Ok(if changes.same_answer() { Exit::Done } else { Exit::Nothing })
    }
}

/// The articles that changed, the first of each sort with what is known of them.
fn rows(changes: &Changes, backend: &Local, listed: usize) -> Result<output::Rows> {
    let mut rows = output::Rows::default();
    let mut add = |change: Change, place: usize, stamp: &Stamp| -> Result<()> {
        if place < listed {
            let record = if change == Change::Removed { None } else { backend.article(&stamp.id)? };
            rows.list.push(output::Row { change, id: stamp.id.clone(), record });
        } else {
            rows.left_out += 1;
        }
        rows.removed += usize::from(change == Change::Removed);
        Ok(())
    };
    for (sort, stamps) in [(Change::New, &changes.new), (Change::Changed, &changes.changed)] {
        stamps.iter().enumerate().try_for_each(|(place, stamp)| add(sort, place, stamp))?;
    }
    for (place, stamp) in changes.gone.iter().enumerate() {
        add(if backend.has(&stamp.id)? { Change::Unmatched } else { Change::Removed }, place, stamp)?;
    }
    Ok(rows)
}

/// Saved searches that stand for something else now.
fn others(then: &[StandsFor]) -> Vec<String> {
    let saved = settings::saved().and_then(|store| store.searches());
    let (false, Ok(searches)) = (then.is_empty(), saved) else { return Vec::new() };
    let other = |before: &&StandsFor| searches.find(&before.name).map_or(true, |now| now.query != before.text);
    let line = |before: &StandsFor| {
        let (name, text) = (&before.name, &before.text);
        let now = searches
            .find(name)
            .map_or_else(|_| "is not saved any more".to_owned(), |now| format!("is now {}", now.query));
        format!("query:{name} {now}; it was asked as {text}")
    };
    then.iter().filter(other).map(line).collect()
}
