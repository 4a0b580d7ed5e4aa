//! Runs out of the store and into another one: each a line of the export, beside those of the tickets.
//!
//! A line that is no run, or one that its reader could not read, is left out and named: it would be in the way of every
//! report made from the store.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::reports::MOST_NUMBER;
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportedRuns {
    /// Runs that were not there.
    pub new: usize,
    /// Runs that were there.
    pub known: usize,
    /// Lines that hold no run that can be read.
    pub broken: Vec<BrokenLine>,
}

/// A line of an export that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenLine {
    /// Its number, from 1.
    pub line: u64,
    /// What is wrong with it; may quote the line.
    pub reason: String,
}

/// Says why the reader of runs could not read one.
pub type CheckRun<'a> = &'a dyn Fn(&ReportRun, &ReportParts) -> Result<(), String>;

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
    /// Adds the runs among the lines of an export that pass `check`, in one transaction. A run keeps its number unless the
    /// store has another run of that number or a later one; then it gets the next.
    ///
    /// # Errors
    ///
    /// [`StoreError::Full`] or what SQLite says; then none was added.
    pub fn import_runs(&mut self, export: &[u8], check: CheckRun<'_>) -> Result<ImportedRuns, StoreError> {
        let lines = (1..).zip(export.split(|byte| *byte == b'\n'));
        let mut done = ImportedRuns::default();
        let mut runs: Vec<(ReportRun, ReportParts)> = Vec::new();
        for (line, text) in lines.filter(|(_, text)| text.starts_with(RUN_LINE)) {
            match read(text).and_then(|(run, parts)| check(&run, &parts).map(|()| (run, parts))) {
                Ok(run) => runs.push(run),
                Err(reason) => done.broken.push(BrokenLine { line, reason }),
            }
        }
        if runs.is_empty() {
            return Ok(done);
        }
        runs.sort_by_key(|(run, _)| run.number);
        let mut there = self.report_runs()?;
        let batch = self.batch()?;
        let mut numbers: BTreeMap<i64, i64> = BTreeMap::new();
        for (run, parts) in runs {
            let same = there.iter().find(|there| {
                (&there.made_at, &there.report_key, &there.analysis_key)
                    == (&run.made_at, &run.report_key, &run.analysis_key)
            });
            let old = run.number;
            let number = match same {
                Some(run) => {
                    done.known += 1;
                    run.number
                }
                None => {
                    done.new += 1;
                    let run = add(&batch, run, &parts, &numbers)?;
                    let number = run.number;
                    there.push(run);
                    number
                }
            };
            numbers.insert(old, number);
        }
        batch.commit()?;
        Ok(done)
    }
}

/// Reads a line of an export as a run.
fn read(line: &[u8]) -> Result<(ReportRun, ReportParts), String> {
    let whole = serde_json::from_slice::<Line>(line)
        .map_err(|error| error.to_string())?
        .toilscope_run;
    if !(1..MOST_NUMBER).contains(&whole.number) {
        return Err(format!("{} is no number of a run", whole.number));
    }
    if whole.made_at.parse::<Timestamp>().is_err() {
        return Err(format!(
            "run {} was made at no time: {:?}",
            whole.number, whole.made_at
        ));
    }
    let run = ReportRun {
        number: whole.number,
        made_at: whole.made_at,
        base: whole.base,
        about: whole.about,
        analysis_key: whole.analysis_key,
        report_key: whole.report_key,
    };
    let parts = ReportParts {
        memory: whole.memory,
        answers: whole.answers,
        report: whole.report,
    };
    Ok((run, parts))
}

fn add(
    batch: &Batch<'_>,
    run: ReportRun,
    parts: &ReportParts,
    numbers: &BTreeMap<i64, i64>,
) -> Result<ReportRun, StoreError> {
    let run = ReportRun {
        number: batch.next_report_run()?.max(run.number),
        base: run.base.map(|base| numbers.get(&base).copied().unwrap_or(LOST)),
        ..run
    };
    batch.put_report_run(&run, parts)?;
    Ok(run)
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

    const ANY: CheckRun<'static> = &|_, _| Ok(());

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
        let done = second.import_runs(lines.as_bytes(), ANY).unwrap();
        assert_eq!((done.new, done.known, done.broken), (2, 0, Vec::new()));
        let runs = second.report_runs().unwrap();
        assert_eq!(
            runs.iter().map(|run| (run.number, run.base)).collect::<Vec<_>>(),
            [(2, Some(LOST)), (3, Some(2))]
        );
        let again = second.import_runs(lines.as_bytes(), ANY).unwrap();
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
        let done = second.import_runs(export(&first).as_bytes(), ANY).unwrap();
        assert_eq!(done.new, 2);
        let runs = second.report_runs().unwrap();
        assert_eq!(
            runs.iter().map(|run| (run.number, run.base)).collect::<Vec<_>>(),
            [(1, None), (2, None), (3, Some(2))]
        );
    }

    /// The lines that were left out of an import, and the numbers of the runs that were not.
    fn left_out(export: &str, check: CheckRun<'_>) -> (Vec<u64>, Vec<i64>) {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open_to_write(&folder.path().join("a.db")).unwrap();
        let done = store.import_runs(export.as_bytes(), check).unwrap();
        let runs = store.report_runs().unwrap();
        assert_eq!(done.new, runs.len());
        (
            done.broken.iter().map(|broken| broken.line).collect(),
            runs.iter().map(|run| run.number).collect(),
        )
    }

    fn two_runs() -> String {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open_to_write(&folder.path().join("a.db")).unwrap();
        put(&mut store, 1, None, "a");
        put(&mut store, 2, Some(1), "b");
        export(&store)
    }

    #[test]
    fn broken_lines_are_named_and_the_others_come_in() {
        let runs = two_runs();
        let export = format!("{{\"id\":\"1\"}}\n{{\"toilscope_run\":{{}}}}\n{runs}");
        assert_eq!(left_out(&export, ANY), (vec![2], vec![1, 2]));
        let second = |run: &ReportRun, _: &ReportParts| {
            if run.number == 2 {
                Err("x".to_owned())
            } else {
                Ok(())
            }
        };
        assert_eq!(left_out(&export, &second), (vec![2, 4], vec![1]));
    }

    #[test]
    fn numbers_and_times_that_cannot_be_are_left_out() {
        let runs = two_runs();
        for number in ["9223372036854775807", "0", "-1", "1099511627776"] {
            let export = runs.replace("\"number\":2", &format!("\"number\":{number}"));
            assert_eq!(left_out(&export, ANY), (vec![2], vec![1]), "{number}");
        }
        let export = runs.replace("2026-04-02T00:00:00Z", "\\u001b[2J");
        assert_eq!(left_out(&export, ANY), (vec![2], vec![1]));
    }

    #[test]
    fn a_run_that_stands_twice_comes_in_once() {
        let runs = two_runs();
        assert_eq!(left_out(&runs.repeat(2), ANY), (vec![], vec![1, 2]));
    }
}
