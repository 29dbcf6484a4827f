//! `dateline kwic`: every place where a query matches, a line each, the matches below each other.

use super::listing::{self, Listing};
use super::question::{self, Question};
use super::report::{Report, counted};
use super::{Command, Exit};
use crate::backend::Backend;
use crate::error::{Error, Kind, Result};
use crate::output::concordance as output;
use crate::output::table::thousands;
use crate::search::{Concordance, ConcordanceRequest, GroupBy, LineSort};
use clap::{Arg, ArgMatches};
use serde_json::{Map, json};

/// The command.
pub(super) struct Kwic;

/// Lines shown unless told otherwise.
const LIMIT: usize = 20;
/// Words of context unless told otherwise, where there is no terminal to fill.
const CONTEXT: usize = 10;
/// Articles that are read to sort, choose or gather lines unless told otherwise: about a second's work.
const READ: usize = 10_000;
/// The heading under which help lists what lines are shown.
const LINES: &str = "Lines";

impl Command for Kwic {
    fn define(&self) -> clap::Command {
        let number = |name: &'static str, value: &'static str| {
            Arg::new(name).long(name).value_name(value).allow_negative_numbers(true).help_heading(LINES)
        };
        clap::Command::new("kwic")
            .visible_alias("concordance")
            .about("List every place where the query matches, a line each, the matches below each other")
            .args(question::arguments())
            .args([
                number("limit", "N").short('n').help("How many lines or groups to show; 0 for all [default: 20]"),
                number("context", "WORDS")
                    .help("Words on either side of the match [default: 10, on a terminal as many as it has room for]"),
                Arg::new("sort")
                    .long("sort")
                    .value_name("ORDER")
                    .default_value(LineSort::default().name())
                    .value_parser(LineSort::ALL.map(|(name, _)| name))
                    .help_heading(LINES)
                    .help(
                        "By date, by the words before the match from it outwards (left), by those behind it (right), by what \
                         matched, or not at all",
                    ),
                number("sample", "N").help("So many of all lines, chosen by chance"),
                number("seed", "N").default_value("1").help("Choose others: the same number always chooses the same lines"),
                Arg::new("group-by")
                    .long("group-by")
                    .value_name("WHAT")
                    .value_parser(GroupBy::ALL.map(|(name, _)| name))
                    .help_heading(LINES)
                    .help("Count lines instead: by what matched, the word before it (left) or behind it (right), source or year"),
                number("read", "N").help(format!(
                    "Where more articles match, sort, choose and count the lines of so many, chosen by chance; 0 for no \
                     bound [default: {READ}]"
                )),
            ])
            .args(listing::arguments())
            .after_help(
                "Of a query with words, the words are what is listed; names, dates and other filters narrow the articles. Of \
                 `person:putin` alone the mentions are. Of `A W/5 B` a line has both and what is between.\n\n\
                 Examples:\n  \
                 dateline kwic --in news '\"mutual defence\"'\n  \
                 dateline kwic --in news treaty --sort left --context 6\n  \
                 dateline kwic --in news 'sanction*' --group-by right -n 10\n  \
                 dateline kwic --in news treaty --sample 100 --seed 7 --format csv > lines.csv\n\n\
                 Exit codes: 0 at least one line, 1 none, 2 any error.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let format = listing::format(matches, report);
        let given = |name: &str| matches.get_one::<String>(name).is_some();
        let or = |name: &str, usual: usize| if given(name) { number(matches, name) } else { Ok(usual) };
        let style = report.style();
        let sample = given("sample").then(|| number(matches, "sample")).transpose()?;
        let limit = or("limit", sample.unwrap_or(LIMIT))?;
        // A word has five letters and a blank, more or less; what is too much is cut.
        let room = if format == "text" { style.room / 8 } else { 0 };
        let context = or("context", room.max(CONTEXT))?;
        let read = or("read", READ)?;
        let seed = number(matches, "seed")? as u64;
        let chosen = |name: &str| matches.get_one::<String>(name).map(String::as_str);
        let sort = LineSort::ALL.into_iter().find(|(name, _)| chosen("sort") == Some(*name));
        let sort = sort.map_or_else(LineSort::default, |(_, sort)| sort);
        let group_by = GroupBy::ALL.into_iter().find(|(name, _)| chosen("group-by") == Some(*name)).map(|(_, by)| by);
        let Question { written, tree, backend, warnings } = question::question(matches, report)?;
        let started = std::time::Instant::now();
        let request = ConcordanceRequest { query: written, limit, context, sort, sample, seed, group_by, read };
        let mut answer = backend.concordance(&tree, &request)?;
        let bounded = bounded(&answer, "lines of");
        let warnings = warnings.into_iter().chain(question::cut(&backend)).chain(bounded);
        answer.results.warnings.splice(0..0, warnings);
        answer.results.took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let mut text = Vec::new();
        let (key, sheet, shown) = match group_by {
            Some(by) => ("groups", output::groups(&answer, by), answer.groups.len()),
            None => {
                let outcome = output::text(&answer.lines, "", true, &style, &mut text);
                report.written(outcome)?;
                ("lines", output::sheet(&answer.lines), answer.lines.len())
            }
        };
        let mut listing = Listing::new(&answer.results, key, sheet);
        listing.text = group_by.is_none().then_some(text);
        listing.more = more(&answer, &request);
        listing::print(listing, matches, report)?;
        if format == "text" && shown > 0 {
            report.remark(&remark(&answer, &request, shown));
            if group_by.is_none() && !output::names_articles(&style) && !matches.contains_id("fields") {
                report.remark("a wider window has room for the ids; `--fields id,match,right` shows them here");
            }
        }
        Ok(if shown > 0 { Exit::Done } else { Exit::Nothing })
    }
}

/// A number that was given; a usage error where it is none.
pub(super) fn number(matches: &ArgMatches, name: &str) -> Result<usize> {
    let text = matches.get_one::<String>(name).map_or("0", String::as_str);
    text.parse().map_err(|_| {
        Error::new(Kind::Usage, format!("`--{name}` wants a number, not `{text}`"))
            .hint(format!("a number without a sign, as in `--{name} 10`"))
    })
}

/// What to say where not all articles that match were read.
fn bounded(answer: &Concordance, what: &str) -> Option<String> {
    let read = answer.read_of?;
    let all = answer.results.total;
    Some(format!("{what} {}: `--read 0` reads all", of_articles(read, all)))
}

/// `10,000 of 55,380 articles, chosen by chance`.
pub(super) fn of_articles(read: usize, all: usize) -> String {
    format!("{} of {} articles that match, chosen by chance", thousands(read), thousands(all))
}

/// What a JSON document says beside the rows.
fn more(answer: &Concordance, request: &ConcordanceRequest) -> Map<String, serde_json::Value> {
    let mut more = Map::new();
    let mut add = |key: &str, value| more.insert(key.to_owned(), value);
    add("matches", json!(answer.matches));
    add("matches_exact", json!(answer.is_exact));
    add("sort", json!(request.sort.name()));
    add("context", json!(request.context));
    if let Some(sample) = request.sample {
        add("sample", json!(sample));
    }
    if request.sample.is_some() || answer.read_of.is_some() {
        add("seed", json!(request.seed));
    }
    if let Some(read) = answer.read_of {
        add("read", json!(read));
    }
    if let Some(by) = request.group_by {
        add("group_by", json!(by.name()));
        add("counted", json!(answer.gathered));
        add("distinct", json!(answer.distinct));
    }
    more
}

/// `20 of 1,234 lines`.
fn remark(answer: &Concordance, request: &ConcordanceRequest, shown: usize) -> String {
    let lines = |number: usize| counted(number as u64, "line").replacen(&number.to_string(), &thousands(number), 1);
    let at_least = if answer.is_exact { "" } else { "at least " };
    let all = format!("{at_least}{}", lines(answer.matches));
    if request.group_by.is_some() {
        let groups = if shown < answer.distinct {
            format!("{} of {} groups (`-n 0` lists all)", thousands(shown), thousands(answer.distinct))
        } else {
            format!("{} groups", thousands(shown)).replace("1 groups", "1 group")
        };
        let whole = answer.is_exact && answer.gathered == answer.matches;
        let rest = if whole { String::new() } else { format!(", {all} in all") };
        return format!("{groups} of {}{rest}", lines(answer.gathered));
    }
    match request.sample {
        _ if shown == answer.matches && answer.is_exact => all,
        Some(_) => format!("{} of {all}, chosen by chance with seed {}", thousands(shown), request.seed),
        None => format!("{} of {all} (`-n 0` lists all)", thousands(shown)),
    }
}
