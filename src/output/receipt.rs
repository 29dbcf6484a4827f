//! What makes a result trustworthy, in words: how many articles match, under which forms each word was looked for,
//! how much of the archive was searched, and why nothing was found.
//!
//! It goes to standard error, line by line, and is always safe for a terminal.

use super::table::{Align, counted, lines, thousands};
use super::visible::line;
use crate::search::{Expansion, Inside, Results};
use crate::text::fold::fold;

/// Forms of a word that are listed; the others are counted.
const FORMS: usize = 8;
/// Places inside another that are listed; the others are counted.
const PLACES: usize = 20;

/// The receipt, one line an item. `same_index` is how a command line names the index, with a blank before it.
pub fn receipt(results: &Results, same_index: &str) -> Vec<String> {
    let mut out = Vec::new();
    if results.total == 0 {
        out.push("nothing matches".to_owned());
        out.extend(diagnosis(results));
    } else {
        let (first, last) = (results.offset + 1, results.offset + results.hits.len());
        let shown = if results.hits.is_empty() {
            " (none shown)".to_owned()
        } else if results.hits.len() == results.total {
            String::new()
        } else if first == last {
            format!(" (showing {})", thousands(first))
        } else {
            format!(" (showing {} to {})", thousands(first), thousands(last))
        };
        out.push(format!("{}{shown} in {} ms", counted(results.total, "article"), thousands_of(results.took_ms)));
    }
    for expansion in &results.expansions {
        out.extend(matched(expansion));
        out.extend(inside(expansion));
    }
    out.push(searched(results, same_index));
    out.extend(results.warnings.iter().map(|warning| format!("warning: {}", line(warning, true))));
    out
}

fn thousands_of(number: u64) -> String {
    usize::try_from(number).map_or_else(|_| number.to_string(), thousands)
}

/// `matched: defence 512, defense 81 (variants; ="defence" for exact)`, for a word that stands for more than itself.
fn matched(expansion: &Expansion) -> Option<String> {
    let Expansion { written, forms, .. } = expansion;
    // Of `country:Peru` and `="Peru"` the word is `Peru`.
    let word = fold(written.trim_matches(['"', '=']));
    let itself = forms.iter().any(|form| fold(&form.form) == word);
    // A form that is nowhere in the hits is no news, unless all are.
    let met: Vec<_> = forms.iter().filter(|form| form.count > 0).collect();
    let forms: Vec<_> = if met.is_empty() { forms.iter().collect() } else { met };
    let others = forms.iter().any(|form| fold(&form.form) != word);
    if !others {
        return None;
    }
    let listed: Vec<String> =
        forms.iter().take(FORMS).map(|form| format!("{} {}", form.form, thousands(form.count))).collect();
    let more = match forms.len().saturating_sub(FORMS) {
        0 => String::new(),
        more => format!(" and {} more", thousands(more)),
    };
    let listed = listed.join(", ");
    let text = if itself {
        format!("matched: {listed}{more} (variants; =\"{}\" for exact)", written.trim_matches(['"', '=']))
    } else {
        format!("matched: {written} as {listed}{more}{}", alone(written))
    };
    Some(line(&text, true).into_owned())
}

/// How a country is asked for without the states that it succeeded.
fn alone(written: &str) -> String {
    match written.split_once(':') {
        Some((field, code)) if field.ends_with("country") => format!(" ({field}:={code} for the first alone)"),
        _ => String::new(),
    }
}

