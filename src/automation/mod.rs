//! What could be automated, and what that would really save: from measured demand to a ranking with its doubts.
//!
//! ```text
//! ticket ── slots (which parameters does it give?) ──┐
//!                                                    ├─ Demand ── estimate (what is known, as distributions)
//! toil (tickets a quarter, recorded minutes, waits) ─┘               │
//!                                        draws, curve ── simulate ── rank ── Candidates ── bundle ── Ranking
//! ```
//!
//! Three ledgers stand side by side and are never added: hours of the team, by which candidates are ranked; hours that
//! requesters wait; and what stands open. What is recommended are bundles: plays on one foundation together. The
//! estimates of plays are priors from the taxonomy; every candidate says where its minutes come from.
//!
//! What a candidate begins with is drafted from its play and its tickets by [`draft`].

mod bundle;
mod curve;
pub mod draft;
mod draws;
mod estimate;
mod finding;
mod growth;
mod holder;
mod looks;
mod model;
mod rank;
mod signs;
mod simulate;
mod slots;
pub(crate) mod taking;
mod top;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

pub use finding::{Finding, Flag};
pub use looks::{Glance, Seen, look};
pub use model::{
    Bundle, Candidate, Compared, Demand, Driver, Gate, Growth, LeftOut, Looks, Part, Range3, Ranking, Reason,
    Risks, SlotFill, Swing,
};
pub use rank::{needs, rank};
pub use signs::{Sign, signs};
pub use slots::{Filled, is_complete, is_value, readable, slots_present};
