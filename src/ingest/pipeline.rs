//! Read, extract, write.
//!
//! 1. [`index`] walks the roots and compares each file with what the index knows of it; what is as it was is left alone.
//! 2. Workers take file after file; the articles of a file that has many are shared out among them.
//! 3. One thread puts what they made into the index, in the order of the files, whatever the number of workers: the
//!    same folders always give the same index. It commits from time to time.
//!
//! A file that cannot be read, or a reader that fails, is a counted [`Skip`] and never the end of a run.

use super::meant;
use super::roots::{self, Target};
use super::seen::Seen;
use super::sources::Settled;
use super::walk::Walk;
use super::work::{self, Event, How, Source, Work, state_of};
use crate::article::{Article, Found};
use crate::backend::FileState;
use crate::backend::local::writer::{Load, Options, PreparedArticle, Writer};
use crate::error::{Error, Kind, Result};
use crate::places::Meanings;
use crate::read::{Flow, Skip};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Bytes that a file takes from when it is found to the end of the run.
const EACH_FILE: usize = 250;

/// How to index.
pub struct Settings<'a> {
    /// Threads that read and extract; as many again build the index.
    pub jobs: usize,
    /// Bytes that the run may take.
    pub memory: usize,
    /// Build a new index beside the old one.
    pub full: bool,
    /// Only say what would be done.
    pub dry_run: bool,
    /// Whether to look for people, places and dates.
    pub extract: bool,
    /// What names of places mean, where a user says so.
    pub meanings: Option<&'a Meanings>,
    /// Whether to read again what was not read, or not wholly, though it has not changed.
    pub retry_skipped: bool,
    /// Whether the articles of a folder in which nothing is found are gone, though it may be that of a drive which is not
    /// mounted.
    pub allow_empty: bool,
    /// This program, to be started for what may crash; none to read that in this process.
    pub program: Option<&'a Path>,
    /// How long to go on without committing.
    pub commit_every: Duration,
    /// Set from outside to stop after what is under way.
    pub stop: &'a AtomicBool,
    /// The command, for whoever wants to write to the index meanwhile.
    pub command: &'a str,
    /// Time since some fixed moment.
    pub clock: &'a (dyn Fn() -> Duration + Sync),
    /// Nanoseconds since 1970 at the start, to mistrust files that changed just now.
    pub started: i64,
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// Articles in the index afterwards, of the roots that were indexed.
    pub articles: u64,
    /// New ones.
    pub added: u64,
    /// Changed ones.
    pub updated: u64,
    /// Vanished ones.
    pub removed: u64,
    /// Ones that are as they were.
    pub unchanged: u64,
    /// What was not read, in this run or an earlier one.
    pub skipped: Vec<Skip>,
    /// Bytes of the files that were read.
    pub bytes: u64,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// Files to be read.
    pub files: usize,
    /// Files done.
    pub done: usize,
    /// Bytes to be read.
    pub bytes: u64,
    /// Bytes done.
    pub bytes_done: u64,
    /// Articles put into the index.
    pub articles: u64,
    /// Articles that are committed and survive whatever comes.
    pub committed: Option<u64>,
}

/// An article ready for the index.
struct Made {
    own_id: Option<String>,
    member: Option<String>,
    prepared: PreparedArticle,
}

