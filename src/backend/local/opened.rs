//! An index opened for reading: segments, columns, and what is known of files.

use super::deadline::Deadline;
use super::dictionaries::{self, Dictionaries};
use super::lookups::Lookups;
use super::schema::{self, Fields, column};
use super::stored::Stored;
use super::{folder, tokenise};
use crate::backend::FileState;
use crate::cores;
use crate::error::{Error, Kind, Result};
use crate::extract::Prior;
use crate::language::Language;
use crate::names::corrections::Corrections;
use crate::places::Meanings;
use crate::read::Skip;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use tantivy::collector::DocSetCollector;
use tantivy::columnar::StrColumn;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::store::StoreReader;
use tantivy::{DocAddress, DocSet, Index, ReloadPolicy, Searcher, SegmentReader, TERMINATED, TantivyError, Term};

/// What each commit says about the whole index.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Payload {
    /// The folders and files that were indexed; a file's key begins with the number of its root.
    pub(super) roots: Vec<String>,
    /// Where sources are at home, as far as that was learned.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) homes: BTreeMap<String, Prior>,
    /// How many dictionaries articles are packed with.
    pub(super) dictionaries: usize,
    /// What [`Payload::sum`] gives: the list of segments that holds this note has no checksum of its own.
    sum: u64,
}

impl Payload {
    /// The note for these roots and sources.
    pub(super) fn new(roots: Vec<String>, homes: BTreeMap<String, Prior>, dictionaries: usize) -> Payload {
        let payload = Payload { roots, homes, dictionaries, sum: 0 };
        Payload { sum: payload.sum(), ..payload }
    }

    fn sum(&self) -> u64 {
        let mut hasher = blake3::Hasher::new();
        for root in &self.roots {
            hasher.update(root.as_bytes()).update(&[0]);
        }
        if !self.homes.is_empty() {
            hasher.update(serde_json::to_string(&self.homes).unwrap_or_default().as_bytes());
        }
        hasher.update(&self.dictionaries.to_le_bytes());
        let hash = hasher.finalize();
        hash.as_bytes().iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
    }

    /// Reads the note of an index; one that nothing was committed to yet has none.
    pub(super) fn read(folder: &Path, metas: &tantivy::IndexMeta) -> Result<Payload> {
        let damaged = |why: String| folder::damaged(folder, format!("the note of the last commit {why}"));
        let Some(text) = metas.payload.as_deref() else {
            return if metas.segments.is_empty() {
                Ok(Payload::default())
            } else {
                Err(damaged("is missing".to_owned()))
            };
        };
        let payload: Payload =
            serde_json::from_str(text).map_err(|error| damaged(format!("cannot be read: {error}")))?;
        if payload.sum != payload.sum() {
            return Err(damaged("is not as it was written".to_owned()));
        }
        if payload.dictionaries > dictionaries::MOST {
            return Err(damaged(format!("speaks of {} dictionaries", payload.dictionaries)));
        }
        Ok(payload)
    }
}

/// An index, opened.
pub(super) struct Opened {
    pub(super) folder: PathBuf,
    pub(super) generation: PathBuf,
    pub(super) versions: folder::Versions,
    pub(super) fields: Fields,
    pub(super) searcher: Searcher,
    pub(super) payload: Payload,
    /// What the user says of names.
    pub(super) corrections: Corrections,
    /// What the user says that names of places mean.
    pub(super) meanings: Arc<Meanings>,
    /// Until when a question must be answered.
    pub(super) deadline: Deadline,
    lookups: OnceLock<Lookups>,
    /// What articles are packed with.
    pub(super) dictionaries: Arc<Dictionaries>,
    /// What is stored, segment by segment, opened at the first use.
    stores: Vec<OnceLock<StoreReader>>,
    /// What does not change and is asked for with every question.
    pub(super) known: Known,
}

/// What is the same for all questions to an index that is open.
#[derive(Default)]
pub(super) struct Known {
    /// Articles.
    articles: OnceLock<usize>,
    /// Files that were not read, or not wholly: each file is asked.
    unread: OnceLock<usize>,
    /// The languages of a good part of them.
    pub(super) languages: OnceLock<Vec<&'static Language>>,
}

/// Up to so many documents one thread looks through all segments: starting others would take as long.
const FEW: u64 = 50_000;

/// Blocks of each segment's store that are kept unpacked.
const CACHED_BLOCKS: usize = 100;

/// How often an index is opened again where it changed under the opening.
const ATTEMPTS: usize = 5;

