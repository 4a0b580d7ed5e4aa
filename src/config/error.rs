//! What can be wrong with the settings, and what to do about it.

use jiff::civil::Date;

use crate::period::HoursError;

/// What is wrong with the settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The file is not TOML, has an unknown key or a value of the wrong kind.
    #[error("settings file {file} is invalid:\n{message}")]
    Invalid {
        /// The file as the user named it.
        file: String,
        /// Line, column and reason, as the TOML reader shows them.
        message: String,
    },
    /// The file cannot be read.
    #[error("cannot read {what} {file}: {reason}")]
    Unreadable {
        /// "settings file", "taxonomy file" or "labels file".
        what: &'static str,
        /// The file as the user named it.
        file: String,
        /// Why not.
        reason: String,
    },
    /// `until` is not after `since`.
    #[error("the period is empty: since {since} is not before until {until}")]
    EmptyPeriod {
        /// First day.
        since: Date,
        /// First day after.
        until: Date,
    },
    /// The team never works.
    #[error(transparent)]
    Hours(#[from] HoursError),
    /// A value of the section `[team]` cannot be.
    #[error("{place} is refused: {reason}")]
    Team {
        /// The key.
        place: String,
        /// Why not.
        reason: &'static str,
    },
    /// A launch names what the taxonomy does not have.
    #[error("launch of {play} on {date}: {reason}")]
    Launch {
        /// The play as it was named.
        play: String,
        /// The day of the launch.
        date: Date,
        /// What is wrong.
        reason: String,
        /// Names that exist and are like the wrong one, the nearest first.
        near: Vec<String>,
    },
    /// A value of the section `[notion]` cannot be.
    #[error("notion.{key} cannot be {value}: {reason}")]
    Notion {
        /// The key.
        key: &'static str,
        /// The value.
        value: String,
        /// Why not.
        reason: &'static str,
    },
    /// A value of the section `[effort]` cannot be.
    #[error("effort.{key} cannot be used: {reason}")]
    Effort {
        /// The key within the section.
        key: String,
        /// Why not, and what to write.
        reason: &'static str,
    },
}

impl SettingsError {
    /// Returns the next step, where one is known.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Invalid { .. } => {
                "toilscope.example.toml in the repository holds every key with its default"
            }
            Self::Unreadable { .. } => "check the path and its permissions",
            Self::Notion { .. } => "correct the flag or the section [notion] of the settings file",
            Self::Launch { near, .. } if !near.is_empty() => {
                return Some(format!("did you mean {}?", near.join(", ")));
            }
            Self::Launch { .. } => {
                "`toilscope candidates --format json` lists plays with their sub-patterns; launches stand in the settings file and in the store (`toilscope launch list`)"
            }
            Self::Team { .. } => "correct the section [team] of the settings file",
            Self::Effort { .. } => "correct the section [effort] of the settings file",
            Self::EmptyPeriod { .. } => "--since is the first day, --until the first day after the period",
            Self::Hours(_) => {
                "set business_hours in the settings file, for instance days = [\"mon\", \"tue\"], from = \"09:00\", to = \"18:00\""
            }
        };
        Some(hint.to_owned())
    }
}
