//! The tables, as a list of steps from each layout to the next.
//!
//! A step is never changed once it is released: stores that took it are out there. A new layout is a new step at the
//! end, and a test opens a store of every layout before it.

use rusqlite_migration::{M, Migrations};

/// Marks a SQLite file as ours: "toil" in ASCII.
pub(super) const APPLICATION_ID: i32 = 0x746F_696C;

/// The steps; SQLite's `user_version` counts those taken.
pub(super) fn migrations() -> Migrations<'static> {
    Migrations::from_slice(STEPS)
}

/// The newest layout that this version knows.
pub(super) const LATEST: i64 = STEPS.len() as i64;

const STEPS: &[M<'_>] = &[M::up(FIRST), M::up(REPORT_RUNS), M::up(LAUNCHES)];

const FIRST: &str = "
-- The tables with long rows keep them by row number: sorted by a text key they would take four times the space.
-- What analyses read. `line` is the normalised ticket as one JSONL line (source::to_line).
CREATE TABLE ticket (
  id      TEXT PRIMARY KEY NOT NULL,
  origin  TEXT NOT NULL CHECK (origin IN ('notion', 'file')),
  page    TEXT,                      -- the Notion page that it is, by its id or its link
  line    TEXT NOT NULL
) STRICT;
CREATE INDEX ticket_page ON ticket (page) WHERE page IS NOT NULL;

-- What Notion said of a ticket, beside the ticket made of it.
CREATE TABLE notion_page (
  id             TEXT PRIMARY KEY NOT NULL,
  source         TEXT NOT NULL,      -- data source id
  page           TEXT NOT NULL,      -- page object, JSON, without what expires
  completed      TEXT,               -- values that the page object cuts short, whole: JSON, by property id
  body           TEXT,               -- page content, Markdown
  body_state     TEXT NOT NULL CHECK (body_state IN ('pending', 'fetched', 'gone', 'denied')),
  comments       TEXT,               -- comment objects, JSON list
  comments_state TEXT NOT NULL CHECK (comments_state IN ('unasked', 'pending', 'fetched', 'denied')),
  edited         TEXT NOT NULL,      -- last_edited_time
  seen           INTEGER NOT NULL,   -- number of the pass that saw it last
  gone           TEXT CHECK (gone IN ('trashed', 'vanished')),
  fetched_at     TEXT                -- when body and comments were read, by Notion's clock
) STRICT;
CREATE INDEX notion_page_unread ON notion_page (source, id) WHERE body_state = 'pending' OR comments_state = 'pending';

-- What is known of each data source, and how far pulling it has come.
CREATE TABLE notion_source (
  id        TEXT PRIMARY KEY NOT NULL,
  name      TEXT NOT NULL,
  schema    TEXT NOT NULL,           -- properties, JSON
  mapping   TEXT NOT NULL,           -- which property is which field, JSON
  watermark TEXT,                    -- everything edited before this was seen; NULL: never read whole
  pass      INTEGER NOT NULL,        -- number of the last pass begun
  unfinished TEXT                    -- the pass that did not end, JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  number       INTEGER PRIMARY KEY,
  command      TEXT NOT NULL,
  tool_version TEXT NOT NULL,
  started_at   TEXT NOT NULL,
  ended_at     TEXT,
  summary      TEXT                  -- what it did, JSON; NULL: it did not end
) STRICT;

PRAGMA application_id = 0x746F696C;
";

/// What each report said, and what the next one goes on from. The last three are packed with zlib.
const REPORT_RUNS: &str = "
CREATE TABLE report_run (
  number       INTEGER PRIMARY KEY,
  made_at      TEXT NOT NULL,
  base         INTEGER,              -- the run whose groups this one carried on
  about        TEXT NOT NULL,        -- versions, hashes, settings and counts, JSON
  analysis_key TEXT NOT NULL,        -- same tickets, taxonomy, labels, settings and version: same key
  report_key   TEXT NOT NULL,        -- the same in the same words: same key
  memory       BLOB NOT NULL,        -- groups and their members, JSON
  answers      BLOB NOT NULL,        -- the answer for every ticket, JSON
  report       BLOB NOT NULL         -- the report, JSON
) STRICT;
";

/// Which automation went live when.
const LAUNCHES: &str = "
CREATE TABLE launch (
  play            TEXT NOT NULL,
  date            TEXT NOT NULL,
  subpatterns     TEXT NOT NULL,     -- ids, JSON list
  washout_weeks   INTEGER NOT NULL,
  projected_hours REAL,              -- a quarter
  PRIMARY KEY (play, date)
) STRICT, WITHOUT ROWID;
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_are_valid() {
        assert_eq!(migrations().validate(), Ok(()));
    }

    /// A store as version 0.1.0 of the first layout made it, with tickets in it.
    fn first(folder: &tempfile::TempDir) -> std::path::PathBuf {
        let path = folder.path().join("old.db");
        let old = rusqlite::Connection::open(&path).unwrap();
        old.execute_batch(FIRST).unwrap();
        old.execute_batch(
            "INSERT INTO ticket VALUES ('REQ-1', 'file', NULL, '{\"id\":\"REQ-1\"}');
             INSERT INTO run VALUES (1, 'import', '0.1.0', '2026-01-01T00:00:00Z', NULL, NULL);
             PRAGMA user_version = 1;",
        )
        .unwrap();
        path
    }

    fn holds_what_it_held(path: &std::path::Path) {
        let store = crate::store::Store::open(path).unwrap();
        assert_eq!(store.lines().unwrap(), b"{\"id\":\"REQ-1\"}\n");
        assert_eq!(store.runs(5).unwrap().len(), 1);
        assert_eq!(store.report_runs().unwrap(), []);
        assert_eq!(store.launches().unwrap(), []);
        store.verify().unwrap();
    }

    fn layout(path: &std::path::Path) -> i64 {
        let db = rusqlite::Connection::open(path).unwrap();
        db.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_store_of_the_first_layout_opens_and_keeps_what_it_holds() {
        let folder = tempfile::tempdir().unwrap();
        let path = first(&folder);
        holds_what_it_held(&path);
        assert_eq!(layout(&path), LATEST);
    }

    #[test]
    fn a_store_of_the_first_layout_is_read_where_it_cannot_be_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = first(&folder);
        // A folder of that name keeps even a mighty user from making the lock, as an unwritable folder keeps others.
        std::fs::create_dir(folder.path().join("old.db-lock")).unwrap();
        holds_what_it_held(&path);
        assert_eq!(layout(&path), 1);
    }
}
