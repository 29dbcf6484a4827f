//! Articles, questions and answers by definition: a list that is looked through from beginning to end.
//!
//! Texts are put together from [`WORDS`], so that what is a word, and which words count as the same, is known from the
//! table and not from the program. Questions are a small tree of their own ([`Asked`]), printed in the query language.

use super::naive_spans::MENTIONED;
use dateline::article::{Article, Confidence, CountryCount, DateCount, Found, Named, Precision, Provenance, Published};
use dateline::article::{Mention, MentionKind, Part, Timex, TimexKind, TimexStatus};
use dateline::text::Span;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// What texts and questions are made of: as written, what it is inside quotation marks, and what it is outside.
const WORDS: &[(&str, &str, &str)] = &[
    ("mutual", "mutual", "mutual"),
    ("Mutual", "mutual", "mutual"),
    ("defence", "defence", "defence"),
    ("defense", "defence", "defence"),
    ("Defence", "defence", "defence"),
    ("DEFENCE", "defence", "defence"),
    ("pact", "pact", "pact"),
    ("pacts", "pacts", "pact"),
    ("PACT", "pact", "pact"),
    ("pact\u{2019}s", "pact", "pact"),
    ("treaty", "treaty", "treaty"),
    ("treaties", "treaties", "treaty"),
    ("Kim", "kim", "kim"),
    ("kim", "kim", "kim"),
    ("Kim's", "kim", "kim"),
    ("Kim\u{2019}s", "kim", "kim"),
    ("café", "cafe", "cafe"),
    ("cafe", "cafe", "cafe"),
    ("cafe\u{301}", "cafe", "cafe"),
    ("U.S.", "us", "us"),
    ("US", "us", "us"),
    ("us", "us", "us"),
    ("cease-fire", "", ""),
    ("cease", "cease", "cease"),
    ("fire", "fire", "fire"),
    ("ceasefire", "ceasefire", "ceasefire"),
    ("Ceasefire", "ceasefire", "ceasefire"),
    ("the", "the", "the"),
    ("The", "the", "the"),
    ("2,000", "2000", "2000"),
    ("2000", "2000", "2000"),
    ("Nato", "nato", "nato"),
    ("N.A.T.O.", "nato", "nato"),
    ("O'Brien", "obrien", "obrien"),
    ("OBrien", "obrien", "obrien"),
];

/// What stands between two words.
const GAPS: &[&str] = &[
    " ",
    " ",
    " ",
    " ",
    " ",
    ", ",
    ". ",
    "\n",
    "\n\n",
    "-",
    "\u{2014}",
    " (",
    ") ",
    "; ",
    "! ",
    " \u{201c}",
    "\u{201d} ",
    "' ",
    " '",
    "...",
    "/",
    "\r\n",
    "\n   ",
    "\u{a0}",
];

/// A text with its words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) words: Vec<(&'static str, Span)>,
}

impl Text {
    fn new(parts: &[(usize, usize)]) -> Text {
        let mut text = Text::default();
        for (word, gap) in parts {
            for (number, part) in WORDS[*word].0.split('-').enumerate() {
                text.text.push_str(if number > 0 { "-" } else { "" });
                let start = text.text.len();
                text.text.push_str(part);
                text.words.push((part, Span::new(start, text.text.len())));
            }
            text.text.push_str(GAPS[*gap]);
        }
        text
    }
}

/// An article as it is meant to be.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) id: String,
    pub(crate) title: Option<Text>,
    pub(crate) body: Text,
    people: BTreeSet<&'static str>,
    countries: BTreeSet<(&'static str, bool)>,
    dates: BTreeSet<(&'static str, &'static str)>,
    published: Option<(usize, bool)>,
    source: Option<&'static str>,
    authors: Vec<&'static str>,
    /// Whether in the headline, the first and last word, and which of [`MENTIONED`].
    pub(crate) mentioned: Vec<(bool, usize, usize, usize)>,
}

