//! From the rows and pages of an export to tickets.
//!
//! The columns of a table are understood as those of a CSV file are, with three differences. The title is known: it is
//! the column whose values are the titles of the pages. The id of a ticket is that of its page, so a column such as
//! `ID` ("SRE-12") is kept like any other. And the address is the page's, unless the settings name a column for it.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde_json::Value;

use super::join::without_links;
use super::page::Page;
use crate::source::header_names::{fold, other_names};
use crate::source::headers::Columns;
use crate::source::note::Remark;
use crate::source::record::{self, Batch, Outcome, Record, Refusal};
use crate::source::{Field, NoteKind, ReadOptions, SourceError, csv};
use crate::ticket::{Ticket, TicketId};

/// The rows of a database with their pages, or the pages of a folder that no table lists.
#[derive(Debug)]
pub(super) struct Table<'a> {
    /// Its name in messages.
    pub(super) source: String,
    /// The names of the columns of the file, then of properties that only pages have.
    pub(super) header: Vec<String>,
    /// The column of the titles, if that is known.
    pub(super) title: Option<usize>,
    pub(super) entries: Vec<Entry<'a>>,
    pub(super) notes: Vec<NoteKind>,
}

/// One record: a row, a page, or a row and its page.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    /// Line of the row.
    pub(super) line: Option<u64>,
    /// A cell for each column.
    pub(super) cells: Result<Vec<String>, Refusal>,
    pub(super) page: Option<&'a Page<'a>>,
}

/// Makes the tickets of a table.
///
/// # Errors
///
/// What [`Columns::assign`] says about the header.
pub(super) fn read(table: &Table<'_>, options: &ReadOptions) -> Result<Batch, SourceError> {
    let columns = columns(table, options)?;
    let mut outcomes: Vec<Outcome> = table
        .entries
        .par_iter()
        .map(|entry| Outcome {
            line: entry.line,
            result: ticket(entry, &columns, options),
        })
        .collect();
    let results = table.entries.iter().zip(outcomes.iter_mut());
    let without_page = results.filter(|(entry, _)| entry.page.is_none());
    let without_page: Vec<&mut Ticket> = without_page
        .filter_map(|(_, outcome)| outcome.result.as_mut().ok().map(|(ticket, _)| ticket))
        .collect();
    let count = without_page.len();
    csv::tell_apart(without_page.into_iter());
    let mut notes = table.notes.clone();
    notes.extend((count > 0).then_some(NoteKind::RowsWithoutPage { count }));
    Ok(Batch {
        source: table.source.clone(),
        guess: Some(columns.guess(&table.source)),
        outcomes,
        notes,
    })
}

fn columns(table: &Table<'_>, options: &ReadOptions) -> Result<Columns, SourceError> {
    let header: Vec<&str> = table.header.iter().map(String::as_str).collect();
    let mut mapping = options.columns.clone();
    mapping.retain(|&field, name| field != Field::Id && has(&table.header, name));
    if let Some(title) = title(table) {
        mapping.entry(Field::Title).or_insert(title);
    }
    let mut columns = Columns::assign(&table.source, &header, &mapping)?;
    columns.release(Field::Id);
    if !mapping.contains_key(&Field::Url) {
        columns.release(Field::Url);
    }
    Ok(columns)
}

/// Whether a header has a name, as the mapping of the settings understands names.
pub(super) fn has(header: &[String], name: &str) -> bool {
    let folded = fold(name);
    header
        .iter()
        .any(|known| known == name.trim() || !folded.is_empty() && fold(known) == folded)
}

/// The header of the titles: that of the pages' titles, else a usual one, else the first, where Notion puts it.
fn title(table: &Table<'_>) -> Option<String> {
    let is_usual = |name: &String| {
        let name = fold(name);
        name == Field::Title.name() || other_names(Field::Title).any(|known| known == name)
    };
    let of_pages = table.title.and_then(|column| table.header.get(column));
    let name = of_pages
        .or_else(|| table.header.iter().find(|name| is_usual(name)))
        .or(table.header.first())?;
    (!name.is_empty()).then(|| name.clone())
}

fn ticket(
    entry: &Entry<'_>,
    columns: &Columns,
    options: &ReadOptions,
) -> Result<(Ticket, Vec<Remark>), Refusal> {
    let said = entry.cells.as_ref().map_err(Clone::clone)?;
    let cells: Vec<String> = said
        .iter()
        .enumerate()
        .map(|(column, cell)| {
            if is_word(column, columns) {
                without_links(cell)
            } else {
                cell.clone()
            }
        })
        .collect();
    let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
    let id = match entry.page {
        Some(page) => TicketId::new(&page.id.dashed()).ok_or_else(|| Refusal::new("no id"))?,
        None => csv::made_id(&cells, columns)?,
    };
    let mut record = csv::record(id, &cells, columns);
    if let Some(page) = entry.page {
        let said = columns.names.iter().zip(said);
        let said = said.filter(|(_, cell)| !cell.trim().is_empty());
        let said = said.map(|(name, cell)| (name.as_str(), cell.as_str())).collect();
        add_page(&mut record, page, &said);
    }
    Ok(record::ticket(record, &options.zone))
}

/// Whether a column holds words that may be the titles of related pages, and no text.
fn is_word(column: usize, columns: &Columns) -> bool {
    columns.by_field.iter().any(|(field, taken)| {
        taken.contains(&column) && !matches!(field, Field::Title | Field::Body | Field::Comments)
    })
}

/// Adds what the page has beside its properties, which are `said` already. Its text stands behind that of a column.
fn add_page(record: &mut Record, page: &Page<'_>, said: &BTreeMap<&str, &str>) {
    let mut fill = |field, text: &str| {
        record.values.entry(field).or_insert_with(|| text.into());
    };
    fill(Field::Title, &page.title);
    fill(Field::Url, &page.id.url());
    if let Some(body) = page.body(said) {
        let column = record.values.get(&Field::Body).and_then(Value::as_str);
        let whole = column.map_or_else(|| body.to_owned(), |text| format!("{text}\n\n{body}"));
        record.values.insert(Field::Body, whole.into());
    }
}
