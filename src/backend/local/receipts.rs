//! What makes an answer trustworthy: under which forms each word was met and how often.

use super::collect;
use super::opened::Opened;
use super::translate::{Translator, fields_of};
use super::valued::Wanted;
use crate::error::Result;
use crate::places;
use crate::query::spans::Leaf;
use crate::query::tree::{Name, Near, Place, Tree, Value, Word};
use crate::search::{Expansion, FormCount, Inside};
use tantivy::query::{EnableScoring, Query};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, TERMINATED, Term};

/// A set of hits, for asking of any document whether it is one.
pub(super) struct Hits {
    /// A bit for each document of each segment.
    segments: Vec<Vec<u64>>,
}

impl Hits {
    pub(super) fn new(opened: &Opened, hits: &[collect::Scored]) -> Hits {
        let mut set = Hits::none(opened);
        for (_, address) in hits {
            if let Some(word) = set.segments.get_mut(address.segment_ord as usize) {
                word[address.doc_id as usize / 64] |= 1 << (address.doc_id % 64);
            }
        }
        set
    }

    /// Without any.
    fn none(opened: &Opened) -> Hits {
        let readers = opened.searcher.segment_readers().iter();
        Hits { segments: readers.map(|segment| vec![0; segment.max_doc() as usize / 64 + 1]).collect() }
    }

    /// Every hit of `query`. Of a million, a list of them would take longer to write than all else that is counted.
    pub(super) fn of_query(opened: &Opened, query: &dyn Query) -> Result<Hits> {
        let failed = |error| opened.failed("searching", error);
        let mut set = Hits::none(opened);
        let weight = query.weight(EnableScoring::disabled_from_searcher(&opened.searcher)).map_err(failed)?;
        for (segment, words) in opened.searcher.segment_readers().iter().zip(&mut set.segments) {
            let mut scorer = weight.scorer(segment, 1.0).map_err(failed)?;
            let mut watch = opened.deadline.watch();
            let mut doc = scorer.doc();
            while doc != TERMINATED && !watch.is_over() {
                if !segment.is_deleted(doc) {
                    words[doc as usize / 64] |= 1 << (doc % 64);
                }
                doc = scorer.advance();
            }
        }
        Ok(set)
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.segments.iter().flatten().map(|word| word.count_ones() as usize).sum()
    }

    /// A bit for each document of a segment, 64 a word.
    pub(super) fn words(&self, segment: usize) -> &[u64] {
        self.segments.get(segment).map_or(&[], Vec::as_slice)
    }

    /// The hits of a segment.
    pub(super) fn of(&self, segment: usize) -> impl Iterator<Item = u32> {
        (0u32..)
            .step_by(64)
            .zip(self.words(segment))
            .flat_map(|(first, word)| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| first + bit))
    }

    /// Whether a document of a segment is one.
    pub(super) fn has(&self, segment: usize, doc: u32) -> bool {
        self.segments[segment][doc as usize / 64] >> (doc % 64) & 1 == 1
    }
}

/// The forms of every word and name that the query asks for, with the hits that have each.
pub(super) fn expansions(
    translator: &Translator<'_>,
    opened: &Opened,
    tree: &Tree,
    hits: &Hits,
) -> Result<Vec<Expansion>> {
    let mut expansions: Vec<Expansion> = Vec::new();
    let mut add = |expansion: Expansion| {
        if !expansions.iter().any(|known| known.written == expansion.written) {
            expansions.push(expansion);
        }
    };
    for leaf in tree.positive() {
        match leaf {
            Tree::Word(word) => add(word_forms(opened, word, hits)?),
            Tree::Phrase(phrase) => {
                for word in &phrase.words {
                    add(word_forms(opened, word, hits)?);
                }
            }
            Tree::Spans(spans) | Tree::AtLeast(_, spans) => {
                for leaf in spans.leaves() {
                    match leaf {
                        Leaf::Word(word) => add(word_forms(opened, word, hits)?),
                        Leaf::Mention(Tree::Name(name)) => add(name_forms(translator, opened, name, hits)?),
                        Leaf::Slot(_) | Leaf::Mention(_) => {}
                    }
                }
            }
            Tree::Name(name) => add(name_forms(translator, opened, name, hits)?),
            Tree::Near(near) => near_forms(opened, near, leaf, hits)?.into_iter().for_each(&mut add),
            Tree::Value(value) if !value.also.is_empty() => {
                value_forms(opened, value, hits)?.into_iter().for_each(&mut add)
            }
            _ => {}
        }
    }
    Ok(expansions)
}

/// What a name that was asked for is worth in a passage.
const NAME_WEIGHT: f32 = 1.0;
/// What a country or a day that was asked for is worth.
const VALUE_WEIGHT: f32 = 0.05;

