//! `dateline fields`: what can be asked for.

use super::report::{self, Report};
use super::{Command, Exit};
use crate::error::Result;
use crate::field::FIELDS;
use clap::ArgMatches;

/// The command.
pub(super) struct Fields;

impl Command for Fields {
    fn define(&self) -> clap::Command {
        clap::Command::new("fields")
            .about("List the fields that a query can name")
            .arg(report::format_argument())
            .after_help("Examples:\n  dateline fields\n  dateline fields --format json")
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        if matches.get_one::<String>("format").is_some_and(|format| format == "json") {
            let fields: Vec<_> = FIELDS
                .iter()
                .map(|field| {
                    serde_json::json!({
                        "name": field.name, "aliases": field.aliases, "facet": field.facet, "flag": field.flag,
                        "description": field.description, "example": field.example,
                    })
                })
                .collect();
            report.json(&serde_json::json!({ "fields": fields }))?;
            return Ok(Exit::Done);
        }
        for field in FIELDS {
            report.line(&format!("{:<15}{}", field.name, field.description))?;
            let facet = if field.facet { "; can be counted with --facet" } else { "" };
            let flag = if field.flag { format!("; also as --{}", field.name) } else { String::new() };
            report.line(&format!("{:<15}{}{flag}{facet}", "", field.example))?;
        }
        Ok(Exit::Done)
    }
}
