//! What became of the answer to a recorded search: one line, a row for each article, and what else is other than it was.

use super::sheet::{Cell, Column, Sheet};
use super::table::{counted, thousands};
use crate::backend;
use crate::saved::compare::Changes;
use crate::saved::record::Record;
use serde::Serialize;

/// What became of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It matches now, and did not.
    New,
    /// It matches with other contents.
    Changed,
    /// It is in the index, and does not match any more.
    Unmatched,
    /// It is not in the index any more.
    Removed,
}

impl Change {
    fn name(self) -> &'static str {
        match self {
            Change::New => "new",
            Change::Changed => "changed",
            Change::Unmatched => "unmatched",
            Change::Removed => "removed",
        }
    }
}

/// An article.
#[derive(Clone, Debug)]
pub struct Row {
    /// What became of it.
    pub change: Change,
    /// Its id.
    pub id: String,
    /// The article, where the index has it.
    pub record: Option<backend::Record>,
}

/// The articles that are listed.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Sort by sort.
    pub list: Vec<Row>,
    /// How many more there are.
    pub left_out: usize,
    /// How many are not in the index any more, listed or not.
    pub removed: usize,
}

const COLUMNS: [Column; 6] = [
    Column::text("change", "change"),
    Column::text("published", "published"),
    Column::text("source", "source").giving_way(),
    Column::text("title", "title").giving_way(),
    Column::text("id", "id"),
    Column::text("path", "path").for_programs(),
];

/// The articles as rows.
pub fn sheet(rows: &Rows) -> Sheet {
    let mut sheet = Sheet::new(&COLUMNS);
    for Row { change, id, record } in &rows.list {
        let article = record.as_ref().map(|record| &record.article);
        sheet.rows.push(vec![
            change.name().into(),
            article.and_then(|article| Some(article.published.as_ref()?.value.clone())).into(),
            article.and_then(|article| article.source.clone()).into(),
            article.and_then(|article| article.title.clone()).into(),
            id.as_str().into(),
            article.map_or(Cell::None, |article| article.path.as_str().into()),
        ]);
    }
    sheet
}

/// `+3 new, −1 gone, 2 changed; index grew by 1,204 articles`.
pub fn summary(changes: &Changes, rows: &Rows) -> String {
    let Changes { new, gone, changed, .. } = changes;
    let unmatched = gone.len() - rows.removed.min(gone.len());
    let why = match (rows.removed, unmatched) {
        (0, 0) => String::new(),
        (removed, 0) => format!(" ({} removed from the index)", thousands(removed)),
        (0, unmatched) => format!(" ({} in the index without a match)", thousands(unmatched)),
        (removed, unmatched) => {
            format!(" ({} removed from the index, {} without a match)", thousands(removed), thousands(unmatched))
        }
    };
    let [new, gone, changed] = [new, gone, changed].map(|stamps| thousands(stamps.len()));
    format!("+{new} new, −{gone} gone{why}, {changed} changed; {}", index(changes))
}

/// What became of the index.
fn index(changes: &Changes) -> String {
    let (then, now) = changes.articles;
    match now.abs_diff(then) {
        _ if changes.same_index => format!("the index is as it was, {}", counted(now, "article")),
        0 => format!("the index has other contents, and {} as before", counted(now, "article")),
        more if now > then => format!("the index grew by {} to {}", counted(more, "article"), thousands(now)),
        fewer => format!("the index shrank by {} to {}", counted(fewer, "article"), thousands(now)),
    }
}

