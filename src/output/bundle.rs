//! An answer as one page for a browser, to be handed on without the articles: the question, the receipt, a timeline, the
//! hits with their passages.

use super::table::counted;
use super::{html, receipt};
use crate::search::{Results, Timeline};
use std::io::{self, Write};

/// Writes what stands before the first hit.
///
/// # Errors
/// When `out` takes nothing more.
pub fn begin(results: &Results, timeline: &Timeline, out: &mut dyn Write) -> io::Result<()> {
    let query = if results.query.trim().is_empty() { "every article" } else { &results.query };
    html::begin(query, out)?;
    let said: Vec<String> = receipt::receipt(results, "").into_iter().map(|line| html::escaped(&line)).collect();
    // The time that it took is of no use to those who read it later.
    let said = said.get(1..).unwrap_or(&[]);
    writeln!(out, "<p>{}</p>", counted(results.total, "article"))?;
    writeln!(out, "<p class=\"faint\">understood as <code>{}</code></p>", html::escaped(&results.parsed))?;
    for line in said {
        writeln!(out, "<p class=\"faint\">{line}</p>")?;
    }
    html::timeline(timeline, out)?;
    if timeline.undated > 0 {
        html::remark(&format!("without a date of publication: {}", timeline.undated), out)?;
    }
    if timeline.coarser > 0 {
        html::remark(&format!("with a date longer than a {}: {}", timeline.by.name(), timeline.coarser), out)?;
    }
    writeln!(out, "<h2>Articles</h2>\n<ol class=\"hits\">")
}

/// Writes what stands behind the last hit.
///
/// # Errors
/// When `out` takes nothing more.
pub fn end(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"</ol>\n")?;
    html::end(out)
}
