//! The arithmetic of positions: which words stand where a phrase wants them.
//!
//! The index and the matcher of a single text both find phrases with this, so that they cannot disagree.

/// Keeps those `starts` for which `positions` has `start + offset`. Both are ascending.
pub fn keep_followed(starts: &mut Vec<u32>, positions: &[u32], offset: u32) {
    let mut at = 0;
    starts.retain(|start| {
        let Some(wanted) = start.checked_add(offset) else { return false };
        at += gallop(&positions[at..], wanted);
        positions.get(at) == Some(&wanted)
    });
}

/// How many of the ascending `positions` are below `wanted`: steps that double, then halves, so that a few wanted
/// positions cost little in a long list.
fn gallop(positions: &[u32], wanted: u32) -> usize {
    let mut reach = 1;
    while reach < positions.len() && positions[reach] < wanted {
        reach *= 2;
    }
    let from = reach / 2;
    let to = positions.len().min(reach + 1);
    from + positions[from..to].partition_point(|position| *position < wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_looking_at_every_pair() {
        // A small linear congruential generator: the same lists on every run.
        let mut state = 7u32;
        let mut next = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % below
        };
        for _ in 0..2000 {
            let mut lists = [0, 1].map(|_| {
                let length = next(12);
                let mut list: Vec<u32> = (0..length).map(|_| next(30)).collect();
                list.sort_unstable();
                list.dedup();
                list
            });
            let offset = next(4);
            let expected: Vec<u32> =
                lists[0].iter().copied().filter(|start| lists[1].contains(&(start + offset))).collect();
            let [starts, positions] = &mut lists;
            keep_followed(starts, positions, offset);
            assert_eq!(*starts, expected);
        }
    }
}