/// Brings the index in `folder` up to date with `paths`.
pub fn index(
    paths: &[PathBuf],
    folder: &Path,
    settings: &Settings<'_>,
    watch: &mut dyn FnMut(Progress),
) -> Result<Summary> {
    let paths = paths.iter().map(|path| resolve(path, folder)).collect::<Result<Vec<_>>>()?;
    let options =
        Options { threads: settings.jobs, memory: settings.memory, full: settings.full, quick: !settings.extract };
    let mut locked = Writer::lock(folder)?;
    locked.sign(settings.command, settings.started);
    // The walk goes ahead while the index is opened.
    let begun = paths.first().map(|(path, _)| Walk::begin(path));
    let mut writer = locked.open(options)?;
    let mut summary = Summary::default();
    let plan = plan(&paths, begun, &mut writer, settings, &mut summary)?;
    if settings.stop.load(Ordering::Relaxed) {
        // What was not walked is not gone.
        return Err(stopped(&writer));
    }
    if settings.dry_run {
        summary.added = plan.work.iter().filter(|work| !writer.files().contains_key(&work.key)).count() as u64;
        summary.updated = plan.work.len() as u64 - summary.added;
        return Ok(summary);
    }
    writer.set_aside(plan.work.len() * EACH_FILE);
    if !plan.work.is_empty() {
        writer.check_room(plan.work.iter().map(Work::size).sum::<u64>() / LEAST_SHARE)?;
    }
    for key in &plan.vanished {
        writer.forget_file(key)?;
    }
    for (key, state) in &plan.unreadable {
        writer.put_file(key, state)?;
    }
    let settled = Settled::from(writer.homes());
    let mut put = Put::new(&mut writer, settings, &plan, &settled, &mut summary, watch);
    let how = How {
        jobs: settings.jobs,
        extract: settings.extract,
        program: settings.program,
        given: None,
        started: settings.started,
        stop: settings.stop,
        settled: &settled,
    };
    let preparer = put.writer.preparer();
    let make = |mut article: Article, mut found: Found, load: Load| {
        if let Some(meanings) = settings.meanings {
            meant::count(&mut found, meanings, article.source.as_deref().unwrap_or(""));
        }
        let own_id = article.id.take();
        let member = article.member.clone();
        Made { own_id, member, prepared: preparer.prepare(&article, &found).carrying(load) }
    };
    work::run(&plan.work, &how, &make, &mut |event| put.take(event))?;
    put.leave()?;
    let stopped = settings.stop.load(Ordering::Relaxed).then(|| stopped(&writer));
    if stopped.is_some() && writer.is_rebuilding() {
        // Half of an index does not take the place of a whole one.
        drop(writer);
    } else {
        writer.keep_homes(settled.kept());
        if stopped.is_none() {
            writer.gather();
        }
        writer.finish()?;
    }
    if let Some(error) = stopped {
        return Err(error);
    }
    summary.articles = summary.added + summary.updated + summary.unchanged;
    summary.skipped.sort_by(|a, b| (&a.path, &a.member).cmp(&(&b.path, &b.member)));
    Ok(summary)
}

fn stopped(writer: &Writer) -> Error {
    if writer.is_rebuilding() {
        return Error::new(Kind::Interrupted, "stopped; the index is what it was before")
            .hint("run the same command again to build it anew from the beginning");
    }
    Error::new(Kind::Interrupted, "stopped; what was read so far is kept").hint("run the same command again to go on")
}

/// The absolute path without links, with whether it is a file.
fn resolve(path: &Path, index: &Path) -> Result<(PathBuf, bool)> {
    let real = path.canonicalize().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            Error::new(Kind::NotFound, format!("there is no file or folder `{}`", path.display()))
                .hint("check the path; nothing was changed in the index")
        }
        _ => Error::io(format!("opening `{}`", path.display()), &error),
    })?;
    let index = real_path(index);
    // The walk leaves out what begins with a dot.
    let hidden = |below: &Path| below.iter().any(|part| part.as_encoded_bytes().starts_with(b"."));
    if index.strip_prefix(&real).is_ok_and(|below| !hidden(below)) {
        return Err(Error::new(
            Kind::Usage,
            format!("the index `{}` would lie inside what it indexes, `{}`", index.display(), real.display()),
        )
        .hint("choose another folder with `--index DIR`, or one named `.dateline`, which is left out"));
    }
    let is_file = !real.is_dir();
    Ok((real, is_file))
}

/// The path without links as far as it is there yet.
fn real_path(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let there = path.ancestors().find_map(|above| Some((above.canonicalize().ok()?, path.strip_prefix(above).ok()?)));
    match there {
        Some((real, rest)) if rest.as_os_str().is_empty() => real,
        Some((real, rest)) => real.join(rest),
        None => path,
    }
}

/// What is to be done.
struct Plan {
    work: Vec<Work>,
    /// Keys of files that are gone.
    vanished: Vec<String>,
    /// What cannot even be opened, where that is news.
    unreadable: Vec<(String, FileState)>,
}

