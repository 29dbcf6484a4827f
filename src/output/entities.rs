//! Persons, organisations and places of an index: a list of them, and a page about one.

use super::flow::{Paint, Run, flow};
use super::lists::{location, paint, published};
use super::table::{Align, table};
use super::visible::line;
use super::{Style, shape};
use crate::article::MentionKind;
use crate::search::{Entity, FacetValue, FormCount, Hit};
use serde::Serialize;
use std::io::{self, Write};

/// Two names that may be one.
#[derive(Clone, Debug, Serialize)]
pub struct Doubt {
    /// The names, each with its articles.
    pub names: [FormCount; 2],
    /// What they have in common.
    pub why: &'static str,
}

/// The names of an index, as they are listed.
#[derive(Clone, Debug, Serialize)]
pub struct Listing {
    /// The field: `person`, `org` or `place`.
    pub field: &'static str,
    /// How many there are in all.
    pub total: usize,
    /// Those that are shown.
    pub entities: Vec<Entity>,
    /// Pairs among all of them that may be one.
    pub doubtful: Vec<Doubt>,
}

/// All that an index has to say of one name.
#[derive(Clone, Debug, Serialize)]
pub struct Page {
    /// The field: `person`, `org` or `place`.
    pub field: &'static str,
    /// The name with its spellings.
    #[serde(flatten)]
    pub entity: Entity,
    /// The article that was published first.
    #[serde(serialize_with = "shape::as_hit")]
    pub first: Option<Hit>,
    /// The latest.
    #[serde(serialize_with = "shape::as_hit")]
    pub last: Option<Hit>,
    /// Articles of each month, in order.
    pub months: Vec<(String, usize)>,
    /// What the same articles name, by field, without the name itself.
    pub with: Vec<(&'static str, Vec<FacetValue>)>,
    /// Others that the question may have meant.
    pub others: Vec<FormCount>,
    /// Names that may be this one too.
    pub doubtful: Vec<Doubt>,
}

fn kind(field: &str) -> MentionKind {
    match field {
        "org" => MentionKind::Organisation,
        "place" => MentionKind::Place,
        _ => MentionKind::Person,
    }
}

/// The spellings of an entity but the one that is shown, each with its articles.
fn also(entity: &Entity) -> String {
    let others = entity.spellings.iter().filter(|spelling| spelling.form != entity.name);
    others.map(|spelling| format!("{} {}", spelling.form, spelling.count)).collect::<Vec<_>>().join(", ")
}

/// Writes a list.
///
/// # Errors
/// When `out` takes nothing more.
pub fn listing(listing: &Listing, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let rows = listing.entities.iter().map(|entity| {
        let also = also(entity);
        let also = if also.is_empty() { also } else { format!("also {also}") };
        let country = entity.country.clone().unwrap_or_default();
        vec![entity.articles.to_string(), entity.name.clone(), country, also]
    });
    table(&[Align::Right, Align::Left, Align::Left, Align::Left], rows.collect(), "", style, out)?;
    doubts(&listing.doubtful, style, out)
}

fn doubts(doubtful: &[Doubt], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if doubtful.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", Paint::Heading.over("May be one", style))?;
    let rows = doubtful.iter().map(|doubt| {
        let [a, b] = &doubt.names;
        vec![format!("{} {}", a.form, a.count), format!("{} {}", b.form, b.count), doubt.why.to_owned()]
    });
    table(&[Align::Left, Align::Left, Align::Left], rows.collect(), "  ", style, out)
}

/// Writes a page.
///
/// # Errors
/// When `out` takes nothing more.
pub fn page(page: &Page, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    flow(&[Run::new(&page.entity.name, paint(kind(page.field)))], "", "", style, out)?;
    let mut rows = vec![vec!["articles".to_owned(), page.entity.articles.to_string()]];
    let also = also(&page.entity);
    for (name, value) in [
        ("country", page.entity.country.clone().unwrap_or_default()),
        ("also", also),
        ("first", page.first.as_ref().map(article).unwrap_or_default()),
        ("last", page.last.as_ref().map(article).unwrap_or_default()),
    ] {
        if !value.is_empty() {
            rows.push(vec![name.to_owned(), value]);
        }
    }
    table(&[Align::Left, Align::Left], rows, "", style, out)?;
    if !page.months.is_empty() {
        writeln!(out, "\n{}", Paint::Heading.over("Months", style))?;
        let most = page.months.iter().map(|(_, count)| *count).max().unwrap_or(1).max(1);
        let rows = page
            .months
            .iter()
            .map(|(month, count)| vec![month.clone(), count.to_string(), "▪".repeat((count * BAR).div_ceil(most))]);
        table(&[Align::Left, Align::Right, Align::Left], rows.collect(), "  ", style, out)?;
    }
    for (field, values) in page.with.iter().filter(|(_, values)| !values.is_empty()) {
        let title = match *field {
            "person" => "With people",
            "org" => "With organisations",
            "place" => "With places",
            _ => "With countries",
        };
        writeln!(out, "\n{}", paint(kind(field)).over(title, style))?;
        let rows = values.iter().map(|value| vec![value.count.to_string(), value.label.clone()]);
        table(&[Align::Right, Align::Left], rows.collect(), "  ", style, out)?;
    }
    if !page.others.is_empty() {
        writeln!(out, "\n{}", Paint::Heading.over("Others of that name", style))?;
        let rows = page.others.iter().map(|other| vec![other.count.to_string(), other.form.clone()]);
        table(&[Align::Right, Align::Left], rows.collect(), "  ", style, out)?;
    }
    doubts(&page.doubtful, style, out)
}

/// How long the longest bar is, in columns.
const BAR: usize = 30;

fn article(hit: &Hit) -> String {
    let title = hit.title.as_deref().unwrap_or("(no headline)");
    let day = published(hit.published.as_ref());
    line(&format!("{day}  {title}  [{}] {}", hit.id, location(&hit.path, hit.member.as_deref())), false).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entity(name: &str, articles: usize, others: &[(&str, usize)]) -> Entity {
        let others = others.iter().map(|(form, count)| FormCount { form: (*form).to_owned(), count: *count });
        let own = FormCount { form: name.to_owned(), count: articles };
        Entity { name: name.to_owned(), country: None, articles, spellings: [own].into_iter().chain(others).collect() }
    }

    fn written(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("it is text")
    }

    #[test]
    fn lists_spellings_and_doubts() {
        let listed = Listing {
            field: "person",
            total: 2,
            entities: vec![entity("Kim Jong-un", 12, &[("Kim Jong Un", 3)]), entity("Xi Jinping", 4, &[])],
            doubtful: vec![Doubt {
                names: [
                    FormCount { form: "J. Biden".into(), count: 2 },
                    FormCount { form: "Joe Biden".into(), count: 1 },
                ],
                why: "an initial for a given name",
            }],
        };
        let text = written(|out| listing(&listed, &Style::default(), out));
        assert_eq!(
            text,
            "12  Kim Jong-un  also Kim Jong Un 3\n 4  Xi Jinping\n\nMay be one\n  J. Biden 2  Joe Biden 1  an initial for a given name\n"
        );
    }

    #[test]
    fn a_page_shows_months_and_company() {
        let about = Page {
            field: "org",
            entity: entity("NATO", 3, &[]),
            first: None,
            last: None,
            months: vec![("2024-05".into(), 1), ("2024-06".into(), 2)],
            with: vec![(
                "country",
                vec![FacetValue { value: "BE".into(), label: "Belgium".into(), count: 2, ..FacetValue::default() }],
            )],
            others: Vec::new(),
            doubtful: Vec::new(),
        };
        let text = written(|out| page(&about, &Style::default(), out));
        assert!(text.starts_with("NATO\narticles  3\n\nMonths\n  2024-05  1  ▪▪▪▪▪▪▪▪▪▪▪▪▪▪▪\n"), "{text}");
        assert!(text.ends_with("\nWith countries\n  2  Belgium\n"), "{text}");
    }
}
