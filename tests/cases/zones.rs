//! The place of the machine changes no index: the same articles give the same, whatever the time zone and the language of
//! the system.

use super::program::Program;
use serde_json::json;

/// Zones far apart, with hours that do not exist and hours that come twice, a day that was left out (Samoa, 30 December
/// 2011), half hours and quarters; and languages with other capitals, commas and calendars.
const SYSTEMS: &[(&str, &str)] = &[
    ("UTC", "C"),
    ("Pacific/Apia", "C.UTF-8"),
    ("Asia/Kolkata", "hi_IN.UTF-8"),
    ("America/St_Johns", "tr_TR.UTF-8"),
    ("Europe/London", "de_DE.UTF-8"),
    ("America/New_York", "fa_IR.UTF-8"),
    ("Asia/Kathmandu", "th_TH.UTF-8"),
    // As a rule instead of a name, and nonsense.
    ("XYZ-14", "C"),
    ("No/Where", "no_SUCH"),
];

/// Moments at the edges of summer time, of days, months and years, as feeds and files write them.
const MOMENTS: &[&str] = &[
    "2024-03-31T01:30:00+00:00",
    "2024-03-31T01:30:00",
    "2024-03-31 02:30",
    "2024-10-27T01:30:00+01:00",
    "2024-11-03T01:30:00-04:00",
    "2024-03-10T02:30:00",
    "2024-12-31T23:59:59-11:00",
    "2025-01-01T00:00:00+14:00",
    "2011-12-30",
    "2011-12-29T23:30:00-10:00",
    "Sun, 31 Mar 2024 00:30:00 GMT",
    "Mon, 01 Jan 2024 04:59:59 -0500",
    "1711846800",
    "1970-01-01T00:00:00Z",
    "29 Feb 2024",
];

/// Everything that can be asked of an index, but for when and how fast it was made.
fn dump(zone: &str, language: &str) -> Vec<(String, String)> {
    let program = Program::new();
    let lines: String = MOMENTS
        .iter()
        .enumerate()
        .map(|(number, moment)| {
            let text = "ISTANBUL (Reuters) - The IMF said on Sunday that Turkey's TITLE INFLATION had ended last \
                        month. Talks begin tomorrow at midnight, two days after those of 30 December 2011 in Apia, \
                        and cost 1,500.50 lira.";
            json!({"id": format!("m{number}"), "title": "IZMIR INSISTS", "text": text, "published": moment}).to_string()
                + "\n"
        })
        .collect();
    program.write("news/all.jsonl", lines.as_bytes());
    let items: String = MOMENTS
        .iter()
        .map(|moment| {
            format!("<item><title>Talks</title><description>They met yesterday.</description><pubDate>{moment}</pubDate></item>")
        })
        .collect();
    let feed =
        format!("<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>Wire</title>{items}</channel></rss>\n");
    program.write("news/feed.xml", feed.as_bytes());
    program.write("news/2024-03-31-note.txt", b"A note\n\nLONDON, March 31 - The clocks went forward on Sunday.\n");
    program.copy("sample_corpus");
    let run = |arguments: &[&str]| {
        let mut command = program.command(arguments);
        let output = command.envs([("TZ", zone), ("LANG", language), ("LC_ALL", language)]).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{zone} {language} {arguments:?}: {said}");
        String::from_utf8(output.stdout).expect("it writes UTF-8")
    };
    run(&["index", "-q", "--index", "kept", "news", "sample_corpus"]);
    [
        "export",
        "search --format jsonl -n 0 --sort newest ''",
        "search --format jsonl -n 0 turkey OR inflation",
        "facets --by person --format json",
        "facets --by place --format json",
        "facets --by country --format json",
        "timeline --by day --format json",
        "timeline --by week --format json",
        "timeline --of mentions --by day --format json",
        "count published:2024-03-31",
        "count mentions-date:2024-03-31",
        "count published:2011-12-30",
        "entities --format json",
        "trend --format json talks inflation",
        "coverage --format json",
    ]
    .into_iter()
    .map(|command| {
        let arguments: Vec<&str> = command.split(' ').map(|part| if part == "''" { "" } else { part }).collect();
        let output = run(&[&arguments[..], &["--index", "kept"]].concat());
        // How long a question took, where that is told.
        let lines = output.lines().filter(|line| !line.contains("\"seconds\"") && !line.contains("\"took"));
        (command.to_owned(), lines.collect::<Vec<_>>().join("\n"))
    })
    .collect()
}

#[test]
fn the_place_of_the_machine_changes_nothing() {
    let dumps: Vec<_> = SYSTEMS.iter().map(|(zone, language)| dump(zone, language)).collect();
    assert!(dumps[0][0].1.lines().count() > MOMENTS.len() * 2, "the articles are there");
    for (dump, system) in dumps.iter().zip(SYSTEMS) {
        for (one, other) in dumps[0].iter().zip(dump) {
            assert_eq!(one, other, "{system:?}");
        }
    }
}
