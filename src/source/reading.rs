//! All inputs together: every record becomes a ticket, loses to a newer record of its id, or is skipped. The parts of
//! one export are one input.
//!
//! Promises a result that depends on what the files say and not on the order of files, lines or threads, apart
//! from the line numbers it reports.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rayon::prelude::*;

use super::note::{Remark, tally};
use super::record::{Batch, Outcome};
use super::{Field, Format, Guess, Input, Note, SourceError};
use super::{csv, encoding, headers, jsonl, kind, notion_export, to_line};
use crate::plausible::Doubt;
use crate::ticket::{Moment, Skipped, Ticket};

/// How many reasons the error about a file without any readable record repeats.
const REASONS_SHOWN: usize = 3;

/// What the settings say about reading.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// The zone of dates and times that name none.
    pub zone: TimeZone,
    /// The header, or JSONL key, of fields that are not to be guessed. A CSV input must have it, and so must one table
    /// of an export; a JSONL record without it is read by the field's own name.
    pub columns: BTreeMap<Field, String>,
    /// How to read every input; `None` goes by each one's extension and by how it begins.
    pub format: Option<Format>,
}

/// What the inputs gave.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// One ticket an id, sorted by id.
    pub tickets: Vec<Ticket>,
    /// The records that are no tickets, sorted by input and line.
    pub skipped: Vec<Skipped>,
    /// How many records lost to another one of their id.
    pub merged: usize,
    /// How many records there were; equals `tickets`, `merged` and `skipped` together.
    pub records: usize,
    /// How the columns of each CSV input, or table of an export, were understood, sorted.
    pub guesses: Vec<Guess>,
    /// What had to be repaired or left out, sorted by input.
    pub notes: Vec<Note>,
    /// What cannot be true and was set aside before an analysis (see [`plausible`](crate::plausible)); reading leaves it
    /// empty, for what is kept is kept as it was written.
    pub doubts: Vec<Doubt>,
}

/// Reads tickets from all inputs.
///
/// Of the records with one id the whole record with the latest `updated_at` stays, then with the latest
/// `created_at`, then with the greatest [canonical line](to_line); a missing time is earlier than any other. CSV
/// rows without an id column get one made from their text. The parts of one export of Notion, known by the
/// `-Part-1` of their names, are read as one.
///
/// # Errors
///
/// The first input, in the given order, that is of the wrong kind, is empty, has an unusable header, or has
/// records of which none can be read. A single bad record is never an error.
///
/// # Examples
///
/// ```
/// use std::collections::{BTreeMap, BTreeSet};
/// use toilscope::source::{Input, ReadOptions, read};
///
/// let text = "番号,件名,更新日\n1,招待のお願い,2026/4/1\n1,招待のお願い(2名),2026/4/2\n2,\n";
/// let input = Input { name: "requests.csv".into(), bytes: text.into() };
/// let options = ReadOptions { zone: jiff::tz::TimeZone::UTC, columns: BTreeMap::new(), format: None };
///
/// let reading = read(&[input], &options)?;
/// assert_eq!(reading.tickets[0].title.as_deref(), Some("招待のお願い(2名)"));
/// assert_eq!((reading.records, reading.merged, reading.skipped.len()), (3, 1, 1));
/// assert_eq!(reading.skipped[0].reason, "2 cells where the header has 3");
/// # Ok::<(), toilscope::source::SourceError>(())
/// ```
pub fn read(inputs: &[Input], options: &ReadOptions) -> Result<Reading, SourceError> {
    headers::check_mapping(&options.columns)?;
    let mut reading = Reading::default();
    let mut exports = BTreeSet::new();
    for input in inputs {
        let batches = if !kind::is_export(input, options.format) {
            vec![file(input, options)?]
        } else if exports.insert(notion_export::export_of(&input.name)) {
            notion_export::read(&parts(input, inputs, options), options)?
        } else {
            continue;
        };
        check_any_readable(&input.name, &batches)?;
        for batch in batches {
            add(&mut reading, batch);
        }
    }
    merge(&mut reading, &options.zone);
    reading.skipped.sort_unstable();
    reading.guesses.sort_unstable();
    reading.notes.sort_unstable();
    Ok(reading)
}

