//! The values of a field as numbers, spellings of one joined: for counting the same values over several sets of articles.
//!
//! 1. [`Numbered::new`] numbers the values that some articles have. Only those are read and compared, which in a large
//!    archive are few of all that its columns list.
//! 2. [`Numbered::of`] gives the numbers of an article, [`Numbered::counts`] counts articles by number.
//! 3. Other articles may have other spellings of the same values: [`Numbered::complete`] finds those in the columns.

use super::collect::Scored;
use super::facets;
use super::opened::{self, Opened};
use super::place_value::PlaceValue;
use super::receipts::Hits;
use super::tokenise::SEPARATOR;
use super::valued::Groups;
use crate::error::Result;
use crate::field::{Field, Kind};
use crate::names;
use crate::names::identity::Identity;
use crate::places::Meanings;
use crate::search::FacetValue;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;
use std::sync::Arc;
use tantivy::columnar::StrColumn;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, TERMINATED, TantivyError, Term};

/// In the list of a segment: a value that has no number.
const NONE: u32 = u32::MAX;

/// A value in all its spellings.
struct Value {
    /// What they have in common.
    key: String,
    /// Each with the articles that have it, of those that the values were numbered for.
    spellings: FxHashMap<String, usize>,
    /// The look-up forms of spellings that none of those articles has.
    others: Vec<String>,
}

/// The column of a segment.
struct Column {
    values: StrColumn,
    groups: Groups,
    /// For each value as the column has it, and each group of sources, its number.
    numbers: Vec<u32>,
}

/// The numbered values of a field.
pub(super) struct Numbered<'a> {
    opened: &'a Opened,
    field: &'static Field,
    identity: Identity<'a>,
    /// What names of places mean in the articles of some sources.
    meanings: Arc<Meanings>,
    columns: Vec<Option<Column>>,
    numbers: FxHashMap<String, u32>,
    values: Vec<Value>,
    /// Names that several of the values that were [completed](Numbered::complete) share with others: those of places.
    shared: FxHashSet<String>,
}

