//! Aligned columns, by the columns of a terminal and not by bytes or characters.

use super::Style;
use super::flow::width;
use super::visible::line;
use std::io::{self, Write};

/// To which side of its column a cell is pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// No cell pushes the column after it further to the right than this; a longer one runs over, in its row alone.
const WIDEST: usize = 40;

/// Blanks between two columns.
const GAP: usize = 2;

/// The rows with their cells aligned, two blanks between columns, none at the end. A row may have fewer cells than
/// there are columns; empty columns take no room.
pub fn lines(columns: &[Align], rows: &[Vec<String>]) -> Vec<String> {
    let mut widths = vec![0; columns.len()];
    for row in rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(width(cell).min(WIDEST));
        }
    }
    rows.iter()
        .map(|row| {
            let mut text = String::new();
            // Blanks are owed until something follows, so that none stand at the end.
            let mut owed = 0;
            for ((cell, align), room) in row.iter().zip(columns).zip(&widths).filter(|(_, room)| **room > 0) {
                let spare = room.saturating_sub(width(cell));
                let (before, after) = if *align == Align::Left { (0, spare) } else { (spare, 0) };
                owed += before;
                if !cell.is_empty() {
                    text.extend(std::iter::repeat_n(' ', owed));
                    text.push_str(cell);
                    owed = 0;
                }
                owed += after + GAP;
            }
            text
        })
        .collect()
}

/// Writes the rows aligned, each on a line of its own after `indent`. What is hidden in the cells is made visible
/// where the style asks for it.
pub fn table(
    columns: &[Align],
    mut rows: Vec<Vec<String>>,
    indent: &str,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    for cell in rows.iter_mut().flatten() {
        let shown = line(cell, style.escapes());
        if shown != cell.as_str() {
            *cell = shown.into_owned();
        }
    }
    for line in lines(columns, &rows) {
        writeln!(out, "{indent}{line}")?;
    }
    Ok(())
}

/// A number with commas between thousands: `2,225`.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number and its noun: `1 article`, `2,225 articles`.
pub fn counted(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", thousands(number), if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
    }

    #[test]
    fn aligns_by_what_is_seen() {
        let columns = [Align::Left, Align::Left, Align::Right];
        for (table, expected) in [
            (
                rows(&[&["North Korea", "KP", "10"], &["Peru", "PE", "1,204"]]),
                vec!["North Korea  KP     10", "Peru         PE  1,204"],
            ),
            (rows(&[&["平壌", "x", "1"], &["Zürich", "y", "22"]]), vec!["平壌    x   1", "Zürich  y  22"]),
            // A column without anything, a row that stops early, an empty cell at the end.
            (rows(&[&["a", "", "1"], &["bb"], &["c", "", ""]]), vec!["a   1", "bb", "c"]),
            (vec![], vec![]),
        ] {
            assert_eq!(lines(&columns, &table), expected);
        }
    }

    #[test]
    fn one_long_cell_does_not_push_the_others_away() {
        let table = lines(&[Align::Left, Align::Right], &rows(&[&[&"x".repeat(500), "1"], &["y", "2"]]));
        assert_eq!(table[0], format!("{}  1", "x".repeat(500)));
        assert_eq!(table[1], format!("y{}2", " ".repeat(WIDEST + 1)));
    }

    #[test]
    fn cells_are_made_visible() {
        let mut out = Vec::new();
        let style = Style { terminal: true, ..Style::default() };
        table(&[Align::Left, Align::Right], rows(&[&["a\u{1b}\nb", "1"]]), "  ", &style, &mut out)
            .expect("a vector takes everything");
        assert_eq!(String::from_utf8_lossy(&out), "  a\\u{1b} b  1\n");
    }

    #[test]
    fn numbers_are_read_in_thousands() {
        for (number, expected) in [(0, "0"), (12, "12"), (999, "999"), (2225, "2,225"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(number), expected);
        }
        assert_eq!((counted(1, "file"), counted(0, "file")), ("1 file".into(), "0 files".into()));
    }
}