/// Opens the current generation of the index in `folder` for reading.
///
/// A writer may make another generation the current one and remove this one meanwhile, and where its lock cannot be
/// taken (a read-only disk) files of a commit that is no longer the last may be gone. Then what is there now is opened.
/// That the opening went well says nothing where the index changed under it: tantivy takes a segment without its file
/// of positions for one that never had any.
pub(super) fn open(folder: &Path) -> Result<Opened> {
    for _ in 0..ATTEMPTS {
        let before = folder::state(folder);
        let opened =
            folder::current(folder).and_then(|(generation, versions)| open_generation(folder, generation, versions));
        if folder::state(folder) == before {
            return opened;
        }
    }
    let (generation, versions) = folder::current(folder)?;
    open_generation(folder, generation, versions)
}

/// The files of a generation, none of them opened but its lists.
pub(super) fn index(folder: &Path, generation: &Path) -> Result<Index> {
    let failed = |error: TantivyError| failed(folder, "opening", error);
    let directory = super::directory::Readable::open(generation).map_err(|error| failed(error.into()))?;
    let mut index = Index::open(directory).map_err(failed)?;
    index.set_tokenizers(tokenise::manager());
    Ok(index)
}

/// Runs `work`; a panic of the engine, which damaged files can cause, becomes an error.
pub(super) fn guarded<T>(folder: &Path, work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(folder::damaged(folder, "what is in its files makes no sense")))
}

/// What was indexed, as the last commit of a generation says.
pub(super) fn roots(folder: &Path, generation: &Path) -> Result<Vec<String>> {
    let metas = index(folder, generation)?.load_metas().map_err(|error| failed(folder, "opening", error))?;
    Payload::read(folder, &metas).map(|payload| payload.roots)
}

pub(super) fn open_generation(folder: &Path, generation: PathBuf, versions: folder::Versions) -> Result<Opened> {
    let failed = |error: TantivyError| failed(folder, "opening", error);
    let mut index = index(folder, &generation)?;
    let (schema, fields) = schema::schema();
    if index.schema() != schema {
        return Err(Error::new(
            Kind::Incompatible,
            format!("the index `{}` has other fields than this dateline", folder.display()),
        )
        .because(format!("it was made by {}", versions.made_by))
        .hint("build it anew with `dateline index --full DIR`; the old one is kept until that is done"));
    }
    let metas = index.load_metas().map_err(failed)?;
    let payload = Payload::read(folder, &metas)?;
    if metas.segments.iter().map(|segment| u64::from(segment.max_doc())).sum::<u64>() > FEW {
        index.set_multithread_executor(cores::count().min(metas.segments.len())).map_err(failed)?;
    }
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(failed)?;
    let searcher = reader.searcher();
    if let Err(error) = agree(folder, &metas, &searcher, &fields) {
        // Where a run has changed the list meanwhile, the searcher goes by the newer one.
        let now = index.load_metas().map_err(failed)?;
        let list = |metas: &tantivy::IndexMeta| -> Vec<_> {
            metas.segments.iter().map(|one| (one.id(), one.max_doc(), one.num_deleted_docs())).collect()
        };
        if list(&now) == list(&metas) {
            return Err(error);
        }
    }
    let dictionaries = Arc::new(Dictionaries::open(&generation, payload.dictionaries));
    let stores = searcher.segment_readers().iter().map(|_| OnceLock::new()).collect();
    Ok(Opened {
        folder: folder.to_owned(),
        dictionaries,
        stores,
        generation,
        versions,
        fields,
        searcher,
        payload,
        corrections: Corrections::default(),
        meanings: Arc::default(),
        deadline: Deadline::default(),
        lookups: OnceLock::new(),
        known: Known::default(),
    })
}

/// Refuses an index whose list of segments, which has no checksum, says other numbers of articles than the segments: all
/// loops over articles, and the memory for them, go by those numbers.
fn agree(folder: &Path, metas: &tantivy::IndexMeta, searcher: &Searcher, fields: &Fields) -> Result<()> {
    for segment in searcher.segment_readers() {
        let id = segment.segment_id();
        let lengths = segment.get_fieldnorms_reader(fields.body).map_err(|error| failed(folder, "opening", error))?;
        let deleted = metas.segments.iter().find(|meta| meta.id() == id).map(tantivy::SegmentMeta::num_deleted_docs);
        if lengths.num_docs() != segment.max_doc() || deleted != Some(segment.num_deleted_docs()) {
            let id = id.short_uuid_string();
            return Err(folder::damaged(
                folder,
                format!("`{}` says wrong numbers of the segment `{id}`", folder::META),
            ));
        }
    }
    Ok(())
}