/// How much each leaf of the tree is worth in a passage: rare words more, by the logarithm of how few hits have them.
pub(super) fn weights(expansions: &[Expansion], tree: &Tree, hits: usize) -> Vec<f32> {
    let having = |written: &str| {
        let known = expansions.iter().find(|expansion| expansion.written == written);
        known.map_or(0, |expansion| expansion.forms.iter().map(|form| form.count).sum())
    };
    let rarity = |written: &str| (1.0 + hits as f32 / (1.0 + having(written) as f32)).ln();
    let weight = |leaf: &Tree| match leaf {
        Tree::Word(word) => rarity(&word.shown()),
        Tree::Phrase(phrase) => phrase.words.iter().map(|word| rarity(&word.shown())).sum(),
        Tree::Spans(spans) | Tree::AtLeast(_, spans) => {
            let words = spans.leaves().into_iter().map(|leaf| match leaf {
                Leaf::Word(word) => rarity(&word.shown()),
                Leaf::Slot(_) | Leaf::Mention(_) => NAME_WEIGHT,
            });
            words.sum()
        }
        Tree::Name(_) | Tree::Near(_) => NAME_WEIGHT,
        // Every second sentence may name a country or a day: they decide only where nothing else does.
        _ => VALUE_WEIGHT,
    };
    tree.positive().into_iter().map(weight).collect()
}

fn word_forms(opened: &Opened, word: &Word, hits: &Hits) -> Result<Expansion> {
    let fields = fields_of(opened, word.scope);
    let mut forms = Vec::with_capacity(word.forms.len());
    for form in &word.forms {
        forms.push(FormCount { form: form.clone(), count: having(opened, &fields, form, hits)? });
    }
    Ok(Expansion { written: word.shown(), forms, inside: Vec::new() })
}

fn name_forms(translator: &Translator<'_>, opened: &Opened, name: &Name, hits: &Hits) -> Result<Expansion> {
    let mut forms = Vec::new();
    if let Some(field) = opened.fields.of(name.field.name) {
        for form in translator.names(name)? {
            let count = having(opened, &[field], &form, hits)?;
            if count > 0 {
                forms.push(FormCount { form, count });
            }
        }
    }
    forms.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.form.cmp(&b.form)));
    let inside = inside(opened, &name.within, |_| None, hits)?;
    Ok(Expansion { written: format!("{}:{}", name.field.name, name.name), forms, inside })
}

/// The places around one.
fn near_forms(opened: &Opened, near: &Near, leaf: &Tree, hits: &Hits) -> Result<Option<Expansion>> {
    let Some(around) = &near.around else { return Ok(None) };
    let inside = inside(opened, &around.places, |at| around.km.get(at).copied(), hits)?;
    Ok(Some(Expansion { written: leaf.to_string(), forms: Vec::new(), inside }))
}

/// A country and the states that it succeeded, where any hit has one of those.
fn value_forms(opened: &Opened, value: &Value, hits: &Hits) -> Result<Option<Expansion>> {
    let mut forms = Vec::new();
    for code in value.all() {
        if let Some(field) = opened.fields.of(value.field.name) {
            let form = places::country_name(code).unwrap_or(code).to_owned();
            forms.push(FormCount { form, count: having(opened, &[field], code, hits)? });
        }
    }
    let met = forms.iter().skip(1).any(|form| form.count > 0);
    let written = format!("{}:{}", value.field.name, value.value);
    Ok(met.then(|| Expansion { written, forms, inside: Vec::new() }))
}

/// Places with the hits that name each, most hits first; those that no hit names are left out.
fn inside(
    opened: &Opened,
    places: &[Place],
    distance: impl Fn(usize) -> Option<f64>,
    hits: &Hits,
) -> Result<Vec<Inside>> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let counts = Wanted::new(places).counts(opened, hits)?;
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let counted = places.iter().zip(counts).enumerate().filter(|(_, (_, count))| *count > 0);
    let mut inside: Vec<Inside> = counted
        .map(|(at, (place, count))| Inside {
            name: place.name.clone(),
            country: some(&place.country),
            region: some(&place.region),
            km: distance(at).map(|km| km.round() as u32),
            count,
        })
        .collect();
    inside.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.km.cmp(&b.km)).then_with(|| a.name.cmp(&b.name)));
    Ok(inside)
}

/// How many hits have a term in any of these fields.
fn having(opened: &Opened, fields: &[Field], form: &str, hits: &Hits) -> Result<usize> {
    let failed = |error| opened.failed("counting forms in", error);
    let mut count = 0;
    for (ordinal, segment) in opened.searcher.segment_readers().iter().enumerate() {
        let mut seen = Vec::new();
        for field in fields {
            let term = Term::from_field_text(*field, form);
            let terms = segment.inverted_index(*field).map_err(failed)?;
            let postings =
                terms.read_postings(&term, IndexRecordOption::Basic).map_err(|error| failed(error.into()))?;
            let Some(mut postings) = postings else { continue };
            let mut doc = postings.doc();
            while doc != TERMINATED {
                if hits.has(ordinal, doc) {
                    seen.push(doc);
                }
                doc = postings.advance();
            }
        }
        if fields.len() > 1 {
            seen.sort_unstable();
            seen.dedup();
        }
        count += seen.len();
    }
    Ok(count)
}
