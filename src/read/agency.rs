//! What the formats of news agencies have in common: dates, names and subjects as they write them, and what an article
//! needs before it is handed over.

use super::encoding::Decoded;
use super::xml::{self, Element};
use super::{File, Flow, Skip, layout, nitf, prose};
use crate::article::{Article, Dateline, Provenance, Published};
use crate::text::Span;
use crate::when::written;

/// The reason for not reading what refers to texts, pictures or films elsewhere.
pub(super) const ONLY_REFERENCES: &str = "holds no text, only references";

/// The reason for not reading an item without prose.
pub(super) const NO_TEXT: &str = "has no text";

/// How many lines at the end of a text are looked at for initials: those of credits stand below them.
const SIGNATURE_LINES: usize = 3;

/// The most items of one file. A day of an agency has some thousand.
pub(super) const MOST_ITEMS: usize = 100_000;

/// The reason for not reading what its agency has taken back, where `status` says that it has: `stat:canceled`,
/// `Withheld`.
pub(super) fn withdrawn(status: &str) -> Option<String> {
    let status = status.rsplit([':', '/']).next().unwrap_or(status).trim().to_ascii_lowercase();
    matches!(status.as_str(), "canceled" | "cancelled" | "withheld" | "killed")
        .then(|| format!("was withdrawn by its agency ({status})"))
}

/// The publication date: the first of `dates` that is one.
pub(super) fn published<'a>(dates: impl IntoIterator<Item = Option<&'a str>>) -> Option<Published> {
    let found = dates.into_iter().flatten().find_map(written)?;
    Some(found.published(Provenance::Metadata))
}

/// The writers that a byline names, without the agency and without the initials of a desk.
pub(super) fn authors(byline: &str, source: Option<&str>) -> Vec<String> {
    if is_initials(byline) {
        return Vec::new();
    }
    let mut names = layout::names(byline);
    // `Ann Lee, The Leeds Post`
    let whose = |name: &str| name.starts_with("The ");
    if names.first().is_some_and(|first| !whose(first)) {
        names.retain(|name| !whose(name));
    }
    names.retain(|name| {
        let lower = name.contains(char::is_lowercase) && !name.contains(char::is_uppercase);
        let source = source.is_some_and(|source| source.eq_ignore_ascii_case(name));
        !lower
            && !source
            && name.chars().any(char::is_alphabetic)
            && !name.contains(|c: char| c.is_numeric() || c == '@')
    });
    names
}

/// Whether a line is the initials of those who wrote and edited a report: `hh/ph/ts`.
pub(super) fn is_initials(line: &str) -> bool {
    let line = line.trim();
    let short = |part: &str| {
        let letters = part.chars().filter(|c| c.is_alphabetic()).count();
        (1..=4).contains(&letters) && part.chars().all(|c| c.is_lowercase() || c == ' ' || is_caseless(c))
    };
    line.len() <= 60 && line.contains('/') && line.split('/').all(short)
}

fn is_caseless(c: char) -> bool {
    c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase()
}

/// Whether a line is the agency and the initials of its editors: `AAP gfr`, where `source` is the agency or its name in
/// full.
fn is_signature(line: &str, source: Option<&str>) -> bool {
    let Some((first, rest)) = line.split_once(' ').filter(|_| line.len() <= 40) else { return false };
    let Some(source) = source else { return false };
    let acronym: String = source.split_whitespace().filter_map(|word| word.chars().next()).collect();
    let initials = |part: &str| part.len() <= 4 && part.chars().all(char::is_lowercase);
    (first.eq_ignore_ascii_case(source) || first.len() > 1 && first.eq_ignore_ascii_case(&acronym))
        && rest.split_whitespace().all(|part| part.split('/').all(initials))
}

