//! `dateline status`: what is in the index, and what was not read.

use super::report::{self, Report, counted};
use super::{Command, Exit, settings};
use crate::backend::local::Local;
use crate::backend::{Backend, Status};
use crate::error::Result;
use clap::{Arg, ArgAction, ArgMatches};

/// The command.
pub(super) struct StatusCommand;

impl Command for StatusCommand {
    fn define(&self) -> clap::Command {
        clap::Command::new("status")
            .about("Say what is in the index, and which files were not read")
            .arg(
                Arg::new("skipped")
                    .long("skipped")
                    .action(ArgAction::SetTrue)
                    .help("List what was not read, with the reasons"),
            )
            .arg(report::format_argument())
            .arg(settings::index_argument())
            .arg(settings::in_argument())
            .after_help(
                "Examples:\n  \
                 dateline status --in news\n  \
                 dateline status --in news --skipped\n\n\
                 Exit codes: 0 said, 2 any error.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let json = report.wants_json(matches);
        let backend = Local::open(&settings::folder(matches)?)?;
        let mut status = backend.status()?;
        let listed = matches.get_flag("skipped");
        if listed {
            status.skipped = backend.skipped()?;
        }
        if json {
            report.json(&status)?;
        } else if listed {
            for skip in &status.skipped {
                let member = skip.member.as_ref().map(|member| format!(" ({member})")).unwrap_or_default();
                report.shown_line(&format!("{}{member}: {}", skip.path, skip.reason))?;
            }
            if status.skipped.is_empty() {
                report.remark("everything was read");
            }
        } else {
            text(&status, &settings::naming(matches), report)?;
        }
        Ok(Exit::Done)
    }
}

fn text(status: &Status, same_index: &str, report: &mut Report) -> Result<()> {
    let verbose = report.verbose > 0;
    let mut line = |name: &str, value: String| report.shown_line(&format!("{name:<14}{value}"));
    line("index", status.location.clone())?;
    line("made by", status.made_by.clone())?;
    for root in &status.roots {
        line("indexed", root.clone())?;
    }
    line("articles", status.articles.to_string())?;
    line("files", status.files.to_string())?;
    if let Some((first, last)) = &status.published {
        line("published", format!("{first} to {last}"))?;
    }
    line("size", format!("{:.1} MB in {}", status.bytes as f64 / 1e6, counted(status.segments as u64, "segment")))?;
    if verbose && status.file_bytes > 0 {
        let (files, share) = (status.file_bytes as f64, status.bytes as f64 / status.file_bytes as f64);
        line("files' size", format!("{:.1} MB; the index is {share:.2} of it", files / 1e6))?;
    }
    for part in status.parts.iter().filter(|part| verbose && part.bytes > 0) {
        line("", format!("{:.1} MB {}", part.bytes as f64 / 1e6, part.part))?;
    }
    if status.unread > 0 {
        let files = counted(status.unread as u64, "file");
        line("not read", format!("{files} (`dateline status --skipped{same_index}` lists them)"))?;
    }
    if status.outdated {
        line("outdated", "this dateline extracts more: `dateline index --full DIR` indexes anew".to_owned())?;
    }
    Ok(())
}
