//! Web archives: what a crawler stored of the web, in WARC or in ARC, which came before it.
//!
//! 1. [`records`] streams the records and finds the next one where one is broken.
//! 2. [`http`] makes of a server's answer what a browser would have made of it.
//! 3. A page goes through the reader of web pages, any other file through the reader of its format.
//! 4. [`counts`] counts what is no article by kind.
//!
//! The day of the crawl says nothing about the day of publication and is not used.

mod counts;
mod http;
mod records;

use super::around::{Around, DEEPEST};
use super::html::{self, Page};
use super::{File, Flow, Format, Skip, encoding};
use crate::article::Article;
use counts::{Counts, Left};
use records::{Kind, Record, Records, Role};
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A web archive.
pub struct Warc;

/// The most that is read of one web page, in bytes. The largest of ten thousand news pages has two MB.
const LARGEST_PAGE: usize = 10 << 20;

/// The most that is unpacked of one answer, in bytes, as much as is kept of a record.
const LARGEST_BODY: u64 = 32 << 20;

/// The least prose of an article, in letters. A page that has less is a list of links, a form or a notice; two short
/// sentences have about a hundred.
const LEAST_PROSE: usize = 90;

/// The fewest letters of a paragraph that counts as prose where it ends like a sentence.
const SENTENCE: usize = 40;

/// The fewest letters of a paragraph that counts as prose however it ends: some scripts have no full stop.
const PARAGRAPH: usize = 200;

/// The endings of parts of pages that look like text.
const ASSETS: &[&str] =
    &["css", "eot", "htc", "ico", "js", "less", "map", "mjs", "scss", "svg", "ttf", "woff", "woff2"];

impl Format for Warc {
    fn name(&self) -> &'static str {
        "warc"
    }

    fn description(&self) -> &'static str {
        "Web archives (WARC, ARC): each page with an article in it"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["warc", "arc"]
    }

    fn recognise(&self, head: &[u8], _name: &str) -> u8 {
        if Kind::of(head).is_some() { 100 } else { 0 }
    }

    fn read(
        &self,
        file: &mut File<'_>,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        let (path, around) = (file.path, file.around);
        if around.depth > DEEPEST {
            return Err(Skip::file(path, format!("lies in more than {DEEPEST} archives within each other")));
        }
        let failed = |error: std::io::Error| Skip::file(path, format!("cannot be read from here on: {error}"));
        let head = file.input.fill_buf().map_err(failed)?;
        let kind = Kind::of(head).unwrap_or(Kind::Warc);
        let mut records = Records::new(file.input, kind);
        let mut archive = Archive {
            path,
            around: Around { beside: None, seekable: None, depth: around.depth.saturating_add(1), ..around },
            counts: Counts::default(),
            seen: FxHashMap::default(),
            take,
            stopped: false,
            spent: None,
            articles: 0,
        };
        let mut outcome = Ok(());
        loop {
            match records.next() {
                Ok(Some(record)) => archive.record(record),
                Ok(None) => break,
                Err(error) => {
                    outcome = Err(failed(error));
                    break;
                }
            }
            if archive.stopped || archive.spent.is_some() {
                break;
            }
        }
        archive.counts.add_many(Left::Damaged, records.damaged, || None);
        let any = archive.articles > 0;
        let spent = archive.spent.take();
        let mut left = false;
        for reason in archive.counts.skips(path) {
            left = true;
            skip(reason);
        }
        if let Some(fault) = spent {
            left = true;
            skip(Skip::file(path, format!("{fault}; what comes before was read")));
        }
        // Where it was compressed, what unpacks it says so.
        if records.torn && !around.budget.is_spent() {
            left = true;
            skip(Skip::file(path, "ends in the middle of a record; what comes before was read"));
        }
        match outcome {
            Err(reason) if any || left => skip(reason),
            Err(reason) => return Err(reason),
            Ok(()) if any || left => {}
            Ok(()) => return Err(Skip::file(path, "a web archive without pages")),
        }
        Ok(())
    }
}

/// An archive while it is read.
struct Archive<'a> {
    path: &'a str,
    around: Around<'a>,
    counts: Counts,
    /// The texts of each address, hashed.
    seen: FxHashMap<u64, Vec<u64>>,
    take: &'a mut dyn FnMut(Article) -> Flow,
    stopped: bool,
    /// Why no more is unpacked.
    spent: Option<String>,
    articles: u64,
}

