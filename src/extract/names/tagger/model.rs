//! The weights of the tagger, and the best labels by them.
//!
//! All weights are whole numbers of one byte: sums are exact, and the same on every machine. The table of the features
//! that both passes share has the weights of both side by side, so that one look serves both.
//!
//! The shared table is a hash table of buckets with room for [`WAYS`] features each: a feature that the trainer did not
//! keep is found by its tag to be none of them, and its weights are not looked at.
//!
//! In a file, in this order, numbers little-endian: [`MAGIC`]; the numbers of buckets, of rows of the second pass alone and of
//! words whose casing is known, four bytes each; the transitions of the first and of the second pass, [`LABELS`] × [`LABELS`]
//! numbers of two bytes each; the tags of the shared table, two bytes each; its rows, 2 × [`LABELS`] bytes each; the
//! rows of the second pass, [`LABELS`] bytes each; the hashes of those words, four bytes each, then their casing, a
//! byte each; [`PADDING`] zeros.

use super::features::Casing;
use super::labels::{self, LABELS, Label, OUTSIDE};
use std::borrow::Cow;

/// The first bytes of a model.
pub(in crate::extract) const MAGIC: &[u8; 8] = b"names 03";
/// Lanes that are added at once; those beyond the labels are never read.
const LANES: usize = 32;
const HALF: usize = 16;
/// Zeros behind the tables, so that the last rows can be read as any other.
pub(in crate::extract) const PADDING: usize = LANES;
/// How many features a bucket holds.
pub(in crate::extract) const WAYS: usize = 8;

/// Features whose rows are looked for before any is read; a word has some hundred.
const AT_ONCE: usize = 128;

/// The bucket of a feature.
pub(in crate::extract) fn bucket(feature: u32, buckets: u32) -> usize {
    ((u64::from(feature) * u64::from(buckets)) >> 32) as usize
}

/// What tells the features of a bucket apart; never 0.
pub(in crate::extract) fn tag(feature: u32) -> u16 {
    (feature as u16).max(1)
}

/// What speaks for each label of a word.
pub(in crate::extract) type Scores = [i16; HALF];

/// A trained tagger.
pub(in crate::extract) struct Model {
    bytes: Cow<'static, [u8]>,
    buckets: u32,
    /// Where the tags, the rows and the rows of the second pass begin.
    tags: usize,
    rows: usize,
    second: usize,
    second_mask: u32,
    transitions: [Transitions; 2],
    /// How words are written in the texts that it was trained from.
    pub(in crate::extract) casing: Casing,
}

/// For each label, those that may stand before it and what speaks for that.
type Transitions = [Vec<(Label, i32)>; LABELS];

impl Model {
    /// Reads a model; `None` where the bytes are none.
    pub(in crate::extract) fn new(bytes: impl Into<Cow<'static, [u8]>>) -> Option<Model> {
        let bytes = bytes.into();
        let rest = bytes.strip_prefix(MAGIC)?;
        let (buckets, rest) = rest.split_first_chunk::<4>()?;
        let (second_rows, rest) = rest.split_first_chunk::<4>()?;
        let (words, rest) = rest.split_first_chunk::<4>()?;
        let words = u32::from_le_bytes(*words) as usize;
        let (buckets, second_rows) = (u32::from_le_bytes(*buckets), u32::from_le_bytes(*second_rows));
        if buckets == 0 || buckets > 1 << 20 || !second_rows.is_power_of_two() || second_rows > 1 << 20 {
            return None;
        }
        let size = 2 * LABELS * LABELS;
        let read = |bytes: &[u8]| -> Transitions {
            let value = |from: usize, to: usize| {
                let at = 2 * (from * LABELS + to);
                bytes.get(at..at + 2).map_or(0, |pair| i32::from(i16::from_le_bytes([pair[0], pair[1]])))
            };
            std::array::from_fn(|to| {
                (0..LABELS)
                    .filter(|from| labels::may_follow(*from as Label, to as Label))
                    .map(|from| (from as Label, value(from, to)))
                    .collect()
            })
        };
        let transitions = [read(rest.get(..size)?), read(rest.get(size..2 * size)?)];
        let slots = buckets as usize * WAYS;
        let tags = MAGIC.len() + 12 + 2 * size;
        let rows = tags + 2 * slots;
        let second = rows + 2 * LABELS * slots;
        let hashes = second + LABELS * second_rows as usize;
        let classes = hashes + words.checked_mul(4)?;
        let end = classes + words + PADDING;
        let mut casing = Casing::default();
        for (hash, class) in bytes.get(hashes..classes)?.chunks_exact(4).zip(bytes.get(classes..)?) {
            casing.0.insert(u32::from_le_bytes([hash[0], hash[1], hash[2], hash[3]]), *class);
        }
        (bytes.len() == end).then_some(Model {
            casing,
            bytes,
            buckets,
            tags,
            rows,
            second,
            second_mask: second_rows - 1,
            transitions,
        })
    }

