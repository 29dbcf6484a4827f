//! What was found in an article, small: most of an index is what is stored of its articles.
//!
//! A mention is three bytes for the most part: its kind and which of the things of that kind it names, how many words
//! with a capital or a figure lie between it and the one before, its length. What is named stands where it is named first:
//! a name that is the text there is not kept a second time, a place is the same bytes in every article, so that the
//! store's compression finds it again, a date is a distance from the day of publication. What a count of the mentions
//! tells is not kept.
//!
//! What does not come back as it was is kept as JSON, so nothing has to fit.

mod values;

use super::details::period;
use super::packed::{Bytes, put, put_signed, put_text};
use super::schema::{day, day_number};
use crate::article::{
    Article, CountryCount, DateCount, Found, Mention, MentionKind, Named, Part, Placed, Precision, Timex, TimexKind,
    TimexStatus,
};
use crate::places;
use crate::text::Span;
use chrono::NaiveDate;
use rustc_hash::FxHashMap;
use std::iter::Peekable;

/// The byte before what is JSON, and before what is not.
const JSON: u8 = 1;
const PACKED: u8 = 0;

const KINDS: [MentionKind; 5] =
    [MentionKind::Person, MentionKind::Organisation, MentionKind::Place, MentionKind::Demonym, MentionKind::Date];
const TIMEX_KINDS: [TimexKind; 4] = [TimexKind::Date, TimexKind::Time, TimexKind::Duration, TimexKind::Set];
const STATUSES: [TimexStatus; 3] = [TimexStatus::Explicit, TimexStatus::Resolved, TimexStatus::Vague];
const PERIODS: [Precision; 3] = [Precision::Year, Precision::Month, Precision::Day];

/// What a mention names: something new, one of the last that were named, or any by its number.
const NEW: usize = 0;
const RECENT: usize = 14;
const NUMBERED: usize = RECENT + 1;

/// What the bytes of a date say besides type and status: a year, month or day; any value with both its days; any value;
/// a week, quarter or decade.
const BETWEEN: usize = 3;
const VALUE: usize = 4;
const LONGER: usize = 5;

/// What was found in an article.
pub(super) fn pack(found: &Found, article: &Article) -> Vec<u8> {
    if *found == Found::default() {
        return Vec::new();
    }
    let mut bytes = vec![PACKED];
    if write(found, article, &mut bytes).is_some() && unpack(&bytes, article).is_some_and(|back| back == *found) {
        return bytes;
    }
    let mut bytes = vec![JSON];
    bytes.extend(serde_json::to_vec(found).unwrap_or_default());
    bytes
}

/// The reverse of [`pack`] with the same article; none where the bytes make no sense.
pub(super) fn unpack(bytes: &[u8], article: &Article) -> Option<Found> {
    match bytes.split_first() {
        None => Some(Found::default()),
        Some((&JSON, json)) => serde_json::from_slice(json).ok(),
        Some((_, packed)) => read(&mut Bytes(packed), article),
    }
}

