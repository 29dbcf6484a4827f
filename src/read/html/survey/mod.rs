//! What the tags of a page say of it, read one after the other: no tree is made, so that any page can be looked at before
//! it is known whether making one would ever end.

mod depth;

use depth::Depth;
use html5ever::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use std::cell::RefCell;

/// What was found in the tags of a page.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// The language that `<html>` or `<body>` names.
    pub(super) language: Option<String>,
    /// Names in lower case and contents of `<meta>`, whatever attribute names them, in order.
    pub(super) metas: Vec<(String, String)>,
    /// The text of `<title>`.
    pub(super) title: Option<String>,
    /// The texts of `<h1>`, and of what is marked as the headline.
    pub(super) headings: Vec<String>,
    /// The address that the page says is its own.
    pub(super) canonical: Option<String>,
    /// The address that the program wrote into it which saved it.
    pub(super) saved_from: Option<String>,
    /// The texts of JSON-LD.
    pub(super) linked: Vec<String>,
    /// Days that stand in elements made for them.
    pub(super) times: Vec<Time>,
    /// Names of writers that stand in elements made for them.
    pub(super) bylines: Vec<Byline>,
    /// Whether a tree of the page would be too deep or too large to be made in reasonable time.
    pub(super) unwieldy: bool,
}

/// What a day is the day of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Of publication, and said so.
    Published,
    /// Of a change.
    Modified,
    /// Of either.
    Unknown,
}

/// A day that stands in an element.
#[derive(Debug)]
pub(super) struct Time {
    pub(super) mark: Mark,
    pub(super) value: String,
}

/// What stands in an element for the writers.
#[derive(Debug)]
pub(super) struct Byline {
    /// Whether the element is made for a name and nothing else.
    pub(super) sure: bool,
    pub(super) text: String,
}

/// The longest text that is kept of an element, in bytes.
const LONGEST: usize = 500;
/// The longest JSON-LD, in bytes: whole articles are in there.
const LONGEST_LINKED: usize = 4 << 20;
/// How many elements of one kind are kept.
const MOST: usize = 24;
/// How many `<meta>` are kept.
const MOST_METAS: usize = 400;

/// Looks at the tags of a page.
pub(super) fn survey(html: &str) -> Survey {
    let sink = Sink::default();
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    while let TokenizerResult::Script(()) = tokenizer.feed(&input) {}
    tokenizer.end();
    let mut state = tokenizer.sink.0.into_inner();
    for capture in std::mem::take(&mut state.captures) {
        state.finish(capture);
    }
    state.survey.unwieldy = state.depth.is_too_much();
    state.survey
}

#[derive(Default)]
struct Sink(RefCell<State>);

#[derive(Default)]
struct State {
    survey: Survey,
    depth: Depth,
    captures: Vec<Capture>,
    /// Whether what is read is no text: a script, a style, markup for browsers without scripts.
    raw: bool,
}

/// What the text of an element is collected for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Title,
    Heading,
    Linked,
    Time(Mark),
    Byline(bool),
}

/// An element whose text is collected until it ends.
struct Capture {
    purpose: Purpose,
    element: String,
    /// How many elements of its name are open within it, itself counted.
    open: usize,
    text: String,
}

