//! CSV: a header and one row a ticket, from spreadsheets, Notion and other trackers.
//!
//! Rows become records in parallel and come out in their order. A row with another number of cells than the header
//! is refused. Where there is no id column, as in a table that Notion exported, ids are made from what the rows say.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::headers::Columns;
use super::note::Remark;
use super::record::{self, Batch, Outcome, Record, Refusal};
use super::rows::{self, Row};
use super::{Field, NoteKind, ReadOptions, SourceError, effort};
use crate::ticket::{Ticket, TicketId};

/// How many bytes of a row's hash make its id: with 48 bits, two of 100,000 rows share an id by chance in one of
/// 50,000 files.
const ID_BYTES: usize = 6;

/// What parts the names in one cell. Notion writes a comma, people write the others.
const SEPARATORS: [char; 6] = [',', '，', '、', ';', '；', '\n'];

/// Reads the rows of an input.
///
/// # Errors
///
/// [`SourceError::Header`], [`SourceError::NoSuchColumn`] or [`SourceError::NoKnownColumn`] about its header.
pub(super) fn read(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<Batch, SourceError> {
    let rows = rows::cut(bytes).map_err(|error| SourceError::Unreadable {
        name: name.to_owned(),
        source: error.into(),
    })?;
    let Some((header, rows)) = rows.split_first() else {
        return Err(header_error(name, "it has no text"));
    };
    let columns = Columns::assign(name, &names(name, header)?, &options.columns)?;
    let mut outcomes: Vec<Outcome> = rows
        .par_iter()
        .map(|row| Outcome {
            line: Some(row.line),
            result: ticket(row, &columns, options),
        })
        .collect();
    if !columns.by_field.contains_key(&Field::Id) {
        let results = outcomes.iter_mut().map(|outcome| outcome.result.as_mut());
        tell_apart(results.filter_map(|result| result.ok().map(|(ticket, _)| ticket)));
    }
    Ok(Batch {
        source: name.to_owned(),
        guess: Some(columns.guess(name)),
        notes: notes(&columns, &outcomes),
        outcomes,
    })
}

/// The names in the first row of the input `name`.
///
/// # Errors
///
/// [`SourceError::Header`] if it cannot be read as text.
pub(super) fn names<'a>(name: &str, header: &'a Row) -> Result<Vec<&'a str>, SourceError> {
    if header.is_unclosed {
        return Err(header_error(name, "a quote is opened in it and never closed"));
    }
    texts(header).map_err(|refusal| header_error(name, &refusal.reason))
}

pub(super) fn header_error(name: &str, reason: &str) -> SourceError {
    SourceError::Header {
        name: name.to_owned(),
        reason: reason.to_owned(),
    }
}

fn notes(columns: &Columns, outcomes: &[Outcome]) -> Vec<NoteKind> {
    let repeated = columns.repeated.iter().map(|header| NoteKind::RepeatedHeader {
        header: header.clone(),
    });
    let count = outcomes.iter().filter(|outcome| outcome.result.is_ok()).count();
    let are_made = count > 0 && !columns.by_field.contains_key(&Field::Id);
    repeated
        .chain(are_made.then_some(NoteKind::IdsMade { count }))
        .collect()
}

fn ticket(row: &Row, columns: &Columns, options: &ReadOptions) -> Result<(Ticket, Vec<Remark>), Refusal> {
    let cells = cells(row, columns.names.len())?;
    let id = match columns
        .by_field
        .get(&Field::Id)
        .and_then(|columns| columns.first())
    {
        Some(column) => TicketId::new(cells[*column]).ok_or_else(|| Refusal::new("no id"))?,
        None => made_id(&cells, columns)?,
    };
    Ok(record::ticket(record(id, &cells, columns), &options.zone))
}

/// The cells of a row, one for each column and perhaps empty ones behind.
pub(super) fn cells(row: &Row, expected: usize) -> Result<Vec<&str>, Refusal> {
    if row.is_unclosed {
        return Err(Refusal::new(
            "a quote is opened here and never closed; what follows cannot be told from its cell",
        ));
    }
    let cells = texts(row)?;
    let found = cells.len();
    if found < expected || cells[expected..].iter().any(|cell| !cell.trim().is_empty()) {
        return Err(Refusal::new(format!(
            "{found} cells where the header has {expected}"
        )));
    }
    Ok(cells)
}

