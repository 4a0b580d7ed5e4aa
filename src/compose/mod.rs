//! From numbers to a story: builds the [`Report`](crate::report::Report) that every format renders.
//!
//! All sentences that a reader sees stand here, in Japanese and English side by side. One file a part of the
//! report; each builds a [`Section`](crate::report::Section) from the [`Analysis`](crate::Analysis). Nothing is
//! measured here, and ticket text passes the redactor before it enters a cell.

mod agreement;
mod audit;
mod candidates;
pub mod catalog;
mod evaluation;
mod explanation;
mod facts;
mod groups;
mod history;
mod overview;
mod patterns;
mod scene;
pub mod suggestion;
mod tickets;
mod trend;

pub use history::Since;
pub use scene::{Order, Scene, View};
