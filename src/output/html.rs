//! Pieces of a page for a browser that needs nothing but itself: no script, no file, no address is loaded, and its policy
//! forbids all of that should anything slip in.
//!
//! Everything that comes from articles or from a user goes through [`escaped`]; an address becomes a link only where
//! [`web_address`] takes it for one.

use super::flow::{Paint, marked};
use super::table::thousands;
use super::{Style, visible};
use crate::search::{Hit, Timeline};
use std::fmt::Write as _;
use std::io::{self, Write};

/// What a page may load and do: show itself in its own colours.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// How a page looks, by day and by night, on a screen and on paper.
const LOOKS: &str = "\
:root{color-scheme:light dark;--faint:#666;--line:#ddd;--mark:#ffe58a;--ink:#1a1a1a;--paper:#fff;--bar:#3b6ea8}\
@media(prefers-color-scheme:dark){:root{--faint:#9a9a9a;--line:#333;--mark:#6b5600;--ink:#e6e6e6;--paper:#161616;--bar:#7fb0e6}}\
body{font:16px/1.5 Georgia,serif;color:var(--ink);background:var(--paper);max-width:56rem;margin:2rem auto;padding:0 1rem}\
h1,h2,h3{line-height:1.25}h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}h3{font-size:1.05rem;margin:0}\
a{color:inherit}mark{background:var(--mark);color:inherit}code{font-size:.85em;overflow-wrap:anywhere}\
.faint{color:var(--faint);font-size:.85rem;margin:.1rem 0}.hits{padding-left:2.2rem}.hits li{margin:1.2rem 0}\
blockquote{margin:.4rem 0;padding-left:.8rem;border-left:3px solid var(--line);overflow-wrap:anywhere}\
svg{width:100%;height:7rem;display:block;border-bottom:1px solid var(--line)}svg rect{fill:var(--bar)}\
.ends{display:flex;justify-content:space-between}\
table{border-collapse:collapse;width:100%;font-size:.9rem}\
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line)}\
.number{text-align:right;font-variant-numeric:tabular-nums}.none td{color:var(--faint)}\
@media print{body{max-width:none;margin:0}.hits li{break-inside:avoid}}";

/// Text between tags or in an attribute between double quotation marks. What nobody would see, or what changes the
/// direction of what follows, is written as `\u{202e}`.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in visible::line(text, true).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// The address where it is one of the web, to be linked to; a script or a file is none.
pub fn web_address(url: &str) -> Option<&str> {
    let starts = |scheme: &str| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    (starts("https://") || starts("http://")).then_some(url).filter(|url| !url.contains(char::is_control))
}

/// The beginning of a page, to behind its first heading.
///
/// # Errors
/// When `out` takes nothing more.
pub fn begin(title: &str, out: &mut dyn Write) -> io::Result<()> {
    let title = escaped(title);
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>{LOOKS}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    )
}

/// The end of a page.
///
/// # Errors
/// When `out` takes nothing more.
pub fn end(out: &mut dyn Write) -> io::Result<()> {
    let made_by = concat!("dateline ", env!("CARGO_PKG_VERSION"));
    write!(out, "<p class=\"faint\">made by {made_by}</p>\n</body>\n</html>\n")
}

/// A paragraph in small letters.
///
/// # Errors
/// When `out` takes nothing more.
pub fn remark(text: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<p class=\"faint\">{}</p>", escaped(text))
}

