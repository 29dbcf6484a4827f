//! Who and what is named together with what is asked for, how close it is, and how those named are together with one
//! another.
//!
//! 1. The question is parted into what is asked for and what bounds the archive: days, sources, languages.
//! 2. Names are counted in the hits by the numbers of the columns ([`numbered`](super::numbered)); within so many words,
//!    in the mentions of the articles ([`Nearby`]), at most [`MOST_READ`] of them.
//! 3. Names that may be among those wanted are counted in all articles within the bounds, in all of their spellings, and
//!    closeness is logDice: a name that is everywhere is close to nothing.
//! 4. Pairs are counted among those that are listed.

use super::answer::Local;
use super::chance;
use super::collect::{self, Scored};
use super::deadline::Deadline;
use super::numbered::Numbered;
use super::opened::Opened;
use super::place_value::PlaceValue;
use super::receipts::Hits;
use super::translate::Translator;
use crate::article::{Mention, MentionKind, Part};
use crate::cores;
use crate::error::Result;
use crate::field::{self, Kind};
use crate::names;
use crate::places;
use crate::query::matcher::{self, View};
use crate::query::spans::Leaf;
use crate::query::tree::Tree;
use crate::search::{Company, CompanyOrder, CompanyRequest, Edge, Member};
use crate::text::Words;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;

/// Articles whose mentions are read, where words are counted: some tenths of a second's work.
const MOST_READ: usize = 2000;
/// From this many hits on, a name must be in two of them to be listed.
const MANY: usize = 10;
/// Names beyond those wanted whose articles are counted at once, so that this is seldom done twice.
const SPARE: usize = 80;
/// The articles of so many names are counted name by name; of more in one go through the archive.
const MOST_ONE_BY_ONE: usize = 1000;
/// The logDice of two that are never without each other.
const CLOSEST: f64 = 14.0;

/// logDice: 14 where neither is without the other, one less for every halving of Dice.
fn closeness(together: f64, one: f64, other: f64) -> f64 {
    CLOSEST + (2.0 * together / (one + other)).log2()
}

/// Whether a part of a question bounds the archive rather than asking for something in it.
fn is_bound(tree: &Tree) -> bool {
    match tree {
        Tree::All | Tree::Dated(_) | Tree::Not(_) => true,
        Tree::Days(days) => days.field.kind == Kind::Published,
        Tree::Value(value) => value.field.kind == Kind::Keyword,
        Tree::Name(name) => matches!(name.field.name, "author" | "reported-from"),
        Tree::And(parts) | Tree::Or(parts) => parts.iter().all(is_bound),
        Tree::Boost(inner, _) => is_bound(inner),
        _ => false,
    }
}

/// What bounds the archive in a question; none where nothing does, and where the bounds are all that is asked.
fn bounds(tree: &Tree) -> Option<Tree> {
    fn flat<'t>(tree: &'t Tree, parts: &mut Vec<&'t Tree>) {
        match tree {
            Tree::And(inner) => inner.iter().for_each(|part| flat(part, parts)),
            other => parts.push(other),
        }
    }
    let mut parts = Vec::new();
    flat(tree, &mut parts);
    let all = parts.len();
    parts.retain(|part| is_bound(part));
    (!parts.is_empty() && parts.len() < all).then(|| Tree::And(parts.into_iter().cloned().collect()))
}

/// The names that are asked for, which are no company of their own.
#[derive(Default)]
pub(super) struct Asked {
    keys: FxHashMap<&'static str, FxHashSet<String>>,
    countries: FxHashSet<String>,
    /// Words and phrases: `NATO` is asked for as a word, too.
    words: FxHashSet<String>,
}

impl Asked {
    pub(super) fn of(trees: &[&Tree]) -> Asked {
        let mut asked = Asked::default();
        for leaf in trees.iter().flat_map(|tree| tree.positive()) {
            asked.add(leaf);
        }
        asked
    }

