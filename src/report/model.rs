//! What every format reads: tables of typed cells, the sentences around them, and how the run was made.
//!
//! A [`Table`] has machine columns (one typed value each, named with its unit) and views for people, which may
//! join several columns into one ("12 [8, 20]"). CSV, JSON and JSONL write the columns; the terminal and
//! Markdown write the views. Both come from the same rows, so no format can tell another story.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use super::cell::{Cell, grouped, round4};
use super::cell::{dash, shown};
pub use super::view::{Align, Show, View};
use crate::taxonomy::Lang;

/// A machine column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Name in CSV headers and JSON keys, with its unit; part of the published format.
    pub key: &'static str,
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

impl Head {
    /// Makes the heading of a column that is shown from a width on.
    #[must_use]
    pub fn new(text: &str, align: Align, from_width: usize) -> Self {
        Self {
            text: text.to_owned(),
            align,
            from_width,
        }
    }
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

impl Meta {
    /// Returns the language of the report, for what a format has to say itself.
    #[must_use]
    pub fn lang(&self) -> Lang {
        match self.settings.get("lang").and_then(Value::as_str) {
            Some("ja") => Lang::Ja,
            _ => Lang::En,
        }
    }
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
    use super::{Cell, Show, Table};

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
    fn bars_are_in_proportion() {
        let table = table();
        assert_eq!(table.seen(&table.rows[0], &Show::Bar("mid", 4)), "████");
        assert_eq!(table.seen(&table.rows[1], &Show::Bar("mid", 4)), "");
    }
}
