//! Several queries over time: their curves above each other, a table with a column each, and rows for programs.
//!
//! A curve has a character a period. Each is as high as its own highest, which stands behind it, so that a rare word's is
//! seen beside a frequent one's; the bars of the table have one scale, so that their heights can be compared.

use super::Style;
use super::flow::{fitted, width};
use super::sheet::{Cell, Column, Sheet};
use super::table::{Align, counted, lines, thousands};
use super::timeline::{FEW, NONE, Row, folded, notes_of, rows, tail};
use super::visible::line;
use crate::search::{Clause, Expansion, Of, Period, Trend, Unit};
use serde::Serialize;
use std::io::{self, Write};

/// Heights of a curve; the first is for nought.
const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// In a curve, a period of which the archive has no article.
const HOLE: char = '·';
/// In a curve, periods that are left out.
const LEFT_OUT: char = '…';
/// A bar shorter than this would tell nothing.
const SHORTEST_BAR: usize = 3;
/// The longest bar, in columns.
const LONGEST_BAR: usize = 30;
/// The least columns for a query in the list of curves, and for a curve.
const LEAST: usize = 16;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Hits as a part of all articles of the period.
    Share,
    /// Hits.
    Count,
}

/// A value of a curve, and of the period that it is for whether there is anything to be a part of.
fn value(trend: &Trend, series: usize, place: usize, measure: Measure) -> Option<f64> {
    let (series, period) = trend.series.get(series).zip(trend.periods.get(place))?;
    match measure {
        Measure::Share => series.share(place, period),
        Measure::Count if period.articles == 0 && trend.of == Of::Published => None,
        Measure::Count => Some(series.counts.get(place).copied().unwrap_or(0) as f64),
    }
}

/// A value for people.
fn shown(value: f64, measure: Measure) -> String {
    match measure {
        Measure::Share => format!("{:.1} %", value * 100.0),
        Measure::Count => thousands(value as usize),
    }
}

/// The letter that stands for a query in the table.
fn letter(series: usize) -> String {
    let place = u8::try_from(series).unwrap_or(u8::MAX);
    char::from(b'A'.saturating_add(place)).to_string()
}

/// The places of the periods that matter.
fn middle(trend: &Trend) -> std::ops::Range<usize> {
    trend.middle.clone().unwrap_or(0..trend.periods.len())
}

/// A curve of at most `room` columns. Where there are more periods, neighbours are taken together.
fn curve(trend: &Trend, series: usize, measure: Measure, room: usize) -> String {
    let places: Vec<usize> = middle(trend).collect();
    let together = places.len().div_ceil(room.max(1)).max(1);
    let mut points = Vec::new();
    for group in places.chunks(together) {
        if group.iter().any(|place| trend.periods.get(*place).is_some_and(|period| period.left_out > 0)) {
            points.push(None);
        }
        let values = group.iter().filter_map(|place| value(trend, series, *place, measure));
        let values: Vec<f64> = values.collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        points.push(Some((!values.is_empty()).then_some(mean)));
    }
    // A thin period may stand out by chance; then it ends at the top.
    let highest = highest(trend, series, measure).map_or(0.0, |(_, value)| value);
    let highest = points.iter().flatten().flatten().copied().fold(0.0, f64::max).min(highest);
    let height = |value: f64| {
        let steps = (HEIGHTS.len() - 1) as f64;
        let step = if value > 0.0 { (value / highest * steps).ceil().clamp(1.0, steps) } else { 0.0 };
        HEIGHTS.get(step as usize).copied().unwrap_or(HOLE)
    };
    points.iter().map(|point| point.map_or(LEFT_OUT, |value| value.map_or(HOLE, height))).collect()
}

/// The period in which a curve is highest, with its value: of those that are not thin, where any has a hit.
fn highest(trend: &Trend, series: usize, measure: Measure) -> Option<(&Period, f64)> {
    let of = |thin: bool| {
        let mut highest: Option<(&Period, f64)> = None;
        for place in middle(trend) {
            let found = trend.periods.get(place).zip(value(trend, series, place, measure));
            let counts = |(period, value): &(&Period, f64)| {
                (thin || !period.thin) && *value > highest.map_or(0.0, |known| known.1)
            };
            highest = found.filter(counts).or(highest);
        }
        highest
    };
    of(false).or_else(|| of(true))
}

/// Writes the curves, and below them a table with a row a period.
///
/// # Errors
/// When `out` takes nothing more.
pub fn text(trend: &Trend, names: &[String], measure: Measure, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if trend.periods.is_empty() {
        return Ok(());
    }
    curves(trend, names, measure, style, out)?;
    writeln!(out)?;
    table(trend, measure, style, out)
}

