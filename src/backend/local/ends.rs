//! The earliest and the latest of the hits, of all or for each value of a field.
//!
//! A date that is known by the month or year may be any day of it. An article stands where its first possible day does
//! (for the latest: its last), and it is said how many others may have been published before it.

use super::answer::Local;
use super::calendar::Interval;
use super::collect::{self, Scored};
use super::dates;
use super::grouped::Grouped;
use super::opened::Opened;
use super::receipts::Hits;
use super::schema;
use crate::error::Result;
use crate::field::Kind;
use crate::places;
use crate::query::tree::Tree;
use crate::search::{End, Ends, EndsRequest, Which};
use tantivy::DocAddress;

/// A dated hit.
type Dated = (Interval, DocAddress);

/// More than the days of any interval that is kept: what weighs more than being dated exactly.
const LONGER: f64 = (1u64 << 21) as f64;

/// Where a date stands: higher comes first.
fn key(which: Which, (first, last): Interval) -> f64 {
    let exact = -((last - first) as f64);
    match which {
        Which::First => -(first as f64) * LONGER + exact,
        Which::Last => last as f64 * LONGER + exact,
    }
}

/// The earliest or latest hits; the results are left empty.
pub(super) fn ends(local: &Local, opened: &Opened, tree: &Tree, hits: &Hits, request: &EndsRequest) -> Result<Ends> {
    let failed = |error| opened.failed("reading the days of", error);
    let mut values = request.per.map(|field| Grouped::new(field.name));
    let mut groups: Vec<Vec<Dated>> = vec![Vec::new()];
    let (mut dated, mut numbers) = (0, vec![0]);
    for (ordinal, segment) in opened.searcher.segment_readers().iter().enumerate() {
        let (first, last) = dates::published(segment).map_err(failed)?;
        let mut of_segment = values.as_mut().map(|values| values.open(segment)).transpose().map_err(failed)?;
        groups.resize(values.as_ref().map_or(1, Grouped::len), Vec::new());
        for doc in hits.of(ordinal) {
            let Some(date) = first.first(doc).zip(last.first(doc)) else { continue };
            dated += 1;
            if let Some(values) = &mut of_segment {
                values.count(doc, &mut numbers);
            }
            for number in &numbers {
                groups[*number as usize].push((date, DocAddress::new(ordinal as u32, doc)));
            }
        }
        if let (Some(values), Some(of_segment)) = (&mut values, of_segment) {
            values.close(of_segment);
        }
    }
    let mut found: Vec<(bool, f64, Vec<End>)> = Vec::new();
    for (number, group) in groups.iter().enumerate().filter(|(_, group)| !group.is_empty()) {
        let value = values.as_ref().and_then(|values| values.shown(number));
        let label = value.as_ref().map(|value| match request.per.map(|field| field.kind) {
            Some(Kind::Country) => places::country_name(value).unwrap_or(value).to_owned(),
            _ => value.clone(),
        });
        let mut of_group = Vec::new();
        let mut at = f64::NEG_INFINITY;
        let mut unsure: Option<Unsure> = None;
        for (place, (date, address)) in best(opened, group, request.which, request.limit)?.into_iter().enumerate() {
            at = at.max(key(request.which, date));
            let (mut rivals, mut exact) = (0, None);
            if date.0 < date.1 {
                let unsure = match &unsure {
                    Some(unsure) => unsure,
                    None => unsure.insert(Unsure::new(opened, group, request.which)?),
                };
                rivals = unsure.rivals(date, place);
                exact = unsure.exact.clone();
            }
            let hit = local.passage(tree, address)?;
            of_group.push(End { value: value.clone(), label: label.clone(), hit, rivals, exact });
        }
        found.push((value.is_none(), at, of_group));
    }
    found.sort_by(|a, b| {
        let label = |ends: &[End]| ends.first().and_then(|end| end.label.clone());
        a.0.cmp(&b.0).then_with(|| b.1.total_cmp(&a.1)).then_with(|| label(&a.2).cmp(&label(&b.2)))
    });
    let ends = found.into_iter().flat_map(|(.., ends)| ends).collect();
    Ok(Ends { ends, undated: hits.count() - dated, ..Ends::default() })
}

/// The first `limit` of a group, 0 for all.
fn best(opened: &Opened, group: &[Dated], which: Which, limit: usize) -> Result<Vec<Dated>> {
    let wanted = if limit == 0 { group.len() } else { limit.min(group.len()) };
    let keyed: Vec<(f64, Scored)> = group.iter().map(|(date, address)| (key(which, *date), (0.0, *address))).collect();
    let best = collect::best(opened, keyed, 0, wanted)?;
    // The dates again: the segments, and their documents, stand in order.
    let date = |address: &DocAddress| {
        let place = group.binary_search_by_key(address, |(_, address)| *address).ok()?;
        group.get(place).copied()
    };
    Ok(best.iter().filter_map(|(_, address)| date(address)).collect())
}

/// What is to be said of articles whose day is not known, among those of a group.
struct Unsure {
    which: Which,
    /// The first possible days of all, or the last ones where the latest are asked for, in order.
    days: Vec<i64>,
    /// Day and id of the first that is dated to the day.
    exact: Option<(String, String)>,
}

impl Unsure {
    fn new(opened: &Opened, group: &[Dated], which: Which) -> Result<Unsure> {
        let day = |(first, last): Interval| if which == Which::First { first } else { last };
        let mut days: Vec<i64> = group.iter().map(|(date, _)| day(*date)).collect();
        days.sort_unstable();
        let to_the_day: Vec<Dated> = group.iter().filter(|((first, last), _)| first == last).copied().collect();
        let exact = best(opened, &to_the_day, which, 1)?
            .into_iter()
            .next()
            .and_then(|(date, address)| Some((schema::day(date.0)?.to_string(), opened.id_and_key(address).0)));
        Ok(Unsure { which, days, exact })
    }

    /// How many articles behind the one at `place` may have been published before it, or after it where the latest are
    /// asked for. Those that stand before it are of no later day, and so count among all that may.
    fn rivals(&self, date: Interval, place: usize) -> usize {
        let may = match self.which {
            Which::First => self.days.partition_point(|first| *first < date.1),
            Which::Last => self.days.len() - self.days.partition_point(|last| *last <= date.0),
        };
        may.saturating_sub(place + 1)
    }
}
