//! One article to read: the head, the text by paragraph with what was found in it in colour, and the lists of it.
//!
//! Of a query, what matched is marked, and [`passages`] leaves out what is far from it. The colours of the text are those of the headings of the lists, and say nothing that the lists do not say.

use super::flow::{MARK, Paint, Run, flow};
use super::{Style, lists};
use crate::article::{Article, Found, Part};
use crate::text::sentences::Lines;
use crate::text::{Span, Words};
use std::io::{self, Write};

/// Writes `article` with what was `found` in it; what a query matched, `matches`, is marked.
///
/// # Errors
/// When `out` takes nothing more.
pub fn article(
    article: &Article,
    found: &Found,
    matches: &[(Part, Span)],
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    lists::head(article, found, &in_part(matches, Part::Title), style, out)?;
    let painted = painted(found, matches, style);
    let mut painted = painted.as_slice();
    for paragraph in paragraphs(&article.text) {
        out.write_all(b"\n")?;
        let first = painted.partition_point(|(span, _)| span.end <= paragraph.start);
        painted = painted.get(first..).unwrap_or_default();
        flow(&runs(&article.text, paragraph, painted, style), "", "", style, out)?;
    }
    lists::lists(article, found, style, out)
}

/// Writes the head of `article` and only the passages with what a query matched, so many words around each; what is left
/// out is a line `…`.
///
/// # Errors
/// When `out` takes nothing more.
pub fn passages(
    article: &Article,
    found: &Found,
    matches: &[(Part, Span)],
    context: usize,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    lists::head(article, found, &in_part(matches, Part::Title), style, out)?;
    let words = Words::new(&article.text);
    let painted = painted(found, matches, style);
    let around = around(&words, &in_part(matches, Part::Body), context);
    let whole = words.span(0, words.len().saturating_sub(1));
    let mut before = whole.start;
    for passage in &around {
        out.write_all(b"\n")?;
        if passage.start > before {
            writeln!(out, "…")?;
        }
        before = passage.end;
        for paragraph in paragraphs(passage.of(&article.text)) {
            let paragraph = Span::new(paragraph.start + passage.start, paragraph.end + passage.start);
            let first = painted.partition_point(|(span, _)| span.end <= paragraph.start);
            flow(&runs(&article.text, paragraph, &painted[first..], style), "", "", style, out)?;
        }
    }
    if !around.is_empty() && before < whole.end {
        writeln!(out, "…")?;
    }
    Ok(())
}

/// What was matched in one part, in order, what overlaps joined.
fn in_part(matches: &[(Part, Span)], part: Part) -> Vec<Span> {
    let mut spans: Vec<Span> = matches.iter().filter(|(of, _)| *of == part).map(|(_, span)| *span).collect();
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => joined.push(span),
        }
    }
    joined
}

/// The stretches of text with so many words around each match, in order and apart, signs beside their words included.
fn around(words: &Words<'_>, matches: &[Span], context: usize) -> Vec<Span> {
    let mut stretches: Vec<(usize, usize)> = Vec::new();
    for span in matches {
        let first = words.spans.partition_point(|word| word.end <= span.start);
        let last = words.spans.partition_point(|word| word.start < span.end).saturating_sub(1);
        let to = last.saturating_add(context).min(words.len().saturating_sub(1));
        let from = first.saturating_sub(context);
        match stretches.last_mut() {
            Some(before) if from <= before.1 + 1 => before.1 = before.1.max(to),
            _ if from <= to => stretches.push((from, to)),
            _ => {}
        }
    }
    let sign = |c: &char| !c.is_whitespace() && !c.is_alphanumeric();
    let wider = |(from, to): (usize, usize)| {
        let span = words.span(from, to);
        let before = words.text.get(..span.start).unwrap_or("").chars().rev().take_while(sign);
        let behind = words.text.get(span.end..).unwrap_or("").chars().take_while(sign);
        let bytes = |signs: &mut dyn Iterator<Item = char>| signs.map(char::len_utf8).sum::<usize>();
        Span::new(span.start - bytes(&mut { before }), span.end + bytes(&mut { behind }))
    };
    stretches.into_iter().map(wider).collect()
}

