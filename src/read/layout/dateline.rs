//! `SEOUL, South Korea, June 19 (Northgate Press) —`: where, when and by whom a report was filed.
//!
//! The dash or colon after it is looked for first; what stands before must then be a place, and may be a country or
//! state, a day, and an agency.

use super::byline::is_agency;
use super::words::{Group, is_folded, is_month, opens};
use crate::article::Dateline;
use crate::places;
use crate::text::Span;

/// How far into a paragraph a dateline can reach, in bytes.
const REACH: usize = 160;

/// The longest dateline without its dash, in bytes.
const LONGEST: usize = 110;

/// How many possible ends are tried.
const TRIES: usize = 4;

/// The dateline at the start of `text`, which begins a paragraph. Its span counts from there.
pub(super) fn read(text: &str) -> Option<Dateline> {
    // `****LONDON, March 5 -`
    let plain = text.trim_start_matches('*');
    let signs = text.len() - plain.len();
    let mut found = read_plain(plain)?;
    found.span = Span::new(found.span.start + signs, found.span.end + signs);
    Some(found)
}

fn read_plain(text: &str) -> Option<Dateline> {
    let window = text.get(..floor(text, REACH)).unwrap_or(text);
    // A blank line ends the paragraph and so the dateline.
    let first = window.chars().next()?;
    let mut breaks = memchr::memchr_iter(b'\n', window.as_bytes());
    let blank = breaks.find(|at| window.as_bytes().get(at + 1) == Some(&b'\n'));
    let window = blank.and_then(|end| window.get(..end)).unwrap_or(window);
    if first == '(' {
        return bracketed(window);
    }
    if !(first.is_uppercase() || first.is_alphabetic() && !first.is_lowercase()) {
        return None;
    }
    ends(window).find_map(|end| parse(text, window, &end))
}

/// The agency notice that some texts have instead of a dateline: the length of `(Reuters) -`, `AFP - `.
pub(super) fn notice(text: &str) -> Option<usize> {
    let (name, after) = match text.strip_prefix('(') {
        Some(rest) => {
            let end = rest.find(')').filter(|end| *end <= 40)?;
            (rest.get(..end)?, rest.get(end + 1..)?)
        }
        None => {
            let end = text.find([' ', '\n']).filter(|end| *end <= 12)?;
            let name = text.get(..end)?;
            let known = is_folded(Group::Agency, name) && name.starts_with(char::is_uppercase);
            (name, text.get(end..).filter(|_| known)?)
        }
    };
    let trimmed = after.trim_start_matches(' ');
    let dash = trimmed.trim_start_matches(['-', '–', '—', '_', ':']);
    let dashes = trimmed.len() - dash.len();
    (dashes > 0 && is_agency(name)).then(|| text.len() - dash.len())
}

/// `(NEW YORK) —`
fn bracketed(window: &str) -> Option<Dateline> {
    let (place, after) = window.get(1..)?.split_once(')')?;
    let text = after.trim_start_matches([' ', '-', '–', '—', '_']);
    let dashes = after.get(..after.len() - text.len())?.contains(['-', '–', '—', '_']);
    let shouted = matches!(shape(place), Some(Shape::Capitals));
    (dashes && shouted && !is_agency(place) && is_known(place)).then(|| Dateline {
        place: place.to_owned(),
        span: Span::new(0, window.len() - text.len()),
        ..Dateline::default()
    })
}

/// Where a dateline could end.
struct End {
    /// The end of what stands before the dash.
    head: usize,
    /// The byte after the dash.
    tail: usize,
    /// What separates the two.
    mark: Mark,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Dash,
    Colon,
    /// The end of the paragraph.
    Line,
    /// Nothing but the parenthesis of the agency.
    Lost,
}

