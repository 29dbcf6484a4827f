//! What a page says of its article beside the text: title, writers, source, section, address, language.

use super::address;
use super::linked::{Linked, one_line};
use super::survey::Survey;
use crate::read::{language_code, layout};

/// What is known of the article of a page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct About {
    pub(super) title: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) source: Option<String>,
    pub(super) section: Option<String>,
    pub(super) language: Option<String>,
}

/// What a page says of its article.
pub(super) fn read(survey: &Survey, linked: &Linked, url: Option<&str>) -> About {
    let host = url.and_then(address::host);
    let sites = sites(survey, linked, host);
    let title = title(survey, linked, &sites);
    let source = source(survey, linked, title.as_deref(), host);
    let authors = authors(survey, linked, &sites);
    let section = linked
        .section
        .clone()
        .or_else(|| {
            meta(
                survey,
                &["article:section", "article.section", "parsely-section", "section", "articlesection", "og:section"],
            )
        })
        .filter(|section| {
            section.len() <= 60 && !section.contains(['=', '.']) && !NO_SECTION.contains(&plain(section).as_str())
        });
    let declared = survey.language.as_deref().and_then(language_code);
    let language = declared.or_else(|| language_code(linked.language.as_deref()?)).or_else(|| {
        ["content-language", "language", "dc.language", "og:locale", "inlanguage"]
            .iter()
            .find_map(|name| language_code(&meta(survey, &[name])?))
    });
    About { title, authors, source, section, language }
}

/// The first content of `<meta>` with one of these names, in the order of the names.
pub(super) fn meta(survey: &Survey, names: &[&str]) -> Option<String> {
    let of = |wanted: &&str| {
        survey.metas.iter().filter(|(name, _)| name == wanted).find_map(|(_, content)| one_line(content))
    };
    names.iter().find_map(of)
}

/// The names under which the site may stand in titles and bylines, as [`plain`] makes them.
fn sites(survey: &Survey, linked: &Linked, host: Option<&str>) -> Vec<String> {
    let names = [
        "og:site_name",
        "application-name",
        "apple-mobile-web-app-title",
        "al:iphone:app_name",
        "dc.publisher",
        "publisher",
        "twitter:site",
        "cre",
        "sailthru_pubname",
    ];
    // Some pages give their headline where others give the name of the site.
    let (site, headline) = (meta(survey, &["og:site_name"]), meta(survey, &["og:title"]));
    let names = names.iter().filter_map(|name| meta(survey, &[name]));
    let mut sites: Vec<String> =
        names.filter(|name| site.as_ref() == Some(name) || headline.as_ref() != Some(name)).collect();
    sites.extend(linked.publisher.clone());
    let mut parts: Vec<String> = sites.iter().map(|site| head(site).to_owned()).collect();
    sites.append(&mut parts);
    if let Some(host) = host {
        sites.push(host.to_owned());
        let labels: Vec<&str> = host.split('.').collect();
        // `bbc` of `bbc.co.uk`, `aljazeera` of `english.aljazeera.com`
        let label = labels.iter().rev().skip(1).find(|label| label.len() > 3).or_else(|| labels.first());
        sites.extend(label.map(|label| (*label).to_owned()));
    }
    let mut sites: Vec<String> = sites.iter().map(|site| plain(site)).filter(|site| site.len() > 1).collect();
    sites.sort();
    sites.dedup();
    sites
}

/// Letters and digits in lower case, without an article before them.
fn plain(text: &str) -> String {
    let text = text.trim().trim_start_matches('@');
    let lower = text.to_lowercase();
    let lower = lower.strip_prefix("the ").unwrap_or(&lower);
    let plain: String = lower.chars().filter(|c| c.is_alphanumeric()).collect();
    ["dotcom", "com", "couk", "org", "net"]
        .iter()
        .find_map(|end| plain.strip_suffix(end))
        .filter(|rest| rest.len() > 3 && text.contains('.'))
        .map_or(plain.clone(), str::to_owned)
}

