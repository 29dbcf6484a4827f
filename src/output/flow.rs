//! Text on lines of a given width, with its matches marked.
//!
//! A passage goes in as [`Run`]s, stretches of one [`Paint`]; [`marked`] makes them from a text and the spans that
//! matched. [`flow`] breaks lines at blanks and between East Asian characters, counts columns as a terminal does,
//! and shows what is hidden. Without colour a match stands between `**` and `**`.

use super::{Style, visible};
use std::io::{self, Write};

/// What a stretch of text is, and so how it looks in colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paint {
    /// Nothing in particular.
    #[default]
    Plain,
    /// A headline, or the name of a list.
    Heading,
    /// What the query asked for.
    Match,
    /// What helps to find the article again.
    Faint,
    /// A person.
    Person,
    /// An organisation.
    Organisation,
    /// A place, or an adjective made from one.
    Place,
    /// A date.
    Date,
}

impl Paint {
    /// The parameters of the escape sequence (ECMA-48, select graphic rendition).
    fn code(self) -> &'static str {
        match self {
            Paint::Plain => "",
            Paint::Heading => "1",
            Paint::Match => "1;31",
            Paint::Faint => "2",
            Paint::Person => "36",
            Paint::Organisation => "35",
            Paint::Place => "32",
            Paint::Date => "33",
        }
    }

    /// The text in this paint, where the style has colour. The text is taken as safe.
    pub fn over(self, text: &str, style: &Style) -> String {
        if style.colour && self != Paint::Plain {
            format!("\u{1b}[{}m{text}\u{1b}[0m", self.code())
        } else {
            text.to_owned()
        }
    }
}

/// A stretch of text of one paint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run<'a> {
    /// The text, as it stands in the article.
    pub text: &'a str,
    /// Its paint.
    pub paint: Paint,
}

impl<'a> Run<'a> {
    /// `text` in `paint`.
    pub fn new(text: &'a str, paint: Paint) -> Run<'a> {
        Run { text, paint }
    }

    /// `text` as it is.
    pub fn plain(text: &'a str) -> Run<'a> {
        Run::new(text, Paint::Plain)
    }
}

/// What stands on both sides of a match where there is no colour.
pub(super) const MARK: &str = "**";

/// `text` as runs: `paint`, and [`Paint::Match`] under `spans`. Spans are in characters of a longer text in which
/// `text` begins at `start`; what lies outside is cut off, what overlaps or touches is joined.
pub fn marked<'a>(text: &'a str, start: usize, spans: &[[usize; 2]], paint: Paint, style: &Style) -> Vec<Run<'a>> {
    let mut inside: Vec<[usize; 2]> = spans
        .iter()
        .map(|[first, end]| [first.saturating_sub(start), end.saturating_sub(start)])
        .filter(|[first, end]| first < end)
        .collect();
    inside.sort_unstable();
    let mut runs = Vec::with_capacity(inside.len() * 2 + 1);
    let mut characters = text.char_indices().map(|(byte, _)| byte);
    // `done` characters have been passed; the text from byte `at` on has no run yet.
    let (mut done, mut at) = (0, 0);
    let mut byte_of = |character: usize, done: &mut usize| {
        let byte = characters.nth(character - *done).unwrap_or(text.len());
        *done = character + 1;
        byte
    };
    let mut position = 0;
    while let Some([first, mut end]) = inside.get(position).copied() {
        position += 1;
        while let Some([_, further]) = inside.get(position).filter(|next| next[0] <= end) {
            end = end.max(*further);
            position += 1;
        }
        let from = byte_of(first, &mut done);
        let to = byte_of(end, &mut done);
        if from >= text.len() {
            break;
        }
        push(&mut runs, text.get(at..from), paint);
        if !style.colour {
            runs.push(Run::new(MARK, paint));
        }
        push(&mut runs, text.get(from..to), Paint::Match);
        if !style.colour {
            runs.push(Run::new(MARK, paint));
        }
        at = to;
    }
    push(&mut runs, text.get(at..), paint);
    runs
}

