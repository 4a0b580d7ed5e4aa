//! The reports that were made from the store, each whole: what it said, and what the next one needs to go on from it.
//!
//! Three parts of a run are kept as texts whose makers read them back (`history`, `report`); here they are only packed.
//! A run is never changed once it is there.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use rusqlite::{OptionalExtension, Row, params};

use super::{Batch, Store, StoreError};

/// One report that was made, without its large parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRun {
    /// Its number, from 1.
    pub number: i64,
    /// When it was made, RFC 3339.
    pub made_at: String,
    /// The run whose groups it carried on; `None` if it was the first.
    pub base: Option<i64>,
    /// Versions, hashes, settings and counts, JSON.
    pub about: String,
    /// Equal for runs over the same tickets, taxonomy, labels, settings and version.
    pub analysis_key: String,
    /// Equal for runs that also say it in the same words.
    pub report_key: String,
}

/// The large parts of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportParts {
    /// Groups and their members, for the next run, JSON.
    pub memory: String,
    /// The answer for every ticket, JSON.
    pub answers: String,
    /// The report, JSON.
    pub report: String,
}

const COLUMNS: &str = "number, made_at, base, about, analysis_key, report_key";

/// The greatest number of a run. A greater one is none that this tool gave, and would leave no number for the next.
pub(super) const MOST_NUMBER: i64 = 1 << 40;

impl ReportRun {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            number: row.get(0)?,
            made_at: row.get(1)?,
            base: row.get(2)?,
            about: row.get(3)?,
            analysis_key: row.get(4)?,
            report_key: row.get(5)?,
        })
    }
}

impl Store {
    /// Returns the runs, oldest first; none from a store of a layout that had no room for them.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn report_runs(&self) -> Result<Vec<ReportRun>, StoreError> {
        if !self.has_table("report_run")? {
            return Ok(Vec::new());
        }
        let read = || {
            let sql = format!(
                "SELECT {COLUMNS} FROM report_run WHERE number BETWEEN 1 AND {MOST_NUMBER} ORDER BY number"
            );
            let mut statement = self.db.prepare(&sql)?;
            let rows = statement.query_map([], ReportRun::read)?;
            rows.collect::<Result<Vec<_>, _>>()
        };
        read().map_err(|error| self.error(&error))
    }

    /// Returns the large parts of a run; `None` if there is no run of that number.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnreadableRun`] if a part cannot be unpacked, or what SQLite says.
    pub fn report_parts(&self, number: i64) -> Result<Option<ReportParts>, StoreError> {
        let packed: Option<[Vec<u8>; 3]> = self
            .db
            .query_row(
                "SELECT memory, answers, report FROM report_run WHERE number = ?1",
                [number],
                |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]),
            )
            .optional()
            .map_err(|error| self.error(&error))?;
        let Some([memory, answers, report]) = packed else {
            return Ok(None);
        };
        let text = |bytes: &[u8]| {
            unpack(bytes).map_err(|error| StoreError::UnreadableRun {
                path: self.path().to_owned(),
                number,
                reason: error.to_string(),
            })
        };
        Ok(Some(ReportParts {
            memory: text(&memory)?,
            answers: text(&answers)?,
            report: text(&report)?,
        }))
    }
}

impl Batch<'_> {
    /// Returns the number that the next run gets: numbers of runs that were dropped are not given again.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn next_report_run(&self) -> Result<i64, StoreError> {
        self.tx
            .query_row(
                "SELECT coalesce(max(number), 0) + 1 FROM report_run WHERE number BETWEEN 1 AND ?1",
                [MOST_NUMBER - 1],
                |row| row.get(0),
            )
            .map_err(|error| self.error(&error))
    }

    /// Adds a run.
    ///
    /// # Errors
    ///
    /// [`StoreError::Full`] or what SQLite says, a number that is taken among it.
    pub fn put_report_run(&self, run: &ReportRun, parts: &ReportParts) -> Result<(), StoreError> {
        let pack = |text: &str| {
            pack(text).map_err(|source| StoreError::Io {
                path: self.path.to_owned(),
                action: "written to",
                source,
            })
        };
        let (memory, answers, report) = (pack(&parts.memory)?, pack(&parts.answers)?, pack(&parts.report)?);
        self.tx
            .execute(
                "INSERT INTO report_run
                 (number, made_at, base, about, analysis_key, report_key, memory, answers, report)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    run.number,
                    run.made_at,
                    run.base,
                    run.about,
                    run.analysis_key,
                    run.report_key,
                    memory,
                    answers,
                    report
                ],
            )
            .map(drop)
            .map_err(|error| self.error(&error))
    }

    /// Drops the oldest runs beyond `keep`; the newest always stays, and the run that it went on from with it: without
    /// that the same report could not be made again. Returns how many went.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn drop_report_runs(&self, keep: u32) -> Result<usize, StoreError> {
        self.tx
            .execute(
                "WITH known AS (SELECT number, base FROM report_run WHERE number BETWEEN 1 AND ?2)
                 DELETE FROM report_run
                 WHERE number NOT IN (SELECT number FROM known ORDER BY number DESC LIMIT ?1)
                 AND number IS NOT (SELECT base FROM known ORDER BY number DESC LIMIT 1)",
                params![keep.max(1), MOST_NUMBER],
            )
            .map_err(|error| self.error(&error))
    }
}

