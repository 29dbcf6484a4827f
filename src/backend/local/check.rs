//! Whether an index is whole: its files against `meta.json`, their checksums, one living article for each id, and
//! what is known of files against the articles that are there.
//!
//! Tantivy never compares a checksum by itself, and its own check passes over files that one of its lists has lost.

use super::opened::{self, Opened, Payload, guarded};
use super::schema::{self, column};
use super::{deep, dictionaries, folder, lookups, opened::dictionary};
use crate::cores;
use crate::error::{Error, Kind, Result};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use tantivy::directory::error::OpenReadError;
use tantivy::directory::{Directory as _, ManagedDirectory};
use tantivy::index::SegmentComponent;
use tantivy::{HasLen as _, Index, SegmentMeta, Term};

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
    /// Why the system did not let all of it be read, which is no damage of the index.
    pub refused: Option<String>,
}

/// Told how much of a comparison is done, of how much, in no unit that matters.
pub type Watch<'a> = &'a (dyn Fn(u64, u64) + Sync);

/// Checks the index in `folder`.
pub fn check(folder: &Path) -> Result<Findings> {
    check_how(folder, None)
}

/// Checks the index in `folder`, and that what is indexed is what the stored articles say.
pub fn check_deep(folder: &Path, watch: Watch<'_>) -> Result<Findings> {
    check_how(folder, Some(watch))
}

/// How often an index that changes while it is checked is checked again.
const PATIENCE: usize = 20;

fn check_how(folder: &Path, deep: Option<Watch<'_>>) -> Result<Findings> {
    let mut before = folder::state(folder);
    for _ in 0..PATIENCE {
        let outcome = check_once(folder, deep);
        let now = folder::state(folder);
        // A run that goes on meanwhile removes files that it has merged; what is missing then is no fault.
        if now == before || outcome.as_ref().is_ok_and(|findings| findings.faults.is_empty()) {
            return outcome;
        }
        before = now;
    }
    check_once(folder, deep)
}

fn check_once(folder: &Path, deep: Option<Watch<'_>>) -> Result<Findings> {
    let (generation, versions) = folder::current(folder)?;
    let mut findings = Findings::default();
    if let Err(error) = folder::check_managed(folder, &generation) {
        findings.fault(error);
    }
    if !folder::roots_are_sound(folder) {
        findings.faults.push(format!("`{}` is not as it was written", folder::ROOTS));
    }
    // Files before what is in them, so that damage is named by its file.
    match guarded(folder, || files(folder, &opened::index(folder, &generation)?, &generation)) {
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
        Err(error) => findings.fault(error),
    }
    if findings.faults.is_empty() {
        let outcome = guarded(folder, || {
            let opened = opened::open_generation(folder, generation, versions)?;
            articles(&opened, &mut findings)?;
            if let Some(watch) = deep {
                findings.faults.extend(deep::compare(&opened, watch)?);
            }
            Ok(())
        });
        if let Err(error) = outcome {
            findings.fault(error);
        }
    }
    Ok(findings)
}

impl Findings {
    /// Notes an error, and whether it is no damage: no right to read, a fault of the disk's, a lock.
    fn fault(&mut self, error: Error) {
        if matches!(error.kind, Kind::Io | Kind::Locked) {
            self.refused = Some(error.to_string());
        }
        self.faults.push(reason(error));
    }
}

/// Why, in one clause.
pub(super) fn reason(error: Error) -> String {
    if error.causes.is_empty() { error.message } else { error.causes.join(": ") }
}

