//! What moves good hits up that the words' frequencies do not tell: words of the query in the headline or the opening, and
//! next to each other.
//!
//! Only the [`LOOKED_AT`] best hits are looked at, for positions have to be read. What is found is added to their
//! scores, so none of them falls behind one that was not looked at.

use super::collect::Scored;
use super::opened::Opened;
use super::postings::Forms;
use super::translate::Translator;
use crate::error::Result;
use crate::query::tree::{Phrase, Scope, Spelling, Tree, Word};
use crate::search::ScorePart;
use crate::text::positions::keep_followed;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, SegmentReader, Term};

/// Hits that are looked at. No one reads further, and ten times as many change no measure.
const LOOKED_AT: usize = 200;
/// Words at the beginning of a text that are its opening: news says there what it is about.
const OPENING: u32 = 40;
/// What a word in headline or opening counts, in parts of the weight of its rarity. Chosen on half of the headlines of a
/// news corpus as questions and half of Cranfield; from 0.4 to 0.8 little changes.
const OPENING_WEIGHT: f32 = 0.6;
/// What two neighbours of the query count that are neighbours in the text.
const ADJACENT_WEIGHT: f32 = 0.2;
/// What they count within [`NEAR`] words of each other, in any order.
const NEAR_WEIGHT: f32 = 0.1;
const NEAR: u32 = 8;
/// The saturation of frequencies, that of BM25.
const SATURATION: f32 = 1.2;
/// A word that stands for more forms than this is not looked at: a wildcard says little of what is meant.
const MOST_FORMS: usize = 100;

/// What the query asks for at places: a word, or a phrase.
struct Unit {
    written: String,
    /// The forms of each word.
    words: Vec<Vec<String>>,
    scope: Scope,
    /// How rare it is.
    rarity: f32,
    /// Whether it is one word, which can be a neighbour.
    single: bool,
}

/// What was added to a hit, and for what.
type Bonus = Vec<ScorePart>;

/// Adds to the scores of the best hits.
pub(super) fn raise(translator: &Translator<'_>, tree: &Tree, hits: &mut [Scored]) -> Result<()> {
    let units = units(translator, tree)?;
    if units.is_empty() || hits.len() < 2 {
        return Ok(());
    }
    let mut best: Vec<usize> = (0..hits.len()).collect();
    if best.len() > LOOKED_AT {
        let score = |at: &usize| hits.get(*at).map_or(0.0, |hit| hit.0);
        best.select_nth_unstable_by(LOOKED_AT - 1, |a, b| score(b).total_cmp(&score(a)).then(a.cmp(b)));
        // Hits that tie with the last one would be told apart by where they stand in the index.
        let last = best.get(LOOKED_AT - 1).map_or(0.0, score);
        let first = hits.iter().map(|hit| hit.0).fold(f32::MIN, f32::max);
        if first <= last {
            return Ok(());
        }
        best = (0..hits.len()).filter(|at| score(at) > last).collect();
    }
    best.sort_unstable();
    let addresses: Vec<DocAddress> = best.iter().filter_map(|at| hits.get(*at)).map(|hit| hit.1).collect();
    let bonuses = bonuses(translator.opened(), &units, &addresses)?;
    for (at, bonus) in best.into_iter().zip(bonuses) {
        if let Some(hit) = hits.get_mut(at) {
            hit.0 += bonus.iter().map(|part| part.value).sum::<f32>();
        }
    }
    Ok(())
}

/// What was, or would be, added to one hit.
pub(super) fn explain(translator: &Translator<'_>, tree: &Tree, address: DocAddress) -> Result<Bonus> {
    let units = units(translator, tree)?;
    Ok(bonuses(translator.opened(), &units, &[address])?.pop().unwrap_or_default())
}

/// The words and phrases of a query, from left to right.
fn units(translator: &Translator<'_>, tree: &Tree) -> Result<Vec<Unit>> {
    let mut units = Vec::new();
    for leaf in tree.positive() {
        let words = match leaf {
            Tree::Word(word) => std::slice::from_ref(word),
            Tree::Phrase(Phrase { words, .. }) => words.as_slice(),
            _ => continue,
        };
        let few = |word: &Word| {
            (1..=MOST_FORMS).contains(&word.forms.len()) && matches!(word.spelling, Spelling::Plain | Spelling::Family)
        };
        let Some(first) = words.first().filter(|_| words.iter().all(few)) else { continue };
        let mut rarity = 0.0;
        for word in words {
            let mut articles = 0;
            for form in &word.forms {
                articles += translator.frequency(&Term::from_field_text(translator.opened().fields.body, form))?;
            }
            rarity += translator.rarity(articles);
        }
        let written: Vec<&str> = words.iter().map(|word| word.written.as_str()).collect();
        units.push(Unit {
            written: written.join(" "),
            words: words.iter().map(|word| word.forms.clone()).collect(),
            scope: first.scope,
            rarity,
            single: words.len() == 1,
        });
    }
    Ok(units)
}

