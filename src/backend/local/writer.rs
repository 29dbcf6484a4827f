//! Writing: lock, then checks, then open; batches; what is committed is durable.
//!
//! 1. [`Writer::lock`] takes the lock, and [`Locked::open`] reads what the last commit knew. Nothing else is opened.
//! 2. The first change checks the names and the checksums of what is there, because a merge would make damage look
//!    sound ([`Writer::expect_articles`] may have begun with them), and opens tantivy's writer. It uses up one operation
//!    stamp: tantivy begins at the stamp of the last commit, and a deletion with that very stamp can be lost in a merge.
//! 3. [`Writer::commit`] commits, makes the folder durable, and only then is anything acknowledged.
//! 4. [`Writer::finish`] waits for merges.

use super::budget::{self, Shares};
use super::dictionaries::{How, Packing, QUICK_LEVEL};
use super::disk::{self, Failure, Writable};
use super::merges::Merges;
use super::opened::{self, Opened, Payload, guarded};
use super::schema::{self, Fields, Prepared};
use super::{dictionaries, folder, holder, lookups, room, tokenise};
use crate::backend::FileState;
use crate::error::{Error, Kind, Result};
use crate::extract::Prior;
use rustc_hash::{FxHashMap, FxHashSet};
use std::any::Any;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tantivy::directory::error::LockError;
use tantivy::indexer::{IndexWriterOptions, NoMergePolicy};
use tantivy::schema::document::Document;
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{Index, IndexSettings, IndexWriter, TantivyDocument, TantivyError, Term};
use twox_hash::XxHash3_64;

/// How to write.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Threads that build segments.
    pub threads: usize,
    /// Bytes that the run may take, see [`least_memory`].
    pub memory: usize,
    /// Build everything anew beside what is there.
    pub full: bool,
    /// Pack less well for the sake of time.
    pub quick: bool,
}

/// The least memory, in bytes, with which a run of so many threads keeps to what it is given. Less is taken for this.
pub fn least_memory(threads: usize) -> usize {
    budget::least(threads)
}

/// Zstandard level of blocks of articles that are not packed one by one. What is packed already costs next to nothing in
/// a block.
const BLOCK_LEVEL: i32 = 6;

/// Bytes of text that are compressed together: 256 kB take a fourteenth off against 96. Reading an article unpacks one
/// block, some quarter of a millisecond; twice the size would take another twentieth off, and twice that time.
const STORE_BLOCK: usize = 256 << 10;

/// How long the engine's own lock is waited for, and how long between two looks.
const LOCK_PATIENCE: Duration = Duration::from_secs(2);
const LOCK_PAUSE: Duration = Duration::from_millis(5);

/// Writes to one index, of which it holds the lock.
pub struct Writer {
    folder: PathBuf,
    generation: PathBuf,
    options: Options,
    fields: Fields,
    roots: Vec<String>,
    homes: BTreeMap<String, Prior>,
    /// What there was at opening; none for a new index.
    before: Option<Opened>,
    files: FxHashMap<String, FileState>,
    /// Hashes of the keys of files that were noted since opening.
    noted: FxHashSet<u64>,
    engine: Option<IndexWriter<Carried>>,
    /// What is wrong with the files that are there, where that is looked for already.
    checking: Option<JoinHandle<Result<Vec<String>>>>,
    /// How articles are packed, once there is a generation.
    packing: Arc<Packing>,
    /// Dictionaries of the generation.
    dictionaries: usize,
    /// How much of the run is done, of 1.
    share: f64,
    /// What went wrong in the engine's own threads.
    failure: Failure,
    /// Whether this generation is still to be made current.
    pending: bool,
    /// Whether anything changed since the last commit.
    dirty: bool,
    _lock: folder::Lock,
}

/// The lock of an index of which nothing else was looked at yet.
pub struct Locked {
    folder: PathBuf,
    lock: folder::Lock,
}

