//! The parts of a news text that are not its prose: headline, byline, dateline, captions, credits.
//!
//! 1. [`headline::find`] looks for the headline of a text that has no field for it.
//! 2. [`mark`] goes through the lines at the head of a body for byline, day of publication and dateline, through those
//!    at its [`foot`] for credits and rights, and through all for captions.
//!
//! Nothing is cut out: what is found is marked, so that it can still be searched and shown.

mod byline;
mod dateline;
mod foot;
pub(super) mod headline;
mod words;

pub(super) use byline::names;

use crate::article::{Article, Dateline, Precision};
use crate::text::{Span, lines};
use words::{Group, Opening, can_end_credit, is_folded, opens};

/// How many lines with text the head of a body can have.
const HEAD_LINES: usize = 14;

/// How many paragraphs can stand before the one with the dateline: standfirst, editor's note.
const PARAGRAPHS_BEFORE: usize = 3;

/// What was found around the prose of a body.
#[derive(Debug, Default)]
struct Layout {
    authors: Vec<String>,
    agencies: Vec<String>,
    dateline: Option<Dateline>,
    /// Where the byline says that it was written.
    office: Option<Dateline>,
    furniture: Vec<Span>,
    source: Option<String>,
    section: Option<String>,
    language: Option<String>,
    url: Option<String>,
}

/// What one line is.
#[derive(Debug, PartialEq)]
enum Kind {
    /// Names of the writers.
    Byline(Vec<String>),
    /// The day of publication.
    Published,
    /// A caption or the credit of a picture.
    Picture,
    /// Who holds the rights.
    Rights,
    /// Who else worked on it.
    Credit,
    /// A sign that the text ends here.
    End,
    /// How to reach the writer.
    Contact,
    /// A field of a header: its group, its value.
    Field(Group, Span),
    /// Anything else.
    Prose,
}

/// Fills in what the body of an article says of itself: dateline and furniture always, the rest where it is still unknown.
pub fn mark(article: &mut Article) {
    let layout = read(&article.text, &article.furniture, article.title.is_some());
    if article.authors.is_empty() {
        article.authors = layout.authors;
    }
    article.source = article.source.take().or(layout.source);
    article.section = article.section.take().or(layout.section);
    article.language = article.language.take().or(layout.language);
    article.url = article.url.take().or(layout.url);
    article.dateline = layout.dateline.or(article.dateline.take()).or(layout.office);
    let mut agencies = Layout { agencies: std::mem::take(&mut article.agencies), ..Layout::default() };
    if let Some(agency) = article.dateline.as_ref().and_then(|dateline| dateline.agency.as_deref()) {
        agencies.agency(agency);
    }
    for agency in &layout.agencies {
        agencies.agency(agency);
    }
    if let Some(agency) = article.source.as_deref().and_then(crate::names::agency) {
        agencies.agency(agency);
    }
    article.agencies = agencies.agencies;
    article.furniture.extend(layout.furniture);
    article.furniture.sort_unstable();
    article.furniture = joined(std::mem::take(&mut article.furniture));
}

/// Spans in order, those that touch or overlap made one.
fn joined(spans: Vec<Span>) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match out.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => out.push(span),
        }
    }
    out
}

/// The place of the dateline that a field holds: `PYONGYANG, June 19`.
pub(super) fn dateline_field(field: &str) -> Option<Dateline> {
    let mut found = dateline::read(&format!("{} — A", field.trim().trim_end_matches(['-', '—', '–', ' '])))?;
    found.span = Span::default();
    Some(found)
}

/// `known` is what has been marked already, `titled` whether the headline is known, so that it is not in the text.
fn read(text: &str, known: &[Span], titled: bool) -> Layout {
    let mut layout = Layout::default();
    let head = head(text, known, titled, &mut layout);
    let foot = foot::start(text).max(head);
    pictures(text, head, foot, &mut layout);
    foot::mark(text, foot, &mut layout);
    layout
}

