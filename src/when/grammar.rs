//! The patterns of one language as a tree of slots, so that patterns that begin alike are walked once.

use super::items::{Gap, Item};
use super::words::{Class, EntryId, Lexicon, Mask};
use rustc_hash::FxHashMap;

/// What may stand at one place of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Class(Class),
    Word(EntryId),
    /// Any word that is not parted by a sign.
    Any,
}

impl Slot {
    fn fits(self, item: &Item) -> bool {
        match self {
            Slot::Class(class) => item.mask & class.bit() != 0,
            Slot::Word(id) => item.entry == id,
            Slot::Any => true,
        }
    }
}

/// What must lie between an item of a pattern and the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Link {
    /// A blank or a hyphen.
    #[default]
    Plain,
    /// A comma too.
    Comma,
    /// A hyphen, dash or slash and nothing else.
    Dash,
}

impl Link {
    fn allows(self, item: &Item) -> bool {
        match item.gap {
            Gap::Blank | Gap::Hyphen => self != Link::Dash || item.gap == Gap::Hyphen,
            Gap::Dot => self != Link::Dash && item.mask & Class::Abbreviated.bit() != 0,
            Gap::Comma => self == Link::Comma,
            Gap::DotComma => self == Link::Comma && item.mask & Class::Abbreviated.bit() != 0,
            Gap::Slash | Gap::Dash => self == Link::Dash,
            Gap::Other => false,
        }
    }
}

/// A context that must, or must not, stand beside an expression.
#[derive(Clone, Debug, Default)]
struct Beside {
    slots: Vec<Slot>,
    forbidden: bool,
}

impl Beside {
    fn holds(&self, item: Option<&Item>) -> bool {
        self.slots.is_empty()
            || item.is_some_and(|item| self.slots.iter().any(|slot| slot.fits(item))) != self.forbidden
    }
}

/// What a pattern ends in.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// The action.
    pub(super) action: Box<str>,
    /// Its argument.
    pub(super) argument: Box<str>,
    before: Beside,
    after: Beside,
}

#[derive(Clone, Debug, Default)]
struct Node {
    edges: Vec<(Slot, Link, usize)>,
    rules: Vec<u16>,
}

/// All patterns and words of one language.
#[derive(Debug)]
pub(super) struct Grammar {
    pub(super) lexicon: Lexicon,
    rules: Vec<Rule>,
    nodes: Vec<Node>,
    /// With what a pattern can begin.
    begins: Heads,
    /// What can be a whole pattern.
    alone: Heads,
    /// Lines of the table that make no sense; a test sees to it that there are none.
    pub(super) faults: Vec<String>,
}

/// A set of slots, to be asked about quickly.
#[derive(Clone, Debug, Default)]
struct Heads {
    classes: Mask,
    words: Vec<bool>,
}

impl Heads {
    fn insert(&mut self, slot: Slot) {
        match slot {
            Slot::Class(class) => self.classes |= class.bit(),
            Slot::Word(id) => {
                let at = usize::from(id);
                self.words.resize(self.words.len().max(at + 1), false);
                self.words[at] = true;
            }
            Slot::Any => {}
        }
    }

    fn holds(&self, item: &Item) -> bool {
        item.mask & self.classes != 0 || self.words.get(usize::from(item.entry)).copied().unwrap_or(false)
    }
}

/// One way in which a pattern fits: which slot class stood at which item.
#[derive(Clone, Debug, Default)]
pub(super) struct Match {
    /// The rule.
    pub(super) rule: u16,
    /// The items, from the first to the last, with the class each was taken as.
    pub(super) path: Vec<(usize, Option<Class>)>,
}

/// The most ways that are followed from one place of a text, so that no text is slow.
const MOST_MATCHES: usize = 48;

