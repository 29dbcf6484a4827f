//! Disks that are full and indexes that may not be written to. Where the system gives no disk of its own to a test, it
//! is passed over with a remark.
#![cfg(target_os = "linux")]

use super::corpus;
use super::program::Program;
use std::process::Command;

/// What a script said, run where disks can be mounted; none where they cannot. `$D` is the program.
fn alone(program: &Program, script: &str) -> Option<String> {
    let command = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["-rm", "sh", "-c", script]).current_dir(program.path("")).env("HOME", program.home());
        command.env("D", env!("CARGO_BIN_EXE_dateline")).env("XDG_DATA_HOME", program.home().join("data"));
        command
    };
    let can = command("mkdir -p disk && mount -t tmpfs -o size=1m none disk").output();
    if !can.is_ok_and(|output| output.status.success()) {
        #[expect(clippy::print_stderr, reason = "a test that was not made must be seen")]
        {
            eprintln!("not tried: nothing can be mounted here");
        }
        return None;
    }
    let output = command(&format!("exec 2>&1; {script}")).output().expect("it was just run");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether `said` has these lines in this order, with any others between them.
fn assert_in_order(said: &str, expected: &[&str]) {
    let mut lines = said.lines();
    for wanted in expected {
        assert!(lines.any(|line| line.contains(wanted)), "`{wanted}` is missing or out of order in:\n{said}");
    }
}

#[test]
fn a_full_disk_costs_nothing_that_was_committed() {
    // More text than any of the disks can hold the index of, whatever the machine and its merges.
    for (size, articles) in [("1m", 6_000), ("3m", 18_000), ("8m", 48_000)] {
        let program = Program::new();
        program.copy("sample_corpus");
        let lines: String = (0..articles).map(|number| corpus::line(number, 1)).collect();
        program.write("news/all.jsonl", lines.as_bytes());
        let script = format!(
            "mount -t tmpfs -o size={size} none disk
             $D index --index disk/kept sample_corpus; echo first: $?
             $D index --no-extract --commit-every 0.1 --index disk/kept news; echo full: $?
             test $($D count --index disk/kept '') -ge 84 && echo searched
             $D check --index disk/kept >/dev/null; echo check: $?
             $D index --full --index disk/kept sample_corpus; echo anew: $?
             $D check --index disk/kept >/dev/null; echo check: $?
             mount -o remount,size=100m disk
             $D index --index disk/kept sample_corpus news; echo last: $?
             $D count --index disk/kept ''
             $D check --index disk/kept; echo check: $?
             ls disk/kept | grep -c generation"
        );
        let Some(said) = alone(&program, &script) else { return };
        let all = articles + 84;
        let expected = [
            "first: 0",
            "error: ",
            "hint: free some space",
            "full: 2",
            "searched",
            "check: 0",
            "check: 0",
            "last: 0",
            &all.to_string(),
            &format!("sound: {all} articles"),
            "check: 0",
            "1",
        ];
        assert_in_order(&said, &expected);
        assert!(!said.contains("panic") && !said.contains("fault of"), "{said}");
    }
}

#[test]
fn a_run_that_has_no_room_does_not_begin() {
    let program = Program::new();
    program.copy("sample_corpus");
    for number in 0..20 {
        program.write(&format!("large/{number}.txt"), corpus::page(number, 1).repeat(1_500).as_bytes());
    }
    let script = "mount -t tmpfs -o size=1m none disk
        $D index --no-extract --index disk/kept sample_corpus; echo first: $?
        $D index --no-extract --index disk/kept large; echo large: $?
        $D check --index disk/kept; echo check: $?
        mount -o remount,size=100m disk
        $D index --no-extract --index disk/kept large; echo roomy: $?";
    let Some(said) = alone(&program, script) else { return };
    let expected = [
        "first: 0",
        "error: the disk of `disk/kept` has 0.",
        "hint: free some space",
        "large: 2",
        "sound: 84 articles",
        "check: 0",
        "roomy: 0",
    ];
    assert_in_order(&said, &expected);
    assert!(said.contains(" MB free, this run may need 1."), "{said}");
}

#[test]
fn an_index_that_may_not_be_written_to_is_searched() {
    let program = Program::new();
    program.copy("sample_corpus");
    let script = "$D index -q --index kept sample_corpus; echo made: $?
        mount --bind kept kept && mount -o remount,bind,ro kept || echo cannot
        $D count --index kept ''
        $D search --index kept -n 1 korea >/dev/null; echo search: $?
        $D status --index kept >/dev/null; echo status: $?
        $D check --index kept; echo check: $?
        $D index --index kept sample_corpus; echo index: $?
        $D index --full --index kept sample_corpus; echo full: $?";
    let Some(said) = alone(&program, script) else { return };
    if said.contains("cannot") {
        return;
    }
    let expected = [
        "made: 0",
        "84",
        "search: 0",
        "status: 0",
        "sound: 84",
        "check: 0",
        "error: ",
        "because ",
        "hint: ",
        "index: 2",
        "full: 2",
    ];
    assert_in_order(&said, &expected);
}

#[test]
fn an_index_of_somebody_else_is_searched() {
    let program = Program::new();
    program.copy("sample_corpus");
    // Only an administrator can be somebody else.
    let script = "$D index -q --index kept sample_corpus; echo made: $?
        chmod -R go=rX . ..; chmod go=rx ../..
        run='setpriv --reuid 12345 --regid 12345 --clear-groups'
        $run $D --version >/dev/null 2>&1 || { echo cannot; exit; }
        $run $D count --index kept ''
        $run $D check --index kept; echo check: $?
        $run $D index --index kept sample_corpus; echo index: $?";
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1; {script}")])
        .current_dir(program.path(""))
        .env("D", env!("CARGO_BIN_EXE_dateline"))
        .env("HOME", program.home())
        .output()
        .expect("there is a shell");
    let said = String::from_utf8_lossy(&output.stdout);
    if said.contains("cannot") {
        return;
    }
    let expected = ["made: 0", "84", "sound: 84", "check: 0", "error: ", "because ", "hint: ", "index: 2"];
    assert_in_order(&said, &expected);
}
