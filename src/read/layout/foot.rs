//! The last lines of a body: who else worked on it, who holds the rights, where its end is.

use super::words::{Group, is_folded, opens};
use super::{Kind, Layout, is_picture, kind, lines, parenthesis, trim};
use crate::text::Span;

/// How many lines with text the foot of a body can have.
const FOOT_LINES: usize = 10;

/// Where the last lines with text begin.
pub(super) fn start(text: &str) -> usize {
    let mut seen = 0;
    let mut end = text.len();
    while end > 0 && seen < FOOT_LINES {
        let before = text.as_bytes().get(..end).unwrap_or(&[]);
        let before = before.strip_suffix(b"\n").unwrap_or(before);
        let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        if text.get(start..end).is_some_and(|line| !line.trim().is_empty()) {
            seen += 1;
        }
        end = start;
    }
    end
}

/// Marks what stands at the foot.
pub(super) fn mark(text: &str, from: usize, layout: &mut Layout) {
    let lines: Vec<(Span, Kind)> = lines(text, from)
        .map(|line| trim(text, line))
        .filter(|trimmed| !trimmed.of(text).is_empty())
        .map(|trimmed| (trimmed, kind(trimmed.of(text))))
        .collect();
    // Behind the last line of prose.
    let prose = lines.iter().rposition(|(_, kind)| matches!(kind, Kind::Prose | Kind::Field(..) | Kind::Byline(_)));
    let behind = prose.map_or(0, |at| at + 1);
    let count = lines.len();
    let mut until = from;
    for (number, (trimmed, kind)) in lines.into_iter().enumerate() {
        let words = trimmed.of(text);
        if trimmed.end <= until {
            continue;
        }
        let last = number + 1 == count;
        let found = match kind {
            Kind::Credit => credit(text, trimmed),
            Kind::Picture => parenthesis(text, trimmed),
            Kind::Published | Kind::Rights => trimmed,
            Kind::End if number >= behind => trimmed,
            Kind::Contact if number >= behind => trimmed,
            Kind::Byline(names) if last && layout.authors.is_empty() && !names.is_empty() => {
                layout.authors = names;
                trimmed
            }
            _ if number + 1 >= behind => match tail(words) {
                Some(start) => Span::new(trimmed.start + start, trimmed.end),
                None => continue,
            },
            _ => continue,
        };
        // Whose picture it is says nothing of the text.
        if !is_picture(words) {
            layout.credited(found.of(text));
        }
        until = found.end;
        layout.furniture.push(found);
    }
}

/// The longest name of an agency at the end of a paragraph, with its dash, in bytes.
const LONGEST_TAIL: usize = 80;

/// Where a credit at the end of a paragraph begins: `… he said. (Reporting by Ana Ruiz)`, `… he said. - Reuters`.
fn tail(line: &str) -> Option<usize> {
    if line.ends_with([')', ']'])
        && let Some(start) = line.rfind(['(', '['])
        && start > 0
    {
        let inner = line.get(start + 1..line.len() - 1)?.trim();
        let credit = opens(Group::Credit, inner).is_some() || is_folded(Group::Agency, inner);
        return (credit && ends_sentence(line.get(..start)?)).then_some(start);
    }
    let end = line.len() - line.trim_end_matches('.').len();
    let body = line.get(..line.len() - end)?;
    // Looked for no further back than a name can reach.
    let near = body.floor_char_boundary(body.len().saturating_sub(LONGEST_TAIL));
    let body_near = body.get(near..)?;
    if !body_near.contains(['-', '—', '–', '/']) {
        return None;
    }
    let dash = near + body_near.rfind([' ', '—', '–', '/'])?;
    // The last blank with a dash behind or before it.
    [" - ", " – ", " — ", " -- ", " —", "—", " -", " /"].iter().find_map(|mark| {
        let start = near + body_near.rfind(mark)?;
        let name = body.get(start + mark.len()..)?.trim().trim_end_matches('/');
        (start <= dash && is_folded(Group::Agency, name) && ends_sentence(body.get(..start)?)).then_some(start)
    })
}

/// Whether a text ends as sentences do.
fn ends_sentence(text: &str) -> bool {
    text.trim_end().ends_with(['.', '!', '?', '"', '”', '’', '\'', ')'])
}

/// How far a credit goes: to its closing parenthesis, or to the end of its paragraph.
fn credit(text: &str, line: Span) -> Span {
    let rest = text.get(line.start..).unwrap_or("");
    let rest = rest.get(..rest.floor_char_boundary(800)).unwrap_or(rest);
    let rest = rest.find("\n\n").and_then(|end| rest.get(..end)).unwrap_or(rest);
    if rest.starts_with('(') {
        let end = rest.find(')').map_or(line.end, |end| line.start + end + 1);
        return Span::new(line.start, end.max(line.start + 1));
    }
    let wrapped = (50..100).contains(&(line.end - line.start));
    let end = if wrapped { line.start + rest.trim_end().len() } else { line.end };
    Span::new(line.start, end)
}
