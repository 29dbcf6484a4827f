//! Rows of named columns, as most commands answer: a table for people, CSV and TSV for spreadsheets, JSON and JSON Lines
//! for programs, Markdown for notes.
//!
//! 1. A command makes a [`Sheet`]: its [`Column`]s once, and a [`Cell`] for each of them in every row.
//! 2. [`write()`] writes it in one of [`FORMATS`]. What programs get has every column under the same name in every format;
//!    people get headings, bars, and columns that fit the width of their terminal.
//!
//! In a pipe nothing is cut: only where somebody looks at a terminal do long cells end in `…`.

use super::Style;
use super::flow::{fitted, width};
use super::table::{Align, lines, thousands};
use super::visible::line;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use std::io::{self, Write};

/// The formats of a sheet, by their names after `--format`.
pub const FORMATS: [&str; 6] = ["text", "json", "jsonl", "csv", "tsv", "markdown"];

/// What stands in a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    None,
    /// Words.
    Text(String),
    /// Several words; people and spreadsheets see them with `; ` between.
    List(Vec<String>),
    /// Several words, each with a count.
    Counted(Vec<(String, usize)>),
    /// A count.
    Number(usize),
    /// A measure, with the decimals that are worth showing to people.
    Real(f64, usize),
    /// A part of a whole, from 0 to 1; people see per cent.
    Share(f64),
    /// Yes or no; people see the heading of the column or nothing.
    Flag(bool),
}

impl<T: Into<String>> From<Option<T>> for Cell {
    fn from(text: Option<T>) -> Cell {
        text.map_or(Cell::None, |text| Cell::Text(text.into()))
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<usize> for Cell {
    fn from(number: usize) -> Cell {
        Cell::Number(number)
    }
}

/// Four decimals are kept of a share.
fn rounded(share: f64) -> f64 {
    (share * 1e4).round() / 1e4
}

impl Cell {
    /// As people read it.
    fn shown(&self, column: &Column) -> String {
        match self {
            Cell::None => String::new(),
            Cell::Text(text) => text.clone(),
            Cell::List(texts) => texts.join("; "),
            Cell::Counted(texts) => counted(texts, |count| thousands(*count)),
            Cell::Number(number) => thousands(*number),
            Cell::Real(number, decimals) => format!("{number:.decimals$}"),
            Cell::Share(share) => format!("{:.1} %", share * 100.0),
            Cell::Flag(set) => if *set { column.heading } else { "" }.to_owned(),
        }
    }

    /// As a spreadsheet reads it.
    fn plain(&self) -> String {
        match self {
            Cell::None => String::new(),
            Cell::Text(text) => line(text, false).into_owned(),
            Cell::List(texts) => line(&texts.join("; "), false).into_owned(),
            Cell::Counted(texts) => line(&counted(texts, usize::to_string), false).into_owned(),
            Cell::Number(number) => number.to_string(),
            Cell::Real(number, _) => rounded(*number).to_string(),
            Cell::Share(share) => rounded(*share).to_string(),
            Cell::Flag(set) => set.to_string(),
        }
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Cell::None => serializer.serialize_none(),
            Cell::Text(text) => serializer.serialize_str(text),
            Cell::List(texts) => texts.serialize(serializer),
            Cell::Counted(texts) => {
                let object = |(name, count): &(String, usize)| Named { name: name.clone(), count: *count };
                texts.iter().map(object).collect::<Vec<_>>().serialize(serializer)
            }
            Cell::Number(number) => number.serialize(serializer),
            Cell::Real(number, _) => rounded(*number).serialize(serializer),
            Cell::Share(share) => rounded(*share).serialize(serializer),
            Cell::Flag(set) => serializer.serialize_bool(*set),
        }
    }
}

/// Words, each with its count behind it.
fn counted(texts: &[(String, usize)], count: impl Fn(&usize) -> String) -> String {
    texts.iter().map(|(text, number)| format!("{text} {}", count(number))).collect::<Vec<_>>().join("; ")
}

/// A word with its count, as JSON has it.
#[derive(serde::Serialize)]
struct Named {
    name: String,
    count: usize,
}

/// Who sees a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum For {
    Everybody,
    People,
    Programs,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name for programs: a key of JSON, the head of a column of CSV.
    pub name: &'static str,
    /// Its heading for people.
    pub heading: &'static str,
    align: Align,
    seen: For,
    /// Whether its cells may be cut where a line of the terminal is too short, and how much of them must be left: with less
    /// the column is left out.
    gives_way: Option<usize>,
}

