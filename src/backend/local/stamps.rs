//! Ids and hashes of contents: of hits, to tell what is new of a search, and of all articles, to tell one state of an
//! index from another.
//!
//! Ids are read as [`collect`] does: from many articles of a segment by one pass through its dictionary.

use super::answer::Local;
use super::collect::{self, Scored};
use super::opened::{self, Opened};
use super::ranking;
use super::schema::{self, column};
use super::translate::Translator;
use crate::error::Result;
use crate::query::tree::Tree;
use crate::search::{Fingerprint, Request, Results, Sort, Stamp};
use tantivy::columnar::{Column, StrColumn};

/// The two columns of a segment.
struct Columns {
    ids: Option<StrColumn>,
    hashes: Column<u64>,
    /// All ids by number, where most are wanted.
    streamed: Option<Vec<String>>,
}

/// From this many hits of a segment on, all of its ids are streamed rather than each asked for.
const STREAMED: usize = 1000;

/// The stamp of each hit, in their order.
pub(super) fn of(opened: &Opened, hits: &[Scored]) -> Result<Vec<Stamp>> {
    let failed = |error: std::io::Error| opened.failed("reading ids of", error.into());
    let segments = opened.searcher.segment_readers();
    let mut counts = vec![0usize; segments.len()];
    for (_, address) in hits {
        counts[address.segment_ord as usize] += 1;
    }
    let mut columns = Vec::with_capacity(segments.len());
    for (segment, count) in segments.iter().zip(counts) {
        let read = |error| opened.failed("reading ids of", error);
        let ids = segment.fast_fields().str(column::ID).map_err(read)?;
        let hashes = segment.fast_fields().u64(column::HASH).map_err(read)?;
        let streamed = match &ids {
            Some(ids) if count >= STREAMED => Some(opened::dictionary(ids).map_err(failed)?),
            _ => None,
        };
        columns.push(Columns { ids, hashes, streamed });
    }
    let stamp = |(_, address): &Scored| {
        let of_segment = columns.get(address.segment_ord as usize)?;
        let ids = of_segment.ids.as_ref()?;
        let id = match &of_segment.streamed {
            Some(all) => all.get(usize::try_from(ids.term_ords(address.doc_id).next()?).ok()?).cloned()?,
            None => opened::value(ids, address.doc_id)?,
        };
        Some(Stamp { id, hash: schema::contents_of(of_segment.hashes.first(address.doc_id)?) })
    };
    Ok(hits.iter().map(|hit| stamp(hit).unwrap_or_default()).collect())
}

/// Every hit, in the order of the index; with its score where that decides their order.
fn hits(translator: &Translator<'_>, opened: &Opened, tree: &Tree, sort: Sort) -> Result<Vec<Scored>> {
    let query = translator.translate(tree)?;
    let mut hits = collect::hits(opened, query.as_ref(), sort == Sort::Relevance)?;
    if sort == Sort::Relevance {
        ranking::raise(translator, tree, &mut hits)?;
    }
    Ok(hits)
}

/// All hits in the order that was asked for.
pub(super) fn in_order(opened: &Opened, tree: &Tree, sort: Sort) -> Result<Vec<Stamp>> {
    let hits = hits(&Translator::new(opened)?, opened, tree, sort)?;
    of(opened, &collect::page(opened, &hits, sort, 0, 0)?)
}

/// The answer to a question that is asked of the hits alone that are kept.
pub(super) fn those(
    local: &Local,
    opened: &Opened,
    tree: &Tree,
    request: &Request,
    keep: &mut dyn FnMut(&Stamp) -> bool,
) -> Result<Results> {
    let translator = Translator::new(opened)?;
    let hits = hits(&translator, opened, tree, request.sort)?;
    let stamps = of(opened, &hits)?;
    let kept: Vec<Scored> =
        hits.into_iter().zip(&stamps).filter(|(_, stamp)| keep(stamp)).map(|(hit, _)| hit).collect();
    if kept.is_empty() {
        return local.without_hits(tree, &request.query);
    }
    local.answer_of(&translator, tree, request, &kept)
}

/// What the hash of an index begins with: another number where it is made in another way.
const FINGERPRINT: &[u8] = b"dateline index 1\n";

/// The state of the index.
pub(super) fn fingerprint(opened: &Opened) -> Result<Fingerprint> {
    let failed = |error: std::io::Error| opened.failed("reading ids of", error.into());
    let mut sums: Vec<[u8; 16]> = Vec::new();
    for segment in opened.searcher.segment_readers() {
        let read = |error| opened.failed("reading ids of", error);
        let Some(ids) = segment.fast_fields().str(column::ID).map_err(read)? else { continue };
        let names = opened::dictionary(&ids).map_err(failed)?;
        let hashes = segment.fast_fields().u64(column::HASH).map_err(read)?;
        for doc in segment.doc_ids_alive() {
            // What is known of a file has neither.
            let Some((number, hash)) = ids.term_ords(doc).next().zip(hashes.first(doc)) else { continue };
            let id = usize::try_from(number).ok().and_then(|number| names.get(number)).map_or("", String::as_str);
            let mut hasher = blake3::Hasher::new();
            hasher.update(&schema::contents_of(hash).to_le_bytes()).update(id.as_bytes());
            let mut sum = [0; 16];
            hasher.finalize_xof().fill(&mut sum);
            sums.push(sum);
        }
    }
    sums.sort_unstable();
    let mut hasher = blake3::Hasher::new();
    hasher.update(FINGERPRINT);
    for sum in &sums {
        hasher.update(sum);
    }
    let hash = hasher.finalize().to_hex();
    Ok(Fingerprint { articles: sums.len(), hash: hash.get(..32).unwrap_or_default().to_owned() })
}
