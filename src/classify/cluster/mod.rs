//! Finds the groups nobody named: sets of similar tickets, inside a pattern the rules are sure of and in the rest.
//!
//! The way of a ticket through this folder, one file a step:
//!
//! ```text
//! Item ─ rows ─ duplicates ─ vectors ─ reduce ─┬─ linkage ─ kmeans ─ quality ─┬─ groups ─ Discovery
//!        (same text,         (TF-IDF) (cosine  └───── one stratum at a time ──┘   └─ naming
//!         one row)                     space)
//! ```
//!
//! Rows stand in the order of their content before anything numeric happens, so neither the order of the tickets nor
//! the number of threads can change a byte of the answer. Everything here knows tokens only: what a token is, what is
//! masked and which words are boilerplate is decided before, in `text`; what a group is called over time, after, in
//! `classify`.

mod dense;
mod discovery;
mod duplicates;
mod groups;
mod kmeans;
mod linkage;
mod naming;
mod quality;
mod reduce;
mod rows;
mod sample;
mod sets;
mod stability;
mod strata;
#[cfg(test)]
mod tests;
mod vectors;
mod vocabulary;

pub use discovery::{Discovery, Item, OUTSIDE, Options, discover};
pub use groups::Group;
pub use quality::{Method, Quality, StratumQuality};
