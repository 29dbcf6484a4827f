//! What became of an answer: two records of one search compared.

use super::record::{Forms, Record};
use crate::search::Stamp;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// What is another than it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Articles that match now and did not, in the order of now.
    pub new: Vec<Stamp>,
    /// Articles that match with other contents, in the order of now.
    pub changed: Vec<Stamp>,
    /// Articles that matched and do not, in the order of then.
    pub gone: Vec<Stamp>,
    /// Whether the same articles stand in another order.
    pub reordered: bool,
    /// Words that stand for other forms.
    pub forms: Vec<OtherForms>,
    /// Articles of the index, then and now.
    pub articles: (usize, usize),
    /// Whether the index is just as it was.
    pub same_index: bool,
    /// The versions of the program, then and now, where they differ.
    pub versions: Option<(String, String)>,
}

/// A word whose forms differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OtherForms {
    /// As written in the query.
    pub written: String,
    /// Forms that are met now only.
    pub more: Vec<String>,
    /// Forms that were met then only.
    pub fewer: Vec<String>,
}

impl Changes {
    /// Whether the answer is the one that it was: the same articles with the same contents.
    pub fn same_answer(&self) -> bool {
        self.new.is_empty() && self.changed.is_empty() && self.gone.is_empty()
    }
}

/// Compares the answer of then with that of now.
pub fn compare(then: &Record, now: &Record) -> Changes {
    let known: FxHashMap<&str, u32> = then.hits.iter().map(|hit| (hit.id.as_str(), hit.hash)).collect();
    let present: FxHashMap<&str, u32> = now.hits.iter().map(|hit| (hit.id.as_str(), hit.hash)).collect();
    let mut changes = Changes {
        articles: (then.index.fingerprint.articles, now.index.fingerprint.articles),
        same_index: then.index.fingerprint == now.index.fingerprint,
        versions: (then.version != now.version).then(|| (then.version.clone(), now.version.clone())),
        forms: forms(&then.expansions, &now.expansions),
        ..Changes::default()
    };
    for hit in &now.hits {
        match known.get(hit.id.as_str()) {
            None => changes.new.push(hit.clone()),
            Some(hash) if *hash != hit.hash => changes.changed.push(hit.clone()),
            Some(_) => {}
        }
    }
    changes.gone.extend(then.hits.iter().filter(|hit| !present.contains_key(hit.id.as_str())).cloned());
    let ids = |record: &'_ Record| record.hits.iter().map(|hit| hit.id.clone()).collect::<Vec<_>>();
    changes.reordered = changes.new.is_empty() && changes.gone.is_empty() && ids(then) != ids(now);
    changes
}

/// Words whose forms that were met differ, in the order in which they were asked for.
fn forms(then: &[Forms], now: &[Forms]) -> Vec<OtherForms> {
    let (before, after) = (met(then), met(now));
    let (mut out, none) = (Vec::new(), BTreeSet::new());
    let mut told = FxHashSet::default();
    for Forms { written, .. } in then.iter().chain(now) {
        let before = before.get(written.as_str()).unwrap_or(&none);
        let after = after.get(written.as_str()).unwrap_or(&none);
        if before != after && told.insert(written) {
            let names = |forms: BTreeSet<&str>| forms.into_iter().map(str::to_owned).collect();
            let (more, fewer) = (names(after - before), names(before - after));
            out.push(OtherForms { written: written.clone(), more, fewer });
        }
    }
    out
}

/// The forms under which each word was met.
type Met<'a> = FxHashMap<&'a str, BTreeSet<&'a str>>;

fn met(list: &[Forms]) -> Met<'_> {
    let mut met = Met::default();
    for Forms { written, forms, inside } in list {
        let counted = forms.iter().chain(inside).filter(|(_, count)| *count > 0);
        met.entry(written.as_str()).or_default().extend(counted.map(|(form, _)| form.as_str()));
    }
    met
}

#[cfg(test)]
mod tests {
    use super::super::record::tests::sample;
    use super::*;

    fn stamp(id: &str, hash: u32) -> Stamp {
        Stamp { id: id.into(), hash }
    }

    fn with(hits: &[(&str, u32)]) -> Record {
        Record { hits: hits.iter().map(|(id, hash)| stamp(id, *hash)).collect(), ..sample() }
    }

    #[test]
    fn nothing_changes_by_itself() {
        let changes = compare(&sample(), &sample());
        assert!(changes.same_answer() && changes.same_index && !changes.reordered);
        assert_eq!((changes.forms, changes.versions), (Vec::new(), None));
    }

    #[test]
    fn articles_come_change_and_go() {
        let then = with(&[("a", 1), ("b", 1), ("c", 1)]);
        let changes = compare(&then, &with(&[("d", 1), ("c", 2), ("a", 1)]));
        assert_eq!(changes.new, [stamp("d", 1)]);
        assert_eq!(changes.changed, [stamp("c", 2)]);
        assert_eq!(changes.gone, [stamp("b", 1)]);
        assert!(!changes.same_answer() && !changes.reordered);
        let changes = compare(&then, &with(&[("c", 1), ("b", 1), ("a", 1)]));
        assert!(changes.same_answer() && changes.reordered);
    }

    #[test]
    fn what_the_answer_rests_on_is_compared() {
        let mut now = sample();
        now.version = "0.2.0".into();
        now.index.fingerprint.articles += 10;
        now.expansions[0].forms = vec![("defence".into(), 600), ("defense".into(), 0), ("defences".into(), 1)];
        let changes = compare(&sample(), &now);
        assert_eq!(changes.versions, Some(("0.1.0".into(), "0.2.0".into())));
        assert_eq!((changes.articles, changes.same_index), ((12_345, 12_355), false));
        let expected =
            OtherForms { written: "defence".into(), more: vec!["defences".into()], fewer: vec!["defense".into()] };
        assert_eq!(changes.forms, [expected]);
    }
}
