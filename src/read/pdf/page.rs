//! The lines of the pages of a PDF file made blocks in reading order.
//!
//! 1. Running heads and feet, which are the same on many pages, and numbers of pages are dropped.
//! 2. Lines stay in the order in which the file draws them, which is nearly always that of reading; where it draws across
//!    columns, they are put in order by the white space between them.
//! 3. Lines that follow each other closely in type of the same size are one block.

use super::super::scan::lines::{self, Bounds, Line};
use super::super::scan::{Block, Kind};
use super::extract::TextLine;
use rustc_hash::FxHashMap;

/// How many lines at the head and at the foot of a page can be running ones.
const RUNNING: usize = 2;
/// A line is a running one where at least one in so many pages has it.
const ONE_IN: usize = 3;
/// How many times the usual distance of base lines ends a block.
const GAP: f32 = 1.35;
/// How much larger the type of one block can be than that of the next line of it.
const SAME_SIZE: f32 = 1.12;
/// Where more than one in so many steps from line to line leads across or up, the file does not draw in reading order.
const ONE_ASTRAY: usize = 5;
/// White space between columns is at least this wide, in sizes of type.
const GUTTER: f32 = 0.9;
/// How many times white space divides a part of a page.
const DEEPEST: usize = 40;

/// The blocks of all pages.
pub(super) fn blocks(pages: &[Vec<TextLine>]) -> Vec<Block> {
    let running = running(pages);
    let mut out = Vec::new();
    let usual = usual_size(pages);
    for (number, page) in pages.iter().enumerate() {
        let edges = edges(page);
        let body: Vec<&TextLine> = page
            .iter()
            .enumerate()
            .filter(|(at, line)| {
                let edge = edges.contains(at);
                !(edge && (running.contains_key(&masked(&line.text)) || pages.len() > 1 && is_page_number(&line.text)))
            })
            .map(|(_, line)| line)
            .collect();
        let mut blocks = blocks_of(&in_reading_order(body));
        // The title stands on the first page.
        if number > 0 {
            for block in &mut blocks {
                if block.size.zip(usual).is_some_and(|(size, usual)| size >= usual * super::super::scan::HEADING) {
                    block.kind = Kind::Heading;
                }
            }
        }
        out.extend(blocks);
    }
    out
}

/// The numbers of the lines at the upper and the lower edge of a page.
fn edges(page: &[TextLine]) -> Vec<usize> {
    let mut by_place: Vec<usize> = (0..page.len()).collect();
    by_place.sort_by(|one, other| {
        let top = |at: &usize| page.get(*at).map_or(0.0, |line| line.place().top);
        top(one).total_cmp(&top(other))
    });
    let mut out: Vec<usize> = by_place.iter().take(RUNNING).copied().collect();
    out.extend(by_place.iter().rev().take(RUNNING));
    out
}

/// The lines that stand at the edges of many pages, their figures masked.
fn running(pages: &[Vec<TextLine>]) -> FxHashMap<String, usize> {
    let mut counts: FxHashMap<String, usize> = FxHashMap::default();
    for page in pages {
        let mut own: Vec<String> = edges(page).iter().filter_map(|at| page.get(*at)).map(|l| masked(&l.text)).collect();
        own.sort();
        own.dedup();
        own.into_iter().for_each(|line| *counts.entry(line).or_default() += 1);
    }
    let least = (pages.len().div_ceil(ONE_IN)).max(2);
    counts.retain(|_, count| *count >= least);
    counts
}

/// A line with every run of figures as one sign.
fn masked(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars().filter(|c| !c.is_whitespace()) {
        if !c.is_ascii_digit() {
            out.extend(c.to_lowercase());
        } else if !out.ends_with('#') {
            out.push('#');
        }
    }
    out
}

/// Whether a line is nothing but the number of a page: `3`, `- 3 -`, `3/12`, `Page 3 of 12`.
fn is_page_number(line: &str) -> bool {
    let masked = masked(line);
    let core = masked.trim_matches(|c: char| !c.is_alphanumeric() && c != '#');
    matches!(core, "#" | "#/#" | "page#" | "page#of#" | "seite#" | "p.#" | "s.#" | "#of#")
}