fn texts(row: &Row) -> Result<Vec<&str>, Refusal> {
    let texts = row.cells.iter().zip(1..).map(|(cell, column)| {
        std::str::from_utf8(cell).map_err(|_| Refusal::new(format!("broken UTF-8 in column {column}")))
    });
    texts.collect()
}

/// The values of a row by field, and its other cells by name.
pub(super) fn record(id: TicketId, cells: &[&str], columns: &Columns) -> Record {
    let has_text = |column: &&usize| !cells[**column].trim().is_empty();
    let kept = columns.kept.iter().filter(has_text);
    let kept = kept
        .map(|&column| (columns.names[column].clone(), cells[column].into()))
        .collect();
    let mut values = BTreeMap::new();
    for (&field, taken) in &columns.by_field {
        let taken = taken
            .iter()
            .filter(has_text)
            .map(|&column| value(field, cells[column], columns.is_effort_in_hours));
        if let Some(value) = taken.reduce(joined) {
            values.insert(field, value);
        }
    }
    Record {
        id,
        values,
        fields: kept,
    }
}

/// A cell as the value that JSON would have: lists taken apart, hours marked as such.
fn value(field: Field, cell: &str, in_hours: bool) -> Value {
    match field {
        Field::MinutesSpent if in_hours => effort::in_hours(cell).into(),
        field if field.is_list() => match serde_json::from_str(cell) {
            Ok(list @ Value::Array(_)) => list,
            _ if field == Field::Comments => cell.into(),
            _ => cell.split(SEPARATORS).collect(),
        },
        _ => cell.into(),
    }
}

/// The items of two cells in one list.
fn joined(one: Value, other: Value) -> Value {
    let items = |value| match value {
        Value::Array(items) => items,
        item => vec![item],
    };
    items(one).into_iter().chain(items(other)).collect()
}

/// An id from the text of a row, independent of the order of columns and rows. Equal rows get equal ids, which
/// [`tell_apart`] then numbers.
pub(super) fn made_id(cells: &[&str], columns: &Columns) -> Result<TicketId, Refusal> {
    let said = columns.names.iter().zip(cells.iter().map(|cell| cell.trim()));
    let said: BTreeMap<&String, &str> = said.filter(|(_, cell)| !cell.is_empty()).collect();
    let text = serde_json::to_string(&said).map_err(|error| Refusal::new(error.to_string()))?;
    let hash: String = Sha256::digest(text)
        .iter()
        .take(ID_BYTES)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    TicketId::new(&format!("row-{hash}")).ok_or_else(|| Refusal::new("no id"))
}

