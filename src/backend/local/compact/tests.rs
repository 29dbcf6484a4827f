//! What was found comes back whole, whatever it is, and wrong bytes are told.

use super::*;
use crate::extract::{Page, extract};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

fn article() -> Article {
    Article {
        title: Some("Putin visits Pyongyang on Wednesday".into()),
        text: "PYONGYANG, June 19 (Reuters) - Russian President Vladimir Putin met Kim Jong-un on Wednesday, 19 June \
               2024. Mr Putin last visited North Korea in 2000. The United Nations (UN) and Nato were told on 19 June \
               2024. Mr. Putin flew on to Hanoi, Vietnam, early next week; in the 1990s Ms Sofía Müller was there."
            .into(),
        ..Article::default()
    }
}

fn found(article: &Article) -> Found {
    extract(&Page::new(article, "2024-06-20".parse().ok()))
}

#[test]
fn what_was_found_comes_back_whole_and_is_small() {
    let article = article();
    let found = found(&article);
    assert!(found.mentions.len() > 8, "{found:?}");
    let bytes = pack(&found, &article);
    assert_eq!(bytes[0], PACKED);
    assert_eq!(unpack(&bytes, &article).as_ref(), Some(&found));
    assert!(bytes.len() < 16 * found.mentions.len(), "{} bytes, {} mentions", bytes.len(), found.mentions.len());
    assert_eq!(pack(&Found::default(), &article), Vec::<u8>::new());
    assert_eq!(unpack(&[], &article), Some(Found::default()));
}

/// The texts below a folder.
fn texts(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() { texts(&path, out) } else { out.push(path) }
    }
}

#[test]
fn nothing_of_the_sample_corpus_is_kept_as_json() {
    let mut paths = Vec::new();
    texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_corpus"), &mut paths);
    let (mut articles, mut mentions, mut size) = (0, 0, 0);
    for path in paths {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let article = Article { text, title: Some("London, 3 May".into()), ..Article::default() };
        let found = found(&article);
        let bytes = pack(&found, &article);
        assert_eq!(unpack(&bytes, &article).as_ref(), Some(&found), "{path:?}");
        if !found.mentions.is_empty() {
            assert_eq!(bytes[0], PACKED, "{path:?}");
            articles += 1;
        }
        mentions += found.mentions.len();
        size += bytes.len();
    }
    assert!(articles > 50 && mentions > 500, "{articles} {mentions}");
    assert!(size < 16 * mentions, "{size} bytes for {mentions} mentions");
}

/// Mentions anywhere in a text, and lists that need not be what they tell.
fn any_found() -> impl Strategy<Value = Found> {
    let name = proptest::sample::select(&["Putin", "Vladimir Putin", "Mr Putin", "Seoul", "x", "Österreich"][..]);
    let timex = (0..4usize, 0..3usize, 700_000..740_000i64, 0..800i64, any::<u8>());
    let mention = (0..5usize, any::<bool>(), 0..400usize, 0..30usize, name.clone(), timex, any::<u8>());
    let list = proptest::collection::vec((name, 0..5u32, any::<u8>()), 0..4);
    let lists = (list.clone(), list.clone(), list.clone(), list);
    (proptest::collection::vec(mention, 0..40), lists, any::<bool>()).prop_map(|(mentions, lists, told)| {
        let article = article();
        let mut found = Found::default();
        for (kind, title, start, length, name, (sort, status, first, length_of, form), there) in mentions {
            let part = if title { Part::Title } else { Part::Body };
            let text = text_of(&article, part);
            let start = text.floor_char_boundary(start.min(text.len()));
            let span = Span::new(start, text.ceil_char_boundary((start + length).min(text.len())));
            let kind = KINDS[kind];
            let place = matches!(kind, MentionKind::Place | MentionKind::Demonym);
            let day_of = |number| day(number).unwrap();
            let whole = PERIODS.get(usize::from(form % 5)).and_then(|one| period(*one, day_of(first)));
            let (value, last) = whole.unwrap_or(("P3D".into(), day_of(first + length_of)));
            let days = form & 8 == 0;
            let timex = Timex {
                kind: TIMEX_KINDS[sort],
                status: STATUSES[status],
                value,
                first: days.then(|| day_of(first)),
                last: (days && form & 0x70 != 0).then_some(last),
            };
            let date = kind == MentionKind::Date;
            found.mentions.push(Mention {
                kind,
                part,
                span,
                name: if there & 1 == 1 { span.of(text).to_owned() } else { name.to_owned() },
                country: (place && there & 2 == 2).then(|| "KR".to_owned()),
                region: (place && there & 4 == 4).then(|| "Seoul".to_owned()),
                point: (place && there & 8 == 8).then_some((37.57, 126.98)),
                timex: date.then_some(timex),
            });
        }
        found.mentions.sort_by_key(|mention| (mention.part, mention.span, mention.kind));
        if told {
            return found;
        }
        let named = |list: Vec<(&str, u32, u8)>| -> Vec<Named> {
            let also = |more: u8| if more & 1 == 1 { vec!["Mr Putin".to_owned()] } else { Vec::new() };
            list.into_iter()
                .map(|(name, count, more)| Named { name: name.to_owned(), count, also: also(more) })
                .collect()
        };
        let (people, organisations, places, countries) = lists;
        found.people = named(people);
        found.organisations = named(organisations);
        found.places = places
            .into_iter()
            .map(|(name, count, _)| Placed { name: name.to_owned(), count, ..Placed::default() })
            .collect();
        found.countries = countries
            .into_iter()
            .map(|(_, count, more)| CountryCount {
                code: "KR".into(),
                name: "South Korea".into(),
                count,
                about: more & 1 == 1,
            })
            .collect();
        found
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn anything_comes_back_whole(found in any_found()) {
        let article = article();
        prop_assert_eq!(unpack(&pack(&found, &article), &article), Some(found));
    }

    #[test]
    fn damaged_bytes_end_quietly(change in any::<u8>(), at in 0..200usize, end in 0..300usize) {
        let article = article();
        let mut bytes = pack(&found(&article), &article);
        let length = bytes.len();
        bytes[at % length] ^= change;
        bytes.truncate(end);
        // Whatever it gives, its spans are in the text.
        for mention in unpack(&bytes, &article).unwrap_or_default().mentions {
            prop_assert!(text_of(&article, mention.part).get(mention.span.start..mention.span.end).is_some());
        }
    }
}
