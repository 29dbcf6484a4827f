//! `dateline batch`: a list of questions or names, each answered in short.
//!
//! Threads take the rows in turn, and the answers are written in the order of the list as they come. A row that cannot be
//! read says so in its place and ends nothing.

use super::batch_rows::{self, Row, rows};
use super::destination::{self, Destination};
use super::listing::{self, OUTPUT};
use super::question;
use super::report::Report;
use super::{Command, Exit};
use crate::backend::Backend;
use crate::backend::local::Local;
use crate::cores;
use crate::error::{Error, Kind, Result};
use crate::output::batch::{Answer, Lines, page_begin, page_end, page_row, sheet};
use crate::output::table::counted;
use crate::output::{SCHEMA, Style, sheet as rows_of};
use crate::query::tree::Tree;
use crate::query::{self};
use crate::search::BriefRequest;
use clap::{Arg, ArgAction, ArgMatches, value_parser};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::{Duration, Instant};

/// The command.
pub(super) struct Batch;

/// Persons, organisations and countries that are named unless told otherwise.
const TOP: &str = "3";
/// Answers that a thread may be ahead.
const AHEAD: usize = 64;
/// Whoever reads along sees what there is so often.
const SEEN: Duration = Duration::from_millis(200);

impl Command for Batch {
    fn define(&self) -> clap::Command {
        let shared = question::arguments().into_iter().filter(|argument| argument.get_id() != "query");
        clap::Command::new("batch")
            .about("Answer a list of questions or names: how many articles, from when to when, with whom, why none")
            .arg(Arg::new("file").value_name("FILE").required(true).value_parser(value_parser!(PathBuf)).help(
                "One question a line, or a table (CSV, TSV) whose heading names its columns: query or name (person, org, \
                 place), and label, from, to where they are wanted; - for standard input",
            ))
            .args(shared)
            .args([
                Arg::new("names")
                    .long("names")
                    .value_name("FIELD")
                    .num_args(0..=1)
                    .require_equals(true)
                    .default_missing_value("person")
                    .value_parser(batch_rows::FIELDS)
                    .help("The rows are names, of persons unless told otherwise; `Last, First` is understood"),
                Arg::new("top")
                    .long("top")
                    .value_name("N")
                    .default_value(TOP)
                    .value_parser(value_parser!(usize))
                    .help_heading(OUTPUT)
                    .help("How many people, organisations and countries to name with each; 0 for none"),
                Arg::new("format")
                    .long("format")
                    .value_name("FORMAT")
                    .default_value("text")
                    .value_parser(["text", "json", "jsonl", "csv", "tsv", "markdown", "html"])
                    .help_heading(OUTPUT)
                    .help("How to print it; html is one page that needs nothing else"),
                listing::json_argument(),
                Arg::new("fields")
                    .long("fields")
                    .value_name("COLUMN")
                    .value_delimiter(',')
                    .action(ArgAction::Append)
                    .help_heading(OUTPUT)
                    .help("Only these columns, in this order, by the names that they have in CSV"),
                destination::argument(),
            ])
            .after_help(
                "The filters hold for every row. A row that cannot be read, or that nothing matches, says why in its place. \
                 In a table a cell with a comma stands between quotation marks, and a phrase between three.\n\n\
                 Examples:\n  \
                 dateline batch --in news names.txt --names\n  \
                 dateline batch --in news queries.csv --from 2024 --format csv --output counts.csv\n  \
                 dateline batch --in news companies.txt --names=org --format html --output companies.html\n  \
                 cut -f 2 list.tsv | dateline batch - --names --format jsonl\n\n\
                 Exit codes: 0 at least one row with an article, 1 none, 2 any error but those of single rows.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let format = listing::format(matches, report);
        listing::choose(&mut sheet(&[]), matches)?;
        if format == "html" && matches.contains_id("fields") {
            return Err(Error::new(Kind::Usage, "`--format html` has no columns to choose from")
                .hint("`--fields` goes with the other formats"));
        }
        let path = matches.get_one::<PathBuf>("file").map_or(Path::new("-"), PathBuf::as_path);
        let names = matches.get_one::<String>("names");
        let names = names.and_then(|name| batch_rows::FIELDS.into_iter().find(|field| field == name));
        let rows = rows(path, &read(path)?, names)?;
        let (mut filters, _) = question::filter_parts(matches)?;
        let backend = question::backend(matches, report)?;
        let variants = !matches.get_flag("no-variants");
        filters.iter_mut().try_for_each(|filter| backend.expand(filter, variants))?;
        let names = matches.get_one::<usize>("top").copied().unwrap_or(0);
        let request = BriefRequest { names, diagnosis: true };
        let asking = Asking { backend: &backend, filters: &filters, variants, request };
        let style = report.style();
        let called = rows.iter().map(Row::called);
        let title = path.file_name().map_or_else(|| "questions".into(), |name| name.to_string_lossy().into_owned());
        let mut writing = Writing {
            lines: Lines::new(called, style),
            matches,
            format: &format,
            style,
            to: Destination::open(matches, report)?,
            counts: Counts::default(),
            // Columns that are chosen are aligned when all rows are there.
            kept: (format == "text" && matches.contains_id("fields")).then(Vec::new),
            began: Instant::now(),
            seen: Instant::now(),
        };
        writing.begin(&title, rows.len(), &backend)?;
        asking.in_turn(&rows, &mut |row, answer| writing.answer(row, answer))?;
        let counts = writing.end()?;
        if let Some(cut) = question::cut(&backend) {
            report.warn(&cut);
        }
        report.remark(&format!("{}, in {:.1} s", counts.said(), counts.took.as_secs_f64()));
        Ok(if counts.found > 0 { Exit::Done } else { Exit::Nothing })
    }
}

/// The bytes of the list.
fn read(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let outcome = match path.as_os_str() == "-" {
        true => std::io::stdin().lock().read_to_end(&mut bytes).map(|_| ()),
        false => std::fs::read(path).map(|read| bytes = read),
    };
    outcome.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::new(Kind::NotFound, format!("there is no file `{}`", path.display()))
            .hint("a list has one question a line; `-` reads it from standard input"),
        _ => Error::io(format!("reading `{}`", path.display()), &error),
    })?;
    Ok(bytes)
}

