//! What each question of a list has: a row each, as it is answered.
//!
//! People see who and what stands with it on one line, and why there is nothing in its place; programs get a column for
//! each; a browser gets one page with all of it.

use super::flow::{fitted, width};
use super::sheet::{Cell, Column, Sheet};
use super::table::thousands;
use super::visible::line;
use super::{Style, html};
use crate::error::Error;
use crate::search::{Brief, Clause, FacetValue};
use std::io::{self, Write};

/// A question and what it has.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The line of the list.
    pub line: usize,
    /// What the list calls it.
    pub label: Option<String>,
    /// As it was asked, in the query language where it could be read, else as it stands in the list.
    pub query: String,
    /// The answer, or why there is none.
    pub brief: Result<Brief, Error>,
    /// What to know about the question.
    pub warnings: Vec<String>,
}

impl Answer {
    /// Why there is nothing, and what to know.
    fn note(&self) -> String {
        let mut notes = Vec::new();
        if let Ok(brief) = &self.brief
            && brief.total == 0
        {
            notes.extend(why(&brief.diagnosis));
        }
        notes.extend(self.warnings.iter().cloned());
        notes.join("; ")
    }

    /// What is wrong with it, with what to do.
    fn error(&self) -> Option<String> {
        let error = self.brief.as_ref().err()?;
        Some(match &error.hint {
            Some(hint) => format!("{error}; {hint}"),
            None => error.to_string(),
        })
    }
}

/// Why nothing matches, in a few words.
fn why(diagnosis: &[Clause]) -> Option<String> {
    if let [Clause { nearest: Some(nearest), .. }] = diagnosis {
        return Some(nearest.clone());
    }
    let empty: Vec<String> = diagnosis
        .iter()
        .filter(|clause| clause.count == 0)
        .map(|clause| match &clause.nearest {
            Some(nearest) => format!("nothing has {}, {nearest}", clause.clause),
            None => format!("nothing has {}", clause.clause),
        })
        .collect();
    if !empty.is_empty() {
        return Some(empty.join("; "));
    }
    let parts: Vec<String> =
        diagnosis.iter().map(|clause| format!("{} {}", clause.clause, thousands(clause.count))).collect();
    (!parts.is_empty()).then(|| format!("each part has some, together none: {}", parts.join(", ")))
}

/// The columns.
const COLUMNS: [Column; 11] = [
    Column::number("line", "line").for_programs(),
    Column::text("label", "label"),
    Column::text("query", "query"),
    Column::number("hits", "articles"),
    Column::text("first", "first"),
    Column::text("last", "last"),
    Column::text("people", "people"),
    Column::text("organisations", "organisations"),
    Column::text("countries", "countries"),
    Column::text("error", "error"),
    Column::text("note", "note"),
];

/// Some answers as rows of a sheet.
pub fn sheet(answers: &[Answer]) -> Sheet {
    let mut sheet = Sheet::new(&COLUMNS);
    for answer in answers {
        let brief = answer.brief.as_ref().ok();
        let values = |values: &[FacetValue]| {
            Cell::Counted(values.iter().map(|value| (value.label.clone(), value.count)).collect())
        };
        let some = |text: String| if text.is_empty() { Cell::None } else { Cell::Text(text) };
        sheet.rows.push(vec![
            answer.line.into(),
            answer.label.clone().into(),
            answer.query.as_str().into(),
            brief.map_or(Cell::None, |brief| brief.total.into()),
            brief.and_then(|brief| brief.first.clone()).into(),
            brief.and_then(|brief| brief.last.clone()).into(),
            values(brief.map_or(&[], |brief| &brief.people)),
            values(brief.map_or(&[], |brief| &brief.organisations)),
            values(brief.map_or(&[], |brief| &brief.countries)),
            answer.error().into(),
            some(answer.note()),
        ]);
    }
    sheet
}

/// The widest that the names of questions may be, in columns.
const WIDEST: usize = 40;
/// Columns for a number, and for a date.
const NUMBER: usize = 8;
const DATE: usize = 10;

/// Lines for people, as wide as what is known before the first answer: the names of all questions.
pub struct Lines {
    /// Columns for the names of the questions.
    names: usize,
    style: Style,
}

