//! Several questions over time: what is asked and what comes back.

use super::{Of, Period, Results, Unit};
use crate::query::tree::Tree;
use std::ops::Range;

/// A question for a [`Trend`].
#[derive(Clone, Debug)]
pub struct TrendRequest {
    /// The queries, each as typed and as understood.
    pub queries: Vec<(String, Tree)>,
    /// Which dates are counted.
    pub of: Of,
    /// How long a period is; none for what suits the dates.
    pub by: Option<Unit>,
}

/// How many articles match each of several queries, in the same periods.
#[derive(Clone, Debug, Default)]
pub struct Trend {
    /// Which dates are counted.
    pub of: Of,
    /// How long a period is.
    pub by: Unit,
    /// What was found for each query, in their order.
    pub series: Vec<Series>,
    /// The periods from the first to the last with a hit of any query, in order; their `count` is the most hits that one
    /// query has.
    pub periods: Vec<Period>,
    /// As in a [`Timeline`](super::Timeline).
    pub middle: Option<Range<usize>>,
}

/// One query of a [`Trend`].
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// What matches, without hits.
    pub results: Results,
    /// Hits without any such date.
    pub undated: usize,
    /// Hits with a date that is longer than a period. It stands in no period.
    pub coarser: usize,
    /// Hits in each period of the trend.
    pub counts: Vec<usize>,
}

/// The fewest periods over which two curves can be said to go together.
const LEAST_PERIODS: usize = 8;
/// In this part of these periods each query must have a hit: of curves that are mostly nought, the noughts would decide.
const WITH_HITS: usize = 2;

impl Series {
    /// The part of the articles of a period that are hits, from 0 to 1; none where there are no articles.
    pub fn share(&self, place: usize, period: &Period) -> Option<f64> {
        let count = self.counts.get(place).copied().unwrap_or(0);
        (period.articles > 0).then(|| count as f64 / period.articles as f64)
    }
}

impl Trend {
    /// How far the shares of two queries go together, from -1 to 1 (Pearson's correlation), and over how many periods.
    /// Periods without articles or with few are left out, for a share of so few is chance. None for more queries or
    /// fewer, for less than [`LEAST_PERIODS`] periods, for a curve that never changes or is nought in most periods.
    pub fn correlation(&self) -> Option<(f64, usize)> {
        let [one, other] = self.series.as_slice() else { return None };
        let shares = self.periods.iter().enumerate().filter(|(_, period)| !period.thin);
        let pairs: Vec<(f64, f64)> =
            shares.filter_map(|(place, period)| one.share(place, period).zip(other.share(place, period))).collect();
        let count = pairs.len();
        let hits = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().filter(|pair| of(pair) > 0.0).count();
        let fewest = hits(&|pair| pair.0).min(hits(&|pair| pair.1));
        if count < LEAST_PERIODS || fewest * WITH_HITS < count {
            return None;
        }
        let changes = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.windows(2).any(|two| of(&two[0]) != of(&two[1]));
        if !changes(&|pair| pair.0) || !changes(&|pair| pair.1) {
            return None;
        }
        let mean = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / count as f64;
        let means = (mean(&|pair| pair.0), mean(&|pair| pair.1));
        let spread =
            |of: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|pair| of(pair.0 - means.0, pair.1 - means.1)).sum::<f64>();
        let both = (spread(&|x, _| x * x) * spread(&|_, y| y * y)).sqrt();
        (both > 0.0).then(|| ((spread(&|x, y| x * y) / both).clamp(-1.0, 1.0), count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn correlation(counts: &[(usize, usize)]) -> Option<(f64, usize)> {
        let series = |counts: Vec<usize>| Series { counts, ..Series::default() };
        let period = |_| Period { articles: 100, ..Period::default() };
        let trend = Trend {
            series: vec![
                series(counts.iter().map(|pair| pair.0).collect()),
                series(counts.iter().map(|pair| pair.1).collect()),
            ],
            periods: counts.iter().map(period).collect(),
            ..Trend::default()
        };
        trend.correlation().map(|(r, periods)| ((r * 1e6).round() / 1e6, periods))
    }

    #[test]
    fn curves_go_together_or_not() {
        let line: Vec<usize> = (1..=10).collect();
        let with = |other: &[usize]| correlation(&line.iter().copied().zip(other.iter().copied()).collect::<Vec<_>>());
        assert_eq!(with(&[2, 4, 6, 8, 10, 12, 14, 16, 18, 20]), Some((1.0, 10)));
        assert_eq!(with(&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]), Some((-1.0, 10)));
        // The sums of products are 51, of squares 82.5 and 74.4.
        assert_eq!(with(&[3, 1, 4, 1, 5, 9, 2, 6, 8, 7]), Some((0.650_964, 10)));
        // Without change, with nought in most, over few.
        assert_eq!(with(&[7; 10]), None);
        assert_eq!(with(&[0, 0, 0, 5, 0, 0, 6, 0, 1, 0]), None);
        assert_eq!(with(&[2, 4, 6, 8, 10, 12, 14]), None);
    }

    #[test]
    fn thin_periods_and_holes_do_not_count() {
        let mut trend = Trend::default();
        for counts in [[1, 2, 3, 4, 5, 6, 7, 8, 50, 0], [2, 4, 6, 8, 10, 12, 14, 16, 0, 0]] {
            trend.series.push(Series { counts: counts.to_vec(), ..Series::default() });
        }
        trend.periods = vec![Period { articles: 100, ..Period::default() }; 10];
        (trend.periods[8].thin, trend.periods[9].articles) = (true, 0);
        let (r, periods) = trend.correlation().expect("there are enough");
        assert!((r - 1.0).abs() < 1e-9 && periods == 8, "{r} over {periods}");
    }
}
