//! The table of all fields. Schema, query language, flags, facets, help and docs are made from it or checked
//! against it, so one thing has one name everywhere.

/// A field of the index that can be asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// The name in queries, JSON and facets; the flag is `--` and this name.
    pub name: &'static str,
    /// Other names that queries accept.
    pub aliases: &'static [&'static str],
    /// What it holds.
    pub kind: Kind,
    /// Whether its values can be counted over the hits; of dates the years.
    pub facet: bool,
    /// Whether there is a flag of the same name on `search`.
    pub flag: bool,
    /// One line for help.
    pub description: &'static str,
    /// A query that uses it.
    pub example: &'static str,
}

/// What a field holds, and so how it is indexed and asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words with positions.
    Text,
    /// Names, matched by any part and any spelling.
    Name,
    /// Names of fixed spelling, matched without regard to case and accents.
    Keyword,
    /// Country codes; usual names of countries are understood.
    Country,
    /// A place and a distance, answered by the places of the articles.
    Near,
    /// An interval of days for each article.
    Published,
    /// Any number of intervals of days for each article.
    Spoken,
    /// How far these lie from the day of publication.
    Gap,
}

/// Every field, in the order in which help lists them.
pub static FIELDS: &[Field] = &[
    Field {
        name: "title",
        aliases: &["headline", "hd"],
        kind: Kind::Text,
        facet: false,
        flag: true,
        description: "words of the headline",
        example: "title:(treaty OR pact)",
    },
    Field {
        name: "body",
        aliases: &["text"],
        kind: Kind::Text,
        facet: false,
        flag: false,
        description: "words of the text below the headline",
        example: "body:\"mutual defence\"",
    },
    Field {
        name: "person",
        aliases: &["people", "per"],
        kind: Kind::Name,
        facet: true,
        flag: true,
        description: "a person, by full name or part of it",
        example: "person:\"Kim Jong-un\"",
    },
    Field {
        name: "org",
        aliases: &["organisation", "organization", "organisations"],
        kind: Kind::Name,
        facet: true,
        flag: true,
        description: "a company, party, agency, club or other organisation",
        example: "org:NATO",
    },
    Field {
        name: "place",
        aliases: &["places", "loc"],
        kind: Kind::Name,
        facet: true,
        flag: true,
        description: "a country, city or region by name, with what lies in it",
        example: "place:Pyongyang",
    },
    Field {
        name: "near",
        aliases: &["around"],
        kind: Kind::Near,
        facet: false,
        flag: true,
        description: "any place within a distance of this one, by name or latitude and longitude",
        example: "near:\"Pyongyang,100km\"",
    },
    Field {
        name: "country",
        aliases: &["countries"],
        kind: Kind::Country,
        facet: true,
        flag: true,
        description: "a country that the article speaks of, by ISO 3166 code or any usual name",
        example: "country:\"North Korea\"",
    },
    Field {
        name: "about-country",
        aliases: &["about"],
        kind: Kind::Country,
        facet: true,
        flag: true,
        description: "a country that the article is about or was filed from",
        example: "about-country:KP",
    },
    Field {
        name: "reported-from",
        aliases: &["filed-from", "dateline"],
        kind: Kind::Name,
        facet: true,
        flag: true,
        description: "the place that the dateline names, or its country",
        example: "reported-from:Seoul",
    },
    Field {
        name: "published",
        aliases: &["date", "pub", "year"],
        kind: Kind::Published,
        facet: true,
        flag: false,
        description: "day, month, year or range of publication; `none` or `guessed`",
        example: "published:2024-06..2024-07",
    },
    Field {
        name: "mentions-date",
        aliases: &["speaks-of", "mentioned", "mentions-year"],
        kind: Kind::Spoken,
        facet: true,
        flag: true,
        description: "a day, month, year or range that the article speaks of",
        example: "mentions-date:1991-12..1992-01",
    },
    Field {
        name: "date-gap",
        aliases: &["gap"],
        kind: Kind::Gap,
        facet: false,
        flag: true,
        description: "how far a date that the article speaks of lies from its publication, back or ahead",
        example: "date-gap:>1y",
    },
    Field {
        name: "source",
        aliases: &["publication", "rst"],
        kind: Kind::Keyword,
        facet: true,
        flag: true,
        description: "the newspaper, agency or site",
        example: "source:\"Bay City Examiner\"",
    },
    Field {
        name: "agency",
        aliases: &["agencies", "wire"],
        kind: Kind::Keyword,
        facet: true,
        flag: true,
        description: "a news agency that the dateline or a credit names",
        example: "agency:Reuters",
    },
    Field {
        name: "author",
        aliases: &["by", "byline"],
        kind: Kind::Name,
        facet: true,
        flag: false,
        description: "who wrote it",
        example: "author:smith",
    },
    Field {
        name: "section",
        aliases: &["category"],
        kind: Kind::Keyword,
        facet: true,
        flag: false,
        description: "the section of the newspaper",
        example: "section:business",
    },
    Field {
        name: "lang",
        aliases: &["language"],
        kind: Kind::Keyword,
        facet: true,
        flag: true,
        description: "the language, as a two-letter code",
        example: "lang:en",
    },
];

/// The field with this name or alias, without regard to case.
pub fn find(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| {
        field.name.eq_ignore_ascii_case(name) || field.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
    })
}

/// The field with this very name.
///
/// # Panics
/// If the table has no such field; a test asks for every name that the program uses.
pub fn named(name: &str) -> &'static Field {
    FIELDS.iter().find(|field| field.name == name).expect("the table has every field that the program names")
}

/// The name of a field that is one slip away from `name`: for hints.
pub fn nearest(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    FIELDS
        .iter()
        .flat_map(|field| std::iter::once(&field.name).chain(field.aliases))
        .map(|known| (strsim::damerau_levenshtein(&name, known), *known))
        .filter(|(slips, known)| *slips <= 2 && *slips < known.len() / 2)
        .min()
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_fields_share_a_name() {
        let mut seen = HashSet::new();
        for field in FIELDS {
            assert!(seen.insert(field.name), "{}", field.name);
            assert!(field.aliases.iter().all(|alias| seen.insert(alias)), "{}", field.name);
        }
    }

    #[test]
    fn a_slip_finds_its_field() {
        assert_eq!(nearest("persn"), Some("person"));
        assert_eq!(nearest("contry"), Some("country"));
        assert_eq!(nearest("http"), None);
        assert_eq!(find("Headline"), Some(named("title")));
    }
}
