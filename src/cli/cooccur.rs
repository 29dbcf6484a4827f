//! `dateline cooccur`: who and what is named together with a person, an organisation, a place or any query.

use super::listing::{self, Listing, OUTPUT};
use super::question::{self, Question};
use super::report::Report;
use super::{Command, Exit};
use crate::backend::Backend;
use crate::error::{Error, Kind, Result};
use crate::output::company as output;
use crate::output::sheet::FORMATS;
use crate::output::table::{counted, thousands};
use crate::search::{Company, CompanyOrder, CompanyRequest};
use clap::{Arg, ArgAction, ArgMatches};
use serde_json::json;

/// The command.
pub(super) struct Cooccur;

/// Names listed unless told otherwise.
const LIMIT: &str = "20";
/// Names of a network.
const NODES: &str = "50";
/// The most: pairs grow with the square.
const MOST_NODES: usize = 2000;
/// The fields whose names can be listed.
const FIELDS: [&str; 4] = ["person", "org", "place", "country"];

impl Command for Cooccur {
    fn define(&self) -> clap::Command {
        let formats: Vec<&str> = FORMATS.into_iter().chain(output::NETWORKS).collect();
        // Here `--within` counts words.
        let renamed = |arg: Arg| if arg.get_id() == "within" { arg.long("distance") } else { arg };
        let with_formats = |arg: Arg| {
            if arg.get_id() == "format" { arg.value_parser(formats.clone()) } else { arg }
        };
        clap::Command::new("cooccur")
            .about("List who and what is named together with a person, an organisation, a place or any query")
            .args(question::arguments().into_iter().map(renamed))
            .args([
                Arg::new("with")
                    .long("with")
                    .value_name("KIND")
                    .value_delimiter(',')
                    .action(ArgAction::Append)
                    .value_parser(FIELDS)
                    .help_heading(OUTPUT)
                    .help("What to list [default: person,org,place]"),
                Arg::new("words")
                    .long("within")
                    .value_name("WORDS")
                    .help_heading(OUTPUT)
                    .help("Only what stands so many words from a mention at most; neighbours are 1 apart [default: in the same article]"),
                Arg::new("least")
                    .long("least")
                    .value_name("N")
                    .help_heading(OUTPUT)
                    .help("Leave out what is together in fewer articles [default: 2, of fewer than 10 articles 1]"),
                Arg::new("sort")
                    .long("sort")
                    .value_name("ORDER")
                    .default_value("logdice")
                    .value_parser(["logdice", "together"])
                    .help_heading(OUTPUT)
                    .help("In what order: the closest first, or those of most articles"),
                listing::limit_argument(LIMIT, "How many names to list; 0 for all"),
                Arg::new("edges")
                    .long("edges")
                    .action(ArgAction::SetTrue)
                    .help_heading(OUTPUT)
                    .help("List pairs of these names that articles have together, instead of the names"),
                Arg::new("nodes")
                    .long("nodes")
                    .value_name("N")
                    .default_value(NODES)
                    .help_heading(OUTPUT)
                    .help("Of how many names, for --edges and for networks"),
            ])
            .args(listing::arguments().into_iter().map(with_formats))
            .after_help(
                "Each name has the articles in which it is together with what is asked for, their share of all that \
                 match, the articles that name it at all (as far as dates, sources and languages of the question let \
                 through), and logDice: at most 14, where neither is without the other, and one less for half as close. \
                 What is everywhere is close to nothing. The name that is asked for is left out, in all its spellings.\n\n\
                 --format graphml and --format gexf write a network for Gephi, Cytoscape or networkx.\n\n\
                 Examples:\n  \
                 dateline cooccur --in news --person Putin\n  \
                 dateline cooccur --in news --org NATO --with person --within 10 --from 2024\n  \
                 dateline cooccur --in news '\"mutual defence\"' --with country -n 0 --format csv > countries.csv\n  \
                 dateline cooccur --in news --person Putin --nodes 100 --format gexf > putin.gexf\n\n\
                 Exit codes: 0 at least one name, 1 none, 2 any error.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let format = listing::format(matches, report);
        let is_network = output::NETWORKS.contains(&format.as_str());
        let edges = matches.get_flag("edges") || is_network;
        let wanted: Vec<String> = matches.get_many::<String>("with").into_iter().flatten().cloned().collect();
        let mut request = CompanyRequest {
            query: String::new(),
            fields: FIELDS[..3].iter().map(|field| (*field).to_owned()).collect(),
            within: number(matches, "words")?.map(|words| u32::try_from(words).unwrap_or(u32::MAX)),
            least: number(matches, "least")?,
            by: match matches.get_one::<String>("sort").map(String::as_str) {
                Some("together") => CompanyOrder::Together,
                _ => CompanyOrder::Closeness,
            },
            limit: question::number(matches, "limit")?,
            edges,
        };
        if !wanted.is_empty() {
            // Each once, in the order in which they are shown.
            request.fields.clear();
            let named = FIELDS.into_iter().filter(|field| wanted.iter().any(|name| name == field));
            request.fields.extend(named.map(str::to_owned));
        }
        if edges {
            request.limit = number(matches, "nodes")?.unwrap_or(0);
            if !(1..=MOST_NODES).contains(&request.limit) {
                return Err(Error::new(Kind::Usage, format!("`--nodes` wants a number from 1 to {MOST_NODES}"))
                    .hint("`--nodes 100` makes a network of the hundred closest names"));
            }
        }
        let Question { written, tree, backend, warnings } = question::question(matches, report)?;
        let started = std::time::Instant::now();
        let mut company = backend.company(&tree, &CompanyRequest { query: written, ..request.clone() })?;
        company.results.warnings.splice(0..0, warnings.into_iter().chain(question::cut(&backend)));
        company.results.took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let exit = if company.members.is_empty() { Exit::Nothing } else { Exit::Done };
        let notes = notes(&company, &request);
        if is_network {
            let outcome = output::network(&company, &format, report.writer());
            report.written(outcome)?;
            notes.iter().for_each(|note| report.remark(note));
            company.results.warnings.iter().for_each(|warning| report.warn(warning));
            return Ok(exit);
        }
        let (key, sheet) = if edges { ("edges", output::pairs(&company)) } else { ("with", output::names(&company)) };
        let mut listing = Listing::new(&company.results, key, sheet);
        listing.more.insert("fields".to_owned(), json!(request.fields));
        listing.more.insert("within".to_owned(), json!(request.within));
        listing.more.insert("read".to_owned(), json!(company.read));
        listing.more.insert("least".to_owned(), json!(company.least));
        listing.more.insert("distinct".to_owned(), json!(company.distinct));
        if format != "json" {
            listing.notes = notes;
        }
        listing::print(listing, matches, report)?;
        Ok(exit)
    }
}

/// What people should know of the list.
fn notes(company: &Company, request: &CompanyRequest) -> Vec<String> {
    let mut notes = Vec::new();
    let total = company.results.total;
    if let Some(read) = company.read.filter(|read| *read < total) {
        notes.push(format!(
            "mentions were looked for in {} of {}, chosen by chance: counts of articles together are of those",
            thousands(read),
            counted(total, "article")
        ));
    }
    let shown = company.members.len();
    if shown < company.distinct {
        let all = if request.edges { String::new() } else { "; `-n 0` lists all".to_owned() };
        notes.push(format!(
            "{} of {} that are in at least {} with it{all}",
            thousands(shown),
            counted(company.distinct, "name"),
            counted(company.least, "article")
        ));
    } else if shown == 0 && total > 0 {
        notes.push(format!("no name is in at least {} with it", counted(company.least, "article")));
    }
    notes
}

/// A whole number, where one was given.
fn number(matches: &ArgMatches, name: &str) -> Result<Option<usize>> {
    let Some(text) = matches.get_one::<String>(name) else { return Ok(None) };
    let flag = if name == "words" { "within" } else { name };
    text.parse().map(Some).map_err(|_| {
        Error::new(Kind::Usage, format!("`--{flag}` wants a number, not `{text}`")).hint(match flag {
            "within" => {
                "`--within 10` is ten words at most; how far around the place of `--near` is `--distance 100km`"
            }
            "least" => "`--least 3` leaves out what is together in fewer than three articles",
            _ => "`--nodes 100` makes a network of a hundred names",
        })
    })
}
