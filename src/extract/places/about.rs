//! Which of its countries an article is about or was filed from.

/// What speaks for one country of an article.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Evidence {
    /// Mentions of any kind.
    pub(super) count: u32,
    /// Names inside the names of organisations, counted half.
    pub(super) embedded: u32,
    /// Mentions in the title.
    pub(super) title: u32,
    /// Mentions in the opening: the first two paragraphs below the dateline.
    pub(super) opening: u32,
    /// Whether the dateline is there.
    pub(super) dateline: bool,
}

impl Evidence {
    /// The count that the article shows: half the embedded ones, rounded up.
    pub(super) fn total(self) -> u32 {
        self.count + self.embedded.div_ceil(2)
    }
}

/// The least score of a country that the article is about.
///
/// It and the weights of [`is_about`] are a logistic regression over half of 12,865 agency articles whose editors had
/// listed the countries, rounded.
const ENOUGH: f64 = 2.0;

/// Whether the article is about it or was filed from it; `all` counts the evidence for all countries.
pub(super) fn is_about(evidence: Evidence, all: u32) -> bool {
    let total = f64::from(evidence.total());
    let score = 0.3 * f64::from(evidence.title.min(1))
        + 0.45 * f64::from(evidence.opening.min(3))
        + 1.7 * total / f64::from(all.max(1))
        + 0.9 * (1.0 + total).ln();
    evidence.dateline || score >= ENOUGH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_first_and_often_is_what_it_is_about() {
        let none = Evidence::default();
        for (evidence, all, expected) in [
            (Evidence { count: 1, dateline: true, ..none }, 20, true),
            (Evidence { count: 1, opening: 1, ..none }, 1, true),
            (Evidence { count: 1, ..none }, 12, false),
            (Evidence { count: 1, embedded: 0, title: 1, opening: 1, dateline: false }, 12, false),
            (Evidence { count: 4, title: 1, opening: 2, ..none }, 12, true),
            (Evidence { embedded: 2, ..none }, 12, false),
        ] {
            assert_eq!(is_about(evidence, all), expected, "{evidence:?} of {all}");
        }
    }
}
