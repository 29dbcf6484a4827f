//! The reading of a PDF file where it can do no harm: in a process of its own, which may crash, hang or use up its memory,
//! or, where this program is not known, on a thread of its own.

use super::extract::{self, Extracted};
use crate::read::LARGEST_SINGLE;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// The name of the command that reads one file from its standard input.
pub const COMMAND: &str = "read-pdf";

/// The most memory that the process may use, in bytes: a file of the largest size and its text several times.
pub const MOST_MEMORY: u64 = 1 << 30;

/// How long the process may take, in seconds. A book of a thousand pages takes ten.
pub const LONGEST: u64 = 60;

/// What was found in a PDF file, or why nothing was.
pub(super) fn extract(program: Option<&Path>, bytes: Vec<u8>) -> Result<Extracted, String> {
    let found = match program {
        Some(program) => in_process(program, &bytes)?,
        None => on_thread(bytes)?,
    };
    match found.fault {
        Some(fault) => Err(fault),
        None => Ok(found),
    }
}

/// Ends a process, however this function is left.
struct Guard(Child);

impl Drop for Guard {
    fn drop(&mut self) {
        // One that has ended already cannot be killed, which is as good.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn in_process(program: &Path, bytes: &[u8]) -> Result<Extracted, String> {
    let mut command = Command::new(program);
    command.arg(COMMAND).env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let child = command.spawn().map_err(|error| format!("cannot be read: no process for it: {error}"))?;
    let mut guard = Guard(child);
    let (Some(mut input), Some(output)) = (guard.0.stdin.take(), guard.0.stdout.take()) else {
        return Err("cannot be read: its process has no input".to_owned());
    };
    let (send, receive) = channel();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // A process that ended early takes no more; what it said tells why.
            let _ = input.write_all(bytes);
        });
        scope.spawn(move || {
            let mut text = Vec::new();
            let read = output.take(LARGEST_SINGLE + 1).read_to_end(&mut text);
            let _ = send.send(read.map(|_| text));
        });
        let answer = receive.recv_timeout(Duration::from_secs(LONGEST));
        // The threads end with the process.
        drop(guard);
        match answer {
            Ok(Ok(text)) if text.len() as u64 > LARGEST_SINGLE => {
                Err("holds more text than is read of one file".to_owned())
            }
            Ok(Ok(text)) => serde_json::from_slice(&text).map_err(|_| CRASHED.to_owned()),
            Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => Err(CRASHED.to_owned()),
            Err(RecvTimeoutError::Timeout) => Err(too_long()),
        }
    })
}

/// The reason for a file on which the process ended without an answer.
const CRASHED: &str = "is damaged, or needs more memory than a file may use: reading it failed";

fn too_long() -> String {
    format!("takes longer than {LONGEST} seconds to read")
}

fn on_thread(bytes: Vec<u8>) -> Result<Extracted, String> {
    let (send, receive) = channel();
    let work = move || {
        let _ = send.send(extract::extract(&bytes));
    };
    // Deep nesting takes a large stack.
    let thread = std::thread::Builder::new().name(COMMAND.to_owned()).stack_size(STACK);
    thread.spawn(work).map_err(|error| format!("cannot be read: no thread for it: {error}"))?;
    receive.recv_timeout(Duration::from_secs(LONGEST)).map_err(|error| match error {
        RecvTimeoutError::Timeout => too_long(),
        RecvTimeoutError::Disconnected => CRASHED.to_owned(),
    })
}

/// The stack of the thread, in bytes.
pub const STACK: usize = 64 << 20;
