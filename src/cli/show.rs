//! `dateline show`: one article with all that was found in it, and what a query matches in it.

use super::report::{self, Report};
use super::{Command, Exit, settings};
use crate::article::Part;
use crate::backend::local::Local;
use crate::backend::{Backend, Record};
use crate::error::{Error, Kind, Result};
use crate::output::{self, article as written};
use crate::query::matcher::{self, View};
use crate::query::{self};
use crate::text::{Span, Words};
use clap::{Arg, ArgMatches, value_parser};
use std::path::Path;

/// The command.
pub(super) struct Show;

impl Command for Show {
    fn define(&self) -> clap::Command {
        clap::Command::new("show")
            .about("Show an article with the people, organisations, places and dates in it")
            .args(arguments())
            .arg(
                Arg::new("context")
                    .short('C')
                    .long("context")
                    .value_name("WORDS")
                    .value_parser(value_parser!(usize))
                    .requires("query")
                    .help("Only the passages that match, with so many words on either side"),
            )
            .arg(report::format_argument())
            .after_help(
                "What the query matches is marked; people, organisations, places and dates are in the colours of their \
                 lists, which say what each was taken to mean.\n\n\
                 Examples:\n  \
                 dateline show --in news wire-1\n  \
                 dateline show --in news wire-1 '\"mutual defence\"'\n  \
                 dateline show --in news wire-1 treaty --context 20\n\n\
                 Exit codes: 0 shown, 2 any error.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let json = report.wants_json(matches);
        let (_, record, found) = asked(matches)?;
        if json {
            report.line(&output::extraction::json(&record.article, &record.found).to_string())?;
            return Ok(Exit::Done);
        }
        let style = report.style();
        let (article, contents) = (&record.article, &record.found);
        let marks = found.as_deref().unwrap_or(&[]);
        let outcome = match matches.get_one::<usize>("context") {
            Some(context) => written::passages(article, contents, marks, *context, &style, report.writer()),
            None => written::article(article, contents, marks, &style, report.writer()),
        };
        report.written(outcome)?;
        if let Some(location) = record.location.as_ref().filter(|location| !Path::new(location).exists()) {
            report.remark(&format!(
                "the original is not found at `{location}`; `dateline relocate OLD NEW` if the archive has moved"
            ));
        }
        if found.is_some_and(|found| found.is_empty()) {
            report.remark("nothing in this article matches the query");
        }
        Ok(Exit::Done)
    }
}

/// The arguments of a command about one article: its id, and what to look for in it.
pub(super) fn arguments() -> Vec<Arg> {
    vec![
        Arg::new("id").value_name("ID").required(true).help("The id that a search printed"),
        Arg::new("query").value_name("QUERY").num_args(0..).help("What to mark: a query, as a search takes it"),
        settings::index_argument(),
        settings::in_argument(),
        settings::entities_argument(),
    ]
}

/// What a query matches: the part of the article, and where in it, in bytes.
pub(super) type Marks = Vec<(Part, Span)>;

/// The index, the article that is meant, and what the query matches in it, where there is a query.
pub(super) fn asked(matches: &ArgMatches) -> Result<(Local, Record, Option<Marks>)> {
    let backend = settings::open(&settings::folder(matches)?, matches)?;
    let id = matches.get_one::<String>("id").map_or("", String::as_str);
    let record = backend.article(id)?.ok_or_else(|| {
        Error::new(Kind::NotFound, format!("no article has the id `{id}`"))
            .hint("`dateline search` prints ids; `--format ids` only those")
    })?;
    let typed: Vec<&str> = matches.get_many::<String>("query").into_iter().flatten().map(String::as_str).collect();
    if typed.is_empty() {
        return Ok((backend, record, None));
    }
    let parsed = query::parse(&typed.join(" "), Some(super::today()));
    query::check(&parsed)?;
    let mut tree = parsed.tree;
    backend.expand(&mut tree, true)?;
    let (title, body) = (record.article.title.clone().unwrap_or_default(), record.article.text.clone());
    let (title, body) = (Words::new(&title), Words::new(&body));
    let view = View::new(&record.article, &title, &body, &record.found);
    let found = matcher::matches(&tree, &view).into_iter().map(|found| (found.part, found.span)).collect();
    Ok((backend, record, Some(found)))
}