    fn add(&mut self, leaf: &Tree) {
        match leaf {
            Tree::Name(name) => {
                let keys = self.keys.entry(name.field.name).or_default();
                keys.extend(name.forms.clone().unwrap_or_default());
                keys.insert(names::key(&name.name));
                if let Some(code) = places::country_code(&name.name).filter(|_| name.field.name == "place") {
                    self.countries.insert(code.to_owned());
                }
            }
            Tree::Value(value) if value.field.kind == Kind::Country => {
                for code in value.all() {
                    self.countries.insert(code.to_owned());
                    let usual = places::country_name(code).map(names::key);
                    self.keys.entry("place").or_default().extend(usual);
                }
            }
            Tree::Word(word) => self.words.extend(word.forms.iter().map(|form| names::key(form))),
            Tree::Phrase(phrase) => {
                let words: Vec<&str> = phrase.words.iter().map(|word| word.written.as_str()).collect();
                self.words.insert(names::key(&words.join(" ")));
            }
            Tree::Spans(spans) | Tree::AtLeast(_, spans) => {
                for leaf in spans.leaves() {
                    match leaf {
                        Leaf::Word(word) => self.words.extend(word.forms.iter().map(|form| names::key(form))),
                        Leaf::Mention(leaf) => self.add(leaf),
                        Leaf::Slot(_) => {}
                    }
                }
            }
            _ => {}
        }
    }

    /// The numbers of those that are asked for.
    pub(super) fn among(&self, values: &Numbered<'_>) -> FxHashSet<usize> {
        let is_asked = |number: &usize| match values.field().kind {
            Kind::Country => self.countries.contains(values.key(*number)),
            _ => {
                let named = self.keys.get(values.field().name);
                let is_any = |keys| values.is_any_of(*number, keys);
                named.is_some_and(is_any) || !self.words.is_empty() && is_any(&self.words)
            }
        };
        (0..values.len()).filter(is_asked).collect()
    }
}

/// The values of one field with what is known of each.
struct Counted<'a> {
    values: Numbered<'a>,
    /// Articles that have it and what is asked for.
    together: Vec<usize>,
    /// Articles that have it, for those that were counted.
    articles: FxHashMap<usize, usize>,
}

/// A name that may be listed: field, number, closeness; the most that this can be where its articles were not counted.
type Candidate = (usize, usize, f64);

