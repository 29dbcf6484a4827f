//! Concordances: every place where a question matches, between what stands around it.
//!
//! 1. All articles that match are found, as for any question.
//! 2. In the order of time as many are read as lines are wanted. To sort, choose or gather lines all must be read; of very
//!    many, some that are chosen by chance, and the answer says so.
//! 3. How many lines there are is counted over what was read, or from postings.

use super::answer::Local;
use super::chance;
use super::collect::{self, Scored};
use super::lines::{Lines, Looked};
use super::opened::Opened;
use super::translate::Translator;
use crate::article::Published;
use crate::error::Result;
use crate::query::matcher::Found;
use crate::query::tree::Tree;
use crate::search::{Concordance, ConcordanceRequest, Group, GroupBy, Line, LineSort, Sort};
use crate::text::fold;
use rustc_hash::FxHashMap;
use std::cmp::{Ordering, Reverse};

/// Words on the side of a match by which lines are sorted.
const KEY: usize = 8;
/// Lines beyond those wanted that are gathered before the worst are dropped.
const SPARE: usize = 1000;

/// The places where `tree` matches.
pub(super) fn concordance(
    local: &Local,
    opened: &Opened,
    tree: &Tree,
    request: &ConcordanceRequest,
) -> Result<Concordance> {
    let lines = Lines::new(local, opened, tree)?;
    let translator = Translator::new(opened)?;
    let hits = collect::hits(opened, translator.translate(tree)?.as_ref(), false)?;
    let results = local.receipts(&translator, tree, &request.query, &hits)?;
    let mut answer = Concordance { results, ..Concordance::default() };
    let in_time = matches!(request.sort, LineSort::None | LineSort::Newest | LineSort::Oldest);
    let first_will_do = in_time && request.sample.is_none() && request.group_by.is_none() && request.limit > 0;
    let read = if first_will_do {
        first(opened, &lines, &hits, request, &mut answer)?
    } else {
        chosen(opened, &lines, &hits, request, &mut answer)?
    };
    if read == hits.len() {
        (answer.matches, answer.is_exact) = (answer.looked_at, true);
    } else if let Some(counted) = lines.counted(&hits)? {
        (answer.matches, answer.is_exact) = (counted, true);
    } else {
        // Each article has one at least.
        answer.matches = answer.looked_at + (hits.len() - read);
    }
    Ok(answer)
}

/// The first lines in the order of time, of as few articles as have them; says how many articles were read.
fn first(
    opened: &Opened,
    lines: &Lines<'_>,
    hits: &[Scored],
    request: &ConcordanceRequest,
    answer: &mut Concordance,
) -> Result<usize> {
    let (mut read, mut page) = (0, request.limit);
    while read < hits.len() && answer.looked_at < request.limit {
        let next = match request.sort {
            LineSort::None => hits.iter().skip(read).take(page).copied().collect(),
            LineSort::Oldest => collect::page(opened, hits, Sort::Oldest, read, page)?,
            _ => collect::page(opened, hits, Sort::Newest, read, page)?,
        };
        for hit in &next {
            if answer.looked_at >= request.limit {
                break;
            }
            lines.look(hit, &mut |looked| {
                answer.looked_at += looked.places.len();
                let wanted = request.limit - answer.lines.len();
                let new = looked.places.iter().take(wanted).map(|found| looked.line(found, request.context));
                answer.lines.extend(new);
            })?;
            read += 1;
        }
        // Few articles have no line.
        page = page.saturating_mul(2);
        if next.is_empty() || opened.deadline.has_passed() {
            break;
        }
    }
    Ok(read)
}

/// A line with what puts it in its place.
#[derive(Debug)]
struct Keyed {
    /// The words it is sorted by.
    key: String,
    /// What decides by chance.
    number: u64,
    /// What it is gathered by.
    group: String,
    line: Line,
}

/// What a thread gathers.
#[derive(Default)]
struct Gathered {
    lines: Vec<Keyed>,
    groups: FxHashMap<String, Counted>,
    seen: usize,
}

