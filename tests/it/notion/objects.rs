//! What a workspace is made of.

use jiff::Timestamp;
use serde_json::Value;

use super::ids::Id;
use super::row::Row;
use super::schema::Column;

/// A database as container, with its first data source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table {
    pub(crate) database: Id,
    pub(crate) source: Id,
}

/// A database: since 2025-09-03 a container of data sources, without a schema of its own.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    pub(crate) title: String,
    /// Empty for a linked database.
    pub(crate) sources: Vec<Id>,
    pub(crate) views: Vec<Id>,
}

/// A table with a schema.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) database: Id,
    pub(crate) columns: Vec<Column>,
    /// How many rows it ever had.
    pub(crate) rows: u64,
}

/// A page, alone or as a row.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) id: Id,
    pub(crate) source: Option<Id>,
    /// What `unique_id` counts.
    pub(crate) number: u64,
    pub(crate) in_trash: bool,
    pub(crate) blocks: Vec<Id>,
    pub(crate) row: Row,
}

/// A comment on a page or on a block.
#[derive(Clone, Debug)]
pub(crate) struct Comment {
    pub(crate) id: Id,
    pub(crate) on: Id,
    pub(crate) discussion: Id,
    pub(crate) created: Timestamp,
    pub(crate) author: Value,
    pub(crate) text: Value,
    /// Resolved comments are not sent.
    pub(crate) resolved: bool,
}
