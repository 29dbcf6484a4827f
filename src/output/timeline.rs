//! Articles by periods of the calendar: a table with bars, JSON, CSV.
//!
//! Of a table the shares say how much of the archive a count is; where the archive has no article or few, that is said
//! beside the count, so that a hole in the archive is not taken for one in the news. Long runs of periods without a hit are
//! folded into one line.

use super::Style;
use super::flow::width;
use super::sheet::{Cell, Column, Sheet};
use super::table::{Align, counted, lines, thousands};
use crate::search::{Expansion, Of, Period, Timeline, Unit};
use serde::Serialize;
use std::io::{self, Write};
use std::ops::Range;

/// The longest run of periods without a hit that a table lists one by one.
const LONGEST_RUN: usize = 3;
/// How short the bar of the most hits may become, in columns, where the lines are short.
const SHORTEST_BAR: usize = 10;
/// Beside a period of which the archive has no article.
pub(super) const NONE: &str = "no articles";
/// Beside a period of which the archive has few.
pub(super) const FEW: &str = "few articles";

/// The part of the articles of a period that are hits, from 0 to 1; none where there are no articles.
fn share(period: &Period) -> Option<f64> {
    (period.articles > 0).then(|| (period.count as f64 / period.articles as f64 * 1e4).round() / 1e4)
}

/// A timeline as JSON has it.
#[derive(Serialize)]
struct Shape<'a> {
    query: &'a str,
    parsed: &'a str,
    total: usize,
    articles: usize,
    by: Unit,
    of: Of,
    undated: usize,
    coarser: usize,
    left_out: usize,
    expansions: &'a [Expansion],
    warnings: &'a [String],
    periods: Vec<PeriodShape<'a>>,
}

/// A period as JSON has it.
#[derive(Serialize)]
struct PeriodShape<'a> {
    period: &'a str,
    first: &'a str,
    last: &'a str,
    count: usize,
    articles: usize,
    share: Option<f64>,
    thin: bool,
}

impl PeriodShape<'_> {
    fn of(period: &Period) -> PeriodShape<'_> {
        PeriodShape {
            period: &period.period,
            first: &period.first,
            last: &period.last,
            count: period.count,
            articles: period.articles,
            share: share(period),
            thin: period.thin,
        }
    }
}

/// For JSON, without the number of the schema.
pub fn shape(timeline: &Timeline) -> impl Serialize + '_ {
    let results = &timeline.results;
    Shape {
        query: &results.query,
        parsed: &results.parsed,
        total: results.total,
        articles: results.articles,
        by: timeline.by,
        of: timeline.of,
        undated: timeline.undated,
        coarser: timeline.coarser,
        left_out: timeline.periods.iter().map(|period| period.left_out).sum(),
        expansions: &results.expansions,
        warnings: &results.warnings,
        periods: timeline.periods.iter().map(PeriodShape::of).collect(),
    }
}

/// A line of the table.
pub(super) enum Row<'a> {
    /// A period, by its place.
    Period(usize),
    /// So many periods without a hit, of so many of which the archive has no article.
    Run(usize, usize),
    /// Periods before the middle of a timeline, or behind it, and which they are.
    Tail(&'a [Period], &'static str),
}

/// The periods with long runs without a hit folded, and what lies around the middle.
pub(super) fn rows<'a>(all: &'a [Period], middle: Option<&Range<usize>>) -> Vec<Row<'a>> {
    let middle = middle.cloned().unwrap_or(0..all.len());
    let (before, rest) = all.split_at_checked(middle.start).unwrap_or((&[], all));
    let (periods, behind) = rest.split_at_checked(middle.len()).unwrap_or((rest, &[]));
    let mut rows = Vec::new();
    if !before.is_empty() {
        rows.push(Row::Tail(before, "earlier"));
    }
    let mut run: Vec<(usize, &Period)> = Vec::new();
    for (place, period) in (before.len()..).zip(periods) {
        if period.count == 0 {
            run.push((place, period));
            continue;
        }
        let left_out: usize = run.iter().map(|(_, empty)| empty.left_out).sum::<usize>() + period.left_out;
        if run.len() + left_out > LONGEST_RUN {
            let without = run.iter().filter(|(_, empty)| empty.articles == 0).count();
            rows.push(Row::Run(run.len() + left_out, without + left_out));
            run.clear();
        }
        rows.extend(run.drain(..).map(|(place, _)| Row::Period(place)));
        rows.push(Row::Period(place));
    }
    if !behind.is_empty() {
        rows.push(Row::Tail(behind, "later"));
    }
    rows
}

