//! `dateline extract`: shows what is found in articles, without an index.

use super::report::Report;
use super::{Command, Exit};
use crate::error::{Error, Kind, Result};
use crate::ingest::preview::{self, Input};
use crate::output::extraction;
use crate::when::{self, Written};
use clap::{Arg, ArgMatches, value_parser};
use std::io::BufReader;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// The command.
pub(super) struct Extract;

impl Command for Extract {
    fn define(&self) -> clap::Command {
        clap::Command::new("extract")
            .about("Show the people, organisations, places and dates of articles, without an index")
            .arg(
                Arg::new("paths")
                    .value_name("PATH")
                    .num_args(1..)
                    .required(true)
                    .value_parser(value_parser!(PathBuf))
                    .help("Files and folders; - for standard input, a JSON object a line"),
            )
            .arg(
                Arg::new("published")
                    .long("published")
                    .value_name("DATE")
                    .help("The day of publication for articles that say none: relative dates are resolved against it"),
            )
            .arg(
                Arg::new("jobs")
                    .short('j')
                    .long("jobs")
                    .value_name("N")
                    .value_parser(value_parser!(u16).range(1..=64))
                    .help("Threads [default: one for each core]"),
            )
            .arg(
                Arg::new("format")
                    .long("format")
                    .value_name("FORMAT")
                    .default_value("text")
                    .value_parser(["text", "jsonl"])
                    .help("How to print what was found; jsonl has the text and the place of each mention, too"),
            )
            .after_help(
                "Examples:\n  \
                 dateline extract report.txt --published 2024-06-20\n  \
                 echo '{\"id\":\"1\",\"text\":\"They met in Paris on Tuesday.\"}' | dateline extract --format jsonl -\n\n\
                 Keys of the objects: text (or body), and if known id, title, published (or date), language, source, \
                 author, url.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let lines = matches.get_one::<String>("format").is_some_and(|format| format == "jsonl");
        if lines {
            report.errors_as_json();
        }
        let published = matches.get_one::<String>("published").map(|text| day(text)).transpose()?;
        let paths = matches.get_many::<PathBuf>("paths").into_iter().flatten();
        let inputs = paths
            .map(|path| match path.to_str() {
                Some("-") => Input::Stream(Box::new(BufReader::new(std::io::stdin()))),
                _ => Input::Path(path.clone()),
            })
            .collect();
        let jobs = matches.get_one::<u16>("jobs").map_or_else(crate::cores::count, |jobs| usize::from(*jobs));
        let style = report.style();
        let stop = AtomicBool::new(false);
        let program = super::program();
        let mut articles = 0_usize;
        let skips =
            preview::preview(inputs, jobs, published.as_ref(), program.as_deref(), &stop, &mut |article, found| {
                if articles > 0 && !lines {
                    report.line("")?;
                }
                articles += 1;
                let outcome = if lines {
                    extraction::json(&article, &found).write(&style, report.writer())
                } else {
                    extraction::text(&article, &found, &style, report.writer())
                };
                report.written(outcome)
            })?;
        for skip in skips {
            let member = skip.member.map(|member| format!(" ({member})")).unwrap_or_default();
            report.warn(&format!("not read: {}{member}: {}", skip.path, skip.reason));
        }
        Ok(Exit::Done)
    }
}

fn day(text: &str) -> Result<Written> {
    when::written(text).ok_or_else(|| {
        Error::new(Kind::Usage, format!("`--published` wants a date such as `2024-06-19`, not `{text}`"))
            .hint("give the day on which the articles were published, or leave `--published` out")
    })
}
