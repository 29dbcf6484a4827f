//! The sentence that describes a search, for the methods of a paper.

use super::table::{counted, thousands};
use super::visible::line;
use crate::saved::record::{Archive, Forms, Record};
use crate::text::fold::fold;
use chrono::DateTime;

/// Forms of a word that are listed; the others are counted.
const FORMS: usize = 12;
/// Digits of the fingerprint that are enough to know it again.
const DIGITS: usize = 16;

/// The sentence, with the record as `file`, where it is in one.
pub fn sentence(record: &Record, file: Option<&str>) -> String {
    let Record { index, .. } = record;
    let day = DateTime::parse_from_rfc3339(&record.searched)
        .map_or_else(|_| record.searched.clone(), |moment| moment.format("%-d %B %Y").to_string());
    let query = match record.query.trim() {
        "" => "for all of them".to_owned(),
        query => format!("for ‘{query}’"),
    };
    let saved: Vec<String> =
        record.saved.iter().map(|saved| format!("query:{} stood for ‘{}’", saved.name, saved.text)).collect();
    let saved = if saved.is_empty() { String::new() } else { format!(" ({})", saved.join("; ")) };
    let mut text = format!(
        "We searched an index of {}{} with dateline {} on {day} {query}{saved}",
        counted(index.fingerprint.articles, "article"),
        sources(index),
        record.version
    );
    let forms: Vec<String> = record.expansions.iter().filter_map(forms).collect();
    if !forms.is_empty() {
        text.push_str(&format!("; the query matched the forms {}", forms.join("; ")));
    } else if !record.variants {
        text.push_str(", without other spellings and forms of its words");
    }
    let hits = match record.hits.len() {
        0 => "no article".to_owned(),
        hits => counted(hits, "article"),
    };
    text.push_str(&format!("; {hits} matched."));
    let digits = index.fingerprint.hash.get(..DIGITS).unwrap_or(&index.fingerprint.hash);
    let file = file.map(|file| format!("; record {file}")).unwrap_or_default();
    text.push_str(&format!(" Index fingerprint {digits}{file}."));
    line(&text, true).into_owned()
}

/// ` (Harbour Wire and 14 other sources, 1994-01-02 to 2024-06-30)`.
fn sources(index: &Archive) -> String {
    let sources = index.source.as_ref().map(|source| match index.sources.saturating_sub(1) {
        0 => source.clone(),
        others => format!("{source} and {}", counted(others, "other source")),
    });
    let days = index.published.as_ref().map(|(first, last)| match first == last {
        true => first.clone(),
        false => format!("{first} to {last}"),
    });
    let parts: Vec<String> = sources.into_iter().chain(days).collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

/// `defence (512), defense (81)`, for a word that was met in several forms; `person:Kim as kim jong un (5), …`, for what
/// is none of its own forms.
fn forms(forms: &Forms) -> Option<String> {
    let met: Vec<&(String, usize)> = forms.forms.iter().filter(|(_, count)| *count > 0).collect();
    if met.len() < 2 {
        return None;
    }
    let listed: Vec<String> =
        met.iter().take(FORMS).map(|(form, count)| format!("{form} ({})", thousands(*count))).collect();
    let more = match met.len().saturating_sub(FORMS) {
        0 => String::new(),
        more => format!(" and {} more", thousands(more)),
    };
    let word = fold(forms.written.trim_matches(['"', '=']));
    let itself = met.iter().any(|(form, _)| fold(form) == word);
    let name = if itself { String::new() } else { format!("{} as ", forms.written) };
    Some(format!("{name}{}{more}", listed.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::StandsFor;
    use crate::search::{Fingerprint, Stamp};

    fn record() -> Record {
        Record {
            version: "0.1.0".into(),
            searched: "2026-11-26T20:31:05+00:00".into(),
            query: "defence treaty".into(),
            variants: true,
            index: Archive {
                fingerprint: Fingerprint { articles: 12_345, hash: "0123456789abcdef".repeat(2) },
                sources: 15,
                source: Some("Harbour Wire".into()),
                published: Some(("1994-01-02".into(), "2024-06-30".into())),
            },
            expansions: vec![
                Forms {
                    written: "defence".into(),
                    forms: vec![("defence".into(), 1512), ("defense".into(), 81), ("defences".into(), 0)],
                    ..Forms::default()
                },
                Forms { written: "treaty".into(), forms: vec![("treaty".into(), 593)], ..Forms::default() },
                Forms {
                    written: "person:Kim".into(),
                    forms: vec![("kim jong un".into(), 5), ("kim il sung".into(), 1)],
                    ..Forms::default()
                },
            ],
            hits: vec![Stamp::default(); 593],
            ..Record::default()
        }
    }

    #[test]
    fn a_search_is_described() {
        assert_eq!(
            sentence(&record(), Some("treaty.toml")),
            "We searched an index of 12,345 articles (Harbour Wire and 14 other sources, 1994-01-02 to 2024-06-30) with \
             dateline 0.1.0 on 26 November 2026 for ‘defence treaty’; the query matched the forms defence (1,512), defense \
             (81); person:Kim as kim jong un (5), kim il sung (1); 593 articles matched. Index fingerprint 0123456789abcdef; record treaty.toml."
        );
    }

    #[test]
    fn what_is_not_known_is_not_said() {
        let bare = Record {
            query: " ".into(),
            variants: false,
            index: Archive {
                fingerprint: Fingerprint { articles: 1, hash: "01".into() },
                sources: 1,
                source: Some("Wire".into()),
                published: None,
            },
            expansions: Vec::new(),
            hits: vec![Stamp::default()],
            saved: vec![StandsFor { name: "kim".into(), text: "a OR b".into() }],
            ..record()
        };
        assert_eq!(
            sentence(&bare, None),
            "We searched an index of 1 article (Wire) with dateline 0.1.0 on 26 November 2026 for all of them (query:kim \
             stood for ‘a OR b’), without other spellings and forms of its words; 1 article matched. Index fingerprint 01."
        );
        let nothing = Record { index: Archive::default(), expansions: Vec::new(), hits: Vec::new(), ..record() };
        assert_eq!(
            sentence(&nothing, None),
            "We searched an index of 0 articles with dateline 0.1.0 on 26 November 2026 for ‘defence treaty’; no article \
             matched. Index fingerprint ."
        );
    }
}
