//! Articles that are like one: by their words and the persons, organisations and places that they name, each weighed by
//! how often the article has it and how few others do.
//!
//! 1. [`Features`] are the words and names of an article, weighed.
//! 2. The index is asked for those that weigh most, and the best hits are [`COMPARED`] with the article in all of their
//!    words and names. Copies come first.
//! 3. What two articles share is listed, and marked in a passage.

use super::answer::{self, Local};
use super::collect;
use super::opened::Opened;
use super::translate::Translator;
use super::vocabulary;
use crate::backend::Record;
use crate::error::{Error, Kind, Result};
use crate::field;
use crate::language::Language;
use crate::names;
use crate::names::identity::Identity;
use crate::query::forms;
use crate::query::tree::{Name, Scope, Spelling, Tree, Word};
use crate::search::{Hit, Results, SimilarRequest, Sort};
use crate::text::{Span, fold, tokens};
use rustc_hash::FxHashMap;
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, Term};

/// Words and names that the index is asked for. More find the same articles in more time.
const ASKED: usize = 40;
/// Hits that are compared, the best.
const COMPARED: usize = 200;
/// Bytes of an article that are compared: news says early what it is about, and a book need not be read.
const MOST_OF_ONE: usize = 30_000;
/// How often a word of the headline counts as one of the text.
const HEADLINE: u32 = 2;
/// What a name weighs beside a word that is as rare: its words count by themselves, too. Chosen, with [`EVENNESS`], on a
/// corpus of five sections of news: a person who is named makes two articles alike, but not of one subject.
const NAME_WEIGHT: f32 = 0.5;
/// The power of rarity by which things weigh: at 1 what is rarest decides alone.
const EVENNESS: f32 = 0.5;
/// How much more a name tells a reader than a word that counts as much.
const TELLING: f32 = 6.0;
/// What is less alike is not listed: two articles of unlike subjects share so much.
const LEAST: f32 = 0.08;
/// The part of the likeness that goes with the days between two articles, and after how many days half of it is gone.
const BY_DAYS: f32 = 0.05;
const HALF_GONE: f32 = 30.0;
/// Names and words that are listed as shared.
const SHARED: usize = 8;
/// Those that are marked in a passage.
const MARKED: usize = 12;

/// A word, or what the spellings of a name have in common, with its field.
type Key = (&'static str, String);

/// What an article has of it.
struct Feature {
    /// As written.
    written: String,
    /// Its look-up form.
    form: String,
    /// How often.
    count: u32,
    rarity: f32,
    weight: f32,
}

/// The words and names of an article.
struct Features {
    all: FxHashMap<Key, Feature>,
    /// The square root of the sum of all squared weights.
    length: f32,
}

/// Weighs what articles have.
struct Scale<'a> {
    translator: &'a Translator<'a>,
    opened: &'a Opened,
    languages: Vec<&'static Language>,
    rarities: FxHashMap<Key, f32>,
}

impl Scale<'_> {
    fn field(&self, name: &str) -> Option<Field> {
        self.opened.fields.of(name)
    }

    /// How rare a word or name is; nothing for what makes no difference.
    fn rarity(&mut self, field: &'static str, key: &str, form: &str) -> Result<f32> {
        let key = (field, key.to_owned());
        if let Some(rarity) = self.rarities.get(&key) {
            return Ok(*rarity);
        }
        let articles = match self.field(field) {
            Some(field) => self.translator.frequency(&Term::from_field_text(field, form))?,
            None => 0,
        };
        let rarity = self.translator.rarity(articles.max(1));
        self.rarities.insert(key, rarity);
        Ok(rarity)
    }

    /// The words and names of an article.
    fn features(&mut self, record: &Record) -> Result<Features> {
        let mut all: FxHashMap<Key, Feature> = FxHashMap::default();
        let text = &record.article.text;
        let text = text.get(..text.floor_char_boundary(MOST_OF_ONE)).unwrap_or("");
        let mut folded = String::new();
        for (text, times) in [(text, 1), (record.article.title.as_deref().unwrap_or(""), HEADLINE)] {
            for span in tokens::words(text) {
                let written = span.of(text);
                if written.len() > tokens::LONGEST || !written.chars().any(char::is_alphabetic) {
                    continue;
                }
                fold::fold_into(written, &mut folded);
                let form = folded.strip_suffix("'s").unwrap_or(&folded);
                if forms::empty(form, &self.languages) {
                    continue;
                }
                add(&mut all, ("body", form.to_owned()), form, written, times);
            }
        }
        let found = &record.found;
        let people = found.people.iter().map(|named| ("person", &named.name, named.count));
        let organisations = found.organisations.iter().map(|named| ("org", &named.name, named.count));
        let places = found.places.iter().map(|placed| ("place", &placed.name, placed.count));
        for (field, name, count) in people.chain(organisations).chain(places) {
            let form = names::key(name);
            let identity = Identity::new(field, &self.opened.corrections);
            if !form.is_empty() && !identity.is_ignored(&form) {
                add(&mut all, (field, identity.entity(&form)), &form, name, count);
            }
        }
        let mut length = 0.0;
        for ((field, key), feature) in &mut all {
            feature.rarity = self.rarity(field, key, &feature.form)?;
            let part = if *field == "body" { 1.0 } else { NAME_WEIGHT };
            feature.weight = part * feature.rarity.powf(EVENNESS) * (1.0 + (feature.count as f32).ln());
            length += feature.weight * feature.weight;
        }
        Ok(Features { all, length: length.sqrt() })
    }
}

