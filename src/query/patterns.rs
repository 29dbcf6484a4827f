//! Words that stand for others: wildcards, fuzzy words, regular expressions. How they are written, and which words of an
//! index they stand for.
//!
//! They are compared with folded words, so case and accents make no difference, but after `=`.

use super::tree::{Scope, Spelling, Word};
use super::values::Refusal;
use crate::text::{Span, fold, tokens};
use regex::{Regex, RegexBuilder};

/// A fuzzy word may differ in so many letters at most: with three, every short word is near every other.
const MOST_SLIPS: u8 = 2;

/// Bytes that a compiled regular expression may take; what needs more is refused.
const LARGEST_REGEX: usize = 1 << 20;

/// A pattern, ready to be compared with words.
pub struct Pattern {
    how: How,
    /// What every word that fits begins with, folded.
    prefix: String,
}

enum How {
    /// The letters, `*` and `?`.
    Wildcard(Vec<char>),
    /// The letters, and how many may differ.
    Fuzzy(Vec<char>, usize),
    Regex(Regex),
}

impl Pattern {
    /// The pattern of a word that is not plain; with `exact`, for words as they are written rather than folded ones.
    ///
    /// None for a plain word, and for a regular expression that cannot be used, which [`words`] and [`regex()`] refuse.
    pub fn of(word: &Word, exact: bool) -> Option<Pattern> {
        let letters = if exact { word.written.clone() } else { fold::fold(&word.written) };
        let literal = |end: usize| if exact { String::new() } else { letters.get(..end).unwrap_or("").to_owned() };
        Some(match word.spelling {
            Spelling::Plain | Spelling::Family => return None,
            Spelling::Wildcard => Pattern {
                prefix: literal(letters.find(['*', '?']).unwrap_or(0)),
                how: How::Wildcard(letters.chars().collect()),
            },
            Spelling::Fuzzy(slips) => {
                Pattern { how: How::Fuzzy(letters.chars().collect(), usize::from(slips)), prefix: String::new() }
            }
            Spelling::Regex => {
                let written = word.written.trim_matches('/');
                let prefix = if exact { String::new() } else { literal_prefix(written) };
                Pattern { how: How::Regex(compiled(written, exact)?), prefix }
            }
        })
    }

    /// What every word that fits begins with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The letters of a fuzzy pattern and how many may differ; none of another.
    pub fn fuzzy(&self) -> Option<(&[char], usize)> {
        match &self.how {
            How::Fuzzy(letters, slips) => Some((letters, *slips)),
            _ => None,
        }
    }

    /// Whether a word fits.
    pub fn fits(&self, word: &str) -> bool {
        match &self.how {
            How::Wildcard(pattern) => fits_wildcard(pattern, word),
            How::Fuzzy(letters, slips) => within(letters, word, *slips),
            How::Regex(regex) => regex.is_match(word),
        }
    }
}

/// The letters and figures at the beginning of a regular expression, folded. The last one may be followed by a sign that
/// makes it optional, so it does not count; with alternatives nothing does.
fn literal_prefix(written: &str) -> String {
    if written.contains('|') {
        return String::new();
    }
    let end = written.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(written.len());
    let end = if end < written.len() { end.saturating_sub(1) } else { end };
    fold::fold(written.get(..end).unwrap_or(""))
}

/// The expression for whole words, as they are written where it is `exact`, else folded ones.
fn compiled(written: &str, exact: bool) -> Option<Regex> {
    // Words of the index have lost their accents; the letters of an expression that have one stand for themselves.
    let folded = |c: char| if c.is_ascii() { c.to_string() } else { fold::fold(&c.to_string()) };
    let written = if exact { written.to_owned() } else { fold::composed(written).map(folded).collect() };
    RegexBuilder::new(&format!("^(?:{written})$"))
        .case_insensitive(!exact)
        .size_limit(LARGEST_REGEX)
        .nest_limit(50)
        .build()
        .ok()
}

/// Whether a word fits letters with `*` for any number of letters and `?` for one.
fn fits_wildcard(pattern: &[char], word: &str) -> bool {
    let word: Vec<char> = word.chars().collect();
    let (mut at, mut in_word) = (0, 0);
    // Where the last star stood, and where in the word it ends for now.
    let mut star: Option<(usize, usize)> = None;
    while in_word < word.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, in_word));
                at += 1;
            }
            Some(c) if *c == '?' || word.get(in_word) == Some(c) => {
                at += 1;
                in_word += 1;
            }
            _ => {
                let Some((place, end)) = star else { return false };
                star = Some((place, end + 1));
                at = place + 1;
                in_word = end + 1;
            }
        }
    }
    pattern.get(at..).unwrap_or(&[]).iter().all(|c| *c == '*')
}