impl State {
    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        self.depth.start(name, tag.self_closing);
        for capture in &mut self.captures {
            if capture.element == name {
                capture.open += 1;
            }
            // Words of neighbours do not grow together.
            capture.push(" ");
        }
        match name {
            "meta" => self.meta(tag),
            "html" | "body" => {
                if let Some(language) = attribute(tag, "lang").or_else(|| attribute(tag, "xml:lang")) {
                    self.survey.language.get_or_insert_with(|| language.to_owned());
                }
            }
            "link" if attribute(tag, "rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
                if let Some(address) = attribute(tag, "href").filter(|address| address.len() < 2000) {
                    self.survey.canonical.get_or_insert_with(|| address.trim().to_owned());
                }
            }
            "title" if self.survey.title.is_none() => self.capture(Purpose::Title, tag),
            "h1" => self.capture(Purpose::Heading, tag),
            "script" if attribute(tag, "type").is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json")) => {
                self.capture(Purpose::Linked, tag);
            }
            _ => {}
        }
        self.marked(name, tag);
        let kind = match name {
            "script" => RawKind::ScriptData,
            "style" | "iframe" | "noembed" | "noframes" | "noscript" | "xmp" => RawKind::Rawtext,
            "title" | "textarea" => return TokenSinkResult::RawData(RawKind::Rcdata),
            _ => return TokenSinkResult::Continue,
        };
        self.raw = true;
        TokenSinkResult::RawData(kind)
    }

    fn meta(&mut self, tag: &Tag) {
        let Some(content) = attribute(tag, "content").map(str::trim).filter(|content| !content.is_empty()) else {
            return;
        };
        for name in ["property", "name", "itemprop", "http-equiv"] {
            if let Some(name) = attribute(tag, name)
                && self.survey.metas.len() < MOST_METAS
                && content.len() < 10 * LONGEST
            {
                self.survey.metas.push((name.trim().to_ascii_lowercase(), content.to_owned()));
            }
        }
    }

    /// Looks at the attributes that say what an element is for.
    fn marked(&mut self, name: &str, tag: &Tag) {
        if matches!(name, "meta" | "link" | "script" | "body" | "html") {
            return;
        }
        let property = attribute(tag, "itemprop").unwrap_or("");
        let class = attribute(tag, "class").unwrap_or("");
        let is = |word: &str| property.split_whitespace().any(|one| one.eq_ignore_ascii_case(word));
        if is("headline") && name != "h1" {
            self.capture(Purpose::Heading, tag);
        }
        let time = match () {
            () if is("datePublished") || attribute(tag, "pubdate").is_some() => Some(Mark::Published),
            () if is("dateModified") || is("dateUpdated") => Some(Mark::Modified),
            () if name == "time" => Some(mark_of(class)),
            () if name == "abbr" && mark_of(class) == Mark::Published => Some(Mark::Published),
            () => is_for_a_day(class).then(|| mark_of(class)),
        };
        if let Some(mark) = time.filter(|_| !is_of_readers(class)) {
            let value = ["datetime", "content", "title"].iter().find_map(|name| {
                attribute(tag, name).filter(|value| value.bytes().filter(u8::is_ascii_digit).count() >= 4)
            });
            match value {
                Some(value) if value.len() < LONGEST => self.time(mark, value),
                _ => self.capture(Purpose::Time(mark), tag),
            }
        }
        let by_link = name == "a" && attribute(tag, "rel").is_some_and(|rel| rel.split(' ').any(|one| one == "author"));
        if is_of_readers(class) {
        } else if is("author") || by_link {
            self.capture(Purpose::Byline(true), tag);
        } else if let Some(sure) = is_for_writers(class).or_else(|| is_for_writers(attribute(tag, "id").unwrap_or("")))
        {
            self.capture(Purpose::Byline(sure), tag);
        }
    }

    fn time(&mut self, mark: Mark, value: &str) {
        if self.survey.times.len() < 2 * MOST {
            self.survey.times.push(Time { mark, value: value.trim().to_owned() });
        }
    }

    fn capture(&mut self, purpose: Purpose, tag: &Tag) {
        let kept = self.captures.len()
            + match purpose {
                Purpose::Time(_) => self.survey.times.len(),
                Purpose::Byline(_) => self.survey.bylines.len(),
                Purpose::Heading => self.survey.headings.len(),
                Purpose::Linked => self.survey.linked.len(),
                Purpose::Title => 0,
            };
        if !tag.self_closing && kept < MOST {
            let element = tag.name.to_string();
            self.captures.push(Capture { purpose, element, open: 1, text: String::new() });
        }
    }

    fn text(&mut self, text: &str) {
        for capture in &mut self.captures {
            if self.raw == (capture.purpose == Purpose::Linked) {
                capture.push(text);
            }
        }
    }

    fn end(&mut self, name: &str) {
        self.raw = false;
        self.depth.end(name);
        let mut at = 0;
        while let Some(capture) = self.captures.get_mut(at) {
            if capture.element == name {
                capture.open -= 1;
            }
            if capture.open == 0 {
                let capture = self.captures.remove(at);
                self.finish(capture);
            } else {
                capture.push(" ");
                at += 1;
            }
        }
    }

    fn finish(&mut self, capture: Capture) {
        if capture.purpose == Purpose::Linked {
            self.survey.linked.push(capture.text);
            return;
        }
        let text = capture.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return;
        }
        match capture.purpose {
            Purpose::Title => self.survey.title = Some(text),
            Purpose::Heading => self.survey.headings.push(text),
            Purpose::Time(mark) => self.time(mark, &text),
            Purpose::Byline(sure) => self.survey.bylines.push(Byline { sure, text }),
            Purpose::Linked => {}
        }
    }

    fn comment(&mut self, text: &str) {
        // `saved from url=(0042)https://…`, `Page saved with SingleFile url: https://…`, `Mirrored from host/path by …`.
        let text = text.get(..text.floor_char_boundary(LONGEST)).unwrap_or(text);
        let after = |opening: &str| text.split_once(opening).map(|(_, rest)| rest.trim_start());
        let address = after("saved from url=")
            .and_then(|rest| rest.split_once(')').map(|(_, rest)| rest))
            .or_else(|| after("SingleFile").and_then(|rest| rest.split_once("url:")).map(|(_, rest)| rest.trim_start()))
            .map(str::to_owned)
            .or_else(|| Some(format!("http://{}", after("Mirrored from ")?)));
        let address = address.as_deref().and_then(|address| address.split_whitespace().next());
        if let Some(address) = address.filter(|address| address.starts_with("http") && address.contains('.')) {
            self.survey.saved_from.get_or_insert_with(|| address.to_owned());
        }
    }
}