impl Locked {
    /// Tells whoever wants to write too what is done here, `command`, and since when, in nanoseconds since 1970.
    pub fn sign(&mut self, command: &str, since: i64) {
        self.lock.sign(&holder::note(Some((command, since))));
    }

    /// Reads what is known of the files of the index.
    pub fn open(self, options: Options) -> Result<Writer> {
        let Locked { folder, lock } = self;
        let (_, fields) = schema::schema();
        let mut writer = Writer {
            folder: folder.clone(),
            generation: PathBuf::new(),
            options,
            fields,
            roots: Vec::new(),
            homes: BTreeMap::new(),
            before: None,
            files: FxHashMap::default(),
            noted: FxHashSet::default(),
            engine: None,
            checking: None,
            packing: Arc::new(Packing::none()),
            dictionaries: 0,
            share: 0.0,
            failure: Failure::default(),
            pending: false,
            dirty: false,
            _lock: lock,
        };
        let folder = folder.as_path();
        match folder::current(folder) {
            Ok((generation, versions)) if !options.full => {
                folder::remove_others(folder, &generation);
                let (opened, files) = guarded(folder, || {
                    let opened = opened::open_generation(folder, generation, versions)?;
                    let files = opened.files()?;
                    Ok((opened, files))
                })?;
                writer.generation = opened.generation.clone();
                writer.roots = opened.payload.roots.clone();
                writer.homes = opened.payload.homes.clone();
                writer.files = files;
                writer.dictionaries = opened.payload.dictionaries;
                writer.before = Some(opened);
            }
            Ok(_) => writer.create()?,
            Err(error) if error.kind == Kind::NoIndex => {
                writer.create()?;
                // An empty index from the beginning: what an interrupted first run committed counts.
                writer.make_current()?;
                folder::remove_others(folder, &writer.generation);
            }
            // With --full, what cannot be opened is replaced once the new one is complete.
            Err(error) if options.full && matches!(error.kind, Kind::Damaged | Kind::Incompatible) => {
                writer.create()?
            }
            Err(error) => return Err(error),
        }
        let how = How { quick: options.quick, threads: options.threads };
        writer.packing = Arc::new(Packing::open(&writer.generation, writer.dictionaries, how));
        Ok(writer)
    }
}

impl Writer {
    /// Locks the index in `folder`.
    pub fn lock(folder: &Path) -> Result<Locked> {
        // Before anything is written there.
        folder::refuse_foreign(folder)?;
        Ok(Locked { folder: folder.to_owned(), lock: folder::lock(folder)? })
    }

    /// Locks the index in `folder` and reads what is known of its files.
    pub fn open(folder: &Path, options: Options) -> Result<Writer> {
        Writer::lock(folder)?.open(options)
    }

    /// Says how much of the run is done, of `all`, in bytes of what is read.
    pub fn goes_on(&mut self, done: u64, all: u64) {
        self.share = if all > 0 { done as f64 / all as f64 } else { 0.0 };
    }

    /// Leaves so many bytes of the memory to the caller. To be called before anything is changed.
    pub fn set_aside(&mut self, bytes: usize) {
        self.options.memory = self.options.memory.saturating_sub(bytes);
    }

    /// Says that articles are to come: what takes time before the first of them can be added begins beside other work.
    pub fn expect_articles(&mut self) {
        self.packing.warm_up();
        if self.before.is_some() && self.engine.is_none() && self.checking.is_none() {
            let (folder, generation, dictionaries) = (self.folder.clone(), self.generation.clone(), self.dictionaries);
            self.checking = Some(thread::spawn(move || {
                // Opened anew: what was opened before would keep all that is read in memory.
                let index = opened::index(&folder, &generation)?;
                super::check::checksums(&index, &generation, dictionaries)
            }));
        }
    }

    /// What is known of files, by key, as of opening.
    pub fn files(&self) -> &FxHashMap<String, FileState> {
        &self.files
    }

    /// Where sources are at home, as far as that was learned before.
    pub fn homes(&self) -> &BTreeMap<String, Prior> {
        &self.homes
    }

