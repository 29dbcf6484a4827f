//! Lists beside each segment, made once, from which names are looked up by their words and words by their sound, and that
//! say which names are spellings of one: the dictionaries of the engine know names only by how they begin.
//!
//! ```text
//! SEGMENT.lookup     sorted keys, each with the numbers of names or words in the dictionary of its field (keys.rs); for
//!                    each column of names which of its values are one (entities.rs); a note of fixed length: the length
//!                    of each part, version, checksum, mark
//! ```
//!
//! 1. [`write_missing`] makes the lists of new segments when a writer has finished. A segment never changes, so a list is
//!    right as long as its segment lives; [`remove_stale`] removes those of segments that are gone.
//! 2. [`Lookups::open`] maps them. Where one is missing, of another version or damaged in its note, the dictionary of
//!    the segment is gone through instead: slower, with the same outcome. Deleted articles' names are in them until their
//!    segment is merged, as in the dictionaries.
//!
//! A key is a letter for the field and what is looked up by. What a user says of names is not in the lists.

mod entities;
mod keys;

pub(super) use entities::{Entities, Wanted, entity};

use self::keys::{Keys, Numbers};
use super::fuzzy::Fuzzy;
use super::schema::Fields;
use crate::cores;
use crate::names::corrections::Corrections;
use crate::names::identity;
use crate::query::patterns::Pattern;
use crate::text::sound;
use rustc_hash::FxHashMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tantivy::directory::{Directory, MmapDirectory, OwnedBytes};
use tantivy::schema::Field;
use tantivy::termdict::TermDictionary;
use tantivy::{Index, Searcher, Segment, SegmentReader};

/// What keys and marks are made by, and how they are written. It changes with [`identity::word_key`], [`entity`] and
/// [`sound::key`]; lists of another version are not used, and made anew by the next run that writes.
const VERSION: u64 = 2;
/// The ending of a list.
const ENDING: &str = "lookup";
/// The end of every whole list.
const MARK: &[u8; 8] = b"datelook";
/// Fields of names.
const COLUMNS: usize = 4;
/// Keys and where they stand, and two for each column.
const PARTS: usize = 2 + 2 * COLUMNS;
/// Lengths of the parts, version, checksum and mark.
const NOTE: usize = 8 * (PARTS + 2) + MARK.len();
/// The letter of words by their sound.
const SOUNDS: char = 'w';
/// Names of a list that are so near each other in the dictionary are read on the way from one to the next.
const NEAR: usize = 2;

/// The fields of names, each with the letter of its names by their words, and whether they are of people. The same
/// letter in capitals is that of names by the sound of their last word.
fn fields(fields: &Fields) -> [(char, Field, bool); COLUMNS] {
    [('a', fields.author, true), ('l', fields.place, false), ('o', fields.org, false), ('p', fields.person, true)]
}

/// The letter of a field of names.
fn letter_of(known: &Fields, field: Field) -> Option<char> {
    fields(known).into_iter().find(|(_, other, _)| *other == field).map(|(letter, ..)| letter)
}

/// The names of the columns of those fields.
const NAMES: [&str; COLUMNS] = ["author", "place", "org", "person"];

static NO_CORRECTIONS: LazyLock<Corrections> = LazyLock::new(Corrections::default);

/// The lists of an index, one a segment.
pub(super) struct Lookups {
    lists: Vec<Option<List>>,
}

/// The lists of a segment.
struct List {
    bytes: OwnedBytes,
    parts: [Range<usize>; PARTS],
}

impl List {
    /// Opens the list of a segment; nothing where there is none, or none that can be used.
    fn open(directory: &MmapDirectory, segment: &str) -> Option<List> {
        List::read(directory.open_read(&PathBuf::from(name(segment))).ok()?.read_bytes().ok()?)
    }

    /// Reads what [`write()`] wrote; nothing where it is of another version or not whole.
    fn read(bytes: OwnedBytes) -> Option<List> {
        let end = bytes.len().checked_sub(NOTE)?;
        let note = bytes.as_slice().get(end..)?;
        let number = |at: usize| Some(u64::from_le_bytes(*note.get(at * 8..)?.first_chunk::<8>()?));
        if number(PARTS)? != VERSION || !note.ends_with(MARK) {
            return None;
        }
        let mut parts: [Range<usize>; PARTS] = std::array::from_fn(|_| 0..0);
        let mut from = 0usize;
        for (at, part) in parts.iter_mut().enumerate() {
            let to = from.checked_add(usize::try_from(number(at)?).ok()?).filter(|to| *to <= end)?;
            *part = from..to;
            from = to;
        }
        (from == end).then_some(List { bytes, parts })
    }