fn push<'a>(runs: &mut Vec<Run<'a>>, text: Option<&'a str>, paint: Paint) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        runs.push(Run::new(text, paint));
    }
}

/// The room for text that is left beside the indent, however narrow the terminal.
const NARROWEST: usize = 20;

/// Writes the runs as one paragraph: `first` stands before the first line, `rest` before the others. Tabs, line ends
/// and runs of blanks become one blank.
pub fn flow(runs: &[Run<'_>], first: &str, rest: &str, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let limit = match style.width {
        0 => usize::MAX,
        columns => columns.max(width(first).max(width(rest)) + NARROWEST),
    };
    out.write_all(first.as_bytes())?;
    let column = width(first);
    let mut lines = Lines { out, colour: style.colour, rest, limit, column, paint: Paint::Plain, empty: true };
    let mut word: Vec<(char, Paint)> = Vec::new();
    let mut blank = None;
    let mut last = None;
    let mut escaped = String::new();
    for run in runs {
        for c in run.text.chars() {
            if c.is_whitespace() && !is_fixed(c) {
                lines.word(&mut word, blank)?;
                blank = Some(run.paint);
            } else if style.escapes() && visible::is_hidden(last, c) {
                escaped.clear();
                visible::escape_into(c, &mut escaped);
                word.extend(escaped.chars().map(|c| (c, run.paint)));
            } else {
                if word.last().is_some_and(|(before, _)| may_break(*before, c)) {
                    lines.word(&mut word, blank)?;
                    blank = None;
                }
                word.push((c, run.paint));
            }
            last = Some(c);
        }
    }
    lines.word(&mut word, blank)?;
    lines.wear(Paint::Plain)?;
    lines.out.write_all(b"\n")
}

/// The lines of a paragraph while they are written.
struct Lines<'a> {
    out: &'a mut dyn Write,
    colour: bool,
    rest: &'a str,
    limit: usize,
    /// Columns that are taken on this line.
    column: usize,
    /// The paint of what is written next.
    paint: Paint,
    /// Whether the line has only its indent.
    empty: bool,
}

impl Lines<'_> {
    /// Writes a word and empties it. `blank` is the paint of the blank before it, where there was one.
    fn word(&mut self, word: &mut Vec<(char, Paint)>, blank: Option<Paint>) -> io::Result<()> {
        if word.is_empty() {
            return Ok(());
        }
        let columns: usize = word.iter().map(|(c, _)| columns(*c)).sum();
        let gap = usize::from(blank.is_some());
        if !self.empty && self.column.saturating_add(gap + columns) > self.limit {
            self.next_line()?;
        } else if let Some(paint) = blank.filter(|_| !self.empty) {
            self.put(' ', paint)?;
        }
        for (c, paint) in word.drain(..) {
            if !self.empty && self.column.saturating_add(self::columns(c)) > self.limit {
                self.next_line()?;
            }
            self.put(c, paint)?;
        }
        Ok(())
    }

    fn put(&mut self, c: char, paint: Paint) -> io::Result<()> {
        self.wear(paint)?;
        self.column += columns(c);
        self.empty = false;
        self.out.write_all(c.encode_utf8(&mut [0; 4]).as_bytes())
    }

    fn next_line(&mut self) -> io::Result<()> {
        self.wear(Paint::Plain)?;
        self.out.write_all(b"\n")?;
        self.out.write_all(self.rest.as_bytes())?;
        self.column = width(self.rest);
        self.empty = true;
        Ok(())
    }

    fn wear(&mut self, paint: Paint) -> io::Result<()> {
        if !self.colour || self.paint == paint {
            return Ok(());
        }
        if self.paint != Paint::Plain {
            self.out.write_all(b"\x1b[0m")?;
        }
        if paint != Paint::Plain {
            write!(self.out, "\x1b[{}m", paint.code())?;
        }
        self.paint = paint;
        Ok(())
    }
}

/// Blanks at which no line ends: inside `« … »` and between a number and its unit.
fn is_fixed(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{202f}' | '\u{2007}')
}

