//! An index that rots: damage of every kind in every file is found by a check and by the next run that writes; what has
//! right checksums and is wrong is found by a deep check; a repair moves the damaged index aside and builds anew.

use super::corpus::Chance;
use super::damage::{answers, files, hush, is_found, is_list, made, replace};
use super::program::Program;
use dateline::backend::local::check::check_deep;
use dateline::backend::local::writer::{Options, Writer};
use std::fs;
use std::path::{Path, PathBuf};

/// How often, against the usual: ten times as often with `DATELINE_LARGE=1`.
fn times() -> usize {
    if std::env::var_os("DATELINE_LARGE").is_some_and(|value| value == "1") { 10 } else { 1 }
}

/// Whether a run that changes something, beginning now, is refused; or else a check finds the damage afterwards still.
fn stays_found(index: &Path) -> bool {
    let options = Options { threads: 1, ..Options::default() };
    let ran = Writer::open(index, options).and_then(|mut writer| {
        writer.forget_file("0:harbour-courier/none.txt")?;
        writer.finish()
    });
    ran.is_err() || is_found(index)
}

/// A copy of an index, file by file.
fn copied(index: &Path, to: &Path) -> Vec<PathBuf> {
    let _ = fs::remove_dir_all(to);
    let mut copies = Vec::new();
    // Names of segments are by chance: what is damaged is not.
    let mut files = files(index);
    files.sort_by_key(|file| fs::metadata(file).map_or(0, |metadata| metadata.len()));
    for file in files {
        let copy = to.join(file.strip_prefix(index).expect("it lies in it"));
        fs::create_dir_all(copy.parent().expect("it has one")).expect("made");
        fs::copy(&file, &copy).expect("copied");
        copies.push(copy);
    }
    copies
}

/// Damages one file by chance: a bit flipped, an end cut off, a page of nothing but zeros.
fn damage(chance: &mut Chance, kind: usize, bytes: &mut Vec<u8>) {
    let at = chance.below(bytes.len() as u64) as usize;
    match kind {
        0 => bytes[at] ^= 1 << chance.below(8),
        1 => bytes.truncate(at),
        _ => {
            let from = at / 4096 * 4096;
            let to = bytes.len().min(from + 4096);
            bytes[from..to].fill(0);
        }
    }
}

#[test]
fn damage_of_every_kind_is_found_and_not_merged_away() {
    hush();
    let program = made();
    let (index, copy) = (program.path("kept"), program.path("copy"));
    let right = answers(&index).expect("it is sound");
    let mut chance = Chance::new(97);
    for (kind, rounds) in [(0, 200), (1, 60), (2, 60)] {
        let (mut unseen, mut merged, mut changed) = (Vec::new(), Vec::new(), 0);
        for round in 0..rounds * times() {
            let copies = copied(&index, &copy);
            // Every file has its turn.
            let file = &copies[round % copies.len()];
            let mut bytes = fs::read(file).expect("it is there");
            let whole = bytes.clone();
            damage(&mut chance, kind, &mut bytes);
            if bytes == whole {
                continue;
            }
            replace(file, &bytes);
            let found = is_found(&copy);
            if answers(&copy).is_ok_and(|answers| answers == right) {
                continue;
            }
            changed += 1;
            if !found {
                unseen.push(file.clone());
            }
            // Lists for look-ups are made anew by a run.
            if !is_list(file) && !stays_found(&copy) {
                merged.push(file.clone());
            }
        }
        assert!(changed > rounds / 10, "damage of kind {kind} did nothing");
        assert_eq!((unseen, merged), (Vec::new(), Vec::new()), "of kind {kind}, {changed} changed an answer");
    }
}

