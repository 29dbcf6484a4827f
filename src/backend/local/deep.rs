//! Whether what is indexed is what the stored articles say. Checksums show that files are as they were written, this that
//! what was written is right: damage that a merge has taken over, or a fault of a program, has right checksums.
//!
//! Every article is read again and made a document again, as it was when it was put. Each of its words, at its position,
//! adds a number to a sum of the article; each word at its position in the postings takes one away. Where a sum is not
//! nought, a word is missing, one too many, or elsewhere. So both sides are gone through once, in any order and on all
//! cores, and the sums take a few bytes for each article, whatever its length.

use super::check::Watch;
use super::lookups;
use super::opened::{self, Opened};
use super::schema::{self, Fields, Prepared, column};
use super::stored::Stored;
use super::tokenise;
use crate::cores;
use crate::error::Result;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use tantivy::columnar::{Column, ColumnType, DynamicColumn, StrColumn};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentReader;
use tantivy::postings::Postings as _;
use tantivy::schema::{Field, FieldType, IndexRecordOption, Schema, Value as _};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{DocAddress, DocSet, TERMINATED, TantivyDocument};
use twox_hash::XxHash3_64;

/// What is told apart in what is found.
const WHAT: [&str; 3] = ["the words", "the mentions and numbers", "the names and values"];
/// Articles that one piece of work reads.
const ARTICLES: u32 = 256;
/// Words whose postings one piece of work reads.
const TERMS: u64 = 4096;
/// Faults that are told one by one.
const MOST: usize = 50;

/// Compares every article with what is indexed of it, and every list for look-ups with what it was made of.
pub(super) fn compare(opened: &Opened, watch: Watch<'_>) -> Result<Vec<String>> {
    let failed = |error| opened.failed("comparing what is in", error);
    let segments = opened.searcher.segment_readers();
    let mut plans = Vec::with_capacity(segments.len());
    let mut total = 0;
    for segment in segments {
        let work = plan(segment).map_err(failed)?;
        total += work.len() as u64;
        plans.push(work);
    }
    let done = AtomicU64::new(0);
    let step = || watch(done.fetch_add(1, Ordering::Relaxed) + 1, total);
    let mut faults = Vec::new();
    for ((ordinal, segment), work) in (0u32..).zip(segments).zip(plans) {
        let compared = Compared::new(opened, ordinal, segment).map_err(failed)?;
        compared.all(&work, &step).map_err(failed)?;
        faults.extend(compared.faults());
        let id = segment.segment_id().uuid_string();
        let wrong = faults_of_columns(segment).map_err(failed)?;
        faults.extend(wrong.into_iter().map(|fault| format!("{fault} in the segment `{id}`")));
        if !lookups::agrees(&opened.generation, segment, &opened.fields).map_err(failed)? {
            faults.push(format!("the list `{}` is not what its segment makes", lookups::name(&id)));
        }
    }
    if faults.len() > MOST {
        let more = faults.len() - MOST;
        faults.truncate(MOST);
        faults.push(format!("{more} more of the kind"));
    }
    Ok(faults)
}

/// A piece of work.
#[derive(Clone, Copy)]
enum Work {
    /// Articles from one on, to before another one.
    Articles(u32, u32),
    /// Terms of a field from a number on.
    Terms(Field, IndexRecordOption, u64),
}

/// All there is to do for a segment.
fn plan(segment: &SegmentReader) -> tantivy::Result<Vec<Work>> {
    let mut work = Vec::new();
    for (field, option, _) in indexed(segment.schema()) {
        let terms = segment.inverted_index(field)?.terms().num_terms() as u64;
        work.extend((0..terms).step_by(TERMS as usize).map(|from| Work::Terms(field, option, from)));
    }
    let last = segment.max_doc();
    work.extend((0..last).step_by(ARTICLES as usize).map(|from| Work::Articles(from, last.min(from + ARTICLES))));
    Ok(work)
}

/// What is wrong with the columns of a segment as such: one that the schema asks for is not there or of another kind (the
/// engine writes each of them, with values or without), or its values are others by number than in their order.
fn faults_of_columns(segment: &SegmentReader) -> tantivy::Result<Vec<String>> {
    let mut faults = Vec::new();
    for (_, entry) in segment.schema().fields().filter(|(_, entry)| entry.is_fast()) {
        let kind = match entry.field_type() {
            FieldType::I64(_) => ColumnType::I64,
            FieldType::U64(_) => ColumnType::U64,
            _ => ColumnType::Str,
        };
        let Some(column) = segment.fast_fields().dynamic_column_handle(entry.name(), kind)? else {
            faults.push(format!("the column `{}` is not there", entry.name()));
            continue;
        };
        if let DynamicColumn::Str(column) = column.open()?
            && !is_numbered(&column)?
        {
            faults.push(format!("the values of the column `{}` are not those of their numbers", entry.name()));
        }
    }
    Ok(faults)
}

