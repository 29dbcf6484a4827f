//! What an export of WordPress adds to RSS: drafts and attachments beside posts, accounts, and HTML as its editor keeps
//! it, where line breaks and words in square brackets count.

use crate::read::xml::Element;

/// Whether an item comes from an export.
pub(super) fn is_export(item: &Element) -> bool {
    field(item, "wp:post_type").is_some() || field(item, "wp:status").is_some()
}

/// Why an item is no article that was published, as the end of a sentence: `of type …`, `not published …`; none where it is one.
pub(super) fn unpublished(item: &Element) -> Option<String> {
    if !is_export(item) {
        return None;
    }
    let kind = field(item, "wp:post_type").unwrap_or_else(|| "post".to_owned());
    if !matches!(kind.as_str(), "post" | "page") {
        return Some(format!("of type `{}`, neither post nor page", short(&kind)));
    }
    let status = field(item, "wp:status").unwrap_or_else(|| "publish".to_owned());
    (status != "publish").then(|| format!("not published (status `{}`)", short(&status)))
}

/// Login and name of an account.
pub(super) fn account(author: &Element) -> Option<(String, String)> {
    Some((field(author, "wp:author_login")?, field(author, "wp:author_display_name")?))
}

/// Whether a category is the one that posts have that nobody put anywhere.
pub(super) fn is_default(category: &Element) -> bool {
    category.attribute("nicename") == Some("uncategorized") || category.raw_text().trim() == "Uncategorized"
}

fn field(element: &Element, name: &str) -> Option<String> {
    element.elements().find(|inner| inner.name == name)?.text()
}

/// No more of a word than a message can hold.
fn short(word: &str) -> &str {
    word.get(..word.floor_char_boundary(30)).unwrap_or("")
}

/// The HTML of a post as its page would show it: line breaks made elements, words in square brackets that call a plugin
/// taken out.
pub(super) fn html(post: &str) -> String {
    // The newer editor writes its paragraphs out, with comments around them.
    let breaks_count = !post.contains("<!-- wp:");
    let mut out = String::with_capacity(post.len() + post.len() / 8);
    let mut rest = post;
    while let Some(at) = rest.find(['<', '[', '\n', '\r']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let length = match from.as_bytes().first() {
            Some(b'<') if from.starts_with("< ") => {
                out.push_str("&lt; ");
                2
            }
            Some(b'<') => {
                let length = from.find('>').map_or(from.len(), |end| end + 1);
                out.push_str(from.get(..length).unwrap_or(from));
                length
            }
            Some(b'[') => match shortcode(from) {
                Some(length) => {
                    out.push_str("<p>");
                    length
                }
                None => {
                    out.push('[');
                    1
                }
            },
            _ => {
                let text = from.trim_start_matches([' ', '\t', '\n', '\r']);
                let blank = from.get(..from.len() - text.len()).unwrap_or("");
                out.push_str(match blank.matches('\n').count() {
                    _ if !breaks_count => "\n",
                    0 => " ",
                    1 => "<br>",
                    _ => "<p>",
                });
                blank.len()
            }
        };
        rest = from.get(length..).unwrap_or("");
    }
    out.push_str(rest);
    out
}

/// The longest call of a plugin.
const LONGEST_SHORTCODE: usize = 2000;

/// The length of a call of a plugin at the beginning of `text`: `[gallery]`, `[caption id="a"]`, `[/caption]`. Other words
/// in brackets are the writer's.
fn shortcode(text: &str) -> Option<usize> {
    let window = text.get(..text.floor_char_boundary(LONGEST_SHORTCODE)).unwrap_or(text);
    // Another bracket before the end would make this one a word.
    let end = window.get(1..)?.find(['[', ']'])? + 1;
    let inner = window.get(1..end).filter(|_| window.as_bytes().get(end) == Some(&b']'))?;
    let (closing, inner) = match inner.strip_prefix('/') {
        Some(inner) => (true, inner),
        None => (false, inner),
    };
    let length = inner.bytes().take_while(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'));
    let (name, rest) = inner.split_at(length.count());
    if name.is_empty() {
        return None;
    }
    let rest = rest.trim_end_matches('/').trim();
    let known = matches!(name, "gallery" | "caption" | "wp_caption" | "embed" | "audio" | "video" | "playlist");
    let has_values = rest.contains("=\"") || rest.contains("='");
    let call = if rest.is_empty() { closing || known } else { has_values };
    call.then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::super::super::html::fragment;
    use super::super::super::xml;
    use super::*;

    #[test]
    fn posts_as_their_pages_show_them() {
        for (post, expected) in [
            ("One.\n\nTwo\nthree.", "One.\n\nTwo\nthree."),
            ("<p>One.</p>\r\n\r\n<p>Two</p>", "One.\n\nTwo"),
            ("<!-- wp:paragraph -->\n<p>One\ntwo.</p>\n<!-- /wp:paragraph -->", "One two."),
            (
                "[caption id=\"a\" width='3']<img src='x'/> A queue[/caption]\nOne [sic] two [...] [a].",
                "A queue\n\nOne [sic] two [...] [a].",
            ),
            ("[gallery]One[gallery ids=\"1,2\"/]\n[vc_row a=\"b\"]Two[/vc_row]", "One\n\nTwo"),
            ("<a\nhref='x'>One</a>", "One"),
            ("a < b [", "a < b ["),
        ] {
            assert_eq!(fragment::text(&html(post)), expected, "{post}");
        }
        assert_eq!(html(&"[".repeat(100_000)).len(), 100_000);
    }

    #[test]
    fn what_was_never_published() {
        for (item, expected) in [
            ("<item/>", None),
            ("<item><wp:status>publish</wp:status><wp:post_type>page</wp:post_type></item>", None),
            (
                "<item><wp:status>draft</wp:status><wp:post_type>post</wp:post_type></item>",
                Some("not published (status `draft`)"),
            ),
            (
                "<item><wp:status>inherit</wp:status><wp:post_type>attachment</wp:post_type></item>",
                Some("of type `attachment`, neither post nor page"),
            ),
        ] {
            assert_eq!(unpublished(&xml::parse(item).expect("there is a root")).as_deref(), expected);
        }
    }
}
