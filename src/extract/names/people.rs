//! Persons: which runs of capitalised words name one.
//!
//! Every run gathers evidence, in tenths of a point, from its own words and from what stands beside it; evidence is
//! shared between all mentions of the same words in an article, and a surname's with the full names that end in it.

use super::lexicon::{
    ADJECTIVE, AT, CITY, COMMON, DAY, FAMILY_FIRST, FAMILY_FORM, FEMALE, FUNCTION, GENERATION, GIVEN, HEAD, KIN,
    Lexicon, MALE, NOT_ACRONYM, PARTICLE, PLACE, PLACE_HEAD, PLACE_LEAD, ROLE, SPEECH, SUFFIX, SURNAME, Sex, TITLE,
    WRITTEN, stem,
};
use super::organisations::Organisation;
use super::run::{Gap, Run, Shape, Text, Token};
use crate::text::fold::fold_into;
use rustc_hash::{FxHashMap, FxHashSet};

/// A run that may name a person.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// Which of the article's texts.
    pub(super) text: usize,
    pub(super) run: Run,
    /// Its words, folded, without initials' full stops, joined by one blank.
    pub(super) key: String,
    /// How many words the key has.
    pub(super) words: usize,
    /// What the title before it, or the given name, tells.
    pub(super) sex: Option<Sex>,
    /// The first word of the title, where the form with it is a form of the name.
    pub(super) honorific: Option<usize>,
    /// The first word of a title that the name keeps.
    pub(super) regal: Option<usize>,
    /// What this mention says for a person.
    evidence: i32,
    /// Whether the words alone forbid a person unless a title stands before.
    doubtful: bool,
    titled: bool,
    loud: bool,
}

/// What a name of several words must reach.
const ENOUGH: i32 = 16;
/// What a single word must reach that is no part of a fuller name.
const ENOUGH_ALONE: i32 = 16;
/// The most words of a name that is looked for in a headline.
const LONGEST_IN_HEADLINE: usize = 4;
/// The most words of a title.
const LONGEST_TITLE: usize = 4;
/// The most words a person's name has.
const LONGEST: usize = 7;
/// So many possible names of people are looked at in a text: no news has a tenth, and what has more is made to hurt.
const MOST: usize = 200_000;

/// The runs of a text that organisations leave, without titles and ordinary words around them.
pub(super) fn candidates(
    number: usize,
    text: &Text<'_>,
    organisations: &[Organisation],
    lexicon: &Lexicon,
    out: &mut Vec<Candidate>,
) {
    let mut organisations = organisations.iter().peekable();
    for run in text.runs() {
        let mut first = run.first;
        while organisations.next_if(|o| o.run.last < first).is_some() {}
        while first <= run.last {
            let Some(next) = organisations.peek().filter(|o| o.run.first <= run.last) else {
                pieces(number, text, Run { first, last: run.last }, lexicon, out);
                break;
            };
            if next.run.first > first {
                pieces(number, text, Run { first, last: next.run.first - 1 }, lexicon, out);
            }
            first = next.run.last + 1;
            organisations.next();
        }
    }
}

/// Splits a run at titles inside it: `London Mayor Ken Livingstone`.
fn pieces(number: usize, text: &Text<'_>, run: Run, lexicon: &Lexicon, out: &mut Vec<Candidate>) {
    let mut first = run.first;
    let mut at = run.first + 1;
    while at < run.last {
        let inside = text.get(at).is_some_and(|token| token.is(TITLE) && token.is_capital() && !token.is(GIVEN))
            && title_at(text, at, run.last, lexicon).is_some()
            && !text.get(at + 1).is_some_and(|token| token.is(GENERATION))
            && (!text.get(at).is_some_and(|t| t.is(SURNAME))
                || text.get(at - 1).is_some_and(|t| t.is(PLACE | ADJECTIVE)));
        if inside {
            piece(number, text, Run { first, last: at - 1 }, lexicon, out);
            first = at;
        }
        at += 1;
    }
    piece(number, text, Run { first, last: run.last }, lexicon, out);
}