impl Column {
    /// Of words.
    pub const fn text(name: &'static str, heading: &'static str) -> Column {
        Column { name, heading, align: Align::Left, seen: For::Everybody, gives_way: None }
    }

    /// Of numbers.
    pub const fn number(name: &'static str, heading: &'static str) -> Column {
        Column { name, heading, align: Align::Right, seen: For::Everybody, gives_way: None }
    }

    /// The same, pushed to the right of its column.
    pub const fn to_the_right(self) -> Column {
        Column { align: Align::Right, ..self }
    }

    /// The same, its cells cut where a line of the terminal is too short.
    pub const fn giving_way(self) -> Column {
        Column { gives_way: Some(0), ..self }
    }

    /// The same, and left out where less than so many columns of the terminal would be left of it.
    pub const fn giving_way_to(self, least: usize) -> Column {
        Column { gives_way: Some(least), ..self }
    }

    /// The same, only in what people read.
    pub const fn for_people(self) -> Column {
        Column { seen: For::People, ..self }
    }

    /// The same, only in what programs read.
    pub const fn for_programs(self) -> Column {
        Column { seen: For::Programs, ..self }
    }
}

/// Rows of named columns.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, with a cell for each column.
    pub rows: Vec<Vec<Cell>>,
}

/// The least columns of a terminal that a cell keeps that gives way.
const LEAST: usize = 8;

impl Sheet {
    /// Without rows.
    pub fn new(columns: &[Column]) -> Sheet {
        Sheet { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Only the columns with these names, in this order, for everybody; the first name that there is not is an error.
    ///
    /// # Errors
    /// The name that is no column's.
    pub fn only<'n>(&mut self, names: &[&'n str]) -> Result<(), &'n str> {
        let mut places = Vec::with_capacity(names.len());
        for name in names {
            let place = self.columns.iter().position(|column| column.name == *name && column.seen != For::People);
            places.push(place.ok_or(*name)?);
        }
        let pick = |row: &Vec<Cell>| places.iter().map(|place| row.get(*place).cloned().unwrap_or_default()).collect();
        self.rows = self.rows.iter().map(pick).collect();
        let chosen = places.iter().filter_map(|place| self.columns.get(*place));
        self.columns = chosen.map(|column| Column { seen: For::Everybody, ..*column }).collect();
        Ok(())
    }

    /// The names of the columns that programs see.
    pub fn names(&self) -> Vec<&'static str> {
        self.seen(For::People).map(|(_, column)| column.name).collect()
    }

    /// The columns that are not only for the others, with their places.
    fn seen(&self, others: For) -> impl Iterator<Item = (usize, &Column)> {
        self.columns.iter().enumerate().filter(move |(_, column)| column.seen != others)
    }

    /// For JSON: a list of objects.
    pub fn objects(&self) -> impl Serialize + '_ {
        Objects(self)
    }

    fn text(&self, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let shown: Vec<(usize, &Column)> = self.seen(For::Programs).collect();
        let mut table = vec![shown.iter().map(|(_, column)| column.heading.to_owned()).collect::<Vec<_>>()];
        for row in &self.rows {
            let cell = |(place, column): &(usize, &Column)| {
                let text = row.get(*place).map(|cell| cell.shown(column)).unwrap_or_default();
                line(&text, style.escapes()).into_owned()
            };
            table.push(shown.iter().map(cell).collect());
        }
        // A column without anything needs no heading.
        for place in 0..shown.len() {
            let is_empty = |row: &Vec<String>| row.get(place).is_none_or(String::is_empty);
            if table.iter().skip(1).all(is_empty)
                && let Some(heading) = table.first_mut().and_then(|row| row.get_mut(place))
            {
                heading.clear();
            }
        }
        if style.room > 0 {
            fit(&mut table, &shown, style.room);
        }
        let aligned: Vec<Align> = shown.iter().map(|(_, column)| column.align).collect();
        for line in lines(&aligned, &table) {
            writeln!(out, "{line}")?;
        }
        Ok(())
    }

    fn separated(&self, delimiter: u8, head: bool, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let mut writer = ::csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
        if head {
            writer.write_record(self.names()).map_err(super::csv::plain)?;
        }
        for row in &self.rows {
            for (place, _) in self.seen(For::People) {
                let cell = row.get(place).map(Cell::plain).unwrap_or_default();
                let cell = if style.escapes() { super::visible::visible(&cell).into_owned() } else { cell };
                writer.write_field(cell.as_bytes()).map_err(super::csv::plain)?;
            }
            writer.write_record(None::<&[u8]>).map_err(super::csv::plain)?;
        }
        writer.flush()
    }

    fn markdown(&self, head: bool, out: &mut dyn Write) -> io::Result<()> {
        let shown: Vec<(usize, &Column)> = self.seen(For::Programs).collect();
        if head {
            let headings: Vec<&str> = shown.iter().map(|(_, column)| column.heading).collect();
            writeln!(out, "| {} |", headings.join(" | "))?;
            let rule = |align: Align| if align == Align::Right { "---:" } else { "---" };
            let rules: Vec<&str> = shown.iter().map(|(_, column)| rule(column.align)).collect();
            writeln!(out, "| {} |", rules.join(" | "))?;
        }
        for row in &self.rows {
            let cell = |(place, column): &(usize, &Column)| {
                let text = row.get(*place).map(|cell| cell.shown(column)).unwrap_or_default();
                markdown(&line(&text, false))
            };
            let cells: Vec<String> = shown.iter().map(cell).collect();
            writeln!(out, "| {} |", cells.join(" | "))?;
        }
        Ok(())
    }
}

