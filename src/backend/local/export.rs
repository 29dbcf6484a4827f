//! All hits of a question, one after the other, in a fixed order.
//!
//! 1. The hits are put in order by numbers alone: the day of publication, and the rank that an id has among all ids of the
//!    index. So a hit costs a few bytes here, however long its article is.
//! 2. Threads take pages of hits in turn, read the articles, and write them by the shape that was given. What each has
//!    written is taken in the order of the pages; a thread that is ahead of the others waits. So at no time there are more
//!    than a few articles, whatever their number.

use super::answer::{Local, hit};
use super::collect::{self, Scored};
use super::opened::{self, Opened};
use super::receipts;
use super::schema::column;
use super::translate::Translator;
use crate::backend::Record;
use crate::error::{Error, Kind, Result};
use crate::query::tree::Tree;
use crate::search::export::{Export, ExportRequest, Order, Shape};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use tantivy::DocAddress;
use tantivy::columnar::StrColumn;

/// Hits of a page.
const PAGE: usize = 64;
/// From so many bytes on, what is written of a page is handed over before its end.
const PORTION: usize = 1 << 19;
/// Portions that a thread may be ahead.
const AHEAD: usize = 3;
/// From so many hits on, all ids are ranked by one look through them rather than each hit's looked up.
const RANKED: usize = 5000;

/// Hands every hit of `tree` to `to`, as `shape` writes it.
pub(super) fn export(
    local: &Local,
    opened: &Opened,
    tree: &Tree,
    request: &ExportRequest,
    shape: Shape<'_>,
    to: &mut dyn Export,
) -> Result<()> {
    let translator = Translator::new(opened)?;
    let hits = collect::hits(opened, translator.translate(tree)?.as_ref(), false)?;
    let results = local.receipts(&translator, tree, &request.query, &hits)?;
    let weights = receipts::weights(&results.expansions, tree, hits.len());
    let addresses = ordered(opened, hits, request.order, RANKED)?;
    to.begin(&results)?;
    let write = |address: DocAddress, reader: &mut Reader<'_>, out: &mut Vec<u8>| -> Result<()> {
        let record = reader.record(local, address)?;
        let hit = hit(&record, 0.0, tree, &weights, request.snippets);
        shape(&hit, &record.article, &record.found, out);
        Ok(())
    };
    in_turn(opened, &addresses, request.threads.max(1), &write, to)
}

/// What a thread has written of a page: some of it, and whether that is the last of it.
type Portion = Result<(Vec<u8>, bool)>;