const PEOPLE: &[&str] =
    &["Kim Jong-un", "Kim Clijsters", "George W. Bush", "George Bush", "Jens Stoltenberg", "Sebastián Piñera"];
const COUNTRIES: &[&str] = &["KP", "RU", "US"];
const SOURCES: &[&str] = &["The Lakeshore Tribune", "Reuters", "the lakeshore  tribune"];
const AUTHORS: &[&str] = &["Ann Lee", "ANN LEE", "Bo Smith"];
const DAYS: &[(&str, &str)] = &[
    ("2024-06-19", "2024-06-19"),
    ("2024-06-01", "2024-06-30"),
    ("2024-01-01", "2024-12-31"),
    ("2023-12-31", "2023-12-31"),
    ("2024-07-01", "2024-07-01"),
    ("1605-11-05", "1605-11-05"),
    ("1990-01-01", "1999-12-31"),
];
const PRECISIONS: &[Precision] = &[Precision::Day, Precision::Month, Precision::Year];

impl Written {
    /// The same article under another id.
    pub(crate) fn called(&self, id: &str) -> Written {
        Written { id: id.to_owned(), ..self.clone() }
    }

    /// The article, and what was found in it.
    pub(crate) fn article(&self) -> (Article, Found) {
        let day = |text: &str| text.parse().expect("a day of the table");
        let published = self.published.map(|(number, guessed)| Published {
            value: DAYS[number].0.to_owned(),
            first: day(DAYS[number].0),
            last: day(DAYS[number].1),
            precision: PRECISIONS.get(number).copied().unwrap_or(Precision::Day),
            from: Provenance::Metadata,
            confidence: if guessed { Confidence::Low } else { Confidence::High },
            conflicts: Vec::new(),
        });
        let article = Article {
            title: self.title.as_ref().map(|title| title.text.clone()),
            text: self.body.text.clone(),
            authors: self.authors.iter().map(|author| (*author).to_owned()).collect(),
            source: self.source.map(str::to_owned),
            published,
            ..Article::default()
        };
        let named = |name: &&str| Named { name: (*name).to_owned(), count: 1, also: Vec::new() };
        let country = |(code, about): &(&str, bool)| CountryCount {
            code: (*code).to_owned(),
            name: (*code).to_owned(),
            count: 1,
            about: *about,
        };
        let date = |(first, last): &(&str, &str)| DateCount {
            value: (*first).to_owned(),
            first: day(first),
            last: day(last),
            count: 1,
        };
        let found = Found {
            mentions: self.mentioned.iter().map(|mention| self.mention(*mention)).collect(),
            people: self.people.iter().map(named).collect(),
            countries: self.countries.iter().map(country).collect(),
            dates: self.dates.iter().map(date).collect(),
            ..Found::default()
        };
        (article, found)
    }

    fn mention(&self, (in_title, first, last, number): (bool, usize, usize, usize)) -> Mention {
        let text = if in_title { self.title.as_ref().expect("a mention has its text") } else { &self.body };
        let day = "2024-06-19".parse().ok();
        let kinds = MENTIONED[number];
        let timex = |kind, value: &str| {
            Some(Timex { kind, value: value.to_owned(), first: day, last: day, status: TimexStatus::Resolved })
        };
        Mention {
            kind: match kinds {
                ["person"] => MentionKind::Person,
                ["org"] => MentionKind::Organisation,
                ["place", ..] => MentionKind::Place,
                ["country"] => MentionKind::Demonym,
                _ => MentionKind::Date,
            },
            part: if in_title { Part::Title } else { Part::Body },
            span: Span::new(text.words[first].1.start, text.words[last].1.end),
            name: "Someone".to_owned(),
            country: kinds.contains(&"country").then(|| "KP".to_owned()),
            region: None,
            point: None,
            timex: match kinds {
                ["date"] => timex(TimexKind::Date, "2024-06-19"),
                [] => timex(TimexKind::Duration, "P3D"),
                _ => None,
            },
        }
    }

