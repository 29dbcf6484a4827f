//! News wires as they came over the line: IPTC 7901 and ANPA 1312, with control characters around header, text and foot.
//!
//! ```text
//! SOH npr0061 4 i 211  np 061      the header: service and number, priority, category, words, agency
//! Rain-Leeds/                       keywords
//! STX Rain falls on Leeds           the headline, over one or more lines, a byline after it
//! By Ann Lee =                      the sign that the text begins
//!
//! Leeds (NP) - Rain fell …
//! ETX 131137 GMT Nov 13             day and time
//! EOT
//! ```
//!
//! 1. [`messages`] cuts a file into its messages.
//! 2. [`article`] cuts a message into header, headline, text and foot, and takes the line breaks out of paragraphs.

use super::{File, Flow, Format, Skip, agency, encoding, layout};
use crate::article::{Article, Precision, Provenance};
use crate::when::written;

/// Start of header.
const SOH: char = '\u{1}';
/// Start of text.
const STX: char = '\u{2}';
/// End of text.
const ETX: char = '\u{3}';

/// Characters that surround a message without meaning anything: end of transmission, synchronous idle, delete, zero.
const IDLE: &[char] = &['\u{4}', '\u{16}', '\u{7f}', '\0', ' ', '\n', '\r', '\t'];

/// Within how many bytes the text of the first message begins. Headers have three or four lines.
const HEADER: usize = 1000;

/// The most lines that a headline and what stands around it can have.
const HEADLINES: usize = 8;

/// A wire of one or more messages.
pub(super) struct Wire;

impl Format for Wire {
    fn name(&self) -> &'static str {
        "wire"
    }

    fn description(&self) -> &'static str {
        "News wires in IPTC 7901 or ANPA 1312, one or more messages a file"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["txt", "wire", "7901", "anpa"]
    }

    fn recognise(&self, head: &[u8], _name: &str) -> u8 {
        let idle = |byte: &u8| IDLE.contains(&char::from(*byte));
        let start = head.iter().position(|byte| !idle(byte)).unwrap_or(0);
        let Some(rest) = head.get(start..).filter(|rest| rest.first().map(|byte| char::from(*byte)) == Some(SOH))
        else {
            return 0;
        };
        let Some(end) = rest.iter().take(HEADER).position(|byte| char::from(*byte) == STX) else { return 0 };
        // Between the two stand words, so that it is no binary file.
        let header = rest.get(1..end).unwrap_or(&[]);
        let words = header.iter().all(|byte| *byte >= b' ' || byte.is_ascii_whitespace());
        if words && header.iter().any(u8::is_ascii_digit) { 95 } else { 0 }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        let (origin, text) = agency::open_with(file, encoding::decode)?;
        let found = messages(&text)
            .take(agency::MOST_ITEMS + 1)
            .map(|message| article(message).ok_or(agency::NO_TEXT.to_owned()))
            .collect();
        origin.hand_over(found, take, skip)
    }
}

/// The messages of a wire, each from after its start to its end.
fn messages(text: &str) -> impl Iterator<Item = &str> {
    text.split(SOH).filter(|message| !message.trim_matches(IDLE).is_empty())
}

/// The article of a message; none where it has no text.
fn article(message: &str) -> Option<Article> {
    let (header, rest) = message.split_once(STX)?;
    let (text, foot) = rest.split_once(ETX).unwrap_or((rest, ""));
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (headlines, body) = top(&text);
    let (body, notes) = without_notes(body);
    let body = paragraphs(body);
    if body.is_empty() {
        return None;
    }
    let mut title: Vec<&str> = Vec::new();
    let mut byline = None;
    for line in headlines {
        if is_byline(line) {
            byline = Some(line);
        } else if !is_label(line) {
            title.push(line);
        }
    }
    let mut article = Article {
        title: Some(title.join(" ")).filter(|title| !title.is_empty()),
        // What layout makes of a byline, it makes of its line.
        text: byline.map_or(body.clone(), |byline| format!("{byline}\n\n{body}")),
        source: agency_of(header),
        published: day(foot)
            .and_then(|day| written(&day).filter(|written| written.precision == Precision::Day))
            .map(|written| written.published(Provenance::Metadata)),
        ..Article::default()
    };
    agency::finish(&mut article, None);
    if article.authors.is_empty() {
        article.authors = notes.map(reporters).unwrap_or_default();
    }
    Some(article)
}

/// The agency in the first line of a header: the last word before the last number.
fn agency_of(header: &str) -> Option<String> {
    let line = header.lines().map(str::trim).find(|line| !line.is_empty())?;
    let mut words = line.split_whitespace().rev();
    let last = words.next()?;
    let name = if last.bytes().all(|byte| byte.is_ascii_digit()) { words.next()? } else { return None };
    (name.len() >= 2 && name.chars().all(|c| c.is_alphabetic() || c == '-')).then(|| name.to_owned())
}

