//! `dateline related`: phrases of the same archive that keep the same company as one.

use super::listing;
use super::question::{self, Question};
use super::report::Report;
use super::{Command, Exit, settings};
use crate::backend::Backend;
use crate::error::Result;
use crate::output::related as output;
use crate::output::table::counted;
use crate::search::RelatedRequest;
use clap::ArgMatches;

/// The command.
pub(super) struct RelatedCommand;

/// Relatives listed unless told otherwise.
const LIMIT: &str = "10";

impl Command for RelatedCommand {
    fn define(&self) -> clap::Command {
        clap::Command::new("related")
            .about("List phrases of the archive that keep the same company as one: looser ways to say it")
            .args(question::arguments())
            .args([
                listing::limit_argument(LIMIT, "How many to list; 0 for all"),
            ])
            .args(listing::arguments())
            .after_help(
                "Each has the number of its articles, how alike its company is (0 to 1), and a passage. They are found by \
                 counting what words stand around them in this archive; a search never adds them by itself. The last line \
                 has all as one query: delete what is not meant.\n\n\
                 Examples:\n  \
                 dateline related --in news '\"mutual defence\"'\n  \
                 dateline related --in news '\"tax cut\"' --from 2024 -n 20\n  \
                 dateline related --in news resign\n\n\
                 Exit codes: 0 at least one, 1 none, 2 any error.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let format = listing::format(matches, report);
        let limit = question::number(matches, "limit")?;
        let Question { written, tree, backend, warnings } = question::question(matches, report)?;
        let started = std::time::Instant::now();
        let variants = !matches.get_flag("no-variants");
        let mut related = backend.related(&tree, &RelatedRequest { query: written, limit, variants })?;
        related.results.warnings.splice(0..0, warnings);
        related.results.took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let style = report.style();
        if format == "json" {
            report.json(&output::shape(&related))?;
        } else if listing::wants_rows(&format, matches) {
            listing::print_rows(output::sheet(&related), &format, matches, report)?;
            related.results.warnings.iter().for_each(|warning| report.warn(warning));
        } else {
            let outcome = output::text(&related, &style, report.writer());
            report.written(outcome)?;
            if related.results.total > 0 && related.relatives.is_empty() {
                report.remark(&format!("nothing in the archive keeps the same company as {}", related.of));
            }
            for line in crate::output::receipt(&related.results, &settings::naming(matches)) {
                report.remark(&line.replace(" (none shown)", ""));
            }
            if related.read > 0 {
                report.remark(&format!("compared in {}", counted(related.read, "article")));
            }
        }
        Ok(if related.relatives.is_empty() { Exit::Nothing } else { Exit::Done })
    }
}