/// `inside California: Fresno 3, Oakland 2 (place:="California" for the name alone)`; with kilometres, where they are
/// known.
fn inside(expansion: &Expansion) -> Option<String> {
    if expansion.inside.is_empty() {
        return None;
    }
    let places = &expansion.inside;
    let labelled = |place: &Inside| {
        let twice = places.iter().filter(|other| other.name == place.name).count() > 1;
        let lies = [place.region.as_deref(), place.country.as_deref()].into_iter().flatten().filter(|_| twice);
        let lies = lies.collect::<Vec<_>>().join(", ");
        let lies = if lies.is_empty() { lies } else { format!(" ({lies})") };
        let km = place.km.map(|km| format!(" at {} km:", thousands(km as usize))).unwrap_or_default();
        format!("{}{lies}{km} {}", place.name, thousands(place.count))
    };
    let listed = places.iter().take(PLACES).map(labelled).collect::<Vec<_>>().join(", ");
    let more = match places.len().saturating_sub(PLACES) {
        0 => String::new(),
        more => format!(" and {} more", thousands(more)),
    };
    let (field, name) = expansion.written.split_once(':').unwrap_or(("", &expansion.written));
    let name = name.trim_matches('"');
    let text = match field {
        "near" => format!("near {name}: {listed}{more}"),
        _ if expansion.forms.is_empty() => format!("inside {name}: {listed}{more}"),
        _ => format!("inside {name}: {listed}{more} ({field}:=\"{name}\" for the name alone)"),
    };
    Some(line(&text, true).into_owned())
}

/// How much was searched.
fn searched(results: &Results, same_index: &str) -> String {
    if results.articles == 0 && results.unread == 0 {
        return "the index has no articles".to_owned();
    }
    let unread = match results.unread {
        0 => String::new(),
        unread => {
            let files = counted(unread, "file");
            format!("; {files} unread (dateline status --skipped{same_index} lists them)")
        }
    };
    format!("searched {}{unread}", counted(results.articles, "article"))
}

