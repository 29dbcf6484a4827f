//! What `search`, `count` and their kin have in common: a query, filters made from the field table, and an index.

use super::report::Report;
use super::settings;
use crate::backend::Backend;
use crate::backend::local::Local;
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::field::{self, FIELDS, Field, Kind};
use crate::query::tree::Tree;
use crate::query::{self, Parsed};
use clap::{Arg, ArgAction, ArgMatches, value_parser};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// A question that is ready to be asked.
pub(super) struct Question {
    /// As typed, with the filters as they would be typed.
    pub(super) written: String,
    /// As understood, its words in all their forms.
    pub(super) tree: Tree,
    /// What it is asked.
    pub(super) backend: Local,
    /// What the user should know.
    pub(super) warnings: Vec<String>,
}

/// Flags for the first and last day of publication, with what a query has in their place.
const BOUNDS: [(&str, &str); 2] = [("from", ">="), ("to", "<=")];
/// The flag for how far around the place of `--near`.
const WITHIN: &str = "within";
/// The heading under which help lists the filters.
const FILTERS: &str = "Filters (each must hold; 'A OR B' for either of two)";

/// The arguments of a question.
pub(super) fn arguments() -> Vec<Arg> {
    let mut arguments = vec![
        Arg::new("query").value_name("QUERY").num_args(0..).help(
            "Words (all must occur), \"phrases\", OR, NOT or -, ( ), =exact, field:value; put it between single \
                 quotation marks. An empty one ('') finds every article",
        ),
        Arg::new("in")
            .long("in")
            .value_name("DIR")
            .value_parser(value_parser!(PathBuf))
            .conflicts_with("index")
            .help_heading(settings::HEADING)
            .help("Search this folder as it is now: its index is kept in the data folder and brought up to date first"),
        settings::index_argument(),
        settings::entities_argument(),
        Arg::new("from")
            .long("from")
            .value_name("DATE")
            .allow_hyphen_values(true)
            .help_heading(FILTERS)
            .help("Published on this day, month or year, or later: 2024-06-19, 2024-06, 2024"),
        Arg::new("to")
            .long("to")
            .value_name("DATE")
            .allow_hyphen_values(true)
            .help_heading(FILTERS)
            .help("Published on this day, month or year, or earlier"),
        Arg::new("no-variants")
            .long("no-variants")
            .action(ArgAction::SetTrue)
            .help("Only the words as written: no other spellings or inflected forms"),
        Arg::new("timeout")
            .long("timeout")
            .value_name("SECONDS")
            .value_parser(value_parser!(f64))
            .help("Stop after so many seconds, and say that what was found is not all [default: none]"),
    ];
    for field in FIELDS.iter().filter(|field| field.flag) {
        arguments.push(
            Arg::new(field.name)
                .long(field.name)
                .value_name(value_name(field))
                .action(ArgAction::Append)
                // Latitude and longitude may be negative.
                .allow_hyphen_values(field.kind == Kind::Near)
                .help_heading(FILTERS)
                .help(filter_help(field)),
        );
        if field.kind == Kind::Near {
            arguments.push(
                Arg::new(WITHIN)
                    .long(WITHIN)
                    .value_name("DISTANCE")
                    .requires(field.name)
                    .help_heading(FILTERS)
                    .help("How far around the place of --near: 100km or 60mi [default: 50km]"),
            );
        }
    }
    arguments
}

/// What stands for the value of a filter in help.
fn value_name(field: &Field) -> &'static str {
    match field.kind {
        Kind::Text => "QUERY",
        Kind::Name | Kind::Keyword => "NAME",
        Kind::Country => "COUNTRY",
        Kind::Near => "PLACE",
        Kind::Published | Kind::Spoken => "DATE",
        Kind::Gap => "LENGTH",
    }
}

/// What a filter asks for, and how a query says it.
fn filter_help(field: &Field) -> String {
    let mut letters = field.description.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{} (in a query {})", letters.as_str(), field.example)
}

/// Reads the question and opens the index.
pub(super) fn question(matches: &ArgMatches, report: &mut Report) -> Result<Question> {
    let today = super::today();
    let typed: Vec<String> = matches.get_many::<String>("query").into_iter().flatten().cloned().collect();
    let mut written = typed.join(" ");
    let in_plain_words = matches.try_get_one::<bool>("any").ok().flatten().copied().unwrap_or(false);
    // A question in plain words is never wrong: it is read when the languages of the index are known.
    let plain = in_plain_words.then(|| written.clone());
    let parsed = query::parse(if in_plain_words { "" } else { &written }, Some(today));
    query::check(&parsed)?;
    let Parsed { tree, warnings, .. } = parsed;
    let (filters, clauses) = filter_parts(matches)?;
    written = format!("{written} {clauses}").trim().to_owned();
    let mut parts = vec![tree];
    parts.extend(filters);
    let backend = backend(matches, report)?;
    if let Some(plain) = plain {
        parts.insert(0, query::any_of(&plain, &backend.languages()?).tree);
    }
    let mut tree = all_of(parts);
    backend.expand(&mut tree, !matches.get_flag("no-variants"))?;
    let remarks = tree.remarks();
    let warnings = warnings
        .into_iter()
        .map(|warning| match warning.hint {
            Some(hint) => format!("{}; {hint}", warning.message),
            None => warning.message,
        })
        .chain(remarks)
        .collect();
    Ok(Question { written, tree, backend, warnings })
}