/// Goes through the head; answers where it ends.
fn head(text: &str, marked: &[Span], titled: bool, layout: &mut Layout) -> usize {
    let mut paragraphs = 0;
    let mut inside = false;
    let mut after_byline = false;
    let mut at = 0;
    let mut all_furniture = true;
    for line in lines(text, 0).take(4 * HEAD_LINES) {
        let trimmed = trim(text, line);
        let words = trimmed.of(text);
        if words.is_empty() {
            inside = false;
            at = line.end;
            continue;
        }
        let indented = words.len() + 1 < line.of(text).len() && line.of(text).starts_with("  ");
        if inside && !indented {
            inside = !ends_paragraph(words);
            at = line.end;
            continue;
        }
        if paragraphs >= PARAGRAPHS_BEFORE {
            break;
        }
        let known = match kind(words) {
            Kind::Prose if marked.contains(&trimmed) => true,
            Kind::Byline(names) if paragraphs <= 1 => {
                layout.credited(words);
                layout.office = byline::place(words).map(|place| Dateline {
                    place: place.of(words).to_owned(),
                    span: Span::new(trimmed.start + place.start, trimmed.start + place.end),
                    ..Dateline::default()
                });
                for name in names {
                    if !layout.authors.contains(&name) {
                        layout.authors.push(name);
                    }
                }
                after_byline = true;
                true
            }
            Kind::Rights => {
                layout.credited(words);
                true
            }
            Kind::Published | Kind::Picture => true,
            Kind::Field(group, value) if all_furniture => {
                layout.field(group, Span::new(trimmed.start + value.start, trimmed.start + value.end).of(text));
                true
            }
            Kind::Prose | Kind::Field(..) | Kind::End if paragraphs <= 1 => {
                let bare = (titled && paragraphs == 0 && layout.authors.is_empty())
                    .then(|| byline::read_bare(words))
                    .flatten();
                let office =
                    after_byline && byline::is_office(words) || paragraphs == 0 && is_folded(Group::Agency, words);
                after_byline &= office;
                if office {
                    layout.credited(words);
                }
                let known = bare.is_some() || office;
                layout.authors.extend(bare.into_iter().flatten());
                known
            }
            _ => false,
        };
        if known {
            layout.furniture.push(parenthesis(text, trimmed));
            at = line.end;
            continue;
        }
        all_furniture = false;
        let rest = text.get(trimmed.start..).unwrap_or("");
        if let Some(mut found) = dateline::read(rest) {
            layout.furniture.push(Span::new(trimmed.start, trimmed.start + found.span.end));
            found.span = Span::new(trimmed.start + found.span.start, trimmed.start + found.span.end);
            layout.dateline = Some(found);
            return line.end;
        }
        if let Some(length) = dateline::notice(rest) {
            layout.credited(rest.get(..length).unwrap_or(""));
            layout.furniture.push(Span::new(trimmed.start, trimmed.start + length));
            return line.end;
        }
        paragraphs += 1;
        inside = !ends_paragraph(words);
        at = line.end;
    }
    at
}

impl Layout {
    /// Adds an agency under its usual name, once.
    fn agency(&mut self, written: &str) {
        let name = crate::names::agency(written).unwrap_or(written).to_owned();
        if !self.agencies.contains(&name) {
            self.agencies.push(name);
        }
    }

    /// Adds the agencies that a credit names.
    fn credited(&mut self, credit: &str) {
        for agency in crate::names::agencies_in(credit) {
            self.agency(agency);
        }
    }

    fn field(&mut self, group: Group, value: &str) {
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        match group {
            Group::Author => self.authors.extend(names(value)),
            Group::Source => self.source = Some(value.to_owned()),
            Group::Section => self.section = Some(value.to_owned()),
            Group::Language => self.language = super::language_code(value),
            Group::Url if value.starts_with("http") => self.url = Some(value.to_owned()),
            _ => {}
        }
    }
}

/// Whether a paragraph ends with this line though the next is not blank: long, or a full stop.
fn ends_paragraph(line: &str) -> bool {
    line.len() > 120 || line.ends_with(['.', '!', '?', '"', '”', '\u{2019}', ':'])
}

