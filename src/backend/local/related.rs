//! Looser relatives of a phrase: other phrases of the same articles that keep the same company.
//!
//! 1. The question is parted into the phrase and what narrows the articles.
//! 2. Articles are chosen and their texts read: those with the phrase, some with one of its words, some with its company,
//!    and some by chance, against which the others stand out.
//! 3. [`company`] compares what stands around phrases.
//! 4. What is a name, a date or the phrase itself in another form goes, forms of one phrase become one, and the articles of
//!    each are counted as a search would count them.

mod company;

use super::answer::Local;
use super::chance;
use super::collect::{self, Scored};
use super::opened::Opened;
use super::stored::Stored;
use super::translate::Translator;
use super::vocabulary;
use crate::article::{MentionKind, Part};
use crate::backend::{Backend, Record};
use crate::error::{Error, Kind, Result};
use crate::language::Language;
use crate::query::tree::{Phrase, Scope, Spelling, Tree, Word};
use crate::query::{self, forms};
use crate::search::{Related, RelatedRequest, Relative, Sort};
use crate::text::{Span, Words, fold};
use company::{Candidate, Reading, Texts};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;
use tantivy::{DocAddress, Term};

/// Articles with the phrase that are read, the best first.
const WITH_PHRASE: usize = 1000;
/// Articles with one of its words.
const WITH_WORD: usize = 700;
/// Articles with words of its company.
const WITH_COMPANY: usize = 700;
/// Articles by chance.
const BY_CHANCE: usize = 500;
/// Words of its company by which articles are chosen.
const COMPANY: usize = 12;
/// Bytes that are read of one article, and of all of them: a bound for archives of books.
const MOST_OF_ONE: usize = 30_000;
const MOST_OF_ALL: usize = 12_000_000;
/// From this many articles that were read, a phrase must be in three of them, else in two.
const MANY: usize = 500;
/// Candidates that are looked at closely, for each relative that is wanted and at least.
const LOOKED_AT: usize = 150;
/// Places of a candidate that are looked at.
const PLACES: usize = 3;
/// What is less alike is no relative.
const LEAST_ALIKE: f32 = 0.1;
/// A form that is met so many times less often than the commonest one is left out.
const RARE_FORM: usize = 20;
/// A word that at least one in so many articles has makes no phrase by itself: `first time`.
const COMMON: usize = 4;
/// In fewer articles no word is called common.
const COMMON_IN: usize = 100;
/// Forms of one relative that are kept.
const FORMS: usize = 3;

/// The phrase of a question, and the rest of it.
struct Asked {
    /// The phrase, or several that mean the same.
    phrase: Tree,
    /// What narrows the articles.
    rest: Vec<Tree>,
}

impl Asked {
    /// Parts a question. Words that stand beside each other are a phrase; where there is a phrase in quotation marks, that
    /// is meant, and other words narrow the articles.
    fn new(tree: &Tree) -> Result<Asked> {
        fn flat(tree: &Tree, parts: &mut Vec<Tree>) {
            match tree {
                Tree::And(inner) => inner.iter().for_each(|part| flat(part, parts)),
                Tree::Boost(inner, _) => flat(inner, parts),
                other => parts.push(other.clone()),
            }
        }
        let mut parts = Vec::new();
        flat(tree, &mut parts);
        let phrase = parts.iter().position(|part| !matches!(part, Tree::Word(_)) && !slots(part).is_empty());
        if let Some(at) = phrase {
            let phrase = parts.remove(at);
            return Ok(Asked { phrase, rest: parts });
        }
        let (words, rest): (Vec<Tree>, Vec<Tree>) = parts.into_iter().partition(|part| matches!(part, Tree::Word(_)));
        let mut words: Vec<Word> =
            words.into_iter().filter_map(|part| if let Tree::Word(word) = part { Some(word) } else { None }).collect();
        let phrase = match words.len() {
            0 => {
                return Err(Error::new(Kind::Usage, "there is no word or phrase whose relatives could be looked for")
                    .hint("write one, as in `dateline related '\"mutual defence\"'`; filters narrow the articles"));
            }
            1 => Tree::Word(words.remove(0)),
            _ => {
                let (scope, span) = (words[0].scope, words[0].span);
                Tree::Phrase(Phrase { words, scope, span })
            }
        };
        Ok(Asked { phrase, rest })
    }

