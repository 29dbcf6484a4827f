//! One item of a list a hit, for notes: the headline, where it is from, the passages with the matches in bold.
//!
//! ```text
//! - **[Kim, Putin sign pact](<https://harbour.example/pact>)**
//!   Harbour Wire, 2024-06-19, wire/2024/06/pact.jsonl:3 (wire-1)
//!   > a treaty on the **mutual defence**
//! ```

use super::flow::{Paint, marked};
use super::html::web_address;
use super::sheet::markdown as escaped;
use super::{Output, Style, lists, visible};
use crate::search::{Hit, Snippet};
use std::io::{self, Write};

/// The format.
pub(super) struct Markdown;

impl Output for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn description(&self) -> &'static str {
        "for notes: a list of headlines and passages in Markdown"
    }

    fn hit(&self, hit: &Hit, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let title = hit.title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or("(no headline)");
        let title = escaped(&visible::line(title, style.escapes()));
        match hit.url.as_deref().and_then(web_address) {
            Some(url) => writeln!(out, "- **[{title}](<{}>)**  ", address(url))?,
            None => writeln!(out, "- **{title}**  ")?,
        }
        let location = lists::location(&hit.path, hit.member.as_deref());
        let published = hit.published.as_ref().map(|published| published.value.as_str());
        let parts = [hit.source.as_deref(), published, Some(&location)];
        let parts: Vec<&str> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        let line = format!("{} ({})", parts.join(", "), hit.id);
        writeln!(out, "  {}", escaped(&visible::line(&line, style.escapes())))?;
        for (place, snippet) in hit.snippets.iter().enumerate() {
            if place > 0 {
                writeln!(out, "  >")?;
            }
            writeln!(out, "  > {}", passage(snippet, style))?;
        }
        writeln!(out)
    }
}

/// A passage with its matches in bold. What a quotation begins with may be no mark of a list or a heading.
fn passage(snippet: &Snippet, style: &Style) -> String {
    let coloured = Style { colour: true, ..*style };
    let mut out = String::new();
    // Blanks do not stand inside the stars of bold letters, nor twice.
    let blank = |out: &mut String| {
        if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    };
    for run in marked(&snippet.text, snippet.start, &snippet.spans, Paint::Plain, &coloured) {
        let line = escaped(&visible::line(run.text, style.escapes()));
        if run.text.starts_with(char::is_whitespace) {
            blank(&mut out);
        }
        if run.paint == Paint::Match && !line.is_empty() {
            out.push_str(&format!("**{line}**"));
        } else {
            out.push_str(&line);
        }
        if run.text.ends_with(char::is_whitespace) {
            blank(&mut out);
        }
    }
    let out = out.trim_end();
    let digits = out.bytes().take_while(u8::is_ascii_digit).count();
    match out.split_at_checked(digits) {
        Some((number, rest)) if digits > 0 && rest.starts_with(['.', ')']) => format!("{number}\\{rest}"),
        _ if out.starts_with(['-', '+', '>', '=']) => format!("\\{out}"),
        _ => out.to_owned(),
    }
}

/// An address between `<` and `>`.
fn address(url: &str) -> String {
    url.replace('<', "%3C").replace('>', "%3E").replace('\\', "%5C").replace(char::is_whitespace, "%20")
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_hit_is_an_item_of_a_list() {
        assert_eq!(
            sample::written(&Markdown, &sample::results(), &Style::default()),
            "- **[Kim, Putin sign \"mutual defence\" pact](<https://harbour.example/2024/pact?a=1&b=2>)**  \n  \
             Harbour Wire, 2024-06-19, wire/2024/06/pact.jsonl:3 (wire-1)\n  \
             > a treaty on the **mutual defence**, of both countries, next Tuesday\n\n\
             - **(no headline)**  \n  odd/\u{202e}gpj.txt (odd,\"id\"\u{1b})\n\n"
        );
    }

    #[test]
    fn signs_of_markdown_are_printed() {
        let check = |text: &str, spans: &[[usize; 2]], expected: &str| {
            let snippet = Snippet { text: text.into(), start: 0, end: 0, spans: spans.to_vec() };
            assert_eq!(passage(&snippet, &Style::default()), expected, "{text}");
        };
        check("a *b* _c_ [d](e) <f> & `g` #h ~i", &[], "a \\*b\\* \\_c\\_ \\[d\\](e) &lt;f> &amp; \\`g\\` \\#h \\~i");
        check("- no list", &[], "\\- no list");
        check("# no heading", &[], "\\# no heading");
        check("> no quotation", &[], "\\> no quotation");
        check("1. no number", &[], "1\\. no number");
        check("1961) no number", &[], "1961\\) no number");
        check("1961 saw it", &[], "1961 saw it");
        check("one\n\ntwo three", &[[5, 8]], "one **two** three");
        check("one two", &[[0, 4]], "**one** two");
        check("a_b", &[[0, 3]], "**a\\_b**");
        assert_eq!(address("https://a.example/<x> \\"), "https://a.example/%3Cx%3E%20%5C");
    }
}
