//! Lists beside each segment, made once, from which names are looked up by their words and words by their sound, and that
//! say which names are spellings of one: the dictionaries of the engine know names only by how they begin.
//!
//! ```text
//! SEGMENT.lookup     sorted keys with a number each (a finite-state map); for each field of names the number of the
//!                    entity of each value of its column; a note of fixed length: lengths, version, checksum, mark
//! ```
//!
//! 1. [`write_missing`] makes the lists of new segments when a writer has finished. A segment never changes, so a list
//!    is right as long as its segment lives; [`remove_stale`] removes those of segments that are gone.
//! 2. [`Lookups::open`] maps them. Where one is missing, of another version or damaged in its note, the dictionary of
//!    the segment is gone through instead: slower, with the same outcome. Deleted articles' names are in them until their
//!    segment is merged, as in the dictionaries.
//!
//! Keys are a letter for the field, what is looked up by, [`BEHIND`], and the name or word; or a figure for the field and
//! an entity, with its number. What a user says of names is not in them.

use super::facets;
use super::fuzzy::Fuzzy;
use super::schema::Fields;
use crate::field::Kind;
use crate::names::corrections::Corrections;
use crate::names::identity::{self, Identity};
use crate::query::patterns::Pattern;
use crate::text::sound;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tantivy::directory::{Directory, MmapDirectory, OwnedBytes};
use tantivy::schema::Field;
use tantivy::{Searcher, SegmentReader};
use tantivy_fst::{Automaton, IntoStreamer, Map, MapBuilder, Streamer};

/// What keys are made by. It changes with [`identity::word_key`] and [`sound::key`]; lists of another version are not
/// used, and made anew by the next run that writes.
const VERSION: u64 = 1;
/// The ending of a list.
const ENDING: &str = "lookup";
/// The end of every whole list.
const MARK: &[u8; 8] = b"datelook";
/// Lengths of keys and of the four columns, version, checksum and mark.
const NOTE: usize = 8 * (1 + COLUMNS + 2) + MARK.len();
/// Fields of names.
const COLUMNS: usize = 4;
/// In the number of an entity: that several values of the segment are spellings of it.
const SHARED: u32 = 1 << 31;
/// Between what is looked up by and what is found.
const BEHIND: char = '\u{1f}';
/// The letter of words by their sound.
const SOUNDS: char = 'w';

/// The fields of names, each with the letter of its names by their words, and whether they are of people. The same
/// letter in capitals is that of names by the sound of their last word, and its place here the figure of its entities.
fn fields(fields: &Fields) -> [(char, Field, bool); COLUMNS] {
    [('a', fields.author, true), ('l', fields.place, false), ('o', fields.org, false), ('p', fields.person, true)]
}

/// The letter of a field of names.
fn letter_of(known: &Fields, field: Field) -> Option<char> {
    fields(known).into_iter().find(|(_, other, _)| *other == field).map(|(letter, ..)| letter)
}

/// The names of the columns of those fields.
const NAMES: [&str; COLUMNS] = ["author", "place", "org", "person"];

/// The lists of an index, one a segment.
pub(super) struct Lookups {
    lists: Vec<Option<List>>,
}

/// The lists of a segment.
struct List {
    keys: Map<OwnedBytes>,
    columns: [OwnedBytes; COLUMNS],
}

impl List {
    /// Reads what [`write()`] wrote; nothing where it is of another version or not whole.
    fn read(bytes: &OwnedBytes) -> Option<List> {
        let end = bytes.len().checked_sub(NOTE)?;
        let note = bytes.as_slice().get(end..)?;
        let number = |at: usize| {
            let bytes: [u8; 8] = note.get(at * 8..at * 8 + 8)?.try_into().ok()?;
            usize::try_from(u64::from_le_bytes(bytes)).ok()
        };
        if number(1 + COLUMNS)? as u64 != VERSION || !note.ends_with(MARK) {
            return None;
        }
        let mut from = 0usize;
        let mut part = |at: usize| {
            let to = from.checked_add(number(at)?).filter(|to| *to <= end)?;
            let part = bytes.slice(from..to);
            from = to;
            Some(part)
        };
        let keys = tantivy_fst::raw::Fst::new(part(0)?).ok().map(Map::from)?;
        Some(List { keys, columns: [part(1)?, part(2)?, part(3)?, part(4)?] })
    }
}

