//! The only code that prints: data to standard output, talk to standard error.
//!
//! Nothing is said by colour alone. A closed pipe ends the program quietly; a full disk behind standard output does
//! not go unnoticed.

use crate::error::{Error, Kind, Result};
use crate::output::flow::width;
use crate::output::visible::{is_hidden, visible};
use crate::output::{SCHEMA, Style};
use clap::{Arg, ArgAction, ArgMatches};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::any::Any;
use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Mutex;

/// Where a command leaves what it has to say.
pub(super) struct Report {
    out: BufWriter<io::Stdout>,
    colour: bool,
    terminal: bool,
    error_colour: bool,
    /// Whether progress and remarks are wanted on standard error.
    pub(super) quiet: bool,
    /// How much more to say.
    pub(super) verbose: u8,
    json: bool,
    /// Whether any data were written.
    wrote: bool,
}

/// The width of text where there is no terminal, in columns.
const WIDTH: usize = 80;
/// Lines longer than this are hard to read.
const WIDEST: usize = 110;

/// Where help lists what every command takes: below what is the command's own.
const LAST: usize = 900;

/// A JSON document: the number of the schema, then what it says.
#[derive(Serialize)]
struct Document<'a, T> {
    schema: u32,
    #[serde(flatten)]
    value: &'a T,
}

/// `value`, an object, as a document of one line.
fn document<T: Serialize>(value: &T) -> String {
    serde_json::to_string(&Document { schema: SCHEMA, value }).expect("keys are text and nothing in it can fail")
}

/// The `--format` argument of commands that print text or one JSON document.
pub(super) fn format_argument() -> Arg {
    Arg::new("format")
        .long("format")
        .value_name("FORMAT")
        .default_value("text")
        .value_parser(["text", "json"])
        .help("How to print it")
}

/// Arguments that every command takes.
pub(super) fn arguments() -> Vec<Arg> {
    vec![
        Arg::new("colour")
            .long("color")
            .alias("colour")
            .global(true)
            .value_name("WHEN")
            .value_parser(["auto", "always", "never"])
            .hide_possible_values(true)
            .display_order(LAST)
            .help("Colour: always, never or auto (on a terminal, unless NO_COLOR is set)"),
        Arg::new("verbose")
            .short('v')
            .long("verbose")
            .global(true)
            .action(ArgAction::Count)
            .display_order(LAST)
            .help("Say more on standard error; twice for details"),
    ]
}

impl Report {
    /// Reads the colour settings from the arguments and the environment.
    pub(super) fn new(matches: &ArgMatches) -> Report {
        let choice = matches.get_one::<String>("colour").map_or("auto", String::as_str);
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
        let wanted = |terminal: bool| match choice {
            "always" => true,
            "never" => false,
            _ if set("NO_COLOR") => false,
            _ => terminal || set("CLICOLOR_FORCE"),
        };
        let terminal = io::stdout().is_terminal();
        Report {
            out: BufWriter::with_capacity(1 << 16, io::stdout()),
            colour: wanted(terminal),
            terminal,
            error_colour: wanted(io::stderr().is_terminal()),
            quiet: false,
            verbose: matches.get_count("verbose"),
            json: false,
            wrote: false,
        }
    }

    /// How to lay out text for standard output.
    pub(super) fn style(&self) -> Style {
        let width = rustix::termios::tcgetwinsize(io::stdout()).map_or(0, |size| usize::from(size.ws_col));
        Style {
            colour: self.colour,
            terminal: self.terminal,
            width: if width == 0 { WIDTH } else { width.min(WIDEST) },
            room: if self.terminal { width } else { 0 },
        }
    }

    /// Whether somebody watches standard error.
    pub(super) fn shows_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// A bar that goes forward, by a template of `indicatif`; hidden where nobody watches.
    pub(super) fn bar(&self, template: &str) -> ProgressBar {
        if !self.shows_progress() {
            return ProgressBar::hidden();
        }
        let style = ProgressStyle::with_template(template);
        ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
    }

    /// Whether `--format json` was given, of [`format_argument`]; errors are JSON too from here on where it was.
    pub(super) fn wants_json(&mut self, matches: &ArgMatches) -> bool {
        let json = matches.get_one::<String>("format").is_some_and(|format| format == "json");
        if json {
            self.errors_as_json();
        }
        json
    }

    /// Says that errors are wanted as JSON, as the results are.
    pub(super) fn errors_as_json(&mut self) {
        self.json = true;
    }

    /// Writes data to standard output.
    pub(super) fn data(&mut self, text: &str) -> Result<()> {
        self.wrote = true;
        self.out.write_all(text.as_bytes()).map_err(|error| failed(&error))
    }

    /// Writes a line of data to standard output.
    pub(super) fn line(&mut self, text: &str) -> Result<()> {
        self.data(text)?;
        self.data("\n")
    }

    /// Writes an object as a JSON document, on a line of its own.
    pub(super) fn json<T: Serialize>(&mut self, value: &T) -> Result<()> {
        self.line(&document(value))
    }

