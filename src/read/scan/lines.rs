//! Lines of print joined into paragraphs.
//!
//! Hyphens at the end of lines are undone where they only divide a word: where the next line goes on in lower case, and
//! the same text does not elsewhere write the word with a hyphen.

use rustc_hash::FxHashSet;

/// How far a line must be set in to begin a paragraph, in heights of the line: a printer's indent is an em.
const INDENT: f32 = 0.6;
/// How far a line must end before the right edge to be the last of a paragraph, in heights of the line.
const SHORT: f32 = 3.0;
/// How many times the usual distance of lines is a gap between paragraphs.
const GAP: f32 = 1.5;
/// So many letters with blanks between are one word that was set wide: `L E T T E R S`. More are several words.
const SPACED_OUT: std::ops::RangeInclusive<usize> = 4..=14;
/// Words that follow on a hyphen that stands for a word left out: `Vor- und Nachteile`.
const AFTER_SUSPENDED: &[&str] = &["and", "or", "und", "oder", "bzw.", "en", "of", "och", "og"];

/// A line of print.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::read) struct Line {
    /// Its words with single blanks.
    pub(in crate::read) text: String,
    /// Where it stands, where that is known.
    pub(in crate::read) bounds: Option<Bounds>,
}

/// Where something stands on a page: any unit, counted from the upper left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::read) struct Bounds {
    pub(in crate::read) left: f32,
    pub(in crate::read) top: f32,
    pub(in crate::read) right: f32,
    pub(in crate::read) bottom: f32,
}

impl Bounds {
    /// The height; never nothing.
    pub(in crate::read) fn height(&self) -> f32 {
        (self.bottom - self.top).max(1.0)
    }

    /// What holds both.
    pub(in crate::read) fn with(self, other: Bounds) -> Bounds {
        Bounds {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

/// The words that a text writes with a hyphen within a line, in lower case: there it is no sign of division.
#[derive(Debug, Default)]
pub(in crate::read) struct Compounds(FxHashSet<String>);

impl Compounds {
    /// Those of these lines.
    pub(in crate::read) fn of<'a>(lines: impl Iterator<Item = &'a str>) -> Compounds {
        let mut found = FxHashSet::default();
        for word in lines.flat_map(str::split_whitespace).filter(|word| word.contains('-')) {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '-');
            if !word.starts_with('-') && !word.ends_with('-') {
                found.insert(word.to_lowercase());
            }
        }
        Compounds(found)
    }

    fn has(&self, before: &str, after: &str) -> bool {
        let begin = before.trim_start_matches(|c: char| !c.is_alphanumeric());
        let end = after.trim_end_matches(|c: char| !c.is_alphanumeric());
        self.0.contains(&format!("{begin}-{end}").to_lowercase())
    }
}

/// The lines of one block as paragraphs.
pub(in crate::read) fn paragraphs(lines: &[Line], compounds: &Compounds) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let edge = lines.iter().filter_map(|line| line.bounds).map(|bounds| bounds.right).fold(0.0, f32::max);
    let step = usual_step(lines);
    let hangs = hangs(lines);
    let mut before: Option<&Line> = None;
    for (at, line) in lines.iter().enumerate() {
        if line.text.trim().is_empty() {
            continue;
        }
        let begins = before.is_none_or(|before| begins_paragraph(before, line, lines.get(at + 1), edge, step, hangs));
        match out.last_mut() {
            Some(paragraph) if !begins => join(paragraph, &line.text, compounds),
            _ => out.push(line.text.trim().to_owned()),
        }
        before = Some(line);
    }
    out
}

/// The usual distance from one line to the next.
fn usual_step(lines: &[Line]) -> Option<f32> {
    let mut steps: Vec<f32> = lines
        .windows(2)
        .filter_map(|pair| Some(pair.last()?.bounds?.bottom - pair.first()?.bounds?.bottom))
        .filter(|step| *step > 0.0)
        .collect();
    steps.sort_by(f32::total_cmp);
    steps.get(steps.len() / 2).copied().filter(|_| steps.len() > 1)
}

fn begins_paragraph(
    before: &Line,
    line: &Line,
    next: Option<&Line>,
    edge: f32,
    step: Option<f32>,
    hangs: bool,
) -> bool {
    let (Some(above), Some(own)) = (before.bounds, line.bounds) else { return false };
    if divides(&before.text) {
        return false;
    }
    if step.is_some_and(|step| own.bottom - above.bottom > step * GAP) {
        return true;
    }
    let is_short = edge - above.right > own.height() * SHORT;
    let ends = ends_sentence(&before.text);
    !hangs && is_indented(above, own, next.and_then(|next| next.bounds)) && (ends || is_short && next.is_some())
}

