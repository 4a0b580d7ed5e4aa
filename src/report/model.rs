//! What every format reads: tables of typed cells, the sentences around them, and how the run was made.
//!
//! A [`Table`] has machine columns (one typed value each, named with its unit) and views for people, which may
//! join several columns into one ("12 [8, 20]"). CSV, JSON and JSONL write the columns; the terminal and
//! Markdown write the views. Both come from the same rows, so no format can tell another story.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::report::safe;

/// One value of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Cell {
    /// Not recorded or not measurable; blank, `null` or "–", never 0.
    Missing,
    /// Words; may come from a ticket.
    Text(String),
    /// A count.
    Count(usize),
    /// A difference of counts, below 0 where there are fewer; also the number by which something goes.
    Change(i64),
    /// A measured or computed number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// Several words.
    List(Vec<String>),
}

impl Cell {
    /// Makes a text cell, freed of control characters (see [`safe::plain`]).
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(safe::plain(text))
    }

    /// Makes a cell of several words, each freed of control characters.
    #[must_use]
    pub fn list(words: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        Self::List(words.into_iter().map(|word| safe::plain(word.as_ref())).collect())
    }

    /// Makes a text cell, or a missing one.
    #[must_use]
    pub fn maybe_text(text: Option<&str>) -> Self {
        text.map_or(Self::Missing, Self::text)
    }

    /// Makes a number cell, or a missing one; numbers that are not finite are missing.
    #[must_use]
    pub fn maybe_number(number: Option<f64>) -> Self {
        number
            .filter(|n| n.is_finite())
            .map_or(Self::Missing, Self::Number)
    }

    /// Makes a count, or a missing cell where it is not known: unknown is not none.
    #[must_use]
    pub fn maybe_count(count: Option<usize>) -> Self {
        count.map_or(Self::Missing, Self::Count)
    }

    /// Returns the value as JSON. Numbers are rounded to four decimals, so that the last bits of a float are never
    /// part of an output.
    #[must_use]
    pub fn json(&self) -> Value {
        match self {
            Self::Missing => Value::Null,
            Self::Text(text) => json!(text),
            Self::Count(count) => json!(count),
            Self::Change(change) => json!(change),
            Self::Number(number) => json!(round4(*number)),
            Self::Flag(flag) => json!(flag),
            Self::List(list) => json!(list),
        }
    }

    /// Returns the number in the cell, if it holds one.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]
            Self::Count(count) => Some(*count as f64),
            #[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]
            Self::Change(change) => Some(*change as f64),
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }
}

/// Rounds to four decimals; negative zero becomes zero.
#[must_use]
pub fn round4(number: f64) -> f64 {
    let rounded = (number * 10_000.0).round() / 10_000.0;
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// A machine column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Name in CSV headers and JSON keys, with its unit; part of the published format.
    pub key: &'static str,
}