/// Whether a word is made of `letters` by at most `slips` steps: a letter more, less or another, or two that change
/// places, none of them changed twice (optimal string alignment).
fn within(letters: &[char], word: &str, slips: usize) -> bool {
    if word.len() + slips < letters.len() || word.chars().count().abs_diff(letters.len()) > slips {
        return false;
    }
    let width = letters.len() + 1;
    let mut rows = [vec![0usize; width], (0..width).collect::<Vec<usize>>(), vec![0usize; width]];
    let mut before: Option<char> = None;
    for (row, c) in word.chars().enumerate() {
        let [two, one, this] = &mut rows;
        this[0] = row + 1;
        for column in 1..width {
            let letter = letters[column - 1];
            let mut least = (one[column] + 1).min(this[column - 1] + 1).min(one[column - 1] + usize::from(letter != c));
            if column > 1 && before == Some(letter) && letters[column - 2] == c {
                least = least.min(two[column - 2] + 1);
            }
            this[column] = least;
        }
        if this.iter().all(|cost| *cost > slips) {
            return false;
        }
        before = Some(c);
        rows.rotate_left(1);
    }
    rows[1][width - 1] <= slips
}

/// The words of a run of a query that has a wildcard or a `~`, at byte `base` of the query.
pub(super) fn words(run: &str, base: usize, exact: bool, scope: Scope) -> Result<Vec<Word>, Refusal> {
    if let Some((word, slips)) = fuzzy(run) {
        let refused = |message: String, hint: &str| Err(Refusal { message, hint: hint.to_owned() });
        let mut plain = tokens::words(word);
        let (Some(found), None) = (plain.next(), plain.next()) else {
            return refused(format!("`~` belongs to one word, not to `{word}`"), "write it as `Khrushchev~1`");
        };
        if word.contains(['*', '?']) {
            return refused(format!("`{run}` has a wildcard and a `~`"), "write one of the two");
        }
        let slips = match slips.parse::<u8>() {
            Ok(slips) if (1..=MOST_SLIPS).contains(&slips) => slips,
            _ => {
                let hint = "write `~1` or `~2` behind the word";
                return refused(format!("`{run}` does not say how many letters may differ"), hint);
            }
        };
        let span = Span::new(base + found.start, base + run.len());
        return Ok(vec![Word { spelling: Spelling::Fuzzy(slips), ..Word::new(found.of(word), exact, scope, span) }]);
    }
    let part = |c: char| c.is_alphanumeric() || matches!(c, '*' | '?' | '.') || tokens::is_apostrophe(c);
    let mut out: Vec<Word> = Vec::new();
    let mut at = 0;
    while let Some(start) = run.get(at..).and_then(|rest| rest.find(part)).map(|offset| at + offset) {
        let rest = run.get(start..).unwrap_or("");
        let end = start + rest.find(|c: char| !part(c)).unwrap_or(rest.len());
        let around = |c: char| c == '.' || tokens::is_apostrophe(c);
        // A question mark at the end is punctuation.
        let piece = run.get(start..end).unwrap_or("").trim_start_matches(around);
        let piece = piece.trim_end_matches(|c: char| c == '?' || around(c));
        let begin = start + run.get(start..end).and_then(|whole| whole.find(piece)).unwrap_or(0);
        let mut add = |word: Word| {
            if let Some(last) = out.last_mut()
                && matches!(run.get(last.span.end - base..word.span.start - base), Some("-" | "\u{2010}" | "\u{2011}"))
            {
                last.span.end = word.span.start;
            }
            out.push(word);
        };
        if piece.contains(['*', '?']) {
            if !piece.contains(char::is_alphanumeric) {
                return Err(Refusal {
                    message: format!("`{piece}` stands for every word"),
                    hint:
                        "leave it out, or put the words in quotation marks, where it is any one word: `\"the * pact\"`"
                            .to_owned(),
                });
            }
            let span = Span::new(base + begin, base + begin + piece.len());
            add(Word { spelling: Spelling::Wildcard, ..Word::new(piece, exact, scope, span) });
        } else {
            for found in tokens::words(piece) {
                let span = Span::new(base + begin + found.start, base + begin + found.end);
                add(Word::new(found.of(piece), exact, scope, span));
            }
        }
        at = end;
    }
    Ok(out)
}

