//! The first stage of the flow: files of tickets become [`Ticket`](crate::ticket::Ticket)s, or
//! [`Skipped`](crate::ticket::Skipped) records that say why they could not be read.
//!
//! One [`Input`] goes `kind` (is it text at all, JSONL or CSV) -> `encoding` (UTF-8 from here on) -> `jsonl` or
//! `csv` (records with line numbers) -> `record` (values into a ticket, by `date` and `effort`) -> `reading`
//! (one ticket an id). An archive goes through `notion_export` instead, which has the tables in it read as CSV is. Nothing is lost in silence: what is not a ticket is skipped, merged or noted, and counted.
//! Reading knows no settings file, no clock and no network; it touches the disk in [`Input::open`] only.

mod canonical;
mod csv;
mod date;
mod effort;
mod encoding;
mod error;
mod field;
mod header_names;
mod headers;
mod input;
mod json;
mod jsonl;
mod kind;
mod note;
pub mod notion;
mod notion_export;
mod reading;
mod record;
mod rows;

pub use canonical::to_line;
pub use error::SourceError;
pub use field::{Field, UnknownField};
pub use headers::Guess;
pub use input::Input;
pub use jsonl::{LAUNCH_LINE, RUN_LINE};
pub use kind::{Format, Kind};
pub use note::{Fault, Note, NoteKind};
pub use notion_export::ArchiveFault;
pub use reading::{ReadOptions, Reading, is_newer, read};
