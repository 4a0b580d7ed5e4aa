//! Learns from labelled examples what a ticket asks for, where cues alone do not tell.
//!
//! ```text
//! data/examples ─ observe (features) ─ train ─ model (weights, calibrated) ─ data/learner.bin, shipped
//!                                                       │
//! ticket ─ observe (features, the rules' verdict) ─ Learner::judge ─ Opinion (probabilities, sub-pattern, why)
//!                                                       │
//! reviewed labels ─────────────────────────── Learner::taught (what they add to the shipped weights)
//! ```
//!
//! The rules are heard by the learner, not beside it: their points are features, and how far they can be trusted is
//! learnt with everything else. An own taxonomy with other patterns starts from the rules alone and learns from labels.

mod classes;
mod deeds;
pub mod examples;
mod feature;
pub mod features;
pub mod model;
mod opinion;
mod phrase;
mod ranks;
mod reasons;
mod tokens;
pub mod train;
pub mod weights;

pub use model::{Model, model_hash};
pub use opinion::{Learner, Learnt, Opinion, Teaching};
pub(super) use reasons::Heard;
pub use reasons::Reason;

use crate::classify::decide::Verdict;
use crate::taxonomy::Lang;

/// A ticket as the learner meets it.
#[derive(Debug, Clone)]
pub struct Observation {
    /// Its features, by key.
    pub features: Vec<features::Feature>,
    /// What the rules alone make of it.
    pub verdict: Verdict,
    /// Japanese if it holds kana or kanji, else English: the calibration that it goes by.
    pub lang: Lang,
}
