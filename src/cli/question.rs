//! What `search`, `count` and their kin have in common: a query, filters made from the field table, and an index.

use super::report::Report;
use super::settings;
use crate::backend::Backend;
use crate::backend::local::Local;
use crate::error::{Error, Kind as ErrorKind, Result};
use crate::field::{self, FIELDS, Field, Kind};
use crate::query::saved::Saved;
use crate::query::tree::Tree;
use crate::query::{self, Parsed, Reading, StandsFor, Warning};
use clap::{Arg, ArgAction, ArgMatches, value_parser};
use std::path::{Path, PathBuf};
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
    question_named(None, matches, report)
}

/// The same, of a question that is to be saved under this name.
pub(super) fn question_named(name: Option<&str>, matches: &ArgMatches, report: &mut Report) -> Result<Question> {
    let typed: Vec<String> = matches.get_many::<String>("query").into_iter().flatten().cloned().collect();
    let typed = typed.join(" ");
    let in_plain_words = matches.try_get_one::<bool>("any").ok().flatten().copied().unwrap_or(false);
    // A question in plain words is never wrong: it is read when the languages of the index are known.
    let (tree, warnings) = read(if in_plain_words { "" } else { &typed }, name, query::LONGEST, report)?;
    let (filters, clauses) = filter_parts(matches)?;
    let backend = backend(matches, report)?;
    let mut parts = vec![tree];
    parts.extend(filters);
    if in_plain_words {
        parts.insert(0, query::any_of(&typed, &backend.languages()?).tree);
    }
    let written = format!("{typed} {clauses}").trim().to_owned();
    let (tree, warnings) = asked(parts, warnings, !matches.get_flag("no-variants"), &backend)?;
    Ok(Question { written, tree, backend, warnings })
}

/// Several questions for one index, with the same filters.
pub(super) struct Questions {
    /// Each as typed and as understood, in their order.
    pub(super) asked: Vec<(String, Tree)>,
    /// What they are asked.
    pub(super) backend: Local,
    /// What the user should know of each.
    pub(super) warnings: Vec<Vec<String>>,
}

/// Reads each of `typed` as a question of its own, with the filters beside them, and opens the index.
pub(super) fn questions<'t>(
    matches: &ArgMatches,
    typed: impl Iterator<Item = &'t String>,
    report: &mut Report,
) -> Result<Questions> {
    let (filters, clauses) = filter_parts(matches)?;
    let mut drafts = Vec::new();
    for typed in typed {
        drafts.push((typed, read(typed, None, query::LONGEST, report)?));
    }
    let mut questions = Questions { asked: Vec::new(), backend: backend(matches, report)?, warnings: Vec::new() };
    for (typed, (tree, warnings)) in drafts {
        let mut parts = vec![tree];
        parts.extend(filters.iter().cloned());
        let variants = !matches.get_flag("no-variants");
        let (tree, warnings) = asked(parts, warnings, variants, &questions.backend)?;
        questions.asked.push((format!("{typed} {clauses}").trim().to_owned(), tree));
        questions.warnings.push(warnings);
    }
    Ok(questions)
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
    open(&folder(matches, report)?, matches)
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

/// A question that was kept: it is asked again of the index in `folder`.
pub(super) struct Again<'a> {
    /// The query, with its filters.
    pub(super) query: &'a str,
    /// Whether other spellings and forms of its words count.
    pub(super) variants: bool,
    /// The most bytes that it may have.
    pub(super) longest: usize,
    /// The folder of the index.
    pub(super) folder: &'a Path,
}

impl Again<'_> {
    /// Reads it and opens the index.
    pub(super) fn question(self, matches: &ArgMatches, report: &mut Report) -> Result<Question> {
        let (tree, warnings) = read(self.query, None, self.longest, report)?;
        let backend = open(self.folder, matches)?;
        let (tree, warnings) = asked(vec![tree], warnings, self.variants, &backend)?;
        Ok(Question { written: self.query.to_owned(), tree, backend, warnings })
    }
}

/// The folder of the index of these arguments; with `--in` it is brought up to date.
pub(super) fn folder(matches: &ArgMatches, report: &mut Report) -> Result<PathBuf> {
    match matches.get_one::<PathBuf>("in") {
        Some(folder) => super::index::bring_up_to_date(folder, &settings::naming(matches), report),
        None => settings::index_folder(matches),
    }
}

/// Opens an index, to be asked until `--timeout`.
fn open(folder: &Path, matches: &ArgMatches) -> Result<Local> {
    let seconds = timeout(matches)?;
    let mut backend = settings::open(folder, matches)?;
    if let Some(seconds) = seconds {
        backend.answer_by(Instant::now() + seconds);
    }
    Ok(backend)
}

/// A query as it is understood, before its words stand for other forms.
pub(super) fn understood(written: &str) -> Result<Parsed> {
    let saved = saved_for(written)?;
    let reading = Reading { today: Some(super::today()), saved: saved.as_ref(), ..Reading::default() };
    // With flags as query text it may be longer than what can be typed.
    let parsed = query::parse_with(written, &Reading { longest: usize::MAX, ..reading });
    query::check(&parsed)?;
    Ok(parsed)
}

/// What `query:NAME` stands for, where a query has it: what is not asked for need not be whole.
fn saved_for(written: &str) -> Result<Option<Saved>> {
    let field = format!("{}:", query::saved::FIELD);
    match written.to_ascii_lowercase().contains(&field) {
        true => Ok(Some(settings::saved()?.searches()?.texts())),
        false => Ok(None),
    }
}

/// The tree of a query and what the user should know of it. The saved searches that it names are told as it is read.
fn read(written: &str, name: Option<&str>, longest: usize, report: &mut Report) -> Result<(Tree, Vec<Warning>)> {
    let saved = saved_for(written)?;
    let reading = Reading { today: Some(super::today()), saved: saved.as_ref(), within: name, longest };
    let parsed = query::parse_with(written, &reading);
    query::check(&parsed)?;
    for StandsFor { name, text } in &parsed.stands_for {
        let text = if text.trim().is_empty() { "every article" } else { text };
        report.remark(&format!("{}:{name} stands for {text}", query::saved::FIELD));
    }
    Ok((parsed.tree, parsed.warnings))
}

/// The question of all `parts`, its words in all their forms, and what the user should know of it.
fn asked(parts: Vec<Tree>, warnings: Vec<Warning>, variants: bool, backend: &Local) -> Result<(Tree, Vec<String>)> {
    let mut tree = all_of(parts);
    backend.expand(&mut tree, variants)?;
    let remarks = tree.remarks();
    let warnings = warnings
        .into_iter()
        .map(|warning| match warning.hint {
            Some(hint) => format!("{}; {hint}", warning.message),
            None => warning.message,
        })
        .chain(remarks)
        .collect();
    Ok((tree, warnings))
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
