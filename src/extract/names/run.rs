//! The words of one text with what the rules need to know of each, and the runs of capitalised words.

use super::lexicon::{
    self, ADJECTIVE, CITY, COMMON, DAY, FAMILY_FIRST, FUNCTION, GIVEN, HEAD, JOIN, Kinds, PARTICLE, PLACE, TITLE,
};
use crate::article::Part;
use crate::extract::{Hit, Page};
use crate::places::{Kind, Ordinary};
use crate::text::Span;

/// Words at the end of names whose full stop belongs to them.
const ABBREVIATED: &[&str] =
    &["Inc", "Corp", "Co", "Cos", "Ltd", "Bros", "Pty", "Sdn", "Bhd", "Pte", "Pvt", "Intl", "Assn", "Jr", "Sr", "Esq"];

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::extract) enum Shape {
    /// Begins with a small letter, a digit or a letter of a script without capitals.
    Lower,
    /// `Kim`.
    Capital,
    /// `NATO`, `U.S.`: two letters or more.
    Capitals,
    /// `J`.
    Initial,
    /// `YouTube`, `iLaw`.
    Mixed,
}

/// What stands between a word and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// White space.
    Blank,
    /// A hyphen, nothing else.
    Hyphen,
    /// A full stop and white space, or a full stop alone.
    Stop,
    /// `&`.
    And,
    /// An apostrophe and a blank: the possessive of a plural.
    Apostrophe,
    /// A comma and white space.
    Comma,
    /// An opening parenthesis.
    Open,
    /// Anything else.
    Other,
}

/// A word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    /// Without a possessive ending.
    pub(super) span: Span,
    /// A hash of its look-up form.
    pub(super) lower: u32,
    pub(super) kinds: Kinds,
    pub(super) shape: Shape,
    pub(super) gap: Gap,
    /// Whether it begins a sentence or a quotation.
    pub(super) starts: bool,
    /// Whether it has a possessive ending.
    pub(super) possessive: bool,
    /// How many bytes that ending has.
    pub(super) ending: u8,
    /// Whether it stands in a sentence that is a headline or in capitals, where capitals tell nothing.
    pub(super) loud: bool,
    /// Whether it stands in a sentence without any capitals: in the web's letters and questions names have none either.
    pub(super) quiet: bool,
    /// Whether it is part of a byline, credit or caption.
    pub(super) skip: bool,
    /// How many words the name of a place has that begins here and is hardly ever anything else; else 0.
    pub(super) place: u8,
}

impl Token {
    /// Whether the word is written as part of a name is.
    pub(super) fn is_capital(&self) -> bool {
        self.shape != Shape::Lower
    }

    pub(super) fn is(&self, kinds: Kinds) -> bool {
        self.kinds & kinds != 0
    }
}

/// The words of one text.
pub(super) struct Text<'a> {
    pub(super) part: Part,
    pub(super) text: &'a str,
    pub(super) tokens: Vec<Token>,
}

/// A run of words, `last` included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) first: usize,
    pub(super) last: usize,
}

