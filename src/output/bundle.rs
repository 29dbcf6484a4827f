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
    writeln!(out, "<p>{}</p>", counted(results.total, "article"))?;
    writeln!(out, "<p class=\"faint\">understood as <code>{}</code></p>", html::escaped(&results.parsed))?;
    // The time that it took, and which command says more, are of no use to those who read it elsewhere.
    for line in receipt::receipt(results, "").iter().skip(1) {
        html::remark(line.split(" (dateline ").next().unwrap_or(line), out)?;
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
