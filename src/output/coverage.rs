//! What an archive has of each source in each period: a heat map with the holes below it, and rows for programs.
//!
//! Where few periods are shown, their numbers are; else a shade stands for each, and a legend says for which numbers.

use super::Style;
use super::flow::{fitted, width};
use super::sheet::{Cell, Column, Sheet};
use super::table::{Align, counted, lines, thousands};
use super::visible::line;
use crate::search::{Amount, Coverage, Covered, Hole, Stretch, Unit};
use serde::Serialize;
use std::io::{self, Write};

/// Shades, the lightest first.
const SHADES: [char; 4] = ['░', '▒', '▓', '█'];
/// A period without an article between the first and the last of a source.
const EMPTY: char = '·';
/// What stands for articles that name no source.
const NO_SOURCE: &str = "(no source)";
/// The widest name of a source, in columns.
const WIDEST: usize = 28;
/// The fewest periods of a line of the map.
const FEWEST: usize = 12;

/// From how many articles on each shade stands: each step is as many times more as the one before.
fn steps(most: usize) -> [usize; 4] {
    let root = (most as f64).powf(1.0 / SHADES.len() as f64);
    let mut steps = [1; 4];
    for (power, step) in steps.iter_mut().enumerate().skip(1) {
        *step = root.powi(power as i32).ceil() as usize;
    }
    // Where there are few articles, the steps are at least one apart.
    for place in 1..steps.len() {
        steps[place] = steps[place].max(steps[place - 1] + 1);
    }
    steps
}

/// The shade of a number of articles.
fn shade(count: usize, steps: &[usize; 4]) -> char {
    let place = steps.iter().rposition(|step| count >= *step);
    place.and_then(|place| SHADES.get(place)).copied().unwrap_or(EMPTY)
}

/// A source for people.
fn name(source: &Covered) -> &str {
    source.source.as_deref().unwrap_or(NO_SOURCE)
}

/// The counts of a source in all periods; none before the first article of the source and behind the last.
fn hits(source: &Covered, periods: usize) -> Vec<Option<usize>> {
    let mut counts = vec![None; periods];
    let (Some(first), Some(last)) = (source.cells.first(), source.cells.last()) else { return counts };
    for count in counts.iter_mut().take(last.place + 1).skip(first.place) {
        *count = Some(0);
    }
    for Amount { place, hits, .. } in &source.cells {
        if let Some(count) = counts.get_mut(*place) {
            *count = Some(*hits);
        }
    }
    counts
}

/// Writes the map: the first `limit` sources, 0 for all.
///
/// # Errors
/// When `out` takes nothing more.
pub fn text(coverage: &Coverage, limit: usize, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let shown = if limit == 0 { coverage.sources.len() } else { limit };
    let sources: Vec<&Covered> = coverage.sources.iter().take(shown).collect();
    if sources.is_empty() {
        return Ok(());
    }
    let periods = coverage.periods.len();
    let counts: Vec<Vec<Option<usize>>> = sources.iter().map(|source| hits(source, periods)).collect();
    let most = counts.iter().flatten().flatten().copied().max().unwrap_or(0);
    let steps = steps(most);
    let cut = |name: &str| fitted(&line(name, style.escapes()), WIDEST);
    let mut rows = vec![vec!["source".to_owned(), "articles".to_owned()]];
    rows.extend(sources.iter().map(|source| vec![cut(name(source)), thousands(source.hits)]));
    // The numbers themselves, where all of them fit.
    let mut numbers = rows.clone();
    let mut aligned = vec![Align::Left, Align::Right];
    for (place, period) in coverage.periods.iter().enumerate() {
        aligned.push(Align::Right);
        numbers[0].push(period.period.clone());
        for (row, counts) in numbers.iter_mut().skip(1).zip(&counts) {
            row.push(match counts.get(place).copied().flatten() {
                None => String::new(),
                Some(0) => EMPTY.to_string(),
                Some(count) => format!("{} {}", thousands(count), shade(count, &steps)),
            });
        }
    }
    let table = lines(&aligned, &numbers);
    if table.iter().all(|line| width(line) <= style.width) {
        return table.iter().try_for_each(|line| writeln!(out, "{line}"));
    }
    let left = lines(&[Align::Left, Align::Right], &rows);
    let taken = left.iter().map(|line| width(line)).max().unwrap_or(0) + 2;
    let room = whole(coverage.by, style.width.saturating_sub(taken).max(FEWEST));
    for start in (0..periods).step_by(room) {
        let end = (start + room).min(periods);
        if start > 0 {
            writeln!(out)?;
        }
        for (place, line) in left.iter().enumerate() {
            let map: String = match place.checked_sub(1).and_then(|place| counts.get(place)) {
                None => head(coverage, start, end),
                Some(counts) => {
                    counts.get(start..end).unwrap_or(&[]).iter().map(|count| cell(*count, &steps)).collect()
                }
            };
            let gap = " ".repeat(taken - width(line));
            writeln!(out, "{}", format!("{line}{gap}{map}").trim_end())?;
        }
    }
    writeln!(out, "{}", legend(&steps, most))
}

