//! Power cuts: the file system of a disk of its own is shut down at any moment, so that nothing more reaches the disk, and
//! mounted anew. Where that cannot be done (no administrator, no loop devices, no Python), it is passed over with a remark.
//!
//! `DATELINE_LARGE=1` cuts five times as often.
#![cfg(target_os = "linux")]

use super::corpus::{Chance, rounds};
use super::crash::{Corpus, Editions, Pages, contents, last_acknowledged};
use super::program::Program;
use dateline::backend::local::check::check;
use std::process::Command;

/// Shuts the file system `disk` down without writing what is in memory: `FS_IOC_SHUTDOWN` with `NOLOGFLUSH`.
const CUT: &str = "import fcntl, os, struct; fcntl.ioctl(os.open('disk', 0), 0x8004587d, struct.pack('I', 2))";

/// What a script said that may mount disks; `$D` is the program.
fn alone(program: &Program, script: &str) -> String {
    let output = Command::new("unshare")
        .args(["-m", "sh", "-c", &format!("exec 2>&1; cut() {{ python3 -c \"{CUT}\"; }}; {script}")])
        .current_dir(program.path(""))
        .env("D", env!("CARGO_BIN_EXE_dateline"))
        .output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
}

#[test]
fn what_is_committed_survives_a_power_cut() {
    let program = Program::new();
    let made =
        "truncate -s 128M image && mkfs.ext4 -q image && mkdir disk && mount -o loop image disk && cut && echo can";
    if !alone(&program, made).ends_with("can\n") {
        #[expect(clippy::print_stderr, reason = "a test that was not made must be seen")]
        {
            eprintln!("not tried: no disk can be mounted and shut down here");
        }
        return;
    }
    let large = std::env::var_os("DATELINE_LARGE").is_some_and(|value| value != "0");
    let rounds = rounds(if large { 40 } else { 8 });
    let mut chance = Chance::new(5);
    let (mut wanted, mut before) = (Editions::new(), Editions::new());
    let (mut within, mut acknowledged_in_all) = (0, 0);
    for round in 0..rounds {
        let old = wanted.clone();
        for number in 0..1500 {
            if old.is_empty() || chance.below(3) == 0 {
                wanted.insert(number, round);
            }
            if chance.below(30) == 0 {
                wanted.remove(&number);
            }
        }
        Pages.write(&program, &wanted, &old);
        // Every fourth cut comes right after the end of a run.
        let ends = round % 4 == 3;
        // A run takes about a second, more on a busy machine.
        let pause = format!("0.{:02}", chance.below(60));
        let run = "$D index -v --commit-every 0.05 --index disk/kept news 2>said";
        let script =
            if ends { format!("{run}; code=$?; cut") } else { format!("{run} & sleep {pause}; cut; wait $!; code=$?") };
        let said = alone(
            &program,
            &format!(
                "mount -o loop image disk || exit; {script}; echo code: $code; umount disk; mount -o loop image disk || exit
                 rm -rf after; test ! -d disk/kept || cp -r disk/kept after; umount disk && echo done"
            ),
        );
        let noted = std::fs::read(program.path("said")).expect("it was written");
        let acknowledged = last_acknowledged(&mut noted.as_slice());
        let context =
            format!("round {round}, cut after {pause} s or at the end: {ends}, {acknowledged} acknowledged: {said}");
        assert!(said.ends_with("done\n"), "{context}");
        within += u64::from(!said.contains("code: 0"));
        acknowledged_in_all += acknowledged;
        let after = program.path("after");
        if !after.join("CURRENT").exists() {
            assert_eq!((acknowledged, ends, before.len()), (0, false, 0), "{context}");
            continue;
        }
        let findings = check(&after).expect("it can be checked");
        assert_eq!(findings.faults, Vec::<String>::new(), "{context}");
        let now = contents(&after);
        assert_eq!(now.len(), findings.articles, "{context}");
        Pages.assert_kept(&now, &before, &wanted, acknowledged);
        if ends {
            assert!(said.contains("code: 0"), "{context}");
            assert_eq!(now, wanted, "{context}");
        }
        before = now;
    }
    assert!(
        within > rounds / 4 && acknowledged_in_all > 0,
        "{within} cuts in a run, {acknowledged_in_all} acknowledged"
    );
}
