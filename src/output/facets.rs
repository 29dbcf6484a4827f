//! The values of a field over all hits: how many hits have each, as a table with bars, JSON, CSV, or points on a map.

use super::Style;
use super::shape::write_json;
use super::sheet::{Cell, Column, Sheet};
use super::table::{Align, table, thousands};
use crate::search::{Expansion, FacetValue};
use serde::Serialize;
use serde_json::json;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The values of a field, counted.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// The name of the field.
    pub field: &'static str,
    /// The query as typed, with the filters as query text.
    pub query: String,
    /// The query as it was understood.
    pub parsed: String,
    /// Articles that match.
    pub total: usize,
    /// How many values there are, where they were counted.
    pub distinct: Option<usize>,
    /// Those that are shown, most hits first.
    pub values: Vec<FacetValue>,
    /// The forms under which each word was looked for.
    pub expansions: Vec<Expansion>,
    /// What the user should know about the question.
    pub warnings: Vec<String>,
}

/// How long the longest bar is, in columns.
const BAR: usize = 20;

impl Counts {
    /// The part of the hits that has a value, from 0 to 1.
    fn share(&self, value: &FacetValue) -> f64 {
        (value.count as f64 / self.total.max(1) as f64 * 1e4).round() / 1e4
    }

    /// For JSON, without the number of the schema.
    pub fn shape(&self) -> impl Serialize + '_ {
        let values: Vec<_> =
            self.values.iter().map(|value| Shared { value: value.clone(), share: self.share(value) }).collect();
        Shape {
            query: &self.query,
            parsed: &self.parsed,
            total: self.total,
            field: self.field,
            distinct: self.distinct,
            expansions: &self.expansions,
            warnings: &self.warnings,
            facets: [(self.field, values)].into(),
        }
    }
}

/// The counts as JSON has them.
#[derive(Serialize)]
struct Shape<'a> {
    query: &'a str,
    parsed: &'a str,
    total: usize,
    field: &'static str,
    distinct: Option<usize>,
    expansions: &'a [Expansion],
    warnings: &'a [String],
    facets: BTreeMap<&'static str, Vec<Shared>>,
}

/// A value with its share.
#[derive(Serialize)]
struct Shared {
    #[serde(flatten)]
    value: FacetValue,
    share: f64,
}

/// What must be typed to ask for a value, where that is not what is read: `KP` for North Korea.
fn typed(value: &FacetValue) -> &str {
    if value.label.is_empty() || value.label.starts_with(&value.value) { "" } else { &value.value }
}

/// The value as it is read.
fn shown(value: &FacetValue) -> &str {
    if value.label.is_empty() { &value.value } else { &value.label }
}

/// Writes a table: hits, share of all hits, value, what to type for it, a bar.
///
/// # Errors
/// When `out` takes nothing more.
pub fn text(counts: &Counts, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let most = counts.values.iter().map(|value| value.count).max().unwrap_or(1).max(1);
    let rows = counts.values.iter().map(|value| {
        let share = format!("{:.1} %", counts.share(value) * 100.0);
        let bar = "▪".repeat((value.count * BAR).div_ceil(most));
        vec![thousands(value.count), share, shown(value).to_owned(), typed(value).to_owned(), bar]
    });
    table(&[Align::Right, Align::Right, Align::Left, Align::Left, Align::Left], rows.collect(), "", style, out)
}

/// A row a value, for programs.
pub fn sheet(counts: &Counts) -> Sheet {
    let degrees = |number: Option<f64>| number.map_or(Cell::None, |number| Cell::Real(number, 2));
    let mut sheet = Sheet::new(&[
        Column::text("value", "value"),
        Column::text("label", "label"),
        Column::number("count", "articles"),
        Column::number("share", "share"),
        Column::text("country", "country"),
        Column::text("region", "region"),
        Column::number("lat", "latitude"),
        Column::number("lon", "longitude"),
    ]);
    let row = |value: &FacetValue| {
        vec![
            value.value.as_str().into(),
            shown(value).into(),
            value.count.into(),
            Cell::Share(counts.share(value)),
            value.country.clone().into(),
            value.region.clone().into(),
            degrees(value.lat),
            degrees(value.lon),
        ]
    };
    sheet.rows = counts.values.iter().map(row).collect();
    sheet
}

