//! Keeps the ids of discovered groups from run to run.
//!
//! ```text
//! Memory ─┬─ recognise (where the last run put a ticket; else the nearest known group) ─┬─ settle ─ groups ─┬─ lineage
//! Items ──┴─ cluster::discover (what a first run would find) ────────────────────────────┘                   └─ Memory
//! ```
//!
//! Clustering anew and numbering by likeness would move a third of the old tickets into other groups (measured), and a
//! trend over such groups would measure the clustering. So a ticket stays in its group as long as it says the same, a
//! new one joins a known group that it is near to, and only what is left makes new groups. What a fresh look would
//! divide or unite is told, and done when the user asks for it.

mod hungarian;
mod lineage;
mod memory;
mod recognise;
mod settle;
mod space;
#[cfg(test)]
mod tests;

pub use lineage::{Relation, Step};
pub use memory::{Known, Memory, Place, text_hash};
pub use settle::Grouping;
pub use space::Profile;

pub(super) use lineage::lineage;
pub(crate) use memory::digest;
pub(super) use settle::{Scene, Settled, settle};