    fn part(&self, number: usize) -> &[u8] {
        self.parts.get(number).and_then(|part| self.bytes.as_slice().get(part.clone())).unwrap_or(&[])
    }

    fn keys(&self) -> Keys<'_> {
        Keys::new(self.part(0), self.part(1))
    }

    /// Which values of a column are one.
    fn entities(&self, place: usize) -> Entities<'_> {
        Entities::new(self.part(2 + 2 * place), self.part(3 + 2 * place))
    }
}

/// What is looked for.
enum Looked<'w> {
    /// This key.
    Key(String),
    /// Keys with this letter and a word that fits.
    Near(char, &'w Pattern),
}

impl Lookups {
    /// The lists of the segments of `searcher`.
    pub(super) fn open(generation: &Path, searcher: &Searcher) -> Lookups {
        let directory = MmapDirectory::open(generation).ok();
        let list = |segment: &SegmentReader| List::open(directory.as_ref()?, &segment.segment_id().uuid_string());
        Lookups { lists: searcher.segment_readers().iter().map(list).collect() }
    }

    /// Which values of the column called `field` are one in each segment; nothing where a segment does not say, and for
    /// columns that are not of names.
    pub(super) fn entities(&self, field: &str) -> Option<Vec<Entities<'_>>> {
        let place = NAMES.iter().position(|name| *name == field)?;
        self.lists.iter().map(|list| list.as_ref().map(|list| list.entities(place))).collect()
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
        let wanted = letter_of(known, field).map(|letter| Looked::Key(format!("{letter}{word}")));
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
        let wanted = letter_of(known, field).map(|letter| Looked::Near(letter, word));
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
        let wanted = letter.map(|letter| Looked::Key(format!("{letter}{sound}")));
        self.each(searcher, field, wanted.as_ref(), &mut take)
    }

    fn each(
        &self,
        searcher: &Searcher,
        field: Field,
        wanted: Option<&Looked<'_>>,
        take: &mut dyn FnMut(&str),
    ) -> tantivy::Result<()> {
        for (segment, list) in searcher.segment_readers().iter().zip(&self.lists) {
            let index = segment.inverted_index(field)?;
            let terms = index.terms();
            match (list, wanted) {
                (Some(list), Some(Looked::Key(key))) => {
                    if let Some(numbers) = list.keys().list(key.as_bytes()) {
                        each_term(terms, numbers, take)?;
                    }
                }
                (Some(list), Some(Looked::Near(letter, pattern))) => {
                    let Some(fuzzy) = Fuzzy::of(pattern) else { continue };
                    let mut found = Vec::new();
                    list.keys().near_words(*letter as u8, &fuzzy, |numbers| found.push(numbers));
                    found.into_iter().try_for_each(|numbers| each_term(terms, numbers, take))?;
                }
                _ => {
                    let mut stream = terms.stream()?;
                    while stream.advance() {
                        give(stream.key(), take);
                    }
                }
            }
        }
        Ok(())
    }
}

fn give(term: &[u8], take: &mut dyn FnMut(&str)) {
    if let Ok(term) = std::str::from_utf8(term) {
        take(term);
    }
}

