//! What could be automated, and what that would really save: from measured demand to a ranking with its doubts.
//!
//! ```text
//! ticket ── slots (which parameters does it give?) ──┐
//!                                                    ├─ Demand ── estimate (what is known, as distributions)
//! toil (tickets a quarter, recorded minutes, waits) ─┘               │
//!                                                     draws, curve ── simulate ── rank ── Ranking of Candidates
//! ```
//!
//! What a candidate begins with is drafted from its play and its tickets by [`draft`].
//!
//! One ledger is ranked: the team's own hours. What requesters wait is shown beside it and never added. The
//! estimates of plays are priors from the taxonomy; every candidate says whether its minutes are.

mod curve;
pub mod draft;
mod draws;
mod estimate;
mod model;
mod rank;
mod simulate;
mod slots;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

pub use model::{Candidate, Demand, Driver, Gate, Origin, Range3, Ranking};
pub use rank::rank;
pub use slots::{Filled, is_complete, slots_present};