fn write(found: &Found, article: &Article, out: &mut Vec<u8>) -> Option<()> {
    let anchor = anchor(article);
    let titles = found.mentions.iter().take_while(|mention| mention.part == Part::Title).count();
    put(out, found.mentions.len());
    put(out, titles);
    let mut table = Table::default();
    let mut numbers: FxHashMap<Key<'_>, usize> = FxHashMap::default();
    for (part, count) in [(Part::Title, titles), (Part::Body, found.mentions.len() - titles)] {
        let text = text_of(article, part);
        let mut ahead = starts(text).peekable();
        let mut last = 0;
        for mention in found.mentions.iter().skip(table.named.len()).take(count) {
            let kind = KINDS.iter().position(|kind| *kind == mention.kind)?;
            let words = text.get(mention.span.start..mention.span.end)?;
            let next = table.entries.len();
            let number = *numbers.entry(Key::of(mention)).or_insert(next);
            let how = if number == next { NEW } else { table.rank(kind, number) };
            out.push((kind << 4 | how) as u8);
            if how == NUMBERED {
                put(out, number);
            }
            let passed = pass(&mut ahead, mention.span.start);
            if ahead.next_if_eq(&mention.span.start).is_some() {
                put(out, passed + 1);
            } else {
                put(out, 0);
                put_signed(out, mention.span.start as i64 - last as i64);
            }
            let again = how != NEW && table.lengths.get(number) == Some(&words.len());
            put(out, if again { 0 } else { words.len() + 1 });
            if how == NEW {
                put_entry(out, mention, words, anchor)?;
            }
            table.note(kind, number, words.len());
            last = mention.span.start;
        }
    }
    let told = Told::of(&table, &found.mentions, article);
    for (list, told, kind) in [
        (&found.people, &told.people, MentionKind::Person),
        (&found.organisations, &told.organisations, MentionKind::Organisation),
    ] {
        let numbered = |one: &Named| Some((*numbers.get(&Key::Name(kind, &one.name))?, one.count));
        let listed = list.iter().map(numbered).collect::<Option<Vec<_>>>()?;
        put_list(out, &listed, told);
    }
    // Which names have other forms than their mentions tell, each as how many have not since the one before.
    let mut passed = 1;
    for (list, kind) in [(&found.people, MentionKind::Person), (&found.organisations, MentionKind::Organisation)] {
        for one in list {
            let number = *numbers.get(&Key::Name(kind, &one.name))?;
            let places = told.forms.get(number)?;
            if told_forms(&one.name, places, article) == one.also {
                passed += 1;
            } else {
                put(out, passed);
                put_forms(out, &one.also, places, article);
                passed = 1;
            }
        }
    }
    put(out, 0);
    let listed = found.places.iter().map(|place| {
        let Placed { name, country, region, point, count } = place;
        let key = Key::Place(MentionKind::Place, name, country.as_deref(), region.as_deref(), point.map(bits));
        Some((*numbers.get(&key)?, *count))
    });
    put_list(out, &listed.collect::<Option<Vec<_>>>()?, &told.places);
    let value = |number: usize| Some(found.mentions.get(*table.entries.get(number)?)?.timex.as_ref()?.value.as_str());
    let by_value: FxHashMap<&str, usize> =
        told.dates.iter().filter_map(|(number, _)| Some((value(*number)?, *number))).collect();
    let listed = found.dates.iter().map(|date| Some((*by_value.get(date.value.as_str())?, date.count)));
    put_list(out, &listed.collect::<Option<Vec<_>>>()?, &told.dates);
    put(out, found.countries.len());
    for country in &found.countries {
        match told.countries.iter().position(|code| *code == country.code) {
            Some(place) => put(out, place + 1),
            None => {
                put(out, 0);
                put_text(out, &country.code);
            }
        }
        put(out, (country.count as usize) << 1 | usize::from(country.about));
    }
    Some(())
}