/// What may stand between a title and the name of the site.
const SEPARATORS: &[&str] =
    &[" | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " / ", " ‹ ", " ▷ ", " : ", ": "];

/// The part before the first separator.
fn head(text: &str) -> &str {
    let end = SEPARATORS
        .iter()
        .filter(|mark| !mark.contains(':') && **mark != " / ")
        .filter_map(|mark| text.find(mark))
        .min();
    end.and_then(|end| text.get(..end)).map_or(text, str::trim)
}

/// A title without the name of the site at either end.
fn without_site(title: &str, sites: &[String], section: Option<&str>) -> String {
    let mut title = title.trim();
    let section = section.map(plain);
    // `Title | Section | Site`
    for _ in 0..3 {
        let is_site = |part: &str| {
            let part = plain(part);
            // `Leeds Observer News` for `Leeds Observer`, but not `Space station` for `Space`.
            let near = |site: &String| {
                let longer = site.len() > 5 && (site.len()..=site.len() + 8).contains(&part.len());
                *site == part || longer && (part.starts_with(site.as_str()) || part.ends_with(site.as_str()))
            };
            !part.is_empty() && (sites.iter().any(near) || section.as_ref() == Some(&part))
        };
        let mut cut = None;
        for mark in SEPARATORS {
            // Before a colon stands what an article is about; the name of the site stands there too.
            if let Some((rest, last)) = title.rsplit_once(mark).filter(|_| *mark != ": ")
                && is_site(last)
                && rest.chars().filter(|c| c.is_alphanumeric()).count() > 3
            {
                cut = Some(rest);
                break;
            }
            if let Some((first, rest)) = title.split_once(mark)
                && is_site(first)
                && rest.split_whitespace().count() > 1
            {
                cut = Some(rest);
                break;
            }
        }
        match cut {
            Some(rest) => title = rest.trim(),
            None => break,
        }
    }
    title.trim_end_matches([' ', '|', '»', '-', '–', '—']).to_owned()
}

/// The headline: what stands above the article where another source has it too, or what is said to be it.
fn title(survey: &Survey, linked: &Linked, sites: &[String]) -> Option<String> {
    let section = linked.section.as_deref();
    let clean = |text: String| {
        let text = without_site(&text, sites, section);
        let is_site = sites.contains(&plain(&text));
        (text.chars().any(char::is_alphanumeric) && text.len() < 600 && !is_site).then_some(text)
    };
    let shown: Vec<String> = survey.headings.iter().filter_map(|text| clean(one_line(text)?)).collect();
    let og = meta(survey, &["og:title"]).and_then(clean);
    let page = survey.title.clone().and_then(clean);
    let said = [
        linked.headline.clone().and_then(clean),
        og,
        meta(
            survey,
            &[
                "citation_title",
                "dc.title",
                "dcterms.title",
                "sailthru.title",
                "parsely-title",
                "headline",
                "article.headline",
                "twitter:title",
                "title",
            ],
        )
        .and_then(clean),
        page,
    ];
    let said: Vec<&String> = said.iter().flatten().collect();
    // The one that shares most with what is said.
    let shared = |heading: &String| said.iter().map(|said| likeness(heading, said)).max().unwrap_or(0);
    let best = shown.iter().map(|heading| (shared(heading), heading)).max_by_key(|(shared, _)| *shared);
    match best {
        Some((shared, heading)) if shared >= ALIKE => Some(heading.clone()),
        _ => said.first().map(|said| (*said).clone()).or_else(|| shown.first().cloned()),
    }
}

/// From which likeness on, in hundredths, two titles are the same in other words: half of the words.
const ALIKE: usize = 50;

/// How many of the words of the longer title the other has too, in hundredths.
fn likeness(one: &str, other: &str) -> usize {
    let words = |text: &str| -> Vec<String> {
        let lower = text.to_lowercase();
        let mut words: Vec<String> =
            lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect();
        words.sort();
        words.dedup();
        words
    };
    let (one, other) = (words(one), words(other));
    let shared = one.iter().filter(|word| other.binary_search(word).is_ok()).count();
    shared * 100 / one.len().max(other.len()).max(1)
}

/// The newspaper or site.
fn source(survey: &Survey, linked: &Linked, title: Option<&str>, host: Option<&str>) -> Option<String> {
    let name = |text: String| {
        let text = head(&text).trim_start_matches('@').to_owned();
        let known = NO_SOURCE.contains(&plain(&text).as_str());
        (!known && text.chars().any(char::is_alphabetic) && text.len() <= 80 && !text.contains("://")).then_some(text)
    };
    // `Title - Leeds Observer`
    let of_title = || {
        let rest = survey.title.as_deref()?.strip_prefix(title?)?.trim();
        let name = rest.strip_prefix(['|', '-', '–', '—', '»', '·', '•'])?.trim();
        let last = SEPARATORS
            .iter()
            .filter_map(|mark| name.rsplit_once(mark))
            .map(|(_, last)| last)
            .min_by_key(|last| last.len())
            .unwrap_or(name);
        (last.split_whitespace().count() <= 6).then(|| last.to_owned())
    };
    let og = meta(survey, &["og:site_name"]).and_then(name);
    let publisher = linked.publisher.clone().and_then(name);
    // The fuller of two names for the same.
    let best = match (og, publisher) {
        (Some(og), Some(publisher)) if publisher.contains('.') || publisher.chars().all(|c| !c.is_uppercase()) => {
            Some(og)
        }
        (og, publisher) => publisher.or(og),
    };
    best.or_else(|| {
        meta(
            survey,
            &[
                "citation_journal_title",
                "dc.publisher",
                "dcterms.publisher",
                "publisher",
                "application-name",
                "sailthru_pubname",
                "article_publication_name",
            ],
        )
        .and_then(name)
    })
    .or_else(|| of_title().and_then(name))
    .or_else(|| host.map(str::to_owned))
}

/// What programs write where a section should stand.
const NO_SECTION: &[&str] = &["post", "all", "homepage", "frontpage", "article", "uncategorized", "default", "none"];

/// What publishes for others, and is no source.
const NO_SOURCE: &[&str] = &["blogger", "wordpress", "medium", "tumblr"];

/// Names of users that say nothing of who wrote.
const NOBODY: &[&str] = &[
    "admin",
    "editorial",
    "staffreports",
    "administrator",
    "editor",
    "webmaster",
    "author",
    "unknown",
    "none",
    "null",
    "root",
    "wpadmin",
    "user",
    "guest",
    "anonymous",
    "redaktion",
    "redazione",
    "redacao",
    "redaccion",
    "redaction",
    "staff",
    "staffwriter",
    "staffreporter",
    "newsroom",
    "webdesk",
    "newsdesk",
    "onlinedesk",
];

/// The writers.
fn authors(survey: &Survey, linked: &Linked, sites: &[String]) -> Vec<String> {
    let found = |fields: &mut dyn Iterator<Item = String>| {
        let mut names: Vec<String> = Vec::new();
        for name in fields.filter_map(|field| one_line(&field)).flat_map(|field| layout::names(&field)) {
            let flat = plain(&name);
            let words = name.split_whitespace().count();
            let fits = (1..=6).contains(&words) && name.len() <= 60 && !name.contains(['@', '/', '=', '{', '<', '_']);
            let user = !name.contains(' ') && flat.contains("admin");
            let known = user || sites.contains(&flat) || NOBODY.contains(&flat.as_str());
            // `About Ana Ruiz` below a text by Ana Ruiz.
            let again = names.iter().any(|other| name.ends_with(other.as_str()));
            if fits
                && !known
                && !flat.is_empty()
                && !name.contains("http")
                && !name.chars().any(|c| c.is_ascii_digit())
                && !again
            {
                names.push(name);
            }
        }
        names
    };
    let metas = |wanted: &'static str| {
        survey.metas.iter().filter(move |(name, _)| name == wanted).map(|(_, content)| content.clone())
    };
    let bylines = |sure: bool| {
        survey
            .bylines
            .iter()
            .filter(move |line| line.sure == sure && line.text.len() < 120)
            .map(|line| line.text.clone())
    };
    let mut tried = found(&mut linked.authors.iter().cloned());
    for name in [
        "author",
        "article:author",
        "parsely-author",
        "sailthru.author",
        "byl",
        "dc.creator",
        "dcterms.creator",
        "citation_author",
        "article_author",
        "article.author",
        "og:author",
        "creator",
    ] {
        if tried.is_empty() {
            tried = found(&mut metas(name));
        }
    }
    if tried.is_empty() {
        tried = found(&mut bylines(true).take(6));
    }
    if tried.is_empty() {
        // In an element for more than the name only what reads as a name counts.
        let person = |name: &String| {
            (2..=4).contains(&name.split(' ').count())
                && name.split(' ').all(|word| word.starts_with(char::is_uppercase))
        };
        tried = found(&mut bylines(false).take(3));
        tried.retain(person);
    }
    tried
}

