//! Which names are one: what spellings, other names and a user's corrections join, and what they keep apart.
//!
//! 1. A correction counts before anything else.
//! 2. Other names of known persons are in a list: `Mao Tse-tung` is `Mao Zedong`.
//! 3. Spellings of a person's name are joined by rule, word by word ([`spelling`]): families of spellings from a list
//!    (`Gaddafi`, `Qaddafi`), endings and doubled letters of romanised names, words that are written as one or two
//!    (`Jong-un`, `Jongun`). A single word is never joined by rule.
//! 4. What is only alike is never joined: [`doubtful`] lists it for a user to decide.

use super::corrections::{Corrections, OfField};
use super::{asked_key, is_initial, key, key_matches};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::sync::LazyLock;

/// Known persons: the key of each other name with that of the usual one.
static ALIASES: LazyLock<Aliases> = LazyLock::new(|| Aliases::read(include_str!("../../data/aliases.txt")));
/// The first spelling of the family of a word.
static FAMILIES: LazyLock<FxHashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let mut families = FxHashMap::default();
    for line in lines(include_str!("../../data/name_variants.txt")) {
        let mut words = line.split(' ');
        let Some(first) = words.next() else { continue };
        families.extend(words.map(|word| (word, first)));
    }
    families
});

/// The first spelling of the family of `word`, or the word itself.
fn family(word: &str) -> &str {
    FAMILIES.get(word).copied().unwrap_or(word)
}

fn lines(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[derive(Default)]
struct Aliases {
    usual: FxHashMap<String, &'static str>,
    /// The keys of all names of a person, by the usual name.
    all: FxHashMap<&'static str, Vec<String>>,
}

impl Aliases {
    fn read(list: &'static str) -> Aliases {
        let mut aliases = Aliases::default();
        for line in lines(list) {
            let Some((usual, others)) = line.split_once(" = ") else { continue };
            let all: Vec<String> = others.split(", ").chain([usual]).map(key).collect();
            for name in &all {
                aliases.usual.insert(name.clone(), usual);
            }
            aliases.all.insert(usual, all);
        }
        aliases
    }
}

/// Whether the names of the field called so are of people.
pub fn is_of_people(field: &str) -> bool {
    matches!(field, "person" | "author")
}

/// What joins and parts the names of one field.
#[derive(Clone, Copy)]
pub struct Identity<'c> {
    corrections: Option<&'c OfField>,
    /// Whether the names are of persons: lists and rules are about those.
    people: bool,
}

impl<'c> Identity<'c> {
    /// For the field called `field`.
    pub fn new(field: &str, corrections: &'c Corrections) -> Identity<'c> {
        Identity { corrections: corrections.of(field), people: is_of_people(field) }
    }

    /// What all spellings of one person, organisation or place have in common, for a name's [`key`]; not for showing.
    pub fn entity(&self, key: &str) -> String {
        let mut name = key;
        if let Some(corrections) = self.corrections {
            if let Some(merged) = corrections.merged.get(key) {
                name = merged;
            }
            if corrections.apart.contains_key(name) {
                return format!("={name}");
            }
        }
        if !self.people {
            return name.to_owned();
        }
        match ALIASES.usual.get(name) {
            Some(usual) => spelling(&super::key(usual)),
            None => spelling(name),
        }
    }

    /// The name to show for an entity that has a name of this [`key`], where something says so.
    pub fn shown(&self, key: &str) -> Option<&'c str> {
        self.corrections.and_then(|corrections| corrections.shown.get(key)).map(String::as_str)
    }

