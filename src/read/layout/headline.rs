//! The headline of a text that has no field for it: the first line, where it is set off from what follows.

use super::words::{Group, is_folded};
use super::{Kind, dateline, kind, lines, trim};
use crate::text::Span;

/// The longest headline, in characters.
const LONGEST: usize = 220;

/// How many lines with text can stand before the headline: a running head, the day, the writer.
const LINES_BEFORE: usize = 8;

/// How many lines are looked at to find the first with text, and how many from there on, blank ones among them.
const LINES_TO_HEAD: usize = 100;
const LINES_OF_HEAD: usize = 40;

/// How many lines a headline can be wrapped over.
const WRAPPED: usize = 3;

/// A headline and what to leave out of the body because of it.
#[derive(Debug, Default, PartialEq)]
pub(in crate::read) struct Headline {
    /// The headline on one line; none where the text has none.
    pub(in crate::read) title: Option<String>,
    /// Its lines, with the break after them.
    pub(in crate::read) lines: Span,
    /// Lines before it that are no prose and stay in the body.
    pub(in crate::read) before: Vec<Span>,
}

/// Looks for the headline of `text`.
pub(in crate::read) fn find(text: &str) -> Headline {
    // A headline is at the beginning; a text of one endless line has none.
    let mut all = Head::of(text);
    let mut found = Headline::default();
    let mut seen = 0;
    let mut number = 0;
    while let Some(line) = all.get(number) {
        let words = line.of(text);
        if words.is_empty() {
            number += 1;
            continue;
        }
        seen += 1;
        if seen > LINES_BEFORE {
            break;
        }
        if let Some(title) = labelled(words) {
            found.title = Some(title.to_owned());
            found.lines = with_break(text, line);
            return found;
        }
        if stands_before(text, &mut all, number) {
            found.before.push(line);
            number += 1;
            continue;
        }
        let Some(count) = length(text, &mut all, number) else { break };
        let last = all.get(number + count - 1).unwrap_or(line);
        found.title = Some(tidy(Span::new(line.start, last.end).of(text)));
        // A line of dashes below it is part of it.
        let rule = all.get(number + count).filter(|next| is_rule(next.of(text)));
        found.lines = with_break(text, Span::new(line.start, rule.unwrap_or(last).end));
        return found;
    }
    Headline::default()
}

/// The lines at the beginning of a text, from the first with text on, without the blanks around them. Each is looked for
/// when it is asked for: most headlines are the first line.
struct Head<'a> {
    lines: Box<dyn Iterator<Item = Span> + 'a>,
    found: Vec<Span>,
}

impl Head<'_> {
    fn of(text: &str) -> Head<'_> {
        let trimmed = lines(text, 0).take(LINES_TO_HEAD).map(move |line| trim(text, line));
        let head = trimmed.skip_while(move |line| line.of(text).is_empty()).take(LINES_OF_HEAD);
        Head { lines: Box::new(head), found: Vec::new() }
    }

    /// The line with this number, from 0.
    fn get(&mut self, number: usize) -> Option<Span> {
        while self.found.len() <= number {
            self.found.push(self.lines.next()?);
        }
        self.found.get(number).copied()
    }
}

/// The headline in `Title: …`.
fn labelled(line: &str) -> Option<&str> {
    let (name, title) = line.split_once(':')?;
    (name.len() <= 12 && is_folded(Group::Title, name.trim()) && !title.trim().is_empty()).then(|| title.trim())
}

/// Whether the line can stand above a headline: a number, a running head, a day, a writer, a field.
fn stands_before(text: &str, all: &mut Head<'_>, number: usize) -> bool {
    let Some(line) = all.get(number) else { return false };
    let words = line.of(text);
    let next_blank = all.get(number + 1).is_some_and(|next| next.of(text).is_empty());
    let wide = words.contains("   ") || words.contains('\t');
    let digit = words.contains(|c: char| c.is_ascii_digit());
    if wide && digit && next_blank && words.len() < 120 {
        return true;
    }
    // `4711`, `reut-2-001`: an id, where more text follows.
    if words.len() <= 40 && digit && !words.contains(char::is_whitespace) {
        return all.get(number + 1).is_some();
    }
    match kind(words) {
        Kind::Published | Kind::Rights | Kind::Picture | Kind::Field(..) => true,
        Kind::Byline(_) => words.get(..3).is_some_and(|by| by.eq_ignore_ascii_case("by ")),
        _ => is_folded(Group::Agency, words),
    }
}