fn curves(trend: &Trend, names: &[String], measure: Measure, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (place, (series, name)) in trend.series.iter().zip(names).enumerate() {
        let peak = highest(trend, place, measure);
        let peak = peak.map(|(period, value)| format!("highest {} in {}", shown(value, measure), period.period));
        rows.push(vec![
            letter(place),
            line(name, style.escapes()).into_owned(),
            counted(series.results.total, "article"),
            String::new(),
            peak.unwrap_or_default(),
        ]);
    }
    let widest =
        |column: usize| rows.iter().map(|row| row.get(column).map_or(0, |cell| width(cell))).max().unwrap_or(0);
    let indent = widest(0) + 2;
    let free = style.width.saturating_sub(indent + widest(2) + widest(4) + 3 * 2);
    let name = widest(1).min((free / 2).max(LEAST));
    let room = free.saturating_sub(name);
    // A curve that would have to be pressed together has a line of its own.
    let beside = middle(trend).len() <= room;
    for (place, row) in rows.iter_mut().enumerate() {
        if let [_, query, _, of_query, _] = row.as_mut_slice() {
            *query = fitted(query, if beside { name } else { name + room });
            if beside {
                *of_query = curve(trend, place, measure, room);
            }
        }
    }
    let aligned = [Align::Left, Align::Left, Align::Right, Align::Left, Align::Left];
    for (place, line) in lines(&aligned, &rows).iter().enumerate() {
        writeln!(out, "{line}")?;
        if !beside {
            let room = style.width.saturating_sub(indent).max(LEAST);
            writeln!(out, "{}{}", " ".repeat(indent), curve(trend, place, measure, room))?;
        }
    }
    Ok(())
}

fn table(trend: &Trend, measure: Measure, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let heading = if trend.of == Of::Published { "published" } else { "speaks of" };
    let rows = rows(&trend.periods, trend.middle.as_ref());
    let queries = trend.series.len();
    let (mut aligned, mut head) = (vec![Align::Left, Align::Right], vec![heading.to_owned(), "of all".to_owned()]);
    for place in 0..queries {
        aligned.extend([Align::Right, Align::Left]);
        head.extend([letter(place), String::new()]);
    }
    aligned.push(Align::Left);
    let highest = (0..queries).filter_map(|series| highest(trend, series, measure)).map(|(_, value)| value);
    let highest = highest.fold(0.0, f64::max);
    let mut table = vec![head];
    let mut remarks = vec![String::new()];
    for row in &rows {
        let (mut cells, remark) = match row {
            Row::Run(empty, without) => (vec!["…".to_owned()], folded(trend.of, trend.by, *empty, *without)),
            Row::Tail(periods, which) => (vec!["…".to_owned()], tail(trend.by, periods, which)),
            Row::Period(place) => {
                let Some(period) = trend.periods.get(*place) else { continue };
                let mut cells = vec![period.period.clone(), thousands(period.articles)];
                for series in 0..queries {
                    let value = value(trend, series, *place, measure);
                    cells.extend([value.map(|value| shown(value, measure)).unwrap_or_default(), String::new()]);
                }
                let empty = period.articles == 0 && trend.of == Of::Published;
                (
                    cells,
                    if empty {
                        NONE
                    } else if period.thin {
                        FEW
                    } else {
                        ""
                    }
                    .to_owned(),
                )
            }
        };
        cells.resize(2 + 2 * queries, String::new());
        table.push(cells);
        remarks.push(remark);
    }
    // Of what the numbers leave, the bars take the same each.
    let taken: usize = lines(&aligned, &table).iter().map(|line| width(line)).max().unwrap_or(0);
    let of_period = of_period(&rows);
    let beside = remarks.iter().zip(&of_period).filter(|(_, is)| **is).map(|(remark, _)| width(remark));
    let beside = beside.max().map_or(0, |widest| if widest > 0 { widest + 2 } else { 0 });
    let free = style.width.saturating_sub(taken + beside + 2 * queries);
    let longest = (free / queries.max(1)).min(LONGEST_BAR);
    if longest >= SHORTEST_BAR && highest > 0.0 {
        for (cells, row) in table.iter_mut().skip(1).zip(&rows) {
            let Row::Period(place) = row else { continue };
            for series in 0..queries {
                let value = value(trend, series, *place, measure).unwrap_or(0.0);
                if let Some(cell) = cells.get_mut(3 + 2 * series) {
                    let part = (value / highest).min(1.0);
                    *cell = "▪".repeat((part * longest as f64).ceil() as usize);
                }
            }
        }
    }
    for ((cells, remark), is_period) in table.iter_mut().zip(remarks).zip(of_period) {
        if is_period {
            cells.push(remark);
        } else if let Some(cell) = cells.first_mut() {
            // What is folded is said across the columns.
            cell.push_str(&format!("  {remark}"));
            cells.truncate(1);
        }
    }
    spread(&aligned, &table, out)
}

