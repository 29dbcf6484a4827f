//! What kind of table a file is: the sign between its columns, how its texts are quoted, the names of its columns.

use super::rows::{Row, Rows};
use crate::read::fields::{Names, Role};

/// The signs between columns, the usual ones first.
pub(super) const SEPARATORS: &[u8] = b",;\t|";

/// How many rows are looked at.
const MOST_ROWS: usize = 20;

/// How a table is written.
#[derive(Clone, Debug, Default)]
pub(super) struct Dialect {
    /// The sign between columns.
    pub(super) separator: u8,
    /// The quotation mark; none where quotation marks are part of the text.
    pub(super) quote: Option<u8>,
    /// Whether a backslash takes the meaning from the quotation mark after it.
    pub(super) backslash: bool,
    /// The last byte of a line.
    pub(super) line_end: u8,
    /// Lines before the names of the columns: `sep=;`.
    pub(super) lines_before: usize,
    /// The names of the columns.
    pub(super) columns: Vec<String>,
    /// The column of the text.
    text: Option<usize>,
}

impl Dialect {
    /// The dialect of the table that begins like this; none where the beginning is no table.
    pub(super) fn of(sample: &[u8], names: &Names) -> Option<Dialect> {
        let line_end = if !sample.contains(&b'\n') && sample.contains(&b'\r') { b'\r' } else { b'\n' };
        let mut rest = sample.strip_prefix(b"\xef\xbb\xbf").unwrap_or(sample);
        let mut base = Dialect { line_end, quote: Some(b'"'), ..Dialect::default() };
        let mut separators = SEPARATORS.to_vec();
        // What spreadsheets write for one another.
        let first = rest.split(|byte| *byte == line_end).next().unwrap_or(rest);
        let first = first.strip_suffix(b"\r").unwrap_or(first);
        let bare = first.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(first);
        if let Some([separator]) = bare.strip_prefix(b"sep=") {
            separators = vec![*separator];
            base.lines_before = 1;
            let end = rest.iter().position(|byte| *byte == line_end).map_or(rest.len(), |at| at + 1);
            rest = rest.get(end..).unwrap_or(&[]);
        }
        if rest.trim_ascii_start().starts_with(b"'") {
            base.quote = Some(b'\'');
        }
        base.backslash = escapes(rest, base.quote);
        let tried = separators.iter().filter_map(|separator| {
            let mut dialect = Dialect { separator: *separator, ..base.clone() };
            dialect.columns = dialect.rows(rest).next()?;
            let known = dialect.columns.iter().filter(|name| role(name, names).is_some()).count();
            Some((known, dialect.columns.len(), dialect))
        });
        // Of two that are as good the first counts, which is the more usual one.
        let mut best: Option<(usize, usize, Dialect)> = None;
        for tried in tried {
            if best.as_ref().is_none_or(|best| (tried.0, tried.1) > (best.0, best.1)) {
                best = Some(tried);
            }
        }
        let (known, width, mut dialect) = best?;
        if width < 2 && known == 0 {
            return None;
        }
        let is_text = |name: &String| matches!(role(name, names), Some(Role::Text | Role::Html));
        dialect.text = dialect.columns.iter().position(is_text);
        // Quotation marks that are part of the text make a mess of the rows.
        if dialect.separator == b'\t' {
            let plain = Dialect { quote: None, ..dialect.clone() };
            let quoted_starts = rest.windows(2).filter(|two| matches!(two, [b'\t' | b'\n', b'"'])).count();
            let quoted_ends = rest.windows(2).filter(|two| matches!(two, [b'"', b'\t' | b'\n' | b'\r'])).count();
            if quoted_starts > quoted_ends && plain.fit(rest) >= dialect.fit(rest) {
                dialect = plain;
            }
        }
        Some(dialect)
    }

    /// Whether a column is the text, or what stands in for it.
    pub(super) fn has_text(&self, names: &Names) -> bool {
        self.columns.iter().any(|name| matches!(role(name, names), Some(Role::Text | Role::Html | Role::Summary)))
    }

    /// Whether it is a table whatever its name: the names of all columns look like names, a text is among them and something
    /// else that is known, and the next row has the same columns.
    pub(super) fn is_certain(&self, sample: &[u8]) -> bool {
        let names = Names::default();
        let known = self.columns.iter().filter(|name| role(name, &names).is_some()).count();
        let named = self.columns.iter().all(|name| is_name(name.as_bytes()));
        let mut rows = self.rows(sample);
        for _ in 0..self.lines_before {
            rows.next();
        }
        rows.next();
        let same = rows.next().is_some_and(|row| row.len() == self.columns.len());
        self.text.is_some() && known >= 2 && named && same
    }

    /// The fields of a row as many as there are columns.
    pub(super) fn fitted(&self, mut fields: Vec<String>) -> Result<Vec<String>, String> {
        let (found, expected) = (fields.len(), self.columns.len());
        if found > expected {
            let more = fields.split_off(expected);
            if more.iter().any(|field| !field.trim().is_empty()) {
                // A text at the end of the row that should have been quoted.
                if self.text != Some(expected.saturating_sub(1)) {
                    return Err(format!("has {found} columns instead of {expected}"));
                }
                if let Some(text) = fields.last_mut() {
                    for field in more {
                        text.push(char::from(self.separator));
                        text.push_str(&field);
                    }
                }
            }
        }
        Ok(fields)
    }

    /// How many of the first rows have as many fields as there are columns.
    fn fit(&self, sample: &[u8]) -> usize {
        self.rows(sample).filter(|row| row.len() == self.columns.len()).count()
    }

    /// The first whole rows of a sample.
    fn rows<'a>(&self, sample: &'a [u8]) -> impl Iterator<Item = Vec<String>> + use<'a> {
        let mut input = sample;
        let dialect = self.clone();
        let mut found = Vec::new();
        let mut rows = Rows::new(&mut input, &dialect);
        while found.len() < MOST_ROWS
            && let Ok(Some(row)) = rows.next()
        {
            if let Row::Whole(fields) = row {
                found.push(fields.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect());
            }
        }
        found.into_iter()
    }
}

/// Whether it looks like the name of a column.
pub(super) fn is_name(column: &[u8]) -> bool {
    let name = column.trim_ascii();
    name.len() <= 40 && name.split(|byte| *byte == b' ').count() <= 3 && !matches!(name, [.., b'.' | b'!' | b'?'])
}

/// What a column is by its name.
fn role(name: &str, names: &Names) -> Option<Role> {
    let name = name.trim();
    names.own_role(name).or_else(|| names.role(name).map(|(role, _)| role))
}

/// Whether quotation marks within texts have a backslash before them rather than being doubled.
fn escapes(sample: &[u8], quote: Option<u8>) -> bool {
    let Some(quote) = quote else { return false };
    let (mut escaped, mut doubled) = (0usize, 0usize);
    for three in sample.windows(3) {
        match three {
            [b'\\', mark, next] if *mark == quote && next.is_ascii_alphanumeric() => escaped += 1,
            [before, mark, after] if *mark == quote && *after == quote && before.is_ascii_alphanumeric() => {
                doubled += 1
            }
            _ => {}
        }
    }
    escaped > doubled
}
