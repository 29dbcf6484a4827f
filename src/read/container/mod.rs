//! Files that hold other files: compressed ones and archives, within each other to a depth.
//!
//! 1. [`detect`] knows a container by its beginning; the name says nothing.
//! 2. [`Container::open`] streams what is in it: each member is handed on with its name, and read like any file.
//! 3. [`read`] puts the name of the member before the members that its reader finds: `2024/june.jsonl:17`.
//!
//! Nothing is unpacked to disk, and no name of a member is ever used as a path. What a container may unpack to is limited
//! by the [`Budget`](super::around::Budget) of the outermost file.

use super::around::{Around, DEEPEST};
use super::{File, Flow, Skip};
use crate::article::Article;
use std::io::BufRead;

mod bzip2;
mod gzip;
mod tar;
mod xz;
mod zip;
mod zstd;

/// A kind of container.
pub trait Container: Sync {
    /// The name in `dateline formats`: `gzip`.
    fn name(&self) -> &'static str;
    /// One sentence for `dateline formats`.
    fn description(&self) -> &'static str;
    /// The usual endings of file names, without the dot.
    fn endings(&self) -> &'static [&'static str];
    /// Whether a file is one, by its beginning, up to 8 kB.
    fn recognise(&self, head: &[u8]) -> bool;
    /// Hands each member to `each`, which says whether to go on.
    ///
    /// Faults of single members go to `skip`; the result is an error only where nothing more can be read.
    fn open(&self, file: File<'_>, each: &mut Each<'_>, skip: &mut dyn FnMut(Skip)) -> Result<(), Skip>;
}

/// Takes a member of a container: its name, none where the container holds one stream, and what is in it.
pub type Each<'a> = dyn FnMut(Option<&str>, &mut dyn BufRead) -> Flow + 'a;

/// Every kind of container.
pub static CONTAINERS: &[&dyn Container] = &[
    &bzip2::Bzip2, //
    &gzip::Gzip,
    &tar::Tar,
    &xz::Xz,
    &zip::Zip,
    &zstd::Zstd,
];

/// The container that a file is, by its beginning.
pub fn detect(head: &[u8]) -> Option<&'static dyn Container> {
    CONTAINERS.iter().find(|container| container.recognise(head)).copied()
}

/// Reads everything that is in a container.
pub(super) fn read(
    container: &dyn Container,
    file: File<'_>,
    take: &mut dyn FnMut(Article) -> Flow,
    skip: &mut dyn FnMut(Skip),
) -> Result<(), Skip> {
    let File { path, around, .. } = file;
    if around.depth >= DEEPEST {
        return Err(Skip::file(path, format!("lies in more than {DEEPEST} archives within each other")));
    }
    let inside = Around { beside: None, seekable: None, depth: around.depth + 1, ..around };
    let budget = around.budget;
    let stem = stem(container, path).to_owned();
    // `skip` is needed by the container and for what is in it.
    let skips = std::cell::RefCell::new(skip);
    let pass = |skip: Skip| (skips.borrow_mut())(skip);
    let mut stopped = false;
    let mut each = |name: Option<&str>, input: &mut dyn BufRead| {
        let inner = name.unwrap_or(&stem);
        let within = |skip: Skip| match name {
            Some(name) => {
                pass(Skip { path: path.to_owned(), member: Some(join(name, skip.member)), reason: skip.reason })
            }
            None => pass(Skip { path: path.to_owned(), ..skip }),
        };
        let mut any = false;
        let outcome = super::read(
            inner,
            input,
            inside,
            &mut |mut article| {
                any = true;
                article.path = path.to_owned();
                if let Some(name) = name {
                    article.member = Some(join(name, article.member.take()));
                }
                let flow = take(article);
                stopped |= flow == Flow::Stop;
                flow
            },
            &mut |skip| within(skip),
        );
        let fault = budget.take_fault();
        if let Err(skip) = outcome {
            // What is empty because nothing could be unpacked is not empty.
            let reason =
                fault.as_ref().filter(|_| !any).map_or(skip.reason, |fault| format!("cannot be unpacked: it {fault}"));
            within(Skip { reason, ..skip });
        } else if let Some(fault) = fault {
            within(Skip::file(inner, format!("{fault}; what comes before was read")));
        }
        if stopped { Flow::Stop } else { Flow::Continue }
    };
    container.open(file, &mut each, &mut |skip| pass(skip))
}

/// The name of what is in a compressed file: its own without the ending of the compression.
fn stem<'a>(container: &dyn Container, path: &'a str) -> &'a str {
    let ending = super::ending(path).unwrap_or_default();
    if !container.endings().contains(&ending.as_ref()) {
        return path;
    }
    path.get(..path.len() - ending.len() - 1).unwrap_or(path)
}

/// A member within a member.
fn join(name: &str, member: Option<String>) -> String {
    match member {
        Some(member) => format!("{name}:{member}"),
        None => name.to_owned(),
    }
}

/// Whether a member of an archive is passed over without a word, as the walk passes over such files: hidden ones and what
/// archivers of some systems add.
fn is_hidden(name: &str) -> bool {
    name.split('/').any(|part| part.starts_with('.') && part != "." && part != ".." || part == "__MACOSX")
}

#[cfg(test)]
mod tests {
    use super::super::around::Budget;
    use super::*;
    use std::io::{Cursor, Read, Write};

