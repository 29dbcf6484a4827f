//! `dateline formats`: what can be read, and how hits can be printed.

use super::report::{self, Report};
use super::{Command, Exit};
use crate::error::Result;
use crate::output::OUTPUTS;
use crate::read::FORMATS;
use clap::ArgMatches;

/// The command.
pub(super) struct Formats;

impl Command for Formats {
    fn define(&self) -> clap::Command {
        clap::Command::new("formats")
            .about("List the file formats that are read and the output formats that are written")
            .arg(report::format_argument())
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        if matches.get_one::<String>("format").is_some_and(|format| format == "json") {
            let read: Vec<_> = FORMATS
                .iter()
                .map(|format| {
                    serde_json::json!({"name": format.name(), "description": format.description(), "endings": format.endings()})
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
        for format in FORMATS {
            report.line(&format!(
                "  {:<14}{} (.{})",
                format.name(),
                format.description(),
                format.endings().join(", .")
            ))?;
        }
        report.line("written")?;
        for output in OUTPUTS {
            report.line(&format!("  {:<14}{}", output.name(), output.description()))?;
        }
        Ok(Exit::Done)
    }
}