/// Which values of the column of a segment are spellings of one entity.
pub(super) struct Entities<'l> {
    list: &'l List,
    place: usize,
}

impl Entities<'_> {
    /// How many values the column has.
    pub(super) fn values(&self) -> usize {
        self.list.columns.get(self.place).map_or(0, |column| column.len() / 4)
    }

    /// The number of the entity of a value, from 0 on, and whether it has several spellings.
    pub(super) fn of(&self, value: usize) -> (usize, bool) {
        let column = self.list.columns.get(self.place).map_or(&[][..], |column| column.as_slice());
        let bytes = column.get(value * 4..value * 4 + 4).and_then(|bytes| bytes.try_into().ok());
        let number = u32::from_le_bytes(bytes.unwrap_or_default());
        ((number & !SHARED) as usize, number & SHARED != 0)
    }

    /// The number of an entity.
    pub(super) fn number(&self, entity: &str) -> Option<usize> {
        self.list.keys.get(entity_key(self.place, entity)).map(|number| number as usize)
    }
}

fn entity_key(place: usize, entity: &str) -> String {
    format!("{place}{entity}")
}

/// What all spellings of the entity that a value of a column of names is of have in common, as far as no user says
/// otherwise.
pub(super) fn entity(field: &str, value: &str) -> String {
    // Only a user can say that a name is none.
    facets::key(Identity::new(field, &NO_CORRECTIONS), Kind::Name, value).unwrap_or_default()
}

static NO_CORRECTIONS: LazyLock<Corrections> = LazyLock::new(Corrections::default);

/// What is looked for.
enum Wanted<'w> {
    /// Keys that begin so.
    Beginning(String),
    /// Keys with this letter and a word that fits.
    Near(char, &'w Pattern),
}

impl Lookups {
    /// The lists of the segments of `searcher`.
    pub(super) fn open(generation: &Path, searcher: &Searcher) -> Lookups {
        let directory = MmapDirectory::open(generation).ok();
        let list = |segment: &SegmentReader| {
            let path = PathBuf::from(name(&segment.segment_id().uuid_string()));
            List::read(&directory.as_ref()?.open_read(&path).ok()?.read_bytes().ok()?)
        };
        Lookups { lists: searcher.segment_readers().iter().map(list).collect() }
    }

