//! `dateline check`: whether the index is whole, and what to do where it is not.

use super::report::{self, Report, counted};
use super::{Command, Exit, settings};
use crate::backend::local::check::{self, Findings};
use crate::backend::local::rebuild;
use crate::backend::local::repair::{self, Repair};
use crate::error::Result;
use clap::{Arg, ArgAction, ArgMatches};
use std::path::Path;

/// The command.
pub(super) struct Check;

impl Command for Check {
    fn define(&self) -> clap::Command {
        clap::Command::new("check")
            .about("Check that the index is whole, or repair it")
            .arg(report::format_argument())
            .arg(settings::index_argument())
            .arg(settings::in_argument())
            .args([
                Arg::new("deep")
                    .long("deep")
                    .action(ArgAction::SetTrue)
                    .help("Compare every stored article with what is indexed of it too, word by word"),
                Arg::new("repair")
                    .long("repair")
                    .action(ArgAction::SetTrue)
                    .help("Where it is damaged, build it anew from what was indexed; the damaged one is moved aside"),
            ])
            .after_help("Compares every file of the index with its checksum, looks for ids that two articles have, and for files \
                 that gave another number of articles than is known of them. With `--deep` every article is read again and \
                 compared with its words, names and dates in the index: that finds what has right checksums and is wrong.\n\n\
                 Nothing is repaired without `--repair`, and nothing is lost by it: the new index is built beside the old one \
                 from the folders and files that were indexed, which must be there, and replaces it when it is complete. The \
                 damaged one is kept in a folder that is named then, for you to remove. Missing rights, faults of a disk and \
                 locks are no damage, and nothing is done about them.\n\n\
                 Examples:\n  \
                 dateline check\n  \
                 dateline check --in news && echo whole\n  \
                 dateline check --deep --repair\n\n\
                 Exit codes: 0 all is well, or is again, 1 problems were found, 2 the check or the repair could not be made.",)
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let json = report.wants_json(matches);
        let folder = settings::folder(matches)?;
        let bar = report.bar("{bar:30} {percent} % compared, {eta} left");
        let watch = |done: u64, total: u64| {
            bar.set_length(total);
            bar.set_position(done);
        };
        let deep = matches.get_flag("deep");
        if matches.get_flag("repair") {
            let day = super::today().format("%Y-%m-%d").to_string();
            let found = repair::prepare(&folder, &day, if deep { Some(&watch) } else { None });
            bar.finish_and_clear();
            return repair(&folder, found?, deep, json, &settings::naming(matches), report);
        }
        let findings = if deep { check::check_deep(&folder, &watch) } else { check::check(&folder) };
        bar.finish_and_clear();
        let findings = findings?;
        tell(&findings, deep, json, report)?;
        if findings.faults.is_empty() {
            return Ok(Exit::Done);
        }
        if !json && findings.refused.is_none() {
            report.remark(&format!(
                "hint: build it anew beside the old one: `dateline check --repair{}`, or {}",
                settings::naming(matches),
                rebuild(&folder)
            ));
        }
        Ok(Exit::Nothing)
    }
}

/// Says what was found.
fn tell(findings: &Findings, deep: bool, json: bool, report: &mut Report) -> Result<()> {
    if json {
        return report.json(&serde_json::json!({
            "sound": findings.faults.is_empty(), "faults": findings.faults, "remarks": findings.remarks,
            "files": findings.files, "articles": findings.articles,
        }));
    }
    for fault in &findings.faults {
        report.shown_line(fault)?;
    }
    for remark in &findings.remarks {
        report.shown_line(&format!("note: {remark}"))?;
    }
    if findings.faults.is_empty() {
        report.line(&format!(
            "sound: {}{}, and the checksums of {} are right",
            counted(findings.articles as u64, "article"),
            if deep { ", each compared with what is indexed of it" } else { "" },
            counted(findings.files as u64, "file of the index")
        ))?;
    }
    Ok(())
}

/// Does what is to be done about an index, and says so.
fn repair(folder: &Path, found: Repair, deep: bool, json: bool, same_index: &str, report: &mut Report) -> Result<Exit> {
    let (faults, done, aside) = match found {
        Repair::Sound(findings) => {
            tell(&findings, deep, json, report)?;
            if !json {
                report.remark("there is nothing to repair");
            }
            return Ok(Exit::Done);
        }
        Repair::Mended { faults } => {
            (faults, "mended: the lists are made anew, and the index is whole".to_owned(), vec![])
        }
        Repair::Rebuild { faults, roots } => {
            for fault in &faults {
                report.remark(fault);
            }
            report.remark(&format!("building the index anew from {}", counted(roots.len() as u64, "folder or file")));
            let before = repair::moved_aside(folder);
            let done = super::index::build_anew(&roots, folder, same_index, report)?;
            let mut aside = repair::moved_aside(folder);
            aside.retain(|path| !before.contains(path));
            (faults, format!("repaired: {done}"), aside)
        }
    };
    if json {
        let aside: Vec<_> = aside.iter().map(|path| path.to_string_lossy().into_owned()).collect();
        report.json(&serde_json::json!({ "sound": true, "repaired": faults, "moved_aside": aside }))?;
        return Ok(Exit::Done);
    }
    report.shown_line(&done)?;
    for path in aside {
        report.shown_line(&format!(
            "the damaged index is in `{}`; remove that folder when you no longer want it",
            path.display()
        ))?;
    }
    Ok(Exit::Done)
}
