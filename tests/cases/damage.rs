//! Damaged and hostile indexes: what changes an answer is found by a check, nothing is answered with a crash, nothing
//! outside is touched, and building anew repairs.

use super::corpus::{Chance, rounds};
use super::program::Program;
use dateline::backend::Backend;
use dateline::backend::local::{Local, check::check};
use dateline::error::Kind;
use dateline::query;
use dateline::search::{Request, Sort};
use std::fs;
use std::path::{Path, PathBuf};

/// An index with a deletion in it, `kept`, and its corpus, `sample_corpus`.
pub(super) fn made() -> Program {
    let program = Program::new();
    program.copy("sample_corpus");
    program.write("sample_corpus/last.txt", b"Here today\n\nGone tomorrow in Leeds.\n");
    // So many that what the second run replaces is deleted in its segment, and the segment not written anew.
    let article =
        |number: u32| format!("{{\"id\":\"n{number}\",\"title\":\"Note {number}\",\"text\":\"Rain on Leeds.\"}}\n");
    program.write("sample_corpus/notes.jsonl", (0..250).map(article).collect::<String>().as_bytes());
    assert_eq!(program.run(&["index", "-j", "1", "--index", "kept", "sample_corpus"]).code, Some(0));
    fs::remove_file(program.path("sample_corpus/last.txt")).expect("it is there");
    program.write("sample_corpus/more.txt", b"Rain over Leeds\n\nRain fell on Leeds on 4 June 2024.\n");
    assert_eq!(program.run(&["index", "-j", "1", "--index", "kept", "sample_corpus"]).code, Some(0));
    program
}

/// The files of an index, those above the generation too.
pub(super) fn files(index: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in [index.to_owned(), index.join("generation-0001")] {
        let entries = fs::read_dir(&folder).expect("it is there").flatten().map(|entry| entry.path());
        files.extend(entries.filter(|path| path.is_file() && !path.ends_with("lock")));
    }
    files.retain(|path| !path.to_string_lossy().ends_with(".lock"));
    files.sort();
    files
}

/// Puts `bytes` in the place of a file, as a new one: the old one may still be mapped.
pub(super) fn replace(path: &Path, bytes: &[u8]) {
    let beside = path.with_extension("beside");
    fs::write(&beside, bytes).expect("written");
    fs::rename(&beside, path).expect("renamed");
}

/// What an index answers to a number of questions; an error where one of them fails.
pub(super) fn answers(index: &Path) -> dateline::error::Result<Vec<String>> {
    let backend = Local::open(index)?;
    let mut answers = Vec::new();
    for (written, sort) in [
        ("korea", Sort::Relevance),
        ("\"north korea\" OR leeds", Sort::Newest),
        ("person:putin -ukraine", Sort::Oldest),
        ("country:KP mentions-date:2024-06", Sort::Relevance),
        ("", Sort::Newest),
        ("noSuchWord", Sort::Relevance),
    ] {
        let mut tree = query::parse(written, None).tree;
        backend.expand(&mut tree, true)?;
        let facets = ["person", "org", "place", "country", "source"].map(str::to_owned).to_vec();
        let request = Request {
            query: String::new(),
            limit: 0,
            offset: 0,
            sort,
            facets,
            snippets: 2,
            explain_scores: false,
            group_by_slot: false,
            ..Request::default()
        };
        answers.push(format!("{:?}", backend.search(&tree, &request)?));
    }
    answers.push(format!("{:?}", backend.skipped()?));
    let status = backend.status()?;
    answers.push(format!("{:?}", (status.articles, status.files, status.unread, status.roots, status.published)));
    Ok(answers)
}

/// Whether a check finds anything wrong.
pub(super) fn is_found(index: &Path) -> bool {
    check(index).map_or(true, |findings| !findings.faults.is_empty())
}

/// Keeps the caught panics of the engine out of what the tests say.
pub(super) fn hush() {
    use std::sync::Once;
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let ours = panic.location().is_some_and(|place| place.file().contains("cases"));
            if ours {
                usual(panic);
            }
        }));
    });
}