/// Whether each value of a column of text has the number that its place in their order gives it.
fn is_numbered(column: &StrColumn) -> tantivy::Result<bool> {
    let numbers: Vec<u64> = (0..opened::number_of_values(column)? as u64).collect();
    let mut stream = column.dictionary().stream()?;
    let mut agrees = true;
    let all = column.dictionary().sorted_ords_to_term_cb(&numbers, |value| {
        agrees &= stream.advance() && stream.key() == value;
    })?;
    Ok(all && agrees && !stream.advance())
}

/// The fields with terms, how much is kept of them, and for text the name of its tokeniser.
fn indexed(schema: &Schema) -> Vec<(Field, IndexRecordOption, Option<String>)> {
    let known = |(field, entry): (Field, &tantivy::schema::FieldEntry)| match entry.field_type() {
        FieldType::Str(options) => {
            let options = options.get_indexing_options()?;
            Some((field, options.index_option(), Some(options.tokenizer().to_owned())))
        }
        kind => kind.is_indexed().then_some((field, IndexRecordOption::Basic, None)),
    };
    schema.fields().filter_map(known).collect()
}

/// One segment under comparison.
struct Compared<'o> {
    opened: &'o Opened,
    ordinal: u32,
    segment: &'o SegmentReader,
    /// For each article as many sums as there are names in [`WHAT`].
    sums: Vec<AtomicU64>,
    /// Columns of text, with a number for each of their values; none where no article seems to have any. That of files
    /// stands for the field [`schema::KNOWN`] too.
    texts: Vec<(Field, Option<StrColumn>, Vec<u64>)>,
    /// Columns of numbers, likewise.
    numbers: Vec<(Field, Option<Column<u64>>)>,
    flags: Option<Column<u64>>,
    hash: Option<Column<u64>>,
    /// The counts of words, which scores are made of.
    lengths: Vec<(Field, FieldNormReader)>,
    found: Mutex<BTreeMap<(u32, &'static str), ()>>,
}

