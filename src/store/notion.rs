//! Pages as Notion gave them, and how far pulling each data source has come.
//!
//! Holds text and states; what they mean and when they change is for the pull.

use rusqlite::{OptionalExtension, Row, params};

use super::{Batch, Store, StoreError};

/// What is known of a page's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyState {
    /// It is still to be read.
    Pending,
    /// It was read.
    Fetched,
    /// The page was not there any more when it was asked for.
    Gone,
    /// The token may not read content.
    Denied,
}

/// What is known of a page's comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommentsState {
    /// Nobody wanted them.
    Unasked,
    /// They are still to be read.
    Pending,
    /// They were read.
    Fetched,
    /// The token may not read comments.
    Denied,
}

/// How a page left its data source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// It is in the trash.
    Trashed,
    /// It cannot be found: deleted for good, moved, or no longer shared with the connection.
    Vanished,
}

macro_rules! names {
    ($type:ident { $($variant:ident = $name:literal),* }) => {
        impl $type {
            const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the name in the store and in exports.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// Returns the state of that name.
            #[must_use]
            pub fn of(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|state| state.as_str() == name)
            }
        }
    };
}

names!(BodyState { Pending = "pending", Fetched = "fetched", Gone = "gone", Denied = "denied" });
names!(CommentsState { Unasked = "unasked", Pending = "pending", Fetched = "fetched", Denied = "denied" });
names!(Gone { Trashed = "trashed", Vanished = "vanished" });

/// One page with all that was read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRecord {
    /// Page id, dashed, lower case.
    pub id: String,
    /// Id of its data source.
    pub source: String,
    /// The page object as Notion gave it, without what expires: JSON.
    pub page: String,
    /// Values that the page object cuts short, whole: a JSON object by property id.
    pub completed: Option<String>,
    /// Its content as Markdown.
    pub body: Option<String>,
    /// What is known of its content.
    pub body_state: BodyState,
    /// Its comments as Notion gave them: a JSON list.
    pub comments: Option<String>,
    /// What is known of its comments.
    pub comments_state: CommentsState,
    /// When it was last edited, as Notion says: RFC 3339, rounded down to the minute.
    pub edited: String,
    /// Number of the pass that saw it last.
    pub seen: i64,
    /// How it left, if it did.
    pub gone: Option<Gone>,
    /// When content and comments were read, by Notion's clock.
    pub fetched_at: Option<String>,
}

impl PageRecord {
    /// Whether something of the page is still to be read.
    #[must_use]
    pub fn is_unread(&self) -> bool {
        self.body_state == BodyState::Pending || self.comments_state == CommentsState::Pending
    }
}

/// One data source and how far pulling it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRecord {
    /// Data source id.
    pub id: String,
    /// Its name in Notion.
    pub name: String,
    /// Its properties, JSON.
    pub schema: String,
    /// Which property is which field, JSON.
    pub mapping: String,
    /// Everything edited before this was seen, RFC 3339; `None` if it was never read whole.
    pub watermark: Option<String>,
    /// Number of the last pass begun; 0 before the first.
    pub pass: i64,
    /// The pass that did not end, JSON.
    pub unfinished: Option<String>,
}

const PAGE: &str =
    "SELECT id, source, page, completed, body, body_state, comments, comments_state, edited, seen, gone,
    fetched_at FROM notion_page";

fn page(row: &Row<'_>) -> rusqlite::Result<PageRecord> {
    let name = |at: usize| row.get::<_, Option<String>>(at).map(Option::unwrap_or_default);
    Ok(PageRecord {
        id: row.get(0)?,
        source: row.get(1)?,
        page: row.get(2)?,
        completed: row.get(3)?,
        body: row.get(4)?,
        // The table allows no other names.
        body_state: BodyState::of(&name(5)?).unwrap_or(BodyState::Pending),
        comments: row.get(6)?,
        comments_state: CommentsState::of(&name(7)?).unwrap_or(CommentsState::Unasked),
        edited: row.get(8)?,
        seen: row.get(9)?,
        gone: Gone::of(&name(10)?),
        fetched_at: row.get(11)?,
    })
}

const SOURCE: &str = "SELECT id, name, schema, mapping, watermark, pass, unfinished FROM notion_source";