/// Marks captions and credits of pictures between head and foot.
fn pictures(text: &str, from: usize, to: usize, layout: &mut Layout) {
    for line in lines(text, from).take_while(|line| line.start < to) {
        let trimmed = trim(text, line);
        let words = trimmed.of(text);
        // Only these letters open a line about a picture; it saves looking up every line.
        if words.starts_with(|c: char| {
            matches!(c.to_ascii_lowercase(), 'p' | 'i' | 'c' | 'f' | 'g' | 'v' | 'b' | 'l' | '(')
        }) && is_picture(words)
        {
            layout.furniture.push(parenthesis(text, trimmed));
        }
    }
}

/// The parenthesis with which a line begins, where the article goes on after it; the line otherwise.
fn parenthesis(text: &str, line: Span) -> Span {
    let words = line.of(text);
    match words.find(')').filter(|_| words.starts_with('(')) {
        Some(end) => Span::new(line.start, line.start + end + 1),
        None => line,
    }
}

/// What a line, without the blanks around it, is.
fn kind(line: &str) -> Kind {
    if line.len() > 1000 {
        return Kind::Prose;
    }
    // Most lines are prose, and their first word says so.
    let opening = Opening::of(line);
    let inner = line.trim_start_matches(['(', '[', '-', '–', '—', '*', ' ']);
    if line.len() <= 30 {
        let bare = line.trim_matches(|c: char| c.is_whitespace() || "-–—/()[]*_.".contains(c));
        if is_folded(Group::End, line) || is_folded(Group::Agency, bare) {
            return Kind::End;
        }
    }
    if is_contact(line) {
        return Kind::Contact;
    }
    let credit = || opens(Group::Credit, inner).and_then(|end| inner.get(end..));
    if opening.may_be(Group::Credit) && credit().is_some_and(|rest| rest.starts_with([' ', ':'])) {
        return Kind::Credit;
    }
    // Only the last words can say so; the look-up wants them exactly.
    if line.len() <= 400 && contributed(line.trim_end_matches([')', ']', '*'])) {
        return Kind::Credit;
    }
    if is_published(line) {
        return Kind::Published;
    }
    if opening.may_be(Group::Picture) && is_picture(line) {
        return Kind::Picture;
    }
    let rights = || line.len() <= 300 && opens(Group::Rights, inner).is_some() || opens(Group::Rights, line).is_some();
    if opening.may_be(Group::Rights) && rights() {
        return Kind::Rights;
    }
    if opening.may_be(Group::Byline)
        && let Some(names) = byline::read(line)
    {
        return Kind::Byline(names);
    }
    field(line).unwrap_or(Kind::Prose)
}

/// The longest name of a field of a header, in bytes.
const LONGEST_FIELD: usize = 24;

/// `Source: Leeds Observer`.
fn field(line: &str) -> Option<Kind> {
    let bytes = line.as_bytes();
    let head = bytes.get(..bytes.len().min(LONGEST_FIELD + 1))?;
    let colon = memchr::memchr_iter(b':', head).find(|at| bytes.get(at + 1) == Some(&b' '))?;
    let name = line.get(..colon)?.trim();
    let group = FIELDS.iter().find(|group| is_folded(**group, name))?;
    Some(Kind::Field(*group, Span::new(colon + 2, line.len())))
}

/// The groups that name the fields of a header.
const FIELDS: [Group; 7] =
    [Group::Title, Group::Author, Group::Source, Group::Section, Group::Language, Group::Url, Group::Other];

/// Whether the line ends in `contributed to this report.`
fn contributed(line: &str) -> bool {
    if !can_end_credit(line) {
        return false;
    }
    let mut starts = line.char_indices().rev().filter(|(_, c)| *c == ' ').map(|(at, _)| at + 1).take(5);
    starts.any(|start| line.get(start..).is_some_and(|end| is_folded(Group::CreditEnd, end)))
}

