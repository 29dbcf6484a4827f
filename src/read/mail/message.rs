//! One message: an article, and the articles that are attached to it.

use super::body;
use super::fields::look;
use super::parts::Part;
use crate::article::{Article, Confidence, Published};
use crate::read::around::{Around, DEEPEST};
use crate::read::{File, Flow, Format, Skip, ending, layout};
use std::io::Cursor;

/// A file with one message.
pub struct Message;

impl Format for Message {
    fn name(&self) -> &'static str {
        "mail"
    }

    fn description(&self) -> &'static str {
        "Mail: one message a file, with the articles attached to it"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["eml"]
    }

    fn recognise(&self, head: &[u8], name: &str) -> u8 {
        let Some(seen) = look(head) else { return 0 };
        let named = self.is_named(name);
        match (seen.known, named) {
            (LEAST_FIELDS.., true) => 96,
            (LEAST_FIELDS.., false) if seen.technical => 90,
            _ => 0,
        }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        let path = file.path;
        let (bytes, cut) = file.bytes()?;
        let letter = Letter { bytes: &bytes, cut, path, member: None, taken_in: None, around: file.around };
        letter.read(take, skip).map(|_| ()).map_err(|reason| Skip::file(path, reason))
    }
}

/// With fewer fields than this a text may as well begin with some lines that look like a header. The shortest header of
/// real mail has four or five.
const LEAST_FIELDS: usize = 3;

/// A message as it lies in a file, in a mailbox, or in another message.
pub(super) struct Letter<'a> {
    pub(super) bytes: &'a [u8],
    /// Whether it was cut.
    pub(super) cut: bool,
    pub(super) path: &'a str,
    /// Which part of the file it is; none for all.
    pub(super) member: Option<&'a str>,
    /// When the mailbox took it in: stands in where it does not say when it was sent.
    pub(super) taken_in: Option<Published>,
    pub(super) around: Around<'a>,
}

