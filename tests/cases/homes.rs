//! A source whose articles never say in which country they are: told by the archive itself, in any order of indexing.

use super::program::Program;

const SOURCE: &str = "The Cane River Talk";

/// Articles of a newspaper of Louisiana, and what each is about; the last says nothing but `Alexandria`.
const ARTICLES: [&str; 7] = [
    "Deputies closed the bridge in Pineville on Monday after a barge struck it. Traffic was sent by way of Natchitoches.",
    "The school board of Natchitoches hired a superintendent who has worked in Shreveport and Monroe.",
    "A farmer from Bossier City brought a pumpkin of 400 pounds to the fair in Shreveport.",
    "Rain delayed the game at Lafayette, and the players from Baton Rouge waited in the bus.",
    "The library in Bogalusa will open on Sundays. Those of Houma and Thibodaux do so already.",
    "A choir of Baton Rouge sings in Lake Charles on Friday.",
    "The mayor of Alexandria said that the water is safe to drink. Crews repaired the main on Tuesday in Alexandria.",
];

fn line(number: usize, source: &str) -> String {
    serde_json::json!({ "id": format!("a{number}"), "source": source, "text": ARTICLES[number] }).to_string()
}

/// The articles that name Egypt's city, and those that name Louisiana's.
fn counts(program: &Program) -> (String, String) {
    let count = |country: &str| {
        let arguments = ["count", "--index", "ix", "--country", country, "Alexandria"];
        program.run(&arguments).stdout.trim().to_owned()
    };
    (count("EG"), count("US"))
}

#[test]
fn an_archive_tells_which_town_is_meant() {
    let program = Program::new();
    let all: Vec<String> = (0..ARTICLES.len()).map(|number| line(number, SOURCE)).collect();
    program.write("all/articles.jsonl", all.join("\n").as_bytes());
    program.run(&["index", "--index", "ix", "all"]);
    assert_eq!(counts(&program), ("0".to_owned(), "1".to_owned()));
}

#[test]
fn what_was_learned_is_kept_for_later_runs() {
    let program = Program::new();
    let first: Vec<String> = (0..ARTICLES.len() - 1).map(|number| line(number, SOURCE)).collect();
    program.write("all/first.jsonl", first.join("\n").as_bytes());
    program.run(&["index", "--index", "ix", "all"]);
    program.write("all/second.jsonl", line(ARTICLES.len() - 1, SOURCE).as_bytes());
    program.run(&["index", "--index", "ix", "all"]);
    assert_eq!(counts(&program), ("0".to_owned(), "1".to_owned()));
}

#[test]
fn without_a_source_the_larger_town_is_meant() {
    let program = Program::new();
    program.write("all/articles.jsonl", line(ARTICLES.len() - 1, "").as_bytes());
    program.run(&["index", "--index", "ix", "all"]);
    assert_eq!(counts(&program), ("1".to_owned(), "0".to_owned()));
}
