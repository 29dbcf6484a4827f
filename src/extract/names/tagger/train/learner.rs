//! Learning the weights: a linear-chain conditional random field by stochastic gradients, each weight with a step of
//! its own (AdaGrad), half of the features left out at random each time.

use super::super::labels::{self, LABELS, Label, OUTSIDE};

/// A piece of text: the features of each word, and its labels.
#[derive(Clone, Default)]
pub(super) struct Example {
    /// The numbers of features, word after word.
    pub(super) features: Vec<u32>,
    /// Where the features of each word end.
    pub(super) ends: Vec<u32>,
    /// Hashes of the features of the second pass alone, and where those of each word end.
    pub(super) second: Vec<u32>,
    pub(super) second_ends: Vec<u32>,
    /// The right labels.
    pub(super) labels: Vec<Label>,
    /// How much it counts.
    pub(super) weight: f32,
    /// The fold of its document.
    pub(super) fold: u8,
}

impl Example {
    /// Keeps the features that `number` has a number for, and numbers them.
    pub(super) fn renumber(&mut self, number: impl Fn(u32) -> Option<u32>) {
        let mut kept = Vec::with_capacity(self.features.len() / 2);
        let mut start = 0;
        for end in &mut self.ends {
            kept.extend(self.features[start..*end as usize].iter().filter_map(|feature| number(*feature)));
            start = std::mem::replace(end, kept.len() as u32) as usize;
        }
        kept.shrink_to_fit();
        self.features = kept;
    }

    fn row(ends: &[u32], at: usize) -> std::ops::Range<usize> {
        let start = if at == 0 { 0 } else { ends[at - 1] as usize };
        start..ends[at] as usize
    }
}

/// How to learn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub(super) epochs: u32,
    pub(super) rate: f32,
    /// The share of features left out.
    pub(super) dropout: f32,
    /// How many rows the table of the second pass has: a power of two.
    pub(super) second_rows: usize,
    /// What pulls weights to nothing.
    pub(super) decay: f32,
}

/// Weights as they are learned.
#[derive(Clone)]
pub(super) struct Weights {
    pub(super) shared: Vec<[f32; LABELS]>,
    pub(super) second: Vec<[f32; LABELS]>,
    pub(super) transitions: [[f32; LABELS]; LABELS],
}

impl Weights {
    fn rows(&mut self) -> impl Iterator<Item = &mut [f32; LABELS]> {
        self.shared.iter_mut().chain(&mut self.second).chain(&mut self.transitions)
    }

    fn add(&mut self, other: &Weights) {
        let others = other.shared.iter().chain(&other.second).chain(&other.transitions);
        for (row, other) in self.rows().zip(others) {
            row.iter_mut().zip(other).for_each(|(weight, other)| *weight += other);
        }
    }

    fn scale(&mut self, by: f32) {
        self.rows().flatten().for_each(|weight| *weight *= by);
    }
}

struct Steps {
    shared: Vec<[f32; LABELS]>,
    second: Vec<[f32; LABELS]>,
    transitions: [[f32; LABELS]; LABELS],
}

/// Numbers that look random, the same in every run.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) as u32
    }
}

const START: f32 = 0.05;

