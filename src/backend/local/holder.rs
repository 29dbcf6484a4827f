//! Who holds the lock of an index: the note that is left in it, and what the next one is told.
//!
//! The lock itself is the system's; the note is a courtesy. It may be of a process that was killed, of another computer
//! or of an older program, and is believed no further than that.

use crate::error::{Error, Kind};
use std::path::Path;

/// The most bytes of a note that are read.
pub(super) const LONGEST: u64 = 1_024;

/// The note of this process; `doing` is its command, and since when, in nanoseconds since 1970.
pub(super) fn note(doing: Option<(&str, i64)>) -> String {
    let mut note = format!("process {}", std::process::id());
    if let Some(host) = host() {
        note.push_str(&format!("\nhost {host}"));
    }
    if let Some((command, since)) = doing {
        let since = chrono::DateTime::from_timestamp_nanos(since).with_timezone(&chrono::Local);
        note.push_str(&format!("\nsince {}\ncommand {command}", since.format("%Y-%m-%d %H:%M")));
    }
    note
}

/// The error of one who finds the lock of `index` held, with this note in it.
pub(super) fn locked(index: &Path, note: &str) -> Error {
    let holder = Holder::read(note);
    let error = Error::new(
        Kind::Locked,
        format!("another process{} is writing to the index `{}`", holder.described(), index.display()),
    );
    let wait = "wait until it has ended, or let this command wait for it with `--wait`";
    if holder.is_elsewhere() {
        return error.hint(format!(
            "{wait}; where `{}` is not at work any more, the drive that the index is on still holds the lock",
            holder.host.unwrap_or_default()
        ));
    }
    if holder.is_gone() {
        return error
            .because(format!(
                "the lock is held, but process {}, which is noted in it, has ended: who holds it is not known",
                holder.process.unwrap_or_default()
            ))
            .hint(wait);
    }
    error.hint(wait)
}

/// What a note says.
#[derive(Debug, Default, PartialEq)]
struct Holder {
    process: Option<u32>,
    host: Option<String>,
    since: Option<String>,
    command: Option<String>,
}

impl Holder {
    fn read(note: &str) -> Holder {
        let mut holder = Holder::default();
        for line in note.lines() {
            let Some((name, value)) = line.split_once(' ') else { continue };
            let text = || Some(value.chars().filter(|c| !c.is_control()).take(80).collect::<String>());
            match name {
                "process" => holder.process = value.parse().ok(),
                "host" => holder.host = text(),
                "since" => holder.since = text(),
                "command" => holder.command = text(),
                _ => {}
            }
        }
        holder
    }

    /// ` (process 4711 on `host`, since 2026-11-26 14:02, `dateline index`)`; nothing where nothing is known, or where
    /// what is known is of a process that has ended.
    fn described(&self) -> String {
        if self.is_gone() {
            return String::new();
        }
        let Some(process) = self.process else { return String::new() };
        let mut said = format!("process {process}");
        if let Some(host) = &self.host {
            said.push_str(&format!(" on `{host}`"));
        }
        if let Some(since) = &self.since {
            said.push_str(&format!(", since {since}"));
        }
        if let Some(command) = &self.command {
            said.push_str(&format!(", `{command}`"));
        }
        format!(" ({said})")
    }

    fn is_elsewhere(&self) -> bool {
        self.host.is_some() && self.host != host()
    }

    /// Whether the process was one of this computer and is not there any more.
    fn is_gone(&self) -> bool {
        let Some(process) = self.process else { return false };
        !self.is_elsewhere()
            && Path::new("/proc/self").exists()
            && !Path::new("/proc").join(process.to_string()).exists()
    }
}

/// The name of this computer, where the system tells it.
fn host() -> Option<String> {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    let name: String = name.trim().chars().filter(|c| !c.is_control()).take(80).collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_believed_as_far_as_it_goes() {
        let index = Path::new("kept");
        let own = locked(index, &note(Some(("dateline index", 0))));
        assert!(own.message.contains(&format!("(process {}", std::process::id())), "{own}");
        assert!(own.message.contains(", `dateline index`) is writing to the index `kept`"), "{own}");
        assert!(own.message.contains(", since 19"), "{own}");
        assert_eq!(own.causes, Vec::<String>::new());
        assert_eq!(locked(index, "").message, "another process is writing to the index `kept`");
        assert_eq!(locked(index, "\u{1b}[2J \u{0}").message, "another process is writing to the index `kept`");
        let elsewhere = locked(index, "process 7\nhost far.example\nsince 2026-11-26 14:02\ncommand dateline index");
        assert_eq!(
            elsewhere.message,
            "another process (process 7 on `far.example`, since 2026-11-26 14:02, `dateline index`) is writing to the \
             index `kept`"
        );
        assert!(elsewhere.hint.is_some_and(|hint| hint.contains("`far.example` is not at work any more")));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_note_of_a_process_that_has_ended_names_nobody() {
        let stale = locked(Path::new("kept"), "process 4294967295");
        assert_eq!(stale.message, "another process is writing to the index `kept`");
        assert!(stale.causes[0].contains("process 4294967295, which is noted in it, has ended"));
    }
}