/// A file of the engine with the checksum that its contents have now.
fn with_right_checksum(bytes: &[u8]) -> Option<Vec<u8>> {
    let number = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize);
    let end = bytes.len().checked_sub(8)?;
    let begin = end.checked_sub(number(end)?)?;
    let note = std::str::from_utf8(&bytes[begin..end]).ok()?;
    let (before, rest) = note.split_once("\"crc\":")?;
    let behind = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let note = format!("{before}\"crc\":{}{behind}", crc32(&bytes[..begin]));
    let mut out = bytes[..begin].to_vec();
    out.extend_from_slice(note.as_bytes());
    out.extend_from_slice(&(note.len() as u32).to_le_bytes());
    out.extend_from_slice(&bytes[end + 4..]);
    Some(out)
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 })
    })
}

/// Whether a deep check finds anything wrong.
fn is_found_deep(index: &Path) -> bool {
    check_deep(index, &|_, _| ()).map_or(true, |findings| !findings.faults.is_empty())
}

/// Answers without scores, the order of the hits and the choice of passages, which a few numbers decide that are of no
/// article.
fn unranked(answers: &[String]) -> Vec<Vec<String>> {
    let without_score = |hit: &str| match hit.split_once("score: ") {
        Some((before, rest)) => format!("{before}{}", rest.split_once(',').map_or("", |(_, rest)| rest)),
        None => hit.to_owned(),
    };
    let parts = |answer: &String| {
        let hits = answer.split("Hit {").map(|hit| hit.split(", snippets: ").next().unwrap_or(hit));
        let mut parts: Vec<String> = hits.map(without_score).collect();
        parts.sort();
        parts
    };
    answers.iter().map(parts).collect()
}

#[test]
fn what_is_wrong_with_right_checksums_is_found_by_a_deep_check() {
    hush();
    let program = made();
    let (index, copy) = (program.path("kept"), program.path("copy"));
    let deep = check_deep(&index, &|_, _| ()).expect("it can be checked");
    assert_eq!(deep.faults, Vec::<String>::new());
    let right = unranked(&answers(&index).expect("it is sound"));
    let mut chance = Chance::new(11);
    let (mut unseen, mut wrong, mut hidden) = (Vec::new(), 0, 0);
    let endings = ["store", "term", "idx", "pos", "fast", "fieldnorm"];
    for round in 0..120 * times() {
        let ending = endings[round % endings.len()];
        let copies = copied(&index, &copy);
        let of_it: Vec<_> = copies.iter().filter(|file| file.extension().is_some_and(|is| is == ending)).collect();
        let file = of_it[chance.below(of_it.len() as u64) as usize];
        let mut bytes = fs::read(file).expect("it is there");
        assert_eq!(with_right_checksum(&bytes).as_ref(), Some(&bytes), "it is known how checksums are kept");
        if ending == "fast" && round % 4 == 0 {
            // Which columns there are stands at the end of a file that is mostly values.
            let at = bytes.len() - 1 - chance.below(1024) as usize;
            bytes[at] ^= 1 << chance.below(8);
        } else {
            damage(&mut chance, 0, &mut bytes);
        }
        let Some(forged) = with_right_checksum(&bytes) else { continue };
        replace(file, &forged);
        if answers(&copy).is_ok_and(|answers| unranked(&answers) == right) {
            continue;
        }
        wrong += 1;
        hidden += usize::from(!is_found(&copy));
        if !is_found_deep(&copy) {
            let answers = answers(&copy).map(|answers| unranked(&answers));
            let differs = |answers: Vec<Vec<String>>| {
                let mut pairs = right.iter().flatten().zip(answers.into_iter().flatten());
                pairs.find(|(right, wrong)| *right != wrong).map(|(right, wrong)| format!("{right} / {wrong}"))
            };
            unseen.push((file.clone(), answers.map(differs)));
        }
    }
    assert!(wrong > 20 && hidden > 5, "{wrong} wrong, of which {hidden} are not found by a plain check");
    assert!(unseen.is_empty(), "of {wrong}: {unseen:?}");
}