/// How many lines the headline that begins at `number` has; none where it is no headline.
fn length(text: &str, all: &mut Head<'_>, number: usize) -> Option<usize> {
    let line = all.get(number)?;
    let words = line.of(text);
    if !can_be(words) {
        return None;
    }
    let rest = text.get(line.start..)?;
    let next = all.get(number + 1)?;
    let blank_follows = next.of(text).is_empty();
    if let Some(found) = dateline::read(rest) {
        // `BREXIT - What now?` alone between blank lines is a headline.
        if found.date.is_some() || found.agency.is_some() || !blank_follows || words.len() > 100 {
            return None;
        }
    }
    if text.get(line.end..).is_none_or(|rest| rest.trim().is_empty()) {
        return None;
    }
    let capitals = is_capitals(words);
    if indent(text, line) >= 2 && !blank_follows && indent(text, next) < 2 && !capitals {
        return None; // The first line of a paragraph.
    }
    if blank_follows || is_rule(next.of(text)) || sets_off(text, line, next) {
        return Some(1);
    }
    // Over several lines, up to a blank line or something that is no headline.
    for count in 2..=WRAPPED {
        let last = all.get(number + count - 1)?;
        let Some(after) = all.get(number + count) else { break };
        let last_words = last.of(text);
        if !can_be(last_words) || last_words.len() > 100 || words.len() > 100 || is_capitals(last_words) != capitals {
            break;
        }
        let whole = Span::new(line.start, last.end).of(text);
        if (after.of(text).is_empty() || sets_off(text, last, after)) && whole.split_whitespace().count() <= 30 {
            return Some(count);
        }
    }
    if capitals && !is_capitals(next.of(text)) {
        return Some(1);
    }
    let next_words = next.of(text);
    let starts_anew = next_words.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| !c.is_lowercase());
    // Unwrapped paragraphs under a line that is clearly shorter.
    if starts_anew && words.len() <= 150 && next_words.len() > 120 && next_words.len() * 2 > words.len() * 3 {
        return Some(1);
    }
    // The next word would have fitted: the line was ended on purpose.
    let widest = (0..20).map_while(|number| all.get(number)).map(|span| span.end - span.start).max().unwrap_or(0);
    let first_word = next_words.split(' ').next().unwrap_or("").len();
    (starts_anew && words.len() + 1 + first_word < widest && words.len() <= 120).then_some(1)
}

/// Whether the line after a headline shows by itself that it is no part of it.
fn sets_off(text: &str, line: Span, next: Span) -> bool {
    let words = next.of(text);
    if indent(text, next) >= indent(text, line) + 2 {
        return true;
    }
    !matches!(kind(words), Kind::Prose | Kind::End | Kind::Credit)
        || text.get(next.start..).is_some_and(|rest| dateline::read(rest).is_some())
}

/// Whether a line by itself could be a headline.
fn can_be(words: &str) -> bool {
    (words.len() <= LONGEST || words.chars().take(LONGEST + 1).count() <= LONGEST)
        && words.contains(char::is_alphabetic)
        && !words.ends_with([',', ';'])
        && (!ends_sentence(words) || is_capitals(words))
        && words.bytes().filter(|byte| *byte == b' ').count() < 40
}

/// Whether the line ends with the full stop of a sentence, not with that of `Inc.` or `U.S.`.
fn ends_sentence(words: &str) -> bool {
    let words = words.trim_end_matches(['"', '”', '\u{2019}', '\'', ')', '」', '』', '）']);
    // Scripts whose full stop is no sign of an abbreviation.
    if words.ends_with(['。', '．', '।', '۔']) {
        return true;
    }
    let Some(before) = words.strip_suffix('.') else {
        return words.chars().count() > 150 && words.ends_with(['?', '!']);
    };
    if before.ends_with("..") {
        return false;
    }
    let last = before.rsplit(' ').next().unwrap_or(before);
    let abbreviated = last.contains('.') && last.len() <= 6
        || matches!(last, "Inc" | "Co" | "Corp" | "Ltd" | "Jr" | "Sr" | "St" | "No" | "Bros" | "plc" | "vs" | "etc")
        || last.len() == 1 && last.starts_with(char::is_uppercase);
    !abbreviated
}

/// Whether all its letters are capitals.
fn is_capitals(words: &str) -> bool {
    let (mut upper, mut lower) = (0, 0);
    for c in words.chars() {
        upper += usize::from(c.is_uppercase());
        lower += usize::from(c.is_lowercase());
    }
    upper >= 4 && lower * 12 <= upper
}

/// Whether the line is a rule: `=====`.
fn is_rule(words: &str) -> bool {
    words.len() >= 3 && words.chars().all(|c| matches!(c, '=' | '-' | '_' | '*' | '~' | '—'))
}

/// How many blanks stand before a line.
fn indent(text: &str, line: Span) -> usize {
    let before = text.get(..line.start).unwrap_or("");
    before.bytes().rev().take_while(|b| matches!(b, b' ' | b'\t')).map(|b| if b == b'\t' { 4 } else { 1 }).sum()
}

/// The line with the break after it, and from the beginning of the line.
fn with_break(text: &str, line: Span) -> Span {
    let start = line.start
        - text.get(..line.start).map_or(0, |s| s.bytes().rev().take_while(|b| matches!(b, b' ' | b'\t')).count());
    let end = text.get(line.end..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| line.end + at + 1);
    Span::new(start, end)
}

