//! Articles and places chosen by chance, but the same ones wherever they stand in the index.
//!
//! What is chosen has the lowest hashes: of the contents ([`by_contents`]), or of the id and a seed that the user may change
//! ([`by_id`]), which stay as they are where an article is read anew.

use super::collect::Scored;
use super::opened::Opened;
use super::schema::column;
use crate::error::Result;
use tantivy::columnar::StrColumn;
use twox_hash::XxHash3_64;

/// From one in so many articles of a segment on, all of its ids are streamed rather than each looked up.
const STREAMED_FROM: usize = 50;

/// The number of an id, for one seed.
pub(super) fn number(id: &str, seed: u64) -> u64 {
    XxHash3_64::oneshot_with_seed(seed, id.as_bytes())
}

/// The number of a place in the article of this number.
pub(super) fn of_place(article: u64, in_title: bool, start: usize) -> u64 {
    let mut bytes = [0; 17];
    bytes[..8].copy_from_slice(&article.to_le_bytes());
    bytes[8..16].copy_from_slice(&(start as u64).to_le_bytes());
    bytes[16] = u8::from(in_title);
    XxHash3_64::oneshot(&bytes)
}

/// Of `hits` as many as are wanted, those with the lowest hashes of their contents first.
pub(super) fn by_contents(opened: &Opened, hits: &[Scored], wanted: usize) -> Result<Vec<Scored>> {
    let failed = |error| opened.failed("choosing articles of", error);
    let segments = opened.searcher.segment_readers().iter();
    let columns = segments.map(|segment| segment.fast_fields().u64(column::HASH)).collect::<tantivy::Result<Vec<_>>>();
    let columns = columns.map_err(failed)?;
    let hash = |hit: &Scored| {
        columns.get(hit.1.segment_ord as usize).and_then(|column| column.first(hit.1.doc_id)).unwrap_or(u64::MAX)
    };
    Ok(lowest(hits.iter().map(|hit| (hash(hit), *hit)).collect(), wanted))
}

/// Of `hits` as many as are wanted, those with the lowest numbers of their ids first.
pub(super) fn by_id(opened: &Opened, hits: &[Scored], wanted: usize, seed: u64) -> Result<Vec<Scored>> {
    let failed = |error| opened.failed("choosing articles of", error);
    let segments = opened.searcher.segment_readers();
    let mut counts = vec![0usize; segments.len()];
    hits.iter().for_each(|hit| counts[hit.1.segment_ord as usize] += 1);
    let mut columns: Vec<(Option<StrColumn>, Vec<u64>)> = Vec::with_capacity(segments.len());
    for (segment, count) in segments.iter().zip(counts) {
        let column = segment.fast_fields().str(column::ID).map_err(failed)?;
        let mut numbers = Vec::new();
        if let Some(column) = column.as_ref().filter(|_| count * STREAMED_FROM >= segment.max_doc() as usize) {
            let mut stream = column.dictionary().stream().map_err(|error| failed(error.into()))?;
            while stream.advance() {
                numbers.push(XxHash3_64::oneshot_with_seed(seed, stream.key()));
            }
        }
        columns.push((column, numbers));
    }
    let mut id = String::new();
    let mut numbered = |hit: &Scored| {
        let (column, numbers) = columns.get(hit.1.segment_ord as usize)?;
        let column = column.as_ref()?;
        let ord = column.term_ords(hit.1.doc_id).next()?;
        if let Some(number) = usize::try_from(ord).ok().and_then(|ord| numbers.get(ord)) {
            return Some(*number);
        }
        id.clear();
        column.ord_to_str(ord, &mut id).ok()?.then(|| number(&id, seed))
    };
    Ok(lowest(hits.iter().map(|hit| (numbered(hit).unwrap_or(u64::MAX), *hit)).collect(), wanted))
}

fn lowest(mut numbered: Vec<(u64, Scored)>, wanted: usize) -> Vec<Scored> {
    if numbered.len() > wanted {
        numbered.select_nth_unstable_by_key(wanted, |(number, hit)| (*number, hit.1));
        numbered.truncate(wanted);
    }
    numbered.sort_unstable_by_key(|(number, hit)| (*number, hit.1));
    numbered.into_iter().map(|(_, hit)| hit).collect()
}