/// Whether an error comes from the disk, or from who may use it, and not from what a file holds.
pub(super) fn is_of_the_disk(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{InvalidData, InvalidInput, Other, UnexpectedEof};
    error.raw_os_error().is_some() || !matches!(error.kind(), InvalidData | InvalidInput | Other | UnexpectedEof)
}

/// Turns an error of the engine into ours. `doing` stands before "the index `x`": `searching`, `committing to`.
pub(super) fn failed(folder: &Path, doing: &str, error: TantivyError) -> Error {
    use tantivy::directory::error::{LockError, OpenReadError, OpenWriteError};
    let io = match &error {
        TantivyError::IoError(io) | TantivyError::LockFailure(LockError::IoError(io), _) => Some(io.clone()),
        TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, .. })
        | TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. }) => Some(io_error.clone()),
        _ => None,
    };
    if let Some(io) = io.filter(|io| is_of_the_disk(io)) {
        return Error::io(format!("{doing} the index `{}`", folder.display()), &io);
    }
    match error {
        TantivyError::LockFailure(..) => {
            Error::new(Kind::Locked, format!("another process is using the index `{}`", folder.display()))
                .because(error)
                .hint("wait until it has ended, then run the command again")
        }
        TantivyError::IncompatibleIndex(_) => {
            Error::new(Kind::Incompatible, format!("the index `{}` has files of another version", folder.display()))
                .because(error)
                .hint(format!("update dateline, or build it anew: {}", folder::rebuild(folder)))
        }
        other => {
            // The engine prints the whole list of segments with some errors.
            let text: String = other.to_string().chars().take(300).collect();
            folder::damaged(folder, text)
        }
    }
}

impl Opened {
    /// Turns an error of the engine into ours.
    pub(super) fn failed(&self, doing: &str, error: TantivyError) -> Error {
        failed(&self.folder, doing, error)
    }

    /// The lists from which names and words are looked up, opened at the first use.
    pub(super) fn lookups(&self) -> &Lookups {
        self.lookups.get_or_init(|| Lookups::open(&self.generation, &self.searcher))
    }

    /// Does something with each part, several at a time where the index is large; outcomes are in the order of the parts.
    pub(super) fn on_all_cores<P: Send, T: Send>(&self, parts: Vec<P>, work: impl Fn(P) -> T + Sync + Send) -> Vec<T> {
        let small = self.searcher.num_docs() <= FEW;
        cores::each(parts, if small { 1 } else { cores::count() }, work)
    }

    /// Articles in the index.
    pub(super) fn articles(&self) -> Result<usize> {
        if let Some(articles) = self.known.articles.get() {
            return Ok(*articles);
        }
        let articles = self.count_term(Term::from_field_text(self.fields.sort, schema::ARTICLE))?;
        Ok(*self.known.articles.get_or_init(|| articles))
    }

    /// Living documents with this term.
    pub(super) fn count_term(&self, term: Term) -> Result<usize> {
        let mut count = 0;
        for segment in self.searcher.segment_readers() {
            let found = segment.inverted_index(term.field()).and_then(|terms| match segment.has_deletes() {
                false => Ok(terms.doc_freq(&term)?),
                true => Ok(terms
                    .read_postings(&term, IndexRecordOption::Basic)?
                    .map_or(0, |mut postings| segment.alive_bitset().map_or(0, |alive| postings.count(alive)))),
            });
            count += found.map_err(|error| self.failed("reading", error))? as usize;
        }
        Ok(count)
    }

    /// Calls `take` for every living document with this term.
    pub(super) fn each_document(&self, term: &Term, mut take: impl FnMut(&SegmentReader, DocAddress)) -> Result<()> {
        for (ordinal, segment) in self.searcher.segment_readers().iter().enumerate() {
            let found = segment
                .inverted_index(term.field())
                .and_then(|terms| Ok(terms.read_postings(term, IndexRecordOption::Basic)?))
                .map_err(|error| self.failed("reading", error))?;
            let Some(mut postings) = found else { continue };
            let mut doc = postings.doc();
            while doc != TERMINATED {
                if !segment.is_deleted(doc) {
                    take(segment, DocAddress::new(ordinal as u32, doc));
                }
                doc = postings.advance();
            }
        }
        Ok(())
    }

