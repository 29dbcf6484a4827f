//! `dateline new`: what has come of a saved search since the last look.

use super::listing::{self, OUTPUT};
use super::question::{self, Again, Question};
use super::report::Report;
use super::save::real;
use super::{Command, Exit, index, settings};
use crate::backend::Backend;
use crate::error::{Error, Kind, Result};
use crate::output::table::thousands;
use crate::output::{self, OUTPUTS};
use crate::query;
use crate::saved::mark::News;
use crate::saved::searches::{Place, Search};
use crate::search::{Request, Results, Sort, Stamp};
use clap::{Arg, ArgAction, ArgMatches};
use rustc_hash::FxHashMap;
use std::path::PathBuf;

/// The command.
pub(super) struct New;

/// Passages shown of each hit.
const SNIPPETS: usize = 3;

impl Command for New {
    fn define(&self) -> clap::Command {
        let taken = ["in", "index", "entities", "timeout"];
        clap::Command::new("new")
            .about("Show what has come of a saved search since it was last looked at: new and changed articles")
            .arg(Arg::new("name").value_name("NAME").required(true).help("The search, as `dateline saved` lists it"))
            .args(question::arguments().into_iter().filter(|argument| taken.contains(&argument.get_id().as_str())))
            .args([
                Arg::new("keep")
                    .long("keep")
                    .action(ArgAction::SetTrue)
                    .help("Only look: what is shown is shown again next time"),
                Arg::new("limit")
                    .short('n')
                    .long("limit")
                    .value_name("N")
                    .default_value("0")
                    .help_heading(OUTPUT)
                    .allow_negative_numbers(true)
                    .help("How many to show; the others are new next time [0: all]")
                    .hide_default_value(true),
                Arg::new("sort")
                    .long("sort")
                    .value_name("ORDER")
                    .default_value("newest")
                    .value_parser(["relevance", "newest", "oldest"])
                    .help_heading(OUTPUT)
                    .help("In what order"),
                Arg::new("quiet")
                    .short('q')
                    .long("quiet")
                    .action(ArgAction::SetTrue)
                    .help_heading(OUTPUT)
                    .help("Print nothing, and count nothing as seen; the exit code is the answer"),
                listing::json_argument(),
                Arg::new("format")
                    .long("format")
                    .value_name("FORMAT")
                    .default_value("text")
                    .value_parser(OUTPUTS.iter().map(|output| output.name()).collect::<Vec<_>>())
                    .help_heading(OUTPUT)
                    .help("How to print them"),
            ])
            .after_help(
                "Without --in or --index it looks where the search was saved. What counts is what was shown, not dates: an \
                 old article that was indexed today is new, one that is shown once is not new again unless its contents \
                 change. The first look into another index shows all that matches there.\n\n\
                 Examples:\n  \
                 dateline new kim-treaty\n  \
                 dateline new kim-treaty -q && dateline new kim-treaty | mail -s 'News of the treaty' mary\n  \
                 dateline new kim-treaty --keep --format jsonl\n\n\
                 Exit codes: 0 at least one, 1 none, 2 any error.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let json = matches.get_flag("json");
        let format = if json { "json" } else { matches.get_one::<String>("format").map_or("text", String::as_str) };
        if matches!(format, "json" | "jsonl") {
            report.errors_as_json();
        }
        report.quiet = matches.get_flag("quiet");
        let output = output::find(format).ok_or_else(|| Error::new(Kind::Bug, format!("no output `{format}`")))?;
        let limit = question::number(matches, "limit")?;
        let store = settings::saved()?;
        let name = matches.get_one::<String>("name").map_or("", String::as_str);
        let searches = store.searches()?;
        let search = searches.find(name)?;
        let (folder, same_index) = folder(search, matches, report)?;
        let again = Again { query: &search.query, variants: search.variants, longest: query::LONGEST, folder: &folder };
        let Question { written, tree, backend, warnings } = again.question(matches, report)?;
        let index = real(backend.folder());
        let before = store.mark(&search.name, &index)?;
        let seen = before.clone().unwrap_or_default();

        let started = std::time::Instant::now();
        let (mut hits, mut changed) = (0, 0);
        let mut unseen: FxHashMap<String, u32> = FxHashMap::default();
        let request = Request {
            query: written,
            limit: if report.quiet { 1 } else { limit },
            offset: 0,
            sort: match matches.get_one::<String>("sort").map(String::as_str) {
                Some("relevance") => Sort::Relevance,
                Some("oldest") => Sort::Oldest,
                _ => Sort::Newest,
            },
            facets: Vec::new(),
            snippets: SNIPPETS,
            explain_scores: false,
            group_by_slot: false,
            ..Request::default()
        };
        let mut results = backend.search_those(&tree, &request, &mut |stamp| {
            hits += 1;
            let news = seen.news(stamp);
            changed += usize::from(news == Some(News::Changed));
            if news.is_some() {
                unseen.insert(stamp.id.clone(), stamp.hash);
            }
            news.is_some()
        })?;
        let cut = question::cut(&backend);
        results.warnings.splice(0..0, warnings.into_iter().chain(cut.clone()));
        results.took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let exit = if results.total > 0 { Exit::Done } else { Exit::Nothing };
        if report.quiet {
            return Ok(exit);
        }
        let style = report.style();
        let outcome = output.write(&results, &style, report.writer());
        report.written(outcome)?;
        if format == "text" {
            let since = before.as_ref().map(|mark| super::moment(&mark.looked));
            report.remark(&summary(&results, changed, hits, since.as_deref()));
            for line in output::receipt(&results, &same_index).iter().skip(1) {
                report.remark(line);
            }
        } else {
            results.warnings.iter().filter(|_| !json).for_each(|warning| report.warn(warning));
        }
        // What could not be printed was not seen.
        report.finish()?;
        if !matches.get_flag("keep") {
            let mut mark = seen.clone();
            mark.looked_at(&index, super::now(), hits);
            let shown: Vec<Stamp> = results
                .hits
                .iter()
                .filter_map(|hit| Some(Stamp { hash: *unseen.get(&hit.id)?, id: hit.id.clone() }))
                .collect();
            mark.show(shown.iter());
            store.put_mark(&search.name, &index, mark, before.as_ref())?;
        }
        Ok(exit)
    }
}

/// The folder of the index to look into, brought up to date where it is that of a folder of articles; and how a command
/// line names it.
fn folder(search: &Search, matches: &ArgMatches, report: &mut Report) -> Result<(PathBuf, String)> {
    let given = matches.contains_id("in") || matches.contains_id("index");
    match &search.place {
        Some(Place::In(folder)) if !given => {
            let naming = settings::named("in", folder);
            Ok((index::bring_up_to_date(folder, &naming, report)?, naming))
        }
        Some(Place::Index(folder)) if !given => Ok((folder.clone(), settings::named("index", folder))),
        _ => Ok((question::folder(matches, report)?, settings::naming(matches))),
    }
}

/// `2 new, 1 changed since 2026-11-26 20:31; 15 match in all`.
fn summary(results: &Results, changed: usize, hits: usize, since: Option<&str>) -> String {
    let since = since.map_or_else(|| "at the first look into this index".to_owned(), |since| format!("since {since}"));
    let all = match hits {
        1 => "1 matches in all".to_owned(),
        hits => format!("{} match in all", thousands(hits)),
    };
    let new = results.total.saturating_sub(changed);
    let counts: Vec<String> = [(new, "new"), (changed, "changed")]
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", thousands(*count)))
        .collect();
    let shown = match results.hits.len() {
        shown if shown < results.total => format!(" (showing {})", thousands(shown)),
        _ => String::new(),
    };
    match counts.is_empty() {
        true => format!("nothing new {since}; {all}"),
        false => format!("{}{shown} {since}; {all}", counts.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Hit;

    #[test]
    fn says_what_came() {
        let check = |total, shown, changed, hits, expected: &str| {
            let results = Results { total, hits: vec![Hit::default(); shown], ..Results::default() };
            assert_eq!(summary(&results, changed, hits, Some("D")), expected);
        };
        check(0, 0, 0, 0, "nothing new since D; 0 match in all");
        check(0, 0, 0, 1, "nothing new since D; 1 matches in all");
        check(3, 3, 1, 1200, "2 new, 1 changed since D; 1,200 match in all");
        check(1, 1, 1, 2, "1 changed since D; 2 match in all");
        check(30, 20, 0, 40, "30 new (showing 20) since D; 40 match in all");
        assert_eq!(
            summary(&Results { total: 1, hits: vec![Hit::default()], ..Results::default() }, 0, 1, None),
            "1 new at the first look into this index; 1 matches in all"
        );
    }
}