/// Every dash, colon and end of line that can end a dateline, in order.
fn ends(window: &str) -> impl Iterator<Item = End> {
    let bytes = window.as_bytes();
    let blank = |at: usize| bytes.get(at).is_none_or(|b| b.is_ascii_whitespace());
    let mut skip_to = 0;
    let mut depth = 0;
    // Nothing else can be one: ASCII signs, and the first byte of dashes and of what stands for a lost one.
    let can_be = |byte: &u8| matches!(byte, b'(' | b')' | b'-' | b'_' | b':' | 0xe2 | 0xef);
    let places = bytes.iter().take(LONGEST + 10).enumerate().filter(move |(_, byte)| can_be(byte)).map(|(at, _)| at);
    let inner = places.filter_map(move |at| {
        let c = window.get(at..)?.chars().next()?;
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if at < skip_to || depth > 0 || at == 0 {
            return None;
        }
        let spaced = bytes.get(at - 1).is_some_and(|b| b.is_ascii_whitespace() || matches!(b, b')' | b'.'));
        let (length, mark) = match c {
            '—' | '–' | '―' | '−' | char::REPLACEMENT_CHARACTER => (c.len_utf8(), Mark::Dash),
            '-' | '_' => {
                let run = bytes.get(at..)?.iter().take_while(|b| **b == bytes[at]).count();
                // `MONTREAL, Feb 26- Shr`
                let day = blank(at + 1) && bytes.get(at - 1).is_some_and(u8::is_ascii_digit);
                if run == 1 && !spaced && !day || run == 1 && bytes[at - 1] == b'.' && !blank(at + 1) {
                    return None;
                }
                (run, Mark::Dash)
            }
            ':' if blank(at + 1) || bytes.get(at - 1) == Some(&b')') => (1, Mark::Colon),
            _ => return None,
        };
        skip_to = at + length;
        Some(End { head: at, tail: at + length, mark })
    });
    // `MEXICO CITY (AP) Mexico's Senate`: the dash was lost.
    let lost = memchr::memchr_iter(b')', bytes)
        .map(|at| at + 1)
        .find(|at| bytes.get(*at) == Some(&b' '))
        .filter(|at| window.get(at + 1..).is_some_and(|rest| rest.starts_with(char::is_uppercase)));
    let lost = lost.map(|at| End { head: at, tail: at, mark: Mark::Lost });
    let line = window.find('\n').unwrap_or(window.len());
    inner.take(TRIES).chain([line, window.len()].map(|at| End { head: at, tail: at, mark: Mark::Line })).chain(lost)
}