/// What else differs, a line each.
pub fn notes(then: &Record, now: &Record, changes: &Changes) -> Vec<String> {
    let mut out = Vec::new();
    let [before, after] = [then, now].map(|record| counted(record.hits.len(), "article"));
    let moment: String = then.searched.chars().take(10).collect();
    out.push(match then.hits.len() == now.hits.len() {
        true => format!("{after} in all, as on {moment}"),
        false => format!("{before} in all on {moment}, {after} now"),
    });
    for other in &changes.forms {
        let list = |forms: &[String], when: &str| (!forms.is_empty()).then(|| format!("{when} {}", forms.join(", ")));
        let parts: Vec<String> = [list(&other.more, "now also met as"), list(&other.fewer, "not met any more as")]
            .into_iter()
            .flatten()
            .collect();
        out.push(format!("{}: {}", other.written, parts.join("; ")));
    }
    if let Some((then, now)) = &changes.versions {
        out.push(format!("recorded with dateline {then}, asked again with {now}"));
    }
    if changes.reordered {
        out.push("the articles stand in another order".to_owned());
    }
    out
}

/// As JSON has it.
#[derive(Serialize)]
pub struct Shape<'a, R: Serialize> {
    query: &'a str,
    parsed: &'a str,
    searched: &'a str,
    same: bool,
    new: usize,
    gone: usize,
    removed: usize,
    changed: usize,
    reordered: bool,
    total: Pair<usize>,
    articles: Pair<usize>,
    fingerprint: Pair<&'a str>,
    version: Pair<&'a str>,
    forms: Vec<Forms<'a>>,
    left_out: usize,
    notes: &'a [String],
    changes: R,
}

#[derive(Serialize)]
struct Pair<T> {
    then: T,
    now: T,
}

#[derive(Serialize)]
struct Forms<'a> {
    written: &'a str,
    more: &'a [String],
    fewer: &'a [String],
}

/// All of it as one object.
pub fn shape<'a>(
    then: &'a Record,
    now: &'a Record,
    changes: &'a Changes,
    rows: &Rows,
    notes: &'a [String],
    sheet: &'a Sheet,
) -> Shape<'a, impl Serialize + 'a> {
    let form = |other: &'a crate::saved::compare::OtherForms| Forms {
        written: &other.written,
        more: &other.more,
        fewer: &other.fewer,
    };
    Shape {
        query: &then.query,
        parsed: &then.parsed,
        searched: &then.searched,
        same: changes.same_answer(),
        new: changes.new.len(),
        gone: changes.gone.len(),
        removed: rows.removed,
        changed: changes.changed.len(),
        reordered: changes.reordered,
        total: Pair { then: then.hits.len(), now: now.hits.len() },
        articles: Pair { then: changes.articles.0, now: changes.articles.1 },
        fingerprint: Pair { then: &then.index.fingerprint.hash, now: &now.index.fingerprint.hash },
        version: Pair { then: &then.version, now: &now.version },
        forms: changes.forms.iter().map(form).collect(),
        left_out: rows.left_out,
        notes,
        changes: sheet.objects(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Stamp;

    #[test]
    fn one_line_says_what_changed() {
        let stamps = |count: usize| vec![Stamp::default(); count];
        let check = |(new, gone, changed): (usize, usize, usize), removed, articles, expected: &str| {
            let changes = Changes {
                new: stamps(new),
                gone: stamps(gone),
                changed: stamps(changed),
                articles,
                same_index: articles == (7, 7),
                ..Changes::default()
            };
            assert_eq!(summary(&changes, &Rows { removed, ..Rows::default() }), expected);
        };
        check((3, 0, 2), 0, (1000, 2204), "+3 new, −0 gone, 2 changed; the index grew by 1,204 articles to 2,204");
        check(
            (0, 3, 0),
            1,
            (5, 4),
            "+0 new, −3 gone (1 removed from the index, 2 without a match), 0 changed; the index shrank by 1 article to 4",
        );
        check((0, 0, 0), 0, (7, 7), "+0 new, −0 gone, 0 changed; the index is as it was, 7 articles");
        check(
            (0, 0, 1),
            0,
            (1, 1),
            "+0 new, −0 gone, 1 changed; the index has other contents, and 1 article as before",
        );
    }
}