/// The prose in an element that holds the content of an item, with what the content says of itself where it is NITF.
pub(super) fn content(element: &Element) -> Article {
    if let Some(inner) = element.find("nitf") {
        return nitf::article(inner);
    }
    if let Some(html) = element.find("html") {
        let title = html.text_at(&["head", "title"]);
        return Article { title, text: prose::text(html), ..Article::default() };
    }
    if element.elements().next().is_none() {
        return escaped(&element.raw_text());
    }
    let body = element.find("body.content").or_else(|| element.find("body")).unwrap_or(element);
    Article { text: prose::text(body), ..Article::default() }
}

/// The prose in a string: NITF or HTML that was escaped, or plain text.
pub(super) fn escaped(text: &str) -> Article {
    let start = text.trim_start();
    if (start.starts_with("<nitf") || start.starts_with("<?xml"))
        && let Some(root) = xml::parse(start)
        && root.local() == "nitf"
    {
        return nitf::article(&root);
    }
    Article { text: prose::string(text), ..Article::default() }
}

/// Puts a line that stands between headline and text, such as a second headline, before the text. What the text or the
/// title says as well, and the keywords in capitals that some agencies put there, are left out.
pub(super) fn prepend(article: &mut Article, line: Option<String>) {
    let Some(line) = line else { return };
    let (capital, small) = line.chars().fold((0, 0), |(capital, small), c| {
        (capital + usize::from(c.is_uppercase()), small + usize::from(c.is_lowercase()))
    });
    let start = article.text.get(..article.text.floor_char_boundary(2 * line.len() + 400)).unwrap_or(&article.text);
    let said = bare(&line);
    if capital > small
        || said.is_empty()
        || bare(start).contains(&said)
        || article.title.as_deref().is_some_and(|title| bare(title).contains(&said))
    {
        return;
    }
    for span in &mut article.furniture {
        *span = Span::new(span.start + line.len() + 2, span.end + line.len() + 2);
    }
    article.text = if article.text.is_empty() { line } else { format!("{line}\n\n{}", article.text) };
}

/// Letters and figures only, in lower case.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Cuts an article that is complete and marks what is not prose. `place` is where it was filed, where its format says so
/// and its text does not.
pub(super) fn finish(article: &mut Article, place: Option<String>) {
    super::cut(article);
    layout::mark(article);
    let mut end = article.text.trim_end().len();
    for _ in 0..SIGNATURE_LINES {
        let before = article.text.get(..end).unwrap_or("");
        let Some(start) = before.rfind('\n').map(|at| at + 1) else { break };
        let line = before.get(start..).unwrap_or("");
        if !article.furniture.iter().any(|span| span.start < end && span.end > start) {
            if !is_initials(line) && !is_signature(line, article.source.as_deref()) {
                break;
            }
            article.furniture.push(Span::new(start, end));
        }
        end = before.get(..start).unwrap_or("").trim_end().len();
    }
    article.furniture.sort_unstable();
    if article.dateline.is_none() {
        // `SAID TO BE LEEDS` is no place.
        let named = |place: &&str| place.split(',').next().is_some_and(|town| town.split_whitespace().count() <= 3);
        article.dateline = place.as_deref().filter(named).and_then(filed_from);
    }
}

/// The dateline in a field that names a place.
pub(super) fn filed_from(place: &str) -> Option<Dateline> {
    layout::dateline_field(place)
}

/// Where the articles of a file come from.
pub(super) struct Origin<'a> {
    path: &'a str,
    encoding: Option<String>,
    cut: bool,
}

/// All of a file: where it is from, and its text.
pub(super) fn open_with<'a>(file: &mut File<'a>, decode: fn(&[u8]) -> Decoded) -> Result<(Origin<'a>, String), Skip> {
    let (bytes, cut) = file.bytes()?;
    let Decoded { text, encoding, .. } = decode(&bytes);
    Ok((Origin { path: file.path, encoding, cut }, text))
}

