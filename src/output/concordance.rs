//! Concordances: lines whose matches stand below each other, and groups of lines counted.
//!
//! [`sheet`] has the lines as rows for programs, [`groups`] what they are gathered by; [`text`] shows lines to people:
//! what stands before a match is pushed to the right, so that matches begin in one column, and cut at its far end where a
//! terminal has no room for all of it. Blanks and line ends are one blank, the end of a paragraph is `¶`.

use super::Style;
use super::flow::{Paint, fitted, fitted_end, width};
use super::sheet::{Cell, Column, Sheet};
use super::visible::visible;
use crate::article::Part;
use crate::search::{Concordance, GroupBy, Line};
use crate::text::fold::squeeze;
use std::io::{self, Write};

/// From so many columns of a terminal on, the source and the id stand beside the lines.
const WIDE: usize = 100;
/// The most columns of a source, and of an id.
const MOST_BESIDE: usize = 24;
/// Of the columns that lines have, a match has one part in so many at most.
const MATCH: usize = 3;
/// Columns of what stands before the match in the example of a group.
const BEFORE: usize = 30;
/// Blanks between two columns.
const GAP: &str = "  ";
/// What ends a paragraph within a line.
const PARAGRAPH: &str = " ¶ ";
/// In the place of a value that there is none of.
const NONE: &str = "(none)";

/// The lines as rows.
pub fn sheet(lines: &[Line]) -> Sheet {
    let mut sheet = Sheet::new(&[
        Column::text("published", "published"),
        Column::text("source", "source").giving_way(),
        Column::text("left", "left").to_the_right().giving_way(),
        Column::text("match", "match"),
        Column::text("right", "right").giving_way(),
        Column::text("part", "part"),
        Column::number("start", "start"),
        Column::number("end", "end"),
        Column::text("id", "id"),
        Column::text("title", "title").giving_way(),
        Column::text("path", "path"),
        Column::text("member", "member"),
    ]);
    let row = |line: &Line| {
        vec![
            published(line).into(),
            line.source.clone().into(),
            line.left.clone().into(),
            line.found.clone().into(),
            line.right.clone().into(),
            if line.part() == Part::Title { "title" } else { "body" }.into(),
            line.start.into(),
            line.end.into(),
            line.id.clone().into(),
            line.title.clone().into(),
            line.path.clone().into(),
            line.member.clone().into(),
        ]
    };
    sheet.rows = lines.iter().map(row).collect();
    sheet
}

fn published(line: &Line) -> Option<String> {
    line.published.as_ref().map(|published| published.value.clone())
}

/// The groups as rows.
pub fn groups(concordance: &Concordance, by: GroupBy) -> Sheet {
    let heading = match by {
        GroupBy::Match => "match",
        GroupBy::Left => "word before",
        GroupBy::Right => "word behind",
        GroupBy::Source => "source",
        GroupBy::Year => "year",
    };
    let mut sheet = Sheet::new(&[
        Column::text("value", heading).for_programs(),
        Column::text("shown", heading).for_people(),
        Column::number("lines", "lines"),
        Column::number("share", "share"),
        Column::number("articles", "articles"),
        Column::text("example", "for example").giving_way().for_people(),
        Column::text("left", "left").for_programs(),
        Column::text("match", "match").for_programs(),
        Column::text("right", "right").for_programs(),
        Column::text("id", "id").for_programs(),
    ]);
    let all = concordance.gathered;
    for group in &concordance.groups {
        let line = &group.example;
        let shown = if group.value.is_empty() { NONE } else { &group.value };
        sheet.rows.push(vec![
            (!group.value.is_empty()).then(|| group.value.clone()).into(),
            shown.into(),
            group.lines.into(),
            Cell::Share(group.lines as f64 / all.max(1) as f64),
            group.articles.into(),
            passage(line, BEFORE).into(),
            line.left.clone().into(),
            line.found.clone().into(),
            line.right.clone().into(),
            line.id.clone().into(),
        ]);
    }
    sheet
}

