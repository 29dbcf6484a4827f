//! `dateline relocate`: the archive has moved.

use super::report::{self, Report, counted};
use super::{Command, Exit, settings};
use crate::error::Result;
use crate::ingest::relocate::{self, Settings};
use clap::{Arg, ArgAction, ArgMatches, value_parser};
use std::path::PathBuf;

/// The command.
pub(super) struct Relocate;

impl Command for Relocate {
    fn define(&self) -> clap::Command {
        let path = |name: &'static str, value: &'static str, help: &'static str| {
            Arg::new(name).value_name(value).required(true).value_parser(value_parser!(PathBuf)).help(help)
        };
        clap::Command::new("relocate")
            .about("Say that an indexed archive has moved: nothing is read again")
            .arg(path("old", "OLD", "The folder as it was indexed, or one above it"))
            .arg(path("new", "NEW", "Where it is now"))
            .arg(
                Arg::new("force")
                    .long("force")
                    .action(ArgAction::SetTrue)
                    .help("Take the new place though the files are not there, as of a disk that is not mounted"),
            )
            .arg(report::format_argument())
            .arg(settings::index_argument())
            .after_help(
                "Every known file is looked for in the new place. One of the same size and time of change is taken for the \
                 same file, as by rsync, and is not read again by `dateline index NEW`. Where fewer than half of them are \
                 there as they were, nothing is changed.\n\n\
                 Examples:\n  \
                 dateline relocate /media/old/news /media/new/news\n  \
                 dateline relocate /media/old /srv --index ~/indexes/work\n\n\
                 Exit codes: 0 done, 2 any error.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let json = report.wants_json(matches);
        let folder = settings::index_folder(matches)?;
        let given = |name: &str| matches.get_one::<PathBuf>(name).cloned().unwrap_or_default();
        let how = Settings { force: matches.get_flag("force"), started: super::nanoseconds() };
        let moved = relocate::relocate(&folder, &given("old"), &given("new"), how)?;
        if json {
            report.json(&moved)?;
            return Ok(Exit::Done);
        }
        for (was, now) in &moved.roots {
            report.shown_line(&format!("{was} is now {now}"))?;
        }
        let mut said = format!("{} of {} are there as they were", moved.found, counted(moved.files, "known file"));
        for (count, what) in
            [(moved.changed, "changed and will be read again"), (moved.missing, "not there and will be taken for gone")]
        {
            if count > 0 {
                said.push_str(&format!("; {count} {what}"));
            }
        }
        report.line(&said)?;
        Ok(Exit::Done)
    }
}
