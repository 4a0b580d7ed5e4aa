//! Opens a store to read or to write, and groups changes into transactions.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use rusqlite_migration::Error as MigrationError;

use super::StoreError;
use super::layout::{APPLICATION_ID, LATEST, migrations};

/// How long a statement waits for another process to end its transaction.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open store.
#[derive(Debug)]
pub struct Store {
    pub(super) db: Connection,
    path: PathBuf,
    /// Held while this process may write; the system frees it however the process ends.
    _lock: Option<File>,
}

/// Changes that happen together or not at all: they hold once [`Batch::commit`] returned.
#[derive(Debug)]
pub struct Batch<'s> {
    pub(super) tx: Transaction<'s>,
    pub(super) path: &'s Path,
}

impl Store {
    /// Opens a store to read; a pull may go on writing to it meanwhile. An older layout is brought up to date where the
    /// store can be written to, else read as it is: what it has no table for is not there.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`], [`StoreError::Foreign`], [`StoreError::Newer`], [`StoreError::Corrupt`], or what the
    /// system says.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if is_new(path)? {
            return Err(StoreError::Missing(path.to_owned()));
        }
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .map_err(|error| StoreError::of(path.to_owned(), &error))?;
        let layout = match check_ours(&db, path) {
            // A folder that cannot be written to has no room for the log's index. Without a log the file is complete.
            Err(StoreError::Io { .. }) if !with_suffix(path, "-wal").exists() => {
                return Self::open_unchanging(path);
            }
            checked => checked?,
        };
        if layout < LATEST {
            return match Self::open_to_write(path) {
                // What an older layout holds can be read as it is where it cannot be brought up to date.
                Err(StoreError::Io { .. } | StoreError::Busy(_)) => Self::ready(db, path, None),
                opened => opened,
            };
        }
        Self::ready(db, path, None)
    }

    fn open_unchanging(path: &Path) -> Result<Self, StoreError> {
        let absolute = path
            .canonicalize()
            .map_err(|source| io_error(path, "opened", source))?;
        let mut uri = url::Url::from_file_path(&absolute)
            .map_err(|()| io_error(path, "opened", io::Error::from(io::ErrorKind::InvalidInput)))?;
        uri.set_query(Some("immutable=1"));
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let db = Connection::open_with_flags(uri.as_str(), flags)
            .map_err(|error| StoreError::of(path.to_owned(), &error))?;
        check_ours(&db, path)?;
        Self::ready(db, path, None)
    }

    /// Opens a store to write, makes one if there is none, and brings an older layout up to date.
    ///
    /// A new file can be read and written by its owner only: it holds what people wrote to the team.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`] while another process writes; else as for [`Store::open`], without `Missing`.
    pub fn open_to_write(path: &Path) -> Result<Self, StoreError> {
        let lock = lock(path)?;
        if is_new(path)? {
            create(path).map_err(|source| io_error(path, "made", source))?;
        }
        let sql = |error: &rusqlite::Error| StoreError::of(path.to_owned(), error);
        let mut db = Connection::open(path).map_err(|error| sql(&error))?;
        check_ours(&db, path)?;
        db.busy_timeout(PATIENCE).map_err(|error| sql(&error))?;
        // A write-ahead log lets others read meanwhile; FULL makes a commit survive loss of power.
        db.pragma_update(None, "journal_mode", "WAL")
            .and_then(|()| db.pragma_update(None, "synchronous", "FULL"))
            .map_err(|error| sql(&error))?;
        migrations().to_latest(&mut db).map_err(|error| match error {
            MigrationError::RusqliteError { err, .. } => sql(&err),
            other => StoreError::Sql {
                path: path.to_owned(),
                reason: other.to_string(),
            },
        })?;
        Self::ready(db, path, Some(lock))
    }

    fn ready(db: Connection, path: &Path, lock: Option<File>) -> Result<Self, StoreError> {
        db.busy_timeout(PATIENCE)
            .map_err(|error| StoreError::of(path.to_owned(), &error))?;
        Ok(Self {
            db,
            path: path.to_owned(),
            _lock: lock,
        })
    }

    /// Returns the path as it was given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Begins a transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`], or what SQLite says.
    pub fn batch(&mut self) -> Result<Batch<'_>, StoreError> {
        let path = &self.path;
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| StoreError::of(path.clone(), &error))?;
        Ok(Batch { tx, path })
    }

    /// Reads every page of the file and reports the first damage that SQLite finds.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`].
    pub fn verify(&self) -> Result<(), StoreError> {
        let found: String = self
            .db
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .map_err(|error| self.error(&error))?;
        if found == "ok" {
            Ok(())
        } else {
            Err(StoreError::Corrupt {
                path: self.path.clone(),
                reason: found,
            })
        }
    }

    /// Whether the layout of the store has a table.
    pub(super) fn has_table(&self, name: &str) -> Result<bool, StoreError> {
        self.db
            .query_row(
                "SELECT count(*) > 0 FROM sqlite_schema WHERE type = 'table' AND name = ?1",
                [name],
                |row| row.get(0),
            )
            .map_err(|error| self.error(&error))
    }

    pub(super) fn error(&self, error: &rusqlite::Error) -> StoreError {
        StoreError::of(self.path.clone(), error)
    }
}

impl Batch<'_> {
    /// Makes the changes hold.
    ///
    /// # Errors
    ///
    /// [`StoreError::Full`] or what SQLite says; then none of them holds.
    pub fn commit(self) -> Result<(), StoreError> {
        let path = self.path;
        self.tx
            .commit()
            .map_err(|error| StoreError::of(path.to_owned(), &error))
    }

    pub(super) fn error(&self, error: &rusqlite::Error) -> StoreError {
        StoreError::of(self.path.to_owned(), error)
    }
}

