//! The address of a page: its own, the one that an archive or a program wrote into it, or where it was found.

use super::about::meta;
use super::linked::{Linked, bare};
use super::survey::Survey;

/// The address of a page: the one that it has for itself, or where it was found.
pub(super) fn of(survey: &Survey, linked: &Linked, found: Option<&str>) -> Option<String> {
    let saved = survey.saved_from.as_deref();
    let base = found.or(saved);
    let og = meta(survey, &["og:url"]);
    let own = [survey.canonical.as_deref(), og.as_deref()].into_iter().flatten();
    let own = own.filter_map(|address| absolute(original(address), base));
    let known =
        own.chain(linked.url.clone()).chain([saved, found].into_iter().flatten().map(|one| original(one).to_owned()));
    // A front page is no address of an article, unless nothing else is known.
    let mut known = known.filter(|address| {
        address.starts_with("http") && !address.contains(char::is_whitespace) && address.len() < 2000
    });
    let first = known.next()?;
    if is_front(&first) { known.find(|address| !is_front(address)).or(Some(first)) } else { Some(first) }
}

fn is_front(address: &str) -> bool {
    !bare(address).contains('/') && !address.contains('?')
}

/// The address that an archive of the web puts behind its own: `https://web.archive.org/web/20140102030405/http://…`.
fn original(address: &str) -> &str {
    let inner = || {
        let (_, rest) = address.split_once("/web/")?;
        let (stamp, rest) = rest.split_once('/')?;
        (stamp.len() >= 4 && stamp.starts_with(|c: char| c.is_ascii_digit()) && rest.starts_with("http"))
            .then_some(rest)
    };
    inner().unwrap_or(address)
}

/// An address made absolute against that of its page.
fn absolute(address: &str, base: Option<&str>) -> Option<String> {
    if address.contains("://") {
        return Some(address.to_owned());
    }
    let (scheme, rest) = base?.split_once("://")?;
    if let Some(address) = address.strip_prefix("//") {
        return Some(format!("{scheme}://{address}"));
    }
    let host = rest.split(['/', '?', '#']).next()?;
    if address.starts_with('/') {
        return Some(format!("{scheme}://{host}{address}"));
    }
    let path = rest.split(['?', '#']).next()?;
    let folder = path.rsplit_once('/').map_or(host, |(folder, _)| folder);
    (!address.is_empty() && !address.contains(':')).then(|| format!("{scheme}://{folder}/{address}"))
}

/// The host of an address, without `www.`.
pub(super) fn host(address: &str) -> Option<&str> {
    let host = address.split_once("://")?.1.split(['/', '?', '#', ':']).next()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    (host.contains('.') && !host.contains('@')).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::super::survey::survey;
    use super::*;

    #[test]
    fn addresses() {
        for (html, found, expected) in [
            ("<link rel=canonical href=https://a.example/1>", Some("http://b.example/2"), Some("https://a.example/1")),
            ("<link rel=canonical href=/1>", Some("http://b.example/x/2?y"), Some("http://b.example/1")),
            ("<link rel=canonical href=1.html>", Some("http://b.example/x/2"), Some("http://b.example/x/1.html")),
            ("<link rel=canonical href=//a.example/1>", Some("http://b.example/2"), Some("http://a.example/1")),
            ("<link rel=canonical href=/1>", None, None),
            ("<link rel=canonical href=https://a.example/>", Some("https://a.example/1"), Some("https://a.example/1")),
            ("<link rel=canonical href=https://a.example/>", None, Some("https://a.example/")),
            ("<!-- saved from url=(0019)https://a.example/1 --><html>", None, Some("https://a.example/1")),
            ("<!--\n Page saved with SingleFile \n url: https://a.example/1 \n-->", None, Some("https://a.example/1")),
            ("<!-- Mirrored from a.example/1 by a program -->", None, Some("http://a.example/1")),
            ("", Some("https://web.archive.org/web/20140102030405/http://a.example/1"), Some("http://a.example/1")),
            ("<meta property=og:url content=https://a.example/1>", None, Some("https://a.example/1")),
            ("", None, None),
        ] {
            let survey = survey(html);
            assert_eq!(of(&survey, &Linked::default(), found).as_deref(), expected, "{html}");
        }
    }
}
