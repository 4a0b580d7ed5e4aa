//! Runs out of the store and into another one: each a line of the export, beside those of the tickets.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Batch, ReportParts, ReportRun, Store, StoreError};
use crate::source::RUN_LINE;

/// A run as a line.
#[derive(Serialize, Deserialize)]
struct Line {
    toilscope_run: Whole,
}

#[derive(Serialize, Deserialize)]
struct Whole {
    number: i64,
    made_at: String,
    base: Option<i64>,
    about: String,
    analysis_key: String,
    report_key: String,
    memory: String,
    answers: String,
    report: String,
}

/// Stands for a run that another one went on from and that is not in the store any more.
const LOST: i64 = 0;

/// What importing runs did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ImportedRuns {
    /// Runs that were not there.
    pub new: usize,
    /// Runs that were there.
    pub known: usize,
    /// Lines that are no run.
    pub broken: usize,
}

/// Returns the line that an export holds for a run, without the line break.
#[must_use]
pub fn export_run(run: &ReportRun, parts: &ReportParts) -> String {
    let line = Line {
        toilscope_run: Whole {
            number: run.number,
            made_at: run.made_at.clone(),
            base: run.base,
            about: run.about.clone(),
            analysis_key: run.analysis_key.clone(),
            report_key: run.report_key.clone(),
            memory: parts.memory.clone(),
            answers: parts.answers.clone(),
            report: parts.report.clone(),
        },
    };
    // Texts and numbers can always be written.
    serde_json::to_string(&line).unwrap_or_default()
}

impl Store {
    /// Adds the runs among the lines of an export, in one transaction. A run keeps its number unless the store has
    /// another run of that number or a later one; then it gets the next.
    ///
    /// # Errors
    ///
    /// [`StoreError::Full`] or what SQLite says; then none was added.
    pub fn import_runs(&mut self, export: &[u8]) -> Result<ImportedRuns, StoreError> {
        let lines = export
            .split(|byte| *byte == b'\n')
            .filter(|line| line.starts_with(RUN_LINE));
        let mut done = ImportedRuns::default();
        let mut wholes: Vec<Whole> = Vec::new();
        for line in lines {
            match serde_json::from_slice::<Line>(line) {
                Ok(line) => wholes.push(line.toilscope_run),
                Err(_) => done.broken += 1,
            }
        }
        if wholes.is_empty() {
            return Ok(done);
        }
        wholes.sort_by_key(|whole| whole.number);
        let there = self.report_runs()?;
        let batch = self.batch()?;
        let mut numbers: BTreeMap<i64, i64> = BTreeMap::new();
        for whole in wholes {
            let same = there.iter().find(|run| {
                (&run.made_at, &run.report_key, &run.analysis_key)
                    == (&whole.made_at, &whole.report_key, &whole.analysis_key)
            });
            let old = whole.number;
            let number = match same {
                Some(run) => {
                    done.known += 1;
                    run.number
                }
                None => {
                    done.new += 1;
                    add(&batch, whole, &numbers)?
                }
            };
            numbers.insert(old, number);
        }
        batch.commit()?;
        Ok(done)
    }
}

fn add(batch: &Batch<'_>, whole: Whole, numbers: &BTreeMap<i64, i64>) -> Result<i64, StoreError> {
    let number = batch.next_report_run()?.max(whole.number);
    let base = whole.base.map(|base| numbers.get(&base).copied().unwrap_or(LOST));
    let run = ReportRun {
        number,
        made_at: whole.made_at,
        base,
        about: whole.about,
        analysis_key: whole.analysis_key,
        report_key: whole.report_key,
    };
    let parts = ReportParts {
        memory: whole.memory,
        answers: whole.answers,
        report: whole.report,
    };
    batch.put_report_run(&run, &parts)?;
    Ok(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(store: &mut Store, number: i64, base: Option<i64>, key: &str) {
        let run = ReportRun {
            number,
            made_at: format!("2026-04-0{number}T00:00:00Z"),
            base,
            about: "{}".into(),
            analysis_key: key.into(),
            report_key: key.into(),
        };
        let parts = ReportParts {
            memory: format!("m{key}\n"),
            ..ReportParts::default()
        };
        let batch = store.batch().unwrap();
        batch.put_report_run(&run, &parts).unwrap();
        batch.commit().unwrap();
    }

    fn export(store: &Store) -> String {
        let lines = store.report_runs().unwrap().into_iter().map(|run| {
            let parts = store.report_parts(run.number).unwrap().unwrap();
            export_run(&run, &parts) + "\n"
        });
        lines.collect()
    }

    #[test]
    fn runs_come_back_with_their_numbers_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let open = |name: &str| Store::open_to_write(&folder.path().join(name)).unwrap();
        let mut first = open("a.db");
        put(&mut first, 2, Some(1), "b");
        put(&mut first, 3, Some(2), "c");
        let lines = export(&first);
        let mut second = open("b.db");
        let done = second.import_runs(lines.as_bytes()).unwrap();
        assert_eq!((done.new, done.known, done.broken), (2, 0, 0));
        let runs = second.report_runs().unwrap();
        assert_eq!(
            runs.iter().map(|run| (run.number, run.base)).collect::<Vec<_>>(),
            [(2, Some(LOST)), (3, Some(2))]
        );
        let again = second.import_runs(lines.as_bytes()).unwrap();
        assert_eq!((again.new, again.known), (0, 2));
        assert_eq!(second.report_parts(3).unwrap(), first.report_parts(3).unwrap());
    }

    #[test]
    fn runs_of_two_stores_get_numbers_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let open = |name: &str| Store::open_to_write(&folder.path().join(name)).unwrap();
        let (mut first, mut second) = (open("a.db"), open("b.db"));
        put(&mut first, 1, None, "a");
        put(&mut first, 2, Some(1), "b");
        put(&mut second, 1, None, "x");
        let done = second.import_runs(export(&first).as_bytes()).unwrap();
        assert_eq!(done.new, 2);
        let runs = second.report_runs().unwrap();
        assert_eq!(
            runs.iter().map(|run| (run.number, run.base)).collect::<Vec<_>>(),
            [(1, None), (2, None), (3, Some(2))]
        );
    }

    #[test]
    fn a_broken_line_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open_to_write(&folder.path().join("a.db")).unwrap();
        let done = store
            .import_runs(b"{\"id\":\"1\"}\n{\"toilscope_run\":{}}\n")
            .unwrap();
        assert_eq!((done.new, done.broken), (0, 1));
    }
}
