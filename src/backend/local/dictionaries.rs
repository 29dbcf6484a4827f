//! Zstandard dictionaries: pieces of the archive's own articles, against which others are packed one by one. So each
//! is as small as in a large block, and is unpacked alone.
//!
//! A generation may have several, `articles-1.dict` and so on, the later ones larger; the note of a commit says how many
//! belong to it. A file holds the XXH3 of what follows, eight bytes, then nothing but text. It is durable before anything
//! that is packed with it can be committed, and stays as long as its generation.

mod cover;

use crossbeam_channel::{Receiver, Sender, bounded};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, RwLock};
use std::thread::JoinHandle;
use tantivy::directory::error::OpenWriteError;
use tantivy::directory::{Directory, FileHandle, MmapDirectory, TerminatingWrite as _};
use twox_hash::XxHash3_64;
use zstd::zstd_safe::{CCtx, CParameter, DCtx, DDict, Strategy, compress_bound, get_frame_content_size};

/// The most there can be: their number stands in one byte, and each is twice as large as the one before at least.
pub(super) const MOST: usize = 16;
/// The smallest that is worth its file, and the largest that is made, in bytes. With less than that, articles are smaller
/// in blocks: 24 MB of agency news were a fifth larger against a dictionary of 0.8 MB, its file with them.
const SMALLEST: usize = 2 << 20;
const LARGEST: usize = 8 << 20;
/// How much text there must be, or be expected, for a byte of a dictionary.
const TEXT_FOR_EACH: u64 = 32;
/// How much of a sample is looked at for a byte of a dictionary.
const SAMPLE_FOR_EACH: usize = 3;
/// Longer articles are as small by themselves, and cost more time against a dictionary.
pub(super) const LONGEST: usize = 32 << 10;
/// So much of an article is taken into a dictionary at most.
const LONGEST_PIECE: usize = 16 << 10;
/// Bytes of a sample at most.
const MOST_SAMPLED: usize = LARGEST * SAMPLE_FOR_EACH * 3 / 2;
/// Bytes before the text of a file.
const HEAD: usize = 8;
/// How articles are packed: of what fits into 32 kB, as small as at level 11 of Zstandard and two thirds of its time, as
/// measured on grown and on real news. Sequences of fewer than six bytes are hardly ever worth a look into a dictionary
/// of some megabytes, nor is it worth looking twice for a longer one behind.
const THOROUGH: [CParameter; 5] = [
    CParameter::CompressionLevel(11),
    CParameter::HashLog(22),
    CParameter::SearchLog(6),
    CParameter::MinMatch(6),
    CParameter::Strategy(Strategy::ZSTD_lazy),
];
/// Zstandard level of all that is packed, one by one or in blocks, where an index is made without extraction: there 6 in
/// blocks would take a tenth of the time of a run, and a new dictionary another one.
pub(super) const QUICK_LEVEL: i32 = 1;
const QUICK: [CParameter; 1] = [CParameter::CompressionLevel(QUICK_LEVEL)];
/// Bytes of a context, with the largest dictionary.
pub(super) const CONTEXT: usize = 28 << 20;
/// So many threads share one: packing takes less than a seventh of the time of each.
const SHARING: usize = 4;
/// What every frame of Zstandard begins with, which is left out.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// The file of the dictionary of this number.
pub(super) fn name(number: usize) -> String {
    format!("articles-{number}.dict")
}

/// The number of the dictionary that `name` is the file of.
fn number_of(name: &str) -> Option<usize> {
    let number = name.strip_prefix("articles-")?.strip_suffix(".dict")?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse().ok()).flatten()
}