/// What is said of `empty` periods that are folded, of which the archive has no article of `without`.
pub(super) fn folded(of: Of, by: Unit, empty: usize, without: usize) -> String {
    let run = format!("{} without a hit", counted(empty, by.name()));
    match (of, without) {
        (_, 0) => run,
        (Of::Published, _) if without == empty => format!("{}, {NONE}", counted(empty, by.name())),
        (Of::Published, _) => format!("{run}, {NONE} in {}", thousands(without)),
        // Of most times no article speaks: that is no hole in the archive.
        (Of::Mentions, _) => run,
    }
}

/// What is said of periods before the middle, or behind it.
pub(super) fn tail(by: Unit, periods: &[Period], which: &str) -> String {
    let with_hits = periods.iter().filter(|period| period.count > 0).count();
    let most = periods.iter().map(|period| period.count).max().unwrap_or(0);
    format!("{which}: {} with at most {} each", counted(with_hits, by.name()), counted(most, "article"))
}

/// Writes a table: period, hits, all articles of the period, share, a bar.
///
/// # Errors
/// When `out` takes nothing more.
pub fn text(timeline: &Timeline, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if timeline.periods.is_empty() {
        return Ok(());
    }
    // Where every article is a hit, their number says all.
    let shares = timeline.periods.iter().any(|period| period.count != period.articles);
    let heading = match timeline.of {
        Of::Published => "published",
        Of::Mentions => "speaks of",
    };
    let cell = |shown: bool, text: String| if shown { text } else { String::new() };
    let mut table = vec![vec![
        heading.to_owned(),
        "articles".to_owned(),
        cell(shares, "of all".to_owned()),
        cell(shares, "share".to_owned()),
    ]];
    let rows = rows(&timeline.periods, timeline.middle.as_ref());
    table.extend(rows.iter().map(|row| match row {
        Row::Run(..) | Row::Tail(..) => vec!["…".to_owned()],
        Row::Period(place) => {
            let period = &timeline.periods[*place];
            let share = share(period).filter(|_| period.count > 0);
            vec![
                period.period.clone(),
                thousands(period.count),
                cell(shares, thousands(period.articles)),
                cell(shares, share.map(|share| format!("{:.1} %", share * 100.0)).unwrap_or_default()),
            ]
        }
    }));
    let table = lines(&[Align::Left, Align::Right, Align::Right, Align::Right], &table);
    let widest = table.iter().map(|line| width(line)).max().unwrap_or(0);
    let most = timeline.periods.iter().map(|period| period.count).max().unwrap_or(1).max(1);
    let beside = if timeline.periods.iter().any(|period| period.thin) { FEW.len() + 1 } else { 0 };
    let longest = style.width.saturating_sub(widest + 2 + beside).max(SHORTEST_BAR);
    let mut lines = table.iter();
    if let Some(heading) = lines.next() {
        writeln!(out, "{heading}")?;
    }
    for (line, row) in lines.zip(&rows) {
        let right = match row {
            Row::Run(empty, without) => folded(timeline.of, timeline.by, *empty, *without),
            Row::Tail(periods, which) => tail(timeline.by, periods, which),
            Row::Period(place) => {
                let period = &timeline.periods[*place];
                let bar = "▪".repeat((period.count * longest).div_ceil(most));
                let empty = period.articles == 0 && timeline.of == Of::Published;
                let mark = if empty {
                    NONE
                } else if period.thin {
                    FEW
                } else {
                    ""
                };
                let gap = if bar.is_empty() || mark.is_empty() { "" } else { " " };
                format!("{bar}{gap}{mark}")
            }
        };
        let room = if right.is_empty() { 0 } else { widest + 2 - width(line) };
        writeln!(out, "{line}{}{right}", " ".repeat(room))?;
    }
    Ok(())
}

