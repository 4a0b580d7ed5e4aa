//! The first stage of the flow: files of tickets become [`Ticket`](crate::ticket::Ticket)s, or
//! [`Skipped`](crate::ticket::Skipped) records that say why they could not be read.

mod date;
mod effort;
mod encoding;
mod error;
mod field;
mod header_names;
mod headers;
mod input;
mod kind;
mod note;
mod rows;

pub use error::SourceError;
pub use field::{Field, UnknownField};
pub use headers::Guess;
pub use input::Input;
pub use kind::{Format, Kind};
pub use note::{Fault, Note, NoteKind};
