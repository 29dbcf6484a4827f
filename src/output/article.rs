//! One article to read: the head, the text by paragraph with what was found in it in colour, and the lists of it.
//!
//! The colours of the text are those of the headings of the lists, and say nothing that the lists do not say.

use super::flow::{Paint, Run, flow};
use super::{Style, lists};
use crate::article::{Article, Found, Part};
use crate::text::Span;
use crate::text::sentences::Lines;
use std::io::{self, Write};

/// Writes `article` with what was `found` in it.
pub fn article(article: &Article, found: &Found, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    lists::head(article, found, style, out)?;
    let painted = painted(found, style);
    let mut painted = painted.as_slice();
    for paragraph in paragraphs(&article.text) {
        out.write_all(b"\n")?;
        let first = painted.partition_point(|(span, _)| span.end <= paragraph.start);
        painted = painted.get(first..).unwrap_or_default();
        flow(&runs(&article.text, paragraph, painted), "", "", style, out)?;
    }
    lists::lists(article, found, style, out)
}

/// The mentions of the body that get a colour, in order, none over another.
fn painted(found: &Found, style: &Style) -> Vec<(Span, Paint)> {
    let mut painted: Vec<(Span, Paint)> = Vec::new();
    if style.colour {
        for mention in found.mentions.iter().filter(|mention| mention.part == Part::Body) {
            if painted.last().is_none_or(|(before, _)| before.end <= mention.span.start) {
                painted.push((mention.span, lists::paint(mention.kind)));
            }
        }
    }
    painted
}

/// The text of a paragraph in runs; `painted` begins with the first mention that ends in it.
fn runs<'a>(text: &'a str, paragraph: Span, painted: &[(Span, Paint)]) -> Vec<Run<'a>> {
    let mut runs = Vec::new();
    let mut at = paragraph.start;
    for (span, paint) in painted.iter().take_while(|(span, _)| span.start < paragraph.end) {
        let (start, end) = (span.start.max(at), span.end.min(paragraph.end));
        // A span that does not fit the text is left as it is.
        if let (Some(before), Some(inside)) = (text.get(at..start), text.get(start..end)) {
            runs.push(Run::plain(before));
            runs.push(Run::new(inside, *paint));
            at = end;
        }
    }
    runs.push(Run::plain(Span::new(at, paragraph.end).of(text)));
    runs
}