/// Each part of the query with the articles that it has by itself, and the nearest that would match.
fn diagnosis(results: &Results) -> Vec<String> {
    let rows: Vec<Vec<String>> = results
        .diagnosis
        .iter()
        .map(|clause| {
            let without = clause.without.filter(|without| *without > 0);
            let without = without.map(|without| format!("without it: {}", thousands(without)));
            let nearest = clause.nearest.as_ref().map(|nearest| format!("nearest: {}", line(nearest, true)));
            let notes: Vec<String> = without.into_iter().chain(nearest).collect();
            let noun = if clause.count == 1 { "article" } else { "articles" };
            vec![line(&clause.clause, true).into_owned(), thousands(clause.count), noun.to_owned(), notes.join("; ")]
        })
        .collect();
    let aligned = lines(&[Align::Left, Align::Right, Align::Left, Align::Left], &rows);
    aligned.into_iter().map(|line| format!("  {line}")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::search::{Clause, FormCount, Hit};

    fn expansion(written: &str, forms: &[(&str, usize)]) -> Expansion {
        let forms = forms.iter().map(|(form, count)| FormCount { form: (*form).into(), count: *count }).collect();
        Expansion { written: written.into(), forms, inside: Vec::new() }
    }

    #[test]
    fn places_inside_are_listed() {
        let place = |name: &str, region: &str, km, count| Inside {
            name: name.into(),
            country: Some("US".into()),
            region: Some(region.into()),
            km,
            count,
        };
        let check = |written: &str, forms: &[(&str, usize)], inside_of: Vec<Inside>, expected: &str| {
            let expansion = Expansion { inside: inside_of, ..expansion(written, forms) };
            assert_eq!(inside(&expansion).as_deref(), Some(expected));
        };
        check(
            "place:Texas",
            &[("texas", 1)],
            vec![place("Austin", "Texas", None, 1200), place("Paris", "Texas", None, 2)],
            "inside Texas: Austin 1,200, Paris 2 (place:=\"Texas\" for the name alone)",
        );
        check(
            "near:\"Reno,100km\"",
            &[],
            vec![place("Springfield", "Ohio", Some(3), 2), place("Springfield", "Iowa", Some(90), 1)],
            "near Reno,100km: Springfield (Ohio, US) at 3 km: 2, Springfield (Iowa, US) at 90 km: 1",
        );
        let many = (0..25).map(|n| place(&format!("P{n}"), "Texas", None, 1)).collect();
        let text = inside(&Expansion { inside: many, ..expansion("place:Texas", &[]) });
        assert!(text.is_some_and(|text| text.ends_with("P19 1 and 5 more")));
    }

    #[test]
    fn says_what_was_found_and_where() {
        assert_eq!(
            receipt(&sample::results(), " --in news"),
            [
                "12 articles (showing 1 to 2) in 4 ms",
                "matched: defence 512, defense 81 (variants; =\"defence\" for exact)",
                "searched 2,225 articles; 3 files unread (dateline status --skipped --in news lists them)",
                "warning: the index is older than its files",
            ]
        );
    }

    #[test]
    fn says_which_are_shown() {
        let check = |total, offset, shown: usize, expected: &str| {
            let hits = vec![Hit::default(); shown];
            let results = Results { total, offset, hits, took_ms: 1200, ..Results::default() };
            assert_eq!(receipt(&results, "")[0], expected);
        };
        check(1, 0, 1, "1 article in 1,200 ms");
        check(30, 20, 10, "30 articles (showing 21 to 30) in 1,200 ms");
        check(21, 20, 1, "21 articles (showing 21) in 1,200 ms");
        check(5, 20, 0, "5 articles (none shown) in 1,200 ms");
    }

    #[test]
    fn says_why_nothing_was_found() {
        let clause = |clause: &str, count, nearest: Option<&str>| Clause {
            clause: clause.into(),
            count,
            without: (count > 1000).then_some(7),
            nearest: nearest.map(str::to_owned),
        };
        let results = Results {
            articles: 1,
            diagnosis: vec![
                clause("mutual NEAR/5 defence", 1, None),
                clause("published:2024-06..", 0, Some("2024-05-29")),
                clause("x\u{1b}", 1300, None),
            ],
            ..Results::default()
        };
        assert_eq!(
            receipt(&results, ""),
            [
                "nothing matches",
                "  mutual NEAR/5 defence      1  article",
                "  published:2024-06..        0  articles  nearest: 2024-05-29",
                "  x\\u{1b}                1,300  articles  without it: 7",
                "searched 1 article",
            ]
        );
        assert_eq!(receipt(&Results::default(), ""), ["nothing matches", "the index has no articles"]);
    }

    #[test]
    fn a_word_that_stands_for_more_than_itself_says_so() {
        for (written, forms, expected) in [
            ("pact", vec![("pact", 3)], None),
            ("Piñera", vec![("pinera", 3)], None),
            ("\"Kim Jong-un\"", vec![("Kim Jong-un", 3)], None),
            ("pact", vec![], None),
            ("pact", vec![("pact", 0), ("pacts", 1)], Some("matched: pacts 1 (variants; =\"pact\" for exact)")),
            ("pact", vec![("pact", 2), ("pacts", 0)], None),
            ("pact", vec![("pact", 0), ("pacts", 0)], Some("matched: pact 0, pacts 0 (variants; =\"pact\" for exact)")),
            (
                "Kim",
                vec![("Kim Jong-un", 1200), ("Kim Il-sung", 4)],
                Some("matched: Kim as Kim Jong-un 1,200, Kim Il-sung 4"),
            ),
            (
                "country:RU",
                vec![("Russia", 9), ("Soviet Union", 2)],
                Some("matched: country:RU as Russia 9, Soviet Union 2 (country:=RU for the first alone)"),
            ),
            ("sanction*", vec![("sanctions", 9)], Some("matched: sanction* as sanctions 9")),
            ("x", vec![("evil\u{202e}", 1)], Some("matched: x as evil\\u{202e} 1")),
        ] {
            assert_eq!(matched(&expansion(written, &forms)).as_deref(), expected, "{written}");
        }
        let many: Vec<(String, usize)> = (0..20).map(|n| (format!("s{n}"), n + 1)).collect();
        let many: Vec<(&str, usize)> = many.iter().map(|(form, count)| (form.as_str(), *count)).collect();
        assert!(matched(&expansion("s*", &many)).is_some_and(|text| text.ends_with("s7 8 and 12 more")));
    }
}
