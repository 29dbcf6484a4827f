//! How deep and how large the tree of a page would be, told from its tags alone.
//!
//! Making a tree takes time with the square of its depth, and elements such as `<font>` that are never closed are opened
//! anew in every paragraph.

/// A tree deeper than this is not made. News pages are 20 to 40 deep, the deepest seen 60; 20,000 take ten seconds.
const DEEPEST: usize = 512;

/// A tree of more elements than this is not made. Long pages have 5,000; with 300,000 the main text takes seconds.
const LARGEST: usize = 200_000;

/// How many elements that are open may be opened anew by paragraphs, all together.
const REOPENED: usize = 100_000;

/// Elements without content.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Elements that end by themselves, and cannot lie in each other without others between.
const SELF_ENDING: &[&str] = &[
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup", "colgroup", "rt", "rp",
    "html", "head", "body",
];

/// Elements that are opened anew after the block in which they were left open.
const FORMATTING: &[&str] =
    &["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// What is open where the tags have been read so far.
#[derive(Default)]
pub(super) struct Depth {
    /// The names of open elements, as far as is needed to find the one that an end tag ends.
    open: Vec<String>,
    formatting: usize,
    elements: usize,
    reopened: usize,
    too_deep: bool,
}

impl Depth {
    /// An element begins.
    pub(super) fn start(&mut self, name: &str, self_closing: bool) {
        self.elements += 1;
        if VOID.contains(&name) || self.too_deep {
            return;
        }
        if SELF_ENDING.contains(&name) {
            self.reopened += self.formatting;
            return;
        }
        if FORMATTING.contains(&name) {
            // A link in a link ends the outer one.
            if name != "a" {
                self.formatting += 1;
            }
        } else {
            self.reopened += self.formatting;
        }
        let foreign = self_closing && self.open.iter().any(|open| open == "svg" || open == "math");
        if !foreign && name != "a" {
            self.open.push(name.to_owned());
            self.too_deep = self.open.len() > DEEPEST;
        }
    }

    /// An element ends.
    pub(super) fn end(&mut self, name: &str) {
        if self.too_deep {
            return;
        }
        let inline = |name: &str| FORMATTING.contains(&name) || name == "span";
        let mut found = None;
        for (at, open) in self.open.iter().enumerate().rev() {
            if open == name {
                found = Some(at);
                break;
            }
            // What is inline ends nothing beyond the block that it is in.
            if inline(name) && !inline(open) {
                break;
            }
        }
        if FORMATTING.contains(&name) && name != "a" {
            self.formatting = self.formatting.saturating_sub(1);
        }
        let Some(at) = found else { return };
        if inline(name) {
            self.open.remove(at);
        } else {
            self.open.truncate(at);
        }
    }

    /// Whether the tree is not to be made.
    pub(super) fn is_too_much(&self) -> bool {
        self.too_deep || self.elements > LARGEST || self.reopened > REOPENED
    }
}

#[cfg(test)]
mod tests {
    use super::super::survey;

    #[test]
    fn only_what_takes_long_is_too_much() {
        for (html, expected) in [
            ("<div>".repeat(500), false),
            ("<div>".repeat(600), true),
            ("<div>x</div>".repeat(5000), false),
            ("<p>One paragraph.\n".repeat(20_000), false),
            ("<li>One.<br>".repeat(20_000), false),
            ("<div><span>x</div>".repeat(5000), false),
            ("<font size=2>x".repeat(600), true),
            (format!("{}{}", "<font size=2><b>".repeat(100), "<p>x".repeat(5000)), true),
            (format!("{}{}", "<b>".repeat(3), "<p>x".repeat(5000)), false),
            ("<b>x</b><i>y</i>".repeat(20_000), false),
            ("<p><a href=x>x".repeat(5000), false),
            ("<i>".repeat(300_000), true),
            ("<br>".repeat(300_000), true),
        ] {
            assert_eq!(survey(&html).unwieldy, expected, "{}", html.get(..30).unwrap_or(&html));
        }
    }
}