/// The word that is a regular expression between slashes, at byte `base` of the query.
pub(super) fn regex(run: &str, base: usize, exact: bool, scope: Scope) -> Result<Word, Refusal> {
    let span = Span::new(base, base + run.len());
    let inner = run.get(1..run.len().saturating_sub(1)).unwrap_or("");
    if compiled(inner, exact).is_none() {
        return Err(Refusal {
            message: format!("`{run}` is no regular expression, or one that is too large"),
            hint: "write one word's pattern between the slashes, as in `/defen[cs]es?/`; `\\` before a sign takes it as it is"
                .to_owned(),
        });
    }
    Ok(Word { spelling: Spelling::Regex, ..Word::new(run, exact, scope, span) })
}

/// A `*` in a word, or a `?` with a letter behind it.
pub(super) fn is_wildcard(run: &str) -> bool {
    if run.contains("://") {
        return false;
    }
    let word = |text: &str| text.contains(char::is_alphanumeric);
    (run.contains('*') && word(run)) || run.split_once('?').is_some_and(|(_, behind)| word(behind))
}

/// The word before a `~` and what stands behind it; the comma of a sentence may follow.
pub(super) fn fuzzy(run: &str) -> Option<(&str, &str)> {
    let run = run.trim_end_matches([',', ';', '.', ':']);
    let (word, slips) = run.rsplit_once('~')?;
    (slips.bytes().all(|b| b.is_ascii_digit()) && word.contains(char::is_alphanumeric)).then_some((word, slips))
}

/// Whether a run is a regular expression between slashes.
pub(super) fn is_regex(run: &str) -> bool {
    run.len() > 2 && run.starts_with('/') && run.ends_with('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(written: &str, spelling: Spelling, word: &str) -> bool {
        let asked = Word { spelling, ..Word::new(written, false, Scope::Anywhere, Span::default()) };
        Pattern::of(&asked, false).is_some_and(|pattern| word.starts_with(pattern.prefix()) && pattern.fits(word))
    }

    #[test]
    fn wildcards_stand_for_letters() {
        for (pattern, word, expected) in [
            ("sanction*", "sanction", true),
            ("sanction*", "sanctioned", true),
            ("sanction*", "sanctio", false),
            ("defen?e", "defence", true),
            ("defen?e", "defene", false),
            ("*stan", "pakistan", true),
            ("*stan", "stand", false),
            ("*", "any", true),
            ("a*b*c", "aXbYc".to_lowercase().as_str(), true),
            ("a*b*c", "acb", false),
            ("Caf?", "café", true),
            ("été*", "etes", true),
        ] {
            assert_eq!(fits(pattern, Spelling::Wildcard, &fold::fold(word)), expected, "{pattern} {word}");
        }
    }

    #[test]
    fn slips_are_counted() {
        for (written, slips, word, expected) in [
            ("Khrushchev", 1, "khruschev", true),
            ("Khrushchev", 1, "krushchov", false),
            ("Khrushchev", 2, "krushchov", true),
            ("treaty", 1, "traety", true),
            ("treaty", 1, "treaties", false),
            ("treaty", 2, "treat", true),
            ("ab", 1, "ba", true),
            ("ab", 1, "bca", false),
            ("a", 1, "", true),
        ] {
            assert_eq!(fits(written, Spelling::Fuzzy(slips), word), expected, "{written}~{slips} {word}");
        }
    }

    #[test]
    fn slips_agree_with_another_count() {
        let words = ["", "a", "ab", "ba", "abc", "acb", "cab", "abcd", "badc", "treaty", "traety", "treatise", "etat"];
        for one in words {
            for other in words {
                let letters: Vec<char> = one.chars().collect();
                for slips in 0..4 {
                    let expected = strsim::osa_distance(one, other) <= slips;
                    assert_eq!(within(&letters, other, slips), expected, "{one} {other} {slips}");
                }
            }
        }
    }

    #[test]
    fn expressions_are_of_whole_words() {
        for (pattern, word, expected) in [
            ("/defen[cs]es?/", "defenses", true),
            ("/defen[cs]es?/", "undefence", false),
            ("/NATO|EU/", "eu", true),
            ("/.*stan/", "pakistan", true),
            ("/19\\d\\d/", "1984", true),
            ("/ab?/", "a", true),
            ("/café/", "cafe", true),
            ("/caf[éè]s?/", "cafes", true),
        ] {
            assert_eq!(fits(pattern, Spelling::Regex, word), expected, "{pattern} {word}");
        }
        assert!(regex("/(/", 0, false, Scope::Anywhere).is_err());
        assert!(regex("/(((a{500}){500}){500})/", 0, false, Scope::Anywhere).is_err());
    }
}
