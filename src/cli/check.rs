//! `dateline check`: whether the index is whole.

use super::report::{self, Report, counted};
use super::{Command, Exit, settings};
use crate::backend::local::{check, rebuild};
use crate::error::Result;
use clap::ArgMatches;

/// The command.
pub(super) struct Check;

impl Command for Check {
    fn define(&self) -> clap::Command {
        clap::Command::new("check")
            .about("Check that the index is whole")
            .arg(report::format_argument())
            .arg(settings::index_argument())
            .arg(settings::in_argument())
            .after_help("Compares every file of the index with its checksum, looks for ids that two articles have, and for files \
                 that gave another number of articles than is known of them. Nothing is repaired: the index is built \
                 from the articles, and `dateline index --full` builds it anew.\n\n\
                 Examples:\n  \
                 dateline check\n  \
                 dateline check --in news && echo whole\n\n\
                 Exit codes: 0 all is well, 1 problems were found, 2 the check could not be made.",)
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let json = report.wants_json(matches);
        let folder = settings::folder(matches)?;
        let findings = check::check(&folder)?;
        if json {
            let value = serde_json::json!({
                "sound": findings.faults.is_empty(), "faults": findings.faults, "remarks": findings.remarks,
                "files": findings.files, "articles": findings.articles,
            });
            report.json(&value)?;
        } else {
            for fault in &findings.faults {
                report.line(fault)?;
            }
            for remark in &findings.remarks {
                report.line(&format!("note: {remark}"))?;
            }
            if findings.faults.is_empty() {
                report.line(&format!(
                    "sound: {}, and the checksums of {} are right",
                    counted(findings.articles as u64, "article"),
                    counted(findings.files as u64, "file of the index")
                ))?;
            } else {
                report.remark(&format!("hint: build it anew beside the old one: {}", rebuild(&folder)));
            }
        }
        Ok(if findings.faults.is_empty() { Exit::Done } else { Exit::Nothing })
    }
}