    /// The articles that match the rest, and `more`.
    fn with(&self, more: Option<Tree>) -> Tree {
        let mut parts: Vec<Tree> = more.into_iter().collect();
        parts.extend(self.rest.iter().cloned());
        match parts.len() {
            0 => Tree::All,
            1 => parts.remove(0),
            _ => Tree::And(parts),
        }
    }
}

/// The words of each phrase that a part of a question names; none where it is no word or phrase, or several that mean the
/// same.
fn slots(tree: &Tree) -> Vec<Vec<&Word>> {
    match tree {
        Tree::Word(word) => vec![vec![word]],
        Tree::Phrase(phrase) => vec![phrase.words.iter().collect()],
        Tree::Or(parts) => {
            let all: Vec<_> = parts.iter().map(slots).collect();
            if all.iter().any(Vec::is_empty) { Vec::new() } else { all.into_iter().flatten().collect() }
        }
        _ => Vec::new(),
    }
}

/// What stands in the places of candidates, read once.
struct Looked<'a> {
    local: &'a Local,
    opened: &'a Opened,
    /// In the whole index.
    articles: usize,
    addresses: &'a [DocAddress],
    records: FxHashMap<u32, (Record, Vec<Span>)>,
}

impl Looked<'_> {
    /// Whether a good part of all articles have this word.
    fn is_common(&self, word: &str) -> Result<bool> {
        let opened = self.opened;
        let articles = opened.count_term(Term::from_field_text(opened.fields.body, word))?;
        Ok(articles * COMMON >= self.articles.max(COMMON_IN))
    }

    fn at(&mut self, (text, first): company::Place, words: usize) -> Result<(String, BTreeSet<MentionKind>)> {
        if !self.records.contains_key(&text) {
            let record = self.local.record(self.addresses[text as usize])?;
            let spans = Words::new(&record.article.text).spans;
            self.records.insert(text, (record, spans));
        }
        let (record, spans) = &self.records[&text];
        let place = |at: usize| spans.get(at).copied().unwrap_or_default();
        let span = Span::new(place(first as usize).start, place(first as usize + words - 1).end);
        let mentions = record.found.mentions.iter();
        let kinds = mentions.filter(|mention| mention.part == Part::Body && mention.span.overlaps(span));
        Ok((span.of(&record.article.text).to_owned(), kinds.map(|mention| mention.kind).collect()))
    }

    /// The kinds of names that what stands in these places is mostly part of.
    fn kinds(&mut self, places: &[company::Place], words: usize) -> Result<Vec<MentionKind>> {
        let step = (places.len() / PLACES).max(1);
        let (mut looked, mut kinds): (usize, Vec<MentionKind>) = (0, Vec::new());
        for place in places.iter().step_by(step).take(PLACES) {
            looked += 1;
            kinds.extend(self.at(*place, words)?.1);
        }
        let most = |kind: &MentionKind| kinds.iter().filter(|other| *other == kind).count() * 2 > looked;
        Ok(BTreeSet::from_iter(kinds.iter().filter(|kind| most(kind)).copied()).into_iter().collect())
    }

    /// How what stands in these places is written, with the fewest capitals: not as at the beginning of a sentence.
    fn spelling(&mut self, places: &[company::Place], words: usize) -> Result<Option<String>> {
        let mut spellings = Vec::new();
        for place in places {
            let (text, _) = self.at(*place, words)?;
            spellings.push((text.chars().filter(|c| c.is_uppercase()).count(), text));
        }
        Ok(spellings.into_iter().min().map(|(_, text)| text))
    }
}

/// The articles that are read, each once.
#[derive(Default)]
struct Pool {
    addresses: Vec<DocAddress>,
    known: FxHashSet<DocAddress>,
    bytes: usize,
}

