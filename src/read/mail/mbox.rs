//! Mailboxes: message after message in one file, each after a line that begins with `From `.

use super::fields::{is_postmark, look, taken_in};
use super::message::Letter;
use crate::article::Article;
use crate::read::{File, Flow, Format, Skip};
use std::io::{self, BufRead, Read};

/// A mailbox.
pub struct Mbox;

/// The most that is read of one message, in bytes: as much as of one that is a file by itself.
const LARGEST_MESSAGE: usize = crate::read::LARGEST_SINGLE as usize;

impl Format for Mbox {
    fn name(&self) -> &'static str {
        "mbox"
    }

    fn description(&self) -> &'static str {
        "Mailboxes (mbox): one article a message, read one by one"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["mbox", "mbx"]
    }

    fn recognise(&self, head: &[u8], _name: &str) -> u8 {
        let head = head.trim_ascii_start();
        let first = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
        if !is_postmark(first.trim_ascii_end()) {
            return 0;
        }
        if look(head).is_some_and(|seen| seen.known > 0) { 95 } else { 0 }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        let path = file.path;
        let mut messages = Messages { input: &mut *file.input, postmark: Vec::new(), line: Vec::new() };
        let mut message = Vec::new();
        let mut number = 0u64;
        loop {
            let read = messages.next(&mut message).map_err(|error| {
                Skip::member(path, format!("message {}", number + 1), format!("cannot be read from here on: {error}"))
            });
            let Some((postmark, cut)) = read? else { break };
            if postmark.is_empty() && message.trim_ascii().is_empty() {
                continue;
            }
            number += 1;
            let member = number.to_string();
            let letter = Letter {
                bytes: &message,
                cut,
                path,
                member: Some(&member),
                taken_in: taken_in(&postmark),
                around: file.around,
            };
            match letter.read(take, skip) {
                Ok(Flow::Continue) => {}
                Ok(Flow::Stop) => return Ok(()),
                Err(reason) => skip(Skip::member(path, format!("message {number}"), reason)),
            }
        }
        if number > 0 { Ok(()) } else { Err(Skip::file(path, "empty")) }
    }
}

/// The messages of a mailbox, one after the other.
struct Messages<'a> {
    input: &'a mut dyn BufRead,
    /// The line before the message that comes next.
    postmark: Vec<u8>,
    line: Vec<u8>,
}

impl Messages<'_> {
    /// Reads the next message into `message`: the line before it, and whether it was cut; none at the end.
    fn next(&mut self, message: &mut Vec<u8>) -> io::Result<Option<(Vec<u8>, bool)>> {
        message.clear();
        let postmark = std::mem::take(&mut self.postmark);
        let mut cut = false;
        let mut after_blank = true;
        let mut begins_line = true;
        loop {
            self.line.clear();
            // A line without end comes in pieces.
            let limit = LARGEST_LINE as u64;
            let count = (&mut *self.input).take(limit).read_until(b'\n', &mut self.line)?;
            if count == 0 {
                let any = !postmark.is_empty() || !message.is_empty();
                return Ok(any.then_some((postmark, cut)));
            }
            if begins_line && after_blank && is_postmark(self.line.trim_ascii_end()) {
                self.postmark = self.line.trim_ascii_end().to_vec();
                if !postmark.is_empty() || !message.is_empty() {
                    return Ok(Some((postmark, cut)));
                }
                return self.next(message);
            }
            let line = if begins_line { unquoted(&self.line) } else { &self.line };
            if message.len() + line.len() <= LARGEST_MESSAGE {
                message.extend_from_slice(line);
            } else {
                cut = true;
            }
            after_blank = begins_line && self.line.trim_ascii().is_empty();
            begins_line = self.line.ends_with(b"\n");
        }
    }
}

/// Lines are read in pieces of this size.
const LARGEST_LINE: usize = 1 << 20;

/// A line of a message without the sign that keeps it from being taken for the beginning of one.
fn unquoted(line: &[u8]) -> &[u8] {
    let signs = line.iter().take_while(|byte| **byte == b'>').count();
    let quoted = signs > 0 && line.get(signs..).is_some_and(|rest| rest.starts_with(b"From "));
    if quoted { line.get(1..).unwrap_or(line) } else { line }
}

#[cfg(test)]
mod tests {
    use super::super::super::around::{Around, Budget};
    use super::*;

    /// What comes of a mailbox: what articles say, then reasons for skips.
    fn check(mailbox: &[u8], expected: &[&str]) {
        let (mut out, mut skips) = (Vec::new(), Vec::new());
        let result = crate::read::read(
            "a",
            &mut &*mailbox,
            Around::new(&Budget::default()),
            &mut |article| {
                let published = article.published.map(|published| published.value).unwrap_or_default();
                out.push(format!(
                    "{} {} | {} | {published}",
                    article.member.unwrap_or_default(),
                    article.title.unwrap_or_default(),
                    article.text.replace('\n', "/")
                ));
                Flow::Continue
            },
            &mut |skip| skips.push(skip),
        );
        skips.extend(result.err());
        out.extend(skips.into_iter().map(|skip| format!("{}! {}", skip.member.unwrap_or_default(), skip.reason)));
        assert_eq!(out, expected, "{}", String::from_utf8_lossy(mailbox));
    }

    const MARK: &str = "From ana@a.example Mon Jun  1 10:00:00 2009\n";

    #[test]
    fn messages() {
        check(
            format!(
                "{MARK}Subject: One\nDate: Sun, 31 May 2009 10:00:00 +0000\n\nText.\n\n>From here on.\n>>From there.\n\
                 From the text.\n\n{MARK}Subject: Two\n\nMore.\n\n{MARK}Subject: None\n\n\n{MARK}"
            )
            .as_bytes(),
            &[
                "1 One | Text.//From here on./>From there./From the text. | 2009-05-31",
                "2 Two | More. | 2009-06-01",
                "message 3! has no text",
                "message 4! has no text",
            ],
        );
        check(format!("{MARK}Received: x\n    by y\n\nText").as_bytes(), &["1  | Text | 2009-06-01"]);
    }

    #[test]
    fn what_is_no_mailbox() {
        for text in ["From here on\nSubject: a\n\n", "From ana@a.example Mon Jun  1 10:00:00 2009\n\nText", "", "From "]
        {
            assert_eq!(Mbox.recognise(text.as_bytes(), "a.mbox"), 0, "{text}");
        }
    }

    #[test]
    fn a_message_without_end_takes_no_more_than_it_may() {
        let line = [b'x'; 1023];
        let mut mailbox = format!("{MARK}Subject: One\n\n").into_bytes();
        while mailbox.len() < LARGEST_MESSAGE + 5_000_000 {
            mailbox.extend_from_slice(&line);
            mailbox.push(if mailbox.len() % 7 == 0 { b'x' } else { b'\n' });
        }
        let mut input = &*mailbox;
        let mut messages = Messages { input: &mut input, postmark: Vec::new(), line: Vec::new() };
        let mut message = Vec::new();
        let (_, cut) = messages.next(&mut message).expect("memory can be read").expect("there is one");
        assert!(cut && message.len() <= LARGEST_MESSAGE);
        assert_eq!(messages.next(&mut message).expect("memory can be read"), None);
    }
}