/// One character of the map.
fn cell(count: Option<usize>, steps: &[usize; 4]) -> char {
    count.map_or(' ', |count| shade(count, steps))
}

/// As many periods as make whole years, where a line has room for any.
fn whole(by: Unit, room: usize) -> usize {
    let year = match by {
        Unit::Month => 12,
        Unit::Quarter => 4,
        _ => 1,
    };
    (room / year).max(1) * year
}

/// The heading of a line of the map: each year, or decade, where it begins and there is room for it.
fn head(coverage: &Coverage, start: usize, end: usize) -> String {
    let mut head = String::new();
    let begins = |periods: &[Stretch], place: usize| {
        periods.get(place).is_some_and(|period| match coverage.by {
            Unit::Month => period.period.ends_with("-01"),
            Unit::Quarter => period.period.ends_with("-Q1"),
            _ => true,
        })
    };
    for (place, period) in coverage.periods.iter().enumerate().take(end).skip(start) {
        let label = match coverage.by {
            Unit::Month | Unit::Quarter => period.period.rsplit_once('-').map_or("", |(year, _)| year),
            _ => &period.period,
        };
        let at = place - start;
        // A label stands free of the one before it. The first begins in the middle of a year where the next is far enough.
        let free = at == 0 || at > head.chars().count();
        let next = || (place + 1..=place + label.len()).any(|next| begins(&coverage.periods, next));
        if free && (begins(&coverage.periods, place) || (at == 0 && !next())) {
            head.extend(std::iter::repeat_n(' ', at - head.chars().count()));
            head.push_str(label);
        }
    }
    head
}

/// What the shades stand for.
fn legend(steps: &[usize; 4], most: usize) -> String {
    let mut parts = Vec::new();
    for (place, (shade, from)) in SHADES.iter().zip(steps).enumerate().filter(|(_, (_, from))| **from <= most) {
        let next = steps.get(place + 1).filter(|next| **next <= most);
        parts.push(match next {
            Some(next) if next - 1 == *from => format!("{shade} {}", thousands(*from)),
            Some(next) => format!("{shade} {} to {}", thousands(*from), thousands(next - 1)),
            None if *from == most => format!("{shade} {}", thousands(*from)),
            None => format!("{shade} {} to {}", thousands(*from), thousands(most)),
        });
    }
    parts.push(format!("{EMPTY} none"));
    parts.join("   ")
}

/// A hole in words: `no articles 2019-03 to 2019-07`.
fn hole(hole: &Hole, source: &Covered) -> String {
    let time = match hole.periods {
        1 => format!("in {}", hole.first.period),
        _ => format!("{} to {}", hole.first.period, hole.last.period),
    };
    format!("{}: no articles {time}", name(source))
}

