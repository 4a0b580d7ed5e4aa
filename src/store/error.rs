//! Why the store cannot be used, and what to do next.

use std::io;
use std::path::PathBuf;

/// A reason why a store could not be opened, read or written. Nothing that was committed is lost by any of them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no store at the path.
    #[error("there is no store at {}", .0.display())]
    Missing(PathBuf),
    /// The path holds something that is no toilscope store; it was not touched.
    #[error("{} is no toilscope store: {reason}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        reason: &'static str,
    },
    /// The store was written by a newer version.
    #[error("the store {} was written by a newer toilscope (layout {found}, this one knows up to {known})", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its layout.
        found: i64,
        /// The newest layout that this version knows.
        known: i64,
    },
    /// Another process is writing.
    #[error("another toilscope is writing to the store {}", .0.display())]
    Busy(PathBuf),
    /// The file is damaged.
    #[error("the store {} is damaged: {reason}", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        reason: String,
    },
    /// A run that is kept in the store cannot be read; everything else can.
    #[error("run {number} of the store {} cannot be read: {reason}", path.display())]
    UnreadableRun {
        /// The file.
        path: PathBuf,
        /// The number of the run.
        number: i64,
        /// What is wrong with it.
        reason: String,
    },
    /// The disk is full.
    #[error("no space left for the store {}; what was written before is safe", .0.display())]
    Full(PathBuf),
    /// The system refused.
    #[error("the store {} cannot be {action}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// "opened", "locked".
        action: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// Whatever else SQLite refuses.
    #[error("the store {} cannot be used: {reason}", path.display())]
    Sql {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        reason: String,
    },
}

impl StoreError {
    /// Returns the next step.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(
            match self {
                Self::Missing(_) => {
                    "fill one with `toilscope pull` or `toilscope import FILE`, or name another with --store"
                }
                Self::Foreign { .. } => "name another file with --store; this one was left as it is",
                Self::Newer { .. } => "use the newer toilscope, or name another file with --store",
                Self::Busy(_) => "wait until it has ended, or stop it; reading is possible meanwhile",
                Self::Corrupt { .. } => {
                    "it was left as it is: restore a backup, or save what can be read with `sqlite3 FILE .recover`"
                }
                Self::UnreadableRun { .. } => {
                    "a newer toilscope may have made it: then use that one; else `toilscope report` keeps a new run to go on from"
                }
                Self::Full(_) => "free some space and run the same command again",
                Self::Io { .. } => "check the path, its folder and their permissions",
                Self::Sql { .. } => return None,
            }
            .to_owned(),
        )
    }

    /// Translates what SQLite reports about the store at `path`.
    pub(super) fn of(path: PathBuf, error: &rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full(path),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy(path),
            Some(ErrorCode::NotADatabase) => Self::Foreign {
                path,
                reason: "it is not a SQLite database",
            },
            Some(ErrorCode::DatabaseCorrupt) => Self::Corrupt {
                path,
                reason: error.to_string(),
            },
            Some(ErrorCode::ReadOnly) => Self::Io {
                path,
                action: "written to",
                source: io::Error::from(io::ErrorKind::PermissionDenied),
            },
            Some(ErrorCode::CannotOpen) => Self::Io {
                path,
                action: "opened",
                source: io::Error::other(error.to_string()),
            },
            _ => Self::Sql {
                path,
                reason: error.to_string(),
            },
        }
    }
}