impl Lines {
    /// For questions that are called so.
    pub fn new<'a>(called: impl Iterator<Item = &'a str>, style: Style) -> Lines {
        let widest = called.map(|name| width(&line(name, style.escapes()))).max().unwrap_or(0);
        Lines { names: widest.clamp("query".len(), WIDEST), style }
    }

    /// The headings.
    ///
    /// # Errors
    /// When `out` takes nothing more.
    pub fn head(&self, out: &mut dyn Write) -> io::Result<()> {
        self.write(["query", "articles", "first", "last", "with"], out)
    }

    /// The line of an answer.
    ///
    /// # Errors
    /// When `out` takes nothing more.
    pub fn answer(&self, called: &str, answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
        match (&answer.brief, answer.error()) {
            (_, Some(error)) => self.write([called, "-", &format!("error: {error}"), "", ""], out),
            (Ok(brief), _) if brief.total == 0 => self.write([called, "0", &answer.note(), "", ""], out),
            (Ok(brief), _) => {
                let count = thousands(brief.total);
                let listed = |values: &[FacetValue]| {
                    let one = |value: &FacetValue| format!("{} {}", value.label, thousands(value.count));
                    values.iter().map(one).collect::<Vec<_>>().join(", ")
                };
                let kinds = [&brief.people, &brief.organisations, &brief.countries];
                let kinds = kinds.into_iter().filter(|kind| !kind.is_empty()).map(|kind| listed(kind));
                let mut with = kinds.collect::<Vec<_>>().join("; ");
                let note = answer.note();
                if !note.is_empty() {
                    with = format!("{with} ({note})");
                }
                let date = |date: &Option<String>| date.clone().unwrap_or_else(|| "undated".to_owned());
                let last = if brief.first.is_some() { date(&brief.last) } else { String::new() };
                self.write([called, &count, &date(&brief.first), &last, &with], out)
            }
            (Err(_), None) => Ok(()),
        }
    }

    /// A line of its cells: the first padded, the second pushed to the right, the last cut where a terminal ends.
    fn write(&self, cells: [&str; 5], out: &mut dyn Write) -> io::Result<()> {
        let cells = cells.map(|cell| line(cell, self.style.escapes()).into_owned());
        let [name, count, first, last, with] = &cells;
        let name = if self.style.room > 0 { fitted(name, self.names) } else { name.clone() };
        let padded = |text: &str, room: usize| format!("{text}{}", " ".repeat(room.saturating_sub(width(text))));
        let count = format!("{}{count}", " ".repeat(NUMBER.saturating_sub(width(count))));
        let mut text = format!("{}  {count}  ", padded(&name, self.names));
        // What stands in the place of the dates goes to the end of the line.
        match last.is_empty() && with.is_empty() {
            true => text.push_str(first),
            false => text.push_str(&format!("{}  {}  {with}", padded(first, DATE), padded(last, DATE))),
        }
        let text = text.trim_end();
        match self.style.room {
            0 => writeln!(out, "{text}"),
            room => writeln!(out, "{}", fitted(text, room)),
        }
    }
}

/// The beginning of a page with all answers: what was asked, and the head of a table.
///
/// # Errors
/// When `out` takes nothing more.
pub fn page_begin(title: &str, questions: usize, articles: usize, out: &mut dyn Write) -> io::Result<()> {
    html::begin(title, out)?;
    let questions = super::table::counted(questions, "question");
    html::remark(&format!("{questions}, {}", super::table::counted(articles, "article")), out)?;
    writeln!(
        out,
        "<table>\n<thead><tr><th>question</th><th class=\"number\">articles</th><th>first</th><th>last</th>\
         <th>people</th><th>organisations</th><th>countries</th></tr></thead>\n<tbody>"
    )
}

/// The row of an answer.
///
/// # Errors
/// When `out` takes nothing more.
pub fn page_row(called: &str, answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    let name = html::escaped(called);
    let name = match answer.label.is_none() || answer.query.is_empty() {
        true => name,
        false => format!("{name}<br><code>{}</code>", html::escaped(&answer.query)),
    };
    let brief = match (&answer.brief, answer.error()) {
        (Ok(brief), _) if brief.total > 0 => brief,
        (brief, error) => {
            let number = if brief.is_ok() { "0" } else { "" };
            let said = error.map_or_else(|| answer.note(), |error| format!("error: {error}"));
            return writeln!(
                out,
                "<tr class=\"none\"><td>{name}</td><td class=\"number\">{number}</td><td colspan=\"5\">{}</td></tr>",
                html::escaped(&said)
            );
        }
    };
    let note = answer.note();
    let note = if note.is_empty() { note } else { format!("<p class=\"faint\">{}</p>", html::escaped(&note)) };
    write!(out, "<tr><td>{name}{note}</td><td class=\"number\">{}</td>", thousands(brief.total))?;
    for date in [&brief.first, &brief.last] {
        write!(out, "<td>{}</td>", html::escaped(date.as_deref().unwrap_or("")))?;
    }
    for values in [&brief.people, &brief.organisations, &brief.countries] {
        let one = |value: &FacetValue| format!("{} {}", html::escaped(&value.label), thousands(value.count));
        write!(out, "<td>{}</td>", values.iter().map(one).collect::<Vec<_>>().join("<br>"))?;
    }
    out.write_all(b"</tr>\n")
}