fn read(bytes: &mut Bytes<'_>, article: &Article) -> Option<Found> {
    let anchor = anchor(article);
    let all = bytes.count()?;
    let titles = bytes.number()?;
    let mut mentions: Vec<Mention> = Vec::with_capacity(all);
    let mut table = Table::default();
    for (part, count) in [(Part::Title, titles), (Part::Body, all.checked_sub(titles)?)] {
        let text = text_of(article, part);
        let mut ahead = starts(text).peekable();
        let mut last = 0;
        for _ in 0..count {
            let head = usize::from(bytes.byte()?);
            let (place, how) = (head >> 4, head & 0xf);
            let kind = *KINDS.get(place)?;
            let number = match how {
                NEW => table.entries.len(),
                NUMBERED => bytes.number()?,
                rank => *table.recent.get(place)?.get(rank - 1)?,
            };
            let start = match bytes.number()? {
                0 => usize::try_from(bytes.signed()?.checked_add(last as i64)?).ok()?,
                passed => ahead.nth(passed - 1)?,
            };
            pass(&mut ahead, start);
            let length = match bytes.number()? {
                0 => *table.lengths.get(number)?,
                length => length - 1,
            };
            let span = Span::new(start, start.checked_add(length)?);
            let words = text.get(span.start..span.end)?;
            let mention = if how == NEW {
                entry(bytes, kind, words, anchor)?
            } else {
                let known = mentions.get(*table.entries.get(number)?)?;
                let name = if kind == MentionKind::Date { words.to_owned() } else { known.name.clone() };
                Mention { name, ..known.clone() }
            };
            table.note(place, number, length);
            mentions.push(Mention { part, span, ..mention });
            last = start;
        }
    }
    let told = Told::of(&table, &mentions, article);
    let known = |number: usize| mentions.get(*table.entries.get(number)?);
    let mut named = [Vec::new(), Vec::new()];
    for (list, told) in named.iter_mut().zip([&told.people, &told.organisations]) {
        *list = read_list(bytes, told)?;
    }
    let mut ahead = bytes.number()?;
    let [people, organisations] = named.map(|list| -> Option<Vec<Named>> {
        let whole = |(number, count): (usize, u32)| {
            let name = known(number)?.name.clone();
            let places = told.forms.get(number)?;
            let also = match ahead {
                1 => {
                    let also = read_forms(bytes, places, article)?;
                    ahead = bytes.number()?;
                    also
                }
                _ => {
                    ahead = ahead.saturating_sub(1);
                    told_forms(&name, places, article).into_iter().map(str::to_owned).collect()
                }
            };
            Some(Named { also, name, count })
        };
        list.into_iter().map(whole).collect()
    });
    let (people, organisations) = (people?, organisations?);
    let places = read_list(bytes, &told.places)?.into_iter().map(|(number, count)| {
        let Mention { name, country, region, point, .. } = known(number)?.clone();
        Some(Placed { name, country, region, point, count })
    });
    let places = places.collect::<Option<Vec<_>>>()?;
    let dates = read_list(bytes, &told.dates)?.into_iter().map(|(number, count)| {
        let Timex { value, first, last, .. } = known(number)?.timex.clone()?;
        Some(DateCount { value, first: first?, last: last?, count })
    });
    let dates = dates.collect::<Option<Vec<_>>>()?;
    let mut countries = Vec::new();
    for _ in 0..bytes.count()? {
        let code = match bytes.number()? {
            0 => bytes.text()?,
            place => (*told.countries.get(place - 1)?).to_owned(),
        };
        let name = places::country_name(&code).unwrap_or(&code).to_owned();
        let number = bytes.number()?;
        countries.push(CountryCount { code, name, count: u32::try_from(number >> 1).ok()?, about: number & 1 == 1 });
    }
    Some(Found { mentions, people, organisations, places, countries, dates })
}

fn text_of(article: &Article, part: Part) -> &str {
    match part {
        Part::Title => article.title.as_deref().unwrap_or(""),
        Part::Body => &article.text,
    }
}

/// The day from which dates are counted.
fn anchor(article: &Article) -> i64 {
    article.published.as_ref().map_or(0, |published| day_number(published.first))
}

/// Where words with a capital letter or a figure begin, in letters of English: a name or a date mostly begins so.
fn starts(text: &str) -> impl Iterator<Item = usize> + '_ {
    let mut inside = false;
    text.bytes().enumerate().filter_map(move |(at, byte)| {
        let begins = !inside && (byte.is_ascii_uppercase() || byte.is_ascii_digit());
        inside = byte.is_ascii_alphanumeric();
        begins.then_some(at)
    })
}

/// Passes over what begins before `start`, and counts it.
fn pass(ahead: &mut Peekable<impl Iterator<Item = usize>>, start: usize) -> usize {
    let mut passed = 0;
    while ahead.next_if(|at| *at < start).is_some() {
        passed += 1;
    }
    passed
}

/// What is named, by number.
#[derive(Default)]
struct Table {
    /// The first mention of each.
    entries: Vec<usize>,
    /// What each mention names.
    named: Vec<usize>,
    /// The length of the latest mention of each.
    lengths: Vec<usize>,
    /// The latest few of each kind, the last one first.
    recent: [Vec<usize>; KINDS.len()],
}

impl Table {
    /// How a mention says which one it names that was named before.
    fn rank(&self, kind: usize, number: usize) -> usize {
        let recent = self.recent.get(kind).and_then(|recent| recent.iter().position(|one| *one == number));
        recent.map_or(NUMBERED, |rank| rank + 1)
    }

