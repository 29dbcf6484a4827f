//! What two questions have in common, and what sets their answers apart: counts, articles and names, each as rows.

use super::lists::published;
use super::sheet::{Cell, Column, Sheet};
use crate::search::{Apart, Diff, Hit, Set};

/// The sets of articles, as `--show` and the column `set` have them.
pub const SETS: [&str; 3] = ["a", "b", "both"];

/// The columns of the counts.
const COUNTS: [Column; 3] =
    [Column::text("set", "set"), Column::number("articles", "articles"), Column::text("query", "query").giving_way()];

/// How many articles each set has, with the query for it.
pub fn counts(diff: &Diff) -> Sheet {
    let mut sheet = Sheet::new(&COUNTS);
    // As a search takes it.
    let part = |query: &str| if query.contains(' ') { format!("({query})") } else { query.to_owned() };
    let (a, b) = (part(&diff.a.0), part(&diff.b.0));
    for (set, counted, query) in [
        (SETS[0], &diff.only_a, format!("{a} -{b}")),
        (SETS[1], &diff.only_b, format!("{b} -{a}")),
        (SETS[2], &diff.both, format!("{a} {b}")),
    ] {
        sheet.rows.push(vec![set.into(), counted.total.into(), query.into()]);
    }
    sheet
}

/// The columns of the articles.
const ARTICLES: [Column; 10] = [
    Column::text("set", "set"),
    Column::text("published", "published"),
    Column::text("title", "headline").giving_way(),
    Column::text("source", "source").giving_way(),
    Column::text("id", "id"),
    Column::text("path", "path").for_programs(),
    Column::text("member", "member").for_programs(),
    Column::text("language", "language").for_programs(),
    Column::number("score", "score").for_programs(),
    Column::text("snippet", "snippet").for_programs(),
];

/// The articles of the sets that are wanted.
pub fn articles(diff: &Diff, wanted: &[&str]) -> Sheet {
    let mut sheet = Sheet::new(&ARTICLES);
    for (name, set) in sets(diff).into_iter().filter(|(name, _)| wanted.contains(name)) {
        sheet.rows.extend(set.hits.iter().map(|hit| row(name, hit)));
    }
    sheet
}

/// The three sets, by name.
pub fn sets(diff: &Diff) -> [(&'static str, &Set); 3] {
    [(SETS[0], &diff.only_a), (SETS[1], &diff.only_b), (SETS[2], &diff.both)]
}

fn row(set: &str, hit: &Hit) -> Vec<Cell> {
    let date = match &hit.published {
        None => Cell::None,
        some => Cell::Text(published(some.as_ref()).split(" (").next().unwrap_or("").to_owned()),
    };
    vec![
        set.into(),
        date,
        hit.title.clone().into(),
        hit.source.clone().into(),
        hit.id.as_str().into(),
        hit.path.as_str().into(),
        hit.member.clone().into(),
        hit.language.clone().into(),
        Cell::Real(f64::from(hit.score), 2),
        hit.snippets.first().map(|snippet| snippet.text.clone()).into(),
    ]
}

/// The columns of what sets the answers apart.
const APART: [Column; 9] = [
    Column::text("set", "more in"),
    Column::text("kind", "kind"),
    Column::text("label", "name").giving_way().for_people(),
    Column::text("name", "name").for_programs(),
    Column::number("a", "in a"),
    Column::number("share_a", "share"),
    Column::number("b", "in b"),
    Column::number("share_b", "share"),
    Column::number("likelihood", "likelihood"),
];

/// What sets the answers apart.
pub fn apart(diff: &Diff) -> Sheet {
    let mut sheet = Sheet::new(&APART);
    let share = |count: usize, all: usize| Cell::Share(count as f64 / all.max(1) as f64);
    let row = |apart: &Apart| {
        vec![
            SETS[usize::from(apart.of_second)].into(),
            apart.field.into(),
            apart.label.as_str().into(),
            super::company::name(apart.field, &apart.value, &apart.label).into(),
            apart.first.into(),
            share(apart.first, diff.compared.0),
            apart.second.into(),
            share(apart.second, diff.compared.1),
            Cell::Real(apart.likelihood, 1),
        ]
    };
    sheet.rows = diff.apart.iter().map(row).collect();
    sheet
}
