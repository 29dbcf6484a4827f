//! `dateline search`: passages that match, with the receipts.

use super::listing::{self, OUTPUT};
use super::question::{self, Question};
use super::report::Report;
use super::{Command, Exit, record, settings};
use crate::backend::Backend;
use crate::error::{Error, Kind, Result};
use crate::output::columns::{self, Column};
use crate::output::{self, OUTPUTS};
use crate::search::{Request, Sort};
use clap::{Arg, ArgAction, ArgMatches};

/// The command.
pub(super) struct Search;

/// Hits shown unless told otherwise.
const LIMIT: &str = "20";
/// Passages shown of each hit.
const SNIPPETS: usize = 3;

impl Command for Search {
    fn define(&self) -> clap::Command {
        clap::Command::new("search")
            .about("Find articles, and show the passages that match")
            .args(question::arguments())
            .args([
                listing::limit_argument(LIMIT, "How many hits to show; 0 for all"),
                Arg::new("offset")
                    .long("offset")
                    .value_name("N")
                    .default_value("0")
                    .help_heading(OUTPUT)
                    .allow_negative_numbers(true)
                    .help("How many hits to leave out first"),
                Arg::new("sort")
                    .long("sort")
                    .value_name("ORDER")
                    .default_value("relevance")
                    .value_parser(["relevance", "newest", "oldest"])
                    .help_heading(OUTPUT)
                    .help("In what order; equals by id, so that runs are the same"),
                Arg::new("facet")
                    .long("facet")
                    .value_name("FIELD")
                    .value_delimiter(',')
                    .action(ArgAction::Append)
                    .help_heading(OUTPUT)
                    .help("Count the values of these fields over all hits, as country,person"),
                Arg::new("any")
                    .long("any")
                    .action(ArgAction::SetTrue)
                    .help("Ask in plain words: any of them may match, the best come first, and nothing is an operator"),
                Arg::new("explain")
                    .long("explain")
                    .value_name("WHAT")
                    .num_args(0..=1)
                    .require_equals(true)
                    .default_missing_value("query")
                    .value_parser(["query", "score"])
                    .help(
                        "Say how the query was understood, how many articles each part has, and what the index is asked; \
                         `--explain=score` says instead of what the score of each hit is made",
                    ),
                Arg::new("group-by")
                    .long("group-by")
                    .value_name("WHAT")
                    .value_parser(["slot"])
                    .help("List who or what stands in the slots of the query, as in '@person NEAR/5 resign*'"),
                Arg::new("quiet")
                    .short('q')
                    .long("quiet")
                    .action(ArgAction::SetTrue)
                    .help_heading(OUTPUT)
                    .help("Print nothing; the exit code is the answer"),
                listing::json_argument(),
                fields_argument(),
                Arg::new("null")
                    .short('0')
                    .long("null")
                    .action(ArgAction::SetTrue)
                    .help_heading(OUTPUT)
                    .help("End ids and paths with a NUL instead of a line end, for `xargs -0`"),
                Arg::new("format")
                    .long("format")
                    .value_name("FORMAT")
                    .default_value("text")
                    .value_parser(OUTPUTS.iter().map(|output| output.name()).collect::<Vec<_>>())
                    .help_heading(OUTPUT)
                    .help("How to print the hits"),
                record::argument().help_heading(OUTPUT),
            ])
            .after_help(
                "Examples:\n  \
                 dateline search --in news '\"mutual defence\"'\n  \
                 dateline search --in news 'treaty (russia OR china) -kim' --sort newest\n  \
                 dateline search --in news treaty --mentions-date 1961 --from 2024\n  \
                 dateline search --in news summit --near Pyongyang --within 100km\n  \
                 dateline search --in news '' --person Putin --country KP --facet org,place\n  \
                 dateline search --in news --any 'who promised to defend North Korea?'\n  \
                 dateline search --in news treaty --from 2024 --record treaty.toml\n  \
                 dateline search --in news treaty --fields published,title\n  \
                 dateline search --in news treaty --format paths -0 | xargs -0 wc -w\n\n\
                 `dateline fields` lists what can stand before a colon.\n\
                 Exit codes: 0 at least one hit, 1 none, 2 any error.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let json = matches.get_flag("json");
        let format = if json { "json" } else { matches.get_one::<String>("format").map_or("text", String::as_str) };
        if format.starts_with("json") {
            report.errors_as_json();
        }
        report.quiet = matches.get_flag("quiet");
        let columns = columns(matches, format)?;
        let null = matches.get_flag("null");
        if null && !output::NAMES.contains(&format) {
            return Err(Error::new(Kind::Usage, format!("`--null` is of no use with `--format {format}`"))
                .hint(format!("it goes with `--format {}`", output::NAMES.join("` and `--format "))));
        }
        let request = request(matches, format == "text")?;
        let file = record::wanted(matches)?;
        let Question { written, tree, backend, warnings } = question::question(matches, report)?;
        let started = std::time::Instant::now();
        if report.quiet && file.is_none() {
            return Ok(if backend.any(&tree)? { Exit::Done } else { Exit::Nothing });
        }
        if matches.get_one::<String>("explain").is_some_and(|what| what == "query") {
            report.remark(&format!("query:   {written}\ntree:    {tree}"));
            for clause in backend.clauses(&tree)? {
                report.remark(&format!(
                    "part:    {}  {}",
                    clause.clause,
                    output::table::counted(clause.count, "article")
                ));
            }
            report.remark(&format!("engine:  {}", backend.explain(&tree)?));
        }
        let sort = request.sort;
        let mut results = backend.search(&tree, &Request { query: written, ..request })?;
        results.warnings.splice(0..0, warnings.into_iter().chain(question::cut(&backend)));
        results.took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        if let Some(file) = file {
            let how = (!matches.get_flag("no-variants"), sort);
            record::write(file, &record::take(&backend, &results.query, &tree, how, &results)?)?;
        }
        if report.quiet {
            return Ok(if results.total > 0 { Exit::Done } else { Exit::Nothing });
        }
        let output = output::find(format).ok_or_else(|| Error::new(Kind::Bug, format!("no output `{format}`")))?;
        let style = report.style();
        let outcome = match columns {
            Some(columns) => columns::write(&results, &columns, format, &style, report.writer()),
            None if null => output::ended_by_null(&results, format, &style, report.writer()),
            None => output.write(&results, &style, report.writer()),
        };
        report.written(outcome)?;
        if !shows_facets(format) && !results.facets.is_empty() {
            report.warn(&format!("`--format {format}` has no place for what `--facet` counts: text and json have"));
        }
        if format == "text" {
            for line in output::receipt(&results, &settings::naming(matches)) {
                report.remark(&line);
            }
            if let Some(file) = file {
                let (file, same_index) = (file.display(), settings::naming(matches));
                report.remark(&format!(
                    "recorded in {file}; `dateline replay{same_index} {file}` says later what has changed"
                ));
            }
        }
        Ok(if results.total > 0 { Exit::Done } else { Exit::Nothing })
    }
}

/// The `--fields` argument of commands that print hits.
pub(super) fn fields_argument() -> Arg {
    Arg::new("fields")
        .long("fields")
        .value_name("COLUMN")
        .value_delimiter(',')
        .action(ArgAction::Append)
        .help_heading(OUTPUT)
        .help("Only these columns of each hit, as id,published,title; in text one hit a line")
}

/// The columns of `--fields`; none where it was not given.
pub(super) fn columns(matches: &ArgMatches, format: &str) -> Result<Option<Vec<&'static Column>>> {
    let names: Vec<&str> = matches.get_many::<String>("fields").into_iter().flatten().map(String::as_str).collect();
    if names.is_empty() {
        return Ok(None);
    }
    if !columns::FORMATS.contains(&format) {
        return Err(Error::new(Kind::Usage, format!("`--format {format}` has no columns to choose from"))
            .hint(format!("`--fields` goes with {}", columns::FORMATS.join(", "))));
    }
    columns::chosen(&names).map(Some).map_err(|name| {
        Error::new(Kind::Usage, format!("there is no column `{name}` here"))
            .hint(format!("the columns are {}", columns::names()))
    })
}

/// Whether a format prints facets.
fn shows_facets(format: &str) -> bool {
    matches!(format, "text" | "json")
}

fn request(matches: &ArgMatches, shown: bool) -> Result<Request> {
    let mut facets = Vec::new();
    for name in matches.get_many::<String>("facet").into_iter().flatten() {
        facets.push(question::facet_field(name)?.name.to_owned());
    }
    Ok(Request {
        query: String::new(),
        limit: question::number(matches, "limit")?,
        offset: question::number(matches, "offset")?,
        sort: match matches.get_one::<String>("sort").map(String::as_str) {
            Some("newest") => Sort::Newest,
            Some("oldest") => Sort::Oldest,
            _ => Sort::Relevance,
        },
        facets,
        snippets: SNIPPETS,
        explain_scores: matches.get_one::<String>("explain").is_some_and(|what| what == "score"),
        group_by_slot: matches.contains_id("group-by"),
        facet_values: if shown { output::FACET_VALUES } else { 0 },
    })
}
