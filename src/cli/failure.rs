//! How a run of the binary can fail, and the exit code for it.

use std::io;
use std::path::PathBuf;

use crate::Error;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The library gave up.
    #[error(transparent)]
    Analysis(#[from] Error),
    /// The arguments make no sense together.
    #[error("{message}")]
    Usage { message: String, hint: String },
    /// There is no token.
    #[error("no token: {0}")]
    NoToken(String),
    /// No input was named and there is none to fall back on.
    #[error("no input and no store: name a ticket file, or - for standard input, or fill a store")]
    NoInput,
    /// No ticket of the input says what is right.
    #[error("no ticket has an answer to measure against: {first}")]
    NoAnswers { first: String },
    /// Labels decided every ticket that has an answer.
    #[error(
        "nothing can be measured: of the tickets with an answer ({labelled}) each was decided by a person's label"
    )]
    OnlyLabelled { labelled: usize },
    /// The answers stand alone, without the tickets they are of.
    #[error("there is nothing to classify: no ticket of the input has a title or a body")]
    AnswersOnly,
    /// What was proposed for a sound taxonomy does not load.
    #[error("the proposals do not fit into {name}: {faults}")]
    Proposals { name: String, faults: String },
    /// No candidate has the id that was asked for.
    #[error("no candidate {id:?} among these tickets")]
    NoCandidate { id: String, known: Vec<String> },
    /// A condition of the caller was not met; the answer was given all the same.
    #[error("{right:.4} of the answers are right, fewer than --fail-under {bar}")]
    UnderBar { right: f64, bar: f64 },
    /// A bar was set, and some answers name what the taxonomy does not know; the report was given all the same.
    #[error("--fail-under says nothing while {count} of the answers cannot be used: {first}")]
    RefusedAnswers { count: usize, first: String },
    /// Conditions of `--fail-if` held; the answer was given all the same.
    #[error("a condition of --fail-if holds: {}", held.join("; "))]
    Condition { held: Vec<String> },
    /// The answer could not be written.
    #[error("cannot write {}: {source}", target.as_ref().map_or_else(|| "to standard output".to_owned(), |path| path.display().to_string()))]
    Output {
        target: Option<PathBuf>,
        source: io::Error,
    },
}

impl Failure {
    pub(super) fn exit_code(&self) -> u8 {
        match self {
            Self::Analysis(error) => error.exit_code(),
            Self::Usage { .. } | Self::NoCandidate { .. } => 2,
            Self::NoAnswers { .. } | Self::OnlyLabelled { .. } | Self::AnswersOnly => 4,
            Self::NoInput | Self::NoToken(_) => 5,
            Self::UnderBar { .. } | Self::RefusedAnswers { .. } | Self::Condition { .. } => 6,
            Self::Proposals { .. } | Self::Output { .. } => 1,
        }
    }

    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::Analysis(error) => error.hint(),
            Self::Usage { hint, .. } => Some(hint.clone()),
            Self::NoInput => Some(
                "fill a store with `toilscope pull --database LINK` or `toilscope import FILE`; on invented tickets: toilscope report --sample"
                    .to_owned(),
            ),
            Self::NoToken(_) => Some(
                "make a connection at notion.so/profile/integrations, put its token into NOTION_TOKEN or into a file for --token-file"
                    .to_owned(),
            ),
            Self::NoAnswers { .. } => {
                Some("give every ticket a field pattern with the id that is right; with --tickets, the same ids as there".to_owned())
            }
            Self::OnlyLabelled { .. } => Some(
                "leave out --labels, or measure on tickets that nobody has labelled".to_owned(),
            ),
            Self::AnswersOnly => Some(
                "name the tickets that the answers are of with --tickets FILE; `toilscope store export` writes those of a store"
                    .to_owned(),
            ),
            Self::NoCandidate { known, .. } if known.is_empty() => {
                Some("there is no candidate at all: no kind of request has tickets and a play".to_owned())
            }
            Self::NoCandidate { known, .. } => Some(format!("candidates are {}", known.join(", "))),
            Self::Proposals { .. } => Some(
                "this is a fault of toilscope; --min-tickets with a larger number leaves proposals out".to_owned(),
            ),
            Self::RefusedAnswers { .. } => Some(
                "give the answers the pattern ids of this taxonomy (`toilscope taxonomy show`), or the taxonomy they were made for (--taxonomy)"
                    .to_owned(),
            ),
            Self::UnderBar { .. } | Self::Condition { .. } => None,
            Self::Output { .. } => Some("check the path, its permissions and the free space".to_owned()),
        }
    }

    /// Whether the reader of standard output went away, which is its right and no failure.
    pub(super) fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output { target: None, source } if source.kind() == io::ErrorKind::BrokenPipe)
    }
}