/// The paragraphs of a text, without the blanks around them.
fn paragraphs(text: &str) -> Vec<Span> {
    let lines = Lines::of(text);
    let mut paragraphs: Vec<Span> = Vec::new();
    let mut at = 0;
    for piece in text.split(['\n', '\r']) {
        let start = at + (piece.len() - piece.trim_start().len());
        let end = at + piece.trim_end().len();
        at += piece.len() + 1;
        if start >= end {
            continue;
        }
        match paragraphs.last_mut() {
            Some(last) if !lines.parts(text.get(last.end..start).unwrap_or("")) => last.end = end,
            _ => paragraphs.push(Span::new(start, end)),
        }
    }
    paragraphs
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::sample;
    use super::*;
    use crate::article::{CountryCount, Mention, MentionKind, Placed, Timex, TimexKind, TimexStatus};

    fn mention(text: &str, part: Part, words: &str, kind: MentionKind) -> Mention {
        let start = text.find(words).expect("the words stand in the text");
        let span = Span::new(start, start + words.len());
        Mention { kind, part, span, name: words.into(), country: None, region: None, point: None, timex: None }
    }

    fn dated(mut mention: Mention, value: &str) -> Mention {
        let day = value.parse().ok();
        let status = TimexStatus::Resolved;
        mention.timex = Some(Timex { kind: TimexKind::Date, value: value.into(), first: day, last: day, status });
        mention
    }

    pub(in crate::output) fn example() -> (Article, Found) {
        let article = Article {
            id: Some("wire-1".into()),
            path: "wire/june.jsonl".into(),
            member: Some("3".into()),
            title: Some("Kim meets\u{1b}[2J Putin on Wednesday".into()),
            text: "Kim Jong-un met Mr Putin\nin Pyongyang on wednesday.\n\nThe “pact” was\r\nsigned recently.".into(),
            authors: vec!["Ana Lind".into(), "Jo Marsh".into()],
            source: Some("Harbour Wire".into()),
            published: Some(sample::published("2024-06-20")),
            ..Article::default()
        };
        let (title, text) = (article.title.clone().expect("there is one"), article.text.clone());
        let mut people = vec![sample::named("Kim Jong-un", 2), sample::named("Putin", 12)];
        people[0].also = vec!["Mr Kim".into(), "Kim".into()];
        let place = |name: &str, country: Option<&str>| Placed {
            name: name.into(),
            country: country.map(str::to_owned),
            region: None,
            point: None,
            count: 1,
        };
        let found = Found {
            mentions: vec![
                dated(mention(&title, Part::Title, "Wednesday", MentionKind::Date), "2024-06-19"),
                mention(&text, Part::Body, "Kim Jong-un", MentionKind::Person),
                mention(&text, Part::Body, "Putin\nin", MentionKind::Person),
                mention(&text, Part::Body, "in Pyongyang", MentionKind::Place),
                dated(mention(&text, Part::Body, "wednesday", MentionKind::Date), "2024-06-19"),
                dated(mention(&text, Part::Body, "recently", MentionKind::Date), "PAST_REF"),
            ],
            people,
            organisations: vec![],
            places: vec![place("Europe", None), place("Pyongyang", Some("KP")), place("Wonsan", Some("KP"))],
            countries: vec![CountryCount { code: "KP".into(), name: "North Korea".into(), count: 2, about: true }],
            dates: vec![],
        };
        (article, found)
    }

    fn shown(style: Style) -> String {
        let (example, found) = example();
        let mut out = Vec::new();
        article(&example, &found, &style, &mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("it is text")
    }

    #[test]
    fn reads_well() {
        assert_eq!(
            shown(Style { terminal: true, ..Style::default() }),
            "\
Kim meets\\u{1b}[2J Putin on Wednesday
published  2024-06-20
source     Harbour Wire
by         Ana Lind, Jo Marsh
path       wire/june.jsonl:3
id         wire-1

Kim Jong-un met Mr Putin in Pyongyang on wednesday.

The “pact” was signed recently.

People
   2  Kim Jong-un  also Mr Kim, Kim
  12  Putin

Places
  North Korea   Pyongyang 1, Wonsan 1
  (no country)  Europe 1

Countries
  2  KP  North Korea  the article is about it or was filed from it

Dates
  2  “Wednesday”  → 2024-06-19
  1  “recently”   → PAST_REF (no day)
"
        );
    }

    #[test]
    fn what_was_found_is_in_the_colour_of_its_list() {
        let text = shown(Style { colour: true, ..Style::default() });
        assert!(
            text.contains("\n\u{1b}[36mKim Jong-un\u{1b}[0m met Mr \u{1b}[36mPutin in\u{1b}[0m Pyongyang"),
            "{text:?}"
        );
        assert!(text.contains("on \u{1b}[33mwednesday\u{1b}[0m."), "{text:?}");
        assert!(text.contains("\n\u{1b}[36mPeople\u{1b}[0m\n") && text.contains("\n\u{1b}[33mDates\u{1b}[0m\n"));
    }

    #[test]
    fn finds_paragraphs() {
        for (text, expected) in [
            ("", vec![]),
            (" \n\n ", vec![]),
            ("one", vec!["one"]),
            ("a line\nand another\n\nsecond", vec!["a line\nand another", "second"]),
            ("First one.\nSecond one.\nThird one.", vec!["First one.", "Second one.", "Third one."]),
            ("\r\n  É à\r\n\r\nb", vec!["É à", "b"]),
        ] {
            let found: Vec<&str> = paragraphs(text).into_iter().map(|span| span.of(text)).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[test]
    fn an_article_of_nothing_is_shown() {
        let mut out = Vec::new();
        article(&Article::default(), &Found::default(), &Style::default(), &mut out)
            .expect("a vector takes everything");
        assert_eq!(String::from_utf8_lossy(&out), "(no headline)\npublished  undated\n");
    }
}