/// For the heading and each row whether it is of one period.
fn of_period(rows: &[Row<'_>]) -> Vec<bool> {
    std::iter::once(true).chain(rows.iter().map(|row| matches!(row, Row::Period(_)))).collect()
}

/// Writes a table in which rows of one cell have no part in the widths of the columns.
fn spread(aligned: &[Align], table: &[Vec<String>], out: &mut dyn Write) -> io::Result<()> {
    let whole: Vec<Vec<String>> = table.iter().filter(|row| row.len() > 1).cloned().collect();
    let mut whole = lines(aligned, &whole).into_iter();
    for row in table {
        match row.as_slice() {
            [only] => writeln!(out, "{only}")?,
            _ => writeln!(out, "{}", whole.next().unwrap_or_default())?,
        }
    }
    Ok(())
}

/// What stands in no period, what marks mean, and how far two curves go together, a line each.
pub fn notes(trend: &Trend) -> Vec<String> {
    let mut notes = Vec::new();
    let several = trend.series.len() > 1;
    for (place, series) in trend.series.iter().enumerate() {
        let of = notes_of(trend.of, trend.by, series.undated, series.coarser);
        notes.extend(of.into_iter().map(|note| if several { format!("{}: {note}", letter(place)) } else { note }));
    }
    if trend.periods.iter().any(|period| period.thin) {
        notes.push(super::timeline::few(trend.by));
    }
    if let Some((r, periods)) = trend.correlation() {
        let periods = counted(periods, trend.by.name());
        notes.push(format!("correlation of the shares of A and B: {r:.2} over {periods}"));
    }
    notes
}

/// The columns of a row for a period and a query.
const COLUMNS: [Column; 8] = [
    Column::text("period", "period"),
    Column::text("first", "first").for_programs(),
    Column::text("last", "last").for_programs(),
    Column::text("query", "query"),
    Column::number("count", "articles"),
    Column::number("articles", "of all"),
    Column::number("share", "share"),
    Column::text("thin", "few articles"),
];

/// A row a period and query: what a spreadsheet pivots, and what R and pandas plot.
pub fn sheet(trend: &Trend, names: &[String]) -> Sheet {
    let mut sheet = Sheet::new(&COLUMNS);
    for (place, period) in trend.periods.iter().enumerate() {
        for (series, name) in trend.series.iter().zip(names) {
            sheet.rows.push(vec![
                period.period.as_str().into(),
                period.first.as_str().into(),
                period.last.as_str().into(),
                name.as_str().into(),
                series.counts.get(place).copied().unwrap_or(0).into(),
                period.articles.into(),
                series.share(place, period).map_or(Cell::None, Cell::Share),
                Cell::Flag(period.thin),
            ]);
        }
    }
    sheet
}

/// A trend as JSON has it.
#[derive(Serialize)]
struct Shape<'a, T> {
    by: Unit,
    of: Of,
    articles: usize,
    took_ms: u64,
    queries: Vec<QueryShape<'a>>,
    correlation: Option<Correlation>,
    left_out: usize,
    points: T,
}

/// How far two curves go together.
#[derive(Serialize)]
struct Correlation {
    r: f64,
    periods: usize,
}

/// A query as JSON has it.
#[derive(Serialize)]
struct QueryShape<'a> {
    name: &'a str,
    query: &'a str,
    parsed: &'a str,
    total: usize,
    undated: usize,
    coarser: usize,
    expansions: &'a [Expansion],
    warnings: &'a [String],
    #[serde(skip_serializing_if = "<[Clause]>::is_empty")]
    diagnosis: &'a [Clause],
}