    /// Keeps where sources are at home, with the next commit.
    pub fn keep_homes(&mut self, homes: BTreeMap<String, Prior>) {
        self.homes = homes;
    }

    /// The folders and files that are indexed; the position is the number that keys begin with.
    pub fn roots(&self) -> &[String] {
        &self.roots
    }

    /// Adds a root and gives its number.
    pub fn add_root(&mut self, root: &str) -> usize {
        self.roots.push(root.to_owned());
        self.dirty = true;
        self.roots.len() - 1
    }

    /// Says that the root of this number is elsewhere now.
    pub fn move_root(&mut self, number: usize, root: &str) {
        if let Some(there) = self.roots.get_mut(number) {
            root.clone_into(there);
            self.dirty = true;
        }
    }

    /// The ids and contents hashes of the articles that a file had at opening.
    pub fn articles_of(&self, key: &str) -> Result<FxHashMap<String, u64>> {
        let Some(before) = &self.before else { return Ok(FxHashMap::default()) };
        guarded(&self.folder, || before.articles_of(key))
    }

    /// The key of the file whose article had this id at opening.
    pub fn owner(&self, id: &str) -> Result<Option<String>> {
        let Some(before) = &self.before else { return Ok(None) };
        guarded(&self.folder, || before.owner(id))
    }

    /// The fields that articles are prepared with.
    pub fn preparer(&self) -> Preparer {
        Preparer { fields: self.fields, packing: Arc::clone(&self.packing) }
    }

    /// Adds an article; `replaces` says that one with this id is there.
    pub fn put(&mut self, id: &str, key: &str, article: PreparedArticle, replaces: bool) -> Result<()> {
        let fields = self.fields;
        let mut document = article.inner.document;
        document.add_text(fields.id, id);
        document.add_text(fields.file, key);
        let engine = self.engine()?;
        if replaces {
            engine.delete_term(Term::from_field_text(fields.id, id));
        }
        let outcome = engine.add_document(Carried { document, _load: article.load });
        self.dirty = true;
        outcome.map(drop).map_err(|error| self.failed("adding an article to", error))?;
        self.grow_dictionary()
    }

    /// Makes a larger dictionary when enough articles have gone by.
    fn grow_dictionary(&mut self) -> Result<()> {
        let Some((number, text)) = self.packing.next(self.share) else { return Ok(()) };
        let directory = Writable::open(&self.generation, &self.failure);
        let directory = directory.map_err(|error| self.failed("writing to", error.into()))?;
        dictionaries::write(&directory, number, &text).map_err(|error| self.failed("writing to", error.into()))?;
        self.packing.take(number, &text);
        self.dictionaries = number;
        Ok(())
    }

    /// Removes the article with this id.
    pub fn remove(&mut self, id: &str) -> Result<()> {
        let term = Term::from_field_text(self.fields.id, id);
        self.engine()?.delete_term(term);
        self.dirty = true;
        Ok(())
    }

    /// Notes what is known of a file.
    pub fn put_file(&mut self, key: &str, state: &FileState) -> Result<()> {
        let fields = self.fields;
        let document = schema::file_document(&fields, key, state);
        // One may be noted again in the same run. Two keys with one hash cost a deletion of nothing.
        let noted = !self.noted.insert(XxHash3_64::oneshot(key.as_bytes()));
        let known = noted || self.files.contains_key(key);
        let engine = self.engine()?;
        if known {
            engine.delete_term(Term::from_field_text(fields.known, key));
        }
        let outcome = engine.add_document(Carried { document, _load: None });
        self.dirty = true;
        outcome.map(drop).map_err(|error| self.failed("noting a file in", error))
    }

    /// Removes a file and all its articles.
    pub fn forget_file(&mut self, key: &str) -> Result<()> {
        let term = Term::from_field_text(self.fields.file, key);
        self.engine()?.delete_term(term);
        self.dirty = true;
        Ok(())
    }