/// What is painted of the body, in order, nothing over another: what was matched, and in colour the mentions beside it.
fn painted(found: &Found, matches: &[(Part, Span)], style: &Style) -> Vec<(Span, Paint)> {
    let matched = in_part(matches, Part::Body);
    let mut painted: Vec<(Span, Paint)> = matched.iter().map(|span| (*span, Paint::Match)).collect();
    if style.colour {
        let mut last = 0;
        for mention in found.mentions.iter().filter(|mention| mention.part == Part::Body) {
            let span = mention.span;
            let met = matched.get(matched.partition_point(|other| other.end <= span.start));
            if span.start >= last && met.is_none_or(|other| span.end <= other.start) {
                painted.push((span, lists::paint(mention.kind)));
                last = span.end;
            }
        }
        painted.sort_unstable_by_key(|(span, _)| *span);
    }
    painted
}

/// The text of a paragraph in runs; `painted` begins with the first mention that ends in it.
fn runs<'a>(text: &'a str, paragraph: Span, painted: &[(Span, Paint)], style: &Style) -> Vec<Run<'a>> {
    let mut runs = Vec::new();
    let mut at = paragraph.start;
    for (span, paint) in painted.iter().take_while(|(span, _)| span.start < paragraph.end) {
        let (start, end) = (span.start.max(at), span.end.min(paragraph.end));
        // A span that does not fit the text is left as it is.
        if let (Some(before), Some(inside)) = (text.get(at..start), text.get(start..end)) {
            let mark = (*paint == Paint::Match && !style.colour).then_some(Run::plain(MARK));
            runs.push(Run::plain(before));
            runs.extend(mark);
            runs.push(Run::new(inside, *paint));
            runs.extend(mark);
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
        shown_with(style, &[])
    }

    fn shown_with(style: Style, matches: &[(Part, Span)]) -> String {
        let (example, found) = example();
        let mut out = Vec::new();
        article(&example, &found, matches, &style, &mut out).expect("a vector takes everything");
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

    fn place(words: &str) -> (Part, Span) {
        let (example, _) = example();
        let start = example.text.find(words).expect("the words stand in the text");
        (Part::Body, Span::new(start, start + words.len()))
    }

    #[test]
    fn what_was_matched_is_marked() {
        let matches = [place("Pyongyang"), place("Mr Putin"), place("pact"), (Part::Title, Span::new(0, 3))];
        let text = shown_with(Style::default(), &matches);
        assert!(text.starts_with("**Kim** meets"), "{text}");
        assert!(text.contains("\nKim Jong-un met **Mr Putin** in **Pyongyang** on wednesday.\n"), "{text}");
        assert!(text.contains("\nThe “**pact**” was signed recently.\n"), "{text}");
        let text = shown_with(Style { colour: true, ..Style::default() }, &matches);
        assert!(text.contains("\u{1b}[36mKim Jong-un\u{1b}[0m met \u{1b}[1;31mMr Putin\u{1b}[0m in"), "{text:?}");
    }

    #[test]
    fn passages_have_words_around_what_was_matched() {
        let (example, found) = example();
        let passages = |matches: &[(Part, Span)], context| {
            let mut out = Vec::new();
            passages(&example, &found, matches, context, &Style::default(), &mut out)
                .expect("a vector takes everything");
            let text = String::from_utf8(out).expect("it is text");
            text.split_once("id         wire-1\n").expect("there is a head").1.to_owned()
        };
        assert_eq!(passages(&[place("Putin")], 1), "\n…\nMr **Putin** in\n…\n");
        assert_eq!(passages(&[place("pact")], 1), "\n…\nThe “**pact**” was\n…\n");
        assert_eq!(
            passages(&[place("Kim"), place("recently")], 2),
            "\n**Kim** Jong-un\n\n…\nwas signed **recently**.\n"
        );
        assert_eq!(
            passages(&[place("wednesday")], 50),
            "\nKim Jong-un met Mr Putin in Pyongyang on **wednesday**.\nThe “pact” was signed recently.\n"
        );
        assert_eq!(passages(&[], 5), "");
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
        article(&Article::default(), &Found::default(), &[], &Style::default(), &mut out)
            .expect("a vector takes everything");
        assert_eq!(String::from_utf8_lossy(&out), "(no headline)\npublished  undated\n");
    }
}