impl Pool {
    /// Reads the articles of `hits` that were not read yet, in this order.
    fn read(&mut self, opened: &Opened, hits: &[Scored], texts: &mut Texts, reading: &Reading<'_>) -> Result<()> {
        let new: Vec<DocAddress> = hits.iter().map(|hit| hit.1).filter(|address| self.known.insert(*address)).collect();
        // In the order of the index, where neighbours are unpacked together.
        let mut order: Vec<usize> = (0..new.len()).collect();
        order.sort_unstable_by_key(|at| new[*at]);
        let mut read = vec![String::new(); new.len()];
        for at in order {
            let stored = opened.stored(new[at])?;
            let text = stored.as_ref().and_then(Stored::parts).map_or("", |parts| parts.text);
            text.get(..text.floor_char_boundary(MOST_OF_ONE)).unwrap_or("").clone_into(&mut read[at]);
        }
        for (address, text) in new.into_iter().zip(read) {
            if self.bytes >= MOST_OF_ALL {
                break;
            }
            self.bytes += text.len();
            texts.add(&text, reading);
            self.addresses.push(address);
        }
        Ok(())
    }
}

/// What is alike in the articles of `local`.
pub(super) fn related(local: &Local, opened: &Opened, tree: &Tree, request: &RelatedRequest) -> Result<Related> {
    let asked = Asked::new(tree)?;
    let translator = Translator::new(opened)?;
    let whole = asked.with(Some(asked.phrase.clone()));
    let hits = |tree: &Tree, scored: bool| collect::hits(opened, translator.translate(tree)?.as_ref(), scored);
    let with_phrase = hits(&whole, true)?;
    let results = local.receipts(&translator, &whole, &request.query, &with_phrase)?;
    let mut related = Related { results, of: asked.phrase.to_string(), ..Related::default() };
    if with_phrase.is_empty() {
        return Ok(related);
    }
    let languages = vocabulary::asked(tree).map_or_else(|| vocabulary::languages(opened), Ok)?;
    let empty = |word: &str| forms::empty(word, &languages);
    let stem = languages.first().and_then(|language| language.family.or(language.stem));
    let family = |word: &str| stem.map_or_else(|| word.to_owned(), |stem| stem(word));
    let reading = Reading { empty: &empty, family: &family };
    // The company of `tax cuts` is that of `tax cut`.
    let wider = if request.variants { inflected(local, &asked.phrase)? } else { asked.phrase.clone() };
    let phrases = slots(&wider);
    let with_phrase = hits(&asked.with(Some(wider.clone())), true)?;

    let (mut pool, mut texts) = (Pool::default(), Texts::default());
    let best = collect::page(opened, &with_phrase, Sort::Relevance, 0, WITH_PHRASE)?;
    pool.read(opened, &best, &mut texts, &reading)?;
    let words: Vec<Tree> = phrases
        .iter()
        .filter(|phrase| phrase.len() > 1)
        .flatten()
        .filter(|word| !word.forms.first().is_some_and(|form| empty(form)))
        .map(|word| Tree::Word((*word).clone()))
        .collect();
    let mut others = vec![asked.with(None)];
    if !words.is_empty() {
        others.insert(0, asked.with(Some(Tree::Or(words))));
    }
    for (at, tree) in others.iter().enumerate() {
        let wanted = if at + 1 < others.len() { WITH_WORD } else { BY_CHANCE };
        let chosen = chance::by_contents(opened, &hits(tree, false)?, wanted)?;
        pool.read(opened, &chosen, &mut texts, &reading)?;
    }
    let company = texts.typical(&numbers(&texts, &phrases), COMPANY);
    if !company.is_empty() {
        let words = company.iter().map(|word| Tree::Word(plain(word))).collect();
        let chosen =
            collect::page(opened, &hits(&asked.with(Some(Tree::Or(words))), true)?, Sort::Relevance, 0, WITH_COMPANY)?;
        pool.read(opened, &chosen, &mut texts, &reading)?;
    }

    let phrases = numbers(&texts, &phrases);
    let least = if texts.len() < MANY { 2 } else { 3 };
    let alone = phrases.iter().all(|phrase| phrase.len() == 1);
    let candidates = texts.relatives(&phrases, least, alone);
    let mut looked = Looked {
        local,
        opened,
        articles: related.results.articles,
        addresses: &pool.addresses,
        records: FxHashMap::default(),
    };
    let wanted = if request.limit == 0 { usize::MAX } else { request.limit };
    // Some turn out to be other spellings of one another.
    let chosen = choose(&texts, &phrases, candidates, &languages, &mut looked, wanted.saturating_mul(2))?;
    related.read = texts.len();
    let mut known: Vec<Tree> = Vec::new();
    for chosen in chosen {
        if related.relatives.len() >= wanted {
            break;
        }
        let relative = counted(local, &translator, &asked, chosen, request, &mut known)?;
        related.relatives.extend(relative);
    }
    let clauses = related.relatives.iter().flat_map(|relative| &relative.clauses);
    related.together = std::iter::once(&related.of).chain(clauses).cloned().collect::<Vec<_>>().join(" OR ");
    Ok(related)
}