/// The title at `at`, with its last word, where a name follows within the run.
fn title_at<'l>(
    text: &Text<'_>,
    at: usize,
    last: usize,
    lexicon: &'l Lexicon,
) -> Option<(&'l super::lexicon::Title, usize)> {
    if !text.get(at)?.is(TITLE) {
        return None;
    }
    let title = lexicon.title(&stem(text.word(at)), |offset| {
        let position = at + offset;
        text.get(position)
            .filter(|t| matches!(t.gap, Gap::Blank | Gap::Hyphen | Gap::Stop))
            .map(|_| stem(text.word(position)))
    })?;
    let end = at + title.len() - 1;
    (end < last).then_some((title, end))
}

/// Trims a piece and weighs what is left.
fn piece(number: usize, text: &Text<'_>, mut run: Run, lexicon: &Lexicon, out: &mut Vec<Candidate>) {
    if out.len() >= MOST {
        return;
    }
    if text.get(run.first).is_some_and(|token| token.loud) {
        return parts_of_headline(number, text, run, out);
    }
    let (mut sex, mut honorific, mut regal, mut titled, mut role, mut lost) = (None, None, None, false, false, false);
    loop {
        let Some(token) = text.get(run.first) else { return };
        if let Some((title, end)) = title_at(text, run.first, run.last, lexicon)
            && !(token.is(GIVEN) && end == run.first)
        {
            sex = title.sex.or(sex);
            (honorific, regal) = (title.honorific.then_some(run.first), title.regal.then_some(run.first));
            titled = true;
            run.first = end + 1;
            continue;
        }
        let next_joins = run.first < run.last;
        if next_joins && token.is(ROLE) && token.is_capital() && !token.is(GIVEN | SURNAME | FAMILY_FIRST) {
            role = true;
            titled = false;
            (honorific, regal) = (None, None);
            run.first += 1;
            continue;
        }
        let ordinary = token.is(FUNCTION | COMMON | ADJECTIVE | NOT_ACRONYM)
            && !token.is(GIVEN | PARTICLE | FAMILY_FIRST)
            || token.is(FUNCTION) && !token.is(GIVEN) && token.starts
            || token.is(PLACE) && !token.is(GIVEN | PLACE_LEAD) && text.get(run.first + 1).is_some_and(|t| t.is(GIVEN));
        // `Sprinters Kostas Kenteris and …`
        let callings = token.starts
            && token.kinds & !WRITTEN == 0
            && ["ers", "ors", "ans", "ists"].iter().any(|ending| text.word(run.first).ends_with(ending))
            && text.get(run.first + 1).is_some_and(|t| t.is(GIVEN));
        if (ordinary || callings) && next_joins && token.shape != Shape::Lower {
            (titled, role) = (false, false);
            lost |= token.is(COMMON) && !token.is(FUNCTION | ROLE | TITLE | ADJECTIVE | DAY) && !token.starts;
            (honorific, regal) = (None, None);
            run.first += 1;
            // A particle cannot begin what is left unless it is a name's own.
            while run.first < run.last
                && text.get(run.first).is_some_and(|t| {
                    t.shape == Shape::Lower
                        && t.gap != Gap::Hyphen
                        && !matches!(text.word(run.first), "van" | "von" | "de" | "bin" | "al")
                })
            {
                run.first += 1;
            }
            continue;
        }
        break;
    }
    while run.last > run.first
        && text.get(run.last).is_some_and(|t| t.is(DAY) && !(t.is(GIVEN) && run.last == run.first + 1))
    {
        run.last -= 1;
    }
    while run.last > run.first
        && text.get(run.last).is_some_and(|t| t.shape == Shape::Lower && t.is(PARTICLE) && t.gap != Gap::Hyphen)
    {
        run.last -= 1;
    }
    if run.last - run.first >= LONGEST {
        return;
    }
    // A role in lower case before it: `striker Wayne Rooney`, `Foreign minister Sergey Lavrov`.
    let candidate = weigh(number, text, run, titled);
    if let Some(mut candidate) = candidate {
        candidate.sex = sex.or(candidate.sex);
        candidate.evidence += 15 * i32::from(role && !titled);
        // `Star Trek`: what is left of a name that began with an ordinary word is seldom a person's.
        candidate.evidence -= 15 * i32::from(lost && !titled);
        candidate.honorific = honorific;
        candidate.regal =
            regal.filter(|_| candidate.words == 1 || text.get(run.last).is_some_and(|t| t.is(GENERATION)));
        out.push(candidate);
    }
}