impl Grammar {
    /// Reads the table of a language.
    pub(super) fn new(table: &str) -> Grammar {
        let mut grammar = Grammar {
            lexicon: Lexicon::new(),
            rules: Vec::new(),
            nodes: vec![Node::default()],
            begins: Heads::default(),
            alone: Heads::default(),
            faults: Vec::new(),
        };
        let mut macros: FxHashMap<&str, &str> = FxHashMap::default();
        let mut patterns = Vec::new();
        for line in table.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some((head, body)) = line.split_once(" = ") {
                if head.starts_with('$') {
                    macros.insert(head, body);
                } else {
                    patterns.push((head, body));
                }
            } else if !grammar.lexicon.read(line) {
                grammar.faults.push(line.to_owned());
            }
        }
        for (head, body) in patterns {
            if grammar.add(head, body, &macros).is_none() {
                grammar.faults.push(format!("{head} = {body}"));
            }
        }
        grammar
    }

    fn add(&mut self, head: &str, body: &str, macros: &FxHashMap<&str, &str>) -> Option<()> {
        let (action, argument) = head.split_once(' ').unwrap_or((head, ""));
        let mut body = body.to_owned();
        // A macro may use another.
        for _ in 0..3 {
            for (name, text) in macros {
                body = replace_word(&body, name, text);
            }
        }
        let mut rest = body.trim();
        let (mut before, mut after) = (Beside::default(), Beside::default());
        if let Some(inner) = rest.strip_prefix('<') {
            let (inside, tail) = inner.split_once('>')?;
            before = self.beside(inside)?;
            rest = tail.trim();
        }
        if let Some(inner) = rest.strip_suffix('>') {
            let (head, inside) = inner.rsplit_once('<')?;
            after = self.beside(inside)?;
            rest = head.trim();
        }
        let spaced = ["(", ")", "[", "]", "|"]
            .iter()
            .fold(rest.to_owned(), |text, mark| text.replace(mark, &format!(" {mark} ")));
        let tokens: Vec<&str> = spaced.split_whitespace().collect();
        let mut at = 0;
        let sequences = expand(&tokens, &mut at, 0)?;
        if at != tokens.len() {
            return None;
        }
        let rule = u16::try_from(self.rules.len()).ok()?;
        self.rules.push(Rule { action: action.into(), argument: argument.into(), before, after });
        for sequence in sequences {
            self.insert(&sequence, rule)?;
        }
        Some(())
    }

    fn beside(&mut self, inside: &str) -> Option<Beside> {
        let forbidden = inside.starts_with('!');
        let slots = inside
            .trim_start_matches('!')
            .split('|')
            .map(|word| self.slot(word.trim()))
            .collect::<Option<Vec<Slot>>>()?;
        Some(Beside { slots, forbidden })
    }

    fn slot(&mut self, word: &str) -> Option<Slot> {
        if word == "*" {
            return Some(Slot::Any);
        }
        if word.chars().next()?.is_ascii_uppercase() {
            return Class::named(word).map(Slot::Class);
        }
        Some(Slot::Word(self.lexicon.literal(word)))
    }

    fn insert(&mut self, sequence: &[&str], rule: u16) -> Option<()> {
        let mut node = 0;
        let mut link = Link::Plain;
        for word in sequence {
            match *word {
                "," => link = Link::Comma,
                "-" => link = Link::Dash,
                word => {
                    let slot = self.slot(word)?;
                    if node == 0 {
                        self.begins.insert(slot);
                        if sequence.len() == 1 {
                            self.alone.insert(slot);
                        }
                    }
                    let known = self.nodes.get(node)?.edges.iter().find(|edge| edge.0 == slot && edge.1 == link);
                    node = match known {
                        Some(edge) => edge.2,
                        None => {
                            let next = self.nodes.len();
                            self.nodes.push(Node::default());
                            self.nodes.get_mut(node)?.edges.push((slot, link, next));
                            next
                        }
                    };
                    link = Link::Plain;
                }
            }
        }
        if node == 0 {
            return None;
        }
        let node = self.nodes.get_mut(node)?;
        if !node.rules.contains(&rule) {
            node.rules.push(rule);
        }
        Some(())
    }

    /// Every rule.
    #[cfg(test)]
    pub(super) fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule with this number.
    pub(super) fn rule(&self, number: u16) -> Option<&Rule> {
        self.rules.get(usize::from(number))
    }

    /// Every pattern that fits at item `start`, longest first, earlier rules first.
    pub(super) fn matches(&self, items: &[Item], start: usize, found: &mut Vec<Match>) {
        found.clear();
        let Some(item) = items.get(start).filter(|item| item.mask != 0 && self.begins.holds(item)) else {
            return;
        };
        // Most words that can begin a pattern, such as articles, are followed by one that is in none.
        if items.get(start + 1).is_none_or(|next| next.mask == 0) && !self.alone.holds(item) {
            return;
        }
        let mut path = Vec::with_capacity(8);
        self.walk(items, start, start, 0, &mut path, found);
        found.sort_by(|a, b| b.path.len().cmp(&a.path.len()).then(a.rule.cmp(&b.rule)));
    }

    fn walk(
        &self,
        items: &[Item],
        start: usize,
        at: usize,
        node: usize,
        path: &mut Vec<(usize, Option<Class>)>,
        found: &mut Vec<Match>,
    ) {
        let (Some(item), Some(here)) = (items.get(at), self.nodes.get(node)) else {
            return;
        };
        for (slot, link, next) in &here.edges {
            if found.len() >= MOST_MATCHES {
                return;
            }
            if !slot.fits(item) {
                continue;
            }
            if at > start && !at.checked_sub(1).and_then(|before| items.get(before)).is_some_and(|b| link.allows(b)) {
                continue;
            }
            path.push((
                at,
                match slot {
                    Slot::Class(class) => Some(*class),
                    Slot::Word(_) | Slot::Any => None,
                },
            ));
            if let Some(node) = self.nodes.get(*next) {
                for rule in &node.rules {
                    if self.rule(*rule).is_some_and(|rule| beside(rule, items, start, at)) {
                        found.push(Match { rule: *rule, path: path.clone() });
                    }
                }
                if !node.edges.is_empty() && items.get(at + 1).is_some_and(|item| item.mask != 0) {
                    self.walk(items, start, at + 1, *next, path, found);
                }
            }
            path.pop();
        }
    }
}