/// What the filters ask for: a tree for each, and all of them as query text.
pub(super) fn filter_parts(matches: &ArgMatches) -> Result<(Vec<Tree>, String)> {
    let today = super::today();
    for (name, sign) in BOUNDS {
        if let Some(day) = matches.get_one::<String>(name) {
            query::join("", &[("published", &format!("{sign}{day}"))], Some(today)).map_err(|_| {
                Error::new(ErrorKind::Usage, format!("`--{name}` wants a day, a month or a year, not `{day}`"))
                    .hint(format!("write it as `--{name} 2024-06-19`, `--{name} 2024-06` or `--{name} 2024`"))
            })?;
        }
    }
    let (mut parts, mut clauses) = (Vec::new(), Vec::new());
    for (field, value) in filters(matches) {
        let clause = query::join("", &[(field, &value)], Some(today))?;
        parts.push(query::parse(&clause, Some(today)).tree);
        clauses.push(clause);
    }
    Ok((parts, clauses.join(" ")))
}

/// The index that the arguments mean, opened, brought up to date where that is asked for.
pub(super) fn backend(matches: &ArgMatches, report: &mut Report) -> Result<Local> {
    let folder = match matches.get_one::<PathBuf>("in") {
        Some(folder) => super::index::bring_up_to_date(folder, &settings::naming(matches), report)?,
        None => settings::index_folder(matches)?,
    };
    let mut backend = settings::open(&folder, matches)?;
    if let Some(seconds) = timeout(matches)? {
        backend.answer_by(Instant::now() + seconds);
    }
    Ok(backend)
}

/// Parts of a query that must all hold, as one.
pub(super) fn all_of(mut parts: Vec<Tree>) -> Tree {
    parts.retain(|part| *part != Tree::All);
    match parts.len() {
        0 => Tree::All,
        1 => parts.swap_remove(0),
        _ => Tree::And(parts),
    }
}

/// How long an answer may take, where that was said.
fn timeout(matches: &ArgMatches) -> Result<Option<Duration>> {
    let Some(seconds) = matches.get_one::<f64>("timeout") else { return Ok(None) };
    let given =
        Duration::try_from_secs_f64(*seconds).ok().filter(|given| !given.is_zero() && given.as_secs() < 1 << 32);
    given.map(Some).ok_or_else(|| {
        Error::new(ErrorKind::Usage, format!("`--timeout` wants seconds, not `{seconds}`"))
            .hint("`--timeout 2` stops after two seconds, `--timeout 0.5` after half a second")
    })
}

/// What to say where the answer was cut.
pub(super) fn cut(backend: &Local) -> Option<String> {
    let cut = "the time was up: only a part of the archive was looked through, so there may be more";
    backend.was_cut().then(|| cut.to_owned())
}

/// The filters given as flags: name of the field and value.
fn filters(matches: &ArgMatches) -> Vec<(&'static str, String)> {
    let mut filters = Vec::new();
    for field in FIELDS.iter().filter(|field| field.flag) {
        for value in matches.get_many::<String>(field.name).into_iter().flatten() {
            let within = matches.get_one::<String>(WITHIN).filter(|_| field.kind == Kind::Near);
            let value = match within {
                None => value.clone(),
                Some(within) => {
                    let near = value.split(" OR ").map(|place| format!("{place},{within}"));
                    near.collect::<Vec<_>>().join(" OR ")
                }
            };
            filters.push((field.name, value));
        }
    }
    for (name, sign) in BOUNDS {
        if let Some(day) = matches.get_one::<String>(name) {
            filters.push(("published", format!("{sign}{day}")));
        }
    }
    filters
}

/// The fields whose values can be counted.
pub(super) fn countable() -> String {
    FIELDS.iter().filter(|field| field.facet).map(|field| field.name).collect::<Vec<_>>().join(", ")
}

/// The field of this name or alias, whose values are to be counted.
pub(super) fn facet_field(name: &str) -> Result<&'static Field> {
    let fault = match field::find(name) {
        Some(field) if field.facet => return Ok(field),
        Some(_) => format!("`{name}` has no values that could be counted"),
        None => format!("there is no field `{name}` whose values could be counted"),
    };
    Err(Error::new(ErrorKind::Usage, fault).hint(format!("fields that can be counted: {}", countable())))
}

/// A usage error where a number was expected.
pub(super) fn number(matches: &ArgMatches, name: &str) -> Result<usize> {
    let text = matches.get_one::<String>(name).map_or("0", String::as_str);
    text.parse().map_err(|_| {
        Error::new(ErrorKind::Usage, format!("`--{name}` wants a number, not `{text}`")).hint(match name {
            "limit" => "`--limit 50` shows fifty hits, `--limit 0` all of them",
            _ => "`--offset 20` leaves out the first twenty hits",
        })
    })
}