/// A file of the web.
struct Payload {
    url: String,
    /// The media type without parameters, in lower case; empty where none is given.
    media: String,
    charset: Option<String>,
    bytes: Vec<u8>,
    cut: bool,
}

impl Archive<'_> {
    fn record(&mut self, record: Record) {
        let Record { role, url, id, media, block, cut } = record;
        match role {
            Role::Note => return,
            Role::Revisit => return self.counts.add(Left::Revisit),
            Role::Continuation => return self.counts.add(Left::Continuation),
            Role::Response | Role::Resource => {}
        }
        let url = if url.is_empty() { id } else { url };
        if is_note(&url) {
            return;
        }
        let answer = match role {
            Role::Response => http::answer(block, LARGEST_BODY),
            _ => Err(block),
        };
        let (media, bytes, cut) = match answer {
            Ok(answer) if answer.status != 200 => return self.counts.add(Left::Status),
            Ok(answer) if self.is_spent(answer.unpacked) => return,
            Ok(http::Answer { fault: Some(reason), .. }) => {
                return self.counts.add_with(Left::Packed, &url, &reason);
            }
            Ok(answer) => (answer.media, answer.body, cut || answer.cut),
            Err(block) => (media, block, cut),
        };
        let (media, charset) = media_type(&media);
        self.payload(Payload { url, media, charset, bytes, cut });
    }

    /// Whether so many bytes more are too many.
    fn is_spent(&mut self, unpacked: u64) -> bool {
        self.spent = self.around.budget.add_unpacked(unpacked).err();
        self.spent.is_some()
    }

    fn payload(&mut self, payload: Payload) {
        if file_name(&payload.url).eq_ignore_ascii_case("robots.txt") {
            return self.counts.add(Left::Robots);
        }
        let head = payload.bytes.get(..payload.bytes.len().min(encoding::HEAD)).unwrap_or_default();
        if is_asset(&payload.media, file_name(&payload.url), head) {
            return self.counts.add(Left::Asset);
        }
        if is_page(&payload.media, head) { self.page(payload) } else { self.other(payload) }
    }

    fn page(&mut self, payload: Payload) {
        let Payload { url, charset, mut bytes, mut cut, .. } = payload;
        cut |= bytes.len() > LARGEST_PAGE;
        bytes.truncate(LARGEST_PAGE);
        let page = Page { bytes: &bytes, charset: charset.as_deref(), url: Some(&url), path: self.path };
        // A fault of this program in one page is no reason to lose thousands of others.
        let found = catch_unwind(AssertUnwindSafe(|| html::article(&page)));
        match found {
            Ok(Ok(article)) if is_prose(&article.text) => {
                self.push(article, &url);
                if cut {
                    self.counts.add(Left::Cut);
                }
            }
            _ => self.counts.add(Left::NoArticle),
        }
    }

    /// Reads a file of any other format.
    fn other(&mut self, payload: Payload) {
        let Payload { url, bytes, cut, .. } = payload;
        let mut any = false;
        let mut fault: Option<String> = None;
        let around = self.around;
        let name = file_name(&url).to_owned();
        // Other formats than plain text say themselves what is an article.
        let head = bytes.get(..bytes.len().min(encoding::HEAD)).unwrap_or_default();
        let plain = super::detect(head, &name).is_some_and(|format| format.name() == "text");
        let mut take = |article: Article| {
            if plain && !is_prose(&article.text) {
                return Flow::Continue;
            }
            any = true;
            self.push(article, &url);
            if self.stopped { Flow::Stop } else { Flow::Continue }
        };
        let outcome = super::read(&name, &mut bytes.as_slice(), around, &mut take, &mut |skip| {
            fault.get_or_insert(skip.reason);
        });
        if let Err(skip) = outcome {
            fault = Some(skip.reason);
        }
        match fault {
            Some(reason) => self.counts.add_with(Left::Unread, &url, &reason),
            None if !any => self.counts.add(Left::NoArticle),
            None if cut => self.counts.add(Left::Cut),
            None => {}
        }
    }

    /// Hands on an article of the file at `url`, unless it was there before with the same text.
    fn push(&mut self, mut article: Article, url: &str) {
        let mut member = url.to_owned();
        if let Some(inner) = article.member.take() {
            member.push(':');
            member.push_str(&inner);
        }
        let text = hash(&(&article.title, &article.text));
        let texts = self.seen.entry(hash(&member)).or_default();
        if texts.contains(&text) {
            return self.counts.add(Left::Again);
        }
        texts.push(text);
        if texts.len() > 1 {
            member.push_str(&format!("#{}", texts.len()));
        }
        article.path = self.path.to_owned();
        article.member = Some(member);
        article.url.get_or_insert_with(|| url.to_owned());
        self.articles += 1;
        self.stopped |= (self.take)(article) == Flow::Stop;
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Whether an address is none of the web: names of servers, and what crawlers note about themselves.
fn is_note(url: &str) -> bool {
    let scheme = url.split(':').next().unwrap_or("").to_ascii_lowercase();
    matches!(scheme.as_str(), "dns" | "whois" | "filedesc" | "metadata" | "warcinfo" | "screenshot" | "thumbnail")
        || scheme == "urn" && !url.starts_with("urn:uuid:")
}

/// A media type without its parameters, and the encoding among them.
fn media_type(value: &str) -> (String, Option<String>) {
    let mut parts = value.split(';');
    let media = parts.next().unwrap_or("").trim().to_ascii_lowercase();
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']).to_owned())
    });
    (media, charset)
}