impl Letter<'_> {
    /// Hands on the article that it is and those that are attached; the reason where there are none.
    pub(super) fn read(
        self,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<Flow, String> {
        let message = Part::of_message(self.bytes);
        let mut body = body::read(&message);
        let attached = std::mem::take(&mut body.attached);
        let fields = &message.fields;
        let medium = |day: Published| Published { confidence: Confidence::Medium, ..day };
        let published = fields.published.clone().or(self.taken_in.clone().map(medium));
        let mut any = false;
        if !body.text.is_empty() {
            any = true;
            let signature = body::signature(&mut body.text);
            let mut article = Article {
                id: fields.id.clone(),
                path: self.path.to_owned(),
                member: self.member.map(str::to_owned),
                title: fields.subject.clone(),
                text: body.text,
                authors: fields.authors.clone(),
                source: fields.organisation.clone(),
                language: fields.language.clone(),
                url: fields.location.clone(),
                published: published.clone(),
                furniture: signature.into_iter().collect(),
                encoding: body.encoding,
                truncated: self.cut,
                ..Article::default()
            };
            crate::read::cut(&mut article);
            layout::mark(&mut article);
            if take(article) == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        let mut names: Vec<String> = Vec::new();
        for (number, part) in attached.into_iter().enumerate() {
            let name = attached_name(part, number + 1, &names);
            names.push(name.clone());
            let mut each = |mut article: Article| {
                any = true;
                // An attachment is as old as the message, or older.
                article.published = article.published.take().or(published.clone().map(medium));
                take(article)
            };
            if self.attached(part, &name, &mut each, skip) == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        if any { Ok(Flow::Continue) } else { Err("has no text".to_owned()) }
    }

    /// Reads what is attached, as if it lay beside the message. What is no article is left out without a word, as
    /// pictures and business cards are.
    fn attached(
        &self,
        part: &Part<'_>,
        name: &str,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Flow {
        let around = Around { beside: None, seekable: None, depth: self.around.depth + 1, ..self.around };
        let member = join(self.member, name);
        let is_message = matches!(part.kind(), "message/rfc822" | "message/global" | "message/news");
        if around.depth > DEEPEST || !(is_message || is_text(part)) || around.budget.add_member().is_err() {
            return Flow::Continue;
        }
        if is_message {
            let bytes = part.bytes();
            let letter =
                Letter { bytes: &bytes, cut: self.cut, path: self.path, member: Some(&member), taken_in: None, around };
            return letter.read(take, skip).unwrap_or(Flow::Continue);
        }
        // Its encoding is said in the message, where nobody sees it who reads the attachment alone.
        let bytes = match &part.fields.charset {
            Some(_) => part.text().text.into_bytes().into(),
            None => part.bytes(),
        };
        let mut flow = Flow::Continue;
        let mut each = |mut article: Article| {
            self.path.clone_into(&mut article.path);
            article.member = Some(match article.member.take() {
                Some(inner) => join(Some(&member), &inner),
                None => member.clone(),
            });
            flow = take(article);
            flow
        };
        // What is wrong with it is not said: it may never have been an article.
        let _ = crate::read::read(name, &mut Cursor::new(bytes), around, &mut each, &mut |_| ());
        flow
    }
}

/// Whether an attachment is of a kind that articles come in.
fn is_text(part: &Part<'_>) -> bool {
    let kind = part.kind();
    let named = part.fields.file_name.as_deref().and_then(ending);
    matches!(kind, "text/plain" | "text/html" | "text/xml" | "application/json" | "application/xml")
        || kind.ends_with("+xml") && kind != "image/svg+xml"
        || kind.ends_with("+json")
        || kind == "application/octet-stream"
            && matches!(named.as_deref(), Some("txt" | "html" | "htm" | "xml" | "json"))
}

/// The name of an attachment, unlike those of the others.
fn attached_name(part: &Part<'_>, number: usize, others: &[String]) -> String {
    let name = part.fields.file_name.as_deref().unwrap_or_default();
    let name: String =
        name.rsplit(['/', '\\']).next().unwrap_or("").chars().filter(|c| !c.is_control()).take(100).collect();
    match name.trim() {
        "" => format!("attachment {number}"),
        name if others.iter().any(|other| other == name) => format!("{number} {name}"),
        name => name.to_owned(),
    }
}

/// A member within a member.
fn join(outer: Option<&str>, inner: &str) -> String {
    match outer {
        Some(outer) => format!("{outer}:{inner}"),
        None => inner.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::around::Budget;
    use super::*;

    /// What comes of a message: what articles say, then reasons for skips.
    fn check(name: &str, message: &[u8], expected: &[&str]) {
        let (mut out, mut skips) = (Vec::new(), Vec::new());
        let result = crate::read::read(
            name,
            &mut Cursor::new(message),
            Around::new(&Budget::default()),
            &mut |article| {
                assert_eq!(article.path, name);
                let published = article.published.map(|published| published.value).unwrap_or_default();
                out.push(format!(
                    "{} {} | {} | {} | {} | {published}",
                    article.member.unwrap_or_default(),
                    article.id.unwrap_or_default(),
                    article.title.unwrap_or_default(),
                    article.text.replace('\n', "/"),
                    article.authors.join(", ")
                ));
                Flow::Continue
            },
            &mut |skip| skips.push(skip),
        );
        skips.extend(result.err());
        out.extend(skips.into_iter().map(|skip| format!("{}! {}", skip.member.unwrap_or_default(), skip.reason)));
        assert_eq!(out, expected, "{}", String::from_utf8_lossy(message));
    }

    #[test]
    fn messages() {
        check(
            "a",
            b"From: Ana Ruiz <a@a.example>\nSubject: Storm\nDate: Wed, 19 Jun 2024 23:30:00 -0500\n\
              Message-ID: <1@a.example>\n\nThe text.\n\n> Quoted.\n",
            &[" 1@a.example | Storm | The text.//> Quoted. | Ana Ruiz | 2024-06-19"],
        );
        check("a.eml", b"From: a@a.example\nTo: b\nSubject: Storm\n\nThe text.", &["  | Storm | The text. |  | "]);
        check("a.eml", b"From: a@a.example\nTo: b\nSubject: Storm\n\n", &["! has no text"]);
        check("a.eml", b"From: a@a.example\nTo: b\nSubject: Storm", &["! has no text"]);
        check(
            "a",
            b"Subject: x\nFrom: y\nMIME-Version: 1.0\nContent-Type: text/plain; charset=Shift_JIS\n\n\x82\xa0\x82\xa2",
            &["  | x | あい | y | "],
        );
    }

    #[test]
    fn attachments() {
        let head = "From: Ana Ruiz <a@a.example>\nSubject: Storm\nDate: 19 Jun 2024 10:00:00 +0000\nMessage-ID: <1@a.example>\n\
                    Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee below.\n";
        let attached = "--b\nContent-Type: text/plain; name=story.txt\nContent-Disposition: attachment\n\n\
                        Title here\n\nAnd text.\n\
                        --b\nContent-Type: application/json; name=two.json\n\n[{\"text\":\"One\"},{\"text\":\"Two\"}]\n\
                        --b\nContent-Type: image/png; name=a.png\n\nNo\n\
                        --b\nContent-Type: message/rfc822\n\nSubject: Inner\n\nInner text.\n--b--\n";
        check(
            "a",
            format!("{head}{attached}").as_bytes(),
            &[
                " 1@a.example | Storm | See below. | Ana Ruiz | 2024-06-19",
                "story.txt  | Title here | And text. |  | 2024-06-19",
                "two.json:0  |  | One |  | 2024-06-19",
                "two.json:1  |  | Two |  | 2024-06-19",
                "attachment 4  | Inner | Inner text. |  | 2024-06-19",
            ],
        );
    }

    #[test]
    fn messages_within_messages_are_limited() {
        let inner = "Content-Type: message/rfc822\n\n".repeat(100_000);
        let message = format!("From: a\nTo: b\nMIME-Version: 1.0\n{inner}");
        check("a", message.as_bytes(), &["! has no text"]);
    }

    #[test]
    fn what_is_no_mail() {
        for text in [
            "Date: 3 May 1994\nFrom: Leeds\nSubject: rain\n\nRain fell.",
            "From: Leeds\nTo: York\n\nTrains ran late.",
            "Subject: one\nThis is text.\n",
            "Plain words.",
        ] {
            assert_eq!(Message.recognise(text.as_bytes(), "a.txt"), 0, "{text}");
        }
    }
}