/// Whether there is nothing at the path, or a file without a byte in it.
fn is_new(path: &Path) -> Result<bool, StoreError> {
    let mut start = [0; 16];
    match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(io_error(path, "opened", error)),
        Ok(_) if path.is_dir() => Err(StoreError::Foreign {
            path: path.to_owned(),
            reason: "it is a folder",
        }),
        Ok(mut file) => match file.read(&mut start) {
            Ok(0) => Ok(true),
            Ok(_) if &start == b"SQLite format 3\0" => Ok(false),
            Ok(_) => Err(StoreError::Foreign {
                path: path.to_owned(),
                reason: "it is not a SQLite database",
            }),
            Err(error) => Err(io_error(path, "read", error)),
        },
    }
}

/// Returns the layout of a store; 0 for an empty database. Writes nothing.
fn check_ours(db: &Connection, path: &Path) -> Result<i64, StoreError> {
    let number = |sql: &str| -> Result<i64, StoreError> {
        db.query_row(sql, [], |row| row.get(0))
            .map_err(|error| StoreError::of(path.to_owned(), &error))
    };
    let (mark, layout) = (number("PRAGMA application_id")?, number("PRAGMA user_version")?);
    let is_empty = mark == 0 && number("SELECT count(*) FROM sqlite_schema")? == 0;
    if mark != i64::from(APPLICATION_ID) && !is_empty {
        return Err(StoreError::Foreign {
            path: path.to_owned(),
            reason: "it is the database of some other program",
        });
    }
    if layout > LATEST {
        return Err(StoreError::Newer {
            path: path.to_owned(),
            found: layout,
            known: LATEST,
        });
    }
    Ok(layout)
}

/// Takes the right to write. The lock is on a file beside the store, so that readers are not in its way.
fn lock(path: &Path) -> Result<File, StoreError> {
    let lock_path = with_suffix(path, "-lock");
    let file = private()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&lock_path)
        .map_err(|source| io_error(path, "locked", source))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Busy(path.to_owned())),
        Err(TryLockError::Error(source)) => Err(io_error(path, "locked", source)),
    }
}

fn create(path: &Path) -> io::Result<()> {
    private()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map(drop)
}

/// Options of files that only their owner may use.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn io_error(path: &Path, action: &'static str, source: io::Error) -> StoreError {
    StoreError::Io {
        path: path.to_owned(),
        action,
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    #[test]
    fn a_new_store_is_private_and_opens_again() {
        let folder = folder();
        let path = folder.path().join("a.db");
        drop(Store::open_to_write(&path).unwrap());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert!(Store::open(&path).unwrap().verify().is_ok());
        assert!(Store::open_to_write(&path).is_ok());
    }

    #[test]
    fn a_second_writer_is_told_and_a_reader_is_not_in_the_way() {
        let folder = folder();
        let path = folder.path().join("a.db");
        let first = Store::open_to_write(&path).unwrap();
        assert!(matches!(Store::open_to_write(&path), Err(StoreError::Busy(_))));
        assert!(Store::open(&path).is_ok());
        drop(first);
        assert!(Store::open_to_write(&path).is_ok());
    }

    #[test]
    fn other_files_are_left_as_they_are() {
        let folder = folder();
        let text = folder.path().join("notes.txt");
        std::fs::write(&text, "id,title\n1,x\n").unwrap();
        let other = folder.path().join("other.db");
        Connection::open(&other)
            .unwrap()
            .execute_batch("CREATE TABLE a (b)")
            .unwrap();
        for path in [&text, &other] {
            let before = std::fs::read(path).unwrap();
            assert!(matches!(Store::open(path), Err(StoreError::Foreign { .. })));
            assert!(matches!(
                Store::open_to_write(path),
                Err(StoreError::Foreign { .. })
            ));
            assert_eq!(std::fs::read(path).unwrap(), before);
        }
        assert!(matches!(
            Store::open(folder.path()),
            Err(StoreError::Foreign { .. } | StoreError::Io { .. })
        ));
    }

    #[test]
    fn damage_is_reported_and_not_repaired() {
        let folder = folder();
        let path = folder.path().join("a.db");
        drop(Store::open_to_write(&path).unwrap());
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[100..3000].fill(0x5A);
        std::fs::write(&path, &bytes).unwrap();
        assert!(matches!(
            Store::open(&path).and_then(|store| store.verify()),
            Err(StoreError::Corrupt { .. })
        ));
        assert!(Store::open_to_write(&path).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
    }

    #[test]
    fn a_newer_store_is_refused() {
        let folder = folder();
        let path = folder.path().join("a.db");
        drop(Store::open_to_write(&path).unwrap());
        Connection::open(&path)
            .unwrap()
            .pragma_update(None, "user_version", LATEST + 1)
            .unwrap();
        assert!(matches!(Store::open(&path), Err(StoreError::Newer { .. })));
        assert!(matches!(
            Store::open_to_write(&path),
            Err(StoreError::Newer { .. })
        ));
    }

    #[test]
    fn nothing_is_read_from_nothing() {
        let folder = folder();
        let path = folder.path().join("a.db");
        assert!(matches!(Store::open(&path), Err(StoreError::Missing(_))));
        std::fs::write(&path, "").unwrap();
        assert!(matches!(Store::open(&path), Err(StoreError::Missing(_))));
        assert!(Store::open_to_write(&path).is_ok());
    }
}
