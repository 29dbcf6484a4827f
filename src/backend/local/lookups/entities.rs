//! Which values of a column of names are spellings of one entity.
//!
//! ```text
//! marks    three bytes for each value: of the hash of its entity, by which an entity is looked for
//! shared   for each value whose entity has others: its distance from the one before, and how far before it the first
//!          value of its entity is
//! ```
//!
//! An entity is known by its first value. Two may have the same mark, so whoever looks for one by its mark compares what
//! is found.

use super::super::facets;
use super::super::packed::{put, take};
use super::NO_CORRECTIONS;
use crate::field::Kind;
use crate::names::identity::Identity;
use rustc_hash::FxHashSet;
use tantivy::SegmentReader;
use twox_hash::XxHash3_64;

/// Bytes of a mark.
const MARK: usize = 3;
/// Bits of a word of [`Entities::is_shared`].
const BITS: usize = 64;

/// What all spellings of the entity that a value of a column of names is of have in common, as far as no user says
/// otherwise.
pub(in super::super) fn entity(field: &str, value: &str) -> String {
    // Only a user can say that a name is none.
    facets::key(Identity::new(field, &NO_CORRECTIONS), Kind::Name, value).unwrap_or_default()
}

/// The mark of an entity.
fn mark(entity: &str) -> u32 {
    (XxHash3_64::oneshot(entity.as_bytes()) >> (64 - 8 * MARK)) as u32
}

/// Which values of the column of a segment are spellings of one entity.
pub(in super::super) struct Entities<'l> {
    marks: &'l [u8],
    /// One bit for each value: whether its entity has others.
    is_shared: Vec<u64>,
    /// Those values, in order, each with the first of its entity.
    shared: Vec<(u32, u32)>,
}

impl<'l> Entities<'l> {
    /// What [`of_column`] made.
    pub(super) fn new(marks: &'l [u8], mut list: &[u8]) -> Entities<'l> {
        let values = marks.len() / MARK;
        let mut entities = Entities { marks, is_shared: vec![0; values.div_ceil(BITS)], shared: Vec::new() };
        let mut from = 0usize;
        while let Some((distance, back)) = take(&mut list).zip(take(&mut list)) {
            let Some(value) = from.checked_add(distance).filter(|value| *value < values) else { break };
            let Some(first) = value.checked_sub(back) else { break };
            if let Some(bits) = entities.is_shared.get_mut(value / BITS) {
                *bits |= 1 << (value % BITS);
            }
            entities.shared.push((value as u32, first as u32));
            from = value + 1;
        }
        entities
    }

    /// How many values the column has.
    pub(in super::super) fn values(&self) -> usize {
        self.marks.len() / MARK
    }

    /// The number of the entity of a value, which is that of its first value, and whether it has several.
    pub(in super::super) fn of(&self, value: usize) -> (usize, bool) {
        let bits = self.is_shared.get(value / BITS).copied().unwrap_or(0);
        if bits >> (value % BITS) & 1 == 0 {
            return (value, false);
        }
        let place = self.shared.binary_search_by_key(&value, |(value, _)| *value as usize);
        let first = place.ok().and_then(|place| self.shared.get(place)).map_or(value, |(_, first)| *first as usize);
        (first, true)
    }

    /// Whether a value may be a spelling of one of those.
    pub(in super::super) fn may_be(&self, value: usize, wanted: &Wanted) -> bool {
        let bytes = value.checked_mul(MARK).and_then(|at| self.marks.get(at..)?.first_chunk::<MARK>());
        bytes.is_some_and(|[a, b, c]| wanted.has_mark(u32::from_le_bytes([*a, *b, *c, 0])))
    }
}

/// Entities that are looked for.
pub(in super::super) struct Wanted {
    entities: FxHashSet<String>,
    marks: FxHashSet<u32>,
    /// One bit for each end of a mark: most values are told from those wanted by it.
    ends: Vec<u64>,
}

impl Wanted {
    /// Bits of [`Wanted::ends`].
    const ENDS: usize = 1 << 16;

    pub(in super::super) fn new(entities: FxHashSet<String>) -> Wanted {
        let marks: FxHashSet<u32> = entities.iter().map(|entity| mark(entity)).collect();
        let mut ends = vec![0; Wanted::ENDS / BITS];
        for mark in &marks {
            let end = *mark as usize % Wanted::ENDS;
            if let Some(bits) = ends.get_mut(end / BITS) {
                *bits |= 1 << (end % BITS);
            }
        }
        Wanted { entities, marks, ends }
    }

    fn has_mark(&self, mark: u32) -> bool {
        let end = mark as usize % Wanted::ENDS;
        self.ends.get(end / BITS).is_some_and(|bits| bits >> (end % BITS) & 1 == 1) && self.marks.contains(&mark)
    }

    /// Whether this is one of them.
    pub(in super::super) fn has(&self, entity: &str) -> bool {
        self.entities.contains(entity)
    }
}

/// Marks and shared values of a column of a segment.
pub(super) fn of_column(segment: &SegmentReader, field: &str) -> tantivy::Result<[Vec<u8>; 2]> {
    let (mut marks, mut shared) = (Vec::new(), Vec::new());
    let Some(values) = segment.fast_fields().str(field)? else { return Ok([marks, shared]) };
    // Two hashes for what stands for an entity: no two entities have both.
    let mut named: Vec<(u64, u64, u32)> = Vec::new();
    let mut stream = values.dictionary().stream()?;
    while stream.advance() {
        let entity = entity(field, &String::from_utf8_lossy(stream.key()));
        marks.extend(mark(&entity).to_le_bytes().into_iter().take(MARK));
        let hash = |seed| XxHash3_64::oneshot_with_seed(seed, entity.as_bytes());
        named.push((hash(1), hash(2), named.len() as u32));
    }
    named.sort_unstable();
    let mut values: Vec<(u32, u32)> = Vec::new();
    for spellings in named.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter(|spellings| spellings.len() > 1) {
        let first = spellings.first().map_or(0, |(.., first)| *first);
        values.extend(spellings.iter().map(|(.., value)| (*value, first)));
    }
    values.sort_unstable();
    let mut from = 0;
    for (value, first) in values {
        put(&mut shared, (value - from) as usize);
        put(&mut shared, (value - first) as usize);
        from = value + 1;
    }
    Ok([marks, shared])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_are_of_the_first_and_others_of_themselves() {
        let marks = vec![7; 5 * MARK];
        let mut shared = Vec::new();
        for number in [1, 0, 2, 3] {
            put(&mut shared, number);
        }
        let entities = Entities::new(&marks, &shared);
        let of: Vec<(usize, bool)> = (0..6).map(|value| entities.of(value)).collect();
        assert_eq!(of, [(0, false), (1, true), (2, false), (3, false), (1, true), (5, false)]);
        // Values that the column does not have are none.
        assert_eq!(Entities::new(&marks[..4 * MARK], &shared).of(4), (4, false));
    }

    #[test]
    fn an_entity_is_found_by_its_mark() {
        let names = ["kim jongun", "vladimir putin", "nato"];
        let marks: Vec<u8> = names.iter().flat_map(|name| mark(name).to_le_bytes().into_iter().take(MARK)).collect();
        let entities = Entities::new(&marks, &[]);
        let wanted = Wanted::new(["nato".to_owned(), "madonna".to_owned()].into_iter().collect());
        let may_be: Vec<bool> = (0..4).map(|value| entities.may_be(value, &wanted)).collect();
        assert_eq!(may_be, [false, false, true, false]);
        assert!(wanted.has("nato") && !wanted.has("bbc"));
    }
}