/// A line as running text, with at most so many columns before the match, of whole words.
pub fn passage(line: &Line, before: usize) -> String {
    let left = squeeze(&line.left);
    let mut left = fitted_end(&left, before);
    if let Some((_, whole)) = left.strip_prefix('…').and_then(|cut| cut.split_once(' ')) {
        left = format!("… {whole}");
    }
    let blank = |at_end: bool| if at_end { " " } else { "" };
    let after_left = blank(line.left.ends_with(char::is_whitespace));
    let before_right = blank(line.right.starts_with(char::is_whitespace));
    format!("{left}{after_left}{}{before_right}{}", squeeze(&line.found), squeeze(&line.right))
}

/// Text on one line: line ends are blanks, ends of paragraphs are shown, and what is hidden is where that is wanted.
fn on_one_line(text: &str, style: &Style) -> String {
    let mut out = String::with_capacity(text.len());
    // Blanks that were passed, and how many of them end a line.
    let mut blanks: Option<usize> = None;
    for c in text.chars() {
        if c.is_whitespace() {
            *blanks.get_or_insert(0) += usize::from(c == '\n');
            continue;
        }
        match blanks.take() {
            Some(0 | 1) => out.push(' '),
            Some(_) => out.push_str(PARAGRAPH),
            None => {}
        }
        out.push(c);
    }
    if blanks.is_some() {
        out.push_str(if blanks > Some(1) { PARAGRAPH } else { " " });
    }
    if style.escapes() { visible(&out).into_owned() } else { out }
}

/// A match that is too wide, from both of its ends: what stands near each other may lie far apart.
fn cut(text: &str, room: usize) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let head = fitted(text, room.div_ceil(2));
    let tail = fitted_end(text, room.saturating_sub(width(&head)) + 1);
    format!("{head}{}", tail.trim_start_matches('…'))
}

/// A line that is to be aligned.
struct Row {
    beside: Vec<String>,
    left: String,
    found: String,
    /// Signs directly behind the match, which keep beside it.
    signs: String,
    right: String,
    id: String,
}

impl Row {
    fn new(line: &Line, style: &Style, is_wide: bool) -> Row {
        let right = on_one_line(&line.right, style);
        let glued = right.find(char::is_whitespace).unwrap_or(right.len());
        let (signs, right) = right.split_at(glued);
        let mut beside = vec![published(line).unwrap_or_default()];
        if is_wide {
            beside.push(fitted(&on_one_line(line.source.as_deref().unwrap_or(""), style), MOST_BESIDE));
        }
        let id = if is_wide { on_one_line(&line.id, style) } else { String::new() };
        Row {
            beside,
            left: on_one_line(&line.left, style).trim().to_owned(),
            found: on_one_line(&line.found, style).trim().to_owned(),
            signs: signs.to_owned(),
            right: right.trim().to_owned(),
            id: if style.room > 0 { fitted(&id, MOST_BESIDE) } else { id },
        }
    }
}

/// Whether there is room for the source and the id beside each line.
pub fn names_articles(style: &Style) -> bool {
    style.room == 0 || style.room >= WIDE
}

