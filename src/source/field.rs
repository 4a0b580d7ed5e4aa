//! The names a ticket's fields have in files and settings.
//!
//! JSONL keys, CSV headers, the `[columns]` mapping and messages all use [`Field::name`]. Which other headers are
//! taken for a field is the business of `headers`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A field of a ticket that a file can fill.
///
/// Orders as listed here, which is the order of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Identifier in the source.
    Id,
    /// One-line title.
    Title,
    /// Text of the request.
    Body,
    /// When it was filed.
    CreatedAt,
    /// When the record last changed.
    UpdatedAt,
    /// When work on it began.
    StartedAt,
    /// When it was done.
    ClosedAt,
    /// Who asked.
    Requester,
    /// Who worked on it.
    Assignee,
    /// State of the board.
    Status,
    /// Whether the source says it is done.
    Done,
    /// Whether the source deleted it.
    Deleted,
    /// Priority.
    Priority,
    /// Labels or tags.
    Labels,
    /// Recorded hands-on minutes.
    MinutesSpent,
    /// Comments.
    Comments,
    /// Where it can be opened.
    Url,
    /// The form's drop-down for the kind of request.
    Category,
}

impl Field {
    /// Every field, in order.
    pub const ALL: [Self; 18] = [
        Self::Id,
        Self::Title,
        Self::Body,
        Self::CreatedAt,
        Self::UpdatedAt,
        Self::StartedAt,
        Self::ClosedAt,
        Self::Requester,
        Self::Assignee,
        Self::Status,
        Self::Done,
        Self::Deleted,
        Self::Priority,
        Self::Labels,
        Self::MinutesSpent,
        Self::Comments,
        Self::Url,
        Self::Category,
    ];

    /// Returns the name in files and settings, such as `created_at`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Title => "title",
            Self::Body => "body",
            Self::CreatedAt => "created_at",
            Self::UpdatedAt => "updated_at",
            Self::StartedAt => "started_at",
            Self::ClosedAt => "closed_at",
            Self::Requester => "requester",
            Self::Assignee => "assignee",
            Self::Status => "status",
            Self::Done => "done",
            Self::Deleted => "deleted",
            Self::Priority => "priority",
            Self::Labels => "labels",
            Self::MinutesSpent => "minutes_spent",
            Self::Comments => "comments",
            Self::Url => "url",
            Self::Category => "category",
        }
    }

    /// Whether the field holds several values, which a CSV cell has to pack into one text.
    pub(super) const fn is_list(self) -> bool {
        matches!(
            self,
            Self::Requester | Self::Assignee | Self::Labels | Self::Comments
        )
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is no field of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0:?} is no field of a ticket; the fields are {names}", names = Field::ALL.map(Field::name).join(", "))]
pub struct UnknownField(String);

impl FromStr for Field {
    type Err = UnknownField;

    fn from_str(name: &str) -> Result<Self, UnknownField> {
        Self::ALL
            .into_iter()
            .find(|field| field.name() == name)
            .ok_or_else(|| UnknownField(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn settings_and_files_use_one_name() {
        for field in Field::ALL {
            assert_eq!(field.name().parse(), Ok(field));
            assert_eq!(serde_json::to_value(field).unwrap(), field.name());
        }
    }

    #[test]
    fn fields_are_listed_in_their_order() {
        assert!(Field::ALL.is_sorted());
    }

    #[test]
    fn fields_are_keys_of_a_settings_table() {
        let columns: BTreeMap<Field, String> = toml::from_str("created_at = \"起票日\"").unwrap();
        assert_eq!(columns[&Field::CreatedAt], "起票日");
    }

    #[test]
    fn unknown_names_are_answered_with_the_known_ones() {
        let message = "creatd_at".parse::<Field>().unwrap_err().to_string();
        assert!(
            message.contains("\"creatd_at\"") && message.contains("created_at, updated_at"),
            "{message}"
        );
    }
}
