//! The tables of names, loaded once.

use super::cities::cities;
use super::keys::Keys;
use crate::text::{fold, tokens};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// What sort of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A country, of today or no more.
    Country,
    /// A part of a country: state, province, island, river.
    Region,
    /// A city or town.
    City,
    /// A river, mountain, district, building or the like.
    Feature,
    /// A first-level division of a country that [`Kind::Region`] does not have, of less renown.
    Division,
    /// Something that lies in no single country: a continent, a sea.
    Wide,
    /// A building or street that stands for a government: `Kremlin`.
    Seat,
}

impl Kind {
    /// Whether a name of it counts like that of a town, which more must speak for than for a country.
    pub fn is_town(self) -> bool {
        matches!(self, Kind::City | Kind::Division | Kind::Feature)
    }
}

/// A place of the gazetteer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// A number that no other place has.
    pub(super) id: u32,
    /// The usual name.
    pub name: &'static str,
    /// What sort of place.
    pub kind: Kind,
    /// The code of its country; none where it lies in none or several.
    pub country: Option<&'static str>,
    /// The part of its country, in GeoNames' codes, where cities are told apart by it; else empty.
    pub part: &'static str,
    /// Latitude and longitude in degrees.
    pub point: Option<(f32, f32)>,
    /// How many people live there, in thousands; 0 where that is not known.
    pub people: u32,
    /// Whether it is a national capital.
    pub capital: bool,
}

impl Place {
    /// Whether both are the same.
    pub fn is(&self, other: &Place) -> bool {
        self.id == other.id
    }

    /// The usual name of the first-level division it lies in or is; none where that is not known.
    pub fn region(&self) -> Option<&'static str> {
        if self.kind == Kind::Division {
            return Some(self.name);
        }
        cities().division_name(self.country?, self.part).filter(|_| !self.part.is_empty())
    }
}

/// In the numbers of places and keys of the packed table.
pub(super) const PACKED: u32 = 1 << 31;

/// One thing that a name can mean.
#[derive(Clone, Copy, Debug)]
pub struct Sense {
    /// The place.
    pub place: Place,
    /// Whether the name is an adjective or an inhabitant of it.
    pub demonym: bool,
    /// Whether the name is the abbreviation of a state, which only counts after the name of a town.
    pub abbreviation: bool,
}

/// Whether a name is first of all something else than a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ordinary {
    /// It is not.
    #[default]
    No,
    /// A given name or surname.
    Person,
    /// A word, a brand, a thing.
    Word,
}

/// When a name counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Capitalised or in capitals.
    Plain,
    /// In capitals only: `US`, never the pronoun.
    Capitals,
    /// After a comma, hyphen or bracket only; with a full stop behind it where the flag is set: `Calif.`
    Abbreviation { dotted: bool },
}

/// One meaning of a key, chained to the next.
pub(super) struct Link {
    pub(super) place: u32,
    pub(super) demonym: bool,
    pub(super) form: Form,
    pub(super) next: u32,
}

/// What is known of a key: folded words, a blank between.
#[derive(Clone, Copy)]
pub(super) struct Node {
    pub(super) head: u32,
    /// The words of the longest name that begins with this word.
    pub(super) longest: u8,
}

const NONE: u32 = u32::MAX;
/// The names of states that ended before this year count for less: most have another meaning by now.
const LONG_GONE: u16 = 1965;

/// All tables.
pub(super) struct Gazetteer {
    pub(super) places: Vec<Place>,
    pub(super) codes: FxHashMap<[u8; 2], u32>,
    /// Every name of a country, folded, dots dropped too.
    pub(super) country_names: FxHashMap<String, u32>,
    pub(super) nodes: Keys<Node>,
    pub(super) links: Vec<Link>,
    /// Names that are first of all something else.
    pub(super) ordinary: FxHashMap<&'static str, Ordinary>,
}

/// The tables, read on first use.
pub(super) fn gazetteer() -> &'static Gazetteer {
    static TABLES: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::load);
    &TABLES
}

/// The countries alone, read on first use: a query needs no more, and they are read in a hundredth of the time.
pub(super) fn countries() -> &'static Gazetteer {
    static TABLES: LazyLock<Gazetteer> = LazyLock::new(|| {
        let mut tables = Gazetteer::with_capacity(1_000);
        tables.load_countries(&mut Folding::default());
        tables
    });
    &TABLES
}

impl Gazetteer {
    fn with_capacity(names: usize) -> Gazetteer {
        Gazetteer {
            places: Vec::with_capacity(names),
            codes: FxHashMap::default(),
            country_names: FxHashMap::default(),
            nodes: Keys::with_capacity(names),
            links: Vec::with_capacity(names),
            ordinary: FxHashMap::default(),
        }
    }