/// What stands in no period, and what marks mean, a line each.
pub fn notes(timeline: &Timeline) -> Vec<String> {
    let mut notes = notes_of(timeline.of, timeline.by, timeline.undated, timeline.coarser);
    if timeline.periods.iter().any(|period| period.thin) {
        notes.push(few(timeline.by));
    }
    notes
}

/// What [`FEW`] means.
pub(super) fn few(by: Unit) -> String {
    format!("{FEW}: less than a quarter of what the archive has of a usual {}", by.name())
}

/// What is said of articles that stand in no period: `undated` ones, and `coarser` ones.
pub(super) fn notes_of(of: Of, by: Unit, undated: usize, coarser: usize) -> Vec<String> {
    let mut notes = Vec::new();
    let unit = by.name();
    if undated > 0 {
        let articles = counted(undated, "article");
        notes.push(match of {
            Of::Published => format!("undated: {articles}"),
            Of::Mentions => format!("without a date: {articles}"),
        });
    }
    if coarser > 0 {
        let articles = counted(coarser, "article");
        let one = coarser == 1;
        let (are, count, speak) = if one { ("is", "counts", "speaks") } else { ("are", "count", "speak") };
        notes.push(match of {
            Of::Published => {
                format!("coarser than a {unit}: {articles} {are} dated less exactly and {count} in no {unit}")
            }
            Of::Mentions => {
                format!("coarser than a {unit}: {articles} {speak} of longer times, which count in no {unit}")
            }
        });
    }
    notes
}

/// A row a period, for programs.
pub fn sheet(timeline: &Timeline) -> Sheet {
    let mut sheet = Sheet::new(&[
        Column::text("period", "period"),
        Column::text("first", "first"),
        Column::text("last", "last"),
        Column::number("count", "articles"),
        Column::number("articles", "of all"),
        Column::number("share", "share"),
        Column::text("thin", FEW),
    ]);
    let row = |period: &Period| {
        vec![
            period.period.as_str().into(),
            period.first.as_str().into(),
            period.last.as_str().into(),
            period.count.into(),
            period.articles.into(),
            share(period).map_or(Cell::None, Cell::Share),
            Cell::Flag(period.thin),
        ]
    };
    sheet.rows = timeline.periods.iter().map(row).collect();
    sheet
}

#[cfg(test)]
mod tests {
    use super::super::sheet;
    use super::*;
    use crate::search::Results;

    /// Months with hits and articles from January 2024 on.
    fn timeline(counts: &[(usize, usize)]) -> Timeline {
        let period = |(month, (count, articles)): (usize, &(usize, usize))| Period {
            period: format!("2024-{month:02}"),
            first: format!("2024-{month:02}-01"),
            last: format!("2024-{month:02}-28"),
            count: *count,
            articles: *articles,
            ..Period::default()
        };
        let total = counts.iter().map(|count| count.0).sum();
        let results = Results { query: "oil".into(), parsed: "oil".into(), total, articles: 9, ..Results::default() };
        Timeline { results, periods: (1..).zip(counts).map(period).collect(), ..Timeline::default() }
    }

    fn written(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("it is text")
    }

    fn shown(timeline: &Timeline, width: usize) -> String {
        written(|out| text(timeline, &Style { width, ..Style::default() }, out))
    }

    #[test]
    fn a_table_has_shares_bars_and_marks() {
        let mut timeline = timeline(&[(1200, 2400), (0, 2000), (0, 0), (1, 3), (600, 1800)]);
        timeline.periods[3].thin = true;
        assert_eq!(
            shown(&timeline, 67),
            "\
published  articles  of all   share
2024-01       1,200   2,400  50.0 %  ▪▪▪▪▪▪▪▪▪▪▪▪▪▪▪▪▪
2024-02           0   2,000
2024-03           0       0          no articles
2024-04           1       3  33.3 %  ▪ few articles
2024-05         600   1,800  33.3 %  ▪▪▪▪▪▪▪▪▪
"
        );
        assert_eq!(notes(&timeline), ["few articles: less than a quarter of what the archive has of a usual month"]);
    }

