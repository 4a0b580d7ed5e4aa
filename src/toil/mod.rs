//! What the tickets of a pattern cost: volume, request events, lead time, hours, backlog and who is involved.
//!
//! Takes tickets with their assignment, [`measure`]s them per pattern, sub-pattern and group, for the whole period and
//! for each quarter, and hands [`Measures`] to `trend`, `automation` and `report`. Promises that the rows of a level
//! add up to all tickets, that what is not recorded stays `None`, and that neither the order of the tickets nor other
//! rows move a number. Comparing quarters is left to `trend`.

mod backlog;
mod case;
mod draws;
mod effort;
mod fact;
mod lead;
mod measure;
mod minutes;
mod seen;
mod survival;

pub use case::{Case, Context, Key, Level};
pub use effort::Hours;
pub use fact::is_open;
pub use lead::{Lead, lead_hours};
pub use measure::{DayCount, Measures, Series, TimelineQuarter, Toil, measure};
pub use minutes::{Minutes, Origin, Prior};
pub use seen::Seen;