    /// The usual name of the person whose usual name has this [`key`], where one is known under several.
    pub fn usual(&self, key: &str) -> Option<&'static str> {
        let usual = ALIASES.usual.get(key).filter(|_| self.people)?;
        (super::key(usual) == key).then_some(usual)
    }

    /// Whether a user says that these are two.
    pub fn are_apart(&self, a: &str, b: &str) -> bool {
        let of = |key| self.corrections.and_then(|corrections| corrections.apart.get(key));
        of(a).is_some_and(|group| of(b) == Some(group))
    }

    /// Whether a user says that this is no name.
    pub fn is_ignored(&self, key: &str) -> bool {
        self.corrections.is_some_and(|corrections| corrections.ignored.contains(key))
    }

    /// What the first words of all spellings of one name have in common, for the first word of its [`key`]: by this most
    /// names of a long list are told apart without looking at the rest. What lists and corrections join may begin with
    /// other words: see [`Identity::listed_beginnings`].
    pub fn beginning(&self, word: &str) -> String {
        if self.people { spelt(word) } else { word.to_owned() }
    }

    /// The beginnings of all names that lists and corrections join, of those whose entity is wanted.
    pub fn listed_beginnings(&self, wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let merged = self.corrections.map(|corrections| corrections.merged.keys().map(String::as_str));
        let aliases = self.people.then(|| ALIASES.usual.keys().map(String::as_str));
        let all = merged.into_iter().flatten().chain(aliases.into_iter().flatten());
        all.filter(|key| wanted(&self.entity(key)))
            .map(|key| self.beginning(key.split(' ').next().unwrap_or("")))
            .collect()
    }

    /// Prepares the question for a name.
    pub fn asked(&self, query: &str) -> Asked<'c> {
        let query = asked_key(query);
        let mut words: Vec<&str> = query.split(' ').collect();
        let last = words.last().copied().unwrap_or("").to_owned();
        words.sort_unstable();
        let sorted = (words.len() > 1).then(|| words.join(" "));
        let person = self.people.then(|| {
            let spelt = spelt(&query);
            let last = spelt.rsplit(' ').next().unwrap_or("").to_owned();
            Spelt { words: spelt, last, sorted, known: RefCell::default() }
        });
        Asked { identity: *self, query, last, person }
    }

    /// The keys of all other names that lists and corrections give for one with this key.
    pub fn others(&self, key: &str) -> Vec<String> {
        let mut others = Vec::new();
        if let Some(corrections) = self.corrections {
            let target = corrections.merged.get(key).map_or(key, String::as_str);
            let of_target = corrections.merged.iter().filter(|(_, into)| into.as_str() == target);
            others.extend(of_target.map(|(name, _)| name.clone()));
            if target != key {
                others.push(target.to_owned());
            }
        }
        if self.people
            && let Some(all) = ALIASES.usual.get(key).and_then(|usual| ALIASES.all.get(usual))
        {
            others.extend(all.iter().cloned());
        }
        others.retain(|other| other != key);
        others
    }
}

/// A name that is asked for.
pub struct Asked<'c> {
    identity: Identity<'c>,
    query: String,
    /// Its last word.
    last: String,
    /// How else it may be written, where it is a person's.
    person: Option<Spelt>,
}

/// The name of a person in other spellings and orders.
struct Spelt {
    /// Its words as families and rules spell them.
    words: String,
    /// The last of them.
    last: String,
    /// Its words in alphabetical order, where there are several.
    sorted: Option<String>,
    /// Words that were compared with the last one already: a million names have few different words.
    known: RefCell<FxHashMap<Box<str>, bool>>,
}

impl Asked<'_> {
    /// The [`word_key`] that one word has of every name for which [`Asked::matches`] holds.
    pub fn word(&self) -> String {
        word_key(&self.last, self.person.is_some())
    }

    /// Whether it may mean the one called by this [`key`]: by any part of the name, in any spelling, and with all words
    /// in another order.
    pub fn matches(&self, name: &str) -> bool {
        if let Some(corrections) = self.identity.corrections {
            let apart = corrections.apart.get(&self.query).zip(corrections.apart.get(name));
            if corrections.ignored.contains(name) || apart.is_some_and(|(a, b)| a == b && name != self.query) {
                return false;
            }
        }
        // The last word of the question is a whole word of the name, in one spelling or another: most names need no
        // closer look.
        if name.contains(&self.last) && key_matches(&self.query, name) {
            return true;
        }
        let Some(person) = &self.person else { return false };
        if let Some(sorted) = &person.sorted
            && sorted.len() == name.len()
            && name.contains(&self.last)
        {
            let mut words: Vec<&str> = name.split(' ').collect();
            words.sort_unstable();
            if words.join(" ") == *sorted {
                return true;
            }
        }
        person.has_last_word_of(&self.last, name) && key_matches(&person.words, &spelt(name))
    }
}