/// How a view makes its text from the columns of a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Show {
    /// The cell itself; numbers with this many decimals.
    Cell(&'static str, usize),
    /// The cell by its name in the reader's language; a code without a name as it is.
    Named(&'static str, BTreeMap<String, String>),
    /// A share as percent.
    Percent(&'static str),
    /// "mid [low, high]" from three columns, numbers with this many decimals.
    Interval([&'static str; 3], usize),
    /// "[low, high]" from two columns, numbers with this many decimals.
    Ends([&'static str; 2], usize),
    /// A bar in proportion to the largest value of the column, this many characters at most.
    Bar(&'static str, usize),
}

/// Alignment of a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A column for people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct View {
    /// Heading in the report's language.
    pub heading: String,
    /// What it shows.
    pub show: Show,
    /// Alignment.
    pub align: Align,
    /// Terminal width from which the view is shown; 0 is always. Markdown shows all views.
    pub from_width: usize,
}

impl View {
    /// Makes a view of words that is always shown.
    #[must_use]
    pub fn words(heading: &str, key: &'static str) -> Self {
        Self {
            heading: heading.to_owned(),
            show: Show::Cell(key, 0),
            align: Align::Left,
            from_width: 0,
        }
    }

    /// Makes a view that shows codes by their names.
    #[must_use]
    pub fn named(heading: &str, key: &'static str, names: BTreeMap<String, String>) -> Self {
        Self {
            show: Show::Named(key, names),
            ..Self::words(heading, key)
        }
    }

    /// Makes a view of a number that is always shown.
    #[must_use]
    pub fn number(heading: &str, show: Show) -> Self {
        Self {
            heading: heading.to_owned(),
            show,
            align: Align::Right,
            from_width: 0,
        }
    }

    /// Turns the view into a bar of at most `width` characters, in proportion to the largest value of a column.
    #[must_use]
    pub fn bar(mut self, key: &'static str, width: usize) -> Self {
        self.show = Show::Bar(key, width);
        self
    }

    /// Shows the view only on terminals at least this wide.
    #[must_use]
    pub fn from_width(mut self, width: usize) -> Self {
        self.from_width = width;
        self
    }
}

/// What people see of a table: headings and cells as text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Grid {
    /// Headings in order.
    pub heads: Vec<Head>,
    /// Rows, as many cells as headings.
    pub rows: Vec<Vec<String>>,
    /// A last row that sums up.
    pub total: Option<Vec<String>>,
}

/// The heading of a column that people see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Heading in the report's language.
    pub text: String,
    /// Alignment.
    pub align: Align,
    /// Terminal width from which the column is shown; 0 is always.
    pub from_width: usize,
}

/// A table: machine columns, rows, and how people see them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Name in files and JSON keys.
    pub id: &'static str,
    /// Columns in published order.
    pub columns: Vec<Column>,
    /// Rows in reading order; as many cells as columns.
    pub rows: Vec<Vec<Cell>>,
    /// What people see.
    pub views: Vec<View>,
    /// What people see instead of the views, where it is no row-by-row picture of the columns: a pivot, for one.
    pub pivot: Option<Grid>,
    /// How many rows people are shown in a report that has no room for all; machine formats write every row.
    pub shown: usize,
    /// A last row for people, by column key; machine formats leave it out, so that columns can be summed.
    pub total: Option<Vec<(&'static str, Cell)>>,
}

impl Table {
    /// Starts an empty table with these column keys.
    #[must_use]
    pub fn new(id: &'static str, keys: &[&'static str]) -> Self {
        let columns = keys.iter().map(|key| Column { key }).collect();
        Self {
            id,
            columns,
            rows: Vec::new(),
            views: Vec::new(),
            pivot: None,
            shown: usize::MAX,
            total: None,
        }
    }

    /// Adds a row; cells not named stay missing. Names that are no column are ignored in release and fail in tests.
    pub fn push(&mut self, cells: Vec<(&'static str, Cell)>) {
        let mut row = vec![Cell::Missing; self.columns.len()];
        for (key, cell) in cells {
            let at = self.position(key);
            debug_assert!(at.is_some(), "no column {key} in table {}", self.id);
            if let Some(at) = at {
                row[at] = cell;
            }
        }
        self.rows.push(row);
    }

    /// Returns the place of a column.
    #[must_use]
    pub fn position(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.key == key)
    }

    /// Returns a cell of a row by its column key; missing if there is no such column.
    #[must_use]
    pub fn cell<'a>(&self, row: &'a [Cell], key: &str) -> &'a Cell {
        self.position(key)
            .and_then(|at| row.get(at))
            .unwrap_or(&Cell::Missing)
    }

    /// Returns the rows as JSON objects with every column as a key.
    #[must_use]
    pub fn json_rows(&self) -> Vec<Value> {
        self.rows
            .iter()
            .map(|row| Value::Object(self.json_row(row)))
            .collect()
    }

    fn json_row(&self, row: &[Cell]) -> Map<String, Value> {
        self.columns
            .iter()
            .zip(row)
            .map(|(column, cell)| (column.key.to_owned(), cell.json()))
            .collect()
    }

    /// Returns what people see of a row through a view.
    #[must_use]
    pub fn seen(&self, row: &[Cell], show: &Show) -> String {
        match show {
            Show::Cell(key, decimals) => shown(self.cell(row, key), *decimals),
            Show::Named(key, names) => {
                let code = shown(self.cell(row, key), 0);
                names.get(&code).cloned().unwrap_or(code)
            }
            Show::Percent(key) => self
                .cell(row, key)
                .number()
                .map_or_else(dash, |share| format!("{:.0} %", share * 100.0)),
            Show::Interval([low, mid, high], decimals) => {
                let ends = [low, mid, high].map(|key| self.cell(row, key).number());
                let [Some(low), Some(mid), Some(high)] = ends else {
                    return dash();
                };
                let [low, mid, high] = [low, mid, high].map(|number| shown(&Cell::Number(number), *decimals));
                format!("{mid} [{low}, {high}]")
            }
            Show::Ends(keys, decimals) => {
                let [Some(low), Some(high)] = keys.map(|key| self.cell(row, key).number()) else {
                    return dash();
                };
                let [low, high] = [low, high].map(|number| shown(&Cell::Number(number), *decimals));
                format!("[{low}, {high}]")
            }
            Show::Bar(key, width) => self.bar(row, key, *width),
        }
    }

    /// Says whether people see it at all: a grid without headings is for machines only.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        self.pivot.as_ref().is_none_or(|grid| !grid.heads.is_empty())
    }

    /// Returns what people see.
    #[must_use]
    pub fn grid(&self) -> Grid {
        if let Some(pivot) = &self.pivot {
            return pivot.clone();
        }
        let head = |view: &View| Head {
            text: view.heading.clone(),
            align: view.align,
            from_width: view.from_width,
        };
        let row = |row: &Vec<Cell>| self.views.iter().map(|view| self.seen(row, &view.show)).collect();
        Grid {
            heads: self.views.iter().map(head).collect(),
            rows: self.rows.iter().take(self.shown).map(row).collect(),
            total: self.total_row().map(|total| {
                self.views
                    .iter()
                    .map(|view| self.seen_total(&total, view))
                    .collect()
            }),
        }
    }

    fn total_row(&self) -> Option<Vec<Cell>> {
        let total = self.total.as_ref()?;
        let cell = |key| {
            total
                .iter()
                .find(|(k, _)| *k == key)
                .map_or(Cell::Missing, |(_, cell)| cell.clone())
        };
        Some(self.columns.iter().map(|column| cell(column.key)).collect())
    }

    /// The total is like any row, but blank where it says nothing.
    fn seen_total(&self, total: &[Cell], view: &View) -> String {
        let text = if matches!(view.show, Show::Bar(..)) {
            String::new()
        } else {
            self.seen(total, &view.show)
        };
        if text == dash() { String::new() } else { text }
    }

    fn bar(&self, row: &[Cell], key: &str, width: usize) -> String {
        let most = self
            .rows
            .iter()
            .filter_map(|r| self.cell(r, key).number())
            .fold(0.0, f64::max);
        let Some(value) = self.cell(row, key).number().filter(|v| *v > 0.0 && most > 0.0) else {
            return String::new();
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a bar of at most a terminal's width"
        )]
        let eighths = ((value / most) * (width * 8) as f64).round().max(1.0) as usize;
        let part = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
        format!("{}{part}", "█".repeat(eighths / 8))
    }
}

