//! `dateline first` and `dateline last`: the earliest and the latest article that matches.

use super::listing::{self, Listing};
use super::question::{self, Question};
use super::report::Report;
use super::{Command, Exit, settings};
use crate::backend::Backend;
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::field::{self, FIELDS, Field, Kind};
use crate::output::ends as output;
use crate::search::{EndsRequest, Which};
use clap::{Arg, ArgMatches};

/// The command for the earliest.
pub(super) struct First;
/// The command for the latest.
pub(super) struct Last;

/// Articles shown unless told otherwise.
const LIMIT: &str = "1";

impl Command for First {
    fn define(&self) -> clap::Command {
        define(
            Which::First,
            "Show the earliest article that matches: who used a phrase first",
            "A date that is known by the month or the year may be any day of it: an article stands where its first \
             possible day does, and how many others may be earlier is said below it. Of one day, those that are dated \
             exactly come first.\n\n\
             Examples:\n  \
             dateline first --in news '\"flight shame\"'\n  \
             dateline first --in news '\"mutual defence\"' --per source\n  \
             dateline first --in news ceasefire --from 2023 -n 5 --format csv\n\n\
             Exit codes: 0 at least one article, 1 none that is dated, 2 any error.",
        )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        run(Which::First, matches, report)
    }
}

impl Command for Last {
    fn define(&self) -> clap::Command {
        define(
            Which::Last,
            "Show the latest article that matches: when a phrase was last used",
            "A date that is known by the month or the year may be any day of it: an article stands where its last \
             possible day does, and how many others may be later is said below it. Of one day, those that are dated \
             exactly come first.\n\n\
             Examples:\n  \
             dateline last --in news '\"cold war\"'\n  \
             dateline last --in news 'person:gorbachev' --per source\n  \
             dateline last --in news ceasefire --to 2023 -n 5 --format csv\n\n\
             Exit codes: 0 at least one article, 1 none that is dated, 2 any error.",
        )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        run(Which::Last, matches, report)
    }
}

fn define(which: Which, about: &'static str, after: &'static str) -> clap::Command {
    let name = if which == Which::First { "first" } else { "last" };
    let fields = FIELDS.iter().filter(|field| can_be_per(field)).map(|field| field.name);
    clap::Command::new(name)
        .about(about)
        .args(question::arguments())
        .args([
            listing::limit_argument(LIMIT, "How many articles to show, of each value with --per; 0 for all"),
            Arg::new("per")
                .long("per")
                .value_name("FIELD")
                .help_heading(listing::OUTPUT)
                .help(format!("For each value of this field its own: {}", fields.collect::<Vec<_>>().join(", "))),
        ])
        .args(listing::arguments())
        .after_help(after)
}

/// Whether each value of a field can have its own first article: names would have to be joined before.
fn can_be_per(field: &Field) -> bool {
    field.facet && matches!(field.kind, Kind::Keyword | Kind::Country)
}

fn run(which: Which, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
    let format = listing::format(matches, report);
    let limit = question::number(matches, "limit")?;
    let per = match matches.get_one::<String>("per") {
        None => None,
        Some(name) => Some(field::find(name).filter(|field| can_be_per(field)).ok_or_else(|| {
            let fields = FIELDS.iter().filter(|field| can_be_per(field)).map(|field| field.name);
            Error::new(ErrorKind::Usage, format!("`--per` takes no `{name}`"))
                .hint(format!("it takes {}", fields.collect::<Vec<_>>().join(", ")))
        })?),
    };
    let Question { written, tree, backend, warnings } = question::question(matches, report)?;
    let started = std::time::Instant::now();
    let mut ends = backend.ends(&tree, &EndsRequest { query: written, which, limit, per })?;
    ends.results.warnings.splice(0..0, warnings.into_iter().chain(question::cut(&backend)));
    ends.results.took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let notes = output::notes(&ends, which);
    if format == "text" && !matches.contains_id("fields") {
        let style = report.style();
        let outcome = output::text(&ends, which, per.map(|field| field.name), &style, report.writer());
        report.written(outcome)?;
        notes.iter().try_for_each(|note| report.line(note))?;
        for line in crate::output::receipt(&ends.results, &settings::naming(matches)) {
            report.remark(&line.replace(" (none shown)", ""));
        }
    } else {
        let mut listing = Listing::new(&ends.results, "found", output::sheet(&ends));
        listing.more.insert("undated".to_owned(), ends.undated.into());
        listing.more.insert("per".to_owned(), per.map(|field| field.name).into());
        listing.notes = notes;
        listing::print(listing, matches, report)?;
    }
    Ok(if ends.ends.is_empty() { Exit::Nothing } else { Exit::Done })
}
