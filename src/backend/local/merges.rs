//! Which segments are merged, so that there are not many and no merge takes more memory than it may.
//!
//! A merge maps the files of all its inputs. Segments are put into tiers by their size; of a tier, neighbours in size are
//! merged when there are [`TOGETHER`] of them or as many as one merge may take. What has grown beyond half of that stays as
//! it is, unless much of it is deleted. So each article is written again once for each tier, and an index of any size is
//! built in the same memory, up to [`MOST_SEGMENTS`] segments; from there on merges get larger with the index, for every
//! segment is asked by every query. When a run that began with nothing comes to its end, what is small is merged as far as
//! it fits: an index of a few segments is smaller, as each has a dictionary of its own, and answers sooner.

use super::room;
use std::path::PathBuf;
use tantivy::SegmentMeta;
use tantivy::index::SegmentId;
use tantivy::indexer::{MergeCandidate, MergePolicy};

/// So many segments of a tier are merged.
const TOGETHER: usize = 8;
/// The fewest that are merged because more would not fit.
const FEWEST: usize = 3;
/// Segments of up to so many bytes are of one tier; the next tiers reach [`STEP`] times as far each.
const SMALL: u64 = 1 << 20;
const STEP: u64 = 4;
/// A segment is written anew when this share of its articles is deleted.
const DELETED_SHARE: f64 = 0.3;
/// Segments of the largest tier that an index may have before larger ones are made.
const MOST_SEGMENTS: u64 = 48;

/// Merges within a share of the memory.
#[derive(Debug)]
pub(super) struct Merges {
    /// Where the files are.
    pub(super) generation: PathBuf,
    /// The most bytes that one merge may map.
    pub(super) most: u64,
    /// Whether a run that began with nothing is at its end.
    pub(super) last: bool,
}

/// What decides about a segment.
#[derive(Clone, Copy, Debug)]
struct Sized {
    id: SegmentId,
    bytes: u64,
    /// Share of the articles that are deleted.
    deleted: f64,
}

impl MergePolicy for Merges {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let sized = segments.iter().map(|segment| Sized {
            id: segment.id(),
            bytes: room::of_segment(&self.generation, segment),
            deleted: f64::from(segment.num_deleted_docs()) / f64::from(segment.max_doc().max(1)),
        });
        let find = if self.last { last } else { candidates };
        find(sized.collect(), self.most).into_iter().map(MergeCandidate).collect()
    }
}

fn candidates(mut segments: Vec<Sized>, most: u64) -> Vec<Vec<SegmentId>> {
    let all: u64 = segments.iter().map(|segment| segment.bytes).sum();
    let most = most.max(all / MOST_SEGMENTS * 2);
    segments.sort_by_key(|segment| (segment.bytes, segment.id));
    let mut out = Vec::new();
    let mut group: Vec<Sized> = Vec::new();
    let mut close = |group: &mut Vec<Sized>, full: bool| {
        if group.len() >= TOGETHER || full && group.len() >= FEWEST {
            out.push(group.iter().map(|segment| segment.id).collect());
        } else {
            out.extend(group.iter().filter(|segment| segment.deleted > DELETED_SHARE).map(|segment| vec![segment.id]));
        }
        group.clear();
    };
    for segment in segments {
        let large = segment.bytes > most / 2;
        let taken: u64 = group.iter().map(|segment| segment.bytes).sum();
        if group.first().is_some_and(|first| large || tier(first.bytes) != tier(segment.bytes)) {
            close(&mut group, false);
        } else if taken + segment.bytes > most || group.len() >= TOGETHER {
            close(&mut group, true);
        }
        group.push(segment);
        if large {
            close(&mut group, false);
        }
    }
    close(&mut group, false);
    out
}

/// The smallest segments, as many as fit, where that is more than one.
fn last(mut segments: Vec<Sized>, most: u64) -> Vec<Vec<SegmentId>> {
    segments.sort_by_key(|segment| (segment.bytes, segment.id));
    let mut taken = 0;
    let group: Vec<SegmentId> = segments
        .iter()
        .take_while(|segment| {
            taken += segment.bytes;
            taken <= most
        })
        .map(|segment| segment.id)
        .collect();
    if group.len() > 1 { vec![group] } else { Vec::new() }
}

