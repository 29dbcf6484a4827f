//! One entry a hit, for LaTeX and for programs that keep references.
//!
//! ```text
//! @article{harbour-wire:2024-06-19:wire-1,
//!   author = {Ada Lindqvist},
//!   title = {{Kim, Putin sign pact}},
//!   journal = {Harbour Wire},
//!   date = {2024-06-19},
//!   year = {2024},
//!   month = jun,
//!   url = {https://harbour.example/pact},
//!   note = {wire/2024/06/pact.jsonl, 3},
//!   abstract = {a treaty on the mutual defence}
//! }
//! ```
//!
//! `journal`, `year` and `month` are what BibTeX reads, `date` what BibLaTeX prefers; a date is as exact as it is known.
//! What stands on the web and has no source is `@online`, what has neither `@misc`. The key has the source, the date and
//! the id, so that it is unique and the same in every run.

use super::{Output, Style, visible};
use crate::article::Published;
use crate::search::Hit;
use crate::text::fold::squeeze;
use std::fmt::Write as _;
use std::io::{self, Write};

/// The format.
pub(super) struct Bibtex;

/// The names of months that every style knows.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

impl Output for Bibtex {
    fn name(&self) -> &'static str {
        "bibtex"
    }

    fn description(&self) -> &'static str {
        "one BibTeX entry a hit, for LaTeX and reference managers"
    }

    fn hit(&self, hit: &Hit, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let entry = entry(hit);
        let entry = if style.escapes() { shown(&entry) } else { entry };
        out.write_all(entry.as_bytes())
    }
}

fn entry(hit: &Hit) -> String {
    let kind = match (&hit.source, &hit.url) {
        (Some(_), _) => "article",
        (None, Some(_)) => "online",
        (None, None) => "misc",
    };
    let mut fields: Vec<(&str, String)> = Vec::new();
    if !hit.authors.is_empty() {
        let names: Vec<String> = hit.authors.iter().map(|name| author(name)).collect();
        fields.push(("author", format!("{{{}}}", names.join(" and "))));
    }
    // Twice in braces, a headline keeps its capitals in every style.
    let title = hit.title.as_deref().map(latex).filter(|title| !title.is_empty());
    fields.push(("title", format!("{{{{{}}}}}", title.unwrap_or_else(|| "(no headline)".to_owned()))));
    if let Some(source) = &hit.source {
        fields.push(("journal", format!("{{{}}}", latex(source))));
    }
    if let Some(published) = &hit.published {
        dates(published, &mut fields);
    }
    if let Some(url) = &hit.url {
        fields.push(("url", format!("{{{}}}", address(url))));
    }
    let location = [Some(hit.path.as_str()), hit.member.as_deref()];
    let location: Vec<&str> = location.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    fields.push(("note", format!("{{{}}}", latex(&location.join(", ")))));
    if !hit.snippets.is_empty() {
        let passages: Vec<String> = hit.snippets.iter().map(|snippet| latex(&snippet.text)).collect();
        fields.push(("abstract", format!("{{{}}}", passages.join(" … "))));
    }
    let fields: Vec<String> = fields.iter().map(|(name, value)| format!("  {name} = {value}")).collect();
    format!("@{kind}{{{},\n{}\n}}\n\n", key(hit), fields.join(",\n"))
}

/// As exact as it is known.
fn dates(published: &Published, fields: &mut Vec<(&str, String)>) {
    let mut parts = published.value.splitn(3, '-');
    fields.push(("date", format!("{{{}}}", latex(&published.value))));
    if let Some(year) = parts.next() {
        fields.push(("year", format!("{{{}}}", latex(year))));
    }
    let month = parts.next().and_then(|month| month.parse::<usize>().ok());
    if let Some(month) = month.and_then(|month| MONTHS.get(month.checked_sub(1)?)) {
        fields.push(("month", (*month).to_owned()));
    }
}

/// Source, date and id. Of the first two nothing but small letters, digits and hyphens is left; in the id, which alone
/// is unique, what a key cannot have is written as `+` and its bytes, so that two ids never become one.
fn key(hit: &Hit) -> String {
    let slug = slug(hit.source.as_deref().unwrap_or(""));
    let source = if slug.is_empty() { "article" } else { &slug };
    let date = hit.published.as_ref().map_or("undated", |published| published.value.as_str());
    let mut key = format!("{source}:{date}:");
    for byte in hit.id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_./:".contains(&byte) {
            key.push(char::from(byte));
        } else {
            write!(key, "+{byte:02x}").expect("a string takes everything");
        }
    }
    key
}