/// Every short stretch of a headline's run, the longest first: the rest of the article decides which is a name.
fn parts_of_headline(number: usize, text: &Text<'_>, run: Run, out: &mut Vec<Candidate>) {
    for first in run.first..=run.last {
        if out.len() >= MOST {
            return;
        }
        for last in (first..=run.last.min(first + LONGEST_IN_HEADLINE - 1)).rev() {
            out.extend(weigh(number, text, Run { first, last }, false));
        }
    }
}

/// The person whose name is `run`, as the tagger found it; `None` where no word of it is a name's.
pub(super) fn tagged(number: usize, text: &Text<'_>, run: Run, lexicon: &Lexicon) -> Option<Candidate> {
    let mut key = String::with_capacity(32);
    let mut folded = String::with_capacity(16);
    let (mut words, mut initials) = (0, 0);
    for at in run.first..=run.last {
        let token = text.get(at)?;
        let word = text.word(at);
        add_to_key(word, &mut key, &mut folded);
        initials += usize::from(is_initial(token, word));
        words += usize::from(!token.is(GENERATION) || at == run.first);
    }
    // The longest title that ends where the name begins.
    let title = (1..=LONGEST_TITLE).rev().filter_map(|back| run.first.checked_sub(back)).find_map(|at| {
        let (title, end) = title_at(text, at, run.last, lexicon)?;
        let close = (at + 1..=run.first).all(|at| text.get(at).is_some_and(|t| !t.starts || t.gap == Gap::Stop));
        (end + 1 == run.first && close).then_some((title, at))
    });
    let first = text.get(run.first)?;
    let sex = sex_of(first);
    let generation = text.get(run.last).is_some_and(|token| token.is(GENERATION));
    Some(Candidate {
        text: number,
        run,
        key,
        words,
        sex: title.and_then(|(title, _)| title.sex).or(sex.filter(|_| words > initials + 1)),
        honorific: title.filter(|(title, _)| title.honorific).map(|(_, at)| at),
        regal: title.filter(|(title, _)| title.regal && (words == 1 || generation)).map(|(_, at)| at),
        evidence: ENOUGH,
        doubtful: false,
        titled: title.is_some(),
        loud: first.loud,
    })
}

/// Adds a word to the key of a name: folded, without the full stops of initials, a blank before it.
fn add_to_key(word: &str, key: &mut String, folded: &mut String) {
    if !key.is_empty() {
        key.push(' ');
    }
    fold_into(word, folded);
    key.extend(folded.chars().filter(|c| *c != '.'));
}

/// `J`, `J.K.`
fn is_initial(token: &Token, word: &str) -> bool {
    token.shape == Shape::Initial || token.shape == Shape::Capitals && word.contains('.')
}

/// The sex that a given name tells.
fn sex_of(token: &Token) -> Option<Sex> {
    match token.kinds & GIVEN {
        FEMALE => Some(Sex::Female),
        MALE => Some(Sex::Male),
        _ => None,
    }
}