    /// Notes the next mention.
    fn note(&mut self, kind: usize, number: usize, length: usize) {
        if number == self.entries.len() {
            self.entries.push(self.named.len());
            self.lengths.push(length);
        } else if let Some(last) = self.lengths.get_mut(number) {
            *last = length;
        }
        self.named.push(number);
        if let Some(recent) = self.recent.get_mut(kind) {
            match recent.iter().position(|one| *one == number) {
                Some(rank) => {
                    recent.remove(rank);
                }
                None => recent.truncate(RECENT - 1),
            }
            recent.insert(0, number);
        }
    }
}

/// What tells one thing from another.
#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    Name(MentionKind, &'a str),
    Place(MentionKind, &'a str, Option<&'a str>, Option<&'a str>, Option<(u32, u32)>),
    Date(&'a Timex),
}

impl<'a> Key<'a> {
    fn of(mention: &'a Mention) -> Key<'a> {
        let Mention { kind, name, country, region, point, timex, .. } = mention;
        match (timex, kind) {
            (Some(timex), _) => Key::Date(timex),
            (None, MentionKind::Place | MentionKind::Demonym) => {
                Key::Place(*kind, name, country.as_deref(), region.as_deref(), point.map(bits))
            }
            (None, _) => Key::Name(*kind, name),
        }
    }
}

fn bits((latitude, longitude): (f32, f32)) -> (u32, u32) {
    (latitude.to_bits(), longitude.to_bits())
}

/// What the first mention of something says of it; `words` stand there.
fn put_entry(out: &mut Vec<u8>, mention: &Mention, words: &str, anchor: i64) -> Option<()> {
    match &mention.timex {
        Some(timex) => put_date(out, timex, anchor),
        None if matches!(mention.kind, MentionKind::Place | MentionKind::Demonym) => put_place(out, mention, words),
        None => {
            let own = mention.name != words;
            put(out, if own { mention.name.len() + 1 } else { 0 });
            if own {
                out.extend_from_slice(mention.name.as_bytes());
            }
            Some(())
        }
    }
}

/// The reverse of [`put_entry`], without part and span.
fn entry(bytes: &mut Bytes<'_>, kind: MentionKind, words: &str, anchor: i64) -> Option<Mention> {
    let mut mention = Mention {
        kind,
        part: Part::Title,
        span: Span::new(0, 0),
        name: String::new(),
        country: None,
        region: None,
        point: None,
        timex: None,
    };
    match kind {
        MentionKind::Date => {
            mention.name = words.to_owned();
            mention.timex = Some(date(bytes, anchor)?);
        }
        MentionKind::Place | MentionKind::Demonym => place(bytes, &mut mention, words)?,
        _ => {
            mention.name = match bytes.number()? {
                0 => words.to_owned(),
                length => bytes.text_of(length - 1)?,
            }
        }
    }
    Some(mention)
}

/// What there is of a place beside its name; and that the name is not what is written.
const COUNTRY: u8 = 1;
const REGION: u8 = 2;
const POINT: u8 = 4;
const NAME: u8 = 8;

/// A place that is on the map with its name, whatever is written, so that it is the same bytes everywhere.
fn put_place(out: &mut Vec<u8>, mention: &Mention, words: &str) -> Option<()> {
    let Mention { name, country, region, point, .. } = mention;
    let named = point.is_some() || name != words;
    let flag = |is: bool, flag: u8| if is { flag } else { 0 };
    let there = [(country.is_some(), COUNTRY), (region.is_some(), REGION), (point.is_some(), POINT), (named, NAME)];
    out.push(there.into_iter().fold(0, |all, (is, one)| all | flag(is, one)));
    if named {
        put_text(out, name);
    }
    for text in country.iter().chain(region) {
        put_text(out, text);
    }
    if let Some((latitude, longitude)) = point {
        out.extend(latitude.to_le_bytes());
        out.extend(longitude.to_le_bytes());
    }
    Some(())
}

fn place(bytes: &mut Bytes<'_>, mention: &mut Mention, words: &str) -> Option<()> {
    let there = bytes.byte()?;
    mention.name = if there & NAME == 0 { words.to_owned() } else { bytes.text()? };
    for (flag, text) in [(COUNTRY, &mut mention.country), (REGION, &mut mention.region)] {
        if there & flag != 0 {
            *text = Some(bytes.text()?);
        }
    }
    if there & POINT != 0 {
        let mut degrees = || Some(f32::from_le_bytes(bytes.take(4)?.try_into().ok()?));
        mention.point = Some((degrees()?, degrees()?));
    }
    Some(())
}

/// A byte for type, status and form; the days, from the day of publication on; a value that the days do not tell.
fn put_date(out: &mut Vec<u8>, timex: &Timex, anchor: i64) -> Option<()> {
    let Timex { kind, value, first, last, status } = timex;
    let kind = TIMEX_KINDS.iter().position(|one| one == kind)?;
    let status = STATUSES.iter().position(|one| one == status)?;
    let days = first.zip(*last);
    let told = days.and_then(|(first, last)| {
        let is = |form: &usize| whole(*form, first).is_some_and(|whole| whole.0 == *value && whole.1 == last);
        (0..PERIODS.len()).chain(LONGER..LONGER + values::PERIODS).find(is)
    });
    let form = told.unwrap_or(if days.is_some() { BETWEEN } else { VALUE });
    out.push((kind | status << 2 | form << 4) as u8);
    if let Some((first, last)) = days {
        put_signed(out, day_number(first) - anchor);
        if form == BETWEEN {
            put_signed(out, day_number(last) - day_number(first));
        }
    }
    if form == BETWEEN || form == VALUE {
        let number = values::number(value);
        put(out, number.unwrap_or(0));
        if number.is_none() {
            put_text(out, value);
        }
    }
    Some(())
}

/// The value and the last day of what begins with `first` and is of a form that says both.
fn whole(form: usize, first: NaiveDate) -> Option<(String, NaiveDate)> {
    match PERIODS.get(form) {
        Some(precision) => period(*precision, first),
        None => values::period(form.checked_sub(LONGER)?, first),
    }
}

fn date(bytes: &mut Bytes<'_>, anchor: i64) -> Option<Timex> {
    let head = usize::from(bytes.byte()?);
    let (kind, status, form) = (*TIMEX_KINDS.get(head & 3)?, *STATUSES.get(head >> 2 & 3)?, head >> 4);
    let number = if form == VALUE { None } else { Some(bytes.signed()?.checked_add(anchor)?) };
    let first = match number {
        None => None,
        Some(number) => Some(day(number)?),
    };
    let last = match form {
        BETWEEN => Some(day(bytes.signed()?.checked_add(number?)?)?),
        _ => None,
    };
    let (value, last) = match form {
        BETWEEN | VALUE => match bytes.number()? {
            0 => (bytes.text()?, last),
            known => (values::value(known)?, last),
        },
        form => whole(form, first?).map(|(value, last)| (value, Some(last)))?,
    };
    Some(Timex { kind, value, first, last, status })
}

/// What the mentions tell of the lists.
struct Told<'m> {
    people: Vec<(usize, u32)>,
    organisations: Vec<(usize, u32)>,
    places: Vec<(usize, u32)>,
    dates: Vec<(usize, u32)>,
    /// The countries of places and peoples, each once.
    countries: Vec<&'m str>,
    /// Where each person and organisation is named, the first few.
    forms: Vec<Vec<(Part, Span)>>,
}

/// Mentions in which the forms of a name are looked for.
const MOST_FORMS: usize = 16;

impl<'m> Told<'m> {
    fn of(table: &Table, mentions: &'m [Mention], article: &Article) -> Told<'m> {
        let dateline = article.dateline.as_ref().map(|dateline| dateline.span);
        let mut counts = vec![0u32; table.entries.len()];
        let mut forms = vec![Vec::new(); table.entries.len()];
        let mut values: FxHashMap<&str, usize> = FxHashMap::default();
        let mut dates: Vec<(usize, u32)> = Vec::new();
        for (mention, number) in mentions.iter().zip(&table.named) {
            match (mention.kind, &mention.timex) {
                (MentionKind::Person | MentionKind::Organisation, _) => {
                    if let Some(forms) = forms.get_mut(*number).filter(|forms| forms.len() < MOST_FORMS) {
                        forms.push((mention.part, mention.span));
                    }
                }
                (MentionKind::Date, Some(Timex { value, first: Some(_), last: Some(_), .. })) => {
                    let own = mention.part == Part::Body && dateline.is_some_and(|span| span.overlaps(mention.span));
                    if !own {
                        let place = *values.entry(value).or_insert(dates.len());
                        match dates.get_mut(place) {
                            Some((_, count)) => *count += 1,
                            None => dates.push((*number, 1)),
                        }
                    }
                }
                _ => {}
            }
            if let Some(count) = counts.get_mut(*number) {
                *count += 1;
            }
        }
        let of = |kind: MentionKind| {
            let known = table.entries.iter().zip(&counts).enumerate();
            let of_kind = known.filter(|(_, (first, _))| mentions.get(**first).is_some_and(|one| one.kind == kind));
            let mut list: Vec<(usize, u32)> = of_kind.map(|(number, (_, count))| (number, *count)).collect();
            list.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            list
        };
        let mut countries: Vec<&str> = Vec::new();
        for mention in table.entries.iter().filter_map(|first| mentions.get(*first)) {
            if let Some(code) = mention.country.as_deref().filter(|code| !countries.contains(code)) {
                countries.push(code);
            }
        }
        Told {
            people: of(MentionKind::Person),
            organisations: of(MentionKind::Organisation),
            places: of(MentionKind::Place),
            dates,
            countries,
            forms,
        }
    }
}

/// A list as numbers and counts: nothing where it is what the mentions tell.
fn put_list(out: &mut Vec<u8>, list: &[(usize, u32)], told: &[(usize, u32)]) {
    if list == told {
        return put(out, 0);
    }
    put(out, list.len() + 1);
    let expected = told.iter().map(Some).chain(std::iter::repeat(None));
    for ((number, count), told) in list.iter().zip(expected) {
        let (near, usual) = told.copied().unwrap_or_default();
        put_signed(out, *number as i64 - near as i64);
        put_signed(out, i64::from(*count) - i64::from(usual));
    }
}

fn read_list(bytes: &mut Bytes<'_>, told: &[(usize, u32)]) -> Option<Vec<(usize, u32)>> {
    let length = match bytes.count()? {
        0 => return Some(told.to_vec()),
        length => length - 1,
    };
    let expected = told.iter().map(Some).chain(std::iter::repeat(None)).take(length);
    let read = expected.map(|told| {
        let (near, usual) = told.copied().unwrap_or_default();
        let number = usize::try_from(bytes.signed()?.checked_add(near as i64)?).ok()?;
        Some((number, u32::try_from(bytes.signed()?.checked_add(i64::from(usual))?).ok()?))
    });
    read.collect()
}

/// The forms of a name besides itself that its mentions are.
fn told_forms<'t>(name: &str, places: &[(Part, Span)], article: &'t Article) -> Vec<&'t str> {
    let mut forms: Vec<&str> = Vec::new();
    for (part, span) in places {
        let form = text_of(article, *part).get(span.start..span.end).unwrap_or("");
        if form != name && !forms.contains(&form) {
            forms.push(form);
        }
    }
    forms
}

