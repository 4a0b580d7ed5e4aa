//! The last stage: what every format reads, and one file per format.
//!
//! [`Report`] is plain data: numbers are computed before, and only formatted here. A format is a
//! function from that data to text; none opens a file or prints. Text from tickets is hostile and passes through
//! [`safe`] on its way out.

pub mod cell;
pub mod csv;
pub mod json;
pub mod markdown;
pub mod model;
pub mod safe;
pub mod saved;
pub mod table;
pub mod view;
mod wrap;

pub use model::{Align, Cell, Column, Grid, Head, Meta, Report, Section, Show, Table, View};