/// What speaks for a person in `run`.
fn weigh(number: usize, text: &Text<'_>, run: Run, titled: bool) -> Option<Candidate> {
    let first = *text.get(run.first)?;
    let last = *text.get(run.last)?;
    let mut key = String::with_capacity(32);
    let mut folded = String::with_capacity(16);
    let (mut names, mut common, mut places, mut initials, mut particles, mut given, mut heads) = (0, 0, 0, 0, 0, 0, 0);
    for at in run.first..=run.last {
        let token = text.get(at)?;
        let word = text.word(at);
        if word.bytes().any(|b| b.is_ascii_digit()) || word.len() > 40 {
            return None;
        }
        add_to_key(word, &mut key, &mut folded);
        let initial = is_initial(token, word);
        initials += usize::from(initial);
        if token.is(GENERATION) && at > run.first {
            continue;
        }
        if token.shape == Shape::Lower && token.is(PARTICLE) {
            particles += 1;
            continue;
        }
        names += usize::from(!initial);
        given += usize::from(token.is(GIVEN));
        let given_first = at == run.first && token.is(GIVEN);
        // `Gordon Brown`: an ordinary word that is also a family name, behind a given name.
        let excused = initial || given_first || first.is(GIVEN) && token.is(SURNAME | GIVEN) || token.is(FAMILY_FIRST);
        common += usize::from(token.is(COMMON | FUNCTION | NOT_ACRONYM) && !excused);
        places += usize::from(token.is(PLACE | ADJECTIVE) && !token.is(GIVEN));
        heads +=
            usize::from(token.is(HEAD | SUFFIX) && !token.is(SURNAME | GIVEN | PARTICLE | COMMON) && at > run.first);
    }
    if names == 0 {
        return None;
    }
    let words = run.last - run.first + 1;
    // Words in capitals that no title goes with are acronyms or shouting.
    if !titled
        && (run.first..=run.last).all(|at| text.get(at).is_some_and(|t| t.shape == Shape::Capitals))
        && !first.loud
    {
        return None;
    }
    let place = usize::from(first.place);
    let single = names == 1 && initials == 0;
    let mut evidence = 0;
    if titled {
        evidence += 30;
    }
    let before = run.first.checked_sub(1).and_then(|at| text.get(at));
    let close = matches!(first.gap, Gap::Blank) && !first.starts;
    if let Some(before) = before.filter(|before| close && !before.is_capital() && !titled) {
        let written = text.word(run.first - 1);
        if before.is(ROLE) && !before.possessive {
            evidence += if before.is(TITLE) { 20 } else { 15 };
        } else if matches!(written, "the" | "a" | "an" | "this" | "these" | "its" | "our" | "another") {
            evidence -= 25;
        } else if before.is(AT) {
            evidence -= 10;
        } else if matches!(written, "said" | "says" | "by" | "named" | "called" | "added") {
            evidence += if single { 5 } else { 8 };
        }
    } else if first.gap == Gap::Comma && !single && before.is_some_and(|before| before.is(ROLE) && !before.is_capital())
    {
        evidence += 12;
    } else if titled && run.first > 1 {
        // Nothing more to learn.
    } else if close
        && before.is_some_and(|before| before.is_capital() && matches!(text.word(run.first - 1), "The" | "A" | "An"))
    {
        evidence -= 25;
    }
    evidence += after(text, run, single);
    let surname = last.is(FAMILY_FORM);
    if single {
        evidence += 10 * i32::from(first.is(GIVEN))
            + 8 * i32::from(last.is(SURNAME | FAMILY_FIRST))
            + 5 * i32::from(surname)
            + 8 * i32::from(particles > 0);
    } else {
        let asian = first.is(FAMILY_FIRST) && first.span.end - first.span.start <= 6 && names <= 3;
        let hyphenated = asian && text.get(run.last).is_some_and(|t| t.gap == Gap::Hyphen);
        evidence += if first.is(GIVEN) && !first.is(PLACE | COMMON | ADJECTIVE | HEAD) {
            20
        } else if first.is(GIVEN) {
            12
        } else {
            0
        };
        evidence += 8 * i32::from(given > usize::from(first.is(GIVEN)));
        evidence += 8 * i32::from(asian) + 12 * i32::from(hyphenated);
        evidence += if first.shape == Shape::Initial && text.get(run.first + 1).is_some_and(|t| t.gap == Gap::Blank) {
            5
        } else {
            12 * i32::from(initials > 0)
        } + 15 * i32::from(last.is(GENERATION))
            + 8 * i32::from(particles > 0);
        evidence += 8 * i32::from(last.is(SURNAME)) + 8 * i32::from(surname);
        if common == 0 && places == 0 && heads == 0 {
            evidence += 10;
        }
    }
    evidence -= 15 * common as i32 + 12 * heads as i32;
    if first.is(PLACE_LEAD) && !first.is(GIVEN | FAMILY_FIRST) {
        evidence -= 15;
    }
    if last.is(PLACE_HEAD)
        && words > 1
        && !(last.is(SURNAME | COMMON | FAMILY_FIRST) && first.is(GIVEN) && !first.is(PLACE))
    {
        evidence -= 20;
    }
    if places > 0 && !titled {
        evidence -= if single || places == names {
            40
        } else if last.is(PLACE) && first.is(GIVEN) {
            0
        } else {
            10
        };
    }
    if place == words && !titled {
        evidence -= 60;
    }
    if single && first.is(CITY) && !titled {
        evidence -= 10;
    }
    if text.get(run.last + 1).is_some_and(|t| t.gap == Gap::Hyphen) && !last.possessive {
        evidence -= 15;
    }
    if last.shape == Shape::Initial && words == 2 && !titled {
        evidence -= 15;
    }
    if first.gap == Gap::Hyphen && before.is_some_and(Token::is_capital) {
        evidence -= 20;
    }
    if single && first.is(TITLE | ROLE) && !first.is(GIVEN | SURNAME) {
        evidence -= 40;
    }
    let doubtful = single
        && (first.is(COMMON | FUNCTION | NOT_ACRONYM | PLACE | ADJECTIVE)
            || first.shape == Shape::Initial
            || first.is(TITLE) && first.starts)
        || heads > 0 && !titled
        || place == words;
    let sex = sex_of(&first).filter(|_| !single);
    Some(Candidate {
        text: number,
        run,
        key,
        words: names + particles + initials,
        sex,
        honorific: None,
        regal: None,
        evidence,
        doubtful,
        titled,
        loud: first.loud,
    })
}