/// The size of type that most characters have.
fn usual_size(pages: &[Vec<TextLine>]) -> Option<f32> {
    let mut sizes: Vec<(f32, usize)> = pages.iter().flatten().map(|line| (line.size, line.text.len())).collect();
    sizes.sort_by(|one, other| one.0.total_cmp(&other.0));
    let all: usize = sizes.iter().map(|(_, length)| length).sum();
    let mut seen = 0;
    sizes.into_iter().find_map(|(size, length)| {
        seen += length;
        (seen * 2 >= all).then_some(size)
    })
}

fn in_reading_order(lines: Vec<&TextLine>) -> Vec<&TextLine> {
    let astray = lines.windows(2).filter(|pair| matches!(pair, [one, other] if leads_astray(one, other))).count();
    if astray * ONE_ASTRAY <= lines.len() {
        return lines;
    }
    let mut out = Vec::with_capacity(lines.len());
    divide(lines, 0, &mut out);
    out
}

/// Whether the step from one line to the next goes across to another column in the same row, or up within a column.
fn leads_astray(one: &TextLine, other: &TextLine) -> bool {
    let (one, other) = (one.place(), other.place());
    let across = one.right < other.left || other.right < one.left;
    let same_row = one.top < other.bottom && other.top < one.bottom;
    across && same_row || !across && other.bottom < one.top
}

/// Puts lines in order: columns from left to right, within them from top to bottom.
fn divide<'a>(mut lines: Vec<&'a TextLine>, depth: usize, out: &mut Vec<&'a TextLine>) {
    if lines.len() < 2 || depth >= DEEPEST {
        lines.sort_by(|a, b| a.place().top.total_cmp(&b.place().top).then(a.place().left.total_cmp(&b.place().left)));
        out.extend(lines);
        return;
    }
    let mut sizes: Vec<f32> = lines.iter().map(|line| line.size).collect();
    sizes.sort_by(f32::total_cmp);
    let size = sizes.get(sizes.len() / 2).copied().unwrap_or(1.0);
    let column = widest_gap(&lines, |place| (place.left, place.right)).filter(|(width, _)| *width >= size * GUTTER);
    // A row of two lines is no pair of columns.
    let columns = column.map(|(_, at)| {
        let (left, right): (Vec<_>, Vec<_>) = lines.iter().copied().partition(|line| line.place().right <= at);
        (left, right)
    });
    if let Some((left, right)) = columns.filter(|(left, right)| left.len() > 1 && right.len() > 1 || lines.len() <= 3) {
        divide(left, depth + 1, out);
        return divide(right, depth + 1, out);
    }
    if let Some((_, at)) = widest_gap(&lines, |place| (place.top, place.bottom)) {
        let (upper, lower): (Vec<_>, Vec<_>) = lines.iter().copied().partition(|line| line.place().bottom <= at);
        divide(upper, depth + 1, out);
        return divide(lower, depth + 1, out);
    }
    divide(lines, DEEPEST, out);
}

/// The widest stretch that no line reaches into, in one direction, with its middle.
fn widest_gap(lines: &[&TextLine], side: impl Fn(Bounds) -> (f32, f32)) -> Option<(f32, f32)> {
    let mut spans: Vec<(f32, f32)> = lines.iter().map(|line| side(line.place())).collect();
    spans.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut end = spans.first()?.1;
    let mut widest: Option<(f32, f32)> = None;
    for (from, to) in spans {
        if from > end && widest.is_none_or(|(width, _)| from - end > width) {
            widest = Some((from - end, (from + end) / 2.0));
        }
        end = end.max(to);
    }
    widest
}