/// Compares what is there with what the index knows. The walk of the first of `paths` may have begun.
fn plan(
    paths: &[(PathBuf, bool)],
    mut begun: Option<Walk>,
    writer: &mut Writer,
    settings: &Settings<'_>,
    summary: &mut Summary,
) -> Result<Plan> {
    let mut roots = writer.roots().to_vec();
    let targets: Vec<Target> = paths.iter().map(|(path, is_file)| roots::target(path, *is_file, &mut roots)).collect();
    for root in &roots[writer.roots().len()..] {
        if !settings.dry_run {
            writer.add_root(root);
        }
    }
    let mut plan = Plan { work: Vec::new(), vanished: Vec::new(), unreadable: Vec::new() };
    let mut seen = Seen::with_room(writer.files().len());
    // Of the files that the index knows, so many are there.
    let mut there = 0;
    let mut shut: Vec<String> = Vec::new();
    for (target, (_, is_file)) in targets.iter().zip(paths) {
        // A file that is walked is its own name below itself.
        let below = |relative: &str| joined(&target.below, if *is_file { "" } else { relative });
        let mut skips = Vec::new();
        let mut empty = true;
        let walk = begun.take().unwrap_or_else(|| Walk::begin(&target.path));
        walk.go_on(&mut |skip| skips.push(skip), &mut |entry| {
            empty = false;
            let relative = below(&entry.relative);
            let key = roots::key(&entry.absolute, &relative, target.root, &roots);
            if !seen.insert(&key) {
                return Flow::Continue;
            }
            let now = state_of(&entry, settings.started);
            let settled = |known: &&FileState| known.same_file(&now) && !(settings.retry_skipped && known.skipped > 0);
            let known = writer.files().get(&key);
            there += usize::from(known.is_some());
            match known.filter(settled) {
                Some(known) => {
                    summary.unchanged += known.articles;
                    summary.skipped.extend(known.skips.iter().cloned());
                }
                None => {
                    if plan.work.is_empty() && !settings.dry_run {
                        writer.expect_articles();
                    }
                    plan.work.push(Work { source: Source::File(entry), key });
                }
            }
            if settings.stop.load(Ordering::Relaxed) { Flow::Stop } else { Flow::Continue }
        })?;
        let mut known = writer.files().iter().filter(|(key, _)| roots::covers(target, key, &roots));
        if empty
            && skips.is_empty()
            && !settings.allow_empty
            && known.any(|(_, state)| state.articles > 0 || !state.complete)
        {
            return Err(emptied(&target.path));
        }
        for mut skip in skips {
            let found = target.path.join(&skip.path).symlink_metadata();
            skip.path = below(&skip.path);
            let key = format!("{}:{}", target.root, skip.path);
            // A link or a pipe in the place of a folder or file is no folder that could not be looked into.
            let replaced = found.as_ref().is_ok_and(|found| !found.is_dir());
            if !replaced {
                shut.push(key.clone());
            }
            if seen.insert(&key) {
                let known = writer.files().get(&key);
                there += usize::from(known.is_some());
                let state = match known {
                    Some(known) if found.is_err() => kept(known, &skip),
                    _ => unread(&skip),
                };
                if known != Some(&state) {
                    // Whatever is there now, a folder that cannot be looked into too, the file that was there is gone.
                    if found.is_ok()
                        && let Some(known) = known.filter(|known| known.articles > 0 || !known.complete)
                    {
                        summary.removed += articles(writer, &key, known)?;
                        plan.vanished.push(key.clone());
                    }
                    plan.unreadable.push((key, state));
                }
            }
            summary.skipped.push(skip);
        }
    }
    // What is gone, but not what only lies in a folder that could not be looked into this time.
    let below_shut = |key: &String| {
        shut.iter().any(|folder| key.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/')))
    };
    let some_gone = there < writer.files().len();
    for (key, state) in writer.files().iter().filter(|_| some_gone) {
        if seen.contains(key) || !targets.iter().any(|target| roots::covers(target, key, &roots)) {
            continue;
        }
        if below_shut(key) {
            summary.unchanged += state.articles;
        } else {
            summary.removed += articles(writer, key, state)?;
            plan.vanished.push(key.clone());
        }
    }
    plan.vanished.sort();
    Ok(plan)
}

/// Why a folder is left as it is known.
fn emptied(folder: &Path) -> Error {
    Error::new(Kind::NotFound, format!("`{}` is empty, but the index has articles of it", folder.display()))
        .because("that is what a folder looks like whose drive is not mounted; nothing was changed in the index")
        .hint("mount the drive, or run the command again with `--allow-empty` where the articles are gone for good")
}

fn joined(below: &str, relative: &str) -> String {
    match (below, relative) {
        ("", relative) => relative.to_owned(),
        (below, "") => below.to_owned(),
        (below, relative) => format!("{below}/{relative}"),
    }
}

/// How many articles the index has of a file.
fn articles(writer: &Writer, key: &str, state: &FileState) -> Result<u64> {
    if state.complete { Ok(state.articles) } else { Ok(writer.articles_of(key)?.len() as u64) }
}

/// What is known of a file that cannot be looked at this time: its articles stay, and it is read again when it can be.
fn kept(known: &FileState, skip: &Skip) -> FileState {
    let mut state = FileState { complete: false, skips: Vec::new(), skipped: 0, ..known.clone() };
    state.skip(skip.clone());
    state
}

fn unread(skip: &Skip) -> FileState {
    let mut state = FileState { complete: true, ..FileState::default() };
    state.skip(skip.clone());
    state
}

/// Puts what the workers made into the index, in the order of the files.
struct Put<'a> {
    writer: &'a mut Writer,
    settings: &'a Settings<'a>,
    plan: &'a Plan,
    settled: &'a Settled,
    summary: &'a mut Summary,
    watch: &'a mut dyn FnMut(Progress),
    progress: Progress,
    committed_at: Duration,
    /// Articles since then.
    uncommitted: u64,
    /// Bytes of the index when it was last committed to.
    size: u64,
    /// Bytes of the files that are done.
    bytes_done: u64,
    /// Ids that this run has given out.
    given: Seen,
    gone: FxHashSet<&'a str>,
    /// Ids whose articles this run has removed.
    freed: FxHashSet<String>,
    /// The turn of each file that is read, from when it is first asked for.
    turns: Option<FxHashMap<&'a str, usize>>,
    /// Whether an article of the file under way wants an id of a file whose turn has yet to come.
    waiting: bool,
    /// For the file under way: the ids and hashes that it had.
    known: Option<(usize, FxHashMap<String, u64>)>,
}

