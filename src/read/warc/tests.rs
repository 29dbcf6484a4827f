//! Web archives as they should be and as they are found.

use super::super::around::{Around, Budget};
use super::super::{Flow, read};
use super::http;
use std::io::{Cursor, Write};

/// Prose enough for an article.
const PROSE: &str = "The river rose by two metres overnight. Forty families in the lower town were brought to the school, \
                     and the mayor asked for boats and blankets.";

fn page(title: &str) -> String {
    format!(
        "<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{PROSE}</p></article></body></html>"
    )
}

fn record(fields: &str, block: &[u8]) -> Vec<u8> {
    let length = block.len();
    let head = format!("WARC/1.0\r\n{fields}\r\nContent-Length: {length}\r\n\r\n");
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

fn response(url: &str, head: &str, body: &[u8]) -> Vec<u8> {
    let fields =
        format!("WARC-Type: response\r\nWARC-Target-URI: {url}\r\nContent-Type: application/http; msgtype=response");
    let head = format!("HTTP/1.1 {head}\r\n\r\n");
    record(&fields, &[head.as_bytes(), body].concat())
}

fn html(url: &str) -> Vec<u8> {
    response(url, "200 OK\r\nContent-Type: text/html; charset=utf-8", page("Flood").as_bytes())
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(bytes).expect("memory takes it");
    out.finish().expect("memory takes it")
}

fn arc(url: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("{url} 192.0.2.7 20020305120000 text/html {}\n", body.len());
    [head.as_bytes(), body, b"\n"].concat()
}

/// What comes of an archive: members of articles, then reasons for skips.
fn check(bytes: &[u8], expected: &[&str]) {
    let (mut out, mut skips) = (Vec::new(), Vec::new());
    let budget = Budget::default();
    let result = read(
        "a.warc",
        &mut Cursor::new(bytes),
        Around::new(&budget),
        &mut |article| {
            assert_eq!(article.path, "a.warc");
            assert!(article.text.contains("boats") && !article.truncated, "{}", article.text);
            out.push(article.member.unwrap_or_default());
            Flow::Continue
        },
        &mut |skip| skips.push(skip),
    );
    skips.extend(result.err());
    out.extend(skips.into_iter().map(|skip| format!("{}! {}", skip.member.unwrap_or_default(), skip.reason)));
    assert_eq!(out, expected);
}

#[test]
fn what_is_an_article_and_what_is_counted() {
    let records = [
        record("WARC-Type: warcinfo\r\nContent-Type: application/warc-fields", b"software: none\r\n"),
        html("http://a.test/1"),
        record("WARC-Type: request\r\nWARC-Target-URI: http://a.test/1", b"GET /1 HTTP/1.1\r\n\r\n"),
        html("http://a.test/1"),
        response("http://a.test/1", "200 OK\r\nContent-Type: text/html", page("Flood, again").as_bytes()),
        response(
            "http://a.test/2",
            "200 OK\r\nContent-Type: text/html",
            b"<html><body><a href=x>Home</a></body></html>",
        ),
        response("http://a.test/3", "301 Moved\r\nContent-Type: text/html", b"<html>Moved</html>"),
        response("http://a.test/4", "404 Not Found\r\nContent-Type: text/html", page("Not found").as_bytes()),
        response("http://a.test/robots.txt", "200 OK\r\nContent-Type: text/plain", b"User-agent: *\r\n"),
        response("http://a.test/x.css", "200 OK\r\nContent-Type: text/css", b"a {}"),
        response("http://a.test/x", "200 OK\r\nContent-Type: text/html", b"\x89PNG\r\n\x1a\n\0\0"),
        response("http://a.test/x.txt", "200 OK\r\nContent-Type: text/plain", PROSE.as_bytes()),
        response("http://a.test/x.bin", "200 OK", b"\0\x01\x02\0\0\0\0\0"),
        response("http://a.test/y", "200 OK\r\nContent-Encoding: br", b"\x8b\x02\x80"),
        record("WARC-Type: response\r\nWARC-Target-URI: dns:a.test\r\nContent-Type: text/dns", b"192.0.2.7"),
        record("WARC-Type: revisit\r\nWARC-Target-URI: http://a.test/1", b""),
        record(
            "WARC-Type: resource\r\nWARC-Target-URI: <http://a.test/5>\r\nContent-Type: text/html",
            page("A").as_bytes(),
        ),
        record(
            "WARC-Type: conversion\r\nWARC-Target-URI: http://a.test/6\r\nContent-Type: text/plain",
            PROSE.as_bytes(),
        ),
    ];
    let expected = [
        "http://a.test/1",
        "http://a.test/1#2",
        "http://a.test/x.txt",
        "http://a.test/5",
        "http://a.test/6",
        "! 1 page archived again with the same text, read once",
        "! 1 page without an article",
        "! 2 redirects and errors",
        "! 1 robots.txt",
        "! 2 pictures, style sheets, scripts and the like",
        "! 1 other file without an article (http://a.test/x.bin: binary, not text)",
        "! 1 answer that cannot be unpacked (http://a.test/y: packed in a way that is not read (br))",
        "! 1 revisit of a page archived elsewhere",
    ];
    check(&records.concat(), &expected);
    check(&records.map(|record| gz(&record)).concat(), &expected);
    check(&records_of_old(), &["http://a.test/1", "http://a.test/a b", "! 1 redirect or error"]);
}

fn records_of_old() -> Vec<u8> {
    let answer = |status: &str| format!("HTTP/1.0 {status}\nContent-Type: text/html\n\n{}", page("Flood")).into_bytes();
    let about = b"1 1 Archive\nURL IP-address Archive-date Content-type Archive-length\n";
    let two = answer("200 OK");
    [
        format!("filedesc://a.arc 0.0.0.0 20020305120000 text/plain {}\n", about.len()).as_bytes(),
        about,
        b"\n",
        &arc("http://a.test/1", &answer("200 OK")),
        &arc("http://a.test/2", &answer("404 Not Found")),
        // Version 2 has more in its heads.
        format!("http://a.test/a b 192.0.2.7 20020305120000 text/html 200 - - 0 a.arc {}\n", two.len()).as_bytes(),
        &two,
    ]
    .concat()
}

#[test]
fn a_damaged_member_does_not_lose_the_next() {
    let urls: Vec<String> = (1..9).map(|number| format!("http://a.test/{number}")).collect();
    let members: Vec<Vec<u8>> = urls.iter().map(|url| gz(&html(url))).collect();
    let mut damaged = members.clone();
    damaged[2][40] ^= 0xff;
    damaged[5][1] = 0;
    let all: Vec<&str> = urls.iter().map(String::as_str).collect();
    check(&members.concat(), &all);
    let mut expected = [&all[..2], &all[3..5], &all[6..]].concat();
    expected.push("! has 2 damaged places, which were passed over");
    check(&damaged.concat(), &expected);
}

#[test]
fn a_broken_record_does_not_lose_the_next() {
    let [one, two, three] = ["http://a.test/1", "http://a.test/2", "http://a.test/3"].map(html);
    let join = |parts: &[&[u8]]| parts.concat();
    let lines = |length: &str| {
        let text = String::from_utf8(two.clone()).expect("it is text");
        let (before, after) = text.split_once("Content-Length: ").expect("it has one");
        let after = after.split_once('\r').expect("it has an end").1;
        if length.is_empty() {
            format!("{before}X: y\r{after}")
        } else {
            format!("{before}Content-Length: {length}\r{after}")
        }
    };
    let all = ["http://a.test/1", "http://a.test/2", "http://a.test/3"];
    check(&join(&[&one, &two, &three]), &all);
    // Lengths that are too large, by a little, by a record, by far; too small; none.
    for length in ["400", "420", "600", "900", "99999999999", "18446744073709551615"] {
        check(&join(&[&one, lines(length).as_bytes(), &three]), &all);
    }
    let real: usize = String::from_utf8_lossy(&two)
        .split_once("Content-Length: ")
        .and_then(|(_, rest)| rest.split_once('\r')?.0.parse().ok())
        .expect("it has a length");
    for more in 1..20 {
        check(&join(&[&one, lines(&(real + more).to_string()).as_bytes(), &three]), &all);
    }
    for length in ["0", "100"] {
        check(&join(&[&one, lines(length).as_bytes(), &three]), &all);
    }
    check(&join(&[&one, lines("").as_bytes(), &three]), &[all[0], all[2], "! 1 damaged record"]);
    check(&join(&[&one, lines("x").as_bytes(), &three]), &[all[0], all[2], "! 1 damaged record"]);
    // Noise between records, a head without an end, line ends of other systems.
    let noise = [&b"\0\x01WARC/1.0 is \xff\n"[..], &vec![b'x'; 200_000], b"\n\n"].concat();
    check(&join(&[&one, &noise, &two]), &[all[0], all[1], "! 1 damaged record"]);
    check(&join(&[&one, b"WARC/1.0\r\nWARC-Type: response\r\n", &two]), &[all[0], all[1], "! 1 damaged record"]);
    check(&one, &all[..1]);
    let lf = String::from_utf8(one.clone()).expect("it is text").replace("\r\n", "\n");
    check(&join(&[lf.as_bytes(), &two]), &all[..2]);
    // The end of the file is missing.
    let torn = "! ends in the middle of a record; what comes before was read";
    let short = "! 1 page cut short, read as far as it goes";
    check(&join(&[&one, &two[..two.len() - 45]]), &[all[0], all[1], short, torn]);
    check(b"WARC/1.0\r\nWARC-Type: resp", &["! 1 damaged record"]);
    check(b"WARC/1.0\r\n\r\n", &["! 1 damaged record"]);
    check(&record("WARC-Type: warcinfo", b"x"), &["! a web archive without pages"]);
}

#[test]
fn records_that_lie_about_their_lengths_take_no_time() {
    let lie = "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 30000000\r\n\r\n".repeat(100_000);
    let (mut skips, budget) = (Vec::new(), Budget::default());
    let outcome = read("a.warc", &mut lie.as_bytes(), Around::new(&budget), &mut |_| Flow::Continue, &mut |skip| {
        skips.push(skip.reason)
    });
    assert!(outcome.is_ok() && !skips.is_empty(), "{outcome:?}");
}

#[test]
fn answers_as_a_browser_has_them() {
    let body = |head: &str, body: &[u8]| {
        let block = [format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n").as_bytes(), body].concat();
        let answer = http::answer(block, 1000).expect("it is an answer");
        (String::from_utf8_lossy(&answer.body).into_owned(), answer.cut, answer.fault)
    };
    let whole = |text: &str| (text.to_owned(), false, None);
    let chunked = "Transfer-Encoding: chunked";
    assert_eq!(body(chunked, b"5\r\nRain \r\n3;x=y\r\nand\r\n0\r\n\r\n"), whole("Rain and"));
    assert_eq!(body(chunked, b"5\r\nRain \r\nzz\r\nand"), whole("Rain zz\r\nand"));
    assert_eq!(body(chunked, b"<p>Rain"), whole("<p>Rain"));
    assert_eq!(body(chunked, b"ffffffffffffffff\r\nRain"), whole("Rain"));
    assert_eq!(body(chunked, b"9\r\nRain"), whole("Rain"));
    assert_eq!(body("Content-Encoding: gzip", &gz(b"Rain")), whole("Rain"));
    assert_eq!(body("Content-Encoding: gzip, gzip", &gz(&gz(b"Rain"))), whole("Rain"));
    assert_eq!(body("content-encoding:GZIP", b"Rain"), whole("Rain"));
    assert_eq!(body("Content-Encoding: br", b"<p>Rain"), whole("<p>Rain"));
    let long = body("Content-Encoding: gzip", &gz(&[b'a'; 5000]));
    assert_eq!((long.0.len(), long.1), (1000, true));
    let (text, cut, _) = body("Content-Encoding: gzip", gz(PROSE.as_bytes()).get(..60).unwrap_or_default());
    assert!(PROSE.starts_with(&text) && cut, "{text}");
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    zlib.write_all(b"Rain").expect("memory takes it");
    let zlib = zlib.finish().expect("memory takes it");
    assert_eq!(body("Content-Encoding: deflate", &zlib), whole("Rain"));
    assert_eq!(body("Content-Encoding: deflate", &zlib[2..]), whole("Rain"));
    assert_eq!(body("Content-Encoding: gzip", b"\x1f\x8bRain").2.as_deref(), Some("its compression (gzip) is damaged"));
    assert!(http::answer(b"<p>Rain".to_vec(), 1000).is_err());
    assert_eq!(http::answer(b"HTTP/1.0 304".to_vec(), 1000).expect("it is an answer").status, 304);
}
