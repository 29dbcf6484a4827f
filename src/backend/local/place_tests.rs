//! Tests of questions for places: a small index whose articles name places of one name, places inside others, and
//! states that are no more.

use super::Local;
use super::writer::{Options, Writer};
use crate::article::{Article, CountryCount, Found, Mention, MentionKind, Part, Placed};
use crate::backend::Backend;
use crate::names::corrections::Corrections;
use crate::query;
use crate::query::tree::Place;
use crate::search::{Request, Results, Sort};
use crate::text::Span;

/// A place: name, country, part of the country, point.
type Row = (&'static str, &'static str, &'static str, Option<(f32, f32)>);

const PARIS: Row = ("Paris", "FR", "Île-de-France", Some((48.85, 2.35)));
const LYON: Row = ("Lyon", "FR", "Auvergne-Rhône-Alpes", Some((45.75, 4.85)));
const FRANCE: Row = ("France", "FR", "", Some((46.0, 2.0)));
const PARIS_TEXAS: Row = ("Paris", "US", "Texas", Some((33.66, -95.56)));
const TEXAS: Row = ("Texas", "US", "Texas", Some((31.3, -99.3)));
const DALLAS: Row = ("Dallas", "US", "Texas", Some((32.78, -96.81)));
const GLASGOW: Row = ("Glasgow", "GB", "Scotland", Some((55.87, -4.26)));
const LONDON: Row = ("London", "GB", "England", Some((51.51, -0.13)));
const TBILISI: Row = ("Tbilisi", "GE", "", Some((41.69, 44.83)));
const GEORGIA: Row = ("Georgia", "GE", "", Some((42.0, 43.5)));
const MACON: Row = ("Macon", "US", "Georgia", Some((32.84, -83.63)));
const SOVIET_UNION: Row = ("Soviet Union", "SU", "", Some((60.0, 90.0)));
const MOSCOW: Row = ("Moscow", "RU", "", Some((55.75, 37.62)));
const EUROPE: Row = ("Europe", "", "", None);

/// Articles by id and source, each of which names these places, in two batches so that there are several segments.
const ARTICLES: &[(&str, &str, &[Row])] = &[
    ("france", "Le Courrier", &[PARIS, FRANCE]),
    ("lyon", "Le Courrier", &[LYON]),
    ("lyon-and-paris", "Le Courrier", &[LYON, PARIS, EUROPE]),
    ("texas", "The Macon Ledger", &[PARIS_TEXAS]),
    ("dallas", "The Macon Ledger", &[DALLAS, TEXAS]),
    ("glasgow", "Clyde Post", &[GLASGOW]),
    ("london", "Clyde Post", &[LONDON]),
    ("tbilisi", "Clyde Post", &[TBILISI, GEORGIA]),
    ("macon", "The Macon Ledger", &[MACON, GEORGIA]),
    ("union", "Clyde Post", &[SOVIET_UNION]),
    ("moscow", "Clyde Post", &[MOSCOW]),
];

fn article(id: &str, source: &str, rows: &[Row]) -> (Article, Found) {
    let mut text = String::from("They spoke of");
    let mut found = Found::default();
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    for (name, country, region, point) in rows {
        let start = text.len() + 1;
        text.push_str(&format!(" {name}"));
        let (country, region) = (some(country), some(region));
        if let Some(code) = &country
            && found.countries.iter().all(|known| known.code != *code)
        {
            found.countries.push(CountryCount { code: code.clone(), name: code.clone(), count: 1, about: false });
        }
        found.places.push(Placed {
            name: (*name).to_owned(),
            country: country.clone(),
            region: region.clone(),
            point: *point,
            count: 1,
        });
        found.mentions.push(Mention {
            kind: MentionKind::Place,
            part: Part::Body,
            span: Span::new(start, text.len()),
            name: (*name).to_owned(),
            country,
            region,
            point: *point,
            timex: None,
        });
    }
    text.push('.');
    let article = Article { id: Some(id.into()), text, source: Some(source.into()), ..Article::default() };
    (article, found)
}

fn indexed(folder: &std::path::Path) -> Local {
    let options = Options { threads: 1, ..Options::default() };
    for batch in ARTICLES.chunks(6) {
        let mut writer = Writer::open(folder, options).expect("the folder can be written to");
        let preparer = writer.preparer();
        for (id, source, rows) in batch {
            let (article, found) = article(id, source, rows);
            let prepared = preparer.prepare(&article, &found);
            writer.put(id, "0:a.jsonl", prepared, false).expect("an article can be put");
        }
        writer.finish().expect("what was put can be committed");
    }
    Local::open(folder).expect("the index was just made")
}

fn asked(index: &Local, text: &str) -> Results {
    let parsed = query::parse(text, None);
    query::check(&parsed).expect("every row is right");
    let mut tree = parsed.tree;
    index.expand(&mut tree, true).expect("every row can be answered");
    let request = Request {
        query: text.into(),
        limit: 0,
        offset: 0,
        sort: Sort::Relevance,
        facets: vec![],
        snippets: 3,
        explain_scores: false,
        group_by_slot: false,
        ..Request::default()
    };
    index.search(&tree, &request).expect("every row can be answered")
}

/// The ids of the hits, in order; and for the first what is marked in it.
fn check(index: &Local, text: &str, expected: &[&str]) {
    let mut ids: Vec<String> = asked(index, text).hits.into_iter().map(|hit| hit.id).collect();
    ids.sort();
    assert_eq!(ids, expected, "{text}");
}

/// What is marked in the passages of the hit with this id.
fn marked(results: &Results, id: &str) -> Vec<String> {
    let hit = results.hits.iter().find(|hit| hit.id == id).expect("it is a hit");
    let mut marked = Vec::new();
    for snippet in &hit.snippets {
        let text: Vec<char> = snippet.text.chars().collect();
        for [from, to] in &snippet.spans {
            marked.push(text[from - snippet.start..to - snippet.start].iter().collect());
        }
    }
    marked
}

#[test]
fn a_place_is_found_by_what_it_lies_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let index = indexed(folder.path());
    check(&index, "place:Texas", &["dallas", "texas"]);
    check(&index, "place:=Texas", &["dallas"]);
    check(&index, "place:Paris", &["france", "lyon-and-paris", "texas"]);
    check(&index, "place:France", &["france", "lyon", "lyon-and-paris"]);
    check(&index, "place:=\"France\"", &["france"]);
    check(&index, "place:\"French Republic\"", &["france", "lyon", "lyon-and-paris"]);
    check(&index, "place:Scotland", &["glasgow"]);
    check(&index, "place:\"Great Britain\"", &["glasgow", "london"]);
    check(&index, "place:\"auvergne rhone alpes\"", &["lyon", "lyon-and-paris"]);
    // A country and a part of another one.
    check(&index, "place:Georgia", &["macon", "tbilisi"]);
    check(&index, "place:\"Paris, Texas\"", &["texas"]);
    check(&index, "place:\"Paris, TX\"", &["texas"]);
    check(&index, "place:\"Paris, France\"", &["france", "lyon-and-paris"]);
    check(&index, "place:Texas -place:Dallas", &["texas"]);
    check(&index, "place:FR", &[]);
    check(&index, "country:GB", &["glasgow", "london"]);
}

