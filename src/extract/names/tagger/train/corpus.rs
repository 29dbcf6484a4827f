//! Labelled texts: two forms, read into articles with the names in them.
//!
//! - `.tsv`: a word, a tab and its label (`B-PER`, `I-ORG`, `O`) a line, an empty line between sentences,
//!   `-DOCSTART-` before each document. Words are joined as print joins them, each sentence on a line of its own.
//! - `.txt`: one paragraph a line with names in brackets (`[P Kim Jong-un]`, `[O African Union]`, `[L Seoul]`), an
//!   empty line between articles, `# ` before a headline.

use super::super::labels::Kind;
use crate::text::Span;

/// An article and the names in its text.
pub(super) struct Labelled {
    pub(super) title: String,
    pub(super) text: String,
    /// Names in the text, in order.
    pub(super) names: Vec<(Span, Kind)>,
    /// Names in the title, in order.
    pub(super) title_names: Vec<(Span, Kind)>,
}

/// Documents longer than this many sentences are cut: they are collections.
const LONGEST: usize = 200;

/// Reads a file of either form. `alone` takes every sentence for a document of its own.
pub(super) fn read(path: &std::path::Path, alone: bool) -> std::io::Result<Vec<Labelled>> {
    let content = std::fs::read_to_string(path)?;
    Ok(match path.extension().and_then(|extension| extension.to_str()) {
        Some("tsv") => table(&content, alone),
        _ => marked(&content),
    })
}

fn table(content: &str, alone: bool) -> Vec<Labelled> {
    let mut documents = Vec::new();
    let mut document: Vec<Vec<(&str, &str)>> = Vec::new();
    let mut sentence: Vec<(&str, &str)> = Vec::new();
    for line in content.lines().chain([""]) {
        let begins = line.starts_with("-DOCSTART-");
        if line.trim().is_empty() || begins {
            if !sentence.is_empty() {
                document.push(std::mem::take(&mut sentence));
            }
            if !document.is_empty() && (begins || alone || document.len() >= LONGEST) {
                documents.push(joined(&std::mem::take(&mut document)));
            }
        } else if let Some((word, label)) = line.split_once('\t') {
            sentence.push((word, label));
        }
    }
    if !document.is_empty() {
        documents.push(joined(&document));
    }
    documents
}

/// Words that stand close to the one before them, and to the one behind them.
const CLOSE_BEFORE: &[&str] = &[
    ".", ",", ";", ":", "!", "?", ")", "]", "}", "%", "'", "''", "'s", "n't", "'re", "'ve", "'ll", "'d", "'m", "...",
    "’", "’s", "”",
];
const CLOSE_BEHIND: &[&str] = &["(", "[", "{", "$", "``", "“", "£", "€", "#"];

fn joined(document: &[Vec<(&str, &str)>]) -> Labelled {
    let mut text = String::new();
    let mut names = Vec::new();
    for sentence in document {
        if !text.is_empty() {
            text.push('\n');
        }
        let (mut close, mut quoted, mut open): (bool, bool, Option<(Kind, usize, usize)>) = (true, false, None);
        for (word, label) in sentence {
            let shown = match *word {
                "-LRB-" => "(",
                "-RRB-" => ")",
                "``" | "''" => "\"",
                other => other,
            };
            let opens = *word == "``" || *word == "\"" && !quoted;
            let closes = *word == "''" || *word == "\"" && quoted;
            quoted = (quoted || opens) && !closes;
            if !close && !closes && !CLOSE_BEFORE.contains(word) {
                text.push(' ');
            }
            let start = text.len();
            text.push_str(shown);
            close = opens || CLOSE_BEHIND.contains(word);
            let kind = match label.get(2..) {
                Some("PER") => Some(Kind::Person),
                Some("ORG") => Some(Kind::Organisation),
                Some("LOC") => Some(Kind::Place),
                _ => None,
            };
            let goes_on = matches!(open, Some((of, _, _)) if Some(of) == kind) && !label.starts_with("B-");
            if let (true, Some((_, _, end))) = (goes_on, &mut open) {
                *end = text.len();
            } else {
                names.extend(open.take().map(|(kind, start, end)| (Span::new(start, end), kind)));
                open = kind.map(|kind| (kind, start, text.len()));
            }
        }
        names.extend(open.map(|(kind, start, end)| (Span::new(start, end), kind)));
    }
    Labelled { title: String::new(), text, names, title_names: Vec::new() }
}

fn marked(content: &str) -> Vec<Labelled> {
    let mut documents = Vec::new();
    let mut current =
        Labelled { title: String::new(), text: String::new(), names: Vec::new(), title_names: Vec::new() };
    for line in content.lines().chain([""]) {
        if line.trim().is_empty() {
            if !current.text.is_empty() || !current.title.is_empty() {
                documents.push(std::mem::replace(
                    &mut current,
                    Labelled { title: String::new(), text: String::new(), names: Vec::new(), title_names: Vec::new() },
                ));
            }
        } else if let Some(title) = line.strip_prefix("# ").filter(|_| current.title.is_empty()) {
            unmark(title, &mut current.title, &mut current.title_names);
        } else {
            if !current.text.is_empty() {
                current.text.push_str("\n\n");
            }
            unmark(line, &mut current.text, &mut current.names);
        }
    }
    documents
}

/// Adds `line` without its marks to `text`.
fn unmark(line: &str, text: &mut String, names: &mut Vec<(Span, Kind)>) {
    let mut rest = line;
    while let Some(at) = rest.find('[') {
        let kind = match rest.get(at + 1..at + 3) {
            Some("P ") => Some(Kind::Person),
            Some("O ") => Some(Kind::Organisation),
            Some("L ") => Some(Kind::Place),
            _ => None,
        };
        let end = rest[at..].find(']').map(|end| at + end);
        let (Some(kind), Some(end)) = (kind, end) else {
            text.push_str(&rest[..=at]);
            rest = &rest[at + 1..];
            continue;
        };
        text.push_str(&rest[..at]);
        let start = text.len();
        text.push_str(rest[at + 3..end].trim());
        names.push((Span::new(start, text.len()), kind));
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(labelled: &Labelled) -> Vec<(&str, Kind)> {
        labelled.names.iter().map(|(span, kind)| (span.of(&labelled.text), *kind)).collect()
    }

    #[test]
    fn reads_tables() {
        let all =
            table("-DOCSTART-\tO\n\nMr\tO\nKim\tB-PER\nJong-un\tI-PER\n's\tO\n``\tO\nBBC\tB-ORG\n''\tO\n.\tO\n", false);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].text, "Mr Kim Jong-un's \"BBC\".");
        assert_eq!(shown(&all[0]), [("Kim Jong-un", Kind::Person), ("BBC", Kind::Organisation)]);
    }

    #[test]
    fn reads_marks() {
        let all = marked("# [P Kim] wins\nIn [L Seoul], [P Kim]'s men [sic] lost.\n\nMore.\n");
        assert_eq!(all.len(), 2);
        assert_eq!((all[0].title.as_str(), all[0].text.as_str()), ("Kim wins", "In Seoul, Kim's men [sic] lost."));
        assert_eq!(shown(&all[0]), [("Seoul", Kind::Place), ("Kim", Kind::Person)]);
        assert_eq!(all[0].title_names.len(), 1);
    }
}