/// Whether a line is set in from the one above and the one below. Of those, a line of another column says nothing.
fn is_indented(above: Bounds, own: Bounds, below: Option<Bounds>) -> bool {
    let indent = own.height() * INDENT;
    own.left - above.left >= indent
        && own.top > above.top
        && below.is_none_or(|below| own.left - below.left >= indent || below.top < own.top)
}

/// Whether it is the lines that go on that are set in, as in lists and verse, so that an indent begins nothing: the first
/// line stands out, and so do about as many others as are set in; or more do where the first says nothing.
fn hangs(lines: &[Line]) -> bool {
    let bounds: Vec<Bounds> = lines.iter().filter_map(|line| line.bounds).collect();
    let [first, second, ..] = bounds.as_slice() else { return false };
    let indent = first.height() * INDENT;
    if first.left - second.left >= indent {
        return false;
    }
    let (mut set_in, mut standing_out) = (0, 0);
    for three in bounds.windows(3) {
        let [above, own, below] = three else { continue };
        let indent = own.height() * INDENT;
        set_in += usize::from(own.left - above.left >= indent && own.left - below.left >= indent);
        standing_out += usize::from(above.left - own.left >= indent && below.left - own.left >= indent);
    }
    let begins_out = second.left - first.left >= indent;
    standing_out > 0 && if begins_out { standing_out * 2 >= set_in } else { standing_out > set_in }
}

/// Paragraphs of blocks that follow each other made one text, a blank line between: a sentence that goes on in the next
/// block is one paragraph. `closed` says that nothing goes on from or into a paragraph: a heading.
pub(in crate::read) fn body(paragraphs: impl Iterator<Item = (String, bool)>, compounds: &Compounds) -> String {
    let mut out = String::new();
    let mut open = false;
    for (paragraph, closed) in paragraphs {
        if !out.is_empty() {
            if open && !closed && goes_on(&out, &paragraph) {
                join(&mut out, &paragraph, compounds);
                continue;
            }
            out.push_str("\n\n");
        }
        out.push_str(&paragraph);
        open = !closed;
    }
    out
}

/// Whether a sentence that ends a block goes on in the next.
fn goes_on(before: &str, after: &str) -> bool {
    let lower = after.chars().next().is_some_and(char::is_lowercase);
    divides(before) || lower && before.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == ',')
}

/// Whether a line ends with a sign of division directly after a letter.
fn divides(line: &str) -> bool {
    let mut back = line.trim_end().chars().rev();
    let mark = back.next().is_some_and(|c| is_soft(c) || is_hyphen(c));
    mark && back.next().is_some_and(char::is_alphabetic)
}

fn ends_sentence(line: &str) -> bool {
    let line = line.trim_end().trim_end_matches(['"', '”', '“', '»', '\'', '’', ')', ' ']);
    line.ends_with(['.', '!', '?', ':', ';', '…', '—', '–', '-', '。'])
}

/// Signs that only ever divide a word.
fn is_soft(c: char) -> bool {
    matches!(c, '\u{ad}' | '¬')
}

/// Signs that divide a word or make a compound: hyphens, and the double hyphen of black letter.
fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}' | '⸗')
}

/// Scripts that write no blanks between words.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ff01}'..='\u{ff60}')
}

/// Puts the next line at the end of a text.
pub(in crate::read) fn join(out: &mut String, next: &str, compounds: &Compounds) {
    let next = next.trim_start();
    out.truncate(out.trim_end().len());
    let mut back = out.chars().rev();
    let (Some(mark), Some(first)) = (back.next(), next.chars().next()) else {
        out.push_str(next);
        return;
    };
    let before = back.next();
    let word_before = before.is_some_and(char::is_alphanumeric);
    if is_soft(mark) && word_before {
        out.pop();
    } else if (is_hyphen(mark) || mark == '=') && word_before && first.is_lowercase() {
        let after = next.split_whitespace().next().unwrap_or("");
        let begin = last_word(out).trim_end_matches(mark);
        if AFTER_SUSPENDED.contains(&after) {
            out.push(' ');
        } else if !compounds.has(begin, after) {
            out.pop();
        }
    } else if is_hyphen(mark) && word_before && first.is_alphanumeric() {
        // `MANCHES-` and `TER` are one word, `Rhein-` and `Main` are two.
        let after = next.split_whitespace().next().unwrap_or("");
        let begin = last_word(out);
        if is_capitals(begin) && is_capitals(after) && !compounds.has(begin.trim_end_matches(mark), after) {
            out.pop();
        }
    } else if !(mark == '—' && word_before && first.is_alphanumeric() || is_unspaced(mark) && is_unspaced(first)) {
        out.push(' ');
    }
    out.push_str(next);
}