#[test]
fn what_lies_inside_is_told_and_marked() {
    let folder = tempfile::tempdir().expect("a folder");
    let index = indexed(folder.path());
    let results = asked(&index, "place:France");
    let expansion = results.expansions.first().expect("there is a name");
    let inside: Vec<(&str, usize)> = expansion.inside.iter().map(|place| (place.name.as_str(), place.count)).collect();
    assert_eq!(inside, [("Lyon", 2), ("Paris", 2)]);
    assert_eq!(
        expansion.forms.iter().map(|form| (form.form.as_str(), form.count)).collect::<Vec<_>>(),
        [("france", 1)]
    );
    assert_eq!(marked(&results, "lyon-and-paris"), ["Lyon", "Paris"]);
    assert_eq!(marked(&results, "france"), ["Paris", "France"]);
    let mut tree = query::parse("place:Texas", None).tree;
    index.expand(&mut tree, true).expect("it can be answered");
    let explained = index.explain(&tree).expect("it can be explained");
    assert!(explained.contains("places inside Texas: Dallas (Texas, US), Paris (Texas, US)"), "{explained}");
}

#[test]
fn a_country_is_found_under_its_successor() {
    let folder = tempfile::tempdir().expect("a folder");
    let index = indexed(folder.path());
    check(&index, "country:RU", &["moscow", "union"]);
    check(&index, "country:Russia", &["moscow", "union"]);
    check(&index, "country:=RU", &["moscow"]);
    check(&index, "country:SU", &["union"]);
    let results = asked(&index, "country:RU");
    let forms: Vec<_> = results.expansions.iter().flat_map(|known| &known.forms).collect();
    let forms: Vec<(&str, usize)> = forms.iter().map(|form| (form.form.as_str(), form.count)).collect();
    assert_eq!(forms, [("Russia", 1), ("Soviet Union", 1)]);
    assert_eq!(marked(&results, "union"), ["Soviet Union"]);
    assert!(asked(&index, "country:=RU").expansions.is_empty());
    assert!(asked(&index, "country:FR").expansions.is_empty());
}

#[test]
fn what_is_near_is_found_by_its_point() {
    let folder = tempfile::tempdir().expect("a folder");
    let index = indexed(folder.path());
    // The Paris that most articles name.
    check(&index, "near:Paris", &["france", "lyon-and-paris"]);
    check(&index, "near:\"Paris,400km\"", &["france", "london", "lyon", "lyon-and-paris"]);
    check(&index, "near:\"paris, texas, 100 miles\"", &["dallas", "texas"]);
    check(&index, "near:\"Paris, US, 10km\"", &["texas"]);
    check(&index, "near:\"45.7,4.8\"", &["lyon", "lyon-and-paris"]);
    check(&index, "near:\"-45.7,4.8\"", &[]);
    // The middle of a country is nobody's neighbour.
    check(&index, "near:\"46,2,20km\"", &[]);
    check(&index, "near:\"31.3,-99.3,20km\"", &[]);
    check(&index, "near:Dallas -near:\"Paris, Texas,1km\"", &["dallas"]);
    let results = asked(&index, "near:\"Paris, Texas,200km\"");
    let expansion = results.expansions.first().expect("there is a place");
    let inside: Vec<_> = expansion.inside.iter().map(|place| (place.name.as_str(), place.km, place.count)).collect();
    assert_eq!(inside, [("Paris", Some(0), 1), ("Dallas", Some(152), 1)]);
    assert_eq!(marked(&results, "dallas"), ["Dallas"]);
}

