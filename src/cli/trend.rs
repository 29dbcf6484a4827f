//! `dateline trend`: several queries over the same periods.

use super::question::{self, Questions};
use super::report::Report;
use super::{Command, Exit, listing, settings, timeline};
use crate::backend::Backend;
use crate::error::{Error, Kind, Result};
use crate::output::sheet;
use crate::output::trend::{self as output, Measure};
use crate::search::TrendRequest;
use clap::{Arg, ArgAction, ArgMatches};

/// The command.
pub(super) struct TrendCommand;

/// The most queries that are compared: beside each other more can be neither shown nor seen.
const MOST: usize = 8;

impl Command for TrendCommand {
    fn define(&self) -> clap::Command {
        clap::Command::new("trend")
            .about("Compare queries over time: the share of all articles that each has in every period")
            .args(question::arguments())
            .mut_arg("query", |query| {
                query.required(true).help(
                    "Each argument is a query of its own, 2 to 8 of them: 'inflation' '\"interest rates\"'. The filters \
                     hold for all of them",
                )
            })
            .args(timeline::arguments())
            .arg(
                Arg::new("counts")
                    .long("counts")
                    .action(ArgAction::SetTrue)
                    .help_heading(listing::OUTPUT)
                    .help("Compare numbers of articles, which grow with the archive, rather than shares"),
            )
            .args(listing::arguments())
            .after_help(
                "Text has a curve for each query, as high as its own highest, and a table whose bars have one scale; `·` in \
                 a curve is a period of which the archive has no article. CSV and its kin have a row for each period and \
                 query, ready to be plotted; every period is there, counts and shares both. Of two queries the correlation \
                 of their shares is given where there are at least 8 periods and each has hits in half of them.\n\n\
                 Examples:\n  \
                 dateline trend --in news inflation unemployment\n  \
                 dateline trend --in news '\"climate change\"' '\"global warming\"' --by year --counts\n  \
                 dateline trend --in news 'person:putin' 'person:zelensky' --from 2020 --format csv > trend.csv\n\n\
                 Exit codes: 0 at least one article of any query, 1 none, 2 any error.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let format = listing::format(matches, report);
        let names: Vec<String> = matches.get_many::<String>("query").into_iter().flatten().cloned().collect();
        if !(2..=MOST).contains(&names.len()) {
            let given = crate::output::table::counted(names.len(), "query").replace("querys", "queries");
            return Err(Error::new(Kind::Usage, format!("`trend` compares 2 to {MOST} queries, not {given}")).hint(
                "put each between quotation marks: `dateline trend 'oil price' 'gas price'`; one alone is a `timeline`",
            ));
        }
        let (by, of) = (timeline::unit(matches), timeline::dates(matches));
        let typed = matches.get_many::<String>("query").into_iter().flatten();
        let Questions { asked, backend, warnings } = question::questions(matches, typed, report)?;
        let started = std::time::Instant::now();
        let mut trend = backend.trend(&TrendRequest { queries: asked, of, by })?;
        let took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        for (series, warnings) in trend.series.iter_mut().zip(warnings) {
            series.results.warnings.splice(0..0, warnings.into_iter().chain(question::cut(&backend)));
        }
        let measure = if matches.get_flag("counts") { Measure::Count } else { Measure::Share };
        let notes = output::notes(&trend);
        let mut rows = output::sheet(&trend, &names);
        listing::choose(&mut rows, matches)?;
        let style = report.style();
        if format == "json" {
            report.json(&output::shape(&trend, &names, took_ms, &rows))?;
        } else if format == "text" && !matches.contains_id("fields") {
            let outcome = output::text(&trend, &names, measure, &style, report.writer());
            report.written(outcome)?;
            notes.iter().try_for_each(|note| report.line(note))?;
            if by.is_none() && !trend.periods.is_empty() {
                report.remark(&timeline::others(trend.by, trend.middle.is_some()));
            }
            for line in output::receipts(&trend, took_ms, &settings::naming(matches)) {
                report.remark(&line);
            }
        } else {
            let outcome = sheet::write(&rows, &format, &style, report.writer());
            report.written(outcome)?;
            notes.iter().for_each(|note| report.remark(note));
            let mut warnings: Vec<&String> = trend.series.iter().flat_map(|series| &series.results.warnings).collect();
            warnings.dedup();
            warnings.into_iter().for_each(|warning| report.warn(warning));
        }
        let any = trend.series.iter().any(|series| series.results.total > 0);
        Ok(if any { Exit::Done } else { Exit::Nothing })
    }
}
