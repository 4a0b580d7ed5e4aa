//! What the recurring patterns are, as data: the types of `data/taxonomy.toml` and its loading.
//!
//! ```text
//! TOML text ── reader (fields, spans, faults) ── load (rules of the file) ── Taxonomy
//!                                                └─ pattern (a cue's regex, checked, built on first use)
//! ```
//!
//! A file is read to its end and every fault in it is reported at once, each with its line. A [`Taxonomy`] that
//! exists is valid: references resolve, ranges are ordered, regexes compile. How cues are counted is left to
//! `classify`, what a play saves to `automation`.

mod check;
mod estimate;
mod fault;
mod lineage;
mod load;
mod load_lineage;
mod load_patterns;
mod load_plays;
mod load_resources;
mod load_settings;
mod model;
mod pattern;
mod play;
mod reader;
mod settings;
mod values;
mod words;
pub mod write;
mod write_play;

#[cfg(test)]
mod tests;

pub use estimate::{Foundation, ThreePoint};
pub use fault::{Fault, TaxonomyError};
pub use lineage::{LineageRelation, LineageStep, Standing};
pub use model::{
    Concept, ConceptKind, Control, Cue, ENTITY_KINDS, Exclusion, ExclusionRule, OTHER, Pattern, Scope, Slot,
    SlotNeeds, SubPattern, System, Taxonomy,
};
pub use pattern::CuePattern;
pub use play::{
    Authority, Choice, Constant, Fill, FillValue, FormField, Given, Lead, Play, Provider, Resource, Shape,
};
pub use settings::{ClauseWeights, Engine, Estimation, FieldWeights};
pub use words::{Lang, Words};