impl Capture {
    fn push(&mut self, text: &str) {
        let longest = if self.purpose == Purpose::Linked { LONGEST_LINKED } else { LONGEST };
        let room = longest.saturating_sub(self.text.len());
        self.text.push_str(text.get(..text.floor_char_boundary(room)).unwrap_or(text));
    }
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => state.text(&text),
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return state.start(&tag),
            Token::TagToken(tag) => state.end(&tag.name),
            Token::CommentToken(text) => state.comment(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn attribute<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}

/// The words of a class: `entry-date published`, `articleByline`.
fn words(class: &str) -> impl Iterator<Item = &str> {
    class.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}

fn has(class: &str, wanted: &[&str]) -> bool {
    words(class).any(|word| wanted.iter().any(|one| word.eq_ignore_ascii_case(one)))
}

/// What the class of an element for a day says that it is the day of.
fn mark_of(class: &str) -> Mark {
    if has(class, &["published", "publish", "pubdate", "posted", "created"]) {
        Mark::Published
    } else if has(class, &["updated", "modified", "update"]) {
        Mark::Modified
    } else {
        Mark::Unknown
    }
}

/// Whether the class of an element says that a day stands in it.
fn is_for_a_day(class: &str) -> bool {
    class.len() < 200 && has(class, &["date", "pubdate", "timestamp", "published", "dateline", "datetime", "posted"])
}

/// Whether an element belongs to what readers wrote or to other articles.
fn is_of_readers(class: &str) -> bool {
    has(
        class,
        &["comment", "comments", "related", "avatar", "image", "img", "bio", "widget", "sidebar", "promo", "teaser"],
    )
}

/// Whether the class of an element says that writers stand in it, and whether nothing else does.
fn is_for_writers(class: &str) -> Option<bool> {
    if class.is_empty() || class.len() > 200 {
        return None;
    }
    let name = class.split_whitespace().any(|one| {
        [
            "author-name",
            "byline-name",
            "authorname",
            "author_name",
            "byline__name",
            "byline__author",
            "post-author-name",
        ]
        .iter()
        .any(|name| one.eq_ignore_ascii_case(name))
    });
    let writers = has(class, &["byline", "author", "authors", "articlebyline", "bylines", "creator"]);
    (name || writers).then_some(name)
}