/// Numbers the equal rows of a file whose ids were made: three people with one complaint on one day are three tickets,
/// not three versions of one. Equal rows are interchangeable, so their order does not show. The same row in another
/// file is the same ticket.
pub(super) fn tell_apart<'a>(tickets: impl Iterator<Item = &'a mut Ticket>) {
    let mut seen: BTreeMap<TicketId, usize> = BTreeMap::new();
    for ticket in tickets {
        let count = seen.entry(ticket.id.clone()).or_default();
        *count += 1;
        let numbered = (*count > 1).then(|| TicketId::new(&format!("{}-{count}", ticket.id)));
        if let Some(id) = numbered.flatten() {
            ticket.id = id;
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use serde_json::json;

    use super::*;

    fn table(text: &str) -> Batch {
        let options = ReadOptions {
            zone: TimeZone::UTC,
            columns: BTreeMap::new(),
            format: None,
        };
        read("a.csv", text.as_bytes(), &options).unwrap()
    }

    fn tickets(text: &str) -> Vec<Ticket> {
        table(text)
            .outcomes
            .into_iter()
            .map(|outcome| outcome.result.unwrap().0)
            .collect()
    }

    fn refusals(text: &str) -> Vec<(u64, String)> {
        let outcomes = table(text).outcomes;
        outcomes
            .into_iter()
            .filter_map(|outcome| Some((outcome.line?, outcome.result.err()?.reason)))
            .collect()
    }

    #[test]
    fn cells_become_fields_and_others_are_kept() {
        let text = "チケットID;件名;起票日;工数(h);担当者;タグ;label;部署\n\
                    7;招待のお願い;2026/4/1;1.5;佐藤, 鈴木;a、b;account;営業\n";
        let ticket = &tickets(text)[0];
        assert_eq!(
            (ticket.id.as_str(), ticket.title.as_deref()),
            ("7", Some("招待のお願い"))
        );
        assert!(ticket.created_at.is_some_and(|at| at.day_only));
        assert_eq!(ticket.minutes_spent, Some(90.0));
        assert_eq!(ticket.assignees, ["佐藤", "鈴木"]);
        assert_eq!(ticket.labels, ["a", "b"]);
        assert_eq!(ticket.fields["label"], json!("account"));
        assert_eq!(ticket.fields["部署"], json!("営業"));
    }

    #[test]
    fn lists_may_be_json_text() {
        let text = "id,labels,comments\n1,\"[\"\"a,b\"\",\"\"c\"\"]\",\"[{\"\"text\"\":\"\"ok\"\"}]\"\n2,x,\"done, thanks\"\n";
        let tickets = tickets(text);
        assert_eq!(tickets[0].labels, ["a,b", "c"]);
        assert_eq!(tickets[0].comments[0].text, "ok");
        assert_eq!(tickets[1].comments[0].text, "done, thanks");
    }

    #[test]
    fn repeated_columns_of_a_list_are_read_together() {
        let text = "Issue key,Labels,Labels,Comment,Comment\nK-1,a,b,one,\"two, three\"\nK-2,,c,,\n";
        let tickets = tickets(text);
        assert_eq!(
            (&tickets[0].labels[..], &tickets[1].labels[..]),
            (&["a".into(), "b".into()][..], &["c".into()][..])
        );
        let comments: Vec<_> = tickets[0]
            .comments
            .iter()
            .map(|comment| comment.text.as_str())
            .collect();
        assert_eq!(comments, ["one", "two, three"]);
    }

    #[test]
    fn broken_rows_are_refused_with_their_line() {
        let text = "id,title,body\n1,a,\"x\ny\"\n2,b\n,c,d\n3,e,f,g\n4,h,i,\n";
        let expected = [
            (4, "2 cells where the header has 3".into()),
            (5, "no id".into()),
            (6, "4 cells where the header has 3".into()),
        ];
        assert_eq!(refusals(text), expected);
    }

    #[test]
    fn an_open_quote_costs_the_rows_it_swallows_and_says_so() {
        let found = refusals("id,title\n1,a\n2,\"b\n3,c\n4,d\n");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, 3);
        assert!(found[0].1.contains("never closed"), "{}", found[0].1);
    }

    #[test]
    fn made_ids_depend_on_the_text_alone() {
        let one = tickets("Name,状態\n招待,完了\n権限,\n");
        let other = tickets("状態;Name\n;権限\n完了;招待 \n");
        assert_eq!((&one[0].id, &one[1].id), (&other[1].id, &other[0].id));
        assert!(one[0].id.as_str().starts_with("row-") && one[0].id.as_str().len() == 16);
        assert_eq!(table("Name\na\nb\n").notes, [NoteKind::IdsMade { count: 2 }]);
    }

    #[test]
    fn equal_rows_without_an_id_stay_apart() {
        let found = tickets("Name\na\nb\na\na\n");
        let ids: std::collections::BTreeSet<&str> = found.iter().map(|ticket| ticket.id.as_str()).collect();
        assert_eq!(ids.len(), 4);
        assert!(found[3].id.as_str().ends_with("-3"));
    }

    #[test]
    fn repeated_headers_are_noted_and_nothing_of_theirs_is_lost() {
        let table = table("id,件名,件名\n1,a,b\n");
        assert_eq!(
            table.notes,
            [NoteKind::RepeatedHeader {
                header: "件名".into()
            }]
        );
        let (ticket, _) = table.outcomes[0].result.as_ref().unwrap();
        assert_eq!(
            (ticket.title.as_deref(), &ticket.fields["件名 (2)"]),
            (Some("a"), &json!("b"))
        );
    }

    #[test]
    fn a_header_without_rows_has_no_records() {
        assert!(table("id,title\n").outcomes.is_empty());
    }

    #[test]
    fn a_header_that_cannot_be_read_is_an_error() {
        let options = ReadOptions {
            zone: TimeZone::UTC,
            columns: BTreeMap::new(),
            format: None,
        };
        for bytes in [b",,\n".as_slice(), b"id,\xFF\n1,2\n", b"id,\"title\n1,2\n"] {
            assert!(matches!(
                read("a.csv", bytes, &options),
                Err(SourceError::Header { .. })
            ));
        }
        assert!(matches!(
            read("a.csv", b"x,y\n1,2\n", &options),
            Err(SourceError::NoKnownColumn { .. })
        ));
    }
}
