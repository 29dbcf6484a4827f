//! The dates of all articles of a segment, read column by column rather than article by article: of a million, that takes
//! a few milliseconds.

use super::calendar::Interval;
use super::schema::column;
use tantivy::SegmentReader;
use tantivy::columnar::column_index::MultiValueIndex;
use tantivy::columnar::{Column, ColumnIndex};

/// Documents whose values are unpacked together.
const BLOCK: usize = 1024;

/// Calls `take` with every living document that has a date of publication, in order, and with its first and last day.
pub(super) fn each_published(segment: &SegmentReader, mut take: impl FnMut(u32, Interval)) -> tantivy::Result<()> {
    let (first, last) = published(segment)?;
    let alive = segment.alive_bitset();
    let is_alive = |doc: u32| alive.is_none_or(|alive| alive.is_alive(doc));
    // Both are written together, so that the one has a value where the other has.
    let aligned = match (&first.index, &last.index) {
        (ColumnIndex::Full, ColumnIndex::Full) => true,
        (ColumnIndex::Optional(one), ColumnIndex::Optional(other)) => one.num_non_nulls() == other.num_non_nulls(),
        _ => false,
    };
    if !aligned {
        for doc in segment.doc_ids_alive() {
            if let Some(interval) = first.first(doc).zip(last.first(doc)) {
                take(doc, interval);
            }
        }
        return Ok(());
    }
    let (mut from, mut to) = (vec![0; BLOCK], vec![0; BLOCK]);
    each_block(&first.index, segment.max_doc(), |row, docs| {
        let (from, to) = (&mut from[..docs.len()], &mut to[..docs.len()]);
        first.values.get_range(row as u64, from);
        last.values.get_range(row as u64, to);
        for ((doc, from), to) in docs.iter().zip(from.iter()).zip(to.iter()) {
            if is_alive(*doc) {
                take(*doc, (*from, *to));
            }
        }
    });
    Ok(())
}

/// The first and last day of publication of each document.
pub(super) fn published(segment: &SegmentReader) -> tantivy::Result<(Column<i64>, Column<i64>)> {
    let columns = segment.fast_fields();
    Ok((columns.i64(column::FIRST)?, columns.i64(column::LAST)?))
}

/// Calls `take` with every living document that speaks of any date, in order, and with these dates as
/// [`pack`](super::schema::pack) makes them.
pub(super) fn each_spoken(segment: &SegmentReader, mut take: impl FnMut(u32, &[u64])) -> tantivy::Result<()> {
    let spoken = segment.fast_fields().u64(column::SPOKEN)?;
    let alive = segment.alive_bitset();
    let is_alive = |doc: u32| alive.is_none_or(|alive| alive.is_alive(doc));
    let (mut starts, mut values) = (Vec::new(), Vec::new());
    each_block(&spoken.index, segment.max_doc(), |row, docs| {
        // Where the values of each document begin, and those of the last one end.
        starts.resize(docs.len() + 1, 0);
        match &spoken.index {
            ColumnIndex::Multivalued(index) => index.get_start_index_column().get_range(row as u64, &mut starts),
            _ => starts.iter_mut().zip(row as u32..).for_each(|(start, place)| *start = place),
        }
        let base = starts.first().copied().unwrap_or(0);
        let place = |start: u32| (start - base) as usize;
        values.resize(place(starts.last().copied().unwrap_or(base)), 0);
        spoken.values.get_range(u64::from(base), &mut values);
        for (doc, ends) in docs.iter().zip(starts.windows(2)) {
            if is_alive(*doc) && ends[0] < ends[1] {
                take(*doc, &values[place(ends[0])..place(ends[1])]);
            }
        }
    });
    Ok(())
}

/// Calls `take` with the documents that an index of a column lists, [`BLOCK`] at a time, and the number of the first of
/// them in the list.
fn each_block(index: &ColumnIndex, documents: u32, mut take: impl FnMut(usize, &[u32])) {
    let all = || Box::new(0..documents) as Box<dyn Iterator<Item = u32> + '_>;
    let mut listed = match index {
        ColumnIndex::Empty { .. } => return,
        ColumnIndex::Full | ColumnIndex::Multivalued(MultiValueIndex::MultiValueIndexV1(_)) => all(),
        ColumnIndex::Optional(optional) => Box::new(optional.iter_non_null_docs()),
        ColumnIndex::Multivalued(MultiValueIndex::MultiValueIndexV2(index)) => {
            Box::new(index.optional_index.iter_non_null_docs())
        }
    };
    let mut docs = Vec::with_capacity(BLOCK);
    let mut row = 0;
    loop {
        docs.clear();
        docs.extend(listed.by_ref().take(BLOCK));
        if docs.is_empty() {
            return;
        }
        take(row, &docs);
        row += docs.len();
    }
}