    /// Writes a line for people, in which the names of files may hold what a terminal would obey.
    pub(super) fn shown_line(&mut self, text: &str) -> Result<()> {
        if self.style().escapes() { self.line(&visible(text)) } else { self.line(text) }
    }

    /// Standard output as a writer, for formats that stream; pass its errors to [`Report::written`].
    pub(super) fn writer(&mut self) -> &mut dyn Write {
        self.wrote = true;
        &mut self.out
    }

    /// Turns the outcome of writing to [`Report::writer`] into ours.
    pub(super) fn written(&self, outcome: io::Result<()>) -> Result<()> {
        outcome.map_err(|error| failed(&error))
    }

    /// Writes a remark to standard error, unless quiet.
    pub(super) fn remark(&mut self, text: &str) {
        if !self.quiet {
            // Data first, so that remarks stand after what they are about. Where they cannot be written, that is what
            // there is to say, and `finish` says it.
            if self.out.flush().is_err() {
                return;
            }
            let room = errors_room();
            let lines: Vec<_> = text.lines().map(|line| wrapped(&visible(line), room)).collect();
            let _ = writeln!(io::stderr(), "{}", lines.join("\n"));
        }
    }

    /// Writes a warning to standard error.
    pub(super) fn warn(&mut self, text: &str) {
        if self.out.flush().is_err() {
            return;
        }
        let label = if self.error_colour { "\u{1b}[33mwarning\u{1b}[0m" } else { "warning" };
        let _ = writeln!(io::stderr(), "{label}: {}", visible(text));
    }

    /// Writes out what is buffered. A full disk is noticed here at the latest.
    pub(super) fn finish(&mut self) -> Result<()> {
        self.out.flush().map_err(|error| failed(&error))?;
        if self.wrote && !self.quiet && goes_nowhere() {
            self.warn("standard output is closed: what was found is lost");
        }
        Ok(())
    }

    /// Prints an error and gives the exit code.
    pub(super) fn fail(&mut self, error: &Error) -> ExitCode {
        let _ = self.out.flush();
        if error.kind == Kind::ClosedPipe {
            return ExitCode::SUCCESS;
        }
        let text = if self.json { as_json(error) } else { as_text(error, self.error_colour) };
        let _ = io::stderr().write_all(text.as_bytes());
        ExitCode::from(error.kind.exit_code())
    }
}

/// Columns of the terminal that standard error goes to; 0 where it is none.
fn errors_room() -> usize {
    rustix::termios::tcgetwinsize(io::stderr()).map_or(0, |size| usize::from(size.ws_col))
}

/// A line that is longer than the terminal is wide, broken at blanks, what follows a little to the right; any other is as
/// it was.
fn wrapped(line: &str, room: usize) -> String {
    const INDENT: &str = "  ";
    if room == 0 || width(line) <= room {
        return line.to_owned();
    }
    let mut out = String::with_capacity(line.len() + 16);
    let mut taken = 0;
    for piece in line.split_inclusive(' ') {
        if taken > INDENT.len() && taken + width(piece.trim_end()) > room {
            out.truncate(out.trim_end().len());
            out.push('\n');
            out.push_str(INDENT);
            taken = INDENT.len();
        }
        out.push_str(piece);
        taken += width(piece);
    }
    out
}

/// What an input or output error of standard output means.
fn failed(error: &io::Error) -> Error {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Error::new(Kind::ClosedPipe, "standard output was closed");
    }
    Error::new(Kind::Io, "failed writing to standard output").because(error)
}

/// Whether standard output was closed when the program began.
///
/// In its place the Rust runtime opens `/dev/null` for reading and writing; a shell opens it for writing only. Some
/// programs that start others (Python, Node) do the former where they are told to discard the output, so this is worth
/// a warning and no error.
fn goes_nowhere() -> bool {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{OFlags, fcntl_getfl, fstat, stat};
        let out = io::stdout();
        let same = || Some(fstat(&out).ok()?.st_rdev == stat("/dev/null").ok()?.st_rdev);
        let is_null = same().unwrap_or(false);
        is_null && fcntl_getfl(&out).is_ok_and(|flags| flags & OFlags::RWMODE == OFlags::RDWR)
    }
    #[cfg(not(target_os = "linux"))]
    false
}

/// Says something that takes no command, such as help, and ends.
pub(super) fn said(text: &str) -> ExitCode {
    let outcome = io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush());
    match outcome.map_err(|error| failed(&error)) {
        Err(error) if error.kind != Kind::ClosedPipe => {
            let _ = io::stderr().write_all(as_text(&error, false).as_bytes());
            ExitCode::from(error.kind.exit_code())
        }
        _ => ExitCode::SUCCESS,
    }
}

/// Prints clap's own message: help and version to standard output, faults to standard error.
///
/// `given` are the arguments: whoever wants results as JSON wants faults as JSON too.
pub(super) fn usage(error: &clap::Error, given: &[OsString]) -> ExitCode {
    if !error.use_stderr() {
        let text = if io::stdout().is_terminal() { error.render().ansi().to_string() } else { error.to_string() };
        return said(&text);
    }
    if wants_json(given) {
        let text = error.to_string();
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let message = lines.next().unwrap_or("the command line makes no sense").trim_start_matches("error: ");
        let causes = lines.take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"));
        let error = causes.fold(Error::new(Kind::Usage, message), Error::because).hint("run `dateline --help`");
        let _ = io::stderr().write_all(as_json(&error).as_bytes());
    } else {
        let _ = error.print();
    }
    ExitCode::from(2)
}