/// A group, with its first line.
struct Counted {
    lines: usize,
    articles: usize,
    example: Keyed,
}

/// Lines that are sorted, chosen by chance or gathered in groups; says how many articles were read.
fn chosen(
    opened: &Opened,
    lines: &Lines<'_>,
    hits: &[Scored],
    request: &ConcordanceRequest,
    answer: &mut Concordance,
) -> Result<usize> {
    let few;
    // In the order of time `-n 0` asks for all lines, and gets them.
    let all = request.read == 0 || request.read >= hits.len() || asks_for_all(request);
    let these = if all {
        hits
    } else {
        few = chance::by_id(opened, hits, request.read, request.seed)?;
        answer.read_of = Some(few.len());
        &few
    };
    // What is kept: the lines with the lowest numbers where some are chosen, else the first in order.
    let keep = match (request.sample, request.group_by) {
        (Some(sample), _) => sample,
        (None, Some(_)) => 0,
        (None, None) if request.limit == 0 => usize::MAX,
        (None, None) => request.limit,
    };
    let by_chance = request.sample.is_some();
    let order = |a: &Keyed, b: &Keyed| {
        let number = if by_chance { a.number.cmp(&b.number) } else { Ordering::Equal };
        number.then_with(|| in_order(a, b, request.sort))
    };
    let cut = |gathered: &mut Vec<Keyed>| {
        if gathered.len() > keep {
            gathered.sort_unstable_by(order);
            gathered.truncate(keep);
        }
    };
    let gathered = lines.read(these, Gathered::default, |gathered, looked| {
        gathered.seen += looked.places.len();
        let id = chance::number(&looked.record.id, request.seed);
        let new = looked.places.iter().map(|found| keyed(looked, found, id, request));
        if !by_chance && request.group_by.is_some() {
            add(&mut gathered.groups, new, request.sort);
        } else {
            gathered.lines.extend(new);
            if gathered.lines.len() >= keep.saturating_mul(2).saturating_add(SPARE) {
                cut(&mut gathered.lines);
            }
        }
    })?;
    let mut all = Gathered::default();
    for part in gathered {
        all.seen += part.seen;
        all.lines.extend(part.lines);
        for (value, part) in part.groups {
            join(&mut all.groups, value, part, request.sort);
        }
    }
    answer.looked_at = all.seen;
    cut(&mut all.lines);
    all.lines.sort_unstable_by(|a, b| in_order(a, b, request.sort));
    let limit = if request.limit == 0 { usize::MAX } else { request.limit };
    if request.group_by.is_some() {
        answer.gathered = if by_chance { all.lines.len() } else { all.seen };
        // The lines of one article are not beside each other in every order.
        all.lines.sort_by(|a, b| a.line.id.cmp(&b.line.id));
        let mut articles: Vec<Vec<Keyed>> = Vec::new();
        for keyed in all.lines.drain(..) {
            match articles.last_mut().filter(|lines| lines.last().is_some_and(|last| last.line.id == keyed.line.id)) {
                Some(lines) => lines.push(keyed),
                None => articles.push(vec![keyed]),
            }
        }
        for lines in articles {
            add(&mut all.groups, lines.into_iter(), request.sort);
        }
        let mut groups: Vec<(String, Counted)> = all.groups.into_iter().collect();
        groups.sort_by(|a, b| (Reverse(a.1.lines), &a.0).cmp(&(Reverse(b.1.lines), &b.0)));
        answer.distinct = groups.len();
        answer.groups = groups
            .into_iter()
            .take(limit)
            .map(|(value, group)| {
                let Counted { lines, articles, example } = group;
                Group { value, lines, articles, example: example.line }
            })
            .collect();
    } else {
        answer.lines = all.lines.into_iter().take(limit).map(|keyed| keyed.line).collect();
    }
    Ok(these.len())
}