/// The name of the file in an address, for its ending.
fn file_name(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let path = path.split_once("://").map_or(path, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether a file is a part of pages rather than one: by what the server says of it, by its name where the server says no
/// more than that it is some file, by its content.
fn is_asset(media: &str, file: &str, head: &[u8]) -> bool {
    let (kind, name) = media.split_once('/').unwrap_or((media, ""));
    let named = match kind {
        "image" | "audio" | "video" | "font" => true,
        "text" => matches!(name, "css" | "javascript" | "ecmascript" | "x-component" | "vtt"),
        "application" => ["javascript", "ecmascript", "font", "shockwave", "mpegurl", "wasm", "x-director"]
            .iter()
            .any(|part| name.contains(part)),
        _ => false,
    };
    let vague = matches!(media, "" | "text/plain" | "application/octet-stream" | "binary/octet-stream");
    let ending = vague.then(|| super::ending(file)).flatten().unwrap_or_default();
    let named = named || ASSETS.contains(&ending.as_ref());
    let seen = ["a picture", "sound", "a video"];
    named || encoding::is_binary(head).is_some_and(|what| seen.iter().any(|kind| what.starts_with(kind)))
}

/// Whether a file is a web page, by what the server says of it unless its content says otherwise.
fn is_page(media: &str, head: &[u8]) -> bool {
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let begins = |opening: &[u8]| start.get(..opening.len()).is_some_and(|start| start.eq_ignore_ascii_case(opening));
    let has = |opening: &[u8]| head.windows(opening.len()).any(|part| part.eq_ignore_ascii_case(opening));
    if begins(b"<!doctype html") || begins(b"<html") || begins(b"<?xml") && has(b"<html") {
        return true;
    }
    let declared = matches!(media, "text/html" | "application/xhtml+xml" | "application/vnd.wap.xhtml+xml");
    let other = begins(b"<?xml") || begins(b"<rss") || begins(b"<feed") || begins(b"{") || begins(b"[");
    declared && !other && encoding::is_binary(head).is_none()
}

/// Whether a text has sentences enough to be an article.
fn is_prose(text: &str) -> bool {
    let mut letters = 0;
    for paragraph in text.split('\n') {
        let count = paragraph.chars().filter(|c| c.is_alphabetic()).count();
        let wide = paragraph.chars().filter(|c| ('\u{2e80}'..='\u{d7af}').contains(c)).count();
        // A character of Chinese, Japanese or Korean says as much as two or three letters.
        let count = count + 2 * wide;
        let ended = paragraph.contains(['.', '!', '?', '…', '。', '！', '？', '؟', '۔', '।', '։', '።']);
        if count >= PARAGRAPH || count >= SENTENCE && ended {
            letters += count;
        }
        if letters >= LEAST_PROSE {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests;