fn add(all: &mut FxHashMap<Key, Feature>, key: Key, form: &str, written: &str, times: u32) {
    let feature = all.entry(key).or_insert_with(|| Feature {
        written: written.to_owned(),
        form: form.to_owned(),
        count: 0,
        rarity: 0.0,
        weight: 0.0,
    });
    feature.count += times;
    // As within a sentence rather than at its beginning or in a headline.
    let capitals = |text: &str| text.chars().filter(|c| c.is_uppercase()).count();
    if feature.written != written && capitals(written) < capitals(&feature.written) {
        written.clone_into(&mut feature.written);
    }
}

impl Features {
    /// The features that weigh most, the heaviest first.
    fn heaviest(&self, most: usize) -> Vec<(&Key, &Feature)> {
        let mut all: Vec<(&Key, &Feature)> = self.all.iter().collect();
        all.sort_by(|a, b| b.1.weight.total_cmp(&a.1.weight).then_with(|| a.0.cmp(b.0)));
        all.truncate(most);
        all
    }

    /// How alike two articles are, from 0 to 1, and what they share, that which tells most first.
    fn compare(&self, other: &Features) -> (f32, Vec<Shared<'_>>) {
        let mut sum = 0.0;
        let mut shared: Vec<Shared<'_>> = Vec::new();
        for (key, feature) in &self.all {
            let Some(same) = other.all.get(key) else { continue };
            let weight = feature.weight * same.weight;
            sum += weight;
            let telling = weight * feature.rarity * if key.0 == "body" { 1.0 } else { TELLING };
            shared.push((key, feature, telling));
        }
        shared.sort_by(|a, b| b.2.total_cmp(&a.2).then_with(|| a.0.cmp(b.0)));
        let lengths = (self.length * other.length).max(f32::MIN_POSITIVE);
        ((sum / lengths).min(1.0), shared)
    }
}

/// What two articles share, and how much it tells.
type Shared<'f> = (&'f Key, &'f Feature, f32);

/// What of the likeness the days between two articles leave.
fn by_days(one: &Record, other: &Record) -> f32 {
    let days = one.article.published.as_ref().zip(other.article.published.as_ref());
    let apart =
        days.map_or(0, |(one, other)| (one.first - other.last).num_days().max((other.first - one.last).num_days()));
    1.0 - BY_DAYS * (1.0 - (-(apart.max(0) as f32) / HALF_GONE).exp2())
}