/// For JSON, without the number of the schema.
pub fn shape<'a>(trend: &'a Trend, names: &'a [String], took_ms: u64, sheet: &'a Sheet) -> impl Serialize + 'a {
    let queries = trend.series.iter().zip(names).map(|(series, name)| QueryShape {
        name,
        query: &series.results.query,
        parsed: &series.results.parsed,
        total: series.results.total,
        undated: series.undated,
        coarser: series.coarser,
        expansions: &series.results.expansions,
        warnings: &series.results.warnings,
        diagnosis: &series.results.diagnosis,
    });
    Shape {
        by: trend.by,
        of: trend.of,
        articles: trend.series.first().map_or(0, |series| series.results.articles),
        took_ms,
        queries: queries.collect(),
        correlation: trend.correlation().map(|(r, periods)| Correlation { r: (r * 1e4).round() / 1e4, periods }),
        left_out: trend.periods.iter().map(|period| period.left_out).sum(),
        points: sheet.objects(),
    }
}

/// The receipts of all queries, each line once.
pub fn receipts(trend: &Trend, took_ms: u64, same_index: &str) -> Vec<String> {
    let (mut own, mut shared): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for (place, series) in trend.series.iter().enumerate() {
        let lines = super::receipt(&series.results, same_index);
        for (number, line) in lines.into_iter().enumerate() {
            if number == 0 && series.results.total > 0 {
                // How many there are stands beside the curve.
                continue;
            }
            if line.starts_with("searched ") || line.starts_with("warning: ") || line.starts_with("the index has no") {
                if !shared.contains(&line) {
                    shared.push(line);
                }
            } else if number == 0 {
                own.push(format!("{}: {line}", letter(place)));
            } else {
                own.push(line);
            }
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    own.retain(|line| seen.insert(line.clone()));
    if trend.series.iter().any(|series| series.results.total > 0) {
        own.push(format!("compared in {took_ms} ms"));
    }
    own.extend(shared);
    own
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{Results, Series};

    /// Months from January 2024 on with all articles and the hits of two queries.
    fn trend(counts: &[(usize, usize, usize)]) -> Trend {
        let period = |(month, (articles, one, other)): (usize, &(usize, usize, usize))| Period {
            period: format!("2024-{month:02}"),
            articles: *articles,
            count: *one.max(other),
            ..Period::default()
        };
        let series = |counts: Vec<usize>| {
            let results = Results { total: counts.iter().sum(), ..Results::default() };
            Series { results, counts, ..Series::default() }
        };
        Trend {
            series: vec![
                series(counts.iter().map(|count| count.1).collect()),
                series(counts.iter().map(|count| count.2).collect()),
            ],
            periods: (1..).zip(counts).map(period).collect(),
            ..Trend::default()
        }
    }

    fn shown(trend: &Trend, measure: Measure, width: usize) -> String {
        let mut out = Vec::new();
        let names = ["treaty".to_owned(), "rain".to_owned()];
        text(trend, &names, measure, &Style { width, ..Style::default() }, &mut out)
            .expect("a vector takes everything");
        String::from_utf8(out).expect("it is text")
    }

    #[test]
    fn curves_have_their_own_scale_and_bars_one() {
        let mut trend = trend(&[(100, 10, 1), (100, 20, 0), (0, 0, 0), (1, 1, 1), (100, 40, 2)]);
        trend.periods[3].thin = true;
        assert_eq!(
            shown(&trend, Measure::Share, 80),
            "\
A  treaty  71 articles  ▃▅·██  highest 40.0 % in 2024-05
B  rain     4 articles  ▅▁·██  highest 2.0 % in 2024-05

published  of all        A                       B
2024-01       100   10.0 %  ▪▪▪▪             1.0 %  ▪
2024-02       100   20.0 %  ▪▪▪▪▪▪▪          0.0 %
2024-03         0                                                  no articles
2024-04         1  100.0 %  ▪▪▪▪▪▪▪▪▪▪▪▪▪  100.0 %  ▪▪▪▪▪▪▪▪▪▪▪▪▪  few articles
2024-05       100   40.0 %  ▪▪▪▪▪▪▪▪▪▪▪▪▪    2.0 %  ▪
"
        );
        let counts = shown(&trend, Measure::Count, 60);
        assert!(counts.contains("highest 40 in 2024-05") && counts.contains("\n2024-02       100  20  ▪"), "{counts}");
        assert!(counts.lines().all(|line| width(line) <= 60), "{counts}");
        assert_eq!(shown(&Trend::default(), Measure::Share, 80), "");
    }

    #[test]
    fn long_curves_have_a_line_of_their_own() {
        let trend = trend(&[(10, 1, 2); 40]);
        let text = shown(&trend, Measure::Count, 60);
        let second = format!("   {}", "█".repeat(40));
        assert_eq!(text.lines().nth(1), Some(second.as_str()), "{text}");
        // Of more periods than there are columns, neighbours are taken together.
        assert_eq!(curve(&trend, 0, Measure::Count, 15), "█".repeat(14));
    }
}
