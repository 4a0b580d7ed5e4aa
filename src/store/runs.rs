//! The history of what was done to the store. A run that did not end has no end here, which is how it shows.

use rusqlite::params;
use serde_json::Value;

use super::{Batch, Store, StoreError};

/// One run of a command that writes to the store.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Its number, from 1.
    pub number: i64,
    /// The command, "pull".
    pub command: String,
    /// The version that ran.
    pub tool_version: String,
    /// When it began, RFC 3339.
    pub started_at: String,
    /// When it ended; `None` if it was interrupted.
    pub ended_at: Option<String>,
    /// What it did, by name.
    pub summary: Option<Value>,
}

impl Store {
    /// Returns the last runs, newest first.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn runs(&self, most: u32) -> Result<Vec<Run>, StoreError> {
        let read = || {
            let mut statement = self.db.prepare(
                "SELECT number, command, tool_version, started_at, ended_at, summary
                 FROM run ORDER BY number DESC LIMIT ?1",
            )?;
            let rows = statement.query_map([most], |row| {
                let summary: Option<String> = row.get(5)?;
                Ok(Run {
                    number: row.get(0)?,
                    command: row.get(1)?,
                    tool_version: row.get(2)?,
                    started_at: row.get(3)?,
                    ended_at: row.get(4)?,
                    summary: summary.and_then(|text| serde_json::from_str(&text).ok()),
                })
            })?;
            rows.collect::<Result<Vec<_>, _>>()
        };
        read().map_err(|error| self.error(&error))
    }
}

impl Batch<'_> {
    /// Notes that a command begins and returns the number of the run.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn begin_run(&self, command: &str, started_at: &str) -> Result<i64, StoreError> {
        self.tx
            .execute(
                "INSERT INTO run (command, tool_version, started_at) VALUES (?1, ?2, ?3)",
                params![command, env!("CARGO_PKG_VERSION"), started_at],
            )
            .map_err(|error| self.error(&error))?;
        Ok(self.tx.last_insert_rowid())
    }

    /// Notes that a run ended, and what it did.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn end_run(&self, number: i64, ended_at: &str, summary: &Value) -> Result<(), StoreError> {
        self.tx
            .execute(
                "UPDATE run SET ended_at = ?2, summary = ?3 WHERE number = ?1",
                params![number, ended_at, summary.to_string()],
            )
            .map(drop)
            .map_err(|error| self.error(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_listed_newest_first_and_unended_ones_show() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open_to_write(&folder.path().join("a.db")).unwrap();
        let batch = store.batch().unwrap();
        let first = batch.begin_run("pull", "2026-01-01T00:00:00Z").unwrap();
        let second = batch.begin_run("import", "2026-01-02T00:00:00Z").unwrap();
        let did = serde_json::json!({"new": 3});
        batch.end_run(second, "2026-01-02T00:00:09Z", &did).unwrap();
        batch.commit().unwrap();
        let runs = store.runs(5).unwrap();
        assert_eq!((runs[0].number, runs[1].number), (second, first));
        assert_eq!((&runs[0].summary, &runs[1].ended_at), (&Some(did), &None));
    }
}