/// The holes of sources, what stands in no period, and how many sources are not shown, a line each.
pub fn notes(coverage: &Coverage, limit: usize) -> Vec<String> {
    let mut notes = Vec::new();
    let shown = if limit == 0 { coverage.sources.len() } else { limit };
    for source in coverage.sources.iter().take(shown) {
        notes.extend(source.holes.iter().map(|of_source| hole(of_source, source)));
    }
    let of_all = |part: fn(&Covered) -> usize| coverage.sources.iter().map(part).sum::<usize>();
    let (undated, coarser) = (of_all(|source| source.undated), of_all(|source| source.coarser));
    if undated > 0 {
        notes.push(format!("undated: {}", counted(undated, "article")));
    }
    if coarser > 0 {
        let (are, count) = if coarser == 1 { ("is", "counts") } else { ("are", "count") };
        let unit = coverage.by.name();
        let articles = counted(coarser, "article");
        notes.push(format!("coarser than a {unit}: {articles} {are} dated less exactly and {count} in no {unit}"));
    }
    let left_out = coverage.sources.len().saturating_sub(shown);
    if left_out > 0 {
        notes.push(format!("{} more; `-n 0` lists all", counted(left_out, "source")));
    }
    notes
}

/// The columns of a row for a source and a period.
const COLUMNS: [Column; 8] = [
    Column::text("source", "source"),
    Column::text("period", "period"),
    Column::text("first", "first").for_programs(),
    Column::text("last", "last").for_programs(),
    Column::number("count", "articles"),
    Column::number("articles", "of all"),
    Column::number("share", "share"),
    Column::text("hole", "hole"),
];

/// A row a source and period, from the first period with an article of the source to the last; and one with no period for
/// those of its hits that stand in none.
pub fn sheet(coverage: &Coverage, limit: usize) -> Sheet {
    let mut sheet = Sheet::new(&COLUMNS);
    let shown = if limit == 0 { coverage.sources.len() } else { limit };
    for source in coverage.sources.iter().take(shown) {
        let mut cells = source.cells.iter().peekable();
        let ends = source.cells.first().zip(source.cells.last());
        for place in ends.into_iter().flat_map(|(first, last)| first.place..=last.place) {
            let Some(period) = coverage.periods.get(place) else { continue };
            let none = Amount { place, ..Amount::default() };
            let amount = *cells.next_if(|cell| cell.place == place).unwrap_or(&none);
            let in_hole =
                source.holes.iter().any(|hole| hole.first.first <= period.first && period.last <= hole.last.last);
            sheet.rows.push(vec![
                source.source.as_deref().into(),
                period.period.as_str().into(),
                period.first.as_str().into(),
                period.last.as_str().into(),
                amount.hits.into(),
                amount.articles.into(),
                match amount.articles {
                    0 => Cell::None,
                    articles => Cell::Share(amount.hits as f64 / articles as f64),
                },
                Cell::Flag(in_hole),
            ]);
        }
        if source.undated + source.coarser > 0 {
            let mut row = vec![Cell::None; COLUMNS.len()];
            row.splice(0..1, [source.source.as_deref().into()]);
            row.splice(4..5, [(source.undated + source.coarser).into()]);
            sheet.rows.push(row);
        }
    }
    sheet
}

/// A source as JSON has it, beside the rows.
#[derive(Serialize)]
struct SourceShape<'a> {
    source: Option<&'a str>,
    count: usize,
    undated: usize,
    coarser: usize,
    holes: Vec<HoleShape<'a>>,
}

/// A hole as JSON has it.
#[derive(Serialize)]
struct HoleShape<'a> {
    from: &'a str,
    to: &'a str,
    first: &'a str,
    last: &'a str,
    periods: usize,
    expected: f64,
}

/// What JSON says of the sources beside the rows.
pub fn sources(coverage: &Coverage, limit: usize) -> impl Serialize + '_ {
    let shown = if limit == 0 { coverage.sources.len() } else { limit };
    coverage.sources.iter().take(shown).map(SourceShape::of).collect::<Vec<_>>()
}