/// Whether a line may end between two characters that no blank parts: beside a wide one, except before what closes
/// and after what opens.
fn may_break(before: char, c: char) -> bool {
    const CLOSING: &str = "、。，．」』）】〉》！？：；ー々…";
    const OPENING: &str = "「『（【〈《";
    let wide = |c: char| columns(c) == 2;
    (wide(before) || wide(c))
        && (wide(c) || c.is_alphanumeric())
        && (wide(before) || before.is_alphanumeric())
        && !CLOSING.contains(c)
        && !OPENING.contains(before)
}

/// The columns that a text takes on a terminal.
pub fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(columns).sum() }
}

/// The beginning of a text that has room in so many columns, with `…` at its end where something is left out.
pub fn fitted(text: &str, room: usize) -> String {
    let whole = width(text) <= room;
    let mut out = String::with_capacity(text.len());
    let mut taken = usize::from(!whole);
    for c in text.chars() {
        taken += columns(c);
        if taken > room {
            break;
        }
        out.push(c);
    }
    if !whole && room > 0 {
        out.truncate(out.trim_end().len());
        out.push('…');
    }
    out
}

/// The end of a text that has room in so many columns, with `…` before it where something is left out.
pub fn fitted_end(text: &str, room: usize) -> String {
    let whole = width(text) <= room;
    let mut taken = usize::from(!whole);
    let mut from = text.len();
    for (at, c) in text.char_indices().rev() {
        taken += columns(c);
        if taken > room {
            break;
        }
        // A mark belongs to the letter before it.
        if columns(c) > 0 {
            from = at;
        }
    }
    let end = text.get(from..).unwrap_or("");
    if whole || room == 0 { end.to_owned() } else { format!("…{}", end.trim_start()) }
}

/// Characters of two columns (Unicode Standard Annex 11, classes W and F, version 16; small gaps in the emoji blocks
/// are left out).
const WIDE: &[(char, char)] = &[
    ('\u{1100}', '\u{115f}'),
    ('\u{231a}', '\u{231b}'),
    ('\u{2329}', '\u{232a}'),
    ('\u{23e9}', '\u{23ec}'),
    ('\u{2614}', '\u{2615}'),
    ('\u{2648}', '\u{2653}'),
    ('\u{26a1}', '\u{26a1}'),
    ('\u{26bd}', '\u{26be}'),
    ('\u{2705}', '\u{2705}'),
    ('\u{274c}', '\u{274c}'),
    ('\u{2753}', '\u{2757}'),
    ('\u{2b50}', '\u{2b50}'),
    ('\u{2e80}', '\u{303e}'),
    ('\u{3041}', '\u{4dbf}'),
    ('\u{4e00}', '\u{a4cf}'),
    ('\u{a960}', '\u{a97f}'),
    ('\u{ac00}', '\u{d7a3}'),
    ('\u{f900}', '\u{faff}'),
    ('\u{fe10}', '\u{fe19}'),
    ('\u{fe30}', '\u{fe6f}'),
    ('\u{ff00}', '\u{ff60}'),
    ('\u{ffe0}', '\u{ffe6}'),
    ('\u{16fe0}', '\u{18cff}'),
    ('\u{1aff0}', '\u{1b2ff}'),
    ('\u{1f18e}', '\u{1f19a}'),
    ('\u{1f200}', '\u{1f320}'),
    ('\u{1f32d}', '\u{1f64f}'),
    ('\u{1f680}', '\u{1f6ff}'),
    ('\u{1f7e0}', '\u{1f7eb}'),
    ('\u{1f90c}', '\u{1faff}'),
    ('\u{20000}', '\u{2fffd}'),
    ('\u{30000}', '\u{3fffd}'),
];