impl<'a> Put<'a> {
    fn new(
        writer: &'a mut Writer,
        settings: &'a Settings<'a>,
        plan: &'a Plan,
        settled: &'a Settled,
        summary: &'a mut Summary,
        watch: &'a mut dyn FnMut(Progress),
    ) -> Put<'a> {
        let size = writer.size();
        let progress =
            Progress { files: plan.work.len(), bytes: plan.work.iter().map(Work::size).sum(), ..Progress::default() };
        Put {
            writer,
            settings,
            plan,
            settled,
            summary,
            watch,
            progress,
            committed_at: (settings.clock)(),
            given: Seen::default(),
            uncommitted: 0,
            size,
            bytes_done: 0,
            gone: plan.vanished.iter().map(String::as_str).collect(),
            freed: FxHashSet::default(),
            turns: None,
            waiting: false,
            known: None,
        }
    }

    fn take(&mut self, event: Event<Made>) -> Result<()> {
        match event {
            Event::Article { file, size, made, .. } => {
                self.article(file, made)?;
                let read = size.read.min(self.plan.work.get(file).map_or(0, Work::size));
                self.progress.bytes_done = self.bytes_done + read;
                self.writer.goes_on(self.progress.bytes_done, self.progress.bytes);
            }
            Event::End { file, articles, state } => self.end(file, articles, state)?,
        }
        let late = (self.settings.clock)().saturating_sub(self.committed_at) >= self.settings.commit_every;
        if late || self.uncommitted >= MOST_UNCOMMITTED {
            self.leave_open()?;
            self.writer.keep_homes(self.settled.kept());
            self.writer.commit()?;
            // The next batch will be about as large as this one, but for what is left to be read.
            let size = self.writer.size();
            let left = self.progress.bytes.saturating_sub(self.progress.bytes_done);
            self.writer.check_room(size.saturating_sub(self.size).min(left))?;
            self.size = size;
            self.committed_at = (self.settings.clock)();
            self.uncommitted = 0;
            // What is built anew counts only as a whole.
            self.progress.committed = (!self.writer.is_rebuilding()).then_some(self.progress.articles);
        }
        (self.watch)(self.progress);
        self.progress.committed = None;
        Ok(())
    }

    /// A run that ends here leaves it known that the file under way is not wholly in the index.
    fn leave_open(&mut self) -> Result<()> {
        match self.known.as_ref().and_then(|(file, _)| self.plan.work.get(*file)) {
            Some(work) => self.writer.put_file(&work.key, &FileState::default()),
            None => Ok(()),
        }
    }

    /// After the last event. A run that was stopped may not have come to the end of a file.
    fn leave(&mut self) -> Result<()> {
        self.leave_open()?;
        self.known = None;
        Ok(())
    }

    fn article(&mut self, file: usize, article: Made) -> Result<()> {
        let Some(work) = self.plan.work.get(file) else { return Ok(()) };
        let key = work.key.as_str();
        if self.known.as_ref().is_none_or(|(known, _)| *known != file) {
            // Also for a file that is not known: an interrupted run may have left articles of one that it did not come
            // to the end of.
            let known = self.writer.articles_of(key)?;
            self.known = Some((file, known));
        }
        let id = self.id(key, &article)?;
        let hash = article.prepared.hash();
        let before = self.known.as_mut().and_then(|(_, known)| known.remove(&id));
        match before {
            Some(before) if before == hash => self.summary.unchanged += 1,
            before => {
                self.writer.put(&id, key, article.prepared, before.is_some())?;
                if before.is_some() {
                    self.summary.updated += 1;
                } else {
                    self.summary.added += 1;
                }
            }
        }
        self.given.insert(&id);
        self.uncommitted += 1;
        self.progress.articles += 1;
        Ok(())
    }

    /// The article's own id where no other article has it, else one made of its path and member.
    fn id(&mut self, key: &str, article: &Made) -> Result<String> {
        if let Some(own) = &article.own_id {
            let own: String = own.chars().filter(|c| !c.is_control()).take(LONGEST_ID).collect();
            if !own.is_empty() {
                if self.is_free(&own, key)? {
                    return Ok(own);
                }
                self.waiting |= self.may_be_freed(&own, key)?;
            }
        }
        let mut attempt = 0;
        loop {
            let id = derived_id(key, article.member.as_deref(), attempt);
            if self.is_free(&id, key)? {
                return Ok(id);
            }
            attempt += 1;
        }
    }

    fn is_free(&self, id: &str, key: &str) -> Result<bool> {
        if self.given.contains(id) {
            return Ok(false);
        }
        Ok(match self.writer.owner(id)? {
            Some(owner) => owner == key || self.gone.contains(owner.as_str()) || self.freed.contains(id),
            None => true,
        })
    }

    /// Whether the id belongs to an article of a file that is yet to be read in this run: the article may have moved.
    fn may_be_freed(&mut self, id: &str, key: &str) -> Result<bool> {
        if self.given.contains(id) {
            return Ok(false);
        }
        let Some(owner) = self.writer.owner(id)? else { return Ok(false) };
        let plan = self.plan;
        let turns = self.turns.get_or_insert_with(|| {
            plan.work.iter().enumerate().map(|(turn, work)| (work.key.as_str(), turn)).collect()
        });
        Ok(turns.get(owner.as_str()) > turns.get(key))
    }

    fn end(&mut self, file: usize, articles: u64, mut state: FileState) -> Result<()> {
        let Some(work) = self.plan.work.get(file) else { return Ok(()) };
        let known = match self.known.take() {
            Some((known_file, known)) if known_file == file => known,
            _ => self.writer.articles_of(&work.key)?,
        };
        if state.complete {
            let mut vanished: Vec<String> = known.into_keys().collect();
            vanished.sort();
            for id in vanished {
                self.writer.remove(&id)?;
                self.freed.insert(id);
                self.summary.removed += 1;
            }
        }
        state.articles = articles;
        // The next run reads it again and finds out whether the id has become free.
        state.recent |= std::mem::take(&mut self.waiting);
        self.writer.put_file(&work.key, &state)?;
        self.summary.skipped.extend(state.skips);
        self.summary.bytes += work.size();
        self.progress.done += 1;
        self.bytes_done += work.size();
        self.progress.bytes_done = self.bytes_done;
        Ok(())
    }
}

/// Articles after which is committed, however soon: what a crash can cost where articles are small and quickly read. A
/// commit takes about as long as some thousand of those, so that more often would cost and less often save nothing.
const MOST_UNCOMMITTED: u64 = 100_000;

/// An index is never less than this part of its files; web pages with little text come next to it, plain text takes as
/// much as the files. A run is refused where there is not even room for that.
const LEAST_SHARE: u64 = 8;

/// Own ids longer than this, in characters, are cut: no archive has them on purpose.
const LONGEST_ID: usize = 512;

/// Letters and digits that are not mistaken for each other (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// An id of twelve letters and digits, 60 bits, from where the article is; the same in every run.
pub(super) fn derived_id(key: &str, member: Option<&str>, attempt: u32) -> String {
    let path = key.split_once(':').map_or(key, |(_, path)| path);
    let mut hasher = blake3::Hasher::new();
    hasher.update(path.as_bytes());
    hasher.update(&[0]);
    hasher.update(member.unwrap_or("").as_bytes());
    if attempt > 0 {
        hasher.update(key.as_bytes());
        hasher.update(&attempt.to_le_bytes());
    }
    let hash = hasher.finalize();
    hash.as_bytes().iter().take(12).map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect()
}