/// What follows: `X said`, `X, 45,`, `X (45)`, `X, who`, `X, the striker`, `X's wife`.
fn after(text: &Text<'_>, run: Run, single: bool) -> i32 {
    let Some(next) = text.get(run.last + 1) else { return 0 };
    let word = text.word(run.last + 1);
    let possessive = text.get(run.last).is_some_and(|t| t.possessive);
    match next.gap {
        Gap::Blank if !next.starts && !possessive => {
            if next.is(SPEECH) {
                return 12;
            }
            if next.is(KIN) {
                return 10;
            }
        }
        Gap::Blank if possessive && next.is(ROLE) => return if single { 4 } else { 5 },
        Gap::Comma | Gap::Open => {
            let age = word.len() <= 2 && word.parse::<u8>().is_ok_and(|age| age > 5);
            let closed = text.text.get(next.span.end..).is_some_and(|rest| rest.starts_with([',', ')', '.']));
            if age && closed {
                return 20;
            }
            if next.gap == Gap::Comma {
                if next.is(KIN) {
                    return 12;
                }
                // `X, the former striker`, `X, president of`.
                let role = (run.last + 1..run.last + 6)
                    .take_while(|at| {
                        *at == run.last + 1 || text.get(*at).is_some_and(|t| matches!(t.gap, Gap::Blank | Gap::Hyphen))
                    })
                    .any(|at| text.get(at).is_some_and(|t| t.is(ROLE)));
                let opens = matches!(word, "the" | "a" | "an" | "his" | "her" | "its" | "our" | "whose")
                    || next.is(ROLE)
                    || next.is(COMMON);
                if role && opens {
                    return if single { 8 } else { 10 };
                }
            }
        }
        _ => {}
    }
    0
}

/// Endings and beginnings that names of places and things seldom have.
pub(super) fn is_surname_by_ending(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "ov", "ova", "ev", "eva", "enko", "chuk", "ski", "sky", "ska", "skaya", "vich", "vic", "vić", "ović", "ić",
        "czyk", "sson", "ssen", "dóttir", "dottir", "escu", "poulos", "akis", "idis", "yan", "dze", "shvili", "oglu",
        "zadeh", "zade", "uddin", "ullah", "wala", "mann", "berg", "stein", "sen", "son", "ez", "ini", "elli", "etti",
        "ucci", "inho", "inen", "kar", "murthy", "swamy", "nathan", "singh", "wardena", "singhe", "weera", "aitis",
        "iene",
    ];
    const BEGINNINGS: &[&str] = &["Mc", "Mac", "O'", "O’", "Fitz", "D'", "D’"];
    word.len() >= 5
        && (ENDINGS.iter().any(|ending| word.ends_with(*ending))
            || BEGINNINGS
                .iter()
                .any(|beginning| word.starts_with(beginning) && word.chars().filter(|c| c.is_uppercase()).count() > 1))
}

