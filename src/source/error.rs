//! Why an input as a whole could not be read, and what to do next.
//!
//! One bad record is never an error here: it becomes `Skipped`. These are the cases in which going on would give
//! an answer about nothing, or about the wrong file.

use std::io;

use thiserror::Error;

use super::note::{list, quote, shown};
use super::{ArchiveFault, Field, Kind};

/// A reason why no tickets came out of an input. Messages name the input; [`SourceError::hint`] the next step.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SourceError {
    /// There is no such file.
    #[error("{} does not exist", shown(.name))]
    Missing {
        /// The input as typed.
        name: String,
    },
    /// The path is a directory.
    #[error("{} is a directory", shown(.name))]
    Directory {
        /// The input as typed.
        name: String,
    },
    /// The system refused to read it.
    #[error("{} cannot be read: {source}", shown(.name))]
    Unreadable {
        /// The input as typed.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// There is nothing in it but white space.
    #[error("{} is empty", shown(.name))]
    Empty {
        /// The input as typed.
        name: String,
    },
    /// It is not a file of tickets, or not of the kind its name says.
    #[error("{} looks like {kind}, not like CSV or JSONL", shown(.name))]
    WrongKind {
        /// The input as typed.
        name: String,
        /// What it looks like.
        kind: Kind,
    },
    /// An archive cannot be unpacked, or should not be.
    #[error("{} cannot be unpacked: {fault}{}", shown(.name), .entry.as_ref().map_or_else(String::new, |entry| format!(" (entry {})", quote(entry))))]
    Archive {
        /// The input as typed.
        name: String,
        /// The entry it is about, if it is about one.
        entry: Option<String>,
        /// What is wrong.
        fault: ArchiveFault,
    },
    /// An archive that is no export of Notion, or an export without a ticket in it.
    #[error("{} holds no Notion export: none of its {files} files is a database or a page with properties", shown(.name))]
    NoExport {
        /// The input as typed.
        name: String,
        /// How many files there are in it.
        files: usize,
    },
    /// There are records, and every one of them is broken.
    #[error("no record of {} can be read: {}", shown(.name), .reasons.join("; "))]
    NothingReadable {
        /// The input as typed.
        name: String,
        /// The first reasons, each with its line.
        reasons: Vec<String>,
    },
    /// The first row of a CSV file has no usable names.
    #[error("the header of {} cannot be read: {reason}", shown(.name))]
    Header {
        /// The input as typed.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// No column of a CSV file is one of a ticket's fields.
    #[error("no column of {} is known; its header has {}", shown(.name), list(.headers))]
    NoKnownColumn {
        /// The input as typed.
        name: String,
        /// The headers there are, in their order.
        headers: Vec<String>,
    },
    /// The settings map a field to a header that a CSV file does not have.
    #[error("{} has no column {} for {field}; it has {}", shown(.name), quote(.header), list(.headers))]
    NoSuchColumn {
        /// The input as typed.
        name: String,
        /// The field that is mapped.
        field: Field,
        /// The header the settings name.
        header: String,
        /// The headers there are, in their order.
        headers: Vec<String>,
    },
    /// The settings map a field to a column that holds answers of the classification.
    #[error("the column {} holds answers and cannot be read as {field}", quote(.header))]
    AnswerColumn {
        /// The field that is mapped.
        field: Field,
        /// The header the settings name.
        header: String,
    },
}

impl SourceError {
    /// Returns the next step, where one is known.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Missing { .. } => Some("check the path, or pass `-` to read standard input".into()),
            Self::Directory { .. } => Some("pass the files in it".into()),
            Self::Unreadable { .. } => None,
            Self::Empty { .. } => Some("export the tickets again and look at the file's size".into()),
            Self::WrongKind { kind, .. } => Some(kind.next_step().into()),
            Self::Archive { fault, .. } => Some(fault.next_step().into()),
            Self::NoExport { .. } => Some(
                "export the database from Notion as \"Markdown & CSV\"; of any other archive, unpack it and pass the CSV \
                 or JSONL files in it"
                    .into(),
            ),
            Self::NothingReadable { .. } => Some(
                "JSONL has one object a line with an `id`, CSV a header and as many cells in every row; \
                 name the format with `--input-format` if the file's name does not tell it"
                    .into(),
            ),
            Self::Header { .. } => Some("the first row must name the columns; save the file as UTF-8".into()),
            Self::NoKnownColumn { .. } => Some(
                "the first row must name the columns; map them in the settings: `[columns]`, then a line such as \
                 `title = \"HEADER\"` for every field"
                    .into(),
            ),
            Self::NoSuchColumn { .. } => Some("correct `[columns]` in the settings".into()),
            Self::AnswerColumn { .. } => Some("rename the column if it is something else, and map it again".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_in_messages_cannot_steer_a_terminal() {
        let error = SourceError::NoKnownColumn {
            name: "a.csv".into(),
            headers: vec!["\u{1b}[2J\u{202e}x".into()],
        };
        let message = error.to_string();
        assert_eq!(
            message,
            r#"no column of a.csv is known; its header has "\u{1b}[2J\u{202e}x""#
        );
    }

    #[test]
    fn an_entry_of_an_archive_is_named_safely() {
        let error = SourceError::Archive {
            name: "e.zip".into(),
            entry: Some("\u{1b}x.md".into()),
            fault: ArchiveFault::TooLarge { most: 16 << 20 },
        };
        let expected = r#"e.zip cannot be unpacked: more than 16 MiB when unpacked (entry "\u{1b}x.md")"#;
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn standard_input_is_named_in_words() {
        assert_eq!(
            SourceError::Empty { name: "-".into() }.to_string(),
            "standard input is empty"
        );
    }
}