fn pack(text: &str) -> io::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes())?;
    encoder.finish()
}

fn unpack(bytes: &[u8]) -> io::Result<String> {
    let mut text = String::new();
    ZlibDecoder::new(bytes).read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(number: i64) -> ReportRun {
        ReportRun {
            number,
            made_at: "2026-04-01T00:00:00Z".into(),
            base: (number > 1).then(|| number - 1),
            about: "{}".into(),
            analysis_key: "a".into(),
            report_key: "r".into(),
        }
    }

    fn parts(of: i64) -> ReportParts {
        ReportParts {
            memory: format!("{{\"m\":{of}}}"),
            answers: "招待".repeat(1_000),
            report: String::new(),
        }
    }

    #[test]
    fn runs_come_back_whole_and_are_small() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open_to_write(&folder.path().join("a.db")).unwrap();
        let batch = store.batch().unwrap();
        for number in [1, 2] {
            assert_eq!(batch.next_report_run().unwrap(), number);
            batch.put_report_run(&run(number), &parts(number)).unwrap();
        }
        batch.commit().unwrap();
        assert_eq!(store.report_runs().unwrap(), [run(1), run(2)]);
        assert_eq!(store.report_parts(2).unwrap(), Some(parts(2)));
        assert_eq!(store.report_parts(3).unwrap(), None);
        assert!(pack(&parts(1).answers).unwrap().len() < 100);
    }

    #[test]
    fn dropping_keeps_the_newest_with_its_base_and_never_reuses_a_number() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open_to_write(&folder.path().join("a.db")).unwrap();
        let batch = store.batch().unwrap();
        for number in 1..=4 {
            batch.put_report_run(&run(number), &parts(number)).unwrap();
        }
        assert_eq!(batch.drop_report_runs(0).unwrap(), 2);
        assert_eq!(batch.next_report_run().unwrap(), 5);
        batch.commit().unwrap();
        assert_eq!(store.report_runs().unwrap(), [run(3), run(4)]);
        let batch = store.batch().unwrap();
        let first = ReportRun { base: None, ..run(5) };
        batch.put_report_run(&first, &parts(5)).unwrap();
        assert_eq!(batch.drop_report_runs(1).unwrap(), 2);
        batch.commit().unwrap();
        assert_eq!(store.report_runs().unwrap(), [first]);
    }

    #[test]
    fn a_number_that_leaves_none_for_the_next_is_not_counted() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open_to_write(&folder.path().join("a.db")).unwrap();
        let batch = store.batch().unwrap();
        for number in [1, 2, i64::MAX, i64::MIN] {
            batch.put_report_run(&run(number), &parts(1)).unwrap();
        }
        assert_eq!(batch.next_report_run().unwrap(), 3);
        assert_eq!(batch.drop_report_runs(2).unwrap(), 2);
        batch.commit().unwrap();
        assert_eq!(store.report_runs().unwrap(), [run(1), run(2)]);
    }

    #[test]
    fn a_part_that_cannot_be_unpacked_is_damage() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open_to_write(&folder.path().join("a.db")).unwrap();
        let batch = store.batch().unwrap();
        batch.put_report_run(&run(1), &parts(1)).unwrap();
        batch.commit().unwrap();
        store
            .db
            .execute("UPDATE report_run SET report = x'00'", [])
            .unwrap();
        assert!(matches!(
            store.report_parts(1),
            Err(StoreError::UnreadableRun { number: 1, .. })
        ));
    }
}
