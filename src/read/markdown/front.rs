//! The fields in front of a text, between lines of `---` (YAML) or `+++` (TOML).
//!
//! Only what such fields are made of is read: words, texts in quotation marks, lists, one level of fields within a field.
//! What is more is passed over; nothing in it can harm.

use serde_json::{Map, Value};

/// The most lines of fields.
const MOST_LINES: usize = 1000;

/// Whether a text begins with fields: the line that opens them, and a first field.
pub(super) fn begins(text: &str) -> bool {
    let Some((mark, rest)) = opened(text) else { return false };
    let sign = if mark == "+++" { '=' } else { ':' };
    let mut lines = rest.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let first = lines.next().unwrap_or("");
    first.split_once(sign).is_some_and(|(name, value)| {
        is_name(name.trim()) && (sign == '=' || value.is_empty() || value.starts_with(' '))
    })
}

/// The fields of a file and the text after them.
pub(super) fn parted(text: &str) -> (Map<String, Value>, &str) {
    let nothing = (Map::new(), text);
    if !begins(text) {
        return nothing;
    }
    let Some((mark, rest)) = opened(text) else { return nothing };
    let mut at = 0;
    let mut lines = Vec::new();
    for line in rest.split_inclusive('\n').take(MOST_LINES) {
        at += line.len();
        let line = line.trim_end();
        if line == mark || mark == "---" && line == "..." {
            let fields = if mark == "+++" { toml(&lines) } else { yaml(&lines) };
            return (with_section(fields), rest.get(at..).unwrap_or(""));
        }
        lines.push(line);
    }
    nothing
}

/// The sign that opens the fields, and what follows its line.
fn opened(text: &str) -> Option<(&'static str, &str)> {
    let text = text.trim_start_matches('\u{feff}');
    let (first, rest) = text.split_once('\n')?;
    let mark = ["---", "+++"].into_iter().find(|mark| first.trim_end() == *mark)?;
    Some((mark, rest))
}

/// Tags stand in for a section where there is none.
fn with_section(mut fields: Map<String, Value>) -> Map<String, Value> {
    let known = ["section", "category", "categories"].iter().any(|name| fields.contains_key(*name));
    if !known && let Some(tags) = fields.get("tags").cloned() {
        fields.insert("section".to_owned(), tags);
    }
    fields
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= 40 && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// Fields in YAML.
fn yaml(lines: &[&str]) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut lines = lines.iter().copied().peekable();
    while let Some(line) = lines.next() {
        let Some((name, value)) = line.split_once(':').filter(|(name, _)| is_name(name)) else { continue };
        let value = uncommented(value.trim());
        // What belongs to the field stands below it: indented, or as items of a list.
        let mut below = Vec::new();
        while let Some(next) = lines
            .next_if(|next| next.starts_with([' ', '\t']) || next.starts_with("- ") || *next == "-" || next.is_empty())
        {
            below.push(next.trim());
        }
        let found = if value.starts_with(['|', '>']) {
            let join = if value.starts_with('|') { "\n" } else { " " };
            Value::String(below.join(join).trim().to_owned())
        } else if !value.is_empty() {
            let more = below.iter().filter(|line| !line.is_empty());
            scalar(&more.fold(value.to_owned(), |value, line| format!("{value} {line}")))
        } else {
            nested(&below)
        };
        if !found.is_null() {
            fields.entry(name.to_owned()).or_insert(found);
        }
    }
    fields
}

/// A list, or the fields of a field.
fn nested(lines: &[&str]) -> Value {
    let mut list = Vec::new();
    let mut fields = Map::new();
    for line in lines.iter().filter(|line| !line.is_empty()) {
        let item = line.strip_prefix('-').map(str::trim);
        // `- name: Ana Ruiz` begins an object, of which only the first field is of interest.
        let field = item.unwrap_or(line).split_once(": ").filter(|(name, _)| is_name(name));
        match (item, field) {
            (Some(_), Some((name, value))) => {
                list.push(Value::Object(Map::from_iter([(name.to_owned(), scalar(uncommented(value.trim())))])));
            }
            (Some(item), None) => list.push(scalar(uncommented(item))),
            (None, Some((name, value))) if list.is_empty() => {
                fields.entry(name.to_owned()).or_insert(scalar(uncommented(value.trim())));
            }
            _ => {}
        }
    }
    match (list.is_empty(), fields.is_empty()) {
        (false, _) => Value::Array(list),
        (true, false) => Value::Object(fields),
        (true, true) => Value::Null,
    }
}

