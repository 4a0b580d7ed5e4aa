//! A report as text that reads back to the same report, so that it can be shown again in any format.

use super::Report;

/// Writes a report down.
///
/// # Errors
///
/// What cannot be written, which no report holds.
pub fn write(report: &Report) -> Result<String, serde_json::Error> {
    serde_json::to_string(report)
}

/// Reads a report that [`write()`] wrote.
///
/// Names of columns are `&'static str` in a report, since code writes them; so the text of a report that is read stays
/// in memory until the process ends. One run reads one.
///
/// # Errors
///
/// Text of another version, or no report.
pub fn read(text: String) -> Result<Report, serde_json::Error> {
    serde_json::from_str(Box::leak(text.into_boxed_str()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::report::{
        Align, Cell, Grid, Head, Meta, Section, Show, Table, View, csv, json, markdown, table,
    };

    /// A report with everything that a report can hold.
    fn report() -> Report {
        let mut rows = Table::new("rows", &["name", "low", "mid", "high", "flag", "list"]);
        rows.push(vec![
            ("name", Cell::text("招待 \"x\"\n<b>")),
            ("low", Cell::Number(0.1 + 0.2)),
            ("mid", Cell::Number(1.0 / 3.0)),
            ("high", Cell::Count(7)),
            ("flag", Cell::Flag(true)),
            ("list", Cell::list(["a", "b"])),
        ]);
        rows.push(vec![("name", Cell::Missing)]);
        rows.views = vec![
            View::words("名前", "name"),
            View::number("範囲", Show::Interval(["low", "mid", "high"], 2)).from_width(80),
            View::number("割合", Show::Percent("mid")).bar("mid", 8),
            View::named("印", "flag", [("true".to_owned(), "はい".to_owned())].into()),
        ];
        rows.total = Some(vec![("high", Cell::Count(7))]);
        let head = Head {
            text: "x".to_owned(),
            align: Align::Right,
            from_width: 0,
        };
        let mut pivot = Table::new("pivot", &[]);
        pivot.pivot = Some(Grid {
            heads: vec![head],
            rows: vec![vec!["1".to_owned()]],
            total: None,
        });
        let section = |table| Section {
            title: "表".to_owned(),
            lead: vec!["lead".to_owned()],
            table: Some(table),
            notes: vec!["note".to_owned()],
        };
        Report {
            title: "題".to_owned(),
            headline: vec!["一".to_owned()],
            sections: vec![section(rows), section(pivot)],
            foot: vec!["足".to_owned()],
            meta: Meta {
                tool_version: "1".to_owned(),
                taxonomy_hash: "h".to_owned(),
                seed: u64::MAX,
                settings: [("x".to_owned(), json!({"y": [0.1, null]}))]
                    .into_iter()
                    .collect(),
                coverage: vec![("records", 2)],
            },
        }
    }

    #[test]
    fn a_report_reads_back_as_it_was_written_in_every_format() {
        let report = report();
        let again = read(write(&report).unwrap()).unwrap();
        assert_eq!(again, report);
        assert_eq!(markdown::render(&again), markdown::render(&report));
        assert_eq!(json::render_report(&again), json::render_report(&report));
        assert_eq!(table::render(&again, 100), table::render(&report, 100));
        for (old, new) in report.tables().zip(again.tables()) {
            assert_eq!(csv::render(old), csv::render(new));
        }
    }

    #[test]
    fn what_is_no_report_is_refused() {
        assert!(read("{}".to_owned()).is_err() && read("x".to_owned()).is_err());
    }
}