/// Writes points on a map (GeoJSON, RFC 7946), one for each value that has a point; the others are counted in
/// `without_point`.
///
/// # Errors
/// When `out` takes nothing more.
pub fn geojson(counts: &Counts, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let feature = |value: &FacetValue| {
        // A country is counted by its code and called by its name.
        let name: Cow<'_, str> = if value.country.as_deref() == Some(&value.value) {
            shown(value).into()
        } else {
            value.value.as_str().into()
        };
        let (lon, lat) = value.lon.zip(value.lat)?;
        Some(json!({
            "type": "Feature",
            "geometry": { "type": "Point", "coordinates": [lon, lat] },
            "properties": {
                "name": name, "country": value.country, "region": value.region, "articles": value.count,
            },
        }))
    };
    let features: Vec<_> = counts.values.iter().filter_map(feature).collect();
    let without_point = counts.values.len() - features.len();
    let collection =
        Collection { sort: "FeatureCollection", features, query: &counts.query, total: counts.total, without_point };
    write_json(&collection, style, out)
}

/// A collection of points, with members of our own behind those of the format.
#[derive(Serialize)]
struct Collection<'a> {
    #[serde(rename = "type")]
    sort: &'static str,
    features: Vec<serde_json::Value>,
    query: &'a str,
    total: usize,
    without_point: usize,
}

#[cfg(test)]
mod tests {
    use super::super::sheet;
    use super::*;

    fn counts() -> Counts {
        let place = |name: &str, label: &str, count, point: Option<(f64, f64)>| FacetValue {
            value: name.into(),
            label: label.into(),
            count,
            country: Some("US".into()),
            region: Some("Texas".into()),
            lat: point.map(|point| point.0),
            lon: point.map(|point| point.1),
        };
        Counts {
            field: "place",
            query: "oil".into(),
            parsed: "oil".into(),
            total: 1600,
            distinct: Some(3),
            values: vec![
                place("Dallas", "Dallas (Texas, US)", 1200, Some((32.78, -96.81))),
                place("Paris", "Paris (Texas, US)", 100, Some((33.66, -95.56))),
                place("Nowhere, \"TX\"", "", 1, None),
            ],
            ..Counts::default()
        }
    }

    fn written(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("it is text")
    }

    #[test]
    fn a_table_has_shares_and_bars() {
        assert_eq!(
            written(|out| text(&counts(), &Style::default(), out)),
            "\
1,200  75.0 %  Dallas (Texas, US)  ▪▪▪▪▪▪▪▪▪▪▪▪▪▪▪▪▪▪▪▪
  100   6.2 %  Paris (Texas, US)   ▪▪
    1   0.1 %  Nowhere, \"TX\"       ▪
"
        );
    }

    #[test]
    fn rows_have_points() {
        assert_eq!(
            written(|out| sheet::write(&sheet(&counts()), "csv", &Style::default(), out)),
            "\
value,label,count,share,country,region,lat,lon
Dallas,\"Dallas (Texas, US)\",1200,0.75,US,Texas,32.78,-96.81
Paris,\"Paris (Texas, US)\",100,0.0625,US,Texas,33.66,-95.56
\"Nowhere, \"\"TX\"\"\",\"Nowhere, \"\"TX\"\"\",1,0.0006,US,Texas,,
"
        );
    }

    #[test]
    fn a_map_has_longitude_first() {
        let map = written(|out| geojson(&counts(), &Style::default(), out));
        let map: serde_json::Value = serde_json::from_str(&map).expect("it is JSON");
        assert_eq!(map["type"], "FeatureCollection");
        assert_eq!(map["features"].as_array().map(Vec::len), Some(2));
        assert_eq!(
            map["features"][0],
            json!({
                "type": "Feature", "geometry": { "type": "Point", "coordinates": [-96.81, 32.78] },
                "properties": { "name": "Dallas", "country": "US", "region": "Texas", "articles": 1200 },
            })
        );
        assert_eq!((&map["total"], &map["without_point"]), (&json!(1600), &json!(1)));
    }

    #[test]
    fn json_has_what_the_contract_names_first() {
        let shape = serde_json::to_value(counts().shape()).expect("it is plain data");
        let first = &shape["facets"]["place"][0];
        assert_eq!((&first["value"], &first["count"], &first["share"]), (&json!("Dallas"), &json!(1200), &json!(0.75)));
        assert_eq!((&first["lat"], &first["region"]), (&json!(32.78), &json!("Texas")));
        assert!(shape["facets"]["place"][2].get("lat").is_none());
    }
}