/// Fields in TOML. Those of sections count as if they stood above, where the name is not taken.
fn toml(lines: &[&str]) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut lines = lines.iter().copied();
    while let Some(line) = lines.next() {
        let Some((name, value)) = line.split_once('=') else { continue };
        let name = name.trim().trim_matches(['"', '\'']);
        let mut value = uncommented(value.trim()).to_owned();
        if !is_name(name) {
            continue;
        }
        // Lists and long texts go over several lines.
        let end = match value.get(..3) {
            Some(mark @ ("\"\"\"" | "'''")) if !value.get(3..).unwrap_or("").contains(mark) => Some(mark.to_owned()),
            _ if value.starts_with('[') && !value.ends_with(']') => Some("]".to_owned()),
            _ => None,
        };
        if let Some(end) = end {
            for next in lines.by_ref() {
                value.push('\n');
                value.push_str(next.trim());
                if next.trim_end().ends_with(&end) {
                    break;
                }
            }
        }
        fields.entry(name.to_owned()).or_insert(scalar(&value));
    }
    fields
}

/// A value: a text with or without quotation marks, a list.
fn scalar(value: &str) -> Value {
    let value = value.trim();
    if let Some(inner) = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return Value::Array(items(inner).map(|item| Value::String(unquoted(item))).collect());
    }
    let text = unquoted(value);
    if matches!(text.as_str(), "" | "null" | "~") { Value::Null } else { Value::String(text) }
}

/// The items of a list on one line: commas within quotation marks part nothing.
fn items(list: &str) -> impl Iterator<Item = &str> {
    let mut quote = None;
    let parts = list.split(move |c: char| {
        match quote {
            Some(open) if c == open => quote = None,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            _ => {}
        }
        quote.is_none() && c == ','
    });
    parts.map(str::trim).filter(|item| !item.is_empty())
}

/// A text without the quotation marks around it.
fn unquoted(value: &str) -> String {
    for mark in ["\"\"\"", "'''"] {
        if let Some(inner) = value.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark)) {
            return inner.trim().to_owned();
        }
    }
    if let Some(inner) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return inner.replace("\\\"", "\"").replace("\\n", "\n").replace("\\\\", "\\");
    }
    match value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        Some(inner) => inner.replace("''", "'"),
        None => value.to_owned(),
    }
}

/// A value without the comment after it.
fn uncommented(value: &str) -> &str {
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let after = match quote {
        Some(quote) => value.rfind(quote).map_or(value.len(), |end| end + 1),
        None => 0,
    };
    if value.starts_with('#') {
        return "";
    }
    match value.get(after..).and_then(|rest| rest.find(" #")) {
        Some(at) => value.get(..after + at).unwrap_or(value).trim_end(),
        None => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str, body: &str) {
        let (fields, rest) = parted(text);
        assert_eq!((Value::Object(fields).to_string().as_str(), rest), (expected, body), "{text}");
    }

    #[test]
    fn yaml_and_toml() {
        check(
            "---\na: 'it''s' # c\nb: [x, \"y, z\"]\nc:\n- 1\n- name: N\nd:\n  e: f\ng: >\n  h\n  i\nj: http://x/#y\nk:\n---\nT",
            r#"{"a":"it's","b":["x","y, z"],"c":["1",{"name":"N"}],"d":{"e":"f"},"g":"h i","j":"http://x/#y"}"#,
            "T",
        );
        check(
            "+++\na = \"x # y\" # z\nb = [\n  'c',\n  'd'\n]\n[s]\ne = 2024-06-19\na = 'no'\n+++\nT",
            r#"{"a":"x # y","b":["c","d"],"e":"2024-06-19"}"#,
            "T",
        );
    }

    #[test]
    fn what_is_not_closed_is_text() {
        for text in ["---\na: b\nc", "---\nNo field here.\n---\n", "--- \n", "", "+++\na: b\n+++\n"] {
            check(text, "{}", text);
        }
    }
}