    fn gz(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        out.write_all(bytes).expect("memory takes it");
        out.finish().expect("memory takes it")
    }

    fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut out = ::tar::Builder::new(Vec::new());
        for (name, bytes) in members {
            let mut header = ::tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o600);
            out.append_data(&mut header, name, *bytes).expect("memory takes it");
        }
        out.into_inner().expect("memory takes it")
    }

    fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut out = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = ::zip::write::SimpleFileOptions::default().compression_method(::zip::CompressionMethod::Deflated);
        for (name, bytes) in members {
            out.start_file(*name, options).expect("memory takes it");
            out.write_all(bytes).expect("memory takes it");
        }
        out.finish().expect("memory takes it").into_inner()
    }

    /// What comes of a file: members and titles or texts of articles, then reasons for skips.
    fn check(name: &str, bytes: &[u8], expected: &[&str]) {
        let (mut out, mut skips) = (Vec::new(), Vec::new());
        let budget = Budget::default();
        let result = super::super::read(
            name,
            &mut Cursor::new(bytes),
            Around::new(&budget),
            &mut |article| {
                assert_eq!(article.path, name);
                let text: String = article.title.unwrap_or(article.text).chars().take(20).collect();
                out.push(format!("{}: {text}", article.member.unwrap_or_default()));
                Flow::Continue
            },
            &mut |skip| skips.push(skip),
        );
        skips.extend(result.err());
        out.extend(skips.into_iter().map(|skip| format!("{}! {}", skip.member.unwrap_or_default(), skip.reason)));
        assert_eq!(out, expected, "{name}");
    }

    #[test]
    fn compressed_files_are_read_as_what_they_hold() {
        check("a.txt.gz", &gz(b"Title\n\nText."), &[": Title"]);
        check("a", &gz(b"{\"text\":\"a\"}\n{\"text\":\"b\"}\n"), &["1: a", "2: b"]);
        check("twice.txt.gz", &[gz(b"Some words\n\n"), gz(b"and more.")].concat(), &[": Some words"]);
        check("a.txt.zst", &::zstd::encode_all(&b"Title\n\nText."[..], 3).expect("memory takes it"), &[": Title"]);
        let mut xz = Vec::new();
        liblzma::read::XzEncoder::new(&b"Title\n\nText."[..], 6).read_to_end(&mut xz).expect("memory takes it");
        check("a.txt.xz", &xz, &[": Title"]);
        let mut bz2 = Vec::new();
        let best = ::bzip2::Compression::best();
        ::bzip2::read::BzEncoder::new(&b"Title\n\nText."[..], best).read_to_end(&mut bz2).expect("memory takes it");
        check("a.txt.bz2", &bz2, &[": Title"]);
    }

    #[test]
    fn members_have_their_names() {
        let members: &[(&str, &[u8])] =
            &[("a.txt", b"One"), ("b/c.jsonl", b"{\"text\":\"two\"}"), ("b/.hidden", b"x"), ("e.txt", b"")];
        let expected = ["a.txt: One", "b/c.jsonl:1: two", "e.txt! empty"];
        check("x.tar", &tar(members), &expected);
        check("x.tar.gz", &gz(&tar(members)), &expected);
        check("x.zip", &zip(members), &expected);
        check("y.zip", &zip(&[("x.tar.gz", &gz(&tar(&[("a.txt", b"One")])))]), &["x.tar.gz:a.txt: One"]);
    }

    #[test]
    fn depth_is_limited() {
        let mut bytes = b"One".to_vec();
        for _ in 0..5 {
            bytes = zip(&[("x.zip", &bytes)]);
        }
        check("x.zip", &bytes, &["x.zip:x.zip:x.zip:x.zip! lies in more than 4 archives within each other"]);
    }

    #[test]
    fn what_is_damaged_is_read_as_far_as_it_goes() {
        let text = (0..20_000).map(|number| format!("word{number} ")).collect::<String>();
        let whole = gz(format!("Title\n\n{text}").as_bytes());
        check("a.txt.gz", &whole[..whole.len() / 2], &[": Title", "! ends in the middle; what comes before was read"]);
        check("a.txt.gz", &whole[..12], &["! cannot be unpacked: it ends in the middle"]);
        let archive = zip(&[("a.txt", b"One"), ("b.txt", text.as_bytes())]);
        check("x.zip", &archive[..archive.len() - 30], &["! is a damaged zip archive"]);
    }

    #[test]
    fn bombs_end() {
        let expected = ["! unpacks to more than 200 times its size; what comes before was read"];
        let lines = "{\"text\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}\n".repeat(4 << 20);
        let bomb = ::zstd::encode_all(lines.as_bytes(), 3).expect("memory takes it");
        drop(lines);
        let budget = Budget::default();
        let (mut count, mut skips) = (0u64, Vec::new());
        let result = super::super::read(
            "a.jsonl.zst",
            &mut Cursor::new(bomb),
            Around::new(&budget),
            &mut |_| {
                count += 1;
                Flow::Continue
            },
            &mut |skip| skips.push(format!("! {}", skip.reason)),
        );
        assert_eq!(result, Ok(()));
        assert!(count > 1_000_000 && count < 4 << 20, "{count}");
        assert_eq!(skips.last().map(String::as_str), Some(expected[0]));
    }
}
