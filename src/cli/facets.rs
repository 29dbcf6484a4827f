//! `dateline facets`: the values of a field over all hits, counted.

use super::listing::{self, OUTPUT};
use super::question::{self, Question};
use super::report::Report;
use super::{Command, Exit, settings};
use crate::backend::Backend;
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::field::{Field, Kind};
use crate::output::facets::{self as output, Counts};
use crate::output::sheet;
use crate::output::table::thousands;
use crate::search::{Request, Sort};
use clap::{Arg, ArgMatches};

/// The command.
pub(super) struct Facets;

/// Values that a table shows unless told otherwise; what programs read has all.
const LIMIT: usize = 20;

impl Command for Facets {
    fn define(&self) -> clap::Command {
        clap::Command::new("facets")
            .about("Count the values of a field over the articles that match: places, people, countries")
            .args(question::arguments())
            .args([
                Arg::new("by")
                    .long("by")
                    .value_name("FIELD")
                    .required(true)
                    .help_heading(OUTPUT)
                    .help(format!("The field whose values are counted: {}", question::countable())),
                Arg::new("limit")
                    .short('n')
                    .long("limit")
                    .value_name("N")
                    .allow_negative_numbers(true)
                    .help_heading(OUTPUT)
                    .help("How many values to show; 0 for all [default: 20 as text, else all]"),
            ])
            .args(listing::arguments().into_iter().map(with_points))
            .after_help(
                "Examples:\n  \
                 dateline facets --in news --by place\n  \
                 dateline facets --in news treaty --from 2024 --by person -n 50\n  \
                 dateline facets --in news earthquake --by place --format geojson > map.geojson\n\n\
                 Exit codes: 0 at least one article, 1 none, 2 any error.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let format = listing::format(matches, report);
        let format = format.as_str();
        let field = question::facet_field(matches.get_one::<String>("by").map_or("", String::as_str))?;
        if format == "geojson" && !has_points(field) {
            return Err(Error::new(ErrorKind::Usage, format!("`{}` has no points for a map", field.name))
                .hint("`--format geojson` takes `--by place`, `--by country` or `--by about-country`"));
        }
        let limit = match matches.get_one::<String>("limit") {
            Some(_) => question::number(matches, "limit")?,
            None if format == "text" => LIMIT,
            None => 0,
        };
        let Question { written, tree, backend, warnings } = question::question(matches, report)?;
        let started = std::time::Instant::now();
        let request = Request {
            query: written.clone(),
            limit: 1,
            sort: Sort::Newest,
            facets: vec![field.name.to_owned()],
            facet_values: limit,
            ..Request::default()
        };
        let mut results = backend.search(&tree, &request)?;
        results.warnings.splice(0..0, warnings.into_iter().chain(question::cut(&backend)));
        results.took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let values = results.facets.remove(field.name).unwrap_or_default();
        let distinct = results.distinct.get(field.name).copied();
        let counts = Counts {
            field: field.name,
            query: written,
            parsed: results.parsed.clone(),
            total: results.total,
            distinct,
            values,
            expansions: results.expansions.clone(),
            warnings: results.warnings.clone(),
        };
        let style = report.style();
        if format == "json" {
            report.json(&counts.shape())?;
        } else if listing::wants_rows(format, matches) {
            listing::print_rows(output::sheet(&counts), format, matches, report)?;
        } else {
            let outcome = match format {
                "geojson" => output::geojson(&counts, &style, report.writer()),
                _ => output::text(&counts, &style, report.writer()),
            };
            report.written(outcome)?;
        }
        match format {
            "text" => {
                let shown = counts.values.len();
                match distinct {
                    Some(distinct) if shown < distinct => {
                        report.remark(&format!(
                            "{} of {} values; `-n 0` lists all",
                            thousands(shown),
                            thousands(distinct)
                        ));
                    }
                    // Whether there are more is not known: what is counted ends with the last one shown.
                    None if shown == limit => {
                        report.remark(&format!("the first {}; `-n 0` lists all", thousands(shown)));
                    }
                    _ => {}
                }
                results.hits.clear();
                for line in crate::output::receipt(&results, &settings::naming(matches)) {
                    report.remark(&line.replace(" (none shown)", ""));
                }
            }
            "json" => {}
            _ => counts.warnings.iter().for_each(|warning| report.warn(warning)),
        }
        Ok(if counts.total > 0 { Exit::Done } else { Exit::Nothing })
    }
}

/// The argument with the format for points.
fn with_points(argument: Arg) -> Arg {
    if argument.get_id() != "format" {
        return argument;
    }
    argument
        .value_parser(sheet::FORMATS.into_iter().chain(["geojson"]).collect::<Vec<_>>())
        .help("How to print them; geojson are points on a map, for place, country and about-country")
}

/// Whether the values of a field have points.
fn has_points(field: &Field) -> bool {
    field.kind == Kind::Country || field.name == "place"
}