#[cfg(test)]
mod tests {
    use super::super::survey::survey;
    use super::*;

    fn about(html: &str, address: Option<&str>) -> About {
        let survey = survey(html);
        let linked = super::super::linked::read(&survey.linked, address);
        read(&survey, &linked, address)
    }

    #[test]
    fn titles_without_the_site() {
        let site = "<meta property=og:site_name content='Leeds Observer'>";
        for (html, expected) in [
            ("<title>Rain floods Leeds | Leeds Observer</title>", "Rain floods Leeds"),
            ("<title>Rain floods Leeds - World news - The Leeds Observer</title>", "Rain floods Leeds - World news"),
            ("<title>Leeds Observer :: Rain floods Leeds</title>", "Rain floods Leeds"),
            ("<title>Leeds Observer: Rain floods Leeds</title>", "Rain floods Leeds"),
            ("<title>Rain - and wind - in Leeds</title>", "Rain - and wind - in Leeds"),
            ("<title>Rain floods Leeds – LeedsObserver.com</title>", "Rain floods Leeds"),
            ("<title>Rain floods Leeds | Leeds Observer</title><h1>Leeds Observer</h1>", "Rain floods Leeds"),
            (
                "<meta property=og:title content='Rain floods Leeds centre'><h1>Rain floods centre of Leeds</h1>",
                "Rain floods centre of Leeds",
            ),
            ("<meta property=og:title content='Rain floods Leeds'><h1>News</h1>", "Rain floods Leeds"),
            (
                "<meta property=og:title content='Rain floods Leeds'><meta name=application-name content='Rain floods Leeds'>",
                "Rain floods Leeds",
            ),
            ("<h1>Rain &amp; wind</h1>", "Rain & wind"),
        ] {
            assert_eq!(about(&format!("{site}{html}"), None).title.as_deref(), Some(expected), "{html}");
        }
    }