/// Writes lines with their matches in one column, each after `indent`; `beside`: with date, source and id.
///
/// # Errors
/// When `out` takes nothing more.
pub fn text(lines: &[Line], indent: &str, beside: bool, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let is_wide = beside && names_articles(style);
    let mut rows: Vec<Row> = lines.iter().map(|line| Row::new(line, style, is_wide)).collect();
    if !beside {
        rows.iter_mut().for_each(|row| row.beside.clear());
    }
    let widest = |of: &dyn Fn(&Row) -> usize| rows.iter().map(of).max().unwrap_or(0);
    let columns: Vec<usize> = (0..rows.first().map_or(0, |row| row.beside.len()))
        .map(|place| widest(&|row| row.beside.get(place).map_or(0, |cell| width(cell))))
        .collect();
    let ids = widest(&|row| width(&row.id));
    let found_width = |row: &Row| width(&row.found) + width(&row.signs);
    let (mut left, mut found, mut right) =
        (widest(&|row| width(&row.left)), widest(&found_width), widest(&|row| width(&row.right)));
    if style.room > 0 {
        let beside: usize = columns.iter().filter(|column| **column > 0).map(|column| column + GAP.len()).sum();
        let beside = beside + if ids > 0 { ids + GAP.len() } else { 0 };
        let room = style.room.saturating_sub(width(indent) + beside + 2 * GAP.len());
        found = found.min(room / MATCH);
        let sides = room - found;
        // What one side does not need, the other has.
        left = left.min((sides / 2).max(sides.saturating_sub(right)));
        right = right.min(sides - left);
    }
    for row in &rows {
        let mut line = indent.to_owned();
        for (cell, column) in row.beside.iter().zip(&columns).filter(|(_, column)| **column > 0) {
            line.push_str(&Paint::Faint.over(cell, style));
            line.extend(std::iter::repeat_n(' ', column - width(cell) + GAP.len()));
        }
        let before = fitted_end(&row.left, left);
        line.extend(std::iter::repeat_n(' ', left - width(&before)));
        line.push_str(&before);
        line.push_str(GAP);
        let signs = fitted(&row.signs, found.saturating_sub(width(&row.found).min(found)));
        let shown = cut(&row.found, found - width(&signs));
        line.push_str(&Paint::Match.over(&shown, style));
        line.push_str(&signs);
        let mut owed = found - width(&shown) - width(&signs) + GAP.len();
        let behind = fitted(&row.right, right);
        for (cell, column, paint) in [(&behind, right, Paint::Plain), (&row.id, ids, Paint::Faint)] {
            if !cell.is_empty() {
                line.extend(std::iter::repeat_n(' ', owed));
                line.push_str(&paint.over(cell, style));
                owed = 0;
            }
            owed += column - width(cell).min(column) + GAP.len();
        }
        writeln!(out, "{line}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(left: &str, found: &str, right: &str) -> Line {
        let (left, found, right) = (left.to_owned(), found.to_owned(), right.to_owned());
        Line { id: "a1".into(), source: Some("Wire".into()), left, found, right, ..Line::default() }
    }

    fn written(lines: &[Line], beside: bool, style: &Style) -> String {
        let mut out = Vec::new();
        text(lines, "", beside, style, &mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("it is text")
    }

    #[test]
    fn matches_stand_in_one_column() {
        let lines = [
            line("The old ", "treaty", ", they said"),
            line("", "Treaties", " end.\n\nA new"),
            line("平壌の ", "treaty", " was\nsigned"),
        ];
        assert_eq!(
            written(&lines, false, &Style::default()),
            "The old  treaty,   they said\n         Treaties  end. ¶ A new\n 平壌の  treaty    was signed\n"
        );
        assert_eq!(written(&lines[..1], true, &Style::default()), "Wire  The old  treaty,  they said  a1\n");
    }

    #[test]
    fn lines_fit_the_terminal() {
        let lines = [
            line("a long way before the old mutual defence ", "treaty", " was signed in the harbour by both of them"),
            line("e\u{301}te\u{301} 平壌平壌平壌平壌平壌平壌平壌 ", "treaty", "\u{202e} x"),
            line("a ", &"between these two there is much ".repeat(3), " b"),
        ];
        for room in [24, 40, 60, 99, 100, 140] {
            let style = Style { terminal: true, room, ..Style::default() };
            for line in written(&lines, true, &style).lines() {
                assert!(width(line) <= room, "{room}: {line}");
                assert!(!line.contains('\u{202e}'), "{line}");
            }
        }
        let style = Style { terminal: true, room: 60, ..Style::default() };
        let text = written(&lines, false, &style);
        assert_eq!(text.lines().next(), Some("…old mutual defence  treaty              was signed in the…"), "{text}");
        let coloured = Style { colour: true, ..style };
        assert!(written(&lines, false, &coloured).contains("\u{1b}[1;31mtreaty\u{1b}[0m"));
    }

    #[test]
    fn what_is_too_wide_is_cut_in_the_middle() {
        assert_eq!(cut("treaty of the two was signed", 13), "treaty…signed");
        assert_eq!(cut("treaty", 6), "treaty");
        for room in 0..30 {
            assert!(width(&cut("treaty of the 平壌 two was signed", room)) <= room.max(1), "{room}");
        }
    }

    #[test]
    fn a_passage_is_as_it_was_written() {
        assert_eq!(passage(&line("said the \"", "treaty", "\" was"), 20), "said the \"treaty\" was");
        assert_eq!(passage(&line("it was said of the ", "treaty", "."), 8), "… the treaty.");
    }
}