/// Text with what matched in it marked; `start` and `spans` as for [`marked`].
fn passage(text: &str, start: usize, spans: &[[usize; 2]]) -> String {
    let style = Style { colour: true, ..Style::default() };
    let mut out = String::new();
    for run in marked(text, start, spans, Paint::Plain, &style) {
        let blank = |at_the_end: bool| match at_the_end {
            true => run.text.ends_with(char::is_whitespace),
            false => run.text.starts_with(char::is_whitespace),
        };
        if blank(false) && !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
        let line = escaped(run.text);
        match run.paint {
            Paint::Match if !line.is_empty() => write!(out, "<mark>{line}</mark>").expect("a string takes everything"),
            _ => out.push_str(&line),
        }
        if blank(true) && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.trim_end().to_owned()
}

/// A hit as an item of a list.
///
/// # Errors
/// When `out` takes nothing more.
pub fn hit(hit: &Hit, out: &mut dyn Write) -> io::Result<()> {
    let title = match hit.title.as_deref().filter(|title| !title.trim().is_empty()) {
        Some(title) => passage(title, 0, &hit.title_spans),
        None => "(no headline)".to_owned(),
    };
    match hit.url.as_deref().and_then(web_address) {
        Some(url) => writeln!(out, "<li><h3><a href=\"{}\" rel=\"noreferrer\">{title}</a></h3>", escaped(url))?,
        None => writeln!(out, "<li><h3>{title}</h3>")?,
    }
    let published = super::lists::published(hit.published.as_ref());
    let authors = hit.authors.join(", ");
    let parts = [Some(published.as_str()), hit.source.as_deref(), Some(authors.as_str())];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).map(escaped).collect();
    let location = super::lists::location(&hit.path, hit.member.as_deref());
    writeln!(
        out,
        "<p class=\"faint\">{} · <code>{}</code> · <code>{}</code></p>",
        parts.join(" · "),
        escaped(&location),
        escaped(&hit.id)
    )?;
    for snippet in &hit.snippets {
        let text = passage(&snippet.text, snippet.start, &snippet.spans);
        writeln!(out, "<blockquote>{text}</blockquote>")?;
    }
    out.write_all(b"</li>\n")
}

