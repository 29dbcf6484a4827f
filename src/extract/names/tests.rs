//! What is found in small articles.

use crate::article::{Article, MentionKind};
use crate::extract::{Page, extract};

/// The mentions of a kind in `text`, each as `text` or `text=name`.
fn found(title: &str, text: &str, kind: MentionKind) -> Vec<String> {
    let article = Article { title: Some(title.to_owned()), text: text.to_owned(), ..Article::default() };
    let found = extract(&Page::new(&article, None));
    let mentions = found.mentions.iter().filter(|mention| mention.kind == kind);
    mentions
        .map(|mention| {
            let whole = if mention.part == crate::article::Part::Title { title } else { text };
            let written = mention.span.of(whole);
            if written == mention.name { written.to_owned() } else { format!("{written}={}", mention.name) }
        })
        .collect()
}

fn check(text: &str, people: &[&str], organisations: &[&str]) {
    assert_eq!(found("", text, MentionKind::Person), people, "people of {text:?}");
    assert_eq!(found("", text, MentionKind::Organisation), organisations, "organisations of {text:?}");
}

#[test]
fn links_short_forms_to_full_names() {
    check(
        "North Korean leader Kim Jong-un met Russian president Vladimir Putin. Mr Kim praised Putin’s visit.",
        &["Kim Jong-un", "Vladimir Putin", "Kim=Kim Jong-un", "Putin=Vladimir Putin"],
        &[],
    );
    check(
        "Bill Clinton and Hillary Clinton came. Mrs Clinton spoke; Mr Clinton did not.",
        &["Bill Clinton", "Hillary Clinton", "Clinton=Hillary Clinton", "Clinton=Bill Clinton"],
        &[],
    );
    check("Pope Francis spoke. Francis is ill.", &["Francis=Pope Francis", "Francis=Pope Francis"], &[]);
}

#[test]
fn leaves_titles_out() {
    check(
        "It was Foreign Minister Sergey Lavrov who met Gen. David Petraeus.",
        &["Sergey Lavrov", "David Petraeus"],
        &[],
    );
    check("London Mayor Ken Livingstone spoke.", &["Ken Livingstone"], &[]);
    check("Former US President George W. Bush's men", &["George W. Bush"], &[]);
}

#[test]
fn does_not_take_other_things_for_persons() {
    check("They met in Buenos Aires on Monday. The Premier of Western Australia left San Diego.", &[], &[]);
    check("The World Cup and the Champions Trophy began. New Year came.", &[], &[]);
}

#[test]
fn finds_organisations() {
    check(
        "Nato’s men met the UN and the Ministry of Foreign Affairs at Nottingham Trent University.",
        &[],
        &["Nato=NATO", "UN=United Nations", "Ministry of Foreign Affairs", "Nottingham Trent University"],
    );
    check(
        "The Bank of Ghana (BoG) said so. The Iraqi Interior Ministry and Acme Widgets Inc did not; BoG did.",
        &[],
        &["Bank of Ghana", "BoG=Bank of Ghana", "Interior Ministry", "Acme Widgets Inc", "BoG=Bank of Ghana"],
    );
    check(
        "There the People's Bank of China and Procter & Gamble met again.",
        &[],
        &["People's Bank of China", "Procter & Gamble"],
    );
}

#[test]
fn headlines_name_only_whom_the_text_names() {
    let text = "The minister, Jens Stoltenberg, spoke on Friday.";
    assert_eq!(
        found("Stoltenberg Speaks About World Peace", text, MentionKind::Person),
        ["Stoltenberg=Jens Stoltenberg", "Jens Stoltenberg"]
    );
}

#[test]
fn takes_no_longer_than_the_text() {
    // Each of these would take minutes if any step looked back over all that was found.
    for piece in
        ["X Bank of ", "Ab Cd (AC) ", "Kim Smith, ", "Bank ", "Mr ", "de De ", "John Kim\n", "Ministry of Trade and "]
    {
        let text = piece.repeat(20_000);
        found("", &text, MentionKind::Person);
    }
}

#[test]
fn never_fails_on_odd_text() {
    for text in
        ["", "’s", "A", "(NATO)", "X (XY)", "al-", "de de de De", "Mr", "Mr. Mr. Mr.", "& & &", "Kim Jong-", "Ł’s Ł"]
    {
        found(text, text, MentionKind::Person);
    }
}

#[test]
fn every_tagger_can_be_read() {
    for language in crate::language::LANGUAGES.iter().filter(|language| !language.tagger.is_empty()) {
        assert!(super::tagger::model::Model::new(language.tagger).is_some(), "{}", language.name);
        // Ten million bytes are the most that a language may add to the program.
        assert!(language.tagger.len() <= 10_000_000, "{}", language.name);
    }
}