    fn load() -> Gazetteer {
        let mut tables = Gazetteer::with_capacity(16_000);
        let mut folding = Folding::default();
        tables.load_countries(&mut folding);
        tables.load_historical(&mut folding);
        tables.load_regions(&mut folding);
        for [name, part, ..] in rows(include_str!("../../data/places/counties.tsv")) {
            let place = tables.add_place(Kind::Region, name, "US", part, ("", ""));
            tables.add_name(name, place, false, Form::Plain, &mut folding);
        }
        tables.load_areas(&mut folding);
        tables.load_demonyms(&mut folding);
        for columns in rows(include_str!("../../data/places/ordinary.tsv")) {
            let [class, words, ..] = columns;
            let class = if class == "word" { Ordinary::Word } else { Ordinary::Person };
            tables.ordinary.extend(words.split(' ').map(|word| (word, class)));
        }
        tables
    }

    fn load_countries(&mut self, folding: &mut Folding) {
        for columns in rows(include_str!("../../data/places/countries.tsv")) {
            let [code, name, latitude, longitude, _, others, ..] = columns;
            let place = self.add_place(Kind::Country, name, code, "", (latitude, longitude));
            if let [a, b] = *code.as_bytes() {
                self.codes.insert([a, b], place);
            }
            for other in std::iter::once(name).chain(others.split(';')).filter(|name| !name.is_empty()) {
                self.add_name(other, place, false, form_of_country(other), folding);
                self.country_names.insert(folding.key.replace('.', ""), place);
                self.country_names.entry(folding.key.clone()).or_insert(place);
            }
        }
        for (part, code) in [("england", "GB"), ("scotland", "GB"), ("wales", "GB"), ("northern ireland", "GB")] {
            if let Some(place) = self.codes.get(code.as_bytes()) {
                self.country_names.insert(part.to_owned(), *place);
            }
        }
    }

    fn load_regions(&mut self, folding: &mut Folding) {
        for columns in rows(include_str!("../../data/places/regions.tsv")) {
            let [code, part, name, latitude, longitude, others, ..] = columns;
            let place = self.add_place(Kind::Region, name, code, part, (latitude, longitude));
            self.add_name(name, place, false, Form::Plain, folding);
            for other in others.split(';').filter(|name| !name.is_empty()) {
                let form = form_of_region(other, code);
                if matches!(form, Form::Abbreviation { .. }) || other.contains('.') {
                    self.add_name(other.trim_end_matches('.'), place, false, form, folding);
                } else {
                    // Neighbours that share a row have their own names but the point of the row.
                    let own = self.add_place(Kind::Region, other, code, part, (latitude, longitude));
                    self.add_name(other, own, false, form, folding);
                }
            }
        }
    }

    fn load_areas(&mut self, folding: &mut Folding) {
        for [name, code, latitude, longitude, _, others, ..] in rows(include_str!("../../data/places/seats.tsv")) {
            self.add(Kind::Seat, code, (latitude, longitude), name, others, folding);
        }
        for [name, code, _, latitude, longitude, others, ..] in rows(include_str!("../../data/places/disputed.tsv")) {
            let (kind, code) = if code == "-" { (Kind::Wide, "") } else { (Kind::Region, code) };
            if !self.has_country(name, folding) {
                self.add(kind, code, (latitude, longitude), name, others, folding);
            }
        }
        for [name, latitude, longitude, others, ..] in rows(include_str!("../../data/places/wide.tsv")) {
            self.add(Kind::Wide, "", (latitude, longitude), name, others, folding);
        }
    }

    /// States that are no more are found as they are written; their names no longer mean the country of today alone.
    fn load_historical(&mut self, folding: &mut Folding) {
        for columns in rows(include_str!("../../data/places/historical.tsv")) {
            let [own, name, _, last, successors, latitude, longitude, others] = columns;
            let code = successors.split(',').next().unwrap_or("");
            if own != "-" || code.is_empty() {
                continue;
            }
            let kind =
                if last.parse::<u16>().is_ok_and(|year| year > LONG_GONE) { Kind::Country } else { Kind::Region };
            let place = self.add_place(kind, name, code, "", (latitude, longitude));
            for other in std::iter::once(name).chain(others.split(';')).filter(|name| !name.is_empty()) {
                folding.fold(other);
                let known = self.nodes.get(&folding.key).and_then(|node| self.links.get(node.head as usize));
                let known = known.and_then(|link| self.places.get(link.place as usize));
                match known.map(|place| place.country == Some(code)) {
                    // Another country is called so today.
                    Some(false) => continue,
                    Some(true) => {
                        let next = u32::try_from(self.links.len()).unwrap_or(NONE);
                        if let Some(node) = self.nodes.get_mut(&folding.key) {
                            node.head = next;
                        }
                        self.links.push(Link { place, demonym: false, form: form_of_country(other), next: NONE });
                    }
                    None => self.add_name(other, place, false, form_of_country(other), folding),
                }
            }
        }
    }

    /// Whether a country is called like this.
    fn has_country(&self, name: &str, folding: &mut Folding) -> bool {
        folding.fold(name);
        self.country_names.contains_key(&folding.key)
    }

    /// Adds a place with all its names.
    fn add(
        &mut self,
        kind: Kind,
        code: &'static str,
        point: (&str, &str),
        name: &'static str,
        others: &'static str,
        folding: &mut Folding,
    ) {
        let place = self.add_place(kind, name, code, "", point);
        for other in std::iter::once(name).chain(others.split(';')).filter(|name| !name.is_empty()) {
            self.add_name(other, place, false, form_of_country(other), folding);
        }
    }

