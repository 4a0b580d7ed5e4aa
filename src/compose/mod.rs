//! From numbers to a story: builds the [`Report`](crate::report::Report) that every format renders.
//!
//! All sentences that a reader sees stand here, in Japanese and English side by side. One file a part of the
//! report; each builds a [`Section`](crate::report::Section) from the [`Analysis`](crate::Analysis). Nothing is
//! measured here, and ticket text passes the redactor before it enters a cell.

mod agreement;
mod audit;
mod bundle_story;
mod bundles;
mod candidate_story;
mod candidates;
pub mod catalog;
mod changes;
mod controls;
mod demand_story;
mod draft;
mod effort_check;
mod evaluation;
mod explanation;
mod facts;
mod groups;
mod history;
mod launches;
mod overview;
mod patterns;
mod proposal;
mod quotes;
mod scene;
mod slots;
mod story;
pub mod suggestion;
mod tickets;
mod trend;
mod waiting_story;
mod words;

pub use draft::Draft;
pub use history::Since;
pub use scene::{Order, Scene, View};
pub(crate) use words::counted;
