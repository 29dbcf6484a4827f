//! Files that are made to break whoever reads them: bombs, endless words and lines, nesting without end, references to
//! other files. Each lies between two good neighbours. The run ends with success and the neighbours in the index, takes
//! little memory, and the monster is read, as far as that goes, or listed with the reason.
//!
//! Some are a tenth of what they should be, to keep the test short. `DATELINE_LARGE=1 cargo test --test main monsters`
//! makes them as large as they should be; `--nocapture` shows what each took.

use super::corpus;
use super::program::Program;
use serde_json::Value;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::time::{Duration, Instant};

/// The most memory that indexing may take, in bytes.
const MOST_MEMORY: u64 = 600 << 20;

/// What becomes of a monster.
#[derive(Clone, Copy)]
enum Fate {
    /// It is listed with a reason that has these words; articles that it gave before do not matter.
    Listed(&'static str),
    /// It is read whole and gives so many articles.
    Read(u64),
    /// It is listed with any reason, or gives an article: this depends on which formats there are.
    Either,
}

fn is_large() -> bool {
    std::env::var_os("DATELINE_LARGE").is_some_and(|value| value != "0")
}

/// Makes a folder with a monster between two good files, indexes it, and looks at what came of it.
fn check(name: &str, fate: Fate, make: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
    let program = Program::new();
    for (number, good) in ["news/a.txt", "news/z.txt"].into_iter().enumerate() {
        program.write(good, corpus::page(number, 1).as_bytes());
    }
    let mut file = BufWriter::new(File::create(program.path("news").join(name)).expect("a file can be made"));
    make(&mut file).and_then(|()| file.flush()).expect("it can be written");
    drop(file);
    index(&program, name, fate);
}

/// Indexes the folder and looks at what came of it.
#[expect(clippy::print_stdout, reason = "what each took is shown to who asks for it with `--nocapture`")]
fn index(program: &Program, name: &str, fate: Fate) {
    let longest = Duration::from_secs(if is_large() { 1800 } else { 120 });
    let began = Instant::now();
    let (ran, memory) = program.run_measured(&["index", "--format", "json", "--index", "kept", "news"], longest);
    let took = began.elapsed();
    assert_eq!(ran.code, Some(0), "{name}: {}", ran.stderr);
    let summary: Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
    let articles = summary["articles"].as_u64().expect("a number");
    let ran = program.run(&["status", "--skipped", "--format", "json", "--index", "kept"]);
    let status: Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
    let listed: Vec<String> = status["skipped"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|skip| format!("{}: {}", skip["path"].as_str().unwrap_or(""), skip["reason"].as_str().unwrap_or("")))
        .collect();
    let megabytes = memory.unwrap_or(0) >> 20;
    println!("{name}: {took:.1?}, {megabytes} MB, {articles} articles, {:?}", listed.first());
    for (number, title) in [(0, corpus::title(0, 1)), (1, corpus::title(1, 1))] {
        let found = program.run(&["count", "--index", "kept", &format!("title:\"{title}\"")]);
        assert_eq!(found.stdout, "1\n", "{name}: neighbour {number}");
    }
    assert!(listed.iter().all(|line| line.starts_with(&format!("{name}: "))), "{name}: {listed:?}");
    match fate {
        Fate::Listed(words) => assert!(listed.iter().any(|line| line.contains(words)), "{name}: {listed:?}"),
        Fate::Read(count) => assert_eq!((articles, listed), (count + 2, Vec::new()), "{name}"),
        Fate::Either => assert!(!listed.is_empty() || articles > 2, "{name}"),
    }
    assert!(memory.is_none_or(|memory| memory < MOST_MEMORY), "{name} took {megabytes} MB");
}

/// Writes `piece` again and again, up to `size` bytes.
fn repeat(out: &mut dyn Write, piece: &[u8], size: u64) -> io::Result<()> {
    for _ in 0..size / piece.len() as u64 {
        out.write_all(piece)?;
    }
    Ok(())
}

const RAIN: &str = "Rain fell on Leeds. ";

/// A stream of two gigabytes as gzip, of parts that are all the same.
fn gzip(out: &mut dyn Write, piece: &[u8]) -> io::Result<()> {
    let mut part = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    repeat(&mut part, piece, 16 << 20)?;
    let part = part.finish()?;
    for _ in 0..128 {
        out.write_all(&part)?;
    }
    Ok(())
}

#[test]
fn compressed_bombs() {
    const TOO_MUCH: &str = "times its size";
    // A file that is one article is read as far as an article may go.
    check("m.txt.gz", Fate::Listed(""), |out| gzip(out, RAIN.as_bytes()));
    check("m.gz", Fate::Listed(""), |out| gzip(out, b"\0"));
    check("m.jsonl.gz", Fate::Listed(TOO_MUCH), |out| gzip(out, b"{\"title\":\"Rain\"}\n"));
    let zstd = |out: &mut dyn Write, piece: &[u8]| {
        let mut encoder = zstd::Encoder::new(out, 1)?;
        repeat(&mut encoder, piece, 2 << 30)?;
        encoder.finish().map(drop)
    };
    check("m.txt.zst", Fate::Listed(""), |out| zstd(out, RAIN.repeat(50_000).as_bytes()));
    check("m.zst", Fate::Listed(""), |out| zstd(out, &vec![0; 1 << 20]));
    check("m.jsonl.zst", Fate::Listed(TOO_MUCH), |out| zstd(out, "{\"title\":\"Rain\"}\n".repeat(50_000).as_bytes()));
}

/// A web archive whose pages unpack to ten thousand times their size.
#[test]
fn a_web_archive_of_bombs() {
    check("m.warc", Fate::Listed("times its size"), |out| {
        let mut page = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        repeat(&mut page, b"\0", 30 << 20)?;
        let page = page.finish()?;
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n";
        for number in 0..100 {
            let length = head.len() + page.len();
            let target = format!("WARC-Type: response\r\nWARC-Target-URI: http://a.test/{number}");
            write!(out, "WARC/1.0\r\n{target}\r\nContent-Length: {length}\r\n\r\n{head}")?;
            out.write_all(&page)?;
            out.write_all(b"\r\n\r\n")?;
        }
        Ok(())
    });
    check("n.warc", Fate::Listed(""), |out| {
        repeat(out, b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999\r\n\r\n", 40 << 20)
    });
}

/// Numbers as zip has them.
fn zip_number(out: &mut Vec<u8>, value: u64, bytes: usize) {
    out.extend(value.to_le_bytes().iter().take(bytes));
}

/// A zip archive of `count` members that all have the same bytes.
fn overlapping(count: u64) -> Vec<u8> {
    let text = corpus::page(7, 1).repeat(20_000);
    let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(text.as_bytes()).expect("memory takes it");
    let packed = packed.finish().expect("memory takes it");
    let mut sum = flate2::Crc::new();
    sum.update(text.as_bytes());
    let fields = |out: &mut Vec<u8>, name: &str| {
        // Version, flags, method, time, day, then sum, sizes, lengths of the name and of what follows it.
        for value in [20, 0, 8, 0, 33] {
            zip_number(out, value, 2);
        }
        for value in [u64::from(sum.sum()), packed.len() as u64, text.len() as u64] {
            zip_number(out, value, 4);
        }
        zip_number(out, name.len() as u64, 2);
        zip_number(out, 0, 2);
    };
    let mut out = b"PK\x03\x04".to_vec();
    fields(&mut out, "000000.txt");
    out.extend(b"000000.txt");
    out.extend(&packed);
    let start = out.len() as u64;
    for number in 0..count {
        let name = format!("{number:06}.txt");
        out.extend(b"PK\x01\x02");
        zip_number(&mut out, 20, 2);
        fields(&mut out, &name);
        // Comment, disk, attributes, and where the member is: always at the beginning.
        for (value, bytes) in [(0, 2), (0, 2), (0, 2), (0, 4), (0, 4)] {
            zip_number(&mut out, value, bytes);
        }
        out.extend(name.as_bytes());
    }
    let size = out.len() as u64 - start;
    out.extend(b"PK\x05\x06");
    for (value, bytes) in [(0, 2), (0, 2), (count, 2), (count, 2), (size, 4), (start, 4), (0, 2)] {
        zip_number(&mut out, value, bytes);
    }
    out
}

#[test]
fn archives_within_themselves() {
    check("m.zip", Fate::Listed("shares its bytes"), |out| out.write_all(&overlapping(60_000)));
    check("n.zip", Fate::Listed("archives within each other"), |out| {
        let mut bytes = corpus::page(7, 1).into_bytes();
        let mut name = "page.txt".to_owned();
        for depth in 0..10 {
            let mut archive = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
            let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
            archive.start_file(name.as_str(), options).map_err(io::Error::other)?;
            archive.write_all(&bytes)?;
            bytes = archive.finish().map_err(io::Error::other)?.into_inner();
            name = format!("{depth}.zip");
        }
        out.write_all(&bytes)
    });
}

#[test]
fn entities_that_grow_or_reach_out() {
    check("m.xml", Fate::Either, |out| {
        writeln!(out, "<?xml version=\"1.0\"?>\n<!DOCTYPE nitf [\n<!ENTITY a0 \"Rain fell.\">")?;
        for level in 1..12 {
            let inner = format!("&a{};", level - 1).repeat(10);
            writeln!(out, "<!ENTITY a{level} \"{inner}\">")?;
        }
        writeln!(out, "]>\n<nitf><body><body.content><p>&a11; Rain over Leeds.</p></body.content></body></nitf>")
    });
    let program = Program::new();
    program.write("secret.txt", b"A word that nobody writes: quizzaciously.\n");
    for (number, good) in ["news/a.txt", "news/z.txt"].into_iter().enumerate() {
        program.write(good, corpus::page(number, 1).as_bytes());
    }
    let secret = program.path("secret.txt");
    let xml = format!(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE rss [<!ENTITY x SYSTEM \"file://{}\"> <!ENTITY y SYSTEM \"../secret.txt\">]>\n\
         <rss version=\"2.0\"><channel><item><title>Rain &x;</title><description>Rain over Leeds. &y; &x;</description>\
         </item></channel></rss>\n",
        secret.display()
    );
    program.write("news/m.xml", xml.as_bytes());
    index(&program, "m.xml", Fate::Either);
    assert_eq!(program.run(&["count", "--index", "kept", "quizzaciously"]).stdout, "0\n");
}

#[test]
fn nesting_without_end() {
    check("m.html", Fate::Either, |out| {
        write!(out, "<!DOCTYPE html><html><head><title>Rain</title></head><body>")?;
        repeat(out, b"<div><b>", 20_000 * 8)?;
        write!(out, "<p>{}</p>", RAIN.repeat(20))?;
        repeat(out, b"</b></div>", 20_000 * 10)
    });
    check("m.json", Fate::Listed(""), |out| {
        repeat(out, b"[", 100_000)?;
        repeat(out, b"]", 100_000)
    });
    check("n.json", Fate::Listed(""), |out| repeat(out, b"{\"text\":", 800_000));
    check("m.xml", Fate::Either, |out| {
        write!(out, "<?xml version=\"1.0\"?>")?;
        repeat(out, b"<nitf>", 600_000)?;
        write!(out, "{}", RAIN.repeat(20))?;
        repeat(out, b"</nitf>", 700_000)
    });
    check("n.xml", Fate::Either, |out| {
        write!(out, "<?xml version=\"1.0\"?><rss><channel>")?;
        repeat(out, b"<item>", 600_000)
    });
}

#[test]
fn words_without_end() {
    check("m.txt", Fate::Listed("is cut"), |out| repeat(out, &[b'x'; 1000], 100 << 20));
    check("n.txt", Fate::Listed("is cut"), |out| repeat(out, "é".repeat(500).as_bytes(), 100 << 20));
}

#[test]
fn lines_without_end() {
    let size = if is_large() { 300 << 20 } else { 40 << 20 };
    check("m.txt", Fate::Listed("is cut"), |out| repeat(out, RAIN.as_bytes(), size));
    check("n.txt", Fate::Listed("empty"), |out| repeat(out, b"\n", 300_000));
    check("o.txt", Fate::Read(1), |out| {
        writeln!(out, "Rain over Leeds")?;
        repeat(out, b"\n", 300_000)
    });
    check("p.jsonl", Fate::Listed("more than"), |out| {
        write!(out, "{{\"text\":\"")?;
        repeat(out, RAIN.as_bytes(), size * 2)
    });
}

#[test]
fn lines_without_number() {
    let size: u64 = if is_large() { 1 << 30 } else { 16 << 20 };
    let mut count = 0;
    let line = |number: u64| corpus::line(number as usize + 10, 1);
    let mut left = size;
    while left > 0 {
        left = left.saturating_sub(line(count).len() as u64);
        count += 1;
    }
    check("m.jsonl", Fate::Read(count), |out| (0..count).try_for_each(|number| out.write_all(line(number).as_bytes())));
    check("n.jsonl", Fate::Listed("is no object"), |out| {
        writeln!(out, "{{\"text\":\"Rain over Leeds.\"}}")?;
        repeat(out, b"0\n", size / 8)
    });
    check("o.json", Fate::Listed("is no object"), |out| {
        write!(out, "[{{\"text\":\"Rain over Leeds.\"}}")?;
        repeat(out, b",0", size / 8)?;
        write!(out, "]")
    });
}
