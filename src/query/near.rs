//! What may follow `near:`: a place and how far around it, `Pyongyang,100km`, `Paris, Texas, 30mi`, `39.03,125.75`.

use super::lexer;
use super::tree::Near;
use super::values::Refusal;
use crate::places;
use crate::text::{Span, tokens};

/// Kilometres around a place where nothing is said.
const KILOMETRES: &str = "50km";
/// Kilometres of a mile.
const MILE: f64 = 1.609_344;
/// What to write.
const HINT: &str = "write a place and a distance: `near:\"Pyongyang,100km\"`, `near:\"39.03,125.75,60mi\"`";

/// Reads the value; what the place means only the articles know.
pub(super) fn read(written: &str, span: Span) -> Result<Near, Refusal> {
    let refuse = |message: String| Err(Refusal { message, hint: HINT.to_owned() });
    let (place, distance) = match written.rsplit_once(',') {
        Some((place, last)) if is_distance(last) && !is_bare_longitude(place, last) => (place, last.trim()),
        None if is_distance(written) => return refuse(format!("`{written}` is no place")),
        _ => (written, KILOMETRES),
    };
    let place = place.replace('"', "");
    let place = place.trim_matches([',', ';', ' ', '?']).to_owned();
    let (number, unit) = parts(distance);
    let number_of = number.parse::<f64>().ok();
    let (km, unit) = match (number_of, unit) {
        (Some(km), "km" | "kilometres" | "kilometers" | "kilometre" | "kilometer" | "kms") => (km, "km"),
        (Some(miles), "mi" | "mile" | "miles") => (miles * MILE, "mi"),
        (Some(_), "m") => return refuse(format!("the `m` of `{distance}` may be metres or miles")),
        _ => return refuse(format!("`{distance}` has no unit of length that is known")),
    };
    if km <= 0.0 || km > places::FURTHEST {
        return refuse(format!("`{distance}` is no distance on earth"));
    }
    // At the end of a query a sign may pass for the end of a sentence; before a distance it does not.
    if lexer::inexact(&format!("{place},{number}{unit}")) {
        return refuse(format!("wildcards and fuzzy words are not supported yet: `{place}`"));
    }
    if tokens::words(&place).next().is_none() {
        return refuse(format!("`{written}` names no place"));
    }
    let point = match place.split_once(',').map(|(lat, lon)| (degrees(lat), degrees(lon))) {
        Some((Some(lat), Some(lon))) if lat.abs() <= 90.0 && lon.abs() <= 180.0 => Some((lat, lon)),
        Some((Some(_), Some(_))) => return refuse(format!("`{place}` is no latitude and longitude")),
        _ => None,
    };
    Ok(Near { place, point, km, distance: format!("{number}{unit}"), around: None, span })
}

/// The number at the beginning, and the unit behind it in small letters.
fn parts(distance: &str) -> (&str, &str) {
    let end = distance.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(distance.len());
    let (number, unit) = distance.split_at(end);
    let unit = unit.trim();
    let known = ["km", "kms", "kilometres", "kilometers", "kilometre", "kilometer", "mi", "mile", "miles", "m"];
    (number, known.into_iter().find(|known| known.eq_ignore_ascii_case(unit)).unwrap_or(unit))
}

/// Whether it begins as a distance does: with a number, and goes on with letters or nothing.
fn is_distance(text: &str) -> bool {
    let (number, unit) = parts(text.trim());
    number.parse::<f64>().is_ok() && unit.chars().all(char::is_alphabetic)
}

/// `125.75` behind `39.03` is the longitude; behind a name it is a distance without a unit.
fn is_bare_longitude(before: &str, last: &str) -> bool {
    degrees(before).is_some() && degrees(last).is_some()
}

fn degrees(text: &str) -> Option<f32> {
    let text = text.trim();
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
    text.parse().ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_places_and_distances() {
        for (written, place, point, km, shown) in [
            ("Pyongyang,100km", "Pyongyang", None, 100.0, "100km"),
            ("Pyongyang", "Pyongyang", None, 50.0, "50km"),
            ("Paris, Texas, 30 miles", "Paris, Texas", None, 48.28, "30mi"),
            ("Paris, Texas", "Paris, Texas", None, 50.0, "50km"),
            ("39.03,125.75", "39.03,125.75", Some((39.03, 125.75)), 50.0, "50km"),
            ("-33.9, 18.4, 7.5 KM", "-33.9, 18.4", Some((-33.9, 18.4)), 7.5, "7.5km"),
            ("平壌,80km", "平壌", None, 80.0, "80km"),
        ] {
            let near = read(written, Span::default()).map_err(|refusal| refusal.message).expect("every row is right");
            assert_eq!((near.place.as_str(), near.point, near.distance.as_str()), (place, point, shown), "{written}");
            assert!((near.km - km).abs() < 0.01, "{written}");
        }
        for written in [
            "100km",
            ",100km",
            "Paris,100",
            "Paris,30m",
            "Paris,5 leagues",
            "Paris,0km",
            "Paris,99999km",
            "91,0",
            "1,2,3",
        ] {
            assert!(read(written, Span::default()).is_err(), "{written}");
        }
    }
}
