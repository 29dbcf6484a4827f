//! What is read of files: each folder of `tests/formats` has files in `input` and, beside it, `expected.txt` with every
//! article that they hold and everything that was not read of them.
//!
//! `DATELINE_RENEW=1 cargo test --test main formats` writes what is expected anew; look at the difference before
//! committing it.

use super::snapshots::RENEW;
use dateline::article::{Article, Provenance};
use dateline::ingest::preview::{Input, preview};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

#[test]
fn files_are_read_as_expected() {
    let renew = std::env::var_os(RENEW).is_some_and(|value| value != "0");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats");
    let mut names: Vec<_> = fs::read_dir(&folder).expect("it is there").flatten().map(|entry| entry.path()).collect();
    names.retain(|path| path.is_dir());
    names.sort();
    assert!(!names.is_empty(), "there are formats");
    let mut wrong = Vec::new();
    for path in names {
        let found = read(&path.join("input"));
        let expected = fs::read_to_string(path.join("expected.txt")).unwrap_or_default();
        if renew && found != expected {
            fs::write(path.join("expected.txt"), &found).expect("it can be written");
        } else if found != expected {
            let line = found.lines().zip(expected.lines()).position(|(found, expected)| found != expected);
            let at = line.unwrap_or_else(|| found.lines().count().min(expected.lines().count()));
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let line = |text: &str| text.lines().nth(at).unwrap_or("(end)").to_owned();
            wrong.push(format!("{name}, line {}:\n- {}\n+ {}", at + 1, line(&expected), line(&found)));
        }
    }
    assert!(
        wrong.is_empty(),
        "\n{}\nWhere what was found (+) is right: {RENEW}=1 cargo test --test main",
        wrong.join("\n")
    );
}

/// Everything that is read of a folder, as text.
fn read(folder: &Path) -> String {
    let mut out = String::new();
    let program = Path::new(env!("CARGO_BIN_EXE_dateline"));
    let inputs = vec![Input::Path(folder.to_owned())];
    let stop = AtomicBool::new(false);
    let prefix = format!("{}/", folder.display());
    let skips = preview(inputs, 1, None, Some(program), &stop, &mut |article, _| {
        show(&article, &prefix, &mut out);
        Ok(())
    })
    .expect("a folder can be read");
    for skip in skips {
        let path = skip.path.strip_prefix(&prefix).unwrap_or(&skip.path);
        let member = skip.member.map(|member| format!(" {member}")).unwrap_or_default();
        writeln!(out, "==== not read: {path}{member}: {}", skip.reason).expect("memory takes it");
    }
    out
}

/// An article with all that its file says of it.
fn show(article: &Article, prefix: &str, out: &mut String) {
    let mut line = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            writeln!(out, "{name:<10} {value}").expect("memory takes it");
        }
    };
    line("====", Some(article.path.strip_prefix(prefix).unwrap_or(&article.path)));
    line("member", article.member.as_deref());
    // A derived id depends on where the test runs.
    line("id", article.id.as_deref().filter(|id| id.len() != 12 || id.contains(|c: char| !c.is_ascii_alphanumeric())));
    line("title", article.title.as_deref());
    line("authors", Some(article.authors.join("; ").as_str()).filter(|names| !names.is_empty()));
    line("source", article.source.as_deref());
    line("section", article.section.as_deref());
    line("language", article.language.as_deref());
    line("url", article.url.as_deref());
    if let Some(published) = &article.published {
        let from = match published.from {
            Provenance::Metadata => "metadata",
            Provenance::Url => "url",
            Provenance::Path => "path",
            Provenance::Dateline => "dateline",
            Provenance::Text => "text",
            Provenance::Given => "given",
        };
        let conflicts: String = published.conflicts.iter().map(|conflict| format!(", not {conflict}")).collect();
        line("published", Some(&format!("{} ({from}){conflicts}", published.value)));
    }
    if let Some(dateline) = &article.dateline {
        let parts = [Some(dateline.place.as_str()), dateline.agency.as_deref(), dateline.date.as_deref()];
        line("dateline", Some(&parts.map(|part| part.unwrap_or("-")).join(" | ")));
    }
    line("encoding", article.encoding.as_deref());
    line("truncated", article.truncated.then_some("yes"));
    for part in &article.furniture {
        line("furniture", article.text.get(part.start..part.end).map(|text| text.replace('\n', " / ")).as_deref());
    }
    writeln!(out, "\n{}\n", article.text.trim_end_matches('\n')).expect("memory takes it");
}
