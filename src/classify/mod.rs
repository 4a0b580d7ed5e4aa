//! Decides what each ticket is: the pattern by rules, learner and labels with evidence, then groups that nobody named.
//!
//! ```text
//! Document ─ prose (what each stretch counts, clause by clause)
//!              ├─ rules (cues vote) ─ decide (points) ─┐
//!              └─ learner (features, rules among them) ┴─ combine (labels win) ─┐
//!                     └─ what is left ─ cluster (linfa) ─ identity (Memory) ────┴─ pass ─ Assignment
//! ```

pub mod act;
pub mod asks;
pub mod assignment;
pub mod audit;
pub mod clause;
pub mod cluster;
mod combine;
pub mod concepts;
mod counterfactual;
pub mod decide;
pub mod explain;
pub mod identity;
pub mod labels;
pub mod learner;
pub mod pass;
pub mod products;
pub mod prose;
mod reader;
pub mod review;
pub mod rules;
mod second;

pub use assignment::{Assignment, Evidence, Method};
pub use identity::{Grouping, Memory};
pub use labels::{Label, LabelFault, Labels};
pub use pass::{Classification, Desk, Given, NamedGroup, classify};
pub use reader::Wording;