/// The company of what `tree` asks for.
pub(super) fn company(local: &Local, opened: &Opened, tree: &Tree, request: &CompanyRequest) -> Result<Company> {
    let translator = Translator::new(opened)?;
    let hits = collect::hits(opened, translator.translate(tree)?.as_ref(), false)?;
    let results = local.receipts(&translator, tree, &request.query, &hits)?;
    let read = match request.within {
        Some(_) => {
            let mut read = chance::by_contents(opened, &hits, MOST_READ)?;
            // In the order of the index, where neighbours are unpacked together.
            read.sort_unstable_by_key(|hit| hit.1);
            Some(read)
        }
        None => None,
    };
    let looked_at = read.as_ref().map_or(hits.len(), Vec::len);
    let least = request.least.unwrap_or(if looked_at < MANY { 1 } else { 2 }).max(1);
    let mut company = Company { results, read: read.as_ref().map(Vec::len), least, ..Company::default() };
    if hits.is_empty() {
        return Ok(company);
    }
    let bounded = match bounds(tree) {
        Some(bounds) => Some(collect::hits(opened, translator.translate(&bounds)?.as_ref(), false)?),
        None => None,
    };
    let asked = Asked::of(&[tree]);
    let named = request.fields.iter().filter_map(|name| field::find(name));
    let mut fields = cores::each(named.collect(), cores::count(), |field| {
        let values = Numbered::new(opened, field, &[read.as_deref().unwrap_or(&hits)])?;
        let together = if read.is_none() { values.counts(Some(&hits)) } else { Vec::new() };
        Ok(Counted { values, together, articles: FxHashMap::default() })
    })
    .into_iter()
    .collect::<Result<Vec<_>>>()?;
    let nearby = match (&read, request.within) {
        (Some(read), Some(within)) => Some(Nearby::read(local, tree, read, within, &fields, &opened.deadline)?),
        _ => None,
    };
    let looked_at = nearby.as_ref().map_or(looked_at, |nearby| nearby.articles.len());
    company.read = nearby.as_ref().map(|nearby| nearby.articles.len());
    for (at, counted) in fields.iter_mut().enumerate() {
        if let Some(nearby) = &nearby {
            counted.together = nearby.counts(at, counted.values.len());
        }
        for number in asked.among(&counted.values) {
            if let Some(count) = counted.together.get_mut(number) {
                *count = 0;
            }
        }
    }
    // What was read stands for all hits.
    let scale = hits.len() as f64 / looked_at.max(1) as f64;
    let all = hits.len() as f64;
    let close = |counted: &Counted<'_>, number: usize| {
        let together = counted.together[number] as f64 * scale;
        let articles = counted.articles.get(&number).map_or(together, |articles| (*articles as f64).max(together));
        closeness(together, all, articles)
    };
    let mut candidates: Vec<Candidate> = Vec::new();
    for (at, counted) in fields.iter().enumerate() {
        let often = (0..counted.values.len()).filter(|number| counted.together[*number] >= least);
        candidates.extend(often.map(|number| (at, number, close(counted, number))));
    }
    company.distinct = candidates.len();
    let wanted = if request.limit == 0 { candidates.len() } else { request.limit.min(candidates.len()) };
    let mut candidates = choose(&mut fields, candidates, wanted, request.by, bounded.as_deref(), &close)?;
    sort(&mut candidates, &fields, request.by);
    candidates.truncate(wanted);
    company.members = candidates
        .iter()
        .map(|(at, number, closeness)| {
            let counted = &fields[*at];
            let shown = counted.values.shown(*number);
            Member {
                field: counted.values.field().name,
                value: shown.value,
                label: shown.label,
                country: shown.country,
                region: shown.region,
                together: counted.together[*number],
                articles: counted.articles.get(number).copied().unwrap_or(0),
                closeness: *closeness,
            }
        })
        .collect();
    if request.edges {
        company.edges = match &nearby {
            Some(nearby) => edges(&candidates, nearby.articles.iter().map(Vec::as_slice)),
            None => in_articles(&fields, &candidates, &hits),
        };
    }
    Ok(company)
}

