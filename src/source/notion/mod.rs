//! Notion.
pub mod link;
