//! JSON and JSONL: the same columns as CSV, typed, with what is needed to make the run again.

use serde_json::{Map, Value, json};

use crate::report::model::{Meta, Report, SCHEMA_VERSION, Table};

/// Renders a one-table answer: the envelope with `rows`, and one key a table for those that belong beside it.
#[must_use]
pub fn render_table<'t>(table: &Table, beside: impl IntoIterator<Item = &'t Table>, meta: &Meta) -> String {
    let mut envelope = envelope(meta);
    envelope.insert("rows".to_owned(), Value::Array(table.json_rows()));
    for table in beside {
        envelope.insert(table.id.to_owned(), Value::Array(table.json_rows()));
    }
    pretty(envelope)
}

/// Renders a whole report: the envelope with one key a table and the sentences under `headline`.
#[must_use]
pub fn render_report(report: &Report) -> String {
    let mut envelope = envelope(&report.meta);
    envelope.insert("headline".to_owned(), json!(report.headline));
    for table in report.tables() {
        envelope.insert(table.id.to_owned(), Value::Array(table.json_rows()));
    }
    pretty(envelope)
}

/// Renders a table as JSON lines, one row a line.
#[must_use]
pub fn render_lines(table: &Table) -> String {
    table.json_rows().iter().map(|row| format!("{row}\n")).collect()
}

fn envelope(meta: &Meta) -> Map<String, Value> {
    let coverage: Map<String, Value> = meta
        .coverage
        .iter()
        .map(|(term, count)| ((*term).to_owned(), json!(count)))
        .collect();
    let mut envelope = Map::new();
    envelope.insert("schema_version".to_owned(), json!(SCHEMA_VERSION));
    envelope.insert("tool_version".to_owned(), json!(meta.tool_version));
    envelope.insert("settings".to_owned(), Value::Object(meta.settings.clone()));
    envelope.insert("seed".to_owned(), json!(meta.seed));
    envelope.insert("taxonomy_hash".to_owned(), json!(meta.taxonomy_hash));
    envelope.insert("coverage".to_owned(), Value::Object(coverage));
    envelope
}

fn pretty(envelope: Map<String, Value>) -> String {
    // The alternate form is indented; an object of plain values always renders.
    format!("{:#}\n", Value::Object(envelope))
}
