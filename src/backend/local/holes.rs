//! Says when a question looks into a hole of the archive: where it is restricted to a source, to days of publication or to
//! both, and the index has no article there.
//!
//! What a question does not restrict costs nothing. Of a source the articles are found by its term, of days alone the
//! columns of publication are read once.

use super::calendar::{self, Interval};
use super::coverage::holes;
use super::dates;
use super::opened::{self, Opened};
use super::schema;
use super::tally::Dates;
use crate::error::Result;
use crate::query::tree::{Tree, Value};
use crate::search::{Of, Unit};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use tantivy::Term;
use tantivy::columnar::StrColumn;

/// Sources of a question that are looked up, and stretches of days; of more, nothing is said.
const MOST: usize = 8;
/// Holes of a source that are named.
const NAMED: usize = 3;

/// What a question is restricted to.
struct Limits<'t> {
    /// Any of these sources; none for all.
    sources: Vec<&'t Value>,
    /// Any of these stretches of days; `i64::MIN` and `i64::MAX` where an end is open.
    days: Vec<Interval>,
}

impl<'t> Limits<'t> {
    fn of(tree: &'t Tree) -> Limits<'t> {
        let mut limits = Limits { sources: Vec::new(), days: vec![(i64::MIN, i64::MAX)] };
        limits.add(tree);
        limits
    }

    /// Narrows to what a part of the question that must hold asks for.
    fn add(&mut self, part: &'t Tree) {
        match part {
            Tree::And(parts) => parts.iter().for_each(|part| self.add(part)),
            Tree::Boost(inner, _) => self.add(inner),
            _ => {
                let any = match part {
                    Tree::Or(parts) => parts.as_slice(),
                    _ => std::slice::from_ref(part),
                };
                if let Some(sources) = any.iter().map(source).collect::<Option<Vec<_>>>() {
                    self.sources.extend(sources);
                } else if let Some(days) = any.iter().map(days).collect::<Option<Vec<_>>>() {
                    let known = std::mem::take(&mut self.days);
                    let both =
                        |(first, last): (i64, i64)| days.iter().map(move |day| (day.0.max(first), day.1.min(last)));
                    self.days = known.into_iter().flat_map(both).filter(|(first, last)| first <= last).collect();
                }
            }
        }
    }
}

/// The source that a part asks for.
fn source(part: &Tree) -> Option<&Value> {
    match part {
        Tree::Value(value) if value.field.name == "source" => Some(value),
        _ => None,
    }
}

/// The days of publication that a part asks for.
fn days(part: &Tree) -> Option<Interval> {
    match part {
        Tree::Days(days) if days.field.name == "published" => {
            Some((days.first.map_or(i64::MIN, schema::day_number), days.last.map_or(i64::MAX, schema::day_number)))
        }
        _ => None,
    }
}

/// The articles of a source, or all: how many each month has, and the dates that are longer than a month.
#[derive(Default)]
struct Articles {
    months: BTreeMap<i64, usize>,
    longer: Vec<Interval>,
    /// For each stretch of days that was asked for, whether any article may have been published then.
    met: Vec<bool>,
}

impl Articles {
    /// Adds so many of the same date.
    fn add(&mut self, asked: &[Interval], date: Interval, count: usize) {
        self.met.resize(asked.len(), false);
        for (met, days) in self.met.iter_mut().zip(asked) {
            *met |= date.0 <= days.1 && days.0 <= date.1;
        }
        if calendar::is_coarser(Unit::Month, date) {
            self.longer.push(date);
        }
        for month in calendar::touched(Unit::Month, date) {
            *self.months.entry(month).or_default() += count;
        }
    }
}

/// What to say of the holes that a question looks into, a line for each source.
pub(super) fn warnings(opened: &Opened, tree: &Tree) -> Result<Vec<String>> {
    let limits = Limits::of(tree);
    let unlimited = limits.sources.is_empty() && limits.days == [(i64::MIN, i64::MAX)];
    // Days that exclude each other leave nothing that could be missing.
    if unlimited || limits.days.is_empty() || limits.sources.len() > MOST || limits.days.len() > MOST {
        return Ok(Vec::new());
    }
    let mut warnings = Vec::new();
    if limits.sources.is_empty() {
        let mut articles = Articles::default();
        let dates = Dates::read(opened, &[], Of::Published)?;
        dates.each_published(|date, row| {
            articles.add(&limits.days, date, row.first().map_or(0, |count| *count as usize))
        });
        warnings.extend(warning("", &articles, &limits.days));
    }
    for source in &limits.sources {
        let (name, articles) = of_source(opened, source, &limits.days)?;
        warnings.extend(warning(&format!(" of {name}"), &articles, &limits.days));
    }
    Ok(warnings)
}

/// The name of a source as the index has it, and its articles.
fn of_source(opened: &Opened, source: &Value, asked: &[Interval]) -> Result<(String, Articles)> {
    let failed = |error| opened.failed("reading the days of", error);
    let mut columns = Vec::new();
    for segment in opened.searcher.segment_readers() {
        let names: Option<StrColumn> = segment.fast_fields().str(source.field.name).map_err(failed)?;
        columns.push((dates::published(segment).map_err(failed)?, names));
    }
    let mut name = None;
    let mut counts: FxHashMap<Interval, usize> = FxHashMap::default();
    let term = Term::from_field_text(opened.fields.source, &source.value);
    opened.each_document(&term, |_, address| {
        let Some(((first, last), names)) = columns.get(address.segment_ord as usize) else { return };
        if name.is_none() {
            name = names.as_ref().and_then(|names| opened::value(names, address.doc_id));
        }
        if let Some(date) = first.first(address.doc_id).zip(last.first(address.doc_id)) {
            *counts.entry(date).or_default() += 1;
        }
    })?;
    let mut articles = Articles::default();
    counts.into_iter().for_each(|(date, count)| articles.add(asked, date, count));
    Ok((name.unwrap_or_else(|| source.written.clone()), articles))
}

/// What is missing in the days that were asked for.
fn warning(of: &str, articles: &Articles, asked: &[Interval]) -> Option<String> {
    let empty = |(place, _): &(usize, &Interval)| !articles.met.get(*place).copied().unwrap_or(false);
    let mut missing: Vec<Interval> = asked.iter().enumerate().filter(empty).map(|(_, days)| *days).collect();
    for (run, _) in holes(Unit::Month, &articles.months, &articles.longer) {
        let ends = calendar::days(Unit::Month, *run.start()).zip(calendar::days(Unit::Month, *run.end()));
        let Some(((first, _), (_, last))) = ends else { continue };
        let (first, last) = (schema::day_number(first), schema::day_number(last));
        // Of all sources only what lies in a stretch with both ends is worth a word: else every question that begins
        // somewhere would be told of every hole.
        let worth = |days: &&Interval| !of.is_empty() || (days.0 != i64::MIN && days.1 != i64::MAX);
        let inside = asked.iter().filter(worth).map(|days| (days.0.max(first), days.1.min(last)));
        missing.extend(inside.filter(|(first, last)| first <= last));
    }
    missing.sort_unstable();
    // A stretch that is empty may lie in a hole.
    missing.dedup_by(|later, earlier| later.0 <= earlier.1 && later.1 <= earlier.1);
    // That a source has no article at all is said where nothing matches.
    missing.retain(|days| *days != (i64::MIN, i64::MAX));
    if missing.is_empty() {
        return None;
    }
    let mut listed: Vec<String> = missing.iter().take(NAMED).filter_map(|days| stretch(*days)).collect();
    match missing.len().saturating_sub(NAMED) {
        0 => {}
        1 => listed.push("at one more time (`dateline coverage` lists all)".to_owned()),
        more => listed.push(format!("at {more} more times (`dateline coverage` lists all)")),
    }
    let last = listed.pop()?;
    let all = if listed.is_empty() { last } else { format!("{} and {last}", listed.join(", ")) };
    Some(format!("no articles{of} in this index {all}"))
}

/// Days in words: whole years as years, whole months as months.
fn stretch((first, last): Interval) -> Option<String> {
    let open = |day: i64| day == i64::MIN || day == i64::MAX;
    let whole = |unit: Unit| {
        let begins = open(first) || {
            let number = calendar::number(unit, first)?;
            schema::day_number(calendar::days(unit, number)?.0) == first
        };
        let ends = open(last) || {
            let number = calendar::number(unit, last)?;
            schema::day_number(calendar::days(unit, number)?.1) == last
        };
        Some(begins && ends)
    };
    let unit = [Unit::Year, Unit::Month].into_iter().find(|unit| whole(*unit) == Some(true)).unwrap_or(Unit::Day);
    let name = |day: i64| {
        let number = calendar::number(unit, day)?;
        Some(calendar::name(unit, number, calendar::days(unit, number)?.0))
    };
    Some(match (open(first), open(last)) {
        (true, true) => return None,
        (true, false) => format!("up to {}", name(last)?),
        (false, true) => format!("from {} on", name(first)?),
        (false, false) => {
            let (from, to) = (name(first)?, name(last)?);
            let at = if unit == Unit::Day { "on" } else { "in" };
            if from == to { format!("{at} {from}") } else { format!("from {from} to {to}") }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query;

    fn day(text: &str) -> i64 {
        match text {
            "" => i64::MIN,
            "…" => i64::MAX,
            _ => schema::day_number(text.parse().expect("a day")),
        }
    }

    #[test]
    fn days_are_said_as_months_and_years_where_they_are_whole() {
        for (first, last, expected) in [
            ("2019-03-01", "2019-07-31", "from 2019-03 to 2019-07"),
            ("2019-03-01", "2019-03-31", "in 2019-03"),
            ("2019-01-01", "2019-12-31", "in 2019"),
            ("2019-01-01", "2020-12-31", "from 2019 to 2020"),
            ("2019-03-02", "2019-07-31", "from 2019-03-02 to 2019-07-31"),
            ("2019-03-02", "2019-03-02", "on 2019-03-02"),
            ("", "1950-12-31", "up to 1950"),
            ("2019-03-01", "…", "from 2019-03 on"),
            ("2019-03-02", "…", "from 2019-03-02 on"),
        ] {
            assert_eq!(stretch((day(first), day(last))).as_deref(), Some(expected));
        }
    }

    #[test]
    fn only_what_must_hold_restricts() {
        for (query, sources, days) in [
            ("treaty", 0, vec![("", "…")]),
            ("source:a treaty", 1, vec![("", "…")]),
            ("source:a OR treaty", 0, vec![("", "…")]),
            ("-source:a published:2019", 0, vec![("2019-01-01", "2019-12-31")]),
            ("(source:a OR source:b) published:2019.. published:..2020-06", 2, vec![("2019-01-01", "2020-06-30")]),
            ("published:2018 OR published:2020", 0, vec![("2018-01-01", "2018-12-31"), ("2020-01-01", "2020-12-31")]),
            ("published:2018 published:2020", 0, vec![]),
            ("mentions-date:2018", 0, vec![("", "…")]),
        ] {
            let tree = query::parse(query, None).tree;
            let limits = Limits::of(&tree);
            assert_eq!(limits.sources.len(), sources, "{query}");
            let days: Vec<Interval> = days.into_iter().map(|(first, last)| (day(first), day(last))).collect();
            assert_eq!(limits.days, days, "{query}");
        }
    }

    #[test]
    fn holes_are_named_where_they_are_looked_into() {
        let said = |months: &[(&str, usize)], longer: &[(&str, &str)], asked: &[(&str, &str)]| {
            let asked: Vec<Interval> = asked.iter().map(|(first, last)| (day(first), day(last))).collect();
            let mut articles = Articles::default();
            for (month, count) in months {
                let first = day(&format!("{month}-01"));
                articles.add(&asked, (first, first), *count);
            }
            longer.iter().for_each(|(first, last)| articles.add(&asked, (day(first), day(last)), 1));
            warning(" of Harbour Wire", &articles, &asked)
        };
        let months = [("2018-12", 9), ("2019-01", 9), ("2019-04", 9), ("2019-05", 1), ("2019-06", 9)];
        let whole = [("", "…")];
        let with = |text: &str| Some(format!("no articles of Harbour Wire in this index {text}"));
        assert_eq!(said(&months, &[], &whole), with("from 2019-02 to 2019-03"));
        assert_eq!(said(&months, &[], &[("2019-03-01", "2019-12-31")]), with("in 2019-03"));
        assert_eq!(said(&months, &[], &[("2019-03-10", "2019-03-12")]), with("from 2019-03-10 to 2019-03-12"));
        assert_eq!(said(&months, &[], &[("2019-05-10", "2019-05-12")]), with("from 2019-05-10 to 2019-05-12"));
        assert_eq!(said(&months, &[], &[("2019-04-01", "…")]), None);
        assert_eq!(said(&months, &[], &[("2020-01-01", "…")]), with("from 2020 on"));
        assert_eq!(said(&months, &[], &[("", "2018-11-30")]), with("up to 2018-11"));
        // An article of any day of the year may be of these.
        assert_eq!(said(&months, &[("2019-01-01", "2019-12-31")], &[("2019-03-10", "2019-03-12")]), None);
        assert_eq!(said(&[], &[], &whole), None);
        let two = [("2019-02-01", "2019-02-28"), ("2020-01-01", "2020-12-31")];
        assert_eq!(said(&months, &[], &two), with("in 2019-02 and in 2020"));
        let odd: Vec<(String, usize)> = (2010..2020).map(|year| (format!("{year}-01"), 99)).collect();
        let odd: Vec<(&str, usize)> = odd.iter().map(|(month, count)| (month.as_str(), *count)).collect();
        assert_eq!(
            said(&odd, &[], &whole),
            with(
                "from 2010-02 to 2010-12, from 2011-02 to 2011-12, from 2012-02 to 2012-12 and at 6 more times (`dateline \
                 coverage` lists all)"
            )
        );
    }
}