/// What every row is asked with.
struct Asking<'a> {
    backend: &'a Local,
    filters: &'a [Tree],
    variants: bool,
    request: BriefRequest,
}

impl Asking<'_> {
    /// Has threads answer the rows, each every so manieth, and hands on the answers in order.
    fn in_turn(&self, rows: &[Row], take: &mut dyn FnMut(&Row, Answer) -> Result<()>) -> Result<()> {
        let threads = cores::count().min(rows.len());
        thread::scope(|scope| {
            let mut receivers = Vec::with_capacity(threads);
            for number in 0..threads {
                let (sender, receiver) = sync_channel(AHEAD);
                receivers.push(receiver);
                scope.spawn(move || {
                    let mine = rows.iter().skip(number).step_by(threads);
                    // Whoever has gone away wants no more.
                    let _ = mine.map(|row| sender.send(self.answer(row)).is_ok()).find(|sent| !sent);
                });
            }
            for (row, receiver) in rows.iter().zip(receivers.iter().cycle()) {
                let gone = |_| Error::new(Kind::Bug, "a thread ended before its work was done");
                let answer = receiver.recv().map_err(gone)?;
                // What is wrong with the index is wrong with every row.
                if let Err(error) = &answer.brief
                    && !matches!(error.kind, Kind::Query | Kind::Usage | Kind::NotFound)
                {
                    return Err(error.clone());
                }
                take(row, answer)?;
            }
            Ok(())
        })
    }

    fn answer(&self, row: &Row) -> Answer {
        let mut answer = Answer {
            line: row.line,
            label: row.label.clone(),
            query: row.asked.clone(),
            brief: Ok(Default::default()),
            warnings: Vec::new(),
        };
        answer.brief = self.brief(row, &mut answer);
        answer
    }

    fn brief(&self, row: &Row, answer: &mut Answer) -> Result<crate::search::Brief> {
        if let Some(wrong) = &row.wrong {
            return Err(Error::new(Kind::Query, wrong.clone()));
        }
        let today = super::today();
        let mut written = match row.field {
            Some(field) => query::join("", &[(field, &row.asked)], Some(today))?,
            None => row.asked.clone(),
        };
        let parsed = query::parse(&written, Some(today));
        query::check(&parsed)?;
        let mut parts = vec![parsed.tree];
        for (name, day, sign) in [("from", &row.from, ">="), ("to", &row.to, "<=")] {
            if let Some(day) = day {
                let clause = query::join("", &[("published", &format!("{sign}{day}"))], Some(today)).map_err(|_| {
                    Error::new(Kind::Query, format!("the column `{name}` wants a day, a month or a year, not `{day}`"))
                })?;
                parts.push(query::parse(&clause, Some(today)).tree);
                written = format!("{written} {clause}").trim().to_owned();
            }
        }
        answer.query = written;
        let mut tree = question::all_of(parts);
        self.backend.expand(&mut tree, self.variants)?;
        let warned = parsed.warnings.into_iter().map(|warning| warning.message);
        answer.warnings = warned.chain(tree.remarks()).collect();
        let mut parts = match tree {
            Tree::And(parts) => parts,
            other => vec![other],
        };
        parts.extend(self.filters.iter().cloned());
        self.backend.brief(&question::all_of(parts), &self.request)
    }
}

