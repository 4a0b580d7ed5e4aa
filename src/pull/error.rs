//! Why a pull ended before everything was there.

use crate::source::notion::NotionError;
use crate::source::notion::mapping::MappingError;
use crate::store::StoreError;

/// Why a pull stopped. What it had read until then is in the store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PullError {
    /// Notion could not be read.
    #[error(transparent)]
    Notion(#[from] NotionError),
    /// The store could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The mapping in the settings does not fit.
    #[error("the mapping for {name:?} ({id}) in the settings does not fit: {source}")]
    Mapping {
        /// Name of the data source.
        name: String,
        /// Its id.
        id: String,
        /// What is wrong.
        source: MappingError,
    },
    /// The link leads to a row of a database.
    #[error("{id} is a page in a database, not the database")]
    IsRow {
        /// Id of the page.
        id: String,
        /// Id of the database.
        database: String,
    },
    /// The link leads to a page with several databases or none.
    #[error("{id} is a page, not a database; {}", found(databases))]
    IsPage {
        /// Id of the page.
        id: String,
        /// Titles and ids of the databases on it.
        databases: Vec<(String, String)>,
    },
    /// The database shows the rows of another one, or the connection may not see its rows.
    #[error("the database {0} has no data source that the connection can see")]
    NoDataSource(String),
    /// The version that is asked for cannot read this database.
    #[error("{0}")]
    TooOld(NotionError),
    /// The settings or flags name a data source that the database does not have.
    #[error("the database has no data source {name:?}; it has {}", there.join(", "))]
    NoSuchDataSource {
        /// What is named.
        name: String,
        /// Names and ids of those there are.
        there: Vec<String>,
    },
    /// More rows were made in one minute than Notion gives, and nothing else tells them apart.
    #[error("more rows were made in the minute {0} than notion gives at once")]
    CrowdedMinute(String),
    /// Notion's pages of rows never end.
    #[error("notion gives the same rows again and again")]
    Circle,
    /// Some tickets could not be read whole; all others were.
    #[error("{count} of the tickets could not be read whole, the first ({id}) because {reason}")]
    Incomplete {
        /// How many.
        count: usize,
        /// Id of the first one.
        id: String,
        /// Why.
        reason: String,
    },
}

fn found(databases: &[(String, String)]) -> String {
    if databases.is_empty() {
        return "there is no database on it".to_owned();
    }
    let named: Vec<String> = databases
        .iter()
        .map(|(title, id)| format!("{title:?} ({id})"))
        .collect();
    format!("the databases on it are {}", named.join(", "))
}

impl PullError {
    /// Returns the next step, where one is known.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Notion(error) => error.hint(),
            Self::Store(error) => error.hint(),
            Self::Mapping { id, .. } => Some(format!(
                "correct [notion.sources.\"{id}\"] in the settings file, or remove a line to have it guessed"
            )),
            Self::IsRow { database, .. } => Some(format!("pass the database: --database {database}")),
            Self::IsPage { databases, .. } if databases.is_empty() => {
                Some("open the database as a full page and pass the link of that page".to_owned())
            }
            Self::IsPage { .. } => Some("pass the id of one of them with --database".to_owned()),
            Self::NoDataSource(_) => Some(
                "if it is a linked view, open the original database (its name, with an arrow, leads there) and pass that \
                 link; else add the connection to it: ••• > Connections"
                    .to_owned(),
            ),
            Self::TooOld(_) => Some(
                "databases with several data sources need a version from 2025-09-03 on: leave --notion-version out"
                    .to_owned(),
            ),
            Self::NoSuchDataSource { .. } => Some("pass one of these with --data-source, or none to pull all".to_owned()),
            Self::CrowdedMinute(_) => Some(
                "add a property of type ID to the database (it numbers the rows), then run the same command again"
                    .to_owned(),
            ),
            Self::Circle | Self::Incomplete { .. } => {
                Some("run the same command again: it asks only for what is missing".to_owned())
            }
        }
    }
}