impl<'a> Numbered<'a> {
    /// Numbers the values that any of these articles has.
    pub(super) fn new(opened: &'a Opened, field: &'static Field, lists: &[&[Scored]]) -> Result<Numbered<'a>> {
        let mut numbered = Numbered {
            opened,
            field,
            identity: Identity::new(field.name, &opened.corrections),
            meanings: if field.name == "place" { opened.meanings.clone() } else { Arc::default() },
            columns: Vec::new(),
            numbers: FxHashMap::default(),
            values: Vec::new(),
            shared: FxHashSet::default(),
        };
        for ordinal in 0..opened.searcher.segment_readers().len() {
            let column = numbered.column(ordinal, lists).map_err(|error| opened.failed("counting values in", error))?;
            numbered.columns.push(column);
        }
        Ok(numbered)
    }

    fn column(&mut self, ordinal: usize, lists: &[&[Scored]]) -> tantivy::Result<Option<Column>> {
        let segment = self.opened.searcher.segment_reader(ordinal as u32);
        let Some(values) = segment.fast_fields().str(self.field.name)? else { return Ok(None) };
        let meanings = self.meanings.clone();
        let groups = Groups::open(segment, &meanings)?;
        let width = meanings.groups();
        let numbers = vec![NONE; opened::number_of_values(&values)? * width];
        let mut column = Column { numbers, values, groups };
        let mut seen = vec![0u32; column.numbers.len()];
        let mut slots = Vec::new();
        for list in lists {
            let begin = list.partition_point(|hit| (hit.1.segment_ord as usize) < ordinal);
            let end = list.partition_point(|hit| (hit.1.segment_ord as usize) <= ordinal);
            for (_, address) in &list[begin..end] {
                column.slots(address.doc_id, width, &mut slots);
                for slot in &slots {
                    if let Some(count) = seen.get_mut(*slot) {
                        *count += 1;
                    }
                }
            }
        }
        let mut ords: Vec<u64> = Vec::new();
        for (slot, _) in seen.iter().enumerate().filter(|(_, count)| **count > 0) {
            let ord = (slot / width) as u64;
            if ords.last() != Some(&ord) {
                ords.push(ord);
            }
        }
        let mut at = 0;
        let found = column.values.dictionary().sorted_ords_to_term_cb(&ords, |bytes| {
            let ord = ords.get(at).copied().unwrap_or(0) as usize;
            at += 1;
            let value = String::from_utf8_lossy(bytes);
            for group in 0..width {
                let slot = ord * width + group;
                let count = seen.get(slot).copied().unwrap_or(0) as usize;
                if count == 0 {
                    continue;
                }
                let value = meant(&value, &meanings, group);
                let Some(key) = facets::key(self.identity, self.field.kind, &value) else { continue };
                let number = self.number(key);
                if let (Some(known), Some(slot)) = (self.values.get_mut(number as usize), column.numbers.get_mut(slot))
                {
                    *slot = number;
                    match known.spellings.get_mut(&value) {
                        Some(before) => *before += count,
                        None => {
                            known.spellings.insert(value, count);
                        }
                    }
                }
            }
        })?;
        if !found {
            return Err(TantivyError::InternalError("a column names values that it does not have".to_owned()));
        }
        Ok(Some(column))
    }

    fn number(&mut self, key: String) -> u32 {
        if let Some(number) = self.numbers.get(&key) {
            return *number;
        }
        let number = u32::try_from(self.values.len()).unwrap_or(NONE);
        self.values.push(Value { key: key.clone(), spellings: FxHashMap::default(), others: Vec::new() });
        self.numbers.insert(key, number);
        number
    }

    /// The index.
    pub(super) fn opened(&self) -> &'a Opened {
        self.opened
    }

    /// The field.
    pub(super) fn field(&self) -> &'static Field {
        self.field
    }

    /// How many values there are; their numbers are those below.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// What the spellings of a value have in common.
    pub(super) fn key(&self, number: usize) -> &str {
        self.values.get(number).map_or("", |value| &value.key)
    }

    /// The number of a value in any spelling, as a column would have it.
    pub(super) fn find(&self, value: &str) -> Option<u32> {
        let key = facets::key(self.identity, self.field.kind, value)?;
        self.numbers.get(&key).copied()
    }

    /// The spellings of a value, commonest first.
    fn spellings(&self, number: usize) -> Vec<(String, usize)> {
        let known = self.values.get(number).into_iter().flat_map(|value| &value.spellings);
        let mut spellings: Vec<(String, usize)> = known.map(|(value, count)| (value.clone(), *count)).collect();
        spellings.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        spellings
    }

    /// A value as it is shown.
    pub(super) fn shown(&self, number: usize) -> FacetValue {
        let shown = facets::shown(self.identity, self.field.kind, &self.spellings(number)).unwrap_or_default();
        facets::labelled(self.field.kind, &shown, 0)
    }

    /// Whether any spelling of a value has one of these [`names::key`]s.
    pub(super) fn is_any_of(&self, number: usize, keys: &FxHashSet<String>) -> bool {
        let spellings = self.values.get(number).into_iter().flat_map(|value| value.spellings.keys());
        spellings.into_iter().any(|value| keys.contains(&names::key(PlaceValue::parse(value).name)))
    }

    /// Writes the numbers of an article over `out`, each once, ascending.
    pub(super) fn of(&self, address: DocAddress, out: &mut Vec<u32>) {
        out.clear();
        let Some(column) = self.columns.get(address.segment_ord as usize).and_then(Option::as_ref) else { return };
        let width = self.meanings.groups();
        let group = column.groups.of(address.doc_id);
        let slots = column.values.term_ords(address.doc_id).map(|ord| ord as usize * width + group);
        out.extend(slots.filter_map(|slot| column.numbers.get(slot)).filter(|number| **number != NONE));
        if out.len() > 1 {
            out.sort_unstable();
            out.dedup();
        }
    }

    /// How many of these articles have each value; of all in the index where there is no list.
    pub(super) fn counts(&self, articles: Option<&[Scored]>) -> Vec<usize> {
        let mut counts = vec![0; self.values.len()];
        let mut numbers = Vec::new();
        let mut add = |address| {
            self.of(address, &mut numbers);
            for number in &numbers {
                if let Some(count) = counts.get_mut(*number as usize) {
                    *count += 1;
                }
            }
        };
        match articles {
            Some(articles) => articles.iter().for_each(|(_, address)| add(*address)),
            None => {
                for (ordinal, segment) in (0u32..).zip(self.opened.searcher.segment_readers()) {
                    segment.doc_ids_alive().for_each(|doc| add(DocAddress::new(ordinal, doc)));
                }
            }
        }
        counts
    }

    /// How many of these articles have a value in any spelling, of all in the index where there is no list: by its terms,
    /// which for one value is quicker than to look at every article. It must be [complete](Numbered::complete).
    pub(super) fn count(&self, number: usize, articles: Option<&Hits>) -> Result<usize> {
        let Some((field, value)) = self.opened.fields.of(self.field.name).zip(self.values.get(number)) else {
            return Ok(0);
        };
        let form = |value: &String| match self.field.kind {
            Kind::Name => names::key(PlaceValue::parse(value).name),
            _ => value.clone(),
        };
        let forms: BTreeSet<String> = value.spellings.keys().map(form).chain(value.others.iter().cloned()).collect();
        // Of several places with one name an article may have another one.
        let may_be_another = self.shared.contains(PlaceValue::parse(&value.key).name);
        let (mut count, mut docs, mut numbers) = (0, Vec::new(), Vec::new());
        for (ordinal, segment) in (0u32..).zip(self.opened.searcher.segment_readers()) {
            docs.clear();
            let terms =
                segment.inverted_index(field).map_err(|error| self.opened.failed("counting names in", error))?;
            for form in &forms {
                let term = Term::from_field_text(field, form);
                let found = terms.read_postings(&term, IndexRecordOption::Basic);
                let Some(mut postings) =
                    found.map_err(|error| self.opened.failed("counting names in", error.into()))?
                else {
                    continue;
                };
                let mut doc = postings.doc();
                while doc != TERMINATED {
                    let within = articles.is_none_or(|articles| articles.has(ordinal as usize, doc));
                    if within && !segment.is_deleted(doc) {
                        docs.push(doc);
                    }
                    doc = postings.advance();
                }
            }
            if forms.len() > 1 {
                docs.sort_unstable();
                docs.dedup();
            }
            if may_be_another {
                docs.retain(|doc| {
                    self.of(DocAddress::new(ordinal, *doc), &mut numbers);
                    numbers.binary_search(&(number as u32)).is_ok()
                });
            }
            count += docs.len();
        }
        Ok(count)
    }

    /// Finds the spellings of these values that none of the articles had for which values were numbered.
    pub(super) fn complete(&mut self, wanted: &[u32]) -> Result<()> {
        // Of a country there is one spelling.
        if !matches!(self.field.kind, Kind::Name | Kind::Keyword) {
            return Ok(());
        }
        let keys: FxHashMap<&str, u32> = wanted
            .iter()
            .filter_map(|number| Some((self.values.get(*number as usize)?.key.as_str(), *number)))
            .collect();
        let names: FxHashSet<&str> = keys.keys().map(|key| PlaceValue::parse(key).name).collect();
        let mut beginnings: FxHashSet<String> =
            self.identity.listed_beginnings(|entity| names.contains(entity)).into_iter().collect();
        for number in wanted {
            let spellings = self.values.get(*number as usize).into_iter().flat_map(|value| value.spellings.keys());
            beginnings.extend(spellings.map(|value| self.beginning(value)));
        }
        let mut more: Vec<(u32, String)> = Vec::new();
        let mut shared: FxHashSet<String> = FxHashSet::default();
        let mut known: FxHashSet<&str> = FxHashSet::default();
        for value in &self.values {
            let name = PlaceValue::parse(&value.key).name;
            if names.contains(name) && !known.insert(name) {
                shared.insert(name.to_owned());
            }
        }
        let width = self.meanings.groups();
        for column in self.columns.iter_mut().flatten() {
            let failed = |error: std::io::Error| self.opened.failed("reading names in", error.into());
            let mut stream = column.values.dictionary().stream().map_err(failed)?;
            let (mut ord, mut before, mut may_be) = (0usize, Vec::new(), true);
            while stream.advance() {
                let bytes = stream.key();
                let slots = ord * width..(ord + 1) * width;
                ord += 1;
                // Values are in order, so that most begin as the one before.
                let end = bytes.iter().position(|byte| *byte == b' ' || *byte == SEPARATOR as u8);
                let first = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or(bytes);
                if before != first {
                    before.clear();
                    before.extend_from_slice(first);
                    let key = names::key(&String::from_utf8_lossy(first));
                    let word = key.split(' ').next().unwrap_or("");
                    // A first word without letters is part of no key; the key begins with the next one.
                    may_be = word.is_empty()
                        || self.field.kind != Kind::Name
                        || beginnings.contains(&self.identity.beginning(word));
                }
                if !may_be {
                    continue;
                }
                let value = String::from_utf8_lossy(bytes);
                for (group, slot) in slots.enumerate() {
                    let Some(number) = column.numbers.get_mut(slot).filter(|number| **number == NONE) else { continue };
                    let value = meant(&value, &self.meanings, group);
                    let Some(key) = facets::key(self.identity, self.field.kind, &value) else { continue };
                    if let Some(known) = keys.get(key.as_str()) {
                        *number = *known;
                        more.push((*known, names::key(PlaceValue::parse(&value).name)));
                    } else if names.contains(PlaceValue::parse(&key).name) {
                        shared.insert(PlaceValue::parse(&key).name.to_owned());
                    }
                }
            }
        }
        self.shared.extend(shared);
        for (number, form) in more {
            if let Some(value) = self.values.get_mut(number as usize) {
                value.others.push(form);
            }
        }
        Ok(())
    }

    /// By what most other names are told apart from a value at a glance.
    fn beginning(&self, value: &str) -> String {
        let key = names::key(PlaceValue::parse(value).name);
        self.identity.beginning(key.split(' ').next().unwrap_or(""))
    }
}

impl Column {
    /// Writes the places of an article's values in the list of numbers over `out`, each once.
    fn slots(&self, doc: u32, width: usize, out: &mut Vec<usize>) {
        out.clear();
        let group = self.groups.of(doc);
        out.extend(self.values.term_ords(doc).map(|ord| ord as usize * width + group));
        out.sort_unstable();
        out.dedup();
    }
}

/// A value as it is meant in the articles of a group of sources.
fn meant(value: &str, meanings: &Meanings, group: usize) -> String {
    match meanings.is_empty() {
        true => value.to_owned(),
        false => PlaceValue::parse(value).meant(meanings, group).write(),
    }
}