/// Whether the contexts of `rule` hold around the items from `first` to `last`.
fn beside(rule: &Rule, items: &[Item], first: usize, last: usize) -> bool {
    let near = |item: &&Item| !matches!(item.gap, Gap::Other | Gap::Dot | Gap::DotComma);
    let before = first.checked_sub(1).and_then(|at| items.get(at)).filter(near);
    let end = items.get(last);
    let end = if rule.after.slots.contains(&Slot::Any) {
        end.filter(|item| matches!(item.gap, Gap::Blank | Gap::Hyphen))
    } else {
        end.filter(near)
    };
    let after = end.and_then(|_| items.get(last + 1));
    rule.before.holds(before) && rule.after.holds(after)
}

/// Every plain sequence that a pattern stands for.
fn expand<'a>(tokens: &[&'a str], at: &mut usize, depth: usize) -> Option<Vec<Vec<&'a str>>> {
    let mut ways: Vec<Vec<&str>> = vec![Vec::new()];
    let mut all = Vec::new();
    while let Some(token) = tokens.get(*at) {
        *at += 1;
        match *token {
            "(" | "[" => {
                let mut inner = expand(tokens, at, depth + 1)?;
                if *token == "[" {
                    inner.push(Vec::new());
                }
                let mut longer = Vec::with_capacity(ways.len() * inner.len());
                for way in &ways {
                    longer.extend(inner.iter().map(|part| [way.as_slice(), part.as_slice()].concat()));
                }
                ways = longer;
            }
            ")" | "]" => {
                if depth == 0 {
                    return None;
                }
                all.append(&mut ways);
                return Some(all);
            }
            "|" => {
                all.append(&mut ways);
                ways = vec![Vec::new()];
            }
            word => ways.iter_mut().for_each(|way| way.push(word)),
        }
    }
    if depth > 0 {
        return None;
    }
    all.append(&mut ways);
    Some(all)
}

/// `text` with the macro `name` put in, where it stands as a whole word.
fn replace_word(text: &str, name: &str, with: &str) -> String {
    let mut out = String::with_capacity(text.len() + with.len());
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let (head, tail) = rest.split_at(at);
        let tail = tail.get(name.len()..).unwrap_or("");
        out.push_str(head);
        out.push_str(if tail.starts_with(|c: char| c.is_ascii_alphanumeric()) { name } else { with });
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, expected: &[&str]) {
        let tokens: Vec<&str> = pattern.split(' ').collect();
        let ways: Vec<String> =
            expand(&tokens, &mut 0, 0).expect("a good pattern").iter().map(|way| way.join(" ")).collect();
        assert_eq!(ways, expected, "{pattern}");
    }

    #[test]
    fn expands_patterns() {
        check("a b", &["a b"]);
        check("[ a ] b", &["a b", "b"]);
        check("( a | b c ) d", &["a d", "b c d"]);
        check("[ a | ( b | c ) ] d", &["a d", "b d", "c d", "d"]);
        assert!(expand(&["(", "a"], &mut 0, 0).is_none());
    }

    #[test]
    fn every_table_is_without_fault() {
        for language in crate::language::LANGUAGES.iter().filter(|language| !language.date_words.is_empty()) {
            let grammar = Grammar::new(language.date_words);
            assert_eq!(grammar.faults, Vec::<String>::new(), "{}", language.code);
            assert!(grammar.rules.len() > 50, "{}", language.code);
        }
    }
}