    /// What is stored of the document at an address; none where that makes no sense.
    pub(super) fn stored(&self, address: DocAddress) -> Result<Option<Stored>> {
        let failed = |error| self.failed("reading an article of", error);
        let at = address.segment_ord as usize;
        let Some((segment, place)) = self.searcher.segment_readers().get(at).zip(self.stores.get(at)) else {
            return Ok(None);
        };
        let store = match place.get() {
            Some(store) => store,
            None => {
                let store = segment.get_store_reader(CACHED_BLOCKS).map_err(|error| failed(error.into()))?;
                place.get_or_init(|| store)
            }
        };
        Stored::read(store, address.doc_id, &self.dictionaries).map_err(failed)
    }

    /// Everything known of files, by key.
    pub(super) fn files(&self) -> Result<FxHashMap<String, FileState>> {
        let mut files = FxHashMap::default();
        let term = Term::from_field_text(self.fields.sort, schema::FILE);
        for (ordinal, segment) in self.searcher.segment_readers().iter().enumerate() {
            let columns = segment.fast_fields();
            let read = |error| self.failed("reading what is known of files in", error);
            let Some(keys) = columns.str(column::FILE).map_err(read)? else { continue };
            let mut names = dictionary(&keys).map_err(|error| read(error.into()))?;
            let size = columns.u64(column::SIZE).map_err(read)?;
            let modified = columns.i64(column::MODIFIED).map_err(read)?;
            let changed = columns.i64(column::CHANGED).map_err(read)?;
            let inode = columns.u64(column::INODE).map_err(read)?;
            let articles = columns.u64(column::ARTICLES).map_err(read)?;
            let flags = columns.u64(column::FLAGS).map_err(read)?;
            let Some(mut postings) = segment
                .inverted_index(self.fields.sort)
                .and_then(|terms| Ok(terms.read_postings(&term, IndexRecordOption::Basic)?))
                .map_err(read)?
            else {
                continue;
            };
            files.reserve(postings.doc_freq() as usize);
            let mut doc = postings.doc();
            while doc != TERMINATED {
                if !segment.is_deleted(doc) {
                    let flag = flags.first(doc).unwrap_or(0);
                    let mut state = FileState {
                        size: size.first(doc).unwrap_or(0),
                        modified: modified.first(doc).unwrap_or(0),
                        changed: changed.first(doc).unwrap_or(0),
                        inode: inode.first(doc).unwrap_or(0),
                        articles: articles.first(doc).unwrap_or(0),
                        complete: flag & schema::COMPLETE != 0,
                        recent: flag & schema::RECENT != 0,
                        ..FileState::default()
                    };
                    if flag & schema::SKIPPED != 0 {
                        let stored = self.stored(DocAddress::new(ordinal as u32, doc))?;
                        let stored = schema::stored_state(stored.as_ref()).ok_or_else(|| {
                            folder::damaged(&self.folder, "what was not read of a file makes no sense".to_owned())
                        })?;
                        (state.skips, state.skipped) = (stored.skips, stored.skipped);
                    }
                    // A segment has one such document for each file, but where it is damaged.
                    let key = keys.term_ords(doc).next().and_then(|ord| names.get_mut(ord as usize));
                    if let Some(key) = key.map(std::mem::take).filter(|key| !key.is_empty()) {
                        files.insert(key, state);
                    }
                }
                doc = postings.advance();
            }
        }
        Ok(files)
    }

    /// The ids and contents hashes of the articles of a file.
    pub(super) fn articles_of(&self, key: &str) -> Result<FxHashMap<String, u64>> {
        let mut known = FxHashMap::default();
        let mut outcome = Ok(());
        self.each_document(&Term::from_field_text(self.fields.file, key), |segment, address| {
            if outcome.is_ok() {
                outcome = self.identity(segment, address.doc_id).map(|found| known.extend(found));
            }
        })?;
        outcome.map(|()| known)
    }

    /// The id and contents hash of an article; nothing for the document of a file.
    fn identity(&self, segment: &SegmentReader, doc: u32) -> Result<Option<(String, u64)>> {
        let read = |error| self.failed("reading the ids in", error);
        let columns = segment.fast_fields();
        let hash = columns.u64(column::HASH).map_err(read)?.first(doc);
        let id = columns.str(column::ID).map_err(read)?.and_then(|ids| value(&ids, doc));
        Ok(id.zip(hash))
    }

    /// The key of the file that the article with this id came from.
    pub(super) fn owner(&self, id: &str) -> Result<Option<String>> {
        let mut owner = None;
        self.each_document(&Term::from_field_text(self.fields.id, id), |segment, address| {
            let keys = segment.fast_fields().str(column::FILE).ok().flatten();
            owner = keys.and_then(|keys| value(&keys, address.doc_id));
        })?;
        Ok(owner)
    }