/// Learns from the examples that `chosen` names, whose features are numbered below `rows`; `with_second` uses the
/// features of the second pass too.
pub(super) fn learn(
    examples: &[Example],
    chosen: &[usize],
    rows: usize,
    settings: &Settings,
    with_second: bool,
    say: fn(&str),
) -> Weights {
    let second_rows = if with_second { settings.second_rows } else { 1 };
    let mut weights = Weights {
        shared: vec![[0.0; LABELS]; rows],
        second: vec![[0.0; LABELS]; second_rows],
        transitions: [[0.0; LABELS]; LABELS],
    };
    let mut steps = Steps {
        shared: vec![[START; LABELS]; rows],
        second: vec![[START; LABELS]; second_rows],
        transitions: [[START; LABELS]; LABELS],
    };
    let mut order = chosen.to_vec();
    let mut dice = Dice::new(7);
    let keep = 1.0 - settings.dropout;
    let threshold = (f64::from(keep) * f64::from(u32::MAX)) as u32;
    let mut work = Work::default();
    // The mean of the later rounds is steadier than the last.
    let from = settings.epochs / 2;
    let mut sum: Option<Weights> = None;
    for epoch in 0..settings.epochs {
        for at in (1..order.len()).rev() {
            order.swap(at, dice.next() as usize % (at + 1));
        }
        let rate = settings.rate * (1.0 - 0.9 * epoch as f32 / settings.epochs as f32);
        let mut loss = 0.0;
        for number in &order {
            let example = &examples[*number];
            work.kept.clear();
            work.kept_ends.clear();
            work.kept_second.clear();
            work.kept_second_ends.clear();
            for at in 0..example.labels.len() {
                for feature in &example.features[Example::row(&example.ends, at)] {
                    if dice.next() <= threshold {
                        work.kept.push(*feature);
                    }
                }
                work.kept_ends.push(work.kept.len());
                if with_second {
                    for feature in &example.second[Example::row(&example.second_ends, at)] {
                        if dice.next() <= threshold {
                            work.kept_second.push(feature & (second_rows as u32 - 1));
                        }
                    }
                }
                work.kept_second_ends.push(work.kept_second.len());
            }
            loss += work.step(example, &mut weights, &mut steps, rate, 1.0 / keep, settings.decay);
        }
        if epoch >= from {
            match &mut sum {
                Some(sum) => sum.add(&weights),
                None => sum = Some(weights.clone()),
            }
        }
        say(&format!("    epoch {} loss {:.4}", epoch + 1, loss / order.len().max(1) as f64));
    }
    let rounds = settings.epochs - from;
    if let Some(mut sum) = sum {
        sum.scale(1.0 / rounds as f32);
        return sum;
    }
    weights
}

/// The best labels by the features of the first pass.
pub(super) fn best(example: &Example, weights: &Weights) -> Vec<Label> {
    let outside = usize::from(OUTSIDE);
    let mut values = [f32::NEG_INFINITY; LABELS];
    values[outside] = 0.0;
    let mut back = Vec::with_capacity(example.labels.len());
    for at in 0..example.labels.len() {
        let mut scores = [0.0; LABELS];
        for row in &example.features[Example::row(&example.ends, at)] {
            for (score, weight) in scores.iter_mut().zip(&weights.shared[*row as usize]) {
                *score += weight;
            }
        }
        let mut next = [f32::NEG_INFINITY; LABELS];
        let mut from = [OUTSIDE; LABELS];
        for to in 0..LABELS {
            for before in (0..LABELS).filter(|before| labels::may_follow(*before as Label, to as Label)) {
                let value = values[before] + weights.transitions[before][to] + scores[to];
                if value > next[to] {
                    next[to] = value;
                    from[to] = before as Label;
                }
            }
        }
        values = next;
        back.push(from);
    }
    let last = (0..LABELS).filter(|label| labels::may_follow(*label as Label, OUTSIDE));
    let value = |label: &usize| values[*label] + weights.transitions[*label][outside];
    let mut label = last.max_by(|a, b| value(a).total_cmp(&value(b))).unwrap_or(outside) as Label;
    let mut found = Vec::with_capacity(back.len());
    for step in back.iter().rev() {
        found.push(label);
        label = step[usize::from(label)];
    }
    found.reverse();
    found
}

#[derive(Default)]
struct Work {
    kept: Vec<u32>,
    kept_ends: Vec<usize>,
    kept_second: Vec<u32>,
    kept_second_ends: Vec<usize>,
    scores: Vec<[f32; LABELS]>,
    forward: Vec<[f32; LABELS]>,
    backward: Vec<[f32; LABELS]>,
}

fn range(ends: &[usize], at: usize) -> std::ops::Range<usize> {
    if at == 0 { 0..ends[0] } else { ends[at - 1]..ends[at] }
}

fn log_sum(values: impl Iterator<Item = f32> + Clone) -> f32 {
    let most = values.clone().fold(f32::NEG_INFINITY, f32::max);
    if most == f32::NEG_INFINITY {
        return most;
    }
    most + values.map(|value| (value - most).exp()).sum::<f32>().ln()
}