/// Characters of no column: marks that stand over or under the letter before them.
const ATTACHED: &[(char, char)] = &[
    ('\u{0300}', '\u{036f}'),
    ('\u{0483}', '\u{0489}'),
    ('\u{0591}', '\u{05bd}'),
    ('\u{05bf}', '\u{05bf}'),
    ('\u{05c1}', '\u{05c7}'),
    ('\u{0610}', '\u{061a}'),
    ('\u{064b}', '\u{065f}'),
    ('\u{0670}', '\u{0670}'),
    ('\u{06d6}', '\u{06dc}'),
    ('\u{06df}', '\u{06e4}'),
    ('\u{0900}', '\u{0902}'),
    ('\u{093c}', '\u{093c}'),
    ('\u{0941}', '\u{0948}'),
    ('\u{094d}', '\u{094d}'),
    ('\u{0e31}', '\u{0e31}'),
    ('\u{0e34}', '\u{0e3a}'),
    ('\u{0e47}', '\u{0e4e}'),
    ('\u{1ab0}', '\u{1aff}'),
    ('\u{1dc0}', '\u{1dff}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2060}', '\u{2064}'),
    ('\u{20d0}', '\u{20ff}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{fe20}', '\u{fe2f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{e0100}', '\u{e01ef}'),
];

