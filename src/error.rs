//! The one error that leaves the library, with the exit code and the next step that belong to it.
//!
//! Modules own their details ([`SourceError`], [`TaxonomyError`], [`SettingsError`]); this type only says which
//! stage failed. Messages are lower-case fragments that fit after "error:".

use crate::config::SettingsError;
use crate::source::SourceError;
use crate::taxonomy::TaxonomyError;

/// Why a run ended without its answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An input is missing, unreadable or of the wrong kind.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The taxonomy file has faults.
    #[error(transparent)]
    Taxonomy(#[from] TaxonomyError),
    /// The settings are invalid.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The input could be read, but no ticket of it is left to analyse.
    #[error("no ticket to analyse: {0}")]
    NothingToAnalyse(String),
}

impl Error {
    /// Returns the next step, where one is known.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Source(error) => error.hint(),
            Self::Settings(error) => error.hint(),
            Self::NothingToAnalyse(_) => Some("widen --since and --until, or give other files".to_owned()),
            Self::Taxonomy(_) => None,
        }
    }

    /// Returns the exit code of the process; the codes are listed in `--help` and the README.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Taxonomy(_) | Self::Settings(_) => 3,
            Self::NothingToAnalyse(_) => 4,
            Self::Source(_) => 5,
        }
    }
}
