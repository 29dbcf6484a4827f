//! `dateline formats`: what can be read, and how hits can be printed.

use super::report::{self, Report};
use super::{Command, Exit};
use crate::error::Result;
use crate::output::OUTPUTS;
use crate::read::FORMATS;
use crate::read::container::CONTAINERS;
use clap::ArgMatches;

/// The command.
pub(super) struct Formats;

impl Command for Formats {
    fn define(&self) -> clap::Command {
        clap::Command::new("formats")
            .about("List the file formats that are read and the output formats that are written")
            .arg(report::format_argument())
            .after_help("Examples:\n  dateline formats\n  dateline formats --format json")
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        if matches.get_one::<String>("format").is_some_and(|format| format == "json") {
            let read: Vec<_> = readable()
                .map(|(name, description, endings)| {
                    serde_json::json!({"name": name, "description": description, "endings": endings})
                })
                .collect();
            let written: Vec<_> = OUTPUTS
                .iter()
                .map(|output| serde_json::json!({"name": output.name(), "description": output.description()}))
                .collect();
            report.json(&serde_json::json!({ "read": read, "written": written }))?;
            return Ok(Exit::Done);
        }
        report.line("read")?;
        for (name, description, endings) in readable() {
            report.line(&format!("  {name:<14}{description} (.{})", endings.join(", .")))?;
        }
        report.line("written")?;
        for output in OUTPUTS {
            report.line(&format!("  {:<14}{}", output.name(), output.description()))?;
        }
        Ok(Exit::Done)
    }
}

/// Name, description and endings of everything that is read: formats, then what they may lie in.
fn readable() -> impl Iterator<Item = (&'static str, &'static str, &'static [&'static str])> {
    let formats = FORMATS.iter().map(|format| (format.name(), format.description(), format.endings()));
    let containers = CONTAINERS.iter().map(|kind| (kind.name(), kind.description(), kind.endings()));
    formats.chain(containers)
}
