//! `dateline export`: every article that matches, one after the other, for other programs.

use super::destination::{self, Destination};
use super::listing::OUTPUT;
use super::question::{self, Question};
use super::report::Report;
use super::{Command, Exit, search, settings};
use crate::article::{Article, Found};
use crate::backend::Backend;
use crate::cores;
use crate::error::{Error, Kind, Result};
use crate::output::columns::{self, Column};
use crate::output::{self, Output, Style, bundle, html};
use crate::search::{Export, ExportRequest, Hit, Of, Order, Results, Timeline, TimelineRequest};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches};

/// The command.
pub(super) struct ExportCommand;

/// The formats in which a hit is written without regard to the others, and the page.
const FORMATS: [&str; 7] = ["jsonl", "csv", "tsv", "markdown", "bibtex", "ris", PAGE];
/// One page for a browser.
const PAGE: &str = "html";
/// Passages of each hit.
const SNIPPETS: usize = 3;

impl Command for ExportCommand {
    fn define(&self) -> clap::Command {
        clap::Command::new("export")
            .about("Write all articles that match, for other programs: JSON Lines, CSV, BibTeX, RIS, a page")
            .args(question::arguments())
            .args([
                Arg::new("format")
                    .long("format")
                    .value_name("FORMAT")
                    .default_value("jsonl")
                    .value_parser(FORMATS)
                    .help_heading(OUTPUT)
                    .help("How to write them; html is one page that needs nothing else, with a timeline"),
                search::fields_argument().help("Only these columns of each article, as id,published,title"),
                destination::argument(),
                Arg::new("text")
                    .long("text")
                    .action(ArgAction::SetTrue)
                    .help_heading(OUTPUT)
                    .help("With the whole text and all that is mentioned in it, not only passages (jsonl)"),
                Arg::new("sort")
                    .long("sort")
                    .value_name("ORDER")
                    .default_value("oldest")
                    .value_parser(["oldest", "newest", "id"])
                    .help_heading(OUTPUT)
                    .help("In what order; equals by id, so that runs are the same"),
            ])
            .after_help(
                "However many they are, they take no more memory than a few.\n\n\
                 Examples:\n  \
                 dateline export --in news treaty --from 2024 > treaty.jsonl\n  \
                 dateline export --in news '' --text --output all.jsonl\n  \
                 dateline export --in news '\"mutual defence\"' --format bibtex --output treaty.bib\n  \
                 dateline export --in news --person Putin --format html --output putin.html\n\n\
                 Exit codes: 0 at least one article, 1 none, 2 any error.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let format = matches.get_one::<String>("format").map_or("jsonl", String::as_str);
        // Where nobody asked for JSON, people read the errors.
        if format == "jsonl" && matches.value_source("format") == Some(ValueSource::CommandLine) {
            report.errors_as_json();
        }
        let whole = matches.get_flag("text");
        if whole && matches.contains_id("fields") {
            return Err(Error::new(Kind::Usage, "`--text` adds to all columns, and `--fields` wants only some")
                .hint("leave one of them out"));
        }
        if whole && format != "jsonl" {
            return Err(Error::new(Kind::Usage, format!("`--format {format}` has no place for what `--text` adds"))
                .hint("`--text` goes with `--format jsonl`"));
        }
        let columns = search::columns(matches, format)?;
        let columns = columns.as_deref();
        let order = match matches.get_one::<String>("sort").map(String::as_str) {
            Some("newest") => Order::Newest,
            Some("id") => Order::Id,
            _ => Order::Oldest,
        };
        let Question { written, tree, backend, mut warnings } = question::question(matches, report)?;
        let started = std::time::Instant::now();
        let mut timeline = Timeline::default();
        if format == PAGE {
            let request = TimelineRequest { query: written.clone(), of: Of::Published, by: None };
            timeline = backend.timeline(&tree, &request)?;
        }
        let style = report.style();
        let output = output::find(format);
        let shape = |hit: &Hit, article: &Article, found: &Found, out: &mut Vec<u8>| {
            let outcome = match output {
                _ if whole => output::full(hit, article, found, &style, out),
                Some(output) => match columns {
                    Some(columns) => columns::write_hit(hit, columns, format, &style, out),
                    None => output.hit(hit, &style, out),
                },
                None => html::hit(hit, out),
            };
            outcome.expect("a vector takes everything");
        };
        let request = ExportRequest { query: written, order, snippets: SNIPPETS, threads: cores::count() };
        let warned = std::mem::take(&mut warnings);
        let mut writing = Writing {
            to: Destination::open(matches, report)?,
            output,
            columns,
            style,
            timeline: &timeline,
            warnings: warned,
            results: Results::default(),
        };
        backend.export(&tree, &request, &shape, &mut writing)?;
        let Writing { mut to, mut results, .. } = writing;
        if output.is_none() {
            let mut out = Vec::new();
            bundle::end(&mut out).expect("a vector takes everything");
            to.write(&out)?;
        }
        to.finish()?;
        results.warnings.extend(question::cut(&backend));
        results.took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        for line in output::receipt(&results, &settings::naming(matches)) {
            report.remark(&line.replace(" (none shown)", ""));
        }
        Ok(if results.total > 0 { Exit::Done } else { Exit::Nothing })
    }
}

/// What is being written, and where to.
struct Writing<'a> {
    to: Destination<'a>,
    /// The format; none for the page.
    output: Option<&'static dyn Output>,
    /// The columns of `--fields`.
    columns: Option<&'a [&'static Column]>,
    style: Style,
    timeline: &'a Timeline,
    warnings: Vec<String>,
    /// What is known of the whole answer.
    results: Results,
}

impl Export for Writing<'_> {
    fn begin(&mut self, results: &Results) -> Result<()> {
        self.results = results.clone();
        self.results.warnings.splice(0..0, std::mem::take(&mut self.warnings));
        let mut out = Vec::new();
        let outcome = match self.output {
            Some(output) => match self.columns {
                Some(columns) => columns::write_head(columns, output.name(), &mut out),
                None => output.head(&self.style, &mut out),
            },
            None => bundle::begin(&self.results, self.timeline, &mut out),
        };
        outcome.expect("a vector takes everything");
        self.to.write(&out)
    }

    fn take(&mut self, written: &[u8]) -> Result<()> {
        self.to.write(written)
    }
}
