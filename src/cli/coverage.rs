//! `dateline coverage`: how many articles there are of each source in each period, and where there are none.

use super::listing::{self, Listing};
use super::question::{self, Question};
use super::report::Report;
use super::{Command, Exit, settings};
use crate::backend::Backend;
use crate::error::Result;
use crate::output::coverage as output;
use crate::search::{CoverageRequest, Unit};
use clap::{Arg, ArgMatches};

/// The command.
pub(super) struct CoverageCommand;

/// Sources that a map shows unless told otherwise; what programs read has all.
const LIMIT: usize = 40;
/// How long a period may be.
const UNITS: [Unit; 4] = [Unit::Month, Unit::Quarter, Unit::Year, Unit::Decade];

impl Command for CoverageCommand {
    fn define(&self) -> clap::Command {
        clap::Command::new("coverage")
            .about("Show how many articles the archive has of each source in each month, and where it has a hole")
            .args(question::arguments())
            .mut_arg("query", |query| query.help("Only articles that match this query [default: every article]"))
            .args([
                Arg::new("by")
                    .long("by")
                    .value_name("UNIT")
                    .value_parser(UNITS.map(Unit::name))
                    .help_heading(listing::OUTPUT)
                    .help("How long a period is [default: month; as text the shortest that gives at most 72]"),
                Arg::new("limit")
                    .short('n')
                    .long("limit")
                    .value_name("N")
                    .allow_negative_numbers(true)
                    .help_heading(listing::OUTPUT)
                    .help("How many sources to show, those with most articles first; 0 for all [default: 40 as text, else all]"),
            ])
            .args(listing::arguments())
            .after_help(
                "A hole is a time without any article of a source in which at least 5 would be expected by the twelve \
                 periods before it and the twelve behind it; the source has 5 or more before it, and behind it. It is a hole of the archive: articles that the \
                 query leaves out count as there. A source whose spellings differ in case or accents is one.\n\n\
                 CSV has a row for each source and period, from the first period with an article of the source to the last: \
                 `count` articles match of `articles`; `hole` says whether the period lies in a hole.\n\n\
                 Examples:\n  \
                 dateline coverage --in news\n  \
                 dateline coverage --in news --by year --format csv > coverage.csv\n  \
                 dateline coverage --in news inflation --source 'Harbour Wire' --from 2019\n\n\
                 Exit codes: 0 at least one article, 1 none, 2 any error.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let format = listing::format(matches, report);
        let drawn = format == "text" && !matches.contains_id("fields");
        let limit = match matches.get_one::<String>("limit") {
            Some(_) => question::number(matches, "limit")?,
            None if drawn => LIMIT,
            None => 0,
        };
        let asked = matches.get_one::<String>("by").and_then(|name| UNITS.into_iter().find(|unit| unit.name() == name));
        let by = asked.or_else(|| (!drawn).then_some(Unit::Month));
        let Question { written, tree, backend, warnings } = question::question(matches, report)?;
        let started = std::time::Instant::now();
        let mut coverage = backend.coverage(&tree, &CoverageRequest { query: written, by })?;
        coverage.results.warnings.splice(0..0, warnings.into_iter().chain(question::cut(&backend)));
        coverage.results.took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let notes = output::notes(&coverage, limit);
        if drawn {
            let style = report.style();
            let outcome = output::text(&coverage, limit, &style, report.writer());
            report.written(outcome)?;
            notes.iter().try_for_each(|note| report.shown_line(note))?;
            if asked.is_none() && !coverage.periods.is_empty() {
                let others = UNITS.into_iter().filter(|unit| *unit != coverage.by).map(Unit::name);
                let others = others.collect::<Vec<_>>().join(", ");
                report.remark(&format!("by {}; `--by` also takes {others}", coverage.by.name()));
            }
            for line in crate::output::receipt(&coverage.results, &settings::naming(matches)) {
                report.remark(&line.replace(" (none shown)", ""));
            }
        } else {
            let mut listing = Listing::new(&coverage.results, "rows", output::sheet(&coverage, limit));
            let sources = serde_json::to_value(output::sources(&coverage, limit)).unwrap_or_default();
            listing.more.insert("by".to_owned(), coverage.by.name().into());
            listing.more.insert("sources".to_owned(), sources);
            listing.notes = notes;
            listing::print(listing, matches, report)?;
        }
        Ok(if coverage.results.total > 0 { Exit::Done } else { Exit::Nothing })
    }
}