/// A phrase with the inflected forms of its words, which a phrase in quotation marks does not have.
fn inflected(local: &Local, phrase: &Tree) -> Result<Tree> {
    let mut wider = phrase.clone();
    let mut words = Vec::new();
    wider.each_word(&mut |word| words.push(Tree::Word(word.clone())));
    let mut words = Tree::And(words);
    local.expand(&mut words, true)?;
    let mut forms = Vec::new();
    words.each_word(&mut |word| forms.push(std::mem::take(&mut word.forms)));
    let mut forms = forms.into_iter();
    wider.each_word(&mut |word| {
        for form in forms.next().unwrap_or_default() {
            if !word.forms.contains(&form) {
                word.forms.push(form);
            }
        }
    });
    Ok(wider)
}

/// A word as it is, without other forms.
fn plain(form: &str) -> Word {
    Word { spelling: Spelling::Plain, ..Word::new(form, false, Scope::Anywhere, Span::default()) }
}

/// The words of phrases by their numbers.
fn numbers(texts: &Texts, phrases: &[Vec<&Word>]) -> Vec<Vec<FxHashSet<u32>>> {
    let slot = |word: &&Word| word.forms.iter().filter_map(|form| texts.find(form)).collect();
    phrases.iter().map(|phrase| phrase.iter().map(slot).collect()).collect()
}

/// A relative before it is counted: how it is written, in its forms.
struct Chosen {
    written: Vec<String>,
    likeness: f32,
    places: Vec<DocAddress>,
}

/// Those of the candidates that are no names, dates or forms of the phrase, with their forms, best first.
fn choose(
    texts: &Texts,
    phrases: &[Vec<FxHashSet<u32>>],
    mut candidates: Vec<Candidate>,
    languages: &[&'static Language],
    looked: &mut Looked<'_>,
    wanted: usize,
) -> Result<Vec<Chosen>> {
    let spelled = texts.spelled();
    let words = |form: &[u32]| form.iter().map(|word| spelled[*word as usize]).collect::<Vec<_>>();
    let main = |candidate: &Candidate| candidate.forms.first().map(|(form, _)| words(form)).unwrap_or_default();
    candidates.retain(|candidate| candidate.likeness >= LEAST_ALIKE);
    candidates.sort_by(|a, b| b.rank.total_cmp(&a.rank).then_with(|| main(a).cmp(&main(b))));
    // Names are relatives of names of their kind only.
    let own = texts.first_places(phrases, PLACES * 2);
    let own = looked.kinds(&own, phrases.first().map_or(1, Vec::len))?;
    let mut families = Forms::new(languages);
    for phrase in phrases {
        for slot in phrase {
            for word in slot {
                families.add(spelled[*word as usize]);
            }
        }
    }
    let asked = texts.families_of(phrases);
    let own_words: FxHashSet<&str> = phrases.iter().flatten().flatten().map(|word| spelled[*word as usize]).collect();
    let most = LOOKED_AT.max(wanted.saturating_mul(4));
    let mut chosen: Vec<Chosen> = Vec::new();
    for candidate in candidates.into_iter().take(most) {
        if chosen.len() >= wanted {
            break;
        }
        let first = main(&candidate);
        let same = match candidate.words {
            1 => first.iter().all(|word| families.has(word)),
            _ => asked.contains(&texts.family_set(&candidate)),
        };
        if same {
            continue;
        }
        let mut common = false;
        for word in first.iter().filter(|word| !own_words.contains(*word)) {
            common |= looked.is_common(word)?;
        }
        if common {
            continue;
        }
        let kinds = looked.kinds(&candidate.places, candidate.words)?;
        if kinds.iter().any(|kind| !own.contains(kind)) {
            continue;
        }
        if candidate.words == 1 {
            first.iter().for_each(|word| families.add(word));
        }
        let like_first = |form: &&(Vec<u32>, usize)| {
            let same = |(word, main): (&u32, &&str)| {
                let word = spelled[*word as usize];
                word == *main || forms_of(main, languages).contains(word)
            };
            form.0.iter().zip(&first).all(same)
        };
        let most = candidate.forms.first().map_or(0, |(_, count)| *count);
        let forms = candidate.forms.iter().filter(|(_, count)| count * RARE_FORM >= most).filter(like_first);
        let mut written = Vec::new();
        for (form, _) in forms.take(FORMS) {
            let places: Vec<company::Place> = texts.places_of(&candidate, form).take(PLACES).collect();
            written.push(looked.spelling(&places, form.len())?.unwrap_or_else(|| words(form).join(" ")));
        }
        let places = candidate.places.iter().take(PLACES).map(|place| looked.addresses[place.0 as usize]).collect();
        chosen.push(Chosen { written, likeness: candidate.likeness, places });
    }
    Ok(chosen)
}

/// Words and their inflected forms.
struct Forms<'a> {
    languages: &'a [&'static Language],
    all: FxHashSet<String>,
}

