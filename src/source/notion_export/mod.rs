//! Notion's own export, "Markdown & CSV", as it comes: one archive, or the parts of one.
//!
//! `archive` unpacks (in memory, within limits; `entry_name` refuses names that lead outside) -> `names` tells titles
//! from ids -> `database` picks the CSV files and `page` reads the Markdown -> `assembly` gives each row its page, by
//! `join` -> `tables` makes the tickets. `export` is the whole way. A row and its page are one record; its id is the
//! page's, so that an export and Notion's API speak of the same ticket.

mod archive;
mod assembly;
mod database;
mod entry_name;
mod export;
mod fault;
mod join;
mod names;
mod page;
mod tables;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod zips;

pub use fault::ArchiveFault;

pub(super) use export::read;
pub(super) use names::export_of;