/// All parts of the export that an input is a part of: a table may be in one and its pages in another.
fn parts<'a>(input: &Input, inputs: &'a [Input], options: &ReadOptions) -> Vec<&'a Input> {
    let export = notion_export::export_of(&input.name);
    inputs
        .iter()
        .filter(|other| {
            kind::is_export(other, options.format) && notion_export::export_of(&other.name) == export
        })
        .collect()
}

/// Reads one input that is no archive.
fn file(input: &Input, options: &ReadOptions) -> Result<Batch, SourceError> {
    kind::check_text(input)?;
    let decoded = encoding::decode(&input.bytes);
    let mut batch = match kind::recognise(&input.name, &decoded.bytes, options.format)? {
        Format::Jsonl => Batch {
            source: input.name.clone(),
            outcomes: jsonl::read(&input.name, &decoded.bytes, options)?,
            ..Batch::default()
        },
        // An archive never comes here: it was read as an export, or refused as empty or as no text.
        Format::Csv | Format::NotionExport => csv::read(&input.name, &decoded.bytes, options)?,
    };
    batch.notes.extend(decoded.note);
    Ok(batch)
}

fn check_any_readable(name: &str, batches: &[Batch]) -> Result<(), SourceError> {
    let outcomes = || batches.iter().flat_map(|batch| &batch.outcomes);
    if outcomes().next().is_none() || outcomes().any(|outcome| outcome.result.is_ok()) {
        return Ok(());
    }
    let reasons = outcomes().filter_map(|outcome| {
        let reason = &outcome.result.as_ref().err()?.reason;
        Some(
            outcome
                .line
                .map_or_else(|| reason.clone(), |line| format!("line {line}: {reason}")),
        )
    });
    Err(SourceError::NothingReadable {
        name: name.to_owned(),
        reasons: reasons.take(REASONS_SHOWN).collect(),
    })
}

/// Adds the records, the guess and the notes of one file to what was read so far.
fn add(reading: &mut Reading, batch: Batch) {
    let remarks = sort_out(reading, &batch.source, batch.outcomes);
    let kinds = batch.notes.into_iter().chain(tally(remarks));
    reading.notes.extend(kinds.map(|kind| Note {
        source: batch.source.clone(),
        kind,
    }));
    reading.guesses.extend(batch.guess);
}

/// Counts every outcome as a record and files it as a ticket or as skipped; returns the remarks with their lines.
fn sort_out(reading: &mut Reading, name: &str, outcomes: Vec<Outcome>) -> Vec<(Option<u64>, Remark)> {
    let mut remarks = Vec::new();
    for Outcome { line, result } in outcomes {
        reading.records += 1;
        match result {
            Ok((ticket, lost)) => {
                reading.tickets.push(ticket);
                remarks.extend(lost.into_iter().map(|remark| (line, remark)));
            }
            Err(refusal) => reading.skipped.push(Skipped {
                source: name.to_owned(),
                line,
                id: refusal.id,
                reason: refusal.reason,
            }),
        }
    }
    remarks
}

/// Leaves the newest record of each id, sorted by id.
fn merge(reading: &mut Reading, zone: &TimeZone) {
    reading
        .tickets
        .par_sort_unstable_by(|a, b| a.id.cmp(&b.id).then_with(|| by_age(b, a, zone)));
    reading.tickets.dedup_by(|later, kept| {
        let is_same = later.id == kept.id;
        reading.merged += usize::from(is_same);
        is_same
    });
}

/// Returns whether a record is newer than another one of its id, by the rule of [`read`].
#[must_use]
pub fn is_newer(record: &Ticket, than: &Ticket, zone: &TimeZone) -> bool {
    by_age(record, than, zone) == Ordering::Greater
}

/// Orders records of one id from old to new. Equal ones are equal in every byte, so it does not matter which stays.
fn by_age(a: &Ticket, b: &Ticket, zone: &TimeZone) -> Ordering {
    let instant = |moment: Option<Moment>| -> Option<Timestamp> { moment.map(|moment| moment.at) };
    instant(a.updated_at)
        .cmp(&instant(b.updated_at))
        .then_with(|| instant(a.created_at).cmp(&instant(b.created_at)))
        .then_with(|| to_line(a, zone).cmp(&to_line(b, zone)))
}

#[cfg(test)]
mod tests;