    /// Where an article with this id stands.
    pub(super) fn find(&self, id: &str) -> Result<Option<DocAddress>> {
        let query = TermQuery::new(Term::from_field_text(self.fields.id, id), IndexRecordOption::Basic);
        let found = self
            .searcher
            .search(&query, &DocSetCollector)
            .map_err(|error| self.failed("looking up an id in", error))?;
        Ok(found.into_iter().min())
    }

    /// The id of the article at an address, and the key of its file.
    pub(super) fn id_and_key(&self, address: DocAddress) -> (String, String) {
        let columns = self.searcher.segment_reader(address.segment_ord).fast_fields();
        let read = |name: &str| {
            columns.str(name).ok().flatten().and_then(|column| value(&column, address.doc_id)).unwrap_or_default()
        };
        (read(column::ID), read(column::FILE))
    }

    /// Every part that was not read, by path.
    pub(super) fn skipped(&self) -> Result<Vec<Skip>> {
        let mut skips: Vec<Skip> = self.files()?.into_values().flat_map(|state| state.skips).collect();
        skips.sort_by(|a, b| (&a.path, &a.member).cmp(&(&b.path, &b.member)));
        Ok(skips)
    }

    /// Files that were not read, or not wholly.
    pub(super) fn unread(&self) -> Result<usize> {
        if let Some(unread) = self.known.unread.get() {
            return Ok(*unread);
        }
        let mut unread = 0;
        let term = Term::from_field_text(self.fields.sort, schema::FILE);
        let mut columns = FxHashMap::default();
        self.each_document(&term, |segment, address| {
            let flags =
                columns.entry(address.segment_ord).or_insert_with(|| segment.fast_fields().u64(column::FLAGS).ok());
            let flag = flags.as_ref().and_then(|flags| flags.first(address.doc_id)).unwrap_or(0);
            unread += usize::from(flag & schema::SKIPPED != 0 || flag & schema::COMPLETE == 0);
        })?;
        Ok(*self.known.unread.get_or_init(|| unread))
    }

    /// The path to show for a file's key, and the path on disk.
    pub(super) fn paths(&self, key: &str) -> (String, Option<String>) {
        let (root, path) = split_key(key);
        let base = root.and_then(|number| self.payload.roots.get(number));
        let location = base.map(|base| if path.is_empty() { base.clone() } else { format!("{base}/{path}") });
        (path.to_owned(), location)
    }
}

/// The number of the root and the path below it.
pub(super) fn split_key(key: &str) -> (Option<usize>, &str) {
    match key.split_once(':') {
        Some((number, path)) => (number.parse().ok(), path),
        None => (None, key),
    }
}

/// How many values there are in a column of text: each stands in some document. What a damaged file says can be anything.
pub(super) fn number_of_values(column: &StrColumn) -> tantivy::Result<usize> {
    let number = column.num_terms();
    match number as u64 <= u64::from(column.ords().values.num_vals()) {
        true => Ok(number),
        false => Err(TantivyError::SchemaError(format!("a column has {number} values, more than documents have"))),
    }
}

/// The first value of a column of text.
pub(super) fn value(column: &StrColumn, doc: u32) -> Option<String> {
    let ord = column.term_ords(doc).next()?;
    let mut text = String::new();
    column.ord_to_str(ord, &mut text).ok()?.then_some(text)
}

/// The values of a column of text with these numbers, which are ascending.
pub(super) fn values(column: &StrColumn, numbers: &[u64]) -> std::io::Result<Vec<String>> {
    let mut values = Vec::with_capacity(numbers.len());
    // Numbers of a damaged file may be of no value.
    let all = column.num_terms() as u64;
    let known = numbers.partition_point(|number| *number < all);
    let numbers = numbers.get(..known).unwrap_or(numbers);
    let take = |value: &[u8]| values.push(String::from_utf8_lossy(value).into_owned());
    column.dictionary().sorted_ords_to_term_cb(numbers, take)?;
    Ok(values)
}

/// All values of a column of text, by number. Streaming them is some twenty times faster than asking for each.
pub(super) fn dictionary(column: &StrColumn) -> std::io::Result<Vec<String>> {
    // Of a damaged file the number may be anything.
    let mut values = Vec::with_capacity(column.dictionary().num_terms().min(1 << 20));
    let mut stream = column.dictionary().stream()?;
    while stream.advance() {
        values.push(String::from_utf8_lossy(stream.key()).into_owned());
    }
    Ok(values)
}