fn parse(text: &str, window: &str, end: &End) -> Option<Dateline> {
    let full = window.get(..end.head)?.trim_end();
    // Without a dash only an agency tells, and that stands behind one of these.
    if matches!(end.mark, Mark::Line | Mark::Lost) && !full.contains(['(', '/', ',']) {
        return None;
    }
    let head = if ends_in_abbreviation(full) { full } else { full.trim_end_matches(['.', '=']) };
    if head.len() > LONGEST {
        return None;
    }
    let (before, inside, after) = match head.split_once('(') {
        Some((before, rest)) => {
            let (inside, after) = rest.split_once(')')?;
            (before, Some(inside), after)
        }
        // `BEIJING, Nov. 3 /Xinhua/ --`
        None => match head.strip_suffix('/').and_then(|rest| rest.rsplit_once('/')) {
            Some((before, inside)) => (before, Some(inside), ""),
            None => (head, None, ""),
        },
    };
    let before = match opens(Group::Byline, before) {
        Some(end) if before.get(end..).is_some_and(|rest| rest.starts_with(' ')) => {
            before.get(after_byline(before.trim_end(), end)?..)?
        }
        _ => before,
    };
    let mut agency = None;
    let mut date: Option<(usize, usize)> = None;
    let mut regions = 0;
    // Whether what follows the place is surely a country or state.
    let mut sure_region = false;
    let mut place = None;
    if let Some(inside) = inside {
        if inside.len() > 40 || after.contains('(') || !inside.chars().any(char::is_alphabetic) {
            return None;
        }
        for part in inside.split([',', '/']).map(str::trim) {
            if is_date(part) {
                date = Some(place_of(text, part));
            } else if part.len() > 3 && !is_agency(part) && crate::places::country_code(part).is_some() {
                // `Havana (Cuba) —`
                regions += 1;
                sure_region = true;
            } else if agency.is_none() {
                agency = Some(part.to_owned());
            }
        }
        // `(NYSE: BSC)` and `(see page 4)` are no agencies.
        if agency
            .as_deref()
            .is_some_and(|name| name.contains(':') || !name.contains(char::is_uppercase) && !is_agency(name))
        {
            return None;
        }
    }
    let inner = before.split(',').count();
    for (number, part) in before.split(',').chain(after.split(',')).map(str::trim).enumerate() {
        if number == 0 {
            place = Some(part);
        } else if part.is_empty() {
        } else if is_date(part) || date.is_some() && is_year(part) {
            let (start, stop) = place_of(text, part);
            date = Some((date.map_or(start, |(first, _)| first.min(start)), stop));
        } else if is_agency(part) && date.is_some() {
            agency = agency.or(Some(part.to_owned()));
        } else if number > 0
            && date.is_none()
            && let Some(start) = trailing_date(part)
            && let (Some(region), Some(day)) = (part.get(..start), part.get(start..))
            && is_region(region.trim())
        {
            // `RICHMOND, Va. Feb 26 -`
            regions += 1;
            date = Some(place_of(text, day));
        } else if number < inner && is_region(part) && date.is_none() {
            regions += 1;
            sure_region |= part.ends_with('.') && part.len() <= 6 || is_known(part);
        } else {
            return None;
        }
    }
    let mut place = place?;
    // `Moscow. Jan 13 (Interfax)`: the full stop of the place was a comma's. `PARIS March 3` forgot it.
    if let Some(start) = trailing_date(place)
        && date.is_none()
    {
        let day = place.get(start..)?;
        date = Some(place_of(text, day));
        place = place.get(..start)?.trim_end().trim_end_matches('.');
    }
    let shape = shape(place)?;
    let dated = date.is_some() || agency.is_some();
    let rest = text.get(end.tail..)?.trim_start();
    let next = rest.chars().next();
    let goes_on = next.is_some_and(|c| !c.is_lowercase());
    // Capitals and a dash may open anything: without more, the place must be on the map.
    let placed = dated || sure_region || is_known(place.split('/').next().unwrap_or(place));
    if !placed || is_folded(Group::Agency, place) {
        return None;
    }
    let allowed = match (shape, end.mark) {
        (_, Mark::Line) => agency.as_deref().is_some_and(|name| date.is_some() || is_agency(name)),
        (Shape::Capitals, Mark::Lost) => agency.as_deref().is_some_and(is_agency),
        (Shape::Title, Mark::Lost) => false,
        (Shape::Capitals, _) if dated || regions > 0 => true,
        // `UN: …` is no place.
        (Shape::Capitals, Mark::Colon) if place.chars().count() < 4 => false,
        (Shape::Capitals, _) => goes_on && !is_folded(Group::NotAPlace, place),
        (Shape::Title, Mark::Colon) => agency.is_some() || dated && regions > 0,
        (Shape::Title, _) if dated => true,
        // `Seoul — President Yoon …`, and no second dash near, as in `Jobs — Apple's founder — said`.
        (Shape::Title, _) => {
            let first_word = place.split(' ').next().unwrap_or(place);
            let near = rest.get(..floor(rest, 120)).unwrap_or(rest);
            let paired = near.contains(['—', '–']) || near.contains(" - ") || near.contains(" -- ");
            // A film may be called `Sophie Scholl - The Final Days`.
            let wide = window.get(end.head..end.tail) != Some("-");
            goes_on && wide && regions <= 1 && !is_folded(Group::NotAPlace, first_word) && !paired
        }
    };
    if !allowed || (next.is_none() && end.mark != Mark::Line && !dated && regions == 0) {
        return None;
    }
    let mut places = places_of(place).into_iter();
    let place = places.next()?;
    let also = places.collect();
    let date = date.and_then(|(start, stop)| text.get(start..stop)).map(str::to_owned);
    // Behind a byline in the same line it begins with the place.
    let start = place_of(text, before).0;
    Some(Dateline { place, also, agency, date, span: Span::new(start, end.tail) })
}

/// Whether a town, region or country has this name, or a word says that it is a place of reporting.
fn is_known(place: &str) -> bool {
    let first = place.split(' ').next().unwrap_or(place);
    if is_folded(Group::Aboard, place) || is_folded(Group::Aboard, first) {
        return true;
    }
    places::is_known(place)
}

/// Where the place begins behind a byline in the same line: `By Ana Ruiz. BOSTON`, `By Ana Ruiz, Northgate Press BOSTON`.
fn after_byline(line: &str, opening: usize) -> Option<usize> {
    let rest = line.get(opening..)?;
    let shouted = |word: &str| !word.chars().any(char::is_lowercase);
    rest.match_indices(' ').map(|(at, _)| opening + at + 1).find(|start| {
        line.get(*start..).is_some_and(|place| shouted(place) && !place.contains(". ") && is_known(place))
    })
}

