//! Countries of an article by what a user says that names of places mean.
//!
//! Places are read with what was said whenever a question is asked; how often an article speaks of a country, and
//! whether it is about it, is counted from all its names at once and kept, so it is put right here, before it is kept.

use crate::article::{CountryCount, Found, MentionKind};
use crate::places::{self, Meanings};

/// Counts every mention of a place of which something is said for the country that it means, in articles of `source`.
///
/// Where a country loses all that was counted for it, the article is about the other one if it was about this. What
/// inhabitants and names inside names of organisations counted stays.
pub(super) fn count(found: &mut Found, meanings: &Meanings, source: &str) {
    if meanings.is_empty() {
        return;
    }
    let group = meanings.group(source);
    for mention in found.mentions.iter().filter(|mention| mention.kind == MentionKind::Place) {
        let Some(meaning) = meanings.of(group, &mention.name) else { continue };
        let before = mention.country.as_deref();
        if before == Some(meaning.country) {
            continue;
        }
        let mut about = false;
        if let Some(known) = found.countries.iter_mut().find(|known| before == Some(&known.code)) {
            known.count = known.count.saturating_sub(1);
            about = known.about && known.count == 0;
        }
        match found.countries.iter_mut().find(|known| known.code == meaning.country) {
            Some(known) => {
                known.count += 1;
                known.about |= about;
            }
            None => found.countries.push(CountryCount {
                code: meaning.country.to_owned(),
                name: places::country_name(meaning.country).unwrap_or(meaning.country).to_owned(),
                count: 1,
                about,
            }),
        }
    }
    found.countries.retain(|country| country.count > 0);
    found.countries.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.code.cmp(&b.code)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::extract::{Page, extract};

    #[test]
    fn mentions_count_for_the_country_that_is_meant() {
        let check = |text: &str, source: &str, expected: &str| {
            let article = Article { text: text.to_owned(), language: Some("en".to_owned()), ..Article::default() };
            let mut found = extract(&Page::new(&article, None));
            // What extraction makes of the name is not what is tested.
            for mention in found.mentions.iter_mut().filter(|mention| mention.name == "Georgia") {
                mention.country = Some("GE".to_owned());
            }
            let count = found.mentions.iter().filter(|mention| mention.name == "Georgia").count() as u32;
            let name = "Georgia".to_owned();
            found.countries = vec![CountryCount { code: "GE".to_owned(), name, count, about: true }];
            let said = [(Some("The Macon Ledger"), "Georgia", "US-GA"), (None, "Congo", "CD")];
            self::count(&mut found, &Meanings::new(said.into_iter()).expect("both are right"), source);
            let countries = found.countries.iter().map(|country| {
                format!("{} {}{}", country.code, country.count, if country.about { " about" } else { "" })
            });
            assert_eq!(countries.collect::<Vec<_>>().join(", "), expected, "{source}: {text}");
        };
        let text = "The governor of Georgia spoke on Monday. Georgia has new laws, he said.";
        check(text, "The Macon Ledger", "US 2 about");
        check(text, "Clyde Post", "GE 2 about");
        check(text, "", "GE 2 about");
    }
}