/// Other forms of a name: each as the mention that it ends with and how many bytes stand before that, `Mr ` for the most
/// part; or in full.
fn put_forms(out: &mut Vec<u8>, also: &[String], places: &[(Part, Span)], article: &Article) {
    put(out, also.len());
    for form in also {
        let ends_with = |(part, span): &(Part, Span)| {
            let before = text_of(article, *part).get(..span.end)?;
            before.ends_with(form.as_str()).then(|| form.len().checked_sub(span.end - span.start)).flatten()
        };
        let mention = places.iter().map(ends_with).zip(1..).find_map(|(more, place)| Some((place, more?)));
        match mention {
            Some((place, more)) => {
                put(out, place);
                put(out, more);
            }
            None => {
                put(out, 0);
                put_text(out, form);
            }
        }
    }
}

fn read_forms(bytes: &mut Bytes<'_>, places: &[(Part, Span)], article: &Article) -> Option<Vec<String>> {
    let length = bytes.count()?;
    let read = (0..length).map(|_| match bytes.number()? {
        0 => bytes.text(),
        place => {
            let (part, span) = places.get(place - 1)?;
            let start = span.start.checked_sub(bytes.number()?)?;
            text_of(article, *part).get(start..span.end).map(str::to_owned)
        }
    });
    read.collect()
}

#[cfg(test)]
mod tests;