/// What is wrong with the dictionaries of a generation, of which there must be `count`.
pub(super) fn faults(generation: &Path, count: usize) -> io::Result<Vec<String>> {
    let mut faults = Vec::new();
    for name in (1..=count).map(name) {
        match fs::read(generation.join(&name)) {
            Ok(bytes) if sum(bytes.get(HEAD..).unwrap_or_default()) == bytes.get(..HEAD).unwrap_or_default() => {}
            Ok(_) => faults.push(format!("`{name}` is not as it was written: its checksum differs")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => faults.push(format!("`{name}` is missing")),
            Err(error) => return Err(error),
        }
    }
    Ok(faults)
}

/// Removes those that no commit knows, of which it knows `count`.
pub(super) fn sweep(generation: &Path, count: usize) -> io::Result<()> {
    for entry in fs::read_dir(generation)?.flatten() {
        if entry.file_name().to_str().and_then(number_of).is_some_and(|number| number > count) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn sum(text: &[u8]) -> [u8; HEAD] {
    XxHash3_64::oneshot(text).to_le_bytes()
}

/// The dictionaries of a generation, for reading.
#[derive(Default)]
pub(super) struct Dictionaries {
    files: Vec<Arc<dyn FileHandle>>,
    ready: [OnceLock<Option<DDict<'static>>>; MOST],
}

impl Dictionaries {
    /// Opens `count` of them; each is read at its first use. Those that are missing are not there.
    pub(super) fn open(generation: &Path, count: usize) -> Dictionaries {
        let directory = if count > 0 { MmapDirectory::open(generation).ok() } else { None };
        let open = |number| directory.as_ref()?.get_file_handle(Path::new(&name(number))).ok();
        Dictionaries { files: (1..=count.min(MOST)).map_while(open).collect(), ..Dictionaries::default() }
    }

    fn get(&self, number: usize) -> Option<&DDict<'static>> {
        let at = number.checked_sub(1)?;
        let make = || {
            let file = self.files.get(at)?;
            let bytes = file.read_bytes(0..file.len()).ok()?;
            DDict::try_create(bytes.get(HEAD..)?)
        };
        self.ready.get(at)?.get_or_init(make).as_ref()
    }

    /// The reverse of [`Dictionary::pack`]; none where the dictionary is not there or `packed` makes no sense.
    pub(super) fn unpack(&self, number: usize, packed: &[u8]) -> Option<Vec<u8>> {
        thread_local! { static CONTEXT: std::cell::RefCell<DCtx<'static>> = std::cell::RefCell::new(DCtx::create()); }
        let dictionary = self.get(number)?;
        let mut frame = Vec::with_capacity(MAGIC.len() + packed.len());
        frame.extend_from_slice(&MAGIC);
        frame.extend_from_slice(packed);
        let length = get_frame_content_size(&frame).ok()??;
        let length = usize::try_from(length).ok().filter(|length| *length <= LONGEST)?;
        let mut bytes = Vec::with_capacity(length);
        CONTEXT.with_borrow_mut(|context| context.decompress_using_ddict(&mut bytes, &frame, dictionary).ok())?;
        Some(bytes)
    }
}

/// A dictionary that articles are packed with.
pub(super) struct Dictionary {
    pub(super) number: usize,
    size: usize,
    /// Contexts in which it is loaded, from which they are taken and to which they are given back.
    contexts: (Sender<CCtx<'static>>, Receiver<CCtx<'static>>),
}

/// How many contexts there are for so many threads.
pub(super) fn contexts(threads: usize) -> usize {
    threads.div_ceil(SHARING).max(1)
}

impl Dictionary {
    /// None where the library does not take it.
    fn new(number: usize, text: &[u8], how: How) -> Option<Dictionary> {
        let (send, receive) = bounded(contexts(how.threads));
        for _ in 0..contexts(how.threads) {
            let mut context = CCtx::try_create()?;
            for parameter in if how.quick { &QUICK[..] } else { &THOROUGH } {
                context.set_parameter(*parameter).ok()?;
            }
            context.load_dictionary(text).ok()?;
            // It makes its tables of the dictionary at the first use.
            context.compress2(&mut Vec::with_capacity(compress_bound(1)), b" ").ok()?;
            send.send(context).ok()?;
        }
        Some(Dictionary { number, size: text.len(), contexts: (send, receive) })
    }

    /// Packs at most [`LONGEST`] bytes; none where that gains nothing.
    pub(super) fn pack(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut frame = Vec::with_capacity(compress_bound(bytes.len()));
        let (send, receive) = &self.contexts;
        let mut context = receive.recv().ok()?;
        let outcome = context.compress2(&mut frame, bytes);
        send.send(context).ok()?;
        outcome.ok()?;
        let packed = frame.strip_prefix(&MAGIC)?;
        (packed.len() < bytes.len()).then(|| packed.to_vec())
    }
}

/// How a run packs.
#[derive(Clone, Copy, Debug)]
pub(super) struct How {
    /// Less well for the sake of time, and with no new dictionary.
    pub(super) quick: bool,
    /// Threads that pack.
    pub(super) threads: usize,
}

/// The dictionary that is used by all threads of a run, and what the next one would be made of.
pub(super) struct Packing {
    how: How,
    now: RwLock<Now>,
    sample: Mutex<Sample>,
    /// The next one, while it is made.
    coming: Mutex<Option<JoinHandle<Vec<u8>>>>,
}

/// The dictionary in use.
enum Now {
    None,
    /// The last one of a generation, which nothing was packed with yet.
    Unread(PathBuf, usize),
    Ready(Arc<Dictionary>),
}

/// Pieces of articles, evenly among those that went by.
#[derive(Default)]
struct Sample {
    /// Bytes that went by.
    seen: u64,
    /// Articles that went by.
    articles: usize,
    pieces: Vec<Vec<u8>>,
    bytes: usize,
    /// How often half of it was left out; of what comes, one article for each one that is left of those before is taken.
    halved: u32,
    /// Dictionaries that are made, or being made.
    made: usize,
    /// Whether no larger dictionary will be made.
    full: bool,
}

impl Sample {
    fn offer(&mut self, article: &[u8]) {
        self.seen += article.len() as u64;
        self.articles += 1;
        if self.full || !self.articles.is_multiple_of(1 << self.halved) {
            return;
        }
        let piece = &article[..article.len().min(LONGEST_PIECE)];
        self.bytes += piece.len();
        self.pieces.push(piece.to_vec());
        if self.bytes > MOST_SAMPLED {
            let mut taken = false;
            self.pieces.retain(|_| {
                taken = !taken;
                taken
            });
            self.bytes = self.pieces.iter().map(Vec::len).sum();
            self.halved += 1;
        }
    }
}

impl Packing {
    /// With the last one of the `count` dictionaries of a generation.
    pub(super) fn open(generation: &Path, count: usize, how: How) -> Packing {
        let now = if count > 0 { Now::Unread(generation.to_owned(), count) } else { Now::None };
        let sample = Mutex::new(Sample { made: count, full: how.quick, ..Sample::default() });
        Packing { how, now: RwLock::new(now), sample, coming: Mutex::default() }
    }

    /// Without any, for an article that is only compared.
    pub(super) fn none() -> Packing {
        Packing::open(Path::new(""), 0, How { quick: true, threads: 1 })
    }

    /// The dictionary to pack `article` with, which may become part of the next one.
    pub(super) fn dictionary(&self, article: &[u8]) -> Option<Arc<Dictionary>> {
        if let Ok(mut sample) = self.sample.lock() {
            sample.offer(article);
        }
        self.now()
    }

    /// Gets the dictionary of a generation ready, beside other work: that takes some fifth of a second.
    pub(super) fn warm_up(self: &Arc<Packing>) {
        let packing = Arc::clone(self);
        std::thread::spawn(move || packing.now());
    }

    fn now(&self) -> Option<Arc<Dictionary>> {
        match &*self.now.read().ok()? {
            Now::None => return None,
            Now::Ready(ready) => return Some(Arc::clone(ready)),
            Now::Unread(..) => {}
        }
        let mut now = self.now.write().ok()?;
        if let Now::Unread(generation, number) = &*now {
            let read = fs::read(generation.join(name(*number))).ok();
            let text = read.as_ref().and_then(|bytes| bytes.get(HEAD..));
            // Without one, articles are larger, and that is all. That it is not there is for a check to tell.
            let made = text.and_then(|text| Dictionary::new(*number, text, self.how));
            *now = made.map_or(Now::None, |made| Now::Ready(Arc::new(made)));
        }
        match &*now {
            Now::Ready(ready) => Some(Arc::clone(ready)),
            _ => None,
        }
    }

    /// The number and the text of the next dictionary, where so much went by that it is worth it. `share` is how much of a
    /// run is done, of 1. It is used after [`Packing::take`].
    pub(super) fn next(&self, share: f64) -> Option<(usize, Vec<u8>)> {
        let mut coming = self.coming.lock().ok()?;
        if let Some(made) = coming.take_if(|coming| coming.is_finished()) {
            return Some((self.sample.lock().ok()?.made, made.join().ok()?));
        }
        let mut sample = self.sample.lock().ok()?;
        if coming.is_some() || sample.full || sample.seen < SMALLEST as u64 * 2 {
            return None;
        }
        let size = self.now().map_or(0, |now| now.size);
        let expected = if share > 0.0 { sample.seen as f64 / share.min(1.0) } else { sample.seen as f64 };
        let wanted = ((expected as u64 / TEXT_FOR_EACH) as usize).min(LARGEST);
        let too_small = wanted < SMALLEST || wanted < size * 2 || sample.bytes < wanted * SAMPLE_FOR_EACH;
        if too_small {
            return None;
        }
        sample.made += 1;
        sample.full = sample.made >= MOST || wanted * 2 > LARGEST;
        let pieces = if sample.full { std::mem::take(&mut sample.pieces) } else { sample.pieces.clone() };
        *coming = Some(std::thread::spawn(move || {
            // A first byte that no dictionary in the format of Zstandard has: this one is nothing but text.
            let mut text = vec![b'\n'];
            text.extend(cover::choose(&pieces.concat(), wanted - 1));
            text
        }));
        None
    }

    /// Packs with the dictionary of this number and text from now on; it is durable.
    pub(super) fn take(&self, number: usize, text: &[u8]) {
        if let (Some(made), Ok(mut now)) = (Dictionary::new(number, text, self.how), self.now.write()) {
            *now = Now::Ready(Arc::new(made));
        }
    }
}

/// Writes a dictionary, for good.
pub(super) fn write(directory: &dyn Directory, number: usize, text: &[u8]) -> io::Result<()> {
    let mut file = directory.open_write(Path::new(&name(number))).map_err(|error| match error {
        OpenWriteError::IoError { io_error, .. } => io::Error::new(io_error.kind(), io_error),
        other => io::Error::other(other),
    })?;
    file.write_all(&sum(text))?;
    file.write_all(text)?;
    file.terminate()?;
    directory.sync_directory()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOW: How = How { quick: false, threads: 2 };

    fn article(number: u64) -> Vec<u8> {
        let words = ["harbour", "council", "treaty", "minister", "railway", "storm", "market", "election"];
        let word = |at: u64| words[(XxHash3_64::oneshot_with_seed(number, &at.to_le_bytes()) % 8) as usize];
        (0..300).map(word).collect::<Vec<_>>().join(" ").into_bytes()
    }

    #[test]
    fn what_is_packed_comes_back_and_damage_is_no_panic() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let directory = MmapDirectory::open(folder.path()).expect("it can be opened");
        let packing = Packing::open(folder.path(), 0, HOW);
        let mut number = 0;
        let made = loop {
            assert!(packing.dictionary(&article(number)).is_none());
            number += 1;
            if let Some((number, text)) = packing.next(0.0) {
                write(&directory, number, &text).expect("it can be written");
                packing.take(number, &text);
                break number;
            }
        };
        assert_eq!(made, 1);
        assert!(packing.sample.lock().is_ok_and(|sample| sample.seen >= SMALLEST as u64 * TEXT_FOR_EACH));
        assert_eq!(faults(folder.path(), 1).expect("it can be read"), Vec::<String>::new());
        assert_eq!(faults(folder.path(), 2).expect("it can be read"), ["`articles-2.dict` is missing"]);
        let own = article(1_000_000);
        let dictionary = packing.dictionary(&own).expect("there is one");
        let packed = dictionary.pack(&own).expect("it gains");
        for reopened in [false, true] {
            let again = Packing::open(folder.path(), 1, HOW);
            let packed =
                if reopened { again.dictionary(&own).and_then(|one| one.pack(&own)) } else { Some(packed.clone()) };
            let read = Dictionaries::open(folder.path(), 1);
            assert_eq!(read.unpack(1, &packed.expect("it gains")).as_deref(), Some(own.as_slice()));
            assert!(read.unpack(2, &[]).is_none() && read.unpack(0, &[]).is_none());
        }
        let read = Dictionaries::open(folder.path(), 1);
        for at in 0..packed.len() {
            for bit in 0..8 {
                let mut damaged = packed.clone();
                damaged[at] ^= 1 << bit;
                let _ = read.unpack(1, &damaged);
                let _ = read.unpack(1, &damaged[..at]);
            }
        }
        // One that cannot be read is not replaced: what was packed with it needs it.
        let lost = Packing::open(folder.path(), 2, HOW);
        let next = (0..).find_map(|number| {
            assert!(lost.dictionary(&article(number)).is_none());
            lost.next(0.0)
        });
        assert_eq!(next.map(|(number, _)| number), Some(3));
        let path = folder.path().join(name(1));
        let mut bytes = fs::read(&path).expect("it is there");
        bytes[1000] ^= 1;
        fs::write(&path, bytes).expect("it can be written");
        assert_eq!(faults(folder.path(), 1).expect("it can be read").len(), 1);
    }

    #[test]
    fn threads_that_share_a_context_wait_for_it() {
        let text: Vec<u8> = (0..400).flat_map(article).collect();
        let dictionary = Dictionary::new(1, &text, HOW).expect("it is taken");
        let alone: Vec<_> = (0..64).map(|number| dictionary.pack(&article(number))).collect();
        assert!(alone.iter().all(Option::is_some));
        let together = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| (0..64).map(|number| dictionary.pack(&article(number))).collect::<Vec<_>>()))
                .collect();
            threads.into_iter().map(|thread| thread.join().expect("it ends")).collect::<Vec<_>>()
        });
        assert!(together.iter().all(|packed| *packed == alone));
    }

    #[test]
    fn a_sample_is_spread_over_what_went_by() {
        let mut sample = Sample::default();
        for number in 0..40_000 {
            sample.offer(&article(number));
        }
        assert!((MOST_SAMPLED / 3..=MOST_SAMPLED).contains(&sample.bytes), "{}", sample.bytes);
        assert_eq!(sample.bytes, sample.pieces.iter().map(Vec::len).sum::<usize>());
        assert!(sample.pieces.contains(&article((39_999 >> sample.halved << sample.halved) - 1)));
    }
}