    /// The first day of publication.
    pub(crate) fn first_day(&self) -> Option<&'static str> {
        self.published.map(|(number, _)| DAYS[number].0)
    }

    /// The values of a facet, each once, in lower case.
    pub(crate) fn values(&self, facet: &str) -> BTreeSet<String> {
        let squeezed = |text: &&str| text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
        match facet {
            "person" => self.people.iter().map(squeezed).collect(),
            "country" => self.countries.iter().map(|(code, _)| code.to_lowercase()).collect(),
            "source" => self.source.iter().map(squeezed).collect(),
            "author" => self.authors.iter().map(squeezed).collect(),
            _ => BTreeSet::new(),
        }
    }

    fn names(&self, any: &[&str]) -> bool {
        self.people.iter().any(|name| any.contains(name))
    }

    fn appeared(&self, first: &str, last: &str) -> bool {
        self.published.is_some_and(|(number, _)| overlap(DAYS[number], first, last))
    }

    fn speaks_of(&self, first: &str, last: &str) -> bool {
        self.dates.iter().any(|date| overlap(*date, first, last))
    }

    /// Whether a date spoken of is more than so many days from the days of publication.
    fn looks_further(&self, days: i64) -> bool {
        let day = |text: &str| text.parse::<chrono::NaiveDate>().expect("a day of the table");
        self.published.is_some_and(|(number, _)| {
            let (from, to) = (day(DAYS[number].0), day(DAYS[number].1));
            let apart = |(first, last): &(&str, &str)| (day(first) - to).num_days().max((from - day(last)).num_days());
            self.dates.iter().any(|date| apart(date) > days)
        })
    }

    fn country(&self, code: &str) -> bool {
        self.countries.iter().any(|(known, _)| *known == code)
    }
}

/// Whether two intervals share a day; days written in ISO 8601 have the order of their letters.
fn overlap((from, to): (&str, &str), first: &str, last: &str) -> bool {
    from <= last && first <= to
}

/// A condition as it is written, and what it means.
type Filter = (&'static str, fn(&Written) -> bool);

const FILTERS: &[Filter] = &[
    ("person:Kim", |article| article.names(&["Kim Jong-un", "Kim Clijsters"])),
    ("person:\"kim jong un\"", |article| article.names(&["Kim Jong-un"])),
    ("person:\"Kim Jong-un's\"", |article| article.names(&["Kim Jong-un"])),
    ("person:Bush", |article| article.names(&["George W. Bush", "George Bush"])),
    ("person:\"G. Bush\"", |article| article.names(&["George W. Bush", "George Bush"])),
    ("person:=\"George Bush\"", |article| article.names(&["George Bush"])),
    ("person:\"Stoltenberg, Jens\"", |article| article.names(&["Jens Stoltenberg"])),
    ("person:pinera", |article| article.names(&["Sebastián Piñera"])),
    ("person:Merkel", |_| false),
    ("country:KP", |article| article.country("KP")),
    ("country:\"North Korea\"", |article| article.country("KP")),
    ("country:(RU OR US)", |article| article.country("RU") || article.country("US")),
    ("about-country:KP", |article| article.countries.contains(&("KP", true))),
    ("published:2024", |article| article.appeared("2024-01-01", "2024-12-31")),
    ("published:2024-06", |article| article.appeared("2024-06-01", "2024-06-30")),
    ("published:2024-06-19", |article| article.appeared("2024-06-19", "2024-06-19")),
    ("published:2023..2024-06-18", |article| article.appeared("2023-01-01", "2024-06-18")),
    ("published:..1999", |article| article.appeared("0000", "1999-12-31")),
    ("published:>=2024-07", |article| article.appeared("2024-07-01", "9999")),
    ("published:<2024", |article| article.appeared("0000", "2023-12-31")),
    ("published:none", |article| article.published.is_none()),
    ("published:guessed", |article| article.published.is_some_and(|(_, guessed)| guessed)),
    ("mentions-date:2024-06", |article| article.speaks_of("2024-06-01", "2024-06-30")),
    ("mentions-date:1605", |article| article.speaks_of("1605-01-01", "1605-12-31")),
    ("mentions-date:1995-02-03..2023-12-30", |article| article.speaks_of("1995-02-03", "2023-12-30")),
    ("date-gap:>1y", |article| article.looks_further(365)),
    ("date-gap:>10d", |article| article.looks_further(10)),
    ("source:\"the lakeshore tribune\"", |article| article.source.is_some_and(|source| source != "Reuters")),
    ("source:REUTERS", |article| article.source == Some("Reuters")),
    ("author:lee", |article| article.authors.iter().any(|author| *author != "Bo Smith")),
    ("*", |_| true),
];

/// Which text a word may stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Where {
    Anywhere,
    Title,
    Body,
}