/// The articles that match `tree` and are like the one that is asked for.
pub(super) fn similar(local: &Local, opened: &Opened, tree: &Tree, request: &SimilarRequest) -> Result<Results> {
    let address = opened.find(&request.id)?.ok_or_else(|| {
        Error::new(Kind::NotFound, format!("no article has the id `{}`", request.id))
            .hint("`dateline search` prints ids; `--format ids` only those")
    })?;
    let translator = Translator::new(opened)?;
    let record = local.record(address)?;
    let languages = record.article.language.as_deref().and_then(crate::language::find);
    let languages = languages.map_or_else(|| vocabulary::languages(opened), |language| Ok(vec![language]))?;
    let mut scale = Scale { translator: &translator, opened, languages, rarities: FxHashMap::default() };
    let own = scale.features(&record)?;
    let mut results = Results {
        query: request.query.clone(),
        parsed: tree.to_string(),
        offset: request.offset,
        articles: opened.articles()?,
        unread: opened.unread()?,
        ..Results::default()
    };
    let mut alike: Vec<(f32, DocAddress, Record)> = Vec::new();
    let query = query(&translator, opened, &own, tree)?;
    let mut hits = collect::hits(opened, query.as_ref(), true)?;
    hits.retain(|hit| hit.1 != address);
    let mut best = collect::page(opened, &hits, Sort::Relevance, 0, COMPARED)?;
    // In the order of the index, where neighbours are unpacked together.
    best.sort_unstable_by_key(|hit| hit.1);
    for (_, address) in best {
        let other = local.record(address)?;
        let (likeness, _) = own.compare(&scale.features(&other)?);
        let likeness = likeness * by_days(&record, &other);
        if likeness >= LEAST {
            alike.push((likeness, address, other));
        }
    }
    alike.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.2.id.cmp(&b.2.id)));
    results.total = alike.len();
    let wanted = if request.limit == 0 { usize::MAX } else { request.limit };
    for (likeness, _, other) in alike.into_iter().skip(request.offset).take(wanted) {
        let features = scale.features(&other)?;
        let (_, shared) = own.compare(&features);
        results.hits.push(hit(other, likeness, &shared, request.snippets));
    }
    Ok(results)
}

/// What the index is asked for: any of the heaviest words and names, among what matches `tree`.
fn query(translator: &Translator<'_>, opened: &Opened, own: &Features, tree: &Tree) -> Result<Box<dyn Query>> {
    let mut any: Vec<Box<dyn Query>> = Vec::new();
    for ((field, _), feature) in own.heaviest(ASKED) {
        let Some(column) = opened.fields.of(field) else { continue };
        let term = Term::from_field_text(column, &feature.form);
        if *field == "body" {
            let times = 1.0 + (feature.count as f32).ln();
            any.push(Box::new(BoostQuery::new(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)), times)));
        } else {
            let query = TermQuery::new(term, IndexRecordOption::Basic);
            any.push(Box::new(ConstScoreQuery::new(Box::new(query), NAME_WEIGHT * feature.rarity)));
        }
    }
    let any: Box<dyn Query> = Box::new(BooleanQuery::union(any));
    if *tree == Tree::All {
        return Ok(any);
    }
    let bound = translator.translate(tree)?;
    let bound: Box<dyn Query> = Box::new(BoostQuery::new(bound, 0.0));
    Ok(Box::new(BooleanQuery::new(vec![(Occur::Must, any), (Occur::Must, bound)])))
}

/// An article with what it shares, marked in its passages.
fn hit(other: Record, likeness: f32, shared: &[Shared<'_>], snippets: usize) -> Hit {
    let mut listed: Vec<&Feature> = Vec::new();
    for ((field, _), feature, _) in shared {
        if listed.len() >= SHARED {
            break;
        }
        // A word of a name that is listed says nothing new, and a name takes the place of its words.
        let is_in = |known: &&Feature| known.form.split(' ').any(|word| word == feature.form);
        if listed.iter().any(|known| known.form == feature.form || is_in(known)) {
            continue;
        }
        if *field != "body" {
            let words: Vec<&str> = feature.form.split(' ').collect();
            listed.retain(|known| !words.contains(&known.form.as_str()));
        }
        listed.push(feature);
    }
    let listed = listed.into_iter().map(|feature| feature.written.clone()).collect();
    let marked: Vec<(Tree, f32)> = shared
        .iter()
        .take(MARKED)
        .map(|((field, _), feature, weight)| {
            let leaf = match *field {
                "body" => Tree::Word(Word {
                    spelling: Spelling::Plain,
                    ..Word::new(&feature.form, false, Scope::Anywhere, Span::default())
                }),
                _ => Tree::Name(Name {
                    field: field::named(field),
                    name: feature.written.clone(),
                    exact: false,
                    forms: Some(vec![feature.form.clone()]),
                    within: Vec::new(),
                    span: Span::default(),
                }),
            };
            (leaf, *weight)
        })
        .collect();
    let (leaves, weights): (Vec<Tree>, Vec<f32>) = marked.into_iter().unzip();
    let mut hit = answer::hit(&other, likeness, &Tree::Or(leaves), &weights, snippets);
    hit.shared = listed;
    hit
}