/// A line with the words closed up that were set wide.
pub(in crate::read) fn closed_up(line: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    let is_letter = |word: &str| word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    let mut out = String::with_capacity(line.len());
    let mut at = 0;
    while at < words.len() {
        let rest = words.get(at..).unwrap_or_default();
        let run = rest.iter().take_while(|word| is_letter(word)).count();
        if !out.is_empty() {
            out.push(' ');
        }
        if SPACED_OUT.contains(&run) {
            // The last letter may have a sign behind it.
            let last = rest.get(run).is_some_and(|word| is_letter(word.trim_end_matches(['.', ',', ';', ':'])));
            let run = run + usize::from(last);
            rest.iter().take(run).for_each(|letter| out.push_str(letter));
            at += run;
        } else {
            let run = run.max(1);
            out.push_str(&rest.iter().take(run).copied().collect::<Vec<_>>().join(" "));
            at += run;
        }
    }
    out
}

/// The word at the end of a text; of a very long one its end.
fn last_word(text: &str) -> &str {
    let end = text.get(text.ceil_char_boundary(text.len().saturating_sub(LONGEST_WORD))..).unwrap_or("");
    end.rsplit(char::is_whitespace).next().unwrap_or(end)
}

/// As much as is looked at of a word, in bytes.
const LONGEST_WORD: usize = 100;

/// Whether a word has several letters and all of them are capitals.
fn is_capitals(word: &str) -> bool {
    word.chars().filter(|c| c.is_alphabetic()).count() > 1 && !word.chars().any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[&str], expected: &str) {
        let compounds = Compounds::of(lines.iter().copied());
        let mut out = String::new();
        lines.iter().for_each(|line| join(&mut out, line, &compounds));
        assert_eq!(out, expected);
    }

    #[test]
    fn divided_words() {
        check(&["the govern-", "ment of the day"], "the government of the day");
        check(&["the well-known man, well-", "known, in Leeds"], "the well-known man, well-known, in Leeds");
        check(&["von Rhein-", "Main bis 1914-", "18"], "von Rhein-Main bis 1914-18");
        check(&["MANCHES-", "TER, Monday"], "MANCHESTER, Monday");
        check(&["Vor-", "und Nachteile"], "Vor- und Nachteile");
        check(&["gou¬", "Vernement et prési\u{ad}", "dent"], "gouVernement et président");
        check(&["die Re=", "gierung, a =", "b"], "die Regierung, a = b");
        check(&["he said -", "and left —", "at once"], "he said - and left — at once");
        check(&["Paris—", "London"], "Paris—London");
        check(&["東京", "都"], "東京都");
        check(&["", "a", "", "b"], "a b");
        check(&["-", "b-", "-"], "- b- -");
    }

    #[test]
    fn words_set_wide() {
        for (line, expected) in [
            ("N E W S of the day", "NEWS of the day"),
            ("N O T I C E S .", "NOTICES ."),
            ("N O T I C E S.", "NOTICES."),
            ("A B C", "A B C"),
            ("I am", "I am"),
            ("", ""),
        ] {
            assert_eq!(closed_up(line), expected);
        }
    }

    fn line(text: &str, left: f32, right: f32, row: f32) -> Line {
        let bounds = Bounds { left, right, top: row * 40.0, bottom: row * 40.0 + 30.0 };
        Line { text: text.to_owned(), bounds: Some(bounds) }
    }

    #[test]
    fn indents_and_gaps_begin_paragraphs() {
        let lines = [
            line("One begins", 40.0, 500.0, 0.0),
            line("and ends.", 0.0, 200.0, 1.0),
            line("Two begins", 40.0, 500.0, 2.0),
            line("and goes-", 0.0, 500.0, 3.0),
            line("on.", 0.0, 100.0, 4.0),
            line("Three", 0.0, 100.0, 6.0),
        ];
        let found = paragraphs(&lines, &Compounds::default());
        assert_eq!(found, ["One begins and ends.", "Two begins and goeson.", "Three"]);
        let plain: Vec<Line> = ["a", "b"].iter().map(|text| Line { text: (*text).to_owned(), bounds: None }).collect();
        assert_eq!(paragraphs(&plain, &Compounds::default()), ["a b"]);
        assert_eq!(paragraphs(&[], &Compounds::default()), Vec::<String>::new());
    }

    #[test]
    fn sentences_go_on_in_the_next_block() {
        let parts = [("The min-", false), ("ister said", false), ("that", false), ("WAR", true), ("is over.", false)];
        let parts = parts.into_iter().map(|(text, closed)| (text.to_owned(), closed));
        assert_eq!(body(parts, &Compounds::default()), "The minister said that\n\nWAR\n\nis over.");
    }
}