#[test]
fn a_flipped_bit_that_changes_anything_is_found() {
    hush();
    let program = made();
    let index = program.path("kept");
    let right = answers(&index).expect("it is sound");
    assert!(!is_found(&index));
    let mut chance = Chance::new(7);
    let mut unseen = Vec::new();
    let (mut failed, mut wrong) = (0, 0);
    for file in files(&index) {
        let whole = fs::read(&file).expect("it is there");
        for _ in 0..rounds(60) {
            let (at, bit) = (chance.below(whole.len() as u64) as usize, chance.below(8));
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << bit;
            replace(&file, &bytes);
            let found = is_found(&index);
            match answers(&index) {
                Ok(answers) if answers == right => continue,
                Ok(_) => wrong += 1,
                Err(error) => {
                    assert!(
                        matches!(error.kind, Kind::Damaged | Kind::Incompatible | Kind::NoIndex | Kind::Io),
                        "{error}"
                    );
                    failed += 1;
                }
            }
            if !found {
                let around = String::from_utf8_lossy(&bytes[at.saturating_sub(30)..(at + 30).min(bytes.len())]);
                unseen.push(format!("{} byte {at} bit {bit}: {around:?}", file.display()));
            }
        }
        replace(&file, &whole);
    }
    assert!(failed > 0 && wrong > 0, "{failed} failed, {wrong} wrong: the flips did nothing");
    assert_eq!(unseen, Vec::<String>::new(), "{failed} failed, {wrong} wrong");
    assert_eq!(answers(&index).expect("it is as it was"), right);
}

#[test]
fn a_file_that_is_cut_short_or_missing_is_found() {
    hush();
    let program = made();
    let index = program.path("kept");
    let right = answers(&index).expect("it is whole");
    for file in files(&index) {
        let whole = fs::read(&file).expect("it is there");
        for length in [0, whole.len() / 2, whole.len() - 2] {
            replace(&file, &whole[..length]);
            let _ = answers(&index);
            assert!(is_found(&index), "{} cut to {length} of {}", file.display(), whole.len());
        }
        fs::remove_file(&file).expect("it is there");
        let answered = answers(&index);
        if is_list(&file) {
            // All that is in it is in the other files.
            assert_eq!(answered.expect("it can be asked"), right, "{} removed", file.display());
        } else {
            assert!(is_found(&index), "{} removed", file.display());
        }
        replace(&file, &whole);
    }
    assert!(!is_found(&index));
}

/// Whether a file is a list for looking up names and words, or of what was indexed: made of what the other files say.
pub(super) fn is_list(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending == "lookup") || file.ends_with("roots.json")
}