impl<'o> Compared<'o> {
    fn new(opened: &'o Opened, ordinal: u32, segment: &'o SegmentReader) -> tantivy::Result<Compared<'o>> {
        let columns = segment.fast_fields();
        let (mut texts, mut numbers) = (Vec::new(), Vec::new());
        for (field, entry) in segment.schema().fields().filter(|(_, entry)| entry.is_fast()) {
            let name = entry.name();
            match entry.field_type() {
                FieldType::Str(_) => {
                    let text = columns.str(name)?;
                    if field == opened.fields.file {
                        texts.push((opened.fields.known, text.clone(), marks(opened.fields.known, text.as_ref())?));
                    }
                    let values = marks(field, text.as_ref())?;
                    texts.push((field, text, values));
                }
                // Those of files are checked against the articles that are there, the hash apart.
                _ if [column::FIRST, column::LAST, column::CONFIDENCE, column::SPOKEN].contains(&name) => {
                    numbers.push((field, columns.u64_lenient(name)?.map(|(number, _)| number)));
                }
                _ => {}
            }
        }
        let fields = &opened.fields;
        let mut lengths = Vec::new();
        for field in [fields.title, fields.body] {
            lengths.push((field, segment.get_fieldnorms_reader(field)?));
        }
        let mut sums = Vec::new();
        sums.resize_with(segment.max_doc() as usize * WHAT.len(), AtomicU64::default);
        Ok(Compared {
            opened,
            ordinal,
            segment,
            sums,
            texts,
            numbers,
            flags: columns.u64(column::FLAGS).ok(),
            hash: columns.u64(column::HASH).ok(),
            lengths,
            found: Mutex::default(),
        })
    }

    /// Does all work, on all cores.
    fn all(&self, work: &[Work], step: &(dyn Fn() + Sync)) -> tantivy::Result<()> {
        let cores = cores::count().min(work.len().max(1));
        let next = AtomicUsize::new(0);
        let failed = Mutex::new(None);
        std::thread::scope(|scope| {
            for _ in 0..cores {
                scope.spawn(|| {
                    let mut tokenisers = Tokenisers::new(self.segment.schema());
                    while let Some(piece) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let outcome = match *piece {
                            Work::Articles(from, to) => self.articles(from, to, &mut tokenisers),
                            Work::Terms(field, option, from) => self.terms(field, option, from),
                        };
                        if let Err(error) = outcome {
                            // The first one is told; no more is begun.
                            next.store(work.len(), Ordering::Relaxed);
                            if let Ok(mut failed) = failed.lock() {
                                failed.get_or_insert(error);
                            }
                        }
                        step();
                    }
                });
            }
        });
        failed.into_inner().ok().flatten().map_or(Ok(()), Err)
    }

    /// Takes from the sums what stands in the postings of some terms.
    fn terms(&self, field: Field, option: IndexRecordOption, from: u64) -> tantivy::Result<()> {
        let index = self.segment.inverted_index(field)?;
        let mut first = Vec::new();
        if !index.terms().ord_to_term(from, &mut first)? {
            return Ok(());
        }
        let what = what(&self.opened.fields, field);
        let mut positions = Vec::new();
        let mut stream = index.terms().range().ge(&first).into_stream()?;
        let mut left = TERMS;
        while left > 0 && stream.advance() {
            left -= 1;
            let term = mark(field, stream.key());
            let mut postings = index.read_postings_from_terminfo(stream.value(), option)?;
            let mut doc = postings.doc();
            while doc != TERMINATED {
                let sum = if option.has_positions() {
                    postings.positions(&mut positions);
                    positions.iter().fold(0u64, |sum, position| sum.wrapping_add(at(term, *position)))
                } else {
                    at(term, 0)
                };
                match self.sum(doc, what) {
                    Some(of) => drop(of.fetch_sub(sum, Ordering::Relaxed)),
                    None => self.note(doc, "no article is as far back as the words say"),
                }
                doc = postings.advance();
            }
        }
        Ok(())
    }

    /// Adds to the sums what stands in some articles, and compares their columns.
    fn articles(&self, from: u32, to: u32, tokenisers: &mut Tokenisers) -> tantivy::Result<()> {
        let fields = &self.opened.fields;
        let store = self.segment.get_store_reader(2)?;
        for doc in (from..to).filter(|doc| !self.segment.is_deleted(*doc)) {
            let mut values = 0u64;
            let flags = self.flags.as_ref().and_then(|flags| flags.first(doc));
            for (field, column, marks) in &self.texts {
                // What stands nowhere else: the term and the column must agree.
                if [fields.id, fields.file].contains(field) || *field == fields.known && flags.is_some() {
                    let marks = marks_of(column.as_ref(), marks, doc);
                    values = marks.map(|mark| at(mark, 0)).fold(values, u64::wrapping_add);
                }
            }
            let sort = if flags.is_some() { schema::FILE } else { schema::ARTICLE };
            values = values.wrapping_add(at(mark(fields.sort, sort.as_bytes()), 0));
            let stored = Stored::read(&store, doc, &self.opened.dictionaries)?;
            if let Some(flags) = flags {
                self.add(doc, 2, values);
                let kept = schema::stored_state(stored.as_ref()).is_some();
                if (flags & schema::SKIPPED != 0) != kept {
                    self.note(doc, "what was not read of the file");
                }
                continue;
            }
            let again = stored.and_then(|stored| schema::indexed_again(fields, &stored));
            let Some(Prepared { document, hash }) = again else {
                self.note(doc, "what is stored of the article cannot be read");
                continue;
            };
            for (field, option, tokeniser) in &mut tokenisers.all {
                let (sum, count) = terms_of(&document, *field, *option, tokeniser);
                match what(fields, *field) {
                    2 => values = values.wrapping_add(sum),
                    other => self.add(doc, other, sum),
                }
                let length = self.lengths.iter().find(|(other, _)| other == field);
                if let Some((_, lengths)) = length
                    && lengths.fieldnorm_id(doc) != FieldNormReader::fieldnorm_to_id(count)
                {
                    self.note(doc, "the number of the words");
                }
            }
            self.add(doc, 2, values);
            self.columns(doc, &document);
            if self.hash.as_ref().and_then(|hash| hash.first(doc)) != Some(hash) {
                self.note(doc, "the sum over text and details");
            }
        }
        Ok(())
    }

    /// Compares what stands in the columns of an article with its document.
    fn columns(&self, doc: u32, document: &TantivyDocument) {
        let fields = &self.opened.fields;
        let own = [fields.id, fields.file, fields.known];
        for (field, column, marks) in self.texts.iter().filter(|(field, ..)| !own.contains(field)) {
            let there = marks_of(column.as_ref(), marks, doc);
            let wanted = document.get_all(*field).filter_map(|value| value.as_str());
            let wanted = wanted.map(|value| mark(*field, value.as_bytes()));
            if there.fold(0, u64::wrapping_add) != wanted.fold(0, u64::wrapping_add) {
                self.note(doc, "the columns of names and values");
            }
        }
        for (field, column) in &self.numbers {
            // A column of signed numbers keeps them so that they are in order.
            let number = |value: tantivy::schema::document::CompactDocValue<'_>| match value.as_i64() {
                Some(signed) => Some((signed as u64) ^ (1 << 63)),
                None => value.as_u64(),
            };
            let hashed = |value: u64| at(value, 0);
            let there =
                column.iter().flat_map(|column| column.values_for_doc(doc)).map(hashed).fold(0, u64::wrapping_add);
            let wanted = document.get_all(*field).filter_map(number).map(hashed).fold(0, u64::wrapping_add);
            if there != wanted {
                self.note(doc, "the columns of dates");
            }
        }
    }

    fn sum(&self, doc: u32, what: usize) -> Option<&AtomicU64> {
        self.sums.get(doc as usize * WHAT.len() + what)
    }

    fn add(&self, doc: u32, what: usize, sum: u64) {
        if let Some(of) = self.sum(doc, what) {
            of.fetch_add(sum, Ordering::Relaxed);
        }
    }

    fn note(&self, doc: u32, what: &'static str) {
        if let Ok(mut found) = self.found.lock() {
            found.insert((doc, what), ());
        }
    }

    /// What is wrong, when all work is done.
    fn faults(self) -> Vec<String> {
        for doc in (0..self.segment.max_doc()).filter(|doc| !self.segment.is_deleted(*doc)) {
            for (place, what) in WHAT.into_iter().enumerate() {
                if self.sum(doc, place).is_some_and(|sum| sum.load(Ordering::Relaxed) != 0) {
                    self.note(doc, what);
                }
            }
        }
        let found = self.found.into_inner().unwrap_or_default();
        let name = |doc: u32| {
            if doc >= self.segment.max_doc() {
                return "?".to_owned();
            }
            let (id, key) = self.opened.id_and_key(DocAddress::new(self.ordinal, doc));
            if id.is_empty() { opened::split_key(&key).1.to_owned() } else { id }
        };
        found
            .keys()
            .map(|(doc, what)| format!("`{}`: {what} in the index and in what is stored differ", name(*doc)))
            .collect()
    }
}