impl Spelt {
    /// Whether some word of `name` is a spelling of `last`, the last word asked for.
    fn has_last_word_of(&self, last: &str, name: &str) -> bool {
        let Some(wanted) = last.bytes().next().map(class) else { return false };
        let mut known = self.known.borrow_mut();
        name.split(' ').any(|word| {
            let may_be =
                word.bytes().next().map(class) == Some(wanted) && word.len().abs_diff(last.len()) <= MOST_LONGER;
            may_be
                && known.get(word).copied().unwrap_or_else(|| {
                    let mut spelt = String::with_capacity(word.len());
                    spell(family(word), &mut spelt);
                    let is = spelt == self.last;
                    known.insert(word.into(), is);
                    is
                })
        })
    }
}

/// The spellings of a word differ by so many letters at most in their length.
const MOST_LONGER: usize = 4;

/// Letters that spellings of one name may begin with, as one.
fn class(letter: u8) -> u8 {
    match letter {
        b'k' | b'q' | b'g' | b'c' | b'x' | b'h' => b'k',
        b'y' | b'e' | b'i' | b'j' | b'a' | b'o' | b'u' => b'a',
        b'z' | b's' | b't' | b'd' => b's',
        b'v' | b'w' | b'b' | b'f' | b'p' => b'v',
        b'l' | b'r' | b'n' => b'l',
        other => other,
    }
}

/// The words of a [`key`], each as families and rules spell it, without the articles of Arabic names.
fn spelt(key: &str) -> String {
    let count = key.split(' ').count();
    let mut out = String::with_capacity(key.len());
    for (at, word) in key.split(' ').enumerate() {
        if at > 0
            && at + 1 < count
            && matches!(word, "al" | "el" | "ul" | "as" | "ash" | "ad" | "ar" | "az" | "an" | "at")
        {
            continue;
        }
        if at > 0 {
            out.push(' ');
        }
        spell(family(word), &mut out);
    }
    out
}

/// What spellings of one word of a [`key`] have in common, of a person's name or of another: what a name is looked up by
/// where only its last word is known.
pub fn word_key(word: &str, of_person: bool) -> String {
    if !of_person {
        return word.to_owned();
    }
    let mut out = String::with_capacity(word.len());
    spell(family(word), &mut out);
    out
}

/// What spellings of a name have in common: the first word, and all others as one. A single word stays as it is.
pub fn spelling(key: &str) -> String {
    if !key.contains(' ') {
        return key.to_owned();
    }
    let spelt = spelt(key);
    match spelt.split_once(' ') {
        Some((first, rest)) => format!("{first} {}", rest.replace(' ', "")),
        None => spelt,
    }
}

/// Adds `word` as romanisations agree on it.
fn spell(word: &str, out: &mut String) {
    let start = out.len();
    // Russian and Ukrainian adjectives and names in -y, -iy, -yy, -ij.
    let (stem, ending) = ["skiy", "skyy", "skij", "skii", "sky", "ski"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending).map(|stem| (stem, "ski")))
        .or_else(|| ["yy", "iy", "ij"].iter().find_map(|ending| word.strip_suffix(ending).map(|stem| (stem, "i"))))
        .or_else(|| ["ey", "ej"].iter().find_map(|ending| word.strip_suffix(ending).map(|stem| (stem, "ei"))))
        .filter(|(stem, _)| stem.len() > 2)
        .unwrap_or((word, ""));
    let pairs = [("tsch", "ch"), ("tch", "ch"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("ks", "x")];
    let mut rest = stem;
    while let Some(c) = rest.chars().next() {
        if let Some((from, to)) = pairs.iter().find(|(from, _)| rest.starts_with(from)) {
            out.push_str(to);
            rest = rest.get(from.len()..).unwrap_or("");
            continue;
        }
        let doubled = out.len() > start && out.ends_with(c);
        if !doubled && c != '\'' && c != '’' {
            out.push(c);
        }
        rest = rest.get(c.len_utf8()..).unwrap_or("");
    }
    out.push_str(ending);
}