    /// Which values of the column called `field` are one in each segment; nothing where a segment does not say, and for
    /// columns that are not of names.
    pub(super) fn entities(&self, field: &str) -> Option<Vec<Entities<'_>>> {
        let place = NAMES.iter().position(|name| *name == field)?;
        self.lists.iter().map(|list| list.as_ref().map(|list| Entities { list, place })).collect()
    }

    /// Calls `take` with every name of a field that has a word which is `word` by [`identity::word_key`]; with every name
    /// of a segment that has no list. A name of several segments comes several times.
    pub(super) fn with_word(
        &self,
        searcher: &Searcher,
        known: &Fields,
        field: Field,
        word: &str,
        mut take: impl FnMut(&str),
    ) -> tantivy::Result<()> {
        let wanted = letter_of(known, field).map(|letter| Wanted::Beginning(format!("{letter}{word}{BEHIND}")));
        self.each(searcher, field, wanted.as_ref(), &mut take)
    }

    /// Calls `take` with every name of a field that has a word near the one of a fuzzy pattern; with every name of a
    /// segment that has no list.
    pub(super) fn with_word_near(
        &self,
        searcher: &Searcher,
        known: &Fields,
        field: Field,
        word: &Pattern,
        mut take: impl FnMut(&str),
    ) -> tantivy::Result<()> {
        let wanted = letter_of(known, field).map(|letter| Wanted::Near(letter, word));
        self.each(searcher, field, wanted.as_ref(), &mut take)
    }

    /// Calls `take` with every name of a field whose last word sounds so; with every name of a segment that has no list.
    pub(super) fn sounding(
        &self,
        searcher: &Searcher,
        known: &Fields,
        field: Field,
        sound: &str,
        mut take: impl FnMut(&str),
    ) -> tantivy::Result<()> {
        let of_names = letter_of(known, field).map(|letter| letter.to_ascii_uppercase());
        let letter = of_names.or((field == known.body).then_some(SOUNDS));
        let wanted = letter.map(|letter| Wanted::Beginning(format!("{letter}{sound}{BEHIND}")));
        self.each(searcher, field, wanted.as_ref(), &mut take)
    }

    fn each(
        &self,
        searcher: &Searcher,
        field: Field,
        wanted: Option<&Wanted<'_>>,
        take: &mut dyn FnMut(&str),
    ) -> tantivy::Result<()> {
        for (segment, list) in searcher.segment_readers().iter().zip(&self.lists) {
            let behind = |key: &[u8], take: &mut dyn FnMut(&str)| {
                let found = std::str::from_utf8(key).ok().and_then(|key| key.split_once(BEHIND));
                if let Some((_, found)) = found {
                    take(found);
                }
            };
            match (list, wanted) {
                (Some(list), Some(Wanted::Beginning(prefix))) => {
                    let mut stream = list.keys.range().ge(prefix).into_stream();
                    while let Some((key, _)) = stream.next() {
                        if !key.starts_with(prefix.as_bytes()) {
                            break;
                        }
                        behind(key, take);
                    }
                }
                (Some(list), Some(Wanted::Near(letter, pattern))) => {
                    let Some(fuzzy) = Fuzzy::of(pattern) else { continue };
                    let mut stream = list.keys.search(InKey { letter: *letter as u8, fuzzy }).into_stream();
                    while let Some((key, _)) = stream.next() {
                        behind(key, take);
                    }
                }
                _ => {
                    let terms = segment.inverted_index(field)?;
                    let mut stream = terms.terms().stream()?;
                    while stream.advance() {
                        if let Ok(term) = std::str::from_utf8(stream.key()) {
                            take(term);
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// Keys with this letter and a word that the automaton accepts.
struct InKey {
    letter: u8,
    fuzzy: Fuzzy,
}

/// Where in a key it stands.
#[derive(Clone)]
enum At {
    Letter,
    Word(<Fuzzy as Automaton>::State),
    Behind,
    Nowhere,
}

impl Automaton for InKey {
    type State = At;

    fn start(&self) -> At {
        At::Letter
    }

    fn is_match(&self, at: &At) -> bool {
        matches!(at, At::Behind)
    }

    fn can_match(&self, at: &At) -> bool {
        match at {
            At::Word(state) => self.fuzzy.can_match(state),
            At::Nowhere => false,
            At::Letter | At::Behind => true,
        }
    }

    fn will_always_match(&self, at: &At) -> bool {
        matches!(at, At::Behind)
    }

    fn accept(&self, at: &At, byte: u8) -> At {
        match at {
            At::Letter if byte == self.letter => At::Word(self.fuzzy.start()),
            At::Word(state) if byte == BEHIND as u8 && self.fuzzy.is_match(state) => At::Behind,
            At::Word(_) if byte == BEHIND as u8 => At::Nowhere,
            At::Word(state) => At::Word(self.fuzzy.accept(state, byte)),
            At::Behind => At::Behind,
            At::Letter | At::Nowhere => At::Nowhere,
        }
    }
}

/// The name of the list of a segment.
pub(super) fn name(segment: &str) -> String {
    format!("{segment}.{ENDING}")
}

/// Whether a file is such a list.
pub(super) fn is_list(file: &str) -> bool {
    file.ends_with(&format!(".{ENDING}"))
}

/// Removes the lists of segments that are gone, and what an interrupted run left of one.
pub(super) fn remove_stale(generation: &Path, living: &[String]) -> io::Result<()> {
    for entry in fs::read_dir(generation)?.flatten() {
        let Ok(file) = entry.file_name().into_string() else { continue };
        let is_list = file.ends_with(&format!(".{ENDING}")) || file.ends_with(&format!(".{ENDING}.new"));
        if is_list && !living.iter().any(|segment| name(segment) == file) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Whether a list is as it was written; one that is missing is.
pub(super) fn is_sound(generation: &Path, segment: &str) -> bool {
    let Ok(bytes) = fs::read(generation.join(name(segment))) else { return true };
    let Some(summed) = bytes.len().checked_sub(8 + MARK.len()) else { return false };
    let (summed, rest) = bytes.split_at(summed);
    rest.starts_with(&short(blake3::Hasher::new().update(summed))) && rest.ends_with(MARK)
}

/// Removes a list that is not as it was written.
pub(super) fn remove_unsound(generation: &Path, segment: &str) -> io::Result<()> {
    if is_sound(generation, segment) { Ok(()) } else { fs::remove_file(generation.join(name(segment))) }
}

/// The checksum of a note: eight bytes of a hash.
fn short(sum: &blake3::Hasher) -> [u8; 8] {
    let mut out = [0; 8];
    out.iter_mut().zip(sum.finalize().as_bytes()).for_each(|(to, from)| *to = *from);
    out
}

/// Makes the lists that are missing.
pub(super) fn write_missing(generation: &Path, searcher: &Searcher, known: &Fields) -> tantivy::Result<()> {
    let present = Lookups::open(generation, searcher);
    for (segment, list) in searcher.segment_readers().iter().zip(&present.lists) {
        if list.is_none() {
            write(generation, segment, known)?;
        }
    }
    Ok(())
}

/// Makes the list of one segment.
fn write(generation: &Path, segment: &SegmentReader, known: &Fields) -> tantivy::Result<()> {
    let path = generation.join(name(&segment.segment_id().uuid_string()));
    let unfinished = path.with_extension(format!("{ENDING}.new"));
    let file = compose(BufWriter::new(File::create(&unfinished)?), segment, known)?;
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    super::disk::replace(&unfinished, &path)?;
    Ok(())
}

/// Whether the list of a segment is the one that its segment makes; one that is missing, or of another version, is.
pub(super) fn agrees(generation: &Path, segment: &SegmentReader, known: &Fields) -> tantivy::Result<bool> {
    let Ok(bytes) = fs::read(generation.join(name(&segment.segment_id().uuid_string()))) else { return Ok(true) };
    let bytes = OwnedBytes::new(bytes);
    if List::read(&bytes).is_none() {
        return Ok(true);
    }
    let made = compose(Summed { inner: io::sink(), sum: blake3::Hasher::new(), written: 0 }, segment, known)?;
    Ok(made.sum.finalize() == blake3::hash(&bytes))
}

/// Writes the list of one segment.
fn compose<W: Write>(to: W, segment: &SegmentReader, known: &Fields) -> tantivy::Result<W> {
    let file = Summed { inner: to, sum: blake3::Hasher::new(), written: 0 };
    let unusable = |error: tantivy_fst::Error| io::Error::other(error.to_string());
    let mut builder = MapBuilder::new(file).map_err(unusable)?;
    let mut keys = Keys::default();
    let mut columns: Vec<Vec<u8>> = Vec::with_capacity(COLUMNS);
    for (place, field) in NAMES.into_iter().enumerate() {
        let (entities, column) = entities_of(segment, field)?;
        for (number, entity) in (0u64..).zip(&entities) {
            builder.insert(entity_key(place, entity), number).map_err(unusable)?;
        }
        columns.push(column);
    }
    let by_sound = fields(known).map(|(letter, field, _)| (letter.to_ascii_uppercase(), field));
    for (letter, field) in by_sound {
        keys.fill(segment, field, |term, keys| {
            if let Some(sound) = term.rsplit(' ').next().and_then(sound::key) {
                keys.push(letter, &sound, term);
            }
        })?;
        keys.drain(&mut builder).map_err(unusable)?;
    }
    for (letter, field, people) in fields(known) {
        keys.fill(segment, field, |term, keys| {
            for word in term.split(' ') {
                keys.push(letter, &identity::word_key(word, people), term);
            }
        })?;
        keys.drain(&mut builder).map_err(unusable)?;
    }
    keys.fill(segment, known.body, |term, keys| {
        if let Some(sound) = sound::key(term) {
            keys.push(SOUNDS, &sound, term);
        }
    })?;
    keys.drain(&mut builder).map_err(unusable)?;
    let mut file = builder.into_inner().map_err(unusable)?;
    let mut lengths = vec![file.written];
    for column in &columns {
        file.write_all(column)?;
        lengths.push(column.len() as u64);
    }
    for number in lengths.into_iter().chain([VERSION]) {
        file.write_all(&number.to_le_bytes())?;
    }
    let sum = short(&file.sum);
    file.write_all(&sum)?;
    file.write_all(MARK)?;
    Ok(file.inner)
}

/// The entities that a column of a segment names, in order, and for each of its values the number of its entity.
fn entities_of(segment: &SegmentReader, field: &str) -> tantivy::Result<(Vec<String>, Vec<u8>)> {
    let Some(values) = segment.fast_fields().str(field)? else { return Ok((Vec::new(), Vec::new())) };
    let mut named: Vec<(String, u32)> = Vec::new();
    let mut stream = values.dictionary().stream()?;
    while stream.advance() {
        named.push((entity(field, &String::from_utf8_lossy(stream.key())), named.len() as u32));
    }
    named.sort_unstable();
    let mut column = vec![0u8; named.len() * 4];
    let mut entities: Vec<String> = Vec::new();
    for spellings in named.chunk_by(|a, b| a.0 == b.0) {
        let number = entities.len() as u32 | if spellings.len() > 1 { SHARED } else { 0 };
        for (_, value) in spellings {
            let at = *value as usize * 4;
            if let Some(place) = column.get_mut(at..at + 4) {
                place.copy_from_slice(&number.to_le_bytes());
            }
        }
        entities.extend(spellings.first().map(|(entity, _)| entity.clone()));
    }
    Ok((entities, column))
}

/// Keys that are still to be sorted, one behind the other.
#[derive(Default)]
struct Keys {
    letters: Vec<u8>,
    /// Where each begins and ends.
    spans: Vec<(usize, usize)>,
}

impl Keys {
    /// Adds a key, unless it has what parts it.
    fn push(&mut self, letter: char, by: &str, found: &str) {
        if by.contains(BEHIND) {
            return;
        }
        let begin = self.letters.len();
        let mut bytes = [0; 4];
        for part in [letter.encode_utf8(&mut bytes), by, BEHIND.encode_utf8(&mut [0; 4]), found] {
            self.letters.extend_from_slice(part.as_bytes());
        }
        self.spans.push((begin, self.letters.len()));
    }

    /// Goes through the words of a field.
    fn fill(&mut self, segment: &SegmentReader, field: Field, add: impl Fn(&str, &mut Keys)) -> tantivy::Result<()> {
        let terms = segment.inverted_index(field)?;
        let mut stream = terms.terms().stream()?;
        while stream.advance() {
            if let Ok(term) = std::str::from_utf8(stream.key()) {
                add(term, self);
            }
        }
        Ok(())
    }

    /// Hands the keys on, sorted, each once.
    fn drain<W: Write>(&mut self, builder: &mut MapBuilder<W>) -> tantivy_fst::Result<()> {
        let letters = std::mem::take(&mut self.letters);
        let key = |(begin, end): &(usize, usize)| letters.get(*begin..*end).unwrap_or(&[]);
        let mut spans = std::mem::take(&mut self.spans);
        spans.sort_unstable_by(|a, b| key(a).cmp(key(b)));
        spans.dedup_by(|a, b| key(a) == key(b));
        spans.iter().try_for_each(|span| builder.insert(key(span), 0))
    }
}

/// A writer that sums up what goes through it.
struct Summed<W> {
    inner: W,
    sum: blake3::Hasher,
    written: u64,
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.written += written as u64;
        self.sum.update(bytes.get(..written).unwrap_or(bytes));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