/// How the rows came out.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    rows: usize,
    found: usize,
    wrong: usize,
    took: Duration,
}

impl Counts {
    fn said(&self) -> String {
        let none = self.rows - self.found - self.wrong;
        let wrong = if self.wrong > 0 { format!(", {} in error", self.wrong) } else { String::new() };
        format!("{}: {} with articles, {none} without{wrong}", counted(self.rows, "row"), self.found)
    }
}

/// What is being written.
struct Writing<'a> {
    lines: Lines,
    matches: &'a ArgMatches,
    format: &'a str,
    style: Style,
    to: Destination<'a>,
    counts: Counts,
    /// Answers that are written at the end.
    kept: Option<Vec<Answer>>,
    began: Instant,
    seen: Instant,
}

impl Writing<'_> {
    fn begin(&mut self, title: &str, questions: usize, backend: &Local) -> Result<()> {
        let mut out = Vec::new();
        let outcome = match self.format {
            "text" if self.kept.is_none() && questions > 0 => self.lines.head(&mut out),
            "text" | "jsonl" => Ok(()),
            "json" => {
                out.extend_from_slice(format!("{{\"schema\":{SCHEMA},\"rows\":[").as_bytes());
                Ok(())
            }
            "html" => page_begin(title, questions, backend.count(&Tree::All)?, &mut out),
            _ => self.part(&[], true, &mut out),
        };
        outcome.expect("a vector takes everything");
        self.to.write(&out)
    }

    fn answer(&mut self, row: &Row, answer: Answer) -> Result<()> {
        self.counts.found += usize::from(answer.brief.as_ref().is_ok_and(|brief| brief.total > 0));
        self.counts.wrong += usize::from(answer.brief.is_err());
        let first = self.counts.rows == 0;
        self.counts.rows += 1;
        if let Some(kept) = &mut self.kept {
            kept.push(answer);
            return Ok(());
        }
        let mut out = Vec::new();
        let outcome = match self.format {
            "text" => self.lines.answer(row.called(), &answer, &mut out),
            "html" => page_row(row.called(), &answer, &mut out),
            "json" => {
                if !first {
                    out.push(b',');
                }
                let mut object = Vec::new();
                let outcome = self.part(std::slice::from_ref(&answer), false, &mut object);
                out.extend_from_slice(object.trim_ascii_end());
                outcome
            }
            _ => self.part(std::slice::from_ref(&answer), false, &mut out),
        };
        outcome.expect("a vector takes everything");
        self.to.write(&out)?;
        if self.seen.elapsed() >= SEEN {
            self.seen = Instant::now();
            self.to.flush()?;
        }
        Ok(())
    }

    /// Writes some answers as rows of a sheet; a row of JSON is as a line of JSON Lines.
    fn part(&self, answers: &[Answer], head: bool, out: &mut Vec<u8>) -> std::io::Result<()> {
        let mut sheet = sheet(answers);
        listing::choose(&mut sheet, self.matches).map_err(std::io::Error::other)?;
        let format = if self.format == "json" { "jsonl" } else { self.format };
        rows_of::write_part(&sheet, format, head, &self.style, out)
    }

    fn end(mut self) -> Result<Counts> {
        self.counts.took = self.began.elapsed();
        let mut out = Vec::new();
        let outcome = match self.format {
            "json" => {
                let Counts { rows, found, wrong, .. } = self.counts;
                let none = rows - found - wrong;
                let end = format!("],\"found\":{found},\"none\":{none},\"wrong\":{wrong}}}\n");
                out.extend_from_slice(end.as_bytes());
                Ok(())
            }
            "html" => page_end(&self.counts.said(), &mut out),
            _ => match &self.kept {
                Some(kept) => self.part(kept, true, &mut out),
                None => Ok(()),
            },
        };
        outcome.expect("a vector takes everything");
        self.to.write(&out)?;
        self.to.finish()?;
        Ok(self.counts)
    }
}
