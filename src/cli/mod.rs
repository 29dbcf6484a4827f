//! What a person types: one file a command.
//!
//! 1. [`run`] builds the command line from [`COMMANDS`] and finds the one that was meant.
//! 2. [`settings`] finds the index: flag, then environment, then the folders above, then the data folder.
//! 3. The command does its work and hands what it has to say to [`report`], the only code that prints.
//!
//! Today's date and the environment are read here and nowhere below.

mod batch;
mod batch_rows;
mod check;
mod cite;
mod collocates;
mod completions;
mod cooccur;
mod count;
mod coverage;
mod destination;
mod diff;
mod entities;
mod entity;
mod export;
mod extract;
mod facets;
mod fields;
mod first;
mod formats;
mod help;
mod index;
mod kwic;
mod listing;
mod man;
mod new;
mod open;
mod question;
mod read_pdf;
mod record;
mod related;
mod relocate;
mod replay;
mod report;
mod save;
mod saved;
mod search;
mod settings;
mod show;
mod similar;
mod status;
mod timeline;
mod trend;
mod version;
mod watch;

use crate::error::{Error, Kind, Result};
use chrono::NaiveDate;
use clap::ArgMatches;
use report::Report;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Once};
use std::time::{SystemTime, UNIX_EPOCH};

/// A command of the program.
trait Command: Sync {
    /// Its name, help and arguments.
    fn define(&self) -> clap::Command;
    /// Does the work. The value says how it ended where nothing went wrong.
    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit>;
}

/// How a command ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// Done; for a search: at least one hit.
    Done,
    /// Done, and nothing was found; for `check`: problems were found.
    Nothing,
}

/// Every command, in the order of the help.
static COMMANDS: &[&dyn Command] = &[
    &index::Index,
    &search::Search,
    &count::Count,
    &facets::Facets,
    &timeline::Timeline,
    &kwic::Kwic,
    &collocates::CollocatesCommand,
    &trend::TrendCommand,
    &coverage::CoverageCommand,
    &first::First,
    &first::Last,
    &cooccur::Cooccur,
    &similar::Similar,
    &diff::DiffCommand,
    &related::RelatedCommand,
    &show::Show,
    &open::Open,
    &save::Save,
    &saved::SavedCommand,
    &new::New,
    &replay::Replay,
    &cite::Cite,
    &export::ExportCommand,
    &batch::Batch,
    &entities::Entities,
    &entity::EntityCommand,
    &extract::Extract,
    &status::StatusCommand,
    &check::Check,
    &relocate::Relocate,
    &fields::Fields,
    &formats::Formats,
    &help::Help,
    &completions::Completions,
    &man::Man,
    &read_pdf::ReadPdf,
];

/// Whether the program was told to stop: what is being done is brought to an orderly end.
static STOP: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// The signal that told it to.
static STOPPED_BY: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);

/// From here on the first Ctrl-C, or what else asks the program to end, sets [`STOP`], and the second ends it at once.
fn watch_for_interrupts() {
    static WATCHED: Once = Once::new();
    WATCHED.call_once(|| {
        for signal in SIGNALS {
            // What is registered first is done first: the second signal ends the program before it sets anything.
            let code = i32::from(exit_code(*signal as usize));
            let _ = flag::register_conditional_shutdown(*signal, code, Arc::clone(&STOP));
            let _ = flag::register_usize(*signal, Arc::clone(&STOPPED_BY), *signal as usize);
            let _ = flag::register(*signal, Arc::clone(&STOP));
        }
    });
}

/// What asks a program to end: Ctrl-C, the system, a terminal that is closed.
#[cfg(unix)]
const SIGNALS: &[i32] = &[SIGINT, SIGTERM, signal_hook::consts::SIGHUP];
#[cfg(not(unix))]
const SIGNALS: &[i32] = &[SIGINT, SIGTERM];

/// The exit code of a program that a signal ended, as shells have it.
fn exit_code(signal: usize) -> u8 {
    u8::try_from(128 + signal).unwrap_or(130)
}

/// This program, as a file that can be started.
fn program() -> Option<PathBuf> {
    std::env::current_exe().ok()
}