/// `Published: 20 June 2024`, `Posted on Monday at 11.40pm`, `20 June 2024`.
fn is_published(line: &str) -> bool {
    if line.len() > 90 || !line.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    if let Some(end) = opens(Group::Published, line) {
        let (opening, rest) = (line.get(..end).unwrap_or(""), line.get(end..).unwrap_or(""));
        // `Published: …` may be followed by anything; `Published on 3 May` has no colon.
        if rest.trim_start().starts_with(':') || (opening.contains(' ') && rest.starts_with(' ')) {
            return true;
        }
        return rest.starts_with(' ') && !line.ends_with('.') && is_day(rest.trim());
    }
    // `STOCKHOLM, March 3 - Sweden had a 1986 surplus` is a dateline.
    let dashed = || [" - ", "- ", " -- ", " — ", " – "].iter().any(|dash| line.contains(dash));
    line.len() <= 60 && !dashed() && is_day(line)
}

/// `Email: jane.doe@paper.example`, `[email\u{a0}protected]`: an address, and few words around it.
fn is_contact(line: &str) -> bool {
    let address = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
    };
    line.len() <= 120
        && memchr::memchr2(b'@', b']', line.as_bytes()).is_some()
        && line.split_whitespace().count() <= 8
        && (line.contains("[email\u{a0}protected]")
            || line.contains("[email protected]")
            || line.split_whitespace().any(address))
}

/// Whether it is a date and nothing else.
fn is_day(text: &str) -> bool {
    // A year alone stands in many a line of prose.
    let exact = |written: crate::when::Written| written.precision == Precision::Day;
    dateline::is_date(text) || !is_sentence(text) && crate::when::written(text).is_some_and(exact)
}

/// The most words of a date: `Monday, 15 September 2008 at 11.40 pm GMT`.
const MOST_WORDS: usize = 8;

/// Whether a line that names a date is prose: it ends in a full stop, or has words that no date has.
fn is_sentence(line: &str) -> bool {
    let words = || line.split_whitespace();
    // Names of months begin with a small letter in many languages.
    let small = words().filter(|word| word.len() > 3 && word.starts_with(char::is_lowercase)).count();
    line.ends_with('.') || small > 1 || words().count() > MOST_WORDS
}

/// `Photo: …`, `PHOTO BY …`, `(Photo: …)`.
fn is_picture(line: &str) -> bool {
    if line.len() > 400 && !line.starts_with('(') {
        return false;
    }
    let inner = line.trim_start_matches(['(', '[']);
    opens(Group::Picture, inner).is_some_and(|end| {
        let (opening, rest) = (inner.get(..end).unwrap_or(""), inner.get(end..).unwrap_or(""));
        rest.starts_with(':')
            || rest.starts_with(' ') && opening.len() > 3 && opening.to_lowercase().ends_with(" by") && line.len() < 120
    })
}