/// The lines of the headline, and the text after them. A line that ends with `=` is the last; else the first paragraph is
/// the headline where it is short and no sentence.
fn top(text: &str) -> (Vec<&str>, &str) {
    let start = text.trim_start_matches(IDLE);
    let mut lines = Vec::new();
    let mut rest = start;
    for _ in 0..HEADLINES {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        let line = line.trim();
        rest = after;
        if let Some(last) = line.strip_suffix('=') {
            lines.push(last.trim_end());
            lines.retain(|line| !line.is_empty());
            return (lines, rest);
        }
        lines.push(line);
        if rest.is_empty() {
            break;
        }
    }
    let (head, rest) = start.split_once("\n\n").unwrap_or(("", start));
    let lines: Vec<&str> = head.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let is_headline = (1..=4).contains(&lines.len()) && head.len() <= 300 && !head.trim_end().ends_with('.');
    if is_headline { (lines, rest) } else { (Vec::new(), start) }
}

/// Whether a line above the headline says only which version it is: `REFILE`, `1ST LEAD`.
fn is_label(line: &str) -> bool {
    !line.contains(char::is_lowercase) && line.split_whitespace().count() <= 3 && line.len() <= 24
}

fn is_byline(line: &str) -> bool {
    let mut probe = Article { text: format!("{line}\n\nText."), ..Article::default() };
    layout::mark(&mut probe);
    !probe.furniture.is_empty() && !probe.authors.is_empty() || line.len() < 80 && line.starts_with("By ")
}

/// A text without the notes of the desk at its end, and the notes: they have a heading, `# Notebook`, or come after a row
/// of stars.
fn without_notes(text: &str) -> (&str, Option<&str>) {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let heading = line.trim_start_matches('#');
        let is_heading = heading.len() < line.len() && heading.starts_with(' ') && {
            let words = heading.to_lowercase();
            NOTES.iter().any(|word| words.contains(word))
        };
        let stars =
            line.len() <= 20 && line.matches('*').count() >= 3 && line.trim().chars().all(|c| c == '*' || c == ' ');
        if at > 0 && (is_heading || stars) {
            return (text.get(..at).unwrap_or(text), text.get(at..));
        }
        at += line.len();
    }
    (text, None)
}

/// What the notes of a desk are called.
const NOTES: &[&str] = &["notebook", "notizblock"];

/// What stands before the names of reporters in the notes of a desk.
const REPORTERS: &[&str] = &["reporting by", "reporter", "author", "autor/in", "autorin", "autor"];

/// The reporters whom the notes of a desk name: `- Reporting by: Ann Lee in Leeds, Bo Ray in York`.
fn reporters(notes: &str) -> Vec<String> {
    let notes = paragraphs(notes);
    for line in notes.lines() {
        let Some((label, names)) = line.trim_start_matches(['-', '*', ' ']).split_once(':') else { continue };
        if REPORTERS.iter().any(|word| label.trim().eq_ignore_ascii_case(word)) {
            let parts = names.split([',', ';']).flat_map(|part| part.split(" and "));
            let names = parts.map(|part| part.split(" in ").next().unwrap_or(part));
            return names.flat_map(|name| agency::authors(name, None)).collect();
        }
    }
    Vec::new()
}

/// Hard-wrapped lines made paragraphs. A new one begins after a blank line and where a line is indented among lines that
/// are not; the rows of a table stay lines.
fn paragraphs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().chain([""]) {
        if !line.trim_matches(IDLE).is_empty() {
            lines.push(line.trim_end());
            continue;
        }
        paragraph(&lines, &mut out);
        lines.clear();
    }
    out
}

/// Puts the lines between two blank ones to `out`.
fn paragraph(lines: &[&str], out: &mut String) {
    let is_row = |line: &&&str| line.trim().contains("   ");
    let is_item = |line: &str| line.starts_with(['-', '*']) || line.starts_with('#');
    let indented = |line: &str| line.starts_with("  ") || line.starts_with('\t');
    let rows = lines.len() > 1 && lines.iter().filter(is_row).count() * 2 > lines.len();
    // A list has its signs; the second lines of its items are indented.
    let list = lines.iter().any(|line| is_item(line));
    for (number, line) in lines.iter().enumerate() {
        let words = if rows { line.trim_end() } else { line.trim() };
        let joint = match number {
            0 if out.is_empty() => "",
            0 => "\n\n",
            _ if rows || is_item(line) => "\n",
            _ if indented(line) && !list => "\n\n",
            _ => " ",
        };
        out.push_str(joint);
        out.extend(words.chars().filter(|c| !c.is_control() || *c == '\t'));
    }
}