/// Text in a cell of Markdown: what would be a mark of it stands for itself.
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '|' | '\\' | '*' | '_' | '`' | '[' | ']' | '#' | '~' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

/// Cuts cells of columns that give way until every line fits, the widest first.
fn fit(table: &mut [Vec<String>], columns: &[(usize, &Column)], room: usize) {
    let mut widths: Vec<usize> = vec![0; columns.len()];
    for row in table.iter() {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(width(cell));
        }
    }
    let gaps = 2 * widths.iter().filter(|width| **width > 0).count().saturating_sub(1);
    let least = |place: usize| columns.get(place).and_then(|(_, column)| column.gives_way);
    let fixed = |place: usize| least(place).is_none();
    let free: Vec<usize> = (0..widths.len()).filter(|place| !fixed(*place)).collect();
    let taken: usize = (0..widths.len()).filter(|place| fixed(*place)).map(|place| widths[place]).sum();
    let mut left = room.saturating_sub(taken + gaps);
    // The narrow ones have what they need; the wide ones share what is left.
    let mut by_width = free;
    by_width.sort_by_key(|place| widths[*place]);
    let mut waiting = by_width.len();
    for place in by_width {
        let part = left / waiting.max(1);
        if part < widths[place].min(least(place).unwrap_or(0)) {
            table.iter_mut().filter_map(|row| row.get_mut(place)).for_each(String::clear);
            waiting -= 1;
            continue;
        }
        widths[place] = widths[place].min(part.max(LEAST));
        left = left.saturating_sub(widths[place]);
        waiting -= 1;
        for cell in table.iter_mut().filter_map(|row| row.get_mut(place)) {
            if width(cell) > widths[place] {
                *cell = fitted(cell, widths[place]);
            }
        }
    }
}

struct Objects<'a>(&'a Sheet);

struct Object<'a>(&'a Sheet, &'a [Cell]);

impl Serialize for Objects<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.rows.len()))?;
        for row in &self.0.rows {
            list.serialize_element(&Object(self.0, row))?;
        }
        list.end()
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (place, column) in self.0.seen(For::People) {
            map.serialize_entry(column.name, self.1.get(place).unwrap_or(&Cell::None))?;
        }
        map.end()
    }
}

