//! Readings of characters, as Japanese pages have them in small print above or beside the words: `<ruby>`.
//!
//! Readers of a text want the words once, without their readings.

use std::borrow::Cow;

/// A page without the readings of its words, and without the tags that join words and readings.
pub(super) fn without(html: &str) -> Cow<'_, str> {
    if !has_ruby(html) {
        return html.into();
    }
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    // A reading begins at its tag and ends at the next tag of a ruby: end tags may be left out.
    let mut reading = false;
    while let Some(open) = rest.find('<') {
        let (before, tagged) = rest.split_at(open);
        let (tag, after) = tagged.find('>').map_or((tagged, ""), |end| tagged.split_at(end + 1));
        if !reading {
            out.push_str(before);
        }
        let end = tag.starts_with("</");
        let name = tag.trim_start_matches(['<', '/']);
        let name = name.get(..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())).unwrap_or("");
        match name.to_ascii_lowercase().as_str() {
            "rt" | "rp" => reading = !end,
            "ruby" | "rb" | "rbc" | "rtc" => reading = false,
            // Within a reading stand words and their marks, nothing that begins a paragraph.
            "p" | "div" | "li" | "td" | "br" | "body" | "script" => {
                reading = false;
                out.push_str(tag);
            }
            _ if !reading => out.push_str(tag),
            _ => {}
        }
        rest = after;
    }
    if !reading {
        out.push_str(rest);
    }
    out.into()
}

/// Whether a page has `<ruby>` at all: few do.
fn has_ruby(html: &str) -> bool {
    html.as_bytes().windows(5).any(|bytes| bytes.eq_ignore_ascii_case(b"<ruby"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_without_their_readings() {
        for (html, expected) in [
            ("<p>no <rt>ruby</rt> at all</p>", "<p>no <rt>ruby</rt> at all</p>"),
            ("<p><ruby>雨<rt>あめ</rt></ruby>が<ruby>降<rt>ふ</rt></ruby>る。</p>", "<p>雨が降る。</p>"),
            ("<RUBY><rb>港</rb><rp>(</rp><RT>みなと</RT><rp>)</rp></RUBY>の町", "港の町"),
            ("<ruby>東<rt>とう<ruby>京<rt>きょう</ruby>へ", "東京へ"),
            (
                "<a href='x'><ruby><span class=\"u\">港</span><rt>みなと</rt></ruby></a>で",
                "<a href='x'><span class=\"u\">港</span></a>で",
            ),
            ("<ruby>港<rt>みなと<p>次の段落", "港<p>次の段落"),
            ("<ruby>港<rt", "港"),
            ("<ruby", ""),
        ] {
            assert_eq!(without(html), expected, "{html}");
        }
    }
}