impl<'a> Text<'a> {
    /// Takes what is known of every word of a part of `page`.
    pub(super) fn new(page: &Page<'a>, part: Part) -> Text<'a> {
        let words = if part == Part::Title { &page.title } else { &page.body };
        let text = words.text;
        let mut tokens = Vec::with_capacity(words.len());
        let mut sentences = words.bounds.sentences.iter().peekable();
        let mut furniture = page.article.furniture.iter().peekable();
        let mut end = 0;
        for (position, (span, form)) in words.spans.iter().zip(page.forms(part)).enumerate() {
            let cut = Span::new(span.start, span.end - usize::from(form.ending));
            let between = text.get(end..span.start).unwrap_or("");
            let mut gap = gap(between);
            if gap == Gap::Blank && between.contains('\n') && is_short_line(text, end) {
                gap = Gap::Other;
            }
            let starts = sentences.next_if(|first| **first as usize == position).is_some()
                || (gap == Gap::Other && between.contains(['"', '“', '‘', ':', '•', '\u{2014}', '*']));
            while furniture.next_if(|part| part.end <= span.start).is_some() {}
            let skip = part == Part::Body && furniture.peek().is_some_and(|part| part.overlaps(*span));
            tokens.push(Token {
                span: cut,
                lower: form.lower,
                kinds: form.kinds,
                shape: form.shape,
                gap,
                starts,
                possessive: form.ending > 0,
                ending: form.ending,
                loud: false,
                quiet: false,
                skip,
                place: 0,
            });
            end = span.end;
        }
        mark_places(&mut tokens, page.hits(part));
        let mut text = Text { part, text, tokens };
        text.mark_loud(&words.bounds.sentences);
        text
    }

    /// Marks sentences in which nearly every longer word has a capital.
    fn mark_loud(&mut self, sentences: &[u32]) {
        let text = self.text;
        for (number, first) in sentences.iter().enumerate() {
            let first = *first as usize;
            let after = sentences.get(number + 1).map_or(self.tokens.len(), |next| *next as usize);
            let Some(sentence) = self.tokens.get_mut(first..after) else { continue };
            let small = |(at, token): (usize, &Token)| {
                at == 0 || !token.is_capital() || text.get(token.span.start..token.span.end) == Some("I")
            };
            if sentence.len() >= SHORTEST_QUIET && sentence.iter().enumerate().all(small) {
                sentence.iter_mut().for_each(|token| token.quiet = true);
                continue;
            }
            // `ROWING` between lines of results.
            let capitals = sentence.iter().all(|token| token.shape == Shape::Capitals);
            if capitals && sentence.len() <= 3 && sentence.iter().any(|t| t.span.end - t.span.start > 5) {
                sentence.iter_mut().for_each(|token| token.loud = true);
                continue;
            }
            let (mut long, mut high, mut small) = (0, 0, 0);
            for token in sentence.iter() {
                if token.is_capital() {
                    long += 1;
                    high += 1;
                    small += usize::from(token.is(COMMON) && !token.is(DAY));
                } else if !is_small_in_headlines(text.get(token.span.start..token.span.end).unwrap_or("")) {
                    long += 1;
                }
            }
            // Names alone make no headline: some ordinary words must have capitals too.
            let least = if self.part == Part::Title { 8 } else { 9 };
            if long >= 3 && high * 10 >= long * least && (small >= 2 || self.part == Part::Title) {
                sentence.iter_mut().for_each(|token| token.loud = true);
            }
        }
    }

    /// The word at `position` as written, without a possessive ending.
    pub(super) fn word(&self, position: usize) -> &'a str {
        self.tokens.get(position).map_or("", |token| token.span.of(self.text))
    }