fn source(row: &Row<'_>) -> rusqlite::Result<SourceRecord> {
    Ok(SourceRecord {
        id: row.get(0)?,
        name: row.get(1)?,
        schema: row.get(2)?,
        mapping: row.get(3)?,
        watermark: row.get(4)?,
        pass: row.get(5)?,
        unfinished: row.get(6)?,
    })
}

impl Store {
    /// Returns a page.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn page(&self, id: &str) -> Result<Option<PageRecord>, StoreError> {
        self.db
            .prepare_cached(&format!("{PAGE} WHERE id = ?1"))
            .and_then(|mut statement| statement.query_row([id], page).optional())
            .map_err(|error| self.error(&error))
    }

    /// Returns the ids of the pages of a data source, ordered.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn pages(&self, source: &str) -> Result<Vec<String>, StoreError> {
        self.ids(
            "SELECT id FROM notion_page WHERE source = ?1 ORDER BY id",
            &[&source],
        )
    }

    /// Returns the ids of the pages of a data source of which something is still to be read, ordered.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn unread_pages(&self, source: &str) -> Result<Vec<String>, StoreError> {
        self.ids(
            "SELECT id FROM notion_page
             WHERE source = ?1 AND (body_state = 'pending' OR comments_state = 'pending') ORDER BY id",
            &[&source],
        )
    }

    /// Returns the ids of the pages of a data source that were not seen in a pass and are not known to have left for
    /// good, ordered.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn unseen_pages(&self, source: &str, pass: i64) -> Result<Vec<String>, StoreError> {
        self.ids(
            "SELECT id FROM notion_page
             WHERE source = ?1 AND seen < ?2 AND gone IS NOT 'vanished' ORDER BY id",
            &[&source, &pass],
        )
    }

    /// Returns the ids of the pages of a data source that left in a certain way, ordered.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn gone_pages(&self, source: &str, gone: Gone) -> Result<Vec<String>, StoreError> {
        self.ids(
            "SELECT id FROM notion_page WHERE source = ?1 AND gone = ?2 ORDER BY id",
            &[&source, &gone.as_str()],
        )
    }

    fn ids(&self, sql: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<String>, StoreError> {
        let read = || {
            let mut statement = self.db.prepare_cached(sql)?;
            let rows = statement.query_map(values, |row| row.get(0))?;
            rows.collect::<Result<Vec<_>, _>>()
        };
        read().map_err(|error| self.error(&error))
    }

    /// Returns when the page of a data source that was edited last was edited.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn last_edit(&self, source: &str) -> Result<Option<String>, StoreError> {
        self.db
            .query_row(
                "SELECT max(edited) FROM notion_page WHERE source = ?1",
                [source],
                |row| row.get(0),
            )
            .map_err(|error| self.error(&error))
    }

    /// Returns how many pages of a data source there are, and how many of them were made in the minute in which most
    /// were.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn made_at_once(&self, source: &str) -> Result<(u64, u64), StoreError> {
        self.db
            .query_row(
                "SELECT coalesce(sum(n), 0), coalesce(max(n), 0) FROM (
                   SELECT count(*) AS n FROM notion_page WHERE source = ?1
                   GROUP BY json_extract(page, '$.created_time'))",
                [source],
                |row| {
                    Ok((
                        row.get::<_, i64>(0)?.unsigned_abs(),
                        row.get::<_, i64>(1)?.unsigned_abs(),
                    ))
                },
            )
            .map_err(|error| self.error(&error))
    }

    /// Returns the data sources, ordered by id.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn sources(&self) -> Result<Vec<SourceRecord>, StoreError> {
        let read = || {
            let mut statement = self.db.prepare_cached(&format!("{SOURCE} ORDER BY id"))?;
            let rows = statement.query_map([], source)?;
            rows.collect::<Result<Vec<_>, _>>()
        };
        read().map_err(|error| self.error(&error))
    }

    /// Returns a data source.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn source(&self, id: &str) -> Result<Option<SourceRecord>, StoreError> {
        self.db
            .prepare_cached(&format!("{SOURCE} WHERE id = ?1"))
            .and_then(|mut statement| statement.query_row([id], source).optional())
            .map_err(|error| self.error(&error))
    }
}