/// Keeps the candidates that name persons.
pub(super) fn decide(candidates: Vec<Candidate>, texts: &[Text<'_>]) -> Vec<Candidate> {
    // What all mentions of the same words say together: the best mention, and a little for each further one.
    let mut best: FxHashMap<&str, (i32, i32)> = FxHashMap::default();
    // What mentions of a single word say for the names that hold it.
    let mut alone: FxHashMap<&str, i32> = FxHashMap::default();
    for candidate in candidates.iter().filter(|c| !c.loud) {
        let entry = best.entry(&candidate.key).or_insert((i32::MIN, 0));
        entry.0 = entry.0.max(candidate.evidence);
        entry.1 += candidate.evidence.max(0);
        if candidate.words == 1 {
            let entry = alone.entry(&candidate.key).or_default();
            *entry = (*entry).max(candidate.evidence);
        }
    }
    let mut full: FxHashSet<&str> = FxHashSet::default();
    let mut parts: FxHashSet<&str> = FxHashSet::default();
    for candidate in candidates.iter().filter(|c| c.words > 1 && !c.loud) {
        let (most, sum) = best.get(candidate.key.as_str()).copied().unwrap_or_default();
        let lasting = candidate.key.rsplit(' ').next().and_then(|last| alone.get(last)).copied().unwrap_or(0);
        let shared = lasting.clamp(0, 15);
        let repeated = ((sum - most) / 4).clamp(0, 6);
        if most + shared + repeated >= ENOUGH && !candidate.doubtful {
            full.insert(&candidate.key);
        }
    }
    for key in &full {
        parts.extend(key.split(' ').filter(|part| part.len() > 1));
    }
    let lower = lower_words(&candidates, texts);
    let mut single: FxHashSet<&str> = FxHashSet::default();
    for candidate in candidates.iter().filter(|c| c.words == 1 && !c.loud) {
        let (most, sum) = best.get(candidate.key.as_str()).copied().unwrap_or_default();
        let repeated = ((sum - most) / 2).clamp(0, 8);
        if most + repeated >= ENOUGH_ALONE
            && (!candidate.doubtful || candidate.titled)
            && !lower.contains(&candidate.key)
        {
            single.insert(&candidate.key);
        }
    }
    let keep: Vec<bool> = candidates
        .iter()
        .map(|candidate| {
            let key = candidate.key.as_str();
            let is_part = candidate.words == 1 && parts.contains(key);
            if candidate.loud {
                return full.contains(key) || is_part && !candidate.doubtful || single.contains(key);
            }
            if candidate.words > 1 {
                return full.contains(key);
            }
            if candidate.doubtful {
                return candidate.titled && candidate.evidence >= ENOUGH
                    || is_part && candidate.evidence > 0
                    || is_part && !texts_start(candidate, texts) && candidate.evidence > -20;
            }
            (is_part || single.contains(key)) && candidate.evidence > -20
        })
        .collect();
    let mut keep = keep.into_iter();
    let mut end = None;
    candidates
        .into_iter()
        .filter(|candidate| {
            let kept =
                keep.next().unwrap_or(false) && end.is_none_or(|end| end < (candidate.text, candidate.run.first));
            if kept {
                end = Some((candidate.text, candidate.run.last));
            }
            kept
        })
        .collect()
}

fn texts_start(candidate: &Candidate, texts: &[Text<'_>]) -> bool {
    texts.get(candidate.text).and_then(|text| text.get(candidate.run.first)).is_some_and(|token| token.starts)
}

/// The keys of single candidates that the article also writes in lower case.
fn lower_words(candidates: &[Candidate], texts: &[Text<'_>]) -> FxHashSet<String> {
    let wanted: FxHashSet<&str> = candidates.iter().filter(|c| c.words == 1).map(|c| c.key.as_str()).collect();
    let mut found = FxHashSet::default();
    if wanted.is_empty() {
        return found;
    }
    // Few words are as long as one of them.
    let lengths = wanted.iter().fold(0u64, |all, word| all | 1 << word.len().min(63));
    for text in texts {
        for (at, token) in text.tokens.iter().enumerate() {
            let length = (token.span.end - token.span.start).min(63);
            if token.shape == Shape::Lower && lengths & 1 << length != 0 && wanted.contains(text.word(at)) {
                found.insert(text.word(at).to_owned());
            }
        }
    }
    found
}