/// Where `part`, a slice of `text`, stands in it.
fn place_of(text: &str, part: &str) -> (usize, usize) {
    let start = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    (start, start + part.len())
}

/// Whether the full stop at the end belongs to an abbreviation: `GREENBELT, Md. —`, `WASHINGTON, D.C. —`.
fn ends_in_abbreviation(head: &str) -> bool {
    let word = head.rsplit([' ', ',']).next().unwrap_or(head);
    head.ends_with('.') && head.contains(',') && word.len() <= 6 && word.starts_with(char::is_uppercase)
}

/// How a place is written.
enum Shape {
    /// `NEW YORK`, `McALLEN`, `FRANKFURT am MAIN`.
    Capitals,
    /// `New York`.
    Title,
}

fn shape(place: &str) -> Option<Shape> {
    // A place that goes on in the next line is a headline and a dateline.
    if place.chars().filter(|c| c.is_alphabetic()).count() < 2 || place.len() > 60 || place.contains('\n') {
        return None;
    }
    let (mut words, mut shouted, mut titled) = (0, 0, 0);
    for word in place.split([' ', '/']).filter(|word| !word.is_empty()) {
        words += 1;
        if word == "&" {
            continue;
        }
        if word.contains(|c: char| !c.is_alphabetic() && !"-'’.`‘".contains(c)) {
            return None;
        }
        let upper = word.chars().filter(|c| c.is_uppercase()).count();
        let lower = word.chars().filter(|c| c.is_lowercase()).count();
        let first = word.chars().find(|c| c.is_alphabetic())?;
        if upper > 0 && (lower == 0 || upper >= 2 && upper > lower) {
            shouted += 1;
        } else if upper > 0 && (first.is_uppercase() || word.contains(['-', '\'', '’'])) {
            titled += 1;
        } else if lower > 0 && !is_folded(Group::Particle, word) && word != "and" {
            return None;
        }
    }
    match (shouted, titled) {
        (0, 0) => None,
        (_, 0) if words <= 7 => Some(Shape::Capitals),
        _ if words <= 4 && titled > 0 => Some(Shape::Title),
        _ => None,
    }
}

/// Each of several: `NEW YORK/LONDON`, `WASHINGTON and BAGHDAD`.
fn places_of(place: &str) -> Vec<String> {
    let places = place.split('/').flat_map(|part| part.split(" and "));
    places
        .map(|place| place.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|place| !place.is_empty())
        .collect()
}

/// A country or state after the place: one to five words with capitals.
fn is_region(part: &str) -> bool {
    let part = part.strip_prefix("the ").unwrap_or(part);
    let mut words = part.split_whitespace();
    part.len() <= 50
        && part.split_whitespace().count() <= 5
        && words.all(|word| {
            word.starts_with(char::is_uppercase) && !word.contains(|c: char| c.is_numeric())
                || is_folded(Group::Particle, word)
                || word == "and"
        })
        && part.starts_with(char::is_uppercase)
}

/// `June 19`, `19 June`, `Sept. 15`, `Tuesday 8 May`, `Wednesday`, `March 18 2013`.
pub(super) fn is_date(part: &str) -> bool {
    let (mut days, mut names, mut years) = (0, 0, 0);
    for word in part.split_whitespace() {
        let bare = word.trim_end_matches(['.', ',']);
        if is_day(bare) {
            days += 1;
        } else if is_year(bare) {
            years += 1;
        } else if is_month(bare) || is_folded(Group::Weekday, bare) {
            names += 1;
        } else {
            return false;
        }
    }
    days <= 1 && years <= 1 && (1..=2).contains(&names) && (days == 1 || names == 1 && !is_month(part) || years == 1)
}

fn is_day(word: &str) -> bool {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = word.get(digits.len()..).unwrap_or("");
    matches!(suffix, "" | "st" | "nd" | "rd" | "th")
        && digits.len() <= 2
        && digits.parse().is_ok_and(|day| (1..=31).contains(&day))
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.parse().is_ok_and(|year| (1600..=2100).contains(&year))
}