/// A number for each value of a column of text, as of a field.
fn marks(field: Field, column: Option<&StrColumn>) -> tantivy::Result<Vec<u64>> {
    let Some(column) = column else { return Ok(Vec::new()) };
    let mut marks = Vec::with_capacity(opened::number_of_values(column)?);
    let mut stream = column.dictionary().stream()?;
    while stream.advance() {
        marks.push(mark(field, stream.key()));
    }
    Ok(marks)
}

/// The numbers of the values that a document has in a column.
fn marks_of<'m>(column: Option<&'m StrColumn>, marks: &'m [u64], doc: u32) -> impl Iterator<Item = u64> + 'm {
    let values = column.into_iter().flat_map(move |column| column.term_ords(doc));
    values.map(|number| marks.get(number as usize).copied().unwrap_or(0))
}

/// The tokenisers of the fields with text.
struct Tokenisers {
    all: Vec<(Field, IndexRecordOption, TextAnalyzer)>,
}

impl Tokenisers {
    fn new(schema: &Schema) -> Tokenisers {
        let manager = tokenise::manager();
        let own = [schema::SORT, schema::KNOWN, column::ID, column::FILE];
        let all = indexed(schema)
            .into_iter()
            .filter(|(field, ..)| !own.contains(&schema.get_field_name(*field)))
            .filter_map(|(field, option, name)| Some((field, option, manager.get(&name?)?)))
            .collect();
        Tokenisers { all }
    }
}

/// The sum of the terms of a field of a document, each at its position where positions are kept and once where not; and
/// how many there are.
fn terms_of(
    document: &TantivyDocument,
    field: Field,
    option: IndexRecordOption,
    tokeniser: &mut TextAnalyzer,
) -> (u64, u32) {
    let (mut sum, mut count) = (0u64, 0);
    let mut once = Vec::new();
    for text in document.get_all(field).filter_map(|value| value.as_str()) {
        let mut stream = tokeniser.token_stream(text);
        while stream.advance() {
            let token = stream.token();
            let term = mark(field, token.text.as_bytes());
            count += 1;
            match option.has_positions() {
                true => sum = sum.wrapping_add(at(term, token.position as u32)),
                false => once.push(term),
            }
        }
    }
    once.sort_unstable();
    once.dedup();
    (once.into_iter().fold(sum, |sum, term| sum.wrapping_add(at(term, 0))), count)
}

/// The place in [`WHAT`] of a field.
fn what(fields: &Fields, field: Field) -> usize {
    if [fields.title, fields.body].contains(&field) {
        0
    } else if [fields.title_slots, fields.body_slots].contains(&field) {
        1
    } else {
        2
    }
}

/// A number for a term or value of a field.
fn mark(field: Field, term: &[u8]) -> u64 {
    XxHash3_64::oneshot_with_seed(u64::from(field.field_id()), term)
}

/// A number for a term at a position, of which no sum of others is likely to make up for another (SplitMix64).
fn at(term: u64, position: u32) -> u64 {
    let mut mixed = term.wrapping_add(u64::from(position).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