/// Whether all lines are wanted, neither sorted by their words nor chosen nor gathered.
fn asks_for_all(request: &ConcordanceRequest) -> bool {
    let in_time = matches!(request.sort, LineSort::None | LineSort::Newest | LineSort::Oldest);
    request.limit == 0 && in_time && request.sample.is_none() && request.group_by.is_none()
}

/// Adds the lines of one article to their groups.
fn add(groups: &mut FxHashMap<String, Counted>, lines: impl Iterator<Item = Keyed>, sort: LineSort) {
    let mut of_article: FxHashMap<String, Counted> = FxHashMap::default();
    for mut keyed in lines {
        let value = std::mem::take(&mut keyed.group);
        join(&mut of_article, value, Counted { lines: 1, articles: 1, example: keyed }, sort);
    }
    for (value, mut counted) in of_article {
        counted.articles = 1;
        join(groups, value, counted, sort);
    }
}

fn join(groups: &mut FxHashMap<String, Counted>, value: String, more: Counted, sort: LineSort) {
    match groups.get_mut(&value) {
        None => {
            groups.insert(value, more);
        }
        Some(known) => {
            known.lines += more.lines;
            known.articles += more.articles;
            if in_order(&more.example, &known.example, sort).is_lt() {
                known.example = more.example;
            }
        }
    }
}

/// The order of lines, which leaves none equal.
fn in_order(a: &Keyed, b: &Keyed, sort: LineSort) -> Ordering {
    let day = |keyed: &Keyed| keyed.line.published.as_ref().map(|published: &Published| published.first);
    let by_day = match (day(a), day(b)) {
        (Some(a), Some(b)) if sort == LineSort::Oldest => a.cmp(&b),
        (Some(a), Some(b)) => b.cmp(&a),
        // Undated ones last.
        (a, b) => b.is_some().cmp(&a.is_some()),
    };
    let place = |keyed: &Keyed| (Reverse(keyed.line.in_title), keyed.line.start, keyed.line.end);
    a.key.cmp(&b.key).then(by_day).then_with(|| a.line.id.cmp(&b.line.id)).then_with(|| place(a).cmp(&place(b)))
}

/// A place with what it is sorted, chosen and gathered by.
fn keyed(looked: &Looked<'_>, found: &Found, article: u64, request: &ConcordanceRequest) -> Keyed {
    let words = looked.view.words(found.part);
    let (first, last) = looked.extent(found);
    let word = |at: usize| fold::fold(words.word(at));
    // No word has the sign that parts them, and it comes before all others.
    let joined = |words: &mut dyn Iterator<Item = usize>| words.map(word).collect::<Vec<_>>().join("\u{0}");
    let mut left = (0..first).rev().take(KEY);
    let behind = last + 1..words.len();
    let key = match request.sort {
        LineSort::None | LineSort::Newest | LineSort::Oldest => String::new(),
        LineSort::Left => joined(&mut left),
        LineSort::Right => joined(&mut behind.clone().take(KEY)),
        LineSort::Match => {
            let found = joined(&mut (first..=last).take(KEY));
            format!("{found}\u{0}\u{0}{}", joined(&mut behind.clone().take(KEY)))
        }
    };
    let published = looked.record.article.published.as_ref();
    let group = match request.group_by {
        None => String::new(),
        Some(GroupBy::Match) => (first..=last).map(word).collect::<Vec<_>>().join(" "),
        Some(GroupBy::Left) => first.checked_sub(1).map(word).unwrap_or_default(),
        Some(GroupBy::Right) => word(last + 1),
        Some(GroupBy::Source) => looked.record.article.source.clone().unwrap_or_default(),
        Some(GroupBy::Year) => {
            published.and_then(|published| published.value.split('-').next().map(str::to_owned)).unwrap_or_default()
        }
    };
    Keyed {
        key,
        number: chance::of_place(article, found.part == crate::article::Part::Title, found.span.start),
        group,
        line: looked.line(found, request.context),
    }
}
