//! `dateline saved`: lists the saved searches, and takes them away or gives them other names.

use super::report::Report;
use super::save::real;
use super::{Command, Exit, listing, settings};
use crate::error::{Kind, Result};
use crate::output::sheet::{self, Cell, Column, Sheet};
use crate::saved::searches::{Place, Search};
use crate::saved::store::Store;
use clap::{Arg, ArgMatches};
use serde::Serialize;
use std::path::PathBuf;

/// The command.
pub(super) struct SavedCommand;

/// As JSON has it.
#[derive(Serialize)]
struct Shape<R> {
    file: String,
    searches: R,
}

const COLUMNS: [Column; 9] = [
    Column::text("name", "name"),
    Column::text("query", "query").giving_way(),
    Column::text("variants", "variants").for_programs(),
    Column::text("where", "where").giving_way(),
    Column::text("saved", "saved").for_programs(),
    Column::text("saved_at", "saved").for_people(),
    Column::text("looked", "last look").for_programs(),
    Column::text("looked_at", "last look").for_people(),
    Column::number("hits", "hits then"),
];

impl Command for SavedCommand {
    fn define(&self) -> clap::Command {
        clap::Command::new("saved")
            .about(
                "List the saved searches: their queries, when each was looked at, and how many articles matched then",
            )
            .args([
                Arg::new("remove")
                    .long("remove")
                    .value_name("NAME")
                    .conflicts_with("rename")
                    .help("Take this search away, with what was seen of it"),
                Arg::new("rename")
                    .long("rename")
                    .value_names(["NAME", "NEW"])
                    .num_args(2)
                    .help("Give a search another name"),
            ])
            .args(listing::arguments())
            .after_help(
                "They are kept as text that may be edited, in the data folder ($XDG_DATA_HOME/dateline/saved).\n\n\
                 Examples:\n  \
                 dateline saved\n  \
                 dateline saved --rename kim kim-treaty\n  \
                 dateline saved --remove kim-treaty\n\n\
                 Exit codes: 0 at least one, 1 none, 2 any error.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let format = listing::format(matches, report);
        let store = settings::saved()?;
        if let Some(name) = matches.get_one::<String>("remove") {
            let removed = store.change(|searches| searches.remove(name))?;
            store.forget(name)?;
            report.remark(&format!("removed `{}`: {}", removed.name, removed.query));
            return Ok(Exit::Done);
        }
        if let Some(names) = matches.get_many::<String>("rename") {
            let names: Vec<&String> = names.collect();
            if let [name, new] = names.as_slice() {
                store.change(|searches| searches.rename(name, new))?;
                store.move_marks(name, new)?;
                report.remark(&format!("`{name}` is `{new}` now"));
            }
            return Ok(Exit::Done);
        }
        let searches = store.searches()?;
        let mut sheet = Sheet::new(&COLUMNS);
        for search in searches.iter() {
            sheet.rows.push(row(search, &store, report)?);
        }
        listing::choose(&mut sheet, matches)?;
        if format == "json" {
            report.json(&Shape { file: store.file().display().to_string(), searches: sheet.objects() })?;
        } else {
            let style = report.style();
            let outcome = sheet::write(&sheet, &format, &style, report.writer());
            report.written(outcome)?;
            if format == "text" && searches.is_empty() {
                report.remark("no search is saved; `dateline save NAME QUERY` saves one");
            } else if format == "text" {
                report.remark("`dateline new NAME` shows what has come since the last look");
            }
        }
        Ok(if searches.is_empty() { Exit::Nothing } else { Exit::Done })
    }
}

/// A search with what is known of the last look at it, where it was saved.
fn row(search: &Search, store: &Store, report: &mut Report) -> Result<Vec<Cell>> {
    let (place, index): (Option<&PathBuf>, Option<PathBuf>) = match &search.place {
        Some(Place::In(folder)) => (Some(folder), settings::folder_for(folder).ok().map(|index| real(&index))),
        Some(Place::Index(folder)) => (Some(folder), Some(real(folder))),
        None => (None, None),
    };
    let mark = match index.map(|index| store.mark(&search.name, &index)).transpose() {
        Ok(mark) => mark.flatten(),
        Err(error) if error.kind == Kind::Damaged => {
            report.warn(&error.to_string());
            None
        }
        Err(error) => return Err(error),
    };
    let looked = mark.as_ref().map(|mark| mark.looked.clone());
    Ok(vec![
        search.name.as_str().into(),
        search.query.as_str().into(),
        Cell::Flag(search.variants),
        place.map(|place| place.display().to_string()).into(),
        search.saved.as_str().into(),
        super::moment(&search.saved).into(),
        looked.clone().into(),
        looked.map(|looked| super::moment(&looked)).into(),
        mark.map_or(Cell::None, |mark| mark.hits.into()),
    ])
}