/// The letters and digits of a name in ASCII, with hyphens between its words.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in crate::text::fold::fold(name).chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() && c.is_ascii() {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// A name among others. One with `and` or a comma in it that is no `Last, First` would fall apart: braces keep it whole.
fn author(name: &str) -> String {
    let written = latex(name);
    let falls_apart = written.split_whitespace().any(|word| word.eq_ignore_ascii_case("and"));
    if falls_apart || written.matches(',').count() > 1 { format!("{{{written}}}") } else { written }
}

/// Text with what LaTeX would obey written so that it is printed. Braces become commands: BibTeX counts those that stand
/// behind a backslash, too.
pub(super) fn latex(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in squeeze(text).chars() {
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '{' => out.push_str("\\textbraceleft{}"),
            '}' => out.push_str("\\textbraceright{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '$' | '&' | '#' | '_' | '%' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// An address: verbatim, but for what would end it.
fn address(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for c in url.chars() {
        match c {
            '{' | '}' | '\\' | '"' | '<' | '>' | ' ' => {
                write!(out, "%{:02X}", u32::from(c)).expect("a string takes everything")
            }
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// The entry for a terminal, line by line.
fn shown(entry: &str) -> String {
    entry.split('\n').map(visible::visible).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn an_entry_has_what_a_reference_needs() {
        let text = sample::written(&Bibtex, &sample::results(), &Style::default());
        assert_eq!(
            text,
            "@article{harbour-wire:2024-06-19:wire-1,\n  \
             author = {Ada Lindqvist and Northgate Press},\n  \
             title = {{Kim, Putin sign \"mutual defence\" pact}},\n  \
             journal = {Harbour Wire},\n  \
             date = {2024-06-19},\n  \
             year = {2024},\n  \
             month = jun,\n  \
             url = {https://harbour.example/2024/pact?a=1&b=2},\n  \
             note = {wire/2024/06/pact.jsonl, 3},\n  \
             abstract = {a treaty on the mutual defence, of both countries, next Tuesday}\n}\n\n\
             @misc{article:undated:odd+2c+22id+22+1b,\n  \
             title = {{(no headline)}},\n  \
             note = {odd/\u{202e}gpj.txt}\n}\n\n"
        );
    }

    #[test]
    fn signs_of_latex_are_printed() {
        for (text, expected) in [
            ("50% of $5 & #1_a", "50\\% of \\$5 \\& \\#1\\_a"),
            ("a {b} \\c", "a \\textbraceleft{}b\\textbraceright{} \\textbackslash{}c"),
            ("~^", "\\textasciitilde{}\\textasciicircum{}"),
            ("one\n\ttwo\u{1b}[31m", "one two[31m"),
            ("Zürich 平壌", "Zürich 平壌"),
        ] {
            assert_eq!(latex(text), expected, "{text:?}");
        }
        assert_eq!(address("https://a.example/x{y}?q=50%25&b=a_b#c"), "https://a.example/x%7By%7D?q=50%25&b=a_b#c");
    }

    #[test]
    fn names_stay_whole() {
        for (name, expected) in [
            ("Ada Lindqvist", "Ada Lindqvist"),
            ("Ministry of Trade and Industry", "{Ministry of Trade and Industry}"),
            ("Lindqvist, Ada", "Lindqvist, Ada"),
            ("A, B, C, D", "{A, B, C, D}"),
            ("Leander Sandford", "Leander Sandford"),
        ] {
            assert_eq!(author(name), expected, "{name}");
        }
    }

    #[test]
    fn dates_are_as_exact_as_they_are() {
        for (value, expected) in [
            ("2024", "date = {2024}, year = {2024}"),
            ("2024-06", "date = {2024-06}, year = {2024}, month = jun"),
            ("1605-11-05", "date = {1605-11-05}, year = {1605}, month = nov"),
        ] {
            let published = Published { value: value.to_owned(), ..sample::published("2024-06-19") };
            let mut fields = Vec::new();
            dates(&published, &mut fields);
            let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            assert_eq!(fields.join(", "), expected);
        }
    }

    #[test]
    fn keys_never_meet() {
        let key_of = |id: &str, source: Option<&str>| {
            key(&Hit { id: id.into(), source: source.map(str::to_owned), ..Hit::default() })
        };
        assert_eq!(key_of("a b", Some("Zürich — Blick!")), "zurich-blick:undated:a+20b");
        assert_eq!(key_of("平", Some("平壌")), "article:undated:+e5+b9+b3");
        assert_ne!(key_of("a b", None), key_of("a+20b", None));
        assert!(key_of("é,{}%#\\", None).bytes().all(|b| b.is_ascii_alphanumeric() || b"+:-".contains(&b)));
    }
}
