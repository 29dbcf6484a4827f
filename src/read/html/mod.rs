//! Web pages, saved or archived, and pieces of HTML in other formats.

pub mod fragment;

use crate::article::Article;

/// A web page as it was saved or received.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The page itself.
    pub bytes: &'a [u8],
    /// The character encoding that came with it: of an HTTP header, of a part of a mail.
    pub charset: Option<&'a str>,
    /// Where it was found on the web.
    pub url: Option<&'a str>,
    /// The file that holds it, relative to the folder that is indexed.
    pub path: &'a str,
}

/// The article of a page; the reason where it has none.
pub fn article(page: &Page<'_>) -> Result<Article, String> {
    let decoded = super::encoding::decode_as(page.bytes, page.charset);
    let text = fragment::text(&decoded.text);
    if text.is_empty() {
        return Err("has no text".to_owned());
    }
    let mut article = Article {
        path: page.path.to_owned(),
        url: page.url.map(str::to_owned),
        text,
        encoding: decoded.encoding,
        ..Article::default()
    };
    super::cut(&mut article);
    super::layout::mark(&mut article);
    Ok(article)
}