/// Calls `take` with the words of a dictionary that have these numbers.
fn each_term(terms: &TermDictionary, numbers: Numbers<'_>, take: &mut dyn FnMut(&str)) -> io::Result<()> {
    // Numbers of a damaged list may be of no word.
    let all = terms.num_terms();
    let mut numbers = numbers.take_while(|number| *number < all).peekable();
    let mut term = Vec::new();
    while let Some(mut at) = numbers.next() {
        if !terms.ord_to_term(at as u64, &mut term)? {
            break;
        }
        give(&term, take);
        if numbers.peek().is_none_or(|next| next - at > NEAR) {
            continue;
        }
        let mut stream = terms.range().gt(&term).into_stream()?;
        while let Some(next) = numbers.next_if(|next| next - at <= NEAR) {
            while at < next && stream.advance() {
                at += 1;
            }
            give(stream.key(), take);
        }
    }
    Ok(())
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

/// Makes the lists that are missing, on all cores.
pub(super) fn write_missing(generation: &Path, index: &Index, known: &Fields) -> tantivy::Result<()> {
    let directory = MmapDirectory::open(generation)?;
    let mut missing = index.searchable_segments()?;
    missing.retain(|segment| List::open(&directory, &segment.id().uuid_string()).is_none());
    // The largest first, so that it is not waited for alone.
    missing.sort_by_key(|segment| std::cmp::Reverse(segment.meta().max_doc()));
    let write = |segment: Segment| write(generation, &SegmentReader::open(&segment)?, known);
    cores::each(missing, cores::count(), write).into_iter().collect()
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
    let sum = blake3::hash(&bytes);
    if List::read(OwnedBytes::new(bytes)).is_none() {
        return Ok(true);
    }
    let made = compose(Summed { inner: io::sink(), sum: blake3::Hasher::new() }, segment, known)?;
    Ok(made.sum.finalize() == sum)
}

/// Writes the list of one segment.
fn compose<W: Write>(to: W, segment: &SegmentReader, known: &Fields) -> tantivy::Result<W> {
    let file = Summed { inner: to, sum: blake3::Hasher::new() };
    let mut keys = keys::Writer::new(file);
    for (letter, field, _) in fields(known) {
        let sound = |term: &str, add: &mut dyn FnMut(&str)| {
            if let Some(sound) = term.rsplit(' ').next().and_then(sound::key) {
                add(&sound);
            }
        };
        write_keys(&mut keys, segment, field, letter.to_ascii_uppercase(), sound)?;
    }
    for (letter, field, people) in fields(known) {
        let words = |term: &str, add: &mut dyn FnMut(&str)| {
            term.split(' ').for_each(|word| add(&identity::word_key(word, people)));
        };
        write_keys(&mut keys, segment, field, letter, words)?;
    }
    let sound = |term: &str, add: &mut dyn FnMut(&str)| {
        if let Some(sound) = sound::key(term) {
            add(&sound);
        }
    };
    write_keys(&mut keys, segment, known.body, SOUNDS, sound)?;
    let (mut file, lengths) = keys.finish()?;
    let mut note = lengths.to_vec();
    for field in NAMES {
        for part in entities::of_column(segment, field)? {
            file.write_all(&part)?;
            note.push(part.len() as u64);
        }
    }
    for number in note.into_iter().chain([VERSION]) {
        file.write_all(&number.to_le_bytes())?;
    }
    let sum = short(&file.sum);
    file.write_all(&sum)?;
    file.write_all(MARK)?;
    Ok(file.inner)
}

/// Writes the keys of a field in order, each with the words that have it: `each` calls what it is given with the keys of
/// a word.
fn write_keys<W: Write>(
    to: &mut keys::Writer<W>,
    segment: &SegmentReader,
    field: Field,
    letter: char,
    each: impl Fn(&str, &mut dyn FnMut(&str)),
) -> tantivy::Result<()> {
    // Keys by number, as they were met; and which word has which, the key in the upper half.
    let mut known: FxHashMap<Box<str>, u32> = FxHashMap::default();
    let mut pairs: Vec<u64> = Vec::new();
    let index = segment.inverted_index(field)?;
    let mut stream = index.terms().stream()?;
    let mut word = 0u32;
    while stream.advance() {
        if let Ok(term) = std::str::from_utf8(stream.key()) {
            each(term, &mut |key| {
                let number = known.get(key).copied().unwrap_or_else(|| {
                    let number = known.len() as u32;
                    known.insert(key.into(), number);
                    number
                });
                pairs.push(u64::from(number) << 32 | u64::from(word));
            });
        }
        word += 1;
    }
    pairs.sort_unstable();
    pairs.dedup();
    let mut keys: Vec<(&str, u32)> = known.iter().map(|(key, number)| (&**key, *number)).collect();
    keys.sort_unstable();
    let mut bytes = Vec::new();
    for (key, number) in keys {
        let begin = pairs.partition_point(|pair| pair >> 32 < u64::from(number));
        let of_key = pairs.get(begin..).unwrap_or(&[]).iter().take_while(|pair| *pair >> 32 == u64::from(number));
        bytes.clear();
        bytes.push(letter as u8);
        bytes.extend_from_slice(key.as_bytes());
        to.add(&bytes, of_key.map(|pair| *pair as u32 as usize))?;
    }
    Ok(())
}

/// A writer that sums up what goes through it.
struct Summed<W> {
    inner: W,
    sum: blake3::Hasher,
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.sum.update(bytes.get(..written).unwrap_or(bytes));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::super::lookup_tests::{self, Lot};
    use super::super::{opened, vocabulary};
    use super::*;

    /// Everything that a list says, as far as it is asked by the way.
    fn asked(list: &List, terms: &TermDictionary, pattern: &Pattern) -> usize {
        let mut names = 0;
        for key in ["pkim", "pgore", "onato", "Pktf", "wtrt", "z", "llyon", "agadafi"] {
            if let Some(numbers) = list.keys().list(key.as_bytes()) {
                each_term(terms, numbers, &mut |_| names += 1).unwrap();
            }
        }
        let fuzzy = Fuzzy::of(pattern).unwrap();
        list.keys().near_words(b'p', &fuzzy, |numbers| each_term(terms, numbers, &mut |_| names += 1).unwrap());
        for place in 0..COLUMNS {
            let entities = list.entities(place);
            names += (0..entities.values() + 3).filter(|value| entities.of(*value).1).count();
        }
        names
    }

    #[test]
    fn a_list_with_wrong_bytes_says_something_else_and_no_more() {
        let folder = tempfile::tempdir().unwrap();
        lookup_tests::build(folder.path(), 3);
        let opened = opened::open(folder.path()).unwrap();
        let segment = opened.searcher.segment_readers().first().unwrap();
        let index = segment.inverted_index(opened.fields.person).unwrap();
        let pattern = vocabulary::fuzzy("kin", 2).unwrap();
        let whole = fs::read(opened.generation.join(name(&segment.segment_id().uuid_string()))).unwrap();
        let read = |bytes: Vec<u8>| List::read(OwnedBytes::new(bytes));
        let names = asked(&read(whole.clone()).unwrap(), index.terms(), &pattern);
        assert!(names > 5, "{names}");
        let mut lot = Lot(1);
        let mut others = 0;
        for round in 0..20_000 {
            let mut bytes = whole.clone();
            for _ in 0..=lot.below(6) {
                let place = lot.below(bytes.len());
                bytes[place] = [0, 0x7f, 0x80, 0xff, lot.below(256) as u8][lot.below(5)];
            }
            if round % 4 == 0 {
                bytes.drain(lot.below(whole.len())..);
            }
            // Whatever the note says, the parts may be anything.
            let damaged = read(bytes.clone()).or_else(|| {
                let part = |lot: &mut Lot| {
                    let from = lot.below(bytes.len().max(1));
                    from..from + lot.below((bytes.len() - from.min(bytes.len())).max(1))
                };
                let parts = std::array::from_fn(|_| part(&mut lot));
                Some(List { bytes: OwnedBytes::new(bytes.clone()), parts })
            });
            let found = asked(&damaged.unwrap(), index.terms(), &pattern);
            // No more than there are bytes to say so.
            assert!(found <= whole.len() * 10, "{found}");
            others += usize::from(found != names);
        }
        assert!(others > 1000, "{others}");
    }

    #[test]
    fn words_are_read_by_their_numbers() {
        let folder = tempfile::tempdir().unwrap();
        lookup_tests::build(folder.path(), 5);
        let opened = opened::open(folder.path()).unwrap();
        let segment = opened.searcher.segment_readers().first().unwrap();
        let index = segment.inverted_index(opened.fields.person).unwrap();
        let mut all = Vec::new();
        let mut stream = index.terms().stream().unwrap();
        while stream.advance() {
            all.push(String::from_utf8(stream.key().to_vec()).unwrap());
        }
        assert!(all.len() > 6);
        // Every choice of the first ten, and one behind the last.
        for choice in 0..1usize << all.len().min(10) {
            let numbers: Vec<usize> = (0..all.len()).filter(|number| choice >> number & 1 == 1).collect();
            let mut writer = keys::Writer::new(Vec::new());
            writer.add(b"k", numbers.iter().copied().chain([all.len()])).unwrap();
            let (bytes, [middle, _]) = writer.finish().unwrap();
            let (keys, blocks) = bytes.split_at(middle as usize);
            let mut found = Vec::new();
            let list = Keys::new(keys, blocks).list(b"k").unwrap();
            each_term(index.terms(), list, &mut |term| found.push(term.to_owned())).unwrap();
            let expected: Vec<String> = numbers.iter().map(|number| all[*number].clone()).collect();
            assert_eq!(found, expected);
        }
    }
}