#[test]
fn a_damaged_list_is_made_anew_by_the_next_run() {
    let program = made();
    let index = program.path("kept");
    let list = files(&index).into_iter().find(|file| is_list(file)).expect("there is one");
    let mut bytes = fs::read(&list).expect("it is there");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    replace(&list, &bytes);
    let checked = program.run(&["check", "--index", "kept"]);
    assert_eq!(checked.code, Some(1), "{}{}", checked.stdout, checked.stderr);
    program.write("sample_corpus/more.txt", b"Snow\n\nFell in Leeds.\n");
    let ran = program.run(&["index", "--index", "kept", "sample_corpus"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    let checked = program.run(&["check", "--index", "kept"]);
    assert_eq!(checked.code, Some(0), "{}{}", checked.stdout, checked.stderr);
}

#[test]
fn damage_is_not_merged_away_and_building_anew_repairs() {
    let program = made();
    let index = program.path("kept");
    for file in files(&index).into_iter().filter(|file| file.to_string_lossy().len() > 40) {
        let Some(generation) = file.parent().filter(|parent| *parent != index) else { continue };
        if !file.exists() || file.extension().is_none_or(|ending| ending == "json") || is_list(&file) {
            continue;
        }
        let mut bytes = fs::read(&file).expect("it is there");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 4;
        let whole = fs::read(&file).expect("it is there");
        replace(&file, &bytes);
        program.write("sample_corpus/more.txt", format!("Snow\n\nNot for {}.\n", file.display()).as_bytes());
        let before: Vec<_> = files(&index);
        let ran = program.run(&["index", "--index", "kept", "sample_corpus"]);
        assert_eq!(ran.code, Some(2), "{}: {}{}", file.display(), ran.stdout, ran.stderr);
        assert!(ran.stderr.contains("is damaged") && ran.stderr.contains("index --full"), "{}", ran.stderr);
        assert!(!ran.stderr.contains("panic"), "{}", ran.stderr);
        assert_eq!(files(&index), before, "nothing was changed in {}", generation.display());
        let checked = program.run(&["check", "--index", "kept"]);
        assert_eq!(checked.code, Some(1), "{}{}", checked.stdout, checked.stderr);
        let searched = program.run(&["search", "--index", "kept", "--facet", "person", "korea"]);
        assert!(!searched.stderr.contains("panic") && searched.code.is_some(), "{searched:?}");
        replace(&file, &whole);
    }
    let store = files(&index).into_iter().find(|file| file.to_string_lossy().ends_with(".store"));
    replace(&store.expect("there is one"), b"no store");
    let ran = program.run(&["index", "--full", "--index", "kept", "sample_corpus"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(program.run(&["check", "--index", "kept"]).code, Some(0));
    assert!(index.join("generation-0002").is_dir() && !index.join("generation-0001").exists());
}

#[test]
fn an_index_that_names_files_elsewhere_touches_none_of_them() {
    for (name, list) in [
        ("beside", r#"["meta.json","../victim"]"#.to_owned()),
        ("above", r#"["meta.json","../../victim"]"#.to_owned()),
        ("absolute", r#"["meta.json","VICTIM"]"#.to_owned()),
        ("no list", "{".to_owned()),
    ] {
        let program = made();
        let list = list.replace("VICTIM", &program.path("victim").to_string_lossy());
        for victim in ["victim", "kept/victim", "kept/generation-0001/victim"] {
            program.write(victim, b"precious");
        }
        replace(&program.path("kept/generation-0001/.managed.json"), list.as_bytes());
        program.write("sample_corpus/more.txt", b"Changed\n\nSo that there is something to do.\n");
        let ran = program.run(&["index", "--index", "kept", "sample_corpus"]);
        assert_eq!(ran.code, Some(2), "{name}: {}", ran.stderr);
        assert!(ran.stderr.contains(".managed.json") && ran.stderr.contains("hint: "), "{name}: {}", ran.stderr);
        assert_eq!(program.run(&["check", "--index", "kept"]).code, Some(1), "{name}");
        assert_eq!(program.run(&["search", "--index", "kept", "korea"]).code.map(|code| code % 2), Some(0), "{name}");
        for victim in ["victim", "kept/victim", "kept/generation-0001/victim"] {
            assert_eq!(fs::read(program.path(victim)).expect("it is there"), b"precious", "{name}: {victim}");
        }
    }
}

#[cfg(unix)]
#[test]
fn links_in_an_index_lead_to_no_writing_elsewhere() {
    let program = made();
    program.write("victim", b"precious");
    for name in ["lock", "CURRENT.new", "generation-0002/dateline.json.new"] {
        let link = program.path("kept").join(name);
        let _ = fs::remove_file(&link);
        let _ = fs::create_dir(link.parent().expect("it has one"));
        std::os::unix::fs::symlink(program.path("victim"), &link).expect("linked");
        let ran = program.run(&["index", "--full", "--index", "kept", "sample_corpus"]);
        assert_eq!(fs::read(program.path("victim")).expect("it is there"), b"precious", "{name}: {}", ran.stderr);
        let _ = fs::remove_file(&link);
    }
}

#[test]
fn a_lost_list_of_segments_loses_no_segments() {
    let program = made();
    let index = program.path("kept");
    let before = files(&index).len();
    fs::remove_file(index.join("generation-0001/meta.json")).expect("it is there");
    for command in [&["index", "--index", "kept", "sample_corpus"][..], &["search", "--index", "kept", "korea"]] {
        let ran = program.run(command);
        assert_eq!(ran.code, Some(2), "{}", ran.stderr);
        assert!(ran.stderr.contains("index --full"), "{}", ran.stderr);
        assert_eq!(files(&index).len(), before - 1);
    }
}
