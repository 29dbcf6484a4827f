//! Who or what the slots of a question hold, counted over all hits.

use super::opened::Opened;
use crate::backend::Record;
use crate::names;
use crate::names::identity::Identity;
use crate::places;
use crate::query::matcher::{self, View};
use crate::query::spans::SlotKind;
use crate::query::tree::Tree;
use crate::search::FacetValue;
use crate::text::Words;
use rustc_hash::{FxHashMap, FxHashSet};

/// The spellings of one value, with the articles that have each.
type Spellings = FxHashMap<String, usize>;

/// For each value the articles that have it, and its spellings.
type Values = FxHashMap<String, (usize, Spellings)>;

/// Counts what slots hold, article by article.
pub(super) struct Held<'a> {
    tree: &'a Tree,
    opened: &'a Opened,
    /// For each slot its kind and its values.
    slots: Vec<(SlotKind, Values)>,
}

impl<'a> Held<'a> {
    /// Nothing counted yet.
    pub(super) fn new(tree: &'a Tree, opened: &'a Opened) -> Held<'a> {
        Held { tree, opened, slots: Vec::new() }
    }

    /// Counts one article.
    pub(super) fn add(&mut self, record: &Record) {
        let title = Words::new(record.article.title.as_deref().unwrap_or(""));
        let body = Words::new(&record.article.text);
        let view = View::new(&record.article, &title, &body, &record.found);
        let mut seen: FxHashSet<(usize, String)> = FxHashSet::default();
        for (number, slot, value) in matcher::held(self.tree, &view) {
            let key = match field(slot.kind) {
                Some(field) => Identity::new(field, &self.opened.corrections).entity(&names::key(&value)).to_string(),
                None => value.clone(),
            };
            while self.slots.len() <= number {
                self.slots.push((slot.kind, FxHashMap::default()));
            }
            let Some((kind, values)) = self.slots.get_mut(number) else { continue };
            *kind = slot.kind;
            let known = values.entry(key.clone()).or_default();
            *known.1.entry(value).or_default() += 1;
            if seen.insert((number, key)) {
                known.0 += 1;
            }
        }
    }

    /// For each slot its name, with its number where there are several, and the values, most articles first.
    pub(super) fn finish(self) -> Vec<(String, Vec<FacetValue>)> {
        let several = self.slots.len() > 1;
        let lists = self.slots.into_iter().enumerate().map(|(number, (kind, values))| {
            let mut values: Vec<FacetValue> = values
                .into_values()
                .filter_map(|(count, spellings)| {
                    let (value, _) = spellings.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)))?;
                    let label = match kind {
                        SlotKind::Country => places::country_name(&value).unwrap_or(&value).to_owned(),
                        _ => value.clone(),
                    };
                    Some(FacetValue { value, label, count, ..FacetValue::default() })
                })
                .collect();
            values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
            let name = if several { format!("@{} {}", kind.name(), number + 1) } else { format!("@{}", kind.name()) };
            (name, values)
        });
        lists.collect()
    }
}

/// The field whose names a slot holds.
fn field(kind: SlotKind) -> Option<&'static str> {
    match kind {
        SlotKind::Person => Some("person"),
        SlotKind::Org => Some("org"),
        SlotKind::Place => Some("place"),
        SlotKind::Country | SlotKind::Date | SlotKind::Number => None,
    }
}
