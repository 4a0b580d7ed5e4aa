//! Notion into the store: everything, once, and afterwards only what changed.
//!
//! ```text
//! discover (link ─ data sources with schema) ─ sync, for each ─┬─ rows (all rows, window by window), keep (each with its ticket)
//!                                                              ├─ gone (what left the database)
//!                                                              └─ fill (content, comments, values that came cut)
//! ```
//!
//! Every step is committed before the next request, and each pass notes how far it has come. So a pull that stops
//! anywhere, for whatever reason, goes on from there, and ends with the store that an undisturbed one ends with.

mod discover;
mod error;
mod event;
mod fill;
mod gone;
mod keep;
mod known;
mod pass;
mod preview;
mod rows;
mod sync;
mod window;

pub use discover::{Found, discover};
pub use error::PullError;
pub use event::{Event, Summary};
pub use preview::{Preview, preview};
pub use sync::{Request, pull};
