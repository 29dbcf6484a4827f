//! Articles by the value of a field, in all segments: spellings that a filter does not tell apart are one value.

use super::opened;
use super::tokenise;
use rustc_hash::FxHashMap;
use tantivy::SegmentReader;
use tantivy::columnar::Column;

/// The values that were met, by number; the first is that of articles that have none.
pub(super) struct Grouped {
    field: &'static str,
    known: FxHashMap<String, u32>,
    /// The spellings of each value, with how often each was counted.
    spellings: Vec<FxHashMap<String, u32>>,
}

/// The values of the documents of one segment.
pub(super) struct Values {
    column: Option<Column<u64>>,
    /// The number of the value for each spelling of the segment, and the spelling.
    spelt: Vec<(u32, String)>,
    counts: Vec<u32>,
}

impl Grouped {
    /// Of a field with fixed values.
    pub(super) fn new(field: &'static str) -> Grouped {
        Grouped { field, known: FxHashMap::default(), spellings: vec![FxHashMap::default()] }
    }

    /// How many values there are, with none.
    pub(super) fn len(&self) -> usize {
        self.spellings.len()
    }

    /// The values of a segment.
    pub(super) fn open(&mut self, segment: &SegmentReader) -> tantivy::Result<Values> {
        let Some(column) = segment.fast_fields().str(self.field)? else {
            return Ok(Values { column: None, spelt: Vec::new(), counts: Vec::new() });
        };
        let mut spelt = Vec::new();
        for name in opened::dictionary(&column)? {
            let next = self.spellings.len() as u32;
            let number = *self.known.entry(tokenise::keyword(&name)).or_insert(next);
            if number == next {
                self.spellings.push(FxHashMap::default());
            }
            spelt.push((number, name));
        }
        let counts = vec![0; spelt.len()];
        Ok(Values { column: Some(column.ords().clone()), spelt, counts })
    }

    /// Takes over what was counted of the spellings of a segment.
    pub(super) fn close(&mut self, values: Values) {
        for ((number, name), count) in values.spelt.into_iter().zip(values.counts).filter(|(_, count)| *count > 0) {
            if let Some(spellings) = self.spellings.get_mut(number as usize) {
                *spellings.entry(name).or_default() += count;
            }
        }
    }

    /// The spelling that was counted most; ties by spelling.
    pub(super) fn shown(&self, number: usize) -> Option<String> {
        let most = self.spellings.get(number)?.iter().max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0)));
        most.map(|(name, _)| name.clone())
    }
}

impl Values {
    /// The number of the first value of a document.
    #[inline]
    pub(super) fn first(&self, doc: u32) -> u32 {
        let value = self.column.as_ref().and_then(|column| column.first(doc));
        value.and_then(|value| self.spelt.get(value as usize)).map_or(0, |(number, _)| *number)
    }

    /// Puts the numbers of all values of a document into `numbers`, each once, and counts their spellings.
    pub(super) fn count(&mut self, doc: u32, numbers: &mut Vec<u32>) {
        numbers.clear();
        let Some(column) = &self.column else { return numbers.push(0) };
        for value in column.values_for_doc(doc) {
            let value = value as usize;
            if let Some(((number, _), count)) = self.spelt.get(value).zip(self.counts.get_mut(value)) {
                *count += 1;
                if !numbers.contains(number) {
                    numbers.push(*number);
                }
            }
        }
        if numbers.is_empty() {
            numbers.push(0);
        }
    }
}
