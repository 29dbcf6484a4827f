//! `dateline entity`: a page about one person, organisation or place.

use super::entities::{self, FIELDS, MOST_DOUBTS};
use super::report::{self, Report};
use super::{Command, Exit, settings};
use crate::backend::Backend;
use crate::backend::local::Local;
use crate::error::{Error, Kind, Result};
use crate::names;
use crate::output::entities::{self as output, Page};
use crate::query;
use crate::query::tree::{Name, Tree};
use crate::search::{Entity, FacetValue, FormCount, Hit, Request, Sort};
use clap::{Arg, ArgMatches};

/// The command.
pub(super) struct EntityCommand;

/// What is counted beside a name, in the order of the page.
const BESIDE: [&str; 4] = ["person", "org", "place", "country"];
/// The most names of each kind.
const MOST_BESIDE: usize = 10;

impl Command for EntityCommand {
    fn define(&self) -> clap::Command {
        clap::Command::new("entity")
            .about("Show one name: spellings, months, first and last article, and what it appears with")
            .arg(Arg::new("name").value_name("NAME").required(true).help("The name, or any part of it"))
            .args(entities::field_arguments())
            .arg(report::format_argument())
            .arg(settings::index_argument())
            .arg(settings::in_argument())
            .arg(settings::entities_argument())
            .after_help("Examples:\n  dateline entity --in news 'Kim Jong-un'\n  dateline entity --in news --org NATO")
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let json = report.wants_json(matches);
        let name = matches.get_one::<String>("name").map_or("", String::as_str);
        let backend = settings::open(&settings::folder(matches)?, matches)?;
        let fields: Vec<&'static str> = entities::field(matches).map_or(FIELDS.to_vec(), |field| vec![field]);
        let page = fields
            .into_iter()
            .find_map(|field| about(&backend, field, name).transpose())
            .transpose()?
            .ok_or_else(|| {
                Error::new(Kind::NotFound, format!("no article names `{name}`"))
                    .hint("`dateline entities NAME` lists names by any part; `--org` and `--place` look among others")
            })?;
        if json {
            report.json(&page)?;
        } else {
            let style = report.style();
            let outcome = output::page(&page, &style, report.writer());
            report.written(outcome)?;
        }
        Ok(Exit::Done)
    }
}

/// The page about the one that `name` most likely means in `field`, if it means any.
fn about(backend: &Local, field: &'static str, name: &str) -> Result<Option<Page>> {
    let mut tree = query::parse(&query::join("", &[(field, name)], None)?, None).tree;
    backend.expand(&mut tree, true)?;
    let Tree::Name(leaf) = tree else { return Ok(None) };
    // What lies in a place has pages of its own.
    let leaf = Name { within: Vec::new(), ..leaf };
    let forms = leaf.forms.clone().unwrap_or_default();
    if forms.is_empty() {
        return Ok(None);
    }
    let meant = |entity: &Entity| entity.spellings.iter().any(|spelling| forms.contains(&names::key(&spelling.form)));
    let mut candidates = backend.entities(&Tree::Name(leaf.clone()), field)?;
    candidates.retain(meant);
    // The whole name before a part of one; a single word is mostly the part of a name.
    let wanted = names::key(name);
    let whole = |entity: &Entity| {
        wanted.contains(' ') && entity.spellings.iter().any(|spelling| names::key(&spelling.form) == wanted)
    };
    let chosen = candidates.iter().position(whole).unwrap_or(0);
    if candidates.is_empty() {
        return Ok(None);
    }
    let entity = candidates.remove(chosen);
    let keys: Vec<String> = entity.spellings.iter().map(|spelling| names::key(&spelling.form)).collect();
    let tree = Tree::Name(Name { forms: Some(keys.clone()), ..leaf });
    let request = |sort, facets: &[&str]| Request {
        query: name.to_owned(),
        limit: 1,
        offset: 0,
        sort,
        facets: facets.iter().map(|facet| (*facet).to_owned()).collect(),
        snippets: 0,
        explain_scores: false,
        group_by_slot: false,
        ..Request::default()
    };
    let mut oldest = backend.search(&tree, &request(Sort::Oldest, &BESIDE))?;
    let newest = backend.search(&tree, &request(Sort::Newest, &[]))?;
    let dated = |hits: Vec<Hit>| hits.into_iter().next().filter(|hit| hit.published.is_some());
    let with = BESIDE.map(|beside| {
        let other = |value: &FacetValue| {
            beside != field || !keys.contains(&names::key(&value.value)) && value.value != entity.name
        };
        let values = oldest.facets.remove(beside).unwrap_or_default();
        (beside, values.into_iter().filter(other).take(MOST_BESIDE).collect())
    });
    let months = backend.months(&tree)?;
    let others = candidates.iter().take(MOST_BESIDE);
    let others = others.map(|other| FormCount { form: other.name.clone(), count: other.articles }).collect();
    let doubtful = doubts(backend, field, &entity)?;
    let (first, last) = (dated(oldest.hits), dated(newest.hits));
    Ok(Some(Page { field, entity, first, last, months, with: with.into(), others, doubtful }))
}

/// The names that may be this one too.
fn doubts(backend: &Local, field: &'static str, entity: &Entity) -> Result<Vec<output::Doubt>> {
    let all = entities::doubts(&backend.entities(&Tree::All, field)?, backend.identity(field), usize::MAX);
    let of_it = |doubt: &output::Doubt| doubt.names.iter().any(|name| name.form == entity.name);
    Ok(all.into_iter().filter(of_it).take(MOST_DOUBTS).collect())
}
