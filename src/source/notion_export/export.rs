//! Reads an export from its archives to its tickets, and says what was left out on the way.

use std::collections::BTreeSet;

use super::archive::{self, File, Unpacked};
use super::assembly::Assembly;
use super::database::{self, Database};
use super::names::{has_extension, split};
use super::page::Page;
use super::tables::{self, Table};
use crate::source::note::shown;
use crate::source::record::Batch;
use crate::source::{Field, Input, NoteKind, ReadOptions, SourceError};

/// Reads the archives of one export. A row and its page are one record; a page that no table lists is one if it has
/// properties.
///
/// # Errors
///
/// [`SourceError::Archive`] if an archive cannot be unpacked, [`SourceError::NoExport`] if there is neither a database
/// nor a page with properties, [`SourceError::NoSuchColumn`] if no table has a column that the settings name, and what
/// is wrong with the first table if none can be read.
pub(in crate::source) fn read(parts: &[&Input], options: &ReadOptions) -> Result<Vec<Batch>, SourceError> {
    let name = parts
        .iter()
        .map(|part| part.name.as_str())
        .min()
        .unwrap_or_default();
    let unpacked = archive::unpack(parts)?;
    let (pages, attached) = pages(&unpacked.files);
    let folders: BTreeSet<String> = pages.iter().flat_map(|page| page.name.folders()).collect();
    let mut faults = Vec::new();
    let mut databases = Vec::new();
    for file in database::choose(&unpacked.files, &folders) {
        match Database::read(&source(name, split(&file.path).1), file) {
            Ok(database) => databases.push(database),
            Err(error) => faults.push(error),
        }
    }
    let assembly = Assembly::new(&pages, &folders, &databases, &options.zone);
    let (tables, passed_over) = assembly.tables(|file| source(name, file));
    check_mapping(name, &tables, options)?;
    let mut batches = Vec::new();
    for table in &tables {
        match tables::read(table, options) {
            Ok(batch) => batches.push(batch),
            Err(error) => faults.push(error),
        }
    }
    if batches.is_empty() {
        let files = unpacked.entries;
        let name = name.to_owned();
        return Err(faults
            .into_iter()
            .next()
            .unwrap_or(SourceError::NoExport { name, files }));
    }
    let notes = notes(&unpacked, &databases, passed_over + attached, &faults);
    batches.push(Batch {
        source: name.to_owned(),
        notes,
        ..Batch::default()
    });
    Ok(batches)
}

/// The name of a file of an export in messages.
fn source(export: &str, file: &str) -> String {
    format!("{}: {file}", shown(export))
}

/// The pages, sorted by id, and how many other Markdown files there are. The same page is one, also if two parts have
/// it.
fn pages(files: &[File]) -> (Vec<Page<'_>>, usize) {
    let markdown = || files.iter().filter(|file| has_extension(&file.path, "md"));
    let mut pages: Vec<Page<'_>> = markdown().filter_map(Page::of).collect();
    let attached = markdown().count() - pages.len();
    pages.sort_by(|a, b| {
        a.key()
            .cmp(&b.key())
            .then_with(|| a.name.folder.cmp(b.name.folder))
    });
    pages.dedup_by(|a, b| a.key() == b.key());
    (pages, attached)
}

/// Refuses a mapping to a column that no table has: a slip in the settings would go unseen.
fn check_mapping(name: &str, tables: &[Table<'_>], options: &ReadOptions) -> Result<(), SourceError> {
    let missing = options.columns.iter().find(|(field, header)| {
        **field != Field::Id && !tables.iter().any(|table| tables::has(&table.header, header))
    });
    match missing.filter(|_| !tables.is_empty()) {
        None => Ok(()),
        Some((&field, header)) => Err(SourceError::NoSuchColumn {
            name: name.to_owned(),
            field,
            header: header.clone(),
            headers: tables.iter().flat_map(|table| table.header.clone()).collect(),
        }),
    }
}

fn notes(
    unpacked: &Unpacked,
    databases: &[Database<'_>],
    passed_over: usize,
    faults: &[SourceError],
) -> Vec<NoteKind> {
    let counted = |count: usize, kind: fn(usize) -> NoteKind| (count > 0).then(|| kind(count));
    let mut files: Vec<String> = databases
        .iter()
        .map(|database| database.file.to_owned())
        .collect();
    files.sort_unstable();
    let mut notes: Vec<NoteKind> = faults
        .iter()
        .map(|fault| NoteKind::TableLeftOut {
            reason: fault.to_string(),
        })
        .collect();
    notes.extend((files.len() > 1).then_some(NoteKind::Databases { files }));
    notes.extend(counted(passed_over, |count| NoteKind::PagesPassedOver { count }));
    notes.extend(counted(unpacked.shut, |count| NoteKind::ArchivesShut { count }));
    notes
}