    /// Whether the disk has room for so many bytes more and for the largest merge that is to come, as far as is known.
    pub fn check_room(&self, more: u64) -> Result<()> {
        let metas = opened::index(&self.folder, &self.generation)?.load_metas();
        let metas = metas.map_err(|error| self.failed("opening", error))?;
        let merge = room::largest_merge(&self.generation, &metas, &self.merge_policy());
        room::enough(&self.folder, room::free(&self.generation), merge.saturating_add(more))
    }

    /// Bytes of the files of the index, those of the engine's that are not committed yet too.
    pub fn size(&self) -> u64 {
        room::size(&self.generation)
    }

    /// Commits what was changed. When this returns, it survives a power cut.
    pub fn commit(&mut self) -> Result<()> {
        if !self.dirty && !self.pending {
            return Ok(());
        }
        let payload =
            serde_json::to_string(&Payload::new(self.roots.clone(), self.homes.clone(), self.dictionaries))
                .map_err(|error| Error::new(Kind::Bug, "the note of a commit cannot be written").because(error))?;
        let engine = self.engine()?;
        let outcome = engine.prepare_commit().and_then(|mut commit| {
            commit.set_payload(&payload);
            commit.commit()
        });
        outcome.map_err(|error| self.failed("committing to", error))?;
        folder::settle(&self.generation)
            .map_err(|error| Error::io(format!("making the index `{}` durable", self.folder.display()), &error))?;
        self.keep_roots()?;
        self.dirty = false;
        Ok(())
    }

    /// Whether this builds an index anew beside one that counts until [`Writer::finish`]; dropped before, it leaves
    /// that one as it was.
    pub fn is_rebuilding(&self) -> bool {
        self.pending
    }

    /// Lets what is small be merged as far as it fits, where this run began with nothing and need not be quick. To be
    /// called before [`Writer::finish`].
    pub fn gather(&mut self) {
        if let Some(engine) = self.engine.as_ref().filter(|_| self.before.is_none() && !self.options.quick) {
            engine.set_merge_policy(Box::new(Merges {
                last: true,
                most: self.shares().last_merge as u64,
                ..self.merge_policy()
            }));
        }
    }

    /// Commits, waits for merges, and makes a new generation the current one.
    pub fn finish(mut self) -> Result<()> {
        self.commit()?;
        if let Some(engine) = self.engine.take() {
            // What there was is not asked for any more, and holds its files.
            self.before = None;
            engine.wait_merging_threads().map_err(|error| self.failed("merging", error))?;
            // Segments that were merged may still have been in use when tantivy last looked.
            let directory = Writable::open(&self.generation, &self.failure).map_err(TantivyError::from);
            let tidied = directory.and_then(Index::open).and_then(|mut index| {
                sweep(&mut index, &self.generation)?;
                self.make_lookups(&index)
            });
            tidied.map_err(|error| self.failed("tidying up", error))?;
            folder::settle(&self.generation)
                .map_err(|error| Error::io(format!("making the index `{}` durable", self.folder.display()), &error))?;
        } else if let Some(before) = self.before.take() {
            // An index that an older program wrote may have no such lists.
            let index = before.searcher.index().clone();
            drop(before);
            lookups::write_missing(&self.generation, &index, &self.fields)
                .map_err(|error| self.failed("preparing look-ups in", error))?;
        }
        if self.pending {
            self.make_current()?;
        }
        if self.options.full {
            folder::remove_others(&self.folder, &self.generation);
        }
        // A merge that fails leaves all as it was, and the engine keeps silent about it.
        match self.io("merging and tidying up") {
            Some(failed) => Err(failed.or_hint("everything is committed; the next run merges again")),
            None => Ok(()),
        }
    }

    /// Makes the lists for looking up names and words of new segments, and removes those of segments that are gone.
    fn make_lookups(&self, index: &Index) -> tantivy::Result<()> {
        let living: Vec<String> =
            index.searchable_segment_ids()?.into_iter().map(|segment| segment.uuid_string()).collect();
        lookups::remove_stale(&self.generation, &living)?;
        lookups::write_missing(&self.generation, index, &self.fields)
    }