impl Batch<'_> {
    /// Returns a page.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn page(&self, id: &str) -> Result<Option<PageRecord>, StoreError> {
        self.tx
            .prepare_cached(&format!("{PAGE} WHERE id = ?1"))
            .and_then(|mut statement| statement.query_row([id], page).optional())
            .map_err(|error| self.error(&error))
    }

    /// Adds a page or replaces the one with its id.
    ///
    /// # Errors
    ///
    /// [`StoreError::Full`] or what SQLite says.
    pub fn put_page(&self, page: &PageRecord) -> Result<(), StoreError> {
        self.tx
            .prepare_cached(
                "INSERT INTO notion_page (id, source, page, completed, body, body_state, comments, comments_state,
                   edited, seen, gone, fetched_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
                 ON CONFLICT (id) DO UPDATE SET source = ?2, page = ?3, completed = ?4, body = ?5, body_state = ?6,
                   comments = ?7, comments_state = ?8, edited = ?9, seen = ?10, gone = ?11, fetched_at = ?12",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    page.id,
                    page.source,
                    page.page,
                    page.completed,
                    page.body,
                    page.body_state.as_str(),
                    page.comments,
                    page.comments_state.as_str(),
                    page.edited,
                    page.seen,
                    page.gone.map(Gone::as_str),
                    page.fetched_at,
                ])
            })
            .map(drop)
            .map_err(|error| self.error(&error))
    }

    /// Marks to be read again what the token was not allowed to read or what was not there although its page was, and comments if they are `wanted` now.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn reopen(&self, source: &str, wanted: bool) -> Result<(), StoreError> {
        let bodies = "UPDATE notion_page SET body_state = 'pending'
            WHERE source = ?1 AND body_state IN ('denied', 'gone') AND gone IS NULL";
        let comments = "UPDATE notion_page SET comments_state = 'pending'
            WHERE source = ?1 AND comments_state IN ('unasked', 'denied') AND gone IS NULL";
        let run = || {
            self.tx.execute(bodies, [source])?;
            if wanted {
                self.tx.execute(comments, [source])?;
            }
            Ok(())
        };
        run().map_err(|error| self.error(&error))
    }

    /// Adds a data source or replaces the one with its id.
    ///
    /// # Errors
    ///
    /// [`StoreError::Full`] or what SQLite says.
    pub fn put_source(&self, source: &SourceRecord) -> Result<(), StoreError> {
        self.tx
            .prepare_cached(
                "INSERT OR REPLACE INTO notion_source (id, name, schema, mapping, watermark, pass, unfinished)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    source.id,
                    source.name,
                    source.schema,
                    source.mapping,
                    source.watermark,
                    source.pass,
                    source.unfinished,
                ])
            })
            .map(drop)
            .map_err(|error| self.error(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(id: &str) -> PageRecord {
        PageRecord {
            id: id.into(),
            source: "s".into(),
            page: "{}".into(),
            completed: None,
            body: None,
            body_state: BodyState::Pending,
            comments: None,
            comments_state: CommentsState::Unasked,
            edited: "2026-01-01T00:00:00.000Z".into(),
            seen: 1,
            gone: None,
            fetched_at: None,
        }
    }

    #[test]
    fn pages_come_back_as_they_were_put() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open_to_write(&folder.path().join("a.db")).unwrap();
        let read = PageRecord {
            body: Some("本文".into()),
            body_state: BodyState::Fetched,
            comments_state: CommentsState::Fetched,
            gone: Some(Gone::Trashed),
            seen: 2,
            ..record("b")
        };
        let batch = store.batch().unwrap();
        batch.put_page(&record("a")).unwrap();
        batch.put_page(&read).unwrap();
        batch.commit().unwrap();
        assert_eq!(store.page("b").unwrap(), Some(read));
        assert_eq!(store.unread_pages("s").unwrap(), ["a"]);
        assert_eq!(store.unseen_pages("s", 2).unwrap(), ["a"]);
        assert_eq!(store.gone_pages("s", Gone::Trashed).unwrap(), ["b"]);
        assert_eq!(store.pages("s").unwrap(), ["a", "b"]);
    }

    #[test]
    fn sources_come_back_as_they_were_put() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open_to_write(&folder.path().join("a.db")).unwrap();
        let source = SourceRecord {
            id: "s".into(),
            name: "依頼".into(),
            schema: "{}".into(),
            mapping: "{}".into(),
            watermark: None,
            pass: 1,
            unfinished: Some("{}".into()),
        };
        let batch = store.batch().unwrap();
        batch.put_source(&source).unwrap();
        batch.commit().unwrap();
        assert_eq!(store.source("s").unwrap(), Some(source.clone()));
        assert_eq!(store.sources().unwrap(), [source]);
    }
}
