//! `dateline index --watch`: stays, looks for changes, and brings the index up to date in rounds.
//!
//! 1. A [`Glimpse`] of the folders is taken again and again; between two there is a pause
//!    of [`PAUSE`], or [`SHARE`] times what the last one took where that is more: watching takes little of a processor.
//! 2. Where one differs from what was indexed, the next equal one says that nothing grows any more. What never comes to
//!    rest is indexed every [`LONGEST`] all the same.
//! 3. A round is a run like any other: it takes the lock, commits, and lets go of the lock and of all memory.

use super::report::Report;
use crate::error::{Error, Kind, Result};
use crate::ingest::glimpse::{Glimpse, glimpse};
use crate::ingest::pipeline::Summary;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// The shortest pause between two looks.
const PAUSE: Duration = Duration::from_secs(1);
/// And so many times what a look takes.
const SHARE: u32 = 5;
/// The longest that a folder is waited for to come to rest.
const LONGEST: Duration = Duration::from_secs(30);
/// How long it takes at most to notice Ctrl-C.
const NAP: Duration = Duration::from_millis(100);

/// Watches `paths`, which `seen` was taken of before they were indexed, and calls `round` where they have changed. It ends
/// with an error only: at best because it was told to stop.
pub(super) fn watch(
    paths: &[PathBuf],
    mut seen: Option<Glimpse>,
    report: &mut Report,
    round: &mut dyn FnMut(&mut Report) -> Result<()>,
) -> Result<()> {
    let mut last = seen;
    let mut restless: Option<Instant> = None;
    let mut told: Option<String> = None;
    let mut pause = PAUSE;
    loop {
        nap(pause)?;
        let began = Instant::now();
        let looked = glimpse(paths, &super::STOP);
        pause = PAUSE.max(began.elapsed() * SHARE);
        let now = match looked {
            Ok(now) => now,
            // A drive that is not there for a while; what is indexed of it stays.
            Err(error) => {
                once(&error, &mut told, report);
                continue;
            }
        };
        if now == seen {
            (last, restless) = (now, None);
            continue;
        }
        let since = *restless.get_or_insert(began);
        if now != last && since.elapsed() < LONGEST {
            last = now;
            continue;
        }
        match round(report) {
            Ok(()) => {
                (seen, last, restless, told) = (now, now, None, None);
            }
            // Another process is at it, or the folder went as it was looked at: the next look is another try.
            Err(error) if matches!(error.kind, Kind::Locked | Kind::NotFound) => once(&error, &mut told, report),
            Err(error) => return Err(error),
        }
    }
}

/// Says what is in the way, once.
fn once(error: &Error, told: &mut Option<String>, report: &mut Report) {
    if told.as_ref() != Some(&error.message) {
        report.warn(&format!("{error}; trying again"));
        *told = Some(error.message.clone());
    }
}

fn nap(pause: Duration) -> Result<()> {
    let until = Instant::now() + pause;
    loop {
        if super::STOP.load(Ordering::Relaxed) {
            return Err(Error::new(Kind::Interrupted, "stopped watching; all that was indexed is kept"));
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        std::thread::sleep(left.min(NAP));
    }
}

/// What a round has changed, in a line; none where that was nothing.
pub(super) fn line(summary: &Summary, now: &str) -> Option<String> {
    let changed = if summary.updated > 0 { format!(" ~{}", summary.updated) } else { String::new() };
    let time = now.get(11..19).unwrap_or(now);
    (summary.added + summary.updated + summary.removed > 0).then(|| {
        format!("{time}  +{} \u{2212}{}{changed}, {} articles", summary.added, summary.removed, summary.articles)
    })
}
