//! `dateline completions`: for the shell.

use super::report::Report;
use super::{Command, Exit};
use crate::error::Result;
use clap::{Arg, ArgMatches, value_parser};
use clap_complete::Shell;

/// The command.
pub(super) struct Completions;

impl Command for Completions {
    fn define(&self) -> clap::Command {
        clap::Command::new("completions")
            .about("Print what a shell needs to complete the commands and flags")
            .arg(Arg::new("shell").value_name("SHELL").required(true).value_parser(value_parser!(Shell)))
            .after_help(
                "Examples:\n  \
                 dateline completions bash > ~/.local/share/bash-completion/completions/dateline\n  \
                 dateline completions zsh > ~/.zfunc/_dateline\n  \
                 dateline completions fish > ~/.config/fish/completions/dateline.fish",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        if let Some(shell) = matches.get_one::<Shell>("shell") {
            // Into memory first: the generator panics where it cannot write.
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut super::define(), "dateline", &mut script);
            report.data(&String::from_utf8_lossy(&script))?;
        }
        Ok(Exit::Done)
    }
}
