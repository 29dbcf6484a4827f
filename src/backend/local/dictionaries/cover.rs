//! Which pieces of a sample a dictionary is made of: those that share most with the rest of it.
//!
//! The sample is cut into stretches of equal length. In one after the other, the piece is chosen whose sequences of
//! [`SEQUENCE`] bytes are most frequent in the sample, each counted once; then these count for nothing, as they are in the
//! dictionary, and so on from the first stretch until it is full (Liao, Petri, Moffat, Wirth: Effective Construction of
//! Relative Lempel-Ziv Dictionaries, WWW 2016). Sequences are told apart by a hash, so that all fit into a table.

/// Bytes that are looked for together.
const SEQUENCE: usize = 8;
/// Bytes of a piece.
const PIECE: usize = 500;
/// So many pieces come from each stretch.
const ROUNDS: usize = 4;
/// Stretches in a row without anything that is not in the dictionary, after which there is no more.
const PATIENCE: usize = 10;
/// Bits of the largest table.
const MOST_BITS: u32 = 22;

/// At most `size` bytes of `sample`, those that stand for most of it last: what is near costs least.
pub(super) fn choose(sample: &[u8], size: usize) -> Vec<u8> {
    let sequences = sample.len().saturating_sub(SEQUENCE - 1);
    let bits = (sequences.max(2).ilog2() + 1).min(MOST_BITS);
    let hashes = Hashes { sample, shift: u64::BITS - bits };
    let mut counts = vec![0u16; 1 << bits];
    for at in 0..sequences {
        let count = &mut counts[hashes.at(at)];
        *count = count.saturating_add(1);
    }
    let mut inside = vec![0u16; 1 << bits];
    let stretches = (size / PIECE / ROUNDS).max(1);
    let length = sequences / stretches;
    let (mut pieces, mut left, mut in_vain) = (Vec::new(), size, 0);
    for stretch in (0..stretches).cycle() {
        if left == 0 || in_vain == PATIENCE || length == 0 {
            break;
        }
        let begin = stretch * length;
        let (score, start) = hashes.best(begin, begin + length, &counts, &mut inside);
        if score == 0 {
            in_vain += 1;
            continue;
        }
        in_vain = 0;
        let end = (start + PIECE).min(begin + length + SEQUENCE - 1).min(start + left);
        for at in start..end.min(sequences) {
            counts[hashes.at(at)] = 0;
        }
        left -= end - start;
        pieces.push(start..end);
    }
    pieces.into_iter().rev().filter_map(|piece| sample.get(piece)).flatten().copied().collect()
}

/// The sequences of a sample as numbers of a table.
struct Hashes<'s> {
    sample: &'s [u8],
    shift: u32,
}

impl Hashes<'_> {
    fn at(&self, at: usize) -> usize {
        let sequence = self.sample.get(at..at + SEQUENCE).and_then(|bytes| bytes.try_into().ok()).unwrap_or_default();
        (u64::from_le_bytes(sequence).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize
    }

    /// The highest sum of counts of a piece between two places, and where it begins. `inside` is nought before and after.
    fn best(&self, from: usize, to: usize, counts: &[u16], inside: &mut [u16]) -> (u64, usize) {
        let (mut best, mut start) = (0, from);
        let (mut score, mut begin) = (0, from);
        for end in from..to {
            let new = self.at(end);
            if inside[new] == 0 {
                score += u64::from(counts[new]);
            }
            inside[new] += 1;
            if end - begin > PIECE - SEQUENCE {
                let old = self.at(begin);
                inside[old] -= 1;
                if inside[old] == 0 {
                    score -= u64::from(counts[old]);
                }
                begin += 1;
            }
            if score > best {
                (best, start) = (score, begin);
            }
        }
        for at in begin..to {
            inside[self.at(at)] = 0;
        }
        (best, start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_again_is_chosen_and_only_once() {
        let often = b"The ministers agreed to meet again in the autumn, a spokeswoman said. ".repeat(12);
        let mut sample = Vec::new();
        for number in 0..200u64 {
            sample
                .extend((0..120).flat_map(|at| twox_hash::XxHash3_64::oneshot_with_seed(number, &[at]).to_le_bytes()));
            if number % 10 == 3 {
                sample.extend_from_slice(&often);
            }
        }
        let chosen = choose(&sample, 16 << 10);
        assert!(chosen.len() <= 16 << 10);
        let times = chosen.windows(40).filter(|window| *window == &often[..40]).count();
        assert!((1..=20).contains(&times), "{times}");
    }

    #[test]
    fn short_samples_give_what_there_is() {
        for length in [0, 1, 7, 8, 9, 800] {
            let sample = vec![b'a'; length];
            assert!(choose(&sample, 4096).len() <= length);
        }
    }
}