    /// The word at `position` as written, with its possessive ending.
    pub(super) fn printed(&self, position: usize) -> &'a str {
        let Some(token) = self.tokens.get(position) else { return "" };
        let end = token.span.end + usize::from(token.ending);
        self.text.get(token.span.start..end).unwrap_or("")
    }

    /// The words of a run as written.
    pub(super) fn written(&self, run: Run) -> &'a str {
        self.span(run).of(self.text)
    }

    /// Where a run stands.
    pub(super) fn span(&self, run: Run) -> Span {
        let start = self.tokens.get(run.first).map_or(0, |token| token.span.start);
        Span::new(start, self.tokens.get(run.last).map_or(start, |token| token.span.end))
    }

    /// What stands before the word at `position`, back to the word before it; behind the last word, what follows it.
    pub(super) fn before(&self, position: usize) -> &'a str {
        let last = position.checked_sub(1).and_then(|at| self.get(at));
        let end = last.map_or(0, |token| token.span.end + usize::from(token.ending));
        let start = self.get(position).map_or(self.text.len(), |token| token.span.start);
        self.text.get(end..start).unwrap_or("")
    }

    /// Where a name stands: with the full stop of an abbreviation at its end, `Enron Corp.`, `Seth K.`.
    pub(super) fn name_span(&self, run: Run) -> Span {
        let span = self.span(run);
        let stop = self.get(run.last).is_some_and(|last| {
            let initial = last.shape == Shape::Initial && run.first < run.last;
            !last.possessive && (initial || ABBREVIATED.contains(&self.word(run.last)))
        });
        let bytes = self.text.as_bytes();
        let dots = stop && bytes.get(span.end) == Some(&b'.') && bytes.get(span.end + 1) != Some(&b'.');
        Span::new(span.start, span.end + usize::from(dots))
    }

    pub(super) fn get(&self, position: usize) -> Option<&Token> {
        self.tokens.get(position)
    }

    /// Whether the word at `position` is joined to the one before it as words of a name are.
    pub(super) fn joins(&self, position: usize) -> bool {
        let (Some(token), Some(before)) = (self.get(position), position.checked_sub(1).and_then(|at| self.get(at)))
        else {
            return false;
        };
        if token.skip || (token.starts && token.gap != Gap::Hyphen) || before.possessive {
            return false;
        }
        match token.gap {
            Gap::Blank | Gap::Hyphen => true,
            // `J. Smith`, `Gen. Smith`, `Jr. of`.
            Gap::Stop => before.shape == Shape::Initial || before.is(TITLE) || before.span.end - before.span.start <= 4,
            _ => false,
        }
    }

    /// Runs of capitalised words, with particles between them, in order.
    pub(super) fn runs(&self) -> Vec<Run> {
        let mut runs = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            if self.tokens[at].skip || !(self.tokens[at].is_capital() || self.particle_begins(at)) {
                at += 1;
                continue;
            }
            let first = at;
            let mut last = at;
            if !self.tokens[at].is_capital() {
                last += 1;
            }
            while let Some(next) = self.next_of_run(first, last) {
                last = next;
            }
            runs.push(Run { first, last });
            at = last + 1;
        }
        runs
    }

    /// `al-Maliki`, `bin Laden`, `von der Leyen`: a particle in lower case that begins a name.
    fn particle_begins(&self, at: usize) -> bool {
        let Some(token) = self.get(at) else { return false };
        if !token.is(PARTICLE) || token.starts {
            return false;
        }
        let Some(next) = self.get(at + 1) else { return false };
        let strong = matches!(
            self.word(at),
            "al" | "el" | "bin" | "ibn" | "van" | "von" | "de" | "da" | "di" | "du" | "as" | "ash"
        );
        next.is_capital()
            && !next.starts
            && !next.is(COMMON)
            && match next.gap {
                Gap::Hyphen => strong,
                Gap::Blank => strong && !matches!(self.word(at), "as" | "ash"),
                _ => false,
            }
    }

    /// The last word of the next piece of a run that has reached `last`.
    fn next_of_run(&self, first: usize, last: usize) -> Option<usize> {
        let next = self.get(last + 1)?;
        if !self.joins(last + 1) {
            return None;
        }
        if next.is_capital() {
            return Some(last + 1);
        }
        // `Kim Jong-un`: a small second half of a given name, unlike `London-based`.
        if next.gap == Gap::Hyphen && self.is_second_half(first, last + 1) {
            return Some(last + 1);
        }
        // Particles, at most three, and then a capital.
        let mut at = last + 1;
        while at <= last + 3 {
            let token = self.get(at)?;
            let small = self.word(at);
            if token.is_capital() || !token.is(PARTICLE) || !self.joins(at) {
                return None;
            }
            let after = self.get(at + 1)?;
            if !lexicon::stands_alone(small) && after.gap != Gap::Hyphen && token.gap != Gap::Hyphen {
                return None;
            }
            if after.is_capital() {
                return (self.joins(at + 1) && !after.is(FUNCTION)).then_some(at + 1);
            }
            at += 1;
        }
        None
    }

    /// Whether the word at `at` is the small second half of a given name in a name that begins at `first`.
    pub(super) fn is_second_half(&self, first: usize, at: usize) -> bool {
        let word = self.word(at);
        let Some(token) = self.get(at).filter(|token| token.gap == Gap::Hyphen && !token.is_capital()) else {
            return false;
        };
        let length = word.len();
        // `Moon Jae-in`
        let family_first = at == first + 2 && self.get(first).is_some_and(|t| t.is(FAMILY_FIRST));
        let english = token.is(COMMON) && !(family_first && length < 4)
            || word.ends_with("ed")
            || matches!(
                word,
                "led"
                    | "era"
                    | "born"
                    | "run"
                    | "style"
                    | "like"
                    | "held"
                    | "made"
                    | "type"
                    | "wide"
                    | "old"
                    | "bound"
                    | "e"
                    | "only"
            );
        let lonely = self.get(at + 1).is_none_or(|next| next.gap != Gap::Hyphen);
        (2..=6).contains(&length) && !english && lonely && at >= first + 2 && word.is_ascii()
    }

    /// Runs for organisations: `&` and the possessives of `People's`, `Workers'` join too.
    pub(super) fn wide_runs(&self) -> Vec<Run> {
        let mut runs = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            let token = &self.tokens[at];
            if token.skip || !token.is_capital() {
                at += 1;
                continue;
            }
            let first = at;
            while let Some(next) = self.get(at + 1) {
                let here = &self.tokens[at];
                let capital = next.is_capital() && !next.skip && !next.starts;
                let owns = (here.possessive || next.gap == Gap::Apostrophe)
                    && (here.is(JOIN) || self.owns_as_join(at))
                    && matches!(next.gap, Gap::Blank | Gap::Apostrophe);
                if capital && (self.joins(at + 1) || next.gap == Gap::And || owns) {
                    at += 1;
                } else {
                    break;
                }
            }
            runs.push(Run { first, last: at });
            at += 1;
        }
        runs
    }

    /// Whether the possessive at `at` is one that names of organisations have: `People's Party`.
    fn owns_as_join(&self, at: usize) -> bool {
        let Some(token) = self.get(at) else { return false };
        matches!(
            self.word(at).to_ascii_lowercase().as_str(),
            "people"
                | "peoples"
                | "children"
                | "women"
                | "men"
                | "lord"
                | "king"
                | "queen"
                | "prosecutor"
                | "prosecutors"
        ) || (token.is(JOIN) && self.get(at + 1).is_some_and(|next| next.is(HEAD)))
    }
}

