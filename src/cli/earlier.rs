//! Runs that the store keeps, read back: the one to go on from, or any by its number.
//!
//! A run that cannot be read (a newer version made it, or its row is damaged) is passed over with a warning when a run to
//! go on from is looked for: it must not be in the way of everything that the store holds besides.

use crate::Error;
use crate::classify::Memory;
use crate::cli::failure::Failure;
use crate::cli::messages::warn;
use crate::history::{About, Answer};
use crate::report::saved;
use crate::store::{ReportParts, ReportRun, Store, StoreError};

/// An earlier run, read.
pub(super) struct Earlier {
    pub(super) run: ReportRun,
    pub(super) about: About,
    pub(super) answers: Vec<Answer>,
    pub(super) memory: Memory,
}

impl Earlier {
    /// Reads a run.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnreadableRun`], or what the store reports.
    pub(super) fn read(store: &Store, run: &ReportRun) -> Result<Self, StoreError> {
        let parts = parts(store, run.number)?;
        let read = || -> Result<Self, String> {
            let json = |error: serde_json::Error| error.to_string();
            Ok(Self {
                run: run.clone(),
                about: serde_json::from_str(&run.about).map_err(json)?,
                answers: serde_json::from_str(&parts.answers).map_err(json)?,
                memory: Memory::read(&parts.memory)?,
            })
        };
        read().map_err(|reason| unreadable(store, run.number, reason))
    }

    /// Finds the run to go on from and reads it. Those that cannot be read are named and passed over.
    ///
    /// # Errors
    ///
    /// What the store reports.
    pub(super) fn base(
        store: &Store,
        runs: &[ReportRun],
        analysis_key: &str,
    ) -> Result<Option<Self>, Failure> {
        let mut runs = runs.to_vec();
        while let Some(run) = base(&runs, analysis_key) {
            match Self::read(store, run) {
                Ok(earlier) => return Ok(Some(earlier)),
                Err(error @ StoreError::UnreadableRun { .. }) => {
                    warn(&format!("{error}; it is passed over"), error.hint());
                }
                Err(error) => return Err(Error::from(error).into()),
            }
            let passed = run.number;
            runs.retain(|run| run.number != passed);
        }
        Ok(None)
    }
}

/// Finds the run to go on from: the last one; where that was made from the same, the one that it went on from itself,
/// so that the same report comes out again.
fn base<'r>(runs: &'r [ReportRun], analysis_key: &str) -> Option<&'r ReportRun> {
    let last = runs.last()?;
    if last.analysis_key != analysis_key {
        return Some(last);
    }
    let number = last.base?;
    Some(runs.iter().find(|run| run.number == number).unwrap_or(last))
}

/// Reads the large parts of a run that is listed.
///
/// # Errors
///
/// [`StoreError::UnreadableRun`], or what the store reports.
pub(super) fn parts(store: &Store, number: i64) -> Result<ReportParts, StoreError> {
    let parts = store.report_parts(number)?;
    parts.ok_or_else(|| unreadable(store, number, "it was dropped meanwhile".to_owned()))
}

/// The error for a run that cannot be read.
pub(super) fn unreadable(store: &Store, number: i64, reason: String) -> StoreError {
    StoreError::UnreadableRun {
        path: store.path().to_owned(),
        number,
        reason,
    }
}

/// Checks that a run from a file can be read, before it comes into the store.
///
/// # Errors
///
/// The reason, a lower-case fragment.
pub(super) fn check(run: &ReportRun, parts: &ReportParts) -> Result<(), String> {
    let read = || -> Result<(), String> {
        let json = |error: serde_json::Error| error.to_string();
        serde_json::from_str::<About>(&run.about).map_err(json)?;
        serde_json::from_str::<Vec<Answer>>(&parts.answers).map_err(json)?;
        Memory::read(&parts.memory)?;
        saved::check(&parts.report).map_err(json)
    };
    read().map_err(|reason| format!("run {} cannot be read: {reason}", run.number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(number: i64, base: Option<i64>, key: &str) -> ReportRun {
        ReportRun {
            number,
            made_at: "2026-04-01T00:00:00Z".into(),
            base,
            about: "{}".into(),
            analysis_key: key.into(),
            report_key: key.into(),
        }
    }

    #[test]
    fn a_report_goes_on_from_the_last_run_made_from_something_else() {
        let runs = [run(1, None, "a"), run(2, Some(1), "b"), run(3, Some(1), "b")];
        let number = |runs, key| base(runs, key).map(|run| run.number);
        assert_eq!(number(&runs, "c"), Some(3));
        assert_eq!(number(&runs, "b"), Some(1));
        assert_eq!(number(&runs[..1], "a"), None);
        assert_eq!(number(&[], "a"), None);
        assert_eq!(number(&runs[1..], "b"), Some(3), "the one before was dropped");
    }

    /// A store with a run for each of these memories.
    fn store(folder: &tempfile::TempDir, memories: &[&str]) -> Store {
        let mut store = Store::open_to_write(&folder.path().join("a.db")).unwrap();
        let batch = store.batch().unwrap();
        for (number, memory) in (1..).zip(memories) {
            let run = run(number, (number > 1).then(|| number - 1), &number.to_string());
            let parts = ReportParts {
                memory: (*memory).to_owned(),
                answers: "[]".to_owned(),
                report: "{}".to_owned(),
            };
            batch.put_report_run(&run, &parts).unwrap();
        }
        batch.commit().unwrap();
        store
    }

    #[test]
    fn runs_that_cannot_be_read_are_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let newer = "{\"groups\": [], \"places\": 7}";
        let store = store(&folder, &["{}", newer, newer]);
        let runs = store.report_runs().unwrap();
        let number = |key: &str, runs: &[ReportRun]| {
            Earlier::base(&store, runs, key)
                .map(|base| base.map(|base| base.run.number))
                .ok()
        };
        assert_eq!(number("other", &runs), Some(Some(1)));
        assert_eq!(
            number("3", &runs),
            Some(Some(1)),
            "the base of the last cannot be read, nor can the last"
        );
        assert_eq!(number("other", &runs[1..]), Some(None));
    }
}
