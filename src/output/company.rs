//! Who and what is named together: rows of names, rows of pairs, and both as a network for programs that draw one.
//!
//! The networks are GraphML (<http://graphml.graphdrawing.org>) and GEXF 1.3 (<https://gexf.net>). A node has the kind of
//! name, the articles in which it is together with what was asked for, and those that have it at all; an edge the
//! articles in which both of its ends are together with what was asked for, and their weight.

use super::sheet::{Cell, Column, Sheet};
use super::visible::is_hidden;
use crate::search::{Company, Edge, Member};
use std::io::{self, Write};

/// The formats of a network beside those of a sheet.
pub const NETWORKS: [&str; 2] = ["graphml", "gexf"];

/// The columns of names.
const NAMES: [Column; 9] = [
    Column::text("kind", "kind"),
    Column::text("label", "name").giving_way().for_people(),
    Column::text("name", "name").for_programs(),
    Column::text("country", "country").for_programs(),
    Column::text("region", "region").for_programs(),
    Column::number("together", "together"),
    Column::number("share", "share"),
    Column::number("articles", "articles"),
    Column::number("logdice", "logDice"),
];

/// The names as rows.
pub fn names(company: &Company) -> Sheet {
    let mut sheet = Sheet::new(&NAMES);
    let all = company.read.unwrap_or(company.results.total).max(1);
    let row = |member: &Member| {
        vec![
            member.field.into(),
            member.label.as_str().into(),
            name(member.field, &member.value, &member.label).into(),
            member.country.clone().into(),
            member.region.clone().into(),
            member.together.into(),
            Cell::Share(member.together as f64 / all as f64),
            member.articles.into(),
            Cell::Real(member.closeness, 1),
        ]
    };
    sheet.rows = company.members.iter().map(row).collect();
    sheet
}

/// The name of a value as programs have it: of a country its usual name, for its code is the value.
pub(super) fn name<'v>(field: &str, value: &'v str, label: &'v str) -> &'v str {
    if field == "country" { label } else { value }
}

/// The columns of pairs.
const PAIRS: [Column; 6] = [
    Column::text("source", "one").giving_way(),
    Column::text("target", "the other").giving_way(),
    Column::text("source_kind", "kind").for_programs(),
    Column::text("target_kind", "kind").for_programs(),
    Column::number("together", "together"),
    Column::number("weight", "weight"),
];

/// The pairs as rows.
pub fn pairs(company: &Company) -> Sheet {
    let mut sheet = Sheet::new(&PAIRS);
    for (edge, source, target) in edges(company) {
        sheet.rows.push(vec![
            source.label.as_str().into(),
            target.label.as_str().into(),
            source.field.into(),
            target.field.into(),
            edge.together.into(),
            Cell::Real(edge.weight, 2),
        ]);
    }
    sheet
}

/// Every edge with its ends.
fn edges(company: &Company) -> impl Iterator<Item = (&Edge, &Member, &Member)> {
    let ends = |edge| -> Option<(&Edge, &Member, &Member)> {
        let edge: &Edge = edge;
        Some((edge, company.members.get(edge.source)?, company.members.get(edge.target)?))
    };
    company.edges.iter().filter_map(ends)
}

/// Writes the names as a network in a format of [`NETWORKS`].
///
/// # Errors
/// When `out` takes nothing more.
pub fn network(company: &Company, format: &str, out: &mut dyn Write) -> io::Result<()> {
    if format == "gexf" { gexf(company, out) } else { graphml(company, out) }
}

/// What is known of a node and of an edge: key, type, name.
const OF_NODES: [(&str, &str); 6] = [
    ("label", "string"),
    ("kind", "string"),
    ("country", "string"),
    ("together", "int"),
    ("articles", "int"),
    ("logdice", "double"),
];
const OF_EDGES: [(&str, &str); 2] = [("together", "int"), ("weight", "double")];

/// The values of a node, in the order of [`OF_NODES`]; nothing where there is none.
fn of_node(member: &Member) -> [String; OF_NODES.len()] {
    [
        xml(&member.label),
        xml(member.field),
        xml(member.country.as_deref().unwrap_or("")),
        member.together.to_string(),
        member.articles.to_string(),
        decimal(member.closeness),
    ]
}

/// The values of an edge, in the order of [`OF_EDGES`].
fn of_edge(edge: &Edge) -> [String; OF_EDGES.len()] {
    [edge.together.to_string(), decimal(edge.weight)]
}

/// A measure with four decimals at most.
fn decimal(number: f64) -> String {
    ((number * 1e4).round() / 1e4).to_string()
}

fn graphml(company: &Company, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">")?;
    for (of, keys) in [("node", &OF_NODES[..]), ("edge", &OF_EDGES[..])] {
        for (name, kind) in keys {
            writeln!(out, "  <key id=\"{of}-{name}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>")?;
        }
    }
    writeln!(out, "  <graph edgedefault=\"undirected\">")?;
    for (number, member) in company.members.iter().enumerate() {
        writeln!(out, "    <node id=\"n{number}\">")?;
        data("node", &OF_NODES, &of_node(member), out)?;
        writeln!(out, "    </node>")?;
    }
    for (edge, ..) in edges(company) {
        writeln!(out, "    <edge source=\"n{}\" target=\"n{}\">", edge.source, edge.target)?;
        data("edge", &OF_EDGES, &of_edge(edge), out)?;
        writeln!(out, "    </edge>")?;
    }
    writeln!(out, "  </graph>\n</graphml>")
}