/// A question.
#[derive(Clone, Debug)]
pub(crate) enum Asked {
    Words(Words),
    Filter(usize),
    And(Box<Asked>, Box<Asked>, bool),
    Or(Box<Asked>, Box<Asked>),
    Not(Box<Asked>, bool),
}

/// Words one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    words: Vec<usize>,
    quoted: bool,
    exact: bool,
    place: Where,
}

impl Words {
    /// Each word by itself, without quotation marks, side by side.
    pub(crate) fn apart(&self) -> Vec<Words> {
        let one = |word: &usize| Words { words: vec![*word], quoted: false, ..self.clone() };
        self.words.iter().map(one).collect()
    }

    /// The first word alone, as a loose phrase has it.
    pub(crate) fn loose(&self) -> Words {
        // Of words that are also written as two a loose phrase knows only the one.
        let single =
            |word: &&usize| !WORDS[**word].0.contains('-') && !WORDS[**word].0.eq_ignore_ascii_case("ceasefire");
        let word = self.words.iter().find(single).copied().unwrap_or_default();
        Words { words: vec![word], quoted: true, exact: false, place: Where::Anywhere }
    }

    /// Letter for letter, and not.
    pub(crate) fn both(&self) -> [Words; 2] {
        [true, false].map(|exact| Words { exact, ..self.clone() })
    }

    pub(crate) fn text(&self) -> String {
        let words: Vec<&str> = self.words.iter().map(|word| WORDS[*word].0).collect();
        let mark = if self.quoted { "\"" } else { "" };
        let place = match self.place {
            Where::Anywhere => "",
            Where::Title => "title:",
            Where::Body => "body:",
        };
        format!("{place}{}{mark}{}{mark}", if self.exact { "=" } else { "" }, words.join(" "))
    }

    /// Where the words stand: in the headline or not, and the bytes.
    pub(crate) fn places(&self, article: &Written) -> BTreeSet<(bool, Span)> {
        let title = article.title.iter().filter(|_| self.place != Where::Body).map(|text| (true, text));
        let body = Some((false, &article.body)).filter(|_| self.place != Where::Title);
        let mut places = BTreeSet::new();
        for (in_title, text) in title.chain(body) {
            for run in self.runs() {
                for start in 0..text.words.len().saturating_sub(run.len() - 1) {
                    let here = &text.words[start..start + run.len()];
                    if run.iter().zip(here).all(|(asked, (found, _))| self.counts_as(asked, found)) {
                        places.insert((in_title, Span::new(here[0].1.start, here[run.len() - 1].1.end)));
                    }
                }
            }
        }
        places
    }