/// From this population on, in thousands, the name of a city is hardly ever anything else.
const GREAT: u32 = 1_000;
/// From this population on, in thousands, the name of a city says something against a person.
const LARGE: u32 = 100;

/// Marks the words of names that are hardly ever anything but a place's, of other cities, and of inhabitants.
fn mark_places(tokens: &mut [Token], hits: &[Hit]) {
    for hit in hits {
        let found = &hit.found;
        // `Emiliano Zapata` is a town too.
        let given = found.words > 1 && tokens.get(hit.first).is_some_and(|token| token.is(GIVEN));
        let own = found.ordinary == Ordinary::No;
        let mut kinds = 0;
        for sense in found.senses.iter().filter(|sense| !sense.abbreviation) {
            kinds |= match sense.place.kind {
                _ if sense.demonym => ADJECTIVE,
                Kind::Country | Kind::Wide => PLACE,
                Kind::Region if own => PLACE,
                Kind::City
                    if own && (sense.place.people >= GREAT || sense.place.capital || found.words > 1 && !given) =>
                {
                    PLACE
                }
                Kind::City if own && sense.place.people >= LARGE => CITY,
                _ => 0,
            };
        }
        if kinds & ADJECTIVE != 0 {
            kinds = ADJECTIVE;
        }
        for token in tokens.iter_mut().skip(hit.first).take(found.words) {
            token.kinds |= kinds;
        }
        if let Some(token) = tokens.get_mut(hit.first).filter(|_| kinds & PLACE != 0) {
            token.place = u8::try_from(found.words).unwrap_or(u8::MAX);
        }
    }
}

/// A sentence of fewer words is no sentence, and tells nothing by having no capitals.
const SHORTEST_QUIET: usize = 3;

/// A line that ends before this many bytes is an item of a list, not wrapped prose.
const SHORT_LINE: usize = 40;

/// Whether the line that ends at `end` is too short to be wrapped prose.
fn is_short_line(text: &str, end: usize) -> bool {
    let from = end.saturating_sub(SHORT_LINE);
    end < SHORT_LINE || text.as_bytes().get(from..end).is_some_and(|line| line.contains(&b'\n'))
}

/// Words that headlines leave small.
fn is_small_in_headlines(word: &str) -> bool {
    const SMALL: &[&str] = &[
        "a", "an", "the", "and", "but", "or", "nor", "for", "of", "in", "on", "at", "to", "by", "with", "from", "as",
        "via", "v", "vs", "per",
    ];
    word.len() <= 4 && SMALL.contains(&word)
}

