//! Whether an index is whole: its files against `meta.json`, their checksums, one living article for each id, and
//! what is known of files against the articles that are there.
//!
//! Tantivy never compares a checksum by itself, and its own check passes over files that one of its lists has lost.

use super::opened::{self, Opened, guarded};
use super::schema::{self, column};
use super::{folder, lookups, opened::dictionary};
use crate::error::{Error, Result};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use tantivy::index::SegmentComponent;
use tantivy::{Index, SegmentMeta, Term};

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// What is wrong, one sentence each. None of it is repaired.
    pub faults: Vec<String>,
    /// What is odd but harmless.
    pub remarks: Vec<String>,
    /// Files of the index that were compared with their checksums.
    pub files: usize,
    /// Living articles.
    pub articles: usize,
}

/// Checks the index in `folder`.
pub fn check(folder: &Path) -> Result<Findings> {
    let (generation, versions) = folder::current(folder)?;
    let mut findings = Findings::default();
    if let Err(error) = folder::check_managed(folder, &generation) {
        findings.faults.push(reason(error));
    }
    // Files before what is in them, so that damage is named by its file.
    match guarded(folder, || files(&opened::index(folder, &generation)?, &generation)) {
        Ok((faults, names, unlisted)) => {
            findings.files = names.len();
            findings.faults.extend(faults);
            if unlisted > 0 {
                findings.remarks.push(format!(
                    "{unlisted} lists for looking up names and words are missing, which only takes time; the next run makes them"
                ));
            }
            let orphans = orphans(&generation, &names);
            if orphans > 0 {
                findings
                    .remarks
                    .push(format!("{orphans} files are left over from an interrupted run; the next one removes them"));
            }
        }
        Err(error) => findings.faults.push(reason(error)),
    }
    if findings.faults.is_empty() {
        let outcome = guarded(folder, || {
            let opened = opened::open_generation(folder, generation, versions)?;
            articles(&opened, &mut findings)
        });
        if let Err(error) = outcome {
            findings.faults.push(reason(error));
        }
    }
    Ok(findings)
}

/// Why, in one clause.
fn reason(error: Error) -> String {
    if error.causes.is_empty() { error.message } else { error.causes.join(": ") }
}

/// What is wrong with the files of an index: missing, or not as they were written.
pub(super) fn checksums(index: &Index) -> Result<Vec<String>> {
    let Ok(metas) = index.load_metas() else { return Ok(vec!["`meta.json` cannot be read".to_owned()]) };
    let directory = index.directory();
    let mut faults = Vec::new();
    for path in metas.segments.iter().flat_map(files_of) {
        let name = path.display();
        match tantivy::directory::Directory::exists(directory, &path) {
            Ok(true) => match directory.validate_checksum(&path) {
                Ok(true) => {}
                Ok(false) => faults.push(format!("`{name}` is not as it was written: its checksum differs")),
                Err(error) => faults.push(format!("`{name}` cannot be read: {error}")),
            },
            _ => faults.push(format!("`{name}` is missing")),
        }
    }
    faults.sort();
    Ok(faults)
}

/// The files that a segment must have.
pub(super) fn files_of(segment: &SegmentMeta) -> Vec<PathBuf> {
    use SegmentComponent::{Delete, FastFields, FieldNorms, Positions, Postings, Store, Terms};
    let always = [Postings, Positions, Terms, Store, FastFields, FieldNorms];
    let deletions = segment.has_deletes().then_some(Delete);
    always.into_iter().chain(deletions).map(|component| segment.relative_path(component)).collect()
}

/// The faults of the files of a generation, the names of those that belong to it, and how many segments have no list for
/// look-ups.
fn files(index: &Index, generation: &Path) -> Result<(Vec<String>, BTreeSet<String>, usize)> {
    let mut faults = checksums(index)?;
    let mut names = BTreeSet::new();
    let mut unlisted = 0;
    if let Ok(metas) = index.load_metas() {
        names.extend(metas.segments.iter().flat_map(files_of).map(|path| path.to_string_lossy().into_owned()));
        for segment in &metas.segments {
            let id = segment.id().uuid_string();
            if !lookups::is_sound(generation, &id) {
                faults.push(format!("the list `{}` is not as it was written", lookups::name(&id)));
            }
            match generation.join(lookups::name(&id)).exists() {
                true => drop(names.insert(lookups::name(&id))),
                false => unlisted += 1,
            }
        }
    }
    Ok((faults, names, unlisted))
}

fn orphans(generation: &Path, names: &BTreeSet<String>) -> usize {
    let Ok(entries) = fs::read_dir(generation) else { return 0 };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name != "meta.json" && folder::is_index_file(name) && !names.contains(name))
        .count()
}

/// One living article for each id, and as many for each file as the file is known to have given.
fn articles(opened: &Opened, findings: &mut Findings) -> Result<()> {
    let mut ids: FxHashMap<String, u32> = FxHashMap::default();
    let mut counts: FxHashMap<String, u64> = FxHashMap::default();
    for segment in opened.searcher.segment_readers() {
        let failed = |error| opened.failed("reading the ids in", error);
        let columns = segment.fast_fields();
        let (Some(id), Some(file)) =
            (columns.str(column::ID).map_err(failed)?, columns.str(column::FILE).map_err(failed)?)
        else {
            continue;
        };
        let names = dictionary(&id).map_err(|error| failed(error.into()))?;
        let keys = dictionary(&file).map_err(|error| failed(error.into()))?;
        for doc in segment.doc_ids_alive() {
            let Some(name) = id.term_ords(doc).next().and_then(|ord| names.get(ord as usize)) else {
                findings.faults.push("an article has no id".to_owned());
                continue;
            };
            *ids.entry(name.clone()).or_default() += 1;
            if !name.starts_with('\u{1}') {
                findings.articles += 1;
                if let Some(key) = file.term_ords(doc).next().and_then(|ord| keys.get(ord as usize)) {
                    *counts.entry(key.clone()).or_default() += 1;
                }
            }
        }
    }
    let mut faults: Vec<String> = ids
        .iter()
        .filter(|(_, count)| **count > 1)
        .map(|(id, count)| format!("`{}` stands {count} times", id.trim_start_matches('\u{1}')))
        .collect();
    let files = opened.files()?;
    for (key, state) in &files {
        let there = counts.remove(key).unwrap_or(0);
        let (_, path) = opened::split_key(key);
        if !state.complete {
            findings.remarks.push(format!("`{path}` is not read to its end; the next run reads it again"));
        } else if there != state.articles {
            faults.push(format!("`{path}` gave {} articles, {there} are there", state.articles));
        }
    }
    faults.extend(counts.iter().map(|(key, count)| format!("{count} articles of `{key}`, of which nothing is known")));
    let listed = opened.count_term(Term::from_field_text(opened.fields.sort, schema::ARTICLE))?;
    if listed != findings.articles {
        faults.push(format!("{listed} articles are listed, {} are there", findings.articles));
    }
    faults.sort();
    findings.faults.extend(faults);
    Ok(())
}