impl SourceShape<'_> {
    fn of(covered: &Covered) -> SourceShape<'_> {
        let holes = covered.holes.iter().map(|hole| HoleShape {
            from: &hole.first.period,
            to: &hole.last.period,
            first: &hole.first.first,
            last: &hole.last.last,
            periods: hole.periods,
            expected: (hole.expected * 10.0).round() / 10.0,
        });
        SourceShape {
            source: covered.source.as_deref(),
            count: covered.hits,
            undated: covered.undated,
            coarser: covered.coarser,
            holes: holes.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(year: usize, month: usize) -> Stretch {
        let period = format!("{year}-{month:02}");
        Stretch { first: format!("{period}-01"), last: format!("{period}-28"), period }
    }

    /// Months from November 2018 on with the hits of two sources; of the second one all of an archive twice as large.
    fn coverage(counts: [&[usize]; 2]) -> Coverage {
        let months = (0..).map(|n| stretch(2018 + (10 + n) / 12, (10 + n) % 12 + 1));
        let source = |name: Option<&str>, counts: &[usize], times: usize| Covered {
            source: name.map(str::to_owned),
            hits: counts.iter().sum::<usize>() + 3,
            undated: 2,
            coarser: 1,
            cells: (0..)
                .zip(counts)
                .filter(|(_, hits)| **hits > 0)
                .map(|(place, hits)| Amount { place, hits: *hits, articles: hits * times })
                .collect(),
            holes: Vec::new(),
        };
        let longest = counts.iter().map(|counts| counts.len()).max().unwrap_or(0);
        Coverage {
            by: Unit::Month,
            periods: months.take(longest).collect(),
            sources: vec![source(Some("Harbour Wire"), counts[0], 1), source(None, counts[1], 2)],
            ..Coverage::default()
        }
    }

    fn shown(coverage: &Coverage, width: usize) -> String {
        let mut out = Vec::new();
        text(coverage, 0, &Style { width, ..Style::default() }, &mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("it is text")
    }

    #[test]
    fn few_periods_have_numbers() {
        assert_eq!(
            shown(&coverage([&[1200, 0, 3], &[0, 20, 0]]), 80),
            "\
source        articles  2018-11  2018-12  2019-01
Harbour Wire     1,206  1,200 █        ·      3 ░
(no source)         23              20 ▒
"
        );
        assert_eq!(shown(&Coverage::default(), 80), "");
    }

    #[test]
    fn many_periods_have_shades() {
        let mut one = vec![1; 14];
        one.extend([0, 0, 10, 100, 1000, 9999, 5]);
        let mut map = coverage([&one, &[0, 0, 0, 7, 0, 7]]);
        assert_eq!(
            shown(&map, 80),
            "\
source        articles    2019        2020
Harbour Wire    11,131  ░░░░░░░░░░░░░░··▒▓██░
(no source)         17     ░·░
░ 1 to 9   ▒ 10 to 99   ▓ 100 to 999   █ 1,000 to 9,999   · none
"
        );
        let hole = Hole { first: stretch(2020, 1), last: stretch(2020, 2), periods: 2, expected: 6.25 };
        map.sources[0].holes = vec![hole.clone(), Hole { last: stretch(2020, 1), periods: 1, ..hole }];
        assert_eq!(
            notes(&map, 1),
            [
                "Harbour Wire: no articles 2020-01 to 2020-02",
                "Harbour Wire: no articles in 2020-01",
                "undated: 4 articles",
                "coarser than a month: 2 articles are dated less exactly and count in no month",
                "1 source more; `-n 0` lists all",
            ]
        );
    }

    #[test]
    fn shades_stand_for_numbers() {
        for (most, expected) in [
            (0, "· none"),
            (1, "░ 1   · none"),
            (3, "░ 1   ▒ 2   ▓ 3   · none"),
            (16, "░ 1   ▒ 2 to 3   ▓ 4 to 7   █ 8 to 16   · none"),
            (10_000, "░ 1 to 9   ▒ 10 to 99   ▓ 100 to 999   █ 1,000 to 10,000   · none"),
        ] {
            assert_eq!(legend(&steps(most), most), expected);
        }
    }
}
