//! `dateline timeline`: how many articles match in each period, beside all articles of it.

use super::listing::{self, OUTPUT};
use super::question::{self, Question};
use super::report::Report;
use super::{Command, Exit, settings};
use crate::backend::Backend;
use crate::error::Result;
use crate::output::timeline as output;
use crate::search::{Of, TimelineRequest, Unit};
use clap::builder::PossibleValue;
use clap::{Arg, ArgMatches};

/// The command.
pub(super) struct Timeline;

/// The value of `--of` for the dates that articles speak of.
const MENTIONS: &str = "mentions";

/// The arguments that say which dates are counted, and by what.
pub(super) fn arguments() -> [Arg; 2] {
    [
        Arg::new("by")
            .long("by")
            .value_name("UNIT")
            .value_parser(Unit::ALL.map(Unit::name))
            .help_heading(OUTPUT)
            .help("How long a period is [default: the shortest that gives at most 60]"),
        Arg::new("of")
            .long("of")
            .value_name("DATES")
            .default_value("published")
            .value_parser([PossibleValue::new("published").alias("publication"), PossibleValue::new(MENTIONS)])
            .help_heading(OUTPUT)
            .help("Which dates are counted: of publication, or all that an article speaks of, each period once"),
    ]
}

/// The unit that was asked for.
pub(super) fn unit(matches: &ArgMatches) -> Option<Unit> {
    let name = matches.get_one::<String>("by")?;
    Unit::ALL.into_iter().find(|unit| unit.name() == name)
}

/// Which dates were asked for.
pub(super) fn dates(matches: &ArgMatches) -> Of {
    let of = matches.get_one::<String>("of").map(String::as_str);
    if of == Some(MENTIONS) { Of::Mentions } else { Of::Published }
}

/// Which unit was chosen, which others there are, and whether it would list more periods if it were asked for.
pub(super) fn others(by: Unit, lists_more: bool) -> String {
    let others = Unit::ALL.into_iter().filter(|unit| *unit != by).map(Unit::name);
    let others = others.collect::<Vec<_>>().join(", ");
    let unit = by.name();
    let all = if lists_more { format!("`--by {unit}` lists all, ") } else { String::new() };
    format!("by {unit}; {all}`--by` also takes {others}")
}

impl Command for Timeline {
    fn define(&self) -> clap::Command {
        clap::Command::new("timeline")
            .about("Count the articles that match by day, week, month or year, beside all articles of it")
            .args(question::arguments())
            .args(arguments())
            .args(listing::arguments())
            .after_help(
                "A date that is longer than a period, such as a year by month, is in none; how many articles have one is \
                 said below.\n\n\
                 Examples:\n  \
                 dateline timeline --in news treaty\n  \
                 dateline timeline --in news treaty --from 2020 --by quarter\n  \
                 dateline timeline --in news --person putin --of mentions --by year --format csv > putin.csv\n\n\
                 Exit codes: 0 at least one article, 1 none, 2 any error.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let format = listing::format(matches, report);
        let (by, of) = (unit(matches), dates(matches));
        let Question { written, tree, backend, warnings } = question::question(matches, report)?;
        let started = std::time::Instant::now();
        let mut timeline = backend.timeline(&tree, &TimelineRequest { query: written, of, by })?;
        timeline.results.warnings.splice(0..0, warnings.into_iter().chain(question::cut(&backend)));
        timeline.results.took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let notes = output::notes(&timeline);
        if format == "json" {
            report.json(&output::shape(&timeline))?;
        } else if listing::wants_rows(&format, matches) {
            listing::print_rows(output::sheet(&timeline), &format, matches, report)?;
            for note in &notes {
                report.remark(note);
            }
            timeline.results.warnings.iter().for_each(|warning| report.warn(warning));
        } else {
            let style = report.style();
            let outcome = output::text(&timeline, &style, report.writer());
            report.written(outcome)?;
            for note in &notes {
                report.line(note)?;
            }
            if by.is_none() && !timeline.periods.is_empty() {
                report.remark(&others(timeline.by, timeline.middle.is_some()));
            }
            if of == Of::Published && timeline.undated > 0 && timeline.undated == timeline.results.total {
                report.remark(
                    "none of them has a date of publication; `--of mentions` counts the dates that they speak of",
                );
            }
            for line in crate::output::receipt(&timeline.results, &settings::naming(matches)) {
                report.remark(&line.replace(" (none shown)", ""));
            }
        }
        Ok(if timeline.results.total > 0 { Exit::Done } else { Exit::Nothing })
    }
}