    /// The words asked for; where a hyphen may go, also without it; and `ceasefire` together and as two.
    fn runs(&self) -> Vec<Vec<String>> {
        let mut runs: Vec<Vec<String>> = vec![Vec::new()];
        for word in &self.words {
            let written = WORDS[*word].0;
            let apart: Vec<String> = written.split('-').map(str::to_owned).collect();
            let mut next: Vec<Vec<String>> = runs.iter().map(|run| [run.clone(), apart.clone()].concat()).collect();
            if apart.len() > 1 && !self.exact {
                next.extend(runs.iter().map(|run| [run.clone(), vec![apart.concat()]].concat()));
            }
            if written.eq_ignore_ascii_case("ceasefire") && !self.exact {
                let two = vec!["cease".to_owned(), "fire".to_owned()];
                next.extend(runs.iter().map(|run| [run.clone(), two.clone()].concat()));
            }
            if written == "fire" && !self.exact {
                let tied = runs.iter().filter(|run| run.last().is_some_and(|last| last == "cease"));
                next.extend(tied.map(|run| [&run[..run.len() - 1], &["ceasefire".to_owned()]].concat()));
            }
            runs = next;
        }
        runs
    }

    fn counts_as(&self, asked: &str, found: &str) -> bool {
        let row = |written: &str| WORDS.iter().find(|row| row.0 == written).expect("every word is in the table");
        if self.exact {
            let letters = |text: &str| text.replace('\u{2019}', "'").replace("e\u{301}", "é");
            return letters(asked) == letters(found);
        }
        // The pronoun is no abbreviation.
        if asked == "us" {
            return found.eq_ignore_ascii_case("us");
        }
        let capitals = asked.to_uppercase() == asked;
        let compound = self.words.iter().all(|word| WORDS[*word].0.contains('-'));
        if self.quoted || compound || capitals { row(asked).1 == row(found).1 } else { row(asked).2 == row(found).2 }
    }
}

impl Asked {
    /// In the query language.
    pub(crate) fn text(&self) -> String {
        match self {
            Asked::Words(words) => words.text(),
            Asked::Filter(number) => FILTERS[*number].0.to_owned(),
            Asked::And(left, right, true) => format!("({}) AND ({})", left.text(), right.text()),
            Asked::And(left, right, false) => format!("({}) ({})", left.text(), right.text()),
            Asked::Or(left, right) => format!("({}) OR ({})", left.text(), right.text()),
            Asked::Not(inner, true) => format!("NOT ({})", inner.text()),
            Asked::Not(inner, false) => format!("-({})", inner.text()),
        }
    }

    /// Whether an article answers it.
    pub(crate) fn holds(&self, article: &Written) -> bool {
        match self {
            Asked::Words(words) => !words.places(article).is_empty(),
            Asked::Filter(number) => FILTERS[*number].1(article),
            Asked::And(left, right, _) => left.holds(article) && right.holds(article),
            Asked::Or(left, right) => left.holds(article) || right.holds(article),
            Asked::Not(inner, _) => !inner.holds(article),
        }
    }
}

fn text(most: usize) -> impl Strategy<Value = Text> {
    vec((0..WORDS.len(), 0..GAPS.len()), 0..=most).prop_map(|parts| Text::new(&parts))
}

/// A word of the table that is nothing but letters.
pub(crate) fn letters() -> impl Strategy<Value = &'static str> {
    let plain = WORDS.iter().map(|row| row.0).filter(|word| word.chars().all(char::is_alphabetic));
    proptest::sample::select(plain.collect::<Vec<_>>())
}

/// An article that has none of the words of the table, and speaks of nothing.
pub(crate) fn unrelated(id: &str) -> Written {
    let text = "Gardeners grow onions".to_owned();
    Written {
        id: id.to_owned(),
        title: None,
        body: Text { text, words: Vec::new() },
        people: BTreeSet::new(),
        countries: BTreeSet::new(),
        dates: BTreeSet::new(),
        published: None,
        source: None,
        authors: Vec::new(),
        mentioned: Vec::new(),
    }
}

fn some<T: Copy + std::fmt::Debug + 'static>(list: Vec<T>, most: usize) -> impl Strategy<Value = Vec<T>> {
    vec(proptest::sample::select(list), 0..=most)
}

