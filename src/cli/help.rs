//! `dateline help`: of the program, of a command, of the query language.

use super::report::Report;
use super::{Command, Exit, define};
use crate::error::{Error, Kind, Result};
use crate::query::guide::guide;
use clap::{Arg, ArgMatches};

/// The command.
pub(super) struct Help;

impl Command for Help {
    fn define(&self) -> clap::Command {
        clap::Command::new("help")
            .about("Show how a command is used, or the query language: dateline help query")
            .arg(Arg::new("subject").value_name("COMMAND|query").help("What to explain; nothing for the whole program"))
            .after_help("Examples:\n  dateline help query\n  dateline help search")
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let mut program = define();
        match matches.get_one::<String>("subject").map(String::as_str) {
            None => report.line(program.render_help().to_string().trim_end())?,
            Some("query") => report.line(&language(report.style().width))?,
            Some(name) => {
                let command = program.find_subcommand_mut(name).ok_or_else(|| {
                    Error::new(Kind::Usage, format!("there is no command `{name}`"))
                        .hint("`dateline help` lists the commands, `dateline help query` explains the query language")
                })?;
                let mut command = command.clone().bin_name(format!("dateline {name}"));
                report.line(command.render_help().to_string().trim_end())?;
            }
        }
        Ok(Exit::Done)
    }
}

/// The guide to the query language, for lines of so many columns; 0 for any length.
fn language(columns: usize) -> String {
    let mut out = String::from(
        "A query goes between single quotation marks: dateline search 'treaty NEAR/5 defence'.\nOperators are in capitals; those \
         with a slash or a number may be small.\n--explain shows how a query was read.\n",
    );
    let guide = guide();
    let rows = || guide.iter().flat_map(|(_, rows)| rows);
    let need = rows().map(|row| row.need.chars().count()).max().unwrap_or(0) + 2;
    let write = rows().map(|row| row.write.chars().count()).max().unwrap_or(0) + 2;
    // On a narrow terminal the meaning goes below.
    let below = columns > 0 && columns < need + write + 40;
    for (subject, rows) in &guide {
        out.push_str(&format!("\n{subject}\n"));
        for row in rows {
            if below {
                out.push_str(&format!("  {:need$}{}\n  {:need$}{}\n", row.need, row.write, "", row.meaning));
            } else {
                out.push_str(&format!("  {:need$}{:write$}{}\n", row.need, row.write, row.meaning));
            }
        }
    }
    out.push_str("\nSaved searches: query:NAME stands for what dateline save keeps under the name.");
    out.push_str("\nFields: dateline fields. All of it: docs/query-language.md in the program's repository.");
    out
}
