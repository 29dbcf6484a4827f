//! Points on the globe: how far two are from each other, and whether a point is the middle of a country or region
//! rather than a town.

use super::gazetteer::Kind;

/// The mean radius of the earth in kilometres.
const RADIUS: f64 = 6371.0;
/// Half the way round the earth: nothing is further away.
pub const FURTHEST: f64 = 20_038.0;
/// The middle of an area is kept with hundredths of a degree.
const SAME: f32 = 0.011;

/// Kilometres along the great circle between two points in degrees (the haversine formula).
pub fn kilometres(one: (f32, f32), other: (f32, f32)) -> f64 {
    let radians = |degrees: f32| f64::from(degrees).to_radians();
    let ((lat, lon), (other_lat, other_lon)) = (one, other);
    let half = |from: f32, to: f32| ((radians(to) - radians(from)) / 2.0).sin().powi(2);
    let chord = half(lat, other_lat) + radians(lat).cos() * radians(other_lat).cos() * half(lon, other_lon);
    2.0 * RADIUS * chord.sqrt().min(1.0).asin()
}

/// Whether a place of this name, country and part of it is that country or part as a whole, and its point the middle
/// of it. New York in New York is a town, as its point tells.
pub fn is_area(name: &str, country: &str, part: &str, point: (f32, f32)) -> bool {
    let same = |known: Option<(f32, f32)>| {
        known.is_some_and(|(lat, lon)| (lat - point.0).abs() < SAME && (lon - point.1).abs() < SAME)
    };
    let whole = super::country(country).filter(|place| place.name == name);
    if whole.is_none() && name != part {
        return false;
    }
    // All tables are asked about the few names that may be an area's.
    let senses = super::whole(name).map(|found| found.senses).unwrap_or_default();
    let there = |kinds: &[Kind]| {
        senses.iter().any(|sense| {
            kinds.contains(&sense.place.kind) && sense.place.country == Some(country) && same(sense.place.point)
        })
    };
    // Seoul is a part of its country, and a town in the middle of it.
    let area = whole.is_some_and(|place| same(place.point)) || there(&[Kind::Region, Kind::Division]);
    area && !there(&[Kind::City])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_an_atlas() {
        let (seoul, pyongyang) = ((37.57, 126.98), (39.03, 125.75));
        for (one, other, expected) in [
            (seoul, pyongyang, 194.0),
            (seoul, seoul, 0.0),
            ((48.85, 2.35), (33.66, -95.56), 7_780.0),
            // Over the line where dates change, and from pole to pole.
            ((-18.14, 178.44), (-13.83, -171.77), 1_150.0),
            ((90.0, 0.0), (-90.0, 0.0), 20_015.0),
        ] {
            let km = kilometres(one, other);
            assert!((km - expected).abs() <= expected * 0.01, "{km} {expected}");
            assert!(km <= FURTHEST);
        }
    }

    #[test]
    fn the_middle_of_a_country_is_no_town() {
        assert!(is_area("France", "FR", "", (46.0, 2.0)));
        assert!(is_area("New York", "US", "New York", (43.0, -75.5)));
        assert!(!is_area("New York", "US", "New York", (40.71, -74.01)));
        assert!(!is_area("Paris", "FR", "", (48.85, 2.35)));
        assert!(!is_area("Seoul", "KR", "Seoul", (37.57, 126.98)));
        assert!(!is_area("Singapore", "SG", "", (1.29, 103.85)));
    }
}