fn tier(bytes: u64) -> u32 {
    (bytes / SMALL).max(1).ilog(STEP)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sizes in MB, and what is merged of them, by their places.
    fn merged(sizes: &[(u64, f64)], most: u64) -> Vec<Vec<usize>> {
        let segments: Vec<Sized> = sizes
            .iter()
            .map(|(megabytes, deleted)| Sized {
                id: SegmentId::generate_random(),
                bytes: megabytes << 20,
                deleted: *deleted,
            })
            .collect();
        let place = |id: SegmentId| segments.iter().position(|segment| segment.id == id).unwrap();
        let mut merged: Vec<Vec<usize>> = candidates(segments.clone(), most << 20)
            .into_iter()
            .map(|ids| {
                let mut places: Vec<usize> = ids.into_iter().map(place).collect();
                places.sort_unstable();
                places
            })
            .collect();
        merged.sort();
        merged
    }

    #[test]
    fn neighbours_in_size_are_merged_as_far_as_they_fit() {
        let whole = |sizes: &[u64]| sizes.iter().map(|size| (*size, 0.0)).collect::<Vec<_>>();
        assert!(merged(&whole(&[0; 7]), 100).is_empty());
        assert_eq!(merged(&whole(&[0; 8]), 100), [(0..8).collect::<Vec<_>>()]);
        // Three of thirty fit into a hundred, and a fourth is there.
        assert!(merged(&whole(&[30; 3]), 100).is_empty());
        assert_eq!(merged(&whole(&[30; 4]), 100).iter().map(Vec::len).collect::<Vec<_>>(), [3]);
        // What is large stays, what is of another size is not drawn in.
        assert!(merged(&whole(&[90, 90, 90, 90, 60, 1, 1, 5]), 100).is_empty());
        // Of what is deleted, each by itself.
        assert_eq!(merged(&[(90, 0.4), (90, 0.2), (2, 0.5)], 100), [vec![0], vec![2]]);
    }

    #[test]
    fn at_the_end_what_fits_becomes_one() {
        let whole = |sizes: &[u64]| -> Vec<Sized> {
            let sized = |size: &u64| Sized { id: SegmentId::generate_random(), bytes: *size, deleted: 0.0 };
            sizes.iter().map(sized).collect()
        };
        assert_eq!(last(whole(&[60, 20, 10, 90, 5]), 100).iter().map(Vec::len).collect::<Vec<_>>(), [4]);
        assert!(last(whole(&[60, 50, 90]), 100).is_empty());
        assert!(last(whole(&[60]), 100).is_empty() && last(Vec::new(), 100).is_empty());
    }

    #[test]
    fn an_index_of_any_size_has_few_segments_and_is_written_few_times() {
        for (flushed, most, runs) in [(12u64, 120u64, 3_000usize), (1, 60, 5_000), (30, 200, 1_000)] {
            let mut segments: Vec<Sized> = Vec::new();
            let (mut written, mut largest) = (0, 0);
            for _ in 0..runs {
                segments.push(Sized { id: SegmentId::generate_random(), bytes: flushed << 20, deleted: 0.0 });
                loop {
                    let found = candidates(segments.clone(), most << 20);
                    if found.is_empty() {
                        break;
                    }
                    for ids in found {
                        let bytes = segments.iter().filter(|one| ids.contains(&one.id)).map(|one| one.bytes).sum();
                        segments.retain(|one| !ids.contains(&one.id));
                        segments.push(Sized { id: SegmentId::generate_random(), bytes, deleted: 0.0 });
                        written += bytes;
                        largest = largest.max(bytes);
                    }
                }
            }
            let all = (flushed << 20) * runs as u64;
            assert!(segments.len() <= 120, "{} segments", segments.len());
            assert!(written <= all * 5, "written {} times", written / all);
            assert!(largest <= (most << 20).max(all / MOST_SEGMENTS * 2), "{largest}");
        }
    }
}
