//! The text of a message: which of its parts it is, and how it reads.

use super::parts::Part;
use crate::read::html::fragment;
use crate::text::Span;

/// A plain part that is shorter only says that the message is elsewhere, where the HTML beside it is much longer.
const SHORTEST_PLAIN: usize = 200;

/// How many times as long the HTML is then.
const MUCH_LONGER: usize = 5;

/// How many lines a signature can have whose first line lacks the blank that belongs there.
const SIGNATURE_LINES: usize = 8;

/// What a message says, and what comes with it.
#[derive(Debug, Default)]
pub(super) struct Body<'a, 'b> {
    pub(super) text: String,
    /// The encoding of the first part that was not in UTF-8.
    pub(super) encoding: Option<String>,
    /// Whether the text was plain.
    plain: bool,
    /// What may hold articles of its own.
    pub(super) attached: Vec<&'b Part<'a>>,
}

/// Reads the text of a message.
pub(super) fn read<'a, 'b>(message: &'b Part<'a>) -> Body<'a, 'b> {
    let mut body = Body::default();
    match message.kind() {
        // It has a name where somebody sent nothing but a file.
        "text/plain" | "text/html" => body.add_text(message),
        _ => body.add(message),
    }
    body
}

impl<'a, 'b> Body<'a, 'b> {
    fn add(&mut self, part: &'b Part<'a>) {
        match part.kind() {
            "multipart/alternative" => self.add_one_of(&part.parts),
            "multipart/related" => {
                let start = part.fields.start.as_deref();
                let root =
                    part.parts.iter().find(|inner| start.is_some() && inner.fields.content_id.as_deref() == start);
                if let Some(root) = root.or(part.parts.first()) {
                    self.add(root);
                }
            }
            // What follows is the signature.
            "multipart/signed" => part.parts.first().into_iter().for_each(|part| self.add(part)),
            kind if kind.starts_with("multipart/") => part.parts.iter().for_each(|part| self.add(part)),
            "text/plain" | "text/html" if !is_attached(part) => self.add_text(part),
            _ => self.attached.push(part),
        }
    }

    /// Of several forms of the same text, takes the plain one where it says as much as the other.
    fn add_one_of(&mut self, parts: &'b [Part<'a>]) {
        let mut best: Option<Body<'a, 'b>> = None;
        for part in parts {
            let mut found = Body::default();
            found.add(part);
            self.attached.append(&mut found.attached);
            if found.text.is_empty() {
                continue;
            }
            let better = best.as_ref().is_none_or(|best| match (best.plain, found.plain) {
                (true, false) => is_stub(&best.text, &found.text),
                (false, true) => !is_stub(&found.text, &best.text),
                _ => false,
            });
            if better {
                best = Some(found);
            }
        }
        if let Some(best) = best {
            self.push(&best.text, best.encoding);
            self.plain = best.plain;
        }
    }

    fn add_text(&mut self, part: &Part<'_>) {
        let decoded = part.text();
        self.plain = part.kind() == "text/plain";
        let text = if self.plain {
            plain(&decoded.text, part.fields.flowed, part.fields.delete_blank)
        } else {
            html(&decoded.text)
        };
        self.push(&text, decoded.encoding);
    }

    fn push(&mut self, text: &str, encoding: Option<String>) {
        if text.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        self.text.push_str(text);
        self.encoding = self.encoding.take().or(encoding);
    }
}

fn is_attached(part: &Part<'_>) -> bool {
    part.fields.attached || part.fields.file_name.is_some() && !part.fields.inline
}

fn is_stub(plain: &str, html: &str) -> bool {
    plain.len() < SHORTEST_PLAIN && html.len() > plain.len() * MUCH_LONGER && html.len() > SHORTEST_PLAIN
}

/// The text of a part in HTML.
fn html(html: &str) -> String {
    fragment::text(html)
}

/// The text of a plain part: one kind of line break, no more than one blank line between paragraphs, lines that were
/// broken for sending joined.
fn plain(text: &str, flowed: bool, delete_blank: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank_lines = 0;
    // How deep the line before is quoted, where it goes on in this one.
    let mut goes_on: Option<usize> = None;
    for line in text.split('\n') {
        let line = line.trim_end_matches('\r');
        let is_mark = line == SIGNATURE;
        let (depth, words) = if flowed { quoted(line) } else { (0, line) };
        let soft = flowed && words.ends_with(' ') && !is_mark;
        let line = line.trim_end();
        if line.is_empty() {
            blank_lines += 1;
            goes_on = None;
            continue;
        }
        if goes_on == Some(depth) && !is_mark {
            if !delete_blank {
                out.push(' ');
            }
            out.push_str(words.trim_end());
        } else {
            if !out.is_empty() {
                out.push_str(if blank_lines > 0 { "\n\n" } else { "\n" });
            }
            out.push_str(match () {
                () if is_mark => SIGNATURE,
                // A blank before the first word was added for sending.
                () if flowed && depth == 0 => words.trim_end(),
                () => line,
            });
        }
        blank_lines = 0;
        goes_on = soft.then_some(depth);
    }
    if out.trim().is_empty() { String::new() } else { out }
}

