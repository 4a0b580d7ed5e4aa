//! What a report leaves behind, and what two reports say of the same quarter.
//!
//! ```text
//! Analysis ─┬─ about   (tickets, taxonomy, labels, settings, version: same key, same analysis)
//!           └─ answers (one a ticket) ─ compare (then, now, and why they differ)
//! ```
//!
//! Touches no store and no clock: the command line keeps what is made here and gives it back.

mod about;
mod answers;
mod compare;

pub use about::{About, Made};
pub use answers::{Answer, answers, carry_over};
pub use compare::{Comparison, Difference, Reason, Row, Run, compare};