/// Whether the arguments ask for JSON, as far as can be told of arguments that make no sense.
fn wants_json(given: &[OsString]) -> bool {
    let given: Vec<&str> = given.iter().filter_map(|argument| argument.to_str()).collect();
    let is_json = |format: &str| matches!(format, "json" | "jsonl");
    given
        .iter()
        .take_while(|argument| **argument != "--")
        .any(|argument| *argument == "--json" || argument.strip_prefix("--format=").is_some_and(is_json))
        || given.windows(2).any(|pair| pair[0] == "--format" && is_json(pair[1]))
}

/// Where and with what words the last panic began.
static LAST_PANIC: Mutex<String> = Mutex::new(String::new());

/// Keeps panics off standard error, unless details are wanted: those of a damaged index and of single articles are
/// caught and become errors and skips, and what reaches [`caught`] is told like any other error.
pub(super) fn hush_panics(verbose: u8) {
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
        let text = format!("{}{place}", words(panic.payload()));
        if verbose > 1 {
            let _ = writeln!(io::stderr(), "panic: {text}");
        }
        if let Ok(mut last) = LAST_PANIC.lock() {
            *last = text;
        }
    }));
}

/// A panic that nothing caught, as an error.
pub(super) fn caught(payload: &(dyn Any + Send)) -> Error {
    let last = LAST_PANIC.lock().map(|last| last.clone()).unwrap_or_default();
    let cause = if last.is_empty() { words(payload).to_owned() } else { last };
    Error::new(Kind::Bug, format!("dateline {} has a fault and had to stop", env!("CARGO_PKG_VERSION")))
        .because(cause)
        .hint("please report this with the command; what was committed to an index is safe")
}

/// What a panic says.
fn words(payload: &dyn Any) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given")
}

/// A number with what is counted: `1 article`, `2 articles`.
pub(super) fn counted(count: u64, what: &str) -> String {
    if count == 1 {
        return format!("1 {what}");
    }
    match what.split_once(' ') {
        Some((first, rest)) if rest.starts_with("of ") => format!("{count} {first}s {rest}"),
        _ => format!("{count} {what}s"),
    }
}

/// Characters of a query that are shown on either side of the place of an error.
const SHOWN_AROUND: usize = 100;

fn as_text(error: &Error, colour: bool) -> String {
    let paint =
        |code: &str, text: &str| if colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() };
    let mut text = format!("{}: {}\n", paint("1;31", "error"), visible(&error.message));
    if let Some((query, range)) = &error.place {
        let before = query.get(..range.start).unwrap_or("").chars().count();
        let marked = query.get(range.clone()).unwrap_or("").chars().count().max(1);
        let shown: Vec<char> = query.chars().map(|c| if is_hidden(None, c) { ' ' } else { c }).collect();
        // Of a long query what is around the place.
        let from = before.saturating_sub(SHOWN_AROUND);
        let to = (before + marked.min(SHOWN_AROUND) + SHOWN_AROUND).min(shown.len());
        let dots = |cut: bool| if cut { "…" } else { "" };
        let (left, right) = (dots(from > 0), dots(to < shown.len()));
        let part: String = shown.get(from..to).unwrap_or(&[]).iter().collect();
        let indent = " ".repeat(before - from + left.chars().count());
        let carets = "^".repeat(marked.min(to.saturating_sub(before).max(1)));
        text.push_str(&format!("  {left}{part}{right}\n  {indent}{}\n", paint("1;31", &carets)));
    }
    for cause in &error.causes {
        text.push_str(&format!("because {}\n", visible(cause)));
    }
    if let Some(hint) = &error.hint {
        text.push_str(&format!("\n{}: {}\n", paint("1;36", "hint"), visible(hint)));
    }
    text
}

fn as_json(error: &Error) -> String {
    let mut value = serde_json::json!({
        "error": error.message, "kind": error.kind.name(), "causes": error.causes, "hint": error.hint,
    });
    if let Some((query, range)) = &error.place {
        let at = |byte: usize| query.get(..byte).unwrap_or("").chars().count();
        value["query"] = query.as_str().into();
        value["at"] = serde_json::json!([at(range.start), at(range.end)]);
    }
    document(&value) + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_are_broken_at_blanks() {
        for (line, room, expected) in [
            ("nothing to break", 20, "nothing to break"),
            ("nothing to break", 0, "nothing to break"),
            ("one two three four", 9, "one two\n  three\n  four"),
            ("  a  12  articles", 40, "  a  12  articles"),
            ("unbreakable", 4, "unbreakable"),
            ("平壌 平壌 平壌", 10, "平壌 平壌\n  平壌"),
        ] {
            assert_eq!(wrapped(line, room), expected, "{line} {room}");
        }
    }
}