/// The day in the foot of a message, in words: `131137 GMT Nov 13` is 13 November 2013, 11:37.
fn day(foot: &str) -> Option<String> {
    let line = foot.lines().map(str::trim).find(|line| line.starts_with(|c: char| c.is_ascii_digit()))?;
    let words: Vec<&str> = line.split_whitespace().collect();
    let (first, rest) = words.split_first()?;
    let day = first.get(..2).filter(|_| first.len() == 6)?;
    let (month, year) = match rest {
        [_, month, year, ..] => (month, year),
        [month, year] => (month, year),
        _ => return None,
    };
    let year: u32 = year.parse().ok()?;
    // News wires have carried this foot since the sixties.
    let year = match year {
        0..=59 => 2000 + year,
        60..=99 => 1900 + year,
        _ => year,
    };
    Some(format!("{day} {month} {year}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(wire: &str, expected: &[&str]) {
        let bytes = wire.replace('^', "\u{1}").replace('<', "\u{2}").replace('>', "\u{3}");
        assert_eq!(agency::shown(&Wire, bytes.as_bytes()), expected, "{wire}");
    }

    #[test]
    fn headline_text_and_foot() {
        check(
            "^npr0061 4 i 211 ccc  np 061\r\n\nRain-Leeds/\r\n<REFILE\n1ST LEAD\nRain falls on Leeds\nfor a week\n\
             By Ann Lee, Northgate Press =\r\n\n   Leeds (NP) - Rain fell on the\r\ntown.\r\n\n   It fell\r\nagain.\r\n\n\
             # Notebook\r\n\n* * * *\n## Contacts\r\n- Editing by: Bo Ray\r\n\nnp al rm\r\n\n>131137 GMT Nov 13 \r\n\u{7f}\n\u{4}",
            &["title Rain falls on Leeds for a week | by Ann Lee | source np | on 2013-11-13 | from Leeds | \
               text By Ann Lee, Northgate Press//Leeds (NP) - Rain fell on the town.//It fell again."],
        );
    }

    #[test]
    fn reporters_in_the_notes() {
        check(
            "^npr0061 4 i 211  np 061\n<Rain =\n\nIt rained.\n\n# Notebook\n- Reporting by: Ann Lee in Leeds, Cy Fox\n  \
             and Bo Ray in York\n>",
            &["title Rain | by Ann Lee; Cy Fox; Bo Ray | source np | text It rained."],
        );
    }

    #[test]
    fn several_messages_and_damaged_ones() {
        check(
            "^a 1 2\n<One =\n\nIt rained.\n>^b\n^c 1 np 3\n<Two and\nmore\n\nIt snowed.",
            &[
                "member 1 | title One | text It rained.",
                "member 3 | title Two and more | source np | text It snowed.",
                "item 2! has no text",
            ],
        );
        check("^<", &["! has no text"]);
        check("^<>", &["! has no text"]);
        check("", &["! holds no articles"]);
    }

    #[test]
    fn lines_become_paragraphs_unless_they_are_rows() {
        for (text, expected) in [
            ("One\ntwo\n\nthree\n", "One two\n\nthree"),
            ("   One\ntwo\n   Three\nfour", "One two\n\nThree four"),
            ("Leeds    1    0\nYork     2    3\n", "Leeds    1    0\nYork     2    3"),
            ("- one\n  more\n- two", "- one more\n- two"),
            ("", ""),
        ] {
            assert_eq!(paragraphs(text), expected, "{text:?}");
        }
    }

    #[test]
    fn days() {
        for (foot, expected) in [
            ("131137 GMT Nov 13 \r\n", Some("13 Nov 2013")),
            ("\n010203 Aug 89", Some("01 Aug 1989")),
            ("1311 GMT Nov 13", None),
            ("", None),
            ("131137", None),
        ] {
            assert_eq!(day(foot).as_deref(), expected, "{foot}");
        }
    }

    #[test]
    fn it_is_known_by_its_control_characters() {
        for (head, expected) in [
            (&b"\x01a 1 2\n\x02Text"[..], 95),
            (b"\x16\x16\x01a 1 2\n\x02Text", 95),
            (b"\x01a 1 2\nText", 0),
            (b"\0\x01\0\x02\x03\0", 0),
            (b"Text \x01 \x02", 0),
            (b"", 0),
        ] {
            assert_eq!(Wire.recognise(head, "a.txt"), expected, "{head:?}");
        }
    }
}
