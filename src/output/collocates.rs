//! Collocates: words with how often they stand around a match, and how that is measured.

use super::concordance::passage;
use super::sheet::{self, Cell, Column, Sheet};
use super::{Style, concordance};
use crate::search::{Collocates, Measure};
use std::io::{self, Write};

/// Less of an example says nothing: then there is none, and `--lines` shows them below.
const LEAST_EXAMPLE: usize = 30;
/// Columns of what stands before the match in an example.
const BEFORE: usize = 30;
/// Before the lines behind a word.
const INDENT: &str = "    ";

/// The words as rows. People see the measure that orders them, and logDice or the log-likelihood beside it, and a line;
/// `listed`: no line, for all of them stand below, and programs get those.
pub fn sheet(collocates: &Collocates, by: Measure, listed: bool) -> Sheet {
    let measured = |name: &'static str, heading: &'static str, measure: Measure| {
        let column = Column::number(name, heading);
        let usual = matches!(measure, Measure::LogLikelihood | Measure::LogDice);
        if usual || measure == by { column } else { column.for_programs() }
    };
    let shown = Column::text("shown", "for example").giving_way_to(LEAST_EXAMPLE);
    let lines = Column::text("lines", "lines").for_programs();
    let mut sheet = Sheet::new(&[
        Column::text("word", "word"),
        Column::number("together", "together"),
        Column::number("expected", "by chance"),
        Column::number("articles", "articles").for_programs(),
        Column::number("archive", "in archive"),
        measured("log_likelihood", "log-likelihood", Measure::LogLikelihood),
        measured("log_dice", "logDice", Measure::LogDice),
        measured("mi", "MI", Measure::MutualInformation),
        measured("t_score", "t-score", Measure::TScore),
        measured("delta_p", "Delta P", Measure::DeltaP),
        if listed { lines } else { shown.for_people() },
        Column::text("example", "example").for_programs(),
        Column::text("id", "id").for_programs(),
    ]);
    for collocate in &collocates.collocates {
        let measures = collocate.measures;
        let first = collocate.lines.first();
        let more = collocate.lines.iter().map(|line| format!("{}: {}", line.id, passage(line, usize::MAX)));
        sheet.rows.push(vec![
            collocate.word.clone().into(),
            collocate.together.into(),
            Cell::Real(collocate.expected, 2),
            collocate.articles.into(),
            usize::try_from(collocate.archive).unwrap_or(usize::MAX).into(),
            Cell::Real(measures.log_likelihood, 1),
            Cell::Real(measures.log_dice, 2),
            Cell::Real(measures.mutual_information, 2),
            Cell::Real(measures.t_score, 2),
            Cell::Real(measures.delta_p, 4),
            if listed { Cell::List(more.collect()) } else { first.map(|line| passage(line, BEFORE)).into() },
            first.map(|line| passage(line, usize::MAX)).into(),
            first.map(|line| line.id.clone()).into(),
        ]);
    }
    sheet
}

/// Writes the words with their lines below each.
///
/// # Errors
/// When `out` takes nothing more.
pub fn text(collocates: &Collocates, by: Measure, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Vec::new();
    sheet::write(&sheet(collocates, by, true), "text", style, &mut table)?;
    let table = String::from_utf8_lossy(&table).into_owned();
    let mut rows = table.lines();
    if let Some(headings) = rows.next() {
        writeln!(out, "{headings}")?;
    }
    for (row, collocate) in rows.zip(&collocates.collocates) {
        writeln!(out, "{row}")?;
        concordance::text(&collocate.lines, INDENT, true, style, out)?;
    }
    Ok(())
}
