//! The databases of an export: which CSV files they are, and their rows.
//!
//! Of a database's two tables the complete one is read. A CSV file without an id in its name is something that was
//! attached to a page; if there is no other, it is read all the same, unless it lies in a page's folder.

use std::collections::{BTreeMap, BTreeSet};

use super::archive::File;
use super::names::{Name, PageId, has_extension, split};
use crate::source::record::Refusal;
use crate::source::{NoteKind, SourceError, csv, encoding, rows};

/// One table of an export.
#[derive(Debug)]
pub(super) struct Database<'a> {
    pub(super) name: Name<'a>,
    /// The file's name.
    pub(super) file: &'a str,
    /// The names of its columns.
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Row>,
    /// How it was decoded, if that is worth a word.
    pub(super) note: Option<NoteKind>,
}

/// One row: a cell for each column, or the reason why it cannot be read.
#[derive(Debug)]
pub(super) struct Row {
    /// Line on which it starts, from 1.
    pub(super) line: u64,
    pub(super) cells: Result<Vec<String>, Refusal>,
}

/// The CSV files to read, in the order of `files`. `attachments` are the folders of pages.
pub(super) fn choose<'a>(files: &'a [File], attachments: &BTreeSet<String>) -> Vec<&'a File> {
    let tables = || files.iter().filter(|file| has_extension(&file.path, "csv"));
    let mut complete: BTreeMap<PageId, bool> = BTreeMap::new();
    for name in tables().map(|file| Name::of(&file.path)) {
        if let Some(id) = name.id {
            *complete.entry(id).or_default() |= name.is_all;
        }
    }
    let is_chosen = |file: &&File| {
        let name = Name::of(&file.path);
        match name.id {
            Some(id) => name.is_all == complete.get(&id).copied().unwrap_or_default(),
            None => complete.is_empty() && !attachments.contains(name.folder),
        }
    };
    tables().filter(is_chosen).collect()
}

impl<'a> Database<'a> {
    /// Reads a CSV file; `source` is its name in messages.
    ///
    /// # Errors
    ///
    /// [`SourceError::Header`] if it has none, or none that can be read.
    pub(super) fn read(source: &str, file: &'a File) -> Result<Self, SourceError> {
        let decoded = encoding::decode(&file.bytes);
        let rows = rows::cut(&decoded.bytes).map_err(|error| SourceError::Unreadable {
            name: source.to_owned(),
            source: error.into(),
        })?;
        let Some((header, rows)) = rows.split_first() else {
            return Err(csv::header_error(source, "it has no text"));
        };
        let header: Vec<String> = csv::names(source, header)?
            .into_iter()
            .map(|name| name.trim().to_owned())
            .collect();
        let owned = |cells: Vec<&str>| {
            cells[..header.len()]
                .iter()
                .map(|&cell| cell.to_owned())
                .collect()
        };
        let rows = rows.iter().map(|row| Row {
            line: row.line,
            cells: csv::cells(row, header.len()).map(owned),
        });
        Ok(Self {
            name: Name::of(&file.path),
            file: split(&file.path).1,
            rows: rows.collect(),
            header,
            note: decoded.note,
        })
    }

    /// Whether its header holds every property there is, and not only those that a view shows.
    pub(super) const fn is_complete(&self) -> bool {
        self.name.is_all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef";

    fn files(paths: &[String]) -> Vec<File> {
        paths
            .iter()
            .map(|path| File {
                path: path.clone(),
                bytes: "名前\n招待\n".into(),
            })
            .collect()
    }

    fn chosen(paths: &[String], pages: &[String]) -> Vec<String> {
        let folders = pages.iter().flat_map(|page| Name::of(page).folders()).collect();
        choose(&files(paths), &folders)
            .into_iter()
            .map(|file| file.path.clone())
            .collect()
    }

    #[test]
    fn the_complete_table_goes_before_the_view() {
        let other = ID.replace('0', "f");
        let paths = [
            format!("a {ID}.csv"),
            format!("a {ID}_all.csv"),
            format!("b {other}.csv"),
            "c.csv".into(),
        ];
        assert_eq!(chosen(&paths, &[]), [paths[1].clone(), paths[2].clone()]);
    }

    #[test]
    fn an_attached_table_is_no_database() {
        let paths = ["a/x.csv".to_owned(), "y.csv".to_owned()];
        assert_eq!(chosen(&paths, &[format!("a {ID}.md")]), ["y.csv"]);
    }

    #[test]
    fn rows_keep_their_lines_and_refusals() {
        let file = File {
            path: format!("a {ID}.csv"),
            bytes: "\u{feff}名前, 状態\n招待,\"完\n了\"\nx\n".into(),
        };
        let database = Database::read("e.zip", &file).unwrap();
        assert_eq!(database.header, ["名前", "状態"]);
        assert_eq!(
            database.rows[0].cells.as_deref(),
            Ok(&["招待".to_owned(), "完\n了".to_owned()][..])
        );
        assert_eq!(
            (database.rows[1].line, database.rows[1].cells.is_err()),
            (4, true)
        );
        let empty = File {
            path: file.path.clone(),
            bytes: Vec::new(),
        };
        assert!(matches!(
            Database::read("e.zip", &empty),
            Err(SourceError::Header { .. })
        ));
    }
}