    /// Makes an empty generation.
    fn create(&mut self) -> Result<()> {
        self.generation = folder::create(&self.folder)?;
        self.pending = true;
        let (schema, _) = schema::schema();
        let level = if self.options.quick { QUICK_LEVEL } else { BLOCK_LEVEL };
        let settings = IndexSettings {
            docstore_compression: Compressor::Zstd(ZstdCompressor { compression_level: Some(level) }),
            docstore_blocksize: STORE_BLOCK,
            ..IndexSettings::default()
        };
        let directory =
            Writable::open(&self.generation, &self.failure).map_err(|error| self.failed("creating", error.into()))?;
        Index::create(directory, schema, settings).map_err(|error| self.failed("creating", error))?;
        folder::settle(&self.generation)
            .map_err(|error| Error::io(format!("making the index `{}` durable", self.folder.display()), &error))?;
        Ok(())
    }

    fn make_current(&mut self) -> Result<()> {
        folder::make_current(&self.folder, &self.generation)?;
        self.pending = false;
        self.keep_roots()
    }

    /// Keeps what was indexed where a damaged index is built anew from it; an index that does not count yet says nothing.
    fn keep_roots(&self) -> Result<()> {
        if self.pending || self.roots.is_empty() { Ok(()) } else { folder::keep_roots(&self.folder, &self.roots) }
    }

    /// Tantivy's writer, opened at the first change.
    pub(super) fn engine(&mut self) -> Result<&mut IndexWriter<Carried>> {
        if self.engine.is_none() {
            let engine = self.open_engine()?;
            self.engine = Some(engine);
        }
        self.engine.as_mut().ok_or_else(|| Error::new(Kind::Bug, "the writer is not open"))
    }

    fn open_engine(&mut self) -> Result<IndexWriter<Carried>> {
        let checking = self.checking.take();
        folder::check_managed(&self.folder, &self.generation)?;
        let failed = |error| self.failed("preparing to write to", error);
        let directory = Writable::open(&self.generation, &self.failure).map_err(|error| failed(error.into()))?;
        let mut index = Index::open(directory).map_err(failed)?;
        index.set_tokenizers(tokenise::manager());
        let faults = match checking.map(JoinHandle::join) {
            Some(Ok(faults)) => faults,
            _ => super::check::checksums(&index, &self.generation, self.dictionaries),
        };
        if let Some(failed) = self.io("preparing to write to") {
            return Err(failed);
        }
        let faults = faults?;
        if let Some(fault) = faults.first() {
            return Err(folder::damaged(&self.folder, fault.clone()));
        }
        // A list for look-ups that is not as it was written is made anew, as all that is in it is in the segment.
        for segment in index.searchable_segment_ids().map_err(failed)? {
            lookups::remove_unsound(&self.generation, &segment.uuid_string())
                .map_err(|error| Error::io(format!("tidying up the index `{}`", self.folder.display()), &error))?;
        }
        // A run that was killed as it committed may have left lists of deletions. Stamps go on where the last commit
        // stood, so the next ones can get the same names, and tantivy does not write over a file.
        sweep(&mut index, &self.generation).map_err(failed)?;
        dictionaries::sweep(&self.generation, self.dictionaries).map_err(|error| failed(error.into()))?;
        let shares = self.shares();
        // One merge at a time, for each maps its inputs.
        let options = IndexWriterOptions::builder()
            .num_worker_threads(shares.builders)
            .memory_budget_per_thread(shares.segment)
            .num_merge_threads(1)
            .build();
        // The engine's own lock, which nobody else can hold for long: ours is held. A process that is just being started
        // holds all files of this one for a moment.
        let mut patience = LOCK_PATIENCE;
        let engine: IndexWriter<Carried> = loop {
            match index.writer_with_options(options.clone()) {
                Err(TantivyError::LockFailure(LockError::LockBusy, _)) if !patience.is_zero() => {
                    thread::sleep(LOCK_PAUSE);
                    patience = patience.saturating_sub(LOCK_PAUSE);
                }
                outcome => break outcome.map_err(failed)?,
            }
        };
        engine.set_merge_policy(Box::new(self.merge_policy()));
        // The burnt stamp: no document can have this id.
        engine.delete_term(Term::from_field_text(self.fields.id, "\u{1}\u{1}"));
        Ok(engine)
    }

