//! `dateline similar`: articles that are like one.

use super::listing::{self, OUTPUT};
use super::question::{self, Question};
use super::report::Report;
use super::{Command, Exit, settings};
use crate::backend::Backend;
use crate::error::{Error, Kind, Result};
use crate::output::{self, OUTPUTS};
use crate::search::SimilarRequest;
use clap::{Arg, ArgMatches};

/// The command.
pub(super) struct Similar;

/// Articles shown unless told otherwise.
const LIMIT: &str = "10";
/// Passages shown of each.
const SNIPPETS: usize = 1;

impl Command for Similar {
    fn define(&self) -> clap::Command {
        clap::Command::new("similar")
            .about("Find articles that are like one: in their words, and in whom and what they name")
            .arg(Arg::new("id").value_name("ID").required(true).help("The id that a search printed"))
            .args(question::arguments())
            .args([
                listing::limit_argument(LIMIT, "How many articles to show; 0 for all that are alike, at most 200"),
                Arg::new("offset")
                    .long("offset")
                    .value_name("N")
                    .default_value("0")
                    .help_heading(OUTPUT)
                    .allow_negative_numbers(true)
                    .help("How many articles to leave out first"),
                listing::json_argument(),
                Arg::new("format")
                    .long("format")
                    .value_name("FORMAT")
                    .default_value("text")
                    .value_parser(OUTPUTS.iter().map(|output| output.name()).collect::<Vec<_>>())
                    .help_heading(OUTPUT)
                    .help("How to print them"),
            ])
            .after_help(
                "The score is how alike two articles are, from 0 to 1: copies of the article come first, with nearly 1. \
                 What they share is listed, that which counts most first: names and words that the article has often and \
                 others seldom. Words behind the id, and filters, are asked of the other articles.\n\n\
                 Examples:\n  \
                 dateline similar --in news wire-1\n  \
                 dateline similar --in news wire-1 --source 'Bay City Examiner' --from 2024\n  \
                 dateline similar --in news wire-1 sanctions -n 0 --format ids\n\n\
                 Exit codes: 0 at least one article, 1 none, 2 any error.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let given = matches.get_one::<String>("format").map_or("text", String::as_str);
        let format = if matches.get_flag("json") { "json" } else { given };
        if format.starts_with("json") {
            report.errors_as_json();
        }
        let (limit, offset) = (question::number(matches, "limit")?, question::number(matches, "offset")?);
        let id = matches.get_one::<String>("id").cloned().unwrap_or_default();
        let Question { written, tree, backend, warnings } = question::question(matches, report)?;
        let started = std::time::Instant::now();
        let request = SimilarRequest { query: written, id, limit, offset, snippets: SNIPPETS };
        let mut results = backend.similar(&tree, &request)?;
        results.warnings.splice(0..0, warnings.into_iter().chain(question::cut(&backend)));
        results.took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let output = output::find(format).ok_or_else(|| Error::new(Kind::Bug, format!("no output `{format}`")))?;
        let style = report.style();
        let outcome = output.write(&results, &style, report.writer());
        report.written(outcome)?;
        if format == "text" {
            for line in output::receipt(&results, &settings::naming(matches)) {
                report.remark(&line);
            }
        }
        Ok(if results.total > 0 { Exit::Done } else { Exit::Nothing })
    }
}
