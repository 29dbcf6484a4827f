//! Markdown: one article a file, as archives for Hugo, Jekyll, Zola and the like keep it, with fields in front of the text.
//!
//! 1. [`front`] parts the fields, in YAML or TOML, from the text. They are read like those of a JSON object.
//! 2. [`reduced`] takes the signs of Markdown from the text and leaves what a reader would see.
//! 3. Where no field is the headline, the first heading is.

mod front;
mod reduced;

use super::fields::{Names, Role};
use super::json::article_from_json;
use super::layout::headline;
use super::{File, Flow, Format, Skip, encoding, foreign};
use crate::article::Article;
use serde_json::Value;

/// Markdown.
pub struct Markdown;

impl Format for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn description(&self) -> &'static str {
        "Markdown with or without front matter, one article a file"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["md", "markdown", "mdown", "mkd"]
    }

    fn recognise(&self, head: &[u8], name: &str) -> u8 {
        let named = self.is_named(name);
        // Every file is asked; most are neither called so nor begin with fields, which the first sign tells.
        if !named && encoding::begins_with_word(head) || foreign::recognise(head, name).is_some() {
            return 0;
        }
        let fields = front::begins(&encoding::decode(head).text);
        match (named, fields) {
            (true, true) => 95,
            (true, false) => 40,
            (false, true) => 70,
            (false, false) => 0,
        }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        _skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        let names = Names::beside(&file.around);
        let (bytes, cut) = file.bytes()?;
        let decoded = encoding::decode(&bytes);
        let text = decoded.text.replace("\r\n", "\n").replace('\r', "\n");
        let reason = if text.trim().is_empty() { "empty" } else { "has no text" };
        let mut article = article(&text, file.path, &names).ok_or_else(|| Skip::file(file.path, reason))?;
        article.encoding = decoded.encoding;
        article.truncated |= cut;
        take(article);
        Ok(())
    }
}

/// The article in a file; none where it has no text.
fn article(file: &str, path: &str, names: &Names) -> Option<Article> {
    let (mut fields, body) = front::parted(file);
    let mut text = reduced::text(body);
    // A title that is repeated above the text is none of it.
    let titled = fields.get("title").and_then(Value::as_str).map(str::to_owned);
    match &text.heading {
        Some(heading) if titled.as_ref().is_none_or(|title| title.trim() == heading.as_str()) => {
            fields.insert("title".to_owned(), Value::String(heading.clone()));
            text.body = text.body.get(text.heading_end..).unwrap_or("").trim_start().to_owned();
        }
        _ => {}
    }
    let untitled = fields.iter().all(|(name, _)| names.role(name).is_none_or(|(role, _)| role != Role::Title));
    if untitled {
        let found = headline::find(&text.body);
        if let (Some(title), true) = (found.title, found.before.is_empty()) {
            let rest = text.body.get(found.lines.end..).unwrap_or("").trim_start();
            if !rest.is_empty() {
                fields.insert("title".to_owned(), Value::String(title));
                text.body = rest.to_owned();
            }
        }
    }
    text.body.truncate(text.body.trim_end().len());
    if text.body.is_empty() {
        return None;
    }
    // Nothing in the fields is the text, whatever it is called.
    fields.retain(|name, _| !matches!(names.role(name), Some((Role::Text | Role::Html, _))));
    fields.insert("text".to_owned(), Value::String(text.body));
    article_from_json(Value::Object(fields), path, None, &names.with_text())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Title, writers, section, language, day, address and text.
    fn check(file: &str, expected: [&str; 7]) {
        let article = article(file, "a.md", &Names::default()).expect("it has text");
        let day = article.published.map(|day| day.value);
        let all =
            [article.title, Some(article.authors.join("; ")), article.section, article.language, day, article.url];
        let mut all: Vec<String> = all.into_iter().map(Option::unwrap_or_default).collect();
        all.push(article.text);
        assert_eq!(all, expected, "{file}");
    }

    #[test]
    fn front_matter() {
        check(
            "---\ntitle: \"Tin: a history\"\ndate: 2024-06-19T10:00:00+02:00\nauthors:\n  - Ana Ruiz\n  - Bo Li\ncategories: \
             [World, Asia]\nlang: en\npermalink: https://a.example/tin\n---\n\nTin *rose*.\n",
            ["Tin: a history", "Ana Ruiz; Bo Li", "World", "en", "2024-06-19", "https://a.example/tin", "Tin rose."],
        );
        check(
            "+++\ntitle = 'Tin'\ndate = 2024-06-19\nauthor = \"Ana Ruiz\"\n[taxonomies]\ncategories = [\"World\"]\n+++\nTin rose.",
            ["Tin", "Ana Ruiz", "World", "", "2024-06-19", "", "Tin rose."],
        );
        check(
            "---\ntitle: Tin\ntags: [metal, price]\n---\n# Tin\n\nTin rose.",
            ["Tin", "", "metal", "", "", "", "Tin rose."],
        );
        check("---\ndescription: Short\ncontent: x\n---\nTin rose.", ["", "", "", "", "", "", "Tin rose."]);
    }

    #[test]
    fn without_front_matter() {
        check(
            "# Tin _rises_\n\nTin rose.\n\n## Zinc\n\nZinc fell.",
            ["Tin rises", "", "", "", "", "", "Tin rose.\n\nZinc\n\nZinc fell."],
        );
        check("Tin rises\n=========\n\nTin rose.", ["Tin rises", "", "", "", "", "", "Tin rose."]);
        check(
            "Tin rises\n\nTin rose again on Tuesday.\n",
            ["Tin rises", "", "", "", "", "", "Tin rose again on Tuesday."],
        );
        check("---\n\nTin rose.\n\n---\n\nZinc fell.", ["", "", "", "", "", "", "Tin rose.\n\nZinc fell."]);
        assert!(article("---\ntitle: Tin\n---\n", "a.md", &Names::default()).is_none());
        assert!(article("", "a.md", &Names::default()).is_none());
    }

    #[test]
    fn known_by_content_and_name() {
        for (head, name, expected) in [
            ("---\ntitle: Tin\n---\n", "a.md", 95),
            ("# Tin", "a.md", 40),
            ("---\ntitle: Tin\ndate: 2024-06-19\n---\nTin", "a.txt", 70),
            ("---\nTin rose.\n---\n", "a.txt", 0),
            ("# Tin", "a.txt", 0),
        ] {
            assert_eq!(Markdown.recognise(head.as_bytes(), name), expected, "{head} {name}");
        }
    }
}
