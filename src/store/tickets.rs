//! The tickets that analyses read, each as one JSONL line.

use rusqlite::{OptionalExtension, Row, params};

use super::{Batch, Store, StoreError};

/// Where a ticket came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Pulled from Notion.
    Notion,
    /// Imported from a file.
    File,
}

impl Origin {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Notion => "notion",
            Self::File => "file",
        }
    }
}

/// One stored ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTicket {
    /// Its id.
    pub id: String,
    /// Where it came from.
    pub origin: Origin,
    /// The Notion page that it is, where its id or link tells: 36 characters, dashed, lower case.
    pub page: Option<String>,
    /// The ticket as [`to_line`](crate::source::to_line) writes it.
    pub line: String,
}

impl StoredTicket {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let origin: String = row.get(1)?;
        Ok(Self {
            id: row.get(0)?,
            origin: if origin == "notion" {
                Origin::Notion
            } else {
                Origin::File
            },
            page: row.get(2)?,
            line: row.get(3)?,
        })
    }
}

impl Store {
    /// Returns all tickets as JSONL, ordered by id: what a file with the same tickets would hold.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] or what SQLite says.
    pub fn lines(&self) -> Result<Vec<u8>, StoreError> {
        let mut all = Vec::new();
        self.each_ticket(|ticket| {
            all.extend_from_slice(ticket.line.as_bytes());
            all.push(b'\n');
        })?;
        Ok(all)
    }

    /// Calls `visit` for every ticket, ordered by id.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] or what SQLite says.
    pub fn each_ticket(&self, mut visit: impl FnMut(StoredTicket)) -> Result<(), StoreError> {
        let mut read = || {
            let mut statement = self
                .db
                .prepare("SELECT id, origin, page, line FROM ticket ORDER BY id")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                visit(StoredTicket::read(row)?);
            }
            Ok(())
        };
        read().map_err(|error| self.error(&error))
    }

    /// Counts the tickets of an origin.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn count(&self, origin: Origin) -> Result<u64, StoreError> {
        self.db
            .query_row(
                "SELECT count(*) FROM ticket WHERE origin = ?1",
                [origin.as_str()],
                |row| row.get::<_, i64>(0),
            )
            .map(i64::unsigned_abs)
            .map_err(|error| self.error(&error))
    }
}

impl Batch<'_> {
    /// Returns the ticket with an id.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn ticket(&self, id: &str) -> Result<Option<StoredTicket>, StoreError> {
        self.tx
            .prepare_cached("SELECT id, origin, page, line FROM ticket WHERE id = ?1")
            .and_then(|mut statement| statement.query_row([id], StoredTicket::read).optional())
            .map_err(|error| self.error(&error))
    }

    /// Returns the tickets that are the Notion page `page`, ordered by id.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn tickets_of_page(&self, page: &str) -> Result<Vec<StoredTicket>, StoreError> {
        self.tx
            .prepare_cached("SELECT id, origin, page, line FROM ticket WHERE page = ?1 ORDER BY id")
            .and_then(|mut statement| {
                let rows = statement.query_map([page], StoredTicket::read)?;
                rows.collect()
            })
            .map_err(|error| self.error(&error))
    }

    /// Adds a ticket or replaces the one with its id.
    ///
    /// # Errors
    ///
    /// [`StoreError::Full`] or what SQLite says.
    pub fn put_ticket(&self, ticket: &StoredTicket) -> Result<(), StoreError> {
        self.tx
            .prepare_cached(
                "INSERT INTO ticket (id, origin, page, line) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (id) DO UPDATE SET origin = ?2, page = ?3, line = ?4",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    ticket.id,
                    ticket.origin.as_str(),
                    ticket.page,
                    ticket.line
                ])
            })
            .map(drop)
            .map_err(|error| self.error(&error))
    }

    /// Removes a ticket: it is the same as another one.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn remove_ticket(&self, id: &str) -> Result<(), StoreError> {
        self.tx
            .execute("DELETE FROM ticket WHERE id = ?1", [id])
            .map(drop)
            .map_err(|error| self.error(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(id: &str) -> StoredTicket {
        StoredTicket {
            id: id.into(),
            origin: Origin::File,
            page: Some(format!("page-{id}")),
            line: format!(r#"{{"id":"{id}"}}"#),
        }
    }

    #[test]
    fn tickets_come_back_ordered_by_id() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open_to_write(&folder.path().join("a.db")).unwrap();
        let batch = store.batch().unwrap();
        for id in ["b", "a", "b"] {
            batch.put_ticket(&ticket(id)).unwrap();
        }
        assert_eq!(batch.ticket("a").unwrap(), Some(ticket("a")));
        assert_eq!(batch.tickets_of_page("page-b").unwrap(), [ticket("b")]);
        batch.commit().unwrap();
        assert_eq!(store.lines().unwrap(), b"{\"id\":\"a\"}\n{\"id\":\"b\"}\n");
        assert_eq!(store.count(Origin::File).unwrap(), 2);
    }

    #[test]
    fn what_was_not_committed_never_happened() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open_to_write(&folder.path().join("a.db")).unwrap();
        let batch = store.batch().unwrap();
        batch.put_ticket(&ticket("a")).unwrap();
        drop(batch);
        assert_eq!(store.lines().unwrap(), b"");
    }

    #[test]
    fn a_full_disk_loses_nothing_that_was_committed() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open_to_write(&folder.path().join("a.db")).unwrap();
        let batch = store.batch().unwrap();
        batch.put_ticket(&ticket("a")).unwrap();
        batch.commit().unwrap();
        store.db.pragma_update(None, "max_page_count", 12).unwrap();
        let batch = store.batch().unwrap();
        let big = StoredTicket {
            line: "x".repeat(1 << 20),
            ..ticket("b")
        };
        assert!(matches!(batch.put_ticket(&big), Err(StoreError::Full(_))));
        drop(batch);
        assert_eq!(store.lines().unwrap(), b"{\"id\":\"a\"}\n");
    }
}
