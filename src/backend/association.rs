//! How it is measured that a word belongs to the matches around which it stands.
//!
//! The running words of the archive outside the matches are parted twice: by whether they stand in a window around a match,
//! and by whether they are the word. [`Table`] has the four numbers; a word within reach of two matches is counted once.
//!
//! |                 | the word      | other words                    | all             |
//! |-----------------|---------------|--------------------------------|-----------------|
//! | in windows      | `together`    | `window - together`            | `window`        |
//! | elsewhere       | `of_word - together` | the rest                | `all - window`  |
//! | all             | `of_word`     | `all - of_word`                | `all`           |
//!
//! By chance the word would stand in windows `expected = window · of_word / all` times. Then
//!
//! - **log-likelihood** (G²) is `2 Σ O ln(O / E)` over the four cells, `E` being row times column over all; a cell without
//!   anything adds nothing (T. Dunning, *Accurate Methods for the Statistics of Surprise and Coincidence*, Computational
//!   Linguistics 19, 1993). It says how sure it is that the two belong together; 10.83 is one chance in a thousand.
//! - **logDice** is `14 + log2(2 · together / (matches + of_word))`, with `matches` for how often the other side stands
//!   (P. Rychlý, *A Lexicographer-Friendly Association Score*, RASLAN 2008). It says how closely they do, and does not grow
//!   with the archive; 14 where neither stands without the other once for once, one less is half as much.
//! - **mutual information** is `log2(together / expected)` (K. Church and P. Hanks, *Word Association Norms, Mutual
//!   Information, and Lexicography*, Computational Linguistics 16, 1990). It favours what is rare.
//! - the **t-score** is `(together - expected) / √together` (K. Church, W. Gale, P. Hanks and D. Hindle, *Using Statistics
//!   in Lexical Analysis*, 1991). It favours what is common.
//! - **Delta P** is the part of words in windows that are the word, less the part of them elsewhere, from -1 to 1
//!   (S. Gries, *50-something Years of Work on Collocations*, International Journal of Corpus Linguistics 18, 2013).

//!
//! An index knows exactly how many words it has, but where articles were changed or removed since: then to a part of a per cent.

use crate::search::Measures;

/// How often a word stands around matches, and elsewhere. Numbers need not be whole: see [`Table::sampled`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Table {
    /// How often it stands in windows.
    pub together: f64,
    /// Words in windows.
    pub window: f64,
    /// How often it stands at all, outside the matches.
    pub of_word: f64,
    /// Words outside the matches.
    pub all: f64,
    /// Matches.
    pub matches: f64,
}

impl Table {
    /// A table of which the windows were seen in a `part` of the articles only, while `in_archive` of the `words` of the
    /// whole archive are the word: the archive is taken to be so much smaller, as if a part of it had been drawn. Of the
    /// articles seen, `in_matches` words of the `words_in_matches` stand in matches and are left out.
    pub fn sampled(self, part: f64, in_archive: f64, in_matches: f64, words: f64, words_in_matches: f64) -> Table {
        let of_word = (in_archive * part - in_matches).max(self.together);
        let all = (words * part - words_in_matches).max(self.window + of_word - self.together);
        Table { of_word, all, ..self }
    }

    /// How often the word would stand in windows by chance.
    pub fn expected(&self) -> f64 {
        if self.all > 0.0 { self.window * self.of_word / self.all } else { 0.0 }
    }

    /// All measures.
    pub fn measures(&self) -> Measures {
        let Table { together, window, of_word, all, matches } = *self;
        if together <= 0.0 {
            return Measures::default();
        }
        let expected = self.expected();
        let cell = |observed: f64, row: f64, column: f64| {
            if observed > 0.0 { observed * (observed * all / (row * column)).ln() } else { 0.0 }
        };
        let (elsewhere, others) = (all - window, all - of_word);
        let log_likelihood = 2.0
            * (cell(together, window, of_word)
                + cell(window - together, window, others)
                + cell(of_word - together, elsewhere, of_word)
                + cell(elsewhere - of_word + together, elsewhere, others));
        let beside = if elsewhere > 0.0 { (of_word - together) / elsewhere } else { 0.0 };
        Measures {
            // What is nothing in truth may be a little less by the rounding of its parts.
            log_likelihood: log_likelihood.max(0.0),
            log_dice: 14.0 + (2.0 * together / (matches + of_word)).log2(),
            mutual_information: (together / expected).log2(),
            t_score: (together - expected) / together.sqrt(),
            delta_p: together / window - beside,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(value: f64, expected: f64) -> bool {
        (value - expected).abs() < 1e-4
    }

    #[test]
    fn measures_are_as_worked_out_by_hand() {
        // 8 of 100 words in windows are the word, 20 of 10,000 are in all; 25 matches.
        let table = Table { together: 8.0, window: 100.0, of_word: 20.0, all: 10_000.0, matches: 25.0 };
        let measures = table.measures();
        assert!(close(table.expected(), 0.2));
        // 2 (8 ln 40 + 92 ln(92/99.8) + 12 ln(12/19.8) + 9888 ln(9888/9880.2))
        //   = 2 (29.511036 - 7.486924 - 6.009303 + 7.803079)
        assert!(close(measures.log_likelihood, 47.63577), "{measures:?}");
        // 14 + log2(16 / 45)
        assert!(close(measures.log_dice, 14.0 - 1.491853), "{measures:?}");
        // log2(8 / 0.2)
        assert!(close(measures.mutual_information, 5.321928), "{measures:?}");
        // 7.8 / 2.828427
        assert!(close(measures.t_score, 2.757716), "{measures:?}");
        // 0.08 - 12 / 9900
        assert!(close(measures.delta_p, 0.078788), "{measures:?}");
    }

    #[test]
    fn the_table_of_dunning_gives_his_value() {
        // `the swiss` in his table of word pairs: 110, 2442, 111 and 29114.
        let table = Table { together: 110.0, window: 2552.0, of_word: 221.0, all: 31_777.0, matches: 2552.0 };
        assert!((table.measures().log_likelihood - 270.72).abs() < 0.01, "{:?}", table.measures());
    }

    #[test]
    fn what_stands_as_often_as_by_chance_belongs_nowhere() {
        let table = Table { together: 5.0, window: 100.0, of_word: 50.0, all: 1000.0, matches: 10.0 };
        let measures = table.measures();
        for value in [measures.log_likelihood, measures.mutual_information, measures.t_score, measures.delta_p] {
            assert!(close(value, 0.0), "{measures:?}");
        }
        // Empty cells add nothing, and nothing is no number.
        let table = Table { together: 5.0, window: 5.0, of_word: 5.0, all: 5.0, matches: 5.0 };
        assert!(close(table.measures().log_likelihood, 0.0) && close(table.measures().log_dice, 14.0));
        assert_eq!(Table::default().measures(), Measures::default());
    }

    #[test]
    fn a_part_of_an_archive_measures_as_a_smaller_archive() {
        let seen = Table { together: 8.0, window: 100.0, matches: 25.0, ..Table::default() };
        let whole = seen.sampled(1.0, 21.0, 1.0, 10_025.0, 25.0);
        assert_eq!((whole.of_word, whole.all), (20.0, 10_000.0));
        let part = seen.sampled(0.1, 210.0, 1.0, 100_250.0, 25.0);
        assert!(close(part.of_word, 20.0) && close(part.all, 10_000.0));
        // Never fewer than were seen.
        assert_eq!(seen.sampled(0.1, 10.0, 0.0, 100.0, 25.0).of_word, 8.0);
    }
}
