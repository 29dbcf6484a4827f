//! Runs the binary in a folder of its own, with nothing of the environment around it.
//!
//! [`Program::new`] makes the folder, [`Program::write`] and [`Program::copy`] fill it, [`Program::run`] runs a command
//! there and gives what came of it.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The longest that a command may take: far above what any needs, so that a hang is told from a slow machine.
const LONGEST: Duration = Duration::from_secs(120);

/// A folder to run the program in; removed when dropped.
pub(crate) struct Program {
    folder: tempfile::TempDir,
}

/// What came of a command.
#[derive(Debug)]
pub(crate) struct Ran {
    /// The exit code; none where a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Program {
    /// An empty folder.
    pub(crate) fn new() -> Program {
        let program = Program { folder: tempfile::tempdir().expect("a temporary folder can be made") };
        fs::create_dir(program.home()).expect("a folder can be made in it");
        fs::create_dir(program.path("")).expect("a folder can be made in it");
        program
    }

    /// The home folder, beside the one that the program runs in, so that a walk does not meet it.
    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// A path in the folder that the program runs in.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("work").join(name)
    }

    /// Writes a file, with the folders above it.
    pub(crate) fn write(&self, name: &str, contents: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("folders can be made");
        fs::write(path, contents).expect("a file can be written");
    }

    /// Copies a file or a folder of the package, such as `sample_corpus`, under the same name.
    pub(crate) fn copy(&self, name: &str) {
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(name), &self.path(name));
    }

    /// The command with these arguments, ready to run. The environment has no more than a home and a time zone.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
        command.args(arguments).current_dir(self.path("")).env_clear();
        command.env("HOME", self.home()).env("XDG_DATA_HOME", self.home().join("data")).env("TZ", "UTC");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a command with nothing on standard input.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "")
    }

    /// Runs a command with `input` on standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("it is a pipe");
        let input = input.to_owned();
        // A program that does not read its input closes the pipe: no fault.
        thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
        finish(child, arguments, LONGEST, &mut |_| ())
    }

    /// Runs a command that may take as long as `longest`; the most memory that it took, in bytes, where the system says so.
    pub(crate) fn run_measured(&self, arguments: &[&str], longest: Duration) -> (Ran, Option<u64>) {
        let child = self.command(arguments).spawn().expect("the program starts");
        let mut most = None;
        let ran = finish(child, arguments, longest, &mut |child| most = most.max(memory(child)));
        (ran, most)
    }
}

/// The most memory that a running process has taken so far, in bytes.
#[cfg(target_os = "linux")]
fn memory(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? << 10)
}

#[cfg(not(target_os = "linux"))]
fn memory(_child: &Child) -> Option<u64> {
    None
}

/// Waits for the end of `child`, reading both its outputs meanwhile; `watch` is shown it now and then.
fn finish(mut child: Child, arguments: &[&str], longest: Duration, watch: &mut dyn FnMut(&Child)) -> Ran {
    let stdout = collect(child.stdout.take().expect("it is a pipe"));
    let stderr = collect(child.stderr.take().expect("it is a pipe"));
    let began = Instant::now();
    let status = loop {
        watch(&child);
        match child.try_wait().expect("a child can be waited for") {
            Some(status) => break status,
            None if began.elapsed() > longest => {
                let _ = child.kill();
                panic!("`dateline {}` did not end within {longest:?}", arguments.join(" "));
            }
            None => thread::sleep(Duration::from_millis(2)),
        }
    };
    let text = |reader: thread::JoinHandle<Vec<u8>>| {
        String::from_utf8(reader.join().expect("reading a pipe does not fail")).expect("the program writes UTF-8")
    };
    Ran { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
}

fn collect(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        bytes
    })
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("folders can be made");
        for entry in fs::read_dir(from).expect("the folder can be read") {
            let name = entry.expect("the folder can be read").file_name();
            copy(&from.join(&name), &to.join(&name));
        }
    } else {
        fs::create_dir_all(to.parent().expect("it lies in the folder")).expect("folders can be made");
        fs::copy(from, to).expect("the file can be copied");
    }
}
