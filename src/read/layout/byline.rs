//! `By Tobias Wynne, Defence Correspondent, in Saint-Denis`: the names in it.

use super::words::{Group, is_folded, opens};
use crate::places;
use crate::text::Span;

/// The longest line that can be a byline, in bytes.
const LONGEST: usize = 200;

/// The writers whom a line names, where the line is a byline: empty for `By a Staff Reporter`.
///
/// A byline opens with `By` or the like and goes on with names.
pub(super) fn read(line: &str) -> Option<Vec<String>> {
    if line.len() > LONGEST {
        return None;
    }
    let line = line.trim_matches(|c: char| c.is_whitespace() || "-–—_*|/\u{2022}".contains(c));
    let opening = opens(Group::Byline, line)?;
    let rest = line.get(opening..)?;
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    if !rest.starts_with(char::is_whitespace) {
        return None;
    }
    let rest = rest.trim();
    let (names, all) = people(rest);
    let first = rest.split([',', '|', '(']).next().unwrap_or(rest).trim();
    let office = is_role(first) && first.split(' ').count() <= 6;
    if !all && !office {
        return None;
    }
    let by = line.get(..opening).is_some_and(|word| word.eq_ignore_ascii_case("by"));
    let one_word = !first.contains(' ') && !is_agency(first);
    // `By Friday` and `Par hasard` are no bylines; `By Madonna` has to wait.
    // `Von der Leyen Wins Second Term` is a headline.
    let short = names.iter().all(|name| name.split(' ').count() <= 3);
    let short = short && line.len() <= 80 && !line.ends_with('.');
    (!one_word && (by || !names.is_empty() && short)).then_some(names)
}

/// A byline without `By`, as it stands under a headline: `Helen Marrack in Seoul`, `Helen Marrack, Asia Correspondent`.
pub(super) fn read_bare(line: &str) -> Option<Vec<String>> {
    if line.len() > LONGEST / 2 || line.ends_with(['.', ':', '?', '!']) {
        return None;
    }
    if is_folded(Group::NotAPlace, line.split(' ').next().unwrap_or(line)) {
        return None;
    }
    let (name, place) = line.split_once(" in ").unwrap_or((line, ""));
    if !place.is_empty() {
        let capital = |word: &str| word.starts_with(char::is_uppercase) || word == "and";
        let placed = place.split(' ').all(capital) && place.split(" and ").all(|place| place.split(' ').count() <= 3);
        let person = (2..=3).contains(&name.split(' ').count()) && is_name(name);
        return (placed && person).then(|| vec![name.to_owned()]);
    }
    let (name, role) = line.split_once(", ")?;
    let person = (2..=4).contains(&name.split(' ').count()) && is_name(name) && !is_role(name);
    (person && is_role(role) && role.split(' ').count() <= 5).then(|| vec![name.to_owned()])
}

/// The place at the end of a byline, where a town or country of that name is known: `By Helen Marrack in Seoul`,
/// `By Helen Marrack, Moscow`.
pub(super) fn place(line: &str) -> Option<Span> {
    let line = line.trim_end_matches([' ', '.', ',', ':']);
    let start = [" in ", ", in ", ", "].iter().filter_map(|mark| line.rfind(mark).map(|at| at + mark.len())).max()?;
    let place = line.get(start..)?;
    if place.split(' ').count() > 4 || is_role(place) || is_agency(place) {
        return None;
    }
    places::is_known(place).then(|| Span::new(start, line.len()))
}

/// Whether a line says only what a writer is or for whom: `Associated Press Writer`, `Reuters`.
pub(super) fn is_office(line: &str) -> bool {
    let line = line.trim_matches(|c: char| c.is_whitespace() || "()-–—".contains(c));
    let capital = line.split(' ').all(|word| word.starts_with(char::is_uppercase) || is_folded(Group::Particle, word));
    is_agency(line) || line.split(' ').count() <= 6 && capital && line.len() <= 60 && is_role(line)
}

/// The names in what an author field holds: `By A and B`, `Smith, John`, `A; B`.
pub(crate) fn names(field: &str) -> Vec<String> {
    let field = field.trim();
    let rest = opens(Group::Byline, field)
        .and_then(|end| field.get(end..))
        .filter(|rest| {
            rest.starts_with([' ', ':']) && rest.trim_start_matches([' ', ':']).starts_with(char::is_uppercase)
        })
        .unwrap_or(field)
        .trim_start_matches([' ', ':']);
    if rest.is_empty() || rest.len() > 10 * LONGEST || rest.starts_with("http") {
        return Vec::new();
    }
    // `desk@paper.example (Jane Doe)`
    if let Some((address, name)) = rest.split_once(" (").filter(|(address, _)| address.contains('@')) {
        let name = name.trim_end_matches(')');
        return vec![if name.is_empty() { address } else { name }.to_owned()];
    }
    // `Smith, John`
    if let Some((family, given)) = rest.split_once(", ")
        && !family.contains(' ')
        && !given.contains([',', ';', '&'])
        && given.split(' ').count() <= 2
        && is_name(family)
        && is_name(given)
        && !is_role(given)
        && !is_agency(given)
    {
        return vec![format!("{given} {family}")];
    }
    match people(rest) {
        (names, true) if !names.is_empty() => names,
        _ => vec![spelt(rest)],
    }
}

