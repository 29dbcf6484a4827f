//! `dateline count`: how many articles match, as a bare number.

use super::question;
use super::report::Report;
use super::{Command, Exit};
use crate::backend::Backend;
use crate::error::Result;
use clap::{Arg, ArgAction, ArgMatches};

/// The command.
pub(super) struct Count;

impl Command for Count {
    fn define(&self) -> clap::Command {
        clap::Command::new("count")
            .about("Count the articles that match")
            .args(question::arguments())
            .arg(
                Arg::new("quiet")
                    .short('q')
                    .long("quiet")
                    .action(ArgAction::SetTrue)
                    .help("Print nothing; the exit code is the answer"),
            )
            .after_help(
                "Examples:\n  \
                 dateline count --in news treaty --from 2024\n  \
                 dateline count --in news ''\n\n\
                 Exit codes: 0 at least one, 1 none, 2 any error.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        report.quiet = matches.get_flag("quiet");
        let question = question::question(matches, report)?;
        for warning in &question.warnings {
            report.warn(warning);
        }
        if report.quiet {
            return Ok(if question.backend.any(&question.tree)? { Exit::Done } else { Exit::Nothing });
        }
        let count = question.backend.count(&question.tree)?;
        if let Some(cut) = question::cut(&question.backend) {
            report.warn(&cut);
        }
        report.line(&count.to_string())?;
        Ok(if count > 0 { Exit::Done } else { Exit::Nothing })
    }
}
