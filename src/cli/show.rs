//! `dateline show`: one article with all that was found in it.

use super::report::{self, Report};
use super::{Command, Exit, settings};
use crate::backend::Backend;
use crate::backend::local::Local;
use crate::error::{Error, Kind, Result};
use crate::output;
use clap::{Arg, ArgMatches};

/// The command.
pub(super) struct Show;

impl Command for Show {
    fn define(&self) -> clap::Command {
        clap::Command::new("show")
            .about("Show an article with the people, organisations, places and dates in it")
            .arg(Arg::new("id").value_name("ID").required(true).help("The id that a search printed"))
            .arg(report::format_argument())
            .arg(settings::index_argument())
            .arg(settings::in_argument())
            .after_help("Example:\n  dateline show --in news wire-1")
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let json = report.wants_json(matches);
        let id = matches.get_one::<String>("id").map_or("", String::as_str);
        let record = Local::open(&settings::folder(matches)?)?.article(id)?.ok_or_else(|| {
            Error::new(Kind::NotFound, format!("no article has the id `{id}`"))
                .hint("`dateline search` prints ids; `--format ids` only those")
        })?;
        if json {
            report.line(&output::extraction::json(&record.article, &record.found).to_string())?;
        } else {
            let style = report.style();
            let outcome = output::article::article(&record.article, &record.found, &style, report.writer());
            report.written(outcome)?;
        }
        Ok(Exit::Done)
    }
}
