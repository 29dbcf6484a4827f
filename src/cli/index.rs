//! `dateline index`: brings an index up to date with folders and files.

use super::report::{Report, counted};
use super::{Command, Exit, settings, watch};
use crate::backend::local::drive;
use crate::backend::local::writer::least_memory;
use crate::error::{Error, Kind, Result};
use crate::ingest::glimpse::glimpse;
use crate::ingest::pipeline::{self, Progress, Settings, Summary};
use crate::places::Meanings;
use clap::{Arg, ArgAction, ArgMatches, value_parser};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// The command.
pub(super) struct Index;

/// Memory that a run may take; more where that is too little for so many threads. More makes fewer and larger segments.
const MEMORY: &str = "500M";

/// Commits at least this often, in seconds: what a crash can cost.
const COMMIT_EVERY: &str = "30";

impl Command for Index {
    fn define(&self) -> clap::Command {
        clap::Command::new("index")
            .about("Index folders and files, or bring their index up to date: what is unchanged is not read again")
            .arg(
                Arg::new("paths")
                    .value_name("PATH")
                    .num_args(1..)
                    .required(true)
                    .value_parser(value_parser!(PathBuf))
                    .help("Folders and files of articles"),
            )
            .arg(settings::index_argument())
            .args([
                Arg::new("jobs")
                    .short('j')
                    .long("jobs")
                    .value_name("N")
                    .value_parser(value_parser!(u16).range(1..=64))
                    .help("Threads [default: one for each core]"),
                Arg::new("memory")
                    .long("memory")
                    .value_name("SIZE")
                    .help(format!("Memory that the run may take, as 800M or 2G [default: {MEMORY}]")),
                Arg::new("full")
                    .long("full")
                    .action(ArgAction::SetTrue)
                    .help("Build everything anew beside the old index, which is used until that is done"),
                Arg::new("retry-skipped")
                    .long("retry-skipped")
                    .action(ArgAction::SetTrue)
                    .help("Read again what an earlier run could not read"),
                Arg::new("allow-empty")
                    .long("allow-empty")
                    .action(ArgAction::SetTrue)
                    .help("Take the articles of a folder that is empty now for gone"),
                Arg::new("wait")
                    .long("wait")
                    .value_name("SECONDS")
                    .num_args(0..=1)
                    .require_equals(true)
                    .default_missing_value("inf")
                    .value_parser(seconds)
                    .help("Wait until nobody else writes to the index, at most so long, instead of failing"),
                Arg::new("watch")
                    .long("watch")
                    .action(ArgAction::SetTrue)
                    .conflicts_with_all(["dry-run", "full", "strict"])
                    .help("Stay, and index what comes, changes and goes, until Ctrl-C"),
                Arg::new("dry-run").long("dry-run").action(ArgAction::SetTrue).help("Only say what would be done"),
                Arg::new("strict")
                    .long("strict")
                    .action(ArgAction::SetTrue)
                    .help("Fail (exit code 2) where anything was not read"),
                Arg::new("no-extract")
                    .long("no-extract")
                    .action(ArgAction::SetTrue)
                    .help("Do not look for people, places and dates"),
                Arg::new("commit-every")
                    .long("commit-every")
                    .value_name("SECONDS")
                    .default_value(COMMIT_EVERY)
                    .value_parser(value_parser!(f64))
                    .hide(true),
                Arg::new("quiet").short('q').long("quiet").action(ArgAction::SetTrue).help("Print nothing but errors"),
                Arg::new("format")
                    .long("format")
                    .value_name("FORMAT")
                    .default_value("text")
                    .value_parser(["text", "json"])
                    .help("How to print the summary"),
            ])
            .after_help(
                "Examples:\n  \
                 dateline index ~/news\n  \
                 dateline index ~/news ~/letters.jsonl --index ~/indexes/work\n  \
                 dateline index ~/news --dry-run\n  \
                 dateline index ~/news --watch\n\n\
                 The articles themselves are never changed. Ctrl-C keeps what is committed; the next run goes on from \
                 there. `--watch` looks at the folders about once a second and commits in rounds, with a line for each that \
                 changed something; others can write to the index between them.\n\
                 Exit codes: 0 done (what was not read is reported), 2 failed, 130 stopped (143 by SIGTERM, 129 by \
                 SIGHUP).",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let json = report.wants_json(matches);
        report.quiet = matches.get_flag("quiet");
        let folder = settings::index_folder(matches)?;
        let paths: Vec<PathBuf> = matches.get_many::<PathBuf>("paths").into_iter().flatten().cloned().collect();
        let watched = matches.get_flag("watch");
        let options = Options {
            jobs: matches.get_one::<u16>("jobs").map(|jobs| usize::from(*jobs)),
            memory: matches.get_one::<String>("memory").map(|size| bytes(size)).transpose()?,
            full: matches.get_flag("full"),
            dry_run: matches.get_flag("dry-run"),
            extract: !matches.get_flag("no-extract"),
            retry_skipped: matches.get_flag("retry-skipped"),
            allow_empty: matches.get_flag("allow-empty"),
            wait: matches.get_one::<Duration>("wait").copied(),
            command: if watched { "dateline index --watch" } else { "dateline index" },
            commit_every: Duration::try_from_secs_f64(matches.get_one::<f64>("commit-every").copied().unwrap_or(30.0))
                .unwrap_or(Duration::MAX),
        };
        super::watch_for_interrupts();
        let seen = if watched { glimpse(&paths, &super::STOP)? } else { None };
        let started = Instant::now();
        let summary = index(&paths, &folder, &options, report)?;
        let seconds = started.elapsed().as_secs_f64();
        if json {
            report.json(&Timed { summary: &summary, seconds: rounded(seconds) })?;
        } else if !report.quiet {
            report.line(&as_text(&summary, seconds, options.dry_run, &settings::naming(matches)))?;
        }
        if watched {
            report.finish()?;
            watch::watch(&paths, seen, report, &mut |report| {
                let started = Instant::now();
                let summary = index(&paths, &folder, &options, report)?;
                match watch::line(&summary, &super::now()) {
                    Some(_) if json => {
                        report.json(&Timed { summary: &summary, seconds: rounded(started.elapsed().as_secs_f64()) })?
                    }
                    Some(line) if !report.quiet => report.line(&line)?,
                    _ => {}
                }
                report.finish()
            })?;
        }
        if matches.get_flag("strict") && !summary.skipped.is_empty() {
            return Err(Error::new(
                Kind::Strict,
                match summary.skipped.len() {
                    1 => "1 file or part of a file was not read".to_owned(),
                    many => format!("{many} files or parts of files were not read"),
                },
            )
            .hint(format!("`dateline status --skipped{}` lists them", settings::naming(matches))));
        }
        Ok(Exit::Done)
    }
}

/// To the thousandth.
fn rounded(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

/// How to index, as far as the command line says.
struct Options {
    jobs: Option<usize>,
    memory: Option<usize>,
    full: bool,
    dry_run: bool,
    extract: bool,
    retry_skipped: bool,
    allow_empty: bool,
    /// How long to wait for another process that writes.
    wait: Option<Duration>,
    command: &'static str,
    commit_every: Duration,
}

impl Options {
    /// What is usual, for `command`.
    fn usual(command: &'static str) -> Options {
        Options {
            jobs: None,
            memory: None,
            full: false,
            dry_run: false,
            extract: true,
            retry_skipped: false,
            // Of what is kept for a folder, nothing is lost.
            allow_empty: true,
            wait: None,
            command,
            commit_every: Duration::from_secs(30),
        }
    }
}

/// Brings the index that is kept for `folder` up to date and says where it is. `same_index` is how a command line
/// names it.
pub(super) fn bring_up_to_date(folder: &Path, same_index: &str, report: &mut Report) -> Result<PathBuf> {
    let kept = settings::folder_for(folder)?;
    let options = Options::usual("dateline search --in");
    let mut outcome = index(&[folder.to_owned()], &kept, &options, report);
    // This index is our own to keep: where it cannot be used it is built anew, which loses nothing.
    if let Err(error) = &outcome
        && matches!(error.kind, Kind::Damaged | Kind::Incompatible)
    {
        report.remark(&format!("building the index of this folder anew: {error}"));
        outcome = index(&[folder.to_owned()], &kept, &Options { full: true, ..options }, report);
    }
    match outcome {
        Ok(summary) if summary.added + summary.updated + summary.removed > 0 => {
            report.remark(&as_text(&summary, 0.0, false, same_index));
            Ok(kept)
        }
        Ok(_) => Ok(kept),
        // Somebody else is bringing it up to date: what is committed can be searched.
        Err(error) if error.kind == Kind::Locked => {
            report.warn(&format!("{error}; searching what is there"));
            Ok(kept)
        }
        Err(error) => Err(error),
    }
}

/// Builds the index in `folder` anew beside the one that is there, and says in words what came of it.
pub(super) fn build_anew(paths: &[PathBuf], folder: &Path, same_index: &str, report: &mut Report) -> Result<String> {
    let options = Options { full: true, ..Options::usual("dateline check --repair") };
    let summary = index(paths, folder, &options, report)?;
    Ok(as_text(&summary, 0.0, false, same_index))
}

fn index(paths: &[PathBuf], folder: &Path, options: &Options, report: &mut Report) -> Result<Summary> {
    // The first Ctrl-C commits and stops.
    super::watch_for_interrupts();
    if let Some(drive) = drive::network(folder) {
        report.warn(&format!(
            "the index `{}` lies on a drive of the sort {drive}, where locks may not hold and a lost connection can end a \
             search; put it on a disk of this computer with `--index DIR`",
            folder.display()
        ));
    }
    let began = Instant::now();
    let started = super::nanoseconds();
    let corrections = settings::corrections(paths.iter().map(PathBuf::as_path), None)?;
    let meanings = Meanings::new(corrections.meant())?;
    let program = super::program();
    let jobs = options.jobs.unwrap_or_else(crate::cores::count);
    let settings = Settings {
        jobs,
        memory: memory(options.memory, jobs)?,
        full: options.full,
        dry_run: options.dry_run,
        extract: options.extract,
        meanings: Some(&meanings),
        program: program.as_deref(),
        retry_skipped: options.retry_skipped,
        allow_empty: options.allow_empty,
        commit_every: options.commit_every,
        stop: &super::STOP,
        command: options.command,
        clock: &|| began.elapsed(),
        started,
    };
    let verbose = report.verbose > 0;
    let mut patience = Patience { left: options.wait, told: String::new() };
    loop {
        let bar = report.bar("{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta} left, {msg}");
        let outcome = pipeline::index(paths, folder, &settings, &mut |progress: Progress| {
            bar.set_length(progress.bytes);
            bar.set_position(progress.bytes_done);
            bar.set_message(format!("{} articles", progress.articles));
            if let (true, Some(committed)) = (verbose, progress.committed) {
                report.remark(&format!("committed {}", counted(committed, "article")));
            }
        });
        bar.finish_and_clear();
        match outcome {
            Err(error) if error.kind == Kind::Locked && patience.lasts() => patience.wait(&error, report)?,
            outcome => return outcome,
        }
    }
}

/// How long to wait between two looks at a lock that somebody holds.
const LOCK_PAUSE: Duration = Duration::from_millis(100);

/// Waits for another process that writes.
struct Patience {
    /// How much longer; none for not at all.
    left: Option<Duration>,
    /// What was said last.
    told: String,
}

impl Patience {
    fn lasts(&self) -> bool {
        self.left.is_some_and(|left| !left.is_zero())
    }

    /// Says who is waited for, where that is news, and waits for a moment.
    fn wait(&mut self, error: &Error, report: &mut Report) -> Result<()> {
        if self.told != error.message {
            report.remark(&format!("waiting: {}", error.message));
            self.told.clone_from(&error.message);
        }
        std::thread::sleep(LOCK_PAUSE);
        if super::STOP.load(Ordering::Relaxed) {
            return Err(Error::new(Kind::Interrupted, "stopped while waiting; nothing was changed in the index"));
        }
        self.left = self.left.map(|left| left.saturating_sub(LOCK_PAUSE));
        Ok(())
    }
}

/// Seconds of a command line.
fn seconds(text: &str) -> std::result::Result<Duration, String> {
    let number: f64 = text.parse().map_err(|_| "wants a number of seconds".to_owned())?;
    if number.is_infinite() && number > 0.0 {
        return Ok(Duration::MAX);
    }
    Duration::try_from_secs_f64(number).map_err(|_| "wants a number of seconds from 0 on".to_owned())
}

/// What a run did, and how long it took.
#[derive(Serialize)]
struct Timed<'a> {
    #[serde(flatten)]
    summary: &'a Summary,
    seconds: f64,
}

fn as_text(summary: &Summary, seconds: f64, dry_run: bool, same_index: &str) -> String {
    if dry_run {
        return format!(
            "would read {} and {}, and remove {}; {} unchanged",
            counted(summary.added, "new file"),
            counted(summary.updated, "changed file"),
            counted(summary.removed, "article"),
            counted(summary.unchanged, "article"),
        );
    }
    let mut parts = vec![counted(summary.articles, "article")];
    for (count, what) in [
        (summary.added, "added"),
        (summary.updated, "updated"),
        (summary.removed, "removed"),
        (summary.unchanged, "unchanged"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    let mut text = parts.join(", ");
    if seconds > 0.0 && summary.bytes > 0 {
        text.push_str(&format!("; {:.1} MB in {seconds:.1} s", summary.bytes as f64 / 1e6));
    }
    if !summary.skipped.is_empty() {
        text.push_str(&format!(
            "; {} not read (`dateline status --skipped{same_index}` lists them)",
            summary.skipped.len()
        ));
    }
    text
}

/// The memory of a run of so many threads, in bytes.
fn memory(wanted: Option<usize>, jobs: usize) -> Result<usize> {
    let least = least_memory(jobs);
    match wanted {
        None => Ok(bytes(MEMORY)?.max(least)),
        Some(wanted) if wanted >= least => Ok(wanted),
        Some(_) => {
            Err(Error::new(Kind::Usage, format!("`--memory` is too little for {}", counted(jobs as u64, "thread")))
                .because(format!("they need {}M", least.div_ceil(1_000_000)))
                .hint("give more, or fewer threads with `--jobs N`"))
        }
    }
}

/// `160M` as bytes.
fn bytes(text: &str) -> Result<usize> {
    let wrong = || {
        Error::new(Kind::Usage, format!("`--memory` wants a size such as `500M` or `1G`, not `{text}`"))
            .hint(format!("leave `--memory` out for {MEMORY}"))
    };
    let trimmed = text.trim().trim_end_matches(['B', 'b']);
    let (digits, factor) = match trimmed.chars().last() {
        Some('k' | 'K') => (&trimmed[..trimmed.len() - 1], 1_000.0),
        Some('m' | 'M') => (&trimmed[..trimmed.len() - 1], 1_000_000.0),
        Some('g' | 'G') => (&trimmed[..trimmed.len() - 1], 1_000_000_000.0),
        _ => (trimmed, 1.0),
    };
    let number: f64 = digits.trim().parse().map_err(|_| wrong())?;
    if !(number > 0.0 && number * factor <= 1e12) {
        return Err(wrong());
    }
    Ok((number * factor) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read() {
        for (text, expected) in [
            ("160M", Some(160_000_000)),
            ("1.5G", Some(1_500_000_000)),
            ("64kB", Some(64_000)),
            ("x", None),
            ("-1M", None),
            ("", None),
        ] {
            assert_eq!(bytes(text).ok(), expected, "{text}");
        }
    }
}