/// Where the date begins in `PARIS March 3`.
fn trailing_date(place: &str) -> Option<usize> {
    let starts = place.char_indices().filter(|(_, c)| *c == ' ').map(|(at, _)| at + 1);
    starts.take(8).find(|start| {
        place.get(*start..).is_some_and(|rest| rest.contains(|c: char| c.is_ascii_digit()) && is_date(rest))
    })
}

/// The last character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `place | date | agency | where the text goes on`
    fn check(text: &str, expected: &str) {
        let found = read(text).map_or("none".to_owned(), |found| {
            let rest: String = text[found.span.end..].trim_start().chars().take(6).collect();
            let (date, agency) = (found.date.unwrap_or_default(), found.agency.unwrap_or_default());
            let places = std::iter::once(found.place).chain(found.also).collect::<Vec<_>>().join("+");
            format!("{places} | {date} | {agency} | {rest}")
        });
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn datelines_in_their_many_forms() {
        for (text, expected) in [
            ("PYONGYANG, June 19 (Northgate Press) — Russia and", "PYONGYANG | June 19 | Northgate Press | Russia"),
            ("LONDON — Three times", "LONDON |  |  | Three "),
            ("LONDON—Three times", "LONDON |  |  | Three "),
            ("MOSCOW (Reuters) - President", "MOSCOW |  | Reuters | Presid"),
            ("MOSCOW (Reuters)- President", "MOSCOW |  | Reuters | Presid"),
            ("SEOUL, South Korea — When", "SEOUL |  |  | When"),
            ("NAIROBI, Kenya (AP) _\n\nSuspected", "NAIROBI |  | AP | Suspec"),
            ("BELFAST, Northern Ireland (AP)_ Police", "BELFAST |  | AP | Police"),
            ("O'SMACH, Cambodia (AP)_ The top", "O'SMACH |  | AP | The to"),
            ("MIAMI _\n\nWith a tense", "MIAMI |  |  | With a"),
            ("SALVADOR, Feb 26 - The", "SALVADOR | Feb 26 |  | The"),
            ("BUDAPEST, Feb. 26 (Northgate) - The", "BUDAPEST | Feb. 26 | Northgate | The"),
            ("DALLAS, March 3 -\n    Shr loss six", "DALLAS | March 3 |  | Shr lo"),
            ("LOMBARD, Ill., March 3 - MidCon", "LOMBARD | March 3 |  | MidCon"),
            ("GREENBELT, Md. — Astronomers", "GREENBELT |  |  | Astron"),
            ("WASHINGTON, D.C. — The", "WASHINGTON |  |  | The"),
            ("ST. JOSEPH, Mich. (AP) — Michigan", "ST. JOSEPH |  | AP | Michig"),
            (
                "SAN CRISTÓBAL DE LAS CASAS, Mexico, Jan 2\n(Northgate Press) — On",
                "SAN CRISTÓBAL DE LAS CASAS | Jan 2 | Northgate Press | On",
            ),
            (
                "NEW YORK/LONDON, Sept 15 (Northgate Press) — Lehman",
                "NEW YORK+LONDON | Sept 15 | Northgate Press | Lehman",
            ),
            ("MOSCOW/KYIV, March 3 (Northgate) - The", "MOSCOW+KYIV | March 3 | Northgate | The"),
            ("BEIJING, Nov. 3 /Xinhua/ -- China", "BEIJING | Nov. 3 | Xinhua | China"),
            ("Havana (Cuba) — The", "Havana |  |  | The"),
            ("RICHMOND, Va. Feb 26 - Qtly", "RICHMOND | Feb 26 |  | Qtly"),
            ("MONTREAL, Feb 26- Shr", "MONTREAL | Feb 26 |  | Shr"),
            ("****LONDON, March 5 - India", "LONDON | March 5 |  | India"),
            ("ARNHEM, the Netherlands, April 1 - Enka", "ARNHEM | April 1 |  | Enka"),
            ("(NEW YORK) — Police", "NEW YORK |  |  | Police"),
            ("By Ana Ruiz. BOSTON (Reuters) - The", "BOSTON |  | Reuters | The"),
            ("By ANA RUIZ and OWEN TRELOAR, Associated Press ROME (AP) — The", "ROME |  | AP | The"),
            ("ABOARD THE USS OAKHAM — The", "ABOARD THE USS OAKHAM |  |  | The"),
            ("ABOARD AIR FORCE ONE (AP) — The", "ABOARD AIR FORCE ONE |  | AP | The"),
            ("UNITED NATIONS — The", "UNITED NATIONS |  |  | The"),
            ("Paris, 3 mai (AFP) - Le", "Paris | 3 mai | AFP | Le"),
            ("STORMONT, Tuesday 8 May — Two", "STORMONT | Tuesday 8 May |  | Two"),
            ("DURBAN, Wednesday - They", "DURBAN | Wednesday |  | They"),
            ("JERUSALEM, Sunday, Oct. 8 — Israel", "JERUSALEM | Sunday, Oct. 8 |  | Israel"),
            ("ISLAMABAD, March 18, 2013 (AFP)\n\nEgyptian", "ISLAMABAD | March 18, 2013 | AFP | Egypti"),
            ("PORT-AU-PRINCE, Haiti (Northgate) - Ban", "PORT-AU-PRINCE |  | Northgate | Ban"),
            ("FRANKFURT am MAIN — The", "FRANKFURT am MAIN |  |  | The"),
            ("McALLEN, Texas — The", "McALLEN |  |  | The"),
            ("NEWCASTLE UPON TYNE — Long", "NEWCASTLE UPON TYNE |  |  | Long"),
            ("NEW DELHI: The government", "NEW DELHI |  |  | The go"),
            ("Havana (CNN) -- Venezuelan", "Havana |  | CNN | Venezu"),
            ("Moscow. Jan 13 (Interfax) - Russia", "Moscow | Jan 13 | Interfax | Russia"),
            ("Paris, 12 Jan (AFP) – Le", "Paris | 12 Jan | AFP | Le"),
            ("Madrid, 12 ene (EFE).- El", "Madrid | 12 ene | EFE | El"),
            ("Seoul, South Korea — President", "Seoul |  |  | Presid"),
            ("Washington — President Biden said", "Washington |  |  | Presid"),
            ("BEIJING, Feb. 13 (Xinhua) -- China", "BEIJING | Feb. 13 | Xinhua | China"),
            ("MOSCOW (AP, March 5) - The", "MOSCOW | March 5 | AP | The"),
            ("LONDON (Reuters), March 3 - The", "LONDON | March 3 | Reuters | The"),
            ("DÜSSELDORF — Mannesmann AG", "DÜSSELDORF |  |  | Mannes"),
            ("CAMP MURRAY, Wash. - Lt. Col.", "CAMP MURRAY |  |  | Lt. Co"),
            ("MEXICO CITY (AP) Mexico's Senate", "MEXICO CITY |  | AP | Mexico"),
            ("SOUTH WAZIRISTAN, April 5 (APP):Chief", "SOUTH WAZIRISTAN | April 5 | APP | Chief"),
            ("BEIRUT (AP) \u{fffd} A", "BEIRUT |  | AP | A"),
            ("PARIS March 3 - The", "PARIS | March 3 |  | The"),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn what_only_looks_like_one() {
        for text in [
            "UPDATE: The bank has said",
            "ANALYSIS — What it means",
            "WASHINGTON-based analysts said",
            "Mannesmann AG, the German group — once a pipe maker — gave up",
            "Jobs — Apple's founder — said",
            "The — well — president",
            "Bond prices rose on Tuesday (NYSE: BSC) - the most",
            "NATO – the alliance – met",
            "The deal, which the leaders said covered areas including security",
            "\"LONDON - The\"",
            "in LONDON - The",
            "LONDON",
            "Sophie Scholl - The Final Days, about a film",
            "A - B",
            "UN: The council met",
            "Mr Smith (AP) The",
            "",
            "1. Usain Bolt, Jamaica, 9.69 (world record)",
            "ORIGINAL STORY: The sheriff",
            "BREAKING NEWS: Lanes are open",
            "JEWELL: Boyd and Kate, from the park,",
            "ZIYA OZTURK, Managing Director - The company",
            "AFP - The opposition",
            "GORBACHEV OUSTED AS TANKS ENTER MOSCOW AND PARLIAMENT IS SURROUNDED - The",
        ] {
            check(text, "none");
        }
        assert_eq!(notice("(Reuters) - Oil"), Some(11));
        assert_eq!(notice("(see page 4) - Oil"), None);
        assert_eq!(notice("AFP - The opposition"), Some(5));
        assert_eq!(notice("Northgate - The opposition"), None);
    }
}