/// Reads the article at an address and writes it behind what was written before.
type Write<'a> = &'a (dyn Fn(DocAddress, &mut Reader<'_>, &mut Vec<u8>) -> Result<()> + Sync);

/// Has `threads` write the hits, each every so manieth page, and hands on what they write in order.
fn in_turn(
    opened: &Opened,
    addresses: &[DocAddress],
    threads: usize,
    write: Write<'_>,
    to: &mut dyn Export,
) -> Result<()> {
    let pages: Vec<&[DocAddress]> = addresses.chunks(PAGE).collect();
    let pages = pages.as_slice();
    thread::scope(|scope| {
        let mut receivers: Vec<Receiver<Portion>> = Vec::with_capacity(threads);
        for number in 0..threads.min(pages.len()) {
            let (sender, receiver) = sync_channel(AHEAD);
            receivers.push(receiver);
            scope.spawn(move || {
                let mut reader = Reader::new(opened);
                let mine = pages.iter().skip(number).step_by(threads);
                // Whoever has gone away wants no more.
                let _ = mine.map(|page| send(page, &mut reader, write, &sender)).find(|going_on| !going_on);
            });
        }
        for number in 0..pages.len() {
            let Some(receiver) = receivers.get(number % threads) else { continue };
            loop {
                let gone = || Error::new(Kind::Bug, "a thread ended before its work was done");
                let (written, last) = receiver.recv().map_err(|_| gone())??;
                to.take(&written)?;
                if last {
                    break;
                }
            }
        }
        Ok(())
    })
}

/// Writes a page and sends it; whether to go on.
fn send(page: &[DocAddress], reader: &mut Reader<'_>, write: Write<'_>, sender: &SyncSender<Portion>) -> bool {
    let mut out = Vec::with_capacity(PORTION);
    for address in page {
        if let Err(error) = write(*address, reader, &mut out) {
            let _ = sender.send(Err(error));
            return false;
        }
        if out.len() >= PORTION && sender.send(Ok((std::mem::take(&mut out), false))).is_err() {
            return false;
        }
    }
    sender.send(Ok((out, true))).is_ok()
}

/// Reads articles with their ids and files, the columns of which it keeps open.
struct Reader<'a> {
    opened: &'a Opened,
    columns: FxHashMap<u32, Columns>,
}

/// The columns of a segment, and the file that was asked for last: its articles stand side by side.
struct Columns {
    ids: Option<StrColumn>,
    files: Option<StrColumn>,
    last: Option<(u64, String)>,
}

impl<'a> Reader<'a> {
    fn new(opened: &'a Opened) -> Reader<'a> {
        Reader { opened, columns: FxHashMap::default() }
    }

    fn record(&mut self, local: &Local, address: DocAddress) -> Result<Record> {
        let opened = self.opened;
        let columns = match self.columns.entry(address.segment_ord) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(entry) => {
                let columns = opened.searcher.segment_reader(address.segment_ord).fast_fields();
                let open = |name| columns.str(name).map_err(|error| opened.failed("reading ids of", error));
                entry.insert(Columns { ids: open(column::ID)?, files: open(column::FILE)?, last: None })
            }
        };
        let id = columns.ids.as_ref().and_then(|ids| opened::value(ids, address.doc_id)).unwrap_or_default();
        let file = columns.files.as_ref().and_then(|files| Some((files, files.term_ords(address.doc_id).next()?)));
        let key = match (file, &columns.last) {
            (Some((_, number)), Some((last, key))) if number == *last => key.clone(),
            (Some((files, number)), _) => {
                let key = opened::value(files, address.doc_id).unwrap_or_default();
                columns.last = Some((number, key.clone()));
                key
            }
            (None, _) => String::new(),
        };
        local.record_of(address, id, &key)
    }
}

/// The hits in the order wanted, ties by id. From `ranked` hits on, all ids of the index are ranked.
fn ordered(opened: &Opened, hits: Vec<Scored>, order: Order, ranked: usize) -> Result<Vec<DocAddress>> {
    let mut days = Vec::new();
    for segment in opened.searcher.segment_readers() {
        let column = segment.fast_fields().i64(column::FIRST);
        days.push(column.map_err(|error| opened.failed("sorting hits of", error))?);
    }
    let day = |address: &DocAddress| {
        let day = days.get(address.segment_ord as usize).and_then(|column| column.first(address.doc_id));
        match (order, day) {
            (Order::Id, _) => 0,
            (_, None) => i64::MAX,
            (Order::Oldest, Some(day)) => day,
            (Order::Newest, Some(day)) => -day,
        }
    };
    let ranks = if hits.len() < ranked { ranks_of(opened, &hits)? } else { all_ranks(opened, &hits)? };
    let mut keyed: Vec<(i64, u32, DocAddress)> =
        hits.iter().zip(ranks).map(|((_, address), rank)| (day(address), rank, *address)).collect();
    drop(hits);
    keyed.sort_unstable();
    Ok(keyed.into_iter().map(|(_, _, address)| address).collect())
}

fn id_columns(opened: &Opened) -> Result<Vec<Option<StrColumn>>> {
    let open = |segment: &tantivy::SegmentReader| {
        segment.fast_fields().str(column::ID).map_err(|error| opened.failed("reading the ids in", error))
    };
    opened.searcher.segment_readers().iter().map(open).collect()
}

/// The place of each hit among the hits by id.
fn ranks_of(opened: &Opened, hits: &[Scored]) -> Result<Vec<u32>> {
    let columns = id_columns(opened)?;
    let id = |address: &DocAddress| {
        let column = columns.get(address.segment_ord as usize)?.as_ref()?;
        opened::value(column, address.doc_id)
    };
    let mut ids: Vec<(Option<String>, usize)> =
        hits.iter().enumerate().map(|(at, (_, address))| (id(address), at)).collect();
    ids.sort_unstable();
    let mut ranks = vec![0; hits.len()];
    for (rank, (_, at)) in ids.into_iter().enumerate() {
        if let Some(place) = ranks.get_mut(at) {
            *place = rank as u32;
        }
    }
    Ok(ranks)
}

/// The place of the id of each hit among all ids of the index: the dictionaries of the segments, each of them sorted, are
/// looked through side by side.
fn all_ranks(opened: &Opened, hits: &[Scored]) -> Result<Vec<u32>> {
    let failed = |error: std::io::Error| opened.failed("reading the ids in", error.into());
    let columns = id_columns(opened)?;
    let mut streams = Vec::with_capacity(columns.len());
    let mut heads = BinaryHeap::new();
    let mut ranks: Vec<Vec<u32>> = vec![Vec::new(); columns.len()];
    for (segment, column) in columns.iter().enumerate() {
        let Some(column) = column else {
            streams.push(None);
            continue;
        };
        let mut stream = column.dictionary().stream().map_err(failed)?;
        if stream.advance() {
            heads.push(Reverse((stream.key().to_vec(), segment)));
        }
        streams.push(Some(stream));
    }
    let mut rank = 0;
    while let Some(Reverse((mut key, segment))) = heads.pop() {
        if let Some(ranks) = ranks.get_mut(segment) {
            ranks.push(rank);
        }
        rank += 1;
        if let Some(stream) = streams.get_mut(segment).and_then(Option::as_mut)
            && stream.advance()
        {
            key.clear();
            key.extend_from_slice(stream.key());
            heads.push(Reverse((key, segment)));
        }
    }
    let rank = |address: &DocAddress| {
        let segment = address.segment_ord as usize;
        let number = columns.get(segment)?.as_ref()?.term_ords(address.doc_id).next()?;
        ranks.get(segment)?.get(usize::try_from(number).ok()?).copied()
    };
    Ok(hits.iter().map(|(_, address)| rank(address).unwrap_or(u32::MAX)).collect())
}