/// Those of the candidates that may be among so many in front, counted. Articles are counted of as few as can be.
fn choose(
    fields: &mut [Counted<'_>],
    mut candidates: Vec<Candidate>,
    wanted: usize,
    by: CompanyOrder,
    articles: Option<&[Scored]>,
    close: &dyn Fn(&Counted<'_>, usize) -> f64,
) -> Result<Vec<Candidate>> {
    if wanted == 0 || wanted >= candidates.len() {
        return count(fields, candidates, articles, close);
    }
    if by == CompanyOrder::Together {
        // As many as the last one that is wanted.
        let together = |candidate: &Candidate| fields[candidate.0].together[candidate.1];
        candidates.select_nth_unstable_by_key(wanted - 1, |candidate| Reverse(together(candidate)));
        let last = candidates.get(wanted - 1).map_or(0, together);
        candidates.retain(|candidate| together(candidate) >= last);
        return count(fields, candidates, articles, close);
    }
    let first = (wanted + SPARE).min(candidates.len());
    candidates.select_nth_unstable_by(first - 1, |a, b| b.2.total_cmp(&a.2));
    let mut others = candidates.split_off(first);
    let mut counted = count(fields, candidates, articles, close)?;
    // To count articles makes a name less close or leaves it: some of the others may still come before the last.
    let mut closest: Vec<f64> = counted.iter().map(|candidate| candidate.2).collect();
    closest.sort_unstable_by(|a, b| b.total_cmp(a));
    let last = closest.get(wanted - 1).copied().unwrap_or(f64::MIN);
    others.retain(|candidate| candidate.2 >= last);
    counted.extend(count(fields, others, articles, close)?);
    Ok(counted)
}

/// Counts the articles that have each of these names in any of its spellings, and says how close that makes them.
fn count(
    fields: &mut [Counted<'_>],
    mut candidates: Vec<Candidate>,
    articles: Option<&[Scored]>,
    close: &dyn Fn(&Counted<'_>, usize) -> f64,
) -> Result<Vec<Candidate>> {
    let mut numbers: Vec<Vec<u32>> = vec![Vec::new(); fields.len()];
    for (at, number, _) in &candidates {
        numbers[*at].push(*number as u32);
    }
    let work = fields.iter_mut().zip(&numbers).collect();
    let counted = cores::each(work, cores::count(), |(counted, numbers)| counted.count(numbers, articles));
    counted.into_iter().collect::<Result<()>>()?;
    for candidate in &mut candidates {
        candidate.2 = close(&fields[candidate.0], candidate.1);
    }
    Ok(candidates)
}

impl Counted<'_> {
    /// Counts the articles of these values in all of their spellings; of all in the index where there is no list.
    fn count(&mut self, numbers: &[u32], articles: Option<&[Scored]>) -> Result<()> {
        if numbers.is_empty() {
            return Ok(());
        }
        self.values.complete(numbers)?;
        if numbers.len() > MOST_ONE_BY_ONE {
            let counts = self.values.counts(articles);
            self.articles.extend(numbers.iter().map(|number| (*number as usize, counts[*number as usize])));
            return Ok(());
        }
        let articles = articles.map(|articles| Hits::new(self.values.opened(), articles));
        for number in numbers {
            let number = *number as usize;
            self.articles.insert(number, self.values.count(number, articles.as_ref())?);
        }
        Ok(())
    }
}

/// Brings those to the front that come first.
fn sort(candidates: &mut [Candidate], fields: &[Counted<'_>], by: CompanyOrder) {
    let together = |candidate: &Candidate| fields[candidate.0].together[candidate.1];
    candidates.sort_by(|a, b| {
        let by_closeness = b.2.total_cmp(&a.2);
        let by_articles = together(b).cmp(&together(a));
        let first = match by {
            CompanyOrder::Closeness => by_closeness.then(by_articles),
            CompanyOrder::Together => by_articles.then(by_closeness),
        };
        first.then(a.0.cmp(&b.0)).then_with(|| fields[a.0].values.key(a.1).cmp(fields[b.0].values.key(b.1)))
    });
}

/// Pairs of candidates in the same article.
fn in_articles(fields: &[Counted<'_>], candidates: &[Candidate], hits: &[Scored]) -> Vec<Edge> {
    let mut numbers = Vec::new();
    let articles = hits.iter().map(|(_, address)| {
        let mut named = Vec::new();
        for (at, counted) in fields.iter().enumerate() {
            counted.values.of(*address, &mut numbers);
            named.extend(numbers.iter().map(|number| (at, *number as usize)));
        }
        named
    });
    edges(candidates, articles)
}

/// Pairs of candidates among the names of each article, those of most articles first.
fn edges<N: AsRef<[(usize, usize)]>>(candidates: &[Candidate], articles: impl Iterator<Item = N>) -> Vec<Edge> {
    let nodes: FxHashMap<(usize, usize), usize> =
        candidates.iter().enumerate().map(|(node, candidate)| ((candidate.0, candidate.1), node)).collect();
    let width = candidates.len();
    let mut alone = vec![0usize; width];
    let mut both = vec![0u32; width * width];
    let mut here: Vec<usize> = Vec::new();
    for named in articles {
        here.clear();
        here.extend(named.as_ref().iter().filter_map(|name| nodes.get(name)));
        here.sort_unstable();
        for (at, one) in here.iter().enumerate() {
            alone[*one] += 1;
            for other in &here[at + 1..] {
                both[one * width + other] += 1;
            }
        }
    }
    let mut edges = Vec::new();
    for source in 0..width {
        for target in source + 1..width {
            let together = both[source * width + target] as usize;
            if together > 0 {
                let weight = 2.0 * together as f64 / (alone[source] + alone[target]) as f64;
                edges.push(Edge { source, target, together, weight });
            }
        }
    }
    edges.sort_by_key(|edge| (std::cmp::Reverse(edge.together), edge.source, edge.target));
    edges
}

/// The names near what is asked for, article by article: field and number, each once.
struct Nearby {
    articles: Vec<Vec<(usize, usize)>>,
}

impl Nearby {
    fn read(
        local: &Local,
        tree: &Tree,
        hits: &[Scored],
        within: u32,
        fields: &[Counted<'_>],
        deadline: &Deadline,
    ) -> Result<Nearby> {
        // Names where there are any: of `--person Kim treaty` whoever is near Kim.
        let is_name = |leaf: &Tree| match leaf {
            Tree::Name(name) => !is_bound(leaf) && name.field.kind == Kind::Name,
            Tree::Near(_) => true,
            Tree::Value(value) => value.field.kind == Kind::Country,
            _ => false,
        };
        let leaves = tree.positive();
        let names: Vec<bool> = leaves.iter().map(|leaf| is_name(leaf)).collect();
        let any_name = names.contains(&true);
        let mut articles = Vec::with_capacity(hits.len());
        let mut watch = deadline.watch();
        for (_, address) in hits {
            if watch.is_over() {
                break;
            }
            let record = local.record(*address)?;
            let title = Words::new(record.article.title.as_deref().unwrap_or(""));
            let body = Words::new(&record.article.text);
            let found = matcher::matches(tree, &View::new(&record.article, &title, &body, &record.found));
            let meant = found.iter().filter(|found| !any_name || names.get(found.leaf) == Some(&true));
            let mut places: [Vec<(u32, u32)>; 2] = Default::default();
            for found in meant {
                let words = if found.part == Part::Title { &title } else { &body };
                places[usize::from(found.part == Part::Body)].extend(matcher::extent_of(&words.spans, found.span));
            }
            for places in &mut places {
                // Each with the furthest end of any up to it.
                places.sort_unstable();
                let mut furthest = 0;
                for place in places.iter_mut() {
                    furthest = place.1.max(furthest);
                    place.1 = furthest;
                }
            }
            let mut named = Vec::new();
            for mention in &record.found.mentions {
                let in_body = mention.part == Part::Body;
                let words = if in_body { &body } else { &title };
                let Some((first, last)) = matcher::extent_of(&words.spans, mention.span) else { continue };
                let places = &places[usize::from(in_body)];
                let not_far_behind = places.partition_point(|place| place.0 <= last.saturating_add(within));
                let reach = not_far_behind.checked_sub(1).and_then(|at| places.get(at));
                if reach.is_some_and(|place| first.saturating_sub(place.1) <= within) {
                    named.extend(numbers(mention, fields));
                }
            }
            named.sort_unstable();
            named.dedup();
            articles.push(named);
        }
        Ok(Nearby { articles })
    }

    /// In how many of the articles each value of a field is.
    fn counts(&self, field: usize, values: usize) -> Vec<usize> {
        let mut counts = vec![0; values];
        for (_, number) in self.articles.iter().flatten().filter(|(at, _)| *at == field) {
            if let Some(count) = counts.get_mut(*number) {
                *count += 1;
            }
        }
        counts
    }
}

/// The fields and numbers of what a mention names.
fn numbers<'m>(mention: &'m Mention, fields: &'m [Counted<'_>]) -> impl Iterator<Item = (usize, usize)> + 'm {
    fields.iter().enumerate().filter_map(move |(at, counted)| {
        let value = match (counted.values.field().name, mention.kind) {
            ("person", MentionKind::Person) | ("org", MentionKind::Organisation) => mention.name.clone(),
            ("place", MentionKind::Place) => {
                let text = |value: &'m Option<String>| value.as_deref().unwrap_or("");
                let (country, region) = (text(&mention.country), text(&mention.region));
                PlaceValue { name: &mention.name, country, region, point: mention.point }.write()
            }
            ("country", MentionKind::Place | MentionKind::Demonym) => mention.country.clone()?,
            _ => return None,
        };
        counted.values.find(&value).map(|number| (at, number as usize))
    })
}
