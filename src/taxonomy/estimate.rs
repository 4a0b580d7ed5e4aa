//! Automation plays and what they cost: the part of the taxonomy that `automation` reads.
//!
//! The numbers are priors written by people, not measurements. Whoever shows one says so, and replaces it by the
//! tickets' own figures where there are enough of them.

use super::words::Words;

/// A quantity that is known only roughly: an 80 % range with its middle.
///
/// `0 < low <= likely <= high`, all finite; `low` and `high` are the 10th and 90th percentile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThreePoint {
    /// 10th percentile.
    pub low: f64,
    /// Median.
    pub likely: f64,
    /// 90th percentile.
    pub high: f64,
}

/// A way to take a kind of request off the team's hands.
#[derive(Debug, Clone, PartialEq)]
pub struct Play {
    /// Its key under `[plays]`.
    pub id: String,
    /// What is done, as a title.
    pub title: Words,
    /// The sort of work: `form`, `terraform_self_service`, `workflow` and so on; free text for grouping.
    pub kind: String,
    /// The shared base that must exist first and is paid once for all plays on it.
    pub foundation: Option<String>,
    /// What a draft is made of, in the order of the file.
    pub resources: Vec<Resource>,
    /// Steps of a portal template, if the play is one.
    pub actions: Vec<String>,
    /// What must be settled before the work can begin.
    pub prerequisites: Vec<String>,
    /// Marginal engineer-days until first use in production, the foundation not counted.
    pub build_days: ThreePoint,
    /// Share of the eligible tickets that the play really absorbs, within 0 to 1.
    pub automation_rate: ThreePoint,
    /// Minutes of the team that an absorbed ticket still takes.
    pub residual_minutes: f64,
    /// Hours a quarter that keeping it alive takes.
    pub upkeep_hours_per_quarter: f64,
    /// Who owns the result.
    pub owner: String,
    /// 1 = a mistake is visible and undone in minutes, 4 = data loss or escalation of privileges.
    pub risk: u8,
    /// What else a builder should know.
    pub note: Option<String>,
}

/// A Terraform resource that a play declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Type of the resource as its provider calls it.
    pub name: String,
    /// Arguments that the provider demands.
    pub required: Vec<String>,
    /// A trap or a default worth knowing.
    pub note: Option<String>,
}

/// Work that is paid once and shared by many plays.
#[derive(Debug, Clone, PartialEq)]
pub struct Foundation {
    /// Its key under `[foundations]`.
    pub id: String,
    /// What it is, as a title.
    pub title: Words,
    /// Engineer-days until it carries its first play.
    pub build_days: ThreePoint,
    /// Hours a quarter that keeping it alive takes.
    pub upkeep_hours_per_quarter: f64,
    /// Who owns it.
    pub owner: String,
}