/// Flips a bit in the middle of the first file with this ending; the bytes as they are then.
fn flip(program: &Program, ending: &str) -> (PathBuf, Vec<u8>) {
    let found = files(&program.path("kept")).into_iter().find(|file| file.to_string_lossy().ends_with(ending));
    let file = found.expect("there is one");
    let mut bytes = fs::read(&file).expect("it is there");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    replace(&file, &bytes);
    (file, bytes)
}

/// The folders of an index, in order.
fn folders(program: &Program) -> Vec<String> {
    let entries = fs::read_dir(program.path("kept")).expect("it is there").flatten();
    let folders = entries.filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_repair_moves_the_damaged_index_aside_and_builds_anew() {
    let program = made();
    let right = answers(&program.path("kept")).expect("it is sound");
    let whole = program.run(&["check", "--repair", "--index", "kept"]);
    assert_eq!(whole.code, Some(0), "{}{}", whole.stdout, whole.stderr);
    assert!(whole.stderr.contains("nothing to repair"), "{}", whole.stderr);
    let (file, bytes) = flip(&program, ".store");
    let repaired = program.run(&["check", "--repair", "--index", "kept"]);
    assert_eq!(repaired.code, Some(0), "{}{}", repaired.stdout, repaired.stderr);
    let kept = folders(&program);
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(kept[0].starts_with("generation-0001.damaged-20") && kept[1] == "generation-0002", "{kept:?}");
    assert!(repaired.stdout.contains(&kept[0]), "{}", repaired.stdout);
    let aside = program.path("kept").join(&kept[0]).join(file.file_name().expect("it has one"));
    assert_eq!(fs::read(&aside).expect("it is kept"), bytes);
    assert_eq!(program.run(&["check", "--deep", "--index", "kept"]).code, Some(0));
    assert_eq!(answers(&program.path("kept")).expect("it is sound").len(), right.len());
    // Nothing that comes later removes it.
    for command in
        [&["index", "--index", "kept", "sample_corpus"][..], &["index", "--full", "--index", "kept", "sample_corpus"]]
    {
        assert_eq!(program.run(command).code, Some(0));
        assert_eq!(fs::read(&aside).expect("it is kept"), bytes);
    }
}

#[test]
fn what_was_indexed_is_known_without_a_list_of_segments() {
    for lost in ["generation-0001/meta.json", "generation-0001/dateline.json", "CURRENT"] {
        let program = made();
        fs::remove_file(program.path("kept").join(lost)).expect("it is there");
        let repaired = program.run(&["check", "--repair", "--index", "kept"]);
        assert_eq!(repaired.code, Some(0), "{lost}: {}{}", repaired.stdout, repaired.stderr);
        assert_eq!(program.run(&["check", "--index", "kept"]).code, Some(0), "{lost}");
        let found = program.run(&["count", "--index", "kept", "leeds"]);
        assert!(found.code == Some(0) && !found.stdout.starts_with('0'), "{lost}: {}", found.stdout);
        assert!(folders(&program)[0].starts_with("generation-0001.damaged-"), "{lost}: {:?}", folders(&program));
    }
}

#[test]
fn a_list_of_files_is_mended_in_place() {
    for list in [None, Some("{"), Some(r#"["meta.json","../victim"]"#)] {
        let program = made();
        program.write("kept/victim", b"precious");
        let managed = program.path("kept/generation-0001/.managed.json");
        fs::remove_file(&managed).expect("it is there");
        if let Some(list) = list {
            fs::write(&managed, list).expect("written");
        }
        let repaired = program.run(&["check", "--repair", "--index", "kept"]);
        assert_eq!(repaired.code, Some(0), "{list:?}: {}{}", repaired.stdout, repaired.stderr);
        assert_eq!(folders(&program), ["generation-0001"], "{list:?}");
        program.write("sample_corpus/more.txt", b"Snow\n\nFell in Leeds.\n");
        assert_eq!(program.run(&["index", "--index", "kept", "sample_corpus"]).code, Some(0), "{list:?}");
        assert_eq!(program.run(&["check", "--deep", "--index", "kept"]).code, Some(0), "{list:?}");
        assert_eq!(fs::read(program.path("kept/victim")).expect("it is there"), b"precious");
    }
}

#[test]
fn a_repair_without_the_articles_or_the_lock_is_refused() {
    let program = made();
    flip(&program, ".store");
    let before = files(&program.path("kept"));
    fs::rename(program.path("sample_corpus"), program.path("elsewhere")).expect("moved");
    for there in [false, true] {
        if there {
            // As a disk leaves its folder when it is not mounted.
            fs::create_dir(program.path("sample_corpus")).expect("made");
        }
        let refused = program.run(&["check", "--repair", "--index", "kept"]);
        assert_eq!(refused.code, Some(2), "{}{}", refused.stdout, refused.stderr);
        assert!(refused.stderr.contains("sample_corpus") && refused.stderr.contains("hint: "), "{}", refused.stderr);
        assert_eq!(files(&program.path("kept")), before);
    }
    let held = Writer::open(&program.path("kept"), Options { threads: 1, full: true, ..Options::default() });
    let held = held.expect("the lock is free");
    let refused = program.run(&["check", "--repair", "--index", "kept"]);
    assert_eq!(refused.code, Some(2), "{}{}", refused.stdout, refused.stderr);
    assert!(refused.stderr.contains("is writing to the index"), "{}", refused.stderr);
    drop(held);
    assert_eq!(files(&program.path("kept")), before);
    // A folder without an index stays as it is.
    fs::create_dir(program.path("nothing")).expect("made");
    assert_eq!(program.run(&["check", "--repair", "--index", "nothing"]).code, Some(2));
    assert_eq!(fs::read_dir(program.path("nothing")).expect("it is there").count(), 0);
}

#[cfg(unix)]
#[test]
fn links_to_folders_and_files_elsewhere_are_not_followed_to_write() {
    let tree = |folder: &Path| -> Vec<(PathBuf, Vec<u8>)> {
        let mut all: Vec<_> = fs::read_dir(folder)
            .expect("it is there")
            .flatten()
            .map(|entry| (entry.path(), fs::read(entry.path()).expect("a file")))
            .collect();
        all.sort();
        all
    };
    for link in ["generation-0001", "CURRENT", "segment"] {
        let program = made();
        let kept = program.path("kept");
        fs::create_dir(program.path("elsewhere")).expect("made");
        let store = files(&kept).into_iter().find(|file| file.to_string_lossy().ends_with(".store")).expect("one");
        let (from, to) = match link {
            "segment" => (store.clone(), program.path("elsewhere").join(store.file_name().expect("it has one"))),
            name => (kept.join(name), program.path("elsewhere").join(name)),
        };
        fs::rename(&from, &to).expect("moved");
        std::os::unix::fs::symlink(&to, &from).expect("linked");
        let victim = if to.is_dir() { to.clone() } else { program.path("elsewhere") };
        let before = tree(&victim);
        program.write("sample_corpus/more.txt", b"Changed\n\nSo that there is something to do.\n");
        for command in [
            &["index", "--index", "kept", "sample_corpus"][..],
            &["check", "--index", "kept"],
            &["check", "--repair", "--index", "kept"],
            &["index", "--full", "--index", "kept", "sample_corpus"],
        ] {
            let ran = program.run(command);
            assert!(ran.code.is_some() && !ran.stderr.contains("panic"), "{link} {command:?}: {}", ran.stderr);
            assert_eq!(tree(&victim), before, "{link} {command:?}: {}", ran.stderr);
        }
        assert_eq!(program.run(&["check", "--index", "kept"]).code, Some(0), "{link}");
    }
}

#[test]
fn absurd_numbers_and_names_are_errors_and_nothing_worse() {
    let program = made();
    let meta = program.path("kept/generation-0001/meta.json");
    let whole = fs::read_to_string(&meta).expect("it is there");
    let absurd = |field: &str, number: &str| {
        let (before, rest) = whole.split_once(&format!("\"{field}\":")).expect("it says so");
        let behind = rest.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
        format!("{before}\"{field}\": {number}{behind}")
    };
    let asked = |what: &str| {
        for command in [
            &["search", "--index", "kept", "korea"][..],
            &["check", "--deep", "--index", "kept"],
            &["status", "--index", "kept"],
        ] {
            let ran = program.run(command);
            let expected = if command[0] == "check" { [Some(1), Some(2)] } else { [Some(2); 2] };
            assert!(expected.contains(&ran.code), "{what} {command:?}: {:?} {}{}", ran.code, ran.stdout, ran.stderr);
            let said = format!("{}{}", ran.stdout, ran.stderr);
            assert!(!said.contains("panic") && !said.contains('\u{1b}'), "{what} {command:?}: {said:?}");
        }
    };
    for (field, number) in [
        ("max_doc", "4294967295"),
        ("max_doc", "0"),
        ("max_doc", "99999999999999999999"),
        ("num_deleted_docs", "4294967295"),
        ("num_deleted_docs", "7"),
    ] {
        replace(&meta, absurd(field, number).as_bytes());
        asked(&format!("{field} {number}"));
    }
    replace(&meta, whole.as_bytes());
    let versions = program.path("kept/generation-0001/dateline.json");
    let right = fs::read(&versions).expect("it is there");
    for (format, made_by) in [(99, "\\u001b[31mred"), (0, "\\u001b]0;title\\u0007")] {
        replace(&versions, format!(r#"{{"format":{format},"features":1,"made_by":"{made_by}"}}"#).as_bytes());
        asked(&format!("format {format}"));
    }
    replace(&versions, &right);
    let current = program.path("kept/CURRENT");
    for name in
        ["", "../elsewhere", "generation-0001/../generation-0001", "\u{1b}[31mgeneration-0001", "generation-0001\0"]
    {
        replace(&current, name.as_bytes());
        asked(name);
    }
    replace(&current, b"generation-0001");
    for file in files(&program.path("kept")) {
        let bytes = fs::read(&file).expect("it is there");
        if is_list(&file) || file.ends_with("roots.json") || file.ends_with(".managed.json") {
            continue;
        }
        replace(&file, b"");
        let ran = program.run(&["search", "--index", "kept", "korea"]);
        assert!(
            ran.code == Some(2) && !ran.stderr.contains("panic"),
            "{}: {:?} {}",
            file.display(),
            ran.code,
            ran.stderr
        );
        replace(&file, &bytes);
    }
}

#[test]
fn an_index_of_another_version_is_named_and_left_as_it_is() {
    let program = made();
    let versions = program.path("kept/generation-0001/dateline.json");
    for (format, says) in [(99, "update dateline"), (1, "index --full")] {
        replace(&versions, format!(r#"{{"format":{format},"features":1,"made_by":"dateline 7.1"}}"#).as_bytes());
        program.write("sample_corpus/more.txt", b"Changed\n\nAgain.\n");
        let read =
            || files(&program.path("kept")).into_iter().map(|file| (fs::read(&file).ok(), file)).collect::<Vec<_>>();
        let before = read();
        for command in [
            &["index", "--index", "kept", "sample_corpus"][..],
            &["search", "--index", "kept", "korea"],
            &["check", "--repair", "--index", "kept"],
        ] {
            let ran = program.run(command);
            assert_eq!(ran.code, Some(2), "{command:?}: {}", ran.stderr);
            assert!(ran.stderr.contains("dateline 7.1") && ran.stderr.contains(says), "{command:?}: {}", ran.stderr);
            assert!(read() == before, "{command:?} changed the index");
        }
    }
}