/// What people see for a missing value.
fn dash() -> String {
    "–".to_owned()
}

fn shown(cell: &Cell, decimals: usize) -> String {
    match cell {
        Cell::Missing => dash(),
        Cell::Text(text) => text.clone(),
        Cell::Count(count) => grouped(*count),
        Cell::Change(change) => change.to_string(),
        Cell::Number(number) => {
            let text = format!("{number:.decimals$}");
            if text
                .trim_start_matches('-')
                .chars()
                .all(|c| matches!(c, '0' | '.'))
            {
                text.trim_start_matches('-').to_owned()
            } else {
                text
            }
        }
        Cell::Flag(flag) => if *flag { "✓" } else { "" }.to_owned(),
        Cell::List(list) => list.join(", "),
    }
}

/// Writes a count with thousands separated: `12,345`.
#[must_use]
pub fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A part of a report: a heading, sentences, a table, and remarks below it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Section {
    /// Heading in the report's language; empty for the only table of a one-table command.
    pub title: String,
    /// Sentences above the table.
    pub lead: Vec<String>,
    /// The table, if the part has one.
    pub table: Option<Table>,
    /// Remarks below the table.
    pub notes: Vec<String>,
}

impl Section {
    /// Whether people see anything of it: a part may hold a table for machines only.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        !self.title.is_empty()
            || !self.lead.is_empty()
            || !self.notes.is_empty()
            || self.table.as_ref().is_some_and(Table::is_seen)
    }
}