fn data(of: &str, keys: &[(&str, &str)], values: &[String], out: &mut dyn Write) -> io::Result<()> {
    for ((name, _), value) in keys.iter().zip(values).filter(|(_, value)| !value.is_empty()) {
        writeln!(out, "      <data key=\"{of}-{name}\">{value}</data>")?;
    }
    Ok(())
}

fn gexf(company: &Company, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<gexf xmlns=\"http://gexf.net/1.3\" version=\"1.3\">")?;
    writeln!(out, "  <graph defaultedgetype=\"undirected\" mode=\"static\">")?;
    // Labels of nodes and weights of edges have places of their own.
    for (of, keys) in [("node", &OF_NODES[1..]), ("edge", &OF_EDGES[..1])] {
        writeln!(out, "    <attributes class=\"{of}\">")?;
        for (name, kind) in keys {
            let kind = if *kind == "int" { "integer" } else { kind };
            writeln!(out, "      <attribute id=\"{name}\" title=\"{name}\" type=\"{kind}\"/>")?;
        }
        writeln!(out, "    </attributes>")?;
    }
    writeln!(out, "    <nodes>")?;
    for (number, member) in company.members.iter().enumerate() {
        writeln!(out, "      <node id=\"n{number}\" label=\"{}\">", xml(&member.label))?;
        attributes(&OF_NODES[1..], &of_node(member)[1..], out)?;
        writeln!(out, "      </node>")?;
    }
    writeln!(out, "    </nodes>\n    <edges>")?;
    for (number, (edge, ..)) in edges(company).enumerate() {
        let (source, target, weight) = (edge.source, edge.target, decimal(edge.weight));
        writeln!(out, "      <edge id=\"e{number}\" source=\"n{source}\" target=\"n{target}\" weight=\"{weight}\">")?;
        attributes(&OF_EDGES[..1], &of_edge(edge)[..1], out)?;
        writeln!(out, "      </edge>")?;
    }
    writeln!(out, "    </edges>\n  </graph>\n</gexf>")
}

fn attributes(keys: &[(&str, &str)], values: &[String], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "        <attvalues>")?;
    for ((name, _), value) in keys.iter().zip(values).filter(|(_, value)| !value.is_empty()) {
        writeln!(out, "          <attvalue for=\"{name}\" value=\"{value}\"/>")?;
    }
    writeln!(out, "        </attvalues>")
}

/// Text as XML has it: what is markup is escaped; what nobody sees, or XML has no place for, is left out.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut previous = None;
    for c in text.chars() {
        let hidden = is_hidden(previous.replace(c), c) || matches!(c, '\u{fffe}' | '\u{ffff}');
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            _ if hidden => {}
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn company() -> Company {
        let member = |field, label: &str, together| Member {
            field,
            value: label.into(),
            label: label.into(),
            country: (field == "place").then(|| "GB".to_owned()),
            together,
            articles: together * 2,
            closeness: 12.34567,
            ..Member::default()
        };
        let edge = |source, target, together| Edge { source, target, together, weight: 0.66666 };
        Company {
            members: vec![
                member("person", "Kim \"Tae\" <b>", 3),
                member("org", "Marks & Spencer\u{202e}\u{0}\u{ffff}", 2),
                member("place", "King's Lynn", 1),
            ],
            edges: vec![edge(0, 1, 2), edge(1, 2, 1)],
            ..Company::default()
        }
    }

    fn written(format: &str) -> String {
        let mut out = Vec::new();
        network(&company(), format, &mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("it is text")
    }

    /// Every tag of a document is closed where it must be, and text holds no markup.
    fn is_well_formed(text: &str) {
        let mut open: Vec<&str> = Vec::new();
        let mut rest = text.split_once("?>\n").expect("it begins with a declaration").1;
        while let Some((before, after)) = rest.split_once('<') {
            assert!(!before.contains('>'), "{before}");
            let (tag, after) = after.split_once('>').expect("a tag has its end");
            rest = after;
            if let Some(closed) = tag.strip_prefix('/') {
                assert_eq!(open.pop(), Some(closed));
            } else if !tag.ends_with('/') {
                open.push(tag.split(' ').next().expect("a tag has a name"));
            }
            assert!(tag.matches('"').count().is_multiple_of(2), "{tag}");
        }
        assert!(open.is_empty(), "{open:?}");
    }

    #[test]
    fn networks_are_well_formed() {
        for format in NETWORKS {
            let text = written(format);
            is_well_formed(&text);
            assert!(text.contains("Kim &quot;Tae&quot; &lt;b&gt;"), "{text}");
            assert!(text.contains("Marks &amp; Spencer<") || text.contains("Marks &amp; Spencer\""), "{text}");
            assert!(text.contains("King&apos;s Lynn"), "{text}");
            assert_eq!(text.matches("<node ").count(), 3);
            assert_eq!(text.matches("<edge ").count(), 2);
            assert!(text.contains("0.6667") && text.contains("12.3457"), "{text}");
        }
    }

    #[test]
    fn an_empty_network_is_one_too() {
        for format in NETWORKS {
            let mut out = Vec::new();
            network(&Company::default(), format, &mut out).expect("a vector takes everything");
            is_well_formed(&String::from_utf8(out).expect("it is text"));
        }
    }

    #[test]
    fn pairs_have_the_names_of_their_ends() {
        let sheet = pairs(&company());
        assert_eq!(sheet.rows.len(), 2);
        assert_eq!(sheet.rows[1][1], Cell::from("King's Lynn"));
        assert_eq!(sheet.rows[1][3], Cell::from("place"));
    }
}