#[test]
fn a_name_of_several_places_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let index = indexed(folder.path());
    let resolved = |text: &str| {
        let mut tree = query::parse(text, None).tree;
        index.expand(&mut tree, true).map(|()| tree)
    };
    let remarks = resolved("treaty near:Paris").expect("it can be answered").remarks();
    assert_eq!(
        remarks,
        ["Paris is taken for Paris (Île-de-France, FR); also Paris (Texas, US): write \"Paris, Texas\""]
    );
    assert!(resolved("near:\"Paris, Texas\"").expect("it can be answered").remarks().is_empty());
    for (text, hint) in
        [("near:Glasgo", "did you mean `Glasgow`?"), ("near:Europe", "latitude"), ("near:Xyz", "latitude")]
    {
        let error = resolved(text).expect_err("it is no place of the index");
        assert_eq!(error.kind, crate::error::Kind::Usage, "{text}");
        assert!(error.hint.as_deref().is_some_and(|given| given.contains(hint)), "{text} {error:?}");
    }
}

fn correct(index: &mut Local, text: &str) -> crate::error::Result<()> {
    index.correct(Corrections::parse(text).expect("every row is right"))
}

#[test]
fn a_name_means_what_the_user_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut index = indexed(folder.path());
    let places = |index: &Local| -> Vec<(String, usize)> {
        let counted = index.entities(&crate::query::tree::Tree::All, "place").expect("they can be counted");
        let georgias = counted.into_iter().filter(|place| place.name == "Georgia");
        georgias.map(|place| (place.country.unwrap_or_default(), place.articles)).collect()
    };
    assert_eq!(places(&index), [("GE".to_owned(), 2)]);
    check(&index, "place:\"Georgia, US\"", &[]);
    // In one source, and nowhere else.
    correct(&mut index, "[source.\"The Macon Ledger\".place]\nGeorgia = \"US-GA\"").expect("it means something");
    assert_eq!(places(&index), [("GE".to_owned(), 1), ("US".to_owned(), 1)]);
    check(&index, "place:\"Georgia, US\"", &["macon"]);
    check(&index, "place:\"United States\" -place:Texas", &["macon"]);
    check(&index, "place:\"Georgia, GE\"", &["tbilisi"]);
    let results = asked(&index, "place:\"Georgia, US\"");
    assert_eq!(marked(&results, "macon"), ["Georgia"]);
    assert_eq!(
        results.hits[0].places.iter().map(|place| (place.name.as_str(), place.country.as_deref())).collect::<Vec<_>>(),
        [("Macon", Some("US")), ("Georgia", Some("US"))]
    );
    check(&index, "near:\"Georgia, GE,5km\"", &[]);
    // Everywhere.
    correct(&mut index, "[place]\nis = { Georgia = \"US-GA\", Glasgow = \"US-MT\" }").expect("it means something");
    assert_eq!(places(&index), [("US".to_owned(), 2)]);
    check(&index, "place:\"Georgia, US\"", &["macon", "tbilisi"]);
    check(&index, "place:Scotland", &[]);
    check(&index, "place:Glasgow", &["glasgow"]);
    check(&index, "place:Montana", &["glasgow"]);
    assert!(correct(&mut index, "[place]\nGeorgia = \"US-QQ\"").is_err());
}

#[test]
fn points_of_one_place_are_counted_together() {
    let place = |point| Place { name: "Springfield".into(), country: "US".into(), region: "Ohio".into(), point };
    let places = [place(Some((39.92, -83.81))), place(Some((39.93, -83.8))), Place::default()];
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options { threads: 1, ..Options::default() };
    let mut writer = Writer::open(folder.path(), options).expect("the folder can be written to");
    let preparer = writer.preparer();
    for (id, point) in [("a", (39.92, -83.81)), ("b", (39.93, -83.8))] {
        let (article, found) = article(id, "", &[("Springfield", "US", "Ohio", Some(point))]);
        writer.put(id, "0:a.jsonl", preparer.prepare(&article, &found), false).expect("an article can be put");
    }
    writer.finish().expect("what was put can be committed");
    assert!(places[0].is_called_as(&places[1]) && !places[1].is_called_as(&places[2]));
    let index = Local::open(folder.path()).expect("the index was just made");
    let results = asked(&index, "place:Ohio");
    let inside = results.expansions.iter().flat_map(|expansion| &expansion.inside);
    assert_eq!(inside.map(|place| place.count).collect::<Vec<_>>(), [2]);
}
