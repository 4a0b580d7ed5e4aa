//! The one error that leaves the library, with the exit code and the next step that belong to it.
//!
//! Modules own their details ([`SourceError`], [`TaxonomyError`], [`SettingsError`]); this type only says which
//! stage failed. Messages are lower-case fragments that fit after "error:".

use crate::config::SettingsError;
use crate::pull::PullError;
use crate::source::SourceError;
use crate::store::StoreError;
use crate::taxonomy::TaxonomyError;

/// Why a run ended without its answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An input is missing, unreadable or of the wrong kind.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A pull ended before everything was there.
    #[error(transparent)]
    Pull(#[from] PullError),
    /// The taxonomy file has faults.
    #[error(transparent)]
    Taxonomy(#[from] TaxonomyError),
    /// The settings are invalid.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The input could be read, but no ticket of it is left to analyse.
    #[error("no ticket to analyse: {}", nothing(*read, filters))]
    NothingToAnalyse {
        /// Tickets that were read.
        read: usize,
        /// The filters in force, "since 2026-01-01".
        filters: Vec<String>,
    },
    /// The records that were read and the terms they ended up in differ: a fault of this program.
    #[error("{read} records were read but {counted} are accounted for")]
    Lost {
        /// Records that were read.
        read: usize,
        /// Sum of all terms of the coverage.
        counted: usize,
    },
}

fn nothing(read: usize, filters: &[String]) -> String {
    let tickets = if read == 1 {
        "1 ticket was read".to_owned()
    } else {
        format!("{read} tickets were read")
    };
    match filters {
        [] => format!("{tickets}, no filter in force"),
        filters => format!("{tickets}, filters in force: {}", filters.join(", ")),
    }
}

impl Error {
    /// Returns the next step, where one is known.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Source(error) => error.hint(),
            Self::Store(error) => error.hint(),
            Self::Pull(error) => error.hint(),
            Self::Settings(error) => error.hint(),
            Self::NothingToAnalyse { filters, .. } if !filters.is_empty() => {
                Some("widen --since, --until and --as-of, or give other files".to_owned())
            }
            Self::NothingToAnalyse { .. } => Some("give a file with at least one ticket".to_owned()),
            Self::Lost { .. } => {
                Some("please report this with the number of tickets and the options used".to_owned())
            }
            Self::Taxonomy(_) => None,
        }
    }

    /// Returns the exit code of the process; the codes are listed in `--help` and the README.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Taxonomy(_) | Self::Settings(_) => 3,
            // A file without a byte in it can be read, and holds no ticket.
            Self::NothingToAnalyse { .. } | Self::Source(SourceError::Empty { .. }) => 4,
            Self::Lost { .. }
            | Self::Store(StoreError::Full(_))
            | Self::Pull(PullError::Store(StoreError::Full(_))) => 1,
            Self::Pull(PullError::NoSuchDataSource { .. }) => 2,
            Self::Pull(PullError::Mapping { .. }) => 3,
            Self::Source(_) | Self::Store(_) | Self::Pull(_) => 5,
        }
    }
}