/// The columns that a character takes.
fn columns(c: char) -> usize {
    if c < '\u{300}' {
        return 1;
    }
    let among = |ranges: &[(char, char)]| {
        let after = ranges.partition_point(|(first, _)| *first <= c);
        after.checked_sub(1).and_then(|at| ranges.get(at)).is_some_and(|(_, last)| c <= *last)
    };
    if among(WIDE) { 2 } else { usize::from(!among(ATTACHED)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Style = Style { colour: false, terminal: false, width: 0, room: 0 };
    const COLOUR: Style = Style { colour: true, terminal: true, width: 0, room: 0 };

    fn flowed(runs: &[Run<'_>], style: Style) -> String {
        let mut out = Vec::new();
        flow(runs, "- ", "  ", &style, &mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("it is text")
    }

    fn wrapped(text: &str, columns: usize) -> String {
        flowed(&[Run::plain(text)], Style { width: columns, ..PLAIN })
    }

    #[test]
    fn what_has_no_room_is_cut_where_it_is_seen() {
        for (text, room, begins, ends) in [
            ("treaty", 6, "treaty", "treaty"),
            ("treaty signed", 8, "treaty…", "… signed"),
            ("平壌の条約", 5, "平壌…", "…条約"),
            ("ne\u{301}e", 2, "n…", "…e"),
            ("treaty", 1, "…", "…"),
            ("treaty", 0, "", ""),
        ] {
            assert_eq!(fitted(text, room), begins, "{text} {room}");
            assert_eq!(fitted_end(text, room).replace("… ", "…").trim(), ends.replace("… ", "…"), "{text} {room}");
        }
    }

    #[test]
    fn counts_columns() {
        for (text, expected) in [
            ("", 0),
            ("Kim", 3),
            ("Zürich", 6),
            ("e\u{301}te\u{301}", 3),
            ("平壌", 4),
            ("ｶﾅ", 2),
            ("한국", 4),
            ("🙂", 2),
            ("…–“”", 4),
        ] {
            assert_eq!(width(text), expected, "{text}");
        }
        for ranges in [WIDE, ATTACHED] {
            assert!(ranges.windows(2).all(|pair| pair[0].1 < pair[1].0) && ranges.iter().all(|(a, b)| a <= b));
        }
    }

    #[test]
    fn breaks_lines_at_words() {
        let text = "The two  sides\nsigned a treaty\ton mutual defence.";
        assert_eq!(wrapped(text, 0), "- The two sides signed a treaty on mutual defence.\n");
        assert_eq!(wrapped(text, 24), "- The two sides signed a\n  treaty on mutual\n  defence.\n");
        assert_eq!(wrapped(text, 23), "- The two sides signed\n  a treaty on mutual\n  defence.\n");
        assert_eq!(wrapped("", 24), "- \n");
        assert_eq!(wrapped(" \n ", 24), "- \n");
    }

    #[test]
    fn no_line_is_too_wide() {
        let text = "朝鮮中央通信は「両国は相互防衛条約に署名した」と伝えた。 https://example.org/a/very/long/address/that/has/no/blank \
                    and Żółć 金正恩 said so ";
        for columns in 22..60 {
            let shown = wrapped(text, columns);
            assert!(shown.lines().all(|line| width(line) <= columns), "{columns}: {shown}");
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            assert_eq!(letters(&shown), format!("-{}", letters(text)));
        }
        // Narrower than can be read: the text keeps its room.
        assert_eq!(wrapped("one two three four five", 3), "- one two three four\n  five\n");
    }

    #[test]
    fn breaks_between_wide_characters_but_not_before_what_closes() {
        assert_eq!(wrapped("両国は相互防衛条約に「署名」した。", 22), "- 両国は相互防衛条約に\n  「署名」した。\n");
        assert_eq!(wrapped("一二三四五六七八九十。一", 22), "- 一二三四五六七八九\n  十。一\n");
        assert_eq!(wrapped("«\u{a0}un accord de défense\u{a0}»", 22), "- «\u{a0}un accord de\n  défense\u{a0}»\n");
    }

    #[test]
    fn marks_what_matched() {
        let text = "a pact on mutual defence";
        for (start, spans, expected) in [
            (0, vec![], "- a pact on mutual defence\n"),
            (0, vec![[10, 24]], "- a pact on **mutual defence**\n"),
            (812, vec![[822, 836]], "- a pact on **mutual defence**\n"),
            (0, vec![[0, 1], [2, 6]], "- **a** **pact** on mutual defence\n"),
            // Touching, overlapping, in no order, double.
            (0, vec![[2, 4], [4, 6]], "- a **pact** on mutual defence\n"),
            (0, vec![[10, 24], [2, 6], [3, 6], [2, 6]], "- a **pact** on **mutual defence**\n"),
            // Beyond either end, and nothing at all.
            (10, vec![[5, 11], [27, 99]], "- **a** pact on mutual **defence**\n"),
            (0, vec![[24, 30], [99, 100], [3, 3], [6, 2]], "- a pact on mutual defence\n"),
            (0, vec![[0, 24]], "- **a pact on mutual defence**\n"),
        ] {
            assert_eq!(flowed(&marked(text, start, &spans, Paint::Plain, &PLAIN), PLAIN), expected, "{spans:?}");
        }
        let wide = marked("“Été” à 平壌 ville", 0, &[[1, 4], [8, 10]], Paint::Plain, &PLAIN);
        assert_eq!(flowed(&wide, PLAIN), "- “**Été**” à **平壌** ville\n");
        assert_eq!(flowed(&marked("", 0, &[[0, 4]], Paint::Plain, &PLAIN), PLAIN), "- \n");
    }

    #[test]
    fn paints_in_colour_and_never_the_indent() {
        let runs = marked("a pact on mutual defence", 0, &[[10, 24]], Paint::Plain, &COLOUR);
        assert_eq!(flowed(&runs, COLOUR), "- a pact on \u{1b}[1;31mmutual defence\u{1b}[0m\n");
        let narrow = Style { width: 22, ..COLOUR };
        assert_eq!(flowed(&runs, narrow), "- a pact on \u{1b}[1;31mmutual\u{1b}[0m\n  \u{1b}[1;31mdefence\u{1b}[0m\n");
        let title = marked("a pact", 0, &[[2, 6]], Paint::Heading, &COLOUR);
        assert_eq!(flowed(&title, COLOUR), "- \u{1b}[1ma \u{1b}[0m\u{1b}[1;31mpact\u{1b}[0m\n");
    }

    #[test]
    fn hostile_characters_are_seen_on_a_terminal_only() {
        let runs = [Run::plain("a\u{1b}]0;x\u{7}b \u{202e}cba\u{200b}")];
        let terminal = Style { terminal: true, ..PLAIN };
        assert_eq!(flowed(&runs, terminal), "- a\\u{1b}]0;x\\u{7}b \\u{202e}cba\\u{200b}\n");
        assert_eq!(flowed(&runs, PLAIN), "- a\u{1b}]0;x\u{7}b \u{202e}cba\u{200b}\n");
        // Colour is for a terminal in the end, whatever is in between.
        let painted = Style { colour: true, ..PLAIN };
        assert_eq!(flowed(&runs, painted), flowed(&runs, terminal));
    }
}