/// Writes the sheet in a format of [`FORMATS`] but `json`, whose documents say more than the rows.
///
/// # Errors
/// When `out` takes nothing more.
pub fn write(sheet: &Sheet, format: &str, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    write_part(sheet, format, true, style, out)
}

/// The same for some of the rows, with the row of names only where `head` is set: for rows that come one by one.
///
/// # Errors
/// When `out` takes nothing more.
pub fn write_part(sheet: &Sheet, format: &str, head: bool, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        "csv" => sheet.separated(b',', head, style, out),
        "tsv" => sheet.separated(b'\t', head, style, out),
        "markdown" => sheet.markdown(head, out),
        "jsonl" => {
            for row in &sheet.rows {
                super::shape::write_json(&Object(sheet, row), style, out)?;
            }
            Ok(())
        }
        _ => sheet.text(style, out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 5] = [
        Column::text("source", "source").giving_way(),
        Column::number("count", "articles"),
        Column::number("share", "share"),
        Column::text("bar", "").for_people(),
        Column::text("first", "first").for_programs(),
    ];

    fn sheet() -> Sheet {
        let mut sheet = Sheet::new(&COLUMNS);
        let row = |source: &str, count: usize, share| {
            vec![source.into(), count.into(), Cell::Share(share), "▪".into(), "2024-06-01".into()]
        };
        sheet.rows = vec![row("Harbour | Wire", 1200, 0.98765), row("平壌 and a long name", 1, 0.01)];
        sheet
    }

    fn written(sheet: &Sheet, format: &str, style: &Style) -> String {
        let mut out = Vec::new();
        write(sheet, format, style, &mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("it is text")
    }

    #[test]
    fn people_see_a_table_that_fits() {
        let text = written(&sheet(), "text", &Style::default());
        assert_eq!(
            text,
            "source                articles   share\n\
             Harbour | Wire           1,200  98.8 %  ▪\n\
             平壌 and a long name         1   1.0 %  ▪\n"
        );
        let text = written(&sheet(), "text", &Style { room: 36, ..Style::default() });
        assert!(text.lines().all(|line| width(line) <= 36), "{text}");
        assert!(text.contains("平壌 and a lon…"), "{text}");
        // What would say nothing is left out.
        let mut narrow = sheet();
        narrow.columns[0] = COLUMNS[0].giving_way_to(18);
        let text = written(&narrow, "text", &Style { room: 36, ..Style::default() });
        assert_eq!(text.lines().nth(1), Some("   1,200  98.8 %  ▪"));
        assert_eq!(written(&Sheet::new(&COLUMNS), "text", &Style::default()), "");
    }

    #[test]
    fn programs_see_every_column_under_its_name() {
        let style = Style::default();
        assert_eq!(
            written(&sheet(), "csv", &style),
            "source,count,share,first\nHarbour | Wire,1200,0.9877,2024-06-01\n平壌 and a long name,1,0.01,2024-06-01\n"
        );
        assert!(written(&sheet(), "tsv", &style).starts_with("source\tcount\tshare\tfirst\n"));
        assert_eq!(
            written(&sheet(), "jsonl", &style).lines().next(),
            Some("{\"source\":\"Harbour | Wire\",\"count\":1200,\"share\":0.9877,\"first\":\"2024-06-01\"}")
        );
        assert_eq!(
            written(&sheet(), "markdown", &style),
            "| source | articles | share |  |\n| --- | ---: | ---: | --- |\n\
             | Harbour \\| Wire | 1,200 | 98.8 % | ▪ |\n| 平壌 and a long name | 1 | 1.0 % | ▪ |\n"
        );
    }

    #[test]
    fn columns_are_chosen_by_name() {
        let mut chosen = sheet();
        assert_eq!(chosen.only(&["first", "count"]), Ok(()));
        assert_eq!(written(&chosen, "csv", &Style::default()).lines().next(), Some("first,count"));
        assert!(written(&chosen, "text", &Style::default()).starts_with("first "));
        assert_eq!(sheet().only(&["count", "size"]), Err("size"));
        assert_eq!(sheet().only(&["bar"]), Err("bar"));
    }
}
