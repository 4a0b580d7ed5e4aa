//! A report as text that reads back to the same report, so that it can be shown again in any format.
//!
//! The text may come from a file that anybody wrote. So nothing that is read is taken for what code would have made: names
//! that become files, columns and keys are names, rows are as long as their heads, bars as long as a line, and every text
//! is freed again of what a terminal would obey.

use serde::de::Error as _;

use super::model::Grid;
use super::{Cell, Meta, Report, Section, Show, Table, View};
use crate::text::visible;

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
/// Text of another version, or no report that code would have made.
pub fn read(text: String) -> Result<Report, serde_json::Error> {
    let mut report: Report = serde_json::from_str(Box::leak(text.into_boxed_str()))?;
    check_report(&report).map_err(serde_json::Error::custom)?;
    clean(&mut report);
    Ok(report)
}

/// Checks that a report can be read; its text stays in memory as that of one that is.
///
/// # Errors
///
/// As for [`read`].
pub fn check(text: &str) -> Result<(), serde_json::Error> {
    read(text.to_owned()).map(drop)
}

/// Longest bar and most decimals that a report may ask for.
const LONGEST_BAR: usize = 200;
const MOST_DECIMALS: usize = 12;

fn check_report(report: &Report) -> Result<(), String> {
    let mut coverage = report.meta.coverage.iter();
    coverage.try_for_each(|(term, _)| name(term))?;
    let mut tables = report
        .sections
        .iter()
        .filter_map(|section| section.table.as_ref());
    tables.try_for_each(check_table)
}

fn check_table(table: &Table) -> Result<(), String> {
    name(table.id)?;
    table.columns.iter().try_for_each(|column| name(column.key))?;
    let uneven = |of: &str| {
        Err(format!(
            "a row of {of} {:?} is not as long as its heads",
            table.id
        ))
    };
    if table.rows.iter().any(|row| row.len() != table.columns.len()) {
        return uneven("the table");
    }
    if let Some(grid) = &table.pivot {
        let mut rows = grid.rows.iter().chain(&grid.total);
        if rows.any(|row| row.len() != grid.heads.len()) {
            return uneven("the picture of");
        }
    }
    let drawable = |view: &View| match view.show {
        Show::Cell(_, decimals) | Show::Interval(_, decimals) | Show::Ends(_, decimals) => {
            decimals <= MOST_DECIMALS
        }
        Show::Bar(_, width) => width <= LONGEST_BAR,
        Show::Named(..) | Show::Percent(_) => true,
    };
    if table.views.iter().all(drawable) {
        Ok(())
    } else {
        Err(format!(
            "a column of {:?} asks for more than can be drawn",
            table.id
        ))
    }
}

/// Checks a word that becomes a file, a column or a key.
fn name(text: &str) -> Result<(), String> {
    let is_name = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.len() <= 64
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if is_name {
        Ok(())
    } else {
        Err(format!("{text:?} is no name of a table or column"))
    }
}

/// Frees every text of what a terminal would obey. Of a report that code made, nothing changes. Every field is named, so
/// that a new one is not forgotten.
fn clean(report: &mut Report) {
    let Report {
        title,
        headline,
        sections,
        foot,
        meta,
    } = report;
    let Meta {
        tool_version,
        taxonomy_hash,
        seed: _,
        // Only JSON shows them, which writes every text so that it reads back.
        settings: _,
        coverage: _,
    } = meta;
    [title, tool_version, taxonomy_hash].into_iter().for_each(see);
    headline.iter_mut().chain(foot).for_each(see);
    for section in sections {
        let Section {
            title,
            lead,
            table,
            notes,
        } = section;
        see(title);
        lead.iter_mut().chain(notes).for_each(see);
        table.iter_mut().for_each(clean_table);
    }
}

fn clean_table(table: &mut Table) {
    let Table {
        id: _,
        columns: _,
        rows,
        views,
        pivot,
        shown: _,
        total,
    } = table;
    rows.iter_mut().flatten().for_each(clean_cell);
    total.iter_mut().flatten().for_each(|(_, cell)| clean_cell(cell));
    for view in views {
        see(&mut view.heading);
        if let Show::Named(_, names) = &mut view.show {
            names.values_mut().for_each(see);
        }
    }
    if let Some(Grid { heads, rows, total }) = pivot {
        heads.iter_mut().for_each(|head| see(&mut head.text));
        rows.iter_mut().chain(total).flatten().for_each(see);
    }
}

fn clean_cell(cell: &mut Cell) {
    match cell {
        Cell::Text(text) => see(text),
        Cell::List(words) => words.iter_mut().for_each(see),
        Cell::Missing | Cell::Count(_) | Cell::Change(_) | Cell::Number(_) | Cell::Flag(_) => {}
    }
}

fn see(text: &mut String) {
    *text = visible(text);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::report::{Align, Head, csv, json, markdown, table};

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

    /// The text of the report, with one piece of it replaced.
    fn with(old: &str, new: &str) -> String {
        let text = write(&report()).unwrap();
        assert!(text.contains(old), "{text}");
        text.replace(old, new)
    }

    #[test]
    fn names_that_become_files_are_names() {
        for id in ["../rows", "/rows", "a/b", "a\\\\b", "..", "", "rows.csv", "Rows"] {
            let text = with("\"id\":\"rows\"", &format!("\"id\":\"{id}\""));
            assert!(read(text).is_err(), "{id}");
        }
        assert!(read(with("\"key\":\"mid\"", "\"key\":\"=x\"")).is_err());
        assert!(read(with("\"records\"", "\"re cords\"")).is_err());
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        for (old, new) in [
            ("[\"mid\",8]", "[\"mid\",18446744073709551615]"),
            ("\"high\"],2]", "\"high\"],70000]"),
            ("[\"1\"]", "[\"1\",\"2\"]"),
            ("\"Missing\",\"Missing\"]", "\"Missing\"]"),
        ] {
            assert!(read(with(old, new)).is_err(), "{new}");
        }
    }

    #[test]
    fn no_text_moves_a_cursor_when_it_is_shown_again() {
        // Behind every quote a text begins; keys and names are ASCII and stay.
        let text = [
            "題", "一", "表", "[\"lead", "[\"note", "足", "招待", "名前", "印", "はい", "[\"1",
        ]
        .iter()
        .fold(write(&report()).unwrap(), |text, word| {
            text.replace(word, &format!("{word}\\u001b[2J\\u202e\\u000a"))
        });
        let again = read(text).unwrap();
        let mut shown = vec![markdown::render(&again), table::render(&again, 100)];
        shown.extend(again.tables().map(csv::render));
        for text in shown {
            let lines = text.lines().collect::<String>();
            assert!(
                !lines.contains(|c: char| c.is_control() || c == '\u{202e}'),
                "{text:?}"
            );
            assert!(text.contains("[2J") || text.contains("\\[2J"), "{text:?}");
        }
    }
}