/// A timeline as bars, with the numbers below for those who do not see them.
///
/// # Errors
/// When `out` takes nothing more.
pub fn timeline(timeline: &Timeline, out: &mut dyn Write) -> io::Result<()> {
    let range = timeline.middle.clone().unwrap_or(0..timeline.periods.len());
    let periods = timeline.periods.get(range).unwrap_or(&[]);
    let (Some(first), Some(last)) = (periods.first(), periods.last()) else { return Ok(()) };
    let most = periods.iter().map(|period| period.count).max().unwrap_or(0).max(1);
    writeln!(out, "<h2>By {}</h2>", timeline.by.name())?;
    writeln!(
        out,
        "<svg viewBox=\"0 0 {} 100\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"articles by {}\">",
        periods.len() * 10,
        timeline.by.name()
    )?;
    for (place, period) in periods.iter().enumerate().filter(|(_, period)| period.count > 0) {
        // A single article among thousands is seen, too.
        let height = (period.count as f64 / most as f64 * 100.0).max(1.0);
        writeln!(
            out,
            "<rect x=\"{}\" y=\"{:.1}\" width=\"9\" height=\"{height:.1}\"><title>{}: {} of {}</title></rect>",
            place * 10,
            100.0 - height,
            escaped(&period.period),
            thousands(period.count),
            thousands(period.articles)
        )?;
    }
    writeln!(
        out,
        "</svg>\n<p class=\"faint ends\"><span>{}</span><span>most: {}</span><span>{}</span></p>",
        escaped(&first.period),
        thousands(most),
        escaped(&last.period)
    )?;
    let unit = timeline.by.name();
    writeln!(out, "<details><summary>The numbers</summary>\n<table>")?;
    writeln!(out, "<tr><th>{unit}</th><th class=\"number\">hits</th><th class=\"number\">articles</th></tr>")?;
    for period in timeline.periods.iter().filter(|period| period.count > 0) {
        writeln!(
            out,
            "<tr><td>{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>",
            escaped(&period.period),
            thousands(period.count),
            thousands(period.articles)
        )?;
    }
    writeln!(out, "</table></details>")
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::search::{Period, Snippet};

    #[test]
    fn nothing_of_an_article_is_a_tag() {
        for (text, expected) in [
            ("<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"),
            ("\" onclick=\"x", "&quot; onclick=&quot;x"),
            ("a & b &amp; c", "a &amp; b &amp;amp; c"),
            ("one\n\ttwo\u{1b}[31m\u{202e}", "one two\\u{1b}[31m\\u{202e}"),
            ("平壌 – “x”", "平壌 – “x”"),
        ] {
            assert_eq!(escaped(text), expected);
        }
        let evil = Hit {
            id: "<i>".into(),
            title: Some("a <b> c".into()),
            title_spans: vec![[2, 5]],
            path: "\"><img src=x>".into(),
            source: Some("<u>".into()),
            url: Some("https://a.example/\"><script>".into()),
            snippets: vec![Snippet { text: "</blockquote> x".into(), start: 7, end: 22, spans: vec![[21, 22]] }],
            authors: vec!["<s>".into()],
            ..Hit::default()
        };
        let mut out = Vec::new();
        hit(&evil, &mut out).expect("a vector takes everything");
        let text = String::from_utf8(out).expect("it is text");
        assert!(text.contains("a <mark>&lt;b&gt;</mark> c"), "{text}");
        assert!(text.contains("<blockquote>&lt;/blockquote&gt; <mark>x</mark></blockquote>"), "{text}");
        let tags = ["li", "h3", "a ", "p ", "code", "blockquote", "mark"];
        for tag in text.split('<').skip(1) {
            assert!(tags.iter().any(|own| tag.trim_start_matches('/').starts_with(own.trim())), "<{tag} in {text}");
        }
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        for (url, is_one) in [
            ("https://a.example/x?a=1&b=2", true),
            ("HTTP://a.example", true),
            ("javascript:alert(1)", false),
            ("data:text/html,x", false),
            ("file:///etc/passwd", false),
            (" https://a.example", false),
            ("https://a.example/\n", false),
            ("//a.example", false),
            ("", false),
        ] {
            assert_eq!(web_address(url).is_some(), is_one, "{url}");
        }
        let mut script = sample::results().hits.remove(0);
        script.url = Some("javascript:alert(1)".into());
        let mut out = Vec::new();
        hit(&script, &mut out).expect("a vector takes everything");
        assert!(!String::from_utf8_lossy(&out).contains("javascript"));
    }

    #[test]
    fn a_page_loads_nothing() {
        let mut out = Vec::new();
        begin("a <title>", &mut out).expect("a vector takes everything");
        end(&mut out).expect("a vector takes everything");
        let text = String::from_utf8(out).expect("it is text");
        assert!(text.contains("Content-Security-Policy\" content=\"default-src 'none'"), "{text}");
        assert!(text.contains("<title>a &lt;title&gt;</title>"), "{text}");
        for word in ["<script", "src=", "href=", "@import", "url("] {
            assert!(!text.contains(word), "{word} in {text}");
        }
    }

    #[test]
    fn bars_are_as_high_as_their_counts() {
        let period = |name: &str, count| Period { period: name.into(), count, articles: 9, ..Period::default() };
        let shown = Timeline {
            periods: vec![period("2024-05", 4), period("2024-06", 0), period("2024-07", 1)],
            ..Timeline::default()
        };
        let mut out = Vec::new();
        timeline(&shown, &mut out).expect("a vector takes everything");
        let text = String::from_utf8(out).expect("it is text");
        assert!(text.contains("<rect x=\"0\" y=\"0.0\" width=\"9\" height=\"100.0\"><title>2024-05: 4 of 9</title>"));
        assert!(text.contains("<rect x=\"20\" y=\"75.0\" width=\"9\" height=\"25.0\">"), "{text}");
        assert_eq!(text.matches("<rect").count(), 2);
        let mut nothing = Vec::new();
        timeline(&Timeline::default(), &mut nothing).expect("a vector takes everything");
        assert!(nothing.is_empty());
    }
}