impl Work {
    fn step(
        &mut self,
        example: &Example,
        weights: &mut Weights,
        steps: &mut Steps,
        rate: f32,
        scale: f32,
        decay: f32,
    ) -> f64 {
        let length = example.labels.len();
        let outside = usize::from(OUTSIDE);
        let allowed = |from: usize, to: usize| labels::may_follow(from as Label, to as Label);
        self.scores.clear();
        for at in 0..length {
            let mut scores = [0.0; LABELS];
            for row in &self.kept[range(&self.kept_ends, at)] {
                for (score, weight) in scores.iter_mut().zip(&weights.shared[*row as usize]) {
                    *score += weight;
                }
            }
            for row in &self.kept_second[range(&self.kept_second_ends, at)] {
                for (score, weight) in scores.iter_mut().zip(&weights.second[*row as usize]) {
                    *score += weight;
                }
            }
            scores.iter_mut().for_each(|score| *score *= scale);
            self.scores.push(scores);
        }
        self.forward.clear();
        for at in 0..length {
            let mut row = [f32::NEG_INFINITY; LABELS];
            for (to, value) in row.iter_mut().enumerate() {
                *value = self.scores[at][to]
                    + if at == 0 {
                        if allowed(outside, to) { weights.transitions[outside][to] } else { f32::NEG_INFINITY }
                    } else {
                        let before = &self.forward[at - 1];
                        log_sum(
                            (0..LABELS)
                                .filter(|from| allowed(*from, to))
                                .map(|from| before[from] + weights.transitions[from][to]),
                        )
                    };
            }
            self.forward.push(row);
        }
        self.backward.clear();
        self.backward.resize(length, [f32::NEG_INFINITY; LABELS]);
        for at in (0..length).rev() {
            for from in 0..LABELS {
                self.backward[at][from] = if at + 1 == length {
                    if allowed(from, outside) { weights.transitions[from][outside] } else { f32::NEG_INFINITY }
                } else {
                    let (scores, after) = (&self.scores[at + 1], &self.backward[at + 1]);
                    log_sum(
                        (0..LABELS)
                            .filter(|to| allowed(from, *to))
                            .map(|to| weights.transitions[from][to] + scores[to] + after[to]),
                    )
                };
            }
        }
        let total =
            log_sum((0..LABELS).map(|label| self.forward[length - 1][label] + self.backward[length - 1][label]));
        // The gradient: what is expected less what is right.
        let mut change = [[0.0f32; LABELS]; LABELS];
        let mut right = 0.0;
        let mut before = outside;
        for at in 0..length {
            let label = usize::from(example.labels[at]);
            right += self.scores[at][label] + weights.transitions[before][label];
            change[before][label] -= 1.0;
            before = label;
            for (from, row) in change.iter_mut().enumerate().filter(|(from, _)| at > 0 || *from == outside) {
                let earlier = if at == 0 { 0.0 } else { self.forward[at - 1][from] };
                for (to, change) in row.iter_mut().enumerate().filter(|(to, _)| allowed(from, *to)) {
                    let value =
                        earlier + weights.transitions[from][to] + self.scores[at][to] + self.backward[at][to] - total;
                    *change += value.exp();
                }
            }
        }
        right += weights.transitions[before][outside];
        change[before][outside] -= 1.0;
        for (from, row) in change.iter_mut().enumerate().filter(|(from, _)| allowed(*from, outside)) {
            row[outside] += (self.forward[length - 1][from] + weights.transitions[from][outside] - total).exp();
        }
        let weight = example.weight;
        for at in 0..length {
            let mut gradient = [0.0; LABELS];
            let label = usize::from(example.labels[at]);
            for (to, gradient) in gradient.iter_mut().enumerate() {
                let expected = (self.forward[at][to] + self.backward[at][to] - total).exp();
                *gradient = weight * scale * (expected - f32::from(u8::from(to == label)));
            }
            if gradient.iter().all(|value| value.abs() < 1e-3) {
                continue;
            }
            for row in &self.kept[range(&self.kept_ends, at)] {
                update(&mut weights.shared[*row as usize], &mut steps.shared[*row as usize], &gradient, rate, decay);
            }
            for row in &self.kept_second[range(&self.kept_second_ends, at)] {
                update(&mut weights.second[*row as usize], &mut steps.second[*row as usize], &gradient, rate, decay);
            }
        }
        for ((weights, steps), row) in weights.transitions.iter_mut().zip(&mut steps.transitions).zip(&change) {
            update(weights, steps, &row.map(|change| change * weight), rate, 0.0);
        }
        f64::from(total - right)
    }
}

fn update(weights: &mut [f32; LABELS], steps: &mut [f32; LABELS], gradient: &[f32; LABELS], rate: f32, decay: f32) {
    for ((weight, step), gradient) in weights.iter_mut().zip(steps).zip(gradient) {
        let gradient = gradient + decay * *weight;
        *step += gradient * gradient;
        *weight -= rate * gradient / step.sqrt();
    }
}