/// How deep a line is quoted, and what it says.
fn quoted(line: &str) -> (usize, &str) {
    let words = line.trim_start_matches('>');
    (line.len() - words.len(), words.strip_prefix(' ').unwrap_or(words))
}

/// The line before a signature.
const SIGNATURE: &str = "-- ";

/// Takes a mark that no signature follows off a text, and answers where the signature is.
pub(super) fn signature(text: &mut String) -> Option<Span> {
    let mut found = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let words = line.trim_end_matches('\n');
        if words == SIGNATURE || words == "--" || words == "-----BEGIN PGP SIGNATURE-----" {
            found = Some((at, at + line.len(), words == "--"));
        }
        at += line.len();
    }
    let (start, after, loose) = found?;
    let rest = text.get(after..).unwrap_or("");
    // Some write above what they answer to, and so does their signature.
    let quote = rest.find("\n>").map_or(text.len(), |end| after + end);
    let signed = text.get(after..quote).unwrap_or("");
    if rest.trim().is_empty() {
        text.truncate(text.get(..start).unwrap_or("").trim_end().len());
        return None;
    }
    if rest.starts_with('>') || loose && signed.lines().filter(|line| !line.trim().is_empty()).count() > SIGNATURE_LINES
    {
        return None;
    }
    Some(Span::new(start, start + text.get(start..quote).unwrap_or("").trim_end().len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(message: &str, expected: &str) {
        let part = Part::of_message(message.as_bytes());
        assert_eq!(read(&part).text, expected, "{message}");
    }

    fn alternative(plain: &str, html: &str) -> String {
        format!(
            "Content-Type: multipart/alternative; boundary=a\n\n--a\n\n{plain}\n--a\nContent-Type: text/html\n\n{html}\n--a--\n"
        )
    }

    #[test]
    fn which_part_it_is() {
        check("Subject: a\n\nText\n", "Text");
        check("Content-Type: text/html\n\n<p>One<p>Two", "One\n\nTwo");
        check(&alternative("Plain text.", "<p>HTML text."), "Plain text.");
        check(&alternative(" ", "<p>HTML text."), "HTML text.");
        check(&alternative("See the page.", &format!("<p>{}", "word ".repeat(50))), "word ".repeat(50).trim());
        check(&alternative("Plain.", ""), "Plain.");
        check(
            "Content-Type: multipart/mixed; boundary=a\n\n--a\n\nOne\n--a\nContent-Disposition: attachment; filename=a.txt\n\n\
             No\n--a\nContent-Type: image/png\n\nNo\n--a\n\nTwo\n--a--",
            "One\n\nTwo",
        );
        check(
            "Content-Type: multipart/related; boundary=a; start=\"<2>\"\n\n--a\nContent-ID: <1>\n\nNo\n--a\n\
             Content-ID: <2>\nContent-Type: text/html\n\nYes\n--a--",
            "Yes",
        );
        check("Content-Type: text/plain; charset=iso-8859-1\n\ncaf=E9", "caf=E9");
        check("Content-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=koi8-r\n\n=D0=D2", "пр");
    }

    #[test]
    fn plain_text() {
        for (text, flowed, expected) in [
            ("One\r\ntwo\r\n \r\n\r\n\r\nThree\r\n", false, "One\ntwo\n\nThree"),
            ("One \ntwo \nthree.\n\nFour", true, "One two three.\n\nFour"),
            ("> One \n> two\nThree \n> four", true, "> One two\nThree\n> four"),
            ("One\n-- \nAna", true, "One\n-- \nAna"),
            (" \n", false, ""),
        ] {
            assert_eq!(plain(text, flowed, false), expected, "{text}");
        }
    }

    #[test]
    fn signatures() {
        for (text, rest, expected) in [
            ("Text\n\n-- \nAna Ruiz\nDesk", "Text\n\n-- \nAna Ruiz\nDesk", Some("-- \nAna Ruiz\nDesk")),
            ("Text\n\n--\nAna Ruiz", "Text\n\n--\nAna Ruiz", Some("--\nAna Ruiz")),
            ("Text\n\n-- ", "Text", None),
            ("Text\n-- \nAna\n\n> Quote", "Text\n-- \nAna\n\n> Quote", Some("-- \nAna")),
            ("Text", "Text", None),
            ("One\n--\n1\n2\n3\n4\n5\n6\n7\n8\n9", "One\n--\n1\n2\n3\n4\n5\n6\n7\n8\n9", None),
        ] {
            let mut found = text.to_owned();
            let span = signature(&mut found);
            assert_eq!(span.map(|span| span.of(&found)), expected, "{text}");
            assert_eq!(found, rest);
        }
    }
}
