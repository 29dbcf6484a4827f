//! What may follow the colon of a field: names, fixed values, countries, days.

use super::tree::{Dated, Days, Name, Tree, Value};
use super::{gap, lexer, near};
use crate::field::{Field, Kind};
use crate::language;
use crate::text::{Span, fold, tokens};
use crate::{names, places, when};
use chrono::{Datelike, NaiveDate};

/// The first and last day that a date or range of dates names, none where it is open.
type Range = (Option<NaiveDate>, Option<NaiveDate>);

/// Why a value cannot be used, and what to write.
pub(super) struct Refusal {
    pub(super) message: String,
    pub(super) hint: String,
}

/// The leaf for `written`, given for a field that does not hold text. `suggest`: whether to look for what may have been
/// meant where it is refused, which takes milliseconds.
pub(super) fn leaf(
    field: &'static Field,
    written: &str,
    exact: bool,
    span: Span,
    today: Option<NaiveDate>,
    suggest: bool,
) -> Result<Tree, Refusal> {
    let squeezed = fold::squeeze(written);
    let written = squeezed.trim_matches([',', ';', ' ']);
    let empty = || Refusal {
        message: format!("`{}:` needs a value with letters or digits", field.name),
        hint: format!("write it like `{}`", field.example),
    };
    if tokens::words(written).next().is_none() && !matches!(field.kind, Kind::Published | Kind::Spoken | Kind::Gap) {
        return Err(empty());
    }
    match field.kind {
        Kind::Name | Kind::Text => {
            Ok(Tree::Name(Name { field, name: written.replace('"', ""), exact, forms: None, within: Vec::new(), span }))
        }
        Kind::Keyword => {
            let value = match field.name {
                "lang" => language_code(written),
                "agency" => keyword(names::agency(written).unwrap_or(written)),
                _ => keyword(written),
            };
            // Signs may come to its ends only now: `x;..`.
            let value = value.trim_start_matches([',', ';', ' ']).trim_end_matches([',', ';', ' ', '.']).to_owned();
            // A mark by itself is a word that folding takes away.
            if tokens::words(&value).next().is_none() {
                return Err(empty());
            }
            // The lexer has refused these as written; folding can bring more to light.
            if lexer::inexact(&value) {
                return Err(Refusal {
                    message: format!("wildcards and fuzzy words are not supported yet: `{value}`"),
                    hint: format!("write the whole value, as in `{}`", field.example),
                });
            }
            Ok(Tree::Value(Value { field, value, also: Vec::new(), exact: false, written: written.to_owned(), span }))
        }
        Kind::Country => match places::country_meant(written) {
            Some(code) => {
                let former: Vec<&str> = places::former(code).collect();
                let (exact, written) = (exact && !former.is_empty(), written.to_owned());
                let also = if exact { Vec::new() } else { former };
                Ok(Tree::Value(Value { field, value: code.to_owned(), also, exact, written, span }))
            }
            None => Err(Refusal {
                message: format!("`{written}` is no country that is known"),
                hint: suggest.then(|| nearest_countries(written)).flatten().unwrap_or_else(|| {
                    format!("write an ISO 3166 code or a name in quotation marks, as in `{}`", field.example)
                }),
            }),
        },
        Kind::Near => Ok(Tree::Near(near::read(written, span)?)),
        Kind::Published if written.eq_ignore_ascii_case("none") => Ok(Tree::Dated(Dated::None)),
        Kind::Published if written.eq_ignore_ascii_case("guessed") => Ok(Tree::Dated(Dated::Guessed)),
        Kind::Gap => Ok(Tree::Gap(gap::read(written, span)?)),
        Kind::Published | Kind::Spoken => days(field, written, span, today),
    }
}

