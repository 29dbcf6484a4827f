//! `dateline diff`: what one query finds and another does not, what both find, and what sets them apart.

use super::listing::{self, Listing, OUTPUT};
use super::question::{self, Questions};
use super::report::Report;
use super::{Command, Exit};
use crate::backend::Backend;
use crate::error::Result;
use crate::output::diff as output;
use crate::output::sheet;
use crate::output::table::{counted, thousands};
use crate::search::{Diff, DiffRequest, Sort};
use clap::{Arg, ArgAction, ArgMatches};
use serde_json::json;

/// The command.
pub(super) struct DiffCommand;

/// Articles of each set, and names of either side, unless told otherwise.
const LIMIT: &str = "5";
/// The fields whose values may set two answers apart.
const FIELDS: [&str; 4] = ["person", "org", "place", "country"];

impl Command for DiffCommand {
    fn define(&self) -> clap::Command {
        let queries = [
            ("a", "A", "The first query, as in `search`; put it between single quotation marks"),
            ("b", "B", "The second"),
        ];
        let queries = queries.map(|(id, name, help)| Arg::new(id).value_name(name).required(true).help(help));
        clap::Command::new("diff")
            .about("Compare two queries: the articles of one alone, of the other alone, of both, and what sets them apart")
            .args(queries)
            .args(question::arguments().into_iter().filter(|arg| arg.get_id() != "query"))
            .args([
                Arg::new("show")
                    .long("show")
                    .value_name("SET")
                    .value_delimiter(',')
                    .action(ArgAction::Append)
                    .value_parser(["a", "b", "both", "all"])
                    .help_heading(OUTPUT)
                    .help("Of which sets articles are listed [default: all]"),
                Arg::new("names")
                    .long("names")
                    .action(ArgAction::SetTrue)
                    .help_heading(OUTPUT)
                    .help("List only the names that set the two apart"),
                listing::limit_argument(LIMIT, "How many articles of each set, and names of either side; 0 for all"),
                Arg::new("sort")
                    .long("sort")
                    .value_name("ORDER")
                    .default_value("relevance")
                    .value_parser(["relevance", "newest", "oldest"])
                    .help_heading(OUTPUT)
                    .help("In what order the articles are listed"),
            ])
            .args(listing::arguments())
            .after_help(
                "What sets them apart are persons, organisations, places and countries that the articles of one alone \
                 have more often than those of the other alone, more than chance would have it (log-likelihood ratio of \
                 6.6 or more: one in a hundred); names that are asked for are left out. Where all articles of one are \
                 among those of the other, all of it are compared with the other's surplus. Filters hold for both.\n\n\
                 Examples:\n  \
                 dateline diff --in news '\"cease-fire\"' '\"peace talks\"'\n  \
                 dateline diff --in news 'sanctions source:\"Harbour Courier\"' 'sanctions source:\"Leeds Observer\"' --names\n  \
                 dateline diff --in news drone 'drone strike' --show a -n 0 --format csv > only-drone.csv\n\n\
                 Exit codes: 0 at least one article, 1 none, 2 any error.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let format = listing::format(matches, report);
        let names = matches.get_flag("names");
        let limit = question::number(matches, "limit")?;
        let typed = ["a", "b"].into_iter().filter_map(|id| matches.get_one::<String>(id));
        let wanted: Vec<&str> = matches.get_many::<String>("show").into_iter().flatten().map(String::as_str).collect();
        let wanted = if wanted.is_empty() || wanted.contains(&"all") { output::SETS.to_vec() } else { wanted };
        let Questions { asked, backend, warnings: of_each } = question::questions(matches, typed, report)?;
        let started = std::time::Instant::now();
        let mut warnings: Vec<String> = Vec::new();
        for warning in of_each.into_iter().flatten().chain(question::cut(&backend)) {
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
        let (written, trees): (Vec<String>, Vec<_>) = asked.into_iter().unzip();
        let ([tree_a, tree_b], [query_a, query_b]) = (trees.as_slice(), written.as_slice()) else {
            return Ok(Exit::Nothing);
        };
        let request = DiffRequest {
            queries: [query_a.clone(), query_b.clone()],
            limit,
            sort: match matches.get_one::<String>("sort").map(String::as_str) {
                Some("newest") => Sort::Newest,
                Some("oldest") => Sort::Oldest,
                _ => Sort::Relevance,
            },
            fields: FIELDS.map(str::to_owned).to_vec(),
            values: limit,
        };
        let mut diff = backend.diff([tree_a, tree_b], &request)?;
        diff.results.warnings.splice(0..0, warnings);
        diff.results.took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let exit = if diff.results.total > 0 { Exit::Done } else { Exit::Nothing };
        if format == "text" && !names {
            text(&diff, &wanted, matches, report)?;
            return Ok(exit);
        }
        let (key, sheet) =
            if names { ("apart", output::apart(&diff)) } else { ("hits", output::articles(&diff, &wanted)) };
        let mut listing = Listing::new(&diff.results, key, sheet);
        if format == "json" {
            listing.more.insert("a".to_owned(), json!({ "query": query_a, "parsed": diff.a.0, "total": diff.a.1 }));
            listing.more.insert("b".to_owned(), json!({ "query": query_b, "parsed": diff.b.0, "total": diff.b.1 }));
            listing.more.insert(
                "only".to_owned(),
                json!({ "a": diff.only_a.total, "b": diff.only_b.total, "both": diff.both.total }),
            );
            listing.more.insert("compared".to_owned(), json!({ "a": diff.compared.0, "b": diff.compared.1 }));
            if !names {
                let apart = serde_json::to_value(output::apart(&diff).objects()).unwrap_or_default();
                listing.more.insert("apart".to_owned(), apart);
            }
        } else if names {
            listing.notes = notes(&diff);
        }
        listing::print(listing, matches, report)?;
        Ok(exit)
    }
}

/// What people should know of what was compared.
fn notes(diff: &Diff) -> Vec<String> {
    // Nothing to compare: one has no articles, or both have the same.
    if diff.compared.0 == 0 || diff.compared.1 == 0 || diff.only_a.total + diff.only_b.total == 0 {
        return Vec::new();
    }
    let (a, b) = (counted(diff.compared.0, "article"), counted(diff.compared.1, "article"));
    if diff.apart.is_empty() {
        return vec![format!("no name sets {a} of a apart from {b} of b, beyond what chance would do")];
    }
    vec![format!("{a} of a compared with {b} of b")]
}

/// Counts, articles and names as people read them: one table below the other.
fn text(diff: &Diff, wanted: &[&str], matches: &ArgMatches, report: &mut Report) -> Result<()> {
    let style = report.style();
    if diff.results.total > 0 {
        let outcome = sheet::write(&output::counts(diff), "text", &style, report.writer());
        report.written(outcome)?;
        for (name, set) in output::sets(diff) {
            if set.hits.is_empty() || !wanted.contains(&name) {
                continue;
            }
            let mut sheet = output::articles(diff, &[name]);
            sheet.only(&["published", "source", "id", "title"]).unwrap_or_default();
            let of = if name == "both" { "in both".to_owned() } else { format!("only in {name}") };
            let more = if set.hits.len() < set.total {
                format!(", {} of {}", thousands(set.hits.len()), thousands(set.total))
            } else {
                String::new()
            };
            report.line(&format!("\n{of}{more}"))?;
            let outcome = sheet::write(&sheet, "text", &style, report.writer());
            report.written(outcome)?;
        }
        if !diff.apart.is_empty() {
            report.line("\nwhat sets them apart")?;
            let outcome = sheet::write(&output::apart(diff), "text", &style, report.writer());
            report.written(outcome)?;
        }
        for note in notes(diff) {
            report.line("")?;
            report.shown_line(&note)?;
        }
    }
    for line in crate::output::receipt(&diff.results, &super::settings::naming(matches)) {
        report.remark(&line.replace(" (none shown)", ""));
    }
    Ok(())
}