/// A headline on one line, without the signs of mark-up.
fn tidy(title: &str) -> String {
    let joined = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let bare = joined.trim_start_matches('#').trim();
    let stars = bare.strip_prefix("**").and_then(|bare| bare.strip_suffix("**")).unwrap_or(bare);
    if stars.is_empty() { joined } else { stars.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARAGRAPH: &str = "The leaders of Russia, Ukraine and Byelorussia announced yesterday that the Soviet Union had ceased \
        to exist and that they had formed in its place a Commonwealth of Independent States, open to any other republic.";
    const WRAPPED_PROSE: &str = "Sandoz AG said it planned a joint venture\nto produce herbicides in the Soviet Union.\n    \
        The company said it had signed a letter of intent with the\nSoviet Ministry of Fertiliser Production to form it.\n";

    fn check(text: &str, title: Option<&str>, body: &str) {
        let found = find(text);
        assert_eq!(found.title.as_deref(), title, "{text}");
        let rest = if title.is_some() { text[found.lines.end..].trim_start_matches('\n') } else { text };
        assert!(rest.starts_with(body), "{rest:?} does not begin with {body:?}");
    }

    #[test]
    fn headlines_that_are_set_off() {
        let paragraph = PARAGRAPH;
        check(&format!("Hanoi welcomes Putin\n\n{paragraph}"), Some("Hanoi welcomes Putin"), "The leaders");
        check(&format!("Hanoi welcomes Putin\n{paragraph}"), Some("Hanoi welcomes Putin"), "The leaders");
        check(&format!("\n\n  Hanoi welcomes Putin\n\n{paragraph}"), Some("Hanoi welcomes Putin"), "The leaders");
        check(&format!("4711\nHanoi welcomes Putin\n{paragraph}"), Some("Hanoi welcomes Putin"), "The leaders");
        check("HANOI WELCOMES PUTIN\n    HANOI (Reuters) - The\nleader", Some("HANOI WELCOMES PUTIN"), "    HANOI");
        check("SHARES SOAR ON FIRST DAY\nBy Ana Ruiz\n    HANOI - The\nleader", Some("SHARES SOAR ON FIRST DAY"), "By");
        check(
            "Queues form, and Mandela casts the first ballot of\nhis life\nBy Ana Ruiz\n",
            Some("Queues form, and Mandela casts the first ballot of his life"),
            "By",
        );
        check(
            "TWO LINES OF CAPITALS THAT\nGO TOGETHER\n\nThe text.",
            Some("TWO LINES OF CAPITALS THAT GO TOGETHER"),
            "The text",
        );
        check("Bank to lend to Widgets Inc.\n\nThe text.", Some("Bank to lend to Widgets Inc."), "The text");
        check("What now for Europe?\n\nThe text.", Some("What now for Europe?"), "The text");
        check("BREXIT - What now?\n\nThe text.", Some("BREXIT - What now?"), "The text");
        check("Analysis: What it means\n\nThe text.", Some("Analysis: What it means"), "The text");
        check("Short title\n===========\nThe text goes on.", Some("Short title"), "The text");
        check("首相が札幌を訪問\n\n首相は19日、札幌を訪れた。\n", Some("首相が札幌を訪問"), "首相は");
        check("# Marked title\n\nThe text.", Some("Marked title"), "The text");
        check("Title: The labelled one\nDate: 3 May 1994\n\nThe text.", Some("The labelled one"), "Date");
        check(
            "THE WEEKLY OBSERVER     Tuesday, 3 May 1994    p. 9\n\nTHE REAL HEADLINE\n\nThe text.",
            Some("THE REAL HEADLINE"),
            "The text",
        );
        check("Reaction from Spanish press\n\nThe text.", Some("Reaction from Spanish press"), "The text");
        check("Von der Leyen Wins Second Term\n\nThe text.", Some("Von der Leyen Wins Second Term"), "The text");
        check("Ad sales boost\nMarch 01, 2008\nThe text goes on.", Some("Ad sales boost"), "March");
        check(
            "Two short lines\nThis paragraph is longer than the first.\nAnd another one here.",
            Some("Two short lines"),
            "This",
        );
    }

    #[test]
    fn texts_without_a_headline() {
        for text in [
            PARAGRAPH,
            "首相は19日、札幌（Sapporo）を訪れた。\n\n知事と会談した。\n",
            "प्रधानमंत्री बुधवार को पटना पहुँचे।\n\nउन्होंने सभा को संबोधित किया।\n",
            WRAPPED_PROSE,
            "",
            "\n\n",
            "Only one line",
            "Only one line\n\n",
            "MOSCOW, June 18 (Northgate) - President Vladimir Putin was due.\n\nThe visit.",
            "LONDON - The Bank of England said it had provided the\nmoney market with help.\n",
            "It was a short sentence.\n\nAnd another.",
        ] {
            check(text, None, "");
        }
        check(&format!("{PARAGRAPH}\n\n{PARAGRAPH}"), None, "");
        check(&"word ".repeat(100_000), None, "");
    }
}