impl Forms<'_> {
    fn new<'a>(languages: &'a [&'static Language]) -> Forms<'a> {
        Forms { languages, all: FxHashSet::default() }
    }

    fn add(&mut self, word: &str) {
        self.all.extend(forms_of(word, self.languages));
        self.all.insert(word.to_owned());
    }

    fn has(&self, word: &str) -> bool {
        self.all.contains(word) || forms_of(word, self.languages).iter().any(|form| self.all.contains(form))
    }
}

/// The forms that a word may take, in any of the languages.
fn forms_of(word: &str, languages: &[&Language]) -> FxHashSet<String> {
    let base = word.strip_suffix("'s").unwrap_or(word);
    let mut forms: FxHashSet<String> = languages.iter().flat_map(|language| (language.inflections)(base)).collect();
    forms.insert(base.to_owned());
    forms.extend(languages.iter().filter_map(|language| language.stem).map(|stem| format!("{}\u{0}", stem(base))));
    forms
}

/// A relative with the articles that a search for it would find, and one of them; none where it is another spelling of one
/// that is `known`.
fn counted(
    local: &Local,
    translator: &Translator<'_>,
    asked: &Asked,
    chosen: Chosen,
    request: &RelatedRequest,
    known: &mut Vec<Tree>,
) -> Result<Option<Relative>> {
    let words: Vec<String> =
        chosen.written.first().map_or("", String::as_str).split([' ', '-']).map(fold::fold).collect();
    let fits = |phrase: &Vec<&Word>| {
        phrase.len() == words.len() && phrase.iter().zip(&words).all(|(word, form)| word.forms.contains(form))
    };
    if known.iter().any(|tree| slots(tree).iter().any(fits)) {
        return Ok(None);
    }
    let clauses: Vec<String> = chosen
        .written
        .iter()
        .map(|form| if form.contains(|c: char| !c.is_alphanumeric()) { format!("\"{form}\"") } else { form.clone() })
        .collect();
    let mut tree = query::parse(&clauses.join(" OR "), None).tree;
    local.expand(&mut tree, request.variants)?;
    let hits =
        collect::hits(translator.opened(), translator.translate(&asked.with(Some(tree.clone())))?.as_ref(), false)?;
    let found: FxHashSet<DocAddress> = hits.iter().map(|hit| hit.1).collect();
    let Some(phrase) = chosen.written.first().cloned() else { return Ok(None) };
    let example = chosen.places.iter().find(|address| found.contains(*address)).copied();
    let example = example.map(|address| local.passage(&tree, address)).transpose()?;
    known.push(tree);
    Ok(Some(Relative {
        phrase,
        forms: chosen.written,
        clauses,
        articles: hits.len(),
        likeness: chosen.likeness,
        example,
    }))
}
