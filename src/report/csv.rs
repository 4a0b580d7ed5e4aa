//! CSV: one file a table, for machines and spreadsheets.
//!
//! UTF-8, comma, quotes where needed, `\n` line ends, a header of column keys. `true`/`false`, missing is empty,
//! lists are JSON text. Only text is guarded against formulas; numbers stay numbers.

use crate::report::model::{Cell, Table, round4};
use crate::report::safe;

/// The mark that makes a Japanese Excel read a file as UTF-8.
pub const BOM: &str = "\u{feff}";

/// Renders a table as CSV.
#[must_use]
pub fn render(table: &Table) -> String {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    let header = table.columns.iter().map(|column| column.key.to_owned()).collect();
    let records = std::iter::once(header).chain(table.rows.iter().map(|row| row.iter().map(field).collect()));
    let mut written = true;
    for record in records {
        let record: Vec<String> = record;
        // Writing to memory fails only on records of unequal length, and every row has the table's columns.
        written &= writer.write_record(&record).is_ok();
    }
    debug_assert!(written, "rows of table {} differ in length", table.id);
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

fn field(cell: &Cell) -> String {
    match cell {
        Cell::Missing => String::new(),
        Cell::Text(text) => safe::csv(text),
        Cell::Count(count) => count.to_string(),
        Cell::Change(change) => change.to_string(),
        Cell::Number(number) => round4(*number).to_string(),
        Cell::Flag(flag) => flag.to_string(),
        Cell::List(list) => serde_json::Value::from(list.clone()).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::report::model::{Cell, Table};

    #[test]
    fn text_is_guarded_and_numbers_are_not() {
        let mut table = Table::new("t", &["title", "hours", "open", "tags", "none"]);
        table.push(vec![
            ("title", Cell::text("=1+1, \"x\"")),
            ("hours", Cell::Number(-1.5)),
            ("open", Cell::Flag(false)),
            ("tags", Cell::List(vec!["a".into(), "b".into()])),
        ]);
        assert_eq!(
            render(&table),
            "title,hours,open,tags,none\n\"'=1+1, \"\"x\"\"\",-1.5,false,\"[\"\"a\"\",\"\"b\"\"]\",\n"
        );
    }
}
