//! The text of one article as the national library of the Netherlands gives it: a title and paragraphs.

use super::scan::lines::{self, Compounds};
use super::{File, Flow, Format, Skip, layout, xml};
use crate::article::Article;

/// A file of article text.
pub(super) struct ArticleText;

/// How the names of such files end; what comes before is the id of the article.
const NAME: &str = "_articletext.xml";

impl Format for ArticleText {
    fn name(&self) -> &'static str {
        "article-text"
    }

    fn description(&self) -> &'static str {
        "Article text of scanned newspapers, a title and paragraphs, as Delpher has it"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["xml"]
    }

    fn recognise(&self, head: &[u8], name: &str) -> u8 {
        if xml::root(head).as_deref() != Some("text") {
            return 0;
        }
        if name.ends_with(NAME) {
            return 95;
        }
        // The name of the root is too common to be believed alone.
        let head = String::from_utf8_lossy(head);
        let inner = head.split_once("<text").and_then(|(_, rest)| rest.split_once('>')).map_or("", |(_, inner)| inner);
        let inner = inner.trim_start();
        if inner.starts_with("<title>") || inner.starts_with("<title/>") || inner.starts_with("<p>") { 80 } else { 0 }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        _skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        let (decoded, cut) = xml::text_of(file)?;
        let mut article = article(&decoded.text, file.path).ok_or_else(|| Skip::file(file.path, "has no text"))?;
        article.encoding = decoded.encoding;
        article.truncated |= cut;
        take(article);
        Ok(())
    }
}

fn article(text: &str, path: &str) -> Option<Article> {
    let root = xml::parse(text)?;
    let paragraphs: Vec<String> = root.outermost("p").into_iter().filter_map(xml::Element::text).collect();
    let titles: Vec<String> = root.all("title").filter_map(xml::Element::text).collect();
    let title = (!titles.is_empty()).then(|| titles.join(" "));
    let compounds = Compounds::of(paragraphs.iter().map(String::as_str));
    // Lines were joined without undoing hyphens: `fchee- pen`.
    let undo = |paragraph: String| {
        let mut out = String::with_capacity(paragraph.len());
        for part in paragraph.split_inclusive("- ") {
            if part.starts_with(char::is_lowercase) {
                lines::join(&mut out, part, &compounds);
            } else {
                out.push_str(part);
            }
            // The blank is needed again where nothing was divided.
            if part.ends_with(' ') && !out.ends_with(' ') {
                out.push(' ');
            }
        }
        out.trim_end().to_owned()
    };
    let paragraphs: Vec<String> = paragraphs.into_iter().map(undo).collect();
    let body = lines::body(paragraphs.into_iter().map(|paragraph| (paragraph, false)), &compounds);
    // An advertisement may be all title.
    let text = if body.is_empty() { title.clone()? } else { body };
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut article = Article {
        id: name.strip_suffix(NAME).filter(|id| !id.is_empty()).map(str::to_owned),
        path: path.to_owned(),
        title,
        text,
        ..Article::default()
    };
    super::cut(&mut article);
    layout::mark(&mut article);
    Some(article)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_and_paragraphs() {
        for (text, expected) in [
            (
                "<text><title>SPAIN.</title><p>The fleet  has\nsai- led - at last.</p><p>More &amp; more.</p></text>",
                Some((Some("SPAIN."), "The fleet has sailed - at last.\n\nMore & more.")),
            ),
            ("<text><title/><p>Only this.</p></text>", Some((None, "Only this."))),
            ("<text><title>For sale</title></text>", Some((Some("For sale"), "For sale"))),
            ("<text><title>Cut", Some((Some("Cut"), "Cut"))),
            ("<text><p> </p></text>", None),
            ("", None),
        ] {
            let article = article(text, "a/X_0001_articletext.xml");
            let found = article.as_ref().map(|article| (article.title.as_deref(), article.text.as_str()));
            assert_eq!(found, expected, "{text}");
            assert!(article.is_none_or(|article| article.id.as_deref() == Some("X_0001")));
        }
    }

    #[test]
    fn other_files_are_left_alone() {
        let sure = |head: &str, name| ArticleText.recognise(head.as_bytes(), name);
        assert_eq!(sure("<?xml version='1.0'?>\n<text>\n\t<title>", "a.xml"), 80);
        assert_eq!(sure("<text><body>", "a.xml"), 0);
        assert_eq!(sure("<text><p class='x'>", "1_articletext.xml"), 95);
        assert_eq!(sure("text", "a.xml"), 0);
    }
}