/// How the run was made, so that it can be made again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Meta {
    /// Version of the tool.
    pub tool_version: String,
    /// First 16 hexadecimal digits of the SHA-256 of the taxonomy file.
    pub taxonomy_hash: String,
    /// Seed of every random draw.
    pub seed: u64,
    /// The settings in force, by their names in the settings file.
    pub settings: Map<String, Value>,
    /// Every term of the coverage, in reading order, the sum last.
    pub coverage: Vec<(&'static str, usize)>,
}

/// Version of the JSON that machine readers parse; raised when a key changes meaning or goes.
pub const SCHEMA_VERSION: u32 = 1;

/// Everything a format needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Report {
    /// Title in the report's language.
    pub title: String,
    /// The one sentence a manager reads.
    pub headline: Vec<String>,
    /// The parts in reading order.
    pub sections: Vec<Section>,
    /// Lines at the foot: coverage, how the run was made.
    pub foot: Vec<String>,
    /// How the run was made, for machines.
    pub meta: Meta,
}

impl Report {
    /// Returns the tables that machines read, in reading order; a table without columns is a picture for people.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        let tables = self.sections.iter().filter_map(|section| section.table.as_ref());
        tables.filter(|table| !table.columns.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Show, Table, grouped};

    fn table() -> Table {
        let mut table = Table::new("t", &["name", "low", "mid", "high"]);
        table.push(vec![
            ("name", Cell::text("a")),
            ("low", Cell::Number(1.0)),
            ("mid", Cell::Number(2.0)),
            ("high", Cell::Number(4.0)),
        ]);
        table.push(vec![("name", Cell::text("b"))]);
        table
    }

    #[test]
    fn an_interval_needs_all_its_ends() {
        let table = table();
        let show = Show::Interval(["low", "mid", "high"], 0);
        assert_eq!(table.seen(&table.rows[0], &show), "2 [1, 4]");
        assert_eq!(table.seen(&table.rows[1], &show), "–");
    }

    #[test]
    fn missing_is_null_and_never_zero() {
        assert_eq!(Cell::maybe_number(None).json(), serde_json::Value::Null);
        assert_eq!(Cell::maybe_number(Some(f64::NAN)).json(), serde_json::Value::Null);
        assert_eq!(Cell::Number(-0.000_001).json().to_string(), "0.0");
    }

    #[test]
    fn counts_are_grouped_by_thousands() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
    }

    #[test]
    fn bars_are_in_proportion() {
        let table = table();
        assert_eq!(table.seen(&table.rows[0], &Show::Bar("mid", 4)), "████");
        assert_eq!(table.seen(&table.rows[1], &Show::Bar("mid", 4)), "");
    }
}