/// What is wrong with the files of an index, its `dictionaries` too: missing, or not as they were written.
///
/// All files are read, by every run that changes anything too: a disk can rot at any time, so that a file was right when
/// it was written says nothing, and tantivy chooses by itself what it merges, so that no file can be left for later. On
/// all cores, the largest first, it is as fast as the disk, or the memory where the system still has the files there.
pub(super) fn checksums(index: &Index, generation: &Path, dictionaries: usize) -> Result<Vec<String>> {
    let Ok(metas) = index.load_metas() else { return Ok(vec!["`meta.json` cannot be read".to_owned()]) };
    let directory = index.directory();
    let mut paths: Vec<(usize, PathBuf)> = metas
        .segments
        .iter()
        .flat_map(files_of)
        .map(|path| (directory.open_read(&path).map_or(0, |file| file.len()), path))
        .collect();
    paths.sort_by(|a, b| b.cmp(a));
    let found = cores::each(paths, cores::count(), |(_, path)| checksum(directory, &path));
    let (refused, mut faults): (Vec<Fault>, Vec<Fault>) =
        found.into_iter().flatten().partition(|fault| matches!(fault, Fault::Refused(..)));
    if let Some(Fault::Refused(path, error)) = refused.into_iter().next() {
        return Err(Error::io(format!("reading `{}` of the index", path.display()), &error)
            .or_hint("this is no damage of the index: see to the rights or to the disk, then check again"));
    }
    faults.sort_by_key(Fault::to_string);
    let of_dictionaries = dictionaries::faults(generation, dictionaries)
        .map_err(|error| Error::io(format!("reading the dictionaries in `{}`", generation.display()), &error))?;
    Ok(faults.iter().map(Fault::to_string).chain(of_dictionaries).collect())
}

/// What is wrong with one file.
enum Fault {
    Missing(PathBuf),
    Changed(PathBuf),
    Unreadable(PathBuf, String),
    /// The system does not let it be read, which says nothing of what is in it.
    Refused(PathBuf, std::io::Error),
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Missing(path) => write!(out, "`{}` is missing", path.display()),
            Fault::Changed(path) => write!(out, "`{}` is not as it was written: its checksum differs", path.display()),
            Fault::Unreadable(path, error) => write!(out, "`{}` cannot be read: {error}", path.display()),
            Fault::Refused(path, error) => write!(out, "`{}` may not be read: {error}", path.display()),
        }
    }
}

/// What is wrong with a file, if anything is.
fn checksum(directory: &ManagedDirectory, path: &Path) -> Option<Fault> {
    let path = path.to_owned();
    // What a cut footer says of lengths can be anything.
    let outcome = catch_unwind(AssertUnwindSafe(|| directory.validate_checksum(&path)));
    match outcome {
        Ok(Ok(true)) => None,
        Ok(Ok(false)) => Some(Fault::Changed(path)),
        Ok(Err(OpenReadError::FileDoesNotExist(_))) => Some(Fault::Missing(path)),
        Ok(Err(OpenReadError::IoError { io_error, .. })) if io_error.raw_os_error().is_some() => {
            let number = io_error.raw_os_error().unwrap_or_default();
            Some(Fault::Refused(path, std::io::Error::from_raw_os_error(number)))
        }
        Ok(Err(error)) => Some(Fault::Unreadable(path, error.to_string())),
        Err(_) => Some(Fault::Unreadable(path, "what is in it makes no sense".to_owned())),
    }
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
fn files(folder: &Path, index: &Index, generation: &Path) -> Result<(Vec<String>, BTreeSet<String>, usize)> {
    let metas = index.load_metas();
    let note = metas.as_ref().ok().and_then(|metas| Payload::read(folder, metas).ok());
    let dictionaries = note.map_or(0, |note| note.dictionaries);
    let mut faults = checksums(index, generation, dictionaries)?;
    let mut names: BTreeSet<String> = (1..=dictionaries).map(dictionaries::name).collect();
    let mut unlisted = 0;
    if let Ok(metas) = metas {
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
    let mut known: FxHashMap<String, u32> = FxHashMap::default();
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
        let flags = columns.u64(column::FLAGS).map_err(failed)?;
        for doc in segment.doc_ids_alive() {
            let key = file.term_ords(doc).next().and_then(|ord| keys.get(ord as usize));
            if flags.first(doc).is_some() {
                *known.entry(key.cloned().unwrap_or_default()).or_default() += 1;
                continue;
            }
            let Some(name) = id.term_ords(doc).next().and_then(|ord| names.get(ord as usize)) else {
                findings.faults.push("an article has no id".to_owned());
                continue;
            };
            *ids.entry(name.clone()).or_default() += 1;
            findings.articles += 1;
            if let Some(key) = key {
                *counts.entry(key.clone()).or_default() += 1;
            }
        }
    }
    let names = ids.iter().map(|(id, count)| (id.as_str(), count));
    let names = names.chain(known.iter().map(|(key, count)| (opened::split_key(key).1, count)));
    let mut faults: Vec<String> =
        names.filter(|(_, count)| **count > 1).map(|(name, count)| format!("`{name}` stands {count} times")).collect();
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
