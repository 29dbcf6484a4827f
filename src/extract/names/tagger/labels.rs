//! The labels of words: outside a name, or beginning, inside, last or only word of a name of some kind.

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::extract) enum Kind {
    /// A person.
    Person,
    /// An organisation.
    Organisation,
    /// A place.
    Place,
}

impl Kind {
    /// All kinds, in the order of their labels.
    pub(in crate::extract) const ALL: [Kind; 3] = [Kind::Person, Kind::Organisation, Kind::Place];

    /// Its place in [`Kind::ALL`].
    #[cfg(any(feature = "train", test))]
    pub(in crate::extract) fn number(self) -> usize {
        match self {
            Kind::Person => 0,
            Kind::Organisation => 1,
            Kind::Place => 2,
        }
    }
}

/// A label: 0 is outside, then four for each kind.
pub(in crate::extract) type Label = u8;

/// How many labels there are.
pub(in crate::extract) const LABELS: usize = 13;
/// Outside a name.
pub(in crate::extract) const OUTSIDE: Label = 0;

/// Where in a name a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Begin = 0,
    Inside = 1,
    Last = 2,
    Only = 3,
}

fn split(label: Label) -> Option<(usize, Place)> {
    let label = usize::from(label.checked_sub(1)?);
    let place = match label % 4 {
        0 => Place::Begin,
        1 => Place::Inside,
        2 => Place::Last,
        _ => Place::Only,
    };
    Some((label / 4, place))
}

/// The kind that a label is of; 0 for outside, else one more than the number of the kind.
pub(in crate::extract) fn kind_number(label: Label) -> u32 {
    split(label).map_or(0, |(kind, _)| kind as u32 + 1)
}

/// Whether a name has no word but this.
pub(in crate::extract) fn is_only(label: Label) -> bool {
    matches!(split(label), Some((_, Place::Only)))
}

/// Whether `next` may follow `label`; [`OUTSIDE`] stands before and after a piece.
pub(in crate::extract) fn may_follow(label: Label, next: Label) -> bool {
    let open = match split(label) {
        Some((kind, Place::Begin | Place::Inside)) => Some(kind),
        _ => None,
    };
    match (open, split(next)) {
        (Some(kind), Some((other, Place::Inside | Place::Last))) => kind == other,
        (Some(_), _) => false,
        (None, None | Some((_, Place::Begin | Place::Only))) => true,
        (None, _) => false,
    }
}

/// The labels of a name of `length` words.
#[cfg(any(feature = "train", test))]
pub(in crate::extract) fn of(kind: Kind, length: usize) -> impl Iterator<Item = Label> {
    let base = 1 + 4 * kind.number() as u8;
    (0..length).map(move |at| {
        base + match (at, at + 1 == length) {
            (0, true) => Place::Only as u8,
            (0, false) => Place::Begin as u8,
            (_, true) => Place::Last as u8,
            _ => Place::Inside as u8,
        }
    })
}

/// Calls `found` with the first word, the last word and the kind of every name in `labels`, which fit each other.
pub(in crate::extract) fn runs(labels: &[Label], mut found: impl FnMut(usize, usize, Kind)) {
    let mut first = 0;
    for (at, label) in labels.iter().enumerate() {
        let Some((kind, place)) = split(*label) else { continue };
        let Some(kind) = Kind::ALL.get(kind).copied() else { continue };
        match place {
            Place::Begin => first = at,
            Place::Inside => {}
            Place::Last => found(first, at, kind),
            Place::Only => found(at, at, kind),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_to_labels_and_back() {
        let mut labels = vec![OUTSIDE];
        labels.extend(of(Kind::Organisation, 3));
        labels.extend(of(Kind::Place, 1));
        labels.extend(of(Kind::Person, 2));
        assert!(labels.windows(2).all(|pair| may_follow(pair[0], pair[1])), "{labels:?}");
        let mut found = Vec::new();
        runs(&labels, |first, last, kind| found.push((first, last, kind)));
        assert_eq!(found, [(1, 3, Kind::Organisation), (4, 4, Kind::Place), (5, 6, Kind::Person)]);
        assert!(labels.iter().all(|label| usize::from(*label) < LABELS));
    }

    #[test]
    fn a_name_ends_as_the_kind_it_began() {
        let begin = of(Kind::Person, 2).next().unwrap();
        let last = of(Kind::Place, 2).nth(1).unwrap();
        assert!(!may_follow(begin, last) && !may_follow(begin, OUTSIDE) && !may_follow(OUTSIDE, last));
        assert_eq!((kind_number(begin), kind_number(OUTSIDE)), (1, 0));
    }
}
