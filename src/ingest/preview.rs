//! What would be found in articles, without an index: the same reading and extraction as for indexing.

use super::pipeline::derived_id;
use super::sources::Settled;
use super::walk;
use super::work::{self, Event, How, Source, Work};
use crate::article::{Article, Found};
use crate::backend::local::writer::Load;
use crate::error::Result;
use crate::read::{Flow, Skip};
use crate::when::Written;
use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

/// Where to look.
pub enum Input {
    /// A file or folder.
    Path(PathBuf),
    /// JSON Lines.
    Stream(Box<dyn BufRead + Send>),
}

/// Reads and extracts every article of `inputs`, in order, and hands it to `take`; gives what was not read.
///
/// `given` is the day of publication for articles that say none, `program` this program, to be started for what may crash.
pub fn preview(
    inputs: Vec<Input>,
    jobs: usize,
    given: Option<&Written>,
    program: Option<&Path>,
    stop: &AtomicBool,
    take: &mut dyn FnMut(Article, Found) -> Result<()>,
) -> Result<Vec<Skip>> {
    let mut skips = Vec::new();
    let mut files = Vec::new();
    for input in inputs {
        match input {
            Input::Stream(stream) => {
                files.push(Work { source: Source::Stream(Mutex::new(Some(stream))), key: "0:-".to_owned() });
            }
            Input::Path(path) => {
                let name = path.to_string_lossy().trim_end_matches('/').to_owned();
                let is_file = path.is_file();
                walk::walk(&path, &mut |skip| skips.push(skip), &mut |entry| {
                    let key = if is_file { format!("0:{name}") } else { format!("0:{name}/{}", entry.relative) };
                    files.push(Work { source: Source::File(entry), key });
                    Flow::Continue
                })?;
            }
        }
    }
    let settled = Settled::default();
    let how = How { jobs, extract: true, program, given, started: 0, stop, settled: &settled };
    let make = |article: Article, found: Found, load: Load| (article, found, load);
    work::run(&files, &how, &make, &mut |event| {
        match event {
            Event::Article { file, made: (mut article, found, _load), .. } => {
                let key = files.get(file).map_or("", |work| work.key.as_str());
                if article.id.is_none() {
                    article.id = Some(derived_id(key, article.member.as_deref(), 0));
                }
                take(article, found)?;
            }
            Event::End { state, .. } => skips.extend(state.skips),
        }
        Ok(())
    })?;
    Ok(skips)
}