/// Today, where the computer is: for dates such as `7d..` in a query.
fn today() -> NaiveDate {
    chrono::Local::now().date_naive()
}

/// Now, in nanoseconds since 1970.
fn nanoseconds() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}

/// Now, where the computer is, to the second, in RFC 3339: `2026-11-26T20:31:05+00:00`.
fn now() -> String {
    chrono::Local::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, false)
}

/// A moment of [`now`] as people read it: `2026-11-26 20:31`.
fn moment(now: &str) -> String {
    now.chars().take(16).map(|c| if c == 'T' { ' ' } else { c }).collect()
}

/// The whole command line.
fn define() -> clap::Command {
    let mut program = clap::Command::new("dateline")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Search news archives by words, people, places, countries, and the dates articles speak of")
        .subcommand_required(true)
        .disable_help_subcommand(true)
        .arg_required_else_help(true)
        .after_help(
            "First steps:\n  \
             dateline search --in FOLDER 'words'   search a folder of articles as it is\n  \
             dateline index FOLDER                 or index it once,\n  \
             dateline search 'words'               and search that index from anywhere\n\n\
             `dateline search --help` shows filters and examples, `dateline help query` the query language.",
        )
        .args(report::arguments());
    for command in COMMANDS {
        program = program.subcommand(command.define());
    }
    program
}

/// The arguments with a blank before each that is a word to be left out: `-putin` must not be read as flags.
///
/// A word has a letter or a quotation mark after the sign, and more than a flag with its number.
fn arguments(given: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let is_left_out = |argument: &str| {
        let Some(word) = argument.strip_prefix('-') else { return false };
        let first = word.chars().next();
        let repeated = word.chars().all(|c| Some(c) == first);
        let numbered = word.get(1..).is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()));
        first.is_some_and(|c| c.is_alphabetic() || "\"“(=".contains(c)) && !repeated && !numbered
    };
    given
        .map(|argument| match argument.to_str() {
            Some(text) if is_left_out(text) => OsString::from(format!(" {text}")),
            _ => argument,
        })
        .collect()
}

/// Runs the program on the process's arguments.
pub fn run() -> ExitCode {
    let given = arguments(std::env::args_os());
    if let Some(text) = version::wanted(&given) {
        return report::said(&text);
    }
    let matches = match define().try_get_matches_from(&given) {
        Ok(matches) => matches,
        Err(error) => return report::usage(&error, &given),
    };
    let mut report = Report::new(&matches);
    report::hush_panics(report.verbose);
    let Some((name, inner)) = matches.subcommand() else { return ExitCode::from(2) };
    let command = COMMANDS.iter().find(|command| command.define().get_name() == name);
    let result = match command {
        Some(command) => catch_unwind(AssertUnwindSafe(|| command.run(inner, &mut report)))
            .unwrap_or_else(|panic| Err(report::caught(panic.as_ref())))
            .and_then(|exit| report.finish().map(|()| exit)),
        None => Err(Error::new(Kind::Bug, format!("the command `{name}` has no code"))),
    };
    match result {
        Ok(Exit::Done) => ExitCode::SUCCESS,
        Ok(Exit::Nothing) => ExitCode::from(1),
        Err(error) => {
            let code = report.fail(&error);
            match STOPPED_BY.load(Ordering::SeqCst) {
                signal if signal > 0 && error.kind == Kind::Interrupted => ExitCode::from(exit_code(signal)),
                _ => code,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_to_be_left_out_are_no_flags() {
        let given = ["search", "-putin", "-n", "5", "-n5", "-vv", "-\"a b\"", "--in", "x", "-"];
        let expected = ["search", " -putin", "-n", "5", "-n5", "-vv", " -\"a b\"", "--in", "x", "-"];
        assert_eq!(arguments(given.into_iter().map(OsString::from)), expected.map(OsString::from));
    }

    #[test]
    fn every_command_shows_an_example_of_itself() {
        for command in define().get_subcommands().filter(|command| !command.is_hide_set()) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let itself = format!("dateline {}", command.get_name());
            assert!(help.contains("Example") && help.contains(&itself), "{}", command.get_name());
        }
    }

    #[test]
    fn the_command_line_is_consistent() {
        define().debug_assert();
    }
}