    #[test]
    fn a_table_of_all_articles_has_no_shares() {
        assert_eq!(
            shown(&timeline(&[(4, 4), (1, 1)]), 0),
            "published  articles\n2024-01           4  ▪▪▪▪▪▪▪▪▪▪\n2024-02           1  ▪▪▪\n"
        );
        assert_eq!(shown(&timeline(&[]), 80), "");
    }

    #[test]
    fn long_runs_are_folded() {
        let folded = |counts: &[(usize, usize)], left_out, of| {
            let mut timeline = Timeline { of, ..timeline(counts) };
            timeline.periods.last_mut().expect("there is one").left_out = left_out;
            shown(&timeline, 0).lines().nth(2).unwrap_or_default().trim_start_matches(['…', ' ']).to_owned()
        };
        let run = [(1, 1), (0, 0), (0, 2), (0, 2), (0, 2), (1, 1)];
        assert_eq!(folded(&run, 0, Of::Published), "4 months without a hit, no articles in 1");
        assert_eq!(folded(&run, 0, Of::Mentions), "4 months without a hit");
        assert_eq!(folded(&run[2..], 0, Of::Published), "2024-02           0       2");
        let few = [(1, 1), (0, 2), (0, 2), (0, 2), (1, 1)];
        assert_eq!(folded(&few, 0, Of::Published), "2024-02           0       2");
        assert_eq!(folded(&few, 1200, Of::Published), "1,203 months without a hit, no articles in 1,200");
        assert_eq!(folded(&[(1, 2), (1, 1)], 1200, Of::Published), "1,200 months, no articles");
    }

    #[test]
    fn what_lies_around_the_middle_is_one_line() {
        let mut timeline = timeline(&[(1, 1), (0, 0), (2, 2), (8, 8), (0, 0), (4, 4), (1, 1)]);
        timeline.middle = Some(3..6);
        assert_eq!(
            shown(&timeline, 0),
            "\
published  articles
…                    earlier: 2 months with at most 2 articles each
2024-04           8  ▪▪▪▪▪▪▪▪▪▪
2024-05           0  no articles
2024-06           4  ▪▪▪▪▪
…                    later: 1 month with at most 1 article each
"
        );
    }

    #[test]
    fn what_stands_in_no_period_is_said() {
        let with = |of, undated, coarser| notes(&Timeline { of, undated, coarser, ..Timeline::default() });
        assert_eq!(
            with(Of::Published, 1, 1),
            ["undated: 1 article", "coarser than a month: 1 article is dated less exactly and counts in no month"]
        );
        assert_eq!(
            with(Of::Mentions, 1000, 2),
            [
                "without a date: 1,000 articles",
                "coarser than a month: 2 articles speak of longer times, which count in no month"
            ]
        );
        assert!(with(Of::Mentions, 0, 0).is_empty());
    }

    #[test]
    fn programs_get_every_period() {
        let mut timeline = timeline(&[(1, 3), (0, 0)]);
        timeline.undated = 2;
        assert_eq!(
            written(|out| sheet::write(&sheet(&timeline), "csv", &Style::default(), out)),
            "\
period,first,last,count,articles,share,thin
2024-01,2024-01-01,2024-01-28,1,3,0.3333,false
2024-02,2024-02-01,2024-02-28,0,0,,false
"
        );
        assert_eq!(
            serde_json::to_string(&shape(&timeline)).expect("it is plain data"),
            "{\"query\":\"oil\",\"parsed\":\"oil\",\"total\":1,\"articles\":9,\"by\":\"month\",\"of\":\"published\",\
             \"undated\":2,\"coarser\":0,\"left_out\":0,\"expansions\":[],\"warnings\":[],\"periods\":[\
             {\"period\":\"2024-01\",\"first\":\"2024-01-01\",\"last\":\"2024-01-28\",\"count\":1,\"articles\":3,\
             \"share\":0.3333,\"thin\":false},\
             {\"period\":\"2024-02\",\"first\":\"2024-02-01\",\"last\":\"2024-02-28\",\"count\":0,\"articles\":0,\
             \"share\":null,\"thin\":false}]}"
        );
    }
}