/// Two names that may be one, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Their numbers in the list that was given.
    pub names: (usize, usize),
    /// What they have in common.
    pub why: &'static str,
}

/// The most names with the same last word that are compared with each other.
const MOST_NAMESAKES: usize = 40;

/// Pairs of names, by their keys, that are alike and not joined: an initial for a given name, a middle name more, the
/// words in another order, one letter apart, a family name alone that only one has. Names come most important first; pairs do too.
pub fn doubtful(keys: &[String], identity: Identity<'_>) -> Vec<Pair> {
    let mut buckets: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (number, key) in keys.iter().enumerate() {
        let mut words: Vec<&str> = key.split(' ').collect();
        if words.len() < 2 {
            continue;
        }
        let mut add = |bucket: String| {
            let bucket = buckets.entry(bucket).or_default();
            if bucket.len() < MOST_NAMESAKES {
                bucket.push(number);
            }
        };
        add(format!("<{}", words[words.len() - 1]));
        add(format!(">{}", words[0]));
        words.sort_unstable();
        add(words.join(" "));
    }
    let mut pairs: FxHashMap<(usize, usize), &'static str> = FxHashMap::default();
    // A family name alone, where only one has it.
    let alone = keys.iter().enumerate().filter(|(_, key)| identity.people && !key.contains(' '));
    for (number, key) in alone {
        if let Some([one]) = buckets.get(&format!("<{key}")).map(Vec::as_slice)
            && !identity.are_apart(key, &keys[*one])
        {
            pairs.insert((number.min(*one), number.max(*one)), "the family name alone");
        }
    }
    for bucket in buckets.values() {
        for (at, a) in bucket.iter().enumerate() {
            for b in &bucket[at + 1..] {
                if let Some(why) = alike(&keys[*a], &keys[*b], identity.people)
                    && !identity.are_apart(&keys[*a], &keys[*b])
                {
                    pairs.insert((*a.min(b), *a.max(b)), why);
                }
            }
        }
    }
    let mut pairs: Vec<Pair> = pairs.into_iter().map(|(names, why)| Pair { names, why }).collect();
    // Both must be important.
    pairs.sort_by_key(|pair| (pair.names.1, pair.names.0));
    pairs
}

