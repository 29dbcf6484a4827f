//! `dateline entities`: the persons, organisations or places of an index, with their spellings, and those that may be one.

use super::question;
use super::report::{self, Report, counted};
use super::{Command, Exit, settings};
use crate::backend::Backend;
use crate::error::Result;
use crate::names;
use crate::names::identity::{self, Identity};
use crate::output::entities::{self as output, Doubt, Listing};
use crate::query::tree::Tree;
use crate::search::{Entity, FormCount};
use clap::{Arg, ArgAction, ArgMatches};

/// The command.
pub(super) struct Entities;

/// The fields whose names can be listed.
pub(super) const FIELDS: [&str; 3] = ["person", "org", "place"];
/// The most pairs of names that may be one that are shown to people.
pub(super) const MOST_DOUBTS: usize = 10;
/// So many names, the commonest, are looked through for pairs that may be one.
const MOST_COMPARED: usize = 50_000;

/// Flags for the field, of which at most one can be given.
pub(super) fn field_arguments() -> impl Iterator<Item = Arg> {
    let help = ["Persons", "Organisations", "Places"];
    FIELDS.into_iter().zip(help).map(|(field, help)| {
        Arg::new(field)
            .long(field)
            .action(ArgAction::SetTrue)
            .conflicts_with_all(FIELDS.into_iter().filter(|other| *other != field))
            .help(help)
    })
}

/// The field that was asked for.
pub(super) fn field(matches: &ArgMatches) -> Option<&'static str> {
    FIELDS.into_iter().find(|field| matches.get_flag(field))
}

/// Pairs of names that may be one, the most important first.
pub(super) fn doubts(entities: &[Entity], identity: Identity<'_>, most: usize) -> Vec<Doubt> {
    let keys: Vec<String> = entities.iter().take(MOST_COMPARED).map(|entity| names::key(&entity.name)).collect();
    let named = |number: usize| {
        let entity = entities.get(number);
        FormCount {
            form: entity.map(|entity| entity.name.clone()).unwrap_or_default(),
            count: entity.map_or(0, |entity| entity.articles),
        }
    };
    let pairs = identity::doubtful(&keys, identity).into_iter().take(most);
    pairs.map(|pair| Doubt { names: [named(pair.names.0), named(pair.names.1)], why: pair.why }).collect()
}

impl Command for Entities {
    fn define(&self) -> clap::Command {
        clap::Command::new("entities")
            .about("List the people, organisations or places that articles name, with their spellings")
            .arg(Arg::new("name").value_name("NAME").help("Only those that this may mean: any part of a name"))
            .args(field_arguments())
            .arg(
                Arg::new("limit")
                    .short('n')
                    .long("limit")
                    .value_name("N")
                    .default_value("50")
                    .help("How many to list; 0 for all"),
            )
            .arg(report::format_argument())
            .arg(settings::index_argument())
            .arg(settings::in_argument())
            .arg(settings::entities_argument())
            .after_help(
                "Examples:\n  \
                 dateline entities --in news --person\n  \
                 dateline entities --in news --org bank\n\n\
                 Names that are one, or are not, are said in a file `entities.toml` in the folder of the articles:\n  \
                 [person]\n  \
                 merge = [[\"Kim Jong-un\", \"KJU\"]]\n  \
                 split = [[\"George Bush\", \"George W. Bush\"]]\n  \
                 ignore = [\"Twitter\"]\n  \
                 rename = { \"Moammar Gadhafi\" = \"Muammar Gaddafi\" }\n  \
                 [place]\n  \
                 \"Georgia\" = \"US-GA\"",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let json = report.wants_json(matches);
        let field = field(matches).unwrap_or("person");
        let limit = question::number(matches, "limit")?;
        let backend = settings::open(&settings::folder(matches)?, matches)?;
        let mut entities = backend.entities(&Tree::All, field)?;
        if let Some(name) = matches.get_one::<String>("name") {
            let asked = backend.identity(field).asked(name);
            let means = |entity: &Entity| {
                let mut forms =
                    entity.spellings.iter().map(|spelling| spelling.form.as_str()).chain([entity.name.as_str()]);
                forms.any(|form| asked.matches(&names::key(form)))
            };
            entities.retain(means);
        }
        let doubtful = doubts(&entities, backend.identity(field), if json { usize::MAX } else { MOST_DOUBTS });
        let total = entities.len();
        if limit > 0 {
            entities.truncate(limit);
        }
        let shown = entities.len();
        let listing = Listing { field, total, entities, doubtful };
        if json {
            report.json(&listing)?;
        } else {
            let style = report.style();
            let outcome = output::listing(&listing, &style, report.writer());
            report.written(outcome)?;
            if shown < total {
                report.remark(&format!("{} of {}; `-n 0` lists all", shown, counted(total as u64, "name")));
            }
        }
        Ok(if total > 0 { Exit::Done } else { Exit::Nothing })
    }
}