    /// What features say: the scores of the first pass, and a part of those of the second.
    pub(in crate::extract) fn weigh(&self, features: &[u32]) -> (Scores, Scores) {
        let mut sums = [0i16; LANES];
        // First where all their rows are, without a branch that depends on the feature, then the rows: the table is larger
        // than the caches near the processor, and so it waits for many rows at once.
        let mut rows = [0; AT_ONCE];
        for features in features.chunks(AT_ONCE) {
            let mut count = 0;
            for feature in features {
                let bucket = bucket(*feature, self.buckets) * WAYS;
                let found = self.ways(bucket, *feature);
                if let Some(row) = rows.get_mut(count) {
                    *row = self.rows + (bucket + found.trailing_zeros() as usize) * 2 * LABELS;
                }
                count += usize::from(found != 0);
            }
            for at in rows.get(..count).unwrap_or(&rows) {
                let Some(row) = self.bytes.get(*at..).and_then(|rest| rest.first_chunk::<LANES>()) else { continue };
                for (sum, weight) in sums.iter_mut().zip(row) {
                    *sum = sum.wrapping_add(i16::from(*weight as i8));
                }
            }
        }
        let (mut first, mut second) = ([0; HALF], [0; HALF]);
        first[..LABELS].copy_from_slice(&sums[..LABELS]);
        second[..LABELS].copy_from_slice(&sums[LABELS..2 * LABELS]);
        (first, second)
    }

    /// A bit for each feature of a bucket that is `feature`: one, or none.
    fn ways(&self, bucket: usize, feature: u32) -> u32 {
        let at = self.tags + 2 * bucket;
        let Some(tags) = self.bytes.get(at..).and_then(|rest| rest.first_chunk::<{ 2 * WAYS }>()) else { return 0 };
        let wanted = tag(feature);
        let mut found = 0;
        for (way, tag) in tags.chunks_exact(2).enumerate() {
            found |= u32::from(u16::from_le_bytes([tag[0], tag[1]]) == wanted) << way;
        }
        found
    }

    /// Adds what the features of the second pass alone say.
    pub(in crate::extract) fn add_second(&self, features: &[u32], scores: &mut Scores) {
        for feature in features {
            let at = self.second + (feature & self.second_mask) as usize * LABELS;
            let Some(row) = self.bytes.get(at..).and_then(|rest| rest.first_chunk::<HALF>()) else { continue };
            for (sum, weight) in scores.iter_mut().zip(row) {
                *sum = sum.saturating_add(i16::from(*weight as i8));
            }
        }
    }

    /// Adds the best labels by the first pass.
    pub(in crate::extract) fn decode_first(&self, scores: &[Scores], out: &mut Vec<Label>) {
        decode(scores, &self.transitions[0], out);
    }

    /// Adds the best labels by the second pass.
    pub(in crate::extract) fn decode_second(&self, scores: &[Scores], out: &mut Vec<Label>) {
        decode(scores, &self.transitions[1], out);
    }
}

/// The best sequence of labels: Viterbi's algorithm, with nothing but [`OUTSIDE`] before and behind.
fn decode(scores: &[Scores], transitions: &Transitions, out: &mut Vec<Label>) {
    const NEVER: i32 = i32::MIN / 2;
    let mut best = [NEVER; LABELS];
    best[usize::from(OUTSIDE)] = 0;
    let mut back: Vec<[Label; LABELS]> = Vec::with_capacity(scores.len());
    for word in scores {
        let mut next = [NEVER; LABELS];
        let mut from = [OUTSIDE; LABELS];
        for to in 0..LABELS {
            for (before, weight) in &transitions[to] {
                let value = best[usize::from(*before)] + weight;
                if value > next[to] {
                    next[to] = value;
                    from[to] = *before;
                }
            }
            next[to] = (next[to] + i32::from(word[to])).max(NEVER);
        }
        best = next;
        back.push(from);
    }
    let mut label = transitions[usize::from(OUTSIDE)]
        .iter()
        .max_by_key(|(before, weight)| best[usize::from(*before)] + weight)
        .map_or(OUTSIDE, |(before, _)| *before);
    let from = out.len();
    for step in back.iter().rev() {
        out.push(label);
        label = step[usize::from(label)];
    }
    out[from..].reverse();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::names::tagger::labels::Kind;

    /// Two features, which speak for the first and for the last word of a person's name.
    const FEATURES: [u32; 2] = [5, 6];

    fn small() -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(1u32.to_le_bytes());
        bytes.extend(1u32.to_le_bytes());
        bytes.extend(0u32.to_le_bytes());
        bytes.extend(vec![0; 4 * LABELS * LABELS]);
        let mut tags = [0u16; WAYS];
        let mut rows = vec![0u8; 2 * LABELS * WAYS];
        for (number, label) in labels::of(Kind::Person, 2).enumerate() {
            tags[number] = tag(FEATURES[number]);
            rows[2 * LABELS * number + usize::from(label)] = 9;
        }
        bytes.extend(tags.iter().flat_map(|tag| tag.to_le_bytes()));
        bytes.extend(rows);
        bytes.extend(vec![0; LABELS + PADDING]);
        bytes
    }

    #[test]
    fn finds_the_best_labels() {
        let model = Model::new(small()).unwrap();
        let scores: Vec<Scores> = FEATURES.iter().map(|feature| model.weigh(&[*feature, 99]).0).collect();
        let mut labels = Vec::new();
        model.decode_first(&scores, &mut labels);
        assert_eq!(labels, labels::of(Kind::Person, 2).collect::<Vec<_>>());
        labels.clear();
        model.decode_second(&scores[..0], &mut labels);
        assert!(labels.is_empty());
    }

    #[test]
    fn refuses_what_is_no_model() {
        assert!(Model::new(Vec::new()).is_none());
        let whole = small();
        assert!(Model::new(whole[..whole.len() - 1].to_vec()).is_none());
        let mut other = whole;
        other[0] = b'x';
        assert!(Model::new(other).is_none());
    }
}