/// The end of the page.
///
/// # Errors
/// When `out` takes nothing more.
pub fn page_end(said: &str, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"</tbody>\n</table>\n")?;
    html::remark(said, out)?;
    html::end(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    fn value(name: &str, count: usize) -> FacetValue {
        FacetValue { value: name.into(), label: name.into(), count, ..FacetValue::default() }
    }

    fn clause(clause: &str, count: usize, nearest: Option<&str>) -> Clause {
        Clause { clause: clause.into(), count, nearest: nearest.map(str::to_owned), ..Clause::default() }
    }

    fn answers() -> Vec<Answer> {
        let answer =
            |line, query: &str, brief| Answer { line, label: None, query: query.into(), brief, warnings: Vec::new() };
        let found = Brief {
            total: 1200,
            first: Some("2024-06-01".into()),
            last: Some("2024".into()),
            people: vec![value("Vladimir Putin", 12), value("<b>", 3)],
            countries: vec![value("North Korea", 22)],
            ..Brief::default()
        };
        let none = Brief { diagnosis: vec![clause("pakt", 0, Some("did you mean pact (7)"))], ..Brief::default() };
        vec![
            answer(1, "person:\"Kim\"", Ok(found)),
            answer(2, "pakt", Ok(none)),
            answer(4, "a OR", Err(Error::new(Kind::Query, "there is nothing behind `OR`").hint("put a word there"))),
        ]
    }

    fn lines(style: Style) -> String {
        let answers = answers();
        let mut out = Vec::new();
        let lines = Lines::new(answers.iter().map(|answer| answer.query.as_str()), style);
        lines.head(&mut out).expect("a vector takes everything");
        for answer in &answers {
            lines.answer(&answer.query, answer, &mut out).expect("a vector takes everything");
        }
        String::from_utf8(out).expect("it is text")
    }

    #[test]
    fn people_see_a_line_each() {
        assert_eq!(
            lines(Style::default()),
            "query         articles  first       last        with\n\
             person:\"Kim\"     1,200  2024-06-01  2024        Vladimir Putin 12, <b> 3; North Korea 22\n\
             pakt                 0  did you mean pact (7)\n\
             a OR                 -  error: there is nothing behind `OR`; put a word there\n"
        );
        let narrow = lines(Style { room: 50, ..Style::default() });
        assert!(narrow.lines().all(|line| width(line) <= 50), "{narrow}");
    }

    #[test]
    fn programs_get_a_column_each() {
        let mut out = Vec::new();
        super::super::sheet::write(&sheet(&answers()), "csv", &Style::default(), &mut out).expect("it is a vector");
        assert_eq!(
            String::from_utf8(out).expect("it is text"),
            "line,label,query,hits,first,last,people,organisations,countries,error,note\n\
             1,,\"person:\"\"Kim\"\"\",1200,2024-06-01,2024,Vladimir Putin 12; <b> 3,,North Korea 22,,\n\
             2,,pakt,0,,,,,,,did you mean pact (7)\n\
             4,,a OR,,,,,,,there is nothing behind `OR`; put a word there,\n"
        );
    }

    #[test]
    fn a_page_has_a_row_each() {
        let mut out = Vec::new();
        page_begin("<list>", 3, 9, &mut out).expect("a vector takes everything");
        for answer in answers() {
            page_row(&answer.query, &answer, &mut out).expect("a vector takes everything");
        }
        page_end("done", &mut out).expect("a vector takes everything");
        let text = String::from_utf8(out).expect("it is text");
        assert_eq!(text.matches("<tr").count(), 4, "{text}");
        assert!(text.contains("Vladimir Putin 12<br>&lt;b&gt; 3</td>"), "{text}");
        assert!(
            text.contains("<td colspan=\"5\">error: there is nothing behind `OR`; put a word there</td>"),
            "{text}"
        );
        assert!(!text.contains("<list>") && !text.contains("<b>"), "{text}");
    }

    #[test]
    fn what_empties_an_answer_is_named() {
        for (diagnosis, expected) in [
            (vec![], None),
            (vec![clause("a", 0, None)], Some("nothing has a")),
            (vec![clause("a", 0, Some("did you mean b (1)"))], Some("did you mean b (1)")),
            (vec![clause("a", 0, None), clause("b", 3, None)], Some("nothing has a")),
            (
                vec![clause("a", 0, Some("did you mean c (1)")), clause("b", 0, None)],
                Some("nothing has a, did you mean c (1); nothing has b"),
            ),
            (
                vec![clause("a", 1, None), clause("b", 2000, None)],
                Some("each part has some, together none: a 1, b 2,000"),
            ),
        ] {
            assert_eq!(why(&diagnosis).as_deref(), expected);
        }
    }
}