/// The names in a list of writers, and whether it begins with one.
fn people(list: &str) -> (Vec<String>, bool) {
    let list = list.split(['|', '(', '\u{2022}', '·']).next().unwrap_or(list);
    let list = [" - ", " – ", " — ", " -- "].iter().fold(list, |list, dash| list.split(dash).next().unwrap_or(list));
    let mut names: Vec<String> = Vec::new();
    let mut placed = false;
    let mut begins = false;
    for (number, segment) in segments(list).enumerate() {
        let (name, has_place) =
            match [" in ", " at ", " for ", " from "].iter().filter_map(|word| segment.find(word)).min() {
                Some(end) => (segment.get(..end).unwrap_or(segment).trim(), true),
                None => (segment, false),
            };
        if has_word(name, &["in", "at", "for", "from"]) || is_role(name) || name.is_empty() {
            placed |= !is_role(name);
            continue;
        }
        // In `By A in Rome and Paris` the second is no writer, in `By A in Rome and B in Paris` it is.
        if placed && !has_place || number > 0 && (is_agency(name) || !name.contains(' ')) {
            continue;
        }
        placed |= has_place;
        if !is_name(name) {
            if number == 0 {
                return (names, false);
            }
            continue;
        }
        begins |= number == 0;
        let name = spelt(name);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    (names, begins)
}

/// The parts of a list between commas, semicolons, ampersands and `and`.
fn segments(list: &str) -> impl Iterator<Item = &str> {
    list.split([',', ';', '&', '/'])
        .flat_map(|part| part.split(" and "))
        .flat_map(|part| part.split(" AND "))
        .flat_map(|part| part.split(" with "))
        .flat_map(|part| part.split(" und "))
        .flat_map(|part| part.split(" et "))
        .map(|part| part.trim().strip_prefix("and ").unwrap_or(part.trim()))
        .filter(|part| !matches!(*part, "" | "Jr" | "Jr." | "Sr." | "PhD" | "MD"))
}

/// Whether `text` begins with one of `words` as a word.
fn has_word(text: &str, words: &[&str]) -> bool {
    text.split(' ').next().is_some_and(|first| words.contains(&first))
}

/// Whether it can be the name of a person or an agency: one to five words with capitals.
fn is_name(text: &str) -> bool {
    let mut count = 0;
    let mut capitals = 0;
    for word in text.split_whitespace() {
        count += 1;
        let letters = word.trim_matches(|c: char| !c.is_alphanumeric());
        let Some(first) = letters.chars().next() else { return false };
        if letters.chars().any(|c| c.is_numeric()) || word.contains(['@', ':', '"', '“', '”', '=', '$']) {
            return false;
        }
        let inner_capital = letters.contains(['\'', '’', '-']) && letters.chars().any(char::is_uppercase);
        if first.is_uppercase() || inner_capital || !first.is_lowercase() {
            capitals += 1;
        } else if !is_folded(Group::Particle, letters) {
            return false;
        }
    }
    (1..=6).contains(&count) && capitals > 0
}

/// Whether it says what somebody is.
fn is_role(text: &str) -> bool {
    text.split([' ', '-']).any(|word| is_folded(Group::Role, word.trim_matches(|c: char| !c.is_alphanumeric())))
}

/// Whether it is a news agency, by list or by its ending.
pub(super) fn is_agency(text: &str) -> bool {
    if is_folded(Group::Agency, text) {
        return true;
    }
    let mut ends = text.char_indices().filter(|(_, c)| *c == ' ').filter_map(|(at, _)| text.get(at + 1..));
    text.len() <= 40
        && text.split(' ').count() <= 4
        && text.split(' ').all(|word| word.starts_with(char::is_uppercase) || is_folded(Group::Particle, word))
        && ends.any(|end| is_folded(Group::AgencyEnd, end))
}

/// The usual spelling of a name: `JOHN SMITH` is `John Smith`; a dot at the end goes unless it ends an initial.
fn spelt(name: &str) -> String {
    let name = name.trim().trim_end_matches([',', ';', ':']);
    let last = name.rsplit(' ').next().unwrap_or(name);
    let name = if last.chars().count() > 3 { name.trim_end_matches('.') } else { name };
    let words: Vec<&str> = name.split_whitespace().collect();
    let shouting = words.len() > 1 && name.chars().all(|c| !c.is_lowercase()) && name.len() > 6 && !is_agency(name);
    let spelt: Vec<String> = words.iter().map(|word| if shouting { calm(word) } else { (*word).to_owned() }).collect();
    spelt.join(" ")
}

/// `O'BRIEN-SMITH` to `O'Brien-Smith`; initials stay.
fn calm(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut inside = false;
    for c in word.chars() {
        if inside {
            out.extend(c.to_lowercase());
        } else {
            out.push(c);
        }
        inside = c.is_alphabetic();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Option<&[&str]>) {
        let names = read(line);
        let names: Option<Vec<&str>> = names.as_ref().map(|names| names.iter().map(String::as_str).collect());
        assert_eq!(names.as_deref(), expected, "{line}");
    }

    #[test]
    fn bylines() {
        for (line, expected) in [
            ("By Helen Marrack", &["Helen Marrack"][..]),
            ("By Helen Marrack and Owen Treloar", &["Helen Marrack", "Owen Treloar"]),
            ("By Ana Ruiz, Bo Li and Cy Dahl", &["Ana Ruiz", "Bo Li", "Cy Dahl"]),
            ("By Tobias Wynne, Defence Correspondent", &["Tobias Wynne"]),
            ("By Megan Strand, Examiner Technology Writer", &["Megan Strand"]),
            ("By David Entwistle, Football Correspondent, in Saint-Denis", &["David Entwistle"]),
            ("By Tobias Ackroyd in Belfast", &["Tobias Ackroyd"]),
            ("By Alan Birkett at the Oval", &["Alan Birkett"]),
            ("By Ana Ruiz in Rome and Paris", &["Ana Ruiz"]),
            ("By Ana Ruiz in Rome and Bo Li in Paris", &["Ana Ruiz", "Bo Li"]),
            ("By Oliver Trask | Sports", &["Oliver Trask"]),
            ("    By Eric Hall, Reuters", &["Eric Hall"]),
            ("BY JOHN O'BRIEN-SMITH", &["John O'Brien-Smith"]),
            ("By F. W. de Klerk Jr.", &["F. W. de Klerk Jr."]),
            ("By The Associated Press", &["The Associated Press"]),
            ("By Reuters", &["Reuters"]),
            ("By a Staff Reporter", &[]),
            ("By Our Diplomatic Correspondent", &[]),
            ("From Martin Alderby", &["Martin Alderby"]),
            ("From Martin Alderby in Moscow", &["Martin Alderby"]),
            ("Written by: Jane Doe", &["Jane Doe"]),
            ("By Min-ah Seong", &["Min-ah Seong"]),
            ("By Hédi Ben Ali and Ludwig van der Rohe", &["Hédi Ben Ali", "Ludwig van der Rohe"]),
        ] {
            check(line, Some(expected));
        }
    }

    #[test]
    fn what_only_looks_like_one() {
        for line in [
            "By Friday",
            "By the time the sun was high the queues ran for a mile",
            "Bystanders Watched",
            "By 2004 it was over",
            "From the archive",
            "From Ainsworth Parade, the unemployed man has been charged with a range of offences.",
            "By and large a good year",
            "",
            "By",
            "By lunch they were 127 for five",
        ] {
            check(line, None);
        }
    }

    #[test]
    fn bylines_without_by() {
        assert_eq!(read_bare("Helen Marrack in Seoul"), Some(vec!["Helen Marrack".to_owned()]));
        assert_eq!(read_bare("Helen Marrack, Asia Correspondent"), Some(vec!["Helen Marrack".to_owned()]));
        for line in [
            "Gales in Scotland",
            "Reaction from Spanish press",
            "South Korea votes in June",
            "A year in the life",
            "Paris, France",
            "Seoul",
        ] {
            assert_eq!(read_bare(line), None, "{line}");
        }
        assert!(is_office("Associated Press Writer") && is_office("(AP)") && is_office("Northgate Press"));
        assert!(
            !is_office("Reaction from Spanish press")
                && !is_office("Seoul")
                && !is_office("The editor of the paper said on Friday that")
        );
    }

    #[test]
    fn author_fields() {
        for (field, expected) in [
            ("Ingrid Solheim-Ware", &["Ingrid Solheim-Ware"][..]),
            ("By Ana Ruiz and Bo Li", &["Ana Ruiz", "Bo Li"]),
            ("Ana Ruiz; Bo Li", &["Ana Ruiz", "Bo Li"]),
            ("Smith, John", &["John Smith"]),
            ("Northgate Press", &["Northgate Press"]),
            ("Madonna", &["Madonna"]),
            ("desk@paper.example (Jane Doe)", &["Jane Doe"]),
            ("Ana Ruiz, Economics Correspondent", &["Ana Ruiz"]),
            ("https://paper.example/jane", &[]),
            ("", &[]),
            ("bbc.co.uk", &["bbc.co.uk"]),
        ] {
            assert_eq!(names(field), expected, "{field}");
        }
    }
}