/// Mentions on words that are there, those of one text apart from each other.
fn mentioned(
    title: Option<&Text>,
    body: &Text,
    wanted: &[(bool, prop::sample::Index, usize, usize)],
) -> Vec<(bool, usize, usize, usize)> {
    let mut mentions: Vec<(bool, usize, usize, usize)> = Vec::new();
    for (in_title, at, more, kind) in wanted {
        let length = if *in_title { title.map_or(0, |text| text.words.len()) } else { body.words.len() };
        if length == 0 {
            continue;
        }
        let first = at.index(length);
        let last = (first + more).min(length - 1);
        if mentions.iter().all(|known| known.0 != *in_title || last < known.1 || known.2 < first) {
            mentions.push((*in_title, first, last, *kind));
        }
    }
    // In the order of the text, the headline first, as extraction gives them.
    mentions.sort_by_key(|mention| (!mention.0, mention.1));
    mentions
}

/// Any article; its id is its number among `most`, out of order.
pub(crate) fn articles(most: usize, longest: usize) -> impl Strategy<Value = Vec<Written>> {
    let countries: Vec<(&str, bool)> = COUNTRIES.iter().flat_map(|code| [(*code, true), (*code, false)]).collect();
    let texts = (option::weighted(0.8, text(4)), text(longest));
    let lists = (some(PEOPLE.to_vec(), 3), some(countries, 2), some(DAYS.to_vec(), 3), some(AUTHORS.to_vec(), 2));
    let values = (option::of((0..DAYS.len(), any::<bool>())), option::of(proptest::sample::select(SOURCES.to_vec())));
    let mention = (any::<bool>(), any::<prop::sample::Index>(), 0..3usize, 0..MENTIONED.len());
    let article =
        (texts, lists, values, vec(mention, 0..6)).prop_map(|((title, body), lists, (published, source), mentions)| {
            Written {
                id: String::new(),
                mentioned: mentioned(title.as_ref(), &body, &mentions),
                title,
                body,
                people: lists.0.into_iter().collect(),
                countries: lists.1.into_iter().fold(BTreeSet::new(), |mut known: BTreeSet<(&str, bool)>, country| {
                    if known.iter().all(|(code, _)| *code != country.0) {
                        known.insert(country);
                    }
                    known
                }),
                dates: lists.2.into_iter().collect(),
                authors: lists.3,
                published,
                source,
            }
        });
    vec(article, 1..=most).prop_map(|mut articles| {
        for (number, article) in articles.iter_mut().enumerate() {
            article.id = format!("{:03}", number * 37 % 997);
        }
        articles
    })
}

/// Any words.
pub(crate) fn words() -> impl Strategy<Value = Words> {
    let place = prop_oneof![4 => Just(Where::Anywhere), 1 => Just(Where::Title), 1 => Just(Where::Body)];
    let quoted = vec(0..WORDS.len(), 1..=4).prop_map(|words| (words, true));
    let single = (0..WORDS.len()).prop_map(|word| (vec![word], false));
    (prop_oneof![quoted, single], proptest::bool::weighted(0.2), place)
        .prop_map(|((words, quoted), exact, place)| Words { words, quoted, exact, place })
}

/// Any question.
pub(crate) fn asked() -> impl Strategy<Value = Asked> {
    let leaf = prop_oneof![3 => words().prop_map(Asked::Words), 1 => (0..FILTERS.len()).prop_map(Asked::Filter)];
    leaf.prop_recursive(3, 8, 2, |inner| {
        let two = || (inner.clone().prop_map(Box::new), inner.clone().prop_map(Box::new));
        prop_oneof![
            (two(), any::<bool>()).prop_map(|((left, right), and)| Asked::And(left, right, and)),
            two().prop_map(|(left, right)| Asked::Or(left, right)),
            (inner.clone().prop_map(Box::new), any::<bool>()).prop_map(|(inner, not)| Asked::Not(inner, not)),
        ]
    })
}
