//! `dateline collocates`: the words that stand around a match oftener than elsewhere.

use super::kwic::{number, of_articles};
use super::listing::{self, Listing};
use super::question::{self, Question};
use super::report::Report;
use super::{Command, Exit};
use crate::backend::Backend;
use crate::error::Result;
use crate::output::collocates as output;
use crate::output::table::{self, thousands};
use crate::search::{CollocatesRequest, Measure};
use clap::{Arg, ArgAction, ArgMatches};
use serde_json::{Map, json};

/// The command.
pub(super) struct CollocatesCommand;

/// Words listed unless told otherwise.
const LIMIT: usize = 20;
/// Words on either side that are looked at unless told otherwise.
const WINDOW: usize = 5;
/// How often a word must stand around matches unless told otherwise: what is met less often is chance. In a small archive
/// everything is rare.
const LEAST: usize = 5;
const LEAST_OF_FEW: usize = 2;
/// Up to so many articles an archive is small.
const FEW: usize = 1000;
/// Articles that are read unless told otherwise: about a second's work.
const READ: usize = 10_000;
/// The heading under which help lists what is counted.
const WORDS: &str = "Words";

impl Command for CollocatesCommand {
    fn define(&self) -> clap::Command {
        let number = |name: &'static str, value: &'static str| {
            Arg::new(name).long(name).value_name(value).allow_negative_numbers(true).help_heading(WORDS)
        };
        let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help_heading(WORDS);
        clap::Command::new("collocates")
            .about("List the words that stand around the matches oftener than elsewhere in the archive")
            .args(question::arguments())
            .args([
                number("limit", "N").short('n').help("How many words to list; 0 for all [default: 20]"),
                number("window", "N").help("How many words before and behind a match are looked at [default: 5]"),
                number("left", "N").help("How many before it [default: as --window]"),
                number("right", "N").help("How many behind it [default: as --window]"),
                flag("same-sentence").help("Only words of the sentence that the match stands in"),
                Arg::new("measure")
                    .long("measure")
                    .value_name("MEASURE")
                    .default_value(Measure::default().name())
                    .value_parser(Measure::ALL.map(|(name, _)| name))
                    .help_heading(WORDS)
                    .help("What orders them: see below"),
                number("min-count", "N").help(
                    "How often a word must stand there at least [default: 5, in an archive of at most 1000 articles 2]",
                ),
                flag("stop-words").help("List words without content too: the, of, is"),
                number("lines", "N").help("Show so many lines behind each word [default: one, in the table]"),
                number("read", "N").help(format!(
                    "Where more articles match, look at so many, chosen by chance; 0 for no bound [default: {READ}]"
                )),
            ])
            .args(listing::arguments())
            .after_help(
                "`together` is how often a word stands around a match, `by chance` how often it would if it were spread evenly \
                 over the archive, `in archive` how often it stands anywhere. Words are counted in the form under which they \
                 are looked up: small letters, no accents. Those that stand there as often as by chance or less are not \
                 listed.\n\n\
                 log-likelihood (Dunning 1993) says how sure the bond is, and favours frequent words; log-dice (Rychlý 2008) \
                 how close it is, at most about 14, and can be compared between archives; mi (mutual information, Church and \
                 Hanks 1990) favours rare words; t-score (Church and others 1991) common ones; delta-p (Gries 2013) is the \
                 part of the words around matches that is the word, less that elsewhere.\n\n\
                 Examples:\n  \
                 dateline collocates --in news treaty\n  \
                 dateline collocates --in news treaty --measure log-dice --left 3 --right 0\n  \
                 dateline collocates --in news '\"prime minister\"' --from 2020 --lines 3 -n 10\n\n\
                 Exit codes: 0 at least one word, 1 none, 2 any error.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let format = listing::format(matches, report);
        let given = |name: &str| matches.get_one::<String>(name).is_some();
        let or = |name: &str, usual: usize| if given(name) { number(matches, name) } else { Ok(usual) };
        let window = or("window", WINDOW)?;
        let (left, right) = (or("left", window)?, or("right", window)?);
        let measure = matches.get_one::<String>("measure").map(String::as_str);
        let measure = Measure::ALL.into_iter().find(|(name, _)| measure == Some(*name));
        let measure = measure.map_or_else(Measure::default, |(_, measure)| measure);
        let (limit, lines, read) = (or("limit", LIMIT)?, or("lines", 1)?, or("read", READ)?);
        let least = given("min-count").then(|| number(matches, "min-count")).transpose()?;
        let Question { written, tree, backend, warnings } = question::question(matches, report)?;
        let started = std::time::Instant::now();
        let least = match least {
            Some(least) => least,
            None if backend.status()?.articles <= FEW => LEAST_OF_FEW,
            None => LEAST,
        };
        let request = CollocatesRequest {
            query: written,
            limit,
            left,
            right,
            same_sentence: matches.get_flag("same-sentence"),
            measure,
            least,
            stop_words: matches.get_flag("stop-words"),
            lines,
            read,
        };
        let mut answer = backend.collocates(&tree, &request)?;
        let bounded = answer.read_of.map(|read| {
            let read = of_articles(read, answer.results.total);
            format!("counted in {read}, and measured as if the archive were so much smaller: `--read 0` reads all")
        });
        let warnings = warnings.into_iter().chain(question::cut(&backend)).chain(bounded);
        answer.results.warnings.splice(0..0, warnings);
        answer.results.took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let below = given("lines") && lines > 0;
        let sheet = output::sheet(&answer, measure, below);
        let mut listing = Listing::new(&answer.results, "collocates", sheet);
        if below {
            let mut text = Vec::new();
            let outcome = output::text(&answer, measure, &report.style(), &mut text);
            report.written(outcome)?;
            listing.text = Some(text);
        }
        let mut more = Map::new();
        let mut add = |key: &str, value| more.insert(key.to_owned(), value);
        add("measure", json!(measure.name()));
        add("left", json!(left));
        add("right", json!(right));
        add("same_sentence", json!(request.same_sentence));
        add("min_count", json!(least));
        add("stop_words", json!(request.stop_words));
        add("matches", json!(answer.matches));
        add("window", json!(answer.window));
        add("words", json!(answer.words));
        if let Some(read) = answer.read_of {
            add("read", json!(read));
        }
        listing.more = more;
        listing::print(listing, matches, report)?;
        if format == "text" && answer.results.total > 0 {
            let around = format!(
                "{} around {}; the archive has {}",
                table::counted(answer.window, "word"),
                if answer.matches == 1 {
                    "1 match".to_owned()
                } else {
                    format!("{} matches", thousands(answer.matches))
                },
                thousands(usize::try_from(answer.words).unwrap_or(usize::MAX))
            );
            let none =
                format!("no word stands there {least} times and oftener than by chance; `--min-count 1` asks for less");
            report.remark(&if answer.collocates.is_empty() { none } else { around });
        }
        Ok(if answer.collocates.is_empty() { Exit::Nothing } else { Exit::Done })
    }
}
