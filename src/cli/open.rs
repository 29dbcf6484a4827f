//! `dateline open`: the original of an article, at the passage.
//!
//! 1. [`place`] finds the file and the line in it where the passage begins: the words of the passage are looked for in
//!    the file, whatever stands between them there.
//! 2. On a terminal an editor or a pager is started on it; what is compressed or in an archive is shown as text. A web
//!    page is named by its address, which a terminal makes a link. In a pipe the place is printed, `FILE:LINE`.

use super::report::Report;
use super::show::{self, Marks};
use super::{Command, Exit};
use crate::article::{Article, Part};
use crate::backend::Record;
use crate::error::{Error, Kind, Result};
use crate::output::visible::visible;
use crate::text::{Span, fold, tokens};
use clap::{Arg, ArgAction, ArgMatches};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{self, Stdio};

/// The command.
pub(super) struct Open;

/// So much of a file is looked through.
const MOST_BYTES: u64 = 256 << 20;
/// So many words of the passage are looked for; where they do not stand together, fewer.
const WORDS: usize = 6;
/// Between two of them there may be so many others: tags, entities, ends of lines.
const BETWEEN: usize = 12;

impl Command for Open {
    fn define(&self) -> clap::Command {
        clap::Command::new("open")
            .about("Open the original of an article at the passage, in $VISUAL, $EDITOR or $PAGER")
            .args(show::arguments())
            .arg(
                Arg::new("print")
                    .short('p')
                    .long("print")
                    .action(ArgAction::SetTrue)
                    .help("Only say where it is, FILE:LINE or an address, as in a pipe"),
            )
            .after_help(
                "An editor is called as EDITOR +LINE FILE, a pager as PAGER +LINE FILE. Of a saved web page the address is \
                 printed, of an article within an archive or a compressed file the text is shown.\n\n\
                 Examples:\n  \
                 dateline open --in news wire-1 '\"mutual defence\"'\n  \
                 dateline open --in news wire-1 --print\n  \
                 EDITOR=nano dateline open --in news wire-1 treaty\n\n\
                 Exit codes: 0 opened or printed, 2 any error.",
            )
    }

    fn run(&self, matches: &ArgMatches, report: &mut Report) -> Result<Exit> {
        let (_, record, found) = show::asked(matches)?;
        if found.as_ref().is_some_and(Vec::is_empty) {
            report.remark("nothing in this article matches the query; it is opened at its beginning");
        }
        let article = &record.article;
        let path = match &record.location {
            Some(location) if Path::new(location).exists() => PathBuf::from(location),
            location => {
                let path = location.as_deref().unwrap_or(&article.path);
                return Err(Error::new(Kind::NotFound, format!("the original is not found at `{path}`")).hint(
                    "`dateline relocate OLD NEW` if the archive has moved; `dateline show` prints the text as it was \
                     indexed",
                ));
            }
        };
        let lines = passages(article, found.as_ref());
        let line = place(&path, article.member.as_deref(), &lines);
        let to_print = matches.get_flag("print") || !report.style().terminal;
        if is_page(&path) {
            let address = address(&path, lines.first().map(Vec::as_slice));
            report.shown_line(&address)?;
            if let Some(url) = &article.url {
                report.remark(&format!("published at {url}"));
            }
            return Ok(Exit::Done);
        }
        if to_print {
            let line = line.map(|line| format!(":{line}")).unwrap_or_default();
            return report.shown_line(&format!("{}{line}", path.display())).map(|()| Exit::Done);
        }
        report.finish()?;
        match line {
            Some(line) => start(&path, line)?,
            None => page(&record)?,
        }
        Ok(Exit::Done)
    }
}

/// Whether a file is a web page that a browser opens.
fn is_page(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("").to_ascii_lowercase();
    matches!(ending.as_str(), "html" | "htm" | "xhtml" | "mhtml" | "mht")
}

/// The address of a file, at these words (a text fragment, as browsers take it).
fn address(path: &Path, words: Option<&[String]>) -> String {
    let mut address = String::from("file://");
    escape(&path.to_string_lossy(), "/", &mut address);
    if let Some(words) = words.filter(|words| !words.is_empty()) {
        address.push_str("#:~:text=");
        // A hyphen and a comma part what stands around in a fragment.
        escape(&words.join(" "), "", &mut address);
    }
    address
}

