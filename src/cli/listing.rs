//! Answers that are rows of named columns: how every command that has one takes `--format` and `--fields`, and what it
//! prints beside the rows.
//!
//! Text has the table on standard output and the receipt on standard error; a JSON document has all of it; the other
//! formats have the rows alone, and warnings on standard error.

use super::report::Report;
use super::settings;
use crate::error::{Error, Kind, Result};
use crate::output;
use crate::output::sheet::{self, Sheet};
use crate::search::{Clause, Expansion, Results};
use clap::{Arg, ArgAction, ArgMatches};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

/// The heading under which help lists how the rows are printed.
pub(super) const OUTPUT: &str = "Output";

/// The arguments of a command that answers with rows.
pub(super) fn arguments() -> [Arg; 3] {
    [
        Arg::new("format")
            .long("format")
            .value_name("FORMAT")
            .default_value("text")
            .value_parser(sheet::FORMATS)
            .help_heading(OUTPUT)
            .help("How to print it"),
        json_argument(),
        Arg::new("fields")
            .long("fields")
            .value_name("COLUMN")
            .value_delimiter(',')
            .action(ArgAction::Append)
            .help_heading(OUTPUT)
            .help("Only these columns, in this order, by the names that they have in CSV"),
    ]
}

/// The argument that is short for the format of one JSON document.
pub(super) fn json_argument() -> Arg {
    Arg::new("json").long("json").action(ArgAction::SetTrue).help_heading(OUTPUT).help("The same as --format json")
}

/// The argument for how many are shown, so many unless told otherwise.
pub(super) fn limit_argument(default: &'static str, help: &'static str) -> Arg {
    Arg::new("limit")
        .short('n')
        .long("limit")
        .value_name("N")
        .default_value(default)
        .help_heading(OUTPUT)
        .allow_negative_numbers(true)
        .help(help)
}

/// An answer in rows.
pub(super) struct Listing<'a> {
    /// What was searched, without hits.
    pub(super) results: &'a Results,
    /// The key of the rows in a JSON document.
    pub(super) key: &'static str,
    /// The rows.
    pub(super) sheet: Sheet,
    /// What a JSON document says beside query, counts, receipt and rows.
    pub(super) more: Map<String, Value>,
    /// What people see in the place of a table, unless they choose columns.
    pub(super) text: Option<Vec<u8>>,
    /// What people should know of the rows, below them, a line each; CSV and its kin have it on standard error.
    pub(super) notes: Vec<String>,
}

impl<'a> Listing<'a> {
    /// With nothing to say beside the rows.
    pub(super) fn new(results: &'a Results, key: &'static str, sheet: Sheet) -> Listing<'a> {
        Listing { results, key, sheet, more: Map::new(), text: None, notes: Vec::new() }
    }
}

/// A listing as JSON has it.
#[derive(serde::Serialize)]
struct Shape<'a> {
    query: &'a str,
    parsed: &'a str,
    total: usize,
    articles: usize,
    took_ms: u64,
    expansions: &'a [Expansion],
    warnings: &'a [String],
    #[serde(skip_serializing_if = "<[Clause]>::is_empty")]
    diagnosis: &'a [Clause],
    #[serde(flatten)]
    more: &'a Map<String, Value>,
    #[serde(flatten)]
    rows: Keyed<'a>,
}

/// Rows under their key.
struct Keyed<'a>(&'static str, &'a Sheet);

impl Serialize for Keyed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(self.0, &self.1.objects())?;
        map.end()
    }
}

/// The format that was asked for; errors are JSON too from here on where that is.
pub(super) fn format(matches: &ArgMatches, report: &mut Report) -> String {
    let given = matches.get_one::<String>("format").map_or("text", String::as_str);
    let format = if matches.get_flag("json") { "json" } else { given };
    if matches!(format, "json" | "jsonl") {
        report.errors_as_json();
    }
    format.to_owned()
}

/// Leaves only the columns of `--fields`.
pub(super) fn choose(sheet: &mut Sheet, matches: &ArgMatches) -> Result<()> {
    let wanted: Vec<&str> = matches.get_many::<String>("fields").into_iter().flatten().map(String::as_str).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let names = sheet.names().join(", ");
    sheet.only(&wanted).map_err(|name| {
        Error::new(Kind::Usage, format!("there is no column `{name}` here")).hint(format!("the columns are {names}"))
    })
}

/// Whether the rows alone are wanted: in a format that has nothing else, or only some columns of them.
pub(super) fn wants_rows(format: &str, matches: &ArgMatches) -> bool {
    matches!(format, "jsonl" | "csv" | "tsv" | "markdown") || format == "text" && matches.contains_id("fields")
}

/// Prints the rows alone.
pub(super) fn print_rows(mut sheet: Sheet, format: &str, matches: &ArgMatches, report: &mut Report) -> Result<()> {
    choose(&mut sheet, matches)?;
    let style = report.style();
    let outcome = sheet::write(&sheet, format, &style, report.writer());
    report.written(outcome)
}

/// Prints the rows in the format asked for, and what goes with them.
pub(super) fn print(mut listing: Listing<'_>, matches: &ArgMatches, report: &mut Report) -> Result<()> {
    let format = format(matches, report);
    choose(&mut listing.sheet, matches)?;
    let results = listing.results;
    if format == "json" {
        return report.json(&Shape {
            query: &results.query,
            parsed: &results.parsed,
            total: results.total,
            articles: results.articles,
            took_ms: results.took_ms,
            expansions: &results.expansions,
            warnings: &results.warnings,
            diagnosis: &results.diagnosis,
            more: &listing.more,
            rows: Keyed(listing.key, &listing.sheet),
        });
    }
    let style = report.style();
    let own = listing.text.filter(|_| format == "text" && !matches.contains_id("fields"));
    let outcome = match own {
        Some(text) => report.writer().write_all(&text),
        None => sheet::write(&listing.sheet, &format, &style, report.writer()),
    };
    report.written(outcome)?;
    if format == "text" {
        listing.notes.iter().try_for_each(|note| report.shown_line(note))?;
        for line in output::receipt(results, &settings::naming(matches)) {
            report.remark(&line.replace(" (none shown)", ""));
        }
    } else {
        listing.notes.iter().for_each(|note| report.remark(note));
        results.warnings.iter().for_each(|warning| report.warn(warning));
    }
    Ok(())
}
