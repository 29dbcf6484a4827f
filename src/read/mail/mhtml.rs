//! Web pages that a browser saved with all that belongs to them, in the form of a message (MHTML).

use super::fields::look;
use super::parts::Part;
use crate::article::Article;
use crate::read::html::{self, Page};
use crate::read::{File, Flow, Format, Skip};

/// A saved page.
pub struct Mhtml;

impl Format for Mhtml {
    fn name(&self) -> &'static str {
        "mhtml"
    }

    fn description(&self) -> &'static str {
        "Web pages saved by a browser as one file (MHTML)"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["mht", "mhtml"]
    }

    fn recognise(&self, head: &[u8], name: &str) -> u8 {
        let Some(seen) = look(head).filter(|seen| seen.technical) else { return 0 };
        let named = self.is_named(name);
        // Mail can have pages as its text too, but it was sent.
        if seen.page || named && !seen.sent { 97 } else { 0 }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        _skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        let path = file.path;
        let (bytes, cut) = file.bytes()?;
        let message = Part::of_message(&bytes);
        let root = root(&message).ok_or_else(|| Skip::file(path, "holds no page"))?;
        let page = Page {
            bytes: &root.bytes(),
            charset: root.fields.charset.as_deref(),
            url: root.fields.location.as_deref().or(message.fields.location.as_deref()),
            path,
        };
        let mut article = html::article(&page).map_err(|reason| Skip::file(path, reason))?;
        article.truncated |= cut;
        take(article);
        Ok(())
    }
}

/// The part that is the page: the one that the header names, else the first that is HTML.
fn root<'a, 'b>(part: &'b Part<'a>) -> Option<&'b Part<'a>> {
    if matches!(part.kind(), "text/html" | "application/xhtml+xml") {
        return Some(part);
    }
    let start = part.fields.start.as_deref();
    let named = part.parts.iter().find(|inner| start.is_some() && inner.fields.content_id.as_deref() == start);
    named.and_then(root).or_else(|| part.parts.iter().find_map(root))
}

#[cfg(test)]
mod tests {
    use super::super::super::around::{Around, Budget};
    use super::*;

    /// What comes of a page: what the article says, or the reason for a skip.
    fn check(name: &str, bytes: &str, expected: &str) {
        let mut out = Vec::new();
        let result = crate::read::read(
            name,
            &mut bytes.as_bytes(),
            Around::new(&Budget::default()),
            &mut |article| {
                let url = article.url.unwrap_or_default();
                let text = article.text.replace('\n', "/");
                out.push(format!("{} | {text} | {url}", article.title.unwrap_or_default()));
                Flow::Continue
            },
            &mut |_| (),
        );
        out.extend(result.err().map(|skip| format!("! {}", skip.reason)));
        assert_eq!(out, [expected], "{bytes}");
    }

    #[test]
    fn pages() {
        let page = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://a.example/1\r\nSubject: T\r\n\
                    MIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"b\"\r\n\r\n\r\n\
                    --b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\
                    Content-Location: https://a.example/1\r\n\r\n<html><head><title>T &amp;=\r\n t</title></head>\
                    <body><p>Caf=C3=A9.</p></body></html>\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n";
        check("a", page, "T & t | Café. | https://a.example/1");
        check("a.mht", &page.replace("Blink", "x"), "T & t | Café. | https://a.example/1");
        check("a.mht", "MIME-Version: 1.0\nContent-Type: text/html\n\n<p>Text", " | Text | ");
        check("a.mht", "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n", "! holds no page");
        check("a.mht", "MIME-Version: 1.0\nContent-Type: text/html\n\n", "! has no text");
    }
}
