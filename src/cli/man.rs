//! `dateline man`: the manual page.

use super::report::Report;
use super::{Command, Exit};
use crate::error::{Error, Result};
use clap::{Arg, ArgMatches};

/// The command.
pub(super) struct Man;

impl Command for Man {
    fn define(&self) -> clap::Command {
        clap::Command::new("man")
            .about("Print the manual page of the program or of a command")
            .arg(Arg::new("command").value_name("COMMAND").help("The command; the program itself without"))
            .after_help(
                "Examples:\n  \
                 dateline man | man -l -\n  \
                 dateline man search | man -l -\n  \
                 dateline man > ~/.local/share/man/man1/dateline.1",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let mut program = super::define();
        // Hands the arguments that every command takes down to each.
        program.build();
        if let Some(name) = matches.get_one::<String>("command") {
            let found = program.find_subcommand(name).cloned();
            program = found.ok_or_else(|| {
                Error::new(crate::error::Kind::Usage, format!("there is no command `{name}`"))
                    .hint("run `dateline --help` for the list")
            })?;
        }
        let mut page = Vec::new();
        clap_mangen::Man::new(program)
            .render(&mut page)
            .map_err(|error| Error::io("writing the manual page", &error))?;
        report.data(&String::from_utf8_lossy(&page))?;
        Ok(Exit::Done)
    }
}