    fn load_demonyms(&mut self, folding: &mut Folding) {
        let mut regions: FxHashMap<(&str, &str), u32> = FxHashMap::default();
        for place in self.places.iter().filter(|place| place.kind == Kind::Region) {
            regions.entry((place.country.unwrap_or(""), place.name)).or_insert(place.id);
        }
        for columns in rows(include_str!("../../data/places/demonyms.tsv")) {
            let [codes, region, words, ..] = columns;
            for word in words.split(';').filter(|word| !word.is_empty()) {
                if codes == "-" {
                    let place = self.add_place(Kind::Wide, word, "", "", ("", ""));
                    self.add_name(word, place, true, Form::Plain, folding);
                }
                for code in codes.split(',').filter(|code| *code != "-") {
                    let country = <[u8; 2]>::try_from(code.as_bytes()).ok().and_then(|key| self.codes.get(&key));
                    let place = match (country.copied(), regions.get(&(code, region))) {
                        (Some(country), _) if region.is_empty() => country,
                        (_, Some(known)) => *known,
                        (Some(_), None) => {
                            let own = self.add_place(Kind::Region, region, code, "", ("", ""));
                            regions.insert((code, region), own);
                            own
                        }
                        (None, None) => continue,
                    };
                    self.add_name(word, place, true, Form::Plain, folding);
                }
            }
        }
    }

    fn add_place(
        &mut self,
        kind: Kind,
        name: &'static str,
        code: &'static str,
        part: &'static str,
        written_point: (&str, &str),
    ) -> u32 {
        let country = Some(code).filter(|code| !code.is_empty());
        let id = u32::try_from(self.places.len()).unwrap_or(NONE);
        let point = written_point.0.parse().ok().zip(written_point.1.parse().ok());
        self.places.push(Place { id, name, kind, country, part, point, people: 0, capital: false });
        id
    }

    fn add_name(&mut self, name: &str, place: u32, demonym: bool, form: Form, folding: &mut Folding) {
        let count = folding.fold(name);
        if count == 0 {
            return;
        }
        let link = u32::try_from(self.links.len()).unwrap_or(NONE);
        let mut next = NONE;
        let alone = u8::from(count == 1);
        let (node, new) = self.nodes.entry(&folding.key, || Node { head: link, longest: alone });
        if !new {
            // Two spellings that fold to one.
            if self.links.get(node.head as usize).is_some_and(|other| other.place == place) {
                return;
            }
            next = std::mem::replace(&mut node.head, link);
            node.longest = node.longest.max(alone);
        }
        self.links.push(Link { place, demonym, form, next });
        if count == 1 {
            return;
        }
        let first = folding.key.split(' ').next().unwrap_or("");
        let (node, _) = self.nodes.entry(first, || Node { head: NONE, longest: count });
        node.longest = node.longest.max(count);
    }
}

/// Buffers for folding names.
#[derive(Default)]
struct Folding {
    key: String,
    word: String,
}

impl Folding {
    /// Folds `name` into `key`; the number of its words.
    fn fold(&mut self, name: &str) -> u8 {
        self.key.clear();
        // Most names are one word of plain letters.
        if name.bytes().all(|b| b.is_ascii_alphabetic()) {
            self.key.push_str(name);
            self.key.make_ascii_lowercase();
            return u8::from(!name.is_empty());
        }
        let mut count = 0;
        for span in tokens::words(name) {
            fold::fold_into(span.of(name), &mut self.word);
            if count > 0 {
                self.key.push(' ');
            }
            self.key.push_str(&self.word);
            count += 1;
        }
        count
    }
}

/// The rows of a table as eight columns, empty where there are fewer.
fn rows(table: &'static str) -> impl Iterator<Item = [&'static str; 8]> {
    let mut rest = table;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
            rest = after;
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let mut columns = [""; 8];
            let mut start = 0;
            for column in &mut columns {
                let tail = line.as_bytes().get(start..).unwrap_or_default();
                let length = tail.iter().position(|b| *b == b'\t').unwrap_or(tail.len());
                *column = line.get(start..start + length).unwrap_or("");
                start += length + 1;
            }
            return Some(columns);
        }
        None
    })
}

fn form_of_country(name: &str) -> Form {
    let capitals = name.len() <= 5 && name.bytes().all(|b| b.is_ascii_uppercase());
    if capitals { Form::Capitals } else { Form::Plain }
}

fn form_of_region(name: &str, code: &str) -> Form {
    let inner = name.trim_end_matches('.').contains('.');
    match name {
        "NSW" | "NWT" | "PEI" => Form::Capitals,
        "N.D." | "S.D." => Form::Abbreviation { dotted: false },
        _ if inner && code == "CA" && name != "B.C." => Form::Abbreviation { dotted: false },
        _ if name.ends_with('.') && !inner => Form::Abbreviation { dotted: true },
        _ if name.len() <= 3 && name.bytes().all(|b| b.is_ascii_uppercase()) => Form::Abbreviation { dotted: false },
        _ => Form::Plain,
    }
}