/// The span without the blanks and control characters around it.
fn trim(text: &str, span: Span) -> Span {
    let blank = |c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}';
    let line = span.of(text);
    if let ([first, ..], [.., last]) = (line.as_bytes(), line.as_bytes())
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return span;
    }
    let start = span.start + line.len() - line.trim_start_matches(blank).len();
    Span::new(start, start + line.trim_matches(blank).len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_prose_that_names_a_year_is_prose() {
        for (line, expected) in [
            ("Monday, 15 September 2008 at 11.40pm", true),
            ("Wednesday 19 June 2024 10:30 GMT", true),
            ("June 19, 2024", true),
            ("24/06/19", true),
            ("shut when the price of tin collapsed in 1985.", false),
            ("It had stood still since 1983.", false),
            ("and was opened again in June 1985 by the mayor", false),
        ] {
            assert_eq!(is_published(line), expected, "{line}");
        }
    }

    /// The furniture between brackets.
    fn check(text: &str, expected: &str, authors: &[&str]) {
        let mut article = Article { text: text.to_owned(), title: Some("T".to_owned()), ..Article::default() };
        mark(&mut article);
        let mut shown = String::new();
        let mut at = 0;
        for span in &article.furniture {
            shown += &format!("{}[{}]", &text[at..span.start], span.of(text));
            at = span.end;
        }
        shown += &text[at..];
        assert_eq!(shown, expected);
        assert_eq!(article.authors, authors, "{text}");
    }

    #[test]
    fn heads() {
        check(
            "Published: 20 June 2024\nBy Helen Marrack and Owen Treloar\n\nPYONGYANG, June 19 (Northgate Press) — Russia.\n",
            "[Published: 20 June 2024]\n[By Helen Marrack and Owen Treloar]\n\n[PYONGYANG, June 19 (Northgate Press) —] Russia.\n",
            &["Helen Marrack", "Owen Treloar"],
        );
        check(
            "By JOHN SMITH\nAssociated Press Writer\n    HAVANA (AP) --\nThe grandmother.\n",
            "[By JOHN SMITH]\n[Associated Press Writer]\n    [HAVANA (AP) --]\nThe grandmother.\n",
            &["John Smith"],
        );
        check("(Image: Ana Ruiz) An air ambulance landed.", "[(Image: Ana Ruiz)] An air ambulance landed.", &[]);
        check("Published December 20, 2009\n\nThe text.", "[Published December 20, 2009]\n\nThe text.", &[]);
        check("Helen Marrack in Seoul\n\nThe text.", "[Helen Marrack in Seoul]\n\nThe text.", &["Helen Marrack"]);
        check(
            "The standfirst says it all\n\nBy Ana Ruiz\n\nLONDON — The text.",
            "The standfirst says it all\n\n[By Ana Ruiz]\n\n[LONDON —] The text.",
            &["Ana Ruiz"],
        );
        check("(Reuters) - Oil rose.", "[(Reuters) -] Oil rose.", &[]);
        check("By Ana Ruiz\nXinhua\n\nThe text.", "[By Ana Ruiz]\n[Xinhua]\n\nThe text.", &["Ana Ruiz"]);
        check(
            "SOURCE: Leeds Observer\nBYLINE: Ana Ruiz\n\nThe text.",
            "[SOURCE: Leeds Observer]\n[BYLINE: Ana Ruiz]\n\nThe text.",
            &["Ana Ruiz"],
        );
    }

    #[test]
    fn feet() {
        let prose = "A long first paragraph that says what happened and to whom, and when, and what for.\n\n".repeat(9);
        for (foot, marked, authors) in [
            (
                "(Reporting by Leonard Pike and Ruth Delaney; Editing by Gordon Maye)",
                "[(Reporting by Leonard Pike and Ruth Delaney; Editing by Gordon Maye)]",
                &[][..],
            ),
            (
                "(Reporting by Leonard Pike;\nEditing by Gordon Maye)\n",
                "[(Reporting by Leonard Pike;\nEditing by Gordon Maye)]\n",
                &[],
            ),
            (
                "Reporting by Carl Jessup; editing by Martin Alderby",
                "[Reporting by Carl Jessup; editing by Martin Alderby]",
                &[],
            ),
            (
                "Northgate correspondents in London contributed to this report.",
                "[Northgate correspondents in London contributed to this report.]",
                &[],
            ),
            ("Copyright 1998 Leeds Observer", "[Copyright 1998 Leeds Observer]", &[]),
            ("© 2004 Leeds Observer", "[© 2004 Leeds Observer]", &[]),
            (" Reuter\n\u{3}", " [Reuter]\n\u{3}", &[]),
            ("ENDS", "[ENDS]", &[]),
            ("- AP", "[- AP]", &[]),
            ("More to follow\n", "[More to follow]\n", &[]),
            ("Reuters\n(c) 2012 Northgate", "[Reuters]\n[(c) 2012 Northgate]", &[]),
            ("The end, he said. (Reporting by Ana Ruiz)", "The end, he said. [(Reporting by Ana Ruiz)]", &[]),
            ("The end, he said. — Reuters", "The end, he said.[ — Reuters]", &[]),
            ("The end, he said. /AFP/", "The end, he said.[ /AFP/]", &[]),
            ("He worked for - Reuters", "He worked for - Reuters", &[]),
            ("Email: jane@paper.example", "[Email: jane@paper.example]", &[]),
            ("[email\u{a0}protected]", "[[email\u{a0}protected]]", &[]),
            ("By Jeremy Clift", "[By Jeremy Clift]", &["Jeremy Clift"]),
            ("Photo: A queue (Northern Ledger)", "[Photo: A queue (Northern Ledger)]", &[]),
        ] {
            check(&format!("{prose}{foot}"), &format!("{prose}{marked}"), authors);
        }
    }

    #[test]
    fn agencies_are_those_of_dateline_and_credits() {
        let prose = "A long first paragraph that says what happened and to whom, and when, and what for.\n\n".repeat(9);
        for (head, foot, expected) in [
            ("LONDON (Reuters) - ", "", &["Reuters"][..]),
            ("LONDON, March 3 (Northgate) - ", "(Additional reporting by AFP)", &["Northgate", "AFP"]),
            ("By JOHN SMITH\nAssociated Press Writer\n\n", "Copyright 1998 The Associated Press.", &["AP"]),
            ("(Reuters) - ", "(c) 2012 Reuters", &["Reuters"]),
            ("", "Photo: A queue (AP)", &[]),
            ("", "(Reporting by Nan Petra in Rome)", &[]),
            ("", "- AFP", &["AFP"]),
        ] {
            let mut article =
                Article { text: format!("{head}{prose}{foot}"), title: Some("T".to_owned()), ..Article::default() };
            mark(&mut article);
            assert_eq!(article.agencies, expected, "{head}…{foot}");
        }
    }

    #[test]
    fn a_byline_may_say_where() {
        for (line, expected) in [
            ("By Helen Marrack in Seoul", Some("Seoul")),
            ("By Helen Marrack, Moscow", Some("Moscow")),
            ("By Helen Marrack in the Commons", None),
            ("By Helen Marrack, Paris Correspondent", None),
            ("By Helen Marrack and Owen Paris", None),
        ] {
            let text = format!("{line}\n\nThe text goes on.");
            let mut article = Article { text, title: Some("T".to_owned()), ..Article::default() };
            mark(&mut article);
            assert_eq!(article.dateline.map(|line| line.place).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn fields_fill_what_is_unknown() {
        let text = "Source: Leeds Observer\nSection: World\nURL: https://a.example/1\n\nThe text.";
        let mut article = Article { text: text.to_owned(), section: Some("Sport".to_owned()), ..Article::default() };
        mark(&mut article);
        assert_eq!(article.source.as_deref(), Some("Leeds Observer"));
        assert_eq!(article.section.as_deref(), Some("Sport"));
        assert_eq!(article.url.as_deref(), Some("https://a.example/1"));
        assert_eq!(dateline_field("PYONGYANG, June 19").map(|found| found.place).as_deref(), Some("PYONGYANG"));
    }

    proptest::proptest! {
        #[test]
        fn spans_of_any_text_are_in_order_and_apart(
            pieces in proptest::collection::vec(
                proptest::sample::select(&[
                    "By ", "Ana Ruiz", ", ", " and ", " in ", "\n", "\n\n", "LONDON", "March 3", " (AP)", " - ", "—", ": ",
                    "Published", "Photo: ", "(", ")", "(Reporting by ", "Copyright ", "ends", ".", "é", "\u{fffd}", "    ",
                    "The text goes on for a while.", "\u{3}", "Source", "title", "2004", "平壌", "ſ", "\u{a0}",
                ][..]),
                0..40,
            )
        ) {
            let text = pieces.concat();
            let mut article = crate::article::Article { text: text.clone(), ..Default::default() };
            mark(&mut article);
            let mut end = 0;
            for span in &article.furniture {
                assert!(span.start >= end && !span.of(&text).is_empty(), "{span:?} in {text:?}");
                end = span.end + 1;
            }
            let found = headline::find(&text);
            assert_eq!(found.title.is_some(), !found.lines.of(&text).is_empty(), "{text:?}");
        }
    }

    #[test]
    fn awkward_texts_do_no_harm() {
        for text in ["", "\n", "\n\n \n", "(", "By", "—", "(Reporting by", "İ", "ẞ: x", "a\u{0}b", ":\n: \n ::", "©"]
        {
            let mut article = Article { text: text.to_owned(), ..Article::default() };
            mark(&mut article);
            let long = text.repeat(3000);
            mark(&mut Article { text: long, ..Article::default() });
        }
    }
}