/// The articles of a file of XML, read from each outermost element that `wanted` picks.
pub(super) fn read(
    file: &mut File<'_>,
    wanted: &dyn Fn(&str, usize) -> bool,
    stories: &dyn Fn(&Element) -> Vec<Result<Article, String>>,
    take: &mut dyn FnMut(Article) -> Flow,
    skip: &mut dyn FnMut(Skip),
) -> Result<(), Skip> {
    let (origin, text) = open_with(file, xml::decode)?;
    let mut found = Vec::new();
    let whole = xml::each(&text, wanted, &mut |element| {
        found.extend(stories(&element));
        found.len() <= MOST_ITEMS
    });
    if !whole && !origin.cut && found.iter().any(Result::is_ok) {
        skip(Skip::file(origin.path, "is no well-formed XML; what comes before the fault was read"));
    }
    origin.hand_over(found, take, skip)
}

impl Origin<'_> {
    /// Hands over what was found in a file. Of several each has its number, from 1, as its member.
    pub(super) fn hand_over(
        &self,
        mut found: Vec<Result<Article, String>>,
        take: &mut dyn FnMut(Article) -> Flow,
        skip: &mut dyn FnMut(Skip),
    ) -> Result<(), Skip> {
        let several = found.len() > 1;
        if found.is_empty() {
            return Err(Skip::file(self.path, "holds no articles"));
        }
        if several && self.cut {
            let megabytes = super::LARGEST_SINGLE >> 20;
            skip(Skip::file(self.path, format!("is longer than {megabytes} MB: the rest is not read")));
        }
        if found.len() > MOST_ITEMS {
            found.truncate(MOST_ITEMS);
            skip(Skip::file(self.path, format!("holds more than {MOST_ITEMS} items: the rest is not read")));
        }
        for (number, item) in (1..).zip(found) {
            match item {
                Ok(mut article) => {
                    article.path = self.path.to_owned();
                    article.encoding = self.encoding.clone();
                    article.truncated |= self.cut && !several;
                    article.member = several.then(|| format!("{number}"));
                    if take(article) == Flow::Stop {
                        return Ok(());
                    }
                }
                Err(reason) if several => skip(Skip::member(self.path, format!("item {number}"), reason)),
                Err(reason) => return Err(Skip::file(self.path, reason)),
            }
        }
        Ok(())
    }
}

/// The section that the subject codes of the IPTC speak for most: `15054000` for sport.
pub(super) fn section_of<'a>(codes: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let mut counts = [0usize; SECTIONS.len()];
    let mut best: Option<usize> = None;
    for code in codes {
        let Some(section) = section(code) else { continue };
        if let Some(count) = counts.get_mut(section) {
            *count += 1;
        }
    }
    for (section, count) in counts.iter().enumerate() {
        if *count > 0 && best.is_none_or(|best| *count > counts.get(best).copied().unwrap_or(0)) {
            best = Some(section);
        }
    }
    SECTIONS.get(best?).map(|name| (*name).to_owned())
}

/// The place in [`SECTIONS`] of a code of eight figures, with or without a prefix: `subj:02001000`.
fn section(code: &str) -> Option<usize> {
    let code = code.rsplit([':', '/']).next().unwrap_or(code).trim();
    if code.len() != 8 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: usize = code.get(..2)?.parse().ok()?;
    number.checked_sub(1).filter(|section| *section < SECTIONS.len())
}

/// The subjects of the first level of the IPTC Subject Codes, by number from 01 (International Press Telecommunications
/// Council, CC BY 4.0).
static SECTIONS: [&str; 17] = [
    "arts, culture and entertainment",
    "crime, law and justice",
    "disaster and accident",
    "economy, business and finance",
    "education",
    "environmental issue",
    "health",
    "human interest",
    "labour",
    "lifestyle and leisure",
    "politics",
    "religion and belief",
    "science and technology",
    "social issue",
    "sport",
    "unrest, conflicts and war",
    "weather",
];