/// The form in which a value of fixed spelling is indexed and asked for: lower case, no accents, single blanks.
pub fn keyword(text: &str) -> String {
    let folded = fold::fold(text);
    let mut out = String::with_capacity(folded.len());
    for word in folded.split(|c: char| c.is_whitespace() || c == '"') {
        let word = word.trim_end_matches('.');
        if !out.is_empty() && !word.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The code of a language given by code or English name.
fn language_code(written: &str) -> String {
    let known = language::LANGUAGES.iter().find(|language| language.name.eq_ignore_ascii_case(written));
    known.map_or_else(|| keyword(written), |language| language.code.to_owned())
}

fn days(field: &'static Field, written: &str, span: Span, today: Option<NaiveDate>) -> Result<Tree, Refusal> {
    let refuse = |message: String| {
        Err(Refusal {
            message,
            hint: "write a day, month, year or range: `2024-06-19`, `2024-06`, `2024-06..2024-07`, `..1991`".into(),
        })
    };
    let sane = |day: Option<NaiveDate>| day.is_none_or(|day| (1..=9999).contains(&day.year()));
    match interval(written, today) {
        Some((first, last)) if (first.is_some() || last.is_some()) && sane(first) && sane(last) => {
            Ok(Tree::Days(Days { field, first, last, written: written.to_owned(), span }))
        }
        _ => {
            let known = |end: &str| !end.trim().is_empty() && interval(end, today).is_some();
            match written.split_once("..") {
                Some((from, to)) if known(from) && known(to) => refuse(format!("`{written}` ends before it begins")),
                _ => refuse(format!("`{written}` is no date or range of dates")),
            }
        }
    }
}

/// The days of a date, of a range with `..`, of `[a TO b]`, or of a comparison.
fn interval(written: &str, today: Option<NaiveDate>) -> Option<Range> {
    when::range(written, today)
}

/// How many countries are suggested for a name that none has.
const SUGGESTED: usize = 3;
/// How many names are looked at for them: a country has several that are alike.
const ALIKE: usize = 30;

/// No name of a country is longer than this, in bytes.
const LONGEST_NAME: usize = 120;

/// The countries whose names are nearest to this one, in any language, under their usual names.
fn nearest_countries(written: &str) -> Option<String> {
    if written.len() > LONGEST_NAME {
        return None;
    }
    let mut usual: Vec<&str> = Vec::new();
    for name in names::alike(written, places::country_names(), ALIKE) {
        let country = places::country_meant(&name).and_then(places::country_name);
        usual.extend(country.filter(|country| !usual.contains(country)));
    }
    let usual: Vec<String> = usual.iter().take(SUGGESTED).map(|name| format!("`{name}`")).collect();
    (!usual.is_empty()).then(|| format!("did you mean {}?", usual.join(" or ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_have_one_form() {
        for (written, expected) in [
            ("  The  Lakeshore\tTribune ", "the lakeshore tribune"),
            ("Le Monde Été", "le monde ete"),
            ("say \"cheese\"", "say cheese"),
            ("Smith, Jones Inc.", "smith jones inc"),
        ] {
            assert_eq!(keyword(written), expected);
            assert_eq!(keyword(expected), expected);
        }
        assert_eq!(language_code("English"), "en");
        assert_eq!(language_code("FR"), "fr");
    }

    #[test]
    fn countries_that_are_alike_are_suggested() {
        for (written, expected) in [
            ("Gremany", Some("did you mean `Germany` or `East Germany`?")),
            ("Ruslandd", Some("did you mean `Russia` or `Belarus`?")),
            ("Korea", Some("did you mean `North Korea` or `South Korea`?")),
            ("Казакстан", Some("did you mean `Kazakhstan`?")),
            ("Atlantis", None),
        ] {
            assert_eq!(nearest_countries(written).as_deref(), expected, "{written}");
        }
    }

    #[test]
    fn values_have_no_signs_at_their_ends() {
        for query in ["source:x;..", "source:\"x;\"", "source:\"x,.\"", "source:;x"] {
            assert_eq!(crate::query::parse(query, None).tree.to_string(), "source:x", "{query}");
        }
        assert!(crate::query::check(&crate::query::parse("source:`;\u{65f}", None)).is_err());
    }

    #[test]
    fn reads_intervals() {
        let day = |text: &str| (!text.is_empty()).then(|| text.parse::<NaiveDate>().expect("a date of this table"));
        for (written, first, last) in [
            ("2024-06-19", "2024-06-19", "2024-06-19"),
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("1991-12..1992-01", "1991-12-01", "1992-01-31"),
            ("..1991", "", "1991-12-31"),
            (">=2024-06", "2024-06-01", ""),
            (">2024-06", "2024-07-01", ""),
            ("<2024", "", "2023-12-31"),
            ("<= 2024", "", "2024-12-31"),
            ("[2024-01 TO 2024-02-03]", "2024-01-01", "2024-02-03"),
            ("[* TO 2024]", "", "2024-12-31"),
        ] {
            assert_eq!(interval(written, None), Some((day(first), day(last))), "{written}");
        }
        for written in ["", "..", "2024-13", "2024-02-30", "19", "2024-6", "20245", "x..2024", "2024-01-01-01"] {
            assert_eq!(interval(written, None), None, "{written}");
        }
    }
}
