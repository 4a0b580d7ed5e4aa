//! Decides what each ticket is: the pattern by rules with evidence, then groups that nobody named.
//!
//! ```text
//! Document ─ prose (what each stretch counts, clause by clause)
//!              └─ rules (cues vote) ─ decide (pattern, margin, confidence) ─┐
//!                                       └─ what is left ─ cluster (linfa) ──┴─ pass ─ Assignment
//! ```

pub mod assignment;
pub mod clause;
pub mod cluster;
pub mod concepts;
pub mod decide;
pub mod pass;
pub mod products;
pub mod prose;
mod reader;
pub mod rules;

pub use assignment::{Assignment, Evidence, Method};
pub use pass::{Classification, NamedGroup, classify};