/// Lines in reading order as blocks.
fn blocks_of(page: &[&TextLine]) -> Vec<Block> {
    let mut steps: Vec<f32> = page
        .windows(2)
        .filter_map(|pair| Some(pair.last()?.place().bottom - pair.first()?.place().bottom))
        .filter(|step| *step > 0.5)
        .collect();
    steps.sort_by(f32::total_cmp);
    let step = steps.get(steps.len() / 2).copied();
    let mut out: Vec<Block> = Vec::new();
    let mut before: Option<&TextLine> = None;
    for line in page {
        let new = Line { text: lines::closed_up(line.text.trim()), bounds: Some(line.place()) };
        match out.last_mut().filter(|_| before.is_some_and(|before| follows(before, line, step))) {
            Some(block) => match block.lines.last_mut() {
                // Two parts of one line.
                Some(last) if before.is_some_and(|before| is_same_row(before, line)) => {
                    last.text.push(' ');
                    last.text.push_str(&new.text);
                    last.bounds = last.bounds.map(|bounds| bounds.with(line.place()));
                }
                _ => block.lines.push(new),
            },
            None => out.push(Block { lines: vec![new], size: Some(line.size), ..Block::default() }),
        }
        before = Some(line);
    }
    out
}

fn is_same_row(one: &TextLine, other: &TextLine) -> bool {
    (one.place().bottom - other.place().bottom).abs() < one.size.min(other.size) * 0.4
}

/// Whether a line goes on in the block of the line before it.
fn follows(before: &TextLine, line: &TextLine, step: Option<f32>) -> bool {
    let (above, own) = (before.place(), line.place());
    let sizes = before.size.max(line.size) / before.size.min(line.size).max(0.1);
    if sizes > SAME_SIZE {
        return false;
    }
    let down = own.bottom - above.bottom;
    if is_same_row(before, line) {
        return own.left >= above.right - before.size && own.left - above.right < before.size * 4.0;
    }
    let usual = step.unwrap_or(line.size * 1.2).max(line.size * 0.9);
    let overlaps = own.left < above.right && above.left < own.right;
    down > 0.0 && overlaps && down <= usual.min(line.size * 2.5) * GAP
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, left: f32, base: f32) -> TextLine {
        let right = left + text.len() as f32 * 5.0;
        TextLine { text: text.to_owned(), bounds: [left, base - 8.0, right, base + 2.0], size: 10.0 }
    }

    fn check(pages: &[Vec<TextLine>], expected: &[&str]) {
        let blocks = blocks(pages);
        let found: Vec<String> = blocks
            .iter()
            .map(|block| block.lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("|"))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn running_lines_and_page_numbers_are_dropped() {
        let page = |number: u32, text: &str| {
            vec![
                line(&format!("The Example {number}"), 0.0, 10.0),
                line(text, 0.0, 100.0),
                line(&format!("and so on, {text}."), 0.0, 112.0),
                line(&format!("- {number} -"), 50.0, 500.0),
            ]
        };
        check(
            &[page(1, "One"), page(2, "Two"), page(3, "Three")],
            &["One|and so on, One.", "Two|and so on, Two.", "Three|and so on, Three."],
        );
        check(&[page(1, "One")], &["The Example 1", "One|and so on, One.", "- 1 -"]);
    }

    #[test]
    fn columns_drawn_across_are_put_in_order() {
        let mut page = vec![line("A heading over both columns", 0.0, 10.0)];
        for row in 0..6u16 {
            let base = 30.0 + f32::from(row) * 12.0;
            page.push(line(&format!("left {row}"), 0.0, base));
            page.push(line(&format!("right {row}"), 100.0, base));
        }
        check(
            &[page],
            &[
                "A heading over both columns",
                "left 0|left 1|left 2|left 3|left 4|left 5",
                "right 0|right 1|right 2|right 3|right 4|right 5",
            ],
        );
    }

    #[test]
    fn gaps_make_blocks() {
        check(
            &[vec![line("one", 0.0, 10.0), line("two", 0.0, 22.0), line("three", 0.0, 50.0), line("four", 0.0, 62.0)]],
            &["one|two", "three|four"],
        );
        check(&[vec![]], &[]);
        check(&[], &[]);
    }
}
