//! The launches of automations that the user told the store.

use rusqlite::params;

use super::{Batch, Store, StoreError};
use crate::config::Launch;

impl Store {
    /// Returns the launches, by day, then play; none from a store of a layout that had no room for them.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] if one cannot be read, or what SQLite says.
    pub fn launches(&self) -> Result<Vec<Launch>, StoreError> {
        if !self.has_table("launch")? {
            return Ok(Vec::new());
        }
        let read = || {
            let mut statement = self.db.prepare(
                "SELECT play, date, subpatterns, washout_weeks, projected_hours FROM launch ORDER BY date, play",
            )?;
            let rows = statement.query_map([], |row| {
                let (date, subpatterns): (String, String) = (row.get(1)?, row.get(2)?);
                Ok((row.get(0)?, date, subpatterns, row.get(3)?, row.get(4)?))
            })?;
            rows.collect::<Result<Vec<(String, String, String, u32, Option<f64>)>, _>>()
        };
        let rows = read().map_err(|error| self.error(&error))?;
        let launch = |(play, date, subpatterns, washout_weeks, projected_hours): (
            String,
            String,
            String,
            u32,
            Option<f64>,
        )| {
            let corrupt = |reason: String| StoreError::Corrupt {
                path: self.path().to_owned(),
                reason: format!("launch of {play}: {reason}"),
            };
            Ok(Launch {
                subpatterns: serde_json::from_str(&subpatterns)
                    .map_err(|error| corrupt(error.to_string()))?,
                date: date.parse().map_err(corrupt)?,
                play,
                washout_weeks,
                projected_hours,
            })
        };
        rows.into_iter().map(launch).collect()
    }
}

impl Batch<'_> {
    /// Keeps a launch; one of the same play and day is replaced. Returns whether there was one.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn put_launch(&self, launch: &Launch) -> Result<bool, StoreError> {
        let replaced = self.remove_launch(launch)?;
        let subpatterns = serde_json::json!(launch.subpatterns).to_string();
        self.tx
            .execute(
                "INSERT INTO launch (play, date, subpatterns, washout_weeks, projected_hours) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    launch.play,
                    launch.date.0.to_string(),
                    subpatterns,
                    launch.washout_weeks,
                    launch.projected_hours
                ],
            )
            .map_err(|error| self.error(&error))?;
        Ok(replaced)
    }

    /// Forgets a launch, known by its play and day. Returns whether it was there.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn remove_launch(&self, launch: &Launch) -> Result<bool, StoreError> {
        self.tx
            .execute(
                "DELETE FROM launch WHERE play = ?1 AND date = ?2",
                params![launch.play, launch.date.0.to_string()],
            )
            .map(|removed| removed > 0)
            .map_err(|error| self.error(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_launch_is_kept_replaced_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let mut launch = Launch {
            play: "an invented play".to_owned(),
            subpatterns: vec!["account.github".to_owned()],
            date: "2026-04-01".parse().unwrap(),
            washout_weeks: 2,
            projected_hours: Some(12.5),
        };
        let mut store = Store::open_to_write(&path).unwrap();
        let batch = store.batch().unwrap();
        assert!(!batch.put_launch(&launch).unwrap());
        launch.washout_weeks = 4;
        assert!(batch.put_launch(&launch).unwrap());
        batch.commit().unwrap();
        drop(store);
        let mut store = Store::open(&path).unwrap();
        assert_eq!(store.launches().unwrap(), [launch.clone()]);
        drop(store);
        store = Store::open_to_write(&path).unwrap();
        let batch = store.batch().unwrap();
        assert!(batch.remove_launch(&launch).unwrap() && !batch.remove_launch(&launch).unwrap());
        batch.commit().unwrap();
        assert!(store.launches().unwrap().is_empty());
    }
}