/// For tests of the formats: what a reader makes of a file, an article a line with its fields by name, then what was not
/// read.
#[cfg(test)]
pub(super) fn shown(format: &dyn super::Format, bytes: &[u8]) -> Vec<String> {
    let budget = super::around::Budget::default();
    let mut input = bytes;
    let around = super::Around::new(&budget);
    let (mut out, mut skips) = (Vec::new(), Vec::new());
    let result = format.read(
        &mut File { path: "a", input: &mut input, around },
        &mut |article| {
            let authors = Some(article.authors.join("; ")).filter(|authors| !authors.is_empty());
            let fields = [
                ("member", article.member),
                ("id", article.id),
                ("title", article.title),
                ("by", authors),
                ("source", article.source),
                ("section", article.section),
                ("language", article.language),
                ("on", article.published.map(|published| published.value)),
                ("from", article.dateline.map(|dateline| dateline.place)),
                ("text", Some(article.text.replace('\n', "/"))),
            ];
            let fields = fields.into_iter().filter_map(|(name, value)| Some(format!("{name} {}", value?)));
            out.push(fields.collect::<Vec<_>>().join(" | "));
            Flow::Continue
        },
        &mut |skip| skips.push(skip),
    );
    skips.extend(result.err());
    out.extend(skips.into_iter().map(|skip| format!("{}! {}", skip.member.unwrap_or_default(), skip.reason)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines_name_persons() {
        for (byline, expected) in [
            ("By ANN LEE and Bo Ray", vec!["Ann Lee", "Bo Ray"]),
            ("Ann Lee, The Leeds Post", vec!["Ann Lee"]),
            ("gr/bp", vec![]),
            ("Northgate, JAN 02", vec![]),
            ("northgate.editor", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(authors(byline, Some("Northgate")), expected, "{byline}");
        }
    }

    #[test]
    fn signatures_are_furniture() {
        for (last, source, expected) in [
            ("hh/ph/ts", None, true),
            ("ab/c d/efg", None, true),
            ("yes/no questions were asked", None, false),
            ("NP gfr", Some("Northgate Press"), true),
            ("np ah rm", Some("NP"), true),
            ("NP said nothing more", Some("NP"), false),
            ("The end.", Some("NP"), false),
        ] {
            let source = source.map(str::to_owned);
            let mut article = Article { text: format!("Rain fell.\n\n{last}"), source, ..Article::default() };
            finish(&mut article, None);
            assert_eq!(!article.furniture.is_empty(), expected, "{last}");
        }
    }

    #[test]
    fn a_second_headline_comes_first_unless_it_says_nothing_new() {
        for (line, expected) in [
            ("A dry summer follows", "A dry summer follows\n\nRain fell on Leeds."),
            ("RAIN LEEDS", "Rain fell on Leeds."),
            ("Rain fell on Leeds", "Rain fell on Leeds."),
            ("Wet week", "Rain fell on Leeds."),
            ("—", "Rain fell on Leeds."),
        ] {
            let title = Some("A wet week".to_owned());
            let mut article = Article { title, text: "Rain fell on Leeds.".to_owned(), ..Article::default() };
            prepend(&mut article, Some(line.to_owned()));
            assert_eq!(article.text, expected);
        }
    }

    #[test]
    fn sections_by_code() {
        assert_eq!(section_of(["04011002", "15000000", "subj:15054000"]).as_deref(), Some("sport"));
        assert_eq!(section_of(["11000000", "16000000"]).as_deref(), Some("politics"));
        assert_eq!(section_of(["medtop:20000350", "99000000", "", "1500000"]), None);
    }

    #[test]
    fn what_was_withdrawn() {
        assert_eq!(withdrawn("stat:canceled").as_deref(), Some("was withdrawn by its agency (canceled)"));
        assert_eq!(withdrawn("Withheld").as_deref(), Some("was withdrawn by its agency (withheld)"));
        assert_eq!(withdrawn("stat:usable"), None);
    }
}