/// How `word` is written.
pub(in crate::extract) fn shape(word: &str) -> Shape {
    let mut chars = word.chars();
    let Some(first) = chars.next() else { return Shape::Lower };
    if first.is_ascii_lowercase() && word.bytes().skip(1).all(|b| !b.is_ascii_uppercase()) {
        return Shape::Lower;
    }
    let (mut upper, mut lower) = (usize::from(first.is_uppercase()), usize::from(first.is_lowercase()));
    let mut switched = false;
    let stem = word.get(..word.len() - lexicon::possessive(word)).unwrap_or(word);
    for c in stem.chars().skip(1) {
        if c.is_uppercase() {
            upper += 1;
            switched |= lower > 0;
        } else if c.is_lowercase() {
            lower += 1;
        }
    }
    match (upper, lower) {
        (0, _) => Shape::Lower,
        (1, 0) => {
            if stem.chars().count() == 1 {
                Shape::Initial
            } else {
                Shape::Capitals
            }
        }
        (_, 0) => Shape::Capitals,
        // `SACCOs`
        (3.., 1) if stem.ends_with('s') => Shape::Capitals,
        _ if switched && !has_name_prefix(stem) => Shape::Mixed,
        _ if first.is_uppercase() => Shape::Capital,
        _ => Shape::Lower,
    }
}

/// `McCain`, `O'Neill`, `DeLay`: a capital inside that is no sign of a brand.
fn has_name_prefix(word: &str) -> bool {
    word.contains(['\'', '’'])
        || ["Mc", "Mac", "De", "Di", "Du", "La", "Le", "Van", "Von", "Fitz", "El", "Al", "San", "Ben", "St"].iter().any(
            |prefix| {
                word.strip_prefix(prefix).is_some_and(|rest| {
                    rest.starts_with(|c: char| c.is_uppercase()) && !rest.chars().skip(1).any(char::is_uppercase)
                })
            },
        )
}

/// What kind of gap `between` is.
fn gap(between: &str) -> Gap {
    match between {
        " " => Gap::Blank,
        "-" | "\u{2010}" | "\u{2011}" => Gap::Hyphen,
        ", " => Gap::Comma,
        ". " | "." => Gap::Stop,
        " (" => Gap::Open,
        "&" | " & " => Gap::And,
        "' " | "’ " => Gap::Apostrophe,
        _ => {
            let trimmed = between.trim();
            match trimmed {
                "" if !between.is_empty() => Gap::Blank,
                "," => Gap::Comma,
                "." => Gap::Stop,
                _ => Gap::Other,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;

    fn check(text: &str, expected: &[&str]) {
        let article = Article { text: text.to_owned(), ..Article::default() };
        let page = Page::new(&article, None);
        let text = Text::new(&page, Part::Body);
        let runs: Vec<&str> = text.runs().into_iter().map(|run| text.written(run)).collect();
        assert_eq!(runs, expected);
    }

    #[test]
    fn joins_the_words_of_names() {
        check("the leader Kim Jong-un met Vladimir Putin's men", &["Kim Jong-un", "Vladimir Putin"]);
        check(
            "so Ursula von der Leyen and George W. Bush met J.K. Rowling",
            &["Ursula von der Leyen", "George W. Bush", "J.K. Rowling"],
        );
        check("said Nouri al-Maliki. Osama bin Laden fled", &["Nouri al-Maliki", "Osama bin Laden"]);
        check("then al-Maliki left the London-based Obama-era team", &["al-Maliki", "London", "Obama"]);
        check("he met Mr Kim. They left", &["Mr Kim", "They"]);
    }

    #[test]
    fn tells_shapes_apart() {
        for (word, expected) in [
            ("kim", Shape::Lower),
            ("Kim", Shape::Capital),
            ("McCain", Shape::Capital),
            ("O'Neill's", Shape::Capital),
            ("NATO", Shape::Capitals),
            ("NATO's", Shape::Capitals),
            ("U.S.", Shape::Capitals),
            ("YouTube", Shape::Mixed),
            ("iLaw", Shape::Mixed),
            ("J", Shape::Initial),
            ("Łódź", Shape::Capital),
            ("2,000", Shape::Lower),
        ] {
            assert_eq!(shape(word), expected, "{word}");
        }
    }
}