/// What is added to each hit; `addresses` are in the order of the index.
fn bonuses(opened: &Opened, units: &[Unit], addresses: &[DocAddress]) -> Result<Vec<Bonus>> {
    let failed = |error| opened.failed("reading the places of words in", error);
    let mut bonuses = Vec::with_capacity(addresses.len());
    let mut rest = addresses;
    while let Some(first) = rest.first() {
        let ordinal = first.segment_ord;
        let (here, others) = rest.split_at(rest.partition_point(|address| address.segment_ord == ordinal));
        rest = others;
        let segment = opened.searcher.segment_reader(ordinal);
        let fields = &opened.fields;
        let open = |field, scope: Scope, unit: &Unit| match unit.scope == Scope::Anywhere || unit.scope == scope {
            true => Places::open(segment, field, &unit.words),
            false => Ok(Places(Vec::new())),
        };
        let mut places: Vec<(Places, Places)> = Vec::with_capacity(units.len());
        for unit in units {
            let title = open(fields.title, Scope::Title, unit).map_err(failed)?;
            places.push((title, open(fields.body, Scope::Body, unit).map_err(failed)?));
        }
        let mut positions: Vec<Vec<u32>> = vec![Vec::new(); units.len()];
        let (mut in_title, mut buffer) = (Vec::new(), Vec::new());
        for address in here {
            let mut bonus = Bonus::new();
            let mut add = |what: String, value: f32| {
                if value > 0.0 {
                    bonus.push(ScorePart { what, value });
                }
            };
            for ((unit, (title, body)), positions) in units.iter().zip(&mut places).zip(&mut positions) {
                body.find(address.doc_id, positions, &mut buffer);
                title.find(address.doc_id, &mut in_title, &mut buffer);
                if !in_title.is_empty() || positions.first().is_some_and(|first| *first < OPENING) {
                    add(format!("{} in headline or opening", unit.written), OPENING_WEIGHT * unit.rarity);
                }
            }
            for (pair, positions) in units.windows(2).zip(positions.windows(2)) {
                let ([one, other], [left, right]) = (pair, positions) else { continue };
                if !one.single || !other.single || one.words == other.words {
                    continue;
                }
                let (adjacent, near) = neighbours(left, right);
                let rarity = one.rarity.min(other.rarity);
                let value = ADJACENT_WEIGHT * saturated(adjacent) + NEAR_WEIGHT * saturated(near);
                add(format!("{} near {}", one.written, other.written), value * rarity);
            }
            bonuses.push(bonus);
        }
    }
    Ok(bonuses)
}

fn saturated(count: usize) -> f32 {
    let count = count as f32;
    count * (SATURATION + 1.0) / (count + SATURATION)
}

/// How many of `left` have one of `right` right behind them, and how many have one within [`NEAR`] words.
fn neighbours(left: &[u32], right: &[u32]) -> (usize, usize) {
    let (mut adjacent, mut near) = (0, 0);
    for position in left {
        let from = right.partition_point(|other| other + NEAR < *position);
        let mut others = right.iter().skip(from).take_while(|other| **other <= position + NEAR);
        near += usize::from(others.any(|other| other != position));
        adjacent += usize::from(right.binary_search(&(position + 1)).is_ok());
    }
    (adjacent, near)
}

/// The postings of a word or phrase in one field of a segment.
struct Places(Vec<Forms>);

impl Places {
    fn open(segment: &SegmentReader, field: Field, words: &[Vec<String>]) -> tantivy::Result<Places> {
        let index = segment.inverted_index(field)?;
        let mut each = Vec::with_capacity(words.len());
        for forms in words {
            let mut lists = Vec::with_capacity(forms.len());
            for form in forms {
                let term = Term::from_field_text(field, form);
                lists.extend(index.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?);
            }
            each.push(Forms::new(lists));
        }
        Ok(Places(each))
    }

    /// The positions of the first word wherever all follow it, in one document; documents must be asked in order.
    fn find(&mut self, doc: u32, out: &mut Vec<u32>, buffer: &mut Vec<u32>) {
        out.clear();
        for (offset, forms) in (0u32..).zip(&mut self.0) {
            if forms.seek(doc) != doc {
                out.clear();
                return;
            }
            if offset == 0 {
                forms.positions(out);
            } else {
                forms.positions(buffer);
                keep_followed(out, buffer, offset);
            }
        }
    }
}