    /// When segments are merged.
    fn merge_policy(&self) -> Merges {
        Merges { generation: self.generation.clone(), most: self.shares().merge as u64, last: false }
    }

    fn shares(&self) -> Shares {
        Shares::of(self.options.memory, self.options.threads)
    }

    /// The first failure of the disk, as an error.
    fn io(&self, doing: &str) -> Option<Error> {
        let cause = self.failure.first()?;
        Some(Error::io(format!("{doing} the index `{}`", self.folder.display()), &cause))
    }

    fn failed(&self, doing: &str, error: TantivyError) -> Error {
        // What a thread of the engine died of says more than that it died, and nothing is damaged then.
        if let Some(failed) = self.io(doing) {
            return failed;
        }
        opened::failed(&self.folder, doing, error)
    }
}

/// Removes the files that no commit names. To be called where no writer of tantivy is open.
fn sweep(index: &mut Index, generation: &Path) -> tantivy::Result<()> {
    let mut living: HashSet<PathBuf> = index.load_metas()?.segments.iter().flat_map(super::check::files_of).collect();
    living.insert(PathBuf::from(folder::META));
    let kept = living.clone();
    index.directory_mut().garbage_collect(|| living)?;
    // Tantivy goes by its own list, which may be older than a file after a power cut, and knows of no file under way.
    for entry in std::fs::read_dir(generation)?.flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let is_left = folder::is_index_file(&name) && !lookups::is_list(&name) && !kept.contains(Path::new(&name));
        if is_left || folder::is_under_way(&name) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

impl Drop for Writer {
    fn drop(&mut self) {
        // After a failure nothing may be merged or committed any more; and who gets the lock after this must be alone.
        self.failure.close();
        if let Some(engine) = self.engine.take() {
            engine.set_merge_policy(Box::new(NoMergePolicy));
            drop(engine);
        }
        self.failure.wait();
        // It may have become current, and only that this is durable have failed.
        if self.pending && !folder::is_current(&self.folder, &self.generation) {
            // Half an index, which never counted.
            let _ = disk::remove_folder(&self.generation);
        }
    }
}

/// Something that is held as long as an article is in memory.
pub type Load = Box<dyn Any + Send + Sync>;

/// A document on its way through the engine, and what is held as long as it is.
pub(super) struct Carried {
    document: TantivyDocument,
    _load: Option<Load>,
}

impl Document for Carried {
    type Value<'a> = <TantivyDocument as Document>::Value<'a>;
    type FieldsValuesIter<'a> = <TantivyDocument as Document>::FieldsValuesIter<'a>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.document.iter_fields_and_values()
    }

    fn into_tantivy_document(self) -> TantivyDocument {
        self.document
    }
}

/// Prepares articles for a [`Writer`], on any thread.
#[derive(Clone)]
pub struct Preparer {
    fields: Fields,
    packing: Arc<Packing>,
}

/// An article that is ready to be put.
pub struct PreparedArticle {
    inner: Prepared,
    load: Option<Load>,
}

impl PreparedArticle {
    /// Lets go of `load` when the engine has worked the article in: until then it is in memory, as one of thousands that
    /// the engine may let wait.
    #[must_use]
    pub fn carrying(mut self, load: Load) -> PreparedArticle {
        self.load = Some(load);
        self
    }

    /// A hash of all that is kept of the article.
    pub fn hash(&self) -> u64 {
        self.inner.hash
    }
}

impl Preparer {
    /// Makes `article` ready.
    pub fn prepare(&self, article: &crate::article::Article, found: &crate::article::Found) -> PreparedArticle {
        PreparedArticle { inner: schema::prepare(&self.fields, article, found, &self.packing), load: None }
    }
}