    #[test]
    fn sources() {
        for (html, expected) in [
            ("<title>Rain floods Leeds - Leeds Observer</title><h1>Rain floods Leeds</h1>", Some("Leeds Observer")),
            ("<meta property=og:site_name content='Leeds Observer - News from Leeds'>", Some("Leeds Observer")),
            ("<meta name=application-name content=LO>", Some("LO")),
            ("", Some("paper.example")),
        ] {
            assert_eq!(about(html, Some("https://www.paper.example/a")).source.as_deref(), expected, "{html}");
        }
        assert_eq!(about("", None).source, None);
    }

    #[test]
    fn writers() {
        let site = "<meta property=og:site_name content='Leeds Observer'>";
        for (html, expected) in [
            ("<meta name=author content='By Ana Ruiz and Bo Li'>", &["Ana Ruiz", "Bo Li"][..]),
            ("<meta name=author content='Leeds Observer'><a rel=author href=/p>Ana Ruiz</a>", &["Ana Ruiz"]),
            (
                "<meta name=author content='https://social.example/ana'><p class=byline>By <a>Ana Ruiz</a></p>",
                &["Ana Ruiz"],
            ),
            ("<meta name=author content=admin>", &[]),
            ("<div class='comment-author'>Bo Li</div>", &[]),
            ("<div class=byline>Sign up for our letter every day</div>", &[]),
            ("<span itemprop=author><span itemprop=name>Ana Ruiz</span></span>", &["Ana Ruiz"]),
        ] {
            assert_eq!(about(&format!("{site}{html}"), None).authors, expected, "{html}");
        }
    }
}
