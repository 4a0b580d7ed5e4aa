//! Launches out of the store and into another one: each a line of the export, beside those of the tickets.

use serde::Deserialize;
use serde_json::json;

use super::transfer_reports::BrokenLine;
use super::{Store, StoreError};
use crate::config::Launch;
use crate::source::LAUNCH_LINE;

/// A launch as a line.
#[derive(Deserialize)]
struct Line {
    toilscope_launch: Launch,
}

/// What importing launches did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportedLaunches {
    /// Launches that were not there.
    pub new: usize,
    /// Launches of a play and day that the store has one of, which stays.
    pub known: usize,
    /// Lines that are no launch.
    pub broken: Vec<BrokenLine>,
}

/// Returns the line that an export holds for a launch, without the line break.
#[must_use]
pub fn export_launch(launch: &Launch) -> String {
    json!({ "toilscope_launch": launch.record() }).to_string()
}

impl Store {
    /// Adds the launches among the lines of an export, in one transaction. Importing the same again changes nothing.
    /// Whether the taxonomy in force has what they name is asked when they are used.
    ///
    /// # Errors
    ///
    /// [`StoreError::Full`] or what SQLite says; then none was added.
    pub fn import_launches(&mut self, export: &[u8]) -> Result<ImportedLaunches, StoreError> {
        let lines = (1..).zip(export.split(|byte| *byte == b'\n'));
        let mut done = ImportedLaunches::default();
        let mut launches = Vec::new();
        for (line, text) in lines.filter(|(_, text)| text.starts_with(LAUNCH_LINE)) {
            match read(text) {
                Ok(launch) => launches.push(launch),
                Err(reason) => done.broken.push(BrokenLine { line, reason }),
            }
        }
        if launches.is_empty() {
            return Ok(done);
        }
        let mut there = self.launches()?;
        let batch = self.batch()?;
        for launch in launches {
            if there
                .iter()
                .any(|known| (&known.play, known.date) == (&launch.play, launch.date))
            {
                done.known += 1;
                continue;
            }
            done.new += 1;
            batch.put_launch(&launch)?;
            there.push(launch);
        }
        batch.commit()?;
        Ok(done)
    }
}

fn read(line: &[u8]) -> Result<Launch, String> {
    let launch = serde_json::from_slice::<Line>(line)
        .map_err(|error| error.to_string())?
        .toilscope_launch;
    launch.impossible().map_or(Ok(launch), Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launch(play: &str, date: &str) -> Launch {
        Launch {
            play: play.to_owned(),
            subpatterns: vec!["account.github".to_owned()],
            date: date.parse().unwrap(),
            washout_weeks: 3,
            projected_hours: Some(12.5),
        }
    }

    #[test]
    fn launches_come_back_as_they_were_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open_to_write(&folder.path().join("a.db")).unwrap();
        let mut own = launch("b", "2026-04-02");
        own.washout_weeks = 9;
        let batch = store.batch().unwrap();
        batch.put_launch(&own).unwrap();
        batch.commit().unwrap();
        let lines: Vec<String> = [launch("a", "2026-04-01"), launch("b", "2026-04-02")]
            .iter()
            .map(export_launch)
            .collect();
        let export = lines.join("\n");
        let done = store.import_launches(export.as_bytes()).unwrap();
        assert_eq!((done.new, done.known, done.broken.len()), (1, 1, 0));
        assert_eq!(store.launches().unwrap(), [launch("a", "2026-04-01"), own]);
        let again = store.import_launches(export.as_bytes()).unwrap();
        assert_eq!((again.new, again.known), (0, 2));
    }

    #[test]
    fn lines_that_are_no_launch_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open_to_write(&folder.path().join("a.db")).unwrap();
        let good = export_launch(&launch("a", "2026-04-01"));
        let lines = [
            good.replace("2026-04-01", "2026-04-31"),
            good.replace("12.5", "-1"),
            good.replace(":3", ":4000000000"),
            good.replace("play", "prank"),
            good,
        ];
        let done = store.import_launches(lines.join("\n").as_bytes()).unwrap();
        let broken: Vec<u64> = done.broken.iter().map(|broken| broken.line).collect();
        assert_eq!((done.new, broken), (1, vec![1, 2, 3, 4]));
    }
}