/// Adds text to an address, what has a meaning there as `%20` (RFC 3986), but for those of `kept`.
fn escape(text: &str, kept: &str, out: &mut String) {
    for byte in text.bytes() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || "._~".contains(c) || kept.contains(c) {
            out.push(c);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}

/// The words to look for in the file, the best first: those from the first match in the body on, those of the beginning
/// of the text, those of the headline.
fn passages(article: &Article, found: Option<&Marks>) -> Vec<Vec<String>> {
    let in_body = found.into_iter().flatten().filter(|(part, _)| *part == Part::Body).map(|(_, span)| *span).min();
    let title = article.title.as_deref().unwrap_or("");
    let begun = |text: &str, at: usize| -> Vec<String> {
        tokens::words(text.get(at..).unwrap_or("")).take(WORDS).map(|span| span.of(&text[at..]).to_owned()).collect()
    };
    let mut passages = Vec::new();
    passages.extend(in_body.map(|span: Span| begun(&article.text, span.start)));
    passages.push(begun(&article.text, 0));
    passages.push(begun(title, 0));
    passages.retain(|words| !words.is_empty());
    passages
}

/// The line of a file of text where the article's passage stands, from 1 on; nothing for files that are none.
fn place(path: &Path, member: Option<&str>, passages: &[Vec<String>]) -> Option<usize> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(MOST_BYTES).read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))?;
    // The member of a file of one article a line is its line.
    let is_lines = path.extension().is_some_and(|ending| ending == "jsonl" || ending == "ndjson");
    if let Some(line) = member.filter(|_| is_lines).and_then(|member| member.parse().ok()) {
        return Some(line);
    }
    let at = passages.iter().find_map(|words| find(&text, words));
    Some(text.get(..at.unwrap_or(0)).unwrap_or("").matches('\n').count() + 1)
}

/// Where words stand one behind the other, in bytes; where not all do, the first half of them.
fn find(text: &str, words: &[String]) -> Option<usize> {
    let wanted: Vec<String> = words.iter().map(|word| fold::fold(word)).collect();
    let spans: Vec<Span> = tokens::words(text).collect();
    let is = |at: usize, word: &str| spans.get(at).is_some_and(|span| fold::fold(span.of(text)) == word);
    for length in [wanted.len(), wanted.len().div_ceil(2)] {
        let wanted = wanted.get(..length)?;
        let (first, others) = wanted.split_first()?;
        for (at, span) in spans.iter().enumerate().filter(|(at, _)| is(*at, first)) {
            let mut from = at;
            let follows = |word: &String| {
                let next = (from + 1..=from + 1 + BETWEEN).find(|next| is(*next, word));
                from = next.unwrap_or(from);
                next.is_some()
            };
            if others.iter().all(follows) {
                return Some(span.start);
            }
        }
    }
    None
}

/// Starts the editor or the pager of the user on a file, and waits for it.
fn start(path: &Path, line: usize) -> Result<()> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let command = ["VISUAL", "EDITOR", "DATELINE_PAGER", "PAGER"].iter().find_map(|name| set(name));
    let command = command.unwrap_or_else(|| "less".to_owned());
    // They may have arguments: `code --wait`.
    let mut words = command.split_whitespace();
    let program = words.next().unwrap_or("less");
    let status = process::Command::new(program).args(words).arg(format!("+{line}")).arg(path).status();
    ended(program, status)
}

/// Shows the text of an article in the pager of the user.
fn page(record: &Record) -> Result<()> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let command = set("DATELINE_PAGER").or_else(|| set("PAGER")).unwrap_or_else(|| "less".to_owned());
    let mut words = command.split_whitespace();
    let program = words.next().unwrap_or("less");
    let started = process::Command::new(program).args(words).stdin(Stdio::piped()).spawn();
    let outcome = started.and_then(|mut child| {
        if let Some(mut input) = child.stdin.take() {
            let title = record.article.title.as_deref().unwrap_or("");
            // A pager that is left before the end takes no more.
            for text in [title, "\n\n", &record.article.text, "\n"] {
                let shown: Vec<_> = text.split('\n').map(visible).collect();
                if input.write_all(shown.join("\n").as_bytes()).is_err() {
                    break;
                }
            }
        }
        child.wait()
    });
    ended(program, outcome)
}

fn ended(program: &str, outcome: io::Result<process::ExitStatus>) -> Result<()> {
    match outcome {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Error::new(Kind::Io, format!("`{program}` failed")).because(status)),
        Err(error) => Err(Error::io(format!("starting `{program}`"), &error)
            .or_hint("set EDITOR or PAGER, or use `dateline open --print`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn a_passage_is_found_whatever_stands_between() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text, member, wanted, expected) in [
            ("a.txt", "Head\n\nFirst line.\nThe pact was\nsigned today.\n", None, "pact was signed", Some(4)),
            ("a.xml", "<p>The <hl2>pact</hl2>\n<br class=\"wide\"/>was</p>\n", None, "pact was", Some(1)),
            ("a.jsonl", "{}\n{\"text\":\"pact\"}\n", Some("2"), "pact", Some(2)),
            // Where only the beginning stands in the file, that is taken; where nothing does, the beginning of the file.
            ("b.txt", "One.\nThe pact was made.\n", None, "pact was signed yesterday", Some(2)),
            ("c.txt", "One.\nTwo.\n", None, "pact", Some(1)),
            ("d.gz", "\u{1f}\0", None, "pact", None),
        ] {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            assert_eq!(place(&path, member, &[words(wanted)]), expected, "{name}");
        }
        assert_eq!(place(Path::new("/nowhere"), None, &[]), None);
    }

    #[test]
    fn an_address_leads_to_the_words() {
        let words = words("the pact, signed");
        assert_eq!(
            address(Path::new("/a b/ü.html"), Some(&words)),
            "file:///a%20b/%C3%BC.html#:~:text=the%20pact%2C%20signed"
        );
        assert_eq!(address(Path::new("/a.html"), None), "file:///a.html");
        assert!(is_page(Path::new("x/A.HTM")) && !is_page(Path::new("x/a.txt")));
    }
}