fn alike(a: &str, b: &str, people: bool) -> Option<&'static str> {
    let (x, y): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    let (short, long) = if x.len() <= y.len() { (&x, &y) } else { (&y, &x) };
    if x.len() == y.len() {
        let different: Vec<(&str, &str)> =
            x.iter().copied().zip(y.iter().copied()).filter(|(one, other)| one != other).collect();
        if let [(one, other)] = different[..] {
            if (is_initial(one) || is_initial(other)) && one.chars().next() == other.chars().next() {
                return Some("an initial for a given name");
            }
            let near = strsim::damerau_levenshtein(one, other) == 1 && one.len().min(other.len()) >= 5;
            return near.then_some("one letter apart");
        }
        let (mut sorted_x, mut sorted_y) = (x, y);
        sorted_x.sort_unstable();
        sorted_y.sort_unstable();
        return (sorted_x == sorted_y).then_some("the same words in another order");
    }
    let ends = short.first() == long.first() && short.last() == long.last();
    let why = if people { "a middle name more" } else { "a word more" };
    (ends && key_matches(&short.join(" "), &long.join(" "))).then_some(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(a: &str, b: &str) -> bool {
        let corrections = Corrections::default();
        let identity = Identity::new("person", &corrections);
        identity.entity(&key(a)) == identity.entity(&key(b))
    }

    #[test]
    fn joins_spellings_of_one_name() {
        for (a, b) in [
            ("Kim Jong-un", "KIM Jong Un"),
            ("Kim Jong-un", "Kim Jongun"),
            ("Volodymyr Zelensky", "Volodymyr Zelenskyy"),
            ("Volodymyr Zelensky", "Volodymyr Zelenskiy"),
            ("Muammar Gaddafi", "Moammar Gadhafi"),
            ("Muammar Gaddafi", "Muammar Qaddafi"),
            ("Mohammed Morsi", "Mohamed Morsi"),
            ("Nouri al-Maliki", "Nuri Maliki"),
            ("Mao Zedong", "Mao Tse-tung"),
            ("Sergei Lavrov", "Sergey Lavrov"),
            ("Ban Ki-moon", "Ban Kimoon"),
        ] {
            assert!(one(a, b), "{a}, {b}");
        }
    }

    #[test]
    fn keeps_others_apart() {
        for (a, b) in [
            ("Kim Jong-un", "Kim Jong-il"),
            ("Kim Jong-un", "Kim Clijsters"),
            ("George Bush", "George W. Bush"),
            ("Gordon Brown", "Gordon Braun"),
            ("Ali", "Aly"),
            ("John Smith", "Joan Smith"),
        ] {
            assert!(!one(a, b), "{a}, {b}");
        }
    }

    #[test]
    fn a_question_finds_every_spelling() {
        let corrections = Corrections::default();
        let identity = Identity::new("person", &corrections);
        for (query, name, expected) in [
            ("gaddafi", "Moammar Gadhafi", true),
            ("Zelenskyy", "Volodymyr Zelensky", true),
            ("Abe Shinzo", "Shinzo Abe", true),
            ("Lavrov, Sergey", "Sergei Lavrov", true),
            ("Kim Jong-un", "Kim Clijsters", false),
            ("Kim Jong-un", "Kim", false),
            ("brown", "Gordon Braun", false),
        ] {
            assert_eq!(identity.asked(query).matches(&key(name)), expected, "{query}, {name}");
        }
        assert!(identity.others("mao zedong").contains(&"mao tse tung".to_owned()));
    }

    #[test]
    fn corrections_count_first() {
        let corrections = Corrections::parse(
            "[person]\nmerge = [[\"Kim Jong-un\", \"KJU\"]]\nsplit = [[\"George Bush\", \"George W. Bush\"]]\n\
             ignore = [\"Twitter\"]\n",
        )
        .unwrap();
        let identity = Identity::new("person", &corrections);
        assert_eq!(identity.entity("kju"), identity.entity("kim jong un"));
        assert_eq!(identity.shown("kju"), Some("Kim Jong-un"));
        assert!(identity.is_ignored("twitter"));
        assert!(!identity.asked("George Bush").matches("george w bush"));
        assert!(identity.asked("bush").matches("george w bush"));
        assert!(identity.others("kim jong un").contains(&"kju".to_owned()));
    }

    #[test]
    fn what_is_only_alike_is_listed() {
        let keys: Vec<String> = [
            "George Bush",
            "George W. Bush",
            "J. Biden",
            "Joe Biden",
            "Shinzo Abe",
            "Abe Shinzo",
            "Jens Stoltenberg",
            "Jens Stoltenburg",
            "Tony Blair",
            "Blair",
        ]
        .iter()
        .map(|name| key(name))
        .collect();
        let corrections = Corrections::default();
        let identity = Identity::new("person", &corrections);
        let found: Vec<(usize, usize)> = doubtful(&keys, identity).iter().map(|pair| pair.names).collect();
        assert_eq!(found, [(0, 1), (2, 3), (4, 5), (6, 7), (8, 9)]);
        // Organisations have no family names.
        let keys: Vec<String> = ["European Community", "Community", "Bank of China", "Bank of Communications of China"]
            .iter()
            .map(|name| key(name))
            .collect();
        let found = doubtful(&keys, Identity::new("org", &corrections));
        assert_eq!(found, [Pair { names: (2, 3), why: "a word more" }]);
    }
}
